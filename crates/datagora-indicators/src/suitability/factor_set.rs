//! A set of factors: what an index of suitability is made of, as data.
use std::collections::BTreeSet;
use std::fmt;

use super::factor::{Factor, FactorFamily, GeometryStep, SuitabilityClass};

/// What a [`FactorSet`] is made of: written by anybody, in code or as JSON, and checked by [`FactorSetDraft::check`].
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FactorSetDraft {
    /// Identifier: lower case letters, digits and hyphens.
    pub id: String,
    /// Version of the set.
    pub version: String,
    /// Where weights, rules and cuts come from.
    pub source: String,
    /// Licence of that source.
    pub licence: String,
    /// Families that factors are shown in.
    pub families: Vec<FactorFamily>,
    /// The factors.
    pub factors: Vec<Factor>,
    /// Classes of scores, from the lowest; may be none.
    #[cfg_attr(feature = "serde", serde(default))]
    pub classes: Vec<SuitabilityClass>,
    /// Code of the class of blocked cells; needed if there are classes and blocking factors.
    #[cfg_attr(feature = "serde", serde(default))]
    pub blocked_class: Option<u8>,
}

/// Factors with weights, and classes of the score they add up to: sound, as it has been checked.
///
/// Sets that ship: [`plantability_v2`](crate::greening::plantability_v2),
/// [`plantability_v1`](crate::greening::plantability_v1). With feature `serde` a set is read from JSON; one that is not
/// sound is refused with all reasons.
///
/// ```
/// use datagora_indicators::greening::plantability_v2;
///
/// let set = plantability_v2();
/// assert_eq!(set.factors().len(), 37);
/// // Another opinion on gas mains: a scenario.
/// let mut draft = set.draft().clone();
/// draft.factors[set.position("rsx-gaz").unwrap()].weight = -1.0;
/// let milder = draft.check()?;
/// assert_eq!(milder.factors()[milder.position("rsx-gaz").unwrap()].weight, -1.0);
/// # Ok::<(), datagora_indicators::suitability::FactorSetError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "FactorSetDraft", into = "FactorSetDraft"))]
pub struct FactorSet(FactorSetDraft);

/// A set that is not sound, with all reasons.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the set of factors {id:?} is not sound: {}", .reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct FactorSetError {
    /// Identifier of the set.
    pub id: String,
    /// What is wrong with it.
    pub reasons: Vec<FactorSetFault>,
}

/// One thing that is wrong with a set of factors.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FactorSetFault {
    /// No factor at all.
    NoFactors,
    /// More factors than can be numbered.
    TooManyFactors(usize),
    /// An identifier with other characters than lower case letters, digits and hyphens, or none.
    Identifier(String),
    /// The same identifier twice.
    Twice(String),
    /// A weight that is not a finite number.
    Weight {
        /// Factor.
        factor: String,
        /// Its weight.
        weight: f64,
    },
    /// Weights whose sum of absolute values is more than a score can hold.
    WeightsTooLarge(f64),
    /// A family that is not among those of the set.
    Family {
        /// Factor.
        factor: String,
        /// The family it names.
        family: String,
    },
    /// A step with a distance that is not above 0.
    Step {
        /// Factor.
        factor: String,
        /// The step.
        step: GeometryStep,
    },
    /// More classes than can be numbered.
    TooManyClasses(usize),
    /// A code of a class twice, or 255, which stands for cells outside.
    ClassCode(u8),
    /// A class whose upper limit is not above the one before, is not a number, or is missing before the last class.
    ClassLimit {
        /// Code of the class.
        code: u8,
        /// Its limit.
        upper: Option<f64>,
    },
    /// A colour that is not `#RRGGBB`.
    Colour {
        /// Code of the class.
        code: u8,
        /// What stands there.
        colour: String,
    },
    /// No class, or none of that code, for blocked cells.
    BlockedClass(Option<u8>),
}

