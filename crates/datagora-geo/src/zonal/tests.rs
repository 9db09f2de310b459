use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect, coord};

use ZonalStatistic::*;

/// One side of a rectangle: which coordinate, where, and whether the inside is above.
type Side = (fn(Coord) -> f64, f64, bool);

/// Area of a ring within a rectangle: clipped by one side after the other (Sutherland, Hodgman 1974).
fn clipped_area(ring: &LineString, cell: Rect) -> f64 {
    let mut points: Vec<Coord> = ring.0.clone();
    let (min, max) = (cell.min(), cell.max());
    let sides: [Side; 4] =
        [(|c| c.x, min.x, true), (|c| c.x, max.x, false), (|c| c.y, min.y, true), (|c| c.y, max.y, false)];
    for (axis, at, above) in sides {
        let inside = |c: Coord| if above { axis(c) >= at } else { axis(c) <= at };
        let before = std::mem::take(&mut points);
        for (k, &to) in before.iter().enumerate() {
            let from = before[(k + before.len() - 1) % before.len()];
            if inside(from) != inside(to) {
                let way = (at - axis(from)) / (axis(to) - axis(from));
                points.push(from + (to - from) * way);
            }
            if inside(to) {
                points.push(to);
            }
        }
    }
    let twice: f64 = (0..points.len())
        .map(|k| {
            let (a, b) = (points[k] - min, points[(k + 1) % points.len()] - min);
            a.x * b.y - b.x * a.y
        })
        .sum();
    twice.abs() / 2.0
}

/// Shares of all cells, the slow way.
fn shares(grid: &Grid, zone: &Geometry) -> Vec<f64> {
    let polygons = match zone {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(polygons) => polygons.0.clone(),
        other => panic!("{other:?} was not expected"),
    };
    let share = |cell: usize| {
        let rect = grid.cell_rect(cell);
        let polygon = |polygon: &Polygon| {
            let holes: f64 = polygon.interiors().iter().map(|hole| clipped_area(hole, rect)).sum();
            clipped_area(polygon.exterior(), rect) - holes
        };
        polygons.iter().map(polygon).sum::<f64>() / grid.cell_area()
    };
    (0..grid.len()).map(share).collect()
}

/// A star around a middle: simple, with a hole of its own shape if asked for.
fn star(middle: Coord, radii: &[f64], hole: bool) -> Polygon {
    let ring = |scale: f64| {
        let point = |(k, radius): (usize, &f64)| {
            let angle = std::f64::consts::TAU * k as f64 / radii.len() as f64;
            coord! { x: middle.x + scale * radius * angle.cos(), y: middle.y + scale * radius * angle.sin() }
        };
        LineString(radii.iter().enumerate().map(point).collect())
    };
    Polygon::new(ring(1.0), if hole { vec![ring(0.5)] } else { vec![] })
}

fn zone() -> impl Strategy<Value = Polygon> {
    let radii = prop::collection::vec(3.0..45.0_f64, 3..12);
    ((-20.0..110.0_f64, -20.0..80.0_f64), radii, any::<bool>())
        .prop_map(|((x, y), radii, hole)| star(coord! { x: x, y: y }, &radii, hole))
}

/// 12 columns and 7 rows of cells of 8.3 by 9.1.
fn grid() -> Grid {
    Grid::new([0.25, 63.5], [8.3, 9.1], 12, 7, Crs::CC46).unwrap()
}

fn column(zones: impl IntoIterator<Item = Polygon>) -> GeometryColumn {
    GeometryColumn::new(zones.into_iter().map(Geometry::from), Crs::CC46)
}

const ALL: [ZonalStatistic; 20] = [
    Count,
    Sum,
    Mean,
    Min,
    Max,
    Variance,
    StandardDeviation,
    Quantile(0.0),
    Quantile(0.1),
    Quantile(0.5),
    Quantile(1.0),
    Majority,
    Minority,
    Variety,
    ShareAbove(1.5),
    ShareAbove(4.0),
    WeightedSum,
    WeightedMean,
    WeightedVariance,
    WeightedStandardDeviation,
];

fn options() -> ZonalOptions {
    ZonalOptions::default().with_statistics(ALL).with_weight_band(1)
}

