//! How colours look to people who lack one kind of cone, and how far apart they look.
use std::fmt;
use std::sync::LazyLock;

use crate::Colour;

/// A kind of colour vision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ColourVision {
    /// All three kinds of cones.
    Full,
    /// Without long-wave cones; about 1 % of men.
    Protan,
    /// Without middle-wave cones; about 1 % of men, with the weaker form 5 % more.
    Deutan,
    /// Without short-wave cones; rare, and acquired with age.
    Tritan,
}

impl ColourVision {
    /// All kinds, full vision first.
    pub const ALL: [ColourVision; 4] =
        [ColourVision::Full, ColourVision::Protan, ColourVision::Deutan, ColourVision::Tritan];

    /// How a colour looks with this vision, as a colour that looks the same to full vision.
    ///
    /// # References
    ///
    /// Protan, deutan: Machado, G. M., Oliveira, M. M. and Fernandes, L. A. F. (2009). A physiologically-based model for
    /// simulation of color vision deficiency. *IEEE TVCG* 15(6), severity 1, on linear sRGB.
    /// Tritan, for which that model is not valid: Brettel, H., Viénot, F. and Mollon, J. D. (1997). Computerized
    /// simulation of color appearance for dichromats. *JOSA A* 14(10), in linear sRGB as published by libDaltonLens.
    ///
    /// ```
    /// use datagora_viz::{Colour, ColourVision};
    ///
    /// assert_eq!(ColourVision::Deutan.simulate(Colour::WHITE), Colour::WHITE);
    /// ```
    pub fn simulate(self, colour: Colour) -> Colour {
        let [red, green, blue] = self.linear(colour).map(to_byte);
        Colour::rgb(red, green, blue)
    }

    /// The colour as seen, in linear sRGB within 0 to 1.
    fn linear(self, colour: Colour) -> [f64; 3] {
        let linear = [colour.red, colour.green, colour.blue].map(from_byte);
        let seen = match self {
            ColourVision::Full => linear,
            ColourVision::Protan => product(&PROTAN, linear),
            ColourVision::Deutan => product(&DEUTAN, linear),
            ColourVision::Tritan => {
                let side: f64 = TRITAN_SEPARATION.iter().zip(linear).map(|(n, c)| n * c).sum();
                product(if side >= 0.0 { &TRITAN_A } else { &TRITAN_B }, linear)
            }
        };
        seen.map(|c| c.clamp(0.0, 1.0))
    }
}

impl fmt::Display for ColourVision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ColourVision::Full => "full colour vision",
            ColourVision::Protan => "protanopia",
            ColourVision::Deutan => "deuteranopia",
            ColourVision::Tritan => "tritanopia",
        })
    }
}

/// How different two colours look with a kind of colour vision: Euclidean distance in OKLab, in which black and white
/// are 1 apart.
///
/// # References
///
/// Ottosson, B. (2020). *A perceptual color space for image processing*. <https://bottosson.github.io/posts/oklab/>
///
/// ```
/// use datagora_viz::{Colour, ColourVision, colour_difference};
///
/// let (red, green) = (Colour::rgb(228, 26, 28), Colour::rgb(77, 175, 74));
/// let seen = |vision| colour_difference(red, green, vision);
/// assert!(seen(ColourVision::Deutan) < 0.5 * seen(ColourVision::Full));
/// ```
pub fn colour_difference(a: Colour, b: Colour, vision: ColourVision) -> f64 {
    let (a, b) = (oklab(vision.linear(a)), oklab(vision.linear(b)));
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

type Matrix = [[f64; 3]; 3];

// Machado, Oliveira and Fernandes (2009), table of the authors' page, severity 1.0.
const PROTAN: Matrix =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTAN: Matrix =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
// Brettel, Viénot and Mollon (1997) with the sRGB primaries, as precomputed by libDaltonLens (Unlicense): one projection
// on each side of the plane that holds black, white and the hues that tritanopes see unchanged.
const TRITAN_A: Matrix =
    [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.80500, 0.11911]];
const TRITAN_B: Matrix =
    [[0.93678, 0.18979, -0.12657], [0.06154, 0.81526, 0.12320], [-0.37562, 1.12767, 0.24796]];
const TRITAN_SEPARATION: [f64; 3] = [0.03901, -0.02788, -0.01113];

