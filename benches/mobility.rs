//! Indicators of counts, travel times and shared bicycles: 10³, 10⁵ and 10⁷ readings.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::{WorkingWeek, Zone};
use datagora_indicators::mobility::{
    AadtOptions, Averaging, Channel, CountsBuilder, DayKind, FreeFlow, HourlyYears, ImputeMethod,
    ImputeOptions, Reading, ReliabilityOptions, SharingOptions, Snapshot, StationRecord, YearRule,
    average_day, reliability,
};

/// Six-minute readings of a sensor in a year.
const A_YEAR: usize = 87_840;
const INTERVAL: u32 = 360;

/// Vehicles in six minutes: a rhythm of the day, noise that repeats nothing, one reading in forty missing.
fn count(reading: usize) -> f64 {
    let noise = ((reading as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 / f64::from(1_u32 << 24);
    let hour = reading / 10 % 24;
    let usual = if (7..20).contains(&hour) { 60.0 } else { 8.0 };
    if reading / 200 % 40 == 7 { f64::NAN } else { (usual * (0.5 + noise)).round() }
}

fn years(readings: usize) -> HourlyYears {
    let mut years = HourlyYears::new(2024, Zone::PARIS, readings.div_ceil(A_YEAR)).unwrap();
    let first = years.local().start();
    let starts: Vec<i64> =
        (0..readings.min(A_YEAR) as i64).map(|at| first + at * i64::from(INTERVAL)).collect();
    let values: Vec<f64> = (0..readings).map(count).collect();
    for (channel, values) in values.chunks(A_YEAR).enumerate() {
        let channels = vec![channel as u32; values.len()];
        years.add(&channels, &starts[..values.len()], INTERVAL, values).unwrap();
    }
    years
}

fn counts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("counts");
    for n in [1_000, 100_000, 10_000_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        group.bench_function(BenchmarkId::new("hourly years", n), |bencher| {
            bencher.iter(|| black_box(years(n)));
        });
        let years = years(n);
        let options = AadtOptions::default().with_rule(YearRule::ANYTHING);
        for (name, options) in [("AADT", options.with_level(None)), ("AADT with interval", options)] {
            group.bench_function(BenchmarkId::new(name, n), |bencher| {
                bencher.iter(|| {
                    years
                        .years()
                        .iter()
                        .filter_map(|year| year.aadt(&options).unwrap().value.value())
                        .sum::<f64>()
                });
            });
        }
        let working = DayKind::Working(WorkingWeek::MondayToFriday);
        group.bench_function(BenchmarkId::new("average working day", n), |bencher| {
            let day = |year| average_day(year, working, Averaging::Days).unwrap();
            bencher.iter(|| years.years().iter().filter_map(|year| day(year).value()).sum::<f64>());
        });
        let days: Vec<_> = years.years().iter().map(|year| year.aadt(&options).unwrap().value).collect();
        group.bench_function(BenchmarkId::new("K30 and peak-hour factor", n), |bencher| {
            bencher.iter(|| {
                let of = years.years().iter().zip(&days).map(|(year, day)| {
                    let highest = year.design_hour(1, day, 0.95).unwrap().hour;
                    (
                        year.design_hour(30, day, 0.95).unwrap(),
                        highest.map(|hour| year.peak_hour_factor(hour)),
                    )
                });
                of.for_each(|found| drop(black_box(found)));
            });
        });
    }
    group.finish();
}

/// Hours of two years, some of them missing, filled: the readings of a channel are few, a city has many channels.
fn imputation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("imputation");
    for n in [1_000, 100_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        let mut builder = CountsBuilder::new(Zone::PARIS);
        for at in 0..n {
            let channel = builder.channel(Channel::new((at / 17_520).to_string()).with_site("s"));
            let start = 1_640_991_600 + 3_600 * (at % 17_520) as i64;
            builder.add(Reading::new(channel, start, 3_600, count(10 * at)));
        }
        let counts = builder.finish().0;
        for method in [ImputeMethod::NeighbouringWeeks, ImputeMethod::Model] {
            let options = ImputeOptions::default().with_method(method);
            group.bench_function(BenchmarkId::new(format!("{method:?}"), n), |bencher| {
                bencher.iter(|| black_box(counts.imputed(&options)));
            });
        }
    }
    group.finish();
}

fn travel_times(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("travel times");
    for n in [1_000, 100_000, 10_000_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        let times: Vec<f64> = (0..n).map(|at| 60.0 + count(at)).collect();
        let free = FreeFlow::declared(60.0).unwrap();
        group.bench_function(BenchmarkId::new("reliability", n), |bencher| {
            bencher.iter(|| black_box(reliability(&times, &free, &ReliabilityOptions::default()).unwrap()));
        });
    }
    group.finish();
}

fn shared_bicycles(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("shared bicycles");
    for n in [1_000, 100_000, 10_000_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        let bikes = |at: usize| count(at).max(0.0) as u32 % 20;
        let snapshots = (0..n).map(|at| Snapshot::new(60 * at as i64, bikes(at), 20 - bikes(at))).collect();
        let record = StationRecord::new(snapshots);
        group.bench_function(BenchmarkId::new("time-weighted stock", n), |bencher| {
            let time = 0..60 * n as i64;
            bencher.iter(|| black_box(record.summary(time.clone(), &SharingOptions::default())));
        });
    }
    group.finish();
}

criterion_group!(benches, counts, imputation, travel_times, shared_bicycles);
criterion_main!(benches);
