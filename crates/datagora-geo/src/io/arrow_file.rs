//! Arrow IPC streams and files with GeoArrow columns.
use std::any::Any;
use std::error::Error;
use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::datatypes::{Field, Schema};
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use datagora_core::content_hash;
use datagora_core::io::AtomicFile;

use super::arrow_columns::field_type;
use super::attributes::attributes;
use super::binary::Decoder;
use super::error::{Fault, ReadError, read_bytes};
use super::file::FeatureFile;
use super::note::ReadNote;
use super::write_error::{WriteError, check_length};
use crate::geoarrow::{Refused, append, describe_field, extension};
use crate::{Features, GeoArrowOptions, write_geoarrow};

/// First bytes of an Arrow file; a stream follows them.
pub(super) const MAGIC: &[u8] = b"ARROW1";

/// Reads an Arrow IPC stream or file (Feather 2) with a GeoArrow column: the first, or that of a name.
///
/// Other columns become attributes as by [`read_geoparquet`](crate::read_geoparquet), other geometry columns are left
/// out with a note. The CRS is that of the field; none stated: unknown. Compressed buffers are refused.
///
/// # Errors
///
/// [`ReadError::Io`]; [`ReadError::Container`] if the file is not Arrow IPC or is corrupt; [`ReadError::Layer`], naming
/// the geometry columns, if there is none of the name; [`ReadError::Malformed`] if there is no geometry, or with the
/// row if one cannot be read.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.arrows");
/// use datagora_core::{Crs, Table};
/// use datagora_geo::{Features, GeoArrowOptions, GeometryColumn, read_arrow, write_arrow};
///
/// let geometry = GeometryColumn::points(vec![1_842_734.9], vec![5_174_970.7], Crs::CC46);
/// let trees = Features { geometry, attributes: Table::empty() };
/// write_arrow(&path, &trees, &GeoArrowOptions::default())?;
/// assert_eq!(read_arrow(&path, None)?.features, trees);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Apache Arrow, *Columnar format, IPC*. · GeoArrow specification 0.2.
pub fn read_arrow(path: impl AsRef<Path>, column: Option<&str>) -> Result<FeatureFile, ReadError> {
    let path = path.as_ref();
    let bytes = read_bytes(path)?;
    let hash = content_hash(&bytes);
    // The decoder asserts what it should check (arrow-ipc 59.3); nothing outlives the closure.
    let read = catch_unwind(AssertUnwindSafe(|| read(path, bytes, column)));
    let (features, notes) = read.unwrap_or_else(|payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(container(path, format!("the decoder gave up: {text}").into()))
    })?;
    Ok(FeatureFile::new(features, notes, path, hash))
}

fn read(path: &Path, bytes: Vec<u8>, asked: Option<&str>) -> Result<(Features, Vec<ReadNote>), ReadError> {
    let refused = |error: Box<dyn Error + Send + Sync>| container(path, error);
    let stream = match bytes.starts_with(MAGIC) {
        false => 0..bytes.len(),
        true => stream(&bytes).ok_or_else(|| refused("the file has no index at its end".into()))?,
    };
    let mut buffer = Buffer::from_vec(bytes).slice_with_length(stream.start, stream.len());
    let mut decoder = StreamDecoder::new();
    let mut batches: Vec<RecordBatch> = Vec::new();
    while !buffer.is_empty() {
        batches.extend(decoder.decode(&mut buffer).map_err(|error| refused(error.into()))?);
    }
    decoder.finish().map_err(|error| refused(error.into()))?;
    let schema = decoder.schema().ok_or_else(|| refused("there is no schema".into()))?;

    let geometries: Vec<&Arc<Field>> =
        schema.fields().iter().filter(|field| extension(field).is_some()).collect();
    let chosen = match asked {
        Some(name) => geometries.iter().find(|field| field.name() == name),
        None => geometries.first(),
    };
    let Some(chosen) = chosen else {
        let found: Vec<String> = geometries.iter().map(|field| field.name().clone()).collect();
        if asked.is_none() {
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let found = format!("a table without geometry, of the columns {names:?}");
            let hint = "read it as a table, and make points of its coordinates";
            return Err(Fault::new(found, "a column of a geoarrow extension type", hint).in_file(path));
        }
        return Err(ReadError::Layer { file: path.to_owned(), asked: asked.map(str::to_owned), found });
    };
    let name = chosen.name();
    let (encoding, crs) = describe_field(chosen).map_err(|error| {
        Fault::new(error.to_string(), "an extension type that we read", "convert it to geoarrow.wkb")
            .in_column(name)
            .in_file(path)
    })?;
    let mut notes = Vec::new();
    if crs == crate::crs::unknown_crs() {
        notes.push(ReadNote::CrsUnknown { found: "nothing".into() });
    }
    let mut decoder = Decoder::default();
    for batch in &batches {
        let Some(array) = batch.column_by_name(name) else { continue };
        append(array, encoding, &mut decoder.rows).map_err(|refused| {
            let found = match refused {
                Refused::Layout => format!("{} in the encoding {encoding:?}", array.data_type()),
                Refused::Wkb(error) => error.to_string(),
                Refused::Wkt(error) => error.to_string(),
            };
            let fault =
                Fault::new(found, "the layout that the extension type asks for", "write the file again");
            fault.at_feature(decoder.len()).in_column(name).in_file(path)
        })?;
    }
    let geometry = decoder.finish(crs);
    decoder.tell(&mut notes);
    for field in schema.fields().iter().filter(|field| field.name() != name) {
        if extension(field).is_some() || field_type(field.data_type()).is_none() {
            let kind = field.data_type().to_string();
            notes.push(ReadNote::ColumnDropped { column: field.name().clone(), kind });
        }
    }
    let kept = |column: &str| column != name && !geometries.iter().any(|field| field.name() == column);
    let attributes = attributes(&schema, &batches, kept, &mut notes).map_err(refused)?;
    Ok((Features { geometry, attributes }, notes))
}

/// Where in a file the stream is: behind the magic bytes, before the index, whose length stands at the end.
fn stream(bytes: &[u8]) -> Option<Range<usize>> {
    let (rest, length) = bytes.strip_suffix(MAGIC)?.split_last_chunk::<4>()?;
    let end = rest.len().checked_sub(u32::from_le_bytes(*length) as usize)?;
    (end >= 8).then_some(8..end)
}

fn container(path: &Path, source: Box<dyn Error + Send + Sync>) -> ReadError {
    ReadError::Container { file: path.to_owned(), format: "Arrow IPC", source }
}

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
/// See [`read_arrow`].
pub fn write_arrow(
    path: impl AsRef<Path>,
    features: &Features,
    options: &GeoArrowOptions,
) -> Result<(), WriteError> {
    let path = path.as_ref();
    check_length(features, path)?;
    let refused = |source: Box<dyn Error + Send + Sync>| WriteError::Container {
        file: path.to_owned(),
        format: "Arrow IPC",
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
