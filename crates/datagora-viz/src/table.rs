//! The data behind a view, as a table for those who do not see the picture.
mod extreme;
mod flat;

pub use extreme::Extreme;

use std::fmt::Write;

use datagora_core::{Language, Measured, Unit};

use crate::format::{common_decimals, format_among};
use crate::render::escape;

/// Columns of the data that a view shows, all of one length.
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Column, DataTable};
///
/// let table = DataTable::new("Arbres par commune")
///     .with(Column::text("Commune", ["Bron", "Lyon"]))
///     .with(Column::numbers("Arbres", Unit::of("{tree}"), [6_100.0, f64::NAN]));
/// assert!(table.to_html(Language::French).contains("6\u{202f}100"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataTable {
    caption: String,
    columns: Vec<Column>,
}

/// One column: its name, its unit, its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Heading, in the language of the view.
    pub name: String,
    /// Unit of the values; `None` for text.
    pub unit: Option<Unit>,
    /// The values.
    pub values: Values,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Text; the first such column names the rows.
    Text(Vec<String>),
    /// Numbers; NaN is missing.
    Numbers(Vec<f64>),
    /// Values with interval, or withheld with a reason.
    Measured(Vec<Measured>),
}

impl Column {
    /// A column of text.
    pub fn text(name: impl Into<String>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values = Values::Text(values.into_iter().map(Into::into).collect());
        Self { name: name.into(), unit: None, values }
    }

    /// A column of numbers; NaN is missing.
    pub fn numbers(name: impl Into<String>, unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        Self { name: name.into(), unit: Some(unit), values: Values::Numbers(values.into_iter().collect()) }
    }

    /// A column of values that carry their interval.
    pub fn measured(name: impl Into<String>, unit: Unit, values: impl IntoIterator<Item = Measured>) -> Self {
        Self { name: name.into(), unit: Some(unit), values: Values::Measured(values.into_iter().collect()) }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Text(values) => values.len(),
            Values::Numbers(values) => values.len(),
            Values::Measured(values) => values.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// These rows, in this order.
    pub(crate) fn take(&self, rows: &[usize]) -> Self {
        let values = match &self.values {
            Values::Text(values) => Values::Text(rows.iter().map(|&row| values[row].clone()).collect()),
            Values::Numbers(values) => Values::Numbers(rows.iter().map(|&row| values[row]).collect()),
            Values::Measured(values) => {
                Values::Measured(rows.iter().map(|&row| values[row].clone()).collect())
            }
        };
        Self { name: self.name.clone(), unit: self.unit.clone(), values }
    }

    /// Name and unit, as a line of text.
    #[cfg(feature = "pdf")]
    pub(crate) fn heading(&self, language: Language) -> String {
        match self.unit.as_ref().map(|unit| unit.symbol(language)).filter(|symbol| !symbol.is_empty()) {
            Some(symbol) => format!("{} ({symbol})", self.name),
            None => self.name.clone(),
        }
    }

    /// What the cells say to a reader: numbers of a column with as many decimals as tell them apart, and no more than they have.
    pub(crate) fn cells(&self, language: Language) -> Vec<String> {
        match &self.values {
            Values::Text(values) => values.clone(),
            Values::Numbers(values) => {
                let number = among(values.iter().copied(), language);
                values.iter().map(|&value| number(value)).collect()
            }
            Values::Measured(values) => {
                let told = values.iter().filter(|value| value.suppression().is_none());
                let numbers = told.flat_map(numbers_of);
                let number = among(numbers, language);
                values.iter().map(|value| measured_in_words(value, &number, language)).collect()
            }
        }
    }
}

impl DataTable {
    /// A table without columns.
    pub fn new(caption: impl Into<String>) -> Self {
        Self { caption: caption.into(), columns: Vec::new() }
    }

    /// With one more column.
    ///
    /// # Panics
    ///
    /// If it has another number of rows than the columns before.
    pub fn with(mut self, column: Column) -> Self {
        if let Some(first) = self.columns.first() {
            assert_eq!(first.len(), column.len(), "column “{}” must be as long as the first", column.name);
        }
        self.columns.push(column);
        self
    }

