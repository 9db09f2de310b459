//! Marks of a scene on a page of PDF: shapes stay shapes, and text stays text.
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::num::NormalizedF32;
use krilla::paint::{self, FillRule, LineJoin, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::typeface::{Glyph, Line, Typeface};
use super::{HALO, HATCH};
use crate::scene::{Extent, Fill, Mark, Path, Shape, Stroke, Text};
use crate::{BOLD, Colour, REGULAR};

/// Lines of one hatch; more are not within any page.
const MOST_LINES: i64 = 10_000;
/// Handles of the four curves that make a circle, as a share of the radius: off by 0.03 % at most.
const KAPPA: f64 = 0.552_284_749_8;

/// Draws marks with the embedded fonts.
pub(crate) struct Pen {
    regular: (Typeface, Font),
    bold: (Typeface, Font),
}

impl Pen {
    /// `None` if the fonts cannot be read.
    pub(crate) fn new() -> Option<Self> {
        let load = |bytes: &'static [u8]| Some((Typeface::new(bytes)?, Font::new(bytes.into(), 0)?));
        Some(Self { regular: load(REGULAR)?, bold: load(BOLD)? })
    }

    /// Draws a mark in the units of the surface. What has no finite place is not drawn.
    pub(crate) fn draw(&self, surface: &mut Surface<'_>, mark: &Mark) {
        let outline = match &mark.shape {
            Shape::Text(text) => return self.write(surface, text),
            Shape::Path(path) => outline_of(path),
            Shape::Rect(extent) => outline_of(&rectangle(extent)),
            Shape::Circle { x, y, radius } => circle(*x, *y, *radius),
        };
        let Some(outline) = outline else { return };
        let stroke = mark.stroke.and_then(stroke_of);
        let fill = match mark.fill {
            Fill::None => None,
            Fill::Solid(colour) => Some(fill_of(colour, 1.0)),
            Fill::Glass(colour, opacity) => Some(fill_of(colour, opacity)),
            Fill::Hatch(colour) => {
                hatch(surface, &outline, mark, colour);
                None
            }
        };
        if fill.is_some() || stroke.is_some() {
            surface.set_fill(fill);
            surface.set_stroke(stroke);
            surface.draw_path(&outline);
        }
    }

    fn write(&self, surface: &mut Surface<'_>, text: &Text) {
        let (typeface, font) = if text.bold { &self.bold } else { &self.regular };
        let line = typeface.line(&text.content);
        let (x, y, size) = (hundredths(line.left(text)), hundredths(text.y), text.size as f32);
        if line.glyphs.is_empty() || ![x, y, size].iter().all(|number| number.is_finite()) {
            return;
        }
        let (at, glyphs) = (Point::from_xy(x, y), glyphs_of(&line));
        if text.halo {
            // Outlines, not text: it would be copied twice.
            surface.set_fill(None);
            surface.set_stroke(stroke_of(Stroke::new(Colour::WHITE, HALO)));
            surface.draw_glyphs(at, &glyphs, font.clone(), &line.text, size, true);
        }
        surface.set_fill(Some(fill_of(text.colour, 1.0)));
        surface.set_stroke(None);
        surface.draw_glyphs(at, &glyphs, font.clone(), &line.text, size, false);
    }
}

fn glyphs_of(line: &Line) -> Vec<KrillaGlyph> {
    let glyph = |Glyph { id, advance, says }: &Glyph| {
        let id = GlyphId::new(u32::from(id.0));
        KrillaGlyph::new(id, *advance as f32, 0.0, 0.0, 0.0, says.clone(), None)
    };
    line.glyphs.iter().map(glyph).collect()
}

/// Diagonals on white within an outline. All lie on one grid, so that neighbours go on in each other.
fn hatch(surface: &mut Surface<'_>, outline: &krilla::geom::Path, mark: &Mark, colour: Colour) {
    surface.set_stroke(None);
    surface.set_fill(Some(fill_of(Colour::WHITE, 1.0)));
    surface.draw_path(outline);
    let Some(box_) = bounds(&mark.shape) else { return };
    // x + y is constant along a line.
    let step = HATCH.0 * std::f64::consts::SQRT_2;
    let first = ((box_.left + box_.top) / step).floor() as i64;
    let last = ((box_.right + box_.bottom) / step).ceil() as i64;
    if last.saturating_sub(first) > MOST_LINES {
        return;
    }
    let mut lines = PathBuilder::new();
    for line in first..=last {
        let sum = line as f64 * step + HATCH.1 * std::f64::consts::FRAC_1_SQRT_2;
        lines.move_to(hundredths(sum - box_.bottom), hundredths(box_.bottom));
        lines.line_to(hundredths(sum - box_.top), hundredths(box_.top));
    }
    let Some(lines) = lines.finish() else { return };
    surface.push_clip_path(outline, &FillRule::EvenOdd);
    surface.set_fill(None);
    surface.set_stroke(stroke_of(Stroke::new(colour, HATCH.1)));
    surface.draw_path(&lines);
    surface.pop();
}

/// The upright rectangle around a shape without text.
fn bounds(shape: &Shape) -> Option<Extent> {
    let around = |positions: &mut dyn Iterator<Item = [f64; 2]>| {
        positions.fold(None, |all: Option<Extent>, [x, y]| {
            let own = Extent { left: x, top: y, right: x, bottom: y };
            let all = all.unwrap_or(own);
            Some(Extent {
                left: all.left.min(x),
                top: all.top.min(y),
                right: all.right.max(x),
                bottom: all.bottom.max(y),
            })
        })
    };
    match shape {
        Shape::Path(path) => around(&mut path.parts.iter().flat_map(|(positions, _)| positions).copied()),
        Shape::Rect(extent) => Some(*extent),
        Shape::Circle { x, y, radius } => {
            Some(Extent { left: *x, top: *y, right: *x, bottom: *y }.grown(*radius))
        }
        Shape::Text(_) => None,
    }
}

fn paint_of(colour: Colour) -> paint::Paint {
    rgb::Color::new(colour.red, colour.green, colour.blue).into()
}

fn fill_of(colour: Colour, opacity: f64) -> paint::Fill {
    let opacity = NormalizedF32::new(opacity.clamp(0.0, 1.0) as f32).unwrap_or(NormalizedF32::ONE);
    paint::Fill { paint: paint_of(colour), opacity, rule: FillRule::EvenOdd }
}

fn stroke_of(stroke: Stroke) -> Option<paint::Stroke> {
    (stroke.width.is_finite() && stroke.width > 0.0).then(|| paint::Stroke {
        paint: paint_of(stroke.colour),
        width: stroke.width as f32,
        line_join: LineJoin::Round,
        dash: (stroke.dash > 0.0).then(|| StrokeDash { array: vec![stroke.dash as f32; 2], offset: 0.0 }),
        ..paint::Stroke::default()
    })
}

fn rectangle(extent: &Extent) -> Path {
    let Extent { left, top, right, bottom } = *extent;
    let (right, bottom) = (right.max(left), bottom.max(top));
    Path::ring(vec![[left, top], [right, top], [right, bottom], [left, bottom]])
}

fn outline_of(path: &Path) -> Option<krilla::geom::Path> {
    let mut builder = PathBuilder::new();
    for (positions, closed) in &path.parts {
        let mut positions = positions.iter().map(|position| position.map(hundredths));
        let Some([x, y]) = positions.next() else { continue };
        builder.move_to(x, y);
        for [x, y] in positions {
            builder.line_to(x, y);
        }
        if *closed {
            builder.close();
        }
    }
    builder.finish()
}

fn circle(x: f64, y: f64, radius: f64) -> Option<krilla::geom::Path> {
    let handle = radius * KAPPA;
    let point = |dx: f64, dy: f64| (hundredths(x + dx), hundredths(y + dy));
    let mut builder = PathBuilder::new();
    let (left, middle) = point(radius, 0.0);
    builder.move_to(left, middle);
    for (c, s) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
        // A quarter from (c, s) to (−s, c).
        let (x1, y1) = point(radius * c - handle * s, radius * s + handle * c);
        let (x2, y2) = point(-radius * s + handle * c, radius * c + handle * s);
        let (x3, y3) = point(-radius * s, radius * c);
        builder.cubic_to(x1, y1, x2, y2, x3, y3);
    }
    builder.close();
    builder.finish()
}

/// A length as PDF writes it: a hundredth of a pixel is finer than any printer.
fn hundredths(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}
