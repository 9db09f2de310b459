//! Whatever coordinates come in, no function panics; whatever bytes come in, no reader does.
#[path = "robust/buffer.rs"]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod buffer;
#[cfg(feature = "io")]
#[path = "robust/geotiff.rs"]
mod geotiff;
#[path = "robust/overlay.rs"]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod overlay;
#[path = "robust/simplify.rs"]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod simplify;

use datagora_core::Crs;
use datagora_geo::types::{Geometry, LineString, MultiPolygon, Polygon, Rect, coord};
use datagora_geo::{
    AreaRule, Boundary, BufferOptions, GeometryColumn, Metric, Predicate, RepairOptions, area, buffer,
    centroid, clip, count_within, difference, dissolve, doubt_crs, faults, fitting_crs, interior_point,
    length, locate, overlaps, perimeter, repair, repair_with, self_join_by, simplify, simplify_coverage,
    union_all,
};
use proptest::prelude::*;

#[cfg(feature = "io")]
#[path = "robust/parsers.rs"]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod parsers;

/// Each format's reader on a few hundred damaged files, always the same; `cargo run --release --example fuzz` goes on.
#[cfg(feature = "io")]
#[test]
fn no_bytes_make_a_panic() {
    use parsers::{Random, damage, run, seeds};
    let folder = tempfile::tempdir().unwrap();
    let seeds = seeds(folder.path());
    let path = folder.path().join("case");
    let mut random = Random(20_261_125);
    for (format, whole) in &seeds {
        assert_eq!(run(*format, whole, &path), Ok(()));
        for case in 0..100 {
            let mut bytes = whole.clone();
            damage(&mut random, &mut bytes, &seeds[case % seeds.len()].1);
            assert_eq!(run(*format, &bytes, &path), Ok(()), "case {case}: {bytes:?}");
        }
    }
}

/// Numbers of a lattice, of any size, and such that are none.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-4..5i32).prop_map(f64::from),
        2 => -1e7..1e7f64,
        1 => prop::num::f64::ANY,
        1 => prop::sample::select(vec![f64::MAX, f64::MIN, f64::MIN_POSITIVE, 1e300, -1e-300, f64::NAN, f64::INFINITY]),
    ]
}

fn ring() -> impl Strategy<Value = LineString> {
    prop::collection::vec((number(), number()), 0..8).prop_map(LineString::from)
}

fn polygon() -> impl Strategy<Value = Polygon> {
    (ring(), prop::collection::vec(ring(), 0..3)).prop_map(|(exterior, holes)| Polygon::new(exterior, holes))
}

fn surface() -> impl Strategy<Value = Option<Geometry>> {
    prop_oneof![
        1 => Just(None),
        4 => polygon().prop_map(|polygon| Some(polygon.into())),
        2 => prop::collection::vec(polygon(), 0..3).prop_map(|polygons| Some(MultiPolygon(polygons).into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_coordinates_make_a_panic(
        rows in prop::collection::vec(surface(), 0..4),
        line in ring(),
        points in prop::collection::vec((number(), number()), 0..20),
        tolerance in number(),
    ) {
        let surfaces = GeometryColumn::from_options(rows.clone(), Crs::CC46);
        let (x, y) = points.into_iter().unzip();
        let points = GeometryColumn::points(x, y, Crs::CC46);
        for boundary in [Boundary::HalfOpen, Boundary::Within, Boundary::Covers] {
            let located = locate(&points, &surfaces, boundary);
            let counts = count_within(&points, &surfaces, boundary);
            prop_assert_eq!(located.is_ok(), counts.is_ok());
            if let (Ok(located), Ok(counts)) = (located, counts) {
                prop_assert!(located.iter().flatten().count() as u64 <= counts.iter().sum());
            }
        }
        let everything = GeometryColumn::from_options(rows.into_iter().chain([Some(line.into())]), Crs::CC46);
        let area_of_interest = Rect::new(coord! { x: 4., y: 45. }, coord! { x: 5., y: 46. });
        for column in [&surfaces, &points, &everything] {
            prop_assert_eq!(area(column, Metric::Planar).unwrap_or_default().len(), column.len());
            prop_assert_eq!(length(column, Metric::Planar).unwrap_or_default().len(), column.len());
            prop_assert_eq!(perimeter(column, Metric::Planar).unwrap_or_default().len(), column.len());
            prop_assert_eq!(centroid(column).len(), column.len());
            prop_assert_eq!(interior_point(column).len(), column.len());
            prop_assert_eq!(repair(column).0.len(), column.len());
            faults(column);
            fitting_crs(column, &area_of_interest);
            doubt_crs(column, &area_of_interest);
            prop_assert!(column.reproject(&Crs::WGS84).map_or(true, |there| there.len() == column.len()));
            prop_assert!(simplify(column, tolerance).map_or(true, |simple| simple.len() == column.len()));
            for distance in [tolerance, -tolerance, 1.0, 1e-300, 1e50] {
                let wide = buffer(column, distance, &BufferOptions::default());
                prop_assert!(wide.map_or(true, |wide| wide.len() == column.len()));
            }
            prop_assert!(simplify_coverage(column, tolerance).map_or(true, |simple| simple.len() == column.len()));
        }
        // Surfaces as they come, most of them invalid, and mended.
        for surfaces in [&surfaces, &repair(&surfaces).0] {
            let _ = overlaps(surfaces, surfaces);
            let _ = union_all(surfaces);
            let _ = dissolve(surfaces, &(0..surfaces.len()).map(|row| row % 2).collect::<Vec<_>>());
            for column in [surfaces, &points, &everything] {
                let _ = clip(column, surfaces);
                let _ = difference(column, surfaces);
            }
            for predicate in [Predicate::Intersects, Predicate::Touches, Predicate::Within, Predicate::Overlaps] {
                let _ = self_join_by(surfaces, predicate);
            }
        }
        let by_union = RepairOptions::default().with_rule(AreaRule::Union).with_sliver_width(1e-3);
        prop_assert_eq!(repair_with(&everything, &by_union).0.len(), everything.len());
    }
}
