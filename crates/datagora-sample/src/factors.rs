//! Layers of factors: what lets a tree be planted, and what forbids it.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Geometry, LineString, Polygon};
use geo::Area;

use crate::land::{Land, LandUse};
use crate::mesh::{Mesh, at, patch};
use crate::{City, Stratum};

/// Polygons of one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Name of the layer it stands for.
    pub name: &'static str,
    /// Weight in the plantability index, −5 to 3.
    pub weight: i8,
    /// Polygons in CC46; most of them overlap others of their layer, as buffered objects do.
    pub geometry: GeometryColumn,
    /// Area of the layer, m², where no two of its polygons overlap.
    pub area: Option<f64>,
}

/// How the polygons of a factor are made: of every so-many-th object, grown by a distance in metres.
#[derive(Clone, Copy)]
enum Rule {
    /// Discs about trees, of a radius that follows their girth if none is given.
    Trees(usize, Option<f64>),
    /// Discs about stations.
    Stations(usize, f64),
    /// Discs about the beginnings of streets, of main ones only if so.
    Corners(bool, usize, f64),
    /// Bands along streets.
    Streets(bool, usize, f64),
    /// Streets in their own width.
    Roadways,
    /// Bands along streets of the same column of blocks: they join to lines through the city.
    Lines(i32, f64),
    /// Buildings, grown.
    Buildings(usize, f64),
    Strata(&'static [Stratum], usize),
    Parks,
    Quarters(usize),
    /// Blocks of water.
    Water,
}

use Stratum::{Herbaceous, Shrub, Tree};

/// Names and weights of the plantability index of Lyon, version 2 (IA·rbre, 2026), with objects of the made city that are
/// about as many and as large.
const FACTORS: [(&str, i8, Rule); 37] = [
    ("Souches ou emplacements libres", 3, Rule::Trees(30, Some(1.0))),
    ("Friche naturelle", 3, Rule::Strata(&[Herbaceous], 40)),
    ("Strate basse et pelouse", 3, Rule::Strata(&[Herbaceous, Shrub], 1)),
    ("Friches", 2, Rule::Strata(&[Herbaceous], 97)),
    ("Parcs et jardins publics", 2, Rule::Parks),
    ("Giratoires", 2, Rule::Corners(false, 37, 15.0)),
    ("Réseau Fibre", 2, Rule::Streets(false, 2, 2.0)),
    ("Arbres", 1, Rule::Trees(1, None)),
    ("Espaces jeux et piétonnier", 1, Rule::Strata(&[Shrub], 61)),
    ("Marchés forains", 1, Rule::Buildings(1500, 15.0)),
    ("Strate arborée", 1, Rule::Strata(&[Tree], 1)),
    ("Espaces agricoles", 1, Rule::Strata(&[Herbaceous], 3)),
    ("Forêts", 1, Rule::Strata(&[Tree], 4)),
    ("QPV", 0, Rule::Quarters(11)),
    ("Station Vélo'v", -1, Rule::Stations(1, 6.0)),
    ("Assainissement", -1, Rule::Streets(false, 3, 1.0)),
    ("Pistes cyclables", -1, Rule::Streets(false, 9, 2.0)),
    ("Tracé de bus", -1, Rule::Streets(true, 1, 1.5)),
    ("Réseaux souterrains ERDF", -1, Rule::Streets(false, 2, 2.0)),
    ("Parkings", -2, Rule::Buildings(40, 8.0)),
    ("Signalisation tricolore et lumineuse matériel", -2, Rule::Corners(true, 1, 2.0)),
    ("Arrêts transport en commun", -2, Rule::Corners(true, 3, 2.5)),
    ("Proximité façade", -2, Rule::Buildings(1, 2.0)),
    ("Espaces artificialisés", -2, Rule::Roadways),
    ("Tracé de métro", -2, Rule::Lines(36, 25.0)),
    ("Tracé de tramway", -2, Rule::Lines(18, 3.5)),
    ("Réseaux aériens ERDF", -2, Rule::Streets(false, 8, 1.0)),
    ("Auto-partage", -2, Rule::Stations(2, 3.0)),
    ("Réseau de chaleur urbain", -3, Rule::Streets(false, 6, 2.0)),
    ("Réseau gaz", -3, Rule::Streets(false, 3, 2.0)),
    ("PMR", -4, Rule::Corners(false, 6, 3.0)),
    ("Bâtiments", -5, Rule::Buildings(1, 0.0)),
    ("Plan d'eau", -5, Rule::Water),
    ("Ponts", -5, Rule::Streets(true, 97, 2.0)),
    ("Voies ferrées", -5, Rule::Lines(24, 4.0)),
    ("Aérodrome", -5, Rule::Quarters(499)),
    ("Entrée parking", -5, Rule::Corners(false, 101, 5.0)),
];

impl City {
    /// The 37 layers of factors from which the plantability index of Lyon is computed, as polygons: buildings, streets and
    /// lines with their surroundings, networks, trees, strata, parks, water.
    ///
    /// They are made of the city's own objects, and are the same to the byte for the same plan. A metropolis with 150,000
    /// buildings has about 700,000 polygons.
    ///
    /// ```
    /// use datagora_sample::{City, CityPlan};
    ///
    /// let factors = City::make(&CityPlan::village())?.factors();
    /// assert_eq!(factors.len(), 37);
    /// let buildings = factors.iter().find(|factor| factor.name == "Bâtiments").expect("a layer");
    /// assert_eq!(buildings.geometry.len(), 450);
    /// assert!(buildings.area.is_some()); // they do not overlap
    /// # Ok::<(), datagora_sample::PlanError>(())
    /// ```
    pub fn factors(&self) -> Vec<Factor> {
        FACTORS.iter().map(|&(name, weight, rule)| self.factor(name, weight, rule)).collect()
    }

