//! Parks: how much of them, how far, how shady.
use datagora::core::{Bilingual, Dataset, Imperfection, ImperfectionKind, Measured, Unit};
use datagora::geo::{Metric, NearestOptions, area, interior_point, nearest, overlaps};
use datagora::indicators::greening::{exposed_share, park_supply};
use datagora::viz::{Choropleth, Method, Palette, Sequential, format_number, format_percent};

use super::quarters::by_quarter;
use crate::figures::{Mapped, plain, rates, within_communes};
use crate::material::{Material, Parks, Quarters};
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

pub(super) fn by_commune(material: &Material, recorder: &mut Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let (Some(parks), Some(communes)) = (&material.parks, &material.communes) else {
        return Err("parks and communes are both needed".into());
    };
    let (layer, zones) = (parks.payload(), communes.payload());
    let metadata = blend("parks by commune", &[("parks across a border", "cut at it")], &[parks, communes])?;
    let pieces = overlaps(&layer.geometry, &zones.geometry)?;
    let mut inside = vec![false; layer.name.len()];
    pieces.iter().for_each(|piece| inside[piece.left] = true);
    let outside = inside.iter().filter(|inside| !**inside).count() as u64;
    let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("communes", "communes") };
    recorder
        .note(Imperfection::new(Bilingual::new("Parcs", "Parks"), kind, outside).out_of(inside.len() as u64));
    let areas: Vec<f64> = pieces.iter().map(|piece| piece.area).collect();
    let canopy: Vec<f64> = pieces.iter().map(|piece| layer.canopy[piece.left]).collect();
    let located: Vec<Option<u32>> = pieces.iter().map(|piece| Some(piece.right as u32)).collect();
    let supply = park_supply(&areas, &canopy, &located, &zones.population)?;
    let values: Vec<Measured> = supply.into_iter().map(|supply| supply.area_per_inhabitant).collect();
    let title = recorder.say("Parcs par habitant", "Parks per inhabitant");
    let subtitle =
        recorder.say("m² de parc par habitant, par commune", "m² of park per inhabitant, by commune");
    let words = captions("greening-parks", &title, &subtitle, &metadata, language);
    let view = rates(
        material,
        &Mapped {
            places: &zones.geometry,
            names: &zones.name,
            values: &values,
            measure: language.pick("Parc par habitant", "Park per inhabitant"),
            word: "communes",
            labels: 14,
        },
        (Method::Quantile, Sequential::Greens),
        &words,
    )?;
    Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
}

/// WHO Regional Office for Europe (2017), Urban green spaces: a brief for action: green space within 300 m of home.
pub(crate) const WALK_TO_GREEN: f64 = 300.0;

/// From a point inside each quarter to the edge of the nearest park, m as the crow flies; NaN if there is none.
pub(crate) fn distances(quarters: &Quarters, parks: &Parks) -> Result<Vec<f64>, Trouble> {
    let places = interior_point(&quarters.geometry);
    let found = nearest(&places, &parks.geometry, NearestOptions::default())?;
    Ok((0..places.len()).map(|row| found.first(row).map_or(f64::NAN, |(_, distance)| distance)).collect())
}

/// How far a point in each quarter is from the nearest park, as the crow flies.
pub(super) fn nearest_park(
    material: &Material,
    data: &Dataset<Quarters>,
    parks: &Dataset<Parks>,
    recorder: &Recorder,
    figures: &mut Vec<(String, String)>,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let quarters = data.payload();
    let limit = WALK_TO_GREEN.to_string();
    let metadata = blend(
        "distance to the nearest park",
        &[("from", "a point inside the quarter"), ("limit, m", &limit)],
        &[data, parks],
    )?;
    let distances = distances(quarters, parks.payload())?;
    let whole = vec![Some(0); distances.len()];
    let beyond = exposed_share(&distances, &quarters.population, &whole, 1, WALK_TO_GREEN)?;
    let title = recorder.say("Le parc le plus proche", "The nearest park");
    let subtitle = recorder.say(
        "distance à vol d’oiseau d’un point au milieu de l’IRIS au bord du parc le plus proche, en mètres",
        "distance as the crow flies from a point in the middle of the IRIS to the edge of the nearest park, in metres",
    );
    let mut words = captions("greening-nearest-park", &title, &subtitle, &metadata, language);
    if let Some(share) = beyond.first().and_then(Measured::value) {
        let near = format_percent(1.0 - share / 100.0, 0, language);
        let label = recorder.say(
            "des habitants vivent dans un IRIS dont le milieu est à moins de 300\u{a0}m d’un parc (IRIS dont la population est connue)",
            "of the inhabitants live in an IRIS whose middle is less than 300\u{a0}m from a park (IRIS whose population is known)",
        );
        figures.push((near, label));
        words = words.with_note(recorder.say(
            "L’Organisation mondiale de la santé conseille un espace vert à moins de 300\u{a0}m de chaque logement. Une distance à vol \
             d’oiseau est plus courte que le chemin à pied, et le milieu d’un IRIS n’est pas chaque logement.",
            "The World Health Organization advises a green space within 300\u{a0}m of each home. A distance as the crow flies is shorter \
             than the walk, and the middle of an IRIS is not each home.",
        ));
    }
    let values = plain(&distances, &Unit::METRE);
    let measure = language.pick("Distance au parc", "Distance to the park");
    by_quarter(material, quarters, &values, measure, Sequential::YellowGreenBlue, (metadata, &words))
}

pub(super) fn canopy(material: &Material, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let (Some(parks), Some(communes)) = (&material.parks, &material.communes) else {
        return Err("parks and communes are both needed".into());
    };
    let layer = parks.payload();
    let metadata = blend("canopy of parks", &[], &[parks, communes])?;
    let areas = area(&layer.geometry, Metric::Planar)?;
    // Small squares would not be seen at the scale of the whole.
    let mut order: Vec<usize> =
        (0..areas.len()).filter(|&row| !layer.canopy[row].is_nan() && !areas[row].is_nan()).collect();
    order.sort_by(|&a, &b| areas[b].total_cmp(&areas[a]).then(a.cmp(&b)));
    order.truncate(400);
    let largest = layer.geometry.take(&order);
    let unit = Unit::PERCENT;
    let values: Vec<Measured> = order
        .iter()
        .map(|&row| Measured::new(100.0 * layer.canopy[row], unit.clone()).with_observations(1))
        .collect();
    let names: Vec<String> = order
        .iter()
        .map(|&row| {
            format!(
                "{} {}",
                layer.name[row],
                format_args!("({} ha)", format_number(areas[row] / 1e4, 1, language))
            )
        })
        .collect();
    let title = recorder.say("L’ombre dans les parcs", "Shade in the parks");
    let subtitle = recorder.say(
        "part de chaque parc sous les arbres (indice de canopée), 400 plus grands parcs",
        "share of each park under trees (canopy index), 400 largest parks",
    );
    let words = captions("greening-canopy", &title, &subtitle, &metadata, language);
    let beyond = language.pick("hors de ces parcs", "outside these parks");
    let options = within_communes(material, language.pick("parcs", "parks"), beyond).with_labels(0);
    let view = Choropleth::new(&largest, &names, &values)
        .with_measure(language.pick("Part sous les arbres", "Share under trees"))
        .with_method(Method::Fisher, 5)
        .with_palette(Palette::Sequential(Sequential::Greens))
        .draw(&options, &words)?;
    Ok(Plate { view, metadata, geometry: Some(largest) })
}
