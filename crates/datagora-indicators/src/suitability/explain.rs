//! What a score is made of.
use std::ops::Range;

use datagora_geo::types::{Geometry, Rect};
use datagora_geo::{CellRun, CoveredCells, GeometryColumn, Grid};

use super::error::SuitabilityError;
use super::factor_set::FactorSet;
use super::model::{SuitabilityModel, check};

/// What one factor adds to a score.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Contribution {
    /// Number of the factor in its set.
    pub factor: usize,
    /// Share of the ground that it covers, above 0, at most 1.
    pub share: f64,
    /// Its weight.
    pub weight: f64,
    /// Weight times share.
    pub points: f64,
}

/// The score of a cell or of an area, taken apart.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Explanation {
    /// The sum of all contributions.
    pub score: f64,
    /// Factors that cover some of the ground, those that add or take most first.
    pub contributions: Vec<Contribution>,
    /// Share of the ground that blocking factors cover together.
    pub blocked_share: f64,
    /// Whether a cell is blocked; of an area, whether its blocked share is more than the rule allows.
    pub blocked: bool,
    /// Ground explained, m² for a CRS in metres.
    pub area: f64,
}

impl Explanation {
    /// Points by family, in the order of the set: its number and the sum of its contributions; families without any are
    /// left out.
    pub fn by_family(&self, set: &FactorSet) -> Vec<(usize, f64)> {
        let points = |family: &str| {
            let own = self.contributions.iter().filter(|found| set.factors()[found.factor].family == family);
            own.map(|found| found.points).reduce(|a, b| a + b)
        };
        let families = set.families().iter().enumerate();
        families.filter_map(|(number, family)| Some((number, points(&family.id)?))).collect()
    }

    /// The blocking factors that cover some of the ground.
    pub fn blocked_by<'e>(&'e self, set: &'e FactorSet) -> impl Iterator<Item = &'e Contribution> {
        self.contributions.iter().filter(|found| set.factors()[found.factor].blocking)
    }
}

impl SuitabilityModel {
    /// What the score of a cell is made of: each factor with the exact share of the cell it covers.
    ///
    /// The contributions add up to the score of the cell in a [map](Self::map) to half of its ten-thousandth. Only polygons
    /// at the cell are looked at.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, Grid};
    /// use datagora_indicators::greening::plantability_v2;
    /// use datagora_indicators::suitability::SuitabilityModel;
    ///
    /// let lawn = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 4., y: 5. });
    /// let house = Rect::new(coord! { x: 4., y: 0. }, coord! { x: 9., y: 5. });
    /// let column = |rect: Rect| GeometryColumn::new([rect.into()], Crs::CC46);
    /// let grid = Grid::new([0., 5.], [5., 5.], 2, 1, Crs::CC46)?;
    /// let layers = [("strate-basse-pelouse", column(lawn)), ("batiments", column(house))];
    /// let model = SuitabilityModel::new(plantability_v2(), grid, layers)?;
    ///
    /// let found = model.explain_at(1., 1.)?;
    /// let factors = model.set().factors();
    /// assert_eq!(factors[found.contributions[0].factor].name.en, "Low vegetation and lawn");
    /// assert!((found.contributions[0].points - 2.4).abs() < 1e-12); // 0.8 · 3
    /// assert!((found.score - 1.4).abs() < 1e-12); // and 0.2 · −5 for the house
    /// assert!(!found.blocked && (found.blocked_share - 0.2).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SuitabilityError`] as for a map.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn explain_cell(&self, cell: usize) -> Result<Explanation, SuitabilityError> {
        let (column, row) = self.grid.position(cell);
        let run = CellRun { row, columns: column..column + 1, share: 1.0 };
        self.explain(&[run], row..row + 1, column..column + 1)
    }

    /// What the score of the cell at a place is made of.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Outside`] if the place is outside the grid.
    pub fn explain_at(&self, x: f64, y: f64) -> Result<Explanation, SuitabilityError> {
        match self.grid.cell_at(x, y) {
            Some(cell) => self.explain_cell(cell),
            None => Err(SuitabilityError::Outside { x, y }),
        }
    }

    /// What the mean score of an area is made of: its cells, each by the share of it that lies within. The mask is not
    /// looked at.
    ///
    /// `None` if the area has no ground on the grid.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Layer`] if it is no polygon.
    pub fn explain_area(&self, area: Geometry) -> Result<Option<Explanation>, SuitabilityError> {
        let area = GeometryColumn::new([area], self.grid.crs().clone());
        check(&self.grid, "area", &area)?;
        let cells = CoveredCells::new(&self.grid, &area)
            .map_err(|reason| SuitabilityError::Layer { of: "area".to_owned(), reason })?
            .runs_of(0);
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Ok(None) };
        let rows = first.row..last.row + 1;
        let west = cells.iter().map(|run| run.columns.start).min().unwrap_or(0);
        let east = cells.iter().map(|run| run.columns.end).max().unwrap_or(0);
        self.explain(&cells, rows, west..east).map(Some)
    }

    /// Runs of cells, ascending by row, within a window.
    fn explain(
        &self,
        runs: &[CellRun],
        rows: Range<usize>,
        columns: Range<usize>,
    ) -> Result<Explanation, SuitabilityError> {
        let window = window_of(&self.grid, rows.clone(), columns.clone());
        let ground = self.ground_within(&[window.bounds()])?;
        let (coverage, slots) = ground.coverage(&window, None)?;
        let sums = coverage.map_bands(|band| {
            let mut sums = vec![0.0; slots.factors + 1];
            let (top, width) = (rows.start + band.rows().start, columns.len());
            let begin = runs.partition_point(|run| run.row < top);
            let own = runs[begin..].iter().take_while(|run| run.row < top + band.rows().len());
            for run in own {
                let first = (run.row - top) * width + run.columns.start - columns.start;
                let mut add = |place: usize, slot: usize| {
                    let shares = &band.shares(slot)[first..first + run.columns.len()];
                    sums[place] += run.share * shares.iter().sum::<f64>();
                };
                (0..slots.factors).for_each(|slot| add(slot, slot));
                slots.blocked.into_iter().for_each(|slot| add(slots.factors, slot));
            }
            sums
        });
        let cells: f64 = runs.iter().map(|run| run.share * run.columns.len() as f64).sum();
        let share = |slot: usize| sums.iter().map(|sums| sums[slot]).sum::<f64>() / cells;
        let mut contributions: Vec<Contribution> = (0..slots.factors)
            .map(|slot| {
                let (factor, share, weight) = (ground.factors[slot].0, share(slot), ground.weights[slot]);
                Contribution { factor, share, weight, points: weight * share }
            })
            .filter(|found| found.share > 0.0)
            .collect();
        let score = contributions.iter().map(|found| found.points).sum();
        contributions.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
        let blocked_share = share(slots.factors);
        let blocked = self.blocking.blocks(blocked_share);
        let area = cells * self.grid.cell_area();
        Ok(Explanation { score, contributions, blocked_share, blocked, area })
    }
}

/// A part of the grid that is within it.
fn window_of(grid: &Grid, rows: Range<usize>, columns: Range<usize>) -> Grid {
    grid.window(columns, rows).unwrap_or_else(|_| grid.clone())
}

/// The rectangle of a window of a grid.
pub(super) fn rect_of(grid: &Grid, rows: &Range<usize>, columns: &Range<usize>) -> Rect {
    window_of(grid, rows.clone(), columns.clone()).bounds()
}
