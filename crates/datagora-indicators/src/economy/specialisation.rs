//! What a zone has more of than the others.
use datagora_core::{Interval, Measured, Suppression, Unit};

use super::table::{SectorError, margins};
use crate::distribution::binomial_interval;

fn undefined(reason: &str) -> Measured {
    Measured::suppressed(Unit::ONE, Suppression::Undefined { reason: reason.to_owned() })
}

/// Why a quotient does not exist, if it does not.
fn quotient(cell: f64, zone: f64, sector: f64, total: f64) -> Measured {
    if zone == 0.0 {
        undefined("the zone has nothing in any sector")
    } else if sector == 0.0 {
        undefined("no zone has anything in the sector")
    } else {
        Measured::new((cell / zone) / (sector / total), Unit::ONE)
    }
}

/// Location quotients of amounts, such as jobs, by zone and sector.
///
/// `LQ = (x_zs / x_z) / (x_s / x)`: the share of the sector in the zone over its share in all zones together.
///
/// # Shapes and units
///
/// Rows of `sectors` amounts, one row a zone → as many quotients, pure numbers.
///
/// # Missing values
///
/// There are none: a missing amount is an error, because the sums would be wrong. A zone or a sector without anything has no
/// quotient.
///
/// # Interpretation
///
/// 1 is the share of the whole, 2 twice as much. Unbounded above for small zones: one plant in a village gives 30. The whole
/// is what was given: all France, or only the zones of the table.
///
/// # Errors
///
/// [`SectorError`] if the amounts do not fill the rows, or one is negative, infinite or NaN.
///
/// # Example
///
/// ```
/// use datagora_indicators::economy::location_quotients;
///
/// let found = location_quotients(&[30.0, 10.0, 20.0, 40.0], 2)?;
/// assert_eq!(found[0].value(), Some(1.5)); // 75 % here, 50 % in all
/// # Ok::<(), datagora_indicators::economy::SectorError>(())
/// ```
///
/// # References
///
/// Isard, W. (1960). *Methods of Regional Analysis*, chapter 5. MIT Press.
pub fn location_quotients(cells: &[f64], sectors: usize) -> Result<Vec<Measured>, SectorError> {
    let sums = margins(cells, sectors)?;
    Ok(cells
        .iter()
        .enumerate()
        .map(|(at, &cell)| quotient(cell, sums.zones[at / sectors], sums.sectors[at % sectors], sums.total))
        .collect())
}

/// Location quotients of counted establishments, each with an exact interval for small numbers.
///
/// As [`location_quotients`]. The interval is that of Clopper and Pearson for the share of the sector among the
/// establishments of the zone, divided by its share in the whole, which is taken as known.
///
/// # Interpretation
///
/// An interval that contains 1 does not tell a specialised zone from chance: with 3 of 10 establishments, a quotient of 2
/// says little. Observations are the establishments of the sector in the zone.
///
/// # Errors
///
/// [`SectorError::Shape`].
///
/// # Example
///
/// ```
/// use datagora_indicators::economy::location_quotients_of_counts;
///
/// let found = location_quotients_of_counts(&[3, 7, 150, 850], 2, 0.95)?;
/// let interval = found[0].interval().unwrap();
/// assert!(interval.lower < 1.0 && 3.0 < interval.upper); // nearly 2, yet nothing is proven
/// # Ok::<(), datagora_indicators::economy::SectorError>(())
/// ```
pub fn location_quotients_of_counts(
    counts: &[u64],
    sectors: usize,
    level: f64,
) -> Result<Vec<Measured>, SectorError> {
    let cells: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
    let sums = margins(&cells, sectors)?;
    Ok(counts
        .iter()
        .enumerate()
        .map(|(at, &count)| {
            let (zone, sector) = (sums.zones[at / sectors], sums.sectors[at % sectors]);
            let found = quotient(cells[at], zone, sector, sums.total).with_observations(count);
            if found.value().is_none() {
                return found;
            }
            let share = binomial_interval(count, zone as u64, level);
            let whole = sector / sums.total;
            let (lower, upper) = (share.lower / whole, share.upper / whole);
            found.with_interval(Interval { lower, upper, level: Some(level) })
        })
        .collect())
}

