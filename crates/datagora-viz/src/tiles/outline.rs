//! Outlines of the cells of a window that have the same label.

/// Cells by row, each with a label; 0 is none.
pub(super) struct Labels {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) labels: Vec<u32>,
}

/// A ring along the lines between cells: corners counted row by row, `columns + 1` in each.
#[derive(Debug, PartialEq)]
pub(super) struct Outline {
    pub(super) label: u32,
    /// Cells that hang together by their sides have the same number.
    component: u32,
    hole: bool,
    pub(super) corners: Vec<u32>,
}

impl Outline {
    /// Whether it begins a polygon.
    pub(super) fn is_outer(&self) -> bool {
        !self.hole
    }
}

/// Headings; the fourth is north.
const EAST: usize = 0;
const SOUTH: usize = 1;
const WEST: usize = 2;

/// The polygons of each label: outer rings, each followed by the holes in it, by label.
///
/// Outer rings turn clockwise with rows going down. A ring has a corner where it turns, and where a third area meets it: so
/// two neighbours have the same corners along their border, whatever becomes of these in a projection. Cells that touch in a
/// corner only are apart; no ring visits a corner twice.
pub(super) fn outlines(window: &Labels) -> Vec<Outline> {
    let Labels { columns, rows, ref labels } = *window;
    // A margin without label all around.
    let stride = columns + 2;
    let mut padded = vec![0; stride * (rows + 2)];
    for row in 0..rows {
        padded[(row + 1) * stride + 1..][..columns].copy_from_slice(&labels[row * columns..][..columns]);
    }
    let components = components(&padded, stride);
    let mut tracer = Tracer {
        labels: &padded,
        components: &components,
        stride,
        seen: vec![false; padded.len()],
        found: Vec::new(),
    };
    for cell in stride + 1..padded.len() - stride {
        let begins = padded[cell] != 0 && padded[cell - stride] != padded[cell];
        if begins && !tracer.seen[cell] {
            tracer.trace(cell);
        }
    }
    let mut found = tracer.found;
    found.sort_by_key(|outline| (outline.label, outline.component, outline.hole));
    found
}

/// Numbers cells with a label by what they hang together with through sides.
fn components(labels: &[u32], stride: usize) -> Vec<u32> {
    let mut components = vec![0u32; labels.len()];
    let mut stack = Vec::new();
    let mut number = 0;
    for first in 0..labels.len() {
        if labels[first] == 0 || components[first] != 0 {
            continue;
        }
        number += 1;
        components[first] = number;
        stack.push(first);
        while let Some(cell) = stack.pop() {
            for next in [cell - 1, cell + 1, cell - stride, cell + stride] {
                if labels[next] == labels[cell] && components[next] == 0 {
                    components[next] = number;
                    stack.push(next);
                }
            }
        }
    }
    components
}

struct Tracer<'a> {
    labels: &'a [u32],
    components: &'a [u32],
    stride: usize,
    /// Cells whose upper side belongs to a ring.
    seen: Vec<bool>,
    found: Vec<Outline>,
}

