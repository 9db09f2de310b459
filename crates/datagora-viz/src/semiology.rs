//! What maps and charts may say: the rules of graphic semiology, as checks.
mod chart;

use std::fmt;

use datagora_core::{Language, Unit};

use crate::format::{common_decimals, format_among};
use crate::palette::{Confusion, ENOUGH, check_palette};
use crate::{Colour, ColourVision, colour_difference, format_number, format_percent};

pub(crate) use chart::Excuses;
pub use chart::{ChartDesign, lint_chart};

/// By which visual variable a quantity or category is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Variable {
    /// Colour of a surface, from light to dark: for rates and other relative quantities.
    SurfaceColour,
    /// Size of a symbol: for counts and other amounts.
    Size,
    /// Number of dots, each of the same amount: for counts and other amounts.
    Dots,
    /// Hue, for categories.
    Hue,
}

/// How the value of a zone follows from those of its members, where the unit leaves it open: 24,000 €/a is a large standard of
/// living or a small payroll.
///
/// A sum grows with the zone and is an amount; all others are levels, which are the same in half of the zone.
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, Choropleth, MapOptions, Method, Statistic};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let income = [19_800.0, 24_400.0, 31_200.0].map(|value| Measured::new(value, Unit::of("{EUR}/a")));
/// let map = Choropleth::new(&zones, &names, &income).with_measure("Standard of living").with_method(Method::Quantile, 3);
/// let captions = Captions::new("income", "Who has how much", Language::English);
/// assert!(map.draw(&MapOptions::default(), &captions).is_err(), "euros a year might be a sum");
/// assert!(map.with_statistic(Statistic::Median).draw(&MapOptions::default(), &captions).is_ok());
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Absolute and relative quantities: Bertin, J. (1967). *Sémiologie graphique*. Extensive and intensive quantities: Scheider, S.,
/// Huisjes, M. D. (2019). Distinguishing extensive and intensive properties for meaningful geocomputation and mapping.
/// *International Journal of Geographical Information Science* 33(1), 28–54. doi:10.1080/13658816.2018.1514120.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Statistic {
    /// Of all members together.
    Sum,
    /// Arithmetic mean, or what there is per member.
    Mean,
    /// Of the member in the middle.
    Median,
    /// Decile, quartile or other quantile.
    Quantile,
    /// Of the member with the least.
    Minimum,
    /// Of the member with the most.
    Maximum,
}

/// The choices behind a map that the rules speak about.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{Design, Finding, Palette, Variable, lint_design};
///
/// let design = Design {
///     variable: Variable::SurfaceColour,
///     unit: Some(Unit::of("{inhabitant}")),
///     colours: Palette::default().colours(5)?,
///     ..Design::default()
/// };
/// assert!(matches!(lint_design(&design)[..], [Finding::AmountOnSurface { .. }]));
/// # Ok::<(), datagora_viz::PaletteError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Visual variable.
    pub variable: Variable,
    /// Unit of what is shown; `None` for categories.
    pub unit: Option<Unit>,
    /// What the values are of their zones; `None` to conclude it from the unit.
    pub statistic: Option<Statistic>,
    /// Colours of classes from low to high, or of categories.
    pub colours: Vec<Colour>,
    /// Do neighbouring classes follow each other, so that only they must be told apart?
    pub ordered: bool,
    /// Number of values that are missing or withheld.
    pub missing: usize,
    /// Are they drawn, and explained in the legend?
    pub missing_shown: bool,
    /// Number of values in all.
    pub values: usize,
    /// Share of the variance between the classes, if there are classes.
    pub goodness_of_variance_fit: Option<f64>,
    /// Colour of land that shows where there are no zones, if the legend does not say what it is.
    pub unnamed_land: Option<Colour>,
}

impl Default for Design {
    fn default() -> Self {
        Self {
            variable: Variable::SurfaceColour,
            unit: None,
            statistic: None,
            colours: Vec::new(),
            ordered: true,
            missing: 0,
            missing_shown: true,
            values: 0,
            goodness_of_variance_fit: None,
            unnamed_land: None,
        }
    }
}

