//! The same zones several times, in one classification.
use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::context::{draw_amid, explain_seen};
use super::ground::Ground;
use super::inset::{Window, describe_windows, draw_frames, windows};
use super::projection::Projection;
use super::rows::{Rows, capitalised};
use super::shading::{Shades, Shading, shading_methods};
use super::sheet::{BESIDE, Theme, draw_scale_bar, is_narrow, union};
use super::words::{describe_classes, describe_values};
use super::zones::ColouredZones;
use super::{Context, MapError, MapOptions, refuse};
use crate::frame::{Frame, MARGIN};
use crate::legend::Legend;
use crate::semiology::{Finding, lint_design};
use crate::{
    Captions, Colour, Column, DataTable, Mark, Method, Palette, Scene, Shape, Statistic, Stroke, Text, View,
    shorten_text,
};

/// Small maps of one rate side by side, such as years or scenarios, in one classification and with one legend.
///
/// ![Four small maps of a city, one for each year, coloured by the share of dwellings in blocks of flats in the same five classes](pictures/map-multiples.svg)
///
/// The classes are formed from the values of all maps together: a colour means the same on each, and a map that is darker has
/// higher values. Values in different units are refused, since no common scale would hold.
///
/// # Missing values
///
/// As in [`Choropleth`](super::Choropleth).
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, MapMultiples, MapOptions};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let percent = |values: [f64; 3]| values.map(|value| Measured::new(value, Unit::PERCENT));
/// let (then, now) = (percent([4.0, 9.0, 2.0]), percent([12.0, 26.0, 7.0]));
/// let view = MapMultiples::new(&zones, &names)
///     .with_map("2010", &then)
///     .with_map("2025", &now)
///     .with_measure("By bicycle to work")
///     .draw(&MapOptions::default(), &Captions::new("bicycle", "Twice as many", Language::English))?;
/// assert_eq!(view.table().columns().len(), 3);
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Tufte, E. R. (1990). *Envisioning Information*, chapter 4: small multiples share one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct MapMultiples<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    maps: Vec<(String, &'a [Measured])>,
    shading: Shading,
}

impl<'a> MapMultiples<'a> {
    /// Zones with the name of each, in five classes by exact Fisher.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String]) -> Self {
        Self { zones, names, maps: Vec::new(), shading: Shading::new(5) }
    }

    /// With one more map: its title, such as a year, and the value of each zone.
    pub fn with_map(mut self, title: impl Into<String>, values: &'a [Measured]) -> Self {
        self.maps.push((title.into(), values));
        self
    }

    shading_methods!("the values of all maps together");

    /// The rules of semiology that the maps break; [`MapMultiples::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`MapMultiples::draw`], for values that cannot be classified.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        Ok(lint_design(&self.shades(&self.maps()?)?.design))
    }

    /// Draws the maps. Names of zones have no room on them; an enlarged window stands below each.
    ///
    /// # Errors
    ///
    /// [`MapError`] if there is no map, lengths differ, the maps have different units, there is no place or no value, more
    /// than one inset is asked for, the CRS is in degrees and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let maps = self.maps()?;
        let shades = self.shades(&maps)?;
        refuse(lint_design(&shades.design), options)?;
        if let Some(second) = options.insets.get(1) {
            return Err(second.refused("has no room: small maps have one window each; leave one of them out"));
        }
        let projection = Projection::of(self.zones, options)?;
        let crs = &projection.crs;
        let zones = ColouredZones::new((self.zones, self.names), shades, crs, options, language)?;
        let nowhere = || MapError::Nowhere { rows: self.names.len() };
        let context: Vec<Context> =
            options.context.iter().map(|layer| layer.prepare(crs)).collect::<Result<_, _>>()?;
        let bounds =
            context.iter().filter_map(Context::framed).fold(zones.bounds().ok_or_else(nowhere)?, union);
        let windows = windows(&options.insets, crs, bounds)?;

        let mut table = DataTable::new(&captions.title)
            .with(Column::text(capitalised(&options.zone_word), self.names.iter().cloned()));
        let mut description = vec![describe_classes(&zones.shades.classes, language)];
        for ((title, _), rows) in self.maps.iter().zip(&maps) {
            table = table.with(Column { name: title.clone(), ..rows.column(language) });
            let colon = language.pick("\u{a0}: ", ": ");
            description
                .push(format!("{title}{colon}{}", describe_values(rows, &options.zone_word, language)));
        }
        description.extend(zones.absent.clone());
        let description = describe_windows(description.join(" "), &windows, language);
        let sheet = MultiplesSheet {
            titles: self.maps.iter().map(|(title, _)| &title[..]).collect(),
            maps,
            zones,
            context,
            bounds,
            windows,
            projection,
            options,
            captions,
        };
        options.view(captions, |width| sheet.draw(width), table, description)
    }

    /// The rows of each map.
    fn maps(&self) -> Result<Vec<Rows>, MapError> {
        let of = |values: &[Measured]| Rows::new(self.zones.len(), self.names, values, &self.shading.measure);
        self.maps.iter().map(|(_, values)| of(values)).collect()
    }

    /// The rows of all maps together in their classes.
    fn shades(&self, maps: &[Rows]) -> Result<Shades, MapError> {
        let values: Vec<Measured> = maps.iter().flat_map(|rows| rows.values.iter().cloned()).collect();
        let names: Vec<String> = maps.iter().flat_map(|rows| rows.names.iter().cloned()).collect();
        self.shading.shades(Rows::new(values.len(), &names, &values, &self.shading.measure)?)
    }
}

