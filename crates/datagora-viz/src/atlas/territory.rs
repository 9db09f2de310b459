//! The page of a territory.
use std::fmt::Write;

use datagora_core::Language;

use super::document::{Book, open_page};
use super::words::{credits, portrait, short_amount, whole_heading};
use super::{Atlas, AtlasError, Indicator};
use crate::chart::{amount_or_reason, colon};
use crate::page::{Ids, squeeze, write_made};
use crate::render::{Caption, Form, escape, scene_to_svg};
use crate::{Captions, Chapter, Plate, Standing, Strip, StripChart, View};

pub(super) fn write(book: &Book<'_>, row: usize, html: &mut String, ids: &mut Ids) -> Result<(), AtlasError> {
    let atlas = book.atlas;
    let language = atlas.language;
    let anchor = &book.anchors[row];
    let page = open_page(book, html, ids, anchor);
    write_trail(book, row, html);
    html.push_str("<header class=\"portrait\">\n<div>\n");
    if atlas.made {
        write_made(html, language);
    }
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<h1 id=\"{}\">{}</h1>\n<p class=\"subtitle\">{}</p>\n",
        page.name,
        escape(&atlas.names[row]),
        escape(&atlas.title)
    );
    for sentence in portrait(atlas, row) {
        let _ = writeln!(html, "<p class=\"lead\">{}</p>", escape(&sentence));
    }
    html.push_str("</div>\n");
    write_locator(book, row, html, ids);
    let _ = write!(html, "</header>\n<div id=\"{}\" tabindex=\"-1\" class=\"content\">\n", page.content);
    if atlas.indicators().next().is_some() {
        let id = ids.claim(&format!("{anchor}-figures"));
        figures(atlas, row).write(html, &id, ids, language);
    }
    if atlas.indicators().any(|one| Standing::of(&one.values, row).is_some()) {
        let id = ids.claim(&format!("{anchor}-place"));
        place(book, row)?.write(html, &id, ids, language);
    }
    write_comparison(book, row, html, ids);
    for chapter in &atlas.chapters[row] {
        let id = ids.claim(&format!("{anchor}-{}", chapter.id()));
        chapter.write(html, &id, ids, language);
    }
    html.push_str("</div>\n<footer>\n");
    if let Some(credits) = credits(atlas) {
        let _ = writeln!(html, "<p>{}</p>", escape(&credits));
    }
    let _ = write!(
        html,
        "<p><a href=\"{}\">{}</a></p>\n</footer>\n",
        book.overview_address("definitions"),
        language.pick("Définitions et sources", "Definitions and sources")
    );
    html.push_str("</article>\n");
    Ok(())
}

/// Back to the overview, to the page before and to the next.
fn write_trail(book: &Book<'_>, row: usize, html: &mut String) {
    let Atlas { language, names, words, .. } = book.atlas;
    let order = book.order();
    let at = order.iter().position(|&other| other == row).unwrap_or(0);
    let count = order.len();
    let all = match language {
        Language::French => format!("Toutes les {words}"),
        Language::English => format!("All {words}"),
    };
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<nav class=\"trail\" aria-label=\"{}\">\n<ul>\n<li><a href=\"{}\">{}</a></li>\n",
        language.pick("Pages de l’atlas", "Pages of the atlas"),
        book.overview_address(""),
        escape(&all)
    );
    if count > 1 {
        let (before, after) = (order[(at + count - 1) % count], order[(at + 1) % count]);
        for (other, rel, sign, label) in [
            (before, "prev", "←", language.pick("Précédente", "Previous")),
            (after, "next", "→", language.pick("Suivante", "Next")),
        ] {
            let _ = writeln!(
                html,
                "<li><a rel=\"{rel}\" href=\"{}\"><span aria-hidden=\"true\">{sign}</span> <span class=\"unseen\">{label}{}</span>{}</a></li>",
                book.address(other),
                colon(*language),
                escape(&names[other])
            );
        }
    }
    html.push_str("</ul>\n</nav>\n");
}

