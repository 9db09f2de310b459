//! Where rain could seep away if the ground were opened.
use datagora_core::{Measured, Suppression, Unit};

use crate::wrong::Wrong;

/// Which slope counts for nothing, and which for all.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum SlopeScale {
    /// From 0° to this many degrees, and from there on the same: an index compares between places and runs.
    Fixed(f64),
    /// From the least to the greatest slope of the run, as UD-IArbre has it: one steep plot changes the index of all others.
    OfRun,
}

/// How the index weighs the two.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct InfiltrationOptions {
    /// Weight of open ground, 0 to 1; the rest is that of flat ground.
    pub open_weight: f64,
    /// Scale of slopes.
    pub scale: SlopeScale,
}

impl Default for InfiltrationOptions {
    /// 0.4, as UD-IArbre; slopes from 0° to 50°, the steepest that it takes for ground.
    fn default() -> Self {
        Self { open_weight: 0.4, scale: SlopeScale::Fixed(50.0) }
    }
}

impl InfiltrationOptions {
    /// With another weight of open ground.
    pub fn with_open_weight(self, open_weight: f64) -> Self {
        Self { open_weight, ..self }
    }

    /// With another scale of slopes.
    pub fn with_scale(self, scale: SlopeScale) -> Self {
        Self { scale, ..self }
    }
}

/// Numbers that make no index.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InfiltrationError {
    /// Columns of different lengths.
    #[error("found {found} slopes for {needed} sealed shares; one each is needed")]
    Length {
        /// Slopes.
        found: usize,
        /// Sealed shares.
        needed: usize,
    },
    /// A share that is none, or a slope that is none.
    #[error("found {value} as {what} of row {row}; {needed}")]
    Value {
        /// Which column.
        what: &'static str,
        /// Row.
        row: usize,
        /// Value found.
        value: f64,
        /// Range.
        needed: &'static str,
    },
    /// A weight or scale outside of its range.
    #[error("{what} is {found}; {needed}")]
    Option {
        /// Which.
        what: &'static str,
        /// Found.
        found: f64,
        /// Range.
        needed: &'static str,
    },
    /// All slopes of the run are the same.
    #[error("all slopes are {slope}°, so the run has no scale of slopes; use `SlopeScale::Fixed`")]
    NoScale {
        /// The slope.
        slope: f64,
    },
}

/// Infiltration index of plots: `f · (1 − sealed share) + (1 − f) · (1 − slope on its scale)`, 0 to 1.
///
/// # Shapes and units
///
/// For each of `n` plots its sealed share in percent, as [`imperviousness`](super::imperviousness) gives it, and its slope in
/// degrees, as [`slope_by_zone`](super::slope_by_zone) does → `n` pure numbers.
///
/// # Missing values
///
/// A plot of unknown share or slope (NaN) is suppressed.
///
/// # Interpretation
///
/// Higher: rain seeps away more easily as the plot is today. A high slope term beside a low open one marks ground worth
/// opening. It knows nothing of soil, groundwater and networks.
///
/// # Errors
///
/// [`InfiltrationError`].
///
/// # Example
///
/// ```
/// use datagora_indicators::heat::{InfiltrationOptions, infiltration_index};
///
/// let found = infiltration_index(&[80.0, 10.0], &[0.0, 25.0], &InfiltrationOptions::default())?;
/// assert!((found[0].value().unwrap() - (0.4 * 0.2 + 0.6)).abs() < 1e-12);
/// assert!((found[1].value().unwrap() - (0.4 * 0.9 + 0.6 * 0.5)).abs() < 1e-12);
/// # Ok::<(), datagora_indicators::heat::InfiltrationError>(())
/// ```
///
/// # References
///
/// VCityTeam, *UD-IArbre-Research*, desealing: method of the *casiers*.
pub fn infiltration_index(
    sealed_percent: &[f64],
    slopes: &[f64],
    options: &InfiltrationOptions,
) -> Result<Vec<Measured>, InfiltrationError> {
    let (found, needed) = (slopes.len(), sealed_percent.len());
    if found != needed {
        return Err(InfiltrationError::Length { found, needed });
    }
    if !(0.0..=1.0).contains(&options.open_weight) {
        let (what, needed) = ("the weight of open ground", "from 0 to 1 is needed");
        return Err(InfiltrationError::Option { what, found: options.open_weight, needed });
    }
    if let Some(Wrong { at: row, value, .. }) = Wrong::no_percentage(sealed_percent) {
        let (what, needed) = ("sealed share", "0 to 100 percent is needed");
        return Err(InfiltrationError::Value { what, row, value, needed });
    }
    let no_slope = |slope: f64| !slope.is_nan() && !(0.0..=90.0).contains(&slope);
    if let Some(Wrong { at: row, value, .. }) = Wrong::among(slopes, no_slope) {
        let (what, needed) = ("slope", "0 to 90 degrees is needed");
        return Err(InfiltrationError::Value { what, row, value, needed });
    }
    let (flat, steep) = scale(slopes, options.scale)?;
    let index = |(sealed, slope): (&f64, &f64)| {
        if sealed.is_nan() || slope.is_nan() {
            let reason = Suppression::Incomplete { needed: 1.0 };
            let known = [sealed, slope].iter().filter(|value| !value.is_nan()).count();
            return Measured::suppressed(Unit::ONE, reason).with_completeness(known as f64 / 2.0);
        }
        let open = 1.0 - sealed / 100.0;
        let level = 1.0 - ((slope - flat) / (steep - flat)).clamp(0.0, 1.0);
        let weight = options.open_weight;
        Measured::new(weight * open + (1.0 - weight) * level, Unit::ONE).with_observations(2)
    };
    Ok(sealed_percent.iter().zip(slopes).map(index).collect())
}

