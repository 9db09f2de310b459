//! School terms and breaks.
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::Language;

/// Which break of the school year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum SchoolHoliday {
    /// *Toussaint*.
    Autumn,
    /// *Noël*.
    Christmas,
    /// *Hiver*.
    Winter,
    /// *Printemps*.
    Spring,
    /// The Friday and Saturday after Ascension.
    AscensionBridge,
    /// *Été*.
    Summer,
}

impl SchoolHoliday {
    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            SchoolHoliday::Autumn => language.pick("vacances de la Toussaint", "autumn break"),
            SchoolHoliday::Christmas => language.pick("vacances de Noël", "Christmas break"),
            SchoolHoliday::Winter => language.pick("vacances d’hiver", "winter break"),
            SchoolHoliday::Spring => language.pick("vacances de printemps", "spring break"),
            SchoolHoliday::AscensionBridge => language.pick("pont de l’Ascension", "Ascension break"),
            SchoolHoliday::Summer => language.pick("vacances d’été", "summer break"),
        }
    }
}

/// One break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchoolBreak {
    /// Which one.
    pub holiday: SchoolHoliday,
    /// First day without school.
    pub first: NaiveDate,
    /// Last day without school.
    pub last: NaiveDate,
}

/// Why the terms give no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchoolTermsError {
    /// The calendar of this day is not in the table.
    #[error("no school calendar for {date}: the table of zone A runs from {first} to {last}")]
    NotCovered {
        /// The day asked for.
        date: NaiveDate,
        /// First day of the table.
        first: NaiveDate,
        /// Last day of the table.
        last: NaiveDate,
    },
}

/// The school calendar of zone A: the academies of Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon
/// and Poitiers.
///
/// A day counts as free from the Saturday on which a break officially begins (most schools have no lessons then), or
/// from the day after when lessons end on a weekday; lessons start again on the morning of the day of return. Public
/// holidays, weekends and the Wednesdays of primary schools are not breaks. The table holds the national calendars as
/// last amended; a closure during the epidemic of 2020 is not a break.
///
/// # Example
///
/// ```
/// use datagora_core::{Month, SchoolHoliday, SchoolTerms};
///
/// let first_of_march = Month::parse("2025-03")?.first_day();
/// assert_eq!(SchoolTerms::ZONE_A.on(first_of_march)?, Some(SchoolHoliday::Winter));
/// let long_ago = Month::parse("1995-03")?.first_day();
/// assert!(SchoolTerms::ZONE_A.on(long_ago).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Ministère de l'Éducation nationale, orders setting the school calendar of 2015–2016 to 2026–2027;
/// <https://data.education.gouv.fr/explore/dataset/fr-en-calendrier-scolaire>. Checked against the data set
/// *Vacances scolaires par zones* of data.gouv.fr (A. Augusti), package 0.12.0; the Ascension breaks of 2016 and 2017,
/// missing there, and that 2018 had none, from the press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchoolTerms {
    years: &'static [Year],
}

/// The dates of an order: lessons end after the first and start on the second.
#[derive(Debug, PartialEq, Eq)]
struct Year {
    autumn: [Day; 2],
    christmas: [Day; 2],
    winter: [Day; 2],
    spring: [Day; 2],
    /// The Friday and the Saturday of the Ascension break.
    ascension: Option<[Day; 2]>,
    summer: [Day; 2],
}

type Day = (i32, u32, u32);

