//! Few points and many borders: each point goes round the polygons whose rectangle it is in, and no index of zones is made.
use super::slabs::Slabs;
use super::zones::check_zones;
use super::{Boundary, JoinError, Position, ZoneIndex};
use crate::{GeometryColumn, PackedIndex};

/// Coordinates of zones to one point from which on an index of them costs more than it saves.
const COORDINATES_PER_POINT: usize = 32;
/// Points in the rectangle of a zone up to which each goes round its borders; for more, these are sorted into bands.
const GO_ROUND: usize = 8;

/// How points find their zones.
pub(super) enum Way<'a> {
    /// From zone to zone.
    Few(Few<'a>),
    /// From point to point.
    Index(Box<ZoneIndex>),
}

/// Points fewer than an index of their zones is worth.
pub(super) struct Few<'a> {
    x: &'a [f64],
    y: &'a [f64],
    points: PackedIndex,
    zones: &'a GeometryColumn,
}

impl<'a> Way<'a> {
    /// The way that costs less; all joins of points and zones take it. The column `points` is of points `x`, `y`.
    pub(super) fn new(
        points: &GeometryColumn,
        (x, y): (&'a [f64], &'a [f64]),
        zones: &'a GeometryColumn,
    ) -> Result<Self, JoinError> {
        if x.len().saturating_mul(COORDINATES_PER_POINT) < zones.coordinates().0.len() {
            check_zones(zones)?;
            return Ok(Way::Few(Few::new(points, (x, y), zones)));
        }
        Ok(Way::Index(Box::new(ZoneIndex::for_points(zones, x.len())?)))
    }
}

impl<'a> Few<'a> {
    pub(super) fn new(
        points: &GeometryColumn,
        (x, y): (&'a [f64], &'a [f64]),
        zones: &'a GeometryColumn,
    ) -> Self {
        Few { x, y, points: PackedIndex::new(points), zones }
    }

    /// Calls with each zone and each point that it holds: zones ascending, and the points of a zone ascending.
    pub(super) fn each(&self, boundary: Boundary, mut found: impl FnMut(u32, u32)) {
        let (mut near, mut held) = (Vec::new(), Vec::new());
        let (mut edges, mut positions) = (Vec::new(), Vec::new());
        for zone in 0..self.zones.len() {
            near.clear();
            self.points.visit(&self.zones.bounds_of(zone), |point| near.push(point));
            if near.is_empty() {
                continue;
            }
            near.sort_unstable();
            held.clear();
            held.resize(near.len(), false);
            for part in self.zones.parts(zone) {
                positions.clear();
                positions.resize(near.len(), Position::default());
                if near.len() <= GO_ROUND {
                    for edge in part.edges() {
                        for (position, point) in positions.iter_mut().zip(&near) {
                            position.pass(edge, self.x[*point as usize], self.y[*point as usize]);
                        }
                    }
                } else {
                    edges.clear();
                    edges.extend(part.edges());
                    if edges.is_empty() {
                        continue;
                    }
                    let mut slabs = Slabs::default();
                    slabs.push(&edges);
                    for (position, point) in positions.iter_mut().zip(&near) {
                        *position = slabs.position(0, self.x[*point as usize], self.y[*point as usize]);
                    }
                }
                for (held, position) in held.iter_mut().zip(&positions) {
                    *held |= position.is_held(boundary);
                }
            }
            for (point, _) in near.iter().zip(&held).filter(|(_, held)| **held) {
                found(zone as u32, *point);
            }
        }
    }
}
