//! The methods, on hourly volumes with NaN where they are missing.
use crate::mobility::LocalYear;

use super::AadtMethod;

/// What a method finds.
pub(super) struct Estimate {
    /// Average of the year.
    pub(super) average: f64,
    /// Average of each month; NaN without value.
    pub(super) months: [f64; 12],
    /// Cells of the method without value, which were left out.
    pub(super) empty: usize,
}

/// What a method needs of a year, taken once: an estimate without some hours then costs no more than these hours.
pub(super) struct Sums<'a> {
    local: &'a LocalYear,
    volumes: &'a [f64],
    method: AadtMethod,
    days_of_months: [u32; 12],
    parts: Parts,
}

enum Parts {
    /// By month and weekday: number of days, hours of the clock, and what a day comes to.
    Hours(Vec<WeekdayOfMonth>),
    /// Totals of the days; NaN where an hour is missing.
    Days(Vec<f64>),
}

/// The hours of a weekday of a month.
#[derive(Clone, Copy)]
struct WeekdayOfMonth {
    days: u32,
    hours: [Cell; 24],
    /// Sum of the means of the hours; NaN if one has none.
    day: f64,
    empty: usize,
}

impl WeekdayOfMonth {
    const NONE: Self = Self { days: 0, hours: [Cell::NONE; 24], day: f64::NAN, empty: 24 };

    fn summed(mut self) -> Self {
        self.day = self.hours.iter().map(|cell| cell.mean()).sum();
        self.empty = self.hours.iter().filter(|cell| cell.count == 0).count();
        self
    }
}

impl<'a> Sums<'a> {
    pub(super) fn of(local: &'a LocalYear, volumes: &'a [f64], method: AadtMethod) -> Self {
        let parts = match method {
            AadtMethod::Fhwa2016 => Parts::Hours(weekdays_of_months(local, volumes)),
            _ => Parts::Days(day_totals(local, volumes).collect()),
        };
        Self { local, volumes, method, days_of_months: local.days_of_months(), parts }
    }

    /// The average by the method as if these hours, which have a volume, had none; `None` if there is no month.
    pub(super) fn estimate(&self, without: &[usize]) -> Option<Estimate> {
        match &self.parts {
            Parts::Hours(cells) => self.fhwa(cells, without),
            Parts::Days(totals) if without.is_empty() => self.by_days(totals),
            Parts::Days(totals) => {
                let mut totals = totals.clone();
                without.iter().for_each(|hour| totals[self.local.day_number(*hour)] = f64::NAN);
                self.by_days(&totals)
            }
        }
    }

    fn fhwa(&self, cells: &[WeekdayOfMonth], without: &[usize]) -> Option<Estimate> {
        const UNTOUCHED: usize = usize::MAX;
        let (mut place, mut touched) = ([UNTOUCHED; 84], Vec::new());
        for &hour in without {
            let cell = self.local.day(hour).month_and_weekday();
            if place[cell] == UNTOUCHED {
                place[cell] = touched.len();
                touched.push(cells[cell]);
            }
            touched[place[cell]].hours[self.local.clock(hour)].remove(self.volumes[hour]);
        }
        touched.iter_mut().for_each(|cell| *cell = cell.summed());
        let cell = |at: usize| if place[at] == UNTOUCHED { &cells[at] } else { &touched[place[at]] };
        let mut months = [f64::NAN; 12];
        for (month, average) in months.iter_mut().enumerate() {
            let (mut sum, mut weight) = (0.0, 0.0);
            for cell in (month * 7..month * 7 + 7).map(cell).filter(|cell| !cell.day.is_nan()) {
                sum += f64::from(cell.days) * cell.day;
                weight += f64::from(cell.days);
            }
            *average = sum / weight;
        }
        self.of_months(months, (0..84).map(|at| cell(at).empty).sum())
    }

    fn by_days(&self, totals: &[f64]) -> Option<Estimate> {
        match self.method {
            AadtMethod::Aashto84 => aashto(self.local, totals),
            AadtMethod::FrenchCompleteMonths => self.complete_months(totals),
            AadtMethod::Fhwa2016 | AadtMethod::SimpleMean => simple(self.local, totals),
        }
    }

