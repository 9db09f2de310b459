//! What a public dataset says about itself: schema with roles and units, CRS, licence, lineage, and values that carry
//! their uncertainty.
mod attribution;
#[cfg(any(feature = "io", feature = "polars"))]
mod cell;
mod code;
mod crs;
mod dataset;
pub mod disclosure;
#[cfg(feature = "polars")]
mod frame;
mod hashed;
#[cfg(feature = "io")]
pub mod io;
mod language;
mod licence;
mod lineage;
mod metadata;
mod month;
mod quality;
mod quantity;
#[cfg(any(feature = "io", feature = "polars"))]
mod said;
mod schema;
#[cfg(feature = "arrow")]
mod table;
mod time;
mod unit;
mod value;

pub use attribution::{CreditGroup, CreditedWork, attribution, credit_groups};
/// Dates and instants in signatures.
pub use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
pub use code::{CodeError, InseeCode, IrisCode, Merger, NafCode, NafLevel, Siren, Siret};
pub use crs::{Crs, CrsError};
pub use dataset::Dataset;
#[cfg(feature = "polars")]
pub use frame::{FrameError, columns_with_role, conform, conform_lazy};
pub use hashed::Hashed;
pub use language::{Bilingual, Language};
pub use licence::{Licence, LicenceConflict, LicenceError, Obligations, Terms, Use, combine};
#[cfg(feature = "serde")]
pub use lineage::parameters_of;
pub use lineage::{Event, Lineage, LineageError, Parameters, content_hash};
pub use metadata::{Credit, Metadata};
pub use month::{Month, MonthError};
/// The engine of the data frames in signatures.
#[cfg(feature = "polars")]
pub use polars;
pub use quality::{Imperfection, ImperfectionKind, Problem, ProblemKind, Report};
pub use quantity::{Hectares, Hours, Kilometres, KilometresPerHour, Metres, Minutes, SquareMetres};
pub use schema::{Field, FieldType, FoundColumn, Role, Schema, SchemaError};
#[cfg(feature = "arrow")]
pub use table::{Table, TableError};
pub use time::{
    Holiday, LocalHour, Repeated, SchoolBreak, SchoolHoliday, SchoolTerms, SchoolTermsError, TimeError,
    WorkingWeek, Zone, easter, holidays,
};
pub use unit::{Dimension, Unit, UnitError};
pub use value::{Interval, Measured, Suppression, ValueError};

/// The example of the README runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
