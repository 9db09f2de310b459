//! Numbers that could be mistaken for one another, as types for parameters.
use std::fmt;

use crate::{Measured, Unit};

/// Newtypes of `f64` that know their unit.
macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident: $unit:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        pub struct $name(pub f64);

        impl $name {
            /// The unit of the number.
            pub const UNIT: Unit = $unit;

            /// The unit of the number.
            pub const fn unit(self) -> Unit {
                Self::UNIT
            }
        }

        /// The number and its UCUM code.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)?;
                write!(f, " {}", Self::UNIT)
            }
        }

        impl From<$name> for Measured {
            fn from(quantity: $name) -> Measured {
                Measured::new(quantity.0, $name::UNIT)
            }
        }
    )*};
}

quantities! {
    /// A length or distance in metres.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Metres, Minutes, KilometresPerHour};
    ///
    /// let radius = Metres(300.0);
    /// assert_eq!(radius.to_string(), "300 m");
    /// assert_eq!(KilometresPerHour(4.5).time_for(radius), Minutes(4.0));
    /// ```
    Metres: Unit::METRE;
    /// A length or distance in kilometres.
    Kilometres: Unit::KILOMETRE;
    /// An area in square metres.
    SquareMetres: Unit::SQUARE_METRE;
    /// An area in hectares.
    Hectares: Unit::HECTARE;
    /// A duration in minutes.
    Minutes: Unit::MINUTE;
    /// A duration in hours.
    Hours: Unit::HOUR;
    /// A speed in kilometres per hour.
    KilometresPerHour: Unit::KILOMETRE_PER_HOUR;
}

impl KilometresPerHour {
    /// Time needed for a distance; infinite at no speed.
    pub fn time_for(self, distance: impl Into<Metres>) -> Minutes {
        Minutes(distance.into().0 * 60.0 / (1000.0 * self.0))
    }
}

/// One quantity in the unit of another.
macro_rules! conversions {
    ($($small:ident is $factor:literal th of $large:ident;)*) => {$(
        impl From<$large> for $small {
            fn from(quantity: $large) -> $small {
                $small(quantity.0 * $factor)
            }
        }

        impl From<$small> for $large {
            fn from(quantity: $small) -> $large {
                $large(quantity.0 / $factor)
            }
        }
    )*};
}

conversions! {
    Metres is 1000.0 th of Kilometres;
    SquareMetres is 10_000.0 th of Hectares;
    Minutes is 60.0 th of Hours;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnitError;

    #[test]
    fn conversions_are_those_of_the_units() -> Result<(), UnitError> {
        assert_eq!(Metres::from(Kilometres(1.5)).0, Kilometres::UNIT.convert(1.5, &Metres::UNIT)?);
        assert_eq!(Kilometres::from(Metres(1.5)).0, Metres::UNIT.convert(1.5, &Kilometres::UNIT)?);
        assert_eq!(SquareMetres::from(Hectares(1.5)).0, Hectares::UNIT.convert(1.5, &SquareMetres::UNIT)?);
        assert_eq!(Minutes::from(Hours(1.5)).0, Hours::UNIT.convert(1.5, &Minutes::UNIT)?);
        Ok(())
    }

    #[test]
    fn times_follow_speeds() {
        assert_eq!(KilometresPerHour(30.0).time_for(Kilometres(15.0)), Minutes(30.0));
        assert!(KilometresPerHour(0.0).time_for(Metres(1.0)).0.is_infinite());
        assert_eq!(Measured::from(Hours(2.0)).unit(), &Unit::HOUR);
        assert_eq!(format!("{:.1}", KilometresPerHour(4.46)), "4.5 km/h");
    }
}
