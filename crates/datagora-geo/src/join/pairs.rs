//! Which row of one column goes with which of another.
use super::few::Way;
use super::{Boundary, JoinError, PIECE, comparable};
use crate::GeometryColumn;
use crate::cores::each_run;

/// Pairs of rows: what a join finds, as two columns of row numbers.
///
/// These are the pairs of an inner join, in the order of the left rows, then of the right rows. A left join has in
/// addition the rows of [`unmatched_left`](Self::unmatched_left), each without partner. Eight bytes a pair.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, pairs_within};
///
/// let zone = |x: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 100., y: 100. }).into();
/// let noise_zones = GeometryColumn::new([zone(0.), zone(50.)], Crs::CC46); // they overlap
/// let homes = GeometryColumn::points(vec![75., 500., 10.], vec![50., 50., 50.], Crs::CC46);
/// let pairs = pairs_within(&homes, &noise_zones, Boundary::HalfOpen)?;
/// assert_eq!(pairs.iter().collect::<Vec<_>>(), [(0, 0), (0, 1), (2, 0)]);
/// assert_eq!(pairs.unmatched_left(), [1]);
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairs {
    pub(super) left: Vec<u32>,
    pub(super) right: Vec<u32>,
    /// Number of rows of each side.
    pub(super) rows: [usize; 2],
}

impl Pairs {
    /// Of sorted pairs.
    pub(crate) fn sorted(pairs: Vec<(u32, u32)>, rows: [usize; 2]) -> Self {
        let (left, right) = pairs.into_iter().unzip();
        Pairs { left, right, rows }
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// The left row of each pair, ascending.
    pub fn left(&self) -> &[u32] {
        &self.left
    }

    /// The right row of each pair.
    pub fn right(&self) -> &[u32] {
        &self.right
    }

    /// The pairs, left row first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, u32)> + ExactSizeIterator + Clone + '_ {
        self.left.iter().copied().zip(self.right.iter().copied())
    }

    /// The left rows that are in no pair, ascending: with the pairs, they make a left join.
    pub fn unmatched_left(&self) -> Vec<u32> {
        unmatched(&self.left, self.rows[0])
    }

    /// The right rows that are in no pair, ascending.
    pub fn unmatched_right(&self) -> Vec<u32> {
        unmatched(&self.right, self.rows[1])
    }
}

fn unmatched(matched: &[u32], rows: usize) -> Vec<u32> {
    let mut seen = vec![false; rows];
    matched.iter().for_each(|row| seen[*row as usize] = true);
    (0u32..).zip(seen).filter(|(_, seen)| !seen).map(|(row, _)| row).collect()
}

/// Each point with each zone that holds it: the join when zones overlap.
///
/// # Shapes and missing values
///
/// Pairs (row of `points`, row of `zones`), in that order. A missing point, and a missing or empty zone, are in no pair.
///
/// # Errors
///
/// As [`locate`](crate::locate).
///
/// # Example
///
/// See [`Pairs`].
pub fn pairs_within(
    points: &GeometryColumn,
    zones: &GeometryColumn,
    boundary: Boundary,
) -> Result<Pairs, JoinError> {
    let (x, y) = comparable(points, zones)?;
    let rows = [points.len(), zones.len()];
    let index = match Way::new(points, (x, y), zones)? {
        Way::Index(index) => index,
        Way::Few(few) => {
            let mut pairs = Vec::new();
            few.each(boundary, |zone, point| pairs.push((point, zone)));
            pairs.sort_unstable();
            return Ok(Pairs::sorted(pairs, rows));
        }
    };
    let pieces = each_run(x.len(), PIECE, |run| {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        index.pair_each((&x[run.clone()], &y[run.clone()]), run.start, boundary, (&mut left, &mut right));
        (left, right)
    });
    let count = pieces.iter().map(|(left, _)| left.len()).sum();
    let mut pairs = Pairs { left: Vec::with_capacity(count), right: Vec::with_capacity(count), rows };
    for (left, right) in pieces {
        pairs.left.extend(left);
        pairs.right.extend(right);
    }
    Ok(pairs)
}
