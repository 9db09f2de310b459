//! One page per territory, and an overview.
mod document;
mod error;
mod indicator;
mod overview;
mod peers;
mod slug;
mod territory;
#[cfg(test)]
mod tests;
mod words;

use datagora_core::{Credit, Language};
use datagora_geo::GeometryColumn;

pub use error::AtlasError;
pub use indicator::Indicator;

use crate::{Chapter, MapOptions, Section, WebFile};

/// An atlas: an overview, and one page for each territory, all made of the same list of indicators.
///
/// The overview says the main things in a few lines, shows the maps, on which each territory is a link to its page, and a table
/// that is sorted and searched. The page of a territory says in words what sets it apart, made from the data; gives its main figures
/// with their rank; shows where it lies, where it stands among all ([`StripChart`](crate::StripChart)), and beside the whole
/// and nearby territories of similar size; then come chapters of its own. It prints on two or three sheets of A4, no
/// text smaller than 7 pt.
///
/// # Forms
///
/// [`Atlas::to_html`] is one file that opens by double-click: all pages are in it, links between them work without script, and what
/// pages have in common (fonts, outlines, dots) is in it once. The address `#all` shows every page, for printing.
/// [`Atlas::to_folder`] is one file per page beside shared styles, fonts and a program, with nothing inline, for hosts with a strict
/// policy. Neither asks the network for anything, and the same atlas gives the same bytes. Sorting and searching need script;
/// without it, the table stands in the order of names.
///
/// # Missing values
///
/// What is missing is said, with its reason, wherever a value would stand; it has no rank and takes none from others.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Atlas, Indicator, Method, Palette};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let unit = Unit::of("{tree}/har");
/// let trees = [4.2, 11.0, f64::NAN].map(|value| Measured::new(value, unit.clone()));
/// let atlas = Atlas::new("Atlas of the communes", zones, &names, Language::English)
///     .with_words("commune", "communes")
///     .with_theme("Greening")
///     .with_indicator(
///         Indicator::new("trees", "Trees per hectare", unit, &trees)
///             .with_map(Method::Fisher, Palette::default())
///             .with_headline(),
///     );
/// let html = atlas.to_html()?;
/// assert!(html.contains("id=\"ecully\"") && html.contains("href=\"#bron\""));
/// assert_eq!(atlas.to_folder()?[1].path, "bron.html");
/// # Ok::<(), datagora_viz::AtlasError>(())
/// ```
///
/// # References
///
/// Pages per territory of one list of indicators, as in the atlas of QGIS and the municipal files (*dossier complet*) of INSEE. Web
/// Content Accessibility Guidelines 2.2, level AA.
#[derive(Clone, Debug, PartialEq)]
pub struct Atlas {
    title: String,
    language: Language,
    places: GeometryColumn,
    names: Vec<String>,
    subtitle: String,
    lead: Vec<String>,
    word: String,
    words: String,
    whole: String,
    sizes: Vec<f64>,
    options: MapOptions,
    themes: Vec<(String, Vec<Indicator>)>,
    chapters: Vec<Vec<Chapter>>,
    strangers: Option<usize>,
    overview: Vec<Chapter>,
    closing: Vec<Section>,
    made: bool,
}

impl Atlas {
    /// An atlas of these territories: surfaces, and a name for each. Without indicators there is nothing to tell yet.
    pub fn new(
        title: impl Into<String>,
        places: GeometryColumn,
        names: &[String],
        language: Language,
    ) -> Self {
        Self {
            title: title.into(),
            language,
            chapters: vec![Vec::new(); names.len()],
            places,
            names: names.to_vec(),
            subtitle: String::new(),
            lead: Vec::new(),
            word: language.pick("territoire", "territory").to_owned(),
            words: language.pick("territoires", "territories").to_owned(),
            whole: language.pick("ensemble", "whole").to_owned(),
            sizes: Vec::new(),
            options: MapOptions::default(),
            themes: Vec::new(),
            strangers: None,
            overview: Vec::new(),
            closing: Vec::new(),
            made: false,
        }
    }

    /// With a line below the title of the overview.
    pub fn with_subtitle(self, subtitle: impl Into<String>) -> Self {
        Self { subtitle: subtitle.into(), ..self }
    }

    /// With one more paragraph below the title of the overview.
    pub fn with_lead(mut self, paragraph: impl Into<String>) -> Self {
        self.lead.push(paragraph.into());
        self
    }

