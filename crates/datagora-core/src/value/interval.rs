//! Bounds of a value, and what arithmetic does to them.
use super::ValueError;

/// Lower and upper bound of a value.
///
/// In JSON a bound that is infinite is `null`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Interval {
    /// Smallest value compatible with the data; −∞ when the data give no lower bound.
    #[cfg_attr(feature = "serde", serde(with = "lower_bound"))]
    pub lower: f64,
    /// Largest value compatible with the data; infinite when the data give no upper bound.
    #[cfg_attr(feature = "serde", serde(with = "upper_bound"))]
    pub upper: f64,
    /// Probability with which the interval is meant to cover; `None` for bounds that hold for certain, such as the
    /// ends of a job bracket.
    pub level: Option<f64>,
}

impl Interval {
    /// Bounds that hold for certain.
    ///
    /// # Errors
    ///
    /// [`ValueError::Bounds`] unless `lower <= upper`.
    pub fn certain(lower: f64, upper: f64) -> Result<Self, ValueError> {
        Self { lower, upper, level: None }.check()
    }

    /// Bounds meant to cover with a probability, 0 and 1 excluded.
    ///
    /// # Errors
    ///
    /// [`ValueError::Bounds`] unless `lower <= upper`; [`ValueError::Level`].
    pub fn at_level(lower: f64, upper: f64, level: f64) -> Result<Self, ValueError> {
        Self { lower, upper, level: Some(level) }.check()
    }

    /// The same interval if its bounds are in order and its level is a probability.
    ///
    /// # Errors
    ///
    /// As [`Interval::certain`] and [`Interval::at_level`].
    pub fn check(self) -> Result<Self, ValueError> {
        let Self { lower, upper, level } = self;
        let ordered = lower <= upper && lower < f64::INFINITY && upper > f64::NEG_INFINITY;
        if !ordered {
            return Err(ValueError::Bounds { lower, upper });
        }
        match level {
            Some(found) if !(found > 0.0 && found < 1.0) => Err(ValueError::Level { found }),
            _ => Ok(self),
        }
    }

    /// Is the value inside, ends included?
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }

    /// Distance between the bounds.
    pub fn width(&self) -> f64 {
        self.upper - self.lower
    }

    /// All sums of a value in one and a value in the other.
    pub(super) fn plus(self, other: Self) -> (f64, f64) {
        (self.lower + other.lower, self.upper + other.upper)
    }

    /// All differences.
    pub(super) fn minus(self, other: Self) -> (f64, f64) {
        (self.lower - other.upper, self.upper - other.lower)
    }

    /// All products.
    pub(super) fn times(self, other: Self) -> (f64, f64) {
        // An unbounded quantity times exactly nothing is nothing.
        let product = |a: f64, b: f64| if a == 0.0 || b == 0.0 { 0.0 } else { a * b };
        let corners = [
            product(self.lower, other.lower),
            product(self.lower, other.upper),
            product(self.upper, other.lower),
            product(self.upper, other.upper),
        ];
        (
            corners.into_iter().fold(f64::INFINITY, f64::min),
            corners.into_iter().fold(f64::NEG_INFINITY, f64::max),
        )
    }

    /// All quotients by a value other than 0: unbounded where the divisor comes near 0.
    pub(super) fn over(self, other: Self) -> (f64, f64) {
        let reciprocal = match (other.lower, other.upper) {
            (lower, upper) if lower < 0.0 && upper > 0.0 => (f64::NEG_INFINITY, f64::INFINITY),
            (0.0, upper) => (1.0 / upper, f64::INFINITY),
            (lower, 0.0) => (f64::NEG_INFINITY, 1.0 / lower),
            (lower, upper) => (1.0 / upper, 1.0 / lower),
        };
        self.times(Self { lower: reciprocal.0, upper: reciprocal.1, level: None })
    }
}

/// A bound as JSON can hold it: infinity is none.
#[cfg(feature = "serde")]
macro_rules! bound {
    ($name:ident, $infinite:expr) => {
        mod $name {
            pub(super) fn serialize<S: serde::Serializer>(
                bound: &f64,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&bound.is_finite().then_some(*bound), serializer)
            }

            pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<f64, D::Error> {
                Ok(<Option<f64> as serde::Deserialize>::deserialize(deserializer)?.unwrap_or($infinite))
            }
        }
    };
}
#[cfg(feature = "serde")]
bound!(lower_bound, f64::NEG_INFINITY);
#[cfg(feature = "serde")]
bound!(upper_bound, f64::INFINITY);
