//! Kinds of maps of zones, on the real zones of Lyon.
use datagora_core::Interval;

use super::*;
use crate::{
    BivariateMap, Contrast, DifferenceMap, Discontinuities, GraduatedSymbols, MapMultiples,
    ValueSuppressingMap,
};

/// The IRIS of the Métropole and a column of numbers of each.
pub(super) struct Iris {
    pub(super) zones: GeometryColumn,
    pub(super) names: Vec<String>,
    columns: Vec<String>,
    numbers: Vec<Vec<f64>>,
}

impl Iris {
    pub(super) fn read() -> Option<Self> {
        let (zones, names, properties) =
            zones("lyon_admin/iris_lyon_mobitic.geojson", "nom_iris", Crs::WGS84)?;
        let text = real("lyon_admin/LyonIris_social_env.csv")?;
        let row =
            |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect::<Vec<_>>();
        let columns = row(text.lines().next()?);
        let values: Vec<Vec<String>> = text.lines().skip(1).map(row).collect();
        let (mut rows, mut numbers) = (Vec::new(), Vec::new());
        for (at, properties) in properties.iter().enumerate() {
            if let Some(line) = values.iter().find(|line| properties["code_iris"] == line[2][..]) {
                rows.push(at);
                numbers.push(line.iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect());
            }
        }
        assert!(rows.len() > 450, "{} IRIS", rows.len());
        let names = rows.iter().map(|&row| names[row].clone()).collect();
        Some(Self { zones: zones.take(&rows), names, columns, numbers })
    }

    pub(super) fn column(&self, name: &str, unit: &Unit) -> Vec<Measured> {
        let at = self.columns.iter().position(|column| column == name).unwrap();
        self.numbers.iter().map(|row| Measured::new(row[at], unit.clone())).collect()
    }
}

#[test]
fn income_and_trees_of_the_iris() {
    let Some(iris) = Iris::read() else { return };
    let mut income = iris.column("NivVieMed", &Unit::of("{euro}/{inhabitant}"));
    let trees = iris.column("VegHautPrt", &Unit::PERCENT);
    income[7] = Measured::suppressed(income[7].unit().clone(), Suppression::FewUnits { minimum: 11 });
    for (language, id) in [(Language::French, "bivariate-fr"), (Language::English, "bivariate-en")] {
        let map = BivariateMap::new(&iris.zones, &iris.names, &income, &trees).with_measures(
            language.pick("Niveau de vie médian", "Median income"),
            language.pick("Végétation haute", "High vegetation"),
        );
        assert_eq!(map.lint().unwrap(), []);
        let options = MapOptions::default().with_zone_word("IRIS").with_labels(0);
        let view = map.draw(&options, &captions(id, "Les arbres et l’argent", language)).unwrap();
        check(&view);
        assert_eq!(view.table().columns().len(), 5);
        let four = map.clone().with_method(Method::Quantile, 4, 4);
        let refused = four.draw(&options, &captions("x", "x", language)).unwrap_err();
        assert!(refused.to_string().contains("Exception::ManyClasses"), "{refused}");
        let allowed = options.with_exception(Exception::ManyClasses);
        check(&four.draw(&allowed, &captions(&format!("{id}-4"), "Seize classes", language)).unwrap());
    }
}

