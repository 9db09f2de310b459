//! The regular steps that times lie on, found from the times.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use datagora_core::polars::prelude::{Column, DataType, NamedFrom, Series, TimeUnit, TimeZone};
use datagora_core::{DateTime, FieldType, Month, NaiveDate, Problem, ProblemKind, Report, Zone};

use super::{AdapterError, query};
use crate::TimeIndex;

/// The way from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// So many months: 3 for quarters, 12 for years.
    Months(u32),
    /// So many days: 7 for weeks.
    Days(u32),
    /// So many seconds: 3,600 for hours.
    Seconds(u32),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, noun) = match self {
            Step::Months(count) => (count, "month"),
            Step::Days(count) => (count, "day"),
            Step::Seconds(count) => (count, "second"),
        };
        write!(f, "{count} {noun}{}", if *count == 1 { "" } else { "s" })
    }
}

impl Step {
    /// Months, days or milliseconds of a step.
    fn ticks(self) -> i64 {
        match self {
            Step::Months(count) | Step::Days(count) => i64::from(count),
            Step::Seconds(count) => 1_000 * i64::from(count),
        }
    }

    fn suits(self, kind: FieldType) -> bool {
        let known = match kind {
            FieldType::Date => matches!(self, Step::Months(_) | Step::Days(_)),
            FieldType::Instant => matches!(self, Step::Seconds(_)),
            _ => matches!(self, Step::Months(_)),
        };
        known && self.ticks() > 0
    }

    /// Seasonal periods by convention: the year of months, quarters and weeks, the week of days, day and week of what is
    /// shorter.
    pub(super) fn conventional_periods(self) -> Vec<usize> {
        let whole = |season: u32, step: u32| season.checked_rem(step) == Some(0) && season > step;
        let periods: Vec<u32> = match self {
            Step::Months(n) => [12].into_iter().filter(|m| whole(*m, n)).map(|m| m / n).collect(),
            Step::Days(1) => vec![7],
            Step::Days(7) => vec![52],
            Step::Days(_) => Vec::new(),
            Step::Seconds(n) => {
                [86_400, 604_800].into_iter().filter(|s| whole(*s, n)).map(|s| s / n).collect()
            }
        };
        periods.into_iter().map(|period| period as usize).collect()
    }
}

/// Steps from a first one, told as the column of times tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Calendar {
    pub(super) kind: FieldType,
    pub(super) step: Step,
    /// Months since year 0, days or milliseconds since 1970, as the step asks.
    pub(super) start: i64,
}

const OUTSIDE: &str = "a time outside of the calendar";

/// Number of a month, from year 0.
fn month_number(month: Month) -> i64 {
    i64::from(month.year()) * 12 + i64::from(month.month()) - 1
}

fn month_of(number: i64) -> Option<Month> {
    Month::new(i32::try_from(number.div_euclid(12)).ok()?, number.rem_euclid(12) as u32 + 1).ok()
}

/// The month whose first day a date is.
fn month_begun(date: NaiveDate) -> Option<Month> {
    Month::of(date).filter(|month| month.first_day() == date)
}

fn date_of(days: i64) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(days).ok()?)
}

/// A conformed column of times in the numbers it is kept by, texts as months; texts that are no month are told.
pub(super) fn numbers(
    column: &Column,
    kind: FieldType,
    report: &mut Report,
) -> Result<Vec<Option<i64>>, AdapterError> {
    match kind {
        FieldType::Date | FieldType::Instant => {
            let days_or_milliseconds = column.cast(&DataType::Int64).map_err(query)?;
            Ok(days_or_milliseconds.i64().map_err(query)?.iter().collect())
        }
        FieldType::Text => {
            let mut months = Vec::with_capacity(column.len());
            for (row, text) in column.str().map_err(query)?.iter().enumerate() {
                let month = text.map(Month::parse).and_then(|month| match month {
                    Ok(month) => Some(month_number(month)),
                    Err(error) => {
                        let problem = Problem::new(error.to_string(), "a month such as 2024-05");
                        let problem = problem.of_kind(ProblemKind::WrongType);
                        report.add(problem.at_row(row as u64 + 1).in_column(column.name().as_str()));
                        None
                    }
                });
                months.push(month);
            }
            Ok(months)
        }
        found => {
            let needed = "dates, instants or texts of months such as 2024-05 tell when";
            Err(AdapterError::Kind { column: column.name().to_string(), found, needed })
        }
    }
}

/// Dates as numbers of their months; `None`, and told, unless they are first days.
fn months_of_dates(days: &mut [Option<i64>], column: &str, report: &mut Report) {
    for (row, day) in days.iter_mut().enumerate() {
        let Some(number) = *day else { continue };
        let date = date_of(number);
        *day = date.and_then(month_begun).map(month_number);
        if day.is_none() {
            let found = date.map_or_else(|| OUTSIDE.to_owned(), |date| date.to_string());
            let problem = Problem::new(found, "the first day of a month").of_kind(ProblemKind::Unordered);
            report.add(problem.at_row(row as u64 + 1).in_column(column));
        }
    }
}

/// What occurs most often; of equals the smallest.
fn most_frequent(numbers: impl Iterator<Item = i64>) -> Option<i64> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for number in numbers {
        *counts.entry(number).or_default() += 1;
    }
    let most = counts.values().max().copied()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(number, _)| number)
}

