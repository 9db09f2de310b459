//! Many distributions, one above the other.
mod curve;
mod density;
mod draw;

use datagora_core::{Language, Unit};

use super::quantile::sorted_finite;
use super::words::{capitalised, colon, missing, quantity};
use super::{Axis, ChartError};
use crate::format::{common_decimals, format_among};
use crate::{Captions, Column, DataTable, View};
use curve::{Curve, Mode};

pub use density::Bandwidth;

/// Distributions of many groups as curves one above the other, each with its median: where values lie, how far they spread, whether there is more
/// than one hump.
///
/// ![Curves of many groups one above the other, the middle half of each shaded and its median marked](pictures/ridges.svg)
///
/// All curves have the same area, so that heights compare. The middle half of the values is darker. A group with too few values for a curve is drawn
/// as its values, one dot each. Over an axis of steps, such as the hours of a day, the curves are profiles that were given, and the median is the
/// step before which half of the whole lies; over [`Axis::hours`] the time of day to five minutes, as if each hour were even.
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Bandwidth, Captions, Ridgelines};
///
/// let trips = |shift: f64| (0..200).map(|k| shift + f64::from(k * k % 101) / 6.0).collect::<Vec<_>>();
/// let view = Ridgelines::new(Unit::MINUTE)
///     .with_bandwidth(Bandwidth::Silverman)
///     .with_group("by bicycle", &trips(6.0))
///     .with_group("by bus", &trips(12.0))
///     .with_group("by boat", &[25.0, 31.0, f64::NAN])
///     .sorted()
///     .draw(&Captions::new("trips", "How long do trips take?", Language::English))?;
/// assert!(view.description().contains("By boat has fewer than 20 values that differ"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Wilke, C. O. (2019). *Fundamentals of Data Visualization*, ch. 9. Bandwidths: see [`Bandwidth`]. Limits of the values by reflection: Silverman
/// (1986), section 2.10.
#[derive(Clone, Debug, PartialEq)]
pub struct Ridgelines {
    unit: Unit,
    axis: Option<Axis>,
    heading: Option<String>,
    groups: Vec<Group>,
    bandwidth: Bandwidth,
    fewest: usize,
    limits: (f64, f64),
    sorted: bool,
    limit: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Group {
    name: String,
    /// Values of a sample, or of a profile in the order of the axis.
    values: Vec<f64>,
}

impl Ridgelines {
    /// A chart of values in this unit, without groups.
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            axis: None,
            heading: None,
            groups: Vec::new(),
            bandwidth: Bandwidth::default(),
            fewest: 20,
            limits: (f64::NEG_INFINITY, f64::INFINITY),
            sorted: false,
            limit: usize::MAX,
        }
    }

    /// A chart of profiles over these steps, in this unit, without groups.
    pub fn over(axis: Axis, unit: Unit) -> Self {
        Self { axis: Some(axis), ..Self::new(unit) }
    }

    /// With one more group: its values, or one value per step of the axis. NaN and infinite values are missing.
    pub fn with_group(mut self, name: impl Into<String>, values: &[f64]) -> Self {
        self.groups.push(Group { name: name.into(), values: values.to_vec() });
        self
    }

    /// Says what the names are, such as « Quartier »: the heading of the first column of the table.
    pub fn with_heading(self, heading: impl Into<String>) -> Self {
        Self { heading: Some(heading.into()), ..self }
    }

    /// With kernels this wide. Default: [`Bandwidth::SheatherJones`].
    pub fn with_bandwidth(self, bandwidth: Bandwidth) -> Self {
        Self { bandwidth, ..self }
    }

    /// Draws groups with fewer values than this as dots. Default: 20.
    pub fn with_fewest(self, fewest: usize) -> Self {
        Self { fewest: fewest.max(2), ..self }
    }

    /// Says between which limits values can lie at all, such as 0 and infinity: no curve goes beyond.
    pub fn with_limits(self, low: f64, high: f64) -> Self {
        Self { limits: (low, high), ..self }
    }

    /// Highest medians first, or earliest ones over an axis; equal ones by name; groups without value last.
    pub fn sorted(self) -> Self {
        Self { sorted: true, ..self }
    }

    /// Draws the first groups only, and says how many more are in the table.
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit: limit.max(1), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without a value, [`ChartError::Length`] for a profile that is not as long as the axis,
    /// [`ChartError::Negative`] for a profile below zero, [`ChartError::Limits`] for a value beyond the limits.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        self.check(captions)?;
        let mut curves: Vec<Curve<'_>> = self.groups.iter().map(|group| self.curve(group)).collect();
        if self.sorted {
            let rank = |curve: &Curve<'_>| match (curve.median(), &self.axis) {
                (None, _) => f64::INFINITY,
                (Some(median), Some(_)) => median,
                (Some(median), None) => -median,
            };
            curves.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then_with(|| a.name.cmp(b.name)));
        }
        let language = captions.language;
        let table = match &self.axis {
            Some(axis) => self.table_of_profiles(axis, &curves, captions),
            None => self.table_of_samples(&curves, captions),
        };
        let description = self.describe(&curves, language);
        Ok(captions.view(|width| self.scene(&curves, captions, width), table, description))
    }

    fn check(&self, captions: &Captions) -> Result<(), ChartError> {
        if !self.groups.iter().flat_map(|group| &group.values).any(|value| value.is_finite()) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let (low, high) = self.limits;
        for Group { name, values } in &self.groups {
            let name = || name.clone();
            if let Some(needed) = self.axis.as_ref().map(Axis::len).filter(|needed| *needed != values.len()) {
                return Err(ChartError::Length { name: name(), found: values.len(), needed });
            }
            if let Some(step) = values.iter().position(|value| self.axis.is_some() && *value < 0.0) {
                return Err(ChartError::Negative { name: name(), step, found: values[step] });
            }
            let beyond = |value: &&f64| value.is_finite() && !(low..=high).contains(*value);
            if let Some(found) = values.iter().find(beyond).filter(|_| self.axis.is_none()) {
                return Err(ChartError::Limits { name: name(), found: *found, low, high });
            }
        }
        Ok(())
    }

    fn curve<'a>(&self, group: &'a Group) -> Curve<'a> {
        if self.axis.is_some() {
            return Curve::profile(&group.name, &group.values);
        }
        let (sorted, missing) = sorted_finite(&group.values);
        let width = self.bandwidth.of_sorted(&sorted).filter(|_| sorted.len() >= self.fewest);
        // Equal values have no curve, whatever the width that was asked for.
        let width = width.filter(|_| sorted.first() != sorted.last());
        Curve::sample(&group.name, sorted, missing, width, self.limits)
    }

    fn table_of_samples(&self, curves: &[Curve<'_>], captions: &Captions) -> DataTable {
        let language = captions.language;
        let heading = self.heading.as_deref().unwrap_or(language.pick("Groupe", "Group"));
        let column = |name: &str, pick: &dyn Fn(&Curve<'_>) -> Option<f64>| {
            let values = curves.iter().map(|curve| pick(curve).unwrap_or(f64::NAN));
            Column::numbers(name, self.unit.clone(), values)
        };
        let count = |name: &str, pick: &dyn Fn(&Curve<'_>) -> usize| {
            Column::numbers(name, Unit::ONE, curves.iter().map(|curve| pick(curve) as f64))
        };
        DataTable::new(&captions.title)
            .with(Column::text(heading, curves.iter().map(|curve| curve.name)))
            .with(count(language.pick("Valeurs", "Values"), &|curve| curve.count))
            .with(count(language.pick("Manquantes", "Missing"), &|curve| curve.missing))
            .with(column(language.pick("Premier quartile", "First quartile"), &|curve| {
                Some(curve.quartiles?[0])
            }))
            .with(column(language.pick("Médiane", "Median"), &|curve| curve.median()))
            .with(column(language.pick("Troisième quartile", "Third quartile"), &|curve| {
                Some(curve.quartiles?[2])
            }))
            .with(column(language.pick("Largeur du noyau", "Width of the kernel"), &|curve| curve.width()))
    }

    fn table_of_profiles(&self, axis: &Axis, curves: &[Curve<'_>], captions: &Captions) -> DataTable {
        let heading = self.heading.as_deref().unwrap_or(captions.language.pick("Pas", "Step"));
        let table = DataTable::new(&captions.title)
            .with(Column::text(heading, (0..axis.len()).map(|step| axis.name(step))));
        let profile = |curve: &Curve<'_>| match &curve.mode {
            Mode::Profile(values) => values.to_vec(),
            _ => Vec::new(),
        };
        curves.iter().fold(table, |table, curve| {
            table.with(Column::numbers(curve.name, self.unit.clone(), profile(curve)))
        })
    }

    /// A place along the scale in words.
    fn place(&self, place: f64, curves: &[Curve<'_>], language: Language) -> String {
        match &self.axis {
            Some(axis) => axis.place_name(place),
            None => {
                let medians = curves.iter().filter_map(Curve::median);
                let largest = medians.fold(0.0, |a: f64, b| a.max(b.abs()));
                format_among(place, common_decimals([largest]), language)
            }
        }
    }

    fn describe(&self, curves: &[Curve<'_>], language: Language) -> String {
        let count = language.group_digits(curves.len() as u64);
        let mut text = match (&self.axis, language) {
            (None, Language::French) => format!("Distributions de {count} groupes, une courbe par groupe."),
            (None, Language::English) => format!("Distributions of {count} groups, one curve for each."),
            (Some(_), Language::French) => format!("Profils de {count} groupes, une courbe par groupe."),
            (Some(_), Language::English) => format!("Profiles of {count} groups, one curve for each."),
        };
        let unit = match (self.unit.symbol(language), &self.axis) {
            (symbol, None) if !symbol.is_empty() => format!("\u{a0}{symbol}"),
            _ => String::new(),
        };
        let mut known: Vec<(&Curve<'_>, [f64; 3])> =
            curves.iter().filter_map(|curve| Some((curve, curve.quartiles?))).collect();
        known.sort_by(|a, b| b.1[1].total_cmp(&a.1[1]).then_with(|| a.0.name.cmp(b.0.name)));
        let mut ends = vec![known.first(), known.last()];
        ends.dedup_by_key(|end| end.map(|(curve, _)| curve.name));
        for ((curve, quartiles), words) in ends.into_iter().flatten().zip([
            match self.axis {
                None => language.pick("Médiane la plus haute", "Highest median"),
                Some(_) => language.pick("Médiane la plus tardive", "Latest median"),
            },
            match self.axis {
                None => language.pick("la plus basse", "lowest"),
                Some(_) => language.pick("la plus précoce", "earliest"),
            },
        ]) {
            let [low, middle, high] = quartiles.map(|place| self.place(place, curves, language));
            let half = match language {
                Language::French => format!("la moitié centrale de {low} à {high}{unit}"),
                Language::English => format!("the middle half from {low} to {high}{unit}"),
            };
            text.push_str(&format!(
                " {}{}{}, {middle}{unit}, {half}.",
                capitalised(words),
                colon(language),
                curve.name
            ));
        }
        let few: Vec<&str> = known
            .iter()
            .filter(|(curve, _)| matches!(curve.mode, Mode::Dots(_)))
            .map(|(curve, _)| curve.name)
            .collect();
        match (&few[..], language) {
            ([], _) => {}
            ([one], Language::French) => text.push_str(&format!(
                " {} a moins de {} valeurs différentes, et pas de courbe.",
                capitalised(one),
                self.fewest
            )),
            ([one], Language::English) => text.push_str(&format!(
                " {} has fewer than {} values that differ, and no curve.",
                capitalised(one),
                self.fewest
            )),
            (_, Language::French) => text.push_str(&format!(
                " Moins de {} valeurs différentes, sans courbe\u{a0}: {}.",
                self.fewest,
                few.join(", ")
            )),
            (_, Language::English) => {
                text.push_str(&format!(
                    " Fewer than {} values that differ, no curve: {}.",
                    self.fewest,
                    few.join(", ")
                ));
            }
        }
        let absent: usize = curves.iter().map(|curve| curve.missing).sum();
        if absent > 0 {
            text.push_str(&format!(" {}.", capitalised(&missing(absent, language))));
        }
        if self.axis.is_none() {
            text.push_str(&format!(" {}", self.method(language)));
        }
        text
    }

    /// How the curves were made.
    fn method(&self, language: Language) -> String {
        let rule = self.bandwidth.words(language);
        let width = match self.bandwidth {
            Bandwidth::Fixed(width) => format!("{} ({})", rule, quantity(width, &self.unit, language)),
            _ => rule.to_owned(),
        };
        match language {
            Language::French => {
                format!("Densités par noyau gaussien, largeur\u{a0}: {width}\u{202f}; toutes de même aire.")
            }
            Language::English => format!("Densities by a Gaussian kernel, width: {width}; all of one area."),
        }
    }
}

#[cfg(test)]
mod tests;
