//! The 3-30-300 rule: three trees in view, thirty percent of canopy around, green within 300 m.
#[cfg(test)]
mod tests;

use datagora_core::{Measured, Metres, Unit};
use datagora_geo::{GeometryColumn, NearestOptions, nearest};

use super::access::{GreenAccessKind, PublicGreen, check_reach, share_of_people, within};
use super::ground::GreenError;
use crate::zones::{ZoneError, check_amounts, check_zones, nothing_below};

/// Trees that a home may see.
#[derive(Clone, Copy, Debug)]
pub struct VisibleTrees<'a> {
    /// Points.
    pub trees: &'a GeometryColumn,
    /// Heights (or crown radii) with the least that counts as a tree in view; `None` counts every tree.
    pub size: Option<(&'a [f64], Metres)>,
    /// How many are wanted: 3.
    pub wanted: usize,
    /// Distance up to which trees are looked for: the largest radius that the rule can be asked with.
    pub farthest: Metres,
}

impl<'a> VisibleTrees<'a> {
    /// Three trees of any size, looked for up to 100 m.
    pub fn new(trees: &'a GeometryColumn) -> Self {
        Self { trees, size: None, wanted: 3, farthest: Metres(100.0) }
    }

    /// Only trees at least this tall, or with a crown at least this wide: the column says which.
    #[must_use]
    pub fn with_least_size(self, sizes: &'a [f64], least: Metres) -> Self {
        Self { size: Some((sizes, least)), ..self }
    }

    /// Another number of trees.
    #[must_use]
    pub fn with_wanted(self, wanted: usize) -> Self {
        Self { wanted, ..self }
    }

    /// Looked for up to another distance.
    #[must_use]
    pub fn with_farthest(self, farthest: Metres) -> Self {
        Self { farthest, ..self }
    }

    /// Distance from each home to its third tree: over the trees that surely count, and over those that may.
    fn distances(&self, homes: &GeometryColumn) -> Result<(Vec<f64>, Vec<f64>), GreenError> {
        check_reach(self.farthest)?;
        let Some((sizes, least)) = self.size else {
            let all = self.third(homes, self.trees)?;
            return Ok((all.clone(), all));
        };
        check_amounts(sizes, self.trees.len(), "size of trees")?;
        if least.0.is_nan() || least.0 < 0.0 {
            let needed = "a size of at least 0 m is needed";
            return Err(GreenError::Threshold { what: "the least size of a tree", found: least.0, needed });
        }
        let rows = |counts: &dyn Fn(f64) -> bool| {
            let rows: Vec<usize> = (0..sizes.len()).filter(|&tree| counts(sizes[tree])).collect();
            self.trees.take(&rows)
        };
        let certain = self.third(homes, &rows(&|size| size >= least.0))?;
        let possible = if sizes.iter().any(|size| size.is_nan()) {
            self.third(homes, &rows(&|size| size.is_nan() || size >= least.0))?
        } else {
            certain.clone()
        };
        Ok((certain, possible))
    }

    fn third(&self, homes: &GeometryColumn, trees: &GeometryColumn) -> Result<Vec<f64>, GreenError> {
        let options = NearestOptions::default().with_k(self.wanted).with_max_distance(self.farthest);
        let found = nearest(homes, trees, options)?;
        let distance = |home: usize| {
            if homes.row_bounds(home).is_none() {
                return f64::NAN;
            }
            // The lines are as short as there are trees.
            let enough = found.distances(home).len() >= self.wanted;
            if enough { found.distances(home)[self.wanted - 1] } else { f64::INFINITY }
        };
        Ok((0..homes.len()).map(distance).collect())
    }
}

/// Thresholds of the rule.
///
/// ```
/// use datagora_core::Metres;
/// use datagora_indicators::greening::Rule330300;
///
/// let strict = Rule330300::default().with_tree_radius(Metres(25.0));
/// assert_eq!((strict.canopy_percent, strict.green_distance), (30.0, Metres(300.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Rule330300 {
    /// Distance from the footprint within which trees are taken to be in view; 50 m by default. No standard sets it, and
    /// the outcome depends on it more than on any other number here: see [`HomeGreen::tree_share_by_radius`].
    pub tree_radius: Metres,
    /// Canopy of the neighbourhood, percent; 30 by default.
    pub canopy_percent: f64,
    /// Distance to public green; 300 m by default.
    pub green_distance: Metres,
}

