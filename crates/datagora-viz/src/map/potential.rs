//! What lies around each place, as a smooth map.
mod contours;

use datagora_core::{Crs, Language, Measured, Unit};
use datagora_geo::types::{Coord, Rect};
use datagora_geo::{
    Boundary, Decay, GeometryColumn, Metric, PotentialOptions, ZoneIndex, area, clip, potential, union_all,
};

use self::contours::Field;
use super::ground::Ground;
use super::places::{NO_VALUE, describe_unplaced, explain_no_value, no_value, positions, small_circle};
use super::projection::Projection;
use super::rows::Rows;
use super::sheet::{Sheet, Theme};
use super::words::describe_values;
use super::{MapError, MapOptions, projected, refuse, unprepared};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA, plain};
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{
    Captions, Classes, Colour, Column, Fill, Mark, Method, Palette, Scene, Stroke, View, classify,
    format_number, format_percent,
};

/// How much of an amount lies around each place, the nearer the more it counts, as surfaces between lines of equal value:
/// a map that does not depend on the zones in which things were counted.
///
/// ![Smooth surfaces over a city, the darker the more people live around](pictures/potential.svg)
///
/// At each place the amounts of all sources are summed, weighted by a function of distance that is 1 at 0 and one half at
/// the span. The ratio of two such potentials, [`per`](Self::per), is a smoothed rate: jobs per inhabitant around each
/// place. What is shown is a quantity of each place, not of a surface; so it may be an amount.
///
/// # Missing values
///
/// Sources whose amount is missing or secret, or known only by an interval, add nothing; they are marked on the map and
/// counted in the legend. Ground on which a ratio has no meaning, since there is nothing below the line, is hatched.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Metres, Unit};
/// use datagora_geo::{GeometryColumn, PotentialOptions};
/// use datagora_viz::{Captions, MapOptions, PotentialMap};
///
/// let towns = GeometryColumn::points(vec![0.0, 4_000.0, 9_000.0], vec![0.0, 3_000.0, 500.0], Crs::LAMBERT_93);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let people = [4_300.0, 10_900.0, 2_200.0].map(|value| Measured::new(value, Unit::of("{inhabitant}")));
/// let view = PotentialMap::new(&towns, &names, &people, PotentialOptions::new(Metres(2_000.0)))
///     .with_measure("Habitants alentour")
///     .draw(&MapOptions::default(), &Captions::new("around", "Qui vit alentour ?", Language::French))?;
/// assert!(view.description().contains("à 2\u{a0}km, on compte pour moitié"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Stewart, J. Q. (1941). An inverse distance variation for certain social influences. Science 93(2404), 89–90.
/// doi:10.1126/science.93.2404.89. Grasland, C., Mathian, H., Vincent, J.-M. (2000). Multiscalar analysis and map
/// generalisation of discrete social phenomena. *Statistical Journal of the UN ECE* 17(2), 157–188. R: `potential`.
#[derive(Clone, Debug, PartialEq)]
pub struct PotentialMap<'a> {
    sources: &'a GeometryColumn,
    names: &'a [String],
    amounts: &'a [Measured],
    per: Option<(String, &'a [Measured])>,
    options: PotentialOptions,
    measure: String,
    area: Option<&'a GeometryColumn>,
    resolution: Option<f64>,
    method: Method,
    classes: usize,
    palette: Palette,
}

impl<'a> PotentialMap<'a> {
    /// Points, or zones whose centroids are taken, with the name and the amount of each, and how far they count.
    pub fn new(
        sources: &'a GeometryColumn,
        names: &'a [String],
        amounts: &'a [Measured],
        options: PotentialOptions,
    ) -> Self {
        Self {
            sources,
            names,
            amounts,
            per: None,
            options,
            measure: String::new(),
            area: None,
            resolution: None,
            method: Method::Quantile,
            classes: 6,
            palette: Palette::default(),
        }
    }

    /// Divides by the potential of a second amount of the same sources, and its name.
    pub fn per(self, name: impl Into<String>, amounts: &'a [Measured]) -> Self {
        Self { per: Some((name.into(), amounts)), ..self }
    }

    /// With the name of what is shown, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// Shows this ground only. By default the zones, or the surroundings of the points up to the span.
    pub fn with_area(self, area: &'a GeometryColumn) -> Self {
        Self { area: Some(area), ..self }
    }

