//! Monthly totals of complete months.
use datagora_core::{DateTime, Month};

use super::super::{CountProblem, CountsError, MonthlyCounts};
use super::{ChannelReadings, Counts};

impl Counts {
    /// Monthly totals, the table that growth, outages and seasons are computed from.
    ///
    /// A month has a total if its readings with a value cover every second of it, local months of 743 and 745 hours
    /// included; a month with a hole has none. A reading that reaches over the end of a month belongs to neither.
    /// Channels go by their identifiers.
    ///
    /// # Missing values
    ///
    /// Doubtful values count as they are: take [`without_doubtful`](Self::without_doubtful) first to leave their months
    /// out.
    ///
    /// # Errors
    ///
    /// [`CountsError`] if there is no reading, or they span more than two centuries.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Month, Zone};
    /// use datagora_indicators::mobility::{Channel, CountsBuilder, Reading};
    ///
    /// let mut builder = CountsBuilder::new(Zone::PARIS);
    /// let quai = builder.channel(Channel::new("quai").with_site("s1"));
    /// for day in Month::parse("2024-03")?.dates().chain(Month::parse("2024-04")?.dates().skip(1)) {
    ///     let day = Zone::PARIS.day(day);
    ///     let seconds = (day.end - day.start).num_seconds() as u32; // 23 hours on 31 March
    ///     builder.add(Reading::new(quai, day.start.timestamp(), seconds, 100.0));
    /// }
    /// let (months, problems) = builder.finish().0.monthly()?;
    /// assert_eq!(months.series(0)[0], 3_100.0);
    /// assert!(months.series(0)[1].is_nan()); // 1 April is missing
    /// assert!(problems.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn monthly(&self) -> Result<(MonthlyCounts, Vec<CountProblem>), CountsError> {
        let rows = self.by_channel().flat_map(|readings| {
            let id = &readings.channel.id;
            self.months_of(&readings).into_iter().map(move |(month, total)| (id.clone(), month, total))
        });
        MonthlyCounts::from_rows(rows)
    }

    /// The months with readings, and their totals where they are complete.
    fn months_of(&self, readings: &ChannelReadings<'_>) -> Vec<(Month, f64)> {
        let mut totals: Vec<(Month, f64)> = Vec::new();
        let (mut end, mut missing) = (i64::MIN, 0);
        let close = |totals: &mut Vec<(Month, f64)>, missing: i64| {
            if let Some((_, total)) = totals.last_mut().filter(|_| missing != 0) {
                *total = f64::NAN;
            }
        };
        for row in 0..readings.start.len() {
            let (start, length) = (readings.start[row], i64::from(readings.duration[row]));
            if start >= end {
                close(&mut totals, missing);
                let date = DateTime::from_timestamp(start, 0).map(|instant| self.zone.hour_of(instant).date);
                let Some(month) = date.and_then(Month::of) else { continue };
                let first = self.zone.day(month.first_day()).start.timestamp();
                end = self.zone.day(month.last_day()).end.timestamp();
                missing = end - first;
                totals.push((month, 0.0));
            }
            if let Some((_, total)) = totals.last_mut()
                && start + length <= end
                && !readings.value[row].is_nan()
            {
                *total += readings.value[row];
                missing -= length;
            }
        }
        close(&mut totals, missing);
        totals
    }
}