/// The slopes that count for nothing and for all.
fn scale(slopes: &[f64], scale: SlopeScale) -> Result<(f64, f64), InfiltrationError> {
    match scale {
        SlopeScale::Fixed(steep) if steep > 0.0 && steep <= 90.0 => Ok((0.0, steep)),
        SlopeScale::Fixed(found) => {
            let (what, needed) =
                ("the steepest slope of the scale", "above 0 and at most 90 degrees is needed");
            Err(InfiltrationError::Option { what, found, needed })
        }
        SlopeScale::OfRun => {
            let known = || slopes.iter().copied().filter(|slope| !slope.is_nan());
            let (least, most) =
                (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
            match least == most {
                true => Err(InfiltrationError::NoScale { slope: least }),
                false => Ok((least, most)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_scale_of_the_run_moves_with_one_plot() {
        let index = |slopes: &[f64], scale| {
            let options = InfiltrationOptions::default().with_scale(scale);
            let sealed = vec![0.0; slopes.len()];
            infiltration_index(&sealed, slopes, &options).unwrap()[0].value().unwrap()
        };
        let (few, more) = ([10.0, 0.0, 20.0], [10.0, 0.0, 80.0]);
        assert!((index(&few, SlopeScale::OfRun) - 0.7).abs() < 1e-12);
        assert!((index(&more, SlopeScale::OfRun) - (0.4 + 0.6 * 0.875)).abs() < 1e-12);
        assert_eq!(index(&few, SlopeScale::Fixed(40.0)), index(&more, SlopeScale::Fixed(40.0)));
    }

    #[test]
    fn what_makes_no_index_is_said() {
        let options = InfiltrationOptions::default();
        assert_eq!(
            infiltration_index(&[1.0], &[], &options),
            Err(InfiltrationError::Length { found: 0, needed: 1 })
        );
        let wrong = |sealed: f64, slope: f64| infiltration_index(&[sealed], &[slope], &options);
        assert!(matches!(wrong(101.0, 0.0), Err(InfiltrationError::Value { what: "sealed share", .. })));
        assert!(matches!(wrong(1.0, 91.0), Err(InfiltrationError::Value { what: "slope", .. })));
        assert_eq!(wrong(f64::NAN, 1.0).unwrap()[0].value(), None);
        let run = options.with_scale(SlopeScale::OfRun);
        assert_eq!(infiltration_index(&[1.0], &[2.0], &run), Err(InfiltrationError::NoScale { slope: 2.0 }));
        assert_eq!(infiltration_index(&[f64::NAN], &[f64::NAN], &run).unwrap().len(), 1);
        for options in [options.with_open_weight(1.5), options.with_scale(SlopeScale::Fixed(0.0))] {
            let found = infiltration_index(&[1.0], &[2.0], &options);
            assert!(matches!(found, Err(InfiltrationError::Option { .. })));
        }
    }

    proptest! {
        #[test]
        fn the_index_lies_between_and_falls_with_sealing_and_slope(
            sealed in 0.0..=90.0_f64, slope in 0.0..=80.0_f64, more in 0.0..10.0_f64, weight in 0.0..=1.0_f64
        ) {
            let options = InfiltrationOptions::default().with_open_weight(weight);
            let at = |sealed: f64, slope: f64| {
                infiltration_index(&[sealed], &[slope], &options).unwrap()[0].value().unwrap()
            };
            prop_assert!((0.0..=1.0).contains(&at(sealed, slope)));
            prop_assert!(at(sealed + more, slope) <= at(sealed, slope));
            prop_assert!(at(sealed, slope + more) <= at(sealed, slope));
        }
    }
}
