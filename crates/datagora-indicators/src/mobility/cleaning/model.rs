//! What a channel would have counted, by a multiplicative model of what it did count.
mod calendar;
mod control;
mod effects;

use datagora_core::Zone;

use crate::mobility::ChannelReadings;
use crate::mobility::counts::Flag;

use calendar::{BREAKS, Calendar, HOLIDAY, Place, SUNDAY};
pub(super) use control::{Control, Group};
use effects::Effects;

/// Rounds of proportional fitting at most; few are needed.
const ROUNDS: usize = 50;
/// Change of a level below which the fit is done.
const SETTLED: f64 = 1e-9;
/// A holiday leans on as many Sundays, a school break on as many vehicles that tell no difference.
const SUNDAYS: f64 = 2.0;
const VEHICLES: f64 = 10.0;

/// An expected count, and its standard deviation around what would have been counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Expected {
    pub(super) value: f64,
    pub(super) deviation: f64,
}

/// `μ = hours · profile(hour of the week or holiday) · break(hour, school break) · level(week) · effect(day) · effect(slot)`.
pub(super) struct CountModel {
    calendar: Calendar,
    /// Flow per hour of each slot, and how many values it rests on; NaN of none.
    profile: Vec<f64>,
    seen: Vec<u32>,
    breaks: [f64; BREAKS],
    weeks: Vec<Week>,
    days: Vec<Day>,
    observations: Vec<Observation>,
    effects: Effects,
    /// Squared variation of a week around its neighbours.
    of_weeks: f64,
    /// Weeks before and after that tell the level of one.
    reach: i32,
}

/// The level of a week of which something was observed.
struct Week {
    number: i32,
    ratio: f64,
    /// Expected at level 1.
    weight: f64,
    days: f64,
}

/// What was observed of a day.
struct Day {
    number: i32,
    observed: f64,
}

/// A value that counts, with the positions of its week and day, and what profile, break and week expect of it.
struct Observation {
    start: i64,
    duration: u32,
    place: Place,
    week: usize,
    day: usize,
    value: f64,
    fixed: f64,
}

impl Observation {
    fn hours(&self) -> f64 {
        f64::from(self.duration) / 3_600.0
    }
}

impl CountModel {
    /// Fits the model to what was observed; `None` if that is nothing.
    ///
    /// Profile, breaks and weeks by iterative proportional fitting: each factor in turn becomes the sum of the counts over
    /// the sum of what the others expect, which solves the score equations of the log-linear Poisson model.
    pub(super) fn fit(readings: &ChannelReadings<'_>, zone: Zone, interval: u32, reach: u32) -> Option<Self> {
        let mut calendar = Calendar::new(zone, interval);
        let (mut weeks, mut days): (Vec<Week>, Vec<Day>) = (Vec::new(), Vec::new());
        let mut observations = Vec::new();
        for row in 0..readings.start.len() {
            let (start, duration, value) = (readings.start[row], readings.duration[row], readings.value[row]);
            let sound = readings.flag[row] == Flag::Observed && !value.is_nan();
            let Some(place) = calendar.place(start).filter(|_| sound) else { continue };
            if weeks.last().is_none_or(|week| week.number != place.week) {
                weeks.push(Week { number: place.week, ratio: 1.0, weight: 0.0, days: 0.0 });
            }
            if days.last().is_none_or(|day| day.number != place.day) {
                days.push(Day { number: place.day, observed: 0.0 });
                if let Some(week) = weeks.last_mut() {
                    week.days += 1.0;
                }
            }
            let (week, day) = (weeks.len() - 1, days.len() - 1);
            days[day].observed += value;
            observations.push(Observation { start, duration, place, week, day, value, fixed: 0.0 });
        }
        if observations.is_empty() {
            return None;
        }
        let slots = calendar.slots();
        let mut model = Self {
            calendar,
            profile: vec![f64::NAN; slots],
            seen: vec![0; slots],
            breaks: [1.0; BREAKS],
            weeks,
            days,
            observations,
            effects: Effects::default(),
            of_weeks: 0.0,
            reach: i32::try_from(reach).unwrap_or(i32::MAX),
        };
        for one in &model.observations {
            model.seen[one.place.slot] += 1;
        }
        for _ in 0..ROUNDS {
            if model.round() < SETTLED {
                break;
            }
        }
        for at in 0..model.observations.len() {
            let one = &model.observations[at];
            model.observations[at].fixed = model.at_level_one(one) * model.weeks[one.week].ratio;
        }
        model.effects = Effects::of(&model, None);
        model.of_weeks = model.variation_of_weeks(None);
        Some(model)
    }

    fn at_level_one(&self, one: &Observation) -> f64 {
        one.hours() * self.profile[one.place.slot] * self.breaks[one.place.school_break]
    }

    /// Fits each factor to the others once; the largest relative change of a week.
    fn round(&mut self) -> f64 {
        self.fit_profile();
        self.fit_breaks();
        let (mut counted, mut expected) = (vec![0.0; self.weeks.len()], vec![0.0; self.weeks.len()]);
        for one in &self.observations {
            counted[one.week] += one.value;
            expected[one.week] += self.at_level_one(one);
        }
        let mut change = 0.0_f64;
        for (at, week) in self.weeks.iter_mut().enumerate() {
            let ratio = if expected[at] > 0.0 { counted[at] / expected[at] } else { 0.0 };
            change = change.max((ratio - week.ratio).abs() / ratio.max(1e-9));
            (week.ratio, week.weight) = (ratio, expected[at]);
        }
        change
    }

