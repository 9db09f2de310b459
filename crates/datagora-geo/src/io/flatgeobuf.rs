//! FlatGeobuf.
mod forward;
mod geometry;
mod index;
mod properties;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use datagora_core::{Crs, Hashed};
use flatgeobuf::{Header, size_prefixed_root_as_feature, size_prefixed_root_as_header};

use self::forward::{Forward, Piece};
use self::properties::Properties;
use super::binary::Decoder;
use super::error::{Fault, ReadError};
use super::file::FeatureFile;
use super::note::{ReadNote, Tally};
use crate::Features;
use crate::crs::{crs_from_wkt, unknown_crs};
use crate::geometry::Bounds;
use crate::types::Rect;

/// First bytes of a file, but for the version at the fourth place and the patch at the last.
pub(super) const MAGIC: &[u8; 8] = b"fgb\x03fgb\x00";

/// Reads FlatGeobuf, version 3.
///
/// Columns have the types that the file declares: whole numbers, numbers, truth values and text; times become dates,
/// instants, or text if they have no zone; JSON stays text; binary columns are left out with a note. Files without
/// declared columns whose features declare their own are read, too. The CRS is that of the header: by EPSG code, else by
/// its WKT definition; none stated: unknown. Coordinates are (east, north).
///
/// Heights and measures are left out with a note. Curves are missing, with a note.
///
/// # Errors
///
/// [`ReadError::Io`]; [`ReadError::Malformed`], with the feature, if the file is none of the format, is cut short or
/// damaged.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.fgb");
/// use datagora_core::{Crs, Table};
/// use datagora_geo::{Features, FlatGeobufOptions, GeometryColumn, read_flatgeobuf, write_flatgeobuf};
///
/// let geometry = GeometryColumn::points(vec![1_842_734.9], vec![5_174_970.7], Crs::CC46);
/// let trees = Features { geometry, attributes: Table::empty() };
/// write_flatgeobuf(&path, &trees, &FlatGeobufOptions::default())?;
/// assert_eq!(read_flatgeobuf(&path)?.features, trees);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// FlatGeobuf specification 3, <https://flatgeobuf.org>, with its schemas `header.fbs` and `feature.fbs`.
pub fn read_flatgeobuf(path: impl AsRef<Path>) -> Result<FeatureFile, ReadError> {
    read(path.as_ref(), None)
}

/// Reads the features of a FlatGeobuf file whose rectangle meets one, edges included, in the CRS of the file.
///
/// With an index in the file (see [`FlatGeobufOptions`](crate::FlatGeobufOptions)) only those features are decoded; they
/// come in the order of the file.
///
/// # Errors
///
/// As [`read_flatgeobuf`].
///
/// # Example
///
/// ```no_run
/// use datagora_geo::read_flatgeobuf_within;
/// use datagora_geo::types::{Rect, coord};
///
/// let presquile = Rect::new(coord! { x: 4.825, y: 45.745 }, coord! { x: 4.842, y: 45.77 });
/// let file = read_flatgeobuf_within("buildings.fgb", presquile)?;
/// # Ok::<(), datagora_geo::ReadError>(())
/// ```
pub fn read_flatgeobuf_within(path: impl AsRef<Path>, rectangle: Rect) -> Result<FeatureFile, ReadError> {
    let (min, max) = (rectangle.min(), rectangle.max());
    read(path.as_ref(), Some(Bounds { min_x: min.x, min_y: min.y, max_x: max.x, max_y: max.y }))
}

/// Bytes read from the disk at a time.
const BUFFER: usize = 1 << 18;

fn read(path: &Path, within: Option<Bounds>) -> Result<FeatureFile, ReadError> {
    let unreadable = |source| ReadError::Io { file: path.to_owned(), source };
    let file = Hashed::new(File::open(path).map_err(unreadable)?);
    let mut file = BufReader::with_capacity(BUFFER, file);
    let (features, notes) = parse(&mut file, within).map_err(|broken| match broken {
        Broken::Io(source) => unreadable(source),
        Broken::Fault(fault) => fault.in_file(path),
    })?;
    let hash = file.into_inner().finish().map_err(unreadable)?;
    Ok(FeatureFile::new(features, notes, path, hash))
}

/// Why reading stops.
#[derive(Debug)]
pub(super) enum Broken {
    Io(io::Error),
    Fault(Fault),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Broken::Io(error)
    }
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Broken::Fault(fault)
    }
}

fn damaged(what: &str, error: impl std::fmt::Display) -> Fault {
    Fault::new(
        format!("{what} that is damaged: {error}"),
        "FlatGeobuf",
        "the file is corrupt, fetch it again",
    )
}

