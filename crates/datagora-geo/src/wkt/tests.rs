use proptest::prelude::*;

use super::*;
use crate::wkb::tests::any_geometry;

fn geometry(text: &str) -> Geometry {
    read_wkt(text).unwrap().geometry.unwrap()
}

#[test]
fn spellings() {
    let point = Geometry::Point(Point::new(1.0, -2.5));
    for (text, dimensions) in [
        ("POINT (1 -2.5)", Dimensions::Xy),
        ("point(1e0 -25e-1)", Dimensions::Xy),
        ("  POINT\n( 1   -2.5 ) ", Dimensions::Xy),
        ("POINT Z (1 -2.5 3)", Dimensions::Xyz),
        ("POINTZ(1 -2.5 3)", Dimensions::Xyz),
        ("POINT (1 -2.5 3)", Dimensions::Xyz),
        ("POINT M (1 -2.5 3)", Dimensions::Xym),
        ("POINT ZM (1 -2.5 3 4)", Dimensions::Xyzm),
        ("PointZM (1 -2.5 3 4)", Dimensions::Xyzm),
    ] {
        let decoded = read_wkt(text).unwrap();
        assert_eq!((decoded.geometry, decoded.dimensions), (Some(point.clone()), dimensions), "{text}");
    }
    assert_eq!(geometry("MULTIPOINT (1 2, 3 4)"), geometry("MULTIPOINT ((1 2), EMPTY, (3 4))"));
    assert_eq!(geometry("TIN (((0 0, 1 0, 0 1, 0 0)))"), geometry("MULTIPOLYGON (((0 0, 1 0, 0 1, 0 0)))"));
}

#[test]
fn empty_ones() {
    assert_eq!(read_wkt("POINT EMPTY").unwrap().geometry, None);
    assert_eq!(write_wkt(&geometry("POLYGON EMPTY")), "POLYGON EMPTY");
    assert_eq!(write_wkt(&geometry("GEOMETRYCOLLECTION (POINT EMPTY)")), "GEOMETRYCOLLECTION EMPTY");
}

#[test]
fn canonical_texts_come_back() {
    for text in [
        "POINT (30 10)",
        "LINESTRING (30 10, 10 30, 40 40)",
        "POLYGON ((35 10, 45 45, 15 40, 10 20, 35 10), (20 30, 35 35, 30 20, 20 30))",
        "MULTIPOINT ((10 40), (40 30))",
        "MULTILINESTRING ((10 10, 20 20), (40 40, 30 30))",
        "MULTIPOLYGON (((40 40, 20 45, 45 30, 40 40)), ((20 35, 10 30, 10 10, 20 35), (30 20, 20 15, 20 25, 30 20)))",
        "GEOMETRYCOLLECTION (POINT (40 10), GEOMETRYCOLLECTION (LINESTRING (10 10, 20 20)))",
    ] {
        assert_eq!(write_wkt(&geometry(text)), text);
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (text, byte, needed) in [
        ("", 0, "a type of geometry, such as POINT"),
        ("CERCLE (1 2)", 0, "a type of geometry, such as POINT"),
        ("POINT (1)", 8, "a number"),
        ("POINT (1 2", 10, "“,” or “)”"),
        ("POINT (1 2) x", 12, "the end"),
        ("POINT Z (1 2)", 12, "as many numbers in each position as declared"),
        ("POINT (1 2, 3 4)", 16, "one position in a point"),
        ("LINESTRING 1 2", 11, "“(” or EMPTY"),
        ("SRID=x;POINT (1 2)", 5, "a number"),
    ] {
        let error = read_wkt(text).unwrap_err();
        assert_eq!((error.byte, error.needed), (byte, needed), "{text}: {error}");
    }
    assert_eq!(
        read_wkt("POINT (a b)").unwrap_err().to_string(),
        "found “a b)” at byte 7, a number is needed; check the well-known text"
    );
}

#[test]
fn deep_nesting_is_refused() {
    assert!(read_wkt(&"GEOMETRYCOLLECTION (".repeat(100_000)).is_err());
}

proptest! {
    #[test]
    fn there_and_back(geometry in any_geometry()) {
        let back = read_wkt(&write_wkt(&geometry)).unwrap().geometry;
        prop_assert_eq!(back, Some(geometry));
    }

    #[test]
    fn never_panics(text in "[A-Z (),;=0-9.e+é-]{0,80}") {
        let _ = read_wkt(&text);
    }

    #[test]
    fn never_panics_on_mutations(geometry in any_geometry(), place: usize, with in "\\PC{0,3}") {
        let mut text = write_wkt(&geometry);
        let place = place % (text.len() + 1);
        text.insert_str(place, &with);
        let _ = read_wkt(&text);
        text.truncate(place);
        let _ = read_wkt(&text);
    }
}
