//! A distribution as a handful of chances that can be counted.
mod draw;
mod stacking;

use datagora_core::{Language, Unit};

use super::ChartError;
use super::quantile::{quantile, sorted_finite};
use super::words::{capitalised, colon, missing, quantity};
use crate::format::{common_decimals, format_among};
use crate::{Captions, Column, DataTable, View, format_percent};

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Event {
    /// The value is this or more.
    AtLeast(f64),
    /// The value is this or less.
    AtMost(f64),
}

impl Event {
    fn threshold(self) -> f64 {
        match self {
            Event::AtLeast(value) | Event::AtMost(value) => value,
        }
    }

    fn holds(self, value: f64) -> bool {
        match self {
            Event::AtLeast(least) => value >= least,
            Event::AtMost(most) => value <= most,
        }
    }
}

/// Distributions as 20 or 50 dots, each one chance in that number, so that a reader counts how likely something is.
///
/// ![Twenty dots for each of two scenarios, full beyond a threshold and hollow before it](pictures/chances.svg)
///
/// The dots are the quantiles at the levels (i − ½) ÷ n. Several distributions, such as scenarios, stand one below the other on
/// one scale. With an event, its dots are full and the others hollow, and a sentence says how many they are.
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Captions, Event, QuantileDotPlot};
///
/// let wait: Vec<f64> = (0..500).map(|k| 4.0 + f64::from(k * k % 97) / 12.0).collect();
/// let view = QuantileDotPlot::new(Unit::MINUTE)
///     .with_sample("line C3", &wait)
///     .with_event(Event::AtMost(8.0), "the bus comes within 8 minutes")
///     .draw(&Captions::new("wait", "How long to wait?", Language::English))?;
/// assert!(view.description().contains("chances in 20 that the bus comes within 8 minutes"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Kay, M., Kola, T., Hullman, J. and Munson, S. (2016). When (ish) is my bus? *CHI ’16*, 5092–5103. Fernandes, M., Walls, L., Munson,
/// S., Hullman, J. and Kay, M. (2018). Uncertainty displays using quantile dotplots or CDFs improve transit decision-making.
/// *CHI ’18*, 144. Quantiles of samples: Hyndman, R. and Fan, Y. (1996), type 7, that of numpy and R.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantileDotPlot {
    unit: Unit,
    count: usize,
    rows: Vec<Row>,
    event: Option<(Event, String)>,
}

/// A distribution: levels and their values, rising.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    name: String,
    known: Known,
}

#[derive(Clone, Debug, PartialEq)]
enum Known {
    /// Values, sorted, and how many were missing.
    Sample(Vec<f64>, usize),
    /// Levels with their values.
    Quantiles(Vec<(f64, f64)>),
}

/// A distribution with its dots.
struct Dotted<'a> {
    row: &'a Row,
    /// One quantile per dot, rising.
    dots: Vec<f64>,
}

impl Row {
    /// The value at a level, if it is known.
    fn quantile(&self, level: f64) -> Option<f64> {
        match &self.known {
            Known::Sample(sorted, _) => quantile(sorted, level),
            Known::Quantiles(pairs) => {
                let above = pairs.partition_point(|(known, _)| *known < level);
                let (to, high) = pairs.get(above)?;
                if *to == level {
                    return Some(*high);
                }
                let (from, low) = pairs.get(above.checked_sub(1)?)?;
                Some(low + (level - from) / (to - from) * (high - low))
            }
        }
    }
}

impl QuantileDotPlot {
    /// A chart of 20 dots, without distributions.
    pub fn new(unit: Unit) -> Self {
        Self { unit, count: 20, rows: Vec::new(), event: None }
    }

    /// With this many dots for each distribution, 5 to 100. People count 20 at a glance; 50 show tails.
    pub fn with_dots(self, count: usize) -> Self {
        Self { count: count.clamp(5, 100), ..self }
    }

