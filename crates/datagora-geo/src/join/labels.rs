//! What is known of each cell, in as few bytes as possible.

/// The class of each cell, or that a border cuts it.
#[derive(Debug)]
pub(super) enum Labels {
    Bytes(Vec<u8>),
    Pairs(Vec<u16>),
    Words(Vec<u32>),
}

/// In the place of a class: a border cuts the cell.
pub(super) const OPEN: u32 = u32::MAX;

/// Points handled at a time: what is noted of them stays in the nearest memory.
pub(super) const CHUNK: usize = 1024;

impl Labels {
    /// Keeps classes, of which there are so many, or [`OPEN`].
    pub(super) fn new(classes: Vec<u32>, count: usize) -> Self {
        // The greatest number of a type stands for `OPEN`, whose last bits are all ones.
        if count <= usize::from(u8::MAX) {
            Labels::Bytes(classes.iter().map(|class| *class as u8).collect())
        } else if count <= usize::from(u16::MAX) {
            Labels::Pairs(classes.iter().map(|class| *class as u16).collect())
        } else {
            Labels::Words(classes)
        }
    }

    /// The class of a cell; `None` if a border cuts it.
    pub(super) fn get(&self, cell: usize) -> Option<u32> {
        let (class, open) = match self {
            Labels::Bytes(labels) => (u32::from(labels[cell]), u32::from(u8::MAX)),
            Labels::Pairs(labels) => (u32::from(labels[cell]), u32::from(u16::MAX)),
            Labels::Words(labels) => (labels[cell], OPEN),
        };
        (class != open).then_some(class)
    }

    /// The classes of cells, at most [`CHUNK`], and which of the cells borders cut: their classes mean nothing.
    pub(super) fn look_up<'a>(
        &self,
        cells: &[u32],
        classes: &mut [u32],
        open: &'a mut [u32; CHUNK],
    ) -> &'a [u32] {
        let count = match self {
            Labels::Bytes(labels) => look_up(labels, u8::MAX, cells, classes, open),
            Labels::Pairs(labels) => look_up(labels, u16::MAX, cells, classes, open),
            Labels::Words(labels) => look_up(labels, OPEN, cells, classes, open),
        };
        &open[..count]
    }
}

fn look_up<T: Copy + Into<u32> + PartialEq>(
    labels: &[T],
    cut: T,
    cells: &[u32],
    classes: &mut [u32],
    open: &mut [u32; CHUNK],
) -> usize {
    let mut count = 0;
    for (k, (cell, class)) in (0u32..).zip(cells.iter().zip(classes)) {
        let label = labels[*cell as usize];
        *class = label.into();
        // Written whether it is one or not, and kept if it is: no branch to guess.
        open[count % CHUNK] = k;
        count += usize::from(label == cut);
    }
    count
}
