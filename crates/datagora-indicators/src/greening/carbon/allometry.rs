//! Dry matter of a tree from its diameter.
use super::super::taxon::{Taxon, is_gymnosperm};

/// Groups of species with one equation of dry matter above ground, `e^(b₀ + b₁ ln d)` in kg for `d` in cm.
///
/// Jenkins, J. C., Chojnacky, D. C., Heath, L. S. and Birdsey, R. A. (2003). National-scale biomass estimators for United States tree
/// species. Forest Science 49, 12–35, eq. 1 and table 4. Genera that are not among their species are in the group of their nearest relatives:
/// that is our choice, told at each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum AllometricGroup {
    /// *Populus*, *Alnus*, *Salix*.
    PoplarAlderWillow,
    /// *Betula* and the soft maples of North America, such as *Acer saccharinum* and *A. negundo*.
    SoftMapleBirch,
    /// All other broadleaves, with the maples of Europe and Asia.
    MixedBroadleaves,
    /// *Quercus*, *Fagus*, *Carya*, *Acer saccharum* and *A. nigrum*.
    HardMapleOakBeech,
    /// *Cupressaceae*, *Larix*; here also *Taxus*, *Ginkgo*, *Araucaria* and other conifers without a group of their own.
    CedarLarch,
    /// *Pseudotsuga*.
    DouglasFir,
    /// *Abies*, *Tsuga*; here also *Cedrus*, *Keteleeria*, *Nothotsuga* and *Pseudolarix*, of their subfamily.
    FirHemlock,
    /// *Pinus*.
    Pine,
    /// *Picea*; here also *Cathaya*.
    Spruce,
}

/// Parameters of an equation.
struct Equation {
    b0: f64,
    b1: f64,
    /// Largest diameter that it was fitted to, in cm.
    largest: f64,
    /// Root mean square error of the logarithm.
    error: f64,
}

/// Smallest diameter that the equations hold for, in cm.
const SMALLEST: f64 = 2.5;

/// Maples with soft wood, in their table, and the hybrid *A.* ×*freemanii* of two of them.
const SOFT_MAPLES: [&str; 7] = [
    "Acer freemanii",
    "Acer macrophyllum",
    "Acer negundo",
    "Acer pensylvanicum",
    "Acer rubrum",
    "Acer saccharinum",
    "Acer spicatum",
];

/// Maples with hard wood, in their table.
const HARD_MAPLES: [&str; 4] = ["Acer barbatum", "Acer floridanum", "Acer nigrum", "Acer saccharum"];

/// Families without a trunk of wood that grows in girth, or without one at all.
const NO_TRUNK: [&str; 9] = [
    "Araceae",
    "Arecaceae",
    "Asparagaceae",
    "Cycadaceae",
    "Ephedraceae",
    "Musaceae",
    "Poaceae",
    "Welwitschiaceae",
    "Zamiaceae",
];

impl AllometricGroup {
    /// All groups.
    pub const ALL: [AllometricGroup; 9] = [
        AllometricGroup::PoplarAlderWillow,
        AllometricGroup::SoftMapleBirch,
        AllometricGroup::MixedBroadleaves,
        AllometricGroup::HardMapleOakBeech,
        AllometricGroup::CedarLarch,
        AllometricGroup::DouglasFir,
        AllometricGroup::FirHemlock,
        AllometricGroup::Pine,
        AllometricGroup::Spruce,
    ];

    /// The group of a tree; `None` if it is unidentified, of a genus without family, or a palm or another plant without a trunk of wood.
    pub fn of(taxon: &Taxon) -> Option<Self> {
        let family = taxon.family().filter(|family| !NO_TRUNK.contains(family))?;
        let among = |species: &[&str]| taxon.species().is_some_and(|name| species.contains(&name));
        Some(match taxon.genus()? {
            "Populus" | "Alnus" | "Salix" => AllometricGroup::PoplarAlderWillow,
            "Betula" => AllometricGroup::SoftMapleBirch,
            "Quercus" | "Fagus" | "Carya" => AllometricGroup::HardMapleOakBeech,
            "Acer" if among(&SOFT_MAPLES) => AllometricGroup::SoftMapleBirch,
            "Acer" if among(&HARD_MAPLES) => AllometricGroup::HardMapleOakBeech,
            "Pinus" => AllometricGroup::Pine,
            "Picea" | "Cathaya" => AllometricGroup::Spruce,
            "Pseudotsuga" => AllometricGroup::DouglasFir,
            "Abies" | "Tsuga" | "Cedrus" | "Keteleeria" | "Nothotsuga" | "Pseudolarix" => {
                AllometricGroup::FirHemlock
            }
            _ if is_gymnosperm(family) => AllometricGroup::CedarLarch,
            _ => AllometricGroup::MixedBroadleaves,
        })
    }

