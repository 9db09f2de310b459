//! Trees by commune, by inhabitant, by hexagon.
use datagora::core::{Bilingual, Dataset, Imperfection, ImperfectionKind, Language, Metadata, Metres, Unit};
use datagora::geo::{GeometryColumn, Metric, area};
use datagora::indicators::ZoneCounts;
use datagora::indicators::greening::{trees_per_hectare, trees_per_thousand_inhabitants};
use datagora::viz::{
    Context, Dorling, GridMap, MapOptions, Method, Palette, Sequential, SymbolRates, format_number,
};

use crate::figures::{Mapped, plain, rates};
use crate::material::{Material, Zones};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

/// Width of the hexagons: some streets, or a park.
const HEXAGON: Metres = Metres(500.0);

pub(super) fn by_commune(
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
    recorder.note(
        Imperfection::new(Bilingual::new("Arbres", "Trees"), kind, outside).out_of(located.len() as u64),
    );

    let counts = match ZoneCounts::new(located, zones.code.len()) {
        Ok(counts) => counts,
        Err(error) => return recorder.fail(about(), &error),
    };
    let total = counts.counts().iter().sum::<u64>() as f64;
    let mut label = recorder.say("arbres recensés dans les communes", "trees recorded in the communes");
    if outside > 0 {
        let all = format_number(located.len() as f64, 0, language);
        label.push_str(&recorder.say(
            &format!(" (sur {all} de l’inventaire\u{202f}; les autres sont au-delà de leurs limites)"),
            &format!(" (of {all} in the inventory; the others lie beyond their limits)"),
        ));
    }
    chapter.figures.push((format_number(total, 0, language), label));
    let plate = progress
        .step("greening: trees by commune", || per_hectare(material, trees, communes, &counts, recorder));
    recorder.plate(chapter, about(), plate);
    // A single commune has nobody to be compared with.
    if zones.code.len() > 1 {
        let plate = progress
            .step("greening: trees by inhabitant", || per_inhabitant(trees, communes, &counts, recorder));
        recorder.plate(chapter, about(), plate);
    }
}

fn about() -> Bilingual {
    Bilingual::new("Arbres par commune", "Trees by commune")
}

fn of_communes(trees: &Dataset<GeometryColumn>, communes: &Dataset<Zones>) -> Result<Metadata, Trouble> {
    blend("trees by commune", &[("boundary", "half-open")], &[trees, communes])
}

fn per_hectare(
    material: &Material,
    trees: &Dataset<GeometryColumn>,
    communes: &Dataset<Zones>,
    counts: &ZoneCounts,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let zones = communes.payload();
    let metadata = of_communes(trees, communes)?;
    let values = trees_per_hectare(counts, &area(&zones.geometry, Metric::Planar)?)?;
    let title = recorder.say("Arbres par hectare", "Trees per hectare");
    let subtitle = recorder.say("arbres par hectare de commune", "trees per hectare of commune");
    let words = captions("greening-trees-hectare", &title, &subtitle, &metadata, recorder.language);
    let mapped = Mapped {
        places: &zones.geometry,
        names: &zones.name,
        values: &values,
        measure: &title,
        word: "communes",
        labels: 14,
    };
    let view = rates(material, &mapped, (Method::Fisher, Sequential::Greens), &words)?;
    Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
}

/// Where many people share few trees there is little ground, which a map of zones hides: here each inhabitant has the same surface.
fn per_inhabitant(
    trees: &Dataset<GeometryColumn>,
    communes: &Dataset<Zones>,
    counts: &ZoneCounts,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let zones = communes.payload();
    let metadata = of_communes(trees, communes)?;
    let people = plain(&zones.population, &Unit::of("{inhabitant}"));
    let values = trees_per_thousand_inhabitants(counts, &zones.population)?;
    let title = recorder
        .say("Combien d’arbres pour combien d’habitants\u{202f}?", "How many trees for how many people?");
    let subtitle = recorder.say(
        "un cercle par commune, aussi grand que sa population\u{202f}; couleur\u{a0}: arbres pour 1\u{202f}000 habitants",
        "a circle for each commune, as large as its population; colour: trees per 1,000 inhabitants",
    );
    let words = captions("greening-trees-inhabitant", &title, &subtitle, &metadata, language);
    let shades = SymbolRates::new(&values)
        .with_measure(language.pick("Arbres par habitant", "Trees per inhabitant"))
        .with_method(Method::Fisher, 5)
        .with_palette(Palette::Sequential(Sequential::Greens));
    // Circles are small, and the word is the same in all names that have it.
    let short = |name: &String| name.strip_suffix(" Arrondissement").unwrap_or(name).to_owned();
    let names: Vec<String> = zones.name.iter().map(short).collect();
    let view = Dorling::new(&zones.geometry, &names, &people)
        .with_measure("Population")
        .with_rates(shades)
        .draw(&MapOptions::default().with_zone_word("communes").with_labels(30), &words)?;
    Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
}

/// Trees by hexagon: borders of zones neither cut an avenue nor drown it in fields.
pub(super) fn by_hexagon(
    trees: &Dataset<GeometryColumn>,
    communes: &Dataset<Zones>,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let width = HEXAGON.0.to_string();
    let metadata = blend("trees by hexagon", &[("width, m", &width)], &[trees, communes])?;
    let title = recorder.say(
        "Où les arbres se serrent, et où il n’y en a aucun",
        "Where trees crowd, and where there is none",
    );
    let subtitle = match language {
        Language::French => format!("arbres par hectare, par hexagone large de {width} m"),
        Language::English => format!("trees per hectare, by hexagon {width} m wide"),
    };
    let words = captions("greening-trees-hexagons", &title, &subtitle, &metadata, language).with_note(recorder.say(
        "Seuls les arbres de l’inventaire sont comptés\u{a0}: un hexagone sans arbre recensé peut être un bois ou un jardin privé.",
        "Only trees of the inventory are counted: a hexagon without a recorded tree may be a wood or a private garden.",
    ));
    // The hexagons are the land.
    let options = MapOptions::default()
        .with_zone_word(language.pick("hexagones", "hexagons"))
        .with_labels(0)
        .with_context(Context::borders(communes.payload().geometry.clone()));
    let view = GridMap::hexagons(trees.payload(), HEXAGON.0, Unit::of("{tree}"))
        .with_measure(language.pick("Arbres par hectare", "Trees per hectare"))
        .with_ground(&communes.payload().geometry)
        .with_palette(Palette::Sequential(Sequential::Greens))
        .draw(&options, &words)?;
    Ok(Plate { view, metadata, geometry: None })
}
