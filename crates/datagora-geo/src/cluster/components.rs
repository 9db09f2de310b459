//! Sets that are joined.

/// Which of the numbers from 0 on are joined, directly or through others.
#[derive(Debug)]
pub(super) struct Components {
    parents: Vec<u32>,
}

impl Components {
    /// None joined.
    pub(super) fn new(len: usize) -> Self {
        Components { parents: (0..len as u32).collect() }
    }

    /// The least of those joined with one, by which they are known.
    pub(super) fn find(&mut self, mut of: u32) -> u32 {
        while self.parents[of as usize] != of {
            let above = self.parents[self.parents[of as usize] as usize];
            self.parents[of as usize] = above;
            of = above;
        }
        of
    }

    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }
}
