//! Counters hour by hour: when people ride, the calendar of one counter, and how sure all of them are.
mod rhythm;

use std::collections::BTreeMap;

use datagora::core::{Bilingual, Dataset, DateTime, Language, Measured, NaiveDate, Suppression, Unit};
use datagora::indicators::mobility::{
    AadtOptions, CleaningOptions, Counts, Fault, FaultKind, HourlyYears, ImputeOptions, find_faults,
};
use datagora::viz::{Axis, BarChart, CATEGORIES, Column, HeatMap, StateTimeline, format_percent};

use crate::figures::titled;
use crate::material::Hourly;
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

/// Counters drawn one by one.
const DRAWN: usize = 30;

/// Adds what the hours show to the chapter.
pub(super) fn plates(
    chapter: &mut Chapter,
    data: &Dataset<Hourly>,
    recorder: &mut Recorder,
    progress: &mut Progress,
) {
    let work = match progress.step("mobility: faults in the hours", || Checked::new(data.payload())) {
        Ok(work) => work,
        Err(trouble) => {
            let about = Bilingual::new("Compteurs, heure par heure", "Counters, hour by hour");
            return recorder.fail(about, trouble.as_ref());
        }
    };
    let plate = progress.step("mobility: hours of the week", || rhythm::plate(data, &work, recorder));
    if let Some(plate) = plate.transpose() {
        recorder.plate(chapter, Bilingual::new("Heures de la semaine", "Hours of the week"), plate);
    }
    let plate = progress.step("mobility: calendar of hours", || calendar(data, &work, recorder));
    recorder.plate(chapter, Bilingual::new("Calendrier des heures", "Calendar of hours"), plate);
    let plate = progress.step("mobility: what was counted hour by hour", || record(data, &work, recorder));
    recorder.plate(chapter, Bilingual::new("Heures comptées", "Hours counted"), plate);
    // Less than a year of hours has no annual average; the plate before says so, counter by counter.
    if work.averages.iter().any(|average| average.value().is_some()) {
        let plate = progress.step("mobility: annual averages", || averages(data, &work, recorder));
        recorder.plate(chapter, Bilingual::new("Moyennes annuelles", "Annual averages"), plate);
    }
}

/// Counts with their faults found, and what could be estimated.
struct Checked {
    faults: Vec<Fault>,
    /// Faults made missing, then filled where neighbouring weeks allow it.
    filled: Counts,
    first: NaiveDate,
    days: usize,
    /// Calendar year that most of the days belong to.
    year: i32,
    /// Average day of that year of what was counted, nothing filled.
    averages: Vec<Measured>,
}

impl Checked {
    fn new(hourly: &Hourly) -> Result<Self, Trouble> {
        let counts = &hourly.counts;
        let faults = find_faults(counts, &CleaningOptions::default());
        let flagged = counts.flagged(&faults);
        let (filled, _) = flagged.imputed(&ImputeOptions::default());
        let hour = |seconds: i64| Some(counts.zone().hour_of(DateTime::from_timestamp(seconds, 0)?));
        let starts = counts.starts().iter().copied();
        let (from, to) = (starts.clone().min().and_then(hour), starts.max().and_then(hour));
        let (Some(from), Some(to)) = (from, to) else { return Err("there is no reading".into()) };
        // Days in which the record begins or ends are not whole by no fault of a counter.
        let first = if from.hour == 0 { Some(from.date) } else { from.date.succ_opt() };
        let last = if to.hour == 23 { Some(to.date) } else { to.date.pred_opt() };
        let (Some(first), Some(last)) = (first, last.filter(|last| Some(*last) >= first)) else {
            return Err("the record holds no whole day".into());
        };
        let days = (last - first).num_days() as usize + 1;
        let middle = first + (last - first) / 2;
        let year = middle.format("%Y").to_string().parse()?;
        let years = HourlyYears::of_counts(&flagged.without_doubtful(), year)?;
        let options = AadtOptions::default();
        let averages = years.years().iter().map(|year| Ok(year.aadt(&options)?.value));
        let averages = averages.collect::<Result<_, Trouble>>()?;
        Ok(Self { faults, filled, first, days, year, averages })
    }

    /// Hours of a channel by local day, counted from the first: position of the day, hour of the clock, value, imputed.
    fn hours(&self, channel: usize) -> impl Iterator<Item = (usize, usize, f64, bool)> {
        let readings = self.filled.of(channel);
        let (zone, first, days) = (self.filled.zone(), self.first, self.days);
        let rows = readings.start.iter().zip(readings.value).zip(readings.flag);
        rows.filter_map(move |((start, value), flag)| {
            let hour = zone.hour_of(DateTime::from_timestamp(*start, 0)?);
            let day = usize::try_from((hour.date - first).num_days()).ok().filter(|day| *day < days)?;
            Some((day, hour.hour as usize, *value, flag.is_imputed()))
        })
    }

