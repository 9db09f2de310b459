//! What the programs of a page read.
use datagora_core::Language;
use serde_json::{Value, json};

use super::{Content, Held};
use crate::Colour;
use crate::frame::made_label;
use crate::web::filter::Group;
use crate::web::gazetteer;
use crate::web::layer::{Colouring, Sign};
use crate::web::legend::{Row, circles, rows};
use crate::web::source::Kind;
use crate::web::style::Style;
use crate::web::words::words;
use crate::web::{WebLayer, WebMap, WebMapError};

impl<'a> Content<'a> {
    /// Checks the map and gathers what both forms of the page hold; `embedded` in one file.
    pub(super) fn new(map: &'a WebMap, embedded: bool) -> Result<Self, WebMapError> {
        map.check()?;
        let language = map.view.language();
        let colours: Vec<Vec<Colour>> =
            map.layers.iter().map(|layer| layer.colours()).collect::<Result<_, _>>()?;
        let style = Style::new(&map.sources, &map.layers, &colours)?;
        let groups = map.filter_groups()?;
        let held = held(map, &groups);
        let layers: Vec<Value> = map
            .layers
            .iter()
            .zip(&style.parts)
            .zip(&colours)
            .map(|((layer, parts), colours)| layer_json(map, layer, parts, colours, language))
            .collect();
        let file = |path: String| (!embedded).then_some(path);
        let sources: serde_json::Map<String, Value> = map
            .sources
            .iter()
            .map(|(id, source)| {
                let (kind, ending) = match source.0 {
                    Kind::Tiles(_) => ("tiles", "pmtiles"),
                    Kind::Features { .. } => ("features", "geojson"),
                };
                (id.clone(), json!({ "kind": kind, "file": file(format!("data/{id}.{ending}")) }))
            })
            .collect();
        let files: serde_json::Map<String, Value> =
            held.iter().map(|held| (held.id.clone(), json!(file(held.path())))).collect();
        let mut filters: Vec<Value> = vec![Value::Null; map.filters.len()];
        for (number, filter) in groups.iter().flat_map(|group| group.numbers.iter().zip(&group.filters)) {
            filters[*number] = filter.to_json(language);
        }
        let listed: Vec<Value> = groups
            .iter()
            .map(|group| {
                let layer = map.layers.iter().find(|layer| layer.id == group.layer);
                let word = layer.map_or("", |layer| &layer.feature_word);
                json!({ "layer": group.layer, "filters": group.numbers, "rows": group.rows(), "features": word })
            })
            .collect();
        let places: Vec<Value> = map.places.iter().map(|place| json!([place.name, place.bounds])).collect();
        let config = json!({
            "embedded": embedded, "language": language.code(), "id": map.view.id(), "title": map.view.title(),
            "subtitle": map.view.subtitle(), "credits": map.view.credits(),
            "made": map.view.is_made().then(|| made_label(language)), "words": words(language),
            "bounds": map.opening()?, "style": style.style, "night": style.night, "sources": sources,
            "files": files, "layers": layers, "places": places, "filters": filters, "groups": listed,
            "time": map.time.as_ref().map(|time| time.to_json()),
        });
        Ok(Self { map, language, colours, groups, config, held })
    }
}

fn layer_json(
    map: &WebMap,
    layer: &WebLayer,
    parts: &[String],
    colours: &[Colour],
    language: Language,
) -> Value {
    let rows: Vec<Value> = rows(layer, colours, map.opening_step(), language)
        .into_iter()
        .map(|Row { colour, label, .. }| json!([colour.to_string(), label]))
        .collect();
    let fields: Vec<Value> = layer.fields.iter().map(|field| field.to_json(language)).collect();
    let unit = layer.unit.as_ref().map(|unit| unit.symbol(language));
    let thinning: Vec<Value> = map
        .thinning(layer)
        .into_iter()
        .map(|count| json!([count.zoom, count.features, count.drawn, count.dropped]))
        .collect();
    let sizes = match &layer.sign {
        Sign::Sized(sizes) => json!({
            "unit": sizes.unit.symbol(language), "circles": circles(sizes, language),
            "colour": if layer.is_coloured() { Colour::MUTED.to_string() } else { colours[0].to_string() },
        }),
        _ => Value::Null,
    };
    let steps = match &layer.colouring {
        Colouring::Steps { values, classes, .. } => {
            json!({ "rows": map.rows_of(layer), "classes": classes.len(), "decimals": values.decimals() })
        }
        _ => Value::Null,
    };
    json!({
        "id": layer.id, "title": layer.title, "parts": parts, "theme": layer.is_theme(),
        "covers": layer.covers(), "hidden": layer.hidden, "source": layer.source,
        "read": layer.is_read(), "heading": layer.heading, "fields": fields, "rows": rows,
        "unit": unit, "thinning": thinning, "features": layer.feature_word, "sizes": sizes, "steps": steps,
        "period": layer.period,
    })
}

/// What the page holds beside programs and sources, compressed.
fn held(map: &WebMap, groups: &[Group<'_>]) -> Vec<Held> {
    let mut held: Vec<Held> =
        groups.iter().map(|group| Held::new(format!("filter-{}", group.layer), &group.cube())).collect();
    for layer in &map.layers {
        if let Colouring::Steps { values, classes, .. } = &layer.colouring {
            held.push(Held::new(format!("steps-{}", layer.id), &values.encode(classes)));
        }
    }
    if !map.gazetteer.is_empty() {
        held.push(Held::new("addresses".to_owned(), gazetteer::encode(&map.gazetteer).as_bytes()));
    }
    held
}