/// A rule that a design breaks.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Finding {
    /// An amount is shown by the colour of surfaces: large zones look important because they are large.
    AmountOnSurface {
        /// Its unit.
        unit: Unit,
    },
    /// A rate is shown by the size of symbols, which readers add up.
    RateAsSize {
        /// Its unit.
        unit: Unit,
    },
    /// More classes than readers tell apart.
    TooManyClasses {
        /// Classes.
        found: usize,
        /// What readers manage.
        most: usize,
    },
    /// Colours that look alike to some readers.
    Confusable {
        /// The pairs.
        confusions: Vec<Confusion>,
    },
    /// Values are missing and the picture does not show where.
    HiddenMissing {
        /// How many.
        missing: usize,
    },
    /// More than half of the values are missing or withheld.
    MostlyMissing {
        /// How many.
        missing: usize,
        /// Of how many.
        values: usize,
    },
    /// The classes explain little of the differences between the values.
    PoorFit {
        /// Share of the variance between the classes.
        goodness: f64,
    },
    /// A forecast looks as sure as what was measured.
    ForecastWithoutInterval {
        /// Name of the series.
        name: String,
    },
    /// Bars do not begin at zero, so that their lengths are not in the ratio of the values.
    TruncatedBars {
        /// Where they begin.
        from: f64,
    },
    /// Values in two units lie on one scale.
    DualUnit {
        /// Unit of the scale.
        scale: Unit,
        /// Unit of a value.
        found: Unit,
    },
    /// Pictures side by side have each their own scale.
    DifferentScales {
        /// Number of scales.
        scales: usize,
    },
    /// Shapes are left out at some scales and the picture does not say so.
    UnsaidThinning {
        /// Layer or series.
        name: String,
        /// Number drawn where fewest are.
        drawn: u64,
        /// Of how many.
        of: u64,
    },
    /// Dots grow together to a surface, in which nobody sees how many they are.
    SaturatedDots {
        /// Share of all dots that are in zones of which they would cover more than half.
        share: f64,
    },
    /// Land without data shows between the zones, the legend does not name it, and it looks like a class.
    LandLikeClass {
        /// Its colour.
        land: Colour,
        /// The colour of the class.
        class: Colour,
        /// Their distance in OKLab, to the colour vision that distinguishes them least.
        difference: f64,
        /// The distance needed.
        needed: f64,
    },
}

/// A rule that a caller decided to break, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Exception {
    /// Draw an amount on surfaces: see [`Finding::AmountOnSurface`].
    AmountOnSurface,
    /// Draw a rate as size: see [`Finding::RateAsSize`].
    RateAsSize,
    /// Draw more than seven classes or categories: see [`Finding::TooManyClasses`].
    ManyClasses,
    /// Draw with colours that some confuse: see [`Finding::Confusable`].
    ConfusableColours,
    /// Draw a forecast without interval: see [`Finding::ForecastWithoutInterval`].
    ForecastWithoutInterval,
    /// Draw bars that do not begin at zero: see [`Finding::TruncatedBars`].
    TruncatedBars,
    /// Draw values in two units on one scale: see [`Finding::DualUnit`].
    DualUnit,
    /// Leave shapes out without saying so: see [`Finding::UnsaidThinning`].
    UnsaidThinning,
    /// Leave land that looks like a class without a word: see [`Finding::LandLikeClass`].
    LandLikeClass,
}

impl Finding {
    /// The exception that allows it; `None` for what cannot be excused, and for what is only doubtful.
    pub fn exception(&self) -> Option<Exception> {
        match self {
            Finding::AmountOnSurface { .. } => Some(Exception::AmountOnSurface),
            Finding::RateAsSize { .. } => Some(Exception::RateAsSize),
            Finding::TooManyClasses { .. } => Some(Exception::ManyClasses),
            Finding::Confusable { .. } => Some(Exception::ConfusableColours),
            Finding::ForecastWithoutInterval { .. } => Some(Exception::ForecastWithoutInterval),
            Finding::TruncatedBars { .. } => Some(Exception::TruncatedBars),
            Finding::DualUnit { .. } => Some(Exception::DualUnit),
            Finding::UnsaidThinning { .. } => Some(Exception::UnsaidThinning),
            Finding::LandLikeClass { .. } => Some(Exception::LandLikeClass),
            Finding::HiddenMissing { .. }
            | Finding::MostlyMissing { .. }
            | Finding::PoorFit { .. }
            | Finding::SaturatedDots { .. }
            | Finding::DifferentScales { .. } => None,
        }
    }