    /// Hours without a count of their own: estimated, or missing.
    fn lost(&self, channel: usize) -> usize {
        self.hours(channel).filter(|(_, _, value, imputed)| value.is_nan() || *imputed).count()
    }

    fn total(&self, channel: usize) -> f64 {
        self.filled.of(channel).value.iter().filter(|value| !value.is_nan()).sum()
    }
}

/// What is wrong, in the language of the atlas.
fn word(kind: FaultKind, language: Language) -> &'static str {
    match kind {
        FaultKind::Missing => language.pick("non compté", "not counted"),
        FaultKind::Gap => language.pick("sans enregistrement", "no reading"),
        FaultKind::Zeros => language.pick("à zéro", "at zero"),
        FaultKind::Stuck => language.pick("bloqué", "stuck"),
        FaultKind::Spike => language.pick("pic", "spike"),
        FaultKind::Copied => language.pick("recopié", "copied"),
        _ => language.pick("autre appareil", "another device"),
    }
}

/// Why data of elsewhere are here.
fn warning(hourly: &Hourly, language: Language) -> Option<String> {
    let place = hourly.elsewhere.as_ref()?;
    Some(match language {
        Language::French => format!(
            "Ces compteurs sont à {}\u{202f}; ils ne disent rien de ce territoire, dont nous n’avons que des totaux mensuels. La figure \
             montre ce que l’atlas dirait avec des données horaires.",
            place.fr
        ),
        Language::English => format!(
            "These counters are in {}; they say nothing of this place, of which we only have monthly totals. The picture shows what the \
             atlas would say with hourly data.",
            place.en
        ),
    })
}

/// A year of the busiest counter that lost at least a day: what is missing should be seen.
fn calendar(data: &Dataset<Hourly>, work: &Checked, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let hourly = data.payload();
    let metadata = blend(
        "passages by hour and day, faults left out, short gaps estimated",
        &[("estimate", "median of the same hour and weekday, 4 weeks before and after")],
        &[data],
    )?;
    let busiest = |least: usize| {
        let channels = (0..hourly.mode.len()).filter(|&channel| work.lost(channel) >= least);
        channels.max_by(|&a, &b| work.total(a).total_cmp(&work.total(b)))
    };
    let with_gap = busiest(24);
    let channel = with_gap.or_else(|| busiest(0)).ok_or("there is no counter")?;
    let mut sums = vec![(0.0, 0_u32, false); 24 * work.days];
    for (day, hour, value, imputed) in work.hours(channel).filter(|(_, _, value, _)| !value.is_nan()) {
        let (sum, count, estimated) = &mut sums[hour * work.days + day];
        (*sum, *count, *estimated) = (*sum + value, *count + 1, *estimated || imputed);
    }
    // The hour that comes twice in October is the mean of both; the one that March skips is not there.
    let zone = hourly.counts.zone();
    let mut absent = vec![true; sums.len()];
    for (day, date) in work.first.iter_days().take(work.days).enumerate() {
        zone.hours(date).iter().for_each(|hour| absent[hour.hour as usize * work.days + day] = false);
    }
    let values: Vec<f64> = sums.iter().map(|(sum, count, _)| sum / f64::from(*count)).collect();
    let imputed: Vec<bool> = sums.iter().map(|(_, _, estimated)| *estimated).collect();
    let name = &hourly.counts.channels()[channel].id;
    let mode = hourly.mode[channel].name();
    let title = titled(
        hourly.elsewhere.as_ref(),
        "un compteur, heure par heure",
        "a counter, hour by hour",
        language,
    );
    let subtitle = match (with_gap, language) {
        (Some(_), Language::French) => {
            format!("{name} ({}), le plus fréquenté des compteurs qui ont perdu au moins 24 heures", mode.fr)
        }
        (Some(_), Language::English) => {
            format!("{name} ({}), the busiest of the counters that lost at least 24 hours", mode.en)
        }
        (None, Language::French) => format!("{name} ({}), le compteur le plus fréquenté", mode.fr),
        (None, Language::English) => format!("{name} ({}), the busiest counter", mode.en),
    };
    let note = recorder.say(
        "Les pannes enregistrées comme des zéros, les nombres bloqués et les pics sont écartés. Ce qui manque est estimé par la \
         médiane de la même heure et du même jour des quatre semaines avant et après, si trois au moins sont connues\u{202f}; sinon la \
         case reste hachurée. Heures locales\u{202f}; celle que l’horloge saute en mars n’existe pas.",
        "Outages recorded as zeros, stuck numbers and spikes are left out. What is missing is estimated by the median of the same \
         hour and weekday of the four weeks before and after, if at least three are known; otherwise the cell stays hatched. Local \
         hours; the one that the clock skips in March does not exist.",
    );
    let mut words = captions("mobility-hours", &title, &subtitle, &metadata, language).with_note(note);
    if let Some(warning) = warning(hourly, language) {
        words = words.with_note(warning);
    }
    let days = Axis::days(work.first, work.days, language);
    let view = HeatMap::new(days, Axis::hours(language), Unit::of("{passage}/h"), values)
        .with_imputed(imputed)
        .with_absent(absent)
        .with_headings(recorder.say("Jour", "Day"), recorder.say("Heure", "Hour"))
        .draw(&words)?;
    Ok(Plate { view, metadata, geometry: None })
}

