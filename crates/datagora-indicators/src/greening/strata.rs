//! Strata of vegetation: what a source calls herbs, shrubs and trees.
mod areas;
mod published;
#[cfg(test)]
mod tests;

use datagora_core::{Bilingual, Language};

pub use self::areas::{StrataAreas, classification_bounds};

/// A definition of the strata of vegetation: names, heights, what is counted, who says so.
///
/// Sources agree on the words and not on the heights: a tree is taller than 1.5 m for one, than 3 or 5 m for another, so
/// that their hectares of "trees" are not the same thing. Areas therefore carry the definition
/// ([`StrataAreas`]), and two definitions meet only in what they have in common ([`Strata::common`]).
///
/// # Published definitions
///
/// | function | strata | source |
/// |---|---|---|
/// | [`eva_2015`](Self::eva_2015) | herbs below 1 m, shrubs to 3 m, trees | Métropole de Lyon, EVA |
/// | [`sortons_au_frais`](Self::sortons_au_frais) | grass, shrubs below 1.5 m, trees | itineraire_fraicheur |
/// | [`ipave`](Self::ipave) | herbs, bushes below 1.5 m, shrubs to 5 m, trees to 15 m, tall trees | ipave-scripts |
/// | [`ipave_groups`](Self::ipave_groups) | herbs, shrubs (the bushes with them) below 5 m, trees | ipave-scripts |
/// | [`iarbre`](Self::iarbre) | trees above 1.5 m; the legend says nothing of what is below | IA·rbre |
/// | [`ud_iarbre`](Self::ud_iarbre) | herbs below 0.3 m, shrubs to 5 m, trees | UD-IArbre-Research |
/// | [`vegestrate`](Self::vegestrate) | herbs and brushwood below 1.5 m; 1.5 to 5, 5 to 15, above 15 m | vegestrate |
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::Strata;
///
/// // Trees of the one begin at 1.5 m, of the other at 3 m: nothing to compare.
/// assert!(Strata::iarbre().common(&Strata::eva_2015()).is_err());
/// // Both can say what is below 5 m and what is above.
/// let shared = Strata::ud_iarbre().common(&Strata::ipave())?;
/// let heights: Vec<_> = shared.classes().iter().map(|class| (class.from, class.to)).collect();
/// assert_eq!(heights, [(0.0, 5.0), (5.0, f64::INFINITY)]);
/// # Ok::<(), datagora_indicators::greening::StrataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked"))]
pub struct Strata {
    name: Bilingual,
    source: String,
    year: Option<i32>,
    water: Option<bool>,
    mean_iou: Option<f64>,
    classes: Vec<Stratum>,
}

/// One stratum of a definition: plants of heights from (included) to (excluded).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Stratum {
    /// Its name.
    pub name: Bilingual,
    /// Which plants of these heights.
    pub growth: Growth,
    /// Least height, m.
    pub from: f64,
    /// Height from which on plants no longer belong to it, m; infinite for the highest.
    #[cfg_attr(feature = "serde", serde(with = "open_end"))]
    pub to: f64,
    /// Published accuracy of its mapping: intersection over union with the truth, 0 to 1.
    pub iou: Option<f64>,
}

/// JSON knows no infinity: a stratum that is open above has no end there.
#[cfg(feature = "serde")]
mod open_end {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(to: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        Some(*to).filter(|to| to.is_finite()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
    }
}

/// Which plants of some height a stratum holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Growth {
    /// All: only the height counts.
    Any,
    /// Grass and herbs.
    Herbaceous,
    /// Brushwood, shrubs, trees.
    Woody,
}

