//! What happens to a series that no model can know beforehand.
use datagora_core::Language;

use crate::Series;

/// Something in a series that spoils forecasts.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Trouble {
    /// The level is another one for good, or for a long time: works, a lockdown, a counter that was moved.
    LevelShift {
        /// First step at the new level.
        step: usize,
        /// Median after, over median before.
        ratio: f64,
    },
    /// Values close to 0 among high ones: a counter that was out of order for part of the step.
    Dips {
        /// How many.
        count: usize,
        /// The first of them.
        first: usize,
    },
    /// Many gaps.
    Gaps {
        /// Share of the steps, 0 to 1.
        share: f64,
    },
    /// The series moves more, or less, than it used to.
    ChangeOfVariance {
        /// Median change over a period, over that before.
        ratio: f64,
    },
}

impl Trouble {
    /// In a few words, for citizens; steps are named by `step`, such as a month.
    pub fn describe(&self, language: Language, step: impl Fn(usize) -> String) -> String {
        match (*self, language) {
            (Trouble::LevelShift { step: at, ratio }, _) => {
                let words = language.pick("changement de niveau en", "change of level in");
                let ratio = if ratio < 0.1 { format!("{ratio:.2}") } else { format!("{ratio:.1}") };
                format!("{words} {} (× {})", step(at), ratio.replace('.', language.pick(",", ".")))
            }
            (Trouble::Dips { count: 1, first }, Language::French) => {
                format!("une valeur presque nulle ({})", step(first))
            }
            (Trouble::Dips { count: 1, first }, Language::English) => {
                format!("a value close to zero ({})", step(first))
            }
            (Trouble::Dips { count, first }, Language::French) => {
                format!("{count} valeurs presque nulles (la première en {})", step(first))
            }
            (Trouble::Dips { count, first }, Language::English) => {
                format!("{count} values close to zero (the first in {})", step(first))
            }
            (Trouble::Gaps { share }, Language::French) => format!("{:.0}\u{a0}% de lacunes", 100.0 * share),
            (Trouble::Gaps { share }, Language::English) => format!("{:.0}% gaps", 100.0 * share),
            (Trouble::ChangeOfVariance { ratio }, Language::French) => {
                format!("variations d’une saison à l’autre multipliées par {ratio:.1}").replace('.', ",")
            }
            (Trouble::ChangeOfVariance { ratio }, Language::English) => {
                format!("changes from season to season multiplied by {ratio:.1}")
            }
        }
    }
}

/// A value below this share of the median about it is an outage.
const DIP: f64 = 0.1;

/// Troubles of the steps from `first` on, the gravest kind first.
pub(crate) fn troubles(series: &Series, first: usize) -> Vec<Trouble> {
    let values = series.values();
    let first = first.min(values.len());
    let window = series.period().max(6);
    let mut found = Vec::new();
    if let Some(shift) = level_shift(values, first, window) {
        found.push(shift);
    }
    let dips: Vec<usize> = (first..values.len())
        .filter(|&t| {
            let about = median(&values[t.saturating_sub(window)..values.len().min(t + window + 1)]);
            about.is_some_and(|about| values[t] < DIP * about)
        })
        .collect();
    if let Some(&at) = dips.first() {
        found.push(Trouble::Dips { count: dips.len(), first: at });
    }
    let evaluated = &values[first..];
    let share = evaluated.iter().filter(|y| y.is_nan()).count() as f64 / evaluated.len().max(1) as f64;
    if share > 0.1 {
        found.push(Trouble::Gaps { share });
    }
    let change = |from: usize, to: usize| {
        let changes: Vec<f64> = (from.max(series.period())..to)
            .map(|t| (values[t] - values[t - series.period()]).abs())
            .filter(|c| !c.is_nan())
            .collect();
        if changes.len() >= window { median(&changes) } else { None }
    };
    if let (Some(before), Some(after)) = (change(0, first), change(first, values.len()))
        && before > 0.0
        && !(0.5..=2.0).contains(&(after / before))
    {
        found.push(Trouble::ChangeOfVariance { ratio: after / before });
    }
    found
}

