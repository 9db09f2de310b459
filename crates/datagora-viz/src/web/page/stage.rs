//! The map and what moves it.
use std::collections::BTreeMap;
use std::fmt::Write;

use super::Content;
use crate::legend::NO_DATA;
use crate::web::layer::Colouring;
use crate::web::legend::{write_legend, write_meaning};
use crate::web::style::hatch_name;
use crate::{Colour, Fill};

impl Content<'_> {
    pub(super) fn write_map(&self, html: &mut String) {
        let language = self.language;
        let say = |french: &'static str, english: &'static str| language.pick(french, english);
        let _ = write!(
            html,
            "<section class=\"map-app\" id=\"map-app\" aria-label=\"{}\" hidden=\"\">\n\
             <div class=\"map-main\">\n<div class=\"map-stage\" id=\"stage\">\n<div class=\"map-view\" id=\"map\"></div>\n\
             <div class=\"map-view second\" id=\"second\" aria-hidden=\"true\" inert=\"\" hidden=\"\"></div>\n\
             <div class=\"cross\" id=\"cross\"></div>\n<p class=\"moment\" id=\"moment\" hidden=\"\"></p>\n\
             <div class=\"tip\" id=\"tip\" aria-hidden=\"true\" hidden=\"\"></div>\n\
             <div class=\"divider\" id=\"divider\" hidden=\"\"><span class=\"side left\"></span><span class=\"side right\"></span>\
             <div class=\"grip\" id=\"grip\"></div><input type=\"range\" id=\"divide\" min=\"0\" max=\"100\" step=\"1\" value=\"50\"/></div>\n</div>\n",
            say("Carte et commandes", "Map and controls"),
        );
        self.write_comparisons(html);
        self.write_clock(html);
        self.write_tools(html);
        let _ = write!(
            html,
            "<p class=\"help\">{}</p>\n</div>\n\
             <div class=\"map-side\">\n<p class=\"unseen\" role=\"status\" id=\"map-status\"></p>\n\
             <section class=\"card\" id=\"card\" aria-labelledby=\"card-name\" tabindex=\"-1\" hidden=\"\">\n\
             <h2 id=\"card-name\"></h2>\n<button type=\"button\" id=\"card-close\" aria-label=\"{}\">{}</button>\n\
             <div id=\"card-body\"></div>\n<button type=\"button\" id=\"card-pin\">{}</button>\n</section>\n",
            say(
                "Clic, ou Entrée au centre de la carte\u{a0}: lire la valeur. Flèches\u{a0}: se déplacer. + et −\u{a0}: zoomer. \
                 Échap\u{a0}: fermer la fiche.",
                "Click, or Enter at the centre of the map: read the value. Arrows: move. + and −: zoom. Escape: close the card."
            ),
            say("Fermer la fiche", "Close the card"),
            icon("M5 5l10 10M15 5L5 15"),
            say("Épingler pour comparer", "Pin to compare"),
        );
        self.write_pins(html);
        // What the colours mean stands next to the map, also where it is below it.
        self.write_legends(html);
        self.write_layers(html);
        self.write_search(html);
        self.write_filters(html);
        html.push_str("</div>\n</section>\n");
    }

    /// What the layers drawn by data mean.
    pub(super) fn write_legends(&self, html: &mut String) {
        html.push_str("<svg class=\"unseen\" aria-hidden=\"true\"><defs>");
        let unsure = self.map.layers.iter().flat_map(|layer| match &layer.colouring {
            Colouring::Differences(changes) => changes.fills().collect(),
            _ => Vec::new(),
        });
        let hatches: BTreeMap<String, Colour> = unsure
            .chain([NO_DATA])
            .filter_map(|fill| match fill {
                Fill::Hatch(colour) => Some((hatch_name(colour), colour)),
                _ => None,
            })
            .collect();
        for (name, colour) in hatches {
            let _ = write!(
                html,
                "<pattern id=\"{name}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/>\
                 <path d=\"M-1 1l2-2M0 6L6 0M5 7l2-2\" stroke=\"{colour}\"/></pattern>"
            );
        }
        html.push_str("</defs></svg>\n");
        let layers = || self.map.layers.iter().zip(&self.colours);
        for (layer, colours) in layers().filter(|(layer, _)| layer.is_theme()) {
            let thinned = layer.thinning_said && !self.map.thinning(layer).is_empty();
            write_legend(html, layer, colours, self.map.opening_step(), thinned, self.language);
        }
        for (layer, colours) in layers() {
            write_meaning(html, layer, colours);
        }
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
}

/// A sign of a button, from the strokes of a path in a square of 20.
pub(super) fn icon(path: &str) -> String {
    format!("<svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>")
}
