//! Columns built row by row while a file is decoded.
use datagora_core::Crs;

#[cfg(feature = "arrow")]
use super::shapes::all_finite;
use super::{GeometryColumn, GeometryKind, ShapesBuilder};
use crate::tally::Tally;
use crate::types::Geometry;

/// Appends rows: while all are points they go straight to the two buffers they end in, and to shapes from the first
/// other one on.
///
/// A row with a coordinate that is not finite becomes missing, and is counted.
#[derive(Debug, Default)]
pub(crate) struct ColumnBuilder {
    x: Vec<f64>,
    y: Vec<f64>,
    shapes: Option<ShapesBuilder>,
    /// Rows left out for coordinates that are not finite.
    pub(crate) not_finite: Tally,
}

impl ColumnBuilder {
    /// Rows so far.
    pub(crate) fn len(&self) -> usize {
        self.shapes.as_ref().map_or(self.x.len(), ShapesBuilder::len)
    }

    pub(crate) fn push_missing(&mut self) {
        match &mut self.shapes {
            None => {
                self.x.push(f64::NAN);
                self.y.push(f64::NAN);
            }
            Some(shapes) => shapes.end_row(None),
        }
    }

    /// A point; of two NaN, a missing row.
    pub(crate) fn push_point(&mut self, x: f64, y: f64) {
        if x.is_finite() && y.is_finite() {
            match &mut self.shapes {
                None => {
                    self.x.push(x);
                    self.y.push(y);
                }
                Some(shapes) => shapes.push(Some(&Geometry::Point((x, y).into()))),
            }
            return;
        }
        if !(x.is_nan() && y.is_nan()) {
            self.not_finite.add(self.len());
        }
        self.push_missing();
    }

    /// Makes room for so many points, unless other geometries are there.
    #[cfg(feature = "io")]
    pub(crate) fn reserve(&mut self, points: usize) {
        if self.shapes.is_none() {
            self.x.reserve(points);
            self.y.reserve(points);
        }
    }

    /// Points, as [`push_point`](Self::push_point) one by one.
    #[cfg(feature = "arrow")]
    pub(crate) fn push_points(&mut self, points: impl ExactSizeIterator<Item = (f64, f64)> + Clone) {
        if self.shapes.is_some() {
            return points.for_each(|(x, y)| self.push_point(x, y));
        }
        let start = self.x.len();
        self.x.extend(points.clone().map(|(x, _)| x));
        self.y.extend(points.map(|(_, y)| y));
        let (x, y) = (&mut self.x[start..], &mut self.y[start..]);
        if all_finite(x) && all_finite(y) {
            return;
        }
        for (row, (x, y)) in x.iter_mut().zip(y).enumerate() {
            if !(x.is_finite() && y.is_finite()) {
                if !(x.is_nan() && y.is_nan()) {
                    self.not_finite.add(start + row);
                }
                (*x, *y) = (f64::NAN, f64::NAN);
            }
        }
    }

    pub(crate) fn push(&mut self, geometry: Option<&Geometry>) {
        match geometry {
            None => self.push_missing(),
            Some(Geometry::Point(point)) => self.push_point(point.x(), point.y()),
            other => {
                if !self.row(|shapes| shapes.add_row(other)) {
                    self.push_missing();
                }
            }
        }
    }

    /// A row whose parts are added by a function that says its kind. If it says none, what it added is taken back and
    /// there is no row: false.
    pub(crate) fn row(&mut self, add: impl FnOnce(&mut ShapesBuilder) -> Option<GeometryKind>) -> bool {
        let row = self.len();
        let shapes = self.shapes();
        let mark = shapes.mark();
        let Some(kind) = add(shapes) else {
            shapes.rewind(mark);
            return false;
        };
        let finite = shapes.is_finite_since(mark);
        if !finite {
            shapes.rewind(mark);
        }
        shapes.end_row(finite.then_some(kind));
        if !finite {
            self.not_finite.add(row);
        }
        true
    }

    /// The shapes, into which the points so far go first.
    fn shapes(&mut self) -> &mut ShapesBuilder {
        let (x, y) = (&mut self.x, &mut self.y);
        self.shapes.get_or_insert_with(|| {
            let mut shapes = ShapesBuilder::new();
            for (x, y) in std::mem::take(x).into_iter().zip(std::mem::take(y)) {
                let point = Geometry::Point((x, y).into());
                shapes.push((!x.is_nan()).then_some(&point));
            }
            shapes
        })
    }

    /// The column, leaving the builder empty for another.
    pub(crate) fn finish(&mut self, crs: Crs) -> GeometryColumn {
        self.not_finite = Tally::default();
        match self.shapes.take() {
            None => GeometryColumn::of_points(std::mem::take(&mut self.x), std::mem::take(&mut self.y), crs),
            Some(shapes) => GeometryColumn::from_builder(shapes, crs),
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "arrow")]
    use geo::line_string;
    use proptest::prelude::*;

    use super::*;
    use crate::wkb::tests::any_geometry;

    proptest! {
        #[test]
        fn as_from_geometries(rows in prop::collection::vec(prop::option::of(any_geometry()), 0..8)) {
            let mut builder = ColumnBuilder::default();
            for _ in 0..2 {
                rows.iter().for_each(|row| builder.push(row.as_ref()));
                prop_assert_eq!(builder.len(), rows.len());
                let column = builder.finish(Crs::CC46);
                prop_assert_eq!(column, GeometryColumn::from_options(rows.clone(), Crs::CC46));
            }
        }
    }

    #[cfg(feature = "arrow")]
    #[test]
    fn rows_that_are_not_finite_are_missing() {
        let mut builder = ColumnBuilder::default();
        builder.push_points([(1.0, 2.0), (f64::INFINITY, 0.0), (f64::NAN, f64::NAN)].into_iter());
        builder.push_point(f64::NAN, 1.0);
        builder.push(Some(&line_string![(x: 0., y: 0.), (x: 1., y: f64::NAN)].into()));
        builder.push(Some(&line_string![(x: 0., y: 0.), (x: 1., y: 1.)].into()));
        assert_eq!((builder.not_finite.features, builder.not_finite.first), (3, 1));
        let column = builder.finish(Crs::CC46);
        let missing: Vec<bool> = (0..column.len()).map(|row| column.is_missing(row)).collect();
        assert_eq!(missing, [false, true, true, true, true, false]);
    }
}
