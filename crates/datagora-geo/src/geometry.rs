//! A column of geometries with their CRS.
mod bounds;
mod builder;
mod shapes;
#[cfg(test)]
mod tests;

use datagora_core::Crs;

pub(crate) use self::bounds::Bounds;
pub(crate) use self::builder::ColumnBuilder;
use self::shapes::Shapes;
#[cfg(feature = "arrow")]
pub(crate) use self::shapes::Structure;
pub(crate) use self::shapes::{Part, PartKind, Ring, ShapesBuilder};
use crate::types::{Coord, Geometry, Rect};

/// Geometries of one CRS, one per row, some of them missing.
///
/// Coordinates are in (east, north) order: (longitude, latitude) for geographic systems. A missing row is not an empty
/// geometry: [`get`](Self::get) gives `None` for the first, a geometry without coordinates for the second.
///
/// # Layout
///
/// Points are two buffers of `f64`, one for x and one for y. Other kinds are the same two buffers with offsets (rows,
/// parts, rings), and the rectangle of each row. Kernels read the buffers; [`get`](Self::get) builds a geometry of the
/// `geo` crate from them.
///
/// What goes in comes out with the same coordinates, but for the spelling of some kinds: `Line` comes out as
/// `LineString`, `Rect` and `Triangle` as `Polygon`, a point with a NaN as a missing row, and the members of a
/// `GeometryCollection` flattened (a collection in it gives its members, a multi-polygon in it its polygons). Nothing is
/// dropped; kernels that cannot work on a collection say so.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::GeometryColumn;
///
/// let block = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 50. });
/// let blocks = GeometryColumn::from_options([Some(block.into()), None], Crs::CC46);
/// assert_eq!((blocks.len(), blocks.count_missing()), (2, 1));
/// assert_eq!(blocks.bounds(), Some(block));
/// ```
#[derive(Clone, Debug)]
pub struct GeometryColumn {
    crs: Crs,
    store: Store,
}

/// The coordinates x and y of points.
type Points<'a> = (&'a [f64], &'a [f64]);

/// One representation per content: a column in which all rows are points or missing is always `Points`.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    /// A missing row is (NaN, NaN).
    Points {
        x: Vec<f64>,
        y: Vec<f64>,
    },
    Shapes(Shapes),
}

/// What a row of a [`GeometryColumn`] is, in the words of OGC Simple Features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GeometryKind {
    /// One point.
    Point,
    /// A set of points.
    MultiPoint,
    /// A line of segments.
    LineString,
    /// A set of lines.
    MultiLineString,
    /// A surface with its holes.
    Polygon,
    /// A set of surfaces.
    MultiPolygon,
    /// A set of geometries of any kind.
    GeometryCollection,
}

impl GeometryKind {
    /// How a geometry is kept.
    pub(crate) fn of(geometry: &Geometry) -> Self {
        match geometry {
            Geometry::Point(_) => GeometryKind::Point,
            Geometry::MultiPoint(_) => GeometryKind::MultiPoint,
            Geometry::Line(_) | Geometry::LineString(_) => GeometryKind::LineString,
            Geometry::MultiLineString(_) => GeometryKind::MultiLineString,
            Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => GeometryKind::Polygon,
            Geometry::MultiPolygon(_) => GeometryKind::MultiPolygon,
            Geometry::GeometryCollection(_) => GeometryKind::GeometryCollection,
        }
    }
}

/// Geometries that cannot stand in a column.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum GeometryError {
    /// A coordinate that is not a number or infinite.
    #[error(
        "row {row} has the coordinate ({x}, {y}), which is not finite; drop the row or make it missing before it enters"
    )]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// East.
        x: f64,
        /// North.
        y: f64,
    },
    /// Columns of different CRSs, which cannot become one.
    #[error("columns in {first} and in {other} were given; reproject them to one CRS before they are joined")]
    CrsMismatch {
        /// CRS of the first column.
        first: Crs,
        /// The first other one.
        other: Crs,
    },
    /// Coordinate columns of different lengths.
    #[error("{x} eastings and {y} northings were given; as many of both are needed")]
    Lengths {
        /// Number of eastings.
        x: usize,
        /// Number of northings.
        y: usize,
    },
}

