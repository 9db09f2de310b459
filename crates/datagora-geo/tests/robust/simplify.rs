//! Rows simplified: whatever shape they have, sound ones stay sound, and what is left is near.
use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Polygon};
use datagora_geo::{GeometryColumn, Metric, distance, faults, repair, simplify};
use proptest::prelude::*;

fn ring() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0..9i32, 0..9i32), 3..14)
        .prop_map(|points| points.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect())
}

fn rings(geometry: Option<Geometry>) -> Vec<LineString> {
    let polygons = match geometry {
        Some(Geometry::Polygon(polygon)) => vec![polygon],
        Some(Geometry::MultiPolygon(polygons)) => polygons.0,
        _ => Vec::new(),
    };
    let rings = polygons.into_iter().map(Polygon::into_inner);
    rings.flat_map(|(outer, holes)| std::iter::once(outer).chain(holes)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn surfaces(
        shape in prop::collection::vec(prop::collection::vec(ring(), 1..3), 1..3),
        tolerance in prop::sample::select(vec![0.0, 0.3, 1.0, 2.5, 100.0]),
        [step, east] in prop::sample::select(vec![[1.0, 0.0], [0.7, 1_842_000.3]]),
    ) {
        let line = |ring: &Vec<(f64, f64)>| -> LineString {
            ring.iter().map(|(x, y)| Coord { x: east + step * x, y: step * y }).collect()
        };
        let polygon = |rings: &Vec<Vec<(f64, f64)>>| {
            Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect())
        };
        let raw = MultiPolygon(shape.iter().map(polygon).collect());
        let raw = GeometryColumn::new([raw.into()], Crs::CC46);
        prop_assert_eq!(simplify(&raw, tolerance).unwrap().len(), 1);

        let (sound, _) = repair(&raw);
        let simple = simplify(&sound, tolerance * step).unwrap();
        prop_assert!(faults(&simple).iter().all(|fault| !fault.kind.is_invalid()), "{:?} of {:?}", simple, sound);
        let (before, after) = (rings(sound.get(0)), rings(simple.get(0)));
        prop_assert_eq!(before.len(), after.len());
        prop_assume!(!before.is_empty());
        let vertices: Vec<Coord> = before.iter().flat_map(|ring| ring.0.clone()).collect();
        prop_assert!(after.iter().flat_map(|ring| &ring.0).all(|vertex| vertices.contains(vertex)));
        // Nothing left out is farther than the tolerance from what is left.
        let (x, y) = vertices.iter().map(|at| (at.x, at.y)).unzip();
        let points = GeometryColumn::points(x, y, Crs::CC46);
        let outline = GeometryColumn::new([MultiLineString(after).into()], Crs::CC46);
        let gaps = distance(&points, &outline.take(&vec![0; points.len()]), Metric::Planar).unwrap();
        // Corners of what was repaired are rounded, and so is what is measured here.
        let rounding = 1e-14 * (east.abs() + 10.0 * step);
        let near = |gap: &f64| *gap <= tolerance * step * (1.0 + 1e-9) + rounding;
        prop_assert!(gaps.iter().all(near), "{:?} of {:?}", simple, sound);
    }
}
