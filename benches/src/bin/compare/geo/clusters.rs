//! DBSCAN.
use datagora_core::{Crs, Metres};
use datagora_geo::{DbscanOptions, dbscan};
use geo::{Dbscan, Point};

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Reach, m, and least number of points in reach, itself included, that make a core.
const REACH: f64 = 25.0;
const LEAST: usize = 10;

/// Which cluster a point on the border of two belongs to is a choice: only numbers are compared.
fn digest(clusters: usize, noise: usize) -> Digest {
    Digest::default().exact("clusters", clusters).exact("noise", noise)
}

pub(super) fn by_density(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let crowd = inputs.points("crowd", Crs::LAMBERT_93)?;
    let options = DbscanOptions::new(Metres(REACH)).with_min_points(LEAST);
    let noise = |labels: &[Option<u32>]| labels.iter().filter(|label| label.is_none()).count();
    repeat.measure(|| Ok(dbscan(&crowd, options)?), |found| digest(found.count, noise(&found.labels)))
}

pub(super) fn by_density_by_geo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let (x, y) = inputs.coordinates("crowd")?;
    let points: Vec<Point> = x.into_iter().zip(y).map(Point::from).collect();
    let count = |labels: &Vec<Option<usize>>| {
        let clusters = labels.iter().flatten().max().map_or(0, |last| last + 1);
        digest(clusters, labels.iter().filter(|label| label.is_none()).count())
    };
    repeat.measure(|| Ok(points.as_slice().dbscan(REACH, LEAST)), count)
}
