//! Bicycles against cars on the streets where both are counted.
use datagora_core::{Interval, Measured, Suppression, Unit};

use super::growth::check_counts;
use super::{ChainedIndex, GrowthError, GrowthOptions, chained_index};
use crate::jackknife::jackknife_interval;

/// Bicycles and cars at the sites that count both.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BikeAgainstCar {
    /// Bicycles of all bicycles and cars in each period, percent, over the site-bins that count both.
    pub shares: Vec<Measured>,
    /// Chained index of the bicycles over these site-bins.
    pub bikes: ChainedIndex,
    /// Chained index of the cars over the same site-bins.
    pub cars: ChainedIndex,
    /// Index of the bicycles over that of the cars in the last period, 100 if both changed alike.
    pub relative: Measured,
    /// Sites with at least one bin that counts both, in order.
    pub sites: Vec<usize>,
    /// Compared (site, bin) pairs.
    pub pairs: usize,
}

/// Bicycles against cars, at constant perimeter: their shares by period and how each developed.
///
/// Only bins in which a site counted both are used, for both. The indices are chained ([`chained_index`]): each period is
/// compared with the one before on the sites that counted both in both. Intervals leave out one site at a time (jackknife
/// of the logarithm of the ratio of bicycles to cars).
///
/// # Shapes and units
///
/// `sites` rows of `periods × bins` counts of bicycles, and as many of cars in the same order → percent, and indices from
/// 100.
///
/// # Missing values
///
/// NaN is missing and takes the bin of its site out of both sums. The completeness of a share is that part of all counted
/// vehicles of the period that stands in a pair. A period without pairs is suppressed.
///
/// # Interpretation
///
/// Shares of vehicles that pass counters, not of trips or persons, and not a modal share: counters stand where there is
/// something to count. Their sites change from period to period: how bicycles gained on cars is said by
/// [`BikeAgainstCar::relative`], which has a constant perimeter, and not by comparing shares.
///
/// # Errors
///
/// [`GrowthError`] if the values do not fill the rows, or are not counts.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{GrowthOptions, bike_against_car};
///
/// // Two sites over two years; the second counts no cars in the first year.
/// let bikes = [100.0, 120.0, 900.0, 900.0];
/// let cars = [400.0, 360.0, f64::NAN, 100.0];
/// let found = bike_against_car(&bikes, &cars, 2, 1, &GrowthOptions::default())?;
/// assert_eq!(found.shares[0].value(), Some(20.0)); // 100 of 500
/// assert!((found.bikes.index[1].value().unwrap() - 120.0).abs() < 1e-9);
/// assert!((found.relative.value().unwrap() - 100.0 * 1.2 / 0.9).abs() < 1e-9);
/// # Ok::<(), datagora_indicators::mobility::GrowthError>(())
/// ```
///
/// # References
///
/// ILO et al. (2020). *Consumer Price Index Manual*, chapter 9 (chained indices on matched samples). Tukey, J. W. (1958).
/// Ann. Math. Statist. 29, 614 (jackknife).
pub fn bike_against_car(
    bikes: &[f64],
    cars: &[f64],
    sites: usize,
    bins: usize,
    options: &GrowthOptions,
) -> Result<BikeAgainstCar, GrowthError> {
    if bikes.len() != cars.len() {
        return Err(GrowthError::Shape { before: bikes.len(), after: cars.len(), bins });
    }
    let row = bikes.len().checked_div(sites).unwrap_or(0);
    check_counts(bikes, row.max(1))?;
    check_counts(cars, row.max(1))?;
    let both = |i: usize| !bikes[i].is_nan() && !cars[i].is_nan();
    let only = |values: &[f64]| -> Vec<f64> {
        values.iter().enumerate().map(|(i, value)| if both(i) { *value } else { f64::NAN }).collect()
    };
    let (matched_bikes, matched_cars) = (only(bikes), only(cars));
    let of_bikes = chained_index(&matched_bikes, sites, bins, options)?;
    let of_cars = chained_index(&matched_cars, sites, bins, options)?;
    let members: Vec<usize> = (0..sites).filter(|site| (site * row..(site + 1) * row).any(both)).collect();
    let shares = (0..row / bins).map(|period| {
        let cells = |site: usize| site * row + period * bins..site * row + (period + 1) * bins;
        let sum =
            |values: &[f64], site: usize| values[cells(site)].iter().filter(|v| !v.is_nan()).sum::<f64>();
        let pairs: usize = members.iter().map(|&site| cells(site).filter(|i| both(*i)).count()).sum();
        let there: Vec<(f64, f64)> = members
            .iter()
            .filter(|site| cells(**site).any(both))
            .map(|&site| (sum(&matched_bikes, site), sum(&matched_cars, site)))
            .collect();
        let counted: f64 = (0..sites).map(|site| sum(bikes, site) + sum(cars, site)).sum();
        share(&there, counted, pairs as u64, options.level)
    });
    let shares = shares.collect();
    let relative = relative(
        &of_bikes,
        &of_cars,
        &members,
        |left| {
            let without = |values: &[f64]| -> Vec<f64> {
                let kept = values.chunks_exact(row).enumerate().filter(|(site, _)| *site != left);
                kept.flat_map(|(_, series)| series.iter().copied()).collect()
            };
            let of = |values: &[f64]| chained_index(&without(values), sites - 1, bins, options).ok();
            last_ratio(&of(&matched_bikes)?, &of(&matched_cars)?)
        },
        options.level,
    );
    Ok(BikeAgainstCar {
        shares,
        bikes: of_bikes,
        cars: of_cars,
        relative,
        sites: members,
        pairs: (0..bikes.len()).filter(|i| both(*i)).count(),
    })
}

