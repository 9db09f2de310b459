//! Bounds as round as the values allow.
use datagora_core::Language;

use super::Classes;
use crate::format_number;

/// The bounds of classes, rounded for print.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundedBounds {
    values: Vec<f64>,
    /// Decimals with which each bound is written.
    decimals: Vec<usize>,
}

/// Bounds are written with the decimals of the one that needs most, unless some would get more zeros than this: where classes
/// widen a thousandfold, « 1 500,000 » says nothing.
const ZEROS: usize = 2;

impl RoundedBounds {
    /// Lower bound of the first class, then the upper bound of each.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// A class in words: « 1 500 à 2 000 », "1,500 to 2,000", or one number if it holds one value.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn label(&self, class: usize, language: Language) -> String {
        let [low, high] = [class, class + 1].map(|i| self.bound(i, language));
        if low == high { low } else { format!("{low} {} {high}", language.pick("à", "to")) }
    }

    /// A bound in words, counted as in [`RoundedBounds::values`].
    ///
    /// # Panics
    ///
    /// If there is no such bound.
    pub fn bound(&self, index: usize, language: Language) -> String {
        format_number(self.values[index], self.decimals[index], language)
    }

    pub(super) fn of(classes: &Classes) -> Self {
        let bounds = classes.bounds();
        let k = classes.len();
        let lowest = classes.spans.iter().flatten().next().map_or(bounds[0], |span| span.0);
        let highest = classes.spans.iter().flatten().next_back().map_or(bounds[k], |span| span.1);
        let mut values: Vec<f64> = Vec::with_capacity(k + 1);
        let mut decimals = Vec::with_capacity(k + 1);
        for (i, &bound) in bounds.iter().enumerate() {
            // A bound may move from the largest value below it up to, but not onto, the smallest value above it; the
            // outer ones may move outwards.
            let below =
                classes.spans[..i].iter().rev().flatten().next().map_or(f64::NEG_INFINITY, |span| span.1);
            let above = classes.spans[i..].iter().flatten().next().map_or(f64::INFINITY, |span| span.0);
            let allowed = |x: f64| match i {
                0 => x <= lowest,
                _ if i == k => x >= highest,
                _ => below <= x && x < above,
            };
            let last = values.last().copied();
            let widths =
                [i.checked_sub(1).map(|j| bounds[i] - bounds[j]), bounds.get(i + 1).map(|next| next - bound)];
            let width = widths.into_iter().flatten().fold(f64::INFINITY, f64::min);
            let reach = if width.is_finite() { width / 10.0 } else { bound.abs() / 100.0 };
            // A class of one value has one number.
            let alone = i > 0 && bounds[i - 1] == bound;
            let rises = |x: f64| last.is_none_or(|last| x > last || alone && x == last);
            let fits = |x: f64| allowed(x) && rises(x) && (x - bound).abs() <= reach;
            let (value, places) = roundest(bound, reach, fits);
            decimals.push(places);
            values.push(value);
        }
        let most = decimals.iter().copied().max().unwrap_or(0);
        if decimals.iter().all(|own| most - own <= ZEROS) {
            decimals.fill(most);
        }
        Self { values, decimals }
    }
}

/// The number with the fewest decimals that fits, the nearest of equals; and how many decimals it needs.
fn roundest(bound: f64, reach: f64, fits: impl Fn(f64) -> bool) -> (f64, usize) {
    let coarsest = if reach > 0.0 { libm::log10(reach).floor() as i32 + 1 } else { 0 };
    for power in (-17..=coarsest.min(300)).rev() {
        let at = |n: f64| if power < 0 { n / 10f64.powi(-power) } else { n * 10f64.powi(power) };
        let scaled = if power < 0 { bound * 10f64.powi(-power) } else { bound / 10f64.powi(power) };
        let near = [scaled.round(), scaled.floor(), scaled.ceil()];
        if let Some(value) = near.into_iter().map(at).find(|&x| fits(x)) {
            return (value + 0.0, if power < 0 { -power as usize } else { 0 });
        }
    }
    (bound, 17)
}
