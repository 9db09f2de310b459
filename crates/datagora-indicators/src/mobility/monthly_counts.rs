//! Monthly counts of many channels, checked once.
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use datagora_core::Month;

use super::outage::Outage;

/// Monthly totals of many counting channels, as a table of channels × months without gaps in time.
///
/// Building it checks every row; what it cannot use is listed, never silently dropped. A channel is one direction and
/// one kind of traveller of one counter, named as the caller wishes. Channels stand in alphabetical order.
///
/// # Missing values
///
/// NaN: nothing was counted, or the count is not known. Zero means that nobody passed in a whole month, which on a street
/// with a counter is almost always an outage recorded as a count: see [`find_outages`](super::find_outages).
///
/// # Example
///
/// ```
/// use datagora_core::Month;
/// use datagora_indicators::mobility::MonthlyCounts;
///
/// let month = |text| Month::parse(text).unwrap();
/// let (counts, problems) = MonthlyCounts::from_rows([
///     ("quai", month("2024-01"), 31_000.0),
///     ("quai", month("2024-03"), 35_000.0),
///     ("pont", month("2024-02"), -4.0),
/// ])?;
/// assert_eq!(counts.channels(), ["quai"]);
/// assert!(counts.series(0)[1].is_nan()); // February is missing
/// assert_eq!(problems[0].to_string(), "channel pont, 2024-02: found -4, a count is finite and not negative; left out");
/// # Ok::<(), datagora_indicators::mobility::CountsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MonthlyCounts {
    channels: Vec<String>,
    first: Month,
    months: usize,
    values: Vec<f64>,
}

/// A row that could not be used as it was.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum CountProblem {
    /// Negative or infinite.
    #[error("channel {channel}, {month}: found {value}, a count is finite and not negative; left out")]
    NotACount {
        /// Channel.
        channel: String,
        /// Month.
        month: Month,
        /// What was found.
        value: f64,
    },
    /// A second row for the same channel and month.
    #[error(
        "channel {channel}, {month}: found {dropped} after {kept} for the same month; the first was kept"
    )]
    Duplicate {
        /// Channel.
        channel: String,
        /// Month.
        month: Month,
        /// The value that counts.
        kept: f64,
        /// The value that was left out.
        dropped: f64,
    },
}

/// There is no table to build, or the period asked for lies outside it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CountsError {
    /// No usable row.
    #[error("found no usable count among {rows} rows; at least one is needed")]
    Empty {
        /// Rows given.
        rows: usize,
    },
    /// The rows span an absurd number of months, such as a wrong century.
    #[error(
        "found counts from {first} to {last}, {months} months; check the years, at most {limit} months are accepted"
    )]
    Span {
        /// First month.
        first: Month,
        /// Last month.
        last: Month,
        /// Months between.
        months: usize,
        /// Most that are accepted.
        limit: usize,
    },
    /// A period that does not lie within the table.
    #[error("asked for {from} to {to}; the counts run from {first} to {last}")]
    Outside {
        /// Asked for.
        from: Month,
        /// Asked for.
        to: Month,
        /// First month there is.
        first: Month,
        /// Last month there is.
        last: Month,
    },
}

/// Two centuries: longer spans are wrong dates, and would fill the memory.
const SPAN_LIMIT: usize = 2_400;

impl MonthlyCounts {
    /// Builds the table from rows of channel, month and count, in any order.
    ///
    /// NaN rows are missing values. Problems come in the order of the rows; the first of two rows for a month is kept.
    ///
    /// # Errors
    ///
    /// [`CountsError`] if no row is usable or the months span more than two centuries.
    pub fn from_rows<C: Into<String>>(
        rows: impl IntoIterator<Item = (C, Month, f64)>,
    ) -> Result<(Self, Vec<CountProblem>), CountsError> {
        let mut problems = Vec::new();
        let mut cells: BTreeMap<String, BTreeMap<Month, f64>> = BTreeMap::new();
        let mut seen = 0;
        for (channel, month, value) in rows {
            seen += 1;
            let channel = channel.into();
            if value.is_infinite() || value < 0.0 {
                problems.push(CountProblem::NotACount { channel, month, value });
                continue;
            }
            match cells.get(&channel).and_then(|row| row.get(&month)) {
                Some(&kept) => {
                    problems.push(CountProblem::Duplicate { channel, month, kept, dropped: value });
                }
                None => {
                    cells.entry(channel).or_default().insert(month, value);
                }
            }
        }
        let first = cells.values().filter_map(|row| row.keys().next()).min().copied();
        let last = cells.values().filter_map(|row| row.keys().next_back()).max().copied();
        let (Some(first), Some(last)) = (first, last) else {
            return Err(CountsError::Empty { rows: seen });
        };
        let months = first.through(last).len();
        if months > SPAN_LIMIT {
            return Err(CountsError::Span { first, last, months, limit: SPAN_LIMIT });
        }
        let mut values = vec![f64::NAN; cells.len() * months];
        let mut channels = Vec::with_capacity(cells.len());
        for (row, (channel, counts)) in cells.into_iter().enumerate() {
            for (month, value) in counts {
                values[row * months + month.months_since(first) as usize] = value;
            }
            channels.push(channel);
        }
        Ok((Self { channels, first, months, values }, problems))
    }

