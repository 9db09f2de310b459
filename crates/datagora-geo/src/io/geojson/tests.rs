use datagora_core::FieldType;
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, Point};

fn read(text: &str) -> Parsed {
    parse(text.as_bytes()).unwrap()
}

fn fault(text: &str) -> crate::Malformed {
    parse(text.as_bytes()).unwrap_err().details().clone()
}

#[test]
fn collection_with_types_and_missing_values() {
    let parsed = read(
        r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": "a.1", "properties": {"n": 1, "x": 1.5, "b": true, "t": "é", "m": 1, "o": {"k": [1]}},
         "geometry": {"type": "Point", "coordinates": [4.8, 45.7]}},
        {"type": "Feature", "id": "a.2", "properties": {"t": null, "m": "deux", "later": 7}, "geometry": null}]}"#,
    );
    assert_eq!(parsed.crs, Crs::WGS84);
    assert_eq!(parsed.geometries, [Some(Geometry::from(Point::new(4.8, 45.7))), None]);
    let kinds: Vec<_> =
        parsed.attributes.schema().fields().iter().map(|f| (f.name.as_str(), f.kind)).collect();
    use FieldType::{Boolean, Integer, Number, Text};
    assert_eq!(
        kinds,
        [
            ("id", Text),
            ("n", Integer),
            ("x", Number),
            ("b", Boolean),
            ("t", Text),
            ("m", Text),
            ("o", Text),
            ("later", Integer)
        ]
    );
    assert_eq!(parsed.attributes.text("id").unwrap().value(1), "a.2");
    assert_eq!(parsed.attributes.text("m").unwrap().value(0), "1");
    assert_eq!(parsed.attributes.text("o").unwrap().value(0), r#"{"k":[1]}"#);
    assert_eq!(parsed.attributes.integer("later").unwrap().iter().collect::<Vec<_>>(), [None, Some(7)]);
    let notes = [ReadNote::MixedTypes { column: "m".into() }, ReadNote::NestedAsText { column: "o".into() }];
    assert_eq!(parsed.notes, notes);
}

#[test]
fn members_in_any_order() {
    let parsed = read(
        r#"{"features": [{"geometry": {"coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]], "type": "Polygon"},
        "properties": {"a": 1}, "type": "Feature"}], "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3946"},
        "type": "name"}, "type": "FeatureCollection"}"#,
    );
    assert_eq!((parsed.crs, parsed.attributes.len()), (Crs::CC46, 1));
    assert!(matches!(parsed.geometries[0], Some(Geometry::Polygon(_))));
}

#[test]
fn crs_members() {
    let with = |crs: &str| read(&format!(r#"{{"type": "FeatureCollection", "crs": {crs}, "features": []}}"#));
    let name = |name: &str| with(&format!(r#"{{"type": "name", "properties": {{"name": "{name}"}}}}"#));
    assert_eq!(name("urn:ogc:def:crs:EPSG::2154").crs, Crs::LAMBERT_93);
    assert_eq!(name("EPSG:4171").crs, Crs::RGF93);
    assert_eq!(name("urn:ogc:def:crs:OGC:1.3:CRS84").crs, Crs::WGS84);
    assert_eq!(with(r#"{"type": "EPSG", "properties": {"code": 3946}}"#).crs, Crs::CC46);
    for (crs, found) in [(name("Lambert"), "Lambert"), (with("null"), "null")] {
        assert_eq!(crs.crs.epsg(), None);
        assert_eq!(crs.notes, [ReadNote::CrsUnknown { found: found.into() }]);
    }
}

#[test]
fn bare_list_with_features_that_do_not_say_so() {
    let parsed = read(
        r#"[{"properties": "Souche", "rayoncouronne_m": 0, "geometry": {"type": "Point", "coordinates": [1, 2]}},
            {"properties": "Platanus", "rayoncouronne_m": 3.5, "geometry": {"type": "Point", "coordinates": [3, 4]}}]"#,
    );
    assert_eq!(parsed.attributes.text("properties").unwrap().value(1), "Platanus");
    assert_eq!(parsed.attributes.number("rayoncouronne_m").unwrap().values(), &[0.0, 3.5]);
    assert_eq!(parsed.notes, [ReadNote::TypeAssumed]);
}

#[test]
fn newline_delimited_and_text_sequence() {
    let line = r#"{"type": "Feature", "properties": {"a": 1}, "geometry": null}"#;
    assert_eq!(read(&format!("{line}\n{line}\n")).attributes.len(), 2);
    assert_eq!(read(&format!("\u{1e}{line}\n\u{1e}{line}\n")).attributes.len(), 2);
    let broken = fault(&format!("{line}\n{line}\n{{\"type\": \"Fea"));
    assert_eq!(broken.place.feature, Some(2));
    assert_eq!(broken.found, "the end of the file");
}

#[test]
fn single_geometry_and_single_feature() {
    let geometry = read(r#"{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}"#);
    assert!(matches!(geometry.geometries[..], [Some(Geometry::LineString(_))]));
    let feature = read(r#"{"properties": {"a": 1}, "geometry": null, "type": "Feature", "id": 3}"#);
    assert_eq!(feature.attributes.integer("a").unwrap().value(0), 1);
    assert_eq!(feature.attributes.integer("id").unwrap().value(0), 3);
}

#[test]
fn nested_collections_and_all_types() {
    let parsed = read(
        r#"{"type": "GeometryCollection", "geometries": [
        {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1, 9]]},
        {"type": "GeometryCollection", "geometries": [{"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]], []]}]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [4, 0], [4, 4], [0, 0]], [[1, 0.5], [2, 0.5], [2, 1], [1, 0.5]]],
            [[[9, 9], [10, 9], [10, 10]]]]}]}"#,
    );
    let Some(Geometry::GeometryCollection(parts)) = &parsed.geometries[0] else { panic!("{parsed:?}") };
    let Geometry::MultiPolygon(polygons) = &parts.0[2] else { panic!("{parts:?}") };
    assert_eq!(polygons.0[0].interiors().len(), 1);
    assert_eq!(polygons.0[1].exterior().0.len(), 4);
    let notes = [
        ReadNote::DimensionsDropped { features: 1, first: 0 },
        ReadNote::RingsClosed { features: 1, first: 0 },
        ReadNote::PartsDropped { features: 1, first: 0 },
    ];
    assert_eq!(parsed.notes, notes);
}

#[test]
fn empty_coordinates() {
    let parsed = read(
        r#"[{"type": "Feature", "properties": null, "geometry": {"type": "Point", "coordinates": []}},
            {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [null, null]}},
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}}]"#,
    );
    assert_eq!(parsed.geometries[..2], [None, None]);
    assert!(
        matches!(&parsed.geometries[2], Some(Geometry::Polygon(polygon)) if polygon.exterior().0.is_empty())
    );
}

