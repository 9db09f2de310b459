//! How much of a zone each value covers.

/// Pairs that are kept before equal values are put together.
const MANY: usize = 1 << 16;

/// Values with what they cover.
///
/// Equal values are put together whenever there are many pairs, so that memory follows the number of different values.
#[derive(Clone, Debug)]
pub(super) struct Frequencies {
    pairs: Vec<(f64, f64)>,
    /// When to put equal values together next.
    full: usize,
}

impl Frequencies {
    pub(super) fn new() -> Self {
        Self { pairs: Vec::new(), full: MANY }
    }

    pub(super) fn add(&mut self, value: f64, share: f64) {
        match self.pairs.last_mut() {
            // Neighbours often are alike, and zero has one sign.
            Some(last) if last.0 == value => last.1 += share,
            _ => self.pairs.push((value + 0.0, share)),
        }
        if self.pairs.len() >= self.full {
            self.unite();
            self.full = MANY.max(2 * self.pairs.len());
        }
    }

    fn unite(&mut self) {
        // Stable, so that sums are made in the order in which the cells came.
        self.pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.pairs.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    }

    /// The different values in ascending order, each with what it covers.
    pub(super) fn finish(mut self) -> Vec<(f64, f64)> {
        self.unite();
        self.pairs
    }
}

/// The value at which a share of the ground is passed, by the convention of
/// [`Quantile`](super::ZonalStatistic::Quantile); values ascend.
pub(super) fn quantile(values: &[(f64, f64)], share: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let gaps = last as f64;
    let whole: f64 = values.iter().map(|(_, covers)| covers).sum();
    let target = share * gaps * whole;
    let (mut before, mut lower) = (0.0, values[0]);
    let mut lower_place = 0.0;
    for (rank, &(value, covers)) in values.iter().enumerate() {
        let place = rank as f64 * covers + gaps * before;
        if place > target {
            let way = (target - lower_place) / (place - lower_place);
            return Some(lower.0 + way * (value - lower.0));
        }
        (lower, lower_place) = ((value, covers), place);
        before += covers;
    }
    Some(values[last].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_equal_weights_are_those_of_type_7() {
        // Hyndman, Fan (1996), type 7: the default of numpy and R.
        let values: Vec<(f64, f64)> = [1.0, 2.0, 4.0, 8.0, 16.0].map(|value| (value, 0.3)).to_vec();
        for (share, expected) in [(0.0, 1.0), (0.1, 1.4), (0.25, 2.0), (0.5, 4.0), (0.9, 12.8), (1.0, 16.0)] {
            let found = quantile(&values, share).unwrap();
            assert!((found - expected).abs() < 1e-12, "{share}: {found}, expected {expected}");
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[(3.0, 0.1)], 0.7), Some(3.0));
    }

    #[test]
    fn many_pairs_are_put_together() {
        let mut frequencies = Frequencies::new();
        for n in 0..200_000 {
            frequencies.add(f64::from(n % 7), 0.5);
        }
        assert!(frequencies.pairs.len() < MANY);
        let values = frequencies.finish();
        assert_eq!(values.len(), 7);
        assert_eq!(values.iter().map(|(_, covers)| covers).sum::<f64>(), 100_000.0);
    }
}
