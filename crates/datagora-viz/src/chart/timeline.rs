//! In which state each of many things was, step by step.
mod draw;

use std::ops::Range;

use datagora_core::{Language, Unit};

use super::words::{capitalised, colon};
use super::{Axis, ChartError};
use crate::format::format_percent;
use crate::scene::Fill;
use crate::semiology::Excuses;
use crate::{Captions, ChartDesign, Colour, Column, DataTable, Finding, View, lint_chart};

/// What has no state that is known.
const HATCH: Fill = Fill::Hatch(Colour::rgb(140, 146, 153));

/// In which state each of many things was, step by step: a strip per thing, such as the months of a counter (counted, out of
/// order, nothing recorded) or the night of a station (empty, in service, full, unknown).
///
/// ![Counters as rows over months: counted, out of order, nothing recorded, and the share counted](pictures/timeline.svg)
///
/// At the end of a strip stands the share of its time that it spent in the states asked for. Time before a thing was there,
/// or after it was gone, is blank and in no share.
///
/// ```
/// use datagora_core::{Language, Month};
/// use datagora_viz::{Axis, CATEGORIES, Captions, StateTimeline};
///
/// let months = Axis::months(Month::parse("2024-01")?, 6, Language::English);
/// let (counted, outage, nothing) = (Some(0), Some(1), Some(2));
/// let view = StateTimeline::new(months)
///     .with_state("counted", CATEGORIES[0])
///     .with_state("out of order", CATEGORIES[1])
///     .with_unknown("nothing recorded")
///     .with_row("Quay", [counted, counted, outage, outage, nothing, counted])
///     .with_row("Bridge", [None, counted, counted, counted, counted, counted])
///     .with_share("share counted", [0])
///     .sorted()
///     .draw(&Captions::new("counters", "What was counted", Language::English))?;
/// assert!(view.description().contains("Quay (50%)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StateTimeline {
    axis: Axis,
    heading: Option<String>,
    states: Vec<(String, Fill)>,
    rows: Vec<Row>,
    share: Option<(String, Vec<usize>)>,
    columns: Vec<Column>,
    sorted: bool,
    limit: usize,
    pub(super) excuses: Excuses,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    name: String,
    states: Vec<Option<usize>>,
}

impl Row {
    /// Steps at which the thing was there.
    fn there(&self) -> usize {
        self.states.iter().flatten().count()
    }

    /// Stretches of steps in one state.
    fn stretches(&self) -> impl Iterator<Item = (Option<usize>, Range<usize>)> {
        let mut start = 0;
        self.states.chunk_by(|a, b| a == b).map(move |run| {
            let from = start;
            start += run.len();
            (run[0], from..start)
        })
    }

    /// Share of the steps at which it was there and in one of these states; NaN if it never was.
    fn share(&self, wanted: &[usize]) -> f64 {
        let within = self.states.iter().flatten().filter(|state| wanted.contains(state)).count();
        match self.there() {
            0 => f64::NAN,
            there => within as f64 / there as f64,
        }
    }
}

impl StateTimeline {
    /// A chart over these steps, without states and rows.
    pub fn new(axis: Axis) -> Self {
        Self {
            axis,
            heading: None,
            states: Vec::new(),
            rows: Vec::new(),
            share: None,
            columns: Vec::new(),
            sorted: false,
            limit: usize::MAX,
            excuses: Excuses::default(),
        }
    }

    /// With one more state; the first is 0. The key shows the states that are met.
    pub fn with_state(mut self, name: impl Into<String>, colour: Colour) -> Self {
        self.states.push((name.into(), Fill::Solid(colour)));
        self
    }

    /// With one more state, of those of which nothing is known: hatched.
    pub fn with_unknown(mut self, name: impl Into<String>) -> Self {
        self.states.push((name.into(), HATCH));
        self
    }

    /// With one more row: the state at each step; `None` where the thing was not there.
    pub fn with_row(mut self, name: impl Into<String>, states: impl Into<Vec<Option<usize>>>) -> Self {
        self.rows.push(Row { name: name.into(), states: states.into() });
        self
    }

    /// Says what the names are, such as « Compteur »: the heading of the first column of the table.
    pub fn with_heading(self, heading: impl Into<String>) -> Self {
        Self { heading: Some(heading.into()), ..self }
    }

    /// Writes at the end of each strip the share of its time in these states, which the words name. Default: the first state.
    pub fn with_share(self, words: impl Into<String>, states: impl Into<Vec<usize>>) -> Self {
        Self { share: Some((words.into(), states.into())), ..self }
    }

    /// With one more column of the table, one value for each row in the order the rows were given.
    pub fn with_column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Smallest shares first; equal ones by name. Rows that never were there come last.
    pub fn sorted(self) -> Self {
        Self { sorted: true, ..self }
    }

