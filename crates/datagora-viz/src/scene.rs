//! What every renderer draws: positioned shapes and text.
use std::sync::Arc;

use crate::Colour;
use crate::text::{ASCENT, DESCENT, text_width};

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// Nothing.
    None,
    /// One colour.
    Solid(Colour),
    /// One colour that lets what lies below shine through; 0 is invisible, 1 opaque.
    Glass(Colour, f64),
    /// Diagonal lines of this colour on white: no value, or a value that is withheld.
    Hatch(Colour),
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub colour: Colour,
    /// Width, px.
    pub width: f64,
    /// Length of dashes and gaps, px; 0 for a whole line.
    pub dash: f64,
    /// Whether it surrounds shapes that lie beside each other, such as zones: see [`Stroke::shared`].
    pub shared: bool,
}

impl Stroke {
    /// A whole line.
    pub const fn new(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: 0.0, shared: false }
    }

    /// A dashed line.
    pub const fn dashed(self, dash: f64) -> Self {
        Self { dash, ..self }
    }

    /// Around shapes none of which lies over another. Where two that follow each other have a side in common, PNG draws it once, and
    /// after both are filled: half the work, and borders that are not cut into by what is filled next.
    ///
    /// ```
    /// use datagora_viz::{Colour, Fill, Mark, Path, Scene, Shape, Stroke};
    ///
    /// let zone = |left: f64| Path::ring(vec![[left, 0.0], [left + 50.0, 0.0], [left + 50.0, 40.0], [left, 40.0]]);
    /// let border = Stroke::new(Colour::WHITE, 1.0).shared();
    /// let mut scene = Scene::new(100.0, 40.0);
    /// for left in [0.0, 50.0] {
    ///     scene.add(Mark::new(Shape::Path(zone(left))).fill(Fill::Solid(Colour::INK)).stroke(border));
    /// }
    /// ```
    pub const fn shared(self) -> Self {
        Self { shared: true, ..self }
    }
}

/// Which end of a text stands at its position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The beginning.
    #[default]
    Start,
    /// The middle.
    Middle,
    /// The end.
    End,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What it says.
    pub content: String,
    /// Position of the anchor, px from the left.
    pub x: f64,
    /// Position of the baseline, px from the top.
    pub y: f64,
    /// Size, px.
    pub size: f64,
    /// Bold.
    pub bold: bool,
    /// Colour.
    pub colour: Colour,
    /// Which end stands at the position.
    pub anchor: Anchor,
    /// A white outline, so that it is read on any ground.
    pub halo: bool,
}

impl Text {
    /// Text of the usual size and colour, that begins at (x, y).
    pub fn new(content: impl Into<String>, x: f64, y: f64) -> Self {
        Self {
            content: content.into(),
            x,
            y,
            size: 12.0,
            bold: false,
            colour: Colour::INK,
            anchor: Anchor::Start,
            halo: false,
        }
    }

    /// With this size, px.
    pub fn size(self, size: f64) -> Self {
        Self { size, ..self }
    }

    /// In bold.
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// In this colour.
    pub fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// Centred on its position.
    pub fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    /// Ending at its position.
    pub fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }

    /// With a white outline.
    pub fn halo(self) -> Self {
        Self { halo: true, ..self }
    }

    /// The box it takes.
    pub fn extent(&self) -> Extent {
        let width = text_width(&self.content, self.size, self.bold);
        let left = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - 0.5 * width,
            Anchor::End => self.x - width,
        };
        Extent {
            left,
            top: self.y - ASCENT * self.size,
            right: left + width,
            bottom: self.y + DESCENT * self.size,
        }
    }
}

/// An upright rectangle, px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Left side.
    pub left: f64,
    /// Upper side; y grows downwards.
    pub top: f64,
    /// Right side.
    pub right: f64,
    /// Lower side.
    pub bottom: f64,
}

impl Extent {
    /// Whether two rectangles share more than a border.
    pub fn overlaps(&self, other: &Extent) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Whether a position lies within, sides included.
    pub fn holds(&self, [x, y]: [f64; 2]) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    /// This rectangle grown on all sides.
    pub fn grown(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// Rings and lines drawn as one; rings within rings are holes (even-odd rule).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Each part: its positions, and whether it is closed.
    pub parts: Vec<(Vec<[f64; 2]>, bool)>,
}

impl Path {
    /// A line through these positions.
    pub fn line(positions: Vec<[f64; 2]>) -> Self {
        Self { parts: vec![(positions, false)] }
    }

    /// A ring through these positions, closed.
    pub fn ring(positions: Vec<[f64; 2]>) -> Self {
        Self { parts: vec![(positions, true)] }
    }
}

/// What can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Lines and rings.
    Path(Path),
    /// An upright rectangle.
    Rect(Extent),
    /// A circle.
    Circle {
        /// Centre, px from the left.
        x: f64,
        /// Centre, px from the top.
        y: f64,
        /// Radius, px.
        radius: f64,
    },
    /// A line of text; fill and stroke of its mark are not used.
    Text(Text),
}

/// A shape with its look, what a pointer resting on it is told, and where a click on it leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What is drawn.
    pub shape: Shape,
    /// Inside.
    pub fill: Fill,
    /// Outline.
    pub stroke: Option<Stroke>,
    /// Said when a pointer rests on it.
    pub tip: Option<String>,
    /// Address that a click on it opens, relative to the page. The tip is what screen readers call it.
    pub link: Option<String>,
}

