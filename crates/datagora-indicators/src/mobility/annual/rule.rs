//! When a year is complete enough.
use datagora_core::Suppression;

use crate::mobility::LocalYear;

use super::AadtMethod;
use super::estimate::{Cell, day_totals};

/// What a year of hours, or of months, must hold for an annual value, as data; the presets can be cited.
///
/// All conditions must hold. [`YearRule::reference`] gives the source of a preset.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::YearRule;
///
/// let rule = YearRule::EU_2008_50;
/// assert_eq!((rule.hour_share, rule.season_share), (0.75, 0.75));
/// assert!(rule.reference().unwrap().contains("2008/50/EC"));
/// let own = YearRule { hour_share: 0.9, ..YearRule::FHWA_2016 };
/// assert_eq!(own.reference(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct YearRule {
    /// Least share of an hour's seconds for the hour to count, 0 to 1; 0 stands for one second.
    pub hour_share: f64,
    /// Least share of the year's hours, 0 to 1.
    pub year_share: f64,
    /// Least share of the hours from April to September, and of those from October to March, 0 to 1.
    pub season_share: f64,
    /// Fewest months without a missing hour.
    pub complete_months: u32,
    /// Fewest complete days of each weekday in each month: 84 cells.
    pub days_a_cell: u32,
    /// Fewest values of each hour of each weekday in each month: 2,016 cells.
    pub values_an_hour: u32,
    /// Largest share of the observed time that may be imputed, 0 to 1.
    pub most_imputed: f64,
}

impl Default for YearRule {
    /// Anything.
    fn default() -> Self {
        Self::ANYTHING
    }
}

impl YearRule {
    /// Whatever there is, of whole hours: read the completeness along.
    pub const ANYTHING: YearRule = YearRule {
        hour_share: 1.0,
        year_share: 0.0,
        season_share: 0.0,
        complete_months: 0,
        days_a_cell: 0,
        values_an_hour: 0,
        most_imputed: 1.0,
    };
    /// A value for each of 24 hours × 7 weekdays × 12 months.
    pub const FHWA_2016: YearRule = YearRule { values_an_hour: 1, ..Self::ANYTHING };
    /// A complete day for each of 7 weekdays × 12 months.
    pub const AASHTO_84: YearRule = YearRule { days_a_cell: 1, ..Self::ANYTHING };
    /// At least one complete month: the value may rest on that alone, and says so by its completeness.
    pub const FRENCH_COMPLETE_MONTHS: YearRule = YearRule { complete_months: 1, ..Self::ANYTHING };
    /// All twelve months, each complete.
    pub const ALL_MONTHS: YearRule = YearRule { complete_months: 12, ..Self::ANYTHING };
    /// Three quarters of an hour, and of the hours of summer and of winter. Made for air quality, it is the one legal
    /// rule that asks for both seasons.
    pub const EU_2008_50: YearRule = YearRule { hour_share: 0.75, season_share: 0.75, ..Self::ANYTHING };

    /// The presets, with their sources.
    pub const PRESETS: [(YearRule, &'static str); 5] = [
        (Self::FHWA_2016, "FHWA (2022), Traffic Monitoring Guide, appendix L: 24 × 7 × 12 values"),
        (Self::AASHTO_84, "AASHTO (1992), Guidelines for Traffic Data Programs: 84 cells"),
        (
            Self::FRENCH_COMPLETE_MONTHS,
            "Sétra (2004), Comptage temporaire du trafic routier: moyenne journalière annuelle over complete months",
        ),
        (Self::ALL_MONTHS, "FHWA (2022), Traffic Monitoring Guide, appendix L: the average of twelve months"),
        (Self::EU_2008_50, "Directive 2008/50/EC, Annex VII: 75 % of hourly values in summer and in winter"),
    ];

    /// The rule that a method comes with.
    pub const fn of(method: AadtMethod) -> Self {
        match method {
            AadtMethod::Fhwa2016 => Self::FHWA_2016,
            AadtMethod::Aashto84 => Self::AASHTO_84,
            AadtMethod::FrenchCompleteMonths => Self::FRENCH_COMPLETE_MONTHS,
            AadtMethod::SimpleMean => Self::ANYTHING,
        }
    }

    /// Where a preset comes from; `None` for a rule of one's own.
    pub fn reference(&self) -> Option<&'static str> {
        Self::PRESETS.iter().find(|(rule, _)| rule == self).map(|(_, reference)| *reference)
    }

    /// The completeness that the rule asks for, as far as it is one share.
    pub(super) fn nominal(&self) -> f64 {
        let months = f64::from(self.complete_months) / 12.0;
        self.year_share.max(self.season_share).max(months).clamp(0.0, 1.0)
    }

