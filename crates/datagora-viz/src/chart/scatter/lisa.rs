//! What a place is among its neighbours.
use datagora_core::Language;

use crate::{Colour, Palette};

/// What a place is among its neighbours, by local indicators of spatial association.
///
/// The same classes and colours serve a [`MoranScatter`](crate::MoranScatter) and the map of the same places: give `Typology` the names
/// ([`LisaClass::name`]), the order ([`LisaClass::names_in_order`]) and the colours ([`LisaClass::palette`]).
///
/// ```
/// use datagora_core::Language;
/// use datagora_viz::LisaClass;
///
/// // A value above the mean, among neighbours above the mean, p = 0.01.
/// let class = LisaClass::of(1.4, 0.9, Some(0.01), 0.05);
/// assert_eq!(class, LisaClass::HighHigh);
/// assert_eq!(class.name(Language::English), "high among high");
/// assert_eq!(LisaClass::of(1.4, -0.2, Some(0.3), 0.05), LisaClass::NotSignificant);
/// ```
///
/// # References
///
/// Anselin, L. (1995). Local indicators of spatial association – LISA. *Geographical Analysis* 27(2), 93–115.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum LisaClass {
    /// High among high neighbours.
    HighHigh,
    /// Low among low neighbours.
    LowLow,
    /// High among low neighbours.
    HighLow,
    /// Low among high neighbours.
    LowHigh,
    /// Chance would give as much.
    NotSignificant,
}

impl LisaClass {
    /// All classes, in the order of legends.
    pub const ALL: [LisaClass; 5] =
        [Self::HighHigh, Self::LowLow, Self::HighLow, Self::LowHigh, Self::NotSignificant];

    /// The class of a place by its deviation from the mean, that of its neighbours (its spatial lag), and its p-value if that
    /// is known: not significant at `level` and above. A deviation of zero counts as low.
    pub fn of(deviation: f64, lag: f64, p: Option<f64>, level: f64) -> Self {
        match (deviation > 0.0, lag > 0.0) {
            // A p-value that is not a number is no evidence.
            _ if p.is_some_and(|p| p.is_nan() || p >= level) => Self::NotSignificant,
            (true, true) => Self::HighHigh,
            (false, false) => Self::LowLow,
            (true, false) => Self::HighLow,
            (false, true) => Self::LowHigh,
        }
    }

    /// The class in words.
    pub fn name(self, language: Language) -> &'static str {
        match self {
            Self::HighHigh => language.pick("haut parmi des hauts", "high among high"),
            Self::LowLow => language.pick("bas parmi des bas", "low among low"),
            Self::HighLow => language.pick("haut parmi des bas", "high among low"),
            Self::LowHigh => language.pick("bas parmi des hauts", "low among high"),
            Self::NotSignificant => language.pick("non significatif", "not significant"),
        }
    }

    /// The colour of the class: red and blue for clusters, light ones for places unlike their neighbours, grey for the others.
    pub fn colour(self) -> Colour {
        match self {
            Self::HighHigh => Colour::rgb(178, 24, 43),
            Self::LowLow => Colour::rgb(33, 102, 172),
            Self::HighLow => Colour::rgb(244, 165, 130),
            Self::LowHigh => Colour::rgb(146, 197, 222),
            Self::NotSignificant => Colour::rgb(232, 232, 232),
        }
    }

    /// The classes that are met, in the order of legends: for `Typology::with_order`.
    pub fn names_in_order(classes: &[LisaClass], language: Language) -> Vec<&'static str> {
        Self::met(classes).map(|class| class.name(language)).collect()
    }

    /// Their colours in the same order: for `Typology::with_palette`.
    pub fn palette(classes: &[LisaClass]) -> Palette {
        Palette::Categories(Self::met(classes).map(Self::colour).collect())
    }

    fn met(classes: &[LisaClass]) -> impl Iterator<Item = LisaClass> {
        Self::ALL.into_iter().filter(|class| classes.contains(class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check_palette;

    #[test]
    fn classes_are_told_apart_by_all_readers() {
        let Palette::Categories(colours) = LisaClass::palette(&LisaClass::ALL) else { panic!("categories") };
        assert_eq!(check_palette(&colours, false), []);
    }

    #[test]
    fn quadrants_and_significance() {
        let class = |deviation, lag, p| LisaClass::of(deviation, lag, p, 0.05);
        assert_eq!(class(1.0, 1.0, None), LisaClass::HighHigh);
        assert_eq!(class(-1.0, -1.0, Some(0.049)), LisaClass::LowLow);
        assert_eq!(class(1.0, -1.0, Some(0.01)), LisaClass::HighLow);
        assert_eq!(class(-1.0, 1.0, Some(0.01)), LisaClass::LowHigh);
        assert_eq!(
            [class(1.0, 1.0, Some(0.05)), class(1.0, 1.0, Some(f64::NAN))],
            [LisaClass::NotSignificant; 2]
        );
    }

    #[test]
    fn a_class_that_is_not_met_shifts_no_colour() {
        let met = [LisaClass::LowLow, LisaClass::NotSignificant, LisaClass::LowLow];
        assert_eq!(
            LisaClass::names_in_order(&met, Language::French),
            ["bas parmi des bas", "non significatif"]
        );
        let colours = vec![LisaClass::LowLow.colour(), LisaClass::NotSignificant.colour()];
        assert_eq!(LisaClass::palette(&met), Palette::Categories(colours));
    }
}
