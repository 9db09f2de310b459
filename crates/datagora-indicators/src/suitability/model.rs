//! Layers of factors over a grid: what suitability is computed from.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use datagora_geo::types::Rect;
use datagora_geo::{Coverage, CoverageOptions, CoveredCells, GeometryColumn, Grid};

use super::error::SuitabilityError;
use super::factor_set::FactorSet;
use super::layer::Layer;
use crate::cores::each_of;

/// Which cells are blocked: those of whose ground blocking factors cover more than a share.
///
/// What counts is the ground that they cover together, each part of it once.
///
/// # Why half
///
/// A cell gets one class for all of its ground, so the class has to be what holds for most of it. With the default of one
/// half the blocked cells of a city have together about the area that is really covered; the rule of any contact, which
/// IA·rbre uses, counts 25 m² for a wall that reaches 1 m² into a cell of 5 m, and every building is followed by a ring of
/// cells in which a tree could stand. That there is room for a tree beside the building is another matter: factors around
/// buildings and networks speak for it by their weights, and the score of a cell that is not blocked still counts its
/// blocking factors, each by its share. The score of the free part alone (the rest divided by the free share) would call a
/// strip of 10 cm of lawn along a façade as good as a park.
///
/// ```
/// use datagora_indicators::suitability::BlockingRule;
///
/// assert_eq!(BlockingRule::default().above, 0.5);
/// assert_eq!(BlockingRule::ANY_CONTACT.above, 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BlockingRule {
    /// A cell is blocked if blocking factors cover more than this share of it, 0 to 1.
    pub above: f64,
}

impl Default for BlockingRule {
    fn default() -> Self {
        Self::MAJORITY
    }
}

impl BlockingRule {
    /// More than half of the cell.
    pub const MAJORITY: Self = Self { above: 0.5 };
    /// Any part of the cell.
    pub const ANY_CONTACT: Self = Self { above: 0.0 };
    /// Shares that differ by less are the same: rounding decides nothing.
    const ROUNDING: f64 = 1e-9;

    /// Whether a cell of this blocked share is blocked.
    pub fn blocks(&self, share: f64) -> bool {
        share > self.above + Self::ROUNDING
    }
}

/// How much of a set of factors was there.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FactorCompleteness {
    /// Numbers of the factors with a layer.
    pub present: Vec<usize>,
    /// Numbers of the factors without.
    pub absent: Vec<usize>,
    /// Share of the absolute weights that the factors with a layer have, 0 to 1; 1 if all weights are 0.
    pub weight_share: f64,
}

/// A grid, a set of factors, and one layer of polygons for each factor there is one for.
///
/// The score of a cell is `Σ weight · share` over the factors, with the exact share of the cell that the layer covers
/// (ground that several polygons of a layer cover counts once). It is the same however polygons are cut or ordered, and a
/// cell that nothing covers has 0. A blocked cell keeps its score and is in the class of blocked cells: the score always is
/// the sum that [`explain_cell`](Self::explain_cell) takes apart.
///
/// # Missing values
///
/// A factor without a layer adds nothing and is told by [`completeness`](Self::completeness): its absence is not its
/// absence on the ground. Missing and empty rows of a layer cover nothing. Cells outside the mask have no score.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Grid};
/// use datagora_indicators::greening::plantability_v2;
/// use datagora_indicators::suitability::SuitabilityModel;
///
/// let rect = |west: f64, south: f64, east: f64, north: f64| {
///     let rect = Rect::new(coord! { x: west, y: south }, coord! { x: east, y: north });
///     GeometryColumn::new([rect.into()], Crs::CC46)
/// };
/// let grid = Grid::new([0., 10.], [5., 5.], 4, 2, Crs::CC46)?;
/// let layers = [
///     ("strate-basse-pelouse", rect(0., 0., 12.5, 10.)), // a lawn
///     ("rsx-gaz", rect(0., 2., 20., 4.)),                // a gas main across it
///     ("batiments", rect(12., 0., 20., 5.)),
/// ];
/// let model = SuitabilityModel::new(plantability_v2(), grid, layers)?;
/// assert_eq!(model.completeness().present.len(), 3);
///
/// let map = model.map()?;
/// assert_eq!(map.score(0), Some(3.0));                     // lawn only
/// assert_eq!(map.score(4), Some(1.8));                     // lawn and gas main: 3 − 0.4 · 3
/// assert!(map.is_blocked(7) && !map.is_blocked(3));
/// let class = map.class(0).unwrap();
/// assert_eq!(class.name.in_language(Language::English), "Planting very favoured");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SuitabilityModel {
    pub(super) set: Arc<FactorSet>,
    pub(super) grid: Grid,
    /// By factor.
    pub(super) layers: Vec<Option<Layer>>,
    pub(super) mask: Option<Layer>,
    pub(super) blocking: BlockingRule,
    /// How often layers have been edited.
    pub(super) revision: u64,
}

