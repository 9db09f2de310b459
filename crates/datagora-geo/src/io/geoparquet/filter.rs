//! Which rows of a batch are kept.
use std::fmt;

use super::pages::{RECORD, Sink};
use crate::geometry::Bounds;
use crate::types::Rect;
use crate::wkb::{RowDecoder, outline};
use crate::{GeometryColumn, WkbError};

type Wanted = Box<dyn FnMut(Rect) -> bool + Send>;

/// Keeps rows by the rectangle of their main geometry.
///
/// Where the rectangle can be told from well-known binary, a row that is left out is never built.
#[derive(Default)]
pub(super) struct Filter {
    within: Option<Bounds>,
    wanted: Option<Wanted>,
    /// Of each row of the batch.
    verdicts: Vec<Verdict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Kept,
    LeftOut,
    /// Known when the geometry is built.
    Open,
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter").field("within", &self.within).finish_non_exhaustive()
    }
}

impl Filter {
    pub(super) fn within(within: Option<Bounds>) -> Self {
        Self { within, ..Self::default() }
    }

    /// Keeps those only that the function wants, too.
    pub(super) fn and(&mut self, mut wanted: impl FnMut(Rect) -> bool + Send + 'static) {
        self.wanted = Some(match self.wanted.take() {
            None => Box::new(wanted),
            Some(mut before) => Box::new(move |rectangle| before(rectangle) && wanted(rectangle)),
        });
    }

    /// Whether all rows are kept.
    pub(super) fn is_open(&self) -> bool {
        self.within.is_none() && self.wanted.is_none()
    }

    fn keeps(&mut self, bounds: &Bounds) -> bool {
        let Some(rectangle) = bounds.rect() else { return false };
        self.within.is_none_or(|within| bounds.meets(&within))
            && self.wanted.as_mut().is_none_or(|wanted| wanted(rectangle))
    }

    /// The rows kept of a batch whose geometries are built.
    pub(super) fn rows(&mut self, geometry: &GeometryColumn) -> Vec<usize> {
        let mut verdicts = std::mem::take(&mut self.verdicts);
        verdicts.resize(geometry.len(), Verdict::Open);
        let kept = |(row, verdict): (usize, Verdict)| {
            let kept = match verdict {
                Verdict::Kept => true,
                Verdict::LeftOut => false,
                Verdict::Open => self.keeps(&geometry.bounds_of(row)),
            };
            kept.then_some(row)
        };
        verdicts.into_iter().enumerate().filter_map(kept).collect()
    }
}

/// Decodes values, those that are kept.
pub(super) struct Kept<'a> {
    pub(super) rows: &'a mut RowDecoder,
    /// Not for further columns.
    pub(super) filter: Option<&'a mut Filter>,
}

impl Sink for Kept<'_> {
    fn missing(&mut self) {
        self.rows.builder.push_missing();
        if let Some(filter) = &mut self.filter {
            filter.verdicts.push(Verdict::LeftOut);
        }
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), WkbError> {
        let Some(filter) = &mut self.filter else { return self.rows.push(bytes) };
        let verdict = match outline(bytes) {
            Some(bounds) if filter.keeps(&bounds) => Verdict::Kept,
            Some(_) => Verdict::LeftOut,
            None => Verdict::Open,
        };
        match verdict {
            Verdict::LeftOut => self.rows.builder.push_missing(),
            _ => self.rows.push(bytes)?,
        }
        filter.verdicts.push(verdict);
        Ok(())
    }

    fn points(&mut self, values: &[[u8; RECORD]]) -> bool {
        let points = self.rows.push_points(values);
        if let (true, Some(filter)) = (points, &mut self.filter) {
            filter.verdicts.resize(filter.verdicts.len() + values.len(), Verdict::Open);
        }
        points
    }
}
