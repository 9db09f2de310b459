//! What combining licences implies.
use std::collections::BTreeSet;

use super::{Licence, Obligations};

/// What is made of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Use {
    /// A database that contains a substantial part of them, changed or merged, is published: a table, a GeoParquet file.
    DerivedDatabase,
    /// A work that shows what they say is published: a map, a chart, a report.
    ProducedWork,
    /// Nothing leaves the house.
    Internal,
}

/// Under which terms the result of a combination may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Terms {
    purpose: Use,
    licence: Option<Licence>,
    inputs: Vec<Licence>,
    obligations: Obligations,
}

impl Terms {
    /// What is made of the data.
    pub fn purpose(&self) -> Use {
        self.purpose
    }

    /// The licence under which the result may be published: required where something is shared alike, else the freest
    /// that passes on what the inputs ask for. `None` for internal use: nothing is published.
    pub fn licence(&self) -> Option<Licence> {
        self.licence
    }

    /// The licences that oblige to something, sorted; each must be honoured, whatever the licence of the result.
    pub fn inputs(&self) -> &[Licence] {
        &self.inputs
    }

    /// All that has to be done.
    pub fn obligations(&self) -> Obligations {
        self.obligations
    }
}

/// Licences that cannot be honoured together.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LicenceConflict {
    /// Two licences each want the result for themselves.
    #[error(
        "{first} and {second} both ask that what is derived be published under themselves ({}); \
         publish the data apart, or a work in which they lie side by side, or ask a publisher for another licence",
        share_alike_sections(*.first, *.second)
    )]
    ShareAlike {
        /// One of them.
        first: Licence,
        /// The other.
        second: Licence,
    },
    /// Commercial use is forbidden by one and must stay free by the other.
    #[error(
        "{non_commercial} forbids commercial use (§2(a)(1)), {share_alike} forbids to add such a restriction \
         (ODbL §4.8, CC BY-SA §3(b)(3)); leave one of them out, or ask a publisher for another licence"
    )]
    NonCommercial {
        /// The one that forbids commercial use.
        non_commercial: Licence,
        /// The one that allows no further restriction.
        share_alike: Licence,
    },
    /// Nothing derived may be published.
    #[error(
        "{licence} allows to pass the data on unchanged, not to publish what is derived from them (§2(a)(1)(B)); \
         leave them out, or ask the publisher for another licence"
    )]
    NoDerivatives {
        /// The licence.
        licence: Licence,
    },
    /// A source states no licence, so that nobody was given the right to publish.
    #[error(
        "a source states no licence, so it may not be published; leave it out, ask the publisher, \
         or use the data internally only"
    )]
    Unstated,
}

fn share_alike_sections(first: Licence, second: Licence) -> &'static str {
    if first == Licence::Odbl1 || second == Licence::Odbl1 { "ODbL §4.4, CC §3(b)" } else { "CC §3(b)" }
}

