use datagora_geo::WebTile;
use datagora_geo::types::{Rect, coord};
use proptest::prelude::*;

use super::*;
use crate::tiles::record::Metadata;

fn archive(tiles: &BTreeMap<u64, Vec<u8>>) -> TileArchive {
    let bounds = Rect::new(coord! { x: 4.5, y: 45.5 }, coord! { x: 5.25, y: 46.0 });
    let metadata = Metadata { name: "test".to_owned(), ..Metadata::default() };
    TileArchive::from_tiles(tiles.iter().map(|(&id, bytes)| (id, gzip(bytes))), bounds, metadata)
}

fn content(kind: u8) -> Vec<u8> {
    vec![kind; 40]
}

fn check(found: &TileArchive, expected: &BTreeMap<u64, Vec<u8>>) {
    assert_eq!(found.len(), expected.len());
    for (&id, bytes) in expected {
        assert_eq!(found.tile(tile_of_id(id).unwrap()).unwrap().as_ref(), Some(bytes));
    }
    let ids: Vec<u64> = found.tiles().map(number).collect();
    assert!(ids.iter().eq(expected.keys()));
}

#[test]
fn equal_tiles_are_kept_once() {
    let tiles: BTreeMap<u64, Vec<u8>> = (21..21 + 64).map(|id| (id, content(u8::from(id == 50)))).collect();
    let archive = archive(&tiles);
    assert_eq!(archive.entries.len(), 3);
    assert_eq!(archive.data.len(), gzip(&content(0)).len() + gzip(&content(1)).len());
    assert_eq!(archive.zooms(), (3, 3));
    check(&archive, &tiles);
    check(&TileArchive::read(&archive.to_bytes()).unwrap(), &tiles);
    assert_eq!(archive.tile(WebTile::new(4, 0, 0).unwrap()).unwrap(), None);
}

#[test]
fn large_directories_have_leaves() {
    // Places that no compression guesses.
    let mixed = |k: u64| {
        k.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
    };
    let bytes = |k: u64| mixed(k).to_le_bytes().repeat(1 + (mixed(k + 7) % 9) as usize);
    let tiles: BTreeMap<u64, Vec<u8>> =
        (0..30_000u64).map(|k| (400_000 + mixed(k) % 5_000_000, bytes(k))).collect();
    let archive = archive(&tiles);
    let bytes = archive.to_bytes();
    let leaves = u64::from_le_bytes(bytes[48..56].try_into().unwrap());
    assert!(leaves > 0, "there are leaves");
    let root = u64::from_le_bytes(bytes[16..24].try_into().unwrap());
    assert!(127 + root <= 16_384, "the root is in the first 16 KiB");
    assert!(TileArchive::read(&bytes).unwrap() == archive);
    check(&archive, &tiles);
    assert_eq!(bytes.len(), archive.byte_len());
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.pmtiles");
    let (one, two) = ([(5, content(1))].into(), [(5, content(2)), (6, content(3))].into());
    archive(&one).save(&path).unwrap();
    archive(&two).save(&path).unwrap();
    check(&TileArchive::open(&path).unwrap(), &two);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    let nowhere = folder.path().join("none/city.pmtiles");
    assert!(matches!(archive(&one).save(nowhere), Err(TileError::File { .. })));
    assert!(matches!(TileArchive::open(folder.path().join("none")), Err(TileError::File { .. })));
}

#[test]
fn what_is_no_archive_is_refused() {
    let tiles = (0..500).map(|id| (id * 3, content(id as u8))).collect();
    let bytes = archive(&tiles).to_bytes();
    for end in (0..bytes.len()).step_by(7) {
        assert!(TileArchive::read(&bytes[..end]).is_err(), "cut at {end}");
    }
    assert!(TileArchive::read(b"SQLite format 3").is_err());
}

proptest! {
    #[test]
    fn replaced_tiles_are_there(
        before in prop::collection::btree_map(5..85u64, 0..3u8, 0..60),
        changes in prop::collection::btree_map(0..95u64, prop::option::of(0..4u8), 0..20),
    ) {
        let mut expected: BTreeMap<u64, Vec<u8>> =
            before.into_iter().map(|(id, kind)| (id, content(kind))).collect();
        let mut found = archive(&expected);
        found.replace(changes.iter().map(|(&id, kind)| (tile_of_id(id).unwrap(), kind.map(content))));
        for (id, kind) in changes {
            match kind {
                Some(kind) => expected.insert(id, content(kind)),
                None => expected.remove(&id),
            };
        }
        check(&found, &expected);
        check(&TileArchive::read(&found.to_bytes()).unwrap(), &expected);
        let new = archive(&expected);
        prop_assert_eq!(&found.entries, &new.entries);
        prop_assert_eq!(&found.data, &new.data);
    }

    #[test]
    fn damaged_bytes_do_no_harm(
        flips in prop::collection::vec((0..2_000usize, any::<u8>()), 1..8),
        random in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let tiles = (0..60).map(|id| (id * 2, content(id as u8))).collect();
        let mut bytes = archive(&tiles).to_bytes();
        let len = bytes.len();
        flips.into_iter().for_each(|(at, byte)| bytes[at % len] ^= byte);
        for bytes in [bytes, random] {
            if let Ok(read) = TileArchive::read(&bytes) {
                for tile in read.tiles().take(1_000) {
                    let _ = read.tile(tile);
                }
            }
        }
    }
}
