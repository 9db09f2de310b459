//! Layers around the data.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::bare::shows;
use super::ground::Ground;
use super::{MapError, MapOptions, projected, refuse};
use crate::legend::Legend;
use crate::semiology::land_like_class;
use crate::{Colour, Fill, Mark, Scene, Shape, Stroke};

/// Ground below symbols.
const LAND: Colour = Colour::rgb(240, 239, 235);
/// Borders of the ground, and their width.
const LAND_BORDER: (Colour, f64) = (Colour::rgb(205, 205, 200), 0.6);
/// Land of which the legend says what it is: paper, as where nobody looked. No class is white.
const BLANK: Colour = Colour::WHITE;
/// Its borders, seen on paper.
const BLANK_BORDER: (Colour, f64) = (Colour::rgb(150, 150, 146), 0.6);

/// Draws the zones that symbols stand in.
pub(super) fn draw_land(zones: &GeometryColumn, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
    let (colour, width) = LAND_BORDER;
    for shape in ground.generalise(zones)?.iter().flatten().filter_map(|geometry| ground.surface(&geometry)) {
        scene.add(Mark::new(shape).fill(Fill::Solid(LAND)).stroke(Stroke::new(colour, width)));
    }
    Ok(())
}

/// Draws the land of symbols and the surfaces of classes between the layers that lie below and above them; tells which of the
/// layers are seen. Land that could be taken for a class is refused.
pub(super) fn draw_amid(
    layers: &[Context],
    options: &MapOptions,
    ground: &Ground,
    scene: &mut Scene,
    land: impl FnOnce(&mut Scene) -> Result<(), MapError>,
    surfaces: impl FnOnce(&mut Scene) -> Result<(), MapError>,
) -> Result<Vec<bool>, MapError> {
    let mut drawn = vec![0..0; layers.len()];
    let mut draw = |above: bool, scene: &mut Scene| -> Result<(), MapError> {
        for (layer, drawn) in layers.iter().zip(&mut drawn).filter(|(layer, _)| layer.above == above) {
            let from = scene.marks().len();
            layer.draw(ground, scene)?;
            *drawn = from..scene.marks().len();
        }
        Ok(())
    };
    draw(false, scene)?;
    land(scene)?;
    let from = scene.marks().len();
    surfaces(scene)?;
    let to = scene.marks().len();
    draw(true, scene)?;
    let marks = scene.marks();
    let seen = layers.iter().zip(drawn).map(|(layer, drawn)| {
        let like_class = || {
            let classes = marks[from..to].iter().filter_map(|mark| match mark.fill {
                Fill::Solid(colour) => Some(colour),
                _ => None,
            });
            layer.fill.and_then(|land| land_like_class(land, classes))
        };
        match &layer.meaning {
            _ if !layer.land => Ok(!drawn.is_empty()),
            Some(_) => shows(&marks[drawn.clone()], &marks[drawn.end..to], &ground.area),
            // Land that is unlike all classes needs no further look.
            None => {
                let Some(finding) = like_class() else { return Ok(false) };
                if shows(&marks[drawn.clone()], &marks[drawn.end..to], &ground.area)? {
                    refuse(vec![finding], options)?;
                }
                Ok(false)
            }
        }
    });
    seen.collect()
}

/// Names in the legend the layers that are seen.
pub(super) fn explain_seen(layers: &[Context], seen: &[bool], legend: &mut Legend<'_>) {
    for (layer, _) in layers.iter().zip(seen).filter(|(_, seen)| **seen) {
        layer.explain(legend);
    }
}

/// A layer that helps to find one's way.
///
/// What reaches beyond the map is cut off. Context says nothing of its own, so it is not in the table of the view; what it is, the
/// legend says if it has a meaning ([`Context::with_meaning`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    geometry: GeometryColumn,
    fill: Option<Colour>,
    stroke: Option<(Colour, f64)>,
    above: bool,
    /// The ground of the data: the map shows all of it.
    land: bool,
    meaning: Option<String>,
}

impl Context {
    /// Land or zones below the data, pale. The map shows all of it.
    ///
    /// Where zones leave some of it bare, readers would take it for one of the palest classes: a map on which they could is refused
    /// ([`Finding::LandLikeClass`](crate::Finding::LandLikeClass)), and [`Context::with_meaning`] is the remedy.
    pub fn land(geometry: GeometryColumn) -> Self {
        Self {
            geometry,
            fill: Some(LAND),
            stroke: Some(LAND_BORDER),
            above: false,
            land: true,
            meaning: None,
        }
    }

    /// Rivers and lakes, below the data.
    pub fn water(geometry: GeometryColumn) -> Self {
        Self {
            geometry,
            fill: Some(Colour::rgb(198, 220, 236)),
            stroke: Some((Colour::rgb(198, 220, 236), 1.2)),
            above: false,
            land: false,
            meaning: None,
        }
    }

    /// Borders of larger zones, above surfaces and below symbols.
    pub fn borders(geometry: GeometryColumn) -> Self {
        Self {
            geometry,
            fill: None,
            stroke: Some((Colour::rgb(105, 105, 105), 0.7)),
            above: true,
            land: false,
            meaning: None,
        }
    }

    /// Lines of this colour and width (px), such as metro lines, above surfaces and below symbols.
    pub fn lines(geometry: GeometryColumn, colour: Colour, width: f64) -> Self {
        Self { geometry, fill: None, stroke: Some((colour, width)), above: true, land: false, meaning: None }
    }

    /// Says what the layer is, in the legend of maps on which it is seen. Land is then white like the paper, within its outlines:
    /// where nobody looked, and unlike any class.
    ///
    /// ```
    /// use datagora_core::{Crs, Language, Measured, Unit};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_viz::{Captions, Choropleth, Context, MapOptions, Method};
    ///
    /// let square = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 900., y: 900. }).to_polygon().into();
    /// let communes = GeometryColumn::new([0.0, 900.0, 1800.0].map(square), Crs::CC46);
    /// let known = communes.take(&[0, 1]);
    /// let names = ["Bron", "Lyon"].map(String::from);
    /// let trees = [4.0, 21.0].map(|value| Measured::new(value, Unit::of("{tree}/har")));
    /// let options = MapOptions::default().with_context(Context::land(communes).with_meaning("not surveyed"));
    /// let view = Choropleth::new(&known, &names, &trees)
    ///     .with_method(Method::Quantile, 2)
    ///     .draw(&options, &Captions::new("trees", "Where trees are", Language::English))?;
    /// assert!(view.to_svg().contains("not surveyed"));
    /// # Ok::<(), datagora_viz::MapError>(())
    /// ```
    pub fn with_meaning(self, words: impl Into<String>) -> Self {
        let meaning = Some(words.into());
        match self.land {
            true => Self { fill: Some(BLANK), stroke: Some(BLANK_BORDER), meaning, ..self },
            false => Self { meaning, ..self },
        }
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
        self.land.then(|| self.geometry.bounds()).flatten()
    }

    /// An entry of the legend, if there is something to say.
    fn explain(&self, legend: &mut Legend<'_>) {
        let Some(meaning) = &self.meaning else { return };
        legend.gap(4.0);
        match (self.fill, self.stroke) {
            (Some(fill), _) => legend.surface(Fill::Solid(fill), meaning),
            (None, Some((colour, width))) => legend.line(Stroke::new(colour, width), meaning),
            (None, None) => {}
        }
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
