//! What the programs of a page read.
use datagora_core::Language;
use serde_json::{Value, json};

use super::{Content, Held};
use crate::Colour;
use crate::frame::made_label;
use crate::web::filter::Group;
use crate::web::gazetteer;
use crate::web::layer::{Colouring, Sign};
use crate::web::legend::{Row, rows};
use crate::web::size::{Law, state_of_size};
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
                let word = layer.map_or("", |layer| feature_word(layer, language));
                json!({ "layer": group.layer, "filters": group.numbers, "rows": group.rows(), "features": word })
            })
            .collect();
        let places: Vec<Value> = map.places.iter().map(|place| json!([place.name, place.bounds])).collect();
        let comparisons: Vec<Value> =
            map.comparisons.iter().map(|comparison| comparison.to_json(&map.layers)).collect();
        let config = json!({
            "embedded": embedded, "language": language.code(), "id": map.view.id(), "title": map.view.title(),
            "subtitle": map.view.subtitle(), "credits": map.view.credits(),
            "made": map.view.is_made().then(|| made_label(language)), "words": words(language),
            "bounds": map.opening()?, "style": style.style, "night": style.night, "sources": sources,
            "files": files, "layers": layers, "places": places, "filters": filters, "groups": listed,
            "time": map.time.as_ref().map(|time| time.to_json()), "comparisons": comparisons,
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
    let unit = match &layer.colouring {
        Colouring::Differences(changes) => Some(changes.symbol(language)),
        _ => layer.unit.as_ref().map(|unit| unit.symbol(language)),
    };
    let thinning: Vec<Value> = map
        .thinning(layer)
        .into_iter()
        .map(|count| json!([count.zoom, count.features, count.drawn, count.dropped]))
        .collect();
    let sizes = match &layer.sign {
        Sign::Sized(sizes) => json!({
            "unit": sizes.unit.symbol(language), "samples": sizes.samples(language),
            "lines": sizes.law == Law::Width,
            "colour": if layer.is_coloured() { Colour::MUTED.to_string() } else { colours[0].to_string() },
        }),
        _ => Value::Null,
    };
    let steps: Vec<Value> = layer
        .steps()
        .map(|stepped| {
            json!({
                "held": stepped.held(&layer.id), "rows": map.rows_of(layer), "classes": stepped.classes.is_some(),
                "sized": stepped.sized, "state": if stepped.sized { state_of_size(&layer.id) } else { layer.id.clone() },
                "decimals": stepped.values.decimals(), "unit": stepped.unit.symbol(language),
                "label": stepped.label(layer, language),
            })
        })
        .collect();
    let differences = match &layer.colouring {
        Colouring::Differences(changes) => {
            let told = |row| json!([changes.told(row, language), changes.kind_of(row, language)]);
            (0..changes.len()).map(told).collect::<Value>()
        }
        _ => Value::Null,
    };
    json!({
        "id": layer.id, "title": layer.title, "parts": parts, "theme": layer.is_theme(),
        "covers": layer.covers(), "hidden": layer.hidden, "source": layer.source,
        "read": layer.is_read(), "heading": layer.heading, "fields": fields, "rows": rows,
        "unit": unit, "thinning": thinning, "features": feature_word(layer, language), "sizes": sizes, "steps": steps,
        "differences": differences, "period": layer.period, "meaning": layer.meaning(),
    })
}

/// What the features of a layer are called in sentences that count them.
fn feature_word(layer: &WebLayer, language: Language) -> &str {
    match &layer.feature_word[..] {
        "" => language.pick("objets", "features"),
        word => word,
    }
}

/// What the page holds beside programs and sources, compressed.
fn held(map: &WebMap, groups: &[Group<'_>]) -> Vec<Held> {
    let mut held: Vec<Held> =
        groups.iter().map(|group| Held::new(format!("filter-{}", group.layer), &group.cube())).collect();
    for layer in &map.layers {
        for stepped in layer.steps() {
            held.push(Held::new(stepped.held(&layer.id), &stepped.values.encode(stepped.classes)));
        }
    }
    if !map.gazetteer.is_empty() {
        held.push(Held::new("addresses".to_owned(), gazetteer::encode(&map.gazetteer).as_bytes()));
    }
    held
}
