//! Relations that rectangles and vertices decide.
use super::Predicate;
use super::side::{Side, Vertices};
use crate::geometry::Bounds;

/// Whether two rows, whose rectangles meet, stand in the relation; `None` if more must be known.
pub(super) fn decide(
    (left, row): (&Side<'_>, usize),
    (right, other): (&Side<'_>, usize),
    predicate: Predicate,
) -> Option<bool> {
    let dimensions = [left.dimension(row), right.dimension(other)];
    let (own, others) = (left.column.bounds_of(row), right.column.bounds_of(other));
    // What `Within` needs of its two, `Contains` needs of the two exchanged.
    let possible = match predicate {
        Predicate::Intersects => true,
        Predicate::Touches => dimensions != [0, 0],
        Predicate::Within | Predicate::CoveredBy => dimensions[0] <= dimensions[1] && holds(&others, &own),
        Predicate::Contains | Predicate::Covers => dimensions[0] >= dimensions[1] && holds(&own, &others),
        Predicate::Crosses => dimensions[0] != dimensions[1] || dimensions == [1, 1],
        Predicate::Overlaps => dimensions[0] == dimensions[1],
        Predicate::Equals => dimensions[0] == dimensions[1] && own == others,
    };
    if !possible {
        return Some(false);
    }
    let (mut own, mut others) = (None, None);
    if dimensions[1] == 2 {
        if dimensions[0] == 0 {
            let found = left.vertices_in(row, right, other, |_| false);
            return Some(from_points(predicate, found));
        }
        let found = left.vertices_in(row, right, other, |found| enough(predicate, found));
        if let Some(decided) = from_vertices(predicate, found) {
            return Some(decided);
        }
        own = Some(found);
    }
    if dimensions[0] == 2 {
        let exchanged = predicate.exchanged();
        if dimensions[1] == 0 {
            let found = right.vertices_in(other, left, row, |_| false);
            return Some(from_points(exchanged, found));
        }
        let found = right.vertices_in(other, left, row, |found| enough(exchanged, found));
        if let Some(decided) = from_vertices(exchanged, found) {
            return Some(decided);
        }
        others = Some(found);
    }
    let (own, others) = own.zip(others)?;
    let both_go_on = own.outside && others.outside;
    // Both are surfaces: a vertex inside the other has a part of its own surface beside it.
    (predicate == Predicate::Overlaps && both_go_on && (own.inside || others.inside)).then_some(true)
}

impl Predicate {
    /// The relation of the right to the left.
    fn exchanged(self) -> Self {
        match self {
            Predicate::Within => Predicate::Contains,
            Predicate::Contains => Predicate::Within,
            Predicate::Covers => Predicate::CoveredBy,
            Predicate::CoveredBy => Predicate::Covers,
            symmetric => symmetric,
        }
    }
}

/// What some vertices of a line or surface say of its relation to a surface.
fn from_vertices(predicate: Predicate, found: Vertices) -> Option<bool> {
    let Vertices { inside, on, outside } = found;
    match predicate {
        Predicate::Intersects => (inside || on).then_some(true),
        Predicate::Within | Predicate::CoveredBy => outside.then_some(false),
        Predicate::Touches => inside.then_some(false),
        // Of a line and a surface.
        Predicate::Crosses => (inside && outside).then_some(true),
        Predicate::Equals => (inside || outside).then_some(false),
        Predicate::Contains | Predicate::Covers | Predicate::Overlaps => None,
    }
}

/// Whether further vertices would say no more.
fn enough(predicate: Predicate, found: Vertices) -> bool {
    let says_nothing = matches!(predicate, Predicate::Contains | Predicate::Covers);
    says_nothing || (found.inside && found.outside) || from_vertices(predicate, found).is_some()
}

/// What all points of a set say of its relation to a surface.
fn from_points(predicate: Predicate, found: Vertices) -> bool {
    let Vertices { inside, on, outside } = found;
    match predicate {
        Predicate::Intersects => inside || on,
        Predicate::Within => inside && !outside,
        Predicate::CoveredBy => !outside,
        Predicate::Touches => on && !inside,
        Predicate::Crosses => inside && outside,
        Predicate::Contains | Predicate::Covers | Predicate::Overlaps | Predicate::Equals => false,
    }
}

/// Whether a rectangle holds all of another.
fn holds(outer: &Bounds, inner: &Bounds) -> bool {
    outer.min_x <= inner.min_x
        && outer.min_y <= inner.min_y
        && inner.max_x <= outer.max_x
        && inner.max_y <= outer.max_y
}
