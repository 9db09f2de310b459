//! How many things are in which state, over a day or a night.
mod clock;
mod draw;

use datagora_core::{DateTime, Language, Minutes, Unit, Utc, Zone};

use super::ChartError;
use super::words::{capitalised, colon, plain, quantity};
use crate::semiology::Excuses;
use crate::{Captions, ChartDesign, Colour, Column, DataTable, Finding, View, format_percent, lint_chart};
use clock::{clock, date_and_clock};

/// How many of a number of things are in which state, as areas one over the other along the hours.
///
/// ![Stations by state through a night, as areas that add up, with a hatched gap](pictures/states.svg)
///
/// Each observation holds until the next. Where the record has a hole, longer than a few usual steps, the states are shown as
/// unknown, hatched; so are the things that are in no state although the total is known.
///
/// ```
/// use datagora_core::{DateTime, Language, Unit, Zone};
/// use datagora_viz::{CATEGORIES, Captions, StateChart};
///
/// let times: Vec<_> = (0..60).filter_map(|k| DateTime::from_timestamp(1_772_476_800 + 600 * k, 0)).collect();
/// let empty: Vec<f64> = (0..60).map(|k| f64::from(20 + k % 7)).collect();
/// let available: Vec<f64> = (0..60).map(|k| f64::from(70 - k % 7)).collect();
/// let view = StateChart::new(times, Zone::PARIS, Unit::of("{station}"))
///     .with_state("vide", CATEGORIES[1], empty)
///     .with_state("disponible", CATEGORIES[0].lighter(0.5), available)
///     .with_total(100.0)
///     .draw(&Captions::new("night", "Une nuit de Vélo’v", Language::French))?;
/// assert!(view.description().contains("Vide"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StateChart {
    times: Vec<DateTime<Utc>>,
    zone: Zone,
    counted: Unit,
    states: Vec<State>,
    total: Option<f64>,
    longest: Option<Minutes>,
    pub(super) excuses: Excuses,
}

#[derive(Clone, Debug, PartialEq)]
struct State {
    name: String,
    colour: Colour,
    values: Vec<f64>,
}

/// An observation, and how long it holds; seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Slice {
    step: usize,
    from: f64,
    to: f64,
}

/// A stretch without observation; seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hole {
    from: f64,
    to: f64,
}

/// What is known when.
struct Record {
    slices: Vec<Slice>,
    holes: Vec<Hole>,
    /// Largest sum, or the total.
    whole: f64,
}

impl StateChart {
    /// A chart of observations at these times, shown by the clock of `zone`; `counted` says what is counted.
    pub fn new(times: Vec<DateTime<Utc>>, zone: Zone, counted: Unit) -> Self {
        Self {
            times,
            zone,
            counted,
            states: Vec::new(),
            total: None,
            longest: None,
            excuses: Excuses::default(),
        }
    }

    /// With one more state, above the states before: how many are in it at each time. NaN: nothing is known at this time.
    pub fn with_state(
        mut self,
        name: impl Into<String>,
        colour: Colour,
        values: impl Into<Vec<f64>>,
    ) -> Self {
        self.states.push(State { name: name.into(), colour, values: values.into() });
        self
    }

    /// With the number of all things; those in no state are unknown.
    pub fn with_total(self, total: f64) -> Self {
        Self { total: Some(total), ..self }
    }

