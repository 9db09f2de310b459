//! How old the trees are, and how many of each age a lasting population needs.
use datagora_core::{Interval, Language, Measured, Suppression, Unit};

use crate::distribution::binomial_interval;
use crate::level::{LevelError, check_level};
use crate::wrong::Wrong;

/// How old a tree is, as inventories say in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum AgeClass {
    /// Newly planted or still formed.
    Young,
    /// Grown, but not to its size.
    YoungAdult,
    /// Full-grown.
    Adult,
    /// Mature and declining.
    Old,
}

impl AgeClass {
    /// Reads the classes of Grenoble (`Arbre jeune`, `Arbre adulte`, `Arbre vieillissant`) and Paris (`J`, `JA`, `A`, `M`), in words or letters.
    ///
    /// ```
    /// use datagora_indicators::greening::AgeClass;
    ///
    /// assert_eq!(AgeClass::parse("Arbre vieillissant"), Some(AgeClass::Old));
    /// assert_eq!(AgeClass::parse("JA"), Some(AgeClass::YoungAdult));
    /// assert_eq!(AgeClass::parse("H2"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let words = text.strip_prefix("arbre ").unwrap_or(&text);
        Some(match words {
            "j" | "jeune" | "jeune (arbre)" => AgeClass::Young,
            "ja" | "jeune adulte" | "jeune (arbre)adulte" | "jeune arbre adulte" => AgeClass::YoungAdult,
            "a" | "adulte" => AgeClass::Adult,
            "m" | "mature" | "mûr" | "vieillissant" | "sénescent" | "senescent" | "vieux" => AgeClass::Old,
            _ => return None,
        })
    }

    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            AgeClass::Young => language.pick("jeune", "young"),
            AgeClass::YoungAdult => language.pick("jeune adulte", "young adult"),
            AgeClass::Adult => language.pick("adulte", "adult"),
            AgeClass::Old => language.pick("mature ou vieillissant", "mature or declining"),
        }
    }
}

/// The shares of trees by size or age that a population should have to last.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct IdealAges {
    bounds: Vec<f64>,
    shares: Vec<f64>,
}

/// Classes and their shares do not go together, or the data are no sizes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AgeError {
    /// Bounds that do not rise, or not one share more than bounds.
    #[error("found {bounds} bounds for {shares} shares; needed rising bounds above 0, one less than shares")]
    Bounds {
        /// Bounds given.
        bounds: usize,
        /// Shares given.
        shares: usize,
    },
    /// Shares that are no whole.
    #[error("found shares that add up to {sum} percent; needed shares above 0 that make 100")]
    Shares {
        /// Their sum.
        sum: f64,
    },
    /// A size or age that is none.
    #[error(
        "found {value} for tree {row}, and {found} like it; a size or age is finite and not negative: mark a missing one as NaN"
    )]
    Value {
        /// Position of the first, counted from 0.
        row: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// The level is none.
    #[error(transparent)]
    Level(#[from] LevelError),
}

impl IdealAges {
    /// Richards's distribution of street trees by diameter at breast height: 40 % below 20 cm, 30 % to 40 cm, 20 % to 60 cm, 10 % above.
    ///
    /// Richards, N. A. (1983). Diversity and stability in a street tree population. Urban Ecology 7, 159–171.
    /// doi:10.1016/0304-4009(83)90034-7. His bounds of 8, 16 and 24 inches are rounded, as usual.
    pub fn richards() -> Self {
        Self { bounds: vec![20.0, 40.0, 60.0], shares: vec![40.0, 30.0, 20.0, 10.0] }
    }

    /// Other classes: a value equal to a bound belongs to the class above; shares in percent.
    ///
    /// # Errors
    ///
    /// [`AgeError::Bounds`], [`AgeError::Shares`].
    pub fn new(bounds: &[f64], shares: &[f64]) -> Result<Self, AgeError> {
        let rising = bounds.windows(2).all(|pair| pair[0] < pair[1]);
        let sound = bounds.iter().all(|bound| bound.is_finite() && *bound > 0.0);
        if !rising || !sound || shares.len() != bounds.len() + 1 {
            return Err(AgeError::Bounds { bounds: bounds.len(), shares: shares.len() });
        }
        let sum: f64 = shares.iter().sum();
        if !shares.iter().all(|share| *share > 0.0) || (sum - 100.0).abs() > 1e-6 {
            return Err(AgeError::Shares { sum });
        }
        Ok(Self { bounds: bounds.to_vec(), shares: shares.to_vec() })
    }
}

/// One class of an [`AgeStructure`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AgeShare {
    /// From this size or age.
    pub from: f64,
    /// To below this; `None` for the last class.
    pub below: Option<f64>,
    /// Trees in it.
    pub trees: u64,
    /// Their share of the trees of known size, in percent.
    pub share: Measured,
    /// The share it should have, in percent.
    pub ideal: f64,
}