    /// Draws the first rows only, and says how many more are in the table.
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit: limit.max(1), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] if no row was ever there, [`ChartError::Length`] if a row has another number of states than there are
    /// steps or a column another number of values than there are rows, [`ChartError::State`] for a state that is not declared.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let (needed, known) = (self.axis.len(), self.states.len());
        for Row { name, states } in &self.rows {
            if states.len() != needed {
                return Err(ChartError::Length { name: name.clone(), found: states.len(), needed });
            }
            let wrong = states.iter().enumerate().find_map(|(k, s)| Some((k, s.filter(|s| *s >= known)?)));
            if let Some((step, found)) = wrong {
                return Err(ChartError::State { name: name.clone(), step, found, known });
            }
        }
        let needed = self.rows.len();
        if let Some(column) = self.columns.iter().find(|column| column.len() != needed) {
            return Err(ChartError::Length { name: column.name.clone(), found: column.len(), needed });
        }
        if self.rows.iter().all(|row| row.there() == 0) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let order = self.order();
        let (table, description) = (self.table(&order, captions), self.describe(&order, captions.language));
        Ok(captions.view(|width| self.scene(&order, captions, width), table, description))
    }

    /// The rules that the chart breaks: colours of states that look alike, too many states.
    pub fn lint(&self) -> Vec<Finding> {
        let solid = |(_, fill): &(String, Fill)| match fill {
            Fill::Solid(colour) => Some(*colour),
            _ => None,
        };
        let colours = self.states.iter().filter_map(solid).collect();
        lint_chart(&ChartDesign { colours, ..ChartDesign::default() })
    }

    /// The states whose share stands at the end of the strips.
    fn wanted(&self) -> &[usize] {
        self.share.as_ref().map_or(&[0], |(_, states)| states)
    }

    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        if self.sorted {
            let shares: Vec<f64> = self.rows.iter().map(|row| row.share(self.wanted())).collect();
            // NaN is above every number to total_cmp.
            order.sort_by(|&a, &b| {
                shares[a].total_cmp(&shares[b]).then_with(|| self.rows[a].name.cmp(&self.rows[b].name))
            });
        }
        order
    }

    fn table(&self, order: &[usize], captions: &Captions) -> DataTable {
        let language = captions.language;
        let heading = self.heading.as_deref().unwrap_or(language.pick("Nom", "Name"));
        let rows = || order.iter().map(|&row| &self.rows[row]);
        let mut table =
            DataTable::new(&captions.title).with(Column::text(heading, rows().map(|row| row.name.as_str())));
        for (state, (name, _)) in self.states.iter().enumerate() {
            let shares = rows().map(|row| 100.0 * row.share(&[state]));
            table = table.with(Column::numbers(capitalised(name), Unit::PERCENT, shares));
        }
        for column in &self.columns {
            table = table.with(column.take(order));
        }
        let heading = language.pick("Quand autre chose que le premier état", "When not in the first state");
        table.with(Column::text(heading, rows().map(|row| self.told(row, language))))
    }

    /// When a row was in which state but the first, in words.
    fn told(&self, row: &Row, language: Language) -> String {
        let told = row.stretches().filter_map(|(state, steps)| {
            let state = state.filter(|state| *state > 0)?;
            Some(format!("{}{}{}", self.when(&steps), colon(language), self.states[state].0))
        });
        told.collect::<Vec<_>>().join(language.pick("\u{202f}; ", "; "))
    }

    /// The names of the first and the last of these steps.
    fn when(&self, steps: &Range<usize>) -> String {
        let (from, to) = (self.axis.name(steps.start), self.axis.name(steps.end - 1));
        if from == to { from.to_owned() } else { format!("{from} – {to}") }
    }

    fn describe(&self, order: &[usize], language: Language) -> String {
        let count = language.group_digits(self.rows.len() as u64);
        let (from, to) = (self.axis.name(0), self.axis.name(self.axis.len() - 1));
        let mut text = match language {
            Language::French => format!("Chronologie des états, {count} lignes, de {from} à {to}."),
            Language::English => format!("Timeline of states, {count} rows, from {from} to {to}."),
        };
        let there: usize = self.rows.iter().map(Row::there).sum();
        let shares: Vec<String> = self
            .states
            .iter()
            .enumerate()
            .map(|(state, (name, _))| {
                let all = self.rows.iter().flat_map(|row| row.states.iter().flatten());
                let share = all.filter(|found| **found == state).count() as f64 / there as f64;
                format!("{name}{}{}", colon(language), format_percent(share, 1, language))
            })
            .collect();
        text.push_str(language.pick(" En tout, ", " In all, "));
        text.push_str(&shares.join(", "));
        text.push('.');
        let mut known: Vec<&Row> =
            order.iter().map(|&row| &self.rows[row]).filter(|row| row.there() > 0).collect();
        known.sort_by(|a, b| a.share(self.wanted()).total_cmp(&b.share(self.wanted())));
        let least: Vec<String> = known
            .iter()
            .take(3)
            .map(|row| format!("{} ({})", row.name, format_percent(row.share(self.wanted()), 0, language)))
            .collect();
        let what = match &self.share {
            Some((words, _)) => words.as_str(),
            None => &self.states[0].0,
        };
        let least = least.join(", ");
        text.push_str(&match language {
            Language::French => format!(" Les plus faibles, {what}\u{a0}: {least}."),
            Language::English => format!(" Lowest, {what}: {least}."),
        });
        text
    }
}

#[cfg(test)]
mod tests;
