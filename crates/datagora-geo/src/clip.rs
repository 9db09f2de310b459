//! Points, lines and surfaces cut by surfaces.
mod line;
#[cfg(test)]
mod tests;

use self::line::cut_line;
use crate::cores::each;
use crate::geometry::{PartKind, ShapesBuilder};
use crate::overlay::{
    Laid, Operation, Outline, Outlines, Place, Shape, Surface, candidates, comparable, lay_surfaces,
    of_coverage, outlines, push_surfaces,
};
use crate::types::Coord;
use crate::{GeometryColumn, GeometryKind, OverlayError, PackedIndex};

/// Geometries made by laying one column over another, and where each comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Pieces {
    /// One row per piece, none of them missing or empty.
    pub shapes: GeometryColumn,
    /// Origin and size of each row of `shapes`.
    pub origins: Vec<Piece>,
}

/// Where a row of [`Pieces`] comes from, and how large it is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Piece {
    /// Row of the first column; `None` for ground that only the second covers.
    pub left: Option<usize>,
    /// Row of the second column; `None` for ground that it does not cover.
    pub right: Option<usize>,
    /// Area of a surface in m², length of a line in m, number of points.
    pub measure: f64,
}

impl Pieces {
    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }
}

/// What each row of a column has in common with each surface of another: one piece per pair, in the order of the left
/// and then of the right rows. Pairs that have nothing in common, missing and empty rows give no piece.
///
/// A point or line on the border of a surface is in it; surfaces that only touch have nothing in common.
///
/// # Precision
///
/// A row wholly within a surface is copied as it is. Otherwise vertices keep their coordinates, and only where edges
/// cross a point is rounded to the nearest numbers; the area is exact to rounding (about 1e-12 of the area of the
/// rectangle that the two share). Where that rounding makes edges meet that did not, they are cut in turn, which moves
/// them by a last digit; edges so near each other that this comes to no end are rounded to a grid of about 2⁻³⁰ of the
/// extent (no pair of two vintages of the IRIS of Lyon).
///
/// Surfaces must be valid ([`faults`](crate::faults), [`repair`](crate::repair)); with others the call does not panic,
/// and what it gives is one of the readings of their edges.
///
/// # Errors
///
/// As [`overlaps`](crate::overlaps); the left column may hold points, lines and surfaces, no collections.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, clip};
///
/// let rect = |x: f64, width: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 20. }).into();
/// let communes = GeometryColumn::new([rect(0., 100.), rect(100., 100.)], Crs::CC46);
/// let parks = GeometryColumn::new([rect(10., 10.), rect(75., 50.)], Crs::CC46);
/// let pieces = clip(&parks, &communes)?;
/// let found: Vec<_> = pieces.origins.iter().map(|p| (p.left, p.right, p.measure)).collect();
/// assert_eq!(found, [(Some(0), Some(0), 200.), (Some(1), Some(0), 500.), (Some(1), Some(1), 500.)]);
/// # Ok::<(), datagora_geo::OverlayError>(())
/// ```
///
/// # References
///
/// Margalit, A., Knott, G. D. (1989). An algorithm for computing the union, intersection or difference of two polygons.
/// Computers & Graphics 13, 167–183. doi:10.1016/0097-8493(89)90059-9
pub fn clip(left: &GeometryColumn, right: &GeometryColumn) -> Result<Pieces, OverlayError> {
    let (of_left, of_right) = prepared(left, right)?;
    let index = PackedIndex::new(right);
    let found = each(left.len(), |row| {
        let row_of_left = Row { column: left, row, outlines: &of_left };
        let piece = |other| Some((other, row_of_left.cut(of_right.of(other), Operation::Intersection)?));
        candidates(&index, left, row).into_iter().filter_map(piece).collect::<Vec<_>>()
    });
    let rows = found.into_iter().enumerate();
    let pieces =
        rows.flat_map(|(row, pieces)| pieces.into_iter().map(move |(other, cut)| (row, Some(other), cut)));
    Ok(gather(left, pieces))
}

