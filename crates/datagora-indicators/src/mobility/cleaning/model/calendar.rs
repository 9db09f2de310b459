//! Where an interval lies in the week, among holidays and school breaks.
use chrono::Datelike;
use datagora_core::{DateTime, Holiday, SchoolTerms, Zone};

/// Parts of an hour at most.
const PARTS: u32 = 4;
/// Sunday, and public holidays: the days of the week from 0 for Monday on.
pub(super) const SUNDAY: usize = 6;
pub(super) const HOLIDAY: usize = 7;
/// None, and each hour of working days and weekends in school breaks.
pub(super) const BREAKS: usize = 1 + 2 * 24;

/// Place of an interval: slot of the week, cell of the school breaks, numbers of its local day and week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) slot: usize,
    pub(super) school_break: usize,
    pub(super) day: i32,
    pub(super) week: i32,
}

/// The calendar of a zone. Holidays and school breaks are those of Lyon, and only where the clock of Paris is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    zone: Zone,
    /// Parts of an hour that are told apart.
    parts: u32,
    /// The elapsed hour asked for last: neighbouring intervals share it.
    last: Option<(i64, Hour)>,
}

#[derive(Clone, Copy, Debug)]
struct Hour {
    weekday: usize,
    clock: usize,
    pause: bool,
    day: i32,
}

impl Calendar {
    pub(super) fn new(zone: Zone, interval: u32) -> Self {
        let parts = if 3_600 % interval.max(1) == 0 { (3_600 / interval.max(1)).min(PARTS) } else { 1 };
        Self { zone, parts, last: None }
    }

    pub(super) fn slots_of_a_day(&self) -> usize {
        24 * self.parts as usize
    }

    /// Slots of a week and of a holiday.
    pub(super) fn slots(&self) -> usize {
        (HOLIDAY + 1) * self.slots_of_a_day()
    }

    /// `None` beyond the calendar.
    pub(super) fn place(&mut self, start: i64) -> Option<Place> {
        let elapsed = start.div_euclid(3_600);
        let hour = match self.last.filter(|(last, _)| *last == elapsed) {
            Some((_, hour)) => hour,
            None => self.hour(start)?,
        };
        self.last = Some((elapsed, hour));
        let part = start.rem_euclid(3_600) as usize * self.parts as usize / 3_600;
        let weekend = usize::from(hour.weekday >= SUNDAY - 1);
        Some(Place {
            slot: hour.weekday * self.slots_of_a_day() + hour.clock * self.parts as usize + part,
            school_break: if hour.pause { 1 + weekend * 24 + hour.clock } else { 0 },
            day: hour.day,
            // 1 January of year 1 was a Monday.
            week: (hour.day - 1).div_euclid(7),
        })
    }

    fn hour(&self, start: i64) -> Option<Hour> {
        let local = self.zone.hour_of(DateTime::from_timestamp(start, 0)?);
        let french = self.zone == Zone::PARIS;
        let holiday = french && Holiday::on(local.date).is_some();
        let weekday = local.date.weekday().num_days_from_monday() as usize;
        Some(Hour {
            weekday: if holiday { HOLIDAY } else { weekday },
            clock: local.hour as usize,
            pause: french
                && !holiday
                && SchoolTerms::ZONE_A.on(local.date).is_ok_and(|found| found.is_some()),
            day: local.date.num_days_from_ce(),
        })
    }
}
