//! Amounts as circles side by side.
mod layout;

use datagora_core::{Language, Measured, Unit};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Rect};

use self::layout::{Form, Symbol, layout};
use super::amounts::{Amounts, SizedRows, amount_methods};
use super::border::shared_borders;
use super::ground::Ground;
use super::inset::refuse_on_cartogram;
use super::places::{DARK_RIM, RIM, describe_unplaced, explain_no_value, explain_zeros, positions};
use super::projection::Projection;
use super::rates::SymbolRates;
use super::rows::is_secret;
use super::sheet::{Sheet, Theme, union};
use super::{MOST_POINTS, MapError, MapOptions, check_rows, projected};
use crate::label::Wish;
use crate::legend::{Legend, WITHHELD};
use crate::{
    Captions, Colour, Column, Extent, Fill, Finding, Mark, Scene, Shape, Stroke, Text, View, format_short,
    text_width,
};

/// A cartogram of circles: the surface of each is proportional to an amount, none overlaps another, and each is near its
/// place.
///
/// ![Circles of the communes of a city side by side, as large as their population, in four classes of unemployment](pictures/dorling.svg)
///
/// Where many live in little space, a map shows them small and on top of each other; here each inhabitant has the same
/// surface. Circles of zones that share a border are drawn towards each other. The picture and the description say how
/// far circles are from their places. By [`with_rates`](Self::with_rates) they are coloured by a rate.
///
/// # Missing values
///
/// Places without value are small hollow circles, places whose value is secret small grey ones; a value known only by an
/// interval counts as missing. A zero has no circle; the legend counts them.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, Dorling, MapOptions};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let people = [4_300.0, 10_900.0, 2_200.0].map(|value| Measured::new(value, Unit::of("{inhabitant}")));
/// let view = Dorling::new(&zones, &names, &people)
///     .with_measure("Population")
///     .draw(&MapOptions::default(), &Captions::new("people", "Les communes par leurs habitants", Language::French))?;
/// assert!(view.description().contains("Cercles déplacés"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Dorling, D. (1996). *Area Cartograms: Their Use and Creation*. CATMOG 59. Squares: Demers, S., as in Bortins, I.,
/// Demers, S. (2002), *Cartogram Central*. R: `cartogram_dorling`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dorling<'a> {
    amounts: Amounts<'a>,
    form: Form,
}

impl<'a> Dorling<'a> {
    /// Zones (or points) with the name and the amount of each.
    pub fn new(places: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self { amounts: Amounts::new(places, names, values, Colour::rgb(0, 114, 178)), form: Form::Circle }
    }

    amount_methods!("symbols");

    /// With squares in place of circles (a Demers cartogram): less empty space between neighbours.
    pub fn with_squares(self) -> Self {
        Self { form: Form::Square, ..self }
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, an amount is negative or infinite, there are more than 5,000 places, no
    /// place or no value, an inset is asked for, the CRS is in degrees and no projection suits the place, or the design breaks
    /// a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let sized = self.amounts.sized()?;
        let count = sized.rows.names.len();
        if count > MOST_POINTS {
            return Err(MapError::TooManyPoints { found: count, most: MOST_POINTS });
        }
        check_rows(options, count)?;
        refuse_on_cartogram(&options.insets)?;
        sized.check(options)?;
        let projection = Projection::of(self.amounts.places, options)?;
        let zones = projected(self.amounts.places, &projection.crs)?;
        let theme = self.arrange(sized, &zones, options, language)?;

        let moved = theme.places.iter().map(|place| place.as_ref().map_or(f64::NAN, |place| place.moved));
        let heading = language.pick("Déplacement du symbole", "Symbol moved by");
        let table = theme.sized.table(&captions.title, &options.zone_word, language).with(Column::numbers(
            heading,
            Unit::METRE,
            moved.map(f64::round),
        ));
        let description = theme.sized.describe(&options.zone_word, [theme.moved(), theme.absent()], language);
        Sheet::new(&theme, count, &projection, options, captions)?.without_scale().view(table, description)
    }

