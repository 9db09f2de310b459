//! What every indicator returns: more than a number.
mod arithmetic;
mod interval;
mod suppression;

use crate::{Unit, UnitError};

pub use interval::Interval;
pub use suppression::Suppression;

/// A value with all that is needed to trust it.
///
/// It has a point value, or only bounds ([`Measured::bounded`], such as jobs known by bracket), or neither and a
/// reason ([`Measured::suppressed`]).
///
/// # Arithmetic
///
/// `add`, `sub`, `mul`, `div`, `scale` and `sum` keep this honest, all by the same rules:
///
/// * **Units** combine, or the operation is refused.
/// * **A withheld operand** makes the result withheld, [`Suppression::Derived`]. Leaving it out of a sum would give a
///   wrong sum, and publishing the sum beside the other terms would reveal it.
/// * **Bounds.** A value without bounds is taken as exact. Certain bounds follow interval arithmetic. Bounds of one
///   level combine in quadrature around the values, as for independent errors (first-order propagation). Certain
///   bounds beside bounds with a level: interval arithmetic, which covers with at least that level. Two different
///   levels, or two with a level of which one has no value to stand around, are refused.
/// * **Observations** add up in sums and differences; of products and quotients the smaller number counts.
/// * **Completeness** of a sum is present over expected, where the expected number is `observations / completeness`;
///   without counted observations, and for products and quotients, the smaller one. **Imputed shares** are averaged by
///   observations, or the larger one is taken.
///
/// # Example
///
/// ```
/// use datagora_core::{Measured, Unit};
///
/// let trees = Measured::new(1_200.0, Unit::of("{tree}")).with_observations(1_200);
/// let area = Measured::new(60.0, Unit::HECTARE);
/// let density = trees.div(&area)?;
/// assert_eq!(density.value(), Some(20.0));
/// assert_eq!(density.unit(), &Unit::of("{tree}/har"));
/// assert!(trees.add(&area).is_err());
/// # Ok::<(), datagora_core::ValueError>(())
/// ```
///
/// # References
///
/// Moore, R. E., Kearfott, R. B. and Cloud, M. J. (2009). *Introduction to Interval Analysis*. SIAM, ch. 2, for certain
/// bounds. JCGM 100:2008 (GUM), 5.1.2, for bounds with a level.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked"))]
pub struct Measured {
    value: Option<f64>,
    unit: Unit,
    interval: Option<Interval>,
    observations: u64,
    completeness: f64,
    imputed_share: f64,
    suppression: Option<Suppression>,
}

/// A value as it is read, before its parts are checked against each other.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Unchecked {
    value: Option<f64>,
    unit: Unit,
    interval: Option<Interval>,
    observations: u64,
    completeness: f64,
    imputed_share: f64,
    suppression: Option<Suppression>,
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for Measured {
    type Error = ValueError;

    fn try_from(read: Unchecked) -> Result<Self, ValueError> {
        let Unchecked { value, unit, interval, observations, completeness, imputed_share, suppression } =
            read;
        Self { value, unit, interval, observations, completeness, imputed_share, suppression }.check()
    }
}

/// Why a value contradicts itself, or two values do not combine.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// Lower bound above the upper, or not a number.
    #[error(
        "bounds {lower} to {upper} are not an interval; the lower must not be above the upper, and neither NaN"
    )]
    Bounds {
        /// Lower bound given.
        lower: f64,
        /// Upper bound given.
        upper: f64,
    },
    /// Not a probability.
    #[error(
        "level {found} is not a probability between 0 and 1, both excluded; bounds that are certain have none"
    )]
    Level {
        /// Level given.
        found: f64,
    },
    /// Not a share.
    #[error("{part} is {found}; a share from 0 to 1 is needed")]
    Share {
        /// Completeness or imputed share.
        part: &'static str,
        /// Share given.
        found: f64,
    },
    /// A number that is infinite or NaN.
    #[error("{found} is not a finite number; withhold the value with a reason instead")]
    NotFinite {
        /// Number given.
        found: f64,
    },
    /// Neither value nor bounds nor reason, or a reason beside a value.
    #[error(
        "{found}; a value needs a number, bounds, or a reason why it is withheld, and a reason goes alone"
    )]
    Contradiction {
        /// What was found.
        found: &'static str,
    },
    /// Intervals whose coverage would be unknown after combining.
    #[error(
        "intervals of levels {left} and {right} do not combine; bring both to one level, or drop one with without_interval"
    )]
    Levels {
        /// Level of the left interval.
        left: f64,
        /// Level of the right interval.
        right: f64,
    },
    /// Quadrature without a value.
    #[error(
        "bounds at level {level} without a value between them do not combine with others; give the value"
    )]
    Centre {
        /// Level of the bounds.
        level: f64,
    },
    /// Adding what has no sum.
    #[error("quantities in {unit} do not add; {hint}")]
    NotAdditive {
        /// Unit of the quantities.
        unit: Unit,
        /// What to do instead.
        hint: &'static str,
    },
    /// The units do not go together.
    #[error(transparent)]
    Unit(#[from] UnitError),
}