impl GeometryColumn {
    /// A column without missing rows.
    pub fn new(geometries: impl IntoIterator<Item = Geometry>, crs: Crs) -> Self {
        Self::from_options(geometries.into_iter().map(Some), crs)
    }

    /// A column in which rows may be missing.
    ///
    /// Coordinates are taken as they are; [`try_from_options`](Self::try_from_options) refuses those that are not
    /// finite.
    pub fn from_options(geometries: impl IntoIterator<Item = Option<Geometry>>, crs: Crs) -> Self {
        let mut builder = ShapesBuilder::new();
        geometries.into_iter().for_each(|geometry| builder.push(geometry.as_ref()));
        Self::from_builder(builder, crs)
    }

    /// A column without missing rows, in which each coordinate is a finite number.
    ///
    /// # Errors
    ///
    /// [`GeometryError::NotFinite`] names the first row and coordinate that are not.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    /// use datagora_geo::types::Point;
    ///
    /// let points = [Point::new(4.8, 45.7).into(), Point::new(f64::INFINITY, 45.7).into()];
    /// let refused = GeometryColumn::try_new(points, Crs::WGS84);
    /// assert!(refused.unwrap_err().to_string().starts_with("row 1 has the coordinate (inf, 45.7)"));
    /// ```
    pub fn try_new(geometries: impl IntoIterator<Item = Geometry>, crs: Crs) -> Result<Self, GeometryError> {
        Self::try_from_options(geometries.into_iter().map(Some), crs)
    }

    /// A column in which rows may be missing, and each coordinate of the others is a finite number.
    ///
    /// # Errors
    ///
    /// [`GeometryError::NotFinite`] names the first row and coordinate that are not.
    pub fn try_from_options(
        geometries: impl IntoIterator<Item = Option<Geometry>>,
        crs: Crs,
    ) -> Result<Self, GeometryError> {
        use geo::CoordsIter;
        let mut builder = ShapesBuilder::new();
        for (row, geometry) in geometries.into_iter().enumerate() {
            let mut coordinates = geometry.iter().flat_map(|geometry| geometry.coords_iter());
            if let Some(Coord { x, y }) = coordinates.find(|c| !c.x.is_finite() || !c.y.is_finite()) {
                return Err(GeometryError::NotFinite { row, x, y });
            }
            drop(coordinates);
            builder.push(geometry.as_ref());
        }
        Ok(Self::from_builder(builder, crs))
    }

    /// A column of points; a row with a NaN is missing.
    ///
    /// # Panics
    ///
    /// If `x` and `y` differ in length; [`try_points`](Self::try_points) gives an error instead.
    pub fn points(x: Vec<f64>, y: Vec<f64>, crs: Crs) -> Self {
        assert_eq!(x.len(), y.len(), "as many northings as eastings are needed");
        Self::from_points(x, y, crs)
    }

    /// A column of points; a row with a NaN is missing.
    ///
    /// # Errors
    ///
    /// [`GeometryError::Lengths`] if there are not as many eastings as northings, [`GeometryError::NotFinite`] for an
    /// infinite coordinate.
    pub fn try_points(x: Vec<f64>, y: Vec<f64>, crs: Crs) -> Result<Self, GeometryError> {
        if x.len() != y.len() {
            return Err(GeometryError::Lengths { x: x.len(), y: y.len() });
        }
        if let Some(row) = x.iter().zip(&y).position(|(x, y)| x.is_infinite() || y.is_infinite()) {
            return Err(GeometryError::NotFinite { row, x: x[row], y: y[row] });
        }
        Ok(Self::from_points(x, y, crs))
    }

    fn from_points(mut x: Vec<f64>, mut y: Vec<f64>, crs: Crs) -> Self {
        for (x, y) in x.iter_mut().zip(&mut y) {
            if x.is_nan() || y.is_nan() {
                (*x, *y) = (f64::NAN, f64::NAN);
            }
        }
        Self::of_points(x, y, crs)
    }

