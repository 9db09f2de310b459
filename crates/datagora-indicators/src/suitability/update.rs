//! Layers change: only the cells they change are computed anew.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use datagora_geo::types::Rect;
use datagora_geo::{GeometryColumn, Window};

use super::error::SuitabilityError;
use super::explain::rect_of;
use super::layer::Layer;
use super::map::SuitabilityMap;
use super::model::{SuitabilityModel, check};
use super::score::{Cuts, Scorer};

/// Rows taken away from a layer, and polygons added to it.
#[derive(Clone, Debug)]
pub struct LayerEdit {
    /// Identifier of the factor.
    pub factor: String,
    /// Rows to take away. Rows of a layer keep their numbers, whatever was taken away or added before.
    pub removed: Vec<usize>,
    /// Polygons to add, in the CRS of the grid; they get the numbers after the last row.
    pub added: Option<GeometryColumn>,
}

impl LayerEdit {
    /// An edit of the layer of a factor that changes nothing yet.
    pub fn of(factor: impl Into<String>) -> Self {
        Self { factor: factor.into(), removed: Vec::new(), added: None }
    }

    /// Takes rows away.
    #[must_use]
    pub fn without(self, rows: impl Into<Vec<usize>>) -> Self {
        Self { removed: rows.into(), ..self }
    }

    /// Adds polygons.
    #[must_use]
    pub fn with(self, polygons: GeometryColumn) -> Self {
        Self { added: Some(polygons), ..self }
    }
}

/// What an update did.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SuitabilityUpdate {
    /// Number of the first row added to each layer, in the order of the edits; where nothing was added, of the next.
    pub first_added: Vec<usize>,
    /// Number of cells computed anew.
    pub computed: usize,
    /// Runs of cells whose score, class or blocking changed: row and columns, from north to south and west to east.
    pub changed: Vec<(usize, Range<usize>)>,
}

impl SuitabilityUpdate {
    /// Number of cells that changed.
    pub fn changed_cells(&self) -> usize {
        self.changed.iter().map(|(_, columns)| columns.len()).sum()
    }

    /// The smallest window that holds all cells that changed; `None` if none did.
    pub fn window(&self) -> Option<Window> {
        let (first, last) = (self.changed.first()?, self.changed.last()?);
        let west = self.changed.iter().map(|(_, columns)| columns.start).min()?;
        let east = self.changed.iter().map(|(_, columns)| columns.end).max()?;
        Some(Window::new(first.0..last.0 + 1, west..east))
    }
}

/// Rows of a band that is computed anew.
const BAND_ROWS: usize = 8;
/// More polygons than that, and all cells are computed anew.
const MOST_WINDOWS: usize = 4096;

impl SuitabilityModel {
    /// Edits layers, and brings a map of this model up to date.
    ///
    /// Only cells under the rectangles of the polygons that go or come are computed, from the polygons around them. The map
    /// is the same, to the bit, as one computed anew. If an edit is refused, nothing changes.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, Grid};
    /// use datagora_indicators::greening::plantability_v2;
    /// use datagora_indicators::suitability::{LayerEdit, SuitabilityModel};
    ///
    /// let square = |west: f64| {
    ///     let rect = Rect::new(coord! { x: west, y: 0. }, coord! { x: west + 10., y: 10. });
    ///     GeometryColumn::new([rect.into()], Crs::CC46)
    /// };
    /// let grid = Grid::new([0., 50.], [5., 5.], 20, 10, Crs::CC46)?;
    /// let mut model = SuitabilityModel::new(plantability_v2(), grid, [("parkings", square(0.))])?;
    /// let mut map = model.map()?;
    /// assert_eq!(map.score(180), Some(-2.0));
    ///
    /// // The car park becomes a park.
    /// let edits = [LayerEdit::of("parkings").without([0]), LayerEdit::of("parcs-jardins").with(square(0.))];
    /// let update = model.update(&mut map, &edits)?;
    /// assert_eq!((update.changed_cells(), map.score(180)), (4, Some(2.0)));
    /// assert_eq!(map, model.map()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Stale`] if the map is not of the model as it is; [`SuitabilityError::NoRow`] for a row that is
    /// not there; others as for [`new`](Self::new).
    pub fn update(
        &mut self,
        map: &mut SuitabilityMap,
        edits: &[LayerEdit],
    ) -> Result<SuitabilityUpdate, SuitabilityError> {
        if map.revision != self.revision || map.grid != self.grid {
            return Err(SuitabilityError::Stale { found: map.revision, needed: self.revision });
        }
        if map.set != self.set {
            return Err(SuitabilityError::Mismatch { what: "factors" });
        }
        let windows = self.windows_of(edits)?;
        let mut first_added = Vec::with_capacity(edits.len());
        for edit in edits {
            let factor = self.factor_of(&edit.factor)?;
            let empty = || Layer::new(GeometryColumn::new([], self.grid.crs().clone()));
            let layer = self.layers[factor].get_or_insert_with(empty);
            edit.removed.iter().for_each(|&row| layer.remove(row));
            first_added.push(match &edit.added {
                Some(added) => layer.add(added.clone()),
                None => layer.rows(),
            });
            layer.tidy()?;
        }
        self.revision += 1;
        let (computed, changed) =
            if windows.len() > MOST_WINDOWS { self.renew_all(map)? } else { self.renew(map, &windows)? };
        map.revision = self.revision;
        map.completeness = self.completeness();
        Ok(SuitabilityUpdate { first_added, computed, changed })
    }

