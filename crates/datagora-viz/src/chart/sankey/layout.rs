//! Where nodes and links stand, so that few bands cross. Every link goes to the next column: see [`Graph::routed`].
use std::collections::BTreeMap;

use super::graph::Graph;

/// Space between nodes of a column, px.
const GAP: f64 = 8.0;
/// Height of a band without amount, px.
const UNKNOWN: f64 = 6.0;
/// Sweeps over the columns in search of an order with fewer crossings.
const SWEEPS: usize = 24;
/// Pairs of links to look at for each round of swaps, at most.
const MOST_WORK: usize = 20_000_000;
/// Passes that draw nodes towards those that they are linked with.
const PASSES: usize = 16;

/// A diagram with its places, px from the top of the first node.
pub(super) struct Layout {
    /// Upper end and height of the bar of each node.
    pub(super) bars: Vec<[f64; 2]>,
    /// Of each edge: upper end where it begins, where it ends, and its height.
    pub(super) bands: Vec<[f64; 3]>,
    /// Px for each unit.
    pub(super) scale: f64,
    /// Height of all.
    pub(super) height: f64,
}

/// The nodes of each column from top to bottom.
pub(super) type Order = Vec<Vec<usize>>;

/// The order of the nodes in each column: as given, or that of some sweeps with the least that crosses.
pub(super) fn order(graph: &Graph, given: bool) -> Order {
    let mut columns: Order = vec![Vec::new(); graph.columns];
    for (node, of) in graph.nodes.iter().enumerate() {
        columns[of.column].push(node);
    }
    if given {
        return columns;
    }
    let mut ranks = ranks(graph, &columns);
    let (mut best, mut least) = (columns.clone(), crossings(graph, &ranks));
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        let turn: Vec<usize> =
            if forwards { (0..graph.columns).collect() } else { (0..graph.columns).rev().collect() };
        for column in turn {
            let nodes = &mut columns[column];
            let pulls: Vec<(f64, usize)> = nodes
                .iter()
                .map(|&node| (pull(graph, node, forwards, |other| ranks[other]).unwrap_or(ranks[node]), node))
                .collect();
            let mut sorted = pulls;
            // Stable, so that equals keep their order.
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            *nodes = sorted.into_iter().map(|(_, node)| node).collect();
            rank_column(nodes, &mut ranks);
        }
        let crossing = crossings(graph, &ranks);
        if crossing < least {
            (best, least) = (columns.clone(), crossing);
        }
    }
    swap_neighbours(graph, &mut best, least);
    best
}

/// Swaps neighbours in a column, and links that leap over the same columns, as long as that makes less cross; not in diagrams that are
/// so large that it would take long.
fn swap_neighbours(graph: &Graph, columns: &mut Order, mut least: f64) {
    let leaping = leaping(graph);
    let swaps = graph.nodes.len() + leaping.len() * leaping.len();
    if graph.edges.len() * graph.edges.len() * swaps > MOST_WORK {
        return;
    }
    let mut accept = |columns: &Order| {
        let crossing = crossings(graph, &ranks(graph, columns));
        // By more than rounding, so that it comes to an end.
        let better = crossing < least * (1.0 - 1e-9);
        if better {
            least = crossing;
        }
        better
    };
    let mut better = true;
    while better {
        better = false;
        for column in 0..columns.len() {
            for upper in 1..columns[column].len() {
                columns[column].swap(upper - 1, upper);
                match accept(columns) {
                    true => better = true,
                    false => columns[column].swap(upper - 1, upper),
                }
            }
        }
        for (index, a) in leaping.iter().enumerate() {
            for b in &leaping[index + 1..] {
                exchange(graph, columns, a, b);
                match accept(columns) {
                    true => better = true,
                    false => exchange(graph, columns, a, b),
                }
            }
        }
    }
}

/// The nodes without bar through which each link passes that leaps over columns.
fn leaping(graph: &Graph) -> Vec<Vec<usize>> {
    let mut passed: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| edge.to >= graph.bars) {
        passed.entry(edge.link).or_default().push(edge.to);
    }
    passed.into_values().collect()
}

/// Exchanges the places of two links in the columns over which both leap.
fn exchange(graph: &Graph, columns: &mut Order, a: &[usize], b: &[usize]) {
    let column = |node: usize| graph.nodes[node].column;
    for (&x, &y) in
        a.iter().flat_map(|x| b.iter().map(move |y| (x, y))).filter(|(x, y)| column(**x) == column(**y))
    {
        let nodes = &mut columns[column(x)];
        let place = |node: usize| nodes.iter().position(|&other| other == node);
        if let (Some(first), Some(second)) = (place(x), place(y)) {
            nodes.swap(first, second);
        }
    }
}

/// Rank of each node within its column, 0 to 1.
fn ranks(graph: &Graph, columns: &Order) -> Vec<f64> {
    let mut ranks = vec![0.0; graph.nodes.len()];
    for nodes in columns {
        rank_column(nodes, &mut ranks);
    }
    ranks
}

fn rank_column(nodes: &[usize], ranks: &mut [f64]) {
    for (place, &node) in nodes.iter().enumerate() {
        ranks[node] = (place as f64 + 0.5) / nodes.len() as f64;
    }
}

/// The weighted mean of where the nodes are that flow into a node, or those that it flows into.
fn pull(graph: &Graph, node: usize, from_left: bool, at: impl Fn(usize) -> f64) -> Option<f64> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for edge in &graph.edges {
        let (here, there) = if from_left { (edge.to, edge.from) } else { (edge.from, edge.to) };
        if here == node {
            // What is not known weighs a little all the same.
            let amount = edge.amount.filter(|amount| *amount > 0.0).unwrap_or(1e-9);
            sum += amount * at(there);
            weight += amount;
        }
    }
    (weight > 0.0).then(|| sum / weight)
}

