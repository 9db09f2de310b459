//! Definitions of the indicators of heat and ground.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const CELLS: &str = "share of the zone that has a value";
const CLOUDS: &str = "cells without value do not count; a zone without any is suppressed";
const NO_INTERVAL: &str = "none";
const NDVI_SOURCES: &[&str] =
    &["Rouse et al. (1974), NASA SP-351", "Tucker (1979), doi:10.1016/0034-4257(79)90013-0"];

/// Definitions, in the order of the documentation.
pub(crate) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "ndvi-mean",
        theme: Theme::Heat,
        name: ("Indice de végétation (NDVI) moyen", "Mean vegetation index (NDVI)"),
        question: (
            "Le sol de la zone est-il vert vu d’en haut\u{202f}?",
            "How green is the ground of the zone seen from above?",
        ),
        formula: "Σ c · (NIR − R)/(NIR + R) / Σ c over the cells, c: exact share of the cell within the zone; reflectances",
        unit: Some(Unit::ONE),
        direction: Direction::Higher,
        completeness: CELLS,
        missing: CLOUDS,
        interval: NO_INTERVAL,
        references: NDVI_SOURCES,
        golden: Some("greening"),
        function: "heat::vegetation_by_zone",
    },
    Definition {
        id: "ndvi-green-share",
        theme: Theme::Heat,
        name: ("Part de sol vert (NDVI)", "Green share of the ground (NDVI)"),
        question: (
            "Quelle part du sol dépasse le seuil de végétation\u{202f}?",
            "What share of the ground lies above the threshold of vegetation?",
        ),
        formula: "100 · Σ c over cells with NDVI > threshold / Σ c over cells with a value",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: CELLS,
        missing: CLOUDS,
        interval: NO_INTERVAL,
        references: NDVI_SOURCES,
        golden: None,
        function: "heat::vegetation_by_zone",
    },
    Definition {
        id: "functional-integrity",
        theme: Theme::Heat,
        name: ("Intégrité fonctionnelle de la biosphère", "Biosphere functional integrity"),
        question: (
            "Combien de nature autour des sols que l’homme a transformés\u{202f}?",
            "How much nature lies around the ground that people have changed?",
        ),
        formula: "mean over modified cells of 100 · semi-natural / (semi-natural + modified) cells within 500 m; water and the outside do not count",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: "1: each modified cell has a share",
        missing: "cells of unknown cover are outside",
        interval: NO_INTERVAL,
        references: &["Mohamed et al. (2024), doi:10.1016/j.oneear.2023.12.008"],
        golden: None,
        function: "heat::functional_integrity",
    },
    Definition {
        id: "functional-integrity-reached",
        theme: Theme::Heat,
        name: ("Sols à intégrité fonctionnelle suffisante", "Ground of sufficient functional integrity"),
        question: (
            "Quelle part des sols transformés a assez de nature autour\u{202f}?",
            "What share of the changed ground has enough nature around?",
        ),
        formula: "100 · modified cells whose share within 500 m is at least the target (20 to 25 %) / modified cells",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: "1: each modified cell has a share",
        missing: "cells of unknown cover are outside",
        interval: NO_INTERVAL,
        references: &["Mohamed et al. (2024), doi:10.1016/j.oneear.2023.12.008"],
        golden: None,
        function: "heat::FunctionalIntegrity::reaching",
    },
    Definition {
        id: "biotope-area-factor",
        theme: Theme::Heat,
        name: ("Coefficient de biotope par surface", "Biotope area factor"),
        question: (
            "Quelle part de la parcelle est favorable à la nature\u{202f}?",
            "How much of the parcel is good for nature?",
        ),
        formula: "Σ area · coefficient of its type / parcel area",
        unit: Some(Unit::ONE),
        direction: Direction::Higher,
        completeness: "share of the surfaces whose area is known",
        missing: "surfaces of unknown area are left out; an unknown type is an error",
        interval: "none if all areas are known, else certain and open above",
        references: &["Becker and Mohren (1990)", "ADEME, fiche 11: coefficient de biotope par surface"],
        golden: Some("greening"),
        function: "heat::biotope_area_factor",
    },
    Definition {
        id: "imperviousness",
        theme: Theme::Heat,
        name: ("Imperméabilisation", "Imperviousness"),
        question: ("Quelle part du sol est imperméable\u{202f}?", "What share of the ground is sealed?"),
        formula: "100 · Σ area · sealed share of its class / Σ area",
        unit: Some(Unit::PERCENT),
        direction: Direction::Lower,
        completeness: "share of the surfaces whose area is known",
        missing: "surfaces of unknown area are left out; an unknown class is an error",
        interval: NO_INTERVAL,
        references: &["Arnold and Gibbons (1996), doi:10.1080/01944369608975688"],
        golden: None,
        function: "heat::imperviousness",
    },
];
