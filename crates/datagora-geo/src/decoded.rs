//! What well-known text and binary have in common.
use std::fmt;

use crate::GeometryColumn;
use crate::types::Geometry;

/// How deep collections may hold collections; deeper ones are refused, so that no input exhausts the stack.
pub(crate) const DEEPEST: usize = 32;

/// Which numbers each position has. Those beyond the second are left out when read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dimensions {
    /// East and north.
    #[default]
    Xy,
    /// And a height.
    Xyz,
    /// And a measure.
    Xym,
    /// And both.
    Xyzm,
}

impl Dimensions {
    pub(crate) fn new(height: bool, measure: bool) -> Self {
        match (height, measure) {
            (false, false) => Dimensions::Xy,
            (true, false) => Dimensions::Xyz,
            (false, true) => Dimensions::Xym,
            (true, true) => Dimensions::Xyzm,
        }
    }

    /// Numbers per position.
    pub fn count(self) -> usize {
        match self {
            Dimensions::Xy => 2,
            Dimensions::Xyz | Dimensions::Xym => 3,
            Dimensions::Xyzm => 4,
        }
    }
}

impl fmt::Display for Dimensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dimensions::Xy => "XY",
            Dimensions::Xyz => "XYZ",
            Dimensions::Xym => "XYM",
            Dimensions::Xyzm => "XYZM",
        })
    }
}

/// A geometry read from well-known text or binary, and what the planar geometry does not keep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// The geometry; `None` for an empty point, which has no planar form.
    pub geometry: Option<Geometry>,
    /// Numbers per position in the source; the most, if parts differ.
    pub dimensions: Dimensions,
    /// Identifier of the reference system, of the extended (PostGIS) forms.
    pub srid: Option<u32>,
    /// Circular arcs were replaced by chords.
    pub linearised: bool,
}

/// A column read from well-known binary or GeoArrow, and what of the rows it does not keep.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DecodedColumn {
    /// One geometry per row.
    pub geometry: GeometryColumn,
    /// Rows that had heights or measures, which are left out.
    pub flattened: usize,
    /// Rows with circular arcs, which were replaced by chords.
    pub linearised: usize,
    /// Rows that are missing for a coordinate that is infinite or NaN; points of NaN only are empty, and not counted.
    pub not_finite: usize,
    /// Rows that are missing because they are of a type that is none of ours.
    pub unsupported: usize,
}
