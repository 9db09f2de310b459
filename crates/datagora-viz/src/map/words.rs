//! What a map shows, in words made from its data.
use datagora_core::Language;

use super::rows::Rows;
use crate::{Classes, format_number};

/// Names listed in full up to this many.
const LISTED: usize = 8;

/// A list of names, cut where it is long.
pub(super) fn list(names: &[&str], language: Language) -> String {
    let shown = names[..names.len().min(LISTED)].join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        rest => {
            format!("{shown} {} {rest} {}", language.pick("et", "and"), language.pick("autres", "others"))
        }
    }
}

/// Lowest, median and highest row by name and value; what is missing or withheld, by name.
///
/// Values known only by an interval are ranked by its lower bound.
pub(super) fn describe_values(rows: &Rows, zone_word: &str, language: Language) -> String {
    let rank: Vec<f64> = rows
        .values
        .iter()
        .map(|value| {
            let lower =
                value.interval().filter(|_| value.suppression().is_none()).map(|interval| interval.lower);
            value.value().or(lower).unwrap_or(f64::NAN)
        })
        .collect();
    let mut order: Vec<usize> = (0..rank.len()).filter(|&row| rank[row].is_finite()).collect();
    order.sort_by(|&a, &b| rank[a].total_cmp(&rank[b]).then_with(|| rows.names[a].cmp(&rows.names[b])));
    let tell = |row: usize| format!("{} ({})", rows.amount(row, language), rows.names[row]);
    let colon = language.pick("\u{a0}: ", ": ");
    let mut sentences = Vec::new();
    if let [lowest, .., highest] = order[..] {
        let median = order[(order.len() - 1) / 2];
        let (heading, count) = (rows.heading(language), format_number(order.len() as f64, 0, language));
        sentences.push(format!(
            "{heading}, {count} {zone_word}{colon}minimum {}, {} {}, maximum {}.",
            tell(lowest),
            language.pick("médiane", "median"),
            tell(median),
            tell(highest)
        ));
    } else if let [only] = order[..] {
        sentences.push(format!("{}{colon}{}.", rows.heading(language), tell(only)));
    }
    let bracketed = order.iter().filter(|&&row| rows.values[row].value().is_none()).count();
    if bracketed > 0 {
        let count = format_number(bracketed as f64, 0, language);
        sentences.push(match language {
            Language::French => {
                format!(
                    "Valeurs connues seulement par un intervalle, rangées par leur minimum\u{a0}: {count}."
                )
            }
            Language::English => format!("Values known only within bounds, ranked by the lower: {count}."),
        });
    }
    let without = |rows_without: &[usize]| {
        let names: Vec<&str> = rows_without.iter().map(|&row| &rows.names[row][..]).collect();
        list(&names, language)
    };
    let missing: Vec<usize> =
        rows.missing().into_iter().filter(|&row| rows.values[row].interval().is_none()).collect();
    let secret = rows.secret();
    for (which, french, english) in
        [(&missing, "Pas de donnée", "No data"), (&secret, "Secret statistique", "Statistical secrecy")]
    {
        if !which.is_empty() {
            sentences.push(format!("{}{colon}{}.", language.pick(french, english), without(which)));
        }
    }
    sentences.join(" ")
}

/// Which rows have no place on the map; `None` if all have one.
pub(super) fn describe_absent(names: &[String], absent: &[usize], language: Language) -> Option<String> {
    let names: Vec<&str> = absent.iter().map(|&row| &names[row][..]).collect();
    let lead = language
        .pick("Sans position connue, absent de la carte\u{a0}: ", "Position not known, not on the map: ");
    (!names.is_empty()).then(|| format!("{lead}{}.", list(&names, language)))
}

/// The classes in a sentence, from high to low.
pub(super) fn describe_classes(classes: &Classes, language: Language) -> String {
    let rounded = classes.rounded();
    let parts: Vec<String> = (0..classes.len())
        .rev()
        .map(|class| {
            let range = rounded.label(class, language);
            format!("{range} ({})", format_number(classes.counts()[class] as f64, 0, language))
        })
        .collect();
    let colon = language.pick("\u{a0}: ", ": ");
    let parts = parts.join(language.pick("\u{202f}; ", "; "));
    let (n, method) = (classes.len(), classes.method().name(language));
    match language {
        Language::French => {
            let plural = if n < 2 { "" } else { "s" };
            format!("{n} classe{plural}, {method}, effectif entre parenthèses{colon}{parts}.")
        }
        Language::English => {
            let plural = if n < 2 { "" } else { "es" };
            format!("{n} class{plural}, {method}, number of members in brackets{colon}{parts}.")
        }
    }
}
