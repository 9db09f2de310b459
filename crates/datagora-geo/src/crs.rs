//! Coordinate reference systems as files state them: PROJJSON, well-known text, names.
mod names;
mod projjson;
mod wkt;

use datagora_core::Crs;

#[cfg(feature = "io")]
pub(crate) use self::names::known_name;
pub(crate) use self::projjson::{crs_from_projjson, projjson};
#[cfg(feature = "io")]
pub(crate) use self::wkt::crs_from_wkt;

/// Stands where it is declared that the CRS is not known.
pub(crate) fn unknown_crs() -> Crs {
    Crs::custom("unknown")
}
