//! Statistics of rasters that are not held whole.
use std::io::{Read, Seek};
use std::ops::Range;

use super::{Accumulator, Part, ZonalError, ZonalOptions, ZonalTable, check, finish, for_each_zone};
use crate::{CoveredCells, GeoTiff, GeoTiffReadOptions, GeometryColumn, Grid, Window};

/// As [`zonal_statistics`](crate::zonal_statistics), of a raster in a file: only the windows of the zones are read.
///
/// Zones that lie near each other are read together, as long as their window has at most
/// [`ZonalOptions::window`] cells; a zone with a larger window is read in bands of rows. The result is the same to the
/// bit as that of the raster in memory. Weights are taken from another band of the file.
///
/// # Errors
///
/// [`ZonalError::File`] if the file cannot be read, else as [`zonal_statistics`](crate::zonal_statistics).
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("heat.tif");
/// # let grid = datagora_geo::Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, datagora_core::Crs::CC46)?;
/// # let raster = datagora_geo::Raster::new(grid, [datagora_geo::Band::new(vec![30.0, 36.0])])?;
/// # datagora_geo::write_geotiff(&path, &raster, &Default::default())?;
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeoTiff, GeometryColumn, ZonalOptions, ZonalStatistic, zonal_statistics_of_file};
///
/// let garden = Rect::new(coord! { x: 5., y: 0. }, coord! { x: 12.5, y: 10. });
/// let gardens = GeometryColumn::new([garden.into()], Crs::CC46);
/// let mut file = GeoTiff::open(&path)?;
/// let table = zonal_statistics_of_file(&mut file, &gardens, &ZonalOptions::default())?;
/// assert_eq!(table.get(0, ZonalStatistic::Mean), Some(32.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn zonal_statistics_of_file<R: Read + Seek>(
    file: &mut GeoTiff<R>,
    zones: &GeometryColumn,
    options: &ZonalOptions,
) -> Result<ZonalTable, ZonalError> {
    let grid = file.grid().clone();
    check(options, options.weight_band.is_some())?;
    let mut cells = CoveredCells::new(&grid, zones)?;
    let mut bands = vec![options.band];
    bands.extend(options.weight_band);
    if let Some(&asked) = bands.iter().find(|&&band| band >= file.bands()) {
        return Err(ZonalError::Band { asked, bands: file.bands() });
    }
    let mut accumulators = vec![Accumulator::new(&options.statistics); zones.len()];
    let reading = GeoTiffReadOptions::default().with_bands(bands).with_limit(u64::MAX);
    for (window, members) in groups(&grid, zones, options.window.max(1)) {
        let height = (options.window / window.columns.len()).max(1);
        for first in window.rows.clone().step_by(height) {
            let rows = first..(first + height).min(window.rows.end);
            let raster = file.read_window(&Window::new(rows.clone(), window.columns.clone()), &reading)?;
            let (values, weights) = (&raster.bands()[0], raster.bands().get(1));
            let part = Part { rows, columns: window.columns.clone(), values, weights };
            let gathered = for_each_zone(&cells, &members, |cells, zone| {
                let mut accumulator = accumulators[zone].clone();
                part.gather(cells, zone, &mut accumulator);
                accumulator
            });
            for (&zone, accumulator) in members.iter().zip(gathered) {
                accumulators[zone] = accumulator;
            }
        }
    }
    let rows = accumulators.into_iter().enumerate();
    let rows = rows.map(|(zone, accumulator)| finish(&mut cells, zone, accumulator)).collect();
    Ok(ZonalTable::of(options.statistics.clone(), rows))
}

/// Zones that are read together, and the window around them.
fn groups(grid: &Grid, zones: &GeometryColumn, most: usize) -> Vec<(Window, Vec<usize>)> {
    let mut windows: Vec<(Window, usize)> =
        (0..zones.len()).filter_map(|zone| Some((window(grid, zones, zone)?, zone))).collect();
    windows.sort_by_key(|(window, zone)| (window.rows.start, window.columns.start, *zone));
    let mut groups: Vec<(Window, Vec<usize>)> = Vec::new();
    for (window, zone) in windows {
        if let Some((around, members)) = groups.last_mut() {
            let union = |a: &Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
            let both =
                Window::new(union(&around.rows, &window.rows), union(&around.columns, &window.columns));
            if both.len() <= most {
                *around = both;
                members.push(zone);
                continue;
            }
        }
        groups.push((window, vec![zone]));
    }
    groups
}

/// The cells that a zone may cover.
fn window(grid: &Grid, zones: &GeometryColumn, zone: usize) -> Option<Window> {
    let (columns, rows) = grid.cells_over(zones.row_bounds(zone)?)?;
    Some(Window::new(rows, columns))
}
