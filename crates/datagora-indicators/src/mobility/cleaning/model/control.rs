//! What other channels say of a week, a day and an hour.
use std::collections::{BTreeMap, HashMap};

use super::CountModel;
use super::effects::Effects;

/// Sums over the channels of a control group.
#[derive(Default)]
pub(in super::super) struct Group {
    weeks: BTreeMap<i32, Sum>,
    days: BTreeMap<i32, Sum>,
    hours: HashMap<(i64, u32), Sum>,
}

/// Of several channels: how many, what they observed, and what they expected.
#[derive(Clone, Copy, Default)]
struct Sum {
    channels: u32,
    observed: f64,
    expected: f64,
}

impl Sum {
    fn add(&mut self, observed: f64, expected: f64) {
        self.channels += 1;
        self.observed += observed;
        self.expected += expected;
    }

    /// Observed over expected, of the others if `own` is among them.
    fn ratio(self, own: Option<Sum>) -> Option<f64> {
        let own = own.unwrap_or_default();
        let (observed, expected) = (self.observed - own.observed, self.expected - own.expected);
        (self.channels > own.channels && expected > 1e-9 * self.expected)
            .then(|| observed.max(0.0) / expected)
    }
}

impl Group {
    pub(in super::super) fn of<'a>(models: impl Iterator<Item = &'a CountModel>) -> Self {
        let mut group = Self::default();
        for model in models {
            for (number, sum) in weeks(model) {
                group.weeks.entry(number).or_default().add(sum.observed, sum.expected);
            }
            for (number, sum) in days(model) {
                group.days.entry(number).or_default().add(sum.observed, sum.expected);
            }
            for (key, sum) in hours(model) {
                group.hours.entry(key).or_default().add(sum.observed, sum.expected);
            }
        }
        group
    }
}

/// Against the weeks around.
fn weeks(model: &CountModel) -> impl Iterator<Item = (i32, Sum)> + '_ {
    model.weeks.iter().enumerate().filter_map(|(at, week)| {
        let expected = week.weight * model.around(week.number, Some(at))?;
        Some((week.number, Sum { channels: 1, observed: week.weight * week.ratio, expected }))
    })
}

/// Against their week.
fn days(model: &CountModel) -> impl Iterator<Item = (i32, Sum)> + '_ {
    model.days.iter().enumerate().map(|(at, day)| {
        let expected = model.effects.expected_of_day(at);
        (day.number, Sum { channels: 1, observed: day.observed, expected })
    })
}

/// Against their day.
fn hours(model: &CountModel) -> impl Iterator<Item = ((i64, u32), Sum)> + '_ {
    model.observations.iter().map(|one| {
        let (day, _) = model.effects.day(model, one.place.day, 1.0);
        let sum = Sum { channels: 1, observed: one.value, expected: one.fixed * day };
        ((one.start, one.duration), sum)
    })
}

/// A control group seen from one channel: how its days and hours go with those of the others.
pub(in super::super) struct Control<'a> {
    group: &'a Group,
    own_weeks: BTreeMap<i32, Sum>,
    own_days: BTreeMap<i32, Sum>,
    own_hours: HashMap<(i64, u32), Sum>,
    /// How much of what the others do in a week, a day and an hour the channel does.
    slopes: [f64; 3],
    /// What is left beside them.
    of_weeks: f64,
    effects: Effects,
}

const WEEK: usize = 0;
const DAY: usize = 1;
const HOUR: usize = 2;

impl<'a> Control<'a> {
    /// Of the channel of this model, which is in the group itself or not.
    pub(in super::super) fn new(own: &CountModel, group: &'a Group, member: bool) -> Self {
        let (own_weeks, own_days, own_hours) = if member {
            (weeks(own).collect(), days(own).collect(), hours(own).collect())
        } else {
            Default::default()
        };
        let effects = Effects::default();
        let slopes = [1.0; 3];
        let mut control = Self { group, own_weeks, own_days, own_hours, slopes, of_weeks: 0.0, effects };
        let found = weeks(own).filter_map(|(number, sum)| Some((control.week(number)?, sum)));
        control.slopes[WEEK] = slope(found);
        let found = days(own).filter_map(|(number, sum)| Some((control.day(number)?, sum)));
        control.slopes[DAY] = slope(found);
        let found =
            hours(own).filter_map(|((start, duration), sum)| Some((control.hour(start, duration)?, sum)));
        control.slopes[HOUR] = slope(found);
        control.of_weeks = own.variation_of_weeks(Some(&control));
        control.effects = Effects::of(own, Some(&control));
        control
    }

    pub(super) fn effects(&self) -> &Effects {
        &self.effects
    }

    pub(super) fn of_weeks(&self) -> f64 {
        self.of_weeks
    }

    /// Factor for a week; `None` if no other channel has it.
    pub(super) fn week(&self, number: i32) -> Option<f64> {
        let ratio = self.group.weeks.get(&number)?.ratio(self.own_weeks.get(&number).copied())?;
        Some(self.effect(WEEK, ratio))
    }

    /// Factor for a day beside that of its week; `None` if no other channel has it.
    pub(super) fn day(&self, number: i32) -> Option<f64> {
        let ratio = self.group.days.get(&number)?.ratio(self.own_days.get(&number).copied())?;
        Some(self.effect(DAY, ratio))
    }

    /// Factor for an interval beside that of its day; `None` if no other channel has it.
    pub(super) fn hour(&self, start: i64, duration: u32) -> Option<f64> {
        let key = (start, duration);
        let ratio = self.group.hours.get(&key)?.ratio(self.own_hours.get(&key).copied())?;
        Some(self.effect(HOUR, ratio))
    }

    fn effect(&self, of: usize, ratio: f64) -> f64 {
        (1.0 + self.slopes[of] * (ratio - 1.0)).max(0.0)
    }
}

/// Slope of own ratios on those of the others, weighted by what was expected; 0 to 1.5.
fn slope(pairs: impl Iterator<Item = (f64, Sum)>) -> f64 {
    let (mut products, mut squares) = (0.0, 0.0);
    for (others, own) in pairs {
        products += (others - 1.0) * (own.observed - own.expected);
        squares += own.expected * (others - 1.0).powi(2);
    }
    if squares > 0.0 { (products / squares).clamp(0.0, 1.5) } else { 0.0 }
}
