//! The features of one layer in one tile.
use std::collections::BTreeMap;

use super::clip::Window;
use super::cluster::POINT_COUNT;
use super::coalesce::merged;
use super::mend::mended;
use super::mvt::{Kind, LayerWriter, Value};
use super::prepared::Prepared;
use super::ring::{Ring, Rings};
use super::shapes::orient;
use super::view::View;

/// Names of the attributes of a layer, with that of clusters if it may have some.
pub(super) fn names(prepared: &Prepared<'_>) -> Vec<String> {
    let mut names = prepared.attributes.names.clone();
    names.push(POINT_COUNT.to_owned());
    names
}

/// Rings of polygons of equal attributes, and the first and the number of the features they came from.
type Groups = BTreeMap<Vec<(usize, (u8, u64))>, (usize, u64, Vec<Ring>)>;

/// Writes the features of a tile that are among the `admitted` first; how many of those written stand for several.
pub(super) fn write(
    prepared: &Prepared<'_>,
    view: &View,
    features: &[(u64, u32)],
    admitted: u32,
    tile: (u32, u32),
    writer: &mut LayerWriter,
) -> u64 {
    let extent = 1i32 << prepared.extent_bits;
    let buffer = prepared.layer.buffer.min(extent as u32) as i32;
    let origin = [tile.0 as i32 * extent, tile.1 as i32 * extent];
    let window = Window { least: [-buffer; 2], most: [extent + buffer; 2] };
    let with_ids = prepared.layer.ids.is_some_and(|lowest| lowest <= view.zoom);
    let (mut points, mut spare) = (Vec::new(), Vec::new());
    let mut rings = Rings::default();
    let mut groups = Groups::new();
    let shown = features.iter().filter(|&&(_, feature)| view.rank[feature as usize] < admitted);
    let row = |&(_, feature): &(u64, u32)| {
        let shape = view.shapes.shapes[feature as usize];
        (shape.row, shape.kind as u8, feature)
    };
    let mut shown: Vec<(u32, u8, u32)> = shown.map(row).collect();
    // Maps draw later rows above earlier ones.
    shown.sort_unstable();
    for (_, _, feature) in shown {
        let feature = feature as usize;
        let shape = view.shapes.shapes[feature];
        let local = |point: [i32; 2]| [point[0] - origin[0], point[1] - origin[1]];
        let (least, most) = view.bounds[feature];
        let whole = window.covers(local(least), local(most));
        let mut outer_there = false;
        for run in view.shapes.runs_of(feature) {
            points.clear();
            points.extend(view.shapes.points[view.shapes.points_of(run)].iter().map(|&point| local(point)));
            match shape.kind {
                Kind::Point => {
                    points.retain(|&point| window.holds(point));
                    // Of a multi-point, all sets of points make one command.
                    spare.append(&mut points);
                }
                Kind::Line if whole => writer.steps().run(&points, false),
                Kind::Line => window.clip_line(&points, |part| writer.steps().run(part, false)),
                Kind::Polygon => {
                    let outer = view.shapes.runs[run].outer;
                    if !outer && !outer_there {
                        continue;
                    }
                    if !whole {
                        window.clip_ring(&mut points, &mut spare);
                    }
                    // What is cut off a ring that crosses itself may leave a part that turns the other way.
                    let there = orient(&mut points, outer);
                    if outer {
                        outer_there = there;
                    }
                    if there && view.coalesces {
                        let group = groups.entry(key(prepared, shape.row as usize, view.zoom)).or_insert((
                            feature,
                            0,
                            vec![],
                        ));
                        group.1 += u64::from(outer);
                        group.2.push(points.clone());
                    } else if there {
                        rings.push(&points);
                    }
                }
            }
        }
        if shape.kind == Kind::Point {
            if !spare.is_empty() {
                writer.steps().points(&spare);
            }
            spare.clear();
        }
        write_rings(&rings, writer);
        rings.clear();
        if writer.steps().is_empty() {
            continue;
        }
        tags(prepared, view, feature, writer);
        writer.end(with_ids.then_some(u64::from(shape.row)), shape.kind);
    }
    let mut several = 0;
    for (first, count, rings) in groups.into_values() {
        let mut left = Rings::default();
        merged(&rings).iter().for_each(|ring| left.push(ring));
        write_rings(&left, writer);
        tags(prepared, view, first, writer);
        writer.end(None, Kind::Polygon);
        several += u64::from(count > 1);
    }
    several
}

/// Writes the rings of a feature, mended where they have to be.
fn write_rings(rings: &Rings, writer: &mut LayerWriter) {
    match mended(rings) {
        Some(mended) => mended.iter().for_each(|ring| writer.steps().run(ring, true)),
        None => rings.iter().for_each(|ring| writer.steps().run(ring, true)),
    }
}

/// What two rows have to have in common to be merged.
fn key(prepared: &Prepared<'_>, row: usize, zoom: u8) -> Vec<(usize, (u8, u64))> {
    prepared.attributes.of_row(row, zoom).map(|(attribute, value)| (attribute, value.bits())).collect()
}

fn tags(prepared: &Prepared<'_>, view: &View, feature: usize, writer: &mut LayerWriter) {
    let attributes = &prepared.attributes;
    match &view.clusters {
        None => {
            let row = view.shapes.shapes[feature].row as usize;
            attributes.of_row(row, view.zoom).for_each(|(attribute, value)| writer.tag(attribute, value));
        }
        Some(clusters) => {
            for attribute in attributes.at(view.zoom) {
                if let Some(value) = clusters.value(feature, attribute, attributes) {
                    writer.tag(attribute, value);
                }
            }
            let count = clusters.rows(feature).len();
            if count > 1 {
                writer.tag(attributes.names.len(), Value::Number(count as f64));
            }
        }
    }
}
