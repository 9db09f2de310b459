//! Definitions: growth and indices.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const CPI: &str = "ILO et al. (2020), Consumer Price Index Manual, chapter 9";
const FREQUENTATIONS: &str = "Vélo & Territoires, Plateforme nationale des fréquentations";
const GROWTH_MISSING: &str =
    "channels (or channel-months) missing in either period are left out and reported as entered or left";

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "constant-perimeter-growth",
        theme: Theme::Mobility,
        name: ("Évolution à périmètre constant", "Growth at constant perimeter"),
        question: (
            "De combien le trafic a-t-il évolué sur les compteurs présents aux deux périodes\u{202f}?",
            "By how much did traffic change on the counters present in both periods?",
        ),
        formula: "100 · (Σ V_after / Σ V_before − 1) over the channels with a value in every bin of both periods (or over matched channel-months)",
        unit: Some(Unit::PERCENT),
        direction: Direction::Neutral,
        completeness: "share of the observed volume of both periods that the perimeter covers",
        missing: GROWTH_MISSING,
        interval: "jackknife over channels of the logarithm of the ratio, Student's quantile, 95 % by default",
        references: &[FREQUENTATIONS, "Tukey, J. W. (1958), Ann. Math. Statist. 29, 614"],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::constant_perimeter_growth",
    },
    Definition {
        id: "chained-index",
        theme: Theme::Mobility,
        name: ("Indice chaîné de trafic", "Chained traffic index"),
        question: (
            "Comment le trafic évolue-t-il sur plusieurs années alors que les compteurs changent\u{202f}?",
            "How does traffic develop over years while the counters change?",
        ),
        formula: "I_0 = 100; I_t = I_(t−1) · Σ matched V_t / Σ matched V_(t−1)",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "smallest coverage of the links up to the period",
        missing: "a link without common channel breaks the chain: suppressed from there on",
        interval: "jackknife over channels of the whole chain",
        references: &[CPI],
        golden: None,
        function: "mobility::chained_index",
    },
    Definition {
        id: "mean-annual-growth",
        theme: Theme::Mobility,
        name: ("Tendance annuelle à périmètre constant", "Annual trend at constant perimeter"),
        question: (
            "Quel est le rythme moyen d’évolution par an sur l’ensemble des années\u{202f}?",
            "What is the mean pace of change per year over all years?",
        ),
        formula: "100 · ((I_T / 100)^(1/T) − 1) of the chained index",
        unit: Some(Unit::PERCENT),
        direction: Direction::Neutral,
        completeness: "smallest coverage of the links",
        missing: "suppressed if a link of the chain is broken",
        interval: "that of the last index, taken to the same power",
        references: &[CPI],
        golden: None,
        function: "mobility::ChainedIndex::mean_growth",
    },
    Definition {
        id: "index-to-base",
        theme: Theme::Mobility,
        name: ("Indice mensuel à périmètre constant", "Monthly index at constant perimeter"),
        question: (
            "Où en est le trafic de ce mois par rapport au même mois de l’année de base\u{202f}?",
            "Where does this month's traffic stand against the same month of the base year?",
        ),
        formula: "100 · Σ V_t / Σ V_base(t) over the channels with a value in both months",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "share of the month's observed volume that the perimeter covers",
        missing: "a month without common channel is suppressed",
        interval: "jackknife over channels",
        references: &[FREQUENTATIONS],
        golden: None,
        function: "mobility::index_to_base",
    },
];
