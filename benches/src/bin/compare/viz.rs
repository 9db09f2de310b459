//! The topic `viz`: vector tiles, beside tippecanoe; archives of ours are read by the reference decoders.
mod made;
mod tiles;

use crate::task::{Task, ours, python};

/// The tasks, in the order in which they run.
pub(crate) fn tasks() -> Vec<Task> {
    vec![
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
            name: "tiles_cells",
            question: "21.5 M cells of 5 m with a class as tiles of zooms 10 to 15, aggregated below the highest",
            prepare: |_| Ok(()),
            engines: [ours(tiles::cells), python("tiles.py", &["decoders"])].concat(),
            tolerance: 1e-9,
        },
    ]
}