/// Days counted whole, with hours estimated, with hours missing; the table adds what the averages rest on.
fn record(data: &Dataset<Hourly>, work: &Checked, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let hourly = data.payload();
    let metadata = blend(
        "days counted, estimated and incomplete; faults; annual averages",
        &[("method", "FHWA 2016"), ("level", "0.95")],
        &[data],
    )?;
    let channels = hourly.counts.channels();
    let mut chart = StateTimeline::new(Axis::days(work.first, work.days, language))
        .with_state(recorder.say("compté", "counted"), CATEGORIES[4])
        .with_state(recorder.say("heures estimées", "hours estimated"), CATEGORIES[5])
        .with_unknown(recorder.say("heures manquantes", "hours missing"))
        .with_share(
            recorder.say("part des jours entièrement comptés", "share of the days counted whole"),
            [0],
        )
        .with_heading(recorder.say("Compteur", "Counter"))
        .sorted()
        .with_limit(DRAWN);
    let (mut observed, mut complete, mut imputed, mut faults) = (vec![], vec![], vec![], vec![]);
    let mut all: BTreeMap<FaultKind, (usize, i64)> = BTreeMap::new();
    let expected: Vec<u32> =
        work.first.iter_days().take(work.days).map(|day| hourly.counts.zone().hours_in_day(day)).collect();
    for (channel, of) in channels.iter().enumerate() {
        let (mut counted, mut estimated) = (vec![0_u32; work.days], vec![0_u32; work.days]);
        let (mut begin, mut end) = (work.days, 0);
        for (day, _, value, is_imputed) in work.hours(channel) {
            (begin, end) = (begin.min(day), end.max(day));
            if !value.is_nan() {
                *if is_imputed { &mut estimated[day] } else { &mut counted[day] } += 1;
            }
        }
        let state = |day: usize| {
            let whole = counted[day] + estimated[day] >= expected[day];
            (begin..=end).contains(&day).then_some(match (whole, estimated[day]) {
                (false, _) => 2,
                (true, 0) => 0,
                (true, _) => 1,
            })
        };
        chart = chart.with_row(&of.id, (0..work.days).map(state).collect::<Vec<_>>());
        let there: u32 = expected[begin.min(end)..=end].iter().sum();
        let (counted, estimated): (u32, u32) = (counted.iter().sum(), estimated.iter().sum());
        observed.push(f64::from(counted));
        complete.push(100.0 * f64::from(counted) / f64::from(there));
        imputed.push(100.0 * f64::from(estimated) / f64::from(counted + estimated));
        let mut kinds: BTreeMap<FaultKind, (usize, i64)> = BTreeMap::new();
        for fault in work.faults.iter().filter(|fault| fault.channel == channel) {
            for kinds in [&mut kinds, &mut all] {
                let (count, hours) = kinds.entry(fault.kind).or_default();
                *count += 1;
                *hours += (fault.to - fault.from) / 3_600;
            }
        }
        faults.push(told(&kinds, language));
    }
    let year = work.year;
    let heading = match language {
        Language::French => format!("Jour moyen {year} (TMJA)"),
        Language::English => format!("Average day {year} (AADT)"),
    };
    let averages = work.averages.iter().map(|average| explained(average, recorder));
    chart = chart
        .with_column(Column::numbers(recorder.say("Heures comptées", "Hours counted"), Unit::HOUR, observed))
        .with_column(Column::numbers(recorder.say("Complétude", "Completeness"), Unit::PERCENT, complete))
        .with_column(Column::numbers(recorder.say("Part imputée", "Share imputed"), Unit::PERCENT, imputed))
        .with_column(Column::measured(heading, Unit::of("{passage}/d"), averages))
        .with_column(Column::text(recorder.say("Défauts (heures)", "Faults (hours)"), faults));
    let withheld = work.averages.iter().filter(|average| average.value().is_none()).count();
    let share = format_percent(work.filled.imputed_share(), 1, language);
    let kinds = told(&all, language);
    let note = match language {
        Language::French => format!(
            "Défauts trouvés, avec leurs heures\u{a0}: {kinds}. Part imputée des valeurs\u{a0}: {share}. Moyennes annuelles {year} \
             écartées\u{a0}: {withheld} sur {}, faute d’une mesure pour chaque heure de chaque jour de la semaine de chaque mois (règle \
             FHWA). Le tableau donne tout cela compteur par compteur.",
            channels.len()
        ),
        Language::English => format!(
            "Faults found, with their hours: {kinds}. Share of the values imputed: {share}. Annual averages {year} withheld: \
             {withheld} of {}, for want of a measurement for each hour of each weekday of each month (FHWA rule). The table \
             gives all of this counter by counter.",
            channels.len()
        ),
    };
    let title = titled(
        hourly.elsewhere.as_ref(),
        "à quel point les compteurs sont sûrs",
        "how sure the counters are",
        language,
    );
    let drawn = DRAWN.min(channels.len());
    let subtitle = match language {
        Language::French => format!("les {drawn} compteurs les moins complets, jour par jour"),
        Language::English => format!("the {drawn} least complete counters, day by day"),
    };
    let mut words = captions("mobility-hours-record", &title, &subtitle, &metadata, language).with_note(note);
    if let Some(warning) = warning(hourly, language) {
        words = words.with_note(warning);
    }
    Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
}

