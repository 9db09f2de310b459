use datagora_core::NaiveDate;
use proptest::prelude::*;

use super::*;

const DURATIONS: [u32; 6] = [60, 360, 900, 1_800, 3_600, 2_000];

fn empty() -> HourlyYear {
    // The calendar is made once: the tests make many years.
    static LOCAL: std::sync::OnceLock<Arc<LocalYear>> = std::sync::OnceLock::new();
    HourlyYear::with_local(LOCAL.get_or_init(|| Arc::new(LocalYear::new(2024, Zone::PARIS).unwrap())).clone())
}

#[test]
fn a_reading_over_the_end_of_an_hour_is_shared_out() {
    let mut year = empty();
    let t = year.local().start();
    let added = year.add(&[t + 1_800, t - 900, t - 900], 3_600, &[10.0, 4.0, f64::NAN]).unwrap();
    assert_eq!(added, Added { counted: 2, missing: 1, ..Added::default() });
    assert_eq!((year.volume(0), year.seconds(0)), (5.0 + 3.0, 1_800 + 2_700));
    assert_eq!((year.volume(1), year.seconds(1), year.largest_flow(1)), (5.0, 1_800, 10.0));
    assert_eq!(year.overfull(), [0]);
    assert!(year.volumes(0.0)[0].is_nan());
    // The last hour of the year goes on in the next.
    let end = year.local().end();
    year.add(&[end - 1_200, end, i64::MIN, i64::MAX], 3_600, &[3.0; 4]).unwrap();
    assert_eq!((year.volume(8_783), year.seconds(8_783)), (1.0, 1_200));
}

#[test]
fn what_is_no_count_is_told() {
    let mut year = empty();
    let t = year.local().start();
    let wrong = [f64::NAN, -1.0, f64::INFINITY, 1e9, 0.0];
    let added = year.add(&[t, t + 60, t + 120, t + 180, t + 240], 60, &wrong).unwrap();
    assert_eq!(added, Added { counted: 1, missing: 1, refused: 3, outside: 0 });
    assert_eq!((year.volume(0), year.seconds(0)), (0.0, 60)); // nobody passed, for a minute
    assert_eq!(year.add(&[t - 60], 60, &[1.0]).unwrap().outside, 1);
    assert!(matches!(year.add(&[t], 0, &[1.0]), Err(HourlyYearError::Duration { duration: 0 })));
    assert!(year.add(&[t], 86_400, &[1.0]).is_err());
    assert!(year.add(&[t], 60, &[]).is_err());
    let other = HourlyYear::new(2023, Zone::PARIS).unwrap();
    assert!(matches!(year.merge(&other), Err(HourlyYearError::OtherYear { found: 2023, needed: 2024, .. })));
    let mut many = HourlyYears::new(2024, Zone::PARIS, 2).unwrap();
    assert!(matches!(
        many.add(&[2], &[t], 60, &[1.0]),
        Err(HourlyYearError::Channel { channel: 2, channels: 2 })
    ));
    assert!(many.add(&[0], &[t], 60, &[]).is_err());
    assert!(many.merge(&HourlyYears::new(2024, Zone::PARIS, 3).unwrap()).is_err());
}

#[test]
fn volumes_of_partly_observed_hours_are_brought_to_the_hour() {
    let mut year = empty();
    let t = year.local().start();
    year.add(&[t, t + 900, t + 1_800], 900, &[10.0, 20.0, 30.0]).unwrap();
    assert!(year.volumes(1.0)[0].is_nan());
    assert_eq!(year.volumes(0.75)[0], 80.0);
    assert!(year.volumes(0.0)[1].is_nan()); // not observed at all
    assert!((year.completeness() - 2_700.0 / (8_784.0 * 3_600.0)).abs() < 1e-15);
}

