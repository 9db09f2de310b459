//! How a quantity runs through the year.
use datagora_core::{Language, Month, Unit};

use super::words::{colon, missing, plain, quantity};
use super::{Axis, ChartError, Line, LineChart};
use crate::semiology::Excuses;
use crate::{Captions, Finding, View};

/// A typical year: a value for each of the twelve months, with the spread over years or counters as a band.
///
/// ![Twelve months of a typical year as two lines, each in a band](pictures/season.svg)
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Captions, SeasonalChart};
///
/// let typical = [0.7, 0.8, 0.9, 1.0, 1.1, 1.3, 1.2, 0.8, 1.3, 1.2, 0.9, 0.8];
/// let view = SeasonalChart::new(Unit::ONE)
///     .with_profile("Vélos", typical, typical.map(|v| v - 0.1), typical.map(|v| v + 0.1))
///     .with_reference(1.0)
///     .with_band_meaning("la moitié centrale des compteurs")
///     .draw(&Captions::new("season", "Une année de vélo", Language::French))?;
/// assert!(view.description().contains("janvier"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SeasonalChart {
    unit: Unit,
    profiles: Vec<Line>,
    reference: Option<f64>,
    band_meaning: Option<String>,
    pub(super) excuses: Excuses,
}

impl SeasonalChart {
    /// A chart without profiles.
    pub fn new(unit: Unit) -> Self {
        Self { unit, profiles: Vec::new(), reference: None, band_meaning: None, excuses: Excuses::default() }
    }

    /// With a profile: January to December, the middle, lower and upper value of each; NaN is missing.
    pub fn with_profile(
        mut self,
        name: impl Into<String>,
        middle: [f64; 12],
        lower: [f64; 12],
        upper: [f64; 12],
    ) -> Self {
        self.profiles.push(Line::new(name, middle).with_band(lower, upper));
        self
    }

    /// With a line across at this value, such as the mean of the year.
    pub fn with_reference(self, value: f64) -> Self {
        Self { reference: Some(value), ..self }
    }

    /// Says in the key what the bands are, such as « la moitié centrale des années ».
    pub fn with_band_meaning(self, words: impl Into<String>) -> Self {
        Self { band_meaning: Some(words.into()), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError`] if there is no value, a lower value is above the upper one, or a rule is broken without a reason.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let language = captions.language;
        let view = self.lines(language).draw(captions)?;
        let description = captions.described(self.describe(language));
        Ok(View { description, ..view })
    }

    /// The rules that the chart breaks: see [`LineChart::lint`].
    pub fn lint(&self) -> Vec<Finding> {
        self.lines(Language::English).lint()
    }

    fn lines(&self, language: Language) -> LineChart {
        let mut chart = LineChart::new(Axis::year(language), self.unit.clone());
        chart.excuses = self.excuses.clone();
        for profile in &self.profiles {
            chart = chart.with_line(profile.clone());
        }
        if let Some(value) = self.reference {
            chart = chart.with_reference(value);
        }
        if let Some(words) = &self.band_meaning {
            chart = chart.with_band_meaning(words);
        }
        chart
    }

    fn describe(&self, language: Language) -> String {
        let month = |step: usize| Month::new(2000, step as u32 + 1).map_or("", |month| month.name(language));
        let mut text =
            language.pick("Profil d’une année, mois par mois.", "Profile of a year, by month.").to_owned();
        for profile in &self.profiles {
            let known: Vec<(usize, f64)> =
                profile.values.iter().copied().enumerate().filter(|(_, value)| value.is_finite()).collect();
            let by_value = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
            let (Some(high), Some(low)) =
                (known.iter().rev().max_by(by_value), known.iter().min_by(by_value))
            else {
                continue;
            };
            let spread = |step: usize| {
                let (lower, upper) = profile.band.as_ref()?;
                let (lower, upper) = (lower[step], upper[step]);
                (lower.is_finite() && upper.is_finite())
                    .then(|| (plain(lower, language), plain(upper, language)))
            };
            let at = |point: &(usize, f64)| {
                let value = quantity(point.1, &self.unit, language);
                match (spread(point.0), language) {
                    (None, _) => format!("{} ({value})", month(point.0)),
                    (Some((lower, upper)), Language::French) => {
                        format!("{} ({value}, de {lower} à {upper})", month(point.0))
                    }
                    (Some((lower, upper)), Language::English) => {
                        format!("{} ({value}, from {lower} to {upper})", month(point.0))
                    }
                }
            };
            text.push_str(&format!(
                " {}{}{} {}, {} {}",
                profile.name,
                colon(language),
                language.pick("le plus haut en", "highest in"),
                at(high),
                language.pick("le plus bas en", "lowest in"),
                at(low)
            ));
            if known.len() < 12 {
                text.push_str(language.pick("\u{202f}; ", "; "));
                text.push_str(&missing(12 - known.len(), language));
            }
            text.push('.');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPICAL: [f64; 12] = [0.7, 0.8, 0.9, 1.0, 1.1, 1.3, 1.2, 0.6, 1.3, 1.2, 0.9, f64::NAN];

    fn captions() -> Captions {
        Captions::new("season", "Une année de vélo", Language::French)
    }

    #[test]
    fn highest_and_lowest_months_are_told() -> Result<(), ChartError> {
        let view = SeasonalChart::new(Unit::ONE)
            .with_profile("Vélos", TYPICAL, TYPICAL.map(|v| v - 0.25), TYPICAL.map(|v| v + 0.25))
            .with_profile("Voitures", TYPICAL.map(|v| 0.5 + v / 2.0), [f64::NAN; 12], [f64::NAN; 12])
            .with_reference(1.0)
            .with_band_meaning("la moitié centrale des compteurs")
            .draw(&captions())?;
        let text = view.description();
        assert!(text.contains("le plus haut en juin (1,30, de 1,05 à 1,55)"), "{text}");
        assert!(
            text.contains("le plus bas en août (0,600, de 0,350 à 0,850)\u{202f}; 1 valeur manque."),
            "{text}"
        );
        assert!(text.contains("Voitures\u{a0}: le plus haut en juin (1,15)"), "{text}");
        assert_eq!(view.scene().flaws(), []);
        assert_eq!(view.compact().map(|scene| scene.flaws()), Some(vec![]));
        Ok(())
    }

    #[test]
    fn bounds_in_the_wrong_order_are_refused() {
        let chart = SeasonalChart::new(Unit::ONE).with_profile("x", TYPICAL, [2.0; 12], [1.0; 12]);
        assert!(matches!(chart.draw(&captions()), Err(ChartError::Bounds { .. })));
        assert!(matches!(SeasonalChart::new(Unit::ONE).draw(&captions()), Err(ChartError::Empty { .. })));
    }
}
