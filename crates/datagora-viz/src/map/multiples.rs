//! The same zones several times, in one classification.
use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::choropleth::{draw_classes, explain_classes};
use super::ground::Ground;
use super::projection::Projection;
use super::rows::{Rows, capitalised};
use super::sheet::{BESIDE, draw_scale_bar, is_narrow, union};
use super::words::{describe_absent, describe_classes, describe_values};
use super::{Context, MapError, MapOptions, projected, refuse};
use crate::frame::{Frame, MARGIN, NARROW, WIDE};
use crate::legend::Legend;
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{
    Captions, Classes, Colour, Column, DataTable, Method, Palette, Scene, Text, View, classify, shorten_text,
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
    measure: String,
    method: Method,
    classes: usize,
    palette: Palette,
    centre: Option<f64>,
}

impl<'a> MapMultiples<'a> {
    /// Zones with the name of each, in five classes by exact Fisher.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String]) -> Self {
        Self {
            zones,
            names,
            maps: Vec::new(),
            measure: String::new(),
            method: Method::default(),
            classes: 5,
            palette: Palette::default(),
            centre: None,
        }
    }

    /// With one more map: its title, such as a year, and the value of each zone.
    pub fn with_map(mut self, title: impl Into<String>, values: &'a [Measured]) -> Self {
        self.maps.push((title.into(), values));
        self
    }

    /// With the name of what is measured, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// Divides the values of all maps together by this method into this many classes.
    pub fn with_method(self, method: Method, classes: usize) -> Self {
        Self { method, classes, ..self }
    }

    /// With these colours.
    pub fn with_palette(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// Lets a diverging palette change sides at this value.
    pub fn with_centre(self, centre: f64) -> Self {
        Self { centre: Some(centre), ..self }
    }

    /// The rules of semiology that the maps break; [`MapMultiples::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`MapMultiples::draw`], for values that cannot be classified.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        let (_, all) = self.rows()?;
        let classes = self.classes_of(&all)?;
        Ok(lint_design(&self.design(&all, &classes)?))
    }

    /// Draws the maps. Names of zones and enlarged windows have no room on them.
    ///
    /// # Errors
    ///
    /// [`MapError`] if there is no map, lengths differ, the maps have different units, there is no place or no value, an
    /// inset is asked for, the CRS is in degrees and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let (maps, all) = self.rows()?;
        let classes = self.classes_of(&all)?;
        let design = self.design(&all, &classes)?;
        refuse(lint_design(&design), options)?;
        if let Some(inset) = options.insets.first() {
            return Err(inset.refused("has no room among small maps"));
        }
        let projection = Projection::of(self.zones, options)?;
        let zones = projected(self.zones, &projection.crs)?;
        let nowhere = || MapError::Nowhere { rows: self.names.len() };
        let context: Vec<Context> =
            options.context.iter().map(|layer| layer.prepare(&projection.crs)).collect::<Result<_, _>>()?;
        let bounds =
            context.iter().filter_map(Context::framed).fold(zones.bounds().ok_or_else(nowhere)?, union);

        let mut table = DataTable::new(&captions.title)
            .with(Column::text(capitalised(&options.zone_word), self.names.iter().cloned()));
        let mut description = vec![describe_classes(&classes, language)];
        for ((title, _), rows) in self.maps.iter().zip(&maps) {
            let values = rows.values.iter().cloned();
            table = table.with(Column::measured(title.clone(), rows.unit.clone(), values));
            let colon = language.pick("\u{a0}: ", ": ");
            description
                .push(format!("{title}{colon}{}", describe_values(rows, &options.zone_word, language)));
        }
        let lost: Vec<usize> = (0..zones.len()).filter(|&row| zones.is_missing(row)).collect();
        let absent = describe_absent(self.names, &lost, language);
        description.extend(absent.clone());
        let sheet = MultiplesSheet {
            titles: self.maps.iter().map(|(title, _)| &title[..]).collect(),
            maps,
            all,
            classes,
            colours: design.colours,
            zones,
            context,
            bounds,
            projection,
            absent,
            options,
            captions,
        };
        // Both pictures are drawn before either is kept, since drawing may fail.
        let (wide, narrow) = (sheet.draw(WIDE)?, sheet.draw(NARROW)?);
        let pick = |width: f64| if is_narrow(width) { narrow.clone() } else { wide.clone() };
        Ok(captions.view(pick, table, description.join(" ")))
    }

    /// The rows of each map, and those of all together.
    fn rows(&self) -> Result<(Vec<Rows>, Rows), MapError> {
        let of = |values: &[Measured]| Rows::new(self.zones.len(), self.names, values, &self.measure);
        let maps = self.maps.iter().map(|(_, values)| of(values)).collect::<Result<Vec<Rows>, _>>()?;
        let Some(first) = maps.first() else { return Err(MapError::Empty { rows: 0 }) };
        let values: Vec<Measured> = maps.iter().flat_map(|rows| rows.values.iter().cloned()).collect();
        let names: Vec<String> = maps.iter().flat_map(|rows| rows.names.iter().cloned()).collect();
        let all = Rows::new(first.names.len() * maps.len(), &names, &values, &self.measure)?;
        Ok((maps, all))
    }

    fn classes_of(&self, all: &Rows) -> Result<Classes, MapError> {
        if all.numbers().iter().all(|value| value.is_nan()) {
            return Err(MapError::Empty { rows: all.names.len() });
        }
        Ok(classify(&all.numbers(), self.classes, &self.method)?)
    }

    fn design(&self, all: &Rows, classes: &Classes) -> Result<Design, MapError> {
        Ok(Design {
            variable: Variable::SurfaceColour,
            unit: Some(all.unit.clone()),
            colours: self.palette.colours_of(classes, self.centre.or(classes.centre()))?,
            ordered: self.palette.is_ordered(),
            missing: all.missing().len() + all.secret().len(),
            missing_shown: true,
            values: all.values.len(),
            goodness_of_variance_fit: Some(classes.goodness_of_variance_fit()),
        })
    }
}

