//! Runs of neighbouring rows.
use std::ops::Range;

/// Splits rows into runs: a row belongs to the run of the row before it if both are the same kind of thing.
pub(crate) fn runs(rows: usize, same: impl Fn(usize, usize) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        (from < rows).then(|| {
            let to = (from + 1..rows).find(|row| !same(row - 1, *row)).unwrap_or(rows);
            let run = from..to;
            from = to;
            run
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_all_rows_once() {
        let values = [1.0, 1.0, f64::NAN, f64::NAN, 2.0];
        let found: Vec<_> = runs(values.len(), |a, b| values[a] == values[b]).collect();
        assert_eq!(found, [0..2, 2..3, 3..4, 4..5]); // NaN is like nothing
        assert_eq!(runs(0, |_, _| true).count(), 0);
        assert!(runs(3, |_, _| true).eq(std::iter::once(0..3)));
    }
}
