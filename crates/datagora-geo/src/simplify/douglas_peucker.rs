//! Fewer vertices of one geometry, which meets itself no more than before.
use crate::geometry::{Part, PartKind};
use crate::overlay::{
    BoxTree, Meeting, Outline, Place, bounds_of, bounds_of_all, by_ends, meeting, ordered, zeroed,
};
use crate::types::Coord;

/// The edges of a geometry as they were, which no new edge may cross.
pub(super) struct Edges {
    points: Vec<Coord>,
    /// Where the edges begin, in `points`; each ends at the next.
    starts: Vec<usize>,
    tree: BoxTree,
    /// First point of each run, and the end; a ring ends where it began.
    runs: Vec<usize>,
}

impl Edges {
    /// Of the lines and rings of parts.
    pub(super) fn of<'a>(parts: impl Iterator<Item = Part<'a>>) -> Self {
        let (mut points, mut starts, mut runs) = (Vec::new(), Vec::new(), vec![0]);
        for part in parts.filter(|part| super::has_edges(part.kind)) {
            for run in part.rings() {
                let first = points.len();
                for point in run.points().map(zeroed) {
                    if points.len() == first || points.last() != Some(&point) {
                        points.push(point);
                    }
                }
                if part.kind == PartKind::Polygon
                    && points.len() > first
                    && points[first] != points[points.len() - 1]
                {
                    points.push(points[first]);
                }
                starts.extend(first..points.len().saturating_sub(1).max(first));
                runs.push(points.len());
            }
        }
        let mut tree = BoxTree::default();
        tree.rebuild(starts.len(), |edge| bounds_of([points[starts[edge]], points[starts[edge] + 1]]));
        Edges { points, starts, tree, runs }
    }

    /// The points of each run that stay.
    pub(super) fn simplified(&self, tolerance: f64) -> Vec<Vec<Coord>> {
        let run = |run: usize| self.points[self.runs[run]..self.runs[run + 1]].iter().copied();
        let mut runs: Vec<Vec<Coord>> =
            (0..self.runs.len() - 1).map(|index| self.run(index, tolerance)).collect();
        // What replaces two stretches between the same two points would be one.
        let mut edges: Vec<([Coord; 2], usize)> = Vec::new();
        for (index, points) in runs.iter().enumerate() {
            edges.extend(points.windows(2).map(|ends| (ordered([ends[0], ends[1]]), index)));
        }
        edges.sort_unstable_by(|(one, _), (other, _)| by_ends(*one, *other));
        for same in edges.chunk_by(|(one, _), (other, _)| one == other) {
            if same.iter().any(|(_, index)| *index != same[0].1) {
                same.iter().for_each(|(_, index)| runs[*index] = run(*index).collect());
            }
        }
        runs
    }

    fn run(&self, run: usize, tolerance: f64) -> Vec<Coord> {
        let (first, last) = (self.runs[run], self.runs[run + 1].saturating_sub(1));
        if last < first + 2 {
            return self.points[first..self.runs[run + 1]].to_vec();
        }
        let mut stays = vec![false; last - first + 1];
        let mut open = vec![[first, last]];
        // A ring is two lines, of which one keeps a third corner.
        let mut corner = None;
        if self.points[first] == self.points[last] {
            let (opposite, _) = self.farthest(first, last);
            let (there, back) = (self.farthest(first, opposite), self.farthest(opposite, last));
            corner = Some(if there.1 > back.1 { there.0 } else { back.0 });
        }
        while let Some([from, to]) = open.pop() {
            (stays[from - first], stays[to - first]) = (true, true);
            if to - from < 2 {
                continue;
            }
            let (farthest, gap) = self.farthest(from, to);
            if gap > tolerance || corner == Some(farthest) || !self.may_go(from, to) {
                open.extend([[from, farthest], [farthest, to]]);
            }
        }
        (first..=last).filter(|point| stays[point - first]).map(|point| self.points[point]).collect()
    }

    /// The point between two others that is farthest from the edge that would replace it, and how far.
    fn farthest(&self, from: usize, to: usize) -> (usize, f64) {
        let edge = [self.points[from], self.points[to]];
        let gaps = (from + 1..to).map(|point| (point, gap(self.points[point], edge)));
        gaps.fold((from + 1, -1.0), |most, next| if next.1 > most.1 { next } else { most })
    }

    /// Whether one edge can take the place of those between two points: it meets no other edge but in its ends, and no other
    /// vertex lies between it and them.
    fn may_go(&self, from: usize, to: usize) -> bool {
        let (edge, between) = ([self.points[from], self.points[to]], &self.points[from..=to]);
        if edge[0] == edge[1] {
            return false;
        }
        let around = bounds_of_all(between);
        let mut near = Vec::new();
        let bounds = |edge: usize| bounds_of(self.ends(edge));
        self.tree.visit(&around, &bounds, &mut |edge| {
            if !(from..to).contains(&self.starts[edge]) {
                near.push(edge);
            }
        });
        let meets = |other: [Coord; 2]| match meeting(edge, other) {
            Meeting::None => false,
            Meeting::End(at) => !(edge.contains(&at) && other.contains(&at)),
            Meeting::Crossing | Meeting::Along(..) => true,
        };
        if near.iter().any(|&other| meets(self.ends(other))) {
            return false;
        }
        let mut vertices =
            near.iter().flat_map(|&other| self.ends(other)).filter(|at| !edge.contains(at)).peekable();
        if vertices.peek().is_none() {
            return true;
        }
        let pocket = Outline::of_rings(&[between.to_vec()]);
        vertices.all(|at| pocket.place(at) == Place::Outside)
    }

    fn ends(&self, edge: usize) -> [Coord; 2] {
        [self.points[self.starts[edge]], self.points[self.starts[edge] + 1]]
    }
}

/// Distance of a point from an edge, which may have no length.
fn gap(at: Coord, [from, to]: [Coord; 2]) -> f64 {
    let (way, aside) = (to - from, at - from);
    let square = way.x * way.x + way.y * way.y;
    let along =
        if square > 0.0 { ((way.x * aside.x + way.y * aside.y) / square).clamp(0.0, 1.0) } else { 0.0 };
    (aside.x - along * way.x).hypot(aside.y - along * way.y)
}
