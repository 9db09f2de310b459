//! A section of words.
use std::fmt::Write;

use crate::render::escape;

/// Words under a heading: paragraphs and lists, in the order in which they were added.
///
/// For what stands after the pictures, such as sources and licences, or what could not be used and why. All text is plain;
/// addresses in it are written, not linked.
///
/// ```
/// use datagora_viz::Section;
///
/// let section = Section::new("sources", "Sources and licences")
///     .with_paragraph("The data belong to those who publish them.")
///     .with_item("Street trees: Métropole de Lyon, Licence Ouverte 2.0.")
///     .with_item("Communes: IGN, Licence Ouverte 2.0.");
/// assert_eq!(section.title(), "Sources and licences");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Paragraph(String),
    List(Vec<String>),
}

impl Section {
    /// A section without text; `id` names it in links.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), blocks: Vec::new() }
    }

    /// With a paragraph.
    pub fn with_paragraph(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Paragraph(text.into()));
        self
    }

    /// With one more item of a list; items that follow one another are one list.
    pub fn with_item(mut self, text: impl Into<String>) -> Self {
        match self.blocks.last_mut() {
            Some(Block::List(items)) => items.push(text.into()),
            _ => self.blocks.push(Block::List(vec![text.into()])),
        }
        self
    }

    /// What names it in links.
    #[cfg(feature = "maps")]
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Whether there is nothing under the heading.
    #[cfg(feature = "maps")]
    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Heading.
    pub fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn write(&self, html: &mut String, id: &str) {
        // Writing to a String cannot fail.
        let _ = write!(html, "<section id=\"{id}\" class=\"words\">\n<h2>{}</h2>\n", escape(&self.title));
        for block in &self.blocks {
            match block {
                Block::Paragraph(text) => {
                    let _ = writeln!(html, "<p>{}</p>", escape(text));
                }
                Block::List(items) => {
                    html.push_str("<ul>\n");
                    for item in items {
                        let _ = writeln!(html, "<li>{}</li>", escape(item));
                    }
                    html.push_str("</ul>\n");
                }
            }
        }
        html.push_str("</section>\n");
    }
}
