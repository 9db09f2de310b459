//! Interactive maps in one file of HTML.
mod archive;
mod comparison;
mod contributions;
mod error;
mod field;
mod filter;
mod gazetteer;
mod ground;
mod layer;
mod legend;
mod page;
mod size;
mod source;
mod story;
mod style;
#[cfg(test)]
mod tests;
mod time;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use datagora_geo::GeometryColumn;

pub use comparison::Comparison;
pub use contributions::Contributions;
pub use error::WebMapError;
pub use field::Field;
pub use filter::Filter;
pub use ground::Ground;
pub use layer::{Category, WebLayer};
pub use size::{CircleSizes, LineWidths};
pub use source::WebSource;
pub use story::{Story, StoryChoice, StoryFeature, StoryScene, StoryStep};
pub use time::{StepValues, TimeAxis};

use crate::{View, WebFile};
use filter::Group;
use source::geographic;

/// A map that the reader moves, zooms, searches and asks, as one file of HTML that needs no network.
///
/// It is built around a [`View`]: its picture stands where the interactive map cannot (no script, no WebGL, on paper), its
/// table is the same data for those who do not see the map, and its title, description, notes and credits are those of the page.
///
/// The reader moves the map by pointer, keys or buttons; reads a feature by click, or with Enter at the centre of the map, and pins
/// its card to compare; shows and hides layers, compares two of them side by side and by their difference ([`Comparison`]), keeps a
/// range or some kinds by [`Filter`], plays the steps of a [`TimeAxis`], looks for a place or an address, shares what is shown as a link, keeps the picture as PNG and the data as CSV.
/// The page reads from 320 px on, by keyboard and by screen reader, in light and dark.
///
/// # Size
///
/// Programs and fonts take 0.7 MB. Tiles count four thirds of their bytes in [`WebMap::to_html`]; above some 25 MB, write
/// [`WebMap::to_folder`] to a host that answers range requests, which sends readers only the tiles that they look at.
///
/// A million features fit one file of 16 to 18 MB whose highest zoom is 12: maps magnify it beyond, where a unit of the tile is
/// 1.7 m in France. Each zoom more costs about as much again. Ids take a quarter of a tile, and numbers of many digits more: give
/// ids, and what only the card tells, from the highest zoom on, and rounded.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{
///     Captions, Choropleth, Column, Field, MapOptions, Method, Palette, WebLayer, WebMap, WebSource,
/// };
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i) + 2_000.0)), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let unit = Unit::of("{inhabitant}/km2");
/// let density = [4_300.0, 10_900.0, 2_200.0];
/// let measured = density.map(|value| Measured::new(value, unit.clone()));
/// let choropleth = Choropleth::new(&zones, &names, &measured).with_method(Method::Quantile, 3);
/// let view = choropleth.draw(
///     &MapOptions::default(),
///     &Captions::new("density", "Where do people live?", Language::English),
/// )?;
///
/// let attributes =
///     [Column::text("name", names.clone()), Column::numbers("density", unit.clone(), density)];
/// let html = WebMap::new(view)
///     .with_source("zones", WebSource::features(&zones, &attributes)?)
///     .with_layer(
///         WebLayer::surfaces("density", "zones", "Density")
///             .with_classes("density", choropleth.classify()?, Palette::default(), unit.clone())
///             .with_heading("name")
///             .with_field(Field::number("density", "Density", unit, 0)),
///     )
///     .with_places(&names, &zones)?
///     .to_html()?;
/// assert!(html.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Web Content Accessibility Guidelines 2.2, level AA; RGAA 4.1.2. MapLibre GL JS, pmtiles: crate `datagora-viz-assets`.
#[derive(Clone, Debug, PartialEq)]
pub struct WebMap {
    view: View,
    sources: Vec<(String, WebSource)>,
    layers: Vec<WebLayer>,
    places: Vec<Place>,
    gazetteer: gazetteer::Gazetteer,
    filters: Vec<Filter>,
    time: Option<TimeAxis>,
    comparisons: Vec<Comparison>,
    bounds: Option<[f64; 4]>,
}

/// What the reader can look for.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    name: String,
    bounds: [f64; 4],
}

