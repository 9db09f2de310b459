//! What is known of each step besides the series: calendar, weather, works.
use chrono::Datelike;
use datagora_core::{
    DateTime, Holiday, Language, LocalHour, Month, NaiveDate, SchoolTerms, Utc, WorkingWeek, Zone,
};

/// Named columns with a value for each step of a series, from its first on and beyond its end.
///
/// Row `t` belongs to step `t` of the series: the rows after its last step are its future. So a model that is fitted to
/// the first part of the series, as back-tests do, finds the future of that part in the rows that follow.
///
/// Give only what is known in advance: a calendar is, measured weather is not. With measured weather a back-test shows
/// how good forecasts would be if the weather were known.
///
/// # Missing values
///
/// `NaN` = not known.
///
/// # Example
///
/// ```
/// use datagora_core::{Month, SchoolTerms};
/// use datagora_predict::Covariates;
///
/// let first = Month::new(2024, 4)?.first_day();
/// let rain = vec![0.0, 3.5, f64::NAN, 0.0, 0.0, 12.0, 1.0, 0.0, 0.0, 0.0];
/// let ten_days = Covariates::of_days(first, 10)
///     .with_weekdays()?
///     .with_holidays()?
///     .with_school_breaks(&SchoolTerms::ZONE_A)?
///     .with_column("rain", rain)?;
/// assert_eq!(ten_days.len(), 10);
/// assert_eq!(ten_days.names().len(), 6 + 1 + 1 + 1);
/// // 1 April 2024 was Easter Monday.
/// assert_eq!(ten_days.column("public holiday").unwrap()[..2], [1.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Covariates {
    clock: Clock,
    steps: usize,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

/// When the steps are.
#[derive(Clone, Debug, PartialEq)]
enum Clock {
    Unknown,
    Hours(Vec<LocalHour>),
    Days(NaiveDate),
    Months(Month),
}

/// What is wrong with a column.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CovariatesError {
    /// A column of another length.
    #[error(
        "column {name} has {found} values, the covariates have {needed} steps; give one for each, NaN where it is not known"
    )]
    Length {
        /// Which column.
        name: String,
        /// Values given.
        found: usize,
        /// Steps of the covariates.
        needed: usize,
    },
    /// An infinite value.
    #[error("column {name} is {found} at step {position}; give NaN where it is not known")]
    Infinite {
        /// Which column.
        name: String,
        /// Where, from 0.
        position: usize,
        /// What stood there.
        found: f64,
    },
    /// Two columns of one name.
    #[error("there is a column {name} already; give this one another name")]
    Twice {
        /// The name.
        name: String,
    },
    /// A calendar column of steps whose time is not known, or not known to the hour.
    #[error("{column} needs steps with a date{}; start with {}", if *.hour { " and an hour" } else { "" }, if *.hour { "`Covariates::of_hours`" } else { "`of_hours`, `of_days` or `of_months`" })]
    NoClock {
        /// Which column.
        column: &'static str,
        /// Whether it needs the hour.
        hour: bool,
    },
    /// A Fourier period that is none.
    #[error("a period of {found} steps; give one above 0, such as 365.25 for the year in days")]
    Period {
        /// What was given.
        found: f64,
    },
}

impl Covariates {
    /// No columns yet, for `steps` whose time is not said: no calendar can be made of them.
    pub fn new(steps: usize) -> Self {
        Self { clock: Clock::Unknown, steps, names: Vec::new(), columns: Vec::new() }
    }

    /// No columns yet, for hours from the one that holds `first`, as the clocks of `zone` show them.
    pub fn of_hours(first: DateTime<Utc>, zone: Zone, steps: usize) -> Self {
        let start = zone.hour_of(first).start;
        let mut hours = Vec::with_capacity(steps);
        let mut day = Some(zone.hour_of(first).date);
        while let (Some(date), true) = (day, hours.len() < steps) {
            hours.extend(zone.hours(date).into_iter().filter(|hour| hour.start >= start));
            day = date.succ_opt();
        }
        hours.truncate(steps);
        Self { clock: Clock::Hours(hours), ..Self::new(steps) }
    }

    /// No columns yet, for days from `first`.
    pub fn of_days(first: NaiveDate, steps: usize) -> Self {
        Self { clock: Clock::Days(first), ..Self::new(steps) }
    }

    /// No columns yet, for months from `first`. Calendar columns are then shares of the days of the month.
    pub fn of_months(first: Month, steps: usize) -> Self {
        Self { clock: Clock::Months(first), ..Self::new(steps) }
    }

