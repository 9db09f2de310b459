//! A rate with how sure it is, in one colour.
use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::coverage::Coverage;
use super::ground::Ground;
use super::projection::Projection;
use super::rows::{POINTS, Rows, is_secret};
use super::shading::explain_without;
use super::sheet::{Sheet, Theme};
use super::words::describe_values;
use super::zones::{describe_lost, draw_zones, zone_names};
use super::{MapError, MapOptions, refuse};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA, WITHHELD, plain};
use crate::palette::check_palette;
use crate::semiology::{Design, Finding, Statistic, Variable, lint_design};
use crate::{
    Captions, ClassifyError, Colour, Column, Fill, Method, RoundedBounds, Scene, View, classify,
    format_number,
};

/// Zones coloured by a rate as finely as its interval allows: sure zones in four classes, less sure ones in two, those of
/// which nothing can be said in one pale colour.
///
/// ![Zones of a city coloured by the share of cyclists of a survey, sure values in four strong colours, less sure in two paler, unsure in one](pictures/suppressing.svg)
///
/// A choropleth of a survey invites readers to see patterns in its noise. Here a zone speaks the less the less is known: the
/// palette suppresses differences that the data do not bear.
///
/// # Levels
///
/// The range of the values is cut into four classes of one width. A zone whose interval is no wider than a class has
/// its class; one whose interval is no wider than two has the half of the range in which its value lies; all others have
/// the colour of the whole range. A value without interval is taken as exact.
///
/// # Missing values
///
/// As in [`Choropleth`](super::Choropleth). A value known only within finite bounds counts by their middle.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Interval, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, MapOptions, ValueSuppressingMap};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let known = |value: f64, by: f64| {
///     Interval::at_level(value - by, value + by, 0.95)
///         .map(|interval| Measured::new(value, Unit::PERCENT).with_interval(interval))
/// };
/// let cyclists = [known(2.0, 0.5)?, known(42.0, 9.0)?, known(30.0, 25.0)?];
/// let view = ValueSuppressingMap::new(&zones, &names, &cyclists)
///     .with_measure("By bicycle to work")
///     .draw(&MapOptions::default(), &Captions::new("sure", "Who cycles", Language::English))?;
/// assert!(view.description().contains("nothing can be said: 1 (Écully)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Correll, M., Moritz, D. and Heer, J. (2018). Value-suppressing uncertainty palettes. *Proc. CHI 2018*, paper 642.
/// doi:10.1145/3173574.3174216
#[derive(Clone, Debug, PartialEq)]
pub struct ValueSuppressingMap<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    values: &'a [Measured],
    measure: String,
    range: Option<(f64, f64)>,
    statistic: Option<Statistic>,
}

/// Classes of values that are sure.
const CLASSES: usize = 4;
/// Of sure, less sure and unsure zones, low values first; all told apart by all colour visions, and from what is withheld.
const TREE: [&[Colour]; 3] = [
    &[Colour::rgb(255, 176, 0), Colour::rgb(232, 89, 12), Colour::rgb(166, 30, 77), Colour::rgb(59, 10, 87)],
    &[Colour::rgb(241, 201, 153), Colour::rgb(195, 162, 180)],
    &[Colour::rgb(240, 238, 232)],
];

