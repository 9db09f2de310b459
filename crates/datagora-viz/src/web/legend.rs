//! The legend of a layer, as HTML.
mod differences;
mod sizes;

use std::fmt::Write;

use datagora_core::{Language, Unit};

use super::WebLayer;
use super::layer::{Colouring, Sign};
use super::size::Law;
use crate::map::KeyRow;
use crate::render::escape;
use crate::{Classes, Colour, format_number};
use differences::write_differences;
use sizes::write_sizes;

/// A row of a legend: colour, words, number of features.
pub(super) struct Row {
    pub(super) colour: Colour,
    pub(super) label: String,
    pub(super) count: Option<usize>,
}

/// The rows of a layer, the highest class on top; of steps, with the numbers of the one at which the page opens.
pub(super) fn rows(layer: &WebLayer, colours: &[Colour], opening: usize, language: Language) -> Vec<Row> {
    let of_classes = |classes: &Classes, counts: &[usize]| {
        let rounded = classes.rounded();
        let row = |class| Row {
            colour: colours[class],
            label: rounded.label(class, language),
            count: Some(counts[class]),
        };
        (0..classes.len()).rev().map(row).collect()
    };
    match &layer.colouring {
        Colouring::Classes { classes, .. } => of_classes(classes, classes.counts()),
        Colouring::Steps { values, classes, .. } => of_classes(classes, &values.counts(opening, classes).0),
        Colouring::Categories { categories, .. } => categories
            .iter()
            .zip(colours)
            .map(|(category, colour)| Row {
                colour: *colour,
                label: category.label.clone(),
                count: category.count,
            })
            .collect(),
        Colouring::Differences(changes) => changes
            .key(language)
            .into_iter()
            .zip(colours.iter().rev())
            .map(|(KeyRow { label, count, .. }, colour)| Row { colour: *colour, label, count: Some(count) })
            .collect(),
        Colouring::Single(_) | Colouring::Ground(_) => Vec::new(),
    }
}

/// Writes the legend of a layer that is drawn by data.
pub(super) fn write_legend(
    html: &mut String,
    layer: &WebLayer,
    colours: &[Colour],
    opening: usize,
    thinned: bool,
    language: Language,
) {
    let id = &layer.id;
    // Writing to a String cannot fail.
    let _ = writeln!(
        html,
        "<section class=\"legend\" data-legend=\"{id}\" aria-labelledby=\"legend-{id}\"{}>\n<h2 id=\"legend-{id}\">{}{}</h2>",
        if layer.hidden { " hidden=\"\"" } else { "" },
        escape(&layer.title),
        in_brackets(&match (&layer.sign, &layer.colouring) {
            (Sign::Sized(sizes), _) => sizes.unit.symbol(language),
            (_, Colouring::Differences(changes)) => changes.symbol(language),
            _ => symbol(layer.unit.as_ref(), language),
        },),
    );
    if let Sign::Sized(sizes) = &layer.sign {
        write_sizes(html, layer, sizes, colours, opening, language);
    }
    if let Colouring::Differences(changes) = &layer.colouring {
        write_differences(html, layer, changes, language);
    } else if layer.is_coloured() {
        write_colours(html, layer, colours, opening, language);
    }
    if !layer.note.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", escape(&layer.note));
    }
    if thinned {
        let _ = writeln!(html, "<p class=\"shown\" data-shown=\"{id}\"></p>");
    }
    html.push_str("</section>\n");
}

/// Writes what a layer is that is not drawn by data, if there is something to say.
pub(super) fn write_meaning(html: &mut String, layer: &WebLayer, colours: &[Colour]) {
    let (Some(meaning), [colour, ..]) = (layer.meaning(), colours) else { return };
    let shape = |colour: Colour, class: &str| match layer.sign {
        Sign::Line { .. } => {
            format!("<path class=\"{class}\" d=\"M1 9h26\" stroke=\"{colour}\" stroke-width=\"2.5\"/>")
        }
        Sign::Circle { .. } => {
            format!("<circle class=\"{class}\" cx=\"14\" cy=\"9\" r=\"6\" fill=\"{colour}\"/>")
        }
        _ => format!(
            "<rect class=\"{class}\" x=\".5\" y=\".5\" width=\"27\" height=\"17\" fill=\"{colour}\"/>"
        ),
    };
    // The base map has other colours on dark screens.
    let shapes = match layer.colouring {
        Colouring::Ground(ground) => {
            let [light, dark] = ground.colours();
            format!("{}{}", shape(light, "on-light"), shape(dark, "on-dark"))
        }
        _ => shape(*colour, "sign"),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        html,
        "<section class=\"legend\" data-legend=\"{}\" aria-label=\"{}\"{}>\n<ul>\n<li><svg class=\"swatch\" viewBox=\"0 0 28 18\" \
         aria-hidden=\"true\">{shapes}</svg><span>{}</span></li>\n</ul>\n</section>",
        layer.id,
        escape(&layer.title),
        if layer.hidden { " hidden=\"\"" } else { "" },
        escape(meaning),
    );
}

