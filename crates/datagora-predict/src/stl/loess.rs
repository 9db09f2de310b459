//! Local regression over positions, some of which have no value.

use super::Degree;

/// A loess smoother of one window.
pub(super) struct Loess {
    window: usize,
    degree: Degree,
    jump: usize,
    /// Tricube weights by distance, for a whole window with its point in the middle.
    kernel: Vec<f64>,
}

/// Values at rising whole positions of a grid from 0 to `length`; a place without a value is left out.
pub(super) struct Points<'a> {
    pub(super) length: usize,
    pub(super) positions: &'a [f64],
    pub(super) values: &'a [f64],
    pub(super) weights: Option<&'a [f64]>,
}

impl Points<'_> {
    fn complete(&self) -> bool {
        self.positions.len() == self.length
    }
}

/// Weight at a distance from the point of a neighbourhood that reaches to `reach`.
fn tricube(distance: f64, reach: f64) -> f64 {
    if distance > 0.999 * reach {
        0.0
    } else if distance <= 0.001 * reach {
        1.0
    } else {
        let share = distance / reach;
        let inner = 1.0 - share * share * share;
        inner * inner * inner
    }
}

/// Weighted sums about the point, from which a local constant or line follows.
#[derive(Default)]
struct Sums {
    w: f64,
    wd: f64,
    wdd: f64,
    wy: f64,
    wdy: f64,
}

impl Sums {
    fn push(&mut self, weight: f64, distance: f64, value: f64) {
        let wd = weight * distance;
        self.w += weight;
        self.wd += wd;
        self.wdd += wd * distance;
        self.wy += weight * value;
        self.wdy += wd * value;
    }

    /// The regression at distance 0; a line only where the neighbours are not all in one place.
    fn at_zero(&self, degree: Degree, range: f64) -> Option<f64> {
        if self.w <= 0.0 {
            return None;
        }
        let (d, y) = (self.wd / self.w, self.wy / self.w);
        let variance = self.wdd / self.w - d * d;
        if degree == Degree::Linear && variance > 0.0 && variance.sqrt() > 0.001 * range {
            return Some(y - d * (self.wdy / self.w - d * y) / variance);
        }
        Some(y)
    }
}

impl Loess {
    /// `window` nearest points, at least 3 and odd; evaluated at every `jump`-th place, on lines between.
    pub(super) fn new(window: usize, degree: Degree, jump: usize) -> Self {
        let half = window / 2;
        let kernel = (0..=half).map(|d| tricube(d as f64, half as f64)).collect();
        Self { window, degree, jump: jump.max(1), kernel }
    }

    /// The regression at every place of the grid. There is at least one value.
    pub(super) fn smooth(&self, points: &Points<'_>, out: &mut [f64]) {
        let n = points.length;
        let jump = self.jump.min(n - 1).max(1);
        let mut left = 0;
        let mut previous = 0;
        for i in (0..n).step_by(jump).chain((!(n - 1).is_multiple_of(jump)).then_some(n - 1)) {
            out[i] =
                self.estimate(points, i as f64, &mut left).unwrap_or_else(|| self.alone(points, i, left));
            let span = i - previous;
            let (from, step) = (out[previous], (out[i] - out[previous]) / span.max(1) as f64);
            for (j, between) in out[previous..i].iter_mut().enumerate().skip(1) {
                *between = from + step * j as f64;
            }
            previous = i;
        }
    }

    /// The regression at a place, inside or outside of the grid; none where no neighbour is trusted.
    pub(super) fn at(&self, points: &Points<'_>, x: f64) -> Option<f64> {
        self.estimate(points, x, &mut 0)
    }

    /// Where robustness leaves nothing of a neighbourhood, its own value stands for it (as in the published program),
    /// or at a gap the mean of the neighbours.
    fn alone(&self, points: &Points<'_>, i: usize, left: usize) -> f64 {
        match points.positions.binary_search_by(|p| p.total_cmp(&(i as f64))) {
            Ok(here) => points.values[here],
            Err(_) => {
                let neighbours = &points.values[left..left + self.window.min(points.values.len())];
                neighbours.iter().map(|y| y / neighbours.len() as f64).sum()
            }
        }
    }

