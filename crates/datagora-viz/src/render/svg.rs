//! A scene as an accessible SVG, the same bytes for the same scene.
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use datagora_core::Language;

use super::{HALO, HATCH};
use crate::page::base64;
use crate::scene::{Anchor, Backdrop, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::subset;
use crate::{BOLD, REGULAR};

/// What a screen reader is told about a picture.
pub(crate) struct Caption<'a> {
    /// Unique on the page.
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) language: Language,
}

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A page that holds the fonts; marks have tips.
    Page,
    /// A file of its own, with the glyphs that it uses; marks have tips.
    Alone,
}

/// Backdrops of the pictures on one page, each defined once.
#[derive(Debug, Default)]
pub(crate) struct SharedBackdrops(Vec<Arc<Scene>>);

impl SharedBackdrops {
    /// The anchor under which a backdrop is defined.
    fn anchor_of(&mut self, scene: &Arc<Scene>) -> String {
        let known = self.0.iter().position(|known| Arc::ptr_eq(known, scene) || known == scene);
        let index = known.unwrap_or_else(|| {
            self.0.push(Arc::clone(scene));
            self.0.len() - 1
        });
        format!("_backdrop-{}", index + 1)
    }

    /// The definitions, to stand on the page outside of what may be hidden; empty if there is none.
    #[cfg(feature = "maps")]
    pub(crate) fn definitions(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut svg = String::from(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"shared\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>",
        );
        for (index, scene) in self.0.iter().enumerate() {
            let id = format!("_backdrop-{}", index + 1);
            write_hatches(&mut svg, scene, &id);
            // Writing to a String cannot fail.
            let _ = write!(svg, "<g id=\"{id}\">");
            draw_marks(&mut svg, scene, &id, None);
            svg.push_str("</g>");
        }
        svg.push_str("</defs></svg>");
        svg
    }
}

/// The picture as SVG. With a place to share backdrops, what lies below is referred to, not drawn.
pub(crate) fn scene_to_svg(
    scene: &Scene,
    caption: &Caption<'_>,
    form: Form,
    shared: Option<&mut SharedBackdrops>,
) -> String {
    let mut svg = String::new();
    let (w, h) = (number(scene.width()), number(scene.height()));
    let id = escape(caption.id);
    // What is within an image is hidden from screen readers; links must not be.
    let role = if scene.marks().iter().any(|mark| mark.link.is_some()) { "group" } else { "img" };
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"{role}\" \
         lang=\"{}\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"'Noto Sans', sans-serif\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        caption.language.code(),
        escape(caption.title),
        escape(caption.description),
    );
    if form == Form::Alone {
        write_fonts(&mut svg, scene);
    }
    write_hatches(&mut svg, scene, &id);
    let _ = write!(svg, "<rect width=\"{w}\" height=\"{h}\" fill=\"#fff\"/>");
    draw_marks(&mut svg, scene, &id, shared);
    svg.push_str("</svg>");
    svg
}

/// Defines the hatches of the marks, each once.
fn write_hatches(svg: &mut String, scene: &Scene, id: &str) {
    let mut hatches: Vec<String> = scene
        .marks()
        .iter()
        .filter_map(|mark| match mark.fill {
            Fill::Hatch(colour) => Some(colour.to_string()),
            _ => None,
        })
        .collect();
    hatches.sort();
    hatches.dedup();
    if hatches.is_empty() {
        return;
    }
    let (step, width) = HATCH;
    svg.push_str("<defs>");
    for colour in &hatches {
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<pattern id=\"{id}-hatch-{}\" width=\"{step}\" height=\"{step}\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect width=\"{step}\" height=\"{step}\" fill=\"#fff\"/>\
             <rect width=\"{width}\" height=\"{step}\" fill=\"{colour}\"/></pattern>",
            &colour[1..],
        );
    }
    svg.push_str("</defs>");
}

