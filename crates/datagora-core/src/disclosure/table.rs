//! Secrecy of a two-way table with its totals.
use super::network::{Direction, Network};
use super::{Assessment, DisclosureError, SecrecyRule};
use crate::{Interval, Measured, Suppression, Unit};

/// A two-way table of sums, by what each unit contributes to each cell.
///
/// Contributions are not negative. Totals of rows and columns and the grand total belong to the table.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossTable {
    rows: usize,
    columns: usize,
    /// Row by row, without totals.
    cells: Vec<Vec<Interval>>,
}

/// A table of which every cell is known to be publishable or not.
///
/// Positions are a row and a column, counted from 0; `None` is the total.
#[derive(Clone, Debug, PartialEq)]
pub struct ProtectedTable {
    /// With the totals.
    rows: usize,
    columns: usize,
    /// Row by row with totals, from the lower and from the upper bounds.
    lower: Vec<f64>,
    upper: Vec<f64>,
    units: Vec<u64>,
    status: Vec<Assessment>,
    protection: f64,
}

/// What a reader of the published cells can conclude about a withheld one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AuditedCell {
    /// Row, `None` for a column's total.
    pub row: Option<usize>,
    /// Column, `None` for a row's total.
    pub column: Option<usize>,
    /// The true value.
    pub value: f64,
    /// Smallest and largest value compatible with the published cells.
    pub range: Interval,
}

impl AuditedCell {
    /// Can it be computed exactly?
    pub fn is_recoverable(&self) -> bool {
        self.range.width() <= 1e-9 * self.value.abs()
    }
}

impl CrossTable {
    /// A table of known contributions, row by row: one list per cell.
    ///
    /// # Errors
    ///
    /// [`DisclosureError::Shape`]; [`DisclosureError::Contribution`] if one is negative, infinite or NaN.
    pub fn from_values(rows: usize, columns: usize, cells: Vec<Vec<f64>>) -> Result<Self, DisclosureError> {
        let exact = |value: f64| Interval { lower: value, upper: value, level: None };
        let cells = cells.into_iter().map(|cell| cell.into_iter().map(exact).collect()).collect();
        let table = Self::from_brackets(rows, columns, cells)?;
        match table.first(|bracket| bracket.upper.is_infinite()) {
            Some(error) => Err(error),
            None => Ok(table),
        }
    }

    /// A table of contributions known by bracket, such as jobs of establishments; upper bounds may be infinite.
    ///
    /// # Errors
    ///
    /// [`DisclosureError::Shape`]; [`DisclosureError::Contribution`] if a bound is negative or NaN, or the lower is
    /// above the upper.
    pub fn from_brackets(
        rows: usize,
        columns: usize,
        cells: Vec<Vec<Interval>>,
    ) -> Result<Self, DisclosureError> {
        let needed = rows.saturating_mul(columns);
        if cells.len() != needed {
            return Err(DisclosureError::Shape { rows, columns, found: cells.len(), needed });
        }
        let table = Self { rows, columns, cells };
        match table.first(|bracket| bracket.check().is_err() || bracket.lower < 0.0) {
            Some(error) => Err(error),
            None => Ok(table),
        }
    }

    fn first(&self, wrong: impl Fn(&Interval) -> bool) -> Option<DisclosureError> {
        self.cells.iter().enumerate().find_map(|(at, cell)| {
            let bracket = cell.iter().find(|bracket| wrong(bracket))?;
            let found =
                if bracket.lower < 0.0 || bracket.lower.is_nan() { bracket.lower } else { bracket.upper };
            Some(DisclosureError::Contribution { row: at / self.columns, column: at % self.columns, found })
        })
    }

    /// Withholds every cell and total that the rule forbids, and as many others as needed so that none of these can be
    /// computed from what remains.
    ///
    /// For each forbidden cell in turn, the largest first, the cheapest cycle of cells through it is withheld that
    /// leaves readers unsure by the protection the rule asks for; the cost of a cell is its value, and totals cost more
    /// than all inner cells. This is not the least that could be withheld, which is a hard problem, but what remains is
    /// checked exactly by the same networks. Readers are taken to know that no value is negative, and the one unit that
    /// is alone in a cell to know its value, when it looks at the cells of its row and column.
    ///
    /// Of contributions known by bracket, both the table of lower bounds and the table of upper bounds are protected.
    ///
    /// # References
    ///
    /// Cox, L. H. (1980). Suppression methodology and statistical disclosure control. J. Am. Stat. Assoc. 75, 377–385.
    /// Kelly, J. P., Golden, B. L. and Assad, A. A. (1992). Cell suppression: disclosure protection for sensitive
    /// tabular data. Networks 22, 397–417.
    pub fn protect(&self, rule: &SecrecyRule) -> ProtectedTable {
        let mut table = self.with_totals(rule);
        let layers = if table.lower == table.upper { 1 } else { 2 };
        for layer in 0..layers {
            table.add_secondary(layer);
        }
        table
    }

