//! Trees along streets: how many for each kilometre.
use datagora_core::{Kilometres, Measured, Metres, Unit};
use datagora_geo::{Boundary, GeometryColumn, Metric, NearestOptions, clip, length, locate, nearest};

use super::ground::GreenError;
use crate::zones::ZoneCounts;

/// Which trees belong to the streets of a zone.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum StreetTrees {
    /// All trees of the zone: for an inventory that holds street trees only.
    AllInZone,
    /// Those within a distance of the axis of some street, on either side of it.
    WithinOfAxis(Metres),
}

/// Trees per kilometre of street in each zone.
///
/// Streets are their axes, cut at the borders of the zones; both sides of an axis count together, so that a row of trees
/// every 10 m on either side makes 200 trees per km. An axis that is the border of two zones, and so lies in both, counts
/// half in each.
///
/// # Shapes and units
///
/// Trees (points), streets (lines), `n` zones → `n` values, trees per km. A tree belongs to the zone that it stands in.
///
/// # Missing values
///
/// The completeness of every zone is the share of the trees that lie in some zone (of those near a street, if only they are
/// asked for): trees without position are among the others. A zone without streets is suppressed.
///
/// # Interpretation
///
/// Higher is greener. A dual carriageway with two axes counts twice its length; a street without its axis in the data gives
/// its trees to none, or to a parallel one.
///
/// # Errors
///
/// [`GreenError::Join`], [`GreenError::Overlay`], [`GreenError::Distance`] for columns in another CRS or of another kind.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{LineString, Rect, coord};
/// use datagora_indicators::greening::{StreetTrees, trees_per_street_kilometre};
///
/// let street = LineString::from(vec![(-500.0, 50.0), (500.0, 50.0)]);
/// let streets = GeometryColumn::new([street.into()], Crs::CC46);
/// let quarter = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 1_000., y: 1_000. });
/// let zones = GeometryColumn::new([quarter.into()], Crs::CC46);
/// let trees = GeometryColumn::points(vec![100., 200., 300.], vec![45., 55., 400.], Crs::CC46);
/// let near = StreetTrees::WithinOfAxis(Metres(15.0));
/// assert_eq!(trees_per_street_kilometre(&trees, &streets, &zones, near)?[0].value(), Some(4.0)); // 2 on 500 m
/// # Ok::<(), datagora_indicators::greening::GreenError>(())
/// ```
pub fn trees_per_street_kilometre(
    trees: &GeometryColumn,
    streets: &GeometryColumn,
    zones: &GeometryColumn,
    which: StreetTrees,
) -> Result<Vec<Measured>, GreenError> {
    let (membership, beyond) = match which {
        StreetTrees::AllInZone => (locate(trees, zones, Boundary::HalfOpen)?.to_options(), 0),
        StreetTrees::WithinOfAxis(reach) => {
            let found = nearest(trees, streets, NearestOptions::default().with_max_distance(reach))?;
            let near: Vec<usize> = (0..trees.len()).filter(|&tree| found.first(tree).is_some()).collect();
            let unplaced = trees.count_missing() as u64;
            (locate(&trees.take(&near), zones, Boundary::HalfOpen)?.to_options(), unplaced)
        }
    };
    let counts = ZoneCounts::new(&membership, zones.len())?;
    let counts = ZoneCounts::from_counts(counts.counts().to_vec(), counts.unmatched() + beyond);
    let kilometres: Vec<f64> = street_lengths(streets, zones)?
        .into_iter()
        .map(|metres| Kilometres::from(Metres(metres)).0)
        .collect();
    Ok(counts.per(&kilometres, 1.0, &Unit::of("{tree}/km"), "length of streets")?)
}

/// Length of streets in each zone, m; what lies in several zones, as their border, is shared among them.
fn street_lengths(streets: &GeometryColumn, zones: &GeometryColumn) -> Result<Vec<f64>, GreenError> {
    let whole = length(streets, Metric::Planar)?;
    let pieces = clip(streets, zones)?;
    let mut in_zones = vec![0.0; streets.len()];
    let placed =
        || pieces.origins.iter().filter_map(|piece| Some((piece.left?, piece.right?, piece.measure)));
    placed().for_each(|(street, _, metres)| in_zones[street] += metres);
    let mut found = vec![0.0; zones.len()];
    for (street, zone, metres) in placed() {
        found[zone] += metres * (whole[street] / in_zones[street]).min(1.0);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::types::{Geometry, LineString, Rect, coord};

    use super::*;

    #[test]
    fn an_axis_on_the_border_is_shared() {
        let square =
            |x: f64| Geometry::from(Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 100., y: 100. }));
        let zones = GeometryColumn::new([square(0.), square(100.), square(500.)], Crs::CC46);
        let line = |points: Vec<(f64, f64)>| Geometry::from(LineString::from(points));
        let border = line(vec![(100., 0.), (100., 100.)]);
        let across = line(vec![(50., 50.), (250., 50.)]);
        let streets = GeometryColumn::new([border, across], Crs::CC46);
        assert_eq!(street_lengths(&streets, &zones).unwrap(), [100.0, 150.0, 0.0]);
        let trees = GeometryColumn::points(
            vec![20., 99., 120., 130., f64::NAN],
            vec![20., 50., 50., 90., 0.],
            Crs::CC46,
        );
        let all = trees_per_street_kilometre(&trees, &streets, &zones, StreetTrees::AllInZone).unwrap();
        assert_eq!((all[0].value(), all[0].completeness()), (Some(20.0), 0.8));
        assert_eq!(all[2].value(), None);
        let near = StreetTrees::WithinOfAxis(Metres(15.0));
        let found = trees_per_street_kilometre(&trees, &streets, &zones, near).unwrap();
        assert_eq!(found[0].value(), Some(10.0));
        assert!((found[1].value().unwrap() - 1.0 / 0.15).abs() < 1e-9);
        assert!((found[1].completeness() - 2.0 / 3.0).abs() < 1e-12);
    }
}
