//! Laws of scores, explanations, zones and updates.
use std::path::Path;

use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, Polygon, Rect, coord};
use datagora_geo::{GeometryColumn, Grid};
use proptest::prelude::*;

use super::*;
use crate::greening::plantability_v2;

/// Layers that are filled in the tests: for and against, some of them blocking.
const LAYERS: [&str; 7] =
    ["strate-basse-pelouse", "arbres", "rsx-gaz", "parkings", "batiments", "plan-eau", "voies-ferrees"];

const SIDE: usize = 12;

fn grid() -> Grid {
    Grid::new([1_842_000.0, 5_174_060.0], [5.0, 5.0], SIDE, SIDE, Crs::CC46).expect("a grid")
}

fn column(shapes: Vec<Polygon>) -> GeometryColumn {
    GeometryColumn::new(shapes.into_iter().map(Geometry::Polygon), Crs::CC46)
}

fn rect(west: f64, south: f64, east: f64, north: f64) -> Polygon {
    let at = |x: f64, y: f64| coord! { x: 1_842_000.0 + x, y: 5_174_000.0 + y };
    Rect::new(at(west, south), at(east, north)).to_polygon()
}

/// A star about a place of the grid: valid, often far from convex.
fn star() -> impl Strategy<Value = Polygon> {
    let place = (-5.0..65.0_f64, -5.0..65.0_f64);
    (place, prop::collection::vec(0.5..14.0_f64, 3..9)).prop_map(|((x, y), reaches)| {
        let turn = std::f64::consts::TAU / reaches.len() as f64;
        let corner = |(number, reach): (usize, &f64)| {
            let (sin, cos) = (number as f64 * turn).sin_cos();
            Coord { x: 1_842_000.0 + x + reach * cos, y: 5_174_000.0 + y + reach * sin }
        };
        let ring: Vec<Coord> = reaches.iter().enumerate().map(corner).collect();
        Polygon::new(LineString(ring), Vec::new())
    })
}

fn layers() -> impl Strategy<Value = Vec<Vec<Polygon>>> {
    prop::collection::vec(prop::collection::vec(star(), 0..4), LAYERS.len())
}

