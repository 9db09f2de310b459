//! Points that become one.
use super::attribute::Attributes;
use super::cores::sort;
use super::mvt::{Kind, Value};
use super::prepared::Prepared;
use super::pyramid::coarser;
use super::shapes::{Run, Shape, Shapes};

/// Name of the attribute with the number of points, as supercluster and MapLibre call it.
pub(super) const POINT_COUNT: &str = "point_count";

/// Which rows each feature stands for.
pub(super) struct Clusters {
    rows: Vec<u32>,
    ends: Vec<u32>,
    /// Features that stand for several points.
    pub(super) merged: u64,
}

impl Clusters {
    /// The rows of a feature.
    pub(super) fn rows(&self, feature: usize) -> &[u32] {
        let start = if feature == 0 { 0 } else { self.ends[feature - 1] as usize };
        &self.rows[start..self.ends[feature] as usize]
    }

    /// What the points of a feature have together: means of numbers, other values if they are the same for all.
    pub(super) fn value<'a>(
        &self,
        feature: usize,
        attribute: usize,
        attributes: &Attributes<'a>,
    ) -> Option<Value<'a>> {
        let rows = self.rows(feature);
        let first = attributes.value(attribute, rows[0] as usize);
        if rows.len() == 1 {
            return first;
        }
        let values = || rows.iter().map(|&row| attributes.value(attribute, row as usize));
        let number = |value| match value {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        };
        let count = values().filter_map(number).count();
        match count {
            0 => first.filter(|_| values().all(|value| value == first)),
            _ => Some(Value::Number(values().filter_map(number).sum::<f64>() / count as f64)),
        }
    }
}

/// The points of a layer, those in one square together, at the mean of their places; what is no point vanishes, and is
/// counted.
pub(super) fn clustered(prepared: &Prepared<'_>, zoom: u8, cell: u32) -> (Shapes, Clusters, u64) {
    let shift = prepared.shift(zoom);
    let cell = i64::from(cell.max(1)) << shift;
    let shapes = &prepared.shapes;
    let mut keys: Vec<([i64; 2], u32, u32)> = Vec::with_capacity(shapes.points.len());
    let mut vanished = 0;
    for (shape, about) in shapes.shapes.iter().enumerate() {
        if about.kind != Kind::Point {
            vanished += 1;
            continue;
        }
        for run in shapes.runs_of(shape) {
            for point in shapes.points_of(run) {
                let square = shapes.points[point].map(|at| i64::from(at).div_euclid(cell));
                keys.push((square, about.row, point as u32));
            }
        }
    }
    sort(&mut keys);
    let mut found = Shapes::default();
    let mut clusters = Clusters { rows: keys.iter().map(|key| key.1).collect(), ends: Vec::new(), merged: 0 };
    for same in keys.chunk_by(|a, b| a.0 == b.0) {
        let count = same.len() as i64;
        let mean = [0, 1].map(|axis| {
            let sum: i64 = same.iter().map(|key| i64::from(shapes.points[key.2 as usize][axis])).sum();
            coarser((sum.div_euclid(count)) as i32, shift)
        });
        found.points.push(mean);
        found.runs.push(Run { end: found.points.len() as u32, outer: true });
        found.shapes.push(Shape { row: same[0].1, kind: Kind::Point, end: found.runs.len() as u32 });
        clusters.ends.push(clusters.ends.last().copied().unwrap_or(0) + same.len() as u32);
        clusters.merged += u64::from(count > 1);
    }
    (found, clusters, vanished)
}