    /// With a column: one value for each step, `NaN` where it is not known. Weather, prices, works, events.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::Length`], [`CovariatesError::Infinite`], [`CovariatesError::Twice`].
    pub fn with_column(
        mut self,
        name: impl Into<String>,
        values: impl Into<Vec<f64>>,
    ) -> Result<Self, CovariatesError> {
        let (name, values) = (name.into(), values.into());
        if values.len() != self.steps {
            return Err(CovariatesError::Length { name, found: values.len(), needed: self.steps });
        }
        if let Some(position) = values.iter().position(|v| v.is_infinite()) {
            return Err(CovariatesError::Infinite { name, position, found: values[position] });
        }
        if self.names.contains(&name) {
            return Err(CovariatesError::Twice { name });
        }
        self.names.push(name);
        self.columns.push(values);
        Ok(self)
    }

    /// With sines and cosines of a period, which may be no whole number of steps (8,766 hours in a year): the first
    /// `harmonics` of them. A smooth season with few columns.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::Period`] unless the period is finite and above 0.
    pub fn with_fourier(mut self, period: f64, harmonics: usize) -> Result<Self, CovariatesError> {
        if !(period.is_finite() && period > 0.0) {
            return Err(CovariatesError::Period { found: period });
        }
        for harmonic in 1..=harmonics {
            let angle = |t: usize| std::f64::consts::TAU * (harmonic as f64 * t as f64 / period).fract();
            let (sine, cosine): (Vec<f64>, Vec<f64>) = (0..self.steps).map(|t| angle(t).sin_cos()).unzip();
            self = self
                .with_column(format!("sine {harmonic} of {period}"), sine)?
                .with_column(format!("cosine {harmonic} of {period}"), cosine)?;
        }
        Ok(self)
    }

    /// With six columns for the days of the week, against Monday.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::NoClock`] without dates.
    pub fn with_weekdays(mut self) -> Result<Self, CovariatesError> {
        const NAMES: [&str; 6] = ["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        for (place, name) in (1..).zip(NAMES) {
            let values = self
                .shares(name, |date| f64::from(u8::from(date.weekday().num_days_from_monday() == place)))?;
            self = self.with_column(name, values)?;
        }
        Ok(self)
    }

