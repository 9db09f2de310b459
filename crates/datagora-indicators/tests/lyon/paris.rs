//! 52 bicycle counters of Paris, hour by hour from September 2020 to August 2021.
//!
//! Its times have no zone. They are UTC: hours are there at 2:00 on 28 March 2021, which no clock in Paris showed, and the
//! morning peak moves from 7:00 in winter to 6:00 in summer. They are starts: in Paris the peaks are then from 8 to 10 and
//! from 18 to 20 o'clock, as is published of these counters (parigovelo.com). Reference numbers: Python 3 and pyarrow 26.
use std::collections::BTreeMap;
use std::fs::File;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use datagora_core::{ProblemKind, Report, WorkingWeek, Zone};
use datagora_indicators::mobility::{
    AadtOptions, Channel, CleaningOptions, Counts, CountsBuilder, DayKind, FaultKind, HourlyYear,
    HourlyYears, ImputeOptions, Mode, Reading, TimestampConvention, YearRule, day_profile, find_faults,
};

use crate::data;

pub(crate) fn counts() -> Option<(Counts, Report)> {
    let file = File::open(data("traffic/paris_bike_counters_hourly.parquet")?).unwrap();
    let mut builder = CountsBuilder::new(Zone::PARIS);
    let mut channels: BTreeMap<String, u32> = BTreeMap::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let column = |name: &str, to: DataType| cast(batch.column_by_name(name).unwrap(), &to).unwrap();
        let text = |name: &str| column(name, DataType::Utf8).as_string::<i32>().clone();
        let number = |name: &str| column(name, DataType::Float64).as_primitive::<Float64Type>().clone();
        let seconds =
            cast(&column("date", DataType::Timestamp(TimeUnit::Second, None)), &DataType::Int64).unwrap();
        let seconds = seconds.as_primitive::<Int64Type>();
        let (ids, names, sites) = (text("counter_id"), text("counter_name"), text("site_id"));
        let (devices, values) = (text("counter_technical_id"), number("bike_count"));
        let (longitudes, latitudes) = (number("longitude"), number("latitude"));
        for row in 0..batch.num_rows() {
            let channel = *channels.entry(ids.value(row).to_owned()).or_insert_with(|| {
                builder.channel(
                    Channel::new(ids.value(row))
                        .with_name(names.value(row))
                        .with_site(sites.value(row))
                        .with_mode(Mode::Bike)
                        .with_position(longitudes.value(row), latitudes.value(row)),
                )
            });
            let start = TimestampConvention::Start.start(seconds.value(row), 3_600);
            builder.counted_by(channel, start, devices.value(row));
            assert!(!values.is_null(row));
            builder.add(Reading::new(channel, start, 3_600, values.value(row)));
        }
    }
    Some(builder.finish())
}

#[test]
fn counts_are_sound_and_their_months_complete() {
    let Some((counts, report)) = counts() else { return };
    // Nothing but the order is wrong, in every channel.
    assert_eq!((report.count(), report.count_of(ProblemKind::Unordered)), (52, 52), "{report}");
    assert_eq!((counts.len(), counts.channels().len()), (422_243, 52));
    assert!(counts.hardware_changes().is_empty());
    let (months, problems) = counts.monthly().unwrap();
    assert!(problems.is_empty());
    let june = datagora_core::Month::new(2021, 6).unwrap().months_since(months.first()) as usize;
    let totals: Vec<f64> = (0..52).map(|channel| months.series(channel)[june]).collect();
    assert_eq!(totals.iter().sum::<f64>(), 2_943_848.0);
    // The hour from 0:00 UTC on 25 October 2020 is missing everywhere: that month of 745 hours is nowhere complete.
    let october = datagora_core::Month::new(2020, 10).unwrap().months_since(months.first()) as usize;
    assert!((0..52).all(|channel| months.series(channel)[october].is_nan()));
}

#[test]
fn peaks_are_where_paris_has_them() {
    let Some((counts, _)) = counts() else { return };
    let years = HourlyYears::of_counts(&counts, 2021).unwrap();
    let mut all = HourlyYear::with_local(years.local().clone());
    years.years().iter().for_each(|year| all.merge(year).unwrap());
    // Sums of many channels have more than 3,600 seconds an hour: each channel is profiled by itself.
    assert!(!all.overfull().is_empty());
    let mut total = [0.0; 24];
    for year in years.years() {
        let profile = day_profile(year, DayKind::Working(WorkingWeek::MondayToFriday)).unwrap();
        total.iter_mut().zip(profile.volumes).for_each(|(sum, volume)| *sum += volume);
    }
    let mut order: Vec<usize> = (0..24).collect();
    order.sort_by(|a, b| total[*b].total_cmp(&total[*a]));
    assert_eq!(order[..4], [18, 8, 19, 9]);
}

#[test]
fn outages_recorded_as_zeros_are_found() {
    let Some((counts, _)) = counts() else { return };
    let faults = find_faults(&counts, &CleaningOptions::default());
    let of = |kind| faults.iter().filter(move |fault| fault.kind == kind);
    assert_eq!(of(FaultKind::Gap).count(), 59);
    // Both channels of a site at a time: eleven weeks from May 2021, a month from January (with one hour missing in it).
    let mut long: Vec<usize> =
        of(FaultKind::Zeros).map(|fault| fault.rows.len()).filter(|rows| *rows >= 48).collect();
    long.sort_unstable();
    assert_eq!(long, [93, 95, 723, 723, 1_832, 1_834]);
    // Suspicions stay rare: under 2 % of the readings.
    let suspect: usize =
        faults.iter().filter(|fault| fault.kind.doubt().is_some()).map(|fault| fault.rows.len()).sum();
    assert!(suspect < 8_445, "{suspect}");
    assert!(of(FaultKind::Stuck).count() <= 2 && of(FaultKind::Spike).count() <= 20);

    let flagged = counts.flagged(&faults);
    let (filled, done) = flagged.imputed(&ImputeOptions::default());
    assert!(done.filled > 59 && done.left > 3_000, "{done:?}");
    assert!(filled.imputed_share() > 0.0 && filled.imputed_share() < 0.01);
}

#[test]
fn a_year_of_eight_months_has_no_annual_average() {
    let Some((counts, _)) = counts() else { return };
    let years = HourlyYears::of_counts(&counts, 2021).unwrap();
    for year in years.years() {
        assert_eq!(year.aadt(&AadtOptions::default()).unwrap().value.value(), None);
        let found =
            year.aadt(&AadtOptions::default().with_rule(YearRule::ANYTHING)).unwrap().value.check().unwrap();
        assert!(found.value().is_some() && found.completeness() < 0.62);
    }
}
