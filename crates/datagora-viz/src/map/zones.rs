//! Zones as surfaces, and the theme of those coloured by a rate.
use datagora_core::{Crs, Language};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::coverage::{Coverage, Place};
use super::ground::Ground;
use super::rows::Rows;
use super::shading::Shades;
use super::sheet::Theme;
use super::words::describe_absent;
use super::{MapError, MapOptions};
use crate::label::Wish;
use crate::legend::Legend;
use crate::{Mark, Scene};

/// Zones in the colours of a rate: a theme of its own, and the ground of others.
pub(super) struct ColouredZones<'a> {
    pub(super) zones: Coverage,
    pub(super) shades: Shades,
    /// Which zones have no place, in words.
    pub(super) absent: Option<String>,
    options: &'a MapOptions,
    language: Language,
}

impl<'a> ColouredZones<'a> {
    /// Brings zones with these names into the CRS of the map.
    pub(super) fn new(
        (zones, names): (&GeometryColumn, &[String]),
        shades: Shades,
        crs: &Crs,
        options: &'a MapOptions,
        language: Language,
    ) -> Result<Self, MapError> {
        let zones = Coverage::projected(zones, crs)?;
        let absent = describe_lost(&zones, names, language);
        Ok(Self { zones, shades, absent, options, language })
    }

    /// Draws the zones with values of these rows.
    pub(super) fn draw(&self, rows: &Rows, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        draw_zones(&self.zones, ground, scene, |row, mark| {
            let mark = mark.fill(self.shades.fill_of(&rows.values[row])).tip(rows.tip(row, self.language));
            Mark { link: rows.link(row), ..mark }
        })
    }
}

impl Theme for ColouredZones<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.draw(&self.shades.rows, ground, scene)
    }

    fn draw_symbols(&self, _: &Ground, _: &mut Scene) {}

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        zone_names(&self.zones, &self.shades.rows.names, self.options, ground)
    }

    fn explain(&self, _: &Ground, legend: &mut Legend<'_>) {
        self.shades.explain(&self.options.zone_word, legend, self.language);
        if let Some(absent) = &self.absent {
            legend.words(absent);
        }
    }
}

/// Draws each zone as far as the map shows it, with the border that suits their number; `look` gives it fill and tip.
pub(super) fn draw_zones(
    zones: &Coverage,
    ground: &Ground,
    scene: &mut Scene,
    look: impl Fn(usize, Mark) -> Mark,
) -> Result<(), MapError> {
    let border = ground.border(zones.len());
    for (row, geometry) in zones.generalise(ground)?.iter().enumerate() {
        let Some(shape) = geometry.and_then(|geometry| ground.surface(&geometry)) else { continue };
        scene.add(look(row, Mark { stroke: border, ..Mark::new(shape) }));
    }
    Ok(())
}

/// Names that would stand within their zones, by importance or surface.
pub(super) fn zone_names(
    zones: &Coverage,
    names: &[String],
    options: &MapOptions,
    ground: &Ground,
) -> Vec<Wish> {
    let importance = options.importance.as_deref();
    names
        .iter()
        .zip(zones.places())
        .enumerate()
        .filter_map(|(row, (name, place))| {
            let Place { at, area } = (*place)?;
            let [x, y] = ground.place(at.0);
            let importance = importance.map_or(area, |importance| importance[row]);
            Some(Wish { text: name.clone(), x, y, importance, clearance: 0.0 })
        })
        .collect()
}

/// Which zones have no geometry, in words.
pub(super) fn describe_lost(zones: &GeometryColumn, names: &[String], language: Language) -> Option<String> {
    let lost: Vec<usize> = (0..zones.len()).filter(|&row| zones.is_missing(row)).collect();
    describe_absent(names, &lost, language)
}