impl Mark {
    /// A shape without fill and outline.
    pub fn new(shape: Shape) -> Self {
        Self { shape, fill: Fill::None, stroke: None, tip: None, link: None }
    }

    /// Filled.
    pub fn fill(self, fill: Fill) -> Self {
        Self { fill, ..self }
    }

    /// Outlined.
    pub fn stroke(self, stroke: Stroke) -> Self {
        Self { stroke: Some(stroke), ..self }
    }

    /// With a tip.
    pub fn tip(self, tip: impl Into<String>) -> Self {
        Self { tip: Some(tip.into()), ..self }
    }

    /// With a link.
    pub fn link(self, address: impl Into<String>) -> Self {
        Self { link: Some(address.into()), ..self }
    }
}

/// A picture: marks in the order they are drawn, on white.
///
/// Many pictures that differ in a few marks, such as one map with another zone marked on each page, stand on one backdrop: see
/// [`Scene::set_backdrop`].
///
/// ```
/// use datagora_viz::{Scene, Text};
///
/// let mut scene = Scene::new(200.0, 40.0);
/// scene.text(Text::new("Bonjour", 10.0, 25.0));
/// assert!(scene.flaws().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    width: f64,
    height: f64,
    backdrop: Option<Backdrop>,
    marks: Vec<Mark>,
}

/// A scene below others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Backdrop {
    pub(crate) scene: Arc<Scene>,
    /// How far below the upper edge of the picture it begins, px.
    pub(crate) down: f64,
}

/// Text that cannot be read as it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Flaw {
    /// It reaches beyond the picture.
    Clipped(String),
    /// It lies over other text.
    Overlapping(String, String),
}

impl Scene {
    /// An empty picture of this size, px.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, backdrop: None, marks: Vec::new() }
    }

    /// Width, px.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Height, px.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Makes the picture this high.
    pub fn set_height(&mut self, height: f64) {
        self.height = height;
    }

    /// Lays the marks of a scene below those of this one, `down` px lower. Pictures on one page that stand on the same scene hold
    /// it once, so that an atlas of many pages stays small; a picture on its own is drawn with it.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use datagora_viz::{Scene, Text};
    ///
    /// let mut names = Scene::new(200.0, 40.0);
    /// names.text(Text::new("Bonjour", 10.0, 25.0));
    /// let mut picture = Scene::new(200.0, 60.0);
    /// picture.set_backdrop(Arc::new(names), 20.0);
    /// picture.text(Text::new("Bonsoir", 20.0, 45.0));
    /// assert_eq!(picture.flaws().len(), 1, "one lies over the other");
    /// ```
    pub fn set_backdrop(&mut self, scene: Arc<Scene>, down: f64) {
        self.backdrop = Some(Backdrop { scene, down });
    }

    pub(crate) fn backdrop(&self) -> Option<&Backdrop> {
        self.backdrop.as_ref()
    }

    /// The marks, in the order they are drawn; those of the backdrop are not among them.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Draws a mark above all others.
    pub fn add(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// Draws text above all others.
    pub fn text(&mut self, text: Text) {
        self.add(Mark::new(Shape::Text(text)));
    }

    /// Draws a straight line.
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], stroke: Stroke) {
        self.add(Mark::new(Shape::Path(Path::line(vec![from, to]))).stroke(stroke));
    }

    /// Draws a rectangle.
    pub fn rect(&mut self, extent: Extent, fill: Fill) {
        self.add(Mark::new(Shape::Rect(extent)).fill(fill));
    }

    /// Text that is cut off by the edge or lies over other text. Every view is tested to have none.
    pub fn flaws(&self) -> Vec<Flaw> {
        let texts = self.texts(0.0);
        let mut flaws = Vec::new();
        for (index, (text, extent)) in texts.iter().enumerate() {
            // Half a pixel of tolerance: side bearings are not ink.
            if extent.left < -0.5
                || extent.top < -0.5
                || extent.right > self.width + 0.5
                || extent.bottom > self.height + 0.5
            {
                flaws.push(Flaw::Clipped(text.content.clone()));
            }
            for (other, other_extent) in &texts[index + 1..] {
                if extent.grown(-0.5).overlaps(&other_extent.grown(-0.5)) {
                    flaws.push(Flaw::Overlapping(text.content.clone(), other.content.clone()));
                }
            }
        }
        flaws
    }

    /// The texts, also those of backdrops, and the boxes they take when the scene lies `down` px lower.
    pub(crate) fn texts(&self, down: f64) -> Vec<(&Text, Extent)> {
        let mut texts = match &self.backdrop {
            Some(backdrop) => backdrop.scene.texts(down + backdrop.down),
            None => Vec::new(),
        };
        texts.extend(self.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Text(text) if !text.content.trim().is_empty() => {
                let extent = text.extent();
                Some((text, Extent { top: extent.top + down, bottom: extent.bottom + down, ..extent }))
            }
            _ => None,
        }));
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_found() {
        let mut scene = Scene::new(100.0, 60.0);
        scene.text(Text::new("une étiquette", 60.0, 20.0));
        scene.text(Text::new("une", 10.0, 40.0));
        scene.text(Text::new("autre", 20.0, 44.0));
        assert!(
            matches!(&scene.flaws()[..], [Flaw::Clipped(_), Flaw::Overlapping(..)]),
            "{:?}",
            scene.flaws()
        );
    }
}
