//! Trees: rows along streets, groups in parks.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;

use crate::CityPlan;
use crate::land::{Land, LandUse};
use crate::mesh::{Mesh, at, inside};
use crate::random::{Stream, share_out};

/// Trees, one row each.
#[derive(Clone, Debug, PartialEq)]
pub struct Trees {
    /// Points in CC46.
    pub geometry: GeometryColumn,
    /// Scientific name.
    pub species: Vec<&'static str>,
    /// Height, m; NaN if it was not measured.
    pub height: Vec<f64>,
    /// Circumference of the trunk at 1.3 m, cm; NaN if it was not measured.
    pub girth: Vec<f64>,
    /// Year planted, where it is known.
    pub planted: Vec<Option<i32>>,
    /// Row of the IRIS.
    pub iris: Vec<u32>,
}

/// Species with how common each is along streets, and its height when grown, m.
const SPECIES: [(&str, f64, f64); 20] = [
    ("Platanus x acerifolia", 22.0, 26.0),
    ("Tilia cordata", 9.0, 20.0),
    ("Celtis australis", 9.0, 18.0),
    ("Acer platanoides", 8.0, 18.0),
    ("Fraxinus angustifolia", 6.0, 19.0),
    ("Pyrus calleryana", 5.0, 10.0),
    ("Quercus robur", 5.0, 24.0),
    ("Prunus cerasifera", 4.0, 7.0),
    ("Gleditsia triacanthos", 4.0, 17.0),
    ("Sophora japonica", 4.0, 16.0),
    ("Carpinus betulus", 4.0, 14.0),
    ("Liquidambar styraciflua", 3.0, 18.0),
    ("Aesculus hippocastanum", 3.0, 20.0),
    ("Robinia pseudoacacia", 3.0, 17.0),
    ("Koelreuteria paniculata", 2.0, 9.0),
    ("Ginkgo biloba", 2.0, 19.0),
    ("Betula pendula", 2.0, 16.0),
    ("Ulmus 'Lutece'", 2.0, 15.0),
    ("Cercis siliquastrum", 2.0, 7.0),
    ("Populus nigra", 1.0, 25.0),
];

pub(crate) fn trees(plan: &CityPlan, mesh: &Mesh, land: &Land, iris_of: &[u32]) -> Trees {
    let sides = mesh.sides();
    let mut stream = Stream::new(plan.seed, "trees", 0);
    // A street is planted or it is not; a park always is.
    let street_weights = sides.iter().map(|side| {
        let block = side.blocks.0;
        match land.uses[block] {
            LandUse::Built | LandUse::Industry if stream.chance(0.45) => {
                0.3 + 2.0 * land.density[block].sqrt()
            }
            _ => 0.0,
        }
    });
    let mut weights: Vec<f64> = street_weights.collect();
    let parks: Vec<usize> = land.parks.concat();
    weights.extend(parks.iter().map(|_| 3.0));
    let counts = share_out(plan.trees, &weights);

    let weight_of_species: Vec<f64> = SPECIES.iter().map(|species| species.1).collect();
    let (mut x, mut y) = (Vec::with_capacity(plan.trees), Vec::with_capacity(plan.trees));
    let (mut species, mut height, mut girth) = (Vec::new(), Vec::new(), Vec::new());
    let (mut planted, mut iris) = (Vec::new(), Vec::new());
    for (place, &count) in counts.iter().enumerate() {
        let mut stream = Stream::new(plan.seed, "row of trees", place as u64);
        let row_species = stream.weighted(&weight_of_species);
        let row_year = 2024 - (stream.unit() * stream.unit() * 110.0) as i32;
        let block = match place.checked_sub(sides.len()) {
            None => sides[place].blocks.0,
            Some(park) => parks[park],
        };
        for k in 0..count {
            let (position, kind, year) = match place.checked_sub(sides.len()) {
                None => {
                    // Both sides of the street in turn, three to four metres from its axis.
                    let (a, b) = (mesh.corner(sides[place].from), mesh.corner(sides[place].to));
                    let t = (k / 2) as f64 + 0.5 + stream.between(-0.08, 0.08);
                    let t = t / count.div_ceil(2) as f64;
                    let (dx, dy) = (b.x - a.x, b.y - a.y);
                    let length = (dx * dx + dy * dy).sqrt();
                    let offset = stream.between(3.0, 4.0) * if k % 2 == 0 { 1.0 } else { -1.0 };
                    let position =
                        at(a.x + t * dx - offset * dy / length, a.y + t * dy + offset * dx / length);
                    let replaced = stream.chance(0.12);
                    let kind = if replaced { stream.weighted(&weight_of_species) } else { row_species };
                    (
                        position,
                        kind,
                        if replaced { row_year.max(2024 - stream.below(25) as i32) } else { row_year },
                    )
                }
                Some(_) => {
                    let quad = mesh.quad(block);
                    let position = inside(&quad, stream.between(0.05, 0.95), stream.between(0.05, 0.95));
                    (position, stream.weighted(&weight_of_species), 2024 - stream.below(90) as i32)
                }
            };
            x.push(position.x);
            y.push(position.y);
            let (name, _, grown) = SPECIES[kind];
            let age = f64::from(2025 - year);
            let tall = 2.5 + (grown - 2.5) * (1.0 - libm::exp(-age / 28.0)) * stream.between(0.8, 1.1);
            let round = (12.0 + 2.4 * age) * stream.between(0.75, 1.25);
            species.push(name);
            height.push(if stream.chance(0.03) { f64::NAN } else { tall.round() });
            girth.push(if stream.chance(0.03) { f64::NAN } else { round.round() });
            planted.push((!stream.chance(0.2)).then_some(year));
            iris.push(iris_of[block]);
        }
    }
    Trees { geometry: GeometryColumn::points(x, y, Crs::CC46), species, height, girth, planted, iris }
}
