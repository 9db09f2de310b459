//! Parks by zone: how much for each inhabitant, and how shady.
use datagora_core::{Measured, Unit};

use crate::zones::{ZoneError, check_amounts, check_zones, nothing_below, weighted_mean_by_zone};

/// The parks of one zone.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ParkSupply {
    /// Area of its parks.
    pub area: Measured,
    /// Area of its parks per inhabitant.
    pub area_per_inhabitant: Measured,
    /// Canopy index of its parks, 0 to 1, weighted by their areas: that of an average square metre of park.
    pub canopy_index: Measured,
    /// Area under canopy per inhabitant: `Σ area · index / population`, over the parks whose index is known.
    pub canopy_per_inhabitant: Measured,
}

/// Parks per inhabitant and their canopy, by zone.
///
/// # Shapes and units
///
/// `n` parks with area in m², canopy index (0 to 1) and zone; `zones` populations → one supply per zone, in m², m² per
/// inhabitant, and as a pure number.
///
/// # Missing values
///
/// A park of unknown area (NaN) is left out and lowers the completeness (share of the zone's parks with known area); one
/// of unknown canopy counts with its area, but not in the canopy values, whose completeness is the share of the known park
/// area with a known index. Parks in no zone are left out. A zone without inhabitants has no ratio; one without park has 0
/// m², and no canopy index.
///
/// # Interpretation
///
/// More is better supplied, within the zone: who lives at its border may use the park next door, and a park that lies in
/// two zones should be cut at the border before.
///
/// # Errors
///
/// [`ZoneError`] if lengths differ, a zone does not exist, or an area, index or population is negative.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::park_supply;
///
/// let supply = park_supply(&[10_000.0, 30_000.0], &[0.8, 0.4], &[Some(0), Some(0)], &[2_000.0])?;
/// assert_eq!(supply[0].area_per_inhabitant.value(), Some(20.0));
/// assert_eq!(supply[0].canopy_index.value(), Some(0.5));
/// assert_eq!(supply[0].canopy_per_inhabitant.value(), Some(10.0));
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
pub fn park_supply(
    areas: &[f64],
    canopy: &[f64],
    membership: &[Option<u32>],
    population: &[f64],
) -> Result<Vec<ParkSupply>, ZoneError> {
    let zones = population.len();
    check_amounts(population, zones, "population")?;
    check_amounts(areas, membership.len(), "area")?;
    check_amounts(canopy, membership.len(), "canopy index")?;
    check_zones(membership, zones)?;
    let index = weighted_mean_by_zone(canopy, areas, membership, zones, &Unit::ONE)?;
    let (mut area, mut shade) = (vec![0.0; zones], vec![0.0; zones]);
    let (mut parks, mut known) = (vec![0_u64; zones], vec![0_u64; zones]);
    for (row, zone) in membership.iter().enumerate() {
        let Some(zone) = zone.map(|zone| zone as usize) else { continue };
        parks[zone] += 1;
        if !areas[row].is_nan() {
            known[zone] += 1;
            area[zone] += areas[row];
            if !canopy[row].is_nan() {
                shade[zone] += areas[row] * canopy[row];
            }
        }
    }
    let per_person = Unit::of("m2/{inhabitant}");
    Ok(index
        .into_iter()
        .enumerate()
        .map(|(zone, canopy_index)| {
            let complete = if parks[zone] == 0 { 1.0 } else { known[zone] as f64 / parks[zone] as f64 };
            let ratio = |amount: f64| {
                if population[zone] > 0.0 {
                    Measured::new(amount / population[zone], per_person.clone())
                } else {
                    nothing_below(&per_person, "population", population[zone])
                }
                .with_observations(known[zone])
            };
            let canopy_complete =
                if area[zone] > 0.0 { complete * canopy_index.completeness() } else { complete };
            ParkSupply {
                area: Measured::new(area[zone], Unit::SQUARE_METRE)
                    .with_observations(known[zone])
                    .with_completeness(complete),
                area_per_inhabitant: ratio(area[zone]).with_completeness(complete),
                canopy_per_inhabitant: ratio(shade[zone]).with_completeness(canopy_complete),
                canopy_index,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_areas_and_canopies_are_told() {
        let nan = f64::NAN;
        let areas = [100.0, 300.0, nan, 50.0];
        let canopy = [0.5, nan, 0.5, 0.1];
        let zones = [Some(0), Some(0), Some(0), None];
        let supply = park_supply(&areas, &canopy, &zones, &[10.0, 0.0]).unwrap();
        assert_eq!(supply[0].area_per_inhabitant.value(), Some(40.0));
        assert!((supply[0].area.completeness() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(supply[0].canopy_index.value(), Some(0.5));
        assert_eq!(supply[0].canopy_index.completeness(), 0.25);
        assert_eq!(supply[0].canopy_per_inhabitant.value(), Some(5.0));
        assert_eq!(supply[1].area.value(), Some(0.0));
        assert_eq!(supply[1].area_per_inhabitant.value(), None);
        assert_eq!(supply[1].canopy_index.value(), None);
        assert!(park_supply(&areas, &canopy, &[Some(2); 4], &[10.0, 0.0]).is_err());
        assert!(park_supply(&areas, &canopy[1..], &zones, &[10.0, 0.0]).is_err());
    }
}