    /// Whether a picture is refused for it; the others deserve a second look.
    pub fn is_error(&self) -> bool {
        let doubtful = matches!(
            self,
            Finding::MostlyMissing { .. }
                | Finding::PoorFit { .. }
                | Finding::SaturatedDots { .. }
                | Finding::DifferentScales { .. }
        );
        !doubtful
    }

    /// The rule, why it holds, and what to do, in the language of the reader.
    pub fn explain(&self, language: Language) -> String {
        let french = language == Language::French;
        match self {
            Finding::AmountOnSurface { unit } if french => format!(
                "« {unit} » est une quantité absolue\u{a0}: colorier des surfaces la ferait lire à leur taille. \
                 Rapporter à une surface ou à une population, ou dessiner des symboles proportionnels\u{202f}; dire d’une \
                 moyenne ou d’une médiane qu’elle en est une (with_statistic)."
            ),
            Finding::AmountOnSurface { unit } => format!(
                "“{unit}” is an absolute amount: coloured surfaces would be read by their size. Divide by an area or \
                 a population, or draw proportional symbols; say of a mean or a median that it is one (with_statistic)."
            ),
            Finding::RateAsSize { unit } if french => format!(
                "« {unit} » est un rapport\u{a0}: des symboles dont la taille s’additionne ne lui conviennent pas. \
                 Colorier les surfaces."
            ),
            Finding::RateAsSize { unit } => {
                format!("“{unit}” is a rate: symbols, whose sizes add up, do not suit it. Colour surfaces.")
            }
            Finding::TooManyClasses { found, most } if french => {
                format!("{found} classes\u{a0}: l’œil en distingue {most} au plus. En regrouper.")
            }
            Finding::TooManyClasses { found, most } => {
                format!("{found} classes: the eye tells {most} apart at most. Group some.")
            }
            Finding::Confusable { confusions } => {
                let pairs: Vec<String> = confusions.iter().map(Confusion::to_string).collect();
                let lead = language.pick(
                    "Des couleurs se confondent pour une partie des lecteurs\u{a0}: ",
                    "Some readers confuse colours: ",
                );
                format!("{lead}{}.", pairs.join(language.pick("\u{202f}; ", "; ")))
            }
            Finding::HiddenMissing { missing } if french => {
                format!("{missing} valeurs manquent sans que l’image le montre.")
            }
            Finding::HiddenMissing { missing } => {
                format!("{missing} values are missing and the picture does not show it.")
            }
            Finding::MostlyMissing { missing, values } if french => {
                format!("{missing} valeurs sur {values} manquent\u{a0}: l’image montre surtout une absence.")
            }
            Finding::MostlyMissing { missing, values } => {
                format!("{missing} of {values} values are missing: the picture mostly shows an absence.")
            }
            Finding::PoorFit { goodness } => format!(
                "{}{}.",
                language.pick(
                    "Les classes rendent mal les différences\u{a0}: part de la variance entre classes ",
                    "The classes render differences badly: share of the variance between classes ",
                ),
                format_number(*goodness, 2, language)
            ),
            Finding::ForecastWithoutInterval { name } if french => format!(
                "La prévision de « {name} » n’a pas d’intervalle\u{a0}: elle paraît aussi sûre qu’une mesure. Donner un \
                 intervalle."
            ),
            Finding::ForecastWithoutInterval { name } => format!(
                "The forecast of “{name}” has no interval: it looks as sure as a measurement. Give an interval."
            ),
            Finding::TruncatedBars { from } if french => format!(
                "Les barres commencent à {} et non à zéro\u{a0}: leurs longueurs ne sont pas dans le rapport des valeurs. \
                 Commencer à zéro, ou dessiner des points.",
                format_among(*from, common_decimals([*from]), language)
            ),
            Finding::TruncatedBars { from } => format!(
                "Bars begin at {} and not at zero: their lengths are not in the ratio of the values. Begin at zero, or draw \
                 points.",
                format_among(*from, common_decimals([*from]), language)
            ),
            Finding::DualUnit { scale, found } if french => format!(
                "Une valeur est en « {found} » sur une échelle en « {scale} ». Convertir, ou dessiner deux images."
            ),
            Finding::DualUnit { scale, found } => format!(
                "A value in “{found}” lies on a scale in “{scale}”. Convert it, or draw two pictures."
            ),
            Finding::DifferentScales { scales } if french => format!(
                "{scales} images côte à côte ont chacune leur échelle\u{a0}: comparer les formes, non les hauteurs."
            ),
            Finding::DifferentScales { scales } => format!(
                "{scales} pictures side by side have each their own scale: compare shapes, not heights."
            ),
            Finding::UnsaidThinning { name, drawn, of } if french => {
                let [drawn, of] = [drawn, of].map(|count| language.group_digits(*count));
                format!("« {name} » montre {drawn} formes sur {of} sans le dire. Le dire.")
            }
            Finding::UnsaidThinning { name, drawn, of } => {
                let [drawn, of] = [drawn, of].map(|count| language.group_digits(*count));
                format!("“{name}” shows {drawn} of {of} shapes without saying so. Say it.")
            }
            Finding::SaturatedDots { share } if french => format!(
                "{} des points sont dans des zones qu’ils couvriraient à plus de la moitié\u{a0}: ils s’y confondent. Donner \
                 plus de poids à chaque point.",
                format_percent(*share, 0, language)
            ),
            Finding::SaturatedDots { share } => format!(
                "{} of the dots are in zones of which they would cover more than half: they grow together there. Let \
                 each dot stand for more.",
                format_percent(*share, 0, language)
            ),
            Finding::LandLikeClass { land, class, difference, needed } => {
                let [difference, needed] = [difference, needed].map(|of| format_number(*of, 3, language));
                match french {
                    true => format!(
                        "Le sol sans donnée ({land}) paraît entre les zones et ressemble à une classe ({class})\u{a0}: {difference} \
                         d’écart en OKLab, il en faut {needed}. Dire dans la légende ce qu’il est (Context::with_meaning)."
                    ),
                    false => format!(
                        "Land without data ({land}) shows between the zones and looks like a class ({class}): {difference} apart in \
                         OKLab, {needed} needed. Say in the legend what it is (Context::with_meaning)."
                    ),
                }
            }
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explain(Language::English))
    }
}

