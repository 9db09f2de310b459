use datagora_core::{NaiveDate, WorkingWeek, Zone};
use proptest::prelude::*;

use super::*;
use crate::mobility::LocalYear;

/// The volumes of golden `aadt_synthetic_2024.json`, hour by hour of 366 days of 24 hours.
pub(in crate::mobility) fn synthetic() -> Vec<f64> {
    const H: [u64; 24] =
        [8, 5, 4, 4, 7, 18, 45, 88, 100, 78, 66, 64, 68, 70, 68, 74, 90, 104, 96, 70, 48, 36, 26, 16];
    const D: [u64; 7] = [100, 102, 103, 104, 108, 82, 66];
    const M: [u64; 12] = [88, 92, 98, 101, 103, 106, 94, 80, 104, 103, 97, 93];
    let year = LocalYear::new(2024, Zone::UTC).unwrap();
    let mut volumes = Vec::new();
    for (i, day) in year.days().iter().enumerate() {
        let ordinal = 738_886 + i as u64; // 1 January 2024, counted from 1 January of year 1
        for (h, share) in H.into_iter().enumerate() {
            let level = share * D[day.weekday] * M[day.month];
            let noise = 100 + (ordinal * 7 + h as u64 * 3) % 11 - 5;
            volumes.push((level * noise / 1_000_000 + level / 10_000) as f64);
        }
    }
    volumes
}

/// The hours that are missing in the golden vector.
fn gaps() -> Vec<bool> {
    let mut missing = vec![false; 8_784];
    let day = |month, day| {
        NaiveDate::from_ymd_opt(2024, month, day)
            .unwrap()
            .signed_duration_since(NaiveDate::from_ymd_opt(2024, 1, 1).unwrap())
            .num_days() as usize
            * 24
    };
    for (from, to) in [
        (day(2, 5), day(2, 12)),
        (day(6, 3), day(6, 5)),
        (day(8, 1), day(8, 21)),
        (day(10, 14), day(10, 15)),
        (day(3, 31) + 2, day(3, 31) + 3),
        (day(9, 9), day(9, 9) + 9),
        (day(12, 24) + 22, day(12, 25)),
    ] {
        missing[from..to].fill(true);
    }
    missing
}

pub(in crate::mobility) fn year_of(volumes: &[f64], zone: Zone) -> HourlyYear {
    let mut year = HourlyYear::new(2024, zone).unwrap();
    let start = year.local().start();
    let starts: Vec<i64> = (0..volumes.len() as i64).map(|hour| start + 3_600 * hour).collect();
    year.add(&starts, 3_600, volumes).unwrap();
    year
}

fn with_gaps(volumes: &[f64], gaps: &[bool]) -> Vec<f64> {
    volumes.iter().zip(gaps).map(|(volume, gap)| if *gap { f64::NAN } else { *volume }).collect()
}

fn aadt(year: &HourlyYear, method: AadtMethod) -> Aadt {
    year.aadt(&AadtOptions::default().with_method(method)).unwrap()
}

#[track_caller]
fn close(found: Option<f64>, wanted: f64) {
    assert!(found.is_some_and(|found| (found - wanted).abs() < 1e-9), "{found:?} is not {wanted}");
}

/// Golden `aadt_synthetic_2024.json` (own reference, numpy 2.4.6), tolerance 1e-9; its days have 24 hours each.
#[test]
fn golden_averages_of_a_full_year() {
    let volumes = synthetic();
    assert_eq!(volumes.iter().sum::<f64>(), 832_510.0);
    let year = year_of(&volumes, Zone::UTC);
    for (method, wanted) in [
        (AadtMethod::SimpleMean, 2_274.617_486_338_798),
        (AadtMethod::Fhwa2016, 2_274.617_486_338_798),
        (AadtMethod::FrenchCompleteMonths, 2_274.617_486_338_798),
        (AadtMethod::Aashto84, 2_275.014_880_952_380_7),
    ] {
        let found = aadt(&year, method);
        close(found.value.value(), wanted);
        assert_eq!((found.value.completeness(), found.value.interval(), found.biased), (1.0, None, false));
        assert_eq!(found.complete_days, 366);
    }
}

