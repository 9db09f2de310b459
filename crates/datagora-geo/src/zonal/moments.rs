//! Sums, least and greatest of runs of values.
//!
//! Sums are kept of differences from one value of the zone, which keeps digits (Chan, Golub, LeVeque 1983), and in
//! eight lanes added up in one order, so that the width of a machine's vectors changes nothing.

/// Numbers that are summed side by side.
const LANES: usize = 8;

/// What is known of the values met, as differences from a shift.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    /// `Σ c`.
    pub(super) weight: f64,
    /// `Σ c·(v − shift)`.
    pub(super) first: f64,
    /// `Σ c·(v − shift)²`.
    pub(super) second: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Moments {
    pub(super) const NONE: Self =
        Self { weight: 0.0, first: 0.0, second: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };

    /// Adds a part of the zone that the zone covers by one share.
    pub(super) fn add(&mut self, other: &Self, share: f64) {
        self.weight += share * other.weight;
        self.first += share * other.first;
        self.second += share * other.second;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// `Σ c·v`.
    pub(super) fn sum(&self, shift: f64) -> f64 {
        shift * self.weight + self.first
    }

    pub(super) fn mean(&self, shift: f64) -> f64 {
        shift + self.first / self.weight
    }

    pub(super) fn variance(&self) -> f64 {
        let mean = self.first / self.weight;
        let variance = self.second / self.weight - mean * mean;
        // Rounding may bring it below zero; NaN, of infinite values, stays.
        if variance < 0.0 { 0.0 } else { variance }
    }
}

/// Of whole cells; NaN does not count.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
pub(super) fn of_values(values: &[f64], shift: f64) -> Moments {
    let mut lanes = Lanes::default();
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        lanes.add(chunk, &[1.0; LANES], shift);
    }
    let mut last = [f64::NAN; LANES];
    last[..rest.len()].copy_from_slice(rest);
    lanes.add(&last, &[1.0; LANES], shift);
    lanes.finish()
}

/// Of whole cells with weights; what lacks value or weight does not count.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
pub(super) fn of_weighted(values: &[f64], weights: &[f64], shift: f64) -> Moments {
    let mut lanes = Lanes::default();
    let ((chunks, rest), (weight_chunks, weight_rest)) =
        (values.as_chunks::<LANES>(), weights.as_chunks::<LANES>());
    for (chunk, weights) in chunks.iter().zip(weight_chunks) {
        lanes.add(chunk, weights, shift);
    }
    let (mut last, mut last_weights) = ([f64::NAN; LANES], [f64::NAN; LANES]);
    last[..rest.len()].copy_from_slice(rest);
    last_weights[..weight_rest.len()].copy_from_slice(weight_rest);
    lanes.add(&last, &last_weights, shift);
    lanes.finish()
}

struct Lanes {
    weight: [f64; LANES],
    first: [f64; LANES],
    second: [f64; LANES],
    min: [f64; LANES],
    max: [f64; LANES],
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            weight: [0.0; LANES],
            first: [0.0; LANES],
            second: [0.0; LANES],
            min: [f64::INFINITY; LANES],
            max: [f64::NEG_INFINITY; LANES],
        }
    }
}

impl Lanes {
    #[inline(always)]
    fn add(&mut self, values: &[f64; LANES], weights: &[f64; LANES], shift: f64) {
        for lane in 0..LANES {
            let (value, weight) = (values[lane], weights[lane]);
            let known = !value.is_nan() && !weight.is_nan();
            let weight = if known { weight } else { 0.0 };
            let from_shift = if known { value - shift } else { 0.0 };
            let weighted = weight * from_shift;
            self.weight[lane] += weight;
            self.first[lane] += weighted;
            self.second[lane] += weighted * from_shift;
            self.min[lane] = if known && value < self.min[lane] { value } else { self.min[lane] };
            self.max[lane] = if known && value > self.max[lane] { value } else { self.max[lane] };
        }
    }

    #[inline(always)]
    fn finish(self) -> Moments {
        let mut all = Moments::NONE;
        for lane in 0..LANES {
            let Lanes { weight, first, second, min, max } = &self;
            let (weight, first, second) = (weight[lane], first[lane], second[lane]);
            all.add(&Moments { weight, first, second, min: min[lane], max: max[lane] }, 1.0);
        }
        all
    }
}
