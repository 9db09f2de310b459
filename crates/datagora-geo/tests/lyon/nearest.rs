//! Nearest and within a distance, against GEOS; clusters, against scikit-learn: `golden/nearest.py`.
use std::collections::HashMap;
use std::path::Path;

use datagora_core::{Crs, Metres};
use datagora_geo::types::{Coord, Geometry, Point};
use datagora_geo::{
    DbscanOptions, GeometryColumn, NearestOptions, count_within_distance, dbscan, nearest,
    others_within_distance, within_distance,
};

use super::{data, features, geometry, json, trees};

/// Degrees to metres, as the program that made the golden values has it.
fn scaled(column: &GeometryColumn) -> GeometryColumn {
    use geo::MapCoords;
    let scale = |Coord { x, y }: Coord| Coord { x: x * 78_000.0, y: y * 111_000.0 };
    let shapes = column.iter().map(|shape| shape.map(|shape: Geometry| shape.map_coords(scale)));
    GeometryColumn::from_options(shapes, Crs::CC46)
}

fn layer(data: &Path, name: &str) -> GeometryColumn {
    let path = match name {
        "trees" => return scaled(&trees(data)),
        "parks" => "lyon_green/pac_parcs.geojson",
        "benches" => "lyon_green/pac_bancs.geojson",
        "fountains" => "lyon_green/pac_fontaines_potables.geojson",
        "iris" => "lyon_admin/iris_lyonmetro.geojson",
        other => panic!("{other} was not expected"),
    };
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let shape = |feature: &serde_json::Value| {
        let at = &feature["geometry"]["coordinates"];
        if feature["geometry"]["type"] == "Point" {
            Point::new(number(&at[0]), number(&at[1])).into()
        } else {
            geometry(feature)
        }
    };
    scaled(&GeometryColumn::new(features(&json(&data.join(path))).iter().map(shape), Crs::WGS84))
}

#[test]
fn three_nearest_are_as_geos_finds_them() {
    let Some(data) = data() else { return };
    let mut layers: HashMap<String, GeometryColumn> = HashMap::new();
    let mut found = HashMap::new();
    let mut checked = 0;
    for line in include_str!("../golden/nearest.csv").lines().skip(2) {
        let fields: Vec<&str> = line.split(',').collect();
        let (from, to) = (fields[0], fields[1]);
        for name in [from, to] {
            layers.entry(name.to_owned()).or_insert_with(|| layer(&data, name));
        }
        let neighbours = found.entry((from, to)).or_insert_with(|| {
            nearest(&layers[from], &layers[to], NearestOptions::default().with_k(3)).unwrap()
        });
        let [row, rank, expected] = [2, 3, 4].map(|field: usize| fields[field].parse::<usize>().unwrap());
        let distance: f64 = fields[5].parse().unwrap();
        let (rows, distances) = (neighbours.rows(row), neighbours.distances(row));
        assert!((distances[rank] - distance).abs() < 1e-6, "{line}: {}", distances[rank]);
        assert_eq!(rows[rank] as usize, expected, "{line}");
        checked += 1;
    }
    assert_eq!(checked, 2_751);
}

#[test]
fn counts_are_numbers_of_pairs() {
    let Some(data) = data() else { return };
    let (iris, benches, parks) = (layer(&data, "iris"), layer(&data, "benches"), layer(&data, "parks"));
    for (from, to) in [(&iris, &benches), (&benches, &parks), (&benches, &benches), (&parks, &iris)] {
        let pairs = within_distance(from, to, Metres(300.0)).unwrap();
        let mut counts = vec![Some(0); from.len()];
        pairs.left().iter().for_each(|row| *counts[*row as usize].as_mut().unwrap() += 1);
        assert!(pairs.len() > from.len() / 2);
        assert_eq!(count_within_distance(from, to, Metres(300.0)).unwrap(), counts);
    }
    let (all, once) = (
        within_distance(&benches, &benches, Metres(50.0)).unwrap(),
        others_within_distance(&benches, Metres(50.0)).unwrap(),
    );
    assert_eq!(all.len(), benches.len() + 2 * once.len());
}

#[test]
fn clusters_are_as_scikit_learn_finds_them() {
    let Some(data) = data() else { return };
    let trees = layer(&data, "trees");
    let some = trees.take(&(0..trees.len()).step_by(5).collect::<Vec<_>>());
    let found = dbscan(&some, DbscanOptions::new(Metres(40.0)).with_min_points(8)).unwrap();
    let golden = include_str!("../golden/dbscan.csv");
    let noise = found.labels.iter().filter(|label| label.is_none()).count();
    let cores = found.cores.iter().filter(|core| **core).count();
    let line = format!("# {} clusters, {cores} cores, {noise} noise", found.count);
    assert_eq!(golden.lines().nth(1).unwrap(), line);
    // The partition of the cores is the same under other names; borders may go elsewhere, but are borders.
    let mut names = HashMap::new();
    for line in golden.lines().skip(3) {
        let fields: Vec<i64> = line.split(',').map(|field| field.parse().unwrap()).collect();
        let (row, core, label) = (fields[0] as usize, fields[1] == 1, fields[2]);
        assert_eq!(found.cores[row], core, "{line}");
        assert_eq!(found.labels[row].is_none(), label < 0, "{line}");
        if core {
            assert_eq!(*names.entry(label).or_insert(found.labels[row]), found.labels[row], "{line}");
        }
    }
    let different: std::collections::HashSet<_> = names.values().collect();
    assert_eq!(different.len(), names.len());
}
