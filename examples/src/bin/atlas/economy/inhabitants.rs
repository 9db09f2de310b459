//! Industry and inhabitants of communes, each inhabitant with the same surface.
use datagora::core::{Dataset, Language, Measured, Unit};
use datagora::viz::{Dorling, MapOptions, Method, Palette, Sequential, SymbolRates, format_number};

use super::Work;
use crate::communes::{per_all_inhabitants, per_inhabitants};
use crate::figures::{plain, short_names};
use crate::material::Zones;
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// Inhabitants to which establishments are told.
const PER: f64 = 1_000.0;
/// Communes named, where their circle has room.
const NAMES: usize = 40;

pub(super) fn plate(communes: &Dataset<Zones>, work: &Work, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let zones = communes.payload();
    let count = |zone| work.table.establishments(Some(zone), None).value().unwrap_or(0.0) as u64;
    let counts: Vec<u64> = (0..zones.name.len()).map(count).collect();
    let rates: Vec<Measured> = per_inhabitants(&counts, &zones.population, PER, 1.0);
    let people = plain(&zones.population, &Unit::of("{inhabitant}"));
    let metadata = blend("establishments per 1,000 inhabitants", &[("per", "1000")], &[work])?;
    let title = recorder.say(
        "Combien d’industrie pour combien d’habitants\u{a0}?",
        "How much industry for how many inhabitants?",
    );
    let subtitle = recorder.say(
        "un cercle par commune\u{a0}: surface selon ses habitants, couleur selon ses établissements industriels pour 1\u{202f}000 habitants",
        "a circle for each commune: surface by its inhabitants, colour by its industrial establishments per 1,000 inhabitants",
    );
    let whole = per_all_inhabitants(&counts, &zones.population, PER, 1.0).value().unwrap_or(f64::NAN);
    let whole = format_number(whole, 1, language);
    let note = match language {
        Language::French => format!(
            "Métropole entière\u{a0}: {whole} pour 1\u{202f}000 habitants. Dans une petite commune, quelques établissements suffisent pour un \
             taux élevé. Un établissement compte pour un, quelle que soit sa taille."
        ),
        Language::English => format!(
            "Whole metropolis: {whole} per 1,000 inhabitants. In a small commune a few establishments make a high rate. An establishment \
             counts as one, whatever its size."
        ),
    };
    let words = captions("economy-inhabitants", &title, &subtitle, &metadata, language).with_note(note);
    let measure =
        language.pick("Établissements pour 1\u{202f}000 habitants", "Establishments per 1,000 inhabitants");
    let view = Dorling::new(&zones.geometry, &short_names(&zones.name), &people)
        .with_measure(language.pick("Habitants", "Inhabitants"))
        .with_rates(
            SymbolRates::new(&rates)
                .with_measure(measure)
                .with_method(Method::Quantile, 4)
                .with_palette(Palette::Sequential(Sequential::YellowOrangeBrown)),
        )
        .draw(&MapOptions::default().with_zone_word("communes").with_labels(NAMES), &words)?;
    Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
}