impl SuitabilityModel {
    /// A model of layers by the identifiers of their factors, all in the CRS of the grid.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError`] if a layer has no factor, a factor two layers, or a layer rows that are not polygons, or
    /// another CRS.
    pub fn new(
        set: FactorSet,
        grid: Grid,
        layers: impl IntoIterator<Item = (impl Into<String>, GeometryColumn)>,
    ) -> Result<Self, SuitabilityError> {
        let mut given = BTreeMap::new();
        for (id, column) in layers {
            let id = id.into();
            let Some(factor) = set.position(&id) else {
                return Err(SuitabilityError::NoFactor { id, set: set.draft().id.clone() });
            };
            check(&grid, &id, &column)?;
            if given.insert(factor, column).is_some() {
                return Err(SuitabilityError::Twice { id });
            }
        }
        let (factors, columns): (Vec<usize>, Vec<GeometryColumn>) = given.into_iter().unzip();
        let mut layers = vec![None; set.factors().len()];
        for (factor, layer) in factors.into_iter().zip(each_of(columns, Layer::new)) {
            layers[factor] = Some(layer);
        }
        let (mask, blocking) = (None, BlockingRule::default());
        Ok(Self { set: Arc::new(set), grid, layers, mask, blocking, revision: 0 })
    }

    /// Leaves cells outside these polygons out. A cell that lies partly within has the score of all of it, and counts by the
    /// exact share within.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Layer`] if they do not suit the grid.
    pub fn with_mask(self, polygons: GeometryColumn) -> Result<Self, SuitabilityError> {
        check(&self.grid, "mask", &polygons)?;
        Ok(Self { mask: Some(Layer::new(polygons)), ..self })
    }

    /// Another rule of blocking.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Blocking`] if it is not a share.
    pub fn with_blocking(self, rule: BlockingRule) -> Result<Self, SuitabilityError> {
        if !(0.0..=1.0).contains(&rule.above) {
            return Err(SuitabilityError::Blocking { found: rule.above });
        }
        Ok(Self { blocking: rule, ..self })
    }

    /// The same layers with another set of factors, such as other weights: a scenario. Layers stay with the factors of the
    /// same identifier.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::NoFactor`] if the set has no factor for one of the layers.
    pub fn with_set(&self, set: FactorSet) -> Result<Self, SuitabilityError> {
        let mut layers = vec![None; set.factors().len()];
        for (factor, layer) in self.set.factors().iter().zip(&self.layers) {
            let Some(layer) = layer else { continue };
            let Some(place) = set.position(&factor.id) else {
                return Err(SuitabilityError::NoFactor {
                    id: factor.id.clone(),
                    set: set.draft().id.clone(),
                });
            };
            layers[place] = Some(layer.clone());
        }
        Ok(Self { set: Arc::new(set), layers, ..self.clone() })
    }

    /// The set of factors.
    pub fn set(&self) -> &FactorSet {
        &self.set
    }

    /// The grid.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The rule of blocking.
    pub fn blocking(&self) -> BlockingRule {
        self.blocking
    }

    /// Which factors have a layer, and what share of the weights they are.
    pub fn completeness(&self) -> FactorCompleteness {
        let (present, absent): (Vec<usize>, Vec<usize>) =
            (0..self.layers.len()).partition(|&factor| self.layers[factor].is_some());
        let sum = |factors: &[usize]| -> f64 {
            factors.iter().map(|&factor| self.set.factors()[factor].weight.abs()).sum()
        };
        let (there, lacking) = (sum(&present), sum(&absent));
        let weight_share = if there + lacking > 0.0 { there / (there + lacking) } else { 1.0 };
        FactorCompleteness { present, absent, weight_share }
    }

