//! Primary secrecy of one cell.
use crate::{Interval, Suppression};

/// When a cell may be published.
///
/// The default is the rule of INSEE for enterprises: at least three units, and none that makes up 85 % of the total.
/// Publications differ in whether exactly 85 % is too much; here it is.
///
/// A unit that contributes nothing does not hide the others, and is not counted among the three unless
/// [`SecrecyRule::with_zeros_counted`] says so. A cell without any unit is empty, and may be published as such.
///
/// # Missing values
///
/// A contribution that is NaN or infinite is unknown: it counts as a bracket from 0 to infinity, so that whether it
/// dominates cannot be decided and the cell is withheld, [`Suppression::PossibleDominance`]. The same goes for brackets
/// that leave dominance open.
///
/// # References
///
/// INSEE, *Guide du secret statistique*; Loi 51-711 du 7 juin 1951, art. 6. Hundepool, A. et al. (2012). *Statistical
/// Disclosure Control*. Wiley, ch. 4.
///
/// # Example
///
/// ```
/// use datagora_core::disclosure::{Assessment, SecrecyRule};
/// use datagora_core::Suppression;
///
/// let rule = SecrecyRule::default();
/// assert_eq!(rule.assess(&[30.0, 25.0, 20.0]), Assessment::Publishable);
/// assert_eq!(rule.assess(&[900.0, 50.0, 30.0]), Assessment::Withheld(Suppression::Dominance { limit: 0.85 }));
/// assert_eq!(rule.assess(&[10.0, 20.0]), Assessment::Withheld(Suppression::FewUnits { minimum: 3 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SecrecyRule {
    minimum_units: u64,
    dominance_limit: f64,
    zeros_counted: bool,
    protection: f64,
}

/// May a cell be published?
#[derive(Clone, Debug, PartialEq)]
pub enum Assessment {
    /// Nothing contributes; nothing to hide.
    Empty,
    /// Yes.
    Publishable,
    /// No, and why.
    Withheld(Suppression),
}

impl Assessment {
    /// Is it withheld?
    pub fn is_withheld(&self) -> bool {
        matches!(self, Assessment::Withheld(_))
    }
}

impl Default for SecrecyRule {
    fn default() -> Self {
        Self { minimum_units: 3, dominance_limit: 0.85, zeros_counted: false, protection: 0.1 }
    }
}

impl SecrecyRule {
    /// With another least number of contributing units.
    pub fn with_minimum_units(self, minimum_units: u64) -> Self {
        Self { minimum_units, ..self }
    }

    /// With another share of the total that no unit may reach; above 1 for no such limit.
    pub fn with_dominance_limit(self, dominance_limit: f64) -> Self {
        Self { dominance_limit, ..self }
    }

    /// With units that contribute nothing counted among those needed.
    pub fn with_zeros_counted(self, zeros_counted: bool) -> Self {
        Self { zeros_counted, ..self }
    }

    /// With another share of a withheld value by which, to either side, a reader must remain unsure of it; 0.1 unless
    /// said otherwise. At 0 it is enough that the value cannot be computed exactly.
    pub fn with_protection(self, protection: f64) -> Self {
        Self { protection, ..self }
    }