    /// The polygons of some rows of a layer.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::NoRow`] for a row that is not there, or has been taken away.
    pub fn polygons(&self, factor: &str, rows: &[usize]) -> Result<GeometryColumn, SuitabilityError> {
        let layer = self.layers[self.factor_of(factor)?].as_ref();
        let lacks = |row: &&usize| !layer.is_some_and(|layer| layer.has(**row));
        if let Some(&row) = rows.iter().find(lacks) {
            return Err(SuitabilityError::NoRow { of: factor.to_owned(), row });
        }
        let none = || Ok(GeometryColumn::new([], self.grid.crs().clone()));
        Ok(layer.map_or_else(none, |layer| layer.take(rows))?)
    }

    fn factor_of(&self, id: &str) -> Result<usize, SuitabilityError> {
        let none = || SuitabilityError::NoFactor { id: id.to_owned(), set: self.set.draft().id.clone() };
        self.set.position(id).ok_or_else(none)
    }

    /// Rows and columns under the polygons that go or come. Refuses edits that do not suit.
    fn windows_of(&self, edits: &[LayerEdit]) -> Result<Vec<Window>, SuitabilityError> {
        let mut windows = Vec::new();
        let mut gone = BTreeSet::new();
        for edit in edits {
            let factor = self.factor_of(&edit.factor)?;
            let layer = self.layers[factor].as_ref();
            for &row in &edit.removed {
                if !layer.is_some_and(|layer| layer.has(row)) || !gone.insert((factor, row)) {
                    return Err(SuitabilityError::NoRow { of: edit.factor.clone(), row });
                }
            }
            let removed = layer.map(|layer| layer.take(&edit.removed)).transpose()?;
            if let Some(added) = &edit.added {
                check(&self.grid, &edit.factor, added)?;
            }
            for column in removed.iter().chain(&edit.added) {
                let over = (0..column.len()).filter_map(|row| self.grid.cells_over(column.row_bounds(row)?));
                windows.extend(over.map(|(columns, rows)| Window::new(rows, columns)));
            }
        }
        Ok(windows)
    }

    /// Computes the cells of some windows.
    fn renew(
        &self,
        map: &mut SuitabilityMap,
        windows: &[Window],
    ) -> Result<(usize, Changes), SuitabilityError> {
        let rects: Vec<Rect> =
            windows.iter().map(|window| rect_of(&self.grid, &window.rows, &window.columns)).collect();
        let ground = self.ground_within(&rects)?;
        let (coverage, slots) = ground.coverage(&self.grid, Some(BAND_ROWS))?;
        let cuts = Cuts::of(&self.set);
        let scorer = Scorer { weights: &ground.weights, slots, cuts: &cuts, blocking: self.blocking };
        let width = self.grid.columns();
        let (mut computed, mut changes) = (0, Changes::new());
        let touched = touched_by(windows);
        let mut rows = touched.iter().peekable();
        while let Some((row, _)) = rows.peek() {
            let number = *row / coverage.band_rows();
            let band = coverage.band(number);
            while let Some((&row, runs)) = rows.next_if(|(row, _)| band.rows().contains(row)) {
                for run in runs {
                    let cells = row * width + run.start..row * width + run.end;
                    let (scores, states) = (&mut map.scores[cells.clone()], &mut map.states[cells]);
                    let before = (scores.to_vec(), states.to_vec());
                    let first = (row - band.rows().start) * width + run.start;
                    // The mask stays as it is, and so does which cells lie partly within.
                    scorer.score(&band, first, scores, states, |_, _| {});
                    computed += run.len();
                    push_changes(&mut changes, row, run.start, (&before.0, &before.1), (scores, states));
                }
            }
        }
        Ok((computed, changes))
    }

    /// Computes all cells.
    fn renew_all(&self, map: &mut SuitabilityMap) -> Result<(usize, Changes), SuitabilityError> {
        let before = std::mem::replace(map, self.map()?);
        Ok((self.grid.len(), before.changed_cells(map)?))
    }
}

/// Runs of cells that changed: row and columns.
type Changes = Vec<(usize, Range<usize>)>;

/// The columns under windows, by row: ascending and apart.
fn touched_by(windows: &[Window]) -> BTreeMap<usize, Vec<Range<usize>>> {
    let mut touched: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
    for window in windows {
        for row in window.rows.clone() {
            touched.entry(row).or_default().push(window.columns.clone());
        }
    }
    for runs in touched.values_mut() {
        runs.sort_unstable_by_key(|run| run.start);
        runs.dedup_by(|next, run| {
            let joined = next.start <= run.end;
            if joined {
                run.end = run.end.max(next.end);
            }
            joined
        });
    }
    touched
}

/// Adds the runs of cells that differ.
pub(super) fn push_changes(
    changes: &mut Changes,
    row: usize,
    first: usize,
    (old_scores, old_states): (&[i32], &[u8]),
    (scores, states): (&[i32], &[u8]),
) {
    for at in 0..scores.len() {
        if scores[at] == old_scores[at] && states[at] == old_states[at] {
            continue;
        }
        let column = first + at;
        match changes.last_mut() {
            Some((last, columns)) if *last == row && columns.end == column => columns.end += 1,
            _ => changes.push((row, column..column + 1)),
        }
    }
}
