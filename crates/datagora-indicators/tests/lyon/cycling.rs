//! Bicycles: 52 counters of Paris with the weather of its airport (Paris open data, Météo-France SYNOP), and the 33 streets
//! of Lyon that count bicycles and cars. Wanted numbers: statsmodels 0.15.0, pandas and numpy from the same files.
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use datagora_core::{DateTime, Month, NaiveDate, Utc};
use datagora_indicators::mobility::*;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::{close, column, data, numbers, table};

/// Daily volumes of the counters of Paris that have every day, and the days.
fn paris() -> Option<(Vec<NaiveDate>, Vec<Vec<f64>>)> {
    let file = File::open(data("traffic/paris_bike_counters_hourly.parquet")?).unwrap();
    let mut sums: BTreeMap<String, BTreeMap<NaiveDate, f64>> = BTreeMap::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let column = |name: &str, to: DataType| -> ArrayRef {
            cast(batch.column_by_name(name).unwrap(), &to).unwrap()
        };
        let names = column("counter_name", DataType::Utf8);
        let seconds = column("date", DataType::Timestamp(TimeUnit::Second, None));
        let seconds = cast(&seconds, &DataType::Int64).unwrap();
        let counts = column("bike_count", DataType::Float64);
        for row in 0..batch.num_rows() {
            let at = seconds.as_primitive::<Int64Type>().value(row);
            let date = DateTime::<Utc>::from_timestamp(at, 0).unwrap().date_naive();
            let name = names.as_string::<i32>().value(row).to_owned();
            *sums.entry(name).or_default().entry(date).or_default() +=
                counts.as_primitive::<Float64Type>().value(row);
        }
    }
    let days: BTreeSet<NaiveDate> = sums.values().flat_map(|days| days.keys().copied()).collect();
    let complete = sums.into_values().filter(|sums| sums.len() == days.len());
    let counters = complete.map(|sums| sums.into_values().collect()).collect();
    Some((days.into_iter().collect(), counters))
}

/// Mean temperature (°C) and rain (mm) of each day; reports every three hours.
fn weather(days: &[NaiveDate]) -> (Vec<f64>, Vec<f64>) {
    let table = table("traffic/paris_weather_3h.csv").unwrap();
    let (kelvin, rain) = (numbers(&table, "t"), numbers(&table, "rr3"));
    let mut of_day: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (row, at) in column(&table, "date").into_iter().enumerate() {
        if !seen.insert(at) {
            continue; // one report stands there twice
        }
        let sums = of_day.entry(&at[..10]).or_default();
        if !kelvin[row].is_nan() {
            *sums = (sums.0 + kelvin[row] - 273.15, sums.1 + 1.0, sums.2);
        }
        // −0.1 is a trace.
        sums.2 += if rain[row].is_nan() { 0.0 } else { rain[row].max(0.0) };
    }
    days.iter()
        .map(|day| {
            let (sum, count, rain) = of_day[day.to_string().as_str()];
            (sum / count, rain)
        })
        .unzip()
}

#[test]
fn trend_of_paris_at_the_same_weather() {
    let Some((days, counters)) = paris() else { return };
    assert_eq!((days.len(), counters.len()), (343, 48));
    let totals: Vec<f64> =
        (0..days.len()).map(|day| counters.iter().map(|counter| counter[day]).sum()).collect();
    assert_eq!(totals[..2], [124_404.0, 129_175.0]);
    let (temperature, rain) = weather(&days);
    let weather = Weather { temperature: &temperature, rain: &rain };
    // Eleven months cannot tell a trend from the season, in the year of the curfews least of all.
    let options = TrendOptions::default();
    let refused = weather_adjusted_trend(&days, &totals, &weather, &options).unwrap();
    assert!(refused.trend.suppression().is_some() && !refused.terms.is_empty());
    // Asked for nevertheless, it is what statsmodels finds.
    let found = weather_adjusted_trend(&days, &totals, &weather, &options.with_shortest(0.5)).unwrap();
    assert_eq!((found.lag, found.trend.observations(), found.zeros), (5, 343, 0));
    let wanted = [
        (11.626_782_011_047_137, 0.053_862_146_932_049_874),
        (-0.844_641_212_892_815_8, 0.094_864_223_691_416_9),
        (0.023_423_558_357_480_56, 0.005_031_633_601_315_515),
        (-0.000_162_946_079_677_248_62, 0.000_427_025_612_627_210_6),
        (-0.146_498_455_048_220_62, 0.023_828_681_193_727_5),
    ];
    for (term, (estimate, error)) in found.terms.iter().zip(wanted) {
        close(term.estimate, estimate, 1e-8);
        close(term.error, error, 1e-8);
    }
    close(found.r_squared, 0.721_850_278_182_614_6, 1e-9);
    close(found.autocorrelation, 0.558_323_321_170_809_1, 1e-9);
    close(found.trend.value().unwrap(), -57.028_849_449_596_166, 1e-6);
    let interval = found.trend.interval().unwrap();
    close(interval.lower, -64.344_193_548_117_4, 1e-6);
    close(interval.upper, -48.212_648_559_293, 1e-6);
    close(found.unadjusted.value().unwrap(), -62.250_074_042_560_676, 1e-6);
    // In the same weather days differ less from the week before.
    let spread = |values: &[f64]| values.windows(8).map(|week| (week[7] / week[0]).ln().powi(2)).sum::<f64>();
    assert!(spread(&found.adjusted) < 0.9 * spread(&totals));
}

