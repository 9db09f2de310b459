//! One file of HTML for an atlas: accessible, printable, and sufficient to itself.
mod base64;
mod chapter;
#[cfg(feature = "maps")]
mod file;
mod head;
mod ids;
mod outlines;
#[cfg(feature = "pdf")]
mod pdf;
mod plate;
mod section;
mod squeeze;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use datagora_core::Language;

pub use chapter::Chapter;
#[cfg(feature = "maps")]
pub use file::WebFile;
pub use plate::Plate;
use plate::relative_address;
pub use section::Section;

use crate::frame::made_label;
use crate::render::escape;
use crate::{BOLD, REGULAR};
pub(crate) use base64::base64;
#[cfg(feature = "maps")]
pub(crate) use base64::source_hash;
pub(crate) use head::Head;
pub(crate) use ids::Ids;
pub(crate) use squeeze::squeeze;

pub(crate) const STYLE: &str = include_str!("page/style.css");

/// What the browser may load: what the page holds, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'";

/// A page of chapters with pictures, written as one file of HTML.
///
/// The file opens by double-click: styles and fonts are in it, nothing is loaded from the network, and no script runs.
/// Every picture comes for wide and for narrow screens, with its description in words, its data as a table and the files
/// beside the page. The page reads from 320 px on, by keyboard and by screen reader, and prints. The same page gives the same
/// bytes.
///
/// ```
/// use datagora_core::{Language, Month, Unit};
/// use datagora_viz::{Axis, Captions, Chapter, Line, LineChart, Page, Plate, Section};
///
/// let axis = Axis::months(Month::parse("2024-01")?, 3, Language::English);
/// let view = LineChart::new(axis, Unit::of("{bicycle}/d"))
///     .with_line(Line::new("Quay", [410.0, 470.0, 530.0]))
///     .draw(&Captions::new("quay", "Bicycles on the quay", Language::English))?;
///
/// let html = Page::new("Atlas of the metropolis", Language::English)
///     .with_subtitle("From open data")
///     .with_lead("What the counters, the trees and the registers say.")
///     .with_chapter(
///         Chapter::new("bicycles", "Bicycles", "Who rides, where and when.")
///             .with_figure("470", "bicycles a day on the quay")
///             .with_plate(Plate::new(view).with_download("CSV", "quay.csv")),
///     )
///     .with_closing(Section::new("sources", "Sources and licences").with_item("Counters: Métropole de Lyon."))
///     .to_html();
/// assert!(html.starts_with("<!DOCTYPE html>") && html.contains("href=\"quay.csv\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Web Content Accessibility Guidelines 2.2, level AA; HTML Living Standard, in its XML-compatible spelling.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    title: String,
    language: Language,
    subtitle: String,
    lead: Vec<String>,
    made: bool,
    pages: Vec<(String, String)>,
    downloads: Vec<(String, String)>,
    chapters: Vec<Chapter>,
    closing: Vec<Section>,
}

impl Page {
    /// A page without chapters.
    pub fn new(title: impl Into<String>, language: Language) -> Self {
        Self {
            title: title.into(),
            language,
            subtitle: String::new(),
            lead: Vec::new(),
            made: false,
            pages: Vec::new(),
            downloads: Vec::new(),
            chapters: Vec::new(),
            closing: Vec::new(),
        }
    }

    /// With a line below the title.
    pub fn with_subtitle(self, subtitle: impl Into<String>) -> Self {
        Self { subtitle: subtitle.into(), ..self }
    }

    /// With one more paragraph below the title.
    pub fn with_lead(mut self, paragraph: impl Into<String>) -> Self {
        self.lead.push(paragraph.into());
        self
    }

    /// Says on top whether the data are generated, not observed.
    pub fn with_made(self, made: bool) -> Self {
        Self { made, ..self }
    }

    /// With a page beside this one that readers may want to go on to, such as a story: the words of the link, and its path, as for
    /// [`Plate::with_page`].
    pub fn with_page(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.pages.push((label.into(), path.into()));
        self
    }

    /// With a file that readers may want instead of the page, such as the same as PDF; label and path as for
    /// [`Plate::with_download`].
    pub fn with_download(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.downloads.push((label.into(), path.into()));
        self
    }

    /// With one more chapter.
    pub fn with_chapter(mut self, chapter: Chapter) -> Self {
        self.chapters.push(chapter);
        self
    }

    /// With one more section of words after the chapters.
    pub fn with_closing(mut self, section: Section) -> Self {
        self.closing.push(section);
        self
    }

