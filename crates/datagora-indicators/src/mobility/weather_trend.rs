//! The trend of counts when the weather is accounted for.
use chrono::{Datelike, Weekday};
use datagora_core::{Holiday, Interval, Measured, Month, NaiveDate, Suppression, Unit, WorkingWeek};

use crate::LevelError;
use crate::level::check_level;
use crate::regression::{Regression, Unfit, rule_of_thumb_lag};

/// What a row of the counts is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TrendStep {
    /// The volume of a day. Days of the week and public holidays are accounted for.
    #[default]
    Day,
    /// The daily average of a month, dated by any of its days. The share of working days is accounted for.
    Month,
}

/// How to take the trend.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct TrendOptions {
    /// Days or months.
    pub step: TrendStep,
    /// Pairs of sine and cosine over the year, for the season that is not weather: holidays, length of the day.
    pub harmonics: usize,
    /// Largest lag of the Newey–West error, in steps; by default `⌊4 (n / 100)^(2/9)⌋` of Newey and West (1994).
    pub lag: Option<usize>,
    /// Shortest time from the first to the last row used, in years: over less the trend is suppressed.
    pub shortest: f64,
    /// Level of the intervals, between 0 and 1.
    pub level: f64,
}

impl Default for TrendOptions {
    /// Days, one pair over the year, the lag by the rule, two years, intervals at 95 %.
    fn default() -> Self {
        Self { step: TrendStep::Day, harmonics: 1, lag: None, shortest: 2.0, level: 0.95 }
    }
}

impl TrendOptions {
    /// With days or months.
    pub fn with_step(self, step: TrendStep) -> Self {
        Self { step, ..self }
    }

    /// With this number of pairs over the year.
    pub fn with_harmonics(self, harmonics: usize) -> Self {
        Self { harmonics, ..self }
    }

    /// With this largest lag.
    pub fn with_lag(self, lag: usize) -> Self {
        Self { lag: Some(lag), ..self }
    }

    /// With a trend from this number of years on.
    pub fn with_shortest(self, shortest: f64) -> Self {
        Self { shortest, ..self }
    }

    /// With this level of the intervals.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }
}

/// Weather of each row of the counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weather<'a> {
    /// Mean temperature, °C; NaN is missing.
    pub temperature: &'a [f64],
    /// Rain, mm a day; NaN is missing.
    pub rain: &'a [f64],
}

/// A term of the model of the logarithm of the counts.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrendTerm {
    /// What it is of.
    pub name: String,
    /// Change of the logarithm of the counts with it: 0.1 is about 10 %.
    pub estimate: f64,
    /// Newey–West standard error.
    pub error: f64,
}

/// The trend of counts, with and without the weather.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WeatherTrend {
    /// Change per year at the same weather, percent.
    pub trend: Measured,
    /// Change per year when the weather is left out of the model, percent: what good and bad years pretend.
    pub unadjusted: Measured,
    /// All terms of the model; empty if it could not be fitted.
    pub terms: Vec<TrendTerm>,
    /// Regressors that never vary in the rows used (no holiday among them, say), left out.
    pub left_out: Vec<String>,
    /// The counts as they would be in the mean weather of the rows used, row by row; NaN where left out.
    pub adjusted: Vec<f64>,
    /// Share of the variance of the logarithm that the model explains.
    pub r_squared: f64,
    /// Correlation of the residuals with those one step before: what plain errors would ignore.
    pub autocorrelation: f64,
    /// Largest lag of the Newey–West error.
    pub lag: usize,
    /// Rows of 0, left out: they have no logarithm, and are mostly outages.
    pub zeros: usize,
}

