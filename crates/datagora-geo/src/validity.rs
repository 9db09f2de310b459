//! Geometries that are not what they should be, and what can be mended without guessing.
mod crossing;
#[cfg(test)]
mod tests;

use std::fmt;

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::{PreparedGeometry, Relate};

use self::crossing::self_intersection;
use crate::geometry::{Bounds, Part, PartKind, Ring, ShapesBuilder};
use crate::measure::signed_area;
use crate::types::{Coord, LineString, Polygon};
use crate::{GeometryColumn, GeometryKind};

/// Something wrong with a geometry, and where: what [`faults`] finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Row, from 0.
    pub row: usize,
    /// Part of the geometry, from 0: which polygon of a multi-polygon.
    pub part: usize,
    /// Ring of the polygon (0 the exterior, then the holes) or line of the part.
    pub ring: usize,
    /// What is wrong.
    pub kind: FaultKind,
    /// Where, as far as it is at one place.
    pub at: Option<Coord>,
}

/// What can be wrong with a geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// A coordinate that is not a finite number, or so large (beyond 1e100) that its products are not; nothing else is
    /// checked in this row.
    NotFinite,
    /// A ring of fewer than three distinct points, or a line of fewer than two.
    TooShort,
    /// A point that repeats the one before it. Harmless, mended by [`repair`].
    RepeatedPoint,
    /// An exterior ring wound clockwise or a hole wound counter-clockwise, against RFC 7946. Harmless, mended by
    /// [`repair`].
    Winding,
    /// A ring that crosses, touches or retraces itself.
    SelfIntersection,
    /// A hole that is not within its exterior.
    HoleOutside,
    /// Two rings of a polygon that overlap or share more than points.
    RingsOverlap,
    /// Two polygons of a multi-polygon that overlap or share more than points.
    PartsOverlap,
}

impl FaultKind {
    /// Whether OGC Simple Features calls the geometry invalid; otherwise it is merely untidy.
    pub fn is_invalid(self) -> bool {
        !matches!(self, FaultKind::RepeatedPoint | FaultKind::Winding)
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FaultKind::NotFinite => "a coordinate is not a finite number",
            FaultKind::TooShort => "too few distinct points",
            FaultKind::RepeatedPoint => "a point repeats the one before it",
            FaultKind::Winding => "wound the wrong way round",
            FaultKind::SelfIntersection => "the ring meets itself",
            FaultKind::HoleOutside => "the hole is not within the exterior",
            FaultKind::RingsOverlap => "two rings of the polygon overlap",
            FaultKind::PartsOverlap => "two polygons of the row overlap",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { row, part, ring, kind, at } = self;
        write!(f, "row {row}, part {part}, ring {ring}: {kind}")?;
        match at {
            Some(Coord { x, y }) => write!(f, " at ({x}, {y})"),
            None => Ok(()),
        }
    }
}

/// Beyond it products of coordinates overflow.
const LARGEST: f64 = 1e100;

