//! Which values of an inventory cannot be true.
use std::f64::consts::PI;

use datagora_core::{Crs, NaiveDate, Problem, ProblemKind};

use super::columns::Planted;

/// Which values of a tree are taken as missing, and told.
///
/// * **zero** – a height, girth, diameter or crown of 0 or less: inventories such as that of the Métropole de Lyon write 0 where nobody
///   measured;
/// * **too large** – above the limits set here, which leave room for the largest trees of Europe and find heights given in centimetres;
/// * **placeholder** – planted on 1 January 1900 or 30 December 1899: what databases and spreadsheets make of an empty date;
/// * **too early, too late** – planted before the first or after the last year set here;
/// * **no position** – coordinates that are not finite, or degrees that are none.
///
/// A girth that contradicts the diameter beside it by more than a tenth is told; the diameter is kept.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct PlausibleTree {
    tallest: f64,
    thickest: f64,
    widest: f64,
    first_year: i32,
    last_year: i32,
}

impl Default for PlausibleTree {
    /// Up to 75 m high, 500 cm thick and 60 m wide; planted from 1500 to 2100. Set the year of the inventory as the last.
    fn default() -> Self {
        Self { tallest: 75.0, thickest: 500.0, widest: 60.0, first_year: 1500, last_year: 2100 }
    }
}

impl PlausibleTree {
    /// Largest height, in metres.
    pub fn with_tallest(self, tallest: f64) -> Self {
        Self { tallest, ..self }
    }

    /// Largest diameter at breast height, in centimetres.
    pub fn with_thickest(self, thickest: f64) -> Self {
        Self { thickest, ..self }
    }

    /// Largest diameter of a crown, in metres.
    pub fn with_widest(self, widest: f64) -> Self {
        Self { widest, ..self }
    }

    /// First and last year in which a tree may have been planted.
    pub fn with_years(self, first_year: i32, last_year: i32) -> Self {
        Self { first_year, last_year, ..self }
    }

    pub(super) fn height(&self, height: f64, tell: &mut impl FnMut(Problem)) -> f64 {
        size(height, self.tallest, "height", "m", tell)
    }

    pub(super) fn crown(&self, crown: f64, tell: &mut impl FnMut(Problem)) -> f64 {
        size(crown, self.widest, "crown", "m", tell)
    }

    pub(super) fn diameter(&self, diameter: f64, girth: f64, tell: &mut impl FnMut(Problem)) -> f64 {
        let diameter = size(diameter, self.thickest, "diameter", "cm", tell);
        let of_girth = size(girth, self.thickest * PI, "girth", "cm", tell) / PI;
        if diameter.is_nan() {
            return of_girth;
        }
        if (of_girth - diameter).abs() > 0.1 * diameter {
            let found = format!("a girth of {girth} cm beside a diameter of {diameter} cm");
            let problem = Problem::new(found, "a girth of π times the diameter: the diameter was kept");
            tell(problem.of_kind(ProblemKind::ImpossibleValue).in_column("girth"));
        }
        diameter
    }

    pub(super) fn planted(&self, planted: Planted, tell: &mut impl FnMut(Problem)) -> Option<i32> {
        use chrono::Datelike;
        let mut wrong = |found: String, needed: &str| {
            tell(Problem::new(found, needed).of_kind(ProblemKind::ImpossibleValue).in_column("planted"));
            None
        };
        let year = match planted {
            Planted::Year(year) => year,
            Planted::Date(date) if PLACEHOLDERS.contains(&Some(date)) => {
                return wrong(
                    date.to_string(),
                    "a date of planting, or nothing: a placeholder, taken as missing",
                );
            }
            Planted::Date(date) => date.year(),
        };
        if (self.first_year..=self.last_year).contains(&year) {
            return Some(year);
        }
        let needed = format!("a year from {} to {}: taken as missing", self.first_year, self.last_year);
        wrong(format!("the year {year}"), &needed)
    }

    pub(super) fn place(
        &self,
        place: [f64; 2],
        crs: &Crs,
        tell: &mut impl FnMut(Problem),
    ) -> Option<[f64; 2]> {
        let [east, north] = place;
        let degrees = !crs.is_geographic() || (east.abs() <= 180.0 && north.abs() <= 90.0);
        if east.is_finite() && north.is_finite() && degrees {
            return Some(place);
        }
        let problem =
            Problem::new(format!("({east}, {north})"), "a position (east, north): taken as missing");
        tell(problem.of_kind(ProblemKind::ImpossibleValue).in_column("place"));
        None
    }
}

const PLACEHOLDERS: [Option<NaiveDate>; 2] =
    [NaiveDate::from_ymd_opt(1900, 1, 1), NaiveDate::from_ymd_opt(1899, 12, 30)];

/// A size, or NaN if it cannot be one.
fn size(value: f64, most: f64, what: &'static str, unit: &str, tell: &mut impl FnMut(Problem)) -> f64 {
    if value.is_nan() || (value > 0.0 && value <= most) {
        return value;
    }
    let needed = if value > most {
        format!("a {what} up to {most:.0} {unit}: taken as missing")
    } else {
        format!("a {what} above 0, or nothing: taken as missing")
    };
    let problem = Problem::new(format!("{value} {unit}"), needed);
    tell(problem.of_kind(ProblemKind::ImpossibleValue).in_column(what));
    f64::NAN
}
