//! How much of something sits in few places or few hands.
use datagora_core::{Measured, Suppression, Unit};

use super::table::{SectorError, margins};
use crate::inequality::gini;

fn undefined(reason: &str) -> Measured {
    Measured::suppressed(Unit::ONE, Suppression::Undefined { reason: reason.to_owned() })
}

/// Herfindahl–Hirschman index of some parts, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Herfindahl {
    /// `Σ s²`, from `1/n` (equal parts) to 1 (one has all).
    pub index: Measured,
    /// `(H − 1/n) / (1 − 1/n)`, from 0 to 1 whatever the number of parts; undefined for one part.
    pub normalised: Measured,
    /// `1 / H`: how many equal parts would be as concentrated.
    pub effective_number: Measured,
}

/// Herfindahl–Hirschman index of concentration.
///
/// # Shapes and units
///
/// `n` amounts, such as the jobs of a zone by sector or of a sector by establishment → pure numbers. Parts with an amount
/// of 0 count among the `n`.
///
/// # Missing values
///
/// NaN is left out and lowers the completeness. Suppressed if nothing is there, or an amount is negative or infinite.
///
/// # Interpretation
///
/// Lower is more varied. Competition authorities call a market above 0.25 highly concentrated.
///
/// # Example
///
/// ```
/// let found = datagora_indicators::economy::herfindahl(&[50.0, 50.0]);
/// assert_eq!(found.index.value(), Some(0.5));
/// assert_eq!(found.effective_number.value(), Some(2.0));
/// ```
///
/// # References
///
/// Hirschman, A. O. (1964). The paternity of an index. Am. Econ. Rev. 54, 761–762.
pub fn herfindahl(amounts: &[f64]) -> Herfindahl {
    let mut known: Vec<f64> = amounts.iter().copied().filter(|amount| !amount.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let (n, total) = (known.len() as f64, known.iter().sum::<f64>());
    let completeness = if amounts.is_empty() { 1.0 } else { n / amounts.len() as f64 };
    let finish =
        |measured: Measured| measured.with_observations(known.len() as u64).with_completeness(completeness);
    if known.first().is_none_or(|least| *least < 0.0) || !(total > 0.0 && total.is_finite()) {
        let none = finish(undefined("no positive total, or a negative or infinite amount"));
        return Herfindahl { index: none.clone(), normalised: none.clone(), effective_number: none };
    }
    let index: f64 = known.iter().map(|amount| (amount / total).powi(2)).sum();
    Herfindahl {
        index: finish(Measured::new(index, Unit::ONE)),
        normalised: finish(if n > 1.0 {
            Measured::new((index - 1.0 / n) / (1.0 - 1.0 / n), Unit::ONE)
        } else {
            undefined("one part alone is neither concentrated nor spread")
        }),
        effective_number: finish(Measured::new(1.0 / index, Unit::ONE)),
    }
}

/// How unevenly a sector lies over the zones, compared with all sectors together.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Localisation {
    /// Locational Gini: [`gini`](crate::gini) of the location quotients of the zones, each zone counting the same.
    pub gini: Measured,
    /// Hoover's coefficient of localisation `½ Σ |s_z − x_z|`: the share of the sector that would have to move.
    pub hoover: Measured,
    /// Theil's index `Σ s_z ln (s_z / x_z)`, with `0 ln 0 = 0`.
    pub theil: Measured,
}

