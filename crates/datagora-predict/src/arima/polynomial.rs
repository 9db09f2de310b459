//! The two lag polynomials of a model: coefficients, autocovariances, and where their roots lie.

/// Coefficients of `B¹, B², …`, few of them not 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lags {
    /// By lag − 1, up to the longest.
    pub(super) dense: Vec<f64>,
    /// Lag and coefficient of those that are not 0.
    pub(super) sparse: Vec<(usize, f64)>,
}

impl Lags {
    /// Of `(1 + Σ aᵢ Bⁱ)(1 + Σ bⱼ Bˢʲ) − 1`.
    pub(super) fn product(short: &[f64], seasonal: &[f64], period: usize) -> Self {
        let mut dense = vec![0.0; short.len() + period * seasonal.len()];
        for (i, a) in short.iter().enumerate() {
            dense[i] += a;
        }
        for (j, b) in seasonal.iter().enumerate() {
            let base = period * (j + 1);
            dense[base - 1] += b;
            for (i, a) in short.iter().enumerate() {
                dense[base + i] += a * b;
            }
        }
        Self::of(dense)
    }

    pub(super) fn of(dense: Vec<f64>) -> Self {
        let sparse = dense.iter().enumerate().filter(|(_, c)| **c != 0.0).map(|(i, c)| (i + 1, *c)).collect();
        Self { dense, sparse }
    }

    pub(super) fn longest(&self) -> usize {
        self.dense.len()
    }

    pub(super) fn at(&self, lag: usize) -> f64 {
        self.dense.get(lag - 1).copied().unwrap_or(0.0)
    }
}

/// `(1 − B)ᵈ (1 − Bˢ)ᴰ` as weights of past values: what is differenced is `y_t − Σ wᵢ y_{t−i}`.
pub(super) fn differencing(d: usize, seasonal: usize, period: usize) -> Lags {
    let mut polynomial = vec![1.0];
    let mut times = |lag: usize| {
        let mut next = vec![0.0; polynomial.len() + lag];
        for (i, c) in polynomial.iter().enumerate() {
            next[i] += c;
            next[i + lag] -= c;
        }
        polynomial = next;
    };
    (0..d).for_each(|_| times(1));
    (0..seasonal).for_each(|_| times(period));
    Lags::of(polynomial[1..].iter().map(|c| -c).collect())
}

/// Coefficients `φ` of a stationary autoregression `y_t = Σ φᵢ y_{t−i} + e_t` from its partial autocorrelations.
///
/// Barndorff-Nielsen, O. and Schou, G. (1973). On the parametrization of autoregressive models by partial
/// autocorrelations. J. Multivariate Analysis 3, 408–419.
pub(super) fn from_partial(partial: &[f64]) -> Vec<f64> {
    let mut phi: Vec<f64> = Vec::with_capacity(partial.len());
    for &last in partial {
        let before = phi.clone();
        for (i, value) in phi.iter_mut().enumerate() {
            *value -= last * before[before.len() - 1 - i];
        }
        phi.push(last);
    }
    phi
}

/// The lower orders of an autoregression, from 0 to its own, and its partial autocorrelations; `None` where one of
/// them reaches 1, which is where a root lies on or inside the unit circle.
fn lower_orders(phi: &[f64]) -> Option<Vec<Vec<f64>>> {
    let mut orders = vec![phi.to_vec()];
    let mut current = phi.to_vec();
    while let Some(last) = current.pop() {
        let rest = 1.0 - last * last;
        if rest.is_nan() || rest <= 0.0 {
            return None;
        }
        let before = current.clone();
        for (i, value) in current.iter_mut().enumerate() {
            *value = (*value + last * before[before.len() - 1 - i]) / rest;
        }
        orders.push(current.clone());
    }
    orders.reverse();
    Some(orders)
}

/// Whether all roots of `1 − Σ φᵢ zⁱ` are further from 0 than `radius`.
pub(super) fn roots_beyond(phi: &[f64], radius: f64) -> bool {
    let scaled: Vec<f64> = phi.iter().zip(1..).map(|(c, lag)| c * radius.powi(lag)).collect();
    lower_orders(&scaled).is_some()
}

