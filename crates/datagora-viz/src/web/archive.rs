//! Archives of vector tiles, as far as a page must know them.
use serde_json::Value;

use crate::pmtiles::{Header, PmtilesError};

/// A PMTiles archive of vector tiles, whole in memory: header and metadata are read, the tiles are left to the page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Archive {
    bytes: Vec<u8>,
    bounds: [f64; 4],
    parts: Vec<String>,
    thinning: Vec<(String, ZoomCount)>,
}

/// What a layer shows at a zoom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ZoomCount {
    pub(super) zoom: u8,
    /// Features there are.
    pub(super) features: u64,
    /// Shapes drawn.
    pub(super) drawn: u64,
    /// Features left out, of which nothing is seen.
    pub(super) dropped: u64,
}

/// Metadata of a sound archive are some kB; more is refused before it is unpacked.
const MOST_METADATA: u64 = 16 << 20;

impl Archive {
    /// The archive in these bytes.
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, PmtilesError> {
        let header = Header::read(&bytes)?;
        let failed = |reason: String| PmtilesError::Metadata { reason };
        let metadata = header.metadata(&bytes, MOST_METADATA)?;
        let metadata: Value = serde_json::from_slice(&metadata).map_err(|error| failed(error.to_string()))?;
        let listed = metadata["vector_layers"].as_array();
        let listed = listed.ok_or_else(|| failed("no vector_layers".to_owned()))?;
        let parts = listed.iter().filter_map(|part| Some(part["id"].as_str()?.to_owned())).collect();
        let thinning = metadata["datagora:thinning"].as_array().into_iter().flatten();
        let thinning = thinning.filter_map(zoom_count).collect();
        Ok(Self { bounds: header.about.bounds, parts, thinning, bytes })
    }

    /// The archive, as it was given.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// West, south, east and north end, degrees.
    pub(super) fn bounds(&self) -> [f64; 4] {
        self.bounds
    }

    /// The names of the layers inside its tiles.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| &part[..])
    }

    /// What a layer shows at each zoom; empty if the archive does not say.
    pub(super) fn thinning(&self, part: &str) -> Vec<&ZoomCount> {
        self.thinning.iter().filter(|(known, _)| known == part).map(|(_, count)| count).collect()
    }
}

/// What the metadata say of a layer at a zoom.
fn zoom_count(said: &Value) -> Option<(String, ZoomCount)> {
    let zoom = u8::try_from(said["zoom"].as_u64()?).ok()?;
    let (features, drawn) = (said["features"].as_u64()?, said["drawn"].as_u64()?);
    let dropped = said["dropped"].as_u64().unwrap_or(0);
    Some((said["layer"].as_str()?.to_owned(), ZoomCount { zoom, features, drawn, dropped }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pmtiles::HEADER;

    /// An archive without tiles.
    fn archive(metadata: &str) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[..8].copy_from_slice(b"PMTiles\x03");
        bytes[24..32].copy_from_slice(&(HEADER as u64).to_le_bytes());
        bytes[32..40].copy_from_slice(&(metadata.len() as u64).to_le_bytes());
        bytes[97..102].copy_from_slice(&[1, 2, 1, 9, 14]);
        bytes[102..106].copy_from_slice(&48_000_000i32.to_le_bytes());
        bytes.extend_from_slice(metadata.as_bytes());
        bytes
    }

    #[test]
    fn header_and_metadata_are_read() {
        let metadata = r#"{"vector_layers":[{"id":"cells","fields":{}},{"id":"water"}],
            "datagora:thinning":[{"layer":"cells","zoom":9,"features":40,"drawn":7,"dropped":33},{"layer":"cells"}]}"#;
        let read = Archive::new(archive(metadata)).unwrap();
        assert_eq!(read.bounds(), [4.8, 0.0, 0.0, 0.0]);
        assert_eq!(read.parts().collect::<Vec<_>>(), ["cells", "water"]);
        assert_eq!(read.thinning("cells"), [&ZoomCount { zoom: 9, features: 40, drawn: 7, dropped: 33 }]);
        assert!(read.thinning("water").is_empty());
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        let sound = archive(r#"{"vector_layers":[]}"#);
        assert!(Archive::new(sound.clone()).is_ok());
        let changed = |at: usize, to: u8| {
            let mut bytes = sound.clone();
            bytes[at] = to;
            Archive::new(bytes)
        };
        assert_eq!(Archive::new(b"PMTiles".to_vec()), Err(PmtilesError::NotPmtiles));
        assert_eq!(changed(0, b'X'), Err(PmtilesError::NotPmtiles));
        assert_eq!(changed(7, 2), Err(PmtilesError::Version { found: 2 }));
        assert_eq!(changed(99, 2), Err(PmtilesError::NotVector { found: 2 }));
        assert!(matches!(changed(97, 2), Err(PmtilesError::Metadata { .. })));
        assert!(matches!(changed(97, 4), Err(PmtilesError::Metadata { .. })));
        assert!(matches!(Archive::new(archive("{}")), Err(PmtilesError::Metadata { .. })));
        let cut = sound[..sound.len() - 1].to_vec();
        assert!(matches!(Archive::new(cut), Err(PmtilesError::Truncated { found: 146, needed: 147 })));
        assert!(matches!(changed(31, 255), Err(PmtilesError::Truncated { .. })));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let mut bytes = b"PMTiles\x03".to_vec();
            bytes.extend_from_slice(&tail);
            let _ = Archive::new(bytes);
        }
    }
}