    /// Computes the potential every so many metres. By default in 160 steps along the longer side.
    pub fn with_resolution(self, metres: f64) -> Self {
        Self { resolution: Some(metres), ..self }
    }

    /// Divides the potentials of the ground by this method into this many classes.
    pub fn with_method(self, method: Method, classes: usize) -> Self {
        Self { method, classes, ..self }
    }

    /// With these colours.
    pub fn with_palette(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// The rules of semiology that the map breaks; [`PotentialMap::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`PotentialMap::draw`].
    pub fn lint(&self, options: &MapOptions) -> Result<Vec<Finding>, MapError> {
        Ok(self.surface(options)?.findings)
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, an amount is negative or infinite, there is no source or no amount, span or
    /// exponent are not positive, the resolution is no length or gives more than 250,000 places, the CRS is in degrees and no
    /// projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let surface = self.surface(options)?;
        refuse(surface.findings.clone(), options)?;
        let mut table = surface.amounts.table(&captions.title, &options.zone_word, language);
        if let Some(per) = &surface.per {
            table = table.with(per.column(language));
        }
        let found = &surface.found;
        let heading = match self.per {
            Some(_) => language.pick("Rapport des potentiels", "Ratio of potentials"),
            None => language.pick("Potentiel", "Potential"),
        };
        table = table.with(Column::measured(heading, found.unit.clone(), found.values.clone()));
        let theme = PotentialTheme { map: self, surface: &surface, options, language };
        Sheet::new(&theme, self.names.len(), &surface.projection, options, captions)?
            .view(table, theme.describe())
    }

    /// Everything but its look.
    fn surface(&self, options: &MapOptions) -> Result<Surface, MapError> {
        let count = self.sources.len();
        let amounts = Rows::new(count, self.names, self.amounts, "")?;
        amounts.check_amounts()?;
        let per = match &self.per {
            Some((name, values)) => {
                let rows = Rows::new(count, self.names, values, name)?;
                rows.check_amounts()?;
                Some(rows)
            }
            None => None,
        };
        let projection = Projection::of(self.sources, options)?;
        let crs = &projection.crs;
        let sources = projected(self.sources, crs)?;
        let ground = self.ground(&sources, crs)?;
        let grid =
            NodeGrid::over(ground.bounds().ok_or(MapError::Nowhere { rows: count })?, self.resolution)?;
        let at = |places: &GeometryColumn| -> Result<Vec<f64>, MapError> {
            let of = |rows: &Rows| {
                potential(&sources, &rows.numbers(), places, &self.options).map_err(unprepared(crs))
            };
            let above = of(&amounts)?.values;
            let Some(per) = &per else { return Ok(above) };
            let below = of(per)?.values;
            let ratio = |(above, below): (f64, f64)| if below > 0.0 { above / below } else { f64::NAN };
            Ok(above.into_iter().zip(below).map(ratio).collect())
        };
        let nodes = at(&grid.places(crs))?;
        let values = at(&sources)?;

        // Classes of what is on the ground shown.
        let index = ZoneIndex::for_points(&ground, nodes.len()).map_err(unprepared(crs))?;
        let inside = |node: usize| {
            let Coord { x, y } = grid.at(node);
            index.locate(x, y, Boundary::HalfOpen).is_some()
        };
        let shown: Vec<usize> = (0..nodes.len()).filter(|&node| inside(node)).collect();
        // Ground between the nodes still has classes.
        let shown = if shown.is_empty() { (0..nodes.len()).collect() } else { shown };
        let of_ground: Vec<f64> = shown.iter().map(|&node| nodes[node]).collect();
        if of_ground.iter().all(|value| value.is_nan()) {
            return Err(MapError::Empty { rows: count });
        }
        let classes = rounded(classify(&of_ground, self.classes, &self.method)?, &of_ground)?;
        let field = Field { values: &nodes, columns: grid.columns, origin: grid.origin, step: grid.step };
        // What is at least as high as the lower bound of each class; of the lowest, wherever there is a value.
        let levels: Vec<f64> = std::iter::once(f64::NEG_INFINITY)
            .chain(classes.bounds()[1..classes.len()].iter().copied())
            .collect();
        let levels =
            GeometryColumn::new(levels.iter().map(|&level| field.at_least(level).into()), crs.clone());
        let pieces = clip(&levels, &ground).map_err(unprepared(crs))?;
        let mut bands = vec![None; classes.len()];
        let mut surfaces = vec![0.0; classes.len() + 1];
        for (origin, shape) in pieces.origins.iter().zip(pieces.shapes.iter()) {
            if let Some(class) = origin.left {
                bands[class] = shape;
                surfaces[class] = origin.measure;
            }
        }
        let whole: f64 = area(&ground, Metric::Planar).map_err(unprepared(crs))?.iter().sum();
        let shares = (0..classes.len())
            .map(|class| ((surfaces[class] - surfaces[class + 1]) / whole).max(0.0))
            .collect();
        let undefined = nodes.iter().any(|value| value.is_nan());
        let unit = match &per {
            Some(per) => amounts.unit.divide(&per.unit).unwrap_or(Unit::ONE),
            None => amounts.unit.clone(),
        };
        let values: Vec<Measured> =
            values.into_iter().map(|value| Measured::new(value, unit.clone())).collect();
        let found = Rows::new(count, self.names, &values, &self.measure)?;
        let colours = self.palette.colours_of(&classes, classes.centre())?;
        let findings = lint_design(&Design {
            variable: Variable::SurfaceColour,
            // A value of each place, so no unit: nobody adds the surfaces up.
            colours: colours.clone(),
            ordered: self.palette.is_ordered(),
            missing: amounts.missing().len() + amounts.secret().len(),
            values: count,
            goodness_of_variance_fit: Some(classes.goodness_of_variance_fit()),
            ..Design::default()
        });
        let places = positions(&sources);
        let bands = GeometryColumn::from_options(bands, crs.clone());
        Ok(Surface {
            amounts,
            per,
            found,
            projection,
            ground,
            bands,
            shares,
            undefined,
            classes,
            colours,
            places,
            findings,
        })
    }

    /// The ground shown, as one surface.
    fn ground(&self, sources: &GeometryColumn, crs: &Crs) -> Result<GeometryColumn, MapError> {
        let nowhere = || MapError::Nowhere { rows: sources.len() };
        if let Some(area) = self.area {
            return union_all(&projected(area, crs)?).map_err(unprepared(crs));
        }
        let bounds = sources.bounds().ok_or_else(nowhere)?;
        if ![bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y].iter().all(|c| c.is_finite()) {
            return Err(nowhere());
        }
        match union_all(sources) {
            Ok(zones) => Ok(zones),
            // Points: their surroundings.
            Err(_) => {
                let by = self.options.span.0.max(1.0);
                let by = if by.is_finite() { by } else { 1.0 };
                let (low, high) = (bounds.min(), bounds.max());
                let around = Rect::new(
                    Coord { x: low.x - by, y: low.y - by },
                    Coord { x: high.x + by, y: high.y + by },
                );
                Ok(GeometryColumn::new([around.to_polygon().into()], crs.clone()))
            }
        }
    }
}

/// The same classes with breaks of two digits where that keeps them apart: lines may run at any value.
fn rounded(classes: Classes, values: &[f64]) -> Result<Classes, MapError> {
    let two_digits = |value: f64| {
        let unit = libm::pow(10f64, libm::log10(value.abs()).floor() - 1.0);
        if value == 0.0 || !unit.is_finite() { value } else { (value / unit).round() * unit }
    };
    let [low, .., high] = classes.bounds() else { return Ok(classes) };
    let mut breaks: Vec<f64> =
        classes.bounds()[1..classes.len()].iter().map(|&bound| two_digits(bound)).collect();
    breaks.push(*high);
    let rising = breaks.windows(2).all(|pair| pair[0] < pair[1]) && breaks[0] > *low;
    match classes.method() {
        Method::Manual(_) => Ok(classes),
        _ if !rising => Ok(classes),
        _ => Ok(classify(values, breaks.len(), &Method::Manual(breaks))?),
    }
}

/// Steps of the grid along the longer side, unless a resolution is given.
const STEPS: f64 = 160.0;
/// Places of the grid at most.
const MOST_NODES: usize = 250_000;

/// Places at which the potential is computed.
struct NodeGrid {
    origin: Coord,
    step: f64,
    columns: usize,
    rows: usize,
}

impl NodeGrid {
    /// A grid that reaches a step beyond bounds.
    fn over(bounds: Rect, resolution: Option<f64>) -> Result<Self, MapError> {
        let step = resolution.unwrap_or_else(|| (bounds.width().max(bounds.height()) / STEPS).max(1e-3));
        let wrong = |cells: f64| MapError::Cells { cell: step, cells, most: MOST_NODES };
        if !(step.is_finite() && step > 0.0) {
            return Err(wrong(f64::NAN));
        }
        let along = |length: f64| (length / step).ceil() + 3.0;
        let (columns, rows) = (along(bounds.width()), along(bounds.height()));
        if columns * rows > MOST_NODES as f64 {
            return Err(wrong(columns * rows));
        }
        let Coord { x, y } = bounds.min();
        let origin = Coord { x: x - step, y: y - step };
        Ok(Self { origin, step, columns: columns as usize, rows: rows as usize })
    }

