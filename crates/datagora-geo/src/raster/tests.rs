use datagora_core::Crs;

use super::*;
use crate::types::Point;
use crate::{GeometryColumn, GeometryKind};

fn raster() -> Raster {
    // 1 2 3
    // 4 – 6
    let grid = Grid::new([100.0, 40.0], [10.0, 20.0], 3, 2, Crs::CC46).unwrap();
    Raster::new(grid, [Band::new(vec![1_i32, 2, 3, 4, -1, 6]).with_no_data(-1.0)]).unwrap()
}

#[test]
fn nearest_takes_the_cell_that_holds_the_point() {
    let x = vec![100.0, 109.999, 110.0, 129.0, 130.0, 99.9, 115.0, 105.0, 105.0, f64::NAN];
    let y = vec![39.9, 39.0, 39.0, 1.0, 1.0, 30.0, 10.0, 20.0, 0.0, 1.0];
    let points = GeometryColumn::points(x, y, Crs::CC46);
    let found = raster().sample(&points, 0, Sampling::Nearest).unwrap();
    let expected = [Some(1.0), Some(1.0), Some(2.0), Some(6.0), None, None, None, Some(1.0), Some(4.0), None];
    assert_eq!(found, expected);
}

#[test]
fn bilinear_is_exact_on_planes_and_missing_beside_missing() {
    let grid = Grid::new([0.0, 30.0], [2.0, 3.0], 12, 10, Crs::CC46).unwrap();
    let plane = |x: f64, y: f64| 3.0 * x - 2.0 * y + 1.0;
    let values =
        (0..120).map(|cell| plane((cell % 12) as f64 * 2.0 + 1.0, 30.0 - (cell / 12) as f64 * 3.0 - 1.5));
    let heights = Raster::new(grid, [Band::new(values.collect::<Vec<f64>>())]).unwrap();
    let (x, y) = (vec![1.0, 5.3, 22.9, 13.7], vec![28.5, 17.1, 1.6, 9.9]);
    let points = GeometryColumn::points(x.clone(), y.clone(), Crs::CC46);
    let found = heights.sample(&points, 0, Sampling::Bilinear).unwrap();
    for ((x, y), found) in x.into_iter().zip(y).zip(found) {
        assert!((found.unwrap() - plane(x, y)).abs() < 1e-9, "{x}, {y}");
    }
    let points = GeometryColumn::points(vec![102.0, 112.0, 108.0], vec![39.0, 39.0, 28.0], Crs::CC46);
    let found = raster().sample(&points, 0, Sampling::Bilinear).unwrap();
    // At the edge the outermost cells stand in; the third point is beside the missing cell.
    assert_eq!(found, [Some(1.0), Some(1.7), None]);
}

#[test]
fn one_cell_can_be_sampled() {
    let grid = Grid::new([0.0, 1.0], [1.0, 1.0], 1, 1, Crs::CC46).unwrap();
    let raster = Raster::new(grid, [Band::new(vec![5_u8])]).unwrap();
    let points = GeometryColumn::points(vec![0.1, 0.9], vec![0.1, 0.9], Crs::CC46);
    assert_eq!(raster.sample(&points, 0, Sampling::Bilinear).unwrap(), [Some(5.0), Some(5.0)]);
}

#[test]
fn points_that_cannot_be_used() {
    let points = GeometryColumn::points(vec![1.0], vec![1.0], Crs::WGS84);
    let refused = raster().sample(&points, 0, Sampling::Nearest);
    assert_eq!(refused, Err(SampleError::CrsMismatch { points: Crs::WGS84, raster: Crs::CC46 }));
    let line = crate::types::LineString::from(vec![(0.0, 0.0), (1.0, 1.0)]);
    let mixed =
        GeometryColumn::from_options([None, Some(Point::new(1.0, 1.0).into()), Some(line.into())], Crs::CC46);
    let refused = raster().sample(&mixed, 0, Sampling::Nearest);
    assert_eq!(refused, Err(SampleError::NotPoints { row: 2, found: GeometryKind::LineString }));
    let none = GeometryColumn::points(vec![], vec![], Crs::CC46);
    assert_eq!(raster().sample(&none, 1, Sampling::Nearest), Err(SampleError::Band { asked: 1, bands: 1 }));
    assert_eq!(raster().sample(&none, 0, Sampling::Nearest), Ok(vec![]));
}

#[test]
fn bands_of_another_length_are_refused() {
    let refused = Raster::new(raster().grid().clone(), [Band::new(vec![0_u8; 6]), Band::new(vec![0_u8; 5])]);
    assert_eq!(refused, Err(RasterError::Length { band: 1, found: 5, needed: 6 }));
}

#[test]
fn missing_numbers_are_compared_in_the_type_of_the_band() {
    let band = Band::new(vec![-3.402_823_4e38_f32, 0.1]).with_no_data(-3.402_823_466_385_288_6e38);
    assert_eq!((band.value(0), band.count_missing()), (None, 1));
    assert_eq!(Band::new(vec![0.1_f32]).with_no_data(0.1).count_missing(), 1);
    assert_eq!(Band::new(vec![0_u8]).with_no_data(-9999.0).no_data(), None);
    assert_eq!(Band::new(vec![0_u8]).with_no_data(256).no_data(), None);
    assert_eq!(Band::new(vec![0_u8]).with_no_data(0.5).no_data(), None);
    assert_eq!(Band::new(vec![0.0]).with_no_data(f64::NAN).no_data(), None);
    assert_eq!(Band::new(vec![-9.0_f32]).with_no_data(-9).no_data(), Some(NoData::Float(-9.0)));
    // Whole numbers of 64 bits next to each other are the same as floats.
    let large = 1_i64 << 60;
    for (no_data, missing) in
        [(NoData::from(large), 1), (NoData::from(large as f64), 1), (NoData::from(large + 7), 0)]
    {
        let band = Band::new(vec![large - 1, large, large + 1]).with_no_data(no_data);
        assert_eq!(band.count_missing(), missing, "{no_data:?}");
        let mut values = [0.0; 3];
        band.values_into(0, &mut values);
        assert_eq!(values.iter().filter(|value| value.is_nan()).count(), missing);
    }
    let greatest = Band::new(vec![u64::MAX - 1, u64::MAX]);
    for no_data in [NoData::from(u64::MAX), NoData::from(u64::MAX as f64)] {
        let band = greatest.clone().with_no_data(no_data);
        assert_eq!((band.value(1), band.count_missing()), (None, 1));
        assert_eq!(band.no_data(), Some(NoData::Whole(u64::MAX.into())));
    }
}
