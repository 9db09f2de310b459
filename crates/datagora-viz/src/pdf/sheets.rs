//! A document before it is written: sheets with what lies on them, and the structure that gives it meaning.
use std::borrow::Cow;

use datagora_core::{Language, Month, NaiveDate};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TagGroup, TagKind, TagTree,
};

use super::PdfError;
use crate::render::Pen;
use crate::{Extent, Mark};

/// An element of the structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element(usize);

/// The structure as a whole.
pub(crate) const ROOT: Element = Element(0);

/// A position in the document: a sheet, and how far below its upper edge, pt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) sheet: usize,
    pub(crate) y: f64,
}

/// Where marks lie on a sheet: their origin, pt, and how many pt their unit is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placement {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) scale: f64,
}

impl Placement {
    /// Marks in pt from the upper left corner of the sheet.
    pub(crate) const SHEET: Self = Self { x: 0.0, y: 0.0, scale: 1.0 };
}

struct Sheet<'a> {
    width: f64,
    height: f64,
    inks: Vec<Ink<'a>>,
    links: Vec<Link>,
}

/// Marks that are drawn together.
struct Ink<'a> {
    marks: Cow<'a, [Mark]>,
    placement: Placement,
    /// Which content it is; `None` for what only decorates.
    content: Option<usize>,
}

struct Link {
    area: Extent,
    to: Spot,
    words: String,
    content: usize,
}

enum Child {
    Element(usize),
    Content(usize),
}

struct Bookmark {
    level: usize,
    title: String,
    spot: Spot,
}

/// A document: content is added sheet by sheet, structure in reading order.
pub(crate) struct Sheets<'a> {
    title: String,
    language: Language,
    date: Option<NaiveDate>,
    sheets: Vec<Sheet<'a>>,
    tags: Vec<Option<TagKind>>,
    children: Vec<Vec<Child>>,
    contents: usize,
    bookmarks: Vec<Bookmark>,
}

