//! At what hours of which day people ride.
use datagora::core::{Dataset, Language, NaiveDate, Unit};
use datagora::viz::{Axis, Ridgelines, format_number};

use super::{Checked, warning};
use crate::figures::{dated, titled};
use crate::material::{Hourly, Mode};
use crate::recorder::{Plate, Recorder, Sourced, Trouble, blend, captions};

/// Weeks in which an hour of a weekday must have been counted.
const FEWEST: u32 = 8;
/// Evenings at home by decree: the curfews and lockdowns of France.
const CURFEWS: [(i32, u32, u32); 2] = [(2020, 10, 17), (2021, 6, 20)];

/// The hours of each day of the week, mean of the counters of bicycles; `None` if none counted for long enough.
pub(super) fn plate(
    data: &Dataset<Hourly>,
    work: &Checked,
    recorder: &Recorder,
) -> Result<Option<Plate>, Trouble> {
    let language = recorder.language;
    let hourly = data.payload();
    let monday: usize = work.first.format("%u").to_string().parse::<usize>()? - 1;
    let mut sum = vec![0.0; 7 * 24];
    let mut counters = 0;
    for channel in (0..hourly.mode.len()).filter(|&channel| hourly.mode[channel] == Mode::Bicycle) {
        let mut cells = vec![(0.0, 0_u32); sum.len()];
        for (day, hour, value, _) in
            work.hours(channel).filter(|(_, _, value, imputed)| !value.is_nan() && !imputed)
        {
            let (sum, count) = &mut cells[24 * ((monday + day) % 7) + hour];
            (*sum, *count) = (*sum + value, *count + 1);
        }
        if cells.iter().all(|(_, count)| *count >= FEWEST) {
            counters += 1;
            sum.iter_mut().zip(&cells).for_each(|(all, (sum, count))| *all += sum / f64::from(*count));
        }
    }
    if counters == 0 {
        return Ok(None);
    }
    let metadata = blend(
        "mean passages by hour and day of the week",
        &[("fewest weeks", &FEWEST.to_string()), ("estimated hours", "left out")],
        &[data],
    )?;
    let means: Vec<f64> = sum.iter().map(|sum| sum / f64::from(counters)).collect();
    let mut chart = Ridgelines::over(Axis::hours(language), Unit::of("{passage}/h"))
        .with_heading(recorder.say("Heure", "Hour"));
    let names = Axis::weekdays(language);
    for (day, hours) in means.chunks_exact(24).enumerate() {
        chart = chart.with_group(names.name(day), hours);
    }
    let title = titled(
        hourly.elsewhere.as_ref(),
        "à quelles heures roule-t-on à vélo\u{a0}?",
        "at what hours do people ride?",
        language,
    );
    let last = work.first.iter_days().nth(work.days - 1).ok_or("the record ends after the calendar")?;
    let [from, to] = [work.first, last].map(|day| dated(day, language));
    let count = format_number(f64::from(counters), 0, language);
    let subtitle = match language {
        Language::French => {
            format!("passages par heure, moyenne de {count} compteurs vélo, du {from} au {to}")
        }
        Language::English => format!("passages per hour, mean of {count} bicycle counters, {from} to {to}"),
    };
    let [working, weekend] = [&means[..5 * 24], &means[5 * 24..]].map(|days| busiest(days, language));
    let mut note = match language {
        Language::French => {
            format!("Le plus de passages\u{a0}: {working} du lundi au vendredi, {weekend} le week-end. ")
        }
        Language::English => {
            format!("Most passages: {working} from Monday to Friday, {weekend} at weekends. ")
        }
    };
    note.push_str(language.pick(
        "Chaque compteur compte autant, et seulement ses heures comptées\u{202f}; les vacances et les jours fériés sont parmi les \
         autres jours. La hauteur est à la même échelle pour tous les jours.",
        "Each counter counts as much, and only its hours counted; holidays are among the other days. Heights are on one scale for \
         all days.",
    ));
    let curfews = CURFEWS.map(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day));
    if let ([Some(begin), Some(end)], false) = (curfews, data.origin().made)
        && work.first <= end
        && begin <= last
    {
        note.push_str(language.pick(
            " Les couvre-feux et les confinements d’octobre 2020 à juin 2021 écourtent les soirées.",
            " The curfews and lockdowns from October 2020 to June 2021 shorten the evenings.",
        ));
    }
    let mut words = captions("mobility-rhythm", &title, &subtitle, &metadata, language).with_note(note);
    if let Some(warning) = warning(hourly, language) {
        words = words.with_note(warning);
    }
    Ok(Some(Plate { view: chart.draw(&words)?, metadata, geometry: None }))
}

/// The hour with most passages of an average of whole days, and how many they are.
fn busiest(days: &[f64], language: Language) -> String {
    let of = |hour: usize| {
        let hours: Vec<f64> = days.iter().skip(hour).step_by(24).copied().collect();
        hours.iter().sum::<f64>() / hours.len() as f64
    };
    let hour = (0..24).max_by(|&a, &b| of(a).total_cmp(&of(b))).unwrap_or(0);
    let passages = format_number(of(hour), 0, language);
    match language {
        Language::French => format!("{hour}\u{a0}h ({passages} par compteur)"),
        Language::English => format!("{hour}:00 ({passages} per counter)"),
    }
}