fn model_of(layers: &[Vec<Polygon>]) -> SuitabilityModel {
    let layers = LAYERS.iter().zip(layers).map(|(id, shapes)| (*id, column(shapes.clone())));
    SuitabilityModel::new(plantability_v2(), grid(), layers).expect("sound layers")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn scores_are_bounded_and_explained(layers in layers()) {
        let model = model_of(&layers);
        let map = model.map().unwrap();
        let (least, most) = model.set().score_range();
        for cell in 0..map.grid().len() {
            let score = map.score(cell).unwrap();
            prop_assert!(least <= score && score <= most);
            let why = model.explain_cell(cell).unwrap();
            prop_assert!((why.score - score).abs() <= 0.5e-4 + 1e-9, "{} {score}", why.score);
            let families: f64 = why.by_family(model.set()).iter().map(|(_, points)| points).sum();
            prop_assert!((families - why.score).abs() < 1e-9);
            prop_assert_eq!(why.blocked, map.is_blocked(cell));
            let each: Vec<f64> = why.blocked_by(model.set()).map(|found| found.share).collect();
            let (largest, sum) = (each.iter().copied().fold(0.0, f64::max), each.iter().sum::<f64>());
            prop_assert!(largest - 1e-9 <= why.blocked_share && why.blocked_share <= sum.min(1.0) + 1e-9);
            if map.is_blocked(cell) {
                prop_assert_eq!(map.class(cell).unwrap().code, 0);
            }
        }
    }

    #[test]
    fn neither_order_nor_ground_covered_twice_matters(layers in layers(), extra in star()) {
        let map = model_of(&layers).map().unwrap();
        let mut other: Vec<Vec<Polygon>> = layers.clone();
        // Rows the other way round, and one that lies under others.
        other.iter_mut().for_each(|shapes| shapes.reverse());
        if let Some(first) = layers[0].first() {
            other[0].push(first.clone());
        }
        let given = LAYERS.iter().zip(&other).rev().map(|(id, shapes)| (*id, column(shapes.clone())));
        let again = SuitabilityModel::new(plantability_v2(), grid(), given).unwrap().map().unwrap();
        for cell in 0..map.grid().len() {
            // A half of the last digit may be rounded either way.
            prop_assert!((map.score(cell).unwrap() - again.score(cell).unwrap()).abs() < 1.5e-4);
        }
        // What speaks for the use raises no score above, and lowers none below, what it was.
        let mut more = layers;
        more[0].push(extra);
        let more = model_of(&more).map().unwrap();
        for cell in 0..map.grid().len() {
            prop_assert!(more.score(cell).unwrap() >= map.score(cell).unwrap() - 1.5e-4);
        }
    }

    #[test]
    fn an_update_is_a_recomputation(
        layers in layers(),
        edits in prop::collection::vec((0..LAYERS.len(), any::<prop::sample::Index>(), prop::collection::vec(star(), 0..3)), 1..6),
        mask in star(),
    ) {
        let mut model = model_of(&layers).with_mask(column(vec![rect(3.0, 3.0, 57.0, 41.0), mask])).unwrap();
        let mut map = model.map().unwrap();
        let mut rows: Vec<Vec<usize>> = layers.iter().map(|shapes| (0..shapes.len()).collect()).collect();
        for (layer, place, added) in edits {
            let there = &mut rows[layer];
            let removed = match there.len() {
                0 => Vec::new(),
                count => vec![there.remove(place.index(count))],
            };
            let count = added.len();
            let edit = LayerEdit::of(LAYERS[layer]).without(removed).with(column(added));
            let before = map.clone();
            let update = model.update(&mut map, &[edit]).unwrap();
            rows[layer].extend(update.first_added[0]..update.first_added[0] + count);
            prop_assert_eq!(&map, &model.map().unwrap());
            let changed = (0..map.grid().len()).filter(|&cell| {
                (before.score(cell), before.is_blocked(cell)) != (map.score(cell), map.is_blocked(cell))
            });
            prop_assert_eq!(changed.count(), update.changed_cells());
            prop_assert!(update.changed_cells() <= update.computed);
        }
    }

    #[test]
    fn zones_that_tile_the_mask_add_up_to_the_total(layers in layers(), cut in 1.0..59.0_f64, across in 1.0..59.0_f64) {
        let mask = rect(1.5, 2.25, 58.0, 57.3);
        let model = model_of(&layers).with_mask(column(vec![mask])).unwrap();
        let map = model.map().unwrap();
        let (cut, across) = (cut.clamp(1.6, 57.9), across.clamp(2.3, 57.2));
        let tiles = column(vec![
            rect(1.5, 2.25, cut, across),
            rect(cut, 2.25, 58.0, across),
            rect(1.5, across, 58.0, 57.3),
        ]);
        let zones = map.by_zone(&ZoneCells::new(map.grid(), &tiles).unwrap()).unwrap();
        let total = map.total();
        let sum = |of: &dyn Fn(&ZoneSuitability) -> f64| zones.iter().map(of).sum::<f64>();
        let area = (58.0 - 1.5) * (57.3 - 2.25) / 1e4;
        prop_assert!((total.area - area).abs() < 1e-9);
        prop_assert!((sum(&|zone| zone.area) - total.area).abs() < 1e-9);
        prop_assert!((sum(&|zone| zone.points) - total.points).abs() < 1e-9);
        prop_assert!((sum(&|zone| zone.blocked) - total.blocked).abs() < 1e-9);
        for class in 0..6 {
            prop_assert!((sum(&|zone| zone.classes[class]) - total.classes[class]).abs() < 1e-9);
        }
        prop_assert!((total.histogram.iter().sum::<f64>() - total.area).abs() < 1e-9);
        prop_assert!((total.classes.iter().sum::<f64>() - total.area).abs() < 1e-9);
        let mean = zones[0].mean_score();
        prop_assert!(mean.value().is_some() && (mean.completeness() - total.weight_share).abs() < 1e-9);
    }

    #[test]
    fn an_area_is_explained_by_its_cells(layers in layers(), area in star()) {
        let model = model_of(&layers);
        let map = model.map().unwrap();
        let zones = ZoneCells::new(map.grid(), &column(vec![area.clone()])).unwrap();
        let zone = &map.by_zone(&zones).unwrap()[0];
        match model.explain_area(Geometry::Polygon(area)).unwrap() {
            Some(why) => {
                prop_assert!((why.score - zone.points / zone.area).abs() < 1e-4);
                prop_assert!((why.area / 1e4 - zone.area).abs() < 1e-9);
            }
            None => prop_assert_eq!(zone.area, 0.0),
        }
    }
}

