//! Maximum likelihood of the parameters, as nonlinear least squares.
use super::problem::{Coefficients, Likelihood, Problem, Residuals, Terms};

/// Partial autocorrelations stop at tanh(6) = 0.99999.
const EDGE: f64 = 6.0;
/// Step of the numerical derivatives, in the free coordinates.
const NEARBY: f64 = 1e-6;

/// Where a search ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) free: Vec<f64>,
    pub(super) log_likelihood: f64,
}

/// The best of several starts, improved until the log-likelihood rises by less than `tolerance`.
///
/// The exact likelihood is highest where the sum of squares of the innovations, times the geometric mean of their
/// variances, is least: a sum of squares of residuals, which the method of Levenberg and Marquardt brings down in few steps.
///
/// Marquardt, D. W. (1963). An algorithm for least-squares estimation of nonlinear parameters. J. SIAM 11, 431–441.
pub(super) fn estimate(
    problem: &mut Problem,
    terms: Terms,
    starts: &[Vec<f64>],
    likelihood: Likelihood,
    tolerance: f64,
) -> Option<Found> {
    let mut at = |free: &[f64], out: &mut Residuals| {
        problem.residuals(&Coefficients::from_free(terms, free), likelihood, out)
    };
    let mut best = Residuals { squares: f64::INFINITY, ..Residuals::default() };
    let mut trial = Residuals::default();
    let mut x = Vec::new();
    for start in starts {
        if at(start, &mut trial) && trial.squares < best.squares {
            std::mem::swap(&mut best, &mut trial);
            x.clone_from(start);
        }
    }
    if !best.squares.is_finite() {
        return None;
    }
    let k = terms.count();
    let mut damping = 1e-2;
    let mut slopes: Vec<Vec<f64>> = vec![Vec::new(); k];
    let mut quiet = 0;
    'steps: for _ in 0..if k == 0 { 0 } else { 50 } {
        let n = best.count as f64;
        if best.squares <= 1e-18 * n {
            break;
        }
        let mut nearby = x.clone();
        for j in 0..k {
            // Never over the edge.
            let step = if x[j] > 0.0 { -NEARBY } else { NEARBY };
            nearby[j] = x[j] + step;
            if !at(&nearby, &mut trial) {
                break 'steps;
            }
            nearby[j] = x[j];
            slopes[j].clear();
            slopes[j].extend(trial.values.iter().zip(&best.values).map(|(a, b)| (a - b) / step));
        }
        let mut normal = vec![0.0; k * k];
        let mut right = vec![0.0; k];
        for i in 0..k {
            for j in 0..=i {
                let product = slopes[i].iter().zip(&slopes[j]).map(|(a, b)| a * b).sum::<f64>();
                normal[i * k + j] = product;
                normal[j * k + i] = product;
            }
            right[i] = -slopes[i].iter().zip(&best.values).map(|(a, b)| a * b).sum::<f64>();
        }
        loop {
            let Some(mut step) = damped_solution(&normal, &right, damping) else { break 'steps };
            step.iter_mut().for_each(|s| *s = s.clamp(-1.0, 1.0));
            let next: Vec<f64> = x.iter().zip(&step).map(|(x, s)| (x + s).clamp(-EDGE, EDGE)).collect();
            if at(&next, &mut trial) && trial.squares < best.squares {
                let gain = 0.5 * n * (best.squares / trial.squares).ln();
                std::mem::swap(&mut best, &mut trial);
                x = next;
                damping = (damping * 0.15).max(1e-9);
                if gain < tolerance {
                    quiet += 1;
                    if quiet == 2 || gain < 0.01 * tolerance {
                        break 'steps;
                    }
                } else {
                    quiet = 0;
                }
                break;
            }
            damping *= 8.0;
            if damping > 1e5 {
                break 'steps;
            }
        }
    }
    let log_likelihood = problem.log_likelihood(&best);
    Some(Found { free: x, log_likelihood })
}

/// Solves (A + λ diag A) x = b by Cholesky.
fn damped_solution(normal: &[f64], right: &[f64], damping: f64) -> Option<Vec<f64>> {
    let k = right.len();
    let trace: f64 = (0..k).map(|i| normal[i * k + i]).sum();
    if !(trace.is_finite() && trace > 0.0) {
        return None;
    }
    let mut lower = normal.to_vec();
    for i in 0..k {
        lower[i * k + i] += damping * normal[i * k + i] + 1e-10 * trace;
    }
    for j in 0..k {
        for i in j..k {
            let sum: f64 = (0..j).map(|m| lower[i * k + m] * lower[j * k + m]).sum();
            let value = lower[i * k + j] - sum;
            if i == j {
                if value <= 0.0 {
                    return None;
                }
                lower[j * k + j] = value.sqrt();
            } else {
                lower[i * k + j] = value / lower[j * k + j];
            }
        }
    }
    let mut x = right.to_vec();
    for i in 0..k {
        let sum: f64 = (0..i).map(|j| lower[i * k + j] * x[j]).sum();
        x[i] = (x[i] - sum) / lower[i * k + i];
    }
    for i in (0..k).rev() {
        let sum: f64 = (i + 1..k).map(|j| lower[j * k + i] * x[j]).sum();
        x[i] = (x[i] - sum) / lower[i * k + i];
    }
    Some(x)
}

/// Places from which a search of its own starts: a process that forgets, one that remembers, and both with a season.
pub(super) fn usual_starts(terms: Terms) -> Vec<Vec<f64>> {
    let of = |first: [f64; 4]| {
        let mut free = vec![0.0; terms.count()];
        let mut at = 0;
        for (count, value) in
            [terms.ar, terms.ma, terms.seasonal_ar, terms.seasonal_ma].into_iter().zip(first)
        {
            for (i, x) in free[at..at + count].iter_mut().enumerate() {
                *x = if i == 0 { value } else { 0.1 * value };
            }
            at += count;
        }
        free
    };
    // As free coordinates of [ar, ma, seasonal ar, seasonal ma], where a moving average of −0.6 has 0.7.
    [
        [0.1, 0.15, 0.1, 0.15],
        [1.2, 0.5, 0.3, 0.6],
        [0.3, 1.2, 0.1, 0.8],
        [-0.4, 0.2, -0.3, 0.8],
        [0.5, -0.4, 0.8, 0.2],
    ]
    .map(of)
    .to_vec()
}
