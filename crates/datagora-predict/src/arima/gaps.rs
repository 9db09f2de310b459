//! The Kalman filter of an integrated process whose values have gaps.
use super::filter::Innovations;
use super::polynomial::{Lags, first_covariances};

/// Variance of what is not known before the first values, in units of that of the noise.
const DIFFUSE: f64 = 1e7;
/// Innovations more uncertain than this tell where the series starts, and nothing of the model.
const UNINFORMED: f64 = 1e5;

/// Innovations of columns in levels, `NaN` in the first column = gap: it is passed over, and the states move on. The
/// state is Harvey's for the differenced process, followed by the last levels the differencing needs. O(m²) for each
/// step, where m is the length of both.
///
/// Harvey, A. C. (1989). *Forecasting, Structural Time Series Models and the Kalman Filter*, sections 3.2 and 3.4;
/// Gardner, G., Harvey, A. C. and Phillips, G. D. A. (1980). Algorithm AS 154. Applied Statistics 29, 311–322.
pub(super) fn kalman(
    phi: &Lags,
    theta: &Lags,
    differences: &Lags,
    columns: &[Vec<f64>],
    out: &mut Innovations,
) -> bool {
    let n = columns.first().map_or(0, Vec::len);
    out.reset(columns.len(), n);
    let r = phi.longest().max(theta.longest() + 1);
    let lags = differences.longest();
    let m = r + lags;
    let Some(mut covariance) = start(phi, theta, r, m) else { return false };
    out.state.clear();
    out.state.resize(columns.len(), vec![0.0; m]);
    let mut with_level = vec![0.0; m];
    for t in 0..n {
        // Covariance of the state with the level y = state[0] + Σ wᵢ lagᵢ.
        for (i, value) in with_level.iter_mut().enumerate() {
            let row = &covariance[i * m..(i + 1) * m];
            *value = row[0] + differences.sparse.iter().map(|(lag, w)| w * row[r + lag - 1]).sum::<f64>();
        }
        let mut variance = level(&with_level, r, differences);
        out.expected.push(if variance < UNINFORMED {
            level(&out.state[0], r, differences)
        } else {
            f64::NAN
        });
        let observed = !columns[0][t].is_nan();
        if observed {
            if variance.is_nan() || variance <= 0.0 {
                return false;
            }
            let informed = variance < UNINFORMED;
            let root = variance.sqrt();
            for (c, column) in columns.iter().enumerate() {
                let innovation = column[t] - level(&out.state[c], r, differences);
                if informed {
                    out.standardised[c][t] = innovation / root;
                }
                for (s, k) in out.state[c].iter_mut().zip(&with_level) {
                    *s += k * innovation / variance;
                }
            }
            if informed {
                out.variance[t] = variance;
                out.log_sum += variance.ln();
                out.count += 1;
            }
            for i in 0..m {
                let k = with_level[i] / variance;
                if k != 0.0 {
                    for (p, w) in covariance[i * m..(i + 1) * m].iter_mut().zip(&with_level) {
                        *p -= k * w;
                    }
                }
            }
            // The level is known now.
            with_level.fill(0.0);
            variance = 0.0;
        }
        for (c, state) in out.state.iter_mut().enumerate() {
            let now = if observed { columns[c][t] } else { level(state, r, differences) };
            advance(state, r, phi, now);
        }
        step(&mut covariance, m, r, phi, theta, &with_level, variance);
    }
    true
}

/// The level a state stands for.
pub(super) fn level(state: &[f64], r: usize, differences: &Lags) -> f64 {
    state[0] + differences.sparse.iter().map(|(lag, w)| w * state[r + lag - 1]).sum::<f64>()
}

/// The state one step later, if the level was `now`.
pub(super) fn advance(state: &mut [f64], r: usize, phi: &Lags, now: f64) {
    let head = state[0];
    state.copy_within(1..r, 0);
    state[r - 1] = 0.0;
    for (lag, weight) in &phi.sparse {
        state[lag - 1] += weight * head;
    }
    if state.len() > r {
        let end = state.len() - 1;
        state.copy_within(r..end, r + 1);
        state[r] = now;
    }
}

/// Stationary covariance of the process, diffuse variances of the levels.
fn start(phi: &Lags, theta: &Lags, r: usize, m: usize) -> Option<Vec<f64>> {
    let first = first_covariances(phi, theta, r)?;
    let noise = |i: usize| if i == 0 { 1.0 } else { theta.at(i) };
    let mut p = vec![0.0; m * m];
    for i in (0..r).rev() {
        for j in (i..r).rev() {
            let value = if i == 0 {
                first[j]
            } else {
                // P = T P T' + R R', read from the last place to the first.
                let after = |k: usize| first.get(k + 1).copied().unwrap_or(0.0);
                let diagonal = if j + 1 < r { p[(i + 1) * m + j + 1] } else { 0.0 };
                let (a, b) = (phi.at(i + 1), phi.at(j + 1));
                a * b * first[0] + a * after(j) + b * after(i) + diagonal + noise(i) * noise(j)
            };
            p[i * m + j] = value;
            p[j * m + i] = value;
        }
    }
    for i in r..m {
        p[i * m + i] = DIFFUSE;
    }
    Some(p)
}

/// The covariance one step later. `with_level` and `variance` are those of the level that becomes the first lag.
fn step(p: &mut [f64], m: usize, r: usize, phi: &Lags, theta: &Lags, with_level: &[f64], variance: f64) {
    let head: Vec<f64> = p[..m].to_vec();
    // Rows and columns of the process shift up, those of the lags down.
    let source = |i: usize| if i < r { i + 1 } else { i - 1 };
    let mut next = vec![0.0; m * m];
    for i in 0..m {
        if i == r - 1 || i == r {
            continue;
        }
        let from = source(i) * m;
        if r > 1 {
            next[i * m..i * m + r - 1].copy_from_slice(&p[from + 1..from + r]);
        }
        if m > r {
            next[i * m + r + 1..(i + 1) * m].copy_from_slice(&p[from + r..from + m - 1]);
        }
    }
    // What the first state passes on by the autoregression.
    let shifted = |v: &[f64], i: usize| match i {
        i if i < r - 1 => v[i + 1],
        i if i > r => v[i - 1],
        _ => 0.0,
    };
    for &(lag, a) in &phi.sparse {
        let i = lag - 1;
        for j in 0..m {
            let passed = a * shifted(&head, j);
            next[i * m + j] += passed;
            next[j * m + i] += passed;
        }
        for &(other, b) in &phi.sparse {
            next[i * m + other - 1] += a * b * head[0];
        }
    }
    if m > r {
        for j in 0..m {
            if j == r {
                continue;
            }
            let mut with = shifted(with_level, j);
            if j < r {
                with += phi.at(j + 1) * with_level[0];
            }
            next[r * m + j] = with;
            next[j * m + r] = with;
        }
        next[r * m + r] = variance;
    }
    for i in 0..r {
        let a = if i == 0 { 1.0 } else { theta.at(i) };
        if a == 0.0 {
            continue;
        }
        for j in 0..r {
            next[i * m + j] += a * if j == 0 { 1.0 } else { theta.at(j) };
        }
    }
    p.copy_from_slice(&next);
}
