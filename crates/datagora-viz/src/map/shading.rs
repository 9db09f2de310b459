//! How a rate becomes classes and colours.
use datagora_core::{Language, Measured};

use super::MapError;
use super::rows::{Rows, is_secret};
use super::words::{describe_classes, describe_values};
use crate::legend::{Legend, NO_DATA, WITHHELD};
use crate::semiology::{Design, Statistic, Variable};
use crate::{Classes, Colour, Column, Fill, Method, Palette, classify};

/// The name of a rate, its classes and its colours: what every map of a rate lets its caller choose.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shading {
    pub(super) measure: String,
    pub(super) method: Method,
    pub(super) classes: usize,
    pub(super) palette: Palette,
    pub(super) centre: Option<f64>,
    pub(super) statistic: Option<Statistic>,
}

impl Shading {
    /// So many classes by exact Fisher.
    pub(super) fn new(classes: usize) -> Self {
        Self {
            measure: String::new(),
            method: Method::default(),
            classes,
            palette: Palette::default(),
            centre: None,
            statistic: None,
        }
    }

    /// Puts rates into their classes and colours.
    pub(super) fn shades(&self, rows: Rows) -> Result<Shades, MapError> {
        let numbers = rows.numbers();
        if numbers.iter().all(|value| value.is_nan()) {
            return Err(MapError::Empty { rows: numbers.len() });
        }
        let classes = classify(&numbers, self.classes, &self.method)?;
        let colours = self.palette.colours_of(&classes, self.centre.or(classes.centre()))?;
        let design = Design {
            statistic: self.statistic,
            colours: colours.clone(),
            ordered: self.palette.is_ordered(),
            goodness_of_variance_fit: Some(classes.goodness_of_variance_fit()),
            ..rows.design(Variable::SurfaceColour)
        };
        Ok(Shades { rows, classes, colours, design })
    }
}

/// Name, classes and colours of the `shading` of a map, as its methods; what its values are called in the plural.
macro_rules! class_methods {
    ($values:literal) => {
        /// With the name of what is measured, for legend, table and description.
        pub fn with_measure(self, measure: impl Into<String>) -> Self {
            Self { shading: Shading { measure: measure.into(), ..self.shading }, ..self }
        }

        #[doc = concat!("Divides ", $values, " by this method into this many classes.")]
        pub fn with_method(self, method: Method, classes: usize) -> Self {
            Self { shading: Shading { method, classes, ..self.shading }, ..self }
        }

        /// With these colours.
        pub fn with_palette(self, palette: Palette) -> Self {
            Self { shading: Shading { palette, ..self.shading }, ..self }
        }
    };
}
pub(super) use class_methods;

/// All choices of the `shading` of a map whose values may be anything, as its methods.
macro_rules! shading_methods {
    ($values:literal) => {
        $crate::map::shading::class_methods!($values);

        /// Lets a diverging palette change sides at this value, such as 0 for a growth. By default that is the centre of the
        /// method if it has one, else the middle class.
        pub fn with_centre(self, centre: f64) -> Self {
            Self { shading: Shading { centre: Some(centre), ..self.shading }, ..self }
        }

        #[doc = concat!("Says what ", $values, " are of the members of a zone, where the unit leaves it open: a median income,")]
        /// in euros a year, is a level and not a sum.
        pub fn with_statistic(self, statistic: Statistic) -> Self {
            Self { shading: Shading { statistic: Some(statistic), ..self.shading }, ..self }
        }
    };
}
pub(super) use shading_methods;

/// Rates in their classes, ready to colour zones or symbols.
#[derive(Clone, Debug)]
pub(super) struct Shades {
    pub(super) rows: Rows,
    pub(super) classes: Classes,
    pub(super) colours: Vec<Colour>,
    pub(super) design: Design,
}

impl Shades {
    /// The same in paler colours.
    pub(super) fn lighter(self, share: f64) -> Self {
        let colours: Vec<Colour> = self.colours.iter().map(|colour| colour.lighter(share)).collect();
        Self { design: Design { colours: colours.clone(), ..self.design }, colours, ..self }
    }

    pub(super) fn fill(&self, row: usize) -> Fill {
        self.fill_of(&self.rows.values[row])
    }

    /// The fill of a value, be it one of these rows or not.
    pub(super) fn fill_of(&self, value: &Measured) -> Fill {
        match value.value().and_then(|number| self.classes.class_of(number)) {
            Some(class) => Fill::Solid(self.colours[class]),
            None if is_secret(value) => WITHHELD,
            None => NO_DATA,
        }
    }

    pub(super) fn describe(&self, zone_word: &str, language: Language) -> String {
        let values = describe_values(&self.rows, zone_word, language);
        format!("{values} {}", describe_classes(&self.classes, language))
    }

    /// A rate in its classes: measure, unit, boxes with counts, what has no value, histogram, method.
    pub(super) fn explain(&self, zone_word: &str, legend: &mut Legend<'_>, language: Language) {
        self.explain_with(zone_word, None, legend, language);
    }

    /// The same with a box for what is neither in a class nor without value.
    pub(super) fn explain_with(
        &self,
        zone_word: &str,
        apart: Option<(Fill, &str, usize)>,
        legend: &mut Legend<'_>,
        language: Language,
    ) {
        let Self { rows, classes, colours, .. } = self;
        legend.title(&rows.heading(language), &rows.unit.symbol(language));
        legend.classes(classes, colours, zone_word);
        explain_missing(rows, legend, language);
        if let Some((fill, words, count)) = apart {
            legend.apart(fill, words, count);
        }
        legend.gap(8.0);
        legend.histogram(&rows.numbers(), classes, colours);
        explain_method(classes, legend, language);
    }
}

/// The class of each row as the legend numbers it; of what, where a table has several.
pub(super) fn class_column(of: Option<&str>, rows: &Rows, classes: &Classes, language: Language) -> Column {
    let rounded = classes.rounded();
    let words = rows.numbers().into_iter().map(|value| match classes.class_of(value) {
        Some(class) => rounded.label(class, language),
        None => "–".to_owned(),
    });
    let class = language.pick("Classe", "Class");
    let name = of.map_or_else(|| class.to_owned(), |of| format!("{class} – {of}"));
    Column::text(name, words)
}

/// Zones without value, and those whose value is secret.
pub(super) fn explain_missing(rows: &Rows, legend: &mut Legend<'_>, language: Language) {
    explain_without([rows.missing().len(), rows.secret().len()], legend, language);
}

/// Numbers of zones without value, and of those whose value is secret.
pub(super) fn explain_without([missing, secret]: [usize; 2], legend: &mut Legend<'_>, language: Language) {
    legend.apart(NO_DATA, language.pick("pas de donnée", "no data"), missing);
    legend.apart(WITHHELD, language.pick("secret statistique", "statistical secrecy"), secret);
}

/// How the bounds of classes were chosen.
pub(super) fn explain_method(classes: &Classes, legend: &mut Legend<'_>, language: Language) {
    let method = classes.method().name(language);
    legend.words(&format!("{}{method}", language.pick("Méthode\u{a0}: ", "Method: ")));
    if let Some(remark) = classes.remark(language) {
        legend.words(&remark);
    }
}
