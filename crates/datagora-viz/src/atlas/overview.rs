//! The overview of an atlas.
use std::fmt::Write;

use datagora_core::Language;

use super::document::{Book, Form, OVERVIEW, open_page};
use super::words::{cell, definitions, short_amount, takeaways, whole_heading};
use super::{Atlas, AtlasError, Indicator};
use crate::chart::capitalised;
use crate::page::{Ids, write_made};
use crate::render::escape;
use crate::{Captions, Chapter, Choropleth, Plate, Section, View};

pub(super) fn write(book: &Book<'_>, html: &mut String, ids: &mut Ids) -> Result<(), AtlasError> {
    let atlas = book.atlas;
    let language = atlas.language;
    let page = open_page(book, html, ids, OVERVIEW);
    html.push_str("<header>\n");
    if atlas.made {
        write_made(html, language);
    }
    // Writing to a String cannot fail.
    let _ = writeln!(html, "<h1 id=\"{}\">{}</h1>", page.name, escape(&atlas.title));
    if !atlas.subtitle.is_empty() {
        let _ = writeln!(html, "<p class=\"subtitle\">{}</p>", escape(&atlas.subtitle));
    }
    for paragraph in &atlas.lead {
        let _ = writeln!(html, "<p class=\"lead\">{}</p>", escape(paragraph));
    }
    html.push_str("</header>\n<div class=\"columns\">\n");

    let sections = sections(book)?;
    // All take their anchors first: those of plates within them come after.
    let named: Vec<(String, &Part)> = sections.iter().map(|part| (ids.claim(part.id()), part)).collect();
    let _ = write!(html, "<nav aria-label=\"{}\">\n<ul>\n", language.pick("Sommaire", "Contents"));
    for (id, part) in &named {
        let _ = writeln!(html, "<li><a href=\"#{id}\">{}</a></li>", escape(&part.title(atlas)));
    }
    if book.form == Form::OneFile {
        let _ = writeln!(
            html,
            "<li class=\"every\"><a href=\"#all\">{}</a></li>",
            language.pick("Toutes les pages, pour imprimer", "All pages, for printing")
        );
    }
    let _ = write!(html, "</ul>\n</nav>\n<div id=\"{}\" tabindex=\"-1\" class=\"content\">\n", page.content);
    for (id, part) in &named {
        match part {
            Part::Words(section) => section.write(html, id),
            Part::Chapter(chapter) => {
                chapter.write(html, id, ids, language);
            }
            Part::Ranking => write_ranking(book, html, id),
        }
    }
    html.push_str("</div>\n</div>\n</article>\n");
    Ok(())
}

/// What stands under a heading of its own.
enum Part {
    Words(Section),
    Chapter(Chapter),
    Ranking,
}

impl Part {
    fn id(&self) -> &str {
        match self {
            Self::Words(section) => section.id(),
            Self::Chapter(chapter) => chapter.id(),
            Self::Ranking => "ranking",
        }
    }

    fn title(&self, atlas: &Atlas) -> String {
        match self {
            Self::Words(section) => section.title().to_owned(),
            Self::Chapter(chapter) => chapter.title().to_owned(),
            Self::Ranking => ranking_title(atlas),
        }
    }
}

fn sections(book: &Book<'_>) -> Result<Vec<Part>, AtlasError> {
    let atlas = book.atlas;
    let mut maps = maps(book)?.into_iter().map(Part::Chapter);
    let mut parts: Vec<Part> =
        Some(takeaways(atlas)).filter(|section| !section.is_empty()).map(Part::Words).into_iter().collect();
    parts.extend(wholes(atlas).map(Part::Chapter));
    parts.extend(maps.next());
    parts.push(Part::Ranking);
    parts.extend(maps);
    parts.extend(atlas.overview.iter().cloned().map(Part::Chapter));
    parts.push(Part::Words(definitions(atlas)));
    parts.extend(atlas.closing.iter().cloned().map(Part::Words));
    Ok(parts)
}

fn ranking_title(atlas: &Atlas) -> String {
    let count = atlas.language.group_digits(atlas.names.len() as u64);
    match atlas.language {
        Language::French => format!("Les {count} {}", atlas.words),
        Language::English => format!("The {count} {}", atlas.words),
    }
}

/// The main figures of all territories together.
fn wholes(atlas: &Atlas) -> Option<Chapter> {
    let chapter = Chapter::new("whole", whole_heading(atlas), "");
    let figures: Vec<(String, String)> = atlas
        .headlines()
        .into_iter()
        .filter_map(|one| Some((short_amount(one.whole.as_ref()?, atlas.language), one.name.clone())))
        .collect();
    (!figures.is_empty()).then(|| {
        figures.into_iter().fold(chapter, |chapter, (number, label)| chapter.with_figure(number, label))
    })
}

