//! What was found, for people and for programs.
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::measure::Measured;
use crate::task::Failure;

/// One engine at one task.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) task: &'static str,
    pub(crate) engine: &'static str,
    #[serde(flatten)]
    pub(crate) measured: Measured,
    /// CPU seconds over ours.
    pub(crate) ratio_to_ours: Option<f64>,
    /// In what the answer differs from the first one.
    pub(crate) differences: Vec<String>,
}

/// Names of the columns.
pub(crate) const HEADER: &str = "task\tengine\tcpu_s\twall_s\tpeak_mib\tratio_to_ours";

impl Line {
    /// Tab-separated, as in [`HEADER`].
    pub(crate) fn tsv(&self) -> String {
        let Measured { cpu_s, wall_s, peak_mib, .. } = &self.measured;
        let ratio = self.ratio_to_ours.map_or_else(|| "-".into(), |ratio| format!("{ratio:.2}"));
        format!("{}\t{}\t{cpu_s:.4}\t{wall_s:.4}\t{peak_mib:.0}\t{ratio}", self.task, self.engine)
    }
}

/// All lines as a JSON array.
pub(crate) fn write_json(path: &Path, lines: &[Line]) -> Result<(), Failure> {
    Ok(fs::write(path, serde_json::to_string_pretty(lines)?)?)
}
