//! Where one of several stands on each of several measures.
mod draw;
mod standing;
#[cfg(test)]
mod tests;

use datagora_core::{Language, Measured, Unit};

use super::ChartError;
use super::words::{amount_or_reason, capitalised, colon};
use crate::semiology::Excuses;
use crate::{Captions, ChartDesign, Column, DataTable, Finding, View, lint_chart};

pub use standing::Standing;

/// One measure of all rows, as a [`StripChart`] shows it.
///
/// ```
/// use datagora_core::{Measured, Unit};
/// use datagora_viz::Strip;
///
/// let unit = Unit::of("{tree}/har");
/// let values = [4.2, 11.0, 7.5].map(|value| Measured::new(value, unit.clone()));
/// let strip = Strip::new("Trees per hectare", unit.clone(), &values).with_reference(Measured::new(6.1, unit));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    name: String,
    unit: Unit,
    values: Vec<Measured>,
    reference: Option<Measured>,
    logarithmic: bool,
}

impl Strip {
    /// A measure with its unit and the value of each row.
    pub fn new(name: impl Into<String>, unit: Unit, values: &[Measured]) -> Self {
        Self { name: name.into(), unit, values: values.to_vec(), reference: None, logarithmic: false }
    }

    /// With the value of the whole, such as the metropolis of the communes.
    pub fn with_reference(self, value: Measured) -> Self {
        Self { reference: Some(value), ..self }
    }

    /// On a logarithmic scale, for values of which few are many times the others; the chart says so. From zero on it is the scale of
    /// log(1 + value); where a value is below zero the scale stays linear.
    pub fn with_log_scale(self) -> Self {
        Self { logarithmic: true, ..self }
    }

    /// All numbers that must lie on the scale: values, and bounds where there is no value.
    fn extremes(&self) -> Vec<f64> {
        let mut numbers = Vec::new();
        for value in self.values.iter().chain(&self.reference) {
            match (value.value(), value.interval()) {
                (Some(value), _) => numbers.push(value),
                (None, Some(interval)) => numbers.extend([interval.lower, interval.upper]),
                (None, None) => {}
            }
        }
        numbers.retain(|number| number.is_finite());
        numbers
    }

    /// Number of rows about which something is known.
    fn known(&self) -> usize {
        self.values.iter().filter(|value| value.value().is_some() || value.interval().is_some()).count()
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Section(String),
    Strip(Strip),
}

/// Strips of dots, one per measure: where one row stands among all, with its rank, its interval, those like it and the whole.
///
/// ![Strips of grey dots, one per measure, each with one large orange dot, its value and its rank](pictures/strip.svg)
///
/// Each strip has a scale of its own, from the lowest to the highest value. Rank 1 is the highest value, whether that is good or
/// bad. Where values have intervals, the rank is given as the range that they leave open: see [`Standing`].
///
/// # Missing values
///
/// How many rows have no value is written below the name of each measure. Where the row itself has none, the reason stands in the
/// place of its value; values known only by bounds are lines.
///
/// # Example
///
/// ```
/// use datagora_core::{Language, Measured, Unit};
/// use datagora_viz::{Captions, Strip, StripChart};
///
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let unit = Unit::of("{tree}/har");
/// let trees = [4.2, 11.0, 7.5].map(|value| Measured::new(value, unit.clone()));
/// let view = StripChart::new(&names, 2, "communes")
///     .with_strip(Strip::new("Trees per hectare", unit, &trees))
///     .draw(&Captions::new("profile", "Where Écully stands", Language::English))?;
/// assert!(view.description().contains("7.5\u{a0}trees/ha, rank 2 of 3"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Strip plots: Tukey, J. W. and Tukey, P. A. (1990). Strips displaying empirical distributions. Bellcore technical memorandum.
/// The place of one among all: Few, S. (2006). *Information Dashboard Design*. O’Reilly.
#[derive(Clone, Debug, PartialEq)]
pub struct StripChart<'a> {
    names: &'a [String],
    own: usize,
    zone_word: String,
    parts: Vec<Part>,
    peers: Vec<usize>,
    peers_word: String,
    reference_word: String,
    pub(super) excuses: Excuses,
}

impl<'a> StripChart<'a> {
    /// A chart about row `own` among rows with these names; `zone_word` is what they are in the plural, such as « communes ».
    pub fn new(names: &'a [String], own: usize, zone_word: impl Into<String>) -> Self {
        Self {
            names,
            own,
            zone_word: zone_word.into(),
            parts: Vec::new(),
            peers: Vec::new(),
            peers_word: String::new(),
            reference_word: String::new(),
            excuses: Excuses::default(),
        }
    }

    /// With a heading; strips added from now on stand below it.
    pub fn with_section(mut self, title: impl Into<String>) -> Self {
        self.parts.push(Part::Section(title.into()));
        self
    }

    /// With one more measure.
    pub fn with_strip(mut self, strip: Strip) -> Self {
        self.parts.push(Part::Strip(strip));
        self
    }

    /// Marks these rows as those to compare with, and says in the key what they are.
    pub fn with_peers(self, rows: impl IntoIterator<Item = usize>, word: impl Into<String>) -> Self {
        Self { peers: rows.into_iter().collect(), peers_word: word.into(), ..self }
    }

