//! Work shared among cores, if there are several and feature `parallel` is on.

/// What becomes of each item, in order.
pub(crate) fn each_of<I: Send, T: Send>(items: Vec<I>, value: impl Fn(I) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        items.into_par_iter().map(value).collect()
    }
    #[cfg(not(feature = "parallel"))]
    items.into_iter().map(value).collect()
}

/// A value for each number from 0 up, in order.
pub(crate) fn each<T: Send>(count: usize, value: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    each_of((0..count).collect(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_the_order_of_their_items() {
        let items: Vec<usize> = (0..1_000).rev().collect();
        let found = each_of(items, |item| item + 1);
        assert!(found.iter().rev().copied().eq(1..=1_000));
        assert_eq!(each(1_000, |number| 1_000 - number), found);
        assert!(each(0, |number| number).is_empty());
    }
}
