//! The catalogue agrees with what the functions return, with the golden vectors, and with `docs/indicators.md`.
#![allow(clippy::unwrap_used, reason = "the lint spares tests, not the functions that several tests share")]
use std::collections::BTreeMap;
use std::path::Path;

use datagora_core::disclosure::SecrecyRule;
use datagora_core::{
    Crs, Kilometres, KilometresPerHour, Language, Measured, Metres, Minutes, NaiveDate, Unit, WorkingWeek,
    Zone,
};
use datagora_geo::types::{Geometry, LineString, Rect, coord};
use datagora_geo::{Band, GeometryColumn, Grid, Raster};
use datagora_indicators::greening::*;
use datagora_indicators::heat::*;
use datagora_indicators::mobility::*;
use datagora_indicators::suitability::*;
use datagora_indicators::*;

/// Heat and ground.
fn heat_examples() -> BTreeMap<&'static str, Measured> {
    let grid = Grid::new([0.0, 30.0], [30.0, 30.0], 2, 1, Crs::LAMBERT_93).unwrap();
    let block = Rect::new(coord! { x: 5., y: 0. }, coord! { x: 50., y: 25. });
    let blocks = GeometryColumn::new([block.into()], Crs::LAMBERT_93);
    let index = Raster::new(grid.clone(), [Band::new(vec![0.6, 0.2])]).unwrap();
    let green = vegetation_by_zone(&index, &blocks, GREEN_NDVI, &[]).unwrap().remove(0);
    let cover = [IntegrityCover::SemiNatural, IntegrityCover::Modified];
    let integrity = functional_integrity(&cover, &grid, INTEGRITY_RADIUS).unwrap();
    let table = CoefficientTable::french_biotope();
    let surfaces = [("impermeable", 60.0), ("pleine_terre", 40.0)];

    let wide = Grid::new([0.0, 30.0], [30.0, 30.0], 16, 1, Crs::LAMBERT_93).unwrap();
    let kelvin = Band::new((0..16).map(|cell| 310.0 - f64::from(cell)).collect::<Vec<f64>>());
    let ground =
        SurfaceTemperature::from_kelvin(wide, &kelvin, "2022-07-18T10:24:00Z".parse().unwrap()).unwrap();
    let city = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 240., y: 30. });
    let city = GeometryColumn::new([city.into()], Crs::LAMBERT_93);
    let ring = RuralReference::Ring { from: Metres(10.0), to: Metres(900.0) };
    let options = SurfaceHeatIslandOptions::new(ring).with_block(Metres(30.0));
    let island = surface_heat_island(&ground, &city, None, &options).unwrap();
    let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
    let days: Vec<NaiveDate> = first.iter_days().take(365).collect();
    let year = heat_days(&days, &[15.0; 365], &[25.0; 365], &HeatDayOptions::default()).unwrap().remove(0);
    let model = VulnerabilityModel::new(
        Component::ALL
            .map(|component| {
                let id = component.name(Language::English);
                VulnerabilityIndicator::new(id, (id, id), Unit::ONE, component, "made")
            })
            .into(),
    );
    let square = Grid::new([0.0, 30.0], [10.0, 10.0], 3, 3, Crs::LAMBERT_93).unwrap();
    let heights = Raster::new(square, [Band::new((0..9).map(f64::from).collect::<Vec<f64>>())]).unwrap();
    let plot = Rect::new(coord! { x: 5., y: 5. }, coord! { x: 25., y: 25. });
    let plots = GeometryColumn::new([plot.into()], Crs::LAMBERT_93);
    let column: &[f64] = &[1.0, 2.0];
    let vulnerable = model.unwrap().score(&[column; 3], Period::Day).unwrap().remove(0);
    BTreeMap::from([
        ("mean-slope", slope_by_zone(&heights, 0, &plots, &SlopeSummary::Mean).unwrap().remove(0)),
        (
            "infiltration-index",
            infiltration_index(&[60.0], &[2.0], &InfiltrationOptions::default()).unwrap().remove(0),
        ),
        ("surface-temperature", ground.by_zone(&blocks).unwrap().remove(0).mean),
        ("surface-heat-island", island.intensity),
        ("air-heat-island", air_heat_island(&[24.0], &[20.0]).unwrap().intensity),
        ("summer-days", year.summer_days),
        ("hot-days", year.hot_days),
        ("tropical-nights", year.tropical_nights),
        ("heatwave-days", year.heatwave_days),
        ("heat-vulnerability", vulnerable.index),
        ("ndvi-mean", green.mean),
        ("ndvi-green-share", green.green_share),
        ("functional-integrity", integrity.mean()),
        ("functional-integrity-reached", integrity.reaching(INTEGRITY_TARGET)),
        ("biotope-area-factor", biotope_area_factor(surfaces, 100.0, &table).unwrap()),
        ("imperviousness", imperviousness(surfaces, &table).unwrap()),
    ])
}

