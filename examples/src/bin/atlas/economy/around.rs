//! Where industry is dense, whatever the limits of communes.
use datagora::core::{Dataset, Language, Measured, Metres, Unit};
use datagora::geo::types::Geometry;
use datagora::geo::{GeometryColumn, PotentialOptions, interior_point};
use datagora::viz::{Context, MapOptions, Method, Palette, PotentialMap, Sequential};

use super::Work;
use crate::figures::short_names;
use crate::material::{Establishments, Zones};
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// Distance at which an establishment counts for half, and beyond which it counts for nothing.
const SPAN: Metres = Metres(1_000.0);
const LIMIT: Metres = Metres(3_000.0);
/// Classes, and names of communes on the map.
const CLASSES: usize = 6;
const NAMES: usize = 12;

pub(super) fn plate(
    data: &Dataset<Establishments>,
    communes: &Dataset<Zones>,
    work: &Work,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let zones = communes.payload();
    let (rows, commune): (Vec<usize>, Vec<usize>) = work
        .located
        .iter()
        .enumerate()
        .filter_map(|(row, commune)| Some((row, (*commune)? as usize)))
        .unzip();
    let places = data.payload().geometry.take(&rows);
    let short = short_names(&zones.name);
    let names: Vec<String> = commune.iter().map(|&zone| short[zone].clone()).collect();
    let unit = Unit::of("{establishment}");
    let one = vec![Measured::new(1.0, unit); rows.len()];
    let metadata = blend(
        "potential of establishments",
        &[
            ("decay", "exponential, beta 2"),
            ("span, m", &SPAN.0.to_string()),
            ("limit, m", &LIMIT.0.to_string()),
        ],
        &[data, communes],
    )?;
    let options = MapOptions::default()
        .with_zone_word(recorder.say("établissements", "establishments"))
        .with_importance(named_by(&places, &commune, &zones.geometry))
        .with_labels(NAMES)
        .with_context(Context::borders(zones.geometry.clone()));
    let title = recorder.say("Où l’industrie est-elle la plus dense\u{a0}?", "Where is industry densest?");
    let subtitle = recorder.say(
        "établissements industriels alentour, sans égard aux limites des communes",
        "industrial establishments around, whatever the limits of communes",
    );
    let span = SPAN.0 / 1e3;
    let note = match language {
        Language::French => format!(
            "Un établissement sur place compte pour un, à {span} km pour moitié, au-delà de {} km pour rien. Ceux d’au-delà de la \
             métropole ne comptent pas\u{a0}: au bord, le nombre est un minimum. Chaque établissement compte autant, quelle que soit sa taille.",
            LIMIT.0 / 1e3
        ),
        Language::English => format!(
            "An establishment on the spot counts as one, at {span} km for half, beyond {} km for nothing. Those beyond the metropolis do \
             not count: along its edge the number is a minimum. Each establishment counts as much, whatever its size.",
            LIMIT.0 / 1e3
        ),
    };
    let words = captions("economy-around", &title, &subtitle, &metadata, language).with_note(note);
    let view = PotentialMap::new(&places, &names, &one, PotentialOptions::new(SPAN).with_limit(LIMIT))
        .with_measure(recorder.say("Établissements alentour", "Establishments around"))
        .with_area(&zones.geometry)
        .with_method(Method::Fisher, CLASSES)
        .with_palette(Palette::Sequential(Sequential::YellowOrangeBrown))
        .draw(&options, &words)?;
    Ok(Plate { view, metadata, geometry: Some(places) })
}

/// Of each commune the establishment nearest to its middle bears its name, the more establishments the sooner; NaN for the others.
fn named_by(places: &GeometryColumn, commune: &[usize], communes: &GeometryColumn) -> Vec<f64> {
    let point = |column: &GeometryColumn, row: usize| match column.get(row) {
        Some(Geometry::Point(point)) => Some(point),
        _ => None,
    };
    let middles = interior_point(communes);
    // Of each commune its establishments, the nearest to the middle, and how far that is, squared.
    let mut found = vec![(0.0, None, f64::INFINITY); communes.len()];
    for (row, &zone) in commune.iter().enumerate() {
        let (count, nearest, least) = &mut found[zone];
        *count += 1.0;
        let (Some(place), Some(middle)) = (point(places, row), point(&middles, zone)) else { continue };
        let (east, north) = (place.x() - middle.x(), place.y() - middle.y());
        let away = east * east + north * north;
        if away < *least {
            (*nearest, *least) = (Some(row), away);
        }
    }
    let mut importance = vec![f64::NAN; commune.len()];
    for (count, nearest, _) in found {
        if let Some(row) = nearest {
            importance[row] = count;
        }
    }
    importance
}
