use datagora_core::{Measured, Unit};
use proptest::prelude::*;

use super::*;

fn plain(from: f64, to: f64) -> Stratum {
    Stratum::new(Bilingual::new("strate", "stratum"), from, to)
}

fn strata(classes: Vec<Stratum>) -> Result<Strata, StrataError> {
    Strata::new(Bilingual::new("les nôtres", "ours"), "test", classes)
}

#[test]
fn definitions_are_checked() {
    assert_eq!(strata(Vec::new()), Err(StrataError::Empty));
    for (from, to) in [(1.0, 1.0), (-1.0, 2.0), (f64::NAN, 2.0), (0.0, f64::NAN)] {
        assert!(matches!(strata(vec![plain(from, to)]), Err(StrataError::Heights { stratum: 0, .. })));
    }
    let overlap = StrataError::Overlap { first: 0, second: 1, height: 1.0 };
    assert_eq!(strata(vec![plain(0.0, 2.0), plain(1.0, 3.0)]), Err(overlap.clone()));
    let herbs_and = |growth| vec![plain(0.0, 2.0).of(Growth::Herbaceous), plain(1.0, 3.0).of(growth)];
    assert_eq!(strata(herbs_and(Growth::Any)), Err(overlap));
    assert!(strata(herbs_and(Growth::Woody)).is_ok());
    assert_eq!(strata(vec![plain(0.0, 2.0).with_iou(1.2)]), Err(StrataError::Accuracy { found: 1.2 }));
    for found in Strata::published() {
        assert_eq!(
            Strata::new(found.name.clone(), found.source(), found.classes.clone()).map(|s| s.classes),
            Ok(found.classes.clone())
        );
        for class in found.classes() {
            assert!(!class.name.fr.is_empty() && !class.name.en.is_empty());
        }
    }
}

#[test]
fn heights_have_a_stratum_or_none() {
    let eva = Strata::eva_2015();
    let found = [0.0, 0.99, 1.0, 2.9, 3.0, 40.0].map(|height| eva.class_of_height(height).unwrap());
    assert_eq!(found, [Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)]);
    assert_eq!(eva.class_of_height(f64::NAN), Ok(None));
    assert_eq!(eva.class_of_height(-1.0), Ok(None));
    assert_eq!(Strata::iarbre().class_of_height(1.0), Ok(None));
    assert_eq!(Strata::vegestrate().class_of_height(16.0), Ok(Some(4)));
    assert!(matches!(Strata::vegestrate().class_of_height(1.0), Err(StrataError::GrowthUnknown { .. })));
}

#[test]
fn common_strata_are_what_both_divide_at() {
    let bands = |left: Strata, right: Strata| {
        left.common(&right).map(|common| {
            common.classes().iter().map(|class| (class.from, class.to, class.growth)).collect::<Vec<_>>()
        })
    };
    let open = f64::INFINITY;
    let any = Growth::Any;
    // Both tell herbs from bushes, which is one band of all plants below 1.5 m.
    let full = vec![(0.0, 1.5, any), (1.5, 5.0, any), (5.0, 15.0, any), (15.0, open, any)];
    assert_eq!(bands(Strata::ipave(), Strata::vegestrate()), Ok(full));
    assert_eq!(bands(Strata::iarbre(), Strata::sortons_au_frais()), Ok(vec![(1.5, open, any)]));
    let at_five = Ok(vec![(0.0, 5.0, any), (5.0, open, any)]);
    assert_eq!(bands(Strata::ipave_groups(), Strata::ud_iarbre()), at_five);
    // No height in common but the total of all plants.
    assert_eq!(bands(Strata::eva_2015(), Strata::vegestrate()), Ok(vec![(0.0, open, any)]));
    let woody = strata(vec![plain(3.0, 5.0).of(Growth::Woody)]).unwrap();
    assert!(woody.common(&strata(vec![plain(3.0, 5.0)]).unwrap()).is_err());
    let refused = bands(Strata::eva_2015(), Strata::iarbre()).unwrap_err().to_string();
    assert!(refused.contains("they share no band of heights"), "{refused}");
    assert!(refused.contains("trees 3 m and above"), "{refused}");
    let wet = Strata::ipave().with_water(true);
    assert!(wet.common(&Strata::vegestrate()).is_err());
}

