//! The polygons of a factor, with what has been taken away and added since.
use std::borrow::Cow;

use datagora_geo::types::Rect;
use datagora_geo::{GeometryColumn, GeometryError, PackedIndex};

/// Polygons whose rows keep their numbers: those taken away leave a gap, those added follow the last.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    parts: Vec<Part>,
}

/// Rows that came together.
#[derive(Clone, Debug)]
struct Part {
    column: GeometryColumn,
    index: PackedIndex,
    /// By row of the column; empty as long as none is.
    removed: Vec<bool>,
    /// Number of its first row in the layer.
    first: usize,
}

impl Part {
    fn new(column: GeometryColumn, first: usize) -> Self {
        Self { index: PackedIndex::new(&column), column, removed: Vec::new(), first }
    }

    fn has(&self, row: usize) -> bool {
        row < self.column.len() && !self.removed.get(row).is_some_and(|removed| *removed)
    }
}

/// Added parts beyond which they are put together.
const MOST_PARTS: usize = 32;

impl Layer {
    pub(super) fn new(column: GeometryColumn) -> Self {
        Self { parts: vec![Part::new(column, 0)] }
    }

    /// Number of rows so far, those taken away among them.
    pub(super) fn rows(&self) -> usize {
        self.parts.last().map_or(0, |part| part.first + part.column.len())
    }

    /// Whether there is such a row, and it has not been taken away.
    pub(super) fn has(&self, row: usize) -> bool {
        self.part_of(row).is_some_and(|part| self.parts[part].has(row - self.parts[part].first))
    }

    fn part_of(&self, row: usize) -> Option<usize> {
        self.parts.partition_point(|part| part.first <= row).checked_sub(1)
    }

    /// The polygons of some rows that are there.
    pub(super) fn take(&self, rows: &[usize]) -> Result<GeometryColumn, GeometryError> {
        let columns: Vec<GeometryColumn> = self
            .parts
            .iter()
            .map(|part| {
                let within = |row: &&usize| (part.first..part.first + part.column.len()).contains(row);
                let own: Vec<usize> = rows.iter().filter(within).map(|row| row - part.first).collect();
                part.column.take(&own)
            })
            .collect();
        GeometryColumn::concat(&columns)
    }

    pub(super) fn remove(&mut self, row: usize) {
        if let Some(part) = self.part_of(row) {
            let part = &mut self.parts[part];
            part.removed.resize(part.column.len(), false);
            part.removed[row - part.first] = true;
        }
    }

    /// Adds rows, and gives the number of the first.
    pub(super) fn add(&mut self, column: GeometryColumn) -> usize {
        let first = self.rows();
        if !column.is_empty() {
            self.parts.push(Part::new(column, first));
        }
        first
    }

    /// Puts parts together if there are many, so that they are found as fast as before; rows keep their numbers.
    pub(super) fn tidy(&mut self) -> Result<(), GeometryError> {
        if self.parts.len() > MOST_PARTS {
            let column = GeometryColumn::concat(self.parts.iter().map(|part| &part.column))?;
            let removed =
                self.parts.iter().flat_map(|part| (0..part.column.len()).map(|row| !part.has(row))).collect();
            self.parts = vec![Part { removed, ..Part::new(column, 0) }];
        }
        Ok(())
    }

    /// All rows that are there, in their order.
    pub(super) fn column(&self) -> Result<Cow<'_, GeometryColumn>, GeometryError> {
        match &self.parts[..] {
            [part] if part.removed.is_empty() => Ok(Cow::Borrowed(&part.column)),
            parts => {
                let columns: Vec<GeometryColumn> = parts
                    .iter()
                    .map(|part| {
                        let rows: Vec<usize> = (0..part.column.len()).filter(|&row| part.has(row)).collect();
                        part.column.take(&rows)
                    })
                    .collect();
                GeometryColumn::concat(&columns).map(Cow::Owned)
            }
        }
    }

    /// The rows whose rectangle meets one of those given, in their order; `None` if there is none.
    pub(super) fn within(&self, windows: &[Rect]) -> Result<Option<GeometryColumn>, GeometryError> {
        let mut columns = Vec::new();
        for part in &self.parts {
            let mut rows: Vec<u32> =
                windows.iter().flat_map(|window| part.index.intersecting(*window)).collect();
            if windows.len() > 1 {
                rows.sort_unstable();
                rows.dedup();
            }
            let rows: Vec<usize> =
                rows.into_iter().map(|row| row as usize).filter(|&row| part.has(row)).collect();
            if !rows.is_empty() {
                columns.push(part.column.take(&rows));
            }
        }
        match columns.len() {
            0 | 1 => Ok(columns.pop()),
            _ => GeometryColumn::concat(&columns).map(Some),
        }
    }
}
