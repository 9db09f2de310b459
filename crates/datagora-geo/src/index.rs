//! Indexes of rectangles: packed for a batch, and one that changes.
mod dynamic;
mod nearest;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use self::dynamic::{DynamicIndex, IndexError};
use crate::GeometryColumn;
use crate::curve::hilbert;
use crate::geometry::Bounds;
use crate::types::Rect;

/// Rectangles of the rows of a column, packed for many searches.
///
/// An R-tree in two flat arrays: the rectangles sorted along a Hilbert curve, then the rectangles around each 16 of them,
/// around each 16 of those, up to one. It is built by one sort and cannot be changed; for a set that changes, see
/// [`DynamicIndex`]. Missing and empty rows are in no rectangle and never found.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, PackedIndex};
///
/// let block = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 10., y: 10. }).into();
/// let blocks = GeometryColumn::from_options([Some(block(0.)), None, Some(block(20.))], Crs::CC46);
/// let index = PackedIndex::new(&blocks);
/// let window = Rect::new(coord! { x: 5., y: 5. }, coord! { x: 20., y: 6. });
/// assert_eq!(index.intersecting(window), [0, 2]); // touching is enough
/// ```
///
/// # References
///
/// Kamel, I., Faloutsos, C. (1993). On packing R-trees. CIKM '93, 490–499. doi:10.1145/170088.170403
#[derive(Clone, Debug, Default)]
pub struct PackedIndex {
    /// Rectangles of the rows, then level after level up to the root.
    bounds: Vec<Bounds>,
    /// Where each level begins in `bounds`, and the end.
    levels: Vec<usize>,
    /// Row of each rectangle of the lowest level.
    rows: Vec<u32>,
}

/// A rectangle of the tree: of a row on level 0, around other rectangles above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    level: u32,
    /// Among all levels.
    index: u32,
}

/// Rectangles under one.
const FANOUT: usize = 16;

impl PackedIndex {
    /// The rectangles of a column's geometries.
    pub fn new(column: &GeometryColumn) -> Self {
        Self::of_bounds((0..column.len()).map(|row| column.bounds_of(row)))
    }

    /// Rectangles given, one per row; `None` is never found.
    ///
    /// ```
    /// use datagora_geo::PackedIndex;
    /// use datagora_geo::types::{Rect, coord};
    ///
    /// let window = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 1., y: 1. });
    /// assert_eq!(PackedIndex::of_rects([None, Some(window)]).intersecting(window), [1]);
    /// ```
    pub fn of_rects(rectangles: impl IntoIterator<Item = Option<Rect>>) -> Self {
        Self::of_bounds(rectangles.into_iter().map(|rect| rect.map_or(Bounds::EMPTY, Bounds::of)))
    }

    /// Rectangles given, one per row; an empty one is never found.
    pub(crate) fn of_bounds(rows: impl IntoIterator<Item = Bounds>) -> Self {
        let rows: Vec<(u32, Bounds)> = (0u32..).zip(rows).filter(|(_, bounds)| !bounds.is_empty()).collect();
        let curve = Curve::over(rows.iter().fold(Bounds::EMPTY, |all, (_, bounds)| all.union(*bounds)));
        // Position on the curve, then place: rectangles at one position stay in the order of the rows.
        let mut order: Vec<u64> = (0u64..)
            .zip(&rows)
            .map(|(place, (_, bounds))| u64::from(curve.position(bounds)) << 32 | place)
            .collect();
        order.sort_unstable();
        let sorted = || order.iter().map(|key| &rows[*key as u32 as usize]);
        let mut bounds: Vec<Bounds> = sorted().map(|(_, bounds)| *bounds).collect();
        let rows = sorted().map(|(row, _)| *row).collect();
        let mut levels = vec![0, bounds.len()];
        let mut below = 0..bounds.len();
        while below.len() > 1 {
            for start in below.clone().step_by(FANOUT) {
                let members = &bounds[start..(start + FANOUT).min(below.end)];
                let around = members.iter().copied().fold(Bounds::EMPTY, Bounds::union);
                bounds.push(around);
            }
            below = below.end..bounds.len();
            levels.push(below.end);
        }
        PackedIndex { bounds, levels, rows }
    }

    /// Number of rectangles: rows that are neither missing nor empty.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no rectangle.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The smallest rectangle that holds all.
    pub fn bounds(&self) -> Option<Rect> {
        self.bounds.last().and_then(Bounds::rect)
    }

