//! Whatever bytes a GeoTIFF has, reading ends with numbers or an error.
//!
//! 1,000 damaged files are tried; `DATAGORA_FUZZ_CASES` asks for another number, `DATAGORA_FUZZ_SEED` for others.
use std::io::Cursor;
use std::path::Path;

use datagora_geo::{GeoTiff, GeoTiffReadOptions, Window};

use super::parsers::Random;

fn asked(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Changes a few bytes, most of them in the directories, which are at the ends of small files.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let near = bytes.len().min(512);
        let at = match random.below(3) {
            0 => random.below(near),
            1 => bytes.len() - 1 - random.below(near),
            _ => random.below(bytes.len()),
        };
        match random.below(8) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = 0xFF,
            2 => bytes[at] = 0,
            3 => bytes[at] = random.next() as u8,
            4 => {
                let end = (at + 4).min(bytes.len());
                bytes[at..end].fill([0, 0xFF][random.below(2)]);
            }
            5 => {
                let from = random.below(bytes.len());
                let count = (1 + random.below(12)).min(bytes.len() - at.max(from));
                bytes.copy_within(from..from + count, at);
            }
            6 => bytes.truncate(at.max(1)),
            _ => bytes.insert(at, random.next() as u8),
        }
    }
}

#[test]
fn damaged_geotiffs_are_errors_or_numbers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/geotiff");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert!(files.len() > 20);
    let mut random = Random(asked("DATAGORA_FUZZ_SEED", 69));
    let (mut read, mut refused) = (0, 0);
    for _ in 0..asked("DATAGORA_FUZZ_CASES", 1000) {
        let mut bytes = files[random.below(files.len())].clone();
        damage(&mut bytes, &mut random);
        let options = GeoTiffReadOptions::default().with_limit(1 << 24);
        let mut numbers = false;
        if let Ok(mut file) = GeoTiff::new(Cursor::new(&bytes)) {
            numbers = file.read(&options).is_ok();
            let (rows, columns) = (file.grid().rows(), file.grid().columns());
            let (row, column) = (random.below(rows), random.below(columns));
            let window = Window::new(row..row + 1 + random.below(rows - row), column..column + 1);
            if let Ok(part) = file.read_window(&window, &options.clone().with_widen(true)) {
                assert_eq!(part.grid().len(), window.len());
            }
            for overview in 0..file.overviews().len() {
                let _ = file.read(&options.clone().with_overview(overview));
            }
        }
        if numbers { read += 1 } else { refused += 1 }
    }
    // Both happen: the damage is neither too coarse nor too fine.
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
}
