//! The legend of circles and lines whose size shows an amount.
use std::fmt::Write;

use datagora_core::Language;

use super::counted;
use crate::render::escape;
use crate::web::WebLayer;
use crate::web::size::{Law, NO_AMOUNT, Scale, Sizes};
use crate::{Colour, format_number};

/// Writes which size means what: circles one within the other, lines and classes one below the other.
pub(super) fn write_sizes(
    html: &mut String,
    layer: &WebLayer,
    sizes: &Sizes,
    colours: &[Colour],
    opening: usize,
    language: Language,
) {
    let colour = match (layer.is_coloured(), colours) {
        (false, [colour, ..]) => *colour,
        _ => Colour::MUTED,
    };
    let samples = sizes.samples(language);
    let steps = sizes.steps();
    let data = |name: &str| steps.map(|_| format!("size-{name}"));
    let [zeros, missing] = sizes.zeros_and_missing(opening);
    if let (Law::Surface, Scale::Proportional { .. }) = (sizes.law, &sizes.scale) {
        write_nested(html, &samples, colour, layer.opacity, language);
    } else {
        let counts = sizes.classes().map(|classes| match steps {
            Some(values) => values.counts(opening, classes).0,
            None => classes.counts().to_vec(),
        });
        let what = match sizes.law {
            Law::Surface => language.pick("Surface des cercles", "Surface of circles"),
            Law::Width => language.pick("Largeur des traits", "Width of lines"),
        };
        let _ = writeln!(html, "<ul aria-label=\"{what}\">");
        for (at, (size, words)) in samples.iter().enumerate() {
            let class = samples.len() - 1 - at;
            let count = counts.as_ref().map_or_else(String::new, |counts| {
                counted(layer, counts[class], data(&class.to_string()), language)
            });
            let sample = match sizes.law {
                Law::Surface => sample_circle(*size, sizes.most, colour, layer.opacity),
                Law::Width => sample_line(*size, colour, layer.opacity),
            };
            let _ = writeln!(html, "<li class=\"sized\">{sample}<span>{}</span>{count}</li>", escape(words));
        }
        html.push_str("</ul>\n");
    }
    // At another step there may be some.
    if missing > 0 || steps.is_some() {
        let sample = match sizes.law {
            Law::Surface => "<circle cx=\"14\" cy=\"9\" r=\"3\" fill=\"#fff\"/>".to_owned(),
            Law::Width => format!(
                "<path d=\"M0 9H28\" stroke=\"{}\" stroke-width=\"1.2\" stroke-dasharray=\"3 3\"/>",
                NO_AMOUNT
            ),
        };
        let _ = writeln!(
            html,
            "<ul>\n<li><svg class=\"swatch\" viewBox=\"0 0 28 18\" aria-hidden=\"true\">{sample}</svg><span>{}</span>{}</li>\n</ul>",
            language.pick("pas de donnée", "no data"),
            counted(layer, missing, data("missing"), language)
        );
    }
    let proportional = matches!(sizes.scale, Scale::Proportional { .. });
    if proportional && (zeros > 0 || steps.is_some()) {
        let words = match sizes.law {
            Law::Surface => language.pick("Zéro, sans cercle\u{a0}:", "Zero, without circle:"),
            Law::Width => language.pick("Zéro, sans trait\u{a0}:", "Zero, without line:"),
        };
        let count = format_number(zeros as f64, 0, language);
        let data = data("zero").map_or_else(String::new, |name| format!(" data-count=\"{name}\""));
        let _ = writeln!(html, "<p>{words} <span{data}>{count}</span>.</p>");
    }
    if steps.is_some() {
        let common = match sizes.law {
            Law::Surface => {
                language.pick("Les mêmes tailles à tous les pas.", "The same sizes at all steps.")
            }
            Law::Width => {
                language.pick("Les mêmes largeurs à tous les pas.", "The same widths at all steps.")
            }
        };
        let _ = writeln!(html, "<p>{common}</p>");
    }
}

/// A circle of a class, as large as on the map.
fn sample_circle(radius: f64, most: f64, colour: Colour, opacity: f64) -> String {
    let side = 2.0 * most + 2.0;
    let height = (2.0 * radius + 4.0).max(18.0);
    format!(
        "<svg width=\"{side}\" height=\"{height:.1}\" aria-hidden=\"true\"><circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\" \
         fill=\"{colour}\" fill-opacity=\"{opacity}\"/></svg>",
        0.5 * side,
        0.5 * height
    )
}

/// A line as wide as on the map.
fn sample_line(width: f64, colour: Colour, opacity: f64) -> String {
    let height = (width + 4.0).max(18.0);
    format!(
        "<svg width=\"56\" height=\"{height:.1}\" aria-hidden=\"true\"><path d=\"M0 {0:.1}H56\" stroke=\"{colour}\" \
         stroke-opacity=\"{opacity}\" stroke-width=\"{width:.1}\"/></svg>",
        0.5 * height
    )
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
