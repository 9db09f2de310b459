//! Whether like values lie near each other, and where.
mod definitions;
#[cfg(test)]
mod tests;

use datagora_core::{Measured, Suppression, Unit};

pub(crate) use definitions::DEFINITIONS;

use crate::cores::each;
use crate::random::SplitMix64;

/// Who is a neighbour of whom. All neighbours of a place weigh the same, together 1 (row-standardised weights).
///
/// What neighbours are is the caller's: zones that touch, places within a distance. Say it beside every result, since
/// results depend on it.
///
/// ```
/// use datagora_indicators::Neighbourhood;
///
/// let street = Neighbourhood::new(3, [(0, 1), (1, 2)])?;
/// assert_eq!(street.of(1), [0, 2]);
/// # Ok::<(), datagora_indicators::AssociationError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbourhood {
    /// Where the neighbours of each place begin, and where the last ones end.
    starts: Vec<usize>,
    rows: Vec<u32>,
}

/// Places, values and permutations that do not go together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AssociationError {
    /// A neighbour that is no place, or the place itself.
    #[error("places {0} and {1} of {2} are no neighbours; two different places, counted from 0, are needed", pair.0, pair.1, places)]
    Pair {
        /// The pair found.
        pair: (u32, u32),
        /// Number of places.
        places: usize,
    },
    /// Another number of values than places.
    #[error("found {found} values for {needed} places; one each, in the same order, is needed")]
    Length {
        /// Values found.
        found: usize,
        /// Places.
        needed: usize,
    },
    /// An infinite value.
    #[error("the value of place {row} is infinite; mark a missing one as NaN")]
    Infinite {
        /// Place.
        row: usize,
    },
    /// No permutation.
    #[error("0 permutations tell nothing; 99 at least are needed for a level of 5 %")]
    NoPermutations,
}

/// How chance is imitated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct PermutationOptions {
    /// How often values are dealt to places anew.
    pub permutations: usize,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for PermutationOptions {
    /// 999 permutations, seed 1.
    fn default() -> Self {
        Self { permutations: 999, seed: 1 }
    }
}

impl PermutationOptions {
    /// With so many permutations.
    pub fn with_permutations(self, permutations: usize) -> Self {
        Self { permutations, ..self }
    }

    /// With this seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

/// Whether like values lie near each other, in all.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Moran {
    /// Moran’s I: above 0 where neighbours are alike, below where they differ; without association it is `expected`.
    pub index: Measured,
    /// What chance alone gives on average, −1 / (n − 1); NaN if there is no index.
    pub expected: f64,
    /// One-sided pseudo p-value in the direction found: (1 + number of permutations at least as far) / (1 + permutations); NaN if
    /// there is no index.
    pub p: f64,
}

/// A place among its neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LocalMoran {
    /// Mean of the values of its neighbours (the spatial lag), in their unit.
    pub lag: f64,
    /// Local Moran’s I; their mean over all places is the global one.
    pub index: f64,
    /// One-sided pseudo p-value, as that of [`Moran`], with the value of the place kept and those of all others dealt anew.
    pub p: f64,
}