/// What may be done with data under these licences, put together, and what has to be done.
///
/// The order of the licences does not matter, nor do repetitions; CC0 changes nothing, so that no licence at all (data of
/// one's own) counts as CC0.
///
/// The Open Database License is share-alike for derived *databases* (§4.4) but not for *produced works* (§4.5 b), which need
/// its notice (§4.3), and the database from which they were made has to be offered (§4.6). Data that were *merged* before
/// the work was made count as a database in public use (§4.4 c): such data have to pass as
/// [`Use::DerivedDatabase`] too, which [`Dataset::combine`](crate::Dataset::combine) checks; layers that lie side by side in a
/// map are a collective database (§4.5 a) and need not.
///
/// # Errors
///
/// [`LicenceConflict`] when no licence would satisfy all of them; the reason is the one that weighs most: nothing stated,
/// then no derivatives, then share-alike, then commercial use.
///
/// # Example
///
/// ```
/// use datagora_core::{Licence, Use, combine};
///
/// let both = [Licence::Odbl1, Licence::CcBySa4];
/// assert!(combine(&both, Use::DerivedDatabase).is_err());
/// let map = combine(&both, Use::ProducedWork)?;
/// assert_eq!(map.licence(), Some(Licence::CcBySa4));
/// assert!(map.obligations().keep_notice);
/// # Ok::<(), datagora_core::LicenceConflict>(())
/// ```
///
/// # References
///
/// Open Data Commons *Open Database License 1.0*; Creative Commons *Attribution-ShareAlike 4.0* and its siblings; Etalab
/// *Licence Ouverte 2.0*. This is what the texts say in plain cases, not legal advice.
pub fn combine(licences: &[Licence], purpose: Use) -> Result<Terms, LicenceConflict> {
    let all: BTreeSet<Licence> = licences.iter().copied().collect();
    let mut obligations =
        all.iter().fold(Obligations::default(), |sum, licence| sum.union(licence.obligations()));
    let inputs =
        all.iter().copied().filter(|licence| licence.obligations() != Obligations::default()).collect();
    match purpose {
        Use::Internal => {
            // What only binds on publication falls away; CC's NonCommercial also binds reproduction at home.
            let obligations =
                Obligations { non_commercial: obligations.non_commercial, ..Obligations::default() };
            return Ok(Terms { purpose, licence: None, inputs, obligations });
        }
        Use::DerivedDatabase => {
            obligations.share_alike_works = false;
            obligations.offer_database = false;
        }
        Use::ProducedWork => obligations.share_alike_databases = false,
    }
    if all.contains(&Licence::Unstated) {
        return Err(LicenceConflict::Unstated);
    }
    if let Some(&licence) = all.iter().find(|licence| licence.obligations().no_derivatives) {
        return Err(LicenceConflict::NoDerivatives { licence });
    }
    let shares_alike = |licence: &&Licence| match purpose {
        Use::DerivedDatabase => licence.obligations().share_alike_databases,
        _ => licence.obligations().share_alike_works,
    };
    let mut alike = all.iter().filter(shares_alike);
    let alike = match (alike.next(), alike.next()) {
        (Some(&first), Some(&second)) => return Err(LicenceConflict::ShareAlike { first, second }),
        (first, _) => first.copied(),
    };
    let non_commercial = all.iter().copied().find(|licence| licence.obligations().non_commercial);
    if let (Some(share_alike), Some(non_commercial)) = (alike, non_commercial)
        && !share_alike.obligations().non_commercial
    {
        return Err(LicenceConflict::NonCommercial { non_commercial, share_alike });
    }
    // The licences for databases ask of a work only that it name its source: CC BY says that of works.
    let freest = all.iter().map(|&licence| match (purpose, licence) {
        (Use::ProducedWork, Licence::Odbl1 | Licence::OdcBy1) => Licence::CcBy4,
        _ => licence,
    });
    let licence = alike.or_else(|| freest.max_by_key(|&licence| demand(licence))).unwrap_or(Licence::Cc0);
    Ok(Terms { purpose, licence: Some(licence), inputs, obligations })
}

