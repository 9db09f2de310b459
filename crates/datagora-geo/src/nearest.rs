//! The nearest of one column for each row of another.
mod nearby;
mod order;
mod packet;
mod points;
mod reach;
mod search;
mod shapes;
#[cfg(test)]
mod tests;

use std::ops::{Range, RangeInclusive};
use std::sync::{Arc, OnceLock};

use datagora_core::{Crs, Metres};

pub(crate) use self::order::along_curve;
use self::packet::{Found, Wanted};
pub(crate) use self::points::PackedPoints;
use self::points::{NO_ROW, WIDTH};
use self::search::Candidate;
pub(crate) use self::shapes::{PackedShapes, ShapeQuery, ShapeSearch};
use crate::GeometryColumn;
use crate::distance::{DistanceError, greatest_square, measurable, same_crs, surfaces};

/// How many neighbours, and how far away at most.
///
/// ```
/// use datagora_core::Metres;
/// use datagora_geo::NearestOptions;
///
/// let five = NearestOptions::default().with_k(5).with_max_distance(Metres(300.0));
/// assert_eq!((five.k, five.max_distance), (5, Some(Metres(300.0))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NearestOptions {
    /// Neighbours per row, 1 by default.
    pub k: usize,
    /// Distance up to which, itself included, neighbours are looked for; no limit by default.
    pub max_distance: Option<Metres>,
}

impl Default for NearestOptions {
    fn default() -> Self {
        NearestOptions { k: 1, max_distance: None }
    }
}

impl NearestOptions {
    /// That many neighbours.
    #[must_use]
    pub fn with_k(mut self, k: usize) -> Self {
        self.k = k;
        self
    }

    /// None farther away.
    #[must_use]
    pub fn with_max_distance(mut self, distance: Metres) -> Self {
        self.max_distance = Some(distance);
        self
    }

    fn wanted(&self) -> Result<Wanted, DistanceError> {
        if self.k == 0 {
            return Err(DistanceError::NoNeighbour);
        }
        let most = self.max_distance.map_or(Ok(f64::INFINITY), greatest_square)?;
        Ok(Wanted { k: self.k, most })
    }
}

/// Neighbours of the rows of a column, nearest first.
///
/// Two tables with a line per row: the rows of the neighbours and their distances. A row with fewer neighbours than the
/// tables have columns (too few within the maximum distance, or the row is missing) has its line filled up with
/// [`Neighbours::NONE`] and NaN, which [`rows`](Self::rows) and [`distances`](Self::distances) leave out.
#[derive(Clone, Debug)]
pub struct Neighbours {
    len: usize,
    width: usize,
    rows: Vec<u32>,
    distances: Vec<f64>,
}

impl Neighbours {
    /// Fills up the lines of [`row_table`](Self::row_table).
    pub const NONE: u32 = NO_ROW;

    /// Number of rows asked from.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no row was asked from.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Columns of the tables: the number of neighbours asked for, or of rows there are to be neighbours if that is less.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The neighbours of a row, nearest first.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn rows(&self, of: usize) -> &[u32] {
        &self.rows[self.line(of)]
    }

    /// How far away they are, in metres.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn distances(&self, of: usize) -> &[f64] {
        &self.distances[self.line(of)]
    }

    /// The nearest neighbour of a row and its distance; `None` if there is none.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn first(&self, of: usize) -> Option<(u32, f64)> {
        Some((*self.rows(of).first()?, *self.distances(of).first()?))
    }

    /// All lines of [`width`](Self::width) rows, one after the other, filled up with [`NONE`](Self::NONE).
    pub fn row_table(&self) -> &[u32] {
        &self.rows
    }

    /// All lines of [`width`](Self::width) distances, one after the other, filled up with NaN.
    pub fn distance_table(&self) -> &[f64] {
        &self.distances
    }

    fn line(&self, of: usize) -> Range<usize> {
        assert!(of < self.len, "row {of} of {}", self.len);
        let start = of * self.width;
        let line = &self.rows[start..start + self.width];
        start..start + line.iter().position(|row| *row == NO_ROW).unwrap_or(self.width)
    }
}

