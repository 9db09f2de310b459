use datagora_core::Unit;
use proptest::prelude::*;

use super::*;
use crate::made;

proptest! {
    #[test]
    fn whatever_the_values_forecasts_are_finite(
        values in made::any_values(),
        period in 1usize..14,
    ) {
        let series = Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap();
        for form in Theta::ALL {
            match form.fit(&series) {
                Ok(model) => {
                    prop_assert!(model.predict(30).iter().all(|p| p.is_finite()), "{}", model.name());
                    prop_assert!(model.spread(30).iter().all(|s| s.is_finite() && *s >= 0.0), "{}", model.name());
                    prop_assert_eq!(model.fitted().len(), series.len());
                }
                Err(error) => prop_assert_eq!(
                    error, FitError::TooFew { model: "theta", found: series.observed(), needed: 4 }
                ),
            }
        }
    }

    #[test]
    fn the_unit_does_not_matter(
        values in prop::collection::vec(1.0..100.0f64, 12..40), period in 1usize..5, power in -400i32..400,
    ) {
        // A power of two, so that nothing is rounded.
        let unit = 2f64.powi(power);
        let fit = |unit: f64| {
            let values: Vec<f64> = values.iter().map(|y| y * unit).collect();
            let series = Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap();
            AutoTheta.fit(&series).unwrap()
        };
        let (one, other) = (fit(1.0), fit(unit));
        prop_assert_eq!(one.form(), other.form());
        for (a, b) in one.predict(10).iter().zip(other.predict(10)) {
            prop_assert!((a - b / unit).abs() <= 1e-12 * a.abs(), "{a} {}", b / unit);
        }
    }
}

#[test]
fn the_best_of_the_family_is_taken() {
    let values: Vec<f64> = (0..50).map(|t| 100.0 + f64::from(t * t) / 30.0 + f64::from(t * 7 % 11)).collect();
    let series = Series::new(values.clone(), Unit::ONE).unwrap();
    let squares = |model: &FittedTheta| -> f64 {
        values.iter().zip(model.fitted()).skip(WARM_UP).map(|(y, f)| (y - f).powi(2)).sum()
    };
    let best = squares(&AutoTheta.fit(&series).unwrap());
    for form in Theta::ALL {
        assert!(best <= squares(&form.fit(&series).unwrap()) * (1.0 + 1e-12), "{form:?}");
    }
}

#[test]
fn a_constant_stays() {
    for form in Theta::ALL {
        let model = form.fit(&Series::new(vec![7.0; 12], Unit::ONE).unwrap()).unwrap();
        assert!(model.predict(5).iter().all(|p| (p - 7.0).abs() < 1e-6), "{form:?} {:?}", model.predict(5));
    }
}