    /// Gives each place its symbol.
    fn arrange(
        &self,
        sized: SizedRows,
        zones: &GeometryColumn,
        options: &'a MapOptions,
        language: Language,
    ) -> Result<DorlingTheme<'a>, MapError> {
        let homes = positions(zones);
        let nowhere = || MapError::Nowhere { rows: homes.len() };
        let bounds = zones.bounds().ok_or_else(nowhere)?;
        let extent = bounds.width().max(bounds.height()).max(1.0);
        let amounts = sized.rows.numbers();
        // Radii for a scale of one, and which rows have a symbol at all.
        let placed: Vec<usize> = (0..homes.len()).filter(|&row| homes[row].is_some()).collect();
        if placed.is_empty() {
            return Err(nowhere());
        }
        let plain = |row: usize| if amounts[row] > 0.0 { amounts[row].sqrt() } else { 0.0 };
        let borders: Vec<(usize, usize, f64)> = shared_borders(zones)
            .iter()
            .map(|border| (border.zones[0], border.zones[1], border.length))
            .collect();
        let scale = scale_of(&borders, &homes, &plain, self.form).unwrap_or_else(|| {
            // Without borders: symbols fill a third of the ground.
            let surface: f64 = placed.iter().map(|&row| self.form.area(plain(row))).sum();
            (bounds.width().max(0.2 * extent) * bounds.height().max(0.2 * extent) / 3.0 / surface).sqrt()
        });
        let scale = if scale.is_finite() { scale } else { 0.0 };
        let symbol = |row: usize, home: Coord| Symbol {
            home,
            radius: if amounts[row].is_nan() { NO_VALUE * extent } else { scale * plain(row) },
        };
        let symbols: Vec<Symbol> = placed.iter().filter_map(|&row| Some(symbol(row, homes[row]?))).collect();
        let position_of: Vec<Option<usize>> = {
            let mut position_of = vec![None; homes.len()];
            placed.iter().enumerate().for_each(|(position, &row)| position_of[row] = Some(position));
            position_of
        };
        let borders: Vec<(usize, usize, f64)> = borders
            .into_iter()
            .filter_map(|(a, b, length)| Some((position_of[a]?, position_of[b]?, length)))
            .filter(|&(a, b, _)| symbols[a].radius > 0.0 && symbols[b].radius > 0.0)
            .collect();
        let at = layout(&symbols, &borders, self.form);
        let places = position_of
            .iter()
            .map(|position| {
                let position = (*position)?;
                let (symbol, at) = (symbols[position], at[position]);
                let moved = libm::hypot(at.x - symbol.home.x, at.y - symbol.home.y);
                Some(Placed { at, radius: symbol.radius, moved })
            })
            .collect();
        let (colour, form) = (self.amounts.colour, self.form);
        Ok(DorlingTheme { sized, places, scale, colour, form, options, language })
    }
}

impl Form {
    /// Surface for half a height.
    fn area(self, radius: f64) -> f64 {
        match self {
            Form::Circle => std::f64::consts::PI * radius * radius,
            Form::Square => 4.0 * radius * radius,
        }
    }

    fn shape(self, x: f64, y: f64, radius: f64) -> Shape {
        match self {
            Form::Circle => Shape::Circle { x, y, radius },
            Form::Square => Shape::Rect(Extent {
                left: x - radius,
                top: y - radius,
                right: x + radius,
                bottom: y + radius,
            }),
        }
    }
}

