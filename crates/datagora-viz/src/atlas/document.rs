//! An atlas as one file, or as a folder.
use std::fmt::Write;

use super::slug::slug;
use super::{Atlas, AtlasError, overview, peers, territory};
use crate::map::Locator;
use crate::page::{Head, Ids, STYLE, font_faces, font_faces_from, source_hash};
use crate::render::escape;
use crate::{BOLD, REGULAR, WebFile};

const ATLAS_STYLE: &str = include_str!("atlas.css");
/// Shows one page of the file at a time.
const ONE_FILE_STYLE: &str = include_str!("one_file.css");
/// Sorts and searches the table of the overview.
const PROGRAM: &str = include_str!("table.js");

/// How pages lead to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    OneFile,
    Folder,
}

/// The atlas with what its pages have in common.
pub(super) struct Book<'a> {
    pub(super) atlas: &'a Atlas,
    pub(super) form: Form,
    /// Anchor and file name of each territory.
    pub(super) anchors: Vec<String>,
    pub(super) peers: Vec<Vec<usize>>,
    pub(super) locator: Locator,
}

/// Anchor of the overview.
pub(super) const OVERVIEW: &str = "overview";
/// Anchor that shows every page.
pub(super) const ALL: &str = "all";

impl<'a> Book<'a> {
    fn new(atlas: &'a Atlas, form: Form) -> Result<Self, AtlasError> {
        let locator = Locator::new(&atlas.places, &atlas.options)
            .map_err(|source| AtlasError::Map { name: atlas.title.clone(), source })?;
        let mut names = Ids::default();
        // Those of files and places that others lead to.
        for taken in ["index", OVERVIEW, ALL, "definitions"] {
            names.claim(taken);
        }
        let anchors = atlas.names.iter().map(|name| names.claim(&slug(name))).collect();
        let peers = peers::peers(&atlas.places, &atlas.sizes);
        Ok(Self { atlas, form, anchors, peers, locator })
    }

    /// The address of a territory.
    pub(super) fn address(&self, row: usize) -> String {
        match self.form {
            Form::OneFile => format!("#{}", self.anchors[row]),
            Form::Folder => format!("{}.html", self.anchors[row]),
        }
    }

    /// The address of a place on the overview.
    pub(super) fn overview_address(&self, anchor: &str) -> String {
        match (self.form, anchor) {
            (Form::OneFile, "") => format!("#{OVERVIEW}"),
            (Form::OneFile, anchor) => format!("#{anchor}"),
            (Form::Folder, "") => "index.html".to_owned(),
            (Form::Folder, anchor) => format!("index.html#{anchor}"),
        }
    }

    /// Anchors of a document in which those of pages are taken, so that links to pages lead there whatever else is on them.
    fn ids(&self) -> Ids {
        let mut ids = match self.form {
            Form::OneFile => Ids::sharing(),
            Form::Folder => Ids::default(),
        };
        for page in [OVERVIEW, ALL].into_iter().chain(self.anchors.iter().map(String::as_str)) {
            ids.claim(page);
        }
        ids
    }

    /// The order in which pages follow each other: that of the names.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.anchors.len()).collect();
        rows.sort_by(|&a, &b| self.anchors[a].cmp(&self.anchors[b]));
        rows
    }

    fn head(&self, title: &str, summary: &str, policy: Option<&str>, links: &str) -> String {
        let Atlas { language, made, .. } = *self.atlas;
        Head { language, title, summary, made, policy }.write(links)
    }

    fn summary(&self) -> &str {
        let Atlas { title, subtitle, .. } = self.atlas;
        if subtitle.is_empty() { title } else { subtitle }
    }
}

pub(super) fn one_file(atlas: &Atlas) -> Result<String, AtlasError> {
    let book = Book::new(atlas, Form::OneFile)?;
    let mut ids = book.ids();
    let mut pages = String::new();
    overview::write(&book, &mut pages, &mut ids)?;
    for row in book.order() {
        territory::write(&book, row, &mut pages, &mut ids)?;
    }
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'",
        source_hash(PROGRAM)
    );
    let style = format!("<style>\n{}{STYLE}{ATLAS_STYLE}{ONE_FILE_STYLE}</style>\n", font_faces());
    let mut html = book.head(&atlas.title, book.summary(), Some(&policy), &style);
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<body class=\"atlas\">\n{}<main id=\"{ALL}\">\n{pages}</main>\n<script>{PROGRAM}</script>\n</body>\n</html>\n",
        ids.definitions()
    );
    Ok(html)
}

pub(super) fn folder(atlas: &Atlas) -> Result<Vec<WebFile>, AtlasError> {
    let book = Book::new(atlas, Form::Folder)?;
    let styles = "<link rel=\"stylesheet\" href=\"shared/atlas.css\"/>\n";
    let file = |path: String, bytes: Vec<u8>| WebFile { path, bytes };
    let page = |title: &str, summary: &str, links: &str, content: &str| {
        let mut html = book.head(title, summary, None, links);
        // Writing to a String cannot fail.
        let _ = write!(html, "<body class=\"atlas\">\n<main>\n{content}</main>\n</body>\n</html>\n");
        html.into_bytes()
    };
    let mut content = String::new();
    overview::write(&book, &mut content, &mut book.ids())?;
    let links = format!("{styles}<script src=\"shared/table.js\" defer=\"\"></script>\n");
    let mut files = vec![file("index.html".to_owned(), page(&atlas.title, book.summary(), &links, &content))];
    for row in book.order() {
        let mut content = String::new();
        territory::write(&book, row, &mut content, &mut book.ids())?;
        let title = format!("{} – {}", atlas.names[row], atlas.title);
        files.push(file(
            format!("{}.html", book.anchors[row]),
            page(&title, book.summary(), styles, &content),
        ));
    }
    let fonts = font_faces_from(|_, weight| format!("NotoSans-{weight}.ttf"));
    files.extend([
        file("shared/atlas.css".to_owned(), format!("{fonts}{STYLE}{ATLAS_STYLE}").into_bytes()),
        file("shared/table.js".to_owned(), PROGRAM.as_bytes().to_vec()),
        file("shared/NotoSans-400.ttf".to_owned(), REGULAR.to_vec()),
        file("shared/NotoSans-700.ttf".to_owned(), BOLD.to_vec()),
    ]);
    Ok(files)
}

/// Opens the article of a page, whose anchor is taken already, with its skip link.
pub(super) fn open_page(book: &Book<'_>, html: &mut String, ids: &mut Ids, page: &str) -> PageIds {
    let name = ids.claim(&format!("{page}-name"));
    let content = ids.claim(&format!("{page}-content"));
    // Writing to a String cannot fail.
    let _ = writeln!(
        html,
        "<article class=\"page\" id=\"{page}\" tabindex=\"-1\" aria-labelledby=\"{name}\">\n<a class=\"skip\" href=\"#{content}\">{}</a>",
        escape(book.atlas.language.pick("Aller au contenu", "Skip to content"))
    );
    PageIds { name, content }
}

/// Anchors within a page.
pub(super) struct PageIds {
    pub(super) name: String,
    pub(super) content: String,
}
