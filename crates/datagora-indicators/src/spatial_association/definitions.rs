//! Definition of the index of spatial association.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

/// Definitions, in the order of the documentation.
pub(crate) static DEFINITIONS: &[Definition] = &[Definition {
    id: "moran",
    theme: Theme::Inequality,
    name: ("I de Moran", "Moran's I"),
    question: ("Les valeurs semblables se côtoient-elles\u{202f}?", "Do like values lie near each other?"),
    formula: "Σ z_i · mean of the z of its neighbours / Σ z_i², z = deviation from the mean",
    unit: Some(Unit::ONE),
    direction: Direction::Neutral,
    completeness: "share of the places with a value and a neighbour with one",
    missing: "NaN is left out, also as a neighbour, and so are places without neighbours; one value everywhere is suppressed",
    interval: "none; pseudo p-value by permutations beside it",
    references: &[
        "Moran, P. A. P. (1950), Biometrika 37, 17–23",
        "Anselin, L. (1995), Geographical Analysis 27, 93–115",
    ],
    golden: Some("global_columbus"),
    function: "moran",
}];
