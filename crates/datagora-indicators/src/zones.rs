//! Sums and means by zone.
use datagora_core::{Measured, Suppression, Unit};

use crate::wrong::Wrong;

/// Objects counted by zone.
///
/// # Example
///
/// ```
/// use datagora_indicators::ZoneCounts;
///
/// // Four trees: two in zone 0, one in zone 2, one in none.
/// let trees = ZoneCounts::new(&[Some(0), None, Some(2), Some(0)], 3)?;
/// assert_eq!(trees.counts(), [2, 0, 1]);
/// assert_eq!(trees.unmatched(), 1);
/// assert_eq!(trees.matched_share(), 0.75);
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ZoneCounts {
    counts: Vec<u64>,
    unmatched: u64,
}

/// Rows and zones do not go together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ZoneError {
    /// A row names a zone that does not exist.
    #[error(
        "row {row} lies in zone {zone}, but there are {zones} zones; count zones from 0, and use none for outside"
    )]
    NoSuchZone {
        /// Row.
        row: usize,
        /// Zone found.
        zone: u32,
        /// Number of zones.
        zones: usize,
    },
    /// Columns of different lengths.
    #[error("found {found} values of {what}, needed {needed}, one a row")]
    Length {
        /// Which column.
        what: &'static str,
        /// Its length.
        found: usize,
        /// Rows.
        needed: usize,
    },
    /// A weight, area or population below zero, or infinite.
    #[error("found {value} as {what} of row {row}; it is finite and not negative: mark a missing one as NaN")]
    Negative {
        /// Which column.
        what: &'static str,
        /// Row.
        row: usize,
        /// Value found.
        value: f64,
    },
}

impl ZoneCounts {
    /// Counts the rows of each zone; `None` is a row in no zone.
    ///
    /// # Errors
    ///
    /// [`ZoneError::NoSuchZone`].
    pub fn new(membership: &[Option<u32>], zones: usize) -> Result<Self, ZoneError> {
        check_zones(membership, zones)?;
        let mut counts = vec![0; zones];
        let mut unmatched = 0;
        for zone in membership {
            match zone {
                Some(zone) => counts[*zone as usize] += 1,
                None => unmatched += 1,
            }
        }
        Ok(Self { counts, unmatched })
    }

    /// From counts made elsewhere, and the number of objects in no zone.
    pub fn from_counts(counts: Vec<u64>, unmatched: u64) -> Self {
        Self { counts, unmatched }
    }

    /// Objects in each zone.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Objects in no zone.
    pub fn unmatched(&self) -> u64 {
        self.unmatched
    }

    /// Share of the objects that lie in a zone, 0 to 1; 1 if there are none.
    pub fn matched_share(&self) -> f64 {
        let matched: u64 = self.counts.iter().sum();
        let all = matched + self.unmatched;
        if all == 0 { 1.0 } else { matched as f64 / all as f64 }
    }

    /// The count of each zone as a value.
    pub fn measured(&self, unit: Unit) -> Vec<Measured> {
        self.counts.iter().map(|&count| self.value(count, count as f64, &unit)).collect()
    }

    /// Objects per amount of something in the zone: `count / (amount / per)`.
    ///
    /// # Errors
    ///
    /// [`ZoneError::Length`], [`ZoneError::Negative`].
    pub(crate) fn per(
        &self,
        amounts: &[f64],
        per: f64,
        unit: &Unit,
        what: &'static str,
    ) -> Result<Vec<Measured>, ZoneError> {
        check_amounts(amounts, self.counts.len(), what)?;
        Ok(self
            .counts
            .iter()
            .zip(amounts)
            .map(|(&count, &amount)| {
                if amount > 0.0 {
                    self.value(count, count as f64 * per / amount, unit)
                } else {
                    nothing_below(unit, what, amount).with_observations(count)
                }
            })
            .collect())
    }

    fn value(&self, count: u64, value: f64, unit: &Unit) -> Measured {
        Measured::new(value, unit.clone()).with_observations(count).with_completeness(self.matched_share())
    }
}

/// No ratio, because what stands below the line is zero or unknown.
pub(crate) fn nothing_below(unit: &Unit, what: &str, amount: f64) -> Measured {
    let reason = if amount.is_nan() { format!("{what} unknown") } else { format!("{what} is zero") };
    Measured::suppressed(unit.clone(), Suppression::Undefined { reason })
}

pub(crate) fn check_zones(membership: &[Option<u32>], zones: usize) -> Result<(), ZoneError> {
    for (row, zone) in membership.iter().enumerate() {
        if let Some(zone) = zone.filter(|zone| *zone as usize >= zones) {
            return Err(ZoneError::NoSuchZone { row, zone, zones });
        }
    }
    Ok(())
}

