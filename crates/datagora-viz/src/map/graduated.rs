//! Amounts in classes, one size of circle for each.
use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Rect};

use super::choropleth::{class_column, explain_method};
use super::context::draw_land;
use super::ground::Ground;
use super::projection::Projection;
use super::rows::{Rows, is_secret};
use super::sheet::{Sheet, Theme};
use super::symbols::{NO_VALUE, RIM, bounds_of, is_surface, positions, widest};
use super::words::{describe_absent, describe_classes, describe_values};
use super::{MOST_POINTS, MapError, MapOptions, projected, refuse};
use crate::label::Wish;
use crate::legend::{Legend, WITHHELD};
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{Captions, Classes, Colour, Fill, Mark, Method, Scene, Stroke, View, classify, format_number};

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
        let zones = projected(self.places, &projection.crs)?;
        let places = positions(&zones);
        let lost: Vec<usize> = (0..places.len()).filter(|&row| places[row].is_none()).collect();
        let absent = describe_absent(self.names, &lost, language);
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
        let has_surfaces = zones.iter().any(|geometry| is_surface(geometry.as_ref()));
        let surfaces = has_surfaces.then_some(zones);
        let theme = GraduatedTheme { map: self, places, surfaces, rows, classes, absent, options, language };
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
        variable: Variable::Size,
        unit: Some(rows.unit.clone()),
        missing: rows.missing().len() + rows.secret().len(),
        values: rows.values.len(),
        goodness_of_variance_fit: Some(classes.goodness_of_variance_fit()),
        ..Design::default()
    });
    if classes.len() > MOST_SIZES {
        findings.push(Finding::TooManyClasses { found: classes.len(), most: MOST_SIZES });
    }
    findings
}

struct GraduatedTheme<'a> {
    map: &'a GraduatedSymbols<'a>,
    places: Vec<Option<Coord>>,
    surfaces: Option<GeometryColumn>,
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
        self.surfaces.as_ref().map_or_else(|| bounds_of(&self.places), GeometryColumn::bounds)
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.surfaces.as_ref().map_or(Ok(()), |zones| draw_land(zones, ground, scene))
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        // Small ones above large ones.
        order.sort_by_key(|&row| std::cmp::Reverse(self.class(row)));
        let fill = Fill::Glass(self.map.colour, 0.78);
        for row in order {
            let Some(place) = self.places[row] else { continue };
            let value = &self.rows.values[row];
            let (radius, fill, stroke) = match self.class(row) {
                Some(class) => (self.radius(class, ground), fill, RIM),
                None if value.value() == Some(0.0) => continue,
                None if is_secret(value) => (NO_VALUE, WITHHELD, Stroke::new(Colour::MUTED, 0.8)),
                None if self.bounded(row) => (2.0 * NO_VALUE, Fill::None, BOUNDED),
                None => (NO_VALUE, Fill::Solid(Colour::WHITE), Stroke::new(Colour::MUTED, 1.0)),
            };
            if let Some(shape) = ground.circle(ground.place(place), radius) {
                scene.add(Mark::new(shape).fill(fill).stroke(stroke).tip(self.rows.tip(row, self.language)));
            }
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        (0..self.places.len())
            .filter_map(|row| {
                let [x, y] = ground.place(self.places[row]?);
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
        let hollow = Stroke::new(Colour::MUTED, 1.0);
        let count = |which: &dyn Fn(usize) -> bool| (0..self.places.len()).filter(|&row| which(row)).count();
        let bounded = count(&|row| self.bounded(row));
        if bounded > 0 {
            let words = language.pick("connu seulement par un intervalle", "known only within bounds");
            legend.sign(Fill::None, BOUNDED, 2.0 * NO_VALUE, words, Some(bounded));
        }
        let missing = self.rows.missing().len() - bounded;
        if missing > 0 {
            let words = language.pick("pas de donnée", "no data");
            legend.sign(Fill::Solid(Colour::WHITE), hollow, NO_VALUE, words, Some(missing));
        }
        let secret = self.rows.secret().len();
        if secret > 0 {
            let words = language.pick("secret statistique", "statistical secrecy");
            legend.sign(WITHHELD, hollow, NO_VALUE, words, Some(secret));
        }
        let zeros = count(&|row| self.rows.values[row].value() == Some(0.0));
        if zeros > 0 {
            let zeros = format_number(zeros as f64, 0, language);
            legend.words(&match language {
                Language::French => format!("Zéro, sans cercle\u{a0}: {zeros}."),
                Language::English => format!("Zero, without circle: {zeros}."),
            });
        }
        explain_method(&self.classes, legend, language);
        if let Some(absent) = &self.absent {
            legend.words(absent);
        }
    }
}

/// Around places known only by an interval.
const BOUNDED: Stroke = Stroke { colour: Colour::MUTED, width: 1.0, dash: 2.5 };
