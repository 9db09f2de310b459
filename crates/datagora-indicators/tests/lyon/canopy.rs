//! Vegetation cover and public green on real layers of Lyon.
use std::collections::{BTreeMap, BTreeSet};

use datagora_core::{Crs, Metres};
use datagora_geo::types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect, coord};
use datagora_geo::{Boundary, FaultKind, GeometryColumn, Metric, ZoneIndex, area, clip, doubt_crs, faults};
use datagora_indicators::greening::{Canopy, Strata, strata_within};
use serde_json::Value;

use crate::{close, data};

fn json(name: &str) -> Option<Value> {
    Some(serde_json::from_str(&std::fs::read_to_string(data(name)?).unwrap()).unwrap())
}

fn ring(value: &Value) -> LineString {
    let number = |point: &Value, at: usize| point[at].as_f64().unwrap();
    let points = value.as_array().unwrap().iter();
    LineString(points.map(|point| Coord { x: number(point, 0), y: number(point, 1) }).collect())
}

fn polygon(value: &Value) -> Polygon {
    let rings: Vec<LineString> = value.as_array().unwrap().iter().map(ring).collect();
    Polygon::new(rings[0].clone(), rings[1..].to_vec())
}

fn surface(feature: &Value) -> Geometry {
    let geometry = &feature["geometry"];
    match geometry["type"].as_str() {
        Some("Polygon") => polygon(&geometry["coordinates"]).into(),
        _ => MultiPolygon(geometry["coordinates"].as_array().unwrap().iter().map(polygon).collect()).into(),
    }
}

/// Features of a collection, or of a bare list of them, in the CRS that is true of them.
fn surfaces(layer: &Value, crs: Crs) -> GeometryColumn {
    let features = layer.as_array().or_else(|| layer["features"].as_array()).unwrap();
    GeometryColumn::new(features.iter().map(surface), crs)
}

/// Twice the signed area by the shoelace formula, halved and without sign, as the dashboard computes it.
fn shoelace(corners: &[Coord]) -> f64 {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).map(|(a, b)| a.x * b.y - a.y * b.x).sum::<f64>().abs() / 2.0
}

