//! The exact share of each cell of a grid that polygons cover.
mod accumulate;
mod bands;
mod cells;
mod contact;
mod edges;
mod overlap;
mod simple;
mod tangle;
#[cfg(test)]
mod tests;
mod union;
mod units;

use datagora_core::Crs;

pub use self::bands::{Coverage, CoverageBand};
pub use self::cells::{CellRun, CoveredCells};
pub(crate) use self::units::check as check_layer;
use crate::{GeometryColumn, GeometryKind, Grid};

/// What a cell counts where polygons of one layer overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OverlapRule {
    /// Ground once, however many polygons cover it: the share of their union, never above 1. Where several of them
    /// reach into a cell, their union is computed within it.
    #[default]
    Dissolve,
    /// Ground as often as it is covered: the sum of the shares of the polygons, above 1 where they overlap.
    Sum,
}

/// How [`Coverage`] counts, and in what pieces.
///
/// ```
/// use datagora_geo::{CoverageOptions, OverlapRule};
///
/// let options = CoverageOptions::default().with_overlaps(OverlapRule::Sum).with_band_rows(32);
/// assert_eq!(options.band_rows, Some(32));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CoverageOptions {
    /// What counts where polygons of one layer overlap.
    pub overlaps: OverlapRule,
    /// Rows of the grid in a band; chosen so that a band of all layers takes 16 MB at most if not given. No result
    /// depends on it.
    pub band_rows: Option<usize>,
}

impl CoverageOptions {
    /// Another rule for overlaps.
    #[must_use]
    pub fn with_overlaps(self, overlaps: OverlapRule) -> Self {
        Self { overlaps, ..self }
    }

    /// Bands of that many rows; 0 counts as 1.
    #[must_use]
    pub fn with_band_rows(self, rows: usize) -> Self {
        Self { band_rows: Some(rows), ..self }
    }
}

/// Polygons whose cells cannot be computed.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum CoverageError {
    /// Two systems: the numbers cannot be compared.
    #[error("layer {layer} is in {found}, the grid in {grid}; reproject the layer to the CRS of the grid")]
    CrsMismatch {
        /// Layer, from 0.
        layer: usize,
        /// CRS of the layer.
        found: Crs,
        /// CRS of the grid.
        grid: Crs,
    },
    /// A row that is not a surface.
    #[error("row {row} of layer {layer} is a {found:?}; polygons and multi-polygons are needed")]
    NotPolygons {
        /// Layer, from 0.
        layer: usize,
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// A row with a coordinate that is not a finite number.
    #[error(
        "row {row} of layer {layer} has a coordinate that is not a finite number; drop or repair the row"
    )]
    NotFinite {
        /// Layer, from 0.
        layer: usize,
        /// Row, from 0.
        row: usize,
    },
    /// More polygons than can be numbered.
    #[error("layer {layer} has {found} polygons; at most 2³⁰ are possible: divide the layer")]
    TooMany {
        /// Layer, from 0.
        layer: usize,
        /// Number of polygons.
        found: usize,
    },
}

/// The share of each cell of the grid that the polygons cover, 0 to 1.
///
/// All cells at once, 8 bytes each; for large grids or several layers, see [`Coverage`], which works in bands.
///
/// # Method and precision
///
/// Nothing is rasterised: each edge adds the area to its east to the cells it crosses, and a sum along each row gives
/// the shares. Where several polygons reach into a cell and are to be dissolved, the area of their union in the cell is
/// computed by sweeping over it. A cell is exact to rounding: within about `n · 2⁻⁵² · k` for `n` edges in its row of
/// the polygon, `k` cells wide or high, hence about 1e-12 for a polygon of 1,000 cells and 1e-15 for one of a few cells.
/// Cells at the border of the grid are cells like others; what lies beyond is not counted, and shifts nothing.
///
/// # What is inside
///
/// Rings may be wound either way. A row that is not valid, as rings cross or touch, holes lie outside, or its polygons
/// overlap, counts as [`repair`](crate::repair) would mend it: by the even–odd rule over all its rings, in every cell, to
/// the same precision. Both halves of a bow tie are covered, and ground that two polygons of one row share is not. For
/// another rule, mend it before: [`repair_with`](crate::repair_with) and [`AreaRule::Union`](crate::AreaRule::Union);
/// [`faults`](crate::faults) tells which rows there are. Such rows take longer, as do valid ones whose rings touch each
/// other.
///
/// # Shapes and missing values
///
/// `n` polygons → one share per cell of the grid, row by row from the north-west. Missing and empty rows cover nothing:
/// [`GeometryColumn::count_missing`] tells whether the layer is whole.
///
/// # Errors
///
/// [`CoverageError`] if the CRS of the layer is not that of the grid, if a row is no polygon or multi-polygon, or has a
/// coordinate that is not finite.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{CoverageOptions, GeometryColumn, Grid, coverage};
///
/// let grid = Grid::new([0., 10.], [5., 5.], 2, 2, Crs::CC46)?;
/// let lawn = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 7.5, y: 5. });
/// let path = Rect::new(coord! { x: 4., y: 0. }, coord! { x: 5., y: 10. }); // 5 m² of it on the lawn
/// let parks = GeometryColumn::new([lawn.into(), path.into()], Crs::CC46);
/// let shares = coverage(&grid, &parks, CoverageOptions::default())?;
/// for (share, expected) in shares.iter().zip([0.2, 0., 1., 0.5]) {
///     assert!((share - expected).abs() < 1e-12);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Areas by accumulation along scanlines are those of the anti-aliased font rasterisers (Levien, R. (2016), font-rs);
/// exact shares in zonal statistics: Baston, D. (2018), exactextract.
pub fn coverage(
    grid: &Grid,
    polygons: &GeometryColumn,
    options: CoverageOptions,
) -> Result<Vec<f64>, CoverageError> {
    Ok(Coverage::new(grid, &[polygons], options)?.shares_of(0))
}
