//! Layers in the language of MapLibre.
//!
//! References: MapLibre style specification, version 8.
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::layer::{Colouring, Sign};
use super::size::{Amount, Law, NO_AMOUNT, Sizes};
use super::source::Kind;
use super::{Ground, WebLayer, WebMapError, WebSource};
use crate::legend::NO_DATA;
use crate::map::Changes;
use crate::{Colour, Fill};

/// The picture of hatches that the page draws for what is missing.
const MISSING: &str = "missing";

/// A style, and the paints that change on a dark screen.
pub(super) struct Style {
    pub(super) style: Value,
    /// For each layer of the style: property, value on a light and on a dark screen.
    pub(super) night: Map<String, Value>,
    /// The layers of the style that each layer of the map became.
    pub(super) parts: Vec<Vec<String>>,
}

impl Style {
    pub(super) fn new(
        sources: &[(String, WebSource)],
        layers: &[WebLayer],
        colours: &[Vec<Colour>],
    ) -> Result<Self, WebMapError> {
        let listed: Map<String, Value> = sources
            .iter()
            .map(|(id, source)| {
                let value = match &source.0 {
                    Kind::Tiles(_) => json!({ "type": "vector", "url": format!("pmtiles://{id}") }),
                    Kind::Features { .. } => json!({ "type": "geojson", "data": null }),
                };
                (id.clone(), value)
            })
            .collect();
        let mut whole = Self { style: Value::Null, night: Map::new(), parts: Vec::new() };
        let mut written = vec![json!({
            "id": "around", "type": "background", "paint": { "background-color": hex(Ground::AROUND[0]) },
        })];
        whole.switch("around", "background-color", Ground::AROUND);
        for (layer, colours) in layers.iter().zip(colours) {
            let before = written.len();
            whole.write(&mut written, layer, colours, part_of(layer, sources)?);
            let ids = written[before..].iter().filter_map(|part| part["id"].as_str().map(str::to_owned));
            whole.parts.push(ids.collect());
        }
        // Without `glyphs`, the page draws letters itself, with the fonts it holds.
        whole.style = json!({ "version": 8, "sources": listed, "layers": written });
        Ok(whole)
    }

    fn switch(&mut self, id: &str, property: &str, [light, dark]: [Colour; 2]) {
        self.night.insert(id.to_owned(), json!({ "property": property, "colours": [hex(light), hex(dark)] }));
    }