impl<'a> ValueSuppressingMap<'a> {
    /// Zones with the name and the value of each, with its interval.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self { zones, names, values, measure: String::new(), range: None, statistic: None }
    }

    /// With the name of what is measured, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// Cuts this range into four classes rather than that of the values, of which one that lies far out would leave the
    /// others in one class. What lies beyond counts with the outermost classes, and the legend says so.
    pub fn with_range(self, low: f64, high: f64) -> Self {
        Self { range: Some((low, high)), ..self }
    }

    /// Says what the values are of the members of a zone, where the unit leaves it open.
    pub fn with_statistic(self, statistic: Statistic) -> Self {
        Self { statistic: Some(statistic), ..self }
    }

    /// The rules of semiology that the map breaks; [`ValueSuppressingMap::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`ValueSuppressingMap::draw`], for rows that do not agree.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        let rows = self.rows()?;
        let tree = Tree::of(&rows, self.range)?;
        Ok(self.findings(&rows, &tree))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, there is no place or no value, a range does not rise, the CRS is in degrees
    /// and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let rows = self.rows()?;
        let tree = Tree::of(&rows, self.range)?;
        refuse(self.findings(&rows, &tree), options)?;
        let projection = Projection::of(self.zones, options)?;
        let zones = Coverage::projected(self.zones, &projection.crs)?;
        let absent = describe_lost(&zones, self.names, language);
        let said = tree.leaves.iter().map(|leaf| match leaf {
            Some([level, cell]) => tree.label(*level, *cell, language),
            None => "–".to_owned(),
        });
        let table = rows
            .table(&captions.title, &options.zone_word, language)
            .with(Column::text(language.pick("Ce que l’on peut dire", "What can be said"), said));
        let mut description =
            vec![describe_values(&rows, &options.zone_word, language), tree.describe(&rows, language)];
        description.extend(absent.clone());
        let theme = SuppressingTheme { zones, rows, tree, absent, options, language };
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?
            .view(table, description.join(" "))
    }

    fn rows(&self) -> Result<Rows, MapError> {
        Rows::new(self.zones.len(), self.names, self.values, &self.measure)
    }

    fn findings(&self, rows: &Rows, tree: &Tree) -> Vec<Finding> {
        let design = rows.design(Variable::SurfaceColour);
        let mut findings = lint_design(&Design { statistic: self.statistic, ..design });
        let colours: Vec<Colour> = TREE[..tree.levels()].concat();
        let confusions = check_palette(&colours, false);
        if !confusions.is_empty() {
            findings.push(Finding::Confusable { confusions });
        }
        findings
    }
}

/// Classes that merge as intervals widen.
struct Tree {
    /// Lower bound of the first class, then the upper bound of each: four classes, or one if all values are equal.
    bounds: Vec<f64>,
    /// The same for print, where they are not chosen.
    rounded: Option<RoundedBounds>,
    /// Whether there are values below the first and above the last bound.
    beyond: [bool; 2],
    /// Width of a class, in the unit of the values.
    step: f64,
    /// Level and cell of each row that has a value.
    leaves: Vec<Option<[usize; 2]>>,
}

impl Tree {
    fn of(rows: &Rows, range: Option<(f64, f64)>) -> Result<Self, MapError> {
        let numbers: Vec<f64> = rows.values.iter().map(|value| number(value).unwrap_or(f64::NAN)).collect();
        if numbers.iter().all(|value| value.is_nan()) {
            return Err(MapError::Empty { rows: numbers.len() });
        }
        let (bounds, rounded) = match range {
            None => {
                let classes = classify(&numbers, CLASSES, &Method::EqualInterval)?;
                (classes.bounds().to_vec(), Some(classes.rounded()))
            }
            Some((low, high)) if low.is_finite() && high.is_finite() && low < high => {
                let share = |i: usize| i as f64 / CLASSES as f64;
                ((0..=CLASSES).map(|i| low * (1.0 - share(i)) + high * share(i)).collect(), None)
            }
            Some((low, high)) => {
                return Err(ClassifyError::Bounds { position: 1, found: high, before: Some(low) }.into());
            }
        };
        let last = bounds.len() - 1;
        let step = (bounds[last] - bounds[0]) / CLASSES as f64;
        let beyond = [
            numbers.iter().any(|&value| value < bounds[0]),
            numbers.iter().any(|&value| value > bounds[last]),
        ];
        let levels = levels(last);
        let leaf = |value: &Measured| {
            let number = number(value)?;
            let class = bounds[1..last].partition_point(|&bound| bound < number);
            let width = value.interval().map_or(0.0, |interval| interval.width());
            let level =
                (0..levels).find(|level| width <= step * f64::from(1u8 << level)).unwrap_or(levels - 1);
            Some([level, class >> level])
        };
        let leaves = rows.values.iter().map(leaf).collect();
        Ok(Self { rounded, beyond, step, leaves, bounds })
    }

    /// Number of classes of sure values.
    fn classes(&self) -> usize {
        self.bounds.len() - 1
    }

    fn levels(&self) -> usize {
        levels(self.classes())
    }

    fn cells(&self, level: usize) -> usize {
        self.classes().div_ceil(1 << level)
    }

