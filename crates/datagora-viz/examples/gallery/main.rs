//! Draws every kind of view from made numbers of a made city: a page as HTML and PDF, and each view as SVG, PNG, PDF and CSV; with
//! feature `web`, a map that answers, `change.html`.
//!
//! ```sh
//! cargo run -p datagora-viz --features png,pdf,web --example gallery -- FOLDER
//! ```
//!
//! A new kind of view takes a function in the file of its family, and a line in the table on top of that file.
mod amounts;
mod charts;
mod city;
mod comparisons;
#[cfg(feature = "web")]
mod interactive;
mod maps;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use datagora_core::Language;
use datagora_viz::{Captions, Chapter, Page, PdfOptions, Plate, Section, View};

/// A function that draws a view.
pub(crate) type Draw = fn() -> Result<View, Box<dyn Error>>;

/// Views of one family, each with the name of the type that draws it.
pub(crate) struct Family {
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    pub(crate) views: &'static [(&'static str, Draw)],
}

/// All views that are drawn.
pub(crate) const FAMILIES: [Family; 4] = [
    Family {
        id: "charts",
        title: "Graphiques",
        lead: "Un graphique de chaque sorte, à partir de nombres inventés.",
        views: charts::VIEWS,
    },
    Family {
        id: "comparisons",
        title: "Comparaisons",
        lead: "Des groupes, des dates, des mesures, des chances et des hypothèses, d’une ville inventée.",
        views: comparisons::VIEWS,
    },
    Family {
        id: "maps",
        title: "Cartes",
        lead: "Une carte de chaque sorte, d’une ville inventée de 22 communes sur deux rivières.",
        views: maps::VIEWS,
    },
    Family {
        id: "amounts",
        title: "Cartes de quantités",
        lead: "Des quantités, sans que la taille des zones parle à leur place.",
        views: amounts::VIEWS,
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "gallery".to_owned()));
    fs::create_dir_all(&folder)?;
    let mut page =
        Page::new("Galerie des vues", Language::French).with_subtitle("Une ville fabriquée").with_made(true);
    for family in FAMILIES {
        let mut chapter = Chapter::new(family.id, family.title, family.lead)
            .with_figure(family.views.len().to_string(), "exemples");
        for (_, draw) in family.views {
            chapter = chapter.with_plate(write(draw()?, &folder)?);
        }
        page = page.with_chapter(chapter);
    }
    let page = page.with_closing(
        Section::new("limits", "Ce que nous n’avons pas pu utiliser, et pourquoi").with_item("Rien."),
    );
    fs::write(folder.join("index.html"), page.to_html())?;
    fs::write(folder.join("gallery.pdf"), page.to_pdf(&PdfOptions::default())?)?;
    #[cfg(feature = "web")]
    fs::write(folder.join("change.html"), interactive::change()?)?;
    println!("{}", folder.join("index.html").display());
    Ok(())
}

/// Writes a view in every form, and gives its plate.
fn write(view: View, folder: &Path) -> Result<Plate, Box<dyn Error>> {
    let file = |ending: &str| format!("{}.{ending}", view.id());
    let (svg, png, pdf, csv) = (file("svg"), file("png"), file("pdf"), file("csv"));
    fs::write(folder.join(&svg), view.to_standalone_svg())?;
    fs::write(folder.join(&png), view.to_png(2.0)?)?;
    fs::write(folder.join(&pdf), view.to_pdf(&PdfOptions::default())?)?;
    fs::write(folder.join(&csv), view.table().to_csv(view.language()))?;
    if let Some(compact) = view.compact() {
        let narrow =
            View::new(view.id(), view.title(), compact.clone(), view.table().clone(), "", view.language());
        fs::write(folder.join(file("compact.png")), narrow.to_png(2.0)?)?;
    }
    let downloads = [("SVG", svg), ("PNG", png), ("PDF", pdf), ("CSV", csv)];
    Ok(downloads.into_iter().fold(Plate::new(view), |plate, (label, path)| plate.with_download(label, path)))
}

/// The words of a view of made data.
pub(crate) fn captions(id: &str, title: &str, subtitle: &str) -> Captions {
    Captions::new(id, title, Language::French)
        .with_subtitle(subtitle)
        .with_credits(
            "Données fictives, générées par un programme\u{a0}: elles ne décrivent aucun lieu réel.",
        )
        .with_made(true)
}