    fn write(&mut self, written: &mut Vec<Value>, layer: &WebLayer, colours: &[Colour], part: Option<&str>) {
        let mut base = Map::new();
        base.insert("source".to_owned(), layer.source[..].into());
        if let Some(part) = part {
            base.insert("source-layer".to_owned(), part.into());
        }
        let [from, below] = layer.zooms;
        base.insert("minzoom".to_owned(), from.into());
        base.insert("maxzoom".to_owned(), below.into());
        let colour = colour_of(&layer.id, &layer.colouring, colours);
        let mut add = |id: &str, kind: &str, filter: Option<Value>, paint: Value, layout: Value| {
            let mut whole = base.clone();
            whole.extend([("id", id.into()), ("type", kind.into()), ("paint", paint)].map(owned));
            whole.extend(filter.map(|filter| owned(("filter", filter))));
            let mut layout = layout.as_object().cloned().unwrap_or_default();
            if layer.hidden {
                layout.insert("visibility".to_owned(), "none".into());
            }
            whole.insert("layout".to_owned(), layout.into());
            written.push(whole.into());
        };
        let known = known(&layer.colouring);
        let unknown = known.as_ref().map(|known| json!(["!", known]));
        let id = &layer.id[..];
        let property = match (&layer.sign, &layer.colouring) {
            (Sign::Surface, Colouring::Differences(changes)) => {
                for (suffix, rows, fill) in fills(changes) {
                    let mut paint = json!({ "fill-opacity": layer.opacity, "fill-antialias": false });
                    paint[fill.0] = fill.1;
                    add(&format!("{id}{suffix}"), "fill", Some(among(rows)), paint, json!({}));
                }
                "fill-color"
            }
            (Sign::Surface, _) => {
                // Edges of neighbours that are smoothed one by one leave light seams between them.
                let smooth = matches!(layer.colouring, Colouring::Ground(_)) || layer.outline.is_some();
                let mut paint =
                    json!({ "fill-color": colour, "fill-opacity": layer.opacity, "fill-antialias": smooth });
                if let Some(outline) = layer.outline {
                    paint["fill-outline-color"] = hex(outline).into();
                }
                add(id, "fill", known, paint, json!({}));
                let hatched = format!("{id}-{MISSING}");
                if let Some(unknown) = unknown {
                    let paint = json!({ "fill-pattern": MISSING, "fill-opacity": layer.opacity });
                    add(&hatched, "fill", Some(unknown), paint, json!({}));
                } else if let Colouring::Steps { values, classes, .. } = &layer.colouring {
                    // What is missing changes by step: hatches lie on all surfaces that miss a value once, and are seen where they
                    // do. On all surfaces they would double what a step costs.
                    let rows = values.rows_without(classes);
                    let seen = json!(["case", ["==", state(id), -1], layer.opacity, 0]);
                    let paint = json!({ "fill-pattern": MISSING, "fill-opacity": seen });
                    if !rows.is_empty() {
                        add(&hatched, "fill", Some(among(rows)), paint, json!({}));
                    }
                }
                "fill-color"
            }
            (Sign::Line { width }, _) => {
                let paint = json!({
                    "line-color": coloured_or_missing(colour, known), "line-opacity": layer.opacity,
                    "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 10, 0.6 * width, 18, 4.0 * width],
                });
                add(id, "line", None, paint, json!({ "line-cap": "round", "line-join": "round" }));
                "line-color"
            }
            (Sign::Sized(sizes), _) => {
                let colour = coloured_or_missing(colour, known);
                for part in signs(id, sizes, colour, layer.opacity) {
                    add(&part.id, part.kind, part.filter, part.paint, part.layout);
                }
                match sizes.law {
                    Law::Surface => "circle-color",
                    Law::Width => "line-color",
                }
            }
            (Sign::Circle { radius }, _) => {
                let paint = json!({
                    "circle-color": coloured_or_missing(colour, known), "circle-opacity": layer.opacity,
                    "circle-radius": radius, "circle-stroke-width": 1, "circle-stroke-color": hex(Colour::WHITE),
                });
                add(id, "circle", None, paint, json!({}));
                "circle-color"
            }
            (Sign::Name { attribute, size }, _) => {
                let paint = json!({
                    "text-color": colour, "text-opacity": layer.opacity, "text-halo-width": 1.4,
                    "text-halo-color": hex(Ground::AROUND[0]),
                });
                let layout = json!({
                    "text-field": ["to-string", ["get", attribute]], "text-size": size,
                    "text-font": ["Noto Sans"], "text-padding": 4, "text-max-width": 8,
                });
                add(id, "symbol", None, paint, layout);
                "text-color"
            }
        };
        if let Colouring::Ground(ground) = layer.colouring {
            self.switch(id, property, ground.colours());
            if property == "text-color" {
                self.night[id]["halo"] = json!(Ground::AROUND.map(hex));
            }
        }
    }
}

fn owned((key, value): (&str, Value)) -> (String, Value) {
    (key.to_owned(), value)
}

fn hex(colour: Colour) -> String {
    colour.to_string()
}

/// The part of the tiles that a layer draws; `None` of sources without parts.
fn part_of<'a>(
    layer: &'a WebLayer,
    sources: &'a [(String, WebSource)],
) -> Result<Option<&'a str>, WebMapError> {
    let by_name: BTreeMap<&str, &WebSource> = sources.iter().map(|(id, source)| (&id[..], source)).collect();
    let Some(source) = by_name.get(&layer.source[..]) else {
        let known: Vec<&str> = by_name.into_keys().collect();
        return Err(WebMapError::NoSource {
            layer: layer.id.clone(),
            source_id: layer.source.clone(),
            known: quoted(&known),
        });
    };
    let Kind::Tiles(archive) = &source.0 else { return Ok(None) };
    let part = layer.part.as_deref().unwrap_or(&layer.id);
    if archive.parts().any(|known| known == part) {
        return Ok(Some(part));
    }
    let known: Vec<&str> = archive.parts().collect();
    Err(WebMapError::NoPart { layer: layer.id.clone(), part: part.to_owned(), known: quoted(&known) })
}

