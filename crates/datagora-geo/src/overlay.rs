//! Surfaces laid over surfaces.
mod boxes;
mod contact;
mod coverage;
mod faces;
mod fragments;
mod outline;
mod relation;
mod robust;
mod stitch;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use datagora_core::Crs;

pub(crate) use self::boxes::BoxTree;
pub(crate) use self::contact::{Contact, Meeting, before, contact, meeting, ordered};
pub(crate) use self::coverage::{is_ground, of_coverage, union};
pub(crate) use self::faces::LARGEST;
pub(crate) use self::fragments::{Operation, along};
use self::fragments::{Outcome, area_of};
pub(crate) use self::outline::{Outline, Place, bounds_of, bounds_of_all, ring_area, sense, zeroed};
pub(crate) use self::relation::{Relation, relate};
pub(crate) use self::robust::{Ground, cover, cover_by_parts};
pub(crate) use self::stitch::{Surface, by_ends, by_place};
use crate::cores::each;
use crate::geometry::{PartKind, ShapesBuilder};
use crate::types::Coord;
use crate::{GeometryColumn, GeometryKind, MeasureError, Metric, PackedIndex, area};

/// A surface of one column that shares ground with one of another: what [`overlaps`] finds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Overlap {
    /// Row of the first column.
    pub left: usize,
    /// Row of the second column.
    pub right: usize,
    /// Ground shared, m².
    pub area: f64,
    /// The same as a share of the first surface, 0 to 1.
    pub share_of_left: f64,
    /// The same as a share of the second surface, 0 to 1.
    pub share_of_right: f64,
}

/// Surfaces that cannot be laid over each other.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum OverlayError {
    /// Two systems: the numbers cannot be compared.
    #[error("one column is in {left}, the other in {right}; reproject one of them to the CRS of the other")]
    CrsMismatch {
        /// CRS of the first column.
        left: Crs,
        /// CRS of the second column.
        right: Crs,
    },
    /// A CRS in which areas are no square metres.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// A row that is not a surface.
    #[error("row {row} is a {found:?}; polygons and multi-polygons are needed")]
    NotPolygons {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// A row with a coordinate that is not a finite number.
    #[error("row {row} has a coordinate that is not a finite number; drop or repair the row")]
    NotFinite {
        /// Row, from 0.
        row: usize,
    },
    /// Another number of keys than of rows.
    #[error("{keys} keys were given for {rows} rows; one for each row is needed")]
    Lengths {
        /// Number of rows.
        rows: usize,
        /// Number of keys.
        keys: usize,
    },
    /// A row of several kinds, of which it is not clear what is to be measured.
    #[error("row {row} is a geometry collection; split it into columns of one kind")]
    Collection {
        /// Row, from 0.
        row: usize,
    },
}

/// The pairs of surfaces that share ground, with its area: the weights that bring numbers from one division of the
/// city to another.
///
/// A number that adds up (inhabitants) is divided among the zones of the other column by `share_of_left`; a density is
/// averaged with `area`. `Σ share_of_left` of a row is less than 1 where the other column does not cover it.
///
/// # Shapes and units
///
/// Pairs in the order of the rows, first of `left`, then of `right`; m² for a projected CRS in metres. Pairs that only
/// touch are left out, as are missing and empty rows. Vertices keep their coordinates, and only where edges cross a point
/// is rounded to the nearest numbers: areas are exact to rounding.
///
/// # Errors
///
/// [`OverlayError::CrsMismatch`], [`OverlayError::Measure`] for longitude and latitude, [`OverlayError::NotPolygons`],
/// [`OverlayError::NotFinite`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, overlaps};
///
/// let commune = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let park = Rect::new(coord! { x: 75., y: 0. }, coord! { x: 125., y: 20. });
/// let communes = GeometryColumn::new([commune.into()], Crs::CC46);
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// let shared = overlaps(&parks, &communes)?;
/// assert!((shared[0].area - 500.0).abs() < 1e-6);
/// assert!((shared[0].share_of_left - 0.5).abs() < 1e-9);
/// # Ok::<(), datagora_geo::OverlayError>(())
/// ```
///
/// # References
///
/// Goodchild, M. F., Lam, N. S.-N. (1980). Areal interpolation: a variant of the traditional spatial problem.
/// Geo-Processing 1, 297–312.
pub fn overlaps(left: &GeometryColumn, right: &GeometryColumn) -> Result<Vec<Overlap>, OverlayError> {
    comparable(left, right)?;
    let (left_area, right_area) = (area(left, Metric::Planar)?, area(right, Metric::Planar)?);
    let (of_left, of_right) = (outlines(left)?, outlines(right)?);
    let index = PackedIndex::new(right);
    let found = each(left.len(), |row| {
        let shared = |other: usize| match lay(of_left.of(row), of_right.of(other), Operation::Intersection) {
            Laid::Nothing => 0.0,
            Laid::Left => of_left.of(row).area(),
            Laid::Ground { area, .. } => area,
        };
        let pairs = candidates(&index, left, row).into_iter().map(|other| (other, shared(other)));
        let overlap = |(other, area): (usize, f64)| Overlap {
            left: row,
            right: other,
            area,
            share_of_left: area / left_area[row],
            share_of_right: area / right_area[other],
        };
        pairs.filter(|(_, area)| *area > 0.0).map(overlap).collect::<Vec<_>>()
    });
    Ok(found.into_iter().flatten().collect())
}

