//! Filling what is missing, on request and marked as such.
use std::collections::BTreeMap;

use chrono::Duration;
use datagora_core::{DateTime, Repeated, Zone};

use super::filled::{Filled, FilledValue};
use super::model::{Control, CountModel, Expected, Group};
use crate::mobility::counts::{ChannelReadings, Counts, Flag, Imputation};
use crate::order::median;

/// What a missing count is put together from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ImputeMethod {
    /// The median of the same hour and weekday in the weeks before and after; with a control group, times what it did.
    /// Simple to explain; knows nothing of holidays, nor of what was counted on the same day.
    #[default]
    NeighbouringWeeks,
    /// A multiplicative model of all that the channel counted: hour of the week, public holidays and school breaks, level of
    /// the weeks around, level of the day by its other hours (and by the control group). Gives an interval.
    Model,
}

/// How to fill missing intervals.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct ImputeOptions {
    /// The method.
    pub method: ImputeMethod,
    /// Weeks before and after in which the same hour and weekday is looked up; those whose level the model takes.
    pub weeks: u32,
    /// Fewest such values.
    pub least: usize,
    /// Positions of channels whose course tells how that time differed from its neighbours; none: not at all.
    pub control: Vec<usize>,
}

impl Default for ImputeOptions {
    /// Neighbouring weeks: four before and after, at least three values, no control group.
    fn default() -> Self {
        Self { method: ImputeMethod::default(), weeks: 4, least: 3, control: Vec::new() }
    }
}

impl ImputeOptions {
    /// By this method.
    pub fn with_method(self, method: ImputeMethod) -> Self {
        Self { method, ..self }
    }

    /// With this many weeks before and after.
    pub fn with_weeks(self, weeks: u32) -> Self {
        Self { weeks, ..self }
    }

    /// With at least this many values.
    pub fn with_least(self, least: usize) -> Self {
        Self { least, ..self }
    }

    /// Scaled by what these channels did.
    pub fn with_control(self, control: impl IntoIterator<Item = usize>) -> Self {
        Self { control: control.into_iter().collect(), ..self }
    }
}

