//! Vegetation by stratum: within zones, and within a mask such as the public road space of them.
use datagora_core::{Measured, Unit};
use datagora_geo::{GeometryColumn, Metric, Raster, area, clip};

use super::cells::areas_by_class;
use super::ground::{GreenError, apart, covered};
use super::strata::{Strata, StrataAreas, StrataError};

/// What a raster of vegetation says of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum CellReading<'a> {
    /// Height of the plants above ground, m. At 0 and below nothing grows: a height model does not see grass.
    Heights,
    /// Codes of classes, each with its stratum; other codes are no vegetation.
    Codes(&'a [(i64, usize)]),
}

/// Area of each stratum in each zone from mapped polygons, all of it or what lies within a mask.
///
/// Polygons of one stratum that overlap count once, as do those of the mask. Where polygons of
/// two strata overlap, each has the ground: seen from above a place has one stratum, so lay the taller first and cut it out
/// of the others ([`datagora_geo::difference`]) if the mapping was not made so.
///
/// # Shapes and units
///
/// `n` polygons with their stratum, a mask (public road space, say), zones → m² by zone and stratum.
///
/// # Missing values
///
/// Polygons of unknown stratum (`None`) are left out and lower the completeness: the known share of the vegetated ground
/// of the zone. Missing polygons have no ground.
///
/// # Errors
///
/// [`GreenError::Overlay`] for columns in another CRS or that are no surfaces; [`GreenError::Strata`] for another number of
/// strata than of polygons, or one that the definition has not.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_indicators::greening::{Strata, strata_within};
///
/// let rect = |x: f64, width: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 10. }).into();
/// let plants = GeometryColumn::new([rect(0., 20.), rect(15., 20.)], Crs::CC46);
/// let road = GeometryColumn::new([rect(10., 30.)], Crs::CC46);
/// let commune = GeometryColumn::new([rect(0., 100.)], Crs::CC46);
/// let found = strata_within(&Strata::eva_2015(), &plants, &[Some(2), Some(2)], Some(&road), &commune)?;
/// assert_eq!(found.zone(0)[2].value(), Some(250.0)); // trees over the road, m²
/// # Ok::<(), datagora_indicators::greening::GreenError>(())
/// ```
pub fn strata_within(
    strata: &Strata,
    polygons: &GeometryColumn,
    classes: &[Option<usize>],
    mask: Option<&GeometryColumn>,
    zones: &GeometryColumn,
) -> Result<StrataAreas, GreenError> {
    let count = strata.classes().len();
    if classes.len() != polygons.len() {
        let (found, needed) = (classes.len(), polygons.len());
        return Err(StrataError::Lengths { what: "strata of polygons", found, needed }.into());
    }
    if let Some(found) = classes.iter().flatten().find(|class| **class >= count) {
        return Err(StrataError::NoSuchClass { found: *found, strata: count }.into());
    }
    let mask = mask.map(apart).transpose()?;
    let ground = |wanted: Option<usize>| {
        let rows: Vec<usize> = (0..polygons.len()).filter(|&row| classes[row] == wanted).collect();
        let own = apart(&polygons.take(&rows))?;
        match &mask {
            Some(mask) => covered(&clip(&own, mask)?.shapes, zones),
            None => covered(&own, zones),
        }
    };
    let unknown = ground(None)?;
    let known = (0..count).map(|class| ground(Some(class))).collect::<Result<Vec<_>, _>>()?;
    let zone = |zone: usize| {
        let all: f64 = known.iter().map(|areas| areas[zone]).sum();
        let complete = if unknown[zone] > 0.0 { all / (all + unknown[zone]) } else { 1.0 };
        let value =
            |areas: &Vec<f64>| Measured::new(areas[zone], Unit::SQUARE_METRE).with_completeness(complete);
        known.iter().map(value).collect()
    };
    Ok(StrataAreas::new(strata.clone(), (0..zones.len()).map(zone).collect())?)
}

