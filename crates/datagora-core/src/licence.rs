//! Licences of public data: what they oblige to, and what combining them implies.

/// A licence under which public data are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Licence {
    /// CC0 1.0: no obligation.
    Cc0,
    /// Licence Ouverte / Open Licence 2.0 (Etalab): name the source and its date.
    LicenceOuverte2,
    /// Creative Commons Attribution 4.0.
    CcBy4,
    /// MIT licence, as sometimes put on data: keep the notice.
    Mit,
    /// Open Database License 1.0: attribution; a derived *database* is shared alike, a *produced work* is not.
    Odbl1,
    /// Creative Commons Attribution-ShareAlike 4.0.
    CcBySa4,
    /// Creative Commons Attribution-NonCommercial-ShareAlike 4.0.
    CcByNcSa4,
    /// Creative Commons Attribution-NoDerivatives 4.0.
    CcByNd4,
    /// Nothing stated: may be used, not published.
    Unstated,
}
