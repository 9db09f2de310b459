//! Statistics by zone.
use super::ZonalStatistic;

/// A row for each zone, a column for each statistic: what [`zonal_statistics`](crate::zonal_statistics) gives.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ZonalTable {
    statistics: Vec<ZonalStatistic>,
    /// Column by column.
    columns: Vec<Vec<Option<f64>>>,
    completeness: Vec<Option<f64>>,
}

impl ZonalTable {
    /// Of rows, each with the statistics in their order, and its completeness.
    pub(super) fn of(statistics: Vec<ZonalStatistic>, rows: Vec<(Vec<Option<f64>>, Option<f64>)>) -> Self {
        let column = |place: usize| rows.iter().map(|(row, _)| row.get(place).copied().flatten()).collect();
        let columns = (0..statistics.len()).map(column).collect();
        let completeness = rows.iter().map(|(_, completeness)| *completeness).collect();
        Self { statistics, columns, completeness }
    }

    /// Number of zones.
    pub fn len(&self) -> usize {
        self.completeness.len()
    }

    /// Whether there is no zone.
    pub fn is_empty(&self) -> bool {
        self.completeness.is_empty()
    }

    /// The statistics, in the order of the columns.
    pub fn statistics(&self) -> &[ZonalStatistic] {
        &self.statistics
    }

    /// One statistic of all zones; `None` if it was not asked for.
    pub fn column(&self, statistic: ZonalStatistic) -> Option<&[Option<f64>]> {
        let place = self.statistics.iter().position(|&each| each == statistic)?;
        Some(&self.columns[place])
    }

    /// One statistic of a zone; `None` if it was not asked for, or no value makes it.
    ///
    /// # Panics
    ///
    /// If there is no such zone.
    pub fn get(&self, zone: usize, statistic: ZonalStatistic) -> Option<f64> {
        self.column(statistic)?[zone]
    }

    /// The share of each zone that has values, 0 to 1; `None` for a zone that is missing or has no area.
    ///
    /// What lies outside the raster counts as without value.
    pub fn completeness(&self) -> &[Option<f64>] {
        &self.completeness
    }
}