/// Autocovariances of the autoregression at lags 0 to `most`, for innovations of variance 1, by the Levinson recursion
/// run backwards and then forwards: O(p²).
fn autoregressive_covariances(phi: &Lags, most: usize) -> Option<Vec<f64>> {
    let orders = lower_orders(&phi.dense)?;
    let mut variance = 1.0;
    for last in orders.iter().filter_map(|order| order.last()) {
        variance /= 1.0 - last * last;
    }
    let mut covariance = Vec::with_capacity(most + 1);
    covariance.push(variance);
    for lag in 1..=most {
        let next = if lag < orders.len() {
            let order = &orders[lag];
            let before = &orders[lag - 1];
            // What the order below predicts, and what its last coefficient adds of the unexplained variance.
            let explained: f64 = before.iter().enumerate().map(|(i, c)| c * covariance[lag - 1 - i]).sum();
            let unexplained: f64 =
                variance - before.iter().enumerate().map(|(i, c)| c * covariance[i + 1]).sum::<f64>();
            explained + order[lag - 1] * unexplained
        } else {
            phi.sparse.iter().map(|(k, c)| c * covariance[lag - k]).sum()
        };
        covariance.push(next);
    }
    Some(covariance)
}

/// The first column of the covariance of the state of an ARMA process (Harvey's form, dimension `r`) at the start, for
/// innovations of variance 1. Its first entry is the variance of the process. `None` if that is not finite.
pub(super) fn first_covariances(phi: &Lags, theta: &Lags, r: usize) -> Option<Vec<f64>> {
    let q = theta.longest();
    let pure = autoregressive_covariances(phi, r + q)?;
    // Autocorrelation of the moving-average weights.
    let mut weights: Vec<(usize, f64)> = vec![(0, 1.0)];
    weights.extend(&theta.sparse);
    let mut shifts: Vec<(isize, f64)> = Vec::with_capacity(weights.len() * weights.len());
    for &(i, a) in &weights {
        for &(j, b) in &weights {
            shifts.push((i as isize - j as isize, a * b));
        }
    }
    let gamma: Vec<f64> = (0..=r)
        .map(|lag| shifts.iter().map(|(shift, w)| w * pure[(lag as isize + shift).unsigned_abs()]).sum())
        .collect();
    let psi = responses(phi, theta, r);
    let mut column = vec![gamma[0]; r];
    for (j, value) in column.iter_mut().enumerate().skip(1) {
        *value = phi.sparse.iter().filter(|(k, _)| *k > j).map(|(k, c)| c * gamma[k - j]).sum::<f64>()
            + theta.sparse.iter().filter(|(k, _)| *k >= j).map(|(k, c)| c * psi[k - j]).sum::<f64>();
    }
    column.iter().all(|v| v.is_finite()).then_some(column)
}

/// Response of the process to an innovation, after 0, 1, … steps (ψ weights).
pub(super) fn responses(phi: &Lags, theta: &Lags, steps: usize) -> Vec<f64> {
    let mut psi: Vec<f64> = Vec::with_capacity(steps);
    for t in 0..steps {
        let own = if t == 0 { 1.0 } else { theta.at(t) };
        let past: f64 = phi.sparse.iter().take_while(|(k, _)| *k <= t).map(|(k, c)| c * psi[t - k]).sum();
        psi.push(own + past);
    }
    psi
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_autocorrelations_come_back() {
        let partial = [0.7, -0.4, 0.2];
        let phi = from_partial(&partial);
        for (order, expected) in lower_orders(&phi).unwrap()[1..].iter().zip(partial) {
            assert!((order.last().unwrap() - expected).abs() < 1e-12);
        }
        assert!(lower_orders(&[0.5, 0.6]).is_none());
    }

    #[test]
    fn roots_are_located_without_being_computed() {
        // 1 − 1.2 z + 0.35 z² has the roots 2 and 10/7.
        assert!(roots_beyond(&[1.2, -0.35], 1.4) && !roots_beyond(&[1.2, -0.35], 1.43));
    }

    #[test]
    fn covariances_agree_with_the_sum_of_responses() {
        let phi = Lags::product(&[-0.5, 0.3], &[-0.4], 4);
        let phi = Lags::of(phi.dense.iter().map(|c| -c).collect());
        let theta = Lags::product(&[0.6], &[-0.7], 4);
        let r = phi.longest().max(theta.longest() + 1);
        let column = first_covariances(&phi, &theta, r).unwrap();
        let psi = responses(&phi, &theta, 400);
        let gamma = |lag: usize| psi.iter().zip(&psi[lag..]).map(|(a, b)| a * b).sum::<f64>();
        assert!((column[0] - gamma(0)).abs() < 1e-9);
        let second: f64 = (2..=r).map(|k| phi.at(k) * gamma(k - 1)).sum::<f64>()
            + (1..r).map(|k| theta.at(k) * psi[k - 1]).sum::<f64>();
        assert!((column[1] - second).abs() < 1e-9, "{column:?} {second}");
    }

    #[test]
    fn differences_multiply() {
        assert_eq!(differencing(1, 1, 4).sparse, [(1, 1.0), (4, 1.0), (5, -1.0)]);
        assert_eq!(differencing(2, 0, 1).dense, [2.0, -1.0]);
    }
}
