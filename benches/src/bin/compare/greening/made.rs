//! What the made metropolis has of ground, trees and homes, as files for all engines.
use datagora_geo::types::{Rect, coord};
use datagora_geo::{GeometryColumn, centroid};
use datagora_indicators::greening::plantability_v2;
use datagora_indicators::suitability::FactorSet;
use datagora_sample::{City, CityPlan, Stratum, Stream};

use crate::inputs::Inputs;
use crate::task::Failure;

const SEED: u64 = 69;
/// Side of a cell of plantability and of functional integrity, m.
pub(super) const CELL: f64 = 5.0;
/// Side of a cell of reflectance, m.
pub(super) const PIXEL: f64 = 10.0;

fn city(inputs: &Inputs) -> Result<City, Failure> {
    let metropolis = CityPlan { buildings: 150_000, sensors: 1, ..CityPlan::metropolis() };
    Ok(City::make(&if inputs.quick { CityPlan::town() } else { metropolis })?)
}

/// The file with the polygons of a layer.
pub(super) fn layer(number: usize) -> String {
    format!("plantability_{number}")
}

/// The factors whose layers are made.
pub(super) fn set() -> FactorSet {
    plantability_v2()
}

/// `plantability_…`: polygons of each factor that reach into 4 km × 4 km in the middle of the city;
/// `plantability_grid`: west, north, cells along a side; `plantability_factors`: weight of each factor, and whether it blocks.
pub(super) fn layers(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("plantability", || {
        let city = city(inputs)?;
        let bounds = city.communes.geometry.bounds().ok_or("a city without ground")?;
        let cells = if inputs.quick { 200 } else { 800 };
        let side = CELL * f64::from(cells);
        let whole = |middle: f64| ((middle - side / 2.0) / CELL).round() * CELL;
        let (west, south) = (whole(bounds.center().x), whole(bounds.center().y));
        let (east, north) = (west + side, south + side);
        let inside = |rect: Rect| {
            rect.max().x > west && rect.min().x < east && rect.max().y > south && rect.min().y < north
        };
        for (number, factor) in city.factors().iter().enumerate() {
            let column = &factor.geometry;
            let reach = |row: &usize| column.row_bounds(*row).is_some_and(inside);
            let rows: Vec<usize> = (0..column.len()).filter(reach).collect();
            inputs.write_polygons(&layer(number), &column.take(&rows))?;
        }
        let set = set();
        let about = |factor: &datagora_indicators::suitability::Factor| {
            [factor.weight, f64::from(u8::from(factor.blocking))]
        };
        let factors: Vec<f64> = set.factors().iter().flat_map(about).collect();
        inputs.write_numbers("plantability_factors", &factors)?;
        inputs.write_numbers("plantability_grid", &[west, north, f64::from(cells)])
    })
}

/// `green_iris`: the statistical quarters.
fn iris(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("green_iris", || inputs.write_polygons("green_iris", &city(inputs)?.iris.geometry))
}

/// `canopy`: surfaces of the tree stratum, and crowns as polygons; crowns overlap one another and the stratum.
pub(super) fn canopy(inputs: &Inputs) -> Result<(), Failure> {
    iris(inputs)?;
    inputs.once("canopy", || {
        let city = city(inputs)?;
        let strata = &city.vegetation;
        let tall = |row: &usize| strata.stratum[*row] == Stratum::Tree;
        let rows: Vec<usize> = (0..strata.stratum.len()).filter(tall).collect();
        let factors = city.factors();
        let crowns = factors.iter().find(|factor| factor.name == "Arbres").ok_or("no layer of trees")?;
        let column = GeometryColumn::concat([&strata.geometry.take(&rows), &crowns.geometry])?;
        inputs.write_polygons("canopy", &column)
    })
}

/// `green_trees`: trunks; `green_trees.radius`: of the crown, m.
pub(super) fn crowns(inputs: &Inputs) -> Result<(), Failure> {
    iris(inputs)?;
    inputs.once("green_trees", || {
        let trees = city(inputs)?.trees;
        let (x, y) = trees.geometry.as_points().ok_or("trees that are no points")?;
        inputs.write_points("green_trees", x, y)?;
        let radius = |height: &f64| if height.is_nan() { 2.5 } else { 0.3 * height };
        let radii: Vec<f64> = trees.height.iter().map(radius).collect();
        inputs.write_numbers("green_trees.radius", &radii)
    })
}

/// `homes`: middles of buildings; `green_parks`: parks; and the trees.
pub(super) fn homes(inputs: &Inputs) -> Result<(), Failure> {
    crowns(inputs)?;
    inputs.once("homes", || {
        let city = city(inputs)?;
        let homes = centroid(&city.buildings.geometry);
        let (x, y) = homes.as_points().ok_or("middles that are no points")?;
        inputs.write_points("homes", x, y)?;
        inputs.write_polygons("green_parks", &city.parks.geometry)
    })
}

/// Cells along a side of the ground of functional integrity.
pub(super) fn cover_side(inputs: &Inputs) -> usize {
    if inputs.quick { 400 } else { 2_000 }
}

/// `cover`: 0 outside, 1 water, 2 natural, 3 modified, row by row: patches with specks, a river, a ragged outside.
pub(super) fn cover(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("cover", || {
        let side = cover_side(inputs);
        let mut stream = Stream::new(SEED, "cover", 0);
        let mut cover = Vec::with_capacity(side * side);
        for row in 0..side {
            for column in 0..side {
                let (x, y) = (column as f64, row as f64);
                let wave = (x / 40.0 + (y / 90.0).sin()).sin() + (y / 30.0 + (x / 70.0).cos() * 2.0).sin();
                let river = (x - side as f64 * 0.4 - 60.0 * (y / 150.0).sin()).abs() < 12.0;
                let outside = x + y < side as f64 * 0.3 + 40.0 * (x / 25.0).sin();
                cover.push(match (outside, river) {
                    (true, _) => 0.0,
                    (_, true) => 1.0,
                    _ if wave + stream.between(-0.5, 0.5) > 0.7 => 2.0,
                    _ => 3.0,
                });
            }
        }
        inputs.write_numbers("cover", &cover)
    })
}

/// `red`, `nir`: reflectance of cells over the city, one in twenty missing; `reflectance_grid`: west, north, columns, rows.
pub(super) fn reflectance(inputs: &Inputs) -> Result<(), Failure> {
    iris(inputs)?;
    inputs.once("reflectance", || {
        let bounds = city(inputs)?.iris.geometry.bounds().ok_or("a city without ground")?;
        let corner = coord! { x: bounds.min().x - PIXEL, y: bounds.max().y + PIXEL };
        let along = |length: f64| (length / PIXEL).ceil() + 2.0;
        let (columns, rows) = (along(bounds.width()), along(bounds.height()));
        let mut stream = Stream::new(SEED, "reflectance", 0);
        let cells = (columns * rows) as usize;
        let (mut red, mut nir) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
        for _ in 0..cells {
            let clouded = stream.unit() < 0.05;
            red.push(if clouded { f64::NAN } else { stream.between(0.02, 0.25) });
            nir.push(stream.between(0.1, 0.5));
        }
        inputs.write_numbers("red", &red)?;
        inputs.write_numbers("nir", &nir)?;
        inputs.write_numbers("reflectance_grid", &[corner.x, corner.y, columns, rows])
    })
}
