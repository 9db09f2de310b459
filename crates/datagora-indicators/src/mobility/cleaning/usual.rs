//! What a channel usually counts at each hour of the week.
use chrono::Datelike;
use datagora_core::{DateTime, Zone};

use crate::mobility::ChannelReadings;
use crate::order::{median, quantile_of_sorted};
use crate::runs::runs;

const WEEK: usize = 168;
/// Fewest values of an hour of the week for its quantile.
const ENOUGH: usize = 8;

/// Flows by hour of the week, and the hour of the week of each reading.
pub(super) struct Usual {
    slots: Vec<u16>,
    hours: Vec<f64>,
    medians: [f64; WEEK],
    most: [f64; WEEK],
}

impl Usual {
    pub(super) fn of(readings: &ChannelReadings<'_>, zone: Zone) -> Self {
        let (slots, days) = slots_and_days(readings, zone);
        let hours: Vec<f64> = readings.duration.iter().map(|seconds| f64::from(*seconds) / 3_600.0).collect();
        let mut flows: Vec<Vec<f64>> = vec![Vec::new(); WEEK];
        for day in runs(days.len(), |a, b| days[a] == days[b]) {
            // A day without any count is an outage or a closed street: not what is usual.
            if day.clone().any(|row| readings.value[row] > 0.0) {
                for row in day.filter(|row| !readings.value[*row].is_nan()) {
                    flows[usize::from(slots[row])].push(readings.value[row] / hours[row]);
                }
            }
        }
        let mut high = [f64::NAN; WEEK];
        let mut medians = [f64::NAN; WEEK];
        for (slot, flows) in flows.iter_mut().enumerate() {
            medians[slot] = median(flows);
            if flows.len() >= ENOUGH {
                // Without the largest, which may be the spike.
                high[slot] = quantile_of_sorted(&flows[..flows.len() - 1], 0.95);
            }
        }
        let around = |slot: usize| {
            [WEEK - 1, 0, 1].iter().map(|step| high[(slot + step) % WEEK]).fold(f64::NAN, f64::max)
        };
        Self { slots, hours, medians, most: std::array::from_fn(around) }
    }

    /// What usually passes in the interval of a reading; NaN if not known.
    pub(super) fn volume(&self, row: usize) -> f64 {
        self.medians[usize::from(self.slots[row])] * self.hours[row]
    }

    /// The 95 % quantile for the interval of a reading; NaN with too few weeks.
    pub(super) fn most(&self, row: usize) -> f64 {
        self.most[usize::from(self.slots[row])] * self.hours[row]
    }
}

/// Hour of the week (0: Monday 0:00) and number of the local day of each reading.
fn slots_and_days(readings: &ChannelReadings<'_>, zone: Zone) -> (Vec<u16>, Vec<i32>) {
    let (mut slots, mut days) =
        (Vec::with_capacity(readings.start.len()), Vec::with_capacity(readings.start.len()));
    let (mut hour, mut slot, mut day) = (i64::MIN, 0, 0);
    for &start in readings.start {
        // Clocks change by whole hours here: readings of one elapsed hour share a clock hour.
        if start.div_euclid(3_600) != hour {
            hour = start.div_euclid(3_600);
            if let Some(instant) = DateTime::from_timestamp(start, 0) {
                let local = zone.hour_of(instant);
                slot = (local.date.weekday().num_days_from_monday() * 24 + local.hour) as u16;
                day = local.date.num_days_from_ce();
            }
        }
        slots.push(slot);
        days.push(day);
    }
    (slots, days)
}
