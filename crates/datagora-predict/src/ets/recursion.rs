//! The recursion of the states, and its adjoint.
use super::{Errors, Ets, Trend};
use crate::Seasonality;

/// A multiplicative trend may not grow or shrink faster in a step.
const GROWTH: (f64, f64) = (0.5, 2.0);

/// Smoothing parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) alpha: f64,
    pub(crate) beta: f64,
    pub(crate) gamma: f64,
    pub(crate) phi: f64,
}

/// Level, slope and the ring of seasonal states; `place` is that of the next step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) level: f64,
    pub(crate) slope: f64,
    pub(crate) season: Vec<f64>,
    pub(crate) place: usize,
}

impl State {
    pub(super) fn period(&self) -> usize {
        self.season.len().max(1)
    }

    pub(super) fn season_now(&self) -> f64 {
        self.season.get(self.place).copied().unwrap_or(0.0)
    }

    /// One step without observation: the point forecast, and level with trend before the season.
    pub(super) fn step_on(&mut self, form: Ets, parameters: &Parameters) -> (f64, f64) {
        let (base, slope) = moved(form, self.level, self.slope, parameters.phi);
        let point = with_season(form, base, self.season_now());
        self.level = base;
        self.slope = slope;
        self.turn();
        (point, base)
    }

    fn turn(&mut self) {
        self.place = if self.place + 1 >= self.season.len() { 0 } else { self.place + 1 };
    }
}

/// Level and slope after a step without observation.
#[inline(always)]
fn moved(form: Ets, level: f64, slope: f64, phi: f64) -> (f64, f64) {
    if form.trend.multiplies() {
        let slope = if phi == 1.0 { slope } else { slope.powf(phi) };
        (level * slope, slope)
    } else {
        (level + phi * slope, phi * slope)
    }
}

fn with_season(form: Ets, base: f64, season: f64) -> f64 {
    match form.season {
        None => base,
        Some(Seasonality::Additive) => base + season,
        Some(Seasonality::Multiplicative) => base * season,
    }
}

/// What a pass over the values gives.
pub(super) struct Run {
    pub(super) fitted: Vec<f64>,
    /// Sum of squared errors, relative ones if the errors are multiplicative.
    pub(super) squares: f64,
    /// Sum of ln |fitted| for multiplicative errors, else 0.
    pub(super) logs: f64,
}

/// Runs the states through the values; `state` ends after the last.
pub(super) fn run(form: Ets, parameters: &Parameters, state: &mut State, values: &[f64]) -> Run {
    let mut run = Run { fitted: Vec::with_capacity(values.len()), squares: 0.0, logs: 0.0 };
    for &y in values {
        let season = state.season_now();
        let level = state.level;
        let place = state.place;
        let (point, base) = state.step_on(form, parameters);
        run.fitted.push(point);
        if y.is_nan() {
            continue;
        }
        let error = y - point;
        match form.errors {
            Errors::Additive => run.squares += error * error,
            Errors::Multiplicative => {
                run.squares += (error / point).powi(2);
                run.logs += point.abs().ln();
            }
        }
        let to_level = if form.season == Some(Seasonality::Multiplicative) { error / season } else { error };
        state.level = base + parameters.alpha * to_level;
        state.slope += parameters.beta * if form.trend.multiplies() { to_level / level } else { to_level };
        if let Some(kind) = form.season {
            let to_season = if kind == Seasonality::Multiplicative { error / base } else { error };
            state.season[place] = season + parameters.gamma * to_season;
        }
    }
    run
}

/// What the backward pass needs of each step.
#[derive(Clone, Copy)]
struct Step {
    y: f64,
    base: f64,
    slope: f64,
    season: f64,
}

/// Derivatives of the −2 log-likelihood by parameters and initial states.
#[derive(Default)]
pub(super) struct Gradient {
    pub(super) alpha: f64,
    pub(super) beta: f64,
    pub(super) gamma: f64,
    pub(super) phi: f64,
    pub(super) level: f64,
    pub(super) slope: f64,
    /// By place, counted as in the initial state.
    pub(super) season: Vec<f64>,
}

