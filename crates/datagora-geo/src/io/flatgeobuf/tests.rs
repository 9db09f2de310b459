use datagora_core::{Role, Table, Unit};
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, Point};
use crate::wkb::tests::any_geometry;
use crate::{FlatGeobufOptions, GeometryColumn, write_flatgeobuf};

fn written(features: &Features, options: &FlatGeobufOptions) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.fgb");
    write_flatgeobuf(&path, features, options).unwrap();
    std::fs::read(&path).unwrap()
}

fn sample(rows: i32) -> Features {
    let geometry = (0..rows).map(|row| {
        let (x, y) = (f64::from(row % 10), f64::from(row / 10));
        (row % 7 > 0).then(|| Geometry::Point(Point::new(x, y)))
    });
    let names: Vec<String> = (0..rows).map(|row| format!("n° {row}")).collect();
    let numbers = (0..rows).map(|row| (row % 3 > 0).then_some(i64::from(row)));
    let attributes = Table::empty()
        .with_text("nom", Role::Attribute, names.iter().map(|name| Some(name.as_str())))
        .unwrap()
        .with_integer("n", Role::Attribute, Unit::ONE, numbers)
        .unwrap()
        .with_boolean("b", Role::Attribute, (0..rows).map(|row| Some(row % 2 == 0)))
        .unwrap();
    Features { geometry: GeometryColumn::from_options(geometry, Crs::CC46), attributes }
}

#[test]
fn attributes_come_back() {
    let features = sample(40);
    let (read, notes) = parse(&written(&features, &FlatGeobufOptions::default())[..], None).unwrap();
    assert_eq!((&read.geometry, &notes[..]), (&features.geometry, &[][..]));
    assert_eq!(read.attributes.batch().columns(), features.attributes.batch().columns());
    let day = chrono::NaiveDate::from_ymd_opt(2026, 2, 28);
    let instant = day.unwrap().and_hms_milli_opt(23, 59, 59, 5).unwrap().and_utc();
    let attributes = Table::empty()
        .with_date("jour", Role::Attribute, [day, None])
        .unwrap()
        .with_instant("instant", Role::Attribute, [None, Some(instant)])
        .unwrap();
    let geometry = features.geometry.take(&[1, 2]);
    let times = Features { geometry, attributes };
    assert_eq!(parse(&written(&times, &FlatGeobufOptions::default())[..], None).unwrap().0, times);
}

#[test]
fn a_rectangle_by_index_and_without() {
    let features = sample(200);
    let rectangle = Bounds { min_x: 2.0, min_y: 3.0, max_x: 4.0, max_y: 9.5 };
    let names = |bytes: &[u8]| {
        let (read, _) = parse(bytes, Some(rectangle)).unwrap();
        let names = read.attributes.text("nom").unwrap();
        let mut names: Vec<String> = names.iter().map(|name| name.unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let mut expected: Vec<String> = (0..200)
        .filter(|row| row % 7 > 0 && (2..=4).contains(&(row % 10)) && (3..=9).contains(&(row / 10)))
        .map(|row| format!("n° {row}"))
        .collect();
    expected.sort();
    let plain = written(&features, &FlatGeobufOptions::default());
    let indexed = written(&features, &FlatGeobufOptions::default().with_index(true));
    assert_eq!(names(&plain), expected);
    assert_eq!(names(&indexed), expected);
    let (all, _) = parse(&indexed[..], None).unwrap();
    assert_eq!((all.len(), all.geometry.count_missing()), (200, 29));
}

#[test]
fn what_is_wrong_is_named() {
    let message = |bytes: &[u8]| match parse(bytes, None).unwrap_err() {
        Broken::Fault(fault) => fault.details().to_string(),
        Broken::Io(error) => error.to_string(),
    };
    assert!(message(b"GeoJSON").contains("FlatGeobuf 3"));
    let bytes = written(&sample(3), &FlatGeobufOptions::default());
    assert!(message(&bytes[..bytes.len() - 1]).contains("feature 2 (counted from 0)"));
    assert!(message(&bytes[..20]).contains("a header"));
    // One feature less than stated.
    let mut file = Forward::new(&bytes[..]);
    let (mut last, mut piece) = (0, Vec::new());
    assert!(file.go_to(8).unwrap());
    loop {
        let place = file.place();
        match file.piece(&mut piece).unwrap() {
            Piece::None => break,
            _ => last = place as usize,
        }
    }
    assert!(message(&bytes[..last]).contains("2 features"), "{}", message(&bytes[..last]));
}

#[test]
fn systems_come_back() {
    for crs in [Crs::CC46, Crs::WGS84, Crs::from_epsg(27_572), unknown_crs()] {
        let features = Features { geometry: sample(2).geometry.declared_as(crs), attributes: Table::empty() };
        let (read, _) = parse(&written(&features, &FlatGeobufOptions::default())[..], None).unwrap();
        assert_eq!(read, features);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_geometry_comes_back(rows in prop::collection::vec(prop::option::of(any_geometry()), 0..6)) {
        let features = Features { geometry: GeometryColumn::from_options(rows, Crs::CC46), attributes: Table::empty() };
        let (read, _) = parse(&written(&features, &FlatGeobufOptions::default())[..], None).unwrap();
        prop_assert_eq!(&read.geometry, &features.geometry);
        let (read, _) = parse(&written(&features, &FlatGeobufOptions::default().with_index(true))[..], None).unwrap();
        prop_assert_eq!(read.len(), features.len());
    }

    #[test]
    fn damage_is_no_panic(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>(), index: bool) {
        let mut bytes = written(&sample(20), &FlatGeobufOptions::default().with_index(index));
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(cut.index(bytes.len() * 2).max(8));
        let _ = parse(&bytes[..], None);
        let _ = parse(&bytes[..], Some(Bounds { min_x: 0.0, min_y: 0.0, max_x: 5.0, max_y: 5.0 }));
    }
}
