//! Where things are.
use datagora_core::Language;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Rect};

use super::ground::Ground;
use super::kind::Sign;
use super::places::{bounds_of, positions};
use super::projection::Projection;
use super::rows::capitalised;
use super::sheet::{Sheet, Theme};
use super::symbols::{Hues, categories_of};
use super::{MOST_POINTS, MapError, MapOptions, projected, refuse};
use crate::label::Wish;
use crate::legend::Legend;
use crate::semiology::{Design, Variable, lint_design};
use crate::{
    Captions, Colour, Column, DataTable, Fill, Mark, Palette, Qualitative, Scene, Shape, Stroke, View,
    format_number,
};

/// Points where things are, such as counters, with a colour and a shape for each category if they have one.
///
/// ![Counters of a city in three hues and shapes for three modes](pictures/points.svg)
///
/// Kinds have shapes beside their hues, so that they are told apart by those who see no colours, and on black and white paper. In
/// an ordered palette, lightness does so, and all are circles.
///
/// # Missing values
///
/// Rows without position are not on the map; the description and the legend say how many, the table lists them.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Captions, MapOptions, PointMap};
///
/// let places = GeometryColumn::points(vec![0.0, 900.0], vec![0.0, 400.0], Crs::CC46);
/// let names = ["Pont de la Guillotière", "Quai Augagneur"].map(String::from);
/// let modes = ["vélo", "voiture"].map(String::from);
/// let view = PointMap::new(&places, &names)
///     .with_categories("Mode", &modes)
///     .draw(&MapOptions::default(), &Captions::new("counters", "Les compteurs", Language::French))?;
/// assert!(view.description().contains("vélo (1)"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PointMap<'a> {
    places: &'a GeometryColumn,
    names: &'a [String],
    categories: Option<(String, &'a [String])>,
    order: Vec<String>,
    palette: Palette,
}

impl<'a> PointMap<'a> {
    /// Places with the name of each.
    pub fn new(places: &'a GeometryColumn, names: &'a [String]) -> Self {
        let palette = Palette::Qualitative(Qualitative::default());
        Self { places, names, categories: None, order: Vec::new(), palette }
    }

    /// With a category for each place, shown by hue and shape, and what the categories divide.
    pub fn with_categories(self, variable: impl Into<String>, categories: &'a [String]) -> Self {
        Self { categories: Some((variable.into(), categories)), ..self }
    }

    /// With these categories first, in this order, in the legend and in the palette; the others follow by frequency.
    pub fn with_order(self, order: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { order: order.into_iter().map(Into::into).collect(), ..self }
    }

    /// With these colours.
    pub fn with_palette(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths differ, no row has a position, there are more than 5,000 points, the CRS is in degrees and
    /// no projection suits the place, or there are more categories than colours or than readers tell apart.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let (rows, language) = (self.places.len(), captions.language());
        if self.names.len() != rows {
            return Err(MapError::Length { what: "names", found: self.names.len(), needed: rows });
        }
        if rows > MOST_POINTS {
            return Err(MapError::TooManyPoints { found: rows, most: MOST_POINTS });
        }
        let hues = categories_of(self.categories.as_ref().map(|(_, categories)| *categories), rows)?
            .in_order(&self.order);
        let colours = self.palette.colours(hues.names.len().max(1))?;
        let design = Design {
            variable: Variable::Hue,
            colours: colours.clone(),
            ordered: self.palette.is_ordered(),
            values: rows,
            ..Design::default()
        };
        refuse(lint_design(&design), options)?;
        let projection = Projection::of(self.places, options)?;
        let places = positions(&projected(self.places, &projection.crs)?);
        let placed = places.iter().flatten().count();

        let number = |n: usize| format_number(n as f64, 0, language);
        let colon = language.pick("\u{a0}: ", ": ");
        let mut description = format!("{} {}", number(placed), options.zone_word);
        let mut table = DataTable::new(&captions.title)
            .with(Column::text(capitalised(&options.zone_word), self.names.iter().cloned()));
        if let Some((variable, categories)) = &self.categories {
            let parts: Vec<String> = hues
                .names
                .iter()
                .zip(&hues.counts)
                .map(|(name, n)| format!("{name} ({})", number(*n)))
                .collect();
            description = format!("{description}{colon}{}", parts.join(", "));
            table = table.with(Column::text(capitalised(variable), categories.iter().cloned()));
        }
        description.push('.');
        if placed < rows {
            let lost = number(rows - placed);
            description.push_str(&match language {
                Language::French => format!(" Sans position connue\u{a0}: {lost}."),
                Language::English => format!(" Position not known: {lost}."),
            });
            let known = |place: &Option<Coord>| match place {
                Some(_) => language.pick("oui", "yes"),
                None => language.pick("non", "no"),
            };
            table = table
                .with(Column::text(language.pick("Sur la carte", "On the map"), places.iter().map(known)));
        }
        let theme = DotTheme { map: self, places, hues, colours, options, language };
        Sheet::new(&theme, rows, &projection, options, captions)?.view(table, description)
    }
}