const ZONE_A: [Year; 12] = [
    Year {
        autumn: [(2015, 10, 17), (2015, 11, 2)],
        christmas: [(2015, 12, 19), (2016, 1, 4)],
        winter: [(2016, 2, 13), (2016, 2, 29)],
        spring: [(2016, 4, 9), (2016, 4, 25)],
        ascension: Some([(2016, 5, 6), (2016, 5, 7)]),
        summer: [(2016, 7, 5), (2016, 9, 1)],
    },
    Year {
        autumn: [(2016, 10, 19), (2016, 11, 3)],
        christmas: [(2016, 12, 17), (2017, 1, 3)],
        winter: [(2017, 2, 18), (2017, 3, 6)],
        spring: [(2017, 4, 15), (2017, 5, 2)],
        ascension: Some([(2017, 5, 26), (2017, 5, 27)]),
        summer: [(2017, 7, 8), (2017, 9, 4)],
    },
    Year {
        autumn: [(2017, 10, 21), (2017, 11, 6)],
        christmas: [(2017, 12, 23), (2018, 1, 8)],
        winter: [(2018, 2, 10), (2018, 2, 26)],
        spring: [(2018, 4, 7), (2018, 4, 23)],
        ascension: None,
        summer: [(2018, 7, 7), (2018, 9, 3)],
    },
    Year {
        autumn: [(2018, 10, 20), (2018, 11, 5)],
        christmas: [(2018, 12, 22), (2019, 1, 7)],
        winter: [(2019, 2, 16), (2019, 3, 4)],
        spring: [(2019, 4, 13), (2019, 4, 29)],
        ascension: Some([(2019, 5, 31), (2019, 6, 1)]),
        summer: [(2019, 7, 6), (2019, 9, 2)],
    },
    Year {
        autumn: [(2019, 10, 19), (2019, 11, 4)],
        christmas: [(2019, 12, 21), (2020, 1, 6)],
        winter: [(2020, 2, 22), (2020, 3, 9)],
        spring: [(2020, 4, 18), (2020, 5, 4)],
        ascension: Some([(2020, 5, 22), (2020, 5, 23)]),
        summer: [(2020, 7, 4), (2020, 9, 1)],
    },
    Year {
        autumn: [(2020, 10, 17), (2020, 11, 2)],
        christmas: [(2020, 12, 19), (2021, 1, 4)],
        winter: [(2021, 2, 6), (2021, 2, 22)],
        spring: [(2021, 4, 10), (2021, 4, 26)],
        ascension: Some([(2021, 5, 14), (2021, 5, 15)]),
        summer: [(2021, 7, 6), (2021, 9, 2)],
    },
    Year {
        autumn: [(2021, 10, 23), (2021, 11, 8)],
        christmas: [(2021, 12, 18), (2022, 1, 3)],
        winter: [(2022, 2, 12), (2022, 2, 28)],
        spring: [(2022, 4, 16), (2022, 5, 2)],
        ascension: Some([(2022, 5, 27), (2022, 5, 28)]),
        summer: [(2022, 7, 7), (2022, 9, 1)],
    },
    Year {
        autumn: [(2022, 10, 22), (2022, 11, 7)],
        christmas: [(2022, 12, 17), (2023, 1, 3)],
        winter: [(2023, 2, 4), (2023, 2, 20)],
        spring: [(2023, 4, 8), (2023, 4, 24)],
        ascension: Some([(2023, 5, 19), (2023, 5, 20)]),
        summer: [(2023, 7, 8), (2023, 9, 4)],
    },
    Year {
        autumn: [(2023, 10, 21), (2023, 11, 6)],
        christmas: [(2023, 12, 23), (2024, 1, 8)],
        winter: [(2024, 2, 17), (2024, 3, 4)],
        spring: [(2024, 4, 13), (2024, 4, 29)],
        ascension: Some([(2024, 5, 10), (2024, 5, 11)]),
        summer: [(2024, 7, 6), (2024, 9, 2)],
    },
    Year {
        autumn: [(2024, 10, 19), (2024, 11, 4)],
        christmas: [(2024, 12, 21), (2025, 1, 6)],
        winter: [(2025, 2, 22), (2025, 3, 10)],
        spring: [(2025, 4, 19), (2025, 5, 5)],
        ascension: Some([(2025, 5, 30), (2025, 5, 31)]),
        summer: [(2025, 7, 5), (2025, 9, 1)],
    },
    Year {
        autumn: [(2025, 10, 18), (2025, 11, 3)],
        christmas: [(2025, 12, 20), (2026, 1, 5)],
        winter: [(2026, 2, 7), (2026, 2, 23)],
        spring: [(2026, 4, 4), (2026, 4, 20)],
        ascension: Some([(2026, 5, 15), (2026, 5, 16)]),
        summer: [(2026, 7, 4), (2026, 9, 1)],
    },
    Year {
        autumn: [(2026, 10, 17), (2026, 11, 2)],
        christmas: [(2026, 12, 19), (2027, 1, 4)],
        winter: [(2027, 2, 13), (2027, 3, 1)],
        spring: [(2027, 4, 10), (2027, 4, 26)],
        ascension: Some([(2027, 5, 7), (2027, 5, 8)]),
        summer: [(2027, 7, 3), (2027, 9, 1)],
    },
];

impl SchoolTerms {
    /// Zone A, from September 2015 to August 2027.
    pub const ZONE_A: SchoolTerms = SchoolTerms { years: &ZONE_A };

    /// First and last day for which the calendar is known.
    pub fn covers(&self) -> RangeInclusive<NaiveDate> {
        // The pupils' return of 2015 was on Tuesday 1 September.
        let last = self.years.last().map_or(NaiveDate::MIN, |year| date(year.summer[1]));
        date((2015, 9, 1))..=last.pred_opt().unwrap_or(last)
    }