/// What each row of a column has outside all surfaces of another: at most one piece per row, in the order of the rows.
///
/// A row that nothing is left of gives no piece. Precision, validity and errors are those of [`clip`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, difference};
///
/// let rect = |x: f64, width: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 20. }).into();
/// let blocks = GeometryColumn::new([rect(0., 100.), rect(100., 10.)], Crs::CC46);
/// let roofs = GeometryColumn::new([rect(10., 10.), rect(90., 30.)], Crs::CC46);
/// let open = difference(&blocks, &roofs)?;
/// assert_eq!((open.len(), open.origins[0].left, open.origins[0].measure), (1, Some(0), 1_600.));
/// # Ok::<(), datagora_geo::OverlayError>(())
/// ```
pub fn difference(left: &GeometryColumn, right: &GeometryColumn) -> Result<Pieces, OverlayError> {
    let (of_left, of_right) = prepared(left, right)?;
    // Neighbours are taken away as one, or slivers would stay along their border.
    let together = of_coverage(&(0..right.len()).map(|row| of_right.of(row)).collect::<Vec<_>>());
    let merged = together.map(|surfaces| Outline::of_rings(&surfaces.concat()));
    let index = PackedIndex::new(right);
    let found = each(left.len(), |row| {
        let row_of_left = Row { column: left, row, outlines: &of_left };
        if let Some(merged) = &merged {
            return row_of_left.without(&[merged]);
        }
        let others: Vec<&Outline> =
            candidates(&index, left, row).into_iter().map(|other| of_right.of(other)).collect();
        match of_coverage(&others) {
            Some(surfaces) => row_of_left.without(&[&Outline::of_rings(&surfaces.concat())]),
            None => row_of_left.without(&others),
        }
    });
    let rows = found.into_iter().enumerate();
    Ok(gather(left, rows.filter_map(|(row, cut)| Some((row, None, cut?)))))
}

fn prepared<'a>(
    left: &'a GeometryColumn,
    right: &'a GeometryColumn,
) -> Result<(Outlines<'a>, Outlines<'a>), OverlayError> {
    comparable(left, right)?;
    if let Some(row) = left.first_not_finite() {
        return Err(OverlayError::NotFinite { row });
    }
    if let Some(row) = (0..left.len()).find(|&row| left.kind(row) == Some(GeometryKind::GeometryCollection)) {
        return Err(OverlayError::Collection { row });
    }
    Ok((Outlines::new(left), outlines(right)?))
}

/// What was cut out of a row.
enum Cut {
    /// All of it.
    Whole(f64),
    Surfaces(Vec<Surface>, f64),
    Lines(Vec<Vec<Coord>>),
    Points(Vec<Coord>),
}

#[derive(Clone, Copy)]
struct Row<'a> {
    column: &'a GeometryColumn,
    row: usize,
    outlines: &'a Outlines<'a>,
}

