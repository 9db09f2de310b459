//! When a year is complete enough.
use datagora_core::Suppression;

use crate::mobility::LocalYear;

use super::AadtMethod;
use super::estimate::{Cell, day_totals};

/// What a year of hours must hold for an annual value, as data; the presets can be cited.
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
    /// Three quarters of an hour, and of the hours of summer and of winter. Made for air quality, it is the one legal
    /// rule that asks for both seasons.
    pub const EU_2008_50: YearRule = YearRule { hour_share: 0.75, season_share: 0.75, ..Self::ANYTHING };

    /// The presets, with their sources.
    pub const PRESETS: [(YearRule, &'static str); 4] = [
        (Self::FHWA_2016, "FHWA (2022), Traffic Monitoring Guide, appendix L: 24 × 7 × 12 values"),
        (Self::AASHTO_84, "AASHTO (1992), Guidelines for Traffic Data Programs: 84 cells"),
        (
            Self::FRENCH_COMPLETE_MONTHS,
            "Sétra (2004), Comptage temporaire du trafic routier: moyenne journalière annuelle over complete months",
        ),
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
    pub(crate) fn nominal(&self) -> f64 {
        let months = f64::from(self.complete_months) / 12.0;
        self.year_share.max(self.season_share).max(months).clamp(0.0, 1.0)
    }

    /// What the hourly volumes of a year lack, NaN being missing; `None` if the rule accepts them.
    pub(super) fn lack(&self, local: &LocalYear, volumes: &[f64]) -> Option<Suppression> {
        if self.year_share > 0.0 || self.season_share > 0.0 {
            let (mut there, mut all) = ([0_u32; 2], [0_u32; 2]);
            for day in local.days() {
                let summer = usize::from((3..9).contains(&day.month));
                all[summer] += day.hours.len() as u32;
                there[summer] += volumes[day.hours.clone()].iter().filter(|v| !v.is_nan()).count() as u32;
            }
            let share = |there: u32, all: u32| f64::from(there) / f64::from(all);
            let year = share(there[0] + there[1], all[0] + all[1]);
            if year < self.year_share || (0..2).any(|s| share(there[s], all[s]) < self.season_share) {
                return Some(Suppression::Incomplete { needed: self.year_share.max(self.season_share) });
            }
        }
        if self.complete_months > 0 {
            let mut months = [true; 12];
            for (day, total) in local.days().iter().zip(day_totals(local, volumes)) {
                months[day.month] &= !total.is_nan();
            }
            let complete = months.iter().filter(|complete| **complete).count() as u32;
            if complete < self.complete_months {
                return Some(Suppression::Incomplete { needed: f64::from(self.complete_months) / 12.0 });
            }
        }
        if self.days_a_cell > 0 {
            let mut cells = [Cell::default(); 84];
            for (day, total) in local.days().iter().zip(day_totals(local, volumes)) {
                cells[day.month * 7 + day.weekday].add(total);
            }
            let short = cells.iter().filter(|cell| cell.count() < self.days_a_cell).count();
            if short > 0 {
                let reason = format!(
                    "{short} of the 84 weekdays of months have fewer than {} complete days",
                    self.days_a_cell
                );
                return Some(Suppression::Undefined { reason });
            }
        }
        if self.values_an_hour > 0 {
            let mut cells = [[0_u32; 24]; 84];
            for day in local.days() {
                for hour in day.hours.clone().filter(|hour| !volumes[*hour].is_nan()) {
                    cells[day.month * 7 + day.weekday][local.clock(hour)] += 1;
                }
            }
            let short = cells.iter().flatten().filter(|values| **values < self.values_an_hour).count();
            if short > 0 {
                let reason = format!(
                    "{short} of the 2,016 hours of weekdays of months have fewer than {} values",
                    self.values_an_hour
                );
                return Some(Suppression::Undefined { reason });
            }
        }
        None
    }
}
