use proptest::prelude::*;

use super::*;
use crate::Language;

type Outcome = Result<(), ValueError>;

const JOBS: Unit = Unit::of("{job}");

fn jobs(value: f64) -> Measured {
    Measured::new(value, JOBS)
}

fn at(value: f64, lower: f64, upper: f64) -> Result<Measured, ValueError> {
    Ok(jobs(value).with_interval(Interval::at_level(lower, upper, 0.9)?))
}

fn ends(value: &Measured) -> Option<(f64, f64)> {
    value.interval().map(|bounds| (bounds.lower, bounds.upper))
}

#[test]
fn brackets_add_up_exactly() -> Outcome {
    let parts = [Measured::bounded(10.0, 19.0, JOBS)?, Measured::bounded(50.0, 99.0, JOBS)?, jobs(5.0)];
    let sum = Measured::sum(&JOBS, &parts)?;
    assert_eq!((sum.value(), ends(&sum), sum.suppression()), (None, Some((65.0, 123.0)), None));
    let share = parts[0].div(&sum)?;
    let close = |(lower, upper): (f64, f64)| {
        (lower * 123.0 - 10.0).abs() < 1e-12 && (upper * 65.0 - 19.0).abs() < 1e-12
    };
    assert!(ends(&share).is_some_and(close), "{share:?}");
    assert_eq!(share.unit(), &Unit::ONE);
    assert_eq!(Measured::bounded(4.0, 4.0, JOBS)?.value(), Some(4.0));
    Ok(())
}

#[test]
fn open_brackets_stay_open() -> Outcome {
    let open = Measured::bounded(10_000.0, f64::INFINITY, JOBS)?;
    assert_eq!(ends(&open.add(&jobs(1.0))?), Some((10_001.0, f64::INFINITY)));
    assert_eq!(ends(&jobs(1.0).sub(&open)?), Some((f64::NEG_INFINITY, -9_999.0)));
    assert_eq!(ends(&open.mul(&jobs(0.0))?), Some((0.0, 0.0)));
    assert_eq!(ends(&jobs(1.0).div(&open)?), Some((0.0, 1e-4)));
    assert_eq!(ends(&open.scale(-2.0)?), Some((f64::NEG_INFINITY, -20_000.0)));
    Ok(())
}

#[test]
fn independent_errors_combine_in_quadrature() -> Outcome {
    let (a, b) = (at(100.0, 97.0, 106.0)?, at(50.0, 46.0, 58.0)?);
    assert_eq!(ends(&a.add(&b)?), Some((145.0, 160.0)));
    assert_eq!(ends(&a.sub(&b)?), Some((50.0 - 3f64.hypot(8.0), 50.0 + 6f64.hypot(4.0))));
    assert_eq!(a.add(&b)?.interval().and_then(|bounds| bounds.level), Some(0.9));
    // First order: relative errors of a quotient combine; 3 % up and 4 % up (of a smaller divisor) are 5 %.
    let quotient = at(100.0, 96.0, 103.0)?.div(&at(100.0, 96.0, 103.0)?)?;
    let close = ends(&quotient)
        .is_some_and(|(lower, upper)| (lower - 0.95).abs() < 1e-12 && (upper - 1.05).abs() < 1e-12);
    assert!(close, "{quotient:?}");
    let product = at(100.0, 97.0, 103.0)?.mul(&at(100.0, 96.0, 104.0)?)?;
    assert_eq!(ends(&product), Some((9_500.0, 10_500.0)));
    Ok(())
}

