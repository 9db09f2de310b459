//! Surfaces over surfaces: whatever shape they have, areas add up, and the order does not matter.
use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use datagora_geo::{
    GeometryColumn, Metric, Pieces, Predicate, area, clip, difference, dissolve, faults, join_by, overlaps,
    repair, union_all,
};
use proptest::prelude::*;

/// Rings of a lattice, which share edges and vertices all the time; some points are moved by a last digit, a
/// thousandth, or a third of a step.
fn ring() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let nudge = prop::sample::select(vec![0.0, 0.0, 0.0, 1e-15, -1e-15, 1e-12, 1e-3, -1.0 / 3.0]);
    let point =
        (0..7i32, 0..7i32, nudge).prop_map(|(x, y, nudge)| (f64::from(x) + nudge, f64::from(y) - nudge));
    prop::collection::vec(point, 3..9)
}

/// Polygons by their rings, exterior first.
type Polygons = Vec<Vec<Vec<(f64, f64)>>>;

/// Polygons with holes that may lie, touch and cross as they like.
fn shape() -> impl Strategy<Value = Polygons> {
    prop::collection::vec(prop::collection::vec(ring(), 1..3), 1..3)
}

/// Where the lattice is and how fine it is: degrees, metres of a metropolis, far out, tiny.
fn place() -> impl Strategy<Value = [f64; 3]> {
    prop::sample::select(vec![
        [1.0, 0.0, 0.0],
        [0.7, 1_842_000.3, 5_174_000.1],
        [1e-4, 4.8, 45.7],
        [1e6, -3e8, 2e9],
        [1e-9, 0.0, 1e-9],
    ])
}

fn geometry(parts: &[Vec<Vec<(f64, f64)>>], [step, east, north]: [f64; 3]) -> Geometry {
    let ring = |points: &Vec<(f64, f64)>| -> LineString {
        points.iter().map(|(x, y)| Coord { x: east + step * x, y: north + step * y }).collect()
    };
    let polygon =
        |rings: &Vec<Vec<(f64, f64)>>| Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect());
    MultiPolygon(parts.iter().map(polygon).collect()).into()
}

/// Repaired, so that there is ground to be measured.
fn column(rows: &[Polygons], place: [f64; 3]) -> GeometryColumn {
    let raw = GeometryColumn::new(rows.iter().map(|parts| geometry(parts, place)), Crs::CC46);
    repair(&raw).0
}

fn ground(column: &GeometryColumn) -> f64 {
    area(column, Metric::Planar).unwrap_or_default().iter().sum()
}

fn measure(pieces: &Pieces) -> f64 {
    pieces.origins.iter().map(|piece| piece.measure).sum()
}

fn is_sound(column: &GeometryColumn) -> bool {
    faults(column).iter().all(|fault| !fault.kind.is_invalid())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn areas_add_up(
        left in prop::collection::vec(shape(), 1..3),
        right in prop::collection::vec(shape(), 1..3),
        place in place(),
    ) {
        let (left, right) = (column(&left, place), column(&right, place));
        prop_assert!(is_sound(&left) && is_sound(&right));
        // A few last digits of the coordinates along the outline, and the grid of 2⁻³⁰ of the extent on which edges end up
        // that run a last digit apart and cannot be cut cleanly.
        let [step, east, north] = place;
        let size = 10.0 * step;
        let tolerance = size * (1e3 * f64::EPSILON * (size + east.abs().max(north.abs())) + 1e-7 * size);
        let near = |a: f64, b: f64| (a - b).abs() <= tolerance;

        let all_right = union_all(&right).unwrap();
        prop_assert!(is_sound(&all_right), "{:?}", all_right);
        let (inside, outside) = (clip(&left, &all_right).unwrap(), difference(&left, &right).unwrap());
        let whole = ground(&left);
        prop_assert!(
            near(measure(&inside) + measure(&outside), whole),
            "{} and {} of {}: {:?} {:?}", measure(&inside), measure(&outside), whole, left, right
        );

        let pieces = clip(&left, &right).unwrap();
        let turned = clip(&right, &left).unwrap();
        prop_assert!(near(measure(&pieces), measure(&turned)));
        let shared: f64 = overlaps(&left, &right).unwrap().iter().map(|overlap| overlap.area).sum();
        prop_assert!(near(measure(&pieces), shared));
        for pieces in [&inside, &outside, &pieces, &turned] {
            prop_assert!(near(ground(&pieces.shapes), measure(pieces)));
            prop_assert!(is_sound(&pieces.shapes), "{:?} of {:?} and {:?}", pieces.shapes, left, right);
        }

        // What both cover, one way and the other.
        let rows = GeometryColumn::concat([&left, &right]).unwrap();
        let backwards: Vec<usize> = (0..rows.len()).rev().collect();
        let (together, again) = (union_all(&rows).unwrap(), union_all(&rows.take(&backwards)).unwrap());
        prop_assert!(is_sound(&together), "{:?} of {:?}", together, rows);
        prop_assert!(near(ground(&together), ground(&again)));
        let beyond = difference(&left, &all_right).unwrap();
        prop_assert!(near(ground(&together), ground(&all_right) + measure(&difference(&union_all(&left).unwrap(), &right).unwrap())));
        prop_assert!(near(measure(&beyond), measure(&outside)));
        let keys: Vec<usize> = (0..rows.len()).map(|row| row % 2).collect();
        let dissolved = dissolve(&rows, &keys).unwrap();
        prop_assert!(is_sound(&dissolved.shapes));
        prop_assert!(near(ground(&union_all(&dissolved.shapes).unwrap()), ground(&together)));
        prop_assert!(ground(&dissolved.shapes) <= ground(&rows) + tolerance);
    }

    /// A relation says what areas say, where they say it beyond rounding.
    #[test]
    fn relations_agree_with_areas(left in shape(), right in shape(), place in place()) {
        let (left, right) = (column(&[left], place), column(&[right], place));
        let holds = |predicate| !join_by(&left, &right, predicate).unwrap().is_empty();
        let turned = |predicate| !join_by(&right, &left, predicate).unwrap().is_empty();
        let (own, other) = (ground(&left), ground(&right));
        prop_assume!(own > 0.0 && other > 0.0);
        let shared: f64 = overlaps(&left, &right).unwrap().iter().map(|overlap| overlap.area).sum();
        let doubt = 1e-6 * place[0] * place[0] + 1e-4 * own.min(other);
        if shared > doubt {
            prop_assert!(holds(Predicate::Intersects) && !holds(Predicate::Touches));
            prop_assert_eq!(holds(Predicate::Within), holds(Predicate::CoveredBy));
        }
        if own - shared > doubt {
            prop_assert!(!holds(Predicate::Within) && !holds(Predicate::Equals));
        }
        if own - shared > doubt && other - shared > doubt && shared > doubt {
            prop_assert!(holds(Predicate::Overlaps));
        }
        if holds(Predicate::Touches) {
            prop_assert!(shared <= doubt);
        }
        for (predicate, exchanged) in [
            (Predicate::Intersects, Predicate::Intersects),
            (Predicate::Touches, Predicate::Touches),
            (Predicate::Overlaps, Predicate::Overlaps),
            (Predicate::Equals, Predicate::Equals),
            (Predicate::Within, Predicate::Contains),
            (Predicate::CoveredBy, Predicate::Covers),
        ] {
            prop_assert_eq!(holds(predicate), turned(exchanged), "{}", predicate);
        }
        prop_assert!(!join_by(&left, &left, Predicate::Equals).unwrap().is_empty());
    }
}
