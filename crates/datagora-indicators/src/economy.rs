//! Establishments and jobs: what a zone is specialised in, and how concentrated activities are.
//!
//! Staff is public by bracket only, so jobs are bounds that hold for certain and every quotient of jobs is one, too.
//! [`EstablishmentTable`] counts by zone and sector, and withholds what statistical secrecy forbids to publish.
mod concentration;
mod definitions;
mod establishments;
#[cfg(test)]
mod golden;
mod shift_share;
mod specialisation;
mod staff;
mod table;

pub use concentration::{
    Agglomeration, AgglomerationError, Herfindahl, Localisation, agglomeration, herfindahl, localisation,
};
pub(crate) use definitions::DEFINITIONS;
pub use establishments::{EstablishmentError, EstablishmentTable};
pub use shift_share::{ShiftShare, shift_share};
pub use specialisation::{
    krugman_specialisation, location_quotient_bounds, location_quotients, location_quotients_of_counts,
    symmetric_quotient,
};
pub use staff::{StaffBracket, StaffError, jobs};
pub use table::SectorError;
