//! Golden values and laws of the quotients.
use super::super::golden::{CELLS, close};
use super::*;
use proptest::prelude::*;

#[test]
fn golden_quotients_and_krugman() {
    let golden = [
        1.946_341_463_414_634,
        0.57,
        0.583_333_333_333_333_4,
        1.216_463_414_634_146_4,
        2.137_5,
        0.145_833_333_333_333_34,
        0.276_076_803_321_224_7,
        0.242_553_191_489_361_7,
        1.985_815_602_836_879_6,
        0.231_707_317_073_170_74,
        2.171_428_571_428_571_3,
        0.833_333_333_333_333_4,
    ];
    close(&location_quotients(&CELLS, 3).unwrap(), &golden);
    let counts: Vec<u64> = CELLS.iter().map(|cell| *cell as u64).collect();
    close(&location_quotients_of_counts(&counts, 3, 0.95).unwrap(), &golden);
    close(&location_quotient_bounds(&CELLS, &CELLS, 3).unwrap(), &golden);
    let krugman =
        [0.583_458_646_616_541_2, 0.732_142_857_142_857_2, 0.844_984_802_431_610_9, 0.616_541_353_383_458_6];
    close(&krugman_specialisation(&CELLS, 3).unwrap(), &krugman);
    let symmetric: Vec<Measured> =
        location_quotients(&CELLS, 3).unwrap().iter().map(symmetric_quotient).collect();
    close(&symmetric[..3], &[0.321_192_052_980_132_4, -0.273_885_350_318_471_3, -0.263_157_894_736_842_05]);
}

#[test]
fn empty_zones_and_sectors_have_no_quotient() {
    let found = location_quotients(&[0.0, 0.0, 5.0, 0.0], 2).unwrap();
    assert!([0, 1, 3].iter().all(|&at| found[at].value().is_none()));
    assert_eq!(found[2].value(), Some(1.0));
    let bounds = location_quotient_bounds(&[0.0, 0.0, 5.0, 0.0], &[0.0, 0.0, 9.0, 0.0], 2).unwrap();
    assert!(bounds[0].suppression().is_some() && bounds[3].suppression().is_some());
    assert_eq!(bounds[2].value(), Some(1.0));
    assert!(location_quotients(&[1.0], 2).is_err());
    assert!(location_quotients(&[1.0], 0).is_err());
    assert_eq!(location_quotients(&[], 0).unwrap(), []);
    assert!(location_quotients(&[f64::NAN, 1.0], 2).is_err());
    assert!(location_quotient_bounds(&[2.0, 1.0], &[1.0, 1.0], 2).is_err());
}

#[test]
fn an_open_bracket_opens_the_bounds() {
    let found =
        location_quotient_bounds(&[10.0, 5.0, 5.0, 10.0], &[19.0, 9.0, 9.0, f64::INFINITY], 2).unwrap();
    assert_eq!(found[0].interval().unwrap().upper, f64::INFINITY);
    // The cell that is open itself: between its lower end and the quotient of a zone that is all.
    let own = found[3].interval().unwrap();
    assert!(own.lower > 0.0 && own.upper.is_finite());
}

proptest! {
    #[test]
    fn a_single_zone_is_the_whole(cells in proptest::collection::vec(0.1..1e4_f64, 1..12)) {
        let found = location_quotients(&cells, cells.len()).unwrap();
        prop_assert!(found.iter().all(|lq| (lq.value().unwrap() - 1.0).abs() < 1e-12));
    }

    #[test]
    fn bounds_hold_for_every_table_within(
        cells in proptest::collection::vec(
            (prop_oneof![Just(0.0), 0.0..50.0_f64], prop_oneof![Just(0.0), 0.0..50.0_f64], 0.0..1.0_f64),
            9,
        ),
    ) {
        let lower: Vec<f64> = cells.iter().map(|cell| cell.0).collect();
        let upper: Vec<f64> = cells.iter().map(|cell| cell.0 + cell.1).collect();
        let truth: Vec<f64> = cells.iter().map(|cell| cell.0 + cell.2 * cell.1).collect();
        let found = location_quotient_bounds(&lower, &upper, 3).unwrap();
        for (bounds, truth) in found.iter().zip(location_quotients(&truth, 3).unwrap()) {
            if let (Some(bounds), Some(truth)) = (bounds.interval(), truth.value()) {
                prop_assert!(bounds.lower <= truth + 1e-9 && truth <= bounds.upper + 1e-9);
            }
        }
    }

    #[test]
    fn intervals_of_counts_contain_the_quotient(counts in proptest::collection::vec(0_u64..40, 12)) {
        for lq in location_quotients_of_counts(&counts, 4, 0.9).unwrap() {
            if let (Some(value), Some(interval)) = (lq.value(), lq.interval()) {
                prop_assert!(interval.lower <= value + 1e-12 && value <= interval.upper + 1e-12);
            }
        }
    }
}