/// Area of each stratum in each zone from a raster of heights or classes, by the exact share of each cell.
///
/// # Shapes and units
///
/// A band, what it says, zones → m² by zone and stratum.
///
/// # Missing values
///
/// The completeness is the share of the zone that has values; areas are those of the cells with values. A zone without
/// any has no area (suppressed), not 0.
///
/// # Errors
///
/// [`GreenError::Coverage`], [`GreenError::Band`]; [`GreenError::Strata`] if heights cannot tell the strata
/// ([`StrataError::GrowthUnknown`]), or a code has a stratum that the definition has not.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Band, GeometryColumn, Grid, Raster};
/// use datagora_indicators::greening::{CellReading, Strata, strata_of_raster};
///
/// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 3, 1, Crs::CC46)?;
/// let heights = Raster::new(grid, [Band::new(vec![0.0, 0.2, 7.0])])?;
/// let square = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 25., y: 10. });
/// let zones = GeometryColumn::new([square.into()], Crs::CC46);
/// let found = strata_of_raster(&Strata::ud_iarbre(), &heights, 0, CellReading::Heights, &zones)?;
/// let areas: Vec<_> = found.zone(0).iter().map(|area| area.value()).collect();
/// assert_eq!(areas, [Some(100.0), Some(0.0), Some(50.0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn strata_of_raster(
    strata: &Strata,
    raster: &Raster,
    band: usize,
    reading: CellReading<'_>,
    zones: &GeometryColumn,
) -> Result<StrataAreas, GreenError> {
    let count = strata.classes().len();
    let class_of = |value: f64| match reading {
        CellReading::Heights if value <= 0.0 => Ok(None),
        CellReading::Heights => strata.class_of_height(value),
        CellReading::Codes(codes) => {
            let class = codes.iter().find(|(code, _)| *code as f64 == value).map(|(_, class)| *class);
            match class.filter(|class| *class >= count) {
                Some(found) => Err(StrataError::NoSuchClass { found, strata: count }),
                None => Ok(class),
            }
        }
    };
    let cells = areas_by_class(raster, band, zones, count, class_of)?;
    let zones = cells.into_iter().zip(area(zones, Metric::Planar)?).map(|(cells, area)| {
        let complete = if area > 0.0 { (cells.known / area).min(1.0) } else { 0.0 };
        let value = |found: f64| {
            let found = if cells.known > 0.0 {
                Measured::new(found, Unit::SQUARE_METRE)
            } else {
                Measured::suppressed(
                    Unit::SQUARE_METRE,
                    datagora_core::Suppression::Incomplete { needed: 0.0 },
                )
            };
            found.with_completeness(complete)
        };
        cells.classes.iter().map(|&found| value(found)).collect()
    });
    Ok(StrataAreas::new(strata.clone(), zones.collect())?)
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::types::{Geometry, Rect, coord};
    use datagora_geo::{Band, Grid};

    use super::*;

    fn rects(rects: &[(f64, f64)]) -> GeometryColumn {
        let rect = |&(x, width): &(f64, f64)| {
            Geometry::from(Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 10. }))
        };
        GeometryColumn::new(rects.iter().map(rect), Crs::CC46)
    }

    #[test]
    fn masks_that_overlap_and_unknown_strata() {
        let plants = rects(&[(0., 10.), (20., 10.), (40., 10.)]);
        let classes = [Some(0), Some(2), None];
        let (road, zones) = (rects(&[(5., 20.), (10., 35.)]), rects(&[(0., 22.), (22., 40.)]));
        let strata = Strata::eva_2015();
        let found = strata_within(&strata, &plants, &classes, Some(&road), &zones).unwrap();
        let areas =
            |zone: usize| found.zone(zone).iter().map(|area| area.value().unwrap()).collect::<Vec<_>>();
        assert_eq!((areas(0), areas(1)), (vec![50.0, 0.0, 20.0], vec![0.0, 0.0, 80.0]));
        assert_eq!(found.zone(0)[0].completeness(), 1.0);
        assert!((found.zone(1)[2].completeness() - 80.0 / 130.0).abs() < 1e-12);
        let free = strata_within(&strata, &plants, &classes, None, &zones).unwrap();
        assert_eq!(free.zone(0)[0].value(), Some(100.0));
        let wrong = strata_within(&strata, &plants, &[Some(3), None, None], None, &zones);
        assert!(matches!(wrong, Err(GreenError::Strata(StrataError::NoSuchClass { found: 3, strata: 3 }))));
        assert!(strata_within(&strata, &plants, &[None], None, &zones).is_err());
    }

    #[test]
    fn codes_and_heights_of_cells() {
        let grid = Grid::new([0., 10.], [10., 10.], 4, 1, Crs::CC46).unwrap();
        let codes = Raster::new(grid, [Band::from_options([Some(1.0), Some(4.0), Some(9.0), None])]).unwrap();
        let zones = rects(&[(0., 40.), (30., 10.)]);
        let map = [(1, 0), (4, 3), (5, 4)];
        let strata = Strata::vegestrate();
        let found = strata_of_raster(&strata, &codes, 0, CellReading::Codes(&map), &zones).unwrap();
        assert_eq!((found.zone(0)[0].value(), found.zone(0)[3].value()), (Some(100.0), Some(100.0)));
        assert_eq!(found.zone(0)[0].completeness(), 0.75);
        assert_eq!((found.zone(1)[0].value(), found.zone(1)[0].completeness()), (None, 0.0));
        let beyond = strata_of_raster(&strata, &codes, 0, CellReading::Codes(&[(1, 7)]), &zones);
        assert!(matches!(beyond, Err(GreenError::Strata(StrataError::NoSuchClass { found: 7, .. }))));
        // A height of 1 m is grass or brushwood: the definition wants to know which.
        let refused = strata_of_raster(&strata, &codes, 0, CellReading::Heights, &zones);
        assert!(matches!(refused, Err(GreenError::Strata(StrataError::GrowthUnknown { .. }))));
    }
}
