//! Where the smoothing parameters may lie.
use super::recursion::Parameters;
use super::{Ets, Trend};

/// Where the smoothing parameters may lie.
///
/// # References
///
/// Hyndman, R. J., Koehler, A. B., Ord, J. K. and Snyder, R. D. (2008). *Forecasting with Exponential Smoothing: The
/// State Space Approach*. Springer, chapter 10; as `bounds` in R's `forecast::ets`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Region {
    /// 0 < β < α < 1 and 0 < γ < 1 − α: each state is a weighted mean of what was known and what came.
    #[default]
    Usual,
    /// All that forgets the distant past: β and γ above 0, α up to 2. Follows quick turns more closely, and overreacts
    /// more easily.
    Admissible,
}

impl Region {
    /// Largest α.
    pub(super) fn top_alpha(self) -> f64 {
        match self {
            Region::Usual => 1.0,
            Region::Admissible => 2.0,
        }
    }

    /// Largest β for an α, and its derivative.
    pub(super) fn top_beta(self, alpha: f64) -> (f64, f64) {
        match self {
            Region::Usual => (alpha, 1.0),
            Region::Admissible => (2.0 * (2.0 - alpha), -2.0),
        }
    }

    /// Largest γ for an α; its derivative is −1.
    pub(super) fn top_gamma(self, alpha: f64) -> f64 {
        self.top_alpha() - alpha
    }

    /// Whether the parameters, which keep to the largest values above, are in the region. `scratch` is working memory.
    pub(super) fn holds(self, form: Ets, p: &Parameters, period: usize, scratch: &mut Vec<f64>) -> bool {
        match self {
            Region::Usual => true,
            Region::Admissible => {
                errors_polynomial(form, p, period, scratch);
                is_invertible(scratch)
            }
        }
    }
}

/// Coefficients, by power of the lag, of the moving average that the errors enter the differenced series by.
fn errors_polynomial(form: Ets, p: &Parameters, period: usize, c: &mut Vec<f64>) {
    let (phi, beta) = if form.trend == Trend::None { (0.0, 0.0) } else { (p.phi, p.phi * p.beta) };
    let alpha = p.alpha;
    c.clear();
    c.push(1.0);
    if form.season.is_none() {
        c.extend([alpha + beta - 1.0 - phi, phi * (1.0 - alpha)]);
        return;
    }
    let between = alpha * (1.0 - phi) + beta;
    c.resize(period + 1, between);
    c[1] = alpha + beta - phi;
    c[period] = between - 1.0 + p.gamma;
    c.push(phi * (1.0 - alpha - p.gamma));
}

/// Whether all roots lie outside the unit circle, by the step-down recursion of Schur and Cohn.
fn is_invertible(c: &mut [f64]) -> bool {
    for n in (1..c.len()).rev() {
        let k = c[n];
        if k.abs() >= 1.0 - 1e-10 {
            return false;
        }
        let scale = 1.0 / (1.0 - k * k);
        for i in 0..=n / 2 {
            let (a, b) = (c[i], c[n - i]);
            c[i] = (a - k * b) * scale;
            c[n - i] = (b - k * a) * scale;
        }
        c[0] = 1.0;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::recursion::{State, run};
    use super::*;
    use crate::{Errors, Seasonality};

    proptest! {
        /// In the region, and only there, forecasts of nothing but zeros forget where they started.
        #[test]
        fn admissible_is_what_forgets(
            alpha in 0.01..2.0f64, beta in 0.0..1.0f64, gamma in 0.0..1.0f64, phi in 0.8..0.98f64,
            trend in prop_oneof![Just(Trend::None), Just(Trend::Additive), Just(Trend::Damped)],
            period in 1usize..7,
        ) {
            let season = (period > 1).then_some(Seasonality::Additive);
            let form = Ets { errors: Errors::Additive, trend, season };
            let has_slope = trend != Trend::None;
            let parameters = Parameters {
                alpha,
                beta: if has_slope { beta * 2.0 * (2.0 - alpha) } else { 0.0 },
                gamma: if season.is_some() { gamma * (2.0 - alpha) } else { 0.0 },
                phi: if trend == Trend::Damped { phi } else { 1.0 },
            };
            let season: Vec<f64> = if period > 1 { (0..period).map(|i| (i * i % 5) as f64).collect() } else { vec![] };
            let slope = if has_slope { 0.3 } else { 0.0 };
            let mut state = State { level: 1.0, slope, season, place: 0 };
            let errors = run(form, &parameters, &mut state, &[0.0; 1_200]).fitted;
            let late = |from: usize| errors[from..from + 100].iter().map(|e| e.abs()).fold(0.0, f64::max);
            let finite = errors.iter().all(|e| e.is_finite());
            let ratio = late(1_100) / late(100).max(1e-300);
            // What neither shrinks nor grows clearly is at the edge.
            prop_assume!(!finite || !(0.03..30.0).contains(&ratio) || late(100) < 1e-9);
            let forgets = finite && (ratio < 1.0 || late(100) < 1e-9);
            prop_assert_eq!(Region::Admissible.holds(form, &parameters, period, &mut Vec::new()), forgets, "{}", ratio);
        }
    }

    #[test]
    fn the_usual_region_is_admissible_without_a_season() {
        for (alpha, share) in [(0.1, 0.9), (0.5, 0.5), (0.99, 0.99)] {
            let p = Parameters { alpha, beta: alpha * share, gamma: 0.0, phi: 1.0 };
            assert!(Region::Admissible.holds(Ets::HOLT, &p, 1, &mut Vec::new()));
        }
        let over = Parameters { alpha: 1.5, beta: 1.1, gamma: 0.0, phi: 1.0 };
        assert!(!Region::Admissible.holds(Ets::HOLT, &over, 1, &mut Vec::new()));
    }
}