#[test]
fn areas_of_other_strata_do_not_add() {
    let eva = StrataAreas::of_areas(Strata::eva_2015(), &[vec![1.0, 2.0, 3.0]]).unwrap();
    let other = StrataAreas::of_areas(Strata::ud_iarbre(), &[vec![1.0, 2.0, 3.0]]).unwrap();
    assert!(matches!(eva.plus(&other), Err(StrataError::Different { .. })));
    assert!(matches!(eva.regroup(other.strata()), Err(StrataError::NotDivisible { .. })));
    let twice = eva.plus(&eva).unwrap();
    assert_eq!(twice.stratum(2)[0].value(), Some(6.0));
    let more = StrataAreas::of_areas(Strata::eva_2015(), &[vec![1.0; 3], vec![1.0; 3]]).unwrap();
    assert!(matches!(eva.plus(&more), Err(StrataError::Lengths { what: "zones", .. })));
    assert!(StrataAreas::of_areas(Strata::eva_2015(), &[vec![1.0]]).is_err());
    let metres = vec![vec![Measured::new(1.0, Unit::METRE); 3]];
    assert!(matches!(StrataAreas::new(Strata::eva_2015(), metres), Err(StrataError::Value(_))));
}

#[test]
fn bounds_are_kept_only_where_all_are_known() {
    let areas =
        StrataAreas::of_areas(Strata::vegestrate(), &[vec![100.0, 30.0, 10.0, 20.0, f64::NAN]]).unwrap();
    let bounded = areas.with_published_accuracy().unwrap();
    let brushwood = bounded.zone(0)[1].interval().unwrap();
    assert!((brushwood.lower - 9.0).abs() < 1e-9 && (brushwood.upper - 100.0).abs() < 1e-9);
    assert_eq!(bounded.zone(0)[2].interval(), None);
    let below = |to: f64| strata(vec![plain(0.0, to)]).unwrap();
    let low = bounded.regroup(&below(1.5)).unwrap();
    assert_eq!(low.zone(0)[0].value(), Some(130.0));
    assert!((low.zone(0)[0].interval().unwrap().lower - 63.0).abs() < 1e-9);
    assert_eq!(bounded.regroup(&below(5.0)).unwrap().zone(0)[0].interval(), None);
    // An unknown term leaves the sum unknown.
    assert_eq!(bounded.regroup(&below(f64::INFINITY)).unwrap().zone(0)[0].value(), None);
}

#[cfg(feature = "serde")]
#[test]
fn definitions_go_through_json() {
    for found in Strata::published() {
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Strata>(&text).unwrap(), found);
    }
    let wrong = serde_json::to_string(&Strata::iarbre()).unwrap().replace("1.5", "-1.5");
    assert!(serde_json::from_str::<Strata>(&wrong).is_err());
}

proptest! {
    /// Regrouping keeps the ground, and the true area of any map of that accuracy lies within the bounds.
    #[test]
    fn bounds_hold_for_any_errors(both in 0.001..1e4_f64, missed in 0.0..1e4_f64, excess in 0.0..1e4_f64) {
        let (mapped, truth, iou) = (both + excess, both + missed, both / (both + missed + excess));
        let bounds = classification_bounds(&Measured::new(mapped, Unit::SQUARE_METRE), iou).unwrap().interval().unwrap();
        prop_assert!(bounds.lower <= truth * (1.0 + 1e-9) && truth <= bounds.upper * (1.0 + 1e-9));
    }

    #[test]
    fn regrouping_keeps_the_ground(areas in proptest::collection::vec(0.0..1e6_f64, 5)) {
        let found = StrataAreas::of_areas(Strata::vegestrate(), std::slice::from_ref(&areas)).unwrap();
        let common = found.strata().common(&Strata::ipave()).unwrap();
        let sum: f64 = found.regroup(&common).unwrap().zone(0).iter().map(|area| area.value().unwrap()).sum();
        prop_assert!((sum - areas.iter().sum::<f64>()).abs() < 1e-6);
    }
}
