//! A heat map as a scene.
use std::ops::Range;

use datagora_core::Language;

use super::super::key::{Entry, Sign, draw_key};
use super::super::plot::{TICK, draw_ticks, draw_unit};
use super::super::words::{colon, quantity};
use super::{HeatMap, Shades};
use crate::format::format_number;
use crate::frame::{Frame, MARGIN};
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::text_width;
use crate::{Captions, Colour};

const HATCH: Fill = Fill::Hatch(Colour::rgb(140, 146, 153));
/// Narrowest cell that can be told from its neighbours, px.
const NARROWEST: f64 = 1.4;
/// Cells at least so wide and high are drawn one by one, each with its tip, px.
const OWN_MARK: f64 = 6.0;
/// Size of numbers in cells, px.
const NUMBER: f64 = 10.5;

/// The cells of some columns on the picture.
struct Block {
    columns: Range<usize>,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Block {
    fn x(&self, column: usize) -> f64 {
        self.left + self.width * (column - self.columns.start) as f64
    }

    fn extent(&self, columns: Range<usize>, row: usize) -> Extent {
        let top = self.top + self.height * row as f64;
        Extent { left: self.x(columns.start), top, right: self.x(columns.end), bottom: top + self.height }
    }
}

impl HeatMap {
    pub(super) fn scene(&self, shades: &Shades, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let mut top = draw_unit(scene, &self.unit, frame.top, language);
        top = (draw_key(scene, &self.key(shades, language), top) + 8.0).round();

        let rows = self.rows.len();
        // Whole pixels, so that rows meet without a seam.
        let height = match rows {
            ..=12 => 24.0,
            13..=60 => (220.0 / rows as f64).round().clamp(8.0, 22.0),
            _ => 5.0,
        };
        let names = self.rows.ticks_below_each_other(|row| height * row as f64, TICK);
        let widest = names.iter().map(|(_, name)| text_width(name, TICK, false)).fold(0.0, f64::max);
        let left = MARGIN + widest + 7.0;
        let room = width - MARGIN - left;
        let blocks = (self.columns.len() as f64 * NARROWEST / room).ceil().max(1.0) as usize;
        let share = self.columns.len().div_ceil(blocks);
        for start in (0..self.columns.len()).step_by(share) {
            let columns = start..(start + share).min(self.columns.len());
            // Wider cells than this are bars.
            let block = Block { columns, left, top, width: (room / share as f64).min(70.0), height };
            self.draw_block(scene, shades, &block, language);
            top += height * rows as f64 + 28.0;
        }
        frame.finish(top - 4.0)
    }

    fn key(&self, shades: &Shades, language: Language) -> Vec<Entry> {
        let rounded = shades.classes.rounded();
        let mut entries: Vec<Entry> = shades
            .colours
            .iter()
            .enumerate()
            .map(|(class, colour)| {
                Entry::new(Sign::Area(Fill::Solid(*colour)), rounded.label(class, language))
            })
            .collect();
        if self.missing_count() > 0 {
            entries.push(Entry::new(Sign::Area(HATCH), language.pick("pas de mesure", "no measurement")));
        }
        if self.imputed_count() > 0 {
            let words = language.pick("estimé, non mesuré", "estimated, not measured");
            entries.push(Entry::new(Sign::Struck(shades.colours[0]), words));
        }
        entries
    }

    fn draw_block(&self, scene: &mut Scene, shades: &Shades, block: &Block, language: Language) {
        if block.width >= OWN_MARK && block.height >= OWN_MARK {
            self.draw_cells(scene, shades, block, language);
        } else {
            self.draw_runs(scene, shades, block);
        }
        self.draw_estimates(scene, shades, block);
        for (y, name) in self.rows.ticks_below_each_other(|row| block.height * (row as f64 + 0.5), TICK) {
            let text = Text::new(name, block.left - 6.0, block.top + y + 4.0);
            scene.text(text.size(TICK).colour(Colour::MUTED).end());
        }
        let bottom = block.top + block.height * self.rows.len() as f64;
        let middle = |column: usize| block.x(column) + 0.5 * block.width;
        draw_ticks(scene, &self.columns.ticks_among(block.columns.clone(), middle, TICK), bottom);
    }

