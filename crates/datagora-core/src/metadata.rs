//! What travels with a payload.
use crate::{Crs, Licence, Lineage, Schema};

/// One work that must be named when its data are used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Credit {
    /// Title of the work.
    pub work: String,
    /// Who published it.
    pub publisher: String,
    /// Under which licence.
    pub licence: Licence,
    /// Year or date of the data, if known.
    pub date: Option<String>,
    /// Where it is published, if known.
    pub url: Option<String>,
}

/// What a dataset says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Metadata {
    /// Title, in the language of the publisher.
    pub title: String,
    /// Columns, roles and units.
    pub schema: Schema,
    /// CRS of the geometry, if there is one.
    pub crs: Option<Crs>,
    /// Works to be named; their licences decide what may be done.
    pub credits: Vec<Credit>,
    /// How the data came to be.
    pub lineage: Lineage,
    /// Generated, not observed: every view must say so.
    pub made: bool,
}
