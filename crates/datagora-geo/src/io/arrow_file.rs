//! Arrow IPC streams and files with GeoArrow columns, read.
use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, copy, sink};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, MutableArrayData, RecordBatch, RecordBatchOptions, make_array};
use arrow::buffer::Buffer;
use arrow::datatypes::{Field, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamDecoder;
use datagora_core::{Crs, Hashed};

use super::arrow_columns::field_type;
use super::attributes::attributes;
use super::binary::Decoder;
use super::error::{Fault, ReadError};
use super::file::FeatureFile;
use super::guarded::guarded;
use super::note::ReadNote;
use crate::Features;
use crate::geoarrow::{Encoding, Refused, append, describe_field, extension};

/// First bytes of an Arrow file; a stream follows them.
pub(super) const MAGIC: [u8; 6] = *b"ARROW1";

/// Reads an Arrow IPC stream or file (Feather 2) with a GeoArrow column: the first, or that of a name.
///
/// Other columns become attributes as by [`read_geoparquet`](crate::read_geoparquet), other geometry columns are left
/// out with a note. The CRS is that of the field; none stated: unknown. Batches are read one after the other, so that
/// no more than one is held beside the result.
///
/// # Errors
///
/// [`ReadError::Io`]; [`ReadError::Container`] if the file is not Arrow IPC or is corrupt; [`ReadError::Layer`], naming
/// the geometry columns, if there is none of the name; [`ReadError::Malformed`] if buffers are compressed (LZ4,
/// Zstandard), if there is no geometry, or with the row if one cannot be read.
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
    guarded(path, FORMAT, || read(path, column))
}

/// As errors name it.
pub(super) const FORMAT: &str = "Arrow IPC";

/// Bytes handed to the decoder at a time; a multiple of the alignment of buffers.
const CHUNK: u64 = 1 << 20;

/// Reads forward, one batch at a time.
fn read(path: &Path, asked: Option<&str>) -> Result<FeatureFile, ReadError> {
    let unreadable = |source| ReadError::Io { file: path.to_owned(), source };
    let refused = |error: Box<dyn Error + Send + Sync>| container(path, error);
    let mut file = File::open(path).map_err(unreadable)?;
    let stream = stream(&mut file).map_err(unreadable)?;
    let stream = stream.ok_or_else(|| refused("the file has no index at its end".into()))?;
    let mut file = Hashed::new(file);
    copy(&mut file.by_ref().take(stream.start), &mut sink()).map_err(unreadable)?;

    let mut left = stream.end - stream.start;
    let mut decoder = StreamDecoder::new();
    let mut layer = None;
    'stream: while left > 0 {
        let mut chunk = Vec::new();
        let found = file.by_ref().take(left.min(CHUNK)).read_to_end(&mut chunk).map_err(unreadable)?;
        if found == 0 {
            break;
        }
        left -= found as u64;
        let mut chunk = Buffer::from_vec(chunk);
        while !chunk.is_empty() {
            let batch = match decoder.decode(&mut chunk) {
                Ok(batch) => batch,
                // The stream has said that it ends; what follows is no part of it.
                Err(_) if decoder.finish().is_ok() => break 'stream,
                Err(error) => return Err(undecodable(path, error)),
            };
            if let (None, Some(schema)) = (&layer, decoder.schema()) {
                layer = Some(Layer::choose(path, schema, asked)?);
            }
            if let (Some(layer), Some(batch)) = (&mut layer, batch) {
                layer.add(batch)?;
            }
        }
    }
    decoder.finish().map_err(|error| refused(error.into()))?;
    let layer = layer.ok_or_else(|| refused("there is no schema".into()))?;
    let (features, notes) = layer.finish()?;
    Ok(FeatureFile::new(features, notes, path, file.finish().map_err(unreadable)?))
}

/// What the decoder refuses. Compressed buffers are refused on purpose: the decoder (arrow-ipc 59.3) takes as much memory as
/// such a buffer says that it needs, before it looks at it, so that a hundred bytes could end the program.
fn undecodable(path: &Path, error: ArrowError) -> ReadError {
    let text = error.to_string();
    for (feature, codec) in [("requires the lz4 feature", "LZ4"), ("requires the zstd feature", "Zstandard")]
    {
        if text.contains(feature) {
            let found = format!("buffers compressed with {codec}");
            let hint = "write the file without compression, as with pyarrow: compression=None";
            return Fault::new(found, "buffers without compression", hint).in_file(path);
        }
    }
    container(path, error.into())
}

/// The geometry column that is read, and what of the batches is kept.
struct Layer<'a> {
    path: &'a Path,
    schema: SchemaRef,
    name: String,
    encoding: Encoding,
    crs: Crs,
    decoder: Decoder,
    /// Attributes, batch by batch.
    attributes: Vec<RecordBatch>,
}

