//! What is asked of a GeoParquet file, looked up in it.
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatchReader;
use arrow::datatypes::{DataType, Schema};
use datagora_core::Crs;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection};

use super::super::super::arrow_columns::field_type;
use super::super::super::binary::Decoder;
use super::super::super::error::{Fault, ReadError};
use super::super::super::note::ReadNote;
use super::super::filter::Filter;
use super::super::metadata::{Geo, GeoColumn};
use super::super::options::GeoParquetReadOptions;
use super::super::pages::Pages;
use super::super::selection::Selection;
use super::super::within::row_groups;
use super::{Chosen, GeoParquetScan, container};
use crate::geoarrow::Encoding;
use crate::geometry::Bounds;

impl GeoParquetScan {
    pub(super) fn open(path: &Path, options: &GeoParquetReadOptions) -> Result<Self, ReadError> {
        let refused = |source: Box<dyn Error + Send + Sync>| container(path, source);
        let unreadable = |source| ReadError::Io { file: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let file_of_pages = Arc::new(file.try_clone().map_err(unreadable)?);
        let length = file.metadata().map_err(unreadable)?.len();
        // Types are those of Parquet: the Arrow schema that some writers add is not needed, and its decoder panics on
        // bytes that are not one (arrow-ipc 59.3).
        let reading = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, reading)
            .map_err(|error| refused(error.into()))?;
        let metadata = Arc::clone(builder.metadata());
        let schema = Arc::clone(builder.schema());
        let geo = match (Geo::find(&metadata, &schema), &options.undescribed) {
            (Err(_), Some(_)) if !options.geometry.is_empty() => Geo::none(),
            (found, _) => found.map_err(|fault| fault.in_file(path))?,
        };
        let mut notes = Vec::new();
        let columns = geometries(path, &geo, &schema, options, &mut notes)?;
        let rows = usize::try_from(metadata.file_metadata().num_rows()).unwrap_or(0);
        check(&schema, rows, options).map_err(|fault| fault.in_file(path))?;

        let within = options.within.map(|[min_x, min_y, max_x, max_y]| Bounds { min_x, min_y, max_x, max_y });
        let total = metadata.num_row_groups();
        let mut groups = match &within {
            Some(rectangle) => row_groups(&metadata, &columns[0].0, rectangle),
            None => (0..total).collect(),
        };
        let selection = options.rows.as_ref().map(|rows| Selection::of(&metadata, &groups, rows));
        if let Some(selection) = &selection {
            groups.clone_from(&selection.groups);
        }
        let ranges = selection.as_ref().map(|selection| &selection.ranges[..]);
        let chosen: Vec<Chosen> = columns
            .into_iter()
            .map(|(column, crs)| {
                let kind = schema.field_with_name(&column.name).map(|field| field.data_type());
                let binary = column.encoding() == Some(Encoding::Wkb) && matches!(kind, Ok(DataType::Binary));
                let pages = binary
                    .then(|| Pages::of(&file_of_pages, &metadata, &column.name, &groups, ranges))
                    .flatten();
                Chosen { column, crs, decoder: Decoder::default(), pages }
            })
            .collect();

        let read = by_arrow(&geo, &schema, &chosen, options, &mut notes);
        let mask = ProjectionMask::roots(builder.parquet_schema(), read);
        let row_groups = (groups.len(), total);
        let grouped = groups.iter().map(|&group| metadata.row_group(group).num_rows());
        let ahead = match &selection {
            Some(selection) => selection.ranges.iter().map(ExactSizeIterator::len).sum(),
            None => usize::try_from(grouped.fold(0, i64::saturating_add)).unwrap_or(0),
        };
        let mut builder =
            builder.with_projection(mask).with_row_groups(groups).with_batch_size(options.batch.max(1));
        if let Some(Selection { ranges, total, .. }) = selection {
            builder =
                builder.with_row_selection(RowSelection::from_consecutive_ranges(ranges.into_iter(), total));
        }
        let reader = builder.build().map_err(|error| refused(error.into()))?;
        Ok(Self {
            path: path.to_owned(),
            chosen,
            wanted: options.attributes.clone(),
            zone: options.zone,
            filter: Filter::within(within),
            schema: reader.schema(),
            reader,
            row_groups,
            rows,
            ahead: ahead.min(usize::try_from(length).unwrap_or(usize::MAX)),
            notes,
            failed: false,
        })
    }
}

/// The geometry columns asked for, the main one first, with their CRSs.
fn geometries(
    path: &Path,
    geo: &Geo,
    schema: &Schema,
    options: &GeoParquetReadOptions,
    notes: &mut Vec<ReadNote>,
) -> Result<Vec<(GeoColumn, Crs)>, ReadError> {
    let primary = [geo.primary.clone()];
    let names = if options.geometry.is_empty() { &primary[..] } else { &options.geometry };
    let column = |name: &String| match (geo.choose(path, name), &options.undescribed) {
        (Ok(column), _) => Ok((column.clone(), column.crs(notes))),
        (Err(_), Some(crs)) if schema.field_with_name(name).is_ok() => {
            Ok((GeoColumn::undescribed(name), crs.clone()))
        }
        (Err(error), _) => Err(error),
    };
    names.iter().map(column).collect()
}

/// Whether the file has the attributes and the rows asked for.
fn check(schema: &Schema, rows: usize, options: &GeoParquetReadOptions) -> Result<(), Fault> {
    let mut attributes = options.attributes.iter().flatten();
    if let Some(lacking) = attributes.find(|name| schema.field_with_name(name).is_err()) {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let found = format!("the columns {names:?}");
        return Err(Fault::new(found, format!("“{lacking}”"), "name one of those found"));
    }
    let wanted = options.rows.as_deref().unwrap_or_default();
    if let Some(pair) = wanted.windows(2).find(|pair| pair[0] >= pair[1]) {
        let found = format!("row {} asked for after row {}", pair[1], pair[0]);
        return Err(Fault::new(found, "each row once, in rising order", "set the rows by with_rows"));
    }
    if let Some(&last) = wanted.last().filter(|&&last| last >= rows) {
        let needed = format!("row {last}, counted from 0");
        return Err(Fault::new(format!("{rows} rows"), needed, "name rows that the file has"));
    }
    Ok(())
}

/// The places of the columns that are read by way of Arrow: attributes, and geometries that are not read by pages. What is
/// left out is noted.
fn by_arrow(
    geo: &Geo,
    schema: &Schema,
    chosen: &[Chosen],
    options: &GeoParquetReadOptions,
    notes: &mut Vec<ReadNote>,
) -> Vec<usize> {
    let mut read = Vec::new();
    for (place, field) in schema.fields().iter().enumerate() {
        let name = field.name();
        if let Some(chosen) = chosen.iter().find(|chosen| chosen.column.name == *name) {
            read.extend(chosen.pages.is_none().then_some(place));
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
    read
}
