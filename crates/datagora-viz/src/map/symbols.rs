//! Amounts as circles.
use std::collections::BTreeMap;

use datagora_core::{Crs, Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::ground::Ground;
use super::places::{
    DARK_RIM, NO_VALUE, Places, RIM, explain_no_value, explain_zeros, no_value, small_circle,
};
use super::projection::Projection;
use super::rates::SymbolRates;
use super::rows::{Rows, capitalised, is_secret};
use super::shading::{Shades, class_column};
use super::sheet::{Sheet, Theme};
use super::words::describe_values;
use super::{MOST_POINTS, MapError, MapOptions, projected, refuse};
use crate::label::Wish;
use crate::legend::Legend;
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{Captions, Colour, Column, Fill, Mark, Palette, Qualitative, Scene, Stroke, View, format_number};

/// Amounts as circles whose surface is proportional to them, at points or within zones.
///
/// ![Circles on the communes of a city, their surface proportional to the trees there](pictures/symbols.svg)
///
/// The largest are drawn first, so that none hides another. A value known only by an interval is a circle for its lower
/// bound within a dashed circle for its upper.
///
/// # Missing values
///
/// Places without value are small hollow circles, places whose value is secret small grey ones. A zero has no circle;
/// the legend counts them.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Captions, MapOptions, ProportionalSymbols};
///
/// let places = GeometryColumn::points(vec![0.0, 4_000.0], vec![0.0, 3_000.0], Crs::LAMBERT_93);
/// let names = ["Bron", "Lyon"].map(String::from);
/// let trees = [6_100.0, 30_200.0].map(|value| Measured::new(value, Unit::of("{tree}")));
/// let view = ProportionalSymbols::new(&places, &names, &trees)
///     .with_measure("Street trees")
///     .draw(&MapOptions::default(), &Captions::new("trees", "Trees", Language::English))?;
/// assert!(view.to_svg().contains("<circle"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ProportionalSymbols<'a> {
    places: &'a GeometryColumn,
    names: &'a [String],
    values: &'a [Measured],
    measure: String,
    categories: Option<&'a [String]>,
    rates: Option<SymbolRates<'a>>,
    colour: Colour,
    radius: f64,
}

impl<'a> ProportionalSymbols<'a> {
    /// Places (points, or zones of which an inner point is taken) with the name and the amount of each.
    pub fn new(places: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self {
            places,
            names,
            values,
            measure: String::new(),
            categories: None,
            rates: None,
            colour: Colour::rgb(0, 114, 178),
            radius: 0.055,
        }
    }

    /// With the name of what is measured, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// With a category for each place, shown by hue instead of a rate.
    pub fn with_categories(self, categories: &'a [String]) -> Self {
        Self { categories: Some(categories), rates: None, ..self }
    }

    /// With a rate for each place, shown by the colour of its circle instead of a category; the legend explains size and
    /// colour one after the other.
    ///
    /// ```
    /// use datagora_core::{Crs, Language, Measured, Unit};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_viz::{Captions, MapOptions, ProportionalSymbols, SymbolRates};
    ///
    /// let places = GeometryColumn::points(vec![0.0, 4_000.0], vec![0.0, 3_000.0], Crs::LAMBERT_93);
    /// let names = ["Bron", "Lyon"].map(String::from);
    /// let people = [42_982.0, 522_250.0].map(|value| Measured::new(value, Unit::of("{inhabitant}")));
    /// let unemployment = [14.5, 10.2].map(|value| Measured::new(value, Unit::PERCENT));
    /// let view = ProportionalSymbols::new(&places, &names, &people)
    ///     .with_measure("Population")
    ///     .with_rates(SymbolRates::new(&unemployment).with_measure("Unemployment"))
    ///     .draw(&MapOptions::default(), &Captions::new("jobs", "Who looks for a job", Language::English))?;
    /// assert_eq!(view.table().columns().len(), 4);
    /// # Ok::<(), datagora_viz::MapError>(())
    /// ```
    pub fn with_rates(self, rates: SymbolRates<'a>) -> Self {
        Self { rates: Some(rates), categories: None, ..self }
    }

