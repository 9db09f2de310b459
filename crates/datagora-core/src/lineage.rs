//! Where data come from: sources and steps, as a graph.
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// SHA-256 of some bytes, in hexadecimal. Of what is too large to be held: [`Hashed`](crate::Hashed).
///
/// ```
/// assert!(datagora_core::content_hash(b"").starts_with("e3b0c442"));
/// ```
///
/// # References
///
/// NIST (2015). *Secure Hash Standard*. FIPS 180-4.
pub fn content_hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Two digits for each byte.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[digit as usize] as char).collect()
}

/// Parameters of a step: option name → canonical text of its value.
pub type Parameters = BTreeMap<String, String>;

/// The parameters that options stand for: each field and its value as compact JSON with sorted names, texts without quotes.
///
/// ```
/// use datagora_core::{Interval, parameters_of};
///
/// let parameters = parameters_of(&Interval { lower: 1.0, upper: 2.5, level: None })?;
/// assert_eq!(parameters["upper"], "2.5");
/// # Ok::<(), datagora_core::LineageError>(())
/// ```
///
/// # Errors
///
/// [`LineageError::Parameters`] if the options are no structure with named fields.
#[cfg(feature = "serde")]
pub fn parameters_of(options: &impl serde::Serialize) -> Result<Parameters, LineageError> {
    match serde_json::to_value(options) {
        Ok(serde_json::Value::Object(fields)) => {
            Ok(fields.into_iter().map(|(name, value)| (name, canonical(value))).collect())
        }
        Ok(other) => Err(LineageError::Parameters { found: canonical(other) }),
        Err(error) => Err(LineageError::Parameters { found: error.to_string() }),
    }
}

#[cfg(feature = "serde")]
fn canonical(value: serde_json::Value) -> String {
    use serde_json::Value;
    fn sorted(value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                // Whether a map keeps its order depends on a feature that any crate may turn on.
                let fields: BTreeMap<String, Value> = fields.into_iter().collect();
                Value::Object(fields.into_iter().map(|(name, value)| (name, sorted(value))).collect())
            }
            Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
            other => other,
        }
    }
    match value {
        Value::String(text) => text,
        other => sorted(other).to_string(),
    }
}

/// One thing that happened to data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields))]
pub enum Event {
    /// Data came in.
    Source {
        /// Name of the dataset.
        title: String,
        /// File name or address.
        location: String,
        /// SHA-256 of the bytes read.
        content_hash: String,
    },
    /// Something was computed.
    Step {
        /// Name of the operation.
        operation: String,
        /// What it was told.
        parameters: Parameters,
        /// Identifiers of what it used, in order.
        inputs: Vec<String>,
    },
}

/// A text that is not the lineage of anything.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineageError {
    /// Not the JSON of a lineage.
    #[error("this is not the JSON of a lineage: {reason}; expected what Lineage::to_json writes")]
    Malformed {
        /// What is wrong, and where.
        reason: String,
    },
    /// An event was changed after it was recorded.
    #[error(
        "the event {found} was changed: its content gives {needed}; get the lineage from its author again"
    )]
    Changed {
        /// Identifier in the text.
        found: String,
        /// Identifier that the content gives.
        needed: String,
    },
    /// An event uses, or the lineage ends in, one that is not there.
    #[error("the event {missing} is used but not recorded; get the whole lineage from its author")]
    Dangling {
        /// Identifier of the event that is not there.
        missing: String,
    },
    /// An event depends on itself.
    #[error("the event {found} depends on itself; a lineage has no cycles")]
    Cyclic {
        /// Identifier of the event.
        found: String,
    },
    /// An event that nothing leads to.
    #[error("the event {found} is no part of what led to the last event; leave it out")]
    Stray {
        /// Identifier of the event.
        found: String,
    },
    /// Options that cannot be written as named parameters.
    #[error("options have to be a structure with named fields to become parameters, found {found}")]
    Parameters {
        /// What was found.
        found: String,
    },
}

/// The history of a dataset: a graph whose last node is the dataset itself.
///
/// Identifiers are hashes of what they name and of all that it depends on, so that equal histories are equal texts, and a
/// history that was tampered with is noticed when it is read.
///
/// ```
/// use datagora_core::{Lineage, Parameters, content_hash};
///
/// let trees = Lineage::source("Arbres d’alignement", "trees.shp", content_hash(b"bytes of the file"));
/// let communes = Lineage::source("Communes", "communes.geojson", content_hash(b"bytes of the file"));
/// let counted = trees.step("count_within", Parameters::new(), &[&communes]);
/// assert_eq!(counted.walk().count(), 3);
/// # #[cfg(feature = "serde")]
/// assert_eq!(Lineage::from_json(&counted.to_json())?, counted);
/// # Ok::<(), datagora_core::LineageError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Recorded"))]
pub struct Lineage {
    head: Option<String>,
    nodes: BTreeMap<String, Event>,
}

impl Event {
    /// The identifiers of what it used, in order; none for a source.
    pub fn inputs(&self) -> &[String] {
        match self {
            Event::Source { .. } => &[],
            Event::Step { inputs, .. } => inputs,
        }
    }