/// Draws what lies below, then the marks.
fn draw_marks(svg: &mut String, scene: &Scene, id: &str, mut shared: Option<&mut SharedBackdrops>) {
    if let Some(Backdrop { scene: below, down }) = scene.backdrop() {
        // Writing to a String cannot fail.
        match &mut shared {
            Some(shared) => {
                let anchor = shared.anchor_of(below);
                let _ = write!(svg, "<use href=\"#{anchor}\" y=\"{}\"/>", number(*down));
            }
            None => {
                let id = format!("{id}-below");
                write_hatches(svg, below, &id);
                let _ = write!(svg, "<g transform=\"translate(0 {})\">", number(*down));
                draw_marks(svg, below, &id, None);
                svg.push_str("</g>");
            }
        }
    }
    for mark in scene.marks() {
        match &mark.link {
            Some(address) => {
                // The same places are reached by keyboard from a list beside the picture.
                let name = match &mark.tip {
                    Some(tip) => format!(" aria-label=\"{}\"", escape(tip)),
                    None => String::new(),
                };
                let _ = write!(svg, "<a href=\"{}\" tabindex=\"-1\"{name}>", escape(address));
                draw(svg, mark, id);
                svg.push_str("</a>");
            }
            None => draw(svg, mark, id),
        }
    }
}

/// The fonts with the glyphs that the picture uses, within it.
fn write_fonts(svg: &mut String, scene: &Scene) {
    let used = |bold: bool| -> BTreeSet<char> {
        let texts = scene.texts(0.0).into_iter().filter(|(text, _)| text.bold == bold);
        texts.flat_map(|(text, _)| text.content.chars()).collect()
    };
    svg.push_str("<style>/* Noto Sans: SIL Open Font License 1.1 */");
    for (font, bold, weight) in [(REGULAR, false, 400), (BOLD, true, 700)] {
        let characters = used(bold);
        if let Some(font) = subset(font, &characters).filter(|_| !characters.is_empty()) {
            // Writing to a String cannot fail.
            let _ = write!(
                svg,
                "@font-face{{font-family:'Noto Sans';font-weight:{weight};\
                 src:url(data:font/ttf;base64,{}) format('truetype')}}",
                base64(&font)
            );
        }
    }
    svg.push_str("</style>");
}

fn draw(svg: &mut String, mark: &Mark, id: &str) {
    let close = |svg: &mut String, tag: &str| match &mark.tip {
        Some(tip) => {
            let _ = write!(svg, "><title>{}</title></{tag}>", escape(tip));
        }
        None => svg.push_str("/>"),
    };
    match &mark.shape {
        Shape::Path(path) => {
            let _ = write!(svg, "<path d=\"{}\"", outline(path));
            paint(svg, mark, id);
            if matches!(mark.fill, Fill::Solid(_) | Fill::Glass(..) | Fill::Hatch(_)) && path.parts.len() > 1
            {
                svg.push_str(" fill-rule=\"evenodd\"");
            }
            close(svg, "path");
        }
        Shape::Rect(extent) => {
            let _ = write!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
                number(extent.left),
                number(extent.top),
                number(extent.width().max(0.0)),
                number(extent.height().max(0.0)),
            );
            paint(svg, mark, id);
            close(svg, "rect");
        }
        Shape::Circle { x, y, radius } => {
            let _ =
                write!(svg, "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", number(*x), number(*y), number(*radius));
            paint(svg, mark, id);
            close(svg, "circle");
        }
        Shape::Text(text) => write_text(svg, text),
    }
}

fn paint(svg: &mut String, mark: &Mark, id: &str) {
    let _ = match mark.fill {
        Fill::None => write!(svg, " fill=\"none\""),
        Fill::Solid(colour) => write!(svg, " fill=\"{colour}\""),
        Fill::Glass(colour, opacity) => {
            write!(svg, " fill=\"{colour}\" fill-opacity=\"{}\"", number(opacity))
        }
        Fill::Hatch(colour) => write!(svg, " fill=\"url(#{id}-hatch-{})\"", &colour.to_string()[1..]),
    };
    if let Some(Stroke { colour, width, dash, .. }) = mark.stroke {
        let _ =
            write!(svg, " stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\"", number(width));
        if dash > 0.0 {
            let _ = write!(svg, " stroke-dasharray=\"{0} {0}\"", number(dash));
        }
    }
}