/// The first finding of Hankey, Lindsey and Marshall (2014), here in Paris: factors of days miss less than factors of
/// weekdays and months. Every counter in turn is taken as counted for one week only.
#[test]
fn a_week_expanded_by_factors_of_days() {
    let Some((days, counters)) = paris() else { return };
    let (mut miss, mut covered, mut weeks) = (0.0, 0, 0);
    for (left, own) in counters.iter().enumerate() {
        let others = counters.iter().enumerate().filter(|(i, _)| *i != left);
        let daily: Vec<f64> = others.flat_map(|(_, series)| series.iter().copied()).collect();
        let factors = day_of_year_factors(&daily, counters.len() - 1, &DayFactorOptions::default()).unwrap();
        let average = own.iter().sum::<f64>() / days.len() as f64;
        for first in (0..days.len() - 6).step_by(7) {
            let week: Vec<usize> = (first..first + 7).collect();
            let found = factors.expand(&week, &own[first..first + 7]).unwrap();
            miss += (found.value().unwrap() / average - 1.0).abs();
            covered += usize::from(found.interval().unwrap().contains(average));
            weeks += 1;
        }
    }
    assert_eq!(weeks, 48 * 49);
    close(miss / weeks as f64, 0.109_541_196_168_892_03, 1e-9); // by weekday and month: 0.174_8
    let coverage = covered as f64 / weeks as f64;
    assert!((0.94..0.97).contains(&coverage), "{coverage} of the intervals at 95 %");
}

#[test]
fn bicycles_gained_on_cars_in_the_same_streets_of_lyon() {
    let Some(table) = table("lyon_mobility/cyclopolis_monthly_counts.csv") else { return };
    let (modes, counters) = (column(&table, "mode"), column(&table, "counter"));
    let (months, counts) = (column(&table, "month"), numbers(&table, "count"));
    let of = |mode: &str| -> BTreeSet<&str> {
        (0..table.len()).filter(|row| modes[*row] == mode).map(|row| counters[row]).collect()
    };
    let sites: Vec<&str> = of("velo").intersection(&of("voiture")).copied().collect();
    assert_eq!(sites.len(), 33);
    let first = Month::new(2018, 1).unwrap();
    let mut tables = BTreeMap::from(["velo", "voiture"].map(|mode| (mode, vec![f64::NAN; 33 * 96])));
    for row in 0..table.len() {
        let month = Month::parse(&months[row][..7]).unwrap().months_since(first);
        // A month of 0 is an outage.
        if let (Ok(site), 0..96, true) = (sites.binary_search(&counters[row]), month, counts[row] > 0.0) {
            tables.get_mut(modes[row]).unwrap()[site * 96 + month as usize] = counts[row];
        }
    }
    let found =
        bike_against_car(&tables["velo"], &tables["voiture"], 33, 12, &GrowthOptions::default()).unwrap();
    assert_eq!(found.pairs, 2_661);
    let shares = [
        9.483_320_079_062_958,
        8.492_571_127_595_731,
        10.894_403_942_452_211,
        12.245_822_863_717_58,
        13.669_150_655_354_574,
        14.590_958_361_384_795,
        15.284_031_041_301_967,
        16.423_149_424_934_98,
    ];
    for (found, wanted) in found.shares.iter().zip(shares) {
        close(found.value().unwrap(), wanted, 1e-9);
        assert!(found.interval().unwrap().contains(wanted));
    }
    let last = |index: &ChainedIndex| index.index[7].value().unwrap();
    close(last(&found.bikes), 190.336_069_660_123_83, 1e-9);
    close(last(&found.cars), 79.698_756_992_872_62, 1e-9);
    close(found.relative.value().unwrap(), 238.819_370_391_366_85, 1e-9);
    // Far from 100, whichever street is left out.
    let interval = found.relative.interval().unwrap();
    assert!(interval.lower > 150.0 && interval.upper < 380.0, "{interval:?}");
}
