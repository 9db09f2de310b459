//! Tables of data over as many sheets as they need.
use krilla::tagging::{TableHeaderScope, Tag};

use super::flow::{Flow, Style};
use super::sheets::{Element, Placement};
use crate::text::wrap_anywhere;
use crate::{Colour, DataTable, Mark, Path, Shape, Stroke, Values, text_width};
use datagora_core::Language;

const CELL: Style = Style { size: 8.0, bold: false, colour: Colour::INK, below: 0.0 };
const HEAD: Style = Style { size: 8.0, bold: true, colour: Colour::INK, below: 0.0 };
/// White at both sides of what a cell says, pt.
const AIR: f64 = 5.0;
/// White above and below it, pt.
const LIFT: f64 = 2.0;
/// No column takes more than this before all are narrowed, pt.
const WIDEST: f64 = 220.0;
/// No column is narrower than this unless its cells are, pt.
const NARROWEST: f64 = 62.0;

/// Where there is room, headings as long as this are not broken, pt.
const SHORTEST_HEAD: f64 = 90.0;

/// What the columns of a table say, and how wide they are.
struct Columns {
    heads: Vec<String>,
    numeric: Vec<bool>,
    cells: Vec<Vec<String>>,
    widths: Vec<f64>,
}

impl<'a> Flow<'a> {
    /// A table with headings for rows and columns. Where its columns do not fit side by side it becomes several, each with
    /// the first column.
    pub(crate) fn table(&mut self, within: Element, table: &DataTable, language: Language) {
        if table.is_empty() {
            return;
        }
        let columns = Columns::new(table, language);
        for group in columns.groups(self.width()) {
            let part = columns.part(&group, self.width());
            self.part(within, &part);
            self.skip(14.0);
        }
    }

    fn part(&mut self, within: Element, columns: &Columns) {
        let head = columns.lines(&columns.heads, HEAD);
        self.need(row_height(&head, HEAD) + 4.0 * (CELL.line() + 2.0 * LIFT));
        let element = self.sheets.element(within, Tag::Table);
        let row = self.sheets.element(element, Tag::THead);
        let row = self.sheets.element(row, Tag::TR);
        let cells: Vec<Option<Element>> = (0..head.len())
            .map(|_| Some(self.sheets.element(row, Tag::TH(TableHeaderScope::Column))))
            .collect();
        self.row(columns, &head, HEAD, &cells);
        let body = self.sheets.element(element, Tag::TBody);
        let rows = columns.cells.first().map_or(0, Vec::len);
        for row in 0..rows {
            let said: Vec<String> = columns.cells.iter().map(|column| column[row].clone()).collect();
            let lines = columns.lines(&said, CELL);
            if self.need(row_height(&lines, CELL)) {
                // Repeated for the eye; readers have it from the first sheet.
                self.row(columns, &head, HEAD, &vec![None; head.len()]);
            }
            let element = self.sheets.element(body, Tag::TR);
            let cells: Vec<Option<Element>> = (0..lines.len())
                .map(|column| {
                    Some(match column {
                        0 => self.sheets.element(element, Tag::TH(TableHeaderScope::Row)),
                        _ => self.sheets.element(element, Tag::TD),
                    })
                })
                .collect();
            self.row(columns, &lines, CELL, &cells);
        }
    }

    /// Draws a row as content of these elements.
    fn row(&mut self, columns: &Columns, lines: &[Vec<String>], style: Style, cells: &[Option<Element>]) {
        let (sheet, top) = (self.sheet(), self.y);
        let mut left = self.sides().0;
        for (column, lines) in lines.iter().enumerate() {
            let right = left + columns.widths[column];
            let marks: Vec<Mark> = lines
                .iter()
                .enumerate()
                .map(|(index, line)| {
                    let top = top + LIFT + index as f64 * style.line();
                    let text = match columns.numeric[column] {
                        true => style.text(line, right - AIR, top).end(),
                        false => style.text(line, left + AIR, top),
                    };
                    Mark::new(Shape::Text(text))
                })
                .collect();
            match cells[column] {
                Some(element) => self.sheets.draw(sheet, element, marks, Placement::SHEET),
                None => self.sheets.decorate(sheet, marks),
            }
            left = right;
        }
        self.skip(row_height(lines, style));
        let stroke =
            if style.bold { Stroke::new(Colour::MUTED, 0.8) } else { Stroke::new(Colour::FAINT, 0.4) };
        let rule = Path::line(vec![[self.sides().0, self.y], [left, self.y]]);
        self.sheets.decorate(sheet, vec![Mark::new(Shape::Path(rule)).stroke(stroke)]);
    }
}

fn row_height(lines: &[Vec<String>], style: Style) -> f64 {
    lines.iter().map(Vec::len).max().unwrap_or(0).max(1) as f64 * style.line() + 2.0 * LIFT
}

impl Columns {
    fn new(table: &DataTable, language: Language) -> Self {
        let columns = table.columns();
        let heads: Vec<String> = columns.iter().map(|column| column.heading(language)).collect();
        let cells: Vec<Vec<String>> = columns.iter().map(|column| column.cells(language)).collect();
        let widths = heads
            .iter()
            .zip(&cells)
            .map(|(head, cells)| {
                let cells = cells.iter().map(|cell| text_width(cell, CELL.size, false)).fold(0.0, f64::max);
                // Headings may break at spaces, cells need not.
                let words = head.split(' ').map(|word| text_width(word, HEAD.size, true)).fold(0.0, f64::max);
                let lines = text_width(head, HEAD.size, true).min(SHORTEST_HEAD);
                cells.max(words).max(lines).min(WIDEST) + 2.0 * AIR
            })
            .collect();
        let numeric = columns.iter().map(|column| !matches!(column.values, Values::Text(_))).collect();
        Self { heads, numeric, cells, widths }
    }

    /// Columns that fit side by side when narrowed; the first column leads every group.
    fn groups(&self, room: f64) -> Vec<Vec<usize>> {
        let least = |column: usize| self.widths[column].min(NARROWEST);
        let mut groups: Vec<Vec<usize>> = vec![vec![0]];
        let mut used = least(0);
        for column in 1..self.widths.len() {
            if used + least(column) > room {
                groups.push(vec![0]);
                used = least(0);
            }
            used += least(column);
            if let Some(group) = groups.last_mut() {
                group.push(column);
            }
        }
        groups
    }

    /// Some of the columns, narrowed to the room there is: what is wide gives most.
    fn part(&self, group: &[usize], room: f64) -> Self {
        let wanted: Vec<f64> = group.iter().map(|&column| self.widths[column]).collect();
        let surplus = wanted.iter().sum::<f64>() - room;
        let spare: f64 = wanted.iter().map(|width| (width - NARROWEST).max(0.0)).sum();
        let share = if surplus > 0.0 && spare > 0.0 { (surplus / spare).min(1.0) } else { 0.0 };
        let widths = wanted.iter().map(|width| width - share * (width - NARROWEST).max(0.0)).collect();
        Self {
            heads: group.iter().map(|&column| self.heads[column].clone()).collect(),
            numeric: group.iter().map(|&column| self.numeric[column]).collect(),
            cells: group.iter().map(|&column| self.cells[column].clone()).collect(),
            widths,
        }
    }

    /// What each cell of a row says, in lines that fit its column.
    fn lines(&self, said: &[String], style: Style) -> Vec<Vec<String>> {
        said.iter()
            .zip(&self.widths)
            .map(|(cell, width)| wrap_anywhere(cell, style.size, style.bold, width - 2.0 * AIR + 0.01))
            .collect()
    }
}