/// The order in which a licence can stand in for another: it asks for all that the lower ones ask for.
///
/// The Licence Ouverte declares itself compatible with any licence that asks at least for attribution, and names CC BY and ODC-By.
fn demand(licence: Licence) -> u8 {
    match licence {
        Licence::Cc0 => 0,
        Licence::Pddl1 => 1,
        Licence::Mit => 2,
        Licence::LicenceOuverte1 => 3,
        Licence::LicenceOuverte2 => 4,
        Licence::OdcBy1 => 5,
        Licence::CcBy4 => 6,
        Licence::CcByNc4 => 7,
        // Dealt with before: shared alike, or refused.
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn derived(licences: &[Licence]) -> Result<Licence, LicenceConflict> {
        combine(licences, Use::DerivedDatabase).map(|terms| terms.licence().unwrap_or(Licence::Unstated))
    }

    fn work(licences: &[Licence]) -> Result<Licence, LicenceConflict> {
        combine(licences, Use::ProducedWork).map(|terms| terms.licence().unwrap_or(Licence::Unstated))
    }

    #[test]
    fn derived_databases() {
        use Licence::*;
        assert_eq!(derived(&[]), Ok(Cc0));
        assert_eq!(derived(&[LicenceOuverte2, Cc0]), Ok(LicenceOuverte2));
        assert_eq!(derived(&[LicenceOuverte2, CcBy4]), Ok(CcBy4));
        assert_eq!(derived(&[LicenceOuverte2, Odbl1]), Ok(Odbl1));
        assert_eq!(derived(&[CcByNcSa4, CcByNc4, CcBy4]), Ok(CcByNcSa4));
        assert_eq!(
            derived(&[CcBySa4, Odbl1]),
            Err(LicenceConflict::ShareAlike { first: Odbl1, second: CcBySa4 })
        );
        assert_eq!(
            derived(&[CcByNcSa4, Odbl1]),
            Err(LicenceConflict::ShareAlike { first: Odbl1, second: CcByNcSa4 })
        );
        assert_eq!(
            derived(&[CcByNc4, Odbl1]),
            Err(LicenceConflict::NonCommercial { non_commercial: CcByNc4, share_alike: Odbl1 })
        );
        assert_eq!(derived(&[CcByNd4]), Err(LicenceConflict::NoDerivatives { licence: CcByNd4 }));
        assert_eq!(derived(&[Cc0, Unstated]), Err(LicenceConflict::Unstated));
    }

    #[test]
    fn produced_works() {
        use Licence::*;
        // ODbL asks for a notice, not for its licence.
        let map = combine(&[Odbl1, LicenceOuverte2], Use::ProducedWork).expect("compatible");
        assert_eq!(map.licence(), Some(CcBy4));
        assert!(map.obligations().keep_notice && map.obligations().offer_database);
        assert!(!map.obligations().share_alike_databases && !map.obligations().share_alike_works);
        assert_eq!(map.inputs(), [LicenceOuverte2, Odbl1]);
        assert_eq!(work(&[Odbl1, CcByNcSa4]), Ok(CcByNcSa4));
        assert_eq!(
            work(&[CcBySa4, CcByNcSa4]),
            Err(LicenceConflict::ShareAlike { first: CcBySa4, second: CcByNcSa4 })
        );
        assert!(work(&[CcByNd4, Cc0]).is_err());
    }

    #[test]
    fn at_home_everything_may_be_used() {
        let terms = combine(&Licence::ALL, Use::Internal).expect("nothing is published");
        assert_eq!(terms.licence(), None);
        assert_eq!(terms.obligations(), Obligations { non_commercial: true, ..Obligations::default() });
    }

    #[test]
    fn reasons_name_licences_and_sections() {
        let reason =
            combine(&[Licence::Odbl1, Licence::CcBySa4], Use::DerivedDatabase).unwrap_err().to_string();
        assert!(
            reason.contains("ODbL-1.0") && reason.contains("CC-BY-SA-4.0") && reason.contains("§4.4"),
            "{reason}"
        );
    }

    fn some() -> impl Strategy<Value = Vec<Licence>> {
        proptest::collection::vec(proptest::sample::select(Licence::ALL.to_vec()), 0..6)
    }

    fn any_use() -> impl Strategy<Value = Use> {
        proptest::sample::select(vec![Use::DerivedDatabase, Use::ProducedWork, Use::Internal])
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(licences in some(), purpose in any_use()) {
            let once = combine(&licences, purpose);
            let mut reversed = licences.clone();
            reversed.reverse();
            reversed.extend(&licences);
            prop_assert_eq!(once, combine(&reversed, purpose));
        }

        #[test]
        fn cc0_changes_nothing(licences in some(), purpose in any_use()) {
            let mut with = licences.clone();
            with.push(Licence::Cc0);
            prop_assert_eq!(combine(&licences, purpose), combine(&with, purpose));
        }

        #[test]
        fn combining_in_two_steps_gives_the_same_licence(
            first in some(), second in some(),
        ) {
            let purpose = Use::DerivedDatabase;
            let all: Vec<Licence> = first.iter().chain(&second).copied().collect();
            if let Ok(direct) = combine(&all, purpose) {
                let half = combine(&first, purpose).expect("a part of what fits together fits together");
                let mut rest = second.clone();
                rest.extend(half.licence());
                prop_assert_eq!(combine(&rest, purpose).map(|terms| terms.licence()), Ok(direct.licence()));
            }
        }

        #[test]
        fn nothing_asked_for_is_forgotten(licences in some()) {
            if let Ok(terms) = combine(&licences, Use::DerivedDatabase) {
                let asked = licences.iter().fold(Obligations::default(), |sum, licence| sum.union(licence.obligations()));
                prop_assert_eq!(asked.attribution, terms.obligations().attribution);
                prop_assert_eq!(asked.share_alike_databases, terms.obligations().share_alike_databases);
                prop_assert_eq!(asked.keep_notice, terms.obligations().keep_notice);
                let result = terms.licence().expect("published").obligations();
                prop_assert!(result.attribution || !asked.attribution || licences.iter().all(|l| *l == Licence::Mit));
            }
        }
    }
}