    fn class(&self, shades: &Shades, cell: usize) -> Option<usize> {
        shades.classes.class_of(self.values[cell])
    }

    /// Cells that are large enough to be pointed at.
    fn draw_cells(&self, scene: &mut Scene, shades: &Shades, block: &Block, language: Language) {
        let cells = || {
            let rows = 0..self.rows.len();
            rows.flat_map(|row| block.columns.clone().map(move |column| (column, row)))
        };
        let decimals = self.decimals();
        let number = |value: f64| format_number(value, decimals, language);
        let known = cells().map(|(column, row)| self.values[self.cell(column, row)]).filter(|v| !v.is_nan());
        let widest = known.map(|value| text_width(&number(value), NUMBER, false)).fold(0.0, f64::max);
        let numbers = widest + 6.0 <= block.width && block.height >= NUMBER + 4.0;
        for (column, row) in cells() {
            let cell = self.cell(column, row);
            if self.is_absent(cell) {
                continue;
            }
            let (fill, words) = match self.class(shades, cell) {
                Some(class) => {
                    (Fill::Solid(shades.colours[class]), quantity(self.values[cell], &self.unit, language))
                }
                None => (HATCH, language.pick("pas de mesure", "no measurement").to_owned()),
            };
            let tip =
                format!("{}, {}{}{words}", self.columns.name(column), self.rows.name(row), colon(language));
            let extent = block.extent(column..column + 1, row);
            scene.add(
                Mark::new(Shape::Rect(extent)).fill(fill).stroke(Stroke::new(Colour::WHITE, 0.8)).tip(tip),
            );
            if let (true, Some(class)) = (numbers, self.class(shades, cell)) {
                let middle = 0.5 * (extent.left + extent.right);
                let number = number(self.values[cell]);
                let baseline = 0.5 * (extent.top + extent.bottom) + 0.36 * NUMBER;
                let text = Text::new(number, middle, baseline).size(NUMBER).middle();
                scene.text(text.colour(shades.colours[class].readable_ink()));
            }
        }
    }

    /// Cells too small to stand alone: what one class covers is one shape, which keeps a year of hours light.
    fn draw_runs(&self, scene: &mut Scene, shades: &Shades, block: &Block) {
        let classes = [None].into_iter().chain((0..shades.classes.len()).map(Some));
        for class in classes {
            let fill = class.map_or(HATCH, |class| Fill::Solid(shades.colours[class]));
            let mut path = Path::default();
            self.each_run(
                block,
                |cell| !self.is_absent(cell) && self.class(shades, cell) == class,
                |extent| {
                    // A little over the edge, so that no white shows between neighbours.
                    let Extent { left, top, right, bottom } = extent;
                    let right = right + 0.3;
                    path.parts.push((vec![[left, top], [right, top], [right, bottom], [left, bottom]], true));
                },
            );
            if !path.parts.is_empty() {
                scene.add(Mark::new(Shape::Path(path)).fill(fill));
            }
        }
    }

    /// A line through what was put in place rather than counted.
    fn draw_estimates(&self, scene: &mut Scene, shades: &Shades, block: &Block) {
        for class in 0..shades.classes.len() {
            let mut path = Path::default();
            let estimated = |cell: usize| self.is_imputed(cell) && self.class(shades, cell) == Some(class);
            self.each_run(block, estimated, |extent| {
                let middle = 0.5 * (extent.top + extent.bottom);
                path.parts.push((vec![[extent.left, middle], [extent.right, middle]], false));
            });
            if !path.parts.is_empty() {
                let ink = shades.colours[class].readable_ink();
                scene.add(Mark::new(Shape::Path(path)).stroke(Stroke::new(ink, 1.2)));
            }
        }
    }

    /// Neighbouring cells of a row that are accepted, as one extent.
    fn each_run(&self, block: &Block, accept: impl Fn(usize) -> bool, mut give: impl FnMut(Extent)) {
        for row in 0..self.rows.len() {
            let mut start = None;
            for column in block.columns.start..=block.columns.end {
                let inside = column < block.columns.end && accept(self.cell(column, row));
                match (inside, start) {
                    (true, None) => start = Some(column),
                    (false, Some(from)) => {
                        give(block.extent(from..column, row));
                        start = None;
                    }
                    _ => {}
                }
            }
        }
    }
}
