use datagora_core::Zone;
use proptest::prelude::*;

use super::super::annual::tests::{synthetic, year_of};
use super::super::{AadtOptions, DayKind, YearRule};
use super::*;

fn aadt(year: &HourlyYear) -> Measured {
    year.aadt(&AadtOptions::default().with_rule(YearRule::ANYTHING)).unwrap().value
}

/// Golden `aadt_synthetic_2024.json` (own reference, numpy 2.4.6), tolerance 1e-12.
#[test]
fn golden_design_hours() {
    let year = year_of(&synthetic(), Zone::UTC);
    for (rank, volume, k) in [(30, 226.0, 0.099_357_365_076_695_78), (100, 219.0, 0.096_279_924_565_470_69)] {
        let found = year.design_hour(rank, &aadt(&year), 0.95).unwrap();
        assert_eq!(found.volume.value(), Some(volume));
        assert!((found.k.value().unwrap() - k).abs() < 1e-12);
        assert_eq!((found.expected_rank, found.k.interval()), (rank as f64, None));
        assert_eq!(year.volume(found.hour.unwrap()), volume);
    }
    assert_eq!(year.design_hour(1, &aadt(&year), 0.95).unwrap().volume.value(), Some(242.0));
}

/// Golden `link_performance.json` (own reference, numpy 2.4.6), tolerance 1e-12.
#[test]
fn golden_peak_hour_factor() {
    let mut year = HourlyYear::new(2024, Zone::PARIS).unwrap();
    let t = year.local().start();
    let quarters = [120.0, 150.0, 180.0, 130.0];
    year.add(&[t, t + 900, t + 1_800, t + 2_700], 900, &quarters).unwrap();
    for found in [peak_hour_factor(&quarters), year.peak_hour_factor(0)] {
        assert!((found.value().unwrap() - 0.805_555_555_555_555_6).abs() < 1e-12);
        assert_eq!(found.observations(), 4);
    }
    year.add(&[t + 3_600, t + 7_200, t + 8_100], 900, &[5.0; 3]).unwrap();
    year.add(&[t + 10_800], 3_600, &[5.0]).unwrap();
    for hour in [1, 2, 3, 4] {
        assert_eq!(year.peak_hour_factor(hour).value(), None);
    }
    assert!(peak_hour_factor(&[]).value().is_none());
    assert!(peak_hour_factor(&[1.0, f64::NAN]).value().is_none());
    assert!(peak_hour_factor(&[0.0; 4]).value().is_none());
}

#[test]
fn missing_hours_leave_the_rank_open_upwards() {
    let mut volumes = synthetic();
    let full = year_of(&volumes, Zone::UTC);
    let truth = full.design_hour(30, &aadt(&full), 0.95).unwrap();
    for hour in (0..8_784).filter(|hour| hour * 7 % 11 == 3) {
        volumes[hour] = f64::NAN;
    }
    let year = year_of(&volumes, Zone::UTC);
    let found = year.design_hour(30, &aadt(&year), 0.95).unwrap();
    assert!(found.expected_rank > 32.0 && found.volume.value() <= truth.volume.value());
    assert!(found.k.interval().unwrap().contains(truth.k.value().unwrap()));
    // So many missing that all thirty may be among them.
    volumes[100..8_700].fill(f64::NAN);
    let few = year_of(&volumes, Zone::UTC);
    let found = few.design_hour(30, &aadt(&few), 0.95).unwrap();
    assert_eq!(found.volume.interval().unwrap().upper, f64::INFINITY);
    assert!(found.volume.check().is_ok() && found.k.check().is_ok());
    let none = HourlyYear::new(2024, Zone::UTC).unwrap();
    let found = none.design_hour(0, &aadt(&none), 0.95).unwrap();
    assert_eq!((found.hour, found.k.value(), found.rank), (None, None, 1));
}

#[test]
fn quantiles_of_the_binomial() {
    // Sums of exact terms, computed apart (Python 3, `math.comb`).
    assert_eq!(binomial_quantile(30, 1.0 / 12.0, 0.95), 5);
    assert_eq!(binomial_quantile(100, 0.5, 0.95), 58);
    assert_eq!(binomial_quantile(10, 0.1, 0.5), 1);
    assert_eq!((binomial_quantile(10, 0.0, 0.95), binomial_quantile(10, 1.0, 0.95)), (0, 10));
}

#[test]
fn profiles_of_gaps_are_those_of_what_is_there() {
    let mut volumes = vec![f64::NAN; 8_784];
    volumes[..24].copy_from_slice(&std::array::from_fn::<f64, 24, _>(|hour| hour as f64));
    volumes[24 + 3] = 9.0;
    let profile = day_profile(&year_of(&volumes, Zone::UTC), DayKind::All).unwrap();
    assert_eq!((profile.volumes[3], profile.observed[3], profile.expected[3]), (6.0, 2, 366));
    let [morning, evening] = profile.peaks();
    assert_eq!((morning.unwrap().hour, evening.as_ref().unwrap().hour), (11, 23));
    assert_eq!(evening.unwrap().spreading.value(), Some(23.0 / 66.0));
    assert_eq!(profile.peak(30..40), None);
    let none = day_profile(&HourlyYear::new(2024, Zone::UTC).unwrap(), DayKind::All).unwrap();
    assert_eq!(none.peaks(), [None, None]);
}

proptest! {
    #[test]
    fn factors_lie_where_they_must(parts in proptest::collection::vec(0.0..500.0_f64, 1..13), n in 1_usize..60) {
        if let Some(found) = peak_hour_factor(&parts).value() {
            prop_assert!(found >= 1.0 / parts.len() as f64 - 1e-12 && found <= 1.0 + 1e-12);
        }
        let year = year_of(&parts, Zone::UTC);
        let doubled: Vec<f64> = parts.iter().map(|part| 2.0 * part).collect();
        let split = direction_factor(&year, &year_of(&doubled, Zone::UTC), n).unwrap();
        prop_assert_eq!(split.hour.is_some(), n <= parts.len());
        if let Some(d) = split.d.value() {
            prop_assert!((d - 2.0 / 3.0).abs() < 1e-6 && !split.first_is_busier);
        }
    }
}
