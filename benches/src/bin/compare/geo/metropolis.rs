//! A whole metropolis, layer by layer: the made city, 5 m cells.
use datagora_geo::types::Rect;
use datagora_geo::{Coverage, CoverageOptions, GeometryColumn, Grid};
use datagora_sample::{City, CityPlan, Stratum};

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Layers of buildings, by year; with parks and three strata of vegetation, 37 in all.
const AGES: usize = 33;

/// The layers: buildings in 33 layers, vegetation in three, parks.
fn layers(city: &City) -> Vec<GeometryColumn> {
    let rows = |count: usize, keep: &dyn Fn(usize) -> bool| -> Vec<usize> {
        (0..count).filter(|&row| keep(row)).collect()
    };
    let buildings = &city.buildings;
    let mut order = rows(buildings.geometry.len(), &|_| true);
    order.sort_by_key(|&row| buildings.year[row]);
    let ages = order.chunks(order.len().div_ceil(AGES).max(1));
    let mut layers: Vec<GeometryColumn> = ages.map(|rows| buildings.geometry.take(rows)).collect();
    let plants = &city.vegetation;
    for stratum in [Stratum::Herbaceous, Stratum::Shrub, Stratum::Tree] {
        let rows = rows(plants.geometry.len(), &|row| plants.stratum[row] == stratum);
        layers.push(plants.geometry.take(&rows));
    }
    layers.push(city.parks.geometry.clone());
    layers
}

/// Covered ground of each layer, from bands of the grid.
pub(super) fn cover(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let plan = if inputs.quick { CityPlan::town() } else { CityPlan::metropolis() };
    let city = City::make(&plan)?;
    let bounds: Rect = city.communes.geometry.bounds().ok_or("a city without ground")?;
    let grid = Grid::aligned(bounds, 5.0, city.communes.geometry.crs().clone())?;
    let layers = layers(&city);
    drop(city);
    let polygons: usize = layers.iter().map(GeometryColumn::len).sum();
    eprintln!("{} cells, {polygons} polygons in {} layers", grid.len(), layers.len());
    let layers: Vec<&GeometryColumn> = layers.iter().collect();
    let operation = || {
        let coverage = Coverage::new(&grid, &layers, CoverageOptions::default())?;
        let bands = coverage
            .map_bands(|band| -> Vec<f64> { band.layers().map(|shares| shares.iter().sum()).collect() });
        let mut areas = vec![0.0; layers.len()];
        for band in bands {
            areas.iter_mut().zip(band).for_each(|(area, shares)| *area += shares * grid.cell_area());
        }
        Ok(areas)
    };
    let digest = |areas: &Vec<f64>| {
        let squares = areas.iter().map(|area| area * area).sum();
        Digest::default().number("area", areas.iter().sum()).number("squares", squares)
    };
    repeat.measure(operation, digest)
}
