//! The gate that a palette must pass.
use std::fmt;

use super::{ColourVision, colour_difference};
use crate::Colour;

/// The smallest difference, in OKLab, at which areas a few millimetres wide are told apart in a legend.
pub(crate) const ENOUGH: f64 = 0.06;

/// Two colours of a palette that look alike to some readers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confusion {
    /// Position of the one, counted from 0.
    pub first: usize,
    /// Position of the other.
    pub second: usize,
    /// To whom they look alike.
    pub vision: ColourVision,
    /// Their distance in OKLab.
    pub difference: f64,
    /// The distance needed.
    pub needed: f64,
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "colours {} and {} look alike with {}: {:.3} apart in OKLab, {} needed",
            self.first + 1,
            self.second + 1,
            self.vision,
            self.difference,
            self.needed
        )
    }
}

/// The pairs of colours that people with full, protan, deutan or tritan vision do not tell apart.
///
/// Of an ordered palette, neighbouring colours must differ; of categories, all. Full vision is asked for the same
/// distance of 0.06 in OKLab as the others.
///
/// # Example
///
/// ```
/// use datagora_viz::{Colour, ColourVision, check_palette};
///
/// // ColorBrewer's RdYlGn: orange and light green are one colour to deuteranopes.
/// let traffic_light = [(215, 25, 28), (253, 174, 97), (255, 255, 191), (166, 217, 106), (26, 150, 65)]
///     .map(|(r, g, b)| Colour::rgb(r, g, b));
/// let confusions = check_palette(&traffic_light, false);
/// assert!(confusions.iter().any(|confusion| confusion.vision == ColourVision::Deutan));
/// ```
pub fn check_palette(colours: &[Colour], ordered: bool) -> Vec<Confusion> {
    let mut confusions = Vec::new();
    for vision in ColourVision::ALL {
        for first in 0..colours.len() {
            let last = if ordered { (first + 2).min(colours.len()) } else { colours.len() };
            for second in first + 1..last {
                let difference = colour_difference(colours[first], colours[second], vision);
                if difference < ENOUGH {
                    confusions.push(Confusion { first, second, vision, difference, needed: ENOUGH });
                }
            }
        }
    }
    confusions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smallest(colours: &[Colour], vision: ColourVision) -> f64 {
        let pairs = (0..colours.len()).flat_map(|i| (i + 1..colours.len()).map(move |j| (i, j)));
        pairs.map(|(i, j)| colour_difference(colours[i], colours[j], vision)).fold(f64::INFINITY, f64::min)
    }

    fn colours(hex: &[u32]) -> Vec<Colour> {
        hex.iter().map(|c| Colour::rgb((c >> 16) as u8, (c >> 8 & 255) as u8, (c & 255) as u8)).collect()
    }

    /// Smallest distances between pairs for protan and deutan vision, computed with colorspacious 1.1 (Machado 2009,
    /// severity 100) and OKLab, given with 3 decimals.
    #[test]
    fn golden_smallest_distances() {
        // matplotlib 3: five even samples of cividis and viridis; Okabe-Ito with black; ColorBrewer Set1
        // (first five), RdYlGn.
        let cividis = colours(&[0x00224e, 0x434e6c, 0x7d7c78, 0xbcae6c, 0xfee838]);
        let viridis = colours(&[0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725]);
        let okabe_ito =
            colours(&[0x000000, 0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00, 0xcc79a7]);
        let set1 = colours(&[0xe41a1c, 0x377eb8, 0x4daf4a, 0x984ea3, 0xff7f00]);
        let traffic_light = colours(&[0xd7191c, 0xfdae61, 0xffffbf, 0xa6d96a, 0x1a9641]);
        for (name, palette, protan, deutan) in [
            ("cividis", cividis, 0.161, 0.174),
            ("viridis", viridis, 0.138, 0.160),
            ("Okabe-Ito", okabe_ito, 0.096, 0.076),
            ("Set1", set1, 0.053, 0.035),
            ("RdYlGn", traffic_light, 0.076, 0.014),
        ] {
            let ours = [ColourVision::Protan, ColourVision::Deutan].map(|vision| smallest(&palette, vision));
            assert!(
                (ours[0] - protan).abs() < 0.002 && (ours[1] - deutan).abs() < 0.002,
                "{name}: {ours:.4?}"
            );
        }
    }
}
