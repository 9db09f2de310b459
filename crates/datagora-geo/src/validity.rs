//! Geometries that are not what they should be, and what can be mended without guessing.
mod crossing;
mod interior;
mod repair;
mod sweep;
#[cfg(test)]
mod tests;

use std::fmt;

use self::crossing::Crossings;
pub use self::repair::{AreaRule, Repair, RepairKind, RepairOptions, repair, repair_with};
use crate::cores::each_run;
use crate::geometry::{Part, PartKind, Ring};
use crate::measure::signed_area;
use crate::overlay::{LARGEST, Outline, Relation, relate};
use crate::types::Coord;
use crate::{GeometryColumn, GeometryKind, PackedIndex};

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
    /// An edge that runs back along the one before it.
    Spike,
    /// A hole that is not within its exterior.
    HoleOutside,
    /// Two rings of a polygon that overlap, a hole within a hole among them, or share more than points.
    RingsOverlap,
    /// An interior in two pieces, as the rings touch each other in a circle: a hole its exterior, or another hole, at two
    /// points, or several one after the other.
    DisconnectedInterior,
    /// Two polygons of a multi-polygon that overlap, one within another among them, or share more than points.
    PartsOverlap,
    /// A polygon narrower than a threshold; valid, found by [`slivers`] only.
    Sliver,
}

impl FaultKind {
    /// Whether OGC Simple Features calls the geometry invalid; otherwise it is merely untidy.
    pub fn is_invalid(self) -> bool {
        !matches!(self, FaultKind::RepeatedPoint | FaultKind::Winding | FaultKind::Sliver)
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
            FaultKind::Spike => "an edge runs back along the one before it",
            FaultKind::Sliver => "a polygon is narrower than the threshold",
            FaultKind::HoleOutside => "the hole is not within the exterior",
            FaultKind::RingsOverlap => "two rings of the polygon overlap",
            FaultKind::DisconnectedInterior => "the interior is cut in two where rings touch",
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

/// All that is wrong with the geometries of a column: of each ring the first fault of a kind, and for rings that are
/// sound by themselves, whether holes and parts are where they may be.
///
/// A ring that does not end where it begins is not among the faults: a column closes rings when they enter.
///
/// Edges are looked up by rectangle; where too many rectangles meet, as those of a ring that zigzags, a line is swept over
/// the ring. Time grows with the vertices times their logarithm at most, whatever the ring.
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
    let pieces = each_run(column.len(), ROWS, |rows| {
        let (mut found, mut crossings) = (Vec::new(), Crossings::default());
        for row in rows {
            row_faults(column, row, &mut crossings, &mut found);
        }
        found
    });
    pieces.into_iter().flatten().collect()
}

/// Rows handled at a time.
const ROWS: usize = 128;

fn row_faults(column: &GeometryColumn, row: usize, crossings: &mut Crossings, found: &mut Vec<Fault>) {
    let mut note = |part, ring, kind, at| found.push(Fault { row, part, ring, kind, at });
    let usable = |values: &[f64]| values.iter().all(|v| v.abs() <= LARGEST);
    let not_finite = |ring: Ring<'_>| {
        let bad = |c: &Coord| !usable(&[c.x, c.y]);
        if usable(ring.x) && usable(ring.y) { None } else { ring.points().find(bad) }
    };
    let bad = column.parts(row).enumerate().find_map(|(part, shape)| {
        let mut rings = shape.rings().enumerate();
        rings.find_map(|(index, ring)| Some((part, index, not_finite(ring)?)))
    });
    if let Some((part, ring, at)) = bad {
        note(part, ring, FaultKind::NotFinite, Some(at));
        return;
    }
    let several = column.kind(row) == Some(GeometryKind::MultiPolygon);
    let mut sound = Vec::new();
    for (part, shape) in column.parts(row).enumerate() {
        let mut whole = shape.kind == PartKind::Polygon;
        for (index, ring) in shape.rings().enumerate() {
            for (kind, at) in ring_faults(&shape, index, ring, crossings) {
                whole &= !kind.is_invalid();
                note(part, index, kind, at);
            }
        }
        if whole && holes_are_sound(&shape, |ring, kind, at| note(part, ring, kind, Some(at))) && several {
            sound.push((part, shape));
        }
    }
    if sound.len() > 1 {
        let outlines: Vec<Outline> =
            sound.iter().map(|(_, shape)| Outline::of(std::iter::once(shape.clone()))).collect();
        for (_, later, _) in relations(&outlines).iter().filter(|pair| shares_more_than_points(&pair.2)) {
            let (part, shape) = &sound[*later];
            let at = shape.rings().find_map(|ring| ring.points().next());
            note(*part, 0, FaultKind::PartsOverlap, at);
        }
    }
}

