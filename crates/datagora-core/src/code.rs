//! Codes of the French registers, as types: never bare strings or integers.
//!
//! Portals publish 69383, "69383" and "01004" for the same kind of thing; a parsed code has one form.
mod insee;
mod iris;
mod naf;
mod siren;

pub use insee::{InseeCode, Merger};
pub use iris::IrisCode;
pub use naf::{NafCode, NafLevel};
pub use siren::{Siren, Siret};

/// Why something is not the code it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Wrong length or characters.
    #[error("{found:?} is not {code}: needed {needed}")]
    Malformed {
        /// Which code was read, with its article.
        code: &'static str,
        /// What was read, cut after 40 characters.
        found: String,
        /// What the code looks like, or what to try.
        needed: &'static str,
    },
    /// Well formed, but no such code was ever given out.
    #[error("{found:?} is not {code}: {reason}")]
    Unknown {
        /// Which code was read, with its article.
        code: &'static str,
        /// What was read.
        found: String,
        /// Why it cannot exist.
        reason: &'static str,
    },
    /// The check digit contradicts the others: a digit was mistyped or two were swapped.
    #[error("{found} is not {code}: its check digit does not fit, look for a mistyped or swapped digit")]
    Checksum {
        /// Which code was read, with its article.
        code: &'static str,
        /// What was read.
        found: String,
    },
}

/// What was read, short enough for a message.
fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Reading, writing and comparing a code that has `parse` and `Display`.
macro_rules! code_as_text {
    ($code:ident) => {
        impl std::fmt::Debug for $code {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($code), "({})"), self)
            }
        }

        impl std::str::FromStr for $code {
            type Err = crate::CodeError;

            fn from_str(text: &str) -> Result<Self, crate::CodeError> {
                Self::parse(text)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $code {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $code {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
use code_as_text;

/// The text of a file of the shared data; `None`, said aloud, where they are absent.
#[cfg(test)]
pub(crate) fn shared_data(path: &str) -> std::io::Result<Option<String>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = std::env::var("DATAGORA_DATA").unwrap_or_else(|_| default.to_owned());
    let path = std::path::Path::new(&folder).join(path);
    if !path.exists() {
        eprintln!("DATAGORA_DATA absent: {} not checked", path.display());
        return Ok(None);
    }
    let bytes = std::fs::read(path)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