#[test]
fn a_factor_that_fills_one_cell_has_all_of_it_and_nothing_beside() {
    let model = SuitabilityModel::new(
        plantability_v2(),
        grid(),
        [("strate-basse-pelouse", column(vec![rect(10.0, 45.0, 15.0, 50.0)]))],
    )
    .unwrap();
    let map = model.map().unwrap();
    for cell in 0..map.grid().len() {
        let expected = if map.grid().position(cell) == (2, 2) { 3.0 } else { 0.0 };
        assert_eq!(map.score(cell), Some(expected));
    }
}

#[test]
fn absent_factors_are_told() {
    let model = SuitabilityModel::new(plantability_v2(), grid(), [("rsx-gaz", column(Vec::new()))]).unwrap();
    let found = model.completeness();
    assert_eq!((found.present, found.absent.len()), (vec![29], 36));
    assert!((found.weight_share - 3.0 / 86.0).abs() < 1e-12);
    let unknown = SuitabilityModel::new(plantability_v2(), grid(), [("gas", column(Vec::new()))]);
    assert!(matches!(unknown, Err(SuitabilityError::NoFactor { .. })));
    let twice = [("rsx-gaz", column(Vec::new())), ("rsx-gaz", column(Vec::new()))];
    assert!(matches!(
        SuitabilityModel::new(plantability_v2(), grid(), twice),
        Err(SuitabilityError::Twice { .. })
    ));
    let elsewhere = [("rsx-gaz", column(vec![rect(0., 0., 1., 1.)]).declared_as(Crs::LAMBERT_93))];
    assert!(matches!(
        SuitabilityModel::new(plantability_v2(), grid(), elsewhere),
        Err(SuitabilityError::Layer { .. })
    ));
}

#[test]
fn two_halves_under_one_roof_block_once() {
    // Building and water share the same 40 % of a cell: together they do not block, side by side they do.
    let model = |west: f64| {
        let layers = [
            ("batiments", column(vec![rect(0.0, 0.0, 2.0, 5.0)])),
            ("plan-eau", column(vec![rect(west, 0.0, west + 2.0, 5.0)])),
        ];
        SuitabilityModel::new(plantability_v2(), grid(), layers).unwrap()
    };
    let cell = SIDE * (SIDE - 1);
    assert!(!model(0.0).map().unwrap().is_blocked(cell));
    assert!(model(2.0).map().unwrap().is_blocked(cell));
    // Half of the cell is not more than half.
    let half = [("batiments", column(vec![rect(0.0, 0.0, 2.5, 5.0)]))];
    let half = SuitabilityModel::new(plantability_v2(), grid(), half).unwrap();
    assert!(!half.map().unwrap().is_blocked(cell));
    let touch = half.clone().with_blocking(BlockingRule::ANY_CONTACT).unwrap();
    assert!(touch.map().unwrap().is_blocked(cell) && !touch.map().unwrap().is_blocked(cell + 1));
    assert!(half.with_blocking(BlockingRule { above: f64::NAN }).is_err());
}

#[test]
fn edits_that_do_not_suit_change_nothing() {
    let mut model = model_of(&vec![vec![rect(0.0, 0.0, 9.0, 9.0)]; LAYERS.len()]);
    let mut map = model.map().unwrap();
    let before = map.clone();
    let wrong = [LayerEdit::of("arbres").without([0]), LayerEdit::of("rsx-gaz").without([1])];
    assert!(matches!(model.update(&mut map, &wrong), Err(SuitabilityError::NoRow { row: 1, .. })));
    let twice = [LayerEdit::of("arbres").without([0]), LayerEdit::of("arbres").without([0])];
    assert!(model.update(&mut map, &twice).is_err());
    assert!(model.update(&mut map, &[LayerEdit::of("nothing")]).is_err());
    assert_eq!((&map, &model.map().unwrap()), (&before, &before));
    // A map that is older than the layers is refused.
    model.update(&mut map, &[LayerEdit::of("arbres").without([0])]).unwrap();
    let mut old = before;
    assert!(matches!(
        model.update(&mut old, &[LayerEdit::of("rsx-gaz").without([0])]),
        Err(SuitabilityError::Stale { found: 0, needed: 1 })
    ));
    assert!(matches!(
        model.update(&mut map, &[LayerEdit::of("arbres").without([0])]),
        Err(SuitabilityError::NoRow { .. })
    ));
}

