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
/// quantile for their number.
pub(super) fn of_gaps(
    volumes: &[f64],
    average: f64,
    level: f64,
    again: impl Fn(&[f64]) -> Option<f64>,
) -> Option<Interval> {
    let missing: Vec<usize> = (0..volumes.len()).filter(|hour| volumes[*hour].is_nan()).collect();
    if missing.is_empty() {
        return None;
    }
    let mut moved = volumes.to_vec();
    let (mut squares, mut count) = (0.0, 0);
    for weeks in 1..volumes.len() / WEEK {
        let place = |hour: &usize| (hour + weeks * WEEK) % volumes.len();
        let mut cut = 0_u32;
        for hour in missing.iter().map(place) {
            cut += u32::from(!moved[hour].is_nan());
            moved[hour] = f64::NAN;
        }
        if let Some(found) = again(&moved).filter(|_| cut > 0) {
            squares += (found - average).powi(2) * missing.len() as f64 / f64::from(cut);
            count += 1;
        }
        missing.iter().map(place).for_each(|hour| moved[hour] = volumes[hour]);
    }
    if count < REPLICATES {
        return None;
    }
    let error = (squares / count as f64).sqrt();
    let reach = student_reach(level, count as f64 - 1.0) * error;
    Some(Interval { lower: (average - reach).max(0.0), upper: average + reach, level: Some(level) })
}
