//! From the objects of a source to the polygons of a factor.
use datagora_geo::types::Geometry;
use datagora_geo::{
    BufferError, BufferOptions, GeometryColumn, OverlayError, SimplifyError, buffer, buffer_by, simplify,
    union_all,
};

use super::factor::{Factor, GeometryStep};

/// Objects that give no polygons by the steps of a factor.
#[derive(Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PrepareError {
    /// An attribute that a step needs.
    #[error(
        "the factor {factor:?} needs the attribute {attribute:?} of its objects; give it, one value per row"
    )]
    NoAttribute {
        /// Identifier of the factor.
        factor: String,
        /// Name of the attribute.
        attribute: String,
    },
    /// Another number of values than of objects.
    #[error("{found} values of {attribute:?} were given for {needed} objects; one for each is needed")]
    Lengths {
        /// Name of the attribute.
        attribute: String,
        /// Number of values.
        found: usize,
        /// Number of objects.
        needed: usize,
    },
    /// Objects that cannot be buffered.
    #[error(transparent)]
    Buffer(#[from] BufferError),
    /// Objects that cannot be simplified.
    #[error(transparent)]
    Simplify(#[from] SimplifyError),
    /// Objects that cannot be dissolved.
    #[error(transparent)]
    Overlay(#[from] OverlayError),
}

/// Rows with the object that each comes from.
struct Rows {
    column: GeometryColumn,
    origins: Vec<usize>,
}

impl Rows {
    fn exploded(self) -> Self {
        let crs = self.column.crs().clone();
        let (mut shapes, mut origins) = (Vec::new(), Vec::new());
        for (shape, origin) in self.column.iter().zip(self.origins) {
            let mut push = |part: Geometry| {
                shapes.push(part);
                origins.push(origin);
            };
            match shape {
                None => {}
                Some(Geometry::MultiPoint(parts)) => parts.into_iter().for_each(|part| push(part.into())),
                Some(Geometry::MultiLineString(parts)) => {
                    parts.into_iter().for_each(|part| push(part.into()))
                }
                Some(Geometry::MultiPolygon(parts)) => parts.into_iter().for_each(|part| push(part.into())),
                Some(Geometry::GeometryCollection(parts)) => parts.into_iter().for_each(&mut push),
                Some(other) => push(other),
            }
        }
        Self { column: GeometryColumn::new(shapes, crs), origins }
    }
}

impl Factor {
    /// The polygons of the factor: its [steps](Self::steps) applied to the objects of its source, in their order.
    ///
    /// Attributes are columns of the objects by name, such as the girth of trees for
    /// [`GeometryStep::BufferBy`]; NaN is missing.
    ///
    /// # Shapes and missing values
    ///
    /// `n` objects → any number of polygons, fewer after a dissolve, more after an explode. An object without a distance is left
    /// out, as are missing geometries. Discs have 16 chords a quarter, as those of the published program.
    ///
    /// # Errors
    ///
    /// [`PrepareError`] if an attribute is missing or of another length, or if the objects cannot be buffered, as in degrees.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::{GeometryColumn, Metric, area};
    /// use datagora_indicators::greening::plantability_v2;
    ///
    /// let set = plantability_v2();
    /// let trees = &set.factors()[set.position("arbres").unwrap()];
    /// let places = GeometryColumn::points(vec![0., 100., 200.], vec![0., 0., 0.], Crs::CC46);
    /// // The published rule: the girth, in metres, as a radius; a tree without girth is left out.
    /// let discs = trees.prepare(&places, &[("circonference_cm", &[200., 100., f64::NAN])])?;
    /// let ground: f64 = area(&discs, Metric::Planar)?.iter().sum();
    /// assert!((ground - std::f64::consts::PI * (4.0 + 1.0)).abs() < 0.03);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare(
        &self,
        objects: &GeometryColumn,
        attributes: &[(&str, &[f64])],
    ) -> Result<GeometryColumn, PrepareError> {
        for (name, values) in attributes {
            if values.len() != objects.len() {
                let (attribute, found, needed) = ((*name).to_owned(), values.len(), objects.len());
                return Err(PrepareError::Lengths { attribute, found, needed });
            }
        }
        let options = BufferOptions::default();
        let mut rows = Rows { column: objects.clone(), origins: (0..objects.len()).collect() };
        for step in &self.steps {
            rows = match step {
                GeometryStep::Explode => rows.exploded(),
                GeometryStep::Buffer { metres } => {
                    Rows { column: buffer(&rows.column, *metres, &options)?, ..rows }
                }
                GeometryStep::BufferBy { attribute, metres_per_unit, otherwise } => {
                    let Some((_, values)) = attributes.iter().find(|(name, _)| name == attribute) else {
                        let (factor, attribute) = (self.id.clone(), attribute.clone());
                        return Err(PrepareError::NoAttribute { factor, attribute });
                    };
                    let distance = |&origin: &usize| match values[origin] {
                        value if value.is_nan() => otherwise.unwrap_or(f64::NAN),
                        value => value * metres_per_unit,
                    };
                    let distances: Vec<f64> = rows.origins.iter().map(distance).collect();
                    Rows { column: buffer_by(&rows.column, &distances, &options)?, ..rows }
                }
                GeometryStep::Simplify { metres } => {
                    Rows { column: simplify(&rows.column, *metres)?, ..rows }
                }
                GeometryStep::Dissolve => Rows { column: union_all(&rows.column)?, origins: vec![0] },
            };
        }
        Ok(rows.column)
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::types::{LineString, MultiLineString};
    use datagora_geo::{Metric, area};

    use super::*;
    use crate::greening::{plantability_v1, plantability_v2};

    fn factor(id: &str) -> Factor {
        let set = plantability_v2();
        set.factors()[set.position(id).expect("a factor of the set")].clone()
    }

    #[test]
    fn steps_come_in_their_order() {
        let two = MultiLineString::new(vec![
            LineString::from(vec![(0.0, 0.0), (100.0, 0.0)]),
            LineString::from(vec![(0.0, 3.0), (100.0, 3.0)]),
        ]);
        let fibre = GeometryColumn::new([two.into()], Crs::CC46);
        // Bands of 4 m whose axes are 3 m apart overlap: dissolved they are 7 m wide. At the ends, two discs of radius 2 share a lens.
        let found = factor("reseau-fibre").prepare(&fibre, &[]).unwrap();
        let ground: f64 = area(&found, Metric::Planar).unwrap().iter().sum();
        let lens = 8.0 * 0.75_f64.acos() - 1.5 * 7.0_f64.sqrt();
        let expected = 700.0 + 8.0 * std::f64::consts::PI - lens;
        assert!((ground - expected).abs() < 0.06, "{ground} {expected}");

        let mut exploding = factor("station-velov");
        exploding.steps = vec![GeometryStep::Explode];
        assert_eq!(exploding.prepare(&fibre, &[]).unwrap().len(), 2);
    }

    #[test]
    fn attributes_are_asked_for() {
        let trees = GeometryColumn::points(vec![0.0, 9.0], vec![0.0, 9.0], Crs::CC46);
        let lacking = factor("arbres").prepare(&trees, &[]).unwrap_err();
        assert!(lacking.to_string().contains("circonference_cm"), "{lacking}");
        let short = factor("arbres").prepare(&trees, &[("circonference_cm", &[1.0])]).unwrap_err();
        assert!(short.to_string().contains("1 values"), "{short}");
        let degrees = GeometryColumn::points(vec![4.8], vec![45.7], Crs::WGS84);
        assert!(matches!(factor("station-velov").prepare(&degrees, &[]), Err(PrepareError::Buffer(_))));
    }

    #[test]
    fn every_published_factor_takes_squares() {
        use datagora_geo::types::{Rect, coord};
        let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 40.0, y: 40.0 });
        let objects = GeometryColumn::new([square.into()], Crs::CC46);
        let girth = [150.0];
        for set in [plantability_v1(), plantability_v2()] {
            for factor in set.factors() {
                let names: Vec<&str> = factor
                    .steps
                    .iter()
                    .filter_map(|step| match step {
                        GeometryStep::BufferBy { attribute, .. } => Some(attribute.as_str()),
                        _ => None,
                    })
                    .collect();
                let attributes: Vec<(&str, &[f64])> = names.iter().map(|name| (*name, &girth[..])).collect();
                let found = factor.prepare(&objects, &attributes).unwrap();
                let ground: f64 = area(&found, Metric::Planar).unwrap().iter().sum();
                assert!(ground >= 1_600.0 - 1e-6, "{}: {ground}", factor.id);
            }
        }
    }
}
