//! Vegetation, noise and people by quarter.
use datagora::core::{Dataset, Language, Measured, Metadata, Unit};
use datagora::indicators::greening::{exposed_share, heat_sensitive_population};
use datagora::viz::{Captions, Method, Sequential, format_percent};

use crate::figures::{Mapped, plain, rates};
use crate::material::{Material, Quarters};
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// From this level on people count as exposed, dB(A) Lden: Directive 2002/49/EC, annex VI.
const NOISE_LIMIT: f64 = 55.0;
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

pub(super) fn vegetation(
    material: &Material,
    data: &Dataset<Quarters>,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
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
