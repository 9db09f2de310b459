//! Annual indicators of each sensor, by our reader and our kernels.
use datagora_core::{WorkingWeek, Zone};
use datagora_indicators::mobility::io::{CountColumns, hourly_years_from_parquet};
use datagora_indicators::mobility::{
    AadtOptions, Averaging, DayKind, HourlyYear, TimestampConvention, average_day,
};

use super::made::{READINGS, YEAR};
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// AADT, TMJO, K30, PHF of the highest hour.
type Answer = [Option<f64>; 4];

pub(super) fn indicators(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let path = inputs.path("traffic_year.parquet");
    let columns = CountColumns::new(TimestampConvention::Start)
        .with_channel("sensor")
        .with_time("start")
        .with_seconds(3_600 / READINGS as u32)
        .with_value("volume");
    repeat.measure(
        || {
            let found = hourly_years_from_parquet([&path], &columns, YEAR, Zone::PARIS)?;
            let answers = found.years.iter().map(answer).collect::<Result<Vec<Answer>, Failure>>()?;
            Ok((answers, found.years.iter().map(HourlyYear::completeness).sum::<f64>()))
        },
        |(answers, completeness)| {
            let sum = |of: usize| answers.iter().filter_map(|answer| answer[of]).sum();
            Digest::default()
                .exact("sensors", answers.len())
                .exact("with_aadt", answers.iter().filter(|answer| answer[0].is_some()).count())
                .number("aadt", sum(0))
                .number("tmjo", sum(1))
                .number("k30", sum(2))
                .number("phf", sum(3))
                .number("completeness", *completeness)
        },
    )
}

fn answer(year: &HourlyYear) -> Result<Answer, Failure> {
    let aadt = year.aadt(&AadtOptions::default().with_level(None))?.value;
    let working = DayKind::Working(WorkingWeek::MondayToFriday);
    let tmjo = average_day(year, working, Averaging::Days)?;
    let k30 = year.design_hour(30, &aadt, 0.95)?.k;
    let highest = year.design_hour(1, &aadt, 0.95)?.hour;
    let phf = highest.and_then(|hour| year.peak_hour_factor(hour).value());
    Ok([aadt.value(), tmjo.value(), k30.value(), phf])
}
