//! Many points, counted by the cells of a grid.
mod lattice;

use std::collections::BTreeMap;

use datagora_core::{Measured, Unit};
use datagora_geo::GeometryColumn;

pub(super) use self::lattice::{Cell, Lattice};
use super::MapError;
use super::places::positions;

/// Cells more than this are smaller than what a map of a metropolis shows.
pub(super) const MOST_CELLS: usize = 20_000;

/// The cells of a grid of squares or hexagons that hold points, with the density in each: what a [`Choropleth`](super::Choropleth) takes.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityGrid {
    /// The cells that hold at least one point, from south to north, from west to east.
    pub cells: GeometryColumn,
    /// Their names: the easting and the northing of the south-western corner of a square, of the centre of a hexagon, m.
    pub names: Vec<String>,
    /// Points per hectare.
    pub densities: Vec<Measured>,
    /// Points in each cell: what [`ProportionalSymbols`](super::ProportionalSymbols) take.
    pub amounts: Vec<Measured>,
    /// The same as numbers.
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
    count_by_cell(points, Lattice::Squares(cell), counted)
}

/// Counts points by hexagons of this width from flat side to flat side, m, and divides by the area of a cell; else as
/// [`density_grid`].
///
/// All neighbours of a hexagon are equally far, and it is nearer to a circle than a square: the picture has no
/// lines that only come from the grid. The hexagons are those of a plane, in metres; cells of the H3 grid of the world are
/// `h3_polygons` of `datagora-geo`.
///
/// # Missing values
///
/// As [`density_grid`]; a [`GridMap`](super::GridMap) tells empty cells from those in which nothing was observed.
///
/// # Errors
///
/// As [`density_grid`].
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::hexagon_grid;
///
/// let trees = GeometryColumn::points(vec![10.0, 20.0, 150.0], vec![10.0, 20.0, 30.0], Crs::CC46);
/// let grid = hexagon_grid(&trees, 100.0, &Unit::of("{tree}"))?;
/// assert_eq!(grid.counts, [2, 1]);
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Carr, D. B., Olsen, A. R., White, D. (1992). Hexagon mosaic maps for display of univariate and bivariate geographical
/// data. *Cartography and Geographic Information Systems* 19(4), 228–236.
pub fn hexagon_grid(points: &GeometryColumn, width: f64, counted: &Unit) -> Result<DensityGrid, MapError> {
    count_by_cell(points, Lattice::Hexagons(width), counted)
}

fn count_by_cell(points: &GeometryColumn, lattice: Lattice, counted: &Unit) -> Result<DensityGrid, MapError> {
    if points.crs().is_geographic() {
        return Err(MapError::Geographic { crs: points.crs().clone() });
    }
    lattice.check()?;
    let places = positions(points);
    let mut counts: BTreeMap<Cell, u64> = BTreeMap::new();
    for &place in places.iter().flatten() {
        *counts.entry(lattice.cell_at(place)).or_default() += 1;
    }
    let unplaced = places.iter().filter(|place| place.is_none()).count();
    if counts.is_empty() {
        return Err(MapError::Nowhere { rows: points.len() });
    }
    if counts.len() > MOST_CELLS {
        return Err(lattice.too_many(counts.len() as f64));
    }
    let unit = per_hectare(counted);
    let hectares = lattice.hectares();
    let density = |count: u64| count as f64 / hectares;
    let measured =
        |unit: &Unit, value: f64, count: u64| Measured::new(value, unit.clone()).with_observations(count);
    Ok(DensityGrid {
        cells: GeometryColumn::new(
            counts.keys().map(|&cell| lattice.polygon(cell).into()),
            points.crs().clone(),
        ),
        names: counts.keys().map(|&cell| lattice.name(cell)).collect(),
        densities: counts.values().map(|&count| measured(&unit, density(count), count)).collect(),
        amounts: counts.values().map(|&count| measured(counted, count as f64, count)).collect(),
        counts: counts.into_values().collect(),
        unplaced,
    })
}

/// The unit of a density.
pub(super) fn per_hectare(counted: &Unit) -> Unit {
    counted.divide(&Unit::HECTARE).unwrap_or_else(|_| Unit::of("/har"))
}

impl Lattice {
    pub(super) fn hectares(self) -> f64 {
        self.area() / 10_000.0
    }

    /// Refuses cells whose size is no length.
    pub(super) fn check(self) -> Result<(), MapError> {
        let size = self.size();
        if size.is_finite() && size > 0.0 { Ok(()) } else { Err(self.too_many(f64::NAN)) }
    }

    pub(super) fn too_many(self, cells: f64) -> MapError {
        MapError::Cells { cell: self.size(), cells, most: MOST_CELLS }
    }

    /// Easting and northing of the corner of a square, of the centre of a hexagon.
    pub(super) fn name(self, (row, column): Cell) -> String {
        match self {
            Lattice::Squares(side) => format!("E{} N{}", column as f64 * side, row as f64 * side),
            Lattice::Hexagons(_) => {
                let centre = self.centre((row, column));
                format!("E{:.0} N{:.0}", centre.x, centre.y)
            }
        }
    }
}
