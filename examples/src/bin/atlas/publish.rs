//! Writes the atlas: one page, each view as SVG and PNG, each table as CSV and (Geo)Parquet, the lineage.
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use datagora::core::io::{AtomicFolder, write_csv, write_parquet};
use datagora::core::{Credit, Language, Lineage, Metadata, Parameters, Role, Table, TableError, Unit, Use};
use datagora::geo::{Features, GeoParquetOptions, write_geoparquet};
use datagora::viz::{self, DataTable, Page, PdfOptions, Section, Values, format_number};

use crate::material::Material;
use crate::recorder::{Chapter, Plate, Recorder, Trouble};
use crate::remember;
use crate::story::{self, Told};

/// What was written.
pub(crate) struct Summary {
    pub(crate) views: usize,
    pub(crate) tables: usize,
    pub(crate) imperfections: usize,
    /// Bytes of the page, of the same as PDF, of the folder.
    pub(crate) page: usize,
    pub(crate) pdf: usize,
    pub(crate) bytes: u64,
}

/// Pixels of a PNG for each px of its scene.
const SHARPNESS: f64 = 2.0;

/// Most rows of a table that the page and the PDF hold whole, and most bytes of it in the page; of others they hold the first rows.
const LONGEST: (usize, usize) = (100, 15_000);
const FIRST_ROWS: usize = 10;

/// Writes the folder whole, or leaves what was there.
pub(crate) fn write(
    out: &Path,
    material: &Material,
    chapters: &[Chapter],
    told: Option<&Told>,
    recorder: &Recorder,
) -> Result<Summary, Trouble> {
    let folder = AtomicFolder::create(out)?;
    let imperfections = recorder.imperfections().len();
    let mut summary = Summary { views: 0, tables: 0, imperfections, page: 0, pdf: 0, bytes: 0 };
    for plate in chapters.iter().flat_map(|chapter| &chapter.plates) {
        let id = plate.view.id();
        for scene in [Some(plate.view.scene()), plate.view.compact()].into_iter().flatten() {
            debug_assert_eq!(scene.flaws(), [], "text of {id} that cannot be read");
        }
        folder.file(format!("views/{id}.svg"))?.write_all(plate.view.to_standalone_svg().as_bytes())?;
        folder.file(format!("views/{id}.png"))?.write_all(&plate.view.to_png(SHARPNESS)?)?;
        let table =
            export(plate.view.table(), recorder.language).map_err(|error| format!("{id}: {error}"))?;
        write_csv(folder.place(format!("tables/{id}.csv"))?, &table)?;
        let parquet = folder.place(format!("tables/{id}.parquet"))?;
        match plate.geometry.as_ref().filter(|geometry| geometry.len() == table.len()) {
            Some(geometry) => {
                let features = Features { geometry: geometry.clone(), attributes: table };
                write_geoparquet(parquet, &features, &GeoParquetOptions::default())?;
            }
            None => write_parquet(parquet, &table)?,
        }
        summary.views += 1;
        summary.tables += 1;
    }
    for (id, html) in chapters.iter().flat_map(|chapter| &chapter.maps) {
        folder.file(format!("maps/{id}.html"))?.write_all(html.as_bytes())?;
    }
    folder.file("lineage.json")?.write_all(lineage(chapters)?.as_bytes())?;
    let mut page = page(material, chapters, recorder);
    let pdf = page.to_pdf(&PdfOptions::default())?;
    folder.file("atlas.pdf")?.write_all(&pdf)?;
    if let Some(told) = told {
        let path = format!("maps/{}.html", story::ID);
        folder.file(&path)?.write_all(told.html.as_bytes())?;
        let label = recorder.say("Lire le récit", "Read the story");
        let colon = recorder.say("\u{a0}: ", ": ");
        page = page.with_page(format!("{label}{colon}{}", told.title), path);
    }
    let size = format_number(pdf.len() as f64 / 1e6, 1, recorder.language);
    let label = match recorder.language {
        Language::French => format!("L’atlas en PDF ({size}\u{a0}Mo)"),
        Language::English => format!("The atlas as PDF ({size}\u{a0}MB)"),
    };
    let html = page.with_download(label, "atlas.pdf").to_html();
    folder.file("index.html")?.write_all(html.as_bytes())?;
    (summary.page, summary.pdf) = (html.len(), pdf.len());
    summary.bytes = size_of(folder.path())?;
    folder.commit()?;
    Ok(summary)
}

pub(crate) fn size_of(folder: &Path) -> std::io::Result<u64> {
    std::fs::read_dir(folder)?
        .map(|entry| {
            let entry = entry?;
            if entry.file_type()?.is_dir() { size_of(&entry.path()) } else { Ok(entry.metadata()?.len()) }
        })
        .sum()
}

/// The table of a view with plain columns: a value with its interval, observations and reason becomes several.
fn export(data: &DataTable, language: Language) -> Result<Table, TableError> {
    let mut table = Table::empty();
    for (index, column) in data.flat(language).into_iter().enumerate() {
        table = match column.values {
            Values::Text(values) => {
                let role = if index == 0 { Role::Identifier } else { Role::Dimension };
                table.with_text(
                    &column.name,
                    role,
                    values.into_iter().map(|text| Some(text).filter(|text| !text.is_empty())),
                )?
            }
            Values::Numbers(values) => {
                let numbers = values.into_iter().map(|value| Some(value).filter(|value| value.is_finite()));
                table.with_number(&column.name, Role::Measure, column.unit.unwrap_or(Unit::ONE), numbers)?
            }
            // A flat table has none.
            Values::Measured(_) => table,
        };
    }
    Ok(table)
}