    /// All polygons.
    pub(super) fn ground(&self) -> Result<Ground<'_>, SuitabilityError> {
        let mut factors = Vec::new();
        for (factor, layer) in self.layers.iter().enumerate() {
            if let Some(layer) = layer {
                factors.push((factor, layer.column()?));
            }
        }
        let mask = self.mask.as_ref().map(Layer::column).transpose()?;
        self.ground_of(factors, mask)
    }

    /// The polygons that may reach into some windows.
    pub(super) fn ground_within(&self, windows: &[Rect]) -> Result<Ground<'static>, SuitabilityError> {
        let mut factors = Vec::new();
        for (factor, layer) in self.layers.iter().enumerate() {
            if let Some(column) = layer.as_ref().map(|layer| layer.within(windows)).transpose()?.flatten() {
                factors.push((factor, Cow::Owned(column)));
            }
        }
        let none = || GeometryColumn::new([], self.grid.crs().clone());
        let mask = self.mask.as_ref().map(|layer| layer.within(windows)).transpose()?;
        self.ground_of(factors, mask.map(|found| Cow::Owned(found.unwrap_or_else(none))))
    }

    fn ground_of<'g>(
        &self,
        factors: Vec<(usize, Cow<'g, GeometryColumn>)>,
        mask: Option<Cow<'g, GeometryColumn>>,
    ) -> Result<Ground<'g>, SuitabilityError> {
        let blocks: Vec<usize> =
            (0..factors.len()).filter(|&slot| self.set.factors()[factors[slot].0].blocking).collect();
        let blocking = match blocks[..] {
            [] => Blocking::None,
            [slot] => Blocking::Slot(slot),
            _ => {
                let columns = blocks.iter().map(|&slot| &*factors[slot].1);
                Blocking::Union(GeometryColumn::concat(columns)?)
            }
        };
        let weights = factors.iter().map(|(factor, _)| self.set.factors()[*factor].weight).collect();
        Ok(Ground { factors, weights, blocking, mask })
    }
}

/// Refuses polygons that do not suit the grid.
pub(super) fn check(grid: &Grid, of: &str, polygons: &GeometryColumn) -> Result<(), SuitabilityError> {
    CoveredCells::new(grid, polygons)
        .map(|_| ())
        .map_err(|reason| SuitabilityError::Layer { of: of.to_owned(), reason })
}

/// The polygons that some cells are computed from.
pub(super) struct Ground<'g> {
    /// Factor and its polygons, by slot: the layers of the coverage.
    pub(super) factors: Vec<(usize, Cow<'g, GeometryColumn>)>,
    /// Weight, by slot.
    pub(super) weights: Vec<f64>,
    blocking: Blocking,
    mask: Option<Cow<'g, GeometryColumn>>,
}

/// The ground that blocking factors cover together.
enum Blocking {
    None,
    /// One layer has all of it.
    Slot(usize),
    /// Their polygons in one column.
    Union(GeometryColumn),
}

/// Where the shares of a [`Ground`] are among the layers of its coverage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots {
    /// Number of factors, which come first.
    pub(super) factors: usize,
    /// The ground that is blocked.
    pub(super) blocked: Option<usize>,
    /// The ground within the mask.
    pub(super) mask: Option<usize>,
}

impl Ground<'_> {
    /// Their coverage, by bands of so many rows.
    pub(super) fn coverage<'c>(
        &'c self,
        grid: &'c Grid,
        band_rows: Option<usize>,
    ) -> Result<(Coverage<'c>, Slots), SuitabilityError> {
        let mut columns: Vec<&GeometryColumn> = self.factors.iter().map(|(_, column)| &**column).collect();
        let factors = columns.len();
        let mut push = |column| {
            columns.push(column);
            columns.len() - 1
        };
        let blocked = match &self.blocking {
            Blocking::None => None,
            Blocking::Slot(slot) => Some(*slot),
            Blocking::Union(column) => Some(push(column)),
        };
        let mask = self.mask.as_deref().map(push);
        let options = CoverageOptions { band_rows, ..CoverageOptions::default() };
        let coverage = Coverage::new(grid, &columns, options)
            .map_err(|reason| SuitabilityError::Layer { of: "all layers".to_owned(), reason })?;
        Ok((coverage, Slots { factors, blocked, mask }))
    }
}
