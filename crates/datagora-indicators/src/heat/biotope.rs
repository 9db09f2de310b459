//! What the ground of a parcel or zone gives to nature, and how much of it is sealed.
use datagora_core::{Interval, Measured, Unit};

use super::coefficients::{CoefficientError, CoefficientTable};
use crate::zones::nothing_below;

/// Biotope area factor (coefficient de biotope par surface) of a parcel: `Σ area · coefficient / parcel area`.
///
/// # Shapes and units
///
/// Surfaces with a type of the table and an area in m²; the area of the parcel in m² → a pure number from 0 on.
///
/// # Missing values
///
/// Surfaces of unknown area (NaN) are left out; the completeness is the share of surfaces whose area is known, and there is
/// a lower bound only. A parcel of zero or unknown area has no factor.
///
/// # Interpretation
///
/// Higher is greener. It may pass 1: walls count beside the ground they stand on. A rule of town planning, no measure of
/// biodiversity, and its coefficients are those of one plan: factors from two tables do not compare.
///
/// # Errors
///
/// [`CoefficientError::Unknown`], [`CoefficientError::Area`].
///
/// # Example
///
/// ```
/// use datagora_indicators::heat::{CoefficientTable, biotope_area_factor};
///
/// let surfaces = [("pleine_terre", 100.0), ("toiture_vegetalisee", 50.0), ("impermeable", 250.0)];
/// let factor = biotope_area_factor(surfaces, 400.0, &CoefficientTable::french_biotope())?;
/// assert_eq!(factor.value(), Some(0.3375));
/// # Ok::<(), datagora_indicators::heat::CoefficientError>(())
/// ```
///
/// # References
///
/// Becker, G. and Mohren, R. (1990). *The Biotope Area Factor as an Ecological Parameter*. Landschaft Planen & Bauen,
/// Berlin. ADEME, fiche 11: coefficient de biotope par surface.
pub fn biotope_area_factor<'a>(
    surfaces: impl IntoIterator<Item = (&'a str, f64)>,
    parcel_area: f64,
    table: &CoefficientTable,
) -> Result<Measured, CoefficientError> {
    let weighed = table.weigh(surfaces)?;
    if parcel_area < 0.0 || parcel_area.is_infinite() {
        return Err(CoefficientError::Area { name: "parcel".to_owned(), value: parcel_area });
    }
    let known: Vec<(f64, f64)> = weighed.iter().copied().filter(|(_, area)| !area.is_nan()).collect();
    let measured = if parcel_area > 0.0 {
        let sum: f64 = known.iter().map(|(coefficient, area)| coefficient * area).sum();
        let factor = Measured::new(sum / parcel_area, Unit::ONE);
        // What is unknown can only add.
        match known.len() < weighed.len() {
            true => {
                factor.with_interval(Interval { lower: sum / parcel_area, upper: f64::INFINITY, level: None })
            }
            false => factor,
        }
    } else {
        nothing_below(&Unit::ONE, "parcel area", parcel_area)
    };
    let completeness = match weighed.len() {
        0 => 1.0,
        all => known.len() as f64 / all as f64,
    };
    Ok(measured.with_observations(known.len() as u64).with_completeness(completeness))
}

/// Share of the ground that is sealed, in percent: `100 · Σ area · coefficient / Σ area`.
///
/// # Shapes and units
///
/// Surfaces of a zone with a type of the table (coefficient: sealed share of such ground, 0 to 1) and an area in m² →
/// percent.
///
/// # Missing values
///
/// Surfaces of unknown area (NaN) are left out; the completeness is the share of surfaces whose area is known. Without
/// any area there is no share.
///
/// # Interpretation
///
/// Lower is better. Land cover such as OCS GE or CoSIA says what ground is, the coefficient how much of it is sealed on
/// average: good for a district, rough for a parcel. Surfaces must not overlap.
///
/// # Errors
///
/// [`CoefficientError::Unknown`], [`CoefficientError::Area`].
///
/// # Example
///
/// ```
/// use datagora_indicators::heat::{CoefficientTable, imperviousness};
///
/// let sealed = CoefficientTable::new("made example", [("building", 1.0), ("yard", 0.6), ("meadow", 0.0)])?;
/// let share = imperviousness([("building", 200.0), ("yard", 100.0), ("meadow", 700.0)], &sealed)?;
/// assert!((share.value().unwrap() - 26.0).abs() < 1e-12);
/// # Ok::<(), datagora_indicators::heat::CoefficientError>(())
/// ```
///
/// # References
///
/// Arnold, C. L. and Gibbons, C. J. (1996). Impervious surface coverage. J. Am. Plan. Assoc. 62, 243–258.
pub fn imperviousness<'a>(
    surfaces: impl IntoIterator<Item = (&'a str, f64)>,
    table: &CoefficientTable,
) -> Result<Measured, CoefficientError> {
    let weighed = table.weigh(surfaces)?;
    let known = || weighed.iter().filter(|(_, area)| !area.is_nan());
    let (sealed, ground) = known().fold((0.0, 0.0), |(sealed, ground), (coefficient, area)| {
        (sealed + coefficient * area, ground + area)
    });
    let rows = known().count();
    let measured = match ground > 0.0 {
        true => Measured::new(100.0 * sealed / ground, Unit::PERCENT),
        false => nothing_below(&Unit::PERCENT, "area", if weighed.len() > rows { f64::NAN } else { 0.0 }),
    };
    let completeness = match weighed.len() {
        0 => 0.0,
        all => rows as f64 / all as f64,
    };
    Ok(measured.with_observations(rows as u64).with_completeness(completeness))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn walls_may_pass_one_and_unknown_areas_leave_a_lower_bound() {
        let table = CoefficientTable::french_biotope();
        let garden = [("pleine_terre", 100.0), ("mur_vegetalise", 60.0)];
        assert_eq!(biotope_area_factor(garden, 100.0, &table).unwrap().value(), Some(1.3));
        let partly = [("pleine_terre", 100.0), ("semi_ouvert", f64::NAN)];
        let found = biotope_area_factor(partly, 200.0, &table).unwrap();
        let bounds = found.interval().unwrap();
        assert_eq!((found.value(), found.completeness(), bounds.lower), (Some(0.5), 0.5, 0.5));
        assert_eq!(biotope_area_factor(garden, 0.0, &table).unwrap().value(), None);
        assert!(biotope_area_factor(garden, -1.0, &table).is_err());
        assert!(biotope_area_factor([("lac", 1.0)], 10.0, &table).is_err());
    }

    #[test]
    fn ground_without_area_is_not_unsealed() {
        let table = CoefficientTable::new("test", [("roof", 1.0)]).unwrap();
        assert_eq!(imperviousness([], &table).unwrap().value(), None);
        assert_eq!(imperviousness([("roof", f64::NAN)], &table).unwrap().value(), None);
    }

    proptest! {
        #[test]
        fn sealed_shares_lie_between_and_ignore_the_scale(
            areas in proptest::collection::vec(0.1..1e4_f64, 3), scale in 0.1..10.0_f64
        ) {
            let table = CoefficientTable::new("test", [("a", 1.0), ("b", 0.4), ("c", 0.0)]).unwrap();
            let share = |factor: f64| {
                let surfaces = ["a", "b", "c"].into_iter().zip(areas.iter().map(|area| area * factor));
                imperviousness(surfaces, &table).unwrap().value().unwrap()
            };
            prop_assert!((0.0..=100.0).contains(&share(1.0)));
            prop_assert!((share(1.0) - share(scale)).abs() < 1e-9);
        }
    }
}