/// Pairs of surfaces whose rectangles meet, the earlier first, in the order of the earlier, and how they lie to each other:
/// whether they share more than points, and if they do not, whether points.
fn relations(surfaces: &[Outline]) -> Vec<(usize, usize, Relation)> {
    let index = PackedIndex::of_bounds(surfaces.iter().map(Outline::bounds));
    let mut found = Vec::new();
    for (k, surface) in surfaces.iter().enumerate() {
        let start = found.len();
        index.visit(&surface.bounds(), |other| {
            let other = other as usize;
            if other > k {
                let relation = relate(surface, &surfaces[other], shares_more_than_points);
                found.push((k, other, relation));
            }
        });
        found[start..].sort_unstable_by_key(|(_, other, _)| *other);
    }
    found
}

fn shares_more_than_points(known: &Relation) -> bool {
    known.ground || known.along
}

/// The polygons whose mean width, twice the area by the perimeter, is below a threshold in the unit of the CRS: what is
/// left where two digitised borders nearly coincide. They are valid; `repair_with` removes them when asked.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{FaultKind, GeometryColumn, slivers};
///
/// let rect = |width: f64| Rect::new(coord! { x: 0., y: 0. }, coord! { x: width, y: 50. }).into();
/// let found = slivers(&GeometryColumn::new([rect(30.), rect(0.02)], Crs::CC46), 0.05);
/// assert_eq!((found.len(), found[0].row, found[0].kind), (1, 1, FaultKind::Sliver));
/// ```
pub fn slivers(column: &GeometryColumn, width: f64) -> Vec<Fault> {
    let rows = (0..column.len()).flat_map(|row| column.parts(row).enumerate().map(move |part| (row, part)));
    let narrow = rows.filter(|(_, (_, shape))| shape.kind == PartKind::Polygon && mean_width(shape) < width);
    let at = |shape: &Part<'_>| shape.rings().find_map(|ring| ring.points().next());
    narrow
        .map(|(row, (part, shape))| Fault { row, part, ring: 0, kind: FaultKind::Sliver, at: at(&shape) })
        .collect()
}

/// Twice the area by the perimeter of all rings.
fn mean_width(part: &Part<'_>) -> f64 {
    let rings = part.rings().enumerate();
    let area: f64 = rings.map(|(k, ring)| signed_area(ring).abs() * if k == 0 { 1.0 } else { -1.0 }).sum();
    let steps = part.rings().flat_map(|ring| ring.segments());
    2.0 * area / steps.map(|[a, b]| (b.x - a.x).hypot(b.y - a.y)).sum::<f64>()
}

/// What is wrong with a ring or line by itself.
fn ring_faults(
    part: &Part<'_>,
    index: usize,
    ring: Ring<'_>,
    crossings: &mut Crossings,
) -> Vec<(FaultKind, Option<Coord>)> {
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
        let crossed = crossings.find(ring);
        found.extend(crossed.map(|(kind, at)| (kind, Some(at))));
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

/// Whether holes are within the exterior and apart from each other, and whether they leave its interior in one piece; the
/// rings themselves are simple. False if rings overlap.
fn holes_are_sound(part: &Part<'_>, mut note: impl FnMut(usize, FaultKind, Coord)) -> bool {
    let mut rings = part.rings();
    let Some(exterior) = rings.next().filter(|exterior| exterior.len() > 0 && part.rings().nth(1).is_some())
    else {
        return true;
    };
    let exterior = Outline::around(exterior);
    let holes: Vec<Outline> = rings.map(Outline::around).collect();
    let mut overlaps = vec![false; holes.len()];
    let mut touching = Vec::new();
    for (earlier, later, relation) in relations(&holes) {
        overlaps[later] |= shares_more_than_points(&relation);
        touching.extend(relation.touch.then_some((earlier + 1, later + 1)));
    }
    let mut sound = true;
    for (k, hole) in holes.iter().enumerate().filter(|(_, hole)| hole.len() > 0) {
        let relation = relate(&exterior, hole, |known| known.right_beyond);
        touching.extend(relation.touch.then_some((0, k + 1)));
        let kind = if relation.right_beyond {
            Some(FaultKind::HoleOutside)
        } else if relation.along || overlaps[k] {
            Some(FaultKind::RingsOverlap)
        } else {
            None
        };
        if let Some(kind) = kind {
            sound = false;
            note(k + 1, kind, hole.edge(0)[0]);
        }
    }
    if sound {
        let rings: Vec<&Outline> = std::iter::once(&exterior).chain(&holes).collect();
        if let Some((ring, at)) = interior::cut(&rings, &touching) {
            note(ring, FaultKind::DisconnectedInterior, at);
        }
    }
    sound
}