/// The step about which the medians of a window before and one after differ most, if by more than three times the usual
/// distance of values from their median, and by a quarter. Windows are a whole season long, so that a season is no shift.
fn level_shift(values: &[f64], first: usize, window: usize) -> Option<Trouble> {
    let last = (values.len() + 1).checked_sub(window)?;
    let mut best: Option<(f64, Trouble)> = None;
    for t in first.max(window)..last {
        let (before, after) = (&values[t - window..t], &values[t..t + window]);
        let (Some(low), Some(high)) = (median(before), median(after)) else { continue };
        let off = before.iter().map(|y| (y - low).abs()).chain(after.iter().map(|y| (y - high).abs()));
        let spread = median(&off.collect::<Vec<_>>()).unwrap_or(0.0);
        let (moved, ratio) = ((high - low).abs(), high / low);
        // Among steps with the same medians, the one between whose sides the values differ most.
        let edge = (values[t] - values[t - 1]).abs();
        let weight = moved + if edge.is_nan() { 0.0 } else { edge };
        if low > 0.0
            && moved > 3.0 * spread
            && !(0.75..=1.25).contains(&ratio)
            && best.is_none_or(|(most, _)| weight > most)
        {
            best = Some((weight, Trouble::LevelShift { step: t, ratio }));
        }
    }
    best.map(|(_, shift)| shift)
}

/// Median of what is no gap; `None` where less than half is known.
fn median(values: &[f64]) -> Option<f64> {
    let mut known: Vec<f64> = values.iter().copied().filter(|y| !y.is_nan()).collect();
    if known.is_empty() || 2 * known.len() < values.len() {
        return None;
    }
    let middle = known.len() / 2;
    Some(*known.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;
    use proptest::prelude::*;

    use super::*;

    fn of(values: Vec<f64>) -> Vec<Trouble> {
        troubles(&Series::new(values, Unit::ONE).unwrap().with_period(12).unwrap(), 36)
    }

    fn seasonal(t: usize) -> f64 {
        100.0 + 30.0 * (t as f64 * std::f64::consts::FRAC_PI_6).sin() + ((t * 37) % 11) as f64
    }

    #[test]
    fn each_trouble_is_named() {
        let calm: Vec<f64> = (0..84).map(seasonal).collect();
        assert_eq!(of(calm.clone()), []);
        let shifted = of(calm.iter().enumerate().map(|(t, y)| if t < 60 { *y } else { 3.0 * y }).collect());
        assert!(
            matches!(shifted[0], Trouble::LevelShift { step: 58..=62, ratio } if ratio > 2.5),
            "{shifted:?}"
        );
        let mut dipped = calm.clone();
        dipped[50] = 2.0;
        assert_eq!(of(dipped), [Trouble::Dips { count: 1, first: 50 }]);
        let gaps = calm.iter().enumerate().map(|(t, y)| if t > 40 && t % 4 == 0 { f64::NAN } else { *y });
        assert!(matches!(of(gaps.collect())[..], [Trouble::Gaps { share }] if share > 0.2));
        let wild = calm
            .iter()
            .enumerate()
            .map(|(t, y)| if t < 36 { *y } else { y + 3.0 * ((t * t * 29) % 23) as f64 });
        assert!(matches!(of(wild.collect())[..], [Trouble::ChangeOfVariance { ratio }] if ratio > 2.0));
    }

    #[test]
    fn troubles_are_told_in_words() {
        let step = |t: usize| format!("step {t}");
        let shift = Trouble::LevelShift { step: 5, ratio: 0.5 };
        assert_eq!(shift.describe(Language::English, step), "change of level in step 5 (× 0.5)");
        assert_eq!(shift.describe(Language::French, step), "changement de niveau en step 5 (× 0,5)");
        let fall = Trouble::LevelShift { step: 5, ratio: 0.04 };
        assert_eq!(fall.describe(Language::English, step), "change of level in step 5 (× 0.04)");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(values in prop::collection::vec(prop_oneof![3 => 0.0..1e3f64, 1 => Just(f64::NAN), 1 => Just(0.0)], 0..80), first in 0usize..100, period in 1usize..14) {
            let series = Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap();
            prop_assert!(troubles(&series, first).len() <= 4);
        }
    }
}
