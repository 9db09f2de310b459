//! Definitions: peaks and design hours.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const CLOCK_HOURS: &str = "each clock hour is averaged over the hours that are there";
const PEAK_DAYS: &str = "share of the days on which the peak hour was observed";
const HCM: &str = "TRB (2016), Highway Capacity Manual, 6th ed., chapter 3";
const TMG: &str = "FHWA (2022), Traffic Monitoring Guide, chapter 3";

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "peak-hour-factor",
        theme: Theme::Mobility,
        name: ("Facteur d’heure de pointe (FHP)", "Peak-hour factor (PHF)"),
        question: (
            "Le trafic de l’heure est-il régulier, ou concentré sur quelques minutes\u{202f}?",
            "Is the traffic of the hour even, or a burst of a few minutes?",
        ),
        formula: "V / (N · max V_i) over the N parts of the hour",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "share of the hour that was observed",
        missing: "undefined if a part is missing or nothing was counted",
        interval: "none",
        references: &[HCM],
        golden: Some("link_performance"),
        function: "mobility::peak_hour_factor",
    },
    Definition {
        id: "design-hour-factor",
        theme: Theme::Mobility,
        name: ("Facteur K de la n-ième heure (K30)", "K-factor of the n-th highest hour (K30)"),
        question: (
            "Quelle part du trafic journalier passe dans l’heure de dimensionnement\u{202f}?",
            "What share of the daily traffic passes in the design hour?",
        ),
        formula: "V_(n) / AADT, V_(n) being the n-th highest hourly volume of the year",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "share of the year's hours that were observed",
        missing: "ranked among observed hours, and biased low then: the rank to expect among all hours is given",
        interval: "the observed hour below; above, the hour of the rank left if missing hours are among the n highest by chance (binomial, 95 % by default); none for a complete year",
        references: &[TMG, HCM],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::HourlyYear::design_hour",
    },
    Definition {
        id: "directional-factor",
        theme: Theme::Mobility,
        name: ("Facteur directionnel D", "Directional factor D"),
        question: (
            "Quelle part du trafic de pointe va dans le même sens\u{202f}?",
            "What share of the peak traffic goes in one direction?",
        ),
        formula: "max(V_1, V_2) / (V_1 + V_2) in the n-th highest hour of both directions",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "share of the year's hours that were observed in both directions",
        missing: "hours missing in one direction are left out",
        interval: "none",
        references: &[TMG],
        golden: None,
        function: "mobility::direction_factor",
    },
    Definition {
        id: "peak-spreading",
        theme: Theme::Mobility,
        name: ("Étalement de la pointe", "Peak spreading"),
        question: (
            "La pointe tient-elle en une heure, ou s’étale-t-elle sur trois\u{202f}?",
            "Does the peak fit in one hour, or does it spread over three?",
        ),
        formula: "V_peak hour / V of the three busiest consecutive hours that hold it, of the average day",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: PEAK_DAYS,
        missing: CLOCK_HOURS,
        interval: "none",
        references: &[HCM],
        golden: None,
        function: "mobility::DayProfile::peak",
    },
    Definition {
        id: "peak-hour-volume",
        theme: Theme::Mobility,
        name: ("Heure de pointe du matin et du soir", "Morning and evening peak hour"),
        question: (
            "Combien de passages dans l’heure la plus chargée du matin ou du soir\u{202f}?",
            "How many pass in the busiest hour of the morning or evening?",
        ),
        formula: "largest mean hourly volume of the days of a kind, before noon, from noon on, or in a window of the clock",
        unit: Some(Unit::of("{vehicle}/h")),
        direction: Direction::Neutral,
        completeness: PEAK_DAYS,
        missing: CLOCK_HOURS,
        interval: "none",
        references: &[TMG],
        golden: None,
        function: "mobility::DayProfile::peak",
    },
];
