use datagora_core::polars::prelude::{DataFrame, IntoLazy, NamedFrom, Series, df};
use datagora_core::{
    Credit, Crs, Dataset, Field, FieldType, Licence, Lineage, Metadata, Metres, Role, Schema, Unit, Use,
};

use super::*;
use crate::types::{Geometry, Rect, coord};
use crate::{
    Band, Boundary, CoverageOptions, DbscanOptions, GeometryColumn, Grid, NearestOptions, OverlapRule,
    Raster, ZonalOptions, ZonalStatistic, write_wkb,
};

fn block(x: f64, y: f64) -> Geometry {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + 100., y: y + 100. }).into()
}

fn metadata(title: &str, schema: Vec<Field>, licence: Licence) -> Metadata {
    Metadata::new(title)
        .with_schema(Schema::new(schema))
        .with_crs(Crs::CC46)
        .with_credit(Credit::new(title, "Métropole de Lyon", licence))
        .with_lineage(Lineage::source(title, title, ""))
}

fn zones(licence: Licence) -> Dataset<DataFrame> {
    let shapes: Vec<Option<Vec<u8>>> =
        vec![Some(write_wkb(&block(0., 0.))), None, Some(write_wkb(&block(100., 0.)))];
    let frame =
        df!("insee" => ["69381", "69382", "69383"], "shape" => shapes, "unused" => [1, 2, 3]).unwrap();
    let schema = vec![
        Field::new("insee", FieldType::Text, Role::Identifier).required(),
        Field::new("shape", FieldType::Geometry, Role::Geometry),
    ];
    Dataset::new(frame, metadata("zones", schema, licence))
}

fn trees(licence: Licence) -> Dataset<DataFrame> {
    let frame = df!(
        "genus" => ["Tilia", "Acer", "Platanus", "Celtis"],
        "x" => [Some(10.0), Some(150.0), None, Some(900.0)],
        "y" => [10.0, 50.0, 50.0, 0.0],
    );
    let schema = vec![Field::new("genus", FieldType::Text, Role::Attribute)];
    Dataset::new(frame.unwrap(), metadata("trees", schema, licence))
}

fn texts(frame: &DataFrame, name: &str) -> Vec<Option<String>> {
    frame.column(name).unwrap().str().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
}

#[test]
fn eager_and_lazy_frames_give_the_same_as_the_kernel() {
    let (zones, trees) = (zones(Licence::Cc0), trees(Licence::Cc0));
    let eager = locate(
        &spatial_points(&trees, "x", "y").unwrap(),
        &spatial(&zones).unwrap(),
        Boundary::HalfOpen,
        Use::DerivedDatabase,
    )
    .unwrap();
    let lazy = locate(
        &spatial_points(&trees.clone().map_payload(IntoLazy::lazy), "x", "y").unwrap(),
        &spatial(&zones.clone().map_payload(IntoLazy::lazy)).unwrap(),
        Boundary::HalfOpen,
        Use::DerivedDatabase,
    )
    .unwrap();
    let (eager_frame, lazy_frame) = (eager.payload().attributes(), lazy.payload().attributes());
    assert!(eager_frame.equals_missing(lazy_frame));
    assert_eq!(eager.payload().geometry(), lazy.payload().geometry());
    assert_eq!(eager.metadata(), lazy.metadata());
    let expected = [Some("69381"), Some("69383"), None, None].map(|code| code.map(str::to_owned));
    assert_eq!(texts(eager_frame, "insee"), expected);

    let points = GeometryColumn::points(vec![10., 150., f64::NAN, 900.], vec![10., 50., 50., 0.], Crs::CC46);
    let areas = GeometryColumn::from_options([Some(block(0., 0.)), None, Some(block(100., 0.))], Crs::CC46);
    let kernel = crate::locate(&points, &areas, Boundary::HalfOpen).unwrap();
    assert_eq!(kernel.to_options(), [Some(0), Some(2), None, None]);
}

#[test]
fn roles_credits_and_steps_travel_on() {
    let zones = spatial(&zones(Licence::Odbl1)).unwrap();
    let trees = spatial_points(&trees(Licence::LicenceOuverte2), "x", "y").unwrap();
    let counted =
        count_within(&zones, &trees, Boundary::HalfOpen, Unit::of("{tree}"), Use::DerivedDatabase).unwrap();
    let metadata = counted.metadata();
    assert_eq!(metadata.credits.len(), 2);
    assert_eq!(metadata.terms(Use::DerivedDatabase).unwrap().licence(), Some(Licence::Odbl1));
    assert_eq!(metadata.lineage.walk().count(), 3, "two sources and one step");
    let measure = metadata.schema.with_role(Role::Measure).next().unwrap();
    assert_eq!((measure.name.as_str(), measure.unit.clone()), ("count", Some(Unit::of("{tree}"))));
    let counts: Vec<Option<u64>> =
        counted.payload().attributes().column("count").unwrap().u64().unwrap().iter().collect();
    assert_eq!(counts, [Some(1), Some(0), Some(1)]);

    let conflict = locate(&trees, &zones_of(Licence::Unstated), Boundary::HalfOpen, Use::DerivedDatabase);
    assert!(matches!(conflict, Err(AdapterError::Licence(_))), "{conflict:?}");
}

