//! A view on a page, with its words, its data and its files.
use std::fmt::Write;

use datagora_core::Language;

use super::ids::Ids;
use crate::render::escape;
use crate::{DataTable, Scene, View, format_number};

/// What is left of a sheet of A4 between its margins, px.
const SHEET: (f64, f64) = (688.0, 1024.0);

/// A view as it stands on a page: picture, description in words, table of the data, files to download.
///
/// ```
/// use datagora_core::Language;
/// use datagora_viz::{DataTable, Plate, Scene, View};
///
/// let table = DataTable::new("Trees");
/// let view = View::new("trees", "Trees", Scene::new(760.0, 400.0), table, "A map.", Language::English);
/// let plate = Plate::new(view)
///     .with_download("SVG", "trees.svg")
///     .with_download("CSV", "data/trees.csv")
///     .with_excerpt(10, "data/trees.csv");
/// assert_eq!(plate.view().id(), "trees");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Plate {
    view: View,
    pages: Vec<(String, String)>,
    downloads: Vec<(String, String)>,
    excerpt: Option<Excerpt>,
}

/// The beginning of a table, and where the whole is.
#[derive(Clone, Debug, PartialEq)]
struct Excerpt {
    rows: usize,
    whole: String,
}

impl Plate {
    /// A plate without files.
    pub fn new(view: View) -> Self {
        Self { view, pages: Vec::new(), downloads: Vec::new(), excerpt: None }
    }

    /// With a page that shows more, such as an interactive map: the words of the link, and its path relative to the folder of the
    /// page, as for [`with_download`](Self::with_download).
    pub fn with_page(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.pages.push((label.into(), path.into()));
        self
    }

    /// With a file to download: what it is called in the link, and its path relative to the folder of the page.
    ///
    /// The path is one of a file, not an address: what addresses must encode is encoded, and `https://…` would name a folder
    /// beside the page.
    pub fn with_download(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.downloads.push((label.into(), path.into()));
        self
    }

    /// With the first rows of the table only, if it has more, beside a link to the whole: a file, as for
    /// [`with_download`](Self::with_download). Page and PDF say so.
    pub fn with_excerpt(self, rows: usize, whole: impl Into<String>) -> Self {
        Self { excerpt: Some(Excerpt { rows, whole: whole.into() }), ..self }
    }

    /// What is shown of a table that is shortened, in words that end where its whole is named, and the path of that.
    pub(super) fn excerpt(&self) -> Option<(DataTable, String, &str)> {
        let (table, language) = (self.view.table(), self.view.language());
        let Excerpt { rows, whole } = self.excerpt.as_ref().filter(|excerpt| excerpt.rows < table.len())?;
        let number = |n: usize| format_number(n as f64, 0, language);
        let (shown, all) = (number(*rows), number(table.len()));
        let words = match language {
            Language::French => {
                format!("Les {shown} premières lignes sur {all}\u{202f}; le tableau entier\u{a0}: ")
            }
            Language::English => format!("The first {shown} of {all} rows; the whole table: "),
        };
        Some((table.first_rows(*rows), words, whole))
    }

    /// Whether a sheet of A4 has no room for two such pictures below each other, but for the one for narrow screens on half its
    /// width.
    fn is_high(&self) -> bool {
        let height = |scene: &Scene, width: f64| width * scene.height() / scene.width().max(1.0);
        let fits = |scene: &Scene| height(scene, SHEET.0 / 2.0) < 0.9 * SHEET.1;
        height(self.view.scene(), SHEET.0) > 0.45 * SHEET.1 && self.view.compact().is_some_and(fits)
    }

    /// The view.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Writes the plate; gives its anchor.
    #[cfg(feature = "web")]
    pub(crate) fn write(&self, html: &mut String, ids: &mut Ids, page: Language) -> String {
        self.write_as(Share::Whole, html, ids, page)
    }

