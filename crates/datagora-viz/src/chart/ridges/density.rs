//! Densities of samples by a Gaussian kernel.
use std::f64::consts::PI;

use datagora_core::Language;

use super::super::quantile::quantile;

/// How wide the kernel of a density is.
///
/// ```
/// use datagora_viz::Bandwidth;
///
/// let heights = [4.0, 7.5, 8.0, 8.5, 12.0, 15.5, 16.0];
/// let width = Bandwidth::Silverman.of(&heights).expect("values that differ");
/// assert!((width - 2.71).abs() < 0.01);
/// ```
///
/// # References
///
/// Silverman, B. W. (1986). *Density Estimation for Statistics and Data Analysis*, eq. 3.31, `bw.nrd0` of R. Sheather, S. J. and Jones,
/// M. C. (1991). A reliable data-based bandwidth selection method for kernel density estimation. *JRSS B* 53, 683–690, solving the equation,
/// `bw.SJ` of R.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Bandwidth {
    /// 0.9 · min(σ, IQR ÷ 1.34) · n^(−1/5): for one hump; it smooths several into one.
    Silverman,
    /// The width at which the estimated error is least: keeps several humps apart.
    #[default]
    SheatherJones,
    /// This width, in the unit of the values.
    Fixed(f64),
}

impl Bandwidth {
    /// The standard deviation of the kernel for these values; `None` if fewer than two differ. NaN and infinite values are left out.
    ///
    /// Where the equation of Sheather and Jones has no solution, Silverman’s rule is used. More than 1,000 values are counted in 2,000
    /// bins for it.
    pub fn of(self, values: &[f64]) -> Option<f64> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        self.of_sorted(&sorted)
    }

    pub(super) fn of_sorted(self, sorted: &[f64]) -> Option<f64> {
        let width = match self {
            Bandwidth::Fixed(width) => Some(width),
            Bandwidth::Silverman => silverman(sorted),
            Bandwidth::SheatherJones => sheather_jones(sorted).or_else(|| silverman(sorted)),
        };
        width.filter(|width| width.is_finite() && *width > 0.0)
    }

    /// The rule in words, within a sentence.
    pub(super) fn words(self, language: Language) -> &'static str {
        match self {
            Bandwidth::Silverman => language.pick("règle de Silverman", "Silverman’s rule"),
            Bandwidth::SheatherJones => {
                language.pick("règle de Sheather et Jones", "rule of Sheather and Jones")
            }
            Bandwidth::Fixed(_) => language.pick("choisie", "chosen"),
        }
    }
}

/// Standard deviation (n − 1), and the distance between the quartiles.
fn spread(sorted: &[f64]) -> Option<(f64, f64)> {
    let n = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (squares / (n - 1.0)).sqrt();
    let quartiles = quantile(sorted, 0.75)? - quantile(sorted, 0.25)?;
    (deviation.is_finite() && deviation > 0.0).then_some((deviation, quartiles))
}

fn silverman(sorted: &[f64]) -> Option<f64> {
    let (deviation, quartiles) = spread(sorted)?;
    let robust = deviation.min(quartiles / 1.34);
    let scale = if robust > 0.0 { robust } else { deviation };
    Some(0.9 * scale * libm::pow(sorted.len() as f64, -0.2))
}

/// How many pairs of values lie how far apart.
struct Pairs {
    n: f64,
    distances: Vec<(f64, f64)>,
}

impl Pairs {
    /// All pairs, or those of bins.
    fn of(sorted: &[f64]) -> Self {
        const EXACT: usize = 1_000;
        const BINS: usize = 2_000;
        let n = sorted.len() as f64;
        if sorted.len() <= EXACT {
            let pairs = (0..sorted.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            return Self { n, distances: pairs.map(|(i, j)| (sorted[i] - sorted[j], 1.0)).collect() };
        }
        let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
        let width = (high - low) / (BINS - 1) as f64;
        let mut counts = vec![0.0f64; BINS];
        for value in sorted {
            counts[(((value - low) / width).round() as usize).min(BINS - 1)] += 1.0;
        }
        let mut apart = vec![0.0; BINS];
        for (i, one) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            for (j, other) in counts[..i].iter().enumerate() {
                apart[i - j] += one * other;
            }
            apart[0] += 0.5 * one * (one - 1.0);
        }
        let distances = apart.into_iter().enumerate().map(|(k, count)| (width * k as f64, count));
        Self { n, distances: distances.filter(|(_, count)| *count > 0.0).collect() }
    }