    /// Names of the channels, in alphabetical order.
    pub fn channels(&self) -> &[String] {
        &self.channels
    }

    /// Position of the channel of this name.
    pub fn channel(&self, name: &str) -> Option<usize> {
        self.channels.binary_search_by(|channel| channel.as_str().cmp(name)).ok()
    }

    /// First month of the table.
    pub fn first(&self) -> Month {
        self.first
    }

    /// Last month of the table.
    pub fn last(&self) -> Month {
        self.first.plus(self.months as i32 - 1)
    }

    /// All months of the table.
    pub fn months(&self) -> impl DoubleEndedIterator<Item = Month> + ExactSizeIterator {
        self.first.through(self.last())
    }

    /// All values, one channel after the other.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The months of one channel.
    ///
    /// # Panics
    ///
    /// If there is no channel of this position.
    pub fn series(&self, channel: usize) -> &[f64] {
        &self.values[channel * self.months..(channel + 1) * self.months]
    }

    /// Share of the cells that hold a value, 0 to 1.
    pub fn completeness(&self) -> f64 {
        let there = self.values.iter().filter(|value| !value.is_nan()).count();
        there as f64 / self.values.len() as f64
    }

    /// The channels whose name is accepted, such as those of one mode.
    ///
    /// # Errors
    ///
    /// [`CountsError::Empty`] if none is.
    pub fn select(&self, mut accept: impl FnMut(&str) -> bool) -> Result<Self, CountsError> {
        let kept: Vec<usize> = (0..self.channels.len()).filter(|&c| accept(&self.channels[c])).collect();
        if kept.is_empty() {
            return Err(CountsError::Empty { rows: self.values.len() });
        }
        Ok(Self {
            channels: kept.iter().map(|&c| self.channels[c].clone()).collect(),
            values: kept.iter().flat_map(|&c| self.series(c)).copied().collect(),
            ..*self
        })
    }

    /// The months of a period, for all channels.
    ///
    /// # Errors
    ///
    /// [`CountsError::Outside`] unless the period lies within the table.
    pub fn period(&self, months: RangeInclusive<Month>) -> Result<Self, CountsError> {
        let (from, to) = (*months.start(), *months.end());
        let length = from.through(to).len();
        if from < self.first || to > self.last() || length == 0 {
            return Err(CountsError::Outside { from, to, first: self.first, last: self.last() });
        }
        let start = from.months_since(self.first) as usize;
        let values =
            (0..self.channels.len()).flat_map(|c| &self.series(c)[start..start + length]).copied().collect();
        Ok(Self { channels: self.channels.clone(), first: from, months: length, values })
    }

    /// The table without the months at its ends in which no channel counts; unchanged if none ever does.
    ///
    /// After [`select`](Self::select) the months still span those of all channels: trim before chaining years.
    pub fn trimmed(&self) -> Self {
        let counting = |month: &usize| (0..self.channels.len()).any(|c| !self.series(c)[*month].is_nan());
        let (start, end) = ((0..self.months).find(counting), (0..self.months).rfind(counting));
        let (Some(start), Some(end)) = (start, end) else { return self.clone() };
        let values =
            self.values.chunks_exact(self.months).flat_map(|row| &row[start..=end]).copied().collect();
        Self {
            channels: self.channels.clone(),
            first: self.first.plus(start as i32),
            months: end + 1 - start,
            values,
        }
    }

    /// The whole calendar years of the table, January to December.
    ///
    /// # Errors
    ///
    /// [`CountsError::Outside`] if there is none.
    pub fn calendar_years(&self) -> Result<Self, CountsError> {
        let from = self.first.plus((13 - self.first.month() as i32) % 12);
        let to = self.last().plus(-(self.last().month() as i32 % 12));
        self.period(from..=to)
    }