    /// Dry matter above ground, in kg, of a tree of the forest with this diameter at breast height in cm; NaN unless that is above 0.
    ///
    /// ```
    /// use datagora_indicators::greening::AllometricGroup;
    ///
    /// let beech = AllometricGroup::HardMapleOakBeech.above_ground(40.0);
    /// assert!((beech - 1_061.0).abs() < 1.0);
    /// ```
    pub fn above_ground(self, diameter: f64) -> f64 {
        let Equation { b0, b1, .. } = self.equation();
        if diameter > 0.0 { (b0 + b1 * diameter.ln()).exp() } else { f64::NAN }
    }

    /// Root mean square error of the logarithm of the dry matter.
    pub fn log_error(self) -> f64 {
        self.equation().error
    }

    /// Does the diameter, in cm, lie among those which the equation was fitted to?
    pub fn fitted_to(self, diameter: f64) -> bool {
        (SMALLEST..=self.equation().largest).contains(&diameter)
    }

    /// Table 4 of Jenkins et al. (2003).
    const fn equation(self) -> Equation {
        let (b0, b1, largest, error) = match self {
            AllometricGroup::PoplarAlderWillow => (-2.2094, 2.3867, 70.0, 0.507_441),
            AllometricGroup::SoftMapleBirch => (-1.9123, 2.3651, 66.0, 0.491_685),
            AllometricGroup::MixedBroadleaves => (-2.4800, 2.4835, 56.0, 0.360_458),
            AllometricGroup::HardMapleOakBeech => (-2.0127, 2.4342, 73.0, 0.236_483),
            AllometricGroup::CedarLarch => (-2.0336, 2.2592, 250.0, 0.294_574),
            AllometricGroup::DouglasFir => (-2.2304, 2.4435, 210.0, 0.218_712),
            AllometricGroup::FirHemlock => (-2.5384, 2.4814, 230.0, 0.182_329),
            AllometricGroup::Pine => (-2.5356, 2.4349, 180.0, 0.253_781),
            AllometricGroup::Spruce => (-2.0773, 2.3323, 250.0, 0.250_424),
        };
        Equation { b0, b1, largest, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::greening::Occupant;

    #[test]
    fn groups_follow_the_name() {
        for (name, group) in [
            ("Acer saccharinum", Some(AllometricGroup::SoftMapleBirch)),
            ("Acer saccharum", Some(AllometricGroup::HardMapleOakBeech)),
            ("Acer platanoides", Some(AllometricGroup::MixedBroadleaves)),
            ("Acer", Some(AllometricGroup::MixedBroadleaves)),
            ("Cedrus atlantica", Some(AllometricGroup::FirHemlock)),
            ("x Cupressocyparis leylandii", Some(AllometricGroup::CedarLarch)),
            ("Ginkgo biloba", Some(AllometricGroup::CedarLarch)),
            ("Trachycarpus fortunei", None),
            ("Sambuccus nigra", None),
            ("Inconnu", None),
        ] {
            let found = Occupant::parse(name).tree().and_then(AllometricGroup::of);
            assert_eq!(found, group, "{name}");
        }
    }

    #[test]
    fn groups_stand_in_their_order() {
        assert!(AllometricGroup::ALL.iter().enumerate().all(|(at, group)| *group as usize == at));
        assert!(AllometricGroup::Pine.above_ground(-1.0).is_nan());
        assert!(AllometricGroup::Pine.fitted_to(180.0) && !AllometricGroup::Pine.fitted_to(181.0));
    }
}
