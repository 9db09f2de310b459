//! Exact optimal grouping of one variable.
//!
//! The best division of the first `j` values into `q` classes ends with a class that starts after `i`, and the best `i`
//! never falls as `j` rises, because the cost of a class satisfies the quadrangle inequality. So the middle `j` bounds
//! the search of both halves: O(k n log n) instead of O(k n²).

/// Upper bounds of the `k` classes of sorted values with the smallest sum of squared deviations from class means;
/// of equally good divisions, the one whose classes begin earlier. Fewer where there are fewer different values.
pub(super) fn breaks(sorted: &[f64], k: usize) -> Vec<f64> {
    let costs = Costs::new(sorted);
    let n = costs.values.len();
    let k = k.min(n);
    // best[j]: smallest cost of the first j values in the current number of classes.
    let mut best: Vec<f64> = (0..=n).map(|j| costs.of(0, j)).collect();
    let mut starts: Vec<Vec<u32>> = Vec::with_capacity(k);
    for q in 2..=k {
        let mut layer = Layer {
            costs: &costs,
            q,
            before: &best,
            best: vec![f64::INFINITY; n + 1],
            start: vec![0; n + 1],
        };
        // Of the last number of classes only the division of all values is asked for.
        let first = if q == k { n } else { q };
        layer.solve(first, n, q - 1, n - 1);
        let Layer { best: next, start, .. } = layer;
        best = next;
        starts.push(start);
    }
    let mut bounds = vec![costs.values[n - 1]];
    let mut end = n;
    for start in starts.iter().rev() {
        end = start[end] as usize;
        bounds.push(costs.values[end - 1]);
    }
    bounds.reverse();
    bounds
}

/// One number of classes: the division of every prefix.
struct Layer<'a> {
    costs: &'a Costs,
    q: usize,
    before: &'a [f64],
    best: Vec<f64>,
    start: Vec<u32>,
}

impl Layer<'_> {
    /// Divides the prefixes `from..=to`, whose last class starts after one of `low..=high` values.
    fn solve(&mut self, from: usize, to: usize, low: usize, high: usize) {
        if from > to {
            return;
        }
        let middle = from.midpoint(to);
        let (mut best, mut best_start) = (f64::INFINITY, low.max(self.q - 1));
        for start in low.max(self.q - 1)..=high.min(middle - 1) {
            let cost = self.before[start] + self.costs.of(start, middle);
            if cost < best {
                (best, best_start) = (cost, start);
            }
        }
        self.best[middle] = best;
        self.start[middle] = best_start as u32;
        self.solve(from, middle - 1, low, best_start);
        self.solve(middle + 1, to, best_start, high);
    }
}

/// Sums over prefixes of the different values, from which the cost of any class follows in constant time.
struct Costs {
    values: Vec<f64>,
    count: Vec<f64>,
    sum: Vec<Double>,
    square: Vec<Double>,
}

impl Costs {
    fn new(sorted: &[f64]) -> Self {
        let mut values: Vec<f64> = Vec::new();
        let mut weights: Vec<f64> = Vec::new();
        for &value in sorted {
            match weights.last_mut() {
                Some(weight) if values.last() == Some(&value) => *weight += 1.0,
                _ => {
                    values.push(value);
                    weights.push(1.0);
                }
            }
        }
        // Around the median and within ±1, so that squares neither overflow nor lose what tells classes apart.
        let middle = values[values.len() / 2];
        // A power of two, by which division is exact.
        let largest = values.iter().fold(f64::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
        let scale = f64::from_bits(largest.to_bits() & 0x7FF0_0000_0000_0000);
        let (mut count, mut sum, mut square) = (vec![0.0], vec![Double::default()], vec![Double::default()]);
        for (i, (&value, &weight)) in values.iter().zip(&weights).enumerate() {
            let x = Double::difference(value / scale, middle / scale);
            count.push(count[i] + weight);
            sum.push(sum[i].plus(x.times(weight.into())));
            square.push(square[i].plus(x.times(x).times(weight.into())));
        }
        Self { values, count, sum, square }
    }

    /// Sum of squared deviations of the different values `from..to` from their mean (scaled).
    fn of(&self, from: usize, to: usize) -> f64 {
        if to <= from + 1 {
            return 0.0;
        }
        let count = self.count[to] - self.count[from];
        let sum = self.sum[to].minus(self.sum[from]);
        let square = self.square[to].minus(self.square[from]);
        let quick = square.high - sum.high * sum.high / count;
        // Where the two nearly cancel, as in a tight class far from the median, one float would hold noise.
        if quick > 1e-5 * square.high {
            return quick;
        }
        let exact = square.minus(sum.times(sum).over(count));
        (exact.high + exact.low).max(0.0)
    }
}

/// An unevaluated sum of two floats, about 32 digits (Dekker 1971).
#[derive(Clone, Copy, Default)]
struct Double {
    high: f64,
    low: f64,
}

impl From<f64> for Double {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl Double {
    /// The exact sum of two floats (Knuth).
    fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        Self { high, low: (a - (high - part)) + (b - part) }
    }

    fn difference(a: f64, b: f64) -> Self {
        Self::sum(a, -b)
    }

    /// The exact product of two floats (Veltkamp, Dekker).
    fn product(a: f64, b: f64) -> Self {
        let split = |x: f64| {
            let c = 134_217_729.0 * x;
            let high = c - (c - x);
            (high, x - high)
        };
        let high = a * b;
        let ((ah, al), (bh, bl)) = (split(a), split(b));
        Self { high, low: ((ah * bh - high) + ah * bl + al * bh) + al * bl }
    }

    fn plus(self, other: Self) -> Self {
        let sum = Self::sum(self.high, other.high);
        Self::sum(sum.high, sum.low + self.low + other.low)
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self { high: -other.high, low: -other.low })
    }

    fn times(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        Self::sum(product.high, product.low + (self.high * other.low + self.low * other.high))
    }

    fn over(self, divisor: f64) -> Self {
        let quotient = self.high / divisor;
        let rest = self.minus(Self::product(quotient, divisor));
        Self::sum(quotient, (rest.high + rest.low) / divisor)
    }
}
