//! Zones without the detail that a picture does not show.
use std::cell::RefCell;
use std::ops::Deref;

use datagora_core::Crs;
use datagora_geo::GeometryColumn;

use super::ground::Ground;
use super::{MapError, projected};

/// Zones in the CRS of a map. What was simplified for one picture is where the next one of a smaller scale begins.
pub(super) struct Coverage {
    zones: GeometryColumn,
    /// The first that was drawn, and the detail that it left out.
    drawn: RefCell<Option<(f64, GeometryColumn)>>,
}

impl Coverage {
    /// Brings zones into the CRS of a map.
    pub(super) fn projected(zones: &GeometryColumn, crs: &Crs) -> Result<Self, MapError> {
        Ok(Self::from(projected(zones, crs)?))
    }

    /// The zones without the detail that this scale does not show, neighbours still sharing their borders.
    pub(super) fn generalise(&self, ground: &Ground) -> Result<GeometryColumn, MapError> {
        let detail = ground.detail();
        let mut drawn = self.drawn.borrow_mut();
        let from = match &*drawn {
            Some((left_out, simple)) if *left_out <= detail => simple,
            _ => &self.zones,
        };
        let simple = ground.generalise(from)?;
        if drawn.is_none() {
            *drawn = Some((detail, simple.clone()));
        }
        Ok(simple)
    }
}

impl From<GeometryColumn> for Coverage {
    fn from(zones: GeometryColumn) -> Self {
        Self { zones, drawn: RefCell::new(None) }
    }
}

impl Deref for Coverage {
    type Target = GeometryColumn;

    fn deref(&self) -> &GeometryColumn {
        &self.zones
    }
}
