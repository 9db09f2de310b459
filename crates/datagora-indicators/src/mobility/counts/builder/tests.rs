use datagora_core::{Month, NaiveDate};
use proptest::prelude::*;

use super::*;

const HOUR: u32 = 3_600;

fn midnight(year: i32, month: u32, day: u32) -> i64 {
    Zone::PARIS.day(NaiveDate::from_ymd_opt(year, month, day).unwrap()).start.timestamp()
}

fn one() -> (CountsBuilder, u32, i64) {
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let channel = builder.channel(Channel::new("quai").with_site("s"));
    (builder, channel, midnight(2024, 5, 1))
}

fn texts(report: &Report) -> Vec<String> {
    report.problems().map(ToString::to_string).collect()
}

#[test]
fn every_problem_is_listed_and_the_good_part_usable() {
    let (mut builder, quai, t) = one();
    builder.in_file("a.csv");
    for (line, (start, duration, value)) in [
        (t, HOUR, 1.0),
        (t + 3_600, HOUR, f64::INFINITY),
        (t + 7_200, HOUR, 1e9),
        (t + 7_200, HOUR, 5.0), // the same interval: now with a value
        (t + 10_800, 2 * HOUR, 6.0),
        (t + 14_400, HOUR, 7.0), // inside the one before
        (t + 3_600, HOUR, 8.0),  // out of order, and only the second has a value
        (t + 18_000, 0, 9.0),
        (i64::MIN, HOUR, 9.0),
    ]
    .into_iter()
    .enumerate()
    {
        builder.at_line(line as u64 + 2);
        builder.add(Reading::new(quai, start, duration, value));
    }
    builder.add(Reading::new(9, t, HOUR, 1.0));
    let (counts, report) = builder.finish();
    assert_eq!(counts.of(0).value, [1.0, 8.0, 5.0, 6.0]);
    assert_eq!(counts.of(0).start, [t, t + 3_600, t + 7_200, t + 10_800]);
    let kinds = [
        (ProblemKind::ImpossibleValue, 4),
        (ProblemKind::DuplicateRow, 2),
        (ProblemKind::Overlap, 1),
        (ProblemKind::Unordered, 1),
        (ProblemKind::UnknownCode, 1),
    ];
    for (kind, count) in kinds {
        assert_eq!(report.count_of(kind), count, "{kind:?}: {report}");
    }
    let all = texts(&report).join("\n");
    assert!(all.contains("a.csv, row 6 (line 7): found 7 for channel quai at 2024-05-01T04:00 after 6 from 2024-05-01T03:00 to 2024-05-01T05:00, needed intervals that do not overlap"), "{all}");
}

#[test]
fn channels_are_checked() {
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let a = builder.channel(Channel::new("a").with_position(4.8, 145.7));
    let again = builder.channel(Channel::new("a").with_site("s"));
    let t = midnight(2024, 5, 1);
    builder.add(Reading::new(again, t, HOUR, 3.0));
    builder.add(Reading::new(a, t, HOUR, 4.0));
    let (counts, report) = builder.clone().finish();
    assert_eq!((counts.of(0).value, counts.of(1).value.len()), (&[4.0][..], 0));
    assert_eq!(counts.channels()[0].position, None);
    let kinds = [ProblemKind::DuplicateRow, ProblemKind::MissingValue, ProblemKind::WrongCrs];
    assert_eq!(kinds.map(|kind| report.count_of(kind)), [1, 1, 1]);
    let (_, report) = builder.with_options(CountsOptions::default().with_sites_needed(false)).finish();
    assert_eq!(report.count_of(ProblemKind::MissingValue), 0);
}

