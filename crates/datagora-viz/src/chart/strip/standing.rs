//! Rank among others, with the uncertainty that intervals leave.
use datagora_core::{Language, Measured};

/// The rank of one value among all, from the highest down.
///
/// Values with intervals have no sure rank: `first` and `last` are the ranks that remain possible when each value may lie anywhere
/// within its interval. That range is wide on purpose; a table of ranks without it tells differences that are not there.
///
/// ```
/// use datagora_core::{Interval, Language, Measured, Unit};
/// use datagora_viz::Standing;
///
/// let exact = |value| Measured::new(value, Unit::PERCENT);
/// let unsure = |value| exact(value).with_interval(Interval::at_level(value - 2.0, value + 2.0, 0.95).unwrap());
/// let standing = Standing::of(&[unsure(10.0), unsure(9.0), unsure(3.0)], 1).unwrap();
/// assert_eq!((standing.rank, standing.first, standing.last, standing.among), (Some(2), 1, 2, 3));
/// assert_eq!(standing.describe(Language::English), "rank 1 to 2 of 3");
/// assert_eq!(Standing::of(&[exact(1.0), exact(4.0)], 1).unwrap().describe(Language::French), "rang 1 sur 2");
/// ```
///
/// # References
///
/// Goldstein, H. and Spiegelhalter, D. J. (1996). League tables and their limitations: statistical issues in comparisons of
/// institutional performance. *Journal of the Royal Statistical Society* A 159(3), 385–443. doi:10.2307/2983325
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Rank of the value, 1 for the highest; equal values share the best of their ranks. `None` if only bounds are known.
    pub rank: Option<usize>,
    /// How many others have the same value.
    pub tied: usize,
    /// Best rank that is possible.
    pub first: usize,
    /// Worst rank that is possible.
    pub last: usize,
    /// How many values are known, this one among them.
    pub among: usize,
}

impl Standing {
    /// The standing of a row; `None` if nothing is known about its value, or there is no such row.
    pub fn of(values: &[Measured], row: usize) -> Option<Self> {
        let own = values.get(row)?;
        let (low, high) = bounds(own)?;
        let others: Vec<(&Measured, (f64, f64))> = values
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != row)
            .filter_map(|(_, value)| Some((value, bounds(value)?)))
            .collect();
        let among = others.len() + 1;
        let above = others.iter().filter(|(_, (lower, _))| *lower > high).count();
        let below = others.iter().filter(|(_, (_, upper))| *upper < low).count();
        let points = || others.iter().filter_map(|(value, _)| value.value());
        // Beside values of which only bounds are known there is no rank by value.
        let rank = own.value().filter(|_| points().count() == others.len());
        Some(Self {
            rank: rank.map(|value| 1 + points().filter(|other| *other > value).count()),
            tied: rank.map_or(0, |value| points().filter(|other| *other == value).count()),
            first: 1 + above,
            last: among - below,
            among,
        })
    }

    /// « rang 5 sur 57 », "rank 3 to 9 of 57".
    pub fn describe(&self, language: Language) -> String {
        let Self { rank, tied, first, last, among } = *self;
        let (word, of) = (language.pick("rang", "rank"), language.pick("sur", "of"));
        match rank {
            Some(rank) if (first, last) == (rank, rank + tied) => match tied {
                0 => format!("{word} {rank} {of} {among}"),
                _ => format!("{word} {rank} {} {of} {among}", language.pick("ex æquo", "(tied)")),
            },
            _ if first == last => format!("{word} {first} {of} {among}"),
            _ => format!("{word} {first} {} {last} {of} {among}", language.pick("à", "to")),
        }
    }
}

/// Between which numbers a value lies.
fn bounds(value: &Measured) -> Option<(f64, f64)> {
    match (value.interval(), value.value()) {
        (Some(interval), _) => Some((interval.lower, interval.upper)),
        (None, Some(value)) => Some((value, value)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::{Suppression, Unit};
    use proptest::prelude::*;

    use super::*;

    fn exact(value: f64) -> Measured {
        Measured::new(value, Unit::ONE)
    }

    #[test]
    fn equal_values_share_a_rank() {
        let values = [5.0, 7.0, 5.0, 1.0].map(exact);
        let standing = Standing::of(&values, 2).expect("known");
        assert_eq!((standing.rank, standing.tied, standing.first, standing.last), (Some(2), 1, 2, 3));
        assert_eq!(standing.describe(Language::French), "rang 2 ex æquo sur 4");
    }

    #[test]
    fn what_is_not_known_has_no_rank_and_takes_none() {
        let missing = Measured::suppressed(Unit::ONE, Suppression::Secondary);
        let values = [exact(5.0), missing, exact(f64::NAN), exact(7.0)];
        assert_eq!(Standing::of(&values, 1), None);
        assert_eq!(Standing::of(&values, 2), None);
        assert_eq!(Standing::of(&values, 4), None);
        assert_eq!(Standing::of(&values, 0).expect("known").describe(Language::English), "rank 2 of 2");
    }

    #[test]
    fn bounds_leave_ranks_open() {
        let jobs = |lower, upper| Measured::bounded(lower, upper, Unit::ONE).expect("bounds");
        let values = [jobs(10.0, 19.0), jobs(15.0, f64::INFINITY), jobs(1.0, 2.0), exact(30.0)];
        let describe = |row| Standing::of(&values, row).expect("known").describe(Language::English);
        assert_eq!(
            [0, 1, 2, 3].map(describe),
            ["rank 2 to 3 of 4", "rank 1 to 3 of 4", "rank 4 of 4", "rank 1 to 2 of 4"]
        );
    }

    proptest! {
        #[test]
        fn ranks_lie_within_what_is_possible(numbers in prop::collection::vec((-9_i8..9, 0_u8..5), 1..20), row in 0_usize..20) {
            let values: Vec<Measured> = numbers
                .iter()
                .map(|&(value, half)| {
                    let (value, half) = (f64::from(value), f64::from(half));
                    let interval = datagora_core::Interval::at_level(value - half, value + half, 0.95).expect("an interval");
                    exact(value).with_interval(interval)
                })
                .collect();
            match Standing::of(&values, row) {
                None => prop_assert!(row >= values.len()),
                Some(Standing { rank, tied, first, last, among }) => {
                    let rank = rank.expect("all have values");
                    prop_assert!(1 <= first && first <= rank && rank + tied <= last && last <= among);
                    prop_assert_eq!(among, values.len());
                }
            }
        }
    }
}
