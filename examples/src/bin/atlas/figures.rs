//! Pictures that several chapters draw alike, and small words.
use datagora::core::{Bilingual, Language, Measured, Month, NaiveDate, Unit};
use datagora::geo::GeometryColumn;
use datagora::viz::{
    Captions, Choropleth, Colour, Context, MapOptions, Method, Palette, ProportionalSymbols, Sequential, View,
};

use crate::material::Material;
use crate::recorder::Trouble;

/// Brown to teal by a cream that neither paper nor the ground of a map has: what is in the middle is seen, too.
pub(crate) const BROWN_TO_TEAL: [Colour; 5] = [
    Colour::rgb(140, 81, 10),
    Colour::rgb(216, 168, 96),
    Colour::rgb(246, 232, 170),
    Colour::rgb(90, 180, 172),
    Colour::rgb(1, 88, 80),
];

/// Values of named places, and what they are called in a legend.
pub(crate) struct Mapped<'a> {
    pub(crate) places: &'a GeometryColumn,
    pub(crate) names: &'a [String],
    pub(crate) values: &'a [Measured],
    /// What the values measure.
    pub(crate) measure: &'a str,
    /// What the places are, in the plural.
    pub(crate) word: &'a str,
    /// How many of them to name.
    pub(crate) labels: usize,
}

/// A choropleth over the outlines of the communes.
pub(crate) fn rates(
    material: &Material,
    mapped: &Mapped<'_>,
    (method, palette): (Method, Sequential),
    words: &Captions,
) -> Result<View, Trouble> {
    let options =
        within_communes(material, mapped.word, not_covered(words.language())).with_labels(mapped.labels);
    let map = Choropleth::new(mapped.places, mapped.names, mapped.values)
        .with_measure(mapped.measure)
        .with_method(method, 5)
        .with_palette(Palette::Sequential(palette));
    Ok(map.draw(&options, words)?)
}

/// Circles whose area is proportional to an amount, over the communes.
pub(crate) fn symbols(
    material: &Material,
    mapped: &Mapped<'_>,
    categories: Option<&[String]>,
    words: &Captions,
) -> Result<View, Trouble> {
    let mut map =
        ProportionalSymbols::new(mapped.places, mapped.names, mapped.values).with_measure(mapped.measure);
    if let Some(categories) = categories {
        map = map.with_categories(categories);
    }
    Ok(map.draw(&over_communes(material, mapped.word).with_labels(mapped.labels), words)?)
}

/// Symbols over the communes.
pub(crate) fn over_communes(material: &Material, zone_word: &str) -> MapOptions {
    let options = MapOptions::default().with_zone_word(zone_word);
    match &material.communes {
        Some(communes) => options.with_context(Context::land(communes.payload().geometry.clone())),
        None => options,
    }
}

/// Zones among the communes; the legend says what the land beyond them is.
pub(crate) fn among_communes(material: &Material, zone_word: &str, beyond: &str) -> MapOptions {
    let options = MapOptions::default().with_zone_word(zone_word);
    match &material.communes {
        Some(communes) => {
            let land = Context::land(communes.payload().geometry.clone());
            options.with_context(land.with_meaning(beyond))
        }
        None => options,
    }
}

/// What land is of which there are no data.
pub(crate) fn not_covered(language: Language) -> &'static str {
    language.pick("non couvert par les données", "not covered by the data")
}

/// Zones among the communes, whose borders lie above the data.
pub(crate) fn within_communes(material: &Material, zone_word: &str, beyond: &str) -> MapOptions {
    let options = among_communes(material, zone_word, beyond);
    match &material.communes {
        Some(communes) => options.with_context(Context::borders(communes.payload().geometry.clone())),
        None => options,
    }
}

/// Numbers as values without interval; NaN is a value that does not exist.
pub(crate) fn plain(values: &[f64], unit: &Unit) -> Vec<Measured> {
    values.iter().map(|&value| Measured::new(value, unit.clone())).collect()
}

/// With a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Names of communes where room is scarce: « Lyon 7e Arrondissement » is « Lyon 7e ».
pub(crate) fn short_names(names: &[String]) -> Vec<String> {
    names.iter().map(|name| name.trim_end_matches(" Arrondissement").to_owned()).collect()
}

/// The day of the week, shortened.
pub(crate) fn weekday(day: NaiveDate, language: Language) -> &'static str {
    let from_monday = day.format("%u").to_string().parse::<usize>().map_or(0, |number| number - 1);
    match language {
        Language::French => ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."][from_monday],
        Language::English => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][from_monday],
    }
}

/// A day in words.
pub(crate) fn dated(day: NaiveDate, language: Language) -> String {
    let month = Month::of(day).map_or_else(String::new, |month| month.label(language));
    match (day.format("%-d").to_string().as_str(), language) {
        ("1", Language::French) => format!("1er {month}"),
        (number, _) => format!("{number} {month}"),
    }
}

/// A title that begins small; what is shown of elsewhere is marked as a demonstration.
pub(crate) fn titled(
    elsewhere: Option<&Bilingual>,
    french: &str,
    english: &str,
    language: Language,
) -> String {
    match (elsewhere, language) {
        (None, _) => capital(language.pick(french, english)),
        (Some(place), Language::French) => {
            format!("Démonstration hors du territoire ({})\u{a0}: {french}", place.fr)
        }
        (Some(place), Language::English) => {
            format!("Demonstration elsewhere ({}): {english}", place.en)
        }
    }
}