#[test]
fn numbers_are_read_to_the_nearest() {
    let parsed =
        read(r#"{"type": "Point", "coordinates": [844922.390701810014434, 6525597.768847119994462]}"#);
    let found = "nothing, though the coordinates cannot be degrees".into();
    assert_eq!(parsed.notes, [ReadNote::CrsUnknown { found }]);
    let expected =
        Point::new("844922.390701810014434".parse().unwrap(), "6525597.768847119994462".parse().unwrap());
    assert_eq!(parsed.geometries, [Some(Geometry::from(expected))]);
}

#[test]
fn what_is_wrong_is_named() {
    let truncated = fault(
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": null},
        {"type": "Feature", "properties": {"a": "#,
    );
    assert_eq!(truncated.place.feature, Some(1));
    assert!(truncated.hint.contains("truncated"), "{truncated}");
    for (text, found) in [
        ("", "no content"),
        ("<html>", "XML or HTML"),
        ("[1, 2]", "the number 1"),
        ("[[1, 2]]", "a list"),
        (r#"[{"type": "Platanus", "nombre": 87}]"#, "an object of type “Platanus”"),
        (r#"{"a": 1}"#, "an object without type, geometry or features"),
        (r#"{"type": "FeatureCollection"}"#, "a FeatureCollection without features"),
        (r#"{"type": "Point"}"#, "an object of type “Point”"),
        (
            r#"{"type": "Polygon", "coordinates": [[0, 0], [1, 1]]}"#,
            "a Polygon whose coordinates are nested 2 deep",
        ),
        (
            r#"{"type": "Feature", "geometry": {"type": "Curve", "coordinates": []}}"#,
            "a geometry of type “Curve”",
        ),
    ] {
        assert_eq!(fault(text).found, found, "{text}");
    }
    let mixed = fault(r#"{"type": "LineString", "coordinates": [[0, 0], [[1, 1]]]}"#);
    assert!(mixed.found.contains("mix nesting levels"), "{mixed}");
}

#[test]
fn encoding_other_than_utf_8() {
    let parsed =
        parse(b"{\"type\": \"Feature\", \"properties\": {\"nom\": \"\xc9glise\"}, \"geometry\": null}")
            .unwrap();
    assert_eq!(parsed.attributes.text("nom").unwrap().value(0), "Église");
    assert_eq!(parsed.notes, [ReadNote::EncodingAssumed { encoding: "windows-1252" }]);
    assert!(parse(b"\xff\xfe{\0}\0").is_err());
    assert!(parse("\u{feff}{\"type\": \"FeatureCollection\", \"features\": []}".as_bytes()).is_ok());
}

const SAMPLE: &str = r#"{"type": "FeatureCollection", "crs": null, "features": [
    {"type": "Feature", "id": 1, "properties": {"a": 1, "b": [true]},
     "geometry": {"type": "MultiPolygon", "coordinates": [[[[0, 0], [4, 0], [4, 4], [0, 0]]], [[[9, 9], [10, 9], [10, 10]]]]}},
    {"type": "Feature", "properties": {"a": "é"}, "geometry": {"type": "Point", "coordinates": [4.8, 45.7, 170]}}]}"#;

proptest! {
    #[test]
    fn never_panics_on_mutations(places in proptest::collection::vec((0..SAMPLE.len(), any::<u8>()), 1..4), cut in 0..SAMPLE.len()) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for (place, byte) in places {
            bytes[place] = byte;
        }
        let _ = parse(&bytes);
        let _ = parse(&bytes[..cut]);
    }

    #[test]
    fn never_panics_on_brackets(text in "[\\[\\]{},:\"0-9. a-z]{0,120}") {
        let _ = parse(text.as_bytes());
    }

    #[test]
    fn every_truncation_is_refused(cut in 0..SAMPLE.len() - 1) {
        let mut end = cut;
        while !SAMPLE.is_char_boundary(end) {
            end -= 1;
        }
        prop_assert!(parse(&SAMPLE.as_bytes()[..end]).is_err());
    }
}
