//! A scatter plot as a scene.
use datagora_core::{Language, Unit};

use super::super::key::{Entry, Sign, draw_discs, draw_key};
use super::super::plot::{TICK, Values, draw_band, draw_remark, draw_runs};
use super::super::words::{colon, plain, quantity};
use super::super::{category, is_narrow};
use super::hexagons::{corners, hexagons};
use super::{Point, Scatter};
use crate::frame::{Frame, MARGIN};
use crate::label::{Wish, place_labels};
use crate::scale::{LinearScale, OF_SURFACE, round_amounts};
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::wrap_text;
use crate::{Captions, Colour, Method, Palette, Sequential, classify};

/// Radius of a point without size, px.
const RADIUS: f64 = 4.0;
/// Radius of the largest point with size, px, in wide and in narrow pictures.
const LARGEST: [f64; 2] = [16.0, 11.0];
/// Radius of the smallest point with size, px.
const SMALLEST: f64 = 1.5;
/// From the centre of a hexagon to a corner, px.
const HEXAGON: f64 = 9.0;
/// Size of names of points, px.
const NAME: f64 = 11.0;
/// More points than this are lighter, so that those below shine through.
const CROWD: usize = 200;
/// Points of which nothing is known.
const UNKNOWN: Colour = Colour::MUTED;

impl Scatter {
    pub(super) fn scene(&self, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let narrow = is_narrow(width);
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let known: Vec<&Point> = self.points.iter().filter(|point| point.is_known()).collect();
        let line = self.fit.iter().flat_map(|fit| &fit.line);
        let band = line.clone().filter_map(|(_, _, band)| *band).flat_map(|(lower, upper)| [lower, upper]);
        let xs = known.iter().map(|point| point.x).chain(line.clone().map(|(x, ..)| *x));
        let ys = known.iter().map(|point| point.y).chain(line.map(|(_, y, _)| *y)).chain(band);
        let scales = [
            Values::new(xs, false, if narrow { 4 } else { 7 }, language),
            Values::new(ys, false, 6, language),
        ];
        let top = draw_key(scene, &self.key(language), frame.top);
        let mut top = self.draw_sizes(scene, top, narrow, language);
        top = draw_axis_name(scene, &self.y, '↑', top, language);
        let plot = Extent {
            left: MARGIN + scales[1].widest_name() + 8.0,
            top: top + 6.0,
            right: width - MARGIN - 8.0,
            bottom: top + if narrow { 286.0 } else { 366.0 },
        };
        let reach = match (self.is_counted(), &self.sizes) {
            (true, _) => HEXAGON,
            (false, Some(_)) => LARGEST[usize::from(narrow)],
            (false, None) => RADIUS,
        };
        let (x, y) = draw_axes(scene, &scales, plot, [reach + 2.0; 2]);
        let place = |point: &Point| [x.position(point.x), y.position(point.y)];
        let mut below = draw_axis_name(scene, &self.x, '→', plot.bottom + 20.0, language);
        if self.is_counted() {
            let places: Vec<[f64; 2]> = known.iter().map(|point| place(point)).collect();
            below = self.draw_hexagons(scene, &places, below, language);
        } else {
            self.draw_points(scene, &known, &place, narrow, language);
        }
        self.draw_fit(scene, &x, &y);
        self.draw_names(scene, &place, plot, narrow);
        frame.finish(below)
    }

    fn key(&self, language: Language) -> Vec<Entry> {
        let mut entries = Vec::new();
        if !self.is_counted() {
            for (k, name) in self.categories.iter().enumerate() {
                entries.push(Entry::new(Sign::Dot(Fill::Solid(category(k)), Colour::WHITE), name));
            }
            let unknown = |point: &Point| point.is_known() && point.category.is_none();
            if !self.categories.is_empty() && self.points.iter().any(unknown) {
                let words = language.pick("catégorie inconnue", "category not known");
                entries.push(Entry::new(Sign::Dot(Fill::Solid(UNKNOWN), Colour::WHITE), words));
            }
        }
        if let Some(fit) = &self.fit {
            let line = Sign::Line(Stroke::new(Colour::INK, 1.8));
            entries.push(Entry::new(line, &fit.words));
        }
        entries
    }

