//! How far off an average may be because of its gaps.
use datagora_core::Interval;

use crate::distribution::student_reach;

/// Fewest replicates for an interval.
const REPLICATES: usize = 10;
const WEEK: usize = 168;

/// Interval of an average from the same gaps elsewhere in the year; `None` without gaps, or if too few places can be tried.
///
/// The pattern of missing hours is moved by whole weeks around the year and cut out of what was observed, so that weekdays
/// and hours stay what they are. Each change of the average is scaled by the square root of missing over newly missing
/// hours, where gaps fall upon gaps. The root mean square of the changes is the standard error, bias included; Student's
/// quantile for their number. `without` takes the average without some hours that are there.
pub(super) fn of_gaps(
    volumes: &[f64],
    average: f64,
    level: f64,
    without: impl Fn(&[usize]) -> Option<f64>,
) -> Option<Interval> {
    let missing: Vec<usize> = (0..volumes.len()).filter(|hour| volumes[*hour].is_nan()).collect();
    if missing.is_empty() {
        return None;
    }
    let (mut squares, mut count) = (0.0, 0);
    let mut cut = Vec::with_capacity(missing.len());
    for weeks in 1..volumes.len() / WEEK {
        cut.clear();
        let moved = missing.iter().map(|hour| (hour + weeks * WEEK) % volumes.len());
        cut.extend(moved.filter(|hour| !volumes[*hour].is_nan()));
        if let Some(found) = without(&cut).filter(|_| !cut.is_empty()) {
            squares += (found - average).powi(2) * missing.len() as f64 / cut.len() as f64;
            count += 1;
        }
    }
    if count < REPLICATES {
        return None;
    }
    let error = (squares / count as f64).sqrt();
    let reach = student_reach(level, count as f64 - 1.0) * error;
    Some(Interval { lower: (average - reach).max(0.0), upper: average + reach, level: Some(level) })
}
