//! Colours, as screens show them.
use std::fmt;

/// A colour in sRGB.
///
/// ```
/// use datagora_viz::Colour;
///
/// assert_eq!(Colour::rgb(0, 90, 156).to_string(), "#005a9c");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Colour {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Colour {
    /// White.
    pub const WHITE: Colour = Colour::rgb(255, 255, 255);
    /// Text.
    pub const INK: Colour = Colour::rgb(27, 31, 36);
    /// Secondary text; 4.5:1 and more on white.
    pub const MUTED: Colour = Colour::rgb(89, 96, 105);
    /// Grid lines and outlines that must not speak.
    pub const FAINT: Colour = Colour::rgb(214, 219, 224);
    /// What has no value.
    pub const MISSING: Colour = Colour::rgb(233, 233, 233);

    /// From red, green and blue, 0 to 255.
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// This colour mixed with white: 0 is the colour, 1 is white.
    pub fn lighter(self, share: f64) -> Self {
        let mix = |c: u8| (f64::from(c) + (255.0 - f64::from(c)) * share.clamp(0.0, 1.0)).round() as u8;
        Self::rgb(mix(self.red), mix(self.green), mix(self.blue))
    }

    /// Contrast ratio with another colour, 1 to 21.
    ///
    /// # References
    ///
    /// Web Content Accessibility Guidelines 2.2, “contrast ratio” and “relative luminance”.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Black or white text, whichever is read better on this colour.
    pub fn readable_ink(self) -> Colour {
        if self.contrast(Colour::INK) >= self.contrast(Colour::WHITE) { Colour::INK } else { Colour::WHITE }
    }

    fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_of_the_guidelines() {
        assert!((Colour::WHITE.contrast(Colour::rgb(0, 0, 0)) - 21.0).abs() < 1e-9);
        // #767676 on white is the well-known limit of 4.54:1.
        assert!((Colour::WHITE.contrast(Colour::rgb(0x76, 0x76, 0x76)) - 4.54).abs() < 0.01);
        assert!(Colour::MUTED.contrast(Colour::WHITE) > 4.5);
    }
}
