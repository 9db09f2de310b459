//! Who lives above a limit, and whom heat endangers.
use datagora_core::{Interval, Measured, Unit};

use crate::zones::{ZoneError, check_amounts, check_zones, nothing_below, weighted_mean_by_zone};

/// Day-evening-night noise level of roads and high-speed rail that makes a *point noir du bruit* in France: 68 dB(A).
///
/// Arrêté du 4 avril 2006 relatif à l'établissement des cartes de bruit, article 7.
pub const FRENCH_ROAD_LDEN_LIMIT: f64 = 68.0;
/// Level from which the European Union has exposed people counted: 55 dB(A) day-evening-night.
///
/// Directive 2002/49/EC, Annex VI.
pub const EU_LDEN_REPORTING: f64 = 55.0;
/// Level of road noise below which the WHO strongly recommends to stay: 53 dB(A) day-evening-night.
///
/// WHO Regional Office for Europe (2018). *Environmental Noise Guidelines for the European Region*, section 3.1.
pub const WHO_ROAD_LDEN: f64 = 53.0;

/// Share of the population of each zone that lives at or above a limit, in percent.
///
/// Each row is a small area (an IRIS, a building) with one level and a population; all its inhabitants are taken to live at
/// that level.
///
/// # Shapes and units
///
/// `n` levels, `n` populations, `n` memberships, a limit in the unit of the levels → percent of the population of
/// each zone.
///
/// # Missing values
///
/// Rows of unknown level (NaN) are left out of the share; the completeness is the share of the population whose level is
/// known, and the interval holds for certain, wherever the others live. Rows of unknown population are left out. A zone
/// without known population is suppressed.
///
/// # Interpretation
///
/// Lower is better. Averages over an area hide its noisiest street: the share of an average level above the limit
/// underestimates the exposed people where levels vary within the areas.
///
/// # Errors
///
/// [`ZoneError`] if lengths differ, a zone does not exist, or a population is negative.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{FRENCH_ROAD_LDEN_LIMIT, exposed_share};
///
/// let lden = [71.0, 55.0, f64::NAN];
/// let found = exposed_share(&lden, &[1_000.0, 3_000.0, 1_000.0], &[Some(0); 3], 1, FRENCH_ROAD_LDEN_LIMIT)?;
/// assert_eq!(found[0].value(), Some(25.0));
/// let bounds = found[0].interval().unwrap();
/// assert_eq!((bounds.lower, bounds.upper), (20.0, 40.0));
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
pub fn exposed_share(
    levels: &[f64],
    population: &[f64],
    membership: &[Option<u32>],
    zones: usize,
    limit: f64,
) -> Result<Vec<Measured>, ZoneError> {
    if levels.len() != membership.len() {
        return Err(ZoneError::Length { what: "level", found: levels.len(), needed: membership.len() });
    }
    check_amounts(population, membership.len(), "population")?;
    check_zones(membership, zones)?;
    let mut sums = vec![(0.0, 0.0, 0.0, 0_u64); zones];
    for ((level, people), zone) in levels.iter().zip(population).zip(membership) {
        let (Some(zone), false) = (zone, people.is_nan()) else { continue };
        let (all, known, exposed, rows) = &mut sums[*zone as usize];
        *all += people;
        if !level.is_nan() {
            *known += people;
            *rows += 1;
            if *level >= limit {
                *exposed += people;
            }
        }
    }
    Ok(sums
        .into_iter()
        .map(|(all, known, exposed, rows)| {
            let measured = if known > 0.0 {
                let share = 100.0 * exposed / known;
                // Rounding may put a bound on the wrong side by the last digit.
                Measured::new(share, Unit::PERCENT).with_interval(Interval {
                    lower: (100.0 * exposed / all).min(share),
                    upper: (100.0 * (exposed + all - known) / all).max(share),
                    level: None,
                })
            } else {
                nothing_below(
                    &Unit::PERCENT,
                    "population of known level",
                    if all > 0.0 { f64::NAN } else { 0.0 },
                )
            };
            let completeness = if all > 0.0 { known / all } else { 0.0 };
            measured.with_observations(rows).with_completeness(completeness)
        })
        .collect())
}

