//! Chapter two: trees, parks, vegetation, noise, and who lives there.
use datagora::core::{
    Bilingual, Dataset, Imperfection, ImperfectionKind, Language, Measured, Metadata, Unit,
};
use datagora::geo::{
    Boundary, GeometryColumn, Metric, NearestOptions, area, interior_point, locate, nearest, overlaps,
};
use datagora::indicators::ZoneCounts;
use datagora::indicators::greening::{
    exposed_share, heat_sensitive_population, park_supply, trees_per_hectare, trees_per_thousand_inhabitants,
};
use datagora::viz::{Captions, Method, Sequential, format_number, format_percent};

use crate::figures::{Mapped, plain, rates};
use crate::material::{Material, Parks, Quarters, Zones};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

/// From this level on people count as exposed, dB(A) Lden: Directive 2002/49/EC, annex VI.
const NOISE_LIMIT: f64 = 55.0;

/// The chapter, with the views that could be made.
pub(crate) fn chapter(material: &Material, recorder: &mut Recorder, progress: &mut Progress) -> Chapter {
    let mut chapter = Chapter::new(
        "greening",
        Bilingual::new("Végétalisation", "Greening"),
        Bilingual::new(
            "Où sont les arbres, les parcs et l’ombre, et combien d’habitants en profitent\u{202f}? Chaque arbre est compté une \
             fois, dans la commune où il se trouve exactement.",
            "Where are the trees, the parks and the shade, and how many inhabitants enjoy them? Each tree is counted once, in \
             the commune in which it stands exactly.",
        ),
    );
    if let (Some(trees), Some(communes)) = (&material.trees, &material.communes) {
        let located = progress.step("greening: which tree stands where", || {
            locate(trees.payload(), &communes.payload().geometry, Boundary::HalfOpen)
                .map(|located| located.to_options())
        });
        match located {
            Ok(located) => {
                by_commune(material, trees, communes, &located, recorder, &mut chapter, progress);
            }
            Err(error) => recorder.fail(Bilingual::new("Arbres par commune", "Trees by commune"), &error),
        }
    }
    if let (Some(trees), Some(iris)) = (&material.trees, &material.iris) {
        let plate =
            progress.step("greening: trees by IRIS", || trees_by_iris(material, trees, iris, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Arbres par IRIS", "Trees by IRIS"), plate);
    }
    if material.parks.is_some() && material.communes.is_some() {
        let plate = progress.step("greening: parks", || parks(material, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Parcs par commune", "Parks by commune"), plate);
        let plate = progress.step("greening: canopy of parks", || canopy(material, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Canopée des parcs", "Canopy of parks"), plate);
    }
    if let (Some(quarters), Some(parks)) = (&material.quarters, &material.parks) {
        let plate = progress.step("greening: the nearest park", || {
            nearest_park(material, quarters, parks, recorder, &mut chapter.figures)
        });
        recorder.plate(&mut chapter, Bilingual::new("Parc le plus proche", "Nearest park"), plate);
    }
    if let Some(quarters) = &material.quarters {
        let about = Bilingual::new;
        let plate = progress.step("greening: high vegetation", || vegetation(material, quarters, recorder));
        recorder.plate(&mut chapter, about("Végétation haute", "High vegetation"), plate);
        let plate = progress.step("greening: noise", || noise(material, quarters, recorder));
        recorder.plate(&mut chapter, about("Bruit", "Noise"), plate);
        let plate = progress.step("greening: people sensitive to heat", || {
            heat(material, quarters, recorder, &mut chapter.figures)
        });
        recorder.plate(
            &mut chapter,
            about("Population sensible à la chaleur", "People sensitive to heat"),
            plate,
        );
    }
    chapter
}

fn by_commune(
    material: &Material,
    trees: &Dataset<GeometryColumn>,
    communes: &Dataset<Zones>,
    located: &[Option<u32>],
    recorder: &mut Recorder,
    chapter: &mut Chapter,
    progress: &mut Progress,
) {
    let language = recorder.language;
    let zones = communes.payload();
    let outside = located.iter().filter(|zone| zone.is_none()).count() as u64;
    let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("communes", "communes") };
    let about = Bilingual::new("Arbres", "Trees");
    recorder.note(Imperfection::new(about, kind, outside).out_of(located.len() as u64));

    let made = |per_inhabitant: bool| -> Result<(Plate, f64), Trouble> {
        let counts = ZoneCounts::new(located, zones.code.len())?;
        let metadata = blend("trees by commune", &[("boundary", "half-open")], &[trees, communes])?;
        let values = if per_inhabitant {
            trees_per_thousand_inhabitants(&counts, &zones.population)?
        } else {
            trees_per_hectare(&counts, &area(&zones.geometry, Metric::Planar)?)?
        };
        let (id, title, subtitle) = if per_inhabitant {
            (
                "greening-trees-inhabitant",
                language.pick("Arbres par habitant", "Trees per inhabitant"),
                language.pick(
                    "arbres pour 1\u{202f}000 habitants, par commune",
                    "trees per 1,000 inhabitants, by commune",
                ),
            )
        } else {
            (
                "greening-trees-hectare",
                language.pick("Arbres par hectare", "Trees per hectare"),
                language.pick("arbres par hectare de commune", "trees per hectare of commune"),
            )
        };
        let words = captions(id, title, subtitle, &metadata, language);
        let view = rates(
            material,
            &Mapped {
                places: &zones.geometry,
                names: &zones.name,
                values: &values,
                measure: title,
                word: "communes",
                labels: 14,
            },
            (Method::Fisher, Sequential::Greens),
            &words,
        )?;
        let total = counts.counts().iter().sum::<u64>() as f64;
        Ok((Plate { view, metadata, geometry: Some(zones.geometry.clone()) }, total))
    };
    for per_inhabitant in [false, true] {
        let plate = progress.step("greening: trees by commune", || made(per_inhabitant));
        if let (Ok((_, total)), false) = (&plate, per_inhabitant) {
            let label = recorder.say("arbres recensés dans les communes", "trees recorded in the communes");
            chapter.figures.push((format_number(*total, 0, language), label));
        }
        let about = Bilingual::new("Arbres par commune", "Trees by commune");
        recorder.plate(chapter, about, plate.map(|(plate, _)| plate));
    }
}

fn trees_by_iris(
    material: &Material,
    trees: &Dataset<GeometryColumn>,
    iris: &Dataset<Zones>,
    recorder: &mut Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let zones = iris.payload();
    let located = locate(trees.payload(), &zones.geometry, Boundary::HalfOpen)?.to_options();
    let outside = located.iter().filter(|zone| zone.is_none()).count() as u64;
    let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("IRIS", "IRIS") };
    recorder.note(
        Imperfection::new(Bilingual::new("Arbres", "Trees"), kind, outside).out_of(located.len() as u64),
    );
    let counts = ZoneCounts::new(&located, zones.code.len())?;
    let values = trees_per_hectare(&counts, &area(&zones.geometry, Metric::Planar)?)?;
    let metadata = blend("trees by IRIS", &[("boundary", "half-open")], &[trees, iris])?;
    let title =
        recorder.say("Arbres par hectare, quartier par quartier", "Trees per hectare, quarter by quarter");
    let subtitle = recorder.say("arbres par hectare d’IRIS", "trees per hectare of IRIS");
    let words = captions("greening-trees-iris", &title, &subtitle, &metadata, language);
    let names: Vec<String> =
        zones.name.iter().zip(&zones.code).map(|(name, code)| format!("{name} ({code})")).collect();
    let view = rates(
        material,
        &Mapped {
            places: &zones.geometry,
            names: &names,
            values: &values,
            measure: language.pick("Arbres par hectare", "Trees per hectare"),
            word: "IRIS",
            labels: 0,
        },
        (Method::Fisher, Sequential::Greens),
        &words,
    )?;
    Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
}

fn parks(material: &Material, recorder: &mut Recorder) -> Result<Plate, Trouble> {
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
const WALK_TO_GREEN: f64 = 300.0;

/// How far a point in each quarter is from the nearest park, as the crow flies.
fn nearest_park(
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
    let places = interior_point(&quarters.geometry);
    let found = nearest(&places, &parks.payload().geometry, NearestOptions::default())?;
    let distances: Vec<f64> =
        (0..places.len()).map(|row| found.first(row).map_or(f64::NAN, |(_, distance)| distance)).collect();
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
            "des habitants vivent dans un IRIS dont le milieu est à moins de 300 m d’un parc (IRIS dont la population est connue)",
            "of the inhabitants live in an IRIS whose middle is less than 300 m from a park (IRIS whose population is known)",
        );
        figures.push((near, label));
        words = words.with_note(recorder.say(
            "L’Organisation mondiale de la santé conseille un espace vert à moins de 300 m de chaque logement. Une distance à vol \
             d’oiseau est plus courte que le chemin à pied, et le milieu d’un IRIS n’est pas chaque logement.",
            "The World Health Organization advises a green space within 300 m of each home. A distance as the crow flies is shorter \
             than the walk, and the middle of an IRIS is not each home.",
        ));
    }
    let values = plain(&distances, &Unit::METRE);
    let measure = language.pick("Distance au parc", "Distance to the park");
    by_quarter(material, quarters, &values, measure, Sequential::YellowGreenBlue, (metadata, &words))
}

fn canopy(material: &Material, recorder: &Recorder) -> Result<Plate, Trouble> {
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
    let view = rates(
        material,
        &Mapped {
            places: &largest,
            names: &names,
            values: &values,
            measure: language.pick("Part sous les arbres", "Share under trees"),
            word: language.pick("parcs", "parks"),
            labels: 0,
        },
        (Method::Fisher, Sequential::Greens),
        &words,
    )?;
    Ok(Plate { view, metadata, geometry: Some(largest) })
}

/// A map of the quarters, in five exact Fisher classes.
fn by_quarter(
    material: &Material,
    quarters: &Quarters,
    values: &[Measured],
    measure: &str,
    palette: Sequential,
    (metadata, words): (Metadata, &Captions),
) -> Result<Plate, Trouble> {
    let places = &quarters.geometry;
    let mapped = Mapped { places, names: &quarters.code, values, measure, word: "IRIS", labels: 0 };
    let view = rates(material, &mapped, (Method::Fisher, palette), words)?;
    Ok(Plate { view, metadata, geometry: Some(places.clone()) })
}

fn vegetation(material: &Material, data: &Dataset<Quarters>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let quarters = data.payload();
    let metadata = blend("share of high vegetation", &[], &[data])?;
    let values = plain(&quarters.high_vegetation, &Unit::PERCENT);
    let title = recorder.say("La végétation haute", "High vegetation");
    let subtitle = recorder.say(
        "part du sol sous végétation haute, par IRIS",
        "share of the ground under high vegetation, by IRIS",
    );
    let words = captions("greening-vegetation", &title, &subtitle, &metadata, language);
    let measure = language.pick("Végétation haute", "High vegetation");
    by_quarter(material, quarters, &values, measure, Sequential::Greens, (metadata, &words))
}

fn noise(material: &Material, data: &Dataset<Quarters>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let quarters = data.payload();
    let limit = NOISE_LIMIT.to_string();
    let metadata = blend("noise by IRIS", &[("limit, dB(A) Lden", &limit)], &[data])?;
    let values = plain(&quarters.noise, &Unit::of("dB"));
    let title = recorder.say("Le bruit", "Noise");
    let subtitle = recorder
        .say("niveau moyen jour-soir-nuit (Lden), par IRIS", "mean level day-evening-night (Lden), by IRIS");
    let whole = vec![Some(0); quarters.code.len()];
    let mut words = captions("greening-noise", &title, &subtitle, &metadata, language);
    let exposed = exposed_share(&quarters.noise, &quarters.population, &whole, 1, NOISE_LIMIT)?;
    if let Some(share) = exposed.first().and_then(Measured::value) {
        let share = format_percent(share / 100.0, 0, language);
        words = words.with_note(match language {
            Language::French => format!(
                "{share} des habitants dont on connaît le nombre vivent dans un IRIS au-dessus de 55 dB, le seuil à partir \
                 duquel l’Europe parle d’exposition\u{202f}; la moyenne d’un IRIS ne dit pas le bruit à chaque fenêtre."
            ),
            Language::English => format!(
                "{share} of the inhabitants whose number is known live in an IRIS above 55 dB, from which Europe speaks of \
                 exposure; the mean of an IRIS does not tell the noise at each window."
            ),
        });
    }
    let view = rates(
        material,
        &Mapped {
            places: &quarters.geometry,
            names: &quarters.code,
            values: &values,
            measure: language.pick("Bruit (Lden)", "Noise (Lden)"),
            word: "IRIS",
            labels: 0,
        },
        (Method::Fisher, Sequential::YellowOrangeBrown),
        &words,
    )?;
    Ok(Plate { view, metadata, geometry: Some(quarters.geometry.clone()) })
}

fn heat(
    material: &Material,
    data: &Dataset<Quarters>,
    recorder: &Recorder,
    figures: &mut Vec<(String, String)>,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let quarters = data.payload();
    let metadata = blend("people sensitive to heat", &[("young", "< 15"), ("old", "65 +")], &[data])?;
    // The share is known everywhere, the number of people only where the census matches.
    let share: Vec<f64> = quarters.young.iter().zip(&quarters.old).map(|(young, old)| young + old).collect();
    let values = plain(&share, &Unit::PERCENT);
    let whole = heat_sensitive_population(
        &quarters.young,
        &quarters.old,
        &quarters.population,
        &vec![Some(0); share.len()],
        1,
    )?;
    if let Some(share) = whole.first().and_then(|zone| zone.share.value()) {
        let label = recorder.say(
            "des habitants ont moins de 15 ans ou au moins 65 ans (IRIS dont la population est connue)",
            "of the inhabitants are under 15 or 65 and older (IRIS whose population is known)",
        );
        figures.push((format_percent(share / 100.0, 0, language), label));
    }
    let title = recorder.say("Les personnes sensibles à la chaleur", "People sensitive to heat");
    let subtitle = recorder.say(
        "part des moins de 15 ans et des 65 ans et plus, par IRIS",
        "share of people under 15 and of 65 and older, by IRIS",
    );
    let words = captions("greening-heat", &title, &subtitle, &metadata, language);
    let measure = language.pick("Moins de 15 ans et 65 ans et plus", "Under 15 and 65 and older");
    by_quarter(material, quarters, &values, measure, Sequential::BluePurple, (metadata, &words))
}
