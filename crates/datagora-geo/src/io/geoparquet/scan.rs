//! GeoParquet by batches.
use std::any::Any;
use std::error::Error;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datagora_core::{Crs, Table};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use serde::Serialize;

use super::super::arrow_columns::field_type;
use super::super::attributes::attributes;
use super::super::binary::Decoder;
use super::super::error::{Fault, ReadError};
use super::super::note::ReadNote;
use super::metadata::{Geo, GeoColumn};
use super::within::row_groups;
use crate::geoarrow::{Refused, append};
use crate::geometry::Bounds;
use crate::types::Rect;
use crate::{Features, GeometryColumn};

/// What of a GeoParquet file is read, and how much at a time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GeoParquetReadOptions {
    /// Geometry columns, the main one first; without any, the primary one of the file.
    pub geometry: Vec<String>,
    /// The CRS of geometry columns named here that the file does not describe as such: columns of well-known binary.
    pub undescribed: Option<Crs>,
    /// Attributes to read; `None` for all.
    pub attributes: Option<Vec<String>>,
    /// Least x, least y, greatest x, greatest y of the rectangle that the main geometry of a row has to meet.
    pub within: Option<[f64; 4]>,
    /// Most rows in a batch, at least 1.
    pub batch: usize,
}

impl Default for GeoParquetReadOptions {
    /// The primary geometry column, all attributes, all rows, 65,536 at a time.
    fn default() -> Self {
        Self { geometry: Vec::new(), undescribed: None, attributes: None, within: None, batch: 65_536 }
    }
}

impl GeoParquetReadOptions {
    /// Adds a geometry column. The first is that of [`FeatureBatch::features`], others are
    /// [`further`](FeatureBatch::further).
    pub fn with_geometry(mut self, column: impl Into<String>) -> Self {
        self.geometry.push(column.into());
        self
    }

    /// Takes geometry columns that the file does not describe as well-known binary in this CRS.
    pub fn with_undescribed(self, crs: Crs) -> Self {
        Self { undescribed: Some(crs), ..self }
    }

    /// Reads these attributes only.
    pub fn with_attributes<T: Into<String>>(self, columns: impl IntoIterator<Item = T>) -> Self {
        Self { attributes: Some(columns.into_iter().map(Into::into).collect()), ..self }
    }

    /// Reads the rows whose rectangle meets this one, edges included, in the CRS of the file. Row groups that cannot
    /// hold any are skipped unread.
    pub fn within(self, rectangle: Rect) -> Self {
        let (min, max) = (rectangle.min(), rectangle.max());
        Self { within: Some([min.x, min.y, max.x, max.y]), ..self }
    }

    /// Sets the most rows that a batch holds.
    pub fn with_batch(self, rows: usize) -> Self {
        Self { batch: rows, ..self }
    }
}

/// Some rows of a file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FeatureBatch {
    /// The main geometry and the attributes.
    pub features: Features,
    /// The other geometry columns asked for, in the order asked for; as many rows.
    pub further: Vec<GeometryColumn>,
}

/// A GeoParquet file being read: an iterator over its batches.
#[derive(Debug)]
pub struct GeoParquetScan {
    path: PathBuf,
    chosen: Vec<(GeoColumn, Crs, Decoder)>,
    wanted: Option<Vec<String>>,
    within: Option<Bounds>,
    schema: SchemaRef,
    reader: ParquetRecordBatchReader,
    row_groups: (usize, usize),
    rows: usize,
    notes: Vec<ReadNote>,
    failed: bool,
}