    /// What the table shows.
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The first rows, with all columns.
    pub fn first_rows(&self, rows: usize) -> Self {
        let rows: Vec<usize> = (0..rows.min(self.len())).collect();
        Self {
            caption: self.caption.clone(),
            columns: self.columns.iter().map(|column| column.take(&rows)).collect(),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The table as HTML, with headings for rows and columns.
    pub fn to_html(&self, language: Language) -> String {
        let mut html = format!("<table><caption>{}</caption><thead><tr>", escape(&self.caption));
        for column in &self.columns {
            // Writing to a String cannot fail.
            let class = match column.values {
                Values::Text(_) => "",
                _ => " class=\"number\"",
            };
            let _ = write!(html, "<th scope=\"col\"{class}>{}", escape(&column.name));
            if let Some(symbol) =
                column.unit.as_ref().map(|unit| unit.symbol(language)).filter(|s| !s.is_empty())
            {
                let _ = write!(html, " <span class=\"unit\">({})</span>", escape(&symbol));
            }
            html.push_str("</th>");
        }
        html.push_str("</tr></thead><tbody>");
        let mut columns: Vec<_> =
            self.columns.iter().map(|column| (column, column.cells(language).into_iter())).collect();
        for _ in 0..self.len() {
            html.push_str("<tr>");
            for (index, (column, cells)) in columns.iter_mut().enumerate() {
                let cell = escape(&cells.next().unwrap_or_default());
                let _ = match (index, &column.values) {
                    (0, _) => write!(html, "<th scope=\"row\">{cell}</th>"),
                    (_, Values::Text(_)) => write!(html, "<td>{cell}</td>"),
                    _ => write!(html, "<td class=\"number\">{cell}</td>"),
                };
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody></table>");
        html
    }
}

/// How a number is written among these.
fn among(numbers: impl Iterator<Item = f64>, language: Language) -> impl Fn(f64) -> String {
    let decimals = common_decimals(numbers);
    move |value: f64| match value.is_nan() {
        true => "–".to_owned(),
        false => format_among(value, decimals, language),
    }
}

/// The numbers of a value: its own and the bounds of its interval.
fn numbers_of(value: &Measured) -> impl Iterator<Item = f64> {
    let bounds = value.interval().map(|interval| [interval.lower, interval.upper]);
    value.value().into_iter().chain(bounds.into_iter().flatten())
}

/// A value in words: the number, its interval in brackets, or why there is none. Numbers have as many decimals as tell them apart, and
/// no more than they have.
///
/// ```
/// use datagora_core::{Language, Measured, Unit};
/// use datagora_viz::describe_measured;
///
/// let jobs = Measured::bounded(10.0, 19.0, Unit::of("{job}"))?;
/// assert_eq!(describe_measured(&jobs, Language::English), "10 to 19");
/// let half = Measured::new(0.5, Unit::PERCENT);
/// assert_eq!(describe_measured(&half, Language::French), "0,5");
/// # Ok::<(), datagora_core::ValueError>(())
/// ```
pub fn describe_measured(value: &Measured, language: Language) -> String {
    measured_in_words(value, among(numbers_of(value), language), language)
}

/// A value in words, its numbers written by `number`.
pub(crate) fn measured_in_words(
    value: &Measured,
    number: impl Fn(f64) -> String,
    language: Language,
) -> String {
    if let Some(reason) = value.suppression() {
        return reason.explain(language);
    }
    let range = value.interval().map(|interval| match interval.upper.is_infinite() {
        true => format!("{} {}", number(interval.lower), language.pick("ou plus", "or more")),
        false => {
            format!("{} {} {}", number(interval.lower), language.pick("à", "to"), number(interval.upper))
        }
    });
    match (value.value(), range) {
        (Some(v), Some(range)) => format!("{} [{range}]", number(v)),
        (Some(v), None) => number(v),
        (None, Some(range)) => range,
        (None, None) => "–".to_owned(),
    }
}

/// A value in words with its unit; « pas de donnée » where there is nothing to tell.
pub(crate) fn describe_amount(value: &Measured, language: Language) -> String {
    let words = describe_measured(value, language);
    if value.value().is_none_or(f64::is_nan) && value.interval().is_none() {
        return match value.suppression() {
            Some(_) => words,
            None => language.pick("pas de donnée", "no data").to_owned(),
        };
    }
    let symbol = value.unit().symbol_of(value.value().unwrap_or(f64::INFINITY), language);
    match &symbol[..] {
        "" => words,
        "%" => format!("{words}{}%", language.pick("\u{202f}", "")),
        _ => format!("{words}\u{a0}{symbol}"),
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Interval;

    use super::*;

    #[test]
    fn numbers_of_a_column_have_the_decimals_of_the_column() {
        let cells = |values: &[f64]| Column::numbers("x", Unit::ONE, values.to_vec()).cells(Language::French);
        assert_eq!(cells(&[0.5]), ["0,5"]);
        assert_eq!(cells(&[0.5, 12.0, f64::NAN, 3.25]), ["0,5", "12,0", "–", "3,3"]);
        assert_eq!(cells(&[0.5, 0.25]), ["0,50", "0,25"]);
        assert_eq!(cells(&[6_100.0, 12.0, 0.0]), ["6\u{202f}100", "12", "0"]);
        // A number that would all but vanish keeps its digits.
        assert_eq!(cells(&[94_435.0, 0.04]), ["94\u{202f}435", "0,04"]);
        assert_eq!(cells(&[]), Vec::<String>::new());
        let unsure = |value: f64, half: f64| {
            let interval = Interval::at_level(value - half, value + half, 0.9).expect("an interval");
            Measured::new(value, Unit::PERCENT).with_interval(interval)
        };
        let shares = Column::measured("x", Unit::PERCENT, [unsure(4.0, 0.5), unsure(12.0, 2.0)]);
        assert_eq!(shares.cells(Language::English), ["4.0 [3.5 to 4.5]", "12.0 [10.0 to 14.0]"]);
    }

    #[test]
    fn a_value_in_words_has_no_more_decimals_than_it_has() {
        let words = |value: &Measured| describe_measured(value, Language::English);
        let of = |value: f64| words(&Measured::new(value, Unit::ONE));
        assert_eq!([0.5, 12.0, 1.75683, -0.25].map(of), ["0.5", "12", "1.76", "−0.25"]);
        assert_eq!([94_435.0, 0.00042].map(of), ["94,435", "0.00042"]);
        let unsure = |value: f64, lower: f64, upper: f64| {
            let interval = Interval::at_level(lower, upper, 0.9).expect("an interval");
            words(&Measured::new(value, Unit::PERCENT).with_interval(interval))
        };
        assert_eq!(unsure(0.5, 0.25, 1.0), "0.50 [0.25 to 1.00]");
        assert_eq!(unsure(12.0, 10.0, 14.0), "12 [10 to 14]");
        let bounded = Measured::bounded(20.5, f64::INFINITY, Unit::ONE).expect("bounds");
        assert_eq!(words(&bounded), "20.5 or more");
    }
}