    /// The breaks in order of time.
    pub fn breaks(&self) -> impl Iterator<Item = SchoolBreak> {
        self.years.iter().flat_map(|year| {
            let official = |holiday, [end, back]: [Day; 2]| {
                let end = date(end);
                let first = if end.weekday() == Weekday::Sat { Some(end) } else { end.succ_opt() };
                let back = date(back);
                Some(SchoolBreak {
                    holiday,
                    first: first.unwrap_or(end),
                    last: back.pred_opt().unwrap_or(back),
                })
            };
            let bridge = year.ascension.map(|[friday, saturday]| SchoolBreak {
                holiday: SchoolHoliday::AscensionBridge,
                first: date(friday),
                last: date(saturday),
            });
            [
                official(SchoolHoliday::Autumn, year.autumn),
                official(SchoolHoliday::Christmas, year.christmas),
                official(SchoolHoliday::Winter, year.winter),
                official(SchoolHoliday::Spring, year.spring),
                bridge,
                official(SchoolHoliday::Summer, year.summer),
            ]
            .into_iter()
            .flatten()
        })
    }

    /// The break a day lies in; `None` in term.
    ///
    /// # Errors
    ///
    /// [`SchoolTermsError::NotCovered`] outside [`SchoolTerms::covers`]: nothing is guessed.
    pub fn on(&self, date: NaiveDate) -> Result<Option<SchoolHoliday>, SchoolTermsError> {
        let covered = self.covers();
        if !covered.contains(&date) {
            let (first, last) = covered.into_inner();
            return Err(SchoolTermsError::NotCovered { date, first, last });
        }
        let inside = |school_break: &SchoolBreak| (school_break.first..=school_break.last).contains(&date);
        Ok(self.breaks().find(inside).map(|school_break| school_break.holiday))
    }
}

/// A date of the table. A day that does not exist would be caught by the tests.
fn date((year, month, day): Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Holiday, easter};

    #[test]
    fn the_table_is_a_calendar() {
        let mut before = date((2015, 9, 1));
        for school_break in SchoolTerms::ZONE_A.breaks() {
            let SchoolBreak { holiday, first, last } = school_break;
            assert!(before < first && first <= last, "{school_break:?}");
            before = last;
            let days = (last - first).num_days() + 1;
            let (from, to) = match holiday {
                // 15 days from Wednesday or 17 from Saturday, two more around a holiday.
                SchoolHoliday::Autumn | SchoolHoliday::Christmas => (14, 17),
                SchoolHoliday::Winter => (16, 16),
                SchoolHoliday::Spring => (16, 17),
                SchoolHoliday::AscensionBridge => (2, 2),
                SchoolHoliday::Summer => (54, 60),
            };
            assert!((from..=to).contains(&days), "{school_break:?} lasts {days} days");
            // Lessons start on a working day.
            let back = last.succ_opt().unwrap_or_default();
            let works = !matches!(back.weekday(), Weekday::Sat | Weekday::Sun) && Holiday::on(back).is_none();
            assert!(works || holiday == SchoolHoliday::AscensionBridge, "{school_break:?}");
        }
    }

    #[test]
    fn bridges_follow_ascension() {
        let bridges: Vec<SchoolBreak> =
            SchoolTerms::ZONE_A.breaks().filter(|b| b.holiday == SchoolHoliday::AscensionBridge).collect();
        assert_eq!(bridges.len(), 11);
        for bridge in bridges {
            let sunday = easter(bridge.first.year()).unwrap_or_default();
            assert_eq!((bridge.first - sunday).num_days(), 40);
        }
    }

    #[test]
    fn nothing_is_guessed() -> Result<(), SchoolTermsError> {
        let terms = SchoolTerms::ZONE_A;
        let covered = terms.covers();
        assert_eq!((*covered.start(), *covered.end()), (date((2015, 9, 1)), date((2027, 8, 31))));
        assert_eq!(terms.on(*covered.start())?, None);
        assert_eq!(terms.on(*covered.end())?, Some(SchoolHoliday::Summer));
        assert!(terms.on(date((2015, 8, 31))).is_err() && terms.on(date((2027, 9, 1))).is_err());
        Ok(())
    }

    #[test]
    fn breaks_begin_and_end_where_the_orders_say() -> Result<(), SchoolTermsError> {
        let terms = SchoolTerms::ZONE_A;
        for (day, expected) in [
            ((2016, 10, 19), None), // a Wednesday with lessons
            ((2016, 10, 20), Some(SchoolHoliday::Autumn)),
            ((2016, 11, 2), Some(SchoolHoliday::Autumn)),
            ((2016, 11, 3), None),
            ((2022, 7, 7), None),
            ((2022, 7, 8), Some(SchoolHoliday::Summer)),
            ((2024, 2, 16), None),
            ((2024, 2, 17), Some(SchoolHoliday::Winter)),
            ((2024, 3, 4), None),
            ((2018, 5, 11), None), // no Ascension break that year
            ((2025, 5, 30), Some(SchoolHoliday::AscensionBridge)),
        ] {
            assert_eq!(terms.on(date(day))?, expected, "{day:?}");
        }
        Ok(())
    }
}