fn write_locator(book: &Book<'_>, row: usize, html: &mut String, ids: &mut Ids) {
    let Atlas { language, names, whole, words, .. } = book.atlas;
    let Some(scene) = book.locator.scene(row) else { return };
    let name = &names[row];
    let (title, description) = match language {
        Language::French => (
            format!("Où se trouve {name}"),
            format!("Petite carte de toutes les {words} ({whole}), {name} en couleur."),
        ),
        Language::English => {
            (format!("Where {name} lies"), format!("Small map of all {words} ({whole}), {name} in colour."))
        }
    };
    let id = ids.claim(&format!("{}-locator", book.anchors[row]));
    let caption = Caption { id: &id, title: &title, description: &description, language: *language };
    let svg = squeeze(&scene_to_svg(&scene, &caption, Form::Page, ids.shared()));
    // Writing to a String cannot fail.
    let _ = writeln!(html, "<div class=\"locator\">{svg}</div>");
}

/// The main figures with their ranks.
fn figures(atlas: &Atlas, row: usize) -> Chapter {
    let language = atlas.language;
    let title = language.pick("En bref", "In short");
    atlas.headlines().into_iter().fold(Chapter::new("figures", title, ""), |chapter, indicator| {
        let mut label = indicator.name.clone();
        if let Some(standing) = Standing::of(&indicator.values, row) {
            label = format!("{label} · {}", standing.describe(language));
        }
        chapter.with_figure(short_amount(&indicator.values[row], language), label)
    })
}

/// Most indicators in one chart of places: more would not be read on one sheet of paper.
const STRIPS: usize = 9;

/// Where the territory stands among all, in one chart or, where themes have many indicators together, in several.
fn place(book: &Book<'_>, row: usize) -> Result<Chapter, AtlasError> {
    let atlas = book.atlas;
    let heading = atlas.language.pick("Sa place", "Its place");
    let mut chapter = Chapter::new("place", heading, "");
    for (number, themes) in (1..).zip(charts(&atlas.themes)) {
        let mut told = themes.iter().flat_map(|(_, indicators)| indicators);
        if told.any(|one| Standing::of(&one.values, row).is_some()) {
            let id = match number {
                1 => format!("{}-profile", book.anchors[row]),
                _ => format!("{}-profile-{number}", book.anchors[row]),
            };
            chapter = chapter.with_plate(Plate::new(strips(book, row, themes, id)?));
        }
    }
    Ok(chapter)
}

/// Themes that stand in one chart together: as many as have no more than [`STRIPS`] indicators, or one.
fn charts(themes: &[(String, Vec<Indicator>)]) -> Vec<&[(String, Vec<Indicator>)]> {
    let mut charts = Vec::new();
    let (mut from, mut count) = (0, 0);
    for (at, (_, indicators)) in themes.iter().enumerate() {
        if count > 0 && count + indicators.len() > STRIPS {
            charts.push(&themes[from..at]);
            (from, count) = (at, 0);
        }
        count += indicators.len();
    }
    charts.push(&themes[from..]);
    charts
}

