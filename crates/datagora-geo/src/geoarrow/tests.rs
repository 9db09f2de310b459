use std::sync::Arc;

use arrow::array::{AsArray, FixedSizeListArray, StructArray};
use arrow::datatypes::{DataType, Float64Type};
use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, LineString, Polygon};
use crate::wkb::tests::any_geometry;

const EACH: [GeoArrowEncoding; 4] =
    [GeoArrowEncoding::Native, GeoArrowEncoding::Union, GeoArrowEncoding::Wkb, GeoArrowEncoding::Wkt];
const ORDERS: [GeoArrowCoordinates; 2] = [GeoArrowCoordinates::Separated, GeoArrowCoordinates::Interleaved];

fn lines() -> GeometryColumn {
    let line = |at: f64| Geometry::LineString(LineString::from(vec![(at, 0.0), (at + 1.0, 2.0)]));
    GeometryColumn::from_options([Some(line(1.0)), None, Some(line(5.0))], Crs::CC46)
}

#[test]
fn buffers_are_handed_over_and_back() {
    let points = GeometryColumn::points(vec![1.0, f64::NAN, 3.0], vec![4.0, 5.0, 6.0], Crs::CC46);
    for column in [points, lines()] {
        let expected = column.clone();
        let pointer = column.coordinates().0.as_ptr();
        let (field, array) = write_geoarrow("g", column, &GeoArrowOptions::default()).unwrap();
        let coordinates = match array.as_list_opt::<i32>() {
            Some(lists) => lists.values().clone(),
            None => array.clone(),
        };
        let x = coordinates.as_struct().column(0).as_primitive::<Float64Type>().values().as_ptr();
        assert_eq!(x, pointer, "written without a copy");
        drop(coordinates);
        let kept = array.clone();
        let copied = read_geoarrow(&field, array).unwrap().geometry;
        assert_eq!(copied, expected);
        assert_ne!(copied.coordinates().0.as_ptr(), pointer, "two owners: copied");
        let read = read_geoarrow(&field, kept).unwrap().geometry;
        assert_eq!(read, expected);
        assert_eq!(read.coordinates().0.as_ptr(), pointer, "one owner: no copy");
    }
}

#[test]
fn the_crs_travels() {
    for crs in [Crs::CC46, Crs::WGS84, Crs::from_epsg(27_572), crate::crs::unknown_crs()] {
        let column = GeometryColumn::points(vec![1.0], vec![2.0], crs.clone());
        let (field, array) = write_geoarrow("g", column, &GeoArrowOptions::default()).unwrap();
        assert_eq!(read_geoarrow(&field, array).unwrap().geometry.crs(), &crs);
    }
}

#[test]
fn what_is_no_geoarrow() {
    let (field, array) = write_geoarrow("g", lines(), &GeoArrowOptions::default()).unwrap();
    let plain = Field::new("g", array.data_type().clone(), true);
    let message = read_geoarrow(&plain, array.clone()).unwrap_err().to_string();
    assert!(message.contains("“g” has the extension type none"), "{message}");
    let metadata = [("ARROW:extension:name".to_owned(), "geoarrow.polygon".to_owned())].into();
    let wrong = plain.with_metadata(metadata);
    assert!(matches!(read_geoarrow(&wrong, array), Err(GeoArrowError::Layout { .. })));
    let bytes: ArrayRef = Arc::new(arrow::array::BinaryArray::from(vec![&b"\x01"[..]]));
    let metadata = [("ARROW:extension:name".to_owned(), "geoarrow.wkb".to_owned())].into();
    let field = field.with_data_type(DataType::Binary).with_metadata(metadata);
    assert!(matches!(read_geoarrow(&field, bytes), Err(GeoArrowError::Wkb { row: 0, .. })));
}

#[test]
fn rings_are_closed_and_parts_of_others_left() {
    let ring = |points: &[(f64, f64)]| LineString::from(points.to_vec());
    let square = Polygon::new(ring(&[(0., 0.), (4., 0.), (4., 4.), (0., 4.), (0., 0.)]), vec![]);
    let column = GeometryColumn::new([square.clone().into(), square.into()], Crs::CC46);
    let (field, array) = write_geoarrow("g", column.clone(), &GeoArrowOptions::default()).unwrap();
    // A slice shares buffers and has offsets that do not begin at 0.
    let slice = read_geoarrow(&field, array.slice(1, 1)).unwrap().geometry;
    assert_eq!(slice, column.take(&[1]));
    // Rings that are open: the same without the last position of each.
    let lists = array.as_list::<i32>();
    let rings = lists.values().as_list::<i32>();
    let offsets = arrow::buffer::OffsetBuffer::from_lengths([4]);
    let positions = rings.values().slice(0, 4);
    let DataType::List(inner) = rings.data_type() else { panic!() };
    let open = arrow::array::ListArray::new(inner.clone(), offsets, positions, None);
    let DataType::List(outer) = lists.data_type() else { panic!() };
    let rows = arrow::buffer::OffsetBuffer::from_lengths([1]);
    let open: ArrayRef = Arc::new(arrow::array::ListArray::new(outer.clone(), rows, Arc::new(open), None));
    assert_eq!(read_geoarrow(&field, open).unwrap().geometry, column.take(&[0]));
}

