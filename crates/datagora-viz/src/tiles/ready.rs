//! A layer made ready for all zooms.
use datagora_geo::types::Rect;
use serde_json::json;

use super::TileError;
use super::cells::Cells;
use super::cluster::POINT_COUNT;
use super::features::names;
use super::grid_layer::GridLayer;
use super::layer::{Thinning, TileLayer};
use super::mvt::Kind;
use super::prepared::Prepared;
use super::record::VectorLayer;
use super::zoom::Choice;

/// A layer of features, with the names of their attributes, or of cells.
pub(super) enum Ready<'a> {
    Features(Box<Prepared<'a>>, Vec<String>),
    Cells(Box<Cells<'a>>),
}

impl<'a> Ready<'a> {
    pub(super) fn features(layer: &'a TileLayer<'a>, extent_bits: u32) -> Result<Self, TileError> {
        let prepared = Prepared::new(layer, extent_bits)?;
        let names = names(&prepared);
        Ok(Self::Features(Box::new(prepared), names))
    }

    pub(super) fn cells(layer: &'a GridLayer<'a>, extent_bits: u32) -> Result<Self, TileError> {
        Ok(Self::Cells(Box::new(Cells::new(layer, extent_bits)?)))
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Features(prepared, _) => &prepared.layer.name,
            Self::Cells(cells) => &cells.layer.name,
        }
    }

    /// How far an edit is seen beyond its rectangle, in units of a tile.
    pub(super) fn reach(&self, zoom: u8) -> f64 {
        let rounding = 2.0;
        rounding
            + match self {
                Self::Features(prepared, _) => f64::from(prepared.layer.buffer),
                Self::Cells(cells) => f64::from(cells.layer.buffer) + cells.block_size(zoom),
            }
    }

    /// All that the spacing of points allows of what was there at the zoom above.
    pub(super) fn most(&self, zoom: u8, bound: u32) -> Choice {
        match self {
            Self::Features(prepared, _) => {
                Choice { admitted: prepared.admitted(zoom).min(bound), smallest: prepared.smallest(zoom) }
            }
            Self::Cells(_) => Choice { admitted: u32::MAX, smallest: 0.0 },
        }
    }

    /// What to try, if each feature has the weight of one at the zoom above.
    pub(super) fn foreseen(&self, zoom: u8, most: Choice, weight: Option<f64>, limit: f64) -> Choice {
        match (self, weight) {
            (Self::Features(prepared, _), Some(weight)) if prepared.is_at(zoom) => {
                prepared.foreseen(zoom, most, limit / weight)
            }
            _ => most,
        }
    }

    pub(super) fn bounds(&self) -> Option<Rect> {
        match self {
            Self::Features(prepared, _) => prepared.mercator_bounds(),
            Self::Cells(cells) => Some(cells.bounds),
        }
    }

    pub(super) fn vector_layer(&self) -> VectorLayer {
        let (description, zooms, fields) = match self {
            Self::Features(prepared, _) => {
                let mut fields = prepared.attributes.fields();
                if matches!(prepared.layer.thinning, Thinning::Cluster { .. }) {
                    fields.insert(POINT_COUNT.to_owned(), "Number".to_owned());
                }
                (&prepared.layer.description, &prepared.layer.zooms, fields)
            }
            Self::Cells(cells) => (&cells.layer.description, &cells.layer.zooms, cells.fields()),
        };
        VectorLayer {
            id: self.name().to_owned(),
            description: description.clone(),
            minzoom: *zooms.start(),
            maxzoom: *zooms.end(),
            fields,
        }
    }

    /// As in the tilestats of Mapbox.
    pub(super) fn statistics(&self) -> serde_json::Value {
        let (count, geometry, attributes) = match self {
            Self::Features(prepared, _) => {
                let kind = match prepared.shapes.shapes.first().map(|shape| shape.kind) {
                    Some(Kind::Line) => "LineString",
                    Some(Kind::Polygon) => "Polygon",
                    _ => "Point",
                };
                (prepared.shapes.shapes.len() as u64, kind, prepared.attributes.statistics())
            }
            Self::Cells(cells) => (cells.contents.filled, "Polygon", cells.statistics()),
        };
        json!({
            "layer": self.name(), "count": count, "geometry": geometry,
            "attributeCount": attributes.len(), "attributes": attributes,
        })
    }
}