impl Counts {
    /// The counts with missing and doubtful values filled, each flagged as imputed.
    ///
    /// Intervals without value, doubtful ones, and gaps between readings that hold whole intervals of the channel's usual
    /// length are filled. Only observed values are looked at.
    ///
    /// * [`ImputeMethod::NeighbouringWeeks`] – the median of the same hour and weekday in the weeks before and after. With a
    ///   control group this median is multiplied by `Σ controls now / Σ controls' own medians`: a strike or a holiday that
    ///   all counters saw is then in it.
    /// * [`ImputeMethod::Model`] – `μ = profile · school break · week · day · slot`: a log-linear Poisson model whose profile (168
    ///   hours of the week, or their quarters, and those of a public holiday), school breaks (by hour) and weeks are
    ///   fitted by iterative proportional fitting; the level of a week is shrunk to that of the weeks around, the day to
    ///   1 (with a control group, to what it did that day, as far as the channel goes with it), the slot to the profile,
    ///   each by how much they vary. Counts vary more than Poisson's: the dispersion is estimated, and each value has its
    ///   standard deviation ([`FilledValue`]). Public holidays and school breaks (of zone A) are those of France, used
    ///   where the clock is that of Paris.
    ///
    /// # Missing values
    ///
    /// Where fewer than `least` values (or, with a control group, no control) are known, the interval stays missing; a
    /// doubtful value there is withdrawn as well. Before the first and after the last reading nothing is filled. The
    /// values that count for the model are all of the same hour of the week, and some within `weeks` of the gap.
    ///
    /// # Interpretation
    ///
    /// Indicators of filled counts carry the imputed share; totals become complete, not more certain. Travel times must
    /// not be imputed for federal measures (23 CFR 490.509).
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Zone;
    /// use datagora_indicators::mobility::{Channel, CountsBuilder, ImputeOptions, Reading};
    ///
    /// let mut builder = CountsBuilder::new(Zone::UTC);
    /// let quai = builder.channel(Channel::new("quai").with_site("s"));
    /// for hour in (0..24 * 28).filter(|hour| *hour != 400) {
    ///     builder.add(Reading::new(quai, 3_600 * hour, 3_600, (hour % 168) as f64));
    /// }
    /// let (counts, filled) = builder.finish().0.imputed(&ImputeOptions::default());
    /// assert_eq!((filled.filled, filled.left), (1, 0));
    /// assert_eq!(counts.of(0).value[400], 64.0); // as on the same hour of the other weeks
    /// assert!(counts.of(0).flag[400].is_imputed());
    /// ```
    ///
    /// # References
    ///
    /// McCullagh, P. and Nelder, J. A. (1989). *Generalized Linear Models*, 2nd ed., chapters 6 and 9 (log-linear models,
    /// quasi-likelihood). Deming, W. E. and Stephan, F. F. (1940). Ann. Math. Statist. 11, 427–444 (proportional fitting).
    /// Bühlmann, H. (1967). ASTIN Bulletin 4, 199–207 (shrinkage by variation). Vélo & Territoires, *Comptages de vélo :
    /// comment nettoyer ses données ?* (reconstruction by neighbouring counters).
    pub fn imputed(&self, options: &ImputeOptions) -> (Self, Filled) {
        let mut columns = Columns::default();
        let mut done = Filled::default();
        let mut offsets = vec![0];
        let by_model = options.method == ImputeMethod::Model;
        let kind = match options.control.is_empty() {
            _ if by_model => Imputation::Model,
            true => Imputation::SameHourAndWeekday,
            false => Imputation::ControlGroup,
        };
        let models = if by_model { self.models(options) } else { BTreeMap::new() };
        let in_group = models.iter().filter(|(channel, _)| options.control.contains(channel));
        let group = Group::of(in_group.map(|(_, model)| model));
        for channel in 0..self.channels().len() {
            let readings = self.of(channel);
            let usual = usual_duration(&readings);
            let model = models.get(&channel).filter(|_| !options.control.is_empty());
            let control = model.map(|model| Control::new(model, &group, options.control.contains(&channel)));
            let begin = columns.start.len();
            let mut fill = |start: i64, duration: u32, columns: &mut Columns, there: Option<Flag>| {
                let expected = match models.get(&channel) {
                    Some(model) => model.expected(start, duration, options.least, control.as_ref()),
                    None if by_model => None,
                    None => self.expected(channel, start, duration, options),
                };
                match expected {
                    Some(Expected { value, deviation }) => {
                        done.filled += 1;
                        if by_model {
                            let row = columns.start.len() - begin;
                            done.values.push(FilledValue { channel, row, value, deviation });
                        }
                        columns.push(start, duration, value, Flag::Imputed(kind));
                    }
                    None => {
                        done.left += 1;
                        if let Some(flag) = there {
                            columns.push(start, duration, f64::NAN, flag);
                        }
                    }
                }
            };
            let mut far = 0;
            for row in 0..readings.start.len() {
                let (start, duration) = (readings.start[row], readings.duration[row]);
                if row > 0 {
                    let before = readings.start[row - 1] + i64::from(readings.duration[row - 1]);
                    let gap = Gap::new(before, start, usual, options.weeks);
                    gap.near().for_each(|slot| fill(slot, usual, &mut columns, None));
                    far += gap.far();
                }
                let (value, flag) = (readings.value[row], readings.flag[row]);
                if value.is_nan() || flag.is_doubtful() {
                    fill(start, duration, &mut columns, Some(flag));
                } else {
                    columns.push(start, duration, value, flag);
                }
            }
            done.left += far;
            offsets.push(columns.start.len());
        }
        let Columns { start, duration, value, flag } = columns;
        (self.with_columns(offsets, start, duration, value, flag), done)
    }

    /// The models of the channels that have something to fill, and of the control group.
    fn models(&self, options: &ImputeOptions) -> BTreeMap<usize, CountModel> {
        let wanted = |channel: &usize| {
            let readings = self.of(*channel);
            let rows = 0..readings.start.len();
            let end = |row: usize| readings.start[row] + i64::from(readings.duration[row]);
            options.control.contains(channel)
                || rows.clone().any(|row| readings.value[row].is_nan() || readings.flag[row].is_doubtful())
                || rows.skip(1).any(|row| end(row - 1) < readings.start[row])
        };
        let fitted = (0..self.channels().len()).filter(wanted).filter_map(|channel| {
            let readings = self.of(channel);
            let model = CountModel::fit(&readings, self.zone(), usual_duration(&readings), options.weeks);
            Some((channel, model?))
        });
        fitted.collect()
    }

