use std::collections::BTreeSet;

use datagora_core::{Credit, Crs, Interval, Language, Licence, Measured, Metadata, Suppression, Unit};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Geometry, Rect, coord};
use proptest::prelude::*;

use super::*;
use crate::{Method, Palette, Plate, Scene, Statistic, View};

/// Names that a careless page would take for markup, or for a page of its own.
const NAMES: [&str; 7] = [
    "Écully",
    "Bron",
    "</script><b>Lyon & \"Lui\"",
    "Oullins",
    "index",
    "ranking",
    "Saint-Germain-au-Mont-d’Or",
];

fn zones(count: usize) -> GeometryColumn {
    let zone = |i: usize| -> Geometry {
        let (x, y) = (900.0 * (i % 3) as f64, 700.0 * (i / 3) as f64);
        Rect::new(coord! { x: x, y: y }, coord! { x: x + 900.0, y: y + 700.0 }).into()
    };
    GeometryColumn::new((0..count).map(zone), Crs::CC46)
}

fn atlas(language: Language) -> Atlas {
    let (share, jobs) = (Unit::PERCENT, Unit::of("{job}"));
    let unsure = |value: f64| {
        let interval = Interval::at_level(value - 1.0, value + 1.0, 0.95).expect("an interval");
        Measured::new(value, share.clone()).with_interval(interval)
    };
    let cover = [3.0, 8.0, 31.0, 22.0, 55.0].map(unsure).into_iter();
    let cover: Vec<Measured> =
        cover.chain([f64::NAN, 3.5].map(|value| Measured::new(value, share.clone()))).collect();
    let bounded = |lower, upper| Measured::bounded(lower, upper, jobs.clone()).expect("bounds");
    let secret = || Measured::suppressed(jobs.clone(), Suppression::Secondary);
    let work = [
        bounded(1.0, 9.0),
        secret(),
        bounded(900.0, f64::INFINITY),
        bounded(20.0, 49.0),
        bounded(0.0, 0.0),
        secret(),
        bounded(5.0, 5.0),
    ];
    let metadata = Metadata::new("zones")
        .with_credit(Credit::new("Zones & co", "DatAgora", Licence::LicenceOuverte2))
        .with_made(true);
    let view = View::new(
        "trend",
        "Trend",
        Scene::new(300.0, 100.0),
        crate::DataTable::new("Trend"),
        "A trend.",
        language,
    );
    let names = NAMES.map(String::from);
    Atlas::new("Atlas <des communes>", zones(7), &names, language)
        .with_subtitle("Sous-titre")
        .with_lead("Une page par commune.")
        .with_words("commune", "communes")
        .with_whole("métropole")
        .with_sizes(&[100.0, 120.0, 5_000.0, 90.0, 40.0, f64::NAN, 0.0])
        .with_theme("Végétalisation")
        .with_indicator(
            Indicator::new("cover", "Couvert arboré", share.clone(), &cover)
                .with_whole(Measured::new(17.0, share))
                .with_map(Method::Fisher, Palette::default())
                .with_definition("Part du sol sous les arbres.")
                .with_metadata(&metadata)
                .with_headline(),
        )
        .with_theme("Économie")
        .with_indicator(
            Indicator::new("jobs", "Emplois", jobs, &work).with_metadata(&metadata).with_log_scale(),
        )
        .with_chapter(1, Chapter::new("trend", "Tendance", "").with_plate(Plate::new(view)))
        .with_closing(Section::new("notes", "Notes").with_paragraph("Rien de plus."))
}

/// Anchors, and where links within the page lead.
fn anchors_and_links(html: &str) -> (Vec<&str>, Vec<&str>) {
    let all = |mark: &'static str| html.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
    (all(" id=\"").collect(), all("href=\"#").chain(all("for=\"")).collect())
}

#[test]
fn anchors_are_unique_and_links_have_targets() {
    for language in [Language::French, Language::English] {
        let html = atlas(language).to_html().expect("an atlas");
        let (anchors, links) = anchors_and_links(&html);
        let unique: BTreeSet<&str> = anchors.iter().copied().collect();
        assert_eq!(unique.len(), anchors.len());
        assert!(links.len() > 60);
        for link in links {
            assert!(unique.contains(link), "{link}");
        }
        let mut labels = html.split("labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next());
        assert!(labels.all(|label| label.split(' ').all(|one| unique.contains(one))));
    }
}

#[test]
fn links_of_the_folder_lead_to_its_files() {
    let files = atlas(Language::French).to_folder().expect("an atlas");
    let paths: BTreeSet<&str> = files.iter().map(|file| &file.path[..]).collect();
    assert_eq!(paths.len(), files.len());
    assert!(paths.contains("index-2.html") && paths.contains("ecully.html"), "{paths:?}");
    for file in files.iter().filter(|file| file.path.ends_with(".html")) {
        let html = std::str::from_utf8(&file.bytes).expect("text");
        let anchors: BTreeSet<&str> = anchors_and_links(html).0.into_iter().collect();
        for mark in ["href=\"", "src=\""] {
            for address in html.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
                match address.strip_prefix('#') {
                    Some(anchor) => assert!(anchors.contains(anchor), "{} #{anchor}", file.path),
                    None => assert!(
                        paths.contains(address.split('#').next().expect("a path")),
                        "{} {address}",
                        file.path
                    ),
                }
            }
        }
        // A strict host runs and applies nothing that stands within the page.
        for inline in ["<style", "style=\"", "<script>", "onclick", "javascript:", "data:"] {
            assert!(!html.contains(inline), "{}: {inline}", file.path);
        }
    }
    let style = files.iter().find(|file| file.path == "shared/atlas.css").expect("a style sheet");
    let style = std::str::from_utf8(&style.bytes).expect("text");
    for font in style.split("url(").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(paths.contains(&format!("shared/{font}")[..]), "{font}");
    }
}

