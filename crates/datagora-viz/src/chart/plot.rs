//! What charts with a scale of values share: grid lines, runs of values, bands.
use datagora_core::{Language, Unit};

use super::Axis;
use crate::Colour;
use crate::format::format_number;
use crate::frame::MARGIN;
use crate::scale::{LinearScale, nice_domain, tick_decimals};
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::{text_width, wrap_text};

/// Size of the names of ticks, px.
pub(super) const TICK: f64 = 11.5;
/// Nearest that names of ticks come to the edge of the picture, px.
pub(super) const EDGE: f64 = 2.0;

/// A scale of values with round ends and its ticks, which has no place yet.
pub(super) struct Values {
    pub(super) domain: (f64, f64),
    pub(super) ticks: Vec<f64>,
    pub(super) names: Vec<String>,
}

impl Values {
    /// A scale that holds the values, with about `count` ticks, and zero in it if asked for.
    pub(super) fn new(
        values: impl IntoIterator<Item = f64>,
        zero: bool,
        count: usize,
        language: Language,
    ) -> Self {
        let domain = nice_domain(values, zero, count);
        let ticks = crate::ticks(domain.0, domain.1, count);
        let decimals = tick_decimals(&ticks);
        let names = ticks.iter().map(|&tick| format_number(tick, decimals, language)).collect();
        Self { domain, ticks, names }
    }

    /// Width of the widest name, px.
    pub(super) fn widest_name(&self) -> f64 {
        self.names.iter().map(|name| text_width(name, TICK, false)).fold(0.0, f64::max)
    }

    /// Draws grid lines across `plot` with the names at its left; the lines at zero and at `base` are stronger.
    pub(super) fn draw_rows(&self, scene: &mut Scene, plot: Extent, base: Option<f64>) -> LinearScale {
        let y = LinearScale::new(self.domain, (plot.bottom, plot.top));
        for (tick, name) in self.ticks.iter().zip(&self.names) {
            let level = y.position(*tick);
            scene.line([plot.left, level], [plot.right, level], grid(*tick == 0.0 || base == Some(*tick)));
            let text = Text::new(name, plot.left - 6.0, level + 4.0).size(TICK).colour(Colour::MUTED);
            scene.text(text.end());
        }
        if let Some(base) = base.filter(|base| !self.ticks.contains(base)) {
            let level = y.position(base);
            scene.line([plot.left, level], [plot.right, level], grid(true));
        }
        y
    }

    /// Draws grid lines down through the spans, with the names below `bottom` where they have room.
    pub(super) fn draw_columns(&self, scene: &mut Scene, x: &LinearScale, spans: &[[f64; 2]], bottom: f64) {
        let mut free = f64::NEG_INFINITY;
        for (tick, name) in self.ticks.iter().zip(&self.names) {
            let place = x.position(*tick);
            for [from, to] in spans {
                scene.line([place, *from], [place, *to], grid(*tick == 0.0));
            }
            let half = 0.5 * text_width(name, TICK, false);
            let at = place.clamp(half + 2.0, scene.width() - half - 2.0);
            if at - half > free {
                scene.text(Text::new(name, at, bottom + 15.0).size(TICK).colour(Colour::MUTED).middle());
                free = at + half + 6.0;
            }
        }
    }
}

/// A grid line; strong at the base.
pub(super) fn grid(strong: bool) -> Stroke {
    Stroke::new(if strong { Colour::MUTED } else { Colour::FAINT }, 1.0)
}

/// Writes the unit above the scale; gives the position below it.
pub(super) fn draw_unit(scene: &mut Scene, unit: &Unit, top: f64, language: Language) -> f64 {
    let symbol = unit.symbol(language);
    if symbol.is_empty() {
        return top;
    }
    scene.text(Text::new(symbol, MARGIN, top + 9.0).size(TICK).colour(Colour::MUTED));
    top + 18.0
}

