//! Amounts that sizes stand for, and a rate that may colour them.
use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;

use super::rates::SymbolRates;
use super::rows::Rows;
use super::shading::Shades;
use super::words::describe_values;
use super::{MapError, MapOptions, refuse};
use crate::legend::Legend;
use crate::semiology::{Finding, Variable, lint_design};
use crate::{Colour, DataTable};

/// Places with an amount each, and how they are coloured: what a cartogram lets its caller choose.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amounts<'a> {
    pub(super) places: &'a GeometryColumn,
    pub(super) names: &'a [String],
    pub(super) values: &'a [Measured],
    pub(super) measure: String,
    pub(super) rates: Option<SymbolRates<'a>>,
    /// Without rates.
    pub(super) colour: Colour,
}

impl<'a> Amounts<'a> {
    pub(super) fn new(
        places: &'a GeometryColumn,
        names: &'a [String],
        values: &'a [Measured],
        colour: Colour,
    ) -> Self {
        Self { places, names, values, measure: String::new(), rates: None, colour }
    }

    pub(super) fn rows(&self) -> Result<Rows, MapError> {
        Rows::new(self.places.len(), self.names, self.values, &self.measure)
    }

    pub(super) fn sized(&self) -> Result<SizedRows, MapError> {
        let shades = self.rates.as_ref().map(|rates| rates.shades(self.places.len(), self.names));
        Ok(SizedRows { rows: self.rows()?, shades: shades.transpose()? })
    }
}

/// The choices of the `amounts` of a cartogram, as its methods; what is coloured.
macro_rules! amount_methods {
    ($what:literal) => {
        /// With the name of what is measured, for legend, table and description.
        pub fn with_measure(mut self, measure: impl Into<String>) -> Self {
            self.amounts.measure = measure.into();
            self
        }

        /// With the colours of a rate of the same rows, such as unemployment over inhabitants.
        pub fn with_rates(mut self, rates: SymbolRates<'a>) -> Self {
            self.amounts.rates = Some(rates);
            self
        }

        #[doc = concat!("With ", $what, " of this colour, if there is no rate.")]
        pub fn with_colour(mut self, colour: Colour) -> Self {
            self.amounts.colour = colour;
            self
        }

        /// The rules of semiology that the map breaks; those that are errors it refuses to be drawn with.
        ///
        /// # Errors
        ///
        /// As [`draw`](Self::draw), for rows that do not agree.
        pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
            Ok(self.amounts.sized()?.findings())
        }
    };
}
pub(super) use amount_methods;

/// Amounts with the rates of the same rows, if they have any.
pub(super) struct SizedRows {
    pub(super) rows: Rows,
    pub(super) shades: Option<Shades>,
}

impl SizedRows {
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = lint_design(&self.rows.design(Variable::Size));
        findings.extend(self.shades.iter().flat_map(|shades| lint_design(&shades.design)));
        findings
    }

    /// Refuses what breaks a rule, and amounts that no surface can stand for.
    pub(super) fn check(&self, options: &MapOptions) -> Result<(), MapError> {
        refuse(self.findings(), options)?;
        self.rows.check_amounts()
    }

    pub(super) fn table(&self, caption: &str, zone_word: &str, language: Language) -> DataTable {
        let table = self.rows.table(caption, zone_word, language);
        self.shades.iter().fold(table, |table, shades| table.with(shades.rows.column(language)))
    }

    /// Both in words, then remarks.
    pub(super) fn describe(
        &self,
        zone_word: &str,
        remarks: impl IntoIterator<Item = Option<String>>,
        language: Language,
    ) -> String {
        let mut words = vec![describe_values(&self.rows, zone_word, language)];
        words.extend(self.shades.iter().map(|shades| shades.describe(zone_word, language)));
        words.extend(remarks.into_iter().flatten());
        words.join(" ")
    }

    pub(super) fn tip(&self, row: usize, language: Language) -> String {
        let tip = self.rows.tip(row, language);
        match &self.shades {
            Some(shades) => {
                let rate = shades.rows.amount(row, language);
                format!("{tip}, {} {rate}", shades.rows.heading(language))
            }
            None => tip,
        }
    }

    /// The largest amount, which the legend sizes its signs by.
    pub(super) fn largest(&self) -> f64 {
        self.rows.numbers().into_iter().filter(|amount| !amount.is_nan()).fold(0.0, f64::max)
    }

    /// Explains the rates below what the sizes mean.
    pub(super) fn explain_rates(&self, zone_word: &str, legend: &mut Legend<'_>, language: Language) {
        if let Some(shades) = &self.shades {
            legend.gap(12.0);
            shades.explain(zone_word, legend, language);
        }
    }
}
