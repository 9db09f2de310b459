use std::collections::BTreeSet;

use datagora_core::{Month, Unit};

use super::ids::anchors;
use super::*;
use crate::{Axis, Captions, Colour, Column, DataTable, Fan, Fill, Line, LineChart, Scene, View};

fn lines(id: &str, language: Language) -> View {
    let axis = Axis::months(Month::parse("2023-01").expect("a month"), 24, language);
    let mut values: Vec<f64> = (0..18).map(|k| 400.0 + 10.0 * f64::from(k % 12)).collect();
    values.extend([f64::NAN; 6]);
    let points = vec![450.0; 6];
    let bands = vec![(0.8, vec![400.0; 6], vec![500.0; 6])];
    LineChart::new(axis, Unit::of("{bicycle}/d"))
        .with_line(Line::new("Vélos <quai> & \"pont\"", values).with_fan(Fan { start: 18, points, bands }))
        .draw(
            &Captions::new(id, format!("Vélos & <piétons> de {id}"), language)
                .with_credits("Source: https://data.grandlyon.com"),
        )
        .expect("a sound chart")
}

/// A view without a picture for narrow screens, with a hatch.
fn hatched(id: &str, language: Language) -> View {
    let mut scene = Scene::new(100.0, 50.0);
    scene.rect(crate::Extent { left: 0.0, top: 0.0, right: 9.0, bottom: 9.0 }, Fill::Hatch(Colour::MUTED));
    let table = DataTable::new("Zones").with(Column::text("Zone", ["Bron"]));
    View::new(id, "Zones", scene, table, "Une carte.", language)
}

fn page(language: Language) -> Page {
    Page::new("L’atlas & <tout>", language)
        .with_subtitle("Sous-titre \"cité\"")
        .with_lead("Un chapeau.")
        .with_lead("Un second.")
        .with_made(true)
        .with_chapter(
            Chapter::new("velo", "À vélo", "Où & quand\u{202f}?")
                .with_figure("1\u{202f}234", "vélos < jour")
                .with_plate(
                    Plate::new(lines("velo", language))
                        .with_download("SVG", "velo.svg")
                        .with_download("CSV", "//données.csv"),
                )
                .with_plate(Plate::new(lines("velo", language))),
        )
        .with_chapter(
            Chapter::new("zones", "Zones", "")
                .with_plate(Plate::new(hatched("z", language)))
                .with_plate(Plate::new(hatched("z", language))),
        )
        .with_closing(
            Section::new("velo", "Sources")
                .with_item("Licence <1>\u{a0}: https://example.org/licence")
                .with_item("Deux")
                .with_paragraph("Fin."),
        )
}

/// Reads markup as XML: every tag closed in order, every attribute quoted; returns the names of elements.
fn elements(html: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a document type");
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a stray > in {:?}", &rest[..at]);
        let end = at + rest[at..].find('>').expect("a tag that ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split_ascii_whitespace().next().expect("a name");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        all.push(name.to_owned());
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("styles end")..];
        }
        if !empty {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    all
}

#[test]
fn pages_are_well_formed_whatever_the_texts() {
    for language in [Language::French, Language::English] {
        let names = elements(&page(language).to_html());
        let count = |name: &str| names.iter().filter(|n| *n == name).count();
        assert_eq!([count("main"), count("h1"), count("h2"), count("figure")], [1, 1, 3, 4]);
        // Two plates for wide and narrow screens, two alone, and the outlines that they share.
        assert_eq!(count("svg"), 7);
    }
    elements(&Page::new("", Language::French).to_html());
}

#[test]
fn anchors_are_unique_and_every_link_and_label_has_its_target() {
    let html = page(Language::French).to_html();
    let ids: Vec<&str> = anchors(&html).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    let after = |mark: &str| {
        html.split(mark).skip(1).filter_map(|rest| rest.split(['"', ')']).next()).collect::<Vec<&str>>()
    };
    let labels = after("labelledby=\"").into_iter().flat_map(str::split_ascii_whitespace);
    let targets: Vec<&str> = after("href=\"#").into_iter().chain(after("url(#")).chain(labels).collect();
    assert!(targets.len() > 20);
    for target in targets {
        assert!(unique.contains(target), "nothing is called {target}");
    }
}

