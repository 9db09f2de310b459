//! Inhabitants of buildings, from those of the zone around.
use datagora_core::{Measured, Unit};

use crate::zones::{ZoneError, check_amounts, check_zones};

/// The inhabitants of zones on their buildings: what [`people_by_building`] gives.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BuildingPeople {
    /// Inhabitants of each building, with decimals; NaN where nothing is known.
    pub people: Vec<f64>,
    /// Inhabitants of each zone that stand in some building; completeness: the share of all of them.
    pub placed: Vec<Measured>,
}

/// Inhabitants of zones divided among their buildings: dasymetric allocation by dwellings, floor area or volume.
///
/// `people = population of the zone · weight / Σ weights of the zone`. The weight says where people live: best the number
/// of dwellings; else floor area (footprint · storeys); else the volume, which puts too many into halls and churches. Give
/// weight 0 to buildings that nobody lives in.
///
/// # Shapes and units
///
/// Populations of zones (IRIS), `n` buildings with their zone and weight → `n` numbers of people, and the placed people of
/// each zone.
///
/// # Missing values
///
/// A building in no zone, of unknown weight (NaN), or in a zone of unknown population has NaN. People of a zone in which
/// no building has a weight are placed nowhere, and told. Beside buildings of unknown weight the others hold all the
/// people of the zone, and so somewhat too many.
///
/// # Errors
///
/// [`ZoneError`] if lengths differ, a zone does not exist, or a population or weight is negative.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::people_by_building;
///
/// let dwellings = [30.0, 10.0, 5.0];
/// let found = people_by_building(&[80.0, 50.0], &[Some(0), Some(0), None], &dwellings)?;
/// assert_eq!(found.people[..2], [60.0, 20.0]);
/// assert!(found.people[2].is_nan());
/// assert_eq!(found.placed[1].value(), Some(0.0)); // no building for the 50
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
///
/// # References
///
/// Eicher, C. L., Brewer, C. A. (2001). Dasymetric mapping and areal interpolation: implementation and evaluation.
/// Cartography and Geographic Information Science 28, 125–138. doi:10.1559/152304001782173727
pub fn people_by_building(
    population: &[f64],
    membership: &[Option<u32>],
    weights: &[f64],
) -> Result<BuildingPeople, ZoneError> {
    check_amounts(population, population.len(), "population")?;
    check_amounts(weights, membership.len(), "weight")?;
    check_zones(membership, population.len())?;
    let mut sums = vec![(0.0, 0_u64); population.len()];
    for (zone, weight) in membership.iter().zip(weights) {
        if let Some(zone) = zone.filter(|_| !weight.is_nan()) {
            let (sum, buildings) = &mut sums[zone as usize];
            *sum += weight;
            *buildings += 1;
        }
    }
    let share = |(zone, weight): (&Option<u32>, &f64)| {
        let Some(zone) = zone.map(|zone| zone as usize) else { return f64::NAN };
        // A zone without any weight leaves its buildings unknown; one without people leaves them empty.
        if population[zone] == 0.0 { 0.0 } else { population[zone] * weight / sums[zone].0 }
    };
    let people = membership
        .iter()
        .zip(weights)
        .map(share)
        .map(|people| if people.is_finite() { people } else { f64::NAN })
        .collect();
    let placed = population
        .iter()
        .zip(&sums)
        .map(|(&people, &(sum, buildings))| {
            let share = if sum > 0.0 || people == 0.0 { 1.0 } else { 0.0 };
            Measured::new(people * share, Unit::of("{inhabitant}"))
                .with_completeness(if people.is_nan() { 0.0 } else { share })
                .with_observations(buildings)
        })
        .collect();
    Ok(BuildingPeople { people, placed })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_unknown_stays_unknown() {
        let nan = f64::NAN;
        let membership = [Some(0), Some(0), Some(1), Some(2), Some(3), None];
        let found =
            people_by_building(&[10.0, nan, 7.0, 0.0], &membership, &[1.0, nan, 1.0, 0.0, 0.0, 3.0]).unwrap();
        assert_eq!((found.people[0], found.people[4]), (10.0, 0.0));
        assert!([1, 2, 3, 5].iter().all(|&row: &usize| found.people[row].is_nan()), "{:?}", found.people);
        assert_eq!(found.placed[1].value(), None);
        assert_eq!((found.placed[2].value(), found.placed[2].completeness()), (Some(0.0), 0.0));
        assert_eq!((found.placed[3].value(), found.placed[3].completeness()), (Some(0.0), 1.0));
        assert!(people_by_building(&[1.0], &[Some(1)], &[1.0]).is_err());
        assert!(people_by_building(&[1.0], &[Some(0)], &[-1.0]).is_err());
        assert!(people_by_building(&[-1.0], &[Some(0)], &[1.0]).is_err());
    }

    proptest! {
        #[test]
        fn nobody_is_lost(
            population in proptest::collection::vec(0.0..1e4_f64, 5),
            rows in proptest::collection::vec((0_u32..5, 0.1..1e3_f64), 1..60)
        ) {
            let membership: Vec<Option<u32>> = rows.iter().map(|row| Some(row.0)).collect();
            let weights: Vec<f64> = rows.iter().map(|row| row.1).collect();
            let found = people_by_building(&population, &membership, &weights).unwrap();
            let placed: f64 = found.placed.iter().map(|placed| placed.value().unwrap()).sum();
            prop_assert!((found.people.iter().sum::<f64>() - placed).abs() < 1e-6);
            prop_assert!(placed <= population.iter().sum::<f64>() + 1e-6);
        }
    }
}
