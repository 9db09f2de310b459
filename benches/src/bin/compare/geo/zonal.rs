//! Statistics of a raster by zone.
use datagora_core::Crs;
use datagora_geo::{Band, Grid, Raster, ZonalOptions, ZonalStatistic, zonal_statistics};

use super::made::HEAT_CELL;
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

pub(super) fn communes(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let communes = inputs.polygons("communes", Crs::LAMBERT_93)?;
    let about = inputs.numbers("heat_grid")?;
    let [west, north, columns, rows] = about[..] else { return Err("a grid of four numbers".into()) };
    let cells = [HEAT_CELL, HEAT_CELL];
    let grid = Grid::new([west, north], cells, columns as usize, rows as usize, Crs::LAMBERT_93)?;
    let heat = Raster::new(grid, [Band::new(inputs.numbers("heat")?)])?;
    let wanted = [ZonalStatistic::Mean, ZonalStatistic::Sum, ZonalStatistic::Max];
    let options = ZonalOptions::default().with_statistics(wanted);
    repeat.measure(
        || Ok(zonal_statistics(&heat, &communes, &options)?),
        |table| {
            let sum = |statistic| (0..communes.len()).filter_map(|row| table.get(row, statistic)).sum();
            let digest = Digest::default().number("mean", sum(ZonalStatistic::Mean));
            digest.number("sum", sum(ZonalStatistic::Sum)).number("max", sum(ZonalStatistic::Max))
        },
    )
}
