//! Phrases that charts share in their descriptions.
use datagora_core::{Language, Measured, Suppression, Unit};

use crate::format::{format_number, format_short};
use crate::table::describe_amount;

/// A number with its unit, which agrees with it: « 1 arbre », « 12,5 % », "3 trees".
pub(crate) fn quantity(value: f64, unit: &Unit, language: Language) -> String {
    let number = plain(value, language);
    match (unit.symbol_of(value, language).as_str(), language) {
        ("", _) => number,
        ("%", Language::English) => format!("{number}%"),
        ("%", Language::French) => format!("{number}\u{202f}%"),
        (symbol, _) => format!("{number}\u{a0}{symbol}"),
    }
}

/// A whole number as it is, others shortened.
pub(super) fn plain(value: f64, language: Language) -> String {
    if value.fract() == 0.0 { format_number(value, 0, language) } else { format_short(value, language) }
}

/// « 1 valeur manque », "12 values are missing"; nothing if none is.
pub(super) fn missing(count: usize, language: Language) -> String {
    let number = language.group_digits(count as u64);
    match (count, language) {
        (0, _) => String::new(),
        (1, Language::French) => "1 valeur manque".to_owned(),
        (1, Language::English) => "1 value is missing".to_owned(),
        (_, Language::French) => format!("{number} valeurs manquent"),
        (_, Language::English) => format!("{number} values are missing"),
    }
}

/// « et 12 autres dans le tableau », "and 12 more in the table".
pub(super) fn more_in_the_table(rest: usize, language: Language) -> String {
    let count = language.group_digits(rest as u64);
    match (rest, language) {
        (1, Language::French) => "et une autre dans le tableau".to_owned(),
        (_, Language::French) => format!("et {count} autres dans le tableau"),
        (_, Language::English) => format!("and {count} more in the table"),
    }
}

/// Why a value is withheld, in two or three words that fit into a picture.
pub(super) fn short_reason(reason: &Suppression, language: Language) -> &'static str {
    match reason {
        reason if reason.is_secret() => language.pick("secret statistique", "statistical secrecy"),
        Suppression::Incomplete { .. } => language.pick("données insuffisantes", "not enough data"),
        Suppression::Derived { from } => short_reason(from, language),
        _ => language.pick("non défini", "not defined"),
    }
}

/// A value with its unit, or in a few words why there is none.
pub(crate) fn amount_or_reason(value: &Measured, language: Language) -> String {
    match value.suppression() {
        Some(reason) => short_reason(reason, language).to_owned(),
        None => match (value.value(), value.interval()) {
            // An interval of no width tells nothing.
            (Some(_), Some(interval)) if interval.width() == 0.0 => {
                describe_amount(&value.clone().without_interval(), language)
            }
            _ => describe_amount(value, language),
        },
    }
}

/// A name as a sentence begins with it.
pub(crate) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The colon of the language.
pub(crate) fn colon(language: Language) -> &'static str {
    language.pick("\u{a0}: ", ": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_agree() {
        let tree = Unit::of("{tree}");
        assert_eq!(quantity(1.0, &tree, Language::French), "1\u{a0}arbre");
        assert_eq!(quantity(12_345.0, &tree, Language::English), "12,345\u{a0}trees");
        assert_eq!(quantity(12.5, &Unit::of("%"), Language::French), "12,5\u{202f}%");
        assert_eq!(quantity(12.5, &Unit::ONE, Language::English), "12.5");
    }

    #[test]
    fn sentences_begin_with_capitals() {
        assert_eq!(capitalised("état inconnu"), "État inconnu");
        assert_eq!(capitalised(""), "");
    }

    #[test]
    fn reasons_are_short() {
        let secret = Suppression::Secondary.derived();
        assert_eq!(short_reason(&secret, Language::French), "secret statistique");
        let scarce = Suppression::Incomplete { needed: 0.75 };
        assert_eq!(short_reason(&scarce.derived(), Language::English), "not enough data");
        let undefined = Suppression::Undefined { reason: "x".to_owned() };
        assert_eq!(short_reason(&undefined, Language::French), "non défini");
    }
}
