//! Damaged files of every format of mobility data, made from published ones where they are at hand, and from small ones
//! written here: the same for the quick test and for the long run of `examples/fuzz_mobility.rs`.
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use datagora_core::io::write_parquet;
use datagora_core::{DateTime, Role, Table, Unit, Zone};
use datagora_indicators::mobility::io::*;
use datagora_indicators::mobility::{Counts, TimestampConvention};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// A reader, and the file that is damaged where it reads several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Datex2,
    Datex2Sites,
    Gbfs,
    Sites,
    Channels,
    Measures,
    Counters,
    Months,
    CountPoints,
    Stations,
    CountsParquet,
}

/// Longest that a reader may take for one of the small files made here.
const PATIENCE: Duration = Duration::from_secs(5);

/// A folder of its own, gone at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("datagora-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Random numbers, the same for a seed on every machine (Steele, Lea & Flood 2014, *splitmix64*).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

const SITES: &str = "site_id,site_name,xlong,ylat,fr_insee_code\ns,Baix,4.7,44.7,07022\n";
const CHANNELS: &str = "channel_id,site_id,mobility_type,temporality,started_at,ended_at,time_step\n\
    a,s,BIKE,PERMANENT,2020-01-01T00:00:00Z,,900\nb,s,\"BIKE,PEDESTRIAN\",TEMPORARY,2020-01-01T00:00:00Z,,\n";
const MEASURES: &str = "channel_id,counter_id,start_datetime,end_datetime,count\n\
    a,X,2022-05-01T00:00:00+02:00,,12\na,X,2022-05-01T00:15:00+02:00,2022-05-01T00:30:00+02:00,0\n\
    a,Y,2022-05-01T00:30:00+02:00,,\na,Y,2022-05-01T00:45:00+02:00,,7.5\n";
const COUNTERS: &str = "mode,counter,name,sector,lon,lat\nvelo,quai,Quai,Lyon 7,4.8323,45.7460\n\
    voiture,quai,Quai,Lyon 7,4.8323,45.7460\n";
const MONTHS: &str = "mode,counter,month,count\nvelo,quai,2016-02-01,41000\nvelo,quai,2016-03-01,\n\
    voiture,quai,2016-02-01,99000\n";
const POINTS: &str =
    r#"[{"id": 1500, "count_point_name": "36", "station_name": "Moliere", "op_road_name": "CRS"}]"#;
const DATEX_2: &str = r#"<?xml version="1.0"?><d2LogicalModel modelBaseVersion="2"><payloadPublication xsi:type="MeasuredDataPublication">
  <publicationTime>2025-08-15T21:49:42.016Z</publicationTime><measurementSiteTableReference id="T" version="1"/><siteMeasurements>
  <measurementSiteReference id="a&amp;b" version="3"/><measurementTimeDefault>2025-08-15T21:48:00Z</measurementTimeDefault>
  <measuredValue index="1"><measuredValue><basicData><vehicleFlow numberOfInputValuesUsed='2'><dataError>true</dataError>
  <vehicleFlowRate>120</vehicleFlowRate></vehicleFlow></basicData></measuredValue></measuredValue></siteMeasurements>
  </payloadPublication></d2LogicalModel>"#;
const DATEX_3: &str = r#"<mc:messageContainer xmlns:mc="m" modelBaseVersion="3"><mc:payload xsi:type="roa:MeasuredDataPublication">
  <com:publicationTime>2026-10-01T18:58:00Z</com:publicationTime><roa:siteMeasurements><roa:measurementSiteReference id="G" version="19"/>
  <roa:physicalQuantity index="1"><roa:physicalQuantity><roa:basicData><roa:measurementOrCalculationTime>
  <roa:timeMeaning>startTime</roa:timeMeaning><roa:timeValue>2026-10-01T18:54:00Z</roa:timeValue></roa:measurementOrCalculationTime>
  <roa:vehicleFlow accuracy="0.0"><com:vehicleFlowRate>240</com:vehicleFlowRate></roa:vehicleFlow></roa:basicData>
  </roa:physicalQuantity></roa:physicalQuantity></roa:siteMeasurements></mc:payload></mc:messageContainer>"#;
const TABLE: &str = r#"<measurementSiteTable id="T"><measurementSiteRecord id="a&amp;b" version="1">
  <measurementSiteNumberOfLanes>2</measurementSiteNumberOfLanes><measurementSpecificCharacteristics index="1">
  <measurementSpecificCharacteristics><period>60</period><specificLane>lane1</specificLane>
  <specificMeasurementValueType>trafficFlow</specificMeasurementValueType><specificVehicleCharacteristics><lengthCharacteristic>
  <comparisonOperator>greaterThan</comparisonOperator><vehicleLength>12.2</vehicleLength></lengthCharacteristic>
  </specificVehicleCharacteristics></measurementSpecificCharacteristics></measurementSpecificCharacteristics>
  <measurementSiteLocation><pointByCoordinates><pointCoordinates><latitude>52.1</latitude><longitude>4.6</longitude></pointCoordinates>
  </pointByCoordinates></measurementSiteLocation></measurementSiteRecord></measurementSiteTable>"#;
