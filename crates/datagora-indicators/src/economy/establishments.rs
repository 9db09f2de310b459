//! Establishments by zone and sector, and of their jobs what may be published.
use datagora_core::disclosure::{CrossTable, DisclosureError, ProtectedTable, SecrecyRule};
use datagora_core::{Interval, Measured, Suppression, Unit};

use super::specialisation::{location_quotient_bounds, location_quotients_of_counts};
use super::staff::StaffBracket;
use super::table::SectorError;
use crate::zones::{ZoneError, check_zones};

/// A table of establishments by zone and sector, with statistical secrecy applied to their jobs.
///
/// The number of establishments is public, as the register is. Jobs are withheld where fewer than three employers
/// contribute or where one might make up 85 % (the rule is an argument), and where another cell would give such a one away;
/// with them go the quotients of jobs.
///
/// # Example
///
/// ```
/// use datagora_core::disclosure::SecrecyRule;
/// use datagora_indicators::economy::{EstablishmentTable, StaffBracket};
///
/// let small = Some(StaffBracket::From10); // 10 to 19 each
/// let zones = [Some(0), Some(0), Some(0), Some(0), Some(1), Some(1), Some(1), Some(1), Some(1), None];
/// let sectors = [Some(0), Some(0), Some(0), Some(1), Some(0), Some(0), Some(0), Some(1), Some(1), Some(0)];
/// let table = EstablishmentTable::new(&zones, &sectors, &[small; 10], 2, 2, &SecrecyRule::default())?;
///
/// assert_eq!(table.establishments(Some(0), Some(1)).value(), Some(1.0));
/// assert!(table.jobs(Some(0), Some(1)).suppression().is_some()); // it would tell the jobs of one employer
/// let all = table.jobs(None, None).interval().unwrap();
/// assert_eq!((all.lower, all.upper), (90.0, 171.0));
/// assert_eq!(table.unmatched(), 1);
/// # Ok::<(), datagora_indicators::economy::EstablishmentError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EstablishmentTable {
    zones: usize,
    sectors: usize,
    counts: Vec<u64>,
    known: Vec<u64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    protected: ProtectedTable,
    unmatched: u64,
}

/// A table of establishments cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EstablishmentError {
    /// Columns of different lengths, or a zone or sector that does not exist.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// The secrecy rule cannot be applied.
    #[error(transparent)]
    Secrecy(#[from] DisclosureError),
}

impl EstablishmentTable {
    /// Counts establishments by zone and sector, adds up their brackets and applies the secrecy rule.
    ///
    /// # Missing values
    ///
    /// An establishment without zone or sector is in no cell and told as unmatched. One of unknown staff counts as an
    /// establishment and as an employer; its jobs are anything from 0, so the sum has no upper bound, and the completeness
    /// says how many brackets are known.
    ///
    /// # Errors
    ///
    /// [`EstablishmentError`] if columns differ in length, a zone or sector does not exist, or the table is too large.
    pub fn new(
        zone: &[Option<u32>],
        sector: &[Option<u32>],
        staff: &[Option<StaffBracket>],
        zones: usize,
        sectors: usize,
        rule: &SecrecyRule,
    ) -> Result<Self, EstablishmentError> {
        let needed = zone.len();
        for (what, found) in [("sector", sector.len()), ("staff", staff.len())] {
            if found != needed {
                return Err(ZoneError::Length { what, found, needed }.into());
            }
        }
        check_zones(zone, zones)?;
        check_zones(sector, sectors)?;
        let size = zones.saturating_mul(sectors);
        let mut brackets: Vec<Vec<Interval>> = vec![Vec::new(); size];
        let (mut known, mut unmatched) = (vec![0; size], 0);
        for ((zone, sector), staff) in zone.iter().zip(sector).zip(staff) {
            let (Some(zone), Some(sector)) = (zone, sector) else {
                unmatched += 1;
                continue;
            };
            let cell = *zone as usize * sectors + *sector as usize;
            known[cell] += u64::from(staff.is_some());
            brackets[cell].push(match staff {
                Some(staff) => {
                    Interval { lower: f64::from(staff.bounds().0), upper: staff.upper(), level: None }
                }
                None => Interval { lower: 0.0, upper: f64::INFINITY, level: None },
            });
        }
        let counts = brackets.iter().map(|cell| cell.len() as u64).collect();
        let sum =
            |end: fn(&Interval) -> f64| brackets.iter().map(|cell| cell.iter().map(end).sum()).collect();
        let (lower, upper) = (sum(|bracket| bracket.lower), sum(|bracket| bracket.upper));
        let protected = CrossTable::from_brackets(zones, sectors, brackets)?.protect(rule);
        Ok(Self { zones, sectors, counts, known, lower, upper, protected, unmatched })
    }

