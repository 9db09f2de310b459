//! How much goes from where to where.
mod arrow;
mod picture;
#[cfg(test)]
mod tests;
mod theme;
mod words;

use datagora_core::{Language, Metres};
use datagora_geo::GeometryColumn;

use self::picture::Picture;
use self::theme::FlowTheme;
use super::places::Places;
use super::projection::Projection;
use super::sheet::Sheet;
use super::{MOST_POINTS, MapError, MapOptions, projected, refuse};
use crate::flow::{Flows, Level, levels_of};
use crate::frame::WIDE;
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{Captions, Colour, View};

/// What becomes of the two directions between a pair of places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowDirection {
    /// Two arrows side by side, each on the right of its way. The circles of places are two halves: above what arrives, below what
    /// leaves.
    #[default]
    Directed,
    /// One line for both, as wide as their sum. Circles stand for all that arrives and leaves.
    Undirected,
    /// One arrow for the difference, in the direction of the larger. Circles stand for what a place gains (full) or loses (hollow).
    Net,
}

/// Which places are gathered before flows are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Clustering {
    /// None.
    #[default]
    None,
    /// Those that would stand too close to each other in the picture: more on narrow screens.
    BySize,
    /// Those nearer than this: see [`cluster_flows`](crate::cluster_flows).
    Distance(Metres),
}

/// Flows between places as arrows whose width is proportional to the amount.
///
/// ![Arrows of several widths between the communes of a city, most of them to its centre](pictures/flows.svg)
///
/// Arrows are curved, small ones lie over large ones, and they bend so as not to pass under places that they do not concern. The
/// largest flows are drawn, and the map says how many there are and which share of the total they make up. What stays within a place
/// is never drawn, and told. A window ([`MapOptions::with_inset`]) shows those of the same flows that begin or end in it, as wide as
/// on the map, so that a dense centre is disentangled.
///
/// ![Arrows between the zones of a city, and below the map its centre enlarged, where most of them begin or end](pictures/flow-inset.svg)
///
/// # Missing values
///
/// Flows without amount are not drawn; legend and description count them, those withheld apart. Flows known only within bounds are
/// drawn with their lower bound and counted. Places without position are not on the map, nor their flows; both are told.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Captions, FlowMap, Flows, MapOptions};
///
/// let places = GeometryColumn::points(vec![0.0, 4_000.0, 1_000.0], vec![0.0, 3_000.0, 5_000.0], Crs::LAMBERT_93);
/// let names = ["Bron", "Lyon", "Rillieux"].map(String::from);
/// let trips = Flows::of_numbers(3, &[0, 1, 2, 1], &[1, 0, 1, 1], &[900.0, 300.0, 450.0, 2_000.0], Unit::of("{trip}"))?;
/// let view = FlowMap::new(&places, &names, &trips)
///     .with_measure("Trips")
///     .draw(&MapOptions::default(), &Captions::new("trips", "Who goes where?", Language::English))?;
/// assert!(view.description().contains("from Bron to Lyon (900"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Tobler, W. (1987). Experiments in migration mapping by computer. *The American Cartographer* 14(2), 155–163. Jenny, B., Stephen,
/// D. M., Muehlenhaus, I., Marston, B. E., Sharma, R., Zhang, E. and Jenny, H. (2018). Design principles for origin-destination flow
/// maps. *Cartography and Geographic Information Science* 45(1), 62–75.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowMap<'a> {
    places: &'a GeometryColumn,
    names: &'a [String],
    flows: &'a Flows,
    measure: String,
    direction: FlowDirection,
    clustering: Clustering,
    most: usize,
    least: f64,
    width: Option<f64>,
    colour: Colour,
}

impl<'a> FlowMap<'a> {
    /// Places (points, or zones of which an inner point is taken) with the name of each, and the flows between them.
    pub fn new(places: &'a GeometryColumn, names: &'a [String], flows: &'a Flows) -> Self {
        Self {
            places,
            names,
            flows,
            measure: String::new(),
            direction: FlowDirection::default(),
            clustering: Clustering::default(),
            most: 60,
            least: 0.0,
            width: None,
            colour: Colour::rgb(0, 90, 156),
        }
    }

