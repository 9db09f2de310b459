//! Short counts expanded to the year by the factors of a named group of permanent counters.
use chrono::Datelike;
use datagora_core::{Interval, Measured, NaiveDate, Suppression, Unit};

use super::{AadtMethod, AadtOptions, HourlyYear};
use crate::LevelError;
use crate::distribution::student_reach;
use crate::level::check_level;

/// Permanent counters whose months and weekdays a short count borrows.
///
/// Factors of months and weekdays hold for counts of other years too. Where the permanent counters ran on the very days of
/// the short count, and those days were unlike others (weather, strikes), take
/// [`day_of_year_factors`](super::day_of_year_factors).
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::{FactorGroup, HourlyYear};
///
/// // Two stations with a busy working week.
/// let station = |level: f64, sunday: f64| {
///     let mut year = HourlyYear::new(2024, Zone::PARIS).unwrap();
///     let local = year.local().clone();
///     for day in local.days() {
///         let count = if day.weekday == 6 { sunday } else { 1.0 } * level;
///         for hour in day.hours.clone() {
///             year.add(&[local.start() + 3_600 * hour as i64], 3_600, &[count]).unwrap();
///         }
///     }
///     year
/// };
/// let group = FactorGroup::of_years("commuting streets", &[&station(100.0, 0.5), &station(40.0, 0.6)]);
/// assert_eq!(group.stations(), 2);
/// // 2,400 counted on a Tuesday of May: a little more than on an average day.
/// let tuesday = local_date(2024, 5, 14);
/// let year = group.expand(&[(tuesday, 2_400.0)], &Default::default())?;
/// assert!(year.value().unwrap() < 2_400.0);
/// let interval = year.interval().unwrap();
/// assert!(interval.lower < year.value().unwrap() && year.value().unwrap() < interval.upper);
/// # fn local_date(y: i32, m: u32, d: u32) -> datagora_core::NaiveDate {
/// #     datagora_core::NaiveDate::from_ymd_opt(y, m, d).unwrap()
/// # }
/// # Ok::<(), datagora_indicators::LevelError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FactorGroup {
    name: String,
    /// For each station, the logarithms of annual average over day total by month and weekday.
    stations: Vec<Vec<LogFactor>>,
}

/// Mean and spread of the logarithm of annual average over day total, in one month and weekday of a station.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct LogFactor {
    days: u32,
    mean: f64,
    squares: f64,
}

/// How to expand a short count.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct ExpandOptions {
    /// Vehicles for each axle pair counted, if it counts axles; 1 otherwise.
    pub axle_factor: f64,
    /// Growth from the year of the group to that of the result; 1 for none.
    pub growth_factor: f64,
    /// Level of the interval, between 0 and 1.
    pub level: f64,
}

impl Default for ExpandOptions {
    /// Vehicles, of the year of the group, at 95 %.
    fn default() -> Self {
        Self { axle_factor: 1.0, growth_factor: 1.0, level: 0.95 }
    }
}

impl ExpandOptions {
    /// With this axle factor.
    pub fn with_axle_factor(self, axle_factor: f64) -> Self {
        Self { axle_factor, ..self }
    }

    /// With this growth factor.
    pub fn with_growth_factor(self, growth_factor: f64) -> Self {
        Self { growth_factor, ..self }
    }

    /// With this level.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }
}

