use datagora_core::Zone;
use proptest::prelude::*;

use super::*;
use crate::mobility::{Channel, CountsBuilder, HourlyYears, Imputation, Reading};

const HOUR: u32 = 3_600;

/// An hour's ordinary traffic: a rhythm of the week, and noise that repeats nothing.
fn ordinary(hour: usize) -> f64 {
    let day = [3, 2, 1, 1, 2, 10, 40, 90, 100, 70, 60, 62, 66, 70, 65, 72, 88, 104, 90, 60, 40, 25, 14, 7]
        [hour % 24];
    let weekend = if hour / 24 % 7 >= 5 { 0.6 } else { 1.0 };
    let noise = ((hour as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 / f64::from(1_u32 << 24);
    (f64::from(day) * weekend * (0.75 + 0.5 * noise)).round()
}

/// Sixteen weeks of hours from a Monday, spoiled by the caller.
fn counts(spoil: impl Fn(usize, f64) -> Option<f64>) -> Counts {
    let mut builder = CountsBuilder::new(Zone::UTC);
    let quai = builder.channel(Channel::new("quai").with_site("s"));
    let monday = 4 * 86_400; // 5 January 1970
    for hour in 0..16 * 168 {
        if let Some(value) = spoil(hour, ordinary(hour)) {
            builder.add(Reading::new(quai, monday + 3_600 * hour as i64, HOUR, value));
        }
    }
    builder.finish().0
}

fn found(counts: &Counts) -> Vec<(FaultKind, Range<usize>)> {
    find_faults(counts, &CleaningOptions::default())
        .into_iter()
        .map(|fault| (fault.kind, fault.rows))
        .collect()
}

#[test]
fn ordinary_traffic_has_no_fault() {
    assert_eq!(found(&counts(|_, value| Some(value))), []);
}

#[test]
fn each_kind_is_found() {
    let spoiled = counts(|hour, value| match hour {
        200..220 => Some(0.0),
        400..420 => Some(37.0),
        600 => Some(2_000.0),
        800..824 => Some(ordinary(hour - 24)),
        1_000..1_048 => Some(ordinary(hour - 168)),
        1_200..1_203 => Some(f64::NAN),
        1_300..1_305 => None,
        _ => Some(value),
    });
    let wanted = [
        (FaultKind::Zeros, 200..220),
        (FaultKind::Stuck, 400..420),
        (FaultKind::Spike, 600..601),
        (FaultKind::Copied, 800..824),
        (FaultKind::Copied, 1_000..1_048),
        (FaultKind::Missing, 1_200..1_203),
        (FaultKind::Gap, 1_300..1_300),
    ];
    assert_eq!(found(&spoiled), wanted);
    let faults = find_faults(&spoiled, &CleaningOptions::default());
    assert!(faults[0].found == 0.0 && faults[0].usual > 900.0);
    assert!(
        faults[0]
            .describe(&spoiled)
            .starts_with("channel quai, 1970-01-13T08:00 to 1970-01-14T04:00: zeros, 0 where"),
        "{}",
        faults[0].describe(&spoiled)
    );
    let cleaned = spoiled.flagged(&faults).without_doubtful();
    let missing = cleaned.values().iter().filter(|value| value.is_nan()).count();
    assert_eq!(missing, 20 + 20 + 1 + 24 + 48 + 3);
    let off = CleaningOptions::default()
        .with_zeros_usual(f64::INFINITY)
        .with_chance(0.0)
        .with_spike_ratio(f64::INFINITY);
    let rest = find_faults(&spoiled, &off);
    assert!(rest.iter().all(|fault| matches!(fault.kind, FaultKind::Missing | FaultKind::Gap)));
}

/// The runs that the documentation names are the shortest ones that chance does not explain.
#[test]
fn small_numbers_repeat_more_often() {
    for (value, shortest) in [(1.0, 24), (10.0, 12), (100.0, 8)] {
        let stuck = |length: usize| {
            // Within other numbers, in hours that count more and not at night.
            let spoiled = counts(|hour, ordinary| match hour {
                500.. if hour < 500 + length => Some(value),
                _ => Some(ordinary + 101.0),
            });
            found(&spoiled).contains(&(FaultKind::Stuck, 500..500 + length))
        };
        assert!(stuck(shortest) && !stuck(shortest - 1), "{value}");
    }
}

#[test]
fn quiet_nights_and_weekly_outages_are_told_apart() {
    // Zeros from midnight to five every night, as on a path in a wood.
    let quiet = counts(|hour, value| Some(if hour % 24 < 5 { 0.0 } else { value }));
    assert_eq!(found(&quiet), []);
    // Ten weeks of sixteen without a count: what is usual is known from the others.
    let long = counts(|hour, value| Some(if (336..336 + 1_680).contains(&hour) { 0.0 } else { value }));
    assert_eq!(found(&long), [(FaultKind::Zeros, 336..2_016)]);
}

#[test]
fn a_new_device_is_listed_with_both_sides() {
    let mut builder = CountsBuilder::new(Zone::UTC);
    let quai = builder.channel(Channel::new("quai").with_site("s"));
    for hour in 0..8 * 168_i64 {
        let (device, level) = if hour < 700 { ("A", 1.0) } else { ("B", 2.0) };
        builder.counted_by(quai, 3_600 * hour, device);
        builder.add(Reading::new(quai, 3_600 * hour, HOUR, level * ordinary(hour as usize)));
    }
    let (counts, _) = builder.finish();
    let faults = find_faults(&counts, &CleaningOptions::default());
    assert_eq!((faults.len(), faults[0].kind, faults[0].from), (1, FaultKind::NewDevice, 3_600 * 700));
    assert!((faults[0].found / faults[0].usual - 2.0).abs() < 0.1);
    assert!(counts.flagged(&faults).flags().iter().all(|flag| *flag == Flag::Observed));
}

#[test]
fn filling_looks_at_the_same_hour_of_other_weeks() {
    let spoiled = counts(|hour, value| match hour {
        200..220 => Some(0.0),
        900..950 => None,
        1_500 => Some(f64::NAN),
        _ => Some(value),
    });
    let flagged = spoiled.flagged(&find_faults(&spoiled, &CleaningOptions::default()));
    let (filled, done) = flagged.imputed(&ImputeOptions::default());
    assert_eq!((done.filled, done.left, done.values.len()), (71, 0, 0));
    assert_eq!(filled.len(), 16 * 168);
    assert!((filled.imputed_share() - 71.0 / 2_688.0).abs() < 1e-12);
    let (truth, kind) = (counts(|_, value| Some(value)), Flag::Imputed(Imputation::SameHourAndWeekday));
    for row in 200..220 {
        assert_eq!(filled.flags()[row], kind);
        let usual = truth.values()[row].max(8.0);
        assert!((filled.values()[row] - truth.values()[row]).abs() <= 0.5 * usual, "{row}");
    }
    // The share goes on into annual values.
    let years = HourlyYears::of_counts(&filled, 1970).unwrap();
    assert!((years.get(0).imputed_share() - filled.imputed_share()).abs() < 1e-12);
    // Too little around it: it stays missing, and is told.
    let (rest, done) = flagged.imputed(&ImputeOptions::default().with_weeks(1));
    assert_eq!((done.filled, done.left), (0, 71));
    assert!(rest.values()[200].is_nan() && rest.len() == 16 * 168 - 50);
}

#[test]
fn a_control_group_knows_what_happened() {
    // A holiday halves everything; the first channel is out that day.
    let mut builder = CountsBuilder::new(Zone::UTC);
    for (id, level) in [("a", 1.0), ("b", 2.0), ("c", 3.0)] {
        let channel = builder.channel(Channel::new(id).with_site("s"));
        for hour in 0..12 * 168_usize {
            let holiday = (1_008..1_032).contains(&hour);
            let regular = f64::from([4, 80, 100][hour % 24 / 8]) * level;
            let value = match (holiday, id) {
                (true, "a") => f64::NAN,
                (true, _) => regular / 2.0,
                _ => regular,
            };
            builder.add(Reading::new(channel, 3_600 * hour as i64, HOUR, value));
        }
    }
    let (counts, _) = builder.finish();
    let options = ImputeOptions::default();
    assert_eq!(counts.imputed(&options).0.of(0).value[1_020], 80.0);
    let (filled, done) = counts.imputed(&options.clone().with_control([0, 1, 2, 9]));
    assert_eq!((done.filled, filled.of(0).value[1_020]), (24, 40.0));
    assert_eq!(filled.of(0).flag[1_020], Flag::Imputed(Imputation::ControlGroup));
    assert_eq!(counts.imputed(&options.with_control([0])).1.left, 24);
}

#[test]
fn filling_follows_the_clock() {
    // 9:00 in Paris is 8:00 UTC in winter, 7:00 in summer: across 31 March 2024 the neighbours are those of the clock.
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let quai = builder.channel(Channel::new("quai").with_site("s"));
    let t = 1_709_247_600; // 1 March 2024, 0:00 in Paris
    for hour in 0..60 * 24_i64 {
        let at = datagora_core::DateTime::from_timestamp(t + 3_600 * hour, 0).unwrap();
        let clock = f64::from(Zone::PARIS.hour_of(at).hour);
        let missing = (24 * 30 + 12..24 * 31).contains(&hour);
        builder.add(Reading::new(quai, t + 3_600 * hour, HOUR, if missing { f64::NAN } else { clock }));
    }
    let (filled, done) = builder.finish().0.imputed(&ImputeOptions::default());
    assert_eq!((done.filled, done.left), (12, 0));
    for (row, start) in filled.of(0).start.iter().enumerate() {
        let at = datagora_core::DateTime::from_timestamp(*start, 0).unwrap();
        assert_eq!(filled.of(0).value[row], f64::from(Zone::PARIS.hour_of(at).hour));
    }
}

/// Where counts are a product of hour, day type and week, the model finds them again exactly: also a public holiday, which
/// neighbouring weeks cannot know.
#[test]
fn the_model_finds_products_again() {
    let at = |date: &str| datagora_core::DateTime::parse_from_rfc3339(date).unwrap().timestamp();
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let quai = builder.channel(Channel::new("quai").with_site("s"));
    // A year without school breaks in the calendar; 11 November 2013 is a Monday, the year has eleven holidays.
    let first = at("2013-01-07T00:00:00+01:00");
    let missing = at("2013-11-11T00:00:00+01:00")..at("2013-11-12T00:00:00+01:00");
    let hole = at("2013-06-12T06:00:00+02:00")..at("2013-06-12T12:00:00+02:00");
    let mut truth = Vec::new();
    for start in (0..51 * 168).map(|hour| first + 3_600 * hour) {
        let local = Zone::PARIS.hour_of(datagora_core::DateTime::from_timestamp(start, 0).unwrap());
        let weekday = chrono::Datelike::weekday(&local.date).num_days_from_monday();
        let day = if datagora_core::Holiday::on(local.date).is_some() { 6 } else { weekday };
        let value = f64::from((1 + local.hour) * (10 - day)) * 8.0;
        let hidden = missing.contains(&start) || hole.contains(&start);
        truth.push((start, value));
        builder.add(Reading::new(quai, start, HOUR, if hidden { f64::NAN } else { value }));
    }
    let counts = builder.finish().0;
    let (filled, done) = counts.imputed(&ImputeOptions::default().with_method(ImputeMethod::Model));
    assert_eq!((done.filled, done.left, done.values.len()), (30, 0, 30));
    for ((start, value), found) in truth.iter().zip(filled.of(0).value) {
        assert!((found - value).abs() < 1e-6 * value, "{start}: {found} is not {value}");
    }
    assert!(done.values.iter().all(|one| one.deviation < 0.2), "{:?}", done.values[0]);
    let (weeks, _) = counts.imputed(&ImputeOptions::default());
    let monday = weeks.of(0).start.binary_search(&missing.start).unwrap();
    assert_eq!((weeks.of(0).value[monday], truth[monday].1), (80.0, 32.0));
}

/// What was counted of a day tells of its missing hours, and so does a control group.
#[test]
fn the_model_knows_the_day() {
    let mut builder = CountsBuilder::new(Zone::UTC);
    for (id, level) in [("a", 4.0), ("b", 2.0), ("c", 3.0)] {
        let channel = builder.channel(Channel::new(id).with_site("s"));
        for hour in 0..12 * 168_usize {
            // Days differ, the same for all: rain halves some.
            let rain = [1.0, 0.5, 1.0, 1.0, 0.6][hour / 24 % 5];
            let missing = match id {
                "a" => (1_008..1_032).contains(&hour) || (1_040..1_046).contains(&hour),
                _ => false,
            };
            let value = if missing { f64::NAN } else { level * rain * ordinary(hour) };
            builder.add(Reading::new(channel, 3_600 * hour as i64, HOUR, value));
        }
    }
    let counts = builder.finish().0;
    let error = |options: &ImputeOptions, hours: Range<usize>| {
        let (filled, _) = counts.imputed(options);
        let truth = |hour: usize| 4.0 * [1.0, 0.5, 1.0, 1.0, 0.6][hour / 24 % 5] * ordinary(hour);
        let off: f64 = hours.clone().map(|hour| (filled.of(0).value[hour] - truth(hour)).abs()).sum();
        off / hours.map(truth).sum::<f64>()
    };
    let weeks = ImputeOptions::default();
    let model = ImputeOptions::default().with_method(ImputeMethod::Model);
    let together = model.clone().with_control([0, 1, 2, 99]);
    let (part, whole) = (1_040..1_046, 1_008..1_032);
    assert!(error(&model, part.clone()) < 0.6 * error(&weeks, part.clone()));
    assert!(error(&together, whole.clone()) < 0.5 * error(&model, whole));
    assert!(error(&together, part) < 0.06);
    let (_, alone) = counts.imputed(&model.with_control([0]));
    assert_eq!((alone.filled, alone.left), (0, 30));
}

/// A gap of two centuries is counted, not visited minute by minute.
#[test]
fn what_is_far_from_everything_is_left() {
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let quai = builder.channel(Channel::new("quai").with_site("s").with_interval(60));
    let (first, last) = (-2_208_988_800, 4_102_444_800);
    for minute in 0..7 * 1_440 {
        builder.add(Reading::new(quai, first + 60 * minute, 60, 1.0));
        builder.add(Reading::new(quai, last + 60 * minute, 60, 1.0));
    }
    let counts = builder.finish().0;
    let missing = (last - first) as u64 / 60 - 7 * 1_440;
    for method in [ImputeMethod::NeighbouringWeeks, ImputeMethod::Model] {
        let (_, done) = counts.imputed(&ImputeOptions::default().with_weeks(1).with_method(method));
        assert_eq!(done.filled + done.left, missing);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Filling changes nothing that was observed, and the faults of any data point into it.
    #[test]
    fn what_was_observed_stays(values in proptest::collection::vec(prop_oneof![Just(f64::NAN), Just(0.0), Just(7.0), 0.0..900.0_f64], 2..600)) {
        let mut builder = CountsBuilder::new(Zone::PARIS);
        let quai = builder.channel(Channel::new("quai").with_site("s"));
        for (hour, value) in values.iter().enumerate().filter(|(hour, _)| hour % 13 != 5) {
            builder.add(Reading::new(quai, 1_700_000_000 + 3_600 * hour as i64, HOUR, *value));
        }
        let (counts, _) = builder.finish();
        let faults = find_faults(&counts, &CleaningOptions::default());
        for fault in &faults {
            prop_assert!(fault.from <= fault.to && fault.rows.end <= counts.len());
        }
        let flagged = counts.flagged(&faults);
        for method in [ImputeMethod::NeighbouringWeeks, ImputeMethod::Model] {
            let (filled, done) = flagged.imputed(&ImputeOptions::default().with_method(method).with_least(1));
            let of = filled.of(0);
            for row in 0..counts.len() {
                let at = of.start.binary_search(&counts.starts()[row]).unwrap();
                if flagged.flags()[row] == Flag::Observed && !counts.values()[row].is_nan() {
                    prop_assert_eq!((of.value[at], of.flag[at]), (counts.values()[row], Flag::Observed));
                }
            }
            prop_assert_eq!(of.flag.iter().filter(|flag| flag.is_imputed()).count() as u64, done.filled);
            prop_assert!(of.start.is_sorted());
            prop_assert!(of.value.iter().all(|value| value.is_nan() || (*value >= 0.0 && value.is_finite())));
            for one in &done.values {
                let interval = one.interval(0.9).unwrap();
                prop_assert!(one.value == of.value[one.row] && interval.lower <= interval.upper, "{one:?}");
            }
        }
    }
}