impl Default for Rule330300 {
    fn default() -> Self {
        Self { tree_radius: Metres(50.0), canopy_percent: 30.0, green_distance: Metres(300.0) }
    }
}

impl Rule330300 {
    /// Trees within another distance.
    #[must_use]
    pub fn with_tree_radius(self, radius: Metres) -> Self {
        Self { tree_radius: radius, ..self }
    }

    /// Another share of canopy, percent.
    #[must_use]
    pub fn with_canopy_percent(self, percent: f64) -> Self {
        Self { canopy_percent: percent, ..self }
    }

    /// Green within another distance.
    #[must_use]
    pub fn with_green_distance(self, distance: Metres) -> Self {
        Self { green_distance: distance, ..self }
    }
}

/// Green that each home has: what the rule is asked of, before any threshold.
///
/// Distances and shares are kept, so that another radius or threshold costs a comparison, not a search.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_indicators::greening::{HomeGreen, PublicGreen, Rule330300, VisibleTrees};
///
/// let house = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 10., y: 10. });
/// let homes = GeometryColumn::new([house.into()], Crs::CC46);
/// let trees = GeometryColumn::points(vec![20., 30., 45.], vec![5., 5., 5.], Crs::CC46);
/// let park = Rect::new(coord! { x: 200., y: 0. }, coord! { x: 300., y: 100. });
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// // 22 % of canopy around, as `Canopy::around` would tell.
/// let green = HomeGreen::new(&homes, &VisibleTrees::new(&trees), &[22.0], &PublicGreen::new(&parks), Metres(500.0))?;
/// let found = green.assess(&Rule330300::default())?;
/// assert_eq!(found.components(0), [Some(true), Some(false), Some(true)]);
/// assert_eq!(found.score(0), Some(2));
/// # Ok::<(), datagora_indicators::greening::GreenError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HomeGreen {
    /// Distance to the third tree of those that surely count, and of those that may.
    certain_tree: Vec<f64>,
    possible_tree: Vec<f64>,
    canopy: Vec<f64>,
    green: Vec<f64>,
    access: GreenAccessKind,
    farthest: [Metres; 2],
}

impl HomeGreen {
    /// Measures what homes have. Distances are straight, from the footprint (or point) of each home.
    ///
    /// # Shapes and units
    ///
    /// `n` homes; trees; canopy of the neighbourhood of each home in percent, of a disc about it ([`Canopy::around`]) or of
    /// its zone ([`Canopy::by_zone`]); public green, looked for up to `farthest_green`.
    ///
    /// # Missing values
    ///
    /// A missing home has nothing known; NaN canopy is unknown. A tree of unknown size may count or not: where that decides,
    /// the component is unknown.
    ///
    /// # Errors
    ///
    /// [`GreenError::Distance`] for columns in another CRS or without metres, or if no tree is wanted;
    /// [`GreenError::Zone`] for another number of sizes or canopy shares, [`GreenError::Threshold`].
    ///
    /// [`Canopy::around`]: super::Canopy::around
    /// [`Canopy::by_zone`]: super::Canopy::by_zone
    pub fn new(
        homes: &GeometryColumn,
        trees: &VisibleTrees<'_>,
        canopy: &[f64],
        green: &PublicGreen<'_>,
        farthest_green: Metres,
    ) -> Result<Self, GreenError> {
        check_amounts(canopy, homes.len(), "canopy")?;
        check_reach(farthest_green)?;
        let (certain_tree, possible_tree) = trees.distances(homes)?;
        Ok(Self {
            certain_tree,
            possible_tree,
            canopy: canopy.to_vec(),
            green: green.distances(homes, farthest_green)?,
            access: green.kind(),
            farthest: [trees.farthest, farthest_green],
        })
    }

    /// Number of homes.
    pub fn len(&self) -> usize {
        self.green.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.green.is_empty()
    }

