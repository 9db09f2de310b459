//! Sets of zones, each with a number.
use std::collections::HashMap;

/// Sets of zones that have ground in common: a set is another one and one more zone.
///
/// Most cells are in one zone, but where zones overlap, some are in many; a number per cell then stands for all of them,
/// and points are counted by that number before they are counted by zone.
#[derive(Debug)]
pub(super) struct Classes {
    /// The set without its last zone; less than its own number.
    parent: Vec<u32>,
    /// The last zone.
    zone: Vec<u32>,
    /// The lowest zone.
    first: Vec<u32>,
    known: HashMap<(u32, u32), u32>,
}

/// The set of no zone.
pub(super) const EMPTY: u32 = 0;
/// In the place of a zone: none.
pub(super) const NOBODY: u32 = u32::MAX;

impl Default for Classes {
    fn default() -> Self {
        Classes { parent: vec![EMPTY], zone: vec![NOBODY], first: vec![NOBODY], known: HashMap::new() }
    }
}

impl Classes {
    /// Number of sets.
    pub(super) fn len(&self) -> usize {
        self.parent.len()
    }

    /// The set of the zones of a class and one more.
    pub(super) fn with(&mut self, class: u32, zone: u32) -> u32 {
        if let Some(known) = self.known.get(&(class, zone)) {
            return *known;
        }
        let larger = if self.members(class).any(|member| member == zone) {
            class
        } else {
            let first = self.first[class as usize].min(zone);
            self.parent.push(class);
            self.zone.push(zone);
            self.first.push(first);
            self.parent.len() as u32 - 1
        };
        self.known.insert((class, zone), larger);
        larger
    }

    /// The zones of a class, in no order.
    pub(super) fn members(&self, class: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(class), |class| Some(self.parent[*class as usize]))
            .take_while(|class| *class != EMPTY)
            .map(|class| self.zone[class as usize])
    }

    /// The lowest zone of each class.
    pub(super) fn first(&self) -> &[u32] {
        &self.first
    }

    /// Adds what was summed by class to the sums by zone.
    pub(super) fn spread<T: Copy>(&self, mut of_class: Vec<T>, of_zone: &mut [T], add: impl Fn(&mut T, T)) {
        for class in (1..self.len()).rev() {
            let sum = of_class[class];
            add(&mut of_zone[self.zone[class] as usize], sum);
            add(&mut of_class[self.parent[class] as usize], sum);
        }
    }

    /// What is needed no more once all sets are known.
    pub(super) fn finish(&mut self) {
        self.known = HashMap::new();
    }
}
