use datagora_core::{Crs, Metres};
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, LineString, MultiPolygon, Point, Polygon};

fn points(at: &[(f64, f64)]) -> GeometryColumn {
    GeometryColumn::points(at.iter().map(|p| p.0).collect(), at.iter().map(|p| p.1).collect(), Crs::CC46)
}

fn ring(corners: &[(f64, f64)]) -> LineString {
    LineString(corners.iter().map(|&(x, y)| Coord { x, y }).collect())
}

fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{found} is not {wanted}");
}

/// Shapely 2.2.0 (GEOS 3.14.1), circles drawn with 4096 segments a quarter: three discs, a C-shaped surface with a hole.
#[test]
fn what_geos_finds_with_very_fine_circles() {
    let far = 5_174_000.0;
    let corners = [(0., 0.), (10., 0.), (10., 3.), (4., 3.), (4., 7.), (10., 7.), (10., 10.), (0., 10.)];
    let moved =
        |shape: &[(f64, f64)]| ring(&shape.iter().map(|p| (p.0 + 1e6, p.1 + far)).collect::<Vec<_>>());
    let surface = Polygon::new(moved(&corners), vec![moved(&[(1., 1.), (1., 2.), (2., 2.), (2., 1.)])]);
    let zones = GeometryColumn::new([surface.into()], Crs::CC46);
    let at: Vec<_> = [(2.5, 2.), (5., 5.), (9., 8.)].iter().map(|p| (p.0 + 1e6, p.1 + far)).collect();
    let discs = Discs::new(&points(&at), &[2.5, 3.5, 2.0]).unwrap();
    let found = discs.within(&zones).unwrap()[0];
    assert!((found.union - GEOS[0]).abs() < 1e-4, "{found:?}");
    assert!((found.sum - GEOS[1]).abs() < 1e-4, "{found:?}");
    assert!((discs.area() - GEOS[2]).abs() < 1e-4, "{}", discs.area());
    let reach = discs.within_distance(&points(&[(4. + 1e6, 4. + far)]), Metres(4.0)).unwrap()[0];
    assert!((reach - GEOS[3]).abs() < 1e-4, "{reach}");
    let ground = area_within_distance(&points(&at[1..2]), &zones, Metres(4.0)).unwrap()[0];
    assert!((ground - GEOS[4]).abs() < 1e-4, "{ground}");
    assert_eq!((found.centres, found.unknown), (2, 0));
}

const GEOS: [f64; 5] = [40.061939, 46.403885, 63.478523, 42.568104, 30.959698];

#[test]
fn what_is_missing_is_told() {
    let discs = Discs::new(&points(&[(5., 5.), (6., 6.), (f64::NAN, 0.), (5., 5.)]), &[1., f64::NAN, 2., 0.]);
    let discs = discs.unwrap();
    let square = Polygon::new(ring(&[(0., 0.), (10., 0.), (10., 10.), (0., 10.)]), vec![]);
    let zones = GeometryColumn::from_options([Some(square.into()), None], Crs::CC46);
    let found = discs.within(&zones).unwrap();
    assert_eq!((found[0].centres, found[0].unknown), (1, 1));
    close(found[0].union, PI);
    assert_eq!(found[1], DiscCover::default());
    let around = discs.within_distance(&points(&[(f64::NAN, 0.), (100., 100.)]), Metres(10.0)).unwrap();
    assert!(around[0].is_nan() && around[1] == 0.0);
    let none = Discs::new(&points(&[]), &[]).unwrap();
    assert_eq!((none.area(), none.within(&zones).unwrap()[0].union), (0.0, 0.0));
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let one = points(&[(0., 0.)]);
    assert!(matches!(Discs::new(&one, &[]), Err(DiscError::Radii { rows: 1, found: 0 })));
    assert!(matches!(Discs::new(&one, &[-1.0]), Err(DiscError::Radius { row: 0, .. })));
    assert!(matches!(Discs::new(&one, &[f64::INFINITY]), Err(DiscError::Radius { .. })));
    let degrees = GeometryColumn::points(vec![4.8], vec![45.7], Crs::WGS84);
    assert!(matches!(Discs::new(&degrees, &[1.0]), Err(DiscError::Distance(_))));
    let discs = Discs::new(&one, &[1.0]).unwrap();
    assert!(matches!(discs.within(&one), Err(DiscError::Surfaces(_))));
    assert!(matches!(area_within_distance(&one, &one, Metres(1.0)), Err(DiscError::Surfaces(_))));
    let lambert = GeometryColumn::points(vec![0.], vec![0.], Crs::LAMBERT_93);
    assert!(matches!(discs.within_distance(&lambert, Metres(1.0)), Err(DiscError::Distance(_))));
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(discs.within_distance(&one, Metres(wrong)).is_err(), "{wrong}");
    }
    let line = GeometryColumn::new([ring(&[(0., 0.), (1., 1.)]).into()], Crs::CC46);
    assert!(matches!(Discs::new(&line, &[1.0]), Err(DiscError::NotPoints { row: 0, .. })));
}

