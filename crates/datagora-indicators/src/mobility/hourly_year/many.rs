//! The years of many channels.
use std::sync::Arc;

use datagora_core::Zone;

use super::{Added, HOUR, Hour, HourlyYear, HourlyYearError, check_duration, is_count, on_grid};
use crate::mobility::{Counts, LocalYear, LocalYearError};

/// The [`HourlyYear`]s of many channels in one year: what a table of readings of all sensors is added to.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::HourlyYears;
///
/// let mut years = HourlyYears::new(2024, Zone::PARIS, 3)?;
/// let t = years.local().start();
/// // Rows of a table: the sensors take turns.
/// years.add(&[0, 2, 0, 2], &[t, t, t + 360, t + 360], 360, &[4.0, 7.0, 5.0, f64::NAN])?;
/// assert_eq!((years.get(0).volume(0), years.get(2).volume(0)), (9.0, 7.0));
/// assert_eq!(years.get(1).completeness(), 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HourlyYears {
    local: Arc<LocalYear>,
    years: Vec<HourlyYear>,
}

impl HourlyYears {
    /// Years without readings of this many channels.
    ///
    /// # Errors
    ///
    /// [`LocalYearError`] before 1900 and after 2199.
    pub fn new(year: i32, zone: Zone, channels: usize) -> Result<Self, LocalYearError> {
        let local = Arc::new(LocalYear::new(year, zone)?);
        let years = (0..channels).map(|_| HourlyYear::with_local(local.clone())).collect();
        Ok(Self { local, years })
    }

    /// The part of these counts that lies in a year, channel by channel.
    ///
    /// # Errors
    ///
    /// [`HourlyYearError::Year`]; [`HourlyYearError::Duration`] if there are intervals longer than an hour.
    pub fn of_counts(counts: &Counts, year: i32) -> Result<Self, HourlyYearError> {
        let mut years = Self::new(year, counts.zone(), counts.channels().len())?;
        for (year, readings) in years.years.iter_mut().zip(counts.by_channel()) {
            year.add_readings(&readings)?;
        }
        Ok(years)
    }

    /// Their calendar.
    pub fn local(&self) -> &Arc<LocalYear> {
        &self.local
    }

    /// The years in the order of the channels.
    pub fn years(&self) -> &[HourlyYear] {
        &self.years
    }

    /// The year of a channel.
    ///
    /// # Panics
    ///
    /// If there is no such channel.
    pub fn get(&self, channel: usize) -> &HourlyYear {
        &self.years[channel]
    }

    /// The year of a channel, to add to or withdraw from.
    ///
    /// # Panics
    ///
    /// If there is no such channel.
    pub fn get_mut(&mut self, channel: usize) -> &mut HourlyYear {
        &mut self.years[channel]
    }

    /// Adds readings of one length, of any channels and in any order; fastest by time or by channel.
    ///
    /// As [`HourlyYear::add`].
    ///
    /// # Shapes and units
    ///
    /// One channel (counted from 0), one start in seconds since 1970 (UTC), one count a reading.
    ///
    /// # Errors
    ///
    /// [`HourlyYearError::Lengths`], [`HourlyYearError::Duration`], [`HourlyYearError::Channel`]; nothing was added then.
    pub fn add(
        &mut self,
        channel: &[u32],
        start: &[i64],
        duration: u32,
        value: &[f64],
    ) -> Result<Added, HourlyYearError> {
        if channel.len() != start.len() || start.len() != value.len() {
            let (channels, starts, values) = (channel.len(), start.len(), value.len());
            return Err(HourlyYearError::Lengths { starts, values, channels });
        }
        check_duration(duration)?;
        let channels = self.years.len();
        let most = channel.iter().fold(0, |most, channel| most.max(*channel));
        if most as usize >= channels && !channel.is_empty() {
            return Err(HourlyYearError::Channel { channel: most, channels });
        }
        let mut added = Added::default();
        let mut from = 0;
        while from < channel.len() {
            let of = channel[from];
            let run = channel[from..].iter().take_while(|other| **other == of).count();
            let to = from + run;
            let year = &mut self.years[of as usize];
            if run == 1 {
                year.add_one(start[from], duration, value[from], &mut added);
            } else {
                added = added.plus(year.add_run(&start[from..to], duration, &value[from..to]));
            }
            from = to;
        }
        Ok(added)
    }

    /// Adds all that another part of the same year holds, channel by channel.
    ///
    /// # Errors
    ///
    /// [`HourlyYearError::OtherYear`], [`HourlyYearError::OtherChannels`].
    pub fn merge(&mut self, other: &HourlyYears) -> Result<(), HourlyYearError> {
        let (found, needed) = (other.years.len(), self.years.len());
        if found != needed {
            return Err(HourlyYearError::OtherChannels { found, needed });
        }
        self.years.iter_mut().zip(&other.years).try_for_each(|(year, more)| year.merge(more))
    }
}

impl HourlyYear {
    /// One reading: what [`HourlyYear::add`] does with many.
    #[inline]
    fn add_one(&mut self, start: i64, duration: u32, value: f64, added: &mut Added) {
        let Some(hour) = self.local.hour_at(start) else {
            return self.add_across(start, duration, value, added);
        };
        if start - (self.local.start() + HOUR * hour as i64) > HOUR - i64::from(duration) {
            return self.add_across(start, duration, value, added);
        }
        if !is_count(value) {
            return added.not_counted(value);
        }
        added.counted += 1;
        self.hours[hour].add(Hour {
            volume: on_grid(value),
            flow: (value * (HOUR as f64 / f64::from(duration))) as f32,
            seconds: duration as u16,
            readings: 1,
        });
    }
}