impl Row<'_> {
    /// Of its surfaces.
    fn outline(&self) -> &Outline {
        self.outlines.of(self.row)
    }

    fn cut(&self, other: &Outline, operation: Operation) -> Option<Cut> {
        match self.column.kind(self.row)? {
            GeometryKind::Polygon | GeometryKind::MultiPolygon => {
                match lay_surfaces(self.outline(), other, operation) {
                    Laid::Nothing => None,
                    Laid::Left => Some(Cut::Whole(self.outline().area())),
                    Laid::Ground { shape: Shape::Surfaces(surfaces), area } if area > 0.0 => {
                        Some(Cut::Surfaces(surfaces, area))
                    }
                    Laid::Ground { .. } => None,
                }
            }
            GeometryKind::LineString | GeometryKind::MultiLineString => {
                Some(Cut::Lines(cut_lines(self.lines(), other, operation))).filter(Cut::is_something)
            }
            _ => Some(Cut::Points(cut_points(self.points(), other, operation))).filter(Cut::is_something),
        }
    }

    /// What none of the others has.
    fn without(&self, others: &[&Outline]) -> Option<Cut> {
        let operation = Operation::Difference;
        match self.column.kind(self.row)? {
            GeometryKind::Polygon | GeometryKind::MultiPolygon => {
                let mut left: Option<(Outline, Vec<Surface>, f64)> = None;
                for other in others {
                    let outline = left.as_ref().map_or(self.outline(), |(outline, ..)| outline);
                    match lay_surfaces(outline, other, operation) {
                        Laid::Nothing => return None,
                        Laid::Ground { shape: Shape::Surfaces(surfaces), area } => {
                            left = Some((Outline::of_rings(&surfaces.concat()), surfaces, area));
                        }
                        _ => {}
                    }
                }
                let whole = || Cut::Whole(self.outline().area());
                Some(left.map_or_else(whole, |(_, surfaces, area)| Cut::Surfaces(surfaces, area)))
            }
            GeometryKind::LineString | GeometryKind::MultiLineString => {
                let lines =
                    others.iter().fold(self.lines(), |lines, other| cut_lines(lines, other, operation));
                Some(Cut::Lines(lines))
            }
            _ => {
                let points = others.iter().fold(self.points(), |points, o| cut_points(points, o, operation));
                Some(Cut::Points(points))
            }
        }
        .filter(Cut::is_something)
    }

    fn lines(&self) -> Vec<Vec<Coord>> {
        self.column
            .parts(self.row)
            .flat_map(|part| part.rings().map(|line| line.points().collect()))
            .collect()
    }

    fn points(&self) -> Vec<Coord> {
        self.column.parts(self.row).flat_map(|part| part.rings().flat_map(|ring| ring.points())).collect()
    }
}

impl Cut {
    fn is_something(&self) -> bool {
        match self {
            Cut::Whole(measure) | Cut::Surfaces(_, measure) => *measure > 0.0,
            Cut::Lines(lines) => !lines.is_empty(),
            Cut::Points(points) => !points.is_empty(),
        }
    }

    fn measure(&self) -> f64 {
        match self {
            Cut::Whole(measure) | Cut::Surfaces(_, measure) => *measure,
            Cut::Lines(lines) => {
                let steps = lines.iter().flat_map(|line| line.windows(2));
                steps.map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum()
            }
            Cut::Points(points) => points.len() as f64,
        }
    }
}

fn cut_lines(lines: Vec<Vec<Coord>>, surface: &Outline, operation: Operation) -> Vec<Vec<Coord>> {
    lines.iter().flat_map(|line| cut_line(line, surface, operation)).collect()
}

fn cut_points(mut points: Vec<Coord>, surface: &Outline, operation: Operation) -> Vec<Coord> {
    let inside = operation == Operation::Intersection;
    points.retain(|&point| (surface.place(point) != Place::Outside) == inside);
    points
}

fn gather(left: &GeometryColumn, pieces: impl Iterator<Item = (usize, Option<usize>, Cut)>) -> Pieces {
    let mut builder = ShapesBuilder::new();
    let mut origins = Vec::new();
    for (row, right, cut) in pieces {
        origins.push(Piece { left: Some(row), right, measure: cut.measure() });
        match cut {
            Cut::Whole(_) => builder.copy(left.kind(row), left.parts(row)),
            Cut::Surfaces(surfaces, _) => push_surfaces(&mut builder, &surfaces),
            Cut::Lines(lines) => {
                lines.iter().for_each(|line| builder.ring(line.iter().copied()));
                let one = lines.len() == 1;
                builder.end_part(if one { PartKind::LineString } else { PartKind::MultiLineString });
                let kind = if one { GeometryKind::LineString } else { GeometryKind::MultiLineString };
                builder.end_row(Some(kind));
            }
            Cut::Points(points) => {
                let one = points.len() == 1;
                builder.ring(points.into_iter());
                builder.end_part(if one { PartKind::Point } else { PartKind::MultiPoint });
                builder.end_row(Some(if one { GeometryKind::Point } else { GeometryKind::MultiPoint }));
            }
        }
    }
    Pieces { shapes: GeometryColumn::from_builder(builder, left.crs().clone()), origins }
}
