//! Buffers: whatever shape there is, what is within the distance is in, what is not is out.
use std::f64::consts::FRAC_PI_4;

use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, MultiLineString, Polygon};
use datagora_geo::{
    BufferCap, BufferJoin, BufferOptions, GeometryColumn, Metric, area, buffer, distance, faults, repair,
};
use proptest::prelude::*;

/// Vertices of a lattice, which make spikes, retrace edges and repeat points all the time; some are moved by a last digit,
/// a thousandth, or a third of a step.
fn path() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let nudge = prop::sample::select(vec![0.0, 0.0, 0.0, 1e-15, -1e-15, 1e-12, 1e-3, -1.0 / 3.0]);
    let point =
        (0..7i32, 0..7i32, nudge).prop_map(|(x, y, nudge)| (f64::from(x) + nudge, f64::from(y) - nudge));
    prop::collection::vec(point, 1..14)
}

/// Where the lattice is, and how fine.
fn place() -> impl Strategy<Value = [f64; 3]> {
    prop::sample::select(vec![
        [1.0, 0.0, 0.0],
        [0.7, 1_842_000.3, 5_174_000.1],
        [1e6, -3e8, 2e9],
        [1e-9, 0.0, 1e-9],
    ])
}

/// Shares of a step: less than an edge, about one, more than all.
fn reach() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![0.01, 0.3, 0.5, 1.0, 1.4, 2.0, 5.0, 40.0])
}

fn line(path: &[(f64, f64)], [step, east, north]: [f64; 3]) -> LineString {
    path.iter().map(|(x, y)| Coord { x: east + step * x, y: north + step * y }).collect()
}

/// Points all over the lattice and as far around it as a buffer reaches.
fn probes(reach: f64, [step, east, north]: [f64; 3]) -> GeometryColumn {
    let at = |k: usize| {
        let turn = |share: f64| (k as f64 * share).fract() * (8.0 + 2.2 * reach) - 1.0 - 1.1 * reach;
        (east + step * turn(0.618_033_988_7), north + step * turn(0.414_213_562_3))
    };
    let (x, y) = (0..150).map(at).unzip();
    GeometryColumn::points(x, y, Crs::CC46)
}

fn distances(points: &GeometryColumn, to: &GeometryColumn) -> Vec<f64> {
    distance(points, &to.take(&vec![0; points.len()]), Metric::Planar).unwrap()
}

fn ground(column: &GeometryColumn) -> f64 {
    area(column, Metric::Planar).unwrap()[0]
}

/// How near the middle of a chord comes, of 16 to a quarter, as a share of the distance; inward bends so deep are passed over.
fn chord() -> f64 {
    (FRAC_PI_4 / 16.0).cos()
}

