//! Work shared among cores, if there are several and feature `parallel` is on.

/// A value for each number from 0 up, in order.
pub(crate) fn each<T: Send>(count: usize, value: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        (0..count).into_par_iter().map(value).collect()
    }
    #[cfg(not(feature = "parallel"))]
    (0..count).map(value).collect()
}

/// Does something with each item and its number.
pub(crate) fn each_mut<T: Send>(items: &mut [T], act: impl Fn(usize, &mut T) + Sync + Send) {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        items.par_iter_mut().enumerate().for_each(|(number, item)| act(number, item));
    }
    #[cfg(not(feature = "parallel"))]
    items.iter_mut().enumerate().for_each(|(number, item)| act(number, item));
}
