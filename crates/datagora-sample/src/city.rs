//! The made city, whole.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::Geometry;

use crate::built::{Buildings, Streets, Vegetation, buildings, streets, vegetation};
use crate::establishments::{Establishments, establishments};
use crate::land::Land;
use crate::mesh::Mesh;
use crate::random::{Stream, share_out};
use crate::sensors::{Sensors, sensors};
use crate::sharing::{Sharing, sharing};
use crate::trees::{Trees, trees};
use crate::zones::divide;
use crate::{CityPlan, PlanError, names};

/// Communes, one row each; the first holds the middle of the city.
#[derive(Clone, Debug, PartialEq)]
pub struct Communes {
    /// Polygons in CC46 that share their borders.
    pub geometry: GeometryColumn,
    /// Codes 99001 to 99999, which no real commune has.
    pub code: Vec<String>,
    /// Name of each.
    pub name: Vec<String>,
    /// Inhabitants.
    pub population: Vec<u32>,
}

/// IRIS, the statistical quarters, one row each.
#[derive(Clone, Debug, PartialEq)]
pub struct IrisZones {
    /// Polygons in CC46 that share their borders.
    pub geometry: GeometryColumn,
    /// Code of the commune and four digits.
    pub code: Vec<String>,
    /// Row of the commune.
    pub commune: Vec<u32>,
    /// Inhabitants.
    pub population: Vec<u32>,
    /// Of them, younger than 15.
    pub children: Vec<u32>,
    /// Of them, 65 or older.
    pub elders: Vec<u32>,
    /// Mean noise over day, evening and night, dB(A) Lden.
    pub noise: Vec<f64>,
    /// Share of the land under the tree stratum, 0 to 1, as [`City::vegetation`] adds up to, to a thousandth.
    pub tree_cover: Vec<f64>,
}

/// Parks, one row each.
#[derive(Clone, Debug, PartialEq)]
pub struct Parks {
    /// Polygons in CC46.
    pub geometry: GeometryColumn,
    /// Name of each.
    pub name: Vec<String>,
    /// Share of the park under trees, 0 to 1.
    pub canopy: Vec<f64>,
}

/// A made city: everything in it was generated, nothing observed.
///
/// ```
/// use datagora_sample::{City, CityPlan};
///
/// let city = City::make(&CityPlan::village())?;
/// assert_eq!(city.communes.population.iter().sum::<u32>(), 1_200);
/// assert_eq!(city.trees.species.len(), 300);
/// # Ok::<(), datagora_sample::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// What was asked for.
    pub plan: CityPlan,
    /// Communes.
    pub communes: Communes,
    /// IRIS.
    pub iris: IrisZones,
    /// Streets.
    pub streets: Streets,
    /// Buildings.
    pub buildings: Buildings,
    /// Vegetation by stratum.
    pub vegetation: Vegetation,
    /// Parks.
    pub parks: Parks,
    /// Trees.
    pub trees: Trees,
    /// Counters.
    pub sensors: Sensors,
    /// Shared bicycles.
    pub sharing: Sharing,
    /// Establishments.
    pub establishments: Establishments,
}

/// Inhabitants of a typical IRIS; the institute aims at about 2,000.
const IRIS_SIZE: usize = 2_600;

