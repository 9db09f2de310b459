//! Units as citizens read them.
use super::grammar::{Expression, Part, Term};
use crate::Language;

/// What is counted, in both languages.
struct Word {
    annotation: &'static str,
    french: [&'static str; 3],
    english: [&'static str; 3],
}

/// Singular, plural, and the short form below the line.
const WORDS: [Word; 24] = [
    word("tree", ["arbre", "arbres", "arbre"], ["tree", "trees", "tree"]),
    word("inhabitant", ["habitant", "habitants", "hab."], ["inhabitant", "inhabitants", "inhabitant"]),
    word("person", ["personne", "personnes", "pers."], ["person", "people", "person"]),
    word("passenger", ["voyageur", "voyageurs", "voy."], ["passenger", "passengers", "passenger"]),
    word("passage", ["passage", "passages", "passage"], ["passage", "passages", "passage"]),
    word("household", ["ménage", "ménages", "ménage"], ["household", "households", "household"]),
    word(
        "establishment",
        ["établissement", "établissements", "établ."],
        ["establishment", "establishments", "establishment"],
    ),
    word("job", ["emploi", "emplois", "emploi"], ["job", "jobs", "job"]),
    word("vehicle", ["véhicule", "véhicules", "véh."], ["vehicle", "vehicles", "vehicle"]),
    word("bicycle", ["vélo", "vélos", "vélo"], ["bicycle", "bicycles", "bicycle"]),
    word("pedestrian", ["piéton", "piétons", "piéton"], ["pedestrian", "pedestrians", "pedestrian"]),
    word("trip", ["déplacement", "déplacements", "dépl."], ["trip", "trips", "trip"]),
    word("station", ["station", "stations", "station"], ["station", "stations", "station"]),
    word("dwelling", ["logement", "logements", "log."], ["dwelling", "dwellings", "dwelling"]),
    word("building", ["bâtiment", "bâtiments", "bât."], ["building", "buildings", "building"]),
    word("sensor", ["capteur", "capteurs", "capteur"], ["sensor", "sensors", "sensor"]),
    word("counter", ["compteur", "compteurs", "compteur"], ["counter", "counters", "counter"]),
    word("species", ["espèce", "espèces", "espèce"], ["species", "species", "species"]),
    word("kind", ["taxon", "taxons", "taxon"], ["taxon", "taxa", "taxon"]),
    word("park", ["parc", "parcs", "parc"], ["park", "parks", "park"]),
    word("point", ["point", "points", "point"], ["point", "points", "point"]),
    word("nat", ["nat", "nats", "nat"], ["nat", "nats", "nat"]),
    word("CO2", ["CO₂", "CO₂", "CO₂"], ["CO₂", "CO₂", "CO₂"]),
    // UCUM has no currencies; the code of ISO 4217 stands in braces.
    word("EUR", ["€", "€", "€"], ["€", "€", "€"]),
];

const fn word(annotation: &'static str, french: [&'static str; 3], english: [&'static str; 3]) -> Word {
    Word { annotation, french, english }
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Singular,
    Plural,
    Short,
    /// Below the line, after a number.
    ShortPlural,
}

/// The unit in words and symbols; the word above the line agrees with the value.
pub(super) fn label(expression: &Expression, value: f64, language: Language) -> String {
    // In French the plural begins at two; in English all but one is plural.
    let singular = match language {
        Language::French => value.abs() < 2.0,
        Language::English => value.abs() == 1.0,
    };
    let form = if singular { Form::Singular } else { Form::Plural };
    let above = side(expression, 1, form, language).join("·");
    let numbered =
        expression.terms.iter().any(|term| term.exponent < 0 && matches!(term.part, Part::Number(2..)));
    let form = if numbered { Form::ShortPlural } else { Form::Short };
    let below = side(expression, -1, form, language);
    match below.as_slice() {
        [] => above,
        [one] => format!("{above}/{one}"),
        // « emplois/1 000 hab. »
        [number, counted] if number.ends_with(|c: char| c.is_ascii_digit()) => {
            format!("{above}/{number}\u{a0}{counted}")
        }
        several => format!("{above}/({})", several.join("·")),
    }
}

/// What stands above (1) or below (−1) the line. What is counted stays with the unit it follows: « kg CO₂ ».
fn side(expression: &Expression, sign: i32, form: Form, language: Language) -> Vec<String> {
    let terms =
        expression.terms.iter().filter(|term| term.exponent.signum() == sign && term.part != Part::Number(1));
    let mut parts: Vec<String> = Vec::new();
    let mut after_unit = false;
    for term in terms {
        let text = written(term, form, language);
        match (parts.last_mut(), &term.part) {
            (Some(unit), Part::Counted(_)) if after_unit => *unit += &format!("\u{a0}{text}"),
            _ => parts.push(text),
        }
        after_unit = matches!(term.part, Part::Unit { .. });
    }
    parts
}

fn written(term: &Term, form: Form, language: Language) -> String {
    let base = match &term.part {
        Part::Number(number) => language.group_digits(u64::from(*number)),
        Part::Counted(name) => counted(name, form, language).to_owned(),
        Part::Unit { prefix, atom, .. } => match (prefix.map_or("", |(prefix, _)| prefix), atom.symbol) {
            // The hectare is the are with prefix hecto, but its symbol is not that of the are.
            ("h", "ar") => "ha".to_owned(),
            ("u", symbol) => format!("µ{}", known_symbol(symbol, form, language)),
            (prefix, symbol) => format!("{prefix}{}", known_symbol(symbol, form, language)),
        },
    };
    match term.exponent.abs() {
        1 => base,
        exponent => base + &superscript(exponent),
    }
}

/// The word for what is counted; its own text if it is not in the table.
fn counted(name: &str, form: Form, language: Language) -> &str {
    let Some(word) = WORDS.iter().find(|word| word.annotation == name) else {
        return name;
    };
    let [singular, plural, short] = language.pick(word.french, word.english);
    match form {
        Form::Singular => singular,
        Form::Plural => plural,
        Form::Short => short,
        Form::ShortPlural if short.ends_with('.') => short,
        Form::ShortPlural => plural,
    }
}

/// The symbol readers know, where it is not the UCUM one.
fn known_symbol(symbol: &'static str, form: Form, language: Language) -> &'static str {
    match symbol {
        "Cel" => "°C",
        "d" => language.pick("j", "d"),
        "wk" => language.pick("sem.", "wk"),
        "mo" | "mo_j" | "mo_g" => language.pick("mois", "mo"),
        "a" | "a_j" | "a_g" | "a_t" if form == Form::Plural => language.pick("ans", "yr"),
        "a" | "a_j" | "a_g" | "a_t" => language.pick("an", "yr"),
        "B[SPL]" => "B",
        "Ohm" => "Ω",
        "By" => language.pick("o", "B"),
        "ar" => "a",
        "deg" => "°",
        "'" => "′",
        "''" => "″",
        "10*" | "10^" => "10",
        "[pi]" => "π",
        "[ppth]" => "‰",
        "[ppm]" => "ppm",
        "[ppb]" => "ppb",
        "[in_i]" => "in",
        "[ft_i]" => "ft",
        "[yd_i]" => "yd",
        "[mi_i]" => "mi",
        "[kn_i]" => language.pick("nd", "kn"),
        other => other,
    }
}

fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = exponent.to_string();
    digits.bytes().filter_map(|digit| DIGITS.get(usize::from(digit.wrapping_sub(b'0')))).collect()
}
