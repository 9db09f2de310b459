//! What the published cells of a table with margins say about the others.
//!
//! Every row and every column gives one equation. A table with its margins is then a network: lines are nodes, cells
//! are arcs, and the changes that leave all published cells as they are, are circulations. How far a cell can go up or
//! down is a greatest flow.
//!
//! Cox, L. H. (1995). Network models for complementary cell suppression. J. Am. Stat. Assoc. 90, 1453–1462.
use std::collections::VecDeque;

/// Which way a cell changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// A table of `rows` by `columns` cells, of which the last row and the last column are totals. Values are not negative.
pub(super) struct Network<'a> {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Row by row.
    pub(super) values: &'a [f64],
    /// Is the cell withheld?
    pub(super) withheld: &'a [bool],
    /// A cell whose value the reader knows besides.
    pub(super) known: Option<usize>,
}

impl Network<'_> {
    /// The nodes an arc leads from and to. Increasing cells along a cycle of arcs keeps all equations.
    fn ends(&self, cell: usize) -> (usize, usize) {
        let (row, column) = (cell / self.columns, cell % self.columns);
        let (row_node, column_node) = (row, self.rows + column);
        let total = (row + 1 == self.rows) != (column + 1 == self.columns);
        // Inner cells and the grand total lead from row to column, other totals back.
        if total { (column_node, row_node) } else { (row_node, column_node) }
    }

    /// The cells at a node.
    fn cells_at(&self, node: usize) -> impl Iterator<Item = usize> + use<> {
        let (rows, columns) = (self.rows, self.columns);
        let row = node < rows;
        let count = if row { columns } else { rows };
        (0..count).map(move |at| if row { node * columns + at } else { at * columns + node - rows })
    }

    /// Which way a cell changes when it is walked from this node.
    fn walked_from(&self, cell: usize, node: usize) -> (Direction, usize) {
        let (tail, head) = self.ends(cell);
        if node == tail { (Direction::Up, head) } else { (Direction::Down, tail) }
    }

    /// Where a walk that lets the cell change this way begins and ends.
    fn walk(&self, cell: usize, direction: Direction) -> (usize, usize) {
        let (tail, head) = self.ends(cell);
        match direction {
            Direction::Up => (head, tail),
            Direction::Down => (tail, head),
        }
    }

    /// May the reader think that the cell is something else? An infinite cell says nothing, even published.
    fn is_free(&self, cell: usize) -> bool {
        self.values[cell].is_infinite() || self.withheld[cell] && self.known != Some(cell)
    }

    /// How far a withheld cell can change this way while all equations hold and no cell is negative. Looks no further
    /// than `enough`.
    pub(super) fn slack(&self, cell: usize, direction: Direction, enough: f64) -> f64 {
        if self.values[cell].is_infinite() {
            return f64::INFINITY;
        }
        let most = if direction == Direction::Up { enough } else { enough.min(self.values[cell]) };
        // Flow of each cell so far: its change.
        let mut change = vec![0.0; self.values.len()];
        let largest = self.values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let nothing = 1e-12 * largest;
        let (start, end) = self.walk(cell, direction);
        let mut total = 0.0;
        while total < most {
            // Shortest augmenting path (Edmonds and Karp).
            let mut came: Vec<Option<(usize, usize)>> = vec![None; self.rows + self.columns];
            let mut queue = VecDeque::from([start]);
            let mut seen = vec![false; self.rows + self.columns];
            seen[start] = true;
            while let Some(node) = queue.pop_front() {
                for arc in self.cells_at(node) {
                    let (way, next) = self.walked_from(arc, node);
                    if arc != cell
                        && !seen[next]
                        && self.is_free(arc)
                        && self.room(arc, way, change[arc]) > nothing
                    {
                        seen[next] = true;
                        came[next] = Some((arc, node));
                        queue.push_back(next);
                    }
                }
            }
            if !seen[end] {
                break;
            }
            let mut path = Vec::new();
            let mut node = end;
            while let Some((arc, before)) = came[node] {
                path.push((arc, self.walked_from(arc, before).0));
                node = before;
            }
            let step = path
                .iter()
                .map(|(arc, way)| self.room(*arc, *way, change[*arc]))
                .fold(most - total, f64::min);
            if step.is_infinite() {
                return f64::INFINITY;
            }
            for (arc, way) in path {
                change[arc] += if way == Direction::Up { step } else { -step };
            }
            total += step;
        }
        total.min(most)
    }

    /// How far an arc can still change this way.
    fn room(&self, arc: usize, way: Direction, change: f64) -> f64 {
        match way {
            Direction::Up => f64::INFINITY,
            Direction::Down => (self.values[arc] + change).max(0.0),
        }
    }

    /// The cheapest set of cells that, withheld, let a cell change this way by an amount; those withheld already cost
    /// nothing and are not in it. `cost` is `None` for cells that must not be withheld.
    pub(super) fn cheapest(
        &self,
        cell: usize,
        direction: Direction,
        amount: f64,
        cost: impl Fn(usize) -> Option<f64>,
    ) -> Option<Vec<usize>> {
        let (start, end) = self.walk(cell, direction);
        let nodes = self.rows + self.columns;
        let mut distance = vec![f64::INFINITY; nodes];
        let mut came: Vec<Option<(usize, usize)>> = vec![None; nodes];
        let mut done = vec![false; nodes];
        distance[start] = 0.0;
        // Dijkstra on a dense graph.
        while let Some(node) = (0..nodes)
            .filter(|node| !done[*node] && distance[*node].is_finite())
            .min_by(|a, b| distance[*a].total_cmp(&distance[*b]))
        {
            done[node] = true;
            for arc in self.cells_at(node) {
                let (way, next) = self.walked_from(arc, node);
                if arc == cell || done[next] || self.known == Some(arc) {
                    continue;
                }
                let price = if self.is_free(arc) { Some(0.0) } else { cost(arc) };
                let Some(price) = price.filter(|_| way == Direction::Up || self.values[arc] >= amount) else {
                    continue;
                };
                if distance[node] + price < distance[next] {
                    distance[next] = distance[node] + price;
                    came[next] = Some((arc, node));
                }
            }
        }
        let mut path = Vec::new();
        let mut node = end;
        while let Some((arc, before)) = came[node] {
            path.push(arc);
            node = before;
        }
        (node == start && !path.is_empty())
            .then(|| path.into_iter().filter(|arc| !self.is_free(*arc)).collect())
    }
}