/// All that is wrong with the geometries of a column: of each ring the first fault of a kind, and for rings that are
/// sound by themselves, whether holes and parts are where they may be.
///
/// A ring that does not end where it begins is not among the faults: a column closes rings when they enter.
///
/// Faults come in the order of the rows. Points have none but coordinates that are not finite.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::Polygon;
/// use datagora_geo::{FaultKind, GeometryColumn, faults};
///
/// let bow_tie = vec![(0., 0.), (4., 4.), (4., 0.), (0., 4.)];
/// let column = GeometryColumn::new([Polygon::new(bow_tie.into(), vec![]).into()], Crs::CC46);
/// let found = faults(&column);
/// assert_eq!(found[0].kind, FaultKind::SelfIntersection);
/// assert_eq!(found[0].to_string(), "row 0, part 0, ring 0: the ring meets itself at (2, 2)");
/// ```
///
/// # References
///
/// OGC 06-103r4 (2011). Simple Feature Access, part 1, 6.1.11. Butler, H. et al. (2016). The GeoJSON Format. RFC 7946, 3.1.6.
pub fn faults(column: &GeometryColumn) -> Vec<Fault> {
    let mut found = Vec::new();
    for row in 0..column.len() {
        let mut note = |part, ring, kind, at| found.push(Fault { row, part, ring, kind, at });
        let usable = |v: f64| v.abs() <= LARGEST;
        let not_finite = |ring: Ring<'_>| ring.points().find(|c| !usable(c.x) || !usable(c.y));
        let bad = column.parts(row).enumerate().find_map(|(part, shape)| {
            let mut rings = shape.rings().enumerate();
            rings.find_map(|(index, ring)| Some((part, index, not_finite(ring)?)))
        });
        if let Some((part, ring, at)) = bad {
            note(part, ring, FaultKind::NotFinite, Some(at));
            continue;
        }
        let mut sound = Vec::new();
        for (part, shape) in column.parts(row).enumerate() {
            let mut whole = shape.kind == PartKind::Polygon;
            for (index, ring) in shape.rings().enumerate() {
                for (kind, at) in ring_faults(&shape, index, ring) {
                    whole &= !kind.is_invalid();
                    note(part, index, kind, at);
                }
            }
            if whole && holes_are_sound(&shape, |ring, kind| note(part, ring, kind, None)) {
                sound.push((part, polygon(&shape), bounds(&shape)));
            }
        }
        if column.kind(row) == Some(GeometryKind::MultiPolygon) {
            for (k, (_, surface, around)) in sound.iter().enumerate() {
                for (other_part, other, other_around) in &sound[k + 1..] {
                    if around.meets(other_around) && share_more_than_points(surface, other) {
                        note(*other_part, 0, FaultKind::PartsOverlap, None);
                    }
                }
            }
        }
    }
    found
}

/// What is wrong with a ring or line by itself.
fn ring_faults(part: &Part<'_>, index: usize, ring: Ring<'_>) -> Vec<(FaultKind, Option<Coord>)> {
    let mut found = Vec::new();
    let surface = part.kind == PartKind::Polygon;
    if matches!(part.kind, PartKind::Point | PartKind::MultiPoint) || ring.len() == 0 {
        return found;
    }
    let mut repeated = ring.segments().filter(|[a, b]| a == b).map(|[a, _]| a);
    let first_repeated = repeated.next();
    let repeats = repeated.count() + usize::from(first_repeated.is_some());
    if ring.len() - repeats < if surface { 4 } else { 2 } {
        found.push((FaultKind::TooShort, Some(ring.point(0))));
        return found;
    }
    found.extend(first_repeated.map(|at| (FaultKind::RepeatedPoint, Some(at))));
    if surface {
        let crossed = self_intersection(ring);
        found.extend(crossed.map(|at| (FaultKind::SelfIntersection, Some(at))));
        if crossed.is_none() && is_wound_wrongly(index, ring) {
            found.push((FaultKind::Winding, None));
        }
    }
    found
}

/// Exteriors go counter-clockwise, holes clockwise.
fn is_wound_wrongly(index: usize, ring: Ring<'_>) -> bool {
    let area = signed_area(ring);
    if index == 0 { area < 0.0 } else { area > 0.0 }
}

/// Whether holes are within the exterior and apart from each other; the rings themselves are simple.
fn holes_are_sound(part: &Part<'_>, mut note: impl FnMut(usize, FaultKind)) -> bool {
    let rings: Vec<Polygon> = part
        .rings()
        .map(|ring| Polygon::new(line(ring), Vec::new()))
        .filter(|p| !p.exterior().0.is_empty())
        .collect();
    let Some((exterior, holes)) = rings.split_first().filter(|(_, holes)| !holes.is_empty()) else {
        return true;
    };
    let around: Vec<Bounds> = part.rings().skip(1).map(|ring| Bounds::around(ring.x, ring.y)).collect();
    let exterior = PreparedGeometry::from(exterior);
    let mut sound = true;
    for (k, hole) in holes.iter().enumerate() {
        let relation = exterior.relate(hole);
        let kind = if !relation.is_contains() {
            Some(FaultKind::HoleOutside)
        } else if relation.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional
            || (0..k)
                .any(|other| around[k].meets(&around[other]) && share_more_than_points(hole, &holes[other]))
        {
            Some(FaultKind::RingsOverlap)
        } else {
            None
        };
        if let Some(kind) = kind {
            sound = false;
            note(k + 1, kind);
        }
    }
    sound
}

