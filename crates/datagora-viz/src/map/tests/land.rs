//! Land around and between the zones of a map.
use super::*;
use crate::{BivariateMap, Context, Exception, Inset, MapMultiples, PointMap, Sequential};

const MEANING: &str = "not covered by the data";

/// Five squares in a row, of which the one in the middle has no row.
fn row_with_gap() -> (GeometryColumn, GeometryColumn, Vec<String>, Vec<Measured>) {
    let land = GeometryColumn::new((0..5).map(square), Crs::CC46);
    let zones = land.take(&[0, 1, 3, 4]);
    let names = ["a", "b", "d", "e"].map(String::from).to_vec();
    let values = [1.0, 2.0, 8.0, 9.0].map(|value| Measured::new(value, Unit::PERCENT)).to_vec();
    (land, zones, names, values)
}

fn says(view: &View, words: &str) -> [bool; 2] {
    [view.scene(), view.compact().unwrap()].map(|scene| {
        scene.texts(0.0).iter().any(|(text, _)| words.starts_with(&text.content) && text.content.len() > 3)
    })
}

#[test]
fn the_legend_names_land_where_it_shows() {
    let (land, zones, names, values) = row_with_gap();
    let options = |land: &GeometryColumn| {
        MapOptions::default().with_context(Context::land(land.clone()).with_meaning(MEANING))
    };
    let map = Choropleth::new(&zones, &names, &values).with_method(Method::Quantile, 2);
    let captions = captions("land", "Land", Language::English);
    let view = map.draw(&options(&land), &captions).unwrap();
    check(&view);
    assert_eq!(says(&view, MEANING), [true; 2]);
    // Land is white like the paper, within outlines.
    let white = |scene: &Scene| {
        let blank = scene.marks().iter().filter(|mark| mark.fill == crate::Fill::Solid(Colour::WHITE));
        blank.filter(|mark| mark.stroke.is_some()).count()
    };
    assert_eq!(white(view.scene()), 6, "five squares and the box of the legend");
    let covered = map.draw(&options(&zones), &captions).unwrap();
    assert_eq!(says(&covered, MEANING), [false; 2], "nothing shows");
    let water = options(&land).with_context(Context::water(land.take(&[2])));
    assert_eq!(says(&map.draw(&water, &captions).unwrap(), MEANING), [false; 2], "a lake hides it");

    let both = BivariateMap::new(&zones, &names, &values, &values).with_measures("A", "B");
    let both = both.with_method(Method::Quantile, 2, 2);
    assert_eq!(says(&both.draw(&options(&land), &captions).unwrap(), MEANING), [true; 2]);
    let years = MapMultiples::new(&zones, &names)
        .with_map("2010", &values)
        .with_map("2025", &values)
        .with_method(Method::Quantile, 2);
    let view = years.draw(&options(&land), &captions).unwrap();
    check(&view);
    assert_eq!(says(&view, MEANING), [true; 2]);
    assert_eq!(says(&years.draw(&options(&zones), &captions).unwrap(), MEANING), [false; 2]);
}

#[test]
fn other_layers_have_a_meaning_too() {
    let (land, zones, names, values) = row_with_gap();
    let river = GeometryColumn::new(
        [LineString(vec![Coord { x: 0.0, y: 40.0 }, Coord { x: 500.0, y: 60.0 }]).into()],
        Crs::CC46,
    );
    let options = MapOptions::default()
        .with_context(Context::lines(river, Colour::rgb(86, 140, 190), 2.0).with_meaning("river"))
        .with_context(Context::water(land.take(&[2])).with_meaning("lake"))
        .with_context(Context::borders(land));
    let map = Choropleth::new(&zones, &names, &values).with_method(Method::Quantile, 2);
    let view = map.draw(&options, &captions("layers", "Layers", Language::English)).unwrap();
    check(&view);
    assert_eq!((says(&view, "river"), says(&view, "lake")), ([true; 2], [true; 2]));
}

#[test]
fn land_that_looks_like_a_class_is_refused() {
    let (land, zones, names, values) = row_with_gap();
    let options = |land: &GeometryColumn| MapOptions::default().with_context(Context::land(land.clone()));
    let captions = captions("like", "Like", Language::English);
    let in_palette = |palette| {
        Choropleth::new(&zones, &names, &values)
            .with_method(Method::Quantile, 2)
            .with_palette(Palette::Sequential(palette))
    };
    let greys = in_palette(Sequential::Greys);
    let refused = match greys.draw(&options(&land), &captions).unwrap_err() {
        MapError::Semiology { findings } => findings,
        other => panic!("{other}"),
    };
    let [Finding::LandLikeClass { difference, needed, .. }] = refused[..] else { panic!("{refused:?}") };
    assert!(difference < needed, "{difference}");
    let said = MapError::Semiology { findings: refused }.to_string();
    assert!(said.contains("with_meaning") && said.contains("Exception::LandLikeClass"), "{said}");
    assert!(greys.draw(&options(&land).with_exception(Exception::LandLikeClass), &captions).is_ok());
    assert!(greys.draw(&options(&zones), &captions).is_ok(), "nothing shows");
    let dark = Palette::Ordered(vec![Colour::rgb(90, 150, 200), Colour::rgb(10, 40, 90)]);
    let dark = in_palette(Sequential::Greys).with_palette(dark);
    assert!(dark.draw(&options(&land), &captions).is_ok(), "no class is so pale");
    let years = MapMultiples::new(&zones, &names)
        .with_map("2025", &values)
        .with_palette(Palette::Sequential(Sequential::Greys));
    let years = years.with_method(Method::Quantile, 2);
    assert!(matches!(years.draw(&options(&land), &captions), Err(MapError::Semiology { .. })));
    // Land below symbols is no class.
    let points = GeometryColumn::points(vec![40.0, 420.0], vec![20.0, 70.0], Crs::CC46);
    assert!(PointMap::new(&points, &names[..2]).draw(&options(&land), &captions).is_ok());
    let amounts = values.iter().map(|_| Measured::new(3.0, Unit::of("{tree}"))).collect::<Vec<_>>();
    assert!(ProportionalSymbols::new(&zones, &names, &amounts).draw(&options(&land), &captions).is_ok());
    // A window that shows land is a map too.
    let window = options(&land).with_inset(Inset::new("Gap", land.take(&[2])));
    assert!(matches!(greys.draw(&window, &captions), Err(MapError::Semiology { .. })));
}

#[test]
fn the_iris_of_lyon_leave_land_bare() {
    let Some(iris) = zones::Iris::read() else { return };
    let Some((communes, ..)) =
        super::zones("lyon_admin/communes_gl_2025_iarbre.geojson", "nomreduit", Crs::LAMBERT_93)
    else {
        return;
    };
    let trees = iris.column("VegHautPrt", &Unit::PERCENT);
    let land = Context::land(communes).with_meaning("non couvert par les données");
    let options = MapOptions::default().with_context(land).with_labels(0).with_zone_word("IRIS");
    let map = Choropleth::new(&iris.zones, &iris.names, &trees)
        .with_palette(Palette::Sequential(Sequential::Greens));
    let view = map.draw(&options, &captions("iris-land", "Végétation haute", Language::French)).unwrap();
    check(&view);
    assert_eq!(says(&view, "non couvert par les données"), [true; 2]);
}
