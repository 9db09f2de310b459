//! 100,000 series in the proportions of M4, as a panel of each group, all forecasts kept.
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};

use datagora_predict::{Forecast, ForecastOptions, NoForecast, Series, forecast_panel, mase, smape};
use datagora_sample::Stream;

use super::m4::read;
use crate::digest::Digest;
use crate::inputs::{Inputs, lyon};
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Groups of M4: the file at hand, how many series the competition had, and the horizon.
const GROUPS: [(&str, usize, usize); 6] = [
    ("yearly_full", 23_000, 6),
    ("quarterly_le100", 24_000, 8),
    ("monthly_1000", 48_000, 18),
    ("weekly_full", 359, 13),
    ("daily_500", 4_227, 14),
    ("hourly_full", 414, 48),
];
const SEED: u64 = 4;
/// Largest change of a value of a series that is repeated, as a share of it.
const NOISE: f64 = 0.01;
const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];

fn name(group: &str) -> String {
    format!("m4_panel_{group}")
}

/// A file for each group.
pub(super) fn prepare(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("m4_panel", || {
        for (group, rows, _) in GROUPS {
            let path = lyon()?.join(format!("time_series/m4_{group}.txt"));
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let known = text.lines().count();
            let mut file = BufWriter::new(File::create(inputs.path(&format!("{}.m4.txt", name(group))))?);
            for (row, line) in text.lines().cycle().take(inputs.rows(rows)).enumerate() {
                let mut stream = Stream::new(SEED, group, row as u64);
                let line = if row < known { line.to_owned() } else { varied(line, &mut stream)? };
                writeln!(file, "{line}")?;
            }
            file.flush()?;
        }
        Ok(())
    })
}

/// A line whose values, past and to come, are changed a little.
fn varied(line: &str, stream: &mut Stream) -> Result<String, Failure> {
    let [name, period, horizon, past, coming] = line.split('|').collect::<Vec<&str>>()[..] else {
        return Err(format!("a line of five parts is needed, found {line:?}").into());
    };
    let mut line = format!("{name}|{period}|{horizon}");
    for values in [past, coming] {
        for (place, value) in values.split(' ').enumerate() {
            let factor = 1.0 + stream.between(-NOISE, NOISE);
            let before = if place == 0 { '|' } else { ' ' };
            write!(line, "{before}{:.4}", value.parse::<f64>()? * factor)?;
        }
    }
    Ok(line)
}

/// Series of a group, and what came after each.
struct Group {
    panel: Vec<Series>,
    coming: Vec<Vec<f64>>,
    horizon: usize,
}

/// Forecasts all groups, keeps all forecasts, and counts the intervals of each level that held.
pub(super) fn forecasts(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let group = |(group, _, horizon): (&str, usize, usize)| -> Result<Group, Failure> {
        let (panel, coming) = read(inputs, &name(group))?.collect::<Result<_, _>>()?;
        Ok(Group { panel, coming, horizon })
    };
    let groups = GROUPS.into_iter().map(group).collect::<Result<Vec<Group>, Failure>>()?;
    let options = ForecastOptions::default().with_levels(LEVELS);
    repeat.measure(
        || {
            let forecasts: Vec<_> =
                groups.iter().map(|group| forecast_panel(&group.panel, group.horizon, &options)).collect();
            let mut held = Held::default();
            for (group, forecasts) in groups.iter().zip(&forecasts) {
                for (forecast, coming) in forecasts.iter().flatten().zip(&group.coming) {
                    held.read(forecast, coming);
                }
            }
            Ok((forecasts, held))
        },
        |(forecasts, held)| digest(&groups, forecasts, held),
    )
}

/// Intervals that held what came.
#[derive(Default)]
struct Held {
    steps: usize,
    /// At each level.
    held: [usize; 3],
    /// Intervals with a bound that is no number.
    unbounded: usize,
}

impl Held {
    fn read(&mut self, forecast: &Forecast, coming: &[f64]) {
        for (step, value) in coming.iter().enumerate() {
            self.steps += 1;
            for (held, level) in self.held.iter_mut().zip(LEVELS) {
                match forecast.interval(step, level) {
                    Some(bounds) if bounds.lower.is_finite() && bounds.upper.is_finite() => {
                        *held += usize::from(bounds.lower <= *value && *value <= bounds.upper);
                    }
                    _ => self.unbounded += 1,
                }
            }
        }
    }
}

type Forecasts = Vec<Result<Forecast, NoForecast>>;

fn digest(groups: &[Group], forecasts: &[Forecasts], held: &Held) -> Digest {
    let (mut series, mut refused, mut percent, mut scaled) = (0usize, 0usize, Vec::new(), Vec::new());
    for (group, forecasts) in groups.iter().zip(forecasts) {
        for ((past, coming), forecast) in group.panel.iter().zip(&group.coming).zip(forecasts) {
            series += 1;
            let Ok(forecast) = forecast else {
                refused += 1;
                continue;
            };
            percent.extend(smape(coming, forecast.points()));
            // A series that never changed has no scale.
            scaled.extend(mase(coming, forecast.points(), past.values(), past.period()));
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let share = |level: usize| held.held[level] as f64 / held.steps as f64;
    Digest::default()
        .exact("series", series)
        .exact("refused", refused)
        .exact("unbounded", held.unbounded)
        .number("smape", mean(&percent))
        .number("mase", mean(&scaled))
        .number("held_50", share(0))
        .number("held_80", share(1))
        .number("held_95", share(2))
}