/// Classes or categories that readers tell apart.
const MOST_CLASSES: usize = 7;
/// Below this share of the variance between classes, the classes hide more than they show.
const POOR_FIT: f64 = 0.5;

/// The rules that a design breaks.
///
/// # References
///
/// Bertin, J. (1967). *Sémiologie graphique*. Palette: see [`check_palette`].
pub fn lint_design(design: &Design) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(unit) = &design.unit {
        let (is_amount, is_level) = match design.statistic {
            None => (is_amount(unit), is_rate(unit)),
            Some(statistic) => (statistic == Statistic::Sum, statistic != Statistic::Sum),
        };
        match design.variable {
            Variable::SurfaceColour if is_amount => {
                findings.push(Finding::AmountOnSurface { unit: unit.clone() });
            }
            Variable::Size | Variable::Dots if is_level => {
                findings.push(Finding::RateAsSize { unit: unit.clone() });
            }
            _ => {}
        }
    }
    if design.colours.len() > MOST_CLASSES {
        findings.push(Finding::TooManyClasses { found: design.colours.len(), most: MOST_CLASSES });
    }
    let confusions = check_palette(&design.colours, design.ordered);
    if !confusions.is_empty() {
        findings.push(Finding::Confusable { confusions });
    }
    if design.missing > 0 && !design.missing_shown {
        findings.push(Finding::HiddenMissing { missing: design.missing });
    }
    if 2 * design.missing > design.values {
        findings.push(Finding::MostlyMissing { missing: design.missing, values: design.values });
    }
    if let Some(goodness) = design.goodness_of_variance_fit.filter(|goodness| *goodness < POOR_FIT) {
        findings.push(Finding::PoorFit { goodness });
    }
    findings
        .extend(design.unnamed_land.and_then(|land| land_like_class(land, design.colours.iter().copied())));
    findings
}

