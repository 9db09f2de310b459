//! A whole metropolis, layer by layer: the factors of the plantability index over the made city, 5 m cells.
use datagora_geo::types::Rect;
use datagora_geo::{Coverage, CoverageOptions, GeometryColumn, Grid};
use datagora_sample::{City, CityPlan};

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Covered ground of each layer, from bands of the grid.
pub(super) fn cover(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    // Buildings as many as make 700,000 polygons in all.
    let metropolis = CityPlan { buildings: 150_000, sensors: 1, ..CityPlan::metropolis() };
    let city = City::make(&if inputs.quick { CityPlan::town() } else { metropolis })?;
    let bounds: Rect = city.communes.geometry.bounds().ok_or("a city without ground")?;
    let grid = Grid::aligned(bounds, 5.0, city.communes.geometry.crs().clone())?;
    let factors = city.factors();
    drop(city);
    let layers: Vec<&GeometryColumn> = factors.iter().map(|factor| &factor.geometry).collect();
    let polygons: usize = layers.iter().map(|layer| layer.len()).sum();
    eprintln!("{} cells, {polygons} polygons in {} layers", grid.len(), layers.len());
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
