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
    /// [`LocalYearError`], as [`LocalYear::new`].
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

    /// The years themselves, in the order of the channels.
    pub fn into_years(self) -> Vec<HourlyYear> {
        self.years
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

    /// Another channel without readings, and its position.
    pub fn push(&mut self) -> usize {
        self.years.push(HourlyYear::with_local(self.local.clone()));
        self.years.len() - 1
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
        let mut sums = Vec::new();
        let mut from = 0;
        while from < channel.len() {
            let of = channel[from];
            let rows = if channel.get(from + 1) == Some(&of) {
                let rows = channel[from..].iter().take_while(|other| **other == of).count();
                let (start, value) = (&start[from..from + rows], &value[from..from + rows]);
                added = added.plus(self.years[of as usize].add_run(start, duration, value));
                rows
            } else {
                let rows = self.rows_of_hour(&start[from..], duration);
                let part = from..from + rows;
                let (channel, start, value) = (&channel[part.clone()], &start[part.clone()], &value[part]);
                if rows < 2 * channels {
                    for ((channel, start), value) in channel.iter().zip(start).zip(value) {
                        self.years[*channel as usize].add_one(*start, duration, *value, &mut added);
                    }
                } else {
                    sums.resize(channels, Hour::default());
                    self.add_hour(channel, start[0], duration, value, &mut sums, &mut added);
                }
                rows
            };
            from += rows;
        }
        Ok(added)
    }

    /// How many rows from the first on lie in its hour; 1 if it does not lie in one.
    fn rows_of_hour(&self, start: &[i64], duration: u32) -> usize {
        let Some(hour) = self.local.hour_at(start[0]) else { return 1 };
        let begin = self.local.start() + HOUR * hour as i64;
        let room = u64::from(HOUR as u32 - duration);
        start.iter().take_while(|start| start.wrapping_sub(begin) as u64 <= room).count().max(1)
    }

    /// Rows of one hour and many channels. Summed side by side first: the hours of the channels lie far from each other
    /// in memory, and are touched once.
    fn add_hour(
        &mut self,
        channel: &[u32],
        start: i64,
        duration: u32,
        value: &[f64],
        sums: &mut [Hour],
        added: &mut Added,
    ) {
        let per_hour = HOUR as f64 / f64::from(duration);
        let mut counted = 0;
        for (channel, &value) in channel.iter().zip(value) {
            if is_count(value) {
                counted += 1;
                sums[*channel as usize].add(Hour {
                    volume: on_grid(value),
                    flow: (value * per_hour) as f32,
                    seconds: duration as u16,
                    readings: 1,
                });
            } else {
                added.not_counted(value);
            }
        }
        added.counted += counted;
        let Some(hour) = self.local.hour_at(start) else { return };
        for (year, sum) in self.years.iter_mut().zip(sums).filter(|(_, sum)| sum.readings > 0) {
            year.hours[hour].add(std::mem::take(sum));
        }
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
        let since = start.wrapping_sub(self.first) as u64;
        let (hour, offset) = (since / HOUR as u64, since % HOUR as u64);
        let inside = offset + u64::from(duration) <= HOUR as u64;
        let Some(hour) = self.hours.get_mut(hour as usize).filter(|_| inside) else {
            return self.add_across(start, duration, value, added);
        };
        if !is_count(value) {
            return added.not_counted(value);
        }
        added.counted += 1;
        hour.add(Hour {
            volume: on_grid(value),
            flow: (value * (HOUR as f64 / f64::from(duration))) as f32,
            seconds: duration as u16,
            readings: 1,
        });
    }
}