impl fmt::Display for FactorSetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFactors => write!(f, "it has no factor; one at least is needed"),
            Self::TooManyFactors(found) => write!(f, "it has {found} factors; 65,535 at most are possible"),
            Self::Identifier(found) => {
                write!(f, "the identifier {found:?} needs lower case letters, digits and hyphens only")
            }
            Self::Twice(found) => write!(f, "the identifier {found:?} is there twice; rename one"),
            Self::Weight { factor, weight } => {
                write!(f, "the weight of {factor:?} is {weight}; a finite number is needed")
            }
            Self::WeightsTooLarge(sum) => {
                write!(f, "absolute weights add up to {sum}; 100,000 at most are possible: scale them down")
            }
            Self::Family { factor, family } => {
                write!(f, "{factor:?} is in the family {family:?}, which the set does not have")
            }
            Self::Step { factor, step } => {
                write!(f, "{step:?} of {factor:?} needs finite distances above 0")
            }
            Self::TooManyClasses(found) => write!(f, "it has {found} classes; 100 at most are possible"),
            Self::ClassCode(code) => {
                write!(
                    f,
                    "the code {code} of a class is there twice, or 255; give each class its own below 255"
                )
            }
            Self::ClassLimit { code, upper } => write!(
                f,
                "the upper limit of class {code} is {upper:?}; limits must ascend, with none for the last class alone"
            ),
            Self::Colour { code, colour } => {
                write!(f, "the colour of class {code} is {colour:?}; #RRGGBB is needed")
            }
            Self::BlockedClass(found) => {
                write!(f, "the class of blocked cells is {found:?}; the code of one of the classes is needed")
            }
        }
    }
}

/// Most that absolute weights may add up to: scores in ten-thousandths fit 32 bits.
const MOST_WEIGHT: f64 = 1e5;

impl FactorSetDraft {
    /// The set, if it is sound.
    ///
    /// # Errors
    ///
    /// [`FactorSetError`] with everything that is wrong.
    pub fn check(self) -> Result<FactorSet, FactorSetError> {
        let mut reasons = Vec::new();
        self.check_factors(&mut reasons);
        self.check_classes(&mut reasons);
        if reasons.is_empty() { Ok(FactorSet(self)) } else { Err(FactorSetError { id: self.id, reasons }) }
    }

    fn check_factors(&self, reasons: &mut Vec<FactorSetFault>) {
        let factors = &self.factors;
        match factors.len() {
            0 => reasons.push(FactorSetFault::NoFactors),
            1..=65_535 => {}
            found => reasons.push(FactorSetFault::TooManyFactors(found)),
        }
        let groups: [Vec<&String>; 3] = [
            vec![&self.id],
            factors.iter().map(|factor| &factor.id).collect(),
            self.families.iter().map(|family| &family.id).collect(),
        ];
        for group in groups {
            let mut seen = BTreeSet::new();
            for id in group {
                let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                if id.is_empty() || !id.bytes().all(sound) {
                    reasons.push(FactorSetFault::Identifier(id.clone()));
                }
                if !seen.insert(id) {
                    reasons.push(FactorSetFault::Twice(id.clone()));
                }
            }
        }
        for factor in factors {
            let named = || factor.id.clone();
            if !factor.weight.is_finite() {
                reasons.push(FactorSetFault::Weight { factor: named(), weight: factor.weight });
            }
            if !self.families.iter().any(|family| family.id == factor.family) {
                let family = factor.family.clone();
                reasons.push(FactorSetFault::Family { factor: named(), family });
            }
            for step in factor.steps.iter().filter(|step| !is_sound(step)) {
                reasons.push(FactorSetFault::Step { factor: named(), step: step.clone() });
            }
        }
        let sum: f64 = factors.iter().map(|factor| factor.weight.abs()).filter(|w| w.is_finite()).sum();
        if sum > MOST_WEIGHT {
            reasons.push(FactorSetFault::WeightsTooLarge(sum));
        }
    }

    fn check_classes(&self, reasons: &mut Vec<FactorSetFault>) {
        let classes = &self.classes;
        if classes.len() > 100 {
            reasons.push(FactorSetFault::TooManyClasses(classes.len()));
        }
        let (mut codes, mut before) = (BTreeSet::new(), f64::NEG_INFINITY);
        for (number, class) in classes.iter().enumerate() {
            let code = class.code;
            if !codes.insert(code) || code == u8::MAX {
                reasons.push(FactorSetFault::ClassCode(code));
            }
            let last = number + 1 == classes.len();
            let sound = match class.upper {
                Some(upper) => !last && upper.abs() <= MOST_WEIGHT && upper > before,
                None => last,
            };
            if !sound {
                reasons.push(FactorSetFault::ClassLimit { code, upper: class.upper });
            }
            before = class.upper.unwrap_or(before);
            let digits = class.colour.strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                reasons.push(FactorSetFault::Colour { code, colour: class.colour.clone() });
            }
        }
        let blocks = self.factors.iter().any(|factor| factor.blocking);
        let sound = match self.blocked_class {
            Some(code) => codes.contains(&code),
            None => classes.is_empty() || !blocks,
        };
        if !sound {
            reasons.push(FactorSetFault::BlockedClass(self.blocked_class));
        }
    }
}

