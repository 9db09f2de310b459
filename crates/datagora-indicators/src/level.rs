//! Levels of intervals.

/// The level of an interval is not a probability.
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::LevelError;
/// use datagora_indicators::mobility::{AadtOptions, HourlyYear};
///
/// let year = HourlyYear::new(2024, Zone::PARIS)?;
/// let percent = year.aadt(&AadtOptions::default().with_level(95.0));
/// assert_eq!(percent.unwrap_err(), LevelError { level: 95.0 });
/// # Ok::<(), datagora_indicators::mobility::LocalYearError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("found an interval level of {level}; it lies between 0 and 1, such as 0.95")]
pub struct LevelError {
    /// Asked for.
    pub level: f64,
}

/// The level, if an interval can have it.
pub(crate) fn check_level(level: f64) -> Result<f64, LevelError> {
    if level > 0.0 && level < 1.0 { Ok(level) } else { Err(LevelError { level }) }
}
