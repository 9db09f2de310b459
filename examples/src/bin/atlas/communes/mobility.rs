//! Shared bicycles, and what the counters of a commune have counted.
use datagora::core::{Dataset, Language, Unit};
use datagora::indicators::ZoneCounts;
use datagora::indicators::mobility::{OutageOptions, find_outages};
use datagora::viz::{Axis, Chapter, Indicator, Line, LineChart, Plate};

use super::{Theme, Told, located, per_all_inhabitants, per_inhabitants};
use crate::material::{Counters, Material, Mode, Night, Zones};
use crate::recorder::{Recorder, Trouble, blend, captions};

/// Lines on one chart at most: more hide each other.
const LINES: usize = 5;

pub(super) fn theme(material: &Material, communes: &Dataset<Zones>, recorder: &mut Recorder) -> Theme {
    let mut theme = Theme::new(recorder.say("Mobilité", "Mobility"));
    if let Some(data) = &material.night {
        let told = stations(data, communes, recorder);
        theme.add(recorder, ("Stations de vélos partagés", "Stations of shared bicycles"), told);
    }
    if let Some(data) = &material.counters {
        let told = counters(data, communes, recorder);
        theme.add(recorder, ("Compteurs vélo", "Bicycle counters"), told);
        match charts(data, communes, recorder) {
            Ok(chapters) => theme.chapters = chapters,
            Err(trouble) => {
                let about = datagora::core::Bilingual::new("Passages des vélos", "Passages of bicycles");
                recorder.fail(about, trouble.as_ref());
            }
        }
    }
    theme
}

fn stations(data: &Dataset<Night>, communes: &Dataset<Zones>, recorder: &Recorder) -> Result<Told, Trouble> {
    let zones = communes.payload();
    let counts = ZoneCounts::new(&located(&data.payload().geometry, zones)?, zones.code.len())?;
    let values = per_inhabitants(counts.counts(), &zones.population, 10_000.0, 1.0);
    let name = recorder.say(
        "Stations de vélos partagés pour 10\u{202f}000 habitants",
        "Stations of shared bicycles per 10,000 inhabitants",
    );
    let indicator = Indicator::new("sharing", name, Unit::ONE, &values)
        .with_whole(per_all_inhabitants(counts.counts(), &zones.population, 10_000.0, 1.0))
        .with_definition(recorder.say(
            "stations qui ont transmis leur état\u{202f}; zéro là où le service n’existe pas.",
            "stations that have reported; zero where there is no service.",
        ));
    let metadata = blend("stations by commune", &[("boundary", "half-open")], &[data, communes])?;
    Ok(Told { indicator, metadata })
}

/// Rows of the bicycle counters of each commune.
fn bicycles(counters: &Counters, zones: &Zones) -> Result<Vec<Vec<usize>>, Trouble> {
    let mut rows = vec![Vec::new(); zones.code.len()];
    for (row, zone) in located(&counters.geometry, zones)?.into_iter().enumerate() {
        if let (Some(zone), Mode::Bicycle) = (zone, counters.mode[row]) {
            rows[zone as usize].push(row);
        }
    }
    Ok(rows)
}

fn counters(
    data: &Dataset<Counters>,
    communes: &Dataset<Zones>,
    recorder: &Recorder,
) -> Result<Told, Trouble> {
    let zones = communes.payload();
    let counts: Vec<u64> = bicycles(data.payload(), zones)?.iter().map(|rows| rows.len() as u64).collect();
    let values = per_inhabitants(&counts, &zones.population, 10_000.0, 1.0);
    let name = recorder
        .say("Compteurs vélo pour 10\u{202f}000 habitants", "Bicycle counters per 10,000 inhabitants");
    let indicator = Indicator::new("counters", name, Unit::ONE, &values)
        .with_whole(per_all_inhabitants(&counts, &zones.population, 10_000.0, 1.0))
        .with_definition(recorder.say(
            "combien on observe, et non combien on roule\u{a0}: un compteur par sens et par site.",
            "how much is observed, not how much people ride: a counter for each direction and site.",
        ));
    let metadata = blend("bicycle counters by commune", &[("boundary", "half-open")], &[data, communes])?;
    Ok(Told { indicator, metadata })
}

/// Bicycles a day on the counters of each commune that has some, month after month.
fn charts(
    data: &Dataset<Counters>,
    communes: &Dataset<Zones>,
    recorder: &Recorder,
) -> Result<Vec<(usize, Chapter)>, Trouble> {
    let language = recorder.language;
    let (counters, zones) = (data.payload(), communes.payload());
    let clean = counters.counts.without(&find_outages(&counters.counts, &OutageOptions::default())).per_day();
    let metadata = blend("bicycles by commune", &[("outages", "left out")], &[data, communes])?;
    let mut chapters = Vec::new();
    for (zone, mut rows) in bicycles(counters, zones)?.into_iter().enumerate() {
        let counted = |row: usize| clean.series(row).iter().filter(|count| !count.is_nan()).count();
        rows.retain(|&row| counted(row) > 1);
        // Those that have counted longest tell most.
        rows.sort_by_key(|&row| (std::cmp::Reverse(counted(row)), row));
        let all = rows.len();
        rows.truncate(LINES);
        if rows.is_empty() {
            continue;
        }
        let months = clean.months().len();
        let mut chart =
            LineChart::new(Axis::months(clean.first(), months, language), Unit::of("{bicycle}/d"));
        for &row in &rows {
            chart = chart.with_line(Line::new(counters.name[row].clone(), clean.series(row)));
        }
        let title = match language {
            Language::French => format!("Vélos par jour à {}", zones.name[zone]),
            Language::English => format!("Bicycles a day in {}", zones.name[zone]),
        };
        let subtitle = match (language, all > rows.len()) {
            (Language::French, true) => {
                format!("les {} compteurs qui comptent depuis le plus longtemps, sur {all}", rows.len())
            }
            (Language::English, true) => {
                format!("the {} counters that have counted longest, of {all}", rows.len())
            }
            (_, false) => {
                recorder.say("moyenne de chaque mois, pannes écartées", "mean of each month, without outages")
            }
        };
        let words =
            captions(&format!("bicycles-{}", zones.code[zone]), &title, &subtitle, &metadata, language);
        let plate = Plate::new(chart.draw(&words)?);
        let heading = recorder.say("Vélos", "Bicycles");
        chapters.push((zone, Chapter::new("bicycles", heading, "").with_plate(plate)));
    }
    Ok(chapters)
}
