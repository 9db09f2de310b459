//! Licences of public data: what they oblige to, and what combining them implies.
use std::fmt;

use crate::Language;

mod terms;

pub use terms::{LicenceConflict, Terms, Use, combine};

/// A licence under which public data are published.
///
/// ```
/// use datagora_core::{Language, Licence};
///
/// let licence = Licence::parse("lov2")?;
/// assert_eq!(licence, Licence::LicenceOuverte2);
/// assert_eq!(licence.title(Language::French), "Licence Ouverte 2.0");
/// assert!(licence.obligations().attribution);
/// assert!(!licence.obligations().share_alike_databases);
/// # Ok::<(), datagora_core::LicenceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Licence {
    /// CC0 1.0: no obligation.
    Cc0,
    /// Open Data Commons Public Domain Dedication and Licence 1.0: no obligation.
    Pddl1,
    /// Licence Ouverte / Open Licence 1.0 (Etalab): name the source and its date.
    LicenceOuverte1,
    /// Licence Ouverte / Open Licence 2.0 (Etalab): name the source and its date.
    LicenceOuverte2,
    /// Open Data Commons Attribution License 1.0.
    OdcBy1,
    /// Creative Commons Attribution 4.0.
    CcBy4,
    /// MIT licence, as sometimes put on data: keep the notice.
    Mit,
    /// Open Database License 1.0: attribution; a derived *database* is shared alike, a *produced work* is not.
    Odbl1,
    /// Creative Commons Attribution-ShareAlike 4.0.
    CcBySa4,
    /// Creative Commons Attribution-NonCommercial 4.0.
    CcByNc4,
    /// Creative Commons Attribution-NonCommercial-ShareAlike 4.0.
    CcByNcSa4,
    /// Creative Commons Attribution-NoDerivatives 4.0.
    CcByNd4,
    /// Creative Commons Attribution-NonCommercial-NoDerivatives 4.0.
    CcByNcNd4,
    /// Nothing stated: may be used, not published.
    Unstated,
}

/// What a licence, or several together, ask of the one who publishes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Obligations {
    /// Name the source: Licence Ouverte 2.0 “paternité”, CC 4.0 §3(a), ODbL and ODC-By §4.2 and §4.3.
    pub attribution: bool,
    /// A database derived from it must be published under the same licence: ODbL §4.4, CC BY-SA 4.0 §3(b) and §4(b).
    pub share_alike_databases: bool,
    /// A work made from it (map, text, film) must be published under the same licence: CC BY-SA 4.0 §3(b).
    pub share_alike_works: bool,
    /// No commercial use: CC BY-NC 4.0 §2(a)(1).
    pub non_commercial: bool,
    /// Nothing derived from it may be published: CC BY-ND 4.0 §2(a)(1)(B).
    pub no_derivatives: bool,
    /// Keep the notice, and name or link the licence: CC 4.0 §3(a)(1), ODbL §4.2 and §4.3, MIT.
    pub keep_notice: bool,
    /// Say that the data were changed: CC 4.0 §3(a)(1)(B).
    pub state_changes: bool,
    /// Offer the derived database from which a published work was made: ODbL §4.6.
    pub offer_database: bool,
}

impl Obligations {
    /// What either asks for.
    pub fn union(self, other: Self) -> Self {
        Self {
            attribution: self.attribution || other.attribution,
            share_alike_databases: self.share_alike_databases || other.share_alike_databases,
            share_alike_works: self.share_alike_works || other.share_alike_works,
            non_commercial: self.non_commercial || other.non_commercial,
            no_derivatives: self.no_derivatives || other.no_derivatives,
            keep_notice: self.keep_notice || other.keep_notice,
            state_changes: self.state_changes || other.state_changes,
            offer_database: self.offer_database || other.offer_database,
        }
    }
}