    /// A longer step than this is a hole in the record. Default: five times the median step.
    pub fn with_longest_step(self, longest: Minutes) -> Self {
        Self { longest: Some(longest), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without two times or without values, [`ChartError::Length`] if a state has another number of values
    /// than there are times, [`ChartError::Negative`] for a number below zero, [`ChartError::Order`] if the times do not rise, [`ChartError::Total`] if the states make up more
    /// than the total.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let record = self.record(captions)?;
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let (table, description) = (self.table(captions), self.describe(&record, captions.language));
        Ok(captions.view(|width| self.scene(&record, captions, width), table, description))
    }

    /// The rules that the chart breaks: colours of states that look alike, too many states.
    pub fn lint(&self) -> Vec<Finding> {
        let colours = self.states.iter().map(|state| state.colour).collect();
        lint_chart(&ChartDesign { colours, ..ChartDesign::default() })
    }

    fn record(&self, captions: &Captions) -> Result<Record, ChartError> {
        let needed = self.times.len();
        if let Some(state) = self.states.iter().find(|state| state.values.len() != needed) {
            return Err(ChartError::Length { name: state.name.clone(), found: state.values.len(), needed });
        }
        for state in &self.states {
            if let Some(step) = state.values.iter().position(|value| *value < 0.0) {
                return Err(ChartError::Negative {
                    name: state.name.clone(),
                    step,
                    found: state.values[step],
                });
            }
        }
        if let Some(step) = self.times.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(ChartError::Order { title: captions.title.clone(), step: step + 1 });
        }
        let sums: Vec<f64> =
            (0..needed).map(|step| self.states.iter().map(|state| state.values[step]).sum()).collect();
        let highest = sums.iter().copied().filter(|sum| sum.is_finite()).fold(0.0, f64::max);
        if needed < 2 || highest <= 0.0 {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let whole = self.total.filter(|total| total.is_finite()).unwrap_or(highest);
        if let Some(step) = sums.iter().position(|sum| *sum > whole * (1.0 + 1e-9)) {
            return Err(ChartError::Total { step, sum: sums[step], total: whole });
        }
        let seconds: Vec<f64> = self.times.iter().map(|time| time.timestamp_millis() as f64 / 1e3).collect();
        let mut steps: Vec<f64> = seconds.windows(2).map(|pair| pair[1] - pair[0]).collect();
        steps.sort_by(f64::total_cmp);
        let usual = steps[steps.len() / 2];
        let longest = self.longest.map_or(5.0 * usual, |minutes| 60.0 * minutes.0);
        let mut record = Record { slices: Vec::new(), holes: Vec::new(), whole };
        for (step, from) in seconds.iter().copied().enumerate() {
            let next = seconds.get(step + 1).copied();
            let to = next.filter(|next| next - from <= longest).unwrap_or(from + usual.min(longest));
            // Of nothing counted in any state nothing is known.
            match sums[step].is_finite() && sums[step] > 0.0 {
                true => record.slices.push(Slice { step, from, to }),
                false => record.add_hole(from, to),
            }
            if let Some(next) = next.filter(|next| *next > to) {
                record.add_hole(to, next);
            }
        }
        Ok(record)
    }

    fn table(&self, captions: &Captions) -> DataTable {
        let language = captions.language;
        let when = self.times.iter().map(|time| {
            let hour = self.zone.hour_of(*time);
            format!("{} {}", hour.date, clock(*time, self.zone))
        });
        let heading = language.pick("Heure locale", "Local time");
        let mut table = DataTable::new(&captions.title).with(Column::text(heading, when));
        for state in &self.states {
            table =
                table.with(Column::numbers(&state.name, self.counted.clone(), state.values.iter().copied()));
        }
        if let Some(total) = self.total {
            let unknown = (0..self.times.len())
                .map(|step| total - self.states.iter().map(|state| state.values[step]).sum::<f64>());
            table = table.with(Column::numbers(unknown_name(language), self.counted.clone(), unknown));
        }
        table
    }

    fn describe(&self, record: &Record, language: Language) -> String {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else { return String::new() };
        let (from, to) =
            (date_and_clock(*first, self.zone, language), date_and_clock(*last, self.zone, language));
        let whole = quantity(record.whole, &self.counted, language);
        let mut text = match language {
            Language::French => format!("États de {whole}, du {from} au {to}."),
            Language::English => format!("States of {whole}, from {from} to {to}."),
        };
        let known: f64 = record.slices.iter().map(|slice| slice.to - slice.from).sum();
        for state in &self.states {
            let weighted: f64 =
                record.slices.iter().map(|slice| state.values[slice.step] * (slice.to - slice.from)).sum();
            let by_value = |a: &&Slice, b: &&Slice| state.values[a.step].total_cmp(&state.values[b.step]);
            let Some(peak) = record.slices.iter().rev().max_by(by_value) else { continue };
            let most = state.values[peak.step];
            let (mean, share) =
                (weighted / known, format_percent(weighted / known / record.whole, 0, language));
            let at = date_and_clock(self.times[peak.step], self.zone, language);
            let (mean, most) = (plain(mean, language), plain(most, language));
            text.push_str(&format!(" {}{}", capitalised(&state.name), colon(language)));
            text.push_str(&match language {
                Language::French => format!("{mean} en moyenne ({share}), au plus {most} ({at})."),
                Language::English => format!("{mean} on average ({share}), at most {most} ({at})."),
            });
        }
        if self.total.is_some() {
            let in_states: f64 = record
                .slices
                .iter()
                .map(|slice| {
                    self.states.iter().map(|state| state.values[slice.step]).sum::<f64>()
                        * (slice.to - slice.from)
                })
                .sum();
            let unknown = record.whole - in_states / known;
            if unknown > 0.005 * record.whole {
                let mean = plain((10.0 * unknown).round() / 10.0, language);
                let share = format_percent(unknown / record.whole, 0, language);
                let name = capitalised(unknown_name(language));
                let on_average = language.pick("en moyenne", "on average");
                text.push_str(&format!(" {name}{}{mean} {on_average} ({share}).", colon(language)));
            }
        }
        let missing: f64 = record.holes.iter().map(|hole| hole.to - hole.from).sum();
        if missing > 0.0 {
            let (hours, minutes) = ((missing / 3600.0).floor(), (missing % 3600.0 / 60.0).floor());
            let time = match language {
                Language::French => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
                Language::English => format!("{hours}\u{a0}h {minutes:02}\u{a0}min"),
            };
            text.push_str(&match language {
                Language::French => format!(" Rien n’a été enregistré pendant {time}."),
                Language::English => format!(" Nothing was recorded for {time}."),
            });
        }
        text
    }
}

impl Record {
    /// Adds a hole, to the one before where they touch.
    fn add_hole(&mut self, from: f64, to: f64) {
        match self.holes.last_mut() {
            Some(last) if last.to >= from => last.to = to,
            _ => self.holes.push(Hole { from, to }),
        }
    }
}

fn unknown_name(language: Language) -> &'static str {
    language.pick("état inconnu", "state unknown")
}

#[cfg(test)]
mod tests;
