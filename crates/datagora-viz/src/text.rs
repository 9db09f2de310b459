//! How wide text is: the advance widths of the embedded fonts.
mod subset;

use std::sync::OnceLock;

use ttf_parser::Face;

pub(crate) use subset::subset;

/// Noto Sans Regular, the subset that pictures and pages embed.
pub const REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
/// Noto Sans Bold, the subset that pictures and pages embed.
pub const BOLD: &[u8] = include_bytes!("../fonts/NotoSans-Bold.ttf");

/// How far letters reach above and below the baseline, in ems; accents on capitals and deep descenders a little more.
pub(crate) const ASCENT: f64 = 0.78;
pub(crate) const DESCENT: f64 = 0.22;

struct Widths {
    /// By code point below 0x180, in ems.
    common: Vec<f64>,
    face: Face<'static>,
}

fn widths(bold: bool) -> Option<&'static Widths> {
    static FONTS: OnceLock<[Option<Widths>; 2]> = OnceLock::new();
    let load = |bytes: &'static [u8]| {
        let face = Face::parse(bytes, 0).ok()?;
        let common = (0..0x180).map(|code| char::from_u32(code).map_or(0.0, |c| advance(&face, c))).collect();
        Some(Widths { common, face })
    };
    FONTS.get_or_init(|| [load(REGULAR), load(BOLD)])[usize::from(bold)].as_ref()
}

fn advance(face: &Face<'_>, c: char) -> f64 {
    let glyph = face.glyph_index(c).or_else(|| face.glyph_index('m'));
    let units = glyph.and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0);
    f64::from(units) / f64::from(face.units_per_em())
}

/// Width of a line of text at this size, in the unit of the size.
///
/// A character that the fonts do not have counts as wide as an m.
///
/// ```
/// use datagora_viz::text_width;
///
/// assert!(text_width("Villeurbanne", 12.0, true) > text_width("Villeurbanne", 12.0, false));
/// ```
pub fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let Some(font) = widths(bold) else { return 0.6 * size * text.chars().count() as f64 };
    let ems: f64 = text
        .chars()
        .map(|c| font.common.get(c as usize).copied().unwrap_or_else(|| advance(&font.face, c)))
        .sum();
    ems * size
}

/// Breaks text into lines no wider than `width`, at spaces; a longer word stays whole.
///
/// ```
/// use datagora_viz::wrap_text;
///
/// assert_eq!(wrap_text("arbres par hectare", 12.0, false, 70.0), ["arbres par", "hectare"]);
/// ```
pub fn wrap_text(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line)
                if text_width(line, size, bold) + text_width(&format!(" {word}"), size, bold) <= width =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Breaks text into lines no wider than `width`: at spaces, and within words that are wider than a line.
#[cfg(feature = "pdf")]
pub(crate) fn wrap_anywhere(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrap_text(text, size, bold, width) {
        let mut rest = &line[..];
        while text_width(rest, size, bold) > width {
            // One character at least, or there would be no end.
            let mut end = rest.chars().next().map_or(0, char::len_utf8);
            for (start, c) in rest.char_indices().skip(1) {
                if text_width(&rest[..start + c.len_utf8()], size, bold) > width {
                    break;
                }
                end = start + c.len_utf8();
            }
            if end == rest.len() {
                break;
            }
            lines.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        lines.push(rest.to_owned());
    }
    lines
}

/// Shortens text to a width, ending in “…” where something was left out.
pub fn shorten_text(text: &str, size: f64, bold: bool, width: f64) -> String {
    if text_width(text, size, bold) <= width {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while kept.pop().is_some() {
        let candidate = format!("{}…", kept.trim_end());
        if text_width(&candidate, size, bold) <= width {
            return candidate;
        }
    }
    "…".to_owned()
}

/// Text in at most two lines of a width, the second shortened if it must be; at least one, which may be empty.
pub(crate) fn two_lines(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let mut lines = wrap_text(text, size, bold, width);
    if lines.len() > 2 {
        let rest = lines.split_off(1).join(" ");
        lines.push(rest);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines.into_iter().map(|line| shorten_text(&line, size, bold, width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Noto Sans: digits share one advance of 572 units in 1,000, the space has 260.
        assert!((text_width("2026", 1000.0, false) - 4.0 * 572.0).abs() < 1e-9);
        assert!((text_width(" ", 1000.0, false) - 260.0).abs() < 1e-9);
    }

    #[test]
    fn french_signs_are_in_the_fonts() {
        for bold in [false, true] {
            let face = &widths(bold).expect("the fonts parse").face;
            for c in "àâçéèêëîïôùûüÿœæÀÉÈÊŒ«»’–—…²³×±−€‰µ\u{202f}\u{a0}Δ≤≥≈≠←↑→↓".chars()
            {
                assert!(face.glyph_index(c).is_some(), "{c:?} is missing");
            }
        }
    }

    #[test]
    fn two_lines_hold_any_text() {
        assert_eq!(two_lines("", 12.0, false, 90.0), [""]);
        assert_eq!(two_lines("arbres par hectare", 12.0, false, 70.0), ["arbres par", "hectare"]);
        let lines = two_lines("arbres par hectare de voirie et de parc", 12.0, false, 70.0);
        assert_eq!(lines[0], "arbres par");
        assert!(lines.len() == 2 && lines[1].ends_with('…'), "{lines:?}");
    }

    #[cfg(feature = "pdf")]
    #[test]
    fn words_wider_than_a_line_are_broken() {
        let lines = wrap_anywhere("a Donaudampfschifffahrt b", 12.0, false, 60.0);
        assert_eq!(lines.concat().replace(' ', ""), "aDonaudampfschifffahrtb");
        assert!(
            lines.len() > 3 && lines.iter().all(|line| text_width(line, 12.0, false) <= 60.0),
            "{lines:?}"
        );
        assert_eq!(wrap_anywhere("né", 12.0, false, 0.0), ["n", "é"]);
        assert_eq!(wrap_anywhere("", 12.0, false, 60.0), [""; 0]);
    }

    #[test]
    fn shortened_text_fits() {
        let text = "Saint-Germain-au-Mont-d’Or";
        let short = shorten_text(text, 12.0, false, 90.0);
        assert!(short.ends_with('…') && text_width(&short, 12.0, false) <= 90.0);
        assert_eq!(shorten_text("Bron", 12.0, false, 90.0), "Bron");
    }
}
