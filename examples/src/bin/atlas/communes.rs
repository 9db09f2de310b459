//! An atlas of the communes: an overview, and one page for each, all made of the same indicators.
mod amenities;
mod economy;
mod greening;
mod mobility;
mod people;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use datagora::core::io::AtomicFolder;
use datagora::core::{Bilingual, Lineage, Measured, Metadata, Parameters, Unit};
use datagora::geo::{Boundary, GeometryColumn, locate};
use datagora::viz::{Atlas, Chapter, Indicator};

use crate::material::{Material, Zones};
use crate::progress::Progress;
use crate::publish::{imperfections, size_of};
use crate::recorder::{Recorder, Trouble};

/// The atlas with the histories of its indicators.
pub(crate) struct Communes {
    atlas: Atlas,
    lineages: Vec<(String, Lineage)>,
}

/// What was written.
pub(crate) struct Summary {
    pub(crate) pages: usize,
    pub(crate) file: u64,
    pub(crate) bytes: u64,
}

/// An indicator on its way into the atlas.
struct Told {
    indicator: Indicator,
    metadata: Metadata,
}

/// A theme: its title, its indicators, and chapters for single communes by their row.
#[derive(Default)]
struct Theme {
    title: String,
    told: Vec<Told>,
    chapters: Vec<(usize, Chapter)>,
}

impl Theme {
    fn new(title: String) -> Self {
        Self { title, ..Self::default() }
    }

    /// Adds an indicator, or notes why there is none.
    fn add(&mut self, recorder: &mut Recorder, about: (&str, &str), told: Result<Told, Trouble>) {
        match told {
            Ok(told) => self.told.push(told),
            Err(trouble) => recorder.fail(Bilingual::new(about.0, about.1), trouble.as_ref()),
        }
    }
}

/// Computes every indicator of every commune.
pub(crate) fn make(
    material: &Material,
    recorder: &mut Recorder,
    progress: &mut Progress,
) -> Result<Communes, Trouble> {
    let communes =
        material.communes.as_ref().ok_or("the communes could not be read; nothing can be told of them")?;
    let language = recorder.language;
    let zones = communes.payload();
    let themes = [
        progress.step("communes: people", || people::theme(communes, recorder)),
        progress.step("communes: greening", || greening::theme(material, communes, recorder)),
        progress.step("communes: amenities", || amenities::theme(&material.amenities, communes, recorder)),
        progress.step("communes: mobility", || mobility::theme(material, communes, recorder)),
        progress.step("communes: economy", || economy::theme(material, communes, recorder)),
    ];
    let place = material.place.get(language);
    let mut atlas = Atlas::new(
        format!("{} – {place}", recorder.say("Atlas des communes", "Atlas of the communes")),
        zones.geometry.clone(),
        &zones.name,
        language,
    )
    .with_subtitle(recorder.say(
        "Une page par commune, les mêmes indicateurs pour toutes",
        "One page for each commune, the same indicators for all",
    ))
    .with_lead(recorder.say(
        "Cet atlas est calculé à partir de données ouvertes. Chaque page dit où la commune se situe parmi toutes, à côté de \
         l’ensemble et de communes proches de taille comparable\u{202f}; ce qui manque est dit.",
        "This atlas is computed from open data. Each page tells where the commune stands among all, beside the whole and nearby \
         communes of similar size; what is missing is said.",
    ))
    .with_words("commune", "communes")
    .with_whole(recorder.say("métropole", "metropolis"))
    .with_sizes(&zones.population)
    .with_made(material.made);
    let mut lineages = Vec::new();
    for theme in themes.into_iter().filter(|theme| !theme.told.is_empty()) {
        atlas = atlas.with_theme(theme.title);
        for Told { indicator, metadata } in theme.told {
            lineages.push((indicator.id().to_owned(), metadata.lineage.clone()));
            atlas = atlas.with_indicator(indicator.with_metadata(&metadata));
        }
        for (row, chapter) in theme.chapters {
            atlas = atlas.with_chapter(row, chapter);
        }
    }
    Ok(Communes { atlas, lineages })
}

/// Writes both forms of the atlas and its lineage, whole, or leaves what was there.
pub(crate) fn write(out: &Path, communes: Communes, recorder: &Recorder) -> Result<Summary, Trouble> {
    let Communes { atlas, lineages } = communes;
    let atlas = atlas.with_closing(imperfections(recorder));
    let folder = AtomicFolder::create(out)?;
    let html = atlas.to_html()?;
    folder.file("communes.html")?.write_all(html.as_bytes())?;
    let mut pages = 0;
    for file in atlas.to_folder()? {
        pages += usize::from(file.path.ends_with(".html"));
        folder.file(format!("site/{}", file.path))?.write_all(&file.bytes)?;
    }
    let all =
        Lineage::gather("atlas of communes", Parameters::new(), lineages.iter().map(|(_, lineage)| lineage));
    let heads: BTreeMap<&str, Option<&str>> =
        lineages.iter().map(|(id, lineage)| (id.as_str(), lineage.head())).collect();
    let graph: serde_json::Value = serde_json::from_str(&all.to_json())?;
    let mut text =
        serde_json::to_string_pretty(&serde_json::json!({ "indicators": heads, "lineage": graph }))?;
    text.push('\n');
    folder.file("lineage.json")?.write_all(text.as_bytes())?;
    let summary = Summary { pages, file: html.len() as u64, bytes: size_of(folder.path())? };
    folder.commit()?;
    Ok(summary)
}

/// In which commune each point lies.
fn located(points: &GeometryColumn, zones: &Zones) -> Result<Vec<Option<u32>>, Trouble> {
    Ok(locate(points, &zones.geometry, Boundary::HalfOpen)?.to_options())
}

/// Counts to a number of inhabitants: `per` times the count, divided by them. A pure number, since its name says what is counted.
pub(crate) fn per_inhabitants(
    counts: &[u64],
    population: &[f64],
    per: f64,
    completeness: f64,
) -> Vec<Measured> {
    let ratio = |(&count, &people): (&u64, &f64)| {
        Measured::new(per * count as f64 / people, Unit::ONE)
            .with_observations(count)
            .with_completeness(completeness)
    };
    counts.iter().zip(population).map(ratio).collect()
}

/// The same of all together: those whose inhabitants are not known are left out above and below the line.
pub(crate) fn per_all_inhabitants(
    counts: &[u64],
    population: &[f64],
    per: f64,
    completeness: f64,
) -> Measured {
    let known = || counts.iter().zip(population).filter(|(_, people)| !people.is_nan());
    let count: u64 = known().map(|(count, _)| count).sum();
    let people: f64 = known().map(|(_, people)| people).sum();
    Measured::new(per * count as f64 / people, Unit::ONE)
        .with_observations(count)
        .with_completeness(completeness)
}