/// Localisation of each sector over the zones.
///
/// `s_z` is the zone's share of the sector, `x_z` its share of all sectors.
///
/// # Shapes and units
///
/// Rows of `sectors` amounts, one row a zone → one localisation per sector, pure numbers.
///
/// # Missing values
///
/// A missing amount is an error. Zones without anything are left out, a sector without anything is undefined.
///
/// # Interpretation
///
/// 0: the sector lies as everything does. Higher: in few zones. All three see zones, not distances: two neighbouring zones
/// are as far apart as any.
///
/// # Errors
///
/// [`SectorError`].
///
/// # Example
///
/// ```
/// let found = datagora_indicators::economy::localisation(&[30.0, 10.0, 10.0, 30.0], 2)?;
/// assert_eq!(found[0].hoover.value(), Some(0.25));
/// # Ok::<(), datagora_indicators::economy::SectorError>(())
/// ```
///
/// # References
///
/// Hoover, E. M. (1936). Rev. Econ. Statist. 18, 162–171. Krugman, P. (1991). *Geography and Trade*, appendix D.
/// Brülhart, M. and Traeger, R. (2005). An account of geographic concentration patterns in Europe. Reg. Sci. Urban
/// Econ. 35, 597–624.
pub fn localisation(cells: &[f64], sectors: usize) -> Result<Vec<Localisation>, SectorError> {
    let sums = margins(cells, sectors)?;
    Ok((0..sectors)
        .map(|sector| {
            if sums.sectors[sector] == 0.0 {
                let none = undefined("no zone has anything in the sector");
                return Localisation { gini: none.clone(), hoover: none.clone(), theil: none };
            }
            let shares: Vec<(f64, f64)> = cells
                .iter()
                .skip(sector)
                .step_by(sectors)
                .zip(&sums.zones)
                .filter(|(_, zone)| **zone > 0.0)
                .map(|(cell, zone)| (cell / sums.sectors[sector], zone / sums.total))
                .collect();
            let quotients: Vec<f64> = shares.iter().map(|(s, x)| s / x).collect();
            let apart: f64 = shares.iter().map(|(s, x)| (s - x).abs()).sum();
            let theil = shares.iter().filter(|(s, _)| *s > 0.0).map(|(s, x)| s * (s / x).ln()).sum();
            let zones = shares.len() as u64;
            Localisation {
                gini: gini(&quotients),
                hoover: Measured::new(0.5 * apart, Unit::ONE).with_observations(zones),
                theil: Measured::new(theil, Unit::ONE).with_observations(zones),
            }
        })
        .collect())
}

/// Concentration of a sector beyond what the size of its plants explains.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Agglomeration {
    /// Ellison and Glaeser's γ.
    pub ellison_glaeser: Measured,
    /// Maurel and Sédillot's γ.
    pub maurel_sedillot: Measured,
    /// Raw concentration over the zones, `Σ (s − x)²`.
    pub raw: f64,
    /// Herfindahl index of the plants.
    pub plants: f64,
}

/// Plants of a sector do not go with the zones.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AgglomerationError {
    /// A plant in a zone that does not exist.
    #[error("plant {plant} lies in zone {zone}, but there are {zones} zones; count zones from 0")]
    NoSuchZone {
        /// Plant.
        plant: usize,
        /// Zone found.
        zone: u32,
        /// Number of zones.
        zones: usize,
    },
    /// An amount that is negative, infinite or NaN.
    #[error("found {value} as the size of plant or zone {at}; it is finite and not negative")]
    NotAnAmount {
        /// Plant or zone.
        at: usize,
        /// Value found.
        value: f64,
    },
}