    /// A bound as the legend prints it, with a sign where values lie beyond.
    fn bound(&self, index: usize, language: Language) -> String {
        let number = match &self.rounded {
            Some(rounded) => rounded.bound(index, language),
            None => plain(self.bounds[index], language),
        };
        match self.beyond {
            [true, _] if index == 0 => format!("≤ {number}"),
            [_, true] if index == self.classes() => format!("≥ {number}"),
            _ => number,
        }
    }

    fn count(&self, level: usize, cell: usize) -> usize {
        self.leaves.iter().filter(|leaf| **leaf == Some([level, cell])).count()
    }

    /// The values for which a cell stands.
    fn label(&self, level: usize, cell: usize, language: Language) -> String {
        let (from, to) = (cell << level, ((cell + 1) << level).min(self.classes()));
        let (low, high) = (self.bound(from, language), self.bound(to, language));
        if low == high { low } else { format!("{low} {} {high}", language.pick("à", "to")) }
    }

    /// How wide intervals of a level are.
    fn precision(&self, level: usize, unit: &str, language: Language) -> String {
        let width = |level: usize| {
            let number = plain(self.step * f64::from(1u8 << level), language);
            if unit.is_empty() { number } else { format!("{number}\u{a0}{unit}") }
        };
        match (level, language) {
            (2.., Language::French) => format!("Incertain\u{a0}: intervalle de plus de {}", width(1)),
            (2.., Language::English) => format!("Unsure: interval wider than {}", width(1)),
            (1, Language::French) => format!("Moins sûr\u{a0}: intervalle jusqu’à {}", width(1)),
            (1, Language::English) => format!("Less sure: interval up to {}", width(1)),
            (_, Language::French) => format!("Sûr\u{a0}: intervalle jusqu’à {}", width(0)),
            (_, Language::English) => format!("Sure: interval up to {}", width(0)),
        }
    }

    fn describe(&self, rows: &Rows, language: Language) -> String {
        let colon = language.pick("\u{a0}: ", ": ");
        let names = ["en quatre classes", "en deux classes", "dont on ne peut rien dire"];
        let english = ["in four classes", "in two classes", "of which nothing can be said"];
        let parts: Vec<String> = (0..self.levels())
            .map(|level| {
                let within = (0..self.leaves.len())
                    .filter(|&row| self.leaves[row].is_some_and(|leaf| leaf[0] == level));
                let listed: Vec<&str> = within.map(|row| &rows.names[row][..]).collect();
                let count = format_number(listed.len() as f64, 0, language);
                let words = language.pick(names[level], english[level]);
                match listed.is_empty() || level == 0 {
                    true => format!("{words}{colon}{count}"),
                    false => format!("{words}{colon}{count} ({})", super::words::list(&listed, language)),
                }
            })
            .collect();
        let lead = language
            .pick("Zones selon la largeur de leur intervalle, ", "Zones by the width of their interval, ");
        format!("{lead}{}.", parts.join(", "))
    }
}

/// Levels of so many classes: a class alone does not merge.
fn levels(classes: usize) -> usize {
    if classes == CLASSES { TREE.len() } else { 1 }
}

/// The value, or the middle of bounds that are all that is known.
fn number(value: &Measured) -> Option<f64> {
    let middle = || {
        let interval = value.interval().filter(|_| value.suppression().is_none())?;
        let middle = 0.5 * interval.lower + 0.5 * interval.upper;
        middle.is_finite().then_some(middle)
    };
    value.value().filter(|number| !number.is_nan()).or_else(middle)
}

struct SuppressingTheme<'a> {
    zones: Coverage,
    rows: Rows,
    tree: Tree,
    absent: Option<String>,
    options: &'a MapOptions,
    language: Language,
}

