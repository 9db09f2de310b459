//! Ridgelines as a scene.
use datagora_core::Language;

use super::super::key::{Entry, Sign, draw_key};
use super::super::plot::{TICK, Values, draw_remark, draw_steps, draw_unit, grid};
use super::super::rows::LABEL;
use super::super::words::{colon, more_in_the_table};
use super::super::{category, is_narrow};
use super::Ridgelines;
use super::curve::{Curve, Mode};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width, two_lines, wrap_text};
use crate::{Captions, Colour};

/// Size of small print, px.
const SMALL: f64 = 10.5;
/// From one baseline to the next, px.
const ROW: f64 = 42.0;
const NARROW_ROW: f64 = 58.0;
/// How far the highest curve reaches above its baseline, px.
const HEIGHT: f64 = 58.0;
const NARROW_HEIGHT: f64 = 36.0;
/// Share of the width that names may take at the left.
const NAMES: f64 = 0.3;

/// Where rows and columns of the chart lie.
struct Layout {
    left: f64,
    right: f64,
    top: f64,
    row: f64,
    height: f64,
    narrow: bool,
}

impl Layout {
    fn baseline(&self, row: usize) -> f64 {
        self.top + self.row * row as f64
    }
}

impl Ridgelines {
    pub(super) fn scene(&self, curves: &[Curve<'_>], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let narrow = is_narrow(width);
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let shown = &curves[..curves.len().min(self.limit)];
        let mut top = draw_key(scene, &self.key(shown, language), frame.top);
        if self.axis.is_some() {
            top = draw_unit(scene, &self.unit, top, language);
        }
        let medians: Vec<String> = shown
            .iter()
            .map(|curve| {
                curve.median().map_or("–".to_owned(), |median| self.place(median, curves, language))
            })
            .collect();
        let heading = language.pick("médiane", "median");
        let widest = |words: &mut dyn Iterator<Item = f64>| words.fold(0.0, f64::max);
        let names = widest(&mut shown.iter().map(|curve| text_width(curve.name, LABEL, false)));
        let names = if narrow { 0.0 } else { names.min(NAMES * width) + 10.0 };
        let numbers = widest(&mut medians.iter().map(|words| text_width(words, LABEL, true)));
        let numbers =
            numbers.max(text_width(heading, SMALL, false)).max(text_width(&counted(shown), SMALL, false));
        let numbers = numbers.min(0.25 * width);
        let (row, height) = if narrow { (NARROW_ROW, NARROW_HEIGHT) } else { (ROW, HEIGHT) };
        let layout = Layout {
            left: MARGIN + names,
            right: width - MARGIN - numbers - 10.0,
            top: top + 16.0 + if narrow { NARROW_ROW - 8.0 } else { HEIGHT },
            row,
            height,
            narrow,
        };
        let bottom = layout.baseline(shown.len().saturating_sub(1)) + 8.0;
        scene.text(Text::new(heading, width - MARGIN, top + 10.0).size(SMALL).colour(Colour::MUTED).end());
        let x = self.draw_scale(scene, curves, &layout, [top + 16.0, bottom], language);

        let runs: Vec<Vec<Vec<[f64; 2]>>> = shown.iter().map(Curve::runs).collect();
        let highest =
            runs.iter().flatten().flatten().fold(0.0, |highest: f64, [_, height]| highest.max(*height));
        for (row, (curve, runs)) in shown.iter().zip(&runs).enumerate() {
            let base = layout.baseline(row);
            scene.line([layout.left, base], [layout.right, base], Stroke::new(Colour::FAINT, 1.0));
            let y = LinearScale::new(
                (0.0, if highest > 0.0 { highest } else { 1.0 }),
                (base, base - layout.height),
            );
            let half = curve.quartiles.map(|[low, _, high]| {
                self.place(low, curves, language) + " – " + &self.place(high, curves, language)
            });
            let tip = format!(
                "{}{}{}{}",
                curve.name,
                colon(language),
                medians[row],
                half.map_or(String::new(), |half| format!(" ({half})"))
            );
            for run in runs {
                draw_curve(scene, curve, run, &x, &y, &tip);
            }
            draw_values(scene, curve, &x, base, &tip);
            draw_median(scene, curve, runs, &x, &y);
        }
        for (row, (curve, median)) in shown.iter().zip(&medians).enumerate() {
            draw_words(scene, curve, median, &layout, row, language, numbers);
        }
        let mut below = bottom + 24.0;
        let symbol = self.unit.symbol(language);
        if self.axis.is_none() && !symbol.is_empty() {
            scene.text(Text::new(symbol, layout.right, below + 8.0).size(TICK).colour(Colour::MUTED).end());
            below += 14.0;
        }
        let rest = curves.len() - shown.len();
        if rest > 0 {
            below = draw_remark(scene, &more_in_the_table(rest, language), below + 4.0);
        }
        if self.axis.is_none() {
            for line in wrap_text(&self.method(language), SMALL, false, width - 2.0 * MARGIN) {
                scene.text(Text::new(line, MARGIN, below + 11.0).size(SMALL).colour(Colour::MUTED));
                below += 14.0;
            }
        }
        frame.finish(below)
    }

    fn key(&self, shown: &[Curve<'_>], language: Language) -> Vec<Entry> {
        let colour = category(0);
        let drawn =
            |mode: fn(&Mode<'_>) -> bool| shown.iter().any(|curve| curve.count > 0 && mode(&curve.mode));
        let mut entries = Vec::new();
        if drawn(|mode| !matches!(mode, Mode::Dots(_))) {
            let half = language.pick("moitié centrale", "middle half");
            entries.push(Entry::new(Sign::Area(Fill::Solid(colour.lighter(0.45))), half));
        }
        entries
            .push(Entry::new(Sign::Line(Stroke::new(Colour::INK, 2.0)), language.pick("médiane", "median")));
        if drawn(|mode| matches!(mode, Mode::Dots(_))) {
            let words = match language {
                Language::French => {
                    format!("moins de {} valeurs différentes\u{a0}: une par point", self.fewest)
                }
                Language::English => {
                    format!("fewer than {} values that differ: one for each dot", self.fewest)
                }
            };
            entries.push(Entry::new(Sign::Dot(Fill::Glass(colour, 0.55), Colour::WHITE), words));
        }
        entries
    }

    /// Draws the common scale, and gives it.
    fn draw_scale(
        &self,
        scene: &mut Scene,
        curves: &[Curve<'_>],
        layout: &Layout,
        [top, bottom]: [f64; 2],
        language: Language,
    ) -> LinearScale {
        // On narrow screens lines stop short of the names above the rows.
        let rows = 0..curves.len().min(self.limit);
        let spans: Vec<[f64; 2]> = match layout.narrow {
            true => rows.map(|row| [layout.baseline(row) - layout.height, layout.baseline(row)]).collect(),
            false => vec![[top, bottom]],
        };
        if let Some(axis) = &self.axis {
            let x = LinearScale::new(axis.reach(), (layout.left + 4.0, layout.right - 4.0));
            let begin = |step| x.position(axis.begin(step));
            for (place, _) in axis.ticks_with_room(begin, TICK) {
                for [from, to] in &spans {
                    scene.line([place, *from], [place, *to], Stroke::new(Colour::FAINT, 1.0));
                }
            }
            draw_steps(scene, axis, begin, bottom);
            return x;
        }
        let reach = curves.iter().filter_map(Curve::reach).flatten();
        let count = if layout.narrow { 4 } else { 7 };
        let values = Values::new(reach, false, count, language);
        let x = LinearScale::new(values.domain, (layout.left + 4.0, layout.right - 4.0));
        values.draw_columns(scene, &x, &spans, bottom);
        scene.line([layout.left, bottom], [layout.right, bottom], grid(true));
        x
    }
}

/// The longest count of values.
fn counted(shown: &[Curve<'_>]) -> String {
    let most = shown.iter().map(|curve| curve.count).max().unwrap_or(0);
    format!("n = {}", Language::English.group_digits(most as u64))
}

/// A curve with its area, the middle half darker.
fn draw_curve(
    scene: &mut Scene,
    curve: &Curve<'_>,
    run: &[[f64; 2]],
    x: &LinearScale,
    y: &LinearScale,
    tip: &str,
) {
    let colour = category(0);
    let line: Vec<[f64; 2]> =
        run.iter().map(|[place, height]| [x.position(*place), y.position(*height)]).collect();
    let base = y.position(0.0);
    let area = |line: &[[f64; 2]], fill: Fill| {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return None };
        let ring = line.iter().copied().chain([[last[0], base], [first[0], base]]).collect();
        Some(Mark::new(Shape::Path(Path::ring(ring))).fill(fill))
    };
    // A curve hides the feet of those above it, so that it is read as in front.
    if let Some(mark) = area(&line, Fill::Glass(colour.lighter(0.8), 0.9)) {
        scene.add(mark.tip(tip));
    }
    if let Some([low, _, high]) = curve.quartiles {
        let middle = between(&line, x.position(low), x.position(high));
        if let Some(mark) = area(&middle, Fill::Glass(colour.lighter(0.45), 0.9)) {
            scene.add(mark.tip(tip));
        }
    }
    scene.add(Mark::new(Shape::Path(Path::line(line))).stroke(Stroke::new(colour, 1.6)));
}

/// The part of a line between two places, its ends interpolated.
fn between(line: &[[f64; 2]], from: f64, to: f64) -> Vec<[f64; 2]> {
    let mut part: Vec<[f64; 2]> = level_at(line, from).map(|y| [from, y]).into_iter().collect();
    part.extend(line.iter().copied().filter(|[x, _]| *x > from && *x < to));
    part.extend(level_at(line, to).map(|y| [to, y]));
    part
}

/// Height of a line at a place, if it passes there.
fn level_at(line: &[[f64; 2]], at: f64) -> Option<f64> {
    let pair = line.windows(2).find(|pair| pair[0][0] <= at && at <= pair[1][0])?;
    let ([a, low], [b, high]) = (pair[0], pair[1]);
    Some(if b > a { low + (at - a) / (b - a) * (high - low) } else { low })
}

/// The values of a group without curve.
fn draw_values(scene: &mut Scene, curve: &Curve<'_>, x: &LinearScale, base: f64, tip: &str) {
    let Mode::Dots(values) = &curve.mode else { return };
    for value in values {
        let dot = Shape::Circle { x: x.position(*value), y: base - 5.0, radius: 4.5 };
        let outline = Stroke::new(Colour::WHITE, 0.8);
        scene.add(Mark::new(dot).fill(Fill::Glass(category(0), 0.55)).stroke(outline).tip(tip));
    }
}

/// A line at the median, as high as the curve.
fn draw_median(
    scene: &mut Scene,
    curve: &Curve<'_>,
    runs: &[Vec<[f64; 2]>],
    x: &LinearScale,
    y: &LinearScale,
) {
    let Some(median) = curve.median() else { return };
    let level = runs.iter().find_map(|run| level_at(run, median)).map(|height| y.position(height));
    let base = y.position(0.0);
    let top = level.unwrap_or(base - 10.0).min(base - 6.0);
    scene.line([x.position(median), base], [x.position(median), top], Stroke::new(Colour::INK, 2.0));
}

/// Name, median and number of values of a group.
fn draw_words(
    scene: &mut Scene,
    curve: &Curve<'_>,
    median: &str,
    layout: &Layout,
    row: usize,
    language: Language,
    numbers: f64,
) {
    let base = layout.baseline(row);
    let edge = scene.width() - MARGIN;
    if layout.narrow {
        let name = shorten_text(curve.name, LABEL, false, scene.width() - 2.0 * MARGIN);
        scene.text(Text::new(name, MARGIN, base - layout.row + 18.0).size(LABEL).halo());
    } else {
        let lines = two_lines(curve.name, LABEL, false, layout.left - MARGIN - 8.0);
        let first = base - 15.0 * (lines.len() - 1) as f64;
        for (line, words) in lines.into_iter().enumerate() {
            let baseline = first + 15.0 * line as f64;
            scene.text(Text::new(words, layout.left - 8.0, baseline).size(LABEL).end());
        }
    }
    let median = shorten_text(median, LABEL, true, numbers);
    scene.text(Text::new(median, edge, base - 12.0).size(LABEL).bold().end());
    let count = match &curve.mode {
        Mode::Profile(_) => return,
        _ => format!("n = {}", language.group_digits(curve.count as u64)),
    };
    scene.text(Text::new(count, edge, base + 1.0).size(SMALL).colour(Colour::MUTED).end());
}
