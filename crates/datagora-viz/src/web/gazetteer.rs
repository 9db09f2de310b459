//! Addresses that the reader can look for.
use std::collections::BTreeMap;
use std::fmt::Write;

use datagora_geo::GeometryColumn;
use datagora_geo::types::Geometry;

use super::WebMapError;
use super::source::geographic;

/// Addresses by street: number, east and north in steps of [`STEPS`] to a degree.
pub(super) type Gazetteer = BTreeMap<String, Vec<(String, [i64; 2])>>;

/// A metre.
const STEPS: f64 = 1e5;

/// Adds addresses to those there are. Rows without a place are left out.
pub(super) fn add_addresses(
    gazetteer: &mut Gazetteer,
    points: &GeometryColumn,
    numbers: &[String],
    streets: &[String],
) -> Result<(), WebMapError> {
    for (column, found) in [("numbers", numbers.len()), ("streets", streets.len())] {
        if found != points.len() {
            return Err(WebMapError::Length { column: column.to_owned(), found, needed: points.len() });
        }
    }
    let plain = |text: &str, unfit: &[char]| text.replace(unfit, " ").trim().to_owned();
    for ((point, number), street) in geographic(points)?.iter().zip(numbers).zip(streets) {
        let Some(Geometry::Point(point)) = point else { continue };
        if !(point.x().is_finite() && point.y().is_finite()) {
            continue;
        }
        let place = [point.x(), point.y()].map(|degrees| (degrees * STEPS).round() as i64);
        let number = plain(number, &['\n', ',', ';']);
        gazetteer.entry(plain(street, &['\n', '\r'])).or_default().push((number, place));
    }
    Ok(())
}

/// A line for each street, and one for its addresses, `number,east,north` with `;` between them: differences from the address before,
/// to the base of 36.
///
/// A street's addresses lie close together, so that most differences are two signs, and what repeats is compressed away.
pub(super) fn encode(gazetteer: &Gazetteer) -> String {
    let mut text = String::new();
    let mut before = [0, 0];
    for (street, addresses) in gazetteer {
        let mut sorted: Vec<&(String, [i64; 2])> = addresses.iter().collect();
        sorted.sort_by_key(|(number, place)| (leading(number), number, place));
        text.push_str(street);
        text.push('\n');
        for (at, (number, place)) in sorted.into_iter().enumerate() {
            let cut = if at > 0 { ";" } else { "" };
            let [east, north] = [0, 1].map(|axis| base36(place[axis] - before[axis]));
            // Writing to a String cannot fail.
            let _ = write!(text, "{cut}{number},{east},{north}");
            before = *place;
        }
        text.push('\n');
    }
    text
}

/// The number before « bis ».
fn leading(number: &str) -> u32 {
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..end].parse().unwrap_or(0)
}

fn base36(number: i64) -> String {
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((rest % 36) as u32, 36).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;

    use super::*;

    #[test]
    fn addresses_stand_by_street_in_the_order_of_their_numbers() {
        let points = GeometryColumn::points(
            vec![4.0002, 4.0001, 4.0001, f64::NAN],
            vec![45.0, 45.0003, 45.0003, f64::NAN],
            Crs::WGS84,
        );
        let numbers = ["10", "2 bis", "2", "9"].map(String::from);
        let streets = ["Rue A, Lyon", "Rue A, Lyon", "Rue\nB", "Rue A, Lyon"].map(String::from);
        let mut gazetteer = Gazetteer::new();
        add_addresses(&mut gazetteer, &points, &numbers, &streets).unwrap();
        // 400,010 and 4,500,030 to the base of 36.
        assert_eq!(encode(&gazetteer), "Rue A, Lyon\n2 bis,8kne,2og8u;10,a,-u\nRue B\n2,-a,u\n");
        assert_eq!([base36(0), base36(-35), base36(36 * 36 + 1)], ["0", "-z", "101"]);
        let short = add_addresses(&mut gazetteer, &points, &numbers[1..], &streets);
        assert!(matches!(short, Err(WebMapError::Length { found: 3, needed: 4, .. })));
    }
}
