//! Amounts in classes, one size of circle for each.
use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::ground::Ground;
use super::places::{NO_VALUE, Places, RIM, explain_no_value, explain_zeros, no_value, small_circle};
use super::projection::Projection;
use super::rows::{Rows, is_secret};
use super::shading::{class_column, explain_method};
use super::sheet::{Sheet, Theme};
use super::symbols::widest;
use super::words::{describe_classes, describe_values};
use super::{MOST_POINTS, MapError, MapOptions, projected, refuse};
use crate::label::Wish;
use crate::legend::Legend;
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{Captions, Classes, Colour, Fill, Mark, Method, Scene, Stroke, View, classify};

/// Amounts in classes, each with a circle of one size, at points or within zones.
///
/// ![Communes of a city with circles of four sizes for their numbers of shops, with a legend that counts the communes of each size](pictures/graduated.svg)
///
/// For amounts so uneven that proportional circles would be a few discs and many dots, and where an order of magnitude is
/// enough. The size says the class and nothing more: to compare amounts, draw
/// [`ProportionalSymbols`](super::ProportionalSymbols).
///
/// # Missing values
///
/// Places without value are small hollow circles, those known only by an interval dashed ones, those whose value is secret
/// small grey ones. A zero is in no class and has no circle. The legend counts each.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Captions, GraduatedSymbols, MapOptions, Method};
///
/// let places = GeometryColumn::points(vec![0.0, 4_000.0, 9_000.0], vec![0.0, 3_000.0, 100.0], Crs::LAMBERT_93);
/// let names = ["Bron", "Lyon", "Jonage"].map(String::from);
/// let shops = [310.0, 9_800.0, 41.0].map(|value| Measured::new(value, Unit::of("{establishment}")));
/// let view = GraduatedSymbols::new(&places, &names, &shops)
///     .with_measure("Shops")
///     .with_method(Method::Manual(vec![100.0, 1_000.0, 10_000.0]), 3)
///     .draw(&MapOptions::default(), &Captions::new("shops", "Shops", Language::English))?;
/// assert!(view.description().contains("1,000 to 10,000 (1)"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Meihoefer, H.-J. (1969). The utility of the circle as an effective cartographic symbol. *The Canadian Cartographer*
/// 6(2), 105–117: range-graded circles, told apart by clear steps of size.
#[derive(Clone, Debug, PartialEq)]
pub struct GraduatedSymbols<'a> {
    places: &'a GeometryColumn,
    names: &'a [String],
    values: &'a [Measured],
    measure: String,
    method: Method,
    classes: usize,
    colour: Colour,
    radius: f64,
}

/// Sizes that readers tell apart without comparing.
const MOST_SIZES: usize = 5;
/// Radius of the smallest circle, as a share of the largest.
const SMALLEST: f64 = 0.18;

impl<'a> GraduatedSymbols<'a> {
    /// Places (points, or zones of which an inner point is taken) with the name and the amount of each, in four classes by
    /// exact Fisher.
    pub fn new(places: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self {
            places,
            names,
            values,
            measure: String::new(),
            method: Method::default(),
            classes: 4,
            colour: Colour::rgb(0, 114, 178),
            radius: 0.04,
        }
    }

    /// With the name of what is measured, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// Divides the amounts above 0 by this method into this many classes; more than five need
    /// [`Exception::ManyClasses`](crate::Exception::ManyClasses).
    pub fn with_method(self, method: Method, classes: usize) -> Self {
        Self { method, classes, ..self }
    }

    /// With circles of this colour.
    pub fn with_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// With a largest circle of this radius, as a share of the width of the map.
    pub fn with_radius(self, radius: f64) -> Self {
        Self { radius: radius.clamp(0.005, 0.25), ..self }
    }

    /// The classes that the map will have.
    ///
    /// # Errors
    ///
    /// As [`GraduatedSymbols::draw`].
    pub fn classify(&self) -> Result<Classes, MapError> {
        self.classes_of(&self.rows()?)
    }

    /// The rules of semiology that the map breaks; [`GraduatedSymbols::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`GraduatedSymbols::draw`], for rows that do not agree.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        let rows = self.rows()?;
        Ok(findings(&rows, &self.classes_of(&rows)?))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, an amount is negative, there are more than 5,000 places, no place or no
    /// value above 0, the CRS is in degrees and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let rows = self.rows()?;
        if rows.names.len() > MOST_POINTS {
            return Err(MapError::TooManyPoints { found: rows.names.len(), most: MOST_POINTS });
        }
        let classes = self.classes_of(&rows)?;
        refuse(findings(&rows, &classes), options)?;
        let projection = Projection::of(self.places, options)?;
        let places = Places::of(projected(self.places, &projection.crs)?);
        let absent = places.describe_absent(self.names, language);
        let table = rows
            .table(&captions.title, &options.zone_word, language)
            .with(class_column(None, &rows, &classes, language));
        let mut description = format!(
            "{} {}",
            describe_values(&rows, &options.zone_word, language),
            describe_classes(&classes, language)
        );
        if let Some(absent) = &absent {
            description = format!("{description} {absent}");
        }
        let theme = GraduatedTheme { map: self, places, rows, classes, absent, options, language };
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?.view(table, description)
    }

    fn rows(&self) -> Result<Rows, MapError> {
        Rows::new(self.places.len(), self.names, self.values, &self.measure)
    }

    fn classes_of(&self, rows: &Rows) -> Result<Classes, MapError> {
        let numbers = rows.numbers();
        if let Some(row) = numbers.iter().position(|&amount| amount < 0.0 || amount.is_infinite()) {
            return Err(MapError::Amount { name: rows.names[row].clone(), value: numbers[row] });
        }
        let above: Vec<f64> =
            numbers.iter().map(|&amount| if amount > 0.0 { amount } else { f64::NAN }).collect();
        if above.iter().all(|amount| amount.is_nan()) {
            return Err(MapError::Empty { rows: numbers.len() });
        }
        Ok(classify(&above, self.classes, &self.method)?)
    }
}