/// Location quotients of amounts known between bounds, such as jobs from staff brackets: bounds that hold for certain.
///
/// The narrowest bounds of the quotient over all amounts within theirs, cell by cell. With `x` the cell, `a` the rest of its
/// zone, `b` the rest of its sector, `c` all the rest, `LQ = x (x + a + b + c) / ((x + a) (x + b))` falls with `a` and `b`
/// and rises with `c`; along `x` it has at most one summit, which is tried beside the ends.
///
/// # Shapes and units
///
/// Rows of `sectors` lower bounds, as many upper bounds, which may be infinite → as many quotients. A cell of which the
/// bounds coincide everywhere has a value, the others bounds only.
///
/// # Missing values
///
/// An unknown amount lies between 0 and infinity. Where zone or sector may be empty, the quotient may not exist: it is
/// bounded where it does, and undefined if zone or sector are empty for certain.
///
/// # Errors
///
/// [`SectorError`] if the tables differ, or a lower bound is negative, not finite, or above the upper.
///
/// # Example
///
/// ```
/// use datagora_indicators::economy::location_quotient_bounds;
///
/// let found = location_quotient_bounds(&[20.0, 10.0, 20.0, 40.0], &[49.0, 19.0, 49.0, 40.0], 2)?;
/// let bounds = found[0].interval().unwrap();
/// assert!(bounds.lower < 1.5 && 1.5 < bounds.upper);
/// # Ok::<(), datagora_indicators::economy::SectorError>(())
/// ```
pub fn location_quotient_bounds(
    lower: &[f64],
    upper: &[f64],
    sectors: usize,
) -> Result<Vec<Measured>, SectorError> {
    if lower.len() != upper.len() {
        return Err(SectorError::Shape { cells: upper.len(), sectors });
    }
    let low = margins(lower, sectors)?;
    if let Some(at) = (0..upper.len()).find(|&at| upper[at].is_nan() || upper[at] < lower[at]) {
        return Err(SectorError::NotAnAmount { zone: at / sectors, sector: at % sectors, value: upper[at] });
    }
    let high_zones: Vec<f64> = upper.chunks_exact(sectors.max(1)).map(|row| row.iter().sum()).collect();
    Ok((0..lower.len())
        .map(|at| {
            let (zone, sector) = (at / sectors, at % sectors);
            // Sums of the others, afresh: a difference of infinite sums would not be one.
            let row = || (zone * sectors..(zone + 1) * sectors).filter(move |&other| other != at);
            let column = || (sector..lower.len()).step_by(sectors).filter(move |&other| other != at);
            let sum = |cells: &[f64], which: &mut dyn Iterator<Item = usize>| -> f64 {
                which.map(|i| cells[i]).sum()
            };
            let (a, b) = (
                (sum(lower, &mut row()), sum(upper, &mut row())),
                (sum(lower, &mut column()), sum(upper, &mut column())),
            );
            let other_zones = |zones: &[f64]| -> f64 {
                zones.iter().enumerate().filter(|(z, _)| *z != zone).map(|(_, sum)| sum).sum()
            };
            let c = (
                (other_zones(&low.zones) - b.0).max(0.0),
                rest(other_zones(&high_zones), b.1, || {
                    (0..upper.len())
                        .filter(|i| i / sectors != zone && i % sectors != sector)
                        .map(|i| upper[i])
                        .sum()
                }),
            );
            bounds_of_quotient((lower[at], upper[at]), a, b, c)
        })
        .collect())
}

/// A difference, or the sum made afresh where the difference is one of infinities.
fn rest(all: f64, part: f64, afresh: impl FnOnce() -> f64) -> f64 {
    if all.is_finite() { (all - part).max(0.0) } else { afresh() }
}

/// The quotient from its four parts, each possibly infinite; its limit where the cell goes to zero or a part to infinity.
fn lq(x: f64, a: f64, b: f64, c: f64) -> f64 {
    if x == 0.0 {
        let alone = |other: f64| if other.is_infinite() { 1.0 } else { (other + c) / other };
        return match (a > 0.0, b > 0.0) {
            (true, true) => 0.0,
            (false, true) => alone(b),
            (true, false) => alone(a),
            (false, false) if c > 0.0 => f64::INFINITY,
            (false, false) => 1.0,
        };
    }
    match (x.is_infinite(), a.is_infinite(), b.is_infinite(), c.is_infinite()) {
        (_, true, true, true) => f64::NAN,
        (_, true, true, false) => 0.0,
        (_, _, _, true) => f64::INFINITY,
        (true, ..) => 1.0,
        (_, true, false, _) => x / (x + b),
        (_, false, true, _) => x / (x + a),
        _ => x / (x + a) * ((x + a + b + c) / (x + b)),
    }
}