    /// Rows whose rectangle shares a point with the one given, ascending.
    pub fn intersecting(&self, window: Rect) -> Vec<u32> {
        let mut found = Vec::new();
        self.visit(&Bounds::of(window), |row| found.push(row));
        found.sort_unstable();
        found
    }

    /// Whether any rectangle shares a point with the one given: as [`intersecting`](Self::intersecting), without the list.
    ///
    /// ```
    /// use datagora_geo::PackedIndex;
    /// use datagora_geo::types::{Rect, coord};
    ///
    /// let window = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 1., y: 1. });
    /// let index = PackedIndex::of_rects([Some(window(0.))]);
    /// assert!(index.intersects(window(1.)) && !index.intersects(window(1.5)));
    /// ```
    pub fn intersects(&self, window: Rect) -> bool {
        let window = Bounds::of(window);
        self.root().is_some_and(|root| self.node_bounds(root).meets(&window) && self.reaches(root, &window))
    }

    /// Whether a rectangle under a node that meets the one given does so, too.
    fn reaches(&self, node: Node, window: &Bounds) -> bool {
        match node.level {
            0 => true,
            1 => self.bounds[self.below(node)].iter().any(|bounds| bounds.meets(window)),
            _ => self
                .children(node)
                .any(|child| self.node_bounds(child).meets(window) && self.reaches(child, window)),
        }
    }

    /// The rows that have a rectangle, in the order of the curve: neighbours mostly follow each other.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Calls with each row whose rectangle shares a point with the one given, in the order of the curve.
    pub(crate) fn visit(&self, window: &Bounds, mut found: impl FnMut(u32)) {
        let mut open: Vec<Node> = self.root().into_iter().collect();
        while let Some(node) = open.pop() {
            if !self.node_bounds(node).meets(window) {
                continue;
            }
            match self.row(node) {
                Some(row) => found(row),
                None if node.level == 1 => {
                    for index in self.below(node) {
                        if self.bounds[index].meets(window) {
                            found(self.rows[index]);
                        }
                    }
                }
                None => open.extend(self.children(node).rev()),
            }
        }
    }

    /// The rectangle around all others; `None` if there is no rectangle.
    pub(crate) fn root(&self) -> Option<Node> {
        let index = self.bounds.len().checked_sub(1)? as u32;
        Some(Node { level: self.levels.len() as u32 - 2, index })
    }

    /// The rectangle of a node.
    pub(crate) fn node_bounds(&self, node: Node) -> &Bounds {
        &self.bounds[node.index as usize]
    }

    /// The row that a node of the lowest level stands for.
    pub(crate) fn row(&self, node: Node) -> Option<u32> {
        (node.level == 0).then(|| self.rows[node.index as usize])
    }

    /// The nodes under one that stands for no row.
    pub(crate) fn children(&self, node: Node) -> impl DoubleEndedIterator<Item = Node> + use<> {
        self.below(node).map(move |index| Node { level: node.level - 1, index: index as u32 })
    }

    fn below(&self, node: Node) -> Range<usize> {
        let level = node.level as usize;
        let place = node.index as usize - self.levels[level];
        let start = self.levels[level - 1] + place * FANOUT;
        start..(start + FANOUT).min(self.levels[level])
    }
}

/// The Hilbert curve over a rectangle, 2^16 steps a side.
struct Curve {
    low: [f64; 2],
    /// Steps per unit of x and y.
    density: [f64; 2],
}

impl Curve {
    fn over(bounds: Bounds) -> Self {
        let density = [bounds.max_x - bounds.min_x, bounds.max_y - bounds.min_y]
            .map(|extent| if extent > 0.0 { 65_535.0 / extent } else { 0.0 });
        Curve { low: [bounds.min_x, bounds.min_y], density }
    }

    /// Where the middle of a rectangle lies on the curve.
    fn position(&self, bounds: &Bounds) -> u32 {
        let middle = [0.5 * bounds.min_x + 0.5 * bounds.max_x, 0.5 * bounds.min_y + 0.5 * bounds.max_y];
        // A conversion to integers takes NaN (infinite rectangles) to 0 and keeps the rest in the range.
        let step = |k: usize| u32::from(((middle[k] - self.low[k]) * self.density[k]) as u16);
        hilbert::<16>(step(0), step(1))
    }
}
