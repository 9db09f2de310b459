//! Growth between two periods, on the counters that were there in both.
use datagora_core::{Interval, Measured, Suppression, Unit};

use crate::LevelError;
use crate::jackknife::jackknife_interval;
use crate::level::check_level;
use crate::wrong::Wrong;

/// Which observations of two periods are compared with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Matching {
    /// Channels with a value in every bin of both periods. Strict: one missing month leaves the channel out.
    #[default]
    CompleteChannels,
    /// Every bin of a channel that has a value in both periods. Keeps more of the volume; a channel with one matched
    /// month weighs with that month only, so months may weigh unequally.
    Pairs,
}

/// How to compare two periods.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct GrowthOptions {
    /// Which observations are compared.
    pub matching: Matching,
    /// Level of the interval, between 0 and 1.
    pub level: f64,
}

impl Default for GrowthOptions {
    /// Complete channels, interval at 95 %.
    fn default() -> Self {
        Self { matching: Matching::CompleteChannels, level: 0.95 }
    }
}

impl GrowthOptions {
    /// With this matching.
    pub fn with_matching(self, matching: Matching) -> Self {
        Self { matching, ..self }
    }

    /// With this level of the interval.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }
}

/// How a total changed: what the same perimeter did, and what came and went.
///
/// `after − before = stayed + entered − left`, exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Decomposition {
    /// Everything observed in the first period.
    pub before: f64,
    /// Everything observed in the second period.
    pub after: f64,
    /// Change on the constant perimeter.
    pub stayed: f64,
    /// Volume of the second period without counterpart in the first.
    pub entered: f64,
    /// Volume of the first period without counterpart in the second.
    pub left: f64,
}

/// Growth on a constant perimeter.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Growth {
    /// The growth, in percent, with its jackknife interval; its completeness is the share of the volume of both
    /// periods that the perimeter covers.
    pub growth: Measured,
    /// Channels of the perimeter, in order.
    pub perimeter: Vec<usize>,
    /// Compared (channel, bin) pairs.
    pub pairs: usize,
    /// Share of the observed volume of the first period that the perimeter covers.
    pub coverage_before: f64,
    /// Share of the observed volume of the second period that the perimeter covers.
    pub coverage_after: f64,
    /// Growth of the plain totals, in percent: what a changing perimeter pretends. NaN if nothing was observed before.
    pub unadjusted: f64,
    /// What came, went and stayed.
    pub decomposition: Decomposition,
}

/// Two periods cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GrowthError {
    /// The tables are not channels × bins of the same size.
    #[error(
        "found {before} values before and {after} after for {bins} bins a channel; both need the same multiple of the bins"
    )]
    Shape {
        /// Values of the first period.
        before: usize,
        /// Values of the second period.
        after: usize,
        /// Bins of a channel in a period.
        bins: usize,
    },
    /// A value cannot be a count.
    #[error(
        "found {value} for channel {channel}, bin {bin}; counts are finite and not negative: mark a missing one as NaN"
    )]
    NotACount {
        /// Channel.
        channel: usize,
        /// Position in the row of the channel.
        bin: usize,
        /// What stood there.
        value: f64,
    },
    /// The level of the interval is not a probability.
    #[error(transparent)]
    Level(#[from] LevelError),
}

/// Volumes of one channel on the pairs that two periods share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Matched {
    pub(super) before: f64,
    pub(super) after: f64,
    pub(super) pairs: usize,
}

/// Refuses what is not a table of counts with `bins` values a channel.
pub(super) fn check_counts(values: &[f64], bins: usize) -> Result<(), GrowthError> {
    match Wrong::negative(values) {
        Some(Wrong { at, value, .. }) => {
            Err(GrowthError::NotACount { channel: at / bins, bin: at % bins, value })
        }
        None => Ok(()),
    }
}

/// What one channel contributes to a comparison.
pub(super) fn match_channel(before: &[f64], after: &[f64], matching: Matching) -> Matched {
    let mut matched = Matched::default();
    for (b, a) in before.iter().zip(after) {
        if !b.is_nan() && !a.is_nan() {
            matched.before += b;
            matched.after += a;
            matched.pairs += 1;
        } else if matching == Matching::CompleteChannels {
            return Matched::default();
        }
    }
    matched
}

/// Percent of growth from a ratio, and the interval likewise.
pub(super) fn percent(ratio: f64) -> f64 {
    100.0 * (ratio - 1.0)
}

pub(super) fn percent_interval(ratio: Interval) -> Interval {
    Interval { lower: percent(ratio.lower), upper: percent(ratio.upper), level: ratio.level }
}