    /// What the references of the strips are, for the key: « métropole ».
    pub fn with_reference_word(self, word: impl Into<String>) -> Self {
        Self { reference_word: word.into(), ..self }
    }

    /// The rules that the chart breaks, strip by strip: values in another unit than their strip, more missing than known.
    ///
    /// ```
    /// use datagora_core::{Measured, Unit};
    /// use datagora_viz::{Finding, Strip, StripChart};
    ///
    /// let names = ["Bron", "Lyon", "Écully"].map(String::from);
    /// let share = [4.2, f64::NAN, f64::NAN].map(|value| Measured::new(value, Unit::PERCENT));
    /// let chart = StripChart::new(&names, 0, "communes").with_strip(Strip::new("Canopy", Unit::PERCENT, &share));
    /// assert_eq!(chart.lint(), [Finding::MostlyMissing { missing: 2, values: 3 }]);
    /// ```
    pub fn lint(&self) -> Vec<Finding> {
        let of_strip = |strip: &Strip| {
            lint_chart(&ChartDesign {
                scale: Some(strip.unit.clone()),
                units: strip
                    .values
                    .iter()
                    .chain(&strip.reference)
                    .map(|value| value.unit().clone())
                    .collect(),
                missing: strip.values.len() - strip.known(),
                values: strip.values.len(),
                ..ChartDesign::default()
            })
        };
        self.strips().flat_map(of_strip).collect()
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] if no strip has a value, [`ChartError::Length`] if a strip has not one value for each name,
    /// [`ChartError::Row`] if the row, or one to compare with, is not there, [`ChartError::Semiology`] if a rule is broken without
    /// a reason, such as values in several units.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let rows = self.names.len();
        if let Some(&row) = [self.own].iter().chain(&self.peers).find(|&&row| row >= rows) {
            return Err(ChartError::Row { row, rows });
        }
        for strip in self.strips() {
            let (name, found) = (strip.name.clone(), strip.values.len());
            if found != rows {
                return Err(ChartError::Length { name, found, needed: rows });
            }
        }
        if self.strips().all(|strip| strip.known() == 0) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let language = captions.language;
        Ok(captions.view(|width| self.scene(captions, width), self.table(captions), self.describe(language)))
    }

    fn strips(&self) -> impl Iterator<Item = &Strip> {
        self.parts.iter().filter_map(|part| match part {
            Part::Strip(strip) => Some(strip),
            Part::Section(_) => None,
        })
    }

    /// The rank of the row on a strip in words.
    fn rank(&self, strip: &Strip, language: Language) -> Option<String> {
        Some(Standing::of(&strip.values, self.own)?.describe(language))
    }

    fn reference_word(&self, language: Language) -> &str {
        match &self.reference_word[..] {
            "" => language.pick("ensemble", "whole"),
            word => word,
        }
    }

    fn describe(&self, language: Language) -> String {
        let (name, colon) = (&self.names[self.own], colon(language));
        let count = language.group_digits(self.names.len() as u64);
        let mut text = match language {
            Language::French => {
                format!("{name} parmi {count} {}. Rang 1\u{a0}: la valeur la plus élevée.", self.zone_word)
            }
            Language::English => {
                format!("{name} among {count} {}. Rank 1 is the highest value.", self.zone_word)
            }
        };
        for strip in self.strips() {
            let amount = amount_or_reason(&strip.values[self.own], language);
            text = format!("{text} {}{colon}{amount}", strip.name);
            if let Some(rank) = self.rank(strip, language) {
                text = format!("{text}, {rank}");
            }
            if let Some(reference) = &strip.reference {
                let semicolon = language.pick("\u{202f}; ", "; ");
                let (word, amount) = (self.reference_word(language), amount_or_reason(reference, language));
                text = format!("{text}{semicolon}{word}{colon}{amount}");
            }
            text.push('.');
        }
        text
    }

    fn table(&self, captions: &Captions) -> DataTable {
        let language = captions.language;
        let column = |name: &str, cell: &dyn Fn(&Strip) -> String| {
            Column::text(name, self.strips().map(cell).collect::<Vec<_>>())
        };
        let dash = || "–".to_owned();
        let bound = |strip: &Strip, pick: fn(f64, f64) -> f64| {
            let extreme = strip.extremes().into_iter().reduce(pick);
            extreme.map_or_else(dash, |value| {
                amount_or_reason(&Measured::new(value, strip.unit.clone()), language)
            })
        };
        let reference = capitalised(self.reference_word(language));
        DataTable::new(&captions.title)
            .with(column(language.pick("Mesure", "Measure"), &|strip| strip.name.clone()))
            .with(column(&self.names[self.own], &|strip| amount_or_reason(&strip.values[self.own], language)))
            .with(column(language.pick("Rang", "Rank"), &|strip| {
                self.rank(strip, language).unwrap_or_else(dash)
            }))
            .with(column(&reference, &|strip| {
                strip.reference.as_ref().map_or_else(dash, |value| amount_or_reason(value, language))
            }))
            .with(column(language.pick("Minimum", "Lowest"), &|strip| bound(strip, f64::min)))
            .with(column(language.pick("Maximum", "Highest"), &|strip| bound(strip, f64::max)))
    }
}
