//! Ground within circles, to rounding: what surfaces have within reach of points, and what discs cover together.
mod arcs;
mod cut;
#[cfg(test)]
mod tests;

use std::f64::consts::PI;

use datagora_core::{Crs, Metres};

use self::arcs::{Circle, Turns, exposed};
use self::cut::{Outline, area_in_circle};
use crate::cores::each;
use crate::distance::{DistanceError, greatest_square, measurable, same_crs};
use crate::geometry::Bounds;
use crate::join::{Boundary, JoinError, ZoneIndex};
use crate::types::Coord;
use crate::{GeometryColumn, GeometryKind, Metric, PackedIndex, area};

/// Discs, or reaches of points, whose ground cannot be measured.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum DiscError {
    /// Columns whose numbers cannot be compared, or are no metres.
    #[error(transparent)]
    Distance(#[from] DistanceError),
    /// Surfaces that are none.
    #[error(transparent)]
    Surfaces(#[from] JoinError),
    /// A row that is not one point.
    #[error("row {row} of the centres is a {found:?}; points are needed, such as those `centroid` gives")]
    NotPoints {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// Radii that do not go row by row.
    #[error(
        "there are {rows} centres and {found} radii; as many of both are needed, NaN where one is missing"
    )]
    Radii {
        /// Number of centres.
        rows: usize,
        /// Number of radii.
        found: usize,
    },
    /// A radius that is none.
    #[error(
        "row {row} has a radius of {found} m; a finite number of at least 0 is needed, NaN where it is missing"
    )]
    Radius {
        /// Row, from 0.
        row: usize,
        /// What was given.
        found: f64,
    },
}

/// Area of the surfaces of a column within a distance of each point of another: the green ground around each home.
///
/// What is within the distance is cut exactly: the disc is round, not a polygon. Ground counts as often as surfaces
/// cover it; [`dissolve`](crate::dissolve()) them before if it is to count once.
///
/// # Shapes and missing values
///
/// `n` points, surfaces → `n` areas, m²; NaN for a missing point. Missing and empty surfaces have no ground.
///
/// # Errors
///
/// [`DiscError`] if the columns differ in CRS or have no metres, a row of `from` is no point or one of `to` no surface, a
/// coordinate is not finite, or the distance is below 0 or infinite.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, area_within_distance};
///
/// let east = Rect::new(coord! { x: 0., y: -500. }, coord! { x: 900., y: 500. });
/// let meadow = GeometryColumn::new([east.into()], Crs::CC46);
/// let homes = GeometryColumn::points(vec![0.], vec![0.], Crs::CC46);
/// let found = area_within_distance(&homes, &meadow, Metres(300.0))?;
/// assert!((found[0] - std::f64::consts::PI * 300.0 * 300.0 / 2.0).abs() < 1e-6); // half the disc
/// # Ok::<(), datagora_geo::DiscError>(())
/// ```
pub fn area_within_distance(
    from: &GeometryColumn,
    to: &GeometryColumn,
    reach: Metres,
) -> Result<Vec<f64>, DiscError> {
    same_crs(from.crs(), to.crs())?;
    let (x, y) = centres(from)?;
    check_surfaces(to)?;
    let radius = check_reach(reach)?;
    let areas = area(to, Metric::Planar).map_err(DistanceError::from)?;
    let index = PackedIndex::new(to);
    Ok(each(x.len(), |point| {
        let at = Coord { x: x[point], y: y[point] };
        if at.x.is_nan() {
            return f64::NAN;
        }
        let circle = Circle { at, radius };
        let mut sum = 0.0;
        index.visit(&circle.bounds(), |row| {
            let row = row as usize;
            let bounds = to.bounds_of(row);
            sum += if circle.holds(&bounds) {
                areas[row]
            } else if circle.misses(&bounds) {
                0.0
            } else {
                area_in_circle(to, row, circle)
            };
        });
        sum
    }))
}