#[test]
fn pairs_of_classes_are_counted_and_gaps_told() {
    let zones = GeometryColumn::new((0..7).map(square), Crs::CC46);
    let names: Vec<String> = (0..7).map(|i| format!("zone {i}")).collect();
    let of = |values: [f64; 7]| values.map(|value| Measured::new(value, Unit::PERCENT));
    let first = of([1.0, 1.0, 9.0, 9.0, 9.0, f64::NAN, f64::NAN]);
    let mut second = of([1.0, 9.0, 1.0, 9.0, 9.0, 3.0, f64::NAN]);
    second[4] = Measured::suppressed(Unit::PERCENT, Suppression::FewUnits { minimum: 3 });
    let map = BivariateMap::new(&zones, &names, &first, &second).with_measures("A", "B").with_method(
        Method::EqualInterval,
        2,
        2,
    );
    let options = MapOptions::default().with_labels(0);
    let view = map.draw(&options, &captions("pairs", "Paires", Language::English)).unwrap();
    check(&view);
    let said = view.description();
    for part in [
        "high A and high B: 1 (zone 3)",
        "high A and low B: 1 (zone 2)",
        "low A and high B: 1 (zone 1)",
        "low A and low B: 1 (zone 0)",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let svg = view.to_svg();
    for part in ["no data: A", "no data, neither", "statistical secrecy"] {
        assert!(svg.contains(part), "{part}");
    }
    assert!(!svg.contains("no data: B"), "no zone lacks B alone without being a secret");
    let alike = map.with_corners([Colour::WHITE, Colour::WHITE, Colour::INK, Colour::INK]);
    assert!(matches!(&alike.lint().unwrap()[..], [Finding::Confusable { .. }]));
}

#[test]
fn growth_of_the_communes_with_its_margins() {
    let Some((communes, names, densities)) = lyon_density() else { return };
    let changed = |row: usize| f64::from((row as i32 * 37) % 41 - 14);
    let known = |value: f64, margin: f64| {
        Measured::new(value, Unit::PERCENT)
            .with_interval(Interval::at_level(value - margin, value + margin, 0.95).unwrap())
    };
    let before: Vec<Measured> = (0..densities.len()).map(|_| known(40.0, 2.0)).collect();
    let mut after: Vec<Measured> = (0..densities.len()).map(|row| known(40.0 + changed(row), 11.0)).collect();
    after[3] = Measured::suppressed(Unit::PERCENT, Suppression::FewUnits { minimum: 3 });
    after[5] = Measured::new(f64::NAN, Unit::PERCENT);
    let options = MapOptions::default().with_zone_word("communes").with_labels(8);
    for (language, id) in [(Language::French, "difference-fr"), (Language::English, "difference-en")] {
        let map = DifferenceMap::new(&communes, &names, &before, &after)
            .with_measure(language.pick("Part fictive", "Made share"))
            .with_times("2015", "2023");
        assert_eq!(map.lint().unwrap(), []);
        let view = map.draw(&options, &captions(id, "Titre", language).with_made(true)).unwrap();
        check(&view);
        assert_eq!(view.table().columns().len(), 5);
        assert!(view.to_svg().contains(language.pick("hausse non établie", "increase, not sure")));
        assert!(view.description().contains("points"), "a difference of percentages is in points");
    }
}

#[test]
fn classes_of_a_difference_are_symmetrical() {
    let zones = GeometryColumn::new((0..6).map(square), Crs::CC46);
    let names: Vec<String> = (0..6).map(|i| format!("zone {i}")).collect();
    let of = |values: [f64; 6]| values.map(|value| Measured::new(value, Unit::PERCENT));
    let before = of([10.0; 6]);
    let after = of([10.0, 10.5, 9.6, 15.0, 4.0, 18.0]);
    let map = DifferenceMap::new(&zones, &names, &before, &after)
        .with_measure("Canopée")
        .with_method(Method::Manual(vec![1.0, 5.5, 10.0]), 3);
    assert_eq!(map.differences().unwrap()[3].value(), Some(5.0));
    let view = map.draw(&MapOptions::default(), &captions("sym", "Titre", Language::French)).unwrap();
    check(&view);
    let said = view.description();
    for part in ["Hausse\u{a0}: 2 (zone 3, zone 5)", "Baisse\u{a0}: 1 (zone 4)", "stable\u{a0}: 3"] {
        assert!(said.contains(part), "{said}");
    }
    let svg = view.to_svg();
    for label in ["+1,0 à +5,5", "−5,5 à −1,0", "−1,0 à +1,0", "+5,5 à +10,0", "−10,0 à −5,5"]
    {
        assert!(svg.contains(label), "{label}");
    }
    // Table and legend call the unit alike.
    let table = view.table().to_html(Language::French);
    assert!(
        table.contains("Différence <span class=\"unit\">(points)</span>") && table.contains("(%)"),
        "{table}"
    );
    assert!(svg.contains(">en points<"), "{svg}");
    let euros = [1.0; 6].map(|value| Measured::new(value, Unit::of("{euro}")));
    let refused = DifferenceMap::new(&zones, &names, &before, &euros)
        .draw(&MapOptions::default(), &captions("x", "Titre", Language::French))
        .unwrap_err();
    assert!(matches!(refused, MapError::Units { .. }), "{refused}");
    let same = DifferenceMap::new(&zones, &names, &before, &before);
    let view = same.draw(&MapOptions::default(), &captions("same", "Titre", Language::French)).unwrap();
    check(&view);
    assert!(view.description().contains("stable\u{a0}: 6"), "{}", view.description());
    let levels = |level: f64| {
        [0; 6].map(|_| {
            Measured::new(1.0, Unit::PERCENT).with_interval(Interval::at_level(0.0, 2.0, level).unwrap())
        })
    };
    let (ninety, eighty) = (levels(0.9), levels(0.8));
    let refused = DifferenceMap::new(&zones, &names, &ninety, &eighty).differences().unwrap_err();
    assert!(matches!(refused, MapError::Difference { .. }), "{refused}");
}

#[test]
fn population_in_sizes() {
    let Some((communes, names, densities)) = lyon_density() else { return };
    let areas = area(&communes, Metric::Planar).unwrap();
    let unit = Unit::of("{inhabitant}");
    let mut people: Vec<Measured> = densities
        .iter()
        .zip(&areas)
        .map(|(value, area)| {
            Measured::new((value.value().unwrap_or(f64::NAN) * area / 1e6).round(), unit.clone())
        })
        .collect();
    people[1] = Measured::new(0.0, unit.clone());
    people[2] = Measured::suppressed(unit.clone(), Suppression::FewUnits { minimum: 3 });
    people[3] = Measured::bounded(10.0, 500.0, unit.clone()).unwrap();
    people[4] = Measured::new(f64::NAN, unit.clone());
    let options = MapOptions::default().with_zone_word("communes").with_labels(10);
    for (language, id) in [(Language::French, "graduated-fr"), (Language::English, "graduated-en")] {
        let map = GraduatedSymbols::new(&communes, &names, &people)
            .with_measure(language.pick("Population municipale", "Population"));
        assert_eq!(map.lint().unwrap(), []);
        assert_eq!(map.classify().unwrap().counts().iter().sum::<usize>(), names.len() - 4);
        let view = map.draw(&options, &captions(id, "Titre", language)).unwrap();
        check(&view);
        for part in [
            language.pick("connu seulement par un", "known only within bounds"),
            language.pick("Zéro, sans cercle\u{a0}: 1.", "Zero, without circle: 1."),
        ] {
            assert!(view.to_svg().contains(part), "{part}");
        }
        let many = map.with_method(Method::Quantile, 6);
        let refused = many.draw(&options, &captions("x", "x", language)).unwrap_err();
        assert!(refused.to_string().contains("Exception::ManyClasses"), "{refused}");
    }
    let rates = vec![Measured::new(12.0, Unit::PERCENT); names.len()];
    let refused = GraduatedSymbols::new(&communes, &names, &rates)
        .draw(&options, &captions("x", "x", Language::French))
        .unwrap_err();
    assert!(matches!(refused, MapError::Semiology { .. }), "{refused}");
    people[0] = Measured::new(-1.0, unit);
    let refused = GraduatedSymbols::new(&communes, &names, &people).classify().unwrap_err();
    assert!(matches!(refused, MapError::Amount { .. }), "{refused}");
}

#[test]
fn where_incomes_of_neighbours_break() {
    let Some(iris) = Iris::read() else { return };
    let income = iris.column("NivVieMed", &Unit::of("{euro}"));
    let options = MapOptions::default()
        .with_zone_word("IRIS")
        .with_labels(0)
        .with_exception(Exception::AmountOnSurface);
    for (language, id) in [(Language::French, "breaks-fr"), (Language::English, "breaks-en")] {
        let map = Discontinuities::new(&iris.zones, &iris.names, &income)
            .with_measure(language.pick("Niveau de vie médian", "Median income"))
            .with_share(0.15);
        let view = map.draw(&options, &captions(id, "Titre", language)).unwrap();
        check(&view);
        assert!(view.table().len() > 1_200, "{} pairs of neighbours", view.table().len());
        let ratio = map.with_contrast(Contrast::Relative).with_threshold(1.5);
        check(&ratio.draw(&options, &captions(&format!("{id}-ratio"), "Titre", language)).unwrap());
    }
}

/// Lengths of the intersections of boundaries, shapely 2.2.0: 156 pairs of communes, 361,643.1 m in all. With slivers
/// narrower than our tolerance, as buffers of 0.6 m find them, 361,867 m.
#[test]
fn borders_of_the_communes_are_those_of_shapely() {
    let Some((communes, names, _)) = lyon_density() else { return };
    let borders = super::super::border::shared_borders(&communes);
    assert_eq!(borders.len(), 156);
    let total: f64 = borders.iter().map(|border| border.length).sum();
    assert!((361_643.0..361_870.0).contains(&total), "{total}");
    let longest = borders.iter().max_by(|a, b| a.length.total_cmp(&b.length)).unwrap();
    let mut pair = longest.zones.map(|row| &names[row][..]);
    pair.sort_unstable();
    assert_eq!(pair, ["Vaulx", "Villeurbanne"]);
    assert!((longest.length - 8_200.965).abs() < 1.0, "{}", longest.length);
}

#[test]
fn borders_are_drawn_by_their_contrast() {
    let zones = GeometryColumn::new((0..6).map(square), Crs::CC46);
    let names: Vec<String> = (0..6).map(|i| format!("zone {i}")).collect();
    let values = [10.0, 10.0, 14.0, 40.0, 41.0, 0.0].map(|value| Measured::new(value, Unit::PERCENT));
    let draw =
        |map: Discontinuities<'_>| map.draw(&MapOptions::default(), &captions("b", "b", Language::English));
    let lines = |view: &View| view.to_svg().matches("stroke=\"#7a1228\"").count();
    let map = |values| Discontinuities::new(&zones, &names, values).with_measure("Poverty");
    let view = draw(map(&values).with_threshold(4.0)).unwrap();
    check(&view);
    // Three borders, and three widths in the legend.
    assert_eq!(lines(&view), 6);
    let said = view.description();
    assert!(said.contains("drawn: 3 of 5, from 4\u{a0}points"), "{said}");
    assert!(
        said.contains(
            "zone 4 (41%) / zone 5 (0%): 41\u{a0}points; zone 3 (40%) / zone 2 (14%): 26\u{a0}points"
        ),
        "{said}"
    );
    assert_eq!(view.table().len(), 5);
    // Where nothing differs nothing is drawn, even if all is asked for.
    assert!(draw(map(&values).with_share(1.0)).unwrap().description().contains("drawn: 4 of 5"));
    let refused = draw(map(&values).with_contrast(Contrast::Relative)).unwrap_err();
    assert!(matches!(refused, MapError::Ratio { .. }), "{refused}");
    let refused = draw(map(&values).with_threshold(99.0)).unwrap_err();
    assert!(matches!(refused, MapError::NoBorders { compared: 5 }), "{refused}");
    let mut secret = values.clone();
    secret[4] = Measured::suppressed(Unit::PERCENT, Suppression::FewUnits { minimum: 3 });
    let view = draw(map(&secret).with_contrast(Contrast::Relative).with_threshold(1.2)).unwrap();
    check(&view);
    assert!(view.description().contains("drawn: 2 of 3") && view.description().contains("× 2.86"));
    assert!(view.to_svg().contains(">Borders not compared"));
}

#[test]
fn unsure_shares_fall_together() {
    let Some(iris) = Iris::read() else { return };
    let unemployed = iris.column("TxChom1564", &Unit::PERCENT);
    // As if a survey had asked 20 to 400 people in each.
    let surveyed: Vec<Measured> = unemployed
        .iter()
        .enumerate()
        .map(|(row, value)| match value.value() {
            Some(share) => {
                let people = 20.0 + f64::from((row as u32 * 37) % 380);
                let margin = 1.645 * (share * (100.0 - share) / people).sqrt();
                let interval = Interval::at_level((share - margin).max(0.0), share + margin, 0.9).unwrap();
                Measured::new(share, Unit::PERCENT).with_interval(interval)
            }
            None => value.clone(),
        })
        .collect();
    let options = MapOptions::default().with_zone_word("IRIS").with_labels(0);
    for (language, id) in [(Language::French, "suppressing-fr"), (Language::English, "suppressing-en")] {
        // One IRIS with a handful of inhabitants has 99 %.
        let map = ValueSuppressingMap::new(&iris.zones, &iris.names, &surveyed)
            .with_measure(language.pick("Taux de chômage", "Unemployment"))
            .with_range(0.0, 40.0);
        assert_eq!(map.lint().unwrap(), []);
        let view = map.draw(&options, &captions(id, "Titre", language)).unwrap();
        check(&view);
        assert!(
            view.description().contains(language.pick("dont on ne peut rien dire", "nothing can be said"))
        );
    }
}

#[test]
fn years_in_one_classification() {
    let Some((communes, names, densities)) = lyon_density() else { return };
    let year = |factor: f64| -> Vec<Measured> {
        densities
            .iter()
            .map(|value| {
                Measured::new((value.value().unwrap_or(f64::NAN) * factor).round(), value.unit().clone())
            })
            .collect()
    };
    let mut years: Vec<Vec<Measured>> = [0.4, 0.6, 0.8, 1.0, 1.1].map(year).to_vec();
    years[0][9] = Measured::suppressed(years[0][9].unit().clone(), Suppression::FewUnits { minimum: 3 });
    let options = MapOptions::default().with_zone_word("communes");
    for (language, id) in [(Language::French, "multiples-fr"), (Language::English, "multiples-en")] {
        for count in [2, 4, 5] {
            let mut maps = MapMultiples::new(&communes, &names)
                .with_measure(language.pick("Densité fictive", "Made density"));
            for (year, values) in years.iter().take(count).enumerate() {
                maps = maps.with_map((1980 + 10 * year).to_string(), values);
            }
            let view = maps.draw(&options, &captions(&format!("{id}-{count}"), "Titre", language)).unwrap();
            check(&view);
            assert_eq!(view.table().columns().len(), count + 1);
            assert_eq!(
                view.to_svg().matches(Method::Fisher.name(language)).count(),
                2,
                "legend and description"
            );
        }
    }
    let percent = vec![Measured::new(3.0, Unit::PERCENT); names.len()];
    let maps = MapMultiples::new(&communes, &names).with_map("a", &years[0]);
    let titled = captions("x", "x", Language::French);
    let refused = maps.clone().with_map("b", &percent).draw(&options, &titled).unwrap_err();
    assert!(matches!(refused, MapError::Units { .. }), "no common scale: {refused}");
    let none = MapMultiples::new(&communes, &names).draw(&options, &titled).unwrap_err();
    assert!(matches!(none, MapError::Empty { .. }), "{none}");
}

#[test]
fn small_maps_of_the_same_zones_have_the_same_outlines() {
    let corner = |i: usize| (i as f64 * 1_234.567, (i * i) as f64 * 765.4321);
    let zone = |i: usize| {
        let ((x, y), (east, north)) = (corner(i), corner(i + 1));
        Rect::new(Coord { x, y }, Coord { x: east, y: north }).to_polygon().into()
    };
    let zones = GeometryColumn::new((0..4).map(zone), Crs::CC46);
    let names: Vec<String> = (0..4).map(|i| format!("zone {i}")).collect();
    let values =
        |by: f64| (0..4).map(|i| Measured::new(by * f64::from(i), Unit::PERCENT)).collect::<Vec<_>>();
    let maps = [1.0, 1.5, 2.0, 2.5, 3.0].map(values);
    let (options, titled) = (MapOptions::default(), captions("same", "Titre", Language::French));
    let of = |maps: &[Vec<Measured>]| {
        let all = maps.iter().enumerate().fold(MapMultiples::new(&zones, &names), |all, (year, values)| {
            all.with_map(year.to_string(), values)
        });
        all.draw(&options, &titled).unwrap()
    };
    for count in [3, 5] {
        let view = of(&maps[..count]);
        for svg in [view.to_svg(), view.to_compact_svg().unwrap()] {
            let tipped = svg.split("<path d=\"").skip(1).filter(|path| path.contains("<title>zone"));
            let outlines: Vec<&str> = tipped.filter_map(|path| path.split('"').next()).collect();
            assert_eq!(outlines.len(), 4 * count);
            // What follows where they begin.
            let shapes: std::collections::BTreeSet<&str> =
                outlines.iter().filter_map(|outline| Some(outline.split_once('l')?.1)).collect();
            assert_eq!(shapes.len(), 4, "{shapes:?}");
        }
    }
}

/// Each method stands in the legend by name, above it the histogram of the values.
#[test]
fn every_method_is_named_below_its_histogram() {
    let Some((communes, names, densities)) = lyon_density() else { return };
    let methods = [
        Method::Quantile,
        Method::EqualInterval,
        Method::Fisher,
        Method::HeadTail,
        Method::StandardDeviation,
        Method::MaximumBreaks,
        Method::Pretty,
        Method::BoxPlot,
        Method::Percentiles,
        Method::Manual(vec![1_000.0, 5_000.0, 20_000.0]),
    ];
    for method in methods {
        for language in [Language::French, Language::English] {
            let view = Choropleth::new(&communes, &names, &densities)
                .with_measure("Densité")
                .with_method(method.clone(), 5)
                .draw(&MapOptions::default().with_labels(0), &captions("method", "Titre", language))
                .unwrap();
            assert_eq!((view.scene().flaws(), view.compact().unwrap().flaws()), (vec![], vec![]));
            let svg = view.to_svg();
            assert!(svg.contains(method.name(language)), "{method}");
            let muted = format!("fill=\"{}\"", Colour::MUTED);
            let bars = svg.matches("<rect").count();
            assert!(svg.contains(&muted) && bars > 10, "{method}: {bars} bars and boxes");
        }
    }
}
