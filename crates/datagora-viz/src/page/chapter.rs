//! A chapter of a page.
use std::fmt::Write;

use datagora_core::Language;

use super::Plate;
use super::ids::Ids;
use crate::render::escape;

/// A chapter: a heading, what it says in a few sentences, key figures, plates.
///
/// ```
/// use datagora_viz::Chapter;
///
/// let chapter = Chapter::new("trees", "Trees", "How green are the streets?")
///     .with_figure("97,000".to_owned(), "trees along the streets".to_owned());
/// assert_eq!(chapter.title(), "Trees");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) figures: Vec<(String, String)>,
    pub(super) plates: Vec<Plate>,
}

impl Chapter {
    /// A chapter without plates; `id` names it in links. The lead may be empty.
    pub fn new(id: impl Into<String>, title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            lead: lead.into(),
            figures: Vec::new(),
            plates: Vec::new(),
        }
    }

    /// With a key figure: the number as people read it, with its unit, and what it counts.
    pub fn with_figure(mut self, number: impl Into<String>, label: impl Into<String>) -> Self {
        self.figures.push((number.into(), label.into()));
        self
    }

    /// With one more plate.
    pub fn with_plate(mut self, plate: Plate) -> Self {
        self.plates.push(plate);
        self
    }

    /// What names it in links.
    #[cfg(feature = "maps")]
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Heading.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The plates, in order.
    pub fn plates(&self) -> &[Plate] {
        &self.plates
    }

    pub(crate) fn write(&self, html: &mut String, id: &str, ids: &mut Ids, page: Language) {
        // Writing to a String cannot fail.
        let _ = write!(html, "<section id=\"{id}\" class=\"chapter\">\n<h2>{}</h2>\n", escape(&self.title));
        if !self.lead.is_empty() {
            let _ = writeln!(html, "<p class=\"lead\">{}</p>", escape(&self.lead));
        }
        if !self.figures.is_empty() {
            html.push_str("<ul class=\"figures\">\n");
            for (number, label) in &self.figures {
                let _ = writeln!(html, "<li><strong>{}</strong> {}</li>", escape(number), escape(label));
            }
            html.push_str("</ul>\n");
        }
        for plate in &self.plates {
            plate.write(html, ids, page);
        }
        html.push_str("</section>\n");
    }
}
