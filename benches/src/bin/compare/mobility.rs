//! The topic `mobility`: a year of counts to annual indicators.
mod made;
mod traffic_year;

use crate::task::{Task, ours, python};

/// The tasks, in the order in which they run.
pub(crate) fn tasks() -> Vec<Task> {
    vec![Task {
        name: "traffic_year",
        question: "AADT, TMJO, K30, PHF and completeness of 2,000 sensors from a year of six-minute counts in Parquet",
        prepare: made::traffic_year,
        // PyArrow only decodes the columns: what any answer costs at the least.
        engines: [
            ours(traffic_year::indicators),
            python("traffic_year.py", &["duckdb", "polars", "pyarrow"]),
        ]
        .concat(),
        tolerance: 1e-9,
    }]
}
