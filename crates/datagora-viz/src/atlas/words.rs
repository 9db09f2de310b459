//! What an atlas says in words, made from its data.
use datagora_core::{Language, Measured};

use super::{Atlas, Indicator};
use crate::chart::{amount_or_reason, capitalised, colon};
use crate::{Section, Standing, describe_measured};

/// Takeaways of the overview at most.
const LINES: usize = 5;

/// A value as tables and figures show it: without its interval if it has a number.
pub(super) fn short_amount(value: &Measured, language: Language) -> String {
    match value.value() {
        Some(_) => amount_or_reason(&value.clone().without_interval(), language),
        None => amount_or_reason(value, language),
    }
}

/// A value as a cell of the table of all shows it: the number alone, a dash where there is none, or that it is secret.
pub(super) fn cell(value: &Measured, language: Language) -> String {
    match value.suppression() {
        Some(reason) if reason.is_secret() => "secret".to_owned(),
        Some(_) => "–".to_owned(),
        None if value.value().is_some() => describe_measured(&value.clone().without_interval(), language),
        None => describe_measured(value, language),
    }
}

/// What sets a territory apart, in a few sentences.
pub(super) fn portrait(atlas: &Atlas, row: usize) -> Vec<String> {
    let language = atlas.language;
    let name = &atlas.names[row];
    let colon = colon(language);
    let (mut high, mut low, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for indicator in atlas.indicators() {
        let own = &indicator.values[row];
        let Some(standing) = Standing::of(&indicator.values, row) else {
            without.push(format!("{} ({})", indicator.name, amount_or_reason(own, language)));
            continue;
        };
        let quarter = standing.among / 4;
        let told = || {
            format!("{} ({}, {})", indicator.name, short_amount(own, language), standing.describe(language))
        };
        if standing.last <= quarter {
            high.push(told());
        } else if standing.first > standing.among - quarter {
            low.push(told());
        }
    }
    let semicolon = language.pick("\u{202f}; ", "; ");
    let sentence = |lead: String, parts: &[String]| format!("{lead}{colon}{}.", parts.join(semicolon));
    let mut sentences = Vec::new();
    let words = &atlas.words;
    if high.is_empty() && low.is_empty() {
        sentences.push(match language {
            Language::French => {
                format!("Aucun indicateur ne place {name} à coup sûr dans le quart le plus haut ni dans le quart le plus bas des {words}.")
            }
            Language::English => {
                format!("No indicator surely puts {name} into the highest or the lowest quarter of the {words}.")
            }
        });
    }
    if !high.is_empty() {
        let lead = match language {
            Language::French => format!("Dans le quart le plus haut des {words}"),
            Language::English => format!("In the highest quarter of the {words}"),
        };
        sentences.push(sentence(lead, &high));
    }
    if !low.is_empty() {
        let lead = match language {
            Language::French => format!("Dans le quart le plus bas des {words}"),
            Language::English => format!("In the lowest quarter of the {words}"),
        };
        sentences.push(sentence(lead, &low));
    }
    if !without.is_empty() {
        sentences.push(sentence(language.pick("Sans valeur", "Without value").to_owned(), &without));
    }
    sentences
}

/// What to remember: for each of the main indicators who has most, who least, the middle, the whole, and who is missing.
pub(super) fn takeaways(atlas: &Atlas) -> Section {
    let language = atlas.language;
    let title = language.pick("À retenir", "What to remember");
    atlas
        .headlines()
        .into_iter()
        .filter_map(|indicator| takeaway(atlas, indicator))
        .take(LINES)
        .fold(Section::new("takeaways", title), Section::with_item)
}

fn takeaway(atlas: &Atlas, indicator: &Indicator) -> Option<String> {
    let (language, names) = (atlas.language, &atlas.names);
    let mut known: Vec<(f64, usize)> =
        indicator.values.iter().enumerate().filter_map(|(row, value)| Some((value.value()?, row))).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let [(_, lowest), .., (_, highest)] = known[..] else { return None };
    // Most and least of a few say nothing of all.
    if 2 * known.len() < names.len() {
        return None;
    }
    let (_, median) = known[(known.len() - 1) / 2];
    let amount = |row: usize| short_amount(&indicator.values[row], language);
    let (colon, semicolon) = (colon(language), language.pick("\u{202f}; ", "; "));
    let mut line = match language {
        Language::French => format!(
            "{}{colon}de {} ({}) à {} ({}){semicolon}médiane {}",
            indicator.name,
            amount(lowest),
            names[lowest],
            amount(highest),
            names[highest],
            amount(median)
        ),
        Language::English => format!(
            "{}{colon}from {} ({}) to {} ({}){semicolon}median {}",
            indicator.name,
            amount(lowest),
            names[lowest],
            amount(highest),
            names[highest],
            amount(median)
        ),
    };
    if let Some(whole) = &indicator.whole {
        line = format!("{line}{semicolon}{}{colon}{}", atlas.whole, short_amount(whole, language));
    }
    let missing = names.len() - known.len();
    if missing > 0 {
        let word = if missing == 1 { &atlas.word } else { &atlas.words };
        let without = language.pick("sans valeur", "without value");
        line = format!("{line}{semicolon}{missing} {word} {without}");
    }
    // An abbreviated unit ends with a stop already.
    Some(if line.ends_with('.') { line } else { format!("{line}.") })
}

/// What each indicator is, and the works that all rest on.
pub(super) fn definitions(atlas: &Atlas) -> Section {
    let language = atlas.language;
    let mut section =
        Section::new("definitions", language.pick("Définitions et sources", "Definitions and sources"));
    section = section.with_paragraph(match language {
        Language::French => format!(
            "Rang 1\u{a0}: la valeur la plus élevée, que ce soit bien ou mal. Quand les valeurs ont un intervalle, le rang est donné \
             comme l’étendue des rangs possibles. À comparer\u{a0}: les {} les plus proches dont la taille va de la moitié au double, \
             puis celles dont la taille diffère le moins.",
            atlas.words
        ),
        Language::English => format!(
            "Rank 1 is the highest value, be it good or bad. Where values have an interval, the rank is given as the range of ranks \
             that are possible. To compare with: the nearest {} of half to twice the size, then those that differ least in size.",
            atlas.words
        ),
    });
    for indicator in atlas.indicators().filter(|one| !one.definition.is_empty()) {
        section = section.with_item(format!("{}{}{}", indicator.name, colon(language), indicator.definition));
    }
    match credits(atlas) {
        Some(credits) => section.with_paragraph(credits),
        None => section,
    }
}

/// The works to be named, as a sentence.
pub(super) fn credits(atlas: &Atlas) -> Option<String> {
    let credits = atlas.credits();
    (!credits.is_empty()).then(|| datagora_core::attribution(&credits, atlas.language))
}

/// The word for all together, as headings begin.
pub(super) fn whole_heading(atlas: &Atlas) -> String {
    capitalised(&atlas.whole)
}
