//! Zones coloured by a rate.
use datagora_core::{Language, Measured};
use datagora_geo::types::{Point, Rect};
use datagora_geo::{GeometryColumn, Metric, area, interior_point};

use super::ground::Ground;
use super::projection::Projection;
use super::rows::{Rows, is_secret};
use super::sheet::{Sheet, Theme};
use super::symbols::{ProportionalSymbols, SymbolTheme};
use super::words::{describe_absent, describe_classes, describe_values};
use super::{MapError, MapOptions, projected, refuse};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA, WITHHELD};
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{Captions, Classes, Colour, Column, Fill, Mark, Method, Palette, Scene, View, classify};

/// Zones coloured by a rate, such as inhabitants per square kilometre.
///
/// ![Zones of a city coloured by density in six classes, with a legend of bounds, counts, missing and secret values](pictures/choropleth.svg)
///
/// Amounts (counts, surfaces) are refused: zones would look important because they are large; see
/// [`Exception::AmountOnSurface`](crate::Exception::AmountOnSurface), or draw [`ProportionalSymbols`].
///
/// # Missing values
///
/// Zones without value are hatched, zones whose value is secret are grey; both are in the legend, in the description and
/// in the table. A value known only by an interval has no colour: it counts as missing.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, Choropleth, MapOptions, Method};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let density = [4_300.0, 10_900.0, 2_200.0].map(|value| Measured::new(value, Unit::of("{inhabitant}/km2")));
/// let view = Choropleth::new(&zones, &names, &density)
///     .with_measure("Densité de population")
///     .with_method(Method::Quantile, 3)
///     .draw(&MapOptions::default(), &Captions::new("density", "Où habite-t-on ?", Language::French))?;
/// assert!(view.description().contains("maximum 10\u{202f}900"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Choropleth<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    values: &'a [Measured],
    measure: String,
    method: Method,
    classes: usize,
    palette: Palette,
    centre: Option<f64>,
    symbols: Option<ProportionalSymbols<'a>>,
}

impl<'a> Choropleth<'a> {
    /// Zones with the name and the value of each, in five classes by exact Fisher.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self {
            zones,
            names,
            values,
            measure: String::new(),
            method: Method::default(),
            classes: 5,
            palette: Palette::default(),
            centre: None,
            symbols: None,
        }
    }

    /// With the name of what is measured, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// Divides the values by this method into this many classes.
    pub fn with_method(self, method: Method, classes: usize) -> Self {
        Self { method, classes, ..self }
    }

    /// With these colours.
    pub fn with_palette(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// Lets a diverging palette change sides at this value, such as 0 for a growth. By default that is the centre of the
    /// method if it has one, else the middle class.
    pub fn with_centre(self, centre: f64) -> Self {
        Self { centre: Some(centre), ..self }
    }

    /// With symbols of an amount above, such as inhabitants over a rate of inhabitants.
    pub fn with_symbols(self, symbols: ProportionalSymbols<'a>) -> Self {
        Self { symbols: Some(symbols), ..self }
    }

    /// The classes that the map will have.
    ///
    /// # Errors
    ///
    /// As [`Choropleth::draw`].
    pub fn classify(&self) -> Result<Classes, MapError> {
        let rows = self.rows()?;
        Ok(classify(&rows.numbers(), self.classes, &self.method)?)
    }

    /// The rules of semiology that the map breaks; [`Choropleth::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`Choropleth::draw`], for values that cannot be classified.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        let (rows, classes) = (self.rows()?, self.classify()?);
        Ok(lint_design(&self.design(&rows, &classes)?))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, there is no place or no value, the CRS is in degrees and no projection
    /// suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let rows = self.rows()?.with_links(options.links.clone());
        if rows.numbers().iter().all(|value| value.is_nan()) {
            return Err(MapError::Empty { rows: rows.names.len() });
        }
        let classes = classify(&rows.numbers(), self.classes, &self.method)?;
        let design = self.design(&rows, &classes)?;
        refuse(lint_design(&design), options)?;
        let projection = Projection::of(self.zones, options)?;
        let zones = projected(self.zones, &projection.crs)?;
        let mut table = rows.table(&captions.title, &options.zone_word, language);
        table = table.with(class_column(None, &rows, &classes, language));
        let mut description = format!(
            "{} {}",
            describe_values(&rows, &options.zone_word, language),
            describe_classes(&classes, language)
        );
        let lost: Vec<usize> = (0..zones.len()).filter(|&row| zones.is_missing(row)).collect();
        let absent = describe_absent(self.names, &lost, language);
        if let Some(absent) = &absent {
            description = format!("{description} {absent}");
        }
        let symbols = self
            .symbols
            .as_ref()
            .map(|symbols| symbols.theme(&projection.crs, options, language))
            .transpose()?;
        if let Some(symbols) = &symbols {
            description = format!("{description} {}", symbols.describe());
            if symbols.rows.names == rows.names {
                let heading = symbols.rows.heading(language);
                let values = symbols.rows.values.iter().cloned();
                table = table.with(Column::measured(heading, symbols.rows.unit.clone(), values));
            }
        }
        let theme = ChoroplethTheme {
            zones,
            rows,
            classes,
            colours: design.colours,
            symbols,
            absent,
            options,
            language,
        };
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?.view(table, description)
    }

    fn rows(&self) -> Result<Rows, MapError> {
        Rows::new(self.zones.len(), self.names, self.values, &self.measure)
    }

    fn design(&self, rows: &Rows, classes: &Classes) -> Result<Design, MapError> {
        Ok(Design {
            variable: Variable::SurfaceColour,
            unit: Some(rows.unit.clone()),
            colours: self.palette.colours_of(classes, self.centre.or(classes.centre()))?,
            ordered: self.palette.is_ordered(),
            missing: rows.missing().len() + rows.secret().len(),
            missing_shown: true,
            values: rows.values.len(),
            goodness_of_variance_fit: Some(classes.goodness_of_variance_fit()),
        })
    }
}

