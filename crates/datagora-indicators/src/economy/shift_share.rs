//! Why a zone grew: with everybody, with its sectors, or by itself.
use super::table::{SectorError, margins};

/// Parts of the change of one cell; they add up to it exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ShiftShare {
    /// What it would be had the cell changed as the whole did.
    pub national: f64,
    /// More or less because its sector changed differently from the whole.
    pub mix: f64,
    /// More or less because the sector changed differently here.
    pub regional: f64,
    /// Part of `regional` that is due to the sector's pace here, had the zone the mix of the whole.
    pub competitive: f64,
    /// The other part: the zone has more, or less, of what grows faster here.
    pub allocation: f64,
}

/// Shift–share decomposition of the change between two tables of zones by sectors.
///
/// With growth rates `g` of the whole, `g_s` of the sector and `g_zs` of the cell: `national = x g`,
/// `mix = x (g_s − g)`, `regional = x (g_zs − g_s)`, which splits with the homothetic cell `x' = x_z x_s / x` into
/// `competitive = x' (g_zs − g_s)` and `allocation = (x − x')(g_zs − g_s)`.
///
/// # Shapes and units
///
/// Rows of `sectors` amounts, one row a zone, before and after → one decomposition per cell, in the unit of the amounts.
///
/// # Missing values
///
/// A missing amount is an error. Of a cell that was empty before, the whole change is `regional`, and `allocation`.
///
/// # Interpretation
///
/// It tells what happened apart, not why. The result depends on how finely sectors are cut.
///
/// # Errors
///
/// [`SectorError`].
///
/// # Example
///
/// ```
/// let found = datagora_indicators::economy::shift_share(&[100.0, 100.0], &[120.0, 100.0], 1)?;
/// assert!((found[0].national - 10.0).abs() < 1e-9 && (found[0].regional - 10.0).abs() < 1e-9);
/// # Ok::<(), datagora_indicators::economy::SectorError>(())
/// ```
///
/// # References
///
/// Dunn, E. S. (1960). Pap. Reg. Sci. Assoc. 6, 97–112. Esteban-Marquillas, J. M. (1972). Reg. Urban Econ. 2, 249–261.
pub fn shift_share(before: &[f64], after: &[f64], sectors: usize) -> Result<Vec<ShiftShare>, SectorError> {
    if before.len() != after.len() {
        return Err(SectorError::Shape { cells: after.len(), sectors });
    }
    let (then, now) = (margins(before, sectors)?, margins(after, sectors)?);
    let rate = |before: f64, after: f64| if before > 0.0 { after / before - 1.0 } else { 0.0 };
    let whole = rate(then.total, now.total);
    Ok((0..before.len())
        .map(|at| {
            let (zone, sector) = (at / sectors, at % sectors);
            let (x, y) = (before[at], after[at]);
            let own = rate(then.sectors[sector], now.sectors[sector]);
            if x == 0.0 {
                return ShiftShare { national: 0.0, mix: 0.0, regional: y, competitive: 0.0, allocation: y };
            }
            let apart = rate(x, y) - own;
            let homothetic = then.zones[zone] * then.sectors[sector] / then.total;
            ShiftShare {
                national: x * whole,
                mix: x * (own - whole),
                regional: x * apart,
                competitive: homothetic * apart,
                allocation: (x - homothetic) * apart,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::super::golden::{CELLS, LATER};
    use super::*;
    use proptest::prelude::*;

    /// Golden `economy_lq_shiftshare.json` (own reference, numpy 2.4.6), first zone and last cell, tolerance 1e-9.
    #[test]
    fn golden_shift_share() {
        let found = shift_share(&CELLS, &LATER, 3).unwrap();
        let golden = [
            (
                0,
                11.187_969_924_812_027,
                -1.236_750_412_616_896,
                2.048_780_487_804_88,
                1.052_631_578_947_369_3,
                0.996_148_908_857_510_6,
            ),
            (
                1,
                2.796_992_481_203_006_7,
                -1.425_563_909_774_432_1,
                -3.371_428_571_428_574,
                -5.914_786_967_418_551,
                2.543_358_395_989_976_4,
            ),
            (
                2,
                4.661_654_135_338_348,
                1.829_573_934_837_092,
                3.508_771_929_824_561,
                6.015_037_593_984_962,
                -2.506_265_664_160_400_4,
            ),
            (
                11,
                2.330_827_067_669_172_2,
                0.914_786_967_418_546,
                1.754_385_964_912_280_6,
                2.105_263_157_894_736_7,
                -0.350_877_192_982_456_1,
            ),
        ];
        for (at, national, mix, regional, competitive, allocation) in golden {
            let cell = found[at];
            let pairs = [
                (cell.national, national),
                (cell.mix, mix),
                (cell.regional, regional),
                (cell.competitive, competitive),
                (cell.allocation, allocation),
            ];
            assert!(pairs.iter().all(|(found, wanted)| (found - wanted).abs() < 1e-9), "{at}: {cell:?}");
        }
        assert!(shift_share(&CELLS, &LATER[1..], 3).is_err());
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_change(
            cells in proptest::collection::vec((prop_oneof![Just(0.0), 0.0..1e4_f64], 0.0..1e4_f64), 12)
        ) {
            let (before, after): (Vec<f64>, Vec<f64>) = cells.into_iter().unzip();
            for (cell, (x, y)) in shift_share(&before, &after, 4).unwrap().iter().zip(before.iter().zip(&after)) {
                prop_assert!((cell.national + cell.mix + cell.regional - (y - x)).abs() < 1e-6);
                prop_assert!((cell.competitive + cell.allocation - cell.regional).abs() < 1e-6);
            }
        }
    }
}
