//! What changed between two dates or scenarios.
mod changes;
mod sides;

use datagora_core::{Language, Measured};
use datagora_geo::GeometryColumn;
use datagora_geo::types::Rect;

pub(crate) use self::changes::{Changes, KeyRow, NOT_SURE};
use self::sides::{Sides, describe_kinds};
use super::coverage::Coverage;
use super::ground::Ground;
use super::projection::Projection;
use super::rows::{Rows, capitalised};
use super::shading::{explain_method, explain_missing};
use super::sheet::{Sheet, Theme};
use super::words::describe_values;
use super::zones::{describe_lost, draw_zones, zone_names};
use super::{MapError, MapOptions, refuse};
use crate::label::Wish;
use crate::legend::Legend;
use crate::semiology::{Design, Finding, Statistic, Variable, lint_design};
use crate::{Captions, Column, DataTable, Diverging, Method, Scene, View};

/// The difference of a rate between two dates or two scenarios, zone by zone: classes that lie alike on both sides of zero.
///
/// ![Zones of a city coloured by the change of their canopy in seven classes around zero, uncertain changes hatched](pictures/difference.svg)
///
/// The classes are those of the size of the change, whatever its sign: the smallest is the class around zero, the others are
/// there twice, for less and for more, so that equal changes look equal.
///
/// # Uncertainty
///
/// Where values have an interval, the difference has one ([`Measured::sub`], errors taken as independent). If it holds
/// zero, the sign of the change is not sure: such zones are hatched in the colour of their side, and counted apart.
///
/// # Missing values
///
/// Zones without one of the two values are hatched in grey, those with a secret are grey.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, DifferenceMap, MapOptions, Method};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let percent = |values: [f64; 3]| values.map(|value| Measured::new(value, Unit::PERCENT));
/// let (before, after) = (percent([14.0, 9.0, 31.0]), percent([18.5, 9.1, 29.0]));
/// let view = DifferenceMap::new(&zones, &names, &before, &after)
///     .with_measure("Canopée")
///     .with_times("2015", "2023")
///     .with_method(Method::Manual(vec![0.5, 3.0, 6.0]), 3)
///     .draw(&MapOptions::default(), &Captions::new("canopy", "La canopée change", Language::French))?;
/// assert!(view.description().contains("Hausse\u{a0}: 1 (Bron)"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Brewer, C. A. (1994). Color use guidelines for mapping and visualization. In *Visualization in Modern Cartography*,
/// 123–147: diverging schemes around a value that means something.
#[derive(Clone, Debug, PartialEq)]
pub struct DifferenceMap<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    before: &'a [Measured],
    after: &'a [Measured],
    measure: String,
    times: Option<(String, String)>,
    method: Method,
    sizes: usize,
    palette: Diverging,
    statistic: Option<Statistic>,
}

impl<'a> DifferenceMap<'a> {
    /// Zones with the name and two values of each, in seven classes: one around zero and three to each side, by exact
    /// Fisher of the size of the change.
    pub fn new(
        zones: &'a GeometryColumn,
        names: &'a [String],
        before: &'a [Measured],
        after: &'a [Measured],
    ) -> Self {
        Self {
            zones,
            names,
            before,
            after,
            measure: String::new(),
            times: None,
            method: Method::default(),
            sizes: 4,
            palette: Diverging::default(),
            statistic: None,
        }
    }

