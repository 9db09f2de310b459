//! What a story says, as plain data.
use std::collections::BTreeMap;

/// A story: a title, a lead, and steps. Plain data, which can be written by hand; with feature `serde` it reads and writes as JSON.
///
/// ```
/// use datagora_viz::{Story, StoryScene, StoryStep};
///
/// let story = Story::new("Where is shade missing?")
///     .with_lead("Five steps through the city.")
///     .with_step(StoryStep::new("The whole city").with_text("Warm on the plain.").with_scene(StoryScene::whole()));
/// assert_eq!(story.steps.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Story {
    /// Title of the page.
    pub title: String,
    /// What stands below the title; may be empty.
    pub lead: String,
    /// The steps, in order.
    pub steps: Vec<StoryStep>,
}

/// A step of a story: its text, and what the map shows meanwhile.
///
/// With a scene, the map shows it; a view named beside it is its picture where there is no map and on paper. With a view alone, the
/// view is shown instead of the map. With neither, the map stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct StoryStep {
    /// Heading.
    pub title: String,
    /// Paragraphs.
    pub text: Vec<String>,
    /// What the map shows.
    pub scene: Option<StoryScene>,
    /// Name ([`View::id`](crate::View::id)) of a view.
    pub view: Option<String>,
}

/// What the map shows at a step of a story. What is not said is as when the map opens.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct StoryScene {
    /// Name of a place that the map knows by [`WebMap::with_places`](super::super::WebMap::with_places).
    pub place: Option<String>,
    /// West, south, east, north in degrees, instead of a place.
    pub bounds: Option<[f64; 4]>,
    /// Names of the layers that are shown beside the ground, no others.
    pub layers: Option<Vec<String>>,
    /// What filters keep, by attribute.
    pub filters: BTreeMap<String, StoryChoice>,
    /// The words of a step of time.
    pub time: Option<String>,
    /// A feature that is outlined.
    pub feature: Option<StoryFeature>,
}

/// What a filter keeps at a step of a story.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum StoryChoice {
    /// From the first number to below the second, at the edges of the histogram next to them.
    Range([f64; 2]),
    /// These codes.
    Categories(Vec<i64>),
}

/// A feature of a layer, by the text of one of its attributes.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct StoryFeature {
    /// The layer.
    pub layer: String,
    /// The attribute, such as a name.
    pub attribute: String,
    /// Its value.
    pub value: String,
}

impl Story {
    /// A story without steps.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// With a paragraph below the title.
    pub fn with_lead(self, lead: impl Into<String>) -> Self {
        Self { lead: lead.into(), ..self }
    }

    /// With one more step.
    pub fn with_step(mut self, step: StoryStep) -> Self {
        self.steps.push(step);
        self
    }
}

impl StoryStep {
    /// A step with this heading.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// With one more paragraph.
    pub fn with_text(mut self, paragraph: impl Into<String>) -> Self {
        self.text.push(paragraph.into());
        self
    }

    /// With what the map shows.
    pub fn with_scene(self, scene: StoryScene) -> Self {
        Self { scene: Some(scene), ..self }
    }

    /// With a view, by its name.
    pub fn with_view(self, id: impl Into<String>) -> Self {
        Self { view: Some(id.into()), ..self }
    }
}

impl StoryScene {
    /// The whole map, as it opens.
    pub fn whole() -> Self {
        Self::default()
    }

    /// A place that the map knows by name.
    pub fn at(place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..Self::default() }
    }

    /// A part of the world: west, south, east, north in degrees.
    pub fn within(bounds: [f64; 4]) -> Self {
        Self { bounds: Some(bounds), ..Self::default() }
    }

    /// With these layers beside the ground, and no others.
    pub fn with_layers(self, layers: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { layers: Some(layers.into_iter().map(Into::into).collect()), ..self }
    }

    /// With what the filter of an attribute keeps.
    pub fn with_filter(mut self, attribute: impl Into<String>, choice: StoryChoice) -> Self {
        self.filters.insert(attribute.into(), choice);
        self
    }

    /// At a step of time, by its words.
    pub fn with_time(self, step: impl Into<String>) -> Self {
        Self { time: Some(step.into()), ..self }
    }

    /// With an outlined feature.
    pub fn with_feature(self, feature: StoryFeature) -> Self {
        Self { feature: Some(feature), ..self }
    }
}

impl StoryFeature {
    /// The features of a layer whose attribute has this value.
    pub fn new(layer: impl Into<String>, attribute: impl Into<String>, value: impl Into<String>) -> Self {
        Self { layer: layer.into(), attribute: attribute.into(), value: value.into() }
    }
}
