//! Forecasts of the series of a frame, as a frame.
use datagora_core::polars::prelude::{Column, DataFrame, IdxCa, IntoColumn, NamedFrom, PlSmallStr, Series};
use datagora_core::{Dataset, Field, FieldType, Metadata, Parameters, Role, Schema};

use super::{AdapterError, PanelFrame, query};
use crate::{Band, Basis, Fit, Forecast, ForecastOptions, NoForecast};

/// Forecasts each series of a frame by the default model: [`forecast_panel`](crate::forecast_panel) by roles.
///
/// The result has one row for each series and step, series by series, and these columns: what names the series, as
/// dimensions; the time, going on as it went; the point forecast under the name of the measure; for each level `lower_80`
/// and `upper_80` with the roles LowerBound and UpperBound and `basis_80` with what the width rests on (`horizon`, `panel`,
/// `neighbours` or `model`, see [`Basis`]); `model`; `reason`. The options, measure, step and periods are the parameters of
/// the step in its lineage.
///
/// # Missing values
///
/// A series that cannot be forecast has its rows, with the reason and without numbers. Of others, `reason` is missing.
///
/// # Errors
///
/// [`AdapterError::NoForecast`] for a horizon of 0 or a level that is none; [`AdapterError::NameTaken`] if a column that names
/// the series, the time or the measure has one of the names above.
///
/// # Example
///
/// See the [module](crate::table).
pub fn forecast_panel(
    data: &Dataset<PanelFrame>,
    horizon: usize,
    options: &ForecastOptions,
) -> Result<Dataset<DataFrame>, AdapterError> {
    let all = |data: &PanelFrame| crate::forecast_panel(data.panel().series(), horizon, options);
    derived(data, "forecast panel", horizon, options, all)
}

/// Forecasts each series of a frame by a model: [`forecast_with`](crate::forecast_with) by roles. The result is as that of
/// [`forecast_panel`].
///
/// # Errors
///
/// As [`forecast_panel`].
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Dataset, Field, FieldType, Metadata, Role, Schema, Unit};
/// use datagora_predict::table::{PanelOptions, forecast_with, panel};
/// use datagora_predict::{ForecastOptions, Naive};
///
/// let frame = df!("day" => ["2024-02-27", "2024-02-28", "2024-03-01"], "passages" => [7.0, 8.0, 7.5])?;
/// let schema = Schema::new(vec![
///     Field::new("day", FieldType::Date, Role::Time),
///     Field::new("passages", FieldType::Number, Role::Measure).with_unit(Unit::of("{passage}")),
/// ]);
/// let counts = Dataset::new(frame, Metadata::new("counts").with_schema(schema));
/// let series = panel(&counts, &PanelOptions::default())?; // 29 February is a gap
/// let next = forecast_with(&Naive, &series, 2, &ForecastOptions::default())?;
/// assert_eq!(next.payload().column("passages")?.f64()?.get(1), Some(7.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn forecast_with<M: Fit>(
    model: &M,
    data: &Dataset<PanelFrame>,
    horizon: usize,
    options: &ForecastOptions,
) -> Result<Dataset<DataFrame>, AdapterError> {
    let all = |data: &PanelFrame| {
        let each = data.panel().series().iter();
        each.map(|series| crate::forecast_with(model, series, horizon, options)).collect()
    };
    derived(data, "forecast with", horizon, options, all)
}

type Outcome = Result<Forecast, NoForecast>;

fn derived(
    data: &Dataset<PanelFrame>,
    operation: &str,
    horizon: usize,
    options: &ForecastOptions,
    all: impl FnOnce(&PanelFrame) -> Vec<Outcome>,
) -> Result<Dataset<DataFrame>, AdapterError> {
    options.check_request(horizon)?;
    let fields = fields(data.payload(), options)?;
    let made = data.try_derive(operation, parameters(data.payload(), horizon, options), |data| {
        frame(data, horizon, options, &all(data))
    })?;
    Ok(made.describe(|metadata| Metadata { crs: None, ..metadata.with_schema(Schema::new(fields)) }))
}

const MODEL: &str = "model";
const REASON: &str = "reason";

/// Names of the bounds of a level, and of what they rest on.
fn names(level: f64) -> [String; 3] {
    // 0.95 times 100 is not 95 in binary.
    let percent = (level * 1e8).round() / 1e6;
    ["lower", "upper", "basis"].map(|what| format!("{what}_{percent}"))
}

