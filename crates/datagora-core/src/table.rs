//! Columns in memory: an Arrow record batch with a schema that knows roles and units.
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
    UInt64Array,
};
use arrow::datatypes as arrow_types;

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
        if self.schema.field(&field.name).is_some() {
            return Err(TableError::Duplicate { name: field.name });
        }
        if values.data_type() != &field.kind.arrow() {
            return Err(TableError::Type {
                name: field.name,
                found: values.data_type().to_string(),
                needed: field.kind,
            });
        }
        let first = self.batch.num_columns() == 0;
        if !first && values.len() != self.len() {
            return Err(TableError::Length { name: field.name, found: values.len(), needed: self.len() });
        }
        let rows = values.len();
        let mut fields: Vec<arrow_types::FieldRef> = self.batch.schema().fields().iter().cloned().collect();
        fields.push(Arc::new(arrow_types::Field::new(&field.name, values.data_type().clone(), true)));
        let mut columns = self.batch.columns().to_vec();
        columns.push(values);
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch =
            RecordBatch::try_new_with_options(Arc::new(arrow_types::Schema::new(fields)), columns, &options)
                .expect("types and lengths were just checked");
        let mut fields = self.schema.fields().to_vec();
        fields.push(field);
        Ok(Self { batch, schema: Schema::new(fields) })
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

    /// The column of this name, whatever its type.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`].
    pub fn column(&self, name: &str) -> Result<&ArrayRef, TableError> {
        self.batch.column_by_name(name).ok_or_else(|| TableError::Missing {
            name: name.to_owned(),
            found: self.schema.fields().iter().map(|field| field.name.clone()).collect(),
        })
    }

    /// The column of text of this name.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn text(&self, name: &str) -> Result<&StringArray, TableError> {
        self.typed(name, FieldType::Text)
    }

    /// The column of numbers of this name.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn number(&self, name: &str) -> Result<&Float64Array, TableError> {
        self.typed(name, FieldType::Number)
    }

    /// The column of whole numbers of this name.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn integer(&self, name: &str) -> Result<&Int64Array, TableError> {
        self.typed(name, FieldType::Integer)
    }

    /// The column of truth values of this name.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn boolean(&self, name: &str) -> Result<&BooleanArray, TableError> {
        self.typed(name, FieldType::Boolean)
    }

    fn typed<A: Array + 'static>(&self, name: &str, needed: FieldType) -> Result<&A, TableError> {
        let column = self.column(name)?;
        column.as_any().downcast_ref().ok_or_else(|| TableError::Type {
            name: name.to_owned(),
            found: column.data_type().to_string(),
            needed,
        })
    }
}
