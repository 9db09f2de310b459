//! Version 1 of the plantability index (2024).
use super::{Step, draft, sound, v2};
use crate::suitability::{Factor, FactorSet, GeometryStep};

/// Factors of the second version that the first does not have.
const LATER: [&str; 5] = ["qpv", "auto-partage", "pmr", "aerodrome", "entree-parking"];

/// Weights that differ from those of the second version.
const WEIGHTS: [(&str, f64); 3] = [("plan-eau", -3.0), ("ponts", -3.0), ("voies-ferrees", -2.0)];

/// Geometry rules that differ from those of the second version.
const STEPS: [(&str, &[Step]); 3] = [
    ("arbres", &[Step::BufferBy("rayoncouronne_m", 1.0, Some(1.0)), Step::Simplify(1.0), Step::Dissolve]),
    ("assainissement", &[Step::Buffer(2.0)]),
    ("voies-ferrees", &[Step::Buffer(4.0)]),
];

/// The plantability index of Lyon, version 1: 32 factors, none of them blocking, no classes.
///
/// The programs of 2024 divide the weighted areas of a cell, in m², by 100, whatever the area of the cell: their numbers
/// are a quarter of the score here for cells of 5 m, and nine times it for cells of 30 m. The score here is the weighted
/// share, which does not depend on the size of cells.
///
/// # References
///
/// Métropole de Lyon, iarbre-script-v1 (July 2024, commit ce40cd0): names, weights and geometry rules, as facts.
pub fn plantability_v1() -> FactorSet {
    let factors =
        v2::factors().filter(|factor| !LATER.contains(&factor.id.as_str())).map(of_first_version).collect();
    let mut draft = draft("plantability-v1", "1 (2024-07)", factors);
    draft.source = "Métropole de Lyon, iarbre-script-v1, commit ce40cd0 (2024-07)".to_owned();
    draft.licence = "MIT (the program it was read from)".to_owned();
    sound(draft)
}

fn of_first_version(factor: Factor) -> Factor {
    let id = factor.id.as_str();
    let weight = WEIGHTS.iter().find(|(other, _)| *other == id).map_or(factor.weight, |(_, weight)| *weight);
    let steps: Option<Vec<GeometryStep>> = STEPS
        .iter()
        .find(|(other, _)| *other == id)
        .map(|(_, steps)| steps.iter().copied().map(GeometryStep::from).collect());
    let publisher = match id {
        "rsx-souterrains-erdf" | "rsx-aeriens-erdf" => "Enedis".to_owned(),
        _ => factor.source.publisher.clone(),
    };
    let source = crate::suitability::FactorSource { publisher, ..factor.source };
    Factor { weight, blocking: false, steps: steps.unwrap_or(factor.steps), source, ..factor }
}
