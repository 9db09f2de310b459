//! What a flow map says in words.
use datagora_core::Language;

use super::picture::Picture;
use super::theme::FlowTheme;
use super::{Clustering, FlowDirection};
use crate::chart::quantity;
use crate::flow::Flow;
use crate::map::rows::capitalised;
use crate::{Column, DataTable, format_number, format_percent};

/// Flows named in the description.
const NAMED: usize = 3;

/// What flows, for headings.
pub(super) fn heading(theme: &FlowTheme<'_>) -> String {
    match theme.map.measure.is_empty() {
        true => theme.language.pick("Flux", "Flows").to_owned(),
        false => capitalised(&theme.map.measure),
    }
}

fn amount(value: f64, theme: &FlowTheme<'_>) -> String {
    quantity(value, theme.map.flows.unit(), theme.language)
}

fn count(n: usize, theme: &FlowTheme<'_>) -> String {
    format_number(n as f64, 0, theme.language)
}

fn colon(theme: &FlowTheme<'_>) -> &'static str {
    theme.language.pick("\u{a0}: ", ": ")
}

/// Origin, destination and amount of a flow.
pub(super) fn tip(picture: &Picture, flow: &Flow, theme: &FlowTheme<'_>) -> String {
    let (from, to) = flow.ends();
    let sign = if theme.map.direction == FlowDirection::Undirected { "–" } else { "→" };
    let ends = format!("{} {sign} {}", picture.names[from], picture.names[to]);
    let more = match theme.map.direction {
        FlowDirection::Net => {
            theme.language.pick(" de plus que dans l’autre sens", " more than the other way")
        }
        _ => "",
    };
    format!("{ends}{}{}{more}", colon(theme), amount(flow.amount, theme))
}

/// What arrives at a place and leaves it.
pub(super) fn place_tip(picture: &Picture, place: usize, theme: &FlowTheme<'_>) -> String {
    let colon = colon(theme);
    let parts = [
        (theme.language.pick("arrivées", "arrivals"), picture.entering[place]),
        (theme.language.pick("départs", "departures"), picture.leaving[place]),
        (theme.language.pick("sur place", "within"), picture.within[place]),
    ];
    let parts = parts.map(|(word, value)| format!("{word} {}", amount(value, theme)));
    format!("{}{colon}{}", picture.names[place], parts.join(", "))
}

/// How many flows are drawn, and which share of the total they are.
pub(super) fn drawn(picture: &Picture, theme: &FlowTheme<'_>) -> String {
    let (drawn, pairs) = (count(picture.drawn.len(), theme), count(picture.pairs, theme));
    let word = between(theme);
    if picture.drawn.len() == picture.pairs {
        return match theme.language {
            Language::French => format!("Flux {word}, tous dessinés\u{a0}: {pairs}."),
            Language::English => format!("Flows {word}, all drawn: {pairs}."),
        };
    }
    // Rounded down, so that 100 % is never said of less.
    let share = format_percent((100.0 * picture.share()).floor() / 100.0, 0, theme.language);
    match (theme.language, theme.map.direction) {
        (Language::French, FlowDirection::Net) => {
            format!("Les {drawn} plus grands soldes sur {pairs}, {share} de leur somme.")
        }
        (Language::English, FlowDirection::Net) => {
            format!("The {drawn} largest net flows of {pairs}, {share} of their sum.")
        }
        (Language::French, _) => {
            format!("Les {drawn} plus grands flux sur {pairs}, {share} du total {word}.")
        }
        (Language::English, _) => {
            format!("The {drawn} largest of {pairs} flows, {share} of the total {word}.")
        }
    }
}

/// « entre communes », « entre groupes de communes ».
fn between(theme: &FlowTheme<'_>) -> String {
    let word = &theme.options.zone_word;
    match (theme.language, theme.map.clustering) {
        (Language::French, Clustering::None) => format!("entre {word}"),
        (Language::French, _) => format!("entre groupes {}", of_word(word)),
        (Language::English, Clustering::None) => format!("between {word}"),
        (Language::English, _) => format!("between groups of {word}"),
    }
}

/// « de communes », « d’IRIS ».
fn of_word(word: &str) -> String {
    let vowel = word
        .chars()
        .next()
        .is_some_and(|first| "aàâeéèêiîoôuûyœ".contains(first.to_lowercase().next().unwrap_or(first)));
    if vowel { format!("d’{word}") } else { format!("de {word}") }
}

/// Below which amount all lines have the same width.
pub(super) fn thin(below: f64, theme: &FlowTheme<'_>) -> String {
    let below = quantity(round_above(below), theme.map.flows.unit(), theme.language);
    match theme.language {
        Language::French => format!("En dessous de {below} environ, les traits ont tous la même largeur."),
        Language::English => format!("Below about {below}, all lines have the same width."),
    }
}

/// The number with one significant digit that is not below an amount.
fn round_above(amount: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(amount).floor());
    (amount / power).ceil() * power
}

