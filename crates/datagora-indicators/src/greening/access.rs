//! Public green near homes: how far it is, who has it, how much of it.
use datagora_core::{Measured, Metres, SquareMetres, Unit};
use datagora_geo::{
    BufferOptions, GeometryColumn, Metric, NearestOptions, area, area_within_distance, buffer, nearest,
    sum_within_distance,
};

use super::exposure::exposed_share;
use super::ground::{GreenError, apart, covered};
use crate::wrong::Wrong;
use crate::zones::{ZoneError, check_amounts, nothing_below};

/// Distance within which the WHO Regional Office for Europe wants green space: 300 m in a straight line, about five
/// minutes on foot.
///
/// WHO Regional Office for Europe (2016). *Urban green spaces and health: a review of evidence*.
pub const WHO_GREEN_DISTANCE: Metres = Metres(300.0);
/// Least size of a green space that counts: 0.5 ha.
///
/// WHO Regional Office for Europe (2016), "at least 0.5–1 hectare".
pub const WHO_GREEN_AREA: SquareMetres = SquareMetres(5_000.0);

/// Public green spaces, and where one comes in.
///
/// One row is one green space: a park mapped in several polygons is one of them as a multi-polygon
/// ([`datagora_geo::dissolve`] by its name), or each piece has to be large enough for itself.
#[derive(Clone, Copy, Debug)]
pub struct PublicGreen<'a> {
    /// Surfaces.
    pub spaces: &'a GeometryColumn,
    /// Least area of one that counts.
    pub least_area: SquareMetres,
    /// Where the distance ends.
    pub access: GreenAccess<'a>,
}

/// Where the way to a green space ends.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum GreenAccess<'a> {
    /// At its nearest point: who lives beside a fence is near.
    Boundary,
    /// At the nearest entrance.
    Entrances {
        /// Points.
        points: &'a GeometryColumn,
        /// Row of the green space that each opens; `None` if it is not known, which leaves it out.
        spaces: &'a [Option<u32>],
    },
}

/// What a distance to green was taken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum GreenAccessKind {
    /// The nearest point of the surface.
    Boundary,
    /// The nearest entrance.
    Entrance,
}

impl<'a> PublicGreen<'a> {
    /// Green spaces of at least 0.5 ha, reached at their nearest point.
    pub fn new(spaces: &'a GeometryColumn) -> Self {
        Self { spaces, least_area: WHO_GREEN_AREA, access: GreenAccess::Boundary }
    }

    /// Of another least area.
    #[must_use]
    pub fn with_least_area(self, least_area: SquareMetres) -> Self {
        Self { least_area, ..self }
    }

    /// Reached at entrances, each with the row of the green space that it opens.
    #[must_use]
    pub fn with_entrances(self, points: &'a GeometryColumn, spaces: &'a [Option<u32>]) -> Self {
        Self { access: GreenAccess::Entrances { points, spaces }, ..self }
    }

    /// What distances are taken to.
    pub fn kind(&self) -> GreenAccessKind {
        match self.access {
            GreenAccess::Boundary => GreenAccessKind::Boundary,
            GreenAccess::Entrances { .. } => GreenAccessKind::Entrance,
        }
    }

    /// The rows that are large enough.
    fn large(&self) -> Result<Vec<bool>, GreenError> {
        let least = self.least_area.0;
        if least.is_nan() || least < 0.0 {
            let needed = "an area of at least 0 m² is needed";
            return Err(GreenError::Threshold {
                what: "the least area of a green space",
                found: least,
                needed,
            });
        }
        Ok(area(self.spaces, Metric::Planar)?.into_iter().map(|area| area > 0.0 && area >= least).collect())
    }

