//! Points in polygons.
use datagora_core::Crs;
use datagora_geo::{Boundary, Located, count_within, locate};
use geo::algorithm::indexed::IntervalTreeMultiPolygon;
use geo::{BoundingRect, Contains};
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use crate::digest::{Digest, checksum};
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

fn counts(counts: &[u64]) -> Digest {
    let sum: u64 = counts.iter().sum();
    Digest::default().exact("points", sum).exact("checksum", checksum(counts.iter().copied()))
}

/// Of each point, the row of its polygon.
fn rows(rows: &Located) -> Digest {
    let numbers = rows.iter().map(|row| row.map_or(0, |row| u64::from(row) + 1));
    Digest::default().exact("located", rows.iter().flatten().count()).exact("checksum", checksum(numbers))
}

pub(super) fn count(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let points = inputs.points("points", Crs::LAMBERT_93)?;
    let communes = inputs.polygons("communes", Crs::LAMBERT_93)?;
    repeat.measure(|| Ok(count_within(&points, &communes, Boundary::HalfOpen)?), |found| counts(found))
}

pub(super) fn count_trees(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let trees = inputs.points("trees", Crs::CC46)?;
    let iris = inputs.polygons("iris", Crs::CC46)?;
    repeat.measure(|| Ok(count_within(&trees, &iris, Boundary::Within)?), |found| counts(found))
}

pub(super) fn locate_each(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let points = inputs.points("points", Crs::LAMBERT_93)?;
    let communes = inputs.polygons("communes", Crs::LAMBERT_93)?;
    repeat.measure(|| Ok(locate(&points, &communes, Boundary::HalfOpen)?), rows)
}

/// The fastest way through the `geo` crate: an interval tree per polygon, an R-tree over their rectangles.
pub(super) fn count_by_geo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let (x, y) = inputs.coordinates("points")?;
    let communes = inputs.multi_polygons("communes")?;
    let operation = || {
        let boxed = |(row, surface): (usize, &geo::MultiPolygon)| {
            let bounds = surface.bounding_rect()?;
            let corners = Rectangle::from_corners(bounds.min().into(), bounds.max().into());
            Some(GeomWithData::<Rectangle<[f64; 2]>, usize>::new(corners, row))
        };
        let tree = RTree::bulk_load(communes.iter().enumerate().filter_map(boxed).collect());
        let prepared: Vec<_> = communes.iter().map(IntervalTreeMultiPolygon::new).collect();
        let none = || vec![0u64; communes.len()];
        let counts = x.par_iter().zip(&y).with_min_len(1 << 16).fold(none, |mut counts, (&x, &y)| {
            for candidate in tree.locate_all_at_point(&[x, y]) {
                if prepared[candidate.data].contains(&geo::Point::new(x, y)) {
                    counts[candidate.data] += 1;
                }
            }
            counts
        });
        Ok(counts.reduce(none, |a, b| a.iter().zip(b).map(|(a, b)| a + b).collect()))
    };
    repeat.measure(operation, |found| counts(found))
}
