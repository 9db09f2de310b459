//! What a decomposition gives: trend, seasons and what is left.

/// A series as the sum of its trend, its seasons and a remainder.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Decomposition {
    trend: Vec<f64>,
    seasons: Vec<Season>,
    remainder: Vec<f64>,
    weights: Vec<f64>,
}

/// The part of a series that returns after a period.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Season {
    /// Steps after which it returns.
    pub period: usize,
    /// Its value at each step of the series.
    pub values: Vec<f64>,
}

impl Decomposition {
    pub(crate) fn of(values: &[f64], trend: Vec<f64>, seasons: Vec<Season>, weights: Vec<f64>) -> Self {
        let mut remainder: Vec<f64> = values.iter().zip(&trend).map(|(y, trend)| y - trend).collect();
        for season in &seasons {
            remainder.iter_mut().zip(&season.values).for_each(|(r, s)| *r -= s);
        }
        Self { trend, seasons, remainder, weights }
    }

    /// The trend, at every step: gaps too.
    pub fn trend(&self) -> &[f64] {
        &self.trend
    }

    /// The seasons by rising period, each at every step.
    pub fn seasons(&self) -> &[Season] {
        &self.seasons
    }

    /// What is neither trend nor season; `NaN` where the series has a gap.
    pub fn remainder(&self) -> &[f64] {
        &self.remainder
    }

    /// How far each value was trusted, 0 to 1: 1 for all without robustness, `NaN` where the series has a gap.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The series without its seasons: trend and remainder, `NaN` where the series has a gap.
    pub fn adjusted(&self) -> Vec<f64> {
        self.trend.iter().zip(&self.remainder).map(|(trend, rest)| trend + rest).collect()
    }

    /// Strength of a season, 0 to 1: the share of the variance that it explains of what is not trend.
    ///
    /// 1 − Var(remainder) / Var(season + remainder), not below 0. `None` without such a season.
    ///
    /// # References
    ///
    /// Wang, X., Smith, K. and Hyndman, R. J. (2006). Characteristic-based clustering for time series data. Data Mining
    /// and Knowledge Discovery 13, 335–364. doi:10.1007/s10618-005-0039-x
    pub fn strength(&self, period: usize) -> Option<f64> {
        let season = self.seasons.iter().find(|season| season.period == period)?;
        let both = season.values.iter().zip(&self.remainder).map(|(s, r)| s + r);
        let (rest, both) = (variance(self.remainder.iter().copied()), variance(both));
        Some(if both > 0.0 { (1.0 - rest / both).max(0.0) } else { 0.0 })
    }

    /// All seasons together, `ahead` steps after the end of the series (from 0): their last cycle again.
    pub(crate) fn next_season(&self, ahead: usize) -> f64 {
        let n = self.trend.len();
        self.seasons.iter().map(|season| season.values[n - season.period + ahead % season.period]).sum()
    }
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let seen = values.filter(|v| !v.is_nan());
    let n = seen.clone().count().max(1) as f64;
    let mean = seen.clone().map(|v| v / n).sum::<f64>();
    seen.map(|v| (v - mean).powi(2) / n).sum()
}