/// Speed, reliability and congestion.
fn traffic_examples() -> BTreeMap<&'static str, Measured> {
    let limit = KilometresPerHour(50.0);
    let speeds: Vec<f64> = (30..60).map(f64::from).collect();
    let spot = spot_speeds(&speeds, &SpeedOptions::default().with_limit(limit)).unwrap();

    let times: Vec<f64> = (0..40).map(|i| 60.0 + f64::from(i)).collect();
    let options = ReliabilityOptions::default().with_bootstrap(Bootstrap::default().with_replicates(20), 10);
    let trips = reliability(&times, &FreeFlow::declared(60.0).unwrap(), &options).unwrap();

    let year = QuarterHours::of_year(2023, Zone::PARIS).unwrap();
    let (times, volumes) = (vec![90.0; year.len()], vec![100.0; year.len() / 4]);
    let linear = QuantileMethod::Linear;
    let cars = level_of_travel_time_reliability(&times, &year, linear).unwrap();
    let trucks = truck_travel_time_reliability(&times, None, &year, linear).unwrap();
    let (length, occupancy) = (Metres(900.0), 1.5);
    let afternoon = AfternoonPeak::From16;
    let section = DelaySection { length, limit, occupancy, afternoon };
    let delay = peak_hour_excessive_delay(&times, &volumes, &section, &year).unwrap();
    let roads = [RoadSection { length, aadt: 9_000.0, occupancy }; 2];

    let occupied = [10.0, 40.0, f64::NAN];
    let congestion = congestion_by_occupancy(&occupied, Minutes(6.0), TrafficState::Saturated).unwrap();
    let motorway = FreewayTraffic {
        volume: 900.0,
        peak_hour_factor: 0.9,
        lanes: 1,
        heavy_vehicle_factor: 1.0,
        speed: limit,
    };
    let day = (0..=80).chain((0..80).rev()).map(f64::from);
    let flow = |density: f64| (40.0 * density).min(10.0 * (150.0 - density));
    let state = |density| NetworkState { flow: flow(density), density, covered: 1.0 };
    let states: Vec<NetworkState> = (0..4).flat_map(|_| day.clone().map(state)).collect();
    let draws = Bootstrap::default().with_replicates(20);
    let options = DiagramOptions::default().with_block(161).with_bootstrap(draws);
    let network = fundamental_diagram(&states, &options).unwrap();
    BTreeMap::from([
        ("v85", spot.v85),
        ("v50", spot.v50),
        ("v15", spot.v15),
        ("speed-pace", spot.pace),
        ("share-in-pace", spot.in_pace),
        ("share-above-limit", spot.above_limit.unwrap()),
        ("travel-time-index", trips.travel_time_index),
        ("planning-time-index", trips.planning_time_index),
        ("buffer-index", trips.buffer_index),
        ("misery-index", trips.misery_index),
        ("lottr", cars.largest),
        ("reliable-person-miles", reliable_person_miles(&roads, &[Some(true), None]).unwrap()),
        ("tttr-index", truck_reliability_index(&[length], std::slice::from_ref(&trucks.largest)).unwrap()),
        ("tttr", trucks.largest),
        (
            "excessive-delay-per-inhabitant",
            excessive_delay_per_inhabitant(std::slice::from_ref(&delay), 10.0).unwrap(),
        ),
        ("peak-hour-excessive-delay", delay),
        ("congestion-duration", congestion.hours_per_day),
        ("longest-congestion", congestion.longest),
        (
            "density-from-occupancy",
            density_from_occupancy(&occupied, &EffectiveLength::default()).unwrap().mean,
        ),
        ("link-delay-factor", LinkDelay::BPR.mean_factor(&[900.0], 1_800.0).unwrap()),
        ("volume-to-capacity", volume_to_capacity(900.0, 1_800.0).unwrap()),
        ("freeway-density", motorway.density().unwrap()),
        ("network-critical-density", network.critical_density),
        ("network-capacity", network.capacity),
        ("network-free-flow-speed", network.free_flow_speed),
        ("network-hysteresis", network.hysteresis),
    ])
}

