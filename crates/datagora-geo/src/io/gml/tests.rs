use proptest::prelude::*;

use super::*;
use crate::types::Point;
use crate::write_wkt;

fn collection(features: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="w" xmlns:gml="g" xmlns:ms="m">
        <gml:featureMember>{features}</gml:featureMember></wfs:FeatureCollection>"#
    )
}

/// The geometry of a feature that holds this element.
fn geometry(element: &str) -> (Option<Geometry>, Vec<ReadNote>) {
    let mut parsed =
        parse(collection(&format!("<ms:a><ms:geom>{element}</ms:geom></ms:a>")).as_bytes()).unwrap();
    (parsed.geometries.remove(0), parsed.notes)
}

fn wkt(element: &str) -> String {
    write_wkt(&geometry(element).0.unwrap())
}

fn fault(text: &str) -> crate::Malformed {
    parse(text.as_bytes()).unwrap_err().details().clone()
}

#[test]
fn the_order_of_axes_follows_the_name() {
    let point = |name: &str| {
        let element = format!(r#"<gml:Point srsName="{name}"><gml:pos>45.5 4.5</gml:pos></gml:Point>"#);
        geometry(&element)
    };
    let swapped = Some(Geometry::from(Point::new(4.5, 45.5)));
    let kept = Some(Geometry::from(Point::new(45.5, 4.5)));
    for name in [
        "urn:ogc:def:crs:EPSG::4171",
        "urn:x-ogc:def:crs:EPSG:4326",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "urn:ogc:def:crs:EPSG::3035",
    ] {
        let (found, notes) = point(name);
        assert_eq!(found, swapped, "{name}");
        assert!(matches!(notes[..], [ReadNote::AxesSwapped { .. }]), "{notes:?}");
    }
    for name in [
        "EPSG:4171",
        "http://www.opengis.net/gml/srs/epsg.xml#4326",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:EPSG::3946",
    ] {
        assert_eq!(point(name), (kept.clone(), vec![]), "{name}");
    }
    let (found, notes) = point("mine");
    assert_eq!((found, notes), (kept, vec![ReadNote::CrsUnknown { found: "mine".into() }]));
}

#[test]
fn geometries_of_gml_2() {
    assert_eq!(wkt("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>"), "POINT (1 2)");
    assert_eq!(
        wkt("<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>"),
        "POINT (1 2)"
    );
    let line = r#"<gml:LineString><gml:coordinates cs=" " ts=";" decimal=",">1,5 2;3 4</gml:coordinates></gml:LineString>"#;
    assert_eq!(wkt(line), "LINESTRING (1.5 2, 3 4)");
    let polygon = "<gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>0,0 9,0 9,9 0,0</gml:coordinates>
        </gml:LinearRing></gml:outerBoundaryIs><gml:innerBoundaryIs><gml:LinearRing>
        <gml:coordinates>1,0.5 2,0.5 2,1 1,0.5</gml:coordinates></gml:LinearRing></gml:innerBoundaryIs></gml:Polygon>";
    assert_eq!(wkt(polygon), "POLYGON ((0 0, 9 0, 9 9, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5))");
    assert_eq!(
        wkt(&format!(
            "<gml:MultiPolygon><gml:polygonMember>{polygon}</gml:polygonMember></gml:MultiPolygon>"
        )),
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5)))"
    );
}

