//! Text, lists and pictures that flow from sheet to sheet.
use krilla::tagging::{ListNumbering, Tag};
use std::num::NonZeroU16;

use super::picture::Picture;
use super::sheets::{Element, Placement, ROOT, Sheets, Spot};
use crate::frame::{MADE, MARGIN};
use crate::text::wrap_anywhere;
use crate::{Colour, Extent, Fill, Mark, Shape, Stroke, Text, View, text_width};

/// A4, pt.
pub(crate) const PAPER: (f64, f64) = (595.28, 841.89);
/// White at the sides, pt.
const SIDE: f64 = 42.0;
/// White above and below, pt.
const ENDS: f64 = 54.0;
/// A pixel of the screen, pt.
pub(crate) const PIXEL: f64 = 0.75;

/// How a paragraph looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    /// Size, pt.
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) colour: Colour,
    /// White below, pt.
    pub(crate) below: f64,
}

impl Style {
    pub(crate) const TITLE: Self = Self { size: 25.0, bold: true, colour: Colour::INK, below: 6.0 };
    pub(crate) const CHAPTER: Self = Self { size: 18.0, bold: true, colour: Colour::INK, below: 8.0 };
    pub(crate) const HEADING: Self = Self { size: 12.0, bold: true, colour: Colour::INK, below: 5.0 };
    pub(crate) const SUBTITLE: Self = Self { size: 13.0, bold: false, colour: Colour::MUTED, below: 12.0 };
    pub(crate) const BODY: Self = Self { size: 10.0, bold: false, colour: Colour::INK, below: 7.0 };
    pub(crate) const SMALL: Self = Self { size: 8.5, bold: false, colour: Colour::MUTED, below: 6.0 };

    /// Height of a line, pt.
    pub(crate) fn line(&self) -> f64 {
        self.size * if self.bold { 1.25 } else { 1.45 }
    }

    /// A line of this look, whose upper edge is at `top`.
    pub(crate) fn text(&self, content: impl Into<String>, x: f64, top: f64) -> Text {
        let text = Text::new(content, x, top + 0.5 * self.line() + 0.36 * self.size);
        let text = text.size(self.size).colour(self.colour);
        if self.bold { text.bold() } else { text }
    }
}

/// Height of a line in a table of contents, pt.
const CONTENTS_LINE: f64 = 16.0;

/// A table of contents whose lines have their places.
pub(crate) struct Contents {
    element: Element,
    lines: Vec<Spot>,
}

impl Contents {
    /// The places, from the first to the last.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Spot> + '_ {
        self.lines.iter().copied()
    }
}

/// Where the next thing goes.
pub(crate) struct Flow<'a> {
    pub(crate) sheets: Sheets<'a>,
    /// Below the upper edge of the sheet, pt.
    pub(crate) y: f64,
    flowing: Vec<usize>,
}

impl<'a> Flow<'a> {
    pub(crate) fn new(sheets: Sheets<'a>) -> Self {
        Self { sheets, y: PAPER.1, flowing: Vec::new() }
    }

    /// Left and right end of lines, pt.
    pub(crate) fn sides(&self) -> (f64, f64) {
        (SIDE, PAPER.0 - SIDE)
    }

    pub(crate) fn width(&self) -> f64 {
        PAPER.0 - 2.0 * SIDE
    }

    /// Height of an empty sheet between its margins, pt.
    pub(crate) fn height(&self) -> f64 {
        PAPER.1 - 2.0 * ENDS
    }

    /// The sheet that is being filled.
    pub(crate) fn sheet(&self) -> usize {
        self.sheets.len().saturating_sub(1)
    }

    pub(crate) fn spot(&self) -> Spot {
        Spot { sheet: self.sheet(), y: (self.y - 6.0).max(0.0) }
    }

    /// Begins a sheet.
    pub(crate) fn turn(&mut self) {
        self.sheets.turn(PAPER.0, PAPER.1);
        self.flowing.push(self.sheet());
        self.y = ENDS;
    }

    /// Begins a sheet unless there is this much room; says whether it did.
    pub(crate) fn need(&mut self, room: f64) -> bool {
        let turn = self.y + room > PAPER.1 - ENDS;
        if turn {
            self.turn();
        }
        turn
    }

    /// Goes down.
    pub(crate) fn skip(&mut self, by: f64) {
        self.y += by;
    }

