//! Decomposition by several seasons.
use crate::stl::trend_alone;
use crate::{Decomposition, FitError, Season, Series, Stl};

/// Decomposition of a series with several seasons (MSTL), such as day and week.
///
/// [`Stl`] takes out one season after the other, from the shortest to the longest, and comes back to each once more.
/// The longer the period, the wider its seasonal window: 11, 15, 19, … cycles. Periods of more than half of the series
/// are left out; a series without any has a trend alone, a line through the nearest half of its values.
///
/// # Missing values
///
/// As in [`Stl`].
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Mstl, Series};
///
/// // Four weeks of hours; quiet nights and quiet Sundays.
/// let values: Vec<f64> =
///     (0..672).map(|h| if h % 24 < 6 { 10.0 } else { 80.0 } - if h / 24 % 7 == 6 { 5.0 } else { 0.0 }).collect();
/// let series = Series::new(values, Unit::of("{passage}"))?.with_periods([24, 168])?;
/// let parts = Mstl::default().decompose(&series)?;
/// let noon: Vec<f64> = parts.seasons().iter().map(|season| season.values[6 * 24 + 12]).collect();
/// assert!((noon[0] - 17.5).abs() < 1.0 && (noon[1] + 4.3).abs() < 1.0, "{noon:?}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Bandara, K., Hyndman, R. J. and Bergmeir, C. (2021). MSTL: a seasonal-trend decomposition algorithm for time series
/// with multiple seasonal patterns. arXiv:2107.13462; defaults as `mstl` in R's `forecast` 8.20.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Mstl {
    stl: Stl,
    windows: Vec<usize>,
    rounds: usize,
}

impl Default for Mstl {
    fn default() -> Self {
        Self { stl: Stl::default(), windows: Vec::new(), rounds: 2 }
    }
}

impl Mstl {
    /// With this decomposition for each season, such as a robust one. Its seasonal window applies only if it is
    /// periodic.
    pub fn with_stl(self, stl: Stl) -> Self {
        Self { stl, ..self }
    }

    /// With the seasonal windows, in cycles, from the shortest period on. Default: 11, 15, 19, …
    pub fn with_seasonal_windows(self, windows: impl Into<Vec<usize>>) -> Self {
        Self { windows: windows.into(), ..self }
    }

    /// With the number of times that each season is estimated. Default: 2.
    pub fn with_rounds(self, rounds: usize) -> Self {
        Self { rounds: rounds.max(1), ..self }
    }

    /// Decomposes by all periods of the series.
    ///
    /// # Errors
    ///
    /// [`FitError::TooFew`] without values.
    pub fn decompose(&self, series: &Series) -> Result<Decomposition, FitError> {
        let (values, n) = (series.values(), series.len());
        if series.observed() == 0 {
            return Err(FitError::TooFew { model: "mstl", found: 0, needed: 1 });
        }
        let periods: Vec<usize> = series.periods().iter().copied().filter(|&p| p > 1 && 2 * p <= n).collect();
        let mut flat = values.to_vec();
        let mut seasons: Vec<Season> =
            periods.iter().map(|&period| Season { period, values: vec![0.0; n] }).collect();
        let mut last = None;
        // One season has nothing to come back for.
        for _ in 0..if seasons.len() == 1 { 1 } else { self.rounds } {
            for (i, season) in seasons.iter_mut().enumerate() {
                let window = self.windows.get(i).copied().unwrap_or(11 + 4 * i);
                let stl =
                    if self.stl.is_periodic() { self.stl } else { self.stl.with_seasonal_window(window) };
                flat.iter_mut().zip(&season.values).for_each(|(y, s)| *y += s);
                let parts = stl.parts(&flat, season.period);
                flat.iter_mut().zip(&parts.season).for_each(|(y, s)| *y -= s);
                season.values = parts.season;
                last = Some((parts.trend, parts.weights));
            }
        }
        let (trend, weights) = last.unwrap_or_else(|| trend_alone(values));
        Ok(Decomposition::of(values, trend, seasons, weights))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::made::{hours, series};

    #[test]
    fn gaps_change_little_and_are_not_filled() {
        let whole = Mstl::default().decompose(&series(hours(240), &[3, 12])).unwrap();
        let mut values = hours(240);
        (60..75).chain([7, 100, 239]).for_each(|t| values[t] = f64::NAN);
        let parts = Mstl::default().decompose(&series(values.clone(), &[3, 12])).unwrap();
        for (t, y) in values.iter().enumerate() {
            assert_eq!(parts.remainder()[t].is_nan(), y.is_nan());
            assert!((parts.trend()[t] - whole.trend()[t]).abs() < 0.1, "{t}");
            for (a, b) in parts.seasons().iter().zip(whole.seasons()) {
                assert!((a.values[t] - b.values[t]).abs() < 0.3, "{t}: {} {}", a.values[t], b.values[t]);
            }
        }
    }

    #[test]
    fn what_cannot_be_decomposed_says_why() {
        assert_eq!(
            Stl::default().decompose(&series(hours(9), &[])),
            Err(FitError::NoSeason { model: "stl" })
        );
        let short = Stl::default().decompose(&series(hours(9), &[5]));
        assert_eq!(short, Err(FitError::TooFew { model: "stl", found: 9, needed: 10 }));
        assert!(Mstl::default().decompose(&series(vec![f64::NAN; 9], &[3])).is_err());
        let plain = Mstl::default().decompose(&series(hours(9), &[5])).unwrap();
        assert!(plain.seasons().is_empty() && plain.strength(5).is_none());
    }

    proptest! {
        #[test]
        fn parts_are_finite_and_add_up(
            values in prop::collection::vec(prop_oneof![
                3 => -1e3..1e3f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => Just(1e-300), 1 => 0.0..1e15f64
            ], 1..80),
            periods in prop::collection::vec(1usize..20, 0..3),
            robust in any::<bool>(),
            periodic in any::<bool>(),
        ) {
            let given = series(values.clone(), &periods);
            let stl = Stl::default().with_robust(robust);
            let stl = if periodic { stl.periodic() } else { stl };
            match Mstl::default().with_stl(stl).decompose(&given) {
                Err(_) => prop_assert_eq!(given.observed(), 0),
                Ok(parts) => {
                    let size = values.iter().filter(|y| !y.is_nan()).fold(1e-300f64, |a, y| a.max(y.abs()));
                    for (t, y) in values.iter().enumerate() {
                        let season: f64 = parts.seasons().iter().map(|s| s.values[t]).sum();
                        prop_assert!(parts.trend()[t].is_finite() && season.is_finite());
                        prop_assert_eq!(parts.weights()[t].is_nan(), y.is_nan());
                        if !y.is_nan() {
                            let sum = parts.trend()[t] + season + parts.remainder()[t];
                            prop_assert!((sum - y).abs() <= 1e-6 * size);
                        }
                    }
                }
            }
        }
    }
}
