//! Row groups that cannot meet a rectangle.
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;

use super::metadata::GeoColumn;
use crate::geometry::Bounds;

/// The row groups that may hold a geometry that meets the rectangle, by the statistics of the bounding boxes, of the
/// coordinates in a native encoding, or of Parquet's own geometry type; those without statistics are among them.
pub(super) fn row_groups(metadata: &ParquetMetaData, column: &GeoColumn, rectangle: &Bounds) -> Vec<usize> {
    let groups = metadata.row_groups().iter().enumerate();
    let meets = |group: &RowGroupMetaData| bounds(group, column).is_none_or(|bounds| bounds.meets(rectangle));
    groups.filter(|(_, group)| meets(group)).map(|(index, _)| index).collect()
}

/// The rectangle around a row group, as far as it is known.
fn bounds(group: &RowGroupMetaData, column: &GeoColumn) -> Option<Bounds> {
    let chunk =
        |wanted: &[String]| group.columns().iter().find(|chunk| chunk.column_path().parts() == wanted);
    if let Some([west, south, east, north]) = &column.covering {
        let range = |path: &[String]| chunk(path).and_then(range);
        let (min_x, min_y) = (range(west)?.0, range(south)?.0);
        let (max_x, max_y) = (range(east)?.1, range(north)?.1);
        return Some(Bounds { min_x, min_y, max_x, max_y });
    }
    let own =
        group.columns().iter().filter(|chunk| chunk.column_path().parts().first() == Some(&column.name));
    let own: Vec<&ColumnChunkMetaData> = own.collect();
    if let [chunk] = own[..] {
        let found = chunk.geo_statistics()?.bounding_box()?;
        let (min_x, max_x, min_y, max_y) =
            (found.get_xmin(), found.get_xmax(), found.get_ymin(), found.get_ymax());
        // A range across the antimeridian has its ends exchanged: nothing is known.
        return (min_x <= max_x && min_y <= max_y).then_some(Bounds { min_x, min_y, max_x, max_y });
    }
    let axis = |name: &str| {
        let chunk =
            own.iter().find(|chunk| chunk.column_path().parts().last().is_some_and(|last| last == name));
        chunk.and_then(|chunk| range(chunk))
    };
    let ((min_x, max_x), (min_y, max_y)) = (axis("x")?, axis("y")?);
    Some(Bounds { min_x, min_y, max_x, max_y })
}

/// Least and greatest number of a column chunk.
fn range(chunk: &ColumnChunkMetaData) -> Option<(f64, f64)> {
    let (low, high) = match chunk.statistics()? {
        Statistics::Double(found) => (*found.min_opt()?, *found.max_opt()?),
        Statistics::Float(found) => (f64::from(*found.min_opt()?), f64::from(*found.max_opt()?)),
        _ => return None,
    };
    (low <= high).then_some((low, high))
}
