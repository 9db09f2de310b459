//! Where data come from: sources and steps, as a graph.
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// SHA-256 of some bytes, in hexadecimal.
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

/// One thing that happened to data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "snake_case"))]
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

/// The history of a dataset: a graph whose last node is the dataset itself.
///
/// Identifiers are hashes of what they name and of all that it depends on, so that equal histories are equal texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lineage {
    nodes: BTreeMap<String, Event>,
    head: Option<String>,
}

impl Event {
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
        let mut nodes = self.nodes.clone();
        let mut inputs: Vec<String> = self.head.iter().cloned().collect();
        for other in others {
            nodes.extend(other.nodes.iter().map(|(id, event)| (id.clone(), event.clone())));
            inputs.extend(other.head.iter().cloned());
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

    /// All events by identifier.
    pub fn events(&self) -> impl Iterator<Item = (&str, &Event)> {
        self.nodes.iter().map(|(id, event)| (id.as_str(), event))
    }
}
