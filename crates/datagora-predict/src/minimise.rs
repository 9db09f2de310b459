//! Minima of smooth functions: limited-memory BFGS, damped Gauss-Newton, and a descent along one parameter.
use std::collections::VecDeque;

/// Pairs of steps kept to describe the curvature.
const MEMORY: usize = 8;

/// Minimises `f` from `start`; `f` gives its value and writes its gradient. An infinite value marks a forbidden place.
///
/// Nocedal, J. and Wright, S. J. (2006). *Numerical Optimization*, algorithm 7.5, with backtracking (Armijo) steps.
pub(crate) fn lbfgs(
    start: &[f64],
    iterations: usize,
    tolerance: f64,
    mut f: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> (Vec<f64>, f64) {
    let n = start.len();
    let mut x = start.to_vec();
    let mut gradient = vec![0.0; n];
    let mut value = f(&x, &mut gradient);
    if n == 0 || !value.is_finite() {
        return (x, value);
    }
    let mut pairs: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::with_capacity(MEMORY);
    let (mut trial, mut trial_gradient) = (vec![0.0; n], vec![0.0; n]);
    let mut quiet = 0;
    for _ in 0..iterations {
        let mut direction = descent(&gradient, &pairs);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            pairs.clear();
            direction = gradient.iter().map(|g| -g).collect();
            slope = -dot(&gradient, &gradient);
        }
        if slope.abs() <= f64::MIN_POSITIVE {
            break;
        }
        let length = dot(&direction, &direction).sqrt();
        // Without curvature yet, a step of a fifth in the (scaled) parameters; never one that leaves the neighbourhood.
        let mut step = if pairs.is_empty() { 0.2 / length } else { 1.0f64.min(3.0 / length) };
        let mut found = false;
        for _ in 0..25 {
            for i in 0..n {
                trial[i] = x[i] + step * direction[i];
            }
            let there = f(&trial, &mut trial_gradient);
            if there.is_finite() && there <= value + 1e-4 * step * slope {
                let s: Vec<f64> = trial.iter().zip(&x).map(|(a, b)| a - b).collect();
                let y: Vec<f64> = trial_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
                let curvature = dot(&s, &y);
                if curvature > 1e-12 * dot(&y, &y).sqrt() * dot(&s, &s).sqrt() {
                    if pairs.len() == MEMORY {
                        pairs.pop_front();
                    }
                    pairs.push_back((s, y, 1.0 / curvature));
                }
                quiet = if value - there <= tolerance * (1.0 + value.abs()) { quiet + 1 } else { 0 };
                x.copy_from_slice(&trial);
                gradient.copy_from_slice(&trial_gradient);
                value = there;
                found = true;
                break;
            }
            // The minimum of the parabola through value, slope and the trial, kept within a tenth and a half.
            let parabola =
                if there.is_finite() { -slope * step / (2.0 * (there - value - slope * step)) } else { 0.1 };
            step *= parabola.clamp(0.1, 0.5);
        }
        if !found {
            if pairs.is_empty() {
                break;
            }
            pairs.clear();
            quiet += 1;
        }
        if quiet >= 2 {
            break;
        }
    }
    (x, value)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn descent(gradient: &[f64], pairs: &VecDeque<(Vec<f64>, Vec<f64>, f64)>) -> Vec<f64> {
    let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut weights = Vec::with_capacity(pairs.len());
    for (s, y, rho) in pairs.iter().rev() {
        let a = rho * dot(s, &q);
        q.iter_mut().zip(y).for_each(|(v, y)| *v -= a * y);
        weights.push(a);
    }
    if let Some((s, y, _)) = pairs.back() {
        let scale = dot(s, y) / dot(y, y);
        q.iter_mut().for_each(|v| *v *= scale);
    }
    for ((s, y, rho), a) in pairs.iter().zip(weights.iter().rev()) {
        let b = rho * dot(y, &q);
        q.iter_mut().zip(s).for_each(|(v, s)| *v += (a - b) * s);
    }
    q
}

/// The least sum of squares within `bounds`; `f` gives the sum, half its gradient and the products of the derivatives of
/// the errors (half the second derivatives, without the curvature of the errors), or nothing at a forbidden place.
///
/// Levenberg, K. (1944), Quart. Appl. Math. 2, 164–168; Marquardt, D. W. (1963), J. SIAM 11, 431–441. Parameters that a
/// bound holds back are kept there for the step.
pub(crate) fn least_squares<const P: usize>(
    start: [f64; P],
    bounds: [(f64, f64); P],
    mut f: impl FnMut(&[f64; P]) -> Option<(f64, [f64; P], [[f64; P]; P])>,
) -> Option<[f64; P]> {
    let mut x = start;
    let (mut sum, mut gradient, mut curvature) = f(&x)?;
    let mut damping = 1e-3;
    for _ in 0..60 {
        let mut step = gradient.map(|g| -g);
        let mut matrix = curvature;
        for p in 0..P {
            let held =
                (x[p] <= bounds[p].0 && gradient[p] > 0.0) || (x[p] >= bounds[p].1 && gradient[p] < 0.0);
            if held {
                (0..P).for_each(|q| (matrix[p][q], matrix[q][p]) = (0.0, 0.0));
                step[p] = 0.0;
            }
            matrix[p][p] = if held { 1.0 } else { matrix[p][p] * (1.0 + damping) + f64::MIN_POSITIVE };
        }
        solve(matrix, &mut step);
        let mut trial = x;
        for p in 0..P {
            trial[p] = (x[p] + step[p]).clamp(bounds[p].0, bounds[p].1);
        }
        match f(&trial).filter(|there| there.0 < sum) {
            Some(there) => {
                let gain = sum - there.0;
                x = trial;
                (sum, gradient, curvature) = there;
                damping = (damping * 0.1).max(1e-9);
                if gain <= 1e-9 * sum {
                    break;
                }
            }
            None if damping > 1e6 => break,
            None => damping *= 8.0,
        }
    }
    Some(x)
}

/// Solves a small positive definite system in place, by elimination.
fn solve<const P: usize>(mut matrix: [[f64; P]; P], right: &mut [f64; P]) {
    for p in 0..P {
        for q in p + 1..P {
            let (above, below) = matrix.split_at_mut(q);
            let share = below[0][p] / above[p][p];
            below[0].iter_mut().zip(&above[p]).for_each(|(b, a)| *b -= share * a);
            right[q] -= share * right[p];
        }
    }
    for p in (0..P).rev() {
        for q in p + 1..P {
            right[p] -= matrix[p][q] * right[q];
        }
        right[p] /= matrix[p][p];
    }
}

/// The lowest point of `f` in the valley that `start` lies in: downhill in steps of `width` within `[low, high]`,
/// refined by golden sections.
pub(crate) fn downhill(start: f64, low: f64, high: f64, width: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let mut best = (start, f(start));
    let way = if f((start + width).min(high)) < f((start - width).max(low)) { width } else { -width };
    loop {
        let x = (best.0 + way).clamp(low, high);
        let value = f(x);
        if value < best.1 {
            best = (x, value);
        } else {
            break;
        }
    }
    golden_sections((best.0 - width).max(low), (best.0 + width).min(high), best, f)
}

/// The minimum between `a` and `b`, unless `known` is as low.
///
/// Kiefer, J. (1953). Sequential minimax search for a maximum. Proc. AMS 4, 502–506.
fn golden_sections(mut a: f64, mut b: f64, known: (f64, f64), mut f: impl FnMut(f64) -> f64) -> f64 {
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut c, mut d) = (b - golden * (b - a), a + golden * (b - a));
    let (mut at_c, mut at_d) = (f(c), f(d));
    for _ in 0..14 {
        if at_c < at_d {
            (b, d, at_d) = (d, c, at_c);
            c = b - golden * (b - a);
            at_c = f(c);
        } else {
            (a, c, at_c) = (c, d, at_d);
            d = a + golden * (b - a);
            at_d = f(d);
        }
    }
    let inner = if at_c < at_d { (c, at_c) } else { (d, at_d) };
    if inner.1 < known.1 { inner.0 } else { known.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_valley_of_rosenbrock() {
        let (x, value) = lbfgs(&[-1.2, 1.0], 200, 1e-14, |x, g| {
            g[0] = -400.0 * x[0] * (x[1] - x[0] * x[0]) - 2.0 * (1.0 - x[0]);
            g[1] = 200.0 * (x[1] - x[0] * x[0]);
            100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2)
        });
        assert!(value < 1e-10 && (x[0] - 1.0).abs() < 1e-4, "{x:?} {value}");
    }

    #[test]
    fn least_squares_stay_within_bounds() {
        // Rosenbrock as the errors 1 − a and 10 (b − a²).
        let f = |x: &[f64; 2]| {
            let e = [1.0 - x[0], 10.0 * (x[1] - x[0] * x[0])];
            let d = [[-1.0, 0.0], [-20.0 * x[0], 10.0]];
            let gradient = [0, 1].map(|p| e[0] * d[0][p] + e[1] * d[1][p]);
            let products = [0, 1].map(|p| [0, 1].map(|q| d[0][p] * d[0][q] + d[1][p] * d[1][q]));
            Some((e[0] * e[0] + e[1] * e[1], gradient, products))
        };
        let free = least_squares([-1.2, 1.0], [(-2.0, 2.0); 2], f).unwrap();
        assert!((free[0] - 1.0).abs() < 1e-4 && (free[1] - 1.0).abs() < 1e-4, "{free:?}");
        let held = least_squares([-0.5, 0.0], [(-2.0, 0.5), (-2.0, 2.0)], f).unwrap();
        assert!(held[0] == 0.5 && (held[1] - 0.25).abs() < 1e-4, "{held:?}");
        assert!(least_squares([0.0], [(0.0, 1.0)], |_| None).is_none());
    }

    #[test]
    fn stays_in_its_valley() {
        // Minima at 0.3 and, deeper, at 0.9.
        let f = |x: f64| ((x - 0.3) * (x - 0.9)).powi(2) - 0.01 * x;
        assert!((downhill(0.4, 0.0, 1.0, 0.05, f) - 0.3).abs() < 0.05);
        assert!((downhill(0.7, 0.0, 1.0, 0.05, f) - 0.9).abs() < 0.05);
        assert_eq!(downhill(0.5, 0.0, 1.0, 0.1, |x| -x), 1.0);
        assert_eq!(downhill(0.5, 0.0, 1.0, 0.1, |_| f64::INFINITY), 0.5);
    }
}