/// Strata that are no definition, or two that do not go together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StrataError {
    /// No stratum.
    #[error("a definition without strata was given; at least one is needed")]
    Empty,
    /// Heights that are no range.
    #[error("stratum {stratum} reaches from {from} to {to} m; 0 ≤ from < to is needed")]
    Heights {
        /// Which, from 0.
        stratum: usize,
        /// From.
        from: f64,
        /// To.
        to: f64,
    },
    /// A plant that belongs to two strata.
    #[error(
        "strata {first} and {second} both hold plants of {height} m; let one end where the other begins, or tell herbs from woody plants"
    )]
    Overlap {
        /// Which, from 0.
        first: usize,
        /// Which, from 0.
        second: usize,
        /// A height that both hold.
        height: f64,
    },
    /// An accuracy that is no share.
    #[error("an intersection over union of {found} was given; a share above 0, at most 1, is needed")]
    Accuracy {
        /// What was given.
        found: f64,
    },
    /// Areas of two definitions.
    #[error("{left} and {right} are not the same strata: {way_out}")]
    Different {
        /// Name and heights of the one.
        left: String,
        /// Of the other.
        right: String,
        /// What can be done.
        way_out: String,
    },
    /// A stratum that is not made of whole strata.
    #[error(
        "{found} cannot be regrouped to {wanted}: no whole strata make it; compute the areas again from heights or from the original classes"
    )]
    NotDivisible {
        /// Name and heights of the definition.
        found: String,
        /// Stratum that was asked for.
        wanted: String,
    },
    /// A height alone does not tell the stratum.
    #[error(
        "{strata} tells herbs from woody plants at {height} m, which a height cannot; regroup them, or give classes"
    )]
    GrowthUnknown {
        /// Name and heights of the definition.
        strata: String,
        /// Height.
        height: f64,
    },
    /// Another number of areas than strata, or of zones.
    #[error("{found} {what} were given; {needed} are needed")]
    Lengths {
        /// Of what.
        what: &'static str,
        /// Given.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// A stratum that the definition has not.
    #[error("stratum {found} was given (counted from 0); the definition has {strata}")]
    NoSuchClass {
        /// Given.
        found: usize,
        /// How many there are.
        strata: usize,
    },
    /// Areas that do not add up.
    #[error(transparent)]
    Value(#[from] datagora_core::ValueError),
}

/// Definition as it is read, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Unchecked {
    name: Bilingual,
    source: String,
    year: Option<i32>,
    water: Option<bool>,
    mean_iou: Option<f64>,
    classes: Vec<Stratum>,
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for Strata {
    type Error = StrataError;

    fn try_from(read: Unchecked) -> Result<Self, StrataError> {
        let checked = Self::new(read.name, read.source, read.classes)?;
        let checked = Self { year: read.year, water: read.water, ..checked };
        read.mean_iou.map_or(Ok(checked.clone()), |iou| checked.with_mean_iou(iou))
    }
}

impl Stratum {
    /// A stratum of all plants of these heights, without a published accuracy.
    pub fn new(name: Bilingual, from: f64, to: f64) -> Self {
        Self { name, growth: Growth::Any, from, to, iou: None }
    }

    /// Of some plants only.
    #[must_use]
    pub fn of(self, growth: Growth) -> Self {
        Self { growth, ..self }
    }

    /// With the published accuracy of its mapping.
    #[must_use]
    pub fn with_iou(self, iou: f64) -> Self {
        Self { iou: Some(iou), ..self }
    }

    /// Its heights in words: « 1,5 à 5 m », "1.5 to 5 m".
    pub fn heights(&self, language: Language) -> String {
        let number = |height: f64| {
            let text = height.to_string();
            if language == Language::French { text.replace('.', ",") } else { text }
        };
        let (from, to) = (number(self.from), number(self.to));
        match (self.from > 0.0, self.to.is_finite()) {
            (false, false) => language.pick("toute hauteur", "any height").to_owned(),
            (false, true) => format!("{} {to} m", language.pick("moins de", "below")),
            (true, false) => format!("{from} m {}", language.pick("et plus", "and above")),
            (true, true) => format!("{from} {} {to} m", language.pick("à", "to")),
        }
    }

    fn shares_with(&self, other: &Self) -> Option<f64> {
        let apart = matches!(
            (self.growth, other.growth),
            (Growth::Herbaceous, Growth::Woody) | (Growth::Woody, Growth::Herbaceous)
        );
        let from = self.from.max(other.from);
        (!apart && from < self.to.min(other.to)).then_some(from)
    }

    fn holds(&self, height: f64) -> bool {
        self.from <= height && height < self.to
    }
}

impl Strata {
    /// A definition of one's own.
    ///
    /// # Errors
    ///
    /// [`StrataError::Empty`], [`StrataError::Heights`], [`StrataError::Overlap`], [`StrataError::Accuracy`]. Heights that
    /// no stratum holds are allowed: some sources say nothing of what is low.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Bilingual;
    /// use datagora_indicators::greening::{Strata, Stratum};
    ///
    /// let ours = Strata::new(
    ///     Bilingual::new("Charte de l’arbre", "Tree charter"),
    ///     "Service Arbres et paysage",
    ///     vec![
    ///         Stratum::new(Bilingual::new("bas", "low"), 0.0, 2.0),
    ///         Stratum::new(Bilingual::new("haut", "high"), 2.0, f64::INFINITY),
    ///     ],
    /// )?;
    /// assert_eq!(ours.class_of_height(2.0)?, Some(1));
    /// # Ok::<(), datagora_indicators::greening::StrataError>(())
    /// ```
    pub fn new(
        name: Bilingual,
        source: impl Into<String>,
        classes: Vec<Stratum>,
    ) -> Result<Self, StrataError> {
        if classes.is_empty() {
            return Err(StrataError::Empty);
        }
        for (stratum, &Stratum { from, to, iou, .. }) in classes.iter().enumerate() {
            // Written so that NaN is refused.
            if !(from >= 0.0 && from < to) {
                return Err(StrataError::Heights { stratum, from, to });
            }
            iou.map_or(Ok(()), check_iou)?;
        }
        for (second, class) in classes.iter().enumerate() {
            for (first, other) in classes[..second].iter().enumerate() {
                if let Some(height) = class.shares_with(other) {
                    return Err(StrataError::Overlap { first, second, height });
                }
            }
        }
        Ok(Self { name, source: source.into(), year: None, water: None, mean_iou: None, classes })
    }

    /// As of a year.
    #[must_use]
    pub fn with_year(self, year: i32) -> Self {
        Self { year: Some(year), ..self }
    }

    /// Saying whether ground under water counts as vegetation.
    #[must_use]
    pub fn with_water(self, counted: bool) -> Self {
        Self { water: Some(counted), ..self }
    }

    /// With the mean, over the classes, of the intersection over union with the truth.
    ///
    /// # Errors
    ///
    /// [`StrataError::Accuracy`].
    pub fn with_mean_iou(self, iou: f64) -> Result<Self, StrataError> {
        check_iou(iou)?;
        Ok(Self { mean_iou: Some(iou), ..self })
    }

    /// Its name.
    pub fn name(&self, language: Language) -> &str {
        self.name.get(language)
    }

    /// Who defines it, and where.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Year of the definition, or of the version that was read.
    pub fn year(&self) -> Option<i32> {
        self.year
    }

    /// Whether ground under water counts as vegetation; `None` if the source does not say.
    pub fn water(&self) -> Option<bool> {
        self.water
    }

    /// Published mean of the accuracy over the classes. It is that of none of them, and bounds no area by itself.
    pub fn mean_iou(&self) -> Option<f64> {
        self.mean_iou
    }

    /// The strata, in the order of the definition.
    pub fn classes(&self) -> &[Stratum] {
        &self.classes
    }

    /// The stratum of a plant of this height, m; `None` if the definition has none for it, or the height is NaN.
    ///
    /// # Errors
    ///
    /// [`StrataError::GrowthUnknown`] where the definition tells herbs from woody plants of one height.
    pub fn class_of_height(&self, height: f64) -> Result<Option<usize>, StrataError> {
        let mut holding = (0..self.classes.len()).filter(|&class| self.classes[class].holds(height));
        match (holding.next(), holding.next()) {
            (Some(class), None) if self.classes[class].growth == Growth::Any => Ok(Some(class)),
            (Some(_), _) => Err(StrataError::GrowthUnknown { strata: self.in_words(), height }),
            (None, _) => Ok(None),
        }
    }

    /// Whether the strata are those of another definition: the same plants in the same order, whatever their names.
    pub fn agrees_with(&self, other: &Strata) -> bool {
        let class = |s: &Stratum| (s.growth, s.from, s.to);
        self.classes.iter().map(class).eq(other.classes.iter().map(class))
            && self.water.unwrap_or(false) == other.water.unwrap_or(false)
    }

    /// The strata that both definitions can be regrouped to: bands between heights at which both divide, of the same
    /// plants in both.
    ///
    /// # Errors
    ///
    /// [`StrataError::Different`] if there is no such band, or water counts in one and not in the other. What can be
    /// done then is to compute one of the two again from heights.
    pub fn common(&self, other: &Strata) -> Result<Strata, StrataError> {
        let bands = self.bands_with(other);
        if bands.is_empty() {
            return Err(self.different(other));
        }
        let name = Bilingual::new(
            format!("Strates communes : {} et {}", self.name.fr, other.name.fr),
            format!("Common strata: {} and {}", self.name.en, other.name.en),
        );
        let common = Self::new(name, format!("{}; {}", self.source, other.source), bands)?;
        Ok(Self { water: self.water.filter(|_| self.water == other.water), ..common })
    }

    fn bands_with(&self, other: &Strata) -> Vec<Stratum> {
        if self.water.unwrap_or(false) != other.water.unwrap_or(false) {
            return Vec::new();
        }
        let theirs = other.ends();
        let shared: Vec<f64> = self.ends().into_iter().filter(|end| theirs.contains(end)).collect();
        let band = |pair: &[f64]| {
            let (from, to) = (pair[0], pair[1]);
            let growth =
                self.growth_within(from, to).filter(|own| other.growth_within(from, to) == Some(*own))?;
            let bare = Stratum::new(Bilingual::new("", ""), from, to).of(growth);
            let name = Bilingual::new(bare.heights(Language::French), bare.heights(Language::English));
            Some(Stratum { name, ..bare })
        };
        shared.windows(2).filter_map(band).collect()
    }

    /// Heights at which a stratum begins or ends, ascending.
    fn ends(&self) -> Vec<f64> {
        let mut ends: Vec<f64> = self.classes.iter().flat_map(|class| [class.from, class.to]).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        ends
    }

    /// The classes that lie wholly within heights; `None` if one reaches over an end.
    fn within(&self, from: f64, to: f64) -> Option<Vec<usize>> {
        let meeting: Vec<usize> = (0..self.classes.len())
            .filter(|&class| self.classes[class].from < to && from < self.classes[class].to)
            .collect();
        let whole = |&class: &usize| from <= self.classes[class].from && self.classes[class].to <= to;
        meeting.iter().all(whole).then_some(meeting)
    }

    /// Which plants of these heights the definition counts, if it counts the same ones throughout.
    fn growth_within(&self, from: f64, to: f64) -> Option<Growth> {
        let classes = self.within(from, to)?;
        let cuts: Vec<f64> = self.ends().into_iter().filter(|end| from <= *end && *end <= to).collect();
        let mut growths = cuts.windows(2).map(|pair| {
            let at = |wanted: Growth| {
                classes
                    .iter()
                    .any(|&class| self.classes[class].growth == wanted && self.classes[class].holds(pair[0]))
            };
            match (at(Growth::Any), at(Growth::Herbaceous), at(Growth::Woody)) {
                (true, ..) | (_, true, true) => Some(Growth::Any),
                (_, true, false) => Some(Growth::Herbaceous),
                (_, false, true) if self.herbs_end_by(pair[0]) => Some(Growth::Any),
                (_, false, true) => Some(Growth::Woody),
                (_, false, false) => None,
            }
        });
        let first = growths.next()??;
        growths.all(|growth| growth == Some(first)).then_some(first)
    }

    /// Whether the definition has herbs, and none as tall as this: what is taller is woody, whatever it is called.
    fn herbs_end_by(&self, height: f64) -> bool {
        let mut herbs = self.classes.iter().filter(|class| class.growth == Growth::Herbaceous).peekable();
        herbs.peek().is_some() && herbs.all(|class| class.to <= height)
    }

    /// The classes that make up a stratum.
    fn making(&self, wanted: &Stratum) -> Result<Vec<usize>, StrataError> {
        self.within(wanted.from, wanted.to)
            .filter(|_| self.growth_within(wanted.from, wanted.to) == Some(wanted.growth))
            .ok_or_else(|| StrataError::NotDivisible {
                found: self.in_words(),
                wanted: format!("“{}” ({})", wanted.name.en, wanted.heights(Language::English)),
            })
    }

    fn different(&self, other: &Strata) -> StrataError {
        let bands = self.bands_with(other);
        let way_out = if bands.is_empty() {
            "they share no band of heights; compute one of them again from heights".to_owned()
        } else {
            let bands: Vec<String> = bands.iter().map(|band| band.heights(Language::English)).collect();
            format!(
                "regroup both to what they share ({}), or compute one of them again from heights",
                bands.join(", ")
            )
        };
        StrataError::Different { left: self.in_words(), right: other.in_words(), way_out }
    }

    /// Name and strata in English: for messages.
    fn in_words(&self) -> String {
        let class = |class: &Stratum| format!("{} {}", class.name.en, class.heights(Language::English));
        let classes: Vec<String> = self.classes.iter().map(class).collect();
        let water = if self.water == Some(true) { ", water with them" } else { "" };
        format!("“{}” ({}{water})", self.name.en, classes.join(", "))
    }
}

fn check_iou(found: f64) -> Result<(), StrataError> {
    if found > 0.0 && found <= 1.0 { Ok(()) } else { Err(StrataError::Accuracy { found }) }
}
