//! A layer of an interactive map.
use datagora_core::{Language, Unit};

use super::size::Sizes;
use super::{CircleSizes, Field, Ground, LineWidths, StepValues, WebMapError};
use crate::map::Changes;
use crate::semiology::not_allowed;
use crate::{
    Classes, Colour, Design, DifferenceMap, Exception, Finding, MapError, Palette, Statistic, Variable,
    lint_design,
};

/// A layer of an interactive map: what it draws, in which colours, and what the card of one of its features says.
///
/// Layers are drawn in the order in which the map is given them. A layer coloured by an attribute has a legend; of several such
/// layers of surfaces, which cover each other, the reader shows one at a time and may compare two. A layer of [`Ground`] is part of
/// the base map.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{Field, Method, Palette, WebLayer, classify};
///
/// let shares = [4.0, 12.5, 31.0, f64::NAN];
/// let layer = WebLayer::surfaces("canopy", "zones", "Canopy")
///     .with_classes("share", classify(&shares, 3, &Method::Fisher)?, Palette::default(), Unit::PERCENT)
///     .with_heading("name")
///     .with_field(Field::number("share", "Canopy", Unit::PERCENT, 1));
/// # Ok::<(), datagora_viz::ClassifyError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WebLayer {
    pub(super) id: String,
    pub(super) source: String,
    pub(super) part: Option<String>,
    pub(super) title: String,
    pub(super) sign: Sign,
    pub(super) colouring: Colouring,
    centre: Option<f64>,
    pub(super) unit: Option<Unit>,
    statistic: Option<Statistic>,
    pub(super) missing: usize,
    pub(super) feature_word: String,
    pub(super) outline: Option<Colour>,
    pub(super) opacity: f64,
    pub(super) zooms: [f64; 2],
    pub(super) hidden: bool,
    pub(super) period: Option<[String; 2]>,
    pub(super) heading: Option<String>,
    pub(super) fields: Vec<Field>,
    pub(super) note: String,
    meaning: Option<String>,
    pub(super) thinning_said: bool,
    exceptions: Vec<Exception>,
}

/// What stands for a feature.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sign {
    Surface,
    Line { width: f64 },
    Circle { radius: f64 },
    Sized(Sizes),
    Name { attribute: String, size: f64 },
}

/// Where its colour comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Colouring {
    Single(Colour),
    Ground(Ground),
    Classes { attribute: String, classes: Classes, palette: Palette },
    Steps { values: StepValues, classes: Classes, palette: Palette },
    Categories { attribute: String, categories: Vec<Category>, palette: Palette },
    Differences(Changes),
}

/// Values of a layer that change from step to step, and what they do.
pub(super) struct Stepped<'a> {
    pub(super) sized: bool,
    pub(super) values: &'a StepValues,
    pub(super) classes: Option<&'a Classes>,
    pub(super) unit: &'a Unit,
}

impl Stepped<'_> {
    /// Under which name the page holds them.
    pub(super) fn held(&self, layer: &str) -> String {
        format!("{}-{layer}", if self.sized { "sizes" } else { "steps" })
    }

    /// What they are called on cards and over tables: by the title of the layer, unless its size has that already.
    pub(super) fn label(&self, layer: &WebLayer, language: Language) -> String {
        match (self.sized, &layer.sign) {
            (false, Sign::Sized(_)) => {
                format!("{}, {}", layer.title, language.pick("couleur", "colour"))
            }
            _ => layer.title.clone(),
        }
    }
}

/// A category of features: the value of the attribute, its words in the legend, how many features are of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    pub(super) code: i64,
    pub(super) label: String,
    pub(super) count: Option<usize>,
}

impl Category {
    /// The category that a code of the attribute stands for.
    pub fn new(code: i64, label: impl Into<String>) -> Self {
        Self { code, label: label.into(), count: None }
    }

    /// With the number of its features.
    pub fn with_count(self, count: usize) -> Self {
        Self { count: Some(count), ..self }
    }
}

impl WebLayer {
    fn new(id: String, source: String, title: String, sign: Sign) -> Self {
        Self {
            id,
            source,
            part: None,
            title,
            sign,
            colouring: Colouring::Single(Colour::MUTED),
            centre: None,
            unit: None,
            statistic: None,
            missing: 0,
            feature_word: String::new(),
            outline: None,
            opacity: 1.0,
            zooms: [0.0, 24.0],
            hidden: false,
            period: None,
            heading: None,
            fields: Vec::new(),
            note: String::new(),
            meaning: None,
            thinning_said: true,
            exceptions: Vec::new(),
        }
    }