#[test]
fn geometries_of_gml_3() {
    let segment = "<gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment>
        <gml:LineStringSegment><gml:posList>1 1 2 0</gml:posList></gml:LineStringSegment>";
    let curve = format!("<gml:Curve><gml:segments>{segment}</gml:segments></gml:Curve>");
    assert_eq!(wkt(&curve), "LINESTRING (0 0, 1 1, 2 0)");
    assert_eq!(
        wkt(&format!("<gml:MultiCurve><gml:curveMember>{curve}</gml:curveMember></gml:MultiCurve>")),
        "MULTILINESTRING ((0 0, 1 1, 2 0))"
    );
    let ring = "<gml:exterior><gml:LinearRing><gml:posList>0 0 9 0 9 9 0 0</gml:posList></gml:LinearRing></gml:exterior>";
    let surface = format!(
        "<gml:Surface><gml:patches><gml:PolygonPatch>{ring}</gml:PolygonPatch></gml:patches></gml:Surface>"
    );
    assert_eq!(wkt(&surface), "POLYGON ((0 0, 9 0, 9 9, 0 0))");
    assert_eq!(
        wkt(&format!(
            "<gml:MultiSurface><gml:surfaceMembers>{surface}<gml:Polygon>{ring}</gml:Polygon></gml:surfaceMembers></gml:MultiSurface>"
        )),
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((0 0, 9 0, 9 9, 0 0)))"
    );
    let point = "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>";
    assert_eq!(
        wkt(&format!(
            "<gml:MultiPoint><gml:pointMember>{point}</gml:pointMember><gml:pointMembers>{point}</gml:pointMembers></gml:MultiPoint>"
        )),
        "MULTIPOINT ((1 2), (1 2))"
    );
    assert_eq!(
        wkt(&format!(
            "<gml:MultiGeometry><gml:geometryMember>{point}</gml:geometryMember></gml:MultiGeometry>"
        )),
        "GEOMETRYCOLLECTION (POINT (1 2))"
    );
    let envelope = "<gml:Envelope><gml:lowerCorner>0 0</gml:lowerCorner><gml:upperCorner>1 2</gml:upperCorner></gml:Envelope>";
    assert_eq!(wkt(envelope), "POLYGON ((1 0, 1 2, 0 2, 0 0, 1 0))");
}

#[test]
fn arcs_and_circles() {
    use geo::Area;
    let circle = |positions: &str| {
        format!(
            "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:Curve><gml:segments><gml:Circle>
            <gml:posList>{positions}</gml:posList></gml:Circle></gml:segments></gml:Curve></gml:curveMember></gml:Ring>
            </gml:exterior></gml:Polygon>"
        )
    };
    for positions in ["1 0 0 1 -1 0", "1 0 0.8 0.6 0.8 -0.6", "1 0 0.8 -0.6 0.8 0.6"] {
        let (found, notes) = geometry(&circle(positions));
        let area = found.unwrap().unsigned_area();
        assert!((area - std::f64::consts::PI).abs() < 4e-3, "{positions}: {area}");
        assert!(notes.contains(&ReadNote::CurvesLinearised { features: 1, first: 0 }));
    }
}

