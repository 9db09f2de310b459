//! Geometries in well-known binary, counted by what had to be done to them.
use super::error::Fault;
use super::note::{ReadNote, Tally};
use crate::types::Geometry;
use crate::{Dimensions, WkbError, read_wkb};

/// Decodes the geometries of a column.
#[derive(Default)]
pub(super) struct Decoder {
    dimensions: Tally,
    linearised: Tally,
    unsupported: Option<(u32, Tally)>,
}

impl Decoder {
    /// The geometry of a row; types that are none of ours are missing.
    pub(super) fn decode(&mut self, row: usize, bytes: &[u8]) -> Result<Option<Geometry>, Fault> {
        let decoded = match read_wkb(bytes) {
            Ok(decoded) => decoded,
            Err(WkbError::Kind { found, .. }) => {
                self.unsupported.get_or_insert((found, Tally::default())).1.add(row);
                return Ok(None);
            }
            Err(error) => {
                let fault = Fault::new(error.to_string(), "well-known binary", "export the layer again");
                return Err(fault.at_feature(row));
            }
        };
        if decoded.dimensions != Dimensions::Xy {
            self.dimensions.add(row);
        }
        if decoded.linearised {
            self.linearised.add(row);
        }
        Ok(decoded.geometry)
    }

    /// Adds the notes.
    pub(super) fn tell(self, notes: &mut Vec<ReadNote>) {
        self.dimensions.note(notes, |features, first| ReadNote::DimensionsDropped { features, first });
        self.linearised.note(notes, |features, first| ReadNote::CurvesLinearised { features, first });
        if let Some((kind, tally)) = self.unsupported {
            let kind = format!("type {kind} of well-known binary");
            tally.note(notes, |features, first| ReadNote::GeometryDropped { kind, features, first });
        }
    }
}
