//! Random numbers: the same for the same seed, on any machine and any number of threads.

/// SplitMix64 of Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195.
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

    /// The numbers that follow this state.
    #[cfg(any(test, feature = "tiles"))]
    pub(crate) fn new(state: u64) -> Self {
        Self(state)
    }

    /// One of many independent streams of a seed.
    pub(crate) fn stream(seed: u64, number: u64) -> Self {
        let mut stream = Self(Self(seed).bits().wrapping_add(number.wrapping_mul(0xd134_2543_de82_ef95)));
        // Neighbouring numbers start from states that have nothing in common.
        Self(stream.bits())
    }

    /// The next 64 bits: the finalizer is a bijection of the state.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below 1, all equally likely.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Brings a list into a random order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            // Off by less than one in 2⁵⁰ for lists that fit in memory.
            let other = (self.unit() * (last + 1) as f64) as usize;
            list.swap(last, other.min(last));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_authors() {
        // First outputs for seed 1234567, as printed by the authors' C code (prng.di.unimi.it/splitmix64.c).
        let mut random = SplitMix64::new(1_234_567);
        let found = [random.bits(), random.bits(), random.bits()];
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_order_is_as_likely() {
        let mut random = SplitMix64::stream(7, 1);
        let mut first = [0_u32; 4];
        for _ in 0..40_000 {
            let mut list = [0, 1, 2, 3];
            random.shuffle(&mut list);
            first[list[0]] += 1;
        }
        assert!(first.iter().all(|count| count.abs_diff(10_000) < 400), "{first:?}");
    }
}
