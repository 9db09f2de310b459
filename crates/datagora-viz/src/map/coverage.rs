//! Zones without the detail that a picture does not show.
use std::cell::{OnceCell, RefCell};
use std::ops::Deref;

use datagora_core::Crs;
use datagora_geo::types::Point;
use datagora_geo::{CoverageSimplifier, GeometryColumn, Metric, area, interior_point};

use super::ground::Ground;
use super::{MapError, projected, unprepared};

/// Zones in the CRS of a map. What was simplified for one picture is where the next one of a smaller scale begins.
pub(super) struct Coverage {
    zones: GeometryColumn,
    drawn: RefCell<Option<CoverageSimplifier>>,
    places: OnceCell<Vec<Option<Place>>>,
}

/// Where the name of a zone would stand.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) at: Point,
    /// Surface of the zone, m².
    pub(super) area: f64,
}

impl Coverage {
    /// Brings zones into the CRS of a map.
    pub(super) fn projected(zones: &GeometryColumn, crs: &Crs) -> Result<Self, MapError> {
        Ok(Self::from(projected(zones, crs)?))
    }

    /// The zones without the detail that this scale does not show, neighbours still sharing their borders.
    pub(super) fn generalise(&self, ground: &Ground) -> Result<GeometryColumn, MapError> {
        let (detail, simplified) = (ground.detail(), |error| unprepared(self.zones.crs())(error));
        let mut drawn = self.drawn.borrow_mut();
        let simplifier = match &mut *drawn {
            Some(simplifier) => simplifier,
            none => none.insert(CoverageSimplifier::new(self.zones.clone()).map_err(simplified)?),
        };
        if simplifier.tolerance() <= detail {
            simplifier.simplify(detail).map_err(simplified)
        } else {
            ground.generalise(&self.zones)
        }
    }

    /// Where the name of each zone would stand; `None` for those without surface.
    pub(super) fn places(&self) -> &[Option<Place>] {
        self.places.get_or_init(|| {
            let areas = area(&self.zones, Metric::Planar).unwrap_or_else(|_| vec![0.0; self.zones.len()]);
            let points = interior_point(&self.zones);
            let place = |(row, area)| Some(Place { at: points.get(row)?.try_into().ok()?, area });
            areas.into_iter().enumerate().map(place).collect()
        })
    }
}

impl From<GeometryColumn> for Coverage {
    fn from(zones: GeometryColumn) -> Self {
        Self { zones, drawn: RefCell::new(None), places: OnceCell::new() }
    }
}

impl Deref for Coverage {
    type Target = GeometryColumn;

    fn deref(&self) -> &GeometryColumn {
        &self.zones
    }
}
