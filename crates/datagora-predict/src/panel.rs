//! Many series at once: each forecast by itself, the short ones with intervals learnt from all.
#[cfg(feature = "parallel")]
use rayon::prelude::*;

use crate::forecast::prepare;
use crate::interval::Residuals;
use crate::{Forecast, ForecastOptions, NoForecast, Series};

/// Forecasts each series of a panel, such as all counters of a city, by the default model.
///
/// Points are those of [`forecast`](crate::forecast). Intervals too, where a series has enough past errors of its own;
/// where it has not, they rest on the errors of all series at that horizon, in units of each one's scale
/// ([`Basis::Panel`](crate::Basis::Panel)). With feature `parallel` the series are shared among the cores; the result is
/// the same.
///
/// # Errors
///
/// One result for each series, in order; a series that cannot be forecast does not hinder the others.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{ForecastOptions, Series, forecast_panel};
///
/// let counter = |n: usize| {
///     let values: Vec<f64> = (0..n).map(|t| 50.0 + ((t * 7) % 11) as f64).collect();
///     Series::new(values, Unit::of("{passage}"))
/// };
/// let forecasts = forecast_panel(&[counter(60)?, counter(8)?, counter(0)?], 3, &ForecastOptions::default());
/// assert!(forecasts[0].is_ok() && forecasts[1].as_ref().is_ok_and(|f| f.is_calibrated()));
/// assert!(forecasts[2].is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Pooling errors across series for conformal intervals: Stankeviciute, K., Alaa, A. M. and van der Schaar, M. (2021).
/// Conformal time-series forecasting. NeurIPS 34 (there the series are the exchangeable units).
pub fn forecast_panel(
    panel: &[Series],
    horizon: usize,
    options: &ForecastOptions,
) -> Vec<Result<Forecast, NoForecast>> {
    let one = |series: &Series| prepare(series, horizon, options);
    #[cfg(feature = "parallel")]
    let prepared: Vec<_> = panel.par_iter().map(one).collect();
    #[cfg(not(feature = "parallel"))]
    let prepared: Vec<_> = panel.iter().map(one).collect();

    let mut pooled = Residuals::default();
    for (series, prepared) in panel.iter().zip(&prepared) {
        if let Ok(prepared) = prepared {
            pooled.extend(&Residuals::of(series, &prepared.past, series.len(), series.silence()));
        }
    }
    let finished = panel.iter().zip(prepared);
    finished.map(|(series, prepared)| Ok(prepared?.finish(series, options, Some(&pooled)))).collect()
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;
    use crate::{Basis, forecast};

    fn counter(n: usize, seed: u64) -> Series {
        let mut state = seed;
        let values: Vec<f64> = (0..n)
            .map(|t| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                100.0 + [0.0, 40.0, 10.0, -30.0][t % 4] + (state >> 40) as f64 / (1u64 << 20) as f64
            })
            .collect();
        Series::new(values, Unit::ONE).unwrap().with_period(4).unwrap()
    }

    #[test]
    fn long_series_speak_for_themselves_and_lend_to_short_ones() {
        let panel = [counter(70, 1), counter(16, 2), counter(70, 3)];
        let options = ForecastOptions::default();
        let forecasts = forecast_panel(&panel, 4, &options);
        assert_eq!(format!("{:?}", forecasts[0]), format!("{:?}", forecast(&panel[0], 4, &options)));
        let alone = forecast(&panel[1], 4, &options).unwrap();
        let lent = forecasts[1].as_ref().unwrap();
        assert_eq!(lent.points(), alone.points());
        let basis = lent.band(0.95).unwrap().basis[3];
        assert!(matches!(basis, Basis::Panel { residuals } if residuals > 60), "{basis:?}");
        assert_eq!(format!("{:?}", forecast_panel(&panel, 4, &options)), format!("{forecasts:?}"));
    }
}
