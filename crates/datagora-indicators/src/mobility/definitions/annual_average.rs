//! Definitions: annual averages.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

pub(super) static DEFINITIONS: &[Definition] = &[Definition {
    id: "annual-average-daily-traffic",
    theme: Theme::Mobility,
    name: ("Trafic moyen journalier annuel (TMJA)", "Annual average daily traffic (AADT)"),
    question: (
        "Combien de passages compte-t-on un jour moyen de l’année\u{202f}?",
        "How many pass on an average day of the year?",
    ),
    formula: "Σ d_m · MADT_m / Σ d_m over the months with a value",
    unit: Some(Unit::of("{vehicle}/d")),
    direction: Direction::Neutral,
    completeness: "share of the year's days in months with a value",
    missing: "missing months are left out; suppressed if the completeness rule does not accept what is left",
    interval: "none",
    references: &[
        "FHWA (2022), Traffic Monitoring Guide, appendix L",
        "Directive 2008/50/EC, Annex VII (completeness by season)",
    ],
    golden: Some("aadt_synthetic_2024"),
    function: "mobility::annual_average",
}];
