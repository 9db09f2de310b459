//! Zones deformed until their surface is an amount.
mod cosine;
mod deform;
mod flow;
mod mesh;
mod pressure;

use datagora_core::{Language, Measured, Unit};
use datagora_geo::types::Rect;
use datagora_geo::{GeometryColumn, simplify_coverage};

use self::deform::{Target, deform};
use super::amounts::{Amounts, SizedRows, amount_methods};
use super::coverage::Coverage;
use super::ground::Ground;
use super::inset::refuse_on_cartogram;
use super::projection::Projection;
use super::rates::SymbolRates;
use super::rows::{Rows, is_secret};
use super::shading::explain_missing;
use super::sheet::{Sheet, Theme};
use super::zones::{describe_lost, draw_zones, zone_names};
use super::{Context, MapError, MapOptions, projected, unprepared};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA, WITHHELD};
use crate::{
    Captions, Colour, Column, Extent, Fill, Finding, Scene, Shape, Stroke, View, format_number,
    format_percent,
};

/// Zones deformed until the surface of each is proportional to an amount, still neighbours of their neighbours.
///
/// ![The communes of a city, swollen or shrunk to the size of their population, in classes of its growth](pictures/cartogram.svg)
///
/// The deformation is a flow from where the amount is dense to where it is sparse, until it is the same everywhere. What
/// zones share they still share, no ring turns over, and layers of the context are deformed alike. Legend and description
/// say by how much surfaces are off. By [`with_rates`](Self::with_rates) the zones are coloured by a rate, so that each
/// inhabitant counts for the same in the picture.
///
/// # Missing values
///
/// Zones whose amount is missing, or known only by an interval, are hatched, those whose amount is secret grey: both keep
/// the share of the surface that they have on the ground. A zone with zero, or less than a twentieth of the mean, gets a
/// twentieth of the mean surface, so that it is seen; the legend counts them, and they are not in the errors.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, ContiguousCartogram, MapOptions};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let people = [4_300.0, 10_900.0, 2_200.0].map(|value| Measured::new(value, Unit::of("{inhabitant}")));
/// let map = ContiguousCartogram::new(&zones, &names, &people).with_measure("Population");
/// let deformed = map.deform(&MapOptions::default())?;
/// assert!(deformed.errors.iter().flatten().all(|error| *error < 0.02));
/// let view = map.draw(&MapOptions::default(), &Captions::new("people", "Lyon par ses habitants", Language::French))?;
/// assert!(view.description().contains("Erreur de surface"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Gastner, M. T., Seguy, V., More, P. (2018). Fast flow-based algorithm for creating density-equalizing map projections.
/// *PNAS* 115(10), E2156–E2164. doi:10.1073/pnas.1712674115. The flow carries the vertices themselves, not a grid between
/// whose nodes they are interpolated; where zones are narrower than its cells, their borders are then moved by the pressures of
/// the zones on both sides until the surfaces are right.
#[derive(Clone, Debug, PartialEq)]
pub struct ContiguousCartogram<'a> {
    amounts: Amounts<'a>,
}

/// Zones whose surfaces are amounts: what [`ContiguousCartogram::deform`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct CartogramZones {
    /// The zones, with more vertices than they had, in the CRS of the map: the same surface in all, about the same middle.
    pub zones: GeometryColumn,
    /// By how much the surface of each zone is off, as a share of what it should be; `None` for zones whose amount is
    /// missing, zero, or less than a twentieth of the mean.
    pub errors: Vec<Option<f64>>,
    /// Flows that it took.
    pub rounds: usize,
}

impl CartogramZones {
    /// Mean and largest error, and the row of the latter; `None` if no zone has an error.
    fn accuracy(&self) -> Option<(f64, f64, usize)> {
        let known: Vec<(usize, f64)> =
            self.errors.iter().enumerate().filter_map(|(row, error)| Some((row, (*error)?))).collect();
        let &(row, most) = known.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        Some((known.iter().map(|(_, error)| error).sum::<f64>() / known.len() as f64, most, row))
    }
}

