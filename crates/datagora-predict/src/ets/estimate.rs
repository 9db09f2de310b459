//! Maximum likelihood: where to start, what is free, and in which coordinates.
use super::recursion::{Gradient, Parameters, State, Tape, likelihood};
use super::{Ets, Region, Trend};
use crate::decompose::{deseasonalised, seasonal_indices};
use crate::minimise::lbfgs;
use crate::{Seasonality, Series};

/// Seasons with more places keep the indices of the decomposition as their initial states.
const FREE_PLACES: usize = 24;

/// Edges of the region of the parameters, as R's `forecast::ets` has them by default.
const EDGE: f64 = 1e-4;
const PHI: (f64, f64) = (0.8, 0.98);

/// Initial seasonal states, shared by the forms tried on one series.
#[derive(Default)]
pub(super) struct Start {
    additive: Option<Option<Vec<f64>>>,
    multiplicative: Option<Option<Vec<f64>>>,
}

impl Start {
    fn season(&mut self, values: &[f64], period: usize, kind: Seasonality) -> Option<Vec<f64>> {
        let slot = match kind {
            Seasonality::Additive => &mut self.additive,
            Seasonality::Multiplicative => &mut self.multiplicative,
        };
        slot.get_or_insert_with(|| seasonal_indices(values, period, kind)).clone()
    }
}

/// Parameters, position of the first value and the states before it, at the highest likelihood × prior, where the share
/// of β in its largest value has the prior Beta(1, 1 + `caution`); 0 is maximum likelihood.
pub(super) fn estimate(
    form: Ets,
    series: &Series,
    region: Region,
    caution: f64,
    start: &mut Start,
) -> Option<(Parameters, usize, State)> {
    let first = series.values().iter().position(|y| !y.is_nan())?;
    let scale = series.values().iter().filter(|y| !y.is_nan()).map(|y| y.abs()).sum::<f64>()
        / series.observed() as f64;
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let values: Vec<f64> = series.values()[first..].iter().map(|y| y / scale).collect();
    let season = match form.season {
        None => Vec::new(),
        Some(kind) => start.season(&values, series.period(), kind)?,
    };
    let flat = match form.season {
        None => values.clone(),
        Some(kind) => deseasonalised(&values, &season, kind),
    };
    let (level, slope) = line(&flat, (2 * series.period()).max(10), form);
    let initial = State { level, slope, season, place: 0 };

    // States are searched for in steps of the usual change: a level of 579 ± 1 is a matter of the 1.
    let changes: Vec<f64> = flat.windows(2).map(|w| (w[1] - w[0]).abs()).filter(|c| !c.is_nan()).collect();
    let change = changes.iter().sum::<f64>() / changes.len().max(1) as f64;
    let map = Map::of(form, region, initial, change.clamp(1e-6, 1.0));
    let mut polynomial = Vec::new();
    let mut tape = Tape::default();
    let mut gradient = Gradient::default();
    let mut objective = |x: &[f64], g: &mut [f64]| {
        let (parameters, state) = map.decode(x);
        let sunk =
            form.season == Some(Seasonality::Multiplicative) && state.season.iter().any(|&s| s <= 1e-4);
        if sunk || !region.holds(form, &parameters, series.period(), &mut polynomial) {
            return f64::INFINITY;
        }
        let mut value = likelihood(form, &parameters, &state, &values, &mut tape, &mut gradient);
        if value.is_finite() {
            if form.trend != Trend::None {
                let (top, rise) = region.top_beta(parameters.alpha);
                let ratio = parameters.beta / top;
                value -= 2.0 * caution * (1.0 - ratio).ln();
                let steep = 2.0 * caution / (1.0 - ratio) / top;
                gradient.beta += steep;
                gradient.alpha -= steep * ratio * rise;
            }
            map.pull(x, (&parameters, &state), &gradient, g);
        }
        value
    };

    let mut scratch = vec![0.0; map.len()];
    let mut best: Option<(f64, Vec<f64>)> = None;
    // A smaller season, where the estimated one would take a multiplicative form below zero.
    for season in [1.0, 0.5, 0.2] {
        for (alpha, share) in [(0.1, 0.05), (0.3, 0.05), (0.6, 0.1), (0.9, 0.1), (0.1, 0.3)] {
            let x = map.encode(alpha, share, season);
            let value = objective(&x, &mut scratch);
            if value.is_finite() && best.as_ref().is_none_or(|(b, _)| value < *b) {
                best = Some((value, x));
            }
        }
        if best.is_some() {
            break;
        }
    }
    let (_, x) = best?;
    let (x, value) = lbfgs(&x, 120, 1e-6, &mut objective);
    if !value.is_finite() {
        return None;
    }
    let (parameters, mut state) = map.decode(&x);
    state.level *= scale;
    if !form.trend.multiplies() {
        state.slope *= scale;
    }
    if form.season == Some(Seasonality::Additive) {
        state.season.iter_mut().for_each(|s| *s *= scale);
    }
    Some((parameters, first, state))
}

/// Level and slope before the first value: of the least-squares line through the first `most` steps, or of the growth
/// along it.
fn line(values: &[f64], most: usize, form: Ets) -> (f64, f64) {
    let seen: Vec<(f64, f64)> = values
        .iter()
        .enumerate()
        .filter(|(_, y)| !y.is_nan())
        .map(|(t, &y)| ((t + 1) as f64, y))
        .take(most)
        .collect();
    let n = seen.len() as f64;
    let (mt, my) = (seen.iter().map(|p| p.0).sum::<f64>() / n, seen.iter().map(|p| p.1).sum::<f64>() / n);
    if form.trend == Trend::None {
        return (my, 0.0);
    }
    let (mut tt, mut ty) = (0.0, 0.0);
    for (t, y) in seen {
        tt += (t - mt) * (t - mt);
        ty += (t - mt) * (y - my);
    }
    let slope = if tt > 0.0 { ty / tt } else { 0.0 };
    let level = my - slope * mt;
    // A multiplicative form cannot start below zero.
    let sinks = form.multiplicative() && (level <= 0.0 || level + slope <= 0.0);
    match form.trend.multiplies() {
        true if sinks => (my, 1.0),
        true => (level, ((level + slope) / level).clamp(0.8, 1.25)),
        false if sinks => (my, 0.0),
        false => (level, slope),
    }
}