/// Growth of counts between two periods at constant perimeter.
///
/// `Σ after / Σ before − 1` over the channels (or channel-months) with a value in both periods. A counter that opens,
/// closes or fails between the periods changes the plain total but not this growth. The interval leaves out one
/// channel at a time (jackknife of the logarithm of the ratio): it says how much the result depends on which streets
/// happen to have a counter.
///
/// # Shapes and units
///
/// `channels × bins` values for each period, one channel after the other, the bins in the same order (such as
/// January to December) → growth in percent.
///
/// # Missing values
///
/// NaN is missing and never counted as zero. What is left out is reported: coverage, decomposition, perimeter.
/// Without any matched volume the growth is suppressed, with the reason.
///
/// # Interpretation
///
/// Positive is growth. With a coverage well below 1 the perimeter speaks for few streets. The interval treats the
/// counters as a sample of streets, which they seldom are at random; it does not cover errors of the counters.
///
/// # Errors
///
/// [`GrowthError`] if the tables differ in size, hold negative or infinite values, or the level is no probability.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{GrowthOptions, constant_perimeter_growth};
///
/// let nan = f64::NAN;
/// // Two months; the third counter opened in the second year.
/// let before = [100.0, 120.0, 80.0, 100.0, nan, nan];
/// let after = [110.0, 132.0, 88.0, 110.0, 500.0, 510.0];
/// let found = constant_perimeter_growth(&before, &after, 2, &GrowthOptions::default())?;
/// assert!((found.growth.value().unwrap() - 10.0).abs() < 1e-9); // the plain totals say +262 %
/// assert_eq!(found.perimeter, [0, 1]);
/// # Ok::<(), datagora_indicators::mobility::GrowthError>(())
/// ```
///
/// # References
///
/// Vélo & Territoires, *Plateforme nationale des fréquentations*, yearly report: evolution "à périmètre constant".
pub fn constant_perimeter_growth(
    before: &[f64],
    after: &[f64],
    bins: usize,
    options: &GrowthOptions,
) -> Result<Growth, GrowthError> {
    if bins == 0 || before.len() != after.len() || !before.len().is_multiple_of(bins) {
        return Err(GrowthError::Shape { before: before.len(), after: after.len(), bins });
    }
    check_level(options.level)?;
    check_counts(before, bins)?;
    check_counts(after, bins)?;
    let channels: Vec<Matched> = before
        .chunks_exact(bins)
        .zip(after.chunks_exact(bins))
        .map(|(b, a)| match_channel(b, a, options.matching))
        .collect();
    let observed = |values: &[f64]| values.iter().filter(|value| !value.is_nan()).sum::<f64>();
    Ok(summarise(&channels, observed(before), observed(after), options.level))
}

