//! How long the exact cover of a whole metropolis takes: cells of 5 m, 37 layers of factors, each dissolved; and how much
//! memory.
//!
//! Per layer, the area that its cells add up to is compared with what the layer is known to have.
use std::time::Instant;

use datagora_benches::peak_memory;
use datagora_core::Crs;
use datagora_geo::types::Rect;
use datagora_geo::{Coverage, CoverageOptions, GeometryColumn, Grid};
use datagora_sample::{City, CityPlan};

fn main() {
    // `cargo test --benches` runs this too: then the village is enough.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let plan = if quick {
        CityPlan::village()
    } else {
        CityPlan { sensors: 1, buildings: 150_000, ..CityPlan::metropolis() }
    };
    let city = City::make(&plan).expect("the plans that ship can be carried out");
    let bounds: Rect = city.communes.geometry.bounds().expect("communes");
    let factors = city.factors();
    drop(city);
    let polygons: usize = factors.iter().map(|factor| factor.geometry.len()).sum();
    let grid = Grid::aligned(bounds, 5.0, Crs::CC46).expect("a grid");
    println!("{} layers, {polygons} polygons, {} cells", factors.len(), grid.len());
    println!("made: peak {:.0} MiB", peak_memory().unwrap_or(f64::NAN));

    let layers: Vec<&GeometryColumn> = factors.iter().map(|factor| &factor.geometry).collect();
    for run in 0..if quick { 1 } else { 3 } {
        let (begin, cpu) = (Instant::now(), cpu_seconds());
        let coverage = Coverage::new(&grid, &layers, CoverageOptions::default()).expect("sound layers");
        let prepared = begin.elapsed().as_secs_f64();
        let sums = coverage.map_bands(|band| {
            let sums: Vec<f64> = band.layers().map(|shares| shares.iter().sum()).collect();
            sums
        });
        println!(
            "run {run}: prepared {prepared:.2} s, wall {:.2} s, CPU {:.2} s, {} bands, peak {:.0} MiB",
            begin.elapsed().as_secs_f64(),
            cpu_seconds() - cpu,
            coverage.band_count(),
            peak_memory().unwrap_or(f64::NAN),
        );
        for (layer, factor) in factors.iter().enumerate() {
            let area = sums.iter().map(|band| band[layer]).sum::<f64>() * grid.cell_area();
            if let Some(truth) = factor.area {
                assert!((area - truth).abs() <= 1e-9 * truth.max(1.0), "{}: {area} {truth}", factor.name);
            }
            if run == 0 {
                println!("{:>9} polygons {:>13.1} m²  {}", factor.geometry.len(), area, factor.name);
            }
        }
    }
}

/// Seconds of processor time this process took so far, on all cores; NaN where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(f64::NAN);
    (ticks(11) + ticks(12)) / 100.0
}