fn is_sound(step: &GeometryStep) -> bool {
    let above = |metres: f64| metres.is_finite() && metres > 0.0;
    match step {
        GeometryStep::Explode | GeometryStep::Dissolve => true,
        GeometryStep::Buffer { metres } | GeometryStep::Simplify { metres } => above(*metres),
        GeometryStep::BufferBy { metres_per_unit, otherwise, .. } => {
            above(*metres_per_unit) && otherwise.is_none_or(above)
        }
    }
}

impl FactorSet {
    /// All that it is made of.
    pub fn draft(&self) -> &FactorSetDraft {
        &self.0
    }

    /// The factors.
    pub fn factors(&self) -> &[Factor] {
        &self.0.factors
    }

    /// The families.
    pub fn families(&self) -> &[FactorFamily] {
        &self.0.families
    }

    /// The classes, from the lowest.
    pub fn classes(&self) -> &[SuitabilityClass] {
        &self.0.classes
    }

    /// Number of a factor by its identifier.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.0.factors.iter().position(|factor| factor.id == id)
    }

    /// Number of the class of blocked cells, from 0 for the lowest.
    pub(crate) fn blocked_class(&self) -> Option<usize> {
        let code = self.0.blocked_class?;
        self.0.classes.iter().position(|class| class.code == code)
    }

    /// The least and the greatest score there can be: sums of the negative and of the positive weights.
    pub fn score_range(&self) -> (f64, f64) {
        let sum = |sign: f64| {
            self.0.factors.iter().map(|factor| factor.weight).filter(|weight| weight * sign > 0.0).sum()
        };
        (sum(-1.0), sum(1.0))
    }
}

impl TryFrom<FactorSetDraft> for FactorSet {
    type Error = FactorSetError;

    fn try_from(draft: FactorSetDraft) -> Result<Self, FactorSetError> {
        draft.check()
    }
}

impl From<FactorSet> for FactorSetDraft {
    fn from(set: FactorSet) -> Self {
        set.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FactorSource, Label};
    use super::*;

    fn draft() -> FactorSetDraft {
        crate::greening::plantability_v2().draft().clone()
    }

    #[test]
    fn all_reasons_are_given_at_once() {
        let mut wrong = draft();
        wrong.factors[0].weight = f64::NAN;
        wrong.factors[1].id = wrong.factors[2].id.clone();
        wrong.factors[3].family = "none".to_owned();
        wrong.factors[4].steps = vec![GeometryStep::Buffer { metres: 0.0 }];
        wrong.factors[5].id = "No".to_owned();
        wrong.classes[1].upper = Some(-9.0);
        wrong.classes[2].colour = "red".to_owned();
        wrong.classes[4].code = 0;
        wrong.blocked_class = Some(99);
        let found = wrong.check().unwrap_err();
        assert_eq!(found.reasons.len(), 9, "{found}");
        assert!(found.to_string().contains("#RRGGBB") && found.to_string().contains("finite number"));
        let empty = FactorSetDraft { id: "empty".to_owned(), ..FactorSetDraft::default() };
        assert_eq!(empty.check().unwrap_err().reasons, [FactorSetFault::NoFactors]);
        let mut large = draft();
        large.factors[0].weight = 2e5;
        assert!(matches!(large.check().unwrap_err().reasons[..], [FactorSetFault::WeightsTooLarge(_)]));
        let mut open_ended = draft();
        open_ended.classes[0].upper = None;
        assert!(open_ended.check().is_err());
    }

    #[test]
    fn a_set_of_ones_own_is_as_good() {
        let factor = Factor {
            id: "shade".to_owned(),
            name: Label::new("Ombre", "Shade"),
            weight: 1.5,
            family: "sun".to_owned(),
            source: FactorSource::default(),
            ..Factor::default()
        };
        let family = FactorFamily { id: "sun".to_owned(), name: Label::new("Soleil", "Sun") };
        let draft = FactorSetDraft {
            id: "own".to_owned(),
            families: vec![family],
            factors: vec![factor],
            ..FactorSetDraft::default()
        };
        let set = draft.check().unwrap();
        assert_eq!((set.score_range(), set.position("shade")), ((0.0, 1.5), Some(0)));
        assert_eq!(set.factors()[0].name.in_language(datagora_core::Language::French), "Ombre");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn sets_go_through_json_and_wrong_ones_do_not() {
        let set = crate::greening::plantability_v2();
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(serde_json::from_str::<FactorSet>(&json).unwrap(), set);
        let wrong = json.replace("\"rsx-gaz\"", "\"Gaz naturel\"");
        let error = serde_json::from_str::<FactorSet>(&wrong).unwrap_err().to_string();
        assert!(error.contains("Gaz naturel"), "{error}");
    }
}
