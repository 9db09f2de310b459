use super::*;
use datagora_core::Crs;
use datagora_geo::Grid;
use datagora_geo::types::{Rect, coord};
use proptest::prelude::*;

const SIDE: usize = 20;

/// A city of 8 × 8 cells in the middle of 20 × 20, 5 K hotter than the rest, where the ground is 30 °C.
fn made(noise: impl Fn(usize) -> f64) -> (SurfaceTemperature, GeometryColumn) {
    let grid = Grid::new([0.0, 2_000.0], [100.0, 100.0], SIDE, SIDE, Crs::LAMBERT_93).unwrap();
    let hot = |cell: usize| (6..14).contains(&(cell % SIDE)) && (6..14).contains(&(cell / SIDE));
    let kelvin = (0..SIDE * SIDE).map(|cell| 303.15 + if hot(cell) { 5.0 } else { 0.0 } + noise(cell));
    let kelvin = Band::new(kelvin.collect::<Vec<f64>>());
    let pass = "2022-07-18T10:24:00Z".parse().unwrap();
    let city = Rect::new(coord! { x: 600., y: 600. }, coord! { x: 1_400., y: 1_400. });
    let ground = SurfaceTemperature::from_kelvin(grid, &kelvin, pass).unwrap();
    (ground, GeometryColumn::new([city.into()], Crs::LAMBERT_93))
}

fn ring(from: f64, to: f64) -> SurfaceHeatIslandOptions {
    let reference = RuralReference::Ring { from: Metres(from), to: Metres(to) };
    let draws = Bootstrap::default().with_replicates(200);
    SurfaceHeatIslandOptions::new(reference).with_block(Metres(300.0)).with_bootstrap(draws)
}

#[test]
fn the_island_is_found_whatever_the_reference() {
    let (ground, city) = made(|_| 0.0);
    let equal = RuralReference::EqualArea { from: Metres(200.0) };
    let corner = RuralReference::Cells((0..SIDE * SIDE).map(|cell| cell % SIDE < 3).collect());
    for options in [ring(100.0, 400.0), ring(0.0, 1e6)]
        .into_iter()
        .chain([equal, corner].map(SurfaceHeatIslandOptions::new))
    {
        let found = surface_heat_island(&ground, &city, None, &options).unwrap();
        assert!((found.intensity.value().unwrap() - 5.0).abs() < 1e-9, "{options:?}");
        assert!((found.urban.value().unwrap() - 35.0).abs() < 1e-9);
        assert_eq!((found.urban.observations(), found.intensity.completeness()), (64, 1.0));
        assert_eq!(found.intensity.unit(), &Unit::CELSIUS.of_difference());
    }
    // The nearest ground as large as the city, whole distances at a time.
    let options = SurfaceHeatIslandOptions::new(RuralReference::EqualArea { from: Metres(200.0) });
    let found = surface_heat_island(&ground, &city, None, &options).unwrap();
    assert!((64..=96).contains(&found.rural.observations()), "{found:?}");
}

#[test]
fn water_and_hills_do_not_count() {
    // A lake in the west is 10 K colder, a hill in the east 6 K.
    let lake = |cell: usize| cell % SIDE < 4;
    let hill = |cell: usize| cell % SIDE > 15;
    let cold = |cell| {
        if lake(cell) {
            -10.0
        } else if hill(cell) {
            -6.0
        } else {
            0.0
        }
    };
    let (ground, city) = made(cold);
    let all = ring(100.0, 1e4);
    let plain = surface_heat_island(&ground, &city, None, &all).unwrap();
    assert!(plain.intensity.value().unwrap() > 7.0);
    let dry = all.with_excluded((0..SIDE * SIDE).map(lake).collect());
    let altitude =
        Band::new((0..SIDE * SIDE).map(|cell| if hill(cell) { 400.0 } else { 170.0 }).collect::<Vec<f64>>());
    let found = surface_heat_island(&ground, &city, Some(&altitude), &dry).unwrap();
    assert!((found.intensity.value().unwrap() - 5.0).abs() < 1e-9);
    let unknown = Band::new(vec![f64::NAN; SIDE * SIDE]);
    let found = surface_heat_island(&ground, &city, Some(&unknown), &dry).unwrap();
    assert_eq!((found.intensity.value(), found.rural.value()), (None, None));
    assert!(found.urban.value().is_some());
}

#[test]
fn clouds_lower_the_completeness_and_the_interval_covers() {
    let hash =
        |cell: usize| ((cell as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 / (1 << 24) as f64;
    let (ground, city) = made(|cell| if cell % 5 == 0 { f64::NAN } else { 2.0 * hash(cell) - 1.0 });
    let found = surface_heat_island(&ground, &city, None, &ring(100.0, 600.0)).unwrap();
    assert!(found.intensity.completeness() < 0.9);
    let interval = found.intensity.interval().unwrap();
    assert!(interval.contains(5.0) && interval.width() < 1.0 && interval.width() > 0.05, "{interval:?}");
    assert_eq!(surface_heat_island(&ground, &city, None, &ring(100.0, 600.0)), Ok(found));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let (ground, city) = made(|_| 0.0);
    let run = |options| surface_heat_island(&ground, &city, None, &options).unwrap_err();
    assert_eq!(run(ring(400.0, 100.0)), HeatIslandError::Ring { from: 400.0, to: 100.0 });
    let short = ring(1.0, 2.0).with_excluded(vec![true]);
    assert!(matches!(run(short), HeatIslandError::Length { found: 1, .. }));
    assert!(matches!(run(ring(1.0, 2.0).with_block(Metres(0.0))), HeatIslandError::Distance { .. }));
    let level = ring(100.0, 400.0).with_bootstrap(Bootstrap::default().with_level(95.0));
    assert!(matches!(run(level), HeatIslandError::Level(_)));
    let nowhere = surface_heat_island(&ground, &city, None, &ring(1e6, 2e6)).unwrap();
    assert_eq!(nowhere.intensity.value(), None);
    assert!(air_heat_island(&[1.0], &[]).is_err());
    assert_eq!(air_heat_island(&[f64::NAN], &[1.0]).unwrap().largest.value(), None);
}

proptest! {
    #[test]
    fn warming_all_ground_changes_no_island(shift in -20.0..20.0_f64) {
        let options = ring(100.0, 500.0);
        let island = |shift: f64| {
            let (ground, city) = made(|cell| shift + (cell % 7) as f64);
            surface_heat_island(&ground, &city, None, &options).unwrap().intensity.value().unwrap()
        };
        prop_assert!((island(0.0) - island(shift)).abs() < 1e-9);
    }
}