    fn identifier(&self) -> String {
        let mut text = String::new();
        match self {
            Event::Source { title, location, content_hash } => {
                for part in ["source", title, location, content_hash] {
                    text.push_str(&format!("{}:{part};", part.len()));
                }
            }
            Event::Step { operation, parameters, inputs } => {
                text.push_str(&format!("step;{}:{operation};", operation.len()));
                for (name, value) in parameters {
                    text.push_str(&format!("{}:{name}={}:{value};", name.len(), value.len()));
                }
                for input in inputs {
                    text.push_str(input);
                    text.push(';');
                }
            }
        }
        content_hash(text.as_bytes())
    }
}

impl Lineage {
    /// The lineage of data read from one place.
    pub fn source(
        title: impl Into<String>,
        location: impl Into<String>,
        content_hash: impl Into<String>,
    ) -> Self {
        let event = Event::Source {
            title: title.into(),
            location: location.into(),
            content_hash: content_hash.into(),
        };
        let id = event.identifier();
        Self { nodes: BTreeMap::from([(id.clone(), event)]), head: Some(id) }
    }

    /// This lineage and `others`, followed by a step that used them all.
    pub fn step(&self, operation: impl Into<String>, parameters: Parameters, others: &[&Lineage]) -> Self {
        Self::gather(operation, parameters, std::iter::once(self).chain(others.iter().copied()))
    }

    /// The lineage of what was made from several things at once, such as an atlas from its views.
    pub fn gather<'a>(
        operation: impl Into<String>,
        parameters: Parameters,
        used: impl IntoIterator<Item = &'a Lineage>,
    ) -> Self {
        let mut nodes = BTreeMap::new();
        let mut inputs = Vec::new();
        for lineage in used {
            nodes.extend(lineage.nodes.iter().map(|(id, event)| (id.clone(), event.clone())));
            inputs.extend(lineage.head.iter().cloned());
        }
        let event = Event::Step { operation: operation.into(), parameters, inputs };
        let id = event.identifier();
        nodes.insert(id.clone(), event);
        Self { nodes, head: Some(id) }
    }

    /// Identifier of the last event.
    pub fn head(&self) -> Option<&str> {
        self.head.as_deref()
    }

    /// The event of this identifier.
    pub fn event(&self, id: &str) -> Option<&Event> {
        self.nodes.get(id)
    }

    /// Identifiers of what an event used, in order; none for a source or an unknown identifier.
    pub fn parents(&self, id: &str) -> &[String] {
        self.event(id).map_or(&[], Event::inputs)
    }

    /// All events, by identifier.
    pub fn events(&self) -> impl Iterator<Item = (&str, &Event)> {
        self.nodes.iter().map(|(id, event)| (id.as_str(), event))
    }

    /// All events, each after those it used, the last one last. The order follows the inputs and is always the same.
    pub fn walk(&self) -> impl Iterator<Item = (&str, &Event)> {
        self.order().0.into_iter()
    }

    /// The places where data came in, in the order of [`walk`](Lineage::walk).
    pub fn sources(&self) -> impl Iterator<Item = (&str, &Event)> {
        self.walk().filter(|(_, event)| matches!(event, Event::Source { .. }))
    }

    /// Events that lead to the head, inputs first; and what is amiss, if anything.
    fn order(&self) -> (Vec<(&str, &Event)>, Option<LineageError>) {
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut amiss = None;
        let (mut begun, mut done) = (BTreeSet::new(), BTreeSet::new());
        // Not recursive: a history may be long.
        let mut waiting: Vec<&str> = self.head.as_deref().into_iter().collect();
        while let Some(id) = waiting.last().copied() {
            let Some(event) = self.nodes.get(id) else {
                amiss = amiss.or_else(|| Some(LineageError::Dangling { missing: id.to_owned() }));
                waiting.pop();
                continue;
            };
            if begun.insert(id) {
                for input in event.inputs().iter().rev().map(String::as_str) {
                    if !begun.contains(input) {
                        waiting.push(input);
                    } else if !done.contains(input) {
                        amiss = amiss.or_else(|| Some(LineageError::Cyclic { found: input.to_owned() }));
                    }
                }
            } else {
                waiting.pop();
                if done.insert(id) {
                    order.push((id, event));
                }
            }
        }
        if amiss.is_none() && order.len() < self.nodes.len() {
            let stray = self.nodes.keys().find(|id| !done.contains(id.as_str()));
            amiss = stray.map(|found| LineageError::Stray { found: found.clone() });
        }
        (order, amiss)
    }
}

/// A lineage as it was written, not yet believed.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    head: Option<String>,
    nodes: BTreeMap<String, Event>,
}

#[cfg(feature = "serde")]
impl TryFrom<Recorded> for Lineage {
    type Error = LineageError;

    fn try_from(recorded: Recorded) -> Result<Self, LineageError> {
        for (found, event) in &recorded.nodes {
            let needed = event.identifier();
            if *found != needed {
                return Err(LineageError::Changed { found: found.clone(), needed });
            }
        }
        let lineage = Self { head: recorded.head, nodes: recorded.nodes };
        match lineage.order().1 {
            Some(amiss) => Err(amiss),
            None => Ok(lineage),
        }
    }
}