impl Measured {
    /// A value from complete data, without interval. A number that is infinite or NaN becomes a withheld value,
    /// [`Suppression::NotFinite`].
    pub fn new(value: f64, unit: Unit) -> Self {
        if !value.is_finite() {
            return Self::suppressed(unit, Suppression::NotFinite);
        }
        Self { value: Some(value), ..Self::empty(unit) }
    }

    /// Bounds that hold for certain, and no point value: jobs known by bracket. It is not withheld.
    ///
    /// Bounds that coincide are a value.
    ///
    /// # Errors
    ///
    /// [`ValueError::Bounds`] unless `lower <= upper`. The upper bound may be infinite.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Measured, Unit};
    ///
    /// let small = Measured::bounded(10.0, 19.0, Unit::of("{job}"))?;
    /// let large = Measured::bounded(10_000.0, f64::INFINITY, Unit::of("{job}"))?;
    /// let both = small.add(&large)?;
    /// assert_eq!(both.value(), None);
    /// assert_eq!(both.interval().map(|bounds| bounds.lower), Some(10_010.0));
    /// # Ok::<(), datagora_core::ValueError>(())
    /// ```
    pub fn bounded(lower: f64, upper: f64, unit: Unit) -> Result<Self, ValueError> {
        let interval = Interval::certain(lower, upper)?;
        let value = (lower == upper && lower.is_finite()).then_some(lower);
        Ok(Self { value, interval: Some(interval), ..Self::empty(unit) })
    }

    /// No value, and why.
    pub fn suppressed(unit: Unit, reason: Suppression) -> Self {
        Self { suppression: Some(reason), ..Self::empty(unit) }
    }

    fn empty(unit: Unit) -> Self {
        Self {
            value: None,
            unit,
            interval: None,
            observations: 0,
            completeness: 1.0,
            imputed_share: 0.0,
            suppression: None,
        }
    }

    /// With bounds; a withheld value stays without.
    pub fn with_interval(self, interval: Interval) -> Self {
        if self.suppression.is_some() {
            return self;
        }
        Self { interval: Some(interval), ..self }
    }

    /// Without its bounds, from here on taken as exact.
    pub fn without_interval(self) -> Self {
        Self { interval: None, ..self }
    }

    /// With the number of observations it rests on; 0 if they were not counted.
    pub fn with_observations(self, observations: u64) -> Self {
        Self { observations, ..self }
    }

    /// With the share of the expected data that was there, 0 to 1.
    pub fn with_completeness(self, completeness: f64) -> Self {
        Self { completeness, ..self }
    }

    /// With the share of the data that was imputed, 0 to 1.
    pub fn with_imputed_share(self, imputed_share: f64) -> Self {
        Self { imputed_share, ..self }
    }

    /// The same value if its parts agree. Arithmetic and reading from JSON check; a value whose parts come from
    /// elsewhere is checked with this.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotFinite`], [`ValueError::Bounds`], [`ValueError::Level`], [`ValueError::Share`], and
    /// [`ValueError::Contradiction`] for neither value, bounds nor reason, or a reason beside one of the others.
    pub fn check(self) -> Result<Self, ValueError> {
        if let Some(found) = self.value.filter(|value| !value.is_finite()) {
            return Err(ValueError::NotFinite { found });
        }
        if let Some(interval) = self.interval {
            interval.check()?;
        }
        for (part, found) in [("completeness", self.completeness), ("imputed share", self.imputed_share)] {
            if !(0.0..=1.0).contains(&found) {
                return Err(ValueError::Share { part, found });
            }
        }
        let found = match (self.value.is_some() || self.interval.is_some(), self.suppression.is_some()) {
            (true, true) => "a withheld value with a number or bounds",
            (false, false) => "neither number nor bounds nor reason",
            _ => return Ok(self),
        };
        Err(ValueError::Contradiction { found })
    }

    /// The number, unless it is withheld or only its bounds are known.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// Its unit.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Its bounds, if known.
    pub fn interval(&self) -> Option<Interval> {
        self.interval
    }

    /// Number of observations; 0 if they were not counted.
    pub fn observations(&self) -> u64 {
        self.observations
    }

    /// Share of the expected data that was there, 0 to 1.
    pub fn completeness(&self) -> f64 {
        self.completeness
    }

    /// Share of the data that was imputed, 0 to 1.
    pub fn imputed_share(&self) -> f64 {
        self.imputed_share
    }

    /// Why there is no value.
    pub fn suppression(&self) -> Option<&Suppression> {
        self.suppression.as_ref()
    }

    /// The same quantity in another unit, with its bounds.
    ///
    /// # Errors
    ///
    /// [`ValueError::Unit`] if the units are not comparable.
    pub fn to_unit(&self, unit: &Unit) -> Result<Self, ValueError> {
        let convert = |value: f64| self.unit.convert(value, unit);
        let interval = match self.interval {
            Some(Interval { lower, upper, level }) => {
                Some(Interval { lower: convert(lower)?, upper: convert(upper)?, level })
            }
            None => None,
        };
        // Converting one number checks the units also where there is no value.
        let value = convert(self.value.unwrap_or(0.0))?;
        Ok(Self { value: self.value.map(|_| value), interval, unit: unit.clone(), ..self.clone() })
    }
}

#[cfg(test)]
mod tests;
