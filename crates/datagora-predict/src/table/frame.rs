//! A long data frame taken as a panel of series.
use std::collections::{BTreeMap, HashMap};

use datagora_core::polars::prelude::{Column, DataFrame, DataType, IdxCa, PlSmallStr};
use datagora_core::{
    Dataset, Field, FieldType, Metadata, Problem, ProblemKind, Report, Role, Schema, Unit, Zone, conform,
};

use super::calendar::{Calendar, Step, numbers};
use super::{AdapterError, query};
use crate::{Covariate, Panel, Series};

/// How to take a data frame as series; the default suits a frame with one measure.
///
/// # Example
///
/// ```
/// use datagora_predict::table::{PanelOptions, Step};
///
/// let options = PanelOptions::default()
///     .with_measure("passages")
///     .with_step(Step::Seconds(3_600))
///     .with_periods([24, 168])
///     .with_covariate_known_ahead("holiday");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PanelOptions {
    measure: Option<String>,
    step: Option<Step>,
    periods: Option<Vec<usize>>,
    zone: Zone,
    covariates: Vec<(String, bool)>,
}

impl Default for PanelOptions {
    fn default() -> Self {
        Self { measure: None, step: None, periods: None, zone: Zone::PARIS, covariates: Vec::new() }
    }
}

impl PanelOptions {
    /// Name of the column to forecast. Default: the one with the role Measure.
    pub fn with_measure(self, name: impl Into<String>) -> Self {
        Self { measure: Some(name.into()), ..self }
    }

    /// The way from one step to the next. Default: the most frequent one between rows of a series.
    pub fn with_step(self, step: Step) -> Self {
        Self { step: Some(step), ..self }
    }

    /// Seasonal periods, in steps. Default: what is usual for the step – 12 months, 4 quarters, 52 weeks, 7 days, 24 and 168
    /// hours, and as many shorter steps as a day and a week have; none for others.
    pub fn with_periods(self, periods: impl Into<Vec<usize>>) -> Self {
        Self { periods: Some(periods.into()), ..self }
    }

    /// The clock that people look at, for models that ask for the hour of an instant. Default: that of Paris.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// With a column known beside the series, such as weather.
    pub fn with_covariate(mut self, name: impl Into<String>) -> Self {
        self.covariates.push((name.into(), false));
        self
    }

    /// With a column known beside the series before its time, such as a calendar. Its rows may go on after the last value of
    /// all series: steps after that are the future, no gaps.
    pub fn with_covariate_known_ahead(mut self, name: impl Into<String>) -> Self {
        self.covariates.push((name.into(), true));
        self
    }
}

/// The series of a data frame, and how it names them and their times.
#[derive(Clone, Debug)]
pub struct PanelFrame {
    panel: Panel,
    identifiers: DataFrame,
    pub(super) calendar: Calendar,
    pub(super) fields: Fields,
}

/// The columns by role.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) identifiers: Vec<Field>,
    pub(super) time: Field,
    pub(super) measure: Field,
    covariates: Vec<Field>,
    unit: Unit,
}

impl PanelFrame {
    /// The series, in the order in which they first come; all from the first time to the last.
    pub fn panel(&self) -> &Panel {
        &self.panel
    }

    /// What names the series: one row for each.
    pub fn identifiers(&self) -> &DataFrame {
        &self.identifiers
    }

    /// The way from one step to the next.
    pub fn step(&self) -> Step {
        self.calendar.step
    }
}

impl Fields {
    /// Finds the columns by role, and checks what the schema says of them.
    fn find(metadata: &Metadata, options: &PanelOptions) -> Result<Self, AdapterError> {
        let (schema, title) = (&metadata.schema, || metadata.title.clone());
        let named = |name: &str| {
            let found = schema.fields().iter().find(|field| field.name == name).cloned();
            found.ok_or_else(|| AdapterError::NoColumn { title: title(), name: name.to_owned() })
        };
        let only = |role: Role| {
            let all: Vec<&Field> = schema.with_role(role).collect();
            let [one] = all[..] else {
                let found = all.iter().map(|field| field.name.clone()).collect();
                return Err(AdapterError::OneColumn { title: title(), role, found });
            };
            Ok(one.clone())
        };
        let numeric = |field: Field| match field.kind {
            FieldType::Number | FieldType::Integer => {
                Ok(Field { kind: FieldType::Number, nullable: true, ..field })
            }
            found => Err(AdapterError::Kind { column: field.name, found, needed: "a measure is of numbers" }),
        };
        let covariate = |name: &str| match named(name)? {
            field if field.kind == FieldType::Boolean => Ok(field),
            field => numeric(field),
        };
        let time = only(Role::Time)?;
        let measure = numeric(options.measure.as_deref().map_or_else(|| only(Role::Measure), named)?)?;
        let column = || measure.name.clone();
        let unit = measure.unit.clone().ok_or_else(|| AdapterError::NoUnit { column: column() })?;
        unit.dimension().map_err(|source| AdapterError::Unit { column: column(), source })?;
        let naming = |field: &&Field| {
            matches!(field.role, Role::Identifier | Role::Dimension) && field.name != measure.name
        };
        Ok(Self {
            identifiers: schema.fields().iter().filter(naming).cloned().collect(),
            // A row without time is told with all other rows that make no series.
            time: Field { nullable: true, ..time },
            covariates: options
                .covariates
                .iter()
                .map(|(name, _)| covariate(name))
                .collect::<Result<_, _>>()?,
            measure,
            unit,
        })
    }

