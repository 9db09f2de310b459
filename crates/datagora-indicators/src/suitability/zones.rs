//! Suitability by zone: communes, quarters, any polygons.
use std::ops::Range;

use datagora_core::{Measured, Suppression, Unit};
use datagora_geo::{CoveredCells, GeometryColumn, Grid};

use super::error::SuitabilityError;
use super::map::{SuitabilityMap, class_of, is_blocked};
use super::model::check;
use super::score::{OUTSIDE, STEPS};

/// Which cells zones have, and what share of each: computed once, used for many maps.
#[derive(Clone, Debug)]
pub struct ZoneCells {
    grid: Grid,
    zones: usize,
    /// By row of the grid, then in the order of the zones.
    pub(super) runs: Vec<ZoneRun>,
    /// Where the runs of each row begin, and the end.
    starts: Vec<usize>,
    /// Ground of each zone, m²; that outside the grid is not among it.
    areas: Vec<f64>,
}

/// Cells of one row that a zone has the same share of.
#[derive(Clone, Copy, Debug)]
pub(super) struct ZoneRun {
    pub(super) zone: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) share: f64,
}

impl ZoneRun {
    pub(super) fn columns(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl ZoneCells {
    /// The cells of zones: polygons or multi-polygons in the CRS of the grid; they may overlap.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Layer`] if they do not suit the grid.
    pub fn new(grid: &Grid, zones: &GeometryColumn) -> Result<Self, SuitabilityError> {
        check(grid, "zones", zones)?;
        let mut cells = CoveredCells::new(grid, zones)
            .map_err(|reason| SuitabilityError::Layer { of: "zones".to_owned(), reason })?;
        let mut found: Vec<(u32, ZoneRun)> = Vec::new();
        let mut areas = vec![0.0; zones.len()];
        for (zone, area) in areas.iter_mut().enumerate() {
            cells.cells_of(zone, |run| {
                *area += run.share * run.columns.len() as f64 * grid.cell_area();
                let (start, end) = (run.columns.start as u32, run.columns.end as u32);
                found.push((run.row as u32, ZoneRun { zone: zone as u32, start, end, share: run.share }));
            });
        }
        found.sort_by_key(|(row, _)| *row);
        let starts = (0..=grid.rows())
            .map(|row| found.partition_point(|(other, _)| (*other as usize) < row))
            .collect();
        let runs = found.into_iter().map(|(_, run)| run).collect();
        Ok(Self { grid: grid.clone(), zones: zones.len(), runs, starts, areas })
    }

    /// Number of zones.
    pub fn len(&self) -> usize {
        self.zones
    }

    /// Whether there is no zone.
    pub fn is_empty(&self) -> bool {
        self.zones == 0
    }

    /// Ground of each zone on the grid, in the square of the unit of its CRS.
    pub fn areas(&self) -> &[f64] {
        &self.areas
    }

    pub(super) fn of_row(&self, row: usize) -> &[ZoneRun] {
        &self.runs[self.starts[row]..self.starts[row + 1]]
    }

    pub(super) fn check_grid(&self, grid: &Grid) -> Result<(), SuitabilityError> {
        if self.grid == *grid {
            Ok(())
        } else {
            Err(SuitabilityError::Mismatch { what: "cells than the zones" })
        }
    }
}

/// Limits of the bins of a histogram of scores: half points from −10 to 10; the first and the last bin are open.
pub(super) const BINS: usize = 42;

/// What the ground of a zone is suitable for.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ZoneSuitability {
    /// Ground of the zone within the mask, ha.
    pub area: f64,
    /// Score summed over that ground, in points · ha.
    pub points: f64,
    /// Ground that is blocked, ha.
    pub blocked: f64,
    /// Score summed over the ground that is not blocked, in points · ha.
    pub free_points: f64,
    /// Ground of each class, ha, in the order of the set; empty if it has none.
    pub classes: Vec<f64>,
    /// Ground by score, ha: below −10, then by half points, the limit belonging to the bin above it, from 10 on.
    pub histogram: Vec<f64>,
    /// Number of cells it has ground of.
    pub cells: u64,
    /// Share of its ground on the grid that is within the mask, 0 to 1; 0 without ground.
    pub within_mask: f64,
    /// Share of the absolute weights whose factors had a layer.
    pub weight_share: f64,
}

impl ZoneSuitability {
    fn empty(map: &SuitabilityMap) -> Self {
        Self {
            area: 0.0,
            points: 0.0,
            blocked: 0.0,
            free_points: 0.0,
            classes: vec![0.0; map.set.classes().len()],
            histogram: vec![0.0; BINS],
            cells: 0,
            within_mask: 0.0,
            weight_share: map.completeness.weight_share,
        }
    }

    #[inline(always)]
    fn add(&mut self, score: i32, state: u8, hectares: f64) {
        let points = f64::from(score) / STEPS * hectares;
        self.area += hectares;
        self.points += points;
        self.cells += 1;
        if is_blocked(state) {
            self.blocked += hectares;
        } else {
            self.free_points += points;
        }
        if let Some(class) = class_of(state) {
            self.classes[class] += hectares;
        }
        // Half points are 5,000 steps; the first bin ends at −10.
        let bin = (score.div_euclid(5_000) + 21).clamp(0, BINS as i32 - 1);
        self.histogram[bin as usize] += hectares;
    }

