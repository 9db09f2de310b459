//! Classes of a variable, for maps and histograms.
mod breaks;
mod fisher;
mod rounding;
#[cfg(test)]
mod tests;

use std::fmt;

use datagora_core::Language;

pub use rounding::RoundedBounds;

/// How the bounds of classes are chosen.
///
/// # References
///
/// The definitions are those of mapclassify 2.10 unless a variant says otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Method {
    /// As many values in each class, as far as ties allow: quantiles by linear interpolation (type 7 of Hyndman & Fan).
    Quantile,
    /// Classes of the same width.
    EqualInterval,
    /// The classes with the smallest sum of squared deviations from their means, found exactly
    /// (Fisher 1958, what Jenks' “natural breaks” aim at).
    #[default]
    Fisher,
    /// Split at the mean, then split what lies above at its mean, and so on: for heavy-tailed values (Jiang 2013).
    /// The number of classes asked for is a maximum.
    HeadTail,
    /// Bounds at −2, −1, +1 and +2 standard deviations from the mean. Ignores the number of classes asked for.
    StandardDeviation,
    /// Bounds in the middle of the widest gaps.
    MaximumBreaks,
    /// Round bounds of equal steps; *about* as many classes as asked for.
    Pretty,
    /// Quartiles and the fences 1.5 interquartile ranges beyond (Tukey 1977). Ignores the number of classes.
    BoxPlot,
    /// 1st, 10th, 50th, 90th and 99th percentile: shows the extremes. Ignores the number of classes.
    Percentiles,
    /// Upper bounds given by the caller, rising; a class is added where values lie above the last. Ignores the
    /// number of classes.
    Manual(Vec<f64>),
}

impl Method {
    /// The name that a legend prints.
    pub const fn name(&self, language: Language) -> &'static str {
        match self {
            Method::Quantile => language.pick("quantiles", "quantiles"),
            Method::EqualInterval => language.pick("intervalles égaux", "equal intervals"),
            Method::Fisher => {
                language.pick("seuils naturels (Fisher exact)", "natural breaks (exact Fisher)")
            }
            Method::HeadTail => language.pick("moyennes emboîtées (tête/queue)", "head/tail breaks"),
            Method::StandardDeviation => {
                language.pick("moyenne et écarts-types", "mean and standard deviations")
            }
            Method::MaximumBreaks => language.pick("plus grands écarts", "maximum breaks"),
            Method::Pretty => language.pick("seuils ronds", "round breaks"),
            Method::BoxPlot => language.pick("boîte à moustaches", "box plot"),
            Method::Percentiles => language.pick("centiles", "percentiles"),
            Method::Manual(_) => language.pick("seuils choisis", "chosen breaks"),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name(Language::English))
    }
}

/// Why values cannot be classified.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClassifyError {
    /// Nothing but missing values.
    #[error("{missing} values, all of them missing: at least one number is needed to form classes")]
    Empty {
        /// Number of missing values.
        missing: usize,
    },
    /// An infinite value.
    #[error("value {row} is infinite; classes need finite numbers, mark it as missing (NaN)")]
    Infinite {
        /// Its position, counted from 0.
        row: usize,
    },
    /// A number of classes out of range.
    #[error("{found} classes asked for; 1 to {limit} are possible")]
    Count {
        /// What was asked for.
        found: usize,
        /// The largest number possible.
        limit: usize,
    },
    /// Bounds given by hand that do not rise.
    #[error(
        "chosen bound {position} is {found}, which is not a finite number above the bound before it ({before:?}); \
         give finite upper bounds in rising order"
    )]
    Bounds {
        /// Position of the bound, counted from 0.
        position: usize,
        /// The bound.
        found: f64,
        /// The bound before it.
        before: Option<f64>,
    },
}

/// The largest number of classes: a map that needs more should not have classes.
const MOST_CLASSES: usize = 255;