#[test]
fn imputed_readings_are_remembered() {
    use crate::mobility::{Channel, CountsBuilder, Flag, Imputation, Reading};
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let quai = builder.channel(Channel::new("quai").with_site("s"));
    let t = empty().local().start();
    for hour in 0..4 {
        let reading = Reading::new(quai, t + hour * 3_600, 3_600, 5.0);
        let imputed = Flag::Imputed(Imputation::SameHourAndWeekday);
        builder.add(if hour == 2 { reading.with_flag(imputed) } else { reading });
    }
    let (counts, _) = builder.finish();
    let mut years = HourlyYears::of_counts(&counts, 2024).unwrap();
    assert_eq!((years.get(0).imputed_share(), years.get(0).volume(2)), (0.25, 5.0));
    let before = years.get(0).clone();
    assert_eq!(years.get_mut(0).withdraw_time(t + 7_300..t + 7_400), 2..3);
    assert_eq!(years.get(0).imputed_share(), 0.0);
    assert_ne!(years.get(0), &before);
    assert_eq!(years.get_mut(0).withdraw_time(t - 10..t), 0..0);
}

#[test]
fn clock_changes_shift_no_hour() {
    let mut year = empty();
    let local = year.local().clone();
    let starts: Vec<i64> = (0..8_784).map(|hour| local.start() + hour * 3_600).collect();
    let clock: Vec<f64> = (0..8_784).map(|hour| local.clock(hour) as f64).collect();
    year.add(&starts, 3_600, &clock).unwrap();
    assert_eq!(year.completeness(), 1.0);
    let day = |month, day| {
        let date = NaiveDate::from_ymd_opt(2024, month, day).unwrap();
        let day = local.days().iter().find(|day| day.date == date).unwrap();
        day.hours.clone().map(|hour| year.volume(hour)).sum::<f64>()
    };
    assert_eq!((day(3, 30), day(3, 31), day(10, 27)), (276.0, 274.0, 278.0));
}

/// Readings of a few days: some straddle hours, some repeat, some are no counts.
fn readings() -> impl Strategy<Value = Vec<(i64, usize, f64)>> {
    let value = prop_oneof![6 => 0.0..500.0_f64, 1 => Just(f64::NAN), 1 => Just(-1.0), 2 => (0_u32..900).prop_map(f64::from)];
    proptest::collection::vec((-20_i64..600, 0_usize..6, value), 0..120)
}

fn add(year: &mut HourlyYear, rows: &[(i64, usize, f64)]) {
    for (slot, duration, value) in rows {
        let start = year.local().start() + slot * 360;
        year.add(&[start], DURATIONS[*duration], &[*value]).unwrap();
    }
}

/// Rows of one length together, in one batch.
fn add_batches(year: &mut HourlyYear, rows: &[(i64, usize, f64)]) {
    for (kind, duration) in DURATIONS.into_iter().enumerate() {
        let of: Vec<_> = rows.iter().filter(|row| row.1 == kind).collect();
        let starts: Vec<i64> = of.iter().map(|row| year.local().start() + row.0 * 360).collect();
        let values: Vec<f64> = of.iter().map(|row| row.2).collect();
        year.add(&starts, duration, &values).unwrap();
    }
}

