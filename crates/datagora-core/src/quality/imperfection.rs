//! What could not be used as it was, in words for citizens.
use crate::{Bilingual, Language, Month};

/// Something of a dataset that could not be used, or not as it was, and why.
///
/// Results with imperfections are results: these are the sentences of a page "What we could not use, and why".
///
/// # Example
///
/// ```
/// use datagora_core::{Bilingual, Imperfection, ImperfectionKind, Language};
///
/// let outside = Imperfection::new(
///     Bilingual::new("Arbres d’alignement", "Street trees"),
///     ImperfectionKind::OutsideZones { zones: Bilingual::new("communes", "communes") },
///     53,
/// )
/// .out_of(94_435);
/// assert_eq!(
///     outside.sentence(Language::English),
///     "Street trees: 53 of 94,435 objects lie in none of the zones (communes) and are not counted there."
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Imperfection {
    /// Title of the dataset or view.
    pub about: Bilingual,
    /// What happened.
    pub kind: ImperfectionKind,
    /// How many rows, values, zones or objects it happened to.
    pub count: u64,
    /// Of how many.
    pub total: Option<u64>,
    /// A few of them, by name.
    pub examples: Vec<String>,
}

/// What happened to data that could not be used as they were. Reasons are phrases that go after "because".
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ImperfectionKind {
    /// Rows were left out.
    RowsDropped {
        /// Why.
        because: Bilingual,
    },
    /// Values are missing, or were taken as missing.
    ValuesMissing {
        /// Why.
        because: Bilingual,
    },
    /// Values or objects were mended.
    Repaired {
        /// What was done, as a sentence without its full stop.
        how: Bilingual,
    },
    /// Zones that the other dataset does not have.
    ZonesUnmatched {
        /// Dataset in which they were looked for, with its article.
        other: Bilingual,
    },
    /// Objects that lie in none of the zones.
    OutsideZones {
        /// The kind of zone, in the plural and without article.
        zones: Bilingual,
    },
    /// Zones of another year than those they are put beside.
    VintageMismatch {
        /// Year, or name of the version, found.
        found: String,
        /// That of the other data.
        needed: String,
    },
    /// Periods in which nothing was measured.
    Outage {
        /// First month concerned.
        first: Month,
        /// Last month concerned.
        last: Month,
    },
    /// Values withheld by statistical secrecy.
    Withheld,
    /// Something that the data do not say was assumed.
    Assumed {
        /// What, as a sentence without its full stop.
        what: Bilingual,
    },
    /// A view that could not be made.
    ViewLeftOut {
        /// Why.
        because: Bilingual,
    },
}

impl Imperfection {
    /// Something happened to a number of rows, values, zones or objects of a dataset.
    pub fn new(about: Bilingual, kind: ImperfectionKind, count: u64) -> Self {
        Self { about, kind, count, total: None, examples: Vec::new() }
    }

    /// Of this many.
    pub fn out_of(self, total: u64) -> Self {
        Self { total: Some(total), ..self }
    }

    /// With a few of them by name; up to five are shown.
    pub fn with_examples(self, examples: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { examples: examples.into_iter().map(Into::into).collect(), ..self }
    }

    /// What share it concerns, 0 to 1, if that is known.
    pub fn share(&self) -> Option<f64> {
        self.total.filter(|total| *total > 0).map(|total| self.count as f64 / total as f64)
    }

    /// A sentence that explains it.
    pub fn sentence(&self, language: Language) -> String {
        let about = self.about.get(language);
        let said = match language {
            Language::French => self.french(),
            Language::English => self.english(),
        };
        let colon = language.pick("\u{a0}: ", ": ");
        let examples = match (&self.examples[..], language) {
            ([], _) => String::new(),
            (some, Language::French) => format!(" (par exemple {})", shown(some)),
            (some, Language::English) => format!(" (for example {})", shown(some)),
        };
        format!("{about}{colon}{said}{examples}.")
    }

