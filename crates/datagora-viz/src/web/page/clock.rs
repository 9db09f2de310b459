//! The controls of time, and what remains of it without a map that moves.
use std::fmt::Write;

use super::Content;
use super::stage::icon;
use crate::render::escape;

impl Content<'_> {
    pub(super) fn write_clock(&self, html: &mut String) {
        let Some(time) = &self.map.time else { return };
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let button = |id: &str, label: &str, path: &str| {
            format!(
                "<button type=\"button\" id=\"{id}\" aria-label=\"{label}\" title=\"{label}\">{}</button>",
                icon(path)
            )
        };
        // Writing to a String cannot fail.
        let _ = write!(
            html,
            "<div class=\"clock\" role=\"group\" aria-label=\"{}\">\n<div>{}{}{}</div>\n\
             <label for=\"step\">{}</label><input type=\"range\" id=\"step\" min=\"0\" max=\"{}\" step=\"1\" value=\"{}\"/>\
             <output id=\"step-name\" for=\"step\">{}</output>\n<label class=\"pace\">{} <select id=\"pace\">",
            say("Temps", "Time"),
            button("step-back", say("Pas précédent", "Previous step"), "M13 4l-8 6 8 6M4 4v12"),
            button("play", say("Lire", "Play"), "M6 4l10 6-10 6z"),
            button("step-on", say("Pas suivant", "Next step"), "M7 4l8 6-8 6M16 4v12"),
            escape(time.name()),
            time.steps.len().saturating_sub(1),
            time.opening(),
            escape(time.steps.get(time.opening()).map_or("", |step| step)),
            say("Vitesse", "Speed"),
        );
        for (value, words) in [("0.5", "× ½"), ("1", "× 1"), ("2", "× 2"), ("4", "× 4")] {
            let chosen = if value == "1" { " selected=\"\"" } else { "" };
            let _ = write!(html, "<option value=\"{value}\"{chosen}>{words}</option>");
        }
        html.push_str("</select></label>\n</div>\n");
    }

    /// For each layer with values by step, a table of the steps.
    pub(super) fn write_steps(&self, html: &mut String) {
        let Some(time) = &self.map.time else { return };
        let by_step = self.language.pick("pas à pas", "step by step");
        for layer in &self.map.layers {
            for stepped in layer.steps() {
                let title = format!("{}, {by_step}", stepped.label(layer, self.language));
                let table = stepped.values.table(&title, time, stepped.unit, self.language);
                let (table, title) = (table.to_html(self.language), escape(&title));
                // Writing to a String cannot fail.
                let _ = writeln!(
                    html,
                    "<details class=\"data steps\"><summary>{title}</summary>\n\
                     <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">{table}</div></details>"
                );
            }
        }
    }
}
