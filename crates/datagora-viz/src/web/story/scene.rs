//! The names in a step of a story, looked up in the map.
use serde_json::{Value, json};

use super::{StoryChoice, StoryScene, StoryStep};
use crate::View;
use crate::web::filter::{Binned, Scale};
use crate::web::style::quoted;
use crate::web::{WebMap, WebMapError};

/// What the page must know of a step; refused if it names what is not there. `number` counts from 1.
pub(super) fn resolve(
    map: &WebMap,
    step: &StoryStep,
    views: &[View],
    number: usize,
) -> Result<Value, WebMapError> {
    if let Some(name) = &step.view {
        find(number, "view", name, views, View::id)?;
    }
    let scene = match &step.scene {
        Some(scene) => scene_json(map, scene, number)?,
        None => Value::Null,
    };
    Ok(json!({ "scene": scene, "view": step.scene.is_none() && step.view.is_some() }))
}

fn scene_json(map: &WebMap, scene: &StoryScene, number: usize) -> Result<Value, WebMapError> {
    let bounds = match (&scene.place, scene.bounds) {
        (Some(name), _) => find(number, "place", name, &map.places, |place| &place.name)?.bounds,
        (None, Some(bounds)) if bounds.iter().all(|degrees| degrees.is_finite()) => bounds,
        _ => map.opening()?,
    };
    let layer_of = |name: &str| find(number, "layer", name, &map.layers, |layer| &layer.id);
    for name in scene.layers.iter().flatten() {
        layer_of(name)?;
    }
    let shown = scene.layers.as_ref().map(|named| {
        let ground =
            map.layers.iter().filter(|layer| !layer.is_theme() && !layer.hidden).map(|layer| &layer.id);
        ground.chain(named).cloned().collect::<Vec<_>>().join(",")
    });
    let mut filters = Vec::new();
    for (attribute, choice) in &scene.filters {
        let filter = find(number, "filter", attribute, &map.filters, |filter| &filter.attribute)?;
        let at = map.filters.iter().position(|other| std::ptr::eq(other, filter)).unwrap_or(0);
        let words = words(&filter.binned()?, choice).ok_or_else(|| WebMapError::Story {
            step: number,
            what: "categories of filter",
            name: attribute.clone(),
            known: "a range".to_owned(),
        })?;
        filters.push(format!("{at}:{words}"));
    }
    let time = match (&scene.time, &map.time) {
        (Some(name), Some(axis)) => {
            find(number, "step of time", name, &axis.steps, |step| step)?;
            axis.steps.iter().position(|step| step == name)
        }
        (Some(name), None) => {
            find(number, "step of time", name, &[] as &[String], |step| step)?;
            None
        }
        (None, _) => Some(map.opening_step()),
    };
    if let Some(feature) = &scene.feature {
        layer_of(&feature.layer)?;
    }
    let feature = scene.feature.as_ref().map(|one| json!([one.layer, one.attribute, one.value]));
    Ok(json!({
        "bounds": bounds, "layers": shown, "filter": filters.join(","), "step": time, "feature": feature,
    }))
}

/// What has a name; refused if nothing has.
fn find<'a, T>(
    step: usize,
    what: &'static str,
    name: &str,
    among: &'a [T],
    name_of: impl Fn(&T) -> &str,
) -> Result<&'a T, WebMapError> {
    among.iter().find(|one| name_of(one) == name).ok_or_else(|| {
        let known: Vec<&str> = among.iter().map(&name_of).take(20).collect();
        WebMapError::Story { step, what, name: name.to_owned(), known: quoted(&known) }
    })
}

/// A choice as the links of the page write it; `None` of categories where there is a range.
fn words(filter: &Binned<'_>, choice: &StoryChoice) -> Option<String> {
    let codes = |codes: &mut dyn Iterator<Item = i64>| {
        codes.map(|code| code.to_string()).collect::<Vec<_>>().join(".")
    };
    Some(match (choice, &filter.scale) {
        (StoryChoice::Range(ends), Scale::Edges { edges, .. }) => {
            let last = edges.len() - 1;
            let nearest = |end: f64, from: usize, to: usize| {
                let far = |at: &usize| (edges[*at] - end).abs();
                (from..=to).min_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(from)
            };
            let low = nearest(ends[0], 0, last - 1);
            let high = nearest(ends[1], low + 1, last);
            format!("{}~{}", Value::from(edges[low]), Value::from(edges[high]))
        }
        (StoryChoice::Categories(chosen), Scale::Categories(_)) => codes(&mut chosen.iter().copied()),
        // Those whose codes are in the range.
        (StoryChoice::Range([low, high]), Scale::Categories(categories)) => {
            let all = categories.iter().map(|category| category.code);
            codes(&mut all.filter(|code| (*low..*high).contains(&(*code as f64))))
        }
        (StoryChoice::Categories(_), Scale::Edges { .. }) => return None,
    })
}