    fn french(&self) -> String {
        let count = Language::French.group_digits(self.count);
        let many = |one: &str, several: &str| {
            let noun = if self.count < 2 { one } else { several };
            match self.total {
                Some(total) => {
                    // « 1 ligne sur 12 », « 53 lignes sur 94 435 »
                    format!("{count} {noun} sur {}", Language::French.group_digits(total))
                }
                None => format!("{count} {noun}"),
            }
        };
        let ending = |one: &'static str, several: &'static str| if self.count < 2 { one } else { several };
        match &self.kind {
            ImperfectionKind::RowsDropped { because } => {
                let dropped = ending("écartée", "écartées");
                format!("{} {dropped}, car {}", many("ligne", "lignes"), because.fr)
            }
            ImperfectionKind::ValuesMissing { because } => {
                let missing = ending("manquante", "manquantes");
                format!("{} {missing}, car {}", many("valeur", "valeurs"), because.fr)
            }
            ImperfectionKind::Repaired { how } => {
                format!("{} {}, {}", many("élément", "éléments"), ending("réparé", "réparés"), how.fr)
            }
            ImperfectionKind::ZonesUnmatched { other } => {
                let absent = ending("ne se trouve pas", "ne se trouvent pas");
                format!("{} {absent} dans {}", many("zone", "zones"), other.fr)
            }
            ImperfectionKind::OutsideZones { zones } => {
                let outside = ending("ne se trouve", "ne se trouvent");
                let counted = ending("n’y est pas compté", "n’y sont pas comptés");
                format!(
                    "{} {outside} dans aucune des zones ({}) et {counted}",
                    many("objet", "objets"),
                    zones.fr
                )
            }
            ImperfectionKind::VintageMismatch { found, needed } => {
                let differ = ending("diffère", "diffèrent");
                format!(
                    "le découpage est celui de {found}, les autres données suivent celui de {needed}\u{a0}; {} {differ}",
                    many("zone", "zones")
                )
            }
            ImperfectionKind::Outage { first, last } => {
                let period = period(*first, *last, Language::French);
                format!("aucune mesure {period}\u{a0}; {} sans données", many("mois", "mois"))
            }
            ImperfectionKind::Withheld => {
                let withheld = ending("n’est pas publiée", "ne sont pas publiées");
                format!("{} {withheld}, en raison du secret statistique", many("valeur", "valeurs"))
            }
            ImperfectionKind::Assumed { what } => what.fr.clone(),
            ImperfectionKind::ViewLeftOut { because } => {
                format!("cette vue n’a pas pu être établie, car {}", because.fr)
            }
        }
    }

    fn english(&self) -> String {
        let count = Language::English.group_digits(self.count);
        let many = |one: &str, several: &str| match self.total {
            Some(total) => {
                let noun = if total == 1 { one } else { several };
                format!("{count} of {} {noun}", Language::English.group_digits(total))
            }
            None => format!("{count} {}", if self.count == 1 { one } else { several }),
        };
        let ending = |one: &'static str, several: &'static str| if self.count == 1 { one } else { several };
        let be = ending("is", "are");
        let was = ending("was", "were");
        match &self.kind {
            ImperfectionKind::RowsDropped { because } => {
                format!("{} {was} left out, because {}", many("row", "rows"), because.en)
            }
            ImperfectionKind::ValuesMissing { because } => {
                format!("{} {be} missing, because {}", many("value", "values"), because.en)
            }
            ImperfectionKind::Repaired { how } => {
                format!("{} {was} mended, {}", many("item", "items"), how.en)
            }
            ImperfectionKind::ZonesUnmatched { other } => {
                format!("{} {be} not in {}", many("zone", "zones"), other.en)
            }
            ImperfectionKind::OutsideZones { zones } => {
                let lie = ending("lies", "lie");
                format!(
                    "{} {lie} in none of the zones ({}) and {be} not counted there",
                    many("object", "objects"),
                    zones.en
                )
            }
            ImperfectionKind::VintageMismatch { found, needed } => {
                let differ = ending("differs", "differ");
                format!(
                    "the zones are those of {found}, the other data follow those of {needed}; {} {differ}",
                    many("zone", "zones")
                )
            }
            ImperfectionKind::Outage { first, last } => {
                let period = period(*first, *last, Language::English);
                format!("nothing measured {period}; {} without data", many("month", "months"))
            }
            ImperfectionKind::Withheld => {
                format!("{} {be} not published, for statistical secrecy", many("value", "values"))
            }
            ImperfectionKind::Assumed { what } => what.en.clone(),
            ImperfectionKind::ViewLeftOut { because } => {
                format!("this view could not be made, because {}", because.en)
            }
        }
    }
}

