//! The topic `viz`: maps beside geopandas and matplotlib, classes beside mapclassify and Ckmeans.1d.dp, vector tiles beside
//! tippecanoe; archives of ours are read by the reference decoders. Maps in one file, which `benches/page.mjs` opens.
mod classes;
mod made;
mod page;
mod pictures;
mod tiles;

use crate::task::{Task, ours, python, rust};

/// Ours without the second picture for narrow screens, which the peer does not draw either.
const ALONE: &str = "datagora (one picture)";

/// The tasks, in the order in which they run.
pub(crate) fn tasks() -> Vec<Task> {
    vec![
        Task {
            name: "choropleth_svg",
            question: "a choropleth of the IRIS of Lyon in six quantiles, with legend, as SVG",
            prepare: made::densities,
            engines: [
                ours(pictures::svg),
                rust(ALONE, pictures::svg_alone),
                python("choropleth.py", &["geopandas"]),
            ]
            .concat(),
            tolerance: 1e-12,
        },
        Task {
            name: "choropleth_png",
            question: "the same as PNG, 1,800 pixels wide",
            prepare: made::densities,
            engines: [
                ours(pictures::png),
                rust(ALONE, pictures::png_alone),
                python("choropleth.py", &["geopandas"]),
            ]
            .concat(),
            tolerance: 1e-12,
        },
        Task {
            name: "fisher_10k",
            question: "seven classes of the smallest variance of 10,000 different values",
            prepare: made::ten_thousand,
            engines: [
                ours(classes::ten_thousand),
                python("classes.py", &["mapclassify", "jenkspy", "ckwrap"]),
            ]
            .concat(),
            // mapclassify sums in single precision, and finds bounds that are not quite the best.
            tolerance: 1e-4,
        },
        Task {
            name: "fisher_1m",
            question: "seven classes of the smallest variance of a million different values",
            prepare: made::million,
            engines: [ours(classes::million), python("classes.py", &["ckwrap"])].concat(),
            tolerance: 1e-12,
        },
        Task {
            name: "tiles_points",
            question: "1 M points with two attributes as tiles of zooms 6 to 14, 500 kB at most",
            prepare: made::points,
            engines: [ours(tiles::points), python("tiles.py", &["decoders", "tippecanoe"])].concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "tiles_polygons",
            question: "1 M square polygons with two attributes as tiles of zooms 6 to 14, 500 kB at most",
            prepare: made::polygons,
            engines: [ours(tiles::polygons), python("tiles.py", &["decoders", "tippecanoe"])].concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "page_points",
            question: "1 M points with two attributes as an interactive map in one file, 20 MB at most",
            prepare: made::points,
            engines: ours(page::points),
            tolerance: 0.0,
        },
        Task {
            name: "page_polygons",
            question: "1 M square polygons with two attributes as an interactive map in one file, 20 MB at most",
            prepare: made::polygons,
            engines: ours(page::polygons),
            tolerance: 0.0,
        },
        Task {
            name: "page_steps",
            question: "1,000 zones × 120 steps of colours and sizes as an interactive map in one file",
            prepare: |_| Ok(()),
            engines: ours(page::steps),
            tolerance: 0.0,
        },
        Task {
            name: "tiles_cells",
            question: "21.5 M cells of 5 m with a class as tiles of zooms 10 to 15, aggregated below the highest",
            prepare: |_| Ok(()),
            engines: [ours(tiles::cells), python("tiles.py", &["decoders"])].concat(),
            tolerance: 1e-9,
        },
    ]
}
