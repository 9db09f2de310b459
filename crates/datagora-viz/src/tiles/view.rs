//! The features of a layer as they are at one zoom.
use super::cluster::{Clusters, clustered};
use super::cores::{each, sort_stretches};
use super::layer::Thinning;
use super::mvt::Kind;
use super::prepared::{Prepared, rectangle};
use super::pyramid::{coarser_place, tile_id};
use super::shapes::{Run, Shape, Shapes, orient};
use super::zoom::Choice;

/// Features in units of the tiles of a zoom, and in which tiles they are.
pub(super) struct View {
    pub(super) zoom: u8,
    pub(super) shapes: Shapes,
    /// Rectangle of each feature.
    pub(super) bounds: Vec<([i32; 2], [i32; 2])>,
    /// Place of each feature among those to admit.
    pub(super) rank: Vec<u32>,
    /// Tiles and features in them, by tile.
    pub(super) pairs: Vec<(u64, u32)>,
    /// Attributes of clusters.
    pub(super) clusters: Option<Clusters>,
    /// Whether polygons are merged with their neighbours.
    pub(super) coalesces: bool,
    pub(super) gathered: u64,
    pub(super) vanished: u64,
    pub(super) merged: u64,
}

/// Shapes that are prepared at a time.
const RUN: usize = 16_384;

/// Rank of what lies off the map, which is never admitted.
const OFF: u32 = u32::MAX;

/// What becomes of a polygon that is too small to be seen.
const AS_IT_IS: u8 = 0;
const SQUARE: u8 = 1;
const GONE: u8 = 2;

impl View {
    /// The features of which these are to be drawn at most.
    pub(super) fn new(prepared: &Prepared<'_>, zoom: u8, choice: Choice) -> Self {
        let shift = prepared.shift(zoom);
        let below_highest = zoom < *prepared.layer.zooms.end();
        if let (Thinning::Cluster { cell }, true) = (prepared.layer.thinning, below_highest) {
            return Self::of_clusters(prepared, zoom, cell);
        }
        let fates = fates(prepared, shift, choice.smallest);
        let side = (choice.smallest.sqrt().round() as i32).max(1);
        let count = prepared.shapes.shapes.len();
        let parts = each(count.div_ceil(RUN), |part| {
            let mut part_of = Part::default();
            for shape in part * RUN..count.min((part + 1) * RUN) {
                if prepared.order.rank[shape] >= choice.admitted {
                    continue;
                }
                match fates.get(shape).copied().unwrap_or(AS_IT_IS) {
                    GONE => part_of.gathered += 1,
                    SQUARE => part_of.add_square(prepared, shape, shift, side),
                    _ => part_of.add(prepared, shape, shift, zoom),
                }
            }
            part_of
        });
        let mut view = Self::empty(zoom);
        view.coalesces = below_highest && prepared.layer.thinning == Thinning::Coalesce;
        for part in parts {
            view.append(part);
        }
        view.place(prepared);
        view
    }

    fn empty(zoom: u8) -> Self {
        Self {
            zoom,
            shapes: Shapes::default(),
            bounds: Vec::new(),
            rank: Vec::new(),
            pairs: Vec::new(),
            clusters: None,
            coalesces: false,
            gathered: 0,
            vanished: 0,
            merged: 0,
        }
    }

    fn of_clusters(prepared: &Prepared<'_>, zoom: u8, cell: u32) -> Self {
        let mut view = Self::empty(zoom);
        let (shapes, clusters, vanished) = clustered(prepared, zoom, cell);
        view.bounds = shapes.points.iter().map(|&point| (point, point)).collect();
        view.rank = (0..shapes.shapes.len() as u32).collect();
        view.merged = clusters.merged;
        view.vanished = vanished;
        view.shapes = shapes;
        view.clusters = Some(clusters);
        view.place(prepared);
        view
    }

