//! Definitions: shared bicycles.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const STATION_MISSING: &str =
    "time more than `max_age` after a snapshot is unknown and left out; never counted as empty";
const STATION_COMPLETENESS: &str = "share of the period in which the state is known";
const STATION_INTERVAL: &str = "certain bounds: the unknown time all in this state, or none of it";
const GBFS: &[&str] = &["MobilityData, General Bikeshare Feed Specification v3.0, station_status.json"];

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "station-time-empty",
        theme: Theme::Mobility,
        name: ("Part du temps sans vélo", "Share of time without a bicycle"),
        question: (
            "Combien de temps la station n’avait-elle aucun vélo à offrir\u{202f}?",
            "For how long had the station no bicycle to offer?",
        ),
        formula: "100 · seconds with 0 bicycles while renting / known seconds",
        unit: Some(Unit::PERCENT),
        direction: Direction::Lower,
        completeness: STATION_COMPLETENESS,
        missing: STATION_MISSING,
        interval: STATION_INTERVAL,
        references: GBFS,
        golden: Some("bikeshare"),
        function: "mobility::StationRecord::summary",
    },
    Definition {
        id: "station-time-full",
        theme: Theme::Mobility,
        name: ("Part du temps sans place", "Share of time without a free dock"),
        question: (
            "Combien de temps ne pouvait-on pas rendre de vélo à la station\u{202f}?",
            "For how long could no bicycle be returned to the station?",
        ),
        formula: "100 · seconds with 0 docks while taking returns / known seconds",
        unit: Some(Unit::PERCENT),
        direction: Direction::Lower,
        completeness: STATION_COMPLETENESS,
        missing: STATION_MISSING,
        interval: STATION_INTERVAL,
        references: GBFS,
        golden: Some("bikeshare"),
        function: "mobility::StationRecord::summary",
    },
    Definition {
        id: "station-time-unknown",
        theme: Theme::Mobility,
        name: ("Part du temps sans information", "Share of time without information"),
        question: (
            "Pendant combien de temps ne sait-on rien de la station\u{202f}?",
            "For how long is nothing known of the station?",
        ),
        formula: "100 · seconds more than max_age after the last snapshot / seconds of the period",
        unit: Some(Unit::PERCENT),
        direction: Direction::Lower,
        completeness: "always 1: it is the lack itself",
        missing: "it measures what is missing",
        interval: "none",
        references: GBFS,
        golden: Some("bikeshare"),
        function: "mobility::StationRecord::summary",
    },
    Definition {
        id: "station-stock",
        theme: Theme::Mobility,
        name: ("Nombre moyen de vélos en station", "Mean number of bicycles at the station"),
        question: (
            "Combien de vélos la station avait-elle en moyenne\u{202f}?",
            "How many bicycles did the station have on average?",
        ),
        formula: "Σ bicycles · seconds / known seconds, each snapshot standing until the next for at most max_age",
        unit: Some(Unit::of("{vehicle}")),
        direction: Direction::Neutral,
        completeness: STATION_COMPLETENESS,
        missing: STATION_MISSING,
        interval: "none",
        references: GBFS,
        golden: Some("bikeshare"),
        function: "mobility::StationRecord::summary",
    },
    Definition {
        id: "station-load",
        theme: Theme::Mobility,
        name: ("Taux de remplissage de la station", "Load of the station"),
        question: (
            "Quelle part des places en service portait un vélo\u{202f}?",
            "What share of the places in service held a bicycle?",
        ),
        formula: "100 · mean over the known time of bicycles / (bicycles + free docks)",
        unit: Some(Unit::PERCENT),
        direction: Direction::Neutral,
        completeness: "share of the period in which the state is known and the station has places",
        missing: STATION_MISSING,
        interval: "certain bounds: the unknown time all empty, or all full",
        references: GBFS,
        golden: Some("bikeshare"),
        function: "mobility::StationRecord::summary",
    },
    Definition {
        id: "station-imbalance",
        theme: Theme::Mobility,
        name: ("Déséquilibre de la station", "Imbalance of the station"),
        question: (
            "Les vélos ne font-ils que partir, ou qu’arriver\u{202f}?",
            "Do bicycles only leave, or only arrive?",
        ),
        formula: "|arrivals − departures| / (arrivals + departures), from net changes between snapshots",
        unit: Some(Unit::ONE),
        direction: Direction::Lower,
        completeness: STATION_COMPLETENESS,
        missing: "a change across a gap counts with its net amount, a lower bound",
        interval: "none",
        references: GBFS,
        golden: Some("bikeshare"),
        function: "mobility::StationRecord::summary",
    },
];
