//! The two forms of a page: one file, or a folder of files.
use std::fmt::Write;
use std::io::{Read, Write as _};

use datagora_viz_assets::{Asset, LICENCES, MAPLIBRE, MAPLIBRE_STYLE, MAPLIBRE_WORKER, PMTILES};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::{Content, Title};
use crate::page::{STYLE, base64, font_faces, source_hash};
use crate::web::source::Kind;
use crate::web::{Story, WebMap, WebMapError};
use crate::{View, WebFile};

/// What the programs of all pages share, in the order in which it is read.
const SHARED: [&str; 8] = [
    include_str!("../runtime/assets.js"),
    include_str!("../runtime/say.js"),
    include_str!("../runtime/filter.js"),
    include_str!("../runtime/time.js"),
    include_str!("../runtime/layers.js"),
    include_str!("../runtime/card.js"),
    include_str!("../runtime/legend.js"),
    include_str!("../runtime/map.js"),
];
/// What the reader moves and asks.
const MAP: [&str; 9] = [
    include_str!("../runtime/link.js"),
    include_str!("../runtime/tip.js"),
    include_str!("../runtime/pins.js"),
    include_str!("../runtime/search.js"),
    include_str!("../runtime/controls.js"),
    include_str!("../runtime/swipe.js"),
    include_str!("../runtime/files.js"),
    include_str!("../runtime/start.js"),
    include_str!("../runtime/open.js"),
];
/// What the reader is told step by step.
const STORY: [&str; 2] = [include_str!("../runtime/story.js"), include_str!("../runtime/open.js")];
const MAP_STYLE: &str = include_str!("../runtime/map.css");
const STORY_STYLE: &str = include_str!("../runtime/story.css");

/// The page as one file.
pub(in crate::web) fn one_file(map: &WebMap) -> Result<String, WebMapError> {
    let content = Content::new(map, true)?;
    let title = Title::of(&map.view);
    Ok(content.file(&title, &program(&MAP), MAP_STYLE, |html| content.write_body(html)))
}

/// A story as one file.
pub(in crate::web) fn story_file(
    map: &WebMap,
    story: &Story,
    views: &[View],
    scenes: Vec<Value>,
) -> Result<String, WebMapError> {
    let mut content = Content::new(map, true)?;
    content.config["story"] = scenes.into();
    let title = Title { title: &story.title, summary: &story.lead };
    let style = format!("{MAP_STYLE}{STORY_STYLE}");
    Ok(content.file(&title, &program(&STORY), &style, |html| content.write_story(html, story, views)))
}

impl Content<'_> {
    /// A page with its program, styles and data in it.
    fn file(
        &self,
        title: &Title<'_>,
        program: &str,
        style: &str,
        write_body: impl Fn(&mut String),
    ) -> String {
        // What may run: this program by its hash, and what it makes itself from the data of the page.
        let policy = format!(
            "default-src 'none'; script-src 'sha256-{}' blob:; worker-src blob:; style-src 'unsafe-inline'; \
             font-src data:; img-src data: blob:; base-uri 'none'; form-action 'none'",
            source_hash(program)
        );
        let style = format!("{}{STYLE}{style}", font_faces());
        let mut html = self.head(title, Some(&policy), &format!("<style>\n{style}</style>\n"));
        write_body(&mut html);
        for asset in [MAPLIBRE, MAPLIBRE_STYLE, PMTILES] {
            write_data(&mut html, &format!("program-{}", asset.name()), asset.gzip());
        }
        write_data(&mut html, "program-licences", &compressed(LICENCES.as_bytes()));
        for (id, source) in &self.map.sources {
            let id = format!("data-{id}");
            match &source.0 {
                Kind::Tiles(archive) => write_data(&mut html, &id, archive.bytes()),
                Kind::Features { geojson, .. } => write_data(&mut html, &id, &compressed(geojson.as_bytes())),
            }
        }
        for held in &self.held {
            write_data(&mut html, &format!("data-{}", held.id), &held.bytes);
        }
        // Writing to a String cannot fail.
        let _ = write!(html, "<script>{program}</script>\n</body>\n</html>\n");
        html
    }
}

/// The page as a folder.
pub(in crate::web) fn folder(map: &WebMap) -> Result<Vec<WebFile>, WebMapError> {
    let content = Content::new(map, false)?;
    let mut links = String::new();
    for name in [MAPLIBRE_STYLE.name(), "page.css"] {
        let _ = writeln!(links, "<link rel=\"stylesheet\" href=\"programs/{name}\"/>");
    }
    for name in [MAPLIBRE.name(), PMTILES.name(), "page.js"] {
        let _ = writeln!(links, "<script src=\"programs/{name}\" defer=\"\"></script>");
    }
    let mut html = content.head(&Title::of(&map.view), None, &links);
    content.write_body(&mut html);
    html.push_str("</body>\n</html>\n");

    let file = |path: String, bytes: Vec<u8>| WebFile { path, bytes };
    let runtime = program(&MAP);
    let program = |name: &str, bytes: Vec<u8>| file(format!("programs/{name}"), bytes);
    let mut files = vec![
        file("index.html".to_owned(), html.into_bytes()),
        program("page.css", format!("{}{STYLE}{MAP_STYLE}", font_faces()).into_bytes()),
        program("page.js", runtime.into_bytes()),
        program("licences.txt", LICENCES.as_bytes().to_vec()),
    ];
    files.extend(
        [MAPLIBRE, MAPLIBRE_WORKER, MAPLIBRE_STYLE, PMTILES]
            .into_iter()
            .map(|asset| program(asset.name(), unpacked(&asset))),
    );
    files.extend(content.held.iter().map(|held| file(held.path(), held.bytes.clone())));
    for (id, source) in &map.sources {
        files.push(match &source.0 {
            Kind::Tiles(archive) => file(format!("data/{id}.pmtiles"), archive.bytes().to_vec()),
            Kind::Features { geojson, .. } => {
                file(format!("data/{id}.geojson"), geojson.clone().into_bytes())
            }
        });
    }
    Ok(files)
}

/// What is shared and what is not as one program, closed in itself.
fn program(own: &[&str]) -> String {
    format!("\"use strict\";\n(() => {{\n{}\n{}}})();\n", SHARED.join("\n"), own.join("\n"))
}

/// Holds bytes in the page as text that no browser runs. Not as an address of data, which browsers open far more slowly.
fn write_data(html: &mut String, id: &str, bytes: &[u8]) {
    let _ = writeln!(html, "<script type=\"text/plain\" id=\"{id}\">{}</script>", base64(bytes));
}

pub(super) fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to a Vec cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// An asset as it was before it was compressed; a test of its crate holds that it can be.
fn unpacked(asset: &Asset) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = GzDecoder::new(asset.gzip()).read_to_end(&mut bytes);
    bytes
}