/// How much crosses: the smaller of two bands that do.
pub(super) fn crossings(graph: &Graph, ranks: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (index, a) in graph.edges.iter().enumerate() {
        for b in &graph.edges[index + 1..] {
            let column = |node: usize| graph.nodes[node].column;
            if column(a.from) != column(b.from) {
                continue;
            }
            if (ranks[a.from] - ranks[b.from]) * (ranks[a.to] - ranks[b.to]) < 0.0 {
                sum += a.amount.unwrap_or(0.0).min(b.amount.unwrap_or(0.0)) + 1e-9;
            }
        }
    }
    sum
}

impl Layout {
    /// Places nodes in an order. Each has room for its bar and for its label, whose height `labels` gives; all take `height` at
    /// least.
    pub(super) fn new(graph: &Graph, columns: &Order, labels: &[f64], height: f64) -> Self {
        let gaps = |nodes: &[usize]| GAP * nodes.len().saturating_sub(1) as f64;
        let bar = |node: usize, scale: f64| {
            let of = &graph.nodes[node];
            let side = |amount: f64, unknown: usize| amount * scale + UNKNOWN * unknown as f64;
            side(of.entering, of.unknown[0]).max(side(of.leaving, of.unknown[1])).max(1.0)
        };
        let least = columns
            .iter()
            .map(|nodes| {
                nodes.iter().map(|&node| bar(node, 0.0).max(labels[node])).sum::<f64>() + gaps(nodes)
            })
            .fold(0.0, f64::max);
        // Beside labels and bands without amount there must be room for differences.
        let height = height.max(1.3 * least);
        let fits = |scale: f64| {
            columns.iter().all(|nodes| {
                let slots = nodes.iter().map(|&node| bar(node, scale).max(labels[node])).sum::<f64>();
                slots + gaps(nodes) <= height
            })
        };
        let largest = graph.nodes.iter().map(super::graph::Node::size).fold(0.0, f64::max);
        let (mut low, mut high) = (0.0, height / largest);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if fits(middle) { low = middle } else { high = middle }
        }
        let scale = low;
        let slots: Vec<f64> = (0..graph.nodes.len()).map(|node| bar(node, scale).max(labels[node])).collect();
        let tops = relaxed(graph, columns, &slots, height);
        let bars: Vec<[f64; 2]> = (0..graph.nodes.len())
            .map(|node| {
                let bar = bar(node, scale);
                [tops[node] + 0.5 * (slots[node] - bar), bar]
            })
            .collect();
        let bands = stacked(graph, &bars, scale);
        Self { bars, bands, scale, height }
    }
}

/// Upper ends of the slots, drawn towards the middle of what they are linked with, in their order and without overlap.
fn relaxed(graph: &Graph, columns: &Order, slots: &[f64], height: f64) -> Vec<f64> {
    let mut tops = vec![0.0; slots.len()];
    for nodes in columns {
        let free = height - nodes.iter().map(|&node| slots[node]).sum::<f64>();
        let gap = free / nodes.len().max(1) as f64;
        let mut y = 0.5 * gap;
        for &node in nodes {
            tops[node] = y;
            y += slots[node] + gap;
        }
    }
    for pass in 0..PASSES {
        let forwards = pass % 2 == 0;
        for turn in 0..columns.len() {
            let nodes = &columns[if forwards { turn } else { columns.len() - 1 - turn }];
            for &node in nodes {
                let middle = |other: usize| tops[other] + 0.5 * slots[other];
                if let Some(wanted) = pull(graph, node, forwards, middle) {
                    tops[node] = wanted - 0.5 * slots[node];
                }
            }
            let mut free = 0.0;
            for &node in nodes {
                tops[node] = tops[node].max(free);
                free = tops[node] + slots[node] + GAP;
            }
            let mut limit = height;
            for &node in nodes.iter().rev() {
                tops[node] = tops[node].min(limit - slots[node]);
                limit = tops[node] - GAP;
            }
        }
    }
    tops
}

/// The bands at each node, from top to bottom in the order of where they go.
fn stacked(graph: &Graph, bars: &[[f64; 2]], scale: f64) -> Vec<[f64; 3]> {
    let middle = |node: usize| bars[node][0] + 0.5 * bars[node][1];
    let mut bands: Vec<[f64; 3]> = graph
        .edges
        .iter()
        .map(|edge| [0.0, 0.0, edge.amount.map_or(UNKNOWN, |amount| (amount * scale).max(0.3))])
        .collect();
    for end in 0..2 {
        let here = |edge: usize| [graph.edges[edge].from, graph.edges[edge].to][end];
        let there = |edge: usize| [graph.edges[edge].to, graph.edges[edge].from][end];
        let mut order: Vec<usize> = (0..bands.len()).collect();
        order.sort_by(|&a, &b| {
            here(a).cmp(&here(b)).then(middle(there(a)).total_cmp(&middle(there(b)))).then(a.cmp(&b))
        });
        let mut before: Option<(usize, f64)> = None;
        for edge in order {
            let top = match before {
                Some((node, y)) if node == here(edge) => y,
                _ => bars[here(edge)][0],
            };
            bands[edge][end] = top;
            before = Some((here(edge), top + bands[edge][2]));
        }
    }
    bands
}
