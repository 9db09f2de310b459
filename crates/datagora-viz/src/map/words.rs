//! What a map shows, in words made from its data.
use datagora_core::Language;

use super::rows::Rows;
use crate::{Classes, describe_measured, format_number};

/// Names listed in full up to this many.
const LISTED: usize = 8;

/// A list of names, cut where it is long.
fn list(names: &[&str], language: Language) -> String {
    let shown = names[..names.len().min(LISTED)].join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        rest => {
            format!("{shown} {} {rest} {}", language.pick("et", "and"), language.pick("autres", "others"))
        }
    }
}

/// Lowest, median and highest row by name and value; what is missing or withheld, by name.
pub(super) fn describe_values(rows: &Rows, zone_word: &str, language: Language) -> String {
    let numbers = rows.numbers();
    let mut order: Vec<usize> = (0..numbers.len()).filter(|&row| numbers[row].is_finite()).collect();
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]).then_with(|| rows.names[a].cmp(&rows.names[b])));
    let symbol = rows.unit.symbol(language);
    let unit = match &symbol[..] {
        "" => String::new(),
        "%" => language.pick("\u{202f}%", "%").to_owned(),
        _ => format!("\u{a0}{symbol}"),
    };
    let tell = |row: usize| {
        format!("{}{unit} ({})", describe_measured(&rows.values[row], language), rows.names[row])
    };
    let mut sentences = Vec::new();
    if let [lowest, .., highest] = order[..] {
        let median = order[(order.len() - 1) / 2];
        let (heading, count) = (rows.heading(language), format_number(order.len() as f64, 0, language));
        sentences.push(match language {
            Language::French => format!(
                "{heading}, {count} {zone_word}\u{a0}: de {} à {}, médiane {}.",
                tell(lowest),
                tell(highest),
                tell(median)
            ),
            Language::English => format!(
                "{heading}, {count} {zone_word}: from {} to {}, median {}.",
                tell(lowest),
                tell(highest),
                tell(median)
            ),
        });
    } else if let [only] = order[..] {
        let colon = language.pick("\u{a0}: ", ": ");
        sentences.push(format!("{}{colon}{}.", rows.heading(language), tell(only)));
    }
    let bracketed =
        rows.values.iter().filter(|value| value.value().is_none() && value.interval().is_some()).count();
    if bracketed > 0 {
        let count = format_number(bracketed as f64, 0, language);
        sentences.push(match language {
            Language::French => format!("{count} valeurs connues seulement par un intervalle."),
            Language::English => format!("{count} values known only within bounds."),
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
            let colon = language.pick("\u{a0}: ", ": ");
            sentences.push(format!("{}{colon}{}.", language.pick(french, english), without(which)));
        }
    }
    sentences.join(" ")
}

/// The classes in a sentence, from high to low.
pub(super) fn describe_classes(classes: &Classes, zone_word: &str, language: Language) -> String {
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
            format!("{n} classe{plural}, {method}, avec le nombre de {zone_word}{colon}{parts}.")
        }
        Language::English => {
            let plural = if n < 2 { "" } else { "es" };
            format!("{n} class{plural}, {method}, with the number of {zone_word}{colon}{parts}.")
        }
    }
}