impl WebMap {
    /// A map without layers around the view that stands for it where it cannot be drawn.
    pub fn new(view: View) -> Self {
        Self {
            view,
            sources: Vec::new(),
            layers: Vec::new(),
            places: Vec::new(),
            gazetteer: BTreeMap::new(),
            filters: Vec::new(),
            time: None,
            comparisons: Vec::new(),
            bounds: None,
        }
    }

    /// With data that layers draw from. The name is for layers and files; it may hold letters, digits, `-` and `_`.
    pub fn with_source(mut self, id: impl Into<String>, source: WebSource) -> Self {
        self.sources.push((id.into(), source));
        self
    }

    /// With one more layer above those before it. The base map comes first, names last.
    ///
    /// Surfaces coloured by data cover each other: behind a visible one, others wait until the reader chooses them.
    pub fn with_layer(mut self, mut layer: WebLayer) -> Self {
        let covered = self.layers.iter().any(|before| before.covers() && !before.hidden);
        layer.hidden |= covered && layer.covers();
        self.layers.push(layer);
        self
    }

    /// With places that the reader can look for by name, such as communes. Those without geometry are left out.
    ///
    /// # Errors
    ///
    /// [`WebMapError::Length`] if there is not one name per geometry; [`WebMapError::Geometry`] if the geometries cannot be brought
    /// to WGS 84.
    pub fn with_places(mut self, names: &[String], geometry: &GeometryColumn) -> Result<Self, WebMapError> {
        if names.len() != geometry.len() {
            let (found, needed) = (names.len(), geometry.len());
            return Err(WebMapError::Length { column: "places".to_owned(), found, needed });
        }
        let geometry = geographic(geometry)?;
        self.places.extend(names.iter().zip(geometry.iter()).filter_map(|(name, shape)| {
            let one = GeometryColumn::new([shape?], geometry.crs().clone());
            let bounds = one.bounds()?;
            let (low, high) = (bounds.min(), bounds.max());
            Some(Place { name: name.clone(), bounds: [low.x, low.y, high.x, high.y] })
        }));
        Ok(self)
    }

    /// With addresses that the reader can look for: of each point its number (« 12 bis ») and its street (« Rue de la République,
    /// Lyon »). Rows without a place are left out; places keep a metre.
    ///
    /// The reader writes any part: words in any order, their beginnings, with or without accents, « av » or « bd » for what they stand
    /// for. Addresses take some 4 bytes of the page each.
    ///
    /// # Errors
    ///
    /// [`WebMapError::Length`] if there is not one number and one street per point; [`WebMapError::Geometry`] if the points cannot be
    /// brought to WGS 84.
    pub fn with_addresses(
        mut self,
        points: &GeometryColumn,
        numbers: &[String],
        streets: &[String],
    ) -> Result<Self, WebMapError> {
        gazetteer::add_addresses(&mut self.gazetteer, points, numbers, streets)?;
        Ok(self)
    }

    /// With a filter. Filters stand in the order in which they are given, those of a layer together.
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// With steps of time that the reader plays. The view of such a map should show what changes, as small multiples do, since it
    /// stands where the map cannot; a table of the steps is added to it.
    pub fn with_time(self, time: TimeAxis) -> Self {
        Self { time: Some(time), ..self }
    }

    /// With two layers that the reader compares, and their difference if there is one.
    pub fn with_comparison(mut self, comparison: Comparison) -> Self {
        self.comparisons.push(comparison);
        self
    }

    /// Opens on this part of the world (west, south, east, north, degrees) rather than on all of the data.
    pub fn with_bounds(self, bounds: [f64; 4]) -> Self {
        Self { bounds: Some(bounds), ..self }
    }

    /// The page as one file, the same bytes for the same map.
    ///
    /// # Errors
    ///
    /// [`WebMapError`] if names are doubled or unfit, a layer has no source, nothing has a place, or a layer breaks a rule of
    /// semiology.
    pub fn to_html(&self) -> Result<String, WebMapError> {
        page::one_file(self)
    }

    /// The page as a folder of files with the archives beside it, for hosts that answer range requests (RFC 9110, section 14) and
    /// that forbid scripts within pages. Opened by double-click such a folder shows the picture only: browsers let no
    /// page read the files beside it.
    ///
    /// # Errors
    ///
    /// As [`WebMap::to_html`].
    pub fn to_folder(&self) -> Result<Vec<WebFile>, WebMapError> {
        page::folder(self)
    }

