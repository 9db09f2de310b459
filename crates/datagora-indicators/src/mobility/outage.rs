//! Months in which a counter did not count, though a number was recorded.
use std::fmt;
use std::ops::Range;

use super::MonthlyCounts;
use crate::order::median;
use crate::runs::runs;

/// Consecutive months of one channel that are not counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Outage {
    /// Position of the channel.
    pub channel: usize,
    /// Position of its first month.
    pub start: usize,
    /// Number of months.
    pub length: usize,
    /// What gave it away.
    pub reason: OutageReason,
}

/// What gives an outage away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum OutageReason {
    /// A month with a count of zero.
    Zero,
    /// The same number, not zero, month after month.
    Stuck,
    /// Far below what the same months of neighbouring years and the other channels let expect.
    Drop,
}

impl fmt::Display for OutageReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OutageReason::Zero => "zero",
            OutageReason::Stuck => "stuck",
            OutageReason::Drop => "drop",
        })
    }
}

/// What counts as an outage.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct OutageOptions {
    /// Are zero months outages?
    pub zero: bool,
    /// Number of equal months in a row from which a channel is stuck; 0 turns the test off.
    pub stuck_months: usize,
    /// A month below this share of what is expected is a drop; 0 turns the test off.
    pub drop_share: f64,
}

impl Default for OutageOptions {
    /// Zeros, three equal months, and less than a fifth of what is expected.
    fn default() -> Self {
        Self { zero: true, stuck_months: 3, drop_share: 0.2 }
    }
}

impl OutageOptions {
    /// Whether zero months are outages: not on a path that is closed in winter.
    pub fn with_zero(self, zero: bool) -> Self {
        Self { zero, ..self }
    }

    /// With this number of equal months.
    pub fn with_stuck_months(self, stuck_months: usize) -> Self {
        Self { stuck_months, ..self }
    }

    /// With this share of the expected count.
    pub fn with_drop_share(self, drop_share: f64) -> Self {
        Self { drop_share, ..self }
    }
}

/// Fewest channels whose common movement may explain a fall of one of them, such as a lockdown.
const CONTROL_CHANNELS: usize = 5;

/// The outages of all channels, by channel and month.
///
/// * **Zero** – the month counts nothing.
/// * **Stuck** – equal non-zero values for `stuck_months` months or more.
/// * **Drop** – the month is below `drop_share` of the expected one. Expected is the median of the same calendar month in
///   the two years before and after (of all other months of the channel if fewer than two are there), times what
///   the other channels did in that month (median of their ratios, if at least five can tell). So a month in which all
///   traffic falls, such as April 2020, is no outage.
///
/// Each month has one reason, the first that applies; neighbouring months with the same reason are one outage.
///
/// # Missing values
///
/// Missing months are not outages: nothing was recorded.
///
/// # Interpretation
///
/// What is found is a suspicion to be listed, and with [`MonthlyCounts::without`] left out: nothing is replaced. An
/// outage of half a month halves the count and is not found at the default share. A drop may be real, such as works that
/// close the street or a park under lockdown: leaving real drops out raises what is left, so compare both.
///
/// # Example
///
/// ```
/// use datagora_core::Month;
/// use datagora_indicators::mobility::{MonthlyCounts, OutageOptions, OutageReason, find_outages};
///
/// let first = Month::parse("2024-01").unwrap();
/// let values = [900.0, 950.0, 0.0, 0.0, 990.0, 1010.0];
/// let rows = values.iter().enumerate().map(|(i, &value)| ("quai", first.plus(i as i32), value));
/// let (counts, _) = MonthlyCounts::from_rows(rows)?;
/// let outages = find_outages(&counts, &OutageOptions::default());
/// assert_eq!((outages[0].start, outages[0].length, outages[0].reason), (2, 2, OutageReason::Zero));
/// assert!(counts.without(&outages).series(0)[2].is_nan());
/// # Ok::<(), datagora_indicators::mobility::CountsError>(())
/// ```
///
/// # References
///
/// Vélo & Territoires, *Comptages de vélo : comment nettoyer ses données ?* (absences, under-counts); the thresholds
/// are ours, and options.
pub fn find_outages(counts: &MonthlyCounts, options: &OutageOptions) -> Vec<Outage> {
    let channels = counts.channels().len();
    let months = counts.months().len();
    let mut reasons: Vec<Vec<Option<OutageReason>>> = (0..channels)
        .map(|channel| {
            let mut reasons = vec![None; months];
            mark_stuck(counts.series(channel), options.stuck_months, &mut reasons);
            for (reason, value) in reasons.iter_mut().zip(counts.series(channel)) {
                if options.zero && *value == 0.0 {
                    *reason = Some(OutageReason::Zero);
                }
            }
            reasons
        })
        .collect();
    if options.drop_share > 0.0 {
        mark_drops(counts, options.drop_share, &mut reasons);
    }
    let of_channel = |(channel, reasons): (usize, &Vec<Option<OutageReason>>)| {
        let outage = |months: Range<usize>| {
            let reason = reasons[months.start]?;
            Some(Outage { channel, start: months.start, length: months.len(), reason })
        };
        runs(months, |a, b| reasons[a] == reasons[b]).filter_map(outage).collect::<Vec<_>>()
    };
    reasons.iter().enumerate().flat_map(of_channel).collect()
}

