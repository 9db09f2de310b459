//! The nearest in an index that changes.
use super::DynamicIndex;
use crate::distance::{DistanceError, Runs, greatest_square, measurable, squared};
use crate::types::Geometry;
use crate::{GeometryColumn, NearestOptions};

impl DynamicIndex {
    /// The nearest geometries to one, and how far away they are in metres: true k nearest by planar distance, of equal
    /// distances the lower id first. An empty geometry has none near it and is near none.
    ///
    /// # Errors
    ///
    /// As [`nearest`](fn@crate::nearest).
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::Point;
    /// use datagora_geo::{DynamicIndex, NearestOptions};
    ///
    /// let mut stations = DynamicIndex::new(Crs::CC46);
    /// stations.insert(2003, Point::new(10., 10.))?;
    /// stations.insert(7024, Point::new(90., 10.))?;
    /// let here = Point::new(50., 10.);
    /// let two = NearestOptions::default().with_k(2);
    /// assert_eq!(stations.nearest(here, two)?, [(2003, 40.), (7024, 40.)]);
    /// stations.remove(2003);
    /// assert_eq!(stations.nearest(here, two)?, [(7024, 40.)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn nearest(
        &self,
        to: impl Into<Geometry>,
        options: NearestOptions,
    ) -> Result<Vec<(u64, f64)>, DistanceError> {
        if options.k == 0 {
            return Err(DistanceError::NoNeighbour);
        }
        let most = options.max_distance.map_or(Ok(f64::INFINITY), greatest_square)?;
        let query = GeometryColumn::new([to.into()], self.crs().clone());
        measurable(&query)?;
        let mut runs = Runs::default();
        runs.only(&query, 0);
        let around = runs.bounds();
        if around.is_empty() {
            return Ok(Vec::new());
        }
        // What is at a distance from the middle is at least so far, less half the diagonal, from the geometry.
        let middle = [0.5 * around.min_x + 0.5 * around.max_x, 0.5 * around.min_y + 0.5 * around.max_y];
        let half = (0.5 * around.max_x - 0.5 * around.min_x).hypot(0.5 * around.max_y - 0.5 * around.min_y);
        let magnitude = middle[0].abs() + middle[1].abs() + half;
        let mut found: Vec<(f64, u64)> = Vec::new();
        let mut other = Runs::default();
        for (entry, square) in self.tree.nearest_neighbor_iter_with_distance_2(&middle) {
            let from_middle = square.sqrt();
            let least = from_middle - half - 16.0 * f64::EPSILON * (from_middle + magnitude);
            let worst =
                if found.len() < options.k { most } else { found.last().map_or(most, |worst| worst.0) };
            if least > 0.0 && least * least > worst {
                break;
            }
            let id = entry.data;
            let column = GeometryColumn::from_options([self.get(id).cloned()], self.crs().clone());
            other.only(&column, 0);
            let Some(squared) = squared((&query, 0, &runs), (&column, 0, &other)) else { continue };
            if squared <= most {
                let place = found.partition_point(|known| *known < (squared, id));
                found.insert(place, (squared, id));
                found.truncate(options.k);
            }
        }
        Ok(found.into_iter().map(|(squared, id)| (id, squared.sqrt())).collect())
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::{Crs, Metres};
    use proptest::prelude::*;

    use super::*;
    use crate::distance::tests::{column, shape};
    use crate::types::Point;
    use crate::{nearest, nearest_others};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn as_in_an_index_that_stays(
            shapes in prop::collection::vec(shape(), 1..40),
            gone in prop::collection::vec(0usize..40, 0..10),
            from in shape(),
            k in 1usize..6,
            most in prop::option::of(0.0..20.0f64),
        ) {
            let options = NearestOptions { k, max_distance: most.map(Metres) };
            let mut index = DynamicIndex::new(Crs::CC46);
            for (id, shape) in (0u64..).zip(&shapes) {
                index.insert(id, shape.clone()).unwrap();
            }
            gone.iter().for_each(|id| drop(index.remove(*id as u64)));
            let stays = |(id, shape): (usize, &Geometry)| (!gone.contains(&id)).then(|| shape.clone());
            let rows: Vec<Option<Geometry>> = shapes.iter().enumerate().map(stays).collect();
            let found = nearest(&column(&[Some(from.clone())]), &column(&rows), options).unwrap();
            let rows = found.rows(0).iter().map(|row| u64::from(*row));
            let expected: Vec<(u64, f64)> = rows.zip(found.distances(0).iter().copied()).collect();
            prop_assert_eq!(index.nearest(from, options).unwrap(), expected);
        }
    }

    #[test]
    fn what_has_no_answer_is_refused() {
        let mut index = DynamicIndex::new(Crs::WGS84);
        index.insert(1, Point::new(4.8, 45.7)).unwrap();
        let one = NearestOptions::default();
        assert!(matches!(index.nearest(Point::new(4.8, 45.7), one), Err(DistanceError::Unsuited(_))));
        let planar = DynamicIndex::new(Crs::CC46);
        assert_eq!(planar.nearest(Point::new(0., 0.), one.with_k(0)), Err(DistanceError::NoNeighbour));
        assert_eq!(planar.nearest(Point::new(0., 0.), one), Ok(vec![]));
        assert!(nearest_others(&column(&[]), one).unwrap().is_empty());
    }
}
