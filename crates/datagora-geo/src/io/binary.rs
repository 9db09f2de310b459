//! Geometry columns as they are decoded, counted by what had to be done to them.
use datagora_core::Crs;

use super::error::Fault;
use super::note::{ReadNote, Tally};
use crate::GeometryColumn;
use crate::wkb::RowDecoder;

/// Decodes a column, in one piece or in several.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The piece under construction.
    pub(super) rows: RowDecoder,
    /// Rows of the pieces that are finished.
    before: usize,
    dimensions: Tally,
    linearised: Tally,
    not_finite: Tally,
    unsupported: Option<(u32, Tally)>,
}

impl Decoder {
    /// Rows of all pieces.
    pub(super) fn len(&self) -> usize {
        self.before + self.rows.builder.len()
    }

    /// The next row; types that are none of ours are missing.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.rows.push(bytes).map_err(|error| {
            let fault = Fault::new(error.to_string(), "well-known binary", "export the layer again");
            fault.at_feature(self.len())
        })
    }

    /// The rows since the last piece.
    pub(super) fn finish(&mut self, crs: Crs) -> GeometryColumn {
        let mut rows = std::mem::take(&mut self.rows);
        self.dimensions.append(rows.dimensions, self.before);
        self.linearised.append(rows.linearised, self.before);
        self.not_finite.append(rows.builder.not_finite, self.before);
        if let Some((kind, tally)) = rows.unsupported {
            self.unsupported.get_or_insert((kind, Tally::default())).1.append(tally, self.before);
        }
        self.before += rows.builder.len();
        rows.builder.finish(crs)
    }

    /// Adds the notes.
    pub(super) fn tell(&self, notes: &mut Vec<ReadNote>) {
        self.dimensions.note(notes, |features, first| ReadNote::DimensionsDropped { features, first });
        self.linearised.note(notes, |features, first| ReadNote::CurvesLinearised { features, first });
        if let Some((kind, tally)) = self.unsupported {
            let kind = format!("type {kind} of well-known binary");
            tally.note(notes, |features, first| ReadNote::GeometryDropped { kind, features, first });
        }
        self.not_finite.note(notes, ReadNote::not_finite);
    }
}
