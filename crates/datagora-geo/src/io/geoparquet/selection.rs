//! Rows that are asked for by number.
use std::ops::Range;

use parquet::file::metadata::ParquetMetaData;

/// Rows of some row groups.
#[derive(Debug)]
pub(super) struct Selection {
    /// The row groups that hold any.
    pub(super) groups: Vec<usize>,
    /// Which, counted over those row groups.
    pub(super) ranges: Vec<Range<usize>>,
    /// Rows of those row groups.
    pub(super) total: usize,
}

impl Selection {
    /// Of these row groups, those that hold rows of a rising list, which are counted from the start of the file.
    pub(super) fn of(metadata: &ParquetMetaData, groups: &[usize], rows: &[usize]) -> Self {
        let mut found = Self { groups: Vec::new(), ranges: Vec::new(), total: 0_usize };
        let mut start = 0_usize;
        for (group, about) in metadata.row_groups().iter().enumerate() {
            let count = usize::try_from(about.num_rows()).unwrap_or(0);
            let end = start.saturating_add(count);
            let rows = &rows[rows.partition_point(|&row| row < start)..];
            let rows = &rows[..rows.partition_point(|&row| row < end)];
            if !rows.is_empty() && groups.contains(&group) {
                for row in rows {
                    let place = found.total.saturating_add(row - start);
                    match found.ranges.last_mut() {
                        Some(range) if range.end == place => range.end += 1,
                        _ => found.ranges.push(place..place + 1),
                    }
                }
                found.groups.push(group);
                found.total = found.total.saturating_add(count);
            }
            start = end;
        }
        found
    }
}