fn mark_stuck(series: &[f64], least: usize, reasons: &mut [Option<OutageReason>]) {
    if least == 0 {
        return;
    }
    for months in runs(series.len(), |a, b| series[a] == series[b]) {
        let value = series[months.start];
        if months.len() >= least && value != 0.0 && !value.is_nan() {
            reasons[months].fill(Some(OutageReason::Stuck));
        }
    }
}

fn mark_drops(counts: &MonthlyCounts, share: f64, reasons: &mut [Vec<Option<OutageReason>>]) {
    let per_day = counts.per_day();
    let ratios: Vec<Vec<f64>> = reasons
        .iter()
        .enumerate()
        .map(|(channel, reasons)| {
            let series: Vec<f64> = per_day
                .series(channel)
                .iter()
                .zip(reasons)
                .map(|(value, reason)| if reason.is_none() { *value } else { f64::NAN })
                .collect();
            (0..series.len()).map(|month| series[month] / expected(&series, month)).collect()
        })
        .collect();
    for month in 0..per_day.months().len() {
        let mut control: Vec<f64> =
            ratios.iter().map(|row| row[month]).filter(|ratio| ratio.is_finite()).collect();
        let common = if control.len() >= CONTROL_CHANNELS { median(&mut control) } else { 1.0 };
        for (row, reasons) in ratios.iter().zip(reasons.iter_mut()) {
            if row[month] < share * common {
                reasons[month] = Some(OutageReason::Drop);
            }
        }
    }
}

/// What the other months of the channel let expect; NaN if they are too few to tell.
fn expected(series: &[f64], month: usize) -> f64 {
    let mut same: Vec<f64> = [-24_i64, -12, 12, 24]
        .iter()
        .filter_map(|step| series.get(usize::try_from(month as i64 + step).ok()?))
        .filter(|value| !value.is_nan())
        .copied()
        .collect();
    if same.len() >= 2 {
        return median(&mut same);
    }
    let mut others: Vec<f64> = series
        .iter()
        .enumerate()
        .filter(|(other, value)| *other != month && !value.is_nan())
        .map(|(_, value)| *value)
        .collect();
    if others.len() >= 6 { median(&mut others) } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Month;
    use proptest::prelude::*;

    fn panel(rows: &[Vec<f64>]) -> MonthlyCounts {
        let first = Month::new(2020, 1).unwrap();
        let cells = rows.iter().enumerate().flat_map(|(channel, row)| {
            row.iter().enumerate().map(move |(m, v)| (format!("c{channel:02}"), first.plus(m as i32), *v))
        });
        MonthlyCounts::from_rows(cells).unwrap().0
    }

    /// A season, a level per channel, and months that the caller spoils.
    fn season(level: f64) -> Vec<f64> {
        (0..48).map(|m| (level * (10.0 + f64::from(m % 12) + f64::from(m) / 10.0)).round()).collect()
    }

    #[test]
    fn each_reason_is_found() {
        let mut row = season(100.0);
        row[5] = 0.0;
        row[20..24].fill(777.0);
        row[30] = 90.0;
        row[31] = f64::NAN;
        let found = find_outages(&panel(&[row]), &OutageOptions::default());
        let wanted = [(5, 1, OutageReason::Zero), (20, 4, OutageReason::Stuck), (30, 1, OutageReason::Drop)];
        assert_eq!(found.iter().map(|o| (o.start, o.length, o.reason)).collect::<Vec<_>>(), wanted);
        // One month can be stuck by itself; a missing one is not.
        let found = find_outages(
            &panel(&[vec![5.0, f64::NAN, f64::NAN, 7.0]]),
            &OutageOptions::default().with_stuck_months(1),
        );
        assert_eq!(
            found,
            [
                Outage { channel: 0, start: 0, length: 1, reason: OutageReason::Stuck },
                Outage { channel: 0, start: 3, length: 1, reason: OutageReason::Stuck }
            ]
        );
        let off = OutageOptions::default().with_zero(false).with_stuck_months(0).with_drop_share(0.0);
        let mut row = season(100.0);
        row[5] = 0.0;
        assert_eq!(find_outages(&panel(&[row]), &off), []);
    }

    #[test]
    fn a_fall_that_all_share_is_no_outage() {
        let rows: Vec<Vec<f64>> = (1..8)
            .map(|c| {
                let mut row = season(f64::from(c) * 50.0);
                row[27] *= 0.1;
                row
            })
            .collect();
        assert_eq!(find_outages(&panel(&rows), &OutageOptions::default()), []);
        // Of one alone, it is.
        assert_eq!(find_outages(&panel(&rows[..1]), &OutageOptions::default()).len(), 1);
    }

    proptest! {
        #[test]
        fn removing_the_outages_leaves_no_zero(values in proptest::collection::vec(prop_oneof![Just(0.0), Just(f64::NAN), 1.0..1e4_f64], 60)) {
            prop_assume!(values.iter().any(|value| !value.is_nan()));
            let counts = panel(&[values]);
            let cleaned = counts.without(&find_outages(&counts, &OutageOptions::default()));
            prop_assert!(cleaned.values().iter().all(|value| *value != 0.0));
        }
    }
}