fn shown(examples: &[String]) -> String {
    const MOST: usize = 5;
    let more = if examples.len() > MOST { ", …" } else { "" };
    examples.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ") + more
}

fn period(first: Month, last: Month, language: Language) -> String {
    match (first == last, language) {
        (true, Language::French) => format!("en {}", first.label(language)),
        (true, Language::English) => format!("in {}", first.label(language)),
        (false, Language::French) => {
            let from = first.label(language);
            // « d’avril », « d’août », « d’octobre »
            let elided = from.starts_with(['a', 'o']);
            format!("{}{from} à {}", if elided { "d’" } else { "de " }, last.label(language))
        }
        (false, Language::English) => format!("from {} to {}", first.label(language), last.label(language)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MonthError;

    fn about() -> Bilingual {
        Bilingual::new("Compteurs", "Counters")
    }

    #[test]
    fn speaks_french() -> Result<(), MonthError> {
        let because =
            Bilingual::new("le fichier contient deux fois le même mois", "the month is there twice");
        let (first, last) = (Month::new(2019, 8)?, Month::new(2019, 10)?);
        for (kind, count, total, sentence) in [
            (
                ImperfectionKind::RowsDropped { because: because.clone() },
                1,
                Some(13_280),
                "Compteurs\u{a0}: 1 ligne sur 13\u{202f}280 écartée, car le fichier contient deux fois le même mois.",
            ),
            (
                ImperfectionKind::Outage { first, last },
                3,
                None,
                "Compteurs\u{a0}: aucune mesure d’août 2019 à octobre 2019\u{a0}; 3 mois sans données.",
            ),
            (
                ImperfectionKind::VintageMismatch { found: "2018".into(), needed: "2025".into() },
                2,
                None,
                "Compteurs\u{a0}: le découpage est celui de 2018, les autres données suivent celui de 2025\u{a0}; \
                 2 zones diffèrent.",
            ),
            (
                ImperfectionKind::Withheld,
                0,
                Some(59),
                "Compteurs\u{a0}: 0 valeur sur 59 n’est pas publiée, en raison du secret statistique.",
            ),
        ] {
            let imperfection = Imperfection { total, ..Imperfection::new(about(), kind, count) };
            assert_eq!(imperfection.sentence(Language::French), sentence);
        }
        Ok(())
    }

    #[test]
    fn speaks_english_and_gives_examples() -> Result<(), MonthError> {
        let other = Bilingual::new("les contours de 2025", "the boundaries of 2025");
        let zones = Imperfection::new(about(), ImperfectionKind::ZonesUnmatched { other }, 1)
            .out_of(506)
            .with_examples(["691520101"]);
        assert_eq!(
            zones.sentence(Language::English),
            "Counters: 1 of 506 zones is not in the boundaries of 2025 (for example 691520101)."
        );
        assert_eq!(zones.share(), Some(1.0 / 506.0));
        assert_eq!(zones.clone().out_of(0).share(), None);
        let many = zones.with_examples((1..=7).map(|n| n.to_string())).sentence(Language::French);
        assert!(many.ends_with("(par exemple 1, 2, 3, 4, 5, …)."), "{many}");
        let month = Month::new(2024, 2)?;
        let outage = Imperfection::new(about(), ImperfectionKind::Outage { first: month, last: month }, 1);
        assert_eq!(
            outage.sentence(Language::English),
            "Counters: nothing measured in February 2024; 1 month without data."
        );
        Ok(())
    }
}
