//! How many kinds there are, and how evenly.
use std::collections::HashMap;

use datagora_core::{Interval, Measured, Suppression, Unit};

use crate::distribution::normal_reach;
use crate::level::{LevelError, check_level};
use crate::zones::{ZoneError, check_zones};

/// Diversity of a population of trees, or of anything that comes in kinds.
///
/// Richness, evenness and dominance of the same counts, each as a value with the number of individuals.
///
/// # Missing values
///
/// Individuals of unknown kind must be left out by the caller and told with [`Diversity::with_unidentified`]: they lower the
/// completeness of every value. Kinds with a count of 0 do not matter.
///
/// # Intervals
///
/// An inventory of all trees is no sample, and its values have no interval. Where the trees are a random sample of more,
/// [`Diversity::as_sample`] gives one to Shannon's entropy, the Gini–Simpson index, Hill numbers above order 0 and rarefied richness.
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
/// Intervals by the delta method for multinomial shares: Agresti, A. (2013). *Categorical Data Analysis*, 3rd ed., 16.1.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Diversity {
    counts: Vec<u64>,
    total: u64,
    unidentified: u64,
    /// Level of the intervals, if the individuals are a sample.
    #[cfg_attr(feature = "serde", serde(default))]
    level: Option<f64>,
}

/// More individuals than this are not rarefied: it takes a number for each.
const RAREFIED_LIMIT: u64 = 1 << 24;

impl Diversity {
    /// From the number of individuals of each kind.
    pub fn new(counts: &[u64]) -> Self {
        let mut counts: Vec<u64> = counts.iter().copied().filter(|count| *count > 0).collect();
        // The order of the kinds must not change the last bit of a sum.
        counts.sort_unstable();
        let total = counts.iter().fold(0, |sum: u64, count| sum.saturating_add(*count));
        Self { total, counts, unidentified: 0, level: None }
    }

    /// With this number of individuals of unknown kind, which are in no count.
    pub fn with_unidentified(self, unidentified: u64) -> Self {
        Self { unidentified, ..self }
    }