    /// The share of a withheld value by which a reader must remain unsure of it.
    pub(super) fn protection(&self) -> f64 {
        if self.protection.is_finite() { self.protection.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Assesses a cell by what each unit contributes. Of negative contributions the size counts.
    pub fn assess(&self, contributions: &[f64]) -> Assessment {
        let brackets: Vec<Interval> = contributions.iter().map(|value| bracket(*value)).collect();
        self.assess_brackets(&brackets)
    }

    /// Assesses a cell by the bracket in which each unit's contribution lies, such as brackets of employment; bounds
    /// are not negative.
    ///
    /// A unit counts if its contribution is certainly above 0. If within the brackets some unit could reach the limit,
    /// the cell is withheld.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::disclosure::{Assessment, SecrecyRule};
    /// use datagora_core::{Interval, Suppression};
    ///
    /// let small = Interval::certain(1.0, 2.0)?;
    /// let large = Interval::certain(10.0, 19.0)?;
    /// let rule = SecrecyRule::default();
    /// assert_eq!(rule.assess_brackets(&[large, large, small]), Assessment::Publishable);
    /// // 19 of 21 is too much, 10 of 14 is not: it cannot be known.
    /// let undecided = Suppression::PossibleDominance { limit: 0.85 };
    /// assert_eq!(rule.assess_brackets(&[large, small, small]), Assessment::Withheld(undecided));
    /// # Ok::<(), datagora_core::ValueError>(())
    /// ```
    pub fn assess_brackets(&self, contributions: &[Interval]) -> Assessment {
        if contributions.is_empty() {
            return Assessment::Empty;
        }
        let counts =
            |bracket: &&Interval| self.zeros_counted || bracket.lower > 0.0 || bracket.upper == f64::INFINITY;
        let units = contributions.iter().filter(counts).count() as u64;
        if units < self.minimum_units {
            return Assessment::Withheld(Suppression::FewUnits { minimum: self.minimum_units });
        }
        let limit = self.dominance_limit;
        let least: f64 = contributions.iter().map(|bracket| bracket.lower).sum();
        let bounded: f64 =
            contributions.iter().map(|bracket| bracket.upper).filter(|upper| upper.is_finite()).sum();
        let unbounded = contributions.iter().filter(|bracket| bracket.upper.is_infinite()).count();
        let mut possible = false;
        for Interval { lower, upper, .. } in contributions {
            // The most that the others can be together.
            let others = match (unbounded, upper.is_infinite()) {
                (0, _) => bounded - upper,
                (1, true) => bounded,
                _ => f64::INFINITY,
            };
            if share(*lower, others) >= limit {
                return Assessment::Withheld(Suppression::Dominance { limit });
            }
            possible |= share(*upper, least - lower) >= limit;
        }
        if possible {
            Assessment::Withheld(Suppression::PossibleDominance { limit })
        } else {
            Assessment::Publishable
        }
    }
}

/// Share of one contribution beside the sum of the others.
fn share(own: f64, others: f64) -> f64 {
    if own == f64::INFINITY {
        return 1.0;
    }
    if own == 0.0 || others == f64::INFINITY {
        return 0.0;
    }
    own / (own + others.max(0.0))
}

fn bracket(value: f64) -> Interval {
    if value.is_finite() {
        Interval { lower: value.abs(), upper: value.abs(), level: None }
    } else {
        Interval { lower: 0.0, upper: f64::INFINITY, level: None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FEW: Assessment = Assessment::Withheld(Suppression::FewUnits { minimum: 3 });
    const DOMINATED: Assessment = Assessment::Withheld(Suppression::Dominance { limit: 0.85 });
    const UNDECIDED: Assessment = Assessment::Withheld(Suppression::PossibleDominance { limit: 0.85 });

    /// Golden values: own reference, numpy 2.4.6; exact.
    #[cfg(feature = "serde")]
    #[test]
    fn agrees_with_the_reference() -> Result<(), Box<dyn std::error::Error>> {
        let Some(golden) = crate::code::shared_data("../golden/indicators/confidentiality.json")? else {
            return Ok(());
        };
        let golden: serde_json::Value = serde_json::from_str(&golden)?;
        let cells = golden["inputs"]["cells"].as_array().ok_or("no cells")?;
        assert_eq!(cells.len(), 4);
        for cell in cells {
            let id = cell["id"].as_str().ok_or("no id")?;
            let values: Vec<f64> = serde_json::from_value(cell["values"].clone())?;
            let expected = match golden["outputs"]["primary"][id].as_str() {
                Some("freq") => FEW,
                Some("dominance") => DOMINATED,
                Some("empty") => Assessment::Empty,
                Some("ok") => Assessment::Publishable,
                other => return Err(format!("{id}: {other:?}").into()),
            };
            assert_eq!(SecrecyRule::default().assess(&values), expected, "{id}");
        }
        Ok(())
    }

    #[test]
    fn the_limit_itself_is_too_much() {
        let rule = SecrecyRule::default();
        assert_eq!(rule.assess(&[85.0, 10.0, 5.0]), DOMINATED);
        assert_eq!(rule.assess(&[84.9, 10.0, 5.1]), Assessment::Publishable);
        assert_eq!(rule.with_dominance_limit(2.0).assess(&[1e9, 1.0, 1.0]), Assessment::Publishable);
        assert_eq!(rule.assess(&[-900.0, 50.0, 30.0]), DOMINATED);
    }

    #[test]
    fn zeros_hide_nobody() {
        let rule = SecrecyRule::default();
        assert_eq!(rule.assess(&[40.0, 30.0, 0.0]), FEW);
        assert_eq!(rule.with_zeros_counted(true).assess(&[40.0, 30.0, 0.0]), Assessment::Publishable);
        assert_eq!(rule.assess(&[0.0, 0.0, 0.0]), FEW);
        assert_eq!(rule.with_zeros_counted(true).assess(&[0.0, 0.0, 0.0]), Assessment::Publishable);
    }

    #[test]
    fn the_unknown_may_dominate() {
        let rule = SecrecyRule::default();
        assert_eq!(rule.assess(&[10.0, 10.0, 10.0, f64::NAN]), UNDECIDED);
        let open = Interval { lower: 10_000.0, upper: f64::INFINITY, level: None };
        let small = Interval { lower: 1.0, upper: 2.0, level: None };
        // At least 10 000 beside at most 6.
        assert_eq!(rule.assess_brackets(&[open, small, small, small]), DOMINATED);
        assert_eq!(rule.assess_brackets(&[open, open, small]), UNDECIDED);
    }

    proptest! {
        /// Whatever the brackets, publishing is decided as for every contribution they allow, or more carefully.
        #[test]
        fn brackets_are_careful(units in proptest::collection::vec((0.0f64..100.0, 0.0f64..100.0, 0.0f64..=1.0), 0..7)) {
            let rule = SecrecyRule::default();
            let brackets: Vec<Interval> = units
                .iter()
                .map(|(lower, width, _)| Interval { lower: *lower, upper: lower + width, level: None })
                .collect();
            let truth: Vec<f64> = units.iter().map(|(lower, width, share)| lower + width * share).collect();
            if rule.assess(&truth).is_withheld() && !truth.contains(&0.0) {
                prop_assert!(rule.assess_brackets(&brackets).is_withheld());
            }
            if rule.assess_brackets(&brackets) == DOMINATED {
                prop_assert_eq!(rule.assess(&truth), DOMINATED);
            }
        }
    }
}
