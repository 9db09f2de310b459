//! The legend of what changed between two dates or scenarios.
use std::fmt::Write;

use datagora_core::Language;

use super::{counted, swatch, write_method};
use crate::Fill;
use crate::legend::{NO_DATA, WITHHELD};
use crate::map::{Changes, NOT_SURE};
use crate::render::escape;
use crate::web::WebLayer;
use crate::web::style::hatch_name;

/// Writes the classes of differences, those that are not sure, and those that are not known.
pub(super) fn write_differences(html: &mut String, layer: &WebLayer, changes: &Changes, language: Language) {
    let fill = |fill: Fill| match fill {
        Fill::Hatch(colour) => format!("url(#{})", hatch_name(colour)),
        Fill::Solid(colour) | Fill::Glass(colour, _) => colour.to_string(),
        Fill::None => "none".to_owned(),
    };
    let mut open = false;
    let write = |html: &mut String, sample: &str, label: &str, count: usize| {
        let _ = writeln!(
            html,
            "<li>{}<span>{}</span>{}</li>",
            swatch(false, sample, layer.opacity),
            escape(label),
            counted(layer, count, None, language)
        );
    };
    for row in changes.key(language) {
        if let Some(heading) = &row.heading {
            let end = if std::mem::replace(&mut open, true) { "</ul>\n" } else { "" };
            let _ = writeln!(html, "{end}<h3>{}</h3>\n<ul>", escape(heading));
        } else if !std::mem::replace(&mut open, true) {
            html.push_str("<ul>\n");
        }
        write(html, &fill(row.fill), &row.label, row.count);
    }
    html.push_str("</ul>\n");
    let [missing, secret] = changes.missing();
    let apart = [
        (NO_DATA, language.pick("pas de donnée", "no data").to_owned(), missing),
        (WITHHELD, language.pick("secret statistique", "statistical secrecy").to_owned(), secret),
    ];
    let unsure = changes.key_of_unsure(language).map(|row| (row.fill, row.label, row.count));
    let mut apart = unsure.into_iter().chain(apart).filter(|(.., count)| *count > 0).peekable();
    if apart.peek().is_some() {
        html.push_str("<ul>\n");
        for (sample, label, count) in apart {
            write(html, &fill(sample), &label, count);
        }
        html.push_str("</ul>\n");
    }
    if changes.is_unsure() {
        let _ = writeln!(html, "<p>{}.</p>", language.pick(NOT_SURE[0], NOT_SURE[1]));
    }
    let both = language.pick(
        ", de la grandeur du changement, les mêmes des deux côtés de zéro",
        ", of the size of the change, the same on both sides of zero",
    );
    write_method(html, layer, changes.classes(), both, language);
}
