//! Annual average daily traffic from monthly data.
use datagora_core::{Measured, Suppression, Unit};

/// When a year of months is complete enough for an annual average.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CompletenessRule {
    /// Fewest months with a value.
    pub months: usize,
    /// Fewest months with a value in each half of the year: April to September, and October to March.
    pub months_per_season: usize,
}

impl CompletenessRule {
    /// All twelve months, as FHWA and AASHTO need every month.
    pub const ALL_MONTHS: CompletenessRule = CompletenessRule { months: 12, months_per_season: 6 };
    /// Three quarters of the summer and of the winter, after Annex VII of Directive 2008/50/EC, the legal rule for
    /// annual means (of air quality) that asks for both seasons: five of six months each.
    pub const THREE_QUARTERS_OF_EACH_SEASON: CompletenessRule =
        CompletenessRule { months: 10, months_per_season: 5 };
    /// Whatever months there are, as the French *moyenne journalière annuelle* over complete months: read the
    /// completeness along, because the value may rest on one month.
    pub const ANY_MONTH: CompletenessRule = CompletenessRule { months: 1, months_per_season: 0 };

    fn accepts(&self, daily: &[f64; 12]) -> bool {
        let there = |months: &[usize]| months.iter().filter(|&&m| !daily[m].is_nan()).count();
        let (summer, winter) = (there(&[3, 4, 5, 6, 7, 8]), there(&[0, 1, 2, 9, 10, 11]));
        summer + winter >= self.months && summer.min(winter) >= self.months_per_season
    }
}

impl Default for CompletenessRule {
    /// All twelve months.
    fn default() -> Self {
        Self::ALL_MONTHS
    }
}

/// Annual average daily traffic (TMJA) of one year, from its monthly averages.
///
/// `AADT = Σ d_m · MADT_m / Σ d_m` over the months with a value, `d_m` being the days of the month: the second step
/// of the FHWA method, and the French average over complete months when some are missing.
///
/// # Shapes and units
///
/// Twelve monthly average daily volumes from January to December, and the days of each month → vehicles (or bicycles,
/// or persons) per day.
///
/// # Missing values
///
/// NaN months are left out; the completeness is the share of the year's days in months with a value. If the rule does
/// not accept what is left, the value is suppressed as incomplete: a mean over the months that happen to be there is
/// biased by the season.
///
/// # Interpretation
///
/// An average day of the year, all days of the week together. Monthly totals hide missing days within a month.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{CompletenessRule, annual_average};
///
/// let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// let mut daily = [1_000.0; 12];
/// assert_eq!(annual_average(&daily, &days, CompletenessRule::ALL_MONTHS).value(), Some(1_000.0));
/// daily[7] = f64::NAN;
/// let incomplete = annual_average(&daily, &days, CompletenessRule::ALL_MONTHS);
/// assert_eq!(incomplete.value(), None);
/// assert!((incomplete.completeness() - 334.0 / 365.0).abs() < 1e-12);
/// ```
///
/// # References
///
/// FHWA (2022). *Traffic Monitoring Guide*, appendix L. Directive 2008/50/EC, Annex VII (share of both seasons).
pub fn annual_average(daily: &[f64; 12], days: &[u32; 12], rule: CompletenessRule) -> Measured {
    let unit = Unit::of("{vehicle}/d");
    let year: u32 = days.iter().sum();
    let there = daily.iter().zip(days).filter(|(value, _)| !value.is_nan());
    let observed: u32 = there.clone().map(|(_, days)| days).sum();
    let months = there.clone().count();
    let completeness = if year == 0 { 0.0 } else { f64::from(observed) / f64::from(year) };
    let measured = if observed > 0 && rule.accepts(daily) {
        let volume: f64 = there.map(|(value, days)| value * f64::from(*days)).sum();
        Measured::new(volume / f64::from(observed), unit)
    } else {
        let needed = rule.months.max(2 * rule.months_per_season).max(1) as f64 / 12.0;
        Measured::suppressed(unit, Suppression::Incomplete { needed })
    };
    measured.with_observations(months as u64).with_completeness(completeness)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEAP_YEAR: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// Golden `aadt_synthetic_2024.json` (own reference, numpy 2.4.6), observed year: its monthly averages by the FHWA
    /// method and the annual average, tolerance 1e-9.
    #[test]
    fn golden_second_step_of_fhwa() {
        let daily = [
            2_085.838_709_677_419_5,
            2_172.135_057_471_264_5,
            2_284.903_225_806_451_7,
            2_390.5,
            2_453.838_709_677_419_5,
            2_462.411_111_111_111,
            2_227.903_225_806_451_7,
            1_887.032_258_064_516,
            2_430.458_333_333_333_5,
            2_448.978_494_623_656,
            2_283.033_333_333_333_3,
            2_177.161_290_322_580_5,
        ];
        let found = annual_average(&daily, &LEAP_YEAR, CompletenessRule::ALL_MONTHS);
        assert!((found.value().unwrap() - 2_274.642_987_249_544_6).abs() < 1e-9);
        assert_eq!((found.observations(), found.completeness()), (12, 1.0));
    }

    #[test]
    fn rules_say_when_there_is_no_value() {
        let mut daily = [100.0; 12];
        daily[0] = f64::NAN;
        assert_eq!(annual_average(&daily, &LEAP_YEAR, CompletenessRule::ALL_MONTHS).value(), None);
        let rule = CompletenessRule::THREE_QUARTERS_OF_EACH_SEASON;
        assert_eq!(annual_average(&daily, &LEAP_YEAR, rule).value(), Some(100.0));
        daily[1] = f64::NAN; // a second winter month
        assert_eq!(annual_average(&daily, &LEAP_YEAR, rule).value(), None);
        assert_eq!(annual_average(&daily, &LEAP_YEAR, CompletenessRule::ANY_MONTH).value(), Some(100.0));
        let none = annual_average(&[f64::NAN; 12], &LEAP_YEAR, CompletenessRule::ANY_MONTH);
        assert_eq!((none.value(), none.completeness()), (None, 0.0));
    }

    proptest! {
        #[test]
        fn the_average_lies_between_the_months(daily in proptest::array::uniform12(0.0..1e5_f64)) {
            let found = annual_average(&daily, &LEAP_YEAR, CompletenessRule::ALL_MONTHS).value().unwrap();
            let low = daily.iter().copied().fold(f64::INFINITY, f64::min);
            let high = daily.iter().copied().fold(0.0, f64::max);
            prop_assert!(low - 1e-6 <= found && found <= high + 1e-6);
        }
    }
}
