//! Establishments of industry with their activity and number of staff as a bracket.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;

use crate::CityPlan;
use crate::land::{Land, LandUse};
use crate::mesh::{Mesh, inside};
use crate::random::Stream;

/// Establishments, one row each.
#[derive(Clone, Debug, PartialEq)]
pub struct Establishments {
    /// Points in CC46.
    pub geometry: GeometryColumn,
    /// SIRET with a valid check digit, of a range that is not given out.
    pub siret: Vec<String>,
    /// Class of the French nomenclature of activities, rev. 2.
    pub naf: Vec<&'static str>,
    /// Bracket of staff, by the code of INSEE (`tranche d'effectifs`).
    pub staff: Vec<&'static str>,
    /// Row of the commune.
    pub commune: Vec<u32>,
}

/// NAF classes with how common each is.
const ACTIVITIES: [(&str, f64); 22] = [
    ("10.71C", 20.0),
    ("10.71A", 2.0),
    ("10.13B", 4.0),
    ("11.05Z", 3.0),
    ("13.92Z", 3.0),
    ("14.13Z", 4.0),
    ("16.23Z", 4.0),
    ("18.12Z", 6.0),
    ("20.59Z", 3.0),
    ("21.20Z", 1.5),
    ("22.29A", 4.0),
    ("23.70Z", 3.0),
    ("25.11Z", 5.0),
    ("25.62B", 8.0),
    ("26.51B", 3.0),
    ("27.12Z", 2.0),
    ("28.99B", 3.0),
    ("29.32Z", 1.0),
    ("32.50A", 5.0),
    ("33.12Z", 8.0),
    ("35.11Z", 3.0),
    ("38.11Z", 3.0),
];
/// Brackets with how common each is; as in the register, most establishments are small.
const BRACKETS: [(&str, f64); 13] = [
    ("00", 80.0),
    ("01", 221.0),
    ("02", 205.0),
    ("03", 150.0),
    ("11", 149.0),
    ("12", 117.0),
    ("21", 40.0),
    ("22", 22.0),
    ("31", 6.0),
    ("32", 7.0),
    ("41", 2.6),
    ("42", 1.0),
    ("51", 0.3),
];

pub(crate) fn establishments(
    plan: &CityPlan,
    mesh: &Mesh,
    land: &Land,
    commune_of: &[u32],
) -> Establishments {
    let weights: Vec<f64> = (0..mesh.cells.len())
        .map(|block| match land.uses[block] {
            LandUse::Industry => 1.0,
            LandUse::Built => 0.03 + 0.3 * land.density[block],
            LandUse::Field => 0.01,
            LandUse::Water | LandUse::Park => 0.0,
        })
        .collect();
    let mut stream = Stream::new(plan.seed, "establishments", 0);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let (mut siret, mut naf, mut staff, mut commune) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, block) in stream.draws(&weights, plan.establishments).into_iter().enumerate() {
        let mut stream = Stream::new(plan.seed, "establishment", number as u64);
        let place = inside(&mesh.quad(block), stream.between(0.1, 0.9), stream.between(0.1, 0.9));
        x.push(place.x);
        y.push(place.y);
        siret.push(made_siret(number));
        // Communes have a speciality, so that a location quotient has something to find.
        let home = commune_of[block] as usize;
        let skewed = ACTIVITIES
            .iter()
            .enumerate()
            .map(|(k, &(_, w))| if (k * 7 + home * 5) % 11 < 2 { 4.0 * w } else { w });
        naf.push(ACTIVITIES[stream.weighted(&skewed.collect::<Vec<f64>>())].0);
        let large = land.uses[block] == LandUse::Industry;
        let sizes = BRACKETS.iter().enumerate().map(|(k, &(_, w))| if large && k >= 5 { 2.0 * w } else { w });
        staff.push(BRACKETS[stream.weighted(&sizes.collect::<Vec<f64>>())].0);
        commune.push(commune_of[block]);
    }
    Establishments { geometry: GeometryColumn::points(x, y, Crs::CC46), siret, naf, staff, commune }
}

/// A SIREN from 99 000 000 0 on with its check digit, then the establishment number 00019 to 00010 that fits.
fn made_siret(number: usize) -> String {
    let siren = with_check_digit(&format!("99{number:06}"));
    with_check_digit(&format!("{siren}0001"))
}

/// Appends the digit that makes the Luhn sum a multiple of ten.
fn with_check_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(k, digit)| {
            let digit = u32::from(digit - b'0');
            let doubled = if k % 2 == 0 { 2 * digit } else { digit };
            doubled / 10 + doubled % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digit_of_a_known_number() {
        // 732 829 320, the example of ISO/IEC 7812 used for SIREN.
        assert_eq!(with_check_digit("73282932"), "732829320");
        assert_eq!(made_siret(12).len(), 14);
    }
}
