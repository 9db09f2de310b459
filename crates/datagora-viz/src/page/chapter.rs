//! A chapter of a page.
use std::fmt::Write;

use datagora_core::Language;

use super::Plate;
use super::ids::Ids;
use super::plate::shares;
use crate::render::escape;

/// A chapter: a heading, what it says in a few sentences, what to remember, key figures, plates.
///
/// ```
/// use datagora_viz::Chapter;
///
/// let chapter = Chapter::new("trees", "Trees", "How green are the streets?")
///     .with_figure("97,000".to_owned(), "trees along the streets".to_owned());
/// assert_eq!(chapter.title(), "Trees");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) takeaways: Vec<Takeaway>,
    pub(super) figures: Vec<(String, String)>,
    pub(super) plates: Vec<Plate>,
}

/// A line to remember.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Takeaway {
    pub(super) number: String,
    pub(super) label: String,
    /// Name of the view that shows it.
    pub(super) view: Option<String>,
}

impl Chapter {
    /// A chapter without plates; `id` names it in links. The lead may be empty.
    pub fn new(id: impl Into<String>, title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            lead: lead.into(),
            takeaways: Vec::new(),
            figures: Vec::new(),
            plates: Vec::new(),
        }
    }

    /// With a line to remember: the number as people read it, with its unit, what it says, and the name
    /// ([`View::id`](crate::View::id)) of the view of this chapter that shows it, if one does.
    ///
    /// These lines open the chapter, and key figures are folded behind them. Readers keep five at most in mind.
    ///
    /// ```
    /// use datagora_core::Language;
    /// use datagora_viz::{Chapter, Page};
    ///
    /// let chapter = Chapter::new("trees", "Trees", "").with_takeaway("97,000", "trees along the streets", None);
    /// assert!(Page::new("Atlas", Language::English).with_chapter(chapter).to_html().contains("What to remember"));
    /// ```
    pub fn with_takeaway(
        mut self,
        number: impl Into<String>,
        label: impl Into<String>,
        view: Option<&str>,
    ) -> Self {
        let view = view.map(str::to_owned);
        self.takeaways.push(Takeaway { number: number.into(), label: label.into(), view });
        self
    }

    /// With a key figure: the number as people read it, with its unit, and what it counts.
    pub fn with_figure(mut self, number: impl Into<String>, label: impl Into<String>) -> Self {
        self.figures.push((number.into(), label.into()));
        self
    }

    /// With one more plate.
    pub fn with_plate(mut self, plate: Plate) -> Self {
        self.plates.push(plate);
        self
    }

    /// What names it in links.
    #[cfg(feature = "maps")]
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Heading.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The plates, in order.
    pub fn plates(&self) -> &[Plate] {
        &self.plates
    }

    /// Writes the chapter; gives the anchors of its plates.
    pub(crate) fn write(&self, html: &mut String, id: &str, ids: &mut Ids, page: Language) -> Vec<String> {
        // Lines above lead to the plates below.
        let mut plates = String::new();
        let shares = shares(&self.plates);
        let anchors: Vec<String> = self
            .plates
            .iter()
            .zip(shares)
            .map(|(plate, share)| plate.write_as(share, &mut plates, ids, page))
            .collect();
        // Writing to a String cannot fail.
        let _ = write!(html, "<section id=\"{id}\" class=\"chapter\">\n<h2>{}</h2>\n", escape(&self.title));
        if !self.lead.is_empty() {
            let _ = writeln!(html, "<p class=\"lead\">{}</p>", escape(&self.lead));
        }
        self.write_takeaways(html, &anchors, page);
        if !self.figures.is_empty() {
            let further = !self.takeaways.is_empty();
            if further {
                let _ = writeln!(
                    html,
                    "<details class=\"further\"><summary>{}<span class=\"unseen\">{}{}</span></summary>",
                    further_figures(self.figures.len(), page),
                    page.pick("\u{a0}: ", ": "),
                    escape(&self.title)
                );
            }
            html.push_str("<ul class=\"figures\">\n");
            for (number, label) in &self.figures {
                let _ = writeln!(html, "<li><strong>{}</strong> {}</li>", escape(number), escape(label));
            }
            html.push_str("</ul>\n");
            if further {
                html.push_str("</details>\n");
            }
        }
        html.push_str(&plates);
        html.push_str("</section>\n");
        anchors
    }

    fn write_takeaways(&self, html: &mut String, anchors: &[String], page: Language) {
        if self.takeaways.is_empty() {
            return;
        }
        // Writing to a String cannot fail.
        let _ = write!(html, "<div class=\"takeaways\">\n<h3>{}</h3>\n<ul>\n", remember(page));
        for Takeaway { number, label, view } in &self.takeaways {
            let _ = write!(html, "<li><strong>{}</strong> <span>{}", escape(number), escape(label));
            let shown =
                self.plates.iter().zip(anchors).find(|(plate, _)| Some(plate.view().id()) == view.as_deref());
            if let Some((plate, anchor)) = shown {
                let _ = write!(
                    html,
                    " <a href=\"#{anchor}\">{}<span class=\"unseen\">{}{}</span></a>",
                    page.pick("Voir", "See"),
                    page.pick("\u{a0}: ", ": "),
                    escape(plate.view().title())
                );
            }
            html.push_str("</span></li>\n");
        }
        html.push_str("</ul>\n</div>\n");
    }
}

/// What stands above lines to remember.
pub(super) fn remember(language: Language) -> &'static str {
    language.pick("À retenir", "What to remember")
}

/// What stands above key figures that come after them.
pub(super) fn further_figures(count: usize, language: Language) -> String {
    match (language, count) {
        (Language::French, 1) => "Un autre chiffre".to_owned(),
        (Language::French, _) => format!("{count} autres chiffres"),
        (Language::English, 1) => "One more figure".to_owned(),
        (Language::English, _) => format!("{count} more figures"),
    }
}
