//! The rules for charts.
use datagora_core::{Language, Unit};

use super::{Exception, Finding, MOST_CLASSES};
use crate::format::{common_decimals, format_among};
use crate::palette::check_palette;
use crate::{Captions, ChartError, Colour};

/// The choices behind a chart that the rules speak about.
///
/// Charts fill it from what they were given: see their method `lint`. One that breaks a rule is refused, unless the caller names
/// the exception and its reason with `with_exception`; the picture then says both.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{ChartDesign, Finding, lint_chart};
///
/// let design = ChartDesign { bars_from: Some(40.0), ..ChartDesign::default() };
/// assert_eq!(lint_chart(&design), [Finding::TruncatedBars { from: 40.0 }]);
///
/// let design = ChartDesign {
///     scale: Some(Unit::PERCENT),
///     units: vec![Unit::PERCENT, Unit::of("{EUR}")],
///     ..ChartDesign::default()
/// };
/// assert!(matches!(lint_chart(&design)[..], [Finding::DualUnit { .. }]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ChartDesign {
    /// Colours of things that must be told apart.
    pub colours: Vec<Colour>,
    /// Do neighbouring colours follow each other, so that only they must be told apart?
    pub ordered: bool,
    /// Unit of the scale of values.
    pub scale: Option<Unit>,
    /// Units of the values on it.
    pub units: Vec<Unit>,
    /// Where bars begin, if there are bars.
    pub bars_from: Option<f64>,
    /// Number of scales of pictures that are compared.
    pub scales: usize,
    /// Series whose forecast has no interval.
    pub forecasts_without_interval: Vec<String>,
    /// Number of values that are missing or withheld.
    pub missing: usize,
    /// Does the picture, or what stands beside it, tell?
    pub missing_shown: bool,
    /// Number of values in all.
    pub values: usize,
}

impl Default for ChartDesign {
    fn default() -> Self {
        Self {
            colours: Vec::new(),
            ordered: false,
            scale: None,
            units: Vec::new(),
            bars_from: None,
            scales: 1,
            forecasts_without_interval: Vec::new(),
            missing: 0,
            missing_shown: true,
            values: 0,
        }
    }
}

