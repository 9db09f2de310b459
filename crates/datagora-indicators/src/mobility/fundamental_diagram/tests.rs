use super::*;

/// Days of 96 quarter hours whose density rises to `peak` and falls again; flow of a triangle with capacity at 25, less
/// by `loss` while it falls.
fn days(count: usize, peak: f64, loss: f64) -> Vec<NetworkState> {
    let mut states = Vec::new();
    for day in 0..count {
        for quarter in 0..96 {
            let phase = f64::from(quarter) / 96.0;
            // Days differ a little, so that draws do.
            let density = (peak - (day % 5) as f64) * (std::f64::consts::PI * phase).sin();
            let flow = (36.0 * density).min(12.0 * (100.0 - density));
            let flow = if phase > 0.5 { flow * (1.0 - loss) } else { flow };
            states.push(NetworkState { flow, density, covered: 1.0 });
        }
    }
    states
}

fn options() -> DiagramOptions {
    let bootstrap = Bootstrap::default().with_replicates(200);
    DiagramOptions::default().with_block(96).with_bootstrap(bootstrap)
}

#[test]
fn a_known_triangle_is_found_again() {
    let found = fundamental_diagram(&days(20, 60.0, 0.0), &options()).unwrap();
    let value = |measured: &Measured| measured.value().unwrap();
    // A class is 2 wide, and smoothed over three.
    assert!((value(&found.critical_density) - 25.0).abs() < 2.5, "{:?}", found.critical_density);
    assert!((value(&found.capacity) - 900.0).abs() < 45.0, "{:?}", found.capacity);
    assert!((value(&found.free_flow_speed) - 36.0).abs() < 1e-9);
    assert!(value(&found.hysteresis).abs() < 1e-9);
    assert_eq!((found.used, found.covered), (20 * 96, 1.0));
    assert!(found.points.windows(2).all(|pair| pair[0].density < pair[1].density));
}

#[test]
fn emptying_with_less_flow_is_a_clockwise_loop() {
    let found = fundamental_diagram(&days(20, 60.0, 0.2), &options()).unwrap();
    let loops = found.hysteresis.value().unwrap();
    let interval = found.hysteresis.interval().unwrap();
    assert!(loops > 0.1 && interval.lower > 0.0 && interval.contains(loops), "{:?}", found.hysteresis);
    let mut turned = days(20, 60.0, 0.2);
    turned.reverse();
    let back = fundamental_diagram(&turned, &options()).unwrap();
    assert!((back.hysteresis.value().unwrap() + loops).abs() < 1e-6);
}

#[test]
fn a_network_that_was_never_congested_has_a_lower_bound() {
    let found = fundamental_diagram(&days(20, 20.0, 0.0), &options()).unwrap();
    assert_eq!((found.critical_density.value(), found.capacity.value()), (None, None));
    let bounds = found.critical_density.interval().unwrap();
    assert!(bounds.lower > 15.0 && bounds.upper.is_infinite());
    assert!((found.free_flow_speed.value().unwrap() - 36.0).abs() < 1e-9);
}

#[test]
fn intervals_with_little_cover_are_left_out_and_told() {
    let mut states = days(20, 60.0, 0.0);
    states[10].covered = 0.3;
    states[300] = NetworkState { flow: f64::NAN, density: f64::NAN, covered: 0.0 };
    let found = fundamental_diagram(&states, &options()).unwrap();
    assert_eq!((found.used, found.hysteresis.observations()), (20 * 96 - 2, 18));
    assert!((found.hysteresis.completeness() - 0.9).abs() < 1e-12);
    let none = fundamental_diagram(&states[300..301], &options()).unwrap();
    assert!(none.capacity.suppression().is_some() && none.points.is_empty());
    assert!(fundamental_diagram(&[], &options()).unwrap().free_flow_speed.suppression().is_some());
    assert!(fundamental_diagram(&states, &options().with_block(0)).is_err());
    assert!(fundamental_diagram(&states, &options().with_classes(0)).is_err());
    assert!(fundamental_diagram(&states, &options().with_covered(f64::NAN)).is_err());
}

#[test]
fn intervals_do_not_depend_on_threads() {
    let states = days(31, 60.0, 0.1);
    let once = fundamental_diagram(&states, &options()).unwrap();
    assert_eq!(fundamental_diagram(&states, &options()).unwrap(), once);
    let seed = options().with_bootstrap(Bootstrap::default().with_replicates(200).with_seed(9));
    assert_ne!(fundamental_diagram(&states, &seed).unwrap().hysteresis, once.hysteresis);
    #[cfg(feature = "parallel")]
    for threads in [1, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| fundamental_diagram(&states, &options()).unwrap()), once);
    }
}

#[test]
fn links_are_weighted_by_their_length() {
    let nan = f64::NAN;
    let lengths = [Metres(500.0), Metres(1_500.0)];
    let states =
        network_states(&lengths, &[100.0, nan, 0.0, 300.0, nan, 0.0], &[10.0, 5.0, 0.0, 30.0, 5.0, 0.0]);
    let states = states.unwrap();
    assert_eq!((states[0].flow, states[0].density, states[0].covered), (250.0, 25.0, 1.0));
    assert!(states[1].flow.is_nan() && states[1].covered == 0.0);
    assert!(states[2].speed().is_nan() && states[2].flow == 0.0);
    let of = |lengths: &[Metres], flows: &[f64], densities: &[f64]| {
        network_states(lengths, flows, densities).unwrap_err()
    };
    assert_eq!(of(&lengths, &[1.0], &[1.0]), DiagramError::Shape { links: 2, flows: 1, densities: 1 });
    assert_eq!(of(&[Metres(0.0)], &[1.0], &[1.0]), DiagramError::Length { link: 0, length: 0.0 });
    let error = DiagramError::NotAState { what: "density", link: 1, interval: 0, value: -1.0 };
    assert_eq!(of(&lengths, &[1.0, 1.0], &[1.0, -1.0]), error);
    assert!(network_states(&[], &[], &[]).unwrap().is_empty());
    assert!(network_states(&lengths, &[], &[]).unwrap().is_empty());
}