/// An average as it is, or withheld for a reason in the language of the atlas.
fn explained(average: &Measured, recorder: &Recorder) -> Measured {
    if !matches!(average.suppression(), Some(Suppression::Undefined { .. })) {
        return average.clone();
    }
    let reason = recorder.say(
        "une heure de la semaine n’est pas mesurée de tout un mois",
        "an hour of the week is not measured through a whole month",
    );
    Measured::suppressed(average.unit().clone(), Suppression::Undefined { reason })
        .with_observations(average.observations())
        .with_completeness(average.completeness())
}

/// Faults by kind: how many, and how many hours.
fn told(kinds: &BTreeMap<FaultKind, (usize, i64)>, language: Language) -> String {
    let number = |n: u64| language.group_digits(n);
    let told = kinds.iter().map(|(kind, (count, hours))| {
        format!("{} {} ({}\u{a0}h)", word(*kind, language), number(*count as u64), number(*hours as u64))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// Averages of the year with the interval that its gaps leave.
fn averages(data: &Dataset<Hourly>, work: &Checked, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let hourly = data.payload();
    let metadata =
        blend("annual average daily traffic", &[("method", "FHWA 2016"), ("level", "0.95")], &[data])?;
    let year = work.year;
    // One mode, since cars would dwarf the others.
    let mode = hourly.mode.iter().copied().min().ok_or("there is no counter")?;
    let bars = hourly.counts.channels().iter().zip(&work.averages).zip(&hourly.mode);
    let bars = bars.filter(|(_, of)| **of == mode);
    let count = |pick: fn(&Measured) -> bool| bars.clone().filter(|((_, average), _)| pick(average)).count();
    let uncertain = count(|average| average.interval().is_some());
    let withheld = count(|average| average.value().is_none());
    let whole = count(|average| average.value().is_some() && average.completeness() >= 1.0);
    let bare = bars.clone().count() - uncertain - withheld - whole;
    let bars = bars.map(|((channel, average), _)| (channel.id.clone(), explained(average, recorder)));
    let title = match language {
        Language::French => format!("Le jour moyen {year}, et à quel point il est sûr"),
        Language::English => format!("The average day of {year}, and how sure it is"),
    };
    let subtitle = match language {
        Language::French => format!("{} par jour, TMJA par la méthode FHWA 2016", mode.name().fr),
        Language::English => format!("{} per day, AADT by the FHWA 2016 method", mode.name().en),
    };
    let note = match language {
        Language::French => format!(
            "L’intervalle dit de combien les heures manquantes ont pu fausser la moyenne. Avec intervalle\u{a0}: {uncertain}\u{202f}; année \
             complète, sans intervalle\u{a0}: {whole}\u{202f}; trous trop longs pour un intervalle\u{a0}: {bare}\u{202f}; écartées, faute de mesures\u{a0}: \
             {withheld}. L’erreur propre du capteur n’y est pas. Rien n’est imputé ici."
        ),
        Language::English => format!(
            "The interval says how far the missing hours may have biased the average. With an interval: {uncertain}; whole year, \
             without interval: {whole}; gaps too long for an interval: {bare}; withheld for want of measurements: {withheld}. The error of \
             the sensor itself is not in it. Nothing is imputed here."
        ),
    };
    let unit = work.averages.first().map_or(Unit::of("{passage}/d"), |average| average.unit().clone());
    let view = BarChart::new(unit)
        .with_heading(recorder.say("Compteur", "Counter"))
        .with_bars(bars)
        .sorted()
        .with_limit(DRAWN)
        .draw(&captions("mobility-averages", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}