/// Opens GeoParquet to read it by batches: memory does not grow with the file, columns that are not asked for are not
/// decoded, and points in well-known binary go straight to the buffers of their column.
///
/// # Errors
///
/// As [`read_geoparquet`](crate::read_geoparquet); [`ReadError::Layer`], naming the geometry columns, if one asked for
/// is none; the batches themselves are results.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.parquet");
/// use datagora_core::{Crs, Table};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{
///     Features, GeoParquetOptions, GeoParquetReadOptions, GeometryColumn, scan_geoparquet, write_geoparquet,
/// };
///
/// let x: Vec<f64> = (0..1000).map(f64::from).collect();
/// let geometry = GeometryColumn::points(x.clone(), x, Crs::CC46);
/// let trees = Features { geometry, attributes: Table::empty() };
/// write_geoparquet(&path, &trees, &GeoParquetOptions::default().with_covering(true).with_row_group(100))?;
///
/// let square = Rect::new(coord! { x: 250.0, y: 250.0 }, coord! { x: 259.0, y: 300.0 });
/// let mut scan = scan_geoparquet(&path, &GeoParquetReadOptions::default().within(square))?;
/// assert_eq!(scan.row_groups(), (1, 10)); // one of ten is read
/// let mut trees = 0;
/// for batch in &mut scan {
///     trees += batch?.features.len();
/// }
/// assert_eq!(trees, 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Columns of well-known binary in a Parquet file that says nothing of geometries:
///
/// ```no_run
/// use datagora_core::Crs;
/// use datagora_geo::{GeoParquetReadOptions, scan_geoparquet};
///
/// let options = GeoParquetReadOptions::default()
///     .with_geometry("t_pickuploc")
///     .with_geometry("t_dropoffloc")
///     .with_undescribed(Crs::WGS84)
///     .with_attributes(["t_fare"]);
/// for batch in scan_geoparquet("trip.parquet", &options)? {
///     let batch = batch?;
///     let (pickups, dropoffs) = (&batch.features.geometry, &batch.further[0]);
///     assert_eq!(pickups.len(), dropoffs.len());
/// }
/// # Ok::<(), datagora_geo::ReadError>(())
/// ```
pub fn scan_geoparquet(
    path: impl AsRef<Path>,
    options: &GeoParquetReadOptions,
) -> Result<GeoParquetScan, ReadError> {
    let path = path.as_ref();
    guarded(path, || GeoParquetScan::open(path, options))
}

impl GeoParquetScan {
    fn open(path: &Path, options: &GeoParquetReadOptions) -> Result<Self, ReadError> {
        let refused = |source: Box<dyn Error + Send + Sync>| container(path, source);
        let file = File::open(path).map_err(|source| ReadError::Io { file: path.to_owned(), source })?;
        // Types are those of Parquet: the Arrow schema that some writers add is not needed, and its decoder panics on
        // bytes that are not one (arrow-ipc 59.3).
        let reading = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, reading)
            .map_err(|error| refused(error.into()))?;
        let geo = match (Geo::find(builder.metadata(), builder.schema()), &options.undescribed) {
            (Err(_), Some(_)) if !options.geometry.is_empty() => Geo::none(),
            (found, _) => found.map_err(|fault| fault.in_file(path))?,
        };
        let mut notes = Vec::new();
        let primary = [geo.primary.clone()];
        let names = if options.geometry.is_empty() { &primary[..] } else { &options.geometry };
        let mut chosen = Vec::new();
        for name in names {
            let described = geo.choose(path, name);
            let (column, crs) = match (described, &options.undescribed) {
                (Ok(column), _) => (column.clone(), column.crs(&mut notes)),
                (Err(_), Some(crs)) if builder.schema().field_with_name(name).is_ok() => {
                    (GeoColumn::undescribed(name), crs.clone())
                }
                (Err(error), _) => return Err(error),
            };
            chosen.push((column, crs, Decoder::default()));
        }

