//! Two maps compared: before and after, with other weights, or in another scenario.
use std::ops::Range;

use super::error::SuitabilityError;
use super::map::{SuitabilityMap, class_of, is_blocked};
use super::score::{OUTSIDE, STEPS};
use super::update::push_changes;
use super::zones::{HECTARE, ZoneCells};

/// What differs between two maps, over some ground.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SuitabilityDifference {
    /// Ground that has a score in both, ha.
    pub area: f64,
    /// Ground whose score, class or blocking differs, ha.
    pub changed: f64,
    /// Number of its cells.
    pub changed_cells: u64,
    /// Score after less score before, summed over the ground, in points · ha.
    pub points: f64,
    /// Ground by class before (first index) and after (second), ha; empty if the sets have no classes.
    pub transitions: Vec<Vec<f64>>,
    /// Ground that becomes blocked, ha.
    pub blocked: f64,
    /// Ground that is blocked no longer, ha.
    pub unblocked: f64,
}

impl SuitabilityDifference {
    fn empty(classes: usize) -> Self {
        Self { transitions: vec![vec![0.0; classes]; classes], ..Self::default() }
    }

    /// Ground that a class gains from others, ha; 0 for a class there is not.
    pub fn gained(&self, class: usize) -> f64 {
        let from = self.transitions.iter().enumerate().filter(|(before, _)| *before != class);
        from.filter_map(|(_, after)| after.get(class)).sum()
    }

    /// Ground that a class loses to others, ha; 0 for a class there is not.
    pub fn lost(&self, class: usize) -> f64 {
        let to = self.transitions.get(class).into_iter().flatten().enumerate();
        to.filter(|(after, _)| *after != class).map(|(_, hectares)| hectares).sum()
    }

    /// Mean change of the score, in points; `None` without ground.
    pub fn mean_change(&self) -> Option<f64> {
        (self.area > 0.0).then(|| self.points / self.area)
    }

    fn add(&mut self, before: (i32, u8), after: (i32, u8), hectares: f64) {
        self.area += hectares;
        if let (Some(from), Some(to)) = (class_of(before.1), class_of(after.1)) {
            self.transitions[from][to] += hectares;
        }
        if before == after {
            return;
        }
        self.changed += hectares;
        self.changed_cells += 1;
        self.points += (f64::from(after.0) - f64::from(before.0)) / STEPS * hectares;
        match (is_blocked(before.1), is_blocked(after.1)) {
            (false, true) => self.blocked += hectares,
            (true, false) => self.unblocked += hectares,
            _ => {}
        }
    }
}

impl SuitabilityMap {
    /// What becomes of this map in another: a scenario with other weights, or edited layers.
    ///
    /// Ground counts that has a score in both; of a cell partly within the mask, the share within that of this map.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, Grid};
    /// use datagora_indicators::greening::plantability_v2;
    /// use datagora_indicators::suitability::SuitabilityModel;
    ///
    /// let rect = |west: f64| Rect::new(coord! { x: west, y: 0. }, coord! { x: west + 100., y: 100. }).into();
    /// let column = |west: f64| GeometryColumn::new([rect(west)], Crs::CC46);
    /// let grid = Grid::new([0., 100.], [5., 5.], 40, 20, Crs::CC46)?;
    /// let layers = [("strate-basse-pelouse", column(0.)), ("rsx-gaz", column(50.))];
    /// let model = SuitabilityModel::new(plantability_v2(), grid, layers)?;
    ///
    /// // What if gas mains counted by 1 instead of 3?
    /// let mut draft = model.set().draft().clone();
    /// draft.factors[model.set().position("rsx-gaz").unwrap()].weight = -1.0;
    /// let milder = model.with_set(draft.check()?)?;
    /// let found = model.map()?.difference(&milder.map()?)?;
    /// assert!((found.changed - 1.0).abs() < 1e-9); // ha
    /// assert!((found.gained(4) - 0.5).abs() < 1e-9 && (found.lost(3) - 0.5).abs() < 1e-9);
    /// assert!((found.points - 2.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Mismatch`] if the grids, or the codes of the classes, differ.
    pub fn difference(&self, after: &Self) -> Result<SuitabilityDifference, SuitabilityError> {
        self.check_comparable(after)?;
        let mut found = SuitabilityDifference::empty(self.set.classes().len());
        let hectares = self.grid.cell_area() / HECTARE;
        let mut partial = self.partial.iter().peekable();
        for cell in 0..self.states.len() {
            if self.states[cell] == OUTSIDE {
                continue;
            }
            let within = partial.next_if(|(other, _)| *other == cell).map_or(1.0, |(_, within)| *within);
            if after.states[cell] != OUTSIDE {
                found.add(self.at(cell), after.at(cell), within * hectares);
            }
        }
        Ok(found)
    }

    /// What becomes of each zone in another map, clipped exactly.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Mismatch`] if the grids, or the codes of the classes, differ.
    pub fn difference_by_zone(
        &self,
        after: &Self,
        zones: &ZoneCells,
    ) -> Result<Vec<SuitabilityDifference>, SuitabilityError> {
        self.check_comparable(after)?;
        zones.check_grid(&self.grid)?;
        let mut found = vec![SuitabilityDifference::empty(self.set.classes().len()); zones.len()];
        self.each_cell_of(zones, |zone, cell, hectares| {
            if after.states[cell] != OUTSIDE {
                found[zone].add(self.at(cell), after.at(cell), hectares);
            }
        });
        Ok(found)
    }

    /// Runs of cells whose score, class or blocking differs in another map: row and columns.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Mismatch`] if the grids, or the codes of the classes, differ.
    pub fn changed_cells(&self, after: &Self) -> Result<Vec<(usize, Range<usize>)>, SuitabilityError> {
        self.check_comparable(after)?;
        let (width, mut changes) = (self.grid.columns(), Vec::new());
        for row in 0..self.grid.rows() {
            let cells = row * width..(row + 1) * width;
            let old = (&self.scores[cells.clone()], &self.states[cells.clone()]);
            push_changes(&mut changes, row, 0, old, (&after.scores[cells.clone()], &after.states[cells]));
        }
        Ok(changes)
    }

    fn at(&self, cell: usize) -> (i32, u8) {
        (self.scores[cell], self.states[cell])
    }

    fn check_comparable(&self, other: &Self) -> Result<(), SuitabilityError> {
        let codes = |map: &Self| map.set.classes().iter().map(|class| class.code).collect::<Vec<_>>();
        if self.grid != other.grid {
            return Err(SuitabilityError::Mismatch { what: "cells" });
        }
        if codes(self) != codes(other) {
            return Err(SuitabilityError::Mismatch { what: "classes" });
        }
        Ok(())
    }
}