/// Whether a buffer has no fault, and of the points those within and none beyond the distance.
fn is_right(made: &GeometryColumn, points: &GeometryColumn, gaps: &[f64], reach: f64, doubt: f64) -> bool {
    let found = distances(points, made);
    let near = chord();
    let inside = |gap: f64| gap < reach * near - doubt;
    let outside = |gap: f64| gap > reach * (2.0 - near) + doubt;
    let row = |(gap, found): (&f64, &f64)| !(inside(*gap) && *found > 0.0 || outside(*gap) && *found == 0.0);
    faults(made).iter().all(|fault| !fault.kind.is_invalid()) && gaps.iter().zip(&found).all(row)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines(paths in prop::collection::vec(path(), 1..4), reach in reach(), place in place()) {
        let lines: Vec<LineString> = paths.iter().map(|path| line(path, place)).collect();
        let column = GeometryColumn::new([MultiLineString(lines).into()], Crs::CC46);
        let [step, east, north] = place;
        let doubt = 1e3 * f64::EPSILON * (east.abs().max(north.abs()) + 50.0 * step);
        let points = probes(reach, place);
        let gaps = distances(&points, &column);
        let options = BufferOptions::default();
        let made = |reach: f64, options: &BufferOptions| buffer(&column, reach * step, options).unwrap();
        let round = made(reach, &options);
        prop_assert!(is_right(&round, &points, &gaps, reach * step, doubt), "{:?}", round);

        // Two steps are one.
        let further = buffer(&round, 0.7 * reach * step, &options).unwrap();
        prop_assert!(is_right(&further, &points, &gaps, 1.7 * reach * step, doubt), "{:?}", further);

        // At each bend the outline may pass over as much, along about the distance.
        let bends: usize = paths.iter().map(Vec::len).sum();
        let passed_over = bends as f64 * (1.0 - chord()) * (reach * step).powi(2);
        let tolerance = 100.0 * doubt * step * (1.0 + reach) + passed_over;
        let mut last = 0.0;
        for (cap, join) in [
            (BufferCap::Flat, BufferJoin::Bevel),
            (BufferCap::Flat, BufferJoin::Round),
            (BufferCap::Round, BufferJoin::Round),
            (BufferCap::Square, BufferJoin::Round),
            (BufferCap::Square, BufferJoin::Mitre { limit: 1.0 }),
            (BufferCap::Square, BufferJoin::Mitre { limit: 5.0 }),
        ] {
            let other = made(reach, &options.with_cap(cap).with_join(join));
            prop_assert!(faults(&other).iter().all(|fault| !fault.kind.is_invalid()));
            prop_assert!(ground(&other) >= last - tolerance, "{} after {}: {:?} {:?}", ground(&other), last, cap, join);
            last = ground(&other);
        }
        let equal = made(reach, &options.with_equal_area(true));
        prop_assert!(ground(&equal) >= ground(&round) - tolerance);
        prop_assert!(ground(&made(1.01 * reach, &options)) >= ground(&round) - tolerance);
    }

    #[test]
    fn surfaces(rings in prop::collection::vec(path(), 1..4), reach in reach(), place in place()) {
        let polygon = Polygon::new(line(&rings[0], place), rings[1..].iter().map(|ring| line(ring, place)).collect());
        let raw = GeometryColumn::new([polygon.into()], Crs::CC46);
        let (sound, _) = repair(&raw);
        let [step, east, north] = place;
        let doubt = 1e3 * f64::EPSILON * (east.abs().max(north.abs()) + 50.0 * step);
        let points = probes(reach, place);
        let options = BufferOptions::default();
        for distance in [0.0, reach * step, -reach * step] {
            let made = buffer(&raw, distance, &options).unwrap();
            prop_assert!(faults(&made).iter().all(|fault| !fault.kind.is_invalid()), "{:?}", made);
        }
        prop_assume!(ground(&sound) > 0.0);
        let gaps = distances(&points, &sound);
        let wide = buffer(&sound, reach * step, &options).unwrap();
        prop_assert!(is_right(&wide, &points, &gaps, reach * step, doubt), "{:?} of {:?}", wide, sound);

        // Eroded: what is farther than the distance from the outline.
        let rings = match sound.get(0).unwrap() {
            Geometry::Polygon(polygon) => vec![polygon],
            Geometry::MultiPolygon(polygons) => polygons.0,
            other => panic!("{other:?} was not expected"),
        };
        let rings = rings.into_iter().map(Polygon::into_inner);
        let lines = rings.flat_map(|(outer, holes)| std::iter::once(outer).chain(holes)).collect();
        let outline = GeometryColumn::new([MultiLineString(lines).into()], Crs::CC46);
        let narrow = buffer(&sound, -reach * step, &options).unwrap();
        prop_assert!(faults(&narrow).iter().all(|fault| !fault.kind.is_invalid()), "{:?}", narrow);
        let (to_outline, to_narrow) = (distances(&points, &outline), distances(&points, &narrow));
        for ((gap, to_outline), to_narrow) in gaps.iter().zip(&to_outline).zip(&to_narrow) {
            let near = chord();
            let within = *gap == 0.0 && *to_outline > reach * step * (2.0 - near) + doubt;
            let without = *gap > doubt || *to_outline < reach * step * near - doubt;
            // Nothing is any distance away from nothing.
            prop_assert!(!(within && *to_narrow != 0.0 || without && *to_narrow == 0.0), "{:?} of {:?}", narrow, sound);
        }
    }
}