#[test]
fn golden_averages_with_a_twelfth_missing() {
    let year = year_of(&with_gaps(&synthetic(), &gaps()), Zone::UTC);
    let simple = aadt(&year, AadtMethod::SimpleMean);
    close(simple.value.value(), 2_298.729_729_729_729_6);
    assert!(simple.biased && simple.complete_days == 333);
    close(aadt(&year, AadtMethod::Aashto84).value.value(), 2_275.039_087_301_587);
    close(aadt(&year, AadtMethod::FrenchCompleteMonths).value.value(), 2_287.588_235_294_117_6);
    let there = aadt(&year, AadtMethod::FrenchCompleteMonths).months.map(|month| !month.is_nan());
    let complete = [true, false, false, true, true, false, true, false, false, false, true, false];
    assert_eq!(there, complete);
    let fhwa = aadt(&year, AadtMethod::Fhwa2016);
    close(fhwa.value.value(), 2_274.642_987_249_544_6);
    close(Some(fhwa.months[7]), 1_887.032_258_064_516);
    close(Some(fhwa.value.completeness()), 0.916_666_666_666_666_6);
    // Within 0.002 % of the truth, and the interval says how sure that is.
    let truth = 832_510.0 / 366.0;
    let interval = fhwa.value.interval().unwrap();
    assert!((fhwa.value.value().unwrap() / truth - 1.0).abs() <= 2e-5);
    assert!(interval.contains(truth) && interval.width() / truth < 1e-4, "{interval:?}");
}

#[test]
fn golden_average_working_days() {
    let year = year_of(&with_gaps(&synthetic(), &gaps()), Zone::UTC);
    let week = WorkingWeek::MondayToFriday;
    let working = average_day(&year, DayKind::Working(week), Averaging::Days).unwrap();
    close(working.value(), 2_501.148_471_615_720_6);
    assert_eq!(working.observations(), 229);
    // The golden calendar does not know the break after Ascension: 10 May counts as a day of term there.
    let bridge = NaiveDate::from_ymd_opt(2024, 5, 10).unwrap();
    let in_term = |date| date == bridge || DayKind::WorkingInTerm(week).includes(date).unwrap();
    let golden = average_day_of(&year, in_term, Averaging::Days);
    close(golden.value(), 2_537.351_515_151_515_3);
    assert_eq!(golden.observations(), 165);
    let ours = average_day(&year, DayKind::WorkingInTerm(week), Averaging::Days).unwrap();
    assert_eq!(ours.observations(), 164);
    // By months, August weighs with all its days again.
    let balanced = average_day(&year, DayKind::Working(week), Averaging::Months).unwrap().value().unwrap();
    let full = average_day(&year_of(&synthetic(), Zone::UTC), DayKind::Working(week), Averaging::Days);
    let full = full.unwrap().value().unwrap();
    assert!((balanced - full).abs() < 0.2 * (working.value().unwrap() - full).abs(), "{balanced} {full}");
}

#[test]
fn kinds_of_days_part_the_year() {
    let year = year_of(&synthetic(), Zone::UTC);
    let days = |kind| average_day(&year, kind, Averaging::Days).unwrap().observations();
    assert_eq!(days(DayKind::All), days(DayKind::MondayToFriday) + days(DayKind::Weekend));
    assert_eq!(days(DayKind::Working(WorkingWeek::MondayToFriday)), 252);
    let saturdays = days(DayKind::Working(WorkingWeek::MondayToSaturday));
    assert_eq!(days(DayKind::All), saturdays + days(DayKind::SundaysAndHolidays));
    assert!(days(DayKind::SchoolBreaks) > 110);
    let old = HourlyYear::new(2010, Zone::PARIS).unwrap();
    assert!(average_day(&old, DayKind::SchoolBreaks, Averaging::Days).is_err());
    let none = average_day(&old, DayKind::All, Averaging::Months).unwrap();
    assert_eq!((none.value(), none.completeness()), (None, 0.0));
}

#[test]
fn rules_say_when_there_is_no_value() {
    let mut volumes = synthetic();
    volumes[24 * 31..24 * 60].fill(f64::NAN); // February
    let year = year_of(&volumes, Zone::UTC);
    let value =
        |method, rule| year.aadt(&AadtOptions::default().with_method(method).with_rule(rule)).unwrap().value;
    let strict = value(AadtMethod::Fhwa2016, YearRule::FHWA_2016);
    assert!(
        matches!(strict.suppression(), Some(Suppression::Undefined { reason }) if reason.starts_with("168 of the 2,016")),
        "{strict:?}"
    );
    assert_eq!(strict.completeness(), (8_784.0 - 29.0 * 24.0) / 8_784.0);
    assert!(value(AadtMethod::Aashto84, YearRule::AASHTO_84).value().is_none());
    assert!(value(AadtMethod::Aashto84, YearRule::ANYTHING).value().is_some());
    assert!(value(AadtMethod::Fhwa2016, YearRule::EU_2008_50).value().is_some());
    let most = YearRule { year_share: 0.95, ..YearRule::ANYTHING };
    assert_eq!(
        value(AadtMethod::Fhwa2016, most).suppression(),
        Some(&Suppression::Incomplete { needed: 0.95 })
    );
    let season = YearRule { season_share: 0.9, ..YearRule::ANYTHING };
    assert!(value(AadtMethod::Fhwa2016, season).value().is_none());
    let months = YearRule { complete_months: 12, ..YearRule::ANYTHING };
    assert!(value(AadtMethod::FrenchCompleteMonths, months).value().is_none());
    let empty = HourlyYear::new(2024, Zone::PARIS).unwrap();
    for method in
        [AadtMethod::Fhwa2016, AadtMethod::Aashto84, AadtMethod::FrenchCompleteMonths, AadtMethod::SimpleMean]
    {
        let options = AadtOptions::default().with_method(method).with_rule(YearRule::ANYTHING);
        let found = empty.aadt(&options).unwrap().value.check().unwrap();
        assert_eq!((found.value(), found.completeness(), found.observations()), (None, 0.0, 0));
    }
}

