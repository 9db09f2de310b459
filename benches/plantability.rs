//! What the plantability of a whole metropolis costs: cells of 5 m, 37 layers of factors, from polygons to scores, classes,
//! GeoTIFF and tiles; probabilities; the edit of one street in map and tiles; time by the clock and of processors, and
//! memory.
//!
//! Per layer, the area that its cells add up to is compared with what the layer is known to have.
use std::path::Path;

use datagora_benches::{peak_memory, timed};
use datagora_core::Crs;
use datagora_geo::types::Rect;
use datagora_geo::{
    Coverage, CoverageOptions, GeoTiffWriteOptions, GeometryColumn, Grid, Raster, write_geotiff,
};
use datagora_indicators::greening::plantability_v2;
use datagora_indicators::suitability::{
    BlockingRule, ClassProbability, LayerEdit, SuitabilityMap, SuitabilityModel, WeightDraws, WeightNoise,
    ZoneCells,
};
use datagora_sample::{City, CityPlan, Factor};
use datagora_viz::{GridLayer, TileArchive, TileSet};

fn main() {
    // `cargo test --benches` runs this too: then the village is enough.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let published = std::env::args().any(|argument| argument == "published");
    let plan = if quick {
        CityPlan::village()
    } else {
        CityPlan { sensors: 1, buildings: 150_000, ..CityPlan::metropolis() }
    };
    let city = City::make(&plan).expect("the plans that ship can be carried out");
    let communes = city.communes.geometry.clone();
    let bounds: Rect = communes.bounds().expect("communes");
    let factors = city.factors();
    // The stretches of one main street in its quarter, as names come again elsewhere; roadways are in the order of streets.
    let streets = &city.streets;
    let main = streets.main.iter().position(|main| *main).unwrap_or(0);
    let same =
        |row: &usize| streets.name[*row] == streets.name[main] && streets.iris[*row] == streets.iris[main];
    let street: Vec<usize> = (0..streets.name.len()).filter(same).collect();
    drop(city);
    let polygons: usize = factors.iter().map(|factor| factor.geometry.len()).sum();
    let grid = Grid::aligned(bounds, 5.0, Crs::CC46).expect("a grid");
    println!("{} layers, {polygons} polygons, {} cells", factors.len(), grid.len());
    println!("made: peak {:.0} MiB", peak_memory().unwrap_or(f64::NAN));

    cover(&grid, &factors);
    let set = plantability_v2();
    // The made layers stand for those of the published index, in their order.
    let layers = factors.into_iter().zip(set.factors()).map(|(layer, factor)| {
        assert_eq!(f64::from(layer.weight), factor.weight, "{}", layer.name);
        (factor.id.clone(), layer.geometry)
    });
    let layers: Vec<(String, GeometryColumn)> = layers.collect();
    let folder = tempfile::tempdir().expect("a folder");
    let (mut model, mut map, mut archive) = timed("polygons to map, GeoTIFF and tiles, in all", || {
        let model = timed("model", || {
            let model = SuitabilityModel::new(set, grid.clone(), layers).expect("sound layers");
            model.with_mask(communes.clone()).expect("communes")
        });
        let map = timed("scores and classes", || model.map().expect("a map"));
        let archive = write(&map, folder.path());
        (model, map, archive)
    });
    let again = timed("scores and classes, again", || model.map().expect("a map"));
    assert!(again == map, "the same each time");
    drop(again);
    let total = map.total();
    let names = map.set().classes().iter().map(|class| class.name.en.clone());
    for (name, hectares) in names.zip(&total.classes) {
        println!("{hectares:>12.1} ha  {name}");
    }

    let any = model.clone().with_blocking(BlockingRule::ANY_CONTACT).expect("a rule").map().expect("a map");
    let exact = model.explain_area(bounds.into()).expect("a rectangle").expect("ground");
    println!(
        "blocked: {:.1} ha by majority, {:.1} ha by any contact, {:.1} ha of ground",
        total.blocked,
        any.total().blocked,
        exact.blocked_share * exact.area / 1e4,
    );
    drop(any);
    edit_street(&street, &mut model, &mut map, &mut archive);
    drop(archive);

    let zones = timed("cells of communes", || ZoneCells::new(&grid, &communes).expect("communes"));
    let by_zone = timed("classes by commune", || map.by_zone(&zones).expect("zones of the grid"));
    let sum: f64 = by_zone.iter().map(|zone| zone.area).sum();
    assert!((sum - total.area).abs() < 1e-6 * total.area, "{sum} {}", total.area);

    let noise = WeightNoise::absolute(model.set(), 0.5).expect("a deviation");
    let exact = timed("probabilities, normal", || {
        model.uncertainty(&noise, ClassProbability::Normal).expect("noise of the set")
    });
    let draws = WeightDraws::default();
    let drawn = timed("probabilities, 1,000 draws", || {
        model.uncertainty(&noise, ClassProbability::Drawn(draws)).expect("noise of the set")
    });
    let (mut sum, mut most, step) = (0.0, 0.0_f64, (grid.len() / 100_000).max(1));
    let compared: Vec<usize> =
        (0..grid.len()).step_by(step).filter(|&cell| exact.stays(cell).is_some()).collect();
    for &cell in &compared {
        let error = exact.stays(cell).zip(drawn.stays(cell)).map_or(f64::NAN, |(a, b)| (a - b).abs());
        (sum, most) = (sum + error, most.max(error));
    }
    println!(
        "cells that stay with 90 %: {:.1} %; draws differ by {:.4} in the mean, {most:.3} at most",
        100.0 * exact.share_sure(0.9).unwrap_or(f64::NAN),
        sum / compared.len() as f64,
    );
    drop((exact, drawn));
    timed("ranks of communes, 1,000 draws", || {
        let shares = model.zone_shares(&zones).expect("zones of the grid");
        shares.ranks(model.set(), &noise, 10, 0.95, &draws).expect("noise of the set")
    });

    let cells: Vec<usize> = (0..10_000).map(|number| number * 7_919 % grid.len()).collect();
    timed("10,000 cells explained", || {
        for &cell in &cells {
            let why = model.explain_cell(cell).expect("sound layers");
            let score = map.score(cell).unwrap_or(why.score);
            assert!((why.score - score).abs() < 1e-4, "{cell}: {} {score}", why.score);
        }
    });

    if published || quick {
        let there = timed("as the published program", || model.iarbre_2026(&communes).expect("communes"));
        let blocked = (0..there.grid().len()).filter(|&cell| there.score(cell) == Some(-5.0)).count();
        println!("{:.1} ha at −5 there", blocked as f64 * 25.0 / 1e4);
    }
}