    /// Number of zones.
    pub fn zones(&self) -> usize {
        self.zones
    }

    /// Number of sectors.
    pub fn sectors(&self) -> usize {
        self.sectors
    }

    /// Establishments without zone or sector.
    pub fn unmatched(&self) -> u64 {
        self.unmatched
    }

    /// The table of jobs as it may be published, to ask how many cells are withheld or to audit it.
    pub fn protected(&self) -> &ProtectedTable {
        &self.protected
    }

    /// Number of establishments of a zone and sector; `None` is the total over zones or sectors.
    ///
    /// The completeness is the share of all establishments that have a zone and a sector. Undefined outside the table.
    pub fn establishments(&self, zone: Option<usize>, sector: Option<usize>) -> Measured {
        let unit = Unit::of("{establishment}");
        let Some(count) = self.sum(&self.counts, zone, sector) else { return self.outside(unit) };
        let matched: u64 = self.counts.iter().sum();
        let all = matched + self.unmatched;
        Measured::new(count as f64, unit).with_observations(count).with_completeness(if all == 0 {
            1.0
        } else {
            matched as f64 / all as f64
        })
    }

    /// Jobs of a zone and sector between certain bounds, or why they are withheld; `None` is the total over zones or sectors.
    ///
    /// The completeness is the share of the establishments whose bracket is known. Undefined outside the table.
    pub fn jobs(&self, zone: Option<usize>, sector: Option<usize>) -> Measured {
        let unit = Unit::of("{job}");
        let (Some(count), Some(known)) =
            (self.sum(&self.counts, zone, sector), self.sum(&self.known, zone, sector))
        else {
            return self.outside(unit);
        };
        match self.protected.measured(zone, sector, &unit) {
            Some(jobs) if count > 0 => jobs.with_completeness(known as f64 / count as f64),
            Some(jobs) => jobs,
            None => self.outside(unit),
        }
    }

    /// Location quotients of the establishments, zone by zone, with an exact interval at this level.
    ///
    /// # Errors
    ///
    /// [`SectorError`], never for a table that exists.
    pub fn location_quotients(&self, level: f64) -> Result<Vec<Measured>, SectorError> {
        location_quotients_of_counts(&self.counts, self.sectors, level)
    }

    /// Bounds of the location quotients of the jobs, zone by zone.
    ///
    /// A quotient is withheld where its cell, or the total of its zone or of its sector, is: it would give bounds of them.
    ///
    /// # Errors
    ///
    /// [`SectorError`], never for a table that exists.
    pub fn job_quotients(&self) -> Result<Vec<Measured>, SectorError> {
        let mut quotients = location_quotient_bounds(&self.lower, &self.upper, self.sectors)?;
        for (at, quotient) in quotients.iter_mut().enumerate() {
            let (zone, sector) = (at / self.sectors, at % self.sectors);
            let parts = [(Some(zone), Some(sector)), (Some(zone), None), (None, Some(sector)), (None, None)];
            let withheld =
                parts.into_iter().find_map(|(zone, sector)| self.jobs(zone, sector).suppression().cloned());
            if let Some(reason) = withheld {
                *quotient = Measured::suppressed(Unit::ONE, reason);
            }
            *quotient = quotient.clone().with_observations(self.counts[at]);
        }
        Ok(quotients)
    }

    fn sum(&self, cells: &[u64], zone: Option<usize>, sector: Option<usize>) -> Option<u64> {
        if zone.is_some_and(|zone| zone >= self.zones) || sector.is_some_and(|sector| sector >= self.sectors)
        {
            return None;
        }
        let rows = zone.map_or(0..self.zones, |zone| zone..zone + 1);
        let columns = sector.map_or(0..self.sectors, |sector| sector..sector + 1);
        Some(
            rows.flat_map(|row| columns.clone().map(move |column| (row, column)))
                .map(|(r, c)| cells[r * self.sectors + c])
                .sum(),
        )
    }

