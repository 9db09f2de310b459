//! Made inputs: a year of six-minute counts of the sensors of the made metropolis, and the calendar of its hours.
use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, TimestampMillisecondArray, UInt32Array,
};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use datagora_core::{Month, WorkingWeek, Zone};
use datagora_sample::{City, CityPlan, Sensors, Stream};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::inputs::Inputs;
use crate::task::Failure;

/// Readings in an hour.
pub(super) const READINGS: usize = 10;
/// The year, one of 366 days.
pub(super) const YEAR: i32 = 2024;
const SEED: u64 = 69;
/// Share of the readings that are missing here and there, beside the gaps of the made city.
const LOST: f64 = 0.000_05;

/// `traffic_year.parquet` (sensor, start, volume; by sensor and time) and `traffic_calendar.parquet`.
pub(super) fn traffic_year(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("traffic_year", || {
        let plan = CityPlan { first_year: YEAR, years: 1, ..CityPlan::metropolis() };
        let sensors = City::make(&CityPlan { sensors: inputs.rows(plan.sensors), ..plan })?.sensors;
        write_calendar(inputs, sensors.start)?;
        write_counts(inputs, &sensors)
    })
}

fn writer(inputs: &Inputs, name: &str, first: &RecordBatch) -> Result<ArrowWriter<File>, Failure> {
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?)).build();
    Ok(ArrowWriter::try_new(File::create(inputs.path(name))?, first.schema(), Some(properties))?)
}

fn write_counts(inputs: &Inputs, sensors: &Sensors) -> Result<(), Failure> {
    let mut file = None;
    for (sensor, hourly) in sensors.hourly.iter().enumerate() {
        let mut stream = Stream::new(SEED, "six minutes", sensor as u64);
        let volumes: Vec<Option<i32>> = hourly.iter().flat_map(|&count| split(count, &mut stream)).collect();
        let begin = sensors.start.timestamp();
        let starts =
            (0..volumes.len() as i64).map(|reading| 1_000 * (begin + reading * 3_600 / READINGS as i64));
        let batch = RecordBatch::try_from_iter([
            ("sensor", Arc::new(UInt32Array::from(vec![sensor as u32; volumes.len()])) as ArrayRef),
            ("start", Arc::new(TimestampMillisecondArray::from_iter_values(starts).with_timezone("UTC"))),
            ("volume", Arc::new(Int32Array::from(volumes))),
        ])?;
        if file.is_none() {
            file = Some(writer(inputs, "traffic_year.parquet", &batch)?);
        }
        if let Some(file) = &mut file {
            file.write(&batch)?;
        }
    }
    if let Some(file) = file {
        file.close()?;
    }
    Ok(())
}

/// The count of an hour dealt to its readings at random; nothing of nothing.
fn split(hour: f32, stream: &mut Stream) -> [Option<i32>; READINGS] {
    if hour.is_nan() {
        return [None; READINGS];
    }
    let whole = hour as usize;
    let mut readings = [(whole / READINGS) as i32; READINGS];
    // A third of the vehicles come when they like, the others evenly.
    for reading in &mut readings {
        *reading -= *reading / 3;
    }
    for _ in readings.iter().sum::<i32>() as usize..whole {
        readings[stream.below(READINGS)] += 1;
    }
    readings.map(|reading| (stream.unit() >= LOST).then_some(reading))
}

fn write_calendar(inputs: &Inputs, start: DateTime<Utc>) -> Result<(), Failure> {
    let (zone, end) = (Zone::PARIS, NaiveDate::from_ymd_opt(YEAR + 1, 1, 1).ok_or("no such year")?);
    let hours: Vec<DateTime<Utc>> = (0..9_000)
        .map(|hour| start + Duration::hours(hour))
        .take_while(|&t| zone.hour_of(t).date < end)
        .collect();
    let local: Vec<_> = hours.iter().map(|&hour| zone.hour_of(hour)).collect();
    let numbers = |value: &dyn Fn(usize) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values((0..local.len()).map(value)))
    };
    let month = |at: usize| Month::of(local[at].date).ok_or("a month of the calendar");
    let weekdays = |at: usize| -> i64 {
        let date = local[at].date;
        let same = |day: &NaiveDate| day.weekday() == date.weekday();
        month(at).map_or(0, |month| month.dates().filter(same).count() as i64)
    };
    let batch = RecordBatch::try_from_iter([
        ("hour", numbers(&|at| hours[at].timestamp().div_euclid(3_600))),
        ("number", numbers(&|at| at as i64)),
        ("day", numbers(&|at| i64::from(local[at].date.ordinal()))),
        ("month", numbers(&|at| i64::from(local[at].date.month()))),
        ("weekday", numbers(&|at| i64::from(local[at].date.weekday().num_days_from_monday()))),
        ("clock", numbers(&|at| i64::from(local[at].hour))),
        ("hours_of_day", numbers(&|at| i64::from(zone.hours_in_day(local[at].date)))),
        ("days_of_weekday", numbers(&weekdays)),
        (
            "working",
            Arc::new(BooleanArray::from_iter(
                local.iter().map(|hour| Some(WorkingWeek::MondayToFriday.includes(hour.date))),
            )),
        ),
    ])?;
    let mut file = writer(inputs, "traffic_calendar.parquet", &batch)?;
    file.write(&batch)?;
    file.close()?;
    Ok(())
}
