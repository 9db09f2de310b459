//! Two dates or scenarios that the reader compares.
use serde_json::{Value, json};

use super::style::quoted;
use super::{WebLayer, WebMapError};

/// Two layers of surfaces that show the same at two dates or in two scenarios, and what changed between them.
///
/// Below the map the reader chooses one of them, both side by side at a border that moves (by pointer, by finger, by the arrow
/// keys), or the difference. A page that opens with the first layer opens with both side by side. What is shown is in the link.
///
/// Give both layers the same classes, found among the values of both, so that a colour means the same on both sides.
///
/// [A map with two dates, side by side and as difference](pictures/change.html), opens in the browser.
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{
///     Captions, Column, Comparison, DifferenceMap, MapOptions, Method, Palette, WebLayer, WebMap, WebSource, classify,
/// };
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i) + 2_000.0)), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let (y2015, y2023) = ([14.0, 9.0, 31.0], [18.5, 9.1, 29.0]);
/// let [before, after] = [y2015, y2023].map(|values| values.map(|value| Measured::new(value, Unit::PERCENT)));
/// let change = DifferenceMap::new(&zones, &names, &before, &after).with_times("2015", "2023");
///
/// // Bounds from both years; each year counts its own zones.
/// let bounds = Method::Manual(classify(&[y2015, y2023].concat(), 3, &Method::Fisher)?.breaks().to_vec());
/// let dated = |id: &str, title: &str, values: &[f64]| {
///     let classes = classify(values, 3, &bounds);
///     classes.map(|classes| {
///         WebLayer::surfaces(id, "zones", title).with_classes(id, classes, Palette::default(), Unit::PERCENT)
///     })
/// };
/// let columns =
///     [Column::numbers("y2015", Unit::PERCENT, y2015), Column::numbers("y2023", Unit::PERCENT, y2023)];
/// let view =
///     change.draw(&MapOptions::default(), &Captions::new("canopy", "The canopy changes", Language::English))?;
/// let html = WebMap::new(view)
///     .with_source("zones", WebSource::features(&zones, &columns)?)
///     .with_layer(dated("y2015", "Canopy in 2015", &y2015)?)
///     .with_layer(dated("y2023", "Canopy in 2023", &y2023)?)
///     .with_layer(WebLayer::differences("change", "zones", "Canopy, 2023 − 2015", &change)?)
///     .with_comparison(Comparison::new("y2015", "y2023").with_names("2015", "2023").with_difference("change"))
///     .to_html()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Gleicher, M. et al. (2011). Visual comparison for information visualization. *Information Visualization* 10(4), 289–309:
/// juxtaposition, superposition, explicit encoding of the difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub(super) before: String,
    pub(super) after: String,
    pub(super) difference: Option<String>,
    names: Option<[String; 2]>,
}

impl Comparison {
    /// The layers on the left and on the right of the border.
    pub fn new(before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { before: before.into(), after: after.into(), difference: None, names: None }
    }

    /// With short names of the two, such as years; without, the titles of their layers.
    pub fn with_names(self, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { names: Some([before.into(), after.into()]), ..self }
    }

    /// With the layer that shows what changed: see [`WebLayer::differences`].
    pub fn with_difference(self, layer: impl Into<String>) -> Self {
        Self { difference: Some(layer.into()), ..self }
    }

    fn layers(&self) -> impl Iterator<Item = &String> {
        [&self.before, &self.after].into_iter().chain(&self.difference)
    }

    /// Refuses layers that the map does not have, or that do not cover each other.
    pub(super) fn check(&self, layers: &[WebLayer]) -> Result<(), WebMapError> {
        for id in self.layers() {
            match layers.iter().find(|layer| layer.id == *id) {
                Some(layer) if layer.covers() => {}
                Some(_) => return Err(WebMapError::NotCompared { layer: id.clone() }),
                None => {
                    let known: Vec<&str> = layers.iter().map(|layer| &layer.id[..]).collect();
                    let what = "a comparison".to_owned();
                    return Err(WebMapError::NoLayer { what, layer: id.clone(), known: quoted(&known) });
                }
            }
        }
        Ok(())
    }

    /// The names of both sides.
    pub(super) fn names<'a>(&'a self, layers: &'a [WebLayer]) -> [&'a str; 2] {
        let title =
            |id: &'a str| layers.iter().find(|layer| layer.id == id).map_or(id, |layer| &layer.title[..]);
        match &self.names {
            Some([before, after]) => [before, after],
            None => [title(&self.before), title(&self.after)],
        }
    }

    pub(super) fn to_json(&self, layers: &[WebLayer]) -> Value {
        json!({
            "before": self.before, "after": self.after, "difference": self.difference, "names": self.names(layers),
        })
    }
}
