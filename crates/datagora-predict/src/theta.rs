//! The theta method, in its dynamic optimised form.
use crate::decompose::{deseasonalised, is_seasonal, seasonal_indices, seasonalised};
use crate::minimise::along;
use crate::model::residual_deviation;
use crate::{Fit, FitError, Predict, Seasonality, Series};

/// Errors of the first steps do not count: the line through the past is not one yet.
const WARM_UP: usize = 3;
/// Smallest and largest smoothing.
const ALPHA: (f64, f64) = (0.1, 0.99);

/// The dynamic optimised theta model (DOTM): a level that follows the series, plus a share of the line through its past.
///
/// Deseasonalised first when the season is significant ([`is_seasonal`]): multiplicatively if all values are above 0,
/// else additively.
///
/// For a given smoothing α, one-step forecasts are linear in the initial level and in 1 − 1/θ, so both are found
/// exactly by least squares and only α is searched: O(n) for each of some 30 values.
///
/// # Missing values
///
/// A gap corrects neither level nor line: the level moves on as it does beyond the end.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{DynamicTheta, Fit, Predict, Series};
///
/// let series = Series::new((0..30).map(|t| 50.0 + 2.0 * f64::from(t)).collect::<Vec<_>>(), Unit::ONE)?;
/// let forecast = DynamicTheta.fit(&series)?.predict(3);
/// assert!((forecast[0] - 110.0).abs() < 2.0 && forecast[2] > forecast[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Fiorucci, J. A., Pellegrini, T. R., Louzada, F., Petropoulos, F. and Koehler, A. B. (2016). Models for optimising the
/// theta method and their relationship to state space models. Int. J. Forecasting 32, 1151–1161.
/// doi:10.1016/j.ijforecast.2016.02.005
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DynamicTheta;

/// A fitted [`DynamicTheta`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedTheta {
    alpha: f64,
    /// 1 − 1/θ: the share of the line.
    share: f64,
    path: Path,
    season: Option<(Seasonality, Vec<f64>)>,
    /// Steps in the series.
    length: usize,
    deviation: f64,
    fitted: Vec<f64>,
}

/// The least-squares line through what has been seen, updated in O(1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Line {
    count: f64,
    mean_t: f64,
    mean_y: f64,
    tt: f64,
    ty: f64,
}

impl Line {
    fn push(&mut self, t: f64, y: f64) {
        self.count += 1.0;
        let (dt, dy) = (t - self.mean_t, y - self.mean_y);
        self.mean_t += dt / self.count;
        self.mean_y += dy / self.count;
        self.tt += dt * (t - self.mean_t);
        self.ty += dt * (y - self.mean_y);
    }

    /// Value at time 0, and slope.
    fn coefficients(&self) -> (f64, f64) {
        let slope = if self.tt > 0.0 { self.ty / self.tt } else { 0.0 };
        (self.mean_y - slope * self.mean_t, slope)
    }
}

/// Level, line and (1 − α)ᵗ after some steps.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Path {
    level: f64,
    line: Line,
    power: f64,
    step: usize,
}

impl Path {
    fn new(level: f64) -> Self {
        Self { level, line: Line::default(), power: 1.0, step: 0 }
    }

    /// What the line adds to the level, for a full share. Nothing before there is a line.
    fn pull(&self, alpha: f64) -> f64 {
        if self.step == 0 {
            return 0.0;
        }
        let (a, b) = self.line.coefficients();
        a * self.power + b * (1.0 - self.power * (1.0 - alpha)) / alpha
    }

    /// Takes a value in: an observation, or beyond the end the forecast itself.
    fn take(&mut self, y: f64, alpha: f64) {
        self.level = alpha * y + (1.0 - alpha) * self.level;
        self.line.push((self.step + 1) as f64, y);
        self.advance(alpha);
    }

    fn advance(&mut self, alpha: f64) {
        self.power *= 1.0 - alpha;
        self.step += 1;
    }
}

/// For one α, the least-squares initial level and share, and the sum of squares they leave.
fn best_for(values: &[f64], alpha: f64) -> (f64, f64, f64) {
    // One-step error = (y − L) − share · (G + S) − level · P, where the recursion of the level is split by what it is
    // linear in: L from the data, P from the initial level, S from the share (through gaps alone), and G is the pull.
    let (mut data, mut initial, mut shared) = (0.0, 1.0, 0.0);
    let mut path = Path::new(0.0);
    let (mut gg, mut gp, mut pp, mut rg, mut rp, mut rr) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (t, &y) in values.iter().enumerate() {
        let g = path.pull(alpha) + shared;
        if y.is_nan() {
            shared += alpha * (g - shared);
            path.advance(alpha);
            continue;
        }
        if t >= WARM_UP {
            let r = y - data;
            gg += g * g;
            gp += g * initial;
            pp += initial * initial;
            rg += r * g;
            rp += r * initial;
            rr += r * r;
        }
        data = alpha * y + (1.0 - alpha) * data;
        initial *= 1.0 - alpha;
        shared *= 1.0 - alpha;
        path.take(y, alpha);
    }
    let left = |level: f64, share: f64| {
        rr - 2.0 * (share * rg + level * rp)
            + share * share * gg
            + 2.0 * share * level * gp
            + level * level * pp
    };
    let level_for = |share: f64| if pp > 1e-300 { (rp - share * gp) / pp } else { 0.0 };
    let determinant = gg * pp - gp * gp;
    let share =
        if determinant > 1e-9 * gg * pp { ((rg * pp - rp * gp) / determinant).clamp(0.0, 1.0) } else { 0.0 };
    let level = level_for(share);
    (level, share, left(level, share).max(0.0))
}

