//! A table of zones by sectors.

/// A table of zones by sectors is not one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SectorError {
    /// Cells do not fill the rows.
    #[error(
        "found {cells} cells for {sectors} sectors a zone; the cells need to fill the rows, and both tables the same way"
    )]
    Shape {
        /// Cells given.
        cells: usize,
        /// Sectors of each zone.
        sectors: usize,
    },
    /// A cell that is not an amount.
    #[error(
        "found {value} for zone {zone}, sector {sector}; amounts are finite and not negative, and a lower bound is not above the upper"
    )]
    NotAnAmount {
        /// Zone.
        zone: usize,
        /// Sector.
        sector: usize,
        /// What stood there.
        value: f64,
    },
}

/// Sums of a table of zones by sectors.
pub(super) struct Margins {
    pub(super) zones: Vec<f64>,
    pub(super) sectors: Vec<f64>,
    pub(super) total: f64,
}

/// Checks the table and sums it up. A table without sectors has no zones.
pub(super) fn margins(cells: &[f64], sectors: usize) -> Result<Margins, SectorError> {
    if (sectors == 0 && !cells.is_empty()) || (sectors > 0 && !cells.len().is_multiple_of(sectors)) {
        return Err(SectorError::Shape { cells: cells.len(), sectors });
    }
    if let Some(at) = cells.iter().position(|value| !(value.is_finite() && *value >= 0.0)) {
        return Err(SectorError::NotAnAmount { zone: at / sectors, sector: at % sectors, value: cells[at] });
    }
    let zones: Vec<f64> = cells.chunks_exact(sectors.max(1)).map(|row| row.iter().sum()).collect();
    let columns = (0..sectors).map(|sector| cells.iter().skip(sector).step_by(sectors).sum()).collect();
    Ok(Margins { total: zones.iter().sum(), zones, sectors: columns })
}