/// The dashboard's areas of the nine arrondissements are ours. Its parks are within 0.5 % in eight of them, and in the
/// ninth 19 % short: it keeps the corners of a park that lie in the arrondissement and measures what they enclose, which
/// is not the part of the park that lies in it. Doing the same gives its numbers in all nine, so that nothing is left for a
/// newer vintage of the parks to explain; and one park, the Parc du Vallon on the border, makes up the ninth's difference.
///
/// It reads the first ring of each park only, as does this test: 19 parks of the file have further parts written as holes
/// that lie outside, which [`faults`](datagora_geo::faults) tells and a repair would add.
#[test]
fn the_dashboard_and_why_one_arrondissement_differs() {
    let Some(published) = json("lyon_green/dash_espacesVegetalisesPourcentageLyon.json") else { return };
    let (zones, parks) = (
        json("lyon_green/dash_communesLyonEPSG3946.json").unwrap(),
        json("lyon_green/dash_parcsJardins.json").unwrap(),
    );
    let codes: Vec<&str> =
        zones.as_array().unwrap().iter().map(|zone| zone["properties"]["insee"].as_str().unwrap()).collect();
    let published: BTreeMap<&str, &Value> =
        published.as_array().unwrap().iter().map(|row| (row["insee"].as_str().unwrap(), row)).collect();
    let names: Vec<&str> = parks["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|park| park["properties"]["nom"].as_str().unwrap())
        .collect();
    let first_ring =
        |park: &Value| Polygon::new(ring(&park["geometry"]["coordinates"][0]), Vec::new()).into();
    let whole = surfaces(&parks, Crs::CC46);
    let outside = faults(&whole).into_iter().filter(|fault| fault.kind == FaultKind::HoleOutside);
    assert_eq!(outside.map(|fault| fault.row).collect::<BTreeSet<_>>().len(), 19);
    let parks = GeometryColumn::new(parks["features"].as_array().unwrap().iter().map(first_ring), Crs::CC46);
    let zones = surfaces(&zones, Crs::CC46);
    let areas = area(&zones, Metric::Planar).unwrap();
    let pieces = clip(&parks, &zones).unwrap();
    let index = ZoneIndex::new(&zones).unwrap();
    for (zone, code) in codes.iter().enumerate() {
        let row = published[code];
        let number = |name: &str| row[name].as_f64().unwrap();
        close(areas[zone] / number("surface"), 1.0, 5e-6);
        let within = |park: usize| -> f64 {
            let mine = |piece: &&datagora_geo::Piece| (piece.left, piece.right) == (Some(park), Some(zone));
            pieces.origins.iter().filter(mine).map(|piece| piece.measure).sum()
        };
        let by_corners = |park: usize| {
            let Some(Geometry::Polygon(shape)) = parks.get(park) else { panic!("park {park} is a polygon") };
            let inside =
                |c: &&Coord| index.locate_all(c.x, c.y, Boundary::Within).any(|found| found as usize == zone);
            shoelace(&shape.exterior().0.iter().filter(inside).copied().collect::<Vec<_>>())
        };
        let rows = 0..parks.len();
        let (exact, corners): (f64, f64) =
            (rows.clone().map(within).sum(), rows.clone().map(by_corners).sum());
        close(corners / number("surfacePJ"), 1.0, 1e-9);
        // Its rates have three decimals.
        close(corners / areas[zone], number("tauxPJ"), 5.1e-4);
        let off = (exact / number("surfacePJ") - 1.0).abs();
        if *code != "69389" {
            assert!(off < 0.005, "{code}: {off}");
            continue;
        }
        assert!(off > 0.19, "{off}");
        let differing: Vec<usize> =
            rows.filter(|&park| (within(park) - by_corners(park)).abs() > 100.0).collect();
        assert_eq!(differing.iter().map(|&park| names[park]).collect::<Vec<_>>(), ["Parc du Vallon"]);
        // Shapely 2.2.0: 78,873 m² of it are in the arrondissement; 212 of its 295 corners enclose 23,344 m².
        close(within(differing[0]), 78_873.0, 1.0);
        close(by_corners(differing[0]), 23_344.0, 1.0);
    }
}

/// The extract of EVA says EPSG:2192 and lies in CC46: the doubt names it, and in CC46 its areas are those it publishes.
#[test]
fn strata_of_an_extract_with_the_wrong_crs() {
    let Some(plants) = json("lyon_green/eva2015_EVA2015_Vegetation3STR_Extent.json") else { return };
    let roads = json("lyon_green/eva2015_Voirie_Extent.json").unwrap();
    assert!(plants["crs"]["properties"]["name"].as_str().unwrap().ends_with("2192"));
    let declared = surfaces(&plants, Crs::from_epsg(2192));
    let lyon = Rect::new(coord! { x: 4.6, y: 45.5 }, coord! { x: 5.2, y: 46.0 });
    let doubt = doubt_crs(&declared, &lyon).expect("the coordinates lie far from France in ED50");
    let mended = doubt.mended(declared);
    assert_eq!(mended.crs(), &Crs::CC46);
    let published: f64 = plants["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["Shape_Area"].as_f64().unwrap())
        .sum();
    let bounds = Rect::new(coord! { x: 1_840_000., y: 5_170_000. }, coord! { x: 1_850_000., y: 5_180_000. });
    let zone = GeometryColumn::new([bounds.into()], Crs::CC46);
    let eva = Strata::eva_2015();
    let trees = vec![Some(2); mended.len()]; // all fifty are “Strate arboree”
    let found = strata_within(&eva, &mended, &trees, None, &zone).unwrap();
    close(found.zone(0)[2].value().unwrap(), published, 1e-3 * published);
    let roads = surfaces(&roads, Crs::CC46);
    let over_roads =
        strata_within(&eva, &mended, &trees, Some(&roads), &zone).unwrap().zone(0)[2].value().unwrap();
    close(over_roads, TREES_OVER_ROADS, 1e-6 * TREES_OVER_ROADS);
}

/// Shapely 2.2.0, union of the one within the union of the other, m².
const TREES_OVER_ROADS: f64 = 189.078_367;

/// Trees of the Part-Dieu with the radius of their crowns: counted once they cover less than the dashboard's sum of discs.
#[test]
fn crowns_of_the_part_dieu() {
    let Some(trees) = json("lyon_green/dash_dataAlignements.json") else { return };
    let kinds = json("lyon_green/dash_dataVegetal.json").unwrap();
    let summed: f64 = kinds.as_array().unwrap().iter().map(|kind| kind["surface"].as_f64().unwrap()).sum();
    let rows = trees.as_array().unwrap();
    let at = |axis: usize| {
        rows.iter().map(|tree| tree["geometry"]["coordinates"][axis].as_f64().unwrap()).collect()
    };
    let radii: Vec<f64> =
        rows.iter().map(|tree| tree["rayoncouronne_m"].as_f64().unwrap_or(f64::NAN)).collect();
    let trunks = GeometryColumn::points(at(0), at(1), Crs::CC46);
    let canopy = Canopy::of_crowns(&trunks, &radii).unwrap();
    let box_of = trunks.bounds().unwrap();
    let (low, high) = (box_of.min(), box_of.max());
    let around =
        Rect::new(coord! { x: low.x - 50., y: low.y - 50. }, coord! { x: high.x + 50., y: high.y + 50. });
    let found = canopy.by_zone(&GeometryColumn::new([around.into()], Crs::CC46), None).unwrap().remove(0);
    let (once, twice) = (found.area.value().unwrap(), found.counted_twice.value().unwrap());
    close(once + twice, summed, 1e-6);
    // Shapely 2.2.0, circles of 4,096 segments a quarter.
    close(once, CROWNS_ONCE, 0.01);
    let home = GeometryColumn::points(vec![1_844_400.0], vec![5_175_000.0], Crs::CC46);
    let near = canopy.around(&home, Metres(300.0)).unwrap()[0];
    close(near, CROWNS_AROUND, 1e-4);
}

const CROWNS_ONCE: f64 = 10_545.116_5;
const CROWNS_AROUND: f64 = 3.520_683;
