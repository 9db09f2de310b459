//! Sets that are joined.

/// Which of some numbers that follow one another are joined, directly or through others.
#[derive(Debug)]
pub(super) struct Components<'a> {
    /// The lowest number.
    first: u32,
    /// For each number one joined with it, itself or a lower one.
    parents: &'a mut [u32],
}

impl<'a> Components<'a> {
    /// Those joined according to a table that names for each number one that is not higher.
    pub(super) fn new(first: usize, parents: &'a mut [u32]) -> Self {
        Components { first: first as u32, parents }
    }

    fn parent(&mut self, of: u32) -> &mut u32 {
        &mut self.parents[(of - self.first) as usize]
    }

    /// The least of those joined with one, by which they are known.
    pub(super) fn find(&mut self, mut of: u32) -> u32 {
        loop {
            let parent = *self.parent(of);
            if parent == of {
                return of;
            }
            let above = *self.parent(parent);
            *self.parent(of) = above;
            of = above;
        }
    }

    /// Joins the sets of two.
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        *self.parent(a.max(b)) = a.min(b);
    }

    /// Has the table name the least of those joined with each.
    pub(super) fn settle(self) {
        for of in 0..self.parents.len() {
            // Lower ones are settled.
            self.parents[of] = self.parents[(self.parents[of] - self.first) as usize];
        }
    }
}
