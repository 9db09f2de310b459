//! Work shared among cores, if there are several and feature `parallel` is on.
use std::ops::Range;

/// A value for each number from 0 up, in order.
pub(crate) fn each<T: Send>(count: usize, value: impl Fn(usize) -> T + Sync) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        (0..count).into_par_iter().map(&value).collect()
    }
    #[cfg(not(feature = "parallel"))]
    (0..count).map(value).collect()
}

/// A value for each run of `size` rows (the last may be shorter), in order.
pub(crate) fn each_run<T: Send>(
    rows: usize,
    size: usize,
    value: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    each(rows.div_ceil(size), |number| value(number * size..rows.min((number + 1) * size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_follow_each_other_to_the_end() {
        assert_eq!(each_run(7, 3, |run| run), [0..3, 3..6, 6..7]);
        assert_eq!(each_run(6, 3, |run| run), [0..3, 3..6]);
        assert!(each_run(0, 3, |run| run).is_empty());
        assert_eq!(each(3, |number| number), [0, 1, 2]);
    }
}
