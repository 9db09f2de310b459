//! A view: a picture with everything that must stand beside it.
use datagora_core::Language;

use crate::frame::anchor;
use crate::render::{Caption, Form, SharedBackdrops, scene_to_svg};
use crate::{DataTable, Scene};

/// A picture, and what must stand beside it: title, description in words, the data as a table, notes, credits.
///
/// Charts and maps make views; [`View::to_svg`], with feature `png` `View::to_png` and with feature `pdf` `View::to_pdf` render them.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) language: Language,
    pub(crate) scene: Scene,
    pub(crate) compact: Option<Scene>,
    pub(crate) table: DataTable,
    pub(crate) description: String,
    pub(crate) notes: Vec<String>,
    pub(crate) credits: String,
    pub(crate) made: bool,
}

impl View {
    /// A view of a scene that was drawn by hand. The scene should carry title, credits and the mark of made data itself.
    ///
    /// In `id`, whatever is not a letter of the Latin alphabet, a digit, `-` or `_` becomes `-`.
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        scene: Scene,
        table: DataTable,
        description: impl Into<String>,
        language: Language,
    ) -> Self {
        Self {
            id: anchor(&id.into()),
            title: title.into(),
            subtitle: String::new(),
            language,
            scene,
            compact: None,
            table,
            description: description.into(),
            notes: Vec::new(),
            credits: String::new(),
            made: false,
        }
    }

    /// With a second picture of the same for narrow screens.
    pub fn with_compact(self, scene: Scene) -> Self {
        Self { compact: Some(scene), ..self }
    }

    /// With a line below the title.
    pub fn with_subtitle(self, subtitle: impl Into<String>) -> Self {
        Self { subtitle: subtitle.into(), ..self }
    }

    /// Says whether the data are generated, not observed.
    pub fn with_made(self, made: bool) -> Self {
        Self { made, ..self }
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

    /// Name in files and anchors.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Line below the title; may be empty.
    pub fn subtitle(&self) -> &str {
        &self.subtitle
    }

    /// Whether the data are generated, not observed.
    pub fn is_made(&self) -> bool {
        self.made
    }

    /// Language of all its texts.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The picture.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// The picture for narrow screens, if there is one.
    pub fn compact(&self) -> Option<&Scene> {
        self.compact.as_ref()
    }

    /// The data shown.
    pub fn table(&self) -> &DataTable {
        &self.table
    }

    /// What the picture shows, in words, made from the data.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Remarks.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Works to be named.
    pub fn credits(&self) -> &str {
        &self.credits
    }

    /// The picture as SVG for a page that holds Noto Sans: accessible, and the same bytes for the same view.
    ///
    /// As a file of its own, [`View::to_standalone_svg`] looks the same everywhere.
    pub fn to_svg(&self) -> String {
        self.render(&self.scene, &self.id, Form::Page, None)
    }

    /// The picture as SVG that stands alone: as [`View::to_svg`], with the glyphs of Noto Sans that it uses, about 10 kB. Texts are
    /// as wide as they were laid out, whatever fonts the reader has, and can still be searched and copied.
    ///
    /// Browsers use the glyphs, in pages too, where the picture is the source of an `img`; editors such as Inkscape do not, and
    /// need Noto Sans.
    ///
    /// ```
    /// use datagora_core::Language;
    /// use datagora_viz::{DataTable, Scene, Text, View};
    ///
    /// let mut scene = Scene::new(200.0, 40.0);
    /// scene.text(Text::new("Bonjour", 10.0, 25.0));
    /// let view = View::new("hello", "Bonjour", scene, DataTable::new(""), "Un mot.", Language::French);
    /// assert!(view.to_standalone_svg().contains("@font-face") && !view.to_svg().contains("@font-face"));
    /// ```
    pub fn to_standalone_svg(&self) -> String {
        self.render(&self.scene, &self.id, Form::Alone, None)
    }

    /// The picture for narrow screens as SVG, if there is one.
    pub fn to_compact_svg(&self) -> Option<String> {
        self.compact
            .as_ref()
            .map(|scene| self.render(scene, &format!("{}-compact", self.id), Form::Page, None))
    }

    /// Both pictures, as they stand on a page whose pictures share their backdrops.
    pub(crate) fn to_page_svgs(&self, shared: &mut Option<SharedBackdrops>) -> (String, Option<String>) {
        let wide = self.render(&self.scene, &self.id, Form::Page, shared.as_mut());
        let compact = self
            .compact
            .as_ref()
            .map(|scene| self.render(scene, &format!("{}-compact", self.id), Form::Page, shared.as_mut()));
        (wide, compact)
    }

    /// The picture as PNG, `scale` pixels for each px of the scene.
    ///
    /// # Errors
    ///
    /// [`PngError`](crate::PngError) if the size is absurd.
    #[cfg(feature = "png")]
    pub fn to_png(&self, scale: f64) -> Result<Vec<u8>, crate::PngError> {
        crate::render::scene_to_png(&self.scene, scale)
    }

    fn render(&self, scene: &Scene, id: &str, form: Form, shared: Option<&mut SharedBackdrops>) -> String {
        let caption =
            Caption { id, title: &self.title, description: &self.description, language: self.language };
        scene_to_svg(scene, &caption, form, shared)
    }
}