#[test]
fn levels_that_differ_are_refused_and_certain_bounds_go_with_any() -> Outcome {
    let other = jobs(10.0).with_interval(Interval::at_level(8.0, 12.0, 0.95)?);
    let refused = at(1.0, 0.0, 2.0)?.add(&other);
    assert_eq!(refused, Err(ValueError::Levels { left: 0.9, right: 0.95 }));
    let sum = at(1.0, 0.0, 2.0)?.add(&Measured::bounded(10.0, 19.0, JOBS)?)?;
    assert_eq!((sum.value(), sum.interval()), (None, Some(Interval::at_level(10.0, 21.0, 0.9)?)));
    assert_eq!(sum.add(&at(1.0, 0.0, 2.0)?), Err(ValueError::Centre { level: 0.9 }));
    let exact = at(1.0, 0.0, 2.0)?.add(&jobs(10.0))?;
    assert_eq!((exact.value(), ends(&exact)), (Some(11.0), Some((10.0, 12.0))));
    assert_eq!(at(1.0, 0.0, 2.0)?.without_interval().add(&other)?.value(), Some(11.0));
    Ok(())
}

#[test]
fn a_withheld_part_withholds_the_result() -> Outcome {
    let secret = Measured::suppressed(JOBS, Suppression::FewUnits { minimum: 3 }).with_observations(2);
    for result in [
        jobs(10.0).add(&secret)?,
        secret.sub(&jobs(10.0))?,
        jobs(10.0).mul(&secret)?,
        secret.div(&jobs(10.0))?,
        secret.div(&jobs(0.0))?,
        Measured::sum(&JOBS, [&jobs(1.0), &secret, &jobs(2.0)])?,
    ] {
        assert_eq!((result.value(), result.interval()), (None, None));
        assert!(result.suppression().is_some_and(Suppression::is_secret), "{result:?}");
        let twice = result.mul(&Measured::new(2.0, Unit::ONE))?;
        assert_eq!(twice.suppression(), result.suppression(), "the reason does not nest");
    }
    assert_eq!(secret.scale(2.0)?.suppression(), secret.suppression());
    assert_eq!(secret.clone().with_interval(Interval::certain(0.0, 9.0)?).interval(), None);
    Ok(())
}

#[test]
fn units_convert_or_are_refused() -> Outcome {
    let (metres, kilometres) = (Measured::new(500.0, Unit::METRE), Measured::new(1.0, Unit::KILOMETRE));
    let sum = metres.add(&kilometres)?;
    assert_eq!((sum.value(), sum.unit()), (Some(1_500.0), &Unit::METRE));
    assert_eq!(Measured::sum(&Unit::KILOMETRE, [&metres, &kilometres])?.value(), Some(1.5));
    assert!(matches!(metres.add(&jobs(1.0)), Err(ValueError::Unit(UnitError::Incomparable { .. }))));
    assert!(Measured::suppressed(JOBS, Suppression::Secondary).to_unit(&Unit::METRE).is_err());
    assert_eq!(Measured::sum(&JOBS, [])?, jobs(0.0));
    assert_eq!(jobs(1.0).div(&Measured::new(4.0, JOBS))?.to_unit(&Unit::PERCENT)?.value(), Some(25.0));
    Ok(())
}

#[test]
fn temperatures_differ_and_levels_do_not_add() -> Outcome {
    let (day, night) = (Measured::new(31.5, Unit::CELSIUS), Measured::new(21.0, Unit::CELSIUS));
    let range = day.sub(&night)?;
    assert_eq!((range.value(), range.unit()), (Some(10.5), &Unit::KELVIN));
    assert!(matches!(day.add(&night), Err(ValueError::NotAdditive { .. })));
    let noise = Measured::new(60.0, Unit::of("dB[SPL]"));
    assert!(matches!(noise.add(&noise), Err(ValueError::NotAdditive { .. })));
    Ok(())
}

#[test]
fn a_computation_without_number_says_so_in_the_language_of_the_reader() {
    for value in [f64::NAN, f64::INFINITY] {
        let withheld = jobs(value);
        assert_eq!((withheld.value(), withheld.suppression()), (None, Some(&Suppression::NotFinite)));
    }
    let reason = Suppression::NotFinite;
    assert_eq!(reason.explain(Language::French), "non défini\u{a0}: le calcul ne donne pas de nombre");
    assert_eq!(reason.explain(Language::English), "not defined: the computation gives no number");
    assert!(!reason.is_secret());
    let overflow = jobs(1e300).mul(&jobs(1e300)).expect("units multiply");
    assert_eq!(overflow.suppression(), Some(&Suppression::NotFinite));
}