#[test]
fn rows_and_files_are_those_given() {
    let (mut builder, quai, t) = one();
    builder.in_file("a.csv");
    builder.reject(Problem::new("“x”", "a number"));
    builder.skip();
    builder.add(Reading::new(quai, t, HOUR, -1.0));
    builder.in_file("b.csv");
    builder.add(Reading::new(quai, t + 3_600, HOUR, -1.0));
    let (_, report) = builder.finish();
    let found: Vec<String> =
        texts(&report).iter().map(|text| text.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(found, ["a.csv, row 1", "a.csv, row 3", "b.csv, row 1"]);
}

#[test]
fn hours_that_do_not_exist_are_listed() {
    let (mut builder, quai, _) = one();
    let clock = |month, day, hour| {
        NaiveDate::from_ymd_opt(2024, month, day).unwrap().and_hms_opt(hour, 30, 0).unwrap()
    };
    let start = TimestampConvention::Start;
    builder.add_local(quai, clock(3, 31, 2), start, Repeated::First, 1_800, 1.0);
    builder.add_local(quai, clock(10, 27, 2), start, Repeated::Refuse, 1_800, 1.0);
    builder.add_local(quai, clock(10, 27, 2), start, Repeated::First, 1_800, 2.0);
    builder.add_local(quai, clock(10, 27, 2), start, Repeated::Second, 1_800, 3.0);
    let (counts, report) = builder.finish();
    assert_eq!((counts.of(0).value, report.count()), (&[2.0, 3.0][..], 2));
    assert_eq!(counts.starts()[1] - counts.starts()[0], 3_600);
}

#[test]
fn devices_change() {
    let (mut builder, quai, t) = one();
    for (hour, device) in [(0, "A"), (1, "A"), (5, "B"), (6, "B"), (2, "A"), (7, "")] {
        builder.counted_by(quai, t + hour * 3_600, device);
        builder.add(Reading::new(quai, t + hour * 3_600, HOUR, 1.0));
    }
    let (counts, _) = builder.finish();
    let wanted = HardwareChange { channel: 0, at: t + 18_000, before: "A".into(), after: "B".into() };
    assert_eq!(counts.hardware_changes(), [wanted]);
    assert_eq!(counts.channels()[0].counter.as_deref(), Some("A"));
}

#[test]
fn selecting_keeps_readings_and_devices_together() {
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let t = midnight(2024, 5, 1);
    for (id, value) in [("a", 1.0), ("b", 2.0), ("c", 3.0)] {
        let channel = builder.channel(Channel::new(id).with_site("s"));
        builder.add(Reading::new(channel, t, HOUR, value).with_flag(Flag::Doubtful(Doubt::Provider)));
        builder.counted_by(channel, t, "old");
        builder.counted_by(channel, t + 1, "new");
    }
    let (counts, _) = builder.finish();
    let kept = counts.select(|channel| channel.id != "a");
    assert_eq!((kept.find("c"), kept.of(1).value, kept.len()), (Some(1), &[3.0][..], 2));
    assert_eq!(kept.hardware_changes().iter().map(|change| change.channel).collect::<Vec<_>>(), [0, 1]);
    assert!(kept.without_doubtful().values().iter().all(|value| value.is_nan()));
    assert!(counts.select(|_| false).is_empty());
}

#[test]
fn months_with_clock_changes_are_complete_by_the_hour() {
    let (mut builder, quai, _) = one();
    let mut t = midnight(2024, 3, 1);
    let end = midnight(2024, 11, 1);
    while t < end {
        let value = if t == midnight(2024, 6, 5) { f64::NAN } else { 1.0 };
        builder.add(Reading::new(quai, t, HOUR, value));
        t += 3_600;
    }
    let (counts, report) = builder.finish();
    assert!(report.is_empty());
    let (months, _) = counts.monthly().unwrap();
    assert_eq!(
        (months.first(), months.last()),
        (Month::new(2024, 3).unwrap(), Month::new(2024, 10).unwrap())
    );
    let series = months.series(0);
    assert_eq!((series[0], series[1], series[7]), (743.0, 720.0, 745.0));
    assert!(series[3].is_nan());
}

proptest! {
    /// Whatever comes in, what is kept is sorted, does not overlap and holds counts; the rest is listed.
    #[test]
    fn what_is_kept_needs_no_further_check(
        rows in proptest::collection::vec((0_u32..4, 0_i64..50, 0_u32..5, prop_oneof![Just(f64::NAN), -2.0..9e4_f64]), 0..80)
    ) {
        let mut builder = CountsBuilder::new(Zone::PARIS);
        for id in ["a", "b", "c"] {
            builder.channel(Channel::new(id).with_site("s"));
        }
        for (channel, start, hours, value) in &rows {
            builder.add(Reading::new(*channel, 1_700_000_000 + start * 1_800, hours * 1_800, *value));
        }
        let (counts, report) = builder.finish();
        for readings in counts.by_channel() {
            for row in 0..readings.start.len() {
                let end = readings.start[row] + i64::from(readings.duration[row]);
                prop_assert!(readings.start.get(row + 1).is_none_or(|next| end <= *next));
                prop_assert!(readings.value[row].is_nan() || (0.0..=8e4).contains(&readings.value[row]));
            }
        }
        prop_assert!(counts.len() <= rows.len());
        prop_assert!(report.count() >= (rows.len() - counts.len()) as u64);
    }
}
