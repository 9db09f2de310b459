//! Definitions of vegetation cover, and of who has green near home.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const KNOWN_PEOPLE: &str = "share of the people of whom it is known";
const CERTAIN: &str = "certain bounds: wherever the people of whom it is unknown live";

/// Definitions, in the order of the documentation.
pub(crate) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "canopy-cover",
        theme: Theme::Greening,
        name: ("Couverture de canopée", "Canopy cover"),
        question: (
            "Quelle part de la zone est sous les arbres\u{202f}?",
            "Which share of the zone lies under trees?",
        ),
        formula: "100 · area(canopy ∩ zone) / area(surveyed zone); overlapping polygons and crowns count once, cells by exact share",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: "surveyed share of the zone, times the share of its trees whose crown is known",
        missing: "trees without crown radius cover nothing and are told; a zone without surveyed ground is suppressed",
        interval: "none: bounds by the accuracy of a mapping are for areas by stratum",
        references: &[
            "Métropole de Lyon, EVA, vegestrate, IA·rbre: definitions of a tree from 1.5, 3 or 5 m",
        ],
        golden: None,
        function: "greening::Canopy::by_zone",
    },
    Definition {
        id: "vegetation-area-by-stratum",
        theme: Theme::Greening,
        name: ("Surface de végétation par strate", "Vegetation area by stratum"),
        question: (
            "Combien d’herbes, d’arbustes et d’arbres, dans la zone ou sur sa voirie\u{202f}?",
            "How much herbs, shrubs and trees, in the zone or within its road space?",
        ),
        formula: "area(∪ polygons of the stratum ∩ mask ∩ zone), or Σ cell area · covered share",
        unit: Some(Unit::SQUARE_METRE),
        direction: Direction::Higher,
        completeness: "share of the vegetated ground whose stratum is known; for rasters, of the zone that has values",
        missing: "polygons of unknown stratum are left out; a zone without any cell of known value is suppressed",
        interval: "none here; StrataAreas::with_published_accuracy gives J·A to A/J for an intersection over union J",
        references: &[
            "ipave-scripts: hectares by stratum within road space, by commune",
            "Jaccard, P. (1901), for intersection over union",
        ],
        golden: None,
        function: "greening::strata_within",
    },
    Definition {
        id: "trees-per-street-kilometre",
        theme: Theme::Greening,
        name: ("Arbres par kilomètre de rue", "Trees per kilometre of street"),
        question: (
            "Combien d’arbres le long des rues de la zone\u{202f}?",
            "How many trees along the streets of the zone?",
        ),
        formula: "trees of the zone (all, or within a distance of an axis, both sides) / length of axes in it",
        unit: Some(Unit::of("{tree}/km")),
        direction: Direction::Higher,
        completeness: "share of the trees counted that lie in some zone",
        missing: "a zone without streets is suppressed; an axis on a border is shared by the zones",
        interval: "none: an inventory is not a sample",
        references: &["Métropole de Lyon: street trees (arbres d'alignement)"],
        golden: None,
        function: "greening::trees_per_street_kilometre",
    },
    Definition {
        id: "three-trees-near-home",
        theme: Theme::Greening,
        name: ("Trois arbres près de chez soi", "Three trees near home"),
        question: (
            "Qui peut voir trois arbres depuis son logement\u{202f}?",
            "Who may see three trees from home?",
        ),
        formula: "100 · people whose third nearest tree is within the radius of the footprint / people",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: KNOWN_PEOPLE,
        missing: "trees of unknown size count for neither: where they decide, the home is unknown",
        interval: CERTAIN,
        references: &[
            "Konijnendijk, C. C. (2023), doi:10.1007/s11676-022-01523-z",
            "Land 2025, 14 (2), 358: the component that depends most on its parameters",
        ],
        golden: None,
        function: "greening::HomeGreen::tree_share_by_radius",
    },
    Definition {
        id: "rule-3-30-300",
        theme: Theme::Greening,
        name: ("Règle 3-30-300", "3-30-300 rule"),
        question: (
            "Qui a trois arbres en vue, 30\u{202f}% de canopée autour et un espace vert à 300\u{202f}m\u{202f}?",
            "Who has three trees in view, 30% of canopy around and green space within 300 m?",
        ),
        formula: "100 · people of homes that meet all three / people; shares of the eight combinations beside",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: KNOWN_PEOPLE,
        missing: "a home with an unknown part is unknown unless another part fails",
        interval: CERTAIN,
        references: &["Konijnendijk, C. C. (2023), doi:10.1007/s11676-022-01523-z"],
        golden: None,
        function: "greening::Assessment330300::shares",
    },
    Definition {
        id: "green-access-who",
        theme: Theme::Greening,
        name: ("Accès à un espace vert public (OMS)", "Access to public green space (WHO)"),
        question: (
            "Qui a un espace vert d’au moins un demi-hectare à 300\u{202f}m\u{202f}?",
            "Who has a green space of at least half a hectare within 300 m?",
        ),
        formula: "100 · people of homes within 300 m (straight, to the boundary or an entrance) of green of 0.5 ha and more / people",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: KNOWN_PEOPLE,
        missing: "homes of unknown place are left out",
        interval: CERTAIN,
        references: &["WHO Regional Office for Europe (2016), Urban green spaces and health"],
        golden: None,
        function: "greening::green_access_share",
    },
    Definition {
        id: "reached-green-median",
        theme: Theme::Greening,
        name: ("Surface verte atteinte, médiane", "Reached green, median"),
        question: (
            "Combien d’espace vert l’habitant médian atteint-il à pied\u{202f}?",
            "How much green space does the median inhabitant reach on foot?",
        ),
        formula: "median over the people of the surface of green within a straight distance of home",
        unit: Some(Unit::SQUARE_METRE),
        direction: Direction::Higher,
        completeness: KNOWN_PEOPLE,
        missing: "homes of unknown place are left out",
        interval: "none",
        references: &[
            "Poelman, H. (2018), A walk to the park?, DG REGIO Working Paper 01/2018 (along streets; here straight)",
        ],
        golden: None,
        function: "greening::median_of_people",
    },
];
