//! Definitions of the inequality indices.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const fn index(
    id: &'static str,
    name: (&'static str, &'static str),
    question: (&'static str, &'static str),
    formula: &'static str,
    references: &'static [&'static str],
    golden: Option<&'static str>,
    function: &'static str,
) -> Definition {
    Definition {
        id,
        theme: Theme::Inequality,
        name,
        question,
        formula,
        unit: Some(Unit::ONE),
        direction: Direction::Lower,
        completeness: "share of the values that are known",
        missing: "NaN is left out; no value, a negative value or only zeros are suppressed",
        interval: "none",
        references,
        golden,
        function,
    }
}

const STATES: Option<&str> = Some("inequality_us_states");

/// Definitions, in the order of the documentation.
pub(crate) static DEFINITIONS: &[Definition] = &[
    index(
        "gini",
        ("Coefficient de Gini", "Gini coefficient"),
        ("Est-ce inégalement réparti\u{202f}?", "Is it unequally shared out?"),
        "Σ (2i − n − 1) x_i / (n Σ x_i) over the sorted values",
        &["Sen, A. (1973), On Economic Inequality, eq. 2.8.1"],
        STATES,
        "gini",
    ),
    index(
        "theil",
        ("Indice de Theil", "Theil's T"),
        (
            "L’inégalité est-elle entre les groupes ou en leur sein\u{202f}?",
            "Does inequality lie between groups or within them?",
        ),
        "mean of (x/μ) ln (x/μ), 0 ln 0 = 0",
        &[
            "Theil, H. (1967), Economics and Information Theory, chapter 4",
            "Shorrocks, A. F. (1980), Econometrica 48, 613–625",
        ],
        STATES,
        "theil",
    ),
    index(
        "mean-log-deviation",
        ("Écart logarithmique moyen", "Mean logarithmic deviation"),
        ("Est-ce inégal, surtout vers le bas\u{202f}?", "Is it unequal, above all at the bottom?"),
        "mean of −ln (x/μ); needs positive values",
        &["Theil, H. (1967), Economics and Information Theory, chapter 4"],
        STATES,
        "mean_log_deviation",
    ),
    index(
        "atkinson",
        ("Indice d’Atkinson", "Atkinson's index"),
        (
            "Quelle part du total vaudrait-il la peine de céder pour l’égalité\u{202f}?",
            "What share of the total would equality be worth?",
        ),
        "1 − (mean of (x/μ)^(1−ε))^(1/(1−ε))",
        &["Atkinson, A. B. (1970), J. Econ. Theory 2, 244–263"],
        STATES,
        "atkinson",
    ),
    index(
        "hoover",
        ("Indice de Hoover", "Hoover's index"),
        (
            "Quelle part du total faudrait-il déplacer pour l’égalité\u{202f}?",
            "What share of the total would have to move for equality?",
        ),
        "½ mean of |x/μ − 1|",
        &["Hoover, E. M. (1936), Rev. Econ. Statist. 18, 162–171"],
        STATES,
        "hoover",
    ),
    index(
        "palma-ratio",
        ("Ratio de Palma", "Palma ratio"),
        (
            "Combien le dixième le mieux doté a-t-il face aux quatre dixièmes les moins dotés\u{202f}?",
            "How much has the top tenth against the bottom four tenths?",
        ),
        "sum of the top tenth / sum of the bottom four tenths",
        &["Cobham, A. and Sumner, A. (2013), CGD Working Paper 343"],
        None,
        "palma",
    ),
];
