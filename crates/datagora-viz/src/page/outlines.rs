//! What a page draws several times, defined once.
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use crate::render::write_tenths;

const OUTLINE: &str = "<path d=\"";

/// An outline as it stands in markup whose texts are escaped.
struct Drawn<'a> {
    /// Where its element begins, and where the next thing does.
    start: usize,
    end: usize,
    data: &'a str,
    /// Where it begins on the picture, tenths of px.
    place: [i64; 2],
    /// The rest of the outline, which is the same elsewhere.
    shape: &'a str,
    /// How the element goes on behind the outline.
    paint: &'a str,
    /// What it holds, such as its tip.
    content: Option<&'a str>,
    /// Whether its fill is a hatch, which moves with what is moved: beside others in their place, its lines would not meet theirs.
    hatched: bool,
}

impl Drawn<'_> {
    /// How far from there it is; `None` if it may not be moved.
    fn offset(&self, [x, y]: [i64; 2]) -> Option<[i64; 2]> {
        let offset = [self.place[0] - x, self.place[1] - y];
        (offset == [0, 0] || !self.hatched).then_some(offset)
    }
}

/// An outline that is worth to be defined, and in which place.
struct Definition<'a> {
    shape: &'a str,
    place: [i64; 2],
    /// How often it is referred to.
    times: usize,
    /// Where it is first.
    first: usize,
}

/// The same markup with outlines that it draws several times drawn once, and their definitions, to stand on the page outside of what
/// may be hidden; empty if there is none.
///
/// Maps of the same zones differ in their colours and their place only.
pub(crate) fn share_outlines(markup: &str) -> (String, String) {
    let outlines = outlines_of(markup);
    let definitions = definitions_of(&outlines);
    let mut defined = String::new();
    let mut numbers: BTreeMap<&str, (usize, [i64; 2])> = BTreeMap::new();
    for (Definition { shape, place, .. }, number) in definitions.into_iter().zip(1..) {
        numbers.insert(shape, (number, place));
        // Writing to a String cannot fail.
        let _ = write!(defined, "<path id=\"_o{number}\" d=\"M");
        write_tenths(&mut defined, place[0], true);
        write_tenths(&mut defined, place[1], false);
        let _ = write!(defined, "{shape}\"/>");
    }
    let mut shared = String::with_capacity(markup.len());
    let mut from = 0;
    for outline in &outlines {
        let Some((number, place)) = numbers.get(outline.shape) else { continue };
        let Some(offset) = outline.offset(*place) else { continue };
        shared.push_str(&markup[from..outline.start]);
        let _ = write!(shared, "<use href=\"#_o{number}\"");
        for (name, tenths) in ["x", "y"].into_iter().zip(offset).filter(|(_, tenths)| *tenths != 0) {
            let _ = write!(shared, " {name}=\"");
            write_tenths(&mut shared, tenths, true);
            shared.push('"');
        }
        shared.push_str(outline.paint);
        match outline.content {
            Some(content) => {
                let _ = write!(shared, ">{content}</use>");
            }
            None => shared.push('>'),
        }
        from = outline.end;
    }
    shared.push_str(&markup[from..]);
    if !defined.is_empty() {
        defined = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"shared\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>{defined}</defs></svg>\n"
        );
    }
    (shared, defined)
}

/// The outlines in markup whose beginning can be told from the rest.
fn outlines_of(markup: &str) -> Vec<Drawn<'_>> {
    let mut outlines: Vec<Drawn<'_>> = Vec::new();
    let (mut from, mut group) = (0, "");
    for (start, _) in markup.match_indices(OUTLINE) {
        // Marks do not hold marks.
        if start < from {
            continue;
        }
        let before = &markup[from..start];
        if let Some(at) = before.rfind("<g").max(before.rfind("</g")) {
            group = before[at..].split('>').next().unwrap_or_default();
        }
        from = start;
        let Some((tag, after)) = markup[start..].split_once('>') else { break };
        let Some((data, paint)) = tag[OUTLINE.len()..].split_once('"') else { continue };
        let content = match paint.ends_with('/') {
            true => None,
            false => after.split_once("</path>").map(|(content, _)| content),
        };
        let end = start + tag.len() + 1 + content.map_or(0, |content| content.len() + "</path>".len());
        from = end;
        if let Some((place, shape)) = split_place(data) {
            let hatched = [group, paint].iter().any(|said| said.contains(" fill=\"url("));
            outlines.push(Drawn { start, end, data, place, shape, paint, content, hatched });
        }
    }
    outlines
}

/// Where an outline begins, in tenths, and the rest of it.
fn split_place(data: &str) -> Option<([i64; 2], &str)> {
    let end = data.find('l')?;
    let start = data[..end].strip_prefix('M')?;
    // The sign of the second number may be all that stands between them.
    let between = 1 + start.get(1..)?.find([' ', '-'])?;
    let tenths = |number: &str| Some((number.trim().parse::<f64>().ok()? * 10.0).round() as i64);
    Some(([tenths(&start[..between])?, tenths(&start[between..])?], &data[end..]))
}