impl FactorGroup {
    /// The group of these permanent counters, under a name that stands beside every value made with it.
    ///
    /// A year gives factors for the months and weekdays in which it has complete days; one without an annual average (FHWA
    /// method with its rule: a value for each hour of each weekday of each month) gives none.
    pub fn of_years(name: impl Into<String>, years: &[&HourlyYear]) -> Self {
        let options = AadtOptions::default().with_method(AadtMethod::Fhwa2016);
        let stations = years
            .iter()
            .filter_map(|year| {
                Some((year, year.aadt_with(&options, None).value.value().filter(|day| *day > 0.0)?))
            })
            .map(|(year, average)| {
                let volumes = year.volumes(1.0);
                let mut cells = vec![LogFactor::default(); 84];
                for day in year.local().days() {
                    let total: f64 = volumes[day.hours.clone()].iter().sum();
                    if total > 0.0 {
                        cells[day.month_and_weekday()].add((average / total).ln());
                    }
                }
                cells
            })
            .collect();
        Self { name: name.into(), stations }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of its stations.
    pub fn stations(&self) -> usize {
        self.stations.len()
    }

    /// Mean factor `AADT / day total` of a month (0 for January) and weekday (0 for Monday), and the standard deviation
    /// of its logarithm between stations; `None` if no station has a complete day there.
    pub fn factor(&self, month: usize, weekday: usize) -> Option<(f64, f64)> {
        if month >= 12 || weekday >= 7 {
            return None;
        }
        let (mean, between, _, _) = self.spread(&[month * 7 + weekday])?;
        Some((mean.exp(), between.sqrt()))
    }

    /// Annual average daily traffic from the totals of one or more complete days.
    ///
    /// `AADT = exp(mean over days of ln(V_d · F_md)) · A · G`: `F_md` is the group's mean factor for the month and weekday,
    /// on the logarithmic scale, `A` the axle and `G` the growth factor.
    ///
    /// # Shapes and units
    ///
    /// Dates and day totals → vehicles per day.
    ///
    /// # Missing values
    ///
    /// Days of NaN or 0, and of months and weekdays for which fewer than two stations have a factor, are left out; the
    /// completeness is the share of the days that are used. Without one the value is suppressed.
    ///
    /// The interval is for this one place: its factor differs from the group's mean as stations differ from each other,
    /// and its days from their mean as days do: `s_b²·(1 + 1/S) + s_w²/n` on the logarithmic scale, Student's quantile
    /// with `S − 1` degrees of freedom. It holds if the place belongs to the group, which no count of two days can
    /// prove.
    ///
    /// # Interpretation
    ///
    /// Name the group beside the value. A week says much more than two days; four weeks in four seasons more still.
    ///
    /// # Errors
    ///
    /// [`LevelError`] if the level is no probability.
    ///
    /// # References
    ///
    /// FHWA (2022). *Traffic Monitoring Guide*, chapter 3 (factor groups). The interval is ours; its coverage is tested
    /// on made stations.
    pub fn expand(&self, days: &[(NaiveDate, f64)], options: &ExpandOptions) -> Result<Measured, LevelError> {
        let level = check_level(options.level)?;
        let unit = Unit::of("{vehicle}/d");
        let cell =
            |date: NaiveDate| date.month0() as usize * 7 + date.weekday().num_days_from_monday() as usize;
        let used: Vec<(usize, f64)> = days
            .iter()
            .filter(|(_, total)| *total > 0.0 && total.is_finite())
            .map(|(date, total)| (cell(*date), *total))
            .filter(|(cell, _)| self.stations.iter().filter(|station| station[*cell].days > 0).count() >= 2)
            .collect();
        let completeness = used.len() as f64 / (days.len() as f64).max(1.0);
        let cells: Vec<usize> = used.iter().map(|(cell, _)| *cell).collect();
        let scale = options.axle_factor * options.growth_factor;
        let found = self.spread(&cells).filter(|_| !used.is_empty() && scale > 0.0 && scale.is_finite());
        let measured = match found {
            None => Measured::suppressed(unit, Suppression::Incomplete { needed: 0.0 }),
            Some((mean, between, within, stations)) => {
                let counted = used.iter().map(|(_, total)| total.ln()).sum::<f64>() / used.len() as f64;
                let value = (counted + mean).exp() * scale;
                let count = stations as f64;
                let error = (between * (1.0 + 1.0 / count) + within / used.len() as f64).sqrt();
                let measured = Measured::new(value, unit);
                if stations > 1 {
                    let reach = (student_reach(level, count - 1.0) * error).exp();
                    let (lower, upper) = (value / reach, value * reach);
                    measured.with_interval(Interval { lower, upper, level: Some(level) })
                } else {
                    measured
                }
            }
        };
        Ok(measured.with_observations(used.len() as u64).with_completeness(completeness.min(1.0)))
    }

    /// For a count on days of these months and weekdays: mean logarithm of the factor, its variance between stations (that
    /// of their days taken out) and within them, and the number of stations that have them all.
    fn spread(&self, cells: &[usize]) -> Option<(f64, f64, f64, usize)> {
        let n = cells.len() as f64;
        let stations: Vec<&Vec<LogFactor>> =
            self.stations.iter().filter(|station| cells.iter().all(|cell| station[*cell].days > 0)).collect();
        if stations.is_empty() || cells.is_empty() {
            return None;
        }
        let means: Vec<f64> = stations
            .iter()
            .map(|station| cells.iter().map(|cell| station[*cell].mean).sum::<f64>() / n)
            .collect();
        let count = means.len() as f64;
        let mean = means.iter().sum::<f64>() / count;
        let (mut squares, mut degrees, mut of_means) = (0.0, 0.0, 0.0);
        for station in &stations {
            for cell in cells {
                squares += station[*cell].squares;
                degrees += f64::from(station[*cell].days) - 1.0;
                of_means += 1.0 / f64::from(station[*cell].days);
            }
        }
        let within = if degrees > 0.0 { squares / degrees } else { 0.0 };
        let total = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        // The mean of a station's few days scatters by itself: within / days, over the cells.
        let between = (total - within * of_means / (count * n * n)).max(0.0);
        Some((mean, between, within, means.len()))
    }
}

impl LogFactor {
    /// Welford's update.
    fn add(&mut self, value: f64) {
        self.days += 1;
        let before = value - self.mean;
        self.mean += before / f64::from(self.days);
        self.squares += before * (value - self.mean);
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Zone;

    use super::super::LocalYear;
    use super::*;
    use std::sync::Arc;

    /// A uniform number from 0 to 1, the same for the same arguments.
    fn uniform(seed: u64, i: u64) -> f64 {
        let mut z =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(i.wrapping_mul(0xd1b5_4a32_d192_ed03));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(seed: u64, i: u64) -> f64 {
        (0..12).map(|k| uniform(seed, i * 12 + k)).sum::<f64>() - 6.0
    }

    /// A station with its own summer and weekend, and days that vary by 8 %.
    fn station(local: &Arc<LocalYear>, seed: u64) -> (HourlyYear, Vec<f64>) {
        let (summer, weekend) = (0.15 * normal(seed, 1_000), 0.2 * normal(seed, 1_001) - 0.3);
        let mut year = HourlyYear::with_local(local.clone());
        let mut totals = Vec::new();
        for (i, day) in local.days().iter().enumerate() {
            let season = summer * (std::f64::consts::TAU * i as f64 / 366.0).sin();
            let rest = if day.weekday >= 5 { weekend } else { 0.0 };
            let level = (1_000.0 * (season + rest + 0.08 * normal(seed, i as u64)).exp()).round();
            let starts: Vec<i64> =
                day.hours.clone().map(|hour| local.start() + 3_600 * hour as i64).collect();
            let counts = vec![level; starts.len()];
            year.add(&starts, 3_600, &counts).unwrap();
            totals.push(level * starts.len() as f64);
        }
        (year, totals)
    }

    #[test]
    fn the_interval_covers_new_places() {
        let local = Arc::new(LocalYear::new(2024, Zone::UTC).unwrap());
        let (mut covered, mut trials, mut wide) = (0, 0, 0);
        for round in 0..6 {
            let group: Vec<HourlyYear> = (0..10).map(|s| station(&local, 1_000 * round + s).0).collect();
            let group = FactorGroup::of_years("made", &group.iter().collect::<Vec<_>>());
            assert_eq!(group.stations(), 10);
            for place in 0..20 {
                let (_, totals) = station(&local, 1_000 * round + 100 + place);
                let truth = totals.iter().sum::<f64>() / 366.0;
                let first = (place as usize * 17) % 360;
                let count = |days: usize| {
                    let days: Vec<(NaiveDate, f64)> =
                        (first..first + days).map(|i| (local.days()[i].date, totals[i])).collect();
                    group.expand(&days, &ExpandOptions::default()).unwrap().interval().unwrap()
                };
                let two = count(2);
                covered += u32::from(two.contains(truth));
                wide += u32::from(count(6).width() < two.width());
                trials += 1;
            }
        }
        let share = f64::from(covered) / f64::from(trials);
        assert!((0.88..=1.0).contains(&share), "{covered} of {trials}");
        assert!(wide > 80, "a week is surer than two days in {wide} of 120");
    }

    #[test]
    fn equal_stations_give_the_exact_average() {
        let local = Arc::new(LocalYear::new(2024, Zone::UTC).unwrap());
        let (year, totals) = station(&local, 5);
        let flat = |level: f64| {
            let mut year = HourlyYear::with_local(local.clone());
            let starts: Vec<i64> = (0..8_784).map(|hour| local.start() + 3_600 * hour).collect();
            year.add(&starts, 3_600, &vec![level; 8_784]).unwrap();
            year
        };
        let group = FactorGroup::of_years("flat", &[&flat(3.0), &flat(50.0), &flat(7.0)]);
        assert_eq!((group.name(), group.factor(4, 2)), ("flat", Some((1.0, 0.0))));
        let date = local.days()[100].date;
        let found = group
            .expand(&[(date, 480.0), (date, f64::NAN)], &ExpandOptions::default().with_axle_factor(0.5))
            .unwrap();
        assert!((found.value().unwrap() - 240.0).abs() < 1e-9);
        assert_eq!((found.completeness(), found.observations()), (0.5, 1));
        assert!(found.interval().unwrap().width() < 1e-9);
        // Nothing to expand, nobody to borrow from.
        assert!(group.expand(&[], &ExpandOptions::default()).unwrap().value().is_none());
        let alone = FactorGroup::of_years("one", &[&year]);
        assert!(alone.expand(&[(date, totals[100])], &ExpandOptions::default()).unwrap().value().is_none());
        let percent = group.expand(&[], &ExpandOptions::default().with_level(95.0));
        assert_eq!(percent, Err(LevelError { level: 95.0 }));
        assert_eq!((FactorGroup::of_years("none", &[]).stations(), group.factor(12, 0)), (0, None));
    }
}
