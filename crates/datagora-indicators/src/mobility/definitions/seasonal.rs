//! Definitions: the shape of the year.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

pub(super) static DEFINITIONS: &[Definition] = &[Definition {
    id: "seasonal-factor",
    theme: Theme::Mobility,
    name: ("Facteur saisonnier mensuel", "Monthly seasonal factor"),
    question: (
        "Ce mois est-il plus ou moins fréquenté que la moyenne de l’année\u{202f}?",
        "Is this month busier or quieter than the mean of the year?",
    ),
    formula: "mean over channels of the mean over complete years of MADT_m / mean of the twelve MADT",
    unit: Some(Unit::ONE),
    direction: Direction::Neutral,
    completeness: "share of the monthly values that stand in a complete year",
    missing: "a year with a missing month is left out for that channel",
    interval: "spread: the middle 80 % of channel-years; not an error of the mean",
    references: &["FHWA (2022), Traffic Monitoring Guide, chapter 3"],
    golden: None,
    function: "mobility::seasonal_profile",
}];