/// Values from 0 to 5 (so that some are equal), and weights; some of both missing.
fn raster() -> impl Strategy<Value = Raster> {
    let number = || prop_oneof![1 => Just(f64::NAN), 6 => (0..6_i32).prop_map(f64::from)];
    let band = || prop::collection::vec(number(), 84);
    (band(), band()).prop_map(|(values, weights)| {
        let bands = [Band::new(values), Band::new(weights)];
        Raster::new(grid(), bands).unwrap()
    })
}

/// Statistics by their definitions.
fn by_definition(raster: &Raster, shares: &[f64]) -> Vec<(ZonalStatistic, Option<f64>)> {
    let cells: Vec<(f64, f64, Option<f64>)> = (0..shares.len())
        .filter(|&cell| shares[cell] >= LEAST_SHARE)
        .filter_map(|cell| {
            Some((shares[cell], raster.bands()[0].value(cell)?, raster.bands()[1].value(cell)))
        })
        .collect();
    let total =
        |f: &dyn Fn(f64, f64) -> f64| cells.iter().map(|&(share, value, _)| f(share, value)).sum::<f64>();
    let count = total(&|share, _| share);
    let mean = total(&|share, value| share * value) / count;
    let variance = total(&|share, value| share * (value - mean).powi(2)) / count;
    let weighted: Vec<(f64, f64)> =
        cells.iter().filter_map(|&(share, value, weight)| Some((share * weight?, value))).collect();
    let weight: f64 = weighted.iter().map(|(weight, _)| weight).sum();
    let weighted_sum: f64 = weighted.iter().map(|(weight, value)| weight * value).sum();
    let weighted_mean = weighted_sum / weight;
    let weighted_variance =
        weighted.iter().map(|(weight, value)| weight * (value - weighted_mean).powi(2)).sum::<f64>() / weight;
    let known = |value: f64| (!cells.is_empty() && !value.is_nan()).then_some(value);
    vec![
        (Count, Some(count)),
        (Sum, known(mean * count)),
        (Mean, known(mean)),
        (Min, cells.iter().map(|cell| cell.1).reduce(f64::min)),
        (Max, cells.iter().map(|cell| cell.1).reduce(f64::max)),
        (Variance, known(variance)),
        (StandardDeviation, known(variance.sqrt())),
        (ShareAbove(1.5), known(total(&|share, value| if value > 1.5 { share } else { 0.0 }) / count)),
        (WeightedSum, (!weighted.is_empty()).then_some(weighted_sum)),
        (WeightedMean, known(weighted_mean)),
        (WeightedVariance, known(weighted_variance)),
    ]
}

fn close(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * (1.0 + a.abs()),
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn statistics_are_what_they_are_defined_as(raster in raster(), zones in prop::collection::vec(zone(), 1..4)) {
        let table = zonal_statistics(&raster, &column(zones.clone()), &options()).unwrap();
        for (row, zone) in zones.into_iter().enumerate() {
            let shares = shares(&grid(), &zone.into());
            for (statistic, expected) in by_definition(&raster, &shares) {
                let found = table.get(row, statistic);
                prop_assert!(close(found, expected, 1e-9), "{}: {:?}, expected {:?}", statistic, found, expected);
            }
        }
    }

    #[test]
    fn of_a_constant_the_mean_is_the_constant(value in -1e6..1e6_f64, zone in zone()) {
        let raster = Raster::new(grid(), [Band::new(vec![value; 84]), Band::new(vec![0.3; 84])]).unwrap();
        let table = zonal_statistics(&raster, &column([zone.clone()]), &options()).unwrap();
        let count = table.get(0, Count).unwrap();
        let clipped: f64 = shares(&grid(), &zone.into()).iter().sum();
        prop_assert!((count - clipped).abs() < 1e-9, "{} cells, {} of clipping", count, clipped);
        if count > 0.0 {
            for statistic in [Mean, Min, Max, Quantile(0.1), Quantile(0.5), Majority, Minority, WeightedMean] {
                prop_assert_eq!(table.get(0, statistic), Some(value));
            }
            prop_assert_eq!((table.get(0, Variance), table.get(0, Variety)), (Some(0.0), Some(1.0)));
        }
    }

    #[test]
    fn halves_of_a_zone_add_up(raster in raster(), zone in zone(), cut in 0.0..100.0_f64) {
        use geo::BooleanOps;
        let half = |x: [f64; 2]| {
            Rect::new(coord! { x: x[0], y: -200.0 }, coord! { x: x[1], y: 200.0 }).to_polygon()
        };
        // Vertices of an intersection are rounded to a grid of about 1e-7.
        let halves = [half([-200.0, cut]), half([cut, 300.0])].map(|half| zone.intersection(&half));
        let zones = GeometryColumn::new(halves.map(Geometry::from).into_iter().chain([zone.into()]), Crs::CC46);
        let table = zonal_statistics(&raster, &zones, &options()).unwrap();
        for statistic in [Count, Sum, WeightedSum] {
            let of = |zone| table.get(zone, statistic).unwrap_or(0.0);
            prop_assert!((of(0) + of(1) - of(2)).abs() < 1e-4, "{}: {} + {}, not {}", statistic, of(0), of(1), of(2));
        }
    }

    #[test]
    fn order_of_zones_does_not_matter(raster in raster(), zones in prop::collection::vec(zone(), 1..6)) {
        let table = zonal_statistics(&raster, &column(zones.clone()), &options()).unwrap();
        let reversed = zonal_statistics(&raster, &column(zones.iter().rev().cloned()), &options()).unwrap();
        for statistic in ALL {
            let there = table.column(statistic).unwrap();
            prop_assert!(there.iter().eq(reversed.column(statistic).unwrap().iter().rev()));
        }
    }

    #[cfg(feature = "io")]
    #[test]
    fn of_a_file_they_are_those_of_memory(raster in raster(), zones in prop::collection::vec(zone(), 1..6), window in 1..60_usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tif");
        crate::write_geotiff(&path, &raster, &crate::GeoTiffWriteOptions::default().with_tile(16)).unwrap();
        let mut file = crate::GeoTiff::open(&path).unwrap();
        let found = zonal_statistics_of_file(&mut file, &column(zones.clone()), &options().with_window(window)).unwrap();
        prop_assert_eq!(found, zonal_statistics(&raster, &column(zones), &options()).unwrap());
    }
}

