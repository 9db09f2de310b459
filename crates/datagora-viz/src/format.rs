//! Numbers as citizens write them, in French and English.
use datagora_core::Language;

/// Narrow no-break space: between thousands, and before French double punctuation.
const NARROW: char = '\u{202f}';

/// A number with this many decimals: `12 345,6` in French, `12,345.6` in English.
///
/// ```
/// use datagora_core::Language;
/// use datagora_viz::format_number;
///
/// assert_eq!(format_number(-12345.67, 1, Language::French), "−12\u{202f}345,7");
/// assert_eq!(format_number(-12345.67, 1, Language::English), "−12,345.7");
/// ```
pub fn format_number(value: f64, decimals: usize, language: Language) -> String {
    if value.is_nan() {
        return language.pick("n. d.", "n/a").to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".to_owned() } else { "−∞".to_owned() };
    }
    let fixed = fixed(value.abs(), decimals);
    let (whole, part) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let mut text = String::new();
    // No minus before what rounds to zero.
    if value < 0.0 && fixed.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        text.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(language.pick(NARROW, ','));
        }
        text.push(digit);
    }
    if !part.is_empty() {
        text.push(language.pick(',', '.'));
        text.push_str(part);
    }
    text
}

/// A number of at least 0 with this many decimals; what lies halfway is rounded up, as at school.
fn fixed(size: f64, decimals: usize) -> String {
    let even = format!("{size:.decimals$}");
    // Only a number whose binary digits end there lies halfway; it is written exactly with one digit more.
    let (more, many) = (decimals + 1, decimals + 31);
    let longer = format!("{size:.more$}");
    let halfway = longer.ends_with('5') && format!("{size:.many$}").ends_with(&"0".repeat(30));
    if !halfway {
        return even;
    }
    // The next number up is past the half.
    format!("{:.decimals$}", size.next_up())
}

/// A number with about three significant digits, and no more decimals than it deserves.
///
/// ```
/// use datagora_core::Language;
/// use datagora_viz::format_short;
///
/// assert_eq!(format_short(94_435.0, Language::English), "94,435");
/// assert_eq!(format_short(1.75683, Language::English), "1.76");
/// assert_eq!(format_short(0.0421, Language::French), "0,0421");
/// ```
pub fn format_short(value: f64, language: Language) -> String {
    format_number(value, decimals_for(value.abs()), language)
}

fn decimals_for(size: f64) -> usize {
    if size.is_nan() || size.is_infinite() || size == 0.0 || size >= 100.0 {
        return 0;
    }
    let decimals = (2.0 - libm::log10(size).floor()).clamp(0.0, 6.0);
    // 0.09996 is 0.100, not 0.1000.
    let rounded = (size * libm::pow(10.0, decimals)).round() / libm::pow(10.0, decimals);
    if rounded > 0.0 {
        (2.0 - (libm::log10(rounded) + 1e-12).floor()).clamp(0.0, 6.0) as usize
    } else {
        decimals as usize
    }
}

/// Decimals for numbers that are read side by side: three digits of the largest, and enough to tell their differences in
/// hundredths of the range; no more than the numbers have.
pub(crate) fn common_decimals(values: impl IntoIterator<Item = f64>) -> usize {
    let values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    let range = high - low;
    let of_range = if range > 0.0 { (1.0 - libm::log10(range).floor()).clamp(0.0, 6.0) as usize } else { 0 };
    let most = decimals_for(largest).max(of_range);
    let exact = |decimals: &usize| {
        let unit = 10f64.powi(*decimals as i32);
        values.iter().all(|value| ((value * unit).round() / unit - value).abs() <= 1e-9 * value.abs())
    };
    (0..most).find(exact).unwrap_or(most)
}

/// A number among others that have this many decimals; with as few more as it takes not to be off by more than a twentieth of it.
pub(crate) fn format_among(value: f64, decimals: usize, language: Language) -> String {
    let near = |decimals: &usize| {
        let unit = 10f64.powi(*decimals as i32);
        ((value * unit).round() / unit - value).abs() <= 0.05 * value.abs()
    };
    let own = common_decimals([value]);
    let decimals = (decimals..own).find(near).unwrap_or(own.max(decimals));
    format_number(value, decimals, language)
}

