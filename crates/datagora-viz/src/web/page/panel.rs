//! What stands beside the map: search, pinned cards, choice of layers.
use std::fmt::Write;

use super::Content;
use crate::render::escape;
use crate::web::WebLayer;

impl Content<'_> {
    /// A field that offers places and addresses while the reader writes.
    ///
    /// Reference: ARIA Authoring Practices Guide, editable combobox with list autocomplete.
    pub(super) fn write_search(&self, html: &mut String) {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let label = match (self.map.places.is_empty(), self.map.gazetteer.is_empty()) {
            (true, true) => return,
            (false, true) => say("Chercher un lieu", "Find a place"),
            (true, false) => say("Chercher une adresse", "Find an address"),
            (false, false) => say("Chercher un lieu ou une adresse", "Find a place or an address"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<form class=\"search\" id=\"search\" role=\"search\">\n<label for=\"place\">{label}</label>\n\
             <input id=\"place\" role=\"combobox\" aria-expanded=\"false\" aria-controls=\"found\" aria-autocomplete=\"list\" \
             autocomplete=\"off\" spellcheck=\"false\"/>\n<button type=\"submit\">{}</button>\n\
             <ul id=\"found\" role=\"listbox\" aria-label=\"{}\" hidden=\"\"></ul>\n</form>",
            say("Aller", "Go"),
            say("Lieux trouvés", "Places found"),
        );
    }

    /// Cards kept side by side.
    pub(super) fn write_pins(&self, html: &mut String) {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let name = say("Fiches épinglées", "Pinned cards");
        let _ = writeln!(
            html,
            "<section class=\"pins\" id=\"pins\" aria-labelledby=\"pins-name\" tabindex=\"-1\" hidden=\"\">\n<h2 id=\"pins-name\">{name}</h2>\n\
             <div id=\"pins-body\"></div>\n<button type=\"button\" id=\"pins-clear\">{}</button>\n</section>",
            say("Tout détacher", "Unpin all"),
        );
    }

    /// Which layers are shown: surfaces that cover each other one at a time, the others freely.
    pub(super) fn write_layers(&self, html: &mut String) {
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
}