impl Theme for SuppressingTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        draw_zones(&self.zones, ground, scene, |row, mark| {
            let fill = match self.tree.leaves[row] {
                Some([level, cell]) => Fill::Solid(TREE[level][cell]),
                None if is_secret(&self.rows.values[row]) => WITHHELD,
                None => NO_DATA,
            };
            mark.fill(fill).tip(self.rows.tip(row, self.language))
        })
    }

    fn draw_symbols(&self, _: &Ground, _: &mut Scene) {}

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        zone_names(&self.zones, &self.rows.names, self.options, ground)
    }

    fn explain(&self, _: &Ground, legend: &mut Legend<'_>) {
        let (language, tree) = (self.language, &self.tree);
        let unit = self.rows.unit.symbol(language);
        legend.title(&self.rows.heading(language), &unit);
        legend.words(&match language {
            Language::French => format!("Nombre de {} par case", self.options.zone_word),
            Language::English => format!("Number of {} in each cell", self.options.zone_word),
        });
        legend.gap(4.0);
        let bounds: Vec<String> = (0..=tree.classes()).map(|bound| tree.bound(bound, language)).collect();
        for (level, colours) in TREE.iter().enumerate().take(tree.levels()) {
            // Widths of intervals of percentages are points.
            let unit = if unit == "%" { POINTS } else { &unit };
            legend.words(&tree.precision(level, unit, language));
            let counts: Vec<usize> = (0..tree.cells(level)).map(|cell| tree.count(level, cell)).collect();
            legend.cells(colours, &counts, &bounds, 1 << level);
        }
        let exact = (0..self.rows.values.len())
            .filter(|&row| tree.leaves[row].is_some() && self.rows.values[row].interval().is_none())
            .count();
        let secret = self.rows.secret().len();
        let missing = tree.leaves.iter().filter(|leaf| leaf.is_none()).count() - secret;
        explain_without([missing, secret], legend, language);
        if exact > 0 {
            let exact = format_number(exact as f64, 0, language);
            legend.words(&match language {
                Language::French => format!("Sans intervalle, tenus pour exacts\u{a0}: {exact}"),
                Language::English => format!("Without interval, taken as exact: {exact}"),
            });
        }
        let method = Method::EqualInterval.name(language);
        legend.words(&format!("{}{method}", language.pick("Méthode\u{a0}: ", "Method: ")));
        if let Some(absent) = &self.absent {
            legend.words(absent);
        }
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::{Interval, Unit};

    use super::*;

    #[test]
    fn the_tree_is_told_apart_by_all_colour_visions() {
        let mut colours = TREE.concat();
        assert_eq!(check_palette(&colours, false), []);
        let Fill::Solid(withheld) = WITHHELD else { panic!("a solid grey") };
        colours.push(withheld);
        assert_eq!(check_palette(&colours, false), []);
    }

    #[test]
    fn wide_intervals_merge_classes() {
        let known = |value: f64, width: f64| {
            let half = 0.5 * width;
            Measured::new(value, Unit::PERCENT)
                .with_interval(Interval::at_level(value - half, value + half, 0.9).unwrap())
        };
        // From 0 to 40: classes of 10.
        let values = [
            Measured::new(0.0, Unit::PERCENT),
            Measured::new(40.0, Unit::PERCENT),
            known(15.0, 10.0),
            known(15.0, 10.5),
            known(35.0, 20.0),
            known(35.0, 20.5),
            Measured::bounded(21.0, 25.0, Unit::PERCENT).unwrap(),
            Measured::bounded(1.0, f64::INFINITY, Unit::PERCENT).unwrap(),
        ];
        let names: Vec<String> = (0..values.len()).map(|i| i.to_string()).collect();
        let tree = Tree::of(&Rows::new(values.len(), &names, &values, "").unwrap(), None).unwrap();
        let leaf = |level: usize, cell: usize| Some([level, cell]);
        assert_eq!(
            tree.leaves,
            [leaf(0, 0), leaf(0, 3), leaf(0, 1), leaf(1, 0), leaf(1, 1), leaf(2, 0), leaf(0, 2), None]
        );
        assert_eq!(tree.label(1, 1, Language::English), "20 to 40");
        let rows = Rows::new(values.len(), &names, &values, "").unwrap();
        let narrow = Tree::of(&rows, Some((10.0, 30.0))).unwrap();
        assert_eq!(narrow.leaves[..3], [leaf(0, 0), leaf(0, 3), leaf(1, 0)]);
        assert_eq!(narrow.label(0, 0, Language::French), "≤ 10 à 15");
        assert_eq!(narrow.label(2, 0, Language::English), "≤ 10 to ≥ 30");
        for range in [(3.0, 3.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert!(matches!(Tree::of(&rows, Some(range)), Err(MapError::Classify(_))));
        }
        let equal = vec![known(3.0, 9.0); 2];
        let tree = Tree::of(&Rows::new(2, &names[..2], &equal, "").unwrap(), None).unwrap();
        assert_eq!((tree.levels(), &tree.leaves[..]), (1, &[leaf(0, 0), leaf(0, 0)][..]));
    }
}
