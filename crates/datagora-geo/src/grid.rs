//! Regular grids of a CRS.
#[cfg(test)]
mod tests;

use std::ops::Range;

use datagora_core::Crs;

use crate::types::{Coord, Rect};

/// Equal cells in rows and columns over a part of a CRS, as rasters and statistical grids have them.
///
/// Row 0 is the northernmost, column 0 the westernmost; cells are numbered row by row. The lines between cells stand at
/// whole multiples of the cell's size from one origin, and are computed as origin + k · size, never by adding up: a
/// [`window`](Self::window) of a grid has the same lines to the last bit.
///
/// A point on a line belongs to the cell to its east, or to its north: the rule of
/// [`Boundary::HalfOpen`](crate::Boundary::HalfOpen), so each point is in one cell.
///
/// Two grids are equal if their CRS, the size of their cells, their numbers of columns and rows, and their corners are.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::Grid;
/// use datagora_geo::types::{Rect, coord};
///
/// let district = Rect::new(coord! { x: 842_003., y: 6_519_001. }, coord! { x: 842_019., y: 6_519_012. });
/// let grid = Grid::aligned(district, 5.0, Crs::LAMBERT_93)?;
/// assert_eq!((grid.west(), grid.north()), (842_000., 6_519_015.));
/// assert_eq!((grid.columns(), grid.rows(), grid.len()), (4, 3, 12));
/// assert_eq!(grid.cell_at(842_005., 6_519_010.), Some(1)); // row 0, column 1
/// # Ok::<(), datagora_geo::GridError>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Grid {
    crs: Crs,
    /// Where lines are counted from, by axis.
    origin: [f64; 2],
    /// Line of the west and of the north border: columns count eastward, rows southward.
    first: [i64; 2],
    /// Width and height of a cell.
    cell: [f64; 2],
    columns: usize,
    rows: usize,
}

/// Numbers that make no grid.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum GridError {
    /// A cell without extent.
    #[error("cells are {width} by {height}; finite numbers above 0 are needed, in units of the CRS")]
    CellSize {
        /// Width of a cell.
        width: f64,
        /// Height of a cell.
        height: f64,
    },
    /// A corner that is nowhere.
    #[error("the grid has a corner at ({x}, {y}), which is not finite; give it finite bounds")]
    NotFinite {
        /// East.
        x: f64,
        /// North.
        y: f64,
    },
    /// No column or no row.
    #[error("{columns} columns and {rows} rows make no cell; at least one of both is needed")]
    NoCells {
        /// Number of columns.
        columns: usize,
        /// Number of rows.
        rows: usize,
    },
    /// More cells than can be numbered.
    #[error(
        "{columns} columns and {rows} rows are too many: at most 2³¹ − 1 of each; take larger cells or a part of the area"
    )]
    TooManyCells {
        /// Number of columns.
        columns: f64,
        /// Number of rows.
        rows: f64,
    },
    /// Cells so small beside the coordinates that `f64` cannot tell one line from the next with precision.
    #[error(
        "cells of {cell} at the coordinate {coordinate} are too fine: lines must lie 2⁻⁴⁰ of it apart at least; take larger cells"
    )]
    TooFine {
        /// Width or height of a cell.
        cell: f64,
        /// Largest coordinate, without sign.
        coordinate: f64,
    },
    /// A window that is not within the grid, or empty.
    #[error(
        "columns {columns:?} and rows {rows:?} are no window of a grid of {of_columns} by {of_rows} cells"
    )]
    Window {
        /// Columns asked for.
        columns: Range<usize>,
        /// Rows asked for.
        rows: Range<usize>,
        /// Columns of the grid.
        of_columns: usize,
        /// Rows of the grid.
        of_rows: usize,
    },
}

/// Most columns or rows: their numbers stay exact in `i32` and `f64`.
const MOST_LINES: f64 = i32::MAX as f64;
/// Least size of a cell as a share of the largest coordinate, 2⁻⁴⁰: 12 bits of `f64` remain within a cell.
const FINEST: f64 = 1.0 / (1_u64 << 40) as f64;

impl Grid {
    /// The grid whose north-west corner is at (west, north), with cells of (width, height).
    ///
    /// # Errors
    ///
    /// [`GridError`] if there is no cell, too many of them, or they have no extent; [`GridError::TooFine`] if they are
    /// smaller than 2⁻⁴⁰ of the coordinates (5 µm in Lambert-93).
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::Grid;
    ///
    /// let raster = Grid::new([842_000.5, 6_519_000.], [0.2, 0.2], 300, 200, Crs::LAMBERT_93)?;
    /// assert_eq!(raster.len(), 60_000);
    /// # Ok::<(), datagora_geo::GridError>(())
    /// ```
    pub fn new(
        [west, north]: [f64; 2],
        cell: [f64; 2],
        columns: usize,
        rows: usize,
        crs: Crs,
    ) -> Result<Self, GridError> {
        Self { crs, origin: [west, north], first: [0, 0], cell, columns, rows }.checked()
    }

