//! A view on a sheet: what its marks mean.
use std::ops::Range;

use krilla::geom::Rect;
use krilla::tagging::{BBox, Tag};

use super::flow::heading_tag;
use super::sheets::{Element, Placement, Sheets};
use crate::frame::made_label;
use crate::scene::Backdrop;
use crate::{Mark, Scene, Shape, View};

/// A picture, and which of its marks are words of the view: those are heading and paragraphs beside the figure.
pub(crate) struct Picture<'a> {
    view: &'a View,
    /// In the order of the marks.
    words: Vec<Words<'a>>,
}

struct Words<'a> {
    marks: Range<usize>,
    says: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Title,
    /// Read before the figure.
    Head,
    /// Read after it.
    Foot,
}

impl<'a> Picture<'a> {
    pub(crate) fn new(view: &'a View) -> Self {
        let marks = view.scene().marks();
        let label = if view.is_made() { made_label(view.language()) } else { "" };
        let head = [(label, Kind::Head), (view.title(), Kind::Title), (view.subtitle(), Kind::Head)];
        let notes = view.notes().iter().map(|note| &note[..]).chain([view.credits()]);
        let mut words: Vec<Words<'a>> = Vec::new();
        for (says, kind) in head.into_iter().chain(notes.map(|note| (note, Kind::Foot))) {
            let from = words.last().map_or(0, |words| words.marks.end);
            if let Some(marks) = marks_that_say(marks, says, from) {
                words.push(Words { marks, says, kind });
            }
        }
        Self { view, words }
    }

    /// Whether the title stands in the picture.
    pub(crate) fn holds_title(&self) -> bool {
        self.words.iter().any(|words| words.kind == Kind::Title)
    }

    /// Draws the picture on the last sheet. It is read in this order: title, subtitle, figure, notes.
    pub(crate) fn draw(&self, sheets: &mut Sheets<'a>, within: Element, level: u16, placement: Placement) {
        let (scene, sheet) = (self.view.scene(), sheets.len().saturating_sub(1));
        let lang =
            (self.view.language() != sheets.language()).then(|| self.view.language().code().to_owned());
        let element = |sheets: &mut Sheets<'a>, words: &Words<'a>| {
            // What is broken into lines is said whole.
            let whole = Some(words.says.to_owned());
            match words.kind {
                Kind::Title => {
                    let tag = heading_tag(level, words.says).with_actual_text(whole);
                    sheets.element(within, tag.with_lang(lang.clone()))
                }
                Kind::Head | Kind::Foot => {
                    sheets.element(within, Tag::P.with_actual_text(whole).with_lang(lang.clone()))
                }
            }
        };
        let foot = self.words.iter().position(|words| words.kind == Kind::Foot).unwrap_or(self.words.len());
        let (head, foot) = self.words.split_at(foot);
        let mut elements: Vec<Element> = head.iter().map(|words| element(sheets, words)).collect();
        let figure = sheets.element(within, self.figure(sheet, placement).with_lang(lang.clone()));
        elements.extend(foot.iter().map(|words| element(sheets, words)));

        draw_below(sheets, sheet, figure, scene, placement);
        let marks = scene.marks();
        let mut from = 0;
        for (words, &element) in self.words.iter().zip(&elements) {
            let Range { start, end } = words.marks;
            if from < start {
                sheets.draw(sheet, figure, &marks[from..start], placement);
            }
            sheets.draw(sheet, element, &marks[start..end], placement);
            from = end;
        }
        if from < marks.len() {
            sheets.draw(sheet, figure, &marks[from..], placement);
        }
    }

    fn figure(&self, sheet: usize, placement: Placement) -> Tag<krilla::tagging::kind::Figure> {
        let Placement { x, y, scale } = placement;
        let (width, height) = (self.view.scene().width() * scale, self.view.scene().height() * scale);
        let area = Rect::from_xywh(x as f32, y as f32, width as f32, height as f32);
        let description = match self.view.description() {
            "" => self.view.title(),
            description => description,
        };
        Tag::Figure(Some(description.to_owned())).with_bbox(area.map(|area| BBox::new(sheet, area)))
    }
}

/// Draws what lies below a scene, as a part of the figure.
fn draw_below<'a>(
    sheets: &mut Sheets<'a>,
    sheet: usize,
    figure: Element,
    scene: &'a Scene,
    placement: Placement,
) {
    let Some(Backdrop { scene: below, down }) = scene.backdrop() else { return };
    let placement = Placement { y: placement.y + down * placement.scale, ..placement };
    draw_below(sheets, sheet, figure, below, placement);
    sheets.draw(sheet, figure, below.marks(), placement);
}

/// The first texts from here on that are the lines of a sentence.
fn marks_that_say(marks: &[Mark], sentence: &str, from: usize) -> Option<Range<usize>> {
    let wanted: Vec<&str> = sentence.split(' ').filter(|word| !word.is_empty()).collect();
    let wanted = wanted.join(" ");
    if wanted.is_empty() {
        return None;
    }
    (from..marks.len()).find_map(|start| {
        let mut said = String::new();
        for (index, mark) in marks.iter().enumerate().skip(start) {
            let Shape::Text(text) = &mark.shape else { return None };
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(&text.content);
            if said == wanted {
                return Some(start..index + 1);
            }
            if !wanted.starts_with(&said) {
                return None;
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    #[test]
    fn sentences_are_found_over_lines() {
        let text = |words: &str| Mark::new(Shape::Text(Text::new(words, 0.0, 0.0)));
        let marks = ["Un", "Un titre", "en deux", "lignes", "Un"].map(text);
        assert_eq!(marks_that_say(&marks, "Un  titre en deux lignes", 0), Some(1..4));
        assert_eq!(marks_that_say(&marks, "Un", 1), Some(4..5));
        assert_eq!(marks_that_say(&marks, "Un titre en trois", 0), None);
        assert_eq!(marks_that_say(&marks, " ", 0), None);
    }
}
