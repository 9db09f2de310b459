//! The benchmark of forecasting competitions: the last value, brought to each place of the season.
use crate::model::residual_deviation;
use crate::{Fit, FitError, Naive, Predict, Seasonality, Series, is_seasonal, seasonal_indices};

/// The last value of the seasonally adjusted series: "Naive 2" of the M competitions.
///
/// Where the series is seasonal ([`is_seasonal`]), it is divided by its multiplicative indices, carried on, and
/// multiplied again; else it is the naive forecast. Values that are not all above 0 are not adjusted.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Fit, Naive2, Predict, Series};
///
/// let series = Series::new([5.0, 10.0, 15.0, 10.0].repeat(6), Unit::ONE)?.with_period(4)?;
/// let next = Naive2.fit(&series)?.predict(4);
/// assert!(next.iter().zip([5.0, 10.0, 15.0, 10.0]).all(|(a, b)| (a - b).abs() < 1e-9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Makridakis, S., Spiliotis, E. and Assimakopoulos, V. (2020), see [`smape`](crate::smape), section 2.2.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Naive2;

/// A fitted [`Naive2`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedNaive2 {
    /// Index of each place, from the first step of the series.
    indices: Vec<f64>,
    length: usize,
    last: f64,
    silence: usize,
    deviation: f64,
    fitted: Vec<f64>,
}

impl Fit for Naive2 {
    type Fitted = FittedNaive2;

    fn fit(&self, series: &Series) -> Result<FittedNaive2, FitError> {
        let (values, period) = (series.values(), series.period());
        let indices = is_seasonal(values, period)
            .then(|| seasonal_indices(values, period, Seasonality::Multiplicative))
            .flatten()
            .unwrap_or_else(|| vec![1.0]);
        let index = |t: usize| indices[t % indices.len()];
        let adjusted: Vec<f64> = values.iter().enumerate().map(|(t, y)| y / index(t)).collect();
        let adjusted = Series::new(adjusted, series.unit().clone())
            .map_err(|_| FitError::NoEstimate { model: "naive 2" })?;
        let naive = Naive.fit(&adjusted)?;
        let fitted: Vec<f64> = naive.fitted().iter().enumerate().map(|(t, f)| f * index(t)).collect();
        let deviation = residual_deviation(values.iter().zip(&fitted).map(|(y, f)| y - f), 0);
        Ok(FittedNaive2 {
            last: naive.predict(1)[0],
            length: series.len(),
            silence: series.silence(),
            deviation,
            fitted,
            indices,
        })
    }
}

impl Predict for FittedNaive2 {
    fn name(&self) -> String {
        "naive 2".to_owned()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let index = |h: usize| self.indices[(self.length + h) % self.indices.len()];
        (0..horizon).map(|h| self.last * index(h)).collect()
    }

    /// That of a random walk.
    fn spread(&self, horizon: usize) -> Vec<f64> {
        (1..=horizon).map(|h| self.deviation * ((self.silence + h) as f64).sqrt()).collect()
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}