/// A text that names no licence we know.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LicenceError {
    /// Not a known spelling, or a version whose terms differ.
    #[error(
        "“{found}” is not a licence we know in that version; expected a name such as “lov2”, “odc-odbl” or “CC-BY-4.0”; \
         if the publisher states none, use Licence::Unstated"
    )]
    Unknown {
        /// What was found.
        found: String,
    },
}

impl Licence {
    /// All licences, from the freest to the one that states nothing.
    pub const ALL: [Licence; 14] = [
        Licence::Cc0,
        Licence::Pddl1,
        Licence::LicenceOuverte1,
        Licence::LicenceOuverte2,
        Licence::OdcBy1,
        Licence::CcBy4,
        Licence::Mit,
        Licence::Odbl1,
        Licence::CcBySa4,
        Licence::CcByNc4,
        Licence::CcByNcSa4,
        Licence::CcByNd4,
        Licence::CcByNcNd4,
        Licence::Unstated,
    ];

    /// The name citizens know it by.
    pub const fn title(self, language: Language) -> &'static str {
        match self {
            Licence::Cc0 => "CC0 1.0",
            Licence::Pddl1 => "PDDL 1.0",
            Licence::LicenceOuverte1 => language.pick("Licence Ouverte 1.0", "Open Licence 1.0"),
            Licence::LicenceOuverte2 => language.pick("Licence Ouverte 2.0", "Open Licence 2.0"),
            Licence::OdcBy1 => "ODC-By 1.0",
            Licence::CcBy4 => "CC BY 4.0",
            Licence::Mit => language.pick("licence MIT", "MIT licence"),
            Licence::Odbl1 => "ODbL 1.0",
            Licence::CcBySa4 => "CC BY-SA 4.0",
            Licence::CcByNc4 => "CC BY-NC 4.0",
            Licence::CcByNcSa4 => "CC BY-NC-SA 4.0",
            Licence::CcByNd4 => "CC BY-ND 4.0",
            Licence::CcByNcNd4 => "CC BY-NC-ND 4.0",
            Licence::Unstated => language.pick("licence non précisée", "no licence stated"),
        }
    }

    /// The identifier of the SPDX licence list, if a licence is stated.
    ///
    /// # References
    ///
    /// SPDX License List. <https://spdx.org/licenses/>
    pub const fn spdx(self) -> Option<&'static str> {
        Some(match self {
            Licence::Cc0 => "CC0-1.0",
            Licence::Pddl1 => "PDDL-1.0",
            // Version 1.0 is not on the list: LicenseRef- is the form SPDX gives to such.
            Licence::LicenceOuverte1 => "LicenseRef-etalab-1.0",
            Licence::LicenceOuverte2 => "etalab-2.0",
            Licence::OdcBy1 => "ODC-By-1.0",
            Licence::CcBy4 => "CC-BY-4.0",
            Licence::Mit => "MIT",
            Licence::Odbl1 => "ODbL-1.0",
            Licence::CcBySa4 => "CC-BY-SA-4.0",
            Licence::CcByNc4 => "CC-BY-NC-4.0",
            Licence::CcByNcSa4 => "CC-BY-NC-SA-4.0",
            Licence::CcByNd4 => "CC-BY-ND-4.0",
            Licence::CcByNcNd4 => "CC-BY-NC-ND-4.0",
            Licence::Unstated => return None,
        })
    }

    /// Where its text is published, if a licence is stated.
    pub const fn url(self) -> Option<&'static str> {
        Some(match self {
            Licence::Cc0 => "https://creativecommons.org/publicdomain/zero/1.0/",
            Licence::Pddl1 => "https://opendatacommons.org/licenses/pddl/1-0/",
            Licence::LicenceOuverte1 => {
                "https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf"
            }
            Licence::LicenceOuverte2 => {
                "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"
            }
            Licence::OdcBy1 => "https://opendatacommons.org/licenses/by/1-0/",
            Licence::CcBy4 => "https://creativecommons.org/licenses/by/4.0/",
            Licence::Mit => "https://opensource.org/license/mit",
            Licence::Odbl1 => "https://opendatacommons.org/licenses/odbl/1-0/",
            Licence::CcBySa4 => "https://creativecommons.org/licenses/by-sa/4.0/",
            Licence::CcByNc4 => "https://creativecommons.org/licenses/by-nc/4.0/",
            Licence::CcByNcSa4 => "https://creativecommons.org/licenses/by-nc-sa/4.0/",
            Licence::CcByNd4 => "https://creativecommons.org/licenses/by-nd/4.0/",
            Licence::CcByNcNd4 => "https://creativecommons.org/licenses/by-nc-nd/4.0/",
            Licence::Unstated => return None,
        })
    }

    /// What it asks of the one who publishes; the sections are named at [`Obligations`].
    ///
    /// [`Licence::Unstated`] obliges to nothing since it permits nothing: [`combine`] refuses to publish it.
    pub const fn obligations(self) -> Obligations {
        const NONE: Obligations = Obligations {
            attribution: false,
            share_alike_databases: false,
            share_alike_works: false,
            non_commercial: false,
            no_derivatives: false,
            keep_notice: false,
            state_changes: false,
            offer_database: false,
        };
        const NAMED: Obligations = Obligations { attribution: true, ..NONE };
        const NOTICE: Obligations = Obligations { keep_notice: true, ..NAMED };
        const CC_BY: Obligations = Obligations { state_changes: true, ..NOTICE };
        const CC_BY_SA: Obligations =
            Obligations { share_alike_databases: true, share_alike_works: true, ..CC_BY };
        match self {
            Licence::Cc0 | Licence::Pddl1 | Licence::Unstated => NONE,
            Licence::LicenceOuverte1 | Licence::LicenceOuverte2 => NAMED,
            Licence::OdcBy1 | Licence::Mit => NOTICE,
            Licence::CcBy4 => CC_BY,
            Licence::Odbl1 => Obligations { share_alike_databases: true, offer_database: true, ..NOTICE },
            Licence::CcBySa4 => CC_BY_SA,
            Licence::CcByNc4 => Obligations { non_commercial: true, ..CC_BY },
            Licence::CcByNcSa4 => Obligations { non_commercial: true, ..CC_BY_SA },
            Licence::CcByNd4 => Obligations { no_derivatives: true, ..CC_BY },
            Licence::CcByNcNd4 => Obligations { non_commercial: true, no_derivatives: true, ..CC_BY },
        }
    }

    /// Reads the spellings of portals: SPDX identifiers, the identifiers of data.gouv.fr and CKAN (`lov2`, `fr-lo`,
    /// `odc-odbl`, `cc-by-sa`), names in French and English, and the addresses of the texts.
    ///
    /// A name without version is read as the current version. Another version than the one we know has other terms, and
    /// is refused.
    ///
    /// # Errors
    ///
    /// [`LicenceError::Unknown`] for any other text.
    pub fn parse(text: &str) -> Result<Self, LicenceError> {
        let unknown = || LicenceError::Unknown { found: text.trim().to_owned() };
        let (name, version) = normalise(text);
        let versions = |known: &[&str]| version.is_empty() || known.contains(&version.as_str());
        let (licence, known): (Licence, &[&str]) = match name.as_str() {
            "cc0"
            | "cc-0"
            | "cc-zero"
            | "creative-commons-zero"
            | "creativecommons-publicdomain-zero"
            | "creative-commons-cc0" => (Licence::Cc0, &["1", "1.0"]),
            "pddl" | "odc-pddl" | "opendatacommons-pddl" => (Licence::Pddl1, &["1", "1.0"]),
            "fr-lo" => (Licence::LicenceOuverte1, &["1", "1.0"]),
            "lov"
            | "lo"
            | "etalab"
            | "licence-ouverte"
            | "open-licence"
            | "licence-ouverte-etalab"
            | "etalab-licence-ouverte"
            | "licence-ouverte-open-licence"
            | "open-licence-etalab"
            | "licence-ouverte-open-licence-etalab" => match version.as_str() {
                "1" | "1.0" => (Licence::LicenceOuverte1, &["1", "1.0"]),
                _ => (Licence::LicenceOuverte2, &["2", "2.0"]),
            },
            "odc-by" | "opendatacommons-by" | "open-data-commons-attribution" => {
                (Licence::OdcBy1, &["1", "1.0"])
            }
            "odbl"
            | "odc-odbl"
            | "opendatacommons-odbl"
            | "open-database"
            | "open-data-commons-open-database"
            | "open-data-commons-open-database-odbl"
            | "open-database-odbl" => (Licence::Odbl1, &["1", "1.0"]),
            "mit" => (Licence::Mit, &[]),
            "notspecified" | "not-specified" | "none" | "unstated" | "non-precisee" | "non-specifiee" => {
                (Licence::Unstated, &[])
            }
            other => {
                let elements = other
                    .strip_prefix("creative-commons")
                    .or_else(|| other.strip_prefix("creativecommons"))
                    .or_else(|| other.strip_prefix("cc"))
                    .ok_or_else(unknown)?;
                (creative_commons(elements).ok_or_else(unknown)?, &["4", "4.0"])
            }
        };
        if versions(known) { Ok(licence) } else { Err(unknown()) }
    }
}

