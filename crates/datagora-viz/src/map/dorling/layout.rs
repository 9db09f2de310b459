//! Symbols side by side, each near its place.
use std::collections::HashMap;

use datagora_geo::types::Coord;

/// A symbol that stands for a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Symbol {
    /// Where it should be.
    pub(super) home: Coord,
    /// Radius of a circle, or half the side of a square.
    pub(super) radius: f64,
}

/// Which symbols lie over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Circle,
    Square,
}

impl Form {
    /// How far apart two symbols are to be moved, along which direction, so that they only touch; `None` if they are apart.
    fn overlap(self, dx: f64, dy: f64, reach: f64) -> Option<[f64; 2]> {
        match self {
            Form::Circle => {
                let squared = dx * dx + dy * dy;
                if squared >= reach * reach {
                    return None;
                }
                let distance = squared.sqrt();
                if distance > 1e-9 * reach {
                    let by = (reach - distance) / distance;
                    return Some([dx * by, dy * by]);
                }
                // At one place: apart from west to east.
                Some([reach, 0.0])
            }
            Form::Square => {
                let (x, y) = (reach - dx.abs(), reach - dy.abs());
                if x <= 0.0 || y <= 0.0 {
                    return None;
                }
                Some(if x <= y { [x.copysign(dx), 0.0] } else { [0.0, y.copysign(dy)] })
            }
        }
    }
}

/// Rounds in which symbols are drawn to their places and neighbours.
const ROUNDS: usize = 250;
/// Rounds in which they are only moved apart.
const APART: usize = 600;
/// Room left between symbols, as a share of their radii: what is drawn as touching does not overlap by rounding.
const ROOM: f64 = 1e-6;

/// Where symbols stand so that none overlaps another: near their homes, and touching those they share a border with.
///
/// In each round a symbol is drawn to its home and towards its neighbours, the more the longer the border shared, and
/// symbols that overlap are moved apart, the smaller one more; the pull fades. What still overlaps at last is resolved by
/// moving all away from their middle. The same symbols give the same places.
///
/// # References
///
/// Dorling, D. (1996). *Area Cartograms: Their Use and Creation*. CATMOG 59. His rule has no pull home; with it maps that
/// are sparse keep their shape.
pub(super) fn layout(symbols: &[Symbol], borders: &[(usize, usize, f64)], form: Form) -> Vec<Coord> {
    let mut at = starts(symbols);
    let mut border_of = vec![0.0; symbols.len()];
    for &(a, b, length) in borders {
        border_of[a] += length;
        border_of[b] += length;
    }
    for round in 0..ROUNDS {
        let pull = 1.0 - round as f64 / ROUNDS as f64;
        let mut steps = vec![[0.0; 2]; symbols.len()];
        for &(a, b, length) in borders {
            let (dx, dy) = (at[b].x - at[a].x, at[b].y - at[a].y);
            let distance = libm::hypot(dx, dy);
            let gap = distance - symbols[a].radius - symbols[b].radius;
            if gap > 0.0 {
                for (row, sign) in [(a, 1.0), (b, -1.0)] {
                    let share = 0.3 * pull * sign * length / border_of[row] * gap / distance;
                    steps[row][0] += share * dx;
                    steps[row][1] += share * dy;
                }
            }
        }
        for (row, step) in steps.iter().enumerate() {
            let home = symbols[row].home;
            at[row].x += step[0] + 0.08 * pull * (home.x - at[row].x);
            at[row].y += step[1] + 0.08 * pull * (home.y - at[row].y);
        }
        move_apart(symbols, &mut at, form);
    }
    for _ in 0..APART {
        if !move_apart(symbols, &mut at, form) {
            return at;
        }
    }
    spread(symbols, &mut at, form);
    at
}

/// Homes; symbols that share one begin around it, on the spiral of sunflowers.
fn starts(symbols: &[Symbol]) -> Vec<Coord> {
    let mut taken: HashMap<[u64; 2], usize> = HashMap::new();
    let start = |symbol: &Symbol| {
        let Coord { x, y } = symbol.home;
        let number = taken.entry([x.to_bits(), y.to_bits()]).or_default();
        *number += 1;
        if *number == 1 {
            return symbol.home;
        }
        let (sin, cos) = libm::sincos(*number as f64 * 2.399_963_229_728_653);
        let away = symbol.radius * (*number as f64).sqrt();
        Coord { x: x + away * cos, y: y + away * sin }
    };
    symbols.iter().map(start).collect()
}

/// Symbols from west to east, with how far each reaches: pairs further apart are never looked at.
fn sweep(symbols: &[Symbol], at: &[Coord], mut pair: impl FnMut(usize, usize)) {
    let mut order: Vec<usize> = (0..symbols.len()).filter(|&row| symbols[row].radius > 0.0).collect();
    let west = |row: usize| at[row].x - symbols[row].radius;
    order.sort_by(|&a, &b| west(a).total_cmp(&west(b)).then(a.cmp(&b)));
    for (position, &a) in order.iter().enumerate() {
        let east = at[a].x + symbols[a].radius;
        for &b in order[position + 1..].iter().take_while(|&&b| west(b) <= east) {
            pair(a.min(b), a.max(b));
        }
    }
}