impl<'a> ContiguousCartogram<'a> {
    /// Zones with the name and the amount of each.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String], values: &'a [Measured]) -> Self {
        Self { amounts: Amounts::new(zones, names, values, Colour::rgb(92, 147, 191)) }
    }

    amount_methods!("zones");

    /// The deformed zones.
    ///
    /// # Errors
    ///
    /// As [`ContiguousCartogram::draw`].
    pub fn deform(&self, options: &MapOptions) -> Result<CartogramZones, MapError> {
        Ok(self.cartogram(&self.amounts.rows()?, options)?.shapes)
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, an amount is negative or infinite, there is no place or no amount above 0,
    /// a row is no surface, an inset is asked for, the CRS is in degrees and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let sized = self.amounts.sized()?;
        sized.check(options)?;
        refuse_on_cartogram(&options.insets)?;
        let Cartogram { shapes, context, projection, surface } = self.cartogram(&sized.rows, options)?;
        // Layers that were deformed with the zones.
        let deformed = MapOptions { context, ..options.clone() };

        let off =
            shapes.errors.iter().map(|error| error.map_or(f64::NAN, |error| (1e4 * error).round() / 100.0));
        let heading = language.pick("Erreur de surface", "Error of surface");
        let table = sized.table(&captions.title, &options.zone_word, language).with(Column::numbers(
            heading,
            Unit::PERCENT,
            off,
        ));
        let colour = self.amounts.colour;
        let zones = Coverage::from(shapes.zones.clone());
        let theme = CartogramTheme { sized, colour, shapes, zones, surface, options: &deformed, language };
        let remarks = [theme.accuracy(), theme.enlarged(), theme.absent()];
        let description = theme.sized.describe(&options.zone_word, remarks, language);
        Sheet::new(&theme, theme.sized.rows.names.len(), &projection, &deformed, captions)?
            .without_scale()
            .view(table, description)
    }

    fn cartogram(&self, rows: &Rows, options: &MapOptions) -> Result<Cartogram, MapError> {
        rows.check_amounts()?;
        let projection = Projection::of(self.amounts.places, options)?;
        let crs = &projection.crs;
        let zones = projected(self.amounts.places, crs)?;
        let bounds = zones.bounds().ok_or(MapError::Nowhere { rows: zones.len() })?;
        // Detail that no picture shows, and that would be carried along for nothing.
        let detail = bounds.width().max(bounds.height()) / DETAIL;
        let zones = simplify_coverage(&zones, detail).map_err(unprepared(crs))?;
        let surfaces = datagora_geo::area(&zones, datagora_geo::Metric::Planar).map_err(unprepared(crs))?;
        let targets = targets(&rows.numbers(), &surfaces).ok_or(MapError::Empty { rows: zones.len() })?;
        let context: Vec<Context> =
            options.context.iter().map(|layer| layer.prepare(crs)).collect::<Result<_, _>>()?;
        let layers: Vec<GeometryColumn> = context
            .iter()
            .map(|layer| simplify_coverage(layer.geometry(), detail).map_err(unprepared(crs)))
            .collect::<Result<_, _>>()?;
        let deformed = deform(&zones, &targets, &layers, bounds)?;
        let context =
            context.iter().zip(deformed.layers).map(|(layer, moved)| layer.moved_to(moved)).collect();
        let surface =
            surfaces.iter().sum::<f64>() / targets.iter().flatten().map(|target| target.amount).sum::<f64>();
        let shapes =
            CartogramZones { zones: deformed.zones, errors: deformed.errors, rounds: deformed.rounds };
        Ok(Cartogram { shapes, context, projection, surface })
    }
}

/// Detail kept, as a part of the longer side.
const DETAIL: f64 = 2_500.0;
/// A smaller share of the mean amount has the surface of this share of it.
const LEAST: f64 = 0.05;

/// What a map is drawn from.
struct Cartogram {
    shapes: CartogramZones,
    context: Vec<Context>,
    projection: Projection,
    /// Surface of a unit of the amount, m².
    surface: f64,
}