/// What is not drawn, and why.
pub(super) fn apart(picture: &Picture, theme: &FlowTheme<'_>) -> Vec<String> {
    let (flows, word) = (theme.map.flows, &theme.options.zone_word);
    let french = theme.language == Language::French;
    let within = theme.within_places();
    let everything = flows.total() + flows.within().iter().sum::<f64>();
    let share = |part: f64| format_percent(part / everything, 0, theme.language);
    let mut said = Vec::new();
    let groups = picture.sizes.len();
    if groups < theme.placed() {
        let (placed, groups) = (count(theme.placed(), theme), count(groups, theme));
        said.push(match french {
            true => format!(
                "{placed} {word} en {groups} groupes, au nom du plus important de leurs membres\u{a0}; « +2 »\u{a0}: avec 2 autres."
            ),
            false => format!("{placed} {word} in {groups} groups, named after their largest member; “+2”: with 2 others."),
        });
        let gathered = picture.within.iter().sum::<f64>() - within;
        if gathered > 0.0 {
            let (gathered, share) = (amount(gathered, theme), share(gathered));
            said.push(match french {
                true => format!(
                    "Entre {word} d’un même groupe, non dessinés\u{a0}: {gathered} ({share} de tout)."
                ),
                false => format!("Between {word} of one group, not drawn: {gathered} ({share} of all)."),
            });
        }
    }
    if within > 0.0 {
        let (within, share) = (amount(within, theme), share(within));
        said.push(match french {
            true => format!("À l’intérieur des {word}, non dessinés\u{a0}: {within} ({share} de tout)."),
            false => format!("Within {word}, not drawn: {within} ({share} of all)."),
        });
    }
    for (n, french, english) in [
        (
            flows.bounded(),
            "Flux connus par un intervalle, dessinés à leur minimum",
            "Flows known within bounds, drawn at the lower",
        ),
        (flows.missing(), "Flux sans donnée, non dessinés", "Flows without data, not drawn"),
        (
            flows.withheld(),
            "Flux sous secret statistique, non dessinés",
            "Flows withheld by statistical secrecy, not drawn",
        ),
    ] {
        if n > 0 {
            said.push(format!(
                "{}{}{}.",
                theme.language.pick(french, english),
                colon(theme),
                count(n, theme)
            ));
        }
    }
    if let Some(absent) = theme.places.describe_absent(theme.map.names, theme.language) {
        said.push(absent);
        let placed = picture.within.iter().sum::<f64>() + picture.entering.iter().sum::<f64>();
        if everything > placed {
            let (lost, share) = (amount(everything - placed, theme), share(everything - placed));
            said.push(match french {
                true => format!("Leurs flux, non dessinés\u{a0}: {lost} ({share} de tout)."),
                false => format!("Their flows, not drawn: {lost} ({share} of all)."),
            });
        }
    }
    said
}

