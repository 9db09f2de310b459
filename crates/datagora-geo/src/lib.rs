#![doc = include_str!("../README.md")]
//!
//! # The map of the crate
//!
//! | question | here |
//! |---|---|
//! | What has a row? | [`GeometryColumn`], [`GeometryKind`], [`types`] |
//! | In which CRS, and can that be? | [`GeometryColumn::reproject`], [`GeometryColumn::into_reprojected`], [`Transform`], [`doubt_crs`], [`fitting_crs`] |
//! | Which zone holds it? | [`locate`], [`count_within`], [`aggregate_within`], [`pairs_within`], [`ZoneIndex`], [`Boundary`] |
//! | Which geometries touch, cross, cover which? | [`join_by`], [`self_join_by`], [`Predicate`] |
//! | What is in a rectangle? | [`PackedIndex`], [`DynamicIndex`] |
//! | How far, and what is nearest? | [`distance()`], [`nearest()`], [`nearest_others`], [`NearestIndex`], [`Neighbours`] |
//! | What is within a distance? | [`within_distance()`], [`others_within_distance`], [`count_within_distance`], [`sum_within_distance`], [`area_within_distance`] |
//! | How much lies around a place, the nearer the more it counts? | [`potential()`], [`PotentialOptions`], [`Decay`] |
//! | What do circles cover together? | [`Discs`] |
//! | What ground is within a distance? | [`buffer()`], [`buffer_by`] |
//! | Which points crowd together? | [`dbscan`] |
//! | How large is it, where is its middle? | [`area`], [`length`], [`perimeter`], [`centroid`], [`interior_point`], [`Metric`] |
//! | What do two divisions of the ground share? | [`overlaps`] |
//! | What is within zones, what outside, what do they cover together? | [`clip()`], [`difference`], [`dissolve()`], [`union_all`], [`Pieces`] |
//! | Which cell of a raster or statistical grid? | [`Grid`] |
//! | How much of each cell is covered? | [`coverage`], [`Coverage`], and from the polygons [`CoveredCells`]; by centres alone [`burned_cells`] |
//! | What is measured in each cell? | [`Raster`], [`Band`], [`Raster::sample`], and with feature `io` `GeoTiff`, `read_geotiff`, `write_geotiff`, `RasterWriter` |
//! | What are its values within zones? | [`zonal_statistics`], [`weighted_zonal_statistics`], [`ZonalStatistic`], and with feature `io` `zonal_statistics_of_file` |
//! | Is it sound? | [`faults`], [`slivers`], [`repair`], [`repair_with`] |
//! | Can it be drawn with fewer vertices? | [`simplify_coverage`], [`CoverageSimplifier`], [`simplify()`] |
//! | Which cell of a grid of the world or of Europe holds it? | [`statistical_cells`], [`geohashes`], [`WebTile`], and with feature `h3` `h3_cells`, `h3_cover`, `h3_polygons` |
//! | How does it come in and go out? | [`read_wkb`], [`read_wkb_column`], [`read_wkt`], and with feature `io` `read_geojson`, `read_geopackage`, `read_shapefile`, `read_geoparquet`, `scan_geoparquet`, `read_flatgeobuf`, `read_arrow`; with `arrow` `read_geoarrow`, `write_geoarrow` |
//!
//! # Coming from GeoPandas or PostGIS
//!
//! | GeoPandas | PostGIS | here | mind |
//! |---|---|---|---|
//! | `GeoSeries` | `geometry` column | [`GeometryColumn`] | one CRS per column, (east, north) always |
//! | `set_crs(…, allow_override=True)` | `ST_SetSRID` | [`GeometryColumn::declared_as`] | numbers stay |
//! | `to_crs` | `ST_Transform` | [`GeometryColumn::reproject`] | outside the domain is an error, never `inf` |
//! | `to_crs(inplace=True)` | – | [`GeometryColumn::into_reprojected`] | in the memory of the column; slices by [`Transform::convert_in_place`] |
//! | – | `ST_FlipCoordinates` | [`GeometryColumn::with_axes_swapped`] | |
//! | `total_bounds`, `bounds` | `ST_Extent`, `ST_Envelope` | [`GeometryColumn::bounds`], [`GeometryColumn::row_bounds`] | |
//! | `pd.concat` | `UNION ALL` | [`GeometryColumn::concat`] | columns of different CRSs are refused |
//! | `take`, `iloc` | – | [`GeometryColumn::take`] | |
//! | `isna` | `IS NULL` | [`GeometryColumn::is_missing`] | empty is not missing |
//! | `area` | `ST_Area` | [`area`] | planar measures of degrees are refused |
//! | – | `ST_Area(geography)` | [`area`] with [`Metric::Geodesic`] | |
//! | `length` of lines, of polygons | `ST_Length`, `ST_Perimeter` | [`length`], [`perimeter`] | |
//! | `centroid` | `ST_Centroid` | [`centroid`] | |
//! | `representative_point` | `ST_PointOnSurface` | [`interior_point`] | |
//! | `sjoin(predicate="within")` | `JOIN … ON ST_Within` | [`locate`] with [`Boundary::Within`] | the first zone; all with [`pairs_within`] |
//! | `sjoin(predicate="covered_by")` | `ST_CoveredBy` | [`locate`] with [`Boundary::Covers`] | |
//! | `sjoin` and `groupby().size()` | `ST_Within` and `GROUP BY` | [`count_within`] | zones with 0 are there |
//! | `sjoin` and `groupby().mean()` | `ST_Within`, `sum`, `avg` and `GROUP BY` | [`aggregate_within`], [`aggregate_weighted_within`] | missing values are counted |
//! | `sjoin(predicate=…)` of lines and polygons | `JOIN … ON ST_Touches`, … | [`join_by`] with a [`Predicate`] | collections and invalid rows are refused |
//! | `sindex.query` | `&&` | [`PackedIndex::intersecting`] | |
//! | `distance(align=False)` | `ST_Distance` | [`distance()`] | |
//! | `sjoin_nearest` | `ORDER BY a <-> b LIMIT k` | [`nearest()`] | any k; of equal distances the lower row first |
//! | `sindex.nearest(exclusive=True)` | – | [`nearest_others`] | by row, not by place |
//! | `sjoin(predicate="dwithin")` | `JOIN … ON ST_DWithin` | [`within_distance()`] | the distance itself is within |
//! | the same and `groupby().size()` | the same and `GROUP BY` | [`count_within_distance`], [`sum_within_distance`] | rows with 0 are there |
//! | `sklearn.cluster.DBSCAN` | `ST_ClusterDBSCAN` | [`dbscan`] | points on borders go to the nearest core |
//! | `buffer` | `ST_Buffer` | [`buffer()`], [`buffer_by`] | 16 chords to a quarter as in GeoPandas (PostGIS: 8); a bend is passed over from 0.12 % of the distance, not 1 % |
//! | `overlay(how="intersection")` and `area` | `ST_Area(ST_Intersection)` | [`overlaps`] | areas and shares, not shapes |
//! | `overlay(how="intersection")`, `clip` | `ST_Intersection` | [`clip()`] | a piece per pair, with its rows |
//! | `overlay(how="difference")` | `ST_Difference` | [`difference`] | |
//! | `dissolve` | `ST_Union … GROUP BY`, `ST_CoverageUnion` | [`dissolve()`] | tells whether it was a coverage |
//! | `union_all` | `ST_Union` | [`union_all`] | |
//! | `rasterio.features.rasterize` | `ST_AsRaster` | [`burned_cells`] | the same cells; [`coverage`] is exact |
//! | `make_valid` | `ST_MakeValid` | [`repair_with`] | names the rule, reports each row |
//! | `exactextract` coverage fractions | `ST_Area(ST_Intersection)` with `ST_SquareGrid` | [`coverage`], [`CoveredCells`] | overlaps dissolved or summed, by name |
//! | `is_valid_reason` | `ST_IsValidDetail` | [`faults`] | all faults, with place |
//! | `remove_repeated_points`, `orient_polygons` | `ST_RemoveRepeatedPoints`, `ST_ForcePolygonCCW` | [`repair`] | lists what it did |
//! | `simplify` | `ST_SimplifyPreserveTopology` | [`simplify()`] | vertices in which members of a row meet stay |
//! | `simplify_coverage` | `ST_CoverageSimplify` | [`simplify_coverage`] | |
//! | `mercantile.tile` | `ST_TileEnvelope` | [`WebTile::at`], [`WebTile::mercator_bounds`] | |
//! | `pygeohash.encode` | `ST_GeoHash` | [`geohashes`] | |
//! | `h3.latlng_to_cell`, `h3.polygon_to_cells` | `h3_latlng_to_cell`, `h3_polygon_to_cells` | `h3_cells`, `h3_cover` | feature `h3`; a whole column at a time |
//! | `from_wkb`, `to_wkb` | `ST_GeomFromWKB`, `ST_AsBinary` | [`read_wkb_column`], [`read_wkb`], [`write_wkb`] | |
//! | `from_wkt`, `to_wkt` | `ST_GeomFromText`, `ST_AsText` | [`read_wkt`], [`write_wkt`] | |
//! | `from_arrow`, `to_arrow` | – | `read_geoarrow`, `write_geoarrow` | feature `arrow`; without copies where layouts agree; several kinds as WKB or, by `GeoArrowEncoding`, as a union |
//! | `read_file(bbox=…)` of FlatGeobuf | – | `read_flatgeobuf_within` | feature `io` |
//! | `read_parquet(bbox=…, columns=…)` | – | `scan_geoparquet` | feature `io`; by batches; chosen rows `with_rows`, or those whose rectangle is as wanted `where_bounds` |
//! | `read_file`, `read_parquet` | `ogr2ogr` | `read_geojson`, `read_geopackage`, `read_shapefile`, `read_geoparquet` | feature `io` |
//! | `rasterio.open`, `read(window=…)` | `ST_FromGDALRaster` | `GeoTiff`, `read_geotiff` | feature `io`; NoData is missing, never a number |
//! | `rasterio` `write` | `ST_AsTIFF` | `write_geotiff`, `RasterWriter` | feature `io`; Cloud Optimized |
//! | `rasterio` `sample` | `ST_Value` | [`Raster::sample`] | |
//! | `exact_extract`, `rasterstats.zonal_stats` | `ST_SummaryStats(ST_Clip)` | [`zonal_statistics`] | by exact shares of cells; completeness beside |
//!
//! # Features
//!
//! None is on by default.
//!
//! | feature | adds | costs |
//! |---|---|---|
//! | `arrow` | geometry columns as GeoArrow arrays | arrow |
//! | `io` | readers and writers of files | arrow, parquet, SQLite (compiled from C): minutes |
//! | `h3` | H3 cells of points and polygons | h3o |
//! | `parallel` | joins, neighbours, clusters, cells and reprojection on all cores, same results | rayon |
//! | `serde` | options and results as JSON | serde |
//! | `proj` | every CRS that PROJ knows | PROJ, compiled from C++: g++, make, cmake, sqlite3, six minutes |
//! | `polars` | the data frames of `datagora-core` | Polars: many minutes |
mod arc;
mod buffer;
mod burn;
mod by_text;
mod clip;
mod cluster;
mod cores;
mod coverage;
#[cfg(feature = "arrow")]
mod crs;
mod curve;
mod decoded;
mod disc;
mod dissolve;
mod distance;
#[cfg(feature = "io")]
mod features;
#[cfg(feature = "arrow")]
mod geoarrow;
mod geohash;
mod geometry;
mod grid;
#[cfg(feature = "h3")]
mod h3;
mod index;
#[cfg(feature = "io")]
mod io;
mod join;
mod measure;
mod nearest;
mod overlay;
mod plausibility;
mod potential;
mod raster;
mod reproject;
mod simplify;
mod statistical_grid;
#[cfg(feature = "polars")]
pub mod table;
mod tally;
mod validity;
mod web_tile;
mod within_distance;
mod wkb;
mod wkt;
mod zonal;