    /// What a territory is called, and several: « commune », « communes ».
    pub fn with_words(self, one: impl Into<String>, several: impl Into<String>) -> Self {
        Self { word: one.into(), words: several.into(), ..self }
    }

    /// What all territories together are called: « métropole ».
    pub fn with_whole(self, name: impl Into<String>) -> Self {
        Self { whole: name.into(), ..self }
    }

    /// The size of each territory, such as its inhabitants, by which those of similar size are found. NaN is not known.
    pub fn with_sizes(self, sizes: &[f64]) -> Self {
        Self { sizes: sizes.to_vec(), ..self }
    }

    /// How maps are drawn: CRS, layers around the data, names. Needed for geometries in degrees.
    pub fn with_map_options(self, options: MapOptions) -> Self {
        Self { options, ..self }
    }

    /// With a theme; indicators added from now on belong to it.
    pub fn with_theme(mut self, title: impl Into<String>) -> Self {
        self.themes.push((title.into(), Vec::new()));
        self
    }

    /// With one more indicator of every territory.
    pub fn with_indicator(mut self, indicator: Indicator) -> Self {
        if self.themes.is_empty() {
            self.themes.push((String::new(), Vec::new()));
        }
        self.made |= indicator.made;
        if let Some((_, indicators)) = self.themes.last_mut() {
            indicators.push(indicator);
        }
        self
    }

    /// With a chapter on the page of one territory, such as a chart that only some have.
    pub fn with_chapter(mut self, row: usize, chapter: Chapter) -> Self {
        match self.chapters.get_mut(row) {
            Some(chapters) => chapters.push(chapter),
            None => self.strangers = Some(row),
        }
        self
    }

    /// With a chapter on the overview, below its table.
    pub fn with_overview(mut self, chapter: Chapter) -> Self {
        self.overview.push(chapter);
        self
    }

    /// With a section of words at the end of the overview.
    pub fn with_closing(mut self, section: Section) -> Self {
        self.closing.push(section);
        self
    }

    /// Says on every page whether the data are generated, not observed. Indicators whose metadata say so are enough.
    pub fn with_made(self, made: bool) -> Self {
        Self { made, ..self }
    }

    /// The atlas as one file of HTML.
    ///
    /// # Errors
    ///
    /// [`AtlasError`] if there is no territory, lengths or units differ, or a picture cannot be drawn.
    pub fn to_html(&self) -> Result<String, AtlasError> {
        self.check()?;
        document::one_file(self)
    }

    /// The atlas as a folder: `index.html`, a page for each territory, and what they share.
    ///
    /// # Errors
    ///
    /// As [`Atlas::to_html`].
    pub fn to_folder(&self) -> Result<Vec<WebFile>, AtlasError> {
        self.check()?;
        document::folder(self)
    }

    fn check(&self) -> Result<(), AtlasError> {
        let needed = self.names.len();
        if needed == 0 {
            return Err(AtlasError::Empty);
        }
        let mut lengths = vec![("geometries".to_owned(), self.places.len())];
        if !self.sizes.is_empty() {
            lengths.push(("sizes".to_owned(), self.sizes.len()));
        }
        lengths.extend(self.indicators().map(|one| (format!("values of “{}”", one.name), one.values.len())));
        if let Some((what, found)) = lengths.into_iter().find(|(_, found)| *found != needed) {
            return Err(AtlasError::Length { what, found, needed });
        }
        for indicator in self.indicators() {
            let mut values = indicator.values.iter().chain(&indicator.whole);
            if let Some(other) = values.find(|value| *value.unit() != indicator.unit) {
                let (found, needed) = (other.unit().clone(), indicator.unit.clone());
                return Err(AtlasError::Units { indicator: indicator.name.clone(), found, needed });
            }
        }
        match self.strangers {
            Some(row) => Err(AtlasError::Territory { row, territories: needed }),
            None => Ok(()),
        }
    }

    fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.themes.iter().flat_map(|(_, indicators)| indicators)
    }

    /// Indicators that pages show first; the first ones where none was chosen.
    fn headlines(&self) -> Vec<&Indicator> {
        let chosen: Vec<&Indicator> = self.indicators().filter(|one| one.headline).collect();
        if chosen.is_empty() { self.indicators().take(4).collect() } else { chosen }
    }

    /// The works that all indicators rest on.
    fn credits(&self) -> Vec<Credit> {
        let mut credits: Vec<Credit> = self.indicators().flat_map(|one| one.credits.clone()).collect();
        credits.sort();
        credits.dedup();
        credits
    }
}