/// A partition of a variable into classes.
///
/// Class `i` holds the values above `bounds()[i]` up to and including `bounds()[i + 1]`; the first class includes its
/// lower bound.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Classes {
    bounds: Vec<f64>,
    counts: Vec<usize>,
    /// Smallest and largest value of each class; `None` if it is empty.
    spans: Vec<Option<(f64, f64)>>,
    method: Method,
    asked: usize,
    unique: usize,
    missing: usize,
    goodness: f64,
    centre: Option<f64>,
}

impl Classes {
    /// Number of classes.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Never: there is at least one class.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Upper bounds, which belong to their class.
    pub fn breaks(&self) -> &[f64] {
        &self.bounds[1..]
    }

    /// Lower bound of the first class, then the upper bound of each: one more than there are classes.
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }

    /// Number of values in each class.
    pub fn counts(&self) -> &[usize] {
        &self.counts
    }

    /// How the bounds were chosen.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Number of classes asked for, which is more than [`Classes::len`] where there are fewer different values.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Number of different values.
    pub fn unique(&self) -> usize {
        self.unique
    }

    /// Number of missing values (NaN), which are in no class.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Goodness of variance fit: the share of the variance that lies between classes, 0 to 1; 1 if all values are equal.
    pub fn goodness_of_variance_fit(&self) -> f64 {
        self.goodness
    }

    /// The value around which the method arranges the classes (mean or median), for diverging palettes.
    pub fn centre(&self) -> Option<f64> {
        self.centre
    }

    /// The class of a value; `None` if it is missing or outside all classes.
    pub fn class_of(&self, value: f64) -> Option<usize> {
        let (lower, upper) = (self.bounds[0], self.bounds[self.len()]);
        if !(lower..=upper).contains(&value) {
            return None;
        }
        Some(self.breaks().partition_point(|&bound| bound < value))
    }

    /// Bounds as a legend prints them: as round as they can be without moving any of the classified values to another
    /// class, and without moving a bound by more than a tenth of the narrower of its classes.
    ///
    /// ```
    /// use datagora_viz::{Method, classify};
    ///
    /// let classes = classify(&[0.13, 1.34, 1.65, 5.39, 5.9, 57.26], 3, &Method::Quantile)?;
    /// assert_eq!(classes.rounded().values(), [0.0, 1.5, 5.6, 60.0]);
    /// # Ok::<(), datagora_viz::ClassifyError>(())
    /// ```
    pub fn rounded(&self) -> RoundedBounds {
        RoundedBounds::of(self)
    }

    /// What a reader should know: fewer classes than asked for, and why. `None` if there are as many.
    pub fn remark(&self, language: Language) -> Option<String> {
        let fixed = matches!(
            self.method,
            Method::StandardDeviation | Method::BoxPlot | Method::Percentiles | Method::Manual(_)
        );
        if fixed || self.len() >= self.asked {
            return None;
        }
        let (found, asked, unique) = (self.len(), self.asked, self.unique);
        let plural = |n: usize, s: &'static str| if n < 2 { "" } else { s };
        Some(if unique < asked {
            match language {
                Language::French => format!(
                    "{found} classe{} au lieu de {asked} : {unique} valeur{} distincte{} seulement",
                    plural(found, "s"),
                    plural(unique, "s"),
                    plural(unique, "s"),
                ),
                Language::English => format!(
                    "{found} class{} instead of {asked}: only {unique} distinct value{}",
                    plural(found, "es"),
                    plural(unique, "s"),
                ),
            }
        } else {
            match language {
                Language::French => format!(
                    "{found} classe{} au lieu de {asked} : la méthode n’en distingue pas plus",
                    plural(found, "s")
                ),
                Language::English => format!(
                    "{found} class{} instead of {asked}: the method tells no more apart",
                    plural(found, "es")
                ),
            }
        })
    }
}