fn share_more_than_points(a: &Polygon, b: &Polygon) -> bool {
    let relation = a.relate(b);
    relation.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional
        || relation.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional
}

fn line(ring: Ring<'_>) -> LineString {
    ring.points().collect()
}

fn polygon(part: &Part<'_>) -> Polygon {
    let mut rings = part.rings().map(line);
    Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
}

fn bounds(part: &Part<'_>) -> Bounds {
    part.rings().fold(Bounds::EMPTY, |bounds, ring| bounds.union(Bounds::around(ring.x, ring.y)))
}

/// Something that [`repair`] mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Row, from 0.
    pub row: usize,
    /// Part of the geometry, from 0.
    pub part: usize,
    /// Ring of the polygon (0 the exterior) or line of the part.
    pub ring: usize,
    /// What was done.
    pub kind: RepairKind,
}

/// What [`repair`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepairKind {
    /// Points that repeated the one before them were removed.
    RepeatedPoints {
        /// How many.
        removed: usize,
    },
    /// The ring was turned round.
    Rewound,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repair { row, part, ring, kind } = self;
        write!(f, "row {row}, part {part}, ring {ring}: ")?;
        match kind {
            RepairKind::RepeatedPoints { removed } => write!(f, "{removed} repeated points removed"),
            RepairKind::Rewound => f.write_str("turned round"),
        }
    }
}

/// Mends what has one right answer, and lists what was mended: repeated points are removed, exteriors wound
/// counter-clockwise and holes clockwise. The ground covered stays the same.
///
/// All else is left as it is, for [`faults`] to name: which side of a ring that crosses itself is inside is the
/// publisher's to say. A ring that would be too short without its repeated points keeps them.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::Polygon;
/// use datagora_geo::{GeometryColumn, RepairKind, faults, repair};
///
/// let clockwise = vec![(0., 0.), (0., 5.), (5., 5.), (5., 0.)];
/// let column = GeometryColumn::new([Polygon::new(clockwise.into(), vec![]).into()], Crs::CC46);
/// let (mended, repairs) = repair(&column);
/// assert_eq!(repairs[0].kind, RepairKind::Rewound);
/// assert!(faults(&mended).is_empty());
/// ```
pub fn repair(column: &GeometryColumn) -> (GeometryColumn, Vec<Repair>) {
    if column.as_points().is_some() {
        return (column.clone(), Vec::new());
    }
    let mut repairs = Vec::new();
    let mut builder = ShapesBuilder::new();
    for row in 0..column.len() {
        for (part, shape) in column.parts(row).enumerate() {
            for (index, ring) in shape.rings().enumerate() {
                let mut points: Vec<Coord> = ring.points().collect();
                let mut note = |kind| repairs.push(Repair { row, part, ring: index, kind });
                if !matches!(shape.kind, PartKind::Point | PartKind::MultiPoint) {
                    let least = if shape.kind == PartKind::Polygon { 4 } else { 2 };
                    let mut distinct = points.clone();
                    distinct.dedup();
                    let removed = points.len() - distinct.len();
                    if removed > 0 && distinct.len() >= least {
                        points = distinct;
                        note(RepairKind::RepeatedPoints { removed });
                    }
                }
                if shape.kind == PartKind::Polygon
                    && is_wound_wrongly(index, ring)
                    && self_intersection(ring).is_none()
                {
                    points.reverse();
                    note(RepairKind::Rewound);
                }
                builder.ring(points.into_iter());
            }
            builder.end_part(shape.kind);
        }
        builder.end_row(column.kind(row));
    }
    (GeometryColumn::from_builder(builder, column.crs().clone()), repairs)
}
