//! Values of which one digit is known at most.
use std::fmt;

use datagora_core::{Language, Measured};

/// A value that is only an order of magnitude, and says so wherever it is shown: with one digit, and its range.
///
/// # Example
///
/// ```
/// use datagora_core::{Interval, Language, Measured, Unit};
/// use datagora_indicators::greening::OrderOfMagnitude;
///
/// let bounds = Interval { lower: 1_234.0, upper: 8_765.0, level: Some(0.95) };
/// let carbon = OrderOfMagnitude::new(Measured::new(3_456.0, Unit::of("t")).with_interval(bounds));
/// assert_eq!(carbon.to_string(), "about 3,000 t (1,000 to 9,000 t; order of magnitude)");
/// assert_eq!(carbon.text(Language::French), "environ 3\u{202f}000\u{a0}t (de 1\u{202f}000 à 9\u{202f}000\u{a0}t\u{202f}; ordre de grandeur)");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct OrderOfMagnitude(Measured);

impl OrderOfMagnitude {
    /// Of this value.
    pub fn new(value: Measured) -> Self {
        Self(value)
    }

    /// The value with all its digits, to compute with.
    pub fn measured(&self) -> &Measured {
        &self.0
    }

    /// In words, with one digit; bounds are rounded outwards.
    pub fn text(&self, language: Language) -> String {
        let Some(value) = self.0.value() else {
            return language.pick("inconnu", "unknown").to_owned();
        };
        let unit = self.0.unit();
        let digit = |value: f64, round: fn(f64) -> f64| one_digit(value, round, language);
        let about = digit(value, f64::round);
        match (language, self.0.interval()) {
            (Language::French, Some(bounds)) => format!(
                "environ {about}\u{a0}{unit} (de {} à {}\u{a0}{unit}\u{202f}; ordre de grandeur)",
                digit(bounds.lower, f64::floor),
                digit(bounds.upper, f64::ceil),
            ),
            (Language::French, None) => format!("environ {about}\u{a0}{unit} (ordre de grandeur)"),
            (_, Some(bounds)) => format!(
                "about {about} {unit} ({} to {} {unit}; order of magnitude)",
                digit(bounds.lower, f64::floor),
                digit(bounds.upper, f64::ceil),
            ),
            (_, None) => format!("about {about} {unit} (order of magnitude)"),
        }
    }
}

impl fmt::Display for OrderOfMagnitude {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

/// A number with one digit that is not zero, grouped by thousands.
fn one_digit(value: f64, round: fn(f64) -> f64, language: Language) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let power = value.abs().log10().floor() as i32;
    // Divide by a whole power of ten where there is one: it is exact, unlike its reciprocal.
    let (scale, up) = (10_f64.powi(power.abs()), power >= 0);
    let digit = round(if up { value / scale } else { value * scale });
    let rounded = if up { digit * scale } else { digit / scale };
    let decimals = if up || digit.abs() >= 10.0 { (-power - 1).max(0) } else { -power };
    let text = format!("{rounded:.*}", decimals as usize);
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::with_capacity(text.len() + 8);
    for (at, letter) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if at > 0 && left.is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(language.pick("\u{202f}", ",").chars().next().unwrap_or(' '));
        }
        grouped.push(letter);
    }
    if !rest.is_empty() {
        grouped.push_str(language.pick(",", "."));
        grouped.push_str(rest);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::{Suppression, Unit};
    use proptest::prelude::*;

    #[test]
    fn one_digit_stays() {
        let round = |value| one_digit(value, f64::round, Language::English);
        let written = [0.0, 0.000_34, 0.096, 0.3, 1.0, 9.6, 44.0, 999.0, 123_456.0].map(round);
        assert_eq!(written, ["0", "0.0003", "0.1", "0.3", "1", "10", "40", "1,000", "100,000"]);
        assert_eq!(one_digit(-12_345.0, f64::floor, Language::English), "-20,000");
        let none = Measured::suppressed(Unit::of("t"), Suppression::Secondary);
        assert_eq!(OrderOfMagnitude::new(none).text(Language::French), "inconnu");
    }

    proptest! {
        #[test]
        fn rounding_is_within_a_third_and_outwards(value in 1e-6..1e12_f64) {
            let read = |round| one_digit(value, round, Language::English).replace(',', "").parse::<f64>().unwrap();
            prop_assert!((read(f64::round) / value - 1.0).abs() <= 1.0 / 3.0 + 1e-9);
            prop_assert!(read(f64::floor) <= value * (1.0 + 1e-12) && value <= read(f64::ceil) * (1.0 + 1e-12));
        }
    }
}
