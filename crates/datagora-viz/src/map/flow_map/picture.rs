//! What is drawn of the flows between places, or between groups of them.
use datagora_geo::types::Coord;

use super::{FlowDirection, FlowMap};
use crate::flow::{Flow, Flows, Level, sort_largest};

/// The places of a level and the largest flows between them.
pub(super) struct Picture {
    pub(super) centres: Vec<Coord>,
    pub(super) names: Vec<String>,
    /// The place that each group is named after.
    pub(super) largest_places: Vec<usize>,
    /// Number of places in each group.
    pub(super) sizes: Vec<usize>,
    /// The largest first.
    pub(super) drawn: Vec<Flow>,
    /// Number of flows in all, drawn or not.
    pub(super) pairs: usize,
    /// Their sum.
    pub(super) total: f64,
    pub(super) entering: Vec<f64>,
    pub(super) leaving: Vec<f64>,
    /// What stays in each place or group.
    pub(super) within: Vec<f64>,
}

impl Picture {
    pub(super) fn new(level: &Level, names: Vec<String>, flows: &Flows, map: &FlowMap<'_>) -> Self {
        let mut all = match map.direction {
            FlowDirection::Directed => flows.directed().to_vec(),
            FlowDirection::Undirected => flows.undirected(),
            FlowDirection::Net => flows.net(),
        };
        sort_largest(&mut all);
        let (pairs, total) = (all.len(), all.iter().map(|flow| flow.amount).sum());
        all.truncate(map.most);
        all.retain(|flow| flow.amount >= map.least);
        Self {
            centres: level.centres.clone(),
            names,
            largest_places: level.largest.clone(),
            sizes: level.sizes.clone(),
            drawn: all,
            pairs,
            total,
            entering: flows.entering(),
            leaving: flows.leaving(),
            within: flows.within().to_vec(),
        }
    }

    /// The share of the total that is drawn.
    pub(super) fn share(&self) -> f64 {
        self.drawn.iter().map(|flow| flow.amount).sum::<f64>() / self.total
    }

    /// Amount of the largest flow.
    pub(super) fn largest(&self) -> f64 {
        self.drawn.first().map_or(0.0, |flow| flow.amount)
    }

    /// What a place gains, or loses if it is below zero.
    pub(super) fn net(&self, place: usize) -> f64 {
        self.entering[place] - self.leaving[place]
    }

    /// The amounts that the circle of a place stands for.
    pub(super) fn amounts(&self, place: usize, direction: FlowDirection) -> [f64; 2] {
        match direction {
            FlowDirection::Directed => [self.entering[place], self.leaving[place]],
            FlowDirection::Undirected => [self.entering[place] + self.leaving[place]; 2],
            FlowDirection::Net => [self.net(place).abs(); 2],
        }
    }

    /// The largest amount that a circle stands for.
    pub(super) fn largest_circle(&self, direction: FlowDirection) -> f64 {
        (0..self.centres.len()).flat_map(|place| self.amounts(place, direction)).fold(0.0, f64::max)
    }
}
