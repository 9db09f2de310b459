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
        /// Whatever joins while others leave: all leave once, and none before one of less than half its area that was there.
        #[test]
        fn none_is_lost_and_none_is_late(
            steps in prop::collection::vec((-90..4_i32, 1.0..2.0_f64, -5.0..5.0_f64, 0..3_u8), 1..200), most in -1..4_i32,
        ) {
            let most = 2f64.powi(most);
            let mut queue = Queue::new(most);
            let mut there: Vec<Waiting> = Vec::new();
            let check = |popped: Option<Waiting>, there: &mut Vec<Waiting>| {
                prop_assert_eq!(popped.is_none(), there.is_empty());
                if let Some(popped) = popped {
                    let place = there.iter().position(|other| *other == popped);
                    prop_assert!(place.is_some(), "{:?} came twice", popped);
                    there.swap_remove(place.unwrap());
                }
                Ok(())
            };
            for (vertex, (exponent, part, y, taken)) in (0..).zip(steps) {
                let new = waiting(vertex, y, part * 2f64.powi(exponent));
                prop_assert_eq!(queue.add(new), new.area <= most);
                there.extend(Some(new).filter(|new| new.area <= most));
                for _ in 1..taken {
                    check(queue.pop(), &mut there)?;
                }
            }
            let rest: Vec<Waiting> = std::iter::from_fn(|| queue.pop()).collect();
            let floor = most * 2f64.powi(-59);
            let mut octaves = rest.windows(2).skip(there.len().min(40));
            prop_assert!(octaves.all(|pair| pair[0].area.max(floor) < 2.0 * pair[1].area.max(floor)));
            for waiting in rest {
                check(Some(waiting), &mut there)?;
            }
            prop_assert!(there.is_empty());
        }
    }
}
