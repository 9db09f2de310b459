//! A week of shared bicycles: when bicycles lack, where at which hour, and all of it on a map that plays.
mod page;
mod quarters;

use datagora::core::{Bilingual, Dataset, Language, NaiveDate, Unit};
use datagora::viz::{Axis, HeatMap};

use crate::figures::weekday;
use crate::material::{Material, Week};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

/// Upper bounds of the classes of load, %: nearly empty, neither, nearly full.
const BOUNDS: [f64; 5] = [20.0, 40.0, 60.0, 80.0, 100.0];

/// Adds what the week shows to the chapter.
pub(super) fn plates(
    chapter: &mut Chapter,
    material: &Material,
    data: &Dataset<Week>,
    recorder: &mut Recorder,
    progress: &mut Progress,
) {
    let plate = progress.step("mobility: a week of shared bicycles", || calendar(data, recorder));
    recorder.plate(chapter, Bilingual::new("Semaine des stations", "A week of the stations"), plate);
    let about = || Bilingual::new("Stations heure par heure", "Stations hour by hour");
    let plate = progress
        .step("mobility: shared bicycles at four hours", || quarters::plate(material, data, recorder));
    if let Ok(plate) = &plate {
        let page = progress.step("mobility: interactive map of the week", || {
            page::html(material, data, &plate.view, recorder)
        });
        match page {
            Ok(html) => chapter.maps.push((plate.view.id().to_owned(), html)),
            Err(trouble) => recorder.fail(about(), trouble.as_ref()),
        }
    }
    recorder.plate(chapter, about(), plate);
}

/// The day and the hour of the clock of an observation.
fn moment(week: &Week, hour: usize) -> Option<(NaiveDate, usize)> {
    let from_midnight = week.first_hour + hour;
    Some((week.first.iter_days().nth(from_midnight / 24)?, from_midnight % 24))
}

/// Number of observations of each station.
fn hours(week: &Week) -> usize {
    week.load.first().map_or(0, Vec::len)
}

/// The last remark of each picture: how old the record is.
fn age(language: Language) -> &'static str {
    language.pick(
        "Nous n’avons pas de semaine plus récente de ce service.",
        "We have no later week of this service.",
    )
}

/// Share of the stations that were empty, hour by hour.
fn calendar(data: &Dataset<Week>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let week = data.payload();
    let metadata = blend("share of stations without a bicycle", &[("load", "0")], &[data])?;
    let hours = hours(week);
    let days = (week.first_hour + hours).div_ceil(24);
    let mut shares = vec![f64::NAN; 24 * days];
    // Before the first hour and after the last there is no cell.
    let mut absent = vec![true; shares.len()];
    let mut fewest = usize::MAX;
    for hour in 0..hours {
        let known: Vec<f64> = week.load.iter().map(|load| load[hour]).filter(|load| !load.is_nan()).collect();
        fewest = fewest.min(known.len());
        let empty = known.iter().filter(|load| **load == 0.0).count();
        shares[week.first_hour + hour] = 100.0 * empty as f64 / known.len() as f64;
        absent[week.first_hour + hour] = false;
    }
    let names = week.first.iter_days().take(days).map(|day| {
        let day_of_month = day.format("%-d");
        format!("{} {day_of_month}", weekday(day, language))
    });
    let title = recorder.say("Quand manque-t-il des vélos\u{a0}?", "When are bicycles lacking?");
    let subtitle = match language {
        Language::French => format!(
            "part des {} stations Vélo’v sans aucun vélo, heure par heure, du 9 au 16 mars 2014",
            week.load.len()
        ),
        Language::English => format!(
            "share of the {} Vélo’v stations without a bicycle, hour by hour, 9 to 16 March 2014",
            week.load.len()
        ),
    };
    let stations = language.group_digits(fewest as u64);
    let known = match (language, fewest == week.load.len()) {
        (Language::French, true) => "toutes les stations sont connues à chaque heure".to_owned(),
        (Language::English, true) => "all stations are known at each hour".to_owned(),
        (Language::French, false) => format!("{stations} stations au moins sont connues à chaque heure"),
        (Language::English, false) => format!("at least {stations} stations are known at each hour"),
    };
    let note = match language {
        Language::French => {
            format!("Le relevé commence le dimanche à 11\u{a0}h\u{202f}; {known}. {}", age(language))
        }
        Language::English => format!("The record begins on Sunday at 11:00; {known}. {}", age(language)),
    };
    let view = HeatMap::new(Axis::hours(language), Axis::labels(names), Unit::PERCENT, shares)
        .with_absent(absent)
        .with_headings(recorder.say("Heure", "Hour"), recorder.say("Jour", "Day"))
        .draw(&captions("mobility-week", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}
