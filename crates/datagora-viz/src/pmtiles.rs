//! Header and metadata of a PMTiles archive, version 3: of those that are read whole, and of those that a page hands on.
use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

use flate2::read::MultiGzDecoder;

/// Length of the header.
pub(crate) const HEADER: usize = 127;
/// What an archive of any version begins with; the version is the next byte.
pub(crate) const MAGIC: &[u8; 7] = b"PMTiles";
/// Version read and written.
pub(crate) const VERSION: u8 = 3;
/// Number of gzip among the kinds of compression.
pub(crate) const GZIP: u8 = 2;
/// Number of Mapbox Vector Tiles among the kinds of tiles.
pub(crate) const VECTOR: u8 = 1;

/// Why bytes are no archive that a map can show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(not(feature = "web"), expect(unreachable_pub, reason = "only interactive maps hand it out"))]
pub enum PmtilesError {
    /// Not PMTiles at all.
    #[error("the bytes do not begin as a PMTiles archive does; give the whole content of a .pmtiles file")]
    NotPmtiles,
    /// Another version of the format.
    #[error("PMTiles version {found}; version 3 is read: convert the archive with `pmtiles convert`")]
    Version {
        /// Version found.
        found: u8,
    },
    /// Tiles that are pictures, or of an unknown kind.
    #[error("tiles of kind {found}; vector tiles (kind 1) are needed")]
    NotVector {
        /// Kind as the header numbers it.
        found: u8,
    },
    /// The bytes end before what the header announces.
    #[error("the archive has {found} bytes, its header announces {needed}; read the file whole")]
    Truncated {
        /// Bytes there are.
        found: usize,
        /// Bytes announced.
        needed: u64,
    },
    /// The metadata cannot be read.
    #[error(
        "the metadata of the archive cannot be read ({reason}); JSON, plain or compressed with gzip, is needed"
    )]
    Metadata {
        /// Why.
        reason: String,
    },
}

/// What the header says beside places of bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct About {
    pub(crate) zooms: [u8; 2],
    /// West, south, east, north in degrees.
    pub(crate) bounds: [f64; 4],
    pub(crate) centre: [f64; 2],
    pub(crate) centre_zoom: u8,
}

/// The header of an archive of vector tiles, all of whose parts are within the bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    pub(crate) root: Range<usize>,
    metadata: Range<usize>,
    pub(crate) leaves: Range<usize>,
    pub(crate) tiles: Range<usize>,
    /// Numbers of the compression: of directories and metadata; of tiles.
    pub(crate) compression: [u8; 2],
    pub(crate) about: About,
}

impl Header {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, PmtilesError> {
        if bytes.len() < HEADER || !bytes.starts_with(MAGIC) {
            return Err(PmtilesError::NotPmtiles);
        }
        if bytes[7] != VERSION {
            return Err(PmtilesError::Version { found: bytes[7] });
        }
        if bytes[99] != VECTOR {
            return Err(PmtilesError::NotVector { found: bytes[99] });
        }
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|k| bytes[at + k]));
        let degrees = |at: usize| f64::from(i32::from_le_bytes(std::array::from_fn(|k| bytes[at + k]))) / 1e7;
        let part = |at: usize| {
            let (start, needed) = (number(at), number(at).saturating_add(number(at + 8)));
            if needed > bytes.len() as u64 {
                return Err(PmtilesError::Truncated { found: bytes.len(), needed });
            }
            Ok(start as usize..needed as usize)
        };
        Ok(Self {
            root: part(8)?,
            metadata: part(24)?,
            leaves: part(40)?,
            tiles: part(56)?,
            compression: [bytes[97], bytes[98]],
            about: About {
                zooms: [bytes[100], bytes[101]],
                bounds: [102, 106, 110, 114].map(degrees),
                centre_zoom: bytes[118],
                centre: [119, 123].map(degrees),
            },
        })
    }

    /// The metadata, plain, of the archive in these bytes: less than `most` bytes.
    pub(crate) fn metadata<'a>(&self, bytes: &'a [u8], most: u64) -> Result<Cow<'a, [u8]>, PmtilesError> {
        let kept = &bytes[self.metadata.clone()];
        let plain = match self.compression[0] {
            0 | 1 => Ok(Cow::Borrowed(kept)),
            GZIP => gunzip(kept, most).map(Cow::Owned),
            other => Err(format!("compression number {other}")),
        };
        plain.map_err(|reason| PmtilesError::Metadata { reason })
    }
}

/// What gzip holds, if that is less than `most` bytes: a bomb unpacks to more.
pub(crate) fn gunzip(bytes: &[u8], most: u64) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    match MultiGzDecoder::new(bytes).take(most).read_to_end(&mut out) {
        Ok(_) if (out.len() as u64) < most => Ok(out),
        Ok(_) => Err(format!("it unpacks to more than {} MiB", most >> 20)),
        Err(error) => Err(format!("it is no gzip: {error}")),
    }
}
