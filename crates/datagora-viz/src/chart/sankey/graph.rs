//! Nodes in columns and the links between them.
use std::collections::HashMap;

use super::Sankey;
use crate::Captions;
use crate::chart::ChartError;

/// A node and what flows through it.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) column: usize,
    pub(super) entering: f64,
    pub(super) leaving: f64,
    /// Links without amount that end here, and that begin here.
    pub(super) unknown: [usize; 2],
    /// Whether links end here, and begin here.
    pub(super) has: [bool; 2],
    /// Whether a link is known only by its lower bound.
    pub(super) bounded: bool,
}

impl Node {
    /// The larger of what enters and what leaves.
    pub(super) fn size(&self) -> f64 {
        self.entering.max(self.leaving)
    }

    /// What enters without leaving, or leaves without entering if below zero; `None` where that is no loss, or not known.
    pub(super) fn difference(&self) -> Option<f64> {
        let known = self.has == [true; 2] && self.unknown == [0; 2] && !self.bounded;
        let difference = self.entering - self.leaving;
        // Sums of rounded amounts differ by their rounding.
        (known && difference.abs() > 1e-6 * self.size()).then_some(difference)
    }

    /// Whether there is more than is known.
    pub(super) fn at_least(&self) -> bool {
        self.bounded || self.unknown != [0; 2]
    }
}

/// A link that is drawn.
#[derive(Clone)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The amount or its lower bound; `None` if there is neither.
    pub(super) amount: Option<f64>,
    /// Which link of the diagram it is.
    pub(super) link: usize,
}

pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    pub(super) columns: usize,
    /// Number of nodes that have a bar: the first ones.
    pub(super) bars: usize,
}

impl Graph {
    pub(super) fn new(sankey: &Sankey, captions: &Captions) -> Result<Self, ChartError> {
        let mut rows: HashMap<(Option<usize>, &str), usize> = HashMap::new();
        let mut keys: Vec<(Option<usize>, &str)> = Vec::new();
        let mut edges = Vec::new();
        for (index, link) in sankey.links.iter().enumerate() {
            let (from, to) = (&link.from.1, &link.to.1);
            if *link.amount.unit() != sankey.unit {
                let (found, needed) = (link.amount.unit().clone(), sankey.unit.clone());
                return Err(ChartError::Units { name: format!("{from} → {to}"), found, needed });
            }
            let known = sankey.stages.len();
            if let Some(found) = link.to.0.filter(|stage| *stage >= known) {
                return Err(ChartError::Stage { name: to.clone(), found, known });
            }
            let amount = link.known();
            if let Some(found) = amount.filter(|amount| *amount < 0.0 || amount.is_infinite()) {
                return Err(ChartError::Flow { from: from.clone(), to: to.clone(), found });
            }
            // Nothing that flows is no band.
            if amount == Some(0.0) && link.amount.value().is_some() {
                continue;
            }
            let [from, to] = [&link.from, &link.to].map(|(stage, name)| {
                let key = (*stage, name.as_str());
                *rows.entry(key).or_insert_with(|| {
                    keys.push(key);
                    keys.len() - 1
                })
            });
            edges.push(Edge { from, to, amount, link: index });
        }
        if !edges.iter().any(|edge| edge.amount.is_some_and(|amount| amount > 0.0)) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let columns = columns_of(&keys, &edges)?;
        let count = columns.iter().max().map_or(0, |last| last + 1).max(sankey.stages.len());
        if !sankey.stages.is_empty() && count > sankey.stages.len() {
            let last = columns.iter().position(|column| column + 1 == count).unwrap_or(0);
            let known = sankey.stages.len();
            return Err(ChartError::Stage { name: keys[last].1.to_owned(), found: count - 1, known });
        }
        let mut nodes: Vec<Node> = keys
            .iter()
            .zip(columns)
            .map(|((_, name), column)| Node {
                name: (*name).to_owned(),
                column,
                entering: 0.0,
                leaving: 0.0,
                unknown: [0; 2],
                has: [false; 2],
                bounded: false,
            })
            .collect();
        for edge in &edges {
            let bounded = edge.amount.is_some() && sankey.links[edge.link].amount.value().is_none();
            for (end, node) in [(1, edge.from), (0, edge.to)] {
                let node = &mut nodes[node];
                node.has[end] = true;
                node.bounded |= bounded;
                match (edge.amount, end) {
                    (None, _) => node.unknown[end] += 1,
                    (Some(amount), 0) => node.entering += amount,
                    (Some(amount), _) => node.leaving += amount,
                }
            }
        }
        Ok(Self { bars: nodes.len(), nodes, edges, columns: count })
    }