    /// What the hourly volumes of a year lack, NaN being missing; `None` if the rule accepts them.
    pub(super) fn lack(&self, local: &LocalYear, volumes: &[f64]) -> Option<Suppression> {
        if self.year_share > 0.0 || self.season_share > 0.0 {
            let (mut there, mut all) = ([0_u32; 2], [0_u32; 2]);
            for day in local.days() {
                all[season(day.month)] += day.hours.len() as u32;
                there[season(day.month)] +=
                    volumes[day.hours.clone()].iter().filter(|v| !v.is_nan()).count() as u32;
            }
            if let Some(lack) = self.lack_of_shares(there, all) {
                return Some(lack);
            }
        }
        if self.complete_months > 0 {
            let mut months = [true; 12];
            for (day, total) in local.days().iter().zip(day_totals(local, volumes)) {
                months[day.month] &= !total.is_nan();
            }
            if let Some(lack) = self.lack_of_complete_months(&months) {
                return Some(lack);
            }
        }
        if self.days_a_cell > 0 {
            let mut cells = [Cell::default(); 84];
            for (day, total) in local.days().iter().zip(day_totals(local, volumes)) {
                cells[day.month_and_weekday()].add(total);
            }
            let short = cells.iter().filter(|cell| cell.count() < self.days_a_cell).count();
            if short > 0 {
                return Some(self.lack_of_days(short));
            }
        }
        if self.values_an_hour > 0 {
            let mut cells = [[0_u32; 24]; 84];
            for day in local.days() {
                for hour in day.hours.clone().filter(|hour| !volumes[*hour].is_nan()) {
                    cells[day.month_and_weekday()][local.clock(hour)] += 1;
                }
            }
            let short = cells.iter().flatten().filter(|values| **values < self.values_an_hour).count();
            if short > 0 {
                return Some(self.lack_of_hours(short));
            }
        }
        None
    }

    /// What a year lacks of which only complete months are known, and the days of each month; `None` if the rule accepts
    /// them. A month of `d` days has each weekday `⌊d / 7⌋` times at least.
    pub(super) fn lack_in_months(&self, complete: &[bool; 12], days: &[u32; 12]) -> Option<Suppression> {
        let (mut there, mut all) = ([0_u32; 2], [0_u32; 2]);
        for month in 0..12 {
            all[season(month)] += days[month];
            there[season(month)] += if complete[month] { days[month] } else { 0 };
        }
        let lack = self.lack_of_shares(there, all).or_else(|| self.lack_of_complete_months(complete));
        let of_each_weekday = |month: usize| if complete[month] { days[month] / 7 } else { 0 };
        let short = |least: u32| (0..12).filter(|month| of_each_weekday(*month) < least).count();
        let (days, hours) = (7 * short(self.days_a_cell), 168 * short(self.values_an_hour));
        lack.or_else(|| (days > 0).then(|| self.lack_of_days(days)))
            .or_else(|| (hours > 0).then(|| self.lack_of_hours(hours)))
    }

    /// Of hours (or days) that are there and that the year has, by season.
    fn lack_of_shares(&self, there: [u32; 2], all: [u32; 2]) -> Option<Suppression> {
        let share = |there: u32, all: u32| f64::from(there) / f64::from(all);
        let year = share(there[0] + there[1], all[0] + all[1]);
        let short = year < self.year_share || (0..2).any(|s| share(there[s], all[s]) < self.season_share);
        short.then(|| Suppression::Incomplete { needed: self.year_share.max(self.season_share) })
    }

    fn lack_of_complete_months(&self, complete: &[bool; 12]) -> Option<Suppression> {
        let months = complete.iter().filter(|complete| **complete).count() as u32;
        let needed = f64::from(self.complete_months) / 12.0;
        (months < self.complete_months).then_some(Suppression::Incomplete { needed })
    }

    fn lack_of_days(&self, short: usize) -> Suppression {
        let least = self.days_a_cell;
        let reason = format!("{short} of the 84 weekdays of months have fewer than {least} complete days");
        Suppression::Undefined { reason }
    }

    fn lack_of_hours(&self, short: usize) -> Suppression {
        let least = self.values_an_hour;
        let reason =
            format!("{short} of the 2,016 hours of weekdays of months have fewer than {least} values");
        Suppression::Undefined { reason }
    }
}

/// 1 from April to September, 0 from October to March; January is month 0.
fn season(month: usize) -> usize {
    usize::from((3..9).contains(&month))
}
