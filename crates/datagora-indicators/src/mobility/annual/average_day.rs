//! Average days of a kind: working days, days in term, weekends.
use chrono::Datelike;
use datagora_core::{
    Holiday, Measured, NaiveDate, SchoolTerms, SchoolTermsError, Suppression, Unit, WorkingWeek,
};

use super::estimate::Cell;
use crate::mobility::{HourlyYear, LocalYear};

/// Which days an average is taken over. "TMJO" means different things to different people: say which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum DayKind {
    /// All days.
    #[default]
    All,
    /// Monday to Friday, public holidays as well: the American AAWDT of most states.
    MondayToFriday,
    /// The days of a working week without public holidays: *jours ouvrés* or *ouvrables*.
    Working(WorkingWeek),
    /// The same, without school breaks of zone A (Lyon): *jours ouvrés hors vacances scolaires*.
    WorkingInTerm(WorkingWeek),
    /// Saturdays and Sundays.
    Weekend,
    /// Public holidays and Sundays.
    SundaysAndHolidays,
    /// School breaks of zone A.
    SchoolBreaks,
}

impl DayKind {
    /// Does a date belong to it?
    ///
    /// # Errors
    ///
    /// [`SchoolTermsError`] where school terms matter and their calendar is not known.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Month, WorkingWeek};
    /// use datagora_indicators::mobility::DayKind;
    ///
    /// let ninth_of_may = Month::parse("2024-05")?.dates().nth(8).unwrap(); // Ascension, a Thursday
    /// assert!(DayKind::MondayToFriday.includes(ninth_of_may)?);
    /// assert!(!DayKind::Working(WorkingWeek::MondayToFriday).includes(ninth_of_may)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn includes(self, date: NaiveDate) -> Result<bool, SchoolTermsError> {
        let weekday = date.weekday().num_days_from_monday();
        Ok(match self {
            DayKind::All => true,
            DayKind::MondayToFriday => weekday < 5,
            DayKind::Working(week) => week.includes(date),
            DayKind::WorkingInTerm(week) => week.includes(date) && SchoolTerms::ZONE_A.on(date)?.is_none(),
            DayKind::Weekend => weekday >= 5,
            DayKind::SundaysAndHolidays => weekday == 6 || Holiday::on(date).is_some(),
            DayKind::SchoolBreaks => SchoolTerms::ZONE_A.on(date)?.is_some(),
        })
    }

    /// Which days of a year belong to it, in order. Asking the calendar costs more than averaging: for many channels ask
    /// it once, and take [`average_day_of`].
    ///
    /// # Errors
    ///
    /// [`SchoolTermsError`], as [`includes`](Self::includes).
    pub fn in_year(self, year: &LocalYear) -> Result<Vec<bool>, SchoolTermsError> {
        year.days().iter().map(|day| self.includes(day.date)).collect()
    }
}

/// What weighs the same in an average over days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Averaging {
    /// Each complete day: the usual definition; biased if gaps are seasonal.
    #[default]
    Days,
    /// Each day of the kind, complete or not: months first, weighted by how many such days they have. Months without
    /// a complete day are left out.
    Months,
}

/// Average day of a kind: AAWT, TMJO.
///
/// # Shapes and units
///
/// A year of hours → vehicles per day.
///
/// # Missing values
///
/// Only complete days count. The completeness is the share of the days of the kind that are complete; without one the
/// value is suppressed.
///
/// # Interpretation
///
/// A working day carries more than an average day on commuting streets, and less on paths to the countryside. Name the
/// kind of day and the calendar beside the value.
///
/// # Errors
///
/// [`SchoolTermsError`] if school terms matter and the calendar of that year is not known.
///
/// # Example
///
/// ```
/// use datagora_core::{WorkingWeek, Zone};
/// use datagora_indicators::mobility::{Averaging, DayKind, HourlyYear, average_day};
///
/// let mut year = HourlyYear::new(2024, Zone::PARIS)?;
/// let local = year.local().clone();
/// for day in local.days() {
///     let count = if day.weekday < 5 { 10.0 } else { 4.0 };
///     for hour in day.hours.clone() {
///         year.add(&[local.start() + 3_600 * hour as i64], 3_600, &[count])?;
///     }
/// }
/// let working = DayKind::Working(WorkingWeek::MondayToFriday);
/// let average = average_day(&year, working, Averaging::Days)?;
/// assert!((average.value().unwrap() - 240.0).abs() < 0.1);
/// assert_eq!(average.observations(), 252); // working days of 2024
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// FHWA (2022). *Traffic Monitoring Guide* (AAWDT). OFROU, *Comptage suisse automatique de la circulation routière*
/// (TJMO, Monday to Friday without public holidays). Code du travail, art. L3133-1 (public holidays).
pub fn average_day(
    year: &HourlyYear,
    kind: DayKind,
    averaging: Averaging,
) -> Result<Measured, SchoolTermsError> {
    let mut chosen = kind.in_year(year.local())?.into_iter();
    Ok(average_day_of(year, |_| chosen.next().unwrap_or(false), averaging))
}

/// Average day over the dates that are accepted, which are asked in order: for calendars of one's own.
///
/// As [`average_day`].
pub fn average_day_of(
    year: &HourlyYear,
    mut accept: impl FnMut(NaiveDate) -> bool,
    averaging: Averaging,
) -> Measured {
    let mut months = [(0_u32, Cell::default()); 12];
    let mut all = Cell::default();
    for day in year.local().days() {
        if accept(day.date) {
            let total = year.total(day.hours.clone());
            months[day.month].0 += 1;
            months[day.month].1.add(total);
            all.add(total);
        }
    }
    let expected: u32 = months.iter().map(|(days, _)| days).sum();
    let unit = Unit::of("{vehicle}/d");
    let measured = if all.count() == 0 {
        Measured::suppressed(unit, Suppression::Incomplete { needed: 0.0 })
    } else {
        let value = match averaging {
            Averaging::Days => all.mean(),
            Averaging::Months => {
                let there = months.iter().filter(|(_, cell)| cell.count() > 0);
                let (sum, days) = there.fold((0.0, 0.0), |(sum, days), (count, cell)| {
                    (sum + f64::from(*count) * cell.mean(), days + f64::from(*count))
                });
                sum / days
            }
        };
        Measured::new(value, unit)
    };
    let share = if expected == 0 { 0.0 } else { f64::from(all.count()) / f64::from(expected) };
    measured
        .with_observations(u64::from(all.count()))
        .with_completeness(share)
        .with_imputed_share(year.imputed_share())
}
