//! Areas of the classes of a raster within zones.
use datagora_geo::{CoveredCells, GeometryColumn, Raster};

use super::ground::GreenError;
use super::strata::StrataError;

/// What a zone has of a raster, m².
pub(super) struct ClassAreas {
    /// Of each class.
    pub(super) classes: Vec<f64>,
    /// Of all cells that have a value.
    pub(super) known: f64,
}

/// Area of each class in each zone, by the exact share of each cell; values of no class count as known only.
pub(super) fn areas_by_class(
    raster: &Raster,
    band: usize,
    zones: &GeometryColumn,
    classes: usize,
    class_of: impl Fn(f64) -> Result<Option<usize>, StrataError>,
) -> Result<Vec<ClassAreas>, GreenError> {
    let bands = raster.bands().len();
    let values = raster.band(band).ok_or(GreenError::Band { asked: band, bands })?;
    let grid = raster.grid();
    let mut cells = CoveredCells::new(grid, zones)?;
    let mut found = Vec::with_capacity(zones.len());
    for zone in 0..zones.len() {
        let mut areas = ClassAreas { classes: vec![0.0; classes], known: 0.0 };
        let mut wrong = None;
        cells.cells_of(zone, |run| {
            let each = run.share * grid.cell_area();
            for column in run.columns {
                let Some(value) = values.value(grid.index(column, run.row)) else { continue };
                areas.known += each;
                match class_of(value) {
                    Ok(Some(class)) => areas.classes[class] += each,
                    Ok(None) => {}
                    Err(error) => wrong = Some(error),
                }
            }
        });
        if let Some(error) = wrong {
            return Err(error.into());
        }
        found.push(areas);
    }
    Ok(found)
}