    fn at(&self, node: usize) -> Coord {
        let (row, column) = ((node / self.columns) as f64, (node % self.columns) as f64);
        Coord { x: self.origin.x + column * self.step, y: self.origin.y + row * self.step }
    }

    fn places(&self, crs: &Crs) -> GeometryColumn {
        let (x, y) = (0..self.columns * self.rows).map(|node| self.at(node)).map(|at| (at.x, at.y)).unzip();
        GeometryColumn::points(x, y, crs.clone())
    }
}

struct Surface {
    amounts: Rows,
    per: Option<Rows>,
    /// The potential, or the ratio, at each source.
    found: Rows,
    projection: Projection,
    ground: GeometryColumn,
    /// Where the value is at least the lower bound of each class.
    bands: GeometryColumn,
    /// Share of the ground that is in each class.
    shares: Vec<f64>,
    /// Whether the ratio has no meaning somewhere.
    undefined: bool,
    classes: Classes,
    colours: Vec<Colour>,
    places: Vec<Option<Coord>>,
    findings: Vec<Finding>,
}

impl Surface {
    /// Sources of which an amount is missing, and those of which one is secret.
    fn without(&self) -> [Vec<usize>; 2] {
        let union = |of: fn(&Rows) -> Vec<usize>| {
            let mut rows = of(&self.amounts);
            rows.extend(self.per.iter().flat_map(of));
            rows.sort_unstable();
            rows.dedup();
            rows
        };
        let secret = union(Rows::secret);
        let missing = union(Rows::missing).into_iter().filter(|row| !secret.contains(row)).collect();
        [missing, secret]
    }
}

struct PotentialTheme<'a> {
    map: &'a PotentialMap<'a>,
    surface: &'a Surface,
    options: &'a MapOptions,
    language: Language,
}

