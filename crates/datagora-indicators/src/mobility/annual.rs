//! Averages of a year: AADT (TMJA) from its hours by four methods, or from its months; average days of a kind (AAWT, TMJO).
mod average_day;
mod estimate;
mod interval;
mod of_months;
mod rule;

use datagora_core::{Measured, Suppression, Unit};

use super::HourlyYear;
use crate::LevelError;
use crate::level::check_level;

pub use average_day::{Averaging, DayKind, average_day, average_day_of};
pub use of_months::annual_average;
pub use rule::YearRule;

/// How the average day of a year is taken when hours are missing. On complete data all but [`Aashto84`] give the same.
///
/// [`Aashto84`]: AadtMethod::Aashto84
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum AadtMethod {
    /// FHWA since 2016: a mean for each hour of each weekday of each month, weekdays and months weighted by their number
    /// of days. Uses incomplete days; equals the true mean on complete data.
    #[default]
    Fhwa2016,
    /// AASHTO: a mean of complete days for each weekday of each month (84 cells), then all months and weekdays alike.
    /// Off by a little even on complete data, as months and weekdays weigh the same.
    Aashto84,
    /// French *moyenne journalière annuelle* over complete months: what they counted, by their days. Biased by the
    /// season if months are missing.
    FrenchCompleteMonths,
    /// Mean of the complete days. Biased as soon as gaps are more frequent in one season or on some weekdays.
    SimpleMean,
}

/// How to take an annual average.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct AadtOptions {
    /// The method.
    pub method: AadtMethod,
    /// What the year must hold; none for the rule of the method.
    pub rule: Option<YearRule>,
    /// Level of the interval, between 0 and 1; none for no interval.
    pub level: Option<f64>,
}

impl Default for AadtOptions {
    /// The FHWA method with its rule, interval at 95 %.
    fn default() -> Self {
        Self { method: AadtMethod::default(), rule: None, level: Some(0.95) }
    }
}

impl AadtOptions {
    /// With this method.
    pub fn with_method(self, method: AadtMethod) -> Self {
        Self { method, ..self }
    }

    /// With this rule instead of that of the method.
    pub fn with_rule(self, rule: YearRule) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// With this level of the interval, or without interval.
    pub fn with_level(self, level: impl Into<Option<f64>>) -> Self {
        Self { level: level.into(), ..self }
    }
}

/// An annual average daily traffic.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Aadt {
    /// Vehicles (bicycles, persons) per day, with the interval for the missing hours.
    pub value: Measured,
    /// The method.
    pub method: AadtMethod,
    /// Can what is missing have biased it? True for the mean of complete days and of complete months if hours are missing.
    pub biased: bool,
    /// Average day of each month by the same method; NaN where there is none.
    pub months: [f64; 12],
    /// Days of which every hour is there.
    pub complete_days: u32,
}

