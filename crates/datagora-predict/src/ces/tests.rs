use datagora_core::Unit;
use proptest::prelude::*;

use super::*;
use crate::made;

const FORMS: [Ces; 4] = [Ces::NonSeasonal, Ces::Simple, Ces::Partial, Ces::Full];

/// Twenty values with a season of three and two gaps.
fn values() -> Vec<f64> {
    let mut values: Vec<f64> =
        (0..20).map(|t| 1.0 + [0.0, 0.3, -0.2][t % 3] + 0.05 * (t * 7 % 5) as f64).collect();
    values[7] = f64::NAN;
    values[8] = f64::NAN;
    values
}

fn derivatives_hold<const P: usize>(form: Ces, x: [f64; P]) {
    let values = values();
    let initial = form.initial(&values, 3, 0).unwrap();
    let at = |x: &[f64; P]| squares(&values, x, &initial, &mut Tape::new());
    let here = at(&x);
    for p in 0..P {
        let (mut up, mut down) = (x, x);
        up[p] += 1e-6;
        down[p] -= 1e-6;
        let slope = (at(&up).sum - at(&down).sum) / 4e-6;
        assert!((slope - here.gradient[p]).abs() < 1e-6 * (1.0 + slope.abs()), "{form:?} {p}: {slope}");
    }
    // The plain recursion from the backcast states gives the same errors.
    let mut state = Tape::new().start_of(&values, &x, &initial);
    let mut sum = 0.0;
    for (t, y) in values.iter().enumerate() {
        let error = if y.is_nan() { 0.0 } else { y - state.point(t) };
        state.step(t, &x, error);
        sum += error * error;
    }
    assert!((sum - here.sum).abs() < 1e-12 * sum, "{form:?}: {sum} {}", here.sum);
}

#[test]
fn gradients_are_derivatives() {
    derivatives_hold(Ces::NonSeasonal, [1.2, 0.9]);
    derivatives_hold(Ces::Simple, [1.2, 1.05]);
    derivatives_hold(Ces::Partial, [1.2, 0.95, 0.2]);
    derivatives_hold(Ces::Full, [1.2, 0.95, 1.1, 0.9]);
}

#[test]
fn spread_is_that_of_the_moving_average() {
    // Ψ₁ = α₀ − α₁ of the next step: its error enters the level by this.
    let series = Series::new(values(), Unit::ONE).unwrap();
    let fitted = Ces::NonSeasonal.fit(&series).unwrap();
    let spread = fitted.spread(2);
    let (a, b) = fitted.alpha();
    assert!((spread[1] / spread[0] - (1.0 + (a - b).powi(2)).sqrt()).abs() < 1e-12);
}

#[test]
fn forms_say_what_they_need() {
    let short = Series::new(vec![1.0, 2.0, 3.0], Unit::ONE).unwrap();
    assert_eq!(AutoCes.fit(&short).unwrap_err(), FitError::TooFew { model: "ces", found: 3, needed: 5 });
    let mut values: Vec<f64> = (0..16).map(f64::from).collect();
    (2..16).step_by(4).for_each(|t| values[t] = f64::NAN);
    let unseen = Series::new(values, Unit::ONE).unwrap().with_period(4).unwrap();
    assert_eq!(
        Ces::Simple.fit(&unseen).unwrap_err(),
        FitError::PlaceUnseen { model: "ces", period: 4, place: 2 }
    );
}

proptest! {
    #[test]
    fn whatever_the_values_forecasts_are_finite(
        values in made::any_values(),
        period in 1usize..14,
    ) {
        let series = Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap();
        let mut fits: Vec<_> = FORMS.iter().map(|form| form.fit(&series)).collect();
        fits.push(AutoCes.fit(&series));
        for model in fits.into_iter().flatten() {
            prop_assert!(model.predict(30).iter().all(|p| p.is_finite()), "{}", model.name());
            prop_assert!(model.spread(30).iter().all(|s| s.is_finite() && *s >= 0.0), "{}", model.name());
            prop_assert_eq!(model.fitted().len(), series.len());
            prop_assert!(model.aicc().is_finite());
        }
    }
}
