//! French public holidays.
use chrono::{Datelike, Duration, NaiveDate};

use crate::Language;

/// A public holiday of metropolitan France.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// The day after Easter.
    EasterMonday,
    /// 1 May.
    LabourDay,
    /// 8 May, since 1982 again.
    Victory1945,
    /// The Thursday 39 days after Easter.
    Ascension,
    /// The Monday 50 days after Easter. Since 2004 many work on it, for solidarity with the aged; it is a holiday
    /// nevertheless.
    WhitMonday,
    /// 14 July.
    BastilleDay,
    /// 15 August.
    Assumption,
    /// 1 November.
    AllSaints,
    /// 11 November.
    Armistice1918,
    /// 25 December.
    Christmas,
}

/// Month and day.
const FIXED: [(u32, u32, Holiday); 8] = [
    (1, 1, Holiday::NewYear),
    (5, 1, Holiday::LabourDay),
    (5, 8, Holiday::Victory1945),
    (7, 14, Holiday::BastilleDay),
    (8, 15, Holiday::Assumption),
    (11, 1, Holiday::AllSaints),
    (11, 11, Holiday::Armistice1918),
    (12, 25, Holiday::Christmas),
];
/// Days after Easter Sunday.
const MOVABLE: [(i64, Holiday); 3] =
    [(1, Holiday::EasterMonday), (39, Holiday::Ascension), (50, Holiday::WhitMonday)];

impl Holiday {
    /// The holiday on a date, if it is one. Where two fall together, the first of them in the order of the variants.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Holiday, Month};
    ///
    /// let ninth_of_may = Month::parse("2024-05")?.dates().nth(8).unwrap_or_default();
    /// assert_eq!(Holiday::on(ninth_of_may), Some(Holiday::Ascension));
    /// # Ok::<(), datagora_core::MonthError>(())
    /// ```
    pub fn on(date: NaiveDate) -> Option<Self> {
        let easter = easter(date.year())?;
        let fixed = FIXED.iter().find(|(month, day, _)| (*month, *day) == (date.month(), date.day()));
        let since = (date - easter).num_days();
        let movable = || MOVABLE.iter().find(|(days, _)| *days == since).map(|(_, holiday)| *holiday);
        fixed.map(|(_, _, holiday)| *holiday).or_else(movable)
    }

    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            Holiday::NewYear => language.pick("jour de l’An", "New Year’s Day"),
            Holiday::EasterMonday => language.pick("lundi de Pâques", "Easter Monday"),
            Holiday::LabourDay => language.pick("fête du Travail", "Labour Day"),
            Holiday::Victory1945 => language.pick("victoire de 1945", "Victory Day 1945"),
            Holiday::Ascension => language.pick("Ascension", "Ascension Day"),
            Holiday::WhitMonday => language.pick("lundi de Pentecôte", "Whit Monday"),
            Holiday::BastilleDay => language.pick("fête nationale", "Bastille Day"),
            Holiday::Assumption => language.pick("Assomption", "Assumption Day"),
            Holiday::AllSaints => language.pick("Toussaint", "All Saints’ Day"),
            Holiday::Armistice1918 => language.pick("armistice de 1918", "Armistice Day 1918"),
            Holiday::Christmas => language.pick("Noël", "Christmas Day"),
        }
    }
}

/// The eleven public holidays of a year, by date. Two may share a date: Ascension was on 1 May in 2008.
///
/// The list is that of today's Labour Code, applied to any year; 8 May was not a holiday from 1960 to 1981. The two
/// more of Alsace and Moselle are not in it. None for years that the calendar does not hold.
///
/// # References
///
/// Code du travail, art. L3133-1.
pub fn holidays(year: i32) -> Vec<(NaiveDate, Holiday)> {
    let Some(easter) = easter(year) else {
        return Vec::new();
    };
    let movable = MOVABLE.map(|(days, holiday)| Some((easter + Duration::days(days), holiday)));
    let fixed =
        FIXED.map(|(month, day, holiday)| Some((NaiveDate::from_ymd_opt(year, month, day)?, holiday)));
    let mut all: Vec<(NaiveDate, Holiday)> = movable.into_iter().chain(fixed).flatten().collect();
    all.sort_unstable();
    all
}

/// Easter Sunday of the Gregorian calendar; `None` for years before 1583 or beyond what dates can hold.
///
/// # References
///
/// Meeus, J. (1998). *Astronomical Algorithms*, 2nd ed., ch. 8 (the anonymous Gregorian algorithm of 1876).
pub fn easter(year: i32) -> Option<NaiveDate> {
    if year < 1583 {
        return None;
    }
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let (d, e) = (century / 4, century % 4);
    let f = (century + 8) / 25;
    let g = (century - f + 1) / 3;
    let h = (19 * golden + century - d - g + 15) % 30;
    let (i, k) = (of_century / 4, of_century % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (golden + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    /// One by one as in the list of the year, also where two fall on one day (Ascension on 1 May 2008).
    #[test]
    fn a_day_is_what_the_list_says() {
        for year in [1500, 1583, 2008, 2024, 2160] {
            let list = holidays(year);
            let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take(365);
            for day in days {
                let wanted = list.iter().find(|(date, _)| *date == day).map(|(_, holiday)| *holiday);
                assert_eq!(Holiday::on(day), wanted, "{day}");
            }
        }
    }

    #[test]
    fn easter_is_when_the_church_says() {
        // Dates of Easter in civil calendars, and the examples of Meeus, ch. 8.
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (1991, 3, 31),
            (1992, 4, 19),
            (2000, 4, 23),
            (2008, 3, 23),
            (2015, 4, 5),
            (2016, 3, 27),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2038, 4, 25),
            (2285, 3, 22),
        ] {
            assert_eq!(easter(year), NaiveDate::from_ymd_opt(year, month, day), "{year}");
        }
        assert_eq!((easter(1500), easter(i32::MAX), easter(-4)), (None, None, None));
    }

    #[test]
    fn holidays_of_2024() {
        let found: Vec<String> = holidays(2024).iter().map(|(date, _)| date.to_string()).collect();
        // https://www.service-public.fr/particuliers/vosdroits/F2405
        let official = [
            "2024-01-01",
            "2024-04-01",
            "2024-05-01",
            "2024-05-08",
            "2024-05-09",
            "2024-05-20",
            "2024-07-14",
            "2024-08-15",
            "2024-11-01",
            "2024-11-11",
            "2024-12-25",
        ];
        assert_eq!(found, official);
    }

    #[test]
    fn every_year_has_eleven() {
        for year in 1583..=2500 {
            let all = holidays(year);
            assert_eq!(all.len(), 11);
            assert!(all.is_sorted());
            for (date, holiday) in &all {
                assert!(Holiday::on(*date).is_some());
                match holiday {
                    Holiday::EasterMonday | Holiday::WhitMonday => assert_eq!(date.weekday(), Weekday::Mon),
                    Holiday::Ascension => assert_eq!(date.weekday(), Weekday::Thu),
                    _ => {}
                }
            }
        }
        let shared = NaiveDate::from_ymd_opt(2008, 5, 1).and_then(Holiday::on);
        assert_eq!(shared, Some(Holiday::LabourDay));
    }
}
