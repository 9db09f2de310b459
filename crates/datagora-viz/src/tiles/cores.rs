//! Work shared among cores, if feature `parallel` is on.

/// A value for each number from 0 up, in order.
pub(super) fn each<T: Send>(count: usize, value: impl Fn(usize) -> T + Sync) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        (0..count).into_par_iter().map(&value).collect()
    }
    #[cfg(not(feature = "parallel"))]
    (0..count).map(value).collect()
}

/// Sorts what has no equals, or equals that cannot be told apart.
pub(super) fn sort<T: Ord + Send>(values: &mut [T]) {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        values.par_sort_unstable();
    }
    #[cfg(not(feature = "parallel"))]
    values.sort_unstable();
}

/// Sorts what consists of sorted stretches.
pub(super) fn sort_stretches<T: Ord + Send>(values: &mut [T]) {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        values.par_sort();
    }
    #[cfg(not(feature = "parallel"))]
    values.sort();
}
