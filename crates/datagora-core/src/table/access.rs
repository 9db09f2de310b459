//! The columns of a table, by name and type.
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray,
    TimestampMillisecondArray,
};
use arrow::datatypes as arrow_types;
use chrono::{DateTime, NaiveDate, Utc};

use super::{Table, TableError};
use crate::FieldType;

impl Table {
    /// The column of this name, whatever its type.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`].
    pub fn column(&self, name: &str) -> Result<&ArrayRef, TableError> {
        self.position(name).map(|position| self.batch.column(position))
    }

    pub(super) fn position(&self, name: &str) -> Result<usize, TableError> {
        self.schema.fields().iter().position(|field| field.name == name).ok_or_else(|| TableError::Missing {
            name: name.to_owned(),
            found: self.names().into_iter().map(str::to_owned).collect(),
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

    /// The column of calendar dates of this name, as days since 1970.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn date(&self, name: &str) -> Result<&Date32Array, TableError> {
        self.typed(name, FieldType::Date)
    }

    /// The column of instants of this name, as milliseconds since 1970 UTC.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn instant(&self, name: &str) -> Result<&TimestampMillisecondArray, TableError> {
        self.typed(name, FieldType::Instant)
    }

    /// The column of geometries of this name, as well-known binary.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn geometry(&self, name: &str) -> Result<&BinaryArray, TableError> {
        self.typed(name, FieldType::Geometry)
    }

    /// The texts of a column, row by row.
    ///
    /// ```
    /// # use datagora_core::{Role, Table};
    /// let table = Table::empty().with_text("mode", Role::Dimension, [Some("bicycle"), None])?;
    /// assert_eq!(table.text_values("mode")?.collect::<Vec<_>>(), [Some("bicycle"), None]);
    /// # Ok::<(), datagora_core::TableError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn text_values(&self, name: &str) -> Result<impl Iterator<Item = Option<&str>>, TableError> {
        Ok(self.text(name)?.iter())
    }

    /// The numbers of a column as the kernels take them: missing values are NaN. Whole numbers become numbers.
    ///
    /// ```
    /// # use datagora_core::{Role, Table, Unit};
    /// let table = Table::empty().with_integer("trees", Role::Measure, Unit::of("{tree}"), [Some(3), None])?;
    /// let trees = table.numbers("trees")?;
    /// assert!(trees[0] == 3.0 && trees[1].is_nan());
    /// # Ok::<(), datagora_core::TableError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`], or [`TableError::Type`] if the column holds no numbers.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, TableError> {
        if let Some(whole) = self.column(name)?.as_primitive_opt::<arrow_types::Int64Type>() {
            return Ok(whole.iter().map(|value| value.map_or(f64::NAN, |value| value as f64)).collect());
        }
        Ok(self.number(name)?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    }

    /// The whole numbers of a column, row by row.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn integer_values(&self, name: &str) -> Result<impl Iterator<Item = Option<i64>>, TableError> {
        Ok(self.integer(name)?.iter())
    }

    /// The truth values of a column, row by row.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn boolean_values(&self, name: &str) -> Result<impl Iterator<Item = Option<bool>>, TableError> {
        Ok(self.boolean(name)?.iter())
    }

    /// The calendar dates of a column, row by row; a day beyond the calendar is missing.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn date_values(&self, name: &str) -> Result<impl Iterator<Item = Option<NaiveDate>>, TableError> {
        Ok(self.date(name)?.iter().map(|day| day.and_then(arrow_types::Date32Type::to_naive_date_opt)))
    }

    /// The instants of a column, row by row; one beyond the calendar is missing.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`] or [`TableError::Type`].
    pub fn instant_values(
        &self,
        name: &str,
    ) -> Result<impl Iterator<Item = Option<DateTime<Utc>>>, TableError> {
        Ok(self.instant(name)?.iter().map(|time| time.and_then(DateTime::from_timestamp_millis)))
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
