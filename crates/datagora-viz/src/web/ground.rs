//! The colours of the base map, by day and by night.
use crate::Colour;

/// What a layer of the base map shows; it has one colour on light screens and one on dark ones, and none of them competes with
/// the colours of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ground {
    /// The territory, against what lies around it.
    Land,
    /// Rivers, lakes, the sea.
    Water,
    /// Woods, parks, fields.
    Green,
    /// Buildings.
    Building,
    /// Streets and roads.
    Road,
    /// Railways.
    Rail,
    /// Limits of communes and other territories.
    Boundary,
    /// Names of places.
    Name,
}

impl Ground {
    /// Colour on a light and on a dark screen.
    pub(super) fn colours(self) -> [Colour; 2] {
        match self {
            Ground::Land => [Colour::rgb(250, 250, 247), Colour::rgb(36, 41, 46)],
            Ground::Water => [Colour::rgb(196, 219, 232), Colour::rgb(28, 54, 74)],
            Ground::Green => [Colour::rgb(222, 234, 214), Colour::rgb(38, 55, 42)],
            Ground::Building => [Colour::rgb(222, 218, 212), Colour::rgb(62, 66, 71)],
            Ground::Road => [Colour::rgb(201, 198, 192), Colour::rgb(84, 90, 97)],
            Ground::Rail => [Colour::rgb(160, 157, 152), Colour::rgb(122, 127, 133)],
            Ground::Boundary => [Colour::rgb(104, 112, 122), Colour::rgb(168, 176, 186)],
            Ground::Name => [Colour::INK, Colour::rgb(240, 242, 244)],
        }
    }

    /// What lies around all layers.
    pub(super) const AROUND: [Colour; 2] = [Colour::rgb(236, 236, 231), Colour::rgb(24, 28, 32)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_on_every_ground() {
        let names = Ground::Name.colours();
        for ground in [Ground::Land, Ground::Water, Ground::Green, Ground::Building] {
            for (name, below) in names.into_iter().zip(ground.colours()) {
                assert!(name.contrast(below) >= 4.5, "{ground:?}");
            }
        }
    }
}
