//! Tables of coefficients by type of surface: what is counted how much.
use std::borrow::Cow;

/// Coefficients by type of surface, with the document they come from.
///
/// ```
/// use datagora_indicators::heat::CoefficientTable;
///
/// let berlin = CoefficientTable::berlin_biotope_area_factor();
/// assert_eq!(berlin.coefficient("green_roof")?, 0.7);
/// assert!(berlin.coefficient("lawn").unwrap_err().to_string().contains("sealed"));
/// # Ok::<(), datagora_indicators::heat::CoefficientError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CoefficientTable {
    source: Cow<'static, str>,
    entries: Vec<(Cow<'static, str>, f64)>,
}

/// Surfaces that a table says nothing of, or numbers that are none of surfaces.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoefficientError {
    /// A type that the table does not have.
    #[error("no coefficient for {found:?}; the table has {known}")]
    Unknown {
        /// Type found.
        found: String,
        /// Types of the table.
        known: String,
    },
    /// The same type twice.
    #[error("{0:?} stands twice in the table; one coefficient for each type is needed")]
    Twice(String),
    /// A coefficient outside of its range.
    #[error("the coefficient of {name:?} is {found}; a number from 0 to 1 is needed")]
    Range {
        /// Type.
        name: String,
        /// Coefficient found.
        found: f64,
    },
    /// An area below zero, or infinite.
    #[error("found {value} m² of {name:?}; an area is finite and not negative: mark an unknown one as NaN")]
    Area {
        /// Type.
        name: String,
        /// Area found.
        value: f64,
    },
}

impl CoefficientTable {
    /// A table of types with their coefficients, 0 to 1, and the document they are from, such as the plan local
    /// d'urbanisme of a commune.
    ///
    /// # Errors
    ///
    /// [`CoefficientError::Twice`], [`CoefficientError::Range`].
    ///
    /// ```
    /// use datagora_indicators::heat::CoefficientTable;
    ///
    /// let runoff = CoefficientTable::new("made example", [("roof", 1.0), ("gravel", 0.5), ("lawn", 0.0)])?;
    /// assert_eq!(runoff.source(), "made example");
    /// # Ok::<(), datagora_indicators::heat::CoefficientError>(())
    /// ```
    pub fn new(
        source: impl Into<Cow<'static, str>>,
        entries: impl IntoIterator<Item = (impl Into<Cow<'static, str>>, f64)>,
    ) -> Result<Self, CoefficientError> {
        let mut table = Self { source: source.into(), entries: Vec::new() };
        for (name, found) in entries {
            let name = name.into();
            if table.entries.iter().any(|(other, _)| *other == name) {
                return Err(CoefficientError::Twice(name.into_owned()));
            }
            if !(0.0..=1.0).contains(&found) {
                return Err(CoefficientError::Range { name: name.into_owned(), found });
            }
            table.entries.push((name, found));
        }
        Ok(table)
    }

    /// Biotopflächenfaktor of Berlin.
    ///
    /// Becker, G. and Mohren, R. (1990). *The Biotope Area Factor as an Ecological Parameter*. Landschaft Planen & Bauen,
    /// Berlin; table of the Senatsverwaltung für Stadtentwicklung. Rain of roofs that seeps away counts 0.2 for each m² of
    /// roof, beside the roof itself; green walls count by their area up to 10 m.
    pub fn berlin_biotope_area_factor() -> Self {
        Self::of_facts(
            "Becker and Mohren (1990), Biotopflächenfaktor, Berlin",
            &[
                ("sealed", 0.0),
                ("partially_sealed", 0.3),
                ("semi_open", 0.5),
                ("vegetation_on_less_than_80_cm", 0.5),
                ("vegetation_on_80_cm_or_more", 0.7),
                ("vegetation_connected_to_soil", 1.0),
                ("rainwater_infiltration_of_roof", 0.2),
                ("vertical_greenery", 0.5),
                ("green_roof", 0.7),
            ],
        )
    }

    /// Coefficient de biotope par surface as the French examples have it; each plan local d'urbanisme sets its own.
    ///
    /// ADEME, *Écosystèmes dans les territoires*, fiche 11: coefficient de biotope par surface.
    pub fn french_biotope() -> Self {
        Self::of_facts(
            "ADEME, fiche 11, coefficient de biotope par surface",
            &[
                ("impermeable", 0.0),
                ("semi_permeable", 0.3),
                ("semi_ouvert", 0.5),
                ("mur_vegetalise", 0.5),
                ("toiture_vegetalisee", 0.7),
                ("pleine_terre", 1.0),
            ],
        )
    }

    fn of_facts(source: &'static str, entries: &[(&'static str, f64)]) -> Self {
        let entries = entries.iter().map(|&(name, value)| (name.into(), value)).collect();
        Self { source: source.into(), entries }
    }

    /// Where the coefficients are from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Types and coefficients, in the order of the document.
    pub fn entries(&self) -> impl Iterator<Item = (&str, f64)> {
        self.entries.iter().map(|(name, value)| (name.as_ref(), *value))
    }

    /// The coefficient of a type.
    ///
    /// # Errors
    ///
    /// [`CoefficientError::Unknown`]: a surface that the document does not name is not nothing.
    pub fn coefficient(&self, name: &str) -> Result<f64, CoefficientError> {
        let found = self.entries.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| *value).ok_or_else(|| CoefficientError::Unknown {
            found: name.to_owned(),
            known: self.entries.iter().map(|(name, _)| name.as_ref()).collect::<Vec<&str>>().join(", "),
        })
    }

    /// Coefficient and area of each surface.
    pub(super) fn weigh<'a>(
        &self,
        surfaces: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<Vec<(f64, f64)>, CoefficientError> {
        let weigh = |(name, value): (&str, f64)| {
            let coefficient = self.coefficient(name)?;
            if value < 0.0 || value.is_infinite() {
                return Err(CoefficientError::Area { name: name.to_owned(), value });
            }
            Ok((coefficient, value))
        };
        surfaces.into_iter().map(weigh).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sound_and_say_what_they_lack() {
        for table in [CoefficientTable::berlin_biotope_area_factor(), CoefficientTable::french_biotope()] {
            let again = CoefficientTable::new(
                table.source().to_owned(),
                table.entries().map(|(name, value)| (name.to_owned(), value)),
            );
            assert_eq!(again, Ok(table));
        }
        assert_eq!(
            CoefficientTable::new("x", [("a", 0.0), ("a", 1.0)]),
            Err(CoefficientError::Twice("a".into()))
        );
        assert_eq!(
            CoefficientTable::new("x", [("a", 1.5)]),
            Err(CoefficientError::Range { name: "a".into(), found: 1.5 })
        );
        let french = CoefficientTable::french_biotope();
        assert!(matches!(french.weigh([("mur_vegetalise", -1.0)]), Err(CoefficientError::Area { .. })));
        assert!(matches!(french.weigh([("mur", 1.0)]), Err(CoefficientError::Unknown { .. })));
    }
}