#[test]
fn surfaces_of_several_parts_and_either_winding() {
    let square = |x: f64| ring(&[(x, 0.), (x + 1., 0.), (x + 1., 1.), (x, 1.)]);
    let turned = |x: f64| LineString(square(x).0.into_iter().rev().collect());
    let both = MultiPolygon(vec![Polygon::new(square(0.), vec![]), Polygon::new(turned(3.), vec![])]);
    let zones = GeometryColumn::new([both.into()], Crs::CC46);
    let disc = points(&[(2., 0.5)]);
    close(Discs::new(&disc, &[10.0]).unwrap().within(&zones).unwrap()[0].union, 2.0);
    close(area_within_distance(&disc, &zones, Metres(10.0)).unwrap()[0], 2.0);
    close(
        Discs::new(&disc, &[1.5]).unwrap().within(&zones).unwrap()[0].union,
        area_within_distance(&disc, &zones, Metres(1.5)).unwrap()[0],
    );
}

fn discs() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    proptest::collection::vec((0.0..60.0_f64, 0.0..60.0_f64, 0.0..12.0_f64), 1..25)
}

proptest! {
    /// One disc is cut by a surface as the surface is cut by the disc, two ways of computing it.
    #[test]
    fn discs_and_surfaces_cut_each_other(x in -5.0..25.0_f64, y in -5.0..25.0_f64, r in 0.1..30.0_f64) {
        let corners = ring(&[(0., 0.), (20., 3.), (9., 8.), (18., 20.), (2., 17.)]);
        let hole = ring(&[(4., 6.), (6., 6.), (5., 9.)]);
        let zones = GeometryColumn::new([Polygon::new(corners, vec![hole]).into()], Crs::CC46);
        let at = points(&[(x, y)]);
        let cover = Discs::new(&at, &[r]).unwrap().within(&zones).unwrap()[0];
        let cut = area_within_distance(&at, &zones, Metres(r)).unwrap()[0];
        prop_assert!((cover.union - cut).abs() < 1e-8, "{cover:?} {cut}");
        prop_assert!((cover.sum - cut).abs() < 1e-8);
    }

    /// Halves of the ground add up to the whole, which is at most the sum of the discs and at least the largest of them.
    #[test]
    fn the_union_is_at_most_the_sum(rows in discs(), border in 5.0..55.0_f64) {
        let at: Vec<_> = rows.iter().map(|row| (row.0, row.1)).collect();
        let radii: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let discs = Discs::new(&points(&at), &radii).unwrap();
        let west = ring(&[(-50., -50.), (border, -50.), (border, 150.), (-50., 150.)]);
        let east = ring(&[(border, -50.), (150., -50.), (150., 150.), (border, 150.)]);
        let zones = [west, east].map(|ring| Geometry::from(Polygon::new(ring, vec![])));
        let found = discs.within(&GeometryColumn::new(zones, Crs::CC46)).unwrap();
        let whole = discs.area();
        prop_assert!((found[0].union + found[1].union - whole).abs() < 1e-7, "{found:?} {whole}");
        let areas: Vec<f64> = radii.iter().map(|r| PI * r * r).collect();
        let (sum, largest) = (areas.iter().sum::<f64>(), areas.iter().copied().fold(0.0, f64::max));
        prop_assert!((found[0].sum + found[1].sum - sum).abs() < 1e-7);
        prop_assert!(largest <= whole + 1e-7 && whole <= sum + 1e-7);
        // A distance that reaches all of them finds all of them.
        let all = discs.within_distance(&points(&[(30., 30.)]), Metres(200.0)).unwrap()[0];
        prop_assert!((all - whole).abs() < 1e-7);
    }

    /// The share of points of a grid that are in a disc and within reach comes near the area.
    #[test]
    fn counted_points_agree(rows in discs(), x in 0.0..60.0_f64, y in 0.0..60.0_f64, reach in 1.0..40.0_f64) {
        let at: Vec<_> = rows.iter().map(|row| (row.0, row.1)).collect();
        let radii: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let discs = Discs::new(&points(&at), &radii).unwrap();
        let found = discs.within_distance(&points(&[(x, y)]), Metres(reach)).unwrap()[0];
        let step = 0.25;
        let mut counted = 0;
        for i in -80..400 {
            for j in -80..400 {
                let (px, py) = (f64::from(i) * step, f64::from(j) * step);
                let inside = |&(cx, cy, r): &(f64, f64, f64)| (px - cx).hypot(py - cy) <= r;
                if (px - x).hypot(py - y) <= reach && rows.iter().any(inside) {
                    counted += 1;
                }
            }
        }
        let (counted, length) = (f64::from(counted) * step * step, 2.0 * PI * (reach + radii.iter().sum::<f64>()));
        // No point of the grid is farther from the border than this share of its length.
        prop_assert!((found - counted).abs() <= 0.5 * step * length, "{found} {counted}");
    }
}

#[test]
fn a_disc_without_neighbours_is_whole() {
    let lone = Geometry::from(Point::new(3.0, 4.0));
    let discs = Discs::new(&GeometryColumn::new([lone], Crs::CC46), &[2.0]).unwrap();
    close(discs.area(), 4.0 * PI);
}
