//! 132 monthly counters of bicycles and cars (Cyclopolis, Eco-Compteur and Cerema Avatar).
use datagora_core::Month;
use datagora_indicators::mobility::{
    GrowthOptions, Matching, MonthlyCounts, OutageOptions, OutageReason, SeasonalOptions, YearRule,
    annual_average, chained_index, constant_perimeter_growth, find_outages, index_to_base, seasonal_profile,
};

use crate::{close, column, numbers, table};

fn counts(mode: &str) -> Option<MonthlyCounts> {
    let table = table("lyon_mobility/cyclopolis_monthly_counts.csv")?;
    let (modes, counters) = (column(&table, "mode"), column(&table, "counter"));
    let months: Vec<Month> =
        column(&table, "month").iter().map(|date| Month::parse(&date[..7]).unwrap()).collect();
    let values = numbers(&table, "count");
    let rows =
        (0..table.len()).map(|row| (format!("{}/{}", modes[row], counters[row]), months[row], values[row]));
    let (counts, problems) = MonthlyCounts::from_rows(rows).unwrap();
    assert_eq!((counts.channels().len(), problems.len()), (132, 0));
    Some(counts.select(|channel| channel.starts_with(mode)).unwrap())
}

fn month(year: i32, month: u32) -> Month {
    Month::new(year, month).unwrap()
}

/// Only zeros are outages: what the reference numbers assume.
fn zeros_missing(counts: &MonthlyCounts) -> MonthlyCounts {
    let options = OutageOptions::default().with_stuck_months(0).with_drop_share(0.0);
    let outages = find_outages(counts, &options);
    assert!(outages.iter().all(|outage| outage.reason == OutageReason::Zero));
    counts.without(&outages)
}

#[test]
fn zero_months_are_found_and_listed() {
    let Some(bikes) = counts("velo/") else { return };
    assert_eq!(bikes.channels().len(), 88);
    let outages = find_outages(&bikes, &OutageOptions::default());
    let months = |reason| outages.iter().filter(|o| o.reason == reason).map(|o| o.length).sum::<usize>();
    assert_eq!(months(OutageReason::Zero), 144);
    // The lockdown of April 2020 is a fall of all counters, not an outage of many.
    let april = month(2020, 4).months_since(bikes.first()) as usize;
    let fallen = outages.iter().filter(|o| o.reason == OutageReason::Drop && o.start == april).count();
    let counting = (0..88).filter(|&c| bikes.series(c)[april] > 0.0).count();
    assert!(fallen * 10 < counting, "{fallen} of {counting} counters");
    // Suspicions stay rare: under 3 % of the months that were counted.
    assert!(months(OutageReason::Drop) + months(OutageReason::Stuck) < 260);
    let cars = counts("voiture/").unwrap();
    assert_eq!(
        find_outages(&cars, &OutageOptions::default())
            .iter()
            .filter(|o| o.reason == OutageReason::Zero)
            .count(),
        0
    );
}

#[test]
fn growth_at_constant_perimeter() {
    let Some(bikes) = counts("velo/") else { return };
    let bikes = zeros_missing(&bikes);
    let year = |y| bikes.period(month(y, 1)..=month(y, 12)).unwrap();
    let options = GrowthOptions::default();
    // 2015 to 2016 the network of counters grew: the plain totals say +31.8 %, the same streets +7.3 %.
    let found = constant_perimeter_growth(year(2015).values(), year(2016).values(), 12, &options).unwrap();
    assert_eq!(found.perimeter.len(), 27);
    close(found.growth.value().unwrap(), 7.304_880_548_718_584, 1e-9);
    close(found.unadjusted, 31.833_323_859_755_993, 1e-9);
    close(found.coverage_before, 0.929_930_339_513_216_5, 1e-12);
    close(found.coverage_after, 0.756_910_780_056_241_5, 1e-12);
    let interval = found.growth.interval().unwrap();
    assert!(interval.lower < 7.3 && 7.3 < interval.upper && interval.upper < 31.8);
    let latest = constant_perimeter_growth(year(2024).values(), year(2025).values(), 12, &options).unwrap();
    close(latest.growth.value().unwrap(), 7.268_522_247_330_411, 1e-9);
    let pairs = options.with_matching(Matching::Pairs);
    let latest = constant_perimeter_growth(year(2024).values(), year(2025).values(), 12, &pairs).unwrap();
    assert_eq!(latest.pairs, 908);
    close(latest.growth.value().unwrap(), 7.444_185_846_836_06, 1e-9);
}

