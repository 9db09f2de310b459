//! Definitions: what was recorded but hardly counted, and what is put in its place.
use crate::definition::{Definition, Direction, Theme};

const AROUND: &str = "an interval stays missing if fewer than three values are known (by default); nothing is filled before the first and after the last reading; every value is flagged, and annual values carry the imputed share";
const CLEANING: &str = "Vélo & Territoires, Comptages de vélo : comment nettoyer ses données ?";
const PRODUCT: &str = "profile(hour of the week, or of a public holiday) · school break(hour) · level(week) · day · slot: a log-linear Poisson model by proportional fitting; week, day and slot shrunk by how much they vary; with a control group, week, day and hour times what it did, by the slope of the channel on it";

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "doubtful-counts",
        theme: Theme::Mobility,
        name: ("Comptages douteux", "Doubtful counts"),
        question: (
            "Quelles valeurs enregistrées ne sont sans doute pas des comptages\u{202f}?",
            "Which recorded values are hardly counts?",
        ),
        formula: "runs of zeros where 30 usually pass; of n equal values v where (2πv)^(−(n − 1)/2) < 10⁻⁹; of the numbers of the day or week before by the same chance; values above 5 times the 95 % quantile of their hour of the week",
        unit: None,
        direction: Direction::Neutral,
        completeness: "none: a list of channels and times",
        missing: "intervals without value and gaps between readings are listed as such",
        interval: "none",
        references: &[CLEANING, "FHWA (2022), Traffic Monitoring Guide, chapter 3"],
        golden: None,
        function: "mobility::find_faults",
    },
    Definition {
        id: "imputed-counts-neighbouring-weeks",
        theme: Theme::Mobility,
        name: ("Comptages imputés d’après les semaines voisines", "Counts imputed by neighbouring weeks"),
        question: (
            "Combien seraient passés, d’après la même heure des semaines voisines\u{202f}?",
            "How many would have passed, by the same hour of neighbouring weeks?",
        ),
        formula: "median over the same hour and weekday of the four weeks before and after",
        unit: None,
        direction: Direction::Neutral,
        completeness: "none: the share of imputed values is carried instead",
        missing: AROUND,
        interval: "none",
        references: &[CLEANING],
        golden: None,
        function: "mobility::Counts::imputed",
    },
    Definition {
        id: "imputed-counts-control-group",
        theme: Theme::Mobility,
        name: ("Comptages imputés d’après un groupe témoin", "Counts imputed by a control group"),
        question: (
            "Combien seraient passés, d’après ce que d’autres compteurs ont vu à ce moment\u{202f}?",
            "How many would have passed, by what other counters saw at that time?",
        ),
        formula: "median of neighbouring weeks · Σ controls now / Σ medians of the controls",
        unit: None,
        direction: Direction::Neutral,
        completeness: "none: the share of imputed values is carried instead",
        missing: AROUND,
        interval: "none",
        references: &[CLEANING],
        golden: None,
        function: "mobility::Counts::imputed",
    },
    Definition {
        id: "imputed-counts-model",
        theme: Theme::Mobility,
        name: ("Comptages imputés par un modèle", "Counts imputed by a model"),
        question: (
            "Combien seraient passés, d’après tout ce que le compteur a compté\u{202f}?",
            "How many would have passed, by all that the counter counted?",
        ),
        formula: PRODUCT,
        unit: None,
        direction: Direction::Neutral,
        completeness: "none: the share of imputed values is carried instead",
        missing: AROUND,
        interval: "quantiles of the gamma distribution of this mean and variance: dispersion of the counts, and errors of week, day and slot",
        references: &[
            "McCullagh and Nelder (1989), Generalized Linear Models, chapters 6 and 9",
            "Deming and Stephan (1940), Ann. Math. Statist. 11, 427–444",
            "Bühlmann (1967), ASTIN Bulletin 4, 199–207",
        ],
        golden: None,
        function: "mobility::Counts::imputed",
    },
];
