//! Pictures in fewer bytes: what marks have in common is said once.
use std::fmt::Write;

/// Elements that marks are drawn as.
const MARKS: [&str; 3] = ["path", "circle", "rect"];

/// A mark as it is written: where it is, how it is painted, and the rest of it.
struct Mark<'a> {
    shape: &'a str,
    fill: &'a str,
    stroke: &'a str,
    rest: &'a str,
    length: usize,
}

impl<'a> Mark<'a> {
    /// The mark at the beginning of markup whose texts are escaped, if there is one.
    fn at(markup: &'a str) -> Option<Self> {
        let tag = markup.strip_prefix('<')?;
        let name = MARKS
            .into_iter()
            .find(|name| tag.strip_prefix(name).is_some_and(|after| after.starts_with(' ')))?;
        let close = markup.find('>')?;
        let (attributes, length) = match markup[..close].strip_suffix('/') {
            Some(attributes) => (attributes, close + 1),
            None => {
                let end = format!("</{name}>");
                (&markup[..close], close + markup[close..].find(&end)? + end.len())
            }
        };
        let (shape, paint) = attributes.split_at(attributes.find(" fill=\"")?);
        // How parts of a path overlap is its own affair.
        let (paint, _) = paint.split_at(paint.find(" fill-rule=\"").unwrap_or(paint.len()));
        let (fill, stroke) = paint.split_at(paint.find(" stroke=\"").unwrap_or(paint.len()));
        let rest = &markup[shape.len() + paint.len()..length];
        Some(Self { shape, fill, stroke, rest, length })
    }
}

/// The same picture with neighbouring marks in groups that say how they are painted.
pub(crate) fn squeeze(svg: &str) -> String {
    let mut squeezed = String::with_capacity(svg.len());
    let mut rest = svg;
    while !rest.is_empty() {
        let mut run = Vec::new();
        while let Some(mark) = Mark::at(rest) {
            rest = &rest[mark.length..];
            run.push(mark);
        }
        write_run(&mut squeezed, &run);
        let next = rest.char_indices().skip(1).find(|(_, letter)| *letter == '<');
        let (other, after) = rest.split_at(next.map_or(rest.len(), |(at, _)| at));
        squeezed.push_str(other);
        rest = after;
    }
    squeezed
}

fn write_run(svg: &mut String, run: &[Mark<'_>]) {
    for group in run.chunk_by(|a, b| a.stroke == b.stroke) {
        if group[0].stroke.is_empty() || group.iter().all(|mark| mark.fill == group[0].fill) {
            for group in group.chunk_by(|a, b| a.fill == b.fill) {
                write_group(svg, group, true);
            }
        } else {
            write_group(svg, group, false);
        }
    }
}

/// Writes marks whose stroke is the same, and their fill if `filled`.
fn write_group(svg: &mut String, group: &[Mark<'_>], filled: bool) {
    let common = if filled { group[0].fill } else { "" };
    let said = common.len() + group[0].stroke.len();
    let grouped = (group.len() - 1) * said > "<g></g>".len();
    if grouped {
        // Writing to a String cannot fail.
        let _ = write!(svg, "<g{common}{}>", group[0].stroke);
    }
    for mark in group {
        svg.push_str(mark.shape);
        if !(grouped && filled) {
            svg.push_str(mark.fill);
        }
        if !grouped {
            svg.push_str(mark.stroke);
        }
        svg.push_str(mark.rest);
    }
    if grouped {
        svg.push_str("</g>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_are_painted_alike_say_so_once() {
        let svg = "<svg><text>a</text>\
            <circle cx=\"1\" cy=\"2\" r=\"3\" fill=\"#64707d\" fill-opacity=\"0.6\"><title>é &lt; b</title></circle>\
            <circle cx=\"4\" cy=\"5\" r=\"3\" fill=\"#64707d\" fill-opacity=\"0.6\"/>\
            <circle cx=\"6\" cy=\"5\" r=\"3\" fill=\"#000\"/></svg>";
        assert_eq!(
            squeeze(svg),
            "<svg><text>a</text><g fill=\"#64707d\" fill-opacity=\"0.6\">\
            <circle cx=\"1\" cy=\"2\" r=\"3\"><title>é &lt; b</title></circle>\
            <circle cx=\"4\" cy=\"5\" r=\"3\"/></g><circle cx=\"6\" cy=\"5\" r=\"3\" fill=\"#000\"/></svg>"
        );
    }

    #[test]
    fn marks_of_one_stroke_keep_their_fills() {
        let svg = "<path d=\"M0 0l1 1z\" fill=\"#eee\" stroke=\"#fff\" stroke-width=\"1\" fill-rule=\"evenodd\"/>\
            <path d=\"M0 0l2 2z\" fill=\"#ddd\" stroke=\"#fff\" stroke-width=\"1\"/>";
        assert_eq!(
            squeeze(svg),
            "<g stroke=\"#fff\" stroke-width=\"1\"><path d=\"M0 0l1 1z\" fill=\"#eee\" fill-rule=\"evenodd\"/>\
            <path d=\"M0 0l2 2z\" fill=\"#ddd\"/></g>"
        );
    }

    #[test]
    fn what_is_not_alike_stays() {
        for svg in [
            "",
            "é<b",
            "<rect width=\"9\" height=\"9\" fill=\"#fff\"/><g><path d=\"M0 0\" fill=\"#fff\"/></g>",
            "<a href=\"#x\"><path d=\"M0 0\" fill=\"#fff\"/></a><a href=\"#y\"><path d=\"M0 0\" fill=\"#fff\"/></a>",
            "<path d=\"M0 0\"><title>no end",
        ] {
            assert_eq!(squeeze(svg), svg);
        }
    }
}