#[test]
fn nothing_below_the_line_has_no_quotient() -> Outcome {
    for (a, reason) in [(0.0, "0 / 0"), (1.0, "… / 0")] {
        let undefined = jobs(a).div(&jobs(0.0))?;
        assert_eq!(undefined.suppression(), Some(&Suppression::Undefined { reason: reason.to_owned() }));
    }
    let near_zero = jobs(1.0).div(&at(1.0, -1.0, 2.0)?)?;
    assert_eq!((near_zero.value(), ends(&near_zero)), (Some(1.0), Some((f64::NEG_INFINITY, f64::INFINITY))));
    let from_zero = jobs(1.0).div(&Measured::bounded(0.0, 4.0, JOBS)?)?;
    assert_eq!(ends(&from_zero), Some((0.25, f64::INFINITY)));
    assert!(Measured::new(f64::NAN, JOBS).suppression().is_some());
    assert!(jobs(f64::MAX).add(&jobs(f64::MAX))?.suppression().is_some());
    Ok(())
}

#[test]
fn evidence_is_weighed() -> Outcome {
    // 90 of 100 expected and 10 of 100 expected: 100 of 200.
    let a = jobs(1.0).with_observations(90).with_completeness(0.9).with_imputed_share(0.1);
    let b = jobs(1.0).with_observations(10).with_completeness(0.1).with_imputed_share(0.6);
    let sum = a.add(&b)?;
    assert_eq!((sum.observations(), sum.completeness()), (100, 0.5));
    assert!((sum.imputed_share() - 0.15).abs() < 1e-12);
    let quotient = a.div(&b)?;
    assert_eq!((quotient.observations(), quotient.completeness(), quotient.imputed_share()), (10, 0.1, 0.6));
    let uncounted = a.add(&jobs(1.0).with_completeness(0.7))?;
    assert_eq!((uncounted.observations(), uncounted.completeness()), (90, 0.7));
    Ok(())
}

#[test]
fn contradictions_are_found() -> Outcome {
    assert!(Interval::certain(2.0, 1.0).is_err() && Interval::certain(f64::NAN, 1.0).is_err());
    assert!(Interval::certain(f64::INFINITY, f64::INFINITY).is_err());
    assert!(matches!(Interval::at_level(0.0, 1.0, 1.0), Err(ValueError::Level { .. })));
    assert!(matches!(jobs(1.0).with_completeness(1.2).check(), Err(ValueError::Share { .. })));
    assert!(matches!(jobs(1.0).with_imputed_share(f64::NAN).add(&jobs(1.0)), Err(ValueError::Share { .. })));
    let reversed = jobs(1.0).with_interval(Interval { lower: 2.0, upper: 0.0, level: None });
    assert!(matches!(reversed.add(&jobs(1.0)), Err(ValueError::Bounds { .. })));
    assert!(Measured::bounded(3.0, 2.0, JOBS).is_err());
    assert!(jobs(1.0).scale(f64::NAN).is_err());
    Ok(())
}

#[test]
fn explains_in_both_languages() {
    let dominance = Suppression::Dominance { limit: 0.85 };
    assert_eq!(
        dominance.explain(Language::French),
        "secret statistique\u{a0}: une unité représente au moins 85\u{202f}% du total"
    );
    assert_eq!(
        dominance.derived().explain(Language::English),
        "computed from a value that is not published (statistical secrecy: one unit makes up at least 85% of the total)"
    );
    let incomplete = Suppression::Incomplete { needed: 0.675 };
    assert_eq!(
        incomplete.explain(Language::French),
        "données insuffisantes\u{a0}: il en faut au moins 67,5\u{202f}%"
    );
    let none = Suppression::Incomplete { needed: 0.0 };
    assert_eq!(none.explain(Language::English), "no usable data");
    assert_eq!(none.explain(Language::French), "aucune donnée utilisable");
}

