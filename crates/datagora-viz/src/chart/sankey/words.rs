//! What a diagram of bands says in words.
use datagora_core::{Language, Unit};

use super::draw::{reason, rounded, value_of};
use super::graph::{Graph, Node};
use super::{Link, Sankey};
use crate::chart::words::{capitalised, colon, more_in_the_table, plain, quantity};
use crate::{Captions, Column, DataTable, describe_measured};

/// Links and nodes named in the description.
const NAMED: usize = 4;

/// The name of an end of a link, with its stage.
fn end_of(sankey: &Sankey, (stage, name): &(Option<usize>, String)) -> String {
    match stage.and_then(|stage| sankey.stages.get(stage)) {
        Some(stage) => format!("{name} ({stage})"),
        None => name.clone(),
    }
}

fn ends(sankey: &Sankey, link: &Link) -> String {
    format!("{} → {}", end_of(sankey, &link.from), end_of(sankey, &link.to))
}

/// The ends of a link and its amount, or why it has none.
pub(super) fn link_tip(sankey: &Sankey, link: usize, language: Language) -> String {
    let link = &sankey.links[link];
    let amount = match (link.amount.value(), link.amount.interval()) {
        (Some(value), None) => quantity(value, &sankey.unit, language),
        (None, None) => reason(link.amount.suppression(), language).to_owned(),
        _ => with_symbol(&describe_measured(&link.amount, language), &sankey.unit, language),
    };
    format!("{}{}{amount}", ends(sankey, link), colon(language))
}

fn with_symbol(words: &str, unit: &Unit, language: Language) -> String {
    match unit.symbol(language).as_str() {
        "" => words.to_owned(),
        symbol => format!("{words}\u{a0}{symbol}"),
    }
}

/// One row for each link.
pub(super) fn table(sankey: &Sankey, captions: &Captions) -> DataTable {
    let language = captions.language;
    let links = &sankey.links;
    DataTable::new(&captions.title)
        .with(Column::text(language.pick("De", "From"), links.iter().map(|link| end_of(sankey, &link.from))))
        .with(Column::text(language.pick("À", "To"), links.iter().map(|link| end_of(sankey, &link.to))))
        .with(Column::measured(
            language.pick("Valeur", "Value"),
            sankey.unit.clone(),
            links.iter().map(|link| link.amount.clone()),
        ))
}

/// The largest links, what changed from the first stage to the last, what does not add up, what is not known.
pub(super) fn describe(sankey: &Sankey, graph: &Graph, language: Language) -> String {
    let colon = colon(language);
    let semicolon = language.pick("\u{202f}; ", "; ");
    let mut known: Vec<(usize, f64)> =
        graph.edges.iter().filter_map(|edge| edge.amount.map(|amount| (edge.link, amount))).collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let largest: Vec<String> =
        known.iter().take(NAMED).map(|(link, _)| link_tip(sankey, *link, language)).collect();
    let (links, columns) = (language.group_digits(graph.edges.len() as u64), graph.columns);
    let lead = match language {
        Language::French => {
            format!("Diagramme de flux en {columns} colonnes, {links} liens. Les plus grands")
        }
        Language::English => format!("Flow diagram of {columns} columns, {links} links. The largest"),
    };
    let mut sentences = vec![format!("{lead}{colon}{}.", largest.join(semicolon))];
    sentences.extend(changes(sankey, graph, language));
    let unequal: Vec<&Node> = graph.nodes.iter().filter(|node| node.difference().is_some()).collect();
    if !unequal.is_empty() {
        let told: Vec<String> =
            unequal.iter().map(|node| format!("{} ({})", node.name, value_of(node, language))).collect();
        let lead = language.pick("Ce qui entre n’est pas ce qui sort", "What enters is not what leaves");
        sentences.push(format!("{lead}{colon}{}.", listed(told, language)));
    }
    let unknown: Vec<String> = graph
        .edges
        .iter()
        .filter(|edge| edge.amount.is_none())
        .map(|edge| {
            let link = &sankey.links[edge.link];
            format!("{} ({})", ends(sankey, link), reason(link.amount.suppression(), language))
        })
        .collect();
    if !unknown.is_empty() {
        let lead = language.pick("Sans valeur", "Without value");
        sentences.push(format!("{lead}{colon}{}.", listed(unknown, language)));
    }
    let bounded = graph
        .edges
        .iter()
        .filter(|edge| edge.amount.is_some() && sankey.links[edge.link].amount.value().is_none())
        .count();
    if bounded > 0 {
        let lead = language.pick(
            "Connus par un intervalle, dessinés à leur minimum",
            "Known only within bounds, drawn at the lower",
        );
        sentences.push(format!("{lead}{colon}{}.", language.group_digits(bounded as u64)));
    }
    sentences.join(" ")
}

/// Some of a list, and how many more there are.
fn listed(mut items: Vec<String>, language: Language) -> String {
    let rest = items.len().saturating_sub(2 * NAMED);
    items.truncate(2 * NAMED);
    match rest {
        0 => items.join(", "),
        _ => format!("{} {}", items.join(", "), more_in_the_table(rest, language)),
    }
}

/// Names that stand in the first and the last stage, those first that changed most.
fn changes(sankey: &Sankey, graph: &Graph, language: Language) -> Vec<String> {
    let [first, .., last] = &sankey.stages[..] else { return Vec::new() };
    let at = |column: usize| graph.nodes.iter().filter(move |node| node.column == column);
    let mut pairs: Vec<(&Node, &Node)> = at(0)
        .filter_map(|before| Some((before, at(graph.columns - 1).find(|after| after.name == before.name)?)))
        .filter(|(before, after)| !before.at_least() && !after.at_least())
        .collect();
    let change = |pair: &(&Node, &Node)| (pair.1.size() - pair.0.size()).abs();
    pairs.sort_by(|a, b| change(b).total_cmp(&change(a)));
    let told = pairs.iter().take(NAMED).map(|(before, after)| {
        let [a, b] = [before, after].map(|node| plain(rounded(node.size()), language));
        let (name, colon) = (capitalised(&before.name), colon(language));
        let word = language.pick("en", "in");
        format!("{name}{colon}{a} {word} {first}, {b} {word} {last}.")
    });
    told.collect()
}
