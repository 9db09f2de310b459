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

/// The average by a method; `None` if there is no month.
pub(super) fn estimate(local: &LocalYear, volumes: &[f64], method: AadtMethod) -> Option<Estimate> {
    match method {
        AadtMethod::Fhwa2016 => fhwa(local, volumes),
        AadtMethod::Aashto84 => aashto(local, volumes),
        AadtMethod::FrenchCompleteMonths => complete_months(local, volumes),
        AadtMethod::SimpleMean => simple(local, volumes),
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
    pub(super) fn add(&mut self, value: f64) {
        if !value.is_nan() {
            self.sum += value;
            self.count += 1;
        }
    }

    /// NaN of none.
    pub(super) fn mean(self) -> f64 {
        self.sum / f64::from(self.count)
    }

    pub(super) fn count(self) -> u32 {
        self.count
    }
}

fn fhwa(local: &LocalYear, volumes: &[f64]) -> Option<Estimate> {
    let mut cells = [[Cell::default(); 24]; 84];
    let mut days = [0_u32; 84];
    for day in local.days() {
        let cell = day.month_and_weekday();
        days[cell] += 1;
        if day.hours.len() == 24 {
            cells[cell]
                .iter_mut()
                .zip(&volumes[day.hours.clone()])
                .for_each(|(cell, value)| cell.add(*value));
        } else {
            day.hours.clone().for_each(|hour| cells[cell][local.clock(hour)].add(volumes[hour]));
        }
    }
    let mut months = [f64::NAN; 12];
    for (month, average) in months.iter_mut().enumerate() {
        let (mut sum, mut weight) = (0.0, 0.0);
        for cell in month * 7..month * 7 + 7 {
            let day: f64 = cells[cell].iter().map(|cell| cell.mean()).sum();
            if !day.is_nan() {
                sum += f64::from(days[cell]) * day;
                weight += f64::from(days[cell]);
            }
        }
        *average = sum / weight;
    }
    by_days(local, months, cells.iter().flatten().filter(|cell| cell.count == 0).count())
}

fn aashto(local: &LocalYear, volumes: &[f64]) -> Option<Estimate> {
    let mut cells = [[Cell::default(); 7]; 12];
    for (day, total) in local.days().iter().zip(day_totals(local, volumes)) {
        cells[day.month][day.weekday].add(total);
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

fn complete_months(local: &LocalYear, volumes: &[f64]) -> Option<Estimate> {
    let mut months = [0.0; 12];
    for (day, total) in local.days().iter().zip(day_totals(local, volumes)) {
        months[day.month] += total;
    }
    let days = local.days_of_months();
    by_days(local, std::array::from_fn(|month| months[month] / f64::from(days[month])), 0)
}

fn simple(local: &LocalYear, volumes: &[f64]) -> Option<Estimate> {
    let mut months = [Cell::default(); 12];
    let mut year = Cell::default();
    for (day, total) in local.days().iter().zip(day_totals(local, volumes)) {
        months[day.month].add(total);
        year.add(total);
    }
    let months = months.map(Cell::mean);
    (year.count() > 0).then(|| Estimate { average: year.mean(), months, empty: 0 })
}

fn by_days(local: &LocalYear, months: [f64; 12], empty: usize) -> Option<Estimate> {
    let average = mean_by_days(&months, &local.days_of_months())?;
    Some(Estimate { average, months, empty })
}

/// Mean of the months there are, weighted by their days; `None` if there are none.
pub(super) fn mean_by_days(months: &[f64; 12], days: &[u32; 12]) -> Option<f64> {
    let there = months.iter().zip(days).filter(|(month, _)| !month.is_nan());
    let (sum, weight) = there.fold((0.0, 0.0), |(sum, weight), (month, days)| {
        (sum + month * f64::from(*days), weight + f64::from(*days))
    });
    (weight > 0.0).then_some(sum / weight)
}
