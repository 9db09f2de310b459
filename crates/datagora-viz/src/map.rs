//! Maps of geometry columns.
mod amounts;
mod bare;
mod bivariate;
mod border;
mod cartogram;
mod choropleth;
mod clip;
mod context;
mod coverage;
mod difference;
mod discontinuity;
mod dorling;
mod dot_density;
mod dots;
mod flow_map;
mod graduated;
mod grid;
mod grid_map;
mod ground;
mod inset;
mod kind;
mod locator;
mod multiples;
mod places;
mod potential;
mod projection;
mod rates;
mod rows;
mod shading;
mod sheet;
mod suppressing;
mod symbols;
#[cfg(test)]
mod tests;
mod typology;
mod words;
mod zones;

use datagora_core::{Crs, Unit, ValueError};
use datagora_geo::GeometryColumn;

pub use bivariate::BivariateMap;
pub use cartogram::{CartogramZones, ContiguousCartogram};
pub use choropleth::Choropleth;
pub use context::Context;
pub use difference::DifferenceMap;
#[cfg(feature = "web")]
pub(crate) use difference::{Changes, KeyRow, NOT_SURE};
pub use discontinuity::{Contrast, Discontinuities};
pub use dorling::Dorling;
pub use dot_density::DotDensity;
pub use dots::PointMap;
pub use flow_map::{Clustering, FlowDirection, FlowMap};
pub use graduated::GraduatedSymbols;
pub use grid::{DensityGrid, density_grid, hexagon_grid};
pub use grid_map::GridMap;
pub use inset::Inset;
pub(crate) use locator::Locator;
pub use multiples::MapMultiples;
pub(crate) use places::positions;
pub use potential::PotentialMap;
pub use projection::suited_crs;
pub use rates::SymbolRates;
pub use suppressing::ValueSuppressingMap;
pub use symbols::ProportionalSymbols;
pub use typology::Typology;

use crate::frame::{NARROW, WIDE};
use crate::semiology::{explain_findings, not_allowed};
use crate::{Captions, ClassifyError, DataTable, Exception, Finding, PaletteError, Scene, View};

/// The largest number of symbols on one map: more hide each other, and make a file that telephones do not open.
pub(crate) const MOST_POINTS: usize = 5_000;

/// What maps have in common: projection, layers around the data, names, exceptions to the rules.
///
/// North is up in every map, so none has an arrow.
///
/// ```
/// use datagora_core::Crs;
/// use datagora_viz::MapOptions;
///
/// let options = MapOptions::default().with_crs(Crs::LAMBERT_93).with_labels(8).with_zone_word("communes");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MapOptions {
    pub(crate) crs: Option<Crs>,
    pub(crate) context: Vec<Context>,
    pub(crate) labels: usize,
    pub(crate) importance: Option<Vec<f64>>,
    pub(crate) zone_word: String,
    pub(crate) links: Option<Vec<String>>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) insets: Vec<Inset>,
    pub(crate) compact: bool,
}

impl Default for MapOptions {
    fn default() -> Self {
        Self {
            crs: None,
            context: Vec::new(),
            labels: 12,
            importance: None,
            zone_word: "zones".to_owned(),
            links: None,
            exceptions: Vec::new(),
            insets: Vec::new(),
            compact: true,
        }
    }
}

impl MapOptions {
    /// Draws in this CRS, which must be in metres. By default that of the geometries, or, if they are in degrees, the
    /// projection that suits their place, which the legend then names: see [`suited_crs`].
    pub fn with_crs(self, crs: Crs) -> Self {
        Self { crs: Some(crs), ..self }
    }

    /// With a layer around the data, above those before it.
    pub fn with_context(mut self, layer: Context) -> Self {
        self.context.push(layer);
        self
    }

    /// Names this many zones or places at most, those with room; half as many on narrow screens.
    pub fn with_labels(self, labels: usize) -> Self {
        Self { labels, ..self }
    }

    /// Which zones or places to name first, one number per row: the largest. Surface or value by default.
    pub fn with_importance(self, importance: Vec<f64>) -> Self {
        Self { importance: Some(importance), ..self }
    }

    /// What the rows are called in the plural, in the language of the view: « communes », "stations".
    pub fn with_zone_word(self, word: impl Into<String>) -> Self {
        Self { zone_word: word.into(), ..self }
    }

    /// Makes each zone of a [`Choropleth`] a link to this address, relative to the page, one per row.
    pub fn with_links(self, addresses: Vec<String>) -> Self {
        Self { links: Some(addresses), ..self }
    }

    /// Whether a second picture for narrow screens is drawn, as it is by default. Pages want it; a picture that is but written to a
    /// file takes less time without: of the IRIS of Lyon, a tenth less as PNG, a sixth as SVG.
    pub fn with_compact(self, compact: bool) -> Self {
        Self { compact, ..self }
    }

    /// Allows what a rule of [`lint_design`](crate::lint_design) refuses.
    pub fn with_exception(mut self, exception: Exception) -> Self {
        self.exceptions.push(exception);
        self
    }

    /// The view of a map that is drawn at two widths, or at one.
    fn view(
        &self,
        captions: &Captions,
        draw: impl Fn(f64) -> Result<Scene, MapError>,
        table: DataTable,
        description: String,
    ) -> Result<View, MapError> {
        let view = captions.view_of(draw(WIDE)?, table, description);
        Ok(if self.compact { view.with_compact(draw(NARROW)?) } else { view })
    }
}