/// Share of the bicycles, from the bicycles and cars of each site.
fn share(sites: &[(f64, f64)], counted: f64, pairs: u64, level: f64) -> Measured {
    let (bikes, cars) = sites.iter().fold((0.0, 0.0), |sum, site| (sum.0 + site.0, sum.1 + site.1));
    if bikes + cars <= 0.0 {
        let none = Measured::suppressed(Unit::PERCENT, Suppression::Incomplete { needed: 1.0 });
        return none.with_completeness(0.0);
    }
    let percent = |ratio: f64| 100.0 * ratio / (1.0 + ratio);
    let without = sites.iter().map(|site| (bikes - site.0).max(0.0) / (cars - site.1).max(0.0));
    let measured = Measured::new(100.0 * bikes / (bikes + cars), Unit::PERCENT)
        .with_observations(pairs)
        .with_completeness(((bikes + cars) / counted).min(1.0));
    match jackknife_interval(bikes / cars, without, level) {
        Some(Interval { lower, upper, level }) => {
            measured.with_interval(Interval { lower: percent(lower), upper: percent(upper), level })
        }
        None => measured,
    }
}

/// Index of the bicycles over that of the cars in the last period.
fn last_ratio(bikes: &ChainedIndex, cars: &ChainedIndex) -> Option<f64> {
    Some(bikes.index.last()?.value()? / cars.index.last()?.value()?)
}