pub(crate) fn check_amounts(amounts: &[f64], needed: usize, what: &'static str) -> Result<(), ZoneError> {
    if amounts.len() != needed {
        return Err(ZoneError::Length { what, found: amounts.len(), needed });
    }
    match Wrong::negative(amounts) {
        Some(Wrong { at: row, value, .. }) => Err(ZoneError::Negative { what, row, value }),
        None => Ok(()),
    }
}

/// Mean of values by zone, each weighted by an area, a population or another amount.
///
/// `Σ w·x / Σ w` over the rows of the zone. Give the weight the question asks for: by area, the mean of the land; by
/// population, what the average inhabitant lives with.
///
/// # Shapes and units
///
/// `n` values, `n` weights ≥ 0, `n` memberships → one mean per zone, in the unit of the values.
///
/// # Missing values
///
/// Rows whose value or weight is NaN are left out; the completeness of a zone is the share of its known weight that has
/// a value. A zone without any is suppressed.
///
/// # Errors
///
/// [`ZoneError`] if lengths differ, a zone does not exist, or a weight is negative.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_indicators::weighted_mean_by_zone;
///
/// // Share of high vegetation of three IRIS, weighted by their areas, for one commune.
/// let found = weighted_mean_by_zone(&[30.0, 10.0, f64::NAN], &[1.0, 3.0, 4.0], &[Some(0); 3], 1, &Unit::PERCENT)?;
/// assert_eq!(found[0].value(), Some(15.0));
/// assert_eq!(found[0].completeness(), 0.5);
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
pub fn weighted_mean_by_zone(
    values: &[f64],
    weights: &[f64],
    membership: &[Option<u32>],
    zones: usize,
    unit: &Unit,
) -> Result<Vec<Measured>, ZoneError> {
    if values.len() != membership.len() {
        return Err(ZoneError::Length { what: "value", found: values.len(), needed: membership.len() });
    }
    check_amounts(weights, membership.len(), "weight")?;
    check_zones(membership, zones)?;
    let mut sums = vec![(0.0, 0.0, 0.0, 0_u64); zones];
    for ((value, weight), zone) in values.iter().zip(weights).zip(membership) {
        let (Some(zone), false) = (zone, weight.is_nan()) else { continue };
        let (total, known, weight_known, rows) = &mut sums[*zone as usize];
        *total += weight;
        if !value.is_nan() {
            *known += weight * value;
            *weight_known += weight;
            *rows += 1;
        }
    }
    Ok(sums
        .into_iter()
        .map(|(total, sum, known, rows)| {
            let share = if total > 0.0 { known / total } else { 0.0 };
            let measured = if known > 0.0 {
                Measured::new(sum / known, unit.clone())
            } else {
                nothing_below(unit, "weight", if rows > 0 { 0.0 } else { f64::NAN })
            };
            measured.with_observations(rows).with_completeness(share)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_go_together_is_named() {
        assert_eq!(
            ZoneCounts::new(&[Some(0), Some(3)], 3),
            Err(ZoneError::NoSuchZone { row: 1, zone: 3, zones: 3 })
        );
        let unit = Unit::ONE;
        assert!(weighted_mean_by_zone(&[1.0], &[1.0, 2.0], &[Some(0)], 1, &unit).is_err());
        assert!(weighted_mean_by_zone(&[1.0], &[-1.0], &[Some(0)], 1, &unit).is_err());
        assert!(weighted_mean_by_zone(&[1.0, 2.0], &[1.0], &[Some(0)], 1, &unit).is_err());
    }

    #[test]
    fn zones_without_rows_or_weight_have_no_mean() {
        let found = weighted_mean_by_zone(&[1.0, 2.0], &[0.0, 1.0], &[Some(0), None], 2, &Unit::ONE).unwrap();
        assert!(found.iter().all(|mean| mean.value().is_none() && mean.suppression().is_some()));
        assert_eq!(ZoneCounts::new(&[], 1).unwrap().matched_share(), 1.0);
    }

    proptest! {
        #[test]
        fn a_mean_lies_between_and_ignores_the_scale_of_the_weights(
            rows in proptest::collection::vec((-1e3..1e3_f64, 0.01..1e3_f64), 1..40), scale in 0.01..100.0_f64
        ) {
            let (values, weights): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
            let scaled: Vec<f64> = weights.iter().map(|w| w * scale).collect();
            let zones = vec![Some(0); rows.len()];
            let mean = |w: &[f64]| weighted_mean_by_zone(&values, w, &zones, 1, &Unit::ONE).unwrap()[0].value().unwrap();
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(low - 1e-9 <= mean(&weights) && mean(&weights) <= high + 1e-9);
            prop_assert!((mean(&weights) - mean(&scaled)).abs() < 1e-9 * high.abs().max(low.abs()).max(1.0));
        }
    }
}
