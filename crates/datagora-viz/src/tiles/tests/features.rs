use std::collections::{BTreeMap, BTreeSet};

use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{
    Geometry, GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, Rect, coord,
};
use proptest::prelude::*;

use super::decode::{DecodedFeature, DecodedValue};
use super::decoded;
use crate::tiles::mend::mended;
use crate::tiles::pyramid::HALF;
use crate::tiles::ring::Rings;
use crate::tiles::shapes::doubled_area;
use crate::tiles::{Thinning, TileArchive, TileError, TileLayer, TileSet};

/// Metres of Web Mercator near Lyon.
const CORNER: [f64; 2] = [537_000.0, 5_740_000.0];

fn polygon(ring: &[(f64, f64)]) -> Geometry {
    let ring: Vec<(f64, f64)> = ring.iter().map(|(x, y)| (x + CORNER[0], y + CORNER[1])).collect();
    Polygon::new(LineString::from(ring), vec![]).into()
}

fn mercator(geometries: impl IntoIterator<Item = Geometry>) -> GeometryColumn {
    GeometryColumn::new(geometries, Crs::WEB_MERCATOR)
}

fn build(layer: TileLayer<'_>) -> TileArchive {
    TileSet::new("test").with_layer(layer).build().unwrap()
}

/// Features of a zoom, those of several tiles several times.
fn features(archive: &TileArchive, zoom: u8) -> Vec<DecodedFeature> {
    decoded(archive, zoom)
        .into_iter()
        .flat_map(|(_, layers)| layers)
        .flat_map(|layer| layer.features)
        .collect()
}

/// Whether the rings of a polygon meet in points at most.
fn is_sound(feature: &DecodedFeature) -> bool {
    let mut rings = Rings::default();
    feature.parts.iter().for_each(|ring| rings.push(ring));
    // What has to be mended again has as many rings of the same area: it touches itself in points.
    mended(&rings).is_none_or(|again| {
        let area: i64 = again.iter().map(|ring| doubled_area(ring)).sum();
        (again.len(), area) == (feature.parts.len(), feature.doubled_area())
    })
}

/// Square metres of Web Mercator in a square unit of a tile.
fn unit_area(zoom: u8) -> f64 {
    (2.0 * HALF / 4096.0 / f64::from(1u32 << zoom)).powi(2)
}

fn points(count: usize) -> GeometryColumn {
    // Dense in the middle.
    let place = |k: usize| {
        let (turn, share) = (k as f64 * 2.399_963, (k as f64 / count as f64).powi(2));
        (CORNER[0] + 8_000.0 * share * turn.cos(), CORNER[1] + 8_000.0 * share * turn.sin())
    };
    let (x, y) = (0..count).map(place).unzip();
    GeometryColumn::points(x, y, Crs::WEB_MERCATOR)
}

