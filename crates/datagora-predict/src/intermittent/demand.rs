//! How demand comes about: whether there is some follows what was the step before, how much is drawn from the past.
use crate::Series;

/// A chain of two states, demand and none, and the sizes that demands had.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Demand {
    sizes: Vec<f64>,
    /// Probability of demand after a step without, and after one with.
    after: [f64; 2],
    /// State of the last observed step.
    now: usize,
}

impl Demand {
    /// Of a series. Probabilities are drawn towards the share of all steps, as by one more step.
    pub(super) fn of(series: &Series) -> Self {
        let values = series.values();
        let sizes: Vec<f64> = values.iter().copied().filter(|y| !y.is_nan() && *y != 0.0).collect();
        let share = sizes.len() as f64 / series.observed().max(1) as f64;
        let mut counts = [(share, 1.0); 2];
        for pair in values.windows(2).filter(|pair| !pair[0].is_nan() && !pair[1].is_nan()) {
            let count = &mut counts[usize::from(pair[0] != 0.0)];
            *count = (count.0 + f64::from(u8::from(pair[1] != 0.0)), count.1 + 1.0);
        }
        let now = series.last_observed().is_some_and(|last| values[last] != 0.0);
        Self { sizes, after: counts.map(|(hits, steps)| hits / steps), now: usize::from(now) }
    }

    /// Mean square of what is left of the demand of each step when `rate` is taken off.
    pub(super) fn squares(&self, rate: f64, horizon: usize) -> Vec<f64> {
        let n = self.sizes.len().max(1) as f64;
        let with = self.sizes.iter().map(|size| (size - rate) * (size - rate) / n).sum::<f64>();
        let mut demand = self.now as f64;
        let step = |_| {
            demand = demand * self.after[1] + (1.0 - demand) * self.after[0];
            demand * with + (1.0 - demand) * rate * rate
        };
        (0..horizon).map(step).collect()
    }

    /// One future, from evenly distributed numbers in (0, 1). Whole numbers of demand are jittered, so that sizes beside
    /// those of the past can come.
    pub(super) fn path(
        &self,
        horizon: usize,
        mut even: impl FnMut() -> f64,
        normal: impl Fn(f64) -> f64,
    ) -> Vec<f64> {
        let whole = self.sizes.iter().all(|size| size.fract() == 0.0 && *size > 0.0);
        let mut state = self.now;
        let step = |_| {
            state = usize::from(even() < self.after[state]);
            if state == 0 || self.sizes.is_empty() {
                return 0.0;
            }
            let drawn = self.sizes[((even() * self.sizes.len() as f64) as usize).min(self.sizes.len() - 1)];
            let jittered = 1.0 + (drawn + normal(even()) * drawn.abs().sqrt()).floor();
            if whole && jittered > 0.0 { jittered } else { drawn }
        };
        (0..horizon).map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;

    /// By hand: demand follows demand once of twice, none of three times; one more step as the share of all, 3 of 7.
    #[test]
    fn probabilities_follow_what_came_before() {
        let values = [0.0, 2.0, 4.0, 0.0, f64::NAN, 0.0, 0.0, 6.0];
        let demand = Demand::of(&Series::new(values.to_vec(), Unit::ONE).unwrap());
        let share = 3.0 / 7.0;
        assert_eq!(demand.now, 1);
        assert!((demand.after[0] - (2.0 + share) / 4.0).abs() < 1e-12, "{:?}", demand.after);
        assert!((demand.after[1] - (1.0 + share) / 3.0).abs() < 1e-12, "{:?}", demand.after);
        let p = demand.after[1];
        let next = p * demand.after[1] + (1.0 - p) * demand.after[0];
        let with = (0.0 + 4.0 + 4.0) / 3.0 + 4.0; // about the mean of 4, and 2 off it
        for (found, p) in demand.squares(2.0, 2).into_iter().zip([p, next]) {
            assert!((found - (p * with + (1.0 - p) * 4.0)).abs() < 1e-12, "{found}");
        }
    }
}
