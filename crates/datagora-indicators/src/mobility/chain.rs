//! Index over many periods when the counters change: links at constant perimeter, multiplied.
use datagora_core::{Interval, Measured, Suppression, Unit};

use super::growth::{Growth, GrowthError, GrowthOptions, Matched, check_counts};
use super::growth::{match_channel, percent, percent_interval, summarise};
use crate::jackknife::jackknife_interval;
use crate::level::check_level;

/// A chained index: 100 in the first period, then the product of the links.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ChainedIndex {
    /// Index of each period, 100 in the first; its completeness is the smallest coverage of the links up to there.
    pub index: Vec<Measured>,
    /// Growth of each period on the one before, with what entered, left and stayed.
    pub links: Vec<Growth>,
}

impl ChainedIndex {
    /// Mean growth per period from the first to the last period, in percent: the trend at constant perimeter.
    ///
    /// Geometric mean of the links; the interval is that of the last index, taken to the same power. Suppressed if
    /// there are fewer than two periods or a link is broken.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_indicators::mobility::{GrowthOptions, chained_index};
    ///
    /// // Two counters over three years.
    /// let chain = chained_index(&[100.0, 110.0, 121.0, 50.0, 55.0, 60.5], 2, 1, &GrowthOptions::default())?;
    /// assert!((chain.mean_growth().value().unwrap() - 10.0).abs() < 1e-9);
    /// # Ok::<(), datagora_indicators::mobility::GrowthError>(())
    /// ```
    pub fn mean_growth(&self) -> Measured {
        let (periods, Some(last)) = (self.links.len(), self.index.last()) else {
            return broken(Unit::PERCENT);
        };
        let Some(value) = last.value().filter(|_| periods > 0) else {
            return broken(Unit::PERCENT);
        };
        let root = |index: f64| (index / 100.0).powf(1.0 / periods as f64);
        let pairs = self.links.iter().map(|link| link.pairs as u64).sum();
        let measured = Measured::new(percent(root(value)), Unit::PERCENT)
            .with_observations(pairs)
            .with_completeness(last.completeness());
        match last.interval() {
            Some(Interval { lower, upper, level }) => measured.with_interval(percent_interval(Interval {
                lower: root(lower),
                upper: root(upper),
                level,
            })),
            None => measured,
        }
    }
}

fn broken(unit: Unit) -> Measured {
    Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 }).with_completeness(0.0)
}

/// Index of counts over consecutive periods while counters come and go.
///
/// Each link compares two consecutive periods at constant perimeter, the index multiplies the links:
/// `I₀ = 100`, `I_t = I_{t−1} · Σ matched(V_t) / Σ matched(V_{t−1})`. The interval leaves each channel out of the whole
/// chain in turn, so that a channel that stayed for years counts once.
///
/// # Shapes and units
///
/// `channels` rows of `periods × bins` values: all bins of the first period, then of the second… → one index per
/// period, 100 in the first.
///
/// # Missing values
///
/// NaN is missing. A link without any common channel breaks the chain: the index is suppressed from there on.
///
/// # Interpretation
///
/// Above 100 is growth since the first period. A chain drifts if counters that open differ systematically from those
/// that close: compare with the decomposition of each link.
///
/// # Errors
///
/// [`GrowthError`] if the values do not fill the rows, or are not counts.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{GrowthOptions, chained_index};
///
/// let nan = f64::NAN;
/// // The first counter closes after year 2, the second opens in year 2.
/// let chain = chained_index(&[100.0, 110.0, nan, nan, 400.0, 480.0], 2, 1, &GrowthOptions::default())?;
/// let index: Vec<f64> = chain.index.iter().filter_map(|i| i.value()).collect();
/// assert!((index[2] - 132.0).abs() < 1e-9); // 100 · 1.10 · 1.20
/// assert_eq!(chain.links[0].decomposition.entered, 400.0);
/// # Ok::<(), datagora_indicators::mobility::GrowthError>(())
/// ```
///
/// # References
///
/// ILO et al. (2020). *Consumer Price Index Manual*, chapter 9: chained indices on matched samples.
pub fn chained_index(
    values: &[f64],
    channels: usize,
    bins: usize,
    options: &GrowthOptions,
) -> Result<ChainedIndex, GrowthError> {
    let row = values.len().checked_div(channels).unwrap_or(0);
    if bins == 0 || row * channels != values.len() || !row.is_multiple_of(bins) {
        return Err(GrowthError::Shape { before: values.len(), after: values.len(), bins });
    }
    check_level(options.level)?;
    check_counts(values, row.max(1))?;
    let period = |channel: usize, t: usize| &values[channel * row + t * bins..channel * row + (t + 1) * bins];
    let periods = row / bins;
    let observed: Vec<f64> = (0..periods)
        .map(|t| (0..channels).flat_map(|c| period(c, t)).filter(|value| !value.is_nan()).sum())
        .collect();
    let matched: Vec<Vec<Matched>> = (1..periods)
        .map(|t| {
            (0..channels).map(|c| match_channel(period(c, t - 1), period(c, t), options.matching)).collect()
        })
        .collect();
    let links: Vec<Growth> = matched
        .iter()
        .enumerate()
        .map(|(t, link)| summarise(link, observed[t], observed[t + 1], options.level))
        .collect();
    Ok(ChainedIndex { index: multiply(&matched, &links, channels, options.level), links })
}