/// The largest flows, and the places where most arrives and leaves.
pub(super) fn describe(picture: &Picture, theme: &FlowTheme<'_>) -> String {
    let french = theme.language == Language::French;
    let largest: Vec<String> = picture
        .drawn
        .iter()
        .take(NAMED)
        .map(|flow| {
            let (from, to) = flow.ends();
            let (from, to, amount) = (&picture.names[from], &picture.names[to], amount(flow.amount, theme));
            match (theme.map.direction, french) {
                (FlowDirection::Undirected, true) => format!("entre {from} et {to} ({amount})"),
                (FlowDirection::Undirected, false) => format!("between {from} and {to} ({amount})"),
                (_, true) => format!("de {from} à {to} ({amount})"),
                (_, false) => format!("from {from} to {to} ({amount})"),
            }
        })
        .collect();
    let colon = colon(theme);
    let kind = match theme.map.direction {
        FlowDirection::Net => theme.language.pick("soldes", "net flows"),
        _ => theme.language.pick("flux", "flows"),
    };
    let lead = match french {
        true => format!("{}. {} Plus grands {kind}{colon}", heading(theme), drawn(picture, theme)),
        false => format!("{}. {} Largest {kind}{colon}", heading(theme), drawn(picture, theme)),
    };
    let mut sentences = vec![format!("{lead}{}.", largest.join(", "))];
    let tell = |words: [&str; 2], of: &dyn Fn(usize) -> f64| {
        let place = (0..picture.centres.len())
            .reduce(|best, place| if of(place) > of(best) { place } else { best })?;
        let words = theme.language.pick(words[0], words[1]);
        (of(place) > 0.0)
            .then(|| format!("{words}{colon}{} ({}).", picture.names[place], amount(of(place), theme)))
    };
    let told = match theme.map.direction {
        FlowDirection::Directed => [
            tell(["Le plus d’arrivées", "Most arrivals"], &|place| picture.entering[place]),
            tell(["Le plus de départs", "Most departures"], &|place| picture.leaving[place]),
        ],
        FlowDirection::Undirected => [
            tell(["Le plus d’arrivées et de départs", "Most arrivals and departures"], &|place| {
                picture.entering[place] + picture.leaving[place]
            }),
            None,
        ],
        FlowDirection::Net => [
            tell(["Gagne le plus", "Gains most"], &|place| picture.net(place)),
            tell(["Perd le plus", "Loses most"], &|place| -picture.net(place)),
        ],
    };
    sentences.extend(told.into_iter().flatten());
    sentences.extend(apart(picture, theme));
    sentences.join(" ")
}

/// The flows drawn, then what stays within each place or group.
pub(super) fn table(picture: &Picture, theme: &FlowTheme<'_>, caption: &str) -> DataTable {
    let mut within: Vec<usize> =
        (0..picture.centres.len()).filter(|&place| picture.within[place] > 0.0).collect();
    within.sort_by(|&a, &b| picture.within[b].total_cmp(&picture.within[a]).then(a.cmp(&b)));
    let mut rows: Vec<(usize, usize, f64)> =
        picture.drawn.iter().map(|flow| (flow.ends().0, flow.ends().1, flow.amount)).collect();
    rows.extend(within.into_iter().take(theme.map.most).map(|place| (place, place, picture.within[place])));
    let language = theme.language;
    let name = |place: usize| picture.names[place].clone();
    let [from, to] = match theme.map.direction {
        FlowDirection::Undirected => [language.pick("Entre", "Between"), language.pick("Et", "And")],
        _ => [language.pick("De", "From"), language.pick("À", "To")],
    };
    DataTable::new(caption)
        .with(Column::text(from, rows.iter().map(|row| name(row.0))))
        .with(Column::text(to, rows.iter().map(|row| name(row.1))))
        .with(Column::numbers(heading(theme), theme.map.flows.unit().clone(), rows.iter().map(|row| row.2)))
}