#[test]
fn attributes_are_typed_and_missing_ones_absent() {
    let column = points(4);
    let layer = TileLayer::new("trees", &column)
        .with_zooms(12..=12)
        .with_row_ids()
        .with_attribute("height", vec![12.0, -3.0, f64::NAN, 0.1])
        .with_attribute(
            "genus",
            vec![Some("Tilia".to_owned()), None, Some("Acer".into()), Some("Tilia".into())],
        )
        .with_attribute("protected", vec![Some(true), Some(false), None, None]);
    let archive = build(layer);
    let mut found = features(&archive, 12);
    found.sort_by_key(|feature| feature.id);
    found.dedup_by_key(|feature| feature.id);
    let text = |text: &str| DecodedValue::Text(text.to_owned());
    let expected: [&[(&str, DecodedValue)]; 4] = [
        &[
            ("genus", text("Tilia")),
            ("height", DecodedValue::Number(12.0)),
            ("protected", DecodedValue::Flag(true)),
        ],
        &[("height", DecodedValue::Number(-3.0)), ("protected", DecodedValue::Flag(false))],
        &[("genus", text("Acer"))],
        &[("genus", text("Tilia")), ("height", DecodedValue::Number(0.1))],
    ];
    for (row, (feature, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(feature.id, Some(row as u64));
        let found: Vec<(&str, DecodedValue)> =
            feature.attributes.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        assert_eq!(found, expected);
    }
    let metadata: serde_json::Value = serde_json::from_str(&archive.metadata_json()).unwrap();
    assert_eq!(
        metadata["vector_layers"][0]["fields"],
        serde_json::json!({ "genus": "String", "height": "Number", "protected": "Boolean" })
    );
    let height = &metadata["tilestats"]["layers"][0]["attributes"][0];
    assert_eq!((height["min"].as_f64(), height["max"].as_f64()), (Some(-3.0), Some(12.0)));
}

#[test]
fn points_of_high_priority_stay_and_stay_below() {
    let column = points(3_000);
    let priority: Vec<f64> = (0..3_000).map(|k| f64::from(k % 1_000)).collect();
    let layer = TileLayer::new("trees", &column)
        .with_zooms(8..=13)
        .with_row_ids()
        .with_thinning(Thinning::Priority)
        .with_priority(priority.clone())
        .with_attribute("priority", priority);
    let archive = TileSet::new("test").with_layer(layer).with_limit(6_000).build().unwrap();
    let mut before: BTreeSet<u64> = BTreeSet::new();
    for said in archive.thinning() {
        let found = features(&archive, said.zoom);
        let ids: BTreeSet<u64> = found.iter().filter_map(|feature| feature.id).collect();
        assert_eq!(ids.len() as u64, said.drawn);
        assert_eq!(said.drawn + said.dropped, 3_000);
        assert!(said.largest_tile <= 6_000, "{said:?}");
        let least = found.iter().filter_map(|feature| feature.number("priority")).fold(f64::MAX, f64::min);
        let above = (0..3_000).filter(|k| f64::from(k % 1_000) > least).count() as u64;
        assert!(above <= said.drawn, "all of higher priority are there");
        assert!(before.is_subset(&ids), "what is drawn at a zoom is drawn at higher ones");
        before = ids;
    }
    assert!(archive.thinning()[0].dropped > 0);
}

#[test]
fn even_thinning_leaves_out_where_it_is_dense() {
    let column = points(20_000);
    let layer = TileLayer::new("trees", &column).with_zooms(8..=14).with_row_ids();
    let archive = TileSet::new("test").with_layer(layer).with_limit(20_000).build().unwrap();
    let (x, y) = column.as_points().unwrap();
    let far = |id: u64| (x[id as usize] - CORNER[0]).hypot(y[id as usize] - CORNER[1]) > 4_000.0;
    let far_all = (0..20_000).filter(|&id| far(id)).count() as f64;
    let mut before: BTreeSet<u64> = BTreeSet::new();
    for said in archive.thinning() {
        assert!(said.largest_tile <= 20_000);
        let ids: BTreeSet<u64> = features(&archive, said.zoom).iter().filter_map(|f| f.id).collect();
        assert_eq!(ids.len() as u64, said.drawn);
        assert!(before.is_subset(&ids));
        let share = ids.iter().filter(|&&id| far(id)).count() as f64 / far_all;
        assert!(share >= said.drawn as f64 / 20_000.0, "zoom {}: {share}", said.zoom);
        before = ids;
    }
    assert!(archive.thinning()[1].dropped > 10_000);
}

#[test]
fn a_rate_leaves_one_in_so_many_at_each_zoom() {
    let column = points(1_000);
    let priority: Vec<f64> = (0..1_000).map(f64::from).collect();
    let layer = || TileLayer::new("points", &column).with_zooms(10..=13).with_spacing(0).with_row_ids();
    let drawn =
        |archive: &TileArchive| -> Vec<u64> { archive.thinning().iter().map(|zoom| zoom.drawn).collect() };
    let even = build(layer().with_drop_rate(2.5));
    assert_eq!(drawn(&even), [64, 160, 400, 1_000]);
    assert!(even.thinning().iter().all(|zoom| zoom.drawn + zoom.dropped == zoom.features));
    // What a zoom shows, those above show, too; of the highest priority where that decides.
    let rows = |archive: &TileArchive, zoom| -> BTreeSet<u64> {
        features(archive, zoom).iter().filter_map(|feature| feature.id).collect()
    };
    assert!(rows(&even, 10).is_subset(&rows(&even, 11)) && rows(&even, 11).is_subset(&rows(&even, 12)));
    let best = build(layer().with_drop_rate(2.0).with_thinning(Thinning::Priority).with_priority(priority));
    assert_eq!(rows(&best, 10), (875..1_000).collect());
    for rate in [1.0, 0.2, f64::NAN] {
        assert_eq!(drawn(&build(layer().with_drop_rate(rate))), [1_000; 4]);
    }
    assert_eq!(drawn(&build(layer().with_drop_rate(2.5).with_thinning(Thinning::Keep))), [1_000; 4]);
    assert_eq!(drawn(&build(layer().with_drop_rate(f64::INFINITY)))[3], 1_000);
}

#[test]
fn clusters_count_each_point_once() {
    let column = points(5_000);
    let layer = TileLayer::new("trees", &column)
        .with_zooms(6..=12)
        .with_buffer(0)
        .with_thinning(Thinning::Cluster { cell: 100 })
        .with_attribute("height", (0..5_000).map(f64::from).collect::<Vec<f64>>())
        .with_attribute("kind", vec!["tree"; 5_000]);
    let archive = build(layer);
    for said in archive.thinning() {
        let found = features(&archive, said.zoom);
        let count: f64 = found.iter().map(|feature| feature.number("point_count").unwrap_or(1.0)).sum();
        let height: f64 =
            found.iter().map(|f| f.number("point_count").unwrap_or(1.0) * f.number("height").unwrap()).sum();
        // Points on the edge of a tile are in both.
        assert!((5_000.0..5_150.0).contains(&count), "{said:?} {count}");
        if said.zoom == 6 {
            assert_eq!((count, height), (5_000.0, 4_999.0 * 2_500.0));
            assert_eq!(said.merged, said.drawn);
        }
        assert!(found.iter().all(|f| f.attributes["kind"] == DecodedValue::Text("tree".to_owned())));
    }
    let top = archive.thinning().last().unwrap();
    assert_eq!((top.drawn, top.merged), (5_000, 0));
}

#[test]
fn neighbours_have_the_same_border_at_each_zoom() {
    // Columns with ragged borders: each polygon has a border with the next.
    let border = |k: i32| -> Vec<(f64, f64)> {
        let bulge = |j: i32| f64::from((j * 37 + k * 91 + j * j * k) % 41) * 6.0;
        (0..=200)
            .map(|j| (f64::from(k) * 700.0 + if j % 200 == 0 { 0.0 } else { bulge(j) }, f64::from(j) * 20.0))
            .collect()
    };
    let zones = (0..8).map(|k| {
        let mut ring = border(k);
        ring.extend(border(k + 1).into_iter().rev());
        polygon(&ring)
    });
    let column = mercator(zones);
    let archive = build(TileLayer::new("zones", &column).with_zooms(8..=14).with_row_ids());
    let mut vertices = Vec::new();
    for zoom in 8..=14 {
        let (mut shared, mut single, mut count) = (0usize, 0usize, 0);
        for (_, layers) in decoded(&archive, zoom) {
            let inside = |at: [i32; 2]| at.iter().all(|&axis| (-64..4160).contains(&axis) && axis > -64);
            let mut edges: BTreeMap<([i32; 2], [i32; 2]), u64> = BTreeMap::new();
            for feature in &layers[0].features {
                for ring in &feature.parts {
                    count += ring.len();
                    for k in 0..ring.len() {
                        let (from, to) = (ring[k], ring[(k + 1) % ring.len()]);
                        edges.insert((from, to), feature.id.unwrap());
                    }
                }
            }
            for ((from, to), id) in &edges {
                let vertical = from[1].abs_diff(to[1]) > 0 && inside(*from) && inside(*to);
                // The outer sides of the first and the last zone have no neighbour.
                match edges.get(&(*to, *from)) {
                    Some(other) => {
                        assert_eq!(id.abs_diff(*other), 1);
                        shared += 1;
                    }
                    None if vertical && *id > 0 && *id < 7 => single += 1,
                    None => {}
                }
            }
        }
        assert!(shared > 0 && single == 0, "zoom {zoom}: {shared} shared, {single} not");
        vertices.push(count);
    }
    assert!(vertices[0] * 6 < vertices[6], "{vertices:?}");
}

#[test]
fn small_polygons_keep_their_area() {
    // 10,000 squares of 30 m with gaps of 30 m.
    let square = |k: i32| {
        let (x, y) = (f64::from(k % 100) * 60.0, f64::from(k / 100) * 60.0);
        polygon(&[(x, y), (x + 30.0, y), (x + 30.0, y + 30.0), (x, y + 30.0)])
    };
    let column = mercator((0..10_000).map(square));
    let archive = build(TileLayer::new("blocks", &column).with_zooms(7..=14).with_buffer(0));
    for said in archive.thinning() {
        let area: i64 = features(&archive, said.zoom).iter().map(DecodedFeature::doubled_area).sum();
        let share = area as f64 / 2.0 * unit_area(said.zoom) / (10_000.0 * 900.0);
        assert!((share - 1.0).abs() < 0.08, "{said:?} {share}");
        assert_eq!(said.drawn + said.gathered + said.vanished + said.dropped, 10_000);
    }
    assert!(archive.thinning()[0].gathered > 9_000);
    assert_eq!(archive.thinning()[7].gathered, 0);
}

#[test]
fn neighbours_of_equal_attributes_are_merged() {
    // A chessboard of 4 × 4 fields, each of 8 × 8 squares.
    let square = |k: i32| {
        let (x, y) = (f64::from(k % 32) * 100.0, f64::from(k / 32) * 100.0);
        polygon(&[(x, y), (x + 100.0, y), (x + 100.0, y + 100.0), (x, y + 100.0)])
    };
    let kind = |k: i32| if (k % 32 / 8 + k / 32 / 8) % 2 == 0 { "white" } else { "black" };
    let column = mercator((0..1024).map(square));
    let layer = TileLayer::new("board", &column)
        .with_zooms(10..=13)
        .with_thinning(Thinning::Coalesce)
        .with_attribute("kind", (0..1024).map(kind).collect::<Vec<&str>>());
    let archive = build(layer);
    let found = decoded(&archive, 10);
    assert_eq!(found.len(), 1);
    let features = &found[0].1[0].features;
    assert_eq!(features.iter().map(|feature| feature.parts.len()).collect::<Vec<_>>(), [8, 8]);
    let area: i64 = features.iter().map(DecodedFeature::doubled_area).sum();
    let share = area as f64 / 2.0 * unit_area(10) / 3_200f64.powi(2);
    assert!((share - 1.0).abs() < 0.05, "{share}");
    let said: Vec<u64> = archive.thinning().iter().map(|said| said.merged).collect();
    assert_eq!((said[0], said[3]), (2, 0));
}

#[test]
fn what_is_missing_or_of_no_extent_is_no_feature() {
    let line: Geometry = LineString::from(vec![(CORNER[0], CORNER[1]); 3]).into();
    let flat = polygon(&[(0.0, 0.0), (10.0, 10.0), (20.0, 20.0)]);
    let empty: Geometry = MultiPolygon(vec![]).into();
    let there: Geometry = MultiPoint(vec![Point::new(CORNER[0], CORNER[1]); 2]).into();
    let triangle = polygon(&[(0.0, 0.0), (900.0, 0.0), (0.0, 900.0)]);
    let both = Geometry::GeometryCollection(GeometryCollection(vec![there.clone(), triangle]));
    let rows = [Some(line), Some(flat), None, Some(empty), Some(there), Some(both)];
    let column = GeometryColumn::from_options(rows, Crs::WEB_MERCATOR);
    let archive = build(TileLayer::new("odd", &column).with_zooms(12..=12).with_row_ids());
    let found: Vec<(u64, u64)> = features(&archive, 12).iter().map(|f| (f.id.unwrap(), f.kind)).collect();
    assert_eq!(found, [(4, 1), (5, 1), (5, 3)]);
    assert_eq!(archive.thinning()[0].vanished, 1);
    let nothing = GeometryColumn::from_options([None], Crs::WEB_MERCATOR);
    assert!(build(TileLayer::new("nothing", &nothing)).is_empty());
}

#[test]
fn a_polygon_over_many_tiles_covers_each() {
    let column = mercator([polygon(&[(0.0, 0.0), (40_000.0, 0.0), (40_000.0, 40_000.0), (0.0, 40_000.0)])]);
    let archive = build(TileLayer::new("zone", &column).with_zooms(12..=12).with_buffer(0));
    let area: i64 = features(&archive, 12).iter().map(DecodedFeature::doubled_area).sum();
    let share = area as f64 / 2.0 * unit_area(12) / 1.6e9;
    assert!((share - 1.0).abs() < 1e-4, "{share}");
    assert!(archive.len() > 15);
}

#[test]
fn wrong_layers_are_named() {
    let column = points(3);
    let layer = || TileLayer::new("trees", &column);
    let build = |layer: TileLayer<'_>| TileSet::new("test").with_layer(layer).build().map(|_| ());
    let failures = [
        build(layer().with_attribute("height", vec![1.0])),
        build(layer().with_priority(vec![1.0])),
        build(layer().with_attribute("a", vec![1.0; 3]).with_attribute("a", vec![1.0; 3])),
        build(layer().with_zooms(0..=19)),
        #[allow(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        build(layer().with_zooms(9..=8)),
        TileSet::new("test").with_layer(layer()).with_layer(layer()).build().map(|_| ()),
        TileSet::new("test").with_layer(layer()).with_extent(1000).build().map(|_| ()),
    ];
    let said: Vec<String> = failures.into_iter().map(|failure| failure.unwrap_err().to_string()).collect();
    let expected = [
        "layer \"trees\" has 1 values of \"height\" for 3 rows; one per row is needed",
        "layer \"trees\" has 1 values of \"priority\" for 3 rows; one per row is needed",
        "there are two layers, or two attributes of a layer, of the name \"a\"; rename one",
        "layer \"trees\" has the zooms 0 to 19; needed are ascending ones up to 18",
        "layer \"trees\" has the zooms 9 to 8; needed are ascending ones up to 18",
        "there are two layers, or two attributes of a layer, of the name \"trees\"; rename one",
        "tiles of 1000 units; use a power of two from 256 to 8192, such as 4096",
    ];
    assert_eq!(said, expected);
    let unknown = column.clone().declared_as(Crs::from_epsg(999_999));
    assert!(matches!(
        TileSet::new("test").with_layer(TileLayer::new("old", &unknown)).build(),
        Err(TileError::Reproject { .. })
    ));
}

#[test]
fn an_edit_of_features_replaces_tiles() {
    let column = points(2_000);
    let (x, y) = column.as_points().unwrap();
    let mut x = x.to_vec();
    x[1_999] += 30.0;
    let moved = GeometryColumn::points(x, y.to_vec(), Crs::WEB_MERCATOR);
    let place = Rect::new(
        coord! { x: moved.as_points().unwrap().0[1_999] - 30.0, y: y[1_999] },
        coord! {
            x: moved.as_points().unwrap().0[1_999], y: y[1_999]
        },
    );
    let layer = |column| TileLayer::new("trees", column).with_zooms(8..=15).with_thinning(Thinning::Keep);
    let mut archive = build(layer(&column));
    let set = TileSet::new("test").with_layer(layer(&moved));
    let replaced = set.update(&mut archive, place, &Crs::WEB_MERCATOR).unwrap();
    assert!(replaced < 24, "{replaced}");
    let expected = set.build().unwrap();
    assert_eq!(archive.len(), expected.len());
    for tile in expected.tiles() {
        assert!(archive.tile(tile).unwrap() == expected.tile(tile).unwrap(), "{tile}");
    }
}

/// Squares of 30 m side by side, so many in a row.
fn squares(count: usize, row: usize) -> GeometryColumn {
    mercator((0..count).map(|k| {
        let (x, y) = ((k % row) as f64 * 30.0, (k / row) as f64 * 30.0);
        polygon(&[(x, y), (x + 30.0, y), (x + 30.0, y + 30.0), (x, y + 30.0)])
    }))
}

/// Numbers that hardly compress.
fn mixed(count: usize) -> Vec<f64> {
    (0..count).map(|k| (k as f64 * 0.754_877_666).fract()).collect()
}

#[test]
fn polygons_are_gathered_before_any_is_left_out() {
    let column = squares(10_000, 100);
    let layer = TileLayer::new("blocks", &column)
        .with_zooms(7..=16)
        .with_buffer(0)
        .with_attribute("height", mixed(10_000));
    let set = TileSet::new("test").with_layer(layer).with_limit(45_000);
    let mut archive = set.build().unwrap();
    for said in archive.thinning().iter().filter(|said| said.zoom < 16) {
        assert_eq!((said.dropped, said.drawn + said.gathered), (0, 10_000), "{said:?}");
        assert!(said.largest_tile <= 45_000, "{said:?}");
        let area: i64 = features(&archive, said.zoom).iter().map(DecodedFeature::doubled_area).sum();
        // The side of a square is a whole number of units.
        let side = (said.smallest as f64).sqrt();
        let rounding = if said.gathered > 0 { (side.round() / side).powi(2) } else { 1.0 };
        let share = area as f64 / 2.0 * unit_area(said.zoom) / 9e6 / rounding;
        assert!((share - 1.0).abs() < 0.12, "{said:?} {share}");
    }
    assert!(archive.thinning().iter().any(|said| said.smallest > 16), "the limit asked for it");
    // Built anew without an edit, the tiles are the same.
    let before = archive.clone();
    let all =
        Rect::new(coord! { x: CORNER[0], y: CORNER[1] }, coord! { x: CORNER[0] + 3e3, y: CORNER[1] + 3e3 });
    assert_eq!(set.update(&mut archive, all, &Crs::WEB_MERCATOR).unwrap(), before.len());
    assert!(archive == before);
    // With squares that may not be gathered, some are left out.
    let layer = TileLayer::new("blocks", &column)
        .with_zooms(7..=16)
        .with_smallest(0.0)
        .with_attribute("height", mixed(10_000));
    let dropped = TileSet::new("test").with_layer(layer).with_limit(45_000).build().unwrap();
    assert!(dropped.thinning().iter().any(|said| said.dropped > 1_000 && said.gathered == 0));
}

#[test]
fn attributes_and_ids_from_a_zoom_on() {
    let column = squares(400, 20);
    let layer = || TileLayer::new("blocks", &column).with_zooms(11..=14).with_thinning(Thinning::Coalesce);
    let archive = build(
        layer()
            .with_attribute("kind", vec!["house"; 400])
            .with_attribute_from(14, "height", mixed(400))
            .with_row_ids_from(14),
    );
    let top = features(&archive, 14);
    assert!(top.iter().all(|feature| feature.id.is_some() && feature.number("height").is_some()));
    for zoom in 11..14 {
        let found = features(&archive, zoom);
        assert!(found.iter().all(|f| f.id.is_none() && f.attributes.keys().eq(["kind"])));
        // Heights, which differ, keep no neighbours apart.
        assert!(found.len() < 10, "{}", found.len());
    }
    assert!(archive.metadata_json().contains(r#""fields":{"height":"Number","kind":"String""#));
    let sizes = [layer().with_row_ids_from(14), layer().with_row_ids()].map(|layer| {
        build(layer.with_thinning(Thinning::Keep).with_attribute("height", mixed(400))).byte_len()
    });
    assert!(sizes[0] < sizes[1], "{sizes:?}");
}

#[test]
fn a_ring_cut_twice_falls_apart() {
    // Two arms to the east, across the edge of a tile, from a body to the west of it.
    let tile = 2.0 * HALF / f64::from(1u32 << 12);
    let edge = ((CORNER[0] + HALF) / tile).ceil() * tile - HALF - CORNER[0];
    let ring = [
        (-900.0, 0.0),
        (900.0, 0.0),
        (900.0, 200.0),
        (-700.0, 200.0),
        (-700.0, 600.0),
        (900.0, 600.0),
        (900.0, 800.0),
        (-900.0, 800.0),
    ]
    .map(|(x, y)| (x + edge, y));
    let column = mercator([polygon(&ring)]);
    let archive = build(TileLayer::new("comb", &column).with_zooms(12..=12));
    let mut parts: Vec<usize> = features(&archive, 12).iter().map(|feature| feature.parts.len()).collect();
    parts.sort_unstable();
    assert_eq!(parts, [1, 2]);
}

fn any_geometry() -> impl Strategy<Value = Option<Geometry>> {
    let place = || (-3_000.0..3_000.0f64, -3_000.0..3_000.0f64).prop_map(|(x, y)| (x.round(), y.round()));
    let far = (-2e7..2e7f64, -3e7..3e7f64);
    let ring = || prop::collection::vec(place(), 0..12);
    let moved = |points: Vec<(f64, f64)>| -> LineString {
        points.into_iter().map(|(x, y)| (x + CORNER[0], y + CORNER[1])).collect::<Vec<_>>().into()
    };
    prop_oneof![
        Just(None),
        place().prop_map(|(x, y)| Some(Point::new(x + CORNER[0], y + CORNER[1]).into())),
        far.prop_map(|(x, y)| Some(Point::new(x, y).into())),
        ring().prop_map(move |points| Some(moved(points).into())),
        (ring(), ring()).prop_map(move |(a, b)| Some(Polygon::new(moved(a), vec![moved(b)]).into())),
        (ring(), ring()).prop_map(move |(a, b)| {
            let polygons = [a, b].map(|ring| Polygon::new(moved(ring), vec![]));
            Some(MultiPolygon(polygons.into()).into())
        }),
        ring().prop_map(move |points| Some(MultiPoint(moved(points).into_points()).into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_tile_exceeds_the_limit(
        policy in 0..4usize,
        of_squares in any::<bool>(),
        count in 300..1_500usize,
        limit in 1_500..6_000usize,
        spacing in prop::sample::select(vec![0u32, 8, 64]),
    ) {
        let column = if of_squares { squares(count, 40) } else { points(count) };
        let thinning =
            [Thinning::Even, Thinning::Priority, Thinning::Cluster { cell: 64 }, Thinning::Coalesce][policy];
        let priority = mixed(count);
        let layer = TileLayer::new("any", &column)
            .with_zooms(7..=15)
            .with_thinning(thinning)
            .with_spacing(spacing)
            .with_priority(priority.clone())
            .with_attribute("height", priority.clone())
            .with_row_ids();
        let archive = TileSet::new("test").with_layer(layer).with_limit(limit).build().unwrap();
        let mut above: Option<BTreeSet<u64>> = None;
        for said in archive.thinning().iter().rev() {
            prop_assert!(said.largest_tile <= limit as u64, "{said:?}");
            let found = features(&archive, said.zoom);
            let ids: BTreeSet<u64> = found.iter().filter_map(|feature| feature.id).collect();
            match thinning {
                Thinning::Priority if !ids.is_empty() && said.gathered == 0 => {
                    let least = ids.iter().map(|&id| priority[id as usize]).fold(1.0, f64::min);
                    let higher = priority.iter().filter(|&&priority| priority > least).count();
                    prop_assert_eq!(higher + 1, ids.len(), "those of the highest priority");
                }
                Thinning::Even if !of_squares => {
                    prop_assert_eq!(ids.len() as u64, said.drawn);
                    prop_assert!(above.as_ref().is_none_or(|above| ids.is_subset(above)));
                }
                Thinning::Cluster { .. } if !of_squares && said.dropped == 0 => {
                    // Points in the buffers of several tiles count in each.
                    let stood_for: f64 = found.iter().map(|f| f.number("point_count").unwrap_or(1.0)).sum();
                    prop_assert!(stood_for >= count as f64);
                }
                _ => {}
            }
            above = Some(ids);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_geometry_becomes_tiles_that_can_be_read(
        geometries in prop::collection::vec(any_geometry(), 0..12),
        policy in 0..5usize,
        extent in prop::sample::select(vec![256u32, 4096, 8192]),
    ) {
        let rows = geometries.len();
        let column = GeometryColumn::from_options(geometries, Crs::WEB_MERCATOR);
        let thinning = [Thinning::Keep, Thinning::Even, Thinning::Priority, Thinning::Cluster { cell: 64 }, Thinning::Coalesce][policy];
        let layer = TileLayer::new("any", &column)
            .with_zooms(0..=13)
            .with_thinning(thinning)
            .with_attribute("row", (0..rows).map(|row| row as f64).collect::<Vec<f64>>());
        let set = TileSet::new("test").with_layer(layer).with_limit(300).with_extent(extent);
        let archive = set.build().unwrap();
        let read = TileArchive::read(&archive.to_bytes()).unwrap();
        prop_assert!(read == archive);
        for said in archive.thinning() {
            // The reader refuses what is not as it should be.
            let found = features(&archive, said.zoom);
            prop_assert!(said.drawn > 0 || found.is_empty());
            for feature in found.iter().filter(|feature| feature.kind == 3) {
                prop_assert!(is_sound(feature), "{:?}", feature.parts);
            }
            if policy != 3 {
                prop_assert_eq!(said.drawn + said.dropped + said.gathered + said.vanished, said.features);
            }
        }
    }

    #[test]
    fn areas_stay_within_rounding(corners in prop::collection::vec((500.0..3_000.0f64, 0.0..0.9f64), 3..40)) {
        // A star around the middle is a simple polygon.
        let turn = std::f64::consts::TAU / corners.len() as f64;
        let point = |(k, (radius, shift)): (usize, &(f64, f64))| {
            let (sin, cos) = ((k as f64 + shift) * turn).sin_cos();
            (radius * cos, radius * sin)
        };
        let ring: Vec<(f64, f64)> = corners.iter().enumerate().map(point).collect();
        let cross = |k: usize| {
            let (a, b) = (ring[k], ring[(k + 1) % ring.len()]);
            a.0 * b.1 - b.0 * a.1
        };
        let area = (0..ring.len()).map(cross).sum::<f64>() / 2.0;
        prop_assume!(area > 1e6);
        let perimeter: f64 =
            (0..ring.len()).map(|k| (ring[k], ring[(k + 1) % ring.len()])).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).sum();
        let column = mercator([polygon(&ring)]);
        let layer = TileLayer::new("star", &column).with_zooms(9..=14).with_tolerance(0.0).with_buffer(0);
        let archive = build(layer);
        for zoom in 9..=14 {
            let found: i64 = features(&archive, zoom).iter().map(DecodedFeature::doubled_area).sum();
            let found = found as f64 / 2.0 * unit_area(zoom);
            // Each vertex moves by less than a unit.
            prop_assert!((found - area).abs() <= perimeter * unit_area(zoom).sqrt(), "{} {}", found, area);
        }
    }
}