/// Divides values into classes.
///
/// # Missing values
///
/// NaN is missing: counted in [`Classes::missing`], in no class.
///
/// # Ties and few values
///
/// Equal values are always in the same class. Where there are fewer different values than classes asked for, there are
/// fewer classes, and [`Classes::remark`] says so. Classes may be empty where the method defines their bounds
/// (equal intervals), except below the smallest and above the largest value.
///
/// # Cost
///
/// A sort, plus for [`Method::Fisher`] O(`k` · `n` · log `n`) for `n` different values, and 4 · `k` · `n` bytes.
///
/// # Errors
///
/// [`ClassifyError`] if there is no number, an infinite one, no class or more than 255, or bounds that do not rise.
///
/// # Example
///
/// ```
/// use datagora_viz::{Method, classify};
///
/// let density = [12.0, 15.0, 14.0, f64::NAN, 90.0, 88.0, 400.0];
/// let classes = classify(&density, 3, &Method::Fisher)?;
/// assert_eq!(classes.breaks(), [15.0, 90.0, 400.0]);
/// assert_eq!(classes.counts(), [3, 2, 1]);
/// assert_eq!(classes.missing(), 1);
/// # Ok::<(), datagora_viz::ClassifyError>(())
/// ```
///
/// # References
///
/// Fisher, W. D. (1958). On grouping for maximum homogeneity. *JASA* 53(284), 789–798.
/// Jiang, B. (2013). Head/tail breaks. *The Professional Geographer* 65(3), 482–494.
/// Jenks, G. F. (1977). *Optimal data classification for choropleth maps*: the goodness of variance fit.
pub fn classify(values: &[f64], k: usize, method: &Method) -> Result<Classes, ClassifyError> {
    if k == 0 || k > MOST_CLASSES {
        return Err(ClassifyError::Count { found: k, limit: MOST_CLASSES });
    }
    if let Some(row) = values.iter().position(|value| value.is_infinite()) {
        return Err(ClassifyError::Infinite { row });
    }
    let mut sorted: Vec<f64> =
        values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0).collect();
    let missing = values.len() - sorted.len();
    sorted.sort_unstable_by(f64::total_cmp);
    if sorted.is_empty() {
        return Err(ClassifyError::Empty { missing });
    }
    let found = breaks::find(&sorted, k, method)?;
    Ok(partition(&sorted, found, method.clone(), k, missing))
}

/// Counts sorted values between bounds.
fn partition(sorted: &[f64], found: breaks::Found, method: Method, asked: usize, missing: usize) -> Classes {
    let lowest = sorted[0];
    let highest = sorted[sorted.len() - 1];
    // Classes wholly below the smallest or above the largest value hold nothing and say nothing.
    let mut upper: Vec<f64> = found.upper.into_iter().filter(|&bound| bound >= lowest).collect();
    let enough = upper.partition_point(|&bound| bound < highest) + 1;
    upper.truncate(enough);
    if upper.last().is_none_or(|&bound| bound < highest) {
        upper.push(highest);
    }
    let lower = found.lower.filter(|&bound| bound <= lowest).unwrap_or(lowest);

    let mut counts = Vec::with_capacity(upper.len());
    let mut spans = Vec::with_capacity(upper.len());
    let unit = magnitude(lowest, highest);
    let mut within = 0.0;
    let mut from = 0;
    for &bound in &upper {
        let to = sorted.partition_point(|&value| value <= bound);
        let class = &sorted[from..to];
        counts.push(class.len());
        spans.push(class.first().copied().zip(class.last().copied()));
        within += squared_deviations(class, unit);
        from = to;
    }
    let total = squared_deviations(sorted, unit);
    let unique = 1 + sorted.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let goodness = if unique > 1 && total > 0.0 { (1.0 - within / total).clamp(0.0, 1.0) } else { 1.0 };
    let bounds = std::iter::once(lower).chain(upper).collect();
    Classes { bounds, counts, spans, method, asked, unique, missing, goodness, centre: found.centre }
}

/// Sum of squared deviations from the mean, in squares of `unit`, which keeps squares of huge values finite.
fn squared_deviations(values: &[f64], unit: f64) -> f64 {
    let share = 1.0 / values.len().max(1) as f64;
    let mean: f64 = values.iter().map(|value| value / unit * share).sum();
    values.iter().map(|value| (value / unit - mean).powi(2)).sum()
}

/// A unit in which values between these two are at most about one.
fn magnitude(low: f64, high: f64) -> f64 {
    low.abs().max(high.abs()).max(f64::MIN_POSITIVE)
}
