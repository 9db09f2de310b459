//! Values on two axes as coloured cells: hours by days, months by years.
mod draw;

use datagora_core::{Language, Unit};

use super::words::{capitalised, colon, missing, quantity};
use super::{Axis, ChartError};
use crate::format::format_percent;
use crate::semiology::Excuses;
use crate::{
    Captions, ChartDesign, Classes, Colour, Column, DataTable, Finding, Method, Palette, View, classify,
    lint_chart,
};

/// Values by column and row as coloured cells: a calendar of hours by days, of months by years, of weekdays by hours.
///
/// ![Hours by days of a year as coloured cells; a hatched outage in spring, estimated days in autumn](pictures/heat.svg)
///
/// Colours are those of classes, whose bounds the key gives with their unit. A cell without value is hatched and never looks
/// like a zero; a value that was put in place rather than counted has a line through it. Where the columns are too many for
/// the width, as the days of a year on a telephone, they go on in a second block below the first. Cells that have room for
/// their number show it.
///
/// ```
/// use datagora_core::{Language, Month, Unit};
/// use datagora_viz::{Axis, Captions, HeatMap};
///
/// let days = Axis::days(Month::parse("2024-03")?.first_day(), 14, Language::English);
/// let mut bicycles: Vec<f64> = (0..24 * 14).map(|cell| f64::from(cell / 14 * 7 % 31)).collect();
/// bicycles[100] = f64::NAN;
/// let view = HeatMap::new(days, Axis::hours(Language::English), Unit::of("{bicycle}/h"), bicycles)
///     .with_headings("Day", "Hour")
///     .draw(&Captions::new("quay", "Bicycles on the quay", Language::English))?;
/// assert!(view.description().contains("1 value is missing"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    columns: Axis,
    rows: Axis,
    unit: Unit,
    values: Vec<f64>,
    imputed: Vec<bool>,
    absent: Vec<bool>,
    headings: Option<(String, String)>,
    method: Method,
    classes: usize,
    palette: Palette,
    pub(super) excuses: Excuses,
}

/// Classes and their colours.
struct Shades {
    classes: Classes,
    colours: Vec<Colour>,
}

impl HeatMap {
    /// A map of `values`, row after row from the upper one down: as many as there are columns, times rows. NaN is missing.
    pub fn new(columns: Axis, rows: Axis, unit: Unit, values: impl Into<Vec<f64>>) -> Self {
        Self {
            columns,
            rows,
            unit,
            values: values.into(),
            imputed: Vec::new(),
            absent: Vec::new(),
            headings: None,
            method: Method::Fisher,
            classes: 6,
            palette: Palette::default(),
            excuses: Excuses::default(),
        }
    }

    /// Says which values were put in place rather than counted, in the order of the values.
    pub fn with_imputed(self, imputed: impl Into<Vec<bool>>) -> Self {
        Self { imputed: imputed.into(), ..self }
    }

    /// Says which cells there are none of, such as months to come or the hour that the clock skips in March, in the order of
    /// the values: they stay blank, are not missing, and a value of theirs is not looked at.
    pub fn with_absent(mut self, absent: impl Into<Vec<bool>>) -> Self {
        self.absent = absent.into();
        let gone = self.values.iter_mut().zip(&self.absent).filter(|(_, absent)| **absent);
        gone.for_each(|(value, _)| *value = f64::NAN);
        self
    }

    /// Says what columns and rows are, such as « Jour » and « Heure »: headings of the table.
    pub fn with_headings(self, columns: impl Into<String>, rows: impl Into<String>) -> Self {
        Self { headings: Some((columns.into(), rows.into())), ..self }
    }

    /// With classes by this method, about so many. Default: six by Fisher's method.
    pub fn with_method(self, method: Method, classes: usize) -> Self {
        Self { method, classes, ..self }
    }

