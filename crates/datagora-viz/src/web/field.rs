//! What the card of a feature says.
use datagora_core::{Language, Unit};
use serde_json::{Value, json};

use super::Contributions;

/// An attribute as the card of a feature shows it.
///
/// An attribute that a feature does not have is shown as missing.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::Field;
///
/// let fields = [
///     Field::text("species", "Species"),
///     Field::number("height", "Height", Unit::METRE, 1),
///     Field::coded("state", "State", [(1, "sound"), (2, "weakened")]),
/// ];
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    attribute: String,
    label: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Text,
    Number { unit: Unit, decimals: usize },
    Coded(Vec<(i64, String)>),
    Contributions(Contributions),
}

impl Field {
    /// A text, as it is.
    pub fn text(attribute: impl Into<String>, label: impl Into<String>) -> Self {
        Self { attribute: attribute.into(), label: label.into(), kind: Kind::Text }
    }

    /// A number with its unit and this many decimals.
    pub fn number(
        attribute: impl Into<String>,
        label: impl Into<String>,
        unit: Unit,
        decimals: usize,
    ) -> Self {
        Self { attribute: attribute.into(), label: label.into(), kind: Kind::Number { unit, decimals } }
    }

    /// A code that stands for words, so that tiles hold a number where readers see a sentence.
    pub fn coded(
        attribute: impl Into<String>,
        label: impl Into<String>,
        words: impl IntoIterator<Item = (i64, impl Into<String>)>,
    ) -> Self {
        let words = words.into_iter().map(|(code, words)| (code, words.into())).collect();
        Self { attribute: attribute.into(), label: label.into(), kind: Kind::Coded(words) }
    }

    /// What each factor adds to a score: see [`Contributions::encode`] for the attribute.
    pub fn contributions(
        attribute: impl Into<String>,
        label: impl Into<String>,
        contributions: Contributions,
    ) -> Self {
        Self { attribute: attribute.into(), label: label.into(), kind: Kind::Contributions(contributions) }
    }

    pub(super) fn to_json(&self, language: Language) -> Value {
        let (kind, with) = match &self.kind {
            Kind::Text => ("text", Value::Null),
            Kind::Number { unit, decimals } => {
                ("number", json!({ "unit": unit.symbol(language), "decimals": decimals }))
            }
            Kind::Coded(words) => {
                let words: serde_json::Map<String, Value> =
                    words.iter().map(|(code, words)| (code.to_string(), words[..].into())).collect();
                ("coded", words.into())
            }
            Kind::Contributions(contributions) => ("contributions", contributions.to_json()),
        };
        json!({ "attribute": self.attribute, "label": self.label, "kind": kind, "with": with })
    }
}
