//! What stands around every picture: title above, notes and credits below.
use datagora_core::Language;

use crate::scene::{Extent, Fill, Scene, Text};
use crate::{Colour, DataTable, View, text_width, wrap_text};

/// Width of a picture on paper and on wide screens, px.
pub(crate) const WIDE: f64 = 760.0;
/// Width of a picture on a telephone, px.
pub(crate) const NARROW: f64 = 360.0;
/// Space between the edge and anything.
pub(crate) const MARGIN: f64 = 16.0;
const NOTE: f64 = 10.5;

/// The words of a view: identifier, title, subtitle, notes, credits.
///
/// ```
/// use datagora_core::Language;
/// use datagora_viz::Captions;
///
/// let captions = Captions::new("trees", "Arbres d’alignement", Language::French)
///     .with_subtitle("par hectare, communes de la métropole")
///     .with_credits("Métropole de Lyon, Licence Ouverte 2.0");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Captions {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) notes: Vec<String>,
    pub(crate) credits: String,
    pub(crate) made: bool,
    pub(crate) language: Language,
}

impl Captions {
    /// A title, and the identifier that names the view in files and anchors.
    pub fn new(id: impl Into<String>, title: impl Into<String>, language: Language) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            subtitle: String::new(),
            notes: Vec::new(),
            credits: String::new(),
            made: false,
            language,
        }
    }

    /// With what is shown, of whom, when, in which unit.
    pub fn with_subtitle(self, subtitle: impl Into<String>) -> Self {
        Self { subtitle: subtitle.into(), ..self }
    }

    /// With a remark that the reader must know to understand the picture.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With the works to be named.
    pub fn with_credits(self, credits: impl Into<String>) -> Self {
        Self { credits: credits.into(), ..self }
    }

    /// Says in the picture that the data were made, not observed.
    pub fn with_made(self, made: bool) -> Self {
        Self { made, ..self }
    }

    /// The language of the words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The view of a picture drawn twice, for wide and for narrow screens.
    pub(crate) fn view(&self, draw: impl Fn(f64) -> Scene, table: DataTable, description: String) -> View {
        View {
            id: self.id.clone(),
            title: self.title.clone(),
            language: self.language,
            scene: draw(WIDE),
            compact: Some(draw(NARROW)),
            table,
            description,
            notes: self.notes.clone(),
            credits: self.credits.clone(),
        }
    }
}

/// A scene whose head is drawn; the body follows below [`Frame::top`].
pub(crate) struct Frame<'a> {
    pub(crate) scene: Scene,
    pub(crate) top: f64,
    captions: &'a Captions,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(captions: &'a Captions, width: f64) -> Self {
        let mut scene = Scene::new(width, 0.0);
        let inner = width - 2.0 * MARGIN;
        let size = if width < 500.0 { 15.0 } else { 18.0 };
        let mut y = MARGIN;
        if captions.made {
            let label =
                captions.language.pick("Ville fabriquée : données inventées", "Made city: invented data");
            let label = label.replace(" :", "\u{a0}:");
            let right = MARGIN + text_width(&label, 11.0, true) + 12.0;
            let badge = Colour::rgb(122, 62, 0);
            scene.rect(Extent { left: MARGIN, top: y, right, bottom: y + 18.0 }, Fill::Solid(badge));
            scene.text(Text::new(label, MARGIN + 6.0, y + 13.0).size(11.0).bold().colour(Colour::WHITE));
            y += 26.0;
        }
        for line in wrap_text(&captions.title, size, true, inner) {
            scene.text(Text::new(line, MARGIN, y + size * 0.8).size(size).bold());
            y += size * 1.3;
        }
        for line in wrap_text(&captions.subtitle, 12.5, false, inner) {
            scene.text(Text::new(line, MARGIN, y + 10.0).size(12.5).colour(Colour::MUTED));
            y += 17.0;
        }
        Self { scene, top: y + 10.0, captions }
    }

    /// Draws notes and credits below the body, and closes the picture.
    pub(crate) fn finish(mut self, bottom: f64) -> Scene {
        let inner = self.scene.width() - 2.0 * MARGIN;
        let mut y = bottom + 14.0;
        let source = self.captions.language.pick("Sources\u{a0}: ", "Sources: ");
        let credits = Some(&self.captions.credits).filter(|c| !c.is_empty()).map(|c| format!("{source}{c}"));
        for paragraph in self.captions.notes.iter().cloned().chain(credits) {
            for line in wrap_text(&paragraph, NOTE, false, inner) {
                self.scene.text(Text::new(line, MARGIN, y + NOTE).size(NOTE).colour(Colour::MUTED));
                y += NOTE * 1.42;
            }
            y += 3.0;
        }
        self.scene.set_height((y + MARGIN * 0.6).ceil());
        self.scene
    }
}
