//! Carbon in trees, as an order of magnitude.
mod allometry;
mod order_of_magnitude;

use datagora_core::{Interval, Measured, Suppression, Unit};

pub use allometry::AllometricGroup;
pub use order_of_magnitude::OrderOfMagnitude;

use crate::distribution::normal_reach;
use crate::level::{LevelError, check_level};
use crate::order::quantile_of_sorted;
use crate::wrong::Wrong;

/// What a factor is taken for, and between which bounds it may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CarbonFactor {
    /// Value.
    pub value: f64,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
}

/// Where a diameter is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum DiameterImputation {
    /// The tree is left out: no carbon without a diameter.
    #[default]
    Never,
    /// The median diameter of the trees with the same equation; the quartiles for the bounds. The imputed share is told.
    GroupMedian,
}

/// How carbon is computed.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct CarbonOptions {
    open_grown: CarbonFactor,
    root_to_shoot: CarbonFactor,
    carbon_fraction: CarbonFactor,
    imputation: DiameterImputation,
    level: f64,
}

impl Default for CarbonOptions {
    /// Open-grown trees weigh 0.8 of what equations from forests say, up to as much (Nowak 1994); roots are 0.26 of what is above
    /// ground, between the quartiles 0.18 and 0.30 (Cairns et al. 1997); half of dry matter is carbon, 0.46 to 0.55 (IPCC 2006, vol. 4, table 4.3,
    /// temperate broadleaves and conifers). Nothing is imputed; level 0.95.
    fn default() -> Self {
        Self {
            open_grown: CarbonFactor { value: 0.8, lower: 0.8, upper: 1.0 },
            root_to_shoot: CarbonFactor { value: 0.26, lower: 0.18, upper: 0.30 },
            carbon_fraction: CarbonFactor { value: 0.5, lower: 0.46, upper: 0.55 },
            imputation: DiameterImputation::Never,
            level: 0.95,
        }
    }
}

impl CarbonOptions {
    /// With another ratio of open-grown trees to those of forests, for trees in parks and woods.
    pub fn with_open_grown(self, open_grown: CarbonFactor) -> Self {
        Self { open_grown, ..self }
    }

    /// With what becomes of trees without a diameter.
    pub fn with_imputation(self, imputation: DiameterImputation) -> Self {
        Self { imputation, ..self }
    }

    /// With another level of the part of the bounds that comes from the equations.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// What dry matter above ground is multiplied by to become carbon of the whole tree.
    fn factor(&self) -> CarbonFactor {
        let of = |pick: fn(CarbonFactor) -> f64| {
            pick(self.open_grown) * (1.0 + pick(self.root_to_shoot)) * pick(self.carbon_fraction)
        };
        CarbonFactor { value: of(|f| f.value), lower: of(|f| f.lower), upper: of(|f| f.upper) }
    }
}

/// Carbon in the trees of a place.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CarbonStock {
    /// In all trees that have an equation and a diameter, in tonnes of carbon: less than in all trees if it is not complete.
    pub total: OrderOfMagnitude,
    /// In each tree, in kg; NaN without equation or diameter.
    pub of_tree: Vec<f64>,
    /// Trees without equation: unidentified, or palms.
    pub without_equation: u64,
    /// Trees with equation and without diameter, imputed or not.
    pub without_diameter: u64,
    /// Trees thicker or thinner than those which the equations were fitted to.
    pub extrapolated: u64,
}

