//! Labels in one column, moved apart by as little as possible.

/// New places for labels that want to stand at `places`, in their order, at least `gap` apart and between `low` and `high`: those with the
/// smallest sum of squared movements. Where all have not room within the limits they begin at `low` and end beyond `high`.
///
/// # References
///
/// With the k-th place less k gaps, this is isotonic regression, solved by pooling adjacent violators: Ayer, M. et al. (1955). An
/// empirical distribution function for sampling with incomplete information. *Annals of Mathematical Statistics* 26, 641–647.
pub(super) fn spread_labels(places: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].total_cmp(&places[b]).then(a.cmp(&b)));
    // Blocks of labels that touch: where they stand less their gaps, and how many they are.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (rank, &label) in order.iter().enumerate() {
        let (mut mean, mut count) = (places[label] - gap * rank as f64, 1);
        while let Some((above, others)) = blocks.pop_if(|(above, _)| *above > mean) {
            mean = (above * others as f64 + mean * count as f64) / (others + count) as f64;
            count += others;
        }
        blocks.push((mean, count));
    }
    let last = (high - gap * places.len().saturating_sub(1) as f64).max(low);
    let mut spread = vec![0.0; places.len()];
    let levels = blocks.iter().flat_map(|(mean, count)| std::iter::repeat_n(mean.clamp(low, last), *count));
    for (rank, (level, &label)) in levels.zip(&order).enumerate() {
        spread[label] = level + gap * rank as f64;
    }
    spread
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_move_by_as_little_as_possible() {
        assert_eq!(spread_labels(&[10.0, 50.0], 15.0, 0.0, 100.0), [10.0, 50.0]);
        // Two at one place move half a gap each, whatever their order.
        assert_eq!(spread_labels(&[50.0, 50.0], 15.0, 0.0, 100.0), [42.5, 57.5]);
        assert_eq!(spread_labels(&[55.0, 45.0], 20.0, 0.0, 100.0), [60.0, 40.0]);
        assert_eq!(spread_labels(&[99.0, 99.0], 15.0, 0.0, 100.0), [85.0, 100.0]);
        assert_eq!(spread_labels(&[1.0, 2.0, 3.0], 15.0, 0.0, 20.0), [0.0, 15.0, 30.0]);
        assert!(spread_labels(&[], 15.0, 0.0, 20.0).is_empty());
    }

    /// Compared with scipy 1.17.1, optimize.minimize (SLSQP) of the sum of squares under the same constraints.
    #[test]
    fn a_crowd_settles_where_the_squares_are_least() {
        let found = spread_labels(&[10.0, 12.0, 13.0, 40.0, 41.0, 90.0, 91.0, 92.0], 8.0, 5.0, 95.0);
        let expected = [5.0, 13.0, 21.0, 36.5, 44.5, 79.0, 87.0, 95.0];
        for (one, other) in found.iter().zip(expected) {
            assert!((one - other).abs() < 1e-4, "{found:?}");
        }
    }

    proptest! {
        #[test]
        fn order_and_distance_are_kept(places in prop::collection::vec(0.0..300.0f64, 0..30)) {
            let gap = 9.0;
            let spread = spread_labels(&places, gap, 0.0, 300.0);
            for (k, place) in spread.iter().enumerate() {
                prop_assert!((-1e-9..=300.0 + 1e-9).contains(place));
                for (j, other) in spread.iter().enumerate().skip(k + 1) {
                    prop_assert!((place - other).abs() > gap - 1e-9);
                    prop_assert!(places[k] == places[j] || (places[k] < places[j]) == (place < other));
                }
            }
        }
    }
}
