//! Definitions: speeds at a point.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const MISSING: &str = "vehicles without a speed (NaN) are left out; never imputed";
const COMPLETENESS: &str = "share of the vehicles with a speed; 1 for tables of classes";
const PERCENTILE: &str = "individual speeds: between order statistics, binomial, distribution-free, 95 % by default; classes: certain, the bounds of the class, with no upper bound in an open top class";
const REFERENCES: &[&str] = &[
    "Institute of Transportation Engineers (2010), Manual of Transportation Engineering Studies, 2nd ed., chapter 5",
    "Hyndman and Fan (1996), Am. Stat. 50, 361",
    "Conover (1999), Practical Nonparametric Statistics, section 3.2",
];

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "v85",
        theme: Theme::Mobility,
        name: ("Vitesse V85", "85th percentile speed (V85)"),
        question: (
            "Quelle vitesse 85 % des véhicules ne dépassent-ils pas\u{202f}?",
            "Which speed do 85 % of the vehicles not exceed?",
        ),
        formula: "85th percentile of the speeds: type 7 by default, type 1 or nearest on request; in classes linear interpolation of the cumulative frequency",
        unit: Some(Unit::KILOMETRE_PER_HOUR),
        direction: Direction::Neutral,
        completeness: COMPLETENESS,
        missing: MISSING,
        interval: PERCENTILE,
        references: REFERENCES,
        golden: None,
        function: "mobility::spot_speeds",
    },
    Definition {
        id: "v50",
        theme: Theme::Mobility,
        name: ("Vitesse médiane V50", "Median speed (V50)"),
        question: (
            "Quelle vitesse la moitié des véhicules ne dépasse-t-elle pas\u{202f}?",
            "Which speed does half of the vehicles not exceed?",
        ),
        formula: "50th percentile of the speeds: type 7 by default, type 1 or nearest on request; in classes linear interpolation of the cumulative frequency",
        unit: Some(Unit::KILOMETRE_PER_HOUR),
        direction: Direction::Neutral,
        completeness: COMPLETENESS,
        missing: MISSING,
        interval: PERCENTILE,
        references: REFERENCES,
        golden: None,
        function: "mobility::spot_speeds",
    },
    Definition {
        id: "v15",
        theme: Theme::Mobility,
        name: ("Vitesse V15", "15th percentile speed (V15)"),
        question: (
            "Quelle vitesse 15 % des véhicules seulement ne dépassent-ils pas\u{202f}?",
            "Which speed do only 15 % of the vehicles not exceed?",
        ),
        formula: "15th percentile of the speeds: type 7 by default, type 1 or nearest on request; in classes linear interpolation of the cumulative frequency",
        unit: Some(Unit::KILOMETRE_PER_HOUR),
        direction: Direction::Neutral,
        completeness: COMPLETENESS,
        missing: MISSING,
        interval: PERCENTILE,
        references: REFERENCES,
        golden: None,
        function: "mobility::spot_speeds",
    },
    Definition {
        id: "speed-pace",
        theme: Theme::Mobility,
        name: ("Plage de vitesse la plus fréquente (borne basse)", "Pace (lower end)"),
        question: (
            "Où commence la plage de 16 km/h qui réunit le plus de véhicules\u{202f}?",
            "Where does the range of 10 mi/h that holds the most vehicles begin?",
        ),
        formula: "lower end of the window of the given width (10 mi/h by default) with the most vehicles, the lowest in a tie",
        unit: Some(Unit::KILOMETRE_PER_HOUR),
        direction: Direction::Neutral,
        completeness: COMPLETENESS,
        missing: MISSING,
        interval: "none",
        references: REFERENCES,
        golden: None,
        function: "mobility::spot_speeds",
    },
    Definition {
        id: "share-in-pace",
        theme: Theme::Mobility,
        name: ("Part des véhicules dans la plage la plus fréquente", "Share of vehicles in the pace"),
        question: (
            "Quelle part des véhicules roule à peu près à la même vitesse\u{202f}?",
            "What share of the vehicles drives at about the same speed?",
        ),
        formula: "100 · vehicles in the pace / vehicles with a speed",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: COMPLETENESS,
        missing: MISSING,
        interval: "none: the window is chosen for holding many",
        references: REFERENCES,
        golden: None,
        function: "mobility::spot_speeds",
    },
    Definition {
        id: "share-above-limit",
        theme: Theme::Mobility,
        name: ("Part des véhicules au-dessus de la limite", "Share of vehicles above the limit"),
        question: (
            "Quelle part des véhicules dépasse la vitesse autorisée\u{202f}?",
            "What share of the vehicles exceeds the speed limit?",
        ),
        formula: "100 · vehicles faster than the limit / vehicles with a speed",
        unit: Some(Unit::PERCENT),
        direction: Direction::Lower,
        completeness: COMPLETENESS,
        missing: MISSING,
        interval: "exact binomial (Clopper and Pearson), 95 % by default; classes: certain, from the classes on both sides of the limit",
        references: REFERENCES,
        golden: None,
        function: "mobility::spot_speeds",
    },
];
