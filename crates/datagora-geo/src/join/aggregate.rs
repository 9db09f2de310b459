//! What the points of each zone sum up to.
use super::few::Way;
use super::{Boundary, JoinError, PIECE, ZoneIndex, comparable};
use crate::GeometryColumn;
use crate::cores::each_run;

/// What the points of a zone sum up to: see [`aggregate_within`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Aggregate {
    /// Points in the zone whose value is known.
    pub count: u64,
    /// Points in the zone whose value (or weight) is missing. They are in none of the sums.
    pub missing: u64,
    /// Sum of the weights; without weights, the same as `count`.
    pub weight: f64,
    /// Sum of the values, each times its weight.
    pub sum: f64,
}

impl Aggregate {
    /// Mean of the values known, weighted; `None` if there is none, or the weights sum up to 0.
    pub fn mean(&self) -> Option<f64> {
        (self.weight != 0.0 && self.count > 0).then(|| self.sum / self.weight)
    }

    /// Share of the points in the zone whose value is known, 0 to 1; `None` if there is no point.
    pub fn completeness(&self) -> Option<f64> {
        let all = self.count + self.missing;
        (all > 0).then(|| self.count as f64 / all as f64)
    }

    /// Of one point.
    fn of(value: f64, weight: Option<f64>) -> Self {
        let weight = weight.unwrap_or(1.0);
        if value.is_nan() || weight.is_nan() {
            Aggregate { missing: 1, ..Aggregate::default() }
        } else {
            Aggregate { count: 1, missing: 0, weight, sum: weight * value }
        }
    }

    fn add(&mut self, other: Aggregate) {
        self.count += other.count;
        self.missing += other.missing;
        self.weight += other.weight;
        self.sum += other.sum;
    }
}

/// Number, sum and mean of a value over the points in each zone, without the list of which is where.
///
/// A point in two overlapping zones counts in both; on a shared border, the rule of [`Boundary`] decides. Sums are the
/// same to the bit for any number of threads: points are summed one after the other or, where they are many, in pieces of
/// fixed size, and these in their order.
///
/// # Shapes, units and missing values
///
/// `n` points and `n` values → one [`Aggregate`] for each zone, in the unit of the values. A NaN is a missing value: it
/// is counted as such and in no sum. A missing point is in no zone, and a missing or empty zone has no point.
///
/// # Errors
///
/// As [`locate`](crate::locate), and [`JoinError::Lengths`] if there are not as many values as points.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, aggregate_within};
///
/// let park = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// let trees = GeometryColumn::points(vec![50., 60., 70., 150.], vec![50.; 4], Crs::CC46);
/// let height = [12.0, 8.0, f64::NAN, 30.0]; // m
/// let in_park = aggregate_within(&trees, &height, &parks, Boundary::HalfOpen)?[0];
/// assert_eq!((in_park.count, in_park.missing, in_park.sum), (2, 1, 20.0));
/// assert_eq!(in_park.mean(), Some(10.0));
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
pub fn aggregate_within(
    points: &GeometryColumn,
    values: &[f64],
    zones: &GeometryColumn,
    boundary: Boundary,
) -> Result<Vec<Aggregate>, JoinError> {
    aggregate(points, values, None, zones, boundary)
}

/// As [`aggregate_within`], each value with a weight: inhabitants of a home, surface of a flat.
///
/// # Shapes, units and missing values
///
/// `n` points, `n` values and `n` weights → one [`Aggregate`] for each zone. A point whose value or weight is NaN counts
/// as missing.
///
/// # Errors
///
/// As [`aggregate_within`]; [`JoinError::Lengths`] also if there are not as many weights as points.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, aggregate_weighted_within};
///
/// let quarter = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let quarters = GeometryColumn::new([quarter.into()], Crs::CC46);
/// let homes = GeometryColumn::points(vec![50., 60.], vec![50., 50.], Crs::CC46);
/// let (noise, inhabitants) = ([60.0, 70.0], [3.0, 1.0]);
/// let found = aggregate_weighted_within(&homes, &noise, &inhabitants, &quarters, Boundary::HalfOpen)?;
/// assert_eq!(found[0].mean(), Some(62.5));
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
pub fn aggregate_weighted_within(
    points: &GeometryColumn,
    values: &[f64],
    weights: &[f64],
    zones: &GeometryColumn,
    boundary: Boundary,
) -> Result<Vec<Aggregate>, JoinError> {
    aggregate(points, values, Some(weights), zones, boundary)
}

fn aggregate(
    points: &GeometryColumn,
    values: &[f64],
    weights: Option<&[f64]>,
    zones: &GeometryColumn,
    boundary: Boundary,
) -> Result<Vec<Aggregate>, JoinError> {
    let (x, y) = comparable(points, zones)?;
    for values in [Some(values), weights].into_iter().flatten() {
        if values.len() != x.len() {
            return Err(JoinError::Lengths { points: x.len(), values: values.len() });
        }
    }
    let index = match Way::new(points, (x, y), zones)? {
        Way::Index(index) => index,
        Way::Few(few) => {
            let mut sums = vec![Aggregate::default(); zones.len()];
            few.each(boundary, |zone, point| {
                let weight = weights.map(|weights| weights[point as usize]);
                sums[zone as usize].add(Aggregate::of(values[point as usize], weight));
            });
            return Ok(sums);
        }
    };
    // The size of a piece depends on the data alone: sums do not depend on the number of threads.
    let size = PIECE.max(4 * index.len());
    let pieces = each_run(x.len(), size, |run| {
        let weights = weights.map(|weights| &weights[run.clone()]);
        index.aggregate((&x[run.clone()], &y[run.clone()]), boundary, &values[run], weights)
    });
    let mut sums = vec![Aggregate::default(); zones.len()];
    for piece in pieces {
        sums.iter_mut().zip(piece).for_each(|(sum, part)| sum.add(part));
    }
    Ok(sums)
}

impl ZoneIndex {
    /// What some points sum up to in each zone.
    fn aggregate(
        &self,
        (x, y): (&[f64], &[f64]),
        boundary: Boundary,
        values: &[f64],
        weights: Option<&[f64]>,
    ) -> Vec<Aggregate> {
        let mut by_class = vec![Aggregate::default(); self.classes.len()];
        let mut by_zone = vec![Aggregate::default(); self.len()];
        let one = |point: usize| Aggregate::of(values[point], weights.map(|weights| weights[point]));
        self.classify(x, y, boundary, |found| {
            for (point, class) in (found.first..).zip(found.classes) {
                by_class[*class as usize].add(one(point));
            }
            for (point, zones) in found.tested() {
                let own = one(found.first + point);
                zones.iter().for_each(|zone| by_zone[*zone as usize].add(own));
            }
        });
        self.classes.spread(by_class, &mut by_zone, Aggregate::add);
        by_zone
    }
}
