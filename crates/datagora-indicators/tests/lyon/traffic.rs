//! Golden vectors of travel times and links, and real roads: a week of speeds of 207 detectors in Los Angeles (METR-LA) and
//! detectors and travel times of the Twin Cities (NAB). Wanted numbers: numpy 2.4.6 from the same files.
use datagora_core::{KilometresPerHour, Metres, Minutes, Zone};
use datagora_indicators::mobility::*;
use datagora_indicators::{Bootstrap, QuantileMethod};
use serde_json::Value;

use crate::{close, column, data, numbers, table};

fn golden(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(data(&format!("golden/indicators/{name}.json"))?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

const METHODS: [(&str, QuantileMethod); 3] = [
    ("linear", QuantileMethod::Linear),
    ("inverted_cdf", QuantileMethod::InvertedCdf),
    ("nearest", QuantileMethod::Nearest),
];

#[test]
fn golden_reliability_by_three_methods() {
    let Some(golden) = golden("travel_time_reliability") else { return };
    let times = list(&golden["inputs"]["tt_seconds_sorted"]);
    let free_flow = FreeFlow::declared(golden["inputs"]["free_flow_s"].as_f64().unwrap()).unwrap();
    // The 480 times stand in the morning peak: 2024 begins with a Monday.
    let year = QuarterHours::of_year(2024, Zone::UTC).unwrap();
    let mut golden_times = times.iter().copied();
    let slots: Vec<f64> = (0..year.len())
        .map(|i| {
            let (day, hour) = (i / 96, i % 96 / 4);
            let peak = day % 7 < 5 && (6..10).contains(&hour);
            if peak { golden_times.next().unwrap_or(f64::NAN) } else { 60.0 }
        })
        .collect();
    for (name, method) in METHODS {
        let wanted = |key: &str| golden["outputs"][name][key].as_f64().unwrap();
        let options = ReliabilityOptions::default().with_method(method);
        let found = reliability(&times, &free_flow, &options).unwrap();
        close(found.travel_time_index.value().unwrap(), wanted("TTI"), 1e-12);
        close(found.planning_time_index.value().unwrap(), wanted("PTI"), 1e-12);
        close(found.buffer_index.value().unwrap(), 100.0 * wanted("BI_mean"), 1e-10);
        close(found.misery_index.value().unwrap(), wanted("misery"), 1e-12);
        close(found.planning_time.value().unwrap(), wanted("p95"), 1e-12);
        for (probability, key) in [(0.15, "p15"), (0.5, "p50"), (0.8, "p80"), (0.85, "p85")] {
            let low = FreeFlow::low_percentile(&times, probability, method).unwrap();
            close(low.seconds(), wanted(key), 1e-12);
        }
        let cars = level_of_travel_time_reliability(&slots, &year, method).unwrap();
        assert_eq!(cars.periods[0].ratio.value(), Some(wanted("LOTTR")));
        assert_eq!((cars.periods[0].ratio.observations(), cars.reliable), (480, Some(true)));
        let trucks = truck_travel_time_reliability(&slots, None, &year, method).unwrap();
        assert_eq!(trucks.largest.value(), Some(wanted("TTTR")));
    }
}

#[test]
fn golden_link_performance() {
    let Some(golden) = golden("link_performance") else { return };
    let (inputs, outputs) = (&golden["inputs"], &golden["outputs"]);
    let (ratios, free_flow) = (list(&inputs["vc"]), inputs["t0"].as_f64().unwrap());
    for (delay, key) in
        [(LinkDelay::BPR, "bpr_0.15_4"), (LinkDelay::Conical { alpha: 6.0 }, "conical_alpha6")]
    {
        let found = delay.travel_times(free_flow, &ratios).unwrap();
        for (found, wanted) in found.into_iter().zip(list(&outputs[key])) {
            close(found, wanted, 1e-11);
        }
    }
    let factor = heavy_vehicle_factor(0.1, 2.0).unwrap();
    close(factor, outputs["heavy_vehicle_factor_PT0.1_ET2"].as_f64().unwrap(), 1e-15);
    let loops = &outputs["occupancy_to_density_veh_per_km"];
    let percent: Vec<f64> = list(&loops["occ"]).iter().map(|share| 100.0 * share).collect();
    let length = EffectiveLength::default()
        .with_vehicle(Metres(loops["Lveh_m"].as_f64().unwrap()))
        .with_detector(Metres(loops["Lloop_m"].as_f64().unwrap()));
    let found = density_from_occupancy(&percent, &length).unwrap();
    for (found, wanted) in found.values.into_iter().zip(list(&loops["k"])) {
        close(found, wanted, 1e-12);
    }
    use LevelOfService::{A, B, C, D, E, F};
    let bounds = list(&outputs["hcm_freeway_los"]["density_pc_km_ln_thresholds"]);
    for (bound, levels) in bounds.iter().zip([A, B, C, D, E, F].windows(2)) {
        let level = |density| ServiceMeasure::FreewayDensity(density).level(0.9);
        assert_eq!((level(*bound), level(bound + 1e-9)), (Some(levels[0]), Some(levels[1])));
    }
}

/// Speeds of METR-LA in km/h, one column a detector, every five minutes from Thursday, 1 March 2012.
fn metr_la() -> Option<Vec<Vec<f64>>> {
    let text = std::fs::read_to_string(data("traffic/metr_la_week_speed.csv")?).unwrap();
    let mut lines = text.lines();
    let mut columns = vec![Vec::new(); lines.next().unwrap().split(',').count()];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(1.609_344 * cell.parse::<f64>().unwrap());
        }
    }
    Some(columns)
}

