//! Reliability of travel times: a demonstration on a road of another place.
use datagora::core::{Dataset, Language, Measured, Unit, Zone};
use datagora::indicators::mobility::{
    FreeFlow, QuarterHours, ReliabilityOptions, ReliabilityPeriod, level_of_travel_time_reliability,
    reliability,
};
use datagora::indicators::{Bootstrap, QuantileMethod};
use datagora::viz::{BarChart, format_number, format_percent};

use crate::material::TravelTimes;
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// Indices of reliability of a section, with intervals from drawing its days; and the federal measure of the United States.
pub(super) fn travel_times(data: &Dataset<TravelTimes>, recorder: &Recorder) -> Result<Vec<Plate>, Trouble> {
    let language = recorder.language;
    let travel = data.payload();
    let metadata = blend(
        "reliability of travel times",
        &[
            ("free flow", "15th percentile of the times"),
            ("level", "0.95"),
            ("seed", "1"),
            ("block", "a day"),
        ],
        &[data],
    )?;
    let quarters = QuarterHours::of_year(travel.year, Zone::parse("America/Chicago")?)?;
    let (times, _) = quarters.place(&travel.start, &travel.seconds)?;
    let known = || (0..times.len()).filter(|&slot| !times[slot].is_nan());
    let (Some(first), Some(last)) = (known().next(), known().next_back()) else {
        return Err("there is no travel time".into());
    };
    // Whole days of 96 quarter hours: the clock does not change in the time observed.
    let period = &times[first / 96 * 96..((last / 96 + 1) * 96).min(times.len())];
    let free_flow = FreeFlow::low_percentile(period, 0.15, QuantileMethod::Linear)?;
    let bootstrap = Bootstrap::default().with_seed(1);
    let found =
        reliability(period, &free_flow, &ReliabilityOptions::default().with_bootstrap(bootstrap, 96))?;
    let lottr = level_of_travel_time_reliability(&times, &quarters, QuantileMethod::Linear)?;

    let indices: [(&str, &str, &Measured); 3] = [
        ("temps moyen / libre (TTI)", "mean / free flow (TTI)", &found.travel_time_index),
        ("95e centile / libre (PTI)", "95th percentile / free flow (PTI)", &found.planning_time_index),
        ("pires 5\u{202f}% / libre (misère)", "worst 5% / free flow (misery)", &found.misery_index),
    ];
    let chart = || BarChart::new(Unit::ONE).with_heading(recorder.say("Indice", "Index"));
    let against_free_flow = chart()
        .with_bars(indices.map(|(french, english, value)| (recorder.say(french, english), value.clone())));
    let level = chart()
        .with_bars(lottr.periods.iter().map(|period| {
            let (french, english) = match period.period {
                ReliabilityPeriod::AmPeak => ("semaine, 6 à 10\u{a0}h", "weekdays, 6 to 10"),
                ReliabilityPeriod::Midday => ("semaine, 10 à 16\u{a0}h", "weekdays, 10 to 16"),
                ReliabilityPeriod::PmPeak => ("semaine, 16 à 20\u{a0}h", "weekdays, 16 to 20"),
                _ => ("week-end, 6 à 20\u{a0}h", "weekends, 6 to 20"),
            };
            (recorder.say(french, english), period.ratio.clone())
        }))
        .with_reference(1.5, recorder.say("limite de fiabilité", "limit of reliability"));

    let share = format_percent(found.travel_time_index.completeness(), 0, language);
    let of_year = format_percent(known().count() as f64 / times.len() as f64, 0, language);
    let seconds = format_number(free_flow.seconds(), 0, language);
    let buffer = found.buffer_index.value().map_or_else(
        || recorder.say("inconnue", "unknown"),
        |value| format_percent(value / 100.0, 0, language),
    );
    let notes = match language {
        Language::French => [
            format!(
                "Temps libre\u{a0}: {seconds}\u{a0}s (15e centile des temps). Marge à prévoir pour n’être en retard qu’une fois sur vingt\u{a0}: {buffer} du \
                 temps moyen. Une mesure existe pour {share} des quarts d’heure de la période\u{202f}; les autres ne sont pas estimés. Les \
                 intervalles tirent des jours entiers au hasard. L’heure du fichier est supposée locale."
            ),
            format!(
                "80e centile des temps de parcours rapporté à leur médiane\u{202f}; une section est fiable si les quatre rapports sont sous 1,50 \
                 (23 CFR 490.511). La règle vaut pour une année\u{a0}: ici {of_year} des quarts d’heure de l’année sont mesurés, c’est une \
                 illustration. Ces rapports décrivent ce qui fut, sans intervalle."
            ),
        ],
        Language::English => [
            format!(
                "Free flow: {seconds} s (15th percentile of the times). Margin to be late once in twenty trips only: {buffer} of the mean \
                 time. There is a measurement for {share} of the quarter hours of the period; the others are not estimated. Intervals \
                 draw whole days at random. The clock of the file is taken to be local."
            ),
            format!(
                "80th percentile of the travel times over their median; a section is reliable if all four ratios are below 1.50 (23 CFR \
                 490.511). The rule is made for a year: here {of_year} of the quarter hours of the year are measured, it is an illustration. \
                 These ratios describe what was, without interval."
            ),
        ],
    };
    let place = travel.place.get(language);
    let warning = match language {
        Language::French => format!(
            "Cette route est à {place} (États-Unis)\u{202f}; elle ne dit rien de ce territoire, pour lequel aucun temps de parcours n’est dans \
             nos données."
        ),
        Language::English => format!(
            "This road is in {place} (United States); it says nothing of this place, for which our data hold no travel time."
        ),
    };
    let titles = match language {
        Language::French => [
            format!("Démonstration hors du territoire ({place})\u{a0}: un temps de parcours et sa fiabilité"),
            format!(
                "Démonstration hors du territoire ({place})\u{a0}: la règle fédérale de fiabilité (LOTTR)"
            ),
        ],
        Language::English => [
            format!("Demonstration elsewhere ({place}): a travel time and its reliability"),
            format!("Demonstration elsewhere ({place}): the federal rule of reliability (LOTTR)"),
        ],
    };
    let subtitle = match language {
        Language::French => format!("temps de parcours d’une section, juillet à septembre {}", travel.year),
        Language::English => format!("travel times of a section, July to September {}", travel.year),
    };
    let charts = [("mobility-travel-times", against_free_flow), ("mobility-lottr", level)];
    let plates = charts.into_iter().zip(titles).zip(notes).map(|(((id, chart), title), note)| {
        let words = captions(id, &title, &subtitle, &metadata, language).with_note(note).with_note(&warning);
        Ok(Plate { view: chart.draw(&words)?, metadata: metadata.clone(), geometry: None })
    });
    plates.collect()
}
