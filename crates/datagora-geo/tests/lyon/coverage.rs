//! Shares of cells, against what GEOS and exactextract find: `golden/coverage.py`.
use datagora_core::Crs;
use datagora_geo::types::Coord;
use datagora_geo::{CoverageOptions, CoveredCells, GeometryColumn, Grid, OverlapRule, coverage};
use geo::MapCoords;

use super::{EVA, data, eva, features, geometry, json};

/// A line of the table.
struct Golden {
    /// Of all surfaces together if empty.
    row: Option<usize>,
    rule: &'static str,
    corner: Option<(f64, f64)>,
    share: f64,
    exactextract: f64,
}

fn golden(layer: &str) -> Vec<Golden> {
    let lines = include_str!("../golden/coverage.csv").lines().skip(2).map(|line| line.split(',').collect());
    let of_layer = lines.filter(|fields: &Vec<&str>| fields[0] == layer);
    of_layer
        .map(|fields| Golden {
            row: fields[1].parse().ok(),
            rule: fields[2],
            corner: fields[3].parse().ok().zip(fields[4].parse().ok()),
            share: fields[5].parse().unwrap(),
            exactextract: fields[6].parse().unwrap(),
        })
        .collect()
}

/// Checks a layer against all that the table has of it; gives the number of cells.
fn check(layer: &str, surfaces: &GeometryColumn, size: f64) -> usize {
    let grid = Grid::aligned(surfaces.bounds().unwrap(), size, surfaces.crs().clone()).unwrap();
    let [sum, dissolve] = [OverlapRule::Sum, OverlapRule::Dissolve]
        .map(|rule| coverage(&grid, surfaces, CoverageOptions::default().with_overlaps(rule)).unwrap());
    let mut cells = CoveredCells::new(&grid, surfaces).unwrap();
    let mut checked = 0;
    for golden in golden(layer) {
        let Some((west, south)) = golden.corner else {
            let shares = if golden.rule == "total" { &sum } else { &dissolve };
            let area = shares.iter().sum::<f64>() * grid.cell_area();
            let expected = golden.share;
            assert!((area - expected).abs() <= 1e-11 * expected, "{layer}: {area} m², expected {expected}");
            continue;
        };
        let cell = grid.cell_at(west + 0.5 * size, south + 0.5 * size).unwrap();
        let share = match (golden.row, golden.rule) {
            (Some(row), _) => {
                let (column, line) = grid.position(cell);
                let runs = cells.runs_of(row);
                let here = runs.iter().find(|run| run.row == line && run.columns.contains(&column));
                here.map_or(0.0, |run| run.share)
            }
            (None, "sum") => sum[cell],
            (None, _) => dissolve[cell],
        };
        let Golden { share: expected, exactextract, .. } = golden;
        assert!((share - expected).abs() <= 1e-9, "{layer}, cell at {west} {south}: {share}, not {expected}");
        if exactextract.is_finite() {
            // Of 32 bits each, up to a dozen of them summed.
            let near = 1e-6 * exactextract.max(1.0);
            assert!((share - exactextract).abs() <= near, "{layer}: {share}, exactextract {exactextract}");
        }
        checked += 1;
    }
    checked
}

#[test]
fn strata_of_eva_as_geos_and_exactextract() {
    let Some(data) = data() else { return };
    let mut all = Vec::new();
    for name in EVA {
        let surfaces = eva(&data, name);
        assert_eq!(surfaces.len(), 50);
        assert!(check(name, &surfaces, 5.0) >= 140, "{name}");
        all.push(surfaces);
    }
    // 300 surfaces that lie upon each other.
    assert_eq!(check("all", &GeometryColumn::concat(&all).unwrap(), 5.0), 600);
}

#[test]
fn iris_as_geos_and_exactextract() {
    let Some(data) = data() else { return };
    let collection = json(&data.join("lyon_admin/iris_lyonmetro.geojson"));
    // As the program that made the table scales degrees.
    let scaled = |c: Coord| Coord { x: c.x * 78_000.0, y: c.y * 111_000.0 };
    let iris = features(&collection).iter().map(|feature| geometry(feature).map_coords(scaled));
    let iris = GeometryColumn::try_new(iris, Crs::CC46).unwrap();
    assert!(check("iris", &iris, 100.0) >= 438);
}