    /// Counts per day: each month divided by the number of its days (monthly average daily traffic).
    pub fn per_day(&self) -> Self {
        let days: Vec<f64> = self.months().map(|month| f64::from(month.days())).collect();
        let values = self.values.chunks_exact(self.months).flat_map(|row| row.iter().zip(&days));
        Self { channels: self.channels.clone(), values: values.map(|(v, d)| v / d).collect(), ..*self }
    }

    /// The table with the months of these outages missing.
    pub fn without(&self, outages: &[Outage]) -> Self {
        let mut values = self.values.clone();
        for outage in outages.iter().filter(|outage| outage.channel < self.channels.len()) {
            let row = &mut values[outage.channel * self.months..][..self.months];
            let start = outage.start.min(self.months);
            let end = outage.start.saturating_add(outage.length).min(self.months);
            row[start..end].fill(f64::NAN);
        }
        Self { channels: self.channels.clone(), values, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::super::OutageReason;
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    fn small() -> MonthlyCounts {
        let rows = month("2023-11")
            .through(month("2025-02"))
            .enumerate()
            .flat_map(|(i, m)| [("b", m, i as f64 * 31.0), ("a", m, if i == 3 { f64::NAN } else { 100.0 })]);
        MonthlyCounts::from_rows(rows).unwrap().0
    }

    #[test]
    fn rows_in_any_order_become_a_table() {
        let counts = small();
        assert_eq!(counts.channels(), ["a", "b"]);
        assert_eq!((counts.first(), counts.last()), (month("2023-11"), month("2025-02")));
        assert_eq!(counts.channel("b"), Some(1));
        assert_eq!(counts.channel("c"), None);
        assert!((counts.completeness() - 31.0 / 32.0).abs() < 1e-12);
        assert_eq!(counts.per_day().series(1)[2], 2.0); // 62 in January
    }

    #[test]
    fn calendar_years_are_whole() {
        let years = small().calendar_years().unwrap();
        assert_eq!((years.first(), years.last()), (month("2024-01"), month("2024-12")));
        let short = small().period(month("2024-02")..=month("2024-12")).unwrap();
        assert!(matches!(short.calendar_years(), Err(CountsError::Outside { .. })));
        let whole = small().period(month("2024-01")..=month("2024-12")).unwrap();
        assert_eq!(whole.calendar_years().unwrap().months().len(), 12);
    }

    #[test]
    fn a_period_outside_is_refused() {
        assert!(small().period(month("2020-01")..=month("2024-01")).is_err());
        assert!(small().period(month("2024-03")..=month("2024-01")).is_err());
        assert!(small().select(|_| false).is_err());
    }

    #[test]
    fn duplicates_and_impossible_counts_are_listed() {
        let m = month("2024-01");
        let (counts, problems) =
            MonthlyCounts::from_rows([("a", m, 1.0), ("a", m, 2.0), ("a", m, f64::INFINITY)]).unwrap();
        assert_eq!(counts.values(), [1.0]);
        assert_eq!(problems.len(), 2);
        assert!(matches!(problems[0], CountProblem::Duplicate { kept: 1.0, dropped: 2.0, .. }));
    }

    #[test]
    fn nothing_and_too_long_are_refused() {
        let none: [(&str, Month, f64); 0] = [];
        assert_eq!(MonthlyCounts::from_rows(none), Err(CountsError::Empty { rows: 0 }));
        let wide = MonthlyCounts::from_rows([("a", month("0202-01"), 1.0), ("a", month("2024-01"), 1.0)]);
        assert!(matches!(wide, Err(CountsError::Span { .. })));
    }

    #[test]
    fn trimming_keeps_the_months_that_count() {
        let nan = f64::NAN;
        let rows = [nan, nan, 1.0, nan, 2.0, nan].into_iter().enumerate();
        let rows = rows.map(|(i, value)| ("a", month("2024-01").plus(i as i32), value));
        let counts = MonthlyCounts::from_rows(rows).unwrap().0;
        let trimmed = counts.trimmed();
        assert_eq!((trimmed.first(), trimmed.last()), (month("2024-03"), month("2024-05")));
        assert_eq!((trimmed.values()[0], trimmed.values()[2]), (1.0, 2.0));
        let never = MonthlyCounts::from_rows([("a", month("2024-01"), nan)]).unwrap().0;
        assert_eq!(never.trimmed().months().len(), 1);
    }

    #[test]
    fn outages_become_missing() {
        let outage = Outage { channel: 0, start: 15, length: 9, reason: OutageReason::Zero };
        let cleaned = small().without(&[outage]);
        assert!(cleaned.series(0)[15].is_nan());
        assert_eq!(cleaned.series(1), small().series(1));
    }
}