/// The index of every period, with the interval of the chain without each channel.
fn multiply(matched: &[Vec<Matched>], links: &[Growth], channels: usize, level: f64) -> Vec<Measured> {
    let unit = Unit::ONE;
    let mut index = vec![Measured::new(100.0, unit.clone())];
    let (mut value, mut coverage, mut pairs) = (100.0, 1.0_f64, 0);
    let mut without = vec![100.0; channels];
    let mut took_part = vec![false; channels];
    for (link, growth) in matched.iter().zip(links) {
        let before: f64 = link.iter().map(|channel| channel.before).sum();
        let after: f64 = link.iter().map(|channel| channel.after).sum();
        if growth.growth.value().is_none() || after == 0.0 {
            break;
        }
        value *= after / before;
        coverage = coverage.min(growth.growth.completeness());
        pairs += growth.pairs as u64;
        for (c, channel) in link.iter().enumerate() {
            took_part[c] |= channel.pairs > 0;
            without[c] *= (after - channel.after).max(0.0) / (before - channel.before).max(0.0);
        }
        let left_out = without.iter().zip(&took_part).filter(|(_, took)| **took).map(|(value, _)| *value);
        let measured =
            Measured::new(value, unit.clone()).with_observations(pairs).with_completeness(coverage);
        index.push(match jackknife_interval(value, left_out, level) {
            Some(interval) => measured.with_interval(interval),
            None => measured,
        });
    }
    if links.len() + 1 > index.len() {
        index.resize(links.len() + 1, broken(unit));
    }
    index
}

