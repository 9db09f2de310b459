//! Twelve months ahead: the sum of the counters of a mode that were complete, and what the year may bring.
use datagora::core::{Dataset, Language, Metadata, Month, Unit};
use datagora::predict::{Forecast, ForecastOptions, Series, forecast};
use datagora::viz::{Axis, Event, Fan, Line, LineChart, QuantileDotPlot, format_number, format_percent};

use super::Cleaned;
use crate::figures::capital;
use crate::material::{Counters, Mode};
use crate::recorder::{Plate, Recorder, Sourced, Trouble, blend, captions};

/// Months forecast.
const AHEAD: usize = 12;
/// Futures drawn of the twelve months, and the seed of the draw.
const FUTURES: usize = 2_000;
const SEED: u64 = 1;

/// Sum of the counters of a mode that were complete over the last years, and a year more.
pub(super) struct Ahead {
    mode: Mode,
    /// First month of the sum.
    first: Month,
    /// Passages per day, month by month.
    sum: Vec<f64>,
    counters: usize,
    found: Forecast,
    metadata: Metadata,
}

impl Sourced for Ahead {
    fn origin(&self) -> &Metadata {
        &self.metadata
    }
}

impl Ahead {
    pub(super) fn new(data: &Dataset<Counters>, work: &Cleaned, mode: Mode) -> Result<Self, Trouble> {
        let daily = work.of(&work.daily, mode)?.trimmed();
        let months = daily.series(0).len();
        let complete = |window: usize| -> Vec<usize> {
            let whole =
                |&row: &usize| daily.series(row)[months - window..].iter().all(|value| !value.is_nan());
            (0..daily.channels().len()).filter(whole).collect()
        };
        let windows = || (3..=8).rev().map(|years| 12 * years).filter(|&window| window <= months);
        let widest = |least: usize| {
            windows().map(|window| (window, complete(window))).find(|(_, panel)| panel.len() >= least)
        };
        // Many counters over fewer years say more than one over many.
        let (window, panel) = widest(3.max(daily.channels().len() / 6)).or_else(|| widest(1)).ok_or(
            "no counter is complete over the last three years; a sum would not have a constant perimeter",
        )?;
        let sum: Vec<f64> =
            (months - window..months).map(|k| panel.iter().map(|&row| daily.series(row)[k]).sum()).collect();
        let first = daily.first().plus((months - window) as i32);
        let series = Series::new(sum.clone(), Unit::of("{passage}/d"))?.with_period(12)?;
        let options = ForecastOptions::default().with_non_negative(true);
        let found = forecast(&series, AHEAD, &options)?;
        let metadata = blend(
            "forecast of the sum of counters complete over the window",
            &[
                ("model", found.model()),
                ("months", &window.to_string()),
                ("counters", &panel.len().to_string()),
                ("horizon", "12"),
            ],
            &[data],
        )?;
        Ok(Self { mode, first, sum, counters: panel.len(), found, metadata })
    }

    /// The months counted and those ahead, with their bands.
    pub(super) fn plate(&self, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let Self { first, found, metadata, .. } = self;
        let window = self.sum.len();
        let mut values = self.sum.clone();
        values.extend([f64::NAN; AHEAD]);
        let bands =
            found.bands().iter().map(|band| (band.level, band.lower.clone(), band.upper.clone())).collect();
        let fan = Fan { start: window, points: found.points().to_vec(), bands };
        let name = capital(self.mode.name().get(language));
        let mut line = Line::new(name.clone(), values).with_fan(fan);
        // What would have been forecast a year ago, beside what came.
        let year_ago = found
            .backtest()
            .and_then(|test| test.origins().iter().find(|origin| origin.known + AHEAD == window));
        if let Some(origin) = year_ago {
            let mut then = vec![f64::NAN; window + AHEAD];
            then[origin.known..window].copy_from_slice(&origin.points);
            line = line.with_backtest(then);
        }
        let axis = Axis::months(*first, window + AHEAD, language);
        let chart = LineChart::new(axis, Unit::of("{passage}/d")).with_line(line);
        let title = match language {
            Language::French => format!("{name}\u{a0}: les douze mois à venir"),
            Language::English => format!("{name}: the twelve months ahead"),
        };
        let subtitle = match language {
            Language::French => {
                format!(
                    "passages par jour, somme de {} compteurs complets depuis {}",
                    self.counters,
                    first.label(language)
                )
            }
            Language::English => {
                format!(
                    "passages per day, sum of {} counters complete since {}",
                    self.counters,
                    first.label(language)
                )
            }
        };
        let id = format!("mobility-ahead-{}", self.mode.name().en);
        let mut words =
            captions(&id, &title, &subtitle, metadata, language).with_note(found.explain(language));
        if let Some(test) = found.backtest() {
            let (accuracy, benchmark, held) = (test.accuracy()?, test.benchmark()?, test.coverage(0.8)?);
            let share = format_percent(held.share, 0, language);
            let (ours, naive) =
                (format_number(accuracy.mase, 2, language), format_number(benchmark.mase, 2, language));
            words = words.with_note(match language {
                Language::French => format!(
                    "Mise à l’épreuve sur le passé\u{a0}: l’intervalle à 80\u{202f}% a contenu {share} des valeurs venues ensuite\u{202f}; \
                     erreur relative (MASE) {ours}, contre {naive} en répétant l’année précédente."
                ),
                Language::English => format!(
                    "Tested on the past: the 80% interval held {share} of what came; scaled error (MASE) {ours}, against {naive} \
                     when the year before is repeated."
                ),
            });
        }
        Ok(Plate { view: chart.draw(&words)?, metadata: metadata.clone(), geometry: None })
    }