fn write_text(svg: &mut String, text: &Text) {
    let _ = write!(
        svg,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"",
        number(text.x),
        number(text.y),
        number(text.size),
        text.colour
    );
    svg.push_str(match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    });
    if text.bold {
        svg.push_str(" font-weight=\"700\"");
    }
    if text.halo {
        let _ = write!(
            svg,
            " stroke=\"#fff\" stroke-width=\"{HALO}\" stroke-linejoin=\"round\" paint-order=\"stroke\""
        );
    }
    let _ = write!(svg, ">{}</text>", escape(&text.content));
}

/// Path data, a tenth of a pixel fine: only the beginning is absolute, so that an outline elsewhere differs in that alone, and takes
/// half of the size.
fn outline(path: &Path) -> String {
    /// Further from the picture than any mark is.
    const FAR: f64 = 1e15;
    let mut data = String::new();
    let tenths = |v: f64| (v * 10.0).round().clamp(-FAR, FAR) as i64;
    // Where the pen is.
    let mut pen: Option<[i64; 2]> = None;
    for (positions, closed) in &path.parts {
        let mut places = positions.iter().map(|position| position.map(tenths));
        let Some(first) = places.next() else { continue };
        let [x, y] = pen.map_or(first, |pen| [first[0] - pen[0], first[1] - pen[1]]);
        data.push(if pen.is_some() { 'm' } else { 'M' });
        write_tenths(&mut data, x, true);
        write_tenths(&mut data, y, false);
        data.push('l');
        let mut last = first;
        for now in places {
            let [dx, dy] = [now[0] - last[0], now[1] - last[1]];
            if [dx, dy] == [0, 0] {
                continue;
            }
            let begun = !data.ends_with('l');
            write_tenths(&mut data, dx, !begun);
            write_tenths(&mut data, dy, false);
            last = now;
        }
        if data.ends_with('l') {
            // A single position: a dot of no length, which round caps would show; nothing here.
            data.push_str("0 0");
        }
        if *closed {
            data.push('z');
        }
        // A ring ends where it began.
        pen = Some(if *closed { first } else { last });
    }
    data
}

/// A number of tenths, with a separator unless its sign is one or it follows a letter.
pub(crate) fn write_tenths(data: &mut String, tenths: i64, first: bool) {
    if !first && tenths >= 0 {
        data.push(' ');
    }
    if tenths < 0 {
        data.push('-');
    }
    let (whole, part) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    if whole != 0 || part == 0 {
        write_whole(data, whole);
    }
    if part != 0 {
        data.push('.');
        write_whole(data, part);
    }
}

/// A map has tens of thousands of these: without the machinery of formats.
fn write_whole(data: &mut String, number: u64) {
    let mut power = 1;
    while number / power >= 10 {
        power *= 10;
    }
    while power > 0 {
        data.push(char::from(b'0' + (number / power % 10) as u8));
        power /= 10;
    }
}

/// A number with at most two decimals, the same on every machine.
fn number(value: f64) -> String {
    let mut text = format!("{value:.2}");
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    if text == "-0" { "0".to_owned() } else { text }
}

