//! Colours between four corners.
use crate::Colour;

/// The colours of a square of classes by row of the second rate, low first: each a mixture of the corners (both low, first
/// high, second high, both high). A single class takes the middle.
pub(super) fn grid_colours(corners: &[Colour; 4], first: usize, second: usize) -> Vec<Vec<Colour>> {
    let share = |i: usize, n: usize| if n < 2 { 0.5 } else { i as f64 / (n - 1) as f64 };
    let mix = |a: f64, b: f64| {
        let weights = [(1.0 - a) * (1.0 - b), a * (1.0 - b), (1.0 - a) * b, a * b];
        let channel = |of: fn(&Colour) -> u8| {
            let sum: f64 =
                corners.iter().zip(weights).map(|(corner, weight)| f64::from(of(corner)) * weight).sum();
            sum.round() as u8
        };
        Colour::rgb(channel(|c| c.red), channel(|c| c.green), channel(|c| c.blue))
    };
    (0..second).map(|j| (0..first).map(|i| mix(share(i, first), share(j, second))).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::CORNERS;
    use super::*;
    use crate::{ColourVision, check_palette, colour_difference};

    #[test]
    fn all_pairs_are_told_apart_by_all_colour_visions() {
        for first in 2..=4 {
            for second in 2..=4 {
                let colours = grid_colours(&CORNERS, first, second).concat();
                assert_eq!(colours.len(), first * second);
                assert_eq!(check_palette(&colours, false), [], "{first} × {second}");
            }
        }
        let nine = grid_colours(&CORNERS, 3, 3).concat();
        let smallest = ColourVision::ALL
            .into_iter()
            .flat_map(|vision| (0..9).flat_map(move |i| (0..i).map(move |j| (vision, i, j))))
            .map(|(vision, i, j)| colour_difference(nine[i], nine[j], vision))
            .fold(f64::INFINITY, f64::min);
        // numpy 2.3 with the same matrices: 0.137, halves of a channel rounded to even there.
        assert!((smallest - 0.137).abs() < 2e-3, "{smallest}");
    }

    #[test]
    fn corners_stay_and_single_classes_are_in_the_middle() {
        let colours = grid_colours(&CORNERS, 3, 2);
        assert_eq!([colours[0][0], colours[0][2], colours[1][0], colours[1][2]], CORNERS);
        let lone = grid_colours(&CORNERS, 1, 1);
        assert_eq!(lone, [[Colour::rgb(143, 117, 139)]]);
    }
}