    /// What a way may end at: green spaces that are large enough, or their entrances.
    fn targets(&self) -> Result<GeometryColumn, GreenError> {
        let large = self.large()?;
        match self.access {
            GreenAccess::Boundary => {
                let rows: Vec<usize> = (0..large.len()).filter(|&row| large[row]).collect();
                Ok(self.spaces.take(&rows))
            }
            GreenAccess::Entrances { points, spaces } => {
                if spaces.len() != points.len() {
                    let (found, needed) = (spaces.len(), points.len());
                    return Err(
                        ZoneError::Length { what: "green space of an entrance", found, needed }.into()
                    );
                }
                crate::zones::check_zones(spaces, large.len())?;
                let opens = |row: &usize| spaces[*row].is_some_and(|space| large[space as usize]);
                let rows: Vec<usize> = (0..spaces.len()).filter(opens).collect();
                Ok(points.take(&rows))
            }
        }
    }

    /// Straight distance from each home (footprint or point) to the nearest green space that is large enough, m.
    ///
    /// From a footprint, not its middle: 0 if the home is in or against the green. Infinite where there is none up to the
    /// farthest distance asked for; NaN for a missing home.
    ///
    /// # Errors
    ///
    /// [`GreenError::Distance`] for columns in another CRS, a CRS without metres or a farthest distance below 0;
    /// [`GreenError::Zone`] if an entrance has no green space given or one that does not exist.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Crs, Metres};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_indicators::greening::PublicGreen;
    ///
    /// let park = Rect::new(coord! { x: 100., y: 0. }, coord! { x: 200., y: 100. });
    /// let parks = GeometryColumn::new([park.into()], Crs::CC46);
    /// let home = GeometryColumn::points(vec![0.], vec![50.], Crs::CC46);
    /// let green = PublicGreen::new(&parks);
    /// assert_eq!(green.distances(&home, Metres(500.0))?, [100.0]);
    /// let gate = GeometryColumn::points(vec![200.], vec![50.], Crs::CC46);
    /// assert_eq!(green.with_entrances(&gate, &[Some(0)]).distances(&home, Metres(500.0))?, [200.0]);
    /// # Ok::<(), datagora_indicators::greening::GreenError>(())
    /// ```
    pub fn distances(&self, homes: &GeometryColumn, farthest: Metres) -> Result<Vec<f64>, GreenError> {
        let targets = self.targets()?;
        let found = nearest(homes, &targets, NearestOptions::default().with_max_distance(farthest))?;
        let distance = |home: usize| match found.first(home) {
            Some((_, distance)) => distance,
            None if homes.row_bounds(home).is_none() => f64::NAN,
            None => f64::INFINITY,
        };
        Ok((0..homes.len()).map(distance).collect())
    }

    /// Share of the ground of each area (IRIS, grid cell) that lies within a straight distance of green that is large
    /// enough, percent; the green itself is within.
    ///
    /// For where people are known by area, not by building: spread evenly over its ground, this share of them has access.
    /// [`weighted_mean_by_zone`](crate::weighted_mean_by_zone) with the people of the areas as weights makes it the share of
    /// the people of a city. Ground near several green spaces counts once. Arcs of the surroundings are chords, 64 in a
    /// quarter, that enclose the area of the circle.
    ///
    /// # Missing values
    ///
    /// A missing or empty area is suppressed. Missing green spaces and entrances are near nothing.
    ///
    /// # Interpretation
    ///
    /// Higher is better. People do not live evenly spread: where the homes of an area lie along its park, fewer have access
    /// by this share than by [`green_access_share`], which is to be preferred where buildings are known.
    ///
    /// # Errors
    ///
    /// [`GreenError::Threshold`] for a distance that is not positive or a least area below 0; [`GreenError::Measure`],
    /// [`GreenError::Buffer`], [`GreenError::Overlay`] for a CRS without metres, columns in another CRS, or areas that are no
    /// surfaces; [`GreenError::Zone`] as for [`Self::distances`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Crs, Unit};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_indicators::greening::{PublicGreen, WHO_GREEN_DISTANCE};
    /// use datagora_indicators::weighted_mean_by_zone;
    ///
    /// let rect = |x: f64, width: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 100. }).into();
    /// let park = GeometryColumn::new([rect(0., 100.)], Crs::CC46);
    /// let iris = GeometryColumn::new([rect(100., 300.), rect(200., 1_000.)], Crs::CC46);
    /// let within = PublicGreen::new(&park).ground_within(&iris, WHO_GREEN_DISTANCE)?;
    /// let shares: Vec<f64> = within.iter().map(|share| share.value().unwrap()).collect();
    /// assert!((shares[0] - 100.0).abs() < 1e-9 && (shares[1] - 20.0).abs() < 1e-9);
    ///
    /// let city = weighted_mean_by_zone(&shares, &[300.0, 900.0], &[Some(0); 2], 1, &Unit::PERCENT)?;
    /// assert!((city[0].value().unwrap() - 40.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    ///
    /// WHO Regional Office for Europe (2016). *Urban green spaces and health: a review of evidence*.
    pub fn ground_within(&self, areas: &GeometryColumn, reach: Metres) -> Result<Vec<Measured>, GreenError> {
        check_reach(reach)?;
        let arcs = BufferOptions::default().with_quarter_segments(64).with_equal_area(true);
        let near = apart(&buffer(&self.targets()?, reach.0, &arcs)?)?;
        let share = |(covered, ground): (f64, f64)| {
            if ground > 0.0 {
                Measured::new((100.0 * covered / ground).min(100.0), Unit::PERCENT)
            } else {
                nothing_below(&Unit::PERCENT, "ground", ground)
            }
        };
        Ok(covered(&near, areas)?.into_iter().zip(area(areas, Metric::Planar)?).map(share).collect())
    }
}

