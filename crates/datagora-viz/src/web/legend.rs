//! The legend of a layer, as HTML.
use std::fmt::Write;

use datagora_core::{Language, Unit};

use super::layer::{Colouring, Sign};
use super::size::Scale;
use super::{CircleSizes, WebLayer};
use crate::legend::{OF_SURFACE, plain, round_amounts};
use crate::render::escape;
use crate::{Classes, Colour, format_number};

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
        Colouring::Single(_) | Colouring::Ground(_) => Vec::new(),
    }
}

/// The circles that a legend shows: radius in px and words, the largest first.
pub(super) fn circles(sizes: &CircleSizes, language: Language) -> Vec<(f64, String)> {
    match &sizes.scale {
        Scale::Proportional { largest, .. } => {
            let circle = |amount| (sizes.radius_of(amount), plain(amount, language));
            round_amounts(*largest, OF_SURFACE).into_iter().map(circle).collect()
        }
        Scale::Graduated(classes) => {
            let rounded = classes.rounded();
            let circle = |class| (sizes.radius_in(class, classes), rounded.label(class, language));
            (0..classes.len()).rev().map(circle).collect()
        }
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
        "<section class=\"legend\" data-legend=\"{id}\" aria-labelledby=\"legend-{id}\"{}>\n<h3 id=\"legend-{id}\">{}{}</h3>",
        if layer.hidden { " hidden=\"\"" } else { "" },
        escape(&layer.title),
        in_brackets(
            match &layer.sign {
                Sign::Sized(sizes) => Some(&sizes.unit),
                _ => layer.unit.as_ref(),
            },
            language
        ),
    );
    if let Sign::Sized(sizes) = &layer.sign {
        write_sizes(html, layer, sizes, colours, language);
    }
    if layer.is_coloured() {
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

/// A unit as it stands behind a title.
pub(super) fn in_brackets(unit: Option<&Unit>, language: Language) -> String {
    let symbol = unit.map(|unit| unit.symbol(language)).filter(|symbol| !symbol.is_empty());
    symbol.map_or_else(String::new, |symbol| format!(" <span class=\"unit\">({})</span>", escape(&symbol)))
}

/// Writes which colour means what.
fn write_colours(
    html: &mut String,
    layer: &WebLayer,
    colours: &[Colour],
    opening: usize,
    language: Language,
) {
    let colon = language.pick("\u{a0}: ", ": ");
    let rows = rows(layer, colours, opening, language);
    let (steps, missing) = match &layer.colouring {
        Colouring::Steps { values, classes, .. } => (true, Some(values.counts(opening, classes).1)),
        _ => (false, Some(layer.missing).filter(|missing| *missing > 0)),
    };
    // Of steps, the page writes the numbers anew.
    let counted = |count: Option<usize>, class: String| {
        let data = if steps { format!(" data-count=\"{class}\"") } else { String::new() };
        count.map_or_else(String::new, |count| {
            let what = match layer.feature_word.is_empty() {
                true => String::new(),
                false => format!("<span class=\"unseen\"> {}</span>", escape(&layer.feature_word)),
            };
            let count = format_number(count as f64, 0, language);
            format!("<span class=\"count\"><span{data}>{count}</span>{what}</span>")
        })
    };
    if let (Sign::Sized(_), Some(unit)) = (&layer.sign, &layer.unit) {
        let _ = writeln!(
            html,
            "<p>{}{}</p>",
            language.pick("Couleur", "Colour"),
            in_brackets(Some(unit), language)
        );
    }
    html.push_str("<ul>\n");
    let round = matches!(layer.sign, Sign::Circle { .. } | Sign::Sized(_));
    for (at, row) in rows.iter().enumerate() {
        let _ = writeln!(
            html,
            "<li>{}<span>{}</span>{}</li>",
            swatch(round, &row.colour.to_string(), layer.opacity),
            escape(&row.label),
            counted(row.count, (rows.len() - 1 - at).to_string())
        );
    }
    let _ = writeln!(
        html,
        "<li>{}<span>{}</span>{}</li>\n</ul>",
        swatch(round, "url(#missing)", layer.opacity),
        language.pick("pas de donnée", "no data"),
        counted(missing, "missing".to_owned())
    );
    if let Colouring::Classes { classes, .. } | Colouring::Steps { classes, .. } = &layer.colouring {
        let method = classes.method().name(language);
        let remark = classes.remark(language).map_or_else(String::new, |remark| format!(". {remark}"));
        let common = match steps {
            true => language.pick(". Les mêmes classes à tous les pas", ". The same classes at all steps"),
            false => "",
        };
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
            escape(&format!("{method}{common}{remark}"))
        );
    }
}

/// Writes which size means what: circles one within the other, or one below the other for classes.
fn write_sizes(
    html: &mut String,
    layer: &WebLayer,
    sizes: &CircleSizes,
    colours: &[Colour],
    language: Language,
) {
    let colour = match (layer.is_coloured(), colours) {
        (false, [colour, ..]) => *colour,
        _ => Colour::MUTED,
    };
    let circles = circles(sizes, language);
    let list = |words: &[String], zeros: usize, missing: usize, html: &mut String| {
        html.push_str("<ul>\n");
        for word in words {
            html.push_str(word);
        }
        if missing > 0 {
            let _ = writeln!(
                html,
                "<li><svg class=\"swatch\" viewBox=\"0 0 28 18\" aria-hidden=\"true\"><circle cx=\"14\" cy=\"9\" r=\"3\" fill=\"#fff\"/></svg>\
                 <span>{}</span><span class=\"count\">{}</span></li>",
                language.pick("pas de donnée", "no data"),
                format_number(missing as f64, 0, language)
            );
        }
        html.push_str("</ul>\n");
        if zeros > 0 {
            let _ = writeln!(
                html,
                "<p>{} {}.</p>",
                language.pick("Zéro, sans cercle\u{a0}:", "Zero, without circle:"),
                format_number(zeros as f64, 0, language)
            );
        }
    };
    match &sizes.scale {
        Scale::Proportional { zeros, missing, .. } => {
            write_nested(html, &circles, colour, layer.opacity, language);
            if zeros + missing > 0 {
                list(&[], *zeros, *missing, html);
            }
        }
        Scale::Graduated(classes) => {
            let side = 2.0 * sizes.radius + 2.0;
            let rows: Vec<String> = circles
                .iter()
                .enumerate()
                .map(|(at, (radius, words))| {
                    let count = classes.counts()[classes.len() - 1 - at];
                    let height = (2.0 * radius + 4.0).max(18.0);
                    format!(
                        "<li class=\"sized\"><svg width=\"{side}\" height=\"{height:.1}\" aria-hidden=\"true\"><circle cx=\"{:.1}\" cy=\"{:.1}\" \
                         r=\"{radius:.1}\" fill=\"{colour}\" fill-opacity=\"{}\"/></svg><span>{}</span><span class=\"count\">{}</span></li>\n",
                        0.5 * side,
                        0.5 * height,
                        layer.opacity,
                        escape(words),
                        format_number(count as f64, 0, language)
                    )
                })
                .collect();
            list(&rows, 0, classes.missing(), html);
        }
    }
}

/// Circles that stand on the same ground, each with its amount beside its top.
fn write_nested(
    html: &mut String,
    circles: &[(f64, String)],
    colour: Colour,
    opacity: f64,
    language: Language,
) {
    let Some(&(widest, _)) = circles.first() else { return };
    let (centre, bottom) = (widest + 1.0, 2.0 * widest + 9.0);
    let mut label = f64::NEG_INFINITY;
    let mut marks = String::new();
    let mut texts = String::new();
    for (radius, words) in circles {
        let top = bottom - 2.0 * radius;
        // Words stand 15 px apart.
        label = top.max(label + 15.0);
        let end = centre + widest + 12.0;
        let _ = write!(
            marks,
            "<circle cx=\"{centre:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\" fill=\"{colour}\" fill-opacity=\"{}\"/>",
            bottom - radius,
            0.4 * opacity
        );
        let _ = write!(texts, "<path d=\"M{centre:.1} {top:.1}L{end:.1} {label:.1}\"/>");
        let _ =
            write!(texts, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", end + 4.0, label + 4.5, escape(words));
    }
    let said: Vec<&str> = circles.iter().map(|(_, words)| &words[..]).collect();
    let _ = writeln!(
        html,
        "<svg class=\"nested\" role=\"img\" aria-label=\"{}{}\" width=\"{:.0}\" height=\"{:.0}\">{marks}{texts}</svg>",
        language.pick("Surface des cercles\u{a0}: ", "Surface of circles: "),
        escape(&said.join(language.pick("\u{202f}; ", "; "))),
        centre + widest + 150.0,
        bottom.max(label + 8.0) + 2.0,
    );
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