/// Reads forward, so that the file is never held as a whole.
pub(super) fn parse(file: impl Read, within: Option<Bounds>) -> Result<(Features, Vec<ReadNote>), Broken> {
    let mut file = Forward::new(file);
    let mut start = Vec::new();
    let whole = file.read(MAGIC.len() as u64, &mut start)?;
    if !whole || start[..3] != MAGIC[..3] || start[4..7] != MAGIC[4..7] || start[3] != 3 {
        let hint = "convert the file to FlatGeobuf 3";
        return Err(Fault::new("a file that does not begin with “fgb” and 3", "FlatGeobuf 3", hint).into());
    }
    let mut header_bytes = Vec::new();
    if file.piece(&mut header_bytes)? != Piece::Whole {
        return Err(Fault::truncated("a header").into());
    }
    let header = size_prefixed_root_as_header(&header_bytes).map_err(|error| damaged("a header", error))?;

    let mut notes = Vec::new();
    let crs = crs(&header, &mut notes);
    let stated = usize::try_from(header.features_count()).unwrap_or(usize::MAX);
    let node_size = usize::from(header.index_node_size());
    let mut index = Vec::new();
    if stated > 0 && node_size > 0 {
        let length = index::length(stated, node_size).and_then(|length| u64::try_from(length).ok());
        let cut = || Fault::truncated(format!("an index of {stated} features"));
        let length = length.ok_or_else(cut)?;
        let whole = match within {
            Some(_) => file.read(length, &mut index)?,
            None => file.go_to(file.place().saturating_add(length))?,
        };
        if !whole {
            return Err(cut().into());
        }
    }
    let start = file.place();

    let mut reader = Reader {
        header,
        decoder: Decoder::default(),
        properties: Properties::new(&header, &mut notes),
        curves: Tally::default(),
        within,
    };
    let mut feature = Vec::new();
    match (&within, &index[..]) {
        (Some(rectangle), [_, ..]) => {
            let outside = || damaged("an index", "it points outside of itself");
            let mut places = index::search(&index, stated, node_size, rectangle).ok_or_else(outside)?;
            places.sort_unstable();
            for offset in places {
                let there = file.go_to(start.saturating_add(offset))?;
                if !there || file.piece(&mut feature)? != Piece::Whole {
                    return Err(Fault::truncated("a feature that the index names").into());
                }
                reader.feature(&feature)?;
            }
        }
        _ => {
            let mut found = 0;
            loop {
                let place = file.place();
                match file.piece(&mut feature)? {
                    Piece::Whole => reader.feature(&feature)?,
                    Piece::Cut => {
                        return Err(Fault::truncated("a feature").at_feature(found).at_byte(place).into());
                    }
                    Piece::None => break,
                }
                found += 1;
            }
            if stated > 0 && found != stated {
                let needed = format!("{stated}, as the header states");
                let hint = "fetch the file again";
                return Err(Fault::new(format!("{found} features"), needed, hint).into());
            }
        }
    }
    let rows = reader.decoder.len();
    let geometry = reader.decoder.finish(crs);
    reader.decoder.tell(&mut notes);
    let dropped =
        |features, first| ReadNote::GeometryDropped { kind: "curve or surface".into(), features, first };
    reader.curves.note(&mut notes, dropped);
    let attributes = reader.properties.finish(rows, &mut notes)?;
    Ok((Features { geometry, attributes }, notes))
}

struct Reader<'a> {
    header: Header<'a>,
    decoder: Decoder,
    properties: Properties,
    curves: Tally,
    within: Option<Bounds>,
}

impl Reader<'_> {
    fn feature(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let row = self.decoder.len();
        let feature = size_prefixed_root_as_feature(bytes)
            .map_err(|error| damaged("a feature", error).at_feature(row))?;
        let found = feature.geometry();
        if let Some(rectangle) = &self.within {
            let bounds = found.map_or(Bounds::EMPTY, |geometry| geometry::bounds(&geometry));
            if bounds.is_empty() || !bounds.meets(rectangle) {
                return Ok(());
            }
        }
        match found {
            None => self.decoder.rows.builder.push_missing(),
            Some(found) => {
                let outcome = geometry::push(&found, self.header.geometry_type(), &mut self.decoder.rows);
                match outcome.map_err(|fault| fault.at_feature(row))? {
                    true if self.header.has_z() || self.header.has_m() => {
                        self.decoder.rows.dimensions.add(row);
                    }
                    true => {}
                    false => self.curves.add(row),
                }
            }
        }
        self.properties.feature(&feature, row).map_err(|fault| fault.at_feature(row))
    }
}

fn crs(header: &Header<'_>, notes: &mut Vec<ReadNote>) -> Crs {
    let Some(crs) = header.crs() else {
        notes.push(ReadNote::CrsUnknown { found: "nothing".into() });
        return unknown_crs();
    };
    let epsg = crs.org().is_none_or(|org| org.eq_ignore_ascii_case("EPSG"));
    let code = u32::try_from(crs.code()).ok().filter(|&code| epsg && code > 0);
    let code = code.or_else(|| crs.code_string()?.parse().ok().filter(|_| epsg));
    match (code, crs.wkt()) {
        (Some(code), _) => Crs::from_epsg(code),
        (None, Some(definition)) if definition.contains('[') => crs_from_wkt(definition),
        (None, _) => {
            let (org, name) = (crs.org().unwrap_or_default(), crs.name().unwrap_or_default());
            let code = crs.code_string().map_or_else(|| crs.code().to_string(), str::to_owned);
            if (org.eq_ignore_ascii_case("OGC") && code == "CRS84") || name == "WGS 84 (CRS84)" {
                return Crs::WGS84;
            }
            notes.push(ReadNote::CrsUnknown { found: format!("{org}:{code} {name}").trim().to_owned() });
            unknown_crs()
        }
    }
}
