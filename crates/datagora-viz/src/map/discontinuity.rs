//! How abruptly a rate changes from zone to zone.
mod breaks;

use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Geometry, Rect};

use self::breaks::Breaks;
use super::ground::Ground;
use super::projection::Projection;
use super::rows::{POINTS, Rows};
use super::shading::{Shades, Shading, shading_methods};
use super::sheet::{Sheet, Theme};
use super::zones::ColouredZones;
use super::{MapError, MapOptions, refuse};
use crate::label::Wish;
use crate::legend::Legend;
use crate::semiology::{Finding, lint_design};
use crate::{Captions, Colour, Mark, Method, Palette, Scene, Shape, Statistic, Stroke, View, format_number};

/// What is compared across a border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Contrast {
    /// The higher value less the lower, in the unit of the rate.
    #[default]
    Absolute,
    /// The higher value divided by the lower: how many times as much. For rates above 0.
    Relative,
}

/// Borders between neighbouring zones, the wider the more a rate differs across them, over pale zones coloured by the rate.
///
/// ![Zones of a city in pale colours of their income, the borders between rich and poor neighbours drawn as dark lines of three widths](pictures/discontinuities.svg)
///
/// A choropleth shows levels, this map where they break: which quarters touch others that are unlike. Only the strongest
/// borders are drawn, a quarter of them unless asked otherwise. The table lists all pairs of neighbours, the greatest
/// difference first.
///
/// # Missing values
///
/// Zones without value are hatched, those whose value is secret are grey. A border of such a zone is not compared; the legend
/// counts these. Zones without neighbours have no borders.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, Discontinuities, MapOptions};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let poverty = [25.0, 15.0, 7.0].map(|value| Measured::new(value, Unit::PERCENT));
/// let view = Discontinuities::new(&zones, &names, &poverty)
///     .with_measure("Taux de pauvreté")
///     .draw(&MapOptions::default(), &Captions::new("breaks", "Où la ville se brise", Language::French))?;
/// assert!(view.description().contains("Bron (25\u{202f}%) / Lyon (15\u{202f}%)\u{a0}: 10\u{a0}points"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Grasland, C. (1997). *Contribution à l’analyse géographique des maillages territoriaux*, on territorial discontinuities.
/// `mf_get_borders` and `getBorders` of the R packages mapsf and cartography.
#[derive(Clone, Debug, PartialEq)]
pub struct Discontinuities<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    values: &'a [Measured],
    shading: Shading,
    contrast: Contrast,
    drawn: Drawn,
    widths: usize,
}

/// Which borders are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Drawn {
    /// This share of those compared, the strongest.
    Share(f64),
    /// Those across which the difference is at least this.
    From(f64),
}

/// Widths that readers tell apart.
const MOST_WIDTHS: usize = 5;
/// Dark enough for all grounds, unlike any of them.
const LINE: Colour = Colour::rgb(122, 18, 40);
/// How pale the zones are, so that lines speak.
const PALE: f64 = 0.35;

