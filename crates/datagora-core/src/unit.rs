//! Units of measure, as UCUM codes.
mod atom;
mod grammar;
mod label;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::Language;
use grammar::Expression;

/// The unit of a quantity, as a code of the Unified Code for Units of Measure.
///
/// What is counted stands in braces, as UCUM annotates it: `{tree}/har` is trees per hectare. The subset understood is
/// that of urban data: SI units with prefixes, time from seconds to years, hectares, litres, tonnes, degrees Celsius,
/// watts and watt-hours (`kW.h`), percent and parts per million, decibels, miles; joined by `.` and `/`, with
/// exponents and parentheses.
///
/// # Annotations are kept apart
///
/// To UCUM, `{tree}` and `{inhabitant}` are both the number one. Here they are not comparable, and neither is
/// comparable to `1`: a sum of trees and inhabitants, or of `kg{CO2}` and `kg{PM10}`, is refused.
/// [`Unit::without_annotations`] forgets them where that is meant.
///
/// # Example
///
/// ```
/// use datagora_core::{Language, Unit};
///
/// let density = Unit::parse("{tree}/har")?;
/// assert_eq!(density.factor_to(&Unit::parse("{tree}/km2")?)?, 100.0);
/// assert_eq!(density.multiply(&Unit::HECTARE)?, Unit::of("{tree}"));
/// assert_eq!(density.symbol(Language::French), "arbres/ha");
/// assert!(!Unit::of("{tree}").is_comparable(&Unit::of("{inhabitant}")));
/// # Ok::<(), datagora_core::UnitError>(())
/// ```
///
/// # References
///
/// Schadow, G. and McDonald, C. J. *The Unified Code for Units of Measure*, version 2.1. <https://ucum.org>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Unit(Cow<'static, str>);

/// What a unit measures: its exponents of the base units and what it counts.
///
/// Two quantities can be added when the dimensions of their units are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimension {
    /// Exponents of metre, second, gram, kelvin, radian, coulomb, candela, bel and bel of sound pressure.
    base: [i32; atom::BASES],
    /// Annotations with their exponents, sorted, none of them zero.
    counted: Vec<(String, i32)>,
}

impl Dimension {
    /// Is it a pure number that counts nothing?
    pub fn is_one(&self) -> bool {
        *self == Self::default()
    }
}

/// The names of the base units in UCUM's order, for messages.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units =
            atom::BASE_NAMES.iter().zip(self.base).map(|(name, exponent)| ((*name).to_owned(), exponent));
        let counted = self.counted.iter().map(|(name, exponent)| (format!("{{{name}}}"), *exponent));
        let mut first = true;
        for (name, exponent) in units.chain(counted).filter(|(_, exponent)| *exponent != 0) {
            if !first {
                f.write_str(".")?;
            }
            first = false;
            f.write_str(&name)?;
            if exponent != 1 {
                write!(f, "{exponent}")?;
            }
        }
        if first { f.write_str("1") } else { Ok(()) }
    }
}

/// Why a code is not a unit, or two units do not go together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// The code does not follow the grammar.
    #[error("unit {code:?}: {needed} needed at character {position}")]
    Malformed {
        /// The code, cut after 60 characters.
        code: String,
        /// Where reading stopped, counted in characters from 1.
        position: usize,
        /// What would fit there.
        needed: &'static str,
    },
    /// A part is not a unit of the subset.
    #[error("unit {code:?}: {symbol:?} is not a UCUM unit known here; {hint}")]
    Unknown {
        /// The code, cut after 60 characters.
        code: String,
        /// The part that was not understood.
        symbol: String,
        /// What to try.
        hint: &'static str,
    },
    /// The units measure different things.
    #[error(
        "{from} is {from_dimension} and {to} is {to_dimension}: they measure different things and do not convert"
    )]
    Incomparable {
        /// Unit to convert from.
        from: Unit,
        /// Its dimension.
        from_dimension: Box<Dimension>,
        /// Unit to convert to.
        to: Unit,
        /// Its dimension.
        to_dimension: Box<Dimension>,
    },
    /// The units differ in where their zero lies, so no factor converts them.
    #[error("{from} and {to} have different zeros; use Unit::convert, no factor exists")]
    NoFactor {
        /// Unit to convert from.
        from: Unit,
        /// Unit to convert to.
        to: Unit,
    },
}

impl Unit {
    /// A pure number.
    pub const ONE: Unit = Unit::of("1");
    /// Hundredths.
    pub const PERCENT: Unit = Unit::of("%");
    /// Metre.
    pub const METRE: Unit = Unit::of("m");
    /// Kilometre.
    pub const KILOMETRE: Unit = Unit::of("km");
    /// Square metre.
    pub const SQUARE_METRE: Unit = Unit::of("m2");
    /// Hectare.
    pub const HECTARE: Unit = Unit::of("har");
    /// Square kilometre.
    pub const SQUARE_KILOMETRE: Unit = Unit::of("km2");
    /// Second.
    pub const SECOND: Unit = Unit::of("s");
    /// Minute.
    pub const MINUTE: Unit = Unit::of("min");
    /// Hour.
    pub const HOUR: Unit = Unit::of("h");
    /// Day.
    pub const DAY: Unit = Unit::of("d");
    /// Kilometre per hour.
    pub const KILOMETRE_PER_HOUR: Unit = Unit::of("km/h");
    /// Degree Celsius.
    pub const CELSIUS: Unit = Unit::of("Cel");
    /// Kelvin.
    pub const KELVIN: Unit = Unit::of("K");

    /// A unit from a code known to be well formed, such as a constant; others go through [`Unit::parse`].
    ///
    /// A malformed code is found by the first operation that needs its meaning, as an error.
    pub const fn of(code: &'static str) -> Self {
        Unit(Cow::Borrowed(code))
    }

