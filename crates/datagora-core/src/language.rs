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

    /// A whole number with its digits in groups of three: « 12 345 » with narrow no-break spaces, "12,345".
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Language;
    ///
    /// assert_eq!(Language::French.group_digits(94_435), "94\u{202f}435");
    /// assert_eq!(Language::English.group_digits(94_435), "94,435");
    /// ```
    pub fn group_digits(self, number: u64) -> String {
        let digits = number.to_string();
        let separator = self.pick('\u{202f}', ',');
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }
}

/// A text that citizens read, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Bilingual {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Bilingual {
    /// The two wordings.
    pub fn new(french: impl Into<String>, english: impl Into<String>) -> Self {
        Self { fr: french.into(), en: english.into() }
    }

    /// The wording in a language.
    pub fn get(&self, language: Language) -> &str {
        language.pick(&self.fr, &self.en)
    }
}