fn symbol(unit: Option<&Unit>, language: Language) -> String {
    unit.map_or_else(String::new, |unit| unit.symbol(language))
}

/// The symbol of a unit as it stands behind a title.
pub(super) fn in_brackets(symbol: &str) -> String {
    match symbol.is_empty() {
        true => String::new(),
        false => format!(" <span class=\"unit\">({})</span>", escape(symbol)),
    }
}

/// How many features there are, with their word for those who hear the page; `data` is the name under which the page finds the
/// number to write it anew.
fn counted(layer: &WebLayer, count: usize, data: Option<String>, language: Language) -> String {
    let what = match layer.feature_word.is_empty() {
        true => String::new(),
        false => format!("<span class=\"unseen\"> {}</span>", escape(&layer.feature_word)),
    };
    let data = data.map_or_else(String::new, |name| format!(" data-count=\"{name}\""));
    let count = format_number(count as f64, 0, language);
    format!("<span class=\"count\"><span{data}>{count}</span>{what}</span>")
}

/// What the numbers at the right are, and how classes were chosen.
fn write_method(html: &mut String, layer: &WebLayer, classes: &Classes, common: &str, language: Language) {
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
        "<p>{}{}{}{}</p>",
        escape(&counts),
        language.pick("Méthode", "Method"),
        language.pick("\u{a0}: ", ": "),
        escape(&format!("{method}{common}{remark}"))
    );
}

/// Writes which colour means what.
fn write_colours(
    html: &mut String,
    layer: &WebLayer,
    colours: &[Colour],
    opening: usize,
    language: Language,
) {
    let rows = rows(layer, colours, opening, language);
    let (steps, missing) = match &layer.colouring {
        Colouring::Steps { values, classes, .. } => (true, Some(values.counts(opening, classes).1)),
        _ => (false, Some(layer.missing).filter(|missing| *missing > 0)),
    };
    // Of steps, the page writes the numbers anew.
    let count = |count: Option<usize>, class: &dyn Fn() -> String| {
        count.map_or_else(String::new, |count| counted(layer, count, steps.then(class), language))
    };
    if let (Sign::Sized(_), Some(unit)) = (&layer.sign, &layer.unit) {
        let colour = language.pick("Couleur", "Colour");
        let _ = writeln!(html, "<p>{colour}{}</p>", in_brackets(&unit.symbol(language)));
    }
    html.push_str("<ul>\n");
    let round = match &layer.sign {
        Sign::Sized(sizes) => sizes.law == Law::Surface,
        sign => matches!(sign, Sign::Circle { .. }),
    };
    for (at, row) in rows.iter().enumerate() {
        let _ = writeln!(
            html,
            "<li>{}<span>{}</span>{}</li>",
            swatch(round, &row.colour.to_string(), layer.opacity),
            escape(&row.label),
            count(row.count, &|| (rows.len() - 1 - at).to_string())
        );
    }
    // What is missing at one step may be there at another.
    if steps || missing.is_some() {
        let _ = writeln!(
            html,
            "<li>{}<span>{}</span>{}</li>",
            swatch(round, "url(#missing)", layer.opacity),
            language.pick("pas de donnée", "no data"),
            count(missing, &|| "missing".to_owned())
        );
    }
    html.push_str("</ul>\n");
    if let Colouring::Classes { classes, .. } | Colouring::Steps { classes, .. } = &layer.colouring {
        let common = match steps {
            true => language.pick(". Les mêmes classes à tous les pas", ". The same classes at all steps"),
            false => "",
        };
        write_method(html, layer, classes, common, language);
    }
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