/// The amount by which each zone is drawn; `None` if nothing is above 0.
fn targets(amounts: &[f64], surfaces: &[f64]) -> Option<Vec<Option<Target>>> {
    let known: Vec<usize> =
        (0..amounts.len()).filter(|&row| !amounts[row].is_nan() && surfaces[row] > 0.0).collect();
    let whole: f64 = known.iter().map(|&row| amounts[row]).sum();
    let ground: f64 = known.iter().map(|&row| surfaces[row]).sum();
    let least = LEAST * whole / known.len() as f64;
    let target = |row: usize| {
        let amount = amounts[row];
        (surfaces[row] > 0.0).then(|| match amount.is_nan() {
            true => Target { amount: surfaces[row] * whole / ground, exact: false },
            false => Target { amount: amount.max(least), exact: amount >= least },
        })
    };
    (whole > 0.0 && whole.is_finite()).then(|| (0..amounts.len()).map(target).collect())
}

struct CartogramTheme<'a> {
    sized: SizedRows,
    colour: Colour,
    shapes: CartogramZones,
    /// Those of the shapes, to be drawn.
    zones: Coverage,
    surface: f64,
    options: &'a MapOptions,
    language: Language,
}

impl CartogramTheme<'_> {
    fn accuracy(&self) -> Option<String> {
        let (mean, most, row) = self.shapes.accuracy()?;
        let percent = |share: f64| {
            let decimals = if share < 0.0995 { 1 } else { 0 };
            format_percent(share, decimals, self.language)
        };
        let (mean, most, name) = (percent(mean), percent(most), &self.sized.rows.names[row]);
        Some(match self.language {
            Language::French => {
                format!("Erreur de surface\u{a0}: {mean} en moyenne, {most} au plus ({name}).")
            }
            Language::English => format!("Error of surface: {mean} on average, {most} at most ({name})."),
        })
    }

    /// Zones drawn larger than their amount, in words.
    fn enlarged(&self) -> Option<String> {
        let amounts = self.sized.rows.numbers();
        let rows =
            (0..amounts.len()).filter(|&row| !amounts[row].is_nan() && self.shapes.errors[row].is_none());
        let count = rows.filter(|&row| !self.shapes.zones.is_missing(row)).count();
        let words = format_number(count as f64, 0, self.language);
        (count > 0).then(|| match self.language {
            Language::French => {
                format!("Zéro ou presque, dessinés à 5\u{202f}% de la moyenne\u{a0}: {words}.")
            }
            Language::English => format!("Zero or nearly, drawn at 5% of the mean: {words}."),
        })
    }

    fn absent(&self) -> Option<String> {
        describe_lost(&self.shapes.zones, &self.sized.rows.names, self.language)
    }

    fn fill(&self, row: usize) -> Fill {
        let value = &self.sized.rows.values[row];
        match &self.sized.shades {
            _ if is_secret(value) => WITHHELD,
            _ if value.value().is_none_or(f64::is_nan) => NO_DATA,
            Some(shades) => shades.fill(row),
            None => Fill::Solid(self.colour),
        }
    }
}

impl Theme for CartogramTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.shapes.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        draw_zones(&self.zones, ground, scene, |row, mark| {
            mark.fill(self.fill(row)).tip(self.sized.tip(row, self.language))
        })
    }

    fn draw_symbols(&self, _: &Ground, _: &mut Scene) {}

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        zone_names(&self.zones, &self.sized.rows.names, self.options, ground)
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let (language, rows) = (self.language, &self.sized.rows);
        legend.title(&rows.heading(language), &rows.unit.symbol(language));
        legend.words(language.pick(
            "La surface de chaque zone est proportionnelle à cette quantité.",
            "The surface of each zone is proportional to this amount.",
        ));
        legend.gap(6.0);
        // Half the side of the square of an amount.
        let half = |amount: f64| 0.5 * (amount * self.surface).sqrt() * ground.scale;
        let square = |x: f64, y: f64, half: f64| {
            Shape::Rect(Extent { left: x - half, top: y - half, right: x + half, bottom: y + half })
        };
        legend.nested(self.sized.largest(), half, square, Fill::None, Stroke::new(Colour::MUTED, 1.0));
        explain_missing(rows, legend, language);
        if rows.missing().len() + rows.secret().len() > 0 {
            legend.words(language.pick(
                "Sans valeur\u{a0}: la surface reste celle du terrain.",
                "Without value: the surface is that of the ground.",
            ));
        }
        for remark in [self.enlarged(), self.accuracy(), self.absent()].into_iter().flatten() {
            legend.words(&remark);
        }
        self.sized.explain_rates(&self.options.zone_word, legend, language);
    }
}
