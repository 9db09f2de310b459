use proptest::prelude::*;

use super::*;
use crate::types::{Rect, coord};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Geometries of every kind.
pub(crate) fn any_geometry() -> impl Strategy<Value = Geometry> {
    let number = || prop_oneof![-1e6..1e6_f64, Just(0.0), Just(-0.1), any::<i32>().prop_map(f64::from)];
    let coord = move || (number(), number()).prop_map(|(x, y)| Coord { x, y });
    let line = move || proptest::collection::vec(coord(), 2..6).prop_map(LineString);
    let ring = move || proptest::collection::vec(coord(), 3..6).prop_map(LineString);
    let polygon = move || {
        (ring(), proptest::collection::vec(ring(), 0..3))
            .prop_map(|(outer, holes)| Polygon::new(outer, holes))
    };
    let leaf = prop_oneof![
        coord().prop_map(|c| Geometry::Point(Point(c))),
        line().prop_map(Geometry::LineString),
        polygon().prop_map(Geometry::Polygon),
        proptest::collection::vec(coord().prop_map(Point), 0..4)
            .prop_map(|p| Geometry::MultiPoint(MultiPoint(p))),
        proptest::collection::vec(line(), 0..3).prop_map(|l| Geometry::MultiLineString(MultiLineString(l))),
        proptest::collection::vec(polygon(), 0..3).prop_map(|p| Geometry::MultiPolygon(MultiPolygon(p))),
        Just(Geometry::LineString(LineString(vec![]))),
        Just(Geometry::Polygon(Polygon::new(LineString(vec![]), vec![]))),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        proptest::collection::vec(inner, 0..4)
            .prop_map(|parts| Geometry::GeometryCollection(GeometryCollection(parts)))
    })
}

#[test]
fn points_of_all_dimensions_and_orders() {
    let expected = Some(Geometry::Point(Point::new(1.0, 2.0)));
    for (text, dimensions, srid) in [
        ("01 01000000 000000000000F03F 0000000000000040", Dimensions::Xy, None),
        ("00 00000001 3FF0000000000000 4000000000000000", Dimensions::Xy, None),
        ("01 E9030000 000000000000F03F 0000000000000040 0000000000000840", Dimensions::Xyz, None),
        ("01 D1070000 000000000000F03F 0000000000000040 0000000000000840", Dimensions::Xym, None),
        (
            "01 B90B0000 000000000000F03F 0000000000000040 0000000000000840 0000000000001040",
            Dimensions::Xyzm,
            None,
        ),
        ("01 01000080 000000000000F03F 0000000000000040 0000000000000840", Dimensions::Xyz, None),
        (
            "01 010000A0 6A080000 000000000000F03F 0000000000000040 0000000000000840",
            Dimensions::Xyz,
            Some(2154),
        ),
        ("01 01000020 6A0F0000 000000000000F03F 0000000000000040", Dimensions::Xy, Some(3946)),
    ] {
        let decoded = read_wkb(&hex(text)).unwrap();
        assert_eq!(
            (decoded.geometry, decoded.dimensions, decoded.srid),
            (expected.clone(), dimensions, srid),
            "{text}"
        );
    }
}

#[test]
fn empty_point_has_no_geometry() {
    let decoded = read_wkb(&hex("01 01000000 000000000000F87F 000000000000F87F")).unwrap();
    assert_eq!(decoded.geometry, None);
}

#[test]
fn orders_may_change_within() {
    let text = "00 00000004 00000002 01 01000000 000000000000F03F 0000000000000040 00 00000001 3FF0000000000000 4000000000000000";
    let decoded = read_wkb(&hex(text)).unwrap();
    let point = Point::new(1.0, 2.0);
    assert_eq!(decoded.geometry, Some(Geometry::MultiPoint(MultiPoint(vec![point, point]))));
}

#[test]
fn arcs_become_chords() {
    let mut bytes = hex("01 08000000 03000000");
    for number in [-1.0_f64, 0.0, 0.0, 1.0, 1.0, 0.0] {
        bytes.extend(number.to_le_bytes());
    }
    let curve_polygon = [hex("01 0A000000 01000000"), bytes.clone()].concat();
    let decoded = read_wkb(&curve_polygon).unwrap();
    assert!(decoded.linearised);
    let Some(Geometry::Polygon(polygon)) = decoded.geometry else { panic!() };
    use geo::Area;
    let area = polygon.unsigned_area();
    assert!((area - std::f64::consts::FRAC_PI_2).abs() < 2e-3, "{area}");
}

#[test]
fn what_is_wrong_is_named() {
    assert_eq!(read_wkb(&[]), Err(WkbError::Truncated { byte: 0, needed: 1 }));
    assert_eq!(read_wkb(b"GP"), Err(WkbError::ByteOrder { byte: 0, found: b'G' }));
    let unknown = read_wkb(&hex("01 63000000")).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "geometry of type 99 at byte 0, one of the types 1 to 12 or 15 to 17 is needed; convert it"
    );
    // A line of 4,294,967,295 positions in 9 bytes.
    assert!(matches!(read_wkb(&hex("01 02000000 FFFFFFFF")), Err(WkbError::Truncated { .. })));
    let line_in_points = hex("01 04000000 01000000 01 02000000 00000000");
    assert!(matches!(read_wkb(&line_in_points), Err(WkbError::Kind { byte: 9, found: 2, .. })));
}

#[test]
fn deep_nesting_is_refused() {
    let mut bytes: Vec<u8> = hex("01 07000000 01000000").repeat(100_000);
    bytes.extend(hex("01 07000000 00000000"));
    assert!(matches!(read_wkb(&bytes), Err(WkbError::Depth { .. })));
    let compound = hex("01 09000000 01000000").repeat(100_000);
    assert!(read_wkb(&compound).is_err());
}

#[test]
fn rectangles_are_written_as_polygons() {
    let rect = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 2.0, y: 1.0 });
    let decoded = read_wkb(&write_wkb(&rect.into())).unwrap();
    assert_eq!(decoded.geometry, Some(rect.to_polygon().into()));
}

proptest! {
    #[test]
    fn there_and_back(geometry in any_geometry()) {
        let decoded = read_wkb(&write_wkb(&geometry)).unwrap();
        prop_assert_eq!(decoded.geometry, Some(geometry));
    }

    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_wkb(&bytes);
    }

    #[test]
    fn never_panics_on_mutations(geometry in any_geometry(), place: usize, byte: u8, cut: usize) {
        let mut bytes = write_wkb(&geometry);
        prop_assert!(read_wkb(&bytes[..cut % bytes.len()]).is_err());
        let place = place % bytes.len();
        bytes[place] = byte;
        let _ = read_wkb(&bytes);
    }
}
