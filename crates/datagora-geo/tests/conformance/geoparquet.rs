//! <https://github.com/opengeospatial/geoparquet>: test data and example.
use datagora_core::Crs;
use datagora_geo::read_geoparquet;

use super::{Tally, folder, says_the_same};

/// The only row with an empty point.
const POINT: &str = "data-point-encoding_wkb.parquet";

#[test]
fn files_of_the_standard() {
    let Some(folder) = folder("geoparquet") else { return };
    let mut tally = Tally::default();
    for kind in ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"] {
        let (name, values) = (format!("data-{kind}-encoding_wkb.parquet"), format!("data-{kind}-wkt.csv"));
        let read = read_geoparquet(folder.join(&name)).unwrap();
        assert_eq!((read.features.geometry.crs(), &read.notes[..]), (&Crs::WGS84, &[][..]), "{name}");
        let text = std::fs::read_to_string(folder.join(&values)).unwrap();
        // A number, then quoted text.
        let texts: Vec<String> = text
            .lines()
            .skip(1)
            .map(|line| line.split_once(',').unwrap().1.trim_matches('"').to_owned())
            .collect();
        let same = says_the_same(&read.features.geometry, &texts);
        // The column has no empty point: it is read as a missing row.
        assert_ne!(same, name == POINT, "{name}");
        let numbers = read.features.attributes.integer("col").unwrap();
        assert!(numbers.values().iter().copied().eq(0..texts.len() as i64), "{name}");
        if same {
            tally.right.insert(name)
        } else {
            tally.different.insert(name)
        };
        tally.beside.insert(values);
    }
    let read = read_geoparquet(folder.join("example.parquet")).unwrap();
    let mut lines = csv::Reader::from_path(folder.join("example.csv")).unwrap();
    let records: Vec<csv::StringRecord> = lines.records().map(|record| record.unwrap()).collect();
    let texts: Vec<String> = records.iter().map(|record| record[5].to_owned()).collect();
    assert!(says_the_same(&read.features.geometry, &texts));
    let table = &read.features.attributes;
    let names: Vec<&str> = table.text("name").unwrap().iter().flatten().collect();
    let populations: Vec<f64> = table.number("pop_est").unwrap().values().to_vec();
    for (row, record) in records.iter().enumerate() {
        assert_eq!((names[row], populations[row]), (&record[2], record[0].parse().unwrap()));
    }
    tally.right.insert("example.parquet".into());
    let beside = [
        "example.csv",
        "example-2.R",
        "example_metadata.json",
        "example_metadata_point.json",
        "schema.json",
        "generate_test_data.py",
    ];
    tally.beside.extend(beside.map(str::to_owned));
    tally.check(&folder, 6, 0, 1);
}