#[test]
fn nothing_comes_from_the_network() {
    let html = page(Language::English).to_html();
    for mark in ["src=\"", "<script", "<link", "@import", "srcset", "<iframe", "<base"] {
        assert!(!html.contains(mark), "{mark}");
    }
    for address in html.split("href=\"").skip(1) {
        assert!(!address.starts_with('/') && !address.split('"').next().is_some_and(|a| a.contains(':')));
    }
    let loads: Vec<&str> = html.split("url(").skip(1).collect();
    assert_eq!(loads.iter().filter(|load| load.starts_with("data:font/ttf;base64,AAEAAA")).count(), 2);
    assert!(loads.iter().all(|load| load.starts_with("data:") || load.starts_with('#')));
    assert!(html.contains("https://example.org/licence</li>"), "addresses in texts are plain text");
    assert!(html.contains("href=\"donn%C3%A9es.csv\""));
}

#[test]
fn every_picture_has_its_words_and_its_table() {
    let page = page(Language::French);
    let html = page.to_html();
    for plate in page.chapters.iter().flat_map(Chapter::plates) {
        let view = plate.view();
        assert!(html.contains(&view.table().to_html(view.language())));
        assert!(html.contains(&format!("<p>{}</p>", escape(view.description()))));
    }
    assert_eq!(html.matches("<table>").count(), 4);
    assert_eq!(html.matches("class=\"compact\"").count(), 2);
    assert_eq!(html.matches("class=\"alone\"").count(), 2);
}

#[test]
fn words_are_those_of_the_language() {
    let french = page(Language::French).to_html();
    let english = page(Language::English).to_html();
    assert!(french.contains("<html lang=\"fr\">") && english.contains("<html lang=\"en\">"));
    for (fr, en) in [
        ("Aller au contenu", "Skip to content"),
        ("aria-label=\"Sommaire\"", "aria-label=\"Contents\""),
        ("<summary>Données", "<summary>Data"),
        ("Télécharger", "Download"),
        ("Cette ville n’existe pas\u{a0}:", "This city does not exist:"),
    ] {
        assert!(french.contains(fr) && !french.contains(en), "{fr}");
        assert!(english.contains(en) && !english.contains(fr), "{en}");
    }
}

#[test]
fn a_plate_in_another_language_says_so() {
    let chapter = |language| Chapter::new("c", "C", "").with_plate(Plate::new(hatched("z", language)));
    let html = Page::new("P", Language::English)
        .with_chapter(chapter(Language::French))
        .with_chapter(chapter(Language::English))
        .to_html();
    assert!(html.contains("<article class=\"plate\" id=\"z\" lang=\"fr\">"));
    assert!(html.contains("<article class=\"plate\" id=\"z-2\">"));
    assert!(html.contains("<summary>Données") && html.contains("<summary>Data"));
}

#[test]
fn observed_data_bear_no_mark() {
    let html = page(Language::French).with_made(false).to_html();
    assert!(!html.contains("class=\"made\"") && !html.contains("Ville fabriquée"));
    assert!(
        page(Language::French).to_html().contains("content=\"Ville fabriquée – données générées. Sous-titre")
    );
}

#[test]
fn same_page_same_bytes() {
    assert_eq!(page(Language::French).to_html(), page(Language::French).to_html());
}

/// The value of a colour of the style sheet: by day or, where it differs, by night.
fn colour(name: &str, night: bool) -> Colour {
    let (day, dark) = STYLE.split_once("prefers-color-scheme: dark").expect("a dark scheme");
    let find = |style: &str| Some(style.split(&format!("--{name}: #")).nth(1)?.get(..6)?.to_owned());
    let value = night.then(|| find(dark)).flatten().or_else(|| find(day)).expect("a colour");
    let part = |at: usize| u8::from_str_radix(&value[at..at + 2], 16).expect("hexadecimal");
    Colour::rgb(part(0), part(2), part(4))
}