/// Trees by size or age, against what a lasting population needs.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AgeStructure {
    /// The classes, the smallest first.
    pub classes: Vec<AgeShare>,
    /// Percent of the trees that would have to be in another class, half the sum of the differences. Its bounds hold wherever the trees of
    /// unknown size belong.
    pub gap: Measured,
    /// Percent of the trees whose size or age is unknown.
    pub missing: Measured,
}

/// Trees by diameter or age against an ideal distribution.
///
/// # Shapes and units
///
/// For each tree its diameter in cm for [`IdealAges::richards`], or its age in years for classes of age → shares in percent.
///
/// # Missing values
///
/// NaN trees are in no class; the completeness of a share tells how many are known. Shares have the exact binomial interval of this level, as
/// if the trees of known size were drawn at random from all.
///
/// # Interpretation
///
/// Few young trees mean that tomorrow's old ones lack; few old ones that most benefits of trees do. Diameter stands for age only within a
/// species: many small-growing species look like a young population.
///
/// # Errors
///
/// [`AgeError::Value`] for negative or infinite sizes, [`AgeError::Level`].
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{IdealAges, age_structure};
///
/// let diameters = [12.0, 15.0, 18.0, 25.0, 38.0, 44.0, 71.0, f64::NAN];
/// let found = age_structure(&diameters, &IdealAges::richards(), 0.95)?;
/// assert_eq!(found.classes[0].trees, 3);
/// assert!((found.classes[0].share.value().unwrap() - 42.86).abs() < 0.01); // 40 % would be ideal
/// assert_eq!(found.missing.value(), Some(12.5));
/// # Ok::<(), datagora_indicators::greening::AgeError>(())
/// ```
pub fn age_structure(values: &[f64], ideal: &IdealAges, level: f64) -> Result<AgeStructure, AgeError> {
    check_level(level)?;
    if let Some(Wrong { at: row, value, found }) = Wrong::negative(values) {
        return Err(AgeError::Value { row, value, found });
    }
    let mut counts = vec![0_u64; ideal.shares.len()];
    for value in values.iter().filter(|value| !value.is_nan()) {
        counts[ideal.bounds.partition_point(|bound| bound <= value)] += 1;
    }
    let (trees, known) = (values.len() as u64, counts.iter().sum::<u64>());
    let completeness = if trees == 0 { 1.0 } else { known as f64 / trees as f64 };
    let of_known = |value: Option<f64>, interval: Option<Interval>| {
        let measured = match value {
            Some(value) => Measured::new(value, Unit::PERCENT),
            None => {
                let reason = "no tree of known size".to_owned();
                Measured::suppressed(Unit::PERCENT, Suppression::Undefined { reason })
            }
        };
        let measured = measured.with_observations(known).with_completeness(completeness);
        interval.map_or(measured.clone(), |interval| measured.with_interval(interval))
    };
    let share = |count: u64| (known > 0).then(|| 100.0 * count as f64 / known as f64);
    let classes: Vec<AgeShare> = counts
        .iter()
        .enumerate()
        .map(|(at, &count)| {
            let Interval { lower, upper, level } = binomial_interval(count, known, level);
            AgeShare {
                from: if at == 0 { 0.0 } else { ideal.bounds[at - 1] },
                below: ideal.bounds.get(at).copied(),
                trees: count,
                share: of_known(
                    share(count),
                    Some(Interval { lower: 100.0 * lower, upper: 100.0 * upper, level }),
                ),
                ideal: ideal.shares[at],
            }
        })
        .collect();
    let differences =
        counts.iter().zip(&ideal.shares).filter_map(|(&count, ideal)| Some((share(count)? - ideal).abs()));
    let gap = (known > 0).then(|| 0.5 * differences.sum::<f64>());
    // All trees are a mixture of the known and the unknown ones, and no two distributions are further apart than 100 %.
    let unknown = 1.0 - completeness;
    let bounds = gap.map(|gap| Interval {
        lower: (gap - 100.0 * unknown).max(0.0),
        upper: (completeness * gap + 100.0 * unknown).max(gap),
        level: None,
    });
    let missing = Measured::new(100.0 * unknown, Unit::PERCENT).with_observations(trees);
    Ok(AgeStructure { classes, gap: of_known(gap, bounds), missing })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_ideal_population_has_no_gap() {
        let diameters: Vec<f64> =
            [(10.0, 40), (20.0, 30), (59.9, 20), (60.0, 10)].iter().flat_map(|&(d, n)| vec![d; n]).collect();
        let found = age_structure(&diameters, &IdealAges::richards(), 0.95).unwrap();
        assert_eq!(found.gap.value(), Some(0.0));
        assert_eq!(found.gap.interval(), Some(Interval { lower: 0.0, upper: 0.0, level: None }));
        // R: binom.test(40, 100)$conf.int
        let interval = found.classes[0].share.interval().unwrap();
        assert!((interval.lower - 30.329_48).abs() < 1e-4 && (interval.upper - 50.279_08).abs() < 1e-4);
        let young = age_structure(&[5.0; 10], &IdealAges::richards(), 0.95).unwrap();
        assert_eq!(young.gap.value(), Some(60.0));
    }

    #[test]
    fn classes_and_values_are_checked() {
        assert!(matches!(IdealAges::new(&[40.0, 20.0], &[50.0, 25.0, 25.0]), Err(AgeError::Bounds { .. })));
        assert!(matches!(IdealAges::new(&[40.0], &[100.0]), Err(AgeError::Bounds { .. })));
        assert!(matches!(IdealAges::new(&[f64::NAN], &[50.0, 50.0]), Err(AgeError::Bounds { .. })));
        assert!(matches!(IdealAges::new(&[40.0], &[60.0, 60.0]), Err(AgeError::Shares { .. })));
        let richards = IdealAges::richards();
        assert_eq!(IdealAges::new(&richards.bounds, &richards.shares).as_ref(), Ok(&richards));
        let wrong = age_structure(&[1.0, -2.0], &richards, 0.95).unwrap_err();
        assert_eq!(wrong, AgeError::Value { row: 1, value: -2.0, found: 1 });
        assert!(age_structure(&[], &richards, 95.0).is_err());
        let none = age_structure(&[f64::NAN], &richards, 0.95).unwrap();
        assert_eq!((none.gap.value(), none.missing.value()), (None, Some(100.0)));
        assert_eq!(age_structure(&[], &richards, 0.95).unwrap().missing.value(), Some(0.0));
    }

    proptest! {
        /// Whatever the sizes of the unknown trees are, the gap of all lies between the bounds.
        #[test]
        fn bounds_of_the_gap_hold(
            known in proptest::collection::vec(0.1..100.0_f64, 1..60), hidden in proptest::collection::vec(0.1..100.0_f64, 0..60)
        ) {
            let ideal = IdealAges::richards();
            let seen: Vec<f64> = known.iter().copied().chain(hidden.iter().map(|_| f64::NAN)).collect();
            let all: Vec<f64> = known.iter().chain(&hidden).copied().collect();
            let found = age_structure(&seen, &ideal, 0.9).unwrap();
            let truth = age_structure(&all, &ideal, 0.9).unwrap().gap.value().unwrap();
            let bounds = found.gap.interval().unwrap();
            prop_assert!(bounds.lower <= truth + 1e-9 && truth <= bounds.upper + 1e-9);
            prop_assert!(found.gap.clone().check().is_ok());
            let total: f64 = found.classes.iter().map(|class| class.share.value().unwrap()).sum();
            prop_assert!((total - 100.0).abs() < 1e-9);
        }
    }
}
