//! An enlarged window on part of a map.
use datagora_core::{Crs, Language};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

use super::ground::Ground;
use super::projection::bounds_in;
use super::{MapError, MapOptions};
use crate::{Colour, Extent, Mark, Scene, Shape, Stroke, Text};

/// A window that enlarges the dense part of a map, such as a centre among large suburbs: below the map, with the same signs
/// and classes and a scale bar of its own; its frame is marked on the map.
///
/// ![Zones of a city coloured by density, a frame around the centre, and below the map the centre enlarged](pictures/inset.svg)
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Inset, MapOptions};
///
/// let centre = Rect::new(coord! { x: 1_840_000., y: 5_172_000. }, coord! { x: 1_845_000., y: 5_177_000. });
/// let inset = Inset::new("Centre", GeometryColumn::new([centre.into()], Crs::CC46));
/// let options = MapOptions::default().with_inset(inset);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Inset {
    title: String,
    around: GeometryColumn,
}

impl Inset {
    /// A window around geometries, in any CRS: the zones of the centre, or a rectangle.
    pub fn new(title: impl Into<String>, around: GeometryColumn) -> Self {
        Self { title: title.into(), around }
    }

    pub(super) fn refused(&self, what: &'static str) -> MapError {
        MapError::Inset { title: self.title.clone(), what }
    }
}

/// Refuses windows on a map that is no ground any more.
///
/// # Errors
///
/// [`MapError::Inset`] if there is one.
pub(super) fn refuse_on_cartogram(insets: &[Inset]) -> Result<(), MapError> {
    let what = "has no place on a cartogram, whose zones have left the ground; leave it out, or draw ProportionalSymbols";
    insets.first().map_or(Ok(()), |inset| Err(inset.refused(what)))
}

/// A description with what is enlarged.
pub(super) fn describe_windows(description: String, windows: &[Window], language: Language) -> String {
    let titles: Vec<&str> = windows.iter().map(|window| &window.title[..]).collect();
    let lead = match titles.len() {
        0 => return description,
        1 => language.pick("Agrandissement\u{a0}:", "Enlarged:"),
        _ => language.pick("Agrandissements\u{a0}:", "Enlarged:"),
    };
    format!("{description} {lead} {}.", titles.join(", "))
}

impl MapOptions {
    /// With an enlarged window, after those before it. [`MapMultiples`](crate::MapMultiples) have room for one, cartograms for
    /// none, since nothing on them lies where it does on the ground.
    pub fn with_inset(mut self, inset: Inset) -> Self {
        self.insets.push(inset);
        self
    }
}

/// What is wrong with a window around nothing.
const NOWHERE: &str = "has no coordinates; give the geometries around which it should lie";

/// An inset with its window in the CRS of the map.
pub(super) struct Window {
    pub(super) title: String,
    pub(super) bounds: Rect,
}

/// Brings windows into the CRS of a map that shows `shown`.
///
/// # Errors
///
/// [`MapError::Inset`] for a window without ground on the map, or as large as the map.
pub(super) fn windows(insets: &[Inset], crs: &Crs, shown: Rect) -> Result<Vec<Window>, MapError> {
    let prepare = |inset: &Inset| {
        let wrong = |what| inset.refused(what);
        let bounds = bounds_in(&inset.around, crs)?.ok_or_else(|| wrong(NOWHERE))?;
        let (a, b) = (bounds.min(), bounds.max());
        if ![a.x, a.y, b.x, b.y].iter().all(|c| c.is_finite()) {
            return Err(wrong(NOWHERE));
        }
        if b.x < shown.min().x || a.x > shown.max().x || b.y < shown.min().y || a.y > shown.max().y {
            return Err(wrong("lies outside of the map; give geometries on it"));
        }
        if bounds.width() >= shown.width() && bounds.height() >= shown.height() {
            return Err(wrong("is as large as the map; give geometries of its dense part"));
        }
        Ok(Window { title: inset.title.clone(), bounds })
    };
    insets.iter().map(prepare).collect()
}

/// Its title, behind a letter if there are several windows.
pub(super) fn window_title(index: usize, windows: usize, title: &str) -> String {
    if windows < 2 { title.to_owned() } else { format!("{} – {title}", letter(index)) }
}

fn letter(index: usize) -> String {
    char::from_digit(10 + (index % 26) as u32, 36)
        .map_or_else(String::new, |c| c.to_ascii_uppercase().to_string())
}

/// Where the windows lie on the main map, with their letters if there are several; what names should keep off.
pub(super) fn draw_frames(ground: &Ground, windows: &[Ground], scene: &mut Scene) -> Vec<Extent> {
    let mut taken: Vec<Extent> = Vec::new();
    let frames: Vec<Extent> = windows
        .iter()
        .map(|window| {
            let seen = ground.extent_of(window.seen());
            let area = &ground.area;
            Extent {
                left: seen.left.max(area.left),
                top: seen.top.max(area.top),
                right: seen.right.min(area.right),
                bottom: seen.bottom.min(area.bottom),
            }
        })
        .collect();
    for frame in &frames {
        for (colour, width) in [(Colour::WHITE, 3.2), (Colour::INK, 1.3)] {
            scene.add(Mark::new(Shape::Rect(*frame)).stroke(Stroke::new(colour, width)));
        }
    }
    for (index, frame) in frames.iter().enumerate().filter(|_| frames.len() > 1) {
        let at = |x: f64, y: f64| Text::new(letter(index), x, y).bold().halo().middle();
        let corners = [
            at(frame.left + 8.0, frame.top + 13.0),
            at(frame.right - 8.0, frame.top + 13.0),
            at(frame.left + 8.0, frame.bottom - 5.0),
            at(frame.right - 8.0, frame.bottom - 5.0),
        ];
        // Windows in one place may leave no corner free: their titles still tell which is which.
        let free = corners.into_iter().find(|text| taken.iter().all(|other| !other.overlaps(&text.extent())));
        if let Some(text) = free {
            taken.push(text.extent());
            scene.text(text);
        }
    }
    // Names may cross a frame no more than a letter.
    for frame in &frames {
        let side = |left, top, right, bottom| Extent { left, top, right, bottom };
        taken.extend([
            side(frame.left, frame.top, frame.right, frame.top + 1.0),
            side(frame.left, frame.bottom - 1.0, frame.right, frame.bottom),
            side(frame.left, frame.top, frame.left + 1.0, frame.bottom),
            side(frame.right - 1.0, frame.top, frame.right, frame.bottom),
        ]);
    }
    taken
}