    /// `left` is where the neighbourhood of an earlier place begins.
    fn estimate(&self, points: &Points<'_>, x: f64, left: &mut usize) -> Option<f64> {
        let m = points.positions.len();
        let count = self.window.min(m);
        if points.complete() {
            *left = (x.max(0.0) as usize).saturating_sub(self.window / 2).min(m - count);
        } else {
            while *left + count < m && points.positions[*left + count] - x < x - points.positions[*left] {
                *left += 1;
            }
        }
        let range = *left..*left + count;
        let (positions, values) = (&points.positions[range.clone()], &points.values[range.clone()]);
        let weights = points.weights.map(|w| &w[range]);
        let (before, after) = (x - positions[0], positions[count - 1] - x);
        let whole = points.complete() && count == self.window && before == after;
        if whole && weights.is_none() {
            return Some(self.centred(values));
        }
        let extra = ((self.window - count) / 2) as f64;
        let reach = before.max(after) + extra;
        let mut sums = Sums::default();
        if whole {
            let half = self.window / 2;
            let weights = weights.unwrap_or_default();
            for (j, (&w, &y)) in weights.iter().zip(values).enumerate() {
                sums.push(w * self.kernel[j.abs_diff(half)], j as f64 - half as f64, y);
            }
        } else if let Some(weights) = weights {
            for ((&p, &y), &w) in positions.iter().zip(values).zip(weights) {
                sums.push(w * tricube((p - x).abs(), reach), p - x, y);
            }
        } else {
            for (&p, &y) in positions.iter().zip(values) {
                sums.push(tricube((p - x).abs(), reach), p - x, y);
            }
        }
        let span = (points.length - 1) as f64;
        sums.at_zero(self.degree, span)
    }

    /// In the middle of a whole window a line is worth what a constant is: both are one weighted mean.
    fn centred(&self, values: &[f64]) -> f64 {
        let half = self.window / 2;
        let (mut sum, mut total) = (self.kernel[0] * values[half], self.kernel[0]);
        let (before, after) = (values[..half].iter().rev(), &values[half + 1..]);
        for ((a, b), k) in before.zip(after).zip(&self.kernel[1..]) {
            sum += k * (a + b);
            total += 2.0 * k;
        }
        sum / total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smoothed(loess: &Loess, values: &[f64]) -> Vec<f64> {
        let seen: Vec<usize> = (0..values.len()).filter(|&t| !values[t].is_nan()).collect();
        let positions: Vec<f64> = seen.iter().map(|&t| t as f64).collect();
        let present: Vec<f64> = seen.iter().map(|&t| values[t]).collect();
        let points = Points { length: values.len(), positions: &positions, values: &present, weights: None };
        let mut out = vec![0.0; values.len()];
        loess.smooth(&points, &mut out);
        out
    }

    #[test]
    fn a_line_stays_a_line_whatever_is_missing() {
        let line = |t: usize| 3.0 + 0.5 * t as f64;
        for gaps in [&[][..], &[0, 1], &[5, 6, 7, 8, 9, 10, 11, 12], &[28, 29]] {
            let mut values: Vec<f64> = (0..30).map(line).collect();
            gaps.iter().for_each(|&t| values[t] = f64::NAN);
            for jump in [1, 4] {
                for (t, v) in smoothed(&Loess::new(7, Degree::Linear, jump), &values).into_iter().enumerate()
                {
                    assert!((v - line(t)).abs() < 1e-9, "{gaps:?} {t}: {v}");
                }
            }
        }
    }

    #[test]
    fn the_middle_of_a_window_needs_no_line() {
        let values: Vec<f64> = (0..40).map(|t| f64::from(t * 17 % 23)).collect();
        let ones = vec![1.0; 40];
        let positions: Vec<f64> = (0..40).map(f64::from).collect();
        let loess = Loess::new(9, Degree::Linear, 1);
        let weighted = Points { length: 40, positions: &positions, values: &values, weights: Some(&ones) };
        let plain = Points { weights: None, ..weighted };
        for x in [-1.0, 0.0, 3.0, 20.0, 39.0, 40.0] {
            let (a, b) = (loess.at(&weighted, x).unwrap(), loess.at(&plain, x).unwrap());
            assert!((a - b).abs() < 1e-12, "{x}");
        }
    }
}
