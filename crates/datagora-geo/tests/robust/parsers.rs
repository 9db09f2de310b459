//! Damaged files of every format, made from whole ones: the same for the quick test and for the long run of
//! `examples/fuzz.rs`.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use datagora_core::{Crs, Role, Table, Unit};
use datagora_geo::types::{Geometry, Rect, coord};
use datagora_geo::{
    Features, FlatGeobufOptions, GeoArrowCoordinates, GeoArrowEncoding, GeoArrowOptions, GeoJsonOptions,
    GeoParquetOptions, GeoParquetReadOptions, GeometryColumn, read_arrow, read_features,
    read_flatgeobuf_within, read_geojson, read_geopackage, read_geoparquet, read_gml, read_shapefile,
    read_wkb, read_wkb_column, read_wkt, scan_geoparquet, write_arrow, write_flatgeobuf, write_geojson,
    write_geoparquet, write_wkb,
};

/// A reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Wkb,
    Wkt,
    GeoJson,
    Gml,
    GeoPackage,
    Shapefile,
    Dbf,
    GeoParquet,
    Arrow,
    FlatGeobuf,
}

/// Longest that a reader may take for one of the small files made here.
const PATIENCE: Duration = Duration::from_secs(5);

/// Random numbers, the same for a seed on every machine (Steele, Lea & Flood 2014, *splitmix64*).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

const TEXTS: [&str; 8] = [
    "POINT (1 2)",
    "LINESTRING (0 0, 3 4, 5 1)",
    "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 1 2, 2 2, 1 1))",
    "MULTIPOINT ((1 1), (7 2))",
    "MULTILINESTRING ((0 0, 1 1), (2 2, 3 1, 5 5))",
    "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((9 9, 8 9, 8 8, 9 9)))",
    "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 3 4), GEOMETRYCOLLECTION EMPTY)",
    "SRID=3946;CIRCULARSTRING ZM (0 0 1 2, 1 1 1 2, 2 0 1 2)",
];

fn geometries() -> Vec<Geometry> {
    TEXTS.iter().filter_map(|text| read_wkt(text).ok()?.geometry).collect()
}

/// Features of all kinds, or of one.
fn features(kind: Option<usize>) -> Features {
    let rows: Vec<Option<Geometry>> = match kind {
        None => geometries().into_iter().map(Some).chain([None]).collect(),
        Some(kind) => (0..12).map(|row| (row != 5).then(|| geometries()[kind].clone())).collect(),
    };
    let names: Vec<String> = (0..rows.len()).map(|row| format!("n° {row}")).collect();
    let texts = names.iter().map(|name| Some(name.as_str()));
    let attributes = Table::empty().with_text("nom", Role::Attribute, texts).unwrap();
    let numbers = (0..rows.len()).map(|row| (row != 3).then_some(row as i64));
    let attributes = attributes.with_integer("n", Role::Attribute, Unit::ONE, numbers).unwrap();
    Features { geometry: GeometryColumn::from_options(rows, Crs::WGS84), attributes }
}

/// Whole files of every format; their folder is for whatever stands there.
pub(crate) fn seeds(folder: &Path) -> Vec<(Format, Vec<u8>)> {
    let mut seeds: Vec<(Format, Vec<u8>)> = Vec::new();
    seeds.extend(geometries().iter().map(|geometry| (Format::Wkb, write_wkb(geometry))));
    seeds.extend(TEXTS.map(|text| (Format::Wkt, text.as_bytes().to_vec())));
    let path = folder.join("seed");
    let mut written = |format: Format| seeds.push((format, std::fs::read(&path).unwrap()));
    for kind in [None, Some(0), Some(2), Some(5)] {
        let features = features(kind);
        write_geojson(&path, &features, &GeoJsonOptions::default()).unwrap();
        written(Format::GeoJson);
        let options = GeoParquetOptions::default().with_covering(true).with_row_group(5);
        write_geoparquet(&path, &features, &options).unwrap();
        written(Format::GeoParquet);
        for index in [false, true] {
            write_flatgeobuf(&path, &features, &FlatGeobufOptions::default().with_index(index)).unwrap();
            written(Format::FlatGeobuf);
        }
        for encoding in [GeoArrowEncoding::Native, GeoArrowEncoding::Wkt] {
            for coordinates in [GeoArrowCoordinates::Separated, GeoArrowCoordinates::Interleaved] {
                let options =
                    GeoArrowOptions::default().with_encoding(encoding).with_coordinates(coordinates);
                write_arrow(&path, &features, &options).unwrap();
                written(Format::Arrow);
            }
        }
    }
    seeds.push((Format::Gml, GML.as_bytes().to_vec()));
    seeds.push((Format::GeoPackage, package(folder)));
    seeds.push((Format::Shapefile, shapes()));
    seeds.push((Format::Dbf, records()));
    seeds
}