pub use buffer::{BufferCap, BufferError, BufferJoin, BufferOptions, buffer, buffer_by};
pub use burn::burned_cells;
pub use clip::{Piece, Pieces, clip, difference};
pub use cluster::{ClusterError, Clusters, DbscanOptions, dbscan};
pub use coverage::{
    CellRun, Coverage, CoverageBand, CoverageError, CoverageOptions, CoveredCells, OverlapRule, coverage,
};
pub use decoded::{Decoded, DecodedColumn, Dimensions};
pub use disc::{DiscCover, DiscError, Discs, area_within_distance};
pub use dissolve::{Dissolved, dissolve, union_all};
pub use distance::{DistanceError, distance};
#[cfg(feature = "io")]
pub use features::Features;
#[cfg(feature = "arrow")]
pub use geoarrow::{
    GeoArrowCoordinates, GeoArrowEncoding, GeoArrowError, GeoArrowOptions, read_geoarrow, write_geoarrow,
};
pub use geohash::{Geohash, GeohashError, geohash_cover, geohash_polygons, geohashes};
pub use geometry::{GeometryColumn, GeometryError, GeometryKind};
pub use grid::{Grid, GridError};
#[cfg(feature = "h3")]
pub use h3::{CellRule, H3Cell, H3Error, Resolution, h3_cells, h3_centres, h3_cover, h3_polygons};
pub use index::{DynamicIndex, IndexError, PackedIndex};
#[cfg(feature = "io")]
pub use io::{
    FeatureBatch, FeatureFile, FlatGeobufOptions, GeoJsonOptions, GeoParquetOptions, GeoParquetReadOptions,
    GeoParquetScan, GeoTiff, GeoTiffError, GeoTiffProblem, GeoTiffReadOptions, GeoTiffWriteOptions,
    Malformed, Overviews, Place, RasterWriter, ReadError, ReadNote, WriteError, geopackage_layers,
    read_arrow, read_features, read_flatgeobuf, read_flatgeobuf_within, read_geojson, read_geopackage,
    read_geoparquet, read_geoparquet_column, read_geotiff, read_gml, read_shapefile, scan_geoparquet,
    write_arrow, write_flatgeobuf, write_geojson, write_geoparquet, write_geotiff,
};
pub use join::{
    Aggregate, Boundary, JoinError, Located, Pairs, Predicate, PredicateError, ZoneIndex,
    aggregate_weighted_within, aggregate_within, count_within, join_by, locate, pairs_within, self_join_by,
};
pub use measure::{MeasureError, Metric, area, centroid, interior_point, length, perimeter};
pub use nearest::{NearestIndex, NearestOptions, Neighbours, nearest, nearest_others};
pub use overlay::{Overlap, OverlayError, overlaps};
pub use plausibility::{CrsDoubt, CrsFit, doubt_crs, fitting_crs};
pub use potential::{Decay, Potential, PotentialError, PotentialOptions, potential};
pub use raster::{Band, NoData, Raster, RasterError, SampleError, SampleType, Samples, Sampling, Window};
pub use reproject::{Operation, ReprojectError, Transform};
pub use simplify::{CoverageSimplifier, SimplifyError, simplify, simplify_coverage};
pub use statistical_grid::{StatisticalCell, StatisticalGridError, statistical_cells, statistical_polygons};
pub use validity::{
    AreaRule, Fault, FaultKind, Repair, RepairKind, RepairOptions, faults, repair, repair_with, slivers,
};
pub use web_tile::{WebTile, WebTileError};
pub use within_distance::{
    count_within_distance, others_within_distance, sum_within_distance, within_distance,
};
pub use wkb::{WkbColumnError, WkbError, read_wkb, read_wkb_column, write_wkb};
pub use wkt::{WktError, read_wkt, write_wkt};
#[cfg(feature = "io")]
pub use zonal::zonal_statistics_of_file;
pub use zonal::{
    ZonalError, ZonalOptions, ZonalStatistic, ZonalTable, weighted_zonal_statistics, zonal_statistics,
};

/// The geometry types of the `geo` crate, which appear in our signatures.
pub mod types {
    pub use geo::{
        BoundingRect, Coord, Geometry, GeometryCollection, Line, LineString, MultiLineString, MultiPoint,
        MultiPolygon, Point, Polygon, Rect, Triangle, coord,
    };
}
