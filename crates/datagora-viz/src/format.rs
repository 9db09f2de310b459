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
    let fixed = format!("{:.decimals$}", value.abs());
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
    let decimals = (2.0 - size.log10().floor()).clamp(0.0, 6.0);
    // 0.09996 is 0.100, not 0.1000.
    let rounded = (size * 10f64.powf(decimals)).round() / 10f64.powf(decimals);
    if rounded > 0.0 {
        (2.0 - (rounded.log10() + 1e-12).floor()).clamp(0.0, 6.0) as usize
    } else {
        decimals as usize
    }
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
        assert_eq!(format_change(-0.051, 1, Language::English), "−5.1%");
    }
}
