//! Each counter between two years: who rises, who falls.
use datagora::core::{Dataset, Language, Measured, Unit};
use datagora::viz::SlopeChart;

use super::Cleaned;
use super::confidence::averages;
use crate::figures::capital;
use crate::material::{Counters, Mode};
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// Fewest counters worth comparing.
const FEWEST: usize = 3;
/// Counters in colour on each side, and those drawn at all.
const NAMED: usize = 4;
const DRAWN: usize = 20;

/// Average days of the counters that have one in both years; `None` if too few have.
pub(super) fn plate(
    data: &Dataset<Counters>,
    work: &Cleaned,
    mode: Mode,
    recorder: &Recorder,
    figures: &mut Vec<(String, String)>,
) -> Result<Option<Plate>, Trouble> {
    let language = recorder.language;
    // A young network has no whole year, and nothing to compare.
    let Ok((first, years)) = averages(work) else { return Ok(None) };
    let Some((now, earlier)) = years.split_last() else { return Ok(None) };
    let known = |year: &[Measured], row: usize| work.mode[row] == mode && year[row].value().is_some();
    let today: Vec<usize> = (0..now.len()).filter(|&row| known(now, row)).collect();
    let shared = |year: usize| -> Vec<usize> {
        today.iter().copied().filter(|&row| known(&earlier[year], row)).collect()
    };
    // As far back as two thirds of the counters of today go.
    let enough = |rows: &Vec<usize>| rows.len() >= FEWEST && 3 * rows.len() >= 2 * today.len();
    let Some((then, rows)) =
        (0..earlier.len()).map(|year| (year, shared(year))).find(|(_, rows)| enough(rows))
    else {
        return Ok(None);
    };
    let [from, to] = [then, earlier.len()].map(|year| (first + year as i32).to_string());
    let metadata = blend(
        "average day of the same counters in two years",
        &[("rule", "2008/50/EC"), ("years", &format!("{from}, {to}"))],
        &[data],
    )?;
    let average = |year: &[Measured], row: usize| year[row].value().unwrap_or(f64::NAN);
    let mut changes: Vec<(usize, f64)> =
        rows.iter().map(|&row| (row, average(now, row) - average(&earlier[then], row))).collect();
    changes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let rising = changes.iter().take(NAMED).filter(|(_, change)| *change > 0.0);
    let falling = changes.iter().rev().take(NAMED).filter(|(_, change)| *change < 0.0);
    let named: Vec<usize> = rising.chain(falling).map(|(row, _)| *row).collect();
    // Those that change most, then the busiest, in the order of the counters.
    let mut drawn = rows.clone();
    drawn.sort_by(|&a, &b| average(now, b).total_cmp(&average(now, a)).then(a.cmp(&b)));
    drawn.sort_by_key(|row| !named.contains(row));
    drawn.truncate(DRAWN);
    drawn.sort_unstable();

    let names = &data.payload().name;
    let unit = Unit::of("{passage}/d");
    let passages = |average: &Measured| {
        Measured::new(average.value().unwrap_or(f64::NAN), unit.clone())
            .with_observations(average.observations())
            .with_completeness(average.completeness())
    };
    let mut chart = SlopeChart::new([&from[..], &to], unit.clone())
        .with_heading(recorder.say("Compteur", "Counter"))
        .with_highlights(named.iter().map(|&row| &names[row][..]))
        .with_zero();
    for &row in &drawn {
        chart = chart.with_line(&names[row], [passages(&earlier[then][row]), passages(&now[row])]);
    }
    let all = changes.len();
    let up = changes.iter().filter(|(_, change)| *change > 0.0).count();
    let down = changes.iter().filter(|(_, change)| *change < 0.0).count();
    let name = capital(mode.name().get(language));
    let title = match (language, up >= down) {
        (Language::French, true) => format!("{name}\u{a0}: {up} compteurs sur {all} en hausse depuis {from}"),
        (Language::French, false) => {
            format!("{name}\u{a0}: {down} compteurs sur {all} en baisse depuis {from}")
        }
        (Language::English, true) => format!("{name}: {up} of {all} counters up since {from}"),
        (Language::English, false) => format!("{name}: {down} of {all} counters down since {from}"),
    };
    let (share, what) = match (language, up >= down) {
        (Language::French, true) => (format!("{up} sur {all}"), "en hausse depuis"),
        (Language::French, false) => (format!("{down} sur {all}"), "en baisse depuis"),
        (Language::English, true) => (format!("{up} of {all}"), "up since"),
        (Language::English, false) => (format!("{down} of {all}"), "down since"),
    };
    figures.push((share, format!("{name}, {} {what} {from}", language.pick("compteurs", "counters"))));
    let subtitle = match language {
        Language::French => {
            format!("passages par jour en moyenne sur {from} et sur {to}, aux mêmes compteurs")
        }
        Language::English => format!("passages per day, mean of {from} and of {to}, at the same counters"),
    };
    let mut note = recorder.say(
        "En couleur, les plus fortes hausses et les plus fortes baisses. Un compteur dit ce qui passe dans sa rue\u{a0}: un chantier ou \
         une piste nouvelle y déplacent des trajets.",
        "In colour, the largest rises and the largest falls. A counter tells what passes in its street: works or a new track move trips \
         to it or away.",
    );
    let left = today.len() - all;
    if left > 0 {
        note.push_str(&match language {
            Language::French => format!(
                " Sans jour moyen en {from} et non comparés\u{a0}: {left} des {} compteurs qui en ont un en {to}.",
                today.len()
            ),
            Language::English => format!(
                " Without an average day in {from} and not compared: {left} of the {} counters that have one in {to}.",
                today.len()
            ),
        });
    }
    if drawn.len() < all {
        note.push_str(&match language {
            Language::French => format!(
                " Tracés\u{a0}: {} des {all}, qui changent le plus ou sont les plus fréquentés.",
                drawn.len()
            ),
            Language::English => {
                format!(" Drawn: {} of the {all}, which change most or are the busiest.", drawn.len())
            }
        });
    }
    let id = format!("mobility-slopes-{}", mode.name().en);
    let view = chart.draw(&captions(&id, &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Some(Plate { view, metadata, geometry: None }))
}
