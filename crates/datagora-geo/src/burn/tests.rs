//! What rasterio 1.4.4 (GDAL 3.10.3) burns with `rasterize` by its default rule, a number of 30 bits for each row of
//! cells, the first column the lowest.
use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use crate::{CoverageOptions, coverage};

fn grid() -> Grid {
    Grid::new([0.0, 20.0], [1.0, 1.0], 30, 20, Crs::CC46).expect("a grid")
}

fn polygon(exterior: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> Polygon {
    let ring = |places: &[(f64, f64)]| LineString::from(places.to_vec());
    Polygon::new(ring(exterior), holes.iter().map(|hole| ring(hole)).collect())
}

fn burn(shapes: impl IntoIterator<Item = Geometry>) -> [u32; 20] {
    let mut bits = [0; 20];
    let column = GeometryColumn::new(shapes, Crs::CC46);
    burned_cells(&grid(), &column, |_, run| {
        run.columns.for_each(|column| bits[run.row] |= 1 << column);
    })
    .expect("polygons");
    bits
}

#[test]
fn a_triangle_with_a_hole() {
    let shape = polygon(&[(2.3, 1.7), (17.5, 4.5), (9.1, 18.2)], &[&[(7., 6.), (10., 6.5), (9., 9.5)]]);
    let rasterio = [
        0, 0, 512, 768, 1792, 1792, 3968, 8064, 8128, 16320, 16320, 32480, 64736, 64624, 131056, 262136,
        4088, 120, 0, 0,
    ];
    assert_eq!(burn([shape.into()]), rasterio);
}

#[test]
fn borders_along_centres_however_rings_are_wound() {
    let stair = [
        (2.5, 2.5),
        (12.5, 2.5),
        (12.5, 8.5),
        (17.5, 8.5),
        (17.5, 12.5),
        (6.5, 12.5),
        (6.5, 6.5),
        (2.5, 6.5),
    ];
    let hole = [(8.5, 4.5), (11.5, 4.5), (11.5, 7.5), (8.5, 7.5)];
    let turned = |places: &[(f64, f64)]| places.iter().rev().copied().collect::<Vec<_>>();
    let whole = [
        0, 0, 0, 0, 0, 0, 0, 262016, 262016, 262016, 262016, 262016, 8064, 8184, 8184, 8184, 8184, 8184, 0, 0,
    ];
    assert_eq!(burn([polygon(&stair, &[]).into()]), whole);
    assert_eq!(burn([polygon(&turned(&stair), &[]).into()]), whole);
    let holed = [
        0, 0, 0, 0, 0, 0, 0, 262016, 262016, 262016, 262016, 262016, 4480, 4600, 4600, 8184, 8184, 8184, 0, 0,
    ];
    for shape in
        [polygon(&stair, &[&hole]), polygon(&stair, &[&turned(&hole)]), polygon(&turned(&stair), &[&hole])]
    {
        assert_eq!(burn([shape.into()]), holed);
    }
    let diamond = polygon(&[(15.5, 5.5), (19.5, 9.5), (15.5, 13.5), (11.5, 9.5)], &[]);
    let rasterio =
        [0, 0, 0, 0, 0, 0, 0, 98304, 245760, 516096, 1044480, 516096, 245760, 98304, 0, 0, 0, 0, 0, 0];
    assert_eq!(burn([diamond.into()]), rasterio);
}

#[test]
fn parts_that_overlap_and_rings_that_cross() {
    let parts = MultiPolygon(vec![
        polygon(&[(1.2, 1.1), (9.3, 1.4), (5.1, 9.7)], &[]),
        polygon(&[(4., 2.), (12., 3.), (8., 11.)], &[]),
    ]);
    let rasterio = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 384, 416, 1008, 1008, 2040, 2040, 4092, 508, 510, 0];
    assert_eq!(burn([parts.into()]), rasterio);
    let bow = polygon(&[(1.2, 1.1), (9.3, 8.4), (9.5, 1.2), (1.3, 9.7)], &[]);
    let rasterio = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 262, 398, 478, 478, 398, 262, 2, 0];
    assert_eq!(burn([bow.into()]), rasterio);
}

#[test]
fn stars_some_of_them_beyond_the_border() {
    let stars: [&[(f64, f64)]; 6] = [
        &[
            (27.59, 12.57),
            (24.22, 15.23),
            (22.95, 14.98),
            (24.19, 9.95),
            (24.85, 8.93),
            (25.52, 8.81),
            (26.81, 9.36),
            (29.35, 8.25),
        ],
        &[(11.41, 1.14), (11.08, 1.27), (10.9, 5.73), (8.46, 4.9), (4.32, -2.42), (11.4, -0.04)],
        &[(8.34, 18.58), (3.95, 21.98), (7.34, 15.81)],
        &[(9.29, 11.87), (8.13, 8.7), (10.63, 7.92), (14.41, 6.86)],
        &[(21.16, 16.88), (16.25, 15.04), (12.47, 16.56)],
        &[(5.03, 22.31), (1.32, 17.5), (1.38, 16.3)],
    ];
    let rasterio = [
        96, 196, 194, 1040514, 98304, 25165824, 58720256, 251658240, 251658752, 251659776, 520097536, 7680,
        12288, 0, 1024, 1792, 1792, 1920, 1920, 1984,
    ];
    assert_eq!(burn(stars.map(|star| polygon(star, &[]).into())), rasterio);
}

proptest! {
    /// A centre that is in a polygon has ground of it about it, and one out of it lacks some.
    #[test]
    fn burned_cells_are_covered(corners in prop::collection::vec((-5.0..35.0_f64, -5.0..25.0_f64), 3..9)) {
        let column = GeometryColumn::new([polygon(&corners, &[]).into()], Crs::CC46);
        let shares = coverage(&grid(), &column, CoverageOptions::default()).unwrap();
        let mut burned = vec![false; grid().len()];
        burned_cells(&grid(), &column, |_, run| {
            run.columns.for_each(|column| burned[grid().index(column, run.row)] = true);
        }).unwrap();
        for (share, burned) in shares.iter().zip(burned) {
            let agree = if burned { *share > 0.0 } else { *share < 1.0 };
            prop_assert!(agree);
        }
    }

    #[test]
    fn nothing_makes_it_panic(corners in prop::collection::vec((-1e9..1e9_f64, -1e9..1e9_f64), 0..6)) {
        let ring = LineString(corners.iter().map(|&(x, y)| Coord { x, y }).collect());
        let column = GeometryColumn::from_options([Some(Polygon::new(ring, Vec::new()).into()), None], Crs::CC46);
        burned_cells(&grid(), &column, |row, run| {
            assert!(row == 0 && run.row < 20 && run.columns.end <= 30);
        }).unwrap();
    }
}