/// Trends and factors of bicycles.
fn cycling_examples() -> BTreeMap<&'static str, Measured> {
    let dates: Vec<NaiveDate> = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap().iter_days().take(800).collect();
    let wave = |step: f64| (0..800).map(move |i| 5.0 + 4.0 * (step * f64::from(i)).sin());
    let (temperature, rain): (Vec<f64>, Vec<f64>) = (wave(0.3).collect(), wave(0.7).collect());
    let counts: Vec<f64> = wave(1.1).collect();
    let weather = Weather { temperature: &temperature, rain: &rain };
    let trend = weather_adjusted_trend(&dates, &counts, &weather, &TrendOptions::default()).unwrap();
    let (bikes, cars) = ([10.0, 12.0, 20.0, 22.0], [90.0, 80.0, 70.0, 60.0]);
    let both = bike_against_car(&bikes, &cars, 2, 1, &GrowthOptions::default()).unwrap();
    let factors = day_of_year_factors(&bikes, 2, &DayFactorOptions::default()).unwrap();
    BTreeMap::from([
        ("weather-adjusted-trend", trend.trend),
        ("bike-share-of-counts", both.shares[0].clone()),
        ("bike-against-car-index", both.relative),
        ("day-of-year-factor", factors.factors[0].clone()),
        ("short-count-average", factors.expand(&[0], &[5.0]).unwrap()),
    ])
}

/// Vegetation cover, and green near homes.
fn cover_examples() -> BTreeMap<&'static str, Measured> {
    let square = |x: f64| Geometry::from(Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 100., y: 100. }));
    let (zones, homes) =
        (GeometryColumn::new([square(0.)], Crs::CC46), GeometryColumn::new([square(0.)], Crs::CC46));
    let street = GeometryColumn::new([LineString::from(vec![(0., 5.), (100., 5.)]).into()], Crs::CC46);
    let trees = GeometryColumn::points(vec![1., 2., 3.], vec![1., 2., 3.], Crs::CC46);
    let canopy = Canopy::of_polygons(&zones).unwrap().by_zone(&zones, None).unwrap().remove(0);
    let strata = strata_within(&Strata::iarbre(), &zones, &[Some(0)], None, &zones).unwrap();
    let along =
        trees_per_street_kilometre(&trees, &street, &zones, StreetTrees::AllInZone).unwrap().remove(0);
    let (seen, green) = (VisibleTrees::new(&trees), PublicGreen::new(&zones));
    let near = HomeGreen::new(&homes, &seen, &[40.0], &green, Metres(500.0)).unwrap();
    let (people, zone) = ([10.0], [Some(0)]);
    let rule = near.assess(&Rule330300::default()).unwrap().shares(&people, &zone, 1).unwrap().remove(0);
    let access =
        green_access_share(near.green_distances(), &people, &zone, 1, WHO_GREEN_DISTANCE).unwrap().remove(0);
    let reached = reached_green(&homes, &zones, Metres(500.0), ReachedGreen::WholeSpaces).unwrap();
    BTreeMap::from([
        ("canopy-cover", canopy.share),
        ("vegetation-area-by-stratum", strata.zone(0)[0].clone()),
        ("trees-per-street-kilometre", along),
        ("three-trees-near-home", near.tree_share_by_radius(&[Metres(25.0)], &people).unwrap().remove(0)),
        ("rule-3-30-300", rule.all),
        ("green-access-who", access),
        ("green-access-ground", green.ground_within(&zones, WHO_GREEN_DISTANCE).unwrap().remove(0)),
        ("reached-green-median", median_of_people(&reached, &people, &Unit::SQUARE_METRE).unwrap()),
    ])
}

