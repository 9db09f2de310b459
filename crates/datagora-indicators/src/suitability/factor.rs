//! A factor of suitability: a layer of polygons with a weight.
use datagora_core::Language;

/// A text in French and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Label {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Label {
    /// A text in both languages.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { fr: fr.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::French => &self.fr,
            Language::English => &self.en,
        }
    }
}

/// One step from the objects of a source to the polygons of a factor.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum GeometryStep {
    /// Parts of multi-geometries become rows.
    Explode,
    /// What lies within a distance.
    Buffer {
        /// Distance, m, above 0.
        metres: f64,
    },
    /// What lies within a distance that an attribute of the object tells.
    BufferBy {
        /// Name of the attribute.
        attribute: String,
        /// Metres for one unit of the attribute, above 0.
        metres_per_unit: f64,
        /// Distance for objects without a value, m; without it they are left out.
        otherwise: Option<f64>,
    },
    /// Fewer vertices: none moves by more than a distance.
    Simplify {
        /// Distance, m, above 0.
        metres: f64,
    },
    /// All rows become one geometry, in which ground counts once.
    Dissolve,
}

/// Where the objects of a factor come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FactorSource {
    /// Name of the layer, as its publisher gives it.
    pub layer: String,
    /// Who publishes it.
    pub publisher: String,
    /// Which of its objects are taken, if not all.
    #[cfg_attr(feature = "serde", serde(default))]
    pub selection: Option<String>,
    /// Whether it is known to be published under an open licence.
    pub open: bool,
}

/// A layer that speaks for or against a use of the ground, by a weight.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Factor {
    /// Identifier: lower case letters, digits and hyphens.
    pub id: String,
    /// Name in French, as published, and in English.
    pub name: Label,
    /// What a cell that the factor covers whole gets: above 0 speaks for the use, below 0 against it.
    pub weight: f64,
    /// Whether the use is impossible where the factor covers enough of a cell.
    #[cfg_attr(feature = "serde", serde(default))]
    pub blocking: bool,
    /// Identifier of the [family](FactorFamily) it is shown in.
    pub family: String,
    /// Where its objects come from.
    pub source: FactorSource,
    /// How its polygons are made of them, in this order; none if they are polygons already.
    #[cfg_attr(feature = "serde", serde(default))]
    pub steps: Vec<GeometryStep>,
}

/// Factors that are shown together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FactorFamily {
    /// Identifier: lower case letters, digits and hyphens.
    pub id: String,
    /// Name.
    pub name: Label,
}

/// A range of scores with a name.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SuitabilityClass {
    /// Number that stands for the class in rasters.
    pub code: u8,
    /// Name.
    pub name: Label,
    /// Colour, `#RRGGBB`.
    pub colour: String,
    /// The greatest score that belongs to the class; `None` for the last class.
    pub upper: Option<f64>,
}