    /// With these colours. Default: that of maps.
    pub fn with_palette(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`ChartError::Length`] if there are not as many values (or marks of imputed or absent ones) as cells, [`ChartError::Empty`] without
    /// a value, [`ChartError::Classes`] for infinite values or bounds that make no classes, [`ChartError::Palette`] if a list of
    /// colours is too short.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let needed = self.columns.len() * self.rows.len();
        let name = || captions.title.clone();
        if self.values.len() != needed {
            return Err(ChartError::Length { name: name(), found: self.values.len(), needed });
        }
        for marks in [&self.imputed, &self.absent] {
            if !marks.is_empty() && marks.len() != needed {
                return Err(ChartError::Length { name: name(), found: marks.len(), needed });
            }
        }
        if self.values.iter().all(|value| value.is_nan()) {
            return Err(ChartError::Empty { title: name() });
        }
        let classes = classify(&self.values, self.classes, &self.method)?;
        let colours = self.palette.colours(classes.len())?;
        let captions = &self.excuses.apply(self.lint_colours(&colours), captions)?;
        let shades = Shades { classes, colours };
        let (table, description) = (self.table(captions), self.describe(captions.language));
        Ok(captions.view(|width| self.scene(&shades, captions, width), table, description))
    }

    /// The rules that the map breaks: classes that look alike, too many classes, more missing than known. Classes or colours that
    /// cannot be made are left to [`HeatMap::draw`].
    pub fn lint(&self) -> Vec<Finding> {
        let classes = classify(&self.values, self.classes, &self.method).ok();
        let colours = classes.and_then(|classes| self.palette.colours(classes.len()).ok());
        self.lint_colours(&colours.unwrap_or_default())
    }

    fn lint_colours(&self, colours: &[Colour]) -> Vec<Finding> {
        let absent = self.absent.iter().filter(|absent| **absent).count();
        let unknown = self.values.iter().filter(|value| value.is_nan()).count();
        lint_chart(&ChartDesign {
            colours: colours.to_vec(),
            ordered: self.palette.is_ordered(),
            missing: unknown.saturating_sub(absent),
            values: self.values.len().saturating_sub(absent),
            ..ChartDesign::default()
        })
    }

    fn cell(&self, column: usize, row: usize) -> usize {
        row * self.columns.len() + column
    }

    fn is_imputed(&self, cell: usize) -> bool {
        self.imputed.get(cell).copied().unwrap_or(false) && !self.values[cell].is_nan()
    }

    fn is_absent(&self, cell: usize) -> bool {
        self.absent.get(cell).copied().unwrap_or(false)
    }

    /// Decimals of the numbers in cells, the same for all: none if all are whole, else as many as give the largest three digits.
    fn decimals(&self) -> usize {
        let known = || self.values.iter().filter(|value| !value.is_nan());
        let largest = known().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        match largest {
            _ if known().all(|value| value.fract() == 0.0) => 0,
            100.0.. => 0,
            10.0.. => 1,
            _ => 2,
        }
    }

    /// A row for each step of the longer axis, a column for each of the shorter one.
    fn table(&self, captions: &Captions) -> DataTable {
        let language = captions.language;
        let turned = self.columns.len() >= self.rows.len();
        let (long, short) = if turned { (&self.columns, &self.rows) } else { (&self.rows, &self.columns) };
        let at = |i: usize, j: usize| if turned { self.cell(i, j) } else { self.cell(j, i) };
        let heading = match &self.headings {
            Some((columns, rows)) => if turned { columns } else { rows }.as_str(),
            None => language.pick("Position", "Position"),
        };
        let mut table = DataTable::new(&captions.title)
            .with(Column::text(heading, (0..long.len()).map(|i| long.name(i))));
        for j in 0..short.len() {
            let values = (0..long.len()).map(|i| self.values[at(i, j)]);
            table = table.with(Column::numbers(short.name(j), self.unit.clone(), values));
        }
        if self.imputed_count() > 0 {
            let names = |i: usize| {
                let steps = (0..short.len()).filter(|&j| self.is_imputed(at(i, j)));
                steps.map(|j| short.name(j)).collect::<Vec<_>>().join(", ")
            };
            let heading = language.pick("Valeurs estimées", "Estimated values");
            table = table.with(Column::text(heading, (0..long.len()).map(names)));
        }
        table
    }

    fn imputed_count(&self) -> usize {
        (0..self.imputed.len()).filter(|&cell| self.is_imputed(cell)).count()
    }

    fn missing_count(&self) -> usize {
        (0..self.values.len()).filter(|&cell| self.values[cell].is_nan() && !self.is_absent(cell)).count()
    }

    fn describe(&self, language: Language) -> String {
        let (columns, rows) = (self.columns.len(), self.rows.len());
        let mut text = match (language, &self.headings) {
            (Language::French, Some((c, r))) => {
                format!(
                    "Carte de chaleur\u{202f}; colonnes\u{a0}: {c} ({columns}), lignes\u{a0}: {r} ({rows})."
                )
            }
            (Language::English, Some((c, r))) => {
                format!("Heat map; columns: {c} ({columns}), rows: {r} ({rows}).")
            }
            (Language::French, None) => format!("Carte de chaleur de {columns} colonnes et {rows} lignes."),
            (Language::English, None) => format!("Heat map of {columns} columns and {rows} rows."),
        };
        let known = || (0..self.values.len()).filter(|&cell| !self.values[cell].is_nan());
        let by_value = |a: &usize, b: &usize| self.values[*a].total_cmp(&self.values[*b]);
        let place = |cell: usize| {
            format!("{}, {}", self.columns.name(cell % columns), self.rows.name(cell / columns))
        };
        // The first of equals.
        let (highest, lowest) = (known().rev().max_by(by_value), known().min_by(by_value));
        for (cell, words) in [
            (highest, language.pick("Valeur la plus haute", "Highest value")),
            (lowest, language.pick("la plus basse", "lowest")),
        ] {
            let Some(cell) = cell else { continue };
            let value = quantity(self.values[cell], &self.unit, language);
            text.push_str(if words.starts_with(char::is_uppercase) {
                " "
            } else {
                language.pick("\u{202f}; ", "; ")
            });
            text.push_str(&format!("{words}{}{value} ({})", colon(language), place(cell)));
        }
        text.push('.');
        let means: Vec<(usize, f64)> = (0..rows)
            .filter_map(|row| {
                let known = (0..columns).map(|column| self.values[self.cell(column, row)]);
                let known: Vec<f64> = known.filter(|value| !value.is_nan()).collect();
                (!known.is_empty()).then(|| (row, known.iter().sum::<f64>() / known.len() as f64))
            })
            .collect();
        let mean_of = |(row, mean): &(usize, f64)| {
            let rounded = if mean.abs() >= 100.0 { mean.round() } else { *mean };
            format!("{} ({})", self.rows.name(*row), quantity(rounded, &self.unit, language))
        };
        let most = means.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
        let least = means.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some(most), Some(least)) = (most, least)
            && most.0 != least.0
        {
            text.push_str(&match language {
                Language::French => {
                    format!(
                        " En moyenne, le plus\u{a0}: {}\u{202f}; le moins\u{a0}: {}.",
                        mean_of(most),
                        mean_of(least)
                    )
                }
                Language::English => {
                    format!(" On average, most: {}; least: {}.", mean_of(most), mean_of(least))
                }
            });
        }
        let (gaps, imputed) = (self.missing_count(), self.imputed_count());
        let there = (0..self.values.len()).filter(|&cell| !self.is_absent(cell)).count();
        if gaps > 0 {
            let share = format_percent(gaps as f64 / there as f64, 1, language);
            text.push_str(&format!(" {} ({share}).", capitalised(&missing(gaps, language))));
        }
        if imputed > 0 {
            let count = language.group_digits(imputed as u64);
            let share = format_percent(imputed as f64 / there as f64, 1, language);
            text.push_str(&match (imputed, language) {
                (1, Language::French) => format!(" 1 valeur est estimée ({share})."),
                (1, Language::English) => format!(" 1 value is estimated ({share})."),
                (_, Language::French) => format!(" {count} valeurs sont estimées ({share})."),
                (_, Language::English) => format!(" {count} values are estimated ({share})."),
            });
        }
        text
    }
}

#[cfg(test)]
mod tests;
