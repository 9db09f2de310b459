//! Statistical secrecy: what of a table may be published.
//!
//! *Primary* suppression withholds a cell to which too few units contribute, or in which one dominates
//! ([`SecrecyRule`]). *Secondary* suppression withholds others, so that the margins do not give the first away
//! ([`CrossTable::protect`]); and an audit computes what a reader can still conclude ([`feasible_ranges`]).
//!
//! # Example
//!
//! ```
//! use datagora_core::Unit;
//! use datagora_core::disclosure::{CrossTable, SecrecyRule};
//!
//! // Jobs by commune (rows) and sector (columns), establishment by establishment.
//! let table = CrossTable::from_values(2, 3, vec![
//!     vec![10.0, 20.0], vec![30.0, 25.0, 20.0, 15.0], vec![8.0, 9.0, 7.0],
//!     vec![12.0, 9.0, 8.0, 11.0], vec![40.0, 35.0, 20.0], vec![5.0, 6.0, 4.0],
//! ])?;
//! let published = table.protect(&SecrecyRule::default());
//! let jobs = Unit::of("{job}");
//! let first = published.measured(Some(0), Some(0), &jobs);
//! assert!(first.is_some_and(|cell| cell.suppression().is_some())); // two establishments only
//! let total = published.measured(None, None, &jobs);
//! assert_eq!(total.and_then(|cell| cell.value()), Some(294.0));
//! assert_eq!((published.primary(), published.secondary()), (1, 3));
//! assert!(published.audit().iter().all(|cell| !cell.is_recoverable()));
//! # Ok::<(), datagora_core::disclosure::DisclosureError>(())
//! ```
//!
//! # What is not covered
//!
//! One table is protected at a time: two tables that share cells, or the same table in two zonings or years, can give
//! away together what neither does alone. Contributors who share what they know are not considered, beyond one that
//! is alone in its cell. Units in different cells are taken as different units.
mod network;
mod rule;
mod table;

pub use rule::{Assessment, SecrecyRule};
pub use table::{AuditedCell, CrossTable, ProtectedTable, feasible_ranges};

/// Why a table cannot be protected.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DisclosureError {
    /// The number of cells does not fit.
    #[error(
        "found {found} cells for a table of {rows} rows and {columns} columns; needed {needed}, row by row"
    )]
    Shape {
        /// Rows declared.
        rows: usize,
        /// Columns declared.
        columns: usize,
        /// Cells given.
        found: usize,
        /// Cells needed.
        needed: usize,
    },
    /// A contribution that is negative or not a number.
    #[error(
        "row {row}, column {column}: found a contribution of {found}; needed is a number that is not negative; give an \
         unknown contribution as the bracket from 0 to infinity"
    )]
    Contribution {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// What was found.
        found: f64,
    },
}