    /// The table with its totals, of which the rule alone says what is withheld.
    fn with_totals(&self, rule: &SecrecyRule) -> ProtectedTable {
        let (rows, columns) = (self.rows + 1, self.columns + 1);
        let mut gathered: Vec<Vec<Interval>> = vec![Vec::new(); rows * columns];
        for (at, cell) in self.cells.iter().enumerate() {
            let (row, column) = (at / self.columns, at % self.columns);
            for (row, column) in
                [(row, column), (row, self.columns), (self.rows, column), (self.rows, self.columns)]
            {
                gathered[row * columns + column].extend(cell);
            }
        }
        let sum =
            |bound: fn(&Interval) -> f64| gathered.iter().map(|cell| cell.iter().map(bound).sum()).collect();
        ProtectedTable {
            rows,
            columns,
            lower: sum(|bracket| bracket.lower),
            upper: sum(|bracket| bracket.upper),
            units: gathered.iter().map(|cell| cell.len() as u64).collect(),
            status: gathered.iter().map(|cell| rule.assess_brackets(cell)).collect(),
            protection: rule.protection(),
        }
    }
}

impl ProtectedTable {
    /// May the cell be published? `None` outside the table.
    pub fn get(&self, row: Option<usize>, column: Option<usize>) -> Option<&Assessment> {
        self.status.get(self.position(row, column)?)
    }

    /// The cell as it may be published: its sum, its bounds if the contributions are known by bracket, or the reason
    /// why it is withheld. An empty cell is 0. `None` outside the table.
    pub fn measured(&self, row: Option<usize>, column: Option<usize>, unit: &Unit) -> Option<Measured> {
        let at = self.position(row, column)?;
        let measured = match &self.status[at] {
            Assessment::Withheld(reason) => return Some(Measured::suppressed(unit.clone(), reason.clone())),
            _ if self.lower[at] == self.upper[at] => Measured::new(self.lower[at], unit.clone()),
            _ => Measured::bounded(self.lower[at], self.upper[at], unit.clone()).ok()?,
        };
        Some(measured.with_observations(self.units[at]))
    }

    /// Number of cells and totals that the rule itself forbids.
    pub fn primary(&self) -> usize {
        self.status.iter().filter(|status| is_primary(status)).count()
    }

    /// Number of cells and totals withheld to protect others.
    pub fn secondary(&self) -> usize {
        self.status.iter().filter(|status| status.is_withheld()).count() - self.primary()
    }

    /// What readers can conclude about each withheld cell, row by row: of brackets, about its lower bound and then
    /// about its upper bound where that is finite.
    pub fn audit(&self) -> Vec<AuditedCell> {
        let withheld = self.withheld();
        let layers =
            if self.lower == self.upper { vec![&self.lower] } else { vec![&self.lower, &self.upper] };
        layers
            .into_iter()
            .flat_map(|values| ranges(self.rows, self.columns, values, &withheld))
            .filter(|cell| cell.value.is_finite())
            .collect()
    }

    fn position(&self, row: Option<usize>, column: Option<usize>) -> Option<usize> {
        let (last_row, last_column) = (self.rows - 1, self.columns - 1);
        let row = row.map_or(Some(last_row), |row| (row < last_row).then_some(row))?;
        let column = column.map_or(Some(last_column), |column| (column < last_column).then_some(column))?;
        Some(row * self.columns + column)
    }

    fn withheld(&self) -> Vec<bool> {
        self.status.iter().map(Assessment::is_withheld).collect()
    }

    fn is_total(&self, cell: usize) -> bool {
        cell / self.columns + 1 == self.rows || cell % self.columns + 1 == self.columns
    }

    /// Withholds what protects the forbidden cells of one layer, lower or upper.
    fn add_secondary(&mut self, layer: usize) {
        let values = if layer == 0 { self.lower.clone() } else { self.upper.clone() };
        let mut targets: Vec<usize> = (0..values.len())
            .filter(|cell| is_primary(&self.status[*cell]) && values[*cell].is_finite())
            .collect();
        targets.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
        for target in targets {
            for direction in [Direction::Up, Direction::Down] {
                self.protect_cell(&values, target, direction, None);
            }
            for alone in self.alone_beside(target) {
                for direction in [Direction::Up, Direction::Down] {
                    self.protect_cell(&values, target, direction, Some(alone));
                }
            }
        }
    }

