//! How many kinds there are, and how evenly.
use datagora_core::{Measured, Suppression, Unit};

use crate::distribution::ln_gamma;

/// Diversity of a population of trees, or of anything that comes in kinds.
///
/// Richness, evenness and dominance of the same counts, each as a value with the number of individuals.
///
/// # Missing values
///
/// Individuals of unknown kind must be left out by the caller and told with [`Diversity::with_unidentified`]: they lower the
/// completeness of every value. Kinds with a count of 0 do not matter.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::Diversity;
///
/// let trees = Diversity::new(&[420, 180, 150, 90, 80, 40, 25, 15]);
/// assert!((trees.shannon().value().unwrap() - 1.660_328).abs() < 1e-6);
/// assert!((trees.hill(1.0).value().unwrap() - 5.261_036).abs() < 1e-6); // as diverse as 5.3 equally common species
/// ```
///
/// # References
///
/// Hill, M. O. (1973). Diversity and evenness: a unifying notation. Ecology 54, 427–432. doi:10.2307/1934352.
/// Pielou, E. C. (1966). J. Theor. Biol. 13, 131–144. Simpson, E. H. (1949). Nature 163, 688. Shannon, C. E. (1948).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Diversity {
    counts: Vec<u64>,
    total: u64,
    unidentified: u64,
}

impl Diversity {
    /// From the number of individuals of each kind.
    pub fn new(counts: &[u64]) -> Self {
        let mut counts: Vec<u64> = counts.iter().copied().filter(|count| *count > 0).collect();
        // The order of the kinds must not change the last bit of a sum.
        counts.sort_unstable();
        Self { total: counts.iter().sum(), counts, unidentified: 0 }
    }

    /// With this number of individuals of unknown kind, which are in no count.
    pub fn with_unidentified(self, unidentified: u64) -> Self {
        Self { unidentified, ..self }
    }

    /// Number of identified individuals.
    pub fn individuals(&self) -> u64 {
        self.total
    }

    /// Number of kinds.
    pub fn richness(&self) -> Measured {
        self.value(Unit::of("{kind}"), Some(self.counts.len() as f64), "")
    }

    /// Shannon's entropy `−Σ p ln p`, in nats: 0 for one kind, at most `ln S`.
    pub fn shannon(&self) -> Measured {
        self.value(Unit::of("{nat}"), self.entropy(), "no individual was identified")
    }

    /// Simpson's dominance `Σ p²`: chance that two individuals drawn with replacement are of one kind.
    pub fn simpson(&self) -> Measured {
        self.value(Unit::ONE, self.concentration(), "no individual was identified")
    }

    /// Simpson's dominance without bias, `Σ n (n − 1) / N (N − 1)`: drawn without replacement.
    pub fn simpson_unbiased(&self) -> Measured {
        let n = self.total as f64;
        let pairs = self.counts.iter().map(|&count| count as f64 * (count as f64 - 1.0)).sum::<f64>();
        let value = (self.total > 1).then(|| pairs / (n * (n - 1.0)));
        self.value(Unit::ONE, value, "fewer than two individuals were identified")
    }

    /// Gini–Simpson index `1 − Σ p²`: chance that two individuals are of different kinds.
    pub fn gini_simpson(&self) -> Measured {
        let value = self.concentration().map(|dominance| 1.0 - dominance);
        self.value(Unit::ONE, value, "no individual was identified")
    }

    /// Pielou's evenness `H / ln S`: 1 if all kinds are equally common; undefined for one kind.
    pub fn pielou(&self) -> Measured {
        let kinds = self.counts.len() as f64;
        let value = self.entropy().filter(|_| kinds > 1.0).map(|entropy| entropy / kinds.ln());
        self.value(Unit::ONE, value, "evenness needs two kinds")
    }

    /// Hill's number of order `q ≥ 0`: how many equally common kinds would be as diverse.
    ///
    /// Order 0 is the richness, 1 the exponential of Shannon's entropy, 2 the reciprocal of Simpson's dominance. Rare kinds
    /// count less the higher the order. Suppressed for a negative or infinite order.
    pub fn hill(&self, order: f64) -> Measured {
        let unit = Unit::of("{kind}");
        if !(order >= 0.0 && order.is_finite()) {
            return self.value(unit, None, "the order of a Hill number is finite and not negative");
        }
        let value = self.entropy().map(|entropy| {
            if order == 1.0 {
                return entropy.exp();
            }
            self.shares().map(|p| p.powf(order)).sum::<f64>().powf(1.0 / (1.0 - order))
        });
        self.value(unit, value, "no individual was identified")
    }

    /// Estimate of the number of kinds if everything had been seen: Chao's lower bound, bias-corrected.
    ///
    /// `S + f₁ (f₁ − 1) / (2 (f₂ + 1))`, with `f₁` kinds seen once and `f₂` seen twice. For samples; an inventory has seen
    /// everything.
    ///
    /// Chao, A. (1984). Scand. J. Statist. 11, 265–270; bias-corrected form of Chao (2005), eq. 2.
    pub fn chao1(&self) -> Measured {
        let seen = |times: u64| self.counts.iter().filter(|&&count| count == times).count() as f64;
        let (once, twice) = (seen(1), seen(2));
        let value = self.counts.len() as f64 + once * (once - 1.0) / (2.0 * (twice + 1.0));
        self.value(Unit::of("{kind}"), Some(value), "")
    }

