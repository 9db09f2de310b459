//! The languages citizens read.

/// Language of the texts that citizens see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Language {
    /// French.
    #[default]
    French,
    /// English.
    English,
}

impl Language {
    /// The ISO 639-1 code, as in an HTML `lang` attribute.
    pub const fn code(self) -> &'static str {
        match self {
            Language::French => "fr",
            Language::English => "en",
        }
    }

    /// Chooses between the two wordings.
    pub const fn pick<T: Copy>(self, french: T, english: T) -> T {
        match self {
            Language::French => french,
            Language::English => english,
        }
    }
}