/// Score and class as GeoTIFF, and the classes as tiles, each in a file of its own.
fn write(map: &SuitabilityMap, folder: &Path) -> TileArchive {
    let options = GeoTiffWriteOptions::default();
    timed("score as GeoTIFF", || {
        let raster = map.score_raster().expect("as many numbers as cells");
        write_geotiff(folder.join("score.tif"), &raster, &options).expect("room on the disk");
    });
    let classes = map.class_raster().expect("as many numbers as cells");
    timed("class as GeoTIFF", || {
        write_geotiff(folder.join("class.tif"), &classes, &options).expect("room on the disk");
    });
    let archive = timed("class as tiles", || tile_set(&classes).build().expect("a map that can be tiled"));
    timed("tiles to a file", || archive.save(folder.join("class.pmtiles")).expect("room on the disk"));
    for name in ["score.tif", "class.tif", "class.pmtiles"] {
        let bytes = std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
        println!("{:>12.1} MB  {name}", bytes as f64 / 1e6);
    }
    let (lowest, highest) = archive.zooms();
    println!("{:>12} tiles of zooms {lowest} to {highest}", archive.len());
    archive
}

/// Classes as tiles of zooms 10 to 15.
fn tile_set(classes: &Raster) -> TileSet<'_> {
    TileSet::new("Plantability").with_grid(GridLayer::new("class", classes))
}

/// A street becomes lawn: map and tiles are brought up to date, and compared with what computing all anew gives.
fn edit_street(
    street: &[usize],
    model: &mut SuitabilityModel,
    map: &mut SuitabilityMap,
    archive: &mut TileArchive,
) {
    let lawn = model.polygons("espaces-artificialises", street).expect("rows that are there");
    let edits = [
        LayerEdit::of("espaces-artificialises").without(street),
        LayerEdit::of("strate-basse-pelouse").with(lawn),
    ];
    let before = map.clone();
    let (update, tiles) = timed("a street becomes lawn, map and tiles", || {
        let update = timed("map", || model.update(map, &edits).expect("rows that are there"));
        let tiles = timed("tiles", || {
            let Some(window) = update.window() else { return 0 };
            let edited = map.grid().window(window.columns, window.rows).expect("cells of the grid").bounds();
            let classes = map.class_raster().expect("as many numbers as cells");
            tile_set(&classes).update(archive, edited, map.grid().crs()).expect("tiles of the same map")
        });
        (update, tiles)
    });
    let window = update.window().map_or_else(String::new, |window| window.to_string());
    println!(
        "{} stretches, {} cells computed, {} changed, {window}, {tiles} of {} tiles built",
        street.len(),
        update.computed,
        update.changed_cells(),
        archive.len(),
    );
    let gained = timed("before and after", || before.difference(map).expect("maps of one grid"));
    println!(
        "{:.2} ha change, {:+.2} points in the mean of them",
        gained.changed,
        gained.points / gained.changed
    );
    let anew = timed("all computed anew", || model.map().expect("a map"));
    assert!(anew == *map, "an update is a recomputation");
    let classes = anew.class_raster().expect("as many numbers as cells");
    let tiles = timed("all tiles anew", || tile_set(&classes).build().expect("a map that can be tiled"));
    assert!(tiles.tiles().eq(archive.tiles()), "the same tiles are there");
    for tile in tiles.tiles() {
        assert!(tiles.compressed_tile(tile) == archive.compressed_tile(tile), "{tile}");
    }
}

/// The exact cover alone.
fn cover(grid: &Grid, factors: &[Factor]) {
    let layers: Vec<&GeometryColumn> = factors.iter().map(|factor| &factor.geometry).collect();
    let sums = timed("cover alone", || {
        let coverage = Coverage::new(grid, &layers, CoverageOptions::default()).expect("sound layers");
        coverage.map_bands(|band| band.layers().map(|shares| shares.iter().sum()).collect::<Vec<f64>>())
    });
    for (layer, factor) in factors.iter().enumerate() {
        let area = sums.iter().map(|band| band[layer]).sum::<f64>() * grid.cell_area();
        if let Some(truth) = factor.area {
            assert!((area - truth).abs() <= 1e-9 * truth.max(1.0), "{}: {area} {truth}", factor.name);
        }
        println!("{:>9} polygons {:>13.1} m²  {}", factor.geometry.len(), area, factor.name);
    }
}
