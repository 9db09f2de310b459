use datagora_core::polars::prelude::{DataFrame, IntoLazy, NamedFrom, Series, df};
use datagora_core::{
    Credit, Crs, Dataset, Field, FieldType, Licence, Lineage, Metadata, Role, Schema, Unit, Use,
};

use super::*;
use crate::types::{Geometry, Rect, coord};
use crate::{Boundary, GeometryColumn, NearestOptions, write_wkb};

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