    /// The nodes of two neighbouring columns with the links between them, and which nodes they are.
    pub(super) fn step(&self, column: usize) -> (Self, Vec<usize>) {
        let kept: Vec<usize> = (0..self.nodes.len())
            .filter(|&node| (column..column + 2).contains(&self.nodes[node].column))
            .collect();
        let row = |node: usize| kept.iter().position(|&other| other == node);
        let edges: Vec<Edge> = self
            .edges
            .iter()
            .filter(|edge| self.nodes[edge.from].column == column)
            .filter_map(|edge| {
                Some(Edge { from: row(edge.from)?, to: row(edge.to)?, amount: edge.amount, link: edge.link })
            })
            .collect();
        let nodes = kept
            .iter()
            .map(|&node| {
                let whole = &self.nodes[node];
                let side = usize::from(whole.column == column);
                let keep = |end: usize, amount: f64| if end == side { amount } else { 0.0 };
                let mut unknown = [0; 2];
                unknown[side] = whole.unknown[side];
                let mut has = [false; 2];
                has[side] = whole.has[side];
                Node {
                    name: whole.name.clone(),
                    column: whole.column - column,
                    entering: keep(0, whole.entering),
                    leaving: keep(1, whole.leaving),
                    unknown,
                    has,
                    bounded: whole.bounded,
                }
            })
            .collect::<Vec<Node>>();
        (Self { bars: kept.len(), nodes, edges, columns: 2 }, kept)
    }

    /// The same with links from column to column only: those that leap over columns pass through a node of their own in each, behind
    /// the others. Also which links of the result each link became.
    pub(super) fn routed(&self) -> (Self, Vec<Vec<usize>>) {
        let mut nodes = self.nodes.clone();
        let mut edges: Vec<Edge> = Vec::new();
        let mut parts = Vec::with_capacity(self.edges.len());
        for edge in &self.edges {
            let (first, last) = (self.nodes[edge.from].column, self.nodes[edge.to].column);
            let mut from = edge.from;
            let mut chain = Vec::new();
            for column in first + 1..=last {
                let to = if column == last { edge.to } else { nodes.len() };
                if column < last {
                    let amount = edge.amount.unwrap_or(0.0);
                    nodes.push(Node {
                        name: String::new(),
                        column,
                        entering: amount,
                        leaving: amount,
                        unknown: [usize::from(edge.amount.is_none()); 2],
                        has: [true; 2],
                        bounded: false,
                    });
                }
                chain.push(edges.len());
                edges.push(Edge { from, to, ..edge.clone() });
                from = to;
            }
            parts.push(chain);
        }
        (Self { nodes, edges, columns: self.columns, bars: self.bars }, parts)
    }

    /// Whether every link goes to the next column.
    pub(super) fn is_stepwise(&self) -> bool {
        self.edges.iter().all(|edge| self.nodes[edge.to].column == self.nodes[edge.from].column + 1)
    }
}

/// The column of each node: its stage, or one more than the last of those that flow into it; what nothing leaves stands last.
fn columns_of(keys: &[(Option<usize>, &str)], edges: &[Edge]) -> Result<Vec<usize>, ChartError> {
    let mut waiting = vec![0usize; keys.len()];
    for edge in edges {
        waiting[edge.to] += 1;
    }
    let mut columns = vec![0; keys.len()];
    let mut ready: Vec<usize> = (0..keys.len()).filter(|&node| waiting[node] == 0).collect();
    let mut seen = 0;
    while let Some(node) = ready.pop() {
        seen += 1;
        for edge in edges.iter().filter(|edge| edge.from == node) {
            columns[edge.to] = columns[edge.to].max(columns[node] + 1);
            waiting[edge.to] -= 1;
            if waiting[edge.to] == 0 {
                ready.push(edge.to);
            }
        }
    }
    if seen < keys.len() {
        return Err(ChartError::Cycle { names: cycle(keys, edges, &waiting) });
    }
    let last = columns.iter().copied().max().unwrap_or(0);
    let ends = |node: usize| !edges.iter().any(|edge| edge.from == node);
    Ok(keys
        .iter()
        .enumerate()
        .map(|(node, (stage, _))| stage.unwrap_or(if ends(node) { last } else { columns[node] }))
        .collect())
}

/// A way that returns to its beginning, through nodes that still wait for one another.
fn cycle(keys: &[(Option<usize>, &str)], edges: &[Edge], waiting: &[usize]) -> Vec<String> {
    let mut way: Vec<usize> = Vec::new();
    // Every node that waits has one before it that waits too, so that going back must come round.
    let mut node = waiting.iter().position(|&left| left > 0).unwrap_or(0);
    while !way.contains(&node) {
        way.push(node);
        let before = edges.iter().find(|edge| edge.to == node && waiting[edge.from] > 0);
        node = before.map_or(node, |edge| edge.from);
    }
    let start = way.iter().position(|&other| other == node).unwrap_or(0);
    let mut names: Vec<String> = way[start..].iter().map(|&node| keys[node].1.to_owned()).collect();
    names.push(keys[node].1.to_owned());
    names.reverse();
    names
}
