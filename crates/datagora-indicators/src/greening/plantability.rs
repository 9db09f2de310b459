//! Where trees can be planted: the published sets of factors of the plantability index of Lyon.
mod v1;
mod v2;

pub use self::v1::plantability_v1;
pub use self::v2::plantability_v2;
use crate::suitability::{
    Factor, FactorFamily, FactorSet, FactorSetDraft, FactorSource, GeometryStep, Label,
};

/// Families of factors: identifier, name in French and in English.
const FAMILIES: [(&str, &str, &str); 7] = [
    ("networks", "Réseaux", "Networks"),
    ("transport", "Transports et voirie", "Transport and roads"),
    ("buildings", "Bâti", "Buildings"),
    ("green", "Végétation", "Vegetation"),
    ("urban-design", "Aménagement urbain", "Urban design"),
    ("water", "Eau", "Water"),
    ("artificial", "Sols artificialisés", "Artificial ground"),
];

const LYON: &str = "Métropole de Lyon";
const IGN: &str = "IGN, BD TOPO";
const SYTRAL: &str = "SYTRAL Mobilités";
const ORE: &str = "Agence ORE";
const EVA: &str = "EVA 2015";
const PUBLIC_SPACE: &str = "espace public";

/// A step, as the tables write it: a distance in metres, or none.
#[derive(Clone, Copy, Debug)]
enum Step {
    Explode,
    Buffer(f64),
    BufferBy(&'static str, f64, Option<f64>),
    Simplify(f64),
    Dissolve,
}

/// A factor, as the tables write it.
struct Row {
    id: &'static str,
    fr: &'static str,
    en: &'static str,
    weight: f64,
    blocking: bool,
    family: &'static str,
    steps: &'static [Step],
    layer: &'static str,
    publisher: &'static str,
    selection: Option<&'static str>,
    open: bool,
}

impl From<Step> for GeometryStep {
    fn from(step: Step) -> Self {
        match step {
            Step::Explode => GeometryStep::Explode,
            Step::Buffer(metres) => GeometryStep::Buffer { metres },
            Step::BufferBy(attribute, metres_per_unit, otherwise) => {
                GeometryStep::BufferBy { attribute: attribute.to_owned(), metres_per_unit, otherwise }
            }
            Step::Simplify(metres) => GeometryStep::Simplify { metres },
            Step::Dissolve => GeometryStep::Dissolve,
        }
    }
}

impl Row {
    fn factor(&self) -> Factor {
        Factor {
            id: self.id.to_owned(),
            name: Label::new(self.fr, self.en),
            weight: self.weight,
            blocking: self.blocking,
            family: self.family.to_owned(),
            source: FactorSource {
                layer: self.layer.to_owned(),
                publisher: self.publisher.to_owned(),
                selection: self.selection.map(str::to_owned),
                open: self.open,
            },
            steps: self.steps.iter().copied().map(GeometryStep::from).collect(),
        }
    }
}

/// A draft with these factors and the seven families.
fn draft(id: &str, version: &str, factors: Vec<Factor>) -> FactorSetDraft {
    let family =
        |&(id, fr, en): &(&str, &str, &str)| FactorFamily { id: id.to_owned(), name: Label::new(fr, en) };
    FactorSetDraft {
        id: id.to_owned(),
        version: version.to_owned(),
        families: FAMILIES.iter().map(family).collect(),
        factors,
        ..FactorSetDraft::default()
    }
}

fn sound(draft: FactorSetDraft) -> FactorSet {
    // The tables are constant, and a test checks both.
    #[expect(clippy::expect_used, reason = "constant tables that tests check")]
    draft.check().expect("the sets that ship are sound")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(set: &FactorSet, sign: f64) -> f64 {
        set.factors().iter().map(|factor| factor.weight).filter(|weight| weight * sign > 0.0).sum()
    }

    #[test]
    fn the_second_version_adds_up_as_published() {
        let set = plantability_v2();
        assert_eq!(set.factors().len(), 37);
        assert_eq!(set.score_range(), (-63.0, 23.0));
        assert_eq!((weights(&set, -1.0), weights(&set, 1.0)), (-63.0, 23.0));
        let blocking: Vec<&str> =
            set.factors().iter().filter(|factor| factor.blocking).map(|factor| factor.id.as_str()).collect();
        assert_eq!(
            blocking,
            ["batiments", "plan-eau", "ponts", "voies-ferrees", "aerodrome", "entree-parking"]
        );
        assert!(set.factors().iter().all(|factor| factor.blocking == (factor.weight == -5.0)));
        assert_eq!(set.classes().iter().map(|class| class.code).collect::<Vec<_>>(), [0, 2, 4, 6, 8, 10]);
        // Every family has a factor, and so no factor is left out of what is shown by family.
        for family in set.families() {
            assert!(set.factors().iter().any(|factor| factor.family == family.id), "{}", family.id);
        }
    }

    #[test]
    fn the_first_version_lacks_five_factors_and_weighs_three_otherwise() {
        let (first, second) = (plantability_v1(), plantability_v2());
        assert_eq!(first.factors().len(), 32);
        let missing: Vec<&str> = second
            .factors()
            .iter()
            .filter(|factor| first.position(&factor.id).is_none())
            .map(|factor| factor.id.as_str())
            .collect();
        assert_eq!(missing, ["qpv", "auto-partage", "pmr", "aerodrome", "entree-parking"]);
        let other: Vec<(&str, f64)> = first
            .factors()
            .iter()
            .filter(|factor| {
                second.position(&factor.id).is_some_and(|at| second.factors()[at].weight != factor.weight)
            })
            .map(|factor| (factor.id.as_str(), factor.weight))
            .collect();
        assert_eq!(other, [("plan-eau", -3.0), ("ponts", -3.0), ("voies-ferrees", -2.0)]);
        assert!(first.classes().is_empty() && first.factors().iter().all(|factor| !factor.blocking));
    }
}