const STATUS: &str = r#"{"last_updated": 1771749873, "ttl": 60, "version": "2.3", "data": {"stations": [{"station_id": "a",
  "is_installed": true, "is_renting": true, "is_returning": true, "last_reported": 1771749800, "num_bikes_available": 3,
  "num_docks_available": 0, "vehicle_types_available": [{"vehicle_type_id": "e", "count": 2}]}]}}"#;

/// Whole files of every format: small ones, and the beginnings of published ones.
pub(crate) fn wholes(folder: &Folder) -> Vec<(Format, Vec<u8>)> {
    use Format::*;
    let texts = [
        (Sites, SITES),
        (Channels, CHANNELS),
        (Measures, MEASURES),
        (Counters, COUNTERS),
        (Months, MONTHS),
        (CountPoints, POINTS),
        (Datex2, DATEX_2),
        (Datex2, DATEX_3),
        (Datex2Sites, TABLE),
        (Gbfs, STATUS),
    ];
    let mut wholes: Vec<(Format, Vec<u8>)> =
        texts.map(|(format, text)| (format, text.as_bytes().to_vec())).to_vec();
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(DATEX_2.as_bytes()).unwrap();
    wholes.push((Datex2, packer.finish().unwrap()));
    wholes.push((Stations, std::fs::read(stations(folder)).unwrap()));
    wholes.push((CountsParquet, std::fs::read(counts(folder)).unwrap()));
    published(&mut wholes);
    wholes
}

/// A recording of one station.
fn stations(folder: &Folder) -> PathBuf {
    let time = |minute: i64| DateTime::from_timestamp(60 * minute, 0);
    let table = Table::empty()
        .with_text("station_id", Role::Identifier, ["1", "2", "1", "2"].map(Some))
        .and_then(|table| table.with_instant("fetched_at", Role::Time, [0, 0, 1, 1].map(time)))
        .and_then(|table| {
            let bikes = [Some(3), Some(0), Some(4), None];
            table.with_integer("num_bikes_available", Role::Measure, Unit::of("{vehicle}"), bikes)
        })
        .and_then(|table| {
            let docks = [Some(3), Some(9), Some(2), Some(-1)];
            table.with_integer("num_docks_available", Role::Measure, Unit::of("{dock}"), docks)
        })
        .and_then(|table| table.with_boolean("is_renting", Role::Attribute, [Some(true); 4]))
        .and_then(|table| table.with_boolean("is_returning", Role::Attribute, [Some(true); 4]))
        .unwrap();
    let path = folder.0.join("stations.parquet");
    write_parquet(&path, &table).unwrap();
    path
}

/// Counts of two sensors.
fn counts(folder: &Folder) -> PathBuf {
    let time = |hour: i64| DateTime::from_timestamp(1_704_063_600 + 3_600 * hour, 0);
    let names = ["a", "b", "c"];
    let table = Table::empty()
        .with_text("sensor", Role::Identifier, (0..60).map(|row| Some(names[row % 3])))
        .and_then(|table| table.with_instant("t", Role::Time, (0..60).map(|row| time(row / 3))))
        .and_then(|table| {
            let values = (0..60).map(|row| (row % 7 != 2).then_some(row));
            table.with_integer("count", Role::Measure, Unit::of("{vehicle}"), values)
        })
        .unwrap();
    let path = folder.0.join("counts.parquet");
    write_parquet(&path, &table).unwrap();
    path
}

