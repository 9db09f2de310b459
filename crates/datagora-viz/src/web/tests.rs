use datagora_core::{Crs, Language, Unit};
use datagora_geo::types::{Rect, coord};
use serde_json::Value;

use super::*;
use crate::{
    Classes, Colour, Column, DataTable, Exception, Finding, Method, Palette, Qualitative, Scene, classify,
};

const VALUES: [f64; 3] = [1.0, 2.0, 3.0];

fn zones() -> GeometryColumn {
    let zone = |i: f64| Rect::new(coord! { x: 4.8 + i, y: 45.7 }, coord! { x: 5.8 + i, y: 45.8 }).into();
    GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::WGS84)
}

fn classes() -> Classes {
    classify(&VALUES, 3, &Method::Manual(vec![1.0, 2.0, 3.0])).unwrap()
}

fn empty(language: Language) -> WebMap {
    let table = DataTable::new("Zones").with(Column::text("Zone", ["</script>", "b", "c"]));
    let view = View::new("zones", "Zones </script>", Scene::new(100.0, 50.0), table, "Zones.", language);
    let values = Column::numbers("value", Unit::PERCENT, VALUES);
    let source =
        WebSource::features(&zones(), &[Column::text("name", ["</script>", "b", "c"]), values]).unwrap();
    WebMap::new(view.with_credits("Source.")).with_source("zones", source)
}

fn themed(id: &str) -> WebLayer {
    WebLayer::surfaces(id, "zones", id)
        .with_classes("value", classes(), Palette::default(), Unit::PERCENT)
        .with_heading("name")
        .with_field(Field::contributions(
            "why",
            "Why </script>",
            Contributions::new(1).with_factor(3, "</script>", "", -1.0),
        ))
}

fn config(html: &str) -> Value {
    let text = html.split("id=\"map-config\">").nth(1).and_then(|rest| rest.split("</script>").next());
    serde_json::from_str(text.expect("a configuration")).expect("JSON")
}

#[test]
fn no_text_of_the_data_ends_a_script() {
    let html = empty(Language::French).with_layer(themed("a")).to_html().unwrap();
    assert_eq!(html.matches("<script").count(), html.matches("</script>").count());
    assert_eq!(config(&html)["layers"][0]["fields"][0]["with"]["factors"]["3"][0], "</script>");
    // Nothing is fetched, no large data are addresses.
    for mark in ["src=\"", "<link", "@import", "data:application", "href=\"http"] {
        assert!(!html.contains(mark), "{mark}");
    }
}

#[test]
fn the_policy_lets_the_program_of_the_page_run_and_no_other() {
    let html = empty(Language::French).with_layer(themed("a")).to_html().unwrap();
    let program =
        html.rsplit("<script>").next().and_then(|rest| rest.split("</script>").next()).expect("a program");
    let hash = page::source_hash(program);
    assert!(html.contains(&format!("script-src 'sha256-{hash}' blob:;")));
    assert!(html.contains("default-src 'none'") && !html.contains("script-src 'unsafe-inline'"));
    assert!(program.len() < 32_000, "{}", program.len());
}

#[test]
fn the_same_map_has_the_same_bytes() {
    let map = empty(Language::English).with_layer(themed("a"));
    assert_eq!(map.to_html().unwrap(), map.to_html().unwrap());
    assert_eq!(map.to_folder().unwrap(), map.to_folder().unwrap());
}

#[test]
fn a_folder_holds_its_programs_and_runs_no_script_within_the_page() {
    let files = empty(Language::English).with_layer(themed("a")).to_folder().unwrap();
    let html = files.iter().find(|file| file.path == "index.html").unwrap();
    let html = std::str::from_utf8(&html.bytes).unwrap();
    assert_eq!(html.matches("<script>").count(), 0);
    assert!(!html.contains(" style=\""), "a strict policy forbids styles within the page");
    for address in html.split("href=\"programs/").chain(html.split("src=\"programs/")).skip(1) {
        let path = address.split('"').next().unwrap();
        if address.starts_with("<!") {
            continue;
        }
        assert!(files.iter().any(|file| file.path == format!("programs/{path}")), "{path}");
    }
    let data = files.iter().find(|file| file.path == "data/zones.geojson").unwrap();
    assert!(serde_json::from_slice::<Value>(&data.bytes).is_ok());
}

