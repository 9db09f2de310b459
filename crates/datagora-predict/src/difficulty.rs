//! How hard the steps ahead look from an origin: the unit in which errors of different moments and series are compared.
use crate::rolling::Rolled;

/// Logarithms further apart than this say nothing more.
const FAR: f64 = 4.0;

/// What was known at an origin about the size of the errors to come.
#[derive(Clone, Debug)]
pub(crate) struct Outlook {
    /// ln of the mean change over a period; −∞ where the series had never changed.
    base: f64,
    /// Logarithm of each sign of difficulty, relative to `base`.
    level: f64,
    recent: f64,
    own: f64,
    /// The spread the model believes in, relative to the first step: that of the total, then of each step.
    growth: Box<[f64]>,
}

/// By what power of each sign errors grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Powers(pub(crate) [f64; SIGNS]);

/// The spread of the model at the first step, how it grows, how much the series moved of late, how large its errors
/// were.
pub(crate) const SIGNS: usize = 4;

impl Powers {
    /// Where no panel tells: the model is believed half-way in its level and wholly in its growth, the last steps a
    /// quarter. Series of very different kinds lead to powers near these.
    pub(crate) const PRIOR: Self = Self([0.5, 1.0, 0.25, 0.0]);
}

/// Position of the total among the cells; step h stands at h + 1.
pub(crate) const TOTAL: usize = 0;

impl Outlook {
    /// From what was known at an origin. The total is that of the steps from `skip`.
    pub(crate) fn of(rolled: &Rolled, skip: usize) -> Self {
        let first = rolled.spread.first().copied().unwrap_or(0.0);
        let unit = if rolled.change > 0.0 { rolled.change } else { first };
        let relative = |x: f64, to: f64| {
            if x > 0.0 && to > 0.0 { (x / to).ln().clamp(-FAR, FAR) } else { 0.0 }
        };
        let total: f64 = rolled.spread.iter().skip(skip).sum();
        let steps = (rolled.points.len() - skip.min(rolled.points.len())).max(1) as f64;
        // A model without any spread says nothing about growth: a total then grows with its steps.
        let total =
            if first > 0.0 && total > 0.0 { relative(total, first * steps) } else { 0.0 } + steps.ln();
        let growth =
            std::iter::once(total).chain(rolled.spread.iter().map(|s| relative(*s, first))).collect();
        Self {
            base: if unit > 0.0 { unit.ln() } else { f64::NEG_INFINITY },
            level: if first > 0.0 { relative(first, unit) } else { -FAR },
            recent: relative(rolled.recent, unit),
            own: 0.0,
            growth,
        }
    }

    /// ln of the unit of errors, before any sign; −∞ where the series had never changed.
    pub(crate) fn base(&self) -> f64 {
        self.base
    }

    /// As of a series that had never changed, where its unit is not larger than `least`.
    pub(crate) fn above(self, least: f64) -> Self {
        if self.base > least.ln() { self } else { Self { base: f64::NEG_INFINITY, ..self } }
    }

    /// How large errors known at the origin were, as a logarithm relative to what is usual.
    pub(crate) fn with_own(self, own: f64) -> Self {
        Self { own, ..self }
    }

    pub(crate) fn steps(&self) -> usize {
        self.growth.len() - 1
    }

    pub(crate) fn signs(&self, cell: usize) -> [f64; SIGNS] {
        [self.level, self.growth.get(cell).copied().unwrap_or(0.0), self.recent, self.own]
    }

    /// Size of the error to expect in a cell, up to a factor that is the same for all origins.
    pub(crate) fn size(&self, cell: usize, powers: &Powers) -> f64 {
        let signs = self.signs(cell);
        (self.base + powers.0.iter().zip(signs).map(|(b, x)| b * x).sum::<f64>()).exp()
    }
}

/// Fits the powers to `ln(|error| / base)` over cells with free levels, by least squares drawn towards
/// [`Powers::PRIOR`] with the force of `stiffness` observations.
///
/// `rows` gives (cell, signs, logarithm, weight), the same each time: they are gone through twice instead of kept.
pub(crate) fn fit_powers<Rows>(rows: impl Fn() -> Rows, stiffness: f64) -> Powers
where
    Rows: Iterator<Item = (usize, [f64; SIGNS], f64, f64)>,
{
    let mut means = Vec::new();
    for (cell, signs, y, w) in rows() {
        if means.len() <= cell {
            means.resize(cell + 1, ([0.0; SIGNS], 0.0, 0.0));
        }
        let mean = &mut means[cell];
        for (sum, x) in mean.0.iter_mut().zip(signs) {
            *sum += w * x;
        }
        mean.1 += w * y;
        mean.2 += w;
    }
    let mut matrix = [[0.0; SIGNS + 1]; SIGNS];
    for (cell, signs, y, w) in rows() {
        let mean = &means[cell];
        let mut x = [0.0; SIGNS];
        for j in 0..SIGNS {
            x[j] = signs[j] - mean.0[j] / mean.2;
        }
        let prior: f64 = Powers::PRIOR.0.iter().zip(x).map(|(b, x)| b * x).sum();
        let rest = y - mean.1 / mean.2 - prior;
        for j in 0..SIGNS {
            for k in 0..SIGNS {
                matrix[j][k] += w * x[j] * x[k];
            }
            matrix[j][SIGNS] += w * x[j] * rest;
        }
    }
    for (j, row) in matrix.iter_mut().enumerate() {
        row[j] += stiffness;
    }
    let mut powers = Powers::PRIOR;
    for (power, shift) in powers.0.iter_mut().zip(solve(matrix)) {
        // Three decimals are more than errors can tell, and do not depend on the order of summation.
        *power = ((*power + shift).clamp(0.0, 1.5) * 1e3).round() / 1e3;
    }
    powers
}

/// Solves a positive definite system by elimination; the last column is the right-hand side.
fn solve(mut m: [[f64; SIGNS + 1]; SIGNS]) -> [f64; SIGNS] {
    for pivot in 0..SIGNS {
        for row in pivot + 1..SIGNS {
            let factor = m[row][pivot] / m[pivot][pivot];
            let above = m[pivot];
            for (x, y) in m[row].iter_mut().zip(above).skip(pivot) {
                *x -= factor * y;
            }
        }
    }
    let mut x = [0.0; SIGNS];
    for row in (0..SIGNS).rev() {
        let known: f64 = (row + 1..SIGNS).map(|k| m[row][k] * x[k]).sum();
        x[row] = (m[row][SIGNS] - known) / m[row][row];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_found_again_and_a_few_rows_leave_the_prior() {
        let rows: Vec<_> = (0..4_000)
            .map(|i| {
                let x = [
                    f64::from(i % 7) - 3.0,
                    f64::from(i % 5) - 2.0,
                    f64::from(i % 11) / 5.0,
                    f64::from(i % 3),
                ];
                let y = 0.9 * x[0] + 0.2 * x[1] + 0.6 * x[2] + 0.3 * x[3] + f64::from(i % 2);
                ((i % 2) as usize, x, y, 1.0)
            })
            .collect();
        let found = fit_powers(|| rows.iter().copied(), 1.0).0;
        for (found, made) in found.iter().zip([0.9, 0.2, 0.6, 0.3]) {
            assert!((found - made).abs() < 0.01, "{found} {made}");
        }
        assert_eq!(fit_powers(std::iter::empty, 1.0), Powers::PRIOR);
        let few = fit_powers(|| rows[..8].iter().copied(), 1e6).0;
        assert!(few.iter().zip(Powers::PRIOR.0).all(|(a, b)| (a - b).abs() < 1e-3));
    }
}
