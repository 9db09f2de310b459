//! Reads damaged files of every format for so many minutes: `fuzz <minutes> [seed] [format]`.
//!
//! Panics and readers that take seconds are told and counted, with the bytes kept; for a bound on memory, run it under
//! `ulimit -v`: an allocation beyond it ends the program, and the file named at the start holds the bytes.
#[path = "../tests/robust/parsers.rs"]
#[allow(clippy::unwrap_used, dead_code, reason = "shared with the tests")]
mod parsers;

use std::time::{Duration, Instant};

use parsers::{Random, damage, run, seeds};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let minutes: f64 = arguments.next().ok_or("minutes are needed")?.parse()?;
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let only = arguments.next();
    let folder = std::env::temp_dir().join(format!("datagora-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut seeds = seeds(&folder);
    if let Some(only) = only {
        seeds.retain(|(format, _)| format!("{format:?}").eq_ignore_ascii_case(&only));
    }
    let path = folder.join("case");
    println!("seed {seed}, {} whole files, cases in {}", seeds.len(), path.display());
    // Panics are caught by readers that guard decoders of others; their messages are not news.
    std::panic::set_hook(Box::new(|_| {}));
    let mut random = Random(seed);
    let (mut cases, mut failures) = (0_u64, 0);
    let start = Instant::now();
    let mut told = start;
    while start.elapsed() < Duration::from_secs_f64(minutes * 60.0) {
        let (format, whole) = &seeds[random.below(seeds.len())];
        let other = &seeds[random.below(seeds.len())].1;
        let mut bytes = whole.clone();
        damage(&mut random, &mut bytes, other);
        cases += 1;
        if let Err(failure) = run(*format, &bytes, &path) {
            failures += 1;
            let kept = folder.join(format!("failure-{failures}"));
            std::fs::write(&kept, &bytes)?;
            println!("{failure}; bytes in {}", kept.display());
        }
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            println!("{:.1} min: {cases} cases, {failures} failures", start.elapsed().as_secs_f64() / 60.0);
        }
    }
    println!("{:.1} min: {cases} cases, {failures} failures", start.elapsed().as_secs_f64() / 60.0);
    if failures > 0 { Err(format!("{failures} failures").into()) } else { Ok(()) }
}