/// Beginnings of published files, if the data folder is there.
fn published(wholes: &mut Vec<(Format, Vec<u8>)>) {
    use Format::*;
    let root = std::env::var_os("DATAGORA_DATA")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(), PathBuf::from);
    if !root.exists() {
        eprintln!("DATAGORA_DATA absent: only small files are damaged");
        return;
    }
    let mut first_lines = |format: Format, name: &str, lines: usize| {
        let bytes = std::fs::read(root.join(name)).unwrap();
        wholes.push((
            format,
            bytes.split_inclusive(|byte| *byte == b'\n').take(lines).flatten().copied().collect(),
        ));
    };
    let schemas = |name: &str| format!("mobility_schemas/comptage_{name}.csv");
    first_lines(Sites, &schemas("site_exemple-valide-eco-compteur"), 20);
    first_lines(Channels, &schemas("channel_exemple-valide-eco-compteur"), 20);
    first_lines(Channels, &schemas("channel_exemple-invalide"), 20);
    first_lines(Measures, &schemas("measure_eco-compteur"), 60);
    first_lines(Measures, &schemas("measure_exemple-valide"), 60);
    first_lines(Counters, "lyon_mobility/cyclopolis_counters.csv", 30);
    first_lines(Months, "lyon_mobility/cyclopolis_monthly_counts.csv", 80);
    for name in ["MeasurementSiteTable", "MeasurementSiteRecord"] {
        first_lines(Datex2Sites, &format!("transit/datex2/{name}.xml"), usize::MAX);
    }
    for version in ["v2.3", "v3.0", "v3.1-RC3"] {
        for name in ["station_status", "system_information", "vehicle_types", "station_information"] {
            first_lines(Gbfs, &format!("transit/gbfs/testFixtures/{version}/{name}.json"), usize::MAX);
        }
    }
    first_lines(Stations, "lyon_mobility/velov_status_2026-03-02.parquet", usize::MAX);
    // Ten sites of a minute of Dutch motorways, closed as the whole is.
    let mut xml = Vec::new();
    let packed = std::fs::File::open(root.join("transit/datex2/trafficspeed.xml.gz")).unwrap();
    GzDecoder::new(packed).take(60_000).read_to_end(&mut xml).unwrap();
    let text = String::from_utf8_lossy(&xml);
    let end = text.match_indices("</siteMeasurements>").nth(9).unwrap().0;
    let closed = "</siteMeasurements></payloadPublication></d2LogicalModel></SOAP:Body></SOAP:Envelope>";
    wholes.push((Datex2, [&text[..end], closed].concat().into_bytes()));
}

/// Numbers at which counts and times go wrong, as texts and as bytes.
const AWKWARD: [&str; 14] = [
    "",
    "0",
    "-1",
    "-0.0",
    "1e308",
    "1e-400",
    "NaN",
    "INF",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999",
    "0x1f",
    "１２",
];
const AWKWARD_BYTES: [u64; 8] = [0, 1, 0x7f, 0xff, 0x7fff_ffff, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, u64::MAX];

/// Damages a file in a few places.
pub(crate) fn damage(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=random.below(4) {
        let length = bytes.len();
        let place = random.below(length + 1).min(length.saturating_sub(1));
        match random.below(12) {
            _ if length == 0 => bytes.push(random.next() as u8),
            0 => bytes[place] ^= 1 << random.below(8),
            1 => bytes[place] = random.next() as u8,
            2 => bytes.truncate(place),
            3 => {
                let number = AWKWARD_BYTES[random.below(AWKWARD_BYTES.len())].to_le_bytes();
                let end = (place + [1, 2, 4, 8][random.below(4)]).min(length);
                bytes[place..end].copy_from_slice(&number[..end - place]);
            }
            4 => {
                let end = (place + 1 + random.below(32)).min(length);
                bytes.drain(place..end);
            }
            5 => {
                let start = random.below(other.len());
                let end = (start + 1 + random.below(64)).min(other.len());
                let until = (place + end - start).min(length);
                bytes.splice(place..until, other[start..end].iter().copied());
            }
            // A part of the text, between separators, somewhere else, doubled, or in place of another.
            6..=8 => {
                let from = part(random, bytes);
                let copy = bytes[from.clone()].to_vec();
                let into = part(random, bytes);
                match random.below(3) {
                    0 => drop(bytes.splice(into.start..into.start, copy)),
                    1 => drop(bytes.splice(into, copy)),
                    _ if into.start >= from.end => {
                        let moved = bytes[into.clone()].to_vec();
                        bytes.splice(into, copy);
                        bytes.splice(from, moved);
                    }
                    _ => drop(bytes.drain(into)),
                }
            }
            // Another number.
            9 | 10 => {
                let digit = |byte: &u8| byte.is_ascii_digit();
                if let Some(from) = bytes[place..].iter().position(digit).map(|at| place + at) {
                    let end =
                        bytes[from..].iter().position(|byte| !digit(byte)).map_or(length, |at| from + at);
                    let number = AWKWARD[random.below(AWKWARD.len())];
                    bytes.splice(from..end, number.bytes());
                }
            }
            // Nested very deep, or very long.
            _ => {
                let texts = ["<a>", "[", "{\"a\":", "\"", "9", "<!--", "]]>", "&lt;", "\n", ","];
                let text = texts[random.below(texts.len())];
                let times = 1 << random.below(15);
                bytes.splice(place..place, text.repeat(times).bytes());
            }
        }
    }
    bytes.truncate(1 << 20);
}

/// A part between two separators.
fn part(random: &mut Random, bytes: &[u8]) -> std::ops::Range<usize> {
    let separators: &[u8] = [&b"<"[..], b",", b"\n", b"<>\""][random.below(4)];
    let separates = |byte: &u8| separators.contains(byte);
    let place = random.below(bytes.len());
    let start = bytes[place..].iter().position(separates).map_or(place, |at| place + at);
    let end = bytes.iter().skip(start + 1).position(separates).map_or(bytes.len(), |at| start + 1 + at);
    start..end
}