    /// With the name of what is measured, for legend, table and description.
    pub fn with_measure(self, measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), ..self }
    }

    /// With the names of the two dates or scenarios.
    pub fn with_times(self, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { times: Some((before.into(), after.into())), ..self }
    }

    /// Divides the size of the change by this method into this many classes, the smallest of which is the one around zero:
    /// `n` sizes are 2 `n` − 1 classes.
    pub fn with_method(self, method: Method, sizes: usize) -> Self {
        Self { method, sizes, ..self }
    }

    /// With these colours for less and more.
    pub fn with_palette(self, palette: Diverging) -> Self {
        Self { palette, ..self }
    }

    /// Says what the values are of the members of a zone, where the unit leaves it open.
    pub fn with_statistic(self, statistic: Statistic) -> Self {
        Self { statistic: Some(statistic), ..self }
    }

    /// The difference of each zone, after minus before, with its interval if there is one.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ; [`MapError::Difference`] if values do not subtract, such as intervals of
    /// different levels.
    pub fn differences(&self) -> Result<Vec<Measured>, MapError> {
        Ok(self.rows()?.1.values)
    }

    /// The differences with their classes, which an interactive map shows too.
    pub(crate) fn changes(&self) -> Result<Changes, MapError> {
        let rows = self.rows()?.1;
        let sides = Sides::of(&rows, &self.method, self.sizes, self.palette)?;
        Ok(Changes { rows, sides })
    }

    /// The rules of semiology that the map breaks; [`DifferenceMap::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`DifferenceMap::draw`], for values that cannot be subtracted or classified.
    pub fn lint(&self) -> Result<Vec<Finding>, MapError> {
        Ok(lint_design(&self.design(&self.changes()?)))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, values do not subtract, there is no place or no difference, the CRS is in
    /// degrees and no projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let before = self.rows()?.0;
        let changes = self.changes()?;
        refuse(lint_design(&self.design(&changes)), options)?;
        let projection = Projection::of(self.zones, options)?;
        let zones = Coverage::projected(self.zones, &projection.crs)?;
        let absent = describe_lost(&zones, self.names, language);

        let (first, second) = self.times.clone().unwrap_or_else(|| {
            (language.pick("avant", "before").to_owned(), language.pick("après", "after").to_owned())
        });
        let of = |time: &str| format!("{} ({time})", before.heading(language));
        let Changes { rows, sides } = &changes;
        let kinds = rows.values.iter().map(|value| sides.kind(value).name(language));
        let table = DataTable::new(&captions.title)
            .with(Column::text(capitalised(&options.zone_word), self.names.iter().cloned()))
            .with(Column::measured(of(&first), before.unit.clone(), self.before.iter().cloned()))
            .with(Column::measured(of(&second), before.unit.clone(), self.after.iter().cloned()))
            .with(Column {
                name: language.pick("Différence", "Difference").to_owned(),
                ..rows.column(language)
            })
            .with(Column::text(language.pick("Sens", "Direction"), kinds));
        let heading = match language {
            Language::French => format!("{}, différence de {first} à {second}", before.heading(language)),
            Language::English => format!("{}, difference from {first} to {second}", before.heading(language)),
        };
        let mut description = vec![
            format!("{heading}."),
            describe_values(rows, &options.zone_word, language),
            describe_kinds(rows, sides, language),
        ];
        description.extend(absent.clone());
        let theme = DifferenceTheme { zones, changes, heading, absent, options, language };
        Sheet::new(&theme, self.names.len(), &projection, options, captions)?
            .view(table, description.join(" "))
    }

    /// The values before, and the differences.
    fn rows(&self) -> Result<(Rows, Rows), MapError> {
        let before = Rows::new(self.zones.len(), self.names, self.before, &self.measure)?;
        let after = Rows::new(self.zones.len(), self.names, self.after, &self.measure)?;
        if after.unit != before.unit {
            let name = self.names.first().cloned().unwrap_or_default();
            return Err(MapError::Units { name, found: after.unit, needed: before.unit });
        }
        let subtract = |row: usize| {
            let difference = self.after[row].sub(&self.before[row]);
            difference.map_err(|source| MapError::Difference { name: self.names[row].clone(), source })
        };
        let values = (0..self.names.len()).map(subtract).collect::<Result<Vec<Measured>, _>>()?;
        let changes = Rows::new(self.zones.len(), self.names, &values, &self.measure)?;
        Ok((before, changes.of_differences()))
    }

    fn design(&self, changes: &Changes) -> Design {
        let Changes { rows, sides } = changes;
        Design {
            statistic: self.statistic,
            colours: sides.colours.clone(),
            goodness_of_variance_fit: Some(sides.classes.goodness_of_variance_fit()),
            ..rows.design(Variable::SurfaceColour)
        }
    }
}

struct DifferenceTheme<'a> {
    zones: Coverage,
    changes: Changes,
    heading: String,
    absent: Option<String>,
    options: &'a MapOptions,
    language: Language,
}

impl Theme for DifferenceTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        let Changes { rows, sides } = &self.changes;
        draw_zones(&self.zones, ground, scene, |row, mark| {
            let tip = match self.changes.kind_of(row, self.language) {
                None => rows.tip(row, self.language),
                Some(kind) => format!("{} ({kind})", rows.tip(row, self.language)),
            };
            mark.fill(sides.fill(&rows.values[row])).tip(tip)
        })
    }

    fn draw_symbols(&self, _: &Ground, _: &mut Scene) {}

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        zone_names(&self.zones, &self.changes.rows.names, self.options, ground)
    }

    fn explain(&self, _: &Ground, legend: &mut Legend<'_>) {
        let (language, Changes { rows, sides }) = (self.language, &self.changes);
        legend.title(&self.heading, &rows.symbol(language));
        legend.column_heading(&self.options.zone_word);
        for KeyRow { heading, fill, label, count } in self.changes.key(language) {
            if let Some(heading) = heading {
                legend.gap(3.0);
                legend.words(&heading);
            }
            legend.class(fill, &label, count);
        }
        legend.gap(6.0);
        for KeyRow { fill, label, count, .. } in self.changes.key_of_unsure(language) {
            legend.apart(fill, &label, count);
        }
        explain_missing(rows, legend, language);
        if self.changes.is_unsure() {
            legend.words(language.pick(NOT_SURE[0], NOT_SURE[1]));
        }
        explain_method(&sides.classes, legend, language);
        if let Some(absent) = &self.absent {
            legend.words(absent);
        }
    }
}