/// Discs about points, such as tree crowns about trunks, and the ground that they cover together.
///
/// Where discs overlap, ground counts once. The union is bounded by arcs of the circles, found exactly (to rounding):
/// nothing is drawn as a polygon or raster.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Discs, GeometryColumn};
///
/// // Two crowns of 3 m on one spot, one of unknown radius.
/// let trunks = GeometryColumn::points(vec![10., 10., 20.], vec![10., 10., 10.], Crs::CC46);
/// let crowns = Discs::new(&trunks, &[3., 3., f64::NAN])?;
/// let street = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 10., y: 40. });
/// let found = crowns.within(&GeometryColumn::new([street.into()], Crs::CC46))?;
/// let half = std::f64::consts::PI * 9.0 / 2.0;
/// assert!((found[0].union - half).abs() < 1e-9 && (found[0].sum - 2.0 * half).abs() < 1e-9);
/// # Ok::<(), datagora_geo::DiscError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Discs {
    crs: Crs,
    circles: Vec<Option<Circle>>,
    /// Centres without a radius.
    unknown: Vec<Coord>,
    /// Of each circle, what no other disc covers.
    exposed: Vec<Turns>,
    index: PackedIndex,
}

/// What discs cover of a surface.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DiscCover {
    /// Ground that they cover together, m².
    pub union: f64,
    /// Ground that each covers, added up: what counting overlaps twice would give, m².
    pub sum: f64,
    /// Discs whose centre is in the surface.
    pub centres: u64,
    /// Centres in the surface whose radius is unknown, and which cover nothing here.
    pub unknown: u64,
}

impl Discs {
    /// Discs about points. A row without a point or radius is none; with a point it is told.
    ///
    /// # Errors
    ///
    /// [`DiscError::NotPoints`], [`DiscError::Radii`], [`DiscError::Radius`], [`DiscError::Distance`] for a CRS without
    /// metres or a coordinate that is not finite.
    pub fn new(points: &GeometryColumn, radii: &[f64]) -> Result<Self, DiscError> {
        let (x, y) = centres(points)?;
        if radii.len() != x.len() {
            return Err(DiscError::Radii { rows: x.len(), found: radii.len() });
        }
        if let Some(row) = radii.iter().position(|r| *r < 0.0 || r.is_infinite()) {
            return Err(DiscError::Radius { row, found: radii[row] });
        }
        let place = |row: usize| Some(Coord { x: x[row], y: y[row] }).filter(|at| !at.x.is_nan());
        let circle =
            |row: usize| Some(Circle { at: place(row)?, radius: radii[row] }).filter(|c| c.radius > 0.0);
        let circles: Vec<Option<Circle>> = (0..x.len()).map(circle).collect();
        let unknown = (0..x.len()).filter(|&row| radii[row].is_nan()).filter_map(place).collect();
        let bounds = |circle: &Option<Circle>| circle.as_ref().map_or(Bounds::EMPTY, Circle::bounds);
        let index = PackedIndex::of_bounds(circles.iter().map(bounds));
        let exposed = each(circles.len(), |row| exposed(row, &circles, &index));
        Ok(Self { crs: points.crs().clone(), circles, unknown, exposed, index })
    }

    /// Ground that all of them cover together, m².
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::{Discs, GeometryColumn};
    ///
    /// let discs = Discs::new(&GeometryColumn::points(vec![0., 5.], vec![0., 0.], Crs::CC46), &[2., 2.])?;
    /// assert!((discs.area() - 8.0 * std::f64::consts::PI).abs() < 1e-9);
    /// # Ok::<(), datagora_geo::DiscError>(())
    /// ```
    pub fn area(&self) -> f64 {
        let Some(middle) = self.index.bounds().map(|bounds| bounds.center()) else { return 0.0 };
        let each = self.circles.iter().zip(&self.exposed);
        each.filter_map(|(circle, turns)| Some(circle.as_ref()?.swept(turns, middle))).sum()
    }

    /// What they cover of each surface, one value per row; nothing of missing and empty rows.
    ///
    /// # Errors
    ///
    /// [`DiscError`] if the surfaces are in another CRS, are none, or have a coordinate that is not finite.
    pub fn within(&self, surfaces: &GeometryColumn) -> Result<Vec<DiscCover>, DiscError> {
        same_crs(&self.crs, surfaces.crs())?;
        let zones = ZoneIndex::for_points(surfaces, self.circles.len() + self.unknown.len())?;
        let mut found = each(surfaces.len(), |row| self.cover_of(&Outline::of(surfaces, row), row, &zones));
        let centres = self.circles.iter().flatten().map(|circle| (circle.at, false));
        for (at, unknown) in centres.chain(self.unknown.iter().map(|at| (*at, true))) {
            for row in zones.locate_all(at.x, at.y, Boundary::HalfOpen) {
                let cover = &mut found[row as usize];
                if unknown { cover.unknown += 1 } else { cover.centres += 1 }
            }
        }
        Ok(found)
    }