proptest! {
    /// Partial years of any split and order merge to the same, to the bit, fractions included.
    #[test]
    fn parts_merge_to_the_whole(rows in readings(), seed in any::<u64>(), parts in 1_usize..5) {
        let mut whole = empty();
        add_batches(&mut whole, &rows);
        let mut shuffled: Vec<_> = rows.iter().enumerate().collect();
        shuffled.sort_by_key(|(i, _)| (*i as u64).wrapping_add(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut partial: Vec<HourlyYear> = (0..parts).map(|_| empty()).collect();
        for (i, row) in &shuffled {
            add(&mut partial[(i.wrapping_mul(31).wrapping_add(seed as usize)) % parts], &[**row]);
        }
        let mut merged = empty();
        partial.iter().rev().for_each(|part| merged.merge(part).unwrap());
        prop_assert_eq!(merged, whole);
    }

    /// Correcting data is withdrawing the hours it touches and adding what is right.
    #[test]
    fn withdrawn_and_added_anew_equals_recomputed(rows in readings(), from in 0_i64..500, length in 1_i64..80) {
        // Whole hours only: a reading over the end of a withdrawn hour would have to come again in part.
        let rows: Vec<_> = rows.into_iter().map(|(slot, kind, value)| (slot / 10 * 10, kind.min(4), value)).collect();
        let mut year = empty();
        add(&mut year, &rows);
        let start = year.local().start();
        let hours = year.withdraw_time(start + from * 360..start + (from + length) * 360);
        let inside = |slot: i64| (hours.start as i64..hours.end as i64).contains(&(slot.div_euclid(10)));
        let kept: Vec<_> = rows.iter().filter(|row| !inside(row.0)).copied().collect();
        let mut recomputed = empty();
        add(&mut recomputed, &kept);
        prop_assert_eq!(&year, &recomputed);
        let corrected: Vec<_> =
            rows.iter().filter(|row| inside(row.0)).map(|(slot, kind, value)| (*slot, *kind, value + 1.0)).collect();
        add(&mut year, &corrected);
        add(&mut recomputed, &corrected);
        prop_assert_eq!(year, recomputed);
    }

    /// A table of several channels is the same as each channel by itself, in whatever order its rows come.
    #[test]
    fn channels_of_a_table_are_those_alone(rows in readings(), by_channel in any::<bool>()) {
        let mut table: Vec<(u32, i64, f64)> =
            rows.iter().map(|row| ((row.0.rem_euclid(3)) as u32, row.0, row.2)).collect();
        if by_channel {
            table.sort_by_key(|row| row.0);
        }
        let mut years = HourlyYears::new(2024, Zone::PARIS, 3).unwrap();
        let start = years.local().start();
        let channels: Vec<u32> = table.iter().map(|row| row.0).collect();
        let starts: Vec<i64> = table.iter().map(|row| start + row.1 * 360).collect();
        let values: Vec<f64> = table.iter().map(|row| row.2).collect();
        let added = years.add(&channels, &starts, 360, &values).unwrap();
        prop_assert_eq!(added.counted + added.missing + added.outside + added.refused, table.len() as u64);
        for channel in 0..3_u32 {
            let mut alone = empty();
            for row in table.iter().filter(|row| row.0 == channel) {
                alone.add(&[start + row.1 * 360], 360, &[row.2]).unwrap();
            }
            prop_assert_eq!(years.get(channel as usize), &alone);
        }
    }

    /// Many rows of an hour, channels in turn, are summed side by side: the same as one by one.
    #[test]
    fn rows_in_order_of_time_are_those_alone(values in proptest::collection::vec(prop_oneof![9 => (0_u32..700).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(-3.0)], 60..200)) {
        let mut years = HourlyYears::new(2024, Zone::PARIS, 3).unwrap();
        let start = years.local().start() + 3_600 * 4_000;
        let channels: Vec<u32> = (0..values.len() as u32).map(|row| row % 3).collect();
        let starts: Vec<i64> = (0..values.len() as i64).map(|row| start + 360 * (row / 3)).collect();
        let added = years.add(&channels, &starts, 360, &values).unwrap();
        let mut alone = HourlyYears::new(2024, Zone::PARIS, 3).unwrap();
        let mut wanted = Added::default();
        for row in 0..values.len() {
            let year = alone.get_mut(channels[row] as usize);
            wanted = wanted.plus(year.add(&[starts[row]], 360, &[values[row]]).unwrap());
        }
        prop_assert_eq!(years, alone);
        prop_assert_eq!(added, wanted);
    }

    /// What was counted is what is there.
    #[test]
    fn nothing_is_lost(values in proptest::collection::vec(0_u32..3_000, 1..200)) {
        let mut year = empty();
        let start = year.local().start() + 3_600 * 2_000;
        let starts: Vec<i64> = (0..values.len()).map(|i| start + 2_000 * i as i64).collect();
        let counts: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
        year.add(&starts, 2_000, &counts).unwrap();
        let sum: f64 = (0..8_784).map(|hour| year.volume(hour)).sum();
        prop_assert!((sum - counts.iter().sum::<f64>()).abs() < 1e-6);
        let seconds: u32 = (0..8_784).map(|hour| year.seconds(hour)).sum();
        prop_assert_eq!(seconds, 2_000 * values.len() as u32);
    }
}
