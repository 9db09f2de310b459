//! A regular series in which a gap is a value of its own.
use std::sync::Arc;

use datagora_core::{Month, Unit};

use crate::Decomposition;

/// Values at regular steps, with their gaps, their seasonal periods and their unit.
///
/// A gap is `NaN`. It keeps its place: no function of this crate shortens, shifts or fills a series.
///
/// A clone, and what was known of a series in the past ([`Series::head`]), share the values.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::Series;
///
/// let passages = Series::new(vec![410.0, 388.0, f64::NAN, 502.0], Unit::of("{passage}"))?.with_period(12)?;
/// assert_eq!(passages.len(), 4);
/// assert_eq!(passages.observed(), 3);
/// # Ok::<(), datagora_predict::SeriesError>(())
/// ```
#[derive(Clone)]
pub struct Series {
    /// Those of the longest series that this one is the past of.
    values: Arc<[f64]>,
    length: usize,
    about: Arc<About>,
}

/// What is said of the values.
#[derive(Clone, PartialEq)]
struct About {
    /// Rising; `[1]` without season.
    periods: Vec<usize>,
    unit: Unit,
    label: Option<String>,
    start: Option<Month>,
}

impl PartialEq for Series {
    fn eq(&self, other: &Self) -> bool {
        self.values() == other.values() && self.about == other.about
    }
}

impl std::fmt::Debug for Series {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Series")
            .field("values", &self.values())
            .field("periods", &self.about.periods)
            .field("unit", &self.about.unit)
            .field("label", &self.about.label)
            .field("start", &self.about.start)
            .finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Series {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Series", 5)?;
        fields.serialize_field("values", self.values())?;
        fields.serialize_field("periods", &self.about.periods)?;
        fields.serialize_field("unit", &self.about.unit)?;
        fields.serialize_field("label", &self.about.label)?;
        fields.serialize_field("start", &self.about.start)?;
        fields.end()
    }
}

/// What is wrong with the values given as a series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SeriesError {
    /// A value is infinite.
    #[error(
        "value {found} at position {position} is not a number of the series; give NaN where there is a gap"
    )]
    Infinite {
        /// Where, from 0.
        position: usize,
        /// What stood there.
        found: f64,
    },
    /// A seasonal period of no step.
    #[error(
        "a seasonal period of {found} steps; give 1 for a series without season, 12 for months in a year"
    )]
    Period {
        /// What was given.
        found: usize,
    },
}

impl Series {
    /// A series without season. `values` in `unit`, one for each step in order, `NaN` = gap.
    ///
    /// # Errors
    ///
    /// [`SeriesError::Infinite`] at the first infinite value. An empty series, or one of gaps only, is a series: what
    /// cannot be done with it is said by the function that is asked to.
    pub fn new(values: impl Into<Vec<f64>>, unit: Unit) -> Result<Self, SeriesError> {
        let values = values.into();
        match values.iter().position(|v| v.is_infinite()) {
            Some(position) => Err(SeriesError::Infinite { position, found: values[position] }),
            None => {
                let about = About { periods: vec![1], unit, label: None, start: None };
                Ok(Self { length: values.len(), values: values.into(), about: Arc::new(about) })
            }
        }
    }

    /// With a seasonal period: the number of steps after which the pattern returns (12 for months, 7 for days).
    ///
    /// # Errors
    ///
    /// [`SeriesError::Period`] for 0.
    pub fn with_period(self, period: usize) -> Result<Self, SeriesError> {
        self.with_periods([period])
    }

    /// With several seasonal periods, such as the day, the week and the year of hours. Models of one season take the
    /// shortest; [`Decomposed`](crate::Decomposed) takes all.
    ///
    /// Order and repetition do not matter. No period, or 1 alone, is a series without season.
    ///
    /// # Errors
    ///
    /// [`SeriesError::Period`] for 0.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Unit;
    /// use datagora_predict::Series;
    ///
    /// let hours = Series::new(vec![0.0; 500], Unit::of("{passage}"))?.with_periods([168, 24])?;
    /// assert_eq!((hours.period(), hours.periods()), (24, &[24, 168][..]));
    /// # Ok::<(), datagora_predict::SeriesError>(())
    /// ```
    pub fn with_periods(self, periods: impl Into<Vec<usize>>) -> Result<Self, SeriesError> {
        let mut periods = periods.into();
        if periods.contains(&0) {
            return Err(SeriesError::Period { found: 0 });
        }
        periods.retain(|&period| period > 1);
        periods.sort_unstable();
        periods.dedup();
        if periods.is_empty() {
            periods.push(1);
        }
        Ok(self.told(|about| about.periods = periods))
    }

