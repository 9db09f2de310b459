//! A made city with circles, filters, steps of time and addresses.
use std::fs;
use std::path::Path;

use datagora_core::{Credit, Crs, Language, Licence, Measured, Metadata, Unit};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Geometry, Rect, coord};
use datagora_viz::{
    Captions, Category, Choropleth, CircleSizes, Colour, Column, Field, Filter, Ground, MapOptions, Method,
    Palette, Qualitative, Sequential, StepValues, Story, StoryChoice, StoryFeature, StoryScene, StoryStep,
    TileLayer, TileSet, TimeAxis, View, WebLayer, WebMap, WebSource, classify,
};

pub(super) const WEST: f64 = 4.80;
pub(super) const SOUTH: f64 = 45.70;
pub(super) const STEP: f64 = 0.01;
/// Zones along each side.
pub(super) const SIDE: usize = 4;
const STEPS: usize = 24;
const TREES: usize = 3_000;

pub(super) fn zones() -> GeometryColumn {
    let zone = |i: usize| -> Geometry {
        let (x, y) = (WEST + STEP * (i % SIDE) as f64, SOUTH + STEP * (i / SIDE) as f64);
        Rect::new(coord! { x: x, y: y }, coord! { x: x + STEP, y: y + STEP }).into()
    };
    GeometryColumn::new((0..SIDE * SIDE).map(zone), Crs::WGS84)
}

pub(super) fn names() -> Vec<String> {
    (1..=SIDE * SIDE).map(|i| format!("Quartier {i}")).collect()
}

/// Middles of the zones.
pub(super) fn middles() -> GeometryColumn {
    let at = |i: usize, south: f64| south + STEP * (i as f64 + 0.5);
    let n = 0..SIDE * SIDE;
    GeometryColumn::points(
        n.clone().map(|i| at(i % SIDE, WEST)).collect(),
        n.map(|i| at(i / SIDE, SOUTH)).collect(),
        Crs::WGS84,
    )
}

/// Speed of zone `i` at step `step`: two peaks; zone 5 has no value at night.
fn speed(step: usize, i: usize) -> f64 {
    let peak = |at: f64| libm::exp(-((step as f64 - at) / 2.5).powi(2));
    match (step, i) {
        (0..=4, 5) => f64::NAN,
        _ => (50.0 - (20.0 + i as f64) * peak(8.0).max(peak(18.0))).round(),
    }
}

/// Height of tree `i`, m.
fn height(i: usize) -> f64 {
    match i % 100 {
        99 => f64::NAN,
        _ => ((i * 37) % 300) as f64 / 10.0,
    }
}

/// Where tree `i` stands: on a spiral about the middle.
fn place(i: usize) -> [f64; 2] {
    let share = (i as f64 / TREES as f64).sqrt();
    let angle = 2.399_963 * i as f64;
    let reach = 0.5 * STEP * SIDE as f64;
    [WEST + reach * (1.0 + share * libm::cos(angle)), SOUTH + reach * (1.0 + share * libm::sin(angle))]
}

fn still(language: Language) -> View {
    let unit = Unit::of("km/h");
    let values: Vec<Measured> = (0..SIDE * SIDE).map(|i| Measured::new(speed(8, i), unit.clone())).collect();
    let metadata = Metadata::new("city")
        .with_credit(Credit::new("City", "DatAgora", Licence::LicenceOuverte2))
        .with_made(true);
    Choropleth::new(&zones(), &names(), &values)
        .with_measure(language.pick("Vitesse à 8 h", "Speed at 8:00"))
        .with_method(Method::Quantile, 4)
        .draw(
            &MapOptions::default().with_crs(Crs::LAMBERT_93),
            &Captions::new("city", language.pick("Une ville", "A city"), language).with_metadata(&metadata),
        )
        .expect("a sound picture")
}