/// The carbon of trees cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CarbonError {
    /// Columns of different lengths.
    #[error("found {diameters} diameters for {groups} trees; one a tree is needed, NaN where unknown")]
    Length {
        /// Trees given.
        groups: usize,
        /// Diameters given.
        diameters: usize,
    },
    /// A diameter that is none.
    #[error(
        "found a diameter of {value} cm for tree {row}, and {found} like it; it is above 0 and finite: mark a missing one as NaN"
    )]
    Diameter {
        /// Position of the first, counted from 0.
        row: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// A factor that is none.
    #[error("found a factor of {value} between {lower} and {upper}; it is above 0 and between its bounds")]
    Factor {
        /// Value.
        value: f64,
        /// Lower bound.
        lower: f64,
        /// Upper bound.
        upper: f64,
    },
    /// The level is none.
    #[error(transparent)]
    Level(#[from] LevelError),
}

/// Carbon stored in trees, from their diameters: an order of magnitude.
///
/// For each tree `C = e^(b₀ + b₁ ln d) · open-grown · (1 + root : shoot) · carbon fraction`, with the dry matter above ground of Jenkins et al.
/// (2003), eq. 1 and table 4, in kg for a diameter `d` at breast height in cm.
///
/// # Shapes and units
///
/// For each tree its [`AllometricGroup`] and its diameter in cm → tonnes of carbon of all; times 44/12 it is CO₂.
///
/// # Missing values
///
/// A tree without equation or diameter has no carbon and lowers the completeness; no mean tree stands in for it, unless
/// [`DiameterImputation`] is asked for by name.
///
/// # Interpretation
///
/// The equations are of forests in the United States, for groups of species; trees of streets are pruned, and their wood and shape
/// differ: equations disagree up to threefold for a single tree (McHale et al. 2009). Bounds take the error of an equation as common to all trees of its group,
/// so that it does not average out, and every factor at its end. Use it to compare orders of magnitude, not years or streets.
///
/// # Errors
///
/// [`CarbonError`] if lengths differ, a diameter is not above 0, or an option is none.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{AllometricGroup, CarbonOptions, Occupant, carbon_stock};
///
/// let trees = ["Platanus x acerifolia", "Quercus robur", "Tilia cordata"].map(Occupant::parse);
/// let groups: Vec<_> = trees.iter().map(|tree| tree.tree().and_then(AllometricGroup::of)).collect();
/// let stock = carbon_stock(&groups, &[50.0, 30.0, f64::NAN], &CarbonOptions::default())?;
/// assert!(stock.of_tree[2].is_nan());
/// assert_eq!(stock.total.to_string(), "about 1 t (0.4 to 3 t; order of magnitude)");
/// # Ok::<(), datagora_indicators::greening::CarbonError>(())
/// ```
///
/// # References
///
/// Jenkins, J. C., Chojnacky, D. C., Heath, L. S. and Birdsey, R. A. (2003). National-scale biomass estimators for United States tree
/// species. Forest Science 49, 12–35. Nowak, D. J. (1994). Atmospheric carbon dioxide reduction by Chicago's urban forest. USDA Gen. Tech. Rep. NE-186,
/// 83–94. Cairns, M. A. et al. (1997). Root biomass allocation in the world's upland forests. Oecologia 111, 1–11. doi:10.1007/s004420050201. IPCC (2006).
/// *Guidelines for National Greenhouse Gas Inventories*, vol. 4, ch. 4. McHale, M. R. et al. (2009). Urban forest biomass estimates: is it important to use allometric
/// relationships developed specifically for urban trees? Urban Ecosystems 12, 95–113. doi:10.1007/s11252-009-0081-3
pub fn carbon_stock(
    groups: &[Option<AllometricGroup>],
    diameters: &[f64],
    options: &CarbonOptions,
) -> Result<CarbonStock, CarbonError> {
    check(groups, diameters, options)?;
    let factor = options.factor();
    let reach = normal_reach(options.level);
    let mut stock = CarbonStock {
        total: OrderOfMagnitude::new(Measured::new(0.0, Unit::of("t"))),
        of_tree: Vec::with_capacity(groups.len()),
        without_equation: 0,
        without_diameter: 0,
        extrapolated: 0,
    };
    let quartiles = match options.imputation {
        DiameterImputation::Never => [None; AllometricGroup::ALL.len()],
        DiameterImputation::GroupMedian => {
            AllometricGroup::ALL.map(|group| quartiles(group, groups, diameters))
        }
    };
    let (mut counted, mut imputed) = (0_u64, 0_u64);
    let mut sums = CarbonFactor { value: 0.0, lower: 0.0, upper: 0.0 };
    for (group, &diameter) in groups.iter().zip(diameters) {
        let mut of_tree = f64::NAN;
        if let Some(group) = *group {
            stock.without_diameter += u64::from(diameter.is_nan());
            let sizes = if diameter.is_nan() { quartiles[group as usize] } else { Some([diameter; 3]) };
            if let Some([thin, middle, thick]) = sizes {
                let error = (reach * group.log_error()).exp();
                of_tree = factor.value * group.above_ground(middle);
                sums.value += of_tree;
                sums.lower += factor.lower * group.above_ground(thin) / error;
                sums.upper += factor.upper * group.above_ground(thick) * error;
                counted += 1;
                imputed += u64::from(diameter.is_nan());
                stock.extrapolated += u64::from(!group.fitted_to(middle));
            }
        } else {
            stock.without_equation += 1;
        }
        stock.of_tree.push(of_tree);
    }
    let (trees, unit) = (groups.len() as f64, Unit::of("t"));
    let share = |part: u64, whole: f64| if whole == 0.0 { 1.0 } else { part as f64 / whole };
    let total = if counted == 0 {
        let reason = "no tree has both an equation and a diameter".to_owned();
        Measured::suppressed(unit, Suppression::Undefined { reason })
    } else {
        // The factors have no level: the bounds cover at least as often as those of the equations.
        let (lower, upper) = (1e-3 * sums.lower, 1e-3 * sums.upper);
        Measured::new(1e-3 * sums.value, unit)
            .with_interval(Interval { lower, upper, level: Some(options.level) })
            .with_imputed_share(share(imputed, counted as f64))
    };
    stock.total = OrderOfMagnitude::new(
        total.with_observations(counted - imputed).with_completeness(share(counted, trees)),
    );
    Ok(stock)
}

fn check(
    groups: &[Option<AllometricGroup>],
    diameters: &[f64],
    options: &CarbonOptions,
) -> Result<(), CarbonError> {
    check_level(options.level)?;
    if groups.len() != diameters.len() {
        return Err(CarbonError::Length { groups: groups.len(), diameters: diameters.len() });
    }
    let none = |diameter: f64| diameter <= 0.0 || diameter.is_infinite();
    if let Some(Wrong { at: row, value, found }) = Wrong::among(diameters, none) {
        return Err(CarbonError::Diameter { row, value, found });
    }
    for CarbonFactor { value, lower, upper } in
        [options.open_grown, options.root_to_shoot, options.carbon_fraction]
    {
        if !(0.0 < lower && lower <= value && value <= upper && upper.is_finite()) {
            return Err(CarbonError::Factor { value, lower, upper });
        }
    }
    Ok(())
}

/// Quartiles of the known diameters of a group.
fn quartiles(
    group: AllometricGroup,
    groups: &[Option<AllometricGroup>],
    diameters: &[f64],
) -> Option<[f64; 3]> {
    let own = groups.iter().zip(diameters).filter(|(of, diameter)| **of == Some(group) && !diameter.is_nan());
    let mut own: Vec<f64> = own.map(|(_, diameter)| *diameter).collect();
    own.sort_unstable_by(f64::total_cmp);
    (!own.is_empty()).then(|| [0.25, 0.5, 0.75].map(|probability| quantile_of_sorted(&own, probability)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OAK: Option<AllometricGroup> = Some(AllometricGroup::HardMapleOakBeech);

    /// Python 3: `exp(-2.0127 + 2.4342 * log(50)) * 0.8 * 1.26 * 0.5` and the ends of its factors.
    #[test]
    fn one_oak() {
        let stock = carbon_stock(&[OAK], &[50.0], &CarbonOptions::default()).unwrap();
        let total = stock.total.measured();
        assert!((stock.of_tree[0] - 920.362_292_666_6).abs() < 1e-9, "{}", stock.of_tree[0]);
        assert!((total.value().unwrap() - 0.920_362_292_666_6).abs() < 1e-12);
        let bounds = total.interval().unwrap();
        assert!((bounds.lower - 0.498_842_460_020).abs() < 1e-9, "{bounds:?}");
        assert!((bounds.upper - 2.075_530_009_846).abs() < 1e-9, "{bounds:?}");
    }

    #[test]
    fn without_a_diameter_there_is_none_unless_asked_for() {
        let groups = [OAK, OAK, OAK, None];
        let diameters = [20.0, 40.0, f64::NAN, 30.0];
        let left_out = carbon_stock(&groups, &diameters, &CarbonOptions::default()).unwrap();
        let total = left_out.total.measured();
        assert_eq!((total.completeness(), total.imputed_share(), total.observations()), (0.5, 0.0, 2));
        assert_eq!((left_out.without_equation, left_out.without_diameter), (1, 1));
        let options = CarbonOptions::default().with_imputation(DiameterImputation::GroupMedian);
        let filled = carbon_stock(&groups, &diameters, &options).unwrap();
        assert_eq!(filled.total.measured().imputed_share(), 1.0 / 3.0);
        let alone = carbon_stock(&[OAK], &[30.0], &options).unwrap();
        assert_eq!(filled.of_tree[2], alone.of_tree[0]);
        let none = carbon_stock(&[OAK], &[f64::NAN], &options).unwrap();
        assert!(none.total.measured().suppression().is_some());
    }

    #[test]
    fn options_and_diameters_are_checked() {
        let options = CarbonOptions::default();
        assert!(matches!(carbon_stock(&[OAK], &[], &options), Err(CarbonError::Length { .. })));
        assert!(matches!(carbon_stock(&[OAK], &[0.0], &options), Err(CarbonError::Diameter { row: 0, .. })));
        assert!(carbon_stock(&[], &[], &options.clone().with_level(95.0)).is_err());
        let wrong = options.with_open_grown(CarbonFactor { value: 2.0, lower: 0.8, upper: 1.0 });
        assert!(matches!(carbon_stock(&[], &[], &wrong), Err(CarbonError::Factor { .. })));
    }

    proptest! {
        #[test]
        fn more_trees_and_thicker_ones_hold_more(
            trees in proptest::collection::vec((0..AllometricGroup::ALL.len(), 2.5..150.0_f64), 1..40), more in 1.01..2.0_f64
        ) {
            let groups: Vec<_> = trees.iter().map(|tree| Some(AllometricGroup::ALL[tree.0])).collect();
            let sizes: Vec<f64> = trees.iter().map(|tree| tree.1).collect();
            let options = CarbonOptions::default();
            let total = |groups: &[_], sizes: &[f64]| carbon_stock(groups, sizes, &options).unwrap().total.measured().clone();
            let all = total(&groups, &sizes);
            let value = all.value().unwrap();
            let bounds = all.interval().unwrap();
            prop_assert!(0.0 < bounds.lower && bounds.lower < value && value < bounds.upper);
            let thicker: Vec<f64> = sizes.iter().map(|size| size * more).collect();
            prop_assert!(total(&groups, &thicker).value().unwrap() > value);
            if groups.len() > 1 {
                prop_assert!(total(&groups[1..], &sizes[1..]).value().unwrap() < value);
            }
        }
    }
}