struct MultiplesSheet<'a> {
    titles: Vec<&'a str>,
    maps: Vec<Rows>,
    /// With the rows of all maps together.
    zones: ColouredZones<'a>,
    context: Vec<Context>,
    bounds: Rect,
    /// One at most.
    windows: Vec<Window>,
    projection: Projection,
    options: &'a MapOptions,
    captions: &'a Captions,
}

/// Between small maps, px.
const GAP: f64 = 14.0;
/// Room for the scale bar between a map and its window, px.
const BAR: f64 = 24.0;

impl MultiplesSheet<'_> {
    fn draw(&self, width: f64) -> Result<Scene, MapError> {
        let mut frame = Frame::new(self.captions, width);
        let language = self.captions.language();
        let narrow = is_narrow(width);
        let inner = width - 2.0 * MARGIN;
        let count = self.maps.len();
        let columns = match count {
            0 | 1 => 1,
            2 | 4 => 2,
            _ if narrow => 2,
            _ => 3,
        };
        // The legend stands in a cell that maps leave empty, else beside them; below them where there is one row of three.
        let taken = count % columns;
        let beside = match narrow || count == 3 || taken > 0 {
            true => 0.0,
            false => BESIDE + 22.0,
        };
        let each = (inner - beside - GAP * (columns - 1) as f64) / columns as f64;
        let (top, scene) = (frame.top, &mut frame.scene);
        let (mut y, mut bottom) = (top, top - GAP);
        let mut seen = vec![false; self.context.len()];
        for (index, rows) in self.maps.iter().enumerate() {
            if index % columns == 0 {
                y = bottom + GAP;
            }
            let left = MARGIN + (each + GAP) * (index % columns) as f64;
            let title = shorten_text(self.titles[index], 12.5, true, each);
            scene.text(Text::new(title, left, y + 11.0).size(12.5).bold());
            let ground = Ground::fit(self.bounds, left, y + 18.0, each, 1.3 * each);
            let here = self.draw_layers(rows, &ground, scene)?;
            seen.iter_mut().zip(here).for_each(|(seen, here)| *seen |= here);
            bottom = ground.area.bottom;
            // One scale for all, below the last.
            let scaled = index + 1 == self.maps.len() && self.projection.is_to_scale();
            if scaled {
                bottom = draw_scale_bar(scene, &ground, bottom + 8.0, language);
            }
            for window in &self.windows {
                // Below the bar, whether this map has it or not: windows of a row stand side by side.
                let head = ground.area.bottom + BAR;
                let title = shorten_text(&window.title, 11.0, true, each);
                scene.text(Text::new(title, left, head + 10.0).size(11.0).bold());
                let enlarged = ground.window(window.bounds, left, head + 15.0, each, 0.8 * each);
                self.draw_layers(rows, &enlarged, scene)?;
                scene.add(Mark::new(Shape::Rect(enlarged.area)).stroke(Stroke::new(Colour::INK, 1.0)));
                draw_frames(&ground, std::slice::from_ref(&enlarged), scene);
                bottom = enlarged.area.bottom;
                if scaled {
                    bottom = draw_scale_bar(scene, &enlarged, bottom + 6.0, language);
                }
            }
        }
        let (x, y, room) = if taken > 0 {
            (MARGIN + (each + GAP) * taken as f64, y + 4.0, each)
        } else if beside > 0.0 {
            (width - MARGIN - BESIDE, top + 4.0, BESIDE)
        } else {
            (MARGIN, bottom + 14.0, if narrow { inner } else { each })
        };
        let mut legend = Legend::new(scene, x, y, room, language);
        let counted = match language {
            Language::French => format!("{}, {} cartes", self.options.zone_word, self.maps.len()),
            Language::English => format!("{}, {} maps", self.options.zone_word, self.maps.len()),
        };
        self.zones.shades.explain(&counted, &mut legend, language);
        explain_seen(&self.context, &seen, &mut legend);
        for words in [self.zones.absent.clone(), self.projection.words(language)].into_iter().flatten() {
            legend.gap(4.0);
            legend.words(&words);
        }
        let bottom = bottom.max(legend.bottom());
        Ok(frame.finish(bottom))
    }

    /// Surfaces and lines of one map; which layers of the context are seen.
    fn draw_layers(&self, rows: &Rows, ground: &Ground, scene: &mut Scene) -> Result<Vec<bool>, MapError> {
        let zones = |scene: &mut Scene| self.zones.draw(rows, ground, scene);
        draw_amid(&self.context, self.options, ground, scene, |_| Ok(()), zones)
    }
}
