//! Every type of channel and time gives the same; what is missing is listed; damage is an error.
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float32Array, Int16Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use datagora_core::{ProblemKind, Repeated, Zone};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

use super::*;
use crate::mobility::TimestampConvention;

/// A file that is gone at the end of the test.
struct Temporary(PathBuf);

impl Temporary {
    fn with(name: &str, bytes: &[u8]) -> Self {
        let path =
            std::env::temp_dir().join(format!("datagora-batches-{}-{name}.parquet", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The bytes of a file with these columns, three rows a row group.
fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, column)| column).collect())
        .unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(3)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn columns() -> CountColumns {
    CountColumns::new(TimestampConvention::Start)
        .with_channel("c")
        .with_time("t")
        .with_value("v")
        .with_seconds(360)
}

type Row = (String, i64, u32, f64);

fn rows(files: &[&Temporary], columns: CountColumns) -> Result<(Vec<Row>, Report), ReadError> {
    let mut batches = CountBatches::open(files.iter().map(|file| &file.0), columns)?;
    let mut rows = Vec::new();
    while let Some(batch) = batches.next_batch()? {
        let batch = batch.clone();
        for at in 0..batch.len() {
            let channel = batches.channels()[batch.channel()[at] as usize].clone();
            rows.push((channel, batch.start()[at], batch.duration()[at], batch.value()[at]));
        }
    }
    Ok((rows, batches.problems().clone()))
}

fn values() -> ArrayRef {
    Arc::new(Float32Array::from(vec![Some(1.0), Some(0.0), None, Some(2.5)]))
}

#[test]
fn channels_and_times_of_every_type() {
    let text: ArrayRef = Arc::new(StringArray::from(vec!["7", "8", "7", "9"]));
    let dictionary: DictionaryArray<Int32Type> = vec!["7", "8", "7", "9"].into_iter().collect();
    let whole: ArrayRef = Arc::new(Int16Array::from(vec![7, 8, 7, 9]));
    let seconds = [0, 360, 720, -360];
    let millis: ArrayRef = Arc::new(
        TimestampMillisecondArray::from(seconds.map(|s| s * 1_000 + 999).to_vec()).with_timezone("UTC"),
    );
    let nanos: ArrayRef = Arc::new(
        TimestampNanosecondArray::from(seconds.map(|s| s * 1_000_000_000).to_vec()).with_timezone("+02:00"),
    );
    let plain: ArrayRef = Arc::new(Int64Array::from(seconds.to_vec()));
    let mut seen: Option<Vec<Row>> = None;
    for (at, channel) in [text, Arc::new(dictionary) as ArrayRef, whole].into_iter().enumerate() {
        for (also, time) in [&millis, &nanos, &plain].into_iter().enumerate() {
            let bytes = parquet(vec![
                ("t", time.clone()),
                ("other", plain.clone()),
                ("v", values()),
                ("c", channel.clone()),
            ]);
            let file = Temporary::with(&format!("types-{at}-{also}"), &bytes);
            for size in [1, 2, 1_000] {
                let (found, problems) = rows(&[&file], columns().with_batch_rows(size)).unwrap();
                assert!(problems.is_empty());
                assert_eq!((found[3].0.as_str(), found[3].1, found[3].3), ("9", -360, 2.5));
                assert!(found[2].3.is_nan() && found[2].2 == 360);
                let comparable = |rows: &[Row]| {
                    rows.iter().map(|r| (r.0.clone(), r.1, r.2, r.3.to_bits())).collect::<Vec<_>>()
                };
                match &seen {
                    Some(first) => assert_eq!(comparable(&found), comparable(first)),
                    None => seen = Some(found),
                }
            }
        }
    }
}

#[test]
fn several_files_share_their_channels() {
    let file = |name: &str, channels: [&str; 4]| {
        let time: ArrayRef = Arc::new(Int64Array::from(vec![0, 1, 2, 3]));
        Temporary::with(
            name,
            &parquet(vec![
                ("c", Arc::new(StringArray::from(channels.to_vec()))),
                ("t", time),
                ("v", values()),
            ]),
        )
    };
    let (first, second) = (file("first", ["a", "b", "c", "a"]), file("second", ["c", "d", "a", "a"]));
    let mut batches = CountBatches::open([&first.0, &second.0], columns()).unwrap();
    let mut numbers = Vec::new();
    while let Some(batch) = batches.next_batch().unwrap() {
        numbers.extend_from_slice(batch.channel());
    }
    assert_eq!(numbers, [0, 1, 2, 0, 2, 3, 0, 0]);
    assert_eq!(batches.channels(), ["a", "b", "c", "d"]);
}

#[test]
fn missing_rows_are_listed_and_ends_are_ends() {
    let channel: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("a"), Some("b")]));
    let time: ArrayRef = Arc::new(Int64Array::from(vec![Some(3_600), Some(0), None, Some(7_200)]));
    let length: ArrayRef = Arc::new(Int64Array::from(vec![Some(3_600), Some(60), Some(60), Some(-5)]));
    let bytes = parquet(vec![("c", channel), ("t", time), ("v", values()), ("d", length)]);
    let file = Temporary::with("missing", &bytes);
    let ends = CountColumns::new(TimestampConvention::End)
        .with_channel("c")
        .with_time("t")
        .with_value("v")
        .with_duration("d");
    let (found, problems) = rows(&[&file], ends).unwrap();
    assert_eq!(found, [("a".to_owned(), 0, 3_600, 1.0)]);
    let told: Vec<String> = problems.problems().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    for (row, column) in [(2, "c"), (3, "t"), (4, "d")] {
        assert!(told.iter().any(|one| one.contains(&format!("row {row}, column “{column}”"))), "{told:?}");
    }
}

