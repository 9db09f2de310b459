//! The rows of a map: a name and a value for each geometry.
use datagora_core::{Language, Measured, Unit};

use super::MapError;
use crate::semiology::{Design, Variable};
use crate::table::describe_amount;
use crate::{Column, DataTable, describe_measured};

/// Names and values, as many as there are geometries, in one unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows {
    pub(super) names: Vec<String>,
    pub(super) values: Vec<Measured>,
    pub(super) unit: Unit,
    /// What the values measure, as the legend and the table call it.
    pub(super) measure: String,
    /// Whether the values are differences, which have a sign, and are told in points where their terms are in percent.
    differences: bool,
    /// Where a click on each row leads.
    links: Option<Vec<String>>,
}

impl Rows {
    pub(super) fn new(
        geometries: usize,
        names: &[String],
        values: &[Measured],
        measure: &str,
    ) -> Result<Self, MapError> {
        for (what, found) in [("names", names.len()), ("values", values.len())] {
            if found != geometries {
                return Err(MapError::Length { what, found, needed: geometries });
            }
        }
        let unit = values.first().map_or(Unit::ONE, |value| value.unit().clone());
        if let Some(row) = values.iter().position(|value| *value.unit() != unit) {
            let found = values[row].unit().clone();
            return Err(MapError::Units { name: names[row].clone(), found, needed: unit });
        }
        Ok(Self {
            names: names.to_vec(),
            values: values.to_vec(),
            unit,
            measure: measure.to_owned(),
            differences: false,
            links: None,
        })
    }

    /// The same rows, whose values are differences.
    pub(super) fn of_differences(self) -> Self {
        Self { differences: true, ..self }
    }

    /// The same rows, each of which leads to an address.
    pub(super) fn with_links(self, links: Option<Vec<String>>) -> Self {
        Self { links, ..self }
    }

    /// Where a click on a row leads.
    pub(super) fn link(&self, row: usize) -> Option<String> {
        self.links.as_ref()?.get(row).cloned()
    }

    /// The unit as legends write it.
    pub(super) fn symbol(&self, language: Language) -> String {
        self.told_unit().symbol(language)
    }

    /// The unit that legends and tables tell: differences of percentages are points.
    fn told_unit(&self) -> Unit {
        match self.differences && self.unit == Unit::PERCENT {
            true => Unit::of("{points}"),
            false => self.unit.clone(),
        }
    }

    /// The numbers; NaN where there is none.
    pub(super) fn numbers(&self) -> Vec<f64> {
        self.values.iter().map(|value| value.value().unwrap_or(f64::NAN)).collect()
    }

    /// Every number is one that a surface can stand for, and there is one.
    pub(super) fn check_amounts(&self) -> Result<(), MapError> {
        let numbers = self.numbers();
        if let Some(row) = numbers.iter().position(|value| *value < 0.0 || value.is_infinite()) {
            return Err(MapError::Amount { name: self.names[row].clone(), value: numbers[row] });
        }
        match numbers.iter().all(|value| value.is_nan()) {
            true => Err(MapError::Empty { rows: numbers.len() }),
            false => Ok(()),
        }
    }

    /// What the rules of semiology ask of values that are shown by a visual variable.
    pub(super) fn design(&self, variable: Variable) -> Design {
        Design {
            variable,
            unit: Some(self.unit.clone()),
            missing: self.missing().len() + self.secret().len(),
            values: self.values.len(),
            ..Design::default()
        }
    }

    /// Rows without a number that are not secret.
    pub(super) fn missing(&self) -> Vec<usize> {
        self.rows(|value| value.value().is_none_or(f64::is_nan) && !is_secret(value))
    }

    /// Rows whose number statistical secrecy withholds.
    pub(super) fn secret(&self) -> Vec<usize> {
        self.rows(is_secret)
    }

    fn rows(&self, which: impl Fn(&Measured) -> bool) -> Vec<usize> {
        (0..self.values.len()).filter(|&row| which(&self.values[row])).collect()
    }

    /// Name, value and unit of a row, or why there is no value.
    pub(super) fn tip(&self, row: usize, language: Language) -> String {
        format!("{}{}{}", self.names[row], language.pick("\u{a0}: ", ": "), self.amount(row, language))
    }

    /// Value and unit of a row; « pas de donnée » where there is nothing to tell.
    pub(super) fn amount(&self, row: usize, language: Language) -> String {
        let value = &self.values[row];
        let nothing = value.value().is_none_or(f64::is_nan) && value.interval().is_none();
        if !self.differences || nothing {
            return describe_amount(value, language);
        }
        let words = describe_measured(value, language);
        let gain = value.value().is_some_and(|value| value > 0.0);
        let words = if gain { format!("+{words}") } else { words };
        match &self.unit.symbol_of(value.value().unwrap_or(f64::INFINITY), language)[..] {
            "" => words,
            "%" => format!("{words}\u{a0}{POINTS}"),
            symbol => format!("{words}\u{a0}{symbol}"),
        }
    }

    pub(super) fn table(&self, caption: &str, zone_word: &str, language: Language) -> DataTable {
        DataTable::new(caption)
            .with(Column::text(capitalised(zone_word), self.names.iter().cloned()))
            .with(self.column(language))
    }

    /// The values, for a table of the same rows.
    pub(super) fn column(&self, language: Language) -> Column {
        Column::measured(self.heading(language), self.told_unit(), self.values.iter().cloned())
    }

    /// What is measured, for headings.
    pub(super) fn heading(&self, language: Language) -> String {
        if self.measure.is_empty() {
            language.pick("Valeur", "Value").to_owned()
        } else {
            capitalised(&self.measure)
        }
    }
}

/// What differences of percentages are in, in both languages: five per cent more of 40 % are 42 %, five points more 45 %.
pub(super) const POINTS: &str = "points";

pub(super) fn is_secret(value: &Measured) -> bool {
    value.suppression().is_some_and(datagora_core::Suppression::is_secret)
}

/// With a capital at the beginning.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
