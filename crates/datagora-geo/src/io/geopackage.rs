//! GeoPackages.
use std::path::{Path, PathBuf};

use datagora_core::{Crs, FieldType};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::binary::Decoder;
use super::columns::{Column, Columns, Value, parse_date, parse_instant};
use super::error::{Fault, ReadError, hash_of_file};
use super::file::FeatureFile;
use super::note::ReadNote;
use crate::Features;
use crate::crs::crs_from_wkt;
use crate::crs::unknown_crs;

/// Reads a layer of features of a GeoPackage; without a name, the only one.
///
/// Columns have the types that the layer declares; one that holds other values than it declares widens or becomes text,
/// with a note. The primary key is a column with the role of an identifier, and orders the rows. Blobs that are not
/// the geometry are left out with a note. The CRS is that of the layer: by EPSG code, else by its WKT definition;
/// undefined ones (`srs_id` −1 and 0) are unknown. Coordinates are (east, north), as the standard has it for every CRS.
///
/// The file is opened read-only and immutable: nothing is written beside it, and a write-ahead journal beside it is not
/// read (with a note).
///
/// # Errors
///
/// [`ReadError::Io`]; [`ReadError::Container`] if SQLite refuses the file; [`ReadError::Layer`], naming the layers, if
/// there are several and none is named, or none of the name; [`ReadError::Malformed`] with the row if a geometry cannot
/// be read.
///
/// # Example
///
/// ```no_run
/// let file = datagora_geo::read_geopackage("bounding_metrop.gpkg", None)?;
/// assert_eq!(file.features.geometry.crs(), &datagora_core::Crs::CC46);
/// # Ok::<(), datagora_geo::ReadError>(())
/// ```
///
/// # References
///
/// OGC 12-128r18, *GeoPackage Encoding Standard* 1.3.1, sections 1.1.2, 2.1 (table 5: binary header).
pub fn read_geopackage(path: impl AsRef<Path>, layer: Option<&str>) -> Result<FeatureFile, ReadError> {
    let path = path.as_ref();
    let hash = hash_of_file(path)?;
    let package = Package::open(path)?;
    let table = package.choose(layer)?;
    let (features, notes) = package.read(&table)?;
    Ok(FeatureFile::new(features, notes, path, hash))
}

/// The layers of features that a GeoPackage holds, by name.
///
/// # Errors
///
/// [`ReadError::Io`], and [`ReadError::Container`] if SQLite refuses the file.
///
/// # Example
///
/// ```no_run
/// for layer in datagora_geo::geopackage_layers("export.gpkg")? {
///     println!("{layer}");
/// }
/// # Ok::<(), datagora_geo::ReadError>(())
/// ```
pub fn geopackage_layers(path: impl AsRef<Path>) -> Result<Vec<String>, ReadError> {
    Package::open(path.as_ref())?.layers()
}

struct Package {
    path: PathBuf,
    database: Connection,
}

/// One column of a layer.
struct LayerColumn {
    name: String,
    /// Declared type, in capitals and without length.
    declared: String,
    key: bool,
}

impl Package {
    fn open(path: &Path) -> Result<Self, ReadError> {
        let database = (|| -> rusqlite::Result<Connection> {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_URI
                | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let database = Connection::open_with_flags(address(path), flags)?;
            // The file comes from elsewhere: its schema may not call functions, and its pages are checked.
            database.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
            Ok(database)
        })();
        match database {
            Ok(database) => Ok(Self { path: path.to_owned(), database }),
            Err(source) => Err(refused(path, source)),
        }
    }

    fn layers(&self) -> Result<Vec<String>, ReadError> {
        let query = "SELECT c.table_name FROM gpkg_contents c JOIN gpkg_geometry_columns g \
                     ON lower(c.table_name) = lower(g.table_name) \
                     WHERE c.data_type = 'features' ORDER BY c.table_name";
        let names = |database: &Connection| -> rusqlite::Result<Vec<String>> {
            database.prepare(query)?.query_map([], |row| row.get(0))?.collect()
        };
        names(&self.database).map_err(|source| refused(&self.path, source))
    }

