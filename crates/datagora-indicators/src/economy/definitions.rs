//! Definitions of the economic indicators.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const GOLDEN: Option<&str> = Some("economy_lq_shiftshare");

/// An index of a table of amounts: complete data, no interval.
const fn index(
    id: &'static str,
    name: (&'static str, &'static str),
    question: (&'static str, &'static str),
    formula: &'static str,
    missing: &'static str,
    references: &'static [&'static str],
    function: &'static str,
) -> Definition {
    Definition {
        id,
        theme: Theme::Economy,
        name,
        question,
        formula,
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "share of the amounts that are known; 1 where a missing amount is an error",
        missing,
        interval: "none",
        references,
        golden: GOLDEN,
        function,
    }
}

/// Definitions, in the order of the documentation.
pub(crate) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "establishments",
        theme: Theme::Economy,
        name: ("Établissements", "Establishments"),
        question: (
            "Combien d’établissements la zone compte-t-elle\u{202f}?",
            "How many establishments are in the zone?",
        ),
        formula: "number of establishments of the zone and sector",
        unit: Some(Unit::of("{establishment}")),
        direction: Direction::Neutral,
        completeness: "share of all establishments that have a zone and a sector",
        missing: "establishments without zone or sector are in no cell, and told",
        interval: "none: the register is not a sample",
        references: &["Insee, base Sirene"],
        golden: None,
        function: "economy::EstablishmentTable::establishments",
    },
    Definition {
        id: "jobs",
        theme: Theme::Economy,
        name: ("Emplois salariés", "Employees"),
        question: (
            "Entre combien et combien de salariés les établissements emploient-ils\u{202f}?",
            "Between how many and how many people do the establishments employ?",
        ),
        formula: "Σ lower bounds to Σ upper bounds of the staff brackets; no point value",
        unit: Some(Unit::of("{job}")),
        direction: Direction::Neutral,
        completeness: "share of the establishments whose bracket is known",
        missing: "an unknown bracket, like the open top bracket, takes the upper bound away; withheld with fewer than 3 employers, possible dominance of 85 %, or to protect another cell",
        interval: "certain bounds",
        references: &["Insee, base Sirene, trancheEffectifsEtablissement"],
        golden: Some("confidentiality"),
        function: "economy::EstablishmentTable::jobs",
    },
    Definition {
        id: "location-quotient",
        theme: Theme::Economy,
        name: ("Indice de spécificité (quotient de localisation)", "Location quotient"),
        question: (
            "La zone a-t-elle plus de ce secteur que l’ensemble\u{202f}?",
            "Has the zone more of the sector than the whole?",
        ),
        formula: "(x_zs / x_z) / (x_s / x)",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "1: a missing amount is an error",
        missing: "a zone or sector without anything is suppressed",
        interval: "counts: Clopper–Pearson for the share in the zone; brackets: certain, narrowest bounds",
        references: &[
            "Isard, W. (1960), Methods of Regional Analysis, chapter 5",
            "Clopper, C. J. and Pearson, E. S. (1934), Biometrika 26, 404–413",
        ],
        golden: GOLDEN,
        function: "economy::location_quotients_of_counts",
    },
    Definition {
        id: "symmetric-location-quotient",
        theme: Theme::Economy,
        name: ("Quotient de localisation symétrique", "Symmetric location quotient"),
        question: (
            "La zone est-elle spécialisée, de −1 à 1\u{202f}?",
            "Is the zone specialised, from −1 to 1?",
        ),
        formula: "(LQ − 1) / (LQ + 1)",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "that of the quotient",
        missing: "suppressed as the quotient is",
        interval: "that of the quotient, turned likewise",
        references: &["Laursen, K. (2015), Eurasian Bus. Rev. 5, 99–115"],
        golden: GOLDEN,
        function: "economy::symmetric_quotient",
    },
    index(
        "krugman-specialisation",
        ("Indice de spécialisation de Krugman", "Krugman's specialisation index"),
        (
            "Les secteurs de la zone diffèrent-ils de ceux de l’ensemble\u{202f}?",
            "Do the sectors of the zone differ from those of the whole?",
        ),
        "Σ |x_zs / x_z − x_s / x| over the sectors, from 0 to 2",
        "a zone without anything is suppressed",
        &["Krugman, P. (1991), Geography and Trade, p. 76"],
        "economy::krugman_specialisation",
    ),
    index(
        "herfindahl-index",
        ("Indice de Herfindahl-Hirschman", "Herfindahl–Hirschman index"),
        (
            "L’activité tient-elle à peu de secteurs ou d’établissements\u{202f}?",
            "Does activity rest on few sectors or establishments?",
        ),
        "Σ s²; normalised (H − 1/n) / (1 − 1/n); effective number 1 / H",
        "NaN is left out; without a positive total suppressed",
        &["Hirschman, A. O. (1964), Am. Econ. Rev. 54, 761–762"],
        "economy::herfindahl",
    ),
    index(
        "locational-gini",
        ("Gini de localisation", "Locational Gini"),
        (
            "Le secteur est-il concentré dans peu de zones\u{202f}?",
            "Is the sector concentrated in few zones?",
        ),
        "Gini coefficient of the location quotients of the zones",
        "zones without anything are left out; a sector without anything is suppressed",
        &["Krugman, P. (1991), Geography and Trade, appendix D"],
        "economy::localisation",
    ),
    index(
        "hoover-localisation",
        ("Coefficient de localisation de Hoover", "Hoover's coefficient of localisation"),
        (
            "Quelle part du secteur faudrait-il déplacer pour qu’il soit réparti comme l’ensemble\u{202f}?",
            "What share of the sector would have to move to lie as everything does?",
        ),
        "½ Σ |s_z − x_z| over the zones",
        "zones without anything are left out; a sector without anything is suppressed",
        &["Hoover, E. M. (1936), Rev. Econ. Statist. 18, 162–171"],
        "economy::localisation",
    ),
    index(
        "theil-localisation",
        ("Indice de localisation de Theil", "Theil's index of localisation"),
        (
            "La répartition du secteur surprend-elle au vu de l’ensemble\u{202f}?",
            "Is the distribution of the sector surprising, given the whole?",
        ),
        "Σ s_z ln (s_z / x_z) over the zones",
        "zones without anything are left out; a sector without anything is suppressed",
        &["Brülhart, M. and Traeger, R. (2005), Reg. Sci. Urban Econ. 35, 597–624"],
        "economy::localisation",
    ),
    index(
        "ellison-glaeser-index",
        ("Indice d’Ellison et Glaeser", "Ellison–Glaeser index"),
        (
            "Le secteur se regroupe-t-il au-delà de la taille de ses établissements\u{202f}?",
            "Does the sector cluster beyond the size of its plants?",
        ),
        "(G − (1 − Σx²) H) / ((1 − Σx²)(1 − H)), G = Σ (s − x)², H of the plants",
        "a plant of unknown size must be left out; one plant or one zone is suppressed",
        &["Ellison, G. and Glaeser, E. L. (1997), J. Polit. Econ. 105, 889–927"],
        "economy::agglomeration",
    ),
    index(
        "maurel-sedillot-index",
        ("Indice de Maurel et Sédillot", "Maurel–Sédillot index"),
        (
            "Deux établissements du secteur partagent-ils une zone plus que ne le veut le hasard\u{202f}?",
            "Do two plants of the sector share a zone more often than by chance?",
        ),
        "((Σs² − Σx²) / (1 − Σx²) − H) / (1 − H)",
        "a plant of unknown size must be left out; one plant or one zone is suppressed",
        &["Maurel, F. and Sédillot, B. (1999), Reg. Sci. Urban Econ. 29, 575–604"],
        "economy::agglomeration",
    ),
    Definition {
        id: "shift-share",
        theme: Theme::Economy,
        name: ("Analyse structurelle-résiduelle", "Shift–share decomposition"),
        question: (
            "La zone a-t-elle évolué avec l’ensemble, avec ses secteurs ou par elle-même\u{202f}?",
            "Did the zone change with the whole, with its sectors, or by itself?",
        ),
        formula: "national x g; mix x (g_s − g); regional x (g_zs − g_s) = competitive + allocation",
        unit: None,
        direction: Direction::Neutral,
        completeness: "1: a missing amount is an error",
        missing: "the whole change of a cell that was empty before is regional",
        interval: "none",
        references: &[
            "Dunn, E. S. (1960), Pap. Reg. Sci. Assoc. 6, 97–112",
            "Esteban-Marquillas, J. M. (1972), Reg. Urban Econ. 2, 249–261",
        ],
        golden: GOLDEN,
        function: "economy::shift_share",
    },
];
