//! How many dots each amount has.

/// Dots of `worth` each for these amounts: as many in all as for their sum, and for each its own number rounded down or
/// up.
///
/// The largest remainders are rounded up; of equal ones that of the larger amount, then of the lower row. What is no
/// positive number has no dots.
///
/// # References
///
/// The method of largest remainders, of Hamilton (1792): Balinski, M., Young, H. P. (2001). Fair Representation, ch. 3.
pub(super) fn apportion(amounts: &[f64], worth: f64) -> Vec<usize> {
    let quota = |row: usize| if amounts[row] > 0.0 { amounts[row] / worth } else { 0.0 };
    let mut dots: Vec<usize> = (0..amounts.len()).map(|row| quota(row) as usize).collect();
    let whole = (0..amounts.len()).map(quota).sum::<f64>().round() as usize;
    let left = whole.saturating_sub(dots.iter().sum());
    let mut order: Vec<usize> = (0..amounts.len()).filter(|&row| quota(row).fract() > 0.0).collect();
    order.sort_by(|&a, &b| {
        let remainder = quota(b).fract().total_cmp(&quota(a).fract());
        remainder.then(amounts[b].total_cmp(&amounts[a])).then(a.cmp(&b))
    });
    for row in order.into_iter().take(left) {
        dots[row] += 1;
    }
    dots
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_remainders_are_rounded_up() {
        assert_eq!(apportion(&[140.0, 160.0, 100.0, 0.0, f64::NAN, -7.0], 100.0), [1, 2, 1, 0, 0, 0]);
        assert_eq!(apportion(&[50.0, 50.0, 50.0], 100.0), [1, 1, 0]);
        assert_eq!(apportion(&[10.0, 20.0], 100.0), [0, 0]);
        assert!(apportion(&[], 1.0).is_empty());
    }

    proptest! {
        #[test]
        fn totals_agree(amounts in prop::collection::vec(0.0..1e5f64, 0..200), worth in 1.0..1e4f64) {
            let dots = apportion(&amounts, worth);
            let whole: f64 = amounts.iter().map(|amount| amount / worth).sum();
            prop_assert!((dots.iter().sum::<usize>() as f64 - whole).abs() <= 0.5 + 1e-6);
            for (dots, amount) in dots.iter().zip(&amounts) {
                prop_assert!((*dots as f64 - amount / worth).abs() < 1.0);
            }
        }
    }
}
