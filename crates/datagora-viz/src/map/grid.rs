//! Many points, counted by the cells of a grid.
use std::collections::BTreeMap;

use datagora_core::{Measured, Unit};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Rect};

use super::MapError;
use super::symbols::positions;

/// Cells more than this are smaller than what a map of a metropolis shows.
const MOST_CELLS: usize = 20_000;

/// The cells of a square grid that hold points, with the density in each: what a [`Choropleth`](super::Choropleth) takes.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityGrid {
    /// The cells that hold at least one point, from south to north, from west to east.
    pub cells: GeometryColumn,
    /// Their names: the easting and the northing of their south-western corner, m.
    pub names: Vec<String>,
    /// Points per hectare.
    pub densities: Vec<Measured>,
    /// Points in each cell.
    pub counts: Vec<u64>,
    /// Rows without position.
    pub unplaced: usize,
}

/// Counts points by the cells of a square grid whose corners are multiples of `cell` metres, and divides by the area of a
/// cell: the picture of more points than a map can show one by one.
///
/// ![Square cells over a city, the darker the more trees per hectare](pictures/grid.svg)
///
/// `counted` is what a point is, as a UCUM unit: `{tree}` gives densities in `{tree}/har`.
///
/// # Missing values
///
/// Rows without position are counted in [`DensityGrid::unplaced`]. Cells without point are left out: they are not missing,
/// there is nothing.
///
/// # Errors
///
/// [`MapError::Geographic`] for points in degrees, [`MapError::Nowhere`] without any position, [`MapError::Cells`] for a
/// side that is no length or needs more than 20,000 cells.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::density_grid;
///
/// let trees = GeometryColumn::points(vec![10.0, 60.0, 150.0], vec![10.0, 20.0, 30.0], Crs::CC46);
/// let grid = density_grid(&trees, 100.0, &Unit::of("{tree}"))?;
/// assert_eq!(grid.counts, [2, 1]);
/// assert_eq!(grid.densities[0], datagora_core::Measured::new(2.0, Unit::of("{tree}/har")).with_observations(2));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
pub fn density_grid(points: &GeometryColumn, cell: f64, counted: &Unit) -> Result<DensityGrid, MapError> {
    if points.crs().is_geographic() {
        return Err(MapError::Geographic { crs: points.crs().clone() });
    }
    let places = positions(points);
    let wrong = |cells: f64| MapError::Cells { cell, cells, most: MOST_CELLS };
    if !(cell.is_finite() && cell > 0.0) {
        return Err(wrong(f64::NAN));
    }
    let mut counts: BTreeMap<(i64, i64), u64> = BTreeMap::new();
    for place in places.iter().flatten() {
        let index = |c: f64| (c / cell).floor() as i64;
        *counts.entry((index(place.y), index(place.x))).or_default() += 1;
    }
    let unplaced = places.iter().filter(|place| place.is_none()).count();
    if counts.is_empty() {
        return Err(MapError::Nowhere { rows: points.len() });
    }
    if counts.len() > MOST_CELLS {
        return Err(wrong(counts.len() as f64));
    }
    let hectares = cell * cell / 10_000.0;
    let unit = counted.divide(&Unit::HECTARE).unwrap_or_else(|_| Unit::of("/har"));
    let corner = |i: i64, j: i64| Coord { x: j as f64 * cell, y: i as f64 * cell };
    let cells =
        counts.keys().map(|&(i, j)| Rect::new(corner(i, j), corner(i + 1, j + 1)).to_polygon().into());
    Ok(DensityGrid {
        cells: GeometryColumn::new(cells, points.crs().clone()),
        names: counts.keys().map(|&(i, j)| format!("E{} N{}", j as f64 * cell, i as f64 * cell)).collect(),
        densities: counts
            .values()
            .map(|&count| Measured::new(count as f64 / hectares, unit.clone()).with_observations(count))
            .collect(),
        counts: counts.into_values().collect(),
        unplaced,
    })
}
