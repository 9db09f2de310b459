//! Which geometries of one column stand in a relation to which of another.
mod decide;
mod side;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;

use datagora_core::Crs;
use geo::relate::IntersectionMatrix;
use geo::{Intersects, PreparedGeometry, Relate};

use self::decide::decide;
use self::side::Side;
use super::Pairs;
use crate::cores::each_run;
use crate::types::Geometry;
use crate::{FaultKind, GeometryColumn, PackedIndex};

/// A relation between two geometries, as OGC Simple Features defines it (DE-9IM).
///
/// There is no `Disjoint`: nearly all pairs of two columns are, and a list of them is of no use. The rows that meet none
/// of the other column are [`Pairs::unmatched_left`] of a join by `Intersects`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Predicate {
    /// They share a point.
    Intersects,
    /// All of the left is in the right, and their interiors share a point: a point on a border is not within.
    Within,
    /// The right is `Within` the left.
    Contains,
    /// No point of the right is outside the left: a point on the border is covered.
    Covers,
    /// The right `Covers` the left.
    CoveredBy,
    /// They share a point, their interiors do not: neighbours.
    Touches,
    /// Their interiors share something of less dimension than the greater of them, and there is more of each: a street
    /// that leaves a quarter, two lines that meet at a point.
    Crosses,
    /// Of the same dimension, they share something of that dimension, and there is more of each.
    Overlaps,
    /// They are the same set of points, wherever their rings begin and whichever way they go.
    Equals,
}

impl Predicate {
    /// Whether a relation of one to another is always one of the other to the one.
    pub fn is_symmetric(self) -> bool {
        !matches!(self, Predicate::Within | Predicate::Contains | Predicate::Covers | Predicate::CoveredBy)
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Predicate::Intersects => "intersects",
            Predicate::Within => "within",
            Predicate::Contains => "contains",
            Predicate::Covers => "covers",
            Predicate::CoveredBy => "covered by",
            Predicate::Touches => "touches",
            Predicate::Crosses => "crosses",
            Predicate::Overlaps => "overlaps",
            Predicate::Equals => "equals",
        })
    }
}

/// Geometries whose relations cannot be told.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum PredicateError {
    /// Two systems: the numbers cannot be compared.
    #[error(
        "the left column is in {left}, the right one in {right}; reproject one of them to the CRS of the other"
    )]
    CrsMismatch {
        /// CRS of the left column.
        left: Crs,
        /// CRS of the right column.
        right: Crs,
    },
    /// A collection, whose interior is not defined where its members overlap.
    #[error(
        "row {row} of the {side} column is a collection of geometries; points, lines and polygons are needed"
    )]
    Collection {
        /// `left` or `right`.
        side: &'static str,
        /// Row, from 0.
        row: usize,
    },
    /// A geometry that is not valid: it has no interior that could be related.
    #[error("row {row} of the {side} column is not valid: {fault}; see `faults`, then drop or mend the row")]
    Invalid {
        /// `left` or `right`.
        side: &'static str,
        /// Row, from 0.
        row: usize,
        /// What is wrong with it.
        fault: FaultKind,
    },
}

/// The pairs of rows of two columns that stand in a relation: the left row `predicate` the right row.
///
/// Rectangles are compared in a packed index. Two surfaces are then told by those of their edges whose rectangles meet,
/// until the answer is known, and points by the polygons they are in: exactly, whatever the coordinates. Lines are told by
/// their vertices, and what these leave open by the intersection matrix of both. `Intersects` is exact of lines, too. The
/// matrix is so where lines that meet have a vertex where they do, or cross by more than rounding: of edges that pass a
/// vertex by a last digit, it may say that they touch it, or not.
///
/// Time grows with the rows, their vertices (once, for the check that they are valid), and the edges of rows near each
/// other that are near each other.
///
/// # Shapes and missing values
///
/// Pairs (row of `left`, row of `right`), in that order. Missing and empty rows are in no pair.
///
/// # Errors
///
/// [`PredicateError::CrsMismatch`]; [`PredicateError::Collection`] and [`PredicateError::Invalid`] name the first row
/// that cannot be related.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Predicate, join_by};
///
/// let block = |x: f64, width: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 100. }).into();
/// let parks = GeometryColumn::new([block(20., 30.), block(80., 40.)], Crs::CC46);
/// let quarters = GeometryColumn::new([block(0., 100.), block(100., 100.)], Crs::CC46);
/// let pairs = |predicate| join_by(&parks, &quarters, predicate).map(|pairs| pairs.iter().collect::<Vec<_>>());
/// assert_eq!(pairs(Predicate::Within)?, [(0, 0)]);
/// assert_eq!(pairs(Predicate::Overlaps)?, [(1, 0), (1, 1)]);
/// # Ok::<(), datagora_geo::PredicateError>(())
/// ```
///
/// # References
///
/// OGC 06-103r4 (2011). Simple Feature Access, part 1, 6.1.15. Egenhofer, M. J., Franzosa, R. D. (1991). Point-set
/// topological spatial relations. International Journal of Geographical Information Systems 5, 161–174.
pub fn join_by(
    left: &GeometryColumn,
    right: &GeometryColumn,
    predicate: Predicate,
) -> Result<Pairs, PredicateError> {
    if left.crs() != right.crs() {
        return Err(PredicateError::CrsMismatch { left: left.crs().clone(), right: right.crs().clone() });
    }
    let (left, right) = (Side::new(left, "left")?, Side::new(right, "right")?);
    Ok(join(&left, &right, predicate, |_, _| true))
}

