//! A page as tagged PDF.
use krilla::tagging::Tag;

use super::chapter::{further_figures, remember};
use super::section::Block;
use super::{Chapter, Page, Plate, Section};
use crate::frame::made_label;
use crate::pdf::{Flow, ROOT, Sheets, Spot, Style};
use crate::{PdfError, PdfOptions};

/// A line of the table of contents.
struct Entry {
    level: usize,
    title: String,
    spot: Spot,
}

impl Page {
    /// The page as tagged PDF on A4: a title with a table of contents, the chapters with their pictures, the closing sections,
    /// and the data of the pictures as tables.
    ///
    /// Shapes are vectors and text can be searched and copied; the glyphs used of Noto Sans are embedded. Headings, lists,
    /// figures with their description, and tables with headings are tagged in the order of reading; chapters and pictures are
    /// in the outline. Links to pages and files beside the page are left out. The same page gives the same bytes.
    ///
    /// # Errors
    ///
    /// As [`View::to_pdf`](crate::View::to_pdf).
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Language;
    /// use datagora_viz::{Chapter, Page, PdfOptions};
    ///
    /// let page = Page::new("Atlas", Language::English).with_chapter(Chapter::new("trees", "Trees", "How many?"));
    /// let pdf = page.to_pdf(&PdfOptions::default())?;
    /// assert_eq!(pdf, page.to_pdf(&PdfOptions::default())?);
    /// # Ok::<(), datagora_viz::PdfError>(())
    /// ```
    ///
    /// # References
    ///
    /// ISO 32000-1:2008 (PDF 1.7); ISO 14289-1:2014 (PDF/UA-1), by the validator of krilla.
    pub fn to_pdf(&self, options: &PdfOptions) -> Result<Vec<u8>, PdfError> {
        let language = self.language;
        let mut flow = Flow::new(Sheets::new(&self.title, language, options.date()));
        flow.turn();
        if self.made {
            flow.badge(ROOT, made_label(language));
        }
        let spot = flow.heading(ROOT, 1, &self.title, Style::TITLE, 0.0);
        flow.sheets.bookmark(1, &self.title, spot);
        flow.paragraph(ROOT, &self.subtitle, Style::SUBTITLE);
        for paragraph in &self.lead {
            flow.paragraph(ROOT, paragraph, Style::BODY);
        }
        // The places of what follows are known only when all of it is laid out.
        let plates = self.chapters.iter().map(|chapter| chapter.plates().len() + 1).sum::<usize>();
        let tables = usize::from(self.plates().any(|plate| !plate.view().table().is_empty()));
        let contents =
            flow.reserve(language.pick("Sommaire", "Contents"), plates + self.closing.len() + tables);

        let mut entries = Vec::new();
        for chapter in &self.chapters {
            flow.turn();
            chapter.write_pdf(&mut flow, &mut entries);
        }
        for (index, section) in self.closing.iter().enumerate() {
            if index == 0 {
                flow.turn();
            }
            section.write_pdf(&mut flow, &mut entries);
        }
        if tables > 0 {
            flow.turn();
            self.write_tables(&mut flow, options, &mut entries);
        }
        for (Entry { level, title, spot }, place) in entries.iter().zip(contents.lines()) {
            flow.sheets.bookmark(*level, title, *spot);
            flow.contents_line(&contents, place, *level, title, *spot);
        }
        flow.finish().write()
    }

    fn plates(&self) -> impl Iterator<Item = &Plate> {
        self.chapters.iter().flat_map(Chapter::plates)
    }

    /// The data of all pictures.
    fn write_tables<'a>(&'a self, flow: &mut Flow<'a>, options: &PdfOptions, entries: &mut Vec<Entry>) {
        let title = self.language.pick("Données des figures", "Data of the figures");
        let part = flow.sheets.element(ROOT, Tag::Section);
        let spot = flow.heading(part, 2, title, Style::CHAPTER, 120.0);
        entries.push(Entry { level: 1, title: title.to_owned(), spot });
        for plate in self.plates().filter(|plate| !plate.view().table().is_empty()) {
            let view = plate.view();
            let section = flow.sheets.element(part, Tag::Section);
            // A heading stays with the first rows of its table.
            flow.heading(section, 3, view.title(), Style::HEADING, 140.0);
            match plate.excerpt() {
                Some((table, words, whole)) => {
                    flow.paragraph(section, &format!("{words}{whole}"), Style::SMALL);
                    flow.table(section, &table, view.language());
                }
                None => flow.data(section, view, options),
            }
        }
    }
}

impl Chapter {
    fn write_pdf<'a>(&'a self, flow: &mut Flow<'a>, entries: &mut Vec<Entry>) {
        let language = flow.sheets.language();
        let part = flow.sheets.element(ROOT, Tag::Section);
        let spot = flow.heading(part, 2, &self.title, Style::CHAPTER, 60.0);
        entries.push(Entry { level: 1, title: self.title.clone(), spot });
        flow.paragraph(part, &self.lead, Style::BODY);
        if !self.takeaways.is_empty() {
            flow.heading(part, 3, remember(language), Style::HEADING, 40.0);
            flow.figures(part, self.takeaways.iter().map(|line| (&line.number[..], &line.label[..])));
            if !self.figures.is_empty() {
                let words = further_figures(self.figures.len(), language);
                flow.heading(part, 3, &words, Style::HEADING, 40.0);
            }
        }
        if !self.figures.is_empty() {
            flow.figures(part, self.figures.iter().map(|(number, label)| (&number[..], &label[..])));
        }
        for plate in &self.plates {
            let section = flow.sheets.element(part, Tag::Section);
            let spot = flow.view(section, plate.view(), 3);
            entries.push(Entry { level: 2, title: plate.view().title().to_owned(), spot });
        }
    }
}

impl Section {
    fn write_pdf(&self, flow: &mut Flow<'_>, entries: &mut Vec<Entry>) {
        let part = flow.sheets.element(ROOT, Tag::Section);
        let spot = flow.heading(part, 2, &self.title, Style::CHAPTER, 60.0);
        entries.push(Entry { level: 1, title: self.title.clone(), spot });
        for block in &self.blocks {
            match block {
                Block::Paragraph(words) => flow.paragraph(part, words, Style::BODY),
                Block::List(items) => flow.list(part, items.iter().map(String::as_str), Style::BODY),
            }
        }
        flow.skip(10.0);
    }
}
