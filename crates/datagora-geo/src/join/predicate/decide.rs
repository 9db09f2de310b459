//! Relations that rectangles, vertices and the edges of surfaces decide.
use super::Predicate;
use super::side::{Side, Vertices};
use crate::overlay::{Relation, relate};

/// Whether two rows, whose rectangles meet, stand in the relation; `None` if more must be known, which is never so of two
/// surfaces.
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
        Predicate::Within | Predicate::CoveredBy => dimensions[0] <= dimensions[1] && others.holds(&own),
        Predicate::Contains | Predicate::Covers => dimensions[0] >= dimensions[1] && own.holds(&others),
        Predicate::Crosses => dimensions[0] != dimensions[1] || dimensions == [1, 1],
        Predicate::Overlaps => dimensions[0] == dimensions[1],
        Predicate::Equals => dimensions[0] == dimensions[1] && own == others,
    };
    if !possible {
        return Some(false);
    }
    match dimensions {
        [2, 2] => {
            let (left, right) = (left.outline(row), right.outline(other));
            let relation = relate(left, right, |known| from_surfaces(predicate, known).is_some());
            Some(from_surfaces(predicate, &relation).unwrap_or(match predicate {
                Predicate::Intersects | Predicate::Overlaps | Predicate::Crosses => false,
                Predicate::Touches => relation.touch,
                _ => true,
            }))
        }
        [points_or_lines, 2] => from_vertices_of((left, row), (right, other), predicate, points_or_lines),
        [2, points_or_lines] => {
            from_vertices_of((right, other), (left, row), predicate.exchanged(), points_or_lines)
        }
        _ => None,
    }
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

/// What is known of two surfaces says of their relation; `None` if more edges may say more.
fn from_surfaces(predicate: Predicate, known: &Relation) -> Option<bool> {
    let Relation { touch, ground, left_beyond, right_beyond, .. } = *known;
    match predicate {
        Predicate::Intersects => (touch || ground).then_some(true),
        Predicate::Within | Predicate::CoveredBy => left_beyond.then_some(false),
        Predicate::Contains | Predicate::Covers => right_beyond.then_some(false),
        Predicate::Touches => ground.then_some(false),
        Predicate::Overlaps => (ground && left_beyond && right_beyond).then_some(true),
        Predicate::Equals => (left_beyond || right_beyond).then_some(false),
        Predicate::Crosses => Some(false),
    }
}

/// What the vertices of points or lines say of their relation to a surface.
fn from_vertices_of(
    (own, row): (&Side<'_>, usize),
    (other, surface): (&Side<'_>, usize),
    predicate: Predicate,
    dimension: u8,
) -> Option<bool> {
    if dimension == 0 {
        return Some(from_points(predicate, own.vertices_in(row, other, surface, |_| false)));
    }
    let found = own.vertices_in(row, other, surface, |found| enough(predicate, found));
    from_vertices(predicate, found)
}

/// What some vertices of a line say of its relation to a surface.
fn from_vertices(predicate: Predicate, found: Vertices) -> Option<bool> {
    let Vertices { inside, on, outside } = found;
    match predicate {
        Predicate::Intersects => (inside || on).then_some(true),
        Predicate::Within | Predicate::CoveredBy => outside.then_some(false),
        Predicate::Touches => inside.then_some(false),
        Predicate::Crosses => (inside && outside).then_some(true),
        Predicate::Contains | Predicate::Covers | Predicate::Overlaps | Predicate::Equals => Some(false),
    }
}

/// Whether further vertices would say no more.
fn enough(predicate: Predicate, found: Vertices) -> bool {
    (found.inside && found.outside) || from_vertices(predicate, found).is_some()
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