    /// Kinds to be expected among `n` individuals drawn without replacement: compares places with different numbers of trees.
    ///
    /// `Σ [1 − C(N − Nᵢ, n) / C(N, n)]`; suppressed if fewer than `n` individuals are there.
    ///
    /// Hurlbert, S. H. (1971). The nonconcept of species diversity. Ecology 52, 577–586. doi:10.2307/1934145
    pub fn rarefied(&self, n: u64) -> Measured {
        let ln_choose = |from: u64, n: u64| {
            ln_gamma(from as f64 + 1.0) - ln_gamma(n as f64 + 1.0) - ln_gamma((from - n) as f64 + 1.0)
        };
        let value = (n <= self.total).then(|| {
            let all = ln_choose(self.total, n);
            let absent = |count: u64| {
                if self.total - count < n { 0.0 } else { (ln_choose(self.total - count, n) - all).exp() }
            };
            self.counts.iter().map(|&count| 1.0 - absent(count)).sum()
        });
        self.value(Unit::of("{kind}"), value, "fewer individuals were identified than are to be drawn")
    }

    fn shares(&self) -> impl Iterator<Item = f64> {
        self.counts.iter().map(|&count| count as f64 / self.total as f64)
    }

    fn entropy(&self) -> Option<f64> {
        // The absolute value turns the −0 of a single kind into 0.
        (self.total > 0).then(|| self.shares().map(|p| -p * p.ln()).sum::<f64>().abs())
    }

    fn concentration(&self) -> Option<f64> {
        (self.total > 0).then(|| self.shares().map(|p| p * p).sum())
    }

    fn value(&self, unit: Unit, value: Option<f64>, otherwise: &str) -> Measured {
        let all = self.total + self.unidentified;
        match value {
            Some(value) => Measured::new(value, unit),
            None => Measured::suppressed(unit, Suppression::Undefined { reason: otherwise.to_owned() }),
        }
        .with_observations(self.total)
        .with_completeness(if all == 0 { 1.0 } else { self.total as f64 / all as f64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Golden `tree_diversity.json` (own reference, numpy 2.4.6, equal to R vegan 2.6-4 to 1e-9), tolerance 1e-9.
    #[test]
    fn golden_eight_species() {
        let trees = Diversity::new(&[420, 180, 150, 90, 80, 40, 25, 15]);
        let golden = [
            (trees.richness(), 8.0),
            (trees.shannon(), 1.660_327_945_064_517),
            (trees.pielou(), 0.798_448_964_197_980_7),
            (trees.simpson(), 0.248_25),
            (trees.gini_simpson(), 0.751_75),
            (trees.simpson_unbiased(), 0.247_497_497_497_497_5),
            (trees.hill(0.0), 8.0),
            (trees.hill(1.0), 5.261_035_892_326_104),
            (trees.hill(2.0), 4.028_197_381_671_703),
            (trees.chao1(), 8.0),
        ];
        for (i, (found, wanted)) in golden.iter().enumerate() {
            assert!((found.value().unwrap() - wanted).abs() < 1e-9, "{i}: {found:?} is not {wanted}");
        }
    }

    #[test]
    fn one_kind_and_none() {
        let one = Diversity::new(&[7, 0]).with_unidentified(3);
        assert_eq!((one.shannon().value(), one.hill(1.0).value()), (Some(0.0), Some(1.0)));
        assert_eq!(one.pielou().value(), None);
        assert_eq!(one.shannon().completeness(), 0.7);
        assert_eq!(one.hill(-1.0).value(), None);
        assert_eq!(one.hill(f64::NAN).value(), None);
        let none = Diversity::new(&[]);
        assert_eq!((none.richness().value(), none.simpson().value()), (Some(0.0), None));
    }

    proptest! {
        #[test]
        fn hill_numbers_fall_with_their_order_and_order_of_kinds_does_not_matter(
            mut counts in proptest::collection::vec(0_u64..500, 1..30)
        ) {
            prop_assume!(counts.iter().sum::<u64>() > 0);
            let trees = Diversity::new(&counts);
            let numbers: Vec<f64> =
                [0.0, 0.5, 1.0, 2.0, 5.0].iter().map(|q| trees.hill(*q).value().unwrap()).collect();
            prop_assert!(numbers.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9));
            counts.reverse();
            prop_assert_eq!(Diversity::new(&counts).shannon(), trees.shannon());
        }

        #[test]
        fn rarefaction_ends_at_what_was_seen(counts in proptest::collection::vec(1_u64..200, 1..20)) {
            let trees = Diversity::new(&counts);
            let total = trees.individuals();
            prop_assert!((trees.rarefied(1).value().unwrap() - 1.0).abs() < 1e-8);
            prop_assert!((trees.rarefied(total).value().unwrap() - counts.len() as f64).abs() < 1e-8);
            prop_assert_eq!(trees.rarefied(total + 1).value(), None);
            // Two individuals: 1 + the chance that they differ.
            if total > 1 {
                let differ = 1.0 - trees.simpson_unbiased().value().unwrap();
                prop_assert!((trees.rarefied(2).value().unwrap() - 1.0 - differ).abs() < 1e-8);
            }
        }
    }
}