    /// The grid of square cells that holds `bounds`, with its lines at multiples of the cell's size from the origin of
    /// the CRS: grids of neighbouring areas fit together.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn aligned(bounds: Rect, cell: f64, crs: Crs) -> Result<Self, GridError> {
        if !(cell.is_finite() && cell > 0.0) {
            return Err(GridError::CellSize { width: cell, height: cell });
        }
        let (min, max) = (bounds.min(), bounds.max());
        for Coord { x, y } in [min, max] {
            if !(x.is_finite() && y.is_finite()) {
                return Err(GridError::NotFinite { x, y });
            }
        }
        let coordinate = [min.x, min.y, max.x, max.y].into_iter().fold(0.0, |most: f64, c| most.max(c.abs()));
        if cell < coordinate * FINEST {
            return Err(GridError::TooFine { cell, coordinate });
        }
        let lines = |low: f64, high: f64| {
            let first = line_at_or_before(low / cell, |line| line as f64 * cell <= low);
            // The last line is the first one that is not before the far border.
            let last = -line_at_or_before(-high / cell, |line| -line as f64 * cell >= high);
            [first, last.max(first + 1)]
        };
        let ([west, east], [south, north]) = (lines(min.x, max.x), lines(min.y, max.y));
        Self {
            crs,
            origin: [0.0, 0.0],
            first: [west, -north],
            cell: [cell, cell],
            columns: (east - west) as usize,
            rows: (north - south) as usize,
        }
        .checked()
    }

    fn checked(self) -> Result<Self, GridError> {
        let [width, height] = self.cell;
        if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
            return Err(GridError::CellSize { width, height });
        }
        if self.columns == 0 || self.rows == 0 {
            return Err(GridError::NoCells { columns: self.columns, rows: self.rows });
        }
        let (columns, rows) = (self.columns as f64, self.rows as f64);
        if columns > MOST_LINES || rows > MOST_LINES || self.columns.checked_mul(self.rows).is_none() {
            return Err(GridError::TooManyCells { columns, rows });
        }
        for (x, y) in [(self.west(), self.north()), (self.east(), self.south())] {
            if !(x.is_finite() && y.is_finite()) {
                return Err(GridError::NotFinite { x, y });
            }
            for (cell, coordinate) in [(width, x.abs()), (height, y.abs())] {
                if cell < coordinate * FINEST {
                    return Err(GridError::TooFine { cell, coordinate });
                }
            }
        }
        Ok(self)
    }

    /// What the coordinates mean.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of cells.
    #[expect(clippy::len_without_is_empty, reason = "a grid has at least one cell")]
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Width of a cell, in units of the CRS.
    pub fn cell_width(&self) -> f64 {
        self.cell[0]
    }

    /// Height of a cell, in units of the CRS.
    pub fn cell_height(&self) -> f64 {
        self.cell[1]
    }

    /// Area of a cell, in square units of the CRS.
    pub fn cell_area(&self) -> f64 {
        self.cell[0] * self.cell[1]
    }

    /// West border.
    pub fn west(&self) -> f64 {
        self.column_edge(0)
    }

    /// East border.
    pub fn east(&self) -> f64 {
        self.column_edge(self.columns)
    }

    /// North border.
    pub fn north(&self) -> f64 {
        self.row_edge(0)
    }

    /// South border.
    pub fn south(&self) -> f64 {
        self.row_edge(self.rows)
    }

    /// The rectangle of all cells.
    pub fn bounds(&self) -> Rect {
        Rect::new(Coord { x: self.west(), y: self.south() }, Coord { x: self.east(), y: self.north() })
    }

    /// The line west of a column; for the number of columns, the east border.
    pub fn column_edge(&self, column: usize) -> f64 {
        self.x_of_line(column as i64)
    }

    /// The line north of a row; for the number of rows, the south border.
    pub fn row_edge(&self, row: usize) -> f64 {
        self.y_of_line(row as i64)
    }

    fn x_of_line(&self, line: i64) -> f64 {
        self.origin[0] + (self.first[0] + line) as f64 * self.cell[0]
    }

    fn y_of_line(&self, line: i64) -> f64 {
        self.origin[1] - (self.first[1] + line) as f64 * self.cell[1]
    }

    /// Where lines are counted from, east and north, and the numbers of the west and the north border: lines stand at
    /// origin + number · width, and at origin − number · height.
    pub(crate) fn lines(&self) -> ([f64; 2], [f64; 2]) {
        (self.origin, self.first.map(|line| line as f64))
    }

    /// The number of a cell: row by row from the north-west.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn index(&self, column: usize, row: usize) -> usize {
        assert!(column < self.columns && row < self.rows, "no cell in column {column}, row {row}");
        row * self.columns + column
    }

    /// Column and row of a cell.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn position(&self, index: usize) -> (usize, usize) {
        assert!(index < self.len(), "no cell {index} among {}", self.len());
        (index % self.columns, index / self.columns)
    }

    /// The rectangle of a cell.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn cell_rect(&self, index: usize) -> Rect {
        let (column, row) = self.position(index);
        Rect::new(
            Coord { x: self.column_edge(column), y: self.row_edge(row + 1) },
            Coord { x: self.column_edge(column + 1), y: self.row_edge(row) },
        )
    }

    /// The middle of a cell.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn cell_centre(&self, index: usize) -> Coord {
        let (column, row) = self.position(index);
        Coord {
            x: 0.5 * (self.column_edge(column) + self.column_edge(column + 1)),
            y: 0.5 * (self.row_edge(row) + self.row_edge(row + 1)),
        }
    }

    /// The cell that holds a point; `None` outside the grid, and for NaN.
    pub fn cell_at(&self, x: f64, y: f64) -> Option<usize> {
        Some(self.index(self.column_at(x)?, self.row_at(y)?))
    }

    /// The column that holds an easting; `None` outside the grid, and for NaN.
    pub fn column_at(&self, x: f64) -> Option<usize> {
        (x >= self.west() && x < self.east()).then(|| self.column_within(x))
    }

    /// The row that holds a northing; `None` outside the grid, and for NaN.
    pub fn row_at(&self, y: f64) -> Option<usize> {
        (y >= self.south() && y < self.north()).then(|| self.row_within(y))
    }

    /// The column of an easting that lies within the grid's borders.
    fn column_within(&self, x: f64) -> usize {
        let about = (x - self.west()) / self.cell[0];
        (line_at_or_before(about, |line| self.x_of_line(line) <= x) as usize).min(self.columns - 1)
    }

    /// The row of a northing that lies within the grid's borders.
    fn row_within(&self, y: f64) -> usize {
        let about = (self.north() - y) / self.cell[1];
        (line_at_or_before(about, |line| self.y_of_line(line) > y).max(0) as usize).min(self.rows - 1)
    }

    /// The columns and rows of the cells that share ground with a rectangle; for a rectangle without extent, those that
    /// hold it. `None` if there is no such cell.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::Grid;
    /// use datagora_geo::types::{Rect, coord};
    ///
    /// let grid = Grid::new([0., 100.], [10., 10.], 10, 10, Crs::CC46)?;
    /// let park = Rect::new(coord! { x: 15., y: -20. }, coord! { x: 40., y: 21. });
    /// assert_eq!(grid.cells_over(park), Some((1..4, 7..10)));
    /// # Ok::<(), datagora_geo::GridError>(())
    /// ```
    pub fn cells_over(&self, bounds: Rect) -> Option<(Range<usize>, Range<usize>)> {
        let (min, max) = (bounds.min(), bounds.max());
        let meets = |low: f64, high: f64, least: f64, most: f64| {
            low < most && (high > least || (high == least && low == high))
        };
        if !(meets(min.x, max.x, self.west(), self.east()) && meets(min.y, max.y, self.south(), self.north()))
        {
            return None;
        }
        let west = self.column_within(min.x.max(self.west()));
        let south = self.row_within(min.y.max(self.south()));
        let mut east = self.column_within(max.x.min(self.east()));
        let mut north = self.row_within(max.y.min(self.north()));
        // A border on a line takes nothing of the cell beyond it.
        if east > west && self.column_edge(east) >= max.x {
            east -= 1;
        }
        if north < south && self.row_edge(north + 1) >= max.y {
            north += 1;
        }
        Some((west..east + 1, north..south + 1))
    }

    /// Some columns and rows of this grid as a grid of their own, on the same lines.
    ///
    /// # Errors
    ///
    /// [`GridError::Window`] if they are not within the grid, or none.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::Grid;
    ///
    /// let grid = Grid::new([0., 1.], [0.1, 0.1], 10, 10, Crs::CC46)?;
    /// let window = grid.window(3..5, 2..10)?;
    /// assert_eq!((window.columns(), window.rows()), (2, 8));
    /// assert_eq!(window.column_edge(1), grid.column_edge(4));
    /// # Ok::<(), datagora_geo::GridError>(())
    /// ```
    pub fn window(&self, columns: Range<usize>, rows: Range<usize>) -> Result<Self, GridError> {
        let sound = |range: &Range<usize>, of: usize| range.start < range.end && range.end <= of;
        if !(sound(&columns, self.columns) && sound(&rows, self.rows)) {
            return Err(GridError::Window { columns, rows, of_columns: self.columns, of_rows: self.rows });
        }
        Ok(Self {
            first: [self.first[0] + columns.start as i64, self.first[1] + rows.start as i64],
            columns: columns.len(),
            rows: rows.len(),
            ..self.clone()
        })
    }
}

/// The last line for which `before` holds, when division says that it is about there.
fn line_at_or_before(about: f64, before: impl Fn(i64) -> bool) -> i64 {
    let mut line = about.floor() as i64;
    while !before(line) {
        line -= 1;
    }
    while before(line + 1) {
        line += 1;
    }
    line
}

impl PartialEq for Grid {
    fn eq(&self, other: &Self) -> bool {
        let corners = |grid: &Self| [grid.west(), grid.north(), grid.east(), grid.south()];
        self.crs == other.crs
            && self.cell == other.cell
            && (self.columns, self.rows) == (other.columns, other.rows)
            && corners(self) == corners(other)
    }
}
