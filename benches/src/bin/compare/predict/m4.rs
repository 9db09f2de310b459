//! Series of the M4 competition: `NAME.m4.txt`, a line of `name|period|horizon|training|test` for each.
use std::fs::{self, File};
use std::io::{BufRead, BufReader};

use datagora_core::Unit;
use datagora_predict::{Fit, Predict, Series, mase, smape};
use rayon::prelude::*;

use crate::digest::Digest;
use crate::inputs::{Inputs, lyon};
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Takes the first `most` series of each group.
pub(super) fn write(inputs: &Inputs, name: &str, groups: &[&str], most: usize) -> Result<(), Failure> {
    inputs.once(name, || {
        let mut lines = String::new();
        for group in groups {
            let path = lyon()?.join(format!("time_series/m4_{group}.txt"));
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            for line in text.lines().take(inputs.rows(most.min(text.lines().count()))) {
                lines.push_str(line);
                lines.push('\n');
            }
        }
        Ok(fs::write(inputs.path(&format!("{name}.m4.txt")), lines)?)
    })
}

/// Forecasts all series and says how far off the forecasts are.
pub(super) fn forecast<M: Fit + Sync>(
    inputs: &Inputs,
    repeat: &Repeat,
    task: &str,
    model: &M,
) -> Result<Measured, Failure> {
    let rows: Vec<(Series, Vec<f64>)> = read(inputs, task)?.collect::<Result<_, _>>()?;
    repeat.measure(
        || {
            let one = |(series, actual): &(Series, Vec<f64>)| Ok(model.fit(series)?.predict(actual.len()));
            rows.par_iter().map(one).collect::<Result<Vec<Vec<f64>>, Failure>>()
        },
        |forecasts| {
            let scores = rows.iter().zip(forecasts).map(|((series, actual), points)| {
                let scaled = mase(actual, points, series.values(), series.period());
                (smape(actual, points).unwrap_or(f64::NAN), scaled.unwrap_or(f64::NAN))
            });
            let (percent, scaled): (Vec<f64>, Vec<f64>) = scores.unzip();
            let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
            Digest::default()
                .exact("series", rows.len())
                .number("smape", mean(&percent))
                .number("mase", mean(&scaled))
        },
    )
}

/// Series and what came after, in the order of the file, of which a line is in memory at a time.
pub(super) fn read(
    inputs: &Inputs,
    task: &str,
) -> Result<impl Iterator<Item = Result<(Series, Vec<f64>), Failure>> + use<>, Failure> {
    let lines = BufReader::new(File::open(inputs.path(&format!("{task}.m4.txt")))?).lines();
    let numbers = |text: &str| text.split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>();
    Ok(lines.map(move |line| {
        let line = line?;
        let [_, period, _, past, coming] = line.split('|').collect::<Vec<&str>>()[..] else {
            return Err(format!("a line of five parts is needed, found {line:?}").into());
        };
        Ok((Series::new(numbers(past)?, Unit::ONE)?.with_period(period.parse()?)?, numbers(coming)?))
    }))
}
