//! Canopy: which share of a zone, or of the surroundings of a home, lies under trees.
use std::f64::consts::PI;

use datagora_core::{Measured, Metres, Unit};
use datagora_geo::{Discs, GeometryColumn, Metric, Raster, area, area_within_distance};

use super::cells::areas_by_class;
use super::ground::{GreenError, apart, covered};
use crate::zones::nothing_below;

/// Ground under tree crowns, each square metre once.
///
/// It comes from polygons of a mapping, or from trunks with the radius of their crowns; for rasters see
/// [`canopy_of_heights`]. What is a tree is the mapping's: name its [`Strata`](super::Strata) beside the result.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_indicators::greening::Canopy;
///
/// // Two plane trees whose crowns overlap, and one that nobody measured.
/// let trunks = GeometryColumn::points(vec![20., 26., 80.], vec![50., 50., 50.], Crs::CC46);
/// let canopy = Canopy::of_crowns(&trunks, &[5.0, 5.0, f64::NAN])?;
/// let square = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let found = canopy.by_zone(&GeometryColumn::new([square.into()], Crs::CC46), None)?;
/// assert!((found[0].share.value().unwrap() - 1.347).abs() < 0.001); // %
/// assert!((found[0].counted_twice.value().unwrap() - 22.37).abs() < 0.01); // m²
/// assert!((found[0].share.completeness() - 2.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), datagora_indicators::greening::GreenError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Canopy {
    ground: Ground,
}

#[derive(Clone, Debug)]
enum Ground {
    /// As mapped, and such that none overlaps another.
    Surfaces {
        mapped: GeometryColumn,
        apart: GeometryColumn,
    },
    Crowns(Discs),
}

/// The canopy of one zone.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CanopyCover {
    /// Percent of the surveyed ground of the zone.
    pub share: Measured,
    /// Ground under canopy, each square metre once, m².
    pub area: Measured,
    /// What adding up polygons or crowns would have counted more than once, m².
    pub counted_twice: Measured,
}

impl Canopy {
    /// Canopy of mapped polygons. Where they overlap, ground counts once.
    ///
    /// # Errors
    ///
    /// [`GreenError::Overlay`] for a CRS without metres, a row that is no surface, or a coordinate that is not finite.
    pub fn of_polygons(polygons: &GeometryColumn) -> Result<Self, GreenError> {
        Ok(Self { ground: Ground::Surfaces { mapped: polygons.clone(), apart: apart(polygons)? } })
    }

    /// Canopy of trees with the radius of their crowns, m. A crown is a disc; where discs overlap, ground counts once.
    ///
    /// A radius that is unknown (NaN) stays unknown: the tree covers nothing and lowers the completeness. A radius of 0 is
    /// a tree without crown, such as a stump.
    ///
    /// # Errors
    ///
    /// [`GreenError::Disc`] for rows that are no points, another number of radii, a radius below 0 or infinite, or a CRS
    /// without metres.
    pub fn of_crowns(trunks: &GeometryColumn, radii: &[f64]) -> Result<Self, GreenError> {
        Ok(Self { ground: Ground::Crowns(Discs::new(trunks, radii)?) })
    }

    /// Canopy cover by zone: `100 · area(canopy ∩ zone) / area(zone)`.
    ///
    /// # Shapes and units
    ///
    /// `n` zones → `n` covers, percent and m². With `survey`, the ground that was looked at, canopy and zones count only
    /// within it. Zones may overlap.
    ///
    /// # Missing values
    ///
    /// Completeness of a zone: the share of it that was surveyed (1 without `survey`), times the share of the trees in it
    /// whose crown is known. A missing zone, or one without surveyed ground, is suppressed. The number of observations is
    /// that of trees with known crown; polygons are not counted.
    ///
    /// # Interpretation
    ///
    /// More is shadier. What is called a tree differs between sources: shares compare only under one definition. Crowns of
    /// an inventory of street trees leave out gardens and woods, so that their cover is a lower bound.
    ///
    /// # Errors
    ///
    /// [`GreenError::Overlay`], [`GreenError::Disc`] if a column is in another CRS or is no surfaces.
    pub fn by_zone(
        &self,
        zones: &GeometryColumn,
        survey: Option<&GeometryColumn>,
    ) -> Result<Vec<CanopyCover>, GreenError> {
        let areas = area(zones, Metric::Planar)?;
        let Some(survey) = survey else {
            let parts = self.within(zones)?;
            return Ok(parts.iter().zip(&areas).map(|(part, &area)| part.cover(area, area)).collect());
        };
        let pieces = datagora_geo::clip(zones, &apart(survey)?)?;
        let mut surveyed = vec![0.0; zones.len()];
        let mut parts = vec![Part::default(); zones.len()];
        for (piece, part) in pieces.origins.iter().zip(self.within(&pieces.shapes)?) {
            let Some(zone) = piece.left else { continue };
            surveyed[zone] += piece.measure;
            parts[zone].add(&part);
        }
        let rows = parts.iter().zip(surveyed.iter().zip(&areas));
        Ok(rows.map(|(part, (&surveyed, &area))| part.cover(surveyed, area)).collect())
    }

