//! A tree grown leaf by leaf, the one that gains most first.
use super::bins::Binned;
use super::histogram::{Histogram, Limits, Tally};
use super::part::part;
use super::tree::{Next, Node, Split, Tree};

/// What a tree may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) leaves: usize,
    pub(super) depth: usize,
    pub(super) limits: Limits,
}

/// A tree without values, and which rows fell into each of its leaves.
pub(super) struct Grown {
    pub(super) tree: Tree,
    /// The rows with their gradients, leaf by leaf.
    pub(super) rows: Vec<Pulled>,
    /// Where in `rows` each leaf begins and ends.
    pub(super) ranges: Vec<std::ops::Range<usize>>,
}

/// A row and where the loss pulls it.
pub(super) type Pulled = (u32, i32);

struct Leaf {
    range: std::ops::Range<usize>,
    total: Tally,
    depth: usize,
    /// Absent where it will not be split.
    histogram: Option<Histogram>,
    best: Option<Split>,
    /// The node above and whether this is its left side.
    above: Option<(usize, bool)>,
}

/// Buffers that trees hand on to each other.
#[derive(Default)]
pub(super) struct Grower {
    spare: Vec<Histogram>,
    right: Vec<Pulled>,
}

impl Grower {
    /// Grows a tree on some rows; looks at the `open` features only.
    pub(super) fn grow(
        &mut self,
        binned: &Binned,
        mut rows: Vec<Pulled>,
        open: &[bool],
        shape: Shape,
    ) -> Grown {
        let total = tally(&rows);
        let mut root =
            Leaf { range: 0..rows.len(), total, depth: 0, histogram: None, best: None, above: None };
        if self.may_split(&root, shape) && shape.leaves > 1 {
            let mut histogram = self.histogram(binned);
            histogram.count(&binned.blocks, &rows);
            root.best = histogram.best(total, &binned.cuts, open, shape.limits);
            root.histogram = Some(histogram);
        }
        let mut leaves = vec![root];
        let mut nodes: Vec<Node> = Vec::new();
        while leaves.len() < shape.leaves {
            let gain = |leaf: &Leaf| leaf.best.map_or(f64::NEG_INFINITY, |best| best.gain);
            let Some(chosen) = (0..leaves.len())
                .reduce(|best, leaf| if gain(&leaves[leaf]) > gain(&leaves[best]) { leaf } else { best })
            else {
                break;
            };
            let Some(split) = leaves[chosen].best.take() else { break };
            let parent = &mut leaves[chosen];
            let range = parent.range.clone();
            let (block, place) = binned.place(split.feature);
            let goes_left = |(row, _): &Pulled| split.goes_left(block[*row as usize][place]);
            let middle = range.start + part(&mut rows[range.clone()], &mut self.right, goes_left);
            let left_total = tally(&rows[range.start..middle]);
            let node = nodes.len();
            let child = |range, total, left| Leaf {
                range,
                total,
                depth: parent.depth + 1,
                histogram: None,
                best: None,
                above: Some((node, left)),
            };
            let mut left = child(range.start..middle, left_total, true);
            let mut right = child(middle..range.end, parent.total - left_total, false);
            let whole = parent.histogram.take();
            if leaves.len() + 1 < shape.leaves {
                self.look(binned, [&mut left, &mut right], whole, &rows, open, shape);
            } else {
                self.spare.extend(whole);
            }
            nodes.push(Node {
                feature: split.feature,
                end: binned.cuts[split.feature as usize].end(split.bin),
                bin: split.bin,
                gaps_left: split.gaps_left,
                gain: split.gain,
                // Leaves are numbered when all are known.
                left: Next::Leaf(0),
                right: Next::Leaf(0),
            });
            if let Some((above, is_left)) = leaves[chosen].above {
                let next = Next::Node(node as u32);
                if is_left { nodes[above].left = next } else { nodes[above].right = next }
            }
            leaves[chosen] = left;
            leaves.push(right);
        }
        for (number, leaf) in leaves.iter_mut().enumerate() {
            self.spare.extend(leaf.histogram.take());
            if let Some((above, is_left)) = leaf.above {
                let next = Next::Leaf(number as u32);
                if is_left { nodes[above].left = next } else { nodes[above].right = next }
            }
        }
        let values = vec![0.0; leaves.len()];
        let counts = leaves.iter().map(|leaf| leaf.range.len() as u32).collect();
        let ranges = leaves.into_iter().map(|leaf| leaf.range).collect();
        Grown { tree: Tree { nodes, leaves: values, rows: counts }, rows, ranges }
    }

    /// Finds the best splits of two sides from the histogram of both: the smaller is counted, the larger is what is left.
    fn look(
        &mut self,
        binned: &Binned,
        sides: [&mut Leaf; 2],
        whole: Option<Histogram>,
        rows: &[Pulled],
        open: &[bool],
        shape: Shape,
    ) {
        let Some(mut whole) = whole else { return };
        let [left, right] = sides;
        let (small, large) =
            if left.range.len() <= right.range.len() { (left, right) } else { (right, left) };
        let (may_small, may_large) = (self.may_split(small, shape), self.may_split(large, shape));
        if !may_large {
            // The smaller has fewer rows still and the same depth.
            self.spare.push(whole);
            return;
        }
        let mut counted = self.histogram(binned);
        counted.count(&binned.blocks, &rows[small.range.clone()]);
        whole.subtract(&counted);
        large.best = whole.best(large.total, &binned.cuts, open, shape.limits);
        large.histogram = Some(whole);
        if may_small {
            small.best = counted.best(small.total, &binned.cuts, open, shape.limits);
            small.histogram = Some(counted);
        } else {
            self.spare.push(counted);
        }
    }

    fn may_split(&self, leaf: &Leaf, shape: Shape) -> bool {
        leaf.depth < shape.depth && leaf.total.count() >= 2 * shape.limits.rows.max(1)
    }

    fn histogram(&mut self, binned: &Binned) -> Histogram {
        self.spare.pop().unwrap_or_else(|| Histogram::new(binned.blocks.len()))
    }
}

fn tally(rows: &[Pulled]) -> Tally {
    rows.iter().fold(Tally::default(), |sum, (_, gradient)| sum + Tally::one(*gradient))
}