impl PotentialTheme<'_> {
    fn describe(&self) -> String {
        let (language, classes) = (self.language, &self.surface.classes);
        let values = describe_values(&self.surface.found, &self.options.zone_word, language);
        let rounded = classes.rounded();
        let parts: Vec<String> = (0..classes.len())
            .rev()
            .map(|class| format!("{} ({})", rounded.label(class, language), self.share(class)))
            .collect();
        let lead = language.pick(
            "Classes, part du territoire entre parenthèses\u{a0}: ",
            "Classes, share of the ground in brackets: ",
        );
        let parts = parts.join(language.pick("\u{202f}; ", "; "));
        let words = format!("{values} {} {lead}{parts}.", self.function());
        let remarks = [self.absent(), self.left_out()];
        remarks.into_iter().flatten().fold(words, |words, remark| format!("{words} {remark}"))
    }

    fn share(&self, class: usize) -> String {
        format_percent(self.surface.shares[class], 0, self.language)
    }

    /// The function of distance, and what the span means.
    fn function(&self) -> String {
        let (options, language) = (&self.map.options, self.language);
        let span = match options.span.0 {
            metres if metres < 1_000.0 => format!("{}\u{a0}m", plain(metres, language)),
            metres => format!("{}\u{a0}km", plain(metres / 1_000.0, language)),
        };
        let beta = plain(options.beta, language);
        match (language, options.decay) {
            (Language::French, Decay::Exponential) => format!(
                "Potentiel de Stewart, fonction exponentielle (bêta\u{a0}=\u{a0}{beta})\u{a0}: à {span}, on compte pour moitié."
            ),
            (Language::French, Decay::Pareto) => format!(
                "Potentiel de Stewart, fonction de Pareto (bêta\u{a0}=\u{a0}{beta})\u{a0}: à {span}, on compte pour moitié."
            ),
            (Language::English, Decay::Exponential) => {
                format!(
                    "Stewart potential, exponential function (beta\u{a0}=\u{a0}{beta}): at {span} things count for half."
                )
            }
            (Language::English, Decay::Pareto) => {
                format!(
                    "Stewart potential, Pareto function (beta\u{a0}=\u{a0}{beta}): at {span} things count for half."
                )
            }
        }
    }

    fn absent(&self) -> Option<String> {
        describe_unplaced(&self.surface.places, self.map.names, self.language)
    }

    /// How many sources add nothing since their amount is not known.
    fn left_out(&self) -> Option<String> {
        let count = self.surface.without().iter().map(Vec::len).sum::<usize>();
        let words = format_number(count as f64, 0, self.language);
        (count > 0).then(|| match self.language {
            Language::French => format!("Sans valeur connue, non comptés\u{a0}: {words}."),
            Language::English => format!("Value not known, not counted: {words}."),
        })
    }
}

