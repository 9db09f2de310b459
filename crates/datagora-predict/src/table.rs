//! Polars data frames of series: the columns are found by role, the kernels of the crate are called, the step is recorded.
//!
//! A long frame has one row for each series and step. [`panel`] finds in its schema which columns name the series, which
//! tells the time and which is measured, checks all rows at once, and finds the step; the functions here take what it gives.
//! What comes out is a long frame again, with the credits and the history of what went in.
//!
//! ```
//! use datagora_core::polars::prelude::*;
//! use datagora_core::{Dataset, Field, FieldType, Metadata, Role, Schema, Unit};
//! use datagora_predict::ForecastOptions;
//! use datagora_predict::table::{PanelOptions, forecast_panel, panel};
//!
//! let months: Vec<String> = (0..36).map(|t| format!("{}-{:02}-01", 2021 + t / 12, t % 12 + 1)).collect();
//! let passages: Vec<f64> = (0..36).map(|t| 900.0 + 50.0 * f64::from(t % 12) + f64::from(t * 7 % 5)).collect();
//! let frame = df!("counter" => vec!["Bellecour"; 36], "month" => months, "passages" => passages)?;
//! let schema = Schema::new(vec![
//!     Field::new("counter", FieldType::Text, Role::Dimension),
//!     Field::new("month", FieldType::Date, Role::Time),
//!     Field::new("passages", FieldType::Number, Role::Measure).with_unit(Unit::of("{passage}")),
//! ]);
//! let counts = Dataset::new(frame, Metadata::new("counts").with_schema(schema));
//!
//! let counters = panel(&counts, &PanelOptions::default())?;
//! assert_eq!(counters.payload().panel().period(), 12);
//! let next = forecast_panel(&counters, 3, &ForecastOptions::default().with_levels([0.8]))?;
//! let frame = next.payload();
//! assert_eq!((frame.height(), frame.column("month")?.get(2)?.to_string()), (3, "2024-03-01".to_owned()));
//! assert!(frame.column("lower_80")?.f64()?.get(0) <= frame.column("passages")?.f64()?.get(0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod calendar;
mod forecast;
mod frame;

pub use calendar::Step;
pub use forecast::{forecast_panel, forecast_with};
pub use frame::{PanelFrame, PanelOptions, panel};

use datagora_core::polars::prelude::PolarsError;
use datagora_core::{FieldType, FrameError, Report, Role, UnitError};

use crate::{NoForecast, PanelError, SeriesError};

/// Data frames that cannot be taken as series.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdapterError {
    /// No column of a role, or several.
    #[error(
        "“{title}” has {} columns with the role {role:?}, {found:?}; exactly one is needed{}",
        found.len(),
        if *role == Role::Measure { ", or one given by name with `with_measure`" } else { "" }
    )]
    OneColumn {
        /// Title of the dataset.
        title: String,
        /// The role.
        role: Role,
        /// Names of those there are.
        found: Vec<String>,
    },
    /// A column asked for by name that the schema does not know.
    #[error("the schema of “{title}” has no column “{name}”; name one of its columns")]
    NoColumn {
        /// Title of the dataset.
        title: String,
        /// The name.
        name: String,
    },
    /// Nothing that tells in what the values are counted.
    #[error("the schema does not say in which unit “{column}” is; declare it with `Field::with_unit`")]
    NoUnit {
        /// The measure.
        column: String,
    },
    /// A unit that is none.
    #[error("the unit of “{column}” means nothing: {source}")]
    Unit {
        /// The measure.
        column: String,
        /// What is wrong.
        source: UnitError,
    },
    /// A type of time, or of values, that there are no series of.
    #[error("“{column}” holds {found:?} values; {needed}")]
    Kind {
        /// The column.
        column: String,
        /// Type of its values.
        found: FieldType,
        /// What does.
        needed: &'static str,
    },
    /// No two rows of one series that would tell the step.
    #[error("no series of “{title}” has two times, so the step is not known; give it by `with_step`")]
    NoStep {
        /// Title of the dataset.
        title: String,
    },
    /// A step that the times cannot have.
    #[error(
        "a step of {step} does not suit a column of {found:?}; dates go by months or days, instants by seconds, texts by months, and never by 0"
    )]
    Step {
        /// The step given.
        step: Step,
        /// Type of the times.
        found: FieldType,
    },
    /// Nearly all steps would be gaps: a wrong date, or a step that is too short.
    #[error(
        "the times span {steps} steps of {step}, of which {observed} occur; look for a wrong date among them, or give a longer step by `with_step`"
    )]
    Sparse {
        /// Steps from the first time to the last.
        steps: u64,
        /// The step.
        step: Step,
        /// Steps that occur in some row.
        observed: usize,
    },
    /// Rows that make no series, all of them.
    #[error("the rows make no regular series: {0}")]
    Rows(Report),
    /// Two columns of one name.
    #[error("the result would have two columns “{name}”; rename one of them first")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The frame is not as its schema says.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Values that are no series.
    #[error(transparent)]
    Series(#[from] SeriesError),
    /// Series that are no panel.
    #[error(transparent)]
    Panel(#[from] PanelError),
    /// A forecast that makes no sense, whatever the series.
    #[error(transparent)]
    NoForecast(#[from] NoForecast),
}

fn query(error: PolarsError) -> AdapterError {
    AdapterError::Frame(FrameError::Query { source: Box::new(error) })
}
