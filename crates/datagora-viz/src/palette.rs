//! Palettes for classes and categories, and whether people with a colour vision deficiency tell them apart.
mod check;
mod vision;

use colorous::Gradient;

#[cfg(feature = "maps")]
use crate::Classes;
use crate::{CATEGORIES, Colour};

pub(crate) use check::ENOUGH;
pub use check::{Confusion, check_palette};
pub use vision::{ColourVision, colour_difference};

/// Colours for ordered classes, from light (low) to dark (high).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Sequential {
    /// Yellow to green to dark blue (ColorBrewer YlGnBu): stands apart on white paper.
    #[default]
    YellowGreenBlue,
    /// Yellow to dark blue, for all colour visions (Nuñez, Anderton & Renslow 2018).
    Cividis,
    /// Yellow to green to violet (matplotlib).
    Viridis,
    /// Blues (ColorBrewer).
    Blues,
    /// Greens (ColorBrewer).
    Greens,
    /// Greys (ColorBrewer): survives any copying machine.
    Greys,
    /// Yellow to brown (ColorBrewer YlOrBr).
    YellowOrangeBrown,
    /// Light violet to purple (ColorBrewer BuPu).
    BluePurple,
}

/// Colours for classes on both sides of a centre, light in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Diverging {
    /// Orange below, purple above (ColorBrewer PuOr).
    #[default]
    OrangePurple,
    /// Brown below, blue-green above (ColorBrewer BrBG).
    BrownTeal,
    /// Red below, blue above (ColorBrewer RdBu).
    RedBlue,
}

/// Colours for categories without order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Qualitative {
    /// Seven colours that all colour visions tell apart (Okabe & Ito 2008), without their black.
    #[default]
    OkabeIto,
}

/// Where the colours of classes or categories come from.
///
/// # References
///
/// ColorBrewer 2.0, Brewer and Harrower, by way of the `colorous` crate.
/// Okabe, M. and Ito, K. (2008). *Color universal design*. <https://jfly.uni-koeln.de/color/>
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Palette {
    /// For ordered classes.
    Sequential(Sequential),
    /// For classes around a centre.
    Diverging(Diverging),
    /// For categories.
    Qualitative(Qualitative),
    /// Chosen by the caller for ordered classes, low first.
    Ordered(Vec<Colour>),
    /// Chosen by the caller for categories.
    Categories(Vec<Colour>),
}

impl Default for Palette {
    fn default() -> Self {
        Palette::Sequential(Sequential::default())
    }
}

/// Why a palette cannot colour so many classes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaletteError {
    /// More classes than colours.
    #[error("{needed} colours needed, the palette has {available}; group classes, or give a longer palette")]
    TooFew {
        /// Colours needed.
        needed: usize,
        /// Colours there are.
        available: usize,
    },
}

/// The colours of Okabe and Ito, black left to outlines and text: those of charts, so that a category has one colour in
/// charts and maps, then yellow.
const OKABE_ITO: [Colour; 7] = {
    let [a, b, c, d, e, f] = CATEGORIES;
    [a, b, c, d, e, f, Colour::rgb(240, 228, 66)]
};

impl Palette {
    /// `n` colours: for classes from low to high, for categories in order.
    ///
    /// Sequential palettes keep away from white, so that the lowest class is seen on paper.
    ///
    /// # Errors
    ///
    /// [`PaletteError::TooFew`] if a list of colours is shorter than `n`.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_viz::{Palette, check_palette};
    ///
    /// let colours = Palette::default().colours(5)?;
    /// assert_eq!(colours.len(), 5);
    /// assert!(check_palette(&colours, true).is_empty());
    /// # Ok::<(), datagora_viz::PaletteError>(())
    /// ```
    pub fn colours(&self, n: usize) -> Result<Vec<Colour>, PaletteError> {
        let listed = |colours: &[Colour]| match colours.get(..n) {
            Some(first) => Ok(first.to_vec()),
            None => Err(PaletteError::TooFew { needed: n, available: colours.len() }),
        };
        match self {
            Palette::Sequential(palette) => Ok(palette.sample(n)),
            Palette::Diverging(palette) => Ok(palette.around(n / 2, n % 2 == 1, n / 2)),
            Palette::Qualitative(Qualitative::OkabeIto) => listed(&OKABE_ITO),
            Palette::Ordered(colours) | Palette::Categories(colours) => listed(colours),
        }
    }

    /// Colours for classes of which `below` lie under a centre and `above` over it, with the class that holds the
    /// centre between them if `middle`. Palettes that do not diverge give one colour per class as ever.
    ///
    /// # Errors
    ///
    /// As [`Palette::colours`].
    pub fn colours_around(
        &self,
        below: usize,
        middle: bool,
        above: usize,
    ) -> Result<Vec<Colour>, PaletteError> {
        match self {
            Palette::Diverging(palette) => Ok(palette.around(below, middle, above)),
            _ => self.colours(below + usize::from(middle) + above),
        }
    }

    /// The colours of classes; a diverging palette changes sides at the centre if there is one, else at the middle class.
    #[cfg(feature = "maps")]
    pub(crate) fn colours_of(
        &self,
        classes: &Classes,
        centre: Option<f64>,
    ) -> Result<Vec<Colour>, PaletteError> {
        let n = classes.len();
        let Some(centre) = centre.filter(|_| matches!(self, Palette::Diverging(_))) else {
            return self.colours(n);
        };
        let below = classes.breaks().iter().filter(|&&bound| bound <= centre).count().min(n);
        // A class that reaches over the centre belongs to neither side.
        let middle = below < n && classes.bounds()[below] < centre;
        self.colours_around(below, middle, n - below - usize::from(middle))
    }

