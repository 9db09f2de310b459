//! Strata, parks and trees widened and narrowed, against GEOS 3.14.1 (shapely 2.2.0, 16 chords to a quarter).
use datagora_core::Crs;
use datagora_geo::{BufferOptions, GeometryColumn, Metric, area, buffer, faults};

use super::{EVA, data, eva, surfaces, trees};

fn areas(column: &GeometryColumn) -> Vec<f64> {
    area(column, Metric::Planar).unwrap()
}

#[test]
fn strata_are_what_their_edges_reach() {
    let Some(data) = data() else { return };
    let strata = GeometryColumn::concat(&EVA.map(|layer| eva(&data, layer))).unwrap();
    // Each surface united with the buffers of its edges one by one, or without them: GEOS leaves bends out of a buffer that
    // it makes at once (2,073,245 m² and 1,022,781 m²). Arcs begin elsewhere here, and end at the same places.
    for (distance, ground) in [(5.0, 2_073_285.150), (-2.0, 1_022_777.360)] {
        let made = buffer(&strata, distance, &BufferOptions::default()).unwrap();
        assert!(faults(&made).iter().all(|fault| !fault.kind.is_invalid()));
        let found: f64 = areas(&made).iter().sum();
        assert!((found / ground - 1.0).abs() < 2e-5, "{found} for {ground}");
    }
}

#[test]
fn parks_and_what_is_far_inside_of_them() {
    let Some(data) = data() else { return };
    let parks = surfaces(&data.join("lyon_green/pac_parcs.geojson"), Crs::WGS84);
    let parks = parks.reproject(&Crs::CC46).unwrap();
    let mut invalid: Vec<usize> =
        faults(&parks).iter().filter(|fault| fault.kind.is_invalid()).map(|fault| fault.row).collect();
    invalid.dedup();
    let sound: Vec<usize> = (0..parks.len()).filter(|row| !invalid.contains(row)).collect();
    // GEOS passes over bends a hundredth of the distance deep.
    for (distance, rows, ground) in [(50.0, 584, 34_280_398.7), (-10.0, 471, 10_247_681.1)] {
        let made = buffer(&parks, distance, &BufferOptions::default()).unwrap();
        assert!(faults(&made).iter().all(|fault| !fault.kind.is_invalid()));
        let areas = areas(&made.take(&sound));
        assert_eq!(areas.iter().filter(|area| **area > 0.0).count(), rows);
        let found: f64 = areas.iter().sum();
        assert!((found / ground - 1.0).abs() < 5e-4, "{found} for {ground}");
    }
}

#[test]
fn crowns_of_trees_are_discs() {
    let Some(data) = data() else { return };
    let trees = trees(&data).reproject(&Crs::CC46).unwrap();
    let crowns = buffer(&trees, 3.0, &BufferOptions::default().with_equal_area(true)).unwrap();
    assert!(areas(&crowns).iter().all(|area| (area / (9.0 * std::f64::consts::PI) - 1.0).abs() < 1e-7));
}
