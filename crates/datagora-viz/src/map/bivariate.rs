//! Zones coloured by two rates at once.
mod colours;
mod draw;

use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;

use self::colours::grid_colours;
use self::draw::BivariateTheme;
use super::coverage::Coverage;
use super::projection::Projection;
use super::rows::Rows;
use super::shading::class_column;
use super::sheet::Sheet;
use super::words::describe_values;
use super::zones::describe_lost;
use super::{MapError, MapOptions, refuse};
use crate::palette::check_palette;
use crate::semiology::{Design, Finding, Statistic, Variable, lint_design};
use crate::{Captions, Classes, Colour, Method, View, classify, format_number};

/// Zones coloured by two rates at once: each in two or three classes, the colour says in which of both.
///
/// ![Zones of a city coloured by income and by trees in three classes each, with a square legend that counts the zones of every pair](pictures/bivariate.svg)
///
/// For the question where both are high, or one is high and the other low. The legend is the square of all pairs, with the
/// number of zones in each: the first rate grows to the right, the second upwards.
///
/// # Colours
///
/// A corner is pale (both low), one dark (both high), the two others are orange (only the first high) and blue (only the
/// second). Up to 4 × 4 classes all pairs of colours keep the distance of [`check_palette`](crate::check_palette) for full, protan, deutan and
/// tritan vision; readers follow nine at most, so that more than three classes of a rate need
/// [`Exception::ManyClasses`](crate::Exception::ManyClasses).
///
/// # Missing values
///
/// Zones of which one rate is missing are hatched in the colour of the other, those without both in grey; zones with a
/// secret are grey. The legend counts each. A value known only by an interval counts as missing.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{BivariateMap, Captions, MapOptions, Method};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..4).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully", "Vaulx"].map(String::from);
/// let elderly = [18.0, 15.0, 24.0, 11.0].map(|value| Measured::new(value, Unit::PERCENT));
/// let canopy = [10.0, 9.0, 31.0, 12.0].map(|value| Measured::new(value, Unit::PERCENT));
/// let view = BivariateMap::new(&zones, &names, &elderly, &canopy)
///     .with_measures("Over 65", "Canopy")
///     .with_method(Method::Quantile, 2, 2)
///     .draw(&MapOptions::default(), &Captions::new("both", "Old and without shade", Language::English))?;
/// assert!(view.description().contains("high Over 65 and low Canopy: 1 (Bron)"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Trumbo, B. E. (1981). A theory for coloring bivariate statistical maps. *The American Statistician* 35(4), 220–226.
/// Stevens, J. (2015). *Bivariate choropleth maps: a how-to guide*, for the square legend.
#[derive(Clone, Debug, PartialEq)]
pub struct BivariateMap<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    values: [&'a [Measured]; 2],
    measures: [String; 2],
    methods: [Method; 2],
    classes: [usize; 2],
    corners: [Colour; 4],
    statistics: [Option<Statistic>; 2],
}

/// Both low, the first high, the second high, both high: the corners for which the smallest distance between the colours of
/// 3 × 3 classes is large (0.136 in OKLab for the vision that distinguishes least) and none is garish.
const CORNERS: [Colour; 4] =
    [Colour::rgb(240, 236, 230), Colour::rgb(216, 84, 31), Colour::rgb(74, 138, 232), Colour::rgb(42, 8, 64)];

/// Classes of a rate whose pairs readers still follow.
const MOST_CLASSES: usize = 3;

impl<'a> BivariateMap<'a> {
    /// Zones with the name and two values of each, both in three classes of as many zones each.
    pub fn new(
        zones: &'a GeometryColumn,
        names: &'a [String],
        first: &'a [Measured],
        second: &'a [Measured],
    ) -> Self {
        Self {
            zones,
            names,
            values: [first, second],
            measures: [String::new(), String::new()],
            methods: [Method::Quantile, Method::Quantile],
            classes: [3, 3],
            corners: CORNERS,
            statistics: [None, None],
        }
    }

    /// With the names of what is measured, for legend, table and description.
    pub fn with_measures(self, first: impl Into<String>, second: impl Into<String>) -> Self {
        Self { measures: [first.into(), second.into()], ..self }
    }

    /// Divides both rates by this method, the first and the second into so many classes.
    pub fn with_method(self, method: Method, first: usize, second: usize) -> Self {
        self.with_methods(method.clone(), first, method, second)
    }

    /// Divides each rate by a method of its own, such as bounds that a norm gives.
    pub fn with_methods(self, first: Method, classes: usize, second: Method, second_classes: usize) -> Self {
        Self { methods: [first, second], classes: [classes, second_classes], ..self }
    }

    /// With these colours of the corners: both low, only the first high, only the second high, both high. The others
    /// lie between them.
    pub fn with_corners(self, corners: [Colour; 4]) -> Self {
        Self { corners, ..self }
    }

    /// Says what the values of each rate are of the members of a zone, where the unit leaves it open.
    pub fn with_statistics(self, first: Option<Statistic>, second: Option<Statistic>) -> Self {
        Self { statistics: [first, second], ..self }
    }

