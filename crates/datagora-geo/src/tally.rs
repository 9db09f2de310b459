//! How many rows something happened to, and to which first.

/// Counts rows, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) features: usize,
    pub(crate) first: usize,
    last: Option<usize>,
}

impl Tally {
    /// One more, unless this row was counted already.
    pub(crate) fn add(&mut self, feature: usize) {
        if self.features == 0 {
            self.first = feature;
        }
        if self.last != Some(feature) {
            self.features += 1;
            self.last = Some(feature);
        }
    }

    /// Those of a piece that begins at a row.
    #[cfg(feature = "io")]
    pub(crate) fn append(&mut self, piece: Tally, start: usize) {
        if piece.features > 0 {
            if self.features == 0 {
                self.first = start + piece.first;
            }
            self.features += piece.features;
            self.last = piece.last.map(|last| start + last);
        }
    }
}
