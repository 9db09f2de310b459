//! What lies within a distance.
#[cfg(test)]
mod tests;

use datagora_core::Metres;

use crate::cores::each_run;
use crate::distance::{DistanceError, greatest_square, measurable, same_crs, surfaces};
use crate::nearest::{PackedPoints, PackedShapes, ShapeQuery, along_curve};
use crate::{GeometryColumn, Pairs};

/// All pairs of a row of one column and a row of another that are within a distance of each other, the distance itself
/// included.
///
/// Points, lines and surfaces may be mixed; the distance to a surface is 0 in it. For how many there are, or for a sum
/// over them, [`count_within_distance`] and [`sum_within_distance`] need no pairs.
///
/// # Shapes and missing values
///
/// `n` and `m` rows → [`Pairs`] (row of `from`, row of `to`), ascending. Missing and empty rows are in no pair.
///
/// # Errors
///
/// [`DistanceError::CrsMismatch`] if the columns differ in CRS, [`DistanceError::Unsuited`] if its numbers are no metres
/// (degrees, Web Mercator: reproject first), [`DistanceError::NotFinite`] for an infinite coordinate,
/// [`DistanceError::Reach`] for a distance below 0.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::{GeometryColumn, within_distance};
///
/// let homes = GeometryColumn::points(vec![0., 500.], vec![0., 0.], Crs::CC46);
/// let stops = GeometryColumn::points(vec![300., 400., 901.], vec![0., 0., 0.], Crs::CC46);
/// let served = within_distance(&homes, &stops, Metres(300.0))?;
/// assert_eq!(served.iter().collect::<Vec<_>>(), [(0, 0), (1, 0), (1, 1)]);
/// assert_eq!(served.unmatched_right(), [2]);
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
pub fn within_distance(
    from: &GeometryColumn,
    to: &GeometryColumn,
    reach: Metres,
) -> Result<Pairs, DistanceError> {
    same_crs(from.crs(), to.crs())?;
    measurable(from)?;
    measurable(to)?;
    Ok(pairs(from, to, greatest_square(reach)?, |_, _| true))
}

/// All pairs of rows of a column that are within a distance of each other, each pair once, the lower row first.
///
/// Otherwise as [`within_distance`].
///
/// # Errors
///
/// As [`within_distance`].
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::{GeometryColumn, others_within_distance};
///
/// let trees = GeometryColumn::points(vec![0., 4., 8.], vec![0., 0., 0.], Crs::CC46);
/// let neighbours = others_within_distance(&trees, Metres(5.0))?;
/// assert_eq!(neighbours.iter().collect::<Vec<_>>(), [(0, 1), (1, 2)]);
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
pub fn others_within_distance(column: &GeometryColumn, reach: Metres) -> Result<Pairs, DistanceError> {
    measurable(column)?;
    Ok(pairs(column, column, greatest_square(reach)?, |row, other| row < other))
}

/// Number of rows of a column within a distance of each row of another, without the pairs.
///
/// # Shapes and missing values
///
/// `n` rows of `from` → `n` counts; `None` for a missing or empty row of `from`, of which nothing is known. Missing and
/// empty rows of `to` are not counted.
///
/// # Errors
///
/// As [`within_distance`].
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::{GeometryColumn, count_within_distance};
///
/// let homes = GeometryColumn::points(vec![0., 500.], vec![0., 0.], Crs::CC46);
/// let trees = GeometryColumn::points(vec![-300., 10., 20.], vec![0., 0., 0.], Crs::CC46);
/// assert_eq!(count_within_distance(&homes, &trees, Metres(300.0))?, [Some(3), Some(0)]);
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
pub fn count_within_distance(
    from: &GeometryColumn,
    to: &GeometryColumn,
    reach: Metres,
) -> Result<Vec<Option<u64>>, DistanceError> {
    same_crs(from.crs(), to.crs())?;
    measurable(from)?;
    measurable(to)?;
    let most = greatest_square(reach)?;
    if let (Some([x, y]), Some([to_x, to_y])) = (as_points(from), as_points(to)) {
        let index = PackedPoints::new(to_x, to_y);
        return Ok(by_point(x, y, None, |[x, y]| Some(index.count_within([x, y], most))));
    }
    let searched = Searched::new(from, to);
    Ok(by_row(from.len(), |rows| {
        let mut search = searched.shapes.search();
        let mut query = ShapeQuery::default();
        let count = |row| searched.find(row, most, &mut query, &mut search).map(|found| found.len() as u64);
        rows.map(count).collect()
    }))
}