/// The twice counted hour of October is two observations of its clock hour, the skipped one of March none.
#[test]
fn days_of_23_and_25_hours_do_not_disturb() {
    let year = HourlyYear::new(2024, Zone::PARIS).unwrap();
    let clock: Vec<f64> = (0..8_784).map(|hour| year.local().clock(hour) as f64).collect();
    let found = aadt(&year_of(&clock, Zone::PARIS), AadtMethod::Fhwa2016);
    close(found.value.value(), 276.0);
}

/// SplitMix64, and nearly normal numbers from it.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// The interval covers about as often as it says: days that vary by 10 %, and days in weeks that vary together, with
/// the gaps of the golden year at random places.
#[test]
fn the_interval_covers_the_truth() {
    let (base, gaps) = (synthetic(), gaps());
    let mut noise = Noise(42);
    for (weekly, daily) in [(0.0, 0.10), (0.08, 0.06)] {
        let (mut covered, mut trials) = (0, 0);
        for _ in 0..150 {
            let weeks: Vec<f64> = (0..53).map(|_| weekly * noise.normal()).collect();
            let days: Vec<f64> =
                (0..366).map(|day| (weeks[day / 7] + daily * noise.normal()).exp()).collect();
            let volumes: Vec<f64> =
                base.iter().enumerate().map(|(hour, v)| (v * days[hour / 24]).round()).collect();
            let by = 24 * (noise.uniform() * 366.0) as usize;
            let moved: Vec<bool> = (0..8_784).map(|hour| gaps[(hour + by) % 8_784]).collect();
            let found = aadt(&year_of(&with_gaps(&volumes, &moved), Zone::UTC), AadtMethod::Fhwa2016).value;
            let Some(interval) = found.interval() else { continue };
            trials += 1;
            covered += i32::from(interval.contains(volumes.iter().sum::<f64>() / 366.0));
        }
        // 95 % meant; at 150 trials the standard error is 1.8 %.
        let share = f64::from(covered) / f64::from(trials);
        assert!(trials > 120 && (0.90..=1.0).contains(&share), "{covered} of {trials}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// All methods agree on a constant year, whatever is missing; scale goes through; the value lies in its interval.
    #[test]
    fn laws_of_averages(level in 1_u32..5_000, gaps in proptest::collection::vec((0_usize..8_784, 1_usize..400), 0..6)) {
        let mut volumes = vec![f64::from(level); 8_784];
        let mut varied = synthetic();
        for (from, length) in gaps {
            let to = (from + length).min(8_784);
            volumes[from..to].fill(f64::NAN);
            varied[from..to].fill(f64::NAN);
        }
        let doubled: Vec<f64> = varied.iter().map(|volume| 2.0 * volume).collect();
        for method in [AadtMethod::Fhwa2016, AadtMethod::Aashto84, AadtMethod::SimpleMean] {
            let options = AadtOptions::default().with_method(method).with_rule(YearRule::ANYTHING);
            let constant = year_of(&volumes, Zone::UTC).aadt(&options).unwrap().value;
            prop_assert!(constant.value().is_none_or(|v| (v - 24.0 * f64::from(level)).abs() < 1e-6));
            let found = year_of(&varied, Zone::UTC).aadt(&options).unwrap().value.check().unwrap();
            let twice = year_of(&doubled, Zone::UTC).aadt(&options).unwrap().value;
            if let (Some(a), Some(b)) = (found.value(), twice.value()) {
                prop_assert!((2.0 * a - b).abs() < 1e-6);
                prop_assert!(found.interval().is_none_or(|interval| interval.contains(a)));
            }
        }
    }
}
