//! Rectangles around what is stored, without the ordering checks of `Rect`.
use crate::types::{Coord, Rect};

/// A rectangle that may be empty (nothing has been added).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) min_x: f64,
    pub(crate) min_y: f64,
    pub(crate) max_x: f64,
    pub(crate) max_y: f64,
}

impl Bounds {
    /// Holds nothing.
    pub(crate) const EMPTY: Bounds = Bounds {
        min_x: f64::INFINITY,
        min_y: f64::INFINITY,
        max_x: f64::NEG_INFINITY,
        max_y: f64::NEG_INFINITY,
    };

    pub(crate) fn of(rect: Rect) -> Self {
        Bounds { min_x: rect.min().x, min_y: rect.min().y, max_x: rect.max().x, max_y: rect.max().y }
    }

    /// Around points; NaN is passed over.
    pub(crate) fn around(x: &[f64], y: &[f64]) -> Self {
        let (min_x, max_x) = extent(x);
        let (min_y, max_y) = extent(y);
        Bounds { min_x, min_y, max_x, max_y }
    }

    /// Around both.
    pub(crate) fn union(self, other: Self) -> Self {
        Bounds {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
        }
    }

    /// Whether they share a point.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.min_x <= other.max_x
            && other.min_x <= self.max_x
            && self.min_y <= other.max_y
            && other.min_y <= self.max_y
    }

    /// Whether all of another is in it.
    pub(crate) fn holds(&self, inner: &Self) -> bool {
        self.min_x <= inner.min_x
            && self.min_y <= inner.min_y
            && inner.max_x <= self.max_x
            && inner.max_y <= self.max_y
    }

    pub(crate) fn is_empty(&self) -> bool {
        // Written so that NaN counts as empty.
        !(self.min_x <= self.max_x && self.min_y <= self.max_y)
    }

    pub(crate) fn rect(&self) -> Option<Rect> {
        (!self.is_empty()).then(|| {
            Rect::new(Coord { x: self.min_x, y: self.min_y }, Coord { x: self.max_x, y: self.max_y })
        })
    }
}

/// Least and greatest number of a slice; NaN is passed over.
fn extent(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
}