    /// With a name for people, such as the counter's.
    pub fn with_label(self, label: impl Into<String>) -> Self {
        self.told(|about| about.label = Some(label.into()))
    }

    /// With the month of the first step, for monthly series.
    pub fn with_start(self, start: Month) -> Self {
        self.told(|about| about.start = Some(start))
    }

    /// The same values, of which something else is said.
    fn told(mut self, tell: impl FnOnce(&mut About)) -> Self {
        tell(Arc::make_mut(&mut self.about));
        self
    }

    /// The month of the first step, if it was given.
    pub fn start(&self) -> Option<Month> {
        self.about.start
    }

    /// The values, `NaN` = gap.
    pub fn values(&self) -> &[f64] {
        &self.values[..self.length]
    }

    /// Number of steps, gaps included.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is no step at all.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Steps in the shortest season; 1 without season.
    pub fn period(&self) -> usize {
        self.about.periods[0]
    }

    /// Steps in each season, rising; `[1]` without season.
    pub fn periods(&self) -> &[usize] {
        &self.about.periods
    }

    /// Unit of the values.
    pub fn unit(&self) -> &Unit {
        &self.about.unit
    }

    /// Name for people.
    pub fn label(&self) -> Option<&str> {
        self.about.label.as_deref()
    }

    /// Number of steps that have a value.
    pub fn observed(&self) -> usize {
        self.values().iter().filter(|v| !v.is_nan()).count()
    }

    /// Share of the steps that have a value, 0 to 1; 0 for an empty series.
    pub fn completeness(&self) -> f64 {
        if self.is_empty() { 0.0 } else { self.observed() as f64 / self.len() as f64 }
    }

    /// Position of the last step that has a value.
    pub fn last_observed(&self) -> Option<usize> {
        self.values().iter().rposition(|v| !v.is_nan())
    }

    /// Gaps at the end: the steps since a value was last seen. The whole length if there is none.
    pub fn silence(&self) -> usize {
        self.last_observed().map_or(self.len(), |last| self.len() - 1 - last)
    }

    /// The same values as a series without season.
    pub(crate) fn seasonless(self) -> Series {
        self.told(|about| about.periods = vec![1])
    }

    /// The series without its seasons.
    pub(crate) fn without(&self, decomposition: &Decomposition) -> Series {
        self.with_values(decomposition.adjusted()).seasonless()
    }

    /// The same series with other values, as many.
    pub(crate) fn with_values(&self, values: Vec<f64>) -> Series {
        Series { length: values.len(), values: values.into(), about: Arc::clone(&self.about) }
    }

    /// The series as it was known after its first `known` steps; all of it if it has fewer.
    pub fn head(&self, known: usize) -> Series {
        Series { length: known.min(self.length), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_keep_their_place() {
        let series = Series::new(vec![f64::NAN, 1.0, f64::NAN, 3.0, f64::NAN, f64::NAN], Unit::ONE).unwrap();
        assert_eq!((series.len(), series.observed(), series.silence()), (6, 2, 2));
        assert_eq!(series.last_observed(), Some(3));
        assert_eq!(series.head(4).silence(), 0);
        assert_eq!(series.head(99).len(), 6);
    }

    #[test]
    fn what_is_no_series_is_refused() {
        let error = Series::new(vec![1.0, f64::INFINITY], Unit::ONE).unwrap_err();
        assert_eq!(error, SeriesError::Infinite { position: 1, found: f64::INFINITY });
        let empty = Series::new(vec![], Unit::ONE).unwrap();
        assert_eq!((empty.completeness(), empty.silence()), (0.0, 0));
        assert_eq!(empty.clone().with_period(0).unwrap_err(), SeriesError::Period { found: 0 });
        assert_eq!(empty.with_periods([7, 0]).unwrap_err(), SeriesError::Period { found: 0 });
    }

    #[test]
    fn several_seasons_have_a_shortest() {
        let given =
            |periods: &[usize]| Series::new(vec![], Unit::ONE).unwrap().with_periods(periods).unwrap();
        assert_eq!(given(&[168, 1, 24, 168]).periods(), [24, 168]);
        assert_eq!((given(&[]).periods(), given(&[1]).period()), (&[1][..], 1));
        assert_eq!(given(&[168, 24]).head(3).periods(), [24, 168]);
    }
}