    /// With the name of what flows, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// With the two directions between places drawn so.
    pub fn with_direction(self, direction: FlowDirection) -> Self {
        Self { direction, ..self }
    }

    /// With places gathered before flows are drawn.
    pub fn with_clustering(self, clustering: Clustering) -> Self {
        Self { clustering, ..self }
    }

    /// Draws this many flows at most, the largest: 60 if nothing else is said, never more than 2,000.
    pub fn with_most(self, most: usize) -> Self {
        Self { most: most.clamp(1, 2_000), ..self }
    }

    /// Draws no flow smaller than this, in the unit of the flows.
    pub fn with_least(self, least: f64) -> Self {
        Self { least, ..self }
    }

    /// With a largest flow of this width, as a share of the width of the map. Else it is 2.6 %, or less where flows would cover too
    /// much of the ground.
    pub fn with_width(self, width: f64) -> Self {
        Self { width: Some(width.clamp(0.002, 0.1)), ..self }
    }

    /// With flows of this colour.
    pub fn with_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// The rules of semiology that the map breaks; [`FlowMap::draw`] refuses those that are errors.
    pub fn lint(&self) -> Vec<Finding> {
        lint_design(&Design {
            variable: Variable::Size,
            unit: Some(self.flows.unit().clone()),
            colours: vec![theme::ARRIVING, theme::LEAVING],
            ordered: false,
            missing: self.flows.missing() + self.flows.withheld(),
            values: self.flows.len() + self.flows.missing() + self.flows.withheld(),
            ..Design::default()
        })
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths differ, no place has a position, nothing goes from one place to another, there are more than 5,000
    /// places to draw, the CRS is in degrees and no projection suits the place, or the unit is no amount.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let needed = self.places.len();
        for (what, found) in [("names", self.names.len()), ("places of the flows", self.flows.places())] {
            if found != needed {
                return Err(MapError::Length { what, found, needed });
            }
        }
        refuse(self.lint(), options)?;
        let projection = Projection::of(self.places, options)?;
        let theme = self.theme(projected(self.places, &projection.crs)?, options, language)?;
        let sheet = Sheet::new(&theme, needed, &projection, options, captions)?;
        let picture = theme.picture(&sheet.ground(0.0, WIDE));
        if picture.drawn.is_empty() {
            return Err(MapError::Empty { rows: self.flows.len() });
        }
        let most = theme.pictures().map(|picture| picture.centres.len()).max().unwrap_or(0);
        if most > MOST_POINTS {
            return Err(MapError::TooManyPoints { found: most, most: MOST_POINTS });
        }
        let table = words::table(picture, &theme, &captions.title);
        let description = words::describe(picture, &theme);
        sheet.view(table, description)
    }

    fn theme(
        &'a self,
        geometries: GeometryColumn,
        options: &'a MapOptions,
        language: Language,
    ) -> Result<FlowTheme<'a>, MapError> {
        let places = Places::of(geometries);
        let longest = match self.clustering {
            Clustering::None => 0.0,
            Clustering::BySize => f64::INFINITY,
            Clustering::Distance(distance) => distance.0.max(0.0),
        };
        let levels = levels_of(&places.at, self.flows, longest);
        if levels.is_empty() {
            return Err(MapError::Nowhere { rows: places.at.len() });
        }
        Ok(FlowTheme::new(self, places, levels, options, language))
    }

    /// What is drawn of the flows between the groups of a level.
    fn picture(&self, level: &Level) -> Picture {
        let names = level.largest.iter().zip(&level.sizes).map(|(&place, &size)| {
            let name = &self.names[place];
            if size > 1 { format!("{name}\u{a0}+{}", size - 1) } else { name.clone() }
        });
        let flows = self.flows.grouped(&level.group, level.centres.len());
        Picture::new(level, names.collect(), &flows, self)
    }
}
