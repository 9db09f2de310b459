//! Any file of features, by its content.
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::arrow_file::MAGIC;
use super::{
    FeatureFile, ReadError, read_arrow, read_flatgeobuf, read_geojson, read_geopackage, read_geoparquet,
    read_gml, read_shapefile,
};

/// Bytes looked at to tell the format.
const HEAD: u64 = 1024;

/// Reads a file of features, in the format that its first bytes show: [`read_geojson`], [`read_geopackage`] (of one
/// layer), [`read_shapefile`], [`read_geoparquet`], [`read_gml`], [`read_arrow`],
/// [`read_flatgeobuf`].
///
/// The extension is not looked at: portals give GeoJSON as `.json` or `.txt`, and GML as `.xml`.
///
/// # Errors
///
/// [`ReadError::Unrecognised`] for other formats, and the errors of the reader chosen.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("download");
/// std::fs::write(&path, r#"{"type": "Point", "coordinates": [4.835, 45.76]}"#)?;
/// assert_eq!(datagora_geo::read_features(&path)?.features.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_features(path: impl AsRef<Path>) -> Result<FeatureFile, ReadError> {
    let path = path.as_ref();
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD).read_to_end(&mut head))
        .map_err(|source| ReadError::Io { file: path.to_owned(), source })?;
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match (head.as_slice(), first) {
        ([], _) => Err(unrecognised(path, "an empty file")),
        (bytes, _) if bytes.starts_with(b"SQLite format 3\0") => read_geopackage(path, None),
        (bytes, _) if bytes.starts_with(b"PAR1") => read_geoparquet(path),
        (bytes, _) if bytes.starts_with(&MAGIC) || bytes.starts_with(&[0xff; 4]) => read_arrow(path, None),
        (bytes, _) if bytes.starts_with(b"fgb") => read_flatgeobuf(path),
        (bytes, _) if bytes.starts_with(&9994_i32.to_be_bytes()) => read_shapefile(path),
        (bytes, _) if bytes.starts_with(b"PK") => Err(unrecognised(path, "a ZIP archive (unpack it first)")),
        (bytes, _) if bytes.starts_with(b"\x1f\x8b") => {
            Err(unrecognised(path, "a gzip file (unpack it first)"))
        }
        (_, Some(b'{' | b'[' | 0x1e)) => read_geojson(path),
        (_, Some(b'<')) => read_gml(path),
        (bytes, _) => {
            let start: String = String::from_utf8_lossy(bytes).chars().take(20).collect();
            Err(unrecognised(path, &format!("a file that begins with {start:?}")))
        }
    }
}

fn unrecognised(path: &Path, found: &str) -> ReadError {
    ReadError::Unrecognised { file: path.to_owned(), found: found.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let message = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read_features(&path)
                .map_or_else(|error| error.to_string(), |file| file.features.len().to_string())
        };
        assert_eq!(message(b"\xef\xbb\xbf [ ]"), "0");
        assert_eq!(message(b"<FeatureCollection/>"), "0");
        assert!(message(b"").contains("an empty file"));
        assert!(message(b"PK\x03\x04").contains("ZIP"));
        assert!(message(b"insee;nom\n").contains("begins with \"insee;nom"));
        assert!(message(b"PAR1").contains("cannot be read as GeoParquet"));
        assert!(message(b"SQLite format 3\0").contains("cannot be read as GeoPackage"));
        assert!(message(&9994_i32.to_be_bytes()).contains("needed the 100 bytes of a header"));
        assert!(matches!(read_features(folder.path().join("none")), Err(ReadError::Io { .. })));
    }
}
