//! Communes around what an interactive map shows.
use datagora::core::{Crs, Dataset, Language};
use datagora::geo::{GeometryColumn, interior_point};
use datagora::viz::{Column, Ground, WebLayer, WebMap, WebSource};

use crate::figures::{not_covered, short_names};
use crate::material::Material;
use crate::recorder::Trouble;

/// The map with surfaces and symbols amid the communes, if those are known: the land below, limits above the surfaces, names above all.
pub(crate) fn amid_communes(
    map: WebMap,
    material: &Material,
    (surfaces, symbols): (Vec<WebLayer>, Vec<WebLayer>),
    language: Language,
) -> Result<WebMap, Trouble> {
    let Some(communes) = material.communes.as_ref().map(Dataset::payload) else {
        return Ok(surfaces.into_iter().chain(symbols).fold(map, WebMap::with_layer));
    };
    let names = Column::text("name", short_names(&communes.name));
    let limits = language.pick("Communes", "Communes");
    let titles = language.pick("Noms des communes", "Names of communes");
    // A surface would be named once in each tile that it is in.
    let middles = interior_point(&communes.geometry);
    let mut land = WebLayer::surfaces("land", "communes", limits).with_ground(Ground::Land);
    // Below symbols, all of it is seen, and nobody takes it for data.
    if !surfaces.is_empty() {
        land = land.with_meaning(not_covered(language));
    }
    let map = map
        .with_source("names", WebSource::features(&middles, std::slice::from_ref(&names))?)
        .with_source("communes", WebSource::features(&communes.geometry, &[names])?)
        .with_layer(land);
    let map = surfaces
        .into_iter()
        .fold(map, WebMap::with_layer)
        .with_layer(WebLayer::lines("limits", "communes", limits, 1.5).with_ground(Ground::Boundary));
    Ok(symbols
        .into_iter()
        .fold(map, WebMap::with_layer)
        .with_layer(WebLayer::names("names", "names", titles, "name", 14.0))
        .with_places(&communes.name, &communes.geometry)?)
}

/// The map, opened on these geometries.
pub(crate) fn opened_on(map: WebMap, geometry: &GeometryColumn) -> Result<WebMap, Trouble> {
    Ok(match geometry.reproject(&Crs::WGS84)?.bounds() {
        Some(bounds) => {
            let (low, high) = (bounds.min(), bounds.max());
            map.with_bounds([low.x, low.y, high.x, high.y])
        }
        None => map,
    })
}