/// A trend cannot be taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrendError {
    /// Row-aligned inputs differ.
    #[error(
        "found {dates} dates for {counts} counts, {temperatures} temperatures and {rains} values of rain; each row has one of each"
    )]
    Length {
        /// Dates given.
        dates: usize,
        /// Counts given.
        counts: usize,
        /// Temperatures given.
        temperatures: usize,
        /// Values of rain given.
        rains: usize,
    },
    /// Dates do not grow by steps.
    #[error(
        "found {date} at {at}, which does not follow the row before; dates are in order, one row a day (or month)"
    )]
    Order {
        /// Position.
        at: usize,
        /// The date there.
        date: NaiveDate,
    },
    /// A value that is none.
    #[error("found {what} of {value} at {at}; needed is {needed}: mark a missing one as NaN")]
    Value {
        /// Count, temperature or rain.
        what: &'static str,
        /// Position.
        at: usize,
        /// What stood there.
        value: f64,
        /// What it must be.
        needed: &'static str,
    },
    /// A regressor is a combination of others.
    #[error(
        "{name} cannot be told from the other terms in these rows; take a longer period, or fewer harmonics"
    )]
    Confounded {
        /// Its name.
        name: String,
    },
    /// The level of the interval is not a probability.
    #[error(transparent)]
    Level(#[from] LevelError),
}

