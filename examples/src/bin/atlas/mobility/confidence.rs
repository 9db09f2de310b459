//! How sure the monthly counts are: what each counter counted, what could be published.
use std::collections::BTreeMap;

use datagora::core::{Dataset, Language, Measured, Unit};
use datagora::indicators::mobility::{MonthlyCounts, OutageReason, YearRule, annual_average};
use datagora::viz::{Axis, CATEGORIES, Column, Layer, StackedChart, StateTimeline};

use super::Cleaned;
use crate::material::Counters;
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// Counters drawn one by one.
const DRAWN: usize = 30;
/// What an annual average must rest on.
const RULE: YearRule = YearRule::EU_2008_50;

/// What is wrong with a month, in the language of the atlas.
fn word(reason: OutageReason, language: Language) -> &'static str {
    match reason {
        OutageReason::Zero => language.pick("à zéro", "at zero"),
        OutageReason::Stuck => language.pick("bloqué", "stuck"),
        _ => language.pick("chute invraisemblable", "implausible drop"),
    }
}

/// The average day of each whole calendar year, counter by counter; the first year and the values year by year.
pub(super) fn averages(work: &Cleaned) -> Result<(i32, Vec<Vec<Measured>>), Trouble> {
    let years: MonthlyCounts = work.daily.trimmed().calendar_years()?;
    let first = years.first();
    let count = years.months().len() / 12;
    let of_year = |channel: usize, year: usize| {
        let series = &years.series(channel)[12 * year..12 * (year + 1)];
        let days = std::array::from_fn(|k| first.plus((12 * year + k) as i32).dates().count() as u32);
        annual_average(&std::array::from_fn(|k| series[k]), &days, RULE)
    };
    let channels = years.channels().len();
    let all = (0..count).map(|year| (0..channels).map(|channel| of_year(channel, year)).collect());
    Ok((first.year(), all.collect()))
}

