//! The atlas as a citizen's computer meets it: the made city, broken files, folders that are not ours.
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn atlas(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_atlas")).args(arguments).output().expect("the atlas runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are text")
}

/// The folder of real data, if it is there.
fn data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = PathBuf::from(std::env::var("DATAGORA_DATA").unwrap_or_else(|_| default.to_owned()));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("DATAGORA_DATA absent: the atlas of Lyon is not checked");
    None
}

/// All files below a folder with their bytes.
fn files(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut stack = vec![folder.to_owned()];
    while let Some(here) = stack.pop() {
        for entry in std::fs::read_dir(here).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                stack.push(entry);
            } else {
                let name = entry.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&entry).expect("readable"));
            }
        }
    }
    found
}

#[test]
fn made_village_is_whole_offline_and_the_same_twice() {
    let work = tempfile::tempdir().expect("a temporary folder");
    let (one, two) = (work.path().join("one"), work.path().join("two"));
    for out in [&one, &two] {
        let run = atlas(&["--size", "village", "--lang", "en", "--out", text(out)]);
        // A village has too few counters for a sum of constant perimeter: that view is left out, and said to be.
        let errors = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.success() || errors.contains("not shown"), "{errors}");
    }
    let files_of_one = files(&one);
    assert_eq!(files_of_one, files(&two));
    let page = String::from_utf8(files_of_one["index.html"].clone()).expect("text");
    assert!(page.contains("Made city"), "made data must say so");
    let map = String::from_utf8(files_of_one["maps/greening-plantability.html"].clone()).expect("text");
    assert!(page.contains("href=\"maps/greening-plantability.html\""), "the atlas must lead to its map");
    for (name, html) in [("the atlas", &page), ("the map", &map)] {
        for loads in ["src=\"http", "href=\"http", "url(http", "@import", "<link"] {
            assert!(!html.contains(loads), "{name} must load nothing: {loads}");
        }
        assert!(html.contains("content=\"default-src 'none';"), "{name} must let nothing be loaded");
    }
    assert!(map.contains("id=\"data-cells\"") && map.contains("Made city"), "the map must hold its cells");
    for view in files_of_one.keys().filter_map(|name| name.strip_prefix("views/")?.strip_suffix(".svg")) {
        assert!(files_of_one.contains_key(&format!("views/{view}.png")), "{view}");
        assert!(files_of_one.contains_key(&format!("tables/{view}.csv")), "{view}");
        assert!(files_of_one.contains_key(&format!("tables/{view}.parquet")), "{view}");
        let svg = String::from_utf8_lossy(&files_of_one[&format!("views/{view}.svg")]).into_owned();
        assert!(svg.contains("Made city"), "{view} must say that its data are made");
    }
    assert!(files_of_one.contains_key("lineage.json"));
    for view in [
        "mobility-record",
        "mobility-publishable",
        "mobility-rhythm",
        "mobility-hours",
        "mobility-hours-record",
        "economy-around",
        "economy-inhabitants",
        "economy-sizes",
        "greening-species",
        "greening-ages",
        "greening-trees-hexagons",
        "greening-vulnerability",
        "greening-vulnerability-components",
        "greening-vulnerability-why",
        "greening-vulnerability-choices",
        "greening-vulnerability-shade",
        "greening-vulnerability-planting",
        "greening-330300",
        "greening-330300-iris",
        "greening-three-trees",
    ] {
        assert!(files_of_one.contains_key(&format!("views/{view}.svg")), "{view}");
    }
    // A village is one commune and one quarter: what compares several is not offered, and is no failure.
    for view in [
        "greening-trees-inhabitant",
        "greening-vegetation",
        "greening-vulnerability-sure",
        "greening-vulnerability-gathers",
    ] {
        assert!(!files_of_one.contains_key(&format!("views/{view}.svg")), "{view}");
    }
    let village = datagora_sample::City::make(&datagora_sample::CityPlan::village()).expect("a village");
    assert_eq!((village.communes.name.len(), village.iris.geometry.len()), (1, 1));
    let sum = |table: &str, columns: std::ops::Range<usize>| -> f64 {
        let table = String::from_utf8_lossy(&files_of_one[&format!("tables/{table}.csv")]).into_owned();
        let number = |cell: &str| cell.parse::<f64>().ok();
        let of_row = |row: &str| {
            row.split(',').skip(columns.start).take(columns.len()).filter_map(number).sum::<f64>()
        };
        table.lines().skip(1).map(of_row).sum()
    };
    // Each tree is in one hexagon, each inhabitant in one kind of dot.
    assert_eq!(sum("greening-trees-hexagons", 3..4), village.trees.geometry.len() as f64);
    let inhabitants = f64::from(village.iris.population.iter().sum::<u32>());
    let shown = sum("greening-330300-iris", 1..4);
    assert!((shown - inhabitants).abs() < 1e-6 * inhabitants, "{shown} of {inhabitants} inhabitants");
    assert!(
        map.contains("id=\"filters\"") && map.contains("id=\"data-sureness\""),
        "the map must filter and compare"
    );
    // Each square metre of the village is in one pair of classes.
    let ground =
        datagora::geo::area(&village.iris.geometry, datagora::geo::Metric::Planar).expect("in metres");
    let table =
        String::from_utf8_lossy(&files_of_one["tables/greening-vulnerability-planting.csv"]).into_owned();
    let cells = table.lines().skip(1).flat_map(|row| row.split(',').skip(1));
    let hectares: f64 = cells.filter_map(|cell| cell.parse::<f64>().ok()).sum();
    let all = ground.iter().sum::<f64>() / 1e4;
    assert!((hectares - all).abs() < 1e-6 * all, "{hectares} ha of {all} ha");
}

