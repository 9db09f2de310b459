//! The counters of Lyon as series that end together.
use std::path::Path;

use datagora::core::{Credit, Licence, Metadata, Month, Unit};
use datagora::indicators::mobility::io::{Cyclopolis, read_cyclopolis};
use datagora::predict::Series;

use crate::Trouble;

/// Counters with their names.
pub(crate) struct Counters {
    pub(crate) series: Vec<Series>,
    pub(crate) names: Vec<String>,
    /// The month of the first step of each.
    pub(crate) first: Vec<Month>,
    /// The first month after all.
    pub(crate) end: Month,
    pub(crate) metadata: Metadata,
}

/// Least number of months counted.
const LEAST: usize = 48;

/// Reads the bicycle counters with four years of counts or more. A month of 0 is an outage. All series run to the last
/// month that half of the counters have.
pub(crate) fn read(data: &Path) -> Result<Counters, Trouble> {
    let path = |name: &str| data.join("lyon_mobility").join(name);
    let Cyclopolis { channels, counts, .. } =
        read_cyclopolis(path("cyclopolis_counters.csv"), path("cyclopolis_monthly_counts.csv"))?;
    let mut found: Vec<(String, usize, Vec<f64>)> = Vec::new();
    for (row, channel) in
        counts.channels().iter().enumerate().filter(|(_, channel)| channel.starts_with("velo/"))
    {
        let values: Vec<f64> =
            counts.series(row).iter().map(|count| if *count > 0.0 { *count } else { f64::NAN }).collect();
        let name = channels.iter().find(|c| c.id == *channel).and_then(|c| c.name.clone());
        let observed = values.iter().filter(|count| !count.is_nan()).count();
        if let (Some(first), true) = (values.iter().position(|count| !count.is_nan()), observed >= LEAST) {
            found.push((name.unwrap_or_else(|| channel.clone()), first, values));
        }
    }
    let length = found.first().map_or(0, |counter| counter.2.len());
    let counted = |month: usize| found.iter().filter(|counter| !counter.2[month].is_nan()).count();
    let end =
        (0..length).rev().find(|month| 2 * counted(*month) >= found.len()).ok_or(
            "no month is counted by half of the bicycle counters; check cyclopolis_monthly_counts.csv",
        )? + 1;
    let mut counters = Counters {
        series: Vec::new(),
        names: Vec::new(),
        first: Vec::new(),
        end: counts.first().plus(end as i32),
        metadata: credits(),
    };
    for (name, first, values) in found.into_iter().filter(|counter| counter.1 < end) {
        let month = counts.first().plus(first as i32);
        let series = Series::new(&values[first..end], Unit::of("{passage}"))?.with_period(12)?;
        counters.series.push(series.with_start(month).with_label(name.clone()));
        counters.names.push(name);
        counters.first.push(month);
    }
    Ok(counters)
}

fn credits() -> Metadata {
    let counts = Credit::new("Comptages vélo (Eco-compteur)", "Métropole de Lyon", Licence::LicenceOuverte2);
    let gathered = Credit::new("Cyclopolis", "La Ville à Vélo", Licence::Mit);
    Metadata::new("Compteurs")
        .with_credit(counts.with_date("2015–2026"))
        .with_credit(gathered.with_url("https://github.com/lavilleavelo/cyclopolis"))
}