    fn outside(&self, unit: Unit) -> Measured {
        let reason = format!("the table has {} zones and {} sectors", self.zones, self.sectors);
        Measured::suppressed(unit, Suppression::Undefined { reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Golden `confidentiality.json` (own reference, numpy 2.4.6): cells of jobs as exact contributions, here only known by
    /// bracket. The cell of 900, 50 and 30 is dominated for certain if they are exact (92 %); between 500 and 999 of its
    /// total it is possible, which is withheld as well.
    #[test]
    fn golden_reasons() {
        let bracket =
            |jobs: &[u32]| jobs.iter().map(|&jobs| StaffBracket::containing(jobs)).collect::<Vec<_>>();
        let cells = [bracket(&[10, 20]), bracket(&[900, 50, 30]), bracket(&[30, 25, 20, 15, 10]), vec![]];
        let (mut zone, mut staff) = (Vec::new(), Vec::new());
        for (at, cell) in cells.iter().enumerate() {
            zone.extend(cell.iter().map(|_| Some(at as u32)));
            staff.extend(cell.iter().copied().map(Some));
        }
        let sector = vec![Some(0); zone.len()];
        let table = EstablishmentTable::new(&zone, &sector, &staff, 4, 1, &SecrecyRule::default()).unwrap();
        assert!(matches!(
            table.jobs(Some(0), Some(0)).suppression(),
            Some(Suppression::FewUnits { minimum: 3 })
        ));
        assert!(matches!(
            table.jobs(Some(1), Some(0)).suppression(),
            Some(Suppression::PossibleDominance { .. })
        ));
        // Nothing is wrong with the third in itself; it goes because the total would give the others away.
        assert_eq!(table.jobs(Some(2), Some(0)).suppression(), Some(&Suppression::Secondary));
        assert_eq!(table.jobs(Some(3), Some(0)).value(), Some(0.0));
        assert_eq!(table.establishments(None, None).value(), Some(10.0));
    }

    #[test]
    fn columns_and_positions_are_checked() {
        let rule = SecrecyRule::default();
        let new = |zone: &[Option<u32>], sector: &[Option<u32>]| {
            EstablishmentTable::new(zone, sector, &[None], 1, 1, &rule)
        };
        assert!(new(&[Some(0)], &[]).is_err());
        assert!(new(&[Some(1)], &[Some(0)]).is_err());
        assert!(new(&[Some(0)], &[Some(7)]).is_err());
        let table = new(&[Some(0)], &[Some(0)]).unwrap();
        assert!(table.jobs(Some(1), None).suppression().is_some());
        assert!(table.establishments(None, Some(1)).suppression().is_some());
        assert_eq!(EstablishmentTable::new(&[], &[], &[], 0, 0, &rule).unwrap().job_quotients().unwrap(), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_withheld_can_be_computed_and_totals_agree(
            rows in proptest::collection::vec((0_u32..4, 0_u32..3, 0_usize..16), 0..60)
        ) {
            let all: Vec<StaffBracket> = StaffBracket::all().collect();
            let zone: Vec<_> = rows.iter().map(|row| Some(row.0)).collect();
            let sector: Vec<_> = rows.iter().map(|row| Some(row.1)).collect();
            let staff: Vec<_> = rows.iter().map(|row| Some(all[row.2])).collect();
            let table = EstablishmentTable::new(&zone, &sector, &staff, 4, 3, &SecrecyRule::default()).unwrap();
            prop_assert!(table.protected().audit().iter().all(|cell| !cell.is_recoverable()));
            let by_zone: f64 = (0..4).filter_map(|z| table.establishments(Some(z), None).value()).sum();
            prop_assert_eq!(by_zone, rows.len() as f64);
            for (at, quotient) in table.job_quotients().unwrap().iter().enumerate() {
                if table.jobs(Some(at / 3), Some(at % 3)).suppression().is_some() {
                    prop_assert!(quotient.suppression().is_some());
                }
            }
        }
    }
}