fn zones_of(licence: Licence) -> Dataset<SpatialFrame> {
    spatial(&zones(licence)).unwrap()
}

#[test]
fn a_frame_goes_in_and_comes_out_the_same() {
    let zones = zones(Licence::Cc0);
    let back = to_data_frame(&spatial(&zones).unwrap()).unwrap();
    let expected = zones.payload().select(["insee", "shape"]).unwrap();
    assert!(back.payload().equals_missing(&expected), "{:?}", back.payload());
}

#[test]
fn neighbours_come_one_by_one_and_rows_without_any_stay() {
    let trees = spatial_points(&trees(Licence::Cc0), "x", "y").unwrap();
    let options = NearestOptions::default().with_k(2);
    let points = spatial_points(&stops(), "x", "y").unwrap();
    let found = nearest(&trees, &points, options, Use::Internal).unwrap();
    let frame = found.payload().attributes();
    let name = |text: &str| Some(text.to_owned());
    assert_eq!(texts(frame, "genus").len(), 7);
    assert_eq!(texts(frame, "stop")[..2], [name("A"), name("B")]);
    assert_eq!(texts(frame, "stop")[4..5], [None], "the tree without place");
    let ranks: Vec<Option<i64>> = frame.column("rank").unwrap().i64().unwrap().iter().collect();
    assert_eq!(ranks, [Some(1), Some(2), Some(1), Some(2), None, Some(1), Some(2)]);
}

fn stops() -> Dataset<DataFrame> {
    let frame = df!("stop" => ["A", "B"], "x" => [0.0, 200.0], "y" => [0.0, 0.0]).unwrap();
    let schema = vec![Field::new("stop", FieldType::Text, Role::Identifier)];
    Dataset::new(frame, metadata("stops", schema, Licence::Cc0))
}

#[test]
fn measures_sum_up_with_their_units() {
    let frame = df!(
        "height" => [Some(10.0), Some(20.0), None, Some(5.0)],
        "x" => [10.0, 20.0, 30.0, 150.0],
        "y" => [10.0; 4],
    );
    let height = Field::new("height", FieldType::Number, Role::Measure).with_unit(Unit::METRE);
    let trees = Dataset::new(frame.unwrap(), metadata("trees", vec![height], Licence::Cc0));
    let trees = spatial_points(&trees, "x", "y").unwrap();
    let found = aggregate_within(&zones_of(Licence::Cc0), &trees, Boundary::HalfOpen, Use::Internal).unwrap();
    let numbers = |name: &str| -> Vec<Option<f64>> {
        let column = found.payload().attributes().column(name).unwrap();
        column.f64().unwrap().iter().collect()
    };
    assert_eq!(numbers("height_sum"), [Some(30.0), Some(0.0), Some(5.0)]);
    assert_eq!(numbers("height_mean"), [Some(15.0), None, Some(5.0)]);
    let units = found.metadata().schema.with_role(Role::Measure).map(|field| field.unit.clone());
    assert!(units.eq([Some(Unit::METRE), Some(Unit::METRE)]));
}

/// The same frame, eager and lazy.
fn both(data: &Dataset<DataFrame>) -> [Dataset<SpatialFrame>; 2] {
    [spatial(data).unwrap(), spatial(&data.clone().map_payload(IntoLazy::lazy)).unwrap()]
}

fn both_points(data: &Dataset<DataFrame>) -> [Dataset<SpatialFrame>; 2] {
    let lazy = data.clone().map_payload(IntoLazy::lazy);
    [spatial_points(data, "x", "y").unwrap(), spatial_points(&lazy, "x", "y").unwrap()]
}

/// The first of two that have to be equal.
fn one_of([eager, lazy]: [Dataset<SpatialFrame>; 2]) -> Dataset<SpatialFrame> {
    assert!(eager.payload().attributes().equals_missing(lazy.payload().attributes()));
    assert_eq!(eager.payload().geometry(), lazy.payload().geometry());
    assert_eq!(eager.metadata(), lazy.metadata());
    eager
}

fn numbers(data: &Dataset<SpatialFrame>, name: &str) -> Vec<Option<f64>> {
    data.payload().attributes().column(name).unwrap().f64().unwrap().iter().collect()
}

