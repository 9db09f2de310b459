//! The recursion of the states, and its adjoint.
use super::{Errors, Ets};
use crate::Seasonality;

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
        let base = self.level + parameters.phi * self.slope;
        let point = with_season(form, base, self.season_now());
        self.level = base;
        self.slope *= parameters.phi;
        self.turn();
        (point, base)
    }

    fn turn(&mut self) {
        self.place = if self.place + 1 >= self.season.len() { 0 } else { self.place + 1 };
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
        let slope = state.slope;
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
        state.slope = parameters.phi * slope + parameters.beta * to_level;
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
    let Parameters { alpha, beta, gamma, phi } = *parameters;
    let multiplies = form.season == Some(Seasonality::Multiplicative);
    let relative = form.errors == Errors::Multiplicative;
    tape.steps.clear();
    tape.ring.clear();
    tape.ring.extend_from_slice(&state.season);
    if tape.ring.is_empty() {
        tape.ring.push(0.0);
    }
    let period = tape.ring.len();
    let (mut level, mut slope, mut place) = (state.level, state.slope, state.place);
    let (mut squares, mut logs, mut n) = (0.0, 0.0, 0usize);
    for &y in values {
        let season = tape.ring[place];
        let base = level + phi * slope;
        tape.steps.push(Step { y, base, slope, season });
        level = base;
        if !y.is_nan() {
            let point = with_season(form, base, season);
            if (multiplies || relative) && (point <= 1e-8 || (multiplies && (season <= 1e-8 || base <= 1e-8)))
            {
                return f64::INFINITY;
            }
            let error = y - point;
            if relative {
                squares += (error / point).powi(2);
                logs += point.ln();
            } else {
                squares += error * error;
            }
            n += 1;
            let to_level = if multiplies { error / season } else { error };
            level += alpha * to_level;
            slope = phi * slope + beta * to_level;
            if form.season.is_some() {
                tape.ring[place] = season + gamma * if multiplies { error / base } else { error };
            }
        } else {
            slope *= phi;
        }
        place = if place + 1 == period { 0 } else { place + 1 };
    }
    // A perfect fit has an infinite likelihood; beyond this floor (values are scaled to 1) there is nothing to gain.
    let floor = 1e-20 * n as f64;
    let scale = if squares > floor { 2.0 * n as f64 / squares } else { 0.0 };
    let value = n as f64 * squares.max(floor).ln() + 2.0 * logs;

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
        if !y.is_nan() {
            let point = with_season(form, base, season);
            let error = y - point;
            let mut a_season = tape.ring[place];
            let mut a_error = 0.0;
            let to_level = if multiplies { error / season } else { error };
            gradient.alpha += a_level * to_level;
            gradient.beta += a_slope * to_level;
            let a_to_level = alpha * a_level + beta * a_slope;
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
            tape.ring[place] = a_season;
        }
        gradient.phi += slope * (a_base + a_slope);
        a_level = a_base;
        a_slope = phi * (a_base + a_slope);
    }
    gradient.level = a_level;
    gradient.slope = a_slope;
    gradient.season.extend_from_slice(&tape.ring);
    value
}
