//! What is wrong with data, and what could not be used.
mod imperfection;
mod problem;

pub use imperfection::{Imperfection, ImperfectionKind};
pub use problem::{Problem, ProblemKind, Report};
