//! From values to positions, and where to put ticks.

/// A linear scale from values to positions.
///
/// ```
/// use datagora_viz::LinearScale;
///
/// let scale = LinearScale::new((0.0, 200.0), (40.0, 440.0));
/// assert_eq!(scale.position(50.0), 140.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearScale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl LinearScale {
    /// Maps `domain` onto `range`. A domain of no width maps to the middle of the range.
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self { domain, range }
    }

    /// Where a value lies.
    pub fn position(&self, value: f64) -> f64 {
        let (low, high) = self.domain;
        let share = if high == low { 0.5 } else { (value - low) / (high - low) };
        self.range.0 + share * (self.range.1 - self.range.0)
    }

    /// Lowest and highest value.
    pub fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// Round values within the domain, about `count` of them.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        ticks(self.domain.0, self.domain.1, count)
    }
}

/// Round values from `start` to `stop`, about `count` of them: multiples of 1, 2 or 5 times a power of ten.
///
/// ```
/// use datagora_viz::ticks;
///
/// assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
/// ```
///
/// # References
///
/// The rule of d3-array's `ticks`, whose outputs the tests compare with.
pub fn ticks(start: f64, stop: f64, count: usize) -> Vec<f64> {
    if !start.is_finite() || !stop.is_finite() || count == 0 || stop < start {
        return Vec::new();
    }
    if start == stop {
        return vec![start];
    }
    let step = (stop - start) / count as f64;
    let power = step.log10().floor();
    let error = step / 10f64.powf(power);
    let factor = match error {
        e if e >= 50f64.sqrt() => 10.0,
        e if e >= 10f64.sqrt() => 5.0,
        e if e >= 2f64.sqrt() => 2.0,
        _ => 1.0,
    };
    // Steps below one are divisions, so that 0.3 is 3 ÷ 10 and not 3 × 0.1.
    if power < 0.0 {
        let inverse = 10f64.powf(-power) / factor;
        let (first, last) = ((start * inverse).ceil() as i64, (stop * inverse).floor() as i64);
        (first..=last).map(|k| k as f64 / inverse).collect()
    } else {
        let step = 10f64.powf(power) * factor;
        let (first, last) = ((start / step).ceil() as i64, (stop / step).floor() as i64);
        (first..=last).map(|k| k as f64 * step).collect()
    }
}

/// Decimals that tell neighbouring ticks apart.
pub fn tick_decimals(ticks: &[f64]) -> usize {
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if !step.is_finite() || step >= 1.0 {
        return 0;
    }
    (-(step.log10() + 1e-9).floor()).clamp(0.0, 9.0) as usize
}

/// The domain of some values widened to round limits, with zero in it if `zero` is asked for.
pub fn nice_domain(values: impl IntoIterator<Item = f64>, zero: bool, count: usize) -> (f64, f64) {
    let start = if zero { (0.0, 0.0) } else { (f64::INFINITY, f64::NEG_INFINITY) };
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold(start, |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    if low == high {
        return if low == 0.0 { (0.0, 1.0) } else { (low.min(0.0), high.max(0.0)) };
    }
    // Widening may call for a wider step, which widens again; d3's nice() does the same.
    let (mut low, mut high) = (low, high);
    for _ in 0..10 {
        let [a, b, ..] = ticks(low, high, count)[..] else { break };
        let step = b - a;
        let round = |k: f64| (k * step * 1e9).round() / 1e9;
        let wider = (round((low / step + 1e-9).floor()), round((high / step - 1e-9).ceil()));
        if wider == (low, high) {
            break;
        }
        (low, high) = wider;
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_those_of_d3() {
        // d3-array 3.2.4, d3.ticks(start, stop, count).
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 1.0, 10), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        assert_eq!(ticks(-10.0, 10.0, 4), [-10.0, -5.0, 0.0, 5.0, 10.0]);
        assert_eq!(ticks(0.0, 94_435.0, 5), [0.0, 20_000.0, 40_000.0, 60_000.0, 80_000.0]);
        assert_eq!(ticks(1.0, 1.0, 5), [1.0]);
        assert!(ticks(1.0, 0.0, 5).is_empty());
    }

    #[test]
    fn domains_are_round_and_hold_all_values() {
        assert_eq!(nice_domain([3.0, 97.0], true, 5), (0.0, 100.0));
        assert_eq!(nice_domain([92.0, 131.0], false, 5), (90.0, 140.0));
        // 75 to 210 in steps of 20 would end at 60 and 220, for which the step is 50.
        assert_eq!(nice_domain([75.0, 210.0], false, 5), (50.0, 250.0));
        assert_eq!(nice_domain([f64::NAN], false, 5), (0.0, 1.0));
        assert_eq!(nice_domain([5.0], false, 5), (0.0, 5.0));
    }

    #[test]
    fn decimals_of_ticks() {
        assert_eq!(tick_decimals(&[0.0, 0.2, 0.4]), 1);
        assert_eq!(tick_decimals(&[0.0, 20.0]), 0);
    }
}
