//! How days and slots differ from what the fitted factors expect, and how much counts vary.
use super::CountModel;
use super::control::Control;

/// Dispersion of the counts of an interval (1: Poisson), and squared variation of days and slots beyond it.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) dispersion: f64,
    pub(super) of_days: f64,
    of_slots: f64,
    /// What was expected of each day.
    days: Vec<f64>,
    /// By slot, in order of time.
    slots: Vec<Vec<Ratio>>,
}

/// What was observed of a slot in a week, and what was expected with the effect of its day.
struct Ratio {
    week: i32,
    observed: f64,
    expected: f64,
}

impl Effects {
    /// By moments of what is left beside the fitted factors, and beside the control group if there is one.
    pub(super) fn of(model: &CountModel, control: Option<&Control<'_>>) -> Self {
        let hour = |at: usize| {
            let one = &model.observations[at];
            let effect = control.map_or(Some(1.0), |control| control.hour(one.start, one.duration));
            one.fixed * effect.unwrap_or(1.0)
        };
        let expected: Vec<f64> = (0..model.observations.len()).map(hour).collect();
        let mut days = vec![0.0; model.days.len()];
        for (one, expected) in model.observations.iter().zip(&expected) {
            days[one.day] += expected;
        }
        let (mut chi, mut values) = (0.0, 0.0);
        for (one, expected) in model.observations.iter().zip(&expected) {
            let expected = expected * model.days[one.day].observed / days[one.day];
            if expected > 0.0 {
                chi += (one.value - expected).powi(2) / expected;
                values += 1.0;
            }
        }
        let used = model.profile.iter().filter(|flow| !flow.is_nan()).count() + days.len();
        let degrees = values - used as f64;
        let dispersion = if degrees > 0.0 { (chi / degrees).max(1e-6) } else { 1.0 };
        let prior = |at: usize| control.map_or(Some(1.0), |control| control.day(model.days[at].number));
        let sums = (0..days.len()).filter_map(|at| Some((model.days[at].observed, days[at] * prior(at)?)));
        // The levels of the weeks were fitted to the same days.
        let (count, weeks) = (days.len() as f64, model.weeks.len() as f64);
        let of_days = variation(sums, dispersion) * if count > weeks { count / (count - weeks) } else { 1.0 };
        let mut effects = Self { dispersion, of_days, of_slots: 0.0, days, slots: Vec::new() };
        effects.slots.resize_with(model.profile.len(), Vec::new);
        for (one, expected) in model.observations.iter().zip(&expected) {
            let (day, _) = effects.day(model, one.place.day, prior(one.day).unwrap_or(1.0));
            let ratio = Ratio { week: one.place.week, observed: one.value, expected: expected * day };
            effects.slots[one.place.slot].push(ratio);
        }
        effects.of_slots = effects.variation_of_slots();
        effects
    }

    /// What a slot of one week says of the next: their products, which noise does not enter.
    fn variation_of_slots(&self) -> f64 {
        let (mut products, mut weights) = (0.0, 0.0);
        for pair in self.slots.iter().flat_map(|slot| slot.windows(2)) {
            let [a, b] = pair else { continue };
            if b.week - a.week == 1 {
                products += (a.observed - a.expected) * (b.observed - b.expected);
                weights += a.expected * b.expected;
            }
        }
        if weights > 0.0 { (products / weights).max(0.0) } else { 0.0 }
    }

    /// How a day differs by what was observed of it, shrunk to what is expected of it without; and the squared relative error.
    pub(super) fn day(&self, model: &CountModel, number: i32, prior: f64) -> (f64, f64) {
        if self.of_days == 0.0 {
            return (prior, 0.0);
        }
        let at = model.days.binary_search_by_key(&number, |day| day.number);
        let (observed, expected) = at.map_or((0.0, 0.0), |at| (model.days[at].observed, self.days[at]));
        let precision = 1.0 / self.of_days + expected / self.dispersion;
        ((prior / self.of_days + observed / self.dispersion) / precision, 1.0 / precision)
    }

    /// What was expected of the day at this position, by what was observed of it.
    pub(super) fn expected_of_day(&self, at: usize) -> f64 {
        self.days[at]
    }

    /// How a slot differs in the weeks around, shrunk to 1, and the squared relative error.
    pub(super) fn slot(&self, slot: usize, week: i32, reach: i32) -> (f64, f64) {
        if self.of_slots == 0.0 {
            return (1.0, 0.0);
        }
        let all = &self.slots[slot];
        let from = all.partition_point(|one| one.week < week.saturating_sub(reach));
        let (mut sum, mut precision) = (1.0 / self.of_slots, 1.0 / self.of_slots);
        for one in all[from..].iter().take_while(|one| one.week <= week.saturating_add(reach)) {
            sum += one.observed / self.dispersion;
            precision += one.expected / self.dispersion;
        }
        (sum / precision, 1.0 / precision)
    }
}

/// Squared variation of observed around expected sums beyond what the dispersion explains.
fn variation(sums: impl Iterator<Item = (f64, f64)>, dispersion: f64) -> f64 {
    let (mut squares, mut weights) = (0.0, 0.0);
    for (observed, expected) in sums {
        squares += (observed - expected).powi(2) - dispersion * expected;
        weights += expected * expected;
    }
    if weights > 0.0 { (squares / weights).max(0.0) } else { 0.0 }
}
