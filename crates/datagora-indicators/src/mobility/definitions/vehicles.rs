//! Definitions: short counts, heavy vehicles, vehicle-kilometres.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "aadt-short-count",
        theme: Theme::Mobility,
        name: ("TMJA d’un comptage temporaire", "AADT from a short count"),
        question: (
            "Combien de passages par an là où l’on n’a compté que quelques jours\u{202f}?",
            "How many pass in a year where only a few days were counted?",
        ),
        formula: "exp(mean over days of ln(V_d · F_md)) · axle factor · growth factor; F_md = geometric mean over the stations of a named group of AADT / day total in that month and weekday",
        unit: Some(Unit::of("{vehicle}/d")),
        direction: Direction::Neutral,
        completeness: "share of the counted days that could be used",
        missing: "days without count, or for which fewer than two stations have a factor, are left out",
        interval: "for one new place: variance between stations · (1 + 1/S) + variance of days / n on the logarithmic scale, Student's quantile, 95 % by default",
        references: &["FHWA (2022), Traffic Monitoring Guide, chapter 3"],
        golden: None,
        function: "mobility::FactorGroup::expand",
    },
    Definition {
        id: "heavy-vehicle-share",
        theme: Theme::Mobility,
        name: ("Part de poids lourds", "Share of heavy vehicles"),
        question: (
            "Quelle part du trafic est faite de poids lourds\u{202f}?",
            "What share of the traffic is heavy vehicles?",
        ),
        formula: "heavy / (heavy + light)",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "share of the vehicles that were classified",
        missing: "vehicles without class are left out, and their share is reported",
        interval: "certain bounds: the unclassified all light, or all heavy",
        references: &["Cerema, SIREDO", "FHWA (2022), Traffic Monitoring Guide, appendix C"],
        golden: None,
        function: "mobility::heavy_share",
    },
    Definition {
        id: "vehicle-kilometres",
        theme: Theme::Mobility,
        name: ("Véhicules-kilomètres", "Vehicle-kilometres"),
        question: (
            "Quelle distance tous les véhicules parcourent-ils ensemble\u{202f}?",
            "What distance do all vehicles drive together?",
        ),
        formula: "Σ AADT_l · length_l · days over the segments l",
        unit: Some(Unit::of("{vehicle}.km")),
        direction: Direction::Neutral,
        completeness: "share of the length that has a value",
        missing: "segments without a value are left out; nothing is extrapolated to them",
        interval: "those of the segments in quadrature, as for independent errors",
        references: &["FHWA (2022), Traffic Monitoring Guide"],
        golden: None,
        function: "mobility::vehicle_kilometres",
    },
];