/// Moves overlapping pairs apart once, all at the same time; whether there were any.
fn move_apart(symbols: &[Symbol], at: &mut [Coord], form: Form) -> bool {
    let mut pairs = Vec::new();
    sweep(symbols, at, |a, b| pairs.push((a, b)));
    let mut any = false;
    for (a, b) in pairs {
        let radii = symbols[a].radius + symbols[b].radius;
        let (dx, dy) = (at[b].x - at[a].x, at[b].y - at[a].y);
        if let Some([x, y]) = form.overlap(dx, dy, radii * (1.0 + ROOM)) {
            // Large symbols stand for many: they stay, the small ones go.
            let [heavy, light] = [symbols[a].radius.powi(2), symbols[b].radius.powi(2)];
            let share = light / (heavy + light);
            at[a].x -= share * x;
            at[a].y -= share * y;
            at[b].x += (1.0 - share) * x;
            at[b].y += (1.0 - share) * y;
            any = true;
        }
    }
    any
}

/// Moves all symbols away from their middle, as far as the pair that overlaps most needs.
fn spread(symbols: &[Symbol], at: &mut [Coord], form: Form) {
    let mut factor = 1f64;
    sweep(symbols, at, |a, b| {
        let reach = (symbols[a].radius + symbols[b].radius) * (1.0 + ROOM);
        let (dx, dy) = (at[b].x - at[a].x, at[b].y - at[a].y);
        if form.overlap(dx, dy, reach).is_some() {
            let apart = match form {
                Form::Circle => libm::hypot(dx, dy),
                Form::Square => dx.abs().max(dy.abs()),
            };
            factor = factor.max(reach / apart.max(1e-3 * reach));
        }
    });
    let n = at.len().max(1) as f64;
    let middle =
        at.iter().fold(Coord { x: 0.0, y: 0.0 }, |m, c| Coord { x: m.x + c.x / n, y: m.y + c.y / n });
    for place in at {
        place.x = middle.x + factor * (place.x - middle.x);
        place.y = middle.y + factor * (place.y - middle.y);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(symbols: &[Symbol], borders: &[(usize, usize, f64)], form: Form) -> Vec<Coord> {
        let placed = layout(symbols, borders, form);
        for a in 0..placed.len() {
            for b in a + 1..placed.len() {
                let reach = symbols[a].radius + symbols[b].radius;
                let (dx, dy) = (placed[b].x - placed[a].x, placed[b].y - placed[a].y);
                let apart = match form {
                    Form::Circle => dx.hypot(dy),
                    Form::Square => dx.abs().max(dy.abs()),
                };
                let empty = symbols[a].radius == 0.0 || symbols[b].radius == 0.0;
                assert!(empty || apart >= reach * (1.0 - 1e-9), "{a} {b}: {apart} {reach}");
            }
        }
        placed
    }

    #[test]
    fn symbols_with_room_stay_at_home() {
        let home = |x: f64| Symbol { home: Coord { x, y: 5.0 }, radius: 2.0 };
        let symbols = [home(0.0), home(10.0), home(20.0)];
        assert_eq!(check(&symbols, &[], Form::Circle), symbols.map(|symbol| symbol.home));
    }

    #[test]
    fn neighbours_come_to_touch() {
        let home = |x: f64| Symbol { home: Coord { x, y: 0.0 }, radius: 2.0 };
        let placed = check(&[home(0.0), home(5.0)], &[(0, 1, 3.0)], Form::Circle);
        assert!(placed[1].x - placed[0].x < 4.8, "{placed:?}");
    }

    #[test]
    fn all_at_one_place_are_moved_apart() {
        for form in [Form::Circle, Form::Square] {
            let symbols = vec![Symbol { home: Coord { x: 1.0, y: 1.0 }, radius: 3.0 }; 60];
            let placed = check(&symbols, &[], form);
            let farthest = placed.iter().map(|at| (at.x - 1.0).hypot(at.y - 1.0)).fold(0.0, f64::max);
            // Side by side in a square, the farthest would be 29 to 33 away.
            assert!(farthest < 75.0, "{form:?}: {farthest}");
        }
    }

    proptest! {
        #[test]
        fn none_overlaps_another(
            places in prop::collection::vec((0.0..1_000.0f64, 0.0..1_000.0f64, 0.0..90.0f64), 0..40),
            squares in prop::bool::ANY,
        ) {
            let symbols: Vec<Symbol> =
                places.iter().map(|&(x, y, radius)| Symbol { home: Coord { x, y }, radius }).collect();
            let form = if squares { Form::Square } else { Form::Circle };
            let borders: Vec<_> = (1..symbols.len()).map(|row| (row - 1, row, 1.0)).collect();
            let placed = check(&symbols, &borders, form);
            prop_assert!(placed.iter().all(|at| at.x.is_finite() && at.y.is_finite()));
            prop_assert_eq!(placed, layout(&symbols, &borders, form));
        }
    }
}
