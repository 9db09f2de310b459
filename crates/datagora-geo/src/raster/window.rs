//! Part of a raster.
use std::fmt;
use std::ops::Range;

/// Some rows and columns of a raster: rows from the north, columns from the west, counted from 0.
///
/// ```
/// use datagora_geo::Window;
///
/// let window = Window::new(10..20, 0..5);
/// assert_eq!((window.len(), window.to_string()), (50, "rows 10..20, columns 0..5".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Window {
    /// Rows, from the north.
    pub rows: Range<usize>,
    /// Columns, from the west.
    pub columns: Range<usize>,
}

impl Window {
    /// These rows and columns.
    pub fn new(rows: Range<usize>, columns: Range<usize>) -> Self {
        Self { rows, columns }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// Whether there is no cell in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rows {:?}, columns {:?}", self.rows, self.columns)
    }
}
