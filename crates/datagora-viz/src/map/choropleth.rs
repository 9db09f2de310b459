//! Zones coloured by a rate.
use datagora_core::Measured;
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::ground::Ground;
use super::projection::Projection;
use super::rows::Rows;
use super::shading::{Shades, Shading, class_column, shading_methods};
use super::sheet::{Sheet, Theme};
use super::symbols::{ProportionalSymbols, SymbolTheme};
use super::zones::ColouredZones;
use super::{MapError, MapOptions, refuse};
use crate::label::Wish;
use crate::legend::Legend;
use crate::semiology::{Finding, lint_design};
use crate::{Captions, Classes, Method, Palette, Scene, Statistic, View};

/// Zones coloured by a rate, such as inhabitants per square kilometre.
///
/// ![Zones of a city coloured by density in six classes, with a legend of bounds, counts, missing and secret values](pictures/choropleth.svg)
///
/// Amounts (counts, surfaces) are refused: zones would look important because they are large; see
/// [`Exception::AmountOnSurface`](crate::Exception::AmountOnSurface), or draw [`ProportionalSymbols`].
///
/// # Missing values
///
/// Zones without value are hatched, zones whose value is secret are grey; both are in the legend, in the description and
/// in the table. A value known only by an interval has no colour: it counts as missing.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, Choropleth, MapOptions, Method};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let density = [4_300.0, 10_900.0, 2_200.0].map(|value| Measured::new(value, Unit::of("{inhabitant}/km2")));
/// let view = Choropleth::new(&zones, &names, &density)
///     .with_measure("Densité de population")
///     .with_method(Method::Quantile, 3)
///     .draw(&MapOptions::default(), &Captions::new("density", "Où habite-t-on ?", Language::French))?;
/// assert!(view.description().contains("maximum 10\u{202f}900"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Choropleth<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    values: &'a [Measured],
    shading: Shading,
    symbols: Option<ProportionalSymbols<'a>>,
}

impl<'a> Choropleth<'a> {
    /// Zones with the name and the value of each, in five classes by exact Fisher.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self { zones, names, values, shading: Shading::new(5), symbols: None }
    }

    shading_methods!("the values");

    /// With symbols of an amount above, such as inhabitants over a rate of inhabitants.
    pub fn with_symbols(self, symbols: ProportionalSymbols<'a>) -> Self {
        Self { symbols: Some(symbols), ..self }
    }

    /// The classes that the map will have.
    ///
    /// # Errors
    ///
    /// As [`Choropleth::draw`].
    pub fn classify(&self) -> Result<Classes, MapError> {
        Ok(self.shades()?.classes)
    }

    /// The rules of semiology that the map breaks; [`Choropleth::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`Choropleth::draw`], for values that cannot be classified.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        Ok(lint_design(&self.shades()?.design))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, there is no place or no value, the CRS is in degrees and no projection
    /// suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let mut shades = self.shades()?;
        refuse(lint_design(&shades.design), options)?;
        shades.rows = shades.rows.with_links(options.links.clone());
        let projection = Projection::of(self.zones, options)?;
        let crs = &projection.crs;
        let zones = ColouredZones::new((self.zones, self.names), shades, crs, options, language)?;
        let Shades { rows, classes, .. } = &zones.shades;
        let mut table = rows
            .table(&captions.title, &options.zone_word, language)
            .with(class_column(None, rows, classes, language));
        let mut description = vec![zones.shades.describe(&options.zone_word, language)];
        description.extend(zones.absent.clone());
        let symbols =
            self.symbols.as_ref().map(|symbols| symbols.theme(crs, options, language)).transpose()?;
        if let Some(symbols) = &symbols {
            description.push(symbols.describe());
            if symbols.rows.names == rows.names {
                table = table.with(symbols.rows.column(language));
            }
        }
        let theme = ChoroplethTheme { zones, symbols };
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?
            .view(table, description.join(" "))
    }

    fn shades(&self) -> Result<Shades, MapError> {
        self.shading.shades(Rows::new(self.zones.len(), self.names, self.values, &self.shading.measure)?)
    }
}

struct ChoroplethTheme<'a> {
    zones: ColouredZones<'a>,
    symbols: Option<SymbolTheme<'a>>,
}

impl Theme for ChoroplethTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.zones.draw_surfaces(ground, scene)
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        if let Some(symbols) = &self.symbols {
            symbols.draw_symbols(ground, scene);
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        self.symbols.as_ref().map_or_else(|| self.zones.names(ground), |symbols| symbols.names(ground))
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        self.zones.explain(ground, legend);
        if let Some(symbols) = &self.symbols {
            legend.gap(12.0);
            symbols.explain(ground, legend);
        }
    }
}