impl City {
    /// Makes the city of this plan.
    ///
    /// # Errors
    ///
    /// [`PlanError`] if the plan cannot be carried out.
    pub fn make(plan: &CityPlan) -> Result<Self, PlanError> {
        plan.check()?;
        let mesh = Mesh::new(plan);
        let land = Land::new(plan, &mesh);
        let blocks: Vec<usize> = (0..mesh.cells.len()).collect();

        let mut stream = Stream::new(plan.seed, "zones", 0);
        let mut zones = divide(&mesh, &blocks, &land.density, plan.communes, &mut stream);
        // The commune that holds the middle comes first.
        if let Some(middle) =
            mesh.number((0, 0)).and_then(|m| zones.iter().position(|zone| zone.contains(&m)))
        {
            zones.swap(0, middle);
        }
        let residents = share_out(plan.inhabitants, &land.density);

        let mut commune_of = vec![0_u32; blocks.len()];
        let mut iris_of = vec![0_u32; blocks.len()];
        let mut iris_blocks: Vec<Vec<usize>> = Vec::new();
        let mut iris_code = Vec::new();
        let mut iris_commune = Vec::new();
        for (commune, members) in zones.iter().enumerate() {
            members.iter().for_each(|&block| commune_of[block] = commune as u32);
            let population: usize = members.iter().map(|&block| residents[block]).sum();
            let count = (population / IRIS_SIZE).max(1);
            for (number, quarter) in
                divide(&mesh, members, &land.density, count, &mut stream).into_iter().enumerate()
            {
                quarter.iter().for_each(|&block| iris_of[block] = iris_blocks.len() as u32);
                iris_code.push(format!(
                    "{:05}{:04}",
                    99_001 + commune,
                    if count == 1 { 0 } else { 101 + number }
                ));
                iris_commune.push(commune as u32);
                iris_blocks.push(quarter);
            }
        }

        let outlines = |zones: &[Vec<usize>]| {
            let shapes = zones.iter().map(|blocks| Geometry::Polygon(mesh.outline(blocks.iter().copied())));
            GeometryColumn::new(shapes, Crs::CC46)
        };
        let sum = |blocks: &Vec<usize>| blocks.iter().map(|&block| residents[block] as u32).sum::<u32>();
        let communes = Communes {
            geometry: outlines(&zones),
            code: (0..zones.len()).map(|commune| format!("{:05}", 99_001 + commune)).collect(),
            name: names::communes(zones.len(), plan.seed),
            population: zones.iter().map(sum).collect(),
        };
        let streets = streets(plan, &mesh, &land, &iris_of);
        let (vegetation, under_trees) = vegetation(plan, &mesh, &land, &iris_of);
        let population: Vec<u32> = iris_blocks.iter().map(sum).collect();
        let area = |blocks: &[usize]| blocks.iter().map(|&block| mesh.area(block)).sum::<f64>();
        let canopy = |blocks: &Vec<usize>| {
            let trees: f64 = blocks.iter().map(|&block| under_trees[block]).sum();
            (1000.0 * trees / area(blocks)).round() / 1000.0
        };
        let noise = noise(plan, &mesh, &land, &iris_blocks);
        let (children, elders) = ages(plan, &population);
        let iris = IrisZones {
            geometry: outlines(&iris_blocks),
            code: iris_code,
            commune: iris_commune,
            population,
            children,
            elders,
            noise,
            tree_cover: iris_blocks.iter().map(canopy).collect(),
        };
        let mut stream = Stream::new(plan.seed, "parks", 0);
        let parks = Parks {
            geometry: outlines(&land.parks),
            name: (0..land.parks.len()).map(|number| names::park(number, &mut stream)).collect(),
            canopy: land.parks.iter().map(canopy).collect(),
        };
        Ok(Self {
            communes,
            iris,
            streets,
            buildings: buildings(plan, &mesh, &land, &iris_of),
            vegetation,
            parks,
            trees: trees(plan, &mesh, &land, &iris_of),
            sensors: sensors(plan, &mesh, &land, &commune_of),
            sharing: sharing(plan, &mesh, &land),
            establishments: establishments(plan, &mesh, &land, &commune_of),
            plan: plan.clone(),
        })
    }
}

/// Noise of each IRIS: louder where it is dense, loudest along main streets.
fn noise(plan: &CityPlan, mesh: &Mesh, land: &Land, zones: &[Vec<usize>]) -> Vec<f64> {
    let mut stream = Stream::new(plan.seed, "noise", 0);
    let of_block = |block: usize| {
        let (i, j) = mesh.cells[block];
        let beside_main = i.rem_euclid(6) == 0 || j.rem_euclid(7) == 0;
        46.0 + 14.0 * land.density[block].min(1.0).sqrt() + if beside_main { 7.0 } else { 0.0 }
    };
    zones
        .iter()
        .map(|blocks| {
            let mean = blocks.iter().map(|&block| of_block(block)).sum::<f64>() / blocks.len() as f64;
            ((mean + stream.normal()) * 10.0).round() / 10.0
        })
        .collect()
}

