//! The ground within a distance.
mod arc;
mod beside;
mod options;
mod row;
mod shallow;
#[cfg(test)]
mod tests;

pub use self::options::{BufferCap, BufferJoin, BufferOptions};
use self::row::Buffers;
use crate::cores::each;
use crate::geometry::ShapesBuilder;
use crate::overlay::push_surfaces;
use crate::{GeometryColumn, MeasureError, Metric};

/// Buffers that cannot be made.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum BufferError {
    /// A CRS in which distances are no metres.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// A distance that is none.
    #[error("the distance is {found}; a number up to 1e90 is needed, in metres")]
    Distance {
        /// What was given.
        found: f64,
    },
    /// A distance of a row that is none.
    #[error(
        "the distance of row {row} is {found}; a number up to 1e90 is needed, in metres, or NaN where it is not known"
    )]
    RowDistance {
        /// Row, from 0.
        row: usize,
        /// What was given.
        found: f64,
    },
    /// A limit of mitres that is none.
    #[error("the limit of mitres is {found}; a number of distances from 0 to 1e9 is needed")]
    MitreLimit {
        /// What was given.
        found: f64,
    },
    /// A row with a coordinate that is not a finite number.
    #[error("row {row} has a coordinate that is not a finite number, or beyond 1e90; drop or repair the row")]
    NotFinite {
        /// Row, from 0.
        row: usize,
    },
    /// Another number of distances than of rows.
    #[error("{distances} distances were given for {rows} rows; one for each row is needed")]
    Lengths {
        /// Number of rows.
        rows: usize,
        /// Number of distances.
        distances: usize,
    },
}

/// The ground within a distance of each geometry; within a negative one, what of a surface is farther than that from its
/// outline.
///
/// # Shapes, units and missing values
///
/// `n` geometries → `n` polygons or multi-polygons, valid ([`faults`](crate::faults)), in the CRS of the column; the
/// distance in its units, metres. A missing row stays missing. A surface of which a negative distance leaves nothing is an
/// empty row, and so is the buffer of an empty geometry. Points and lines have no ground within a distance that is 0 or
/// negative: their rows become missing, not empty. Of a collection, all members are taken together; a negative distance
/// takes its surfaces.
///
/// Surfaces that are invalid are taken for what they cover, as [`repair`](crate::repair) would.
///
/// # Precision
///
/// An arc is made of chords that lie in the circle: with 16 of them in a quarter their middle is 0.12 % of the distance too
/// near, and a disc is 0.16 % too small (0.64 % with 8, 0.04 % with 32);
/// [`with_equal_area`](BufferOptions::with_equal_area) moves the ends of chords out so that a disc has the area of the
/// circle. Bends away from a side that are less deep than those 0.12 % are passed over, and the side is at most that much too
/// far out there. (GEOS and PostGIS pass over 1 % of the distance.) So with round ends and corners each point of the outline
/// is 99.88 % to 100.12 % of the distance away, and all that is nearer than 99.88 % is inside. Where sides cross, a point is
/// rounded to the last digit of the coordinates; edges so near each other that this comes to no end are rounded to a grid of
/// about 2⁻³⁰ of the extent.
///
/// # Errors
///
/// [`BufferError::Measure`] for longitude and latitude and for Web Mercator, [`BufferError::Distance`],
/// [`BufferError::MitreLimit`], [`BufferError::NotFinite`].
///
/// # Example
///
/// How much of a block is within 50 m of a tram line?
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{LineString, Rect, coord};
/// use datagora_geo::{BufferCap, BufferOptions, GeometryColumn, buffer, overlaps};
///
/// let line = LineString::from(vec![(0., 0.), (1_000., 0.)]);
/// let block = Rect::new(coord! { x: 400., y: 20. }, coord! { x: 500., y: 120. });
/// let tram = GeometryColumn::new([line.into()], Crs::CC46);
/// let blocks = GeometryColumn::new([block.into()], Crs::CC46);
/// let near = buffer(&tram, 50.0, &BufferOptions::default().with_cap(BufferCap::Flat))?;
/// assert!((overlaps(&blocks, &near)?[0].share_of_left - 0.3).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Chen, X., McMains, S. (2005). Polygon offsetting by computing winding numbers. ASME DETC2005-85513.
/// doi:10.1115/DETC2005-85513
pub fn buffer(
    column: &GeometryColumn,
    distance: f64,
    options: &BufferOptions,
) -> Result<GeometryColumn, BufferError> {
    if !is_distance(distance) {
        return Err(BufferError::Distance { found: distance });
    }
    of_rows(column, |_| distance, options)
}

