//! The made city as material.
use std::error::Error;

use datagora::core::{Bilingual, Credit, Dataset, Language, Licence, Lineage, Metadata, Month, Zone};
use datagora::geo::{GeometryColumn, MeasureError, Metric, area};
use datagora::indicators::economy::StaffBracket;
use datagora::indicators::greening::{
    Occupant, Planted, PlausibleTree, TreeColumns, Trees, TreesError, plantability_v2,
};
use datagora::indicators::mobility::{
    Channel, CountsBuilder, MonthlyCounts, Reading, Snapshot, StationRecord,
};
use datagora_sample::{City, CityPlan, Stratum};

use crate::material::{
    Counters, Establishments, Ground, Homes, Hourly, Inventory, Material, Mode, Night, Parks, Quarters,
    Wanted, Zones,
};
use crate::progress::Progress;

/// Makes the city.
pub(crate) fn make(
    plan: &CityPlan,
    wanted: Wanted,
    language: Language,
    progress: &mut Progress,
) -> Result<Material, Box<dyn Error>> {
    let city = progress.step("making the city", || City::make(plan))?;
    let hash = progress.step("naming it by its content", || city.content_hash());
    let metadata = |title: &str| {
        let work = language.pick("Ville fabriquée", "Made city");
        let credit = Credit::new(work, "DatAgora", Licence::Cc0);
        let location = format!("datagora-sample, seed {}", plan.seed);
        Metadata::new(title)
            .with_credit(credit)
            .with_lineage(Lineage::source(title, location, hash.clone()))
            .with_made(true)
    };

    let counts = progress.step("adding up hours to months", || counters(&city))?;
    // Costly, and not needed for the pages of communes.
    let all = wanted == Wanted::All;
    let hourly = all.then(|| progress.step("checking the hours of the last year", || hourly(&city)));
    let percent = |part: &[u32], whole: &[u32]| -> Vec<f64> {
        part.iter().zip(whole).map(|(&part, &whole)| 100.0 * f64::from(part) / f64::from(whole)).collect()
    };
    let wide = |values: &[u32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();

    let ground = all.then(|| progress.step("making the layers of the ground", || ground(&city)));
    let inventory = match all {
        true => {
            let trees = progress.step("reading the names of its trees", || inventory(&city.trees))?;
            Some(Inventory { elsewhere: None, trees })
        }
        false => None,
    };
    let land = area(&city.iris.geometry, Metric::Planar)?;
    let by_ground = |places: &GeometryColumn, height: &dyn Fn(usize) -> f64, iris: &[u32]| {
        let mut sums = vec![0.0; land.len()];
        for (row, (ground, &zone)) in area(places, Metric::Planar)?.into_iter().zip(iris).enumerate() {
            sums[zone as usize] += ground * height(row);
        }
        Ok::<Vec<f64>, MeasureError>(sums.iter().zip(&land).map(|(sum, land)| sum / land).collect())
    };
    let buildings = &city.buildings;
    let built_volume = by_ground(&buildings.geometry, &|row| buildings.height[row], &buildings.iris)?;
    // Percent of the ground; polygons of vegetation do not overlap.
    let vegetation = by_ground(&city.vegetation.geometry, &|_| 100.0, &city.vegetation.iris)?;
    let canopy = canopy(&city);
    let night = Night {
        records: records(&city),
        period: night_period(&city),
        geometry: city.sharing.geometry,
        name: city.sharing.name,
    };
    let quarters = Quarters {
        geometry: city.iris.geometry.clone(),
        code: city.iris.code.clone(),
        population: wide(&city.iris.population),
        young: percent(&city.iris.children, &city.iris.population),
        old: percent(&city.iris.elders, &city.iris.population),
        noise: city.iris.noise,
        high_vegetation: city.iris.tree_cover.iter().map(|share| 100.0 * share).collect(),
        vegetation: Some(vegetation),
        built_volume: Some(built_volume),
        living: None,
        unemployed: None,
    };
    let communes = Zones {
        geometry: city.communes.geometry,
        code: city.communes.code,
        population: wide(&city.communes.population),
        name: city.communes.name,
    };
    let iris = Zones {
        geometry: city.iris.geometry,
        population: wide(&city.iris.population),
        name: city.iris.code.clone(),
        code: city.iris.code,
    };
    let establishments = Establishments {
        geometry: city.establishments.geometry,
        sector: city.establishments.naf.iter().map(|naf| sector(naf, language).to_owned()).collect(),
        staff: city.establishments.staff.iter().map(|code| StaffBracket::parse(code).ok()).collect(),
    };
    Ok(Material {
        place: Bilingual::new("Agora, ville fabriquée", "Agora, a made city"),
        made: true,
        communes: Some(Dataset::new(communes, metadata("Communes"))),
        iris: Some(Dataset::new(iris, metadata("IRIS"))),
        quarters: Some(Dataset::new(quarters, metadata("IRIS, environment"))),
        counters: Some(Dataset::new(counts, metadata("Counters"))),
        hourly: hourly.map(|hourly| Dataset::new(hourly, metadata("Counters, hour by hour"))),
        week: None,
        travel_times: None,
        night: Some(Dataset::new(night, metadata("Shared bicycles"))),
        trees: Some(Dataset::new(city.trees.geometry, metadata("Trees"))),
        inventory: inventory.map(|trees| Dataset::new(trees, metadata("Trees, with their species"))),
        parks: Some(Dataset::new(
            Parks { geometry: city.parks.geometry, name: city.parks.name, canopy: city.parks.canopy },
            metadata("Parks"),
        )),
        canopy: Some(Dataset::new(canopy, metadata("High vegetation"))),
        homes: Some(Dataset::new(
            Homes { geometry: city.buildings.geometry, height: city.buildings.height },
            metadata("Buildings"),
        )),
        ground: ground.map(|ground| Dataset::new(ground, metadata("Ground"))),
        establishments: Some(Dataset::new(establishments, metadata("Establishments"))),
        amenities: Vec::new(),
    })
}

fn canopy(city: &City) -> GeometryColumn {
    let vegetation = &city.vegetation;
    let trees = |row: &usize| vegetation.stratum[*row] == Stratum::Tree;
    let rows: Vec<usize> = (0..vegetation.stratum.len()).filter(trees).collect();
    vegetation.geometry.take(&rows)
}

/// The made layers stand for those of the published index, in its order.
fn ground(city: &City) -> Ground {
    let set = plantability_v2();
    let ids = set.factors().iter().map(|factor| factor.id.clone());
    let layers = ids.zip(city.factors()).map(|(id, layer)| (id, layer.geometry)).collect();
    Ground { part: None, area: city.communes.geometry.clone(), layers }
}

/// The trees as an inventory: names as they are written, girths, years of planting.
fn inventory(made: &datagora_sample::Trees) -> Result<Trees, TreesError> {
    let names: Vec<Occupant> = made.species.iter().map(|name| Occupant::parse(name)).collect();
    let planted: Vec<Option<Planted>> = made.planted.iter().map(|year| year.map(Planted::Year)).collect();
    let columns =
        TreeColumns::new(&names).with_heights(&made.height).with_girths(&made.girth).with_planted(&planted);
    // Nothing made is implausible: there is no report to keep.
    Ok(Trees::new(&columns, &PlausibleTree::default())?.0)
}

fn counters(city: &City) -> Result<Counters, Box<dyn Error>> {
    let sensors = &city.sensors;
    let first = Month::new(city.plan.first_year, 1)?;
    // Channels stand in alphabetical order of their names; a number in front keeps that of the sensors.
    let rows = sensors.monthly().into_iter().enumerate().flat_map(|(sensor, sums)| {
        let months = sums.into_iter().enumerate();
        months.map(move |(k, sum)| (format!("{sensor:06}"), first.plus(k as i32), sum)).collect::<Vec<_>>()
    });
    let (counts, _) = MonthlyCounts::from_rows(rows)?;
    let kept: Vec<usize> = counts.channels().iter().filter_map(|channel| channel.parse().ok()).collect();
    Ok(Counters {
        geometry: sensors.geometry.take(&kept),
        name: kept.iter().map(|&sensor| sensors.name[sensor].clone()).collect(),
        mode: kept.iter().map(|&sensor| mode(sensors.mode[sensor])).collect(),
        counts,
    })
}

fn mode(of: datagora_sample::Mode) -> Mode {
    match of {
        datagora_sample::Mode::Bicycle => Mode::Bicycle,
        datagora_sample::Mode::Car => Mode::Car,
        datagora_sample::Mode::Pedestrian => Mode::Pedestrian,
    }
}

/// The last year of the city, hour by hour.
fn hourly(city: &City) -> Hourly {
    let sensors = &city.sensors;
    let year = city.plan.first_year + city.plan.years as i32 - 1;
    let start = sensors.start.timestamp();
    let begins =
        Month::new(year, 1).map_or(start, |january| Zone::PARIS.day(january.first_day()).start.timestamp());
    let skipped = ((begins - start) / 3_600).max(0) as usize;
    let mut builder = CountsBuilder::new(Zone::PARIS);
    for (name, hours) in sensors.name.iter().zip(&sensors.hourly) {
        let channel = builder.channel(Channel::new(name).with_site(name));
        // Before the first count the counter was not there yet.
        let installed = hours.iter().position(|count| !count.is_nan()).unwrap_or(hours.len());
        for (hour, count) in hours.iter().enumerate().skip(skipped.max(installed)) {
            let time = start + 3_600 * hour as i64;
            builder.add(Reading::new(channel, time, 3_600, f64::from(*count)));
        }
    }
    let (counts, _) = builder.finish();
    Hourly { elsewhere: None, counts, mode: sensors.mode.iter().map(|&of| mode(of)).collect() }
}

fn records(city: &City) -> Vec<StationRecord> {
    let sharing = &city.sharing;
    let station = |(bikes, &capacity): (&Vec<Option<u32>>, &u32)| {
        let snapshots = bikes.iter().zip(&sharing.times).filter_map(|(bikes, time)| {
            bikes.map(|bikes| Snapshot::new(time.timestamp(), bikes, capacity.saturating_sub(bikes)))
        });
        StationRecord::new(snapshots.collect())
    };
    sharing.bikes.iter().zip(&sharing.capacity).map(station).collect()
}

fn night_period(city: &City) -> std::ops::Range<i64> {
    let times = &city.sharing.times;
    times.first().map_or(0, |time| time.timestamp())..times.last().map_or(0, |time| time.timestamp())
}

/// Section and division of the nomenclature as a group of activities.
fn sector(naf: &str, language: Language) -> &'static str {
    let division: u32 = naf.get(..2).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let (french, english) = match division {
        10..=12 => ("Alimentation et boissons", "Food and drink"),
        13..=15 => ("Textile, habillement, cuir", "Textiles, clothing, leather"),
        16..=18 => ("Bois, papier, imprimerie", "Wood, paper, printing"),
        19..=21 => ("Chimie et pharmacie", "Chemicals and pharmaceuticals"),
        22..=23 => ("Plastique et minéraux", "Plastics and minerals"),
        24..=25 => ("Métallurgie", "Metals"),
        26..=28 => ("Électronique et machines", "Electronics and machinery"),
        29..=30 => ("Matériels de transport", "Transport equipment"),
        35..=39 => ("Énergie, eau, déchets", "Energy, water, waste"),
        _ => ("Autres industries, réparation", "Other manufacturing, repair"),
    };
    language.pick(french, english)
}
