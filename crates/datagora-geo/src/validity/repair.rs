//! Geometries made sound, and what was done to them.
use std::fmt;

use geo::bool_ops::FillRule;

use super::{Fault, FaultKind, faults, is_wound_wrongly, mean_width};
use crate::geometry::{Bounds, Part, PartKind, ShapesBuilder};
use crate::measure::signed_area;
use crate::overlay::{Ground, Surface, cover, cover_by_parts, push_parts, push_surfaces, ring_area};
use crate::types::Coord;
use crate::{GeometryColumn, GeometryKind};

/// Something that [`repair`] did to a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repair {
    /// Row, from 0.
    pub row: usize,
    /// Part of the geometry as it was, from 0.
    pub part: usize,
    /// Ring of the polygon (0 the exterior) or line of the part.
    pub ring: usize,
    /// What was done.
    pub kind: RepairKind,
    /// Where the reason lies, as far as it is at one place.
    pub at: Option<Coord>,
    /// Planar area of the row as it was, in the square of the CRS's unit; 0 if a coordinate is not finite.
    pub area_before: f64,
    /// Planar area of the row as it is.
    pub area_after: f64,
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
    /// The surfaces of the row were made anew from their rings, for this reason.
    Rebuilt(FaultKind),
    /// A ring was removed from the row, which has others: a line of too few points, or by [`AreaRule::Union`] a hole that
    /// has no ground in common with its exterior ([`FaultKind::HoleOutside`]) and so takes nothing away.
    Removed(FaultKind),
    /// Nothing of the row is left: it is empty, not missing.
    Emptied(FaultKind),
    /// A polygon narrower than [`RepairOptions::sliver_width`] was removed.
    SliverRemoved,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repair { row, part, ring, kind, .. } = self;
        write!(f, "row {row}, part {part}, ring {ring}: ")?;
        match kind {
            RepairKind::RepeatedPoints { removed } => write!(f, "{removed} repeated points removed"),
            RepairKind::Rewound => f.write_str("turned round"),
            RepairKind::Rebuilt(fault) => write!(f, "rebuilt, since {fault}"),
            RepairKind::Removed(fault) => write!(f, "removed, since {fault}"),
            RepairKind::Emptied(fault) => write!(f, "emptied, since {fault}"),
            RepairKind::SliverRemoved => f.write_str("removed as a sliver"),
        }
    }
}

/// What is inside rings that cross each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AreaRule {
    /// What is gone round an odd number of times by the rings of the row. Both halves of a bow tie stay, a hole outside
    /// becomes ground, ground covered twice becomes a hole. The `linework` method of GEOS, but that GEOS counts an edge
    /// which is there twice once.
    #[default]
    EvenOdd,
    /// What an exterior goes round at all, without what its holes go round; the polygons of a row are united. Ground
    /// covered twice is covered once. A hole wholly outside its exterior takes nothing away: it is removed, and listed as
    /// [`RepairKind::Removed`]; choose `EvenOdd` where such a ring was meant as ground. The `structure` method of GEOS, but
    /// that GEOS makes ground of a hole wholly outside.
    Union,
}

/// How [`repair_with`] mends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct RepairOptions {
    /// What is inside rings that cross each other.
    pub rule: AreaRule,
    /// Mean width (twice the area by the perimeter) below which a polygon is removed, in the unit of the CRS; `None`
    /// keeps all.
    pub sliver_width: Option<f64>,
}

impl RepairOptions {
    /// Another rule.
    #[must_use]
    pub fn with_rule(mut self, rule: AreaRule) -> Self {
        self.rule = rule;
        self
    }

    /// Removes narrow polygons.
    #[must_use]
    pub fn with_sliver_width(mut self, width: f64) -> Self {
        self.sliver_width = Some(width);
        self
    }
}