#[test]
fn communes_of_the_made_village_have_a_page_each_and_the_same_twice() {
    let work = tempfile::tempdir().expect("a temporary folder");
    let (one, two) = (work.path().join("one"), work.path().join("two"));
    for out in [&one, &two] {
        let run = atlas(&["--communes", "--size", "village", "--out", text(out)]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    let files_of_one = files(&one);
    assert_eq!(files_of_one, files(&two));
    let html = String::from_utf8(files_of_one["communes.html"].clone()).expect("text");
    let village = datagora_sample::City::make(&datagora_sample::CityPlan::village()).expect("a village");
    let communes = village.communes.name.len();
    assert_eq!(html.matches("<article class=\"page\"").count(), 1 + communes);
    let pages = files_of_one.keys().filter(|name| name.starts_with("site/") && name.ends_with(".html"));
    assert_eq!(pages.count(), 1 + communes);
    // Each tree that stands in a commune is counted once.
    let boundary = datagora::geo::Boundary::HalfOpen;
    let located = datagora::geo::locate(&village.trees.geometry, &village.communes.geometry, boundary);
    let trees = located.expect("in one system").to_options().iter().flatten().count() as f64;
    let land =
        datagora::geo::area(&village.communes.geometry, datagora::geo::Metric::Planar).expect("in metres");
    let values = |column: usize| -> Vec<f64> {
        let table = html
            .split("class=\"chapter ranking\"")
            .nth(1)
            .and_then(|rest| rest.split("</table>").next())
            .expect("a table");
        let rows = table.split("<tr>").skip(2);
        rows.map(|row| {
            let cell = row.split("data-value=\"").nth(column).and_then(|rest| rest.split('"').next());
            cell.and_then(|cell| cell.parse().ok()).expect("every commune has a number")
        })
        .collect()
    };
    assert_eq!(values(1).iter().sum::<f64>(), f64::from(village.communes.population.iter().sum::<u32>()));
    let mut order: Vec<usize> = (0..communes).collect();
    order.sort_by_key(|&row| village.communes.name[row].to_lowercase());
    let counted: f64 = values(3).iter().zip(order).map(|(density, row)| density * land[row] / 1e4).sum();
    assert!((counted - trees).abs() < 1e-6 * trees, "{counted} of {trees} trees");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let work = tempfile::tempdir().expect("a temporary folder");
    let out = work.path().join("thesis");
    std::fs::create_dir(&out).expect("a folder");
    std::fs::write(out.join("chapter1.tex"), "mine").expect("a file");
    let run = atlas(&["--size", "village", "--out", text(&out)]);
    assert!(!run.status.success());
    assert_eq!(std::fs::read_to_string(out.join("chapter1.tex")).expect("still there"), "mine");
    assert_eq!(files(&out).len(), 1);
}

#[test]
fn a_data_folder_that_is_none_is_an_error() {
    let work = tempfile::tempdir().expect("a temporary folder");
    let run = atlas(&["--data", text(&work.path().join("nowhere")), "--out", text(&work.path().join("out"))]);
    assert!(!run.status.success());
    assert!(String::from_utf8_lossy(&run.stderr).contains("nowhere"));
    assert!(!work.path().join("out").exists());
}

/// Copies a file of the data folder, changed.
fn spoil(from: &Path, to: &Path, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let target = to.join(name);
    std::fs::create_dir_all(target.parent().expect("it lies in a folder")).expect("a folder");
    std::fs::write(target, change(std::fs::read(from.join(name)).expect("it is there"))).expect("a file");
}

#[test]
fn broken_files_are_named_and_the_rest_is_shown() {
    let Some(data) = data() else { return };
    let work = tempfile::tempdir().expect("a temporary folder");
    let bad = work.path().join("data");
    let same = |bytes: Vec<u8>| bytes;
    spoil(&data, &bad, "lyon_admin/communes_gl_2025_iarbre.geojson", same);
    spoil(&data, &bad, "lyon_admin/metropole_lyon_communes_population.csv", same);
    spoil(&data, &bad, "lyon_green/arbres_alignement.shp", same);
    spoil(&data, &bad, "lyon_green/arbres_alignement.prj", same);
    // Truncated.
    spoil(&data, &bad, "lyon_admin/iris_lyon_mobitic.geojson", |mut bytes| {
        bytes.truncate(200_000);
        bytes
    });
    // Empty.
    spoil(&data, &bad, "lyon_admin/LyonIris_social_env.gpkg", |_| Vec::new());
    // A layer whose CRS label is wrong, in the place of the parks.
    let wrong = std::fs::read(data.join("lyon_green/eva2015_EVA2015_Vegetation3STR_Extent.json"))
        .expect("it is there");
    spoil(&data, &bad, "lyon_green/pac_parcs_canop.geojson", |_| wrong);
    // Swapped axes.
    spoil(&data, &bad, "lyon_mobility/cyclopolis_counters.csv", |bytes| {
        String::from_utf8(bytes).expect("text").replacen("lon,lat", "lat,lon", 1).into_bytes()
    });
    spoil(&data, &bad, "lyon_mobility/cyclopolis_monthly_counts.csv", same);
    // A missing column.
    spoil(&data, &bad, "lyon_economy/sirene_industrie_69_42.csv", |bytes| {
        let text = String::from_utf8(bytes).expect("text");
        text.replacen("trancheEffectifsEtablissement,", "effectif,", 1).into_bytes()
    });

    let out = work.path().join("out");
    let run = atlas(&["--data", text(&bad), "--out", text(&out)]);
    let errors = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success(), "{errors}");
    for named in [
        "iris_lyon_mobitic.geojson",
        "LyonIris_social_env.gpkg",
        "pac_parcs_canop.geojson",
        "EPSG:3946",
        "cyclopolis_counters.csv",
        "east and north exchanged",
        "sirene_industrie_69_42.csv",
        "trancheEffectifsEtablissement",
        "velov_station_info.parquet",
    ] {
        assert!(errors.contains(named), "“{named}” is not named in:\n{errors}");
    }
    let page = std::fs::read_to_string(out.join("index.html")).expect("the atlas goes on");
    assert!(page.contains("Ce que nous n’avons pas pu utiliser"));
    assert!(page.contains("Arbres par hectare"));
    assert!(out.join("tables/greening-trees-hectare.csv").exists());
}

#[test]
fn data_of_elsewhere_are_demonstrations_and_say_so() {
    let Some(data) = data() else { return };
    let work = tempfile::tempdir().expect("a temporary folder");
    let only = work.path().join("data");
    for name in [
        "traffic/paris_bike_counters_hourly.parquet",
        "traffic/nab/TravelTime_387.csv",
        "lyon_green/grenoble_arbres.sqlite",
    ] {
        spoil(&data, &only, name, |bytes| bytes);
    }
    let out = work.path().join("out");
    let run = atlas(&["--data", text(&only), "--out", text(&out)]);
    // All that is of Lyon is missing, and named.
    assert!(!run.status.success());
    let errors = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(errors.contains("cyclopolis_counters.csv"), "{errors}");
    for view in [
        "mobility-rhythm",
        "mobility-hours",
        "mobility-hours-record",
        "mobility-travel-times",
        "mobility-lottr",
        "greening-species",
        "greening-ages",
    ] {
        let svg = std::fs::read_to_string(out.join(format!("views/{view}.svg"))).expect("it is drawn");
        assert!(
            svg.contains("<title id=\"") && svg.contains(">Démonstration hors du territoire ("),
            "{view}"
        );
        assert!(
            svg.contains("ne dit rien de ce territoire") || svg.contains("ne disent rien de ce territoire"),
            "{view}"
        );
    }
    let hours = std::fs::read_to_string(out.join("tables/mobility-hours.csv")).expect("a table");
    // From 2 September 2020 to 9 August 2021, whole days.
    assert_eq!(hours.lines().count(), 1 + 342);
    let svg = std::fs::read_to_string(out.join("views/mobility-hours.svg")).expect("it is drawn");
    assert!(svg.contains(">estimé, non mesuré<"));
}

/// Against Python 3 with numpy 2.4.6, shapely 2.2.0 and pyproj 3.7.2: loads averaged, establishments located in communes, weights of
/// distances in EPSG:3946 summed.
#[test]
fn shared_bicycles_counters_and_establishments_of_lyon() {
    let Some(data) = data() else { return };
    let work = tempfile::tempdir().expect("a temporary folder");
    let only = work.path().join("data");
    for name in [
        "lyon_admin/communes_gl_2025_iarbre.geojson",
        "lyon_admin/metropole_lyon_communes_population.csv",
        "lyon_economy/sirene_industrie_69_42.csv",
        "lyon_mobility/cyclopolis_counters.csv",
        "lyon_mobility/cyclopolis_monthly_counts.csv",
        "lyon_mobility/velov_loading_2014w11_funFEM.csv",
    ] {
        spoil(&data, &only, name, |bytes| bytes);
    }
    for language in ["fr", "en"] {
        let out = work.path().join(language);
        atlas(&["--data", text(&only), "--lang", language, "--out", text(&out)]);
        let read = |name: &str| std::fs::read_to_string(out.join(name)).expect("it is there");
        let numbers = |name: &str, column: usize| -> Vec<f64> {
            let rows = read(&format!("tables/{name}.csv"));
            // Names may hold a comma, numbers do not: columns are counted from the last.
            rows.lines()
                .skip(1)
                .map(|row| row.rsplit(',').nth(column).and_then(|cell| cell.parse().ok()).unwrap_or(f64::NAN))
                .collect()
        };

        // No station is lost between the hexagons: weighted by observations, their means give that of all.
        for (map, expected) in [51.62230254335268, 44.18304121387278, 40.772412312138755, 50.404525606936424]
            .into_iter()
            .enumerate()
        {
            let last = 2 * (3 - map);
            let (observations, loads) =
                (numbers("mobility-week-hours", last), numbers("mobility-week-hours", last + 1));
            assert_eq!(observations.iter().sum::<f64>(), 1_730.0);
            let all: f64 = loads.iter().zip(&observations).map(|(load, n)| load * n).sum();
            assert!((all / 1_730.0 - expected).abs() < 1e-9, "{} against {expected}", all / 1_730.0);
        }
        let page = read("maps/mobility-week-hours.html");
        assert!(page.len() < 3_000_000, "{} bytes", page.len());
        assert!(read("index.html").contains("href=\"maps/mobility-week-hours.html\""));
        for part in ["PART-DIEU / CUIRASSIERS (FAR)", "id=\"data-stations\"", "default-src 'none';"] {
            assert!(page.contains(part), "{part}");
        }

        // Establishments by size: the last column of the table of links.
        assert_eq!(numbers("economy-sizes", 0).iter().sum::<f64>(), 2_716.0);
        let sizes = read("tables/economy-sizes.csv");
        let large: f64 = sizes
            .lines()
            .filter(|row| row.contains("250 salariés et plus") || row.contains("250 employees or more"))
            .filter_map(|row| row.rsplit(',').next()?.parse::<f64>().ok())
            .sum();
        assert_eq!(large, 41.0);
        let around = numbers("economy-around", 0);
        assert_eq!(around.len(), 2_716);
        let extremes = around
            .iter()
            .fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), value| (low.min(*value), high.max(*value)));
        assert!((extremes.0 - 1.2667429654141127).abs() < 1e-6, "{extremes:?}");
        assert!((extremes.1 - 212.22704377992292).abs() < 1e-6, "{extremes:?}");

        // Twenty cases for each mode, rising.
        for column in [0, 1] {
            let cases = numbers("mobility-chances", column);
            assert_eq!(cases.len(), 20);
            assert!(cases.is_sorted(), "{cases:?}");
        }
        // Totals of twelve months by their days; all counters are in the title, twenty are drawn.
        let title = [
            "Vélos\u{a0}: 52 compteurs sur 54 en hausse depuis 2019",
            "Bicycles: 52 of 54 counters up since 2019",
        ];
        assert!(read("views/mobility-slopes-bicycles.svg").contains(title[usize::from(language == "en")]));
        for (mode, counter, change) in [
            ("bicycles", "Quai Augagneur,", 8022.317808219178 - 3908.567123287671),
            ("cars", "Pont Pasteur,", 24994.134246575344 - 35380.169863013696),
        ] {
            let table = read(&format!("tables/mobility-slopes-{mode}.csv"));
            assert_eq!(table.lines().count(), 1 + 20, "{mode}");
            let row = table.lines().find(|row| row.starts_with(counter)).expect("it is drawn");
            let found: f64 = row.rsplit(',').next().and_then(|cell| cell.parse().ok()).expect("a number");
            assert!((found - change).abs() < 1e-6, "{found} against {change}");
        }
    }
}

