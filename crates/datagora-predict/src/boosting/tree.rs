//! One regression tree.
use super::bins::Binned;
use super::part::part;

/// A question about one feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Split {
    pub(super) feature: u32,
    /// Last bin that goes left.
    pub(super) bin: u8,
    pub(super) gaps_left: bool,
    /// By how much it lowers the squared gradients.
    pub(super) gain: f64,
}

impl Split {
    pub(super) fn goes_left(&self, bin: u8) -> bool {
        // A bin of gaps is below all others.
        (bin <= self.bin) & (bin >= u8::from(!self.gaps_left))
    }
}

/// Where a branch leads.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(super) enum Next {
    Node(u32),
    Leaf(u32),
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(super) struct Node {
    pub(super) feature: u32,
    /// Values up to this go left.
    pub(super) end: f64,
    pub(super) bin: u8,
    pub(super) gaps_left: bool,
    pub(super) gain: f64,
    pub(super) left: Next,
    pub(super) right: Next,
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// At least one.
    pub(super) leaves: Vec<f64>,
    /// Rows that each leaf was grown on.
    pub(super) rows: Vec<u32>,
}

impl Node {
    /// Whether a value goes left.
    pub(super) fn takes(&self, value: f64) -> bool {
        if value.is_nan() { self.gaps_left } else { value <= self.end }
    }

    /// Whether a bin goes left.
    pub(super) fn takes_bin(&self, bin: u8) -> bool {
        (bin <= self.bin) & (bin >= u8::from(!self.gaps_left))
    }
}

impl Tree {
    /// The value for a row of values.
    pub(super) fn value(&self, values: impl Fn(usize) -> f64) -> f64 {
        let mut next = if self.nodes.is_empty() { Next::Leaf(0) } else { Next::Node(0) };
        loop {
            match next {
                Next::Leaf(leaf) => return self.leaves[leaf as usize],
                Next::Node(node) => {
                    let node = &self.nodes[node as usize];
                    let left = node.takes(values(node.feature as usize));
                    next = if left { node.left } else { node.right };
                }
            }
        }
    }

    /// Leads rows of bins down and says, leaf by leaf, its value and the rows that came there.
    pub(super) fn lead(&self, binned: &Binned, rows: &mut [u32], mut arrived: impl FnMut(f64, &[u32])) {
        let mut spare = Vec::new();
        let root = if self.nodes.is_empty() { Next::Leaf(0) } else { Next::Node(0) };
        let mut open = vec![(root, 0..rows.len())];
        while let Some((next, range)) = open.pop() {
            match next {
                Next::Leaf(leaf) => arrived(self.leaves[leaf as usize], &rows[range]),
                Next::Node(node) => {
                    let node = &self.nodes[node as usize];
                    let (block, place) = binned.place(node.feature);
                    let low = u8::from(!node.gaps_left);
                    let left = part(&mut rows[range.clone()], &mut spare, |row| {
                        let bin = block[*row as usize][place];
                        (bin <= node.bin) & (bin >= low)
                    });
                    open.push((node.left, range.start..range.start + left));
                    open.push((node.right, range.start + left..range.end));
                }
            }
        }
    }
}