/// Same neighbours at the same distances.
impl PartialEq for Neighbours {
    fn eq(&self, other: &Self) -> bool {
        // The lines end at the same columns, so that NaN stands beside NaN.
        (self.len, self.width) == (other.len, other.width)
            && self.rows == other.rows
            && (0..self.len).all(|of| self.distances(of) == other.distances(of))
    }
}

/// The nearest rows of a column for each row of another: true k nearest, by planar distance.
///
/// Points, lines and surfaces may be mixed on either side. The distance to a surface is 0 in it and on its boundary.
/// Of rows at equal distance, the lower comes first, so the result is the same on every machine and for any number of
/// threads. To ask several times, make the [`NearestIndex`] once; for the neighbours of each row in its own column, see
/// [`nearest_others`].
///
/// # Shapes and missing values
///
/// `n` rows of `from` → `n` lines of [`Neighbours`]. Missing and empty rows of `from` have no neighbour, those of `to`
/// are none.
///
/// # Errors
///
/// [`DistanceError::CrsMismatch`] if the columns differ in CRS, [`DistanceError::Unsuited`] if its numbers are no metres
/// (degrees, Web Mercator: reproject first), [`DistanceError::NotFinite`] for an infinite coordinate,
/// [`DistanceError::NoNeighbour`] for k = 0, [`DistanceError::Reach`] for a maximum distance below 0.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::{GeometryColumn, NearestOptions, nearest};
///
/// let homes = GeometryColumn::points(vec![0., 500.], vec![0., 0.], Crs::CC46);
/// let stops = GeometryColumn::points(vec![100., 30., 480.], vec![0., 40., 0.], Crs::CC46);
/// let two = nearest(&homes, &stops, NearestOptions::default().with_k(2))?;
/// assert_eq!((two.rows(0), two.distances(0)), (&[1, 0][..], &[50., 100.][..]));
/// let near = nearest(&homes, &stops, NearestOptions::default().with_max_distance(Metres(40.0)))?;
/// assert_eq!((near.first(0), near.first(1)), (None, Some((2, 20.))));
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
pub fn nearest(
    from: &GeometryColumn,
    to: &GeometryColumn,
    options: NearestOptions,
) -> Result<Neighbours, DistanceError> {
    same_crs(from.crs(), to.crs())?;
    NearestIndex::new(to)?.nearest(from, options)
}

/// The nearest other rows of each row of a column.
///
/// A row is not its own neighbour; another row in the same place is, at distance 0. Otherwise as [`nearest`].
///
/// # Errors
///
/// As [`nearest`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{GeometryColumn, NearestOptions, nearest_others};
///
/// let trees = GeometryColumn::points(vec![0., 6., 14.], vec![0., 0., 0.], Crs::CC46);
/// let spacing = nearest_others(&trees, NearestOptions::default())?;
/// assert_eq!(spacing.row_table(), [1, 0, 1]);
/// assert_eq!(spacing.distance_table(), [6., 6., 8.]); // m
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
pub fn nearest_others(column: &GeometryColumn, options: NearestOptions) -> Result<Neighbours, DistanceError> {
    NearestIndex::new(column)?.others(column, options)
}

/// A column prepared for finding the nearest of its rows.
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{GeometryColumn, NearestIndex, NearestOptions};
///
/// let fountains = GeometryColumn::points(vec![0., 100.], vec![0., 0.], Crs::CC46);
/// let index = NearestIndex::new(&fountains)?;
/// for (x, expected) in [(20., 0), (80., 1)] {
///     let walker = GeometryColumn::points(vec![x], vec![10.], Crs::CC46);
///     assert_eq!(index.nearest(&walker, NearestOptions::default())?.rows(0), [expected]);
/// }
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NearestIndex {
    crs: Crs,
    len: usize,
    /// Of a column of points.
    points: Option<PackedPoints>,
    /// Of any column; of points only if another kind asks.
    shapes: Arc<OnceLock<PackedShapes>>,
}

