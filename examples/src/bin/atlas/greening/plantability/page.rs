//! The interactive map: cells of 5 m, each with its class and how sure that is, those in the middle with what it is made of.
use datagora::core::Language;
use datagora::geo::{Coverage, CoverageOptions, GeometryColumn};
use datagora::viz::{
    AttributeValues, Category, Contributions, Field, Filter, GridLayer, TileArchive, TileSet, View, WebLayer,
    WebMap, WebSource,
};

use super::Work;
use super::cells::{colours, middle};
use super::sureness::Sureness;
use crate::amid::{amid_communes, opened_on};
use crate::material::Material;
use crate::recorder::{Recorder, Trouble};

/// Cells along each side of the part that is explained cell by cell: each explanation takes some bytes of the page.
const EXPLAINED: usize = 600;
/// Zooms of the tiles: the whole city, to single cells.
const ZOOMS: std::ops::RangeInclusive<u8> = 10..=15;

pub(super) fn html(
    work: &Work<'_>,
    material: &Material,
    view: &View,
    recorder: &Recorder,
) -> Result<String, Trouble> {
    let language = recorder.language;
    let set = work.set();
    let codes: Vec<i64> = (0..work.map.grid().len())
        .filter_map(|cell| work.map.class(cell))
        .map(|class| i64::from(class.code))
        .collect();
    let named: Vec<(i64, &str)> =
        set.classes().iter().map(|class| (i64::from(class.code), class.name.in_language(language))).collect();
    let classes = counted(&named, &codes);
    let whole = work.map.grid().len() <= EXPLAINED * EXPLAINED;
    let note = match (language, whole) {
        (Language::French, true) => {
            "Toucher une cellule montre ce que chaque facteur ajoute à son indice ou en retire."
        }
        (Language::English, true) => {
            "Touching a cell shows what each factor adds to its index or takes from it."
        }
        (Language::French, false) => {
            "Toucher une cellule montre sa classe et, de près, au milieu de la ville (3 km sur 3), ce que chaque facteur ajoute à son \
             indice ou en retire."
        }
        (Language::English, false) => {
            "Touching a cell shows its class and, close up, in the middle of the city (3 km by 3), what each factor adds to its \
             index or takes from it."
        }
    };
    let cells =
        WebLayer::surfaces("plantability", "cells", language.pick("Planter un arbre", "Planting a tree"))
            .with_categories("class", classes.clone(), colours())
            .with_feature_word(language.pick("cellules de 5\u{a0}m", "cells of 5\u{a0}m"))
            .with_field(Field::coded("class", language.pick("Classe", "Class"), named))
            .with_field(Field::contributions(
                "why",
                language.pick("Pourquoi", "Why"),
                factors(work, language),
            ))
            .with_opacity(0.85)
            .with_note(note);
    // Of a part of the place the view shows all cells, too: what it says of them is enough.
    let part = work.data.payload().part.is_some();
    let titled = match (language, part) {
        (_, true) => view.clone(),
        (Language::French, false) => view.clone().with_subtitle(format!(
            "cellules de 5\u{a0}m\u{202f}; l’image et le tableau\u{a0}: {}",
            view.subtitle()
        )),
        (Language::English, false) => {
            view.clone().with_subtitle(format!("cells of 5\u{a0}m; picture and table: {}", view.subtitle()))
        }
    };
    let sureness = Sureness::new(work)?;
    let mut map = WebMap::new(titled)
        .with_source("cells", WebSource::tiles(tiles(work, language)?.to_bytes())?)
        .with_source("sureness", WebSource::tiles(sureness.tiles(work, language)?.to_bytes())?);
    let filters = [
        Filter::categories(
            "plantability",
            "class",
            language.pick("Planter un arbre", "Planting a tree"),
            classes,
            codes.into_iter().map(Some),
        ),
        sureness.filter(language),
    ];
    let surfaces = vec![cells, sureness.layer(language)];
    map = amid_communes(map, material, (surfaces, Vec::new()), language)?;
    if part {
        map = opened_on(map, &work.data.payload().area)?;
    }
    Ok(filters.into_iter().fold(map, WebMap::with_filter).to_html()?)
}

/// Categories with the number of rows of each.
pub(super) fn counted(names: &[(i64, &str)], codes: &[i64]) -> Vec<Category> {
    let count = |code: i64| codes.iter().filter(|other| **other == code).count();
    names.iter().map(|&(code, name)| Category::new(code, name).with_count(count(code))).collect()
}

/// The factors that have a layer, by their number in the set.
fn factors(work: &Work<'_>, language: Language) -> Contributions {
    let set = work.set();
    work.model.completeness().present.iter().fold(Contributions::new(1), |factors, &number| {
        let factor = &set.factors()[number];
        let family = set.families().iter().find(|family| family.id == factor.family);
        let family = family.map_or("", |family| family.name.in_language(language));
        factors.with_factor(number as u16, factor.name.in_language(language), family, factor.weight)
    })
}

fn tiles(work: &Work<'_>, language: Language) -> Result<TileArchive, Trouble> {
    let raster = work.map.class_raster()?;
    let layer = GridLayer::new("plantability", &raster)
        .with_zooms(ZOOMS)
        .with_attribute("why", AttributeValues::Text(explanations(work)?));
    let name = language.pick("Plantabilité", "Plantability");
    Ok(TileSet::new(name).with_metadata(&work.metadata, language).with_grid(layer).build()?)
}

/// By cell, which share of it each factor covers; none outside the middle.
fn explanations(work: &Work<'_>) -> Result<Vec<Option<String>>, Trouble> {
    let whole = work.map.grid();
    let (rows, columns) = (middle(whole.rows(), EXPLAINED), middle(whole.columns(), EXPLAINED));
    let window = whole.window(columns.clone(), rows.clone())?;
    let layers: Vec<(u16, &GeometryColumn)> = work
        .data
        .payload()
        .layers
        .iter()
        .filter_map(|(id, layer)| Some((work.set().position(id)? as u16, layer)))
        .collect();
    let columns_of_layers: Vec<&GeometryColumn> = layers.iter().map(|(_, layer)| *layer).collect();
    let coverage = Coverage::new(&window, &columns_of_layers, CoverageOptions::default())?;
    let texts = coverage.map_bands(|band| {
        let shares: Vec<&[f64]> = band.layers().collect();
        let of = |cell: usize| {
            Contributions::encode(
                layers.iter().zip(&shares).map(|((number, _), shares)| (*number, shares[cell])),
            )
        };
        (0..band.rows().len() * window.columns()).map(of).collect::<Vec<String>>()
    });
    let mut all = vec![None; whole.len()];
    for (number, text) in texts.into_iter().flatten().enumerate() {
        let (column, row) = window.position(number);
        all[whole.index(columns.start + column, rows.start + row)] = Some(text);
    }
    Ok(all)
}