impl Theme for PotentialTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.surface.ground.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        let surface = self.surface;
        if surface.undefined {
            for geometry in ground.generalise(&surface.ground)?.iter().flatten() {
                if let Some(shape) = ground.surface(&geometry) {
                    scene.add(Mark::new(shape).fill(NO_DATA));
                }
            }
        }
        // Higher ground lies on lower, so that no seam is between them.
        let line = Stroke::new(Colour::WHITE, 0.5);
        for (class, band) in surface.bands.iter().enumerate() {
            let Some(shape) = band.and_then(|band| ground.surface(&band)) else { continue };
            let range = surface.classes.rounded().label(class, self.language);
            let symbol = surface.found.unit.symbol(self.language);
            let gap = if symbol.is_empty() { "" } else { "\u{a0}" };
            let mark = Mark::new(shape).fill(Fill::Solid(surface.colours[class]));
            scene.add(mark.stroke(line).tip(format!("{range}{gap}{symbol}")));
        }
        Ok(())
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let [missing, secret] = self.surface.without();
        for (rows, is_secret) in [(missing, false), (secret, true)] {
            for row in rows {
                let Some(place) = self.surface.places[row] else { continue };
                let Some(circle) = ground.circle(ground.place(place), NO_VALUE) else { continue };
                let (fill, outline) = no_value(is_secret);
                let tip = self.surface.amounts.tip(row, self.language);
                scene.add(Mark::new(circle).fill(fill).stroke(outline).tip(tip));
            }
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        let amounts = self.surface.amounts.numbers();
        let importance = self.options.importance.as_ref().unwrap_or(&amounts);
        (0..amounts.len())
            .filter(|&row| !importance[row].is_nan())
            .filter_map(|row| {
                let [x, y] = ground.place(self.surface.places[row]?);
                let text = self.map.names[row].clone();
                Some(Wish { text, x, y, importance: importance[row], clearance: 0.0 })
            })
            .collect()
    }

    fn explain(&self, _: &Ground, legend: &mut Legend<'_>) {
        let (language, surface) = (self.language, self.surface);
        legend.title(&surface.found.heading(language), &surface.found.unit.symbol(language));
        let shares: Vec<String> = (0..surface.classes.len()).map(|class| self.share(class)).collect();
        let heading = language.pick("du territoire", "of the ground");
        legend.bands(&surface.classes, &surface.colours, heading, &shares);
        if surface.undefined {
            let words =
                language.pick("sans objet\u{a0}: rien à rapporter", "no meaning: nothing to divide by");
            legend.surface(NO_DATA, words);
        }
        let [missing, secret] = surface.without();
        explain_no_value([missing.len(), secret.len()], small_circle, legend, language);
        legend.words(&self.function());
        let method = self.map.method.name(language);
        legend.words(&match language {
            Language::French => format!("Méthode\u{a0}: {method}, seuils arrondis"),
            Language::English => format!("Method: {method}, breaks rounded"),
        });
        for remark in [self.left_out(), self.absent()].into_iter().flatten() {
            legend.words(&remark);
        }
    }
}