#[test]
fn every_territory_has_its_page_with_values_ranks_and_reasons() {
    let html = atlas(Language::French).to_html().expect("an atlas");
    assert_eq!(html.matches("<article class=\"page\"").count(), 1 + 7);
    let page = |anchor: &str| {
        let from = html.split(&format!("<article class=\"page\" id=\"{anchor}\"")).nth(1).expect("a page");
        from.split("<article class=\"page\"").next().expect("its text").to_owned()
    };
    let ecully = page("ecully");
    assert!(ecully.contains("rang 5 à 6 sur 6"), "intervals leave the rank open");
    assert!(ecully.contains("À comparer") || ecully.contains("proches de taille comparable"));
    let bron = page("bron");
    assert!(bron.contains("Sans valeur\u{a0}: Emplois (secret statistique)."));
    assert!(bron.contains("id=\"bron-trend\"") && !ecully.contains("ecully-trend"), "a chapter of its own");
    assert!(page("ranking").contains("Couvert arboré (non défini)"));
    assert!(page("overview").contains("Couvert arboré\u{a0}: de 3\u{202f}% ("));
    assert!(
        html.contains("&lt;/script&gt;&lt;b&gt;Lyon &amp; &quot;Lui&quot;") && !html.contains("</script><b>")
    );
    assert_eq!(html.matches("class=\"made\"").count(), 8, "every page says that its data are made");
}

#[test]
fn what_pages_share_is_there_once() {
    let html = atlas(Language::French).to_html().expect("an atlas");
    assert_eq!(html.matches("@font-face").count(), 2);
    // Outlines of the locator, dots for wide and for narrow screens; one territory has no value, so no dots.
    assert_eq!(html.matches("<g id=\"_backdrop-").count(), 3);
    assert_eq!(html.matches("<use href=\"#_backdrop-").count(), 7 + 2 * 6);
    let one = html.len();
    let folder: usize =
        atlas(Language::French).to_folder().expect("a folder").iter().map(|file| file.bytes.len()).sum();
    assert!(one < folder + 200_000, "{one} and {folder}");
}

#[test]
fn places_by_many_indicators_stand_in_several_charts() {
    let names = NAMES.map(String::from);
    let values: Vec<Measured> = (0..7).map(|row| Measured::new(f64::from(row), Unit::PERCENT)).collect();
    let with = |themes: usize| {
        let mut atlas = Atlas::new("A", zones(7), &names, Language::English);
        for theme in 0..themes {
            atlas = atlas.with_theme(format!("Theme {theme}"));
            for number in 0..4 {
                let id = format!("i-{theme}-{number}");
                atlas = atlas.with_indicator(Indicator::new(&id, &id, Unit::PERCENT, &values));
            }
        }
        atlas.to_html().expect("an atlas")
    };
    let (one, several) = (with(2), with(3));
    assert!(one.contains("id=\"bron-profile\"") && !one.contains("id=\"bron-profile-2\""));
    assert!(several.contains("Where Bron stands among the territories: Theme 0, Theme 1</title>"));
    assert!(several.contains("Where Bron stands among the territories: Theme 2</title>"));
    assert!(several.contains("id=\"bron-profile-2\"") && !several.contains("id=\"bron-profile-3\""));
}

#[test]
fn only_the_program_of_the_page_may_run() {
    let html = atlas(Language::English).to_html().expect("an atlas");
    let program =
        html.split("<script>").nth(1).and_then(|rest| rest.split("</script>").next()).expect("a program");
    let hash = crate::page::source_hash(program);
    assert!(html.contains(&format!("default-src 'none'; script-src 'sha256-{hash}';")));
    assert_eq!(html.matches("<script").count(), 1);
    for mark in ["src=\"", "<link", "@import", "http://www.w3.org/1999"] {
        assert!(!html.contains(mark), "{mark}");
    }
}