    fn append(&mut self, part: Part) {
        let (points, runs) = (self.shapes.points.len() as u32, self.shapes.runs.len() as u32);
        self.shapes.points.extend_from_slice(&part.shapes.points);
        self.shapes.runs.extend(part.shapes.runs.iter().map(|run| Run { end: run.end + points, ..*run }));
        self.shapes
            .shapes
            .extend(part.shapes.shapes.iter().map(|shape| Shape { end: shape.end + runs, ..*shape }));
        self.bounds.extend_from_slice(&part.bounds);
        self.rank.extend_from_slice(&part.rank);
        self.gathered += part.gathered;
        self.vanished += part.vanished;
    }

    /// Finds the tiles of each feature.
    fn place(&mut self, prepared: &Prepared<'_>) {
        let zoom = self.zoom;
        let bits = prepared.extent_bits;
        let buffer = prepared.layer.buffer.min(1 << bits) as i32;
        let last = ((1u64 << zoom) - 1) as i32;
        let count = self.bounds.len();
        let bounds = &self.bounds;
        let parts = each(count.div_ceil(RUN), |part| {
            let mut pairs = Vec::with_capacity(RUN);
            // Many features in a row are in the same tile.
            let mut known = None;
            let range = part * RUN..count.min((part + 1) * RUN);
            for (feature, &(least, most)) in range.clone().zip(&bounds[range]) {
                let first = |at: i32| (at.saturating_sub(buffer) >> bits).max(0);
                let end = |at: i32| (at.saturating_add(buffer) >> bits).min(last);
                let (from, to) = ([first(least[0]), first(least[1])], [end(most[0]), end(most[1])]);
                for y in from[1]..=to[1] {
                    for x in from[0]..=to[0] {
                        let id = match known {
                            Some((tile, id)) if tile == [x, y] => id,
                            _ => tile_id(zoom, x as u32, y as u32),
                        };
                        known = Some(([x, y], id));
                        pairs.push((id, feature as u32));
                    }
                }
            }
            pairs
        });
        self.pairs = parts.concat();
        for (rank, &(least, most)) in self.rank.iter_mut().zip(&self.bounds) {
            let off = |axis: usize| most[axis] < -buffer || least[axis] - buffer >= (last + 1) << bits;
            if off(0) || off(1) {
                *rank = OFF;
                self.vanished += 1;
            }
        }
        // Features along one curve, tiles along another: stretches of equal tiles.
        sort_stretches(&mut self.pairs);
    }

    /// The features of a tile.
    pub(super) fn of_tile(&self, id: u64) -> &[(u64, u32)] {
        let start = self.pairs.partition_point(|pair| pair.0 < id);
        let end = start + self.pairs[start..].partition_point(|pair| pair.0 == id);
        &self.pairs[start..end]
    }
}

/// Polygons too small to be seen are gathered along the curve: where they have the area of a square together, one stands
/// for those before it. Empty if there is none.
fn fates(prepared: &Prepared<'_>, shift: u32, smallest: f64) -> Vec<u8> {
    let square = (2.0 * smallest * f64::from(1u32 << shift).powi(2)) as u64;
    let polygon = |shape: usize| prepared.shapes.shapes[shape].kind == Kind::Polygon;
    let small = |shape: usize| prepared.areas[shape] < square && polygon(shape);
    if square == 0 || !(0..prepared.areas.len()).any(small) {
        return Vec::new();
    }
    let mut fates = vec![AS_IT_IS; prepared.areas.len()];
    let mut gathered = 0;
    for (shape, fate) in fates.iter_mut().enumerate() {
        if small(shape) {
            gathered += prepared.areas[shape];
            *fate = if gathered >= square { SQUARE } else { GONE };
            gathered %= square;
        }
    }
    fates
}

/// Features of a run of shapes.
#[derive(Default)]
struct Part {
    shapes: Shapes,
    bounds: Vec<([i32; 2], [i32; 2])>,
    rank: Vec<u32>,
    gathered: u64,
    vanished: u64,
    pinned: Vec<bool>,
}

impl Part {
    fn end_run(&mut self, outer: bool) {
        self.shapes.runs.push(Run { end: self.shapes.points.len() as u32, outer });
    }

