//! The zone of each point, in four bytes.
use std::fmt;

use super::classes::NOBODY;

/// The zone of each point: what [`locate`](crate::locate) finds.
///
/// Four bytes a point, half of what `Vec<Option<u32>>` takes. A point outside all zones, or missing, has no zone.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, Located, locate};
///
/// let park = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// let trees = GeometryColumn::points(vec![50., 150.], vec![50., 50.], Crs::CC46);
/// let located = locate(&trees, &parks, Boundary::HalfOpen)?;
/// assert_eq!(located.get(0), Some(0));
/// assert_eq!(located.as_raw(), [0, Located::NONE]);
/// assert_eq!(located.count_inside(), 1);
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Located {
    zones: Vec<u32>,
}

impl Located {
    /// What stands in [`as_raw`](Self::as_raw) for a point without zone.
    pub const NONE: u32 = NOBODY;

    pub(super) fn new(zones: Vec<u32>) -> Self {
        Located { zones }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// Row of the zone that holds a point.
    ///
    /// # Panics
    ///
    /// If there is no such point.
    pub fn get(&self, point: usize) -> Option<u32> {
        some(self.zones[point])
    }

    /// The zone of each point.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Option<u32>> + ExactSizeIterator + Clone + '_ {
        self.zones.iter().copied().map(some)
    }

    /// Rows of zones, [`NONE`](Self::NONE) where there is none.
    pub fn as_raw(&self) -> &[u32] {
        &self.zones
    }

    /// The same without the wrapping.
    pub fn into_raw(self) -> Vec<u32> {
        self.zones
    }

    /// The same as options, eight bytes a point.
    pub fn to_options(&self) -> Vec<Option<u32>> {
        self.iter().collect()
    }

    /// Number of points that have a zone.
    pub fn count_inside(&self) -> usize {
        self.zones.iter().filter(|zone| **zone != Self::NONE).count()
    }
}

fn some(zone: u32) -> Option<u32> {
    (zone != NOBODY).then_some(zone)
}

impl fmt::Debug for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<const N: usize> PartialEq<[Option<u32>; N]> for Located {
    fn eq(&self, other: &[Option<u32>; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}
