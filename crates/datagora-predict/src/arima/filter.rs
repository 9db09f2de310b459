//! Innovations of an ARMA process: what each value adds to all before it.
use super::polynomial::{Lags, first_covariances};

/// What a filter gives for each of the columns it is run on. All columns share the gains.
#[derive(Clone, Debug, Default)]
pub(super) struct Innovations {
    /// By column, aligned with time: innovation over its standard deviation; 0 where there is none.
    pub(super) standardised: Vec<Vec<f64>>,
    /// Variance of the innovation, in units of that of the noise; `NaN` where there is none.
    pub(super) variance: Vec<f64>,
    /// Sum of the logarithms of these variances.
    pub(super) log_sum: f64,
    /// Number of innovations.
    pub(super) count: usize,
    /// The level expected of the first column, by the filter that passes over gaps; `NaN` where nothing is known yet.
    pub(super) expected: Vec<f64>,
    /// By column, the state after the last value, as known before the next.
    pub(super) state: Vec<Vec<f64>>,
}

impl Innovations {
    pub(super) fn reset(&mut self, columns: usize, n: usize) {
        self.standardised.resize_with(columns, Vec::new);
        for column in &mut self.standardised {
            column.clear();
            column.resize(n, 0.0);
        }
        self.variance.clear();
        self.variance.resize(n, f64::NAN);
        self.expected.clear();
        self.log_sum = 0.0;
        self.count = 0;
    }
}

/// Changes of the covariance below this are none.
const STEADY: f64 = 1e-11;

/// Exact innovations of columns without gaps, by the Chandrasekhar form of the Kalman filter: the covariance of the
/// state starts stationary, so that it changes by a matrix of rank 1 at each step, and O(r) work suffices. Once it
/// no longer changes, what is left is the difference equation. `false` if the parameters have no finite covariance.
///
/// Morf, M., Sidhu, G. S. and Kailath, T. (1974). Some new algorithms for recursive estimation in constant, linear,
/// discrete-time systems. IEEE Trans. Automatic Control 19, 315–323; Mélard, G. (1984). Algorithm AS 197. Applied
/// Statistics 33, 104–114.
pub(super) fn exact(phi: &Lags, theta: &Lags, columns: &[Vec<f64>], out: &mut Innovations) -> bool {
    let n = columns.first().map_or(0, Vec::len);
    out.reset(columns.len(), n);
    out.count = n;
    let r = phi.longest().max(theta.longest() + 1);
    let Some(first) = first_covariances(phi, theta, r) else { return false };
    let mut variance = first[0];
    // One more place, always 0, so that every shift reads what follows.
    let mut gain: Vec<f64> = (0..=r)
        .map(
            |i| if i < r { phi.at(i + 1) * variance + first.get(i + 1).copied().unwrap_or(0.0) } else { 0.0 },
        )
        .collect();
    let mut change = gain.clone();
    let mut size = -1.0 / variance;
    out.state.clear();
    out.state.resize(columns.len(), vec![0.0; r + 1]);

    let mut t = 0;
    while t < n {
        if variance.is_nan() || variance <= 0.0 {
            return false;
        }
        out.variance[t] = variance;
        out.log_sum += variance.ln();
        let root = variance.sqrt();
        for (c, column) in columns.iter().enumerate() {
            let state = &mut out.state[c];
            let innovation = column[t] - state[0];
            out.standardised[c][t] = innovation / root;
            let (head, correction) = (state[0], innovation / variance);
            for i in 0..r {
                state[i] = state[i + 1] + gain[i] * correction;
            }
            for &(lag, weight) in &phi.sparse {
                state[lag - 1] += weight * head;
            }
        }
        t += 1;
        let h = change[0];
        let next = (variance + size * h * h).max(1.0);
        let back = h / variance;
        let (mut largest, step) = (0.0f64, size * h);
        // The change moves on by T, loses what the old gain explains, and moves the gain: G = T L, K += G M h.
        for i in 0..r {
            let moved = change[i + 1];
            change[i] = moved - gain[i] * back;
            gain[i] += moved * step;
        }
        for &(lag, weight) in &phi.sparse {
            let moved = weight * h;
            change[lag - 1] += moved;
            gain[lag - 1] += moved * step;
        }
        size *= variance / next;
        variance = next;
        if variance - 1.0 < STEADY * 100.0 && t % 4 == 0 {
            for value in &change[..r] {
                largest = largest.max(value * value);
            }
            if largest * -size < STEADY {
                break;
            }
        }
    }
    if t < n {
        steady(phi, theta, columns, t, out);
        for (c, column) in columns.iter().enumerate() {
            out.state[c] = state_after(phi, theta, column, &out.standardised[c], r);
        }
    }
    for state in &mut out.state {
        state.truncate(r);
    }
    true
}