    /// Distance to the third tree that surely counts, m; infinite beyond the search.
    pub fn tree_distances(&self) -> &[f64] {
        &self.certain_tree
    }

    /// Distance to public green, m; infinite beyond the search.
    pub fn green_distances(&self) -> &[f64] {
        &self.green
    }

    /// What the distance to green was taken to.
    pub fn access(&self) -> GreenAccessKind {
        self.access
    }

    /// Whether each home meets each part of the rule.
    ///
    /// # Errors
    ///
    /// [`GreenError::Threshold`] for a distance that is not positive or is beyond what was searched, or a percentage outside
    /// 0 to 100.
    pub fn assess(&self, rule: &Rule330300) -> Result<Assessment330300, GreenError> {
        self.searched(rule.tree_radius, 0)?;
        self.searched(rule.green_distance, 1)?;
        if !(0.0..=100.0).contains(&rule.canopy_percent) {
            let (what, found) = ("the share of canopy", rule.canopy_percent);
            return Err(GreenError::Threshold {
                what,
                found,
                needed: "a percentage from 0 to 100 is needed",
            });
        }
        let components = |home: usize| {
            let shady = Some(self.canopy[home]).filter(|share| !share.is_nan());
            [
                self.sees_trees(home, rule.tree_radius),
                shady.map(|share| share >= rule.canopy_percent),
                within(self.green[home], rule.green_distance),
            ]
        };
        let components = (0..self.len()).map(components).collect();
        Ok(Assessment330300 { rule: *rule, access: self.access, components })
    }

    /// Percent of the people who have three trees within each of several radii: how much the first part of the rule depends
    /// on what "in view" means.
    ///
    /// # Errors
    ///
    /// [`GreenError::Threshold`] for a radius that is not positive or is beyond what was searched; [`GreenError::Zone`] for
    /// another number of people, or fewer than none.
    ///
    /// # References
    ///
    /// The "3" as the component that depends most on parameters: Land 2025, 14 (2), 358.
    pub fn tree_share_by_radius(
        &self,
        radii: &[Metres],
        people: &[f64],
    ) -> Result<Vec<Measured>, GreenError> {
        let everywhere = vec![Some(0); self.len()];
        let share = |&radius: &Metres| {
            self.searched(radius, 0)?;
            let sees: Vec<Option<bool>> = (0..self.len()).map(|home| self.sees_trees(home, radius)).collect();
            Ok(share_of_people(&sees, people, &everywhere, 1)?.remove(0))
        };
        radii.iter().map(share).collect()
    }

    fn sees_trees(&self, home: usize, radius: Metres) -> Option<bool> {
        let certain = within(self.certain_tree[home], radius);
        certain.filter(|_| certain == within(self.possible_tree[home], radius))
    }

    fn searched(&self, asked: Metres, which: usize) -> Result<(), GreenError> {
        check_reach(asked)?;
        if asked <= self.farthest[which] {
            return Ok(());
        }
        let what = ["the radius for trees", "the distance to green"][which];
        let needed = "no more than was searched is needed: measure again with a farther search";
        Err(GreenError::Threshold { what, found: asked.0, needed })
    }
}

/// Which parts of the 3-30-300 rule each home meets.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Assessment330300 {
    rule: Rule330300,
    access: GreenAccessKind,
    components: Vec<[Option<bool>; 3]>,
}

/// How the people (or buildings) of a zone fare by the rule, in percent.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Shares330300 {
    /// Three trees; bounds for those of whom it is unknown.
    pub trees: Measured,
    /// Thirty percent of canopy.
    pub canopy: Measured,
    /// Green within 300 m.
    pub green: Measured,
    /// All three.
    pub all: Measured,
    /// Each of the eight combinations, of those of whom all three are known: entry 0 has none, 1 trees only, 2 canopy only,
    /// 3 trees and canopy, 4 green only, 5 trees and green, 6 canopy and green, 7 all.
    pub combinations: [Measured; 8],
}

impl Assessment330300 {
    /// The thresholds.
    pub fn rule(&self) -> &Rule330300 {
        &self.rule
    }

    /// What the distance to green was taken to.
    pub fn access(&self) -> GreenAccessKind {
        self.access
    }