pub(super) fn quoted(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        _ => names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "),
    }
}

/// The class that a feature of a layer has at the step shown, which the page sets; -1 without.
fn state(layer: &str) -> Value {
    json!(["coalesce", ["feature-state", layer], -1])
}

fn colour_of(id: &str, colouring: &Colouring, colours: &[Colour]) -> Value {
    let missing = hex(Colour::MISSING);
    match (colouring, colours) {
        (Colouring::Classes { attribute, classes, .. }, [below @ .., last]) => {
            // Classes hold their upper bound, which `step` would give to the next.
            let value = json!(["to-number", ["get", attribute]]);
            let mut expression = vec![json!("case")];
            for (colour, bound) in below.iter().zip(classes.breaks()) {
                expression.extend([json!(["<=", value, bound]), hex(*colour).into()]);
            }
            expression.push(hex(*last).into());
            if expression.len() > 2 { expression.into() } else { hex(*last).into() }
        }
        (Colouring::Steps { .. }, [_, ..]) => {
            let mut expression = vec![json!("match"), state(id)];
            for (class, colour) in colours.iter().enumerate() {
                expression.extend([class.into(), hex(*colour).into()]);
            }
            expression.push(missing.into());
            expression.into()
        }
        (Colouring::Categories { attribute, categories, .. }, [_, ..]) => {
            let mut expression = vec![json!("match"), json!(["to-number", ["get", attribute]])];
            for (category, colour) in categories.iter().zip(colours) {
                expression.extend([category.code.into(), hex(*colour).into()]);
            }
            expression.push(missing.into());
            expression.into()
        }
        (_, [first, ..]) => hex(*first).into(),
        (_, []) => missing.into(),
    }
}

