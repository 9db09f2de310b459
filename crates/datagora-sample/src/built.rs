//! Streets, buildings and what grows between them.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Geometry, LineString};

use geo::Area;

use crate::CityPlan;
use crate::land::{Land, LandUse};
use crate::mesh::{Mesh, patch};
use crate::names;
use crate::random::{Stream, share_out};

/// Streets, one row per stretch between two corners.
#[derive(Clone, Debug, PartialEq)]
pub struct Streets {
    /// Axis, lines in CC46.
    pub geometry: GeometryColumn,
    /// Name of the street.
    pub name: Vec<String>,
    /// Width between façades, m.
    pub width: Vec<f64>,
    /// A main street, with noise and traffic.
    pub main: Vec<bool>,
    /// Row of the IRIS of the block on its left.
    pub iris: Vec<u32>,
}

/// Buildings, one row each.
#[derive(Clone, Debug, PartialEq)]
pub struct Buildings {
    /// Footprints, polygons in CC46 that do not overlap.
    pub geometry: GeometryColumn,
    /// Height, m.
    pub height: Vec<f64>,
    /// Year built.
    pub year: Vec<i32>,
    /// Row of the IRIS.
    pub iris: Vec<u32>,
}

/// Stratum of vegetation, by height.
///
/// The heights are the made city's own; published definitions differ, each with its source in
/// `datagora_indicators::greening::Strata`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stratum {
    /// Below 0.5 m.
    Herbaceous,
    /// From 0.5 to 1.5 m.
    Shrub,
    /// Above 1.5 m.
    Tree,
}

/// Vegetation seen from above: polygons that do not overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Vegetation {
    /// Polygons in CC46.
    pub geometry: GeometryColumn,
    /// Stratum of each.
    pub stratum: Vec<Stratum>,
    /// Row of the IRIS.
    pub iris: Vec<u32>,
}

pub(crate) fn streets(plan: &CityPlan, mesh: &Mesh, land: &Land, iris_of: &[u32]) -> Streets {
    let mut stream = Stream::new(plan.seed, "streets", 0);
    let mut lines = Vec::new();
    let (mut name, mut width, mut main, mut iris) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for side in mesh.sides() {
        let (left, right) = side.blocks;
        let wet = |block: usize| land.uses[block] == LandUse::Water;
        let green = |block: usize| land.uses[block] == LandUse::Park;
        // No street in the river (a bridge every few rows), none through a park.
        let both = |test: &dyn Fn(usize) -> bool| test(left) && right.is_none_or(test);
        let bridge = side.from.1 == side.to.1 && side.from.1.rem_euclid(7) == 0;
        if (both(&wet) && !bridge) || both(&green) {
            continue;
        }
        let avenue = (side.from.1 == side.to.1 && side.from.1.rem_euclid(7) == 0)
            || (side.from.0 == side.to.0 && side.from.0.rem_euclid(6) == 0);
        lines.push(Geometry::LineString(LineString(vec![mesh.corner(side.from), mesh.corner(side.to)])));
        name.push(names::street(&mut stream));
        width.push(if avenue { 24.0 } else { 9.0 + stream.below(6) as f64 });
        main.push(avenue);
        iris.push(iris_of[left]);
    }
    Streets { geometry: GeometryColumn::new(lines, Crs::CC46), name, width, main, iris }
}

