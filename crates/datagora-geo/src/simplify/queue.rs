//! Vertices that wait for their removal.
use super::arcs::Vertex;
use crate::types::Coord;

/// Bits of an area behind its exponent.
const FRACTION: u32 = 52;
/// Octaves of areas that are kept apart, below the largest area.
const OCTAVES: u64 = 60;

/// Vertices in the order of their areas, up to a factor of 2. Among those, the southernmost comes first, so that what is needed one
/// after the other lies together in memory, and so that the order is that of places and areas alone.
pub(super) struct Queue {
    octaves: Vec<Vec<Waiting>>,
    /// The octave that is being emptied.
    open: usize,
    /// What comes next, at the end; those that joined since it was sorted come in the next round.
    round: Vec<Waiting>,
    most: f64,
}

/// A vertex, where it is and with which area it waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Waiting {
    pub(super) vertex: Vertex,
    pub(super) at: Coord,
    pub(super) area: f64,
}

impl Queue {
    /// For areas up to `most`; vertices with larger ones do not wait.
    pub(super) fn new(most: f64) -> Self {
        Self { octaves: vec![Vec::new(); OCTAVES as usize + 1], open: 0, round: Vec::new(), most }
    }

    /// Lets a vertex wait, and says whether it does.
    pub(super) fn add(&mut self, waiting: Waiting) -> bool {
        let waits = waiting.area <= self.most;
        if waits {
            // Areas are not negative, so their bits are in the order of their values.
            let below = (self.most.to_bits() >> FRACTION) - (waiting.area.to_bits() >> FRACTION);
            let octave = OCTAVES.saturating_sub(below) as usize;
            self.octaves[octave.max(self.open)].push(waiting);
        }
        waits
    }

    /// Takes out the next one.
    pub(super) fn pop(&mut self) -> Option<Waiting> {
        while self.round.is_empty() {
            let left = &self.octaves[self.open..];
            let Some(next) = left.iter().position(|octave| !octave.is_empty()) else {
                // What joins from now on begins anew.
                self.open = 0;
                return None;
            };
            self.open += next;
            std::mem::swap(&mut self.round, &mut self.octaves[self.open]);
            self.round.sort_unstable_by(|a, b| b.at.y.total_cmp(&a.at.y).then(b.at.x.total_cmp(&a.at.x)));
        }
        self.round.pop()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn waiting(vertex: Vertex, y: f64, area: f64) -> Waiting {
        Waiting { vertex, at: Coord { x: 0.0, y }, area }
    }

    #[test]
    fn octaves_come_in_order_and_each_from_the_south() {
        let mut queue = Queue::new(10.0);
        for (vertex, y, area) in [(0, 2.0, 3.0), (1, 0.0, 10.0), (3, 5.0, 0.0), (4, 1.0, 2.5)] {
            assert!(queue.add(waiting(vertex, y, area)));
        }
        assert!(!queue.add(waiting(2, 0.0, 10.5)));
        assert_eq!(queue.pop().unwrap().vertex, 3);
        assert_eq!(queue.pop().unwrap().vertex, 4);
        // In the next round, before larger ones.
        queue.add(waiting(5, -1.0, 1e-300));
        let order: Vec<Vertex> = std::iter::from_fn(|| queue.pop()).map(|waiting| waiting.vertex).collect();
        assert_eq!(order, [0, 5, 1]);
        queue.add(waiting(6, 0.0, 1.0));
        assert_eq!(queue.pop(), Some(waiting(6, 0.0, 1.0)));
    }

    proptest! {
        /// Whatever joins while others leave: all leave once.
        #[test]
        fn none_is_lost(
            steps in prop::collection::vec((-90..4_i32, 1.0..2.0_f64, -5.0..5.0_f64, 0..3_u8), 1..200), most in -1..4_i32,
        ) {
            let mut queue = Queue::new(2f64.powi(most));
            let mut there: Vec<Vertex> = Vec::new();
            let leave = |queue: &mut Queue, there: &mut Vec<Vertex>| {
                let place = queue.pop().map(|next| there.iter().position(|other| *other == next.vertex));
                assert_eq!(place.is_none(), there.is_empty());
                place.map(|place| there.swap_remove(place.expect("one that waits"))).is_some()
            };
            for (vertex, (exponent, part, y, taken)) in (0..).zip(steps) {
                let new = waiting(vertex, y, part * 2f64.powi(exponent));
                prop_assert_eq!(queue.add(new), new.area <= queue.most);
                there.extend(Some(vertex).filter(|_| new.area <= queue.most));
                for _ in 1..taken {
                    leave(&mut queue, &mut there);
                }
            }
            while leave(&mut queue, &mut there) {}
        }

        #[test]
        fn areas_come_in_order_up_to_a_factor_of_two(
            all in prop::collection::vec((-30..4_i32, 1.0..2.0_f64, -5.0..5.0_f64), 1..200),
        ) {
            let mut queue = Queue::new(16.0);
            for (vertex, (exponent, part, y)) in (0..).zip(&all) {
                queue.add(waiting(vertex, *y, part * 2f64.powi(*exponent)));
            }
            let order: Vec<Waiting> = std::iter::from_fn(|| queue.pop()).collect();
            prop_assert_eq!(order.len(), all.len());
            let octave = |waiting: &Waiting| all[waiting.vertex as usize].0;
            for pair in order.windows(2) {
                let [a, b] = [pair[0], pair[1]];
                prop_assert!((octave(&a), a.at.y) <= (octave(&b), b.at.y));
            }
        }
    }
}
