//! The seeded choice of rows and features.

/// Rows that are drawn together: memory gives neighbouring rows at once.
const RUN: usize = 16;

/// SplitMix64: Steele, G. L., Lea, D. and Flood, C. H. (2014). Fast splittable pseudorandom number generators. OOPSLA.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Rows that are drawn, each run with this probability, and the others.
    pub(super) fn rows(&mut self, rows: &[u32], share: f64) -> (Vec<u32>, Vec<u32>) {
        if share >= 1.0 {
            return (rows.to_vec(), Vec::new());
        }
        let limit = (share * 2f64.powi(64)) as u64;
        let (mut drawn, mut others) = (Vec::new(), Vec::new());
        for run in rows.chunks(RUN) {
            if self.next() < limit { drawn.extend(run) } else { others.extend(run) }
        }
        (drawn, others)
    }

    /// Which of `count` features are drawn: their share, rounded up, at least one.
    pub(super) fn features(&mut self, count: usize, share: f64) -> Vec<bool> {
        let mut open = ((share * count as f64).ceil() as usize).clamp(1, count.max(1));
        let mut drawn = vec![false; count];
        for (feature, drawn) in drawn.iter_mut().enumerate() {
            let left = (count - feature) as u64;
            if self.next() % left < open as u64 {
                *drawn = true;
                open -= 1;
            }
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept() {
        let all: Vec<u32> = (0..10_000).collect();
        let (some, others) = Random::new(7).rows(&all, 0.3);
        assert!((2_500..3_500).contains(&some.len()) && some.is_sorted() && others.is_sorted());
        assert_eq!(some.len() + others.len(), all.len());
        assert_eq!((some, others), Random::new(7).rows(&all, 0.3));
        assert_eq!(Random::new(7).rows(&all, 1.0), (all, vec![]));
        for seed in 0..50 {
            let drawn = Random::new(seed).features(11, 0.3);
            assert_eq!(drawn.iter().filter(|d| **d).count(), 4);
        }
        assert_eq!(Random::new(1).features(1, 0.0), [true]);
    }
}
