//! Cells whose centre lies in polygons, as GDAL burns them.
#[cfg(test)]
mod tests;

use crate::coverage::{CellRun, CoverageError, check_layer};
use crate::geometry::{Part, Ring};
use crate::{GeometryColumn, Grid};

/// Calls with the cells whose centre lies in each polygon: its row, and a run of them.
///
/// The default rule of GDAL's and rasterio's `rasterize`, to the cell, for results that must be comparable with theirs. A
/// share of ground is better taken from [`coverage`](crate::coverage): the number of centres in a polygon is only near its
/// area.
///
/// # What is inside
///
/// A centre is in a polygon by the even–odd rule over the rings of it; of a multi-polygon, if it is in one of them. Of
/// centres on a border, those on the east and south side of a polygon are in it, those on its north side too, and those on
/// its west side are not. A cell may come twice: more than one part may have it, or a border run along its centre.
///
/// # Shapes and missing values
///
/// Runs come by row of the column, in no order within it; their share is 1. Missing and empty rows have none, and what lies
/// outside the grid is left out.
///
/// # Errors
///
/// [`CoverageError`] if the CRS of the polygons is not that of the grid, if a row is no polygon or multi-polygon, or has a
/// coordinate that is not finite.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{CellRun, GeometryColumn, Grid, burned_cells};
///
/// let grid = Grid::new([0., 3.], [1., 1.], 4, 3, Crs::CC46)?;
/// let lawn = Rect::new(coord! { x: 0.6, y: 0.2 }, coord! { x: 3.4, y: 1.2 });
/// let mut runs = Vec::new();
/// burned_cells(&grid, &GeometryColumn::new([lawn.into()], Crs::CC46), |row, run| runs.push((row, run)))?;
/// assert_eq!(runs, [(0, CellRun { row: 2, columns: 1..3, share: 1.0 })]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// GDAL 3.10, `GDALRasterizeGeometries` without `ALL_TOUCHED`; the tests hold its results.
pub fn burned_cells(
    grid: &Grid,
    polygons: &GeometryColumn,
    mut visit: impl FnMut(usize, CellRun),
) -> Result<(), CoverageError> {
    check_layer(grid, 0, polygons)?;
    let mut burner = Burner { grid, crossings: Vec::new() };
    for row in 0..polygons.len() {
        let over = polygons.bounds_of(row).rect().and_then(|bounds| grid.cells_over(bounds));
        if over.is_some() {
            polygons.parts(row).for_each(|part| burner.burn(part, |run| visit(row, run)));
        }
    }
    Ok(())
}

struct Burner<'g> {
    grid: &'g Grid,
    /// Where edges cross the line through the centres of a row: the row, and how many cells east of the grid's border.
    crossings: Vec<(usize, f64)>,
}

impl Burner<'_> {
    fn burn(&mut self, part: Part<'_>, mut visit: impl FnMut(CellRun)) {
        self.crossings.clear();
        part.rings().for_each(|ring| self.cross(ring, &mut visit));
        self.crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for pair in self.crossings.chunks_exact(2) {
            // Rings are closed: an even number of edges crosses each line.
            let (row, from, to) = (pair[0].0, pair[0].1, pair[1].1);
            self.run(row, from, to, &mut visit);
        }
    }

    /// Columns and rows from the north-west corner.
    fn place(&self, ring: Ring<'_>, vertex: usize) -> (f64, f64) {
        let grid = self.grid;
        (
            (ring.x[vertex] - grid.west()) / grid.cell_width(),
            (grid.north() - ring.y[vertex]) / grid.cell_height(),
        )
    }

    fn cross(&mut self, ring: Ring<'_>, visit: &mut impl FnMut(CellRun)) {
        let vertices = ring.len();
        let places: Vec<(f64, f64)> = (0..vertices).map(|vertex| self.place(ring, vertex)).collect();
        let edges = || (0..vertices).map(|number| (places[number], places[(number + 1) % vertices]));
        // Twice the area; rows grow southward, so it is above 0 for rings wound clockwise on the map.
        let origin = places.first().copied().unwrap_or_default();
        let around = |(from, to): ((f64, f64), (f64, f64))| {
            (from.0 - origin.0) * (to.1 - origin.1) - (to.0 - origin.0) * (from.1 - origin.1)
        };
        let clockwise = edges().map(around).sum::<f64>() > 0.0;
        let rows = self.grid.rows();
        for (from, to) in edges() {
            if from.1 == to.1 {
                // A border along centres: the southern ones are in the polygon.
                let (row, southern) = (from.1 - 0.5, (from.0 > to.0) == clockwise);
                if southern && row.fract() == 0.0 && row >= 0.0 && row < rows as f64 {
                    self.run(row as usize, from.0.min(to.0), from.0.max(to.0), visit);
                }
                continue;
            }
            let (high, low) = if from.1 < to.1 { (from, to) } else { (to, from) };
            // From the row whose centre is not above the edge to the one before the first whose centre is not above its end.
            let first = (high.1 - 0.5).ceil().clamp(0.0, rows as f64) as usize;
            let end = (low.1 - 0.5).ceil().clamp(0.0, rows as f64) as usize;
            self.crossings.extend((first..end).map(|row| {
                let centre = row as f64 + 0.5;
                (row, (centre - high.1) * (low.0 - high.0) / (low.1 - high.1) + high.0)
            }));
        }
    }

    /// The columns whose centre lies east of the first place and not east of the second.
    fn run(&self, row: usize, from: f64, to: f64, visit: &mut impl FnMut(CellRun)) {
        let column = |place: f64| (place + 0.5).floor().clamp(0.0, self.grid.columns() as f64) as usize;
        let columns = column(from)..column(to);
        if !columns.is_empty() {
            visit(CellRun { row, columns, share: 1.0 });
        }
    }
}
