//! Which of two dates or scenarios is shown, both, or what changed.
use std::fmt::Write;

use super::Content;
use crate::render::escape;

impl Content<'_> {
    /// A choice for each pair of layers; the page shows that of the layers that the reader sees.
    pub(super) fn write_comparisons(&self, html: &mut String) {
        let say = |french: &'static str, english: &'static str| self.language.pick(french, english);
        for (number, comparison) in self.map.comparisons.iter().enumerate() {
            let [before, after] = comparison.names(&self.map.layers);
            let mut choices =
                vec![("before", before), ("both", say("Côte à côte", "Side by side")), ("after", after)];
            if comparison.difference.is_some() {
                choices.push(("difference", say("Différence", "Difference")));
            }
            // Writing to a String cannot fail.
            let _ = writeln!(
                html,
                "<fieldset class=\"sides\" data-comparison=\"{number}\" hidden=\"\"><legend>{}</legend>",
                say("Comparer", "Compare")
            );
            for (value, words) in choices {
                let _ = writeln!(
                    html,
                    "<label><input type=\"radio\" name=\"sides-{number}\" value=\"{value}\"/> {}</label>",
                    escape(words)
                );
            }
            html.push_str("</fieldset>\n");
        }
    }
}
