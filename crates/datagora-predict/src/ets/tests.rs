use super::recursion::{Gradient, Tape, likelihood};
use super::*;

#[test]
fn the_adjoint_is_the_derivative() {
    let values: Vec<f64> = (0..20)
        .map(|t| {
            if t == 7 {
                f64::NAN
            } else {
                (1.0 + 0.03 * t as f64) * [0.8, 1.0, 1.2][t % 3] + 0.05 * ((t * 7 % 5) as f64)
            }
        })
        .collect();
    for season in [None, Some(Seasonality::Additive), Some(Seasonality::Multiplicative)] {
        for errors in [Errors::Additive, Errors::Multiplicative] {
            let form = Ets { errors, trend: Trend::Damped, season };
            let base = match season {
                None => vec![],
                Some(Seasonality::Additive) => vec![-0.2, 0.01, 0.15],
                Some(Seasonality::Multiplicative) => vec![0.8, 1.05, 1.15],
            };
            let mut x = vec![0.3, 0.1, 0.2, 0.9, 1.0, 0.02];
            x.extend(&base);
            let value = |x: &[f64]| {
                let mut g = Gradient::default();
                let p = Parameters { alpha: x[0], beta: x[1], gamma: x[2], phi: x[3] };
                let s = State { level: x[4], slope: x[5], season: x[6..].to_vec(), place: 0 };
                let v = likelihood(form, &p, &s, &values, &mut Tape::default(), &mut g);
                let mut all = vec![g.alpha, g.beta, g.gamma, g.phi, g.level, g.slope];
                all.extend(&g.season[..s.season.len()]);
                (v, all)
            };
            let (_, gradient) = value(&x);
            for i in 0..x.len() {
                let mut up = x.clone();
                let mut down = x.clone();
                up[i] += 1e-6;
                down[i] -= 1e-6;
                let slope = (value(&up).0 - value(&down).0) / 2e-6;
                assert!(
                    (slope - gradient[i]).abs() < 1e-4 * (1.0 + slope.abs()),
                    "{form} {i}: {slope} {}",
                    gradient[i]
                );
            }
        }
    }
}