    /// Number of homes.
    pub fn len(&self) -> usize {
        self.components.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.components.is_empty()
    }

    /// Trees, canopy, green of a home; `None` is unknown.
    ///
    /// # Panics
    ///
    /// If there is no such home.
    pub fn components(&self, home: usize) -> [Option<bool>; 3] {
        self.components[home]
    }

    /// How many parts a home meets, 0 to 3; `None` if one of them is unknown.
    ///
    /// # Panics
    ///
    /// If there is no such home.
    pub fn score(&self, home: usize) -> Option<u8> {
        self.combination(home).map(|met| met.count_ones() as u8)
    }

    /// The parts a home meets as an entry of [`Shares330300::combinations`].
    fn combination(&self, home: usize) -> Option<usize> {
        let [trees, canopy, green] = self.components[home];
        Some(usize::from(trees?) | usize::from(canopy?) << 1 | usize::from(green?) << 2)
    }

    /// Whether a home meets all parts: one that fails is enough to know that it does not.
    fn all_met(&self, home: usize) -> Option<bool> {
        let parts = self.components[home];
        if parts.contains(&Some(false)) {
            Some(false)
        } else {
            parts.iter().all(Option::is_some).then_some(true)
        }
    }

    /// Shares of the people of each zone; with 1 for each home, of its buildings.
    ///
    /// # Shapes and units
    ///
    /// People of the homes (as [`people_by_building`](super::people_by_building) gives them) and their zones → percent by
    /// zone.
    ///
    /// # Missing values
    ///
    /// People of whom a part is unknown are left out of its share, and make its certain bounds; completeness is the share
    /// of the people of whom it is known. The combinations are those of the people of whom all is known. Homes of unknown
    /// people (NaN) are left out.
    ///
    /// # Errors
    ///
    /// [`ZoneError`] if lengths differ, a zone does not exist, or people are negative.
    ///
    /// # References
    ///
    /// Konijnendijk, C. C. (2023). Evidence-based guidelines for greener, healthier, more resilient neighbourhoods:
    /// introducing the 3–30–300 rule. Journal of Forestry Research 34, 821–830. doi:10.1007/s11676-022-01523-z
    pub fn shares(
        &self,
        people: &[f64],
        membership: &[Option<u32>],
        zones: usize,
    ) -> Result<Vec<Shares330300>, ZoneError> {
        if membership.len() != self.len() {
            let (found, needed) = (membership.len(), self.len());
            return Err(ZoneError::Length { what: "zone", found, needed });
        }
        check_amounts(people, self.len(), "population")?;
        check_zones(membership, zones)?;
        let homes = 0..self.len();
        let share = |holds: Vec<Option<bool>>| share_of_people(&holds, people, membership, zones);
        let part = |part: usize| share(homes.clone().map(|home| self.components[home][part]).collect());
        let (trees, canopy, green) = (part(0)?, part(1)?, part(2)?);
        let all = share(homes.clone().map(|home| self.all_met(home)).collect())?;
        let mut sums = vec![([0.0; 8], 0.0, 0_u64); zones];
        for home in homes {
            let (Some(zone), false) = (membership[home], people[home].is_nan()) else { continue };
            let (combinations, total, known) = &mut sums[zone as usize];
            *total += people[home];
            if let Some(met) = self.combination(home) {
                combinations[met] += people[home];
                *known += 1;
            }
        }
        let parts = trees.into_iter().zip(canopy).zip(green.into_iter().zip(all));
        Ok(parts
            .zip(sums)
            .map(|(((trees, canopy), (green, all)), (combinations, total, known))| {
                let sum: f64 = combinations.iter().sum();
                let combinations = combinations.map(|met| {
                    let found = if sum > 0.0 {
                        Measured::new(100.0 * met / sum, Unit::PERCENT)
                    } else {
                        let below = if total > 0.0 { f64::NAN } else { 0.0 };
                        nothing_below(&Unit::PERCENT, "population of known green", below)
                    };
                    let share = if total > 0.0 { (sum / total).min(1.0) } else { 0.0 };
                    found.with_completeness(share).with_observations(known)
                });
                Shares330300 { trees, canopy, green, all, combinations }
            })
            .collect())
    }
}