/// Trend of counts per year at the same weather, by regression.
///
/// Ordinary least squares of the logarithm of the counts on time, temperature and its square, `ln(1 + rain)`, days of the
/// week and French public holidays (of months: the share of working days), and sines over the year. The trend is
/// `100 · (e^b − 1)` percent a year. Its interval has the Newey–West error, which holds when residuals are correlated
/// over up to [`WeatherTrend::lag`] steps, and Student's quantile.
///
/// # Shapes and units
///
/// Dates in order with a count, a temperature (°C) and rain (mm) each → percent a year, and adjusted counts in the unit of
/// the counts.
///
/// # Missing values
///
/// Rows with a missing count or weather, and rows of 0, are left out; days may be absent altogether. Lags are counted in
/// time, not in rows. The completeness is the share of the steps from the first to the last date that is used. With too
/// few rows, or over less than two years (an option), the trend is suppressed; terms and adjusted counts are not.
///
/// # Interpretation
///
/// How cycling would have developed had the weather been the same. Over less than two years a trend cannot be
/// told from the season: more harmonics then widen the interval, fewer hide it. Outages of single counters must be dealt with
/// before adding them up. Weather explains why people ride on a day, not only whether: routes and strikes are in the
/// residuals.
///
/// # Errors
///
/// [`TrendError`].
///
/// # Example
///
/// ```
/// use datagora_core::NaiveDate;
/// use datagora_indicators::mobility::{TrendOptions, Weather, weather_adjusted_trend};
///
/// // Three years growing by 5 % a year; each year is warmer, and warm days see more bicycles.
/// let first = NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
/// let dates: Vec<NaiveDate> = first.iter_days().take(3 * 365).collect();
/// let year = |i: usize| i as f64 / 365.25;
/// let temperature: Vec<f64> =
///     (0..dates.len()).map(|i| 12.0 + 2.0 * year(i) + 4.0 * (i as f64 * 0.7).sin()).collect();
/// let rain: Vec<f64> = (0..dates.len()).map(|i| (i % 3) as f64).collect();
/// let count = |i: usize| 1_000.0 * 1.05_f64.powf(year(i)) * (0.03 * temperature[i] - 0.1 * rain[i]).exp();
/// let counts: Vec<f64> = (0..dates.len()).map(count).collect();
/// let weather = Weather { temperature: &temperature, rain: &rain };
/// let found = weather_adjusted_trend(&dates, &counts, &weather, &TrendOptions::default())?;
/// assert!((found.trend.value().unwrap() - 5.0).abs() < 0.1);
/// assert!(found.unadjusted.value().unwrap() > 10.0); // the warmth is counted as growth
/// # Ok::<(), datagora_indicators::mobility::TrendError>(())
/// ```
///
/// # References
///
/// Newey, W. K. and West, K. D. (1987). Econometrica 55, 703–708 (error); (1994) Rev. Econ. Stud. 61, 631–653 (lag). Miranda-
/// Moreno, L. F. and Nosal, T. (2011). Weather or not to cycle. Transportation Research Record 2247, 42–52 (model).
pub fn weather_adjusted_trend(
    dates: &[NaiveDate],
    counts: &[f64],
    weather: &Weather<'_>,
    options: &TrendOptions,
) -> Result<WeatherTrend, TrendError> {
    let positions = check(dates, counts, weather, options)?;
    let usable =
        |i: &usize| counts[*i] > 0.0 && !weather.temperature[*i].is_nan() && !weather.rain[*i].is_nan();
    let rows: Vec<usize> = (0..counts.len()).filter(usable).collect();
    let at: Vec<i64> = rows.iter().map(|&row| positions[row]).collect();
    let y: Vec<f64> = rows.iter().map(|&row| counts[row].ln()).collect();
    let lag = options.lag.unwrap_or_else(|| rule_of_thumb_lag(rows.len()));
    let steps = positions.last().zip(positions.first()).map_or(0, |(last, first)| last - first + 1);
    let completeness = if steps == 0 { 0.0 } else { rows.len() as f64 / steps as f64 };
    let known =
        |measured: Measured| measured.with_observations(rows.len() as u64).with_completeness(completeness);

    let used = rows.first().zip(rows.last());
    let span = used.map_or(0.0, |(first, last)| (days(dates[*last]) - days(dates[*first])) as f64 / YEAR);
    let (terms, left_out) = terms(&rows, dates, weather, options);
    let fit = |terms: &[Term]| {
        let columns: Vec<Vec<f64>> = terms.iter().map(|term| term.column.clone()).collect();
        match Regression::fit(&columns, &y, &at, lag) {
            Ok(found) => Ok(Some(found)),
            Err(Unfit::TooFew) => Ok(None),
            Err(Unfit::Collinear(i)) => Err(TrendError::Confounded { name: terms[i].name.clone() }),
        }
    };
    let trend = |fitted: &Option<Regression>, terms: &[Term]| {
        let (Some(fitted), Some(i)) = (fitted, terms.iter().position(|term| term.kind == Kind::Trend)) else {
            return known(Measured::suppressed(Unit::PERCENT, Suppression::Incomplete { needed: 1.0 }));
        };
        if span < options.shortest {
            let reason = format!("over {span:.1} years a trend cannot be told from the season");
            return known(Measured::suppressed(Unit::PERCENT, Suppression::Undefined { reason }));
        }
        let percent = |b: f64| 100.0 * b.exp_m1();
        let (b, reach) = (fitted.coefficients[i], fitted.reach(i, options.level));
        let level = Some(options.level);
        let interval = Interval { lower: percent(b - reach), upper: percent(b + reach), level };
        known(Measured::new(percent(b), Unit::PERCENT).with_interval(interval))
    };
    let fitted = fit(&terms)?;
    let plain: Vec<Term> = terms.iter().filter(|term| term.kind != Kind::Weather).cloned().collect();
    let unadjusted = trend(&fit(&plain)?, &plain);
    let trend = trend(&fitted, &terms);
    let mut adjusted = vec![f64::NAN; counts.len()];
    let mut found = WeatherTrend {
        trend,
        unadjusted,
        terms: Vec::new(),
        left_out,
        adjusted: Vec::new(),
        r_squared: f64::NAN,
        autocorrelation: f64::NAN,
        lag,
        zeros: counts.iter().filter(|count| **count == 0.0).count(),
    };
    if let Some(fitted) = fitted {
        let effects = weather_effects(&terms, &fitted.coefficients, rows.len());
        let mean = effects.iter().sum::<f64>() / effects.len() as f64;
        for (&row, effect) in rows.iter().zip(&effects) {
            adjusted[row] = counts[row] * (mean - effect).exp();
        }
        found.r_squared = fitted.r_squared;
        found.autocorrelation = autocorrelation(&fitted.residuals, &at);
        let terms = terms.into_iter().zip(fitted.coefficients.iter().zip(&fitted.errors));
        let term = |(term, (estimate, error)): (Term, (&f64, &f64))| TrendTerm {
            name: term.name,
            estimate: *estimate,
            error: *error,
        };
        found.terms = terms.map(term).collect();
    }
    Ok(WeatherTrend { adjusted, ..found })
}