/// A map that cannot, or should not, be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// Lengths that should agree do not.
    #[error("{found} {what} for {needed} geometries; one per geometry is needed, in the same order")]
    Length {
        /// What differs.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// Number of geometries.
        needed: usize,
    },
    /// Values in more than one unit.
    #[error("{name:?} is in {found}, the values before it in {needed}; convert them to one unit")]
    Units {
        /// Row that differs.
        name: String,
        /// Its unit.
        found: Unit,
        /// Unit of the rows before.
        needed: Unit,
    },
    /// A ratio of what is not above zero.
    #[error("{name:?} has {value}; ratios need values above 0, draw Contrast::Absolute instead")]
    Ratio {
        /// Row.
        name: String,
        /// Its value.
        value: f64,
    },
    /// No border to draw.
    #[error(
        "of {compared} borders between zones with values none is drawn; neighbours must touch and differ, by the \
         threshold at least if there is one"
    )]
    NoBorders {
        /// Number of borders between zones with values.
        compared: usize,
    },
    /// Two values of a row that have no difference.
    #[error("the values of {name:?} do not subtract")]
    Difference {
        /// Row.
        name: String,
        /// Why.
        #[source]
        source: ValueError,
    },
    /// Degrees, in which nothing can be drawn to scale, and no projection that suits the place or was asked for.
    #[error(
        "{crs} is in degrees, and none of the projections of suited_crs is for this place; say with MapOptions::with_crs \
         in which metric CRS to draw, for example EPSG:2154, or reproject the geometries"
    )]
    Geographic {
        /// Their CRS.
        crs: Crs,
    },
    /// The CRS could not be changed, or the geometries not be prepared.
    #[error("the geometries cannot be drawn in {crs}")]
    Geometry {
        /// CRS of the map.
        crs: Crs,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A window that enlarges nothing, or that has no room.
    #[error("the inset {title:?} {what}")]
    Inset {
        /// Its title.
        title: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// No place to show.
    #[error("none of the {rows} rows has a geometry with finite coordinates; leave the map out, and say why")]
    Nowhere {
        /// Number of rows.
        rows: usize,
    },
    /// No value to show.
    #[error("none of the {rows} rows has a value; leave the map out, and say why")]
    Empty {
        /// Number of rows.
        rows: usize,
    },
    /// An amount that no surface can stand for.
    #[error("{name:?} has {value}; the surface of a symbol can only stand for a finite amount of at least 0")]
    Amount {
        /// Row.
        name: String,
        /// Its value.
        value: f64,
    },
    /// More points than a reader can see.
    #[error(
        "{found} points; {most} can be seen at most. Count them by zone (count_within) or by cell (density_grid) and \
         draw a choropleth of their density or proportional symbols; gather the places of flows (FlowMap::with_clustering)"
    )]
    TooManyPoints {
        /// Number of points.
        found: usize,
        /// Largest number drawn.
        most: usize,
    },
    /// A dot that stands for nothing.
    #[error("a dot stands for {found}; a finite amount greater than 0 is needed")]
    Worth {
        /// What was given.
        found: f64,
    },
    /// More dots than a reader can see.
    #[error(
        "{found:.0} dots of {worth} each; {most} can be seen at most. Let each stand for more, or leave it to the map"
    )]
    TooManyDots {
        /// What each stands for.
        worth: f64,
        /// How many there would be.
        found: f64,
        /// Largest number drawn.
        most: usize,
    },
    /// The size of a grid cell is no length, or gives too many cells.
    #[error("cells of {cell} m give {cells} cells; choose a size that gives 1 to {most}")]
    Cells {
        /// Side asked for, m.
        cell: f64,
        /// Number of cells that would be needed.
        cells: f64,
        /// Largest number of cells.
        most: usize,
    },
    /// No classes.
    #[error(transparent)]
    Classify(#[from] ClassifyError),
    /// No colours.
    #[error(transparent)]
    Palette(#[from] PaletteError),
    /// The design breaks rules for which no exception was named.
    #[error("{}", explain_findings(findings, "MapOptions"))]
    Semiology {
        /// The rules broken.
        findings: Vec<Finding>,
    },
}

/// Importance and links are given row by row, or not at all.
fn check_rows(options: &MapOptions, needed: usize) -> Result<(), MapError> {
    let importances = options.importance.as_ref().map(|importance| ("importances", importance.len()));
    let links = options.links.as_ref().map(|links| ("links", links.len()));
    match importances.into_iter().chain(links).find(|(_, found)| *found != needed) {
        Some((what, found)) => Err(MapError::Length { what, found, needed }),
        None => Ok(()),
    }
}

/// Refuses a design whose findings no exception allows.
fn refuse(findings: Vec<Finding>, options: &MapOptions) -> Result<(), MapError> {
    let findings = not_allowed(findings, &options.exceptions);
    if findings.is_empty() { Ok(()) } else { Err(MapError::Semiology { findings }) }
}

/// What to say of geometries that an operation refuses.
fn unprepared<E: std::error::Error + Send + Sync + 'static>(
    crs: &Crs,
) -> impl Fn(E) -> MapError + use<'_, E> {
    move |source| MapError::Geometry { crs: crs.clone(), source: source.into() }
}

/// The geometries in the CRS of the map.
fn projected(column: &GeometryColumn, crs: &Crs) -> Result<GeometryColumn, MapError> {
    if column.crs() == crs {
        return Ok(column.clone());
    }
    column.reproject(crs).map_err(unprepared(crs))
}
