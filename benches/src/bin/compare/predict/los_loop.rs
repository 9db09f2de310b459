//! A week of speeds on the motorways of Los Angeles every five minutes (T-GCN: the last fifth is for the test).
use std::fs;

use datagora_core::{DateTime, Unit, Zone};
use datagora_predict::{GlobalBoosting, Neighbours, Panel, Series, TimeIndex};

use crate::digest::Digest;
use crate::inputs::{Inputs, lyon};
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// 15, 30 and 60 minutes.
const AHEAD: [usize; 3] = [3, 6, 12];
/// Values seen before the first forecast of the test.
const SEEN: usize = 12;

/// `los_speed.csv` (a column for each place) and `los_near.csv` (weights between places).
pub(super) fn prepare(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("los_loop", || {
        for (from, to) in [("metr_la_week_speed.csv", "los_speed.csv"), ("metr_la_adj.csv", "los_near.csv")] {
            let path = lyon()?.join("traffic").join(from);
            fs::copy(&path, inputs.path(to)).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    })
}

fn numbers(inputs: &Inputs, file: &str, header: usize) -> Result<Vec<Vec<f64>>, Failure> {
    let text = fs::read_to_string(inputs.path(file))?;
    let row = |line: &str| line.split(',').map(str::parse).collect::<Result<Vec<f64>, _>>();
    Ok(text.lines().skip(header).map(row).collect::<Result<_, _>>()?)
}

fn panel(rows: &[Vec<f64>]) -> Result<Panel, Failure> {
    let start = DateTime::from_timestamp(1_330_588_800, 0).ok_or("no such instant")?; // 2012-03-01 00:00 there
    let zone = Zone::parse("America/Los_Angeles")?;
    let places = rows.first().map_or(0, Vec::len);
    let series = (0..places).map(|place| -> Result<Series, Failure> {
        let values: Vec<f64> = rows.iter().map(|row| row[place]).collect();
        Ok(Series::new(values, Unit::of("[mi_i]/h"))?.with_period(288)?)
    });
    let series = series.collect::<Result<Vec<Series>, Failure>>()?;
    Ok(Panel::new(series)?.with_index(TimeIndex::Clock { start, seconds: 300, zone }))
}

pub(super) fn by_trees(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let rows = numbers(inputs, "los_speed.csv", 1)?;
    let near = numbers(inputs, "los_near.csv", 0)?;
    let of = |row: &Vec<f64>| row.iter().copied().enumerate().filter(|(_, weight)| *weight > 0.0).collect();
    let neighbours = Neighbours::Given(near.iter().map(of).collect());
    let learned = rows.len() * 4 / 5;
    let (past, whole) = (panel(&rows[..learned])?, panel(&rows)?);
    let known: Vec<usize> = (learned + SEEN..=rows.len() - AHEAD[0]).collect();
    let model = GlobalBoosting::default().with_neighbours(neighbours).with_scaled(false);
    repeat.measure(
        || Ok(model.fit(&past, &AHEAD)?.predict_after(&whole, &known)?),
        |forecasts| {
            let error = |step: usize| {
                let (mut sum, mut count) = (0.0, 0.0);
                for forecast in forecasts {
                    let Some(then) = rows.get(forecast.known() + AHEAD[step] - 1) else { continue };
                    for (place, speed) in then.iter().enumerate() {
                        sum += (speed - forecast.points(place)[step]).abs();
                        count += 1.0;
                    }
                }
                sum / count
            };
            Digest::default().number("mae_15", error(0)).number("mae_30", error(1)).number("mae_60", error(2))
        },
    )
}