#[test]
fn heights_open_rings_and_unknown_kinds() {
    let (found, notes) = geometry(
        r#"<gml:LineString srsName="EPSG:3946" srsDimension="3"><gml:posList>0 0 5 1 1 5</gml:posList></gml:LineString>"#,
    );
    assert_eq!(write_wkt(&found.unwrap()), "LINESTRING (0 0, 1 1)");
    assert_eq!(notes, [ReadNote::DimensionsDropped { features: 1, first: 0 }]);
    let (found, notes) = geometry(r#"<gml:Solid srsName="EPSG:3946"/>"#);
    assert_eq!(found, None);
    assert_eq!(notes, [ReadNote::GeometryDropped { kind: "<Solid>".into(), features: 1, first: 0 }]);
}

#[test]
fn types_are_those_that_all_values_have() {
    let feature = |n: &str, code: &str, x: &str, b: &str, t: &str| {
        format!(
            "<ms:a fid='{n}'><ms:n>{n}</ms:n><ms:code>{code}</ms:code><ms:x>{x}</ms:x><ms:b>{b}</ms:b><ms:t><ms:u>{t}</ms:u></ms:t><ms:void/></ms:a>"
        )
    };
    let text = collection(
        &[
            feature("1", "01004", "1.5", "true", "l&#39;&amp;<![CDATA[<é>]]>"),
            feature("-2", "69123", "2", "false", ""),
        ]
        .concat(),
    );
    let table = parse(text.as_bytes()).unwrap().attributes;
    let kinds: Vec<_> =
        table.schema().fields().iter().map(|field| (field.name.as_str(), field.kind)).collect();
    use FieldType::{Boolean, Integer, Number, Text};
    assert_eq!(
        kinds,
        [
            ("id", Text),
            ("n", Integer),
            ("code", Text),
            ("x", Number),
            ("b", Boolean),
            ("t.u", Text),
            ("void", Text)
        ]
    );
    assert_eq!(table.text("t.u").unwrap().value(0), "l'&<é>");
    assert_eq!(table.integer("n").unwrap().values(), &[1, -2]);
}

#[test]
fn what_surrounds_gives_the_system() {
    let text = r#"<FeatureCollection><boundedBy><Envelope srsName="urn:ogc:def:crs:EPSG::4171"/></boundedBy>
        <featureMembers><a><g><Point><pos>45.5 4.5</pos></Point></g></a>
        <a><g><Point srsName="EPSG:3946"><pos>1 2</pos></Point></g></a></featureMembers></FeatureCollection>"#;
    let parsed = parse(text.as_bytes()).unwrap();
    assert_eq!(parsed.crs, Crs::RGF93);
    assert_eq!(parsed.geometries, [Some(Geometry::from(Point::new(4.5, 45.5))), None]);
    let other = ReadNote::OtherCrs { found: "EPSG:3946".into(), features: 1, first: 1 };
    assert_eq!(parsed.notes, [ReadNote::AxesSwapped { crs: Crs::RGF93 }, other]);
}

#[test]
fn encodings() {
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><FeatureCollection><member><a><n>\xc9</n></a></member></FeatureCollection>";
    assert_eq!(parse(latin).unwrap().attributes.text("n").unwrap().value(0), "É");
    let undeclared = &latin[43..];
    let parsed = parse(undeclared).unwrap();
    assert_eq!(parsed.attributes.text("n").unwrap().value(0), "É");
    assert_eq!(parsed.notes[0], ReadNote::EncodingAssumed { encoding: "windows-1252" });
}

const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?><wfs:FeatureCollection xmlns:gml="g"><wfs:member><ms:a gml:id="é.1">
    <ms:g><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4171"><gml:exterior><gml:LinearRing><gml:posList>0 0 9 0 9 9 0 0</gml:posList>
    </gml:LinearRing></gml:exterior></gml:Polygon></ms:g><ms:n>1 &amp; 2</ms:n></ms:a></wfs:member></wfs:FeatureCollection>"#;

#[test]
fn what_is_wrong_is_named() {
    let truncated = fault(&SAMPLE[..300]);
    assert_eq!((truncated.place.feature, truncated.found.as_str()), (Some(0), "the end of the file"));
    for (text, found) in [
        ("", "no XML element"),
        ("{}", "text outside of elements"),
        ("<html></html>", "XML with the root <html> and no features"),
        (
            "<ExceptionReport><Exception><ExceptionText>no such\n layer</ExceptionText></Exception></ExceptionReport>",
            "the exception of a service: no such layer",
        ),
    ] {
        assert_eq!(fault(text).found, found, "{text}");
    }
    let bad = fault(&collection("<a><g><Point><pos>45,5 4,5</pos></Point></g></a>"));
    assert_eq!((bad.found.as_str(), bad.place.column.as_deref()), ("“45,5” as a coordinate", Some("g")));
    assert!(fault("<a><b></a>").found.contains("not well formed"));
    let deep = format!("<FeatureCollection><member>{}", "<a>".repeat(100_000));
    assert_eq!(fault(&deep).found, "elements nested more than 64 deep");
}

proptest! {
    #[test]
    fn never_panics(places in proptest::collection::vec((0..SAMPLE.len(), any::<u8>()), 1..4), cut in 0..SAMPLE.len()) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for (place, byte) in places {
            bytes[place] = byte;
        }
        let _ = parse(&bytes);
        let _ = parse(&bytes[..cut]);
    }

    #[test]
    fn never_panics_on_tags(text in "[<>/a&;!\\[\\]=\" -]{0,80}") {
        let _ = parse(text.as_bytes());
    }

    #[test]
    fn every_truncation_is_refused(cut in 0..SAMPLE.len() - 1) {
        let bytes = &SAMPLE.as_bytes()[..cut];
        prop_assert!(parse(bytes).is_err());
    }
}
