//! How unsure the weights are.
use super::error::SuitabilityError;
use super::factor_set::FactorSet;
use crate::random::SplitMix64;

/// Which distribution the noise of a weight has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum NoiseShape {
    /// Normal.
    #[default]
    Normal,
    /// All values within √3 standard deviations alike, none beyond.
    Uniform,
}

/// Independent noise of the weights of a set: they are opinions of experts, and others would have given others.
///
/// ```
/// use datagora_indicators::greening::plantability_v2;
/// use datagora_indicators::suitability::WeightNoise;
///
/// let set = plantability_v2();
/// // Half a point for each weight, but buildings are certain.
/// let noise = WeightNoise::absolute(&set, 0.5)?.with_deviation(&set, "batiments", 0.0)?;
/// assert_eq!(noise.deviations()[0], 0.5);
/// # Ok::<(), datagora_indicators::suitability::SuitabilityError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WeightNoise {
    deviations: Vec<f64>,
    shape: NoiseShape,
}

impl WeightNoise {
    /// The same standard deviation for all weights, in points.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Noise`] if it is negative or not finite.
    pub fn absolute(set: &FactorSet, deviation: f64) -> Result<Self, SuitabilityError> {
        Self::checked(set, vec![deviation; set.factors().len()])
    }

    /// A standard deviation in proportion to the absolute weight: 0.2 for a fifth of it.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Noise`] if it is negative or not finite.
    pub fn relative(set: &FactorSet, share: f64) -> Result<Self, SuitabilityError> {
        Self::checked(set, set.factors().iter().map(|factor| share * factor.weight.abs()).collect())
    }

    fn checked(set: &FactorSet, deviations: Vec<f64>) -> Result<Self, SuitabilityError> {
        for (factor, &found) in set.factors().iter().zip(&deviations) {
            if !(found >= 0.0 && found.is_finite()) {
                return Err(SuitabilityError::Noise { of: factor.id.clone(), found });
            }
        }
        Ok(Self { deviations, shape: NoiseShape::default() })
    }

    /// Another standard deviation for one factor, in points.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError`] if the set has no such factor, or the deviation is negative or not finite.
    pub fn with_deviation(
        mut self,
        set: &FactorSet,
        id: &str,
        deviation: f64,
    ) -> Result<Self, SuitabilityError> {
        let none = || SuitabilityError::NoFactor { id: id.to_owned(), set: set.draft().id.clone() };
        let factor = set.position(id).ok_or_else(none)?;
        if let Some(found) = self.deviations.get_mut(factor) {
            *found = deviation;
        }
        Ok(Self { shape: self.shape, ..Self::checked(set, self.deviations)? })
    }

    /// Another distribution.
    #[must_use]
    pub fn with_shape(self, shape: NoiseShape) -> Self {
        Self { shape, ..self }
    }

    /// Standard deviation of each weight, in the order of the set.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// The distribution.
    pub fn shape(&self) -> NoiseShape {
        self.shape
    }

    pub(super) fn check(&self, set: &FactorSet) -> Result<(), SuitabilityError> {
        if self.deviations.len() == set.factors().len() {
            Ok(())
        } else {
            Err(SuitabilityError::Mismatch { what: "factors than the noise" })
        }
    }

    /// The weights of one draw.
    fn draw(&self, weights: &[f64], draws: &WeightDraws, number: usize) -> Vec<f64> {
        let mut random = SplitMix64::stream(draws.seed, number as u64);
        let mut noisy = Vec::with_capacity(weights.len() + 1);
        while noisy.len() < weights.len() {
            match self.shape {
                NoiseShape::Normal => noisy.extend(random.normals()),
                NoiseShape::Uniform => noisy.push((2.0 * random.unit() - 1.0) * 3.0_f64.sqrt()),
            }
        }
        noisy.truncate(weights.len());
        for ((value, weight), deviation) in noisy.iter_mut().zip(weights).zip(&self.deviations) {
            *value = weight + deviation * *value;
        }
        noisy
    }

    /// The weights of all draws, each with a value by factor.
    pub(super) fn draws(
        &self,
        set: &FactorSet,
        draws: &WeightDraws,
    ) -> Result<Vec<Vec<f64>>, SuitabilityError> {
        self.check(set)?;
        if draws.count == 0 {
            return Err(SuitabilityError::NoDraws);
        }
        let weights: Vec<f64> = set.factors().iter().map(|factor| factor.weight).collect();
        Ok((0..draws.count).map(|number| self.draw(&weights, draws, number)).collect())
    }
}

/// How often weights are drawn, and from which random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct WeightDraws {
    /// Number of draws.
    pub count: usize,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for WeightDraws {
    /// 1,000 draws, seed 1: a share of draws is right to 3 percentage points in 95 of 100 cases.
    fn default() -> Self {
        Self { count: 1_000, seed: 1 }
    }
}

impl WeightDraws {
    /// That many draws.
    #[must_use]
    pub fn with_count(self, count: usize) -> Self {
        Self { count, ..self }
    }

    /// Other random numbers.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}
