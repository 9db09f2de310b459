//! Places against their neighbours.
use datagora_core::{Language, Unit};

use super::super::key::{Entry, Sign, draw_key};
use super::super::plot::{TICK, Values};
use super::super::words::{capitalised, colon, missing};
use super::super::{ChartError, is_narrow};
use super::LisaClass;
use super::draw::{draw_axes, draw_axis_name};
use crate::format::{format_number, format_percent};
use crate::frame::{Frame, MARGIN};
use crate::label::{Wish, place_labels};
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::text_width;
use crate::{Captions, Colour, Column, DataTable, View};

/// Radius of a place, px.
const RADIUS: f64 = 4.5;
/// Size of names of quadrants and places, px.
const NAME: f64 = 11.0;

/// The value of each place against the mean of its neighbours’ values: are like values near each other, and where?
///
/// ![Dots in four quadrants, the significant ones full in the colours of a map, and a line whose slope is Moran’s I](pictures/moran.svg)
///
/// Values and lags (means of the neighbours’ values, in the same unit) are shown as deviations from the mean of all values, in standard
/// deviations. Places in the upper right are high among high ones, in the lower left low among low ones; the others differ from their
/// neighbours. With p-values, places that are not significant are hollow, and the colours are those of [`LisaClass`], which a map shares. Nothing
/// is computed about significance: p-values and Moran’s I are given.
///
/// ```
/// use datagora_core::Language;
/// use datagora_viz::{Captions, MoranScatter};
///
/// let names = ["Centre", "Gare", "Parc", "Rive"].map(String::from);
/// let chart = MoranScatter::new("income", &names, &[31.0, 29.0, 18.0, 17.0], &[29.0, 31.0, 17.0, 18.0])
///     .with_p_values(&[0.01, 0.03, 0.2, 0.04], 0.05)
///     .with_moran(0.97);
/// let view = chart.draw(&Captions::new("moran", "Like beside like", Language::English))?;
/// assert!(view.description().contains("High among high: 2"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Anselin, L. (1996). The Moran scatterplot as an ESDA tool to assess local instability in spatial association. In *Spatial Analytical
/// Perspectives on GIS*, 111–125.
#[derive(Clone, Debug, PartialEq)]
pub struct MoranScatter {
    variable: String,
    names: Vec<String>,
    values: Vec<f64>,
    lags: Vec<f64>,
    p_values: Option<(Vec<f64>, f64)>,
    moran: Option<f64>,
    labels: usize,
}

/// A place with its deviations and its class.
struct Placed<'a> {
    name: &'a str,
    /// Of its value, and of its neighbours’ mean; standard deviations.
    deviations: [f64; 2],
    class: LisaClass,
}

impl MoranScatter {
    /// A chart of places with the value of each and the mean of its neighbours’ values; NaN is missing.
    pub fn new(variable: impl Into<String>, names: &[String], values: &[f64], lags: &[f64]) -> Self {
        Self {
            variable: variable.into(),
            names: names.to_vec(),
            values: values.to_vec(),
            lags: lags.to_vec(),
            p_values: None,
            moran: None,
            labels: 5,
        }
    }

    /// With the p-value of each place, and the level below which one is significant.
    pub fn with_p_values(self, p_values: &[f64], level: f64) -> Self {
        Self { p_values: Some((p_values.to_vec(), level)), ..self }
    }

    /// With Moran’s I, the slope of the line that is drawn.
    pub fn with_moran(self, moran: f64) -> Self {
        Self { moran: Some(moran), ..self }
    }

    /// Names at most this many places, those farthest out. Default: 5.
    pub fn with_names(self, labels: usize) -> Self {
        Self { labels, ..self }
    }