impl Calendar {
    /// The calendar of times, and the step of each row: the step given, or the most frequent way from a row of a series to
    /// the next; its phase is that of most rows. Rows that lie off it are told.
    pub(super) fn find(
        title: &str,
        (column, kind): (&str, FieldType),
        mut times: Vec<Option<i64>>,
        series: &[Vec<usize>],
        given: Option<Step>,
        report: &mut Report,
    ) -> Result<(Self, Vec<Option<usize>>), AdapterError> {
        if let Some(step) = given.filter(|step| !step.suits(kind)) {
            return Err(AdapterError::Step { step, found: kind });
        }
        let by_month = kind == FieldType::Date
            && given.map_or_else(
                || times.iter().flatten().all(|day| date_of(*day).and_then(month_begun).is_some()),
                |step| matches!(step, Step::Months(_)),
            );
        if by_month {
            months_of_dates(&mut times, column, report);
        }
        let found = || {
            let pairs = series.iter().flat_map(|rows| rows.windows(2));
            let ways = pairs.filter_map(|pair| times[pair[1]]?.checked_sub(times[pair[0]]?)?.checked_abs());
            let way = most_frequent(ways.filter(|way| *way > 0))?;
            match kind {
                FieldType::Instant => u32::try_from(way / 1_000).ok().filter(|s| *s > 0).map(Step::Seconds),
                FieldType::Date if !by_month => u32::try_from(way).ok().map(Step::Days),
                _ => u32::try_from(way).ok().map(Step::Months),
            }
        };
        let step = given.or_else(found).ok_or_else(|| AdapterError::NoStep { title: title.to_owned() })?;
        let ticks = step.ticks();
        let known = || times.iter().flatten().copied();
        let phase = most_frequent(known().map(|time| time.rem_euclid(ticks))).unwrap_or(0);
        let regular = |time: &i64| time.rem_euclid(ticks) == phase;
        let start = known().filter(regular).min().unwrap_or(phase);
        let calendar = Calendar { kind, step, start };

        let mut steps: Vec<Option<usize>> = Vec::with_capacity(times.len());
        let mut occurring: BTreeSet<usize> = BTreeSet::new();
        for (row, time) in times.iter().enumerate() {
            let place =
                time.filter(regular).and_then(|time| usize::try_from(time.checked_sub(start)? / ticks).ok());
            occurring.extend(place);
            steps.push(place);
            if let (Some(time), None) = (time, place) {
                let needed = format!("a time of the steps of {step} from {}", calendar.told(start));
                let problem = Problem::new(calendar.told(*time), needed).of_kind(ProblemKind::Unordered);
                report.add(problem.at_row(row as u64 + 1).in_column(column));
            }
        }
        let span = occurring.last().map_or(0, |last| *last as u64 + 1);
        if span > 1_000 + 100 * occurring.len() as u64 {
            return Err(AdapterError::Sparse { steps: span, step, observed: occurring.len() });
        }
        Ok((calendar, steps))
    }

    /// A time in words.
    pub(super) fn told(&self, time: i64) -> String {
        let told = match self.step {
            Step::Months(_) => month_of(time).map(|month| month.to_string()),
            Step::Days(_) => date_of(time).map(|date| date.to_string()),
            Step::Seconds(_) => DateTime::from_timestamp_millis(time).map(|instant| instant.to_string()),
        };
        told.unwrap_or_else(|| OUTSIDE.to_owned())
    }

    /// Time of a step in the numbers of the step.
    pub(super) fn time(&self, step: usize) -> Option<i64> {
        self.start.checked_add(i64::try_from(step).ok()?.checked_mul(self.step.ticks())?)
    }

    /// When the steps are, for models; of years and other long or odd steps there is none.
    pub(super) fn index(&self, zone: Zone) -> Option<TimeIndex> {
        match self.step {
            Step::Months(1) => Some(TimeIndex::Months { start: month_of(self.start)? }),
            Step::Months(3) => Some(TimeIndex::Quarters { start: month_of(self.start)? }),
            Step::Days(1) => Some(TimeIndex::Days { start: date_of(self.start)? }),
            Step::Days(7) => Some(TimeIndex::Weeks { start: date_of(self.start)? }),
            Step::Seconds(seconds) => {
                let start = DateTime::from_timestamp_millis(self.start)?;
                Some(TimeIndex::Clock { start, seconds, zone })
            }
            _ => None,
        }
    }

    /// The month of the first step, of monthly steps.
    pub(super) fn start_month(&self) -> Option<Month> {
        if self.step == Step::Months(1) { month_of(self.start) } else { None }
    }

    /// A column of the times of steps, of the type that the times were read from; missing outside of the calendar.
    pub(super) fn column(
        &self,
        name: &str,
        steps: impl Iterator<Item = usize>,
    ) -> Result<Column, AdapterError> {
        let months = matches!(self.step, Step::Months(_));
        let times = steps.map(|step| self.time(step));
        let series = match self.kind {
            FieldType::Text => {
                let texts: Vec<Option<String>> =
                    times.map(|time| Some(month_of(time?)?.to_string())).collect();
                Series::new(name.into(), texts)
            }
            FieldType::Date => {
                let day = |time: i64| if months { Some(month_of(time)?.first_day()) } else { date_of(time) };
                let days: Vec<Option<i32>> = times.map(|time| Some(day(time?)?.to_epoch_days())).collect();
                Series::new(name.into(), days).cast(&DataType::Date).map_err(query)?
            }
            _ => {
                let instants: Vec<Option<i64>> = times.collect();
                let kind = DataType::Datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC));
                Series::new(name.into(), instants).cast(&kind).map_err(query)?
            }
        };
        Ok(series.into())
    }
}