fn fields(data: &PanelFrame, options: &ForecastOptions) -> Result<Vec<Field>, AdapterError> {
    let measure = &data.fields.measure;
    let bound = |name: String, role: Role| Field { name, role, ..measure.clone() };
    let text = |name: &str| Field::new(name, FieldType::Text, Role::Attribute);
    let named = data.fields.identifiers.iter().map(|field| Field { role: Role::Dimension, ..field.clone() });
    let mut fields: Vec<Field> = named.collect();
    fields.push(data.fields.time.clone());
    fields.push(Field { role: Role::Measure, ..measure.clone() });
    for &level in &options.levels {
        let [lower, upper, basis] = names(level);
        fields.extend([bound(lower, Role::LowerBound), bound(upper, Role::UpperBound), text(&basis)]);
    }
    fields.extend([text(MODEL), text(REASON)]);
    for (place, field) in fields.iter().enumerate() {
        if fields[..place].iter().any(|other| other.name == field.name) {
            return Err(AdapterError::NameTaken { name: field.name.clone() });
        }
    }
    Ok(fields)
}

/// Texts as [`parameters_of`](datagora_core::parameters_of) writes them, with which the options need feature `serde`.
fn parameters(data: &PanelFrame, horizon: usize, options: &ForecastOptions) -> Parameters {
    fn list(values: &[impl ToString]) -> String {
        let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
        format!("[{}]", texts.join(","))
    }
    let periods = data.panel().series().first().map(|series| list(series.periods())).unwrap_or_default();
    let asked = |steps: Option<usize>| steps.map_or_else(|| "null".to_owned(), |steps| steps.to_string());
    let texts = [
        ("horizon", horizon.to_string()),
        ("levels", list(&options.levels)),
        ("longest_silence", asked(options.longest_silence)),
        ("measure", data.fields.measure.name.clone()),
        ("non_negative", options.non_negative.to_string()),
        ("origins", asked(options.origins)),
        ("periods", periods),
        ("step", data.step().to_string()),
    ];
    texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

fn word(basis: Basis) -> &'static str {
    match basis {
        Basis::Horizon { .. } => "horizon",
        Basis::Panel { .. } => "panel",
        Basis::Neighbours { .. } => "neighbours",
        Basis::Sum => "sum",
        Basis::Model => "model",
    }
}

fn frame(
    data: &PanelFrame,
    horizon: usize,
    options: &ForecastOptions,
    outcomes: &[Outcome],
) -> Result<DataFrame, AdapterError> {
    let origin = data.panel().steps();
    let of_rows: Vec<u32> =
        (0..outcomes.len()).flat_map(|of| std::iter::repeat_n(of as u32, horizon)).collect();
    let of_rows = IdxCa::from_vec(PlSmallStr::EMPTY, of_rows);
    let named = data.identifiers().columns().iter().map(|column| column.take(&of_rows));
    let mut columns = named.collect::<Result<Vec<Column>, _>>().map_err(query)?;
    let steps = outcomes.iter().flat_map(|_| origin..origin.saturating_add(horizon));
    columns.push(data.calendar.column(&data.fields.time.name, steps)?);

    let lines = || outcomes.iter().flat_map(|outcome| (0..horizon).map(move |step| (outcome, step)));
    let numbers = |of: &dyn Fn(&Forecast, usize) -> Option<f64>| -> Vec<Option<f64>> {
        lines().map(|(outcome, step)| of(outcome.as_ref().ok()?, step)).collect()
    };
    let points = numbers(&|forecast, step| forecast.points().get(step).copied());
    columns.push(Series::new(data.fields.measure.name.as_str().into(), points).into_column());
    for &level in &options.levels {
        let [lower_name, upper_name, basis_name] = names(level);
        let band = |outcome: &Outcome| outcome.as_ref().ok()?.band(level);
        let bands: Vec<Option<Band>> = outcomes.iter().map(band).collect();
        let of_band = |of: &dyn Fn(&Band) -> &[f64]| -> Vec<Option<f64>> {
            let steps = bands.iter().flat_map(|band| (0..horizon).map(move |step| (band, step)));
            steps.map(|(band, step)| of(band.as_ref()?).get(step).copied()).collect()
        };
        let (lower, upper) = (of_band(&|band| &band.lower), of_band(&|band| &band.upper));
        let basis: Vec<Option<&str>> = bands
            .iter()
            .flat_map(|band| (0..horizon).map(move |step| Some(word(*band.as_ref()?.basis.get(step)?))))
            .collect();
        columns.push(Series::new(lower_name.into(), lower).into_column());
        columns.push(Series::new(upper_name.into(), upper).into_column());
        columns.push(Series::new(basis_name.into(), basis).into_column());
    }
    let models: Vec<Option<&str>> =
        lines().map(|(outcome, _)| outcome.as_ref().ok().map(Forecast::model)).collect();
    columns.push(Series::new(MODEL.into(), models).into_column());
    let reasons: Vec<Option<String>> =
        outcomes.iter().map(|outcome| outcome.as_ref().err().map(ToString::to_string)).collect();
    let reasons: Vec<Option<&str>> =
        reasons.iter().flat_map(|reason| std::iter::repeat_n(reason.as_deref(), horizon)).collect();
    columns.push(Series::new(REASON.into(), reasons).into_column());
    DataFrame::new(outcomes.len() * horizon, columns).map_err(query)
}