/// Refuses what cannot be used; position in time of each row, in steps.
fn check(
    dates: &[NaiveDate],
    counts: &[f64],
    weather: &Weather<'_>,
    options: &TrendOptions,
) -> Result<Vec<i64>, TrendError> {
    let (temperatures, rains) = (weather.temperature.len(), weather.rain.len());
    if [counts.len(), temperatures, rains].iter().any(|length| *length != dates.len()) {
        return Err(TrendError::Length { dates: dates.len(), counts: counts.len(), temperatures, rains });
    }
    check_level(options.level)?;
    let not_negative = "finite and not negative";
    let values = [
        ("a count", counts, 0.0, not_negative),
        ("a temperature", weather.temperature, f64::NEG_INFINITY, "finite"),
        ("rain", weather.rain, 0.0, not_negative),
    ];
    for (what, values, lowest, needed) in values {
        if let Some(at) = values.iter().position(|value| value.is_infinite() || *value < lowest) {
            return Err(TrendError::Value { what, at, value: values[at], needed });
        }
    }
    let position = |date: &NaiveDate| match options.step {
        TrendStep::Day => days(*date),
        // Months of 1970 and before count down from 0.
        TrendStep::Month => {
            Month::of(*date).map_or(i64::MIN, |month| i64::from(month.year()) * 12 + i64::from(month.month()))
        }
    };
    let positions: Vec<i64> = dates.iter().map(position).collect();
    match positions.windows(2).position(|pair| pair[1] <= pair[0]) {
        Some(at) => Err(TrendError::Order { at: at + 1, date: dates[at + 1] }),
        None => Ok(positions),
    }
}

/// Days of a year, the mean of the Gregorian calendar.
const YEAR: f64 = 365.242_5;