fn certain() -> impl Strategy<Value = (f64, f64, f64)> {
    (-1e3f64..1e3, 0.0f64..1e3, 0.0f64..=1.0)
        .prop_map(|(lower, width, share)| (lower, lower + width, lower + share * width))
}

proptest! {
    /// Whatever the true values inside certain bounds, the true result is inside the bounds of the result.
    #[test]
    fn interval_arithmetic_contains_the_truth((la, ua, a) in certain(), (lb, ub, b) in certain()) {
        let (x, y) = (Measured::bounded(la, ua, Unit::ONE)?, Measured::bounded(lb, ub, Unit::ONE)?);
        for (result, truth) in [(x.add(&y)?, a + b), (x.sub(&y)?, a - b), (x.mul(&y)?, a * b), (x.div(&y)?, a / b)] {
            if let Some(bounds) = result.interval() {
                let slack = 1e-9 * truth.abs().max(1.0);
                prop_assert!(
                    !truth.is_finite() || bounds.lower - slack <= truth && truth <= bounds.upper + slack,
                    "{truth} not in {bounds:?}"
                );
            }
        }
    }

    /// A wider interval of an operand gives a wider interval of the result.
    #[test]
    fn wider_in_wider_out(a in -1e3f64..1e3, b in 1.0f64..1e3, reach in 0.0f64..0.4, more in 0.0f64..0.5) {
        let with = |value: f64, reach: f64| at(value, value - reach, value + reach);
        for operation in [Measured::add, Measured::sub, Measured::mul, Measured::div] {
            let narrow = operation(&with(a, reach)?, &with(b, reach)?)?;
            let wide = operation(&with(a, reach + more)?, &with(b, reach)?)?;
            let (narrow, wide) = (ends(&narrow).unwrap_or_default(), ends(&wide).unwrap_or_default());
            prop_assert!(wide.0 <= narrow.0 && wide.1 >= narrow.1);
        }
    }

    #[test]
    fn order_of_a_sum_does_not_matter(parts in proptest::collection::vec((certain(), 1u64..99, 0.1f64..=1.0), 1..8)) {
        let parts: Vec<Measured> = parts
            .into_iter()
            .map(|((lower, upper, _), n, share)| {
                Ok(Measured::bounded(lower, upper, JOBS)?.with_observations(n).with_completeness(share))
            })
            .collect::<Result<_, ValueError>>()?;
        let (forth, back) = (Measured::sum(&JOBS, &parts)?, Measured::sum(&JOBS, parts.iter().rev())?);
        prop_assert_eq!(forth.observations(), back.observations());
        prop_assert!((forth.completeness() - back.completeness()).abs() < 1e-12);
        let (forth, back) = (ends(&forth).unwrap_or_default(), ends(&back).unwrap_or_default());
        prop_assert!((forth.0 - back.0).abs() < 1e-9 && (forth.1 - back.1).abs() < 1e-9);
    }
}

#[cfg(feature = "serde")]
#[test]
fn survives_json() -> Result<(), Box<dyn std::error::Error>> {
    for value in [
        Measured::bounded(10_000.0, f64::INFINITY, JOBS)?,
        at(10.0, 8.0, 13.0)?.with_observations(12).with_completeness(0.9),
        jobs(1.0).with_interval(Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY, level: None }),
        Measured::suppressed(JOBS, Suppression::Dominance { limit: 0.85 }.derived()),
    ] {
        let text = serde_json::to_string(&value)?;
        assert_eq!(serde_json::from_str::<Measured>(&text)?, value, "{text}");
    }
    let text = serde_json::to_string(&jobs(1.0).with_completeness(3.0))?;
    let refused = serde_json::from_str::<Measured>(&text).map_err(|error| error.to_string());
    assert!(matches!(refused, Err(message) if message.contains("completeness is 3")));
    Ok(())
}