    /// Refuses names that are doubled or would need care in addresses, shapes left out without a word, and values by step that
    /// do not fit.
    fn check(&self) -> Result<(), WebMapError> {
        for layer in &self.layers {
            let steps = layer.steps().map(|stepped| stepped.values);
            // A source that is not there is found below.
            let Some((_, WebSource(kind))) = self.sources.iter().find(|(id, _)| *id == layer.source) else {
                continue;
            };
            let rows = match kind {
                source::Kind::Features { rows, .. } => Ok(*rows),
                source::Kind::Tiles(_) => Err(layer.id.clone()),
            };
            for values in steps {
                let rows =
                    rows.clone().map_err(|layer| WebMapError::RowsOfTiles { layer, what: "values" })?;
                values.check(&layer.id, self.time.as_ref(), rows)?;
            }
            if let layer::Colouring::Differences(changes) = &layer.colouring {
                let needed = rows.map_err(|layer| WebMapError::RowsOfTiles { layer, what: "differences" })?;
                if changes.len() != needed {
                    let column = format!("differences of {}", layer.id);
                    return Err(WebMapError::Length { column, found: changes.len(), needed });
                }
            }
        }
        for comparison in &self.comparisons {
            comparison.check(&self.layers)?;
        }
        let sources = self.sources.iter().map(|(id, _)| id);
        let layers = self.layers.iter().map(|layer| &layer.id);
        for (what, ids) in [("sources", sources.collect::<Vec<_>>()), ("layers", layers.collect())] {
            let mut seen = BTreeSet::new();
            for id in ids {
                let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                if id.is_empty() || !id.chars().all(fits) {
                    return Err(WebMapError::Name { id: id.clone() });
                }
                if !seen.insert(id) {
                    return Err(WebMapError::Twice { what, id: id.clone() });
                }
            }
        }
        for layer in &self.layers {
            let counts = self.thinning(layer);
            if let Some(fewest) = counts.iter().max_by_key(|count| count.dropped) {
                layer.check_thinning(fewest.features.saturating_sub(fewest.dropped), fewest.features)?;
            }
        }
        Ok(())
    }

    /// Rows of the source of a layer; `None` of tiles.
    fn rows_of(&self, layer: &WebLayer) -> Option<usize> {
        match self.sources.iter().find(|(id, _)| *id == layer.source) {
            Some((_, WebSource(source::Kind::Features { rows, .. }))) => Some(*rows),
            _ => None,
        }
    }

    /// The step of time at which the page opens.
    fn opening_step(&self) -> usize {
        self.time.as_ref().map_or(0, TimeAxis::opening)
    }

    /// The filters of each layer together, counted.
    fn filter_groups(&self) -> Result<Vec<Group<'_>>, WebMapError> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for (number, filter) in self.filters.iter().enumerate() {
            for id in &filter.layers {
                if !self.layers.iter().any(|layer| layer.id == *id) {
                    let known: Vec<&str> = self.layers.iter().map(|layer| &layer.id[..]).collect();
                    return Err(WebMapError::NoLayer {
                        what: format!("filter {:?}", filter.label),
                        layer: id.clone(),
                        known: style::quoted(&known),
                    });
                }
            }
            let layer = &filter.layers[0];
            let at = groups.iter().position(|group| group.layer == layer).unwrap_or_else(|| {
                groups.push(Group { layer, numbers: Vec::new(), filters: Vec::new() });
                groups.len() - 1
            });
            groups[at].push(number, filter.binned()?)?;
        }
        Ok(groups)
    }

    /// Where the map opens.
    fn opening(&self) -> Result<[f64; 4], WebMapError> {
        let around =
            |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
        let all = self.sources.iter().filter_map(|(_, source)| source.bounds()).reduce(around);
        let finite = |bounds: &[f64; 4]| bounds.iter().all(|degrees| degrees.is_finite());
        self.bounds.or(all).filter(finite).ok_or(WebMapError::Nowhere)
    }

    /// What a layer shows at each zoom; empty if nothing says so.
    fn thinning(&self, layer: &WebLayer) -> Vec<&archive::ZoomCount> {
        match self.sources.iter().find(|(id, _)| *id == layer.source) {
            Some((_, WebSource(source::Kind::Tiles(archive)))) => {
                archive.thinning(layer.part.as_deref().unwrap_or(&layer.id))
            }
            _ => Vec::new(),
        }
    }
}
