//! Lines of text as glyphs of an embedded font, kerned.
use std::ops::Range;

use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{Face, GlyphId};

use crate::scene::{Anchor, Text};

/// What stands for a character that the font does not have; copied text still holds the character itself.
const UNKNOWN: char = '?';

/// One of the embedded fonts.
pub(super) struct Typeface {
    pub(super) face: Face<'static>,
}

/// A line of text, ready to be drawn.
pub(super) struct Line {
    /// What the glyphs say.
    #[cfg_attr(not(feature = "pdf"), expect(dead_code, reason = "pixels say nothing"))]
    pub(super) text: String,
    pub(super) glyphs: Vec<Glyph>,
    /// In ems.
    pub(super) width: f64,
}

impl Line {
    /// Where the line begins, by the anchor of its text.
    pub(super) fn left(&self, text: &Text) -> f64 {
        let width = self.width * text.size;
        match text.anchor {
            Anchor::Start => text.x,
            Anchor::Middle => text.x - 0.5 * width,
            Anchor::End => text.x - width,
        }
    }
}

/// A glyph of a line.
pub(super) struct Glyph {
    pub(super) id: GlyphId,
    /// How far the next one stands from it, in ems.
    pub(super) advance: f64,
    /// What it says: bytes of the text of the line.
    #[cfg_attr(not(feature = "pdf"), expect(dead_code, reason = "pixels say nothing"))]
    pub(super) says: Range<usize>,
}

impl Typeface {
    /// `None` if the font cannot be read.
    pub(super) fn new(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { face: Face::parse(bytes, 0).ok()? })
    }

    /// The glyphs of a line of text.
    pub(super) fn line(&self, content: &str) -> Line {
        let text: String = content.chars().filter_map(printable).collect();
        let em = f64::from(self.face.units_per_em());
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(text.len());
        let mut width = 0.0;
        for (start, c) in text.char_indices() {
            let Some(id) = self.face.glyph_index(c).or_else(|| self.face.glyph_index(UNKNOWN)) else {
                continue;
            };
            if let Some(left) = glyphs.last_mut() {
                let kern = f64::from(self.kern(left.id, id)) / em;
                left.advance += kern;
                width += kern;
            }
            let advance = f64::from(self.face.glyph_hor_advance(id).unwrap_or(0)) / em;
            glyphs.push(Glyph { id, advance, says: start..start + c.len_utf8() });
            width += advance;
        }
        Line { text, glyphs, width }
    }

    /// How much nearer the second glyph stands to the first than their advances say, in units of the font; mostly negative.
    ///
    /// # References
    ///
    /// OpenType 1.9, GPOS lookup type 2, pair adjustment. The fonts hold no other lookup that moves along the line.
    fn kern(&self, left: GlyphId, right: GlyphId) -> i16 {
        let lookups = self.face.tables().gpos.map(|table| table.lookups.into_iter());
        for lookup in lookups.into_iter().flatten() {
            for subtable in lookup.subtables.into_iter::<PositioningSubtable<'_>>() {
                let PositioningSubtable::Pair(pairs) = subtable else { continue };
                // The first subtable that covers the left glyph and knows the pair decides.
                let Some(index) = pairs.coverage().get(left) else { continue };
                let found = match pairs {
                    PairAdjustment::Format1 { sets, .. } => sets.get(index).and_then(|set| set.get(right)),
                    PairAdjustment::Format2 { classes, matrix, .. } => {
                        matrix.get((classes.0.get(left), classes.1.get(right)))
                    }
                };
                if let Some((adjustment, _)) = found {
                    return adjustment.x_advance;
                }
            }
        }
        0
    }
}

/// A character as a line can show it: breaks and tabs are spaces; what is no character is left out.
fn printable(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        c if c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}') => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BOLD, REGULAR, text_width};

    #[test]
    fn pairs_are_kerned_as_the_font_says() {
        let regular = Typeface::new(REGULAR).expect("the font");
        // Noto Sans 2.015 draws "AV" and "To" closer together, and figures never.
        for (text, kerned) in [("AV", true), ("To", true), ("2026", false), ("nn", false)] {
            let (line, plain) = (regular.line(text), text_width(text, 1.0, false));
            assert_eq!(line.width < plain - 1e-9, kerned, "{text}: {} of {plain}", line.width);
        }
    }

    #[test]
    fn every_character_is_kept_and_has_a_glyph() {
        let bold = Typeface::new(BOLD).expect("the font");
        let line = bold.line("Bron\tй\u{feff}\u{0} 😀");
        assert_eq!(line.text, "Bron й 😀");
        assert_eq!(line.glyphs.len(), 8);
        assert!(line.glyphs.iter().all(|glyph| glyph.id.0 != 0));
    }
}