/// Makes the geometries of a column valid by OGC Simple Features, and lists what was done: [`repair_with`] and its
/// default options.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::Polygon;
/// use datagora_geo::{FaultKind, GeometryColumn, RepairKind, faults, repair};
///
/// let bow_tie = vec![(0., 0.), (4., 4.), (4., 0.), (0., 4.)];
/// let column = GeometryColumn::new([Polygon::new(bow_tie.into(), vec![]).into()], Crs::CC46);
/// let (mended, repairs) = repair(&column);
/// assert_eq!(repairs[0].kind, RepairKind::Rebuilt(FaultKind::SelfIntersection));
/// assert_eq!(repairs[0].area_after, 8.0);
/// assert!(faults(&mended).is_empty());
/// ```
pub fn repair(column: &GeometryColumn) -> (GeometryColumn, Vec<Repair>) {
    repair_with(column, &RepairOptions::default())
}

/// Makes the geometries of a column valid by OGC Simple Features, and lists what was done to which row.
///
/// - Repeated points are removed, exteriors wound counter-clockwise and holes clockwise: the ground stays the same.
/// - The surfaces of a row with an invalid ring, hole or overlap are made anew from its rings, by the rule asked for.
///   Vertices keep their coordinates; where edges cross a point is added, rounded to the nearest numbers.
/// - A row with a coordinate that is not finite, or of which nothing is left, becomes empty.
///
/// The rows stay as many as they were, and a missing row stays missing. The repaired column has no [`faults`], and
/// repairing it again does nothing.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{MultiPolygon, Rect, coord};
/// use datagora_geo::{AreaRule, GeometryColumn, RepairOptions, repair_with};
///
/// let square = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 4., y: 4. }).to_polygon();
/// let twice = MultiPolygon(vec![square(0.), square(2.)]);
/// let column = GeometryColumn::new([twice.into()], Crs::CC46);
/// let (_, repairs) = repair_with(&column, &RepairOptions::default().with_rule(AreaRule::Union));
/// assert_eq!((repairs[0].area_before, repairs[0].area_after), (32.0, 24.0));
/// ```
///
/// # References
///
/// OGC 06-103r4 (2011). Simple Feature Access, part 1, 6.1.11. GEOS manual, `MakeValid`.
pub fn repair_with(column: &GeometryColumn, options: &RepairOptions) -> (GeometryColumn, Vec<Repair>) {
    let all = faults(column);
    if all.is_empty() && options.sliver_width.is_none() {
        return (column.clone(), Vec::new());
    }
    let mut all = &all[..];
    let mut repairs = Vec::new();
    let mut builder = ShapesBuilder::new();
    for row in 0..column.len() {
        let (of_row, rest) = all.split_at(all.partition_point(|fault| fault.row <= row));
        all = rest;
        let mended = Mended::of(column, row, of_row, options);
        if mended.done.is_empty() {
            builder.copy(column.kind(row), column.parts(row));
            continue;
        }
        let (area_before, area_after) = (area_of(column, row), mended.area());
        let repair = |done: &Done| Repair {
            row,
            part: done.part,
            ring: done.ring,
            kind: done.kind,
            at: done.at,
            area_before,
            area_after,
        };
        repairs.extend(mended.done.iter().map(repair));
        mended.push(column.kind(row), &mut builder);
    }
    (GeometryColumn::from_builder(builder, column.crs().clone()), repairs)
}

struct Done {
    part: usize,
    ring: usize,
    kind: RepairKind,
    at: Option<Coord>,
}

/// A row under repair.
#[derive(Default)]
struct Mended {
    /// Surfaces, rings without the point that closes them.
    surfaces: Vec<Surface>,
    /// Everything else.
    others: Vec<(PartKind, Vec<Vec<Coord>>)>,
    done: Vec<Done>,
}

