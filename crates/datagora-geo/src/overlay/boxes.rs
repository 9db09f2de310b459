//! Rectangles around runs of edges, and the pairs of edges whose rectangles meet.
use std::ops::{ControlFlow, Range};

use crate::geometry::Bounds;

/// Edges under one rectangle, and rectangles under one.
const FANOUT: usize = 16;

/// Rectangles around 16 edges that follow each other, around 16 of those and so on.
///
/// Edges that follow each other along a ring are near each other, so the tree needs no sorting. The edges themselves stay
/// where they are: each call is given their rectangles.
#[derive(Clone, Debug, Default)]
pub(crate) struct BoxTree {
    /// Level after level, the lowest first.
    boxes: Vec<Bounds>,
    /// Where each level begins in `boxes`, and the end.
    levels: Vec<usize>,
    /// Number of edges.
    edges: usize,
}

/// A rectangle of the tree.
#[derive(Clone, Copy)]
struct Node {
    level: usize,
    place: usize,
}

impl BoxTree {
    /// Builds the tree anew in the memory it has.
    pub(crate) fn rebuild(&mut self, edges: usize, bounds: impl Fn(usize) -> Bounds) {
        let BoxTree { boxes, levels, .. } = self;
        boxes.clear();
        levels.clear();
        self.edges = edges;
        levels.push(0);
        for start in (0..edges).step_by(FANOUT) {
            let run = start..(start + FANOUT).min(edges);
            boxes.push(run.map(&bounds).fold(Bounds::EMPTY, Bounds::union));
        }
        let mut below = 0..boxes.len();
        levels.push(below.end);
        while below.len() > 1 {
            for start in below.clone().step_by(FANOUT) {
                let run = &boxes[start..(start + FANOUT).min(below.end)];
                let around = run.iter().copied().fold(Bounds::EMPTY, Bounds::union);
                boxes.push(around);
            }
            below = below.end..boxes.len();
            levels.push(below.end);
        }
    }

    /// The rectangle around all; empty without edges.
    pub(crate) fn bounds(&self) -> Bounds {
        self.boxes.last().copied().unwrap_or(Bounds::EMPTY)
    }

    fn root(&self) -> Option<Node> {
        (!self.boxes.is_empty()).then(|| Node { level: self.levels.len() - 2, place: 0 })
    }

    fn bounds_of(&self, node: Node) -> &Bounds {
        &self.boxes[self.levels[node.level] + node.place]
    }

    fn children(&self, node: Node) -> impl Iterator<Item = Node> + use<> {
        let level = node.level - 1;
        let count = self.levels[level + 1] - self.levels[level];
        let places = node.place * FANOUT..((node.place + 1) * FANOUT).min(count);
        places.map(move |place| Node { level, place })
    }

    fn run(&self, leaf: Node) -> Range<usize> {
        leaf.place * FANOUT..((leaf.place + 1) * FANOUT).min(self.edges)
    }

    /// Calls with each edge whose rectangle meets the window, ascending.
    pub(crate) fn visit(
        &self,
        window: &Bounds,
        bounds: &impl Fn(usize) -> Bounds,
        found: &mut impl FnMut(usize),
    ) {
        if let Some(root) = self.root() {
            self.descend(root, window, bounds, found);
        }
    }

    fn descend(
        &self,
        node: Node,
        window: &Bounds,
        bounds: &impl Fn(usize) -> Bounds,
        found: &mut impl FnMut(usize),
    ) {
        if !self.bounds_of(node).meets(window) {
            return;
        }
        if node.level > 0 {
            self.children(node).for_each(|child| self.descend(child, window, bounds, found));
        } else {
            self.run(node).filter(|&edge| bounds(edge).meets(window)).for_each(found);
        }
    }

    /// Calls with each edge of this and each of another tree whose rectangles meet, until told to stop.
    pub(crate) fn pairs(
        &self,
        other: &BoxTree,
        bounds: &impl Fn(usize) -> Bounds,
        other_bounds: &impl Fn(usize) -> Bounds,
        found: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some((one, two)) = self.root().zip(other.root()) else { return ControlFlow::Continue(()) };
        let mut limit = usize::MAX;
        self.cross(one, (other, two), bounds, other_bounds, &mut limit, found)
    }

    /// Calls with each two edges of this tree whose rectangles meet, the lower first, until told to stop or until `limit`
    /// runs of edges have been compared with each other.
    pub(crate) fn own_pairs(
        &self,
        bounds: &impl Fn(usize) -> Bounds,
        mut limit: usize,
        found: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.root().map_or(ControlFlow::Continue(()), |root| self.within(root, bounds, &mut limit, found))
    }

    fn within(
        &self,
        node: Node,
        bounds: &impl Fn(usize) -> Bounds,
        limit: &mut usize,
        found: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if node.level == 0 {
            let run = self.run(node);
            for edge in run.clone() {
                let around = bounds(edge);
                for other in edge + 1..run.end {
                    if around.meets(&bounds(other)) {
                        found(edge, other)?;
                    }
                }
            }
            return ControlFlow::Continue(());
        }
        for child in self.children(node) {
            self.within(child, bounds, limit, found)?;
            for later in self.children(node).skip_while(|later| later.place <= child.place) {
                self.cross(child, (self, later), bounds, bounds, limit, found)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn cross(
        &self,
        node: Node,
        (other, others): (&BoxTree, Node),
        bounds: &impl Fn(usize) -> Bounds,
        other_bounds: &impl Fn(usize) -> Bounds,
        limit: &mut usize,
        found: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let around = other.bounds_of(others);
        if !self.bounds_of(node).meets(around) {
            return ControlFlow::Continue(());
        }
        if node.level == 0 && others.level == 0 {
            *limit = limit.saturating_sub(1);
            if *limit == 0 {
                return ControlFlow::Break(());
            }
            for edge in self.run(node) {
                let own = bounds(edge);
                if !own.meets(around) {
                    continue;
                }
                for other in other.run(others) {
                    if own.meets(&other_bounds(other)) {
                        found(edge, other)?;
                    }
                }
            }
        } else if node.level >= others.level {
            for child in self.children(node) {
                self.cross(child, (other, others), bounds, other_bounds, limit, found)?;
            }
        } else {
            for child in other.children(others) {
                self.cross(node, (other, child), bounds, other_bounds, limit, found)?;
            }
        }
        ControlFlow::Continue(())
    }
}