/// The pairs of rows of one column that stand in a relation.
///
/// A relation that holds both ways ([`Predicate::is_symmetric`]) gives each pair once, the lower row on the left; the
/// others give (a, b) if a `predicate` b. A row is never in a pair with itself.
///
/// # Shapes and missing values
///
/// As [`join_by`].
///
/// # Errors
///
/// As [`join_by`]; the side named is `left`.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Predicate, self_join_by};
///
/// let block = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 10., y: 10. }).into();
/// let quarters = GeometryColumn::new([block(0.), block(20.), block(10.)], Crs::CC46);
/// let neighbours = self_join_by(&quarters, Predicate::Touches)?;
/// assert_eq!(neighbours.iter().collect::<Vec<_>>(), [(0, 2), (1, 2)]);
/// # Ok::<(), datagora_geo::PredicateError>(())
/// ```
pub fn self_join_by(column: &GeometryColumn, predicate: Predicate) -> Result<Pairs, PredicateError> {
    let side = Side::new(column, "left")?;
    let symmetric = predicate.is_symmetric();
    let wanted = |left: u32, right: u32| if symmetric { left < right } else { left != right };
    Ok(join(&side, &side, predicate, wanted))
}

/// Left rows handled at a time: geometries of the right that are prepared for one of them serve the others.
const ROWS: usize = 32;

fn join(
    left: &Side<'_>,
    right: &Side<'_>,
    predicate: Predicate,
    wanted: impl Fn(u32, u32) -> bool + Sync,
) -> Pairs {
    let index = PackedIndex::new(right.column);
    // Neighbours on the curve have neighbours in common.
    let order: Vec<u32> = PackedIndex::new(left.column).rows().to_vec();
    let pieces = each_run(order.len(), ROWS, |places| {
        let mut prepared = HashMap::new();
        let mut found = Vec::new();
        for &row in &order[places] {
            let mut own = None;
            index.visit(&left.column.bounds_of(row as usize), |other| {
                if wanted(row, other)
                    && relates((left, row), (right, other), predicate, &mut own, &mut prepared)
                {
                    found.push((row, other));
                }
            });
        }
        found
    });
    let mut pairs: Vec<(u32, u32)> = pieces.into_iter().flatten().collect();
    pairs.sort_unstable();
    Pairs::sorted(pairs, [left.column.len(), right.column.len()])
}

type Prepared = PreparedGeometry<'static, Geometry>;

/// Whether two rows, whose rectangles meet, stand in the relation.
fn relates(
    (left, row): (&Side<'_>, u32),
    (right, other): (&Side<'_>, u32),
    predicate: Predicate,
    own: &mut Option<Prepared>,
    prepared: &mut HashMap<u32, Prepared>,
) -> bool {
    if let Some(decided) = decide((left, row as usize), (right, other as usize), predicate) {
        return decided;
    }
    let prepare = |side: &Side<'_>, row: u32| side.column.get(row as usize).map(Prepared::from);
    if predicate == Predicate::Intersects {
        let both = left.column.get(row as usize).zip(right.column.get(other as usize));
        return both.is_some_and(|(left, right)| left.intersects(&right));
    }
    if own.is_none() {
        *own = prepare(left, row);
    }
    if let std::collections::hash_map::Entry::Vacant(entry) = prepared.entry(other)
        && let Some(geometry) = prepare(right, other)
    {
        entry.insert(geometry);
    }
    let Some((left, right)) = own.as_ref().zip(prepared.get(&other)) else { return false };
    holds(predicate, &left.relate(right))
}

/// What the intersection matrix of two geometries says of a relation.
fn holds(predicate: Predicate, matrix: &IntersectionMatrix) -> bool {
    match predicate {
        Predicate::Intersects => matrix.is_intersects(),
        Predicate::Within => matrix.is_within(),
        Predicate::Contains => matrix.is_contains(),
        Predicate::Covers => matrix.is_covers(),
        Predicate::CoveredBy => matrix.is_coveredby(),
        Predicate::Touches => matrix.is_touches(),
        Predicate::Crosses => matrix.is_crosses(),
        Predicate::Overlaps => matrix.is_overlaps(),
        Predicate::Equals => matrix.is_equal_topo(),
    }
}