    /// The classes that the map will have, of the first and of the second rate.
    ///
    /// # Errors
    ///
    /// As [`BivariateMap::draw`].
    pub fn classify(&self) -> Result<[Classes; 2], MapError> {
        self.classes_of(&self.rows()?)
    }

    /// The rules of semiology that the map breaks; [`BivariateMap::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`BivariateMap::draw`], for values that cannot be classified.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        let rows = self.rows()?;
        Ok(self.findings(&rows, &self.classes_of(&rows)?))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths differ, values of one rate have different units, a rate has no value, there is no place,
    /// the CRS is in degrees and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let rows = self.rows()?;
        let classes = self.classes_of(&rows)?;
        refuse(self.findings(&rows, &classes), options)?;
        let projection = Projection::of(self.zones, options)?;
        let zones = Coverage::projected(self.zones, &projection.crs)?;

        let [first, second] = &rows;
        let mut table = first.table(&captions.title, &options.zone_word, language);
        table = table
            .with(class_column(Some(&first.heading(language)), first, &classes[0], language))
            .with(second.column(language))
            .with(class_column(Some(&second.heading(language)), second, &classes[1], language));
        let absent = describe_lost(&zones, self.names, language);
        let theme = BivariateTheme {
            pairs: pairs(&rows, &classes),
            colours: grid_colours(&self.corners, classes[0].len(), classes[1].len()),
            corners: self.corners,
            zones,
            rows,
            classes,
            absent,
            options,
            language,
        };
        let mut description: Vec<String> =
            theme.rows.iter().map(|rows| describe_values(rows, &options.zone_word, language)).collect();
        description.extend(theme.describe_corners());
        description.extend(theme.absent.clone());
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?
            .view(table, description.join(" "))
    }

    fn rows(&self) -> Result<[Rows; 2], MapError> {
        let of = |k: usize| Rows::new(self.zones.len(), self.names, self.values[k], &self.measures[k]);
        Ok([of(0)?, of(1)?])
    }

    fn classes_of(&self, rows: &[Rows; 2]) -> Result<[Classes; 2], MapError> {
        let of = |k: usize| {
            let numbers = rows[k].numbers();
            if numbers.iter().all(|value| value.is_nan()) {
                return Err(MapError::Empty { rows: numbers.len() });
            }
            Ok(classify(&numbers, self.classes[k], &self.methods[k])?)
        };
        Ok([of(0)?, of(1)?])
    }

    fn findings(&self, rows: &[Rows; 2], classes: &[Classes; 2]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for ((rows, classes), statistic) in rows.iter().zip(classes).zip(self.statistics) {
            // The fit of two or three classes is poor by intent: they say high and low.
            findings.extend(lint_design(&Design { statistic, ..rows.design(Variable::SurfaceColour) }));
            if classes.len() > MOST_CLASSES {
                findings.push(Finding::TooManyClasses { found: classes.len(), most: MOST_CLASSES });
            }
        }
        let colours = grid_colours(&self.corners, classes[0].len(), classes[1].len());
        let confusions = check_palette(&colours.concat(), false);
        if !confusions.is_empty() {
            findings.push(Finding::Confusable { confusions });
        }
        findings
    }
}

/// The class of each row in both rates; `None` where one has no value.
fn pairs(rows: &[Rows; 2], classes: &[Classes; 2]) -> Vec<[Option<usize>; 2]> {
    let [first, second] = [0, 1].map(|k| {
        let numbers = rows[k].numbers();
        numbers.into_iter().map(|value| classes[k].class_of(value)).collect::<Vec<_>>()
    });
    first.into_iter().zip(second).map(|(first, second)| [first, second]).collect()
}

impl BivariateTheme<'_> {
    /// How many zones, and which, are in the corners of the square, in words.
    fn describe_corners(&self) -> Option<String> {
        let language = self.language;
        let top = [0, 1].map(|k| self.classes[k].len() - 1);
        let [first, second] = [0, 1].map(|k| self.rows[k].heading(language));
        // With one class, nothing is high or low.
        if top.contains(&0) {
            return None;
        }
        let colon = language.pick("\u{a0}: ", ": ");
        let tell = |corner: [usize; 2]| {
            let of = |class: usize| match class {
                0 => language.pick("faible", "low"),
                _ => language.pick("fort", "high"),
            };
            let within: Vec<usize> =
                (0..self.pairs.len()).filter(|&row| self.pairs[row] == corner.map(Some)).collect();
            let names: Vec<&str> = within.iter().map(|&row| &self.rows[0].names[row][..]).collect();
            let listed = match names.len() {
                0 => String::new(),
                _ => format!(" ({})", super::words::list(&names, language)),
            };
            let count = format_number(names.len() as f64, 0, language);
            match language {
                Language::French => {
                    format!(
                        "{first} ({}) et {second} ({}){colon}{count}{listed}",
                        of(corner[0]),
                        of(corner[1])
                    )
                }
                Language::English => {
                    format!("{} {first} and {} {second}{colon}{count}{listed}", of(corner[0]), of(corner[1]))
                }
            }
        };
        let parts = [top, [top[0], 0], [0, top[1]], [0, 0]].map(tell);
        Some(format!("{}.", parts.join(language.pick("\u{202f}; ", "; "))))
    }
}
