//! An answer in a few numbers.
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What of an answer is compared: counts and checksums exactly, sums and means within a tolerance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Digest(BTreeMap<String, Value>);

/// In JSON, what must be equal is text and what may differ by rounding is a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    Exact(String),
    Number(f64),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Exact(text) => f.write_str(text),
            Value::Number(number) => write!(f, "{number}"),
        }
    }
}

impl Digest {
    #[must_use]
    pub(crate) fn exact(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.0.insert(name.into(), Value::Exact(value.to_string()));
        self
    }

    #[must_use]
    pub(crate) fn number(mut self, name: &str, value: f64) -> Self {
        self.0.insert(name.into(), Value::Number(value));
        self
    }

    /// In what another answer differs: empty if the two agree. An engine may leave out what it cannot say.
    pub(crate) fn differences(&self, other: &Digest, tolerance: f64) -> Vec<String> {
        let mut found = Vec::new();
        for (name, value) in &other.0 {
            match self.0.get(name) {
                None => found.push(format!("{name} = {value} is no part of the answer")),
                Some(expected) if !agree(expected, value, tolerance) => {
                    found.push(format!("{name} = {value} instead of {expected}"));
                }
                Some(_) => {}
            }
        }
        if other.0.is_empty() {
            found.push("no answer".into());
        }
        found
    }
}

fn agree(a: &Value, b: &Value, tolerance: f64) -> bool {
    match (a, b) {
        (Value::Exact(a), Value::Exact(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => (a - b).abs() <= tolerance * a.abs().max(b.abs()),
        _ => false,
    }
}

/// Depends on each value and on its place.
pub(crate) fn checksum(values: impl IntoIterator<Item = u64>) -> u64 {
    let weighted = |(place, value): (usize, u64)| (place as u64 % 1009 + 1) * value;
    values.into_iter().enumerate().map(weighted).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_agrees_and_errors_do_not() {
        let ours = Digest::default().exact("points", 7).number("area", 2.0).number("cells", 5.0);
        let same = Digest::default().exact("points", 7).number("area", 2.0 + 1e-12);
        assert_eq!(ours.differences(&same, 1e-9), Vec::<String>::new());
        let other = Digest::default().exact("points", 8).number("area", 2.1).number("nodes", 1.0);
        assert_eq!(
            ours.differences(&other, 1e-9),
            ["area = 2.1 instead of 2", "nodes = 1 is no part of the answer", "points = 8 instead of 7"]
        );
        assert_eq!(ours.differences(&Digest::default(), 1e-9), ["no answer"]);
        assert_eq!(ours.differences(&Digest::default().number("area", f64::NAN), 1.0).len(), 1);
    }

    #[test]
    fn text_and_numbers_come_back_from_json() {
        let digest = Digest::default().exact("xor", u64::MAX).number("mean", 0.1);
        let text = serde_json::to_string(&digest).expect("digests are plain");
        assert_eq!(text, r#"{"mean":0.1,"xor":"18446744073709551615"}"#);
        assert_eq!(serde_json::from_str::<Digest>(&text).expect("as written"), digest);
    }

    #[test]
    fn order_matters_to_the_checksum() {
        assert_eq!(checksum([3, 5]), 3 + 2 * 5);
        assert_ne!(checksum([3, 5]), checksum([5, 3]));
    }
}