/// Reads a file; what went wrong, if it panicked, took too long, or gave what cannot be.
pub(crate) fn run(format: Format, bytes: &[u8], folder: &Folder) -> Result<(), String> {
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| read(format, bytes, folder)));
    let took = start.elapsed();
    match outcome {
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            Err(format!("{format:?} panicked: {text:?}"))
        }
        Ok(()) if took > PATIENCE => Err(format!("{format:?} took {took:?}")),
        Ok(()) => Ok(()),
    }
}

fn read(format: Format, bytes: &[u8], folder: &Folder) {
    match format {
        Format::Datex2 => {
            let table = parse_datex2_sites(TABLE.as_bytes(), "table").unwrap();
            for options in [Datex2Options::default(), Datex2Options::default().with_zone(Zone::PARIS)] {
                let Ok(data) = parse_datex2(bytes, "damaged", &options) else { continue };
                assert!(data.complete || !data.problems.is_empty());
                for one in &data.measurements {
                    assert_eq!(one.value.is_nan(), one.state != MeasurementState::Measured, "{one:?}");
                    assert!(one.value.is_nan() || one.value >= 0.0);
                }
                check(&datex2_counts([&data], &table, TimestampConvention::Start, Zone::PARIS).0);
            }
        }
        Format::Datex2Sites => {
            let Ok(table) = parse_datex2_sites(bytes, "damaged") else { return };
            let data = parse_datex2(DATEX_2.as_bytes(), "data", &Datex2Options::default()).unwrap();
            check(&datex2_counts([&data], &table, TimestampConvention::End, Zone::PARIS).0);
        }
        Format::Gbfs => {
            let _ = parse_gbfs_station_status(bytes, "damaged");
            let _ = parse_gbfs_station_information(bytes, "damaged");
            let _ = parse_gbfs_system_information(bytes, "damaged");
            let _ = parse_gbfs_vehicle_types(bytes, "damaged");
        }
        Format::Sites => comptage(bytes, CHANNELS.as_bytes(), MEASURES.as_bytes()),
        Format::Channels => comptage(SITES.as_bytes(), bytes, MEASURES.as_bytes()),
        Format::Measures => comptage(SITES.as_bytes(), CHANNELS.as_bytes(), bytes),
        Format::Counters => cyclopolis(&folder.file("case", bytes), &folder.file("other", MONTHS)),
        Format::Months => cyclopolis(&folder.file("other", COUNTERS), &folder.file("case", bytes)),
        Format::CountPoints => drop(read_cerema_count_points(folder.file("case", bytes))),
        Format::Stations => {
            let path = folder.file("case", bytes);
            let Ok(found) = read_station_records([&path], &StationColumns::default()) else { return };
            for record in found.stations.values() {
                assert!(record.snapshots().is_sorted_by_key(|snapshot| snapshot.time));
            }
        }
        Format::CountsParquet => {
            let path = folder.file("case", bytes);
            let columns = CountColumns::new(TimestampConvention::Start).with_seconds(3_600);
            if let Ok(mut batches) = CountBatches::open([&path], columns.clone()) {
                while let Ok(Some(batch)) = batches.next_batch() {
                    let known = batch.channel().iter().max().is_none_or(|most| *most < u32::MAX);
                    assert!(known && batch.value().len() == batch.start().len());
                }
            }
            if let Ok(years) = hourly_years_from_parquet([&path], &columns, 2024, Zone::PARIS) {
                assert_eq!(years.channels.len(), years.years.len());
            }
        }
    }
}

fn comptage(sites: &[u8], channels: &[u8], measures: &[u8]) {
    let mut reader = ComptageReader::new(ComptageOptions::default());
    let _ = reader.parse_sites(sites, "sites");
    let _ = reader.parse_channels(channels, "channels");
    let _ = reader.parse_measures(measures, "measures");
    check(&reader.finish().0);
}

fn cyclopolis(counters: &Path, months: &Path) {
    let Ok(found) = read_cyclopolis(counters, months) else { return };
    assert!(found.left_out <= found.rows);
    assert!(found.counts.values().iter().all(|value| value.is_nan() || *value >= 0.0));
}

/// What is in [`Counts`] holds what it promises.
fn check(counts: &Counts) {
    let _ = counts.monthly();
    for readings in counts.by_channel() {
        assert!(readings.value.iter().all(|value| value.is_nan() || (*value >= 0.0 && value.is_finite())));
        for row in 1..readings.start.len() {
            let end = readings.start[row - 1] + i64::from(readings.duration[row - 1]);
            assert!(end <= readings.start[row], "{}", readings.channel.id);
        }
    }
}
