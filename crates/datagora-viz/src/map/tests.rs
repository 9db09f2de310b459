mod amounts;
mod insets;
mod land;
mod robust;
mod zones;

use std::path::PathBuf;

use datagora_core::{Credit, Crs, Language, Licence, Measured, Suppression, Unit, attribution};
use datagora_geo::types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};
use datagora_geo::{GeometryColumn, Metric, area};

use super::*;
use crate::{Captions, Colour, Diverging, Finding, Method, Palette, View};

/// A file of the real data; `None`, with a word, where they are absent.
fn real(name: &str) -> Option<String> {
    String::from_utf8(real_bytes(name)?).ok()
}

fn real_bytes(name: &str) -> Option<Vec<u8>> {
    let data = std::env::var_os("DATAGORA_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let text = std::fs::read(data.join(name)).ok();
    if text.is_none() {
        eprintln!("DATAGORA_DATA absent: {name} not checked");
    }
    text
}

/// Polygons of a GeoJSON file with one property of each.
fn zones(
    name: &str,
    property: &str,
    crs: Crs,
) -> Option<(GeometryColumn, Vec<String>, Vec<serde_json::Value>)> {
    let json: serde_json::Value = serde_json::from_str(&real(name)?).unwrap();
    let ring = |ring: &serde_json::Value| -> LineString {
        let at = |p: &serde_json::Value| Coord { x: p[0].as_f64().unwrap(), y: p[1].as_f64().unwrap() };
        LineString(ring.as_array().unwrap().iter().map(at).collect())
    };
    let polygon = |rings: &serde_json::Value| {
        let mut rings = rings.as_array().unwrap().iter().map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    let features = json["features"].as_array().unwrap();
    let geometries = features.iter().map(|feature| {
        let coordinates = &feature["geometry"]["coordinates"];
        match feature["geometry"]["type"].as_str().unwrap() {
            "Polygon" => Geometry::Polygon(polygon(coordinates)),
            "MultiPolygon" => Geometry::MultiPolygon(MultiPolygon(
                coordinates.as_array().unwrap().iter().map(polygon).collect(),
            )),
            "LineString" => Geometry::LineString(ring(coordinates)),
            other => panic!("{other}"),
        }
    });
    let properties: Vec<serde_json::Value> =
        features.iter().map(|feature| feature["properties"].clone()).collect();
    let names = properties.iter().map(|p| p[property].as_str().unwrap_or_default().to_owned()).collect();
    Some((GeometryColumn::new(geometries, crs), names, properties))
}

/// Writes both pictures where `DATAGORA_PICTURES` says, to be looked at.
fn keep(view: &View) {
    if let Some(folder) = std::env::var_os("DATAGORA_PICTURES") {
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{}.svg", view.id())), view.to_svg()).unwrap();
        std::fs::write(folder.join(format!("{}.compact.svg", view.id())), view.to_compact_svg().unwrap())
            .unwrap();
        std::fs::write(
            folder.join(format!("{}.txt", view.id())),
            format!("{}\n\n{}", view.description(), view.table().to_html(view.language())),
        )
        .unwrap();
        #[cfg(feature = "png")]
        {
            std::fs::write(folder.join(format!("{}.png", view.id())), view.to_png(1.5).unwrap()).unwrap();
            let compact = View::new(
                "c",
                "",
                view.compact().unwrap().clone(),
                view.table().clone(),
                "",
                view.language(),
            );
            std::fs::write(folder.join(format!("{}.compact.png", view.id())), compact.to_png(1.5).unwrap())
                .unwrap();
        }
    }
}

/// What must hold for every map.
fn check(view: &View) {
    keep(view);
    assert_eq!(view.scene().flaws(), [], "{}", view.id());
    assert_eq!(view.compact().unwrap().flaws(), [], "{} compact", view.id());
    assert!(view.description().len() > 40, "{}", view.description());
    assert!(!view.description().contains("NaN"));
    assert!(!view.table().is_empty());
}

fn captions(id: &str, title: &str, language: Language) -> Captions {
    let credits = [Credit::new("Communes", "Métropole de Lyon", Licence::LicenceOuverte2).with_date("2025")];
    Captions::new(id, title, language).with_credits(attribution(&credits, language))
}

fn lyon_density() -> Option<(GeometryColumn, Vec<String>, Vec<Measured>)> {
    let (communes, names, properties) =
        zones("lyon_admin/communes_gl_2025_iarbre.geojson", "nomreduit", Crs::LAMBERT_93)?;
    let text = real("lyon_admin/metropole_lyon_communes_population.csv")?;
    let population = |code: &str| -> Option<f64> {
        let line = text.lines().find(|line| line.starts_with(code))?;
        line.split(',').nth(4)?.parse().ok()
    };
    let areas = area(&communes, Metric::Planar).unwrap();
    let unit = Unit::of("{inhabitant}/km2");
    let values = properties
        .iter()
        .zip(areas)
        .map(|(p, area)| match population(p["insee"].as_str().unwrap()) {
            Some(people) => Measured::new(people / area * 1e6, unit.clone()),
            None => Measured::new(f64::NAN, unit.clone()),
        })
        .collect();
    Some((communes, names, values))
}

#[test]
fn density_of_the_communes_of_lyon() {
    let Some((communes, names, mut values)) = lyon_density() else { return };
    values[3] = Measured::suppressed(values[3].unit().clone(), Suppression::FewUnits { minimum: 3 });
    let options = MapOptions::default().with_zone_word("communes").with_labels(14);
    for (language, id) in [(Language::French, "density-fr"), (Language::English, "density-en")] {
        let title = language.pick("Densité de population", "Population density");
        let map =
            Choropleth::new(&communes, &names, &values).with_measure(title).with_method(Method::Fisher, 6);
        let view =
            map.draw(&options, &captions(id, title, language).with_subtitle("Métropole de Lyon")).unwrap();
        check(&view);
        assert_eq!(view.table().len(), 66);
        let svg = view.to_svg();
        assert!(svg.len() < 300_000, "{} bytes", svg.len());
        assert!(
            svg.contains(&names[3]) && view.description().contains(&names[3]),
            "the withheld commune is named"
        );
        assert_eq!(
            svg,
            map.draw(&options, &captions(id, title, language).with_subtitle("Métropole de Lyon"))
                .unwrap()
                .to_svg()
        );
    }
}

#[test]
fn growth_with_a_diverging_palette() {
    let Some((communes, names, values)) = lyon_density() else { return };
    // A made-up variable with both signs, so that there is something on both sides of zero.
    let change: Vec<Measured> = values
        .iter()
        .enumerate()
        .map(|(i, _)| Measured::new(f64::from((i as i32 * 37) % 41 - 14), Unit::PERCENT))
        .collect();
    let bounds = vec![-10.0, -5.0, 0.0, 5.0, 10.0, 30.0];
    let map = Choropleth::new(&communes, &names, &change)
        .with_measure("Évolution")
        .with_method(Method::Manual(bounds), 6)
        .with_palette(Palette::Diverging(Diverging::OrangePurple))
        .with_centre(0.0);
    assert_eq!(map.lint().unwrap(), []);
    check(
        &map.draw(
            &MapOptions::default(),
            &captions("growth", "Évolution fictive", Language::French).with_made(true),
        )
        .unwrap(),
    );
}

#[test]
fn an_amount_on_surfaces_is_refused_unless_named() {
    let Some((communes, names, values)) = lyon_density() else { return };
    let people: Vec<Measured> = values
        .iter()
        .map(|value| Measured::new(value.value().unwrap_or(f64::NAN), Unit::of("{inhabitant}")))
        .collect();
    let map = Choropleth::new(&communes, &names, &people);
    let captions = captions("people", "Population", Language::French);
    let refused = map.draw(&MapOptions::default(), &captions).unwrap_err();
    assert!(refused.to_string().contains("Exception::AmountOnSurface"), "{refused}");
    assert!(matches!(&map.lint().unwrap()[..], [Finding::AmountOnSurface { .. }]));
    let options = MapOptions::default().with_exception(Exception::AmountOnSurface);
    check(&map.draw(&options, &captions).unwrap());
}

#[test]
fn population_as_symbols_over_its_density() {
    let Some((communes, names, values)) = lyon_density() else { return };
    let areas = area(&communes, Metric::Planar).unwrap();
    let people: Vec<Measured> = values
        .iter()
        .zip(&areas)
        .map(|(value, area)| {
            Measured::new((value.value().unwrap_or(f64::NAN) * area / 1e6).round(), Unit::of("{inhabitant}"))
        })
        .collect();
    let symbols = ProportionalSymbols::new(&communes, &names, &people).with_measure("Population municipale");
    let options = MapOptions::default().with_zone_word("communes");
    check(&symbols.draw(&options, &captions("population", "Où habite-t-on ?", Language::French)).unwrap());
    let both = Choropleth::new(&communes, &names, &values)
        .with_measure("Densité de population")
        .with_symbols(symbols.with_colour(Colour::rgb(213, 94, 0)));
    let view = both.draw(&options, &captions("both", "Population et densité", Language::French)).unwrap();
    check(&view);
    assert_eq!(view.table().columns().len(), 4);
}

#[test]
fn jobs_known_by_bracket_have_two_circles() {
    let Some((communes, names, _)) = lyon_density() else { return };
    let unit = Unit::of("{job}");
    let jobs: Vec<Measured> = (0..names.len())
        .map(|i| match i % 9 {
            0 => Measured::suppressed(unit.clone(), Suppression::FewUnits { minimum: 3 }),
            1 => Measured::new(0.0, unit.clone()),
            _ => Measured::bounded((i * i) as f64, (i * i * 2) as f64 + 40.0, unit.clone()).unwrap(),
        })
        .collect();
    let map = ProportionalSymbols::new(&communes, &names, &jobs).with_measure("Emplois industriels");
    let view = map
        .draw(
            &MapOptions::default().with_zone_word("communes"),
            &captions("jobs", "Emplois", Language::French),
        )
        .unwrap();
    check(&view);
    assert!(view.to_svg().contains("stroke-dasharray"));
    assert!(
        view.description().contains("maximum 4\u{202f}225 à 8\u{202f}490\u{a0}emplois (Lyon 7)"),
        "{}",
        view.description()
    );
}

/// Place, name, mode and number of months of each counter.
type Counters = (GeometryColumn, Vec<String>, Vec<String>, Vec<f64>);

fn counters() -> Option<Counters> {
    let text = real("lyon_mobility/cyclopolis_counters.csv")?;
    // Names hold no comma in quotes as far as the first columns go; rows that do are left out here.
    let rows: Vec<Vec<&str>> =
        text.lines().skip(1).filter(|l| !l.contains('"')).map(|l| l.split(',').collect()).collect();
    let column = |i: usize| rows.iter().map(|row| row[i].parse().unwrap_or(f64::NAN)).collect::<Vec<f64>>();
    let places = GeometryColumn::points(column(4), column(5), Crs::WGS84);
    let text = |i: usize| rows.iter().map(|row| row[i].to_owned()).collect::<Vec<String>>();
    Some((places, text(2), text(0), column(7)))
}

#[test]
fn counters_by_mode() {
    let Some((places, names, modes, months)) = counters() else { return };
    let Some((communes, ..)) = zones("lyon_admin/communes_gl_2025_iarbre.geojson", "nom", Crs::LAMBERT_93)
    else {
        return;
    };
    let Some((metro, ..)) = zones("lyon_mobility/metro_lines.geojson", "ligne", Crs::WGS84) else { return };
    let bare = MapOptions::default().with_zone_word("compteurs");
    let map = PointMap::new(&places, &names).with_categories("mode", &modes);
    let captions = captions("counters", "Où compte-t-on vélos et voitures ?", Language::French);
    let in_degrees = bare.clone().with_crs(Crs::WGS84);
    assert!(matches!(map.draw(&in_degrees, &captions), Err(MapError::Geographic { .. })));
    let options = bare.with_context(Context::land(communes)).with_context(Context::lines(
        metro,
        Colour::rgb(150, 150, 150),
        1.4,
    ));
    check(&map.draw(&options, &captions).unwrap());

    let passages: Vec<Measured> =
        months.iter().map(|&n| Measured::new(37.0 * n, Unit::of("{bicycle}/d"))).collect();
    let sized = ProportionalSymbols::new(&places, &names, &passages)
        .with_measure("Passages fictifs")
        .with_categories(&modes)
        .with_radius(0.02);
    let captions = Captions::new("passages", "Passages fictifs", Language::French).with_made(true);
    check(&sized.draw(&options.with_labels(6), &captions).unwrap());
}

#[test]
fn kinds_of_the_506_iris() {
    let Some((iris, _, properties)) = zones("lyon_admin/iris_lyon_mobitic.geojson", "nom_iris", Crs::WGS84)
    else {
        return;
    };
    let Some((_, _, communes)) = zones("lyon_admin/communes_gl_2025_iarbre.geojson", "nom", Crs::LAMBERT_93)
    else {
        return;
    };
    let inside: Vec<usize> = (0..iris.len())
        .filter(|&row| communes.iter().any(|commune| commune["insee"] == properties[row]["code_insee"]))
        .collect();
    assert!(inside.len() > 450, "{} IRIS", inside.len());
    let iris = iris.take(&inside);
    let names: Vec<String> =
        inside.iter().map(|&row| properties[row]["nom_iris"].as_str().unwrap().to_owned()).collect();
    let kinds: Vec<Option<String>> = inside
        .iter()
        .map(|&row| match properties[row]["type_iris"].as_str().unwrap() {
            "H" => Some("Habitat".to_owned()),
            "A" => Some("Activité".to_owned()),
            "D" => Some("Divers".to_owned()),
            _ => None,
        })
        .collect();
    let options = MapOptions::default().with_crs(Crs::CC46).with_zone_word("IRIS").with_labels(0);
    let view = Typology::new(&iris, &names, &kinds)
        .with_variable("type d’IRIS")
        .draw(&options, &captions("iris", "Types d’IRIS", Language::French))
        .unwrap();
    check(&view);
    let svg = view.to_svg();
    assert!(svg.len() < 300_000, "{} bytes", svg.len());
    assert!(svg.matches("<title>").count() >= inside.len());

    let share: Vec<Measured> =
        (0..inside.len()).map(|i| Measured::new(((i * 7919) % 1000) as f64 / 10.0, Unit::PERCENT)).collect();
    let view = Choropleth::new(&iris, &names, &share)
        .with_measure("Part fictive")
        .with_method(Method::Quantile, 5)
        .draw(&options, &captions("iris-share", "Part fictive", Language::French).with_made(true))
        .unwrap();
    check(&view);
    assert!(view.to_svg().len() < 300_000, "{} bytes", view.to_svg().len());
}

#[test]
fn a_hundred_thousand_points_become_a_density() {
    // A spiral of points, denser in the middle.
    let n = 94_000;
    let (x, y): (Vec<f64>, Vec<f64>) = (0..n)
        .map(|i| {
            let (angle, radius) =
                (f64::from(i) * 2.399963, 12_000.0 * (f64::from(i) / f64::from(n)).powf(0.9));
            (840_000.0 + radius * angle.cos(), 6_520_000.0 + radius * angle.sin())
        })
        .unzip();
    let trees = GeometryColumn::points(x, y, Crs::LAMBERT_93);
    let names = vec![String::new(); n as usize];
    let captions = captions("trees", "Arbres", Language::French);
    let refused = PointMap::new(&trees, &names).draw(&MapOptions::default(), &captions).unwrap_err();
    assert!(matches!(refused, MapError::TooManyPoints { found: 94_000, most: 5_000 }));
    assert!(refused.to_string().contains("density_grid"));
    let grid = density_grid(&trees, 500.0, &Unit::of("{tree}")).unwrap();
    assert_eq!(grid.counts.iter().sum::<u64>(), 94_000);
    let view = Choropleth::new(&grid.cells, &grid.names, &grid.densities)
        .with_measure("Densité d’arbres")
        .draw(&MapOptions::default().with_labels(0).with_zone_word("mailles"), &captions)
        .unwrap();
    check(&view);
    assert!(matches!(density_grid(&trees, 0.0, &Unit::of("{tree}")), Err(MapError::Cells { .. })));
    assert!(matches!(density_grid(&trees, 1.0, &Unit::of("{tree}")), Err(MapError::Cells { .. })));
}

#[test]
fn street_trees_of_lyon_as_density() {
    let Some(bytes) = real_bytes("lyon_green/arbres_alignement.shp") else { return };
    // Records of 28 bytes after a header of 100: number and length, then the type (1, a point), x and y.
    let number = |record: &[u8], at: usize| f64::from_le_bytes(record[at..at + 8].try_into().unwrap());
    let (x, y): (Vec<f64>, Vec<f64>) =
        bytes[100..].chunks_exact(28).map(|record| (number(record, 12), number(record, 20))).unzip();
    let trees = GeometryColumn::points(x, y, Crs::WGS84).reproject(&Crs::LAMBERT_93).unwrap();
    let grid = density_grid(&trees, 500.0, &Unit::of("{tree}")).unwrap();
    assert_eq!(grid.counts.iter().sum::<u64>(), 94_435);
    assert!((800..2_000).contains(&grid.counts.len()), "{} cells", grid.counts.len());
    let Some((communes, ..)) = zones("lyon_admin/communes_gl_2025_iarbre.geojson", "nom", Crs::LAMBERT_93)
    else {
        return;
    };
    let options = MapOptions::default()
        .with_labels(0)
        .with_zone_word("mailles")
        .with_context(Context::land(communes.clone()).with_meaning("aucun arbre d’alignement"))
        .with_context(Context::borders(communes));
    let view = Choropleth::new(&grid.cells, &grid.names, &grid.densities)
        .with_measure("Densité d’arbres d’alignement")
        .with_palette(Palette::Sequential(crate::Sequential::Greens))
        .draw(&options, &captions("street-trees", "Les arbres d’alignement", Language::French))
        .unwrap();
    check(&view);
    assert!(view.to_svg().len() < 300_000, "{} bytes", view.to_svg().len());
}

fn square(i: usize) -> Geometry {
    let x = i as f64 * 100.0;
    Rect::new(Coord { x, y: 0.0 }, Coord { x: x + 100.0, y: 100.0 }).to_polygon().into()
}

#[test]
fn bad_input_is_named() {
    let zones = GeometryColumn::new((0..2).map(square), Crs::CC46);
    let names = ["Bron", "Lyon"].map(String::from);
    let captions = captions("x", "Titre", Language::French);
    let options = MapOptions::default();
    let draw =
        |values: &[Measured]| Choropleth::new(&zones, &names, values).draw(&options, &captions).unwrap_err();
    let share = |value: f64| Measured::new(value, Unit::PERCENT);
    assert!(matches!(draw(&[share(1.0)]), MapError::Length { what: "values", found: 1, needed: 2 }));
    assert!(matches!(draw(&[share(f64::NAN), share(f64::NAN)]), MapError::Empty { rows: 2 }));
    assert!(matches!(draw(&[share(1.0), Measured::new(2.0, Unit::ONE)]), MapError::Units { .. }));
    let nowhere = GeometryColumn::from_options([None, None], Crs::CC46);
    let lost =
        Choropleth::new(&nowhere, &names, &[share(1.0), share(2.0)]).draw(&options, &captions).unwrap_err();
    assert!(matches!(lost, MapError::Nowhere { rows: 2 }));
    let negative = [-1.0, 4.0].map(|value| Measured::new(value, Unit::of("{tree}")));
    let refused = ProportionalSymbols::new(&zones, &names, &negative).draw(&options, &captions).unwrap_err();
    assert!(matches!(refused, MapError::Amount { .. }), "{refused}");
    let few = MapOptions::default().with_importance(vec![1.0]);
    let shares = [share(1.0), share(2.0)];
    let refused = Choropleth::new(&zones, &names, &shares).draw(&few, &captions).unwrap_err();
    assert!(matches!(refused, MapError::Length { what: "importances", found: 1, needed: 2 }));
    let none = Typology::new(&zones, &names, &[None, None]).draw(&options, &captions).unwrap_err();
    assert!(matches!(none, MapError::Empty { rows: 2 }));
    let kinds: Vec<Option<String>> = (0..9).map(|i| Some(format!("type {i}"))).collect();
    let many = GeometryColumn::new((0..9).map(square), Crs::CC46);
    let names: Vec<String> = (0..9).map(|i| format!("zone {i}")).collect();
    let refused = Typology::new(&many, &names, &kinds).draw(&options, &captions).unwrap_err();
    assert!(matches!(refused, MapError::Palette(_)), "{refused}");
}

#[test]
fn hard_words_and_lone_places() {
    let captions = captions("x", "Un <titre> & \"plus\" d’un", Language::French);
    let options = MapOptions::default();
    let one = GeometryColumn::points(vec![5.0], vec![7.0], Crs::CC46);
    let name = ["Un nom <long> & même très très long, qui ne tient pas sur la carte".to_owned()];
    let value = [Measured::new(12.0, Unit::of("{tree}"))];
    check(&ProportionalSymbols::new(&one, &name, &value).draw(&options, &captions).unwrap());
    let zone = GeometryColumn::from_options([Some(square(0)), None], Crs::CC46);
    let names = ["Bron", "Lyon"].map(String::from);
    let values = [1.0, 2.0].map(|value| Measured::new(value, Unit::PERCENT));
    let view = Choropleth::new(&zone, &names, &values).draw(&options, &captions).unwrap();
    check(&view);
    assert!(view.description().contains("absent de la carte\u{a0}: Lyon."), "{}", view.description());
}

#[test]
fn a_narrow_picture_is_drawn_unless_it_is_left_out() {
    let square = |at: f64| Rect::new(Coord { x: at, y: 5.17e6 }, Coord { x: at + 900.0, y: 5.171e6 }).into();
    let zones = GeometryColumn::new([1_842_000.0, 1_842_900.0].map(square), Crs::CC46);
    let names = ["West", "East"].map(String::from);
    let values = [3.0, 8.0].map(|value| Measured::new(value, Unit::PERCENT));
    let captions = captions("half", "Halves", Language::English);
    let both = MapOptions::default();
    let wide = both.clone().with_compact(false);
    let choropleth = Choropleth::new(&zones, &names, &values).with_method(Method::EqualInterval, 2);
    let multiples = MapMultiples::new(&zones, &names).with_map("2020", &values).with_map("2025", &values);
    let multiples = multiples.with_method(Method::EqualInterval, 2);
    let draw =
        |options: &MapOptions| [choropleth.draw(options, &captions), multiples.draw(options, &captions)];
    for (both, wide) in draw(&both).into_iter().zip(draw(&wide)) {
        let (both, wide) = (both.unwrap(), wide.unwrap());
        assert_eq!((both.compact().is_some(), wide.compact().is_some()), (true, false));
        assert_eq!(both.to_svg(), wide.to_svg());
    }
}
