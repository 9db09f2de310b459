//! Zones coloured by category.
use datagora_core::Language;
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::coverage::Coverage;
use super::ground::Ground;
use super::projection::Projection;
use super::rows::capitalised;
use super::sheet::{Sheet, Theme};
use super::symbols::categories_of;
use super::zones::{draw_zones, zone_names};
use super::{MapError, MapOptions, refuse};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA};
use crate::semiology::{Design, Variable, lint_design};
use crate::{Captions, Colour, Column, DataTable, Fill, Palette, Qualitative, Scene, View, format_number};

/// Zones coloured by category, such as the kind of an IRIS.
///
/// ![Zones of a city in five hues for five uses of the ground, hatched where it is not known](pictures/typology.svg)
///
/// # Missing values
///
/// Zones without category are hatched.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, MapOptions, Typology};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Centre", "Gare", "Parc"].map(String::from);
/// let kinds = [Some("Habitat".to_owned()), Some("Activité".to_owned()), None];
/// let view = Typology::new(&zones, &names, &kinds)
///     .draw(&MapOptions::default(), &Captions::new("kinds", "Types d’IRIS", Language::French))?;
/// assert!(view.description().contains("Habitat (1)"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Typology<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    categories: &'a [Option<String>],
    variable: String,
    order: Vec<String>,
    palette: Palette,
}

impl<'a> Typology<'a> {
    /// Zones with the name and the category of each; `None` where it is not known.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String], categories: &'a [Option<String>]) -> Self {
        let palette = Palette::Qualitative(Qualitative::default());
        Self { zones, names, categories, variable: String::new(), order: Vec::new(), palette }
    }

    /// With the name of what the categories divide.
    pub fn with_variable(self, variable: impl Into<String>) -> Self {
        Self { variable: variable.into(), ..self }
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
    /// [`MapError`] if lengths differ, no zone has a place or a category, the CRS is in degrees and no projection suits
    /// the place, or there are more categories than colours or than readers tell apart.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let (rows, language) = (self.zones.len(), captions.language());
        for (what, found) in [("names", self.names.len()), ("categories", self.categories.len())] {
            if found != rows {
                return Err(MapError::Length { what, found, needed: rows });
            }
        }
        let known: Vec<String> = self.categories.iter().flatten().cloned().collect();
        if known.is_empty() {
            return Err(MapError::Empty { rows });
        }
        let ordered = categories_of(Some(&known), known.len())?.in_order(&self.order);
        let categories: Vec<(String, usize)> = ordered.names.into_iter().zip(ordered.counts).collect();
        let missing = rows - known.len();
        let design = Design {
            variable: Variable::Hue,
            colours: self.palette.colours(categories.len())?,
            ordered: self.palette.is_ordered(),
            missing,
            values: rows,
            ..Design::default()
        };
        refuse(lint_design(&design), options)?;
        let projection = Projection::of(self.zones, options)?;

        let parts: Vec<String> = categories
            .iter()
            .map(|(name, count)| format!("{name} ({})", format_number(*count as f64, 0, language)))
            .collect();
        let heading = match &self.variable[..] {
            "" => language.pick("Catégorie", "Category").to_owned(),
            variable => capitalised(variable),
        };
        let no_data = language.pick("pas de donnée", "no data");
        let colon = language.pick("\u{a0}: ", ": ");
        let count = format_number(rows as f64, 0, language);
        let mut description = format!("{heading}, {count} {}{colon}{}.", options.zone_word, parts.join(", "));
        if missing > 0 {
            description.push_str(&format!(" {}{colon}{missing}.", capitalised(no_data)));
        }
        let words = self.categories.iter().map(|category| category.clone().unwrap_or_else(|| "–".to_owned()));
        let table = DataTable::new(&captions.title)
            .with(Column::text(capitalised(&options.zone_word), self.names.iter().cloned()))
            .with(Column::text(&heading, words));
        let theme = TypologyTheme {
            zones: Coverage::projected(self.zones, &projection.crs)?,
            map: self,
            categories,
            colours: design.colours,
            heading,
            options,
            language,
        };
        Sheet::new(&theme, rows, &projection, options, captions)?.view(table, description)
    }
}

struct TypologyTheme<'a> {
    zones: Coverage,
    map: &'a Typology<'a>,
    categories: Vec<(String, usize)>,
    colours: Vec<Colour>,
    heading: String,
    options: &'a MapOptions,
    language: Language,
}

impl Theme for TypologyTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        let colon = self.language.pick("\u{a0}: ", ": ");
        let no_data = self.language.pick("pas de donnée", "no data");
        draw_zones(&self.zones, ground, scene, |row, mark| {
            let category = self.map.categories[row].as_ref();
            let position = category.and_then(|own| self.categories.iter().position(|(name, _)| name == own));
            let fill = position.map_or(NO_DATA, |position| Fill::Solid(self.colours[position]));
            let words = category.map_or(no_data, |category| &category[..]);
            mark.fill(fill).tip(format!("{}{colon}{words}", self.map.names[row]))
        })
    }

    fn draw_symbols(&self, _: &Ground, _: &mut Scene) {}

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        zone_names(&self.zones, self.map.names, self.options, ground)
    }

    fn explain(&self, _: &Ground, legend: &mut Legend<'_>) {
        legend.title(&self.heading, "");
        for ((name, count), colour) in self.categories.iter().zip(&self.colours) {
            legend.category(*colour, false, &capitalised(name), Some(*count));
            legend.gap(2.0);
        }
        let known: usize = self.categories.iter().map(|(_, count)| count).sum();
        legend.apart(
            NO_DATA,
            self.language.pick("pas de donnée", "no data"),
            self.map.categories.len() - known,
        );
    }
}