/// Growth from what each channel contributes and from what was observed in all.
pub(super) fn summarise(
    channels: &[Matched],
    observed_before: f64,
    observed_after: f64,
    level: f64,
) -> Growth {
    let before: f64 = channels.iter().map(|channel| channel.before).sum();
    let after: f64 = channels.iter().map(|channel| channel.after).sum();
    let pairs = channels.iter().map(|channel| channel.pairs).sum();
    let perimeter: Vec<usize> =
        channels.iter().enumerate().filter(|(_, c)| c.pairs > 0).map(|(i, _)| i).collect();
    let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 };
    let coverage = share(before + after, observed_before + observed_after);
    let growth = if perimeter.is_empty() {
        Measured::suppressed(Unit::PERCENT, Suppression::Incomplete { needed: 1.0 })
    } else if before == 0.0 {
        let reason = "nothing was counted on the common perimeter in the first period".to_owned();
        Measured::suppressed(Unit::PERCENT, Suppression::Undefined { reason })
    } else {
        let without = perimeter
            .iter()
            .map(|&i| (after - channels[i].after).max(0.0) / (before - channels[i].before).max(0.0));
        let measured = Measured::new(percent(after / before), Unit::PERCENT);
        match jackknife_interval(after / before, without, level) {
            Some(interval) => measured.with_interval(percent_interval(interval)),
            None => measured,
        }
    };
    Growth {
        growth: growth.with_observations(pairs as u64).with_completeness(coverage),
        perimeter,
        pairs,
        coverage_before: share(before, observed_before),
        coverage_after: share(after, observed_after),
        unadjusted: percent(observed_after / if observed_before > 0.0 { observed_before } else { f64::NAN }),
        decomposition: Decomposition {
            before: observed_before,
            after: observed_after,
            stayed: after - before,
            entered: observed_after - after,
            left: observed_before - before,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAN: f64 = f64::NAN;

    /// Golden `aadt_synthetic_2024.json` (own reference, numpy 2.4.6): three stations, quarterly, tolerance 1e-12.
    #[test]
    fn golden_growth_of_matched_pairs() {
        let before = [1000.0, 1100.0, NAN, 1200.0, 300.0, NAN, 320.0, 310.0, NAN, NAN, NAN, NAN];
        let after = [1050.0, 1150.0, 1300.0, 1260.0, 330.0, 350.0, 352.0, NAN, 500.0, 510.0, 520.0, 530.0];
        let options = GrowthOptions::default().with_matching(Matching::Pairs);
        let found = constant_perimeter_growth(&before, &after, 4, &options).unwrap();
        assert_eq!(found.pairs, 5);
        assert!((found.growth.value().unwrap() / 100.0 - 0.056_632_653_061_224_45).abs() < 1e-12);
        assert!((found.unadjusted / 100.0 - 0.856_264_775_413_711_2).abs() < 1e-12);
        // No station is complete in both years: the strict perimeter is empty and says so.
        let strict = constant_perimeter_growth(&before, &after, 4, &GrowthOptions::default()).unwrap();
        assert_eq!(strict.growth.value(), None);
        assert!(strict.growth.suppression().is_some() && strict.perimeter.is_empty());
    }

    #[test]
    fn one_channel_has_no_interval_and_none_before_is_undefined() {
        let one = constant_perimeter_growth(&[10.0], &[12.0], 1, &GrowthOptions::default()).unwrap();
        assert_eq!(one.growth.interval(), None);
        let zero = constant_perimeter_growth(&[0.0], &[12.0], 1, &GrowthOptions::default()).unwrap();
        assert!(matches!(zero.growth.suppression(), Some(Suppression::Undefined { .. })));
    }

    #[test]
    fn wrong_tables_are_named() {
        let options = GrowthOptions::default();
        assert_eq!(
            constant_perimeter_growth(&[1.0, 2.0], &[1.0], 1, &options),
            Err(GrowthError::Shape { before: 2, after: 1, bins: 1 })
        );
        assert_eq!(
            constant_perimeter_growth(&[1.0, -2.0], &[1.0, 1.0], 1, &options),
            Err(GrowthError::NotACount { channel: 1, bin: 0, value: -2.0 })
        );
        assert_eq!(
            constant_perimeter_growth(&[], &[], 1, &options.with_level(95.0)),
            Err(LevelError { level: 95.0 }.into())
        );
    }

    fn panel() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
        let cell = || prop_oneof![4 => 0.0..1e6_f64, 1 => Just(NAN)];
        (1_usize..12).prop_flat_map(move |n| {
            (proptest::collection::vec(cell(), n * 3), proptest::collection::vec(cell(), n * 3))
        })
    }

    proptest! {
        #[test]
        fn identical_periods_do_not_grow((before, _) in panel()) {
            let found = constant_perimeter_growth(&before, &before, 3, &GrowthOptions::default()).unwrap();
            if let Some(growth) = found.growth.value() {
                prop_assert_eq!(growth, 0.0);
            }
        }

        #[test]
        fn the_interval_contains_the_estimate_and_parts_add_up((before, after) in panel()) {
            for matching in [Matching::CompleteChannels, Matching::Pairs] {
                let options = GrowthOptions::default().with_matching(matching);
                let found = constant_perimeter_growth(&before, &after, 3, &options).unwrap();
                if let (Some(growth), Some(interval)) = (found.growth.value(), found.growth.interval()) {
                    prop_assert!(interval.lower <= growth && growth <= interval.upper);
                }
                let d = found.decomposition;
                prop_assert!((d.after - d.before - (d.stayed + d.entered - d.left)).abs() <= 1e-6);
                prop_assert!((0.0..=1.0 + 1e-12).contains(&found.growth.completeness()));
            }
        }

        #[test]
        fn order_of_channels_and_scale_do_not_matter((before, after) in panel(), scale in 0.01..100.0_f64) {
            let options = GrowthOptions::default().with_matching(Matching::Pairs);
            let turn = |values: &[f64]| -> Vec<f64> {
                values.chunks_exact(3).rev().flatten().map(|value| value * scale).collect()
            };
            let found = constant_perimeter_growth(&before, &after, 3, &options).unwrap().growth;
            let turned = constant_perimeter_growth(&turn(&before), &turn(&after), 3, &options).unwrap().growth;
            match (found.value(), turned.value()) {
                (Some(a), Some(b)) => prop_assert!((a - b).abs() <= 1e-6 * a.abs().max(1.0)),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }
}