/// Share of the people of each zone who have public green within a straight distance, percent.
///
/// # Shapes and units
///
/// `n` distances as [`PublicGreen::distances`] gives them, people and zone of each home → percent by zone.
///
/// # Missing values
///
/// Homes of unknown distance are left out of the share; completeness is the share of the people whose distance is known,
/// and the interval holds for certain, wherever the others live. Homes of unknown people are left out.
///
/// # Interpretation
///
/// Higher is better. A straight line crosses rivers and railways that nobody can; fences count only if distances were taken
/// to entrances. Nothing is said of how crowded or how pleasant the green is.
///
/// # Errors
///
/// [`GreenError::Threshold`] for a distance that is not positive; [`GreenError::Zone`] if lengths differ, a zone does not
/// exist, or people are negative.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{WHO_GREEN_DISTANCE, green_access_share};
///
/// let distances = [120.0, f64::INFINITY, 300.0];
/// let found = green_access_share(&distances, &[40.0, 50.0, 10.0], &[Some(0); 3], 1, WHO_GREEN_DISTANCE)?;
/// assert_eq!(found[0].value(), Some(50.0));
/// # Ok::<(), datagora_indicators::greening::GreenError>(())
/// ```
///
/// # References
///
/// WHO Regional Office for Europe (2016). *Urban green spaces and health: a review of evidence*.
pub fn green_access_share(
    distances: &[f64],
    people: &[f64],
    membership: &[Option<u32>],
    zones: usize,
    reach: Metres,
) -> Result<Vec<Measured>, GreenError> {
    check_reach(reach)?;
    let near: Vec<Option<bool>> = distances.iter().map(|&distance| within(distance, reach)).collect();
    Ok(share_of_people(&near, people, membership, zones)?)
}

/// What of the green counts as reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ReachedGreen {
    /// All of each green space that begins within the distance: who is at its edge has the whole park.
    WholeSpaces,
    /// The ground within the distance only, cut exactly.
    GroundWithin,
}

