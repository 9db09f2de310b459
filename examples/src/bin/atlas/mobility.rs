//! Chapter one: counters of bicycles and cars, how sure they are, shared bicycles.
mod ahead;
mod calendar;
mod confidence;
mod decomposition;
mod elsewhere;
mod hourly;
mod sharing;
mod slopes;
mod week;

use std::collections::BTreeMap;

use datagora::core::{
    Bilingual, Dataset, Imperfection, ImperfectionKind, Interval, Language, Measured, Month, Unit,
};
use datagora::indicators::mobility::{
    ChainedIndex, GrowthOptions, MonthlyCounts, Outage, OutageOptions, SeasonalOptions, chained_index,
    find_outages, seasonal_profile,
};
use datagora::viz::{Axis, BarChart, Line, LineChart, SeasonalChart, format_change, format_number};

use crate::figures::{Mapped, capital, plain, symbols};
use crate::material::{Counters, Material, Mode};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Sourced, Trouble, blend, captions};
use ahead::Ahead;

/// The chapter, with the views that could be made.
pub(crate) fn chapter(material: &Material, recorder: &mut Recorder, progress: &mut Progress) -> Chapter {
    let mut chapter = Chapter::new(
        "mobility",
        Bilingual::new("Mobilité", "Mobility"),
        Bilingual::new(
            "Les compteurs disent combien de vélos et de voitures passent, mois après mois. On ne compare que des compteurs \
             présents aux deux dates, les pannes sont écartées, et chaque tendance porte son incertitude. On voit aussi ce que \
             chaque compteur a vraiment compté. Ce qui vient d’ailleurs, pour montrer une méthode, le dit dans son titre.",
            "Counters tell how many bicycles and cars pass, month after month. Only counters present at both dates are \
             compared, outages are set aside, and each trend carries its uncertainty. One also sees what each counter really \
             counted. What comes from elsewhere, to show a method, says so in its title.",
        ),
    );
    if let Some(data) = &material.counters {
        let work = Cleaned::new(data, recorder);
        let about = |french: &str, english: &str| Bilingual::new(french, english);
        let plate = progress
            .step("mobility: where the counters are", || where_they_are(material, data, &work, recorder));
        recorder.plate(&mut chapter, about("Carte des compteurs", "Map of the counters"), plate);
        let plate = progress.step("mobility: trend", || trend(data, &work, recorder, &mut chapter.figures));
        recorder.plate(&mut chapter, about("Tendance", "Trend"), plate);
        let plate = progress.step("mobility: growth from year to year", || growth(data, &work, recorder));
        recorder.plate(&mut chapter, about("Évolution annuelle", "Growth from year to year"), plate);
        for mode in work.modes() {
            let name = mode.name();
            let plate = progress.step(&format!("mobility: parts of the growth, {}", name.en), || {
                decomposition::plate(data, &work, mode, recorder)
            });
            let about =
                Bilingual::new(format!("Décomposition, {}", name.fr), format!("Decomposition, {}", name.en));
            recorder.plate(&mut chapter, about, plate);
        }
        for mode in work.modes() {
            let name = mode.name();
            let plate = progress.step(&format!("mobility: counters between two years, {}", name.en), || {
                slopes::plate(data, &work, mode, recorder, &mut chapter.figures)
            });
            let about = Bilingual::new(
                format!("Entre deux années, {}", name.fr),
                format!("Between two years, {}", name.en),
            );
            if let Some(plate) = plate.transpose() {
                recorder.plate(&mut chapter, about, plate);
            }
        }
        let plate = progress.step("mobility: seasons", || seasons(data, &work, recorder));
        recorder.plate(&mut chapter, about("Saisons", "Seasons"), plate);
        for mode in work.modes() {
            let name = mode.name();
            let plate = progress.step(&format!("mobility: calendar of months, {}", name.en), || {
                calendar::months(data, &work, mode, recorder)
            });
            let about = Bilingual::new(format!("Calendrier, {}", name.fr), format!("Calendar, {}", name.en));
            recorder.plate(&mut chapter, about, plate);
        }
        let plate = progress.step("mobility: outages", || outages(data, &work, recorder));
        recorder.plate(&mut chapter, about("Pannes", "Outages"), plate);
        let plate = progress
            .step("mobility: what each counter counted", || confidence::record(data, &work, recorder));
        recorder.plate(&mut chapter, about("Ce qui a été compté", "What was counted"), plate);
        let plate =
            progress.step("mobility: averages to publish", || confidence::publishable(data, &work, recorder));
        recorder.plate(&mut chapter, about("Moyennes publiables", "Averages to publish"), plate);
        let mut coming = Vec::new();
        for mode in work.modes() {
            let name = mode.name();
            let about = Bilingual::new(format!("Prévision, {}", name.fr), format!("Forecast, {}", name.en));
            let step = format!("mobility: twelve months ahead, {}", name.en);
            match progress.step(&step, || Ahead::new(data, &work, mode)) {
                Ok(found) => {
                    recorder.plate(&mut chapter, about, found.plate(recorder));
                    coming.push(found);
                }
                Err(trouble) => recorder.fail(about, trouble.as_ref()),
            }
        }
        if !coming.is_empty() {
            let plate =
                progress.step("mobility: chances of the year ahead", || ahead::chances(&coming, recorder));
            recorder.plate(
                &mut chapter,
                about("Chances de l’année à venir", "Chances of the year ahead"),
                plate,
            );
        }
    }
    // Hours of the place stand before its shared bicycles, those of elsewhere at the end.
    let (here, elsewhere) = match &material.hourly {
        Some(data) if data.payload().elsewhere.is_none() => (Some(data), None),
        other => (None, other.as_ref()),
    };
    if let Some(data) = here {
        hourly::plates(&mut chapter, data, recorder, progress);
    }
    if let Some(data) = &material.night {
        let plate = progress.step("mobility: a night of shared bicycles", || sharing::night(data, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Nuit des stations", "A night of the stations"), plate);
        let plate =
            progress.step("mobility: empty stations", || sharing::empty_stations(material, data, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Stations vides", "Empty stations"), plate);
        let plate = progress.step("mobility: reliable stations", || sharing::reliability(data, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Stations fiables", "Reliable stations"), plate);
    }
    if let Some(data) = &material.week {
        week::plates(&mut chapter, material, data, recorder, progress);
    }
    if let Some(data) = elsewhere {
        hourly::plates(&mut chapter, data, recorder, progress);
    }
    if let Some(data) = &material.travel_times {
        let plates =
            progress.step("mobility: travel times elsewhere", || elsewhere::travel_times(data, recorder));
        match plates {
            Ok(plates) => chapter.plates.extend(plates),
            Err(trouble) => {
                recorder.fail(Bilingual::new("Temps de parcours", "Travel times"), trouble.as_ref());
            }
        }
    }
    chapter
}

/// Counts without outages, per day.
struct Cleaned {
    counts: MonthlyCounts,
    daily: MonthlyCounts,
    outages: Vec<Outage>,
    mode: Vec<Mode>,
}

impl Cleaned {
    fn new(data: &Dataset<Counters>, recorder: &mut Recorder) -> Self {
        let counters = data.payload();
        let found = find_outages(&counters.counts, &OutageOptions::default());
        let counts = counters.counts.without(&found);
        let months: usize = found.iter().map(|outage| outage.length).sum();
        let recorded = counters.counts.values().iter().filter(|value| !value.is_nan()).count();
        let mut names: Vec<&str> =
            found.iter().map(|outage| counters.name[outage.channel].as_str()).collect();
        names.dedup();
        let because = Bilingual::new(
            "le compteur était en panne (mois à zéro ou invraisemblable)",
            "the counter was out of order (a month at zero or implausible)",
        );
        let kind = ImperfectionKind::ValuesMissing { because };
        let about = Bilingual::new("Compteurs", "Counters");
        recorder
            .note(Imperfection::new(about, kind, months as u64).out_of(recorded as u64).with_examples(names));
        let daily = counts.per_day();
        Self { counts, daily, outages: found, mode: counters.mode.clone() }
    }

    fn modes(&self) -> Vec<Mode> {
        Mode::ALL.into_iter().filter(|mode| self.mode.contains(mode)).collect()
    }

    /// The counters of one mode.
    fn of(&self, counts: &MonthlyCounts, mode: Mode) -> Result<MonthlyCounts, Trouble> {
        let wanted: std::collections::BTreeSet<&str> = counts
            .channels()
            .iter()
            .zip(&self.mode)
            .filter(|(_, of)| **of == mode)
            .map(|(channel, _)| channel.as_str())
            .collect();
        Ok(counts.select(|channel| wanted.contains(channel))?)
    }

    /// The chained index of a mode over the whole calendar years from `from` on, and their first year.
    fn index(&self, mode: Mode, from: Option<i32>) -> Result<(i32, ChainedIndex), Trouble> {
        // Totals per day, so that leap years do not count.
        let mut counts = self.of(&self.daily, mode)?.trimmed().calendar_years()?;
        if let Some(year) = from {
            counts = counts.period(Month::new(year, 1)?..=counts.last())?;
        }
        let index = chained_index(counts.values(), counts.channels().len(), 12, &GrowthOptions::default())?;
        Ok((counts.first().year(), index))
    }
}

fn where_they_are(
    material: &Material,
    data: &Dataset<Counters>,
    work: &Cleaned,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let counters = data.payload();
    let language = recorder.language;
    // Mean of the last twelve months that were counted.
    let typical: Vec<f64> = (0..counters.name.len())
        .map(|row| {
            let known: Vec<f64> =
                work.daily.series(row).iter().rev().copied().filter(|v| !v.is_nan()).take(12).collect();
            known.iter().sum::<f64>() / known.len() as f64
        })
        .collect();
    let mut used: Vec<&dyn Sourced> = vec![data];
    used.extend(material.communes.as_ref().map(|communes| communes as &dyn Sourced));
    let metadata = blend("mean of the last twelve months counted", &[("months", "12")], &used)?;
    let category: Vec<String> = counters.mode.iter().map(|mode| capital(mode.name().get(language))).collect();
    let title = recorder.say("Où l’on compte", "Where traffic is counted");
    let subtitle = match language {
        Language::French => format!(
            "{} compteurs, passages par jour (moyenne des douze derniers mois comptés)",
            counters.name.len()
        ),
        Language::English => format!(
            "{} counters, passages per day (mean of the last twelve months counted)",
            counters.name.len()
        ),
    };
    let words = captions("mobility-counters", &title, &subtitle, &metadata, language);
    let view = symbols(
        material,
        &Mapped {
            places: &counters.geometry,
            names: &counters.name,
            values: &plain(&typical, &Unit::of("{passage}/d")),
            measure: language.pick("Passages par jour", "Passages per day"),
            word: language.pick("compteurs", "counters"),
            labels: 0,
        },
        Some(&category),
        &words,
    )?;
    Ok(Plate { view, metadata, geometry: Some(counters.geometry.clone()) })
}

fn trend(
    data: &Dataset<Counters>,
    work: &Cleaned,
    recorder: &Recorder,
    figures: &mut Vec<(String, String)>,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let metadata = blend("chained index at constant perimeter", &[("level", "0.95")], &[data])?;
    let mut firsts = Vec::new();
    for mode in work.modes() {
        firsts.push(work.index(mode, None)?.0);
    }
    let first = firsts.into_iter().max().ok_or("no mode has a whole year")?;
    let mut chart: Option<LineChart> = None;
    let mut notes = Vec::new();
    for mode in work.modes() {
        let (_, index) = work.index(mode, Some(first))?;
        let bounds = |pick: fn(&Interval) -> f64| -> Vec<f64> {
            index.index.iter().map(|i| i.interval().as_ref().map_or(f64::NAN, pick)).collect()
        };
        let name = mode.name().get(language).to_owned();
        let values: Vec<f64> = index.index.iter().map(|i| i.value().unwrap_or(f64::NAN)).collect();
        let axis = Axis::labels((0..values.len()).map(|k| (first + k as i32).to_string()));
        let mean = index.mean_growth();
        if let Some(growth) = mean.value() {
            let range = mean.interval().map_or_else(String::new, |i| {
                let (low, high) = (
                    format_change(i.lower / 100.0, 1, language),
                    format_change(i.upper / 100.0, 1, language),
                );
                format!(" ({low} {} {high})", language.pick("à", "to"))
            });
            let change = format_change(growth / 100.0, 1, language);
            let last = first + values.len() as i32 - 1;
            let what = language.pick("par an à périmètre constant", "a year at constant perimeter");
            figures.push((change, format!("{name}, {what}, {first}–{last}{range}")));
        }
        let smallest = index.links.iter().map(|link| link.perimeter.len()).min().unwrap_or(0);
        let largest = index.links.iter().map(|link| link.perimeter.len()).max().unwrap_or(0);
        notes.push(match language {
            Language::French => {
                format!("{name}\u{a0}: {smallest} à {largest} compteurs comparables selon l’année")
            }
            Language::English => format!("{name}: {smallest} to {largest} comparable counters, by year"),
        });
        let line = Line::new(name, values).with_band(bounds(|i| i.lower), bounds(|i| i.upper));
        chart = Some(
            chart
                .unwrap_or_else(|| LineChart::new(axis, Unit::ONE).without_zero().with_reference(100.0))
                .with_line(line),
        );
    }
    let title = recorder.say("Tendance à périmètre constant", "Trend at constant perimeter");
    let subtitle = match language {
        Language::French => format!(
            "indice, {first} = 100\u{202f}; bande\u{a0}: intervalle à 95\u{202f}% (jackknife sur les compteurs)"
        ),
        Language::English => format!("index, {first} = 100; band: 95% interval (jackknife over counters)"),
    };
    let words = captions("mobility-trend", &title, &subtitle, &metadata, language)
        .with_note(capital(&notes.join(language.pick("\u{202f}; ", "; "))));
    let view = chart.ok_or("there is no mode")?.draw(&words)?;
    Ok(Plate { view, metadata, geometry: None })
}

fn growth(data: &Dataset<Counters>, work: &Cleaned, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let metadata = blend("growth at constant perimeter", &[("level", "0.95")], &[data])?;
    let mut chart = BarChart::new(Unit::PERCENT);
    for mode in work.modes() {
        let (first, index) = work.index(mode, None)?;
        for (k, link) in index.links.iter().enumerate().rev().take(6).collect::<Vec<_>>().into_iter().rev() {
            let year = first + k as i32 + 1;
            let name = format!("{} {year}", mode.name().get(language));
            chart = chart.with_bar(capital(&name), link.growth.clone());
        }
    }
    let title = recorder.say("D’une année à l’autre", "From year to year");
    let subtitle = recorder.say(
        "évolution sur un an à périmètre constant, avec son intervalle à 95\u{202f}%",
        "change on the year before at constant perimeter, with its 95% interval",
    );
    let view = chart.draw(&captions("mobility-growth", &title, &subtitle, &metadata, language))?;
    Ok(Plate { view, metadata, geometry: None })
}

fn seasons(data: &Dataset<Counters>, work: &Cleaned, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let metadata = blend("seasonal profile", &[("level", "0.8")], &[data])?;
    let mut chart = SeasonalChart::new(Unit::ONE).with_reference(1.0).with_band_meaning(
        recorder.say("80\u{202f}% des compteurs et des années", "80% of counters and years"),
    );
    let mut years = Vec::new();
    for mode in work.modes() {
        let daily = work.of(&work.daily, mode)?;
        let first = (daily.first().month() - 1) as usize;
        let options = SeasonalOptions::default().with_level(0.8);
        let profile = seasonal_profile(daily.values(), daily.channels().len(), first, &options)?;
        if profile.factors.len() != 12 {
            continue;
        }
        let factor = |pick: &dyn Fn(&Measured) -> f64| {
            std::array::from_fn(|month| pick(&profile.factors[month].factor))
        };
        let name = mode.name().get(language).to_owned();
        years.push(format!(
            "{name}{}{}",
            language.pick("\u{a0}: ", ": "),
            format_number(profile.years as f64, 0, language)
        ));
        chart = chart.with_profile(
            name,
            factor(&|m| m.value().unwrap_or(f64::NAN)),
            factor(&|m| m.interval().map_or(f64::NAN, |i| i.lower)),
            factor(&|m| m.interval().map_or(f64::NAN, |i| i.upper)),
        );
    }
    let title = recorder.say("Les saisons", "The seasons");
    let subtitle = recorder.say(
        "passages d’un mois rapportés à la moyenne de son année",
        "passages of a month against the mean of its year",
    );
    let note = match language {
        Language::French => format!("Années complètes de compteur utilisées – {}.", years.join(", ")),
        Language::English => format!("Complete counter-years used – {}.", years.join(", ")),
    };
    let view =
        chart.draw(&captions("mobility-seasons", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}

fn outages(data: &Dataset<Counters>, work: &Cleaned, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let metadata = blend("outages", &[("zero months", "true")], &[data])?;
    let mut by_year: BTreeMap<i32, f64> = BTreeMap::new();
    let years = work.counts.first().year()..=work.counts.last().year();
    years.for_each(|year| {
        by_year.insert(year, 0.0);
    });
    for outage in &work.outages {
        for month in outage.start..outage.start + outage.length {
            *by_year.entry(work.counts.first().plus(month as i32).year()).or_default() += 1.0;
        }
    }
    let mut chart = BarChart::new(Unit::of("mo"));
    for (year, months) in by_year {
        chart = chart.with_bar(year.to_string(), Measured::new(months, Unit::of("mo")));
    }
    let mut named: Vec<(usize, usize)> = Vec::new();
    for &Outage { channel: counter, length: months, .. } in &work.outages {
        match named.iter_mut().find(|(row, _)| *row == counter) {
            Some((_, sum)) => *sum += months,
            None => named.push((counter, months)),
        }
    }
    named.sort_by_key(|&(counter, months)| (std::cmp::Reverse(months), counter));
    let longest: Vec<String> = named
        .iter()
        .take(3)
        .map(|&(counter, months)| format!("{} ({months})", data.payload().name[counter]))
        .collect();
    let title = recorder.say("Les pannes", "The outages");
    let subtitle = recorder.say(
        "mois-compteurs à zéro ou invraisemblables\u{202f}: ce sont des pannes, pas des données",
        "counter-months at zero or implausible: these are outages, not data",
    );
    let lead = recorder.say("Le plus de mois perdus\u{a0}: ", "Most months lost: ");
    let note = format!("{lead}{}.", longest.join(", "));
    let view =
        chart.draw(&captions("mobility-outages", &title, &subtitle, &metadata, language).with_note(note))?;
    Ok(Plate { view, metadata, geometry: None })
}
