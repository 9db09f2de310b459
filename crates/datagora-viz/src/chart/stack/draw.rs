//! Stacked areas as a scene.
use datagora_core::Language;

use super::StackedChart;
use crate::chart::is_narrow;
use crate::chart::key::{Entry, Sign, draw_key};
use crate::chart::plot::{Values, draw_band, draw_runs, draw_steps, draw_unit};
use crate::chart::words::{colon, quantity};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke};
use crate::{Captions, Colour};

/// Height of the plot, px.
const HEIGHT: f64 = 290.0;
const NARROW_HEIGHT: f64 = 220.0;
/// Half the width of a step between two gaps, px.
const LONE: f64 = 2.5;
/// More steps than this have no tips: the page would grow for nothing.
const MOST_TIPS: usize = 600;

impl StackedChart {
    pub(super) fn scene(&self, sums: &[Option<f64>], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let values = Values::new([self.highest(sums)], true, 5, language);
        let fills: Vec<(Colour, Fill)> = (self.layers.iter().zip(self.colours()))
            .map(|(layer, colour)| {
                (colour, if layer.unknown { Fill::Hatch(colour) } else { Fill::Solid(colour) })
            })
            .collect();
        let entry = |(layer, (colour, fill)): (&super::Layer, &(Colour, Fill))| {
            Entry::new(Sign::Area(*fill), &layer.name).in_colour(*colour)
        };
        let key: Vec<Entry> = self.layers.iter().zip(&fills).map(entry).collect();
        let top = draw_key(scene, &key, frame.top);
        let top = draw_unit(scene, &self.unit, top, language) + 8.0;
        let plot = Extent {
            left: MARGIN + values.widest_name() + 8.0,
            top,
            right: width - MARGIN - 4.0,
            bottom: top + if is_narrow(width) { NARROW_HEIGHT } else { HEIGHT },
        };
        let x = LinearScale::new((0.0, sums.len().saturating_sub(1) as f64), (plot.left, plot.right));
        let y = values.draw_rows(scene, plot, None);
        draw_steps(scene, &self.axis, |step| x.position(step as f64), plot.bottom);

        let mut below = vec![0.0; sums.len()];
        for (layer, (_, fill)) in self.layers.iter().zip(&fills) {
            let above: Vec<f64> =
                below.iter().zip(&layer.values).map(|(below, value)| below + value).collect();
            // Rounded shares may add up to a little more than the scale.
            let level = |value: f64| y.position(value.min(values.domain.1));
            let place = |step: usize| {
                sums[step].map(|_| [x.position(step as f64), level(below[step]), level(above[step])])
            };
            draw_band(scene, (0..sums.len()).map(place), *fill);
            for [at, bottom, top] in (0..sums.len()).filter(|step| is_lone(sums, *step)).filter_map(place) {
                let extent = Extent {
                    left: (at - LONE).max(plot.left),
                    right: (at + LONE).min(plot.right),
                    top,
                    bottom,
                };
                scene.rect(extent, *fill);
            }
            let edge = |step: usize| place(step).filter(|_| !is_lone(sums, step)).map(|[x, _, top]| [x, top]);
            draw_runs(scene, (0..sums.len()).map(edge), Stroke::new(Colour::WHITE, 0.8));
            below = above;
        }
        if sums.len() <= MOST_TIPS {
            self.draw_tips(scene, sums, &x, plot, language);
        }
        frame.finish(plot.bottom + 22.0)
    }

    /// Invisible columns that tell all values of a step to a pointer.
    fn draw_tips(
        &self,
        scene: &mut Scene,
        sums: &[Option<f64>],
        x: &LinearScale,
        plot: Extent,
        language: Language,
    ) {
        for step in (0..sums.len()).filter(|step| sums[*step].is_some()) {
            let side = |by: f64| x.position(step as f64 + by).clamp(plot.left, plot.right);
            let column = Extent { left: side(-0.5), right: side(0.5), ..plot };
            let layer = |layer: &super::Layer| {
                format!("{} {}", layer.name, quantity(layer.values[step], &self.unit, language))
            };
            let all: Vec<String> = self.layers.iter().map(layer).collect();
            let tip = format!("{}{}{}", self.axis.name(step), colon(language), all.join(", "));
            scene.add(Mark::new(Shape::Rect(column)).fill(Fill::Glass(Colour::WHITE, 0.0)).tip(tip));
        }
    }
}

/// Whether a step is known and its neighbours are not.
fn is_lone(sums: &[Option<f64>], step: usize) -> bool {
    let known = |step: Option<usize>| step.and_then(|step| sums.get(step)).is_some_and(Option::is_some);
    known(Some(step)) && !known(step.checked_sub(1)) && !known(Some(step + 1))
}