#[test]
fn many_edits_are_tidied_and_come_to_the_same() {
    let mut model = model_of(&vec![Vec::new(); LAYERS.len()]);
    let mut map = model.map().unwrap();
    for number in 0..80 {
        let at = f64::from(number % 11) * 5.0;
        let edit = LayerEdit::of("arbres").with(column(vec![rect(at, at, at + 3.0, at + 4.0)]));
        let edit = if number > 40 { edit.without([number as usize - 30]) } else { edit };
        model.update(&mut map, &[edit]).unwrap();
    }
    assert_eq!(map, model.map().unwrap());
    let all = column((0..5000).map(|_| rect(1.0, 1.0, 2.0, 2.0)).collect());
    let update = model.update(&mut map, &[LayerEdit::of("rsx-gaz").with(all)]).unwrap();
    assert_eq!((update.computed, update.changed_cells()), (SIDE * SIDE, 1));
    assert_eq!(update.window().unwrap(), datagora_geo::Window::new(11..12, 0..1));
    assert_eq!(map, model.map().unwrap());
}

#[test]
fn rasters_have_the_scores_and_the_codes() {
    let model = model_of(&vec![vec![rect(0.0, 0.0, 30.0, 30.0)]; LAYERS.len()]);
    let model = model.with_mask(column(vec![rect(0.0, 0.0, 60.0, 42.5)])).unwrap();
    let map = model.map().unwrap();
    let (scores, classes) = (map.score_raster().unwrap(), map.class_raster().unwrap());
    for cell in 0..map.grid().len() {
        let (column, row) = map.grid().position(cell);
        let score = scores.value(0, row, column);
        assert_eq!(score.is_some(), map.score(cell).is_some());
        assert!((score.unwrap_or(0.0) - map.score(cell).unwrap_or(0.0)).abs() < 1e-9);
        let code = map.class(cell).map(|class| f64::from(class.code));
        assert_eq!(classes.value(0, row, column), code);
    }
    assert_eq!((map.share_within(0), map.score(0)), (0.0, None));
    assert!((map.share_within(SIDE * 3) - 0.5).abs() < 1e-12 && map.share_within(SIDE * 4) == 1.0);
}

