//! An hourly year as columns: how it goes to a file, or to another machine that merges it.
use std::sync::Arc;

use datagora_core::Zone;

use super::{Hour, HourlyYear, HourlyYearError, MOST, on_grid};
use crate::mobility::LocalYear;

/// The columns of an [`HourlyYear`], one value an hour of the local year.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::{HourlyColumns, HourlyYear};
///
/// let mut year = HourlyYear::new(2024, Zone::PARIS)?;
/// year.add(&[year.local().start()], 3_600, &[12.0])?;
/// let columns = HourlyColumns::from(&year);
/// assert_eq!((columns.volume[0], columns.seconds[0], columns.seconds[1]), (12.0, 3_600, 0));
/// assert_eq!(HourlyYear::try_from(columns)?, year);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HourlyColumns {
    /// The year.
    pub year: i32,
    /// The zone of its clock.
    pub zone: Zone,
    /// What passed in the observed seconds.
    pub volume: Vec<f64>,
    /// Largest flow of a reading, per hour.
    pub largest_flow: Vec<f32>,
    /// Seconds observed.
    pub seconds: Vec<u16>,
    /// Readings that make up the hour.
    pub readings: Vec<u16>,
    /// Seconds imputed; empty if none was.
    pub imputed: Vec<u16>,
}

impl From<&HourlyYear> for HourlyColumns {
    fn from(year: &HourlyYear) -> Self {
        Self {
            year: year.local.year(),
            zone: year.local.zone(),
            volume: year.hours.iter().map(|hour| hour.volume).collect(),
            largest_flow: year.hours.iter().map(|hour| hour.flow).collect(),
            seconds: year.hours.iter().map(|hour| hour.seconds).collect(),
            readings: year.hours.iter().map(|hour| hour.readings).collect(),
            imputed: year.imputed.clone(),
        }
    }
}

impl From<HourlyYear> for HourlyColumns {
    fn from(year: HourlyYear) -> Self {
        Self::from(&year)
    }
}

/// The year of checked columns.
///
/// # Errors
///
/// [`HourlyYearError::Columns`] if a column is not as long as the year or holds what no reading can have made;
/// [`HourlyYearError::Year`].
impl TryFrom<HourlyColumns> for HourlyYear {
    type Error = HourlyYearError;

    fn try_from(columns: HourlyColumns) -> Result<Self, HourlyYearError> {
        let local = Arc::new(LocalYear::new(columns.year, columns.zone)?);
        HourlyYear::from_columns(columns, local)
    }
}

impl HourlyYear {
    /// The year of columns, with a calendar that many channels share.
    ///
    /// # Errors
    ///
    /// [`HourlyYearError::Columns`], [`HourlyYearError::OtherYear`].
    pub fn from_columns(columns: HourlyColumns, local: Arc<LocalYear>) -> Result<Self, HourlyYearError> {
        let mut year = HourlyYear::with_local(local);
        year.check_same(columns.year, columns.zone)?;
        let needed = year.hours.len();
        let HourlyColumns { volume, largest_flow, seconds, readings, mut imputed, .. } = columns;
        let lengths = [
            ("volume", volume.len()),
            ("largest_flow", largest_flow.len()),
            ("seconds", seconds.len()),
            ("readings", readings.len()),
            ("imputed", if imputed.is_empty() { needed } else { imputed.len() }),
        ];
        if let Some((column, found)) = lengths.into_iter().find(|(_, found)| *found != needed) {
            let found = format!("{found} values, not {needed}");
            return Err(HourlyYearError::Columns { column, found });
        }
        // No hour holds more than as many largest readings as it can count.
        let most = MOST * f64::from(u16::MAX);
        for (hour, kept) in year.hours.iter_mut().enumerate() {
            let found = Hour {
                volume: volume[hour],
                flow: largest_flow[hour],
                seconds: seconds[hour],
                readings: readings[hour],
            };
            let small = (0.0..MOST).contains(&found.volume);
            let sound = if small {
                on_grid(found.volume) == found.volume
            } else {
                found.volume >= MOST && found.volume < most
            };
            let wrong = |column, value: &dyn std::fmt::Display| {
                Err(HourlyYearError::Columns { column, found: format!("{value} in hour {hour}") })
            };
            if !sound || (found.seconds == 0 && found.volume != 0.0) {
                return wrong("volume", &found.volume);
            }
            if !(found.flow >= 0.0 && found.flow.is_finite()) {
                return wrong("largest_flow", &found.flow);
            }
            if (found.readings == 0) != (found.seconds == 0) {
                return wrong("readings", &found.readings);
            }
            if imputed.get(hour).is_some_and(|seconds| *seconds > found.seconds) {
                return wrong("imputed", &imputed[hour]);
            }
            *kept = found;
        }
        if imputed.iter().all(|seconds| *seconds == 0) {
            imputed.clear();
        }
        year.imputed = imputed;
        Ok(year)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_no_reading_made_is_refused() {
        let mut year = HourlyYear::new(2023, Zone::PARIS).unwrap();
        year.add(&[year.local().start()], 900, &[3.25]).unwrap();
        let good = HourlyColumns::from(&year);
        assert_eq!(HourlyYear::try_from(good.clone()), Ok(year.clone()));
        let refused = |spoil: fn(&mut HourlyColumns), wanted: &str| {
            let mut columns = good.clone();
            spoil(&mut columns);
            match HourlyYear::try_from(columns) {
                Err(HourlyYearError::Columns { column, .. }) => assert_eq!(column, wanted),
                other => panic!("{wanted}: {:?}", other.map(|_| ())),
            }
        };
        refused(|columns| columns.volume[0] = f64::NAN, "volume");
        refused(|columns| columns.volume[0] = -1.0, "volume");
        refused(|columns| columns.volume[0] = 0.1, "volume"); // not on the grid: sums would depend on the order
        refused(|columns| columns.volume[5] = 1.0, "volume"); // in no second
        refused(|columns| columns.largest_flow[3] = f32::INFINITY, "largest_flow");
        refused(|columns| columns.readings[0] = 0, "readings");
        refused(|columns| columns.imputed = vec![9; 8_760], "imputed");
        refused(|columns| columns.seconds.truncate(5), "seconds");
        let other = Arc::new(LocalYear::new(2024, Zone::PARIS).unwrap());
        assert!(matches!(HourlyYear::from_columns(good, other), Err(HourlyYearError::OtherYear { .. })));
    }

    /// Partial years that went through JSON merge to the same as those that did not.
    #[cfg(feature = "serde")]
    #[test]
    fn parts_go_through_json() {
        let mut part = HourlyYear::new(2024, Zone::PARIS).unwrap();
        let start = part.local().start();
        part.add(&[start + 1_000, start + 7_000], 3_000, &[10.0 / 3.0, 0.7]).unwrap();
        let json = serde_json::to_string(&part).unwrap();
        let read: HourlyYear = serde_json::from_str(&json).unwrap();
        assert_eq!(read, part);
        let wrong = json.replacen("\"year\":2024", "\"year\":2023", 1);
        assert!(serde_json::from_str::<HourlyYear>(&wrong).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn columns_come_back(rows in proptest::collection::vec((0_i64..3_000, 0.0..5e4_f64), 0..60)) {
            let mut year = HourlyYear::new(2024, Zone::PARIS).unwrap();
            let start = year.local().start();
            for (slot, value) in rows {
                year.add(&[start + slot * 700], 1_400, &[value]).unwrap();
            }
            prop_assert_eq!(HourlyYear::try_from(HourlyColumns::from(&year)), Ok(year));
        }
    }
}
