//! Members of JSON objects, typed, and what is wrong with them.
use datagora_core::{Problem, ProblemKind, Report};
use serde_json::Value;

use super::GbfsVersion;
use crate::mobility::io::timestamp;

/// 18 November 2015: the specification did not exist before.
const EARLIEST: i64 = 1_450_155_600;
/// Beyond this, seconds are milliseconds.
const LATEST: i64 = 100_000_000_000;

/// Reads members and gathers problems.
pub(super) struct Check<'a> {
    file: &'a str,
    pub(super) version: GbfsVersion,
    /// The entry that is being read, counted from 1, and its identifier.
    pub(super) row: Option<u64>,
    pub(super) key: Option<String>,
    pub(super) problems: Report,
}

impl<'a> Check<'a> {
    pub(super) fn new(file: &'a str, version: GbfsVersion) -> Self {
        Self { file, version, row: None, key: None, problems: Report::with_limit(100) }
    }

    pub(super) fn add(&mut self, problem: Problem, member: &str) {
        let mut problem = problem.in_file(self.file).in_column(member);
        if let Some(row) = self.row {
            problem = problem.at_row(row);
        }
        if let Some(key) = &self.key {
            problem = problem.of_key(key.clone());
        }
        self.problems.add(problem);
    }

    pub(super) fn wrong(&mut self, found: &Value, needed: &str, member: &str) {
        let mut text = found.to_string();
        if text.chars().count() > 40 {
            text = text.chars().take(40).chain(['…']).collect();
        }
        self.add(Problem::new(text, needed).of_kind(ProblemKind::WrongType), member);
    }

    /// A member that is there and not null; told if it must be.
    pub(super) fn member<'v>(
        &mut self,
        object: &'v Value,
        member: &str,
        required: bool,
    ) -> Option<&'v Value> {
        let found = object.get(member).filter(|value| !value.is_null());
        if found.is_none() && required {
            self.add(Problem::new("nothing", "a value").of_kind(ProblemKind::MissingValue), member);
        }
        found
    }

    /// An identifier or a name. Numbers are identifiers in some feeds, and told.
    pub(super) fn text(&mut self, object: &Value, member: &str, required: bool) -> Option<String> {
        match self.member(object, member, required)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::String(_) if required => {
                self.add(Problem::new("an empty text", "a value").of_kind(ProblemKind::MissingValue), member);
                None
            }
            Value::String(_) => None,
            Value::Number(number) => {
                let text = number.to_string();
                self.wrong(&Value::Number(number.clone()), "a text; taken as one", member);
                Some(text)
            }
            other => {
                self.wrong(other, "a text", member);
                None
            }
        }
    }

    /// A text of version 2, or the first of the texts by language of version 3.
    pub(super) fn localised(&mut self, object: &Value, member: &str, required: bool) -> Option<String> {
        match object.get(member) {
            Some(Value::Array(texts)) => {
                let text = texts.iter().find_map(|text| text.get("text")?.as_str()).map(str::to_owned);
                if text.is_none() && required {
                    self.add(Problem::new("no text", "a text").of_kind(ProblemKind::MissingValue), member);
                }
                text
            }
            _ => self.text(object, member, required),
        }
    }

    /// A number of things.
    pub(super) fn count(&mut self, object: &Value, member: &str, required: bool) -> Option<u32> {
        let value = self.member(object, member, required)?;
        let number = value.as_f64();
        match number {
            Some(number) if number >= 0.0 && number.fract() == 0.0 && number < f64::from(u32::MAX) => {
                Some(number as u32)
            }
            Some(number) => {
                self.add(Problem::new(number.to_string(), "a whole number from 0 on"), member);
                None
            }
            None => {
                self.wrong(value, "a whole number from 0 on", member);
                None
            }
        }
    }

    pub(super) fn number(&mut self, object: &Value, member: &str, required: bool) -> Option<f64> {
        let value = self.member(object, member, required)?;
        let number = value.as_f64();
        if number.is_none() {
            self.wrong(value, "a number", member);
        }
        number
    }

    /// A truth value; 0 and 1 stand for it in some feeds, and are told.
    pub(super) fn flag(&mut self, object: &Value, member: &str, required: bool) -> Option<bool> {
        let value = self.member(object, member, required)?;
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) if matches!(number.as_u64(), Some(0 | 1)) => {
                self.wrong(value, "true or false; taken as that", member);
                Some(number.as_u64() == Some(1))
            }
            _ => {
                self.wrong(value, "true or false", member);
                None
            }
        }
    }

    /// A time: POSIX seconds in version 2, RFC 3339 in version 3. That of the other version is read, and told.
    pub(super) fn instant(&mut self, object: &Value, member: &str, required: bool) -> Option<i64> {
        let value = self.member(object, member, required)?;
        let needed = match self.version {
            GbfsVersion::V2 => "POSIX seconds",
            GbfsVersion::V3 => "a time with offset, as RFC 3339 has it",
        };
        let (seconds, version) = match value {
            Value::Number(number) => (number.as_f64().map(|seconds| seconds as i64), GbfsVersion::V2),
            Value::String(text) => (timestamp::instant(text.as_bytes()), GbfsVersion::V3),
            _ => (None, self.version),
        };
        match seconds {
            None => {
                self.wrong(value, needed, member);
                None
            }
            Some(seconds) if !(EARLIEST..LATEST).contains(&seconds) => {
                let needed = "a time after 2015-11-18, in seconds rather than milliseconds";
                self.add(Problem::new(value.to_string(), needed), member);
                None
            }
            Some(seconds) => {
                if version != self.version {
                    self.wrong(value, &format!("{needed}; taken as the time it is"), member);
                }
                Some(seconds)
            }
        }
    }
}