/// The published example of five cells; `None`, and told, where it is absent.
fn golden_plantability() -> Option<serde_json::Value> {
    let root = std::env::var("DATAGORA_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
    let Ok(text) = std::fs::read_to_string(Path::new(&root).join("../golden/indicators/greening.json"))
    else {
        eprintln!("DATAGORA_DATA absent: golden plantability not checked");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// Five cells whose factors and scores were published as an example.
#[test]
fn golden_scores_and_classes() {
    let Some(golden) = golden_plantability() else { return };
    let set = plantability_v2();
    let cells = golden["inputs"]["cells_pct"].as_array().unwrap();
    let mut shapes = vec![Vec::new(); set.factors().len()];
    for (cell, factors) in cells.iter().enumerate() {
        for (name, percent) in factors.as_object().unwrap() {
            let factor = set.factors().iter().position(|factor| factor.name.fr == *name).unwrap();
            let weight = golden["inputs"]["plantability_factors_subset"][name].as_f64().unwrap();
            assert_eq!(set.factors()[factor].weight, weight, "{name}");
            let west = 5.0 * cell as f64;
            let width = percent.as_f64().unwrap() / 20.0;
            shapes[factor].push(rect(west, 55.0, west + width, 60.0));
        }
    }
    let layers: Vec<(String, GeometryColumn)> = set
        .factors()
        .iter()
        .zip(shapes)
        .map(|(factor, shapes)| (factor.id.clone(), column(shapes)))
        .collect();
    let model = SuitabilityModel::new(set, grid(), layers).unwrap();
    let map = model.clone().with_blocking(BlockingRule::ANY_CONTACT).unwrap().map().unwrap();
    let raw = golden["outputs"]["plantability_raw"].as_array().unwrap();
    let codes = golden["outputs"]["class_as_documented_0_10"].as_array().unwrap();
    for cell in 0..cells.len() {
        // The score of a blocked cell is its sum here, and −5 there.
        if !map.is_blocked(cell) {
            assert!((map.score(cell).unwrap() - raw[cell].as_f64().unwrap()).abs() < 1e-9);
        }
        assert_eq!(u64::from(map.class(cell).unwrap().code), codes[cell].as_u64().unwrap(), "{cell}");
    }
    // By the default, 1 m² of building in a cell of lawn does not make it impossible.
    let map = model.map().unwrap();
    assert_eq!((map.class(3).unwrap().code, map.score(3)), (10, Some(2.68)));
}

/// Shares and bands are the same on one core and on several.
#[cfg(feature = "parallel")]
#[test]
fn threads_do_not_matter() {
    let layers: Vec<Vec<Polygon>> =
        (0..LAYERS.len()).map(|k| vec![rect(k as f64, 2.0, 20.0 + 3.3 * k as f64, 41.7)]).collect();
    let model = model_of(&layers);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| model.map().unwrap())
    };
    assert_eq!(with(1), with(4));
}

/// numpy 2.4.6, scipy 1.17.1 and rasterio 1.4.4 (GDAL 3.10.3): `rasterize` over 30 by 20 pixels, `ndimage.convolve` with
/// ones of 5 by 5, every fifth pixel, `(count / 25 * 100).astype(int8)`; and `rasterize(all_touched=True)` at 5 m.
#[test]
fn the_published_program_is_reproduced() {
    let grid = Grid::new([0.0, 20.0], [5.0, 5.0], 6, 4, Crs::CC46).unwrap();
    let shape = |ring: &[(f64, f64)]| Polygon::new(LineString::from(ring.to_vec()), Vec::new());
    let whole = rect_at(0.0, 0.0, 30.0, 20.0);
    // A factor of weight 1 tells the percentages; communes are the whole extent.
    let percents = |shapes: Vec<Polygon>| -> Vec<u32> {
        let layers = [("arbres", column(shapes))];
        let model = SuitabilityModel::new(plantability_v2(), grid.clone(), layers).unwrap();
        let map = model.iarbre_2026(&column(vec![whole.clone()])).unwrap();
        (0..24).map(|cell| (map.score(cell).unwrap() * 100.0).round() as u32).collect()
    };
    let one_cell = rect_at(10.0, 5.0, 15.0, 10.0);
    let scipy = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 36, 24, 0, 0, 0, 0, 24, 16, 0, 0];
    assert_eq!(percents(vec![one_cell.clone()]), scipy);
    let everything = rect_at(-5.0, -5.0, 40.0, 40.0);
    let scipy = [
        36, 60, 60, 60, 60, 60, 60, 100, 100, 100, 100, 100, 60, 100, 100, 100, 100, 100, 60, 100, 100, 100,
        100, 100,
    ];
    assert_eq!(percents(vec![everything]), scipy);
    let hole = LineString::from(vec![(7., 6.), (10., 6.5), (9., 9.5)]);
    let triangle = Polygon::new(vec![(2.3, 1.7), (17.5, 4.5), (9.1, 18.2)].into(), vec![hole]);
    let scipy = [0, 0, 4, 0, 0, 0, 0, 8, 68, 0, 0, 0, 0, 48, 88, 28, 0, 0, 0, 84, 68, 48, 0, 0];
    assert_eq!(percents(vec![triangle.clone()]), scipy);
    let stars = [
        shape(&[
            (27.59, 12.57),
            (24.22, 15.23),
            (22.95, 14.98),
            (24.19, 9.95),
            (24.85, 8.93),
            (25.52, 8.81),
            (26.81, 9.36),
            (29.35, 8.25),
        ]),
        shape(&[(11.41, 1.14), (11.08, 1.27), (10.9, 5.73), (8.46, 4.9), (4.32, -2.42), (11.4, -0.04)]),
        shape(&[(8.34, 18.58), (3.95, 21.98), (7.34, 15.81)]),
        shape(&[(9.29, 11.87), (8.13, 8.7), (10.63, 7.92), (14.41, 6.86)]),
        shape(&[(21.16, 16.88), (16.25, 15.04), (12.47, 16.56)]),
        shape(&[(5.03, 22.31), (1.32, 17.5), (1.38, 16.3)]),
    ];
    let scipy = [8, 24, 0, 0, 0, 0, 4, 4, 0, 28, 8, 36, 0, 0, 48, 4, 0, 48, 0, 4, 40, 0, 0, 0];
    assert_eq!(percents(stars.to_vec()), scipy);

    // The exact cover of the same: all of one cell, and nothing of the others.
    let lawn = [("strate-basse-pelouse", column(vec![one_cell.clone()]))];
    let model = SuitabilityModel::new(plantability_v2(), grid.clone(), lawn).unwrap();
    let exact = model.map().unwrap();
    assert_eq!((0..24).filter(|&cell| exact.score(cell) == Some(3.0)).collect::<Vec<_>>(), [14]);
    assert_eq!((0..24).filter(|&cell| exact.score(cell) == Some(0.0)).count(), 23);

    // Communes count where they touch a cell: the triangle without its hole has the same cells.
    let communes = column(vec![triangle]);
    let there = SuitabilityModel::new(plantability_v2(), grid, [("arbres", column(vec![whole]))]).unwrap();
    let map = there.iarbre_2026(&communes).unwrap();
    // Its extent is 15.2 by 16.5 m from (2.3, 18.2): three cells by three.
    assert_eq!((map.grid().columns(), map.grid().rows()), (3, 3));
    assert!(matches!(
        there.iarbre_2026(&column(vec![rect_at(0.0, 0.0, 3.0, 3.0)])),
        Err(SuitabilityError::NoExtent)
    ));
}