/// Text safe in XML and HTML, in content and attributes. Characters that XML cannot hold are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Colour;

    #[test]
    fn paths_are_short_and_exact() {
        let path = Path::ring(vec![[10.0, 10.04], [20.5, 10.0], [20.5, 3.95], [20.52, 3.95]]);
        assert_eq!(outline(&path), "M10 10l10.5 0 0-6z");
        assert_eq!(outline(&Path::line(vec![[0.0, 0.0], [0.3, -0.4]])), "M0 0l.3-.4");
    }

    #[test]
    fn outlines_elsewhere_differ_in_where_they_begin() {
        let at = |x: f64| Path {
            parts: vec![
                (vec![[x, 5.0], [x + 4.0, 5.0], [x, 9.0]], true),
                (vec![[x + 1.0, 6.0], [x + 2.0, 6.0]], false),
                (Vec::new(), true),
                (vec![[x + 3.0, 7.5], [x, 7.5]], false),
            ],
        };
        // From the beginning of the ring, then from the end of the line.
        assert_eq!(outline(&at(10.0)), "M10 5l4 0-4 4zm1 1l1 0m1 1.5l-3 0");
        assert_eq!(outline(&at(-20.3)), "M-20.3 5l4 0-4 4zm1 1l1 0m1 1.5l-3 0");
        let nowhere = Path::line(vec![[f64::INFINITY, f64::NAN], [f64::NEG_INFINITY, 0.0]]);
        assert!(outline(&nowhere).starts_with('M'));
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("a < b & \"c\"\u{1}\n"), "a &lt; b &amp; &quot;c&quot; ");
    }

    #[test]
    fn numbers_have_no_trailing_zeros() {
        assert_eq!([1.0, 0.125, -0.001, 10.5].map(number), ["1", "0.12", "0", "10.5"]);
    }

    #[test]
    fn backdrops_are_drawn_alone_and_shared_on_a_page() {
        let mut below = Scene::new(10.0, 10.0);
        let whole = crate::Extent { left: 0.0, top: 0.0, right: 5.0, bottom: 5.0 };
        below.rect(whole, Fill::Hatch(Colour::MUTED));
        let below = Arc::new(below);
        let mut scene = Scene::new(10.0, 20.0);
        scene.set_backdrop(Arc::clone(&below), 7.5);
        scene.rect(whole, Fill::Solid(Colour::INK));
        let caption = Caption { id: "x", title: "t", description: "d", language: Language::English };
        let alone = scene_to_svg(&scene, &caption, Form::Page, None);
        assert!(alone.contains("<g transform=\"translate(0 7.5)\">") && !alone.contains("<use"));
        assert!(
            alone.contains("id=\"x-below-hatch-596069\"") && alone.contains("url(#x-below-hatch-596069)")
        );

        let mut shared = SharedBackdrops::default();
        let [one, two] = [0, 1].map(|_| scene_to_svg(&scene, &caption, Form::Page, Some(&mut shared)));
        assert_eq!(one, two);
        assert!(one.contains("<use href=\"#_backdrop-1\" y=\"7.5\"/>") && !one.contains("hatch"));
        #[cfg(feature = "maps")]
        {
            let definitions = shared.definitions();
            assert_eq!(definitions.matches("<g id=").count(), 1);
            assert!(definitions.contains("url(#_backdrop-1-hatch-596069)"));
        }
    }

    #[test]
    fn links_have_names_and_are_not_hidden_in_an_image() {
        let mut scene = Scene::new(10.0, 10.0);
        let circle = Shape::Circle { x: 5.0, y: 5.0, radius: 2.0 };
        scene.add(Mark::new(circle).fill(Fill::Solid(Colour::INK)).tip("A & B").link("#a\"b"));
        let caption = Caption { id: "x", title: "t", description: "d", language: Language::English };
        let svg = scene_to_svg(&scene, &caption, Form::Page, None);
        assert!(svg.contains("role=\"group\""));
        assert!(svg.contains("<a href=\"#a&quot;b\" tabindex=\"-1\" aria-label=\"A &amp; B\"><circle"));
    }

    #[test]
    fn hatches_are_defined_once() {
        let mut scene = Scene::new(10.0, 10.0);
        for _ in 0..2 {
            scene.rect(
                crate::Extent { left: 0.0, top: 0.0, right: 5.0, bottom: 5.0 },
                Fill::Hatch(Colour::MUTED),
            );
        }
        let caption = Caption { id: "x", title: "t", description: "d", language: Language::English };
        let svg = scene_to_svg(&scene, &caption, Form::Page, None);
        assert_eq!(svg.matches("<pattern").count(), 1);
        assert_eq!(svg.matches("url(#x-hatch-596069)").count(), 2);
    }
}
