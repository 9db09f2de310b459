//! The words by which works are named.
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::{Credit, Language, Licence, Month};

/// Works of one publisher under one licence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CreditGroup {
    /// Who published them.
    pub publisher: String,
    /// Under which licence.
    pub licence: Licence,
    /// Titles, each once and in alphabetical order.
    pub works: Vec<CreditedWork>,
}

/// A work, with all dates and addresses it was credited with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CreditedWork {
    /// Its title.
    pub title: String,
    /// Dates of the data, as they were given, in order.
    pub dates: Vec<String>,
    /// Where it is published.
    pub urls: Vec<String>,
}

/// Credits by publisher and licence, in alphabetical order and without repetition: what a view that can link needs.
pub fn credit_groups(credits: &[Credit]) -> Vec<CreditGroup> {
    type Works<'a> = BTreeMap<&'a str, (BTreeSet<&'a str>, BTreeSet<&'a str>)>;
    let mut groups: BTreeMap<(&str, Licence), Works<'_>> = BTreeMap::new();
    for credit in credits {
        let works = groups.entry((credit.publisher.trim(), credit.licence)).or_default();
        let (dates, urls) = works.entry(credit.work.trim()).or_default();
        dates.extend(credit.date.as_deref().map(str::trim).filter(|date| !date.is_empty()));
        urls.extend(credit.url.as_deref());
    }
    let owned = |texts: BTreeSet<&str>| texts.into_iter().map(str::to_owned).collect();
    groups
        .into_iter()
        .map(|((publisher, licence), works)| CreditGroup {
            publisher: publisher.to_owned(),
            licence,
            works: works
                .into_iter()
                .map(|(title, (dates, urls))| CreditedWork {
                    title: title.to_owned(),
                    dates: owned(dates),
                    urls: owned(urls),
                })
                .collect(),
        })
        .collect()
}

/// The text that names works: publisher, titles with their dates, licence.
///
/// Grouped by publisher and licence, without repetition, in alphabetical order, with the typography of the language; the order
/// of the credits does not matter. Dates in ISO 8601 are written out. Empty if there is no credit.
///
/// # Example
///
/// ```
/// use datagora_core::{Credit, Language, Licence, attribution};
///
/// let credits = [
///     Credit::new("Communes", "Métropole de Lyon", Licence::LicenceOuverte2).with_date("2025"),
///     Credit::new("Arbres", "Métropole de Lyon", Licence::LicenceOuverte2).with_date("2024-05-31"),
///     Credit::new("OpenStreetMap", "Contributeurs d’OpenStreetMap", Licence::Odbl1),
/// ];
/// assert_eq!(
///     attribution(&credits, Language::English),
///     "Sources: Contributeurs d’OpenStreetMap, OpenStreetMap, ODbL 1.0; \
///      Métropole de Lyon, Arbres (31\u{a0}May 2024), Communes (2025), Open Licence 2.0."
/// );
/// ```
///
/// # References
///
/// What is named, and how: Licence Ouverte 2.0 “paternité” (source and date of its last update), ODbL 1.0 §4.3, CC BY 4.0
/// §3(a)(1).
pub fn attribution(credits: &[Credit], language: Language) -> String {
    let groups = credit_groups(credits);
    let works: usize = groups.iter().map(|group| group.works.len()).sum();
    let lead = match works {
        0 => return String::new(),
        1 => language.pick("Source\u{a0}: ", "Source: "),
        _ => language.pick("Sources\u{a0}: ", "Sources: "),
    };
    let texts: Vec<String> = groups
        .iter()
        .map(|group| {
            let mut parts = Vec::new();
            if !group.publisher.is_empty() {
                parts.push(group.publisher.clone());
            }
            parts.extend(group.works.iter().map(|work| work_text(work, language)));
            parts.push(group.licence.title(language).to_owned());
            parts.join(", ")
        })
        .collect();
    format!("{lead}{}.", texts.join(language.pick("\u{202f}; ", "; ")))
}

fn work_text(work: &CreditedWork, language: Language) -> String {
    if work.dates.is_empty() {
        return work.title.clone();
    }
    let dates: Vec<String> = work.dates.iter().map(|date| date_text(date, language)).collect();
    format!("{} ({})", work.title, dates.join(", "))
}

/// A date in words, if it is one; else as it stands.
fn date_text(text: &str, language: Language) -> String {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        && let Some(month) = Month::of(day)
    {
        // The first of a month is an ordinal in French.
        let number = match (day.day(), language) {
            (1, Language::French) => "1er".to_owned(),
            (number, _) => number.to_string(),
        };
        return format!("{number}\u{a0}{} {}", month.name(language), month.year());
    }
    Month::parse(text).map_or_else(|_| text.to_owned(), |month| month.label(language))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn credits() -> Vec<Credit> {
        vec![
            Credit::new("Arbres", "Métropole de Lyon", Licence::LicenceOuverte2).with_date("2024-06-01"),
            Credit::new("Arbres", "Métropole de Lyon", Licence::LicenceOuverte2).with_date("2023-05"),
            Credit::new("Bruit", "Acoucité", Licence::Odbl1)
                .with_date("édition 2022")
                .with_url("https://x.org"),
            Credit::new("IRIS", "Insee", Licence::LicenceOuverte2),
        ]
    }

    #[test]
    fn french_typography() {
        assert_eq!(
            attribution(&credits(), Language::French),
            "Sources\u{a0}: Acoucité, Bruit (édition 2022), ODbL 1.0\u{202f}; Insee, IRIS, Licence Ouverte 2.0\u{202f}; \
             Métropole de Lyon, Arbres (mai 2023, 1er\u{a0}juin 2024), Licence Ouverte 2.0."
        );
        let one = Credit::new("Essai", "", Licence::Unstated);
        assert_eq!(attribution(&[one], Language::French), "Source\u{a0}: Essai, licence non précisée.");
        assert_eq!(attribution(&[], Language::French), "");
    }

    #[test]
    fn groups_keep_addresses() {
        let groups = credit_groups(&credits());
        assert_eq!(groups.len(), 3);
        assert_eq!(groups[0].works[0].urls, ["https://x.org"]);
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(order in proptest::collection::vec(0usize..4, 4..12)) {
            let all = credits();
            let mut shuffled: Vec<Credit> = order.iter().map(|index| all[*index].clone()).collect();
            shuffled.extend(all.clone());
            prop_assert_eq!(attribution(&shuffled, Language::English), attribution(&all, Language::English));
        }
    }
}
