//! Random numbers that are the same on every machine.
//!
//! Each thing that is drawn has its own stream, named by what it is for, so that changing how many trees there are does
//! not move the buildings. Transcendental functions come from `libm`, since those of the platform differ in the last bit.

/// A stream of random numbers: SplitMix64.
///
/// # References
///
/// Steele, G. L., Lea, D. and Flood, C. H. (2014). Fast splittable pseudorandom number generators. OOPSLA '14.
/// doi:10.1145/2660193.2660195
#[derive(Clone, Debug)]
pub struct Stream(u64);

impl Stream {
    /// The stream of this purpose and number.
    pub fn new(seed: u64, purpose: &str, number: u64) -> Self {
        // FNV-1a over the purpose, then both numbers through the generator's own mixing.
        let hash = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
        let mut stream = Self(seed ^ hash);
        let mixed = stream.next_u64();
        Self(mixed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform in 0..n.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Standard normal, by the polar method of Marsaglia.
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * (-2.0 * libm::log(s) / s).sqrt();
            }
        }
    }

    /// Poisson with this mean: by inversion when it is small, else a rounded normal, whose error is far below what a
    /// count shows.
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 30.0 {
            let x = mean + mean.sqrt() * self.normal() + 0.5;
            return x.max(0.0) as u32;
        }
        let limit = libm::exp(-mean);
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// An index drawn with these weights; they must not all be zero.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return index;
            }
        }
        weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0)
    }

    /// `count` indices drawn with replacement according to the weights, in increasing order of the draw.
    pub(crate) fn draws(&mut self, weights: &[f64], count: usize) -> Vec<usize> {
        let mut sum = 0.0;
        let cumulative: Vec<f64> = weights
            .iter()
            .map(|w| {
                sum += w;
                sum
            })
            .collect();
        (0..count)
            .map(|_| {
                let at = self.unit() * sum;
                cumulative.partition_point(|&c| c <= at).min(weights.len() - 1)
            })
            .collect()
    }
}

/// Shares `total` out in proportion to the weights: whole numbers whose sum is `total` exactly (largest remainder).
///
/// Weights that are all zero share nothing out.
pub(crate) fn share_out(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let quotas: Vec<f64> = weights.iter().map(|weight| weight / sum * total as f64).collect();
    let mut shares: Vec<usize> = quotas.iter().map(|quota| *quota as usize).collect();
    let given: usize = shares.iter().sum();
    let mut order: Vec<usize> = (0..weights.len()).filter(|&index| weights[index] > 0.0).collect();
    order.sort_by(|&a, &b| {
        let remainder = |index: usize| quotas[index] - shares[index] as f64;
        remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b))
    });
    for &index in order.iter().cycle().take(total.saturating_sub(given)) {
        shares[index] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_outputs_of_splitmix64() {
        // First outputs for seed 1234567, as printed by the authors' C code (prng.di.unimi.it/splitmix64.c).
        let mut stream = Stream(1_234_567);
        assert_eq!(stream.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(stream.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn draws_have_the_moments_they_should() {
        let mut stream = Stream::new(1, "moments", 0);
        let n = 20_000;
        let normals: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let mean = normals.iter().sum::<f64>() / f64::from(n);
        let variance = normals.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        for expected in [0.4, 7.0, 120.0] {
            let counts: Vec<f64> = (0..n).map(|_| f64::from(stream.poisson(expected))).collect();
            let mean = counts.iter().sum::<f64>() / f64::from(n);
            let variance = counts.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
            assert!((mean / expected - 1.0).abs() < 0.05 && (variance / expected - 1.0).abs() < 0.06);
        }
    }

    #[test]
    fn shares_add_up() {
        assert_eq!(share_out(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(share_out(1_436_354, &[0.3, 0.2, 0.1, 0.0]).iter().sum::<usize>(), 1_436_354);
        assert_eq!(share_out(5, &[0.0, 2.0]), [0, 5]);
        assert_eq!(share_out(5, &[0.0]), [0]);
    }
}