/// The class that land looks most like, if some readers could take the one for the other.
pub(crate) fn land_like_class(land: Colour, classes: impl IntoIterator<Item = Colour>) -> Option<Finding> {
    let seen = |class: Colour| ColourVision::ALL.map(|vision| colour_difference(land, class, vision));
    let nearest = |class: Colour| (class, seen(class).into_iter().fold(f64::INFINITY, f64::min));
    let (class, difference) = classes.into_iter().map(nearest).min_by(|a, b| a.1.total_cmp(&b.1))?;
    (difference < ENOUGH).then_some(Finding::LandLikeClass { land, class, difference, needed: ENOUGH })
}

/// The findings for which a map is refused: errors that no exception allows.
#[cfg(feature = "maps")]
pub(crate) fn not_allowed(findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    let allowed = |finding: &Finding| finding.exception().is_some_and(|named| exceptions.contains(&named));
    findings.into_iter().filter(|finding| finding.is_error() && !allowed(finding)).collect()
}

/// The findings of a map in words, each with how to allow it by the method `with_exception` of a type.
#[cfg(feature = "maps")]
pub(crate) fn explain_findings(findings: &[Finding], of: &str) -> String {
    explain_with(findings, |exception| format!("{of}::with_exception(Exception::{exception:?})"))
}

/// The findings of a chart in words, each with how to allow it.
pub(crate) fn explain_chart_findings(findings: &[Finding]) -> String {
    explain_with(findings, |exception| format!("with_exception(Exception::{exception:?}, reason)"))
}

fn explain_with(findings: &[Finding], call: impl Fn(Exception) -> String) -> String {
    let reasons: Vec<String> = findings
        .iter()
        .map(|finding| match finding.exception() {
            Some(exception) => format!("{finding} (or allow it: {})", call(exception)),
            None => finding.to_string(),
        })
        .collect();
    reasons.join(" ")
}

/// Does the unit say that values of parts add up to the value of the whole? Counts, also per time; surfaces, volumes,
/// masses, energies, lengths of lines are left in doubt, since a height is a length too.
fn is_amount(unit: &Unit) -> bool {
    let code = unit.code();
    if code.contains('%') {
        return false;
    }
    let amounts = [Unit::SQUARE_METRE, Unit::of("m3"), Unit::of("g"), Unit::of("kW.h")];
    let bare = unit.without_annotations().unwrap_or_else(|_| unit.clone());
    // Notes and indices are numbers that do not add up, although they are written like counts.
    let scored = ["{index}", "{score}", "{rank}", "{ratio}"].iter().any(|word| code.contains(word));
    let counted = code.contains('{') && !scored;
    let over_time = ["s", "min", "h", "d", "wk", "mo", "a"]
        .into_iter()
        .any(|time| unit.multiply(&Unit::of(time)).is_ok_and(|product| !divides(&product)));
    if divides(unit) {
        counted && over_time
    } else {
        counted || amounts.iter().any(|amount| bare.is_comparable(amount))
    }
}

/// Is something below the line?
fn divides(unit: &Unit) -> bool {
    unit.code().contains('/') || unit.code().contains('-')
}

