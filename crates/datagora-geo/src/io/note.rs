//! What a reader had to do to make a file usable.
use std::fmt;

use datagora_core::Crs;

pub(crate) use crate::tally::Tally;

/// One thing that a reader changed, left out or assumed. Features are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadNote {
    /// Heights or measures (Z, M) were left out: geometries are planar.
    DimensionsDropped {
        /// How many geometries had them.
        features: usize,
        /// The first one.
        first: usize,
    },
    /// Rings whose last position was not their first were closed.
    RingsClosed {
        /// How many geometries had such a ring.
        features: usize,
        /// The first one.
        first: usize,
    },
    /// Parts without coordinates, or with too few, were left out.
    PartsDropped {
        /// How many geometries had such a part.
        features: usize,
        /// The first one.
        first: usize,
    },
    /// Holes outside of every outer ring became polygons of their own.
    HolesPromoted {
        /// How many geometries had such a hole.
        features: usize,
        /// The first one.
        first: usize,
    },
    /// Geometries of a kind that cannot be kept were replaced by missing ones.
    GeometryDropped {
        /// Kind found.
        kind: String,
        /// How many.
        features: usize,
        /// The first one.
        first: usize,
    },
    /// Curves were replaced by chords.
    CurvesLinearised {
        /// How many geometries had curves.
        features: usize,
        /// The first one.
        first: usize,
    },
    /// The file does not say its CRS; this one was assumed.
    CrsAssumed {
        /// Assumed.
        crs: Crs,
        /// Why this one.
        reason: &'static str,
    },
    /// The CRS is declared unknown, or in words we do not understand; coordinates cannot be placed until it is known.
    CrsUnknown {
        /// What the file says.
        found: String,
    },
    /// Coordinates came in the authority's order (north, east), and were swapped to (east, north).
    AxesSwapped {
        /// CRS whose authority's order is (north, east).
        crs: Crs,
    },
    /// Geometries of other CRSs than the first were met: they are missing in the result.
    OtherCrs {
        /// What they declare.
        found: String,
        /// How many.
        features: usize,
        /// The first one.
        first: usize,
    },
    /// There is no table of attributes.
    AttributesAbsent {
        /// File that was looked for.
        file: String,
    },
    /// Records marked as deleted, with their geometries, were left out.
    DeletedSkipped {
        /// How many.
        features: usize,
    },
    /// A column mixes types; it is text.
    MixedTypes {
        /// Name of the column.
        column: String,
    },
    /// A column holds objects or lists; they are JSON text.
    NestedAsText {
        /// Name of the column.
        column: String,
    },
    /// A column holds times without a zone, which name no instant; they are text.
    ZoneMissing {
        /// Name of the column.
        column: String,
    },
    /// A column of a type that tables do not have was left out.
    ColumnDropped {
        /// Name of the column.
        column: String,
        /// Its type.
        kind: String,
    },
    /// Values that are not of the column's type are missing in the result, as are times that the clocks of their zone
    /// skip or show twice.
    ValuesDropped {
        /// Name of the column.
        column: String,
        /// How many.
        values: usize,
    },
    /// A column got another name, because its own was empty or taken.
    ColumnRenamed {
        /// In the file.
        from: String,
        /// In the table.
        to: String,
    },
    /// A name stands more than once in one feature; the first value was kept.
    NameRepeated {
        /// Name of the column.
        column: String,
        /// How many values were left out.
        values: usize,
    },
    /// The encoding of text is not declared, or the declaration is wrong; this one was used.
    EncodingAssumed {
        /// Used.
        encoding: &'static str,
    },
    /// Bytes that are no text in the declared encoding became the replacement character �.
    TextReplaced {
        /// How many values.
        values: usize,
    },
    /// Objects do not say that they are features; those with a geometry were taken as such.
    TypeAssumed,
    /// A journal beside the database holds changes that were not read.
    JournalIgnored {
        /// The file.
        file: String,
    },
}

