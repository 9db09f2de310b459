//! Annual average daily traffic from monthly data.
use datagora_core::{Measured, Suppression, Unit};

use super::YearRule;
use super::estimate::mean_by_days;

/// Annual average daily traffic (TMJA) of one year, from its monthly averages.
///
/// `AADT = Σ d_m · MADT_m / Σ d_m` over the months with a value, `d_m` being the days of the month: the second step
/// of the FHWA method, and the French average over complete months when some are missing. From hours take
/// [`HourlyYear::aadt`](crate::mobility::HourlyYear::aadt), which knows about the hours missing within a month.
///
/// # Shapes and units
///
/// Twelve monthly average daily volumes from January to December, and the days of each month → vehicles (or bicycles,
/// or persons) per day.
///
/// # Missing values
///
/// NaN months are left out; the completeness is the share of the year's days in months with a value. If the rule does
/// not accept what is left, the value is suppressed: a mean over the months that happen to be there is biased by the
/// season. A month with a value is a complete one to the rule; its conditions on single hours and on imputed values do
/// not come into play. [`YearRule::ALL_MONTHS`] is the strict choice, [`YearRule::FRENCH_COMPLETE_MONTHS`] takes
/// whatever months there are.
///
/// # Interpretation
///
/// An average day of the year, all days of the week together. Monthly totals hide missing days within a month.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{YearRule, annual_average};
///
/// let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// let mut daily = [1_000.0; 12];
/// assert_eq!(annual_average(&daily, &days, YearRule::ALL_MONTHS).value(), Some(1_000.0));
/// daily[7] = f64::NAN;
/// let incomplete = annual_average(&daily, &days, YearRule::ALL_MONTHS);
/// assert_eq!(incomplete.value(), None);
/// assert!((incomplete.completeness() - 334.0 / 365.0).abs() < 1e-12);
/// ```
///
/// # References
///
/// FHWA (2022). *Traffic Monitoring Guide*, appendix L. Directive 2008/50/EC, Annex VII (share of both seasons).
pub fn annual_average(daily: &[f64; 12], days: &[u32; 12], rule: YearRule) -> Measured {
    let unit = Unit::of("{vehicle}/d");
    let there = daily.map(|value| !value.is_nan());
    let year: u32 = days.iter().sum();
    let observed: u32 = days.iter().zip(there).filter(|(_, there)| *there).map(|(days, _)| days).sum();
    let completeness = if year == 0 { 0.0 } else { f64::from(observed) / f64::from(year) };
    let measured = match (rule.lack_in_months(&there, days), mean_by_days(daily, days)) {
        (Some(reason), _) => Measured::suppressed(unit, reason),
        (None, Some(average)) => Measured::new(average, unit),
        (None, None) => Measured::suppressed(unit, Suppression::Incomplete { needed: rule.nominal() }),
    };
    let months = there.iter().filter(|there| **there).count();
    measured.with_observations(months as u64).with_completeness(completeness)
}

#[cfg(test)]
mod tests {
    use datagora_core::Zone;
    use proptest::prelude::*;

    use super::super::tests::{synthetic, year_of};
    use super::*;
    use crate::mobility::{AadtMethod, AadtOptions};

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
        let found = annual_average(&daily, &LEAP_YEAR, YearRule::ALL_MONTHS);
        assert!((found.value().unwrap() - 2_274.642_987_249_544_6).abs() < 1e-9);
        assert_eq!((found.observations(), found.completeness()), (12, 1.0));
    }

    #[test]
    fn rules_say_when_there_is_no_value() {
        let mut daily = [100.0; 12];
        daily[0] = f64::NAN;
        assert_eq!(annual_average(&daily, &LEAP_YEAR, YearRule::ALL_MONTHS).value(), None);
        let rule = YearRule::EU_2008_50;
        assert_eq!(annual_average(&daily, &LEAP_YEAR, rule).value(), Some(100.0));
        daily[1] = f64::NAN; // a second winter month
        assert_eq!(annual_average(&daily, &LEAP_YEAR, rule).value(), None);
        assert_eq!(annual_average(&daily, &LEAP_YEAR, YearRule::FRENCH_COMPLETE_MONTHS).value(), Some(100.0));
        let none = annual_average(&[f64::NAN; 12], &LEAP_YEAR, YearRule::FRENCH_COMPLETE_MONTHS);
        assert_eq!((none.value(), none.completeness()), (None, 0.0));
    }

    /// Three quarters of the hours of a season are five of its six months, whichever of them is missing.
    #[test]
    fn one_month_of_a_season_may_be_missing_under_the_directive() {
        for first in 0..12 {
            for second in 0..12 {
                let mut daily = [100.0; 12];
                (daily[first], daily[second]) = (f64::NAN, f64::NAN);
                let summer = |month: usize| (3..9).contains(&month);
                let accepted = first == second || summer(first) != summer(second);
                let found = annual_average(&daily, &LEAP_YEAR, YearRule::EU_2008_50);
                assert_eq!(found.value().is_some(), accepted, "{first} {second}");
            }
        }
    }

    /// The months of a year of hours give its average by the French method, to the last bit, and conditions on cells
    /// hold where every month does.
    #[test]
    fn months_of_hours_give_the_average_of_the_year() {
        let mut volumes = synthetic();
        volumes[5_000] = f64::NAN;
        let year = year_of(&volumes, Zone::UTC);
        let found = year.aadt(&AadtOptions::default().with_method(AadtMethod::FrenchCompleteMonths)).unwrap();
        let of = |rule| annual_average(&found.months, &LEAP_YEAR, rule);
        assert_eq!(of(YearRule::FRENCH_COMPLETE_MONTHS).value(), found.value.value());
        for rule in [YearRule::FHWA_2016, YearRule::AASHTO_84, YearRule::ALL_MONTHS] {
            assert!(of(rule).suppression().is_some());
            assert_eq!(annual_average(&[9.0; 12], &LEAP_YEAR, rule).value(), Some(9.0));
        }
        let five = YearRule { days_a_cell: 5, ..YearRule::ANYTHING };
        assert!(annual_average(&[9.0; 12], &LEAP_YEAR, five).suppression().is_some());
    }

    proptest! {
        #[test]
        fn the_average_lies_between_the_months(daily in proptest::array::uniform12(0.0..1e5_f64)) {
            let found = annual_average(&daily, &LEAP_YEAR, YearRule::ALL_MONTHS).value().unwrap();
            let low = daily.iter().copied().fold(f64::INFINITY, f64::min);
            let high = daily.iter().copied().fold(0.0, f64::max);
            prop_assert!(low - 1e-6 <= found && found <= high + 1e-6);
        }
    }
}