/// Splits a spelling into its name, in lower case with hyphens and without filling words, and its version.
fn normalise(text: &str) -> (String, String) {
    let lower: String = text
        .trim()
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            'é' | 'è' | 'ê' => 'e',
            'à' | 'â' => 'a',
            other => other,
        })
        .collect();
    let mut rest = lower.as_str();
    for prefix in ["https://", "http://", "www."] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    let mut names: Vec<&str> = Vec::new();
    let mut version = String::new();
    for word in rest.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '.')) {
        let word = word.trim_matches('.');
        let word = match word {
            // Filling words of names and addresses.
            "" | "license" | "licenses" | "licences" | "international" | "the" | "org" | "version"
            | "public" | "domain" | "dedication" | "deed" | "deed.fr" | "deed.en" | "legalcode"
            | "opensource.org" | "spdx.org" | "html" | "fr" | "en"
                if !(word == "fr" && names.is_empty()) =>
            {
                continue;
            }
            "licence" if !matches!(names.last(), None | Some(&"open" | &"etalab")) => continue,
            "creativecommons.org" => "creativecommons",
            "opendatacommons.org" => "opendatacommons",
            other => other,
        };
        let digits = word.trim_start_matches('v');
        if !digits.is_empty() && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.') {
            // `1-0`, as Open Data Commons writes 1.0 in addresses.
            if version.is_empty() {
                digits.clone_into(&mut version)
            } else {
                version = format!("{version}.{digits}")
            }
        } else if let Some(number) = word.strip_prefix("lov").filter(|number| !number.is_empty()) {
            names.push("lov");
            number.clone_into(&mut version);
        } else {
            names.push(word);
        }
    }
    if names.len() > 1 && names[0] == "licence" && names[1] != "ouverte" {
        names.remove(0);
    }
    (names.join("-"), version)
}

