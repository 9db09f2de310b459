//! What of a GeoParquet file is read.
use datagora_core::{Crs, Zone};
use serde::Serialize;

use crate::types::Rect;

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
    /// Rows to read, counted from 0 at the start of the file, in rising order; `None` for all.
    pub rows: Option<Vec<usize>>,
    /// Zone of the times that the file gives without one; without it they are text.
    pub zone: Option<Zone>,
    /// Most rows in a batch, at least 1.
    pub batch: usize,
}

impl Default for GeoParquetReadOptions {
    /// The primary geometry column, all attributes, all rows, 65,536 at a time.
    fn default() -> Self {
        Self {
            geometry: Vec::new(),
            undescribed: None,
            attributes: None,
            within: None,
            rows: None,
            zone: None,
            batch: 65_536,
        }
    }
}

impl GeoParquetReadOptions {
    /// Adds a geometry column. The first is that of [`features`](crate::FeatureBatch::features), others are
    /// [`further`](crate::FeatureBatch::further).
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

    /// Reads these rows only, counted from 0 at the start of the file. They come in the order of the file, one that is
    /// named twice once.
    ///
    /// Row groups and pages without any of them are skipped unread, and of the other pages only these rows are decoded:
    /// to read geometries for few rows, choose the rows by a narrow column first.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("trees.parquet");
    /// use datagora_core::{Crs, Role, Table, Unit};
    /// use datagora_geo::{
    ///     Features, GeoParquetOptions, GeoParquetReadOptions, GeometryColumn, scan_geoparquet, write_geoparquet,
    /// };
    ///
    /// let geometry = GeometryColumn::points(vec![4.83, 4.84, 4.85], vec![45.75, 45.76, 45.77], Crs::WGS84);
    /// let girth = [Some(1.2), Some(0.4), Some(3.1)];
    /// let attributes = Table::empty().with_number("girth", Role::Measure, Unit::of("m"), girth)?;
    /// write_geoparquet(&path, &Features { geometry, attributes }, &GeoParquetOptions::default())?;
    ///
    /// let options = GeoParquetReadOptions::default().with_rows([2, 0]);
    /// let thick = scan_geoparquet(&path, &options)?.read_rest()?.features;
    /// assert_eq!(thick.geometry.as_points(), Some((&[4.83, 4.85][..], &[45.75, 45.77][..])));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_rows(self, rows: impl IntoIterator<Item = usize>) -> Self {
        let mut rows: Vec<usize> = rows.into_iter().collect();
        rows.sort_unstable();
        rows.dedup();
        Self { rows: Some(rows), ..self }
    }

    /// Takes times without zone as the clocks of this zone show them: they become instants.
    ///
    /// Those that the clocks skip or show twice, when summer time begins and ends, name no instant: they are missing, with
    /// a note. Without a zone, times become text: a table has instants and dates, and a local time is neither.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// Sets the most rows that a batch holds.
    pub fn with_batch(self, rows: usize) -> Self {
        Self { batch: rows, ..self }
    }
}
