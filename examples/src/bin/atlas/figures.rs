//! Pictures that several chapters draw alike, and small words.
use datagora::core::{Measured, Unit};
use datagora::geo::GeometryColumn;
use datagora::viz::{
    Captions, Choropleth, Context, MapOptions, Method, Palette, PointMap, ProportionalSymbols, Sequential,
    View,
};

use crate::material::Material;
use crate::recorder::Trouble;

/// A choropleth over the outlines of the communes.
pub(crate) fn rates(
    material: &Material,
    zones: &GeometryColumn,
    names: &[String],
    values: &[Measured],
    measure: &str,
    (method, palette): (Method, Sequential),
    (zone_word, labels): (&str, usize),
    words: &Captions,
) -> Result<View, Trouble> {
    let mut options = MapOptions::default().with_zone_word(zone_word).with_labels(labels);
    if let Some(communes) = &material.communes {
        let outlines = communes.payload().geometry.clone();
        options =
            options.with_context(Context::land(outlines.clone())).with_context(Context::borders(outlines));
    }
    let map = Choropleth::new(zones, names, values)
        .with_measure(measure)
        .with_method(method, 5)
        .with_palette(Palette::Sequential(palette));
    Ok(map.draw(&options, words)?)
}

/// Circles whose area is proportional to an amount, over the communes.
pub(crate) fn symbols(
    material: &Material,
    places: &GeometryColumn,
    names: &[String],
    values: &[Measured],
    measure: &str,
    categories: Option<&[String]>,
    (zone_word, labels): (&str, usize),
    words: &Captions,
) -> Result<View, Trouble> {
    let mut map = ProportionalSymbols::new(places, names, values).with_measure(measure);
    if let Some(categories) = categories {
        map = map.with_categories(categories);
    }
    Ok(map.draw(&over_communes(material, zone_word).with_labels(labels), words)?)
}

/// Points of some kinds, over the communes.
pub(crate) fn points(
    material: &Material,
    places: &GeometryColumn,
    names: &[String],
    (variable, categories): (&str, &[String]),
    zone_word: &str,
    words: &Captions,
) -> Result<View, Trouble> {
    let map = PointMap::new(places, names).with_categories(variable, categories);
    Ok(map.draw(&over_communes(material, zone_word).with_labels(0), words)?)
}

fn over_communes(material: &Material, zone_word: &str) -> MapOptions {
    let options = MapOptions::default().with_zone_word(zone_word);
    match &material.communes {
        Some(communes) => options.with_context(Context::land(communes.payload().geometry.clone())),
        None => options,
    }
}

/// Numbers as values without interval; NaN is a value that does not exist.
pub(crate) fn plain(values: &[f64], unit: &Unit) -> Vec<Measured> {
    values.iter().map(|&value| Measured::new(value, unit.clone())).collect()
}

/// With a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