/// A share (0 to 1) as a percentage: `12,3 %` in French, `12.3%` in English.
pub fn format_percent(share: f64, decimals: usize, language: Language) -> String {
    let number = format_number(100.0 * share, decimals, language);
    match language {
        Language::French => format!("{number}{NARROW}%"),
        Language::English => format!("{number}%"),
    }
}

/// A change (0.05 for five hundredths more) as a percentage with its sign.
pub fn format_change(change: f64, decimals: usize, language: Language) -> String {
    let text = format_percent(change, decimals, language);
    if change > 0.0 && !text.starts_with('−') { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_d3() {
        // d3-format 3.1.3 with the decimals given and its locale set to the signs of each language.
        for (value, decimals, french, english) in [
            (12345.678, 1, "12\u{202f}345,7", "12,345.7"),
            (-1234567.5, 0, "−1\u{202f}234\u{202f}568", "−1,234,568"),
            (0.5, 0, "1", "1"),
            (1.5, 0, "2", "2"),
            (2.675, 2, "2,67", "2.67"),
            (-0.004, 2, "0,00", "0.00"),
            (
                1_000_000_000_000_000.0,
                0,
                "1\u{202f}000\u{202f}000\u{202f}000\u{202f}000\u{202f}000",
                "1,000,000,000,000,000",
            ),
            (999.995, 2, "1\u{202f}000,00", "1,000.00"),
            (1e-07, 7, "0,0000001", "0.0000001"),
            (-0.00049, 3, "0,000", "0.000"),
            (1005.0, 2, "1\u{202f}005,00", "1,005.00"),
        ] {
            assert_eq!(format_number(value, decimals, Language::French), french);
            assert_eq!(format_number(value, decimals, Language::English), english);
        }
    }

    #[test]
    fn numbers_side_by_side_have_the_digits_that_tell_them_apart() {
        assert_eq!(common_decimals([11.5, 7.2, 2.9]), 1);
        assert_eq!(common_decimals([101.23, 101.41, 101.3]), 2);
        assert_eq!(common_decimals([94_435.4, 12.25]), 0);
        assert_eq!(common_decimals([0.5, 0.25, f64::NAN]), 2);
        assert_eq!(common_decimals([1.0 / 3.0, 2.0 / 3.0]), 3);
        assert_eq!(common_decimals([]), 0);
        assert_eq!(format_among(0.04, 0, Language::English), "0.04");
        assert_eq!(format_among(12.25, 0, Language::English), "12");
        assert_eq!(format_among(0.0, 1, Language::English), "0.0");
    }

    #[test]
    fn edge_cases_of_numbers() {
        assert_eq!(format_number(-0.04, 1, Language::English), "0.0");
        assert_eq!(format_short(0.1 - 1e-16, Language::English), "0.100");
        assert_eq!(format_short(9.999, Language::English), "10.0");
        assert_eq!(format_short(99.97, Language::English), "100");
        assert_eq!(format_short(0.5, Language::English), "0.500");
        assert_eq!(format_short(1e-9, Language::English), "0.000000");
        assert_eq!(format_number(999_999.5, 0, Language::English), "1,000,000");
        assert_eq!(format_number(f64::NAN, 0, Language::French), "n. d.");
        assert_eq!(format_number(f64::INFINITY, 0, Language::French), "∞");
        assert_eq!(format_change(0.051, 1, Language::French), "+5,1\u{202f}%");
        assert_eq!([0.5, 1.5, 2.5].map(|half| format_number(half, 0, Language::English)), ["1", "2", "3"]);
        assert_eq!(format_number(-0.125, 2, Language::French), "−0,13");
        assert_eq!(format_change(-0.051, 1, Language::English), "−5.1%");
    }
}