    fn fit_profile(&mut self) {
        let (mut counted, mut exposed) = (vec![0.0; self.profile.len()], vec![0.0; self.profile.len()]);
        for one in &self.observations {
            counted[one.place.slot] += one.value;
            exposed[one.place.slot] +=
                one.hours() * self.breaks[one.place.school_break] * self.weeks[one.week].ratio;
        }
        for (slot, flow) in self.profile.iter_mut().enumerate() {
            *flow = if exposed[slot] > 0.0 { counted[slot] / exposed[slot] } else { f64::NAN };
        }
        let of_a_day = self.calendar.slots_of_a_day();
        for at in 0..of_a_day {
            let (holiday, sunday) = (HOLIDAY * of_a_day + at, SUNDAY * of_a_day + at);
            if !self.profile[sunday].is_nan() {
                let lean = SUNDAYS * exposed[sunday] / f64::from(self.seen[sunday]);
                self.profile[holiday] =
                    (counted[holiday] + lean * self.profile[sunday]) / (exposed[holiday] + lean);
                self.seen[holiday] = self.seen[holiday].max(self.seen[sunday]);
            }
        }
    }

    fn fit_breaks(&mut self) {
        let (mut counted, mut expected) = ([0.0; BREAKS], [0.0; BREAKS]);
        for one in &self.observations {
            let flow = self.profile[one.place.slot];
            if !flow.is_nan() {
                counted[one.place.school_break] += one.value;
                expected[one.place.school_break] += one.hours() * flow * self.weeks[one.week].ratio;
            }
        }
        for cell in 1..BREAKS {
            self.breaks[cell] = (counted[cell] + VEHICLES) / (expected[cell] + VEHICLES);
        }
    }

    /// Mean squared difference of a week from its neighbours, beyond that of its days and hours.
    fn variation_of_weeks(&self, control: Option<&Control<'_>>) -> f64 {
        let (mut squares, mut count) = (0.0, 0.0);
        for (at, week) in self.weeks.iter().enumerate().filter(|(_, week)| week.weight > 0.0) {
            let around = self.around(week.number, Some(at));
            let effect = control.and_then(|control| control.week(week.number)).unwrap_or(1.0);
            if let Some(around) = around.map(|around| around * effect).filter(|around| *around > 0.0) {
                squares += (week.ratio / around - 1.0).powi(2) - self.noise(week);
                count += 1.0;
            }
        }
        if count > 0.0 { (squares / count).max(0.0) } else { 0.0 }
    }

    /// Squared relative error of the level of a week.
    fn noise(&self, week: &Week) -> f64 {
        self.effects.of_days / week.days + self.effects.dispersion / week.weight
    }

    /// Level of the weeks around one; `None` if none of them was observed.
    fn around(&self, number: i32, without: Option<usize>) -> Option<f64> {
        let from = self.weeks.partition_point(|week| week.number < number.saturating_sub(self.reach));
        let (mut sum, mut weight) = (0.0, 0.0);
        for (at, week) in self.weeks.iter().enumerate().skip(from) {
            if week.number > number.saturating_add(self.reach) {
                break;
            }
            if without != Some(at) {
                sum += week.weight * week.ratio;
                weight += week.weight;
            }
        }
        (weight > 0.0).then(|| sum / weight)
    }

    /// Level of a week and its squared relative error: what was observed of it, shrunk to the weeks around (times what the
    /// control group did).
    fn level(&self, number: i32, control: Option<&Control<'_>>) -> Option<(f64, f64)> {
        let at = self.weeks.binary_search_by_key(&number, |week| week.number).ok();
        let effect = control.and_then(|control| control.week(number)).unwrap_or(1.0);
        let of_weeks = control.map_or(self.of_weeks, Control::of_weeks);
        let around = self.around(number, at).map(|around| around * effect);
        let Some(week) = at.map(|at| &self.weeks[at]).filter(|week| week.weight > 0.0) else {
            return around.map(|level| (level, of_weeks));
        };
        let noise = self.noise(week);
        match around.filter(|_| of_weeks + noise > 0.0) {
            Some(around) => {
                let own = of_weeks / (of_weeks + noise);
                Some((around + own * (week.ratio - around), of_weeks * (1.0 - own)))
            }
            None => Some((week.ratio, noise)),
        }
    }

    /// What would have been counted in an interval; `None` where fewer than `least` values of its slot, no week around, or
    /// no channel of the control group are known.
    pub(super) fn expected(
        &self,
        start: i64,
        duration: u32,
        least: usize,
        control: Option<&Control<'_>>,
    ) -> Option<Expected> {
        let place = { self.calendar }.place(start)?;
        let flow = self.profile[place.slot];
        if flow.is_nan() || (self.seen[place.slot] as usize) < least.max(1) {
            return None;
        }
        let (level, of_level) = self.level(place.week, control)?;
        let (effects, of_day, of_hour) = match control {
            Some(control) => (control.effects(), control.day(place.day)?, control.hour(start, duration)?),
            None => (&self.effects, 1.0, 1.0),
        };
        let (day, error_of_day) = effects.day(self, place.day, of_day);
        let (slot, error_of_slot) = effects.slot(place.slot, place.week, self.reach);
        let hours = f64::from(duration) / 3_600.0;
        let value = hours * flow * self.breaks[place.school_break] * level * day * of_hour * slot;
        let relative = of_level + error_of_day + error_of_slot;
        let variance = effects.dispersion * value + value * value * relative;
        Some(Expected { value, deviation: variance.sqrt() })
    }
}