fn findings(rows: &Rows, classes: &Classes) -> Vec<Finding> {
    let mut findings = lint_design(&Design {
        goodness_of_variance_fit: Some(classes.goodness_of_variance_fit()),
        ..rows.design(Variable::Size)
    });
    if classes.len() > MOST_SIZES {
        findings.push(Finding::TooManyClasses { found: classes.len(), most: MOST_SIZES });
    }
    findings
}

struct GraduatedTheme<'a> {
    map: &'a GraduatedSymbols<'a>,
    places: Places,
    rows: Rows,
    classes: Classes,
    absent: Option<String>,
    options: &'a MapOptions,
    language: Language,
}

impl GraduatedTheme<'_> {
    /// Equal steps of the radius, which readers tell apart better than equal steps of the surface.
    fn radius(&self, class: usize, ground: &Ground) -> f64 {
        let last = self.classes.len() - 1;
        let share = if last == 0 { 0.6 } else { SMALLEST + (1.0 - SMALLEST) * class as f64 / last as f64 };
        share * widest(self.map.radius, ground)
    }

    fn class(&self, row: usize) -> Option<usize> {
        self.classes.class_of(self.rows.values[row].value().filter(|&amount| amount > 0.0)?)
    }

    /// Whether a row has bounds and no number.
    fn bounded(&self, row: usize) -> bool {
        let value = &self.rows.values[row];
        value.value().is_none() && value.interval().is_some() && value.suppression().is_none()
    }
}

impl Theme for GraduatedTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.places.bounds()
    }

    fn draw_land(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.places.draw_land(ground, scene)
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let mut order: Vec<usize> = (0..self.rows.names.len()).collect();
        // Small ones above large ones.
        order.sort_by_key(|&row| std::cmp::Reverse(self.class(row)));
        let fill = Fill::Glass(self.map.colour, 0.78);
        for row in order {
            let Some(place) = self.places.at[row] else { continue };
            let value = &self.rows.values[row];
            let (radius, fill, stroke) = match self.class(row) {
                Some(class) => (self.radius(class, ground), fill, RIM),
                None if value.value() == Some(0.0) => continue,
                None if self.bounded(row) => (2.0 * NO_VALUE, Fill::None, BOUNDED),
                None => {
                    let (fill, outline) = no_value(is_secret(value));
                    (NO_VALUE, fill, outline)
                }
            };
            if let Some(shape) = ground.circle(ground.place(place), radius) {
                scene.add(Mark::new(shape).fill(fill).stroke(stroke).tip(self.rows.tip(row, self.language)));
            }
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        (0..self.rows.names.len())
            .filter_map(|row| {
                let [x, y] = ground.place(self.places.at[row]?);
                let class = self.class(row)?;
                let importance = match &self.options.importance {
                    Some(importance) => importance[row],
                    None => self.rows.values[row].value()?,
                };
                let clearance = self.radius(class, ground).max(NO_VALUE);
                Some(Wish { text: self.rows.names[row].clone(), x, y, importance, clearance })
            })
            .collect()
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let language = self.language;
        legend.title(&self.rows.heading(language), &self.rows.unit.symbol(language));
        let radii: Vec<f64> = (0..self.classes.len()).map(|class| self.radius(class, ground)).collect();
        legend.sizes(&self.classes, &radii, Fill::Glass(self.map.colour, 0.78), &self.options.zone_word);
        let bounded = (0..self.rows.names.len()).filter(|&row| self.bounded(row)).count();
        if bounded > 0 {
            let words = language.pick("connu seulement par un intervalle", "known only within bounds");
            legend.sign(Fill::None, BOUNDED, 2.0 * NO_VALUE, words, Some(bounded));
        }
        let missing = self.rows.missing().len() - bounded;
        explain_no_value([missing, self.rows.secret().len()], small_circle, legend, language);
        explain_zeros(&self.rows.values, ("cercle", "circle"), legend, language);
        explain_method(&self.classes, legend, language);
        if let Some(absent) = &self.absent {
            legend.words(absent);
        }
    }
}

/// Around places known only by an interval.
const BOUNDED: Stroke = Stroke::new(Colour::MUTED, 1.0).dashed(2.5);