impl Mended {
    fn of(column: &GeometryColumn, row: usize, faults: &[Fault], options: &RepairOptions) -> Self {
        let mut mended = Mended::default();
        let done = |fault: &Fault, kind| Done { part: fault.part, ring: fault.ring, kind, at: fault.at };
        if let Some(fault) = faults.iter().find(|fault| fault.kind == FaultKind::NotFinite) {
            mended.done.push(done(fault, RepairKind::Emptied(fault.kind)));
            return mended;
        }
        let parts: Vec<Part<'_>> = column.parts(row).collect();
        let unsound = |fault: &&Fault| fault.kind.is_invalid() && parts[fault.part].kind == PartKind::Polygon;
        let rebuilt = faults.iter().any(|fault| unsound(&fault));
        for (index, part) in parts.iter().enumerate() {
            match part.kind {
                PartKind::Polygon if rebuilt => {}
                PartKind::Polygon => mended.tidy_surface(index, part, options),
                _ => mended.tidy(index, part, faults),
            }
        }
        if rebuilt {
            let Ground { surfaces, idle } = rebuild(&parts, options.rule);
            mended.done.extend(faults.iter().filter(unsound).map(|fault| {
                let removed =
                    fault.kind == FaultKind::HoleOutside && idle.contains(&(fault.part, fault.ring));
                let kind = if removed { RepairKind::Removed } else { RepairKind::Rebuilt };
                done(fault, kind(fault.kind))
            }));
            // Those of a part whose exterior is at fault are not among the faults.
            let listed = |&&(part, ring): &&(usize, usize)| {
                faults.iter().any(|fault| {
                    (fault.part, fault.ring) == (part, ring) && fault.kind == FaultKind::HoleOutside
                })
            };
            for &(part, ring) in idle.iter().filter(|hole| !listed(hole)) {
                let at = parts[part].rings().nth(ring).and_then(|ring| ring.points().next());
                mended.done.push(Done { part, ring, kind: RepairKind::Removed(FaultKind::HoleOutside), at });
            }
            mended.keep_wide(surfaces, &parts, options);
        }
        if mended.surfaces.is_empty() && mended.others.iter().all(|(_, rings)| rings.is_empty()) {
            for done in &mut mended.done {
                if let RepairKind::Rebuilt(fault) | RepairKind::Removed(fault) = done.kind {
                    done.kind = RepairKind::Emptied(fault);
                }
            }
        }
        mended
    }

    /// Surfaces made anew, if they are wide enough.
    fn keep_wide(&mut self, surfaces: Vec<Surface>, parts: &[Part<'_>], options: &RepairOptions) {
        for surface in surfaces {
            if options.sliver_width.is_none_or(|width| surface_width(&surface) >= width) {
                self.surfaces.push(surface);
                continue;
            }
            let at = surface[0][0];
            let around = |part: &Part<'_>| {
                part.kind == PartKind::Polygon
                    && part
                        .rings()
                        .any(|ring| Bounds::around(ring.x, ring.y).holds(&Bounds::around(&[at.x], &[at.y])))
            };
            let part = parts.iter().position(around).unwrap_or(0);
            self.done.push(Done { part, ring: 0, kind: RepairKind::SliverRemoved, at: Some(at) });
        }
    }

    /// A sound surface: without repeated points, wound as it should be, if it is wide enough.
    fn tidy_surface(&mut self, part: usize, shape: &Part<'_>, options: &RepairOptions) {
        if options.sliver_width.is_some_and(|width| mean_width(shape) < width) {
            let at = shape.rings().find_map(|ring| ring.points().next());
            self.done.push(Done { part, ring: 0, kind: RepairKind::SliverRemoved, at });
            return;
        }
        let mut surface = Surface::new();
        for (index, ring) in shape.rings().enumerate().filter(|(_, ring)| ring.len() > 0) {
            let mut points = self.distinct(part, index, ring.points().collect());
            if is_wound_wrongly(index, ring) {
                points.reverse();
                self.done.push(Done { part, ring: index, kind: RepairKind::Rewound, at: None });
            }
            points.pop();
            surface.push(points);
        }
        if !surface.is_empty() {
            self.surfaces.push(surface);
        }
    }

    /// Points or lines: without repeated points and lines that are too short.
    fn tidy(&mut self, part: usize, shape: &Part<'_>, faults: &[Fault]) {
        let is_line = matches!(shape.kind, PartKind::LineString | PartKind::MultiLineString);
        let mut rings = Vec::new();
        for (index, ring) in shape.rings().enumerate() {
            let short =
                |fault: &&Fault| (fault.part, fault.ring, fault.kind) == (part, index, FaultKind::TooShort);
            let points: Vec<Coord> = ring.points().collect();
            if let Some(fault) = faults.iter().find(short) {
                let kind = RepairKind::Removed(fault.kind);
                self.done.push(Done { part, ring: index, kind, at: fault.at });
            } else {
                rings.push(if is_line { self.distinct(part, index, points) } else { points });
            }
        }
        if !rings.is_empty() {
            self.others.push((shape.kind, rings));
        }
    }

