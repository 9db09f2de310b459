//! Vegetation, noise and people by quarter.
use std::collections::HashMap;

use datagora::core::{Dataset, Language, Measured, Metadata, Unit};
use datagora::indicators::greening::{exposed_share, heat_sensitive_population};
use datagora::viz::{Captions, Discontinuities, Method, Palette, Sequential, format_percent};

use crate::figures::{Mapped, among_communes, not_covered, plain, rates, short_names};
use crate::material::{Material, Quarters};
use crate::recorder::{Plate, Recorder, Sourced, Trouble, blend, captions};

/// From this level on people count as exposed, dB(A) Lden: Directive 2002/49/EC, annex VI.
const NOISE_LIMIT: f64 = 55.0;
/// Share of the borders between quarters that are drawn as abrupt.
const ABRUPT: f64 = 0.1;
/// Letters of the code of a commune.
const COMMUNE: usize = 5;

/// A map of the quarters, in five exact Fisher classes.
pub(super) fn by_quarter(
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

/// The datasets of quarters under the names that readers know.
pub(super) fn named<'a>(material: &'a Material, data: &'a Dataset<Quarters>) -> Vec<&'a dyn Sourced> {
    let zones = material.iris.as_ref().map(|zones| zones as &dyn Sourced);
    let communes = material.communes.as_ref().map(|communes| communes as &dyn Sourced);
    [data as &dyn Sourced].into_iter().chain(zones).chain(communes).collect()
}

/// Quarters as readers know them: with the names of the statistical zones of the same codes, and of their communes.
pub(crate) fn readable_names(material: &Material, quarters: &Quarters) -> Vec<String> {
    let zones = material.iris.as_ref().map(Dataset::payload);
    let known: HashMap<&str, &str> = zones
        .map(|zones| {
            zones.code.iter().map(String::as_str).zip(zones.name.iter().map(String::as_str)).collect()
        })
        .unwrap_or_default();
    let communes: HashMap<&str, String> =
        material.communes.as_ref().map(Dataset::payload).map_or_else(HashMap::new, |communes| {
            communes.code.iter().map(String::as_str).zip(short_names(&communes.name)).collect()
        });
    // The code of a quarter begins with that of its commune.
    let commune = |code: &str| code.get(..COMMUNE).and_then(|commune| communes.get(commune));
    let named = |code: &String| {
        let name = known.get(code.as_str()).filter(|name| *name != code);
        match (name, commune(code)) {
            (Some(name), Some(commune)) if name != commune => format!("{name}, {commune} ({code})"),
            (Some(name), _) => format!("{name} ({code})"),
            (None, Some(commune)) => format!("IRIS {code}, {commune}"),
            (None, None) => format!("IRIS {code}"),
        }
    };
    quarters.code.iter().map(named).collect()
}

/// High vegetation, and where it ends abruptly: one who crosses such a border loses the shade, or finds it.
pub(super) fn vegetation(
    material: &Material,
    data: &Dataset<Quarters>,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let quarters = data.payload();
    let share = format_percent(ABRUPT, 0, language);
    let drawn = ABRUPT.to_string();
    let metadata = blend(
        "share of high vegetation",
        &[("share of the borders drawn, the strongest", &drawn)],
        &named(material, data),
    )?;
    let values = plain(&quarters.high_vegetation, &Unit::PERCENT);
    let title = recorder.say("Où l’ombre s’arrête net", "Where the shade ends abruptly");
    let subtitle = match language {
        Language::French => format!(
            "part du sol sous végétation haute, par IRIS\u{202f}; traits\u{a0}: les écarts entre voisins les plus forts ({share})"
        ),
        Language::English => format!(
            "share of the ground under high vegetation, by IRIS; lines: the strongest differences between neighbours ({share})"
        ),
    };
    let words = captions("greening-vegetation", &title, &subtitle, &metadata, language).with_note(recorder.say(
        "Un trait compare les moyennes de deux IRIS voisins\u{202f}; dans un grand IRIS, la limite entre bois et champs est ailleurs.",
        "A line compares the means of two neighbouring IRIS; within a large one, the edge between wood and fields is elsewhere.",
    ));
    let names = readable_names(material, quarters);
    let view = Discontinuities::new(&quarters.geometry, &names, &values)
        .with_measure(language.pick("Végétation haute", "High vegetation"))
        .with_share(ABRUPT)
        .with_palette(Palette::Sequential(Sequential::Greens))
        .draw(&among_communes(material, "IRIS", not_covered(language)).with_labels(0), &words)?;
    // Its rows are pairs of neighbours.
    Ok(Plate { view, metadata, geometry: None })
}

pub(super) fn noise(
    material: &Material,
    data: &Dataset<Quarters>,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
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

pub(super) fn heat(
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