/// The free coordinates: logits of the parameters within their region, then the initial states.
struct Map {
    region: Region,
    trend: Trend,
    season: Option<Seasonality>,
    period: usize,
    /// Where the states start; the seasonal ones stay there when they are too many.
    initial: State,
    /// One unit of the coordinates of the states.
    unit: f64,
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

/// A share of the region, kept off its edges.
fn inside(x: f64) -> f64 {
    EDGE + (1.0 - 2.0 * EDGE) * sigmoid(x)
}

fn inside_slope(x: f64) -> f64 {
    let p = sigmoid(x);
    (1.0 - 2.0 * EDGE) * p * (1.0 - p)
}

impl Map {
    fn of(form: Ets, region: Region, initial: State, unit: f64) -> Self {
        Self { region, trend: form.trend, season: form.season, period: initial.season.len(), initial, unit }
    }

    fn free_places(&self) -> usize {
        if self.season.is_none() || self.period > FREE_PLACES { 0 } else { self.period - 1 }
    }

    fn smoothings(&self) -> usize {
        1 + match self.trend {
            Trend::None => 0,
            Trend::Additive | Trend::Multiplicative => 1,
            Trend::Damped | Trend::DampedMultiplicative => 2,
        } + usize::from(self.season.is_some())
    }

    fn len(&self) -> usize {
        self.smoothings() + 1 + usize::from(self.trend != Trend::None) + self.free_places()
    }

    /// β = α · `share`, γ = (1 − α) · `share`; the initial states, with the season at a share of its size.
    fn encode(&self, alpha: f64, share: f64, season: f64) -> Vec<f64> {
        let mut x = vec![logit(alpha / self.region.top_alpha())];
        if self.trend != Trend::None {
            x.push(logit(alpha * share / self.region.top_beta(alpha).0));
        }
        if self.season.is_some() {
            x.push(logit((1.0 - alpha) * share / self.region.top_gamma(alpha)));
        }
        if self.trend.is_damped() {
            x.push(logit(0.9));
        }
        x.push(0.0);
        if self.trend != Trend::None {
            x.push(0.0);
        }
        let none = if self.season == Some(Seasonality::Multiplicative) { 1.0 } else { 0.0 };
        let places = &self.initial.season[..self.free_places()];
        x.extend(places.iter().map(|s| (season - 1.0) * (s - none) / self.unit));
        x
    }

    fn decode(&self, x: &[f64]) -> (Parameters, State) {
        let alpha = self.region.top_alpha() * inside(x[0]);
        let mut next = 1;
        let mut take = || {
            next += 1;
            x[next - 1]
        };
        let beta =
            if self.trend == Trend::None { 0.0 } else { self.region.top_beta(alpha).0 * inside(take()) };
        let gamma = if self.season.is_none() { 0.0 } else { self.region.top_gamma(alpha) * inside(take()) };
        let phi = if self.trend.is_damped() { PHI.0 + (PHI.1 - PHI.0) * sigmoid(take()) } else { 1.0 };
        let level = self.initial.level + self.unit * take();
        let slope = match self.trend {
            Trend::None => 0.0,
            Trend::Additive | Trend::Damped => self.initial.slope + self.unit * take(),
            Trend::Multiplicative | Trend::DampedMultiplicative => {
                self.initial.slope * (self.unit * take()).exp()
            }
        };
        let mut season = self.initial.season.clone();
        if let Some((last, free)) = season.split_last_mut() {
            // What is added to the others is taken from the last, so that their mean stays.
            for (state, x) in free.iter_mut().zip(&x[next..]) {
                *state += self.unit * x;
                *last -= self.unit * x;
            }
        }
        (Parameters { alpha, beta, gamma, phi }, State { level, slope, season, place: 0 })
    }

    /// The gradient in the free coordinates.
    fn pull(&self, x: &[f64], (p, state): (&Parameters, &State), g: &Gradient, out: &mut [f64]) {
        let mut next = 1;
        let mut alpha = g.alpha;
        if self.trend != Trend::None {
            let (top, rise) = self.region.top_beta(p.alpha);
            alpha += g.beta * p.beta / top * rise;
            out[next] = g.beta * top * inside_slope(x[next]);
            next += 1;
        }
        if self.season.is_some() {
            let top = self.region.top_gamma(p.alpha);
            alpha -= g.gamma * p.gamma / top;
            out[next] = g.gamma * top * inside_slope(x[next]);
            next += 1;
        }
        if self.trend.is_damped() {
            let s = sigmoid(x[next]);
            out[next] = g.phi * (PHI.1 - PHI.0) * s * (1.0 - s);
            next += 1;
        }
        out[0] = alpha * self.region.top_alpha() * inside_slope(x[0]);
        out[next] = self.unit * g.level;
        next += 1;
        if self.trend != Trend::None {
            let scale = if self.trend.multiplies() { state.slope } else { 1.0 };
            out[next] = self.unit * scale * g.slope;
            next += 1;
        }
        let free = self.free_places();
        for place in 0..free {
            out[next + place] = self.unit * (g.season[place] - g.season[self.period - 1]);
        }
    }
}
