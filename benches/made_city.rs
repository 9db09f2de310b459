//! How long it takes to make a city, and how much memory: village, town, metropolis, three metropolises.
//!
//! One run each, in order of size, so that the peak of memory is that of the city just made.
use std::time::Instant;

use datagora_benches::peak_memory;
use datagora_sample::{City, CityPlan};

fn main() {
    // `cargo test --benches` runs this too: then the village is enough.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let plans = [
        ("village", CityPlan::village()),
        ("town", CityPlan::town()),
        ("metropolis", CityPlan::metropolis()),
        ("three metropolises", CityPlan::metropolis().scaled(3.0)),
    ];
    println!(
        "{:<20} {:>10} {:>12} {:>14} {:>9} {:>10}",
        "city", "buildings", "trees", "sensor-hours", "seconds", "peak MiB"
    );
    for (name, plan) in plans.into_iter().take(if quick { 1 } else { 4 }) {
        let begin = Instant::now();
        let city = City::make(&plan).expect("the plans that ship can be carried out");
        let seconds = begin.elapsed().as_secs_f64();
        let hours: usize = city.sensors.hourly.iter().map(Vec::len).sum();
        println!(
            "{name:<20} {:>10} {:>12} {hours:>14} {seconds:>9.2} {:>10.0}",
            city.buildings.height.len(),
            city.trees.species.len(),
            peak_memory().unwrap_or(f64::NAN),
        );
    }
}