/// One value of every indicator that has a unit of its own.
fn examples() -> BTreeMap<&'static str, Measured> {
    let years = [100.0, 110.0, 90.0, 99.0];
    let growth = constant_perimeter_growth(&years[..2], &years[2..], 1, &GrowthOptions::default()).unwrap();
    let chain = chained_index(&years, 2, 1, &GrowthOptions::default()).unwrap();
    let base = index_to_base(&years, 2, 0, 2, &GrowthOptions::default()).unwrap();
    let season = seasonal_profile(&years, 2, 0, &SeasonalOptions::default().with_period(2)).unwrap();
    let average = annual_average(&[9.0; 12], &[30; 12], YearRule::ALL_MONTHS);
    let record = StationRecord::new(vec![Snapshot::new(0, 0, 3), Snapshot::new(60, 2, 1)]);
    let station = record.summary(0..120, &SharingOptions::default());
    let availability =
        record.availability(0..120, Need::Vehicle, &Demand::EVEN, Zone::PARIS, &SharingOptions::default());
    let turnover = system_turnover([&record], 0..120, &SharingOptions::default());

    let mut hourly = HourlyYear::new(2024, Zone::PARIS).unwrap();
    let t = hourly.local().start();
    let starts: Vec<i64> = (0..35_000).map(|quarter| t + 900 * quarter).collect();
    let quarters: Vec<f64> = (0..35_000).map(|quarter| f64::from(quarter % 97)).collect();
    hourly.add(&starts, 900, &quarters).unwrap();
    let aadt = |method| hourly.aadt(&AadtOptions::default().with_method(method)).unwrap().value;
    let peaks = day_profile(&hourly, DayKind::All).unwrap().peaks();
    let working = DayKind::Working(WorkingWeek::MondayToFriday);
    let group = FactorGroup::of_years("made", &[&hourly, &hourly]);
    let third = hourly.local().days()[2].date;

    let (zone, trees) = ([Some(0)], ZoneCounts::from_counts(vec![5], 0));
    let park = park_supply(&[100.0], &[0.5], &zone, &[10.0]).unwrap().remove(0);
    let heat = heat_sensitive_population(&[10.0], &[20.0], &[50.0], &zone, 1).unwrap().remove(0);
    let grid = Grid::new([0.0, 10.0], [5.0, 5.0], 2, 2, Crs::CC46).unwrap();
    let ground = GeometryColumn::new([grid.bounds().into()], Crs::CC46);
    let model = SuitabilityModel::new(plantability_v2(), grid, [("friches", ground)]).unwrap();
    let plantable = model.map().unwrap().total();
    let kinds = Diversity::new(&[3, 2, 1]).as_sample(0.95).unwrap();
    let ages = age_structure(&[9.0, 90.0], &IdealAges::richards(), 0.95).unwrap();
    let oak = [Some(AllometricGroup::HardMapleOakBeech)];
    let carbon = carbon_stock(&oak, &[40.0], &CarbonOptions::default()).unwrap().total;
    let hackberry = Occupant::parse("Celtis australis").tree().cloned().unwrap();
    let catalogue = [CatalogueSpecies::new(hackberry).with_height(Range::at_least(20.0))];
    let site = PlantingSite::default().with_height(Metres(30.0));
    let choice = choose_species(&catalogue, &site, None, &ChoiceWeights::default());
    let names = [Some("a")];
    let santamour = santamour(&names, &names, &names, SantamourRule::default()).unwrap();

    let cells = [4.0, 1.0, 2.0, 8.0];
    let street = Neighbourhood::new(3, [(0, 1), (1, 2)]).unwrap();
    let quotient = economy::location_quotients_of_counts(&[4, 1, 2, 8], 2, 0.95).unwrap().remove(0);
    let (rule, staff) = (SecrecyRule::default(), [Some(economy::StaffBracket::From10); 4]);
    let register =
        economy::EstablishmentTable::new(&[Some(0); 4], &[Some(0); 4], &staff, 1, 1, &rule).unwrap();
    let local = economy::localisation(&cells, 2).unwrap().remove(0);
    let plants = economy::agglomeration(&[(0, 2.0), (1, 3.0)], &[5.0, 9.0]).unwrap();
    let mut examples = traffic_examples();
    examples.extend(cycling_examples());
    examples.extend(cover_examples());
    examples.extend(heat_examples());
    examples.extend([
        ("constant-perimeter-growth", growth.growth),
        ("chained-index", chain.index[1].clone()),
        ("mean-annual-growth", chain.mean_growth()),
        ("index-to-base", base[0].clone()),
        ("seasonal-factor", season.factors[0].factor.clone()),
        ("annual-average-daily-traffic", average),
        ("aadt-fhwa", aadt(AadtMethod::Fhwa2016)),
        ("aadt-aashto", aadt(AadtMethod::Aashto84)),
        ("aadt-complete-months", aadt(AadtMethod::FrenchCompleteMonths)),
        ("aadt-simple-mean", aadt(AadtMethod::SimpleMean)),
        ("average-working-day", average_day(&hourly, working, Averaging::Days).unwrap()),
        ("peak-hour-factor", hourly.peak_hour_factor(9)),
        ("design-hour-factor", hourly.design_hour(30, &aadt(AadtMethod::Fhwa2016), 0.95).unwrap().k),
        ("directional-factor", direction_factor(&hourly, &hourly, 1).unwrap().d),
        ("peak-spreading", peaks[0].clone().unwrap().spreading),
        ("aadt-short-count", group.expand(&[(third, 900.0)], &ExpandOptions::default()).unwrap()),
        ("heavy-vehicle-share", heavy_share(1.0, 5.0, 2.0).share),
        (
            "vehicle-kilometres",
            vehicle_kilometres(&[aadt(AadtMethod::Fhwa2016)], &[Kilometres(2.0)], 366).unwrap(),
        ),
        ("peak-hour-volume", peaks[1].clone().unwrap().volume),
        ("station-time-empty", station.empty),
        ("station-time-full", station.full),
        ("station-time-unknown", station.unknown),
        ("station-stock", station.stock),
        ("station-load", station.load),
        ("station-imbalance", station.imbalance),
        ("station-availability", availability),
        ("station-turnover", turnover.departures),
        ("trees-per-hectare", trees_per_hectare(&trees, &[100.0]).unwrap().remove(0)),
        (
            "trees-per-thousand-inhabitants",
            trees_per_thousand_inhabitants(&trees, &[10.0]).unwrap().remove(0),
        ),
        ("park-area-per-inhabitant", park.area_per_inhabitant),
        ("park-canopy-index", park.canopy_index),
        ("park-canopy-per-inhabitant", park.canopy_per_inhabitant),
        (
            "high-vegetation-share",
            weighted_mean_by_zone(&[9.0], &[1.0], &zone, 1, &Unit::PERCENT).unwrap().remove(0),
        ),
        (
            "noise-exposed-share",
            exposed_share(&[70.0], &[9.0], &zone, 1, FRENCH_ROAD_LDEN_LIMIT).unwrap().remove(0),
        ),
        ("heat-sensitive-persons", heat.persons),
        ("heat-sensitive-share", heat.share),
        ("plantability", plantable.mean_score()),
        ("plantability-class-area", plantable.class_area(5)),
        ("blocked-ground-share", plantable.blocked_share()),
        ("species-richness", kinds.richness()),
        ("shannon-entropy", kinds.shannon()),
        ("gini-simpson-index", kinds.gini_simpson()),
        ("pielou-evenness", kinds.pielou()),
        ("hill-number", kinds.hill(2.0)),
        ("rarefied-richness", kinds.rarefied(2)),
        ("chao1-richness", kinds.chao1()),
        ("dominant-taxon-share", santamour.species.share),
        ("age-class-share", ages.classes[0].share.clone()),
        ("age-structure-gap", ages.gap),
        ("species-suitability-score", choice.suitable[0].score.clone()),
        ("tree-carbon-stock", carbon.measured().clone()),
        ("establishments", register.establishments(None, None)),
        ("jobs", register.jobs(None, None)),
        ("symmetric-location-quotient", economy::symmetric_quotient(&quotient)),
        ("location-quotient", quotient),
        ("krugman-specialisation", economy::krugman_specialisation(&cells, 2).unwrap().remove(0)),
        ("herfindahl-index", economy::herfindahl(&cells).index),
        ("locational-gini", local.gini),
        ("hoover-localisation", local.hoover),
        ("theil-localisation", local.theil),
        ("ellison-glaeser-index", plants.ellison_glaeser),
        ("maurel-sedillot-index", plants.maurel_sedillot),
        ("moran", moran(&[1.0, 2.0, 4.0], &street, &PermutationOptions::default()).unwrap().index),
        ("gini", gini(&cells)),
        ("theil", theil(&cells)),
        ("mean-log-deviation", mean_log_deviation(&cells)),
        ("atkinson", atkinson(&cells, 0.5)),
        ("hoover", hoover(&cells)),
        ("palma-ratio", palma(&cells)),
    ]);
    examples
}