        let mut read = Vec::new();
        for (place, field) in builder.schema().fields().iter().enumerate() {
            let name = field.name();
            if chosen.iter().any(|(column, ..)| column.name == *name) {
                read.push(place);
                continue;
            }
            let asked = options.attributes.as_ref().is_none_or(|wanted| wanted.contains(name));
            if geo.is_covering(name) || !asked {
                continue;
            }
            let geometry = geo.columns.iter().any(|column| column.name == *name);
            if !geometry && field_type(field.data_type()).is_some() {
                read.push(place);
            } else {
                let kind = if geometry { "geometry".to_owned() } else { field.data_type().to_string() };
                notes.push(ReadNote::ColumnDropped { column: name.clone(), kind });
            }
        }
        if let Some(lacking) =
            options.attributes.iter().flatten().find(|name| builder.schema().field_with_name(name).is_err())
        {
            let names: Vec<&str> =
                builder.schema().fields().iter().map(|field| field.name().as_str()).collect();
            let fault = Fault::new(
                format!("the columns {names:?}"),
                format!("“{lacking}”"),
                "name one of those found",
            );
            return Err(fault.in_file(path));
        }
        let within = options.within.map(|[min_x, min_y, max_x, max_y]| Bounds { min_x, min_y, max_x, max_y });
        let total = builder.metadata().num_row_groups();
        let groups = match &within {
            Some(rectangle) => row_groups(builder.metadata(), &chosen[0].0, rectangle),
            None => (0..total).collect(),
        };
        let mask = ProjectionMask::roots(builder.parquet_schema(), read);
        let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let row_groups = (groups.len(), total);
        let reader = builder
            .with_projection(mask)
            .with_row_groups(groups)
            .with_batch_size(options.batch.max(1))
            .build()
            .map_err(|error| refused(error.into()))?;
        let schema = arrow::array::RecordBatchReader::schema(&reader);
        let path = path.to_owned();
        let wanted = options.attributes.clone();
        Ok(Self { path, chosen, wanted, within, schema, reader, row_groups, rows, notes, failed: false })
    }

    /// Rows of the whole file, as it states them.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many row groups are read, and of how many: fewer where a rectangle is asked for.
    pub fn row_groups(&self) -> (usize, usize) {
        self.row_groups
    }

    /// What was changed, left out or assumed in the batches so far. Features are counted from the first row read.
    pub fn notes(&self) -> Vec<ReadNote> {
        let mut notes = self.notes.clone();
        self.chosen.iter().for_each(|(_, _, decoder)| decoder.tell(&mut notes));
        notes
    }

    /// All rows that are left, in one.
    ///
    /// # Errors
    ///
    /// Those of the batches.
    pub fn read_rest(&mut self) -> Result<FeatureBatch, ReadError> {
        let path = self.path.clone();
        let rest = guarded(&path, || {
            let mut batches = Vec::new();
            let mut kept = Vec::new();
            while let Some(batch) = self.record_batch()? {
                self.decode(&batch)?;
                if self.within.is_some() {
                    kept.push(self.finish(std::slice::from_ref(&batch))?);
                } else {
                    batches.push(self.other_columns(&batch)?);
                }
            }
            if self.within.is_some() { self.join(kept) } else { self.finish(&batches) }
        });
        self.failed |= rest.is_err();
        rest
    }

    fn record_batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let next = self.reader.next().transpose();
        next.map_err(|error| container(&self.path, error.into()))
    }

    /// Appends the geometries of a batch to their columns.
    fn decode(&mut self, batch: &RecordBatch) -> Result<(), ReadError> {
        for (column, _, decoder) in &mut self.chosen {
            let (Some(encoding), Some(array)) = (column.encoding(), batch.column_by_name(&column.name))
            else {
                let found = self.schema.field_with_name(&column.name).map(|field| field.data_type().clone());
                let found = found.unwrap_or(arrow::datatypes::DataType::Null);
                return Err(column.unsuited(&found).at_feature(decoder.len()).in_file(&self.path));
            };
            append(array, encoding, &mut decoder.rows).map_err(|refused| {
                let fault = match refused {
                    Refused::Layout => column.unsuited(array.data_type()),
                    Refused::Wkb(error) => {
                        Fault::new(error.to_string(), "well-known binary", "export the layer again")
                    }
                    Refused::Wkt(error) => {
                        Fault::new(error.to_string(), "well-known text", "export the layer again")
                    }
                };
                fault.at_feature(decoder.len()).in_column(&column.name).in_file(&self.path)
            })?;
        }
        Ok(())
    }

    /// The batch without geometries, whose memory is given back.
    fn other_columns(&self, batch: &RecordBatch) -> Result<RecordBatch, ReadError> {
        let schema = batch.schema();
        let places = (0..schema.fields().len()).filter(|&place| {
            !self.chosen.iter().any(|(column, ..)| column.name == *schema.field(place).name())
        });
        let places: Vec<usize> = places.collect();
        batch.project(&places).map_err(|error| container(&self.path, error.into()))
    }

    /// The rows decoded since the last time, with the attributes of these batches.
    fn finish(&mut self, batches: &[RecordBatch]) -> Result<FeatureBatch, ReadError> {
        let mut columns = self.chosen.iter_mut().map(|(_, crs, decoder)| decoder.finish(crs.clone()));
        let geometry = columns.next().unwrap_or_else(|| GeometryColumn::new([], Crs::WGS84));
        let further: Vec<GeometryColumn> = columns.collect();
        let chosen = &self.chosen;
        let kept = |name: &str| {
            !chosen.iter().any(|(column, ..)| column.name == name)
                && self.wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|column| column == name))
        };
        let schema = batches.first().map_or_else(|| self.schema.clone(), |batch| batch.schema());
        let mut notes = Vec::new();
        let attributes =
            attributes(&schema, batches, kept, &mut notes).map_err(|source| container(&self.path, source))?;
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        let batch = FeatureBatch { features: Features { geometry, attributes }, further };
        Ok(match &self.within {
            Some(rectangle) => batch.within(rectangle),
            None => batch,
        })
    }

    /// One batch of several.
    fn join(&mut self, batches: Vec<FeatureBatch>) -> Result<FeatureBatch, ReadError> {
        let empty = self.finish(&[])?;
        let attributes = Table::concat(
            batches.iter().map(|batch| &batch.features.attributes).chain([&empty.features.attributes]),
        )
        .map_err(|error| container(&self.path, error.into()))?;
        let column = |of: &dyn Fn(&FeatureBatch) -> &GeometryColumn| {
            GeometryColumn::concat(batches.iter().chain([&empty]).map(of))
                .map_err(|error| container(&self.path, error.into()))
        };
        let further = (0..empty.further.len()).map(|place| column(&|batch| &batch.further[place]));
        let further = further.collect::<Result<_, _>>()?;
        let geometry = column(&|batch| &batch.features.geometry)?;
        Ok(FeatureBatch { features: Features { geometry, attributes }, further })
    }
}