/// Working memory of [`likelihood`], kept between its calls.
#[derive(Default)]
pub(super) struct Tape {
    steps: Vec<Step>,
    ring: Vec<f64>,
}

/// n ln Σe² + 2 Σ ln |fitted| (the second term for multiplicative errors), and its gradient by the adjoint recursion:
/// two passes over the values, whatever the number of states. Infinite where a multiplicative form leaves the positive.
pub(super) fn likelihood(
    form: Ets,
    parameters: &Parameters,
    state: &State,
    values: &[f64],
    tape: &mut Tape,
    gradient: &mut Gradient,
) -> f64 {
    // Each form gets code of its own, without the questions of the others in its inner loops.
    let season = match form.season {
        None => 0,
        Some(Seasonality::Additive) => 1,
        Some(Seasonality::Multiplicative) => 2,
    };
    let passes = match (form.errors == Errors::Multiplicative, form.trend.multiplies(), season) {
        (false, false, 0) => passes::<false, false, 0>,
        (false, false, 1) => passes::<false, false, 1>,
        (false, false, _) => passes::<false, false, 2>,
        (false, true, 0) => passes::<false, true, 0>,
        (false, true, 1) => passes::<false, true, 1>,
        (false, true, _) => passes::<false, true, 2>,
        (true, false, 0) => passes::<true, false, 0>,
        (true, false, 1) => passes::<true, false, 1>,
        (true, false, _) => passes::<true, false, 2>,
        (true, true, 0) => passes::<true, true, 0>,
        (true, true, 1) => passes::<true, true, 1>,
        (true, true, _) => passes::<true, true, 2>,
    };
    passes(parameters, state, values, tape, gradient)
}