#[test]
fn same_atlas_same_bytes() {
    let make = || atlas(Language::French);
    assert_eq!(make().to_html().expect("an atlas"), make().to_html().expect("an atlas"));
    assert_eq!(make().to_folder().expect("a folder"), make().to_folder().expect("a folder"));
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let names = NAMES.map(String::from);
    let values = |count: usize| vec![Measured::new(1.0, Unit::PERCENT); count];
    let blank = |zones, names: &[String]| Atlas::new("A", zones, names, Language::French);
    assert!(matches!(blank(zones(0), &[]).to_html(), Err(AtlasError::Empty)));
    assert!(matches!(blank(zones(3), &names).to_html(), Err(AtlasError::Length { found: 3, needed: 7, .. })));
    let sizes = blank(zones(7), &names).with_sizes(&[1.0]);
    assert!(matches!(sizes.to_folder(), Err(AtlasError::Length { found: 1, .. })));
    let short = blank(zones(7), &names).with_indicator(Indicator::new("a", "A", Unit::PERCENT, &values(2)));
    assert!(matches!(short.to_html(), Err(AtlasError::Length { found: 2, .. })));
    let mixed = blank(zones(7), &names).with_indicator(
        Indicator::new("a", "A", Unit::PERCENT, &values(7)).with_whole(Measured::new(1.0, Unit::METRE)),
    );
    assert!(matches!(mixed.to_html(), Err(AtlasError::Units { .. })));
    let stranger = blank(zones(7), &names).with_chapter(7, Chapter::new("a", "A", ""));
    assert!(matches!(stranger.to_html(), Err(AtlasError::Territory { row: 7, territories: 7 })));
    let amount = Unit::of("{tree}");
    let trees = vec![Measured::new(1.0, amount.clone()); 7];
    let amounts = Indicator::new("a", "A", amount, &trees).with_map(Method::Fisher, Palette::default());
    assert!(matches!(blank(zones(7), &names).with_indicator(amounts).to_html(), Err(AtlasError::Map { .. })));
    // Nothing to tell is not an error: pages stand with a name and a place.
    assert!(blank(zones(7), &names).to_html().expect("pages").contains("id=\"oullins\""));
}

#[test]
fn a_median_in_euros_may_be_on_the_map() {
    let unit = Unit::of("{EUR}/a");
    let incomes: Vec<Measured> =
        (0..7).map(|row| Measured::new(19_000.0 + 800.0 * f64::from(row), unit.clone())).collect();
    let income = Indicator::new("income", "Niveau de vie", unit, &incomes)
        .with_map(Method::Quantile, Palette::default());
    let written = |income: &Indicator| atlas(Language::French).with_indicator(income.clone()).to_html();
    let refused = written(&income).unwrap_err();
    assert!(matches!(&refused, AtlasError::Map { name, .. } if name == "Niveau de vie"), "{refused}");
    let html = written(&income.with_statistic(Statistic::Median)).unwrap();
    assert!(html.contains("id=\"map-income\""));
}

proptest! {
    #[test]
    fn no_data_make_it_panic(
        numbers in prop::collection::vec(prop_oneof![Just(f64::NAN), Just(0.0), -1e12..1e12], 1..9),
        names in prop::collection::vec("\\PC{0,12}", 9),
        sizes in prop::collection::vec(prop_oneof![Just(f64::NAN), Just(0.0), -10.0..1e6], 9),
    ) {
        let count = numbers.len();
        let values: Vec<Measured> = numbers.iter().map(|&value| Measured::new(value, Unit::PERCENT)).collect();
        let made = Atlas::new("A", zones(count), &names[..count], Language::French)
            .with_sizes(&sizes[..count])
            .with_indicator(Indicator::new("a", "A", Unit::PERCENT, &values).with_map(Method::Quantile, Palette::default()));
        let html = made.to_html().expect("values in one unit for each territory");
        let (anchors, links) = anchors_and_links(&html);
        let unique: BTreeSet<&str> = anchors.iter().copied().collect();
        prop_assert_eq!(unique.len(), anchors.len());
        prop_assert!(links.into_iter().all(|link| unique.contains(link)));
    }
}

#[test]
fn brackets_are_explained_where_there_are_some() {
    let names = NAMES.map(String::from);
    let plain = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0].map(|value| Measured::new(value, Unit::PERCENT));
    let without = Atlas::new("Atlas", zones(7), &names, Language::French)
        .with_words("commune", "communes")
        .with_theme("Végétalisation")
        .with_indicator(Indicator::new("cover", "Couvert arboré", Unit::PERCENT, &plain));
    for (atlas, some) in [(atlas(Language::French), true), (without, false)] {
        let html = atlas.to_html().expect("an atlas");
        let tables: Vec<&str> = html
            .split("class=\"chapter comparison\"")
            .skip(1)
            .filter_map(|rest| rest.split("</section>").next())
            .collect();
        assert_eq!(tables.len(), 7);
        assert!(tables.iter().any(|table| table.contains('[')) == some);
        for table in tables {
            assert_eq!(table.contains("Entre crochets"), table.contains('['), "{table}");
        }
    }
}