    /// With circles of this colour, if there are neither categories nor rates.
    pub fn with_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// With a largest circle of this radius, as a share of the width of the map.
    pub fn with_radius(self, radius: f64) -> Self {
        Self { radius: radius.clamp(0.005, 0.25), ..self }
    }

    /// The rules of semiology that the map breaks; [`ProportionalSymbols::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`ProportionalSymbols::draw`], for rows that do not agree.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        let rows = Rows::new(self.places.len(), self.names, self.values, &self.measure)?;
        let hues = categories_of(self.categories, self.places.len())?;
        let mut findings = lint_design(&self.design(&rows, &hues)?);
        if let Some(shades) = self.shades()? {
            findings.extend(lint_design(&shades.design));
        }
        Ok(findings)
    }

    fn shades(&self) -> Result<Option<Shades>, MapError> {
        self.rates.as_ref().map(|rates| rates.shades(self.places.len(), self.names)).transpose()
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, an amount is negative or infinite, there are more than 5,000 places, no
    /// place or no value, the CRS is in degrees and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let projection = Projection::of(self.places, options)?;
        let theme = self.theme(&projection.crs, options, language)?;
        let mut table = theme.rows.table(&captions.title, &options.zone_word, language);
        if let Some(categories) = self.categories {
            table =
                table.with(Column::text(language.pick("Catégorie", "Category"), categories.iter().cloned()));
        }
        if let Some(Shades { rows, classes, .. }) = &theme.shades {
            table = table.with(rows.column(language)).with(class_column(None, rows, classes, language));
        }
        let description = theme.describe();
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?.view(table, description)
    }

    /// Checks everything and brings the places into the CRS of the map.
    pub(super) fn theme(
        &self,
        crs: &Crs,
        options: &'a MapOptions,
        language: Language,
    ) -> Result<SymbolTheme<'a>, MapError> {
        let rows = Rows::new(self.places.len(), self.names, self.values, &self.measure)?;
        if self.places.len() > MOST_POINTS {
            return Err(MapError::TooManyPoints { found: self.places.len(), most: MOST_POINTS });
        }
        let hues = categories_of(self.categories, self.places.len())?;
        let design = self.design(&rows, &hues)?;
        let shades = self.shades()?;
        let mut findings = lint_design(&design);
        if let Some(shades) = &shades {
            findings.extend(lint_design(&shades.design));
        }
        refuse(findings, options)?;
        let mut largest = 0.0f64;
        for (row, value) in rows.values.iter().enumerate() {
            for amount in amounts(value) {
                if amount < 0.0 || amount == f64::INFINITY && value.value().is_some() {
                    return Err(MapError::Amount { name: rows.names[row].clone(), value: amount });
                }
                if amount.is_finite() {
                    largest = largest.max(amount);
                }
            }
        }
        if rows.values.iter().all(|value| amounts(value).is_empty()) {
            return Err(MapError::Empty { rows: rows.names.len() });
        }
        let places = Places::of(projected(self.places, crs)?);
        let colours = if hues.names.is_empty() { vec![self.colour] } else { design.colours };
        Ok(SymbolTheme {
            places,
            rows,
            hues,
            shades,
            colours,
            largest,
            share: self.radius,
            options,
            language,
        })
    }

    fn design(&self, rows: &Rows, hues: &Hues) -> Result<Design, MapError> {
        let colours = Palette::Qualitative(Qualitative::default()).colours(hues.names.len())?;
        Ok(Design { colours, ordered: false, ..rows.design(Variable::Size) })
    }
}

/// The number, or the bounds, that circles stand for; empty without either.
fn amounts(value: &Measured) -> Vec<f64> {
    match (value.value(), value.interval()) {
        (Some(amount), _) if !amount.is_nan() => vec![amount],
        (_, Some(interval)) if value.suppression().is_none() => vec![interval.lower, interval.upper],
        _ => Vec::new(),
    }
}

