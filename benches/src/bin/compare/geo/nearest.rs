//! Nearest neighbours.
use std::num::NonZero;

use datagora_core::Crs;
use datagora_geo::{NearestOptions, nearest};
use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

const NEIGHBOURS: usize = 5;

/// Sums of all distances and of those to the farthest of the five.
fn digest(distances: &[f64]) -> Digest {
    let farthest: f64 = distances.iter().skip(NEIGHBOURS - 1).step_by(NEIGHBOURS).sum();
    Digest::default().number("sum", distances.iter().sum()).number("farthest", farthest)
}

pub(super) fn five(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let bases = inputs.points("bases", Crs::LAMBERT_93)?;
    let queries = inputs.points("queries", Crs::LAMBERT_93)?;
    let options = NearestOptions::default().with_k(NEIGHBOURS);
    repeat.measure(|| Ok(nearest(&queries, &bases, options)?), |found| digest(found.distance_table()))
}

pub(super) fn five_by_kiddo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let together = |(x, y): (Vec<f64>, Vec<f64>)| -> Vec<[f64; 2]> {
        x.into_iter().zip(y).map(|(x, y)| [x, y]).collect()
    };
    let bases = together(inputs.coordinates("bases")?);
    let queries = together(inputs.coordinates("queries")?);
    let wanted = NonZero::new(NEIGHBOURS).ok_or("no neighbour")?;
    let operation = || {
        let tree: ImmutableKdTree<f64, 2> =
            ImmutableKdTree::new_from_slice(&bases).map_err(|error| format!("{error:?}"))?;
        let mut rows = vec![0u32; queries.len() * NEIGHBOURS];
        let mut distances = vec![0.0; queries.len() * NEIGHBOURS];
        let lines = rows.par_chunks_mut(NEIGHBOURS).zip(distances.par_chunks_mut(NEIGHBOURS));
        lines.zip(&queries).with_min_len(4096).for_each(|((rows, distances), query)| {
            let found = tree.query(query).nearest_n::<SquaredEuclidean<f64>>(wanted).execute();
            for ((row, distance), found) in rows.iter_mut().zip(distances).zip(found) {
                (*row, *distance) = (found.item, found.distance.sqrt());
            }
        });
        Ok((rows, distances))
    };
    repeat.measure(operation, |(_, distances)| digest(distances))
}
