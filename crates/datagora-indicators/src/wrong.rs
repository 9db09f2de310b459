//! Values that cannot be what they are said to be.

/// The first of the values that are wrong, as an error tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wrong {
    /// Position of the first.
    pub(crate) at: usize,
    /// What stood there.
    pub(crate) value: f64,
    /// How many there are.
    pub(crate) found: usize,
}

impl Wrong {
    /// The values for which this holds; `None` if there are none.
    pub(crate) fn among(values: &[f64], wrong: impl Fn(f64) -> bool) -> Option<Self> {
        let mut found = values.iter().enumerate().filter(|(_, value)| wrong(**value));
        let (at, value) = found.next()?;
        Some(Self { at, value: *value, found: 1 + found.count() })
    }

    /// Values that are negative or infinite; NaN is missing, not wrong.
    pub(crate) fn negative(values: &[f64]) -> Option<Self> {
        Self::among(values, |value| value < 0.0 || value.is_infinite())
    }

    /// Values outside 0 to 100 percent; NaN is missing, not wrong.
    pub(crate) fn no_percentage(values: &[f64]) -> Option<Self> {
        Self::among(values, |value| !value.is_nan() && !(0.0..=100.0).contains(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_number_are_told() {
        let values = [0.0, f64::NAN, -1.0, 100.0, f64::INFINITY, 100.5];
        assert_eq!(Wrong::negative(&values), Some(Wrong { at: 2, value: -1.0, found: 2 }));
        assert_eq!(Wrong::no_percentage(&values), Some(Wrong { at: 2, value: -1.0, found: 3 }));
        assert_eq!(Wrong::negative(&values[..2]), None);
        assert_eq!(Wrong::among(&[], |_| true), None);
    }
}