const GML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:ms="x">
<wfs:member><ms:a gml:id="a.1"><ms:geom><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4171"><gml:exterior><gml:LinearRing>
<gml:posList srsDimension="2">45.7 4.8 45.8 4.8 45.8 4.9 45.7 4.8</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>
</ms:geom><ms:nom>Église &amp; parc</ms:nom><ms:n>3</ms:n></ms:a></wfs:member>
<wfs:member><ms:a gml:id="a.2"><ms:geom><gml:MultiCurve srsName="EPSG:4171"><gml:curveMember><gml:Curve><gml:segments>
<gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve></gml:curveMember></gml:MultiCurve>
</ms:geom><ms:nom/></ms:a></wfs:member></wfs:FeatureCollection>"#;

fn package(folder: &Path) -> Vec<u8> {
    let path = folder.join("seed.gpkg");
    let _ = std::fs::remove_file(&path);
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;
             CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
                 organization_coordsys_id INTEGER, definition TEXT);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('CC46', 3946, 'epsg', 3946, 'x');
             CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
             INSERT INTO gpkg_contents VALUES ('a', 'features');
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
             INSERT INTO gpkg_geometry_columns VALUES ('a', 'geom', 3946);
             CREATE TABLE a (fid INTEGER PRIMARY KEY, geom GEOMETRY, nom TEXT);",
        )
        .unwrap();
    for geometry in geometries() {
        let mut blob = vec![b'G', b'P', 0, 1, 0, 0, 0, 0];
        blob.extend(write_wkb(&geometry));
        database.execute("INSERT INTO a (geom, nom) VALUES (?1, 'Église')", [blob]).unwrap();
    }
    drop(database);
    std::fs::read(path).unwrap()
}

/// A Shapefile of two polygons, each of two rings.
fn shapes() -> Vec<u8> {
    let mut content: Vec<u8> = Vec::new();
    content.extend(5_i32.to_le_bytes());
    content.extend([0.0, 0.0, 4.0, 4.0].iter().flat_map(|number: &f64| number.to_le_bytes()));
    content.extend([2_i32, 8, 0, 4].iter().flat_map(|number| number.to_le_bytes()));
    let points = [0., 0., 0., 4., 4., 4., 0., 0., 1., 2., 2., 3., 1., 3., 1., 2.];
    content.extend(points.iter().flat_map(|number: &f64| number.to_le_bytes()));
    let mut file: Vec<u8> = Vec::new();
    file.extend(9994_i32.to_be_bytes());
    file.extend([0; 20]);
    let words = (100 + 2 * (8 + content.len())) / 2;
    file.extend((words as i32).to_be_bytes());
    file.extend([1000_i32, 5].iter().flat_map(|number| number.to_le_bytes()));
    file.resize(100, 0);
    for record in 1..=2_i32 {
        file.extend(record.to_be_bytes());
        file.extend((content.len() as i32 / 2).to_be_bytes());
        file.extend(&content);
    }
    file
}