fn map(language: Language) -> WebMap {
    let say = |french: &'static str, english: &'static str| language.pick(french, english);
    let zones = zones();
    let names = names();
    let n = SIDE * SIDE;
    let attribute = Column::text("name", names.clone());
    let speeds = StepValues::new((0..STEPS).map(|step| (0..n).map(|i| speed(step, i)).collect()), 0);
    let classes = classify(&speeds.all(), 4, &Method::Manual(vec![20.0, 30.0, 40.0])).expect("classes");
    let hours = (0..STEPS).map(|hour| match language {
        Language::French => format!("{hour}\u{a0}h"),
        Language::English => format!("{hour}:00"),
    });

    // Jobs: squares of whole numbers, one zero, one missing.
    let jobs: Vec<f64> = (0..n).map(|i| if i == 3 { f64::NAN } else { 100.0 * (i * i) as f64 }).collect();
    let job = Unit::of("{job}");
    let sizes = CircleSizes::proportional("jobs", jobs.iter().copied(), job.clone());
    let job_columns = [
        attribute.clone(),
        Column::numbers("jobs", job.clone(), jobs.clone()),
        Column::numbers("first", Unit::ONE, (0..n).map(|i| i as f64)),
    ];
    let job_classes = classify(&jobs, 3, &Method::Quantile).expect("classes");

    let heights: Vec<f64> = (0..TREES).map(height).collect();
    let kinds: Vec<i64> = (0..TREES).map(|i| 1 + (i % 3) as i64).collect();
    let trees = GeometryColumn::points(
        (0..TREES).map(|i| place(i)[0]).collect(),
        (0..TREES).map(|i| place(i)[1]).collect(),
        Crs::WGS84,
    );
    let kind = [(1, say("érable", "maple")), (2, say("tilleul", "lime")), (3, say("platane", "plane"))];
    let kind = |count: bool| {
        kind.map(|(code, words)| {
            let category = Category::new(code, words);
            if count { category.with_count(TREES / 3) } else { category }
        })
    };
    let tree_layer = TileLayer::new("trees", &trees)
        .with_zooms(9..=14)
        .with_attribute("height", heights.clone())
        .with_attribute("kind", kinds.iter().map(|&kind| kind as f64).collect::<Vec<f64>>());
    let archive = TileSet::new("trees").with_layer(tree_layer).build().expect("tiles").to_bytes();

    let addresses = GeometryColumn::points(
        vec![4.811, 4.812, 4.8125, 4.83],
        vec![45.711, 45.712, 45.7125, 45.73],
        Crs::WGS84,
    );
    let numbers = ["2", "12", "12 bis", "7"].map(String::from);
    let streets = [
        "Rue de la République, Lyon",
        "Rue de la République, Lyon",
        "Rue de la République, Lyon",
        "Boulevard du 8 Mai 1945, Bron",
    ]
    .map(String::from);

    let word = say("arbres", "trees");
    WebMap::new(still(language))
        .with_source(
            "zones",
            WebSource::features(&zones, std::slice::from_ref(&attribute)).expect("features"),
        )
        .with_source("places", WebSource::features(&middles(), &job_columns).expect("features"))
        .with_source("trees", WebSource::tiles(archive).expect("an archive"))
        .with_layer(WebLayer::surfaces("land", "zones", say("Territoire", "Land")).with_ground(Ground::Land))
        .with_layer(
            WebLayer::surfaces("speed", "zones", say("Vitesse", "Speed"))
                .with_step_classes(speeds, classes, Palette::Sequential(Sequential::Blues), Unit::of("km/h"))
                .with_feature_word(say("quartiers", "quarters"))
                .with_heading("name"),
        )
        .with_layer(
            WebLayer::sized_circles("jobs", "places", say("Emplois", "Jobs"), sizes)
                .with_colour(Colour::rgb(0, 114, 178))
                .with_opacity(0.8)
                .with_heading("name")
                .with_field(Field::number("jobs", say("Emplois", "Jobs"), job.clone(), 0)),
        )
        .with_layer(
            WebLayer::sized_circles(
                "graduated",
                "places",
                say("Emplois par classe", "Jobs by class"),
                CircleSizes::graduated("jobs", job_classes, job).with_largest_radius(16.0),
            )
            .with_period("first", "last")
            .with_colour(Colour::rgb(0, 114, 178))
            .with_heading("name")
            .hidden(),
        )
        .with_layer(
            WebLayer::circles("trees", "trees", say("Arbres", "Trees"), 3.0)
                .with_categories("kind", kind(true), Palette::Qualitative(Qualitative::OkabeIto))
                .with_feature_word(word)
                .with_field(Field::number("height", say("Hauteur", "Height"), Unit::METRE, 1))
                .hidden(),
        )
        .with_filter(Filter::range("trees", "height", say("Hauteur", "Height"), Unit::METRE, heights))
        .with_filter(Filter::categories(
            "trees",
            "kind",
            say("Espèce", "Kind"),
            kind(false),
            kinds.into_iter().map(Some),
        ))
        .with_time(TimeAxis::new(say("Heure", "Hour"), hours).opening_at(3).with_pace(8.0))
        .with_places(&names, &zones)
        .expect("places")
        .with_addresses(&addresses, &numbers, &streets)
        .expect("addresses")
}

/// A scene of the map, a view alone, a step of time with a filter, and a text.
fn story(language: Language) -> Story {
    let say = |french: &'static str, english: &'static str| language.pick(french, english);
    let hour = match language {
        Language::French => "8\u{a0}h",
        Language::English => "8:00",
    };
    Story::new(say("Une ville en quatre étapes", "A city in four steps"))
        .with_lead(say("De la nuit au matin.", "From night to morning."))
        .with_step(
            StoryStep::new(say("La nuit", "The night"))
                .with_text(say("On roule vite.", "Traffic is fast."))
                .with_scene(StoryScene::whole().with_layers(["speed"]))
                .with_view("city"),
        )
        .with_step(StoryStep::new(say("L’image", "The picture")).with_view("city"))
        .with_step(
            StoryStep::new(say("Le matin", "The morning"))
                .with_text(say("On roule lentement.", "Traffic is slow."))
                .with_text("</script><b>&")
                .with_scene(
                    StoryScene::at("Quartier 16")
                        .with_layers(["speed", "trees"])
                        .with_time(hour)
                        .with_filter("height", StoryChoice::Range([10.0, 20.0]))
                        .with_filter("kind", StoryChoice::Categories(vec![2]))
                        .with_feature(StoryFeature::new("speed", "name", "Quartier 16")),
                ),
        )
        .with_step(
            StoryStep::new(say("Fin", "End")).with_text(say("Le reste ne change pas.", "All else stays.")),
        )
}

/// Writes the pages of the city.
pub(super) fn write(folder: &Path) {
    for language in [Language::French, Language::English] {
        let html = map(language).to_html().expect("a page");
        fs::write(folder.join(format!("city-{}.html", language.code())), html).expect("a file");
        let html = map(language).to_story(&story(language), &[still(language)]).expect("a story");
        fs::write(folder.join(format!("story-{}.html", language.code())), html).expect("a file");
    }
    let site = folder.join("city");
    for file in map(Language::French).to_folder().expect("a folder") {
        let path = site.join(&file.path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, file.bytes).expect("a file");
    }
}