/// The ground within a distance of each geometry, another for each row: crowns of trees, noise by class of road.
///
/// As [`buffer`]; a row whose distance is NaN, not known, becomes missing.
///
/// # Errors
///
/// As [`buffer`], [`BufferError::Lengths`] for another number of distances than of rows, and [`BufferError::RowDistance`]
/// for an infinite one.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{BufferOptions, GeometryColumn, Metric, area, buffer_by};
///
/// let trees = GeometryColumn::points(vec![10., 20., 30.], vec![0., 0., 0.], Crs::CC46);
/// let crowns = buffer_by(&trees, &[2.0, f64::NAN, 3.0], &BufferOptions::default().with_equal_area(true))?;
/// let areas = area(&crowns, Metric::Planar)?;
/// assert!((areas[0] - 4.0 * std::f64::consts::PI).abs() < 1e-9);
/// assert!(crowns.is_missing(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn buffer_by(
    column: &GeometryColumn,
    distances: &[f64],
    options: &BufferOptions,
) -> Result<GeometryColumn, BufferError> {
    if distances.len() != column.len() {
        return Err(BufferError::Lengths { rows: column.len(), distances: distances.len() });
    }
    if let Some(row) = distances.iter().position(|&distance| !distance.is_nan() && !is_distance(distance)) {
        return Err(BufferError::RowDistance { row, found: distances[row] });
    }
    of_rows(column, |row| distances[row], options)
}

/// Coordinates and distances beyond are refused: of much larger numbers, products overflow.
const LARGEST: f64 = 1e90;

/// Limits of mitres beyond are refused, which leaves them room.
const LARGEST_LIMIT: f64 = 1e9;

fn is_distance(distance: f64) -> bool {
    distance.abs() <= LARGEST
}

fn of_rows(
    column: &GeometryColumn,
    distance: impl Fn(usize) -> f64 + Sync,
    options: &BufferOptions,
) -> Result<GeometryColumn, BufferError> {
    Metric::Planar.suits(column.crs())?;
    if let BufferJoin::Mitre { limit } = options.join
        && !(0.0..=LARGEST_LIMIT).contains(&limit)
    {
        return Err(BufferError::MitreLimit { found: limit });
    }
    let (x, y) = column.coordinates();
    let usable = |v: f64| v.abs() <= LARGEST;
    let beyond = (0..x.len()).filter(|&index| !(usable(x[index]) && usable(y[index])));
    if let Some(row) =
        beyond.map(|index| column.row_of_coordinate(index)).find(|&row| !column.is_missing(row))
    {
        return Err(BufferError::NotFinite { row });
    }
    let buffers = Buffers::new(options);
    let made = each(column.len(), |row| {
        let distance = distance(row);
        let known = !column.is_missing(row) && !distance.is_nan();
        known.then(|| buffers.around(column.parts(row), distance)).flatten()
    });
    let mut builder = ShapesBuilder::new();
    for surfaces in made {
        match surfaces {
            Some(surfaces) => push_surfaces(&mut builder, &surfaces),
            None => builder.end_row(None),
        }
    }
    Ok(GeometryColumn::from_builder(builder, column.crs().clone()))
}