/// Where the territory stands among all by the indicators of some themes.
fn strips(
    book: &Book<'_>,
    row: usize,
    themes: &[(String, Vec<Indicator>)],
    id: String,
) -> Result<View, AtlasError> {
    let Atlas { language, names, words, whole, made, .. } = book.atlas;
    let name = &names[row];
    let mut title = match language {
        Language::French => format!("Où se situe {name} parmi les {words}"),
        Language::English => format!("Where {name} stands among the {words}"),
    };
    if themes.len() < book.atlas.themes.len() {
        let told: Vec<&str> =
            themes.iter().map(|(theme, _)| &theme[..]).filter(|theme| !theme.is_empty()).collect();
        title = format!("{title}{}{}", colon(*language), told.join(", "));
    }
    let peers = match language {
        Language::French => format!("{words} proches de taille comparable"),
        Language::English => format!("nearby {words} of similar size"),
    };
    let mut chart = StripChart::new(names, row, words)
        .with_peers(book.peers[row].iter().copied(), peers)
        .with_reference_word(whole);
    for (theme, indicators) in themes {
        if !theme.is_empty() && !indicators.is_empty() {
            chart = chart.with_section(theme);
        }
        for indicator in indicators {
            let mut strip = Strip::new(&indicator.name, indicator.unit.clone(), &indicator.values);
            if let Some(whole) = indicator.whole.as_ref().filter(|_| !indicator.total) {
                strip = strip.with_reference(whole.clone());
            }
            chart = chart.with_strip(if indicator.logarithmic { strip.with_log_scale() } else { strip });
        }
    }
    let subtitle = language.pick(
        "chaque ligne a son échelle, de la valeur la plus basse à la plus élevée\u{202f}; rang 1\u{a0}: la plus élevée",
        "each line has its own scale, from the lowest value to the highest; rank 1 is the highest",
    );
    let captions = Captions::new(id, &title, *language).with_subtitle(subtitle).with_made(*made);
    chart.draw(&captions).map_err(|source| AtlasError::Chart { name: name.clone(), source })
}

/// The territory beside the whole and those like it, as a table.
fn write_comparison(book: &Book<'_>, row: usize, html: &mut String, ids: &mut Ids) {
    let atlas = book.atlas;
    let language = atlas.language;
    let columns: Vec<usize> = std::iter::once(row).chain(book.peers[row].iter().copied()).collect();
    let wholes = atlas.indicators().any(|one| one.whole.is_some());
    if atlas.indicators().next().is_none() {
        return;
    }
    let id = ids.claim(&format!("{}-comparison", book.anchors[row]));
    let heading = language.pick("En comparaison", "In comparison");
    // Of each indicator the amounts of the columns, then that of the whole if there is one.
    let amounts: Vec<Vec<String>> = atlas
        .indicators()
        .map(|indicator| {
            let told = columns.iter().map(|&column| amount_or_reason(&indicator.values[column], language));
            let whole = wholes.then(|| match &indicator.whole {
                Some(value) => amount_or_reason(value, language),
                None => "–".to_owned(),
            });
            told.chain(whole).collect()
        })
        .collect();
    let mut caption = match language {
        Language::French => format!("{}, {} proches de taille comparable", atlas.names[row], atlas.words),
        Language::English => format!("{}, nearby {} of similar size", atlas.names[row], atlas.words),
    };
    if wholes {
        caption.push_str(language.pick(", ensemble", ", the whole"));
    }
    caption.push('.');
    if amounts.iter().flatten().any(|amount| amount.contains('[')) {
        caption.push_str(language.pick(" Entre crochets\u{a0}: intervalle.", " In brackets: interval."));
    }
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<section id=\"{id}\" class=\"chapter comparison\">\n<h2>{heading}</h2>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{heading}\">\n<table><caption>{}</caption><thead><tr><th scope=\"col\">{}</th>",
        escape(&caption),
        language.pick("Indicateur", "Indicator")
    );
    for &column in &columns {
        let name = escape(&atlas.names[column]);
        let _ = match column == row {
            true => write!(html, "<th scope=\"col\" class=\"number own\">{name}</th>"),
            false => write!(
                html,
                "<th scope=\"col\" class=\"number\"><a href=\"{}\">{name}</a></th>",
                book.address(column)
            ),
        };
    }
    if wholes {
        let _ = write!(html, "<th scope=\"col\" class=\"number\">{}</th>", escape(&whole_heading(atlas)));
    }
    html.push_str("</tr></thead><tbody>\n");
    for (indicator, amounts) in atlas.indicators().zip(&amounts) {
        let _ = write!(html, "<tr><th scope=\"row\">{}</th>", escape(&indicator.name));
        for (at, amount) in amounts.iter().enumerate() {
            let own = if columns.get(at) == Some(&row) { " own" } else { "" };
            let _ = write!(html, "<td class=\"number{own}\">{}</td>", escape(amount));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n</div>\n</section>\n");
}