    /// With a distribution from values, such as draws of a forecast. NaN and infinite values are missing.
    pub fn with_sample(mut self, name: impl Into<String>, values: &[f64]) -> Self {
        let (sorted, missing) = sorted_finite(values);
        self.rows.push(Row { name: name.into(), known: Known::Sample(sorted, missing) });
        self
    }

    /// With a distribution from its quantiles: levels (0 to 1) with their values, both rising; between them it is even.
    pub fn with_quantiles(mut self, name: impl Into<String>, quantiles: impl Into<Vec<(f64, f64)>>) -> Self {
        self.rows.push(Row { name: name.into(), known: Known::Quantiles(quantiles.into()) });
        self
    }

    /// Says how likely this is, in words that follow "that": « il fasse au moins 35 °C », "it is at least 35 °C". Without words
    /// the threshold is named.
    pub fn with_event(self, event: Event, words: impl Into<String>) -> Self {
        Self { event: Some((event, words.into())), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without distributions, [`ChartError::TooFew`] for a sample smaller than the number of dots,
    /// [`ChartError::Order`] for quantiles that do not rise, [`ChartError::Tails`] for quantiles that do not reach the
    /// outermost dots, [`ChartError::Unknown`] for a threshold that is not finite.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        if self.rows.is_empty() {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        if let Some((event, words)) = self.event.as_ref().filter(|(event, _)| !event.threshold().is_finite())
        {
            let name = if words.is_empty() { format!("{event:?}") } else { words.clone() };
            return Err(ChartError::Unknown { name });
        }
        let rows: Vec<Dotted<'_>> = self.rows.iter().map(|row| self.dotted(row)).collect::<Result<_, _>>()?;
        let language = captions.language;
        let heading = language.pick("Part des chances en dessous", "Share of chances below");
        let levels = (0..self.count).map(|dot| format_percent(self.level(dot), 1, language));
        let table = DataTable::new(&captions.title).with(Column::text(heading, levels));
        let table = rows.iter().enumerate().fold(table, |table, (k, dotted)| {
            let name = match &dotted.row.name[..] {
                "" => format!("{} {}", language.pick("Valeur", "Value"), k + 1),
                name => name.to_owned(),
            };
            table.with(Column::numbers(name, self.unit.clone(), dotted.dots.iter().copied()))
        });
        let description = self.describe(&rows, language);
        Ok(captions.view(|width| self.scene(&rows, captions, width), table, description))
    }

    /// The level of a dot.
    fn level(&self, dot: usize) -> f64 {
        (dot as f64 + 0.5) / self.count as f64
    }

    fn dotted<'a>(&self, row: &'a Row) -> Result<Dotted<'a>, ChartError> {
        let name = || row.name.clone();
        match &row.known {
            Known::Sample(sorted, _) if sorted.len() < self.count => {
                return Err(ChartError::TooFew { name: name(), found: sorted.len(), needed: self.count });
            }
            Known::Sample(..) => {}
            Known::Quantiles(pairs) => {
                let sound = |(level, value): &(f64, f64)| (0.0..=1.0).contains(level) && value.is_finite();
                let rises = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1;
                if let Some(step) = pairs.iter().position(|pair| !sound(pair)) {
                    return Err(ChartError::Order { title: name(), step });
                }
                if let Some(step) = pairs.windows(2).position(|pair| !rises(pair)) {
                    return Err(ChartError::Order { title: name(), step: step + 1 });
                }
            }
        }
        let dots: Option<Vec<f64>> = (0..self.count).map(|dot| row.quantile(self.level(dot))).collect();
        let (lower, upper) = (self.level(0), self.level(self.count - 1));
        let dots = dots.ok_or_else(|| ChartError::Tails { name: name(), lower, upper })?;
        Ok(Dotted { row, dots })
    }

    /// A value with three digits of the largest; quantiles lie between values, and have more that mean nothing.
    fn number(&self, value: f64, rows: &[Dotted<'_>], language: Language) -> String {
        let largest = rows.iter().flat_map(|row| &row.dots).fold(0.0, |a: f64, b| a.max(b.abs()));
        format_among(value, common_decimals([largest]), language)
    }

    /// « 12 chances sur 20 qu’il fasse au moins 35 °C ».
    fn chances(&self, dotted: &Dotted<'_>, language: Language) -> Option<String> {
        let (event, words) = self.event.as_ref()?;
        let likely = dotted.dots.iter().filter(|dot| event.holds(**dot)).count();
        let n = self.count;
        let chances = match (likely, language) {
            (0, Language::French) => format!("moins d’une chance sur {n}"),
            (0, Language::English) => format!("less than 1 chance in {n}"),
            (1, Language::French) => format!("1 chance sur {n}"),
            (1, Language::English) => format!("1 chance in {n}"),
            (k, Language::French) if k == n => format!("plus de {} chances sur {n}", n - 1),
            (k, Language::English) if k == n => format!("more than {} chances in {n}", n - 1),
            (k, Language::French) => format!("{k} chances sur {n}"),
            (k, Language::English) => format!("{k} chances in {n}"),
        };
        let words = match &words[..] {
            "" => self.threshold_in_words(*event, language),
            words => words.to_owned(),
        };
        let that = match language {
            // Elision before a vowel.
            Language::French if words.to_lowercase().starts_with(VOWELS) => "qu’",
            Language::French => "que ",
            Language::English => "that ",
        };
        Some(format!("{chances} {that}{words}"))
    }

    fn threshold_in_words(&self, event: Event, language: Language) -> String {
        let value = quantity(event.threshold(), &self.unit, language);
        match (event, language) {
            (Event::AtLeast(_), Language::French) => format!("la valeur soit d’au moins {value}"),
            (Event::AtLeast(_), Language::English) => format!("the value is at least {value}"),
            (Event::AtMost(_), Language::French) => format!("la valeur soit d’au plus {value}"),
            (Event::AtMost(_), Language::English) => format!("the value is at most {value}"),
        }
    }

    fn describe(&self, rows: &[Dotted<'_>], language: Language) -> String {
        let n = self.count;
        let mut text = match language {
            Language::French => format!(
                "Points de quantiles\u{a0}: {n} points par distribution, chacun vaut une chance sur {n}."
            ),
            Language::English => {
                format!("Quantile dots: {n} dots for each distribution, each is one chance in {n}.")
            }
        };
        for dotted in rows {
            let row = dotted.row;
            let number = |level: f64| row.quantile(level).map(|value| self.number(value, rows, language));
            let (Some(low), Some(middle), Some(high)) = (number(0.1), number(0.5), number(0.9)) else {
                continue;
            };
            let unit = match self.unit.symbol(language) {
                symbol if symbol.is_empty() => symbol,
                symbol => format!("\u{a0}{symbol}"),
            };
            let lead = match &row.name[..] {
                "" => String::new(),
                name => format!("{}{}", capitalised(name), colon(language)),
            };
            text.push(' ');
            text.push_str(&capitalised(&match language {
                Language::French => format!(
                    "{lead}une valeur sur deux est sous {middle}{unit}, huit sur dix entre {low} et {high}{unit}"
                ),
                Language::English => {
                    format!("{lead}one value in two is below {middle}{unit}, eight in ten between {low} and {high}{unit}")
                }
            }));
            if let Some(chances) = self.chances(dotted, language) {
                text.push_str(language.pick("\u{202f}; ", "; "));
                text.push_str(&chances);
            }
            text.push('.');
            if let Known::Sample(_, absent @ 1..) = row.known {
                text.push_str(&format!(" {}.", capitalised(&missing(absent, language))));
            }
        }
        text
    }
}

const VOWELS: [char; 12] = ['a', 'e', 'i', 'o', 'u', 'y', 'à', 'â', 'é', 'è', 'ê', 'î'];

#[cfg(test)]
mod tests;