/// [`likelihood`] of one form: errors relative or not, trend by a factor or not, season 0 none, 1 additive,
/// 2 multiplicative.
fn passes<const RELATIVE: bool, const GROWS: bool, const SEASON: u8>(
    parameters: &Parameters,
    state: &State,
    values: &[f64],
    tape: &mut Tape,
    gradient: &mut Gradient,
) -> f64 {
    let (relative, grows, multiplies) = (RELATIVE, GROWS, SEASON == 2);
    let form = Ets {
        errors: if RELATIVE { Errors::Multiplicative } else { Errors::Additive },
        trend: if GROWS { Trend::Multiplicative } else { Trend::Additive },
        season: match SEASON {
            0 => None,
            1 => Some(Seasonality::Additive),
            _ => Some(Seasonality::Multiplicative),
        },
    };
    let Parameters { alpha, beta, gamma, phi } = *parameters;
    tape.steps.clear();
    tape.steps.reserve(values.len());
    tape.ring.clear();
    tape.ring.extend_from_slice(&state.season);
    if tape.ring.is_empty() {
        tape.ring.push(0.0);
    }
    let period = if SEASON == 0 { 1 } else { tape.ring.len() };
    let (mut level, mut slope, mut place) = (state.level, state.slope, state.place);
    let (mut squares, mut logs, mut product, mut n) = (0.0, 0.0, 1.0f64, 0usize);
    for &y in values {
        let season = if SEASON == 0 { 0.0 } else { tape.ring[place] };
        let before = level;
        let (base, turned) = moved(form, level, slope, phi);
        tape.steps.push(Step { y, base, slope, season });
        (level, slope) = (base, turned);
        if !y.is_nan() {
            let point = with_season(form, base, season);
            let positive =
                point > 1e-8 && (base > 1e-8 || !(multiplies || grows)) && (season > 1e-8 || !multiplies);
            if !positive && (multiplies || relative || grows) {
                return f64::INFINITY;
            }
            let error = y - point;
            if relative {
                squares += (error / point).powi(2);
                // The logarithm of many at once.
                product *= point;
                if !(1e-200..1e200).contains(&product) {
                    logs += product.ln();
                    product = 1.0;
                }
            } else {
                squares += error * error;
            }
            n += 1;
            let to_level = if multiplies { error / season } else { error };
            level += alpha * to_level;
            slope += beta * if grows { to_level / before } else { to_level };
            if grows && !(GROWTH.0..=GROWTH.1).contains(&slope) {
                return f64::INFINITY;
            }
            if form.season.is_some() {
                tape.ring[place] = season + gamma * if multiplies { error / base } else { error };
            }
        }
        place = if place + 1 == period { 0 } else { place + 1 };
    }
    // A perfect fit has an infinite likelihood; beyond this floor (values are scaled to 1) there is nothing to gain.
    let floor = 1e-20 * n as f64;
    let scale = if squares > floor { 2.0 * n as f64 / squares } else { 0.0 };
    let value = n as f64 * squares.max(floor).ln() + 2.0 * (logs + product.ln());

    // Backwards: adjoints of the states after each step become those before it.
    tape.ring.fill(0.0);
    let (mut a_level, mut a_slope) = (0.0, 0.0);
    let mut places = std::mem::take(&mut gradient.season);
    places.clear();
    *gradient = Gradient { season: places, ..Gradient::default() };
    for step in tape.steps.iter().rev() {
        place = if place == 0 { period - 1 } else { place - 1 };
        let Step { y, base, slope, season } = *step;
        let mut a_base = a_level;
        // Of the slope's change by the error, through the level it is measured by.
        let mut a_before = 0.0;
        let (before, turned) = if grows {
            let turned = moved(form, 1.0, slope, phi).1;
            (base / turned, turned)
        } else {
            (1.0, 0.0)
        };
        if !y.is_nan() {
            let point = with_season(form, base, season);
            let error = y - point;
            let mut a_season = if SEASON == 0 { 0.0 } else { tape.ring[place] };
            let mut a_error = 0.0;
            let to_level = if multiplies { error / season } else { error };
            gradient.alpha += a_level * to_level;
            gradient.beta += a_slope * to_level / before;
            let a_to_level = alpha * a_level + beta * a_slope / before;
            if grows {
                a_before = -a_slope * beta * to_level / (before * before);
            }
            if multiplies {
                a_error += a_to_level / season;
                a_season -= a_to_level * to_level / season;
            } else {
                a_error += a_to_level;
            }
            if form.season.is_some() {
                let a_to_season = gamma * tape.ring[place];
                let to_season = if multiplies { error / base } else { error };
                gradient.gamma += tape.ring[place] * to_season;
                if multiplies {
                    a_error += a_to_season / base;
                    a_base -= a_to_season * to_season / base;
                } else {
                    a_error += a_to_season;
                }
            }
            let mut a_point = -a_error;
            if relative {
                a_point += -scale * (error / point) * y / (point * point) + 2.0 / point;
            } else {
                a_point -= scale * error;
            }
            match form.season {
                None => a_base += a_point,
                Some(Seasonality::Additive) => {
                    a_base += a_point;
                    a_season += a_point;
                }
                Some(Seasonality::Multiplicative) => {
                    a_base += a_point * season;
                    a_season += a_point * base;
                }
            }
            if SEASON != 0 {
                tape.ring[place] = a_season;
            }
        }
        if grows {
            let a_turned = a_slope + a_base * before;
            gradient.phi += a_turned * turned * slope.ln();
            a_level = a_base * turned + a_before;
            a_slope = a_turned * phi * turned / slope;
        } else {
            gradient.phi += slope * (a_base + a_slope);
            a_level = a_base;
            a_slope = phi * (a_base + a_slope);
        }
    }
    gradient.level = a_level;
    gradient.slope = a_slope;
    gradient.season.extend_from_slice(&tape.ring);
    value
}