impl<'a> Layer<'a> {
    fn choose(path: &'a Path, schema: SchemaRef, asked: Option<&str>) -> Result<Self, ReadError> {
        let mut geometries = schema.fields().iter().filter(|field| extension(field).is_some());
        let chosen = geometries.find(|field| asked.is_none_or(|name| field.name() == name));
        let Some(chosen) = chosen else {
            let names = |wanted: &dyn Fn(&Field) -> bool| -> Vec<String> {
                let fields = schema.fields().iter().filter(|field| wanted(field));
                fields.map(|field| field.name().clone()).collect()
            };
            if asked.is_none() {
                let found = format!("a table without geometry, of the columns {:?}", names(&|_| true));
                let hint = "read it as a table, and make points of its coordinates";
                return Err(Fault::new(found, "a column of a geoarrow extension type", hint).in_file(path));
            }
            let found = names(&|field| extension(field).is_some());
            return Err(ReadError::Layer { file: path.to_owned(), asked: asked.map(str::to_owned), found });
        };
        let name = chosen.name().clone();
        let (encoding, crs) = describe_field(chosen).map_err(|error| {
            Fault::new(error.to_string(), "an extension type that we read", "convert it to geoarrow.wkb")
                .in_column(&name)
                .in_file(path)
        })?;
        let decoder = Decoder::default();
        Ok(Self { path, schema, name, encoding, crs, decoder, attributes: Vec::new() })
    }

    /// Whether a column is an attribute.
    fn keeps(&self, field: &Field) -> bool {
        *field.name() != self.name && extension(field).is_none()
    }

    fn add(&mut self, batch: RecordBatch) -> Result<(), ReadError> {
        if let Some(array) = batch.column_by_name(&self.name) {
            append(array, self.encoding, &mut self.decoder.rows).map_err(|refused| {
                let found = match refused {
                    Refused::Layout => format!("{} in the encoding {:?}", array.data_type(), self.encoding),
                    Refused::Wkb(error) => error.to_string(),
                    Refused::Wkt(error) => error.to_string(),
                };
                let needed = "the layout that the extension type asks for";
                let fault = Fault::new(found, needed, "write the file again");
                fault.at_feature(self.decoder.len()).in_column(&self.name).in_file(self.path)
            })?;
        }
        let kept = |&place: &usize| {
            let field = self.schema.field(place);
            self.keeps(field) && field_type(field.data_type()).is_some()
        };
        let places: Vec<usize> = (0..batch.num_columns()).filter(kept).collect();
        let kept = batch.project(&places).map_err(|error| container(self.path, error.into()))?;
        // Columns share the memory of their message: what is kept of it is copied, so that the rest can go.
        let columns = kept.columns().iter().map(|column| {
            let column = column.to_data();
            let mut copy = MutableArrayData::new(vec![&column], false, column.len());
            copy.try_extend(0, 0, column.len())?;
            Ok(make_array(copy.freeze()))
        });
        let rows = RecordBatchOptions::new().with_row_count(Some(kept.num_rows()));
        let kept = columns
            .collect::<Result<_, ArrowError>>()
            .and_then(|columns| RecordBatch::try_new_with_options(kept.schema(), columns, &rows));
        self.attributes.push(kept.map_err(|error| container(self.path, error.into()))?);
        Ok(())
    }

    fn finish(mut self) -> Result<(Features, Vec<ReadNote>), ReadError> {
        let mut notes = Vec::new();
        if self.crs == crate::crs::unknown_crs() {
            notes.push(ReadNote::CrsUnknown { found: "nothing".into() });
        }
        let geometry = self.decoder.finish(self.crs.clone());
        self.decoder.tell(&mut notes);
        for field in self.schema.fields().iter().filter(|field| *field.name() != self.name) {
            if !self.keeps(field) || field_type(field.data_type()).is_none() {
                let kind = field.data_type().to_string();
                notes.push(ReadNote::ColumnDropped { column: field.name().clone(), kind });
            }
        }
        let schema = self.attributes.first().map_or_else(|| Arc::clone(&self.schema), RecordBatch::schema);
        let kept = |column: &str| schema.field_with_name(column).is_ok_and(|field| self.keeps(field));
        let attributes = attributes(&schema, &self.attributes, kept, None, &mut notes)
            .map_err(|error| container(self.path, error))?;
        Ok((Features { geometry, attributes }, notes))
    }
}

/// Most zeros between the magic bytes and the stream.
const FILLING: u64 = 64;