/// The rows of zones that are filled alike, and how.
///
/// Colours of classes are one layer of the style, each hatch and each grey one more.
fn fills(changes: &Changes) -> Vec<(String, Vec<usize>, (&'static str, Value))> {
    let mut by_colour: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_hatch: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (row, fill) in changes.fills().enumerate() {
        match fill {
            Fill::Solid(colour) | Fill::Glass(colour, _) => {
                by_colour.entry(hex(colour)).or_default().push(row);
            }
            Fill::Hatch(colour) => by_hatch.entry(hatch_name(colour)).or_default().push(row),
            Fill::None => {}
        }
    }
    let all: Vec<usize> = by_colour.values().flatten().copied().collect();
    let mut expression = vec![json!("match"), json!(["id"])];
    for (colour, rows) in by_colour {
        expression.extend([json!(rows), colour.into()]);
    }
    expression.push(hex(Colour::MISSING).into());
    let mut layers = Vec::new();
    if !all.is_empty() {
        layers.push((String::new(), all, ("fill-color", expression.into())));
    }
    for (at, (name, rows)) in by_hatch.into_iter().enumerate() {
        layers.push((format!("-hatch-{at}"), rows, ("fill-pattern", name.into())));
    }
    layers
}

/// The name of a picture of hatches in a colour, which the page draws.
pub(super) fn hatch_name(colour: Colour) -> String {
    match Fill::Hatch(colour) == NO_DATA {
        true => MISSING.to_owned(),
        false => format!("hatch-{}", &hex(colour)[1..]),
    }
}

/// Whether a feature is of one of these rows.
fn among(rows: Vec<usize>) -> Value {
    json!(["match", ["id"], rows, true, false])
}

/// A layer of the style.
struct Part {
    id: String,
    kind: &'static str,
    filter: Option<Value>,
    paint: Value,
    layout: Value,
}

/// Circles or lines by the size of their amount, the largest below, and what stands for one that is missing.
///
/// Of steps, the page sets the amounts of features and which lie below: filters and layouts know nothing of either.
fn signs(id: &str, sizes: &Sizes, colour: Value, opacity: f64) -> Vec<Part> {
    let (amount, size) = (sizes.amount(id), sizes.expression(id));
    let unknown = format!("{id}-{MISSING}");
    let is_missing = json!(["<", amount, 0]);
    let or_missing = |missing: Value, else_: Value| json!(["case", is_missing, missing, else_]);
    let hollow = json!({
        "circle-color": hex(Colour::WHITE), "circle-radius": 3, "circle-stroke-width": 1.2,
        "circle-stroke-color": hex(Colour::MUTED),
    });
    let joined = json!({ "line-cap": "round", "line-join": "round" });
    let dashed = |opacity: Value| {
        json!({
            "line-color": hex(NO_AMOUNT), "line-width": 1.2, "line-dasharray": [2, 2], "line-opacity": opacity,
        })
    };
    match (&sizes.amount, sizes.law) {
        (Amount::Attribute(attribute), law) => {
            let value = json!(["to-number", ["get", attribute], 0]);
            let below = json!(["-", 0, value]);
            let filter = Some(json!([">", value, 0]));
            let no_value = Some(json!(["!", ["has", attribute]]));
            let part = |id: &str, kind, filter, paint, layout| Part {
                id: id.to_owned(),
                kind,
                filter,
                paint,
                layout,
            };
            match law {
                Law::Surface => vec![
                    part(
                        id,
                        "circle",
                        filter,
                        json!({
                            "circle-color": colour, "circle-opacity": opacity, "circle-radius": size,
                            "circle-stroke-width": 1, "circle-stroke-color": hex(Colour::WHITE),
                        }),
                        json!({ "circle-sort-key": below }),
                    ),
                    part(&unknown, "circle", no_value, hollow, json!({})),
                ],
                Law::Width => {
                    let mut layout = joined;
                    layout["line-sort-key"] = below;
                    vec![
                        part(
                            id,
                            "line",
                            filter,
                            json!({ "line-color": colour, "line-opacity": opacity, "line-width": size }),
                            layout,
                        ),
                        part(&unknown, "line", no_value, dashed(1.into()), json!({})),
                    ]
                }
            }
        }
        (Amount::Steps(_), Law::Surface) => {
            let white = || Value::from(hex(Colour::WHITE));
            let paint = json!({
                "circle-color": or_missing(white(), colour), "circle-opacity": opacity,
                "circle-radius": ["case", is_missing, 3, ["==", amount, 0], 0, size],
                "circle-stroke-width": ["case", is_missing, 1.2, ["==", amount, 0], 0, 1],
                "circle-stroke-color": or_missing(hex(Colour::MUTED).into(), white()),
            });
            vec![Part { id: id.to_owned(), kind: "circle", filter: None, paint, layout: json!({}) }]
        }
        (Amount::Steps(_), Law::Width) => {
            let paint = json!({
                "line-color": colour, "line-opacity": opacity,
                "line-width": ["case", ["<=", amount, 0], 0, size],
            });
            let dashes = dashed(or_missing(1.into(), 0.into()));
            vec![
                Part { id: id.to_owned(), kind: "line", filter: None, paint, layout: joined },
                Part { id: unknown, kind: "line", filter: None, paint: dashes, layout: json!({}) },
            ]
        }
    }
}

/// Whether a feature has a value that the legend explains; `None` where colours do not depend on data.
fn known(colouring: &Colouring) -> Option<Value> {
    match colouring {
        // Of steps, the colour itself says what is missing.
        Colouring::Single(_) | Colouring::Ground(_) | Colouring::Steps { .. } | Colouring::Differences(_) => {
            None
        }
        Colouring::Classes { attribute, .. } => Some(json!(["has", attribute])),
        Colouring::Categories { attribute, categories, .. } => {
            let codes: Vec<i64> = categories.iter().map(|category| category.code).collect();
            Some(json!(["in", ["to-number", ["get", attribute], null], ["literal", codes]]))
        }
    }
}

/// The colour of lines and circles, which cannot be hatched, is pale where the value is missing.
fn coloured_or_missing(colour: Value, known: Option<Value>) -> Value {
    match known {
        Some(known) => json!(["case", known, colour, hex(Colour::MISSING)]),
        None => colour,
    }
}
