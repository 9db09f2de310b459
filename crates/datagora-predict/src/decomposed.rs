//! Forecasts of a series with several seasons: each season goes on as it was last, a model forecasts the rest.
use crate::{AutoEts, Decomposition, Fit, FitError, Mstl, Predict, Series};

/// A decomposition by all seasons ([`Mstl`]), whose seasonally adjusted part is forecast by a model of its own.
///
/// The seasons repeat their last cycle. The model, by default the best exponential smoothing, sees a series without
/// season.
///
/// # Missing values
///
/// As in [`Mstl`] and in the model.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Decomposed, Fit, Predict, Series};
///
/// let values: Vec<f64> = (0..672).map(|h| f64::from(h % 24) + if h / 24 % 7 == 6 { 0.0 } else { 30.0 }).collect();
/// let hours = Series::new(values, Unit::of("{passage}"))?.with_periods([24, 168])?;
/// let model = Decomposed::default().fit(&hours)?;
/// let week = model.predict(168);
/// assert!((week[12] - 42.0).abs() < 2.0 && (week[6 * 24 + 12] - 12.0).abs() < 2.0);
/// assert!(model.name().starts_with("seasons 24, 168 (MSTL) and ETS("));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Hyndman, R. J. and Athanasopoulos, G. (2021). *Forecasting: principles and practice*, 3rd ed., sections 5.7
/// (forecasting with decomposition) and 12.1 (complex seasonality); as `stlf` and `mstl` in R's `forecast`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Decomposed<M = AutoEts> {
    decomposition: Mstl,
    adjusted: M,
}

impl Default for Decomposed<AutoEts> {
    fn default() -> Self {
        Self::by(AutoEts::default())
    }
}

impl<M> Decomposed<M> {
    /// With the model of the seasonally adjusted part.
    pub fn by(adjusted: M) -> Self {
        Self { decomposition: Mstl::default(), adjusted }
    }

    /// With this way to decompose. Default: [`Mstl::default`].
    pub fn with_decomposition(self, decomposition: Mstl) -> Self {
        Self { decomposition, ..self }
    }
}

/// A fitted [`Decomposed`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedDecomposed<P> {
    decomposition: Decomposition,
    adjusted: P,
    fitted: Vec<f64>,
}

impl<P> FittedDecomposed<P> {
    /// Trend, seasons and remainder.
    pub fn decomposition(&self) -> &Decomposition {
        &self.decomposition
    }

    /// The model of the seasonally adjusted part.
    pub fn adjusted(&self) -> &P {
        &self.adjusted
    }
}

impl<M: Fit> Fit for Decomposed<M> {
    type Fitted = FittedDecomposed<M::Fitted>;

    fn fit(&self, series: &Series) -> Result<Self::Fitted, FitError> {
        let decomposition = self.decomposition.decompose(series)?;
        let adjusted = self.adjusted.fit(&series.without(&decomposition))?;
        let mut fitted = adjusted.fitted().to_vec();
        for season in decomposition.seasons() {
            fitted.iter_mut().zip(&season.values).for_each(|(point, s)| *point += s);
        }
        Ok(FittedDecomposed { decomposition, adjusted, fitted })
    }
}

impl<P: Predict> Predict for FittedDecomposed<P> {
    fn name(&self) -> String {
        let periods: Vec<String> =
            self.decomposition.seasons().iter().map(|season| season.period.to_string()).collect();
        match &periods[..] {
            [] => self.adjusted.name(),
            [one] => format!("season {one} (STL) and {}", self.adjusted.name()),
            _ => format!("seasons {} (MSTL) and {}", periods.join(", "), self.adjusted.name()),
        }
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let points = self.adjusted.predict(horizon).into_iter().enumerate();
        points.map(|(h, point)| point + self.decomposition.next_season(h)).collect()
    }

    /// That of the model: the seasons are taken as known.
    fn spread(&self, horizon: usize) -> Vec<f64> {
        self.adjusted.spread(horizon)
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;
    use proptest::prelude::*;

    use super::*;
    use crate::made;
    use crate::{Naive, SeasonalNaive};

    #[test]
    fn fitted_values_and_forecasts_carry_every_season() {
        let shape = |t: usize| [0.0, 9.0, 4.0][t % 3] + [3.0, 0.0, 0.0, -3.0][t / 3 % 4];
        let values: Vec<f64> = (0..240).map(|t| 50.0 + shape(t)).collect();
        let series = Series::new(values, Unit::ONE).unwrap().with_periods([3, 12]).unwrap();
        let model = Decomposed::by(Naive).fit(&series).unwrap();
        assert_eq!(model.name(), "seasons 3, 12 (MSTL) and naive");
        for (h, point) in model.predict(24).into_iter().enumerate() {
            assert!((point - 50.0 - shape(240 + h)).abs() < 0.2, "{h}: {point}");
        }
        assert!((model.fitted()[120] - 50.0 - shape(120)).abs() < 0.2);
        assert_eq!(Decomposed::by(Naive).fit(&series.head(7)).unwrap().name(), "season 3 (STL) and naive");
        assert_eq!(Decomposed::by(Naive).fit(&series.head(2)).unwrap().name(), "naive");
    }

    proptest! {
        #[test]
        fn any_series_has_finite_forecasts(
            values in made::any_values(),
            periods in prop::collection::vec(1usize..14, 0..3),
        ) {
            let series = Series::new(values, Unit::ONE).unwrap().with_periods(periods).unwrap();
            match Decomposed::by(SeasonalNaive).fit(&series) {
                Ok(model) => {
                    prop_assert!(model.predict(20).iter().all(|p| p.is_finite()));
                    prop_assert!(model.spread(20).iter().all(|s| s.is_finite() && *s >= 0.0));
                    prop_assert_eq!(model.fitted().len(), series.len());
                }
                Err(_) => prop_assert_eq!(series.observed(), 0),
            }
        }
    }
}