    fn end_shape(&mut self, prepared: &Prepared<'_>, shape: usize, first_point: usize) {
        let Shape { row, kind, .. } = prepared.shapes.shapes[shape];
        self.shapes.shapes.push(Shape { row, kind, end: self.shapes.runs.len() as u32 });
        self.bounds.push(rectangle(&self.shapes.points[first_point..]));
        self.rank.push(prepared.order.rank[shape]);
    }

    fn add_square(&mut self, prepared: &Prepared<'_>, shape: usize, shift: u32, side: i32) {
        let first = self.shapes.points.len();
        let [x, y] = coarser_place(prepared.places[shape], shift);
        let (x, y) = (x - side / 2, y - side / 2);
        self.shapes.points.extend([[x, y], [x + side, y], [x + side, y + side], [x, y + side]]);
        self.end_run(true);
        self.end_shape(prepared, shape, first);
    }

    fn add(&mut self, prepared: &Prepared<'_>, shape: usize, shift: u32, zoom: u8) {
        let first = self.shapes.points.len();
        let kind = prepared.shapes.shapes[shape].kind;
        let mut outer_there = true;
        for run in prepared.shapes.runs_of(shape) {
            let outer = prepared.shapes.runs[run].outer;
            if kind == Kind::Polygon && !outer && !outer_there {
                continue;
            }
            let there = match kind {
                Kind::Point => {
                    let points = prepared.shapes.points_of(run);
                    let points = prepared.shapes.points[points].iter();
                    self.shapes.points.extend(points.map(|&point| coarser_place(point, shift)));
                    true
                }
                Kind::Line => self.add_run(prepared, run, shift, zoom, None),
                Kind::Polygon => self.add_run(prepared, run, shift, zoom, Some(outer)),
            };
            if there {
                self.end_run(outer);
            }
            if outer {
                outer_there = there;
            }
        }
        if self.shapes.points.len() > first {
            self.end_shape(prepared, shape, first);
        } else {
            self.vanished += 1;
        }
    }

    /// The points of a line or ring that are drawn at a zoom, without those that say nothing; whether it is still there.
    /// Of a ring, `outer` says whether it is an outer one.
    fn add_run(
        &mut self,
        prepared: &Prepared<'_>,
        run: usize,
        shift: u32,
        zoom: u8,
        outer: Option<bool>,
    ) -> bool {
        let start = self.shapes.points.len();
        let points = &mut self.shapes.points;
        self.pinned.clear();
        let range = prepared.shapes.points_of(run);
        for (point, &first) in prepared.shapes.points[range.clone()].iter().zip(&prepared.first_zooms[range])
        {
            if first > zoom {
                continue;
            }
            let point = coarser_place(*point, shift);
            if points.len() > start && points[points.len() - 1] == point {
                if let Some(last) = self.pinned.last_mut() {
                    *last |= first == 0;
                }
                continue;
            }
            while points.len() >= start + 2
                && is_idle(points[points.len() - 2], points[points.len() - 1], point, outer.is_some())
                && !self.pinned[self.pinned.len() - 1]
            {
                points.pop();
                self.pinned.pop();
            }
            if points.len() > start && points[points.len() - 1] == point {
                continue;
            }
            points.push(point);
            self.pinned.push(first == 0);
        }
        if let Some(outer) = outer {
            while points.len() > start + 1 && points[start] == points[points.len() - 1] {
                points.pop();
            }
            let there = points.len() >= start + 3 && orient(&mut points[start..], outer);
            if !there {
                points.truncate(start);
            }
            return there;
        }
        if points.len() < start + 2 {
            points.truncate(start);
        }
        points.len() > start
    }
}

/// Whether a point lies on the way from one to the other, or, in a ring, is the tip of a spike.
fn is_idle(a: [i32; 2], b: [i32; 2], c: [i32; 2], ring: bool) -> bool {
    let step = |from: [i32; 2], to: [i32; 2]| {
        [i64::from(to[0]) - i64::from(from[0]), i64::from(to[1]) - i64::from(from[1])]
    };
    let (ab, bc) = (step(a, b), step(b, c));
    let straight = ab[0] * bc[1] == ab[1] * bc[0];
    straight && (ring || ab[0] * bc[0] + ab[1] * bc[1] > 0)
}