impl Fit for DynamicTheta {
    type Fitted = FittedTheta;

    fn fit(&self, series: &Series) -> Result<FittedTheta, FitError> {
        let (found, needed) = (series.observed(), WARM_UP + 1);
        if found < needed {
            return Err(FitError::TooFew { model: "dynamic theta", found, needed });
        }
        let (values, period) = (series.values(), series.period());
        let season = if is_seasonal(values, period) {
            let positive = values.iter().all(|y| y.is_nan() || *y > 0.0);
            let kind = if positive { Seasonality::Multiplicative } else { Seasonality::Additive };
            seasonal_indices(values, period, kind).map(|indices| (kind, indices))
        } else {
            None
        };
        let flat = match &season {
            Some((kind, indices)) => deseasonalised(values, indices, *kind),
            None => values.to_vec(),
        };
        let first = flat.iter().position(|y| !y.is_nan()).unwrap_or(0);
        let last = series.last_observed().unwrap_or(0);
        let known = &flat[first..=last];
        // Small numbers in the sums of squares.
        let scale = known.iter().filter(|y| !y.is_nan()).map(|y| y.abs()).sum::<f64>() / found as f64;
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let scaled: Vec<f64> = known.iter().map(|y| y / scale).collect();
        let alpha = along(ALPHA.0, ALPHA.1, 12, |alpha| best_for(&scaled, alpha).2);
        let (level, share, _) = best_for(&scaled, alpha);

        let mut path = Path::new(level * scale);
        let mut fitted = vec![f64::NAN; first];
        let mut flat_errors = Vec::with_capacity(known.len());
        for (t, &y) in known.iter().enumerate() {
            let point = path.level + share * path.pull(alpha);
            fitted.push(match &season {
                Some((kind, indices)) => seasonalised(point, indices[(first + t) % period], *kind),
                None => point,
            });
            if t >= WARM_UP {
                flat_errors.push(y - point);
            }
            if y.is_nan() {
                path.level += alpha * (point - path.level);
                path.advance(alpha);
            } else {
                path.take(y, alpha);
            }
        }
        let deviation = residual_deviation(flat_errors.into_iter(), 3);
        let mut model = FittedTheta { alpha, share, path, season, length: last + 1, deviation, fitted };
        // Gaps at the end are forecast like the future.
        for (point, t) in model.points().zip(last + 1..values.len()).collect::<Vec<_>>() {
            model.fitted.push(model.with_season(point, t));
            model.path.take(point, alpha);
        }
        model.length = values.len();
        Ok(model)
    }
}

impl FittedTheta {
    /// Smoothing of the level, α.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// θ, the curvature of the theta line; infinite when the line through the past takes its full part.
    pub fn theta(&self) -> f64 {
        1.0 / (1.0 - self.share)
    }

    /// How the season enters, if it is significant.
    pub fn season(&self) -> Option<Seasonality> {
        self.season.as_ref().map(|(kind, _)| *kind)
    }

    fn points(&self) -> impl Iterator<Item = f64> + use<> {
        let (mut path, alpha, share) = (self.path, self.alpha, self.share);
        std::iter::repeat_with(move || {
            let point = path.level + share * path.pull(alpha);
            path.take(point, alpha);
            point
        })
    }

    fn with_season(&self, point: f64, t: usize) -> f64 {
        match &self.season {
            Some((kind, indices)) => seasonalised(point, indices[t % indices.len()], *kind),
            None => point,
        }
    }
}

impl Predict for FittedTheta {
    fn name(&self) -> String {
        match self.season() {
            None => "dynamic theta",
            Some(Seasonality::Additive) => "dynamic theta, additive season",
            Some(Seasonality::Multiplicative) => "dynamic theta, multiplicative season",
        }
        .to_owned()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        self.points().take(horizon).enumerate().map(|(h, p)| self.with_season(p, self.length + h)).collect()
    }

    /// As simple exponential smoothing with drift, σ² (1 + (h − 1) α²), the form the theta method is equivalent to
    /// (Hyndman and Billah 2003, Int. J. Forecasting 19, 287–290).
    fn spread(&self, horizon: usize) -> Vec<f64> {
        (0..horizon)
            .map(|h| {
                let flat = self.deviation * (1.0 + h as f64 * self.alpha * self.alpha).sqrt();
                match &self.season {
                    Some((Seasonality::Multiplicative, indices)) => {
                        flat * indices[(self.length + h) % indices.len()]
                    }
                    _ => flat,
                }
            })
            .collect()
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}
