use datagora_core::{Crs, Interval, Language, Measured, Unit};
use datagora_geo::types::{Rect, coord};
use serde_json::Value;

use super::*;
use crate::{
    Classes, Colour, Column, DataTable, DifferenceMap, Exception, Finding, Method, Palette, Qualitative,
    Scene, Statistic, classify,
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
    let hash = crate::page::source_hash(program);
    assert!(html.contains(&format!("script-src 'sha256-{hash}' blob:;")));
    assert!(html.contains("default-src 'none'") && !html.contains("script-src 'unsafe-inline'"));
    assert!(program.len() < 72_000, "{}", program.len());
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
fn the_legend_says_no_data_where_some_are_or_may_be_missing() {
    let rows = |layer: WebLayer| {
        let map =
            empty(Language::English).with_layer(layer).with_time(TimeAxis::new("Hour", ["1:00", "2:00"]));
        map.to_html().unwrap().matches("fill=\"url(#missing)\"").count()
    };
    let incomplete = classify(&[1.0, 2.0, 3.0, f64::NAN], 3, &Method::Fisher).unwrap();
    let hatched = themed("a").with_classes("value", incomplete, Palette::default(), Unit::PERCENT);
    let layers = [themed("a"), themed("a").with_missing(2), hatched, timed("a")];
    assert_eq!(layers.map(rows), [0, 1, 1, 1]);
}

#[test]
fn the_legend_says_what_the_ground_is_by_day_and_by_night() {
    let land = || WebLayer::surfaces("land", "zones", "Land").with_ground(Ground::Land);
    let written =
        |land: WebLayer| empty(Language::English).with_layer(land).with_layer(themed("a")).to_html().unwrap();
    assert!(!written(land()).contains("data-legend=\"land\""));
    let html = written(land().with_meaning("not <surveyed>"));
    let legend =
        html.split("data-legend=\"land\"").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap();
    let [light, dark] = Ground::Land.colours().map(|colour| format!("fill=\"{colour}\""));
    for part in ["not &lt;surveyed&gt;", "on-light", "on-dark", &light, &dark] {
        assert!(legend.contains(part), "{part}: {legend}");
    }
    assert_eq!(config(&html)["layers"][0]["meaning"], "not <surveyed>");
    let themed = written(themed("b").with_meaning("a theme speaks for itself"));
    assert!(!themed.contains("a theme speaks"));
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
fn euros_on_surfaces_are_those_of_a_member() {
    let euros = || {
        WebLayer::surfaces("a", "zones", "a").with_classes(
            "value",
            classes(),
            Palette::default(),
            Unit::of("{EUR}/a"),
        )
    };
    let written = |layer: WebLayer| empty(Language::English).with_layer(layer).to_html();
    for sum in [euros(), euros().with_statistic(Statistic::Sum)] {
        let Err(WebMapError::Semiology { findings, .. }) = written(sum) else { panic!("a sum on surfaces") };
        assert!(matches!(&findings[..], [Finding::AmountOnSurface { .. }]), "{findings:?}");
    }
    for statistic in [Statistic::Median, Statistic::Mean, Statistic::Quantile] {
        assert!(written(euros().with_statistic(statistic)).is_ok(), "{statistic:?}");
    }
    // What the unit says a sum cannot be is still one where it is said to be.
    let shares = themed("b").with_statistic(Statistic::Sum);
    assert!(matches!(written(shares), Err(WebMapError::Semiology { .. })));
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

fn speeds() -> StepValues {
    StepValues::new([vec![1.0, 2.0, 3.0], vec![3.0, f64::NAN, 1.0]], 0)
}

fn timed(id: &str) -> WebLayer {
    WebLayer::surfaces(id, "zones", id).with_step_classes(
        speeds(),
        classes(),
        Palette::default(),
        Unit::PERCENT,
    )
}

#[test]
fn steps_colour_by_the_class_that_the_page_sets() {
    let map =
        empty(Language::English).with_layer(timed("a")).with_time(TimeAxis::new("Hour", ["1:00", "2:00"]));
    let html = map.to_html().unwrap();
    let config = config(&html);
    let state = serde_json::json!(["coalesce", ["feature-state", "a"], -1]);
    assert_eq!(config["style"]["layers"][1]["paint"]["fill-color"][1], state);
    let seen = serde_json::json!(["case", ["==", state, -1], 1.0, 0]);
    assert_eq!(config["style"]["layers"][2]["paint"]["fill-opacity"], seen);
    // Hatches lie where a value is missing at a step, and nowhere else.
    assert_eq!(
        config["style"]["layers"][2]["filter"],
        serde_json::json!(["match", ["id"], [1], true, false])
    );
    assert_eq!(config["style"]["layers"].as_array().map(Vec::len), Some(3));
    assert!(html.contains("id=\"data-steps-a\"") && html.contains("aria-label=\"a, step by step\""));
    // The legend opens with the counts of the first step.
    assert!(html.contains("<span data-count=\"missing\">0</span>"));
}

/// Three zones: one stays, one perhaps gains, of one nothing is known.
fn differences(source: &str) -> WebLayer {
    let names = ["A", "B", "C"].map(String::from);
    let value = |value: f64, margin: f64| {
        let interval = Interval::at_level(value - margin, value + margin, 0.95).unwrap();
        Measured::new(value, Unit::PERCENT).with_interval(interval)
    };
    let before = [value(9.0, 1.0), value(5.0, 5.0), value(4.0, 1.0)];
    let after = [value(8.0, 1.0), value(11.0, 5.0), Measured::new(f64::NAN, Unit::PERCENT)];
    let zones = zones();
    let map =
        DifferenceMap::new(&zones, &names, &before, &after).with_method(Method::Manual(vec![2.0, 9.0]), 2);
    WebLayer::differences("change", source, "Change", &map).unwrap()
}

#[test]
fn differences_are_coloured_by_side_and_hatched_where_unsure() {
    let html = empty(Language::English).with_layer(differences("zones")).to_html().unwrap();
    let config = config(&html);
    let layers = config["style"]["layers"].as_array().unwrap();
    let among = |row: u8| serde_json::json!(["match", ["id"], [row], true, false]);
    let of_row = |row: u8| layers.iter().find(|layer| layer["filter"] == among(row)).unwrap();
    let colours = Palette::Diverging(crate::Diverging::default()).colours_around(1, true, 1).unwrap();
    let (same, more) = (colours[1], colours[2]);
    assert_eq!(of_row(0)["paint"]["fill-color"][3], same.to_string());
    let hatch = format!("hatch-{}", &more.to_string()[1..]);
    assert_eq!(of_row(1)["paint"]["fill-pattern"], hatch);
    assert_eq!(of_row(2)["paint"]["fill-pattern"], "missing");
    assert!(
        html.contains(&format!("<pattern id=\"{hatch}\""))
            && html.contains(&format!("fill=\"url(#{hatch})\""))
    );
    for words in
        ["(points)", "+2 to +9", "increase, not sure", "Not sure: the interval of the difference holds zero."]
    {
        assert!(html.contains(words), "{words}");
    }
    let told = config["layers"][0]["differences"].as_array().unwrap();
    assert!(told[1][0].as_str().unwrap().starts_with("+6"), "{told:?}");
    assert_eq!([&told[0][1], &told[1][1]], ["about the same", "increase, not sure"]);
    assert_eq!(told[2][1], Value::Null);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let map = empty(Language::English)
        .with_layer(themed("a"))
        .with_layer(themed("b"))
        .with_layer(differences("zones"))
        .with_layer(WebLayer::circles("places", "zones", "Places", 3.0));
    let whole = Comparison::new("a", "b").with_difference("change");
    let html = map.clone().with_comparison(whole.clone().with_names("2015", "2023")).to_html().unwrap();
    let expected =
        serde_json::json!({ "before": "a", "after": "b", "difference": "change", "names": ["2015", "2023"] });
    assert_eq!(config(&html)["comparisons"], serde_json::json!([expected]));
    assert!(html.contains("value=\"difference\"/> Difference</label>"));
    let refused = |comparison| map.clone().with_comparison(comparison).to_html().unwrap_err();
    let error = refused(Comparison::new("a", "c"));
    assert!(matches!(&error, WebMapError::NoLayer { layer, .. } if layer == "c"), "{error}");
    assert!(matches!(refused(whole.with_difference("places")), WebMapError::NotCompared { .. }));
    let named = Comparison::new("a", "b");
    assert_eq!(named.names(&map.layers), ["a", "b"]);

    let two = GeometryColumn::new(zones().iter().take(2).flatten(), Crs::WGS84);
    let other = empty(Language::English)
        .with_source("two", WebSource::features(&two, &[]).unwrap())
        .with_layer(differences("two"));
    assert!(matches!(other.to_html(), Err(WebMapError::Length { found: 3, needed: 2, .. })));
}

#[test]
fn sizes_that_follow_steps_are_set_by_the_page() {
    let (hour, job) = (TimeAxis::new("Hour", ["1:00", "2:00"]), Unit::of("{job}"));
    let circles = WebLayer::sized_circles(
        "jobs",
        "zones",
        "Jobs",
        CircleSizes::proportional_steps(speeds(), job.clone()),
    );
    let lines =
        WebLayer::sized_lines("flows", "zones", "Flows", LineWidths::proportional_steps(speeds(), job));
    let map = empty(Language::English).with_layer(circles).with_layer(lines);
    assert!(matches!(map.to_html(), Err(WebMapError::Steps { found: 2, needed: 0, .. })));
    let html = map.with_time(hour).to_html().unwrap();
    let config = config(&html);
    let amount =
        |layer: &str| serde_json::json!(["coalesce", ["feature-state", format!("{layer}:size")], -1]);
    assert_eq!(
        config["style"]["layers"][1]["paint"]["circle-radius"][1],
        serde_json::json!(["<", amount("jobs"), 0])
    );
    assert_eq!(config["style"]["layers"][2]["paint"]["line-width"][3][2], amount("flows"));
    assert_eq!(config["layers"][0]["steps"][0]["state"], "jobs:size");
    assert!(html.contains("id=\"data-sizes-jobs\"") && html.contains("aria-label=\"Flows, step by step\""));
    // The legend opens with the numbers of the first step, which has all values.
    assert!(html.contains("<span data-count=\"size-missing\">0</span>"));
}

#[test]
fn lines_have_the_widest_below_and_samples_in_the_legend() {
    let widths = LineWidths::proportional("value", [1.0, 0.0, f64::NAN, 4.0], Unit::of("{vehicle}/h"));
    let html = empty(Language::English)
        .with_layer(WebLayer::sized_lines("traffic", "zones", "Traffic", widths))
        .to_html()
        .unwrap();
    let config = config(&html);
    let [lines, missing] = [1, 2].map(|at| &config["style"]["layers"][at]);
    let value = serde_json::json!(["to-number", ["get", "value"], 0]);
    assert_eq!(lines["layout"]["line-sort-key"], serde_json::json!(["-", 0, value]));
    assert_eq!(missing["filter"], serde_json::json!(["!", ["has", "value"]]));
    // Round amounts below 4, as wide as on the map, where 4 are 14 px: 2 and 0.5.
    for width in ["7.0", "1.8"] {
        assert!(html.contains(&format!("stroke-width=\"{width}\"")), "{width}");
    }
    assert!(html.contains("Zero, without line: <span>1</span>."));
}

#[test]
fn features_without_a_word_are_features() {
    let filter = Filter::range("a", "value", "Value", Unit::PERCENT, VALUES);
    let html = empty(Language::English).with_layer(themed("a")).with_filter(filter).to_html().unwrap();
    let config = config(&html);
    assert_eq!(
        [&config["layers"][0]["features"], &config["groups"][0]["features"]],
        ["features", "features"]
    );
}

#[test]
fn filters_and_steps_that_fit_nothing_are_refused() {
    let refused = |map: WebMap| map.to_html().unwrap_err();
    let map = empty(Language::English).with_layer(themed("a"));
    let filter = |layer: &str, values: &[f64]| {
        Filter::range(layer, "value", "Value", Unit::PERCENT, values.iter().copied())
    };
    let error = refused(map.clone().with_filter(filter("b", &VALUES)));
    assert!(matches!(&error, WebMapError::NoLayer { layer, .. } if layer == "b"), "{error}");
    let error = refused(map.clone().with_filter(filter("a", &VALUES).with_layer("b")));
    assert!(matches!(error, WebMapError::NoLayer { .. }));
    let short = map.clone().with_filter(filter("a", &VALUES)).with_filter(filter("a", &[1.0]));
    assert!(matches!(refused(short), WebMapError::Length { found: 1, needed: 3, .. }));
    assert!(matches!(
        refused(map.clone().with_layer(timed("c"))),
        WebMapError::Steps { found: 2, needed: 0, .. }
    ));
    let rows = StepValues::new([vec![1.0], vec![2.0]], 0);
    let layer = WebLayer::surfaces("c", "zones", "c").with_step_classes(
        rows,
        classes(),
        Palette::default(),
        Unit::PERCENT,
    );
    let timed = map.with_layer(layer).with_time(TimeAxis::new("Hour", ["1", "2"]));
    assert!(matches!(refused(timed), WebMapError::Length { found: 1, needed: 3, .. }));
}

#[test]
fn circles_have_the_largest_below_and_a_legend() {
    let sizes = CircleSizes::proportional("value", [1.0, 0.0, f64::NAN, 4.0], Unit::of("{job}"));
    let layer = WebLayer::sized_circles("jobs", "zones", "Jobs", sizes);
    let html = empty(Language::English).with_layer(layer).to_html().unwrap();
    let config = config(&html);
    let circles = &config["style"]["layers"][1];
    let value = serde_json::json!(["to-number", ["get", "value"], 0]);
    assert_eq!(circles["layout"]["circle-sort-key"], serde_json::json!(["-", 0, value]));
    assert_eq!(circles["filter"], serde_json::json!([">", value, 0]));
    assert_eq!(config["style"]["layers"][2]["filter"], serde_json::json!(["!", ["has", "value"]]));
    assert!(html.contains("aria-label=\"Surface of circles: 2; 1; 0.2\""));
    assert!(html.contains("Zero, without circle: <span>1</span>."));
}

fn told(step: StoryStep) -> Result<String, WebMapError> {
    let names = ["A", "B", "C"].map(String::from);
    let map = empty(Language::English).with_layer(themed("a")).with_layer(timed("b"));
    let map = map.with_time(TimeAxis::new("Hour", ["1:00", "2:00"])).with_places(&names, &zones())?;
    let filter = Filter::range("a", "value", "Value", Unit::PERCENT, VALUES).with_edges([0.0, 1.0, 2.0, 4.0]);
    let views = [map.view.clone()];
    map.with_filter(filter).to_story(&Story::new("Story").with_step(step), &views)
}

#[test]
fn a_story_is_a_document_with_its_scenes() {
    let scene = StoryScene::at("B")
        .with_layers(["b"])
        .with_time("2:00")
        .with_filter("value", StoryChoice::Range([0.8, 9.0]))
        .with_feature(StoryFeature::new("b", "name", "c"));
    let html =
        told(StoryStep::new("One </script>").with_text("Two").with_scene(scene).with_view("zones")).unwrap();
    assert_eq!(html.matches("<script").count(), html.matches("</script>").count());
    assert!(html.contains("<h2 id=\"step-1-name\">One &lt;/script&gt;</h2>") && html.contains("<figure"));
    let config = config(&html);
    let expected = serde_json::json!({
        "bounds": [5.8, 45.7, 6.8, 45.8], "layers": "b", "filter": "0:1.0~4.0", "step": 1, "feature": ["b", "name", "c"],
    });
    assert_eq!(config["story"][0], serde_json::json!({ "scene": expected, "view": false }));
    let alone = told(StoryStep::new("One").with_view("zones")).unwrap();
    assert_eq!(self::config(&alone)["story"][0], serde_json::json!({ "scene": null, "view": true }));
}

#[test]
fn a_story_that_names_what_is_not_there_is_refused() {
    let refused = |scene: StoryScene| match told(StoryStep::new("One").with_scene(scene)) {
        Err(WebMapError::Story { step: 1, what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(StoryScene::at("D")), "place");
    assert_eq!(refused(StoryScene::whole().with_layers(["c"])), "layer");
    assert_eq!(refused(StoryScene::whole().with_feature(StoryFeature::new("c", "name", "c"))), "layer");
    assert_eq!(refused(StoryScene::whole().with_time("3:00")), "step of time");
    assert_eq!(refused(StoryScene::whole().with_filter("v", StoryChoice::Range([0.0, 1.0]))), "filter");
    let kinds = StoryChoice::Categories(vec![1]);
    assert_eq!(refused(StoryScene::whole().with_filter("value", kinds)), "categories of filter");
    let error = told(StoryStep::new("One").with_view("nothing")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "step 1 of the story names view \"nothing\", there is \"zones\"; add it, or name one of these"
    );
    let none = empty(Language::English).to_story(&Story::new("None"), &[]);
    assert!(matches!(none, Err(WebMapError::NoValues { .. })));
}

#[cfg(feature = "serde")]
#[test]
fn a_story_is_read_from_json() {
    let json = r#"{"title":"Shade","steps":[{"title":"Lyon","text":["Warm."],
        "scene":{"place":"Lyon","filters":{"height":{"range":[3.0,9.0]}},"feature":{"layer":"a","attribute":"name","value":"Lyon"}}}]}"#;
    let read: Story = serde_json::from_str(json).unwrap();
    let scene = StoryScene::at("Lyon")
        .with_filter("height", StoryChoice::Range([3.0, 9.0]))
        .with_feature(StoryFeature::new("a", "name", "Lyon"));
    assert_eq!(
        read,
        Story::new("Shade").with_step(StoryStep::new("Lyon").with_text("Warm.").with_scene(scene))
    );
    let again: Story = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
    assert_eq!(again, read);
    assert!(serde_json::from_str::<Story>(r#"{"titel":"Shade"}"#).is_err());
}
