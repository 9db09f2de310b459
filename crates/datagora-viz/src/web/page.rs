//! The page around an interactive map: as one file, or as a folder.
use std::fmt::Write;
use std::io::{Read, Write as _};

use datagora_core::{Language, content_hash};
use datagora_viz_assets::{Asset, LICENCES, MAPLIBRE, MAPLIBRE_STYLE, MAPLIBRE_WORKER, PMTILES};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::legend::{Row, rows, write_legend};
use super::source::Kind;
use super::style::Style;
use super::words::words;
use super::{WebLayer, WebMap, WebMapError};
use crate::frame::made_label;
use crate::page::{Ids, STYLE, base64, font_faces, write_made};
use crate::render::escape;
use crate::{Colour, Plate};

/// Our programs, in the order in which they are read.
const RUNTIME: [&str; 8] = [
    include_str!("runtime/assets.js"),
    include_str!("runtime/layers.js"),
    include_str!("runtime/link.js"),
    include_str!("runtime/card.js"),
    include_str!("runtime/controls.js"),
    include_str!("runtime/swipe.js"),
    include_str!("runtime/files.js"),
    include_str!("runtime/map.js"),
];
const MAP_STYLE: &str = include_str!("runtime/map.css");

/// A file of a page that is a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebFile {
    /// Path within the folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What both forms of the page have in common.
struct Content<'a> {
    map: &'a WebMap,
    language: Language,
    colours: Vec<Vec<Colour>>,
    config: Value,
}

/// The page as one file.
pub(super) fn one_file(map: &WebMap) -> Result<String, WebMapError> {
    let content = Content::new(map, true)?;
    let program = runtime();
    // What may run: this program by its hash, and what it makes itself from the data of the page.
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}' blob:; worker-src blob:; style-src 'unsafe-inline'; \
         font-src data:; img-src data: blob:; base-uri 'none'; form-action 'none'",
        source_hash(&program)
    );
    let style = format!("{}{STYLE}{MAP_STYLE}", font_faces());
    let mut html = content.head(Some(&policy), &format!("<style>\n{style}</style>\n"));
    content.write_body(&mut html);
    for asset in [MAPLIBRE, MAPLIBRE_STYLE, PMTILES] {
        write_data(&mut html, &format!("program-{}", asset.name()), asset.gzip());
    }
    write_data(&mut html, "program-licences", &compressed(LICENCES.as_bytes()));
    for (id, source) in &map.sources {
        let id = format!("data-{id}");
        match &source.0 {
            Kind::Tiles(archive) => write_data(&mut html, &id, archive.bytes()),
            Kind::Features { geojson, .. } => write_data(&mut html, &id, &compressed(geojson.as_bytes())),
        }
    }
    // Writing to a String cannot fail.
    let _ = write!(html, "<script>{program}</script>\n</body>\n</html>\n");
    Ok(html)
}

