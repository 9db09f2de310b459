//! Many series at once: each forecast by itself, with intervals learnt from all.
use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(feature = "parallel")]
use rayon::prelude::*;

use crate::forecast::{Prepared, prepare};
use crate::names::Names;
use crate::pool::{ENOUGH, Pool};
use crate::rolling::Plan;
use crate::{Forecast, ForecastOptions, NoForecast, Series};

/// Forecasts each series of a panel, such as all counters of a city, by the default model.
///
/// Points are those of [`forecast`](crate::forecast). Widths are learnt from all series together where 20 or more of one
/// period have past errors: at each step, errors are compared in units of the size that was to be expected of each
/// series at its origin, and the quantiles of all, on either side, make the bounds ([`Basis::Panel`](crate::Basis::Panel)).
/// By what power the spread of the model, its growth, the movement of the last steps and the series' own past errors
/// tell that size is fitted to the errors of the panel. In a smaller panel a series with too few errors of its own
/// borrows those of the others. Since errors are shared, few origins do: see
/// [`ForecastOptions::with_origins`](crate::ForecastOptions::with_origins). What the forecasts have in common, and the
/// values of the series, are kept once, so that those of 100,000 series fit into memory together. All series are taken to end together, so
/// that one origin is one moment for all of them. With feature `parallel` the series are shared among the cores; the
/// result is the same.
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
/// Conformal time-series forecasting. NeurIPS 34 (there the series are the exchangeable units). Errors in units of
/// their expected size: Lei et al. (2018), section 5.2, see [`conformal_half_width`](crate::conformal_half_width).
pub fn forecast_panel(
    panel: &[Series],
    horizon: usize,
    options: &ForecastOptions,
) -> Vec<Result<Forecast, NoForecast>> {
    let plan = if panel.len() < ENOUGH {
        Plan::Alone { most: options.origins_of(1) }
    } else {
        Plan::together(panel, horizon, options.origins_of(panel.len()))
    };
    let names = Names::default();
    let one = |series: &Series| {
        let mut prepared = prepare(series, horizon, plan, options)?;
        prepared.share(&names);
        Ok(prepared)
    };
    #[cfg(feature = "parallel")]
    let prepared: Vec<_> = panel.par_iter().map(one).collect();
    #[cfg(not(feature = "parallel"))]
    let prepared: Vec<_> = panel.iter().map(one).collect();

    let mut by_period: BTreeMap<usize, Vec<(&Series, &Prepared)>> = BTreeMap::new();
    for (series, prepared) in panel.iter().zip(&prepared) {
        if let Ok(prepared) = prepared {
            by_period.entry(series.period()).or_default().push((series, prepared));
        }
    }
    let pool =
        |of: Vec<(&Series, &Prepared)>| Pool::of(of.len(), |number| of[number].1.residuals(of[number].0));
    let pools: BTreeMap<usize, Arc<Pool>> =
        by_period.into_iter().filter_map(|(period, of)| Some((period, Arc::new(pool(of)?)))).collect();
    let options = Arc::new(options.clone());
    let finished = panel.iter().zip(prepared);
    finished
        .map(|(series, prepared)| Ok(prepared?.finish(series, &options, pools.get(&series.period()))))
        .collect()
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
