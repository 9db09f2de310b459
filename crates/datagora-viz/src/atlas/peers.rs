//! Territories to compare one with: near, and of similar size.
use datagora_geo::types::{Geometry, Point};
use datagora_geo::{GeometryColumn, interior_point};

/// How many to compare with.
const PEERS: usize = 3;
/// Sizes from half to twice as large are similar.
const SIMILAR: f64 = 2.0;

/// For each territory the nearest ones of half to twice its size, fewest first in distance; where there are fewer than three, those
/// closest in size fill up. Without a size, the nearest.
pub(super) fn peers(places: &GeometryColumn, sizes: &[f64]) -> Vec<Vec<usize>> {
    let inside = interior_point(places);
    let points: Vec<Option<Point>> = (0..places.len())
        .map(|row| match inside.get(row) {
            Some(Geometry::Point(point)) => Some(point),
            _ => None,
        })
        .collect();
    (0..places.len()).map(|row| peers_of(row, &points, sizes)).collect()
}

fn peers_of(row: usize, points: &[Option<Point>], sizes: &[f64]) -> Vec<usize> {
    let size = |other: usize| sizes.get(other).copied().unwrap_or(f64::NAN);
    // How many times larger or smaller; NaN if a size is not known or nobody is there.
    let ratio = |other: usize| libm::log(size(other) / size(row)).abs();
    let distance = |other: usize| match (points[row], points[other]) {
        (Some(here), Some(there)) => libm::hypot(here.x() - there.x(), here.y() - there.y()),
        _ => f64::INFINITY,
    };
    let others = || (0..points.len()).filter(|&other| other != row);
    let by = |key: &dyn Fn(usize) -> f64, mut rows: Vec<usize>| {
        rows.sort_by(|&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
        rows
    };
    if size(row).is_nan() || size(row) <= 0.0 {
        return by(&distance, others().collect()).into_iter().take(PEERS).collect();
    }
    let similar = others().filter(|&other| ratio(other) <= libm::log(SIMILAR)).collect();
    let mut found = by(&distance, similar);
    found.truncate(PEERS);
    let rest = others().filter(|other| ratio(*other).is_finite() && !found.contains(other)).collect();
    let missing = PEERS - found.len();
    found.extend(by(&ratio, rest).into_iter().take(missing));
    found
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;

    use super::*;

    fn line(count: usize) -> GeometryColumn {
        GeometryColumn::new((0..count).map(|i| Point::new(i as f64, 0.0).into()), Crs::CC46)
    }

    #[test]
    fn near_and_of_similar_size() {
        let sizes = [100.0, 1_000.0, 120.0, 90.0, 210.0, 51.0];
        // 4 is more than twice as large; 1 is near, but ten times as large.
        assert_eq!(peers(&line(6), &sizes)[0], [2, 3, 5]);
        // Nobody is like the largest: those closest in size.
        assert_eq!(peers(&line(6), &sizes)[1], [4, 2, 0]);
    }

    #[test]
    fn without_sizes_the_nearest() {
        assert_eq!(peers(&line(5), &[])[0], [1, 2, 3]);
        assert_eq!(peers(&line(5), &[f64::NAN, 1.0, 1.0, 1.0, 0.0])[4], [3, 2, 1]);
        // A size that is not known is similar to none.
        assert_eq!(peers(&line(4), &[5.0, f64::NAN, 5.0, 0.0])[0], [2]);
        assert!(peers(&line(1), &[5.0])[0].is_empty());
    }
}