#[test]
fn heights_are_counted() {
    let numbers: ArrayRef = Arc::new(arrow::array::Float64Array::from(vec![1., 2., 3., 4., 5., 6.]));
    let field = Arc::new(Field::new("xyz", DataType::Float64, false));
    let array: ArrayRef = Arc::new(FixedSizeListArray::new(field, 3, numbers, None));
    let metadata = [("ARROW:extension:name".to_owned(), "geoarrow.point".to_owned())].into();
    let field = Field::new("g", array.data_type().clone(), true).with_metadata(metadata);
    let read = read_geoarrow(&field, array).unwrap();
    assert_eq!((read.flattened, read.geometry.as_points()), (2, Some((&[1., 4.][..], &[2., 5.][..]))));
    let empty: ArrayRef = Arc::new(StructArray::new_empty_fields(0, None));
    assert!(read_geoarrow(&field, empty).is_err());
}

#[test]
fn unions_of_others() {
    use arrow::array::{Float64Array, UnionArray};
    use arrow::datatypes::{UnionFields, UnionMode};
    // Points with heights (11) and points (1), in any order, one of them not finite, and a type that is none.
    let positions = |names: &[&str], values: [f64; 2]| -> ArrayRef {
        let column = || -> ArrayRef { Arc::new(Float64Array::from(values.to_vec())) };
        let fields = names.iter().map(|name| Arc::new(Field::new(*name, DataType::Float64, false)));
        Arc::new(StructArray::from(fields.map(|field| (field, column())).collect::<Vec<_>>()))
    };
    let children =
        vec![positions(&["x", "y", "z"], [1.0, 2.0]), positions(&["x", "y"], [3.0, f64::INFINITY])];
    let union = |ids: Vec<i8>, of: [i8; 2]| -> ArrayRef {
        let fields = of
            .iter()
            .zip(&children)
            .map(|(&id, child)| (id, Arc::new(Field::new(id.to_string(), child.data_type().clone(), true))));
        let fields: UnionFields = fields.collect();
        let offsets = vec![1, 0, 0, 1];
        Arc::new(UnionArray::try_new(fields, ids.into(), Some(offsets.into()), children.clone()).unwrap())
    };
    let extension = [("ARROW:extension:name".to_owned(), "geoarrow.geometry".to_owned())];
    let read = |array: ArrayRef| {
        let field = Field::new("g", array.data_type().clone(), true).with_metadata(extension.clone().into());
        read_geoarrow(&field, array)
    };
    let found = read(union(vec![11, 1, 11, 1], [11, 1])).unwrap();
    let expected = [2.0, 3.0, 1.0, f64::NAN];
    assert_eq!(
        found.geometry,
        GeometryColumn::points(expected.to_vec(), expected.to_vec(), found.geometry.crs().clone())
    );
    assert_eq!((found.flattened, found.not_finite), (2, 1));
    assert!(matches!(read(union(vec![8, 1, 8, 1], [8, 1])), Err(GeoArrowError::Layout { .. })));
    // A sparse union is none of GeoArrow.
    let (_, dense) =
        write_geoarrow("g", lines(), &GeoArrowOptions::default().with_encoding(GeoArrowEncoding::Union))
            .unwrap();
    assert!(matches!(dense.data_type(), DataType::Union(_, UnionMode::Dense)));
    let dense: &UnionArray = dense.as_any().downcast_ref().unwrap();
    let DataType::Union(fields, _) = dense.data_type() else { panic!() };
    let ids = vec![2_i8; dense.child(2).len()];
    let sparse = UnionArray::try_new(fields.clone(), ids.into(), None, vec![dense.child(2).clone()]).unwrap();
    assert!(matches!(read(Arc::new(sparse)), Err(GeoArrowError::Layout { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back(rows in prop::collection::vec(prop::option::of(any_geometry()), 0..6), one_kind: bool) {
        let first = rows.iter().flatten().next().map(crate::GeometryKind::of);
        let same = |row: &Option<Geometry>| {
            !one_kind || row.as_ref().is_none_or(|row| Some(crate::GeometryKind::of(row)) == first)
        };
        let column = GeometryColumn::from_options(rows.into_iter().filter(same), Crs::CC46);
        for encoding in EACH {
            for coordinates in ORDERS {
                let options = GeoArrowOptions { encoding, coordinates };
                let (field, array) = write_geoarrow("g", column.clone(), &options).unwrap();
                let copy = array.slice(0, array.len());
                prop_assert_eq!(&read_geoarrow(&field, array).unwrap().geometry, &column);
                prop_assert_eq!(&read_geoarrow(&field, copy).unwrap().geometry, &column);
            }
        }
    }
}
