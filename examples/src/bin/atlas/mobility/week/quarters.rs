//! How full the stations around are at four hours of a working day, as small maps on one scale.
use std::collections::BTreeMap;

use datagora::core::{Dataset, Language, Measured, Unit};
use datagora::geo::{Boundary, locate};
use datagora::viz::{Context, MapMultiples, MapOptions, Method, Palette, hexagon_grid};

use super::{BOUNDS, age, hours, moment};
use crate::figures::BROWN_TO_TEAL;
use crate::material::{Material, Week};
use crate::recorder::{Plate, Recorder, Sourced, Trouble, blend, captions};

/// Width of a hexagon, m: a few stations, and a few minutes on foot.
const WIDTH: f64 = 800.0;
/// Hours of the clock: the night, work, the way home, the evening.
const SHOWN: [usize; 4] = [5, 10, 17, 22];

/// The colours of the classes; the pictures and the interactive map have the same.
pub(super) fn colours() -> Palette {
    Palette::Ordered(BROWN_TO_TEAL.to_vec())
}

pub(super) fn plate(
    material: &Material,
    data: &Dataset<Week>,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let week = data.payload();
    let cells = hexagon_grid(&week.geometry, WIDTH, &Unit::of("{station}"))?.cells;
    let cell_of = locate(&week.geometry, &cells, Boundary::HalfOpen)?.to_options();
    let mut stations: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (station, cell) in cell_of.into_iter().enumerate() {
        if let Some(cell) = cell {
            stations.entry(cell as usize).or_default().push(station);
        }
    }
    let within = |cell: usize| stations.get(&cell).map_or(&[][..], Vec::as_slice);
    let names: Vec<String> = (0..cells.len()).map(|cell| named(week, within(cell), language)).collect();
    let working: Vec<(usize, usize)> = (0..hours(week))
        .filter_map(|hour| {
            let (day, clock) = moment(week, hour)?;
            let weekday: u32 = day.format("%u").to_string().parse().ok()?;
            (weekday <= 5).then_some((hour, clock))
        })
        .collect();
    let maps: Vec<(usize, Vec<Measured>)> = SHOWN
        .into_iter()
        .map(|clock| {
            let at: Vec<usize> =
                working.iter().filter(|(_, of)| *of == clock).map(|(hour, _)| *hour).collect();
            (clock, (0..cells.len()).map(|cell| load(week, within(cell), &at)).collect())
        })
        .collect();

    let mut used: Vec<&dyn Sourced> = vec![data];
    used.extend(material.communes.as_ref().map(|communes| communes as &dyn Sourced));
    let metadata = blend(
        "mean load of the stations of a hexagon at hours of working days",
        &[("width, m", &WIDTH.to_string()), ("hours", &SHOWN.map(|clock| clock.to_string()).join(", "))],
        &used,
    )?;
    let mut chart = MapMultiples::new(&cells, &names)
        .with_measure(recorder.say("Remplissage moyen", "Mean load"))
        .with_method(Method::Manual(BOUNDS.to_vec()), BOUNDS.len())
        .with_palette(colours());
    for (clock, values) in &maps {
        let title = match language {
            Language::French => format!("À {clock}\u{a0}h"),
            Language::English => format!("At {clock}:00"),
        };
        chart = chart.with_map(title, values);
    }
    let mut options = MapOptions::default().with_zone_word(recorder.say("hexagones", "hexagons"));
    if let Some(communes) = &material.communes {
        options = options.with_context(Context::borders(communes.payload().geometry.clone()));
    }
    let title = recorder.say(
        "À quelle heure trouver un vélo, ou une place\u{a0}?",
        "At what hour is there a bicycle, or a place to leave it?",
    );
    let subtitle = recorder.say(
        "remplissage moyen des stations Vélo’v par hexagone de 800\u{a0}m, du lundi 10 au vendredi 14 mars 2014",
        "mean load of the Vélo’v stations of each hexagon of 800\u{a0}m, Monday 10 to Friday 14 March 2014",
    );
    let count = language.group_digits(week.load.len() as u64);
    let note = match language {
        Language::French => format!(
            "Peu rempli (brun)\u{a0}: peu de vélos à prendre\u{202f}; très rempli (bleu-vert)\u{a0}: peu de places pour en rendre un. Moyenne des stations de l’hexagone \
             ({count} en tout) et de cinq jours\u{202f}; hors des hexagones, il n’y a pas de station. {}",
            age(language)
        ),
        Language::English => format!(
            "Low load (brown): few bicycles to take; high load (blue-green): few places to leave one. Mean of the stations of the hexagon ({count} in all) and of \
             five days; outside the hexagons there is no station. {}",
            age(language)
        ),
    };
    let words = captions("mobility-week-hours", &title, &subtitle, &metadata, language).with_note(note);
    let view = chart.draw(&options, &words)?;
    Ok(Plate { view, metadata, geometry: Some(cells) })
}

/// Mean of what is known of these stations at these hours, %.
fn load(week: &Week, stations: &[usize], hours: &[usize]) -> Measured {
    let all = || stations.iter().flat_map(|&station| hours.iter().map(move |&hour| week.load[station][hour]));
    let known: Vec<f64> = all().filter(|load| !load.is_nan()).collect();
    let mean = 100.0 * known.iter().sum::<f64>() / known.len() as f64;
    Measured::new(mean, Unit::PERCENT)
        .with_observations(known.len() as u64)
        .with_completeness(known.len() as f64 / all().count() as f64)
}

/// A hexagon by the first of its stations.
fn named(week: &Week, stations: &[usize], language: Language) -> String {
    let mut names: Vec<&str> = stations.iter().map(|&station| &week.name[station][..]).collect();
    names.sort_unstable();
    let first = names.first().copied().unwrap_or_default();
    match (names.len(), language) {
        (0 | 1, _) => first.to_owned(),
        (2, Language::French) => format!("{first}, et une autre"),
        (2, Language::English) => format!("{first}, and another"),
        (all, Language::French) => format!("{first}, et {} autres", all - 1),
        (all, Language::English) => format!("{first}, and {} more", all - 1),
    }
}