/// Surface of public green that each home reaches in a straight line, m²; NaN for a missing home.
///
/// For [`ReachedGreen::WholeSpaces`] homes are footprints or points; for [`ReachedGreen::GroundWithin`] points, such as
/// the centroids of footprints. Small spaces count: a least area is the business of [`PublicGreen`].
///
/// # Errors
///
/// [`GreenError::Threshold`] for a distance that is not positive; [`GreenError::Distance`], [`GreenError::Disc`],
/// [`GreenError::Overlay`] for columns in another CRS or of another kind.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_indicators::greening::{ReachedGreen, reached_green};
///
/// let park = Rect::new(coord! { x: 100., y: 0. }, coord! { x: 1_100., y: 100. });
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// let home = GeometryColumn::points(vec![0.], vec![50.], Crs::CC46);
/// let all = reached_green(&home, &parks, Metres(300.0), ReachedGreen::WholeSpaces)?;
/// let near = reached_green(&home, &parks, Metres(300.0), ReachedGreen::GroundWithin)?;
/// assert_eq!(all, [100_000.0]);
/// assert!(near[0] > 19_000.0 && near[0] < 20_000.0);
/// # Ok::<(), datagora_indicators::greening::GreenError>(())
/// ```
pub fn reached_green(
    homes: &GeometryColumn,
    spaces: &GeometryColumn,
    reach: Metres,
    counted: ReachedGreen,
) -> Result<Vec<f64>, GreenError> {
    check_reach(reach)?;
    match counted {
        ReachedGreen::WholeSpaces => {
            Ok(sum_within_distance(homes, spaces, &area(spaces, Metric::Planar)?, reach)?)
        }
        ReachedGreen::GroundWithin => Ok(area_within_distance(homes, &apart(spaces)?, reach)?),
    }
}

/// The value that half of the people are below: the median, each home weighing as many as live there.
///
/// With [`reached_green`] it is the surface of green that the median inhabitant reaches. Eurostat's publications take what
/// is within ten minutes on foot along streets; in a straight line, as here, some 500 m stand for that (name the distance).
///
/// # Missing values
///
/// Homes of unknown value are left out; completeness is the share of the people whose value is known. Homes of unknown
/// people are left out. Without people there is no median. Where exactly half of the people are below, the median lies in
/// the middle between the two values next to it.
///
/// # Errors
///
/// [`ZoneError`] if lengths differ or people are negative.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_indicators::greening::median_of_people;
///
/// let hectares = [0.0, 2.0, 30.0];
/// let found = median_of_people(&hectares, &[100.0, 350.0, 200.0], &Unit::HECTARE)?;
/// assert_eq!(found.value(), Some(2.0));
/// # Ok::<(), datagora_indicators::ZoneError>(())
/// ```
///
/// # References
///
/// Poelman, H. (2018). *A walk to the park? Assessing access to green areas in Europe's cities*. European Commission,
/// DG REGIO, Working Paper 01/2018.
pub fn median_of_people(values: &[f64], people: &[f64], unit: &Unit) -> Result<Measured, ZoneError> {
    check_amounts(people, values.len(), "population")?;
    let known = |row: &usize| people[*row] > 0.0;
    let all: f64 = (0..values.len()).filter(known).map(|row| people[row]).sum();
    let mut rows: Vec<usize> = (0..values.len()).filter(known).filter(|&row| !values[row].is_nan()).collect();
    rows.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let half = 0.5 * rows.iter().map(|&row| people[row]).sum::<f64>();
    let mut below = 0.0;
    let mut median = None;
    for (place, &row) in rows.iter().enumerate() {
        below += people[row];
        if below >= half {
            let next = rows.get(place + 1).filter(|_| below == half).map_or(row, |&next| next);
            median = Some(0.5 * (values[row] + values[next]));
            break;
        }
    }
    let found = match median {
        Some(median) => Measured::new(median, unit.clone()),
        None => nothing_below(unit, "population of known value", if all > 0.0 { f64::NAN } else { 0.0 }),
    };
    let share = if all > 0.0 { (2.0 * half / all).min(1.0) } else { 0.0 };
    Ok(found.with_observations(rows.len() as u64).with_completeness(share))
}

/// Whether a distance is within reach; `None` if it is unknown.
pub(super) fn within(distance: f64, reach: Metres) -> Option<bool> {
    (!distance.is_nan()).then_some(distance <= reach.0)
}

/// Percent of the people of each zone for whom something holds, with certain bounds for those of whom it is not known.
pub(super) fn share_of_people(
    holds: &[Option<bool>],
    people: &[f64],
    membership: &[Option<u32>],
    zones: usize,
) -> Result<Vec<Measured>, ZoneError> {
    let level = |holds: &Option<bool>| holds.map_or(f64::NAN, |holds| f64::from(u8::from(holds)));
    exposed_share(&holds.iter().map(level).collect::<Vec<_>>(), people, membership, zones, 1.0)
}