#[test]
fn completeness_of_zones_whose_rings_cross_is_of_their_ground() {
    let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46).unwrap();
    let raster = Raster::new(grid, [Band::new(vec![4_i16, -1]).with_no_data(-1.0)]).unwrap();
    let zone = |points: Vec<(f64, f64)>| Polygon::new(points.into(), vec![]).into();
    let zones = GeometryColumn::new(
        [
            // Bow ties: in the cell that has a value; two triangles of 100 m² each, with 25 m² in it; and one of which the
            // sum of its areas with their signs is half of its ground.
            zone(vec![(0., 0.), (10., 10.), (10., 0.), (0., 10.)]),
            zone(vec![(-10., 0.), (30., 10.), (30., 0.), (-10., 10.)]),
            zone(vec![(0., 0.), (9., 9.), (9., 0.), (0., 9.), (0., 0.), (0., -9.), (-9., 0.)]),
        ],
        Crs::CC46,
    );
    let table = zonal_statistics(&raster, &zones, &ZonalOptions::default()).unwrap();
    for (found, expected) in table.completeness().iter().zip([1.0, 0.125, 0.5]) {
        assert!(close(*found, Some(expected), 1e-12), "{found:?}, expected {expected}");
    }
}

#[test]
fn completeness_tells_what_has_values() {
    let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46).unwrap();
    let raster = Raster::new(grid, [Band::new(vec![4_i16, -1]).with_no_data(-1.0)]).unwrap();
    let rect = |x: [f64; 2]| Rect::new(coord! { x: x[0], y: 0.0 }, coord! { x: x[1], y: 10.0 });
    let zones = GeometryColumn::from_options(
        [
            Some(rect([0.0, 10.0]).into()),
            Some(rect([5.0, 15.0]).into()),
            Some(rect([-10.0, 5.0]).into()),
            Some(rect([10.0, 20.0]).into()),
            Some(rect([500.0, 600.0]).into()),
            None,
            Some(MultiPolygon(vec![]).into()),
            Some(rect([3.0, 3.0]).into()),
        ],
        Crs::CC46,
    );
    let options = ZonalOptions::default().with_statistics([Count, Sum, Mean, Min, Variety, Quantile(0.5)]);
    let table = zonal_statistics(&raster, &zones, &options).unwrap();
    let near = |found: Option<f64>, expected: Option<f64>| {
        assert!(close(found, expected, 1e-12), "{found:?}, expected {expected:?}")
    };
    for (row, completeness) in [Some(1.0), Some(0.5), Some(1.0 / 3.0), Some(0.0), Some(0.0), None, None, None]
        .into_iter()
        .enumerate()
    {
        near(table.completeness()[row], completeness);
    }
    assert_eq!(table.column(Mean).unwrap(), [Some(4.0), Some(4.0), Some(4.0), None, None, None, None, None]);
    // No value is no sum, but a count of zero; a missing zone has neither.
    for (row, count) in [Some(1.0), Some(0.5), Some(0.5), Some(0.0), Some(0.0), None, Some(0.0), Some(0.0)]
        .into_iter()
        .enumerate()
    {
        near(table.get(row, Count), count);
    }
    assert_eq!(table.column(Sum).unwrap()[3..], [None; 5]);
    assert_eq!((table.get(3, Variety), table.get(5, Variety)), (Some(0.0), None));
    assert_eq!(table.column(Max), None);
}