#[test]
fn classes_hold_their_upper_bound() {
    let html = empty(Language::English).with_layer(themed("a")).to_html().unwrap();
    let config = config(&html);
    let layer = &config["style"]["layers"][1];
    let colours = Palette::default().colours(3).unwrap().iter().map(Colour::to_string).collect::<Vec<_>>();
    let value = serde_json::json!(["to-number", ["get", "value"]]);
    let expected = serde_json::json!([
        "case",
        ["<=", value, 1.0],
        colours[0],
        ["<=", value, 2.0],
        colours[1],
        colours[2]
    ]);
    assert_eq!(layer["paint"]["fill-color"], expected);
    // The legend has the same colours, the highest on top, and missing values their own layer.
    assert_eq!(config["layers"][0]["rows"][0][0], colours[2]);
    assert_eq!(config["style"]["layers"][2]["filter"], serde_json::json!(["!", ["has", "value"]]));
}

#[test]
fn shapes_left_out_without_a_word_need_an_exception() {
    let silent = themed("a").without_thinning_words();
    let findings = match silent.check_thinning(7, 40) {
        Err(WebMapError::Semiology { findings, .. }) => findings,
        other => panic!("a refusal is expected, found {other:?}"),
    };
    assert!(matches!(&findings[..], [Finding::UnsaidThinning { drawn: 7, of: 40, .. }]), "{findings:?}");
    assert!(silent.check_thinning(40, 40).is_ok() && themed("a").check_thinning(7, 40).is_ok());
    assert!(silent.with_exception(Exception::UnsaidThinning).check_thinning(7, 40).is_ok());
}

#[test]
fn surfaces_that_cover_each_other_wait() {
    let map = empty(Language::English).with_layer(themed("a")).with_layer(themed("b"));
    assert_eq!(map.layers.iter().map(|layer| layer.hidden).collect::<Vec<_>>(), [false, true]);
    let html = map.to_html().unwrap();
    assert!(html.contains("value=\"a\" checked=\"\"") && !html.contains("value=\"b\" checked=\"\""));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let map = empty(Language::English);
    let refused = |map: WebMap| map.to_html().unwrap_err();
    let error = refused(map.clone().with_layer(WebLayer::surfaces("a", "nowhere", "A")));
    assert!(matches!(&error, WebMapError::NoSource { source_id, .. } if source_id == "nowhere"), "{error}");
    let twice = refused(map.clone().with_layer(themed("a")).with_layer(themed("a")));
    assert!(matches!(twice, WebMapError::Twice { what: "layers", .. }));
    assert!(matches!(refused(map.clone().with_layer(themed("a b"))), WebMapError::Name { .. }));
    let view = map.view.clone();
    assert!(matches!(refused(WebMap::new(view)), WebMapError::Nowhere));
    let names = [String::from("a")];
    assert!(matches!(map.clone().with_places(&names, &zones()), Err(WebMapError::Length { .. })));

    let amount = WebLayer::surfaces("a", "zones", "A").with_classes(
        "value",
        classes(),
        Palette::default(),
        Unit::of("{tree}"),
    );
    let error = refused(map.clone().with_layer(amount.clone()));
    let WebMapError::Semiology { findings, .. } = &error else { panic!("{error}") };
    assert!(matches!(findings[..], [Finding::AmountOnSurface { .. }]));
    assert!(map.clone().with_layer(amount.with_exception(Exception::AmountOnSurface)).to_html().is_ok());
    let categories = (0..9).map(|code| Category::new(code, code.to_string()));
    let many = WebLayer::surfaces("a", "zones", "A").with_categories(
        "value",
        categories,
        Palette::Qualitative(Qualitative::OkabeIto),
    );
    assert!(matches!(refused(map.with_layer(many)), WebMapError::Palette { .. }));
}

#[test]
fn texts_stand_out_on_dark_screens() {
    let style = include_str!("runtime/map.css");
    let colour = |name: &str| {
        let value =
            style.split(&format!("--{name}: #")).nth(1).and_then(|rest| rest.get(..6)).expect("a colour");
        let part = |at: usize| u8::from_str_radix(&value[at..at + 2], 16).expect("hexadecimal");
        Colour::rgb(part(0), part(2), part(4))
    };
    for ground in ["paper", "card", "head"].map(colour) {
        for text in ["ink", "muted", "accent"] {
            assert!(colour(text).contrast(ground) >= 4.5, "{text}");
        }
        assert!(colour("focus").contrast(ground) >= 3.0);
    }
}
