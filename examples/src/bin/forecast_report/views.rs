//! The charts of the report.
use datagora::core::{Language, Measured, Month, Unit};
use datagora::predict::{Evaluation, Forecast, Paths, Score};
use datagora::viz::{Axis, BarChart, Captions, Fan, Line, LineChart, View, format_number, format_percent};

use crate::counters::Counters;
use crate::{AHEAD, SEED, Trouble};

/// The model whose failures are looked at.
const DEFAULT: usize = 0;
/// Months of the past shown beside a forecast.
const SHOWN: usize = 60;

/// What the charts are about.
pub(crate) struct Words<'a> {
    pub(crate) counters: &'a Counters,
    pub(crate) language: Language,
}

impl Words<'_> {
    pub(crate) fn subtitle(&self, origins: usize) -> String {
        let counters = self.counters.series.len();
        let origins = self.language.group_digits(origins as u64);
        let end = self.counters.end.plus(-1).label(self.language);
        match self.language {
            Language::French => format!(
                "{counters} compteurs vélo de la métropole de Lyon, {AHEAD} mois d’avance, {origins} prévisions refaites par modèle, données jusqu’à {end}"
            ),
            Language::English => format!(
                "{counters} bicycle counters of the metropolis of Lyon, {AHEAD} months ahead, {origins} forecasts made again by each model, data up to {end}"
            ),
        }
    }

    pub(crate) fn method(&self) -> &'static str {
        self.language.pick(
            "Une erreur est la distance entre la prévision et ce qui a été compté, rapportée à la variation moyenne d’une année à l’autre connue au moment de la prévision (MASE)\u{a0}: à 1, on se trompe autant que varie une année. Les intervalles sont étalonnés sur les erreurs de tous les compteurs connues à ce moment. Les mois sans passage sont des pannes\u{a0}: ils restent des lacunes.",
            "An error is the distance between the forecast and what was counted, in units of the mean change from year to year known when the forecast was made (MASE): at 1, one errs by as much as a year changes. Intervals are calibrated on the errors of all counters known at that moment. Months without passages are outages: they stay gaps.",
        )
    }

    fn captions(&self, id: &str, title: &str, subtitle: &str) -> Captions {
        Captions::new(id, title, self.language).with_subtitle(subtitle).with_metadata(&self.counters.metadata)
    }

    fn steps(&self) -> Axis {
        let unit = self.language.pick("mois", "month");
        let plural = self.language.pick("mois", "months");
        let name = |h: usize| format!("{h} {}", if h == 1 { unit } else { plural });
        Axis::ticked((1..=AHEAD).map(name).collect(), (0..AHEAD).map(|h| (h, (h + 1).to_string())).collect())
    }

    fn errors(&self, axis: Axis, evaluation: &Evaluation, of: impl Fn(usize) -> Vec<Score>) -> LineChart {
        let mut chart = LineChart::new(axis, Unit::ONE);
        for (model, name) in evaluation.names().iter().enumerate() {
            let line = Line::new(name.clone(), of(model).iter().map(|score| score.error).collect::<Vec<_>>());
            let benchmark = model + 1 == evaluation.names().len();
            chart = chart.with_line(if benchmark { line.dashed() } else { line });
        }
        chart
    }

    pub(crate) fn errors_by_step(&self, evaluation: &Evaluation) -> Result<View, Trouble> {
        let words = self.captions(
            "errors-by-step",
            self.language.pick("L’erreur selon l’horizon", "The error by horizon"),
            self.language.pick(
                "erreur moyenne, en variations d’une année à l’autre (MASE), par nombre de mois d’avance",
                "mean error in changes from year to year (MASE), by number of months ahead",
            ),
        );
        Ok(self.errors(self.steps(), evaluation, |model| evaluation.by_step(model)).draw(&words)?)
    }

    pub(crate) fn errors_by_month(&self, evaluation: &Evaluation) -> Result<View, Trouble> {
        let words = self.captions(
            "errors-by-month",
            self.language.pick("L’erreur selon le mois prévu", "The error by month forecast"),
            self.language.pick(
                "erreur moyenne, en variations d’une année à l’autre (MASE)",
                "mean error in changes from year to year (MASE)",
            ),
        );
        // Places of the season count from the first month after the data.
        let offset = 13 - self.counters.end.month() as usize;
        let of = |model: usize| {
            let mut places = evaluation.by_place(model);
            places.rotate_left(offset % 12);
            places
        };
        Ok(self.errors(Axis::year(self.language), evaluation, of).draw(&words)?)
    }

    pub(crate) fn ranking(&self, evaluation: &Evaluation) -> Result<View, Trouble> {
        let ranking = evaluation.ranking(0.05)?;
        let distance = format_number(ranking.critical_distance, 2, self.language);
        let series = ranking.series;
        let words = self
            .captions(
                "ranking",
                self.language.pick("Le rang moyen de chaque modèle", "The mean rank of each model"),
                &match self.language {
                    Language::French => format!("1 = le plus précis, sur {series} compteurs"),
                    Language::English => format!("1 = most precise, over {series} counters"),
                },
            )
            .with_note(match self.language {
                Language::French => format!(
                    "Deux modèles dont les rangs moyens diffèrent de moins de {distance} ne se distinguent pas (Nemenyi, 5\u{202f}%)."
                ),
                Language::English => format!(
                    "Two models whose mean ranks differ by less than {distance} cannot be told apart (Nemenyi, 5%)."
                ),
            });
        let bars = evaluation.names().iter().zip(&ranking.mean_ranks);
        let bars = bars.map(|(name, rank)| (name.clone(), Measured::new(*rank, Unit::ONE)));
        let heading = self.language.pick("Modèle", "Model");
        Ok(BarChart::new(Unit::ONE).with_bars(bars).with_heading(heading).draw(&words)?)
    }

    pub(crate) fn coverage_by_step(&self, evaluation: &Evaluation) -> Result<View, Trouble> {
        let steps = evaluation.by_step(DEFAULT);
        let mut chart = LineChart::new(self.steps(), Unit::of("%"));
        let levels: Vec<f64> =
            steps.first().map_or(Vec::new(), |s| s.coverage.iter().map(|c| c.level).collect());
        for (i, level) in levels.iter().enumerate() {
            let name = match self.language {
                Language::French => format!("promis\u{a0}: {}", format_percent(*level, 0, self.language)),
                Language::English => format!("promised: {}", format_percent(*level, 0, self.language)),
            };
            let held: Vec<f64> = steps.iter().map(|step| 100.0 * step.coverage[i].share).collect();
            chart = chart.with_line(Line::new(name, held));
        }
        let overall = evaluation.overall(DEFAULT);
        let told: Vec<String> = overall
            .coverage
            .iter()
            .map(|c| {
                let (level, share) =
                    (format_percent(c.level, 0, self.language), format_percent(c.share, 1, self.language));
                match self.language {
                    Language::French => format!("{share} pour {level} promis"),
                    Language::English => format!("{share} for {level} promised"),
                }
            })
            .collect();
        let words = self
            .captions(
                "coverage-by-step",
                self.language.pick(
                    "Part des valeurs contenues dans l’intervalle",
                    "Share of values that the interval held",
                ),
                self.language.pick(
                    "en %, modèle par défaut, par nombre de mois d’avance",
                    "in %, default model, by number of months ahead",
                ),
            )
            .with_note(match self.language {
                Language::French => format!("Sur tous les horizons\u{a0}: {}.", told.join("\u{202f}; ")),
                Language::English => format!("Over all horizons: {}.", told.join("; ")),
            });
        Ok(chart.draw(&words)?)
    }

    /// The sum of the counters that are complete over the months shown, with the interval of the sum.
    pub(crate) fn city(&self, forecasts: &[Option<Forecast>]) -> Result<View, Trouble> {
        let complete = |values: &[f64]| {
            values.len() >= SHOWN && values[values.len() - SHOWN..].iter().all(|y| !y.is_nan())
        };
        let (mut sum, mut paths, mut points, mut bounds, mut counters) =
            (vec![0.0; SHOWN], None::<Paths>, vec![0.0; AHEAD], 0.0, 0);
        for (series, forecast) in self.counters.series.iter().zip(forecasts) {
            let (values, Some(forecast)) = (series.values(), forecast) else { continue };
            if !complete(values) {
                continue;
            }
            counters += 1;
            for (total, value) in sum.iter_mut().zip(&values[values.len() - SHOWN..]) {
                *total += value;
            }
            for (total, value) in points.iter_mut().zip(forecast.points()) {
                *total += value;
            }
            bounds +=
                (0..AHEAD).filter_map(|h| forecast.interval(h, 0.8)).map(|i| i.upper - i.lower).sum::<f64>();
            let drawn = forecast.paths(1_000, SEED);
            paths = Some(match paths {
                Some(before) => before.plus(&drawn)?,
                None => drawn,
            });
        }
        let paths = paths.ok_or("no counter is complete over the months shown")?;
        let band = |level: f64| {
            let intervals: Vec<_> = (0..AHEAD).filter_map(|h| paths.step(h)?.interval(level)).collect();
            let lower = intervals.iter().zip(&points).map(|(i, p)| i.lower.min(*p)).collect();
            (level, lower, intervals.iter().zip(&points).map(|(i, p)| i.upper.max(*p)).collect())
        };
        let year = paths.sum().interval(0.8).ok_or("no path was drawn")?;
        let share = (year.upper - year.lower) / bounds;
        let million = |x: f64| format_number(x / 1e6, 1, self.language);
        let (low, high, share) =
            (million(year.lower), million(year.upper), format_percent(share, 0, self.language));
        let words = self
            .captions(
                "city",
                self.language.pick("Les douze mois à venir, tous compteurs ensemble", "The twelve months ahead, all counters together"),
                &match self.language {
                    Language::French => format!("passages par mois, somme de {counters} compteurs complets depuis cinq ans"),
                    Language::English => format!("passages per month, sum of {counters} counters complete for five years"),
                },
            )
            .with_note(match self.language {
                Language::French => format!(
                    "Total des douze mois\u{a0}: de {low} à {high} millions de passages (80\u{202f}%). Mille futurs simulés où les compteurs se trompent ensemble comme par le passé\u{a0}; l’intervalle du total fait {share} de la somme des intervalles."
                ),
                Language::English => format!(
                    "Total of the twelve months: {low} to {high} million passages (80%). A thousand simulated futures in which counters err together as in the past; the interval of the total is {share} of the sum of the intervals."
                ),
            });
        let first = self.counters.end.plus(-(SHOWN as i32));
        sum.extend([f64::NAN; AHEAD]);
        let fan = Fan { start: SHOWN, bands: vec![band(0.5), band(0.8), band(0.95)], points: points.clone() };
        let line = Line::new(self.language.pick("Vélos", "Bicycles"), sum).with_fan(fan);
        let axis = Axis::months(first, SHOWN + AHEAD, self.language);
        Ok(LineChart::new(axis, Unit::of("{passage}")).with_line(line).draw(&words)?)
    }

    /// The counters with the largest errors, each with what would have been forecast a year ago.
    pub(crate) fn worst(
        &self,
        evaluation: &Evaluation,
        forecasts: &[Option<Forecast>],
        count: usize,
    ) -> Result<Vec<View>, Trouble> {
        let with_forecast = |position: usize| forecasts.get(position).and_then(Option::as_ref);
        let worst = evaluation.worst(DEFAULT, usize::MAX).into_iter();
        worst
            .filter_map(|series| Some((with_forecast(series.position)?, series)))
            .take(count)
            .enumerate()
            .map(|(place, (forecast, found))| {
                let (series, first) =
                    (&self.counters.series[found.position], self.counters.first[found.position]);
                let month = |step: usize| first.plus(step as i32).label(self.language);
                let troubles: Vec<String> =
                    found.troubles.iter().map(|trouble| trouble.describe(self.language, month)).collect();
                let error = format_number(found.score.error, 2, self.language);
                let mut words = self.captions(
                    &format!("worst-{}", place + 1),
                    &self.counters.names[found.position],
                    &match self.language {
                        Language::French => format!("passages par mois\u{a0}; erreur moyenne {error} (MASE)"),
                        Language::English => format!("passages per month; mean error {error} (MASE)"),
                    },
                );
                if !troubles.is_empty() {
                    let told = troubles.join("\u{202f}; ");
                    words = words.with_note(match self.language {
                        Language::French => format!("Ce qui s’y est passé\u{a0}: {told}."),
                        Language::English => format!("What happened: {told}."),
                    });
                }
                self.draw_counter(series.values(), first, forecast, &words)
            })
            .collect()
    }

    fn draw_counter(
        &self,
        values: &[f64],
        first: Month,
        forecast: &Forecast,
        words: &Captions,
    ) -> Result<View, Trouble> {
        let length = values.len();
        let mut shown = values.to_vec();
        shown.extend([f64::NAN; AHEAD]);
        let bands = forecast.bands().iter().map(|b| (b.level, b.lower.clone(), b.upper.clone())).collect();
        let fan = Fan { start: length, points: forecast.points().to_vec(), bands };
        let mut line = Line::new(self.language.pick("Passages", "Passages"), shown).with_fan(fan);
        let heard = length - forecast.silence();
        let last = forecast.backtest().and_then(|test| test.origins().last());
        if let Some(origin) = last {
            let mut then = vec![f64::NAN; length + AHEAD];
            for (h, point) in origin.points.iter().enumerate().filter(|(h, _)| origin.known + h < heard) {
                then[origin.known + h] = *point;
            }
            line = line.with_backtest(then);
        }
        let outages = (0..length).filter(|step| values[*step].is_nan());
        let chart = LineChart::new(Axis::months(first, length + AHEAD, self.language), Unit::of("{passage}"));
        Ok(chart.with_line(line).with_outages(outages).draw(words)?)
    }
}