    /// Surfaces of a source, with the name of the layer in links and its title for readers.
    pub fn surfaces(id: impl Into<String>, source: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(id.into(), source.into(), title.into(), Sign::Surface)
    }

    /// Lines of a source, this many px wide.
    pub fn lines(
        id: impl Into<String>,
        source: impl Into<String>,
        title: impl Into<String>,
        width: f64,
    ) -> Self {
        Self::new(id.into(), source.into(), title.into(), Sign::Line { width })
    }

    /// A circle for each point of a source, with this radius in px.
    pub fn circles(
        id: impl Into<String>,
        source: impl Into<String>,
        title: impl Into<String>,
        radius: f64,
    ) -> Self {
        Self::new(id.into(), source.into(), title.into(), Sign::Circle { radius })
    }

    /// A circle for each point of a source, whose size shows an amount.
    pub fn sized_circles(
        id: impl Into<String>,
        source: impl Into<String>,
        title: impl Into<String>,
        sizes: CircleSizes,
    ) -> Self {
        Self::new(id.into(), source.into(), title.into(), Sign::Sized(sizes.0))
    }

    /// Lines of a source, whose width shows an amount.
    pub fn sized_lines(
        id: impl Into<String>,
        source: impl Into<String>,
        title: impl Into<String>,
        widths: LineWidths,
    ) -> Self {
        Self::new(id.into(), source.into(), title.into(), Sign::Sized(widths.0))
    }

    /// What changed between two dates or scenarios in the surfaces of a source, whose rows are the zones of a [`DifferenceMap`]: in
    /// its classes and colours, with what is not sure hatched and counted apart, and with the difference, its interval and its
    /// direction on the card. The source is one of [`WebSource::features`](super::WebSource::features).
    ///
    /// [`Comparison::with_difference`](super::Comparison::with_difference) puts it beside the two layers that it compares.
    ///
    /// ```
    /// use datagora_core::{Crs, Measured, Unit};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_viz::{DifferenceMap, WebLayer};
    ///
    /// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
    /// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
    /// let names = ["Bron", "Lyon", "Écully"].map(String::from);
    /// let percent = |values: [f64; 3]| values.map(|value| Measured::new(value, Unit::PERCENT));
    /// let (before, after) = (percent([14.0, 9.0, 31.0]), percent([18.5, 9.1, 29.0]));
    /// let change = DifferenceMap::new(&zones, &names, &before, &after);
    /// let layer = WebLayer::differences("change", "zones", "Canopy, 2023 − 2015", &change)?.with_heading("name");
    /// # Ok::<(), datagora_viz::MapError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`DifferenceMap::differences`], and if there is no difference to classify.
    pub fn differences(
        id: impl Into<String>,
        source: impl Into<String>,
        title: impl Into<String>,
        differences: &DifferenceMap<'_>,
    ) -> Result<Self, MapError> {
        let colouring = Colouring::Differences(differences.changes()?);
        Ok(Self { colouring, ..Self::new(id.into(), source.into(), title.into(), Sign::Surface) })
    }

    /// The text of an attribute at each point or surface of a source, this many px high, where there is room.
    pub fn names(
        id: impl Into<String>,
        source: impl Into<String>,
        title: impl Into<String>,
        attribute: impl Into<String>,
        size: f64,
    ) -> Self {
        let sign = Sign::Name { attribute: attribute.into(), size };
        Self {
            colouring: Colouring::Ground(Ground::Name),
            ..Self::new(id.into(), source.into(), title.into(), sign)
        }
    }

    /// Draws this layer of the tiles; without, the one that has the name of this layer.
    pub fn with_part(self, part: impl Into<String>) -> Self {
        Self { part: Some(part.into()), ..self }
    }

    /// In one colour.
    pub fn with_colour(self, colour: Colour) -> Self {
        Self { colouring: Colouring::Single(colour), ..self }
    }

    /// As a part of the base map.
    pub fn with_ground(self, ground: Ground) -> Self {
        Self { colouring: Colouring::Ground(ground), ..self }
    }

    /// In the colours of the classes of a number, which is in this unit. Features without the attribute are hatched; the legend
    /// tells as many as the classes do ([`Classes::missing`]).
    ///
    /// The classes are those of all features, not of those that a zoom shows: compute them before tiles are made.
    pub fn with_classes(
        self,
        attribute: impl Into<String>,
        classes: Classes,
        palette: Palette,
        unit: Unit,
    ) -> Self {
        let missing = classes.missing();
        let colouring = Colouring::Classes { attribute: attribute.into(), classes, palette };
        Self { colouring, unit: Some(unit), missing, ..self }
    }