    /// Explains the sizes of points by discs drawn to the scale of the picture.
    fn draw_sizes(&self, scene: &mut Scene, top: f64, narrow: bool, language: Language) -> f64 {
        let Some((name, unit)) = self.sizes.as_ref().filter(|_| !self.is_counted()) else { return top };
        let radius = self.radius_of(narrow);
        let discs: Vec<(f64, String)> = round_amounts(self.largest(), OF_SURFACE)
            .into_iter()
            .map(|amount| (radius(amount), plain(amount, language)))
            .filter(|(radius, _)| *radius > SMALLEST)
            .collect();
        let symbol = unit.symbol(language);
        // « habitants (habitants) » says nothing more.
        let symbol =
            if symbol.is_empty() || symbol == *name { String::new() } else { format!(" ({symbol})") };
        let words = match language {
            Language::French => format!("surface des disques\u{a0}: {name}{symbol}"),
            Language::English => format!("surface of discs: {name}{symbol}"),
        };
        draw_discs(scene, &words, &discs, top)
    }

    /// The largest size.
    fn largest(&self) -> f64 {
        let sizes = self.points.iter().filter(|point| point.is_known()).filter_map(|point| point.size);
        sizes.filter(|size| size.is_finite()).fold(0.0, f64::max)
    }

    /// Radii of sizes in a wide or narrow picture: surfaces are proportional to them, but for the smallest, which are still seen.
    fn radius_of(&self, narrow: bool) -> impl Fn(f64) -> f64 + use<> {
        let (largest, reach) = (self.largest(), LARGEST[usize::from(narrow)]);
        move |size| match largest > 0.0 {
            true => (reach * (size / largest).sqrt()).max(SMALLEST),
            false => RADIUS,
        }
    }

    /// Radii of points.
    fn radius(&self, narrow: bool) -> impl Fn(&Point) -> f64 + use<> {
        let radius = self.radius_of(narrow);
        move |point| point.size.filter(|size| size.is_finite()).map_or(RADIUS, &radius)
    }

    fn draw_points(
        &self,
        scene: &mut Scene,
        known: &[&Point],
        place: &impl Fn(&Point) -> [f64; 2],
        narrow: bool,
        language: Language,
    ) {
        let radius = self.radius(narrow);
        let opacity = if known.len() > CROWD { 0.45 } else { 0.75 };
        let mut order: Vec<&Point> = known.to_vec();
        // Large points first, so that they hide none.
        order.sort_by(|a, b| radius(b).total_cmp(&radius(a)));
        for point in order {
            let [x, y] = place(point);
            let colour = match point.category {
                Some(k) => category(k),
                None if self.categories.is_empty() => category(0),
                None => UNKNOWN,
            };
            let circle = Shape::Circle { x, y, radius: radius(point) };
            let mark = Mark::new(circle).fill(Fill::Glass(colour, opacity));
            let told = format!(
                "{}{}{}, {}",
                point.name,
                colon(language),
                quantity(point.x, &self.x.1, language),
                quantity(point.y, &self.y.1, language)
            );
            scene.add(mark.stroke(Stroke::new(Colour::WHITE, 0.8)).tip(told));
        }
    }

    /// Draws counts by hexagon with their key; gives the position below.
    fn draw_hexagons(&self, scene: &mut Scene, places: &[[f64; 2]], top: f64, language: Language) -> f64 {
        let cells = hexagons(places, HEXAGON);
        let counts: Vec<f64> = cells.iter().map(|cell| cell.count as f64).collect();
        let all = language.group_digits(places.len() as u64);
        let Ok(classes) = classify(&counts, 5, &Method::Fisher) else { return top };
        let Ok(colours) = Palette::Sequential(Sequential::Blues).colours(classes.len()) else { return top };
        for cell in &cells {
            let class = classes.class_of(cell.count as f64).unwrap_or(0);
            let ring = Path::ring(corners(cell.centre, HEXAGON));
            let mark = Mark::new(Shape::Path(ring)).fill(Fill::Solid(colours[class]));
            let tip = quantity(cell.count as f64, &Unit::of("{point}"), language);
            scene.add(mark.stroke(Stroke::new(Colour::WHITE, 0.5)).tip(tip));
        }
        let words = match language {
            Language::French => format!("{all} points, comptés par hexagone\u{a0}:"),
            Language::English => format!("{all} points, counted by hexagon:"),
        };
        let below = draw_remark(scene, &words, top + 4.0);
        let entries: Vec<Entry> = (0..classes.len())
            .filter_map(|class| {
                // Whole numbers have classes without common bounds.
                let counts = || {
                    let counts = cells.iter().map(|cell| cell.count);
                    counts.filter(|count| classes.class_of(*count as f64) == Some(class))
                };
                let (low, high) = (counts().min()?, counts().max()?);
                let [from, to] = [low, high].map(|count| language.group_digits(count as u64));
                let words = match low == high {
                    true => from,
                    false => format!("{from} {} {to}", language.pick("à", "to")),
                };
                Some(Entry::new(Sign::Area(Fill::Solid(colours[class])), words))
            })
            .collect();
        draw_key(scene, &entries, below + 2.0)
    }