impl<'a> Discontinuities<'a> {
    /// Zones with the name and the value of each: the strongest quarter of the borders in three widths, over zones in five
    /// classes by exact Fisher.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self {
            zones,
            names,
            values,
            shading: Shading::new(5),
            contrast: Contrast::default(),
            drawn: Drawn::Share(0.25),
            widths: 3,
        }
    }

    shading_methods!("the values of the zones");

    /// Compares neighbours in this way.
    pub fn with_contrast(self, contrast: Contrast) -> Self {
        Self { contrast, ..self }
    }

    /// Draws this share of the borders, 0 to 1: the strongest, and those as strong as the weakest of them.
    pub fn with_share(self, share: f64) -> Self {
        Self { drawn: Drawn::Share(share), ..self }
    }

    /// Draws the borders across which the difference, or the ratio, is at least this.
    pub fn with_threshold(self, threshold: f64) -> Self {
        Self { drawn: Drawn::From(threshold), ..self }
    }

    /// Draws borders in this many widths, classes of their differences by exact Fisher; more than five need
    /// [`Exception::ManyClasses`](crate::Exception::ManyClasses).
    pub fn with_widths(self, widths: usize) -> Self {
        Self { widths, ..self }
    }

    /// The rules of semiology that the map breaks; [`Discontinuities::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`Discontinuities::draw`].
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        let shades = self.shades()?;
        let breaks = Breaks::of(&shades.rows, self.zones, self.choice())?;
        Ok(findings(&shades, &breaks))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, there is no place or no value, no two zones with values share a border, a
    /// share or threshold draws none, a ratio is asked of values that are not above 0, the CRS is in degrees and no
    /// projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let shades = self.shades()?;
        let projection = Projection::of(self.zones, options)?;
        let crs = &projection.crs;
        let zones = ColouredZones::new((self.zones, self.names), shades, crs, options, language)?;
        let Shades { rows, .. } = &zones.shades;
        let breaks = Breaks::of(rows, &zones.zones, self.choice())?;
        refuse(findings(&zones.shades, &breaks), options)?;

        let mut description =
            vec![zones.shades.describe(&options.zone_word, language), breaks.describe(rows, language)];
        description.extend(zones.absent.clone());
        let table = breaks.table(&captions.title, rows, language);
        let theme = DiscontinuityTheme { zones, breaks, language };
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?
            .view(table, description.join(" "))
    }

    /// What is compared, which borders are drawn, in how many widths.
    fn choice(&self) -> (Contrast, Drawn, usize) {
        (self.contrast, self.drawn, self.widths)
    }

    fn shades(&self) -> Result<Shades, MapError> {
        let rows = Rows::new(self.zones.len(), self.names, self.values, &self.shading.measure)?;
        Ok(self.shading.shades(rows)?.lighter(PALE))
    }
}

fn findings(shades: &Shades, breaks: &Breaks) -> Vec<Finding> {
    let mut findings = lint_design(&shades.design);
    if breaks.classes.len() > MOST_WIDTHS {
        findings.push(Finding::TooManyClasses { found: breaks.classes.len(), most: MOST_WIDTHS });
    }
    findings
}

struct DiscontinuityTheme<'a> {
    zones: ColouredZones<'a>,
    breaks: Breaks,
    language: Language,
}

impl Theme for DiscontinuityTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.zones.draw_surfaces(ground, scene)
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        // The strongest last, above the others.
        for of in self.breaks.compared[..self.breaks.drawn].iter().rev() {
            let Some(class) = self.breaks.classes.class_of(of.contrast) else { continue };
            let line = Geometry::MultiLineString(of.border.line.clone());
            let path = ground.thinned_path(&line);
            if path.parts.is_empty() {
                continue;
            }
            let stroke = Stroke::new(LINE, self.breaks.width(class, ground));
            let tip = self.breaks.tip(of, &self.zones.shades.rows, self.language);
            scene.add(Mark::new(Shape::Path(path)).stroke(stroke).tip(tip));
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        self.zones.names(ground)
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let language = self.language;
        let breaks = &self.breaks;
        let unit = match (breaks.contrast, &breaks.unit.symbol(language)[..]) {
            (Contrast::Absolute, "%") => POINTS.to_owned(),
            (_, symbol) => symbol.to_owned(),
        };
        legend.title(breaks.heading(language), &unit);
        legend.column_heading(language.pick("frontières", "borders"));
        let rounded = breaks.classes.rounded();
        for class in (0..breaks.classes.len()).rev() {
            let stroke = Stroke::new(LINE, breaks.width(class, ground));
            let words = match breaks.contrast {
                Contrast::Absolute => rounded.label(class, language),
                Contrast::Relative => format!("× {}", rounded.label(class, language)),
            };
            legend.stroke(stroke, &words, breaks.classes.counts()[class]);
        }
        let count = |n: usize| format_number(n as f64, 0, language);
        let (drawn, compared) = (count(breaks.drawn), count(breaks.compared.len()));
        legend.words(&match language {
            Language::French => format!("{drawn} frontières tracées sur {compared}, les plus marquées"),
            Language::English => format!("{drawn} borders drawn of {compared}, the strongest"),
        });
        if breaks.silent > 0 {
            let silent = count(breaks.silent);
            legend.words(&match language {
                Language::French => format!("Frontières sans comparaison, faute de valeur\u{a0}: {silent}"),
                Language::English => format!("Borders not compared for want of a value: {silent}"),
            });
        }
        legend.gap(12.0);
        self.zones.explain(ground, legend);
    }
}