    /// Points of which none has a single NaN.
    pub(crate) fn of_points(x: Vec<f64>, y: Vec<f64>, crs: Crs) -> Self {
        debug_assert!(x.len() == y.len() && x.iter().zip(&y).all(|(x, y)| x.is_nan() == y.is_nan()));
        Self { crs, store: Store::Points { x, y } }
    }

    pub(crate) fn from_builder(builder: ShapesBuilder, crs: Crs) -> Self {
        match builder.finish() {
            Ok((x, y)) => Self::from_points(x, y, crs),
            Err(shapes) => Self { crs, store: Store::Shapes(shapes) },
        }
    }

    /// What a column is kept as.
    #[cfg(feature = "arrow")]
    pub(crate) fn into_store(self) -> Store {
        self.store
    }

    /// Lines or polygons whose structure fits the coordinates; rows are not all missing or points.
    #[cfg(feature = "arrow")]
    pub(crate) fn from_layout(structure: Structure, x: Vec<f64>, y: Vec<f64>, crs: Crs) -> Self {
        if structure.rows.iter().all(Option::is_none) {
            let missing = vec![f64::NAN; structure.rows.len()];
            return Self { crs, store: Store::Points { x: missing.clone(), y: missing } };
        }
        Self { crs, store: Store::Shapes(Shapes::of(structure, x, y)) }
    }

    /// Number of rows, missing ones included.
    pub fn len(&self) -> usize {
        match &self.store {
            Store::Points { x, .. } => x.len(),
            Store::Shapes(shapes) => shapes.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the coordinates mean.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The same numbers, said to mean something else: mends a wrong declaration. To change the numbers, see
    /// [`reproject`](Self::reproject).
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    ///
    /// let mislabelled = GeometryColumn::points(vec![1_842_735.], vec![5_174_971.], Crs::LAMBERT_93);
    /// assert_eq!(mislabelled.declared_as(Crs::CC46).crs(), &Crs::CC46);
    /// ```
    #[must_use]
    pub fn declared_as(mut self, crs: Crs) -> Self {
        self.crs = crs;
        self
    }

    /// East and north exchanged: mends a file in (latitude, longitude) order.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    ///
    /// let swapped = GeometryColumn::points(vec![45.76], vec![4.84], Crs::WGS84);
    /// assert_eq!(swapped.with_axes_swapped().as_points(), Some((&[4.84][..], &[45.76][..])));
    /// ```
    #[must_use]
    pub fn with_axes_swapped(self) -> Self {
        let store = match self.store {
            Store::Points { x, y } => Store::Points { x: y, y: x },
            Store::Shapes(shapes) => Store::Shapes(shapes.with_axes_swapped()),
        };
        Self { crs: self.crs, store }
    }

    /// What the geometry of a row is; `None` if it is missing.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn kind(&self, row: usize) -> Option<GeometryKind> {
        match &self.store {
            Store::Points { x, .. } => (!x[row].is_nan()).then_some(GeometryKind::Point),
            Store::Shapes(shapes) => shapes.structure.rows[row],
        }
    }

    /// Whether a row has no geometry. An empty geometry is not missing.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn is_missing(&self, row: usize) -> bool {
        self.kind(row).is_none()
    }

    /// Number of rows without geometry.
    pub fn count_missing(&self) -> usize {
        (0..self.len()).filter(|&row| self.is_missing(row)).count()
    }