/// All histories in one graph, and which of its nodes each view is.
fn lineage(chapters: &[Chapter]) -> Result<String, Trouble> {
    let plates: Vec<&Plate> = chapters.iter().flat_map(|chapter| &chapter.plates).collect();
    let all = Lineage::gather("atlas", Parameters::new(), plates.iter().map(|plate| &plate.metadata.lineage));
    let views: BTreeMap<&str, Option<&str>> =
        plates.iter().map(|plate| (plate.view.id(), plate.metadata.lineage.head())).collect();
    let graph: serde_json::Value = serde_json::from_str(&all.to_json())?;
    let mut text = serde_json::to_string_pretty(&serde_json::json!({ "views": views, "lineage": graph }))?;
    text.push('\n');
    Ok(text)
}

fn page(material: &Material, chapters: &[Chapter], recorder: &Recorder) -> Page {
    let language = recorder.language;
    let place = material.place.get(language);
    let mut page = Page::new(format!("Atlas – {place}"), language)
        .with_subtitle(recorder.say("Mobilité, végétalisation, économie", "Mobility, greening, economy"))
        .with_lead(recorder.say(
            "Cet atlas est calculé à partir de données ouvertes. Chaque valeur dit d’où elle vient, sur quoi elle repose et à quel \
             point elle est sûre\u{202f}; ce qui manque est montré comme manquant. Chaque figure se télécharge, avec ses données.",
            "This atlas is computed from open data. Each value says where it comes from, what it rests on and how sure it is; what \
             is missing is shown as missing. Each figure can be downloaded, with its data.",
        ))
        .with_made(material.made);
    for chapter in chapters {
        let section = viz::Chapter::new(chapter.id, chapter.title.get(language), chapter.lead.get(language));
        let mut section = remember::open(section, chapter, language);
        for plate in &chapter.plates {
            let id = plate.view.id();
            let parquet = if plate.geometry.is_some() { "GeoParquet" } else { "Parquet" };
            let mut shown = viz::Plate::new(plate.view.clone());
            if chapter.maps.iter().any(|(of, _)| of == id) {
                let open = recorder.say("Ouvrir la carte interactive", "Open the interactive map");
                shown = shown.with_page(open, format!("maps/{id}.html"));
            }
            let table = plate.view.table();
            let (rows, bytes) = LONGEST;
            if table.len() > rows || table.to_html(language).len() > bytes {
                shown = shown.with_excerpt(FIRST_ROWS, format!("tables/{id}.csv"));
            }
            section = section.with_plate(
                shown
                    .with_download("SVG", format!("views/{id}.svg"))
                    .with_download("PNG", format!("views/{id}.png"))
                    .with_download("CSV", format!("tables/{id}.csv"))
                    .with_download(parquet, format!("tables/{id}.parquet")),
            );
        }
        page = page.with_chapter(section);
    }
    page.with_closing(imperfections(recorder)).with_closing(sources(chapters, recorder))
}

pub(crate) fn imperfections(recorder: &Recorder) -> Section {
    let title =
        recorder.say("Ce que nous n’avons pas pu utiliser, et pourquoi", "What we could not use, and why");
    let mut section = Section::new("imperfections", title);
    if recorder.imperfections().is_empty() {
        section =
            section.with_paragraph(recorder.say("Tout a pu être utilisé.", "Everything could be used."));
    }
    for imperfection in recorder.imperfections() {
        section = section.with_item(imperfection.sentence(recorder.language));
    }
    section
}

fn sources(chapters: &[Chapter], recorder: &Recorder) -> Section {
    let language = recorder.language;
    let mut credits: Vec<&Credit> = chapters
        .iter()
        .flat_map(|chapter| &chapter.plates)
        .flat_map(|plate| &plate.metadata.credits)
        .collect();
    credits.sort();
    credits.dedup();
    let mut section = Section::new("sources", recorder.say("Sources et licences", "Sources and licences"));
    // The heading says what they are already.
    let lead = recorder.say("Source\u{a0}: ", "Source: ");
    for credit in &credits {
        let credited = datagora::core::attribution(std::slice::from_ref(*credit), language);
        section = section.with_item(credited.strip_prefix(&lead).unwrap_or(&credited));
    }
    let all = credits
        .iter()
        .fold(Metadata::new("atlas"), |metadata, credit| metadata.with_credit((*credit).clone()));
    if let Ok(terms) = all.terms(Use::DerivedDatabase)
        && let Some(licence) = terms.licence()
    {
        let lead = recorder.say(
            "Les tables dérivées se publient sous la licence ",
            "The derived tables are to be published under ",
        );
        section = section.with_paragraph(format!("{lead}{}.", licence.title(language)));
    }
    section.with_paragraph(recorder.say(
        "La généalogie de chaque figure, des fichiers lus (avec leur empreinte SHA-256) aux paramètres de chaque calcul, est dans \
         lineage.json.",
        "The lineage of each figure, from the files read (with their SHA-256) to the parameters of each computation, is in \
         lineage.json.",
    ))
}