    fn distinct(&mut self, part: usize, ring: usize, mut points: Vec<Coord>) -> Vec<Coord> {
        let at = points.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        let before = points.len();
        points.dedup();
        let removed = before - points.len();
        if removed > 0 {
            self.done.push(Done { part, ring, kind: RepairKind::RepeatedPoints { removed }, at });
        }
        points
    }

    fn area(&self) -> f64 {
        self.surfaces.iter().flatten().map(|ring| ring_area(ring)).sum()
    }

    fn push(self, kind: Option<GeometryKind>, builder: &mut ShapesBuilder) {
        let (only_surfaces, collection) =
            (self.others.is_empty(), kind == Some(GeometryKind::GeometryCollection));
        for (kind, lines) in self.others {
            lines.into_iter().for_each(|line| builder.ring(line.into_iter()));
            builder.end_part(kind);
        }
        if collection {
            push_parts(builder, &self.surfaces);
            builder.end_row(kind);
        } else if !only_surfaces {
            builder.end_row(kind);
        } else {
            match kind {
                Some(GeometryKind::Point | GeometryKind::MultiPoint) => {
                    builder.end_part(PartKind::MultiPoint);
                    builder.end_row(Some(GeometryKind::MultiPoint));
                }
                Some(GeometryKind::LineString | GeometryKind::MultiLineString) => {
                    builder.end_part(PartKind::MultiLineString);
                    builder.end_row(Some(GeometryKind::MultiLineString));
                }
                Some(GeometryKind::MultiPolygon) => {
                    push_parts(builder, &self.surfaces);
                    builder.end_row(kind);
                }
                _ => push_surfaces(builder, &self.surfaces),
            }
        }
    }
}

/// How often a rebuilt row whose rounded points still meet is built again.
const ROUNDS: usize = 4;

fn rebuild(parts: &[Part<'_>], rule: AreaRule) -> Ground {
    let rings =
        |part: &Part<'_>| part.rings().map(|ring| ring.points().collect()).collect::<Vec<Vec<Coord>>>();
    let is_surface = |part: &&Part<'_>| part.kind == PartKind::Polygon;
    let mut ground = match rule {
        AreaRule::EvenOdd => {
            let all = parts.iter().filter(is_surface).flat_map(rings).collect();
            Ground { surfaces: cover(all, FillRule::EvenOdd), idle: Vec::new() }
        }
        // Parts that are no surfaces keep their place, without rings.
        AreaRule::Union => cover_by_parts(
            parts.iter().map(|part| if is_surface(&part) { rings(part) } else { Vec::new() }).collect(),
        ),
    };
    for _ in 0..ROUNDS {
        let mut builder = ShapesBuilder::new();
        push_surfaces(&mut builder, &ground.surfaces);
        let column = GeometryColumn::from_builder(builder, datagora_core::Crs::WGS84);
        if faults(&column).is_empty() {
            break;
        }
        ground.surfaces = cover(ground.surfaces.into_iter().flatten().collect(), FillRule::EvenOdd);
    }
    ground
}

fn surface_width(surface: &Surface) -> f64 {
    let area: f64 = surface.iter().map(|ring| ring_area(ring)).sum();
    let step = |ring: &Vec<Coord>| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| (b.x - a.x).hypot(b.y - a.y)).sum::<f64>()
    };
    2.0 * area / surface.iter().map(step).sum::<f64>()
}

/// As `area` has it: exteriors without holes; 0 if a coordinate is not finite.
fn area_of(column: &GeometryColumn, row: usize) -> f64 {
    let surfaces = column.parts(row).filter(|part| part.kind == PartKind::Polygon);
    let of_part = |part: Part<'_>| {
        let rings = part.rings().enumerate();
        rings.map(|(k, ring)| signed_area(ring).abs() * if k == 0 { 1.0 } else { -1.0 }).sum::<f64>()
    };
    let area: f64 = surfaces.map(of_part).sum();
    if area.is_finite() { area } else { 0.0 }
}