/// Metres of radius for one of the plain radius, by the rule of Dorling: neighbours are as far apart in all as their radii
/// add up to. `None` without neighbours.
fn scale_of(
    borders: &[(usize, usize, f64)],
    homes: &[Option<Coord>],
    plain: &dyn Fn(usize) -> f64,
    form: Form,
) -> Option<f64> {
    let (mut distances, mut radii) = (0.0, 0.0);
    for &(a, b, _) in borders {
        let (Some(from), Some(to)) = (homes[a], homes[b]) else { continue };
        distances += libm::hypot(to.x - from.x, to.y - from.y);
        radii += plain(a) + plain(b);
    }
    // Squares of the sides of that rule would be larger than circles of the same radii.
    let smaller = (std::f64::consts::PI / form.area(1.0)).sqrt();
    (radii > 0.0 && distances > 0.0).then(|| smaller * distances / radii)
}

/// Radius of the signs for places without value, as a share of the longer side of the map.
const NO_VALUE: f64 = 0.006;

/// A symbol in its place.
struct Placed {
    at: Coord,
    radius: f64,
    /// Distance to where it should be, m.
    moved: f64,
}

struct DorlingTheme<'a> {
    sized: SizedRows,
    places: Vec<Option<Placed>>,
    scale: f64,
    colour: Colour,
    form: Form,
    options: &'a MapOptions,
    language: Language,
}

impl DorlingTheme<'_> {
    /// How far symbols with an amount are from home.
    fn moved(&self) -> Option<String> {
        let amounts = self.sized.rows.numbers();
        let moved: Vec<(usize, f64)> = (0..amounts.len())
            .filter(|&row| amounts[row] > 0.0)
            .filter_map(|row| Some((row, self.places[row].as_ref()?.moved)))
            .collect();
        let &(farthest, most) = moved.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let mean = moved.iter().map(|(_, by)| by).sum::<f64>() / moved.len() as f64;
        let kilometres = |metres: f64| format!("{}\u{a0}km", format_short(metres / 1000.0, self.language));
        let (mean, most, name) = (kilometres(mean), kilometres(most), &self.sized.rows.names[farthest]);
        Some(match (self.language, self.form) {
            (Language::French, Form::Circle) => {
                format!("Cercles déplacés de {mean} en moyenne, {most} au plus ({name}).")
            }
            (Language::French, Form::Square) => {
                format!("Carrés déplacés de {mean} en moyenne, {most} au plus ({name}).")
            }
            (Language::English, Form::Circle) => {
                format!("Circles moved by {mean} on average, {most} at most ({name}).")
            }
            (Language::English, Form::Square) => {
                format!("Squares moved by {mean} on average, {most} at most ({name}).")
            }
        })
    }

    fn absent(&self) -> Option<String> {
        describe_unplaced(&self.places, &self.sized.rows.names, self.language)
    }

    fn fill(&self, row: usize) -> Fill {
        self.sized.shades.as_ref().map_or(Fill::Solid(self.colour), |shades| shades.fill(row))
    }

    /// Names of the largest, each within its symbol.
    fn write_names(&self, ground: &Ground, scene: &mut Scene) {
        let amounts = self.sized.rows.numbers();
        let importance = self.options.importance.as_ref().unwrap_or(&amounts);
        let mut order: Vec<usize> = (0..amounts.len()).filter(|&row| amounts[row] > 0.0).collect();
        order.sort_by(|&a, &b| importance[b].total_cmp(&importance[a]).then(a.cmp(&b)));
        let narrow = ground.area.width() < 400.0;
        let mut left = if narrow { self.options.labels.div_ceil(2) } else { self.options.labels };
        for row in order {
            let Some(placed) = self.places[row].as_ref().filter(|_| left > 0) else { continue };
            let [x, y] = ground.place(placed.at);
            let ink = match self.fill(row) {
                Fill::Solid(colour) => colour.readable_ink(),
                _ => Colour::INK,
            };
            let texts = fitting(&self.sized.rows.names[row], placed.radius * ground.scale, self.form);
            left -= usize::from(!texts.is_empty());
            for (line, dy, size) in texts {
                scene.text(Text::new(line, x, y + dy).size(size).colour(ink).middle());
            }
        }
    }
}

