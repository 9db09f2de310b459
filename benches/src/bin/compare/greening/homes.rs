//! Green and trees near homes by our kernels.
use datagora_core::{Crs, Metres};
use datagora_indicators::greening::{HomeGreen, PublicGreen, VisibleTrees, WHO_GREEN_DISTANCE};

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Metres up to which green is looked for.
const FARTHEST: Metres = Metres(500.0);

pub(super) fn green(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let homes = inputs.points("homes", Crs::CC46)?;
    let trees = inputs.points("green_trees", Crs::CC46)?;
    let parks = inputs.polygons("green_parks", Crs::CC46)?;
    // Nothing is asked of the canopy here.
    let canopy = vec![f64::NAN; homes.len()];
    let operation = || {
        let (trees, parks) = (VisibleTrees::new(&trees), PublicGreen::new(&parks));
        Ok(HomeGreen::new(&homes, &trees, &canopy, &parks, FARTHEST)?)
    };
    repeat.measure(operation, |found| {
        let near = |distance: &&f64| **distance <= WHO_GREEN_DISTANCE.0;
        let seen = |distances: &[f64]| distances.iter().filter(|distance| distance.is_finite()).count();
        let sum = |distances: &[f64]| distances.iter().filter(|distance| distance.is_finite()).sum();
        Digest::default()
            .exact("near_green", found.green_distances().iter().filter(near).count())
            .exact("green", seen(found.green_distances()))
            .number("green_metres", sum(found.green_distances()))
            .exact("third_tree", seen(found.tree_distances()))
            .number("tree_metres", sum(found.tree_distances()))
    })
}
