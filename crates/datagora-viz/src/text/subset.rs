//! A font with the glyphs of a few characters only, as a picture that stands alone carries it.
use std::collections::{BTreeMap, BTreeSet};

use ttf_parser::{Face, GlyphId, Tag};

/// The font with what these characters need, or `None` if it cannot be read. Characters that it does not have are left out,
/// and so are pairs of kerning: text is as wide as [`text_width`](super::text_width) says.
///
/// # References
///
/// OpenType 1.9: *Organization of an OpenType font*, cmap format 4, glyf, loca.
pub(crate) fn subset(font: &[u8], characters: &BTreeSet<char>) -> Option<Vec<u8>> {
    let face = Face::parse(font, 0).ok()?;
    let table = |tag: &[u8; 4]| face.raw_face().table(Tag::from_bytes(tag));
    let outlines = Outlines::new(table(b"glyf")?, table(b"loca")?, table(b"head")?)?;

    // Glyph 0 is what stands for characters that are not there; then the characters rise, and last what they are made of.
    let mut glyphs = vec![GlyphId(0)];
    let mut numbers = BTreeMap::from([(GlyphId(0), 0u16)]);
    let mut codes: Vec<(u16, u16)> = Vec::new();
    for &c in characters {
        let (Ok(code), Some(glyph)) = (u16::try_from(u32::from(c)), face.glyph_index(c)) else { continue };
        codes.push((code, number_of(glyph, &mut glyphs, &mut numbers)));
    }
    let mut shapes: Vec<Vec<u8>> = Vec::new();
    while let Some(&glyph) = glyphs.get(shapes.len()) {
        let mut shape = outlines.of(glyph)?.to_vec();
        for place in components(&shape)? {
            let part = GlyphId(u16_at(&shape, place)?);
            let number = number_of(part, &mut glyphs, &mut numbers);
            shape[place..place + 2].copy_from_slice(&number.to_be_bytes());
        }
        shapes.push(shape);
    }

    let count = u16::try_from(glyphs.len()).ok()?;
    let (mut glyf, mut loca, mut hmtx) = (Vec::new(), Vec::new(), Vec::new());
    for (shape, &glyph) in shapes.iter().zip(&glyphs) {
        loca.extend(u32::try_from(glyf.len()).ok()?.to_be_bytes());
        glyf.extend(shape);
        glyf.resize(glyf.len().next_multiple_of(4), 0);
        hmtx.extend(face.glyph_hor_advance(glyph)?.to_be_bytes());
        hmtx.extend(face.glyph_hor_side_bearing(glyph)?.to_be_bytes());
    }
    loca.extend(u32::try_from(glyf.len()).ok()?.to_be_bytes());
    let patched = |tag: &[u8; 4], at: usize, bytes: &[u8]| {
        let mut table = table(tag)?.to_vec();
        table.get_mut(at..at + bytes.len())?.copy_from_slice(bytes);
        Some(table)
    };
    // Offsets of four bytes, a checksum of its own, as many glyphs and widths as there are, no names of glyphs.
    let mut head = patched(b"head", 50, &1u16.to_be_bytes())?;
    head.get_mut(8..12)?.fill(0);
    let mut post = patched(b"post", 0, &0x0003_0000u32.to_be_bytes())?;
    post.truncate(32);
    let tables: [(&[u8; 4], Vec<u8>); 10] = [
        (b"OS/2", table(b"OS/2")?.to_vec()),
        (b"cmap", cmap(&codes)?),
        (b"glyf", glyf),
        (b"head", head),
        (b"hhea", patched(b"hhea", 34, &count.to_be_bytes())?),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", patched(b"maxp", 4, &count.to_be_bytes())?),
        (b"name", table(b"name")?.to_vec()),
        (b"post", post),
    ];
    assemble(&tables)
}

/// The number of a glyph in the subset, the next if it is new.
fn number_of(glyph: GlyphId, glyphs: &mut Vec<GlyphId>, numbers: &mut BTreeMap<GlyphId, u16>) -> u16 {
    *numbers.entry(glyph).or_insert_with(|| {
        glyphs.push(glyph);
        (glyphs.len() - 1) as u16
    })
}

/// The descriptions of glyphs.
struct Outlines<'a> {
    glyf: &'a [u8],
    loca: &'a [u8],
    long: bool,
}

impl<'a> Outlines<'a> {
    fn new(glyf: &'a [u8], loca: &'a [u8], head: &[u8]) -> Option<Self> {
        Some(Self { glyf, loca, long: u16_at(head, 50)? == 1 })
    }

    fn of(&self, glyph: GlyphId) -> Option<&'a [u8]> {
        let offset = |index: usize| match self.long {
            true => {
                let bytes = self.loca.get(4 * index..4 * index + 4)?;
                Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
            }
            false => Some(2 * usize::from(u16_at(self.loca, 2 * index)?)),
        };
        self.glyf.get(offset(usize::from(glyph.0))?..offset(usize::from(glyph.0) + 1)?)
    }
}