    fn cover_of(&self, outline: &Outline, row: usize, zones: &ZoneIndex) -> DiscCover {
        let mut cover = DiscCover::default();
        let holds =
            |at: Coord| zones.locate_all(at.x, at.y, Boundary::HalfOpen).any(|zone| zone as usize == row);
        let mut covered = outline.edges_uncovered();
        self.index.visit(&outline.bounds, |disc| {
            let disc = disc as usize;
            let Some(circle) = self.circles[disc] else { return };
            let crossing = outline.chords(circle);
            if crossing.is_empty() {
                if holds(circle.at) {
                    cover.sum += PI * circle.radius * circle.radius;
                    cover.union += circle.swept(&self.exposed[disc], outline.middle);
                }
                return;
            }
            let inside = circle.turns_where(&outline.crossings(circle, &crossing), holds);
            cover.union += circle.swept(&self.exposed[disc].common(&inside), outline.middle);
            cover.sum += circle.swept(&inside, circle.at);
            for (edge, from, to) in crossing {
                cover.sum += outline.swept(edge, from, to, circle.at);
                covered[edge].push((from, to));
            }
        });
        cover.union += outline.swept_by_all(covered);
        // Rounding may leave a breath more than there is, or less than nothing.
        cover.union = cover.union.clamp(0.0, cover.sum.max(0.0));
        cover
    }

    /// Ground that they cover together within a distance of each point, m²; NaN for a missing point.
    ///
    /// # Errors
    ///
    /// [`DiscError`] if the points are in another CRS or are none, or the distance is below 0 or infinite.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Crs, Metres};
    /// use datagora_geo::{Discs, GeometryColumn};
    ///
    /// let trunks = GeometryColumn::points(vec![0., 1_000.], vec![0., 0.], Crs::CC46);
    /// let crowns = Discs::new(&trunks, &[4., 4.])?;
    /// let home = GeometryColumn::points(vec![100.], vec![0.], Crs::CC46);
    /// let found = crowns.within_distance(&home, Metres(300.0))?;
    /// assert!((found[0] - 16.0 * std::f64::consts::PI).abs() < 1e-9);
    /// # Ok::<(), datagora_geo::DiscError>(())
    /// ```
    pub fn within_distance(&self, points: &GeometryColumn, reach: Metres) -> Result<Vec<f64>, DiscError> {
        same_crs(&self.crs, points.crs())?;
        let (x, y) = centres(points)?;
        let radius = check_reach(reach)?;
        Ok(each(x.len(), |row| {
            let at = Coord { x: x[row], y: y[row] };
            if at.x.is_nan() { f64::NAN } else { self.cover_of_circle(Circle { at, radius }) }
        }))
    }

    fn cover_of_circle(&self, round: Circle) -> f64 {
        let mut sum = 0.0;
        let mut covered = Turns::default();
        self.index.visit(&round.bounds(), |disc| {
            let disc = disc as usize;
            let Some(circle) = self.circles[disc] else { return };
            let apart = circle.distance_to(&round);
            if apart + circle.radius <= round.radius {
                sum += circle.swept(&self.exposed[disc], round.at);
            } else if apart + round.radius <= circle.radius {
                covered.add_all();
            } else if apart < circle.radius + round.radius {
                let mut inside = Turns::default();
                inside.add(circle.turn_in(&round));
                sum += circle.swept(&self.exposed[disc].common(&inside.merged()), round.at);
                covered.add(round.turn_in(&circle));
            }
        });
        let whole = PI * round.radius * round.radius;
        (sum + round.swept(&covered.merged(), round.at)).clamp(0.0, whole)
    }
}

/// The coordinates of points in metres.
fn centres(points: &GeometryColumn) -> Result<(&[f64], &[f64]), DiscError> {
    measurable(points)?;
    points.only_points().map_err(|(row, found)| DiscError::NotPoints { row, found })
}

fn check_surfaces(column: &GeometryColumn) -> Result<(), DiscError> {
    measurable(column)?;
    match column.first_not_surface() {
        Some((row, found)) => Err(JoinError::NotPolygons { row, found }.into()),
        None => Ok(()),
    }
}

fn check_reach(reach: Metres) -> Result<f64, DiscError> {
    greatest_square(reach)?;
    if reach.0.is_finite() { Ok(reach.0) } else { Err(DistanceError::Reach { found: reach.0 }.into()) }
}
