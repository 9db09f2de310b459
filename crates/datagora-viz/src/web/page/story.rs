//! A story as a document, which its program turns into a map with texts beside it.
use std::fmt::Write;

use super::stage::icon;
use super::{Content, Title, ids};
use crate::page::Ids;
use crate::render::escape;
use crate::web::{Story, StoryStep};
use crate::{Plate, View};

impl Content<'_> {
    pub(super) fn write_story(&self, html: &mut String, story: &Story, views: &[View]) {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        let title = Title { title: &story.title, summary: &story.lead };
        self.write_top(html, "map-page story-page", &title, say("Aller au récit", "Skip to the story"));
        // Writing to a String cannot fail.
        let _ = write!(
            html,
            "<p class=\"unseen\" role=\"status\" id=\"map-status\"></p>\n<div class=\"story\" id=\"map-app\">\n\
             <section class=\"graphic\" id=\"graphic\" aria-label=\"{}\" hidden=\"\">\n\
             <div class=\"map-stage\" id=\"stage\">\n<div class=\"map-view\" id=\"map\"></div>\n\
             <p class=\"moment\" id=\"moment\" hidden=\"\"></p>\n</div>\n\
             <details class=\"keys\" id=\"keys\"><summary>{}</summary>\n",
            say("Carte de l’étape", "Map of the step"),
            say("Légende", "Legend"),
        );
        self.write_legends(html);
        html.push_str("</details>\n</section>\n<div class=\"steps\">\n");
        let mut ids = ids();
        for taken in
            ["graphic", "keys", "story-back", "story-on", "story-nav", "story-place", "story-progress"]
        {
            ids.claim(taken);
        }
        let anchors: Vec<String> =
            (1..=story.steps.len()).map(|step| ids.claim(&format!("step-{step}"))).collect();
        let mut seen: Vec<&str> = Vec::new();
        for (step, anchor) in story.steps.iter().zip(&anchors) {
            let view = step.view.as_ref().and_then(|id| views.iter().find(|view| view.id() == id));
            let view = view.map(|view| {
                let mut named = view.clone();
                // Landmarks of one name could not be told apart.
                if seen.contains(&view.id()) {
                    named.title = format!("{} – {}", view.title(), step.title);
                }
                seen.push(view.id());
                named
            });
            self.write_step(html, step, anchor, view, &mut ids);
        }
        let _ = write!(
            html,
            "</div>\n</div>\n<nav class=\"story-nav\" id=\"story-nav\" aria-label=\"{}\" hidden=\"\">\n\
             <button type=\"button\" id=\"story-back\" aria-label=\"{}\">{}</button>\n\
             <span id=\"story-place\"></span><progress id=\"story-progress\" max=\"{}\" value=\"1\" aria-label=\"{}\"></progress>\n\
             <button type=\"button\" id=\"story-on\" aria-label=\"{}\">{}</button>\n</nav>\n<section class=\"still words\">\n",
            say("Étapes", "Steps"),
            say("Étape précédente", "Previous step"),
            icon("M12 4l-6 6 6 6"),
            story.steps.len(),
            say("Avancement", "Progress"),
            say("Étape suivante", "Next step"),
            icon("M8 4l6 6-6 6"),
        );
        self.write_credits(html);
        html.push_str("</section>\n</main>\n");
        self.write_config(html);
    }

    fn write_step(
        &self,
        html: &mut String,
        step: &StoryStep,
        anchor: &str,
        view: Option<View>,
        ids: &mut Ids,
    ) {
        let _ = writeln!(
            html,
            "<section class=\"step\" id=\"{anchor}\" aria-labelledby=\"{anchor}-name\" tabindex=\"-1\">\n<h2 id=\"{anchor}-name\">{}</h2>",
            escape(&step.title)
        );
        for paragraph in &step.text {
            let _ = writeln!(html, "<p>{}</p>", escape(paragraph));
        }
        if let Some(view) = view {
            html.push_str("<div class=\"step-still\">\n");
            Plate::new(view).write(html, ids, self.language);
            html.push_str("</div>\n");
        }
        html.push_str("</section>\n");
    }
}