fn bounds_of_quotient(x: (f64, f64), a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> Measured {
    if x.1 + a.1 == 0.0 {
        return undefined("the zone has nothing in any sector");
    }
    if x.1 + b.1 == 0.0 {
        return undefined("no zone has anything in the sector");
    }
    // Where the quotient rises no more with x, for the amounts that make it largest.
    let (ab, sum) = (a.0 * b.0, a.0 + b.0 + c.1);
    let summit =
        if c.1.is_finite() && c.1 > 0.0 { (ab + (ab * ab + c.1 * ab * sum).sqrt()) / c.1 } else { f64::NAN };
    let largest = [x.0, x.1, summit.clamp(x.0, x.1)]
        .into_iter()
        .map(|x| lq(x, a.0, b.0, c.1))
        .fold(f64::NEG_INFINITY, f64::max);
    let smallest = [x.0, x.1].into_iter().map(|x| lq(x, a.1, b.1, c.0)).fold(f64::INFINITY, f64::min);
    Measured::bounded(smallest, largest.max(smallest), Unit::ONE)
        .unwrap_or_else(|_| undefined("the bounds do not bound the quotient"))
}

/// Symmetric location quotient `(LQ − 1) / (LQ + 1)`, from −1 (nothing) through 0 (as the whole) to 1.
///
/// Averages and colours treat half and double alike. The bounds follow; an infinite one becomes 1.
///
/// # Example
///
/// ```
/// use datagora_core::{Measured, Unit};
/// use datagora_indicators::economy::symmetric_quotient;
///
/// assert_eq!(symmetric_quotient(&Measured::new(3.0, Unit::ONE)).value(), Some(0.5));
/// ```
///
/// # References
///
/// Laursen, K. (2015). Revealed comparative advantage and the alternatives. Eurasian Bus. Rev. 5, 99–115.
pub fn symmetric_quotient(quotient: &Measured) -> Measured {
    let turn = |value: f64| if value.is_infinite() { 1.0 } else { (value - 1.0) / (value + 1.0) };
    let bounds = quotient.interval().map(|i| (turn(i.lower), turn(i.upper), i.level));
    let measured = match (quotient.value(), quotient.suppression(), bounds) {
        (Some(value), _, Some((lower, upper, level))) => {
            Measured::new(turn(value), Unit::ONE).with_interval(Interval { lower, upper, level })
        }
        (Some(value), _, None) => Measured::new(turn(value), Unit::ONE),
        (None, Some(reason), _) => Measured::suppressed(Unit::ONE, reason.clone()),
        (None, None, Some((lower, upper, _))) => {
            Measured::bounded(lower, upper, Unit::ONE).unwrap_or_else(|_| undefined("no bounds"))
        }
        (None, None, None) => undefined("no quotient"),
    };
    measured.with_observations(quotient.observations()).with_completeness(quotient.completeness())
}

/// Krugman's specialisation index of each zone: how far its shares of the sectors are from those of the whole.
///
/// `Σ |x_zs / x_z − x_s / x|`, from 0 (as the whole) to nearly 2 (nothing in common). Some authors halve it.
///
/// # Missing values
///
/// As in [`location_quotients`]; a zone without anything is undefined.
///
/// # Errors
///
/// [`SectorError`].
///
/// # Example
///
/// ```
/// let found = datagora_indicators::economy::krugman_specialisation(&[30.0, 10.0, 20.0, 40.0], 2)?;
/// assert_eq!(found[0].value(), Some(0.5));
/// # Ok::<(), datagora_indicators::economy::SectorError>(())
/// ```
///
/// # References
///
/// Krugman, P. (1991). *Geography and Trade*, p. 76. MIT Press.
pub fn krugman_specialisation(cells: &[f64], sectors: usize) -> Result<Vec<Measured>, SectorError> {
    let sums = margins(cells, sectors)?;
    let rows = cells.chunks_exact(sectors.max(1)).zip(&sums.zones);
    Ok(rows
        .map(|(row, zone)| {
            if *zone == 0.0 {
                return undefined("the zone has nothing in any sector");
            }
            let apart =
                row.iter().zip(&sums.sectors).map(|(cell, sector)| (cell / zone - sector / sums.total).abs());
            Measured::new(apart.sum(), Unit::ONE)
        })
        .collect())
}

#[cfg(test)]
mod tests;
