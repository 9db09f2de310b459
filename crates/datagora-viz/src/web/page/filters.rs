//! The controls of filters: histograms with two handles, categories with boxes.
use std::fmt::Write;

use datagora_core::Language;

use super::Content;
use crate::format_number;
use crate::render::escape;
use crate::web::filter::{Binned, Scale};
use crate::web::legend::in_brackets;

/// Height of the highest bar of a histogram.
const HEIGHT: f64 = 100.0;

impl Content<'_> {
    pub(super) fn write_filters(&self, html: &mut String) {
        if self.groups.is_empty() {
            return;
        }
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<section class=\"filters\" id=\"filters\" aria-labelledby=\"filters-name\">\n<h2 id=\"filters-name\">{}</h2>",
            say("Filtrer", "Filter")
        );
        for group in &self.groups {
            for (number, filter) in group.numbers.iter().zip(&group.filters) {
                match &filter.scale {
                    Scale::Edges { unit, edges } => {
                        let unit = in_brackets(&unit.symbol(self.language));
                        self.write_range(html, *number, filter, edges, &unit);
                    }
                    Scale::Categories(categories) => {
                        let _ = writeln!(
                            html,
                            "<fieldset class=\"filter\" data-filter=\"{number}\"><legend>{}</legend>\n<ul>",
                            escape(&filter.filter.label)
                        );
                        for (at, category) in categories.iter().enumerate() {
                            let _ = writeln!(
                                html,
                                "<li><label><input type=\"checkbox\" data-bin=\"{at}\" checked=\"\"/> {}</label>\
                                 <span class=\"count\" data-left=\"{at}\">{}</span></li>",
                                escape(&category.label),
                                format_number(filter.counts[at] as f64, 0, self.language)
                            );
                        }
                        let _ = writeln!(html, "</ul>{}</fieldset>", missing_words(filter, self.language));
                    }
                }
            }
            let _ = writeln!(html, "<p class=\"left\" data-group=\"{}\"></p>", escape(group.layer));
        }
        let _ = writeln!(
            html,
            "<button type=\"button\" id=\"filters-reset\">{}</button>\n</section>",
            say("Tout montrer", "Show all")
        );
    }

    fn write_range(&self, html: &mut String, number: usize, filter: &Binned<'_>, edges: &[f64], unit: &str) {
        let language = self.language;
        let say = |french: &'static str, english: &'static str| language.pick(french, english);
        let label = escape(&filter.filter.label);
        let n = filter.counts.len();
        let most = filter.counts.iter().copied().max().unwrap_or(0).max(1);
        let _ = writeln!(
            html,
            "<fieldset class=\"filter\" data-filter=\"{number}\"><legend>{label}{unit}</legend>\n<p class=\"unseen\">{}</p>\n\
             <div class=\"range\"><svg data-most=\"{}\" viewBox=\"0 0 {n} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            escape(&describe(filter, edges, language)),
            most
        );
        for class in ["all", "left"] {
            for (bin, count) in filter.counts.iter().enumerate() {
                let height = HEIGHT * *count as f64 / most as f64;
                let data = if class == "left" { format!(" data-left=\"{bin}\"") } else { String::new() };
                let _ = write!(
                    html,
                    "<rect class=\"{class}\"{data} x=\"{:.2}\" y=\"{:.1}\" width=\".9\" height=\"{height:.1}\"/>",
                    bin as f64 + 0.05,
                    HEIGHT - height
                );
            }
        }
        html.push_str("</svg>\n");
        for (end, value, name) in
            [("low", 0, say("au moins", "at least")), ("high", n, say("moins de", "below"))]
        {
            let _ = writeln!(
                html,
                "<input type=\"range\" data-end=\"{end}\" min=\"0\" max=\"{n}\" step=\"1\" value=\"{value}\" aria-label=\"{label}{}{name}\"/>",
                say("\u{a0}: ", ": ")
            );
        }
        let _ = writeln!(
            html,
            "</div>\n<p class=\"range-words\"></p>{}</fieldset>",
            missing_words(filter, language)
        );
    }
}

/// What a histogram shows, for those who do not see it.
fn describe(filter: &Binned<'_>, edges: &[f64], language: Language) -> String {
    let number = |value: f64| format_number(value, filter.decimals(), language);
    let count = |count: usize| format_number(count as f64, 0, language);
    let n = filter.counts.len();
    // The first of the fullest.
    let fullest = (0..n).rev().max_by_key(|&bin| filter.counts[bin]).unwrap_or(0);
    let known = count(filter.counts.iter().sum());
    let (low, high) = (number(edges[0]), number(edges[n]));
    let (from, to, most) =
        (number(edges[fullest]), number(edges[fullest + 1]), count(filter.counts[fullest]));
    match language {
        Language::French => {
            format!("{known} valeurs de {low} à {high}, le plus souvent de {from} à {to} ({most}).")
        }
        Language::English => {
            format!("{known} values from {low} to {high}, most often {from} to {to} ({most}).")
        }
    }
}

fn missing_words(filter: &Binned<'_>, language: Language) -> String {
    match filter.missing() {
        0 => String::new(),
        missing => {
            let missing = format_number(missing as f64, 0, language);
            match language {
                Language::French => format!("<p>Sans valeur, hors de tout choix\u{a0}: {missing}.</p>"),
                Language::English => format!("<p>Without value, outside every choice: {missing}.</p>"),
            }
        }
    }
}