    /// From the kind of each individual; `None` is one of unknown kind.
    ///
    /// ```
    /// use datagora_indicators::greening::Diversity;
    ///
    /// let street = Diversity::of_names([Some("Tilia"), Some("Acer"), None, Some("Tilia")]);
    /// assert_eq!((street.richness().value(), street.richness().completeness()), (Some(2.0), 0.75));
    /// ```
    pub fn of_names<'a>(names: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        let mut unidentified = 0;
        for name in names {
            match name {
                Some(name) => *counts.entry(name).or_default() += 1,
                None => unidentified += 1,
            }
        }
        Self::new(&counts.into_values().collect::<Vec<u64>>()).with_unidentified(unidentified)
    }

    /// As a random sample of a larger population: values have an interval of this level where one is known.
    ///
    /// The interval is that of the value in the sample; rare kinds that no sample saw are not in it, see
    /// [`Diversity::chao1`].
    ///
    /// # Errors
    ///
    /// [`LevelError`] unless the level lies between 0 and 1.
    pub fn as_sample(self, level: f64) -> Result<Self, LevelError> {
        Ok(Self { level: Some(check_level(level)?), ..self })
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
        let value = self.value(Unit::of("{nat}"), self.entropy(), "no individual was identified");
        self.with_delta(value, |p| -p.ln() - 1.0, (0.0, (self.counts.len() as f64).ln()))
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
        let value = self.value(Unit::ONE, value, "no individual was identified");
        self.with_delta(value, |p| -2.0 * p, (0.0, 1.0))
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
        let value = self.value(unit, value, "no individual was identified");
        let Some(number) = value.value().filter(|_| order > 0.0) else { return value };
        let slope = |p: f64| {
            if order == 1.0 {
                return number * (-p.ln() - 1.0);
            }
            // With S = Σ p^q the number is S^(1/(1−q)), and S^(q/(1−q)) is its power of q.
            order / (1.0 - order) * p.powf(order - 1.0) * number.powf(order)
        };
        self.with_delta(value, slope, (1.0, self.counts.len() as f64))
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
    /// `Σ [1 − C(N − Nᵢ, n) / C(N, n)]`; suppressed if fewer than `n` individuals are there. As a sample, it has the interval in which
    /// the kinds of such a draw lie, by its [standard error](Diversity::rarefied_error) and the normal approximation.
    ///
    /// Hurlbert, S. H. (1971). The nonconcept of species diversity. Ecology 52, 577–586. doi:10.2307/1934145
    pub fn rarefied(&self, n: u64) -> Measured {
        let unit = Unit::of("{kind}");
        let absent = match self.absence(n) {
            Ok(absent) => absent,
            Err(reason) => return self.value(unit, None, reason),
        };
        let expected = self.counts.iter().map(|&count| 1.0 - absent(count)).sum();
        let value = self.value(unit, Some(expected), "");
        self.with_error(value, |this| this.rarefied_error(n), (0.0, self.counts.len() as f64))
    }

    /// Standard error of the number of kinds among `n` individuals drawn without replacement; `None` where
    /// [`Diversity::rarefied`] has no value. Time grows with the square of the number of kinds.
    ///
    /// ```
    /// use datagora_indicators::greening::Diversity;
    ///
    /// let trees = Diversity::new(&[420, 180, 150, 90, 80, 40, 25, 15]);
    /// let error = trees.rarefied_error(100).unwrap();
    /// assert!((error - 0.488_246).abs() < 1e-6); // R: vegan::rarefy(x, 100, se = TRUE)
    /// ```
    ///
    /// Heck, K. L., van Belle, G. and Simberloff, D. (1975). Explicit calculation of the rarefaction diversity measurement and the
    /// determination of sufficient sample size. Ecology 56, 1459–1461, eq. 2. doi:10.2307/1934716
    pub fn rarefied_error(&self, n: u64) -> Option<f64> {
        let absent = self.absence(n).ok()?;
        let single: Vec<f64> = self.counts.iter().map(|&count| absent(count)).collect();
        let mut variance: f64 = single.iter().map(|p| p * (1.0 - p)).sum();
        for (i, first) in self.counts.iter().enumerate() {
            for j in 0..i {
                variance += 2.0 * (absent(first + self.counts[j]) - single[i] * single[j]);
            }
        }
        // Rounding may leave it below zero where all kinds are sure to be drawn.
        Some(variance.max(0.0).sqrt())
    }

    /// Chance that none of this many individuals is among `n` drawn.
    fn absence(&self, n: u64) -> Result<impl Fn(u64) -> f64, &'static str> {
        if n > self.total {
            return Err("fewer individuals were identified than are to be drawn");
        }
        if self.total > RAREFIED_LIMIT {
            return Err("more individuals than are rarefied: divide the counts by a common number");
        }
        // C(N − m, n) / C(N, n) is the product over k < m of 1 − n / (N − k). Sums of logarithms with what rounding took away
        // keep it exact to the last digits, unlike differences of large factorials.
        let most = self.counts.iter().rev().take(2).sum::<u64>();
        let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
        let mut logarithms = vec![0.0];
        for k in 0..most {
            let left = self.total - k;
            if left <= n {
                break;
            }
            let term = (-(n as f64) / left as f64).ln_1p() - lost;
            let next = sum + term;
            lost = (next - sum) - term;
            sum = next;
            logarithms.push(sum);
        }
        Ok(move |m: u64| logarithms.get(m as usize).map_or(0.0, |logarithm| logarithm.exp()))
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

    /// With the interval of a sample by the delta method, from the slope of the value by the share of a kind.
    fn with_delta(&self, value: Measured, slope: impl Fn(f64) -> f64, bounds: (f64, f64)) -> Measured {
        let error = |this: &Self| {
            let (mut mean, mut square) = (0.0, 0.0);
            for p in this.shares() {
                let slope = slope(p);
                mean += p * slope;
                square += p * slope * slope;
            }
            Some(((square - mean * mean).max(0.0) / this.total as f64).sqrt())
        };
        self.with_error(value, error, bounds)
    }

    /// With the interval of a sample, if it is one, within what is possible.
    fn with_error(
        &self,
        value: Measured,
        error: impl Fn(&Self) -> Option<f64>,
        (least, most): (f64, f64),
    ) -> Measured {
        let (Some(level), Some(centre)) = (self.level, value.value()) else { return value };
        let Some(error) = error(self) else { return value };
        let reach = normal_reach(level) * error;
        // Rounding may put the value itself beyond what is possible by its last bit.
        let (lower, upper) =
            ((centre - reach).max(least).min(centre), (centre + reach).min(most).max(centre));
        value.with_interval(Interval { lower, upper, level: Some(level) })
    }

    fn value(&self, unit: Unit, value: Option<f64>, otherwise: &str) -> Measured {
        let all = self.total.saturating_add(self.unidentified);
        match value {
            Some(value) => Measured::new(value, unit),
            None => Measured::suppressed(unit, Suppression::Undefined { reason: otherwise.to_owned() }),
        }
        .with_observations(self.total)
        .with_completeness(if all == 0 { 1.0 } else { self.total as f64 / all as f64 })
    }
}