#[test]
fn cards_say_the_unit_that_the_functions_return() {
    let examples = examples();
    for card in catalogue::all() {
        match (&card.unit, examples.get(card.id)) {
            (Some(unit), Some(example)) => {
                assert_eq!(example.unit(), unit, "{}", card.id);
                let bounded = ["jobs", "station-turnover"].contains(&card.id);
                assert!(example.value().is_some() || bounded, "{}: {example:?}", card.id);
                assert_eq!(card.interval.starts_with("none"), example.interval().is_none(), "{}", card.id);
            }
            (None, None) => {}
            (unit, example) => panic!("{}: {unit:?}, {example:?}", card.id),
        }
    }
    assert!(examples.keys().all(|id| catalogue::find(id).is_some()));
}

/// Options become parameters of a lineage step: what is written reads back, and what is left out is the default.
#[cfg(feature = "serde")]
#[test]
fn options_go_through_json() {
    let options = GrowthOptions::default().with_matching(Matching::Pairs).with_level(0.9);
    let json = serde_json::to_string(&options).unwrap();
    assert_eq!(json, r#"{"matching":"Pairs","level":0.9}"#);
    assert_eq!(serde_json::from_str::<GrowthOptions>(&json).unwrap(), options);
    assert_eq!(serde_json::from_str::<OutageOptions>("{}").unwrap(), OutageOptions::default());
    assert_eq!(serde_json::from_str::<SharingOptions>("{}").unwrap(), SharingOptions::default());
    assert_eq!(serde_json::from_str::<SpeedOptions>("{}").unwrap(), SpeedOptions::default());
    assert_eq!(serde_json::from_str::<ReliabilityOptions>("{}").unwrap(), ReliabilityOptions::default());
    assert_eq!(serde_json::from_str::<DiagramOptions>("{}").unwrap(), DiagramOptions::default());
    assert_eq!(serde_json::from_str::<TrendOptions>("{}").unwrap(), TrendOptions::default());
    assert_eq!(serde_json::from_str::<DayFactorOptions>("{}").unwrap(), DayFactorOptions::default());
    assert_eq!(serde_json::from_str::<ImputeOptions>("{}").unwrap(), ImputeOptions::default());
    assert_eq!(serde_json::from_str::<Bootstrap>("{}").unwrap(), Bootstrap::default());
    assert_eq!(serde_json::from_str::<SeasonalOptions>("{}").unwrap(), SeasonalOptions::default());
    assert_eq!(serde_json::from_str::<HeatDayOptions>("{}").unwrap(), HeatDayOptions::default());
    assert_eq!(serde_json::from_str::<InfiltrationOptions>("{}").unwrap(), InfiltrationOptions::default());
    assert_eq!(serde_json::from_str::<StabilityOptions>("{}").unwrap(), StabilityOptions::default());
    assert_eq!(serde_json::from_str::<PermutationOptions>("{}").unwrap(), PermutationOptions::default());
    assert_eq!(serde_json::from_str::<EmissivityModel>("{}").unwrap(), EmissivityModel::default());
    assert_eq!(serde_json::from_str::<WeightDraws>("{}").unwrap(), WeightDraws::default());
    let rule = serde_json::to_string(&BlockingRule::default()).unwrap();
    assert_eq!(serde_json::from_str::<BlockingRule>(&rule).unwrap(), BlockingRule::MAJORITY);
    let bracket: economy::StaffBracket = serde_json::from_str("\"12\"").unwrap();
    assert_eq!(bracket, economy::StaffBracket::From20);
    let card = serde_json::to_value(catalogue::find("gini").unwrap()).unwrap();
    assert_eq!((card["id"].as_str(), card["unit"].as_str()), (Some("gini"), Some("1")));
}

#[test]
fn golden_vectors_are_there() {
    let root = std::env::var("DATAGORA_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
    let golden = Path::new(&root).join("../golden");
    if !golden.exists() {
        eprintln!("DATAGORA_DATA absent: golden vectors not checked");
        return;
    }
    for name in catalogue::all().filter_map(|card| card.golden) {
        let found = [format!("indicators/{name}.json"), format!("geo/{name}.csv")]
            .iter()
            .any(|file| golden.join(file).exists());
        assert!(found, "{name}");
    }
}

/// Run with `UPDATE_DOCS=1` to write the file anew.
#[test]
fn the_documentation_is_written_from_the_catalogue() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/indicators.md"));
    let text = catalogue::to_markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    if !path.parent().unwrap().exists() {
        eprintln!("docs absent, as in a packaged crate: not checked");
        return;
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == text,
        "docs/indicators.md is not what the definitions say: UPDATE_DOCS=1 cargo test -p datagora-indicators --test catalogue"
    );
}