/// Ellison–Glaeser and Maurel–Sédillot indices of a sector.
///
/// `γ_EG = (G − (1 − Σx²) H) / ((1 − Σx²)(1 − H))` with `G = Σ (s − x)²`;
/// `γ_MS = ((Σs² − Σx²) / (1 − Σx²) − H) / (1 − H)`. `s` is the zone's share of the sector's jobs, `x` its share of all
/// jobs, `H` the Herfindahl index of the sector's plants.
///
/// # Shapes and units
///
/// The plants of the sector as (zone, jobs), and the jobs of each zone in all sectors → pure numbers.
///
/// # Missing values
///
/// There are none: leave out a plant of unknown size, and say so. A sector of one plant, and a city of one zone, are
/// undefined.
///
/// # Interpretation
///
/// 0: plants lie as if thrown at random with the weights of the zones. Ellison and Glaeser call above 0.05 very
/// concentrated. Negative: they keep apart. Jobs taken from staff brackets make it a guess: compute it for both ends.
///
/// # Errors
///
/// [`AgglomerationError`].
///
/// # Example
///
/// ```
/// // Four plants of one size side by side, in a city of three equal zones.
/// let plants = [(0, 10.0), (0, 10.0), (0, 10.0), (0, 10.0)];
/// let found = datagora_indicators::economy::agglomeration(&plants, &[200.0, 200.0, 200.0])?;
/// assert!((found.ellison_glaeser.value().unwrap() - 1.0).abs() < 1e-12);
/// # Ok::<(), datagora_indicators::economy::AgglomerationError>(())
/// ```
///
/// # References
///
/// Ellison, G. and Glaeser, E. L. (1997). J. Polit. Econ. 105, 889–927, eq. 5. Maurel, F. and Sédillot, B. (1999). Reg.
/// Sci. Urban Econ. 29, 575–604.
pub fn agglomeration(plants: &[(u32, f64)], zones: &[f64]) -> Result<Agglomeration, AgglomerationError> {
    let amount = |value: &f64| value.is_finite() && *value >= 0.0;
    if let Some(at) = zones.iter().position(|value| !amount(value)) {
        return Err(AgglomerationError::NotAnAmount { at, value: zones[at] });
    }
    let mut in_zone = vec![0.0; zones.len()];
    for (plant, (zone, jobs)) in plants.iter().enumerate() {
        let Some(cell) = in_zone.get_mut(*zone as usize) else {
            return Err(AgglomerationError::NoSuchZone { plant, zone: *zone, zones: zones.len() });
        };
        if !amount(jobs) {
            return Err(AgglomerationError::NotAnAmount { at: plant, value: *jobs });
        }
        *cell += jobs;
    }
    let (sector, all): (f64, f64) = (in_zone.iter().sum(), zones.iter().sum());
    let shares = || in_zone.iter().zip(zones).map(|(cell, zone)| (cell / sector, zone / all));
    let raw: f64 = shares().map(|(s, x)| (s - x).powi(2)).sum();
    let (own, whole): (f64, f64) = shares().fold((0.0, 0.0), |sums, (s, x)| (sums.0 + s * s, sums.1 + x * x));
    let h: f64 = plants.iter().map(|(_, jobs)| (jobs / sector).powi(2)).sum();
    let room = 1.0 - whole;
    let index = |value: f64| {
        if sector > 0.0 && all > 0.0 && room > 0.0 && h < 1.0 {
            Measured::new(value, Unit::ONE)
        } else {
            undefined("it takes two plants and two zones with jobs")
        }
        .with_observations(plants.len() as u64)
    };
    Ok(Agglomeration {
        ellison_glaeser: index((raw - room * h) / (room * (1.0 - h))),
        maurel_sedillot: index(((own - whole) / room - h) / (1.0 - h)),
        raw,
        plants: h,
    })
}

