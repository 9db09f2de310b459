//! Few points and many borders: each point goes round the polygons whose rectangle it is in, and no index of zones is made.
use super::slabs::{Position, Slabs};
use super::zones::check_zones;
use super::{Boundary, JoinError};
use crate::{GeometryColumn, PackedIndex};

/// Coordinates of zones to one point from which on an index of them costs more than it saves.
const COORDINATES_PER_POINT: usize = 32;
/// Points in the rectangle of a zone up to which each goes round its borders; for more, these are sorted into bands.
const GO_ROUND: usize = 8;

/// Whether there are so few points for these zones.
pub(super) fn are_few(points: &GeometryColumn, zones: &GeometryColumn) -> bool {
    points.len().saturating_mul(COORDINATES_PER_POINT) < zones.coordinates().0.len()
}

/// Each point and each zone that holds it, ascending.
pub(super) fn pairs_of_few(
    points: &GeometryColumn,
    (x, y): (&[f64], &[f64]),
    zones: &GeometryColumn,
    boundary: Boundary,
) -> Result<Vec<(u32, u32)>, JoinError> {
    check_zones(zones)?;
    let index = PackedIndex::new(points);
    let mut pairs = Vec::new();
    let (mut edges, mut positions) = (Vec::new(), Vec::new());
    for zone in 0..zones.len() {
        let Some(window) = zones.bounds_of(zone).rect() else { continue };
        let near = index.intersecting(window);
        if near.is_empty() {
            continue;
        }
        for part in zones.parts(zone) {
            let segments = part.rings().flat_map(|ring| ring.segments()).filter(|[a, b]| a != b);
            positions.clear();
            positions.resize(near.len(), Position::default());
            if near.len() <= GO_ROUND {
                for edge in segments {
                    for (position, point) in positions.iter_mut().zip(&near) {
                        position.pass(edge, x[*point as usize], y[*point as usize]);
                    }
                }
            } else {
                edges.clear();
                edges.extend(segments);
                if edges.is_empty() {
                    continue;
                }
                let mut slabs = Slabs::default();
                slabs.push(&edges);
                for (position, point) in positions.iter_mut().zip(&near) {
                    *position = slabs.position(0, x[*point as usize], y[*point as usize]);
                }
            }
            let held = positions.iter().zip(&near).filter(|(position, _)| position.is_held(boundary));
            pairs.extend(held.map(|(_, point)| (*point, zone as u32)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}
