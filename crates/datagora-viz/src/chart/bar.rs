//! Horizontal bars for values that may carry an interval or be withheld.
mod draw;

use datagora_core::{Language, Measured, Unit};

use super::ChartError;
use super::words::{capitalised, colon, missing, quantity};
use crate::format::{common_decimals, format_among};
use crate::scale::nice_domain;
use crate::semiology::Excuses;
use crate::table::measured_in_words;
use crate::{Captions, ChartDesign, Column, DataTable, Finding, View, lint_chart};

/// Horizontal bars, one per row, each with its value beside it.
///
/// ![Bars of jobs by commune: whole, with an interval, pale up to what is possible, and hatched where the value is withheld](pictures/bars.svg)
///
/// A value with an interval has a whisker. Where only bounds are known, such as jobs by bracket, the bar is full up to the lower
/// bound and pale from there to the upper one; an open upper bound is an arrow. A withheld value is hatched and says why.
///
/// ```
/// use datagora_core::{Language, Measured, Suppression, Unit};
/// use datagora_viz::{BarChart, Captions};
///
/// let job = Unit::of("{job}");
/// let view = BarChart::new(job.clone())
///     .with_bar("Vaulx-en-Velin", Measured::bounded(1_200.0, 2_150.0, job.clone())?)
///     .with_bar("Marcy-l’Étoile", Measured::bounded(5_000.0, f64::INFINITY, job.clone())?)
///     .with_bar("Poleymieux", Measured::suppressed(job, Suppression::FewUnits { minimum: 3 }))
///     .sorted()
///     .draw(&Captions::new("jobs", "Industrial jobs", Language::English))?;
/// assert!(view.description().contains("Marcy-l’Étoile"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    unit: Unit,
    heading: Option<String>,
    bars: Vec<(String, Measured)>,
    sorted: bool,
    limit: usize,
    reference: Option<(f64, String)>,
    zero: bool,
    pub(super) excuses: Excuses,
}