/// The maps: the first on its own, the others by theme.
fn maps(book: &Book<'_>) -> Result<Vec<Chapter>, AtlasError> {
    let atlas = book.atlas;
    let language = atlas.language;
    let mut chapters: Vec<Chapter> = Vec::new();
    let lead = match language {
        Language::French => {
            format!("Un clic sur une {} ouvre sa page\u{202f}; le tableau y mène aussi.", atlas.word)
        }
        Language::English => format!("A click on a {} opens its page; so does the table.", atlas.word),
    };
    for (number, (theme, indicators)) in atlas.themes.iter().enumerate() {
        let heading = match &theme[..] {
            "" => language.pick("Cartes", "Maps").to_owned(),
            theme => format!("{}{}{theme}", language.pick("Cartes", "Maps"), crate::chart::colon(language)),
        };
        let mut chapter = Chapter::new(format!("maps-{}", number + 1), heading, "");
        for indicator in indicators {
            let Some(view) = map(book, indicator)? else { continue };
            let plate = Plate::new(view);
            if chapters.is_empty() {
                let heading = language.pick("La carte", "The map");
                chapters.push(Chapter::new("map", heading, lead.clone()).with_plate(plate));
            } else {
                chapter = chapter.with_plate(plate);
            }
        }
        if !chapter.plates().is_empty() {
            chapters.push(chapter);
        }
    }
    Ok(chapters)
}

fn map(book: &Book<'_>, indicator: &Indicator) -> Result<Option<View>, AtlasError> {
    let atlas = book.atlas;
    let Some((method, palette)) = &indicator.map else { return Ok(None) };
    if indicator.values.iter().all(|value| value.value().is_none()) {
        return Ok(None);
    }
    let links = (0..atlas.names.len()).map(|row| book.address(row)).collect();
    let options = atlas.options.clone().with_zone_word(&atlas.words).with_links(links);
    let captions = Captions::new(format!("map-{}", indicator.id), &indicator.name, atlas.language)
        .with_subtitle(&indicator.definition)
        .with_credits(datagora_core::attribution(&indicator.credits, atlas.language))
        .with_made(atlas.made);
    let map = Choropleth::new(&atlas.places, &atlas.names, &indicator.values)
        .with_measure(&indicator.name)
        .with_method(method.clone(), 5)
        .with_palette(palette.clone());
    let map = match indicator.statistic {
        Some(statistic) => map.with_statistic(statistic),
        None => map,
    };
    let view = map
        .draw(&options, &captions)
        .map_err(|source| AtlasError::Map { name: indicator.name.clone(), source })?;
    Ok(Some(view))
}

/// On paper there is room for the main indicators only.
fn class(indicator: &Indicator, headlines: &[&Indicator]) -> &'static str {
    match headlines.iter().any(|one| one.id == indicator.id) {
        true => "number",
        false => "number more",
    }
}

/// The table of all territories, which leads to their pages.
fn write_ranking(book: &Book<'_>, html: &mut String, id: &str) {
    let atlas = book.atlas;
    let language = atlas.language;
    let title = escape(&ranking_title(atlas));
    let search = match language {
        Language::French => format!("Chercher une {}", atlas.word),
        Language::English => format!("Find a {}", atlas.word),
    };
    let (found, none) = match language {
        Language::French => ("{n} sur {all}", "aucune ne porte ce nom"),
        Language::English => ("{n} of {all}", "none has this name"),
    };
    let sort = language.pick("trier", "sort");
    // Writing to a String cannot fail.
    let headlines = atlas.headlines();
    let _ = write!(
        html,
        "<section id=\"{id}\" class=\"chapter ranking\" data-sort=\"{sort}\" data-found=\"{found}\" data-none=\"{none}\">\n<h2>{title}</h2>\n\
         <form class=\"find\" role=\"search\" hidden=\"\"><label for=\"{id}-name\">{}</label> \
         <input type=\"search\" id=\"{id}-name\" autocomplete=\"off\" spellcheck=\"false\"/> <span role=\"status\"></span></form>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">\n<table><caption>{}</caption><thead><tr><th scope=\"col\" aria-sort=\"ascending\">{}</th>",
        escape(&search),
        language.pick(
            "Chaque nom mène à sa page. Un tiret\u{a0}: pas de valeur\u{202f}; «\u{a0}secret\u{a0}»\u{a0}: secret statistique.",
            "Each name leads to its page. A dash: no value; “secret”: statistical secrecy."
        ),
        escape(&capitalised(&atlas.word)),
    );
    for indicator in atlas.indicators() {
        let class = class(indicator, &headlines);
        let _ = write!(html, "<th scope=\"col\" class=\"{class}\">{}", escape(&indicator.name));
        let symbol = indicator.unit.symbol(language);
        if !symbol.is_empty() {
            let _ = write!(html, " <span class=\"unit\">({})</span>", escape(&symbol));
        }
        html.push_str("</th>");
    }
    html.push_str("</tr></thead><tbody>\n");
    for row in book.order() {
        let _ = write!(
            html,
            "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th>",
            book.address(row),
            escape(&atlas.names[row])
        );
        for indicator in atlas.indicators() {
            let value = &indicator.values[row];
            // Values known only by bounds are sorted by the lower one.
            let key = value.value().or(value.interval().map(|interval| interval.lower));
            let key = key.map_or_else(String::new, |key| format!(" data-value=\"{key}\""));
            let class = class(indicator, &headlines);
            let _ = write!(html, "<td class=\"{class}\"{key}>{}</td>", escape(&cell(value, language)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n</div>\n</section>\n");
}