    /// A text marked as what made data are marked with.
    pub(crate) fn badge(&mut self, within: Element, words: &str) {
        self.need(24.0);
        let (left, _) = self.sides();
        let right = left + text_width(words, 9.0, true) + 12.0;
        let area = Extent { left, top: self.y, right, bottom: self.y + 17.0 };
        let ground = Mark::new(Shape::Rect(area)).fill(Fill::Solid(MADE));
        let text = Text::new(words, left + 6.0, self.y + 12.0).size(9.0).bold().colour(Colour::WHITE);
        let element = self.sheets.element(within, Tag::P);
        self.sheets.draw(self.sheet(), element, vec![ground, Mark::new(Shape::Text(text))], Placement::SHEET);
        self.skip(25.0);
    }

    /// A paragraph as an element of its own.
    pub(crate) fn paragraph(&mut self, within: Element, words: &str, style: Style) {
        if !words.trim().is_empty() {
            let element = self.sheets.element(within, Tag::P);
            self.lines(element, words, style, self.sides().0);
            self.skip(style.below);
        }
    }

    /// Lines of text from `left` to the right end, as content of an element.
    pub(crate) fn lines(&mut self, element: Element, words: &str, style: Style, left: f64) {
        let lines = wrap_anywhere(words, style.size, style.bold, self.sides().1 - left);
        let last = lines.len().saturating_sub(1);
        for (index, mut line) in lines.into_iter().enumerate() {
            self.need(style.line());
            if index < last {
                // The end of a word, for those to whom lines are read one after the other.
                line.push(' ');
            }
            let mark = Mark::new(Shape::Text(style.text(line, left, self.y)));
            self.sheets.draw(self.sheet(), element, vec![mark], Placement::SHEET);
            self.skip(style.line());
        }
    }

    /// A heading that stays with at least `keep` pt of what follows; gives where it stands.
    pub(crate) fn heading(
        &mut self,
        within: Element,
        level: u16,
        words: &str,
        style: Style,
        keep: f64,
    ) -> Spot {
        let height = wrap_anywhere(words, style.size, style.bold, self.width()).len() as f64 * style.line();
        self.need((height + style.below + keep).min(self.height()));
        let spot = self.spot();
        let element = self.sheets.element(within, heading_tag(level, words));
        self.lines(element, words, style, self.sides().0);
        self.skip(style.below);
        spot
    }

