//! Land that shows between the surfaces of a map.
use std::f64::consts::TAU;

use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, Polygon};
use datagora_geo::{CoverageOptions, GeometryColumn, Grid, OverlapRule, coverage};

use super::{MapError, unprepared};
use crate::{Extent, Fill, Mark, Shape};

/// Side of the squares of the picture that are looked at, px: smaller pieces are but seams.
const SQUARE: f64 = 4.0;
/// Land shows where it is bare in more than this share of a square.
const BARE: f64 = 0.5;
/// Corners of a circle.
const CORNERS: usize = 24;

/// Whether a map within this extent shows some of its land between what is drawn above it.
pub(super) fn shows(land: &[Mark], above: &[Mark], area: &Extent) -> Result<bool, MapError> {
    // Pixels are metres of some plane, north up.
    let crs = Crs::WEB_MERCATOR;
    let squares = |length: f64| ((length / SQUARE).ceil() as usize).max(1);
    let grid = Grid::new(
        [area.left, -area.top],
        [SQUARE, SQUARE],
        squares(area.width()),
        squares(area.height()),
        crs.clone(),
    )
    .map_err(unprepared(&crs))?;
    let options = CoverageOptions::default().with_overlaps(OverlapRule::Sum);
    let covered = |marks: &[Mark]| {
        let filled = marks.iter().filter(|mark| mark.fill != Fill::None);
        let surfaces = GeometryColumn::new(filled.filter_map(|mark| surface(&mark.shape)), crs.clone());
        coverage(&grid, &surfaces, options).map_err(unprepared(&crs))
    };
    let (land, above) = (covered(land)?, covered(above)?);
    Ok(land.into_iter().zip(above).any(|(land, above)| land.min(1.0) - above > BARE))
}

/// A shape as a polygon, by the even–odd rule; `None` for lines and text.
fn surface(shape: &Shape) -> Option<Geometry> {
    let ring = |positions: &[[f64; 2]]| {
        let mut ring: Vec<Coord> = positions.iter().map(|&[x, y]| Coord { x, y: -y }).collect();
        ring.extend(ring.first().copied());
        LineString(ring)
    };
    let mut rings: Vec<LineString> = match shape {
        Shape::Path(path) => path.parts.iter().filter(|part| part.1).map(|part| ring(&part.0)).collect(),
        Shape::Rect(Extent { left, top, right, bottom }) => {
            vec![ring(&[[*left, *top], [*right, *top], [*right, *bottom], [*left, *bottom]])]
        }
        Shape::Circle { x, y, radius } => {
            let corner = |k: usize| {
                let angle = TAU * k as f64 / CORNERS as f64;
                [x + radius * libm::cos(angle), y + radius * libm::sin(angle)]
            };
            vec![ring(&(0..CORNERS).map(corner).collect::<Vec<_>>())]
        }
        Shape::Text(_) => Vec::new(),
    };
    let holes = rings.split_off(1.min(rings.len()));
    rings.pop().map(|exterior| Polygon::new(exterior, holes).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Colour, Path};

    fn square(left: f64, top: f64, side: f64) -> Mark {
        let ring = [[left, top], [left + side, top], [left + side, top + side], [left, top + side]];
        Mark::new(Shape::Path(Path::ring(ring.to_vec()))).fill(Fill::Solid(Colour::MUTED))
    }

    #[test]
    fn land_shows_through_holes_and_not_through_seams() {
        let area = Extent { left: 10.0, top: 10.0, right: 110.0, bottom: 110.0 };
        let land = [square(10.0, 10.0, 100.0)];
        let shows = |above: &[Mark]| shows(&land, above, &area).unwrap();
        assert!(shows(&[]));
        assert!(!shows(&[square(10.0, 10.0, 100.0)]));
        assert!(!shows(&[square(10.5, 10.5, 99.0)]), "a seam of half a pixel");
        assert!(shows(&[square(10.0, 10.0, 80.0)]));
        let mut pierced = square(10.0, 10.0, 100.0);
        if let (Shape::Path(whole), Shape::Path(hole)) = (&mut pierced.shape, square(40.0, 40.0, 8.0).shape) {
            whole.parts.extend(hole.parts);
        }
        assert!(shows(std::slice::from_ref(&pierced)));
        assert!(shows(&[Mark { fill: Fill::None, ..square(10.0, 10.0, 100.0) }]), "an outline hides nothing");
        // Of land in two parts, each is seen for itself.
        let mut parts = square(10.0, 10.0, 40.0);
        if let (Shape::Path(whole), Shape::Path(other)) = (&mut parts.shape, square(60.0, 60.0, 40.0).shape) {
            whole.parts.extend(other.parts);
        }
        let over = |above: &[Mark]| super::shows(std::slice::from_ref(&parts), above, &area).unwrap();
        assert!(over(&[square(10.0, 10.0, 40.0)]) && over(&[square(60.0, 60.0, 40.0)]));
        assert!(!over(&[square(10.0, 10.0, 40.0), square(60.0, 60.0, 40.0)]));
        let lid = Mark::new(Shape::Circle { x: 44.0, y: 44.0, radius: 9.0 }).fill(Fill::Solid(Colour::INK));
        assert!(!shows(&[pierced, lid]));
    }
}
