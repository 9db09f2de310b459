//! All indicators, searchable; `docs/indicators.md` is written from here.
//!
//! ```
//! use datagora_core::Language;
//! use datagora_indicators::catalogue;
//!
//! let found: Vec<&str> = catalogue::search("périmètre constant").map(|found| found.id).collect();
//! assert_eq!(found[0], "constant-perimeter-growth");
//! let trees = catalogue::find("trees-per-hectare").unwrap();
//! assert_eq!(trees.name(Language::French), "Arbres par hectare");
//! ```
use std::fmt::Write;

use datagora_core::Language;

use crate::definition::{Definition, Theme};
use crate::{economy, greening, heat, inequality, mobility, spatial_association};

/// All definitions, by theme.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    let others = [
        greening::DEFINITIONS,
        greening::COVER_DEFINITIONS,
        heat::DEFINITIONS,
        economy::DEFINITIONS,
        inequality::DEFINITIONS,
        spatial_association::DEFINITIONS,
    ];
    mobility::DEFINITIONS.iter().copied().chain(others).flatten()
}

/// The definition of this identifier.
pub fn find(id: &str) -> Option<&'static Definition> {
    all().find(|definition| definition.id == id)
}

/// The definitions that hold all the words of a query in their identifier, names, questions or formula.
///
/// Case and accents do not matter. An empty query finds all.
pub fn search(query: &str) -> impl Iterator<Item = &'static Definition> {
    let words: Vec<String> = query.split_whitespace().map(plain).collect();
    all().filter(move |found| {
        let texts = [found.id, found.name.0, found.name.1, found.question.0, found.question.1, found.formula];
        let text = plain(&texts.join(" "));
        words.iter().all(|word| text.contains(word))
    })
}

/// Lower case without the accents of French.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'â' | 'ä' => plain.push('a'),
            'ç' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'î' | 'ï' => plain.push('i'),
            'ô' | 'ö' => plain.push('o'),
            'ù' | 'û' | 'ü' => plain.push('u'),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            '’' => plain.push('\''),
            letter => plain.push(letter),
        }
    }
    plain
}

/// The cards of all indicators as Markdown: the text of `docs/indicators.md`.
pub fn to_markdown() -> String {
    let mut text = String::from(
        "# Indicators\n\n\
         Written from the definitions in `crates/datagora-indicators` by `UPDATE_DOCS=1 cargo test -p datagora-indicators \
         --test catalogue`; do not edit by hand.\n\n\
         Every indicator returns a `Measured`: value, unit, interval, number of observations, completeness, imputed share, \
         and the reason where there is no value.\n",
    );
    for theme in Theme::ALL {
        let name = theme.name(Language::English);
        push(&mut text, format_args!("\n## {name} ({})\n\n", theme.name(Language::French)));
        text.push_str("| id | name | nom | unit |\n|---|---|---|---|\n");
        for card in all().filter(|card| card.theme == theme) {
            let unit = unit(card);
            push(
                &mut text,
                format_args!("| [`{0}`](#{0}) | {1} | {2} | {unit} |\n", card.id, card.name.1, card.name.0),
            );
        }
        for definition in all().filter(|card| card.theme == theme) {
            card(&mut text, definition);
        }
    }
    text
}

fn unit(card: &Definition) -> String {
    card.unit.as_ref().map_or_else(|| "that of the data".to_owned(), |unit| format!("`{unit}`"))
}

fn card(text: &mut String, card: &Definition) {
    push(text, format_args!("\n### {}\n\n", card.id));
    push(text, format_args!("**{}** · *{}*\n\n", card.name.1, card.name.0));
    push(text, format_args!("{}  \n*{}*\n\n", card.question.1, card.question.0));
    let rows = [
        ("Formula", card.formula.to_owned()),
        ("Unit", unit(card)),
        ("Direction", card.direction.name(Language::English).to_owned()),
        ("Completeness", card.completeness.to_owned()),
        ("Missing values", card.missing.to_owned()),
        ("Interval", card.interval.to_owned()),
        ("References", card.references.join("; ")),
        (
            "Golden vector",
            card.golden.map_or_else(|| "none; tested by its laws".to_owned(), |name| format!("`{name}`")),
        ),
        ("Function", format!("`{}`", card.function)),
    ];
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in rows {
        // A bar would end the cell.
        push(text, format_args!("| {name} | {} |\n", value.replace('|', "\\|")));
    }
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn identifiers_are_unique_and_cards_complete() {
        let ids: BTreeSet<&str> = all().map(|card| card.id).collect();
        assert_eq!(ids.len(), all().count());
        for card in all() {
            assert!(
                card.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                card.id
            );
            let texts =
                [card.name.0, card.name.1, card.question.0, card.question.1, card.formula, card.function];
            let more = [card.completeness, card.missing, card.interval];
            assert!(texts.iter().chain(&more).all(|text| text.len() > 3), "{}", card.id);
            assert!(!card.references.is_empty(), "{}", card.id);
            assert!(card.question.0.ends_with("\u{202f}?") && card.question.1.ends_with('?'), "{}", card.id);
        }
    }

    #[test]
    fn searching_ignores_case_and_accents() {
        assert_eq!(search("").count(), all().count());
        assert!(search("VEGETATION haute").any(|card| card.id == "high-vegetation-share"));
        assert!(search("tmja").any(|card| card.id == "annual-average-daily-traffic"));
        assert_eq!(search("no such thing").count(), 0);
        assert_eq!(find("nothing"), None);
    }
}