/// 3 by 2 cells of 80 m; the two zones of 100 m side by side reach into all of them.
fn cells() -> Grid {
    Grid::new([0., 160.], [80., 80.], 3, 2, Crs::CC46).unwrap()
}

#[test]
fn covered_cells_are_a_frame_with_squares() {
    for overlaps in [OverlapRule::Dissolve, OverlapRule::Sum] {
        let options = CoverageOptions::default().with_overlaps(overlaps).with_band_rows(1);
        let found =
            one_of(both(&zones(Licence::Odbl1)).map(|zones| coverage(&zones, &cells(), options).unwrap()));
        let areas = GeometryColumn::from_options([Some(block(0., 0.)), Some(block(100., 0.))], Crs::CC46);
        let kernel = crate::coverage(&cells(), &areas, options).unwrap();
        let expected = kernel.iter().copied().filter(|share| *share > 0.0).map(Some);
        assert_eq!(numbers(&found, "share"), expected.collect::<Vec<_>>());
        let numbers = found.payload().attributes().column("cell").unwrap().u64().unwrap();
        assert_eq!(numbers.iter().flatten().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        assert_eq!(found.payload().geometry().row_bounds(4), Some(cells().cell_rect(4)));
        let metadata = found.metadata();
        assert_eq!(metadata.lineage.walk().count(), 2, "a source and a step");
        assert_eq!((metadata.credits.len(), metadata.crs.clone()), (1, Some(Crs::CC46)));
        let share = metadata.schema.with_role(Role::Measure).next().unwrap();
        assert_eq!((share.name.as_str(), share.unit.clone()), ("share", Some(Unit::ONE)));
        // It goes out as a frame that conforms to its schema, and comes in again.
        let again = spatial(&to_data_frame(&found).unwrap()).unwrap();
        assert_eq!(again.payload().geometry(), found.payload().geometry());
    }
    let elsewhere = Grid::new([0., 160.], [80., 80.], 3, 2, Crs::LAMBERT_93).unwrap();
    let refused = coverage(&zones_of(Licence::Cc0), &elsewhere, CoverageOptions::default());
    assert!(matches!(refused, Err(AdapterError::Coverage(_))), "{refused:?}");
}

#[test]
fn statistics_of_a_raster_have_the_units_of_its_values() {
    let raster = |crs| {
        let grid = Grid::new([0., 160.], [80., 80.], 3, 2, crs).unwrap();
        let values = [Some(30.), None, Some(31.), Some(32.), Some(34.), Some(36.)];
        let raster = Raster::new(grid, [Band::from_options(values)]).unwrap();
        Dataset::new(raster, metadata("heat", vec![], Licence::LicenceOuverte2))
    };
    use ZonalStatistic::{Count, Mean, Quantile, StandardDeviation, Sum, Variance};
    let options =
        ZonalOptions::default().with_statistics([Count, Mean, StandardDeviation, Quantile(0.5), Variance]);
    let heat = raster(Crs::CC46);
    let found = one_of(both(&zones(Licence::Odbl1)).map(|zones| {
        zonal_statistics(&zones, &heat, &options, Unit::CELSIUS, Use::DerivedDatabase).unwrap()
    }));
    let areas = GeometryColumn::from_options([Some(block(0., 0.)), None, Some(block(100., 0.))], Crs::CC46);
    let kernel = crate::zonal_statistics(heat.payload(), &areas, &options).unwrap();
    let names = ["count", "mean", "standard_deviation", "quantile_0.5", "variance"];
    for (name, statistic) in names.into_iter().zip(options.statistics.clone()) {
        assert_eq!(numbers(&found, name), kernel.column(statistic).unwrap(), "{name}");
        assert_eq!(numbers(&found, name)[1], None, "a zone without geometry");
    }
    assert_eq!(numbers(&found, "completeness"), kernel.completeness());
    let units: Vec<_> =
        found.metadata().schema.with_role(Role::Measure).map(|field| field.unit.clone().unwrap()).collect();
    let celsius = Unit::CELSIUS;
    assert_eq!(units, [Unit::of("{cell}"), celsius.clone(), Unit::KELVIN, celsius, Unit::of("K2")]);
    assert_eq!(found.metadata().lineage.walk().count(), 3, "two sources and one step");
    assert_eq!(found.metadata().credits.len(), 2);

    let zones = zones_of(Licence::Odbl1);
    let sum = ZonalOptions::default().with_statistics([Sum]);
    let refused = zonal_statistics(&zones, &heat, &sum, Unit::CELSIUS, Use::Internal);
    assert!(matches!(refused, Err(AdapterError::NotAdditive { .. })), "{refused:?}");
    assert!(zonal_statistics(&zones, &heat, &sum, Unit::METRE, Use::Internal).is_ok());
    let elsewhere = zonal_statistics(&zones, &raster(Crs::LAMBERT_93), &sum, Unit::METRE, Use::Internal);
    assert!(matches!(elsewhere, Err(AdapterError::Zonal(_))), "{elsewhere:?}");
    let twice = zonal_statistics(&found, &heat, &options, Unit::CELSIUS, Use::Internal);
    assert!(matches!(twice, Err(AdapterError::NameTaken { .. })), "{twice:?}");
}

#[test]
fn clusters_are_a_dimension() {
    let options = DbscanOptions::new(Metres(150.0)).with_min_points(2);
    let found = one_of(both_points(&trees(Licence::Odbl1)).map(|trees| dbscan(&trees, options).unwrap()));
    let frame = found.payload().attributes();
    let clusters: Vec<Option<i64>> = frame.column("cluster").unwrap().i64().unwrap().iter().collect();
    assert_eq!(clusters, [Some(0), Some(0), None, None]);
    let cores: Vec<Option<bool>> = frame.column("core").unwrap().bool().unwrap().iter().collect();
    assert_eq!(cores, [Some(true), Some(true), Some(false), Some(false)]);
    let dimension = found.metadata().schema.with_role(Role::Dimension).next().unwrap();
    assert_eq!(dimension.name, "cluster");
    assert_eq!(found.metadata().lineage.walk().count(), 2, "a source and a step");
    let refused = dbscan(&found, options);
    assert!(matches!(refused, Err(AdapterError::NameTaken { .. })), "{refused:?}");
    let areas = dbscan(&zones_of(Licence::Cc0), options);
    assert!(matches!(areas, Err(AdapterError::Cluster(_))), "{areas:?}");
}

#[test]
fn pairs_within_a_distance_are_rows() {
    let (stops, trees) = (both_points(&stops()), both_points(&trees(Licence::Odbl1)));
    let pairs = |[trees, stops]: [&Dataset<SpatialFrame>; 2]| {
        within_distance(trees, stops, Metres(80.0), Use::DerivedDatabase).unwrap()
    };
    let found = one_of([pairs([&trees[0], &stops[0]]), pairs([&trees[1], &stops[1]])]);
    let frame = found.payload().attributes();
    let name = |text: &str| Some(text.to_owned());
    assert_eq!(texts(frame, "genus"), [name("Tilia"), name("Acer")]);
    assert_eq!(texts(frame, "stop"), [name("A"), name("B")]);
    let kernel =
        crate::within_distance(trees[0].payload().geometry(), stops[0].payload().geometry(), Metres(80.0));
    assert!(kernel.unwrap().iter().eq([(0, 0), (1, 1)]));
    assert_eq!(found.metadata().schema.with_role(Role::Dimension).next().unwrap().name, "stop");
    assert_eq!(found.metadata().lineage.walk().count(), 3, "two sources and one step");
    let backwards = within_distance(&trees[0], &stops[0], Metres(-1.0), Use::Internal);
    assert!(matches!(backwards, Err(AdapterError::Distance(_))), "{backwards:?}");
    let nameless = within_distance(&stops[0], &trees[0], Metres(80.0), Use::Internal);
    assert!(matches!(nameless, Err(AdapterError::NoIdentifier { .. })), "{nameless:?}");
}

#[test]
fn what_is_lacking_is_told() {
    let no_crs = Dataset::new(trees(Licence::Cc0).into_payload(), Metadata::new("trees"));
    assert!(matches!(spatial_points(&no_crs, "x", "y"), Err(AdapterError::NoCrs { .. })));
    let no_geometry = spatial(&trees(Licence::Cc0));
    assert!(matches!(no_geometry, Err(AdapterError::Geometry { .. })), "{no_geometry:?}");
    let absent = spatial_points(&trees(Licence::Cc0), "lon", "y").unwrap_err().to_string();
    assert!(absent.contains("lon"), "{absent}");
    let broken = zones(Licence::Cc0).map_payload(|mut frame| {
        let shapes: Vec<Option<&[u8]>> = vec![Some(&[1, 2][..]), None, None];
        frame.with_column(Series::new("shape".into(), shapes).into()).unwrap().clone()
    });
    assert!(matches!(spatial(&broken), Err(AdapterError::Wkb { row: 0, .. })));
    let nameless = spatial_points(&trees(Licence::Cc0), "x", "y").unwrap();
    let refused = nearest(&nameless, &nameless, NearestOptions::default(), Use::Internal);
    assert!(matches!(refused, Err(AdapterError::NoIdentifier { .. })));
    let twice = area(&area(&zones_of(Licence::Cc0), crate::Metric::Planar).unwrap(), crate::Metric::Planar);
    assert!(matches!(twice, Err(AdapterError::NameTaken { .. })));
}
