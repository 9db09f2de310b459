//! Views and pages as tagged PDF.
mod flow;
mod picture;
mod sheets;
mod table;
#[cfg(test)]
mod tests;

use datagora_core::{Language, NaiveDate};
use krilla::tagging::Tag;

pub(crate) use flow::{Flow, Style};
use picture::Picture;
use sheets::Placement;
pub(crate) use sheets::{Element, ROOT, Sheets, Spot};

use crate::{View, format_number};

/// How a PDF is made.
///
/// ```
/// use datagora_core::NaiveDate;
/// use datagora_viz::PdfOptions;
///
/// let options = PdfOptions::default().with_longest_table(20).with_date(NaiveDate::MIN);
/// assert_ne!(options, PdfOptions::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfOptions {
    longest_table: usize,
    date: Option<NaiveDate>,
}

impl Default for PdfOptions {
    /// Tables of up to 100 rows, and no date.
    fn default() -> Self {
        Self { longest_table: 100, date: None }
    }
}

impl PdfOptions {
    /// Prints tables of up to this many rows; of longer ones, how long they are.
    pub fn with_longest_table(self, rows: usize) -> Self {
        Self { longest_table: rows, ..self }
    }

    /// With the day on which the document was made. By default it has none, and the same content gives the same bytes.
    pub fn with_date(self, date: NaiveDate) -> Self {
        Self { date: Some(date), ..self }
    }

    pub(crate) fn date(&self) -> Option<NaiveDate> {
        self.date
    }
}

/// A PDF that cannot be written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// A picture without size, or larger than a page can be.
    #[error("a page of {width} × {height} pt cannot be made; draw the view with sides of 1 to 14,400 pt")]
    Size {
        /// Asked for, pt.
        width: f64,
        /// Asked for, pt.
        height: f64,
    },
    /// The document is not as PDF and PDF/UA-1 ask.
    #[error("the document cannot be written: {why}")]
    Refused {
        /// What is wrong.
        why: String,
    },
}

impl View {
    /// The view as tagged PDF: the picture on a page of its size (1 px is 0.75 pt), then its data as a table on A4.
    ///
    /// Shapes are vectors and text can be searched and copied; the glyphs used of Noto Sans are embedded. Title, notes and
    /// credits are a heading and paragraphs, the rest is a figure whose alternative text is [`View::description`]. Characters
    /// that Noto Sans does not have are drawn as “?”, and copied as they are. The same view gives the same bytes.
    ///
    /// # Errors
    ///
    /// [`PdfError::Size`] if the picture is empty or larger than 5 m; [`PdfError::Refused`] if the document would break
    /// PDF/UA-1.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Language, Measured, Unit};
    /// use datagora_viz::{BarChart, Captions, PdfOptions};
    ///
    /// let job = Unit::of("{job}");
    /// let view = BarChart::new(job.clone())
    ///     .with_bar("Bron", Measured::new(2_300.0, job))
    ///     .draw(&Captions::new("jobs", "Jobs", Language::English))?;
    /// let pdf = view.to_pdf(&PdfOptions::default())?;
    /// assert!(pdf.starts_with(b"%PDF-1.7"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    ///
    /// ISO 32000-1:2008 (PDF 1.7); ISO 14289-1:2014 (PDF/UA-1), by the validator of krilla.
    pub fn to_pdf(&self, options: &PdfOptions) -> Result<Vec<u8>, PdfError> {
        let language = self.language();
        let mut sheets = Sheets::new(self.title(), language, options.date);
        let (width, height) = (self.scene().width() * flow::PIXEL, self.scene().height() * flow::PIXEL);
        sheets.turn(width, height);
        let picture = Picture::new(self);
        picture.draw(&mut sheets, ROOT, 1, Placement { x: 0.0, y: 0.0, scale: flow::PIXEL });
        sheets.bookmark(1, self.title(), Spot { sheet: 0, y: 0.0 });
        let mut flow = Flow::new(sheets);
        if !self.table().is_empty() {
            let words = language.pick("Données", "Data");
            let spot = flow.heading(ROOT, 2, words, Style::CHAPTER, 120.0);
            flow.sheets.bookmark(1, words, spot);
            flow.data(ROOT, self, options);
        }
        flow.finish().write()
    }
}

impl<'a> Flow<'a> {
    /// The data of a view, or that they are too long to be printed.
    pub(crate) fn data(&mut self, within: Element, view: &View, options: &PdfOptions) {
        let (rows, language) = (view.table().len(), view.language());
        let number = |n: usize| format_number(n as f64, 0, language);
        if rows > options.longest_table {
            let words = match language {
                Language::French => format!(
                    "Le tableau a {} lignes, plus que les {} que ce document imprime.",
                    number(rows),
                    number(options.longest_table)
                ),
                Language::English => format!(
                    "The table has {} rows, more than the {} that this document prints.",
                    number(rows),
                    number(options.longest_table)
                ),
            };
            return self.paragraph(within, &words, Style::BODY);
        }
        let section = self.sheets.element(within, Tag::Section);
        if view.table().caption() != view.title() {
            self.paragraph(section, view.table().caption(), Style::SMALL);
        }
        self.table(section, view.table(), language);
    }
}