    fn factor(&self, name: &'static str, weight: i8, rule: Rule) -> Factor {
        let polygons = self.polygons(rule);
        let apart = matches!(
            rule,
            Rule::Buildings(_, 0.0) | Rule::Strata(..) | Rule::Parks | Rule::Quarters(_) | Rule::Water
        );
        let area = apart.then(|| polygons.iter().map(|polygon| polygon.unsigned_area()).sum());
        let geometry = GeometryColumn::new(polygons.into_iter().map(Geometry::Polygon), Crs::CC46);
        Factor { name, weight, geometry, area }
    }

    fn polygons(&self, rule: Rule) -> Vec<Polygon> {
        let points = |column: &GeometryColumn, every: usize| -> Vec<(usize, Coord)> {
            let (x, y) = column.as_points().unwrap_or_default();
            (0..x.len()).step_by(every).map(|row| (row, Coord { x: x[row], y: y[row] })).collect()
        };
        let shapes = |column: &GeometryColumn, rows: &mut dyn Iterator<Item = usize>| -> Vec<Polygon> {
            rows.filter_map(|row| Polygon::try_from(column.get(row)?).ok()).collect()
        };
        let streets = |main: bool, every: usize| {
            let rows = (0..self.streets.main.len()).filter(move |&row| !main || self.streets.main[row]);
            rows.step_by(every).filter_map(|row| match self.streets.geometry.get(row)? {
                Geometry::LineString(line) => Some((row, line.0[0], line.0[1])),
                _ => None,
            })
        };
        match rule {
            Rule::Trees(every, radius) => points(&self.trees.geometry, every)
                .into_iter()
                .map(|(row, place)| {
                    let girth = self.trees.girth[row];
                    let own = if girth.is_nan() { 0.8 } else { girth / 100.0 };
                    disc(place, radius.unwrap_or(own))
                })
                .collect(),
            Rule::Stations(every, radius) => points(&self.sharing.geometry, every)
                .into_iter()
                .map(|(_, place)| disc(place, radius))
                .collect(),
            Rule::Corners(main, every, radius) => {
                streets(main, every).map(|(_, from, _)| disc(from, radius)).collect()
            }
            Rule::Streets(main, every, half) => {
                streets(main, every).map(|(_, from, to)| band(from, to, half)).collect()
            }
            Rule::Roadways => streets(false, 1)
                .map(|(row, from, to)| band(from, to, 0.5 * self.streets.width[row]))
                .collect(),
            Rule::Lines(apart, half) => {
                let mesh = Mesh::new(&self.plan);
                let sides = mesh.sides().into_iter();
                sides
                    .filter(|side| side.from.0 == side.to.0 && side.from.0.rem_euclid(apart) == 0)
                    .map(|side| band(mesh.corner(side.from), mesh.corner(side.to), half))
                    .collect()
            }
            Rule::Buildings(every, by) => {
                let rows = &mut (0..self.buildings.height.len()).step_by(every);
                let footprints = shapes(&self.buildings.geometry, rows);
                if by == 0.0 { footprints } else { footprints.iter().map(|shape| grown(shape, by)).collect() }
            }
            Rule::Strata(strata, every) => {
                let stratum = &self.vegetation.stratum;
                let mut rows =
                    (0..stratum.len()).filter(|&row| strata.contains(&stratum[row])).step_by(every);
                shapes(&self.vegetation.geometry, &mut rows)
            }
            Rule::Parks => shapes(&self.parks.geometry, &mut (0..self.parks.name.len())),
            Rule::Quarters(every) => {
                shapes(&self.iris.geometry, &mut (0..self.iris.code.len()).step_by(every))
            }
            Rule::Water => {
                let mesh = Mesh::new(&self.plan);
                let land = Land::new(&self.plan, &mesh);
                let wet = (0..mesh.cells.len()).filter(|&block| land.uses[block] == LandUse::Water);
                wet.map(|block| patch(&mesh.quad(block), (0.0, 0.0), (1.0, 1.0))).collect()
            }
        }
    }
}

/// Directions of the corners of a disc with 16 of them.
fn directions() -> impl Iterator<Item = (f64, f64)> {
    (0..16)
        .map(|k| f64::from(k) * std::f64::consts::TAU / 16.0)
        .map(|angle| (libm::cos(angle), libm::sin(angle)))
}

fn disc(middle: Coord, radius: f64) -> Polygon {
    let corners = directions().map(|(x, y)| at(middle.x + radius * x, middle.y + radius * y));
    Polygon::new(corners.collect(), Vec::new())
}

/// What lies within a distance of a segment; its ends are round, as a buffer has them.
fn band(from: Coord, to: Coord, half: f64) -> Polygon {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = (dx * dx + dy * dy).sqrt().max(1e-9);
    let (dx, dy) = (half * dx / length, half * dy / length);
    let cap = |end: Coord, sign: f64| {
        // A half circle from the right of the direction to its left.
        (0..5).map(move |k| {
            let angle = std::f64::consts::FRAC_PI_4 * f64::from(k - 2);
            let (cos, sin) = (sign * libm::cos(angle), sign * libm::sin(angle));
            at(end.x + cos * dx - sin * dy, end.y + sin * dx + cos * dy)
        })
    };
    Polygon::new(cap(to, 1.0).chain(cap(from, -1.0)).collect(), Vec::new())
}

/// A convex polygon with its sides moved outward.
fn grown(polygon: &Polygon, by: f64) -> Polygon {
    let ring: Vec<Coord> = polygon.exterior().coords().copied().collect();
    let corners = ring.len().saturating_sub(1);
    let normal = |k: usize| {
        let (a, b) = (ring[k % corners], ring[(k + 1) % corners]);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = (dx * dx + dy * dy).sqrt().max(1e-9);
        (dy / length, -dx / length)
    };
    let moved: Vec<Coord> = (0..corners)
        .map(|k| {
            let ((ax, ay), (bx, by_)) = (normal(k + corners - 1), normal(k));
            let scale = by / (1.0 + ax * bx + ay * by_).max(0.2);
            at(ring[k].x + scale * (ax + bx), ring[k].y + scale * (ay + by_))
        })
        .collect();
    Polygon::new(LineString(moved), Vec::new())
}

#[cfg(test)]
mod tests {
    use geo::Validation;

    use super::*;
    use crate::CityPlan;

    #[test]
    fn factors_are_sound_and_the_same_each_time() {
        let plan = CityPlan { sensors: 2, years: 1, ..CityPlan::town().scaled(0.2) };
        let city = City::make(&plan).expect("a sound plan");
        let factors = city.factors();
        assert_eq!(factors, city.factors());
        for factor in &factors {
            for shape in factor.geometry.iter().flatten() {
                assert!(shape.is_valid(), "{}: {shape:?}", factor.name);
                assert!(shape.unsigned_area() > 0.0);
            }
        }
        let filled = factors.iter().filter(|factor| !factor.geometry.is_empty()).count();
        assert!(filled >= 35, "{filled}");
        let count = |name| factors.iter().find(|f| f.name == name).map(|f| f.geometry.len());
        assert_eq!(count("Bâtiments"), Some(plan.buildings));
        assert_eq!(count("Arbres"), Some(plan.trees));
    }
}
