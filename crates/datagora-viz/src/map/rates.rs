//! A rate by which symbols are coloured.
use datagora_core::{Language, Measured};

use super::MapError;
use super::choropleth::explain_classes;
use super::rows::{Rows, is_secret};
use super::words::{describe_classes, describe_values};
use crate::legend::{Legend, NO_DATA, WITHHELD};
use crate::semiology::{Design, Variable};
use crate::{Classes, Colour, Fill, Method, Palette, classify};

/// A rate that colours the symbols of an amount, in classes: unemployment by the colour of circles whose size is the
/// number of inhabitants.
///
/// ![Communes of a city as circles for their inhabitants, coloured by unemployment in four classes, with a legend for size and one for colour](pictures/rated-symbols.svg)
///
/// ```
/// use datagora_core::{Measured, Unit};
/// use datagora_viz::{Method, SymbolRates};
///
/// let unemployment = [8.1, 14.5].map(|value| Measured::new(value, Unit::PERCENT));
/// let rates = SymbolRates::new(&unemployment).with_measure("Unemployment").with_method(Method::Quantile, 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SymbolRates<'a> {
    values: &'a [Measured],
    measure: String,
    method: Method,
    classes: usize,
    palette: Palette,
    centre: Option<f64>,
}

impl<'a> SymbolRates<'a> {
    /// A rate for each symbol, in four classes by exact Fisher.
    pub fn new(values: &'a [Measured]) -> Self {
        Self {
            values,
            measure: String::new(),
            method: Method::default(),
            classes: 4,
            palette: Palette::default(),
            centre: None,
        }
    }

    /// With the name of the rate, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// Divides the rates by this method into this many classes.
    pub fn with_method(self, method: Method, classes: usize) -> Self {
        Self { method, classes, ..self }
    }

    /// With these colours.
    pub fn with_palette(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// Lets a diverging palette change sides at this value.
    pub fn with_centre(self, centre: f64) -> Self {
        Self { centre: Some(centre), ..self }
    }

    pub(super) fn shades(&self, geometries: usize, names: &[String]) -> Result<Shades, MapError> {
        let rows = Rows::new(geometries, names, self.values, &self.measure)?;
        if rows.numbers().iter().all(|value| value.is_nan()) {
            return Err(MapError::Empty { rows: geometries });
        }
        let classes = classify(&rows.numbers(), self.classes, &self.method)?;
        let colours = self.palette.colours_of(&classes, self.centre.or(classes.centre()))?;
        let design = Design {
            variable: Variable::SurfaceColour,
            unit: Some(rows.unit.clone()),
            colours: colours.clone(),
            ordered: self.palette.is_ordered(),
            missing: rows.missing().len() + rows.secret().len(),
            missing_shown: true,
            values: rows.values.len(),
            goodness_of_variance_fit: Some(classes.goodness_of_variance_fit()),
        };
        Ok(Shades { rows, classes, colours, design })
    }
}

/// Rates in their classes, ready to colour symbols.
pub(super) struct Shades {
    pub(super) rows: Rows,
    pub(super) classes: Classes,
    pub(super) colours: Vec<Colour>,
    pub(super) design: Design,
}

impl Shades {
    pub(super) fn fill(&self, row: usize) -> Fill {
        let value = &self.rows.values[row];
        match value.value().and_then(|number| self.classes.class_of(number)) {
            Some(class) => Fill::Solid(self.colours[class]),
            None if is_secret(value) => WITHHELD,
            None => NO_DATA,
        }
    }

    pub(super) fn describe(&self, zone_word: &str, language: Language) -> String {
        let values = describe_values(&self.rows, zone_word, language);
        format!("{values} {}", describe_classes(&self.classes, language))
    }

    pub(super) fn explain(&self, zone_word: &str, legend: &mut Legend<'_>, language: Language) {
        explain_classes(&self.rows, &self.classes, &self.colours, zone_word, legend, language);
    }
}
