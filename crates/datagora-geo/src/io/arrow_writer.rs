//! Arrow IPC streams, written.
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema};
use arrow::ipc::writer::StreamWriter;
use datagora_core::io::AtomicFile;

use super::arrow_file::FORMAT;
use super::write_error::{WriteError, check_length};
use crate::{Features, GeoArrowOptions, write_geoarrow};

/// Name of the geometry column.
const COLUMN: &str = "geometry";

/// Writes an Arrow IPC stream of one batch: the attributes, and the geometries as GeoArrow.
///
/// The file appears whole or not at all. Coordinates are copied once, as the features stay with the caller.
///
/// # Errors
///
/// [`WriteError::Name`] if an attribute is called `geometry`, [`WriteError::Length`] if geometries and attributes
/// differ in number, [`WriteError::Container`] for more than 2³¹ − 1 coordinates, [`WriteError::File`].
///
/// # Example
///
/// See [`read_arrow`](crate::read_arrow).
pub fn write_arrow(
    path: impl AsRef<Path>,
    features: &Features,
    options: &GeoArrowOptions,
) -> Result<(), WriteError> {
    let path = path.as_ref();
    check_length(features, path)?;
    let refused = |source: Box<dyn Error + Send + Sync>| WriteError::Container {
        file: path.to_owned(),
        format: FORMAT,
        source,
    };
    let table = features.attributes.batch();
    if table.schema().field_with_name(COLUMN).is_ok() {
        return Err(WriteError::Name { file: path.to_owned(), name: COLUMN.to_owned() });
    }
    let (field, array) =
        write_geoarrow(COLUMN, features.geometry.clone(), options).map_err(|error| refused(error.into()))?;
    let mut fields: Vec<Arc<Field>> = table.schema().fields().iter().cloned().collect();
    fields.push(Arc::new(field));
    let columns = table.columns().iter().cloned().chain([array]).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|error| refused(error.into()))?;
    let mut file = AtomicFile::create(path)?;
    let mut writer =
        StreamWriter::try_new(&mut file, &batch.schema()).map_err(|error| refused(error.into()))?;
    writer.write(&batch).and_then(|()| writer.finish()).map_err(|error| refused(error.into()))?;
    drop(writer);
    file.flush()
        .map_err(|source| datagora_core::io::WriteError::Unwritable { path: path.to_owned(), source })?;
    Ok(file.commit()?)
}