fn rect_at(west: f64, south: f64, east: f64, north: f64) -> Polygon {
    Rect::new(coord! { x: west, y: south }, coord! { x: east, y: north }).to_polygon()
}

#[test]
fn classes_of_the_published_program_are_the_golden_ones() {
    let Some(golden) = golden_plantability() else { return };
    // Each of the five cells in the middle of a 3 by 3 block of its own, so that the shifted window sees only it.
    let set = plantability_v2();
    let cells = golden["inputs"]["cells_pct"].as_array().unwrap();
    let mut shapes = vec![Vec::new(); set.factors().len()];
    for (cell, factors) in cells.iter().enumerate() {
        for (name, percent) in factors.as_object().unwrap() {
            let factor = set.factors().iter().position(|factor| factor.name.fr == *name).unwrap();
            // The 25 pixels that are counted, row by row.
            for pixel in 0..percent.as_u64().unwrap() / 4 {
                let (x, y) = (15.0 * cell as f64 + 3.0 + (pixel % 5) as f64, 7.0 - (pixel / 5) as f64);
                shapes[factor].push(rect_at(x, y - 1.0, x + 1.0, y));
            }
        }
    }
    let layers: Vec<(String, GeometryColumn)> = set
        .factors()
        .iter()
        .zip(shapes)
        .map(|(factor, shapes)| (factor.id.clone(), column(shapes)))
        .collect();
    let grid = Grid::new([0.0, 10.0], [5.0, 5.0], 15, 2, Crs::CC46).unwrap();
    let model = SuitabilityModel::new(set, grid, layers).unwrap();
    let map = model.iarbre_2026(&column(vec![rect_at(0.0, 0.0, 75.0, 10.0)])).unwrap();
    for cell in 0..cells.len() {
        let place = map.grid().index(3 * cell + 1, 1);
        let of = |name: &str| golden["outputs"][name][cell].clone();
        assert!((map.score(place).unwrap() - of("plantability_raw").as_f64().unwrap()).abs() < 1e-9);
        assert_eq!(map.coded_class(place).map(u64::from), of("class_as_coded").as_u64());
        assert_eq!(map.documented_class(place).map(u64::from), of("class_as_documented_0_10").as_u64());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn draws_agree_with_the_closed_form(layers in layers(), deviation in 0.05..1.5_f64) {
        let model = model_of(&layers);
        let map = model.map().unwrap();
        let noise = WeightNoise::absolute(model.set(), deviation).unwrap();
        let exact = model.uncertainty(&noise, ClassProbability::Normal).unwrap();
        let draws = WeightDraws::default().with_count(2_000);
        let drawn = model.uncertainty(&noise, ClassProbability::Drawn(draws)).unwrap();
        for cell in 0..map.grid().len() {
            let why = model.explain_cell(cell).unwrap();
            prop_assert!((exact.deviation(cell).unwrap() - why.deviation(&noise)).abs() < 1e-6);
            let probabilities = why.class_probabilities(model.set(), &noise);
            prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let class = model.set().classes().iter().position(|class| Some(class) == map.class(cell)).unwrap();
            // The score of the map is rounded, the other is not: near a limit that shows where there is little noise.
            prop_assert!((probabilities[class] - exact.stays(cell).unwrap()).abs() < 2e-3 || why.deviation(&noise) < 0.05);
            // Four standard errors of 2,000 draws, and some for many cells looked at.
            let error = (exact.stays(cell).unwrap() - drawn.stays(cell).unwrap()).abs();
            prop_assert!(error < 0.06, "{cell} {:?} {:?}", exact.stays(cell), drawn.stays(cell));
        }
    }
}

#[test]
fn without_noise_all_is_sure() {
    let model = model_of(&vec![vec![rect(0.0, 0.0, 31.0, 33.0)]; LAYERS.len()]);
    let model = model.with_mask(column(vec![rect(0.0, 0.0, 60.0, 30.0)])).unwrap();
    let noise = WeightNoise::relative(model.set(), 0.0).unwrap().with_shape(NoiseShape::Uniform);
    for classes in [ClassProbability::Normal, ClassProbability::Drawn(WeightDraws::default())] {
        let found = model.uncertainty(&noise, classes).unwrap();
        assert_eq!((found.share_sure(1.0), found.stays(0), found.deviation(0)), (Some(1.0), None, None));
        assert_eq!(found.stays_raster().unwrap().bands()[0].count_missing(), SIDE * SIDE / 2);
        assert_eq!(found.deviation_raster().unwrap().bands()[0].count_missing(), SIDE * SIDE / 2);
    }
    assert!(WeightNoise::absolute(model.set(), -1.0).is_err());
    assert!(noise.clone().with_deviation(model.set(), "gas", 1.0).is_err());
    assert!(noise.with_deviation(model.set(), "rsx-gaz", f64::NAN).is_err());
    let noise = WeightNoise::absolute(model.set(), 1.0).unwrap();
    let none = ClassProbability::Drawn(WeightDraws::default().with_count(0));
    assert!(matches!(model.uncertainty(&noise, none), Err(SuitabilityError::NoDraws)));
}

#[test]
fn mean_shares_of_zones_give_their_mean_scores() {
    let layers: Vec<Vec<Polygon>> =
        (0..LAYERS.len()).map(|k| vec![rect(k as f64, 2.0, 20.0 + 3.3 * k as f64, 41.7)]).collect();
    let model = model_of(&layers).with_mask(column(vec![rect(2.0, 2.0, 51.0, 57.0)])).unwrap();
    let map = model.map().unwrap();
    let zones =
        column(vec![rect(2.0, 2.0, 21.3, 57.0), rect(21.3, 2.0, 51.0, 57.0), rect(56., 56., 57., 57.)]);
    let zones = ZoneCells::new(model.grid(), &zones).unwrap();
    let (by_zone, shares) = (map.by_zone(&zones).unwrap(), model.zone_shares(&zones).unwrap());
    let noise = WeightNoise::relative(model.set(), 0.3).unwrap().with_shape(NoiseShape::Uniform);
    let ranks = shares.ranks(model.set(), &noise, 1, 0.9, &WeightDraws::default().with_seed(3)).unwrap();
    for zone in 0..2 {
        let rank = ranks[zone].as_ref().unwrap();
        assert!((rank.mean - by_zone[zone].points / by_zone[zone].area).abs() < 1e-4);
        assert!(rank.deviation > 0.0 && rank.ranks.0 <= rank.ranks.1);
    }
    let tops = [0, 1].map(|zone| ranks[zone].as_ref().unwrap().in_top);
    assert!((tops[0] + tops[1] - 1.0).abs() < 1e-12);
    // The third lies outside the mask.
    assert!(ranks[2].is_none() && by_zone[2].mean_score().suppression().is_some());
    assert!(shares.ranks(model.set(), &noise, 1, 95.0, &WeightDraws::default()).is_err());
}