#[test]
fn texts_stand_out_from_their_ground_by_day_and_by_night() {
    for night in [false, true] {
        let colour = |name| colour(name, night);
        let grounds = [colour("paper"), colour("card"), colour("head")];
        for ground in grounds {
            for text in ["ink", "muted", "accent"] {
                assert!(colour(text).contrast(ground) >= 4.5, "{text}, night {night}");
            }
            assert!(colour("focus").contrast(ground) >= 3.0, "night {night}");
        }
        assert!(colour("made").contrast(Colour::WHITE) >= 4.5);
    }
}

#[test]
fn lines_to_remember_come_first_and_lead_to_their_views() {
    let html = Page::new("P", Language::English)
        .with_chapter(
            Chapter::new("c", "C", "")
                .with_takeaway("12 <ha>", "of ground", None)
                .with_takeaway("7", "zones & more", Some("z"))
                .with_takeaway("8", "of a view that is not there", Some("nowhere"))
                .with_figure("9", "folded")
                .with_plate(Plate::new(lines("other", Language::English)))
                .with_plate(Plate::new(hatched("z", Language::English))),
        )
        .to_html();
    let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("{words} is missing"));
    assert!(at("<h3>What to remember</h3>") < at("<strong>12 &lt;ha&gt;</strong>"));
    assert!(
        at("zones &amp; more <a href=\"#z\">See<span class=\"unseen\">: Zones</span></a>")
            < at("One more figure")
    );
    assert!(
        at("<details class=\"further\">") < at("<strong>9</strong>")
            && at("<strong>9</strong>") < at("<article")
    );
    assert!(!html.contains("#nowhere"));
    elements(&html);
}

#[test]
fn contents_lead_to_chapters_and_to_their_pictures() {
    let html = page(Language::French).to_html();
    let nav = html.split("<nav").nth(1).and_then(|rest| rest.split("</nav>").next()).expect("contents");
    assert_eq!(nav.matches("<summary>2 figures<").count(), 2);
    for link in ["href=\"#velo\"", "href=\"#velo-3\"", "href=\"#velo-4\"", "href=\"#z\"", "href=\"#z-2\""] {
        assert!(nav.contains(link), "{link} is not in {nav}");
    }
}

#[test]
fn ways_to_other_forms_stand_on_top() {
    let html = Page::new("P", Language::English)
        .with_page("Story", "maps/récit.html")
        .with_download("PDF", "//p.pdf")
        .to_html();
    assert!(html.contains("<li><a href=\"maps/r%C3%A9cit.html\">Story</a></li>"));
    assert!(html.contains("<li><a href=\"p.pdf\" download=\"\">PDF</a></li>"));
}

#[test]
fn a_table_may_be_shortened_where_its_whole_is_beside_the_page() {
    let table = DataTable::new("Zones").with(Column::text("Zone", ["Bron", "Lyon", "Oullins"]));
    let view = View::new("z", "Zones", Scene::new(9.0, 9.0), table.clone(), "", Language::French);
    let html = |rows| {
        let plate = Plate::new(view.clone()).with_excerpt(rows, "tables/z é.csv");
        Page::new("P", Language::French).with_chapter(Chapter::new("c", "C", "").with_plate(plate)).to_html()
    };
    let short = html(2);
    assert!(short.contains(
        "<p class=\"excerpt\">Les 2 premières lignes sur 3\u{202f}; le tableau entier\u{a0}: <a href=\"tables/z%20%C3%A9.csv\" download=\"\">z é.csv</a></p>"
    ));
    assert!(short.contains("Lyon") && !short.contains("Oullins"));
    assert!(short.contains(&table.first_rows(2).to_html(Language::French)));
    elements(&short);
    // All rows are no excerpt.
    assert!(!html(3).contains("class=\"excerpt\"") && html(3).contains("Oullins"));
}
