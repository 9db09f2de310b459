//! The topic `greening`: plantability, canopy, green near homes, nature around, vegetation index, beside the programs that
//! such indicators are computed with.
mod canopy;
mod homes;
mod integrity;
mod made;
mod plantability;
mod vegetation;

use crate::task::{Task, ours, python};

/// The tasks, in the order in which they run.
pub(crate) fn tasks() -> Vec<Task> {
    vec![
        Task {
            name: "plantability_exact",
            question: "score and blocking of 640 k cells of 5 m from 37 layers, by exact shares",
            prepare: made::layers,
            engines: [ours(plantability::exact), python("plantability.py", &["exactextract"])].concat(),
            // Shares are of single precision in exactextract.
            tolerance: 1e-6,
        },
        Task {
            name: "plantability_published",
            question: "the same layers as IA·rbre computes them: pixels of 1 m, windows of 5, any contact blocks",
            prepare: made::layers,
            engines: [ours(plantability::published), python("plantability.py", &["rasterio"])].concat(),
            tolerance: 1e-12,
        },
        Task {
            name: "canopy_iris",
            question: "canopy of each IRIS from polygons that overlap, each square metre once",
            prepare: made::canopy,
            engines: [ours(canopy::of_polygons), python("canopy.py", &["shapely"])].concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "canopy_crowns",
            question: "canopy of each IRIS from 100 k crowns, discs that overlap",
            prepare: made::crowns,
            engines: [ours(canopy::of_crowns), python("canopy.py", &["shapely"])].concat(),
            // Discs of shapely are polygons of 64 sides and the same area.
            tolerance: 1e-6,
        },
        Task {
            name: "green_near_homes",
            question: "of each of 150 k homes, distance to green of 0.5 ha and to the third tree",
            prepare: made::homes,
            engines: [ours(homes::green), python("homes.py", &["shapely and scipy"])].concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "functional_integrity",
            question: "share of natural ground within 500 m of 4 M cells of 5 m",
            prepare: made::cover,
            engines: [ours(integrity::shares), python("integrity.py", &["fftconvolve", "oaconvolve"])]
                .concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "ndvi_iris",
            question: "NDVI of cells of 10 m, and its mean, median and share above 0.3 in each IRIS",
            prepare: made::reflectance,
            engines: [ours(vegetation::index), python("vegetation.py", &["exactextract"])].concat(),
            tolerance: 1e-9,
        },
    ]
}