    fn measured(&self, value: f64, unit: Unit, missing: bool) -> Measured {
        if missing {
            let reason = "no ground of the zone has a score".to_owned();
            return Measured::suppressed(unit, Suppression::Undefined { reason });
        }
        let completeness = (self.within_mask * self.weight_share).clamp(0.0, 1.0);
        Measured::new(value, unit).with_observations(self.cells).with_completeness(completeness)
    }

    /// The mean score of the ground, in points. Completeness: share of the zone within the mask, times share of the
    /// absolute weights that were there.
    pub fn mean_score(&self) -> Measured {
        self.measured(self.points / self.area, Unit::ONE, self.area <= 0.0)
    }

    /// The mean score of the ground that is not blocked, in points.
    pub fn mean_free_score(&self) -> Measured {
        let free = self.area - self.blocked;
        self.measured(self.free_points / free, Unit::ONE, free <= 0.0)
    }

    /// The share of the ground that is blocked, %.
    pub fn blocked_share(&self) -> Measured {
        self.measured(100.0 * self.blocked / self.area, Unit::PERCENT, self.area <= 0.0)
    }

    /// The ground of a class, ha: numbered from 0 for the lowest. A class that the set does not have is withheld.
    pub fn class_area(&self, class: usize) -> Measured {
        match self.classes.get(class) {
            Some(&hectares) => self.measured(hectares, Unit::of("har"), self.area <= 0.0),
            None => {
                let reason = format!("the set has {} classes, numbered from 0", self.classes.len());
                Measured::suppressed(Unit::of("har"), Suppression::Undefined { reason })
            }
        }
    }
}

/// Square metres of a hectare.
pub(super) const HECTARE: f64 = 1e4;

impl SuitabilityMap {
    /// Scores, classes and blocked ground of each zone, clipped exactly: a cell counts by the share of it that lies within
    /// the zone, not because it meets it.
    ///
    /// Where a cell lies partly within the mask and partly within the zone, the lesser share counts: what is right for zones
    /// within the mask, and the most it can be for others. Sums over zones that tile the mask are those of
    /// [`total`](Self::total).
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, Grid};
    /// use datagora_indicators::greening::plantability_v2;
    /// use datagora_indicators::suitability::{SuitabilityModel, ZoneCells};
    ///
    /// let rect = |west: f64, east: f64| {
    ///     Rect::new(coord! { x: west, y: 0. }, coord! { x: east, y: 100. }).into()
    /// };
    /// let grid = Grid::new([0., 100.], [5., 5.], 40, 20, Crs::CC46)?;
    /// let meadow = GeometryColumn::new([rect(0., 100.)], Crs::CC46);
    /// let model = SuitabilityModel::new(plantability_v2(), grid, [("friche-naturelle", meadow)])?;
    /// let map = model.map()?;
    ///
    /// // The zone has half of it, and 2.5 m of a cell beyond.
    /// let zone = GeometryColumn::new([rect(50., 102.5)], Crs::CC46);
    /// let found = map.by_zone(&ZoneCells::new(map.grid(), &zone)?)?;
    /// assert!((found[0].mean_score().value().unwrap() - 3.0 * 50.0 / 52.5).abs() < 1e-12);
    /// assert!((found[0].class_area(5).value().unwrap() - 0.5).abs() < 1e-12); // very favoured, ha
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Mismatch`] if the zones are those of another grid.
    pub fn by_zone(&self, zones: &ZoneCells) -> Result<Vec<ZoneSuitability>, SuitabilityError> {
        zones.check_grid(&self.grid)?;
        let mut found = vec![ZoneSuitability::empty(self); zones.len()];
        self.each_cell_of(zones, |zone, cell, hectares| {
            found[zone].add(self.scores[cell], self.states[cell], hectares);
        });
        for (found, area) in found.iter_mut().zip(zones.areas()) {
            found.within_mask = if *area > 0.0 { (found.area * HECTARE / area).min(1.0) } else { 0.0 };
        }
        Ok(found)
    }

    /// Scores, classes and blocked ground of all cells within the mask.
    pub fn total(&self) -> ZoneSuitability {
        let mut found = ZoneSuitability::empty(self);
        let mut partial = self.partial.iter().peekable();
        let hectares = self.grid.cell_area() / HECTARE;
        for (cell, (&score, &state)) in self.scores.iter().zip(&self.states).enumerate() {
            if state != OUTSIDE {
                let within = partial.next_if(|(other, _)| *other == cell).map_or(1.0, |(_, within)| *within);
                found.add(score, state, within * hectares);
            }
        }
        found.within_mask = if found.cells > 0 { 1.0 } else { 0.0 };
        found
    }

    /// Calls with each cell of each zone that is within the mask, and the ground that counts, ha.
    pub(super) fn each_cell_of(&self, zones: &ZoneCells, mut visit: impl FnMut(usize, usize, f64)) {
        let width = self.grid.columns();
        let hectares = self.grid.cell_area() / HECTARE;
        for row in 0..self.grid.rows() {
            let begin = self.partial.partition_point(|(cell, _)| *cell < row * width);
            let partial = &self.partial[begin..];
            for run in zones.of_row(row) {
                let first = row * width + run.start as usize;
                let mut at = partial.partition_point(|(cell, _)| *cell < first);
                for column in run.columns() {
                    let cell = row * width + column;
                    let mut share = run.share;
                    if let Some((_, within)) = partial.get(at).filter(|(other, _)| *other == cell) {
                        share = share.min(*within);
                        at += 1;
                    }
                    if self.states[cell] != OUTSIDE {
                        visit(run.zone as usize, cell, share * hectares);
                    }
                }
            }
        }
    }
}
