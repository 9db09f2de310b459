//! Units of measure, as UCUM codes.
use std::borrow::Cow;
use std::fmt;

/// The unit of a quantity, as a code of the Unified Code for Units of Measure.
///
/// What is counted stands in braces, as UCUM annotates it: `{tree}/har` is trees per hectare.
///
/// # References
///
/// Schadow, G. and McDonald, C. J. *The Unified Code for Units of Measure*, version 2.1. <https://ucum.org>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Unit(Cow<'static, str>);

impl Unit {
    /// A pure number.
    pub const ONE: Unit = Unit::of("1");
    /// Hundredths.
    pub const PERCENT: Unit = Unit::of("%");
    /// Metre.
    pub const METRE: Unit = Unit::of("m");
    /// Square metre.
    pub const SQUARE_METRE: Unit = Unit::of("m2");
    /// Hectare.
    pub const HECTARE: Unit = Unit::of("har");
    /// Square kilometre.
    pub const SQUARE_KILOMETRE: Unit = Unit::of("km2");

    /// A unit from a code known to be well formed.
    pub const fn of(code: &'static str) -> Self {
        Unit(Cow::Borrowed(code))
    }

    /// The UCUM code.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