/// Queries put in order together: of fewer, neighbours have less in common; of more, lines are farther apart in memory.
const LEAST_CHUNK: usize = 1 << 15;
const MOST_CHUNK: usize = 1 << 18;

/// Geometries searched for with the same room.
const SHAPES_CHUNK: usize = 1 << 12;

impl NearestIndex {
    /// Prepares a column.
    ///
    /// # Errors
    ///
    /// [`DistanceError::Unsuited`] and [`DistanceError::NotFinite`] as [`nearest`].
    pub fn new(column: &GeometryColumn) -> Result<Self, DistanceError> {
        measurable(column)?;
        let points = column.as_points().map(|(x, y)| PackedPoints::new(x, y));
        let shapes = match points {
            Some(_) => OnceLock::new(),
            None => OnceLock::from(PackedShapes::new(column)),
        };
        Ok(NearestIndex { crs: column.crs().clone(), len: column.len(), points, shapes: Arc::new(shapes) })
    }

    /// Number of rows, missing and empty ones included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// CRS of the rows.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The nearest rows for each row of another column. See [`nearest`](fn@nearest).
    ///
    /// # Errors
    ///
    /// As [`nearest`](fn@nearest).
    pub fn nearest(
        &self,
        from: &GeometryColumn,
        options: NearestOptions,
    ) -> Result<Neighbours, DistanceError> {
        same_crs(from.crs(), &self.crs)?;
        measurable(from)?;
        self.search(from, options.wanted()?, false)
    }

    /// `column` is that of the index.
    fn others(&self, column: &GeometryColumn, options: NearestOptions) -> Result<Neighbours, DistanceError> {
        self.search(column, options.wanted()?, true)
    }

    /// The shapes to search in.
    fn shapes(&self) -> &PackedShapes {
        self.shapes.get_or_init(|| {
            let points = self.points.as_ref().map(PackedPoints::by_row);
            PackedShapes::of_points(points.unwrap_or_default(), self.len)
        })
    }

    fn search(
        &self,
        from: &GeometryColumn,
        wanted: Wanted,
        others: bool,
    ) -> Result<Neighbours, DistanceError> {
        let places = from.as_points().zip(self.points.as_ref());
        let present = places.map_or_else(|| self.shapes().len(), |(_, points)| points.len());
        let width = wanted.k.min(if others { present.saturating_sub(1) } else { present });
        let len = from.len();
        let size = len.checked_mul(width).filter(|size| *size <= isize::MAX as usize / size_of::<f64>());
        let size = size.ok_or(DistanceError::TooMany { rows: len, width })?;
        let (mut rows, mut distances) = (vec![0u32; size], vec![0.0f64; size]);
        let lines = Lines { width, first: 0, others, rows: &mut rows, distances: &mut distances };
        match places {
            _ if width == 0 => {}
            Some(((x, y), points)) => {
                // With one more, the row itself can be left out.
                let wanted = Wanted { k: width + usize::from(others), ..wanted };
                lines.for_each_chunk(LEAST_CHUNK..=MOST_CHUNK, |lines| lines.fill(points, [x, y], wanted));
            }
            None => {
                let shapes = self.shapes();
                let wanted = Wanted { k: width, ..wanted };
                let covered = surfaces(from).map(|zones| shapes.covered_by(&zones, width + 1));
                let covered = covered.unwrap_or_default();
                lines.for_each_chunk(1..=SHAPES_CHUNK, |lines| {
                    lines.fill_shapes(shapes, from, &covered, wanted)
                });
            }
        }
        Ok(Neighbours { len, width, rows, distances })
    }
}

/// Lines of the tables of [`Neighbours`] to be filled.
struct Lines<'a> {
    width: usize,
    /// The row of the first line.
    first: usize,
    /// Whether a row is not its own neighbour.
    others: bool,
    rows: &'a mut [u32],
    distances: &'a mut [f64],
}

