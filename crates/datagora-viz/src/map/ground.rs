//! From metres to pixels.
use datagora_geo::types::{Coord, Geometry, LineString, Polygon, Rect};
use datagora_geo::{GeometryColumn, simplify_coverage};

use super::MapError;
use super::clip::{clip_line, clip_ring};
use crate::{Colour, Extent, Path, Stroke};

/// Detail smaller than this is not drawn, px.
const DETAIL: f64 = 0.6;

/// Where on the picture the ground lies: true to scale, north up.
pub(super) struct Ground {
    /// Pixels per metre.
    pub(super) scale: f64,
    /// The part of the picture that belongs to the map.
    pub(super) area: Extent,
    west: f64,
    north: f64,
}

impl Ground {
    /// Fits bounds into a width, as high as they need within limits.
    pub(super) fn fit(bounds: Rect, left: f64, top: f64, width: f64, tallest: f64) -> Self {
        // A single place still has surroundings.
        let (w, h) = (bounds.width().max(1.0), bounds.height().max(1.0));
        let pad = 3.0;
        let height = ((width - 2.0 * pad) * h / w + 2.0 * pad).clamp(0.45 * width, tallest.max(0.45 * width));
        let scale = ((width - 2.0 * pad) / w).min((height - 2.0 * pad) / h);
        let centre = bounds.center();
        Self {
            scale,
            area: Extent { left, top, right: left + width, bottom: top + height },
            west: centre.x - 0.5 * width / scale,
            north: centre.y + 0.5 * height / scale,
        }
    }

    pub(super) fn place(&self, at: Coord) -> [f64; 2] {
        [self.area.left + (at.x - self.west) * self.scale, self.area.top + (self.north - at.y) * self.scale]
    }

    /// Borders between this many zones: finer where they are small, none where they would be all one sees.
    pub(super) fn border(&self, zones: usize) -> Option<Stroke> {
        let room = self.area.width() * self.area.height() / zones.max(1) as f64;
        (zones <= 1_000).then(|| Stroke::new(Colour::WHITE, if room > 1500.0 { 0.8 } else { 0.4 }))
    }

    /// Geometries without the detail that this scale does not show, neighbours still sharing their borders.
    pub(super) fn generalise(&self, column: &GeometryColumn) -> Result<GeometryColumn, MapError> {
        simplify_coverage(column, DETAIL / self.scale)
            .map_err(|source| MapError::Geometry { crs: column.crs().clone(), source: source.into() })
    }

    /// The outline of a geometry; empty for points.
    pub(super) fn path(&self, geometry: &Geometry) -> Path {
        let mut path = Path::default();
        self.outline(geometry, &mut |positions, closed| path.parts.push((positions, closed)));
        path
    }

    /// The outline as far as it lies within the map.
    pub(super) fn clipped_path(&self, geometry: &Geometry) -> Path {
        let mut path = Path::default();
        self.outline(geometry, &mut |positions, closed| {
            if closed {
                let ring = clip_ring(positions, &self.area);
                if ring.len() >= 3 {
                    path.parts.push((ring, true));
                }
            } else {
                path.parts.extend(clip_line(&positions, &self.area).into_iter().map(|line| (line, false)));
            }
        });
        path
    }

    fn outline(&self, geometry: &Geometry, draw: &mut dyn FnMut(Vec<[f64; 2]>, bool)) {
        let positions = |line: &LineString| line.0.iter().map(|&at| self.place(at)).collect::<Vec<_>>();
        match geometry {
            Geometry::Polygon(polygon) => self.rings(polygon, draw),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.rings(polygon, draw)),
            Geometry::Rect(rect) => self.rings(&rect.to_polygon(), draw),
            Geometry::Triangle(triangle) => self.rings(&triangle.to_polygon(), draw),
            Geometry::Line(line) => draw(vec![self.place(line.start), self.place(line.end)], false),
            Geometry::LineString(line) => draw(positions(line), false),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| draw(positions(line), false)),
            Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| self.outline(part, draw)),
            Geometry::Point(_) | Geometry::MultiPoint(_) => {}
        }
    }

    fn rings(&self, polygon: &Polygon, draw: &mut dyn FnMut(Vec<[f64; 2]>, bool)) {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            // Closed by the path itself.
            let open = ring.0.len().saturating_sub(1);
            draw(ring.0[..open].iter().map(|&at| self.place(at)).collect(), true);
        }
    }
}