    /// The geometry of a row; `None` if it is missing.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn get(&self, row: usize) -> Option<Geometry> {
        match &self.store {
            Store::Points { x, y } => {
                (!x[row].is_nan()).then(|| Geometry::Point(Coord { x: x[row], y: y[row] }.into()))
            }
            Store::Shapes(shapes) => shapes.get(row),
        }
    }

    /// The geometries, row by row.
    pub fn iter(&self) -> impl Iterator<Item = Option<Geometry>> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The buffers of a column in which each row is a point or missing (NaN, NaN); `None` if there are other kinds.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    ///
    /// let trees = GeometryColumn::points(vec![4.83, 4.85], vec![45.75, 45.76], Crs::WGS84);
    /// assert_eq!(trees.as_points(), Some((&[4.83, 4.85][..], &[45.75, 45.76][..])));
    /// ```
    pub fn as_points(&self) -> Option<(&[f64], &[f64])> {
        match &self.store {
            Store::Points { x, y } => Some((x, y)),
            Store::Shapes(_) => None,
        }
    }

    /// The coordinates of points; otherwise the first row that is neither a point nor missing, and what it is.
    pub(crate) fn only_points(&self) -> Result<Points<'_>, (usize, GeometryKind)> {
        // There is such a row: a column of points and missing rows alone is kept as points.
        self.as_points()
            .ok_or_else(|| self.first_not_point().unwrap_or((0, GeometryKind::GeometryCollection)))
    }

    /// All coordinates, without saying what they belong to; (NaN, NaN) for a missing point.
    pub(crate) fn coordinates(&self) -> (&[f64], &[f64]) {
        match &self.store {
            Store::Points { x, y } => (x, y),
            Store::Shapes(shapes) => (&shapes.x, &shapes.y),
        }
    }

    /// The same geometries with other coordinates, as many as [`coordinates`](Self::coordinates) gave.
    pub(crate) fn with_coordinates(&self, x: Vec<f64>, y: Vec<f64>, crs: Crs) -> Self {
        let store = match &self.store {
            Store::Points { .. } => Store::Points { x, y },
            Store::Shapes(shapes) => Store::Shapes(shapes.with_coordinates(x, y)),
        };
        Self { crs, store }
    }

    /// Changes the coordinates where they are; a missing point has to stay (NaN, NaN).
    pub(crate) fn changed<T>(
        mut self,
        crs: Crs,
        change: impl FnOnce(&mut [f64], &mut [f64]) -> T,
    ) -> (Self, T) {
        self.crs = crs;
        let outcome = match &mut self.store {
            Store::Points { x, y } => change(x, y),
            Store::Shapes(shapes) => shapes.change(change),
        };
        (self, outcome)
    }

    /// The row that a coordinate belongs to.
    pub(crate) fn row_of_coordinate(&self, index: usize) -> usize {
        match &self.store {
            Store::Points { .. } => index,
            Store::Shapes(shapes) => shapes.row_of_point(index),
        }
    }

    /// The first row that is not missing and has a coordinate that is not a finite number.
    pub(crate) fn first_not_finite(&self) -> Option<usize> {
        let (x, y) = self.coordinates();
        let rows = (0..x.len()).filter(|&index| !(x[index].is_finite() && y[index].is_finite()));
        rows.map(|index| self.row_of_coordinate(index)).find(|&row| !self.is_missing(row))
    }

    fn first_not_point(&self) -> Option<(usize, GeometryKind)> {
        self.first_other(|kind| kind == GeometryKind::Point)
    }

    /// The first row that is neither a surface nor missing, and what it is.
    pub(crate) fn first_not_surface(&self) -> Option<(usize, GeometryKind)> {
        self.first_other(|kind| matches!(kind, GeometryKind::Polygon | GeometryKind::MultiPolygon))
    }

    fn first_other(&self, is_wanted: impl Fn(GeometryKind) -> bool) -> Option<(usize, GeometryKind)> {
        (0..self.len()).find_map(|row| Some((row, self.kind(row).filter(|kind| !is_wanted(*kind))?)))
    }

    /// What a row is made of, without building geometries.
    pub(crate) fn parts(&self, row: usize) -> impl Iterator<Item = Part<'_>> {
        let (point, shapes) = match &self.store {
            Store::Points { x, y } => {
                let ring = Ring { x: &x[row..=row], y: &y[row..=row] };
                ((!x[row].is_nan()).then(|| Part::single(ring)), None)
            }
            Store::Shapes(shapes) => (None, Some(shapes.parts(row))),
        };
        point.into_iter().chain(shapes.into_iter().flatten())
    }

    /// All rings of a row of polygons as one polygon, for which the order of exteriors and holes does not matter; `None`
    /// in a column of points.
    pub(crate) fn all_rings(&self, row: usize) -> Option<Part<'_>> {
        match &self.store {
            Store::Points { .. } => None,
            Store::Shapes(shapes) => Some(shapes.all_rings(row)),
        }
    }

    /// The rectangle of a row, empty if the row is missing or empty.
    pub(crate) fn bounds_of(&self, row: usize) -> Bounds {
        match &self.store {
            Store::Points { x, y } => Bounds::around(&x[row..=row], &y[row..=row]),
            Store::Shapes(shapes) => shapes.bounds[row],
        }
    }

    /// The smallest rectangle that holds all geometries; `None` if there is no coordinate.
    pub fn bounds(&self) -> Option<Rect> {
        match &self.store {
            Store::Points { x, y } => Bounds::around(x, y),
            Store::Shapes(shapes) => shapes.bounds.iter().copied().fold(Bounds::EMPTY, Bounds::union),
        }
        .rect()
    }

    /// The smallest rectangle that holds the geometry of a row; `None` if it is missing or empty.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row_bounds(&self, row: usize) -> Option<Rect> {
        self.bounds_of(row).rect()
    }

    /// The rows of all columns, one after the other; without any column, no row of WGS 84.
    ///
    /// # Errors
    ///
    /// [`GeometryError::CrsMismatch`] if the columns are not of one CRS.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    ///
    /// let west = GeometryColumn::points(vec![4.83], vec![45.75], Crs::WGS84);
    /// let east = GeometryColumn::points(vec![4.95], vec![45.77], Crs::WGS84);
    /// let both = GeometryColumn::concat([&west, &east])?;
    /// assert_eq!(both.as_points(), Some((&[4.83, 4.95][..], &[45.75, 45.77][..])));
    /// # Ok::<(), datagora_geo::GeometryError>(())
    /// ```
    pub fn concat<'a>(columns: impl IntoIterator<Item = &'a GeometryColumn>) -> Result<Self, GeometryError> {
        let columns: Vec<&GeometryColumn> = columns.into_iter().collect();
        let crs = columns.first().map_or(Crs::WGS84, |column| column.crs.clone());
        if let Some(other) = columns.iter().find(|column| column.crs != crs) {
            return Err(GeometryError::CrsMismatch { first: crs, other: other.crs.clone() });
        }
        let points: Option<Vec<_>> = columns.iter().map(|column| column.as_points()).collect();
        if let Some(points) = points {
            let (x, y): (Vec<&[f64]>, Vec<&[f64]>) = points.into_iter().unzip();
            return Ok(Self { crs, store: Store::Points { x: x.concat(), y: y.concat() } });
        }
        let mut builder = ShapesBuilder::new();
        for column in columns {
            (0..column.len()).for_each(|row| builder.copy(column.kind(row), column.parts(row)));
        }
        Ok(Self::from_builder(builder, crs))
    }

    /// The rows named, in the order named.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn take(&self, rows: &[usize]) -> Self {
        if let Some((x, y)) = self.as_points() {
            let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect();
            return Self::from_points(pick(x), pick(y), self.crs.clone());
        }
        let mut builder = ShapesBuilder::new();
        rows.iter().for_each(|&row| builder.copy(self.kind(row), self.parts(row)));
        Self::from_builder(builder, self.crs.clone())
    }
}

/// Same CRS, and row by row the same geometry; missing equals missing.
impl PartialEq for GeometryColumn {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &[f64], b: &[f64]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
        };
        self.crs == other.crs
            && match (&self.store, &other.store) {
                (Store::Points { x, y }, Store::Points { x: other_x, y: other_y }) => {
                    same(x, other_x) && same(y, other_y)
                }
                (Store::Shapes(a), Store::Shapes(b)) => {
                    a.structure == b.structure && same(&a.x, &b.x) && same(&a.y, &b.y)
                }
                _ => false,
            }
    }
}
