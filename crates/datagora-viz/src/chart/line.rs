//! Lines over time, with gaps, bands and a forecast as a fan.
use datagora_core::{Language, Unit};

use super::{Axis, CATEGORIES, ChartError, with_unit};
use crate::format::format_number;
use crate::frame::{Frame, MARGIN};
use crate::scale::{LinearScale, nice_domain, tick_decimals};
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::{Captions, Colour, Column, DataTable, View, format_percent, text_width};

/// One line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    name: String,
    values: Vec<f64>,
    band: Option<(Vec<f64>, Vec<f64>)>,
    fan: Option<Fan>,
    dashed: bool,
}

/// A forecast: points and bounds for the steps from `start` on.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// Step of the axis at which the forecast begins.
    pub start: usize,
    /// Forecast values.
    pub points: Vec<f64>,
    /// Level, lower and upper bounds of each interval, as long as the points.
    pub bands: Vec<(f64, Vec<f64>, Vec<f64>)>,
}

impl Line {
    /// A line through these values, one per step of the axis; NaN leaves a gap.
    pub fn new(name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        Self { name: name.into(), values: values.into(), band: None, fan: None, dashed: false }
    }

    /// With a band about it, such as the spread over counters.
    pub fn with_band(self, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        Self { band: Some((lower, upper)), ..self }
    }

    /// With a forecast.
    pub fn with_fan(self, fan: Fan) -> Self {
        Self { fan: Some(fan), ..self }
    }

    /// Drawn dashed: what would have been forecast, a reference.
    pub fn dashed(self) -> Self {
        Self { dashed: true, ..self }
    }
}

/// Lines over a common axis.
///
/// Gaps are not joined, a lone value is a dot. Lines are named at their end, in their colour.
///
/// ```
/// use datagora_core::{Language, Month, Unit};
/// use datagora_viz::{Axis, Captions, Line, LineChart};
///
/// let axis = Axis::months(Month::parse("2024-01")?, 4, Language::English);
/// let view = LineChart::new(axis, Unit::of("{bicycle}/d"))
///     .with_line(Line::new("Quai", [410.0, f64::NAN, 530.0, 560.0]))
///     .draw(&Captions::new("quai", "Bicycles on the quay", Language::English))?;
/// assert!(view.description().contains("Quai"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    axis: Axis,
    unit: Unit,
    lines: Vec<Line>,
    zero: bool,
    reference: Option<f64>,
    height: f64,
}

impl LineChart {
    /// A chart without lines.
    pub fn new(axis: Axis, unit: Unit) -> Self {
        Self { axis, unit, lines: Vec::new(), zero: true, reference: None, height: 300.0 }
    }

    /// With one more line.
    pub fn with_line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    /// With a scale that need not begin at zero: for indexes and ratios.
    pub fn without_zero(self) -> Self {
        Self { zero: false, ..self }
    }

