//! Work shared among cores, if there are several and feature `parallel` is on.

/// A value for each number from 0 up, in order.
pub(crate) fn each<T: Send>(count: usize, value: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "parallel")]
    if count > 1 && rayon::current_num_threads() > 1 {
        use rayon::prelude::*;
        return (0..count).into_par_iter().map(value).collect();
    }
    (0..count).map(value).collect()
}

/// Does something with each item and its number.
pub(crate) fn each_mut<T: Send>(items: &mut [T], act: impl Fn(usize, &mut T) + Sync + Send) {
    #[cfg(feature = "parallel")]
    if items.len() > 1 && rayon::current_num_threads() > 1 {
        use rayon::prelude::*;
        return items.par_iter_mut().enumerate().for_each(|(number, item)| act(number, item));
    }
    items.iter_mut().enumerate().for_each(|(number, item)| act(number, item));
}

/// Does work of many short shared parts among the cores themselves, so that no part has to be handed over to them.
pub(crate) fn within<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "parallel")]
    if rayon::current_num_threads() > 1 {
        return rayon::scope(|_| work());
    }
    work()
}
