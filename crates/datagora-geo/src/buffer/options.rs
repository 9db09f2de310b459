//! How ends and corners of buffers look.

/// The end of the buffer of a line, and the buffer of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum BufferCap {
    /// Half a circle; a point becomes a disc.
    #[default]
    Round,
    /// Straight through the end of the line: nothing beyond it. A point becomes an empty row.
    Flat,
    /// Straight, the distance beyond the end; a point becomes a square.
    Square,
}

/// The corner of a buffer outside of a bend.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum BufferJoin {
    /// An arc around the corner: the ground within the distance, and no other.
    #[default]
    Round,
    /// Both sides go on until they meet, or are cut off straight at `limit` distances from the corner.
    Mitre {
        /// Distances; 5 in GEOS and PostGIS.
        limit: f64,
    },
    /// The corner cut off.
    Bevel,
}

/// How a buffer looks.
///
/// ```
/// use datagora_geo::{BufferCap, BufferOptions};
///
/// let options = BufferOptions::default().with_cap(BufferCap::Flat).with_quarter_segments(8);
/// assert_eq!((options.cap, options.quarter_segments), (BufferCap::Flat, 8));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BufferOptions {
    /// Ends of lines, and points.
    pub cap: BufferCap,
    /// Corners.
    pub join: BufferJoin,
    /// Chords of a quarter of a circle; 16 by default, as in shapely 2 (PostGIS has 8); 0 counts as 1.
    pub quarter_segments: u16,
    /// Whether arcs have the area of the circle rather than lie in it.
    pub equal_area: bool,
}

impl Default for BufferOptions {
    fn default() -> Self {
        BufferOptions {
            cap: BufferCap::Round,
            join: BufferJoin::Round,
            quarter_segments: 16,
            equal_area: false,
        }
    }
}

impl BufferOptions {
    /// Other ends.
    #[must_use]
    pub fn with_cap(self, cap: BufferCap) -> Self {
        Self { cap, ..self }
    }

    /// Other corners.
    #[must_use]
    pub fn with_join(self, join: BufferJoin) -> Self {
        Self { join, ..self }
    }

    /// That many chords in a quarter of a circle.
    #[must_use]
    pub fn with_quarter_segments(self, segments: u16) -> Self {
        Self { quarter_segments: segments, ..self }
    }

    /// Chords whose ends lie outside of the circle as much as their middles lie in it: a disc has the area of the circle.
    #[must_use]
    pub fn with_equal_area(self, equal_area: bool) -> Self {
        Self { equal_area, ..self }
    }
}