/// Where the description of a glyph names the glyphs that it is made of.
fn components(shape: &[u8]) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    // Simple glyphs count their contours; those made of others say −1.
    if shape.is_empty() || u16_at(shape, 0)? < 0x8000 {
        return Some(places);
    }
    let mut at = 10;
    loop {
        let flags = u16_at(shape, at)?;
        places.push(at + 2);
        at += 4 + if flags & 0x0001 != 0 { 4 } else { 2 };
        at += match flags {
            flags if flags & 0x0008 != 0 => 2,
            flags if flags & 0x0040 != 0 => 4,
            flags if flags & 0x0080 != 0 => 8,
            _ => 0,
        };
        if flags & 0x0020 == 0 {
            return Some(places);
        }
    }
}

/// Which glyph each code has: one segment for each run in which both rise by one.
fn cmap(codes: &[(u16, u16)]) -> Option<Vec<u8>> {
    let mut segments: Vec<[u16; 3]> = Vec::new();
    for &(code, glyph) in codes {
        let delta = glyph.wrapping_sub(code);
        match segments.last_mut() {
            Some([_, last, same]) if *last + 1 == code && *same == delta => *last = code,
            _ => segments.push([code, code, delta]),
        }
    }
    segments.push([0xFFFF, 0xFFFF, 1]);
    let count = u16::try_from(segments.len()).ok()?;
    let power = 1u16 << count.ilog2();
    let length = 16 + 8 * count;
    let mut table: Vec<u16> = vec![0, 1, 3, 1, 0, 12, 4, length, 0, 2 * count];
    table.extend([2 * power, power.ilog2() as u16, 2 * (count - power)]);
    table.extend(segments.iter().map(|segment| segment[1]));
    table.push(0);
    table.extend(segments.iter().map(|segment| segment[0]));
    table.extend(segments.iter().map(|segment| segment[2]));
    table.extend(segments.iter().map(|_| 0));
    Some(table.iter().flat_map(|number| number.to_be_bytes()).collect())
}

/// The file: a directory of the tables, and the tables, which are in the order of their tags.
fn assemble(tables: &[(&[u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let power = 1u16 << count.ilog2();
    let mut file: Vec<u8> = vec![0, 1, 0, 0];
    for number in [count, 16 * power, power.ilog2() as u16, 16 * (count - power)] {
        file.extend(number.to_be_bytes());
    }
    let mut body = Vec::new();
    let start = 12 + 16 * tables.len();
    let mut head = 0;
    for (tag, table) in tables {
        let at = start + body.len();
        if *tag == b"head" {
            head = at;
        }
        file.extend(*tag);
        for number in [checksum(table), u32::try_from(at).ok()?, u32::try_from(table.len()).ok()?] {
            file.extend(number.to_be_bytes());
        }
        body.extend(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    file.extend(body);
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&file));
    file.get_mut(head + 8..head + 12)?.copy_from_slice(&adjustment.to_be_bytes());
    Some(file)
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0u32, |sum, chunk| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use ttf_parser::OutlineBuilder;

    use super::*;
    use crate::{BOLD, REGULAR};

    /// An outline as text.
    #[derive(Default, PartialEq, Debug)]
    struct Drawn(String);

    impl OutlineBuilder for Drawn {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x} {y}");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x} {y}");
        }
        fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
            self.0 += &format!("Q{x1} {y1} {x} {y}");
        }
        fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
            self.0 += &format!("C{x1} {y1} {x2} {y2} {x} {y}");
        }
        fn close(&mut self) {
            self.0.push('z');
        }
    }

    #[test]
    fn subsets_draw_the_same_glyphs() {
        // Accented letters are made of letters and accents; the no-break space shares the glyph of the space or its width.
        let characters: BTreeSet<char> = "Où habite-t-on\u{a0}? 12\u{202f}500 m²·œÉ ≥ 😀й".chars().collect();
        for font in [REGULAR, BOLD] {
            let small = subset(font, &characters).expect("the font can be read");
            assert!(small.len() < font.len() / 2, "{} bytes", small.len());
            assert_eq!(checksum(&small), 0xB1B0_AFBA);
            let (whole, part) = (Face::parse(font, 0).unwrap(), Face::parse(&small, 0).unwrap());
            let draw = |face: &Face<'_>, c| {
                let glyph = face.glyph_index(c)?;
                let mut drawn = Drawn::default();
                face.outline_glyph(glyph, &mut drawn);
                Some((drawn, face.glyph_hor_advance(glyph)))
            };
            for c in '\u{20}'..'\u{3000}' {
                let expected = if characters.contains(&c) { draw(&whole, c) } else { None };
                assert_eq!(draw(&part, c), expected, "{c:?}");
            }
            assert_eq!(part.ascender(), whole.ascender());
        }
    }

    #[test]
    fn what_is_no_font_has_no_subset() {
        assert_eq!(subset(b"nothing", &BTreeSet::from(['a'])), None);
        assert_eq!(subset(&REGULAR[..REGULAR.len() / 2], &BTreeSet::from(['a'])), None);
        assert!(subset(REGULAR, &BTreeSet::new()).is_some());
    }
}
