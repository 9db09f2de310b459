//! What city to make.

/// How large a city to make, and with which seed.
///
/// ```
/// use datagora_sample::CityPlan;
///
/// let plan = CityPlan::village().with_seed(7);
/// assert_eq!(plan.communes, 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CityPlan {
    /// Seed: the same plan gives the same city, to the byte.
    pub seed: u64,
    /// Number of communes.
    pub communes: usize,
    /// Number of inhabitants.
    pub inhabitants: usize,
    /// Land and water, km².
    pub area: f64,
    /// Number of buildings.
    pub buildings: usize,
    /// Number of trees along streets and in parks.
    pub trees: usize,
    /// Number of counters: bicycles, cars, pedestrians.
    pub sensors: usize,
    /// First year counted.
    pub first_year: i32,
    /// Number of years counted, hour by hour.
    pub years: usize,
    /// Number of shared-bicycle stations.
    pub stations: usize,
    /// Number of establishments.
    pub establishments: usize,
}

/// A plan that cannot be carried out.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum PlanError {
    /// A number out of range.
    #[error("{field} is {found}; {needed}")]
    OutOfRange {
        /// Field of the plan.
        field: &'static str,
        /// What it is.
        found: String,
        /// What it should be.
        needed: &'static str,
    },
}

impl CityPlan {
    /// One commune of 1,200 inhabitants.
    pub fn village() -> Self {
        Self {
            seed: 1,
            communes: 1,
            inhabitants: 1_200,
            area: 2.5,
            buildings: 450,
            trees: 300,
            sensors: 3,
            first_year: 2021,
            years: 4,
            stations: 2,
            establishments: 40,
        }
    }

    /// Twelve communes of 180,000 inhabitants together: what the atlas shows when it is given no data.
    pub fn town() -> Self {
        Self {
            seed: 1,
            communes: 12,
            inhabitants: 180_000,
            area: 72.0,
            buildings: 32_000,
            trees: 14_000,
            sensors: 48,
            first_year: 2019,
            years: 6,
            stations: 60,
            establishments: 1_600,
        }
    }

    /// 59 communes of 1.4 million inhabitants together, 500,000 buildings, 100,000 trees, 2,000 counters for a year.
    pub fn metropolis() -> Self {
        Self {
            seed: 1,
            communes: 59,
            inhabitants: 1_400_000,
            area: 537.0,
            buildings: 500_000,
            trees: 100_000,
            sensors: 2_000,
            first_year: 2025,
            years: 1,
            stations: 430,
            establishments: 7_000,
        }
    }

    /// This plan, `factor` times as large in everything that is counted.
    pub fn scaled(self, factor: f64) -> Self {
        let scale = |count: usize| ((count as f64 * factor).round() as usize).max(1);
        Self {
            communes: scale(self.communes),
            inhabitants: scale(self.inhabitants),
            area: self.area * factor,
            buildings: scale(self.buildings),
            trees: scale(self.trees),
            sensors: scale(self.sensors),
            stations: scale(self.stations),
            establishments: scale(self.establishments),
            ..self
        }
    }

    /// This plan with another seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    pub(crate) fn check(&self) -> Result<(), PlanError> {
        let out_of_range = |field, found: String, needed| Err(PlanError::OutOfRange { field, found, needed });
        if self.communes == 0 || self.communes > 999 {
            return out_of_range(
                "communes",
                self.communes.to_string(),
                "1 to 999 are needed: their codes are 99001 to 99999",
            );
        }
        if !(self.area.is_finite() && self.area >= 0.5 * self.communes as f64 && self.area <= 20_000.0) {
            return out_of_range(
                "area",
                self.area.to_string(),
                "at least 0.5 km² per commune and at most 20,000 km² are needed",
            );
        }
        if self.inhabitants < self.communes {
            return out_of_range(
                "inhabitants",
                self.inhabitants.to_string(),
                "at least one per commune is needed",
            );
        }
        if self.years == 0 || self.years > 50 || !(1990..=2050).contains(&self.first_year) {
            return out_of_range(
                "years",
                format!("{} from {}", self.years, self.first_year),
                "1 to 50 years from 1990 to 2050 are needed",
            );
        }
        Ok(())
    }
}
