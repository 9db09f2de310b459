//! Months by years of one counter.
use datagora::core::{Dataset, Language, Unit};
use datagora::viz::{Axis, HeatMap};

use super::Cleaned;
use crate::figures::capital;
use crate::material::{Counters, Mode};
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// Fewest months counted of a counter that is shown: five years.
const LONG: usize = 60;

/// The busiest of the counters with a long record, month by month.
pub(super) fn months(
    data: &Dataset<Counters>,
    work: &Cleaned,
    mode: Mode,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let metadata = blend("passages per day, by month", &[("outages", "left out")], &[data])?;
    let mean = |row: &usize| {
        let known: Vec<f64> = work.daily.series(*row).iter().copied().filter(|v| !v.is_nan()).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let counted = |row: &usize| work.daily.series(*row).iter().filter(|v| !v.is_nan()).count();
    let of_mode = || (0..work.mode.len()).filter(|&row| work.mode[row] == mode);
    // A young network has no long record.
    let longest = of_mode().map(|row| counted(&row)).max().unwrap_or(0);
    let least = LONG.min(longest).max(1);
    let row = of_mode()
        .filter(|row| counted(row) >= least)
        .max_by(|a, b| mean(a).total_cmp(&mean(b)))
        .ok_or("no counter of this mode has a month")?;
    let series = work.daily.series(row);
    let first = work.daily.first();
    let known = || (0..series.len()).filter(|&k| !series[k].is_nan());
    let (Some(from), Some(to)) = (known().next(), known().next_back()) else {
        return Err("the counter has no month".into());
    };
    let years = first.plus(from as i32).year()..=first.plus(to as i32).year();
    let mut values = vec![f64::NAN; 12 * years.clone().count()];
    // Before the first month and after the last there is no cell.
    let mut absent = vec![true; values.len()];
    for (k, value) in series.iter().enumerate() {
        let month = first.plus(k as i32);
        if years.contains(&month.year()) {
            let cell = 12 * (month.year() - years.start()) as usize + month.month() as usize - 1;
            values[cell] = *value;
            absent[cell] = !(from..=to).contains(&k);
        }
    }
    let name = capital(mode.name().get(language));
    let counter = &data.payload().name[row];
    let title = match language {
        Language::French => format!("{name}, mois par mois\u{a0}: {counter}"),
        Language::English => format!("{name}, month by month: {counter}"),
    };
    let years_long = least / 12;
    let subtitle = match language {
        Language::French => format!(
            "passages par jour, moyenne du mois\u{202f}; le compteur le plus fréquenté de ceux qui ont au moins {years_long} ans de \
             mesures"
        ),
        Language::English => format!(
            "passages per day, mean of the month; the busiest of the counters with at least {years_long} years of measurements"
        ),
    };
    let note = recorder.say(
        "Un mois à zéro ou invraisemblable est une panne\u{a0}: il est hachuré, comme un mois sans donnée. Avant le premier mois compté \
         et après le dernier, les cases sont vides. Rien n’est estimé.",
        "A month at zero or implausible is an outage: it is hatched, as a month without data is. Before the first month counted and \
         after the last, cells are blank. Nothing is estimated.",
    );
    let id = format!("mobility-months-{}", mode.name().en);
    let view = HeatMap::new(
        Axis::year(language),
        Axis::labels(years.map(|year| year.to_string())),
        Unit::of("{passage}/d"),
        values,
    )
    .with_absent(absent)
    .with_headings(recorder.say("Mois", "Month"), recorder.say("Année", "Year"))
    .draw(&captions(&id, &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}
