//! The topic `geo`: joins, neighbours, coverage, reprojection, clusters, overlay, buffers, and SpatialBench.
mod buffer;
mod clusters;
mod cover;
mod hexagons;
pub(crate) mod lyon;
mod made;
mod metropolis;
mod nearest;
mod overlay;
mod polygons;
mod projection;
mod spatialbench;
mod zonal;

use crate::task::{Task, ours, python, rust};

/// Ours on one thread, into buffers of the caller.
const OURS_INTO: &str = "datagora (own buffers)";

/// The tasks, in the order in which they run.
pub(crate) fn tasks() -> Vec<Task> {
    vec![
        Task {
            name: "pip_count",
            question: "10 M points counted in 59 polygons, index included",
            prepare: made::points_and_communes,
            engines: [
                ours(polygons::count),
                python("polygons.py", &["pycanopy", "shapely"]),
                rust("geo", polygons::count_by_geo),
                python("polygons.py", &["sedonadb", "duckdb", "geopandas"]),
            ]
            .concat(),
            tolerance: 0.0,
        },
        Task {
            name: "pip_id",
            question: "of each of 10 M points, the polygon of 59 that holds it, index included",
            prepare: made::points_and_communes,
            engines: [
                ours(polygons::locate_each),
                python("polygons.py", &["pycanopy", "shapely", "sedonadb", "duckdb"]),
            ]
            .concat(),
            tolerance: 0.0,
        },
        Task {
            name: "knn5",
            question: "5 nearest of 100 k points for each of 1 M, index included",
            prepare: made::neighbours,
            engines: [
                ours(nearest::five),
                rust("kiddo", nearest::five_by_kiddo),
                python("neighbours.py", &["pykdtree", "scipy", "pycanopy", "sedonadb"]),
            ]
            .concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "cover",
            question: "exact cover of 1 M cells by 10 k polygons",
            prepare: made::crowns,
            engines: [
                ours(cover::crowns),
                python("cover.py", &["exactextract"]),
                rust("geo", cover::crowns_by_geo),
                python("cover.py", &["shapely", "sedonadb", "duckdb"]),
            ]
            .concat(),
            // Shares are of single precision in exactextract.
            tolerance: 1e-5,
        },
        Task {
            name: "cover_metropolis",
            question: "exact cover of all 5 m cells of the made metropolis by each of 37 layers",
            prepare: |_| Ok(()),
            engines: ours(metropolis::cover),
            tolerance: 1e-12,
        },
        Task {
            name: "zonal",
            question: "mean, sum and maximum of 4 M cells over 59 polygons, by exact shares",
            prepare: made::heat_and_communes,
            engines: [ours(zonal::communes), python("zonal.py", &["exactextract"])].concat(),
            // Shares are of single precision in exactextract.
            tolerance: 1e-6,
        },
        Task {
            name: "to_lambert93",
            question: "10 M longitudes and latitudes around Lyon to Lambert-93",
            prepare: made::places,
            engines: [
                ours(projection::to_lambert_93),
                rust(OURS_INTO, projection::to_lambert_93_into),
                python("reproject.py", &["pyproj"]),
                rust("proj4rs", projection::to_lambert_93_by_proj4rs),
                python("reproject.py", &["sedonadb", "duckdb"]),
            ]
            .concat(),
            // A micrometre.
            tolerance: 1e-12,
        },
        Task {
            name: "to_cc46",
            question: "10 M longitudes and latitudes around Lyon to CC46",
            prepare: made::places,
            engines: [
                ours(projection::to_cc46),
                rust(OURS_INTO, projection::to_cc46_into),
                python("reproject.py", &["pyproj"]),
                rust("proj4rs", projection::to_cc46_by_proj4rs),
            ]
            .concat(),
            tolerance: 1e-12,
        },
        Task {
            name: "h3_res9",
            question: "10 M longitudes and latitudes to H3 cells of resolution 9",
            prepare: made::places,
            engines: [
                ours(hexagons::nine),
                rust("h3o", hexagons::nine_by_h3o),
                python("hexagons.py", &["h3ronpy", "polars-h3"]),
            ]
            .concat(),
            tolerance: 0.0,
        },
        Task {
            name: "dbscan",
            question: "DBSCAN of 1 M points, 25 m, 10 points",
            prepare: made::crowd,
            engines: [
                ours(clusters::by_density),
                rust("geo", clusters::by_density_by_geo),
                python("clusters.py", &["dbscan", "scikit-learn"]),
            ]
            .concat(),
            tolerance: 0.0,
        },
        Task {
            name: "clip_strata",
            question: "areas that the EVA strata of Lyon share with 66 communes",
            prepare: lyon::strata,
            engines: [
                ours(overlay::strata),
                python("clip.py", &["shapely", "geopandas"]),
                rust("geo", overlay::strata_by_geo),
                python("clip.py", &["sedonadb", "duckdb"]),
            ]
            .concat(),
            // `geo` computes on a grid of whole numbers: its areas are 5e-9 off, their squares 2e-8.
            tolerance: 1e-7,
        },
        Task {
            name: "clip_parks",
            question: "areas that 1,219 parks of Lyon share with 66 communes",
            prepare: lyon::parks,
            engines: [
                ours(overlay::parks),
                python("clip.py", &["shapely", "geopandas"]),
                rust("geo", overlay::parks_by_geo),
                python("clip.py", &["sedonadb", "duckdb"]),
            ]
            .concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "buffer_parks",
            question: "the ground within 50 m of 1,219 parks of Lyon",
            prepare: lyon::parks,
            engines: [
                ours(buffer::parks),
                python("buffer.py", &["shapely", "geopandas"]),
                rust("geo", buffer::parks_by_geo),
                python("buffer.py", &["duckdb"]),
            ]
            .concat(),
            // GEOS passes over bends that are less than a hundredth of the distance deep.
            tolerance: 2e-3,
        },
        Task {
            name: "buffer_trees",
            question: "the ground within 5 m of each of 94,435 street trees",
            prepare: lyon::trees_and_iris,
            engines: [
                ours(buffer::trees),
                python("buffer.py", &["shapely", "geopandas"]),
                rust("geo", buffer::trees_by_geo),
                python("buffer.py", &["duckdb"]),
            ]
            .concat(),
            tolerance: 1e-9,
        },
        Task {
            name: "trees_iris",
            question: "94,435 street trees counted in 752 IRIS zones, index included",
            prepare: lyon::trees_and_iris,
            engines: [
                ours(polygons::count_trees),
                python("polygons.py", &["pycanopy", "shapely", "sedonadb", "duckdb", "geopandas"]),
            ]
            .concat(),
            tolerance: 0.0,
        },
        Task {
            name: "spatialbench_q2",
            question: "trips that begin in Coconino County",
            prepare: spatialbench::tables,
            engines: [ours(spatialbench::q2), python("spatialbench.py", &["sedonadb", "duckdb"])].concat(),
            tolerance: 1e-5,
        },
        Task {
            name: "spatialbench_q4",
            question: "zones of the 1,000 best tips",
            prepare: spatialbench::tables,
            engines: [ours(spatialbench::q4), python("spatialbench.py", &["sedonadb", "duckdb"])].concat(),
            tolerance: 1e-5,
        },
        Task {
            name: "spatialbench_q6",
            question: "trips of zones that meet a box",
            prepare: spatialbench::tables,
            engines: [ours(spatialbench::q6), python("spatialbench.py", &["sedonadb", "duckdb"])].concat(),
            tolerance: 1e-5,
        },
        Task {
            name: "spatialbench_q8",
            question: "trips that begin within 500 m of each building",
            prepare: spatialbench::tables,
            engines: [ours(spatialbench::q8), python("spatialbench.py", &["sedonadb", "duckdb"])].concat(),
            tolerance: 1e-5,
        },
        Task {
            name: "spatialbench_q10",
            question: "mean duration and distance of trips by zone",
            prepare: spatialbench::tables,
            engines: [ours(spatialbench::q10), python("spatialbench.py", &["sedonadb", "duckdb"])].concat(),
            tolerance: 1e-5,
        },
        Task {
            name: "spatialbench_q11",
            question: "trips from one zone to another",
            prepare: spatialbench::tables,
            engines: [ours(spatialbench::q11), python("spatialbench.py", &["sedonadb", "duckdb"])].concat(),
            tolerance: 1e-5,
        },
        Task {
            name: "spatialbench_q12",
            question: "5 nearest buildings of each trip",
            prepare: spatialbench::tables,
            engines: [ours(spatialbench::q12), python("spatialbench.py", &["sedonadb"])].concat(),
            tolerance: 1e-5,
        },
    ]
}