    /// With a line across at this value, such as the base of an index.
    pub fn with_reference(self, value: f64) -> Self {
        Self { reference: Some(value), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError`] if there is no value, a length differs from the axis, or a forecast has no interval.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        self.check(captions)?;
        let table = self.table(captions);
        Ok(captions.view(|width| self.scene(captions, width), table, self.describe(captions.language)))
    }

    fn check(&self, captions: &Captions) -> Result<(), ChartError> {
        let needed = self.axis.len();
        for line in &self.lines {
            let wrong = |found| Err(ChartError::Length { name: line.name.clone(), found, needed });
            if line.values.len() != needed {
                return wrong(line.values.len());
            }
            if let Some((lower, upper)) = &line.band
                && (lower.len() != needed || upper.len() != needed)
            {
                return wrong(lower.len().min(upper.len()));
            }
            if let Some(fan) = &line.fan {
                if fan.start + fan.points.len() > needed {
                    return wrong(fan.start + fan.points.len());
                }
                let bounded = |(_, lower, upper): &(f64, Vec<f64>, Vec<f64>)| {
                    lower.len() == fan.points.len() && upper.len() == fan.points.len()
                };
                if fan.bands.is_empty() || !fan.bands.iter().all(bounded) {
                    return Err(ChartError::NoInterval { name: line.name.clone() });
                }
            }
        }
        if self.lines.iter().flat_map(|line| &line.values).all(|value| value.is_nan()) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        Ok(())
    }

    fn all_values(&self) -> impl Iterator<Item = f64> + '_ {
        self.lines.iter().flat_map(|line| {
            let band = line.band.iter().flat_map(|(lower, upper)| lower.iter().chain(upper));
            let fan = line.fan.iter().flat_map(|fan| {
                fan.points
                    .iter()
                    .chain(fan.bands.iter().flat_map(|(_, lower, upper)| lower.iter().chain(upper)))
            });
            line.values.iter().chain(band).chain(fan).copied()
        })
    }

    fn scene(&self, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let narrow = width < 500.0;
        let size = 11.0;
        let values = self.all_values().chain(self.reference);
        let domain = nice_domain(values, self.zero, 5);
        let scale = LinearScale::new(domain, (0.0, 1.0));
        let ticks = scale.ticks(5);
        let decimals = tick_decimals(&ticks);
        let tick_names: Vec<String> =
            ticks.iter().map(|&tick| format_number(tick, decimals, language)).collect();
        let left =
            MARGIN + tick_names.iter().map(|name| text_width(name, size, false)).fold(0.0, f64::max) + 8.0;
        // Names stand at the end of lines where there is room, else in rows above.
        let widest = self.lines.iter().map(|line| text_width(&line.name, 12.0, true)).fold(0.0, f64::max);
        let named_at_end = !narrow && self.lines.len() > 1 && widest < 0.25 * width;
        let right = width - MARGIN - if named_at_end { widest + 10.0 } else { 4.0 };
        let mut top = frame.top;
        let unit = self.unit.symbol(language);
        if !unit.is_empty() {
            frame.scene.text(Text::new(unit, MARGIN, top + 8.0).size(size).colour(Colour::MUTED));
            top += 16.0;
        }
        if !named_at_end {
            top = self.draw_key(&mut frame.scene, top, width);
        }
        let has_fan = self.lines.iter().any(|line| line.fan.is_some());
        if has_fan {
            top = self.draw_fan_key(&mut frame.scene, top, width, language);
        }
        top += 8.0;
        let bottom = top + if narrow { 0.72 * self.height } else { self.height };

        let y = LinearScale::new(domain, (bottom, top));
        let steps = self.axis.len();
        let inset = if steps <= 24 { 0.5 } else { 0.0 };
        let x_scale = LinearScale::new((-inset, (steps - 1) as f64 + inset), (left, right));
        let x = |step: usize| x_scale.position(step as f64);

        for (tick, name) in ticks.iter().zip(&tick_names) {
            let level = y.position(*tick);
            let base = *tick == 0.0 || self.reference == Some(*tick);
            let stroke = Stroke::new(if base { Colour::MUTED } else { Colour::FAINT }, 1.0);
            frame.scene.line([left, level], [right, level], stroke);
            frame.scene.text(Text::new(name, left - 6.0, level + 4.0).size(size).colour(Colour::MUTED).end());
        }
        for (place, name) in self.axis.ticks_with_room(x, size) {
            frame.scene.line([place, bottom], [place, bottom + 4.0], Stroke::new(Colour::MUTED, 1.0));
            let half = 0.5 * text_width(name, size, false);
            let place = place.clamp(half + 2.0, width - half - 2.0);
            frame.scene.text(Text::new(name, place, bottom + 17.0).size(size).colour(Colour::MUTED).middle());
        }

        for (index, line) in self.lines.iter().enumerate() {
            let colour = CATEGORIES[index % CATEGORIES.len()];
            if let Some((lower, upper)) = &line.band {
                draw_band(&mut frame.scene, &x, &y, 0, lower, upper, Fill::Glass(colour, 0.18));
            }
            if let Some(fan) = &line.fan {
                let mut bands: Vec<_> = fan.bands.iter().collect();
                bands.sort_by(|a, b| b.0.total_cmp(&a.0));
                for (_, lower, upper) in bands {
                    draw_band(&mut frame.scene, &x, &y, fan.start, lower, upper, Fill::Glass(colour, 0.2));
                }
            }
        }
        for (index, line) in self.lines.iter().enumerate() {
            let colour = CATEGORIES[index % CATEGORIES.len()];
            let stroke = Stroke::new(colour, 2.0);
            let stroke = if line.dashed { stroke.dashed(5.0) } else { stroke };
            draw_runs(&mut frame.scene, &x, &y, 0, &line.values, stroke, &line.name);
            if let Some(fan) = &line.fan {
                draw_runs(
                    &mut frame.scene,
                    &x,
                    &y,
                    fan.start,
                    &fan.points,
                    Stroke::new(colour, 2.0).dashed(4.0),
                    &line.name,
                );
            }
        }
        if named_at_end {
            self.name_ends(&mut frame.scene, &y, right + 6.0, top, bottom);
        }
        frame.finish(bottom + 22.0)
    }

    /// Names beside the last value of each line, pushed apart.
    fn name_ends(&self, scene: &mut Scene, y: &LinearScale, x: f64, top: f64, bottom: f64) {
        let last = |line: &Line| {
            let fan = line.fan.as_ref().and_then(|fan| fan.points.last().copied());
            fan.or_else(|| line.values.iter().rev().copied().find(|value| !value.is_nan()))
        };
        let mut places: Vec<(usize, f64)> = self
            .lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| last(line).map(|value| (index, y.position(value))))
            .collect();
        places.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let gap = 15.0;
        for k in 1..places.len() {
            places[k].1 = places[k].1.max(places[k - 1].1 + gap);
        }
        let overflow = places.last().map_or(0.0, |place| (place.1 - bottom).max(0.0));
        for k in (0..places.len()).rev() {
            let limit = if k + 1 < places.len() { places[k + 1].1 - gap } else { bottom };
            places[k].1 =
                (places[k].1 - if k + 1 == places.len() { overflow } else { 0.0 }).min(limit).max(top);
        }
        for (index, place) in places {
            let colour = CATEGORIES[index % CATEGORIES.len()];
            scene.text(
                Text::new(&self.lines[index].name, x, place + 4.0).size(12.0).bold().colour(readable(colour)),
            );
        }
    }

    fn draw_key(&self, scene: &mut Scene, top: f64, width: f64) -> f64 {
        if self.lines.len() < 2 {
            return top;
        }
        let (mut x, mut y) = (MARGIN, top + 4.0);
        for (index, line) in self.lines.iter().enumerate() {
            let colour = CATEGORIES[index % CATEGORIES.len()];
            let need = 24.0 + text_width(&line.name, 12.0, true) + 14.0;
            if x + need - 14.0 > width - MARGIN && x > MARGIN {
                x = MARGIN;
                y += 18.0;
            }
            let stroke = Stroke::new(colour, 2.5);
            let stroke = if line.dashed { stroke.dashed(5.0) } else { stroke };
            scene.line([x, y + 6.0], [x + 18.0, y + 6.0], stroke);
            scene.text(Text::new(&line.name, x + 24.0, y + 10.0).size(12.0).bold().colour(readable(colour)));
            x += need;
        }
        y + 20.0
    }

    fn draw_fan_key(&self, scene: &mut Scene, top: f64, width: f64, language: Language) -> f64 {
        let mut levels: Vec<f64> = self
            .lines
            .iter()
            .filter_map(|line| line.fan.as_ref())
            .flat_map(|fan| fan.bands.iter().map(|b| b.0))
            .collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let grey = Colour::rgb(70, 78, 88);
        let (mut x, mut y) = (MARGIN, top + 4.0);
        let words = language.pick("prévision (tirets), intervalles à", "forecast (dashed), intervals at");
        scene.line([x, y + 6.0], [x + 18.0, y + 6.0], Stroke::new(grey, 2.0).dashed(4.0));
        scene.text(Text::new(words, x + 24.0, y + 10.0).size(11.0).colour(Colour::MUTED));
        x += 24.0 + text_width(words, 11.0, false) + 10.0;
        for (rank, level) in levels.iter().enumerate() {
            let name = format_percent(*level, 0, language);
            let need = 20.0 + text_width(&name, 11.0, false) + 10.0;
            if x + need - 10.0 > width - MARGIN {
                x = MARGIN + 24.0;
                y += 18.0;
            }
            // As dark as that many bands one over the other.
            let darkness = 1.0 - 0.8f64.powi((levels.len() - rank) as i32);
            scene.rect(
                Extent { left: x, top: y + 1.0, right: x + 16.0, bottom: y + 11.0 },
                Fill::Glass(grey, darkness),
            );
            scene.text(Text::new(name, x + 20.0, y + 10.0).size(11.0).colour(Colour::MUTED));
            x += need;
        }
        y + 18.0
    }

    fn table(&self, captions: &Captions) -> DataTable {
        let language = captions.language;
        let steps = self.axis.len();
        let mut table = DataTable::new(&captions.title).with(Column::text(
            language.pick("Période", "Period"),
            (0..steps).map(|step| self.axis.name(step)),
        ));
        for line in &self.lines {
            table = table.with(Column::numbers(&line.name, self.unit.clone(), line.values.iter().copied()));
            if let Some(fan) = &line.fan {
                let spread = |values: &[f64]| {
                    let mut all = vec![f64::NAN; steps];
                    all[fan.start..fan.start + values.len()].copy_from_slice(values);
                    all
                };
                let name = format!("{}, {}", line.name, language.pick("prévision", "forecast"));
                table = table.with(Column::numbers(name, self.unit.clone(), spread(&fan.points)));
                for (level, lower, upper) in &fan.bands {
                    let level = format_percent(*level, 0, language);
                    let low = format!("{}, {} {level}", line.name, language.pick("bas", "low"));
                    let high = format!("{}, {} {level}", line.name, language.pick("haut", "high"));
                    table = table
                        .with(Column::numbers(low, self.unit.clone(), spread(lower)))
                        .with(Column::numbers(high, self.unit.clone(), spread(upper)));
                }
            }
        }
        table
    }

    fn describe(&self, language: Language) -> String {
        let unit = self.unit.symbol(language);
        let mut text = language.pick("Graphique en courbes.", "Line chart.").to_owned();
        for line in &self.lines {
            let known: Vec<(usize, f64)> =
                line.values.iter().copied().enumerate().filter(|(_, value)| !value.is_nan()).collect();
            let (Some(first), Some(last)) = (known.first(), known.last()) else { continue };
            let highest = known.iter().fold(first, |best, now| if now.1 > best.1 { now } else { best });
            let at = |point: &(usize, f64)| {
                (with_unit(point.1, &unit, language), self.axis.name(point.0).to_owned())
            };
            let ((a, from), (b, to), (c, peak)) = (at(first), at(last), at(highest));
            let gaps = self.axis.len() - known.len() - line.fan.as_ref().map_or(0, |fan| fan.points.len());
            text.push_str(&match language {
                Language::French => {
                    format!(" {}\u{a0}: de {a} ({from}) à {b} ({to}), maximum {c} ({peak})", line.name)
                }
                Language::English => {
                    format!(" {}: from {a} ({from}) to {b} ({to}), highest {c} ({peak})", line.name)
                }
            });
            if gaps > 0 && line.fan.is_none() {
                text.push_str(&match language {
                    Language::French => format!("\u{202f}; {gaps} valeurs manquent"),
                    Language::English => format!("; {gaps} values are missing"),
                });
            }
            text.push('.');
            if let Some(fan) = &line.fan
                && let (Some(point), Some((level, lower, upper))) = (fan.points.last(), fan.bands.last())
                && let (Some(low), Some(high)) = (lower.last(), upper.last())
            {
                let end = self.axis.name(fan.start + fan.points.len() - 1);
                let (p, l, h) = (
                    with_unit(*point, &unit, language),
                    with_unit(*low, "", language),
                    with_unit(*high, "", language),
                );
                let level = format_percent(*level, 0, language);
                text.push_str(&match language {
                    Language::French => format!(
                        " Prévision pour {end}\u{a0}: {p}, entre {l} et {h} avec une probabilité de {level}."
                    ),
                    Language::English => format!(
                        " Forecast for {end}: {p}, between {l} and {h} with a probability of {level}."
                    ),
                });
            }
        }
        text
    }
}

/// A darker shade for words in a light colour.
fn readable(colour: Colour) -> Colour {
    let mut shade = colour;
    while shade.contrast(Colour::WHITE) < 4.5 {
        let darker = |c: u8| (f64::from(c) * 0.9) as u8;
        shade = Colour::rgb(darker(shade.red), darker(shade.green), darker(shade.blue));
    }
    shade
}

/// The line through consecutive known values; a lone one is a dot.
fn draw_runs(
    scene: &mut Scene,
    x: &impl Fn(usize) -> f64,
    y: &LinearScale,
    start: usize,
    values: &[f64],
    stroke: Stroke,
    name: &str,
) {
    let mut run: Vec<[f64; 2]> = Vec::new();
    let mut flush = |run: &mut Vec<[f64; 2]>| {
        match run.len() {
            0 => {}
            1 => scene.add(
                Mark::new(Shape::Circle { x: run[0][0], y: run[0][1], radius: 2.2 })
                    .fill(Fill::Solid(stroke.colour))
                    .tip(name),
            ),
            _ => scene.add(Mark::new(Shape::Path(Path::line(run.clone()))).stroke(stroke).tip(name)),
        }
        run.clear();
    };
    for (step, value) in values.iter().enumerate() {
        if value.is_finite() {
            run.push([x(start + step), y.position(*value)]);
        } else {
            flush(&mut run);
        }
    }
    flush(&mut run);
}

/// The area between two lines, where both are known.
fn draw_band(
    scene: &mut Scene,
    x: &impl Fn(usize) -> f64,
    y: &LinearScale,
    start: usize,
    lower: &[f64],
    upper: &[f64],
    fill: Fill,
) {
    let mut from = 0;
    while from < lower.len() {
        let known = |k: usize| lower[k].is_finite() && upper[k].is_finite();
        if !known(from) {
            from += 1;
            continue;
        }
        let to = (from..lower.len()).take_while(|&k| known(k)).last().unwrap_or(from);
        let above = (from..=to).map(|k| [x(start + k), y.position(upper[k])]);
        let below = (from..=to).rev().map(|k| [x(start + k), y.position(lower[k])]);
        scene.add(Mark::new(Shape::Path(Path::ring(above.chain(below).collect()))).fill(fill));
        from = to + 1;
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Month;

    use super::*;

    fn captions() -> Captions {
        Captions::new("lines", "Passages de vélos par jour, et douze mois de plus", Language::French)
            .with_subtitle("Moyenne journalière, périmètre constant de 14 compteurs")
            .with_credits("Métropole de Lyon, Licence Ouverte 2.0")
            .with_note("Les mois à zéro sont des pannes.")
            .with_made(true)
    }

    fn chart() -> LineChart {
        let first = Month::parse("2019-01").expect("a month");
        let mut values: Vec<f64> =
            (0..60).map(|k| 900.0 + 5.0 * f64::from(k) + 200.0 * f64::from(k % 12)).collect();
        values[20] = f64::NAN;
        values[22] = f64::NAN;
        values.extend([f64::NAN; 12]);
        let points: Vec<f64> = (0..12).map(|k| 1200.0 + 200.0 * f64::from(k)).collect();
        let around = |by: f64| points.iter().map(|p| p + by).collect::<Vec<f64>>();
        let bands = vec![(0.8, around(-150.0), around(150.0)), (0.95, around(-300.0), around(300.0))];
        let other: Vec<f64> = values.iter().map(|v| v * 0.98).collect();
        LineChart::new(Axis::months(first, 72, Language::French), Unit::of("{bicycle}/d"))
            .with_line(Line::new("Vélos", values).with_fan(Fan { start: 60, points, bands }))
            .with_line(Line::new("Voitures", other))
    }

    #[test]
    fn no_text_is_clipped_or_overlaps() {
        let view = chart().draw(&captions()).expect("a sound chart");
        assert_eq!(view.scene().flaws(), []);
        assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }

    #[test]
    fn gaps_are_not_joined_and_lone_values_are_dots() {
        let axis = Axis::labels(["a", "b", "c", "d", "e"]);
        let view = LineChart::new(axis, Unit::ONE)
            .with_line(Line::new("x", [1.0, 2.0, f64::NAN, 3.0, f64::NAN]))
            .draw(&captions())
            .expect("a sound chart");
        let svg = view.to_svg();
        assert_eq!(svg.matches("<circle").count(), 1);
        assert_eq!(svg.matches("stroke=\"#0072b2\"").count(), 1);
        assert!(view.description().contains("2 valeurs manquent"));
    }

    #[test]
    fn forecast_without_interval_is_refused() {
        let fan = Fan { start: 3, points: vec![1.0], bands: Vec::new() };
        let chart = LineChart::new(Axis::labels(["a", "b", "c", "d"]), Unit::ONE)
            .with_line(Line::new("x", [1.0, 2.0, 3.0, f64::NAN]).with_fan(fan));
        assert_eq!(chart.draw(&captions()), Err(ChartError::NoInterval { name: "x".into() }));
    }

    #[test]
    fn nothing_to_show_is_an_error() {
        let chart = LineChart::new(Axis::labels(["a"]), Unit::ONE).with_line(Line::new("x", [f64::NAN]));
        assert!(matches!(chart.draw(&captions()), Err(ChartError::Empty { .. })));
        let chart = LineChart::new(Axis::labels(["a"]), Unit::ONE).with_line(Line::new("x", [1.0, 2.0]));
        assert!(matches!(chart.draw(&captions()), Err(ChartError::Length { found: 2, needed: 1, .. })));
    }

    #[test]
    fn same_chart_same_bytes() {
        let svg = || chart().draw(&captions()).expect("a sound chart").to_svg();
        assert_eq!(svg(), svg());
    }
}
