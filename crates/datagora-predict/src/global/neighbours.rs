//! Which series tell something about another.
use super::table::Scale;
use crate::{Panel, cores};

/// Neighbours of a series with their weights, the heaviest first.
pub(super) type Weighted = Vec<(usize, f64)>;

/// Series whose past tells something about the future of another.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Neighbours {
    /// Each series by itself.
    #[default]
    None,
    /// For each series, others and their weights above 0, such as those near it on the network.
    Given(Vec<Vec<(usize, f64)>>),
    /// For each series, those so many whose changes went most with its own changes one step later.
    Learned(usize),
}

impl Neighbours {
    /// Of each series: those that are another series of the panel, with a weight above 0, the heaviest first.
    pub(super) fn of(&self, panel: &Panel) -> Vec<Weighted> {
        let count = panel.series().len();
        match self {
            Neighbours::None => vec![Vec::new(); count],
            Neighbours::Given(given) => {
                let of =
                    |series: usize| {
                        let all = given.get(series).into_iter().flatten().copied();
                        sorted(all.filter(|(other, w)| {
                            *other < count && *other != series && *w > 0.0 && w.is_finite()
                        }))
                    };
                (0..count).map(of).collect()
            }
            Neighbours::Learned(most) => learned(panel, *most),
        }
    }
}

fn sorted(all: impl Iterator<Item = (usize, f64)>) -> Weighted {
    let mut all: Weighted = all.collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all
}

/// Steps over which changes are compared.
const CHANGE: usize = 3;

/// The `most` series with the highest correlation above 0 between their changes and the next change of each one.
fn learned(panel: &Panel, most: usize) -> Vec<Weighted> {
    let changes: Vec<Vec<f64>> = panel.series().iter().map(|series| standardised(series.values())).collect();
    cores::each(changes.len(), |series| {
        // The change that comes after the other's.
        let mine = &changes[series][CHANGE.min(changes[series].len())..];
        let others = changes.iter().enumerate().filter(|(other, _)| *other != series);
        let with = others.map(|(other, theirs)| {
            let product: f64 = mine.iter().zip(theirs).map(|(a, b)| a * b).sum();
            (other, product / mine.len().max(1) as f64)
        });
        let mut found = sorted(with.filter(|(_, correlation)| *correlation > 0.0));
        found.truncate(most);
        found
    })
}

/// Changes over [`CHANGE`] steps with mean 0 and variance 1; 0 where one is not known, or none differs.
fn standardised(values: &[f64]) -> Vec<f64> {
    let changes: Vec<f64> = values.windows(CHANGE + 1).map(|w| w[CHANGE] - w[0]).collect();
    let scale = Scale::of(&changes, true);
    changes.iter().map(|c| if c.is_nan() { 0.0 } else { (c - scale.mean) / scale.deviation }).collect()
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;
    use crate::Series;

    #[test]
    fn who_leads_is_found_and_what_is_given_is_put_in_order() {
        // The second follows the first three steps later; the third has nothing to do with them.
        let wave = |t: usize| ((t * t) as f64 * 0.37).sin() + (t as f64 * 0.21).cos();
        let series = |value: &dyn Fn(usize) -> f64| {
            Series::new((3..300).map(value).collect::<Vec<f64>>(), Unit::ONE).unwrap()
        };
        let panel =
            Panel::new([series(&wave), series(&|t| wave(t - 3)), series(&|t| ((t * 7919) % 13) as f64)])
                .unwrap();
        let learned = Neighbours::Learned(1).of(&panel);
        assert_eq!(learned[1][0].0, 0);
        assert!(learned[1][0].1 > 0.9, "{learned:?}");
        let given = vec![vec![(1, 0.5), (2, 0.7), (0, 9.0), (9, 1.0)], vec![(2, -1.0), (0, f64::NAN)]];
        assert_eq!(Neighbours::Given(given).of(&panel), [vec![(2, 0.7), (1, 0.5)], vec![], vec![]]);
        assert_eq!(Neighbours::None.of(&panel), [const { Vec::new() }; 3]);
    }
}
