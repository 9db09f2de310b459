//! Cosine and sine series on a grid, by the fast Fourier transform.
use std::f64::consts::PI;

/// Transforms of a length that is a power of two.
pub(super) struct Cosines {
    length: usize,
    /// exp(−2πik/n) for k below n/2.
    turns: Vec<[f64; 2]>,
    /// exp(−πik/2n).
    quarter_turns: Vec<[f64; 2]>,
}

impl Cosines {
    pub(super) fn new(length: usize) -> Self {
        debug_assert!(length.is_power_of_two());
        let n = length as f64;
        let turn = |angle: f64| [libm::cos(angle), -libm::sin(angle)];
        Self {
            length,
            turns: (0..length / 2).map(|k| turn(2.0 * PI * k as f64 / n)).collect(),
            quarter_turns: (0..length).map(|k| turn(0.5 * PI * k as f64 / n)).collect(),
        }
    }

    /// X_k = Σ_i x_i cos(πk(i + ½)/n): the cosine transform DCT-II without factors.
    ///
    /// # References
    ///
    /// Makhoul, J. (1980). A fast cosine transform in one and two dimensions. IEEE ASSP 28(1), 27–34.
    pub(super) fn analyse(&self, line: &mut [f64], work: &mut Vec<[f64; 2]>) {
        let n = self.length;
        work.clear();
        work.resize(n, [0.0; 2]);
        for i in 0..n.div_ceil(2) {
            work[i][0] = line[2 * i];
        }
        for i in 0..n / 2 {
            work[n - 1 - i][0] = line[2 * i + 1];
        }
        self.transform(work);
        for (k, value) in line.iter_mut().enumerate() {
            let ([re, im], [cos, sin]) = (work[k], self.quarter_turns[k]);
            *value = re * cos - im * sin;
        }
    }

    /// x_i = Σ_k c_k cos(πk(i + ½)/n): DCT-III.
    pub(super) fn cosine_series(&self, line: &mut [f64], work: &mut Vec<[f64; 2]>) {
        let n = self.length;
        // What `analyse` would give for the series sought, undone step by step.
        let of = |k: usize| match k {
            0 => line[0] * n as f64,
            k if k == n => 0.0,
            k => 0.5 * line[k] * n as f64,
        };
        work.clear();
        work.extend((0..n).map(|k| {
            let ([cos, sin], re, im) = (self.quarter_turns[k], of(k), -of(n - k));
            // The conjugate, so that the forward transform is the backward one.
            [re * cos + im * sin, re * sin - im * cos]
        }));
        self.transform(work);
        let each = 1.0 / n as f64;
        for i in 0..n.div_ceil(2) {
            line[2 * i] = work[i][0] * each;
        }
        for i in 0..n / 2 {
            line[2 * i + 1] = work[n - 1 - i][0] * each;
        }
    }

    /// x_i = Σ_k s_k sin(πk(i + ½)/n) for k from 1: as a series of cosines, since sin(π(n − k)(i + ½)/n) is
    /// (−1)^i cos(πk(i + ½)/n).
    pub(super) fn sine_series(&self, line: &mut [f64], work: &mut Vec<[f64; 2]>) {
        line[0] = 0.0;
        line[1..].reverse();
        self.cosine_series(line, work);
        line.iter_mut().skip(1).step_by(2).for_each(|value| *value = -*value);
    }

    /// Fourier transform in place (Cooley and Tukey 1965).
    fn transform(&self, values: &mut [[f64; 2]]) {
        let n = values.len();
        let bits = n.trailing_zeros();
        for i in 0..n {
            let other = if bits == 0 { 0 } else { i.reverse_bits() >> (usize::BITS - bits) };
            if i < other {
                values.swap(i, other);
            }
        }
        let mut half = 1;
        while half < n {
            let step = n / (2 * half);
            for block in values.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for (k, (a, b)) in low.iter_mut().zip(high).enumerate() {
                    let [cos, sin] = self.turns[k * step];
                    let turned = [b[0] * cos - b[1] * sin, b[0] * sin + b[1] * cos];
                    *b = [a[0] - turned[0], a[1] - turned[1]];
                    *a = [a[0] + turned[0], a[1] + turned[1]];
                }
            }
            half *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slow(line: &[f64], term: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        (0..line.len()).map(|i| line.iter().enumerate().map(|(k, value)| value * term(k, i)).sum()).collect()
    }

    proptest! {
        #[test]
        fn transforms_are_those_of_the_definition(power in 0u32..7, seed in prop::collection::vec(-9.0..9.0f64, 64)) {
            let n = 1usize << power;
            let (line, cosines, mut work) = (&seed[..n], Cosines::new(n), Vec::new());
            let angle = |k: usize, i: usize| PI * k as f64 * (i as f64 + 0.5) / n as f64;
            let close = |found: &[f64], expected: &[f64]| {
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9)
            };
            let mut found = line.to_vec();
            cosines.analyse(&mut found, &mut work);
            prop_assert!(close(&found, &slow(line, |i, k| angle(k, i).cos())));
            let mut found = line.to_vec();
            cosines.cosine_series(&mut found, &mut work);
            prop_assert!(close(&found, &slow(line, |k, i| angle(k, i).cos())));
            let mut found = line.to_vec();
            cosines.sine_series(&mut found, &mut work);
            prop_assert!(close(&found, &slow(line, |k, i| angle(k, i).sin())));
        }
    }
}