#[test]
fn local_times_pass_through_the_zone() {
    let clock = |text: &str| match crate::mobility::io::timestamp::parse(text.as_bytes()) {
        Some(crate::mobility::io::timestamp::Timestamp::Local(local)) => local.and_utc().timestamp_millis(),
        _ => panic!("{text}"),
    };
    let times = ["2024-07-01T12:00:00", "2024-03-31T02:30:00", "2024-10-27T02:30:00", "2024-10-27T03:00:00"]
        .map(clock);
    let time: ArrayRef = Arc::new(TimestampMillisecondArray::from(times.to_vec()));
    let channel: ArrayRef = Arc::new(StringArray::from(vec!["a"; 4]));
    let file = Temporary::with("local", &parquet(vec![("c", channel), ("t", time), ("v", values())]));
    assert!(rows(&[&file], columns()).unwrap_err().to_string().contains("timestamps without zone"));
    let starts = |repeated| {
        let (found, problems) = rows(&[&file], columns().with_local_times(Zone::PARIS, repeated)).unwrap();
        (found.iter().map(|row| row.1).collect::<Vec<_>>(), problems.count())
    };
    assert_eq!(starts(Repeated::First), (vec![1_719_828_000, 1_729_989_000, 1_729_994_400], 1));
    assert_eq!(starts(Repeated::Second).0[1], 1_729_992_600);
    assert_eq!(starts(Repeated::Refuse), (vec![1_719_828_000, 1_729_994_400], 2));
}

/// The clocks of Lord Howe Island go forward by half an hour: of the hour after 2:00 the first half does not exist.
#[test]
fn an_hour_of_the_clock_may_have_two_offsets() {
    let midnight = 1_728_172_800; // 2024-10-06T00:00:00 as the clock shows it
    let times = [2 * 3_600 + 900, 2 * 3_600 + 2_700, 3_600, 2 * 3_600 + 600].map(|t| midnight + t);
    let time: ArrayRef = Arc::new(TimestampMillisecondArray::from(times.map(|t| t * 1_000).to_vec()));
    let channel: ArrayRef = Arc::new(StringArray::from(vec!["a"; 4]));
    let file = Temporary::with("lord-howe", &parquet(vec![("c", channel), ("t", time), ("v", values())]));
    let zone = Zone::parse("Australia/Lord_Howe").unwrap();
    let (found, problems) = rows(&[&file], columns().with_local_times(zone, Repeated::Refuse)).unwrap();
    let starts: Vec<i64> = found.iter().map(|row| row.1).collect();
    assert_eq!(starts, [times[1] - 11 * 3_600, times[2] - 10 * 3_600 - 1_800]);
    assert_eq!(problems.count(), 2);
}

#[test]
fn seconds_beyond_all_times_are_missing() {
    let time: ArrayRef = Arc::new(UInt64Array::from(vec![Some(360), Some(u64::MAX), None, Some(720)]));
    let channel: ArrayRef = Arc::new(StringArray::from(vec!["a"; 4]));
    let file = Temporary::with("beyond", &parquet(vec![("c", channel), ("t", time), ("v", values())]));
    let (found, problems) = rows(&[&file], columns()).unwrap();
    assert_eq!(found.iter().map(|row| row.1).collect::<Vec<_>>(), [360, 720]);
    assert_eq!(problems.count_of(ProblemKind::MissingValue), 2);
}

#[test]
fn what_lacks_is_told_at_once() {
    let file = Temporary::with("lacks", &parquet(vec![("v", values())]));
    let error =
        CountBatches::open([&file.0], CountColumns::new(TimestampConvention::Start)).unwrap_err().to_string();
    for wanted in ["with_channel", "with_time", "with_value", "with_duration, or with_seconds"] {
        assert!(error.contains(wanted), "{error}");
    }
    let error = CountBatches::open([&file.0], columns()).unwrap_err().to_string();
    assert!(error.contains("column “c”") && error.contains("column “t”"), "{error}");
    let odd = Temporary::with("odd", &parquet(vec![("c", values()), ("t", values()), ("v", values())]));
    assert!(rows(&[&odd], columns()).unwrap_err().to_string().contains("whole numbers"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_files_are_errors(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8), cut in any::<proptest::sample::Index>(), cutting in any::<bool>()
    ) {
        let time: ArrayRef = Arc::new(Int64Array::from(vec![0, 1, 2, 3]));
        let channel: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c", "a"]));
        let mut bytes = parquet(vec![("c", channel), ("t", time), ("v", values())]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cutting {
            bytes.truncate(cut.index(bytes.len()));
        }
        let file = Temporary::with("damaged", &bytes);
        let _ = rows(&[&file], columns());
    }
}
