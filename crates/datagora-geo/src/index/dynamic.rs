//! An index of geometries that come and go.
use std::collections::HashMap;

use datagora_core::Crs;
use geo::CoordsIter;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::geometry::Bounds;
use crate::types::{BoundingRect, Coord, Geometry, Rect};

/// Geometries that cannot stand in an index.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum IndexError {
    /// A coordinate that is not a number or infinite.
    #[error("the geometry {id} has the coordinate ({x}, {y}); finite numbers are needed, drop or repair it")]
    NotFinite {
        /// Whose.
        id: u64,
        /// East.
        x: f64,
        /// North.
        y: f64,
    },
}

/// Geometries found by rectangle, with insertion and removal: stations that open and close, works on the road.
///
/// An R*-tree. For a batch that stays as it is, [`PackedIndex`](crate::PackedIndex) is smaller and faster. The ids are
/// the caller's.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::DynamicIndex;
/// use datagora_geo::types::{Point, Rect, coord};
///
/// let mut stations = DynamicIndex::new(Crs::CC46);
/// stations.insert(2003, Point::new(10., 10.))?;
/// stations.insert(7024, Point::new(90., 10.))?;
/// let quarter = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 20. });
/// assert_eq!(stations.intersecting(quarter), [2003, 7024]);
/// stations.insert(7024, Point::new(500., 10.))?; // it moved
/// assert_eq!(stations.intersecting(quarter), [2003]);
/// assert!(stations.remove(2003).is_some());
/// assert!(stations.intersecting(quarter).is_empty());
/// # Ok::<(), datagora_geo::IndexError>(())
/// ```
///
/// # References
///
/// Beckmann, N., Kriegel, H.-P., Schneider, R., Seeger, B. (1990). The R*-tree. SIGMOD '90, 322–331.
/// doi:10.1145/93597.98741
#[derive(Clone, Debug)]
pub struct DynamicIndex {
    crs: Crs,
    geometries: HashMap<u64, Geometry>,
    /// Rectangles of those that have a coordinate.
    pub(super) tree: RTree<Entry>,
}

/// The rectangle of a geometry, with its id.
pub(super) type Entry = GeomWithData<Rectangle<[f64; 2]>, u64>;

impl DynamicIndex {
    /// An index without geometries; all that come are in this CRS.
    pub fn new(crs: Crs) -> Self {
        DynamicIndex { crs, geometries: HashMap::new(), tree: RTree::new() }
    }

    /// CRS of the geometries.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Number of geometries, empty ones included.
    pub fn len(&self) -> usize {
        self.geometries.len()
    }

    /// Whether there is no geometry.
    pub fn is_empty(&self) -> bool {
        self.geometries.is_empty()
    }

    /// The geometry of an id.
    pub fn get(&self, id: u64) -> Option<&Geometry> {
        self.geometries.get(&id)
    }

    /// Adds a geometry and gives back the one that had the id before. An empty geometry is kept and never found.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotFinite`], and the index stays as it was.
    pub fn insert(&mut self, id: u64, geometry: impl Into<Geometry>) -> Result<Option<Geometry>, IndexError> {
        let geometry = geometry.into();
        if let Some(Coord { x, y }) = geometry.coords_iter().find(|c| !c.x.is_finite() || !c.y.is_finite()) {
            return Err(IndexError::NotFinite { id, x, y });
        }
        let before = self.remove(id);
        if let Some(entry) = entry(id, &geometry) {
            self.tree.insert(entry);
        }
        self.geometries.insert(id, geometry);
        Ok(before)
    }

    /// Takes a geometry out; `None` if there is none of that id.
    pub fn remove(&mut self, id: u64) -> Option<Geometry> {
        let geometry = self.geometries.remove(&id)?;
        if let Some(entry) = entry(id, &geometry) {
            self.tree.remove(&entry);
        }
        Some(geometry)
    }

    /// Ids of the geometries whose rectangle shares a point with the one given, ascending.
    pub fn intersecting(&self, window: Rect) -> Vec<u64> {
        let window = envelope(&Bounds::of(window));
        let mut found: Vec<u64> =
            self.tree.locate_in_envelope_intersecting(&window).map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }
}

fn entry(id: u64, geometry: &Geometry) -> Option<Entry> {
    let bounds = Bounds::of(geometry.bounding_rect()?);
    Some(GeomWithData::new(Rectangle::from_aabb(envelope(&bounds)), id))
}

fn envelope(bounds: &Bounds) -> AABB<[f64; 2]> {
    AABB::from_corners([bounds.min_x, bounds.min_y], [bounds.max_x, bounds.max_y])
}
