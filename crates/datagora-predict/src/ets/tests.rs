use datagora_core::Unit;
use proptest::prelude::*;

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
    let kinds = [Trend::Damped, Trend::DampedMultiplicative]
        .map(|trend| [Errors::Additive, Errors::Multiplicative].map(|errors| (trend, errors)));
    for season in [None, Some(Seasonality::Additive), Some(Seasonality::Multiplicative)] {
        for (trend, errors) in kinds.into_iter().flatten() {
            let form = Ets { errors, trend, season };
            let base = match season {
                None => vec![],
                Some(Seasonality::Additive) => vec![-0.2, 0.01, 0.15],
                Some(Seasonality::Multiplicative) => vec![0.8, 1.05, 1.15],
            };
            let slope = if trend == Trend::Damped { 0.02 } else { 1.03 };
            let mut x = vec![0.3, 0.1, 0.2, 0.9, 1.0, slope];
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

#[test]
fn growth_by_a_factor_goes_on() {
    let values: Vec<f64> =
        (0..30).map(|t| 50.0 * 1.05f64.powi(t) * (1.0 + 0.002 * f64::from(t * 7 % 5))).collect();
    let series = Series::new(values.clone(), Unit::ONE).unwrap();
    let form = Ets { errors: Errors::Multiplicative, trend: Trend::Multiplicative, season: None };
    let fitted = form.fit(&series).unwrap();
    for (h, point) in fitted.predict(10).iter().enumerate() {
        let expected = 50.0 * 1.05f64.powi(30 + h as i32);
        assert!((point / expected - 1.0).abs() < 0.02, "{h}: {point} {expected}");
    }
    let chosen = AutoEts::default().with_multiplicative_trend(true).fit(&series).unwrap();
    assert_eq!(chosen.form().trend, Trend::Multiplicative);
    let default = AutoEts::default().fit(&series).unwrap();
    assert!(!default.form().trend.multiplies() && default.aicc() > chosen.aicc());
}

/// An error of the next step moves the forecasts after it as the spread says.
#[test]
fn the_spread_of_a_factor_is_the_delta_method() {
    let values: Vec<f64> =
        (0..24).map(|t| 50.0 * 1.03f64.powi(t) * (1.0 + 0.01 * f64::from(t * 7 % 5))).collect();
    let series = Series::new(values, Unit::ONE).unwrap();
    let form = Ets { errors: Errors::Additive, trend: Trend::DampedMultiplicative, season: None };
    let fitted = form.fit(&series).unwrap();
    let (points, spread) = (fitted.predict(4), fitted.spread(4));
    let moved = |error: f64| {
        let mut next = fitted.clone();
        recursion::run(form, &fitted.parameters, &mut next.state, &[points[0] + error]);
        next.predict(3)
    };
    let effects: Vec<f64> =
        moved(1e-4).iter().zip(moved(-1e-4)).map(|(up, down)| (up - down) / 2e-4).collect();
    // The variance that the second step has more than the first is that of the first error's effect on it.
    let more = (spread[1].powi(2) - spread[0].powi(2)).sqrt() / spread[0];
    assert!((more - effects[0].abs()).abs() < 1e-5, "{more} {effects:?}");
}

/// Without a season, the usual region is part of the admissible one; with one it is not.
#[test]
fn the_wider_region_is_at_least_as_likely() {
    let values: Vec<f64> =
        (0..40).map(|t| 10.0 + f64::from(t * t % 23) + [0.0, 4.0, 9.0, 2.0][t as usize % 4]).collect();
    let series = Series::new(values, Unit::ONE).unwrap().with_period(4).unwrap();
    for form in [Ets::SIMPLE, Ets::HOLT, Ets::DAMPED, Ets::HOLT_WINTERS_ADDITIVE] {
        let fit = |region| form.fit_from(&series, region, 0.0, &mut Start::default()).unwrap();
        let (usual, wider) = (fit(Region::Usual), fit(Region::Admissible));
        let gain = wider.log_likelihood() - usual.log_likelihood();
        assert!(form.season.is_some() || gain > -0.1, "{form}: {gain}");
        assert!(Region::Admissible.holds(form, &wider.parameters, 4, &mut Vec::new()), "{form}");
    }
}

proptest! {
    #[test]
    fn whatever_the_values_forecasts_are_finite(
        values in prop::collection::vec(prop_oneof![
            3 => -1e3..1e3f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => Just(1e-300), 1 => 0.0..1e12f64
        ], 1..40),
        positive in any::<bool>(),
        period in 1usize..8,
    ) {
        let values: Vec<f64> = values.iter().map(|y| if positive { y.abs() + 1e-3 } else { *y }).collect();
        let series = Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap();
        for automatic in [
            AutoEts::default(),
            AutoEts::default().with_trend_caution(0.0).with_multiplicative_trend(true),
            AutoEts::default().with_region(Region::Admissible),
        ] {
            if let Ok(model) = automatic.fit(&series) {
                prop_assert!(model.predict(30).iter().all(|p| p.is_finite()), "{}", model.name());
                prop_assert!(model.spread(30).iter().all(|s| s.is_finite() && *s >= 0.0), "{}", model.name());
                prop_assert_eq!(model.fitted().len(), series.len());
            }
        }
    }
}