/// Where the stream is: the whole of one; in a file behind the magic bytes and before the index, whose length stands at the
/// end. `None` for a file without index.
fn stream(file: &mut File) -> io::Result<Option<Range<u64>>> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut start = [0; MAGIC.len()];
    file.rewind()?;
    if length < start.len() as u64 {
        return Ok(Some(0..length));
    }
    file.read_exact(&mut start)?;
    let mut range = Some(0..length);
    if start == MAGIC {
        // The length of the index in four bytes, then the magic bytes again.
        let mut end = [0; 4 + MAGIC.len()];
        range = None;
        if length >= (MAGIC.len() + end.len()) as u64 {
            let foot = file.seek(SeekFrom::End(-(end.len() as i64)))?;
            file.read_exact(&mut end)?;
            let (index, magic) = end.split_at(4);
            let index = index.iter().rev().fold(0, |length, &byte| length << 8 | u64::from(byte));
            let until = foot.checked_sub(index).filter(|&until| until >= 8 && magic == MAGIC);
            // Some writers fill up with more zeros than the two that the format asks for.
            let mut zeros = Vec::new();
            file.seek(SeekFrom::Start(8))?;
            Read::by_ref(file).take(FILLING).read_to_end(&mut zeros)?;
            let zeros = zeros.iter().take_while(|&&byte| byte == 0).count() as u64 / 8 * 8;
            range = until.map(|until| (8 + zeros).min(until)..until);
        }
    }
    file.rewind()?;
    Ok(range)
}

fn container(path: &Path, source: Box<dyn Error + Send + Sync>) -> ReadError {
    ReadError::Container { file: path.to_owned(), format: FORMAT, source }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Schema;
    use arrow::ipc::writer::{FileWriter, StreamWriter};
    use datagora_core::{Role, Table, content_hash};

    use super::*;
    use crate::{GeoArrowOptions, GeometryColumn, write_geoarrow};

    /// Batches of a stream or a file, more bytes than are read at a time.
    fn written(path: &Path, file: bool) -> Features {
        let x: Vec<f64> = (0..90_000).map(f64::from).collect();
        let names: Vec<String> = (0..90_000).map(|row| format!("n° {row}")).collect();
        let names = names.iter().enumerate().map(|(row, name)| (row % 5 > 0).then_some(name.as_str()));
        let attributes = Table::empty().with_text("nom", Role::Attribute, names).unwrap();
        let geometry = GeometryColumn::points(x.clone(), x, Crs::CC46);
        let (field, array) = write_geoarrow("g", geometry.clone(), &GeoArrowOptions::default()).unwrap();
        let name = attributes.batch().schema().field(0).clone();
        let schema = Arc::new(Schema::new(vec![name, field]));
        let columns = vec![Arc::clone(attributes.batch().column(0)), array];
        let whole = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
        let batches = (0..9).map(|batch| whole.slice(10_000 * batch, 10_000));
        let to = File::create(path).unwrap();
        if file {
            let mut writer = FileWriter::try_new(to, &schema).unwrap();
            batches.for_each(|batch| writer.write(&batch).unwrap());
            writer.finish().unwrap();
        } else {
            let mut writer = StreamWriter::try_new(to, &schema).unwrap();
            batches.for_each(|batch| writer.write(&batch).unwrap());
            writer.finish().unwrap();
        }
        Features { geometry, attributes }
    }

    #[test]
    fn many_batches_make_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.arrow");
        for file in [false, true] {
            let features = written(&path, file);
            let bytes = std::fs::read(&path).unwrap();
            assert!(bytes.len() as u64 > 2 * CHUNK);
            let read = read_arrow(&path, None).unwrap();
            assert_eq!(read.features.geometry, features.geometry);
            assert_eq!(read.features.attributes.batch().columns(), features.attributes.batch().columns());
            assert_eq!((read.content_hash, read.notes), (content_hash(&bytes), Vec::new()));
            assert!(matches!(read_arrow(&path, Some("nom")), Err(ReadError::Layer { .. })));
            std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
            assert!(matches!(read_arrow(&path, None), Err(ReadError::Container { .. })));
        }
        for bytes in [&b"ARROW1"[..], b"ARROW1\0\0\xff\xff\xff\xffARROW1", b""] {
            std::fs::write(&path, bytes).unwrap();
            assert!(matches!(read_arrow(&path, None), Err(ReadError::Container { .. })), "{bytes:?}");
        }
    }

    /// Made by `tests/golden/arrow_compressed.py` with pyarrow 26.0.1.
    #[test]
    fn compressed_buffers_are_refused_with_what_to_do() {
        for (file, codec) in [("points_lz4", "LZ4"), ("points_zstd", "Zstandard")] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/arrow");
            let error = read_arrow(folder.join(format!("{file}.arrows")), None).unwrap_err();
            assert!(matches!(error, ReadError::Malformed(_)), "{error}");
            let message = error.to_string();
            assert!(message.contains(&format!("found buffers compressed with {codec}")), "{message}");
            assert!(message.contains("compression=None"), "{message}");
        }
    }
}