impl BarChart {
    /// A chart without bars.
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            heading: None,
            bars: Vec::new(),
            sorted: false,
            limit: usize::MAX,
            reference: None,
            zero: true,
            excuses: Excuses::default(),
        }
    }

    /// With one more bar.
    pub fn with_bar(mut self, name: impl Into<String>, value: Measured) -> Self {
        self.bars.push((name.into(), value));
        self
    }

    /// With more bars.
    pub fn with_bars(mut self, bars: impl IntoIterator<Item = (impl Into<String>, Measured)>) -> Self {
        self.bars.extend(bars.into_iter().map(|(name, value)| (name.into(), value)));
        self
    }

    /// Says what the names are, such as « Commune »: the heading of the first column of the table.
    pub fn with_heading(self, heading: impl Into<String>) -> Self {
        Self { heading: Some(heading.into()), ..self }
    }

    /// Longest bars first; where only bounds are known the lower one decides; withheld values last. Equal ones by name.
    pub fn sorted(self) -> Self {
        Self { sorted: true, ..self }
    }

    /// Shows the first bars only, and says how many more are in the table.
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit: limit.max(1), ..self }
    }

    /// With a line down at this value and its name, such as the mean of all.
    pub fn with_reference(self, value: f64, name: impl Into<String>) -> Self {
        Self { reference: Some((value, name.into())), ..self }
    }

    /// With a scale that begins near the smallest value. Refused unless the exception
    /// [`Exception::TruncatedBars`](crate::Exception::TruncatedBars) is named with a reason.
    pub fn without_zero(self) -> Self {
        Self { zero: false, ..self }
    }

    /// The rules that the chart breaks: bars that do not begin at zero, values in another unit than the scale, more missing
    /// than known.
    pub fn lint(&self) -> Vec<Finding> {
        let from = nice_domain(self.extremes(self.bars.iter()), self.zero, 5).0;
        lint_chart(&ChartDesign {
            scale: Some(self.unit.clone()),
            units: self.bars.iter().map(|(_, value)| value.unit().clone()).collect(),
            bars_from: (!self.zero).then_some(from).filter(|from| *from > 0.0),
            missing: self.bars.iter().filter(|(_, value)| size(value).is_none()).count(),
            values: self.bars.len(),
            ..ChartDesign::default()
        })
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] if there is no bar, or all are withheld; [`ChartError::Semiology`] if a rule is broken without a
    /// reason.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let bars = self.ordered();
        if bars.iter().all(|(_, value)| size(value).is_none()) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let language = captions.language;
        let heading = self.heading.as_deref().unwrap_or(language.pick("Nom", "Name"));
        let table = DataTable::new(&captions.title)
            .with(Column::text(heading, bars.iter().map(|(name, _)| name.as_str())))
            .with(Column::measured(
                language.pick("Valeur", "Value"),
                self.unit.clone(),
                bars.iter().map(|(_, value)| value.clone()),
            ));
        let description = self.describe(&bars, language);
        Ok(captions.view(|width| self.scene(&bars, captions, width), table, description))
    }

    /// Decimals that suit all bars.
    fn decimals(&self) -> usize {
        common_decimals(self.bars.iter().filter_map(|(_, value)| size(value)))
    }

    fn ordered(&self) -> Vec<&(String, Measured)> {
        let mut bars: Vec<&(String, Measured)> = self.bars.iter().collect();
        if self.sorted {
            let key = |value: &Measured| size(value).unwrap_or(f64::NEG_INFINITY);
            bars.sort_by(|a, b| key(&b.1).total_cmp(&key(&a.1)).then_with(|| a.0.cmp(&b.0)));
        }
        bars
    }

    fn describe(&self, bars: &[&(String, Measured)], language: Language) -> String {
        let known: Vec<(&str, f64, &Measured)> = bars
            .iter()
            .filter_map(|(name, value)| size(value).map(|size| (name.as_str(), size, value)))
            .collect();
        let decimals = self.decimals();
        let said = |(name, _, value): &(&str, f64, &Measured)| {
            format!("{name} ({})", in_words(value, decimals, language))
        };
        let mut largest = known.clone();
        largest.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let top: Vec<String> = largest.iter().take(3).map(said).collect();
        let count = language.group_digits(bars.len() as u64);
        let unit = match (self.unit.symbol(language), language) {
            (unit, _) if unit.is_empty() => unit,
            (unit, Language::French) => format!(", en {unit}"),
            (unit, Language::English) => format!(", in {unit}"),
        };
        let mut text = match language {
            Language::French => format!("Diagramme en barres, {count} lignes{unit}. "),
            Language::English => format!("Bar chart, {count} rows{unit}. "),
        };
        text.push_str(language.pick("Les plus grandes valeurs", "Largest values"));
        text.push_str(colon(language));
        text.push_str(&top.join(", "));
        if let Some(last) = largest.last().filter(|_| largest.len() > 3) {
            text.push_str(language.pick("\u{202f}; la plus petite\u{a0}: ", "; smallest: "));
            text.push_str(&said(last));
        }
        text.push('.');
        let withheld = bars.iter().filter(|(_, value)| value.suppression().is_some_and(|s| s.is_secret()));
        let withheld = withheld.count();
        let absent = bars.len() - known.len() - withheld;
        let number = language.group_digits(withheld as u64);
        text.push_str(&match (withheld, language) {
            (0, _) => String::new(),
            (1, Language::French) => " Une valeur est couverte par le secret statistique.".to_owned(),
            (1, Language::English) => " One value is withheld by statistical secrecy.".to_owned(),
            (_, Language::French) => {
                format!(" {number} valeurs sont couvertes par le secret statistique.")
            }
            (_, Language::English) => format!(" {number} values are withheld by statistical secrecy."),
        });
        if absent > 0 {
            text.push_str(&format!(" {}.", missing(absent, language)));
        }
        if let Some((value, name)) = &self.reference {
            let value = quantity(*value, &self.unit, language);
            text.push_str(&format!(" {}{}{value}.", capitalised(name), colon(language)));
        }
        text
    }
}

/// A value in words, with decimals that suit all bars.
fn in_words(value: &Measured, decimals: usize, language: Language) -> String {
    measured_in_words(value, |number| format_among(number, decimals, language), language)
}

/// What decides how long a bar is: the value, else its lower bound.
fn size(value: &Measured) -> Option<f64> {
    let bound = || value.interval().map(|interval| interval.lower).filter(|lower| lower.is_finite());
    value.value().or_else(bound)
}

#[cfg(test)]
mod tests;