    fn schema(&self) -> Schema {
        let named = self.identifiers.iter().map(|field| Field { nullable: true, ..field.clone() });
        let others = [&self.time, &self.measure].into_iter().chain(&self.covariates).cloned();
        Schema::new(named.chain(others).collect())
    }
}

/// The series a row belongs to, by what names it.
struct Rows {
    /// Rows of each series, in their order.
    of: Vec<Vec<usize>>,
    labels: Vec<String>,
}

impl Rows {
    /// Rows with the same values in the columns that name them; those that miss one are told, and left out.
    fn group(named: &[Column], height: usize, report: &mut Report) -> Result<Self, AdapterError> {
        let mut texts = Vec::with_capacity(named.len());
        for column in named {
            texts.push(column.cast(&DataType::String).map_err(query)?);
        }
        let mut parts: Vec<Vec<String>> = vec![Vec::with_capacity(named.len()); height];
        for column in &texts {
            for (row, text) in column.str().map_err(query)?.iter().enumerate() {
                match text {
                    Some(text) => parts[row].push(text.to_owned()),
                    None => report.add(missing(row, column.name(), "what names the series")),
                }
            }
        }
        let mut numbers: HashMap<Vec<String>, usize> = HashMap::new();
        let mut rows = Self { of: Vec::new(), labels: Vec::new() };
        for (row, key) in parts.into_iter().enumerate().filter(|(_, key)| key.len() == named.len()) {
            let label = key.join(", ");
            let number = *numbers.entry(key).or_insert(rows.of.len());
            if number == rows.of.len() {
                rows.of.push(Vec::new());
                rows.labels.push(label);
            }
            rows.of[number].push(row);
        }
        Ok(rows)
    }
}

fn missing(row: usize, column: &str, needed: &str) -> Problem {
    let problem = Problem::new("no value", needed).of_kind(ProblemKind::MissingValue);
    problem.at_row(row as u64 + 1).in_column(column)
}

