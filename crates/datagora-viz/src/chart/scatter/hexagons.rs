//! Points counted in hexagons.

/// A hexagon with its centre and the points in it.
pub(super) struct Hexagon {
    pub(super) centre: [f64; 2],
    pub(super) count: usize,
}

/// Counts positions in hexagons that stand on a corner, `size` from their centre to a corner. By rows, from left to right.
///
/// A position belongs to the nearest centre of two lattices of rectangles, one shifted by half: Carr et al. (1987).
pub(super) fn hexagons(positions: &[[f64; 2]], size: f64) -> Vec<Hexagon> {
    let (wide, high) = (3f64.sqrt() * size, 3.0 * size);
    let nearest = |[x, y]: [f64; 2]| {
        let even = [(x / wide).round(), (y / high).round()];
        let odd = [(x / wide - 0.5).round(), (y / high - 0.5).round()];
        let to = |centre: [f64; 2]| (centre[0] - x).powi(2) + (centre[1] - y).powi(2);
        let centres = [[even[0] * wide, even[1] * high], [(odd[0] + 0.5) * wide, (odd[1] + 0.5) * high]];
        // Rows are counted in halves of the height, so that both lattices have whole numbers.
        match to(centres[0]) <= to(centres[1]) {
            true => ((2.0 * even[1]) as i64, (2.0 * even[0]) as i64, centres[0]),
            false => ((2.0 * odd[1]) as i64 + 1, (2.0 * odd[0]) as i64 + 1, centres[1]),
        }
    };
    let mut cells = std::collections::BTreeMap::new();
    for position in positions {
        let (row, column, centre) = nearest(*position);
        cells.entry((row, column)).or_insert((centre, 0)).1 += 1;
    }
    cells.into_values().map(|(centre, count)| Hexagon { centre, count }).collect()
}

/// The corners of a hexagon that stands on a corner.
pub(super) fn corners([x, y]: [f64; 2], size: f64) -> Vec<[f64; 2]> {
    (0..6)
        .map(|k| {
            let angle = (f64::from(k) + 0.5) * std::f64::consts::FRAC_PI_3;
            [x + size * libm::cos(angle), y + size * libm::sin(angle)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_position_is_counted_in_the_hexagon_about_it(
            positions in prop::collection::vec((-300.0..300.0f64, -300.0..300.0f64), 0..80),
        ) {
            let positions: Vec<[f64; 2]> = positions.into_iter().map(|(x, y)| [x, y]).collect();
            let cells = hexagons(&positions, 9.0);
            prop_assert_eq!(cells.iter().map(|cell| cell.count).sum::<usize>(), positions.len());
            for position in positions {
                let to = |cell: &Hexagon| libm::hypot(cell.centre[0] - position[0], cell.centre[1] - position[1]);
                prop_assert!(cells.iter().any(|cell| to(cell) <= 9.0 + 1e-9));
            }
        }
    }
}
