//! The legend of a layer, as HTML.
use std::fmt::Write;

use datagora_core::Language;

use super::WebLayer;
use super::layer::{Colouring, Sign};
use crate::render::escape;
use crate::{Colour, format_number};

/// A row of a legend: colour, words, number of features.
pub(super) struct Row {
    pub(super) colour: Colour,
    pub(super) label: String,
    pub(super) count: Option<usize>,
}

/// The rows of a layer, the highest class on top.
pub(super) fn rows(layer: &WebLayer, colours: &[Colour], language: Language) -> Vec<Row> {
    match &layer.colouring {
        Colouring::Classes { classes, .. } => {
            let rounded = classes.rounded();
            (0..classes.len())
                .rev()
                .map(|class| Row {
                    colour: colours[class],
                    label: rounded.label(class, language),
                    count: Some(classes.counts()[class]),
                })
                .collect()
        }
        Colouring::Categories { categories, .. } => categories
            .iter()
            .zip(colours)
            .map(|(category, colour)| Row {
                colour: *colour,
                label: category.label.clone(),
                count: category.count,
            })
            .collect(),
        Colouring::Single(_) | Colouring::Ground(_) => Vec::new(),
    }
}

/// Writes the legend of a layer that is coloured by data.
pub(super) fn write_legend(
    html: &mut String,
    layer: &WebLayer,
    rows: &[Row],
    thinned: bool,
    language: Language,
) {
    let colon = language.pick("\u{a0}: ", ": ");
    let id = &layer.id;
    // Writing to a String cannot fail.
    let _ = writeln!(
        html,
        "<section class=\"legend\" data-legend=\"{id}\" aria-labelledby=\"legend-{id}\"{}>\n<h3 id=\"legend-{id}\">{}{}</h3>",
        if layer.hidden { " hidden=\"\"" } else { "" },
        escape(&layer.title),
        layer
            .unit
            .as_ref()
            .map(|unit| unit.symbol(language))
            .filter(|symbol| !symbol.is_empty())
            .map_or_else(String::new, |symbol| format!(" <span class=\"unit\">({})</span>", escape(&symbol))),
    );
    let round = matches!(layer.sign, Sign::Circle { .. });
    html.push_str("<ul>\n");
    let counted = |count: Option<usize>| {
        count.map_or_else(String::new, |count| {
            let what = match layer.feature_word.is_empty() {
                true => String::new(),
                false => format!("<span class=\"unseen\"> {}</span>", escape(&layer.feature_word)),
            };
            format!("<span class=\"count\">{}{what}</span>", format_number(count as f64, 0, language))
        })
    };
    for row in rows {
        let _ = writeln!(
            html,
            "<li>{}<span>{}</span>{}</li>",
            swatch(round, &row.colour.to_string(), layer.opacity),
            escape(&row.label),
            counted(row.count)
        );
    }
    let missing = Some(layer.missing).filter(|missing| *missing > 0);
    let _ = writeln!(
        html,
        "<li>{}<span>{}</span>{}</li>\n</ul>",
        swatch(round, "url(#missing)", layer.opacity),
        language.pick("pas de donnée", "no data"),
        counted(missing)
    );
    if let Colouring::Classes { classes, .. } = &layer.colouring {
        let method = classes.method().name(language);
        let remark = classes.remark(language).map_or_else(String::new, |remark| format!(". {remark}"));
        let counts = match layer.feature_word.is_empty() {
            true => String::new(),
            false => format!(
                "{} {}. ",
                language.pick("À droite, le nombre de", "On the right, the number of"),
                layer.feature_word
            ),
        };
        let _ = writeln!(
            html,
            "<p>{}{}{colon}{}</p>",
            escape(&counts),
            language.pick("Méthode", "Method"),
            escape(&format!("{method}{remark}"))
        );
    }
    if !layer.note.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", escape(&layer.note));
    }
    if thinned {
        let _ = writeln!(html, "<p class=\"shown\" data-shown=\"{id}\"></p>");
    }
    html.push_str("</section>\n");
}

/// A sample of a colour, as strong as on the map. Its fill is an attribute, since strict policies forbid styles within a page.
fn swatch(round: bool, fill: &str, opacity: f64) -> String {
    let fill = format!("fill=\"{fill}\" fill-opacity=\"{opacity}\"");
    let shape = match round {
        true => format!("<circle cx=\"14\" cy=\"9\" r=\"6\" {fill}/>"),
        false => format!("<rect x=\".5\" y=\".5\" width=\"27\" height=\"17\" {fill}/>"),
    };
    format!("<svg class=\"swatch\" viewBox=\"0 0 28 18\" aria-hidden=\"true\">{shape}</svg>")
}