    /// Inner cells of one unit in the row and column of an inner cell: that unit knows them.
    fn alone_beside(&self, target: usize) -> Vec<usize> {
        if self.is_total(target) {
            return Vec::new();
        }
        let (row, column) = (target / self.columns, target % self.columns);
        (0..self.status.len())
            .filter(|cell| (cell / self.columns == row) != (cell % self.columns == column))
            .filter(|cell| {
                !self.is_total(*cell) && self.units[*cell] == 1 && self.status[*cell].is_withheld()
            })
            .collect()
    }

    /// Withholds cells until one can change this way as far as it must.
    fn protect_cell(&mut self, values: &[f64], target: usize, direction: Direction, known: Option<usize>) {
        let total = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        // Of nothing, a little more must be possible.
        let needed = match direction {
            Direction::Up => (self.protection * values[target]).max(1e-9 * total),
            Direction::Down => (self.protection * values[target]).max(1e-9 * values[target]),
        };
        let mut amount = needed;
        loop {
            let withheld = self.withheld();
            let network =
                Network { rows: self.rows, columns: self.columns, values, withheld: &withheld, known };
            if network.slack(target, direction, needed) >= needed * (1.0 - 1e-9) {
                return;
            }
            let cost = |cell: usize| match (&self.status[cell], self.is_total(cell)) {
                (Assessment::Empty, _) => None,
                (_, false) => Some(values[cell]),
                (_, true) if cell + 1 == values.len() => Some(total * 1e6),
                (_, true) => Some(total * 1e3 + values[cell]),
            };
            match network.cheapest(target, direction, amount, cost) {
                Some(cells) if !cells.is_empty() => {
                    for cell in cells {
                        self.status[cell] = Assessment::Withheld(Suppression::Secondary);
                    }
                }
                // One cycle alone is too narrow: several narrower ones may do.
                _ if amount > 1e-9 * needed => amount /= 2.0,
                _ => return,
            }
        }
    }
}

fn is_primary(status: &Assessment) -> bool {
    matches!(status, Assessment::Withheld(reason) if *reason != Suppression::Secondary)
}

/// What readers can conclude about the withheld cells of a table with totals, knowing that no value is negative: the
/// check of any pattern of suppression, whoever made it.
///
/// # Shapes
///
/// `values` and `withheld` hold `rows + 1` by `columns + 1` cells, row by row, of which the last row and the last
/// column are totals. One result per withheld cell.
///
/// # Errors
///
/// [`DisclosureError::Shape`]; [`DisclosureError::Contribution`] if a value is negative or NaN.
///
/// # Example
///
/// ```
/// use datagora_core::disclosure::feasible_ranges;
///
/// let values = [2.0, 8.0, 10.0, 5.0, 5.0, 10.0, 7.0, 13.0, 20.0];
/// // One cell alone is no secret: 10 − 8 = 2.
/// let alone = [true, false, false, false, false, false, false, false, false];
/// assert!(feasible_ranges(2, 2, &values, &alone)?[0].is_recoverable());
/// let four = [true, true, false, true, true, false, false, false, false];
/// let range = feasible_ranges(2, 2, &values, &four)?[0].range;
/// assert_eq!((range.lower, range.upper), (0.0, 7.0));
/// # Ok::<(), datagora_core::disclosure::DisclosureError>(())
/// ```
///
/// # References
///
/// Gusfield, D. (1988). A graph theoretic approach to statistical data security. SIAM J. Comput. 17, 552–571.
pub fn feasible_ranges(
    rows: usize,
    columns: usize,
    values: &[f64],
    withheld: &[bool],
) -> Result<Vec<AuditedCell>, DisclosureError> {
    let needed = rows.saturating_add(1).saturating_mul(columns.saturating_add(1));
    if let Some(found) = [values.len(), withheld.len()].into_iter().find(|found| *found != needed) {
        return Err(DisclosureError::Shape { rows, columns, found, needed });
    }
    if let Some(at) = values.iter().position(|value| value.is_nan() || *value < 0.0) {
        let (row, column) = (at / (columns + 1), at % (columns + 1));
        return Err(DisclosureError::Contribution { row, column, found: values[at] });
    }
    Ok(ranges(rows + 1, columns + 1, values, withheld))
}

fn ranges(rows: usize, columns: usize, values: &[f64], withheld: &[bool]) -> Vec<AuditedCell> {
    let network = Network { rows, columns, values, withheld, known: None };
    let cells = (0..values.len()).filter(|cell| withheld[*cell]);
    cells
        .map(|cell| {
            let (row, column) = (cell / columns, cell % columns);
            let value = values[cell];
            let lower = value - network.slack(cell, Direction::Down, f64::INFINITY);
            let upper = value + network.slack(cell, Direction::Up, f64::INFINITY);
            AuditedCell {
                row: (row + 1 < rows).then_some(row),
                column: (column + 1 < columns).then_some(column),
                value,
                range: Interval {
                    lower: if lower.is_nan() { 0.0 } else { lower.max(0.0) },
                    upper,
                    level: None,
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
