//! Columns of the Parquet files.
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal64Type, Field, Float64Type, Int64Type, Schema, TimeUnit};
use datagora_core::Crs;
use datagora_geo::{GeometryColumn, read_wkb_column};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use rayon::prelude::*;

use super::Failure;

/// Some columns of a table, each in batches.
pub(super) struct Columns(Vec<(String, Vec<ArrayRef>)>);

/// Rows of a batch.
const BATCH: usize = 65_536;

/// Degrees taken as a plane.
pub(super) fn plane() -> Crs {
    Crs::custom("degrees of longitude and latitude, measured as a plane")
}

/// The columns of a file, its binary ones to be read as views of the pages, without a copy, its decimals in 64 bits.
fn metadata(path: &Path) -> Result<ArrowReaderMetadata, Failure> {
    let found = ArrowReaderMetadata::load(&File::open(path)?, Default::default())?;
    let viewed = |field: &Arc<Field>| match field.data_type() {
        DataType::Binary => field.as_ref().clone().with_data_type(DataType::BinaryView),
        // Decimals of up to 18 digits as they are stored, in 64 bits.
        DataType::Decimal128(digits @ ..=18, scale) => {
            field.as_ref().clone().with_data_type(DataType::Decimal64(*digits, *scale))
        }
        _ => field.as_ref().clone(),
    };
    let schema = Schema::new(found.schema().fields().iter().map(viewed).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    Ok(ArrowReaderMetadata::try_new(found.metadata().clone(), options)?)
}

impl Columns {
    /// Reads columns of a Parquet file, side by side.
    pub(super) fn read(path: &Path, columns: &[&str]) -> Result<Self, Failure> {
        Self::read_rows(path, columns, None)
    }

    /// Reads some rows, in ascending order, of columns.
    pub(super) fn read_rows(path: &Path, columns: &[&str], rows: Option<&[usize]>) -> Result<Self, Failure> {
        let metadata = metadata(path)?;
        let selection = rows.map(|rows| {
            let all = metadata.metadata().file_metadata().num_rows() as usize;
            RowSelection::from_consecutive_ranges(rows.iter().map(|&row| row..row + 1), all)
        });
        let read = |column: &&str| -> Result<(String, Vec<ArrayRef>), Failure> {
            let reader =
                ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path)?, metadata.clone());
            let mask = ProjectionMask::columns(reader.parquet_schema(), [*column]);
            let reader = reader.with_projection(mask).with_batch_size(BATCH);
            let batches = match &selection {
                Some(rows) => reader.with_row_selection(rows.clone()).build()?,
                None => reader.build()?,
            };
            let arrays = batches.map(|batch| {
                let batch = batch?;
                batch.columns().first().cloned().ok_or_else(|| format!("there is no column {column}").into())
            });
            Ok(((*column).to_owned(), arrays.collect::<Result<_, Failure>>()?))
        };
        Ok(Self(columns.par_iter().map(read).collect::<Result<_, Failure>>()?))
    }

    fn column(&self, name: &str) -> Result<&[ArrayRef], Failure> {
        let found = self.0.iter().find(|(column, _)| column == name);
        found.map(|(_, arrays)| &arrays[..]).ok_or_else(|| format!("the column {name} was not read").into())
    }

    /// The geometries of a column of well-known binary.
    pub(super) fn geometry(&self, name: &str) -> Result<GeometryColumn, Failure> {
        let arrays: Option<Vec<_>> =
            self.column(name)?.iter().map(|array| array.as_binary_view_opt()).collect();
        let rows = arrays.ok_or_else(|| format!("{name} is not binary"))?.into_iter().flatten();
        Ok(read_wkb_column(rows, plane())?.geometry)
    }

    /// A column of decimal numbers; missing ones are NaN.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<f64>, Failure> {
        let mut rows = Vec::new();
        for array in self.column(name)? {
            if let (DataType::Decimal64(_, scale), 0) = (array.data_type(), array.null_count()) {
                let unit = 10f64.powi(i32::from(*scale));
                let decimals = array.as_primitive::<Decimal64Type>().values();
                rows.extend(decimals.iter().map(|value| *value as f64 / unit));
                continue;
            }
            let array = cast(array, &DataType::Float64)?;
            rows.extend(array.as_primitive::<Float64Type>().iter().map(|value| value.unwrap_or(f64::NAN)));
        }
        Ok(rows)
    }

    /// A column of keys.
    pub(super) fn keys(&self, name: &str) -> Result<Vec<i64>, Failure> {
        let mut rows = Vec::new();
        for array in self.column(name)? {
            rows.extend_from_slice(cast(array, &DataType::Int64)?.as_primitive::<Int64Type>().values());
        }
        Ok(rows)
    }

    /// A column of times, in seconds; missing ones are NaN.
    pub(super) fn seconds(&self, name: &str) -> Result<Vec<f64>, Failure> {
        let mut rows = Vec::new();
        for array in self.column(name)? {
            let array = cast(array, &DataType::Timestamp(TimeUnit::Millisecond, None))?;
            let array = cast(&array, &DataType::Int64)?;
            let second = |value: Option<i64>| value.map_or(f64::NAN, |value| value as f64 / 1000.0);
            rows.extend(array.as_primitive::<Int64Type>().iter().map(second));
        }
        Ok(rows)
    }

    /// A column of text.
    pub(super) fn text(&self, name: &str) -> Result<Vec<String>, Failure> {
        let mut rows = Vec::new();
        for array in self.column(name)? {
            let array = cast(array, &DataType::Utf8)?;
            rows.extend(array.as_string::<i32>().iter().map(|text| text.unwrap_or_default().to_owned()));
        }
        Ok(rows)
    }
}