// Ottosson (2020): linear sRGB to cone responses, and their cube roots to lightness and two opponent axes.
const CONES: Matrix = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
];
const OPPONENT: Matrix = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
];

fn product(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

fn oklab(linear: [f64; 3]) -> [f64; 3] {
    product(&OPPONENT, product(&CONES, linear).map(libm::cbrt))
}

fn from_byte(c: u8) -> f64 {
    static LINEAR: LazyLock<[f64; 256]> = LazyLock::new(|| {
        std::array::from_fn(|c| {
            let c = c as f64 / 255.0;
            if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
        })
    });
    LINEAR[usize::from(c)]
}

fn to_byte(c: f64) -> u8 {
    let c = if c <= 0.0031308 { 12.92 * c } else { 1.055 * libm::pow(c, 1.0 / 2.4) - 0.055 };
    (255.0 * c).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oklab_of_the_primaries() {
        // Values of CSS Color 4 for oklab(), to 4 decimals.
        let red = oklab(ColourVision::Full.linear(Colour::rgb(255, 0, 0)));
        for (ours, theirs) in red.iter().zip([0.6280, 0.2249, 0.1258]) {
            assert!((ours - theirs).abs() < 1e-4, "{red:?}");
        }
        let white = colour_difference(Colour::WHITE, Colour::rgb(0, 0, 0), ColourVision::Full);
        assert!((white - 1.0).abs() < 1e-6);
    }

    #[test]
    fn greys_look_the_same_to_everybody() {
        for grey in [0, 51, 128, 200, 255] {
            let grey = Colour::rgb(grey, grey, grey);
            for vision in ColourVision::ALL {
                let seen = vision.simulate(grey);
                let off = |a: u8, b: u8| a.abs_diff(b);
                assert!(
                    off(seen.red, grey.red).max(off(seen.green, grey.green)).max(off(seen.blue, grey.blue))
                        <= 1
                );
            }
        }
    }

    #[test]
    fn colours_look_as_independent_software_says() {
        // DaltonLens-Python 0.1.5: Machado et al. for protan and deutan, Brettel et al. for tritan, severity 1. It rounds the
        // primaries of sRGB otherwise, so that a byte may differ by 2.
        let colours = [[228, 26, 28], [0, 114, 178], [213, 94, 0], [0, 158, 115], [240, 228, 66]];
        let references = [
            (
                ColourVision::Protan,
                [[99, 88, 23], [82, 116, 180], [128, 112, 0], [154, 145, 112], [247, 219, 34]],
            ),
            (
                ColourVision::Deutan,
                [[146, 130, 8], [58, 102, 176], [157, 139, 0], [138, 133, 117], [252, 227, 77]],
            ),
            (
                ColourVision::Tritan,
                [[229, 4, 74], [0, 120, 148], [216, 84, 105], [60, 149, 175], [253, 214, 218]],
            ),
        ];
        for (vision, seen) in references {
            for ([red, green, blue], [r, g, b]) in colours.into_iter().zip(seen) {
                let ours = vision.simulate(Colour::rgb(red, green, blue));
                let off = ours.red.abs_diff(r).max(ours.green.abs_diff(g)).max(ours.blue.abs_diff(b));
                assert!(off <= 2, "{vision}: {ours} is not {}", Colour::rgb(r, g, b));
            }
        }
    }

    #[test]
    fn projections_are_projections() {
        // What a tritanope sees, a tritanope sees again; the two halves agree on the plane between them.
        for matrix in [TRITAN_A, TRITAN_B] {
            for vector in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] {
                let once = product(&matrix, vector);
                let twice = product(&matrix, once);
                assert!(once.iter().zip(twice).all(|(a, b)| (a - b).abs() < 1e-3), "{once:?} {twice:?}");
            }
        }
        let [a, b, c] = TRITAN_SEPARATION;
        let on_plane = [1.0, 1.0 + c, 1.0 - b].map(|x| x / 2.0);
        assert!((a * on_plane[0] + b * on_plane[1] + c * on_plane[2]).abs() < 1e-4);
        let (one, other) = (product(&TRITAN_A, on_plane), product(&TRITAN_B, on_plane));
        assert!(one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-3), "{one:?} {other:?}");
    }
}
