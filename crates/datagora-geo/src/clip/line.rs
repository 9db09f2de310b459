//! A line cut by a surface.
use crate::overlay::{Contact, Operation, Outline, Place, along, bounds_of, contact};
use crate::types::Coord;

/// The stretches of a line that are in a surface or on its border (intersection), or outside (difference).
pub(super) fn cut_line(line: &[Coord], surface: &Outline, operation: Operation) -> Vec<Vec<Coord>> {
    let mut found: Vec<Vec<Coord>> = Vec::new();
    // Whether the stretch before was in the surface, as long as no contact has come since.
    let mut inside: Option<bool> = None;
    let mut open = false;
    for pair in line.windows(2).filter(|pair| pair[0] != pair[1]) {
        let edge = [pair[0], pair[1]];
        let (mut cuts, mut shared) = (Vec::new(), Vec::new());
        surface.visit(&bounds_of(edge), &mut |other| match contact(edge, surface.edge(other)) {
            Contact::None => {}
            Contact::Point(at) => cuts.push(at),
            Contact::Along(from, to) => {
                cuts.extend([from, to]);
                let turned = along(edge, from, to).is_gt();
                shared.push(if turned { [to, from] } else { [from, to] });
            }
        });
        cuts.sort_unstable_by(|a, b| along(edge, *a, *b));
        cuts.dedup();
        let (starts, ends) = (cuts.first() == Some(&edge[0]), cuts.last() == Some(&edge[1]));
        if starts {
            inside = None;
        }
        let middle = cuts.into_iter().filter(|at| *at != edge[0] && *at != edge[1]);
        let mut from = edge[0];
        for to in middle.chain([edge[1]]) {
            let is_inside = inside.unwrap_or_else(|| {
                let runs_along = shared
                    .iter()
                    .any(|[start, end]| along(edge, *start, from).is_le() && along(edge, to, *end).is_le());
                runs_along || surface.place(from + (to - from) * 0.5) != Place::Outside
            });
            if is_inside == (operation == Operation::Intersection) {
                match found.last_mut().filter(|_| open) {
                    Some(stretch) => stretch.push(to),
                    None => found.push(vec![from, to]),
                }
                open = true;
            } else {
                open = false;
            }
            inside = if to == edge[1] && !ends { Some(is_inside) } else { None };
            from = to;
        }
    }
    found
}
