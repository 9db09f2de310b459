//! The week on an interactive map: each station, hour by hour.
use datagora::core::{Dataset, Language, Unit};
use datagora::viz::{
    Category, Column, Field, Filter, Method, StepValues, TimeAxis, View, WebLayer, WebMap, WebSource,
    classify,
};

use super::quarters::colours;
use super::{BOUNDS, age, hours, moment};
use crate::amid::{amid_communes, opened_on};
use crate::figures::{dated, weekday};
use crate::material::{Material, Week};
use crate::recorder::{Recorder, Trouble};

/// Radius of the circle of a station, px.
const RADIUS: f64 = 5.0;
/// Hour of the clock at which the map opens, on the first day recorded from midnight on.
const OPENING: usize = 10;
/// Steps a second.
const PACE: f64 = 3.0;

pub(super) fn html(
    material: &Material,
    data: &Dataset<Week>,
    view: &View,
    recorder: &Recorder,
) -> Result<String, Trouble> {
    let language = recorder.language;
    let week = data.payload();
    let percent = |share: f64| (100.0 * share).round();
    let steps = (0..hours(week)).map(|hour| week.load.iter().map(|load| percent(load[hour])).collect());
    let loads = StepValues::new(steps, 0);
    let classes = classify(&loads.all(), BOUNDS.len(), &Method::Manual(BOUNDS.to_vec()))?;
    // Whole percents: filters compare what the features hold.
    let at = |state: f64| -> Vec<f64> { week.load.iter().map(|load| percent(share(load, state))).collect() };
    let (empty, full) = (at(0.0), at(1.0));
    let uphill: Vec<i64> = week.uphill.iter().map(|&uphill| i64::from(uphill)).collect();
    let kinds = [recorder.say("en plaine", "in the plain"), recorder.say("sur une colline", "on a hill")];
    let words = || (0..).zip(kinds.iter());

    let without_bicycle =
        recorder.say("Heures sans vélo, sur la semaine", "Hours without a bicycle, of the week");
    let without_place =
        recorder.say("Heures sans place, sur la semaine", "Hours without a place, of the week");
    let place = recorder.say("Situation", "Where it stands");
    let attributes = [
        Column::text("name", week.name.iter().cloned()),
        Column::numbers("empty", Unit::PERCENT, empty.iter().copied()),
        Column::numbers("full", Unit::PERCENT, full.iter().copied()),
        Column::numbers("uphill", Unit::ONE, uphill.iter().map(|&code| code as f64)),
    ];
    let stations = WebLayer::circles("load", "stations", recorder.say("Remplissage", "Load"), RADIUS)
        .with_step_classes(loads, classes, colours(), Unit::PERCENT)
        .with_feature_word("stations")
        .with_heading("name")
        .with_field(Field::number("empty", without_bicycle.clone(), Unit::PERCENT, 0))
        .with_field(Field::number("full", without_place.clone(), Unit::PERCENT, 0))
        .with_field(Field::coded("uphill", place.clone(), words().map(|(code, kind)| (code, kind.clone()))))
        .with_note(match language {
            Language::French => {
                format!(
                    "Peu remplie (brun)\u{a0}: peu de vélos à prendre\u{202f}; très remplie (bleu-vert)\u{a0}: peu de places. {}",
                    age(language)
                )
            }
            Language::English => {
                format!("Low load (brown): few bicycles to take; high load (blue-green): few places. {}", age(language))
            }
        });
    let titled = match language {
        Language::French => view.clone().with_subtitle(format!(
            "stations, heure par heure\u{202f}; l’image et le tableau\u{a0}: {}",
            view.subtitle()
        )),
        Language::English => view
            .clone()
            .with_subtitle(format!("stations, hour by hour; picture and table: {}", view.subtitle())),
    };
    let kinds_of = words().map(|(code, kind)| {
        Category::new(code, kind.clone()).with_count(uphill.iter().filter(|&&of| of == code).count())
    });
    let mut map = WebMap::new(titled)
        .with_source("stations", WebSource::features(&week.geometry, &attributes)?)
        .with_time(time(week, recorder))
        .with_places(&week.name, &week.geometry)?
        .with_filter(Filter::range("load", "empty", without_bicycle, Unit::PERCENT, empty))
        .with_filter(Filter::range("load", "full", without_place, Unit::PERCENT, full))
        .with_filter(Filter::categories("load", "uphill", place, kinds_of, uphill.iter().copied().map(Some)));
    map = amid_communes(map, material, (Vec::new(), vec![stations]), language)?;
    Ok(opened_on(map, &week.geometry)?.to_html()?)
}

/// Share of the hours known at which a station was so full.
fn share(load: &[f64], state: f64) -> f64 {
    let known = load.iter().filter(|load| !load.is_nan()).count();
    load.iter().filter(|load| **load == state).count() as f64 / known as f64
}

/// The hours with the words for each.
fn time(week: &Week, recorder: &Recorder) -> TimeAxis {
    let language = recorder.language;
    let steps = (0..hours(week)).filter_map(|hour| moment(week, hour)).map(|(day, clock)| {
        let (name, date) = (weekday(day, language), dated(day, language));
        match language {
            Language::French => format!("{name} {date}, {clock}\u{a0}h"),
            Language::English => format!("{name} {date}, {clock}:00"),
        }
    });
    let midnight = (24 - week.first_hour % 24) % 24;
    TimeAxis::new(recorder.say("Heure", "Hour"), steps).opening_at(midnight + OPENING).with_pace(PACE)
}
