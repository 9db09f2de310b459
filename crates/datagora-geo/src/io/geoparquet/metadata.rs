//! What a file says about its geometry columns.
use std::path::{Path, PathBuf};

use arrow::datatypes::{DataType, SchemaRef};
use datagora_core::Crs;
use parquet::basic::LogicalType;
use parquet::file::metadata::ParquetMetaData;
use serde_json::Value;

use super::super::error::{Fault, ReadError};
use super::super::geoparquet_writer::CORNERS;
use super::super::note::ReadNote;
use crate::crs::{crs_from_projjson, unknown_crs};
use crate::geoarrow::Encoding;

/// The geometry columns of a file.
#[derive(Debug)]
pub(super) struct Geo {
    pub(super) primary: String,
    pub(super) columns: Vec<GeoColumn>,
}

#[derive(Clone, Debug)]
pub(super) struct GeoColumn {
    pub(super) name: String,
    /// `WKB`, or the name of a native encoding.
    encoding: String,
    crs: CrsOf,
    /// Paths of the columns with the least x, least y, greatest x and greatest y of each row.
    pub(super) covering: Option<[Vec<String>; 4]>,
}

#[derive(Clone, Debug)]
enum CrsOf {
    Default,
    Unknown,
    Definition(Value),
}

impl Geo {
    /// Of a file that does not describe any.
    pub(super) fn none() -> Self {
        Self { primary: String::new(), columns: Vec::new() }
    }

    pub(super) fn find(metadata: &ParquetMetaData, schema: &SchemaRef) -> Result<Self, Fault> {
        let pairs = metadata.file_metadata().key_value_metadata();
        let value = |key: &str| {
            let pair = pairs?.iter().find(|pair| pair.key == key)?;
            pair.value.as_deref()
        };
        match value("geo") {
            Some(text) => Self::from_metadata(text, schema),
            None => Self::from_types(metadata, schema, value),
        }
    }

    fn from_metadata(text: &str, schema: &SchemaRef) -> Result<Self, Fault> {
        let hint = "write the file again";
        let geo: Value = serde_json::from_str(text).map_err(|error| {
            Fault::new(format!("“geo” metadata that is no JSON: {error}"), "GeoParquet", hint)
        })?;
        let fault = |found: &str| Fault::new(found, "the “geo” metadata of GeoParquet", hint);
        let primary = geo["primary_column"].as_str().ok_or_else(|| fault("no primary column"))?;
        let described = geo["columns"].as_object().ok_or_else(|| fault("no geometry columns"))?;
        let mut columns = Vec::new();
        for (name, column) in described {
            if schema.field_with_name(name).is_err() {
                return Err(fault("a geometry column that is not in the table").in_column(name));
            }
            let encoding = column["encoding"].as_str().ok_or_else(|| fault("no encoding").in_column(name))?;
            let crs = match column.get("crs") {
                None => CrsOf::Default,
                Some(Value::Null) => CrsOf::Unknown,
                Some(definition) => CrsOf::Definition(definition.clone()),
            };
            let corner = |corner: &str| -> Option<Vec<String>> {
                let path = column["covering"]["bbox"][corner].as_array()?;
                path.iter().map(|step| step.as_str().map(str::to_owned)).collect()
            };
            let [west, south, east, north] = CORNERS.map(corner);
            let covering = (|| Some([west?, south?, east?, north?]))();
            columns.push(GeoColumn { name: name.clone(), encoding: encoding.to_owned(), crs, covering });
        }
        Ok(Self { primary: primary.to_owned(), columns })
    }

    /// By Parquet's own types.
    fn from_types<'a>(
        metadata: &ParquetMetaData,
        schema: &SchemaRef,
        value: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, Fault> {
        let descriptor = metadata.file_metadata().schema_descr();
        let mut columns = Vec::new();
        for place in 0..descriptor.num_columns() {
            let column = descriptor.column(place);
            let [name] = column.path().parts() else { continue };
            let crs = match column.logical_type_ref() {
                Some(LogicalType::Geometry(kind)) => kind.crs.as_deref(),
                Some(LogicalType::Geography(kind)) => kind.crs.as_deref(),
                _ => continue,
            };
            let crs = match crs {
                None | Some("") => CrsOf::Default,
                Some(text) => {
                    // “projjson:key” and “srid:code” are the spellings of the specification.
                    let text = text.strip_prefix("projjson:").and_then(&value).unwrap_or(text);
                    match text.strip_prefix("srid:") {
                        Some("0") => CrsOf::Unknown,
                        Some(code) => CrsOf::Definition(Value::from(format!("EPSG:{code}"))),
                        None => CrsOf::Definition(
                            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
                        ),
                    }
                }
            };
            columns.push(GeoColumn { name: name.clone(), encoding: "WKB".into(), crs, covering: None });
        }
        let Some(first) = columns.first() else {
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let found = format!("a table without geometry, of the columns {names:?}");
            let hint = "read it as a table, and make points of its coordinates";
            return Err(Fault::new(found, "“geo” metadata or a column of type GEOMETRY", hint));
        };
        Ok(Self { primary: first.name.clone(), columns })
    }

    /// The column of a name.
    pub(super) fn choose(&self, path: &Path, name: &str) -> Result<&GeoColumn, ReadError> {
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| ReadError::Layer {
            file: PathBuf::from(path),
            asked: Some(name.to_owned()),
            found: self.columns.iter().map(|column| column.name.clone()).collect(),
        })
    }

    /// Whether a column holds bounding boxes of geometries.
    pub(super) fn is_covering(&self, name: &str) -> bool {
        let roots = self.columns.iter().flat_map(|column| column.covering.iter().flatten());
        roots.filter_map(|path| path.first()).any(|root| root == name)
    }
}

impl GeoColumn {
    /// A column of well-known binary that the file does not describe.
    pub(super) fn undescribed(name: &str) -> Self {
        Self { name: name.to_owned(), encoding: "WKB".into(), crs: CrsOf::Unknown, covering: None }
    }

    pub(super) fn encoding(&self) -> Option<Encoding> {
        match self.encoding.as_str() {
            "WKB" => Some(Encoding::Wkb),
            "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon" => {
                Encoding::named(&self.encoding)
            }
            _ => None,
        }
    }

    /// The fault of a column that is not laid out as its encoding asks for.
    pub(super) fn unsuited(&self, found: &DataType) -> Fault {
        let found = format!("{found} in the encoding “{}”", self.encoding);
        Fault::new(found, "WKB, or a native encoding of GeoParquet 1.1", "write the file again")
            .in_column(&self.name)
    }

    pub(super) fn crs(&self, notes: &mut Vec<ReadNote>) -> Crs {
        match &self.crs {
            CrsOf::Default => Crs::WGS84,
            CrsOf::Unknown => {
                notes.push(ReadNote::CrsUnknown { found: "null".into() });
                unknown_crs()
            }
            CrsOf::Definition(definition) => crs_from_projjson(definition),
        }
    }
}