    fn choose(&self, asked: Option<&str>) -> Result<String, ReadError> {
        let layers = self.layers()?;
        let chosen = match asked {
            Some(name) => layers
                .iter()
                .find(|layer| *layer == name)
                .or_else(|| layers.iter().find(|layer| layer.eq_ignore_ascii_case(name))),
            None if layers.is_empty() => {
                let hint = "its tables may hold tiles or attributes only";
                return Err(Fault::new("no layer of features", "one", hint).in_file(&self.path));
            }
            None => layers.first().filter(|_| layers.len() == 1),
        };
        match chosen {
            Some(layer) => Ok(layer.clone()),
            None => Err(ReadError::Layer {
                file: self.path.clone(),
                asked: asked.map(str::to_owned),
                found: layers,
            }),
        }
    }

    fn read(&self, table: &str) -> Result<(Features, Vec<ReadNote>), ReadError> {
        let sql = |source| refused(&self.path, source);
        let (geometry, srs): (String, i64) = self
            .database
            .query_row(
                "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?1)",
                [table],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(sql)?;
        let mut notes = Vec::new();
        let crs = self.crs(srs, &mut notes).map_err(sql)?;
        let mut journal = self.path.clone().into_os_string();
        journal.push("-wal");
        if std::fs::metadata(&journal).is_ok_and(|journal| journal.len() > 0) {
            let file = Path::new(&journal).file_name().unwrap_or_default().to_string_lossy().into_owned();
            notes.push(ReadNote::JournalIgnored { file });
        }
        let layout = self.columns(table, &geometry, &mut notes).map_err(sql)?;
        let mut columns = Columns::default();
        for column in &layout {
            let made = match column.kind() {
                Some(kind) => Column::of_type(&column.name, kind),
                None => Column::new(&column.name),
            };
            columns.add(if column.key { made.identifying() } else { made });
        }
        let names: Vec<String> = std::iter::once(&geometry)
            .chain(layout.iter().map(|column| &column.name))
            .map(|name| quoted(name))
            .collect();
        let order = layout
            .iter()
            .find(|column| column.key)
            .map(|column| format!(" ORDER BY {}", quoted(&column.name)));
        let query =
            format!("SELECT {} FROM {}{}", names.join(", "), quoted(table), order.unwrap_or_default());
        let mut statement = self.database.prepare(&query).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut decoder = Decoder::default();
        let mut extended = super::note::Tally::default();
        while let Some(row) = rows.next().map_err(sql)? {
            let index = decoder.len();
            match row.get_ref(0).map_err(sql)? {
                ValueRef::Null => decoder.rows.builder.push_missing(),
                ValueRef::Blob(blob) => decode(blob, &mut decoder, &mut extended)
                    .map_err(|fault| fault.in_column(&geometry).in_file(&self.path))?,
                other => {
                    let found = format!("{} as a geometry", other.data_type());
                    let fault = Fault::new(found, "a blob", "export the layer again");
                    return Err(fault.at_feature(index).in_column(&geometry).in_file(&self.path));
                }
            }
            for (slot, column) in layout.iter().enumerate() {
                let value = row.get_ref(slot + 1).map_err(sql)?;
                column.set(columns.column(slot), index, value);
            }
        }
        let rows = decoder.len();
        let geometry = decoder.finish(crs);
        decoder.tell(&mut notes);
        extended.note(&mut notes, |features, first| ReadNote::GeometryDropped {
            kind: "extended GeoPackage".into(),
            features,
            first,
        });
        let attributes = columns.finish(rows, &mut notes).map_err(|fault| fault.in_file(&self.path))?;
        Ok((Features { geometry, attributes }, notes))
    }

    fn crs(&self, srs: i64, notes: &mut Vec<ReadNote>) -> rusqlite::Result<Crs> {
        let query = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys \
                     WHERE srs_id = ?1";
        let found = self
            .database
            .query_row(query, [srs], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let mut unknown = |found: String| {
            notes.push(ReadNote::CrsUnknown { found });
            unknown_crs()
        };
        let Some((organisation, code, definition)) = found else {
            return Ok(unknown(format!("srs_id {srs}, which is not in gpkg_spatial_ref_sys")));
        };
        if srs <= 0 {
            return Ok(unknown(format!("srs_id {srs}, undefined")));
        }
        Ok(match u32::try_from(code) {
            Ok(code) if organisation.eq_ignore_ascii_case("EPSG") => Crs::from_epsg(code),
            _ if definition.contains('[') => crs_from_wkt(&definition),
            _ => unknown(format!("{organisation}:{code}, without definition")),
        })
    }

    fn columns(
        &self,
        table: &str,
        geometry: &str,
        notes: &mut Vec<ReadNote>,
    ) -> rusqlite::Result<Vec<LayerColumn>> {
        let mut statement = self.database.prepare("SELECT name, type, pk FROM pragma_table_info(?1)")?;
        let columns = statement.query_map([table], |row| {
            let declared: String = row.get(1)?;
            let declared = declared.split('(').next().unwrap_or_default().trim().to_ascii_uppercase();
            Ok(LayerColumn { name: row.get(0)?, declared, key: row.get::<_, i64>(2)? > 0 })
        })?;
        let mut kept = Vec::new();
        for column in columns {
            let column = column?;
            if column.name.eq_ignore_ascii_case(geometry) {
                continue;
            }
            if column.declared == "BLOB" || GEOMETRIES.contains(&column.declared.as_str()) {
                notes.push(ReadNote::ColumnDropped { column: column.name, kind: column.declared });
            } else {
                kept.push(column);
            }
        }
        Ok(kept)
    }
}

const GEOMETRIES: [&str; 8] = [
    "GEOMETRY",
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
];

impl LayerColumn {
    /// The type declared; `None` if it is none of the standard's, so that the values decide.
    fn kind(&self) -> Option<FieldType> {
        Some(match self.declared.as_str() {
            "BOOLEAN" => FieldType::Boolean,
            "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" => FieldType::Integer,
            "FLOAT" | "DOUBLE" | "REAL" => FieldType::Number,
            "TEXT" => FieldType::Text,
            "DATE" => FieldType::Date,
            "DATETIME" => FieldType::Instant,
            _ => return None,
        })
    }

    fn set(&self, column: &mut Column, row: usize, value: ValueRef<'_>) {
        match value {
            ValueRef::Null => {}
            ValueRef::Integer(value @ (0 | 1)) if self.declared == "BOOLEAN" => {
                column.set(row, Value::Boolean(value == 1));
            }
            ValueRef::Integer(value) => column.set(row, Value::Integer(value)),
            ValueRef::Real(value) => column.set(row, Value::Number(value)),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                let text = text.as_ref();
                let value = match self.declared.as_str() {
                    "DATE" => parse_date(text).map(Value::Date),
                    "DATETIME" => parse_instant(text).map(Value::Instant),
                    _ => None,
                };
                column.set(row, value.unwrap_or(Value::Text(text)));
            }
        }
    }
}

/// The geometry in a GeoPackage blob: `GP`, version, flags, CRS, envelope, then well-known binary.
fn decode(blob: &[u8], decoder: &mut Decoder, extended: &mut super::note::Tally) -> Result<(), Fault> {
    let row = decoder.len();
    let [b'G', b'P', _version, flags, _, _, _, _, rest @ ..] = blob else {
        let fault =
            Fault::new("a blob that does not start with “GP”", "a GeoPackage geometry", "export it again");
        return Err(fault.at_feature(row));
    };
    if flags & 0b0010_0000 != 0 {
        extended.add(row);
        decoder.rows.builder.push_missing();
        return Ok(());
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => {
            let fault = Fault::new(format!("envelope kind {other}"), "0 to 4", "export the layer again");
            return Err(fault.at_feature(row));
        }
    };
    match rest.get(envelope..) {
        Some(binary) => decoder.push(binary),
        None => Err(Fault::truncated(format!("an envelope of {envelope} bytes")).at_feature(row)),
    }
}

fn refused(path: &Path, source: rusqlite::Error) -> ReadError {
    ReadError::Container { file: path.to_owned(), format: "GeoPackage", source: Box::new(source) }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The address of a file for SQLite, with what has a meaning in addresses escaped.
fn address(path: &Path) -> String {
    let mut address = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b':' | b'\\' => {
                address.push(char::from(*byte));
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address.push_str("?mode=ro&immutable=1");
    address
}

#[cfg(test)]
mod tests;