/// The categories in order of size, and which each row has.
pub(super) struct Hues {
    pub(super) names: Vec<String>,
    pub(super) counts: Vec<usize>,
    pub(super) of: Vec<usize>,
}

/// Orders categories by their number of rows, then by name.
pub(super) fn categories_of(categories: Option<&[String]>, rows: usize) -> Result<Hues, MapError> {
    let Some(categories) = categories else {
        return Ok(Hues { names: Vec::new(), counts: Vec::new(), of: vec![0; rows] });
    };
    if categories.len() != rows {
        return Err(MapError::Length { what: "categories", found: categories.len(), needed: rows });
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for category in categories {
        *counts.entry(category).or_default() += 1;
    }
    let mut order: Vec<(&str, usize)> = counts.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let of = categories
        .iter()
        .map(|category| order.iter().position(|(name, _)| name == category).unwrap_or(0))
        .collect();
    let names = order.iter().map(|(name, _)| (*name).to_owned()).collect();
    Ok(Hues { names, counts: order.iter().map(|(_, count)| *count).collect(), of })
}

impl Hues {
    /// These categories first, in this order; the others follow as they were.
    pub(super) fn in_order(self, first: &[String]) -> Self {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order
            .sort_by_key(|&hue| first.iter().position(|name| *name == self.names[hue]).unwrap_or(usize::MAX));
        let mut place = vec![0; order.len()];
        for (at, &hue) in order.iter().enumerate() {
            place[hue] = at;
        }
        Self {
            names: order.iter().map(|&hue| self.names[hue].clone()).collect(),
            counts: order.iter().map(|&hue| self.counts[hue]).collect(),
            of: if place.is_empty() { self.of } else { self.of.into_iter().map(|hue| place[hue]).collect() },
        }
    }
}

pub(super) struct SymbolTheme<'a> {
    places: Places,
    pub(super) rows: Rows,
    hues: Hues,
    shades: Option<Shades>,
    colours: Vec<Colour>,
    largest: f64,
    share: f64,
    options: &'a MapOptions,
    language: Language,
}

impl SymbolTheme<'_> {
    fn radius(&self, amount: f64, ground: &Ground) -> f64 {
        if self.largest <= 0.0 {
            return 0.0;
        }
        widest(self.share, ground) * (amount / self.largest).sqrt()
    }

    pub(super) fn describe(&self) -> String {
        let language = self.language;
        let values = describe_values(&self.rows, &self.options.zone_word, language);
        let values = match self.absent() {
            Some(absent) => format!("{values} {absent}"),
            None => values,
        };
        if let Some(shades) = &self.shades {
            return format!("{values} {}", shades.describe(&self.options.zone_word, language));
        }
        if self.hues.names.is_empty() {
            return values;
        }
        let parts: Vec<String> = self
            .hues
            .names
            .iter()
            .zip(&self.hues.counts)
            .map(|(name, count)| format!("{name} ({})", format_number(*count as f64, 0, language)))
            .collect();
        let colon = language.pick("\u{a0}: ", ": ");
        format!("{values} {}{colon}{}.", language.pick("Catégories", "Categories"), parts.join(", "))
    }

    /// Rows without place, in words.
    fn absent(&self) -> Option<String> {
        self.places.describe_absent(&self.rows.names, self.language)
    }

    fn fill(&self, row: usize) -> Fill {
        if let Some(shades) = &self.shades {
            return shades.fill(row);
        }
        Fill::Glass(self.colours[self.hues.of[row].min(self.colours.len() - 1)], 0.78)
    }
}

/// Radius of the largest symbol, a share of the width of the map; never so wide that circles leave the picture for want of
/// a margin.
pub(super) fn widest(share: f64, ground: &Ground) -> f64 {
    (share * ground.main.width()).min(0.12 * ground.main.height().max(1.0))
}

