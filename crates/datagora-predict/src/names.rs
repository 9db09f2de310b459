//! Names of models, each kept once for all forecasts of a panel.
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The names met so far.
#[derive(Default)]
pub(crate) struct Names(Mutex<HashSet<Arc<str>>>);

impl Names {
    /// The name that is kept, in place of one that is equal to it.
    pub(crate) fn share(&self, name: &mut Arc<str>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.get(name) {
            Some(known) => *name = Arc::clone(known),
            None => {
                kept.insert(Arc::clone(name));
            }
        }
    }
}

/// As a text.
#[cfg(feature = "serde")]
pub(crate) fn serialize<S: serde::Serializer>(name: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_one() {
        let names = Names::default();
        let [mut first, mut again, mut other]: [Arc<str>; 3] = ["ETS".into(), "ETS".into(), "CES".into()];
        for name in [&mut first, &mut again, &mut other] {
            names.share(name);
        }
        assert!(Arc::ptr_eq(&first, &again) && !Arc::ptr_eq(&first, &other));
    }
}
