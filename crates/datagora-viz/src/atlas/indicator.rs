//! What an atlas tells of every territory.
use datagora_core::{Credit, Measured, Metadata, Unit};

use crate::{Method, Palette, Statistic};

/// A measure of every territory, shown on each page in the same way.
///
/// ```
/// use datagora_core::{Measured, Unit};
/// use datagora_viz::{Indicator, Method, Palette, Sequential};
///
/// let unit = Unit::of("{tree}/har");
/// let values = [4.2, 11.0, 7.5].map(|value| Measured::new(value, unit.clone()));
/// let trees = Indicator::new("trees", "Trees per hectare", unit.clone(), &values)
///     .with_whole(Measured::new(6.1, unit))
///     .with_map(Method::Fisher, Palette::Sequential(Sequential::Greens))
///     .with_definition("Trees along streets per hectare of commune.")
///     .with_headline();
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) values: Vec<Measured>,
    pub(super) whole: Option<Measured>,
    /// Whether the whole is a sum, beside which a part says nothing.
    pub(super) total: bool,
    pub(super) map: Option<(Method, Palette)>,
    pub(super) statistic: Option<Statistic>,
    pub(super) definition: String,
    pub(super) headline: bool,
    pub(super) logarithmic: bool,
    pub(super) credits: Vec<Credit>,
    pub(super) made: bool,
}

impl Indicator {
    /// A measure: `id` names it in links, `name` on the pages; one value for each territory.
    pub fn new(id: impl Into<String>, name: impl Into<String>, unit: Unit, values: &[Measured]) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            unit,
            values: values.to_vec(),
            whole: None,
            total: false,
            map: None,
            statistic: None,
            definition: String::new(),
            headline: false,
            logarithmic: false,
            credits: Vec::new(),
            made: false,
        }
    }

    /// What names it in links.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// With the value of all territories together, on the scale of each of them. It is given, not added up: shares and means have
    /// no sum.
    pub fn with_whole(self, value: Measured) -> Self {
        Self { whole: Some(value), ..self }
    }

    /// As [`with_whole`](Self::with_whole), for amounts such as inhabitants: what all together have is shown, but no territory is
    /// said to be below it.
    pub fn with_total(self, value: Measured) -> Self {
        Self { whole: Some(value), total: true, ..self }
    }

    /// With a choropleth on the overview. Only rates and other levels may be on one: see [`Choropleth`](crate::Choropleth).
    pub fn with_map(self, method: Method, palette: Palette) -> Self {
        Self { map: Some((method, palette)), ..self }
    }

    /// Says what the values are of the members of a territory, where the unit leaves it open, so that a map may show them: a median
    /// income, in euros a year, is a level and not a sum.
    ///
    /// ```
    /// use datagora_core::{Measured, Unit};
    /// use datagora_viz::{Indicator, Method, Palette, Statistic};
    ///
    /// let unit = Unit::of("{EUR}/a");
    /// let values = [19_800.0, 24_400.0, 31_200.0].map(|value| Measured::new(value, unit.clone()));
    /// let income = Indicator::new("income", "Standard of living", unit, &values)
    ///     .with_map(Method::Fisher, Palette::default())
    ///     .with_statistic(Statistic::Median);
    /// ```
    pub fn with_statistic(self, statistic: Statistic) -> Self {
        Self { statistic: Some(statistic), ..self }
    }

    /// With what is counted, how, and what the reader must know.
    pub fn with_definition(self, text: impl Into<String>) -> Self {
        Self { definition: text.into(), ..self }
    }

    /// Among the figures that pages show first.
    pub fn with_headline(self) -> Self {
        Self { headline: true, ..self }
    }

    /// On a logarithmic scale: see [`Strip::with_log_scale`](crate::Strip::with_log_scale).
    pub fn with_log_scale(self) -> Self {
        Self { logarithmic: true, ..self }
    }

    /// With the credits that the data oblige to, and whether the data are made.
    pub fn with_metadata(self, metadata: &Metadata) -> Self {
        Self { credits: metadata.credits.clone(), made: metadata.made, ..self }
    }
}