    /// What the passages of an average day of the twelve months ahead may be against those of the last twelve, %.
    fn changes(&self) -> Vec<f64> {
        let days = |month: usize| self.first.plus(month as i32).dates().count() as f64;
        let average = |from: usize, passages: &[f64]| {
            let all: f64 = passages.iter().enumerate().map(|(k, value)| value * days(from + k)).sum();
            all / (0..passages.len()).map(|k| days(from + k)).sum::<f64>()
        };
        let known = self.sum.len();
        let last = average(known - AHEAD, &self.sum[known - AHEAD..]);
        let change = |path: &[f64]| 100.0 * (average(known, path) / last - 1.0);
        self.found.paths(FUTURES, SEED).measure(change).values().to_vec()
    }
}

/// How likely each mode grows over the twelve months ahead, as chances that can be counted.
pub(super) fn chances(all: &[Ahead], recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let used: Vec<&dyn Sourced> = all.iter().map(|ahead| ahead as &dyn Sourced).collect();
    let metadata = blend(
        "change of the average day of the twelve months ahead",
        &[("futures", &FUTURES.to_string()), ("seed", &SEED.to_string())],
        &used,
    )?;
    let event = recorder.say("il en passe au moins autant", "at least as many pass");
    let mut chart = QuantileDotPlot::new(Unit::PERCENT).with_event(Event::AtLeast(0.0), event);
    for ahead in all {
        let mode = capital(ahead.mode.name().get(language));
        let [from, to] =
            [0, AHEAD - 1].map(|k| ahead.first.plus((ahead.sum.len() + k) as i32).label(language));
        let name = match (language, ahead.counters) {
            (Language::French, 1) => format!("{mode}, {from} à {to} (un compteur)"),
            (Language::French, counters) => format!("{mode}, {from} à {to} ({counters} compteurs)"),
            (Language::English, 1) => format!("{mode}, {from} to {to} (one counter)"),
            (Language::English, counters) => format!("{mode}, {from} to {to} ({counters} counters)"),
        };
        chart = chart.with_sample(name, &ahead.changes());
    }
    let modes: Vec<String> = all.iter().map(|ahead| ahead.mode.name().get(language).to_owned()).collect();
    let modes = capital(&modes.join(", "));
    let title = match language {
        Language::French => format!("{modes}\u{a0}: en passera-t-il davantage dans l’année qui vient\u{a0}?"),
        Language::English => format!("{modes}: will more pass in the year ahead?"),
    };
    let subtitle = recorder.say(
        "évolution du jour moyen des douze mois à venir par rapport aux douze derniers mois comptés, en 20 cas également probables",
        "change of the average day of the twelve months ahead against the last twelve months counted, as 20 equally likely cases",
    );
    let futures = format_number(FUTURES as f64, 0, language);
    let note = match language {
        Language::French => format!(
            "Les points résument {futures} futurs tirés des prévisions à douze mois\u{a0}: ce que des mois voisins ont en commun vient des \
             erreurs passées. Ils ne valent que pour la somme de ces compteurs, et comptent avec ce qui a déjà surpris, pas avec ce qui \
             ne s’est jamais vu."
        ),
        Language::English => format!(
            "The dots sum up {futures} futures drawn from the forecasts of twelve months: what neighbouring months have in common comes from past \
             errors. They hold for the sum of these counters only, and reckon with what surprised before, not with what was never seen."
        ),
    };
    let words = captions("mobility-chances", &title, &subtitle, &metadata, language).with_note(note);
    Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
}
