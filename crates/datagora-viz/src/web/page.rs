//! The page around an interactive map.
mod clock;
mod comparison;
mod config;
mod filters;
mod forms;
mod panel;
mod stage;
mod story;

use std::fmt::Write;

use datagora_core::Language;
use datagora_viz_assets::{MAPLIBRE, PMTILES};
use serde_json::Value;

use super::WebMap;
use super::filter::Group;
use crate::page::{Head, Ids, write_made};
use crate::render::escape;
use crate::{Colour, Plate, View};
use forms::compressed;
pub(super) use forms::{folder, one_file, story_file};

/// What both forms of the page have in common.
struct Content<'a> {
    map: &'a WebMap,
    language: Language,
    colours: Vec<Vec<Colour>>,
    groups: Vec<Group<'a>>,
    config: Value,
    held: Vec<Held>,
}

/// Data that the page holds for its programs, compressed.
struct Held {
    id: String,
    bytes: Vec<u8>,
}

impl Held {
    fn new(id: String, bytes: &[u8]) -> Self {
        Self { id, bytes: compressed(bytes) }
    }

    /// Its file in a folder.
    fn path(&self) -> String {
        format!("data/{}.bin", self.id)
    }
}

/// Anchors of the page that no view may have.
const TAKEN: [&str; 39] = [
    "card",
    "card-body",
    "card-close",
    "card-name",
    "card-pin",
    "compare",
    "content",
    "cross",
    "divide",
    "divider",
    "filters",
    "filters-name",
    "filters-reset",
    "found",
    "grip",
    "map",
    "map-app",
    "map-config",
    "map-status",
    "missing",
    "moment",
    "no-map",
    "pace",
    "pins",
    "pins-body",
    "pins-clear",
    "pins-name",
    "place",
    "play",
    "programs",
    "search",
    "second",
    "stage",
    "step",
    "step-back",
    "step-name",
    "step-on",
    "still-name",
    "tip",
];

/// What a page is called, and what it is about.
struct Title<'a> {
    title: &'a str,
    summary: &'a str,
}

impl<'a> Title<'a> {
    fn of(view: &'a View) -> Self {
        Self { title: view.title(), summary: view.subtitle() }
    }
}

/// The anchors that are left for views.
fn ids() -> Ids {
    let mut ids = Ids::default();
    for taken in TAKEN {
        ids.claim(taken);
    }
    ids
}

impl Content<'_> {
    fn head(&self, title: &Title<'_>, policy: Option<&str>, links: &str) -> String {
        let summary = if title.summary.is_empty() { title.title } else { title.summary };
        let made = self.map.view.is_made();
        Head { language: self.language, title: title.title, summary, made, policy }.write(links)
    }

    fn write_body(&self, html: &mut String) {
        let (view, language) = (&self.map.view, self.language);
        let say = |french: &'static str, english: &'static str| language.pick(french, english);
        self.write_top(html, "map-page", &Title::of(view), say("Aller à la carte", "Skip to the map"));
        self.write_map(html);
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<section class=\"still\" aria-labelledby=\"still-name\">\n<h2 id=\"still-name\">{}</h2>",
            say("Image, description et données", "Picture, description and data")
        );
        Plate::new(view.clone()).write(html, &mut ids(), language);
        self.write_steps(html);
        self.write_credits(html);
        html.push_str("</section>\n</main>\n");
        self.write_config(html);
    }

    /// The body as far as what the page is about: a way past it, title, what is said where there is no map.
    fn write_top(&self, html: &mut String, class: &str, title: &Title<'_>, skip: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<body class=\"{class}\">\n<a class=\"skip\" href=\"#content\">{skip}</a>\n<header>"
        );
        if self.map.view.is_made() {
            write_made(html, self.language);
        }
        let _ = writeln!(html, "<h1>{}</h1>", escape(title.title));
        if !title.summary.is_empty() {
            let _ = writeln!(html, "<p class=\"subtitle\">{}</p>", escape(title.summary));
        }
        html.push_str("</header>\n<main id=\"content\" tabindex=\"-1\">\n");
        let _ = writeln!(
            html,
            "<noscript><p class=\"no-map\">{}</p></noscript>\n<p class=\"no-map\" id=\"no-map\" hidden=\"\"></p>",
            self.language.pick(
                "La carte interactive demande que les scripts soient permis\u{a0}: voici l’image et ses données.",
                "The interactive map needs scripts to be allowed: here are the picture and its data."
            )
        );
    }

    /// Notes, works to be named, programs.
    fn write_credits(&self, html: &mut String) {
        let view = &self.map.view;
        for text in
            view.notes().iter().map(String::as_str).chain([view.credits()]).filter(|text| !text.is_empty())
        {
            let _ = writeln!(html, "<p class=\"credits\">{}</p>", escape(text));
        }
        self.write_programs(html);
    }

    fn write_config(&self, html: &mut String) {
        // `<` as an escape, so that no text of the data ends the element.
        let config = self.config.to_string().replace('<', "\\u003c");
        let _ = writeln!(html, "<script type=\"application/json\" id=\"map-config\">{config}</script>");
    }

    /// Which programs draw, and their licences.
    fn write_programs(&self, html: &mut String) {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let _ = write!(
            html,
            "<details class=\"programs\" id=\"programs\"><summary>{}</summary>\n<p>MapLibre GL JS {}, pmtiles {} (BSD-3-Clause).</p>\n\
             <pre tabindex=\"0\" hidden=\"\"></pre></details>\n",
            say("Logiciels de la carte et leurs licences", "Programs of the map and their licences"),
            MAPLIBRE.version(),
            PMTILES.version(),
        );
    }
}