impl Theme for SymbolTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.places.bounds()
    }

    fn draw_land(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.places.draw_land(ground, scene)
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let mut order: Vec<usize> = (0..self.rows.names.len()).collect();
        let size = |row: usize| {
            amounts(&self.rows.values[row]).into_iter().filter(|a| a.is_finite()).fold(-1.0, f64::max)
        };
        order.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then_with(|| a.cmp(&b)));
        for row in order {
            let Some(place) = self.places.at[row] else { continue };
            let tip = match &self.shades {
                Some(shades) => {
                    let separator = self.language.pick("\u{202f}; ", "; ");
                    format!(
                        "{}{separator}{}",
                        self.rows.tip(row, self.language),
                        shades.rows.amount(row, self.language)
                    )
                }
                None => self.rows.tip(row, self.language),
            };
            let mut circle = |radius: f64, fill: Fill, stroke: Stroke| {
                if let Some(shape) = ground.circle(ground.place(place), radius) {
                    scene.add(Mark::new(shape).fill(fill).stroke(stroke).tip(tip.clone()));
                }
            };
            let rim = if self.shades.is_some() { DARK_RIM } else { RIM };
            match amounts(&self.rows.values[row])[..] {
                [amount] if amount > 0.0 => circle(self.radius(amount, ground), self.fill(row), rim),
                [lower, upper] => {
                    let colour = self.colours[self.hues.of[row].min(self.colours.len() - 1)];
                    let colour = if self.shades.is_some() { Colour::MUTED } else { colour };
                    if lower > 0.0 {
                        circle(self.radius(lower, ground), self.fill(row), rim);
                    }
                    if upper.is_finite() && upper > lower {
                        let dashes = Stroke::new(colour, 1.0).dashed(2.5);
                        circle(self.radius(upper, ground), Fill::None, dashes);
                    }
                }
                [_] => {}
                _ => {
                    let (fill, outline) = no_value(is_secret(&self.rows.values[row]));
                    circle(NO_VALUE, fill, outline);
                }
            }
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        let importance =
            self.options.importance.as_ref().filter(|importance| importance.len() == self.places.at.len());
        (0..self.places.at.len())
            .filter_map(|row| {
                let [x, y] = ground.place(self.places.at[row]?);
                let amounts = amounts(&self.rows.values[row]);
                let amount = amounts.iter().copied().find(|amount| amount.is_finite())?;
                let importance = importance.map_or(amount, |importance| importance[row]);
                let clearance = self.radius(amount, ground).max(NO_VALUE);
                Some(Wish { text: self.rows.names[row].clone(), x, y, importance, clearance })
            })
            .collect()
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let language = self.language;
        legend.title(&self.rows.heading(language), &self.rows.unit.symbol(language));
        let single = self.hues.names.is_empty() && self.shades.is_none();
        let fill = if single { Fill::Glass(self.colours[0], 0.35) } else { Fill::None };
        let rim = Stroke::new(if single { self.colours[0] } else { Colour::MUTED }, 1.0);
        legend.circles(self.largest, |amount| self.radius(amount, ground), fill, rim);
        for ((name, count), colour) in self.hues.names.iter().zip(&self.hues.counts).zip(&self.colours) {
            legend.category(*colour, true, &capitalised(name), Some(*count));
        }
        let bracketed = self.rows.values.iter().filter(|value| amounts(value).len() == 2).count();
        if bracketed > 0 {
            let words = language.pick(
                "disque\u{a0}: au moins autant, tirets\u{a0}: au plus autant",
                "disc: at least this much, dashes: at most this much",
            );
            legend.sign(Fill::None, Stroke::new(Colour::MUTED, 1.0).dashed(2.5), 6.0, words, Some(bracketed));
        }
        let bracketless =
            self.rows.missing().into_iter().filter(|&row| amounts(&self.rows.values[row]).is_empty()).count();
        explain_no_value([bracketless, self.rows.secret().len()], small_circle, legend, language);
        if let Some(absent) = self.absent() {
            legend.words(&absent);
        }
        explain_zeros(&self.rows.values, ("cercle", "circle"), legend, language);
        if let Some(shades) = &self.shades {
            legend.gap(12.0);
            shades.explain(&self.options.zone_word, legend, language);
        }
    }
}