/// People whom heat endangers most, by zone.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HeatSensitive {
    /// Persons.
    pub persons: Measured,
    /// Percent of the population.
    pub share: Measured,
}

/// Heat-relevant population: the young and the old of each zone.
///
/// # Shapes and units
///
/// `n` small areas with the percentage of the young, that of the old, the population and the zone → persons and percent
/// per zone. Which ages count is the data's: the census by IRIS gives 0 to 14 (of which health services single out those
/// under 5) and 65 and more.
///
/// # Missing values
///
/// An area with an unknown percentage is left out; the completeness is the share of the population in areas that are known.
/// The number of persons counts the known areas only. Areas of unknown population are left out. A zone without known
/// population is suppressed.
///
/// # Interpretation
///
/// Sensitivity only: how hot it gets, and who can cool down, are not in it.
///
/// # Errors
///
/// [`ZoneError`] if lengths differ, a zone does not exist, or a percentage or population is negative.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::heat_sensitive_population;
///
/// let found = heat_sensitive_population(&[20.0, 10.0], &[15.0, 25.0], &[1_000.0, 3_000.0], &[Some(0); 2], 1)?;
/// assert_eq!(found[0].persons.value(), Some(1_400.0));
/// assert_eq!(found[0].share.value(), Some(35.0));
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
///
/// # References
///
/// WHO Regional Office for Europe (2021). *Heat and health in the WHO European Region*: infants and people over 65.
pub fn heat_sensitive_population(
    young_percent: &[f64],
    old_percent: &[f64],
    population: &[f64],
    membership: &[Option<u32>],
    zones: usize,
) -> Result<Vec<HeatSensitive>, ZoneError> {
    check_amounts(young_percent, membership.len(), "percentage of the young")?;
    check_amounts(old_percent, membership.len(), "percentage of the old")?;
    let both: Vec<f64> = young_percent.iter().zip(old_percent).map(|(young, old)| young + old).collect();
    let shares = weighted_mean_by_zone(&both, population, membership, zones, &Unit::PERCENT)?;
    let mut persons = vec![0.0; zones];
    for ((percent, people), zone) in both.iter().zip(population).zip(membership) {
        if let Some(zone) = zone.filter(|_| !percent.is_nan() && !people.is_nan()) {
            persons[zone as usize] += people * percent / 100.0;
        }
    }
    Ok(shares
        .into_iter()
        .zip(persons)
        .map(|(share, persons)| {
            let unit = Unit::of("{person}");
            let measured = match share.suppression() {
                None => Measured::new(persons, unit),
                Some(reason) => Measured::suppressed(unit, reason.clone()),
            };
            HeatSensitive {
                persons: measured
                    .with_observations(share.observations())
                    .with_completeness(share.completeness()),
                share,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zones_without_people_or_levels_are_suppressed() {
        let found = exposed_share(&[70.0, f64::NAN], &[0.0, 5.0], &[Some(0), Some(1)], 2, 68.0).unwrap();
        assert!(found.iter().all(|share| share.value().is_none() && share.completeness() == 0.0));
        let heat = heat_sensitive_population(&[f64::NAN], &[10.0], &[100.0], &[Some(0)], 1).unwrap();
        assert_eq!((heat[0].persons.value(), heat[0].share.value()), (None, None));
        assert!(exposed_share(&[70.0], &[1.0, 2.0], &[Some(0)], 1, 68.0).is_err());
    }

    proptest! {
        #[test]
        fn a_higher_limit_exposes_fewer_and_bounds_hold(
            rows in proptest::collection::vec((prop_oneof![40.0..80.0_f64, Just(f64::NAN)], 1.0..1e4_f64), 1..30),
            limit in 45.0..70.0_f64
        ) {
            let (levels, people): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
            let zones = vec![Some(0); levels.len()];
            let at = |limit| exposed_share(&levels, &people, &zones, 1, limit).unwrap().remove(0);
            if let (Some(low), Some(high)) = (at(limit).value(), at(limit + 5.0).value()) {
                prop_assert!(high <= low);
                let bounds = at(limit).interval().unwrap();
                prop_assert!(bounds.lower <= low && low <= bounds.upper);
            }
        }
    }
}
