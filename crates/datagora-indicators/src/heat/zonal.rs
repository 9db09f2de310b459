//! Statistics of zones as measured values.
use datagora_core::{Measured, Suppression, Unit};
use datagora_geo::{ZonalStatistic, ZonalTable};

/// A statistic of a zone times a factor, with the share of the zone that has values as completeness, and the cells as
/// observations; withheld if no cell of the zone has a value. The table must have the count.
pub(super) fn of_zone(
    table: &ZonalTable,
    zone: usize,
    statistic: ZonalStatistic,
    factor: f64,
    unit: &Unit,
) -> Measured {
    let measured = match table.get(zone, statistic) {
        Some(value) => Measured::new(factor * value, unit.clone()),
        None => Measured::suppressed(unit.clone(), Suppression::Incomplete { needed: 0.0 }),
    };
    // A zone that shares ground with a cell rests on one at least.
    let cells = table.get(zone, ZonalStatistic::Count).unwrap_or(0.0).ceil();
    measured.with_observations(cells as u64).with_completeness(table.completeness()[zone].unwrap_or(0.0))
}
