//! Where symbols stand, and their signs for what has no value.
use datagora_core::{Language, Measured};
use datagora_geo::types::{Coord, Geometry, Rect};
use datagora_geo::{GeometryColumn, interior_point};

use super::MapError;
use super::context::draw_land;
use super::ground::Ground;
use super::sheet::union;
use super::words::describe_absent;
use crate::legend::{Legend, WITHHELD};
use crate::{Colour, Fill, Mark, Scene, Shape, Stroke, format_number};

/// Outline of symbols of one colour.
pub(super) const RIM: Stroke = Stroke::new(Colour::WHITE, 0.8);
/// Outline of symbols coloured by classes, of which the lowest is pale.
pub(super) const DARK_RIM: Stroke = Stroke::new(Colour::MUTED, 0.8);
/// Radius of the signs for places without value, px.
pub(super) const NO_VALUE: f64 = 2.6;

/// Places of symbols: points, or points within zones, which then are the land below them.
pub(super) struct Places {
    pub(super) at: Vec<Option<Coord>>,
    zones: Option<GeometryColumn>,
}

impl Places {
    /// Of geometries in the CRS of the map.
    pub(super) fn of(geometries: GeometryColumn) -> Self {
        let at = positions(&geometries);
        let is_surface = |geometry: Option<Geometry>| {
            matches!(geometry, Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_)))
        };
        let has_zones = geometries.iter().any(is_surface);
        Self { at, zones: has_zones.then_some(geometries) }
    }

    pub(super) fn bounds(&self) -> Option<Rect> {
        self.zones.as_ref().map_or_else(|| bounds_of(self.at.iter().flatten()), GeometryColumn::bounds)
    }

    pub(super) fn draw_land(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.zones.as_ref().map_or(Ok(()), |zones| draw_land(zones, ground, scene))
    }

    /// Rows without place, in words.
    pub(super) fn describe_absent(&self, names: &[String], language: Language) -> Option<String> {
        describe_unplaced(&self.at, names, language)
    }
}

/// Rows without place, in words.
pub(super) fn describe_unplaced<T>(
    places: &[Option<T>],
    names: &[String],
    language: Language,
) -> Option<String> {
    let absent: Vec<usize> = (0..places.len()).filter(|&row| places[row].is_none()).collect();
    describe_absent(names, &absent, language)
}

/// Where the symbol of each row stands: the point, or a point within the zone.
pub(crate) fn positions(column: &GeometryColumn) -> Vec<Option<Coord>> {
    let inner = interior_point(column);
    inner
        .iter()
        .map(|geometry| match geometry {
            Some(Geometry::Point(point)) if point.x().is_finite() && point.y().is_finite() => Some(point.0),
            _ => None,
        })
        .collect()
}

pub(super) fn bounds_of<'a>(places: impl IntoIterator<Item = &'a Coord>) -> Option<Rect> {
    places.into_iter().map(|&place| Rect::new(place, place)).reduce(union)
}

/// Fill and outline of the sign of a place without number.
pub(super) fn no_value(secret: bool) -> (Fill, Stroke) {
    match secret {
        true => (WITHHELD, Stroke::new(Colour::MUTED, 0.8)),
        false => (Fill::Solid(Colour::WHITE), Stroke::new(Colour::MUTED, 1.0)),
    }
}

/// Explains these signs, of which there are so many, with a shape about a centre.
pub(super) fn explain_no_value(
    [missing, secret]: [usize; 2],
    shape: impl Fn([f64; 2]) -> Shape,
    legend: &mut Legend<'_>,
    language: Language,
) {
    let outline = Stroke::new(Colour::MUTED, 1.0);
    for (count, fill, words) in [
        (missing, Fill::Solid(Colour::WHITE), language.pick("pas de donnée", "no data")),
        (secret, WITHHELD, language.pick("secret statistique", "statistical secrecy")),
    ] {
        if count > 0 {
            legend.drawn(words, Some(count), |at| vec![Mark::new(shape(at)).fill(fill).stroke(outline)]);
        }
    }
}

/// The sign for a place without value on most maps.
pub(super) fn small_circle([x, y]: [f64; 2]) -> Shape {
    Shape::Circle { x, y, radius: NO_VALUE }
}

/// How many places have nothing, and so no symbol; what that would be.
pub(super) fn explain_zeros(
    values: &[Measured],
    (french, english): (&str, &str),
    legend: &mut Legend<'_>,
    language: Language,
) {
    let zeros = values.iter().filter(|value| value.value() == Some(0.0)).count();
    if zeros > 0 {
        let count = format_number(zeros as f64, 0, language);
        legend.words(&match language {
            Language::French => format!("Zéro, sans {french}\u{a0}: {count}."),
            Language::English => format!("Zero, without {english}: {count}."),
        });
    }
}