struct MultiplesSheet<'a> {
    titles: Vec<&'a str>,
    maps: Vec<Rows>,
    all: Rows,
    classes: Classes,
    colours: Vec<Colour>,
    zones: GeometryColumn,
    context: Vec<Context>,
    bounds: Rect,
    projection: Projection,
    absent: Option<String>,
    options: &'a MapOptions,
    captions: &'a Captions,
}

/// Between small maps, px.
const GAP: f64 = 14.0;

impl MultiplesSheet<'_> {
    fn draw(&self, width: f64) -> Result<Scene, MapError> {
        let mut frame = Frame::new(self.captions, width);
        let language = self.captions.language();
        let narrow = is_narrow(width);
        let inner = width - 2.0 * MARGIN;
        let beside = if narrow { 0.0 } else { BESIDE + 22.0 };
        let columns = match self.maps.len() {
            0 | 1 => 1,
            2..=4 => 2,
            _ => {
                if narrow {
                    2
                } else {
                    3
                }
            }
        };
        let each = (inner - beside - GAP * (columns - 1) as f64) / columns as f64;
        let (top, scene) = (frame.top, &mut frame.scene);
        let (mut y, mut bottom) = (top, top - GAP);
        for (index, rows) in self.maps.iter().enumerate() {
            if index % columns == 0 {
                y = bottom + GAP;
            }
            let left = MARGIN + (each + GAP) * (index % columns) as f64;
            let title = shorten_text(self.titles[index], 12.5, true, each);
            scene.text(Text::new(title, left, y + 11.0).size(12.5).bold());
            let ground = Ground::fit(self.bounds, left, y + 18.0, each, 1.3 * each);
            for layer in self.context.iter().filter(|layer| !layer.is_above()) {
                layer.draw(&ground, scene)?;
            }
            draw_classes(&self.zones, (rows, &self.classes, &self.colours), language, &ground, scene)?;
            for layer in self.context.iter().filter(|layer| layer.is_above()) {
                layer.draw(&ground, scene)?;
            }
            bottom = ground.area.bottom;
            // One scale for all, below the last.
            if index + 1 == self.maps.len() && self.projection.is_to_scale() {
                bottom = draw_scale_bar(scene, &ground, bottom + 8.0, language);
            }
        }
        let (x, y) = if narrow { (MARGIN, bottom + 14.0) } else { (width - MARGIN - BESIDE, top + 4.0) };
        let mut legend = Legend::new(scene, x, y, if narrow { inner } else { BESIDE }, language);
        let counted = match language {
            Language::French => format!("{}, {} cartes", self.options.zone_word, self.maps.len()),
            Language::English => format!("{}, {} maps", self.options.zone_word, self.maps.len()),
        };
        explain_classes(&self.all, &self.classes, &self.colours, &counted, &mut legend, language);
        for words in [self.absent.clone(), self.projection.words(language)].into_iter().flatten() {
            legend.gap(4.0);
            legend.words(&words);
        }
        let bottom = bottom.max(legend.bottom());
        Ok(frame.finish(bottom))
    }
}
