//! The table of `economy_lq_shiftshare.json` (own reference, numpy 2.4.6), and how its values are compared.
use datagora_core::Measured;

/// Jobs of four zones in three sectors.
pub(super) const CELLS: [f64; 12] = [120., 30., 50., 60., 90., 10., 20., 15., 200., 5., 40., 25.];
/// The same, later.
pub(super) const LATER: [f64; 12] = [132., 28., 60., 66., 99., 12., 18., 20., 220., 6., 36., 30.];

/// Values equal the golden ones to 1e-12, which is the rounding of sums in another order.
pub(super) fn close(found: &[Measured], golden: &[f64]) {
    assert_eq!(found.len(), golden.len());
    for (at, (found, wanted)) in found.iter().zip(golden).enumerate() {
        let found = found.value().unwrap();
        assert!((found - wanted).abs() < 1e-12, "{at}: {found} is not {wanted}");
    }
}
