use super::*;
use datagora_core::Crs;
use proptest::prelude::*;

fn grid(columns: usize, rows: usize, cell: [f64; 2]) -> Grid {
    Grid::new([840_000.0, 6_520_000.0], cell, columns, rows, Crs::LAMBERT_93).unwrap()
}

/// Each cell against each other, by the distance of their centres.
fn one_by_one(cover: &[IntegrityCover], grid: &Grid, radius: f64) -> Vec<Option<f32>> {
    let centre = |cell: usize| {
        let (column, row) = grid.position(cell);
        (column as f64 * grid.cell_width(), row as f64 * grid.cell_height())
    };
    let share = |at: usize| {
        let (x, y) = centre(at);
        let near = (0..cover.len()).filter(|&other| {
            let (to_x, to_y) = centre(other);
            (to_x - x).powi(2) + (to_y - y).powi(2) <= radius * radius
        });
        let (mut natural, mut ground) = (0.0, 0.0);
        for other in near {
            natural += f64::from(cover[other] == IntegrityCover::SemiNatural);
            ground +=
                f64::from(matches!(cover[other], IntegrityCover::SemiNatural | IntegrityCover::Modified));
        }
        (natural / ground) as f32
    };
    (0..cover.len()).map(|at| (cover[at] == IntegrityCover::Modified).then(|| share(at))).collect()
}

fn known(shares: &[f32]) -> Vec<Option<f32>> {
    shares.iter().map(|share| (!share.is_nan()).then_some(*share)).collect()
}

fn cover() -> impl Strategy<Value = IntegrityCover> {
    use IntegrityCover::*;
    prop_oneof![1 => Just(Outside), 1 => Just(Water), 3 => Just(SemiNatural), 4 => Just(Modified)]
}

proptest! {
    #[test]
    fn running_sums_count_as_one_by_one(
        (columns, rows, cover) in (1..40_usize, 1..30_usize)
            .prop_flat_map(|(columns, rows)| (
                Just(columns), Just(rows), proptest::collection::vec(cover(), columns * rows)
            )),
        quarters in 1..120_i32,
        height in prop_oneof![Just(5.0), Just(2.5), Just(8.0)],
    ) {
        // Quarters of a cell are exact, so that both rules agree on centres that lie on the circle.
        let radius = f64::from(quarters) * 1.25;
        let grid = grid(columns, rows, [5.0, height]);
        let found = functional_integrity(&cover, &grid, Metres(radius)).unwrap();
        prop_assert_eq!(known(found.shares()), one_by_one(&cover, &grid, radius));
        let mean = found.mean();
        prop_assert_eq!(mean.value().is_some(), cover.contains(&IntegrityCover::Modified));
        let areas: f64 = found.area_by_class(&INTEGRITY_CUTS).iter().sum();
        prop_assert!((areas - mean.observations() as f64 * 5.0 * height).abs() < 1e-6);
        if let (Some(low), Some(high)) = (found.reaching(0.25).value(), found.reaching(0.5).value()) {
            prop_assert!(high <= low);
        }
    }
}

/// More cells in the disc than 16 bits count, in several strips and blocks.
#[test]
fn large_discs_and_several_strips_count_as_small_ones() {
    let (columns, rows) = (600, 300);
    let cover: Vec<IntegrityCover> = (0..columns * rows)
        .map(|cell| match cell * 7 % 13 {
            0..4 => IntegrityCover::SemiNatural,
            4 => IntegrityCover::Water,
            _ => IntegrityCover::Modified,
        })
        .collect();
    let grid = grid(columns, rows, [4.0, 4.0]);
    for radius in [100.0, 800.0] {
        let found = functional_integrity(&cover, &grid, Metres(radius)).unwrap();
        // Corners, and both sides of the borders of strips and blocks.
        for (column, row) in [(0, 0), (599, 299), (511, 127), (512, 128), (300, 255), (511, 256)] {
            let at = grid.index(column, row);
            let (mut natural, mut ground) = (0_u32, 0_u32);
            for (other, cover) in cover.iter().enumerate() {
                let (x, y) = grid.position(other);
                let (dx, dy) = (x.abs_diff(column) as f64 * 4.0, y.abs_diff(row) as f64 * 4.0);
                if dx * dx + dy * dy <= radius * radius {
                    natural += u32::from(*cover == IntegrityCover::SemiNatural);
                    ground += u32::from(*cover != IntegrityCover::Water);
                }
            }
            let wanted = (f64::from(natural) / f64::from(ground)) as f32;
            let found = found.shares()[at];
            assert_eq!(found.is_nan(), cover[at] != IntegrityCover::Modified);
            assert!(found.is_nan() || found == wanted, "{found} is not {wanted} at {column}, {row}");
        }
    }
}

#[test]
fn what_cannot_be_counted_is_said() {
    let square = grid(2, 2, [5.0, 5.0]);
    let cover = [IntegrityCover::Water; 4];
    let found = functional_integrity(&cover, &square, INTEGRITY_RADIUS).unwrap();
    assert!(found.mean().suppression().is_some() && found.reaching(0.2).value().is_none());
    assert_eq!(
        functional_integrity(&cover[..3], &square, INTEGRITY_RADIUS),
        Err(IntegrityError::Length { found: 3, needed: 4 })
    );
    for radius in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(
            functional_integrity(&cover, &square, Metres(radius)),
            Err(IntegrityError::Radius { .. })
        ));
    }
    let degrees = Grid::new([4.8, 45.8], [0.001, 0.001], 2, 2, Crs::WGS84).unwrap();
    assert_eq!(functional_integrity(&cover, &degrees, INTEGRITY_RADIUS), Err(IntegrityError::Degrees));
}

#[cfg(feature = "parallel")]
#[test]
fn threads_do_not_matter() {
    let cover: Vec<IntegrityCover> = (0..300 * 300)
        .map(|cell| if cell % 3 == 0 { IntegrityCover::SemiNatural } else { IntegrityCover::Modified })
        .collect();
    let grid = grid(300, 300, [4.0, 4.0]);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| known(functional_integrity(&cover, &grid, Metres(60.0)).unwrap().shares()))
    };
    assert_eq!(with(1), with(3));
}