/// What is left of a surface after another was laid over it.
pub(crate) enum Laid {
    Nothing,
    /// All of it, as it is.
    Left,
    Ground {
        /// Edges or surfaces, still to be put together.
        shape: Shape,
        area: f64,
    },
}

pub(crate) enum Shape {
    Edges(Vec<[Coord; 2]>),
    Surfaces(Vec<Surface>),
}

/// Lays a surface over another: by their edges, and where rounding hides how they meet, by the faces of all
/// edges.
pub(crate) fn lay(left: &Outline, right: &Outline, operation: Operation) -> Laid {
    match fragments::overlay(left, right, operation) {
        Outcome::Nothing => Laid::Nothing,
        Outcome::Left => Laid::Left,
        Outcome::Edges(edges) => Laid::Ground { area: area_of(&edges), shape: Shape::Edges(edges) },
        Outcome::Unclear => by_faces(left, right, operation),
    }
}

fn by_faces(left: &Outline, right: &Outline, operation: Operation) -> Laid {
    let surfaces = robust::overlay(left, right, operation);
    let area = surfaces.iter().flatten().map(|ring| ring_area(ring)).sum();
    if surfaces.is_empty() { Laid::Nothing } else { Laid::Ground { area, shape: Shape::Surfaces(surfaces) } }
}

/// The same, put together.
pub(crate) fn lay_surfaces(left: &Outline, right: &Outline, operation: Operation) -> Laid {
    let laid = lay(left, right, operation);
    let Laid::Ground { shape: Shape::Edges(edges), area } = laid else { return laid };
    match stitch::rings(edges).and_then(stitch::surfaces).filter(|surfaces| are_simple(surfaces)) {
        Some(surfaces) if surfaces.is_empty() => Laid::Nothing,
        Some(surfaces) => Laid::Ground { area, shape: Shape::Surfaces(surfaces) },
        None => by_faces(left, right, operation),
    }
}

/// Whether edges meet only in ends of both, and no ring passes through another there: the rounding of a crossing may push an
/// edge over its neighbour.
fn are_simple(surfaces: &[Surface]) -> bool {
    let rings: Vec<Vec<Coord>> = surfaces.iter().flatten().cloned().collect();
    let outline = Outline::of_rings(&rings);
    coverage::meetings(&outline).is_empty() && coverage::sides_alternate(&outline)
}

/// Both in one CRS that has metres.
pub(crate) fn comparable(left: &GeometryColumn, right: &GeometryColumn) -> Result<(), OverlayError> {
    if left.crs() != right.crs() {
        return Err(OverlayError::CrsMismatch { left: left.crs().clone(), right: right.crs().clone() });
    }
    Ok(Metric::Planar.suits(left.crs())?)
}

/// The outlines of the surfaces of a column, each made when first asked for.
pub(crate) struct Outlines<'a> {
    column: &'a GeometryColumn,
    made: Vec<OnceLock<Outline>>,
}

impl<'a> Outlines<'a> {
    pub(crate) fn new(column: &'a GeometryColumn) -> Self {
        Outlines { column, made: (0..column.len()).map(|_| OnceLock::new()).collect() }
    }

    pub(crate) fn of(&self, row: usize) -> &Outline {
        self.made[row].get_or_init(|| Outline::of(self.column.parts(row)))
    }
}

/// The outlines of rows that are surfaces or missing.
pub(crate) fn outlines(column: &GeometryColumn) -> Result<Outlines<'_>, OverlayError> {
    if let Some(row) = column.first_not_finite() {
        return Err(OverlayError::NotFinite { row });
    }
    if let Some((row, found)) = column.first_not_surface() {
        return Err(OverlayError::NotPolygons { row, found });
    }
    Ok(Outlines::new(column))
}

/// The rows whose rectangle meets that of a row, ascending.
pub(crate) fn candidates(index: &PackedIndex, column: &GeometryColumn, row: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let bounds = column.bounds_of(row);
    if !bounds.is_empty() {
        index.visit(&bounds, |other| found.push(other as usize));
    }
    found.sort_unstable();
    found
}

/// Adds a row made of surfaces.
pub(crate) fn push_surfaces(builder: &mut ShapesBuilder, surfaces: &[Surface]) {
    push_parts(builder, surfaces);
    let one = surfaces.len() == 1;
    builder.end_row(Some(if one { GeometryKind::Polygon } else { GeometryKind::MultiPolygon }));
}

/// Adds surfaces to the row under construction.
pub(crate) fn push_parts(builder: &mut ShapesBuilder, surfaces: &[Surface]) {
    for surface in surfaces {
        for ring in surface {
            builder.ring(ring.iter().chain(ring.first()).copied());
        }
        builder.end_part(PartKind::Polygon);
    }
}