    /// A list with bullets.
    pub(crate) fn list<'w>(
        &mut self,
        within: Element,
        items: impl IntoIterator<Item = &'w str>,
        style: Style,
    ) {
        let list = self.sheets.element(within, Tag::L(ListNumbering::Disc));
        let (left, _) = self.sides();
        for item in items {
            self.need(style.line());
            let element = self.sheets.element(list, Tag::LI);
            let label = self.sheets.element(element, Tag::Lbl);
            let bullet = Mark::new(Shape::Text(style.text("•", left + 4.0, self.y)));
            self.sheets.draw(self.sheet(), label, vec![bullet], Placement::SHEET);
            let body = self.sheets.element(element, Tag::LBody);
            self.lines(body, item, style, left + 15.0);
            self.skip(0.35 * style.below);
        }
        self.skip(style.below);
    }

    /// Numbers with what they count, one below the other.
    pub(crate) fn figures<'w>(
        &mut self,
        within: Element,
        figures: impl IntoIterator<Item = (&'w str, &'w str)> + Clone,
    ) {
        const NUMBER: Style = Style { size: 15.0, bold: true, colour: Colour::INK, below: 5.0 };
        let widths = figures.clone().into_iter().map(|(number, _)| text_width(number, NUMBER.size, true));
        let column = widths.fold(0.0, f64::max).min(0.5 * self.width());
        let (left, _) = self.sides();
        let list = self.sheets.element(within, Tag::L(ListNumbering::None));
        for (number, label) in figures {
            self.need(2.0 * NUMBER.line());
            let element = self.sheets.element(list, Tag::LI);
            let body = self.sheets.element(element, Tag::LBody);
            let top = self.y;
            let first = Mark::new(Shape::Text(NUMBER.text(format!("{number} "), left, top)));
            self.sheets.draw(self.sheet(), body, vec![first], Placement::SHEET);
            // Both stand on one line, unless the number is too long for that.
            let beside = text_width(number, NUMBER.size, true) <= column;
            self.y = if beside {
                top + 0.5 * (NUMBER.line() - Style::BODY.line()) + 1.4
            } else {
                top + NUMBER.line()
            };
            self.lines(body, label, Style::BODY, left + column + 10.0);
            self.y = self.y.max(top + NUMBER.line()) + NUMBER.below;
        }
        self.skip(8.0);
    }

    /// A view with its heading; gives where it stands.
    pub(crate) fn view(&mut self, within: Element, view: &'a View, level: u16) -> Spot {
        let picture = Picture::new(view);
        let scene = view.scene();
        let head = match picture.holds_title() {
            true => 0.0,
            false => Style::HEADING.line() * 2.0 + Style::HEADING.below,
        };
        let room = self.height() - head;
        // The margins of the picture reach into those of the sheet, so that its words stand below those of the page.
        let inner = (scene.width() - 2.0 * MARGIN).max(1.0);
        let scale = (self.width() / inner).min(room / scene.height()).min(PIXEL);
        self.need((scene.height() * scale + head).min(self.height()));
        let mut spot = self.spot();
        if !picture.holds_title() {
            spot = self.heading(within, level, view.title(), Style::HEADING, 0.0);
        }
        let placement = Placement { x: self.sides().0 - MARGIN * scale, y: self.y, scale };
        picture.draw(&mut self.sheets, within, level, placement);
        self.skip(scene.height() * scale + 16.0);
        spot
    }

    /// A table of contents of this many lines, to be filled when the places are known.
    pub(crate) fn reserve(&mut self, heading: &str, lines: usize) -> Contents {
        self.skip(10.0);
        self.heading(ROOT, 2, heading, Style::CHAPTER, 60.0);
        let element = self.sheets.element(ROOT, Tag::TOC);
        let lines = (0..lines)
            .map(|_| {
                self.need(CONTENTS_LINE);
                let place = Spot { sheet: self.sheet(), y: self.y };
                self.skip(CONTENTS_LINE);
                place
            })
            .collect();
        Contents { element, lines }
    }

    /// A line of a table of contents, at one of its places.
    pub(crate) fn contents_line(
        &mut self,
        contents: &Contents,
        at: Spot,
        level: usize,
        title: &str,
        to: Spot,
    ) {
        let (left, right) = self.sides();
        let left = if level > 1 { left + 14.0 } else { left };
        let style = Style { bold: level == 1, ..Style::BODY };
        let title = crate::shorten_text(title, style.size, style.bold, right - left - 40.0);
        let page = format!("{}", to.sheet + 1);
        let words = [style.text(format!("{title} "), left, at.y), style.text(page, right, at.y).end()];
        let element = self.sheets.element(contents.element, Tag::TOCI);
        let element = self.sheets.element(element, Tag::Link);
        self.sheets.draw(
            at.sheet,
            element,
            words.map(|text| Mark::new(Shape::Text(text))).to_vec(),
            Placement::SHEET,
        );
        let area = Extent { left, top: at.y, right, bottom: at.y + CONTENTS_LINE };
        self.sheets.link(at.sheet, element, area, to, &title);
    }

    /// Closes the document: title and number below every sheet that flows.
    pub(crate) fn finish(mut self) -> Sheets<'a> {
        let number = self.sheets.len();
        let (left, right) = self.sides();
        let title = crate::shorten_text(self.sheets.title(), 8.0, false, 0.8 * self.width());
        for &sheet in &self.flowing {
            let y = PAPER.1 - 0.55 * ENDS;
            let line = [[left, y - 13.0], [right, y - 13.0]].to_vec();
            let line =
                Mark::new(Shape::Path(crate::Path::line(line))).stroke(Stroke::new(Colour::FAINT, 0.5));
            let text = |text: Text| Mark::new(Shape::Text(text.size(8.0).colour(Colour::MUTED)));
            let name = text(Text::new(title.clone(), left, y));
            let count = text(Text::new(format!("{} / {number}", sheet + 1), right, y).end());
            self.sheets.decorate(sheet, vec![line, name, count]);
        }
        self.sheets
    }
}

/// A heading of a level; its words are its title, as they are said in lists of headings.
pub(super) fn heading_tag(level: u16, words: &str) -> Tag<krilla::tagging::kind::Hn> {
    Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(words.to_owned()))
}
