//! Two measures of each place against each other.
mod draw;
mod hexagons;
mod lisa;
mod moran;

use datagora_core::{Language, Unit};

use super::ChartError;
use super::words::{capitalised, colon, missing, quantity};
use crate::format::{common_decimals, format_among};
use crate::semiology::Excuses;
use crate::{CATEGORIES, Captions, ChartDesign, Column, DataTable, Finding, View, lint_chart};

pub use lisa::LisaClass;
pub use moran::MoranScatter;

/// More points than this hide each other: they are counted in hexagons.
const MOST_POINTS: usize = 1_500;

/// Two measures of each place, one along each axis, with the places that lie far out named.
///
/// ![Dots of quarters by two measures, in two categories, with a fitted line, its band, and the farthest ones named](pictures/scatter.svg)
///
/// More than 1,500 points are counted in hexagons, and the picture says so. A line and its band are drawn only if they are given: the chart fits none.
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Captions, Scatter};
///
/// let view = Scatter::new(("canopy", Unit::PERCENT), ("surface temperature", Unit::CELSIUS))
///     .with_point("Centre", 8.0, 41.5)
///     .with_point("Parc", 46.0, 33.0)
///     .with_point("Gare", 11.0, f64::NAN)
///     .draw(&Captions::new("heat", "Where there are trees it is cooler", Language::English))?;
/// assert!(view.description().contains("2 points"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Hexagons: Carr, D. B., Littlefield, R. J., Nicholson, W. L. and Littlefield, J. S. (1987). Scatterplot matrix techniques for large N. *JASA*
/// 82(398), 424–436.
#[derive(Clone, Debug, PartialEq)]
pub struct Scatter {
    x: (String, Unit),
    y: (String, Unit),
    heading: Option<String>,
    points: Vec<Point>,
    sizes: Option<(String, Unit)>,
    categories: Vec<String>,
    fit: Option<Fit>,
    names: usize,
    most: usize,
    pub(super) excuses: Excuses,
}

/// A place with its measures.
#[derive(Clone, Debug, PartialEq)]
struct Point {
    name: String,
    x: f64,
    y: f64,
    size: Option<f64>,
    category: Option<usize>,
}