    /// The class of each place, for the map of the same places; `None` where its value or lag is missing.
    ///
    /// # Errors
    ///
    /// As [`MoranScatter::draw`].
    pub fn classes(&self) -> Result<Vec<Option<LisaClass>>, ChartError> {
        Ok(self.placed()?.into_iter().map(|place| place.map(|place| place.class)).collect())
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Length`] if lengths differ, [`ChartError::Empty`] unless two places with a value and a lag differ,
    /// [`ChartError::Level`] for a p-value that is none, [`ChartError::Unknown`] for a Moran’s I that is not finite.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        if self.moran.is_some_and(|moran| !moran.is_finite()) {
            return Err(ChartError::Unknown { name: "I".to_owned() });
        }
        let placed = self.placed()?;
        let language = captions.language;
        let column = |pick: usize| {
            placed.iter().map(move |place| place.as_ref().map_or(f64::NAN, |place| place.deviations[pick]))
        };
        let names =
            placed.iter().map(|place| place.as_ref().map_or("–", |place| place.class.name(language)));
        let own = language.pick("Écart à la moyenne", "Deviation from the mean");
        let lag = language.pick("Écart moyen des voisins", "Mean deviation of the neighbours");
        let table = DataTable::new(&captions.title)
            .with(Column::text(language.pick("Lieu", "Place"), self.names.iter().map(String::as_str)))
            .with(Column::numbers(own, Unit::ONE, column(0)))
            .with(Column::numbers(lag, Unit::ONE, column(1)))
            .with(Column::text(language.pick("Classe", "Class"), names));
        let known: Vec<Placed<'_>> = placed.into_iter().flatten().collect();
        let description = self.describe(&known, language);
        Ok(captions.view(|width| self.scene(&known, captions, width), table, description))
    }

    fn placed(&self) -> Result<Vec<Option<Placed<'_>>>, ChartError> {
        let (name, needed) = (|| self.variable.clone(), self.names.len());
        let p_values = self.p_values.as_ref().map(|(p_values, _)| p_values);
        let lengths = [self.values.len(), self.lags.len(), p_values.map_or(needed, Vec::len)];
        if let Some(found) = lengths.into_iter().find(|found| *found != needed) {
            return Err(ChartError::Length { name: name(), found, needed });
        }
        let is_bad = |p: &&f64| !p.is_nan() && !(0.0..=1.0).contains(*p);
        if let Some(found) = p_values.into_iter().flatten().find(is_bad) {
            return Err(ChartError::Level { name: name(), found: *found });
        }
        let known = self.values.iter().filter(|value| value.is_finite());
        let n = known.clone().count() as f64;
        let mean = known.clone().sum::<f64>() / n;
        let deviation = (known.map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
        let both = |row: usize| self.values[row].is_finite() && self.lags[row].is_finite();
        if !(deviation.is_finite() && deviation > 0.0 && (0..needed).any(both)) {
            return Err(ChartError::Empty { title: name() });
        }
        let level = self.p_values.as_ref().map_or(1.0, |(_, level)| *level);
        Ok((0..needed)
            .map(|row| {
                both(row).then(|| {
                    let deviations =
                        [self.values[row], self.lags[row]].map(|value| (value - mean) / deviation);
                    let p = p_values.map(|p_values| p_values[row]);
                    let class = LisaClass::of(deviations[0], deviations[1], p, level);
                    Placed { name: &self.names[row], deviations, class }
                })
            })
            .collect())
    }

    fn scene(&self, known: &[Placed<'_>], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let narrow = is_narrow(width);
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let scales = [0, 1].map(|axis| {
            // Both sides of the mean are seen, whatever the data.
            let values = known.iter().map(|place| place.deviations[axis]).chain([-1.0, 1.0]);
            Values::new(values, true, if narrow { 4 } else { 6 }, language)
        });
        let mut top = draw_key(scene, &self.key(known, language), frame.top);
        let axes = [
            (self.variable.clone(), Unit::ONE),
            (language.pick("moyenne des voisins", "mean of the neighbours").to_owned(), Unit::ONE),
        ];
        top = draw_axis_name(scene, &axes[1], '↑', top, language);
        let plot = Extent {
            left: MARGIN + scales[1].widest_name() + 8.0,
            top: top + 6.0,
            right: width - MARGIN - 8.0,
            bottom: top + if narrow { 296.0 } else { 386.0 },
        };
        let (x, y) = draw_axes(scene, &scales, plot, [RADIUS + 2.0, 18.0]);
        // With some air about them, lest a name seem to go on in another.
        let quadrants = draw_quadrants(scene, plot, language).into_iter();
        let mut covered: Vec<Extent> = quadrants.map(|quadrant| quadrant.grown(4.0)).collect();
        if let Some(moran) = self.moran {
            let ends = clip(moran, x.domain(), y.domain());
            let line = ends.map(|[at, level]| [x.position(at), y.position(level)]);
            scene.line(line[0], line[1], Stroke::new(Colour::INK, 1.6));
            covered.extend(along(line));
        }
        let at = |place: &Placed<'_>| [x.position(place.deviations[0]), y.position(place.deviations[1])];
        for place in known {
            let [left, level] = at(place);
            let (fill, rim) = sign(place.class);
            let numbers = place.deviations.map(|deviation| format_number(deviation, 2, language));
            let told = format!(
                "{}{}{} ({}, {})",
                place.name,
                colon(language),
                place.class.name(language),
                numbers[0],
                numbers[1]
            );
            let circle = Shape::Circle { x: left, y: level, radius: RADIUS };
            scene.add(Mark::new(circle).fill(fill).stroke(Stroke::new(rim, 1.2)).tip(told));
        }
        let mut far: Vec<&Placed<'_>> =
            known.iter().filter(|place| place.class != LisaClass::NotSignificant).collect();
        let size = |place: &Placed<'_>| libm::hypot(place.deviations[0], place.deviations[1]);
        far.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.name.cmp(b.name)));
        far.truncate(self.labels);
        let others = known.iter().filter(|place| !far.iter().any(|named| std::ptr::eq(*named, *place)));
        covered.extend(others.map(|place| {
            let [x, y] = at(place);
            Extent { left: x, top: y, right: x, bottom: y }.grown(RADIUS)
        }));
        let wishes: Vec<Wish> = far
            .iter()
            .map(|place| Wish {
                text: place.name.to_owned(),
                x: at(place)[0],
                y: at(place)[1],
                importance: size(place),
                clearance: RADIUS,
            })
            .collect();
        let limit = if narrow { self.labels.div_ceil(2) } else { self.labels };
        for text in place_labels(&wishes, NAME, limit, &plot, &covered) {
            scene.text(text);
        }
        let below = draw_axis_name(scene, &axes[0], '→', plot.bottom + 20.0, language);
        let words = language
            .pick("écarts à la moyenne, en écarts-types", "deviations from the mean, in standard deviations");
        scene.text(Text::new(words, MARGIN, below + 10.0).size(TICK).colour(Colour::MUTED));
        frame.finish(below + 14.0)
    }

    fn key(&self, known: &[Placed<'_>], language: Language) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for class in LisaClass::ALL {
            let count = known.iter().filter(|place| place.class == class).count();
            if count > 0 {
                let (fill, rim) = sign(class);
                let words = format!("{} ({})", class.name(language), language.group_digits(count as u64));
                entries.push(Entry::new(Sign::Dot(fill, rim), words));
            }
        }
        if let Some(moran) = self.moran {
            let words = format!(
                "{}{}{}",
                language.pick("I de Moran, la pente", "Moran’s I, the slope"),
                colon(language),
                format_number(moran, 2, language)
            );
            entries.push(Entry::new(Sign::Line(Stroke::new(Colour::INK, 1.6)), words));
        }
        entries
    }

    fn describe(&self, known: &[Placed<'_>], language: Language) -> String {
        let colon = colon(language);
        let count = language.group_digits(known.len() as u64);
        let mut text = match language {
            Language::French => format!("Diagramme de Moran, {}, {count} lieux.", self.variable),
            Language::English => format!("Moran scatterplot, {}, {count} places.", self.variable),
        };
        if let Some(moran) = self.moran {
            let meaning = match moran {
                moran if moran > 0.1 => {
                    language.pick("des valeurs semblables se côtoient", "like values lie near each other")
                }
                moran if moran < -0.1 => {
                    language.pick("des valeurs contraires se côtoient", "unlike values lie near each other")
                }
                _ => language.pick("peu de lien entre voisins", "little tie between neighbours"),
            };
            text.push_str(&format!(
                " {}{colon}{}, {meaning}.",
                language.pick("I de Moran", "Moran’s I"),
                format_number(moran, 2, language)
            ));
        }
        let classes: Vec<String> = LisaClass::ALL
            .into_iter()
            .map(|class| (class, known.iter().filter(|place| place.class == class).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(class, count)| {
                format!("{}{colon}{}", class.name(language), language.group_digits(count as u64))
            })
            .collect();
        text.push_str(&format!(" {}.", capitalised(&classes.join(", "))));
        if let Some((_, level)) = &self.p_values {
            let level = format_percent(*level, 0, language);
            text.push_str(&match language {
                Language::French => format!(" Significatif au seuil de {level}."),
                Language::English => format!(" Significant at the level of {level}."),
            });
        }
        let absent = self.names.len() - known.len();
        if absent > 0 {
            text.push_str(&format!(" {}.", capitalised(&missing(absent, language))));
        }
        text
    }
}

/// Fill and rim of a place: hollow where chance would give as much.
fn sign(class: LisaClass) -> (Fill, Colour) {
    match class {
        LisaClass::NotSignificant => (Fill::Solid(Colour::WHITE), Colour::MUTED),
        class => (Fill::Solid(class.colour()), outline(class)),
    }
}

/// A rim that is seen on white whatever the fill.
fn outline(class: LisaClass) -> Colour {
    match class {
        LisaClass::HighHigh | LisaClass::HighLow => LisaClass::HighHigh.colour(),
        _ => LisaClass::LowLow.colour(),
    }
}

/// Names the quadrants in their corners; gives the boxes that names of places must not cover.
fn draw_quadrants(scene: &mut Scene, plot: Extent, language: Language) -> Vec<Extent> {
    let corners = [
        (LisaClass::LowHigh, false, true),
        (LisaClass::HighHigh, true, true),
        (LisaClass::LowLow, false, false),
        (LisaClass::HighLow, true, false),
    ];
    let room = 0.5 * (plot.right - plot.left) - 8.0;
    let texts = corners.into_iter().map(|(class, right, upper)| {
        let y = if upper { plot.top + 12.0 } else { plot.bottom - 5.0 };
        let words = class.name(language);
        let size = if text_width(words, NAME, true) > room { NAME - 2.0 } else { NAME };
        let text = Text::new(words, if right { plot.right - 2.0 } else { plot.left + 4.0 }, y);
        let text = text.size(size).bold().colour(outline(class)).halo();
        if right { text.end() } else { text }
    });
    let texts: Vec<Text> = texts.collect();
    let boxes = texts.iter().map(Text::extent).collect();
    texts.into_iter().for_each(|text| scene.text(text));
    boxes
}

/// Small boxes along a line, which names keep off.
fn along([[ax, ay], [bx, by]]: [[f64; 2]; 2]) -> impl Iterator<Item = Extent> {
    const PIECES: u32 = 60;
    (0..=PIECES).map(move |piece| {
        let share = f64::from(piece) / f64::from(PIECES);
        let (x, y) = (ax + share * (bx - ax), ay + share * (by - ay));
        Extent { left: x, top: y, right: x, bottom: y }.grown(1.5)
    })
}

/// The ends of a line through the origin within both domains.
fn clip(slope: f64, (left, right): (f64, f64), (low, high): (f64, f64)) -> [[f64; 2]; 2] {
    let within = |at: f64| {
        let level = (slope * at).clamp(low, high);
        [if slope == 0.0 { at } else { level / slope }, level]
    };
    [within(left), within(right)]
}

#[cfg(test)]
mod tests;
