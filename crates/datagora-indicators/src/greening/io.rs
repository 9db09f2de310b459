//! Readers of the files in which tree inventories and catalogues of species are published.
//!
//! Each reader lists all that is wrong with a file, with row, column and key, and gives what is usable.
mod inventory;
mod species_catalogue;

pub use inventory::{TreeFile, TreeSchema, read_trees};
pub use species_catalogue::{SpeciesCatalogue, read_species_catalogue};