impl Neighbourhood {
    /// Neighbours from pairs of places, each in either order; what is said twice counts once.
    ///
    /// # Errors
    ///
    /// [`AssociationError::Pair`] for a place that does not exist, or is its own neighbour.
    pub fn new(places: usize, pairs: impl IntoIterator<Item = (u32, u32)>) -> Result<Self, AssociationError> {
        let mut both = Vec::new();
        for pair in pairs {
            if pair.0 == pair.1 || pair.0.max(pair.1) as usize >= places {
                return Err(AssociationError::Pair { pair, places });
            }
            both.extend([pair, (pair.1, pair.0)]);
        }
        both.sort_unstable();
        both.dedup();
        let starts =
            (0..=places).map(|place| both.partition_point(|pair| (pair.0 as usize) < place)).collect();
        Ok(Self { starts, rows: both.into_iter().map(|pair| pair.1).collect() })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no place.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The neighbours of a place, ascending.
    ///
    /// # Panics
    ///
    /// If there is no such place.
    pub fn of(&self, place: usize) -> &[u32] {
        &self.rows[self.starts[place]..self.starts[place + 1]]
    }
}

/// Moran’s I: whether neighbours have like values.
///
/// `I = Σ zᵢ · mean of the z of its neighbours / Σ zᵢ²`, `z` being deviations from the mean.
///
/// # Shapes and missing values
///
/// `n` values for `n` places. A place of unknown value (NaN) is left out, also as a neighbour, and so is one without known
/// neighbours, as in spdep (`adjust.n`; esda keeps it). Completeness is the share of the places that are used. If they
/// all have the same value, there is no index.
///
/// # Interpretation
///
/// About −1 to 1. A low `p` says that chance would hardly put values so; it does not say where, nor why.
///
/// # Errors
///
/// [`AssociationError`].
///
/// # Example
///
/// ```
/// use datagora_indicators::{Neighbourhood, PermutationOptions, moran};
///
/// let street = Neighbourhood::new(6, (0..5).map(|house| (house, house + 1)))?;
/// let found = moran(&[9.0, 8.0, 7.0, 3.0, 2.0, 1.0], &street, &PermutationOptions::default())?;
/// assert!(found.index.value() > Some(0.7) && found.p < 0.05);
/// # Ok::<(), datagora_indicators::AssociationError>(())
/// ```
///
/// # References
///
/// Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17–23. Cliff, A. D., Ord, J. K. (1981).
/// *Spatial Processes*, section 2.3. Permutations as in esda `Moran` (`p_sim`).
pub fn moran(
    values: &[f64],
    neighbourhood: &Neighbourhood,
    options: &PermutationOptions,
) -> Result<Moran, AssociationError> {
    let known = Known::of(values, neighbourhood, options)?;
    let n = known.deviations.len();
    let measured = |index: Measured| {
        let share = if values.is_empty() { 1.0 } else { n as f64 / values.len() as f64 };
        index.with_observations(n as u64).with_completeness(share)
    };
    if known.variance.is_nan() {
        let reason = "fewer than two places with known neighbours have different values".to_owned();
        let index = measured(Measured::suppressed(Unit::ONE, Suppression::Undefined { reason }));
        return Ok(Moran { index, expected: f64::NAN, p: f64::NAN });
    }
    let scale = n as f64 * known.variance;
    let index = |deviations: &[f64]| {
        let product = |place: usize| deviations[place] * mean(known.neighbours(place), deviations);
        (0..n).map(product).sum::<f64>() / scale
    };
    let found = index(&known.deviations);
    let dealt = each(options.permutations, |number| {
        let mut random = SplitMix64::stream(options.seed, number as u64);
        let mut deviations = known.deviations.clone();
        (1..n).rev().for_each(|last| deviations.swap(last, random.below(last as u64 + 1) as usize));
        index(&deviations)
    });
    Ok(Moran {
        index: measured(Measured::new(found, Unit::ONE)),
        expected: -1.0 / (n as f64 - 1.0),
        p: pseudo_p(dealt.iter().copied(), found, 1.0),
    })
}

/// Local Moran’s I of each place: where like values gather, and which places differ from all around them.
///
/// `Iᵢ = zᵢ · mean of the z of its neighbours / variance`, with the variance over n, as spdep has it (esda: n − 1); the mean of all
/// `Iᵢ` is I. Chance is imitated place by place: its value stays, its neighbours are drawn from all others.
///
/// # Shapes and missing values
///
/// `n` values for `n` places → `n` results; none for a place of unknown value (NaN) or without known neighbours, nor for any
/// if all used values are the same.
///
/// # Interpretation
///
/// Of many places some are significant by chance: give [`false_discovery_threshold`] the p-values. The lag tells which kind
/// of place it is: high among high, low among low, or unlike its neighbours.
///
/// # Errors
///
/// [`AssociationError`].
///
/// # Example
///
/// ```
/// use datagora_indicators::{Neighbourhood, PermutationOptions, local_moran};
///
/// let street = Neighbourhood::new(6, (0..5).map(|house| (house, house + 1)))?;
/// let found = local_moran(&[9.0, 8.0, 7.0, 3.0, 2.0, 1.0], &street, &PermutationOptions::default())?;
/// assert_eq!(found[1].map(|house| house.lag), Some(8.0));
/// # Ok::<(), datagora_indicators::AssociationError>(())
/// ```
///
/// # References
///
/// Anselin, L. (1995). Local indicators of spatial association – LISA. Geographical Analysis 27, 93–115. Permutations as in
/// esda `Moran_Local` (`p_sim`).
pub fn local_moran(
    values: &[f64],
    neighbourhood: &Neighbourhood,
    options: &PermutationOptions,
) -> Result<Vec<Option<LocalMoran>>, AssociationError> {
    let known = Known::of(values, neighbourhood, options)?;
    let mut found = vec![None; values.len()];
    if known.variance.is_nan() {
        return Ok(found);
    }
    let deviations = &known.deviations;
    let local = each(deviations.len(), |place| {
        let (own, neighbours) = (deviations[place], known.neighbours(place));
        let lag = mean(neighbours, deviations);
        let mut random = SplitMix64::stream(options.seed, place as u64);
        let mut others: Vec<f64> = deviations.clone();
        others.swap_remove(place);
        let dealt = (0..options.permutations).map(|_| {
            // The first ones of a shuffle; what a draw leaves behind is as good a start for the next.
            let sum: f64 = (0..neighbours.len())
                .map(|at| {
                    let other = at + random.below((others.len() - at) as u64) as usize;
                    others.swap(at, other);
                    others[at]
                })
                .sum();
            own * sum / neighbours.len() as f64
        });
        let index = own * lag / known.variance;
        LocalMoran { lag: known.mean + lag, index, p: pseudo_p(dealt, own * lag, known.variance) }
    });
    known.places.iter().zip(local).for_each(|(place, local)| found[*place] = Some(local));
    Ok(found)
}

/// The largest p-value at which the expected share of false ones among all that are called significant is at most `level`; 0 if
/// none may be called so. A p-value counts as significant if it is not above this threshold.
///
/// # Missing values
///
/// A p-value that is NaN is of no test.
///
/// ```
/// use datagora_indicators::false_discovery_threshold;
///
/// assert_eq!(false_discovery_threshold(&[0.001, 0.012, 0.03, 0.9], 0.05), 0.03);
/// assert_eq!(false_discovery_threshold(&[0.04, 0.9], 0.05), 0.0);
/// ```
///
/// # References
///
/// Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. J. R. Stat. Soc. B 57, 289–300. For LISA:
/// Caldas de Castro, M., Singer, B. H. (2006). Geographical Analysis 38, 180–208.
pub fn false_discovery_threshold(p_values: &[f64], level: f64) -> f64 {
    let mut sorted: Vec<f64> = p_values.iter().copied().filter(|p| !p.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let allowed = |rank: usize| level * (rank + 1) as f64 / sorted.len() as f64;
    (0..sorted.len()).rev().find(|&rank| sorted[rank] <= allowed(rank)).map_or(0.0, |rank| sorted[rank])
}

/// The places with a value and a neighbour with one.
struct Known {
    /// Their rows.
    places: Vec<usize>,
    mean: f64,
    deviations: Vec<f64>,
    /// NaN if there is no deviation.
    variance: f64,
    /// Neighbours among them, by their numbers here.
    neighbourhood: Neighbourhood,
}

impl Known {
    fn of(
        values: &[f64],
        neighbourhood: &Neighbourhood,
        options: &PermutationOptions,
    ) -> Result<Self, AssociationError> {
        let (found, needed) = (values.len(), neighbourhood.len());
        if found != needed {
            return Err(AssociationError::Length { found, needed });
        }
        if let Some(row) = values.iter().position(|value| value.is_infinite()) {
            return Err(AssociationError::Infinite { row });
        }
        if options.permutations == 0 {
            return Err(AssociationError::NoPermutations);
        }
        let has = |place: usize| !values[place].is_nan();
        let beside =
            |place: usize| neighbourhood.of(place).iter().copied().filter(|&other| has(other as usize));
        let places: Vec<usize> =
            (0..needed).filter(|&place| has(place) && beside(place).next().is_some()).collect();
        let mut number = vec![0_u32; needed];
        places.iter().zip(0..).for_each(|(&place, at)| number[place] = at);
        let (mut starts, mut rows) = (vec![0], Vec::new());
        for &place in &places {
            rows.extend(beside(place).map(|other| number[other as usize]));
            starts.push(rows.len());
        }
        let n = places.len() as f64;
        let mean = places.iter().map(|&place| values[place]).sum::<f64>() / n;
        let deviations: Vec<f64> = places.iter().map(|&place| values[place] - mean).collect();
        let variance = deviations.iter().map(|z| z * z).sum::<f64>() / n;
        let differ = places.windows(2).any(|pair| values[pair[0]] != values[pair[1]]);
        let variance = if differ && variance > 0.0 && variance.is_finite() { variance } else { f64::NAN };
        Ok(Self { places, mean, deviations, variance, neighbourhood: Neighbourhood { starts, rows } })
    }

    fn neighbours(&self, place: usize) -> &[u32] {
        self.neighbourhood.of(place)
    }
}

fn mean(rows: &[u32], values: &[f64]) -> f64 {
    rows.iter().map(|&row| values[row as usize]).sum::<f64>() / rows.len() as f64
}

/// Share of the draws at least as far as what was found, in its direction, with what was found among them.
fn pseudo_p(dealt: impl Iterator<Item = f64>, found: f64, scale: f64) -> f64 {
    // Sums of the same numbers in another order are ties.
    let least = found - 1e-12 * scale;
    let (mut all, mut above) = (0_usize, 0_usize);
    for other in dealt {
        all += 1;
        above += usize::from(other >= least);
    }
    (above.min(all - above) + 1) as f64 / (all + 1) as f64
}
