//! What stands around every picture: title above, notes and credits below.
use datagora_core::{Language, Metadata};

use crate::scene::{Extent, Fill, Scene, Text};
use crate::{Colour, DataTable, View, text_width, wrap_text};

/// Width of a picture on paper and on wide screens, px.
pub(crate) const WIDE: f64 = 760.0;
/// Width of a picture on a telephone, px.
pub(crate) const NARROW: f64 = 360.0;
/// Space between the edge and anything.
pub(crate) const MARGIN: f64 = 16.0;
const NOTE: f64 = 11.0;
/// Ground of the mark of made data.
pub(crate) const MADE: Colour = Colour::rgb(122, 62, 0);

/// The words of a view: identifier, title, subtitle, notes, credits.
///
/// ```
/// use datagora_core::{Language, Metadata};
/// use datagora_viz::Captions;
///
/// let captions = Captions::new("trees", "Arbres d’alignement", Language::French)
///     .with_subtitle("par hectare, communes de la métropole")
///     .with_credits("Source\u{a0}: Métropole de Lyon, Licence Ouverte 2.0.");
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
    /// A title, and the identifier that names the view in files and anchors: in it, whatever is not a letter of the Latin
    /// alphabet, a digit, `-` or `_` becomes `-`.
    pub fn new(id: impl Into<String>, title: impl Into<String>, language: Language) -> Self {
        Self {
            id: anchor(&id.into()),
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

    /// With the works to be named, as a whole sentence.
    pub fn with_credits(self, credits: impl Into<String>) -> Self {
        Self { credits: credits.into(), ..self }
    }

    /// Says in the picture that the data were made, not observed.
    pub fn with_made(self, made: bool) -> Self {
        Self { made, ..self }
    }

    /// With the credits that the data oblige to, and the mark of made data if they are made.
    ///
    /// ```
    /// use datagora_core::{Credit, Language, Licence, Metadata};
    /// use datagora_viz::Captions;
    ///
    /// let trees = Metadata::new("Arbres")
    ///     .with_credit(Credit::new("Arbres d’alignement", "Métropole de Lyon", Licence::LicenceOuverte2));
    /// let captions = Captions::new("trees", "Street trees", Language::English).with_metadata(&trees);
    /// assert!(captions.credits().starts_with("Source: Métropole de Lyon"));
    /// ```
    pub fn with_metadata(self, metadata: &Metadata) -> Self {
        Self { credits: metadata.attribution(self.language), made: self.made || metadata.made, ..self }
    }

    /// The works to be named.
    pub fn credits(&self) -> &str {
        &self.credits
    }

    /// The language of the words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The view of a picture drawn twice, for wide and for narrow screens.
    pub(crate) fn view(&self, draw: impl Fn(f64) -> Scene, table: DataTable, description: String) -> View {
        self.view_of(draw(WIDE), table, description).with_compact(draw(NARROW))
    }

    /// The description, marked if the data are made.
    pub(crate) fn described(&self, description: String) -> String {
        match self.made {
            true => format!("{}. {description}", made_label(self.language)),
            false => description,
        }
    }

    /// The view of a picture drawn once.
    pub(crate) fn view_of(&self, scene: Scene, table: DataTable, description: String) -> View {
        let description = self.described(description);
        View {
            id: self.id.clone(),
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            language: self.language,
            scene,
            compact: None,
            table,
            description,
            notes: self.notes.clone(),
            credits: self.credits.clone(),
            made: self.made,
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
            let label = made_label(captions.language);
            let right = MARGIN + text_width(label, 11.0, true) + 12.0;
            scene.rect(Extent { left: MARGIN, top: y, right, bottom: y + 18.0 }, Fill::Solid(MADE));
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
        let credits = Some(&self.captions.credits).filter(|credits| !credits.is_empty());
        for paragraph in self.captions.notes.iter().chain(credits) {
            for line in wrap_text(paragraph, NOTE, false, inner) {
                self.scene.text(Text::new(line, MARGIN, y + NOTE).size(NOTE).colour(Colour::MUTED));
                y += NOTE * 1.42;
            }
            y += 3.0;
        }
        self.scene.set_height((y + MARGIN * 0.6).ceil());
        self.scene
    }
}

/// What marks made data, in pictures and words.
pub(crate) fn made_label(language: Language) -> &'static str {
    language.pick("Ville fabriquée – données générées", "Made city – generated data")
}

/// A name that is safe in files, anchors and references.
pub(crate) fn anchor(name: &str) -> String {
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    if safe.is_empty() { "view".to_owned() } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_data_are_marked_in_the_picture_and_in_words() {
        let captions =
            Captions::new("a b", "Un titre assez long pour deux lignes sur un téléphone", Language::French)
                .with_subtitle("Sous-titre")
                .with_note("Une remarque qui doit être lue avec l’image, et qui est assez longue.")
                .with_credits("Sources\u{a0}: programme.")
                .with_made(true);
        let draw = |width| {
            let frame = Frame::new(&captions, width);
            let bottom = frame.top + 50.0;
            frame.finish(bottom)
        };
        let view = captions.view(draw, DataTable::new("t"), "Une description.".to_owned());
        assert_eq!(view.id(), "a-b");
        for scene in [Some(view.scene()), view.compact()].into_iter().flatten() {
            assert_eq!(scene.flaws(), []);
        }
        assert!(view.is_made());
        assert!(view.to_svg().contains(">Ville fabriquée"));
        assert!(view.description().starts_with("Ville fabriquée – données générées."));
        assert!(MADE.contrast(Colour::WHITE) >= 4.5);
    }
}
