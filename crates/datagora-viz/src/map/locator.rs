//! A small map that shows where one zone lies among all.
use std::sync::Arc;

use datagora_geo::GeometryColumn;

use super::ground::Ground;
use super::projection::Projection;
use super::{MapError, MapOptions, projected};
use crate::Colour;
use crate::scene::{Fill, Mark, Path, Scene, Shape, Stroke};

/// Width of the map, px.
const WIDTH: f64 = 240.0;
const LAND: Colour = Colour::rgb(226, 228, 224);
const BORDER: Colour = Colour::rgb(150, 156, 160);
const ACCENT: Colour = Colour::rgb(213, 94, 0);

/// The outlines of all zones, drawn once below each of them.
pub(crate) struct Locator {
    outlines: Vec<Option<Path>>,
    height: f64,
    backdrop: Arc<Scene>,
}

impl Locator {
    /// Generalises the zones for a small map.
    pub(crate) fn new(zones: &GeometryColumn, options: &MapOptions) -> Result<Self, MapError> {
        let zones = projected(zones, &Projection::of(zones, options)?.crs)?;
        let bounds = zones.bounds().ok_or(MapError::Nowhere { rows: zones.len() })?;
        let ground = Ground::fit(bounds, 0.0, 0.0, WIDTH, 1.3 * WIDTH);
        let outline = |geometry: &datagora_geo::types::Geometry| ground.path(geometry);
        let outlines: Vec<Option<Path>> =
            ground.generalise(&zones)?.iter().map(|geometry| geometry.as_ref().map(outline)).collect();
        let height = ground.area.bottom.ceil();
        let mut backdrop = Scene::new(WIDTH, height);
        for path in outlines.iter().flatten().filter(|path| !path.parts.is_empty()) {
            let mark = Mark::new(Shape::Path(path.clone())).fill(Fill::Solid(LAND));
            backdrop.add(mark.stroke(Stroke::new(BORDER, 0.6)));
        }
        Ok(Self { outlines, height, backdrop: Arc::new(backdrop) })
    }

    /// The map of one zone; `None` if it has no outline.
    pub(crate) fn scene(&self, row: usize) -> Option<Scene> {
        let path = self.outlines.get(row)?.clone().filter(|path| !path.parts.is_empty())?;
        let mut scene = Scene::new(WIDTH, self.height);
        scene.set_backdrop(Arc::clone(&self.backdrop), 0.0);
        let mark = Mark::new(Shape::Path(path)).fill(Fill::Solid(ACCENT));
        scene.add(mark.stroke(Stroke::new(Colour::INK, 1.0)));
        Some(scene)
    }
}
