//! Columns in memory: an Arrow record batch with a schema that knows roles and units.
use std::sync::Arc;

mod access;
mod exchange;

#[cfg(feature = "polars")]
pub(crate) use exchange::{kind_of, to_layout};

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray, TimestampMillisecondArray, UInt64Array,
};
use arrow::datatypes as arrow_types;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{Field, FieldType, Role, Schema, Unit};

/// A table: an Arrow record batch, and a [`Schema`] that says what the columns mean.
///
/// Text is `Utf8`, whole numbers are `Int64`, numbers `Float64`, truth values `Boolean`: one layout per
/// [`FieldType`], so that no function needs to ask which.
///
/// ```
/// use datagora_core::{Field, FieldType, Role, Table, Unit};
///
/// let table = Table::empty()
///     .with_text("commune", Role::Identifier, [Some("69123"), Some("69266")])?
///     .with_number("trees", Role::Measure, Unit::of("{tree}"), [Some(51_000.0), None])?;
/// assert_eq!(table.len(), 2);
/// assert_eq!(table.text("commune")?.value(1), "69266");
/// # Ok::<(), datagora_core::TableError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    batch: RecordBatch,
    schema: Schema,
}

/// A column that is not as needed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// No column of this name.
    #[error("there is no column “{name}”; the columns are {found:?}")]
    Missing {
        /// Asked for.
        name: String,
        /// Names there are.
        found: Vec<String>,
    },
    /// Column of another type.
    #[error("column “{name}” holds {found}, {needed:?} is needed")]
    Type {
        /// Name of the column.
        name: String,
        /// Arrow type of the column.
        found: String,
        /// Type asked for.
        needed: FieldType,
    },
    /// Column of another length.
    #[error("column “{name}” has {found} rows, the table has {needed}")]
    Length {
        /// Name of the column.
        name: String,
        /// Its rows.
        found: usize,
        /// Rows of the table.
        needed: usize,
    },
    /// Tables or columns that do not fit together.
    #[error("the tables do not fit together: {reason}; give all the same columns in the same order")]
    Unlike {
        /// How they differ.
        reason: String,
        /// What Arrow says.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// Values missing where the schema wants all of them.
    #[error("column “{name}” lacks {missing} values, the first in row {first}; all are needed")]
    Gaps {
        /// Name of the column.
        name: String,
        /// How many are missing.
        missing: usize,
        /// The first row without one, counted from 0.
        first: usize,
    },
    /// Values that cannot be carried over without loss.
    #[error("column “{name}” holds {found}, and not all its values are {needed:?}: {source}")]
    Value {
        /// Name of the column.
        name: String,
        /// Arrow type of the column.
        found: String,
        /// Type asked for.
        needed: FieldType,
        /// What Arrow says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Two columns of one name.
    #[error("there is already a column “{name}”; rename one of them")]
    Duplicate {
        /// The name.
        name: String,
    },
}

fn unlike(error: arrow::error::ArrowError) -> TableError {
    TableError::Unlike { reason: error.to_string(), source: Some(Box::new(error)) }
}

impl FieldType {
    /// The Arrow type of a column of this type.
    pub fn arrow(self) -> arrow_types::DataType {
        use arrow_types::{DataType, TimeUnit};
        match self {
            FieldType::Boolean => DataType::Boolean,
            FieldType::Integer => DataType::Int64,
            FieldType::Number => DataType::Float64,
            FieldType::Text => DataType::Utf8,
            FieldType::Date => DataType::Date32,
            FieldType::Instant => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
            FieldType::Geometry => DataType::Binary,
        }
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::empty()
    }
}

impl Table {
    /// A table without columns; the first column added sets the number of rows.
    pub fn empty() -> Self {
        let batch = RecordBatch::new_empty(Arc::new(arrow_types::Schema::empty()));
        Self { batch, schema: Schema::default() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the columns mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The columns as Arrow sees them.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// A table of these columns, all at once.
    pub(crate) fn assemble(
        fields: Vec<Field>,
        columns: Vec<ArrayRef>,
        rows: usize,
    ) -> Result<Self, TableError> {
        let mut names = std::collections::BTreeSet::new();
        for (field, values) in fields.iter().zip(&columns) {
            if !names.insert(field.name.as_str()) {
                return Err(TableError::Duplicate { name: field.name.clone() });
            }
            if values.data_type() != &field.kind.arrow() {
                return Err(TableError::Type {
                    name: field.name.clone(),
                    found: values.data_type().to_string(),
                    needed: field.kind,
                });
            }
            if values.len() != rows {
                return Err(TableError::Length {
                    name: field.name.clone(),
                    found: values.len(),
                    needed: rows,
                });
            }
        }
        let arrow_fields: Vec<arrow_types::Field> = fields
            .iter()
            .map(|field| arrow_types::Field::new(&field.name, field.kind.arrow(), true))
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(
            Arc::new(arrow_types::Schema::new(arrow_fields)),
            columns,
            &options,
        )
        .map_err(unlike)?;
        Ok(Self { batch, schema: Schema::new(fields) })
    }

    /// The rows for which `keep` says so, in their order.
    pub fn filter(&self, mut keep: impl FnMut(usize) -> bool) -> Self {
        let rows: Vec<usize> = (0..self.len()).filter(|row| keep(*row)).collect();
        self.take(&rows)
    }

    /// These rows, in this order; a row may come more than once.
    ///
    /// # Panics
    ///
    /// If a row is not one of the table's.
    pub fn take(&self, rows: &[usize]) -> Self {
        let indices = UInt64Array::from_iter_values(rows.iter().map(|row| *row as u64));
        let columns = self
            .batch
            .columns()
            .iter()
            .map(|column| arrow::compute::take(column, &indices, None).expect("rows of the table"))
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let batch = RecordBatch::try_new_with_options(self.batch.schema(), columns, &options)
            .expect("the columns of a table, all of one length");
        Self { batch, schema: self.schema.clone() }
    }

    /// The rows of several tables with the same columns, one table after the other; no table at all gives an empty one.
    ///
    /// # Errors
    ///
    /// [`TableError::Unlike`] if the columns differ in name, type or order, or text becomes longer than 2 GiB.
    pub fn concat<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Result<Self, TableError> {
        let tables: Vec<&Table> = tables.into_iter().collect();
        let Some(first) = tables.first() else { return Ok(Self::empty()) };
        if let Some(other) = tables.iter().find(|table| table.schema != first.schema) {
            return Err(TableError::Unlike {
                reason: format!("columns {:?} and {:?}", first.names(), other.names()),
                source: None,
            });
        }
        let batches = tables.iter().map(|table| &table.batch);
        let batch = arrow::compute::concat_batches(&first.batch.schema(), batches).map_err(unlike)?;
        Ok(Self { batch, schema: first.schema.clone() })
    }

    fn names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name.as_str()).collect()
    }

    /// This table with one more column.
    ///
    /// # Errors
    ///
    /// [`TableError::Type`] if the array is not of the field's type, [`TableError::Length`] if it has another number of
    /// rows, [`TableError::Duplicate`] if the name is taken.
    pub fn with_column(self, field: Field, values: ArrayRef) -> Result<Self, TableError> {
        if self.batch.num_columns() == 0 {
            let rows = values.len();
            return Self::assemble(vec![field], vec![values], rows);
        }
        let rows = self.len();
        let mut fields = self.schema.fields().to_vec();
        fields.push(field);
        let mut columns = self.batch.columns().to_vec();
        columns.push(values);
        Self::assemble(fields, columns, rows)
    }

    /// This table with a column of text.
    ///
    /// # Errors
    ///
    /// As [`Table::with_column`].
    pub fn with_text(
        self,
        name: &str,
        role: Role,
        values: impl IntoIterator<Item = Option<impl AsRef<str>>>,
    ) -> Result<Self, TableError> {
        let array = StringArray::from_iter(values);
        self.with_column(Field::new(name, FieldType::Text, role), Arc::new(array))
    }

    /// This table with a column of numbers.
    ///
    /// # Errors
    ///
    /// As [`Table::with_column`].
    pub fn with_number(
        self,
        name: &str,
        role: Role,
        unit: Unit,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Result<Self, TableError> {
        let array = Float64Array::from_iter(values);
        self.with_column(Field::new(name, FieldType::Number, role).with_unit(unit), Arc::new(array))
    }

    /// This table with a column of whole numbers.
    ///
    /// # Errors
    ///
    /// As [`Table::with_column`].
    pub fn with_integer(
        self,
        name: &str,
        role: Role,
        unit: Unit,
        values: impl IntoIterator<Item = Option<i64>>,
    ) -> Result<Self, TableError> {
        let array = Int64Array::from_iter(values);
        self.with_column(Field::new(name, FieldType::Integer, role).with_unit(unit), Arc::new(array))
    }

    /// This table with a column of truth values.
    ///
    /// # Errors
    ///
    /// As [`Table::with_column`].
    pub fn with_boolean(
        self,
        name: &str,
        role: Role,
        values: impl IntoIterator<Item = Option<bool>>,
    ) -> Result<Self, TableError> {
        let array: BooleanArray = values.into_iter().collect();
        self.with_column(Field::new(name, FieldType::Boolean, role), Arc::new(array))
    }

    /// This table with a column of calendar dates.
    ///
    /// # Errors
    ///
    /// As [`Table::with_column`].
    pub fn with_date(
        self,
        name: &str,
        role: Role,
        values: impl IntoIterator<Item = Option<NaiveDate>>,
    ) -> Result<Self, TableError> {
        let days = values.into_iter().map(|date| date.map(arrow_types::Date32Type::from_naive_date));
        let array = Date32Array::from_iter(days);
        self.with_column(Field::new(name, FieldType::Date, role), Arc::new(array))
    }

    /// This table with a column of instants; kept to the millisecond.
    ///
    /// # Errors
    ///
    /// As [`Table::with_column`].
    pub fn with_instant(
        self,
        name: &str,
        role: Role,
        values: impl IntoIterator<Item = Option<DateTime<Utc>>>,
    ) -> Result<Self, TableError> {
        let times = values.into_iter().map(|instant| instant.map(|instant| instant.timestamp_millis()));
        let array = TimestampMillisecondArray::from_iter(times).with_timezone("UTC");
        self.with_column(Field::new(name, FieldType::Instant, role), Arc::new(array))
    }

    /// These columns, in this order.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`], and [`TableError::Duplicate`] if one is asked for twice.
    pub fn select(&self, names: &[&str]) -> Result<Self, TableError> {
        let mut fields = Vec::with_capacity(names.len());
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let position = self.position(name)?;
            fields.push(self.schema.fields()[position].clone());
            columns.push(self.batch.column(position).clone());
        }
        Self::assemble(fields, columns, self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::empty()
            .with_text("zone", Role::Identifier, [Some("a"), None, Some("c")])
            .unwrap()
            .with_boolean("open", Role::Attribute, [Some(true), Some(false), None])
            .unwrap()
            .with_date("day", Role::Time, [NaiveDate::from_ymd_opt(2024, 2, 29), None, None])
            .unwrap()
            .with_instant("at", Role::Time, [DateTime::from_timestamp_millis(1_500), None, None])
            .unwrap()
            .with_number("x", Role::Measure, Unit::METRE, [Some(1.0), Some(2.0), None])
            .unwrap()
    }

    #[test]
    fn columns_come_back() {
        let table = table();
        assert_eq!(table.date_values("day").unwrap().next(), Some(NaiveDate::from_ymd_opt(2024, 2, 29)));
        assert_eq!(table.instant_values("at").unwrap().next(), Some(DateTime::from_timestamp_millis(1_500)));
        assert_eq!(
            table.boolean_values("open").unwrap().collect::<Vec<_>>(),
            [Some(true), Some(false), None]
        );
        assert!(matches!(table.text("x"), Err(TableError::Type { .. })));
        assert!(matches!(table.numbers("zone"), Err(TableError::Type { .. })));
        assert!(matches!(table.numbers("y"), Err(TableError::Missing { .. })));
    }

    #[test]
    fn rows_and_columns_are_chosen() {
        let table = table();
        let taken = table.take(&[2, 0, 0]);
        assert_eq!(taken.text_values("zone").unwrap().collect::<Vec<_>>(), [Some("c"), Some("a"), Some("a")]);
        assert_eq!(table.filter(|row| row == 1).numbers("x").unwrap(), [2.0]);
        let chosen = table.select(&["x", "zone"]).unwrap();
        assert_eq!(chosen.names(), ["x", "zone"]);
        assert_eq!(chosen.schema().field("x").unwrap().unit, Some(Unit::METRE));
        assert!(matches!(table.select(&["x", "x"]), Err(TableError::Duplicate { .. })));
        assert_eq!(table.select(&[]).unwrap().len(), 3, "rows without columns are still rows");
    }

    #[test]
    fn tables_are_joined_end_to_end() {
        let table = table();
        let parts = [table.take(&[0]), table.take(&[]), table.take(&[1, 2])];
        assert_eq!(Table::concat(&parts).unwrap(), table);
        assert_eq!(Table::concat([]).unwrap().len(), 0);
        let other = table.select(&["x"]).unwrap();
        assert!(matches!(Table::concat([&table, &other]), Err(TableError::Unlike { .. })));
    }

    #[test]
    fn columns_have_one_length_and_one_name() {
        let wrong = table().with_text("other", Role::Attribute, [Some("a")]);
        assert!(matches!(wrong, Err(TableError::Length { found: 1, needed: 3, .. })));
        let twice = table().with_text("zone", Role::Attribute, [Some("a"), None, None]);
        assert!(matches!(twice, Err(TableError::Duplicate { .. })));
    }
}