/// Does the unit say that values of parts do not add up? What is counted and not divided by anything but time is left in doubt.
fn is_rate(unit: &Unit) -> bool {
    !is_amount(unit) && (divides(unit) || !unit.code().contains('{'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Palette;

    #[test]
    fn amounts_and_rates_by_their_unit() {
        for amount in [
            "{tree}",
            "{inhabitant}",
            "{passage}/d",
            "{passage}/mo",
            "m2",
            "har",
            "km2",
            "t",
            "MW.h",
            "m2{canopy}",
        ] {
            assert!(is_amount(&Unit::of(amount)), "{amount}");
        }
        for rate in [
            "{tree}/har",
            "{inhabitant}/km2",
            "%",
            "%{canopy}",
            "1",
            "Cel",
            "km/h",
            "m2/{inhabitant}",
            "dB",
            "{job}/{inhabitant}",
            "{score}",
            "m",
            "{passage}/d/km",
        ] {
            assert!(!is_amount(&Unit::of(rate)), "{rate}");
        }
    }

    #[test]
    fn each_rule() {
        let sound = Design {
            unit: Some(Unit::of("{tree}/har")),
            colours: Palette::default().colours(5).unwrap(),
            missing: 2,
            values: 60,
            goodness_of_variance_fit: Some(0.9),
            ..Design::default()
        };
        assert_eq!(lint_design(&sound), []);
        let dots = Design { variable: Variable::Dots, unit: Some(Unit::of("%")), ..Design::default() };
        assert_eq!(lint_design(&dots), [Finding::RateAsSize { unit: Unit::PERCENT }]);
        let size =
            |unit| Design { variable: Variable::Size, unit: Some(Unit::of(unit)), ..Design::default() };
        assert_eq!(lint_design(&size("{tree}")), []);
        assert_eq!(lint_design(&size("%")), [Finding::RateAsSize { unit: Unit::PERCENT }]);
        assert_eq!(lint_design(&size("{tree}/har")).len(), 1);
        let of = |variable, unit: &'static str, statistic| {
            let unit = Some(Unit::of(unit));
            lint_design(&Design { variable, unit, statistic: Some(statistic), ..Design::default() })
        };
        let income = || Unit::of("{EUR}/a");
        for level in
            [Statistic::Mean, Statistic::Median, Statistic::Quantile, Statistic::Minimum, Statistic::Maximum]
        {
            assert_eq!(of(Variable::SurfaceColour, "{EUR}/a", level), []);
            assert_eq!(of(Variable::Size, "{EUR}/a", level), [Finding::RateAsSize { unit: income() }]);
        }
        assert_eq!(
            of(Variable::SurfaceColour, "{EUR}/a", Statistic::Sum),
            [Finding::AmountOnSurface { unit: income() }]
        );
        // Kilometres of lanes add up, the heights of houses do not: the unit cannot tell.
        assert_eq!(of(Variable::Size, "km", Statistic::Sum), []);
        assert_eq!(lint_design(&size("km")).len(), 1);
        let hidden = Design { missing_shown: false, ..sound.clone() };
        assert_eq!(lint_design(&hidden), [Finding::HiddenMissing { missing: 2 }]);
        let many = Design { colours: Palette::default().colours(8).unwrap(), ..sound.clone() };
        assert!(lint_design(&many).contains(&Finding::TooManyClasses { found: 8, most: 7 }));
        let alike = Design { colours: vec![Colour::rgb(200, 0, 0), Colour::rgb(200, 8, 8)], ..sound.clone() };
        assert!(matches!(&lint_design(&alike)[..], [Finding::Confusable { .. }]));
        let pale = Colour::rgb(240, 239, 235);
        let on_land = |land| lint_design(&Design { unnamed_land: Some(land), ..sound.clone() });
        assert!(matches!(
            on_land(pale)[..],
            [Finding::LandLikeClass { land, difference, .. }] if land == pale && difference < 0.06
        ));
        assert_eq!(on_land(Colour::rgb(120, 120, 120)), []);
        let empty = Design { missing: 40, ..sound.clone() };
        assert_eq!(lint_design(&empty), [Finding::MostlyMissing { missing: 40, values: 60 }]);
        let poor = Design { goodness_of_variance_fit: Some(0.2), ..sound };
        assert_eq!(lint_design(&poor), [Finding::PoorFit { goodness: 0.2 }]);
    }
}
