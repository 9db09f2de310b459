//! Places that lie near each other, gathered so that many flows become few.
use std::collections::HashMap;

use datagora_core::Metres;
use datagora_geo::GeometryColumn;
use datagora_geo::types::Coord;

use super::Flows;
use crate::MapError;
use crate::map::positions;

/// Groups of places, in the order of their first place, and what goes between them.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowClusters {
    /// Where each group is: the mean of its places, weighted by all that enters, leaves or stays.
    pub centres: GeometryColumn,
    /// Name of the place of each group with the largest weight.
    pub names: Vec<String>,
    /// Number of places in each group.
    pub sizes: Vec<usize>,
    /// The group of each place; `None` for places without position.
    pub group: Vec<Option<usize>>,
    /// Flows between the groups. [`Flows::within`] holds what stays in a group, within its places and between them.
    pub flows: Flows,
}

/// Gathers places that lie nearer to each other than a distance, and adds up the flows between the groups.
///
/// Places are gathered step by step, as flowmap.gl does: from the largest weight (all that enters, leaves or stays) on, each takes
/// those within the distance of the step, and stands from then on where their weighted mean is. Each step is √2 longer than the one
/// before, up to the longest that is not above `distance`; the steps do not depend on `distance`, so that groups of a longer distance
/// are made of whole groups of a shorter one. The same places and flows give the same groups.
///
/// Flows of places without position are left out.
///
/// # Shapes and units
///
/// Points or zones in a CRS in metres (of zones, an inner point counts), a name for each, flows between them. Time grows as n log n
/// with places and flows.
///
/// # Errors
///
/// [`MapError`] if lengths differ, the CRS is in degrees, or no place has a position.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Flows, cluster_flows};
///
/// let stops = GeometryColumn::points(vec![0.0, 80.0, 5_000.0], vec![0.0, 0.0, 0.0], Crs::CC46);
/// let names = ["Bellecour", "Bellecour quai", "Gerland"].map(String::from);
/// let trips = Flows::of_numbers(3, &[0, 1, 0], &[2, 2, 1], &[90.0, 10.0, 4.0], Unit::of("{trip}"))?;
/// let clusters = cluster_flows(&stops, &names, &trips, Metres(500.0))?;
/// assert_eq!(clusters.names, ["Bellecour", "Gerland"]);
/// assert_eq!(clusters.flows.between().collect::<Vec<_>>(), [(0, 1, 100.0)]);
/// assert_eq!(clusters.flows.within(), [4.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Boyandin, I. (2019). *flowmap.gl: clustering of locations by zoom*. The greedy clustering of each step is that of
/// Agafonkin, V. (2016). *Clustering millions of points on a map with Supercluster*.
pub fn cluster_flows(
    places: &GeometryColumn,
    names: &[String],
    flows: &Flows,
    distance: Metres,
) -> Result<FlowClusters, MapError> {
    let needed = places.len();
    for (what, found) in [("names", names.len()), ("places of the flows", flows.places())] {
        if found != needed {
            return Err(MapError::Length { what, found, needed });
        }
    }
    if places.crs().is_geographic() {
        return Err(MapError::Geographic { crs: places.crs().clone() });
    }
    // A distance that is not a number gathers nothing.
    let mut levels = levels_of(&positions(places), flows, distance.0.max(0.0));
    let level = levels.pop().ok_or(MapError::Nowhere { rows: needed })?;
    let groups = level.centres.len();
    let (x, y) = level.centres.iter().map(|centre| (centre.x, centre.y)).unzip();
    Ok(FlowClusters {
        centres: GeometryColumn::points(x, y, places.crs().clone()),
        names: level.largest.iter().map(|&place| names[place].clone()).collect(),
        flows: flows.grouped(&level.group, groups),
        group: level.group.iter().map(|group| group.map(|group| group as usize)).collect(),
        sizes: level.sizes,
    })
}

/// The groups of one step.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    /// Places nearer than this were gathered, m; 0 for places as they are.
    pub(crate) distance: f64,
    /// Group of each place.
    pub(crate) group: Vec<Option<u32>>,
    pub(crate) centres: Vec<Coord>,
    /// Place of the largest weight in each group.
    pub(crate) largest: Vec<usize>,
    pub(crate) sizes: Vec<usize>,
    weights: Vec<f64>,
    /// Weight of the place of the largest weight in each group.
    peaks: Vec<f64>,
}