/// Index of every bin against the same bin of a base period, at constant perimeter: the monthly trend line.
///
/// For bin `t`: `100 · Σ V_t / Σ V_base(t)` over the channels with a value at `t` and in the base period's bin of the
/// same position, such as the same calendar month of the base year. The season cancels out.
///
/// # Shapes and units
///
/// `channels` rows of equal length; `base` is the position where the base period of `period` bins starts → one index
/// per bin, 100 on average over the base period.
///
/// # Missing values
///
/// NaN is missing. A bin without any common channel is suppressed; the completeness of a bin is the share of its
/// observed volume that the perimeter covers.
///
/// # Interpretation
///
/// Above 100 is more than in the base period. The perimeter differs from bin to bin: read the completeness along.
///
/// # Errors
///
/// [`GrowthError`] if the values do not fill the rows, the base period lies outside, or values are not counts.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{GrowthOptions, index_to_base};
///
/// // One counter, two "months" a year, three years; base: the second year.
/// let index = index_to_base(&[80.0, 40.0, 100.0, 50.0, 110.0, 60.0], 1, 2, 2, &GrowthOptions::default())?;
/// let values: Vec<f64> = index.iter().filter_map(|i| i.value()).collect();
/// assert!(values.iter().zip([80.0, 80.0, 100.0, 100.0, 110.0, 120.0]).all(|(a, b)| (a - b).abs() < 1e-9));
/// # Ok::<(), datagora_indicators::mobility::GrowthError>(())
/// ```
pub fn index_to_base(
    values: &[f64],
    channels: usize,
    base: usize,
    period: usize,
    options: &GrowthOptions,
) -> Result<Vec<Measured>, GrowthError> {
    let row = values.len().checked_div(channels).unwrap_or(0);
    if period == 0 || row * channels != values.len() || base + period > row {
        return Err(GrowthError::Shape { before: values.len(), after: values.len(), bins: period });
    }
    check_level(options.level)?;
    check_counts(values, row)?;
    let column = |t: usize| (0..channels).map(move |c| values[c * row + t]);
    Ok((0..row)
        .map(|t| {
            let reference = base + (t + period - base % period) % period;
            let matched: Vec<Matched> = column(reference)
                .zip(column(t))
                .map(|(b, a)| match_channel(&[b], &[a], options.matching))
                .collect();
            let observed = |t: usize| column(t).filter(|value| !value.is_nan()).sum::<f64>();
            let found = summarise(&matched, observed(reference), observed(t), options.level);
            let Some(growth) = found.growth.value() else {
                return broken(Unit::ONE);
            };
            let index = |percent: f64| 100.0 + percent;
            let measured = Measured::new(index(growth), Unit::ONE)
                .with_observations(found.pairs as u64)
                .with_completeness(found.coverage_after);
            match found.growth.interval() {
                Some(i) => measured.with_interval(Interval {
                    lower: index(i.lower),
                    upper: index(i.upper),
                    level: i.level,
                }),
                None => measured,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::super::Matching;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_broken_link_suppresses_what_follows() {
        let nan = f64::NAN;
        let chain =
            chained_index(&[10.0, 12.0, nan, nan, nan, nan, 5.0, 6.0], 2, 1, &GrowthOptions::default())
                .unwrap();
        let values: Vec<Option<f64>> = chain.index.iter().map(Measured::value).collect();
        assert_eq!(values, [Some(100.0), Some(120.0), None, None]);
        assert_eq!(chain.mean_growth().value(), None);
    }

    #[test]
    fn shapes_are_checked() {
        let options = GrowthOptions::default();
        assert!(chained_index(&[1.0; 7], 2, 1, &options).is_err());
        assert!(chained_index(&[1.0; 8], 2, 3, &options).is_err());
        assert!(index_to_base(&[1.0; 8], 2, 3, 2, &options).is_err());
        assert_eq!(chained_index(&[], 0, 12, &options).unwrap().links, []);
    }

    proptest! {
        #[test]
        fn with_a_fixed_panel_the_chain_is_the_direct_ratio(
            values in proptest::collection::vec(1.0..1e5_f64, 4 * 6)
        ) {
            let chain = chained_index(&values, 4, 2, &GrowthOptions::default()).unwrap();
            let period = |t: usize| -> f64 {
                (0..4).map(|c| values[c * 6 + 2 * t] + values[c * 6 + 2 * t + 1]).sum()
            };
            let last = &chain.index[2];
            prop_assert!((last.value().unwrap() - 100.0 * period(2) / period(0)).abs() < 1e-6);
            let interval = last.interval().unwrap();
            prop_assert!(interval.lower <= last.value().unwrap() && last.value().unwrap() <= interval.upper);
            prop_assert!((last.completeness() - 1.0).abs() < 1e-12);
        }

        #[test]
        fn the_base_period_is_100_throughout(values in proptest::collection::vec(1.0..1e5_f64, 3 * 7), base in 0_usize..4) {
            let options = GrowthOptions::default().with_matching(Matching::Pairs);
            let index = index_to_base(&values, 3, base, 3, &options).unwrap();
            for found in &index[base..base + 3] {
                prop_assert!((found.value().unwrap() - 100.0).abs() < 1e-9);
            }
        }
    }
}
