//! The horizontal axis: equal steps, some of them named.
use std::ops::Range;

use datagora_core::{Language, Month, NaiveDate};

use super::plot::EDGE;

/// A horizontal axis of equal steps.
///
/// ```
/// use datagora_core::{Language, Month};
/// use datagora_viz::Axis;
///
/// let axis = Axis::months(Month::parse("2019-01")?, 36, Language::French);
/// assert_eq!(axis.len(), 36);
/// assert_eq!(axis.name(1), "février 2019");
/// # Ok::<(), datagora_core::MonthError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    names: Vec<String>,
    ticks: Vec<(usize, String)>,
    /// The language of the clock if the steps are its hours.
    clock: Option<Language>,
}

impl Axis {
    /// Steps that all have a name, each of them a tick where there is room.
    pub fn labels(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let ticks = names.iter().cloned().enumerate().collect();
        Self { names, ticks, clock: None }
    }

    /// Months in a row; Januaries are ticks.
    pub fn months(first: Month, count: usize, language: Language) -> Self {
        let months: Vec<Month> = (0..count as i32).map(|k| first.plus(k)).collect();
        let names = months.iter().map(|&month| month.label(language)).collect();
        let year = |(k, month): (usize, &Month)| (month.month() == 1).then(|| (k, month.year().to_string()));
        Self { clock: None, names, ticks: months.iter().enumerate().filter_map(year).collect() }
    }

    /// The twelve months of any year.
    pub fn year(language: Language) -> Self {
        let months = (1..=12).filter_map(|month| Month::new(2000, month).ok());
        Self::labels(months.map(|month| month.short_name(language)))
    }

    /// Days in a row; the first days of months are ticks, and so is the start if its month began at most ten days before.
    ///
    /// ```
    /// use datagora_core::{Language, Month};
    /// use datagora_viz::Axis;
    ///
    /// let axis = Axis::days(Month::parse("2024-02")?.first_day(), 60, Language::French);
    /// assert_eq!((axis.len(), axis.name(28)), (60, "2024-02-29"));
    /// # Ok::<(), datagora_core::MonthError>(())
    /// ```
    pub fn days(first: NaiveDate, count: usize, language: Language) -> Self {
        let days: Vec<NaiveDate> = first.iter_days().take(count).collect();
        let tick = |(k, day): (usize, &NaiveDate)| {
            let month = Month::of(*day)?;
            // A month that begins a little before the axis has its tick at the start.
            if month.first_day() != *day && (k > 0 || (*day - month.first_day()).num_days() > 10) {
                return None;
            }
            let short = month.short_name(language);
            // The year stands where it begins, and at the start.
            let with_year = k == 0 || month.month() == 1;
            Some((k, if with_year { format!("{short} {}", month.year()) } else { short.to_owned() }))
        };
        let ticks = days.iter().enumerate().filter_map(tick).collect();
        Self { names: days.iter().map(NaiveDate::to_string).collect(), ticks, clock: None }
    }

    /// The 24 hours of the clock; every sixth is a tick.
    pub fn hours(language: Language) -> Self {
        let name = |hour: usize| match language {
            Language::French => format!("{hour}\u{a0}h"),
            Language::English => format!("{hour}:00"),
        };
        Self {
            names: (0..24).map(name).collect(),
            ticks: (0..24).step_by(6).map(|h| (h, name(h))).collect(),
            clock: Some(language),
        }
    }

    /// The seven days of the week, from Monday on.
    pub fn weekdays(language: Language) -> Self {
        Self::labels(match language {
            Language::French => ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
            Language::English => {
                ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            }
        })
    }

    /// Named steps of which only some are ticks.
    pub fn ticked(names: Vec<String>, ticks: Vec<(usize, String)>) -> Self {
        Self { names, ticks, clock: None }
    }

    /// Number of steps.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no step.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Name of a step.
    ///
    /// # Panics
    ///
    /// If there is no such step.
    pub fn name(&self, step: usize) -> &str {
        &self.names[step]
    }

    /// Where a step begins, in steps about their middles, if its name is that of an instant: an hour of the clock names its beginning.
    pub(crate) fn begin(&self, step: usize) -> f64 {
        step as f64 - if self.clock.is_some() { 0.5 } else { 0.0 }
    }