/// The places as they are, then the groups of each step up to a distance or until one is left; empty if no place has a position.
pub(crate) fn levels_of(places: &[Option<Coord>], flows: &Flows, longest: f64) -> Vec<Level> {
    let (entering, leaving) = (flows.entering(), flows.leaving());
    let weight = |place: usize| entering[place] + leaving[place] + flows.within()[place];
    let placed: Vec<usize> = (0..places.len()).filter(|&place| places[place].is_some()).collect();
    let mut group = vec![None; places.len()];
    for (index, &place) in placed.iter().enumerate() {
        group[place] = Some(index as u32);
    }
    let weights: Vec<f64> = placed.iter().map(|&place| weight(place)).collect();
    let mut levels = vec![Level {
        distance: 0.0,
        group,
        centres: places.iter().flatten().copied().collect(),
        sizes: vec![1; placed.len()],
        peaks: weights.clone(),
        weights,
        largest: placed,
    }];
    let extent = extent_of(&levels[0].centres);
    // Steps are powers of √2; those below a thousandth of the extent would gather next to nothing.
    let mut step = (2.0 * libm::log2(extent * 1e-3)).ceil();
    while let Some(last) = levels.last() {
        let distance = libm::exp2(0.5 * step);
        if last.centres.len() < 2 || distance > longest || distance > 2.0 * extent {
            break;
        }
        let next = last.gathered(distance);
        levels.push(next);
        step += 1.0;
    }
    levels.retain(|level| !level.centres.is_empty());
    levels
}

/// The longer side of the box around points.
fn extent_of(points: &[Coord]) -> f64 {
    let side = |of: fn(&Coord) -> f64| {
        let (low, high) = points
            .iter()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        high - low
    };
    side(|point| point.x).max(side(|point| point.y))
}

impl Level {
    /// Gathers groups within a distance of each other, the heaviest first.
    fn gathered(&self, distance: f64) -> Self {
        let cell = |at: Coord| ((at.x / distance).floor() as i64, (at.y / distance).floor() as i64);
        let mut cells: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        for (index, &centre) in self.centres.iter().enumerate() {
            cells.entry(cell(centre)).or_default().push(index);
        }
        let mut order: Vec<usize> = (0..self.centres.len()).collect();
        order.sort_by(|&a, &b| self.weights[b].total_cmp(&self.weights[a]).then(a.cmp(&b)));
        let mut taken = vec![false; self.centres.len()];
        // The heaviest of each group, and all of it.
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for heart in order {
            if taken[heart] {
                continue;
            }
            let at = self.centres[heart];
            let (column, row) = cell(at);
            let mut members = Vec::new();
            let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
            for (dx, dy) in around {
                let key = (column.saturating_add(dx), row.saturating_add(dy));
                for &other in cells.get(&key).into_iter().flatten() {
                    let near = self.centres[other];
                    if !taken[other] && libm::hypot(near.x - at.x, near.y - at.y) <= distance {
                        taken[other] = true;
                        members.push(other);
                    }
                }
            }
            members.sort_unstable();
            groups.push((heart, members));
        }
        groups.sort_by_key(|(_, members)| members.first().copied());
        let mut next = Self {
            distance,
            group: Vec::new(),
            centres: Vec::new(),
            largest: Vec::new(),
            sizes: Vec::new(),
            weights: Vec::new(),
            peaks: Vec::new(),
        };
        let mut parent = vec![0; self.centres.len()];
        for (index, (heart, members)) in groups.iter().enumerate() {
            for &member in members {
                parent[member] = index as u32;
            }
            next.push(self, *heart, members);
        }
        next.group = self.group.iter().map(|group| group.map(|group| parent[group as usize])).collect();
        next
    }

    /// Adds a group of groups around the heaviest of them.
    fn push(&mut self, of: &Self, heart: usize, members: &[usize]) {
        let weight: f64 = members.iter().map(|&member| of.weights[member]).sum();
        let at = of.centres[heart];
        // Measured from the heart, which keeps the digits of large coordinates.
        let mean = |axis: fn(Coord) -> f64| {
            let moment = |&member: &usize| of.weights[member] * (axis(of.centres[member]) - axis(at));
            axis(at) + members.iter().map(moment).sum::<f64>() / weight
        };
        self.centres.push(if weight > 0.0 { Coord { x: mean(|c| c.x), y: mean(|c| c.y) } } else { at });
        let peak = members.iter().copied().fold(heart, |best, member| {
            let larger = of.peaks[member] > of.peaks[best];
            if larger { member } else { best }
        });
        self.largest.push(of.largest[peak]);
        self.peaks.push(of.peaks[peak]);
        self.sizes.push(members.iter().map(|&member| of.sizes[member]).sum());
        self.weights.push(weight);
    }
}