impl fmt::Display for ReadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ReadNote::*;
        match self {
            DimensionsDropped { features, first } => {
                write!(f, "heights or measures of {features} geometries left out (first: feature {first})")
            }
            RingsClosed { features, first } => {
                write!(f, "open rings closed in {features} geometries (first: feature {first})")
            }
            PartsDropped { features, first } => {
                write!(
                    f,
                    "empty or degenerate parts left out of {features} geometries (first: feature {first})"
                )
            }
            HolesPromoted { features, first } => {
                write!(
                    f,
                    "holes outside of every ring became polygons in {features} geometries (first: feature {first})"
                )
            }
            GeometryDropped { kind, features, first } => {
                write!(f, "{features} geometries of kind {kind} are missing (first: feature {first})")
            }
            CurvesLinearised { features, first } => {
                write!(f, "curves replaced by chords in {features} geometries (first: feature {first})")
            }
            CrsAssumed { crs, reason } => write!(f, "no CRS declared, {crs} assumed: {reason}"),
            CrsUnknown { found } => write!(f, "CRS unknown, the file says: {found}"),
            AxesSwapped { crs } => {
                write!(f, "coordinates swapped from the (north, east) order of {crs} to (east, north)")
            }
            OtherCrs { found, features, first } => {
                write!(
                    f,
                    "{features} geometries in {found}, another CRS than the first, are missing \
                     (first: feature {first})"
                )
            }
            AttributesAbsent { file } => write!(f, "no attributes: {file} is absent"),
            DeletedSkipped { features } => write!(f, "{features} records marked as deleted left out"),
            MixedTypes { column } => write!(f, "column “{column}” mixes types, kept as text"),
            NestedAsText { column } => {
                write!(f, "column “{column}” holds objects or lists, kept as JSON text")
            }
            ZoneMissing { column } => write!(f, "column “{column}” holds times without zone, kept as text"),
            ColumnDropped { column, kind } => write!(f, "column “{column}” of type {kind} left out"),
            ValuesDropped { column, values } => {
                write!(f, "{values} values of column “{column}” are not of its type, and missing")
            }
            ColumnRenamed { from, to } => write!(f, "column “{from}” renamed “{to}”"),
            NameRepeated { column, values } => {
                write!(f, "“{column}” stands more than once in a feature, {values} later values left out")
            }
            EncodingAssumed { encoding } => {
                write!(f, "encoding of text not declared or wrong, {encoding} used")
            }
            TextReplaced { values } => write!(f, "{values} texts have bytes that are no text, shown as �"),
            TypeAssumed => f.write_str("objects without “type” taken as features, as they have a geometry"),
            JournalIgnored { file } => write!(f, "changes in the journal {file} not read"),
        }
    }
}

impl ReadNote {
    /// Adds what was noted of a further batch: values are counted on, and what was noted before is not noted again.
    pub(super) fn add_to(self, notes: &mut Vec<Self>) {
        if let ReadNote::ValuesDropped { column, values } = &self {
            let counted = notes.iter_mut().find_map(|note| match note {
                ReadNote::ValuesDropped { column: other, values: before } if other == column => Some(before),
                _ => None,
            });
            if let Some(before) = counted {
                *before += values;
                return;
            }
        }
        if !notes.contains(&self) {
            notes.push(self);
        }
    }

    /// Geometries left out for coordinates that no operation can make sense of.
    pub(super) fn not_finite(features: usize, first: usize) -> Self {
        let kind = "with coordinates that are not finite".into();
        ReadNote::GeometryDropped { kind, features, first }
    }
}

impl Tally {
    /// The note, if anything was counted.
    pub(crate) fn note(self, notes: &mut Vec<ReadNote>, make: impl FnOnce(usize, usize) -> ReadNote) {
        if self.features > 0 {
            notes.push(make(self.features, self.first));
        }
    }
}