/// Writes a remark below the chart; gives the position below it.
pub(super) fn draw_remark(scene: &mut Scene, words: &str, top: f64) -> f64 {
    let mut y = top;
    for line in wrap_text(words, TICK, false, scene.width() - 2.0 * MARGIN) {
        scene.text(Text::new(line, MARGIN, y + 11.0).size(TICK));
        y += 16.0;
    }
    y
}

/// Draws ticks and names of the steps that have room below the plot.
pub(super) fn draw_steps(scene: &mut Scene, axis: &Axis, x: impl Fn(usize) -> f64, bottom: f64) {
    draw_ticks(scene, &axis.ticks_with_room(x, TICK), bottom);
}

/// Draws ticks with their names below the plot; a name that the edge of the picture pushes over the one before is left out.
pub(super) fn draw_ticks(scene: &mut Scene, ticks: &[(f64, &str)], bottom: f64) {
    let mut free = f64::NEG_INFINITY;
    for (place, name) in ticks {
        scene.line([*place, bottom], [*place, bottom + 4.0], grid(true));
        let half = 0.5 * text_width(name, TICK, false);
        let at = place.clamp(half + EDGE, scene.width() - half - EDGE);
        if at - half > free {
            scene.text(Text::new(*name, at, bottom + 17.0).size(TICK).colour(Colour::MUTED).middle());
            free = at + half;
        }
    }
}

/// The runs of known positions in a row.
pub(super) fn runs(places: impl IntoIterator<Item = Option<[f64; 2]>>) -> Vec<Vec<[f64; 2]>> {
    let mut runs: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut open = false;
    for place in places {
        match (place, runs.last_mut()) {
            (Some(place), Some(run)) if open => run.push(place),
            (Some(place), _) => runs.push(vec![place]),
            (None, _) => {}
        }
        open = place.is_some();
    }
    runs
}

/// The line through consecutive known positions; a lone one is a dot.
pub(super) fn draw_runs(
    scene: &mut Scene,
    places: impl IntoIterator<Item = Option<[f64; 2]>>,
    stroke: Stroke,
) {
    for run in runs(places) {
        match run[..] {
            [[x, y]] => {
                let dot = Shape::Circle { x, y, radius: stroke.width.max(1.4) + 0.4 };
                scene.add(Mark::new(dot).fill(Fill::Solid(stroke.colour)));
            }
            _ => scene.add(Mark::new(Shape::Path(Path::line(run))).stroke(stroke)),
        }
    }
}

/// The area between two lines, where both are known; each place is x, lower y, upper y.
pub(super) fn draw_band(scene: &mut Scene, places: impl IntoIterator<Item = Option<[f64; 3]>>, fill: Fill) {
    let mut flush = |band: &mut Vec<[f64; 3]>| {
        if band.len() > 1 {
            let above = band.iter().map(|[x, _, upper]| [*x, *upper]);
            let below = band.iter().rev().map(|[x, lower, _]| [*x, *lower]);
            let ring = above.chain(below).collect();
            scene.add(Mark::new(Shape::Path(Path::ring(ring))).fill(fill));
        }
        band.clear();
    };
    let mut band: Vec<[f64; 3]> = Vec::new();
    for place in places {
        match place {
            Some(place) => band.push(place),
            None => flush(&mut band),
        }
    }
    flush(&mut band);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_stop_at_gaps() {
        let at = |x: f64| Some([x, 0.0]);
        let found = runs([at(0.0), at(1.0), None, at(3.0), None, None, at(6.0), at(7.0)]);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 2]);
        assert!(runs([None, None]).is_empty());
    }

    #[test]
    fn scales_have_names_for_their_ticks() {
        let values = Values::new([0.0, 1.0, 2.4], true, 5, Language::French);
        assert_eq!(values.names, ["0,0", "0,5", "1,0", "1,5", "2,0", "2,5"]);
        assert_eq!(values.domain, (0.0, 2.5));
    }
}