    /// Whether the colours have an order, so that only neighbours must be told apart.
    pub fn is_ordered(&self) -> bool {
        !matches!(self, Palette::Qualitative(_) | Palette::Categories(_))
    }
}

impl Sequential {
    fn sample(self, n: usize) -> Vec<Colour> {
        // Where light and dark end: near white is lost on paper, near black loses its hue.
        let (gradient, light, dark) = match self {
            Sequential::YellowGreenBlue => (colorous::YELLOW_GREEN_BLUE, 0.06, 0.96),
            Sequential::Cividis => (colorous::CIVIDIS, 1.0, 0.0),
            Sequential::Viridis => (colorous::VIRIDIS, 1.0, 0.0),
            Sequential::Blues => (colorous::BLUES, 0.18, 1.0),
            Sequential::Greens => (colorous::GREENS, 0.2, 1.0),
            Sequential::Greys => (colorous::GREYS, 0.15, 0.95),
            Sequential::YellowOrangeBrown => (colorous::YELLOW_ORANGE_BROWN, 0.06, 1.0),
            Sequential::BluePurple => (colorous::BLUE_PURPLE, 0.18, 1.0),
        };
        let t = |share: f64| light + (dark - light) * share;
        if n < 2 {
            return (0..n).map(|_| sample(gradient, t(0.6))).collect();
        }
        // Equal steps for the eye that distinguishes least, not of the gradient's parameter.
        const STEPS: usize = 256;
        let fine: Vec<Colour> = (0..=STEPS).map(|i| sample(gradient, t(i as f64 / STEPS as f64))).collect();
        let mut travelled = vec![0.0];
        for pair in fine.windows(2) {
            let seen = ColourVision::ALL.map(|vision| colour_difference(pair[0], pair[1], vision));
            travelled.push(travelled[travelled.len() - 1] + seen.into_iter().fold(f64::INFINITY, f64::min));
        }
        let whole = travelled[STEPS];
        (0..n)
            .map(|i| {
                let wanted = whole * i as f64 / (n - 1) as f64;
                fine[travelled.partition_point(|&way| way < wanted).min(STEPS)]
            })
            .collect()
    }
}

impl Diverging {
    fn around(self, below: usize, middle: bool, above: usize) -> Vec<Colour> {
        let (gradient, flipped) = match self {
            Diverging::OrangePurple => (colorous::PURPLE_ORANGE, true),
            Diverging::BrownTeal => (colorous::BROWN_GREEN, false),
            Diverging::RedBlue => (colorous::RED_BLUE, false),
        };
        let at = |t: f64| sample(gradient, if flipped { 1.0 - t } else { t });
        // Both sides take the same steps away from the centre, so that equal distances look equal. Without a middle
        // class the two innermost stand a little further apart than the others, since both are pale.
        let shift = if middle { 0.0 } else { 0.1 };
        let steps = (below.max(above) as f64 - shift).max(1.0);
        let away = |step: f64| 0.42 * step / steps;
        let low = (1..=below).rev().map(|i| at(0.5 - away(i as f64 - shift)));
        let high = (1..=above).map(|i| at(0.5 + away(i as f64 - shift)));
        low.chain(middle.then(|| at(0.5))).chain(high).collect()
    }
}

fn sample(gradient: Gradient, t: f64) -> Colour {
    let colour = gradient.eval_continuous(t.clamp(0.0, 1.0));
    Colour::rgb(colour.r, colour.g, colour.b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_palette_passes_the_gate_up_to_seven_classes() {
        use Sequential::*;
        for palette in
            [YellowGreenBlue, Cividis, Viridis, Blues, Greens, Greys, YellowOrangeBrown, BluePurple]
        {
            for n in 2..=7 {
                let confusions = check_palette(&palette.sample(n), true);
                assert!(confusions.is_empty(), "{palette:?} {n}: {confusions:?}");
            }
        }
        for palette in [Diverging::OrangePurple, Diverging::BrownTeal, Diverging::RedBlue] {
            for n in 2..=7 {
                let colours = Palette::Diverging(palette).colours(n).unwrap();
                assert_eq!(colours.len(), n);
                let confusions = check_palette(&colours, true);
                assert!(confusions.is_empty(), "{palette:?} {n}: {confusions:?}");
            }
        }
        assert_eq!(check_palette(&OKABE_ITO, false), []);
    }

    #[test]
    fn sequences_darken() {
        let colours = Palette::default().colours(7).unwrap();
        let on_white: Vec<f64> = colours.iter().map(|colour| colour.contrast(Colour::WHITE)).collect();
        assert!(on_white.is_sorted(), "{on_white:?}");
    }

    #[test]
    fn sides_of_a_centre_match() {
        let wide = Palette::Diverging(Diverging::RedBlue).colours_around(1, true, 3).unwrap();
        let even = Palette::Diverging(Diverging::RedBlue).colours_around(3, true, 3).unwrap();
        assert_eq!(wide[..], even[2..]);
    }

    #[test]
    fn a_short_list_is_refused() {
        let palette = Palette::Qualitative(Qualitative::OkabeIto);
        assert_eq!(palette.colours(8), Err(PaletteError::TooFew { needed: 8, available: 7 }));
    }
}