    /// From where to where the steps reach, in steps about their middles.
    pub(crate) fn reach(&self) -> (f64, f64) {
        let last = self.len().saturating_sub(1) as f64;
        if self.clock.is_some() { (-0.5, last + 0.5) } else { (0.0, last) }
    }

    /// A place among the steps, in steps about their middles: the time of day to five minutes over the hours of the clock, else the
    /// name of the nearest step.
    ///
    /// # Panics
    ///
    /// If there is no step.
    pub(crate) fn place_name(&self, place: f64) -> String {
        let Some(language) = self.clock else {
            let last = self.len().saturating_sub(1);
            return self.name((place.round().max(0.0) as usize).min(last)).to_owned();
        };
        let minutes = 5 * (12.0 * (place + 0.5)).round().clamp(0.0, 12.0 * self.len() as f64) as usize;
        let (hour, minute) = (minutes / 60, minutes % 60);
        match language {
            Language::French => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
            Language::English => format!("{hour}:{minute:02}"),
        }
    }

    /// Name of a step as a tick would give it: the tick at or before it, else the name of the step.
    pub(crate) fn tick_name(&self, step: usize) -> String {
        let tick = self.ticks.iter().rev().find(|(at, _)| *at <= step);
        tick.map_or_else(|| self.names.get(step).cloned().unwrap_or_default(), |(_, name)| name.clone())
    }

    /// Ticks that have room side by side, if `position` says where each lies: every one, or every second, third, …
    pub(crate) fn ticks_with_room(&self, position: impl Fn(usize) -> f64, size: f64) -> Vec<(f64, &str)> {
        self.ticks_among(0..self.len(), position, size)
    }

    /// Ticks of some of the steps that have room side by side.
    pub(crate) fn ticks_among(
        &self,
        steps: Range<usize>,
        position: impl Fn(usize) -> f64,
        size: f64,
    ) -> Vec<(f64, &str)> {
        let half = |name: &str| 0.5 * crate::text_width(name, size, false);
        // A name at the left edge of the picture is moved inwards.
        let end = |(place, name): (f64, &str)| place.max(half(name) + EDGE) + half(name);
        self.thinned(steps, position, |one, next| next.0 - half(next.1) - end(one) > 6.0)
    }

    /// Ticks that have room one below the other.
    pub(crate) fn ticks_below_each_other(
        &self,
        position: impl Fn(usize) -> f64,
        size: f64,
    ) -> Vec<(f64, &str)> {
        self.thinned(0..self.len(), position, |one, next| next.0 - one.0 > 1.1 * size)
    }

    /// Every tick of these steps, or every second, third, …: the first choice in which neighbours are far enough apart.
    fn thinned(
        &self,
        steps: Range<usize>,
        position: impl Fn(usize) -> f64,
        apart: impl Fn((f64, &str), (f64, &str)) -> bool,
    ) -> Vec<(f64, &str)> {
        let within = self.ticks.iter().filter(|(step, _)| steps.contains(step));
        let placed: Vec<(f64, &str)> = within.map(|(step, name)| (position(*step), name.as_str())).collect();
        (1..=placed.len().max(1))
            .map(|stride| placed.iter().copied().step_by(stride).collect::<Vec<_>>())
            .find(|ticks| ticks.windows(2).all(|pair| apart(pair[0], pair[1])))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_ticks_at_months_and_near_the_start() {
        let ticks = |date: &str, count: usize| {
            let first = date.parse().expect("a date");
            Axis::days(first, count, Language::English).ticks
        };
        let tick = |step: usize, name: &str| (step, name.to_owned());
        assert_eq!(ticks("2020-11-02", 70), [tick(0, "Nov 2020"), tick(29, "Dec"), tick(60, "Jan 2021")]);
        assert_eq!(ticks("2020-11-20", 20), [tick(11, "Dec")]);
    }

    #[test]
    fn ticks_without_room_are_thinned() {
        let axis = Axis::hours(Language::French);
        assert_eq!(axis.ticks_below_each_other(|hour| 10.0 * hour as f64, 10.0).len(), 4);
        assert_eq!(axis.ticks_below_each_other(|hour| hour as f64, 10.0).len(), 2);
        let months = Axis::year(Language::French);
        let second_half: Vec<&str> =
            months.ticks_among(6..12, |k| 60.0 * k as f64, 11.0).into_iter().map(|(_, name)| name).collect();
        assert_eq!(second_half, ["juill.", "août", "sept.", "oct.", "nov.", "déc."]);
    }
}
