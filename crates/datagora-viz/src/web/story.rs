//! A story told step by step on a map.
mod scene;
mod spec;

use serde_json::Value;

use super::page;
use super::{WebMap, WebMapError};
use crate::View;
pub use spec::{Story, StoryChoice, StoryFeature, StoryScene, StoryStep};

impl WebMap {
    /// A story on this map, as one file of HTML: texts that the reader scrolls, or steps through, while the map beside them shows
    /// what each is about.
    ///
    /// The story is a plain [`Story`]; `views` are the pictures that its steps name. Without script or WebGL, and on paper, the
    /// page is a document: all steps one below the other, each with its picture, description and data. Where motion is not wanted
    /// the map changes at once. Steps are links, so that one can be sent.
    ///
    /// # Errors
    ///
    /// As [`WebMap::to_html`]; [`WebMapError::Story`] if a step names a place, layer, filter, step of time or view that is not
    /// there, and [`WebMapError::NoValues`] if there is no step.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Crs, Language, Measured, Unit};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_viz::{
    ///     Captions, Choropleth, Column, MapOptions, Method, Palette, Story, StoryFeature, StoryScene, StoryStep, WebLayer,
    ///     WebMap, WebSource,
    /// };
    ///
    /// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
    /// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i) + 2_000.0)), Crs::CC46);
    /// let names = ["Bron", "Lyon", "Écully"].map(String::from);
    /// let unit = Unit::of("{inhabitant}/km2");
    /// let density = [4_300.0, 10_900.0, 2_200.0];
    /// let measured = density.map(|value| Measured::new(value, unit.clone()));
    /// let choropleth = Choropleth::new(&zones, &names, &measured).with_method(Method::Quantile, 3);
    /// let captions = Captions::new("density", "Where do people live?", Language::English);
    /// let view = choropleth.draw(&MapOptions::default(), &captions)?;
    ///
    /// let attributes = [Column::text("name", names.clone()), Column::numbers("density", unit.clone(), density)];
    /// let layer = WebLayer::surfaces("density", "zones", "Density")
    ///     .with_classes("density", choropleth.classify()?, Palette::default(), unit);
    /// let map = WebMap::new(view.clone())
    ///     .with_source("zones", WebSource::features(&zones, &attributes)?)
    ///     .with_layer(layer)
    ///     .with_places(&names, &zones)?;
    ///
    /// let story = Story::new("Where do people live?")
    ///     .with_step(StoryStep::new("Three communes").with_text("Most live in one of them.").with_view("density"))
    ///     .with_step(
    ///         StoryStep::new("Lyon is the densest")
    ///             .with_text("10,900 inhabitants live on each square kilometre.")
    ///             .with_scene(
    ///                 StoryScene::at("Lyon").with_feature(StoryFeature::new("density", "name", "Lyon")),
    ///             ),
    ///     );
    /// let html = map.to_story(&story, &[view])?;
    /// assert!(html.contains("Lyon is the densest"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    ///
    /// Segel, E. & Heer, J. (2010). Narrative visualization: telling stories with data. *IEEE TVCG* 16(6), 1139–1148.
    pub fn to_story(&self, story: &Story, views: &[View]) -> Result<String, WebMapError> {
        if story.steps.is_empty() {
            return Err(WebMapError::NoValues { what: format!("the steps of story {:?}", story.title) });
        }
        let mut scenes: Vec<Value> = Vec::new();
        for (at, step) in story.steps.iter().enumerate() {
            scenes.push(scene::resolve(self, step, views, at + 1)?);
        }
        page::story_file(self, story, views, scenes)
    }
}