/// The sizes of names, px.
const SIZES: [f64; 4] = [12.0, 11.0, 10.0, 9.0];

/// A name in one line or two, as large as there is room within a symbol: each line with its baseline and size.
fn fitting(name: &str, radius: f64, form: Form) -> Vec<(String, f64, f64)> {
    // Half the width at a height from the middle, with a little air.
    let half_width = |height: f64| match form {
        Form::Circle => ((radius - 1.5).powi(2) - height * height).max(0.0).sqrt(),
        Form::Square if height <= radius - 1.5 => radius - 2.5,
        Form::Square => 0.0,
    };
    let fits = |line: &str, size: f64, height: f64| text_width(line, size, false) <= 2.0 * half_width(height);
    for size in SIZES {
        if fits(name, size, 0.4 * size) {
            return vec![(name.to_owned(), 0.34 * size, size)];
        }
        let breaks = name.char_indices().filter(|(_, c)| matches!(c, ' ' | '-'));
        let halves = breaks.map(|(at, c)| (name[..at + c.len_utf8()].trim_end(), &name[at + c.len_utf8()..]));
        let two = halves
            .filter(|(first, second)| fits(first, size, 0.95 * size) && fits(second, size, 0.95 * size))
            .min_by_key(|(first, second)| first.chars().count().abs_diff(second.chars().count()));
        if let Some((first, second)) = two {
            return vec![(first.to_owned(), -0.2 * size, size), (second.to_owned(), 0.85 * size, size)];
        }
    }
    Vec::new()
}

impl Theme for DorlingTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        let of_symbol = |placed: &Placed| {
            let (at, r) = (placed.at, placed.radius);
            Rect::new(Coord { x: at.x - r, y: at.y - r }, Coord { x: at.x + r, y: at.y + r })
        };
        self.places.iter().flatten().map(of_symbol).reduce(union)
    }

    fn draw_surfaces(&self, _: &Ground, _: &mut Scene) -> Result<(), MapError> {
        Ok(())
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        for (row, placed) in self.places.iter().enumerate() {
            let Some(placed) = placed.as_ref().filter(|placed| placed.radius > 0.0) else { continue };
            let [x, y] = ground.place(placed.at);
            let mark = Mark::new(self.form.shape(x, y, placed.radius * ground.scale))
                .tip(self.sized.tip(row, self.language));
            let value = &self.sized.rows.values[row];
            let hollow = Stroke::new(Colour::MUTED, 1.0);
            scene.add(match value.value() {
                Some(amount) if !amount.is_nan() => {
                    let rim = if self.sized.shades.is_some() { DARK_RIM } else { RIM };
                    mark.fill(self.fill(row)).stroke(rim)
                }
                _ if is_secret(value) => mark.fill(WITHHELD).stroke(hollow),
                _ => mark.fill(Fill::Solid(Colour::WHITE)).stroke(hollow),
            });
        }
        self.write_names(ground, scene);
    }

    fn names(&self, _: &Ground) -> Vec<Wish> {
        // Those that fit stand within their symbols.
        Vec::new()
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let (language, rows) = (self.language, &self.sized.rows);
        legend.title(&rows.heading(language), &rows.unit.symbol(language));
        let radius = |amount: f64| self.scale * amount.sqrt() * ground.scale;
        let shape = |x: f64, y: f64, radius: f64| self.form.shape(x, y, radius);
        legend.nested(self.sized.largest(), radius, shape, Fill::None, Stroke::new(Colour::MUTED, 1.0));
        let sign = |[x, y]: [f64; 2]| self.form.shape(x, y, 3.0);
        explain_no_value([rows.missing().len(), rows.secret().len()], sign, legend, language);
        explain_zeros(&rows.values, ("symbole", "symbol"), legend, language);
        for remark in [self.moved(), self.absent()].into_iter().flatten() {
            legend.words(&remark);
        }
        self.sized.explain_rates(&self.options.zone_word, legend, language);
    }
}
