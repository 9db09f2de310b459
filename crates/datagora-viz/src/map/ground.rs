//! From metres to pixels.
use std::f64::consts::TAU;

use datagora_geo::types::{Coord, Geometry, LineString, Polygon, Rect};
use datagora_geo::{GeometryColumn, simplify_coverage};

use super::clip::{clip_line, clip_ring};
use super::{MapError, unprepared};
use crate::{Colour, Extent, Path, Shape, Stroke};

/// Detail smaller than this is not drawn, px.
const DETAIL: f64 = 0.6;

/// Where on the picture the ground lies: true to scale, north up.
pub(super) struct Ground {
    /// Pixels per metre.
    pub(super) scale: f64,
    /// The part of the picture that belongs to the map.
    pub(super) area: Extent,
    /// The map by whose size symbols are sized: the main one for an inset, so that one legend holds for both.
    pub(super) main: Extent,
    /// Pixels per metre of that map.
    pub(super) main_scale: f64,
    /// Whether it shows only what lies within its area.
    cut: bool,
    west: f64,
    north: f64,
}

impl Ground {
    /// Fits bounds into a width, as high as they need within limits. Maps begin on a tenth of a pixel, as fine as outlines are
    /// written: those of the same zones at the same scale are the same wherever the map stands.
    pub(super) fn fit(bounds: Rect, left: f64, top: f64, width: f64, tallest: f64) -> Self {
        let [left, top] = [left, top].map(|from| (from * 10.0).round() / 10.0);
        // A single place still has surroundings.
        let (w, h) = (bounds.width().max(1.0), bounds.height().max(1.0));
        let pad = 3.0;
        let height = ((width - 2.0 * pad) * h / w + 2.0 * pad).clamp(0.45 * width, tallest.max(0.45 * width));
        let scale = ((width - 2.0 * pad) / w).min((height - 2.0 * pad) / h);
        let centre = bounds.center();
        let area = Extent { left, top, right: left + width, bottom: top + height };
        Self {
            scale,
            area,
            main: area,
            main_scale: scale,
            cut: false,
            west: centre.x - 0.5 * width / scale,
            north: centre.y + 0.5 * height / scale,
        }
    }

    /// A window on part of this map, at a scale of its own.
    pub(super) fn window(&self, bounds: Rect, left: f64, top: f64, width: f64, tallest: f64) -> Self {
        let own = Self::fit(bounds, left, top, width, tallest);
        Self { main: self.main, main_scale: self.main_scale, cut: true, ..own }
    }

    /// Whether it is a window, which shows only what lies within it.
    pub(super) fn is_window(&self) -> bool {
        self.cut
    }

    /// The ground that is seen.
    pub(super) fn seen(&self) -> Rect {
        let south_east = Coord {
            x: self.west + self.area.width() / self.scale,
            y: self.north - self.area.height() / self.scale,
        };
        Rect::new(Coord { x: self.west, y: self.north }, south_east)
    }

    /// Where a piece of ground lies on the picture.
    pub(super) fn extent_of(&self, piece: Rect) -> Extent {
        let ([left, bottom], [right, top]) = (self.place(piece.min()), self.place(piece.max()));
        Extent { left, top, right, bottom }
    }

    pub(super) fn place(&self, at: Coord) -> [f64; 2] {
        [self.area.left + (at.x - self.west) * self.scale, self.area.top + (self.north - at.y) * self.scale]
    }

    /// Borders between this many zones: finer where they are small, none where they would be all one sees.
    pub(super) fn border(&self, zones: usize) -> Option<Stroke> {
        let room = self.area.width() * self.area.height() / zones.max(1) as f64;
        (zones <= 1_000).then(|| Stroke::new(Colour::WHITE, if room > 1500.0 { 0.8 } else { 0.4 }).shared())
    }

    /// Size of what this scale does not show, metres.
    pub(super) fn detail(&self) -> f64 {
        DETAIL / self.scale
    }

    /// Geometries without the detail that this scale does not show, neighbours still sharing their borders.
    pub(super) fn generalise(&self, column: &GeometryColumn) -> Result<GeometryColumn, MapError> {
        simplify_coverage(column, self.detail()).map_err(unprepared(column.crs()))
    }

    /// The outline of a geometry, as far as the map shows it; empty for points.
    pub(super) fn path(&self, geometry: &Geometry) -> Path {
        if self.cut {
            return self.clipped_path(geometry);
        }
        let mut path = Path::default();
        self.outline(geometry, &mut |positions, closed| path.parts.push((positions, closed)));
        path
    }

    /// A line without the vertices that this scale does not tell apart, as far as the map shows it.
    pub(super) fn thinned_path(&self, line: &Geometry) -> Path {
        let mut path = self.path(line);
        for (positions, _) in &mut path.parts {
            let last = positions.len() - 1;
            let mut kept: Vec<[f64; 2]> = Vec::with_capacity(positions.len());
            for (at, &position) in positions.iter().enumerate() {
                let far = kept
                    .last()
                    .is_none_or(|from| libm::hypot(position[0] - from[0], position[1] - from[1]) >= DETAIL);
                // Ends stay where other borders begin.
                if far || at == last {
                    kept.push(position);
                }
            }
            *positions = kept;
        }
        path
    }

    /// A geometry as a shape, as far as the map shows it; `None` for points and for what lies outside.
    pub(super) fn surface(&self, geometry: &Geometry) -> Option<Shape> {
        let path = self.path(geometry);
        (!path.parts.is_empty()).then_some(Shape::Path(path))
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

    /// A closed outline in pixels, as far as the map shows it; `None` if it lies outside.
    pub(super) fn cut_out(&self, outline: Path) -> Option<Path> {
        if !self.cut {
            return Some(outline);
        }
        let rings = outline.parts.into_iter().map(|(ring, closed)| (clip_ring(ring, &self.area), closed));
        let parts: Vec<_> = rings.filter(|(ring, _)| ring.len() >= 3).collect();
        (!parts.is_empty()).then_some(Path { parts })
    }

    /// A circle, as far as the map shows it; `None` if it lies outside.
    pub(super) fn circle(&self, [x, y]: [f64; 2], radius: f64) -> Option<Shape> {
        const CORNERS: usize = 72;
        let (area, whole) = (&self.area, Shape::Circle { x, y, radius });
        let inside = x - radius >= area.left
            && x + radius <= area.right
            && y - radius >= area.top
            && y + radius <= area.bottom;
        if !self.cut || inside {
            return Some(whole);
        }
        let corner = |i: usize| {
            let angle = TAU * i as f64 / CORNERS as f64;
            [x + radius * libm::cos(angle), y + radius * libm::sin(angle)]
        };
        self.cut_out(Path::ring((0..CORNERS).map(corner).collect())).map(Shape::Path)
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