/// The outlines that are shorter to define than to repeat, those first that are referred to most often: their numbers are short.
fn definitions_of<'a>(outlines: &[Drawn<'a>]) -> Vec<Definition<'a>> {
    /// Bytes that a definition takes beside its outline, that a reference takes more than an element of its own, and that a place takes.
    const DEFINED: usize = 30;
    const REFERRED: usize = 8;
    const MOVED: usize = 20;
    let mut alike: BTreeMap<&str, Vec<&Drawn<'_>>> = BTreeMap::new();
    for outline in outlines {
        alike.entry(outline.shape).or_default().push(outline);
    }
    let mut definitions: Vec<Definition<'_>> = Vec::new();
    for (shape, drawn) in alike {
        let mut places: BTreeMap<[i64; 2], usize> = BTreeMap::new();
        for outline in &drawn {
            *places.entry(outline.place).or_default() += 1;
        }
        // Defined where most are, so that fewest are moved.
        let Some((place, _)) = places.into_iter().rev().max_by_key(|(_, times)| *times) else { continue };
        let referring: Vec<(&Drawn<'_>, [i64; 2])> =
            drawn.iter().filter_map(|outline| Some((*outline, outline.offset(place)?))).collect();
        let Some((first, _)) = referring.first() else { continue };
        let apart: usize = referring.iter().map(|(outline, _)| outline.data.len()).sum();
        let moved = referring.iter().filter(|(_, offset)| *offset != [0, 0]).count();
        let times = referring.len();
        if apart > DEFINED + first.data.len() + REFERRED * times + MOVED * moved {
            definitions.push(Definition { shape, place, times, first: first.start });
        }
    }
    definitions.sort_unstable_by_key(|one| (Reverse(one.times), one.first));
    definitions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path that is long enough to be shared.
    fn outline(x: &str) -> String {
        format!("M{x} 0l{}z", "1 1 ".repeat(20))
    }

    #[test]
    fn outlines_drawn_twice_are_defined_once() {
        let long = outline("0");
        let svg = format!(
            "<path d=\"{long}\" fill=\"#eee\"><title>Bron</title></path><path d=\"M1 1\" fill=\"#eee\"/><path d=\"{long}\" fill=\"#ddd\"/>"
        );
        let (shared, definitions) = share_outlines(&svg);
        assert_eq!(
            shared,
            "<use href=\"#_o1\" fill=\"#eee\"><title>Bron</title></use><path d=\"M1 1\" fill=\"#eee\"/><use href=\"#_o1\" fill=\"#ddd\"/>"
        );
        assert_eq!(definitions.matches(&long).count(), 1);
        assert!(definitions.contains("<path id=\"_o1\" d=\""));
        let once = format!("<path d=\"{long}\" fill=\"#eee\"/>");
        assert_eq!(share_outlines(&once), (once.clone(), String::new()));
    }

    #[test]
    fn outlines_elsewhere_are_moved_there() {
        let [one, two] = [outline("-3.5"), outline("20.1")];
        let svg =
            format!("<path d=\"{one}\"/><path d=\"{two}\"><title>Bron</title></path><path d=\"{two}\"/>");
        let (shared, definitions) = share_outlines(&svg);
        assert_eq!(
            shared,
            "<use href=\"#_o1\" x=\"-23.6\"/><use href=\"#_o1\"><title>Bron</title></use><use href=\"#_o1\"/>"
        );
        assert!(definitions.contains(&two) && !definitions.contains(&one), "defined where most are");
    }

    #[test]
    fn hatches_are_not_moved() {
        let [one, two] = [outline("0"), outline("9")];
        let hatch = " fill=\"url(#a-hatch-596069)\"";
        for (group, paint, end) in [(String::new(), hatch, ""), (format!("<g{hatch}>"), "", "</g>")] {
            let svg = format!(
                "<path d=\"{one}\"/><path d=\"{one}\"/>{group}<path d=\"{two}\"{paint}/>{end}<path d=\"{two}\"/>"
            );
            let (shared, _) = share_outlines(&svg);
            let same = "<use href=\"#_o1\"/>";
            assert_eq!(
                shared,
                format!("{same}{same}{group}<path d=\"{two}\"{paint}/>{end}<use href=\"#_o1\" x=\"9\"/>")
            );
        }
    }

    #[test]
    fn what_is_short_or_broken_stays() {
        for svg in [
            "<path d=\"M0 0l1 1z\"/><path d=\"M9 0l1 1z\"/>",
            "<path d=\"",
            "<path d=\"M0",
            "<path d=\"l1 1\"/><path d=\"Ml1 1\"/><path d=\"M5l1 1\"/><path d=\"M-l\"/><path d=\"Mé él1 1\"/>",
        ] {
            assert_eq!(share_outlines(svg), (svg.to_owned(), String::new()));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_markup_makes_it_panic(markup in "(<path d=\"|M|l|z|<g|</g>|fill=\"url\\(|</path>|[-. 0-9é\"/>]){0,60}") {
            let _ = share_outlines(&markup);
        }
    }
}