#[cfg(test)]
mod tests {
    use super::super::golden::{CELLS, close};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn golden_concentration() {
        let regions: Vec<Herfindahl> = CELLS.chunks_exact(3).map(herfindahl).collect();
        let index: Vec<Measured> = regions.iter().map(|h| h.index.clone()).collect();
        close(&index, &[0.445, 0.460_937_5, 0.735_626_980_534_178_3, 0.459_183_673_469_387_7]);
        let normalised: Vec<Measured> = regions.iter().map(|h| h.normalised.clone()).collect();
        close(&normalised, &[0.1675, 0.191_406_25, 0.603_440_470_801_267_4, 0.188_775_510_204_081_56]);
        let by_sector: Vec<Measured> = (0..3)
            .map(|s| herfindahl(&CELLS.iter().skip(s).step_by(3).copied().collect::<Vec<_>>()).index)
            .collect();
        close(&by_sector, &[0.438_429_506_246_281_9, 0.353_469_387_755_102, 0.532_163_742_690_058_5]);
        let sectors = localisation(&CELLS, 3).unwrap();
        let each = |pick: fn(&Localisation) -> &Measured| -> Vec<Measured> {
            sectors.iter().map(|sector| pick(sector).clone()).collect()
        };
        close(&each(|s| &s.gini), &[0.414_394_600_765_563, 0.358_984_297_916_725_4, 0.406_527_170_518_426]);
        close(
            &each(|s| &s.hoover),
            &[0.336_695_397_029_158_24, 0.396_992_481_203_007_45, 0.348_370_927_318_295_8],
        );
        close(
            &each(|s| &s.theil),
            &[0.285_942_029_846_704, 0.350_120_873_584_093_5, 0.303_316_385_905_990_4],
        );
    }

    #[test]
    fn golden_agglomeration() {
        let zones: Vec<f64> = CELLS.chunks_exact(3).map(|row| row.iter().sum()).collect();
        let first = [(0, 40.), (0, 40.), (0, 40.), (1, 30.), (1, 30.), (2, 20.), (3, 5.)];
        let second = [(0, 30.), (1, 45.), (1, 45.), (2, 15.), (3, 20.), (3, 20.)];
        let found = [agglomeration(&first, &zones).unwrap(), agglomeration(&second, &zones).unwrap()];
        let golden = [
            (
                0.155_703_159_846_631_58,
                0.167_162_403_331_350_38,
                0.060_505_867_749_943_45,
                0.057_864_139_020_537_07,
            ),
            (
                0.178_479_280_909_039_47,
                0.195_102_040_816_326_5,
                0.067_431_561_609_772_12,
                -0.122_322_947_809_618_98,
            ),
        ];
        for (found, (raw, plants, eg, ms)) in found.iter().zip(golden) {
            assert!((found.raw - raw).abs() < 1e-12 && (found.plants - plants).abs() < 1e-12);
            close(&[found.ellison_glaeser.clone(), found.maurel_sedillot.clone()], &[eg, ms]);
        }
    }

    #[test]
    fn what_cannot_be_told_is_undefined() {
        assert_eq!(herfindahl(&[]).index.value(), None);
        assert_eq!(herfindahl(&[-1.0, 2.0]).index.value(), None);
        assert_eq!(herfindahl(&[5.0]).normalised.value(), None);
        assert_eq!(herfindahl(&[5.0, f64::NAN]).index.completeness(), 0.5);
        assert_eq!(agglomeration(&[(0, 5.0)], &[5.0, 5.0]).unwrap().ellison_glaeser.value(), None);
        assert_eq!(agglomeration(&[], &[]).unwrap().maurel_sedillot.value(), None);
        assert!(agglomeration(&[(2, 5.0)], &[5.0, 5.0]).is_err());
        assert!(agglomeration(&[(0, f64::NAN)], &[5.0, 5.0]).is_err());
        assert_eq!(localisation(&[1.0, 0.0], 2).unwrap()[1].gini.value(), None);
    }

    proptest! {
        #[test]
        fn order_and_scale_do_not_matter(mut amounts in proptest::collection::vec(0.1..1e5_f64, 1..30), scale in 0.01..100.0_f64) {
            let found = herfindahl(&amounts).index.value().unwrap();
            prop_assert!(1.0 / amounts.len() as f64 - 1e-12 <= found && found <= 1.0 + 1e-12);
            amounts.reverse();
            prop_assert_eq!(herfindahl(&amounts).index.value().unwrap(), found);
            for amount in &mut amounts {
                *amount *= scale;
            }
            prop_assert!((herfindahl(&amounts).index.value().unwrap() - found).abs() < 1e-12);
        }
    }
}
