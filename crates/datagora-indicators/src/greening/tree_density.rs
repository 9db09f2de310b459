//! Trees by zone: how many for the land, how many for the people.
use datagora_core::{Measured, Unit};

use crate::zones::{ZoneCounts, ZoneError};

/// Trees per hectare of each zone.
///
/// # Shapes and units
///
/// Tree counts of `n` zones, `n` areas in m² → trees per hectare.
///
/// # Missing values
///
/// A zone whose area is NaN or 0 is suppressed, with the reason. The completeness of every zone is the share of all trees
/// that lie in some zone: nobody knows to which one the others belong.
///
/// # Interpretation
///
/// Higher is greener, but it counts the trees of the inventory: that of street trees knows no private garden, no forest
/// and mostly no park. Zones with much water or farmland look poor.
///
/// # Errors
///
/// [`ZoneError`] if there is not one area per zone, or an area is negative.
///
/// # Example
///
/// ```
/// use datagora_indicators::{ZoneCounts, greening::trees_per_hectare};
///
/// let trees = ZoneCounts::from_counts(vec![3_208], 53);
/// let found = trees_per_hectare(&trees, &[14_527_141.1])?; // Rillieux-la-Pape
/// assert!((found[0].value().unwrap() - 2.20828).abs() < 1e-5);
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
pub fn trees_per_hectare(trees: &ZoneCounts, areas: &[f64]) -> Result<Vec<Measured>, ZoneError> {
    trees.per(areas, 10_000.0, &Unit::of("{tree}/har"), "area")
}

/// Trees per thousand inhabitants of each zone.
///
/// # Shapes and units
///
/// Tree counts of `n` zones, `n` populations → trees per 1,000 inhabitants.
///
/// # Missing values
///
/// A zone without inhabitants, or of unknown population, is suppressed. Completeness as in [`trees_per_hectare`].
///
/// # Interpretation
///
/// Higher is more trees for each person. A business district with few inhabitants scores high: compare with the trees per
/// hectare.
///
/// # Errors
///
/// [`ZoneError`] if there is not one population per zone, or one is negative.
///
/// # Example
///
/// ```
/// use datagora_indicators::{ZoneCounts, greening::trees_per_thousand_inhabitants};
///
/// let found = trees_per_thousand_inhabitants(&ZoneCounts::from_counts(vec![90, 4], 0), &[3_000.0, 0.0])?;
/// assert_eq!(found[0].value(), Some(30.0));
/// assert_eq!(found[1].value(), None);
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
///
/// # References
///
/// ISO 37120:2018 counts trees per 100,000 inhabitants: a hundred times this.
pub fn trees_per_thousand_inhabitants(
    trees: &ZoneCounts,
    population: &[f64],
) -> Result<Vec<Measured>, ZoneError> {
    trees.per(population, 1_000.0, &Unit::of("{tree}/(1000.{inhabitant})"), "population")
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Suppression;
    use proptest::prelude::*;

    #[test]
    fn zones_without_land_or_people_say_so() {
        let trees = ZoneCounts::from_counts(vec![5, 5], 0);
        let found = trees_per_hectare(&trees, &[0.0, f64::NAN]).unwrap();
        let reasons: Vec<_> = found.iter().map(|m| m.suppression().cloned()).collect();
        assert_eq!(reasons[0], Some(Suppression::Undefined { reason: "area is zero".to_owned() }));
        assert_eq!(reasons[1], Some(Suppression::Undefined { reason: "area unknown".to_owned() }));
        assert!(trees_per_hectare(&trees, &[1.0]).is_err());
        assert!(trees_per_thousand_inhabitants(&trees, &[1.0, -3.0]).is_err());
    }

    proptest! {
        #[test]
        fn the_whole_is_the_area_weighted_mean_of_its_parts(
            zones in proptest::collection::vec((0_u64..10_000, 1.0..1e7_f64), 1..20)
        ) {
            let (counts, areas): (Vec<u64>, Vec<f64>) = zones.iter().copied().unzip();
            let parts = trees_per_hectare(&ZoneCounts::from_counts(counts.clone(), 0), &areas).unwrap();
            let whole = ZoneCounts::from_counts(vec![counts.iter().sum()], 0);
            let total: f64 = areas.iter().sum();
            let whole = trees_per_hectare(&whole, &[total]).unwrap()[0].value().unwrap();
            let mean: f64 = parts.iter().zip(&areas).map(|(p, a)| p.value().unwrap() * a).sum::<f64>() / total;
            prop_assert!((whole - mean).abs() <= 1e-9 * whole.max(1.0));
        }
    }
}