/// Attributes of the two polygons.
fn records() -> Vec<u8> {
    let mut file = vec![3, 126, 1, 1, 2, 0, 0, 0];
    file.extend(97_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.resize(32, 0);
    for (name, kind, size) in [("nom", b'C', 8), ("n", b'N', 7)] {
        let mut field = name.as_bytes().to_vec();
        field.resize(11, 0);
        field.extend([kind, 0, 0, 0, 0, size, 0]);
        field.resize(32, 0);
        file.extend(field);
    }
    file.push(13);
    file.extend(b" Bron         12*Lyon       -1.5\x1a");
    file
}

/// Numbers at which counts and offsets go wrong.
const AWKWARD: [u64; 12] = [
    0,
    1,
    2,
    0x7f,
    0xff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
    0x7ff0_0000_0000_0000,
    0x0001_0000_0000_0000,
];

/// Damages a file in a few places.
pub(crate) fn damage(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=random.below(5) {
        let length = bytes.len();
        let place = random.below(length + 1).min(length.saturating_sub(1));
        match random.below(9) {
            _ if length == 0 => bytes.push(random.next() as u8),
            0 => bytes[place] ^= 1 << random.below(8),
            1 => bytes[place] = random.next() as u8,
            2 | 3 => {
                let size = [1, 2, 4, 8][random.below(4)];
                let number = AWKWARD[random.below(AWKWARD.len())];
                let number = if random.below(4) == 0 { number.swap_bytes() } else { number };
                let end = (place + size).min(length);
                bytes[place..end].copy_from_slice(&number.to_le_bytes()[..end - place]);
            }
            4 => {
                // A small step of a number that may be a count.
                bytes[place] = bytes[place].wrapping_add([1, 255, 2, 128][random.below(4)]);
            }
            5 => bytes.truncate(place),
            6 => {
                let end = (place + 1 + random.below(32)).min(length);
                bytes.drain(place..end);
            }
            7 => {
                let end = (place + 1 + random.below(64)).min(length);
                let copy = bytes[place..end].to_vec();
                let at = random.below(length);
                bytes.splice(at..at, copy);
            }
            _ => {
                let start = random.below(other.len());
                let end = (start + 1 + random.below(64)).min(other.len());
                let at = (place + end - start).min(length);
                bytes.splice(place..at, other[start..end].iter().copied());
            }
        }
    }
    bytes.truncate(1 << 20);
}

/// Reads a file; what went wrong, if it panicked or took too long.
pub(crate) fn run(format: Format, bytes: &[u8], path: &PathBuf) -> Result<(), String> {
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| read(format, bytes, path)));
    let took = start.elapsed();
    match outcome {
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            Err(format!(
                "{format:?} panicked: {:?}",
                text.or_else(|| payload.downcast_ref::<String>().cloned())
            ))
        }
        Ok(()) if took > PATIENCE => Err(format!("{format:?} took {took:?}")),
        Ok(()) => Ok(()),
    }
}

fn read(format: Format, bytes: &[u8], path: &PathBuf) {
    let rectangle = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 3.0, y: 3.0 });
    match format {
        Format::Wkb => {
            let _ = read_wkb(bytes);
            let _ = read_wkb_column([Some(bytes), None, Some(bytes)], Crs::WGS84);
            return;
        }
        Format::Wkt => {
            let _ = read_wkt(&String::from_utf8_lossy(bytes));
            return;
        }
        Format::Dbf => {
            std::fs::write(path.with_extension("shp"), shapes()).unwrap();
            std::fs::write(path.with_extension("dbf"), bytes).unwrap();
            let _ = read_shapefile(path.with_extension("shp"));
            let _ = std::fs::remove_file(path.with_extension("dbf"));
            return;
        }
        _ => std::fs::write(path, bytes).unwrap(),
    }
    match format {
        Format::GeoJson => drop(read_geojson(path)),
        Format::Gml => drop(read_gml(path)),
        Format::GeoPackage => drop(read_geopackage(path, None)),
        Format::Shapefile => drop(read_shapefile(path)),
        Format::Arrow => drop(read_arrow(path, None)),
        Format::FlatGeobuf => {
            drop(read_features(path));
            drop(read_flatgeobuf_within(path, rectangle));
        }
        _ => {
            drop(read_geoparquet(path));
            let options = GeoParquetReadOptions::default().within(rectangle).with_batch(4);
            let _ = scan_geoparquet(path, &options).map(|scan| scan.for_each(drop));
        }
    }
}