impl Tracer<'_> {
    /// Follows the border from the upper side of a cell, with the cell to the right.
    fn trace(&mut self, start: usize) {
        let (label, component) = (self.labels[start], self.components[start]);
        // A corner is named by the cell to the south-east of it.
        let (mut at, mut heading) = (start, EAST);
        let mut ring: Vec<(usize, bool)> = Vec::new();
        loop {
            if heading == EAST {
                self.seen[at] = true;
            }
            at = match heading {
                EAST => at + 1,
                SOUTH => at + self.stride,
                WEST => at - 1,
                _ => at - self.stride,
            };
            let around = [at - self.stride - 1, at - self.stride, at, at - 1];
            let [nw, ne, se, sw] = around.map(|cell| self.labels[cell]);
            let (left, right) = match heading {
                EAST => (ne, se),
                SOUTH => (se, sw),
                WEST => (sw, nw),
                _ => (nw, ne),
            };
            let pinch = left == label && right != label;
            let straight = right == label && left != label;
            // Where nothing meets the border it needs no corner.
            if !(straight && (nw == ne && sw == se || nw == sw && ne == se)) {
                ring.push((at, pinch));
            }
            heading = match (left == label, right == label) {
                (_, false) => (heading + 1) % 4,
                (false, true) => heading,
                (true, true) => (heading + 3) % 4,
            };
            if at == start && heading == EAST {
                break;
            }
        }
        self.split(&ring, label, component);
    }

    /// Where a ring visits a corner again it falls apart.
    fn split(&mut self, ring: &[(usize, bool)], label: u32, component: u32) {
        let mut open: Vec<(usize, bool)> = Vec::with_capacity(ring.len());
        for &(at, pinch) in ring {
            let before = match pinch {
                true => open.iter().rposition(|&(other, pinch)| pinch && other == at),
                false => None,
            };
            if let Some(before) = before {
                let part: Vec<(usize, bool)> = open.drain(before..).collect();
                self.add(&part, label, component);
            }
            open.push((at, pinch));
        }
        self.add(&open, label, component);
    }

    fn add(&mut self, ring: &[(usize, bool)], label: u32, component: u32) {
        let stride = self.stride;
        let place = |at: usize| [at % stride, at / stride].map(|k| k as i64 - 1);
        let area: i64 = (0..ring.len())
            .map(|k| {
                let (a, b) = (place(ring[k].0), place(ring[(k + 1) % ring.len()].0));
                a[0] * b[1] - b[0] * a[1]
            })
            .sum();
        let corner = |&(at, _): &(usize, bool)| {
            let [column, row] = place(at);
            (row * (stride as i64 - 1) + column) as u32
        };
        let corners = ring.iter().map(corner).collect();
        self.found.push(Outline { label, component, hole: area < 0, corners });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(rows: &[&str]) -> Labels {
        let labels = rows.iter().flat_map(|row| row.bytes().map(|byte| u32::from(byte - b'0'))).collect();
        Labels { columns: rows[0].len(), rows: rows.len(), labels }
    }

    fn corners(outline: &Outline, columns: usize) -> Vec<[i64; 2]> {
        let place = |&at: &u32| [at as usize % (columns + 1), at as usize / (columns + 1)].map(|k| k as i64);
        outline.corners.iter().map(place).collect()
    }

    fn area(ring: &[[i64; 2]]) -> i64 {
        let side = |k: usize| {
            let (a, b) = (ring[k], ring[(k + 1) % ring.len()]);
            a[0] * b[1] - b[0] * a[1]
        };
        (0..ring.len()).map(side).sum::<i64>() / 2
    }

    #[test]
    fn a_square_has_four_corners() {
        let found = outlines(&window(&["11", "11"]));
        assert_eq!(found.len(), 1);
        assert!(found[0].is_outer());
        assert_eq!(corners(&found[0], 2), [[2, 0], [2, 2], [0, 2], [0, 0]]);
    }

    #[test]
    fn neighbours_have_the_same_corners() {
        let found = outlines(&window(&["111", "232"]));
        // The two places where a third cell meets the long side of the first.
        assert_eq!(corners(&found[0], 3), [[3, 0], [3, 1], [2, 1], [1, 1], [0, 1], [0, 0]]);
        assert_eq!(found.iter().filter(|outline| outline.label == 2).count(), 2);
    }

    #[test]
    fn holes_follow_what_they_are_in() {
        let found = outlines(&window(&["11111", "10121", "11111", "00000", "11111", "10001", "11111"]));
        let kinds: Vec<(u32, bool, i64)> =
            found.iter().map(|o| (o.label, o.is_outer(), area(&corners(o, 5)))).collect();
        assert_eq!(
            kinds,
            [(1, true, 15), (1, false, -1), (1, false, -1), (1, true, 15), (1, false, -3), (2, true, 1)]
        );
    }

    #[test]
    fn rings_that_touch_themselves_fall_apart() {
        // The hole touches the outside in a corner.
        let found = outlines(&window(&["0111", "1101", "1111"]));
        let areas: Vec<i64> = found.iter().map(|o| area(&corners(o, 4))).collect();
        assert_eq!(areas, [11, -1]);
        let open = outlines(&window(&["0111", "1001", "1111"]));
        let areas: Vec<i64> = open.iter().map(|o| area(&corners(o, 4))).collect();
        assert_eq!(areas, [11, -2]);
    }

    proptest! {
        #[test]
        fn areas_and_corners(columns in 1usize..12, labels in prop::collection::vec(0u32..4, 1..140)) {
            let rows = labels.len() / columns;
            prop_assume!(rows > 0);
            let window = Labels { columns, rows, labels: labels[..columns * rows].to_vec() };
            let found = outlines(&window);
            let mut edges = std::collections::BTreeMap::new();
            for label in 1..4 {
                let of_label = || found.iter().filter(move |o| o.label == label);
                let area: i64 = of_label().map(|o| area(&corners(o, columns))).sum();
                prop_assert_eq!(area, window.labels.iter().filter(|&&l| l == label).count() as i64);
                prop_assert!(of_label().next().is_none_or(Outline::is_outer));
            }
            for outline in &found {
                let mut sorted = outline.corners.clone();
                sorted.sort_unstable();
                sorted.dedup();
                prop_assert_eq!(sorted.len(), outline.corners.len(), "no corner twice");
                for (k, &from) in outline.corners.iter().enumerate() {
                    let to = outline.corners[(k + 1) % outline.corners.len()];
                    *edges.entry((from.min(to), from.max(to))).or_insert(0) += 1;
                }
            }
            // Where two labels meet, both have the edge; along what has none, one has it.
            prop_assert!(edges.values().all(|&count| count <= 2));
            let between = (0..columns * rows).flat_map(|cell| {
                let right = (cell % columns + 1 < columns).then_some(cell + 1);
                let below = (cell + columns < columns * rows).then_some(cell + columns);
                [right, below].into_iter().flatten().map(move |other| (cell, other))
            });
            let meet = |&(a, b): &(usize, usize)| {
                let (a, b) = (window.labels[a], window.labels[b]);
                a != b && a != 0 && b != 0
            };
            let sides = between.filter(meet).count();
            let length = |edge: (u32, u32)| {
                let across = edge.1 - edge.0;
                if across as usize <= columns { across as usize } else { across as usize / (columns + 1) }
            };
            let shared: usize = edges.iter().filter(|(_, count)| **count == 2).map(|(edge, _)| length(*edge)).sum();
            prop_assert_eq!(shared, sides);
        }
    }
}