    /// Canopy within a distance of each point, percent of the disc; NaN for a missing point.
    ///
    /// The disc is cut exactly. Water, streets and neighbouring communes in it count as ground: beyond the edge of the
    /// mapping there is no canopy, so that homes near it look poor.
    ///
    /// # Errors
    ///
    /// [`GreenError::Disc`] for another CRS, rows that are no points, or a distance that is not positive and finite.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Crs, Metres};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_indicators::greening::Canopy;
    ///
    /// let trunks = GeometryColumn::points(vec![0.0], vec![0.0], Crs::CC46);
    /// let canopy = Canopy::of_crowns(&trunks, &[30.0])?;
    /// let homes = GeometryColumn::points(vec![100.0], vec![0.0], Crs::CC46);
    /// assert!((canopy.around(&homes, Metres(300.0))?[0] - 1.0).abs() < 1e-9); // (30 / 300)²
    /// # Ok::<(), datagora_indicators::greening::GreenError>(())
    /// ```
    pub fn around(&self, points: &GeometryColumn, reach: Metres) -> Result<Vec<f64>, GreenError> {
        if reach.0 == 0.0 {
            let needed = "a distance above 0 is needed to have ground within it";
            return Err(GreenError::Threshold { what: "the reach", found: 0.0, needed });
        }
        let found = match &self.ground {
            Ground::Surfaces { apart, .. } => area_within_distance(points, apart, reach)?,
            Ground::Crowns(discs) => discs.within_distance(points, reach)?,
        };
        let disc = PI * reach.0 * reach.0;
        Ok(found.into_iter().map(|area| (100.0 * area / disc).clamp(0.0, 100.0)).collect())
    }

    fn within(&self, zones: &GeometryColumn) -> Result<Vec<Part>, GreenError> {
        match &self.ground {
            Ground::Surfaces { mapped, apart } => {
                let (once, summed) = (covered(apart, zones)?, covered(mapped, zones)?);
                Ok(once
                    .into_iter()
                    .zip(summed)
                    .map(|(once, summed)| Part { once, summed, ..Part::default() })
                    .collect())
            }
            Ground::Crowns(discs) => Ok(discs
                .within(zones)?
                .into_iter()
                .map(|found| Part {
                    once: found.union,
                    summed: found.sum,
                    trees: found.centres,
                    unknown: found.unknown,
                })
                .collect()),
        }
    }
}

/// What a zone, or a piece of one, has.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    once: f64,
    summed: f64,
    trees: u64,
    unknown: u64,
}

impl Part {
    fn add(&mut self, other: &Self) {
        self.once += other.once;
        self.summed += other.summed;
        self.trees += other.trees;
        self.unknown += other.unknown;
    }

    fn cover(&self, surveyed: f64, area: f64) -> CanopyCover {
        let all = self.trees + self.unknown;
        let known = if all == 0 { 1.0 } else { self.trees as f64 / all as f64 };
        cover_of(self.once, (self.summed - self.once).max(0.0), surveyed, area, known, self.trees)
    }
}

fn cover_of(once: f64, twice: f64, surveyed: f64, area: f64, known: f64, observations: u64) -> CanopyCover {
    let surveyed_share = if area > 0.0 { (surveyed / area).min(1.0) } else { 0.0 };
    let tell =
        |value: Measured| value.with_completeness(surveyed_share * known).with_observations(observations);
    let or_nothing = |value: f64, unit: Unit| {
        let found = if surveyed > 0.0 {
            Measured::new(value, unit)
        } else {
            nothing_below(&unit, "surveyed area", if area > 0.0 { 0.0 } else { f64::NAN })
        };
        tell(found)
    };
    CanopyCover {
        share: or_nothing((100.0 * once / surveyed).clamp(0.0, 100.0), Unit::PERCENT),
        area: or_nothing(once, Unit::SQUARE_METRE),
        counted_twice: or_nothing(twice, Unit::SQUARE_METRE),
    }
}

/// Canopy cover by zone from a raster of the heights of plants: the ground of cells as tall as a tree.
///
/// A cell that the border of the zone cuts counts with the exact share of it that is inside.
///
/// # Shapes and units
///
/// Band of heights above ground in m, a least height, `n` zones → `n` covers; nothing is counted twice.
///
/// # Missing values
///
/// Cells without value, and ground outside the raster, are not surveyed: the share is that of the rest, the completeness
/// the share of the zone with values. A zone without any is suppressed. Observations are not counted.
///
/// # Errors
///
/// [`GreenError::Coverage`] for zones in another CRS or that are none, [`GreenError::Band`], [`GreenError::Threshold`] for a
/// height that is not positive.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Band, GeometryColumn, Grid, Raster};
/// use datagora_indicators::greening::canopy_of_heights;
///
/// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 3, 1, Crs::CC46)?;
/// let heights = Raster::new(grid, [Band::from_options([Some(12.0), Some(2.0), None])])?;
/// let square = Rect::new(coord! { x: 5., y: 0. }, coord! { x: 25., y: 10. });
/// let zones = GeometryColumn::new([square.into()], Crs::CC46);
/// let found = canopy_of_heights(&heights, 0, Metres(3.0), &zones)?;
/// assert!((found[0].share.value().unwrap() - 100.0 / 3.0).abs() < 1e-9); // 50 of 150 m²
/// assert!((found[0].share.completeness() - 0.75).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn canopy_of_heights(
    raster: &Raster,
    band: usize,
    least: Metres,
    zones: &GeometryColumn,
) -> Result<Vec<CanopyCover>, GreenError> {
    if least.0.is_nan() || least.0 <= 0.0 {
        let needed = "a height above 0 m is needed: bare ground is no canopy";
        return Err(GreenError::Threshold { what: "the least height of a tree", found: least.0, needed });
    }
    let found = areas_by_class(raster, band, zones, 1, |height| Ok((height >= least.0).then_some(0)))?;
    let areas = area(zones, Metric::Planar)?;
    Ok(found
        .into_iter()
        .zip(areas)
        .map(|(cells, area)| cover_of(cells.classes[0], 0.0, cells.known, area, 1.0, 0))
        .collect())
}

#[cfg(test)]
mod tests;
