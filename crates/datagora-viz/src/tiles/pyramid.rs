//! Places on the map of the world, and the order of tiles in an archive.
use std::f64::consts::PI;

use datagora_geo::types::{Coord, Rect};
use datagora_geo::{ReprojectError, Transform, WebTile};

/// The map has 2³⁰ units along each side: 3.7 cm at the equator.
pub(super) const WORLD_BITS: u32 = 30;
/// Half the width of the map, m.
pub(super) const HALF: f64 = PI * 6_378_137.0;

/// A place in units of the world, from the north-west. Off the map it stops at a quarter of its width.
pub(super) fn world_place(x: f64, y: f64) -> [i32; 2] {
    let side = f64::from(1u32 << WORLD_BITS);
    let unit = |across: f64| (across * 0.5 * side).round().clamp(-0.25 * side, 1.25 * side) as i32;
    [unit(x / HALF + 1.0), unit(1.0 - y / HALF)]
}

/// A coordinate in units that are 2^`shift` times larger, to the nearest.
#[inline(always)]
pub(super) fn coarser(value: i32, shift: u32) -> i32 {
    if shift == 0 { value } else { (value + (1 << (shift - 1))) >> shift }
}

/// A place in units that are 2^`shift` times larger.
// Not by `map` of arrays, here and where a point of millions goes by: that is not always written in place.
#[inline(always)]
pub(super) fn coarser_place(place: [i32; 2], shift: u32) -> [i32; 2] {
    [coarser(place[0], shift), coarser(place[1], shift)]
}

/// Number of a tile in a PMTiles archive: zoom by zoom, each along the Hilbert curve.
pub(super) fn tile_id(zoom: u8, x: u32, y: u32) -> u64 {
    let before = ((1u64 << (2 * u32::from(zoom))) - 1) / 3;
    let (mut x, mut y, mut along) = (x, y, 0u64);
    for bit in (0..u32::from(zoom)).rev() {
        let (east, south) = (x >> bit & 1, y >> bit & 1);
        along = along << 2 | u64::from((3 * east) ^ south);
        let below = (1u32 << bit) - 1;
        if south == 0 {
            if east == 1 {
                (x, y) = (x ^ below, y ^ below);
            }
            (x, y) = (y, x);
        }
    }
    before + along
}

/// The tile of a number; `None` beyond zoom 30.
pub(super) fn tile_of_id(id: u64) -> Option<WebTile> {
    let mut zoom = 0u8;
    let mut before = 0u64;
    while id - before >= 1u64 << (2 * u32::from(zoom)) {
        before += 1u64 << (2 * u32::from(zoom));
        zoom += 1;
        if zoom > 30 {
            return None;
        }
    }
    let mut rest = id - before;
    let (mut x, mut y) = (0u32, 0u32);
    for bit in 0..u32::from(zoom) {
        let east = (rest >> 1 & 1) as u32;
        let south = (rest as u32 ^ east) & 1;
        if south == 0 {
            if east == 1 {
                let below = (1u32 << bit) - 1;
                (x, y) = (below ^ x, below ^ y);
            }
            (x, y) = (y, x);
        }
        (x, y) = (x | east << bit, y | south << bit);
        rest >>= 2;
    }
    WebTile::new(zoom, x, y).ok()
}

/// Bits of two numbers by turns: cells of a quadtree share their first bits.
pub(super) fn interleaved(x: u32, y: u32) -> u64 {
    spread(x) | spread(y) << 1
}

fn spread(value: u32) -> u64 {
    let mut bits = u64::from(value);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

/// Numbers of the tiles that a rectangle in Web Mercator meets, in order.
pub(super) fn tile_ids_over(zoom: u8, rect: Rect) -> Vec<u64> {
    let tiles = f64::from(1u32 << zoom);
    let index = |across: f64| (across / (2.0 * HALF) * tiles).floor().clamp(0.0, tiles - 1.0) as u32;
    let (min, max) = (rect.min(), rect.max());
    let mut ids = Vec::new();
    for y in index(HALF - max.y)..=index(HALF - min.y) {
        ids.extend((index(min.x + HALF)..=index(max.x + HALF)).map(|x| tile_id(zoom, x, y)));
    }
    ids.sort_unstable();
    ids
}

/// A rectangle in Web Mercator in degrees, as far as the map goes.
pub(super) fn degrees(mercator: Rect) -> Rect {
    let place = |at: Coord| Coord {
        x: (at.x / HALF * 180.0).clamp(-180.0, 180.0),
        y: libm::atan(libm::sinh(at.y / 6_378_137.0)).to_degrees().clamp(-85.051_129, 85.051_129),
    };
    Rect::new(place(mercator.min()), place(mercator.max()))
}

/// The rectangle around a rectangle in another CRS: its sides become curves, so that they are followed in steps.
pub(super) fn rect_in(rect: Rect, transform: &Transform) -> Result<Rect, ReprojectError> {
    const STEPS: u32 = 256;
    let (min, max) = (rect.min(), rect.max());
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for step in 0..=STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        let between = |from: f64, to: f64| from + share * (to - from);
        x.extend([between(min.x, max.x), between(min.x, max.x), min.x, max.x]);
        y.extend([min.y, max.y, between(min.y, max.y), between(min.y, max.y)]);
    }
    transform.convert_in_place(&mut x, &mut y)?;
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Ok(Rect::new(Coord { x: least(&x), y: least(&y) }, Coord { x: most(&x), y: most(&y) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `pmtiles.tile.zxy_to_tileid` of the Python package pmtiles 3.8.1.
    #[test]
    fn numbers_are_those_of_the_reference() {
        for (zoom, x, y, id) in GOLDEN {
            assert_eq!(tile_id(zoom, x, y), id, "{zoom}/{x}/{y}");
        }
        for id in 0..200_000 {
            let tile = tile_of_id(id).unwrap();
            assert_eq!(tile_id(tile.zoom(), tile.place().0, tile.place().1), id);
        }
        assert_eq!(tile_of_id(u64::MAX), None);
    }

    const GOLDEN: [(u8, u32, u32, u64); 9] = [
        (0, 0, 0, 0),
        (1, 0, 0, 1),
        (1, 0, 1, 2),
        (1, 1, 1, 3),
        (1, 1, 0, 4),
        (5, 16, 11, 1_210),
        (12, 2103, 1461, 19_838_425),
        (15, 16824, 11690, 1_269_659_259),
        (20, 538000, 374000, 1_300_131_375_615),
    ];

    #[test]
    fn cells_of_a_quadtree_share_their_first_bits() {
        assert_eq!(interleaved(0b101, 0b011), 0b01_10_11);
        assert_eq!(interleaved(u32::MAX, 0), 0x5555_5555_5555_5555);
    }

    #[test]
    fn places_round_to_the_nearest() {
        assert_eq!(world_place(0.0, 0.0), [1 << 29, 1 << 29]);
        assert_eq!(world_place(-HALF, HALF), [0, 0]);
        assert_eq!([-3, -2, 1, 2, 5, 6].map(|v| coarser(v, 2)), [-1, 0, 0, 1, 1, 2]);
    }
}