    /// The page as one file of HTML, the same bytes for the same page.
    pub fn to_html(&self) -> String {
        let language = self.language;
        let mut ids = Ids::default();
        let content = ids.claim("content");
        let contents = ids.claim("contents");
        // Chapters take their anchors before plates, so that links to them stay when a plate is added.
        let chapters: Vec<String> = self.chapters.iter().map(|chapter| ids.claim(&chapter.id)).collect();
        let closing: Vec<String> = self.closing.iter().map(|section| ids.claim(&section.id)).collect();

        let back = format!(
            "<p class=\"back\"><a href=\"#{contents}\">{}</a></p>\n",
            language.pick("Retour au sommaire", "Back to contents")
        );
        let mut main = String::new();
        let mut entries = Vec::new();
        for (chapter, id) in self.chapters.iter().zip(&chapters) {
            let anchors = chapter.write(&mut main, id, &mut ids, language);
            main.push_str(&back);
            let titles = chapter.plates().iter().map(|plate| plate.view().title());
            let plates = anchors.into_iter().zip(titles).collect();
            entries.push(Entry { anchor: id, title: chapter.title(), plates });
        }
        for (section, id) in self.closing.iter().zip(&closing) {
            section.write(&mut main, id);
            entries.push(Entry { anchor: id, title: section.title(), plates: Vec::new() });
        }
        let (main, outlines) = outlines::share_outlines(&main);

        let mut html = self.head();
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<body>\n{outlines}<a class=\"skip\" href=\"#{content}\">{}</a>",
            language.pick("Aller au contenu", "Skip to content")
        );
        self.write_header(&mut html);
        html.push_str("<div class=\"columns\">\n");
        if !entries.is_empty() {
            let _ = write!(
                html,
                "<nav id=\"{contents}\" aria-label=\"{}\">\n<ul>\n",
                language.pick("Sommaire", "Contents")
            );
            for entry in &entries {
                entry.write(&mut html, language);
            }
            html.push_str("</ul>\n</nav>\n");
        }
        let _ = write!(
            html,
            "<main id=\"{content}\" tabindex=\"-1\">\n{main}</main>\n</div>\n</body>\n</html>\n"
        );
        html
    }

    fn head(&self) -> String {
        let summary = [&self.subtitle].into_iter().chain(&self.lead).find(|text| !text.is_empty());
        let head = Head {
            language: self.language,
            title: &self.title,
            summary: summary.unwrap_or(&self.title),
            made: self.made,
            policy: Some(POLICY),
        };
        head.write(&format!("<style>\n{}{STYLE}</style>\n", font_faces()))
    }

    fn write_header(&self, html: &mut String) {
        html.push_str("<header>\n");
        if self.made {
            write_made(html, self.language);
        }
        let _ = writeln!(html, "<h1>{}</h1>", escape(&self.title));
        if !self.subtitle.is_empty() {
            let _ = writeln!(html, "<p class=\"subtitle\">{}</p>", escape(&self.subtitle));
        }
        for paragraph in &self.lead {
            let _ = writeln!(html, "<p class=\"lead\">{}</p>", escape(paragraph));
        }
        if !(self.pages.is_empty() && self.downloads.is_empty()) {
            html.push_str("<ul class=\"ways\">\n");
            let pages = self.pages.iter().map(|way| (way, ""));
            let downloads = self.downloads.iter().map(|way| (way, " download=\"\""));
            for ((label, path), kind) in pages.chain(downloads) {
                let address = relative_address(path);
                let _ = writeln!(html, "<li><a href=\"{address}\"{kind}>{}</a></li>", escape(label));
            }
            html.push_str("</ul>\n");
        }
        html.push_str("</header>\n");
    }
}

/// A line of the table of contents, with those of its plates.
struct Entry<'a> {
    anchor: &'a str,
    title: &'a str,
    plates: Vec<(String, &'a str)>,
}

impl Entry<'_> {
    fn write(&self, html: &mut String, language: Language) {
        let title = escape(self.title);
        // Writing to a String cannot fail.
        let _ = write!(html, "<li><a href=\"#{}\">{title}</a>", self.anchor);
        // One picture is found with its chapter.
        if self.plates.len() > 1 {
            let _ = write!(
                html,
                "\n<details><summary>{} {}<span class=\"unseen\">{}{title}</span></summary>\n<ul>\n",
                self.plates.len(),
                language.pick("figures", "pictures"),
                language.pick("\u{a0}: ", ": "),
            );
            for (anchor, title) in &self.plates {
                let _ = writeln!(html, "<li><a href=\"#{anchor}\">{}</a></li>", escape(title));
            }
            html.push_str("</ul>\n</details>");
        }
        html.push_str("</li>\n");
    }
}

/// The fonts of a page, within its style sheet.
pub(crate) fn font_faces() -> String {
    font_faces_from(|bytes, _| format!("data:font/ttf;base64,{}", base64(bytes)))
}

/// The fonts of a page, at the addresses that are given for their bytes and weights.
pub(crate) fn font_faces_from(address: impl Fn(&[u8], u16) -> String) -> String {
    let face = |bytes: &[u8], weight: u16| {
        format!(
            "@font-face{{font-family:'Noto Sans';font-weight:{weight};font-display:block;\
             src:url({}) format('truetype')}}\n",
            address(bytes, weight)
        )
    };
    format!("/* Noto Sans: SIL Open Font License 1.1 */\n{}{}", face(REGULAR, 400), face(BOLD, 700))
}

/// Says on top of a page that its data are made.
pub(crate) fn write_made(html: &mut String, language: Language) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        html,
        "<p class=\"made\"><strong>{}.</strong> {}</p>",
        made_label(language),
        language.pick(
            "Cette ville n’existe pas\u{a0}: toutes les données de cette page sont inventées.",
            "This city does not exist: all data on this page are invented."
        )
    );
}