impl FeatureBatch {
    /// The rows whose main geometry has a rectangle that meets this one.
    fn within(self, rectangle: &Bounds) -> Self {
        let geometry = &self.features.geometry;
        let rows: Vec<usize> = (0..geometry.len())
            .filter(|&row| {
                let bounds = geometry.bounds_of(row);
                !bounds.is_empty() && bounds.meets(rectangle)
            })
            .collect();
        if rows.len() == geometry.len() {
            return self;
        }
        let attributes = match self.features.attributes.schema().fields() {
            [] => self.features.attributes,
            _ => self.features.attributes.take(&rows),
        };
        let features = Features { geometry: geometry.take(&rows), attributes };
        Self { features, further: self.further.iter().map(|column| column.take(&rows)).collect() }
    }
}

impl Iterator for GeoParquetScan {
    type Item = Result<FeatureBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let path = self.path.clone();
        let next = guarded(&path, || {
            let Some(batch) = self.record_batch()? else { return Ok(None) };
            self.decode(&batch)?;
            self.finish(&[batch]).map(Some)
        });
        self.failed = next.is_err();
        next.transpose()
    }
}

fn container(path: &Path, source: Box<dyn Error + Send + Sync>) -> ReadError {
    ReadError::Container { file: path.to_owned(), format: "GeoParquet", source }
}

/// Turns a panic of the Parquet decoder into an error: on corrupt pages it asserts what it should check (parquet 59.3,
/// in `util/bit_util.rs`).
fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    // After an error a scan gives nothing more, so nothing half changed can be seen.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(container(path, format!("the decoder gave up: {text}").into()))
    })
}