struct DotTheme<'a> {
    map: &'a PointMap<'a>,
    places: Vec<Option<Coord>>,
    hues: Hues,
    colours: Vec<Colour>,
    options: &'a MapOptions,
    language: Language,
}

impl DotTheme<'_> {
    /// The sign of a kind.
    fn sign(&self, kind: usize) -> Sign {
        if self.map.palette.is_ordered() { Sign::Circle } else { Sign::of_kind(kind) }
    }

    /// A point of a kind as it looks.
    fn mark(&self, shape: Shape, kind: usize) -> Mark {
        Mark::new(shape).fill(Fill::Solid(self.colours[kind])).stroke(Stroke::new(Colour::WHITE, 0.7))
    }

    /// Smaller where there are many.
    fn radius(&self, ground: &Ground) -> f64 {
        let room = (ground.main.width() * ground.main.height() / self.places.len().max(1) as f64).sqrt();
        (0.11 * room).clamp(1.2, 4.2)
    }
}

impl Theme for DotTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        bounds_of(self.places.iter().flatten())
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let radius = self.radius(ground);
        let colon = self.language.pick("\u{a0}: ", ": ");
        for (row, place) in self.places.iter().enumerate() {
            let Some(place) = place else { continue };
            let kind = self.hues.of[row];
            let Some(shape) = self.sign(kind).on(ground, ground.place(*place), radius) else { continue };
            let name = &self.map.names[row];
            let tip = match &self.map.categories {
                Some((_, categories)) => format!("{name}{colon}{}", categories[row]),
                None => name.clone(),
            };
            scene.add(self.mark(shape, kind).tip(tip));
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        // Which dots matter most only the caller knows.
        let Some(importance) = &self.options.importance else { return Vec::new() };
        let clearance = self.radius(ground);
        (0..self.places.len())
            .filter_map(|row| {
                let [x, y] = ground.place(self.places[row]?);
                Some(Wish { text: self.map.names[row].clone(), x, y, importance: importance[row], clearance })
            })
            .collect()
    }

    fn explain(&self, _: &Ground, legend: &mut Legend<'_>) {
        if let Some((variable, _)) = &self.map.categories {
            legend.title(&capitalised(variable), "");
        }
        let mut explain = |kind: usize, words: &str, count: usize| {
            let sign = |at| vec![self.mark(self.sign(kind).shape(at, 5.5), kind)];
            legend.drawn(words, Some(count), sign);
        };
        for (kind, (name, count)) in self.hues.names.iter().zip(&self.hues.counts).enumerate() {
            explain(kind, &capitalised(name), *count);
        }
        if self.hues.names.is_empty() {
            explain(0, &self.options.zone_word, self.places.iter().flatten().count());
        }
        let lost = self.places.iter().filter(|place| place.is_none()).count();
        if lost > 0 {
            let count = format_number(lost as f64, 0, self.language);
            legend.words(&match self.language {
                Language::French => format!("Sans position connue\u{a0}: {count}."),
                Language::English => format!("Position not known: {count}."),
            });
        }
    }
}
