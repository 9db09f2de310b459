//! GeoParquet by batches.
mod open;

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use datagora_core::{Crs, Zone};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::super::attributes::attributes;
use super::super::binary::Decoder;
use super::super::error::{Fault, ReadError};
use super::super::guarded::guarded;
use super::super::note::ReadNote;
use super::batch::FeatureBatch;
use super::filter::{Filter, Kept};
use super::metadata::GeoColumn;
use super::options::GeoParquetReadOptions;
use super::pages::{Pages, Trouble};
use crate::geoarrow::{Refused, append};
use crate::types::Rect;
use crate::{Features, GeometryColumn, WkbError};

/// As errors name it.
const FORMAT: &str = "GeoParquet";

/// A GeoParquet file being read: an iterator over its batches.
pub struct GeoParquetScan {
    path: PathBuf,
    chosen: Vec<Chosen>,
    wanted: Option<Vec<String>>,
    zone: Option<Zone>,
    filter: Filter,
    schema: SchemaRef,
    /// The attributes, and the geometries that are not read by pages.
    reader: ParquetRecordBatchReader,
    row_groups: (usize, usize),
    rows: usize,
    /// Rows that are not yet read, before any are left out by their rectangle; no more than bytes of the file.
    ahead: usize,
    notes: Vec<ReadNote>,
    failed: bool,
}

/// A geometry column that is read.
struct Chosen {
    column: GeoColumn,
    crs: Crs,
    decoder: Decoder,
    /// Where its values come from pages, not by way of Arrow.
    pages: Option<Pages>,
}

impl fmt::Debug for GeoParquetScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeoParquetScan")
            .field("path", &self.path)
            .field("rows", &self.rows)
            .field("row_groups", &self.row_groups)
            .finish_non_exhaustive()
    }
}

/// Opens GeoParquet to read it by batches: memory does not grow with the file, columns that are not asked for are not
/// decoded, and well-known binary goes straight from the pages of the file to the buffers of its column.
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
    guarded(path, FORMAT, || GeoParquetScan::open(path, options))
}

impl GeoParquetScan {
    /// Reads the rows only whose rectangle the function wants, that of the main geometry, in the CRS of the file; rows
    /// where it is missing or empty are left out.
    ///
    /// What [`within`](GeoParquetReadOptions::within) does for one rectangle this does for any question: whether an index
    /// has something there, whether it is large enough. Lines and polygons in well-known binary that are left out are
    /// never built. Each rectangle is asked about once, those of a batch in no certain order. Asked for again, both
    /// functions have to want a row.
    ///
    /// # Example
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("zones.parquet");
    /// use datagora_core::{Crs, Table};
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{
    ///     Features, GeoParquetOptions, GeoParquetReadOptions, GeometryColumn, PackedIndex, scan_geoparquet,
    ///     write_geoparquet,
    /// };
    ///
    /// let square = |at: f64| Rect::new(coord! { x: at, y: 0.0 }, coord! { x: at + 1.0, y: 1.0 }).into();
    /// let geometry = GeometryColumn::new((0..100).map(|row| square(f64::from(row))), Crs::CC46);
    /// let zones = Features { geometry, attributes: Table::empty() };
    /// write_geoparquet(&path, &zones, &GeoParquetOptions::default())?;
    ///
    /// let trees = GeometryColumn::points(vec![7.5, 42.5], vec![0.5, 0.5], Crs::CC46);
    /// let index = PackedIndex::new(&trees);
    /// let scan = scan_geoparquet(&path, &GeoParquetReadOptions::default())?;
    /// let with_trees = scan.where_bounds(move |zone| index.intersects(zone)).read_rest()?;
    /// assert_eq!(with_trees.features.geometry, zones.geometry.take(&[7, 42]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn where_bounds(mut self, wanted: impl FnMut(Rect) -> bool + Send + 'static) -> Self {
        self.filter.and(wanted);
        self
    }

    /// Rows of the whole file, as it states them.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many row groups are read, and of how many: fewer where a rectangle or rows are asked for.
    pub fn row_groups(&self) -> (usize, usize) {
        self.row_groups
    }

    /// What was changed, left out or assumed in the batches so far. Features are counted from the first row read.
    pub fn notes(&self) -> Vec<ReadNote> {
        let mut notes = self.notes.clone();
        self.chosen.iter().for_each(|chosen| chosen.decoder.tell(&mut notes));
        notes
    }

    /// All rows that are left, in one.
    ///
    /// # Errors
    ///
    /// Those of the batches; [`ReadError::Container`] if there was one before, as an iterator is at its end then.
    pub fn read_rest(&mut self) -> Result<FeatureBatch, ReadError> {
        if self.failed {
            let before = "the scan has stopped at a batch that could not be read; scan the file again";
            return Err(container(&self.path, before.into()));
        }
        let path = self.path.clone();
        let rest = guarded(&path, FORMAT, || {
            let mut batches = Vec::new();
            let mut kept = Vec::new();
            let all = self.filter.is_open();
            if all {
                let ahead = self.ahead;
                self.chosen.iter_mut().for_each(|chosen| chosen.decoder.rows.builder.reserve(ahead));
            }
            while let Some(batch) = self.record_batch()? {
                self.decode(&batch)?;
                if all {
                    batches.push(self.other_columns(&batch)?);
                } else {
                    kept.push(self.finish(std::slice::from_ref(&batch))?);
                }
            }
            if all {
                return self.finish(&batches);
            }
            // Without any, too, there are columns.
            kept.push(self.finish(&[])?);
            FeatureBatch::concat(&kept).map_err(|error| container(&self.path, error))
        });
        self.failed |= rest.is_err();
        rest
    }

