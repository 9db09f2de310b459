//! Upper bounds of classes, by each method, from sorted values.
use super::{ClassifyError, Method, fisher, magnitude, squared_deviations};

/// Bounds as the method gives them, rising; they may lie outside the values.
pub(super) struct Found {
    /// Upper bounds.
    pub(super) upper: Vec<f64>,
    /// Lower bound of the first class, where the method gives one.
    pub(super) lower: Option<f64>,
    /// Mean or median around which the bounds were laid.
    pub(super) centre: Option<f64>,
}

impl From<Vec<f64>> for Found {
    fn from(upper: Vec<f64>) -> Self {
        Self { upper, lower: None, centre: None }
    }
}

/// The bounds for values that are sorted, finite and at least one.
pub(super) fn find(sorted: &[f64], k: usize, method: &Method) -> Result<Found, ClassifyError> {
    let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
    if low == high && !matches!(method, Method::Manual(_)) {
        return Ok(vec![high].into());
    }
    let found = match method {
        Method::Quantile => {
            let bounds = (1..=k).map(|i| quantile(sorted, i as f64 / k as f64));
            without_empty(sorted, rising(bounds, high)).into()
        }
        Method::EqualInterval => {
            // Halves, so that the difference of extreme values does not overflow.
            let step = (high / 2.0 - low / 2.0) / k as f64;
            rising((1..k).map(|i| low + 2.0 * (step * i as f64)).chain([high]), high).into()
        }
        Method::Fisher => fisher::breaks(sorted, k).into(),
        Method::HeadTail => head_tail(sorted, k).into(),
        Method::StandardDeviation => standard_deviation(sorted),
        Method::MaximumBreaks => widest_gaps(sorted, k).into(),
        Method::Pretty => pretty(low, high, k),
        Method::BoxPlot => {
            let [lower, median, upper] = [0.25, 0.5, 0.75].map(|p| quantile(sorted, p));
            let fence = 1.5 * (upper - lower);
            let bounds = [lower - fence, lower, median, upper, upper + fence, high.max(upper + fence)];
            Found { upper: rising(bounds, f64::INFINITY), lower: None, centre: Some(median) }
        }
        Method::Percentiles => {
            let bounds = [0.01, 0.1, 0.5, 0.9, 0.99, 1.0].map(|p| quantile(sorted, p));
            Found { upper: rising(bounds, high), lower: None, centre: Some(bounds[2]) }
        }
        Method::Manual(bounds) => manual(bounds)?,
    };
    Ok(found)
}

/// The bounds that rise, none above `high`.
fn rising(bounds: impl IntoIterator<Item = f64>, high: f64) -> Vec<f64> {
    let mut kept: Vec<f64> = Vec::new();
    for bound in bounds {
        let bound = bound.min(high);
        if bound.is_finite() && kept.last().is_none_or(|&last| bound > last) {
            kept.push(bound);
        }
    }
    kept
}

/// The bounds that have values between them and the bound before: interpolation may put several between two values.
fn without_empty(sorted: &[f64], bounds: Vec<f64>) -> Vec<f64> {
    let mut below = 0;
    let holds_values = |bound: &f64| {
        let upto = sorted.partition_point(|value| value <= bound);
        std::mem::replace(&mut below, upto) < upto
    };
    bounds.into_iter().filter(holds_values).collect()
}

/// Quantile of sorted values by linear interpolation (type 7).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let position = p * (sorted.len() - 1) as f64;
    let below = (position.floor() as usize).min(sorted.len() - 1);
    let above = (below + 1).min(sorted.len() - 1);
    let share = position - below as f64;
    (sorted[below] * (1.0 - share) + sorted[above] * share).clamp(sorted[below], sorted[above])
}

/// Mean without overflow, between the smallest and the largest value.
fn mean(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    let mean = sorted.iter().map(|value| value / n).sum::<f64>();
    mean.clamp(sorted[0], sorted[sorted.len() - 1])
}

fn head_tail(sorted: &[f64], k: usize) -> Vec<f64> {
    let mut bounds = Vec::new();
    let mut head = sorted;
    while bounds.len() + 1 < k && head[0] < head[head.len() - 1] {
        let mean = mean(head);
        bounds.push(mean);
        head = &head[head.partition_point(|&value| value <= mean)..];
        if head.is_empty() {
            break;
        }
    }
    bounds.push(sorted[sorted.len() - 1]);
    rising(bounds, sorted[sorted.len() - 1])
}

fn standard_deviation(sorted: &[f64]) -> Found {
    let mean = mean(sorted);
    let unit = magnitude(sorted[0], sorted[sorted.len() - 1]);
    let deviation = unit * (squared_deviations(sorted, unit) / (sorted.len() - 1) as f64).sqrt();
    let bounds = [-2.0, -1.0, 1.0, 2.0].map(|times| mean + times * deviation);
    Found { upper: rising(bounds, f64::INFINITY), lower: None, centre: Some(mean) }
}

/// The middle of the `k` − 1 widest gaps; of equal gaps the lower first.
fn widest_gaps(sorted: &[f64], k: usize) -> Vec<f64> {
    let mut gaps: Vec<usize> = (1..sorted.len()).filter(|&i| sorted[i - 1] < sorted[i]).collect();
    let width = |i: &usize| sorted[*i] - sorted[*i - 1];
    gaps.sort_by(|a, b| width(b).total_cmp(&width(a)).then(a.cmp(b)));
    gaps.truncate(k - 1);
    gaps.sort_unstable();
    let middle = |i: usize| {
        let (below, above) = (sorted[i - 1], sorted[i]);
        let middle = below / 2.0 + above / 2.0;
        // Neighbouring floats have nothing between them; the bound belongs to the class below it.
        if middle < above { middle.max(below) } else { below }
    };
    rising(gaps.into_iter().map(middle).chain([sorted[sorted.len() - 1]]), f64::INFINITY)
}

/// Steps of 1, 2 or 5 times a power of ten, the one nearest (in ratio) to the width of `k` equal classes.
fn pretty(low: f64, high: f64, k: usize) -> Found {
    let raw = (high / 2.0 - low / 2.0) / k as f64 * 2.0;
    let power = libm::log10(raw).floor();
    let mantissa = raw / libm::pow(10.0, power);
    let round = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .min_by(|a, b| libm::log(mantissa / a).abs().total_cmp(&libm::log(mantissa / b).abs()))
        .unwrap_or(1.0);
    // A multiple of a step below one is an integer divided by a power of ten, so that 0.3 is 0.3.
    let multiple = |n: f64| {
        if power < 0.0 { n * round / libm::pow(10.0, -power) } else { n * round * libm::pow(10.0, power) }
    };
    let step = multiple(1.0);
    let first = (low / step).floor();
    let last = (high / step).ceil();
    if !(step.is_normal() && (last - first) < 1000.0) {
        return vec![high].into();
    }
    let steps = (last - first) as usize;
    let upper = rising((1..=steps).map(|i| multiple(first + i as f64)), f64::INFINITY);
    Found { upper, lower: Some(multiple(first)), centre: None }
}

fn manual(bounds: &[f64]) -> Result<Found, ClassifyError> {
    for (position, &found) in bounds.iter().enumerate() {
        let before = position.checked_sub(1).map(|i| bounds[i]);
        if !found.is_finite() || before.is_some_and(|before| found <= before) {
            return Err(ClassifyError::Bounds { position, found, before });
        }
    }
    Ok(bounds.to_vec().into())
}
