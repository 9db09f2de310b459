//! Reads damaged files of mobility data for so many minutes: `fuzz_mobility <minutes> [seed] [format]`.
//!
//! Panics, readers that take seconds and results that cannot be are told and counted, with the bytes kept; for a bound on
//! memory, run it under `ulimit -v`: an allocation beyond it ends the program, and the file named at the start holds the bytes.
#[path = "../tests/robust/damaged.rs"]
#[allow(clippy::unwrap_used, dead_code, reason = "shared with the tests")]
mod damaged;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use damaged::{Folder, Random, damage, run, wholes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let minutes: f64 = arguments.next().ok_or("minutes are needed")?.parse()?;
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let only = arguments.next();
    let folder = Folder::new("fuzz");
    let kept = std::env::temp_dir().join(format!("datagora-fuzz-kept-{}", std::process::id()));
    std::fs::create_dir_all(&kept)?;
    let mut wholes = wholes(&folder);
    if let Some(only) = only {
        wholes.retain(|(format, _)| format!("{format:?}").eq_ignore_ascii_case(&only));
    }
    println!("seed {seed}, {} whole files, the case at work in {}", wholes.len(), kept.display());
    // Panics are caught by readers that guard decoders of others; their messages are not news.
    std::panic::set_hook(Box::new(|_| {}));
    let mut random = Random(seed);
    let (mut cases, mut failures) = (BTreeMap::<String, u64>::new(), 0);
    let start = Instant::now();
    let mut told = start;
    let tell = |cases: &BTreeMap<String, u64>, failures: u32| {
        let all: u64 = cases.values().sum();
        println!(
            "{:.1} min: {all} cases, {failures} failures; {cases:?}",
            start.elapsed().as_secs_f64() / 60.0
        );
    };
    while start.elapsed() < Duration::from_secs_f64(minutes * 60.0) {
        let (format, whole) = &wholes[random.below(wholes.len())];
        let other = &wholes[random.below(wholes.len())].1;
        let mut bytes = whole.clone();
        damage(&mut random, &mut bytes, other);
        std::fs::write(kept.join("now"), &bytes)?;
        *cases.entry(format!("{format:?}")).or_default() += 1;
        if let Err(failure) = run(*format, &bytes, &folder) {
            failures += 1;
            let bytes_of = kept.join(format!("failure-{failures}"));
            std::fs::write(&bytes_of, &bytes)?;
            println!("{failure}; bytes in {}", bytes_of.display());
        }
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            tell(&cases, failures);
        }
    }
    tell(&cases, failures);
    if failures > 0 { Err(format!("{failures} failures").into()) } else { Ok(()) }
}