impl Lines<'_> {
    /// Fills the lines by chunks whose number of lines is in a range, several at a time if there are cores.
    fn for_each_chunk(self, sizes: RangeInclusive<usize>, fill: impl Fn(Lines<'_>) + Sync) {
        let (width, others) = (self.width, self.others);
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            // As many for each thread, and as large.
            let len = self.rows.len() / width;
            let chunks = len.div_ceil(*sizes.end()).max(1).next_multiple_of(rayon::current_num_threads());
            let chunk = len.div_ceil(chunks).max(*sizes.start());
            let tables =
                self.rows.par_chunks_mut(chunk * width).zip(self.distances.par_chunks_mut(chunk * width));
            tables.enumerate().for_each(|(place, (rows, distances))| {
                fill(Lines { width, first: place * chunk, others, rows, distances });
            });
        }
        #[cfg(not(feature = "parallel"))]
        {
            let chunk = *sizes.end();
            let tables = self.rows.chunks_mut(chunk * width).zip(self.distances.chunks_mut(chunk * width));
            tables.enumerate().for_each(|(place, (rows, distances))| {
                fill(Lines { width, first: place * chunk, others, rows, distances });
            });
        }
    }

    /// The rows of these lines.
    fn range(&self) -> Range<usize> {
        self.first..self.first + self.rows.len() / self.width
    }

    fn fill(mut self, points: &PackedPoints, [x, y]: [&[f64]; 2], wanted: Wanted) {
        let queries = [&x[self.range()], &y[self.range()]];
        let order = along_curve(queries[0], queries[1]);
        if order.len() < queries[0].len() {
            self.rows.fill(NO_ROW);
            self.distances.fill(f64::NAN);
        }
        fill_points(points, queries, &order, wanted, &mut self);
    }

    fn fill_shapes(
        mut self,
        shapes: &PackedShapes,
        from: &GeometryColumn,
        covered: &[Vec<u32>],
        wanted: Wanted,
    ) {
        let mut search = shapes.search();
        let mut query = ShapeQuery::default();
        for (of, row) in self.range().enumerate() {
            query.runs.only(from, row);
            query.covered.clear();
            query.covered.extend(covered.get(row).into_iter().flatten());
            query.own = self.others.then_some(row as u32);
            self.few(of, shapes.nearest(&query, wanted.k, wanted.most, &mut search));
        }
    }
}

impl Found for Lines<'_> {
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "a loop by number is vectorised and inlined")]
    fn column(&mut self, of: usize, column: usize, found: &[[u32; WIDTH]], at: &[[f64; WIDTH]]) {
        let start = of * self.width;
        let rows = &mut self.rows[start..start + self.width];
        let distances = &mut self.distances[start..start + self.width];
        // With others, one more was found than a line holds: the row itself is left out, or the last.
        let own = if self.others { (self.first + of) as u32 } else { NO_ROW };
        let mut place = 0;
        for rank in 0..found.len() {
            if place < rows.len() && found[rank][column] != own {
                (rows[place], distances[place]) = (found[rank][column], at[rank][column]);
                place += 1;
            }
        }
    }

    #[inline(always)]
    fn few(&mut self, of: usize, found: &[Candidate]) {
        let start = of * self.width;
        let rows = &mut self.rows[start..start + self.width];
        let distances = &mut self.distances[start..start + self.width];
        let own = self.others.then_some((self.first + of) as u32);
        let mut count = 0;
        for candidate in found {
            if count < rows.len() && Some(candidate.row) != own {
                (rows[count], distances[count]) = (candidate.row, candidate.squared.sqrt());
                count += 1;
            }
        }
        rows[count..].fill(NO_ROW);
        distances[count..].fill(f64::NAN);
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn fill_points(
    points: &PackedPoints,
    queries: [&[f64]; 2],
    order: &[u32],
    wanted: Wanted,
    lines: &mut Lines<'_>,
) {
    packet::search(points, queries, order, wanted, lines);
}
