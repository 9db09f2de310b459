//! How a result depends on what was assumed.
mod draw;

use datagora_core::{Language, Unit};

use super::ChartError;
use super::words::{capitalised, colon, quantity};
use crate::format::{common_decimals, format_among};
use crate::{Captions, Column, DataTable, View};

/// One result under a low and under a high value of each assumption: what the result depends on most stands on top.
///
/// ![Bars to both sides of the central result, the longest on top, with the assumed value at each end](pictures/tornado.svg)
///
/// Bars run from the result under the central assumptions to that under the low and the high value of one of them, all others
/// kept. At the end of each bar stands the assumed value. Bars that lie on the same side, because the result does not rise
/// or fall throughout, are drawn one above the other.
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Captions, Tornado};
///
/// let view = Tornado::new(41.0, Unit::of("{EUR}"))
///     .with_assumption("price of water", ("2 €/m³", 39.5), ("5 €/m³", 43.0))
///     .with_assumption("lifetime of a tree", ("30 years", 55.0), ("60 years", 33.0))
///     .draw(&Captions::new("cost", "What does a tree cost a year?", Language::English))?;
/// assert!(view.description().contains("Lifetime of a tree"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Howard, R. A. (1988). Decision analysis: practice and promise. *Management Science* 34(6), 679–695. Eschenbach, T. G. (1992).
/// Spiderplots versus tornado diagrams for sensitivity analysis. *Interfaces* 22(6), 40–46.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    base: f64,
    unit: Unit,
    base_name: Option<String>,
    assumptions: Vec<Assumption>,
    limit: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Assumption {
    name: String,
    /// What is assumed, and the result: low, then high.
    ends: [(String, f64); 2],
}

impl Assumption {
    /// By how much the result changes from one end to the other, or from the base to the farther end.
    fn swing(&self, base: f64) -> f64 {
        let results = self.ends.each_ref().map(|(_, result)| *result);
        let low = results[0].min(results[1]).min(base);
        results[0].max(results[1]).max(base) - low
    }
}

impl Tornado {
    /// A chart of a result, in this unit, that is `base` under the central assumptions.
    pub fn new(base: f64, unit: Unit) -> Self {
        Self { base, unit, base_name: None, assumptions: Vec::new(), limit: usize::MAX }
    }

    /// Says what the base is, such as « scénario central ».
    pub fn with_base_name(self, name: impl Into<String>) -> Self {
        Self { base_name: Some(name.into()), ..self }
    }

    /// With one more assumption: its low and its high value in words, each with the result that it gives.
    pub fn with_assumption(
        mut self,
        name: impl Into<String>,
        (low, low_result): (impl Into<String>, f64),
        (high, high_result): (impl Into<String>, f64),
    ) -> Self {
        let ends = [(low.into(), low_result), (high.into(), high_result)];
        self.assumptions.push(Assumption { name: name.into(), ends });
        self
    }

    /// Shows the assumptions that matter most only, and says how many more are in the table.
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit: limit.max(1), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without assumptions, [`ChartError::Unknown`] for a result that is not finite.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        if self.assumptions.is_empty() {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let language = captions.language;
        if !self.base.is_finite() {
            return Err(ChartError::Unknown { name: self.name(language).to_owned() });
        }
        let unknown = |a: &&Assumption| a.ends.iter().any(|(_, result)| !result.is_finite());
        if let Some(assumption) = self.assumptions.iter().find(unknown) {
            return Err(ChartError::Unknown { name: assumption.name.clone() });
        }
        let order = self.ordered();
        let texts = |end: usize| order.iter().map(move |a| a.ends[end].0.as_str());
        let results = |name: &str, end: usize| {
            Column::numbers(name, self.unit.clone(), order.iter().map(move |a| a.ends[end].1))
        };
        let swings = order.iter().map(|assumption| assumption.swing(self.base));
        let table = DataTable::new(&captions.title)
            .with(Column::text(
                language.pick("Hypothèse", "Assumption"),
                order.iter().map(|a| a.name.as_str()),
            ))
            .with(Column::text(language.pick("Valeur basse", "Low value"), texts(0)))
            .with(results(language.pick("Résultat, valeur basse", "Result, low value"), 0))
            .with(Column::text(language.pick("Valeur haute", "High value"), texts(1)))
            .with(results(language.pick("Résultat, valeur haute", "Result, high value"), 1))
            .with(Column::numbers(language.pick("Écart", "Swing"), self.unit.clone(), swings));
        let description = self.describe(&order, language);
        Ok(captions.view(|width| self.scene(&order, captions, width), table, description))
    }

    /// What matters most first; equal ones by name.
    fn ordered(&self) -> Vec<&Assumption> {
        let mut order: Vec<&Assumption> = self.assumptions.iter().collect();
        let swing = |assumption: &Assumption| assumption.swing(self.base);
        order.sort_by(|a, b| swing(b).total_cmp(&swing(a)).then_with(|| a.name.cmp(&b.name)));
        order
    }

    fn name(&self, language: Language) -> &str {
        self.base_name.as_deref().unwrap_or(language.pick("hypothèses centrales", "central assumptions"))
    }

    /// A result with the decimals that suit all.
    fn number(&self, result: f64, language: Language) -> String {
        let results = self.assumptions.iter().flat_map(|a| a.ends.iter().map(|(_, result)| *result));
        format_among(result, common_decimals(results.chain([self.base])), language)
    }

    fn describe(&self, order: &[&Assumption], language: Language) -> String {
        let count = language.group_digits(order.len() as u64);
        let mut text = match (language, order.len()) {
            (Language::French, 1) => "Sensibilité du résultat à une hypothèse.".to_owned(),
            (Language::English, 1) => "Sensitivity of the result to one assumption.".to_owned(),
            (Language::French, _) => {
                format!("Sensibilité du résultat à {count} hypothèses, la plus influente d’abord.")
            }
            (Language::English, _) => {
                format!("Sensitivity of the result to {count} assumptions, the most influential first.")
            }
        };
        let base = quantity(self.base, &self.unit, language);
        text.push_str(&format!(" {}{}{base}.", capitalised(self.name(language)), colon(language)));
        let told: Vec<String> = order
            .iter()
            .take(3)
            .map(|assumption| {
                let [low, high] = assumption.ends.each_ref().map(|(assumed, result)| {
                    let result = self.number(*result, language);
                    match language {
                        Language::French => format!("{result} si {assumed}"),
                        Language::English => format!("{result} at {assumed}"),
                    }
                });
                format!("{}{}{low}, {high}", assumption.name, colon(language))
            })
            .collect();
        text.push(' ');
        text.push_str(&capitalised(&told.join(language.pick("\u{202f}; ", "; "))));
        text.push('.');
        text
    }
}

#[cfg(test)]
mod tests;