#[test]
fn what_cannot_be_done_is_said() {
    let raster = Raster::new(grid(), [Band::new(vec![1.0; 84])]).unwrap();
    let square: Geometry = Rect::new(coord! { x: 1.0, y: 1.0 }, coord! { x: 9.0, y: 9.0 }).into();
    let zones = GeometryColumn::new([square.clone()], Crs::CC46);
    let refused = |zones: &GeometryColumn, options: ZonalOptions| {
        zonal_statistics(&raster, zones, &options).unwrap_err()
    };
    let elsewhere = GeometryColumn::new([square.clone()], Crs::LAMBERT_93);
    let error = refused(&elsewhere, ZonalOptions::default());
    assert!(matches!(error, ZonalError::Zones(CoverageError::CrsMismatch { .. })), "{error}");
    let mixed = GeometryColumn::from_options([None, Some(Point::new(1.0, 1.0).into())], Crs::CC46);
    let error = refused(&mixed, ZonalOptions::default());
    assert!(matches!(error, ZonalError::Zones(CoverageError::NotPolygons { row: 1, .. })), "{error}");
    let infinite = Polygon::new(LineString::from(vec![(0.0, 0.0), (f64::INFINITY, 0.0), (0.0, 1.0)]), vec![]);
    let error = refused(&column([infinite]), ZonalOptions::default());
    assert!(matches!(error, ZonalError::Zones(CoverageError::NotFinite { row: 0, .. })), "{error}");
    let error = refused(&zones, ZonalOptions::default().with_band(1));
    assert!(matches!(error, ZonalError::Band { asked: 1, bands: 1 }), "{error}");
    let error = refused(&zones, ZonalOptions::default().with_weight_band(3));
    assert!(matches!(error, ZonalError::Band { asked: 3, bands: 1 }), "{error}");
    let error = refused(&zones, ZonalOptions::default().with_statistics([WeightedMean]));
    assert!(error.to_string().starts_with("the weighted mean needs weights"), "{error}");
    for quantile in [-0.1, 1.1, f64::NAN] {
        let error = refused(&zones, ZonalOptions::default().with_statistics([Quantile(quantile)]));
        assert!(matches!(error, ZonalError::Quantile { .. }), "{error}");
    }
    let other = Grid::new([0.0, 63.5], [8.3, 9.1], 12, 7, Crs::CC46).unwrap();
    let weights = Raster::new(other, [Band::new(vec![1.0; 84])]).unwrap();
    let error = weighted_zonal_statistics(&raster, &weights, &zones, &ZonalOptions::default()).unwrap_err();
    assert!(matches!(error, ZonalError::GridMismatch { .. }), "{error}");
    let none = GeometryColumn::new([], Crs::CC46);
    assert!(zonal_statistics(&raster, &none, &ZonalOptions::default()).unwrap().is_empty());
}

#[test]
fn infinite_values_give_no_false_numbers() {
    let mut values = vec![1.0; 84];
    (values[0], values[1]) = (f64::INFINITY, f64::NEG_INFINITY);
    let raster = Raster::new(grid(), [Band::new(values), Band::new(vec![1.0; 84])]).unwrap();
    let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 90.0, y: 63.0 }).to_polygon();
    let table = zonal_statistics(&raster, &column([square]), &options()).unwrap();
    assert_eq!((table.get(0, Min), table.get(0, Max)), (Some(f64::NEG_INFINITY), Some(f64::INFINITY)));
    assert_eq!((table.get(0, Mean), table.get(0, Variance), table.get(0, Majority)), (None, None, Some(1.0)));
}