pub(super) fn check_reach(reach: Metres) -> Result<(), GreenError> {
    match Wrong::among(&[reach.0], |metres| !(metres > 0.0 && metres.is_finite())) {
        None => Ok(()),
        Some(Wrong { value: found, .. }) => {
            let needed = "a finite distance above 0 m is needed";
            Err(GreenError::Threshold { what: "the reach", found, needed })
        }
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::types::{Geometry, LineString, MultiPolygon, Polygon, Rect, coord};
    use proptest::prelude::*;

    use super::*;

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Geometry {
        Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).into()
    }

    #[test]
    fn distances_go_from_the_footprint_to_what_is_large_enough() {
        let parks = GeometryColumn::new([rect(0., 0., 100., 60.), rect(40., 70., 10., 10.)], Crs::CC46);
        let homes = [
            Some(rect(130., 0., 40., 10.)),
            None,
            Some(rect(20., 20., 5., 5.)),
            Some(rect(45., 90., 1., 1.)),
        ];
        let homes = GeometryColumn::from_options(homes, Crs::CC46);
        let green = PublicGreen::new(&parks);
        let found = green.distances(&homes, Metres(25.0)).unwrap();
        assert_eq!((found[0], found[2], found[3]), (f64::INFINITY, 0.0, f64::INFINITY));
        assert!(found[1].is_nan());
        let all = green.with_least_area(SquareMetres(0.0));
        assert_eq!(all.distances(&homes, Metres(25.0)).unwrap()[3], 10.0);
        let gates = GeometryColumn::points(vec![100., 45., 0.], vec![0., 80., 0.], Crs::CC46);
        let gated = green.with_entrances(&gates, &[Some(0), Some(1), None]);
        assert_eq!(gated.distances(&homes, Metres(200.0)).unwrap()[0], 30.0);
        assert_eq!((green.kind(), gated.kind()), (GreenAccessKind::Boundary, GreenAccessKind::Entrance));
        assert!(green.with_entrances(&gates, &[Some(9), None, None]).distances(&homes, Metres(1.0)).is_err());
        assert!(green.with_entrances(&gates, &[None]).distances(&homes, Metres(1.0)).is_err());
        assert!(green.with_least_area(SquareMetres(f64::NAN)).distances(&homes, Metres(1.0)).is_err());
        assert!(green.distances(&homes, Metres(-1.0)).is_err());
    }

    fn polygon(corners: &[(f64, f64)]) -> Polygon {
        Polygon::new(LineString::from(corners.to_vec()), vec![])
    }

    /// Shapely 2.2.0 (GEOS 3.14.1): `buffer(300, quad_segs=4096)`, `union_all`, `intersection`.
    #[test]
    fn shares_of_ground_are_those_of_shapely() {
        let pieces = [
            polygon(&[(700., 100.), (780., 100.), (780., 160.), (700., 160.)]),
            polygon(&[(800., 100.), (860., 100.), (860., 140.), (800., 140.)]),
        ];
        let bent = [(0., 0.), (200., 0.), (200., 40.), (60., 60.), (40., 150.), (0., 150.)];
        let parks = [
            polygon(&bent).into(),
            MultiPolygon::new(pieces.to_vec()).into(),
            rect(400., 600., 50., 50.), // too small
            rect(1_500., 900., 100., 100.),
        ];
        let parks = GeometryColumn::new(parks, Crs::CC46);
        let iris = [
            Some(rect(-500., -500., 900., 800.)),
            Some(polygon(&[(400., 300.), (1_300., -200.), (1_200., 700.)]).into()),
            Some(rect(400., 650., 500., 550.)),
            Some(rect(1_400., 800., 250., 250.)),
            None,
        ];
        let iris = GeometryColumn::from_options(iris, Crs::CC46);
        let agree = |green: PublicGreen<'_>, expected: [f64; 4]| {
            let found = green.ground_within(&iris, WHO_GREEN_DISTANCE).unwrap();
            for (found, expected) in found.iter().zip(expected) {
                assert!((found.value().unwrap() - expected).abs() < 0.005, "{found:?}, {expected}");
            }
            assert!(found[4].value().is_none() && found[4].suppression().is_some());
        };
        let green = PublicGreen::new(&parks);
        agree(green, [54.594_812, 59.292_939, 0.0, 100.0]);
        let gates = GeometryColumn::points(vec![200., 700., 400.], vec![40., 130., 600.], Crs::CC46);
        agree(green.with_entrances(&gates, &[Some(0), Some(1), Some(2)]), [33.843_530, 36.306_233, 0.0, 0.0]);
        let lambert = GeometryColumn::new([rect(0., 0., 9., 9.)], Crs::LAMBERT_93);
        assert!(green.ground_within(&lambert, WHO_GREEN_DISTANCE).is_err());
        assert!(green.ground_within(&iris, Metres(0.0)).is_err());
    }

    #[test]
    fn people_of_unknown_distance_make_bounds() {
        let nan = f64::NAN;
        let found = green_access_share(
            &[100.0, 900.0, nan, 5.0],
            &[20.0, 60.0, 20.0, nan],
            &[Some(0); 4],
            1,
            WHO_GREEN_DISTANCE,
        );
        let found = found.unwrap().remove(0);
        let bounds = found.interval().unwrap();
        assert_eq!((found.value(), bounds.lower, bounds.upper), (Some(25.0), 20.0, 40.0));
        assert!(green_access_share(&[1.0], &[1.0], &[Some(0)], 1, Metres(0.0)).is_err());
        assert!(green_access_share(&[1.0], &[1.0, 2.0], &[Some(0)], 1, WHO_GREEN_DISTANCE).is_err());
    }

    #[test]
    fn green_that_overlaps_is_reached_once() {
        let parks = GeometryColumn::new([rect(0., 0., 10., 10.), rect(0., 0., 10., 10.)], Crs::CC46);
        let home = GeometryColumn::points(vec![-5., f64::NAN], vec![5., 0.], Crs::CC46);
        let found = reached_green(&home, &parks, Metres(100.0), ReachedGreen::GroundWithin).unwrap();
        assert!((found[0] - 100.0).abs() < 1e-9 && found[1].is_nan());
        assert!(reached_green(&home, &parks, Metres(f64::NAN), ReachedGreen::WholeSpaces).is_err());
    }

    #[test]
    fn medians_of_nobody_and_of_halves() {
        let unit = Unit::SQUARE_METRE;
        assert_eq!(median_of_people(&[1.0, 3.0], &[5.0, 5.0], &unit).unwrap().value(), Some(2.0));
        assert_eq!(median_of_people(&[1.0], &[0.0], &unit).unwrap().value(), None);
        let partly = median_of_people(&[f64::NAN, 7.0], &[30.0, 10.0], &unit).unwrap();
        assert_eq!((partly.value(), partly.completeness()), (Some(7.0), 0.25));
        assert!(median_of_people(&[1.0], &[], &unit).is_err());
    }

    proptest! {
        /// A farther reach serves no fewer people.
        #[test]
        fn shares_grow_with_the_reach(rows in proptest::collection::vec((0.0..900.0_f64, 0.1..50.0_f64), 1..40)) {
            let (distances, people): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
            let membership = vec![Some(0); rows.len()];
            let share = |reach: f64| {
                green_access_share(&distances, &people, &membership, 1, Metres(reach)).unwrap()[0].value().unwrap()
            };
            let shares: Vec<f64> = [50.0, 100.0, 300.0, 900.0].map(share).to_vec();
            prop_assert!(shares.is_sorted() && (shares[3] - 100.0).abs() < 1e-9);
        }

        #[test]
        fn at_most_half_are_below_the_median(rows in proptest::collection::vec((0.0..9.0_f64, 0.1..50.0_f64), 1..40)) {
            let (values, people): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
            let median = median_of_people(&values, &people, &Unit::ONE).unwrap().value().unwrap();
            let half = 0.5 * people.iter().sum::<f64>() * (1.0 + 1e-9);
            let sum = |test: &dyn Fn(f64) -> bool| -> f64 { rows.iter().filter(|row| test(row.0)).map(|row| row.1).sum() };
            prop_assert!(sum(&|value| value < median) <= half && sum(&|value| value > median) <= half);
        }
    }
}
