//! What was filled, and how sure it is.
use datagora_core::Interval;

use crate::LevelError;
use crate::distribution::gamma_interval;
use crate::level::check_level;

/// What was filled.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Filled {
    /// Intervals that have an imputed value now.
    pub filled: u64,
    /// Intervals that stay missing, as too little is known around them.
    pub left: u64,
    /// The values that a model gave, by channel and time; empty for the other methods.
    pub values: Vec<FilledValue>,
}

/// A value that a model gave.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::{Channel, CountsBuilder, ImputeMethod, ImputeOptions, Reading};
///
/// let mut builder = CountsBuilder::new(Zone::UTC);
/// let quai = builder.channel(Channel::new("quai").with_site("s"));
/// for hour in (0..24 * 56).filter(|hour| !(600..606).contains(hour)) {
///     let count = 20 + hour % 24 + hour * 7 % 11; // a day, and noise
///     builder.add(Reading::new(quai, 3_600 * hour, 3_600, count as f64));
/// }
/// let options = ImputeOptions::default().with_method(ImputeMethod::Model);
/// let (counts, filled) = builder.finish().0.imputed(&options);
/// let first = filled.values[0];
/// assert_eq!((filled.filled, first.row, first.value), (6, 600, counts.of(0).value[600]));
/// let interval = first.interval(0.9)?;
/// assert!(interval.lower < first.value && first.value < interval.upper);
/// # Ok::<(), datagora_indicators::LevelError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FilledValue {
    /// Position of the channel.
    pub channel: usize,
    /// Row among the readings of the channel, in the filled counts.
    pub row: usize,
    /// The value put in place.
    pub value: f64,
    /// Standard deviation of what would have been counted around it. Those of one day go together: they do not cancel out in
    /// a sum.
    pub deviation: f64,
}

impl FilledValue {
    /// Where the count would have been with this probability: quantiles of the gamma distribution of this mean and deviation,
    /// which is never negative.
    ///
    /// Hidden hours of bicycle counters of Paris were within the interval at 90 % in 91 to 95 cases of 100; of counters that give
    /// days, hidden days in 77: there the intervals are too narrow.
    ///
    /// # Errors
    ///
    /// [`LevelError`] if the level is no probability.
    pub fn interval(&self, level: f64) -> Result<Interval, LevelError> {
        Ok(gamma_interval(self.value, self.deviation, check_level(level)?))
    }
}
