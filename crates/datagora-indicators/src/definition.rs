//! What an indicator means, as data.
use datagora_core::{Language, Unit};

/// The definition of an indicator: what stands on its card and in `docs/indicators.md`.
///
/// Names and questions are in the two languages of the citizens, the rest in English with the terms of the field.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Definition {
    /// Identifier, lower case with hyphens; it does not change.
    pub id: &'static str,
    /// Theme.
    pub theme: Theme,
    /// Name in French and in English.
    pub name: (&'static str, &'static str),
    /// The question it answers, in French and in English.
    pub question: (&'static str, &'static str),
    /// The formula, in words and symbols.
    pub formula: &'static str,
    /// Unit; none if it is that of the data.
    pub unit: Option<Unit>,
    /// Is more better?
    pub direction: Direction,
    /// What the completeness of a value says.
    pub completeness: &'static str,
    /// What happens to missing data.
    pub missing: &'static str,
    /// What the interval of a value says.
    pub interval: &'static str,
    /// Where the definition comes from.
    pub references: &'static [&'static str],
    /// Name of the golden vector it is tested against, if there is one beside the tests of its laws.
    pub golden: Option<&'static str>,
    /// Path of the function or method that computes it.
    pub function: &'static str,
}

impl Definition {
    /// Its name.
    pub const fn name(&self, language: Language) -> &'static str {
        language.pick(self.name.0, self.name.1)
    }

    /// The question it answers.
    pub const fn question(&self, language: Language) -> &'static str {
        language.pick(self.question.0, self.question.1)
    }
}

/// Theme of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Theme {
    /// Counts, shared vehicles.
    Mobility,
    /// Trees, parks, noise and heat.
    Greening,
    /// Heat, vegetation from above, sealed ground.
    Heat,
    /// Establishments and jobs.
    Economy,
    /// How unequally something is shared out.
    Inequality,
}

impl Theme {
    /// All themes, in the order of the documentation.
    pub const ALL: [Theme; 5] =
        [Theme::Mobility, Theme::Greening, Theme::Heat, Theme::Economy, Theme::Inequality];

    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            Theme::Mobility => language.pick("Mobilité", "Mobility"),
            Theme::Greening => language.pick("Végétalisation", "Greening"),
            Theme::Heat => language.pick("Chaleur et sols", "Heat and ground"),
            Theme::Economy => language.pick("Économie", "Economy"),
            Theme::Inequality => language.pick("Inégalités", "Inequality"),
        }
    }
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// Depends on who asks: it describes.
    Neutral,
}

impl Direction {
    /// In words.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            Direction::Higher => language.pick("plus élevé, mieux", "higher is better"),
            Direction::Lower => language.pick("plus bas, mieux", "lower is better"),
            Direction::Neutral => language.pick("descriptif", "describes"),
        }
    }
}