#[cfg(feature = "serde")]
impl Lineage {
    /// As JSON: the identifier of the last event, and all events by identifier. Equal lineages give equal texts.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("texts, lists and maps with text keys");
        text.push('\n');
        text
    }

    /// Reads what [`to_json`](Lineage::to_json) wrote, and checks it: identifiers are computed again, and nothing may be
    /// missing, too much, or its own ancestor.
    ///
    /// # Errors
    ///
    /// [`LineageError`].
    pub fn from_json(text: &str) -> Result<Self, LineageError> {
        let recorded: Recorded = serde_json::from_str(text)
            .map_err(|error| LineageError::Malformed { reason: error.to_string() })?;
        Self::try_from(recorded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted() -> Lineage {
        let trees = Lineage::source("trees", "trees.shp", content_hash(b"1"));
        let communes = Lineage::source("communes", "communes.geojson", content_hash(b"2"));
        let clean = communes.step("repair", Parameters::new(), &[]);
        trees.step("count", Parameters::from([("boundary".into(), "first".into())]), &[&clean, &communes])
    }

    #[test]
    fn sources_come_before_what_was_made_of_them() {
        let lineage = counted();
        let order: Vec<&str> = lineage.walk().map(|(id, _)| id).collect();
        assert_eq!(order.len(), 4);
        assert_eq!(order.last().copied(), lineage.head());
        for (position, id) in order.iter().enumerate() {
            assert!(lineage.parents(id).iter().all(|parent| order[..position].contains(&parent.as_str())));
        }
        assert_eq!(lineage.sources().count(), 2);
    }

    #[test]
    fn identifiers_name_content() {
        let renamed = Lineage::source("trees", "other.shp", content_hash(b"1"));
        assert_ne!(renamed, Lineage::source("trees", "trees.shp", content_hash(b"1")));
        assert_eq!(counted(), counted());
        let twice = counted().step("again", Parameters::new(), &[&counted()]);
        assert_eq!(twice.walk().count(), 5, "what is used twice is recorded once");
    }

    #[test]
    fn long_histories_are_walked() {
        let mut lineage = counted();
        for step in 0..300 {
            lineage = lineage.step(format!("step {step}"), Parameters::new(), &[]);
        }
        assert_eq!(lineage.walk().count(), 304);
    }

    #[cfg(feature = "serde")]
    mod json {
        use super::*;

        #[test]
        fn what_is_written_is_read_back() {
            for lineage in [counted(), Lineage::default()] {
                let text = lineage.to_json();
                assert_eq!(Lineage::from_json(&text), Ok(lineage.clone()));
                assert_eq!(Lineage::from_json(&text).map(|again| again.to_json()), Ok(text));
                assert_eq!(serde_json::from_str::<Lineage>(&lineage.to_json()).ok(), Some(lineage));
            }
        }

        #[test]
        fn what_was_tampered_with_is_refused() {
            let text = counted().to_json();
            assert!(matches!(
                Lineage::from_json(&text.replace("trees.shp", "other.shp")),
                Err(LineageError::Changed { .. })
            ));
            assert!(matches!(Lineage::from_json("{}"), Err(LineageError::Malformed { .. })));
            assert!(matches!(Lineage::from_json(""), Err(LineageError::Malformed { .. })));
            let mut headless = counted();
            headless.head = None;
            assert!(matches!(Lineage::from_json(&headless.to_json()), Err(LineageError::Stray { .. })));
            let mut cut = counted();
            let source = cut.sources().next().map(|(id, _)| id.to_owned()).unwrap();
            cut.nodes.remove(&source);
            assert_eq!(Lineage::from_json(&cut.to_json()), Err(LineageError::Dangling { missing: source }));
        }

        #[test]
        fn cycles_are_noticed() {
            // No honest hash makes one: built by hand.
            let step = |input: &str| Event::Step {
                operation: "x".into(),
                parameters: Parameters::new(),
                inputs: vec![input.into()],
            };
            let nodes = BTreeMap::from([("a".to_owned(), step("b")), ("b".to_owned(), step("a"))]);
            let lineage = Lineage { head: Some("a".into()), nodes };
            assert!(matches!(lineage.order().1, Some(LineageError::Cyclic { .. })));
        }

        #[test]
        fn options_become_parameters() {
            #[derive(serde::Serialize)]
            struct Options {
                radius: f64,
                name: &'static str,
                only: Option<u8>,
                inner: BTreeMap<&'static str, u8>,
            }
            let options =
                Options { radius: 15.0, name: "x", only: None, inner: BTreeMap::from([("b", 1), ("a", 2)]) };
            let parameters = parameters_of(&options).unwrap();
            let texts: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(texts, ["inner={\"a\":2,\"b\":1}", "name=x", "only=null", "radius=15.0"]);
            assert!(parameters_of(&5).is_err());
        }

        proptest::proptest! {
            #[test]
            fn reading_never_panics(text in ".*") {
                proptest::prop_assert!(Lineage::from_json(&text).is_err());
            }
        }
    }
}