/// Sum of a value over the rows of a column within a distance of each row of another, without the pairs.
///
/// # Shapes and missing values
///
/// `n` rows of `from`, `m` rows of `to` with their values → `n` sums, 0 where nothing is within reach. NaN for a missing
/// or empty row of `from`, and where a row within reach has NaN for a value. Sums of the values under each box of the
/// index are taken first, so the last digits may differ from those of a sum from row to row; they are the same on every
/// machine.
///
/// # Errors
///
/// As [`within_distance`], and [`DistanceError::Values`] if there are not as many values as rows.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::{GeometryColumn, sum_within_distance};
///
/// let homes = GeometryColumn::points(vec![0.], vec![0.], Crs::CC46);
/// let schools = GeometryColumn::points(vec![100., 250., 900.], vec![0., 0., 0.], Crs::CC46);
/// let places = [120., 80., 300.];
/// assert_eq!(sum_within_distance(&homes, &schools, &places, Metres(300.0))?, [200.]);
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
pub fn sum_within_distance(
    from: &GeometryColumn,
    to: &GeometryColumn,
    values: &[f64],
    reach: Metres,
) -> Result<Vec<f64>, DistanceError> {
    same_crs(from.crs(), to.crs())?;
    measurable(from)?;
    measurable(to)?;
    if values.len() != to.len() {
        return Err(DistanceError::Values { rows: to.len(), found: values.len() });
    }
    let most = greatest_square(reach)?;
    if let (Some([x, y]), Some([to_x, to_y])) = (as_points(from), as_points(to)) {
        let index = PackedPoints::new(to_x, to_y);
        let sums = index.sums(values);
        return Ok(by_point(x, y, f64::NAN, |[x, y]| index.sum_within([x, y], most, values, &sums)));
    }
    let searched = Searched::new(from, to);
    Ok(by_row(from.len(), |rows| {
        let mut search = searched.shapes.search();
        let mut query = ShapeQuery::default();
        let sum = |row| {
            let found = searched.find(row, most, &mut query, &mut search);
            found.map_or(f64::NAN, |found| found.iter().map(|row| values[*row as usize]).sum())
        };
        rows.map(sum).collect()
    }))
}

fn as_points(column: &GeometryColumn) -> Option<[&[f64]; 2]> {
    column.as_points().map(|(x, y)| [x, y])
}

/// Rows asked from at a time.
const CHUNK: usize = 1 << 12;

/// What a function makes of rows, in their order; several runs of them at a time if there are cores.
fn by_row<T: Send>(len: usize, make: impl Fn(std::ops::Range<usize>) -> Vec<T> + Sync) -> Vec<T> {
    let pieces = each_run(len, CHUNK, make);
    let mut all = Vec::with_capacity(pieces.iter().map(Vec::len).sum());
    pieces.into_iter().for_each(|piece| all.extend(piece));
    all
}

/// What a function makes of points, asked in the order of a curve.
fn by_point<T: Copy + Send + Sync>(
    x: &[f64],
    y: &[f64],
    missing: T,
    make: impl Fn([f64; 2]) -> T + Sync,
) -> Vec<T> {
    let order = along_curve(x, y);
    let made = by_row(order.len(), |places| {
        order[places].iter().map(|&row| make([x[row as usize], y[row as usize]])).collect()
    });
    let mut all = vec![missing; x.len()];
    order.iter().zip(made).for_each(|(&row, made)| all[row as usize] = made);
    all
}

fn pairs(
    from: &GeometryColumn,
    to: &GeometryColumn,
    most: f64,
    wanted: impl Fn(u32, u32) -> bool + Sync,
) -> Pairs {
    let rows = [from.len(), to.len()];
    if let (Some([x, y]), Some([to_x, to_y])) = (as_points(from), as_points(to)) {
        let index = PackedPoints::new(to_x, to_y);
        let pairs = by_row(x.len(), |rows| {
            let mut pairs = Vec::new();
            for row in rows.filter(|row| !x[*row].is_nan()) {
                let start = pairs.len();
                index.for_each_within([x[row], y[row]], most, |other| {
                    if wanted(row as u32, other) {
                        pairs.push((row as u32, other));
                    }
                });
                pairs[start..].sort_unstable();
            }
            pairs
        });
        return Pairs::sorted(pairs, rows);
    }
    let searched = Searched::new(from, to);
    let pairs = by_row(from.len(), |rows| {
        let mut search = searched.shapes.search();
        let mut query = ShapeQuery::default();
        let mut pairs = Vec::new();
        for row in rows {
            let found = searched.find(row, most, &mut query, &mut search).unwrap_or_default();
            let found = found.iter().filter(|other| wanted(row as u32, **other));
            pairs.extend(found.map(|other| (row as u32, *other)));
        }
        pairs
    });
    Pairs::sorted(pairs, rows)
}

/// A column prepared for finding what is within reach of the rows of another.
struct Searched<'a> {
    from: &'a GeometryColumn,
    shapes: PackedShapes,
    /// Rows that each row of `from` covers a piece of.
    covered: Vec<Vec<u32>>,
}

impl<'a> Searched<'a> {
    fn new(from: &'a GeometryColumn, to: &GeometryColumn) -> Self {
        let shapes = PackedShapes::new(to);
        let covered = surfaces(from).map(|zones| shapes.covered_by(&zones, usize::MAX)).unwrap_or_default();
        Searched { from, shapes, covered }
    }

    /// The rows within reach of a row, ascending; `None` if it is missing or empty.
    fn find<'s>(
        &self,
        row: usize,
        most: f64,
        query: &mut ShapeQuery,
        search: &'s mut crate::nearest::ShapeSearch,
    ) -> Option<&'s [u32]> {
        query.runs.only(self.from, row);
        query.covered.clear();
        query.covered.extend(self.covered.get(row).into_iter().flatten());
        (!query.runs.runs().is_empty()).then(|| self.shapes.within(query, most, search))
    }
}