/// The speeds from midnight to six.
fn nights(speeds: &[f64]) -> Vec<f64> {
    speeds.chunks(288).flat_map(|day| day[..72].to_vec()).collect()
}

#[test]
fn reliability_of_a_motorway_in_los_angeles() {
    let Some(speeds) = metr_la() else { return };
    assert_eq!((speeds.len(), speeds[0].len()), (207, 2_016));
    let first = &speeds[0];
    let times: Vec<f64> = first.iter().map(|speed| 3_600.0 / speed).collect();
    let free_flow =
        FreeFlow::off_peak_speeds(&nights(first), Metres(1_000.0), 0.85, QuantileMethod::Linear).unwrap();
    close(free_flow.seconds(), 33.331_832_166_925_395, 1e-9);
    let options = ReliabilityOptions::default().with_bootstrap(Bootstrap::default(), 288);
    let found = reliability(&times, &free_flow, &options).unwrap();
    close(found.travel_time_index.value().unwrap(), 1.186_955_690_348_973_7, 1e-9);
    close(found.planning_time_index.value().unwrap(), 1.848_564_131_389_421_9, 1e-9);
    close(found.buffer_index.value().unwrap(), 55.739_944_331_530_225, 1e-7);
    close(found.misery_index.value().unwrap(), 4.053_976_009_395_239, 1e-9);
    // Seven days tell little about the worst of a year: the interval says so.
    let interval = found.planning_time_index.interval().unwrap();
    assert!(interval.contains(1.848_6) && interval.width() > 0.5, "{interval:?}");
    let spot = spot_speeds(first, &SpeedOptions::default()).unwrap();
    close(spot.v85.value().unwrap(), 109.234_224_000_000_01, 1e-9);
    close(spot.v15.value().unwrap(), 99.175_824, 1e-9);
}

#[test]
fn congested_hours_of_a_network() {
    let Some(speeds) = metr_la() else { return };
    let hours = |speeds: &Vec<f64>| {
        let nights = spot_speeds(&nights(speeds), &SpeedOptions::default()).unwrap();
        let free_flow = KilometresPerHour(nights.v85.value().unwrap());
        congestion_by_speed(speeds, Minutes(5.0), free_flow, 0.6).unwrap().hours_per_day.value().unwrap()
    };
    close(hours(&speeds[0]), 1.226_190_476_190_476_3, 1e-9);
    close(speeds.iter().map(hours).sum::<f64>() / 207.0, 2.116_057_050_839_659_7, 1e-9);
}

#[test]
fn federal_reliability_of_a_network() {
    let Some(speeds) = metr_la() else { return };
    let year = QuarterHours::of_year(2012, Zone::parse("America/Los_Angeles").unwrap()).unwrap();
    let midnight = 1_330_588_800; // 1 March 2012 in Los Angeles
    let starts: Vec<i64> = (0..2_016).map(|i| midnight + 300 * i).collect();
    let mut reliable = Vec::new();
    for (detector, speeds) in speeds.iter().enumerate() {
        let times: Vec<f64> = speeds.iter().map(|speed| 3_600.0 / speed).collect();
        let (times, outside) = year.place(&starts, &times).unwrap();
        assert_eq!(outside, 0);
        let found = level_of_travel_time_reliability(&times, &year, QuantileMethod::Linear).unwrap();
        if detector == 0 {
            let ratios: Vec<f64> = found.periods.iter().map(|p| p.ratio.value().unwrap()).collect();
            assert_eq!(ratios, [1.03, 1.03, 3.53, 1.03]);
            // Five of 261 weekdays: a week is not a year, and the value says so.
            close(found.periods[0].ratio.completeness(), 5.0 / 261.0, 1e-12);
        }
        reliable.push(found.reliable);
    }
    assert_eq!(reliable.iter().filter(|reliable| **reliable == Some(true)).count(), 133);
    let section = RoadSection { length: Metres(1_000.0), aadt: 50_000.0, occupancy: 1.7 };
    let found = reliable_person_miles(&vec![section; 207], &reliable).unwrap();
    assert_eq!(found.value(), Some(64.3)); // 133 of 207
}

