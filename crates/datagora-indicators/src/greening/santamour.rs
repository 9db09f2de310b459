//! The 10-20-30 rule: no species, genus or family should dominate.
use std::collections::BTreeMap;

use datagora_core::{Interval, Measured, Suppression, Unit};

/// Largest shares that a resilient population of trees may have.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SantamourRule {
    /// Percent that one species may have.
    pub species: f64,
    /// Percent that one genus may have.
    pub genus: f64,
    /// Percent that one family may have.
    pub family: f64,
}

impl SantamourRule {
    /// 10, 20 and 30 %, Santamour's rule.
    pub const TEN_TWENTY_THIRTY: SantamourRule = SantamourRule { species: 10.0, genus: 20.0, family: 30.0 };
    /// 5, 10 and 20 %, a stricter variant in use.
    pub const FIVE_TEN_TWENTY: SantamourRule = SantamourRule { species: 5.0, genus: 10.0, family: 20.0 };
}

impl Default for SantamourRule {
    /// 10-20-30.
    fn default() -> Self {
        Self::TEN_TWENTY_THIRTY
    }
}

/// The most common name of a rank.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Dominant {
    /// The name; the first in alphabetical order of equally common ones. `None` if no tree is identified.
    pub name: Option<String>,
    /// Its share of all trees, unidentified ones included, in percent. The upper bound lets all unidentified trees be
    /// of this name.
    pub share: Measured,
    /// Is the limit kept? `None` if it depends on the unidentified trees, or there is no tree.
    pub keeps: Option<bool>,
}

/// The three ranks.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Santamour {
    /// Most common species.
    pub species: Dominant,
    /// Most common genus.
    pub genus: Dominant,
    /// Most common family.
    pub family: Dominant,
}

/// The columns of species, genus and family differ in length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found {species} species, {genus} genera and {family} families; each needs one entry a tree, none where unknown"
)]
pub struct SantamourError {
    /// Species given.
    pub species: usize,
    /// Genera given.
    pub genus: usize,
    /// Families given.
    pub family: usize,
}

/// Checks a population of trees against Santamour's rule.
///
/// # Shapes and units
///
/// For each tree the name of its species, of its genus and of its family → the most common of each rank, its share in
/// percent, and whether the limit is kept.
///
/// # Missing values
///
/// `None` is a tree that is not identified at that rank. It stays in the denominator; where the answer depends on what the
/// unidentified trees are, there is none.
///
/// # Interpretation
///
/// A rule of thumb against a pest that kills one genus. It does not look at age, place or climate.
///
/// # Errors
///
/// [`SantamourError`] if the three columns differ in length.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{SantamourRule, santamour};
///
/// let genus = [Some("Platanus"), Some("Platanus"), Some("Acer"), None, Some("Tilia")];
/// let none = [None; 5];
/// let found = santamour(&none, &genus, &none, SantamourRule::default())?;
/// assert_eq!(found.genus.name.as_deref(), Some("Platanus"));
/// assert_eq!((found.genus.share.value(), found.genus.keeps), (Some(40.0), Some(false)));
/// assert_eq!(found.species.keeps, None);
/// # Ok::<(), datagora_indicators::greening::SantamourError>(())
/// ```
///
/// # References
///
/// Santamour, F. S. (1990). Trees for urban planting: diversity, uniformity, and common sense. Proc. 7th METRIA
/// Conference, 57–65.
pub fn santamour(
    species: &[Option<&str>],
    genus: &[Option<&str>],
    family: &[Option<&str>],
    rule: SantamourRule,
) -> Result<Santamour, SantamourError> {
    if species.len() != genus.len() || genus.len() != family.len() {
        return Err(SantamourError { species: species.len(), genus: genus.len(), family: family.len() });
    }
    Ok(of_ranks(species, genus, family, rule))
}

/// The three ranks of columns of one length.
pub(super) fn of_ranks(
    species: &[Option<&str>],
    genus: &[Option<&str>],
    family: &[Option<&str>],
    rule: SantamourRule,
) -> Santamour {
    Santamour {
        species: dominant(species, rule.species),
        genus: dominant(genus, rule.genus),
        family: dominant(family, rule.family),
    }
}

fn dominant(names: &[Option<&str>], limit: f64) -> Dominant {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for name in names.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let identified: u64 = counts.values().sum();
    let trees = names.len() as u64;
    // Backwards, because the maximum is the last of equally common names.
    let first = counts.iter().rev().max_by_key(|(_, count)| **count).map(|(name, count)| (*name, *count));
    let Some((name, count)) = first else {
        let reason = "no tree was identified".to_owned();
        let share = Measured::suppressed(Unit::PERCENT, Suppression::Undefined { reason })
            .with_completeness(if trees == 0 { 1.0 } else { 0.0 });
        return Dominant { name: None, share, keeps: None };
    };
    let percent = |count: u64| 100.0 * count as f64 / trees as f64;
    let (share, most) = (percent(count), percent(count + trees - identified));
    Dominant {
        name: Some(name.to_owned()),
        share: Measured::new(share, Unit::PERCENT)
            .with_interval(Interval { lower: share, upper: most, level: None })
            .with_observations(identified)
            .with_completeness(identified as f64 / trees as f64),
        keeps: match (share <= limit, most <= limit) {
            (_, true) => Some(true),
            (false, _) => Some(false),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Golden `tree_diversity.json` (own reference, numpy 2.4.6): shares to 1e-12.
    #[test]
    fn golden_eight_species() {
        let trees = [
            ("Platanus acerifolia", "Platanaceae", 420),
            ("Tilia cordata", "Malvaceae", 180),
            ("Acer platanoides", "Sapindaceae", 150),
            ("Acer pseudoplatanus", "Sapindaceae", 90),
            ("Celtis australis", "Cannabaceae", 80),
            ("Quercus ilex", "Fagaceae", 40),
            ("Quercus robur", "Fagaceae", 25),
            ("Prunus avium", "Rosaceae", 15),
        ];
        let each =
            |name: fn(&(&'static str, &'static str, usize)) -> &'static str| -> Vec<Option<&'static str>> {
                trees.iter().flat_map(|tree| vec![Some(name(tree)); tree.2]).collect()
            };
        let genus = each(|tree| tree.0.split(' ').next().unwrap());
        let found = santamour(&each(|t| t.0), &genus, &each(|t| t.1), SantamourRule::default()).unwrap();
        assert_eq!(found.species.name.as_deref(), Some("Platanus acerifolia"));
        assert_eq!(found.genus.name.as_deref(), Some("Platanus"));
        assert_eq!(found.family.name.as_deref(), Some("Platanaceae"));
        for rank in [&found.species, &found.genus, &found.family] {
            assert!((rank.share.value().unwrap() - 42.0).abs() < 1e-12);
            assert_eq!(rank.keeps, Some(false));
        }
    }

    #[test]
    fn unidentified_trees_leave_the_answer_open() {
        let kind = |i: usize| match i {
            0..8 => Some("b"),
            8..16 => Some("a"),
            _ => None,
        };
        let found = dominant(&(0..100).map(kind).collect::<Vec<_>>(), 10.0);
        assert_eq!((found.name.as_deref(), found.keeps), (Some("a"), None));
        assert_eq!(found.share.interval().unwrap().upper, 92.0);
        assert_eq!(dominant(&[], 10.0).keeps, None);
        let none = [None; 2];
        assert!(santamour(&none, &none[1..], &none, SantamourRule::default()).is_err());
    }
}