    /// In the colours of the classes of a number that changes from step to step of [`WebMap::with_time`](super::WebMap::with_time).
    ///
    /// The classes are those of all steps, so that a colour means the same at each. The source is one of
    /// [`WebSource::features`](super::WebSource::features), with one value for each of its rows; without value at a step, a feature
    /// is hatched.
    pub fn with_step_classes(
        self,
        values: StepValues,
        classes: Classes,
        palette: Palette,
        unit: Unit,
    ) -> Self {
        Self { colouring: Colouring::Steps { values, classes, palette }, unit: Some(unit), ..self }
    }

    /// Shows each feature only in its period: from the step in the first attribute to the one in the second, both counted from 0
    /// and within. A feature without the first was there before, without the second it stays.
    pub fn with_period(self, first: impl Into<String>, last: impl Into<String>) -> Self {
        Self { period: Some([first.into(), last.into()]), ..self }
    }

    /// Lets a diverging palette change sides at this value, such as 0 for a difference.
    pub fn with_centre(self, centre: f64) -> Self {
        Self { centre: Some(centre), ..self }
    }

    /// Says what the coloured values are of the members of a feature, where the unit leaves it open: a median income, in euros a
    /// year, is a level and not a sum, which surfaces cannot show.
    ///
    /// ```
    /// use datagora_core::Unit;
    /// use datagora_viz::{Method, Palette, Statistic, WebLayer, classify};
    ///
    /// let incomes = classify(&[19_800.0, 24_400.0, 31_200.0], 3, &Method::Quantile)?;
    /// let layer = WebLayer::surfaces("income", "zones", "Standard of living")
    ///     .with_classes("median", incomes, Palette::default(), Unit::of("{EUR}/a"))
    ///     .with_statistic(Statistic::Median);
    /// # Ok::<(), datagora_viz::ClassifyError>(())
    /// ```
    pub fn with_statistic(self, statistic: Statistic) -> Self {
        Self { statistic: Some(statistic), ..self }
    }

    /// In the colours of categories, which an attribute gives as whole numbers. Features without the attribute, or with a code
    /// that is no category, are hatched.
    pub fn with_categories(
        self,
        attribute: impl Into<String>,
        categories: impl IntoIterator<Item = Category>,
        palette: Palette,
    ) -> Self {
        let categories = categories.into_iter().collect();
        Self { colouring: Colouring::Categories { attribute: attribute.into(), categories, palette }, ..self }
    }

    /// With the number of features without value, for the legend: of categories, and of classes that were found without those.
    pub fn with_missing(self, missing: usize) -> Self {
        Self { missing, ..self }
    }

    /// What the features are called in the plural: « cellules de 5 m », "communes".
    pub fn with_feature_word(self, word: impl Into<String>) -> Self {
        Self { feature_word: word.into(), ..self }
    }

    /// With an outline of 1 px around surfaces.
    pub fn with_outline(self, colour: Colour) -> Self {
        Self { outline: Some(colour), ..self }
    }

    /// Lets what lies below shine through: 1 hides it, 0 hides the layer.
    pub fn with_opacity(self, opacity: f64) -> Self {
        Self { opacity: opacity.clamp(0.0, 1.0), ..self }
    }

    /// Shown from the first zoom on, below the second: 10 shows a metropolis, 16 a street.
    pub fn with_zooms(self, from: f64, below: f64) -> Self {
        Self { zooms: [from, below], ..self }
    }