#[test]
fn chained_index_of_bicycles_and_cars() {
    for (mode, years, index) in
        [("velo/", 11, 238.935_319_827_094_53), ("voiture/", 8, 80.542_867_321_745_26)]
    {
        let Some(found) = counts(mode) else { return };
        let found = zeros_missing(&found).trimmed().calendar_years().unwrap();
        assert_eq!(found.months().len(), years * 12);
        let chain =
            chained_index(found.values(), found.channels().len(), 12, &GrowthOptions::default()).unwrap();
        close(chain.index[years - 1].value().unwrap(), index, 1e-6);
        let interval = chain.index[years - 1].interval().unwrap();
        assert!(interval.lower < index && index < interval.upper);
        let rate = chain.mean_growth().value().unwrap();
        close((1.0 + rate / 100.0).powi(years as i32 - 1) * 100.0, index, 1e-6);
    }
}

#[test]
fn monthly_index_to_2019() {
    let Some(bikes) = counts("velo/") else { return };
    let bikes = zeros_missing(&bikes);
    let base = month(2019, 1).months_since(bikes.first()) as usize;
    let index =
        index_to_base(bikes.values(), bikes.channels().len(), base, 12, &GrowthOptions::default()).unwrap();
    let at = |m: Month| &index[m.months_since(bikes.first()) as usize];
    close(at(month(2019, 6)).value().unwrap(), 100.0, 1e-9);
    assert!(at(month(2020, 4)).value().unwrap() < 50.0);
    assert!(at(month(2025, 9)).value().unwrap() > 120.0);
    assert!(at(month(2025, 9)).completeness() < at(month(2019, 9)).completeness());
}

#[test]
fn season_of_bicycles() {
    let Some(bikes) = counts("velo/") else { return };
    let bikes = zeros_missing(&bikes).per_day();
    let first = bikes.first().month() as usize - 1;
    let profile =
        seasonal_profile(bikes.values(), bikes.channels().len(), first, &SeasonalOptions::default()).unwrap();
    assert_eq!((profile.years, profile.channels.len()), (642, 84));
    let wanted = [
        0.764_947, 0.865_866, 0.949_47, 0.961_779, 1.073_538, 1.208_243, 1.087_922, 0.875_233, 1.306_656,
        1.162_644, 0.977_343, 0.766_358,
    ];
    for (found, wanted) in profile.factors.iter().zip(wanted) {
        close(found.factor.value().unwrap(), wanted, 1e-6);
        let spread = found.factor.interval().unwrap();
        assert!(spread.lower < spread.upper && found.between_channels > 0.0 && found.between_years > 0.0);
    }
}

#[test]
fn average_day_of_a_counter() {
    let Some(bikes) = counts("velo/") else { return };
    let street = bikes.channel("velo/avenue-de-grande-bretagne").unwrap();
    let year = bikes.period(month(2025, 1)..=month(2025, 12)).unwrap();
    let daily: [f64; 12] = year.per_day().series(street).try_into().unwrap();
    let days: Vec<u32> = year.months().map(Month::days).collect();
    let found = annual_average(&daily, &days.try_into().unwrap(), YearRule::ALL_MONTHS);
    close(found.value().unwrap(), year.series(street).iter().sum::<f64>() / 365.0, 1e-9);
}