/// A conformed column of numbers or of true and false, `NaN` where a value is missing.
fn values(frame: &DataFrame, name: &str) -> Result<Vec<f64>, AdapterError> {
    let numbers = frame.column(name).and_then(|column| column.cast(&DataType::Float64)).map_err(query)?;
    Ok(numbers.f64().map_err(query)?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

/// Tells each infinite value.
fn tell_infinite(values: &[f64], column: &str, report: &mut Report) {
    for (row, value) in values.iter().enumerate().filter(|(_, value)| value.is_infinite()) {
        let problem = Problem::new(value.to_string(), "a finite number, or none where there is a gap");
        report.add(problem.at_row(row as u64 + 1).in_column(column));
    }
}

/// Takes a long data frame as series: [`Panel`] by roles.
///
/// Columns with the role Identifier or Dimension name the series together; without any there is one series. The column with
/// the role Time holds dates, instants or texts of months such as `2024-05`; dates that are all first days go by months. The
/// column with the role Measure is forecast, in its unit. Of other columns only covariates are looked at. A lazy frame goes
/// through [`conform_lazy`](datagora_core::conform_lazy) first.
///
/// # Missing values
///
/// A missing value, and a step without row, is a gap (`NaN`) of its series. All series reach from the first time of any to the
/// last, so that those that begin later begin, and those that fell silent end, with gaps.
///
/// # Errors
///
/// [`AdapterError::Rows`] with *all* rows, counted from 1, that make no series: names or times that are missing, times off
/// the step, two rows of a series at one time, rows not in the order of time, infinite values.
/// [`AdapterError::OneColumn`], [`AdapterError::NoColumn`], [`AdapterError::NoUnit`], [`AdapterError::Unit`] and
/// [`AdapterError::Kind`] for what the schema says; [`AdapterError::Frame`] for a frame that is not so;
/// [`AdapterError::NoStep`], [`AdapterError::Step`], [`AdapterError::Sparse`] for the step; [`AdapterError::Series`] for a period
/// of 0; [`AdapterError::Panel`] without rows.
///
/// # Example
///
/// See the [module](crate::table).
pub fn panel(data: &Dataset<DataFrame>, options: &PanelOptions) -> Result<Dataset<PanelFrame>, AdapterError> {
    let fields = Fields::find(data.metadata(), options)?;
    let title = &data.metadata().title;
    data.as_ref().try_map_payload(|frame| {
        let frame = conform(frame, &fields.schema())?;
        let mut report = Report::default();
        let named = &frame.columns()[..fields.identifiers.len()];
        let rows = Rows::group(named, frame.height(), &mut report)?;

        let (name, kind) = (fields.time.name.as_str(), fields.time.kind);
        let column = frame.column(name).map_err(query)?;
        for (row, _) in column.is_null().iter().enumerate().filter(|(_, null)| *null == Some(true)) {
            report.add(missing(row, name, "a time"));
        }
        let times = numbers(column, kind, &mut report)?;
        let measured = values(&frame, &fields.measure.name)?;
        tell_infinite(&measured, &fields.measure.name, &mut report);
        let mut beside = Vec::with_capacity(fields.covariates.len());
        for field in &fields.covariates {
            let known = values(&frame, &field.name)?;
            tell_infinite(&known, &field.name, &mut report);
            beside.push(known);
        }
        if frame.height() == 0 {
            return Err(crate::PanelError::Empty.into());
        }
        let found = Calendar::find(title, (name, kind), times, &rows.of, options.step, &mut report);
        let (calendar, steps) = match found {
            // Rows that cannot be read may be why no step is found.
            Err(AdapterError::NoStep { .. }) if !report.is_empty() => return Err(AdapterError::Rows(report)),
            found => found?,
        };
        check_order(&rows, &steps, &calendar, name, &mut report);
        report.into_result().map_err(AdapterError::Rows)?;

        let panel = assemble(&rows, &steps, &measured, &beside, &calendar, &fields, options)?;
        let firsts: Vec<u32> = rows.of.iter().map(|rows| rows[0] as u32).collect();
        let firsts = IdxCa::from_vec(PlSmallStr::EMPTY, firsts);
        let identifiers = named.iter().map(|column| column.take(&firsts)).collect::<Result<Vec<Column>, _>>();
        let identifiers = DataFrame::new(rows.of.len(), identifiers.map_err(query)?).map_err(query)?;
        Ok(PanelFrame { panel, identifiers, calendar, fields: fields.clone() })
    })
}

/// Tells rows of a series that come before their time, and times that come twice.
fn check_order(rows: &Rows, steps: &[Option<usize>], calendar: &Calendar, column: &str, report: &mut Report) {
    let told = |step: usize| calendar.time(step).map(|time| calendar.told(time)).unwrap_or_default();
    for (of, label) in rows.of.iter().zip(&rows.labels) {
        let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
        let mut last: Option<usize> = None;
        for &row in of {
            let Some(step) = steps[row] else { continue };
            let problem = if let Some(first) = seen.get(&step) {
                let found = format!("{} as in row {}", told(step), first + 1);
                Some(Problem::new(found, "one row of a series at a time").of_kind(ProblemKind::DuplicateRow))
            } else {
                let before = last.filter(|last| step < *last);
                before.map(|before| {
                    let found = format!("{} after {}", told(step), told(before));
                    Problem::new(found, "the rows of a series in the order of time")
                        .of_kind(ProblemKind::Unordered)
                })
            };
            report.extend(problem.map(|problem| {
                let problem = problem.at_row(row as u64 + 1).in_column(column);
                if label.is_empty() { problem } else { problem.of_key(label) }
            }));
            seen.entry(step).or_insert(row);
            last = Some(step);
        }
    }
}

/// The panel of rows whose steps are known to be in order.
fn assemble(
    rows: &Rows,
    steps: &[Option<usize>],
    measured: &[f64],
    beside: &[Vec<f64>],
    calendar: &Calendar,
    fields: &Fields,
    options: &PanelOptions,
) -> Result<Panel, AdapterError> {
    let span = steps.iter().flatten().max().map_or(0, |last| last + 1);
    let valued = steps.iter().zip(measured).filter(|(_, value)| !value.is_nan());
    let known = valued.filter_map(|(step, _)| *step).max().map_or(0, |last| last + 1);
    let end = if options.covariates.iter().any(|(_, ahead)| *ahead) { known } else { span };
    let place = |of: &[usize], values: &[f64], length: usize| {
        let mut placed = vec![f64::NAN; length];
        for &row in of {
            if let Some(place) = steps[row].and_then(|step| placed.get_mut(step)) {
                *place = values[row];
            }
        }
        placed
    };
    let periods = options.periods.clone().unwrap_or_else(|| calendar.step.conventional_periods());
    let mut series = Vec::with_capacity(rows.of.len());
    for (of, label) in rows.of.iter().zip(&rows.labels) {
        let mut one =
            Series::new(place(of, measured, end), fields.unit.clone())?.with_periods(periods.clone())?;
        if let Some(start) = calendar.start_month() {
            one = one.with_start(start);
        }
        series.push(if label.is_empty() { one } else { one.with_label(label) });
    }
    let mut panel = Panel::new(series)?;
    if let Some(index) = calendar.index(options.zone) {
        panel = panel.with_index(index);
    }
    for ((name, ahead), values) in options.covariates.iter().zip(beside) {
        let length = if *ahead { span } else { end };
        let each: Vec<Vec<f64>> = rows.of.iter().map(|of| place(of, values, length)).collect();
        let covariate = Covariate::of_each(name, each);
        panel = panel.with_covariate(if *ahead { covariate.known_ahead() } else { covariate })?;
    }
    Ok(panel)
}
