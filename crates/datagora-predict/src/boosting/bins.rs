//! Features as small numbers: 0 for a gap, then rising with the value.
use std::sync::Arc;

use crate::cores;

/// Features that are stored and counted together: their histograms fit the first cache.
pub(crate) const WIDTH: usize = 8;
/// Values of a bin: it is a byte.
pub(super) const BINS: usize = 256;
/// Rows from which the limits of bins are found; more add nothing.
const SAMPLE: usize = 1 << 16;

/// Where the bins of a feature end. The ends are observed values, so that any rising transform gives the same bins.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(super) struct Cuts {
    /// The largest value of each bin but the last, rising.
    ends: Vec<f64>,
}

impl Cuts {
    /// At most `most` bins: one for each value if there are no more, else with about as many rows each.
    pub(super) fn of(values: &[f64], most: usize) -> Self {
        let stride = values.len().div_ceil(SAMPLE).max(1);
        let mut sample: Vec<f64> = values.iter().copied().step_by(stride).filter(|v| !v.is_nan()).collect();
        sample.sort_unstable_by(f64::total_cmp);
        let distinct = sample.chunk_by(|a, b| a == b).count();
        let mut ends = Vec::new();
        let (mut begin, mut at) = (0, 0);
        while at < sample.len() && ends.len() + 1 < most {
            // All of a value, -0 and 0 being the same.
            let value = sample[at];
            at += sample[at..].partition_point(|v| *v <= value);
            let left = most - ends.len();
            let enough = distinct <= most || at - begin >= (sample.len() - begin).div_ceil(left);
            if at < sample.len() && enough {
                ends.push(value);
                begin = at;
            }
        }
        Self { ends }
    }

    /// The bin of a value: 0 for a gap.
    pub(super) fn bin(&self, value: f64) -> u8 {
        if value.is_nan() { 0 } else { 1 + self.ends.partition_point(|end| *end < value) as u8 }
    }

    /// Largest value of a bin; infinite for the last.
    pub(super) fn end(&self, bin: u8) -> f64 {
        self.ends.get(usize::from(bin) - 1).copied().unwrap_or(f64::INFINITY)
    }

    /// Number of bins, that of gaps included.
    pub(super) fn bins(&self) -> usize {
        self.ends.len() + 2
    }
}

/// The bins of [`WIDTH`] features, row by row.
pub(super) type Block = Vec<[u8; WIDTH]>;

/// Features as bins. Clones share the rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Binned {
    rows: usize,
    pub(super) cuts: Arc<Vec<Cuts>>,
    pub(super) blocks: Vec<Arc<Block>>,
}

impl Binned {
    /// Bins of `features` columns of `rows` values each, which `column` writes one after the other.
    pub(crate) fn learn(
        rows: usize,
        features: usize,
        most: usize,
        column: impl Fn(usize, &mut [f64]) + Sync + Send,
    ) -> Self {
        let made = cores::each(features.div_ceil(WIDTH), |block| {
            let mut values = vec![0.0; rows];
            let mut bins: Block = vec![[0; WIDTH]; rows];
            let mut cuts = Vec::with_capacity(WIDTH);
            for (place, feature) in (block * WIDTH..features.min((block + 1) * WIDTH)).enumerate() {
                column(feature, &mut values);
                let found = Cuts::of(&values, most);
                write(&found, &values, &mut bins, place);
                cuts.push(found);
            }
            (cuts, bins)
        });
        let (cuts, blocks): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        Self { rows, cuts: Arc::new(cuts.concat()), blocks: blocks.into_iter().map(Arc::new).collect() }
    }

    /// The same rows with further features; those so far fill whole blocks.
    pub(crate) fn and(
        &self,
        features: usize,
        most: usize,
        column: impl Fn(usize, &mut [f64]) + Sync + Send,
    ) -> Self {
        debug_assert!(self.features().is_multiple_of(WIDTH));
        let more = Self::learn(self.rows, features, most, column);
        Self {
            rows: self.rows,
            cuts: Arc::new([self.cuts.as_slice(), &more.cuts].concat()),
            blocks: [self.blocks.as_slice(), &more.blocks].concat(),
        }
    }

    /// Some rows, close together.
    pub(super) fn select(&self, rows: &[u32]) -> Self {
        let block = |number: usize| {
            let block = &self.blocks[number];
            Arc::new(rows.iter().map(|row| block[*row as usize]).collect())
        };
        Self { rows: rows.len(), cuts: self.cuts.clone(), blocks: cores::each(self.blocks.len(), block) }
    }

    /// What was learned of the bins, without the rows.
    pub(crate) fn without_rows(&self) -> Self {
        Self { rows: 0, cuts: self.cuts.clone(), blocks: vec![Arc::default(); self.blocks.len()] }
    }

    /// Other rows in the bins that were learned.
    pub(crate) fn apply(&self, rows: usize, column: impl Fn(usize, &mut [f64]) + Sync + Send) -> Self {
        let blocks = cores::each(self.blocks.len(), |block| {
            let mut values = vec![0.0; rows];
            let mut bins: Block = vec![[0; WIDTH]; rows];
            for (place, cuts) in self.cuts.iter().skip(block * WIDTH).take(WIDTH).enumerate() {
                column(block * WIDTH + place, &mut values);
                write(cuts, &values, &mut bins, place);
            }
            Arc::new(bins)
        });
        Self { rows, cuts: self.cuts.clone(), blocks }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn features(&self) -> usize {
        self.cuts.len()
    }

    /// The block of a feature and its place there.
    pub(super) fn place(&self, feature: u32) -> (&Block, usize) {
        (&self.blocks[feature as usize / WIDTH], feature as usize % WIDTH)
    }
}

fn write(cuts: &Cuts, values: &[f64], bins: &mut Block, place: usize) {
    for (row, value) in bins.iter_mut().zip(values) {
        row[place] = cuts.bin(*value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_a_bin_each_and_many_share_them_evenly() {
        let cuts = Cuts::of(&[3.0, 1.0, f64::NAN, 1.0, 2.0], 255);
        assert_eq!(cuts.ends, [1.0, 2.0]);
        assert_eq!([f64::NAN, 0.5, 1.0, 1.5, 2.0, 9.0].map(|v| cuts.bin(v)), [0, 1, 1, 2, 2, 3]);
        let many: Vec<f64> = (0..10_000).map(f64::from).collect();
        let cuts = Cuts::of(&many, 255);
        assert_eq!(cuts.bins(), 256);
        let mut counts = [0; BINS];
        many.iter().for_each(|v| counts[usize::from(cuts.bin(*v))] += 1);
        assert!(counts[1..].iter().all(|n| (35..=45).contains(n)), "{counts:?}");
    }

    #[test]
    fn a_value_that_is_nearly_all_leaves_bins_to_the_others() {
        let values: Vec<f64> = (0..1_000).map(|i| if i % 10 == 0 { f64::from(i) } else { 0.0 }).collect();
        assert_eq!(Cuts::of(&values, 255).bins(), 101);
        assert_eq!(Cuts::of(&[f64::NAN; 9], 255).bins(), 2);
        assert_eq!(Cuts::of(&[], 255).bins(), 2);
    }
}
