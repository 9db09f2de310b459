//! Groups of points that lie close together.
mod axis;
mod cells;
mod components;
mod lanes;
mod rows;
mod sort;
#[cfg(test)]
mod tests;

use datagora_core::Metres;

use self::cells::Cells;
use crate::GeometryColumn;
use crate::distance::{DistanceError, greatest_square, measurable, points};

/// When points are close enough, and enough.
///
/// ```
/// use datagora_core::Metres;
/// use datagora_geo::DbscanOptions;
///
/// let options = DbscanOptions::new(Metres(25.0)).with_min_points(10);
/// assert_eq!((options.reach, options.min_points), (Metres(25.0), 10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DbscanOptions {
    /// Distance up to which, itself included, points are neighbours: the `eps` of the paper.
    pub reach: Metres,
    /// Points within reach, itself included, that make a point the core of a cluster; 5 by default.
    pub min_points: usize,
}

impl DbscanOptions {
    /// Neighbours within that distance.
    pub fn new(reach: Metres) -> Self {
        DbscanOptions { reach, min_points: 5 }
    }

    /// Cores have that many points within reach, themselves included.
    #[must_use]
    pub fn with_min_points(mut self, min_points: usize) -> Self {
        self.min_points = min_points;
        self
    }
}

/// Points that cannot be clustered.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum ClusterError {
    /// Distances that cannot be taken.
    #[error(transparent)]
    Distance(#[from] DistanceError),
    /// Neighbours so close that positions over the whole extent cannot tell them.
    #[error(
        "a reach of {reach} m is too small for points {extent:e} m apart; at least a 10¹⁵th of it is needed: drop outliers"
    )]
    TooSmall {
        /// What was given.
        reach: f64,
        /// The longer side of the rectangle around all points.
        extent: f64,
    },
}

/// What [`dbscan`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    /// The cluster of each row, from 0, in the order of the lowest row in each; `None` for noise and missing rows.
    pub labels: Vec<Option<u32>>,
    /// Whether each row is a core point; noise and points on the border of a cluster are not.
    pub cores: Vec<bool>,
    /// Number of clusters.
    pub count: usize,
}

/// Clusters of points by density: DBSCAN, exact.
///
/// A point with `min_points` points within reach, itself included, is a core; cores within reach of one another, directly
/// or through others, are one cluster. A point that is no core and within reach of one is on the border: it belongs to
/// the cluster of the nearest core, of several at that distance to that of the lowest row. (The paper leaves this to the
/// order of the points.) Other points are noise.
///
/// # Shapes and missing values
///
/// `n` points → `n` labels; missing rows have none and are nobody's neighbour.
///
/// # Errors
///
/// [`ClusterError::Distance`] if the CRS is not one of metres, a coordinate infinite, a row no point or the reach negative;
/// [`ClusterError::TooSmall`] for a reach lost in the extent.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::{DbscanOptions, GeometryColumn, dbscan};
///
/// let x = vec![0., 10., 20., 500., 30., 800., 810., 820.];
/// let accidents = GeometryColumn::points(x, vec![0.; 8], Crs::CC46);
/// let found = dbscan(&accidents, DbscanOptions::new(Metres(12.0)).with_min_points(3))?;
/// assert_eq!(found.count, 2);
/// let [a, b] = [Some(0), Some(1)];
/// assert_eq!(found.labels, [a, a, a, None, a, b, b, b]);
/// # Ok::<(), datagora_geo::ClusterError>(())
/// ```
///
/// # References
///
/// Ester, M., Kriegel, H.-P., Sander, J., Xu, X. (1996). A density-based algorithm for discovering clusters in large
/// spatial databases with noise. KDD-96, 226–231. Cells of which all points are neighbours: Gunawan, A. (2013). A faster
/// algorithm for DBSCAN. Master's thesis, TU Eindhoven.
pub fn dbscan(column: &GeometryColumn, options: DbscanOptions) -> Result<Clusters, ClusterError> {
    measurable(column)?;
    let (x, y) = points(column)?;
    let most = greatest_square(options.reach)?;
    let cells = Cells::new(x, y, options.reach.0, most)?;
    let cores = cells.cores(options.min_points);
    let components = cells.components(&cores);
    let labels = cells.labels(&cores, &components);
    Ok(rows::by_row(x.len(), cells.rows(), &labels, &cores.points))
}
