//! The head of a page.
use datagora_core::Language;

use crate::frame::made_label;
use crate::render::escape;

/// What stands in the head of every page.
pub(crate) struct Head<'a> {
    pub(crate) language: Language,
    pub(crate) title: &'a str,
    /// What the page is about, for search engines and previews.
    pub(crate) summary: &'a str,
    pub(crate) made: bool,
    /// What the browser may load; `None` where the host says it.
    pub(crate) policy: Option<&'a str>,
}

impl Head<'_> {
    /// The document up to the end of its head, with these styles and programs.
    pub(crate) fn write(&self, links: &str) -> String {
        let policy = self.policy.map_or_else(String::new, |policy| {
            format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>\n")
        });
        let made = if self.made { format!("{}. ", made_label(self.language)) } else { String::new() };
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n{policy}\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{}</title>\n\
             <meta name=\"description\" content=\"{made}{}\"/>\n{links}</head>\n",
            self.language.code(),
            escape(self.title),
            escape(self.summary),
        )
    }
}
