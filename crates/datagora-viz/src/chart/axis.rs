//! The horizontal axis: equal steps, some of them named.
use datagora_core::{Language, Month};

/// A horizontal axis of equal steps.
///
/// ```
/// use datagora_core::{Language, Month};
/// use datagora_viz::Axis;
///
/// let axis = Axis::months(Month::parse("2019-01")?, 36, Language::French);
/// assert_eq!(axis.len(), 36);
/// assert_eq!(axis.name(1), "février 2019");
/// # Ok::<(), datagora_core::MonthError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    names: Vec<String>,
    ticks: Vec<(usize, String)>,
}

impl Axis {
    /// Steps that all have a name, each of them a tick where there is room.
    pub fn labels(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let ticks = names.iter().cloned().enumerate().collect();
        Self { names, ticks }
    }

    /// Months in a row; Januaries are ticks.
    pub fn months(first: Month, count: usize, language: Language) -> Self {
        let months: Vec<Month> = (0..count as i32).map(|k| first.plus(k)).collect();
        let names = months.iter().map(|&month| month.label(language)).collect();
        let year = |(k, month): (usize, &Month)| (month.month() == 1).then(|| (k, month.year().to_string()));
        Self { names, ticks: months.iter().enumerate().filter_map(year).collect() }
    }

    /// The twelve months of any year.
    pub fn year(language: Language) -> Self {
        let months = (1..=12).filter_map(|month| Month::new(2000, month).ok());
        Self::labels(months.map(|month| month.short_name(language)))
    }

    /// Named steps of which only some are ticks.
    pub fn ticked(names: Vec<String>, ticks: Vec<(usize, String)>) -> Self {
        Self { names, ticks }
    }

    /// Number of steps.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no step.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Name of a step.
    ///
    /// # Panics
    ///
    /// If there is no such step.
    pub fn name(&self, step: usize) -> &str {
        &self.names[step]
    }

    /// Name of a step as a tick would give it: the tick at or before it, else the name of the step.
    pub(crate) fn tick_name(&self, step: usize) -> String {
        let tick = self.ticks.iter().rev().find(|(at, _)| *at <= step);
        tick.map_or_else(|| self.names.get(step).cloned().unwrap_or_default(), |(_, name)| name.clone())
    }

    /// Ticks that have room, if `position` says where each lies: every one, or every second, third, …
    pub(crate) fn ticks_with_room(&self, position: impl Fn(usize) -> f64, size: f64) -> Vec<(f64, &str)> {
        let placed: Vec<(f64, &str)> =
            self.ticks.iter().map(|(step, name)| (position(*step), name.as_str())).collect();
        (1..=placed.len().max(1))
            .map(|stride| placed.iter().copied().step_by(stride).collect::<Vec<_>>())
            .find(|ticks| {
                ticks.windows(2).all(|pair| {
                    let need = 0.5
                        * (crate::text_width(pair[0].1, size, false)
                            + crate::text_width(pair[1].1, size, false));
                    pair[1].0 - pair[0].0 > need + 6.0
                })
            })
            .unwrap_or_default()
    }
}