    /// Not shown until the reader asks for it.
    pub fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }

    /// The attribute that names a feature at the head of its card.
    pub fn with_heading(self, attribute: impl Into<String>) -> Self {
        Self { heading: Some(attribute.into()), ..self }
    }

    /// With one more line on the card. A layer with fields, or with a heading, answers to clicks and to the keyboard.
    pub fn with_field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// With a remark below the legend.
    pub fn with_note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// Says in the legend what a layer of the base map, or one in a single colour, is: land without data would else be taken for a
    /// class. Layers that are drawn by data have a legend without; words below it are a [`WebLayer::with_note`].
    ///
    /// ```
    /// use datagora_viz::{Ground, WebLayer};
    ///
    /// let land = WebLayer::surfaces("land", "communes", "Communes")
    ///     .with_ground(Ground::Land)
    ///     .with_meaning("outside the quarters that are published");
    /// ```
    pub fn with_meaning(self, words: impl Into<String>) -> Self {
        Self { meaning: Some(words.into()), ..self }
    }

    /// Leaves out the words that tell how much of the layer a zoom shows. Refused where shapes are left out, unless
    /// [`Exception::UnsaidThinning`] is named.
    pub fn without_thinning_words(self) -> Self {
        Self { thinning_said: false, ..self }
    }

    /// Refuses to leave out shapes without a word; `drawn` of so many where fewest are.
    pub(super) fn check_thinning(&self, drawn: u64, of: u64) -> Result<(), WebMapError> {
        if self.thinning_said || drawn >= of {
            return Ok(());
        }
        let finding = Finding::UnsaidThinning { name: self.title.clone(), drawn, of };
        match not_allowed(vec![finding], &self.exceptions) {
            findings if findings.is_empty() => Ok(()),
            findings => Err(WebMapError::Semiology { layer: self.id.clone(), findings }),
        }
    }

    /// Allows what a rule of [`lint_design`] refuses.
    pub fn with_exception(mut self, exception: Exception) -> Self {
        self.exceptions.push(exception);
        self
    }

    /// Whether it is drawn by data.
    pub(super) fn is_theme(&self) -> bool {
        self.is_coloured() || matches!(self.sign, Sign::Sized(_))
    }

    /// What the legend says of a layer that is not drawn by data.
    pub(super) fn meaning(&self) -> Option<&str> {
        self.meaning.as_deref().filter(|_| !self.is_theme())
    }

    /// Whether it is coloured by data.
    pub(super) fn is_coloured(&self) -> bool {
        !matches!(self.colouring, Colouring::Single(_) | Colouring::Ground(_))
    }

    /// Whether it is a theme that covers what lies below, so that one of its kind is shown at a time.
    pub(super) fn covers(&self) -> bool {
        self.is_theme() && self.sign == Sign::Surface
    }

    /// Whether a click on it shows a card.
    pub(super) fn is_read(&self) -> bool {
        !self.fields.is_empty()
            || self.heading.is_some()
            || self.steps().next().is_some()
            || matches!(self.colouring, Colouring::Differences(_))
    }

    /// The values that change from step to step: those that colour it, those that size it.
    pub(super) fn steps(&self) -> impl Iterator<Item = Stepped<'_>> {
        let colours = match (&self.colouring, &self.unit) {
            (Colouring::Steps { values, classes, .. }, Some(unit)) => {
                Some(Stepped { sized: false, values, classes: Some(classes), unit })
            }
            _ => None,
        };
        let sizes = match &self.sign {
            Sign::Sized(sizes) => sizes.steps().map(|values| Stepped {
                sized: true,
                values,
                classes: sizes.classes(),
                unit: &sizes.unit,
            }),
            _ => None,
        };
        colours.into_iter().chain(sizes)
    }

    /// Its colours, from low to high or by category, once the rules of semiology are kept.
    pub(super) fn colours(&self) -> Result<Vec<Colour>, WebMapError> {
        if let Sign::Sized(sizes) = &self.sign {
            sizes.check(&self.id, &self.exceptions)?;
        }
        let (palette, n) = match &self.colouring {
            Colouring::Single(colour) => return Ok(vec![*colour]),
            Colouring::Ground(ground) => return Ok(vec![ground.colours()[0]]),
            Colouring::Differences(changes) => {
                return self.linted(changes.colours().to_vec(), true);
            }
            Colouring::Classes { palette, classes, .. } | Colouring::Steps { palette, classes, .. } => {
                (palette, classes.len())
            }
            Colouring::Categories { palette, categories, .. } => (palette, categories.len()),
        };
        let failed = |source| WebMapError::Palette { layer: self.id.clone(), source };
        let colours = match &self.colouring {
            Colouring::Classes { classes, .. } | Colouring::Steps { classes, .. } => {
                palette.colours_of(classes, self.centre.or(classes.centre()))
            }
            _ => palette.colours(n),
        }
        .map_err(failed)?;
        self.linted(colours, palette.is_ordered())
    }

    /// The colours, once the rules of semiology are kept.
    fn linted(&self, colours: Vec<Colour>, ordered: bool) -> Result<Vec<Colour>, WebMapError> {
        // What is missing is hatched, and in the legend where it was counted.
        let design = Design {
            variable: if self.unit.is_some() { Variable::SurfaceColour } else { Variable::Hue },
            unit: self.unit.clone().filter(|_| self.sign == Sign::Surface),
            statistic: self.statistic,
            colours: colours.clone(),
            ordered,
            ..Design::default()
        };
        let findings = not_allowed(lint_design(&design), &self.exceptions);
        if findings.is_empty() {
            return Ok(colours);
        }
        Err(WebMapError::Semiology { layer: self.id.clone(), findings })
    }
}