    /// Sum of a polynomial of the squared distance over h², times the kernel, over all pairs in both orders.
    fn sum(&self, h: f64, polynomial: impl Fn(f64) -> f64) -> f64 {
        let term = |(distance, count): &(f64, f64)| {
            let square = (distance / h).powi(2);
            if square < 1_000.0 { count * libm::exp(-0.5 * square) * polynomial(square) } else { 0.0 }
        };
        2.0 * self.distances.iter().map(term).sum::<f64>()
    }

    /// Estimate of the integral of the squared second derivative.
    fn phi4(&self, h: f64) -> f64 {
        let sum = self.sum(h, |d| d * d - 6.0 * d + 3.0) + 3.0 * self.n;
        sum / (self.n * (self.n - 1.0) * h.powi(5) * (2.0 * PI).sqrt())
    }

    /// Estimate of the integral of the squared third derivative, with its sign.
    fn phi6(&self, h: f64) -> f64 {
        let sum = self.sum(h, |d| d * d * d - 15.0 * d * d + 45.0 * d - 15.0) - 15.0 * self.n;
        sum / (self.n * (self.n - 1.0) * h.powi(7) * (2.0 * PI).sqrt())
    }
}

fn sheather_jones(sorted: &[f64]) -> Option<f64> {
    let (deviation, quartiles) = spread(sorted)?;
    let n = sorted.len() as f64;
    let robust = deviation.min(quartiles / 1.349);
    let scale = if robust > 0.0 { robust } else { deviation };
    let pairs = Pairs::of(sorted);
    let third = -pairs.phi6(1.23 * scale * libm::pow(n, -1.0 / 9.0));
    let second = pairs.phi4(1.24 * scale * libm::pow(n, -1.0 / 7.0));
    let alpha = 1.357 * libm::pow(second / third, 1.0 / 7.0);
    let roughness = 1.0 / (2.0 * PI.sqrt() * n);
    let excess = |h: f64| libm::pow(roughness / pairs.phi4(alpha * libm::pow(h, 5.0 / 7.0)), 0.2) - h;
    let most = 1.144 * scale * libm::pow(n, -0.2);
    let (mut low, mut high) = (0.1 * most, most);
    // As R does, the limits are widened until the root lies between them.
    for turn in 1..100 {
        if excess(low) * excess(high) <= 0.0 {
            break;
        }
        if turn % 2 == 1 { high *= 1.2 } else { low /= 1.2 }
    }
    let rises = excess(low) < 0.0;
    let product = excess(low) * excess(high);
    if product.is_nan() || product > 0.0 {
        return None;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if (excess(middle) < 0.0) == rises { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}

/// A density that can be asked anywhere.
pub(super) struct Density {
    /// Positions with their weights, which add up to 1.
    points: Vec<(f64, f64)>,
    width: f64,
    limits: (f64, f64),
}

impl Density {
    /// The density of sorted values. Beyond the limits there is nothing: what would lie there is reflected.
    pub(super) fn new(sorted: &[f64], width: f64, limits: (f64, f64)) -> Self {
        /// More values than these are counted in bins, of which this many are as wide as the kernel.
        const EXACT: usize = 4_000;
        const FINE: f64 = 16.0;
        let weight = 1.0 / sorted.len().max(1) as f64;
        let points = match sorted {
            [low, .., high] if sorted.len() > EXACT && (high - low) / width < 1e5 => {
                let bin = width / FINE;
                let mut weights = vec![0.0; ((high - low) / bin) as usize + 2];
                for value in sorted {
                    // Shared between the neighbouring bins, so that means stay.
                    let place = (value - low) / bin;
                    let (below, share) = (place.floor() as usize, place.fract());
                    weights[below] += weight * (1.0 - share);
                    weights[below + 1] += weight * share;
                }
                let placed = weights.into_iter().enumerate().map(|(k, w)| (low + bin * k as f64, w));
                placed.filter(|(_, w)| *w > 0.0).collect()
            }
            _ => sorted.iter().map(|value| (*value, weight)).collect(),
        };
        Self { points, width, limits }
    }

    /// The density at a value.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = self.limits;
        if !(low..=high).contains(&value) {
            return 0.0;
        }
        let places =
            [value, 2.0 * low - value, 2.0 * high - value].into_iter().filter(|place| place.is_finite());
        let scale = 1.0 / (self.width * (2.0 * PI).sqrt());
        let kernel = |place: f64| {
            let near = |(at, weight): &(f64, f64)| {
                let z = (place - at) / self.width;
                if z.abs() < 9.0 { weight * libm::exp(-0.5 * z * z) } else { 0.0 }
            };
            self.points.iter().map(near).sum::<f64>()
        };
        scale * places.map(kernel).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Minutes of fifteen trips.
    const TRIPS: [f64; 15] =
        [12.1, 14.3, 9.8, 22.5, 17.7, 15.2, 13.9, 30.4, 11.6, 16.8, 18.1, 14.9, 13.3, 20.2, 10.5];

    /// R 4.2.2: bw.nrd0(x); bw.SJ(x, nb = 1e6, method = "ste", tol = 1e-9).
    #[test]
    fn bandwidths_are_those_of_r() {
        let width = |rule: Bandwidth| rule.of(&TRIPS).expect("values differ");
        assert!((width(Bandwidth::Silverman) - 2.03199578569745).abs() < 1e-12);
        // R counts in bins, a millionth of the range wide.
        assert!(
            (width(Bandwidth::SheatherJones) - 2.6173257350843).abs() < 1e-4,
            "{}",
            width(Bandwidth::SheatherJones)
        );
        assert_eq!(Bandwidth::Fixed(2.0).of(&TRIPS), Some(2.0));
        for rule in [Bandwidth::Silverman, Bandwidth::SheatherJones] {
            assert_eq!([rule.of(&[]), rule.of(&[1.0]), rule.of(&[3.0; 40])], [None; 3]);
        }
        assert_eq!([Bandwidth::Fixed(0.0).of(&TRIPS), Bandwidth::Fixed(f64::NAN).of(&TRIPS)], [None; 2]);
    }

    /// R 4.2.2: x <- ((0:2999 * 7919) %% 3001 / 3001)^2 * 10 + ((0:2999) %% 2) * 8; bw.SJ(x, nb = 20000, tol = 1e-9), bw.nrd0(x).
    #[test]
    fn bandwidths_of_many_values_are_those_of_r() {
        let values: Vec<f64> = (0..3_000u32)
            .map(|k| (f64::from(k * 7_919 % 3_001) / 3_001.0).powi(2) * 10.0 + f64::from(k % 2) * 8.0)
            .collect();
        let width = |rule: Bandwidth| rule.of(&values).expect("values differ");
        assert!((width(Bandwidth::Silverman) / 0.904443101413719 - 1.0).abs() < 1e-12);
        assert!(
            (width(Bandwidth::SheatherJones) / 0.188930365680375 - 1.0).abs() < 1e-3,
            "{}",
            width(Bandwidth::SheatherJones)
        );
    }

    /// R 4.2.2: mean(dnorm((g - x) / h)) / h with h = bw.nrd0(x).
    #[test]
    fn densities_are_those_of_r() {
        let mut sorted = TRIPS.to_vec();
        sorted.sort_by(f64::total_cmp);
        let width = Bandwidth::Silverman.of(&sorted).expect("values differ");
        let density = Density::new(&sorted, width, (f64::NEG_INFINITY, f64::INFINITY));
        for (at, expected) in [
            (5.0, 1.24041098007060e-3),
            (12.0, 7.89019008582181e-2),
            (15.0, 8.73916136580519e-2),
            (20.0, 4.01369354844495e-2),
            (30.0, 1.28520580227473e-2),
            (40.0, 1.86268659160998e-7),
        ] {
            assert!((density.at(at) / expected - 1.0).abs() < 1e-12, "{at}: {}", density.at(at));
        }
    }

    #[test]
    fn bins_change_nothing_that_is_seen() {
        let mut values: Vec<f64> = (0..6_000u32).map(|k| f64::from(k * 7_919 % 6_007) / 600.0).collect();
        values.sort_by(f64::total_cmp);
        let limits = (0.0, f64::INFINITY);
        let binned = Density::new(&values, 0.4, limits);
        let weight = 1.0 / values.len() as f64;
        let whole = Density { points: values.iter().map(|v| (*v, weight)).collect(), width: 0.4, limits };
        for at in [0.0, 0.2, 3.0, 9.9, 10.4] {
            assert!((binned.at(at) / whole.at(at) - 1.0).abs() < 1e-3, "{at}");
        }
        assert_eq!(binned.at(-0.1), 0.0);
    }

    proptest! {
        #[test]
        fn a_density_adds_up_to_one(mut values in prop::collection::vec(0.0..10.0f64, 2..80), width in 0.1..3.0f64) {
            values.sort_by(f64::total_cmp);
            let density = Density::new(&values, width, (0.0, f64::INFINITY));
            let step = 0.02;
            let area: f64 = (0..3_000).map(|k| step * density.at(step * (f64::from(k) + 0.5))).sum();
            prop_assert!((area - 1.0).abs() < 1e-3, "{}", area);
        }

        #[test]
        fn any_values_have_a_width_or_none(values in prop::collection::vec(prop::num::f64::ANY, 0..60)) {
            for rule in [Bandwidth::Silverman, Bandwidth::SheatherJones] {
                let width = rule.of(&values);
                prop_assert!(width.is_none_or(|width| width > 0.0), "{:?}", width);
            }
        }
    }
}