    /// With eleven columns for the months of the year, against January.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::NoClock`] without dates.
    pub fn with_months(mut self) -> Result<Self, CovariatesError> {
        const NAMES: [&str; 11] = [
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        for (month, name) in (2..).zip(NAMES) {
            let values = self.shares(name, |date| f64::from(u8::from(date.month() == month)))?;
            self = self.with_column(name, values)?;
        }
        Ok(self)
    }

    /// With 23 columns for the hours of the day, against midnight.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::NoClock`] unless made by [`Covariates::of_hours`].
    pub fn with_hours(mut self) -> Result<Self, CovariatesError> {
        for hour in 1..24 {
            let Clock::Hours(hours) = &self.clock else {
                return Err(CovariatesError::NoClock { column: "the hour of the day", hour: true });
            };
            let values: Vec<f64> = hours.iter().map(|h| f64::from(u8::from(h.hour == hour))).collect();
            self = self.with_column(format!("{hour} h"), values)?;
        }
        Ok(self)
    }

    /// With a column `public holiday`: 1 on those of France ([`Holiday`]).
    ///
    /// # Errors
    ///
    /// [`CovariatesError::NoClock`] without dates.
    pub fn with_holidays(self) -> Result<Self, CovariatesError> {
        let values =
            self.shares("public holidays", |date| f64::from(u8::from(Holiday::on(date).is_some())))?;
        self.with_column("public holiday", values)
    }

    /// With a column for each public holiday of its own, named in English: 14 July does not do what 25 December does.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::NoClock`] without dates.
    pub fn with_each_holiday(mut self) -> Result<Self, CovariatesError> {
        const ALL: [Holiday; 11] = [
            Holiday::NewYear,
            Holiday::EasterMonday,
            Holiday::LabourDay,
            Holiday::Victory1945,
            Holiday::Ascension,
            Holiday::WhitMonday,
            Holiday::BastilleDay,
            Holiday::Assumption,
            Holiday::AllSaints,
            Holiday::Armistice1918,
            Holiday::Christmas,
        ];
        for holiday in ALL {
            let values = self
                .shares("public holidays", |date| f64::from(u8::from(Holiday::on(date) == Some(holiday))))?;
            self = self.with_column(holiday.name(Language::English), values)?;
        }
        Ok(self)
    }

    /// With a column `working day`: 1 on days of this week that are no public holiday.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::NoClock`] without dates.
    pub fn with_working_days(self, week: WorkingWeek) -> Result<Self, CovariatesError> {
        let values = self.shares("working days", |date| f64::from(u8::from(week.includes(date))))?;
        self.with_column("working day", values)
    }

    /// With a column `school break`: 1 on days without school in a zone, `NaN` where its calendar is not known.
    ///
    /// # Errors
    ///
    /// [`CovariatesError::NoClock`] without dates.
    pub fn with_school_breaks(self, terms: &SchoolTerms) -> Result<Self, CovariatesError> {
        let values = self.shares("school breaks", |date| {
            terms.on(date).map_or(f64::NAN, |found| f64::from(u8::from(found.is_some())))
        })?;
        self.with_column("school break", values)
    }

    /// The mean of what is said of the days of each step.
    fn shares(
        &self,
        column: &'static str,
        of: impl Fn(NaiveDate) -> f64,
    ) -> Result<Vec<f64>, CovariatesError> {
        match &self.clock {
            Clock::Unknown => Err(CovariatesError::NoClock { column, hour: false }),
            Clock::Hours(hours) => {
                // A day is asked once, not 24 times.
                let mut last: Option<(NaiveDate, f64)> = None;
                let mut values: Vec<f64> = Vec::with_capacity(self.steps);
                for hour in hours {
                    let value = match last {
                        Some((date, value)) if date == hour.date => value,
                        _ => of(hour.date),
                    };
                    last = Some((hour.date, value));
                    values.push(value);
                }
                // Beyond the end of the calendar nothing is known.
                values.resize(self.steps, f64::NAN);
                Ok(values)
            }
            Clock::Days(first) => {
                let known = first.iter_days().take(self.steps).map(of);
                Ok(known.chain(std::iter::repeat(f64::NAN)).take(self.steps).collect())
            }
            Clock::Months(first) => Ok((0..self.steps)
                .map(|t| {
                    let month = first.plus(i32::try_from(t).unwrap_or(i32::MAX));
                    let (sum, n) = month.dates().fold((0.0, 0.0), |(sum, n), date| (sum + of(date), n + 1.0));
                    sum / n
                })
                .collect()),
        }
    }

    /// Number of steps.
    pub fn len(&self) -> usize {
        self.steps
    }

    /// Whether there is no step.
    pub fn is_empty(&self) -> bool {
        self.steps == 0
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A column, if there is one of this name.
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        self.names.iter().position(|n| n == name).map(|i| self.columns[i].as_slice())
    }

    pub(crate) fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_follow_the_clock() {
        // The clocks went back on 27 October 2024: two hours of 2.
        let midnight = NaiveDate::from_ymd_opt(2024, 10, 27).unwrap();
        let start = Zone::PARIS.day(midnight).start;
        let hours =
            Covariates::of_hours(start, Zone::PARIS, 49).with_hours().unwrap().with_weekdays().unwrap();
        let two = hours.column("2 h").unwrap();
        assert_eq!(two.iter().sum::<f64>(), 3.0);
        assert_eq!((two[2], two[3], two[27]), (1.0, 1.0, 1.0));
        assert_eq!(hours.column("Sunday").unwrap().iter().sum::<f64>(), 25.0);
    }

    #[test]
    fn months_have_shares_of_days() {
        let may = Covariates::of_months(Month::new(2024, 5).unwrap(), 2);
        let shares = may.with_holidays().unwrap().with_months().unwrap();
        assert!((shares.column("public holiday").unwrap()[0] - 4.0 / 31.0).abs() < 1e-12);
        assert_eq!(shares.column("June").unwrap(), [0.0, 1.0]);
    }

    #[test]
    fn columns_are_checked() {
        let two = || Covariates::new(2);
        assert!(matches!(
            two().with_column("a", [1.0]),
            Err(CovariatesError::Length { found: 1, needed: 2, .. })
        ));
        assert!(matches!(
            two().with_column("a", [1.0, f64::INFINITY]),
            Err(CovariatesError::Infinite { position: 1, .. })
        ));
        let twice = two().with_column("a", [1.0, 2.0]).unwrap().with_column("a", [1.0, 2.0]);
        assert_eq!(twice, Err(CovariatesError::Twice { name: "a".into() }));
        assert_eq!(two().with_fourier(0.0, 1), Err(CovariatesError::Period { found: 0.0 }));
        let error = two().with_hours().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the hour of the day needs steps with a date and an hour; start with `Covariates::of_hours`"
        );
    }

    #[test]
    fn school_is_not_guessed() {
        let first = NaiveDate::from_ymd_opt(2090, 1, 1).unwrap();
        let later = Covariates::of_days(first, 3).with_school_breaks(&SchoolTerms::ZONE_A).unwrap();
        assert!(later.column("school break").unwrap().iter().all(|v| v.is_nan()));
    }
}
