//! Cells of 5 m as a picture: all of a small ground, the middle of a large one.
use std::ops::Range;

use datagora::core::Language;
use datagora::geo::types::{Geometry, Rect};
use datagora::geo::{GeometryColumn, dissolve};
use datagora::viz::{Colour, Context, MapOptions, Palette, Typology, format_number};

use super::Work;
use crate::figures::BROWN_TO_TEAL;
use crate::recorder::{Plate, Recorder, Trouble, captions};

/// Most cells along a side of the picture: smaller ones would not be seen.
const MOST: usize = 200;

/// Colour of the class in which nothing can be planted: nearly black, as built ground on a plan, and far from all others to every
/// colour vision.
const IMPOSSIBLE: Colour = Colour::rgb(16, 16, 36);

/// The colours of the classes, the impossible first; the picture and the interactive map have the same.
pub(super) fn colours() -> Palette {
    Palette::Categories([&[IMPOSSIBLE], &BROWN_TO_TEAL[..]].concat())
}

pub(super) fn plate(work: &Work<'_>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let whole = work.map.grid();
    let (rows, columns) = (middle(whole.rows(), MOST), middle(whole.columns(), MOST));
    let window = whole.window(columns.clone(), rows.clone())?;
    // Neighbours in a row of one class make one rectangle.
    let (mut runs, mut classes): (Vec<Rect>, Vec<usize>) = (Vec::new(), Vec::new());
    for row in rows {
        let mut last = None;
        for column in columns.clone() {
            let cell = whole.index(column, row);
            let class = work
                .map
                .class(cell)
                .and_then(|class| work.set().classes().iter().position(|other| other.code == class.code));
            let Some(class) = class else {
                last = None;
                continue;
            };
            let own = whole.cell_rect(cell);
            match (last == Some(class), runs.last_mut()) {
                (true, Some(run)) => *run = Rect::new(run.min(), own.max()),
                _ => {
                    runs.push(own);
                    classes.push(class);
                }
            }
            last = Some(class);
        }
    }
    let shapes = GeometryColumn::new(runs.into_iter().map(Into::into), whole.crs().clone());
    let patches = dissolve(&shapes, &classes)?;
    let word = |class: usize| work.set().classes()[class].name.in_language(language).to_owned();
    let (mut parts, mut names, mut categories) = (Vec::new(), Vec::new(), Vec::new());
    for (row, &class) in patches.keys.iter().enumerate() {
        let Some(shape) = patches.shapes.get(row) else { continue };
        for part in polygons(shape) {
            names.push(format!("{} {}", word(class), names.len() + 1));
            categories.push(Some(word(class)));
            parts.push(part);
        }
    }
    let places = GeometryColumn::new(parts, whole.crs().clone());
    let order = (0..work.set().classes().len()).map(word);
    let land = GeometryColumn::new([window.bounds().into()], whole.crs().clone());
    let options = MapOptions::default()
        .with_context(
            Context::land(land).with_meaning(language.pick("sol non décrit", "ground not described")),
        )
        .with_labels(0)
        .with_zone_word(language.pick("taches", "patches"));
    let title = recorder.say("Cellule par cellule", "Cell by cell");
    let (width, height) =
        (kilometres(window.bounds().width(), language), kilometres(window.bounds().height(), language));
    let subtitle = match (language, work.data.payload().part.is_none()) {
        (Language::French, true) => {
            format!("cellules de 5\u{a0}m au milieu de la ville, {width} sur {height}")
        }
        (Language::English, true) => {
            format!("cells of 5\u{a0}m in the middle of the city, {width} by {height}")
        }
        (_, false) => {
            let part = work.part(language);
            format!("{}{part}", language.pick("cellules de 5\u{a0}m", "cells of 5\u{a0}m"))
        }
    };
    let metadata = work.metadata.clone();
    let words = captions("greening-plantability-cells", &title, &subtitle, &metadata, language)
        .with_note(recorder.say("Une tache est d’un seul tenant.", "A patch is in one piece."))
        .with_note(work.basis(language));
    let view = Typology::new(&places, &names, &categories)
        .with_variable(language.pick("Planter un arbre", "Planting a tree"))
        .with_order(order)
        .with_palette(colours())
        .draw(&options, &words)?;
    Ok(Plate { view, metadata, geometry: Some(places) })
}

/// The cells in the middle, or all if they are few.
pub(super) fn middle(cells: usize, most: usize) -> Range<usize> {
    let first = cells.saturating_sub(most) / 2;
    first..(first + most).min(cells)
}

fn kilometres(metres: f64, language: Language) -> String {
    format!("{} km", format_number(metres / 1_000.0, 1, language))
}

fn polygons(shape: Geometry) -> Vec<Geometry> {
    match shape {
        Geometry::MultiPolygon(parts) => parts.into_iter().map(Geometry::Polygon).collect(),
        other => vec![other],
    }
}
