//! Surfaces made one.
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::cores::each;
use crate::geometry::ShapesBuilder;
use crate::overlay::{outlines, push_surfaces, union};
use crate::{GeometryColumn, OverlayError};

/// Surfaces made one by key: what [`dissolve`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Dissolved<K> {
    /// The keys that occur, ascending; one per row of `shapes`.
    pub keys: Vec<K>,
    /// The ground of each key, empty if its rows are missing or empty.
    pub shapes: GeometryColumn,
    /// The rows that each came from, ascending.
    pub rows: Vec<Vec<usize>>,
    /// Whether the rows of a key were a coverage: none overlaps another, and the union has no point that they have not.
    /// Otherwise points are added where edges cross, rounded to the nearest numbers.
    pub coverage: Vec<bool>,
}

/// The ground that the surfaces of each key cover together: IRIS to communes, parcels to blocks.
///
/// Neighbours that share edges, or of which one has more vertices on the border than the other, lose the border exactly:
/// edges that run both ways are struck out. Where surfaces of a key overlap (or repeat), a general union is made of the
/// faces of their edges; [`Dissolved::coverage`] tells. Gaps stay, however thin.
///
/// # Shapes and missing values
///
/// `n` surfaces and `n` keys → one surface per key that occurs. Missing and empty rows add no ground.
///
/// # Errors
///
/// [`OverlayError::Lengths`] for another number of keys than of rows, [`OverlayError::NotPolygons`],
/// [`OverlayError::NotFinite`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Metric, area, dissolve};
///
/// let rect = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 10., y: 20. }).into();
/// let iris = GeometryColumn::new([rect(0.), rect(10.), rect(20.)], Crs::CC46);
/// let communes = dissolve(&iris, &["69381", "69381", "69382"])?;
/// assert_eq!(communes.keys, ["69381", "69382"]);
/// assert_eq!(area(&communes.shapes, Metric::Planar).unwrap(), [400., 200.]);
/// assert_eq!(communes.rows[0], [0, 1]);
/// # Ok::<(), datagora_geo::OverlayError>(())
/// ```
pub fn dissolve<K: Ord + Clone>(column: &GeometryColumn, keys: &[K]) -> Result<Dissolved<K>, OverlayError> {
    if keys.len() != column.len() {
        return Err(OverlayError::Lengths { rows: column.len(), keys: keys.len() });
    }
    let outlines = outlines(column)?;
    let mut groups: BTreeMap<&K, Vec<usize>> = BTreeMap::new();
    for (row, key) in keys.iter().enumerate() {
        groups.entry(key).or_default().push(row);
    }
    let (keys, rows): (Vec<K>, Vec<Vec<usize>>) =
        groups.into_iter().map(|(key, rows)| (key.clone(), rows)).unzip();
    let united = each(rows.len(), |group| {
        let members: Vec<_> = rows[group].iter().map(|&row| outlines.of(row)).collect();
        union(&members)
    });
    let mut builder = ShapesBuilder::new();
    let mut coverage = Vec::with_capacity(united.len());
    for (surfaces, exact) in united {
        push_surfaces(&mut builder, &surfaces);
        coverage.push(exact);
    }
    let shapes = GeometryColumn::from_builder(builder, column.crs().clone());
    Ok(Dissolved { keys, shapes, rows, coverage })
}

/// The ground that all surfaces of a column cover together, as a column of one row.
///
/// # Errors
///
/// As [`dissolve`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Metric, area, union_all};
///
/// let rect = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 10., y: 20. }).into();
/// let city = union_all(&GeometryColumn::new([rect(0.), rect(10.)], Crs::CC46))?;
/// assert_eq!(area(&city, Metric::Planar).unwrap(), [400.]);
/// # Ok::<(), datagora_geo::OverlayError>(())
/// ```
pub fn union_all(column: &GeometryColumn) -> Result<GeometryColumn, OverlayError> {
    let outlines = outlines(column)?;
    let mut builder = ShapesBuilder::new();
    push_surfaces(&mut builder, &union(&(0..column.len()).map(|row| outlines.of(row)).collect::<Vec<_>>()).0);
    Ok(GeometryColumn::from_builder(builder, column.crs().clone()))
}