    fn draw_fit(&self, scene: &mut Scene, x: &LinearScale, y: &LinearScale) {
        let Some(fit) = &self.fit else { return };
        let band = fit.line.iter().map(|(at, _, band)| {
            let (lower, upper) = (*band)?;
            let places = [x.position(*at), y.position(lower), y.position(upper)];
            places.iter().all(|place| place.is_finite()).then_some(places)
        });
        draw_band(scene, band, Fill::Glass(Colour::INK, 0.12));
        let line = fit.line.iter().map(|(at, level, _)| {
            (at.is_finite() && level.is_finite()).then(|| [x.position(*at), y.position(*level)])
        });
        draw_runs(scene, line, Stroke::new(Colour::INK, 1.8));
    }

    fn draw_names(&self, scene: &mut Scene, place: &impl Fn(&Point) -> [f64; 2], plot: Extent, narrow: bool) {
        let limit = if narrow { self.names.div_ceil(2) } else { self.names };
        let (radius, counted) = (self.radius(narrow), self.is_counted());
        let order = self.farthest();
        let (far, others) = order.split_at(self.names.min(order.len()));
        let hidden = others.iter().filter(|_| !counted).map(|point| {
            let ([x, y], radius) = (place(point), radius(point));
            Extent { left: x, top: y, right: x, bottom: y }.grown(radius)
        });
        let wishes: Vec<Wish> = far
            .iter()
            .enumerate()
            .map(|(rank, point)| {
                let [x, y] = place(point);
                let clearance = if counted { HEXAGON } else { radius(point) };
                Wish { text: point.name.clone(), x, y, importance: -(rank as f64), clearance }
            })
            .collect();
        for text in place_labels(&wishes, NAME, limit, &plot, &hidden.collect::<Vec<_>>()) {
            scene.text(text);
        }
    }
}

/// Draws the grid of both axes with the names of ticks; `room` is left free at both ends of each for what reaches beyond its place.
pub(super) fn draw_axes(
    scene: &mut Scene,
    scales: &[Values; 2],
    plot: Extent,
    room: [f64; 2],
) -> (LinearScale, LinearScale) {
    let x = LinearScale::new(scales[0].domain, (plot.left + room[0], plot.right - room[0]));
    scales[0].draw_columns(scene, &x, &[[plot.top, plot.bottom]], plot.bottom);
    let within = Extent { top: plot.top + room[1], bottom: plot.bottom - room[1], ..plot };
    let y = scales[1].draw_rows(scene, within, None);
    (x, y)
}

/// Writes what lies along an axis, with its unit and the way in which it grows; gives the position below.
pub(super) fn draw_axis_name(
    scene: &mut Scene,
    (name, unit): &(String, Unit),
    arrow: char,
    top: f64,
    language: Language,
) -> f64 {
    let symbol = unit.symbol(language);
    let symbol = if symbol.is_empty() { symbol } else { format!(" ({symbol})") };
    let words = match arrow {
        '→' => format!("{name}{symbol} {arrow}"),
        _ => format!("{arrow} {name}{symbol}"),
    };
    let mut y = top;
    for line in wrap_text(&words, TICK, false, scene.width() - 2.0 * MARGIN) {
        let text = Text::new(&line, MARGIN, y + 11.0).size(TICK).colour(Colour::MUTED);
        scene.text(match arrow {
            '→' => Text { x: scene.width() - MARGIN - 8.0, ..text }.end(),
            _ => text,
        });
        y += 15.0;
    }
    y
}
