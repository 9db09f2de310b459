//! Definitions: annual averages.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const HOURS: &str = "share of the year's hours that were observed";
const GAPS: &str = "root mean square of what the average does when the same gaps are moved by whole weeks around the year, Student's quantile, 95 % by default; none for a complete year";
const TMG: &str = "FHWA (2022), Traffic Monitoring Guide, appendix L";

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
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
        references: &[TMG, "Directive 2008/50/EC, Annex VII (completeness by season)"],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::annual_average",
    },
    Definition {
        id: "aadt-fhwa",
        theme: Theme::Mobility,
        name: ("TMJA, méthode FHWA de 2016", "AADT by the FHWA method of 2016"),
        question: (
            "Combien de passages un jour moyen, quand des heures manquent\u{202f}?",
            "How many pass on an average day, when hours are missing?",
        ),
        formula: "MADT_m = Σ_j w_jm Σ_h mean_i V_ihjm / Σ_j w_jm; AADT = Σ_m d_m MADT_m / Σ_m d_m (hour h of weekday j in month m, w_jm such weekdays, d_m days)",
        unit: Some(Unit::of("{vehicle}/d")),
        direction: Direction::Neutral,
        completeness: HOURS,
        missing: "hours that are there count, of incomplete days as well; suppressed unless each of 24 × 7 × 12 cells has a value",
        interval: GAPS,
        references: &[TMG],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::HourlyYear::aadt",
    },
    Definition {
        id: "aadt-aashto",
        theme: Theme::Mobility,
        name: ("TMJA, méthode AASHTO à 84 cellules", "AADT by the AASHTO method of 84 cells"),
        question: (
            "Combien de passages un jour moyen, d’après les jours complets de chaque mois\u{202f}?",
            "How many pass on an average day, by the complete days of each month?",
        ),
        formula: "1/7 Σ_j 1/12 Σ_m mean_i V_ijm over complete days i of weekday j in month m",
        unit: Some(Unit::of("{vehicle}/d")),
        direction: Direction::Neutral,
        completeness: HOURS,
        missing: "incomplete days are left out; suppressed unless each weekday of each month has a complete day",
        interval: GAPS,
        references: &[TMG, "AASHTO (1992), Guidelines for Traffic Data Programs"],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::HourlyYear::aadt",
    },
    Definition {
        id: "aadt-complete-months",
        theme: Theme::Mobility,
        name: ("Moyenne journalière annuelle sur mois complets", "Annual daily mean over complete months"),
        question: (
            "Combien de passages un jour moyen des mois complets\u{202f}?",
            "How many pass on an average day of the complete months?",
        ),
        formula: "Σ V_m / Σ d_m over the months m without a missing hour",
        unit: Some(Unit::of("{vehicle}/d")),
        direction: Direction::Neutral,
        completeness: HOURS,
        missing: "months with a missing hour are left out: marked as biased, because the season of what is left decides",
        interval: GAPS,
        references: &["Sétra (2004), Comptage temporaire du trafic routier"],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::HourlyYear::aadt",
    },
    Definition {
        id: "aadt-simple-mean",
        theme: Theme::Mobility,
        name: ("TMJA simple (biaisé si des jours manquent)", "Simple AADT (biased if days are missing)"),
        question: (
            "Combien de passages un jour complet, en moyenne\u{202f}?",
            "How many pass on a complete day, on average?",
        ),
        formula: "mean of the complete days",
        unit: Some(Unit::of("{vehicle}/d")),
        direction: Direction::Neutral,
        completeness: HOURS,
        missing: "incomplete days are left out: marked as biased, as gaps are seldom the same in all seasons",
        interval: GAPS,
        references: &[TMG],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::HourlyYear::aadt",
    },
    Definition {
        id: "average-working-day",
        theme: Theme::Mobility,
        name: ("Trafic moyen des jours ouvrés (TMJO)", "Annual average working-day traffic"),
        question: (
            "Combien de passages compte-t-on un jour de travail moyen\u{202f}?",
            "How many pass on an average working day?",
        ),
        formula: "mean of the complete days of the kind: Monday to Friday, working days, outside school breaks of zone A, weekends …; or of their months, weighted by such days",
        unit: Some(Unit::of("{vehicle}/d")),
        direction: Direction::Neutral,
        completeness: "share of the days of the kind that are complete",
        missing: "incomplete days are left out",
        interval: "none",
        references: &[
            "FHWA (2022), Traffic Monitoring Guide (AAWDT)",
            "OFROU, Comptage suisse automatique de la circulation routière (TJMO)",
        ],
        golden: Some("aadt_synthetic_2024"),
        function: "mobility::average_day",
    },
];