/// The class of each row as the legend numbers it; of what, where a table has several.
pub(super) fn class_column(of: Option<&str>, rows: &Rows, classes: &Classes, language: Language) -> Column {
    let rounded = classes.rounded();
    let words = rows.numbers().into_iter().map(|value| match classes.class_of(value) {
        Some(class) => rounded.label(class, language),
        None => "–".to_owned(),
    });
    let class = language.pick("Classe", "Class");
    let name = of.map_or_else(|| class.to_owned(), |of| format!("{class} – {of}"));
    Column::text(name, words)
}

struct ChoroplethTheme<'a> {
    zones: GeometryColumn,
    rows: Rows,
    classes: Classes,
    colours: Vec<Colour>,
    symbols: Option<SymbolTheme<'a>>,
    absent: Option<String>,
    options: &'a MapOptions,
    language: Language,
}

impl Theme for ChoroplethTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        let Self { zones, rows, classes, colours, language, .. } = self;
        draw_classes(zones, (rows, classes, colours), *language, ground, scene)
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        if let Some(symbols) = &self.symbols {
            symbols.draw_symbols(ground, scene);
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        match &self.symbols {
            Some(symbols) => symbols.names(ground),
            None => zone_names(&self.zones, &self.rows.names, self.options, ground),
        }
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let zone_word = &self.options.zone_word;
        explain_classes(&self.rows, &self.classes, &self.colours, zone_word, legend, self.language);
        if let Some(absent) = &self.absent {
            legend.words(absent);
        }
        if let Some(symbols) = &self.symbols {
            legend.gap(12.0);
            symbols.explain(ground, legend);
        }
    }
}

/// Zones in the colours of their classes, with their tips.
pub(super) fn draw_classes(
    zones: &GeometryColumn,
    (rows, classes, colours): (&Rows, &Classes, &[Colour]),
    language: Language,
    ground: &Ground,
    scene: &mut Scene,
) -> Result<(), MapError> {
    let numbers = rows.numbers();
    let border = ground.border(numbers.len());
    for (row, geometry) in ground.generalise(zones)?.iter().enumerate() {
        let Some(shape) = geometry.and_then(|geometry| ground.surface(&geometry)) else { continue };
        let fill = match classes.class_of(numbers[row]) {
            Some(class) => Fill::Solid(colours[class]),
            None if is_secret(&rows.values[row]) => WITHHELD,
            None => NO_DATA,
        };
        let mark = Mark::new(shape).fill(fill).tip(rows.tip(row, language));
        scene.add(Mark { stroke: border, link: rows.link(row), ..mark });
    }
    Ok(())
}

/// A rate in its classes: measure, unit, boxes with counts, what has no value, histogram, method.
pub(super) fn explain_classes(
    rows: &Rows,
    classes: &Classes,
    colours: &[Colour],
    zone_word: &str,
    legend: &mut Legend<'_>,
    language: Language,
) {
    legend.title(&rows.heading(language), &rows.unit.symbol(language));
    legend.classes(classes, colours, zone_word);
    explain_missing(rows, legend, language);
    legend.gap(8.0);
    legend.histogram(&rows.numbers(), classes, colours);
    explain_method(classes, legend, language);
}

/// Zones without value, and those whose value is secret.
pub(super) fn explain_missing(rows: &Rows, legend: &mut Legend<'_>, language: Language) {
    legend.apart(NO_DATA, language.pick("pas de donnée", "no data"), rows.missing().len());
    legend.apart(WITHHELD, language.pick("secret statistique", "statistical secrecy"), rows.secret().len());
}

/// How the bounds of classes were chosen.
pub(super) fn explain_method(classes: &Classes, legend: &mut Legend<'_>, language: Language) {
    let method = classes.method().name(language);
    legend.words(&format!("{}{method}", language.pick("Méthode\u{a0}: ", "Method: ")));
    if let Some(remark) = classes.remark(language) {
        legend.words(&remark);
    }
}

/// Names that would stand within their zones, by importance or surface.
pub(super) fn zone_names(
    zones: &GeometryColumn,
    names: &[String],
    options: &MapOptions,
    ground: &Ground,
) -> Vec<Wish> {
    let areas = area(zones, Metric::Planar).unwrap_or_else(|_| vec![0.0; zones.len()]);
    let importance = options.importance.as_ref().unwrap_or(&areas);
    let places = interior_point(zones);
    (0..names.len())
        .filter_map(|row| {
            let place: Point = places.get(row)?.try_into().ok()?;
            let [x, y] = ground.place(place.0);
            Some(Wish { text: names[row].clone(), x, y, importance: importance[row], clearance: 0.0 })
        })
        .collect()
}
