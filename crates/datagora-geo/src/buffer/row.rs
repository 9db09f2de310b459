//! The buffer of one geometry.
use std::ops::ControlFlow;

use geo::bool_ops::FillRule;
use geo::kernels::Orientation;

use super::arc::Arcs;
use super::beside::Beside;
use super::options::{BufferCap, BufferOptions};
use crate::geometry::{Part, PartKind};
use crate::overlay::{
    Meeting, Outline, Surface, bounds_of_all, cover, cover_by_parts, is_ground, meeting, sense, zeroed,
};
use crate::types::Coord;

/// Makes buffers of one look.
#[derive(Clone, Debug)]
pub(super) struct Buffers {
    options: BufferOptions,
    arcs: Arcs,
}

impl Buffers {
    pub(super) fn new(options: &BufferOptions) -> Self {
        Buffers { options: *options, arcs: Arcs::new(options) }
    }

    /// The ground within a distance of a geometry given by its parts; `None` if there can be none: of points and lines
    /// within a distance that is not positive.
    pub(super) fn around<'a>(
        &self,
        parts: impl Iterator<Item = Part<'a>>,
        distance: f64,
    ) -> Option<Vec<Surface>> {
        let (areas, others): (Vec<Part<'_>>, Vec<Part<'_>>) =
            parts.partition(|part| part.kind == PartKind::Polygon);
        if distance <= 0.0 {
            let other = areas.is_empty() && !others.is_empty();
            return (!other).then(|| self.within(&areas, -distance));
        }
        let beside = Beside { distance, options: &self.options, arcs: &self.arcs };
        let ground = Ground::of(&areas);
        let mut curves = Vec::new();
        for (exterior, holes) in ground.0.iter().filter_map(|surface| surface.split_first()) {
            curves.push(beside.ring(exterior));
            // Of a hole that is not wider, no point is left.
            let stays = holes.iter().filter(|hole| is_wider(hole, 2.0 * distance));
            curves.extend(stays.map(|hole| beside.ring(hole)));
        }
        // Surfaces without ground are lines.
        let collapsed = areas.iter().filter(|_| ground.0.is_empty());
        for part in others.iter().chain(collapsed) {
            for run in part.rings() {
                let points = run.points().map(zeroed);
                if matches!(part.kind, PartKind::Point | PartKind::MultiPoint) {
                    curves.extend(points.filter_map(|at| self.point(at, distance)));
                } else {
                    curves.extend(self.line(&beside, points.collect()));
                }
            }
        }
        Some(covered(curves, FillRule::Positive))
    }

    /// What is left of surfaces at least a distance, maybe 0, from their outline.
    fn within(&self, areas: &[Part<'_>], distance: f64) -> Vec<Surface> {
        if distance == 0.0 {
            // A ring may touch itself and yet go round sound ground: here it is what comes out.
            return Ground::made_anew(areas).0;
        }
        let ground = Ground::of(areas);
        let beside = Beside { distance, options: &self.options, arcs: &self.arcs };
        let mut curves = Vec::new();
        for surface in ground.0.iter().filter(|surface| is_wider(&surface[0], 2.0 * distance)) {
            // Turned round, so that what is to go lies on the right.
            curves.extend(
                surface.iter().map(|ring| beside.ring(&ring.iter().rev().copied().collect::<Vec<_>>())),
            );
        }
        covered(curves, FillRule::Negative)
    }

    fn point(&self, at: Coord, distance: f64) -> Option<Vec<Coord>> {
        match self.options.cap {
            BufferCap::Round => Some(self.arcs.disc(at, distance).collect()),
            BufferCap::Flat => None,
            BufferCap::Square => {
                let corner = |x: f64, y: f64| at + Coord { x: x * distance, y: y * distance };
                Some(vec![corner(-1., -1.), corner(1., -1.), corner(1., 1.), corner(-1., 1.)])
            }
        }
    }

    fn line(&self, beside: &Beside<'_>, mut points: Vec<Coord>) -> Vec<Vec<Coord>> {
        points.dedup();
        match points[..] {
            [] => Vec::new(),
            [at] => self.point(at, beside.distance).into_iter().collect(),
            _ => beside.line(&points),
        }
    }
}

/// Surfaces that do not overlap, wound so that they are on the left.
struct Ground(Vec<Surface>);

impl Ground {
    /// What surfaces cover together, whatever their rings do.
    fn of(areas: &[Part<'_>]) -> Self {
        if areas.is_empty() {
            return Ground(Vec::new());
        }
        let outline = Outline::of(areas.iter().cloned());
        if is_ground(&outline) {
            let rings = outline.rings().map(|ring| outline.points(ring).to_vec());
            return Ground(by_exterior(rings));
        }
        Self::made_anew(areas)
    }

    /// The same, with rings of its own: none touches itself.
    fn made_anew(areas: &[Part<'_>]) -> Self {
        let rings = |part: &Part<'_>| part.rings().map(|ring| ring.points().collect()).collect();
        Ground(cover_by_parts(areas.iter().map(rings).collect()).surfaces)
    }
}

/// Each exterior with the holes that follow it.
fn by_exterior(rings: impl Iterator<Item = Vec<Coord>>) -> Vec<Surface> {
    let mut surfaces: Vec<Surface> = Vec::new();
    for ring in rings {
        match surfaces.last_mut().filter(|_| sense(&ring) == Orientation::Clockwise) {
            Some(surface) => surface.push(ring),
            None => surfaces.push(vec![ring]),
        }
    }
    surfaces
}

fn is_wider(ring: &[Coord], width: f64) -> bool {
    let around = bounds_of_all(ring);
    around.max_x - around.min_x > width && around.max_y - around.min_y > width
}

/// The ground that curves go round.
fn covered(curves: Vec<Vec<Coord>>, rule: FillRule) -> Vec<Surface> {
    match &curves[..] {
        [] => Vec::new(),
        [curve] if is_simple(curve) => {
            let [mut curve] = <[Vec<Coord>; 1]>::try_from(curves).unwrap_or_default();
            let ground = match rule {
                FillRule::Negative => Orientation::Clockwise,
                _ => Orientation::CounterClockwise,
            };
            let wound = sense(&curve) == ground;
            if rule == FillRule::Negative {
                curve.reverse();
            }
            if wound { vec![vec![curve]] } else { Vec::new() }
        }
        _ => cover(curves, rule),
    }
}

/// Whether a ring meets itself in the ends of edges that follow each other only.
fn is_simple(ring: &[Coord]) -> bool {
    let outline = Outline::of_rings(&[ring.to_vec()]);
    if outline.len() != ring.len() {
        return false;
    }
    let meets = outline.own_pairs(&mut |edge, other| {
        let (ends, others) = (outline.edge(edge), outline.edge(other));
        let follow = outline.next(edge) == other || outline.next(other) == edge;
        match meeting(ends, others) {
            Meeting::None => ControlFlow::Continue(()),
            Meeting::End(at) if follow && ends.contains(&at) && others.contains(&at) => {
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Break(()),
        }
    });
    meets.is_continue()
}