    /// Reads a UCUM code (the case-sensitive form).
    ///
    /// # Errors
    ///
    /// [`UnitError::Malformed`] or [`UnitError::Unknown`], which tells the UCUM spelling of common others (`ha`,
    /// `°C`, `kWh`, `m²`).
    pub fn parse(code: &str) -> Result<Self, UnitError> {
        Expression::parse(code)?;
        Ok(Self(Cow::Owned(code.to_owned())))
    }

    /// The UCUM code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// What it measures.
    ///
    /// # Errors
    ///
    /// As [`Unit::parse`], for a unit made by [`Unit::of`] from a malformed code.
    pub fn dimension(&self) -> Result<Dimension, UnitError> {
        Ok(Expression::parse(&self.0)?.dimension())
    }

    /// Can quantities in these units be added or compared after conversion? False if either code is malformed.
    pub fn is_comparable(&self, other: &Unit) -> bool {
        matches!((self.dimension(), other.dimension()), (Ok(own), Ok(others)) if own == others)
    }

    /// May quantities in this unit be added? Not temperatures in degrees Celsius, whose zero is a convention, and not
    /// decibels, which are logarithms; false if the code is malformed.
    pub fn is_additive(&self) -> bool {
        Expression::parse(&self.0)
            .is_ok_and(|expression| expression.offset().is_none() && !expression.is_level())
    }

    /// By what to multiply a number in this unit to have it in the other.
    ///
    /// # Errors
    ///
    /// [`UnitError::Incomparable`]; [`UnitError::NoFactor`] between degrees Celsius and kelvins.
    pub fn factor_to(&self, to: &Unit) -> Result<f64, UnitError> {
        let (own, other) = self.comparable(to)?;
        if own.offset() != other.offset() {
            return Err(UnitError::NoFactor { from: self.clone(), to: to.clone() });
        }
        Ok(own.factor_to(&other))
    }

    /// The same quantity in another unit.
    ///
    /// # Errors
    ///
    /// [`UnitError::Incomparable`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Unit;
    ///
    /// assert_eq!(Unit::CELSIUS.convert(30.0, &Unit::KELVIN)?, 303.15);
    /// assert_eq!(Unit::KILOMETRE_PER_HOUR.convert(36.0, &Unit::of("m/s"))?, 10.0);
    /// # Ok::<(), datagora_core::UnitError>(())
    /// ```
    pub fn convert(&self, value: f64, to: &Unit) -> Result<f64, UnitError> {
        let (own, other) = self.comparable(to)?;
        if own.offset() == other.offset() {
            return Ok(value * own.factor_to(&other));
        }
        let ((above, below), (other_above, other_below)) = (own.fraction(), other.fraction());
        let base = value * above / below + own.offset().unwrap_or(0.0);
        Ok((base - other.offset().unwrap_or(0.0)) * other_below / other_above)
    }

    /// The unit of a product. What stands above and below the line cancels.
    ///
    /// # Errors
    ///
    /// As [`Unit::parse`], for a unit made by [`Unit::of`] from a malformed code.
    pub fn multiply(&self, other: &Unit) -> Result<Unit, UnitError> {
        let product = Expression::parse(&self.0)?.times(Expression::parse(&other.0)?, 1);
        Ok(Self(Cow::Owned(product.code())))
    }

    /// The unit of a quotient. What stands above and below the line cancels.
    ///
    /// # Errors
    ///
    /// As [`Unit::multiply`].
    pub fn divide(&self, other: &Unit) -> Result<Unit, UnitError> {
        let quotient = Expression::parse(&self.0)?.times(Expression::parse(&other.0)?, -1);
        Ok(Self(Cow::Owned(quotient.code())))
    }

    /// The unit of a difference: that of the terms, but kelvins between two temperatures in degrees Celsius.
    pub fn of_difference(&self) -> Unit {
        let temperature = Expression::parse(&self.0).is_ok_and(|expression| expression.offset().is_some());
        if temperature { Unit::KELVIN } else { self.clone() }
    }

    /// The unit without what it counts: `{tree}/har` becomes `/har`, an inverse area.
    ///
    /// # Errors
    ///
    /// As [`Unit::multiply`].
    pub fn without_annotations(&self) -> Result<Unit, UnitError> {
        Ok(Self(Cow::Owned(Expression::parse(&self.0)?.without_annotations().code())))
    }

    /// How it is written after a number that citizens read: « arbres/ha », "trees/ha", « °C »; empty for `1`.
    ///
    /// Words are plural above the line. A malformed code is shown as it is.
    pub fn symbol(&self, language: Language) -> String {
        self.symbol_of(f64::INFINITY, language)
    }

    /// As [`Unit::symbol`], with the word above the line agreeing with a number: « 1 arbre », « 1,5 arbre »,
    /// "1.5 trees".
    pub fn symbol_of(&self, value: f64, language: Language) -> String {
        match Expression::parse(&self.0) {
            Ok(expression) => label::label(&expression, value, language),
            Err(_) => self.0.to_string(),
        }
    }

    fn comparable(&self, to: &Unit) -> Result<(Expression, Expression), UnitError> {
        let (own, other) = (Expression::parse(&self.0)?, Expression::parse(&to.0)?);
        let (from_dimension, to_dimension) = (own.dimension(), other.dimension());
        if from_dimension == to_dimension {
            return Ok((own, other));
        }
        Err(UnitError::Incomparable {
            from: self.clone(),
            from_dimension: Box::new(from_dimension),
            to: to.clone(),
            to_dimension: Box::new(to_dimension),
        })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Unit {
    type Err = UnitError;

    fn from_str(code: &str) -> Result<Self, UnitError> {
        Self::parse(code)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