/// The page as a folder.
pub(super) fn folder(map: &WebMap) -> Result<Vec<WebFile>, WebMapError> {
    let content = Content::new(map, false)?;
    let mut links = String::new();
    for name in [MAPLIBRE_STYLE.name(), "page.css"] {
        let _ = writeln!(links, "<link rel=\"stylesheet\" href=\"programs/{name}\"/>");
    }
    for name in [MAPLIBRE.name(), PMTILES.name(), "page.js"] {
        let _ = writeln!(links, "<script src=\"programs/{name}\" defer=\"\"></script>");
    }
    let mut html = content.head(None, &links);
    content.write_body(&mut html);
    html.push_str("</body>\n</html>\n");

    let file = |path: String, bytes: Vec<u8>| WebFile { path, bytes };
    let program = |name: &str, bytes: Vec<u8>| file(format!("programs/{name}"), bytes);
    let mut files = vec![
        file("index.html".to_owned(), html.into_bytes()),
        program("page.css", format!("{}{STYLE}{MAP_STYLE}", font_faces()).into_bytes()),
        program("page.js", runtime().into_bytes()),
        program("licences.txt", LICENCES.as_bytes().to_vec()),
    ];
    files.extend(
        [MAPLIBRE, MAPLIBRE_WORKER, MAPLIBRE_STYLE, PMTILES]
            .into_iter()
            .map(|asset| program(asset.name(), unpacked(&asset))),
    );
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

impl<'a> Content<'a> {
    fn new(map: &'a WebMap, embedded: bool) -> Result<Self, WebMapError> {
        map.check()?;
        let language = map.view.language();
        let colours: Vec<Vec<Colour>> =
            map.layers.iter().map(|layer| layer.colours()).collect::<Result<_, _>>()?;
        let style = Style::new(&map.sources, &map.layers, &colours)?;
        let layers: Vec<Value> = map
            .layers
            .iter()
            .zip(&style.parts)
            .zip(&colours)
            .map(|((layer, parts), colours)| {
                let rows: Vec<Value> = rows(layer, colours, language)
                    .into_iter()
                    .map(|Row { colour, label, .. }| json!([colour.to_string(), label]))
                    .collect();
                let fields: Vec<Value> = layer.fields.iter().map(|field| field.to_json(language)).collect();
                let unit = layer.unit.as_ref().map(|unit| unit.symbol(language));
                let thinning: Vec<Value> = map
                    .thinning(layer)
                    .into_iter()
                    .map(|count| json!([count.zoom, count.features, count.drawn, count.dropped]))
                    .collect();
                json!({
                    "id": layer.id, "title": layer.title, "parts": parts, "theme": layer.is_theme(),
                    "covers": layer.covers(), "hidden": layer.hidden,
                    "read": layer.is_read(), "heading": layer.heading, "fields": fields, "rows": rows,
                    "unit": unit, "thinning": thinning, "features": layer.feature_word,
                })
            })
            .collect();
        let sources: serde_json::Map<String, Value> = map
            .sources
            .iter()
            .map(|(id, source)| {
                let (kind, ending) = match source.0 {
                    Kind::Tiles(_) => ("tiles", "pmtiles"),
                    Kind::Features { .. } => ("features", "geojson"),
                };
                let file = (!embedded).then(|| format!("data/{id}.{ending}"));
                (id.clone(), json!({ "kind": kind, "file": file }))
            })
            .collect();
        let places: Vec<Value> = map.places.iter().map(|place| json!([place.name, place.bounds])).collect();
        let config = json!({
            "embedded": embedded, "language": language.code(), "id": map.view.id(), "title": map.view.title(),
            "subtitle": map.view.subtitle(), "credits": map.view.credits(),
            "made": map.view.is_made().then(|| made_label(language)), "words": words(language),
            "bounds": map.opening()?, "style": style.style, "night": style.night, "sources": sources,
            "layers": layers, "places": places,
        });
        Ok(Self { map, language, colours, config })
    }

    fn head(&self, policy: Option<&str>, links: &str) -> String {
        let view = &self.map.view;
        let policy = policy.map_or_else(String::new, |policy| {
            format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>\n")
        });
        let made = if view.is_made() { format!("{}. ", made_label(self.language)) } else { String::new() };
        let summary = if view.subtitle().is_empty() { view.title() } else { view.subtitle() };
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n{policy}\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{}</title>\n\
             <meta name=\"description\" content=\"{made}{}\"/>\n{links}</head>\n",
            self.language.code(),
            escape(view.title()),
            escape(summary),
        )
    }

    fn write_body(&self, html: &mut String) {
        let (view, language) = (&self.map.view, self.language);
        let say = |french: &'static str, english: &'static str| language.pick(french, english);
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<body class=\"map-page\">\n<a class=\"skip\" href=\"#content\">{}</a>\n<header>",
            say("Aller à la carte", "Skip to the map")
        );
        if view.is_made() {
            write_made(html, language);
        }
        let _ = writeln!(html, "<h1>{}</h1>", escape(view.title()));
        if !view.subtitle().is_empty() {
            let _ = writeln!(html, "<p class=\"subtitle\">{}</p>", escape(view.subtitle()));
        }
        html.push_str("</header>\n<main id=\"content\" tabindex=\"-1\">\n");
        let _ = writeln!(
            html,
            "<noscript><p class=\"no-map\">{}</p></noscript>\n<p class=\"no-map\" id=\"no-map\" hidden=\"\"></p>",
            say(
                "La carte interactive demande que les scripts soient permis\u{a0}: voici l’image et ses données.",
                "The interactive map needs scripts to be allowed: here are the picture and its data."
            )
        );
        self.write_map(html);
        let _ = writeln!(
            html,
            "<section class=\"still\" aria-labelledby=\"still-name\">\n<h2 id=\"still-name\">{}</h2>",
            say("Image, description et données", "Picture, description and data")
        );
        let mut ids = Ids::default();
        for taken in ["content", "map", "card", "still-name", "missing"] {
            ids.claim(taken);
        }
        Plate::new(view.clone()).write(html, &mut ids, language);
        for text in
            view.notes().iter().map(String::as_str).chain([view.credits()]).filter(|text| !text.is_empty())
        {
            let _ = writeln!(html, "<p class=\"credits\">{}</p>", escape(text));
        }
        self.write_programs(html);
        html.push_str("</section>\n</main>\n");
        // `<` as an escape, so that no text of the data ends the element.
        let config = self.config.to_string().replace('<', "\\u003c");
        let _ = writeln!(html, "<script type=\"application/json\" id=\"map-config\">{config}</script>");
    }

    fn write_map(&self, html: &mut String) {
        let language = self.language;
        let say = |french: &'static str, english: &'static str| language.pick(french, english);
        let _ = write!(
            html,
            "<section class=\"map-app\" id=\"map-app\" aria-label=\"{}\" hidden=\"\">\n\
             <div class=\"map-main\">\n<div class=\"map-stage\" id=\"stage\">\n<div class=\"map-view\" id=\"map\"></div>\n\
             <div class=\"map-view second\" id=\"second\" aria-hidden=\"true\" inert=\"\" hidden=\"\"></div>\n\
             <div class=\"cross\" id=\"cross\"></div>\n\
             <div class=\"divider\" id=\"divider\" hidden=\"\"><span class=\"side left\"></span><span class=\"side right\"></span>\
             <input type=\"range\" id=\"divide\" min=\"0\" max=\"100\" step=\"1\" value=\"50\"/></div>\n</div>\n",
            say("Carte et commandes", "Map and controls"),
        );
        self.write_tools(html);
        let _ = write!(
            html,
            "<p class=\"help\">{}</p>\n</div>\n\
             <div class=\"map-side\">\n<p class=\"unseen\" role=\"status\" id=\"map-status\"></p>\n\
             <section class=\"card\" id=\"card\" aria-labelledby=\"card-name\" tabindex=\"-1\" hidden=\"\">\n\
             <h2 id=\"card-name\"></h2>\n<button type=\"button\" id=\"card-close\" aria-label=\"{}\">{}</button>\n\
             <div id=\"card-body\"></div>\n</section>\n",
            say(
                "Clic, ou Entrée au centre de la carte\u{a0}: lire la valeur. Flèches\u{a0}: se déplacer. + et −\u{a0}: zoomer. \
                 Échap\u{a0}: fermer la fiche.",
                "Click, or Enter at the centre of the map: read the value. Arrows: move. + and −: zoom. Escape: close the card."
            ),
            say("Fermer la fiche", "Close the card"),
            icon("M5 5l10 10M15 5L5 15"),
        );
        if !self.map.places.is_empty() {
            let label = say("Chercher un lieu", "Find a place");
            let _ = write!(
                html,
                "<form class=\"search\" id=\"search\" role=\"search\">\n<label for=\"place\">{label}</label>\n\
                 <input id=\"place\" list=\"places\" autocomplete=\"off\" spellcheck=\"false\"/>\n\
                 <button type=\"submit\">{}</button>\n<datalist id=\"places\">",
                say("Aller", "Go")
            );
            for place in &self.map.places {
                let _ = write!(html, "<option value=\"{}\"></option>", escape(&place.name));
            }
            html.push_str("</datalist>\n</form>\n");
        }
        self.write_layers(html);
        html.push_str(
            "<svg class=\"unseen\" aria-hidden=\"true\"><defs><pattern id=\"missing\" width=\"6\" height=\"6\" \
             patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/>\
             <path d=\"M-1 1l2-2M0 6L6 0M5 7l2-2\" stroke=\"#969696\"/></pattern></defs></svg>\n",
        );
        for (layer, colours) in
            self.map.layers.iter().zip(&self.colours).filter(|(layer, _)| layer.is_theme())
        {
            let thinned = layer.thinning_said && !self.map.thinning(layer).is_empty();
            write_legend(html, layer, &rows(layer, colours, language), thinned, language);
        }
        html.push_str("</div>\n</section>\n");
    }

    /// What moves the map without dragging, and takes it home.
    fn write_tools(&self, html: &mut String) {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let zooms = vec![
            ("zoom-in", say("Zoomer", "Zoom in"), "M10 4v12M4 10h12"),
            ("zoom-out", say("Dézoomer", "Zoom out"), "M4 10h12"),
            ("whole", say("Toute la carte", "Whole map"), "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4"),
        ];
        let ways = vec![
            ("left", say("Vers l’ouest", "To the west"), "M12 4l-6 6 6 6"),
            ("up", say("Vers le nord", "To the north"), "M4 12l6-6 6 6"),
            ("down", say("Vers le sud", "To the south"), "M4 8l6 6 6-6"),
            ("right", say("Vers l’est", "To the east"), "M8 4l6 6-6 6"),
        ];
        let _ = writeln!(
            html,
            "<div class=\"tools\" role=\"group\" aria-label=\"{}\">",
            say("Commandes de la carte", "Map controls")
        );
        for group in [zooms, ways] {
            html.push_str("<div>");
            for (id, label, path) in group {
                let _ = write!(
                    html,
                    "<button type=\"button\" data-tool=\"{id}\" aria-label=\"{label}\" title=\"{label}\">{}</button>",
                    icon(path)
                );
            }
            html.push_str("</div>\n");
        }
        html.push_str("<div>");
        for (id, label) in [
            ("link", say("Copier le lien", "Copy link")),
            ("png", say("Image PNG", "PNG picture")),
            ("csv", say("Données CSV", "CSV data")),
        ] {
            let _ = write!(html, "<button type=\"button\" data-tool=\"{id}\">{label}</button>");
        }
        html.push_str("</div>\n</div>\n");
    }

    /// Which layers are shown: surfaces that cover each other one at a time, the others freely.
    fn write_layers(&self, html: &mut String) {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let layers = &self.map.layers;
        let (surfaces, others): (Vec<&WebLayer>, Vec<&WebLayer>) =
            layers.iter().partition(|layer| layer.covers());
        let choice = |kind: &str, layer: &WebLayer, checked: bool| {
            format!(
                "<label><input type=\"{kind}\" name=\"{}\" value=\"{}\"{}/> {}</label>\n",
                if kind == "radio" { "theme" } else { "layer" },
                layer.id,
                if checked { " checked=\"\"" } else { "" },
                escape(&layer.title)
            )
        };
        if surfaces.len() > 1 {
            let _ = writeln!(html, "<fieldset class=\"layers\"><legend>{}</legend>", say("Thème", "Theme"));
            for layer in &surfaces {
                html.push_str(&choice("radio", layer, !layer.hidden));
            }
            let _ = write!(
                html,
                "<label class=\"compare\">{} <select id=\"compare\"><option value=\"\">{}</option>",
                say("Comparer avec", "Compare with"),
                say("rien", "nothing")
            );
            for layer in &surfaces {
                let _ = write!(html, "<option value=\"{}\">{}</option>", layer.id, escape(&layer.title));
            }
            html.push_str("</select></label>\n</fieldset>\n");
        }
        if !others.is_empty() {
            let _ = writeln!(
                html,
                "<details class=\"others\"><summary>{}</summary>\n<fieldset class=\"layers\"><legend class=\"unseen\">{}</legend>",
                say("Couches", "Layers"),
                say("Couches", "Layers")
            );
            for layer in others {
                html.push_str(&choice("checkbox", layer, !layer.hidden));
            }
            html.push_str("</fieldset></details>\n");
        }
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

/// A sign of a button, from the strokes of a path in a square of 20.
fn icon(path: &str) -> String {
    format!("<svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>")
}

/// Our programs as one, closed in themselves.
fn runtime() -> String {
    format!("\"use strict\";\n(() => {{\n{}}})();\n", RUNTIME.join("\n"))
}

/// Holds bytes in the page as text that no browser runs. Not as an address of data, which browsers open far more slowly.
fn write_data(html: &mut String, id: &str, bytes: &[u8]) {
    let _ = writeln!(html, "<script type=\"text/plain\" id=\"{id}\">{}</script>", base64(bytes));
}

/// The hash by which a policy knows a program.
pub(super) fn source_hash(program: &str) -> String {
    let hexadecimal = content_hash(program.as_bytes());
    let pairs = hexadecimal.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Vec<u8> = pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    base64(&bytes)
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
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