    /// By neighbouring weeks, which give no deviation.
    fn expected(
        &self,
        channel: usize,
        start: i64,
        duration: u32,
        options: &ImputeOptions,
    ) -> Option<Expected> {
        let times = neighbours(self.zone(), start, options.weeks);
        let reference = |channel: usize| {
            let readings = self.of(channel);
            let mut values: Vec<f64> =
                times.iter().filter_map(|time| observed(&readings, *time, duration)).collect();
            (values.len() >= options.least.max(1)).then(|| median(&mut values))
        };
        let own = reference(channel)?;
        if options.control.is_empty() {
            return Some(Expected { value: own, deviation: f64::NAN });
        }
        let (mut now, mut before) = (0.0, 0.0);
        let others = options.control.iter().filter(|c| **c < self.channels().len() && **c != channel);
        for &control in others {
            if let (Some(value), Some(usual)) =
                (observed(&self.of(control), start, duration), reference(control))
            {
                now += value;
                before += usual;
            }
        }
        (before > 0.0).then(|| Expected { value: own * now / before, deviation: f64::NAN })
    }
}

/// Time between two readings, if whole intervals fill it.
struct Gap {
    from: i64,
    interval: i64,
    /// How many intervals there are, and how many from each end lie near enough to something observed.
    count: i64,
    reach: i64,
}

impl Gap {
    /// Of intervals further from both ends than `weeks` nothing is known: they are counted, and not visited. A gap of
    /// centuries takes no time.
    fn new(from: i64, to: i64, interval: u32, weeks: u32) -> Self {
        let interval = i64::from(interval);
        let count = if (to - from) % interval == 0 { (to - from) / interval } else { 0 };
        let reach = (i64::from(weeks) + 1) * 7 * 86_400 / interval + 1;
        Self { from, interval, count, reach }
    }

    fn near(&self) -> impl Iterator<Item = i64> + use<> {
        let (from, interval) = (self.from, self.interval);
        let first = self.count.min(self.reach);
        let last = first.max(self.count - self.reach);
        (0..first).chain(last..self.count).map(move |at| from + at * interval)
    }

    fn far(&self) -> u64 {
        (self.count - 2 * self.reach).max(0) as u64
    }
}

#[derive(Default)]
struct Columns {
    start: Vec<i64>,
    duration: Vec<u32>,
    value: Vec<f64>,
    flag: Vec<Flag>,
}

impl Columns {
    fn push(&mut self, start: i64, duration: u32, value: f64, flag: Flag) {
        self.start.push(start);
        self.duration.push(duration);
        self.value.push(value);
        self.flag.push(flag);
    }
}

/// The value observed in an interval, if there is one and nothing speaks against it.
fn observed(readings: &ChannelReadings<'_>, start: i64, duration: u32) -> Option<f64> {
    let row = readings.start.binary_search(&start).ok()?;
    let sound = readings.flag[row] == Flag::Observed && readings.duration[row] == duration;
    Some(readings.value[row]).filter(|value| sound && !value.is_nan())
}

/// The same local time in the weeks before and after, where the clock shows it once.
fn neighbours(zone: Zone, start: i64, weeks: u32) -> Vec<i64> {
    let Some(instant) = DateTime::from_timestamp(start, 0) else { return Vec::new() };
    let hour = zone.hour_of(instant);
    let Some(clock) = hour.date.and_hms_opt(hour.hour, 0, 0) else { return Vec::new() };
    let local = clock + (instant - hour.start);
    let weeks = i64::from(weeks);
    (-weeks..=weeks)
        .filter(|week| *week != 0)
        .filter_map(|week| local.checked_add_signed(Duration::weeks(week)))
        .filter_map(|local| zone.instant(local, Repeated::First).ok())
        .map(|instant| instant.timestamp())
        .collect()
}

/// The declared length of an interval, or the most frequent one.
fn usual_duration(readings: &ChannelReadings<'_>) -> u32 {
    if let Some(seconds) = readings.channel.interval.filter(|seconds| *seconds > 0) {
        return seconds;
    }
    let mut lengths = readings.duration.to_vec();
    lengths.sort_unstable();
    let runs = lengths.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).and_then(|run| run.first()).copied().unwrap_or(3_600)
}