/// Days since 1 January 1970.
fn days(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

/// A regressor.
#[derive(Clone, Debug)]
struct Term {
    name: String,
    kind: Kind,
    column: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Constant,
    Trend,
    Weather,
    Calendar,
}

/// The regressors of some rows, and the names of those that do not vary.
fn terms(
    rows: &[usize],
    dates: &[NaiveDate],
    weather: &Weather<'_>,
    options: &TrendOptions,
) -> (Vec<Term>, Vec<String>) {
    let of = |name: &str, kind: Kind, value: &dyn Fn(usize) -> f64| Term {
        name: name.to_owned(),
        kind,
        column: rows.iter().map(|&row| value(row)).collect(),
    };
    let mean = |values: &[f64]| rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len() as f64;
    let warm = mean(weather.temperature);
    let first = dates.first().map_or(0, |date| days(*date));
    let years = |row: usize| (days(dates[row]) - first) as f64 / YEAR;
    let mut terms = vec![
        of("constant", Kind::Constant, &|_| 1.0),
        of("trend, per year", Kind::Trend, &years),
        of("temperature, per °C", Kind::Weather, &|row| weather.temperature[row] - warm),
        of("temperature squared, per °C²", Kind::Weather, &|row| (weather.temperature[row] - warm).powi(2)),
        of("rain, per ln(1 + mm)", Kind::Weather, &|row| weather.rain[row].ln_1p()),
    ];
    match options.step {
        TrendStep::Day => {
            let days = [
                (Weekday::Tue, "Tuesday"),
                (Weekday::Wed, "Wednesday"),
                (Weekday::Thu, "Thursday"),
                (Weekday::Fri, "Friday"),
                (Weekday::Sat, "Saturday"),
                (Weekday::Sun, "Sunday"),
            ];
            for (day, name) in days {
                let is = |row: usize| f64::from(u8::from(dates[row].weekday() == day));
                terms.push(of(name, Kind::Calendar, &is));
            }
            let holiday = |row: usize| f64::from(u8::from(Holiday::on(dates[row]).is_some()));
            terms.push(of("public holiday", Kind::Calendar, &holiday));
        }
        TrendStep::Month => {
            let share = |month: Month| {
                f64::from(WorkingWeek::MondayToFriday.days_in(month)) / f64::from(month.days())
            };
            let share = |row: usize| Month::of(dates[row]).map_or(f64::NAN, share);
            terms.push(of("share of working days", Kind::Calendar, &share));
        }
    }
    for pair in 1..=options.harmonics {
        let angle = |row: usize| std::f64::consts::TAU * pair as f64 * days(dates[row]) as f64 / YEAR;
        terms.push(of(&format!("sine {pair} a year"), Kind::Calendar, &|row| angle(row).sin()));
        terms.push(of(&format!("cosine {pair} a year"), Kind::Calendar, &|row| angle(row).cos()));
    }
    let varies =
        |term: &Term| term.kind == Kind::Constant || term.column.windows(2).any(|pair| pair[0] != pair[1]);
    let (kept, left): (Vec<Term>, Vec<Term>) = terms.into_iter().partition(varies);
    (kept, left.into_iter().map(|term| term.name).collect())
}

/// What the weather adds to the logarithm of each row.
fn weather_effects(terms: &[Term], coefficients: &[f64], rows: usize) -> Vec<f64> {
    let mut effects = vec![0.0; rows];
    for (term, b) in terms.iter().zip(coefficients).filter(|(term, _)| term.kind == Kind::Weather) {
        effects.iter_mut().zip(&term.column).for_each(|(effect, value)| *effect += b * value);
    }
    effects
}

/// Correlation of residuals with those one step before, over the steps that have both.
fn autocorrelation(residuals: &[f64], at: &[i64]) -> f64 {
    let pairs = at.windows(2).zip(residuals.windows(2)).filter(|(at, _)| at[1] - at[0] == 1);
    let (product, count) = pairs.fold((0.0, 0.0), |sum, (_, r)| (sum.0 + r[0] * r[1], sum.1 + 1.0));
    let square = residuals.iter().map(|r| r * r).sum::<f64>() / residuals.len() as f64;
    product / count / square
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(count: usize) -> Vec<NaiveDate> {
        let first = NaiveDate::from_ymd_opt(2022, 1, 1).expect("a date");
        first.iter_days().take(count).collect()
    }

    /// Temperature and rain without random numbers.
    fn made_weather(count: usize) -> (Vec<f64>, Vec<f64>) {
        let temperature = |i: usize| 12.0 - 9.0 * (i as f64 / 58.1).cos() + ((i * i) % 13) as f64 / 2.0;
        let rain = |i: usize| if i % 4 == 1 { (i * 7 % 12) as f64 } else { 0.0 };
        ((0..count).map(temperature).collect(), (0..count).map(rain).collect())
    }

    #[test]
    fn a_made_trend_is_found_and_the_weather_taken_away() {
        let n = 1_000;
        let (dates, (temperature, rain)) = (calendar(n), made_weather(n));
        let weather = Weather { temperature: &temperature, rain: &rain };
        let count = |i: usize| {
            let years = i as f64 / 365.242_5;
            let sunday = if dates[i].weekday() == Weekday::Sun { 0.6 } else { 1.0 };
            800.0 * 0.96_f64.powf(years) * sunday * (0.02 * temperature[i]).exp() * (1.0 + rain[i]).powf(-0.3)
        };
        let mut counts: Vec<f64> = (0..n).map(count).collect();
        counts[5] = f64::NAN;
        counts[6] = 0.0;
        let found = weather_adjusted_trend(&dates, &counts, &weather, &TrendOptions::default()).unwrap();
        assert!((found.trend.value().unwrap() + 4.0).abs() < 1e-6, "{:?}", found.trend);
        assert!((found.trend.completeness() - 998.0 / 1_000.0).abs() < 1e-12);
        assert_eq!((found.zeros, found.trend.observations()), (1, 998));
        let term = |name: &str| found.terms.iter().find(|term| term.name.starts_with(name)).unwrap().estimate;
        assert!((term("rain") + 0.3).abs() < 1e-9 && (term("Sunday") - 0.6_f64.ln()).abs() < 1e-9);
        assert!((term("temperature, ") - 0.02).abs() < 1e-9 && term("Saturday").abs() < 1e-9);
        // In the mean weather only Sundays and the trend are left.
        assert!(found.adjusted[5].is_nan() && found.adjusted[6].is_nan());
        let ratio = |i: usize| found.adjusted[i + 7] / found.adjusted[i];
        assert!(
            (ratio(20) - 0.96_f64.powf(7.0 / 365.242_5)).abs() < 1e-9
                && (ratio(20) - ratio(333)).abs() < 1e-9
        );
    }

    #[test]
    fn months_have_working_days_instead_of_weekdays() {
        let months: Vec<NaiveDate> = Month::new(2016, 1)
            .unwrap()
            .through(Month::new(2021, 12).unwrap())
            .map(Month::first_day)
            .collect();
        let (temperature, rain) = made_weather(months.len());
        let weather = Weather { temperature: &temperature, rain: &rain };
        let years = |date: &NaiveDate| days(*date) as f64 / 365.242_5;
        let counts: Vec<f64> = months.iter().map(|date| 50.0 * 1.1_f64.powf(years(date) - 46.0)).collect();
        let options = TrendOptions::default().with_step(TrendStep::Month);
        let found = weather_adjusted_trend(&months, &counts, &weather, &options).unwrap();
        assert!((found.trend.value().unwrap() - 10.0).abs() < 1e-6);
        assert!(found.terms.iter().any(|term| term.name == "share of working days"));
        let twice = [months[0], months[0]];
        let two = Weather { temperature: &temperature[..2], rain: &rain[..2] };
        let error = weather_adjusted_trend(&twice, &counts[..2], &two, &options).unwrap_err();
        assert_eq!(error, TrendError::Order { at: 1, date: months[0] });
    }

    #[test]
    fn few_rows_have_no_trend_and_wrong_ones_are_named() {
        let (dates, (temperature, rain)) = (calendar(9), made_weather(9));
        let weather = Weather { temperature: &temperature, rain: &rain };
        let options = TrendOptions::default();
        let few = weather_adjusted_trend(&dates, &[5.0; 9], &weather, &options).unwrap();
        assert!(few.trend.suppression().is_some() && few.terms.is_empty());
        assert!(few.adjusted.iter().all(|v| v.is_nan()));
        let (dates_of_a_year, (temperature, rain)) = (calendar(400), made_weather(400));
        let year = Weather { temperature: &temperature, rain: &rain };
        let counts: Vec<f64> = (0..400).map(|i| 10.0 + f64::from(i % 5)).collect();
        let short = weather_adjusted_trend(&dates_of_a_year, &counts, &year, &options).unwrap();
        assert!(matches!(short.trend.suppression(), Some(Suppression::Undefined { .. })));
        assert!(!short.terms.is_empty() && short.adjusted[0] > 0.0);
        let empty = Weather { temperature: &[], rain: &[] };
        assert!(weather_adjusted_trend(&[], &[], &empty, &options).unwrap().trend.suppression().is_some());
        let of = |counts: &[f64]| weather_adjusted_trend(&dates, counts, &weather, &options);
        assert!(matches!(of(&[5.0; 8]), Err(TrendError::Length { counts: 8, .. })));
        let mut counts = [5.0; 9];
        counts[3] = -1.0;
        assert!(matches!(of(&counts), Err(TrendError::Value { what: "a count", at: 3, .. })));
        let level = options.with_level(95.0);
        assert_eq!(weather_adjusted_trend(&[], &[], &empty, &level), Err(LevelError { level: 95.0 }.into()));
    }

    #[test]
    fn terms_that_cannot_be_told_apart_are_named() {
        // Rain falls on Sundays only, always as much.
        let n = 200;
        let (dates, (temperature, _)) = (calendar(n), made_weather(n));
        let rain: Vec<f64> =
            dates.iter().map(|date| f64::from(u8::from(date.weekday() == Weekday::Sun))).collect();
        let weather = Weather { temperature: &temperature, rain: &rain };
        let counts: Vec<f64> = (0..n).map(|i| 10.0 + (i % 5) as f64).collect();
        let found = weather_adjusted_trend(&dates, &counts, &weather, &TrendOptions::default());
        assert_eq!(found, Err(TrendError::Confounded { name: "Sunday".to_owned() }));
    }
}