/// Innovations given that the first values are what they are and nothing happened before: the conditional sum of
/// squares. The first `phi.longest()` innovations are left out.
///
/// Box, G. E. P. and Jenkins, G. M. (1970). *Time Series Analysis: Forecasting and Control*, section 7.1.2.
pub(super) fn conditional(phi: &Lags, theta: &Lags, columns: &[Vec<f64>], out: &mut Innovations) {
    let n = columns.first().map_or(0, Vec::len);
    out.reset(columns.len(), n);
    let first = phi.longest().min(n);
    out.count = n - first;
    steady(phi, theta, columns, first, out);
}

/// The difference equation from `first` on, where variances are 1.
fn steady(phi: &Lags, theta: &Lags, columns: &[Vec<f64>], first: usize, out: &mut Innovations) {
    let reach = phi.longest().max(theta.longest());
    for (column, innovations) in columns.iter().zip(&mut out.standardised) {
        for t in first..column.len() {
            let mut value = column[t];
            if t >= reach {
                for &(lag, weight) in &phi.sparse {
                    value -= weight * column[t - lag];
                }
                for &(lag, weight) in &theta.sparse {
                    value -= weight * innovations[t - lag];
                }
            } else {
                for &(lag, weight) in phi.sparse.iter().take_while(|(lag, _)| *lag <= t) {
                    value -= weight * column[t - lag];
                }
                for &(lag, weight) in theta.sparse.iter().take_while(|(lag, _)| *lag <= t) {
                    value -= weight * innovations[t - lag];
                }
            }
            innovations[t] = value;
        }
    }
    out.variance[first..].fill(1.0);
}

/// The state a steady filter has reached, from the last values and innovations.
fn state_after(phi: &Lags, theta: &Lags, column: &[f64], innovations: &[f64], r: usize) -> Vec<f64> {
    let n = column.len();
    (0..r)
        .map(|i| {
            let past = |lags: &Lags, of: &[f64]| -> f64 {
                lags.sparse
                    .iter()
                    .filter(|(lag, _)| *lag > i && lag - i <= n)
                    .map(|(lag, weight)| weight * of[n - (lag - i)])
                    .sum()
            };
            past(phi, column) + past(theta, innovations)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arima::gaps;

    fn values(n: usize) -> Vec<f64> {
        (0..n).map(|t| ((t * 37 + t * t % 11) % 23) as f64 / 10.0 - 1.1).collect()
    }

    #[test]
    fn both_filters_agree_where_there_is_no_gap() {
        for (phi, theta) in [
            (vec![0.5, -0.3], vec![0.4]),
            (vec![], vec![-0.6, 0.0, 0.2]),
            (vec![0.9], vec![]),
            (vec![0.0, 0.0, 0.0, 0.7], vec![-0.4, 0.0, 0.0, -0.5, 0.2]),
            (vec![], vec![]),
        ] {
            let (phi, theta) = (Lags::of(phi), Lags::of(theta));
            let columns = [values(90), values(90).iter().map(|v| v * v).collect()];
            let (mut quick, mut full) = (Innovations::default(), Innovations::default());
            assert!(exact(&phi, &theta, &columns, &mut quick));
            assert!(gaps::kalman(&phi, &theta, &Lags::default(), &columns, &mut full));
            assert!((quick.log_sum - full.log_sum).abs() < 1e-8, "{phi:?} {theta:?}");
            for c in 0..2 {
                for t in 0..90 {
                    assert!((quick.standardised[c][t] - full.standardised[c][t]).abs() < 1e-8, "{c} {t}");
                }
                for (a, b) in quick.state[c].iter().zip(&full.state[c]) {
                    assert!((a - b).abs() < 1e-8);
                }
            }
        }
    }
}