pub(crate) fn buildings(plan: &CityPlan, mesh: &Mesh, land: &Land, iris_of: &[u32]) -> Buildings {
    let weights: Vec<f64> = (0..mesh.cells.len())
        .map(|block| match land.uses[block] {
            LandUse::Built => 0.15 + land.density[block].sqrt(),
            LandUse::Industry => 0.25,
            LandUse::Field => 0.02,
            LandUse::Water | LandUse::Park => 0.0,
        })
        .collect();
    let counts = share_out(plan.buildings, &weights);
    let (mut shapes, mut height, mut year, mut iris) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (block, &count) in counts.iter().enumerate() {
        if count == 0 {
            continue;
        }
        let mut stream = Stream::new(plan.seed, "buildings", block as u64);
        let quad = mesh.quad(block);
        let side = (count as f64).sqrt().ceil() as usize;
        let mut lots: Vec<usize> = (0..side * side).collect();
        for &lot in pick(&mut lots, count, &mut stream) {
            // Lots share the block, less its gardens and the streets about it.
            let gardens = land.open_share(block);
            let along = |k: usize, inset: f64| gardens + (0.94 - gardens) * (k as f64 + inset) / side as f64;
            let across = |k: usize, inset: f64| 0.06 + 0.88 * (k as f64 + inset) / side as f64;
            let (u, v) = (lot / side, lot % side);
            let low = (along(u, stream.between(0.04, 0.16)), across(v, stream.between(0.04, 0.16)));
            let high = (along(u, stream.between(0.62, 0.96)), across(v, stream.between(0.62, 0.96)));
            shapes.push(Geometry::Polygon(patch(&quad, low, high)));
            let floors = match land.uses[block] {
                LandUse::Industry => 2.0 + stream.unit(),
                _ => 1.5 + 14.0 * land.density[block].min(1.0) * stream.between(0.4, 1.0) + stream.unit(),
            };
            height.push((3.1 * floors * 10.0).round() / 10.0);
            let age =
                -libm::log(1.0 - 0.97 * stream.unit()) * 45.0 * (1.4 - land.remoteness(mesh, block)).max(0.4);
            year.push((2024.0 - age).max(1620.0) as i32);
            iris.push(iris_of[block]);
        }
    }
    Buildings { geometry: GeometryColumn::new(shapes, Crs::CC46), height, year, iris }
}

/// The vegetation, and the area under its tree stratum by block, m².
pub(crate) fn vegetation(
    plan: &CityPlan,
    mesh: &Mesh,
    land: &Land,
    iris_of: &[u32],
) -> (Vegetation, Vec<f64>) {
    let (mut shapes, mut stratum, mut iris) = (Vec::new(), Vec::new(), Vec::new());
    let mut under_trees = vec![0.0; iris_of.len()];
    for (block, &block_iris) in iris_of.iter().enumerate() {
        let mut stream = Stream::new(plan.seed, "vegetation", block as u64);
        let quad = mesh.quad(block);
        // Three bands of the block's open part, one per stratum; how wide each is follows the land use.
        let (herbs, shrubs, trees) = match land.uses[block] {
            LandUse::Park => (0.42, 0.12, 0.42),
            LandUse::Field => (0.75, 0.07, 0.15),
            LandUse::Built => (0.40, 0.15, 0.43),
            LandUse::Industry => (0.70, 0.12, 0.15),
            LandUse::Water => continue,
        };
        let open = land.open_share(block);
        let mut from = 0.02 * open;
        for (kind, share) in [(Stratum::Herbaceous, herbs), (Stratum::Shrub, shrubs), (Stratum::Tree, trees)]
        {
            let to = from + open * share * stream.between(0.55, 1.0);
            let shape = patch(&quad, (from, 0.03), (to, 0.97));
            if kind == Stratum::Tree {
                under_trees[block] = shape.unsigned_area();
            }
            shapes.push(Geometry::Polygon(shape));
            stratum.push(kind);
            iris.push(block_iris);
            from = to;
        }
    }
    (Vegetation { geometry: GeometryColumn::new(shapes, Crs::CC46), stratum, iris }, under_trees)
}

/// The first `count` of the items after a shuffle, in their old order.
fn pick<'a>(items: &'a mut [usize], count: usize, stream: &mut Stream) -> &'a [usize] {
    for k in 0..count {
        let other = k + stream.below(items.len() - k);
        items.swap(k, other);
    }
    let picked = &mut items[..count];
    picked.sort_unstable();
    picked
}