/// Children and elders of each IRIS; where there are many of the one there are few of the other.
fn ages(plan: &CityPlan, population: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut stream = Stream::new(plan.seed, "ages", 0);
    let shares = population.iter().map(|&people| {
        let young = 0.18 + 0.035 * stream.normal().clamp(-2.5, 2.5);
        let old = 0.36 - young + 0.02 * stream.normal().clamp(-2.5, 2.5);
        let of = |share: f64| (f64::from(people) * share).round() as u32;
        (of(young), of(old))
    });
    shares.unzip()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use geo::{Area, BooleanOps, Contains, Validation};

    use super::*;

    fn small() -> City {
        City::make(&CityPlan { sensors: 4, years: 1, ..CityPlan::town().scaled(0.25) }).expect("a sound plan")
    }

    #[test]
    fn counts_are_those_of_the_plan() {
        let city = small();
        let plan = &city.plan;
        assert_eq!(city.communes.code.len(), plan.communes);
        assert_eq!(city.communes.population.iter().sum::<u32>() as usize, plan.inhabitants);
        assert_eq!(city.iris.population.iter().sum::<u32>() as usize, plan.inhabitants);
        assert_eq!(city.buildings.height.len(), plan.buildings);
        assert_eq!(city.trees.geometry.len(), plan.trees);
        assert_eq!(city.sensors.hourly.len(), plan.sensors);
        assert_eq!(city.establishments.siret.iter().collect::<BTreeSet<_>>().len(), plan.establishments);
        assert_eq!(city.sharing.bikes.len(), plan.stations);
    }

    #[test]
    fn zones_are_valid_and_tile_the_city() {
        let city = small();
        let area =
            |column: &GeometryColumn| column.iter().flatten().map(|shape| shape.unsigned_area()).sum::<f64>();
        let communes = area(&city.communes.geometry);
        assert!((area(&city.iris.geometry) / communes - 1.0).abs() < 1e-9);
        assert!((communes / (city.plan.area * 1e6) - 1.0).abs() < 0.05, "{communes}");
        for shape in city.communes.geometry.iter().chain(city.iris.geometry.iter()).flatten() {
            assert!(shape.is_valid());
        }
    }

    #[test]
    fn buildings_do_not_overlap() {
        let city = small();
        let shapes: Vec<_> = city
            .buildings
            .geometry
            .iter()
            .flatten()
            .filter_map(|shape| datagora_geo::types::Polygon::try_from(shape).ok())
            .take(400)
            .collect();
        for (k, a) in shapes.iter().enumerate() {
            assert!(a.is_valid() && a.unsigned_area() > 1.0);
            // Rows of one block follow each other, so neighbours are near in the list.
            for b in &shapes[k + 1..shapes.len().min(k + 40)] {
                assert!(a.intersection(b).unsigned_area() < 1e-6);
            }
        }
    }

    #[test]
    fn tree_cover_is_what_the_polygons_add_up_to() {
        let city = small();
        let mut trees = vec![0.0; city.iris.code.len()];
        for (row, shape) in city.vegetation.geometry.iter().enumerate() {
            if city.vegetation.stratum[row] == crate::Stratum::Tree {
                trees[city.vegetation.iris[row] as usize] += shape.map_or(0.0, |shape| shape.unsigned_area());
            }
        }
        for (row, shape) in city.iris.geometry.iter().enumerate() {
            let share = trees[row] / shape.map_or(f64::NAN, |shape| shape.unsigned_area());
            assert!((share - city.iris.tree_cover[row]).abs() <= 0.0005 + 1e-9, "{share}");
        }
    }

    #[test]
    fn stations_and_establishments_lie_in_their_commune() {
        let city = small();
        let outlines: Vec<_> = city.communes.geometry.iter().flatten().collect();
        let inside = city.establishments.geometry.iter().enumerate().filter(|(row, point)| {
            let commune = &outlines[city.establishments.commune[*row] as usize];
            matches!(point, Some(Geometry::Point(point)) if commune.contains(point))
        });
        assert_eq!(inside.count(), city.plan.establishments);
    }

    #[test]
    fn same_seed_same_city_other_seed_other_city() {
        let plan = CityPlan::village();
        let city = City::make(&plan).expect("a sound plan");
        // NaN is not equal to itself: compare what is printed.
        assert_eq!(format!("{city:?}"), format!("{:?}", City::make(&plan).expect("a sound plan")));
        let other = City::make(&plan.with_seed(2)).expect("a sound plan");
        assert_ne!(city.trees.geometry, other.trees.geometry);
    }

    #[test]
    fn months_grow_for_bicycles_and_outages_are_zeros() {
        let plan = CityPlan { sensors: 30, years: 5, trees: 10, buildings: 10, ..CityPlan::village() };
        let sensors = City::make(&plan).expect("a sound plan").sensors;
        let months = sensors.monthly();
        assert!(months.iter().all(|series| series.len() == 60));
        let year = |series: &[f64], year: usize| series[12 * year..12 * year + 12].iter().sum::<f64>();
        let growth = |mode: crate::Mode| {
            let rows =
                months.iter().zip(&sensors.mode).filter(|(_, m)| **m == mode).map(|(series, _)| series);
            let sums = rows.map(|series| (year(series, 0), year(series, 4)));
            let whole: Vec<_> = sums.filter(|(a, b)| !(a + b).is_nan() && a.min(*b) > 0.0).collect();
            whole.iter().map(|s| s.1).sum::<f64>() / whole.iter().map(|s| s.0).sum::<f64>()
        };
        assert!(growth(crate::Mode::Bicycle) > 1.1, "{}", growth(crate::Mode::Bicycle));
        assert!((0.8..1.1).contains(&growth(crate::Mode::Car)), "{}", growth(crate::Mode::Car));
        assert!(months.iter().flatten().any(|&sum| sum == 0.0), "no outage in 150 sensor-years");
        assert!(months.iter().flatten().any(|sum| sum.is_nan()), "no gap in 150 sensor-years");
    }
}
