//! A rate by which symbols are coloured.
use datagora_core::Measured;

use super::MapError;
use super::rows::Rows;
use super::shading::{Shades, Shading, shading_methods};
use crate::{Method, Palette, Statistic};

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
    shading: Shading,
}

impl<'a> SymbolRates<'a> {
    /// A rate for each symbol, in four classes by exact Fisher.
    pub fn new(values: &'a [Measured]) -> Self {
        Self { values, shading: Shading::new(4) }
    }

    shading_methods!("the rates");

    pub(super) fn shades(&self, geometries: usize, names: &[String]) -> Result<Shades, MapError> {
        self.shading.shades(Rows::new(geometries, names, self.values, &self.shading.measure)?)
    }
}
