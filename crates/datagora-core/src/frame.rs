//! Polars data frames as an engine: what goes in is conformed to a schema, what comes out is a table again.
use polars::prelude::{Column, DataFrame, PolarsError};

mod conform;
mod exchange;

pub use conform::{conform, conform_lazy};

use crate::{Report, Role, Schema, Table, TableError};

/// Why a data frame could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The data are not as the schema says.
    #[error("the data frame does not conform: {0}")]
    Nonconforming(Report),
    /// The query failed.
    #[error("the query failed: {source}")]
    Query {
        /// What Polars says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A column of a layout that cannot be handed over.
    #[error("column “{column}” cannot be exchanged: {source}; cast it to numbers, text, dates or instants")]
    Exchange {
        /// Its name.
        column: String,
        /// What Arrow or Polars says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The columns make no table.
    #[error(transparent)]
    Table(#[from] TableError),
}

pub(crate) fn query(error: PolarsError) -> FrameError {
    FrameError::Query { source: Box::new(error) }
}

impl Table {
    /// The table as a data frame. Numbers, dates and instants are shared, not copied; texts get Polars' layout.
    ///
    /// Roles and units stay behind: keep the schema, or the [`Dataset`](crate::Dataset).
    ///
    /// # Errors
    ///
    /// [`FrameError::Exchange`].
    pub fn to_data_frame(&self) -> Result<DataFrame, FrameError> {
        let fields = self.schema().fields().iter().zip(self.batch().columns());
        let columns = fields
            .map(|(field, array)| exchange::to_series(&field.name, array).map(Column::from))
            .collect::<Result<Vec<Column>, FrameError>>()?;
        DataFrame::new(self.len(), columns).map_err(query)
    }

    /// A table of the columns a schema names, found in a data frame and conformed; others are left out. Numbers, dates and
    /// instants of our layout are shared, not copied.
    ///
    /// # Errors
    ///
    /// [`FrameError::Nonconforming`] with all problems; see [`conform`].
    pub fn from_data_frame(frame: &DataFrame, schema: &Schema) -> Result<Self, FrameError> {
        let columns = conform::arrays(frame, schema)?;
        Ok(Table::assemble(schema.fields().to_vec(), columns, frame.height())?)
    }
}

/// The columns of a role, in the order of the schema.
///
/// # Errors
///
/// [`FrameError::Query`] if the frame lacks one.
///
/// # Example
///
/// ```
/// use datagora_core::{Role, Table, Unit, columns_with_role};
///
/// let table = Table::empty()
///     .with_text("commune", Role::Identifier, [Some("69123")])?
///     .with_number("trees", Role::Measure, Unit::of("{tree}"), [Some(51_000.0)])?;
/// let frame = table.to_data_frame()?;
/// let measures = columns_with_role(&frame, table.schema(), Role::Measure)?;
/// assert_eq!(measures[0].name().as_str(), "trees");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn columns_with_role<'a>(
    frame: &'a DataFrame,
    schema: &Schema,
    role: Role,
) -> Result<Vec<&'a Column>, FrameError> {
    schema.with_role(role).map(|field| frame.column(&field.name).map_err(query)).collect()
}
