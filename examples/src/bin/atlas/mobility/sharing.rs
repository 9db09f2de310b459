//! Shared bicycles: a night of all stations, where and when there is none.
use datagora::core::{Dataset, DateTime, Language, Measured, Unit, Zone};
use datagora::indicators::mobility::{
    SharingOptions, StationRecord, StationState, StationSummary, SystemStates, system_states,
};
use datagora::viz::{Axis, CATEGORIES, Colour, Column, Palette, PointMap, StateChart, StateTimeline};

use crate::figures::over_communes;
use crate::material::{Material, Night};
use crate::recorder::{Plate, Recorder, Sourced, Trouble, blend, captions};

/// Moments of the night at which stations are looked at.
const STEPS: u32 = 132;
/// Stations named in a note.
const NAMED: usize = 6;
/// Stations drawn one by one.
const DRAWN: usize = 25;
/// Colours of stations from those that are never empty to those that often are, then of those whose state is unknown.
const SELDOM_TO_OFTEN: [Colour; 4] = [
    Colour::rgb(158, 202, 225),
    Colour::rgb(230, 159, 0),
    Colour::rgb(140, 45, 4),
    Colour::rgb(118, 118, 118),
];

pub(super) fn night(data: &Dataset<Night>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let night = data.payload();
    let options = SharingOptions::default();
    let metadata = blend("state of stations", &[("max age", "600 s"), ("steps", "132")], &[data])?;
    let states = system_states(&night.records, night.period.clone(), STEPS, &options);
    let count = |pick: &dyn Fn(&SystemStates) -> usize| -> Vec<f64> {
        states.iter().map(|state| pick(state) as f64).collect()
    };
    let times =
        states.iter().map(|state| DateTime::from_timestamp(state.time, 0).unwrap_or_default()).collect();
    let chart = StateChart::new(times, Zone::PARIS, Unit::of("{station}"))
        .with_state(recorder.say("vides", "empty"), CATEGORIES[1], count(&|s| s.empty))
        .with_state(
            recorder.say("vélos et places", "bicycles and docks"),
            CATEGORIES[4],
            count(&|s| s.available),
        )
        .with_state(recorder.say("pleines", "full"), CATEGORIES[0], count(&|s| s.full))
        .with_state(recorder.say("hors service", "closed"), Colour::MUTED, count(&|s| s.closed))
        .with_total(night.records.len() as f64);
    let title = recorder.say("Une nuit de vélos partagés", "A night of shared bicycles");
    let subtitle = recorder.say(
        "nombre de stations dans chaque état, heure de Paris",
        "number of stations in each state, Paris time",
    );
    let note = recorder.say(
        "Une station dont on ne sait rien depuis dix minutes est «\u{a0}inconnue\u{a0}», pas vide\u{a0}: le trou de \
         l’enregistrement se voit.",
        "A station of which nothing was heard for ten minutes is “unknown”, not empty: the hole in the recording shows.",
    );
    let view =
        chart.draw(&captions("mobility-night", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}

pub(super) fn empty_stations(
    material: &Material,
    data: &Dataset<Night>,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let night = data.payload();
    let options = SharingOptions::default();
    let mut used: Vec<&dyn Sourced> = vec![data];
    used.extend(material.communes.as_ref().map(|communes| communes as &dyn Sourced));
    let metadata = blend("share of the time without a bicycle", &[("max age", "600 s")], &used)?;
    let kinds = [
        recorder.say("jamais vide", "never empty"),
        recorder.say("moins d’un quart du temps", "less than a quarter of the time"),
        recorder.say("un quart du temps ou plus", "a quarter of the time or more"),
        recorder.say("état inconnu", "state unknown"),
    ];
    let kind = |record: &StationRecord| {
        let empty = record.summary(night.period.clone(), &options).empty;
        let kind = match empty.value() {
            None => 3,
            Some(share) if share <= 0.0 => 0,
            Some(share) if share < 25.0 => 1,
            Some(_) => 2,
        };
        kinds[kind].clone()
    };
    let category: Vec<String> = night.records.iter().map(kind).collect();
    let title = recorder.say("Où l’on ne trouve pas de vélo", "Where there is no bicycle");
    let subtitle = recorder.say(
        "part de la nuit pendant laquelle la station est restée vide",
        "share of the night during which the station was empty",
    );
    let words = captions("mobility-empty", &title, &subtitle, &metadata, language);
    let variable = language.pick("Station vide", "Station empty");
    let met = || kinds.iter().zip(SELDOM_TO_OFTEN).filter(|(kind, _)| category.contains(kind));
    let view = PointMap::new(&night.geometry, &night.name)
        .with_categories(variable, &category)
        .with_order(met().map(|(kind, _)| kind))
        // Categories, since the unknown has no place in the order: shapes tell them apart as well.
        .with_palette(Palette::Categories(met().map(|(_, colour)| colour).collect()))
        .draw(&over_communes(material, "stations").with_labels(0), &words)?;
    Ok(Plate { view, metadata, geometry: Some(night.geometry.clone()) })
}

/// The stations on which one could rely least, moment by moment.
pub(super) fn reliability(data: &Dataset<Night>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let night = data.payload();
    let options = SharingOptions::default();
    let metadata = blend(
        "state of each station, and share of the time empty, full, closed and unknown",
        &[("max age", "600 s"), ("steps", &STEPS.to_string())],
        &[data],
    )?;
    let step = (night.period.end - night.period.start) / i64::from(STEPS);
    let times: Vec<i64> = (0..i64::from(STEPS)).map(|k| night.period.start + k * step).collect();
    let hours: Vec<_> = times
        .iter()
        .filter_map(|&time| Some(Zone::PARIS.hour_of(DateTime::from_timestamp(time, 0)?)))
        .collect();
    if hours.len() != times.len() {
        return Err("the record begins or ends at no moment of the calendar".into());
    }
    let names = hours.iter().zip(&times).map(|(hour, time)| {
        let minutes = (time - hour.start.timestamp()) / 60;
        match language {
            Language::French => format!("{}\u{a0}h\u{a0}{minutes:02}", hour.hour),
            Language::English => format!("{}:{minutes:02}", hour.hour),
        }
    });
    // The first moment of each hour.
    let ticks = (1..hours.len()).filter(|&k| hours[k].start != hours[k - 1].start).map(|k| {
        let hour = hours[k].hour;
        (k, recorder.say(&format!("{hour}\u{a0}h"), &format!("{hour}:00")))
    });
    let mut chart = StateTimeline::new(Axis::ticked(names.collect(), ticks.collect()))
        .with_state(recorder.say("vélos et places", "bicycles and docks"), CATEGORIES[4])
        .with_state(recorder.say("vide", "empty"), CATEGORIES[1])
        .with_state(recorder.say("pleine", "full"), CATEGORIES[0])
        .with_state(recorder.say("hors service", "closed"), Colour::MUTED)
        .with_unknown(recorder.say("inconnue", "unknown"))
        .with_share(
            recorder.say("part du temps avec vélos et places", "share of the time with bicycles and docks"),
            [0],
        )
        .with_heading(recorder.say("Station", "Station"))
        .sorted()
        .with_limit(DRAWN);
    // Stations that were closed all the time are no question of chance; the note names them.
    let out = |record: &StationRecord| {
        let spans = record.spans(night.period.clone(), &options);
        let closed = |state| matches!(state, StationState::Closed | StationState::Unknown);
        spans.iter().all(|span| closed(span.state))
    };
    let (closed, open): (Vec<usize>, Vec<usize>) =
        (0..night.records.len()).partition(|&row| out(&night.records[row]));
    for &row in &open {
        let states = times.iter().map(|&time| match night.records[row].at(time, &options).0 {
            StationState::Available => Some(0),
            StationState::Empty => Some(1),
            StationState::Full => Some(2),
            StationState::Closed => Some(3),
            _ => Some(4),
        });
        chart = chart.with_row(&night.name[row], states.collect::<Vec<_>>());
    }
    let summaries: Vec<StationSummary> =
        open.iter().map(|&row| night.records[row].summary(night.period.clone(), &options)).collect();
    let measured = |name: String, pick: fn(&StationSummary) -> &Measured| {
        Column::measured(name, Unit::PERCENT, summaries.iter().map(|summary| pick(summary).clone()))
    };
    chart = chart
        .with_column(measured(recorder.say("Vide, du temps connu", "Empty, of the time known"), |s| &s.empty))
        .with_column(measured(recorder.say("Pleine, du temps connu", "Full, of the time known"), |s| {
            &s.full
        }));
    let never =
        summaries.iter().filter(|s| s.empty.value() == Some(0.0) && s.full.value() == Some(0.0)).count();
    let count = |n: usize| language.group_digits(n as u64);
    let mut note = match language {
        Language::French => format!(
            "Le temps inconnu compte comme non utilisable. {} stations sur {} n’ont jamais été ni vides ni pleines pendant le temps \
             connu. Les intervalles du tableau disent jusqu’où irait la part si tout le temps inconnu était passé vide (ou pleine), ou \
             jamais. Le relevé ne couvre qu’une nuit\u{a0}: il ne dit rien des journées.",
            count(never),
            count(summaries.len())
        ),
        Language::English => format!(
            "Time unknown counts as not usable. {} of {} stations were never empty nor full during the time known. The intervals in \
             the table say how far the share would go if all the unknown time was spent empty (or full), or none of it. The record \
             covers one night: it says nothing about days.",
            count(never),
            count(summaries.len())
        ),
    };
    if !closed.is_empty() {
        let mut names: Vec<String> = closed.iter().map(|&row| night.name[row].clone()).collect();
        if names.len() > NAMED + 1 {
            let rest = names.split_off(NAMED).len();
            names.push(recorder.say(&format!("et {rest} autres"), &format!("and {rest} more")));
        }
        let lead = recorder.say(
            " Hors service ou inconnues toute la nuit, non montrées\u{a0}: ",
            " Closed or unknown all night, not shown: ",
        );
        note.push_str(&format!("{lead}{}.", names.join(", ")));
    }
    let title = recorder.say("Sur quelles stations compter\u{a0}?", "Which stations can one rely on?");
    let subtitle = match language {
        Language::French => format!(
            "les {} stations le moins souvent utilisables, heure de Paris",
            DRAWN.min(summaries.len())
        ),
        Language::English => {
            format!("the {} stations that could be used least, Paris time", DRAWN.min(summaries.len()))
        }
    };
    let view =
        chart.draw(&captions("mobility-stations", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}