fn relative(
    bikes: &ChainedIndex,
    cars: &ChainedIndex,
    members: &[usize],
    without: impl Fn(usize) -> Option<f64>,
    level: f64,
) -> Measured {
    let Some(ratio) = last_ratio(bikes, cars) else {
        let none = Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 });
        return none.with_completeness(0.0);
    };
    let coverage = |index: &ChainedIndex| index.index.last().map_or(0.0, Measured::completeness);
    let measured = Measured::new(100.0 * ratio, Unit::ONE)
        .with_observations(bikes.links.iter().map(|link| link.pairs as u64).sum())
        .with_completeness(coverage(bikes).min(coverage(cars)));
    // A site without part in any link does not move the ratio and says nothing of its spread.
    let took_part = |site: &&usize| bikes.links.iter().any(|link| link.perimeter.contains(site));
    let values: Vec<f64> =
        members.iter().filter(took_part).map(|&site| without(site).unwrap_or(f64::NAN)).collect();
    match jackknife_interval(ratio, values.iter().copied(), level) {
        Some(Interval { lower, upper, level }) => {
            measured.with_interval(Interval { lower: 100.0 * lower, upper: 100.0 * upper, level })
        }
        None => measured,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mobility::Matching;
    use proptest::prelude::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn only_pairs_count_on_both_sides() {
        // Site 1 has a hole in the bicycles, site 2 counts cars only.
        let bikes = [10.0, 20.0, 30.0, NAN, NAN, NAN];
        let cars = [90.0, 80.0, 70.0, 60.0, 500.0, 500.0];
        let options = GrowthOptions::default();
        let found = bike_against_car(&bikes, &cars, 3, 1, &options).unwrap();
        assert_eq!((found.sites.as_slice(), found.pairs), ([0, 1].as_slice(), 3));
        assert_eq!(found.shares[0].value(), Some(20.0)); // 40 of 200
        assert_eq!(found.shares[0].completeness(), 200.0 / 700.0);
        assert_eq!(found.shares[1].value(), Some(20.0));
        assert_eq!(found.shares[1].interval(), None); // one site
        // The chain rests on site 0 alone.
        assert_eq!((found.bikes.index[1].value(), found.cars.links[0].pairs), (Some(200.0), 1));
        assert!((found.relative.value().unwrap() - 225.0).abs() < 1e-9);
        let none = bike_against_car(&[NAN, 1.0], &[1.0, NAN], 2, 1, &options).unwrap();
        assert!(none.shares[0].suppression().is_some() && none.sites.is_empty());
    }

    #[test]
    fn wrong_tables_are_named() {
        let options = GrowthOptions::default();
        assert!(matches!(bike_against_car(&[1.0], &[], 1, 1, &options), Err(GrowthError::Shape { .. })));
        assert!(matches!(bike_against_car(&[1.0], &[1.0], 1, 0, &options), Err(GrowthError::Shape { .. })));
        assert!(matches!(
            bike_against_car(&[1.0; 3], &[1.0; 3], 2, 1, &options),
            Err(GrowthError::Shape { .. })
        ));
        let error = bike_against_car(&[1.0, 1.0], &[1.0, -1.0], 2, 1, &options);
        assert!(matches!(error, Err(GrowthError::NotACount { channel: 1, .. })));
    }

    proptest! {
        #[test]
        fn exchanging_both_turns_shares_and_ratios_round(
            bikes in proptest::collection::vec(prop_oneof![5 => 1.0..1e4_f64, 1 => Just(NAN)], 24),
            cars in proptest::collection::vec(prop_oneof![5 => 1.0..1e4_f64, 1 => Just(NAN)], 24),
        ) {
            let options = GrowthOptions::default().with_matching(Matching::Pairs);
            let found = bike_against_car(&bikes, &cars, 4, 2, &options).unwrap();
            let turned = bike_against_car(&cars, &bikes, 4, 2, &options).unwrap();
            for (a, b) in found.shares.iter().zip(&turned.shares) {
                if let (Some(a), Some(b)) = (a.value(), b.value()) {
                    prop_assert!((a + b - 100.0).abs() < 1e-9);
                }
                if let (Some(value), Some(interval)) = (a.value(), a.interval()) {
                    prop_assert!(interval.contains(value));
                }
            }
            if let (Some(a), Some(b)) = (found.relative.value(), turned.relative.value()) {
                prop_assert!((a * b / 1e4 - 1.0).abs() < 1e-9);
            }
            prop_assert_eq!(found.pairs, turned.pairs);
        }
    }
}