    fn complete_months(&self, totals: &[f64]) -> Option<Estimate> {
        let mut months = [0.0; 12];
        for (day, total) in self.local.days().iter().zip(totals) {
            months[day.month] += total;
        }
        let of_month = |month| months[month] / f64::from(self.days_of_months[month]);
        self.of_months(std::array::from_fn(of_month), 0)
    }

    fn of_months(&self, months: [f64; 12], empty: usize) -> Option<Estimate> {
        let average = mean_by_days(&months, &self.days_of_months)?;
        Some(Estimate { average, months, empty })
    }
}

/// Totals of the days in order; NaN where an hour is missing.
pub(super) fn day_totals<'a>(local: &'a LocalYear, volumes: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    local.days().iter().map(|day| volumes[day.hours.clone()].iter().sum())
}

/// Sum and number of values.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    sum: f64,
    count: u32,
}

impl Cell {
    const NONE: Self = Self { sum: 0.0, count: 0 };

    pub(super) fn add(&mut self, value: f64) {
        if !value.is_nan() {
            self.sum += value;
            self.count += 1;
        }
    }

    /// Takes away a value that was added. Sums of counts are exact, so that nothing is left of it.
    fn remove(&mut self, value: f64) {
        self.sum -= value;
        self.count -= 1;
    }

    /// NaN of none.
    pub(super) fn mean(self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.sum / f64::from(self.count) }
    }

    pub(super) fn count(self) -> u32 {
        self.count
    }
}

fn weekdays_of_months(local: &LocalYear, volumes: &[f64]) -> Vec<WeekdayOfMonth> {
    let mut cells = vec![WeekdayOfMonth::NONE; 84];
    for day in local.days() {
        let cell = &mut cells[day.month_and_weekday()];
        cell.days += 1;
        if day.hours.len() == 24 {
            let hours = cell.hours.iter_mut().zip(&volumes[day.hours.clone()]);
            hours.for_each(|(cell, value)| cell.add(*value));
        } else {
            day.hours.clone().for_each(|hour| cell.hours[local.clock(hour)].add(volumes[hour]));
        }
    }
    cells.into_iter().map(WeekdayOfMonth::summed).collect()
}

fn aashto(local: &LocalYear, totals: &[f64]) -> Option<Estimate> {
    let mut cells = [[Cell::default(); 7]; 12];
    for (day, total) in local.days().iter().zip(totals) {
        cells[day.month][day.weekday].add(*total);
    }
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let mut cell = Cell::default();
        values.for_each(|value| cell.add(value));
        cell.mean()
    };
    let months = cells.map(|week| mean(&mut week.iter().map(|cell| cell.mean())));
    let weekday = |j: usize| mean(&mut cells.iter().map(|week| week[j].mean()));
    let year = mean(&mut (0..7).map(weekday));
    let empty = cells.iter().flatten().filter(|cell| cell.count == 0).count();
    (!year.is_nan()).then_some(Estimate { average: year, months, empty })
}

fn simple(local: &LocalYear, totals: &[f64]) -> Option<Estimate> {
    let mut months = [Cell::default(); 12];
    let mut year = Cell::default();
    for (day, total) in local.days().iter().zip(totals) {
        months[day.month].add(*total);
        year.add(*total);
    }
    let months = months.map(Cell::mean);
    (year.count() > 0).then(|| Estimate { average: year.mean(), months, empty: 0 })
}

/// Mean of the months there are, weighted by their days; `None` if there are none.
pub(super) fn mean_by_days(months: &[f64; 12], days: &[u32; 12]) -> Option<f64> {
    let there = months.iter().zip(days).filter(|(month, _)| !month.is_nan());
    let (sum, weight) = there.fold((0.0, 0.0), |(sum, weight), (month, days)| {
        (sum + month * f64::from(*days), weight + f64::from(*days))
    });
    (weight > 0.0).then_some(sum / weight)
}