    fn record_batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let next = self.reader.next().transpose();
        let batch = next.map_err(|error| container(&self.path, error.into()))?;
        self.ahead = self.ahead.saturating_sub(batch.as_ref().map_or(0, RecordBatch::num_rows));
        Ok(batch)
    }

    /// Appends the geometries of a batch to their columns.
    fn decode(&mut self, batch: &RecordBatch) -> Result<(), ReadError> {
        // The main geometry decides which rows are kept.
        let mut filter = (!self.filter.is_open()).then_some(&mut self.filter);
        for Chosen { column, decoder, pages, .. } in &mut self.chosen {
            let at_row =
                |fault: Fault, row| fault.at_feature(row).in_column(&column.name).in_file(&self.path);
            let binary = |error: WkbError| {
                Fault::new(error.to_string(), "well-known binary", "export the layer again")
            };
            let filter = filter.take();
            if let Some(pages) = pages {
                let mut rows = Kept { rows: &mut decoder.rows, filter };
                pages.read(batch.num_rows(), &mut rows).map_err(|trouble| match trouble {
                    Trouble::Parquet(error) => container(&self.path, error.into()),
                    Trouble::Damaged(what) => {
                        let what = format!("column “{}” has {what}; fetch the file again", column.name);
                        container(&self.path, what.into())
                    }
                    Trouble::Wkb(error) => at_row(binary(error), decoder.len()),
                })?;
                continue;
            }
            let (Some(encoding), Some(array)) = (column.encoding(), batch.column_by_name(&column.name))
            else {
                let found = self.schema.field_with_name(&column.name).map(|field| field.data_type().clone());
                let found = found.unwrap_or(DataType::Null);
                return Err(column.unsuited(&found).at_feature(decoder.len()).in_file(&self.path));
            };
            append(array, encoding, &mut decoder.rows).map_err(|refused| {
                let fault = match refused {
                    Refused::Layout => column.unsuited(array.data_type()),
                    Refused::Wkb(error) => binary(error),
                    Refused::Wkt(error) => {
                        Fault::new(error.to_string(), "well-known text", "export the layer again")
                    }
                };
                at_row(fault, decoder.len())
            })?;
        }
        Ok(())
    }

    /// The batch without geometries, whose memory is given back.
    fn other_columns(&self, batch: &RecordBatch) -> Result<RecordBatch, ReadError> {
        let schema = batch.schema();
        let places = (0..schema.fields().len()).filter(|&place| {
            !self.chosen.iter().any(|chosen| chosen.column.name == *schema.field(place).name())
        });
        let places: Vec<usize> = places.collect();
        batch.project(&places).map_err(|error| container(&self.path, error.into()))
    }

    /// The rows decoded since the last time, with the attributes of these batches.
    fn finish(&mut self, batches: &[RecordBatch]) -> Result<FeatureBatch, ReadError> {
        let mut columns = self.chosen.iter_mut().map(|chosen| chosen.decoder.finish(chosen.crs.clone()));
        let geometry = columns.next().unwrap_or_else(|| GeometryColumn::new([], Crs::WGS84));
        let further: Vec<GeometryColumn> = columns.collect();
        let chosen = &self.chosen;
        let kept = |name: &str| {
            !chosen.iter().any(|chosen| chosen.column.name == name)
                && self.wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|column| column == name))
        };
        let schema = batches.first().map_or_else(|| self.schema.clone(), |batch| batch.schema());
        let mut notes = Vec::new();
        let attributes = attributes(&schema, batches, kept, self.zone, &mut notes)
            .map_err(|source| container(&self.path, source))?;
        notes.into_iter().for_each(|note| note.add_to(&mut self.notes));
        let batch = FeatureBatch { features: Features { geometry, attributes }, further };
        if self.filter.is_open() {
            return Ok(batch);
        }
        let rows = self.filter.rows(&batch.features.geometry);
        Ok(batch.take(&rows))
    }
}

impl Iterator for GeoParquetScan {
    type Item = Result<FeatureBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let path = self.path.clone();
        let next = guarded(&path, FORMAT, || {
            let Some(batch) = self.record_batch()? else { return Ok(None) };
            self.decode(&batch)?;
            self.finish(&[batch]).map(Some)
        });
        self.failed = next.is_err();
        next.transpose()
    }
}

fn container(path: &Path, source: Box<dyn Error + Send + Sync>) -> ReadError {
    ReadError::Container { file: path.to_owned(), format: FORMAT, source }
}
