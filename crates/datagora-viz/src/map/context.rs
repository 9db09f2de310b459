//! Layers around the data.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::ground::Ground;
use super::{MapError, projected};
use crate::{Colour, Fill, Mark, Scene, Shape, Stroke};

/// Ground below symbols.
const LAND: Colour = Colour::rgb(240, 239, 235);
/// Borders of the ground, and their width.
const LAND_BORDER: (Colour, f64) = (Colour::rgb(205, 205, 200), 0.6);

/// Draws the zones that symbols stand in.
pub(super) fn draw_land(zones: &GeometryColumn, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
    let (colour, width) = LAND_BORDER;
    for shape in ground.generalise(zones)?.iter().flatten().filter_map(|geometry| ground.surface(&geometry)) {
        scene.add(Mark::new(shape).fill(Fill::Solid(LAND)).stroke(Stroke::new(colour, width)));
    }
    Ok(())
}

/// Draws surfaces between the layers that lie below and above them.
pub(super) fn draw_amid(
    layers: &[Context],
    ground: &Ground,
    scene: &mut Scene,
    surfaces: impl FnOnce(&mut Scene) -> Result<(), MapError>,
) -> Result<(), MapError> {
    for layer in layers.iter().filter(|layer| !layer.above) {
        layer.draw(ground, scene)?;
    }
    surfaces(scene)?;
    for layer in layers.iter().filter(|layer| layer.above) {
        layer.draw(ground, scene)?;
    }
    Ok(())
}

/// A layer that helps to find one's way.
///
/// What reaches beyond the map is cut off. Context says nothing of its own, so it is not in the table of the view.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    geometry: GeometryColumn,
    fill: Option<Colour>,
    stroke: Option<(Colour, f64)>,
    above: bool,
    framing: bool,
}

impl Context {
    /// Land or zones below the data: pale, with white borders. The map shows all of it.
    pub fn land(geometry: GeometryColumn) -> Self {
        Self { geometry, fill: Some(LAND), stroke: Some(LAND_BORDER), above: false, framing: true }
    }

    /// Rivers and lakes, below the data.
    pub fn water(geometry: GeometryColumn) -> Self {
        Self {
            geometry,
            fill: Some(Colour::rgb(198, 220, 236)),
            stroke: Some((Colour::rgb(198, 220, 236), 1.2)),
            above: false,
            framing: false,
        }
    }

    /// Borders of larger zones, above surfaces and below symbols.
    pub fn borders(geometry: GeometryColumn) -> Self {
        Self {
            geometry,
            fill: None,
            stroke: Some((Colour::rgb(105, 105, 105), 0.7)),
            above: true,
            framing: false,
        }
    }

    /// Lines of this colour and width (px), such as metro lines, above surfaces and below symbols.
    pub fn lines(geometry: GeometryColumn, colour: Colour, width: f64) -> Self {
        Self { geometry, fill: None, stroke: Some((colour, width)), above: true, framing: false }
    }

    /// The layer in the CRS of the map.
    pub(super) fn prepare(&self, crs: &Crs) -> Result<Self, MapError> {
        Ok(self.moved_to(projected(&self.geometry, crs)?))
    }

    /// Its geometries.
    pub(super) fn geometry(&self) -> &GeometryColumn {
        &self.geometry
    }

    /// The same layer elsewhere.
    pub(super) fn moved_to(&self, geometry: GeometryColumn) -> Self {
        Self { geometry, ..self.clone() }
    }

    /// What the map must show of it.
    pub(super) fn framed(&self) -> Option<Rect> {
        self.framing.then(|| self.geometry.bounds()).flatten()
    }

    fn draw(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        for geometry in ground.generalise(&self.geometry)?.iter().flatten() {
            let path = ground.clipped_path(&geometry);
            if path.parts.is_empty() {
                continue;
            }
            let mut mark = Mark::new(Shape::Path(path));
            // Lines have no inside.
            let closed = matches!(&mark.shape, Shape::Path(path) if path.parts.iter().all(|part| part.1));
            if let Some(fill) = self.fill.filter(|_| closed) {
                mark = mark.fill(Fill::Solid(fill));
            }
            if let Some((colour, width)) = self.stroke {
                mark = mark.stroke(Stroke::new(colour, width));
            }
            scene.add(mark);
        }
        Ok(())
    }
}