impl Point {
    fn is_known(&self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

/// A place of a fitted line: x, y, and the bounds of the band about y if there is one.
type Place = (f64, f64, Option<(f64, f64)>);

/// A line through the points, as its maker computed it.
#[derive(Clone, Debug, PartialEq)]
struct Fit {
    words: String,
    line: Vec<Place>,
}

impl Scatter {
    /// A chart of two measures with their units, the first from left to right, without points.
    pub fn new(x: (impl Into<String>, Unit), y: (impl Into<String>, Unit)) -> Self {
        Self {
            x: (x.0.into(), x.1),
            y: (y.0.into(), y.1),
            heading: None,
            points: Vec::new(),
            sizes: None,
            categories: Vec::new(),
            fit: None,
            names: 5,
            most: MOST_POINTS,
            excuses: Excuses::default(),
        }
    }

    /// With one more place. One of which a measure is not known (NaN) is in the table only, and counted as missing.
    pub fn with_point(mut self, name: impl Into<String>, x: f64, y: f64) -> Self {
        self.points.push(Point { name: name.into(), x, y, size: None, category: None });
        self
    }

    /// With more places.
    pub fn with_points(self, points: impl IntoIterator<Item = (impl Into<String>, f64, f64)>) -> Self {
        points.into_iter().fold(self, |chart, (name, x, y)| chart.with_point(name, x, y))
    }

    /// Draws the points as large as an amount, one for each point given so far, in their order: its surface.
    pub fn with_sizes(mut self, name: impl Into<String>, unit: Unit, sizes: &[f64]) -> Self {
        self.sizes = Some((name.into(), unit));
        for (point, size) in self.points.iter_mut().zip(sizes) {
            point.size = Some(*size);
        }
        self
    }

    /// Draws the points in the colour of their category, one for each point given so far, in their order; `None` where it is not
    /// known.
    pub fn with_categories(mut self, categories: &[Option<&str>]) -> Self {
        for (point, category) in self.points.iter_mut().zip(categories) {
            point.category = category.map(|name| {
                self.categories.iter().position(|known| known == name).unwrap_or_else(|| {
                    self.categories.push(name.to_owned());
                    self.categories.len() - 1
                })
            });
        }
        self
    }

    /// With a line that was fitted: words for it, such as the method, and its places (x, y).
    pub fn with_line(self, words: impl Into<String>, places: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let line = places.into_iter().map(|(x, y)| (x, y, None)).collect();
        Self { fit: Some(Fit { words: words.into(), line }), ..self }
    }

    /// With a line that was fitted and the band about it: words that name method and level, and its places (x, y, lower, upper).
    pub fn with_band(
        self,
        words: impl Into<String>,
        places: impl IntoIterator<Item = (f64, f64, f64, f64)>,
    ) -> Self {
        let line = places.into_iter().map(|(x, y, lower, upper)| (x, y, Some((lower, upper)))).collect();
        Self { fit: Some(Fit { words: words.into(), line }), ..self }
    }

    /// Names at most this many places: those farthest from the line, or without one from the middle. Default: 5.
    pub fn with_names(self, names: usize) -> Self {
        Self { names, ..self }
    }

    /// Says what the names are, such as « Quartier »: the heading of the first column of the table.
    pub fn with_heading(self, heading: impl Into<String>) -> Self {
        Self { heading: Some(heading.into()), ..self }
    }

    /// Counts more points than this in hexagons. Default: 1,500.
    pub fn with_most_points(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// The rules that the chart breaks: more categories than colours, more missing than known.
    pub fn lint(&self) -> Vec<Finding> {
        let colours = (0..self.categories.len()).map(|k| CATEGORIES[k % CATEGORIES.len()]).collect();
        lint_chart(&ChartDesign {
            colours: if self.is_counted() { Vec::new() } else { colours },
            missing: self.points.iter().filter(|point| !point.is_known()).count(),
            values: self.points.len(),
            ..ChartDesign::default()
        })
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] if of no place both measures are known, [`ChartError::Length`] if not every point has a size while
    /// others have, [`ChartError::Negative`] for a size below zero, [`ChartError::Bounds`] for a band with its bounds in the wrong
    /// order, [`ChartError::Semiology`] if a rule is broken without a reason.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        if !self.points.iter().any(Point::is_known) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        if let Some((name, _)) = &self.sizes {
            let found = self.points.iter().filter(|point| point.size.is_some()).count();
            let needed = self.points.len();
            if found != needed {
                return Err(ChartError::Length { name: name.clone(), found, needed });
            }
            let below = |point: &Point| point.size.is_some_and(|size| size < 0.0);
            if let Some(step) = self.points.iter().position(below) {
                let found = self.points[step].size.unwrap_or(f64::NAN);
                return Err(ChartError::Negative { name: name.clone(), step, found });
            }
        }
        if let Some(fit) = &self.fit {
            let wrong = |(_, _, band): &Place| band.filter(|(l, u)| l > u);
            if let Some((step, (lower, upper))) =
                fit.line.iter().enumerate().find_map(|(step, place)| Some((step, wrong(place)?)))
            {
                return Err(ChartError::Bounds { name: fit.words.clone(), step, lower, upper });
            }
        }
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let language = captions.language;
        let table = self.table(captions);
        Ok(captions.view(|width| self.scene(captions, width), table, self.describe(language)))
    }

    /// Are there so many points that they are counted?
    fn is_counted(&self) -> bool {
        self.points.iter().filter(|point| point.is_known()).count() > self.most
    }

    fn table(&self, captions: &Captions) -> DataTable {
        let language = captions.language;
        let heading = self.heading.as_deref().unwrap_or(language.pick("Nom", "Name"));
        let numbers = |(name, unit): &(String, Unit), pick: fn(&Point) -> f64| {
            Column::numbers(capitalised(name), unit.clone(), self.points.iter().map(pick))
        };
        let mut table = DataTable::new(&captions.title)
            .with(Column::text(heading, self.points.iter().map(|point| point.name.as_str())))
            .with(numbers(&self.x, |point| point.x))
            .with(numbers(&self.y, |point| point.y));
        if let Some(sizes) = &self.sizes {
            table = table.with(numbers(sizes, |point| point.size.unwrap_or(f64::NAN)));
        }
        if !self.categories.is_empty() {
            let name = |point: &Point| point.category.map_or("–", |k| self.categories[k].as_str());
            let heading = language.pick("Catégorie", "Category");
            table = table.with(Column::text(heading, self.points.iter().map(name)));
        }
        table
    }

    /// Places in the order in which they should be named: the farthest first, in standard deviations.
    fn farthest(&self) -> Vec<&Point> {
        let known: Vec<&Point> = self.points.iter().filter(|point| point.is_known()).collect();
        let spread = |pick: fn(&Point) -> f64| {
            let n = known.len() as f64;
            let mean = known.iter().map(|point| pick(point)).sum::<f64>() / n;
            let variance = known.iter().map(|point| (pick(point) - mean).powi(2)).sum::<f64>() / n;
            (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
        };
        let ((mx, sx), (my, sy)) = (spread(|point| point.x), spread(|point| point.y));
        let far = |point: &Point| match self.level(point.x) {
            Some(level) => (point.y - level).abs(),
            None => libm::hypot((point.x - mx) / sx, (point.y - my) / sy),
        };
        let mut order = known.clone();
        order.sort_by(|a, b| far(b).total_cmp(&far(a)).then_with(|| a.name.cmp(&b.name)));
        order
    }

    /// Height of the fitted line at a place; beyond its ends that of its end.
    fn level(&self, x: f64) -> Option<f64> {
        let line = &self.fit.as_ref()?.line;
        let after = line.iter().position(|(place, ..)| *place >= x);
        match after {
            Some(0) => line.first().map(|(_, y, _)| *y),
            None => line.last().map(|(_, y, _)| *y),
            Some(k) => {
                let ((a, low, _), (b, high, _)) = (line[k - 1], line[k]);
                Some(if b > a { low + (x - a) / (b - a) * (high - low) } else { high })
            }
        }
    }

    fn describe(&self, language: Language) -> String {
        let known: Vec<&Point> = self.points.iter().filter(|point| point.is_known()).collect();
        let count = language.group_digits(known.len() as u64);
        let points = if known.len() == 1 { "point" } else { "points" };
        let range = |pick: fn(&Point) -> f64, unit: &Unit| {
            let values = || known.iter().map(|point| pick(point));
            let (low, high) =
                (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
            let from = format_among(low, common_decimals([low, high]), language);
            format!("{from} {} {}", language.pick("à", "to"), quantity(high, unit, language))
        };
        let (x, y) = (range(|point| point.x, &self.x.1), range(|point| point.y, &self.y.1));
        let colon = colon(language);
        let mut text = match language {
            Language::French => format!(
                "Nuage de {count} {points}. En abscisse, {}{colon}{x}. En ordonnée, {}{colon}{y}.",
                self.x.0, self.y.0
            ),
            Language::English => format!(
                "Scatter of {count} {points}. From left to right, {}{colon}{x}. Upwards, {}{colon}{y}.",
                self.x.0, self.y.0
            ),
        };
        if let Some(fit) = &self.fit {
            text.push_str(&format!(" {}{colon}{}.", language.pick("Courbe", "Line"), fit.words));
        }
        if self.is_counted() {
            text.push_str(
                language
                    .pick(" Les points sont comptés par hexagone.", " The points are counted by hexagon."),
            );
        }
        let far: Vec<String> = self
            .farthest()
            .into_iter()
            .take(self.names.min(3))
            .map(|point| {
                let x = quantity(point.x, &self.x.1, language);
                format!("{} ({x}, {})", point.name, quantity(point.y, &self.y.1, language))
            })
            .collect();
        if !far.is_empty() {
            let words = match self.fit {
                Some(_) => language.pick("Les plus loin de la courbe", "Farthest from the line"),
                None => language.pick("Les plus loin du milieu", "Farthest from the middle"),
            };
            text.push_str(&format!(" {words}{colon}{}.", far.join(", ")));
        }
        let absent = self.points.len() - known.len();
        if absent > 0 {
            text.push_str(&format!(" {}.", capitalised(&missing(absent, language))));
        }
        text
    }
}

#[cfg(test)]
mod tests;