/// A series of NAB: Unix seconds, taking its times as UTC, and values.
fn nab(name: &str) -> Option<(Vec<i64>, Vec<f64>)> {
    let table = table(&format!("traffic/nab/{name}.csv"))?;
    let seconds = |text: &str| {
        datagora_core::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap().and_utc().timestamp()
    };
    Some((column(&table, "timestamp").into_iter().map(seconds).collect(), numbers(&table, "value")))
}

#[test]
fn trips_and_occupancies_of_the_twin_cities() {
    let Some((_, times)) = nab("TravelTime_387") else { return };
    let free_flow = FreeFlow::low_percentile(&times, 0.15, QuantileMethod::Linear).unwrap();
    close(free_flow.seconds(), 108.85, 1e-9);
    let options = ReliabilityOptions::default().with_base(BufferBase::Median);
    let found = reliability(&times, &free_flow, &options).unwrap();
    close(found.travel_time_index.value().unwrap(), 2.986_620_119_430_409_4, 1e-9);
    close(found.planning_time_index.value().unwrap(), 8.709_232_889_297_201, 1e-9);
    close(found.buffer_index.value().unwrap(), 371.641_791_044_776_14, 1e-7);
    close(found.misery_index.value().unwrap(), 14.787_836_472_209_467, 1e-9);

    let (_, occupancies) = nab("occupancy_t4013").unwrap();
    let hours = |from| congestion_by_occupancy(&occupancies, Minutes(5.0), from).unwrap().hours_per_day;
    close(hours(TrafficState::PreSaturated).value().unwrap(), 0.854_4, 1e-9);
    close(hours(TrafficState::Saturated).value().unwrap(), 0.057_6, 1e-9);
    let found = density_from_occupancy(&occupancies, &EffectiveLength::default()).unwrap();
    close(found.mean.value().unwrap(), 12.071_066_666_666_665, 1e-9);
}

/// A detector as a network of one link: flow from its density and speed.
#[test]
fn fundamental_diagram_of_a_detector() {
    let (Some((at, occupancies)), Some((speed_at, speeds))) = (nab("occupancy_t4013"), nab("speed_t4013"))
    else {
        return;
    };
    let first = at[0].div_euclid(86_400) * 86_400;
    let days = 17;
    let (mut density, mut flow) = (vec![f64::NAN; days * 288], vec![f64::NAN; days * 288]);
    let found = density_from_occupancy(&occupancies, &EffectiveLength::default()).unwrap();
    for (at, value) in at.iter().zip(&found.values) {
        density[((at - first) / 300) as usize] = *value;
    }
    for (at, speed) in speed_at.iter().zip(&speeds) {
        let slot = ((at - first) / 300) as usize;
        flow[slot] = 1.609_344 * speed * density[slot];
    }
    let states = network_states(&[Metres(1.0)], &flow, &density).unwrap();
    let options = DiagramOptions::default().with_bootstrap(Bootstrap::default().with_replicates(300));
    let found = fundamental_diagram(&states, &options).unwrap();
    // A free-flow speed as the 85th percentile of its speeds says, and a maximum that was passed.
    let spot = spot_speeds(&speeds, &SpeedOptions::default()).unwrap();
    let v85 = 1.609_344 * spot.v85.value().unwrap();
    let free = found.free_flow_speed.value().unwrap();
    assert!((0.85 * v85..1.05 * v85).contains(&free), "{free} {v85}");
    let critical = found.critical_density.value().expect("it was congested");
    let interval = found.critical_density.interval().unwrap();
    assert!((10.0..60.0).contains(&critical) && interval.contains(critical), "{critical} {interval:?}");
    assert!(found.free_flow_speed.completeness() > 0.4 && found.free_flow_speed.completeness() < 1.0);
    // Beyond the maximum traffic is slower.
    let last = found.points.last().unwrap();
    assert!(last.flow / last.density < 0.8 * free, "{last:?}");
}