    /// Writes the plate, with its share of the width of a sheet when printed; gives its anchor.
    pub(super) fn write_as(&self, share: Share, html: &mut String, ids: &mut Ids, page: Language) -> String {
        let view = &self.view;
        let language = view.language();
        let pictures = ids.draw(view, &["", "-name"]);
        let (id, title) = (&pictures.id, escape(view.title()));
        let lang = match language == page {
            true => String::new(),
            false => format!(" lang=\"{}\"", language.code()),
        };
        // Screen readers hear of which picture a control is; on screen it stands below that picture.
        let colon = language.pick("\u{a0}: ", ": ");
        let of = format!("<span class=\"unseen\">{colon}{title}</span>");
        // Writing to a String cannot fail.
        let _ = write!(
            html,
            "<article class=\"plate{}\" id=\"{id}\"{lang}>\n<h3 class=\"unseen\" id=\"{id}-name\">{title}</h3>\n",
            match share {
                Share::Whole => "",
                Share::Half => " half",
            }
        );
        match &pictures.compact {
            Some(compact) => {
                let _ = write!(
                    html,
                    "<figure aria-labelledby=\"{id}-name\">\n<div class=\"wide\">{}</div>\n\
                     <div class=\"compact\">{compact}</div>\n</figure>\n",
                    pictures.wide
                );
            }
            None => {
                let _ = write!(
                    html,
                    "<figure class=\"alone\" aria-labelledby=\"{id}-name\" tabindex=\"0\">\n{}\n</figure>\n",
                    pictures.wide
                );
            }
        }
        for (label, path) in &self.pages {
            let _ = writeln!(
                html,
                "<p class=\"more\"><a href=\"{}\">{}{of}</a></p>",
                relative_address(path),
                escape(label)
            );
        }
        html.push_str("<div class=\"beside\">\n");
        if !view.description().is_empty() {
            let _ = writeln!(
                html,
                "<details class=\"description\"><summary>Description{of}</summary>\n<p>{}</p></details>",
                escape(view.description())
            );
        }
        if !view.table().is_empty() {
            let data = language.pick("Données", "Data");
            let (table, said) = match self.excerpt() {
                Some((excerpt, words, whole)) => {
                    let name = whole.rsplit(['/', '\\']).next().unwrap_or(whole);
                    let link =
                        format!("<a href=\"{}\" download=\"\">{}</a>", relative_address(whole), escape(name));
                    (
                        excerpt.to_html(language),
                        format!("<p class=\"excerpt\">{}{link}</p>\n", escape(&words)),
                    )
                }
                None => (view.table().to_html(language), String::new()),
            };
            let _ = writeln!(
                html,
                "<details class=\"data\"><summary>{data}{of}</summary>\n\
                 {said}<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{data}{colon}{title}\">{table}</div></details>",
            );
        }
        if !self.downloads.is_empty() {
            let _ = write!(
                html,
                "<div class=\"downloads\"><span>{}</span>\n<ul>\n",
                language.pick("Télécharger", "Download")
            );
            for (label, path) in &self.downloads {
                let _ = writeln!(
                    html,
                    "<li><a href=\"{}\" download=\"\">{}{of}</a></li>",
                    relative_address(path),
                    escape(label)
                );
            }
            html.push_str("</ul></div>\n");
        }
        html.push_str("</div>\n</article>\n");
        pictures.id
    }
}

/// How much of the width of a sheet a plate has when it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    Whole,
    /// Half, with the picture for narrow screens.
    Half,
}

/// The shares of plates in a row: two high pictures after each other stand side by side, since a sheet would hold one of them.
pub(super) fn shares(plates: &[Plate]) -> Vec<Share> {
    let mut shares = vec![Share::Whole; plates.len()];
    let mut at = 0;
    while let Some([left, right]) = plates.get(at..at + 2).and_then(|pair| <&[Plate; 2]>::try_from(pair).ok())
    {
        let paired = left.is_high() && right.is_high();
        if paired {
            shares[at..at + 2].fill(Share::Half);
        }
        at += if paired { 2 } else { 1 };
    }
    shares
}

/// The address of a file beside the page: never of another host, whatever the path.
///
/// # References
///
/// RFC 3986, sections 2.1 and 3.3.
pub(super) fn relative_address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.trim_start_matches(['/', '\\']).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            b'\\' => address.push('/'),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_high_pictures_share_a_sheet() {
        let plate = |height: f64, compact: f64| {
            let table = DataTable::new("x");
            let view = View::new("x", "x", Scene::new(760.0, height), table, "", Language::English);
            Plate::new(view.with_compact(Scene::new(360.0, compact)))
        };
        let (high, flat, long) = (plate(700.0, 600.0), plate(300.0, 300.0), plate(700.0, 1200.0));
        let row = [&high, &flat, &high, &high, &high, &long, &high, &high].map(Clone::clone);
        let halves: Vec<bool> = shares(&row).into_iter().map(|share| share == Share::Half).collect();
        assert_eq!(halves, [false, false, true, true, false, false, true, true]);
        assert_eq!(shares(&[]), []);
    }

    #[test]
    fn addresses_of_files_are_relative() {
        assert_eq!(relative_address("data/vélos 2024.csv"), "data/v%C3%A9los%202024.csv");
        assert_eq!(relative_address("data\\a.svg"), "data/a.svg");
        assert_eq!(relative_address("../a_b~c.png"), "../a_b~c.png");
        for outside in ["https://example.org/x", "//example.org/x", "\\\\host\\x", "javascript:x\"", "/etc/x"]
        {
            let address = relative_address(outside);
            assert!(!address.starts_with('/') && !address.contains(':'), "{address}");
            assert!(!address.contains(['"', '<', '&']), "{address}");
        }
    }
}