impl HourlyYear {
    /// Annual average daily traffic (AADT, TMJA).
    ///
    /// * **FHWA 2016** – `MADT_m = Σ_j w_jm Σ_h (1/n_hjm) Σ_i V_ihjm / Σ_j w_jm`, `AADT = Σ_m d_m · MADT_m / Σ_m d_m`: `w_jm`
    ///   is the number of weekdays `j` in month `m`, `d_m` the days of the month. The hour that comes twice in October
    ///   is two observations of its clock hour.
    /// * **AASHTO** – `1/7 Σ_j 1/12 Σ_m (1/n_jm) Σ_i V_ijm` over complete days.
    /// * **French complete months** – `Σ V_m / Σ d_m` over the months without a missing hour.
    /// * **Simple mean** – the mean of the complete days.
    ///
    /// # Shapes and units
    ///
    /// A year of hours → vehicles per day.
    ///
    /// # Missing values
    ///
    /// Nothing is imputed. The rule says which hours count and when there is no value; under a laxer rule than that of
    /// the method, the weekdays of a month without a value are left out of the month, and months without one out of
    /// the year. The completeness is the share of the year's hours that count.
    ///
    /// The interval answers: how far off might the method be, because of *these* gaps? The same gaps are cut out of
    /// what was observed, moved by one week, two weeks … around the year, and the average is taken again each time; the
    /// mean square of its changes is the variance. Long gaps and single hours, weekends and seasons count with what they
    /// really do. A complete year has no interval: nothing was estimated. Errors of the counter are not in it.
    ///
    /// # Interpretation
    ///
    /// An average day, all days together. Do not add it up over segments of a street; vehicle-kilometres add up.
    ///
    /// # Errors
    ///
    /// [`LevelError`] if the level is no probability.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Zone;
    /// use datagora_indicators::mobility::{AadtMethod, AadtOptions, HourlyYear};
    ///
    /// let mut year = HourlyYear::new(2024, Zone::PARIS)?;
    /// let t = year.local().start();
    /// // 100 vehicles each hour, 50 in the second half of the year, of which 100 days are missing.
    /// let hours: Vec<i64> = (0..8_784).filter(|hour| !(5_000..7_400).contains(hour)).collect();
    /// let starts: Vec<i64> = hours.iter().map(|hour| t + 3_600 * hour).collect();
    /// let counts: Vec<f64> = hours.iter().map(|hour| if *hour < 4_392 { 100.0 } else { 50.0 }).collect();
    /// year.add(&starts, 3_600, &counts)?;
    /// // Whole months are missing: the FHWA method gives no value, the simple mean one that is biased.
    /// assert_eq!(year.aadt(&AadtOptions::default())?.value.value(), None);
    /// let simple = year.aadt(&AadtOptions::default().with_method(AadtMethod::SimpleMean))?;
    /// assert!(simple.biased && simple.value.value().unwrap() > 1_950.0); // the truth is 1,800
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    ///
    /// FHWA (2022). *Traffic Monitoring Guide*, appendix L (both American methods). Sétra (2004). *Comptage temporaire du
    /// trafic routier*. The interval is ours; its coverage is tested on made years.
    pub fn aadt(&self, options: &AadtOptions) -> Result<Aadt, LevelError> {
        let level = options.level.map(check_level).transpose()?;
        Ok(self.aadt_with(options, level))
    }

    /// The same with a level that was checked.
    pub(super) fn aadt_with(&self, options: &AadtOptions, level: Option<f64>) -> Aadt {
        let unit = Unit::of("{vehicle}/d");
        let rule = options.rule.unwrap_or(YearRule::of(options.method));
        let volumes = self.volumes(rule.hour_share);
        let local = self.local();
        let sums = estimate::Sums::of(local, &volumes, options.method);
        let found = sums.estimate(&[]);
        let there = volumes.iter().filter(|volume| !volume.is_nan()).count();
        let completeness = there as f64 / volumes.len() as f64;
        let imputed = self.imputed_share();
        let lack = if imputed > rule.most_imputed {
            let most = rule.most_imputed;
            let reason = format!("a share of {imputed:.3} was imputed, at most {most} is accepted");
            Some(Suppression::Undefined { reason })
        } else {
            rule.lack(local, &volumes)
        };
        let value = match (lack, &found) {
            (Some(reason), _) => Measured::suppressed(unit, reason),
            (None, None) => Measured::suppressed(unit, Suppression::Incomplete { needed: rule.nominal() }),
            (None, Some(found)) => {
                let measured = Measured::new(found.average, unit);
                // A place where the gaps would empty cells that have a value now is no place to compare with.
                let without = |hours: &[usize]| {
                    let moved = sums.estimate(hours)?;
                    (moved.empty <= found.empty).then_some(moved.average)
                };
                match level.and_then(|level| interval::of_gaps(&volumes, found.average, level, without)) {
                    Some(interval) => measured.with_interval(interval),
                    None => measured,
                }
            }
        };
        let skips_gaps = matches!(options.method, AadtMethod::SimpleMean | AadtMethod::FrenchCompleteMonths);
        Aadt {
            value: value
                .with_observations(there as u64)
                .with_completeness(completeness)
                .with_imputed_share(imputed),
            method: options.method,
            biased: skips_gaps && there < volumes.len(),
            months: found.map_or([f64::NAN; 12], |found| found.months),
            complete_days: estimate::day_totals(local, &volumes).filter(|total| !total.is_nan()).count()
                as u32,
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