/// The rules that a chart breaks.
///
/// # References
///
/// Bars from zero, one scale: Tufte, E. (1983). *The Visual Display of Quantitative Information*, ch. 2; Few, S. (2008).
/// *Dual-scaled axes in graphs*. Palette: see [`check_palette`]. Intervals: van der Bles, A. M. et al. (2019). Communicating
/// uncertainty about facts, numbers and science. *Royal Society Open Science* 6, 181870.
pub fn lint_chart(design: &ChartDesign) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    if design.colours.len() > MOST_CLASSES {
        findings.push(Finding::TooManyClasses { found: design.colours.len(), most: MOST_CLASSES });
    }
    let confusions = check_palette(&design.colours, design.ordered);
    if !confusions.is_empty() {
        findings.push(Finding::Confusable { confusions });
    }
    if let Some(scale) = &design.scale {
        for found in design.units.iter().filter(|unit| !is_same(scale, unit)) {
            let finding = Finding::DualUnit { scale: scale.clone(), found: found.clone() };
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings.extend(design.bars_from.filter(|from| *from != 0.0).map(|from| Finding::TruncatedBars { from }));
    if design.scales > 1 {
        findings.push(Finding::DifferentScales { scales: design.scales });
    }
    let forecasts = design.forecasts_without_interval.iter();
    findings.extend(forecasts.map(|name| Finding::ForecastWithoutInterval { name: name.clone() }));
    if design.missing > 0 && !design.missing_shown {
        findings.push(Finding::HiddenMissing { missing: design.missing });
    }
    if 2 * design.missing > design.values {
        findings.push(Finding::MostlyMissing { missing: design.missing, values: design.values });
    }
    findings
}

/// Do numbers in both units mean the same? What is counted may be left out on one side: `%` and `%{canopy}`.
fn is_same(one: &Unit, other: &Unit) -> bool {
    let bare = |unit: &Unit| unit.without_annotations().ok();
    let annotated = |unit: &Unit| bare(unit).is_none_or(|bare| bare != *unit);
    let factor = || bare(one)?.factor_to(&bare(other)?).ok();
    one == other
        || !(annotated(one) && annotated(other))
            && factor().is_some_and(|factor| (factor - 1.0).abs() < 1e-12)
}

/// What a broken rule means for those who read the picture.
fn warn_readers(finding: &Finding, language: Language) -> String {
    let french = language == Language::French;
    match finding {
        Finding::ForecastWithoutInterval { name } if french => {
            format!(
                "La prévision de « {name} » est dessinée sans intervalle\u{a0}: elle est moins sûre qu’elle ne paraît."
            )
        }
        Finding::ForecastWithoutInterval { name } => {
            format!("The forecast of “{name}” is drawn without interval: it is less sure than it looks.")
        }
        Finding::TruncatedBars { from } if french => {
            let from = format_among(*from, common_decimals([*from]), language);
            format!(
                "Les barres commencent à {from} et non à zéro\u{a0}: comparer leurs bouts, non leurs longueurs."
            )
        }
        Finding::TruncatedBars { from } => {
            let from = format_among(*from, common_decimals([*from]), language);
            format!("Bars begin at {from} and not at zero: compare their ends, not their lengths.")
        }
        Finding::DualUnit { scale, found } => {
            let [scale, found] = [scale, found].map(|unit| unit.symbol(language));
            match french {
                true => format!("Des valeurs en « {found} » sont dessinées sur une échelle en « {scale} »."),
                false => format!("Values in “{found}” are drawn on a scale in “{scale}”."),
            }
        }
        Finding::Confusable { .. } | Finding::TooManyClasses { .. } => language
            .pick(
                "Des couleurs se ressemblent\u{a0}: lire aussi le tableau.",
                "Some colours look alike: read the table too.",
            )
            .to_owned(),
        _ => finding.explain(language),
    }
}

/// Rules that a caller decided to break, each with a reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Excuses(Vec<(Exception, String)>);

impl Excuses {
    pub(crate) fn add(&mut self, exception: Exception, reason: impl Into<String>) {
        self.0.push((exception, reason.into()));
    }

    fn reason(&self, finding: &Finding) -> Option<&str> {
        let exception = finding.exception()?;
        let given = self.0.iter().find(|(named, reason)| *named == exception && !reason.trim().is_empty());
        given.map(|(_, reason)| reason.trim())
    }

    /// The captions with a note for each rule that is broken for a reason.
    ///
    /// # Errors
    ///
    /// [`ChartError::Semiology`] if a rule is broken without one.
    pub(crate) fn apply(&self, findings: Vec<Finding>, captions: &Captions) -> Result<Captions, ChartError> {
        let errors: Vec<Finding> = findings.into_iter().filter(Finding::is_error).collect();
        let refused: Vec<Finding> =
            errors.iter().filter(|finding| self.reason(finding).is_none()).cloned().collect();
        if !refused.is_empty() {
            return Err(ChartError::Semiology { findings: refused });
        }
        let language = captions.language;
        let mut noted = captions.clone();
        for finding in &errors {
            let reason = self.reason(finding).unwrap_or_default().trim_end_matches('.');
            let broken = warn_readers(finding, language);
            let lead = language.pick("Raison\u{a0}: ", "Reason: ");
            noted = noted.with_note(format!("{broken} {lead}{reason}."));
        }
        Ok(noted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CATEGORIES;

    #[test]
    fn each_rule() {
        let sound = ChartDesign {
            colours: CATEGORIES.to_vec(),
            scale: Some(Unit::PERCENT),
            units: vec![Unit::PERCENT, Unit::of("%{canopy}")],
            bars_from: Some(0.0),
            missing: 3,
            values: 7,
            ..ChartDesign::default()
        };
        assert_eq!(lint_chart(&sound), []);
        let with = |change: &dyn Fn(&mut ChartDesign)| {
            let mut design = sound.clone();
            change(&mut design);
            lint_chart(&design)
        };
        let repeated = with(&|design| design.colours.push(CATEGORIES[0]));
        assert!(matches!(&repeated[..], [Finding::Confusable { .. }]), "{repeated:?}");
        let found = Unit::of("{EUR}");
        let dual = with(&|design| design.units.extend([found.clone(), found.clone()]));
        assert_eq!(dual, [Finding::DualUnit { scale: Unit::PERCENT, found: found.clone() }]);
        assert_eq!(with(&|design| design.bars_from = Some(2.0)), [Finding::TruncatedBars { from: 2.0 }]);
        assert_eq!(with(&|design| design.scales = 4), [Finding::DifferentScales { scales: 4 }]);
        assert_eq!(
            with(&|design| design.forecasts_without_interval.push("x".to_owned())),
            [Finding::ForecastWithoutInterval { name: "x".to_owned() }]
        );
        assert_eq!(with(&|design| design.missing_shown = false), [Finding::HiddenMissing { missing: 3 }]);
        assert_eq!(with(&|design| design.missing = 4), [Finding::MostlyMissing { missing: 4, values: 7 }]);
    }

    #[test]
    fn units_that_mean_the_same() {
        let same = |one, other| is_same(&Unit::of(one), &Unit::of(other));
        assert!(same("{tree}", "{tree}") && same("1", "{score}") && same("%", "%{canopy}"));
        assert!(!same("{tree}", "{job}") && !same("m", "km") && !same("1", "%") && !same("Cel", "K"));
    }

    #[test]
    fn an_exception_needs_its_reason_which_is_printed() {
        let captions = Captions::new("x", "Titre", Language::French);
        let finding = || vec![Finding::TruncatedBars { from: 40.0 }];
        let mut excuses = Excuses::default();
        let refused = Err(ChartError::Semiology { findings: finding() });
        assert_eq!(excuses.apply(finding(), &captions), refused);
        excuses.add(Exception::TruncatedBars, "  ");
        assert_eq!(excuses.apply(finding(), &captions), refused);
        excuses.add(Exception::TruncatedBars, "la mesure n’a pas de zéro.");
        let noted = excuses.apply(finding(), &captions).expect("a reason is given");
        assert_eq!(
            noted.notes,
            [
                "Les barres commencent à 40 et non à zéro\u{a0}: comparer leurs bouts, non leurs longueurs. Raison\u{a0}: la mesure \
              n’a pas de zéro."
            ]
        );
        let doubtful = vec![Finding::DifferentScales { scales: 2 }];
        assert_eq!(excuses.apply(doubtful, &captions), Ok(captions));
    }
}