/// Months counted, in outage and without record, counter by counter; the table adds what the values rest on.
pub(super) fn record(
    data: &Dataset<Counters>,
    work: &Cleaned,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let counters = data.payload();
    let metadata = blend(
        "months counted, in outage and without record",
        &[("zero months", "true"), ("stuck months", "3"), ("drop share", "0.2")],
        &[data],
    )?;
    let recorded = &counters.counts;
    let months = recorded.months().len();
    let mut reason: BTreeMap<(usize, usize), OutageReason> = BTreeMap::new();
    for outage in &work.outages {
        for month in outage.start..outage.start + outage.length {
            reason.insert((outage.channel, month), outage.reason);
        }
    }
    let met: Vec<OutageReason> = [OutageReason::Zero, OutageReason::Drop, OutageReason::Stuck]
        .into_iter()
        .filter(|wanted| reason.values().any(|found| found == wanted))
        .collect();
    let mut chart = StateTimeline::new(Axis::months(recorded.first(), months, language))
        .with_state(recorder.say("compté", "counted"), CATEGORIES[4]);
    for (kind, colour) in met.iter().zip([CATEGORIES[1], CATEGORIES[3], CATEGORIES[2]]) {
        chart = chart.with_state(word(*kind, language), colour);
    }
    chart = chart
        .with_unknown(recorder.say("rien d’enregistré", "nothing recorded"))
        .with_share(recorder.say("part des mois comptés", "share of the months counted"), [0])
        .with_heading(recorder.say("Compteur", "Counter"))
        .sorted()
        .with_limit(DRAWN);
    let (mut counted, mut faults) = (Vec::new(), Vec::new());
    for (channel, name) in counters.name.iter().enumerate() {
        let series = recorded.series(channel);
        let there = || (0..months).filter(|&month| !series[month].is_nan());
        let (begin, end) = (there().next().unwrap_or(months), there().next_back().unwrap_or(0));
        let state = |month: usize| match reason.get(&(channel, month)) {
            _ if month < begin || month > end => None,
            Some(kind) => Some(1 + met.iter().position(|known| known == kind).unwrap_or(0)),
            None if series[month].is_nan() => Some(1 + met.len()),
            None => Some(0),
        };
        let states: Vec<Option<usize>> = (0..months).map(state).collect();
        counted.push(states.iter().filter(|state| **state == Some(0)).count() as f64);
        let told: Vec<String> = met
            .iter()
            .enumerate()
            .map(|(k, kind)| (kind, states.iter().filter(|state| **state == Some(1 + k)).count()))
            .filter(|(_, months)| *months > 0)
            .map(|(kind, months)| format!("{} ({months})", word(*kind, language)))
            .collect();
        faults.push(told.join(", "));
        chart = chart.with_row(name, states);
    }
    let mut note = recorder.say(
        "Avant son premier mois et après son dernier, un compteur n’est pas montré. Rien n’est estimé\u{a0}: la part imputée est \
         nulle partout. Un mois compté peut cacher des jours manquants, que des totaux mensuels ne disent pas.",
        "Before its first month and after its last a counter is not shown. Nothing is estimated: the imputed share is zero \
         everywhere. A month counted may hide missing days, which monthly totals do not tell.",
    );
    chart = chart
        .with_column(Column::numbers(recorder.say("Mois comptés", "Months counted"), Unit::of("mo"), counted))
        .with_column(Column::text(recorder.say("Défauts (mois)", "Faults (months)"), faults));
    // A young network has no whole year, and the strips are worth showing all the same.
    if let Ok((first, years)) = averages(work)
        && let Some(last) = years.last()
    {
        let year = first + years.len() as i32 - 1;
        let heading = match language {
            Language::French => format!("Jour moyen {year}"),
            Language::English => format!("Average day {year}"),
        };
        chart = chart.with_column(Column::measured(heading, Unit::of("{passage}/d"), last.iter().cloned()));
        note.push(' ');
        note.push_str(&match language {
            Language::French => format!(
                "Le tableau donne pour chaque compteur les mois comptés, les défauts et le jour moyen de {year}, ou pourquoi il \
                 n’est pas publié."
            ),
            Language::English => format!(
                "The table gives for each counter the months counted, the faults and the average day of {year}, or why it is not \
                 published."
            ),
        });
    }
    let title = recorder.say("Ce que chaque compteur a vraiment compté", "What each counter really counted");
    let subtitle = match language {
        Language::French => {
            format!("les {} compteurs les moins complets, mois par mois", DRAWN.min(counters.name.len()))
        }
        Language::English => {
            format!("the {} least complete counters, month by month", DRAWN.min(counters.name.len()))
        }
    };
    let view =
        chart.draw(&captions("mobility-record", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}

/// How many counters have an annual average that can be published, year by year, and how many do not.
pub(super) fn publishable(
    data: &Dataset<Counters>,
    work: &Cleaned,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let metadata = blend("annual averages that can be published", &[("rule", "2008/50/EC")], &[data])?;
    let (first, years) = averages(work)?;
    let count = |pick: fn(&Measured) -> bool| -> Vec<f64> {
        years.iter().map(|year| year.iter().filter(|value| pick(value)).count() as f64).collect()
    };
    // A counter without a single month of the year was not there, or silent: neither published nor withheld.
    let published = count(|value| value.value().is_some());
    let withheld = count(|value| value.value().is_none() && value.observations() > 0);
    let (lost, all) = (withheld.iter().sum::<f64>(), published.iter().chain(&withheld).sum::<f64>());
    let number = |n: f64| language.group_digits(n as u64);
    let note = match language {
        Language::French => format!(
            "Une moyenne annuelle demande trois quarts du temps en été comme en hiver (règle de la directive 2008/50/CE)\u{202f}; \
             sinon la saison la fausse et elle est écartée\u{a0}: {} sur {}. Une moyenne de mois complets n’a pas d’intervalle\u{a0}: rien \
             n’y est estimé.",
            number(lost),
            number(all)
        ),
        Language::English => format!(
            "An annual average needs three quarters of the time in summer and in winter (rule of Directive 2008/50/EC); otherwise the \
             season biases it and it is withheld: {} of {}. A mean of complete months has no interval: nothing is estimated in it.",
            number(lost),
            number(all)
        ),
    };
    let title = recorder.say(
        "Combien de moyennes annuelles peut-on publier\u{a0}?",
        "How many annual averages can be published?",
    );
    let subtitle = recorder.say(
        "nombre de compteurs par an, selon que leurs mois suffisent",
        "number of counters by year, by whether their months suffice",
    );
    let axis = Axis::labels((0..years.len() as i32).map(|k| (first + k).to_string()));
    let view = StackedChart::new(axis, Unit::of("{counter}"))
        .with_layer(Layer::new(recorder.say("publiable", "to be published"), published))
        .with_layer(Layer::unknown(
            recorder.say("écartée, mois manquants", "withheld, months missing"),
            withheld,
        ))
        .draw(&captions("mobility-publishable", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}