/// Against Python 3 with numpy 2.4.6, shapely 2.2.0 and pyproj 3.7.2: quintiles by linear interpolation, distances to parks in EPSG:3946.
#[test]
fn heat_vulnerability_of_lyon() {
    let Some(data) = data() else { return };
    let work = tempfile::tempdir().expect("a temporary folder");
    let only = work.path().join("data");
    for name in [
        "lyon_admin/LyonIris_social_env.gpkg",
        "lyon_admin/iris_lyonmetro.geojson",
        "lyon_green/pac_parcs_canop.geojson",
    ] {
        spoil(&data, &only, name, |bytes| bytes);
    }
    let out = work.path().join("out");
    atlas(&["--data", text(&only), "--out", text(&out)]);
    let read = |name: &str| std::fs::read_to_string(out.join(name)).expect("it is there");
    let table = read("tables/greening-vulnerability.csv");
    let index = |code: &str| -> Option<f64> {
        table.lines().find(|row| row.starts_with(code))?.split(',').nth(1)?.parse().ok()
    };
    assert_eq!(table.lines().count(), 1 + 506);
    for (code, expected) in [
        ("692820601", 1.25),
        ("692050000", 4.0),
        ("692661303", 6.0),
        ("692560602", 8.375),
        ("690910102", 8.625),
    ] {
        assert_eq!(index(code), Some(expected), "{code}");
    }
    // Nobody whose number is known is lost, and where it is unknown there is no zero.
    let table = read("tables/greening-vulnerability-vegetation.csv");
    let cells = || table.lines().skip(1).flat_map(|row| row.split(',').skip(1));
    assert_eq!(cells().filter_map(|cell| cell.parse::<f64>().ok()).sum::<f64>(), 936_488.0);
    assert!(cells().any(str::is_empty));
    let svg = read("views/greening-vulnerability-vegetation.svg");
    assert!(svg.contains("156 IRIS") && svg.contains("OpenStreetMap"), "parks are among what it is made of");
    // Local Moran by esda 2.9.0 and libpysal 4.14.1 on the same index and neighbours (shapely 2.2.0, 1 m), 9,999 permutations: 53
    // high among high, 81 low among low, of p-values that differ with the draws. Moran’s I: 0.5549.
    let table = read("tables/greening-vulnerability-gathers.csv");
    let of = |class: &str| table.lines().filter(|row| row.ends_with(class)).count();
    assert!(
        of(",haut parmi des hauts").abs_diff(53) <= 3 && of(",bas parmi des bas").abs_diff(81) <= 4,
        "{table}"
    );
    assert!(read("views/greening-vulnerability-gathers.svg").contains("0,55"));
    // The share of people in very vulnerable IRIS under other choices, by numpy 2.4.6 from the files.
    let table = read("tables/greening-vulnerability-choices.csv");
    assert_eq!(table.lines().count(), 1 + 7);
    for (choice, low, high) in [
        ("classes de chaque indicateur", 32.442_166_904_434_44, 17.602_681_507_931_763),
        ("densité d’habitants", 16.073_457_428_178_47, 23.015_350_970_861_345),
        ("chômage", 21.254_623_657_751_086, 22.916_364_117_853_085),
    ] {
        let row = table.lines().find(|row| row.starts_with(choice)).expect("each choice has a row");
        let cells: Vec<f64> = row.split(',').filter_map(|cell| cell.parse().ok()).collect();
        assert!((cells[0] - low).abs() < 1e-9 && (cells[1] - high).abs() < 1e-9, "{row}");
    }
    // IRIS stand in the order of their indices.
    let table = read("tables/greening-vulnerability-sure.csv");
    let stands = |code: &str| -> f64 {
        let row = table
            .lines()
            .find(|row| row.contains(&format!("({code})")) || row.starts_with(&format!("IRIS {code},")));
        let numbers = row.expect("each IRIS has a row").rsplit(',').nth(4);
        numbers.and_then(|number| number.parse().ok()).expect("a number")
    };
    assert_eq!(table.lines().count(), 1 + 506);
    assert!(stands("692820601") < stands("692050000") && stands("692661303") < stands("690910102"));
    // The bounds of high vegetation are those of the table.
    let table = read("tables/greening-vulnerability-shade.csv");
    assert_eq!(table.lines().count(), 1 + 506);
    let shady = |row: &&str| row.contains("30 à ") || row.contains("30 to ");
    assert_eq!(table.lines().filter(shady).count(), 81, "IRIS with more than 30 % of high vegetation");
}

#[test]
fn an_unknown_commune_is_named() {
    let Some(data) = data() else { return };
    let work = tempfile::tempdir().expect("a temporary folder");
    let bad = work.path().join("data");
    spoil(&data, &bad, "lyon_admin/communes_gl_2025_iarbre.geojson", |bytes| {
        String::from_utf8(bytes).expect("text").replacen("69286", "6928X", 1).into_bytes()
    });
    spoil(&data, &bad, "lyon_admin/metropole_lyon_communes_population.csv", |bytes| bytes);
    let run = atlas(&["--data", text(&bad), "--out", text(&work.path().join("out"))]);
    let errors = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success());
    assert!(
        errors.contains("communes_gl_2025_iarbre.geojson, feature") && errors.contains("6928X"),
        "{errors}"
    );
}