/// The licence of these Creative Commons elements, such as `-by-nc-sa` or `-attribution-sharealike`.
fn creative_commons(elements: &str) -> Option<Licence> {
    let (mut by, mut nc, mut nd, mut sa) = (false, false, false, false);
    let spelled = elements
        .replace("share-alike", "sharealike")
        .replace("partage-dans-les-memes-conditions", "sharealike")
        .replace("non-commercial", "noncommercial")
        .replace("pas-d-utilisation-commerciale", "noncommercial")
        .replace("pas-de-modification", "noderivatives")
        .replace("no-derivatives", "noderivatives");
    for element in spelled.split('-').filter(|element| !element.is_empty()) {
        match element {
            "by" | "attribution" => by = true,
            "nc" | "noncommercial" => nc = true,
            "nd" | "noderivatives" | "noderivs" => nd = true,
            "sa" | "sharealike" => sa = true,
            // “CC BY-SA” after the name spelled out.
            "cc" => {}
            _ => return None,
        }
    }
    match (by, nc, nd, sa) {
        (true, false, false, false) => Some(Licence::CcBy4),
        (true, false, false, true) => Some(Licence::CcBySa4),
        (true, true, false, false) => Some(Licence::CcByNc4),
        (true, true, false, true) => Some(Licence::CcByNcSa4),
        (true, false, true, false) => Some(Licence::CcByNd4),
        (true, true, true, false) => Some(Licence::CcByNcNd4),
        _ => None,
    }
}

