//! What can be asked of the values in a zone.
use std::fmt;

/// A statistic of the values of a raster within a zone.
///
/// The value of each cell counts by the share of the cell that the zone covers, `c`; cells without value do not count.
/// The conventions are those of exactextract 0.3.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ZonalStatistic {
    /// `Σ c`: cells with a value, partial ones in part.
    Count,
    /// `Σ c·v`.
    Sum,
    /// `Σ c·v / Σ c`.
    Mean,
    /// The least value of a cell that the zone shares ground with.
    Min,
    /// The greatest value of a cell that the zone shares ground with.
    Max,
    /// `Σ c·(v − mean)² / Σ c`, of the population.
    Variance,
    /// Square root of the variance.
    StandardDeviation,
    /// The value below which this share of the zone lies, 0 to 1; 0.5 is the median.
    ///
    /// Of the `n` different values in ascending order, the `k`th (from 0), which covers `wₖ` and has `Wₖ = Σ_{j<k} wⱼ`
    /// before it, stands at `k·wₖ + (n − 1)·Wₖ`; the quantile is interpolated linearly at `q·(n − 1)·Σ w`.
    Quantile(f64),
    /// The value that covers most of the zone; the greatest of those that cover as much.
    Majority,
    /// The value that covers least of the zone; the least of those that cover as much.
    Minority,
    /// Number of different values.
    Variety,
    /// `Σ c` of values greater than this one, as a share of `Σ c`: 0 to 1.
    ShareAbove(f64),
    /// `Σ c·w·v`, with the weights `w` of a second raster; cells without weight do not count.
    WeightedSum,
    /// `Σ c·w·v / Σ c·w`.
    WeightedMean,
    /// `Σ c·w·(v − weighted mean)² / Σ c·w`.
    WeightedVariance,
    /// Square root of the weighted variance.
    WeightedStandardDeviation,
}

impl ZonalStatistic {
    /// Whether it needs a second raster.
    pub fn is_weighted(self) -> bool {
        use ZonalStatistic::*;
        matches!(self, WeightedSum | WeightedMean | WeightedVariance | WeightedStandardDeviation)
    }

    /// Whether it needs to know how much of the zone each value covers.
    pub(super) fn is_of_values(self) -> bool {
        matches!(self, Self::Quantile(_) | Self::Majority | Self::Minority | Self::Variety)
    }
}

impl fmt::Display for ZonalStatistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count => f.write_str("count"),
            Self::Sum => f.write_str("sum"),
            Self::Mean => f.write_str("mean"),
            Self::Min => f.write_str("min"),
            Self::Max => f.write_str("max"),
            Self::Variance => f.write_str("variance"),
            Self::StandardDeviation => f.write_str("standard deviation"),
            Self::Quantile(q) => write!(f, "quantile {q}"),
            Self::Majority => f.write_str("majority"),
            Self::Minority => f.write_str("minority"),
            Self::Variety => f.write_str("variety"),
            Self::ShareAbove(threshold) => write!(f, "share above {threshold}"),
            Self::WeightedSum => f.write_str("weighted sum"),
            Self::WeightedMean => f.write_str("weighted mean"),
            Self::WeightedVariance => f.write_str("weighted variance"),
            Self::WeightedStandardDeviation => f.write_str("weighted standard deviation"),
        }
    }
}

/// What is asked of a raster by zones.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ZonalOptions {
    /// Statistics, in the order of the columns of the result.
    pub statistics: Vec<ZonalStatistic>,
    /// Band of the raster, from 0.
    pub band: usize,
    /// Band with the weights, from 0: of the second raster if there is one, else of the same.
    pub weight_band: Option<usize>,
    /// Most cells of a file that are held at a time.
    pub window: usize,
}

impl Default for ZonalOptions {
    /// Count and mean of the first band; windows of up to 2²⁴ cells.
    fn default() -> Self {
        Self {
            statistics: vec![ZonalStatistic::Count, ZonalStatistic::Mean],
            band: 0,
            weight_band: None,
            window: 1 << 24,
        }
    }
}

impl ZonalOptions {
    /// Chooses statistics.
    #[must_use]
    pub fn with_statistics(self, statistics: impl Into<Vec<ZonalStatistic>>) -> Self {
        Self { statistics: statistics.into(), ..self }
    }

    /// Chooses a band, from 0.
    #[must_use]
    pub fn with_band(self, band: usize) -> Self {
        Self { band, ..self }
    }

    /// Chooses the band with the weights, from 0.
    #[must_use]
    pub fn with_weight_band(self, band: usize) -> Self {
        Self { weight_band: Some(band), ..self }
    }

    /// Sets the most cells of a file that are held at a time.
    #[must_use]
    pub fn with_window(self, cells: usize) -> Self {
        Self { window: cells, ..self }
    }
}