/// Diversity of each zone, from the kind and the zone of each individual.
///
/// # Shapes
///
/// `n` kinds, `n` memberships → one [`Diversity`] per zone.
///
/// # Missing values
///
/// An individual of unknown kind (`None`) lowers the completeness of its zone; one in no zone is left out. Compare zones of different size
/// by [`Diversity::rarefied`].
///
/// # Errors
///
/// [`ZoneError`] if lengths differ or a zone does not exist.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::diversity_by_zone;
///
/// let kinds = [Some("Tilia"), Some("Acer"), None, Some("Acer")];
/// let zones = diversity_by_zone(&kinds, &[Some(0), Some(0), Some(0), Some(1)], 2)?;
/// assert_eq!(zones[0].richness().value(), Some(2.0));
/// assert_eq!(zones[1].hill(1.0).value(), Some(1.0));
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
pub fn diversity_by_zone(
    kinds: &[Option<&str>],
    membership: &[Option<u32>],
    zones: usize,
) -> Result<Vec<Diversity>, ZoneError> {
    if kinds.len() != membership.len() {
        return Err(ZoneError::Length { what: "kind", found: kinds.len(), needed: membership.len() });
    }
    check_zones(membership, zones)?;
    let mut of_zone = vec![Vec::new(); zones];
    for (kind, zone) in kinds.iter().zip(membership) {
        if let Some(zone) = zone {
            of_zone[*zone as usize].push(*kind);
        }
    }
    Ok(of_zone.into_iter().map(Diversity::of_names).collect())
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

    /// R 4.2.2, vegan 2.6-4: `rarefy(x, n, se = TRUE)`, printed with 16 digits; tolerance 1e-9.
    #[test]
    fn rarefied_as_vegan() {
        let eight = Diversity::new(&[420, 180, 150, 90, 80, 40, 25, 15]);
        let city = Diversity::new(&[1, 1, 2, 5, 9, 33, 120, 7, 7, 1, 250, 1_800, 4_438, 64]);
        for (trees, n, kinds, error) in [
            (&eight, 1, 1.0, 0.0),
            (&eight, 10, 4.545_935_924_382_311, 0.970_902_619_972_406_6),
            (&eight, 50, 7.121_092_026_083_994, 0.748_481_670_931_875_3),
            (&eight, 100, 7.713_407_771_522_231, 0.488_245_657_335_080_1),
            (&eight, 500, 7.999_972_544_883_061, 0.005_239_691_208_698_185),
            (&eight, 999, 8.0, 0.0),
            (&city, 10, 2.622_809_910_404_316_5, 0.726_912_363_722_840_5),
            (&city, 100, 5.292_992_166_342_08, 1.020_838_430_889_711),
            (&city, 1_000, 9.382_799_887_249_744, 1.202_194_434_149_676),
            (&city, 5_000, 13.158_382_726_573_747, 0.798_329_668_099_386_1),
        ] {
            assert!((trees.rarefied(n).value().unwrap() - kinds).abs() < 1e-9, "{n}");
            // The root makes rounding of the variance larger.
            assert!((trees.rarefied_error(n).unwrap() - error).abs() < 2e-7, "{n}");
        }
        // vegan `estimateR`, bias-corrected as here.
        assert_eq!(city.chao1().value(), Some(15.5));
    }

    /// Intervals cover about as often as they say: 400 samples of 300 trees, seeded; 95 % of 400 is 380, ± 3 standard deviations.
    #[test]
    fn intervals_of_samples_cover() {
        let shares = [0.4, 0.25, 0.15, 0.1, 0.1];
        let truth = Diversity::new(&[400, 250, 150, 100, 100]);
        let mut state = 7_u64;
        let mut draw = || {
            // Steele, Lea and Flood (2014), SplitMix64.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let mut left = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
            shares.iter().position(|share| {
                left -= share;
                left < 0.0
            })
        };
        let mut covered = [0; 3];
        for _ in 0..400 {
            let mut counts = [0_u64; 5];
            for _ in 0..300 {
                counts[draw().unwrap_or(4)] += 1;
            }
            let sample = Diversity::new(&counts).as_sample(0.95).unwrap();
            for (hits, (found, wanted)) in covered.iter_mut().zip([
                (sample.shannon(), truth.shannon()),
                (sample.gini_simpson(), truth.gini_simpson()),
                (sample.hill(2.0), truth.hill(2.0)),
            ]) {
                let (interval, wanted) = (found.interval().unwrap(), wanted.value().unwrap());
                *hits += usize::from(interval.lower <= wanted && wanted <= interval.upper);
            }
        }
        assert!(covered.iter().all(|hits| (367..=393).contains(hits)), "{covered:?}");
        assert!(Diversity::new(&[1]).as_sample(1.0).is_err());
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
            prop_assert!((trees.rarefied(1).value().unwrap() - 1.0).abs() < 1e-12);
            prop_assert_eq!(trees.rarefied(total).value(), Some(counts.len() as f64));
            prop_assert_eq!(trees.rarefied_error(total), Some(0.0));
            prop_assert_eq!(trees.rarefied(total + 1).value(), None);
            // Two individuals: 1 + the chance that they differ.
            if total > 1 {
                let differ = 1.0 - trees.simpson_unbiased().value().unwrap();
                prop_assert!((trees.rarefied(2).value().unwrap() - 1.0 - differ).abs() < 1e-12);
                // One kind or two: the variance of a coin.
                let error = trees.rarefied_error(2).unwrap();
                prop_assert!((error * error - differ * (1.0 - differ)).abs() < 1e-9);
            }
        }

        #[test]
        fn no_counts_make_it_panic(
            counts in proptest::collection::vec(any::<u64>(), 0..6), n in any::<u64>(), order in any::<f64>(),
        ) {
            let trees = Diversity::new(&counts).with_unidentified(n).as_sample(0.9).unwrap();
            for value in [trees.hill(order), trees.shannon(), trees.pielou(), trees.rarefied(n), trees.simpson_unbiased(), trees.chao1()] {
                prop_assert!(value.check().is_ok());
            }
        }
    }
}