impl fmt::Display for Licence {
    /// The SPDX identifier, or the words that none is stated.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spdx().unwrap_or("no licence stated"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_portals() {
        for (text, licence) in [
            ("lov2", Licence::LicenceOuverte2),
            ("fr-lo", Licence::LicenceOuverte1),
            ("Licence Ouverte 2.0", Licence::LicenceOuverte2),
            ("Licence ouverte / Open Licence version 2.0", Licence::LicenceOuverte2),
            ("Licence Ouverte v2.0 (Etalab)", Licence::LicenceOuverte2),
            ("etalab-2.0", Licence::LicenceOuverte2),
            ("Licence Ouverte 1.0", Licence::LicenceOuverte1),
            ("odc-odbl", Licence::Odbl1),
            ("ODbL", Licence::Odbl1),
            ("ODbL-1.0", Licence::Odbl1),
            ("Open Data Commons Open Database License (ODbL)", Licence::Odbl1),
            ("https://opendatacommons.org/licenses/odbl/1-0/", Licence::Odbl1),
            ("odc-by", Licence::OdcBy1),
            ("odc-pddl", Licence::Pddl1),
            ("CC0-1.0", Licence::Cc0),
            ("cc-zero", Licence::Cc0),
            ("https://creativecommons.org/publicdomain/zero/1.0/", Licence::Cc0),
            ("cc-by", Licence::CcBy4),
            ("CC-BY-SA-4.0", Licence::CcBySa4),
            ("CC BY-SA 4.0", Licence::CcBySa4),
            ("Creative Commons Attribution-ShareAlike 4.0 International", Licence::CcBySa4),
            ("https://creativecommons.org/licenses/by-nc-sa/4.0/deed.fr", Licence::CcByNcSa4),
            ("cc-by-nd", Licence::CcByNd4),
            ("cc-by-nc-nd-4.0", Licence::CcByNcNd4),
            ("MIT", Licence::Mit),
            ("MIT License", Licence::Mit),
            ("notspecified", Licence::Unstated),
        ] {
            assert_eq!(Licence::parse(text), Ok(licence), "{text}");
        }
    }

    #[test]
    fn other_versions_and_nonsense_are_refused() {
        for text in [
            "",
            "CC-BY-SA-3.0",
            "CC-BY-2.0-FR",
            "cc",
            "cc-sa",
            "cc-by-nd-sa",
            "GPL-2.0",
            "by",
            "libre",
            "odbl-2.0",
        ] {
            assert!(Licence::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn own_identifiers_titles_and_addresses_are_read_back() {
        for licence in Licence::ALL {
            if let (Some(spdx), Some(url)) = (licence.spdx(), licence.url()) {
                assert_eq!(Licence::parse(spdx.trim_start_matches("LicenseRef-")), Ok(licence), "{spdx}");
                for language in [Language::French, Language::English] {
                    assert_eq!(Licence::parse(licence.title(language)), Ok(licence));
                }
                if !url.ends_with(".pdf") {
                    assert_eq!(Licence::parse(url), Ok(licence), "{url}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn parsing_never_panics(text in ".*") {
            let _ = Licence::parse(&text);
        }
    }
}