impl<'a> Sheets<'a> {
    pub(crate) fn new(title: &str, language: Language, date: Option<NaiveDate>) -> Self {
        Self {
            title: title.to_owned(),
            language,
            date,
            sheets: Vec::new(),
            tags: vec![None],
            children: vec![Vec::new()],
            contents: 0,
            bookmarks: Vec::new(),
        }
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Number of sheets.
    pub(crate) fn len(&self) -> usize {
        self.sheets.len()
    }

    /// Begins a sheet of this size, pt.
    pub(crate) fn turn(&mut self, width: f64, height: f64) {
        self.sheets.push(Sheet { width, height, inks: Vec::new(), links: Vec::new() });
    }

    /// A new element, the last of another.
    pub(crate) fn element(&mut self, within: Element, tag: impl Into<TagKind>) -> Element {
        let element = self.tags.len();
        self.tags.push(Some(tag.into()));
        self.children.push(Vec::new());
        self.children[within.0].push(Child::Element(element));
        Element(element)
    }

    /// Draws marks on a sheet as content of an element.
    pub(crate) fn draw(
        &mut self,
        sheet: usize,
        within: Element,
        marks: impl Into<Cow<'a, [Mark]>>,
        placement: Placement,
    ) {
        let content = Some(self.content(within));
        self.sheets[sheet].inks.push(Ink { marks: marks.into(), placement, content });
    }

    /// Draws marks that say nothing of their own: lines, page numbers, headings repeated.
    pub(crate) fn decorate(&mut self, sheet: usize, marks: impl Into<Cow<'a, [Mark]>>) {
        let ink = Ink { marks: marks.into(), placement: Placement::SHEET, content: None };
        self.sheets[sheet].inks.push(ink);
    }

    /// Lets an area lead to a place.
    pub(crate) fn link(&mut self, sheet: usize, within: Element, area: Extent, to: Spot, words: &str) {
        let content = self.content(within);
        self.sheets[sheet].links.push(Link { area, to, words: words.to_owned(), content });
    }

    /// An entry of the outline; level 1 is the highest.
    pub(crate) fn bookmark(&mut self, level: usize, title: &str, spot: Spot) {
        self.bookmarks.push(Bookmark { level, title: title.to_owned(), spot });
    }

    fn content(&mut self, within: Element) -> usize {
        let content = self.contents;
        self.contents += 1;
        self.children[within.0].push(Child::Content(content));
        content
    }

    /// The bytes of the document, checked against PDF/UA-1.
    pub(crate) fn write(self) -> Result<Vec<u8>, PdfError> {
        let configuration = ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| PdfError::Refused { why: format!("{error:?}") })?;
        let mut document =
            Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
        let pen =
            Pen::new().ok_or_else(|| PdfError::Refused { why: "the fonts cannot be read".to_owned() })?;
        let mut contents: Vec<Option<Identifier>> = vec![None; self.contents];
        for sheet in &self.sheets {
            let size = PdfError::Size { width: sheet.width, height: sheet.height };
            let settings = Some([sheet.width, sheet.height])
                .filter(|sides| sides.iter().all(|side| (1.0..=LONGEST_SIDE).contains(side)))
                .and_then(|[width, height]| PageSettings::from_wh(width as f32, height as f32))
                .ok_or(size)?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for ink in &sheet.inks {
                let tag = match ink.content {
                    Some(_) => ContentTag::Span(SpanTag::empty()),
                    None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
                };
                let identifier = surface.start_tagged(tag);
                if let Some(content) = ink.content {
                    contents[content] = Some(identifier);
                }
                let Placement { x, y, scale } = ink.placement;
                let scale = scale as f32;
                surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, x as f32, y as f32));
                for mark in ink.marks.iter() {
                    pen.draw(&mut surface, mark);
                }
                surface.pop();
                surface.end_tagged();
            }
            surface.finish();
            for link in &sheet.links {
                let Extent { left, top, right, bottom } = link.area;
                let area = Rect::from_ltrb(left as f32, top as f32, right as f32, bottom as f32);
                let Some(area) = area else { continue };
                let target = Target::Destination(destination(link.to).into());
                let annotation =
                    Annotation::new_link(LinkAnnotation::new(area, target), Some(link.words.clone()));
                contents[link.content] = Some(page.add_tagged_annotation(annotation));
            }
            page.finish();
        }
        let mut tree = TagTree::new();
        for child in &self.children[ROOT.0] {
            if let Some(node) = self.node(child, &contents) {
                tree.push(node);
            }
        }
        document.set_tag_tree(tree);
        document.set_outline(self.outline());
        document.set_metadata(self.metadata());
        document.finish().map_err(|error| match error {
            krilla::error::KrillaError::Validation(errors) => {
                PdfError::Refused { why: format!("{errors:?}") }
            }
            other => PdfError::Refused { why: other.to_string() },
        })
    }

    fn node(&self, child: &Child, contents: &[Option<Identifier>]) -> Option<Node> {
        match child {
            Child::Content(content) => contents[*content].map(Node::Leaf),
            Child::Element(element) => {
                let tag = self.tags[*element].clone()?;
                let children: Vec<Node> =
                    self.children[*element].iter().filter_map(|child| self.node(child, contents)).collect();
                (!children.is_empty()).then(|| Node::Group(TagGroup::with_children(tag, children)))
            }
        }
    }

    fn outline(&self) -> Outline {
        /// The entries of a level, up to the next of a higher one.
        fn entries(
            bookmarks: &mut std::iter::Peekable<std::slice::Iter<'_, Bookmark>>,
            level: usize,
        ) -> Vec<OutlineNode> {
            let mut nodes = Vec::new();
            while let Some(bookmark) = bookmarks.next_if(|bookmark| bookmark.level >= level) {
                let mut node = OutlineNode::new(bookmark.title.clone(), destination(bookmark.spot))
                    .with_open(level == 1);
                for child in entries(bookmarks, bookmark.level + 1) {
                    node.push_child(child);
                }
                nodes.push(node);
            }
            nodes
        }
        let mut outline = Outline::new();
        for node in entries(&mut self.bookmarks.iter().peekable(), 1) {
            outline.push_child(node);
        }
        outline
    }

    fn metadata(&self) -> Metadata {
        let metadata = Metadata::new()
            .title(self.title.clone())
            .language(self.language.code().to_owned())
            .creator(concat!("datagora-viz ", env!("CARGO_PKG_VERSION")).to_owned());
        let Some((date, month)) = self.date.and_then(|date| Some((date, Month::of(date)?))) else {
            return metadata;
        };
        let day = (date - month.first_day()).num_days() + 1;
        let year = u16::try_from(month.year()).unwrap_or(u16::MAX);
        metadata.creation_date(DateTime::new(year).month(month.month() as u8).day(day as u8))
    }
}

/// The longest side of a page, pt.
///
/// ISO 32000-1, annex C.2.
const LONGEST_SIDE: f64 = 14_400.0;

fn destination(spot: Spot) -> XyzDestination {
    XyzDestination::new(spot.sheet, Point::from_xy(0.0, spot.y as f32))
}
