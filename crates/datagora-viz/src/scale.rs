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

/// A logarithmic scale: equal distances are equal ratios. For values above zero.
///
/// ```
/// use datagora_viz::LogScale;
///
/// let scale = LogScale::new((1.0, 1_000.0), (0.0, 300.0)).expect("values above zero");
/// assert!((scale.position(100.0) - 200.0).abs() < 1e-9);
/// assert_eq!(scale.ticks(4), [1.0, 10.0, 100.0, 1_000.0]);
/// assert!(LogScale::new((0.0, 10.0), (0.0, 300.0)).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogScale {
    domain: (f64, f64),
    exponents: LinearScale,
}

impl LogScale {
    /// Maps `domain` onto `range`; `None` unless both ends of the domain are finite and above zero.
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Option<Self> {
        let sound = |end: f64| end.is_finite() && end > 0.0;
        (sound(domain.0) && sound(domain.1)).then(|| Self {
            domain,
            exponents: LinearScale::new((domain.0.log10(), domain.1.log10()), range),
        })
    }

    /// Where a value lies. Zero and below lie infinitely far, values that are NaN nowhere (NaN).
    pub fn position(&self, value: f64) -> f64 {
        self.exponents.position(value.log10())
    }

    /// Lowest and highest value.
    pub fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// Round values within the domain, at most `count` of them where that leaves any: 1, 2 and 5 times powers of ten, else
    /// powers of ten, else every second, third, … power.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        let (low, high) = (self.domain.0.min(self.domain.1), self.domain.0.max(self.domain.1));
        let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let at = |stride: i32, factors: &'static [f64]| -> Vec<f64> {
            let within = powers.clone().filter(|power| power.rem_euclid(stride) == 0);
            // Powers below one as divisions, so that 0.1 is the number nearest to it.
            let ten = |power: i32| if power < 0 { 1.0 / 10f64.powi(-power) } else { 10f64.powi(power) };
            let all = within.flat_map(|power| factors.iter().map(move |factor| factor * ten(power)));
            all.filter(|tick| (low..=high).contains(tick)).collect()
        };
        let fine = at(1, &[1.0, 2.0, 5.0]);
        if fine.len() <= count.max(1) {
            return fine;
        }
        let coarser = (1..=powers.clone().count() as i32).map(|stride| at(stride, &[1.0]));
        coarser
            .into_iter()
            .find(|ticks| ticks.len() <= count.max(1))
            .filter(|t| !t.is_empty())
            .unwrap_or(fine)
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
        assert_eq!(ticks(0.0, 1e-6, 2), [0.0, 5e-7, 1e-6]);
        assert_eq!(ticks(-0.3, 0.3, 6), [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]);
        assert_eq!(ticks(1e6, 3e6, 4), [1e6, 15e5, 2e6, 25e5, 3e6]);
        assert!(ticks(1.0, 0.0, 5).is_empty());
    }

    #[test]
    fn ticks_of_a_logarithmic_scale() {
        let ticks =
            |low, high, count| LogScale::new((low, high), (0.0, 1.0)).expect("above zero").ticks(count);
        assert_eq!(ticks(0.1, 3.0, 6), [0.1, 0.2, 0.5, 1.0, 2.0]);
        assert_eq!(ticks(1.0, 1e6, 4), [1.0, 1e2, 1e4, 1e6]);
        assert_eq!(ticks(3.0, 4.0, 5), Vec::<f64>::new());
        assert_eq!(LogScale::new((f64::NAN, 1.0), (0.0, 1.0)), None);
        let scale = LogScale::new((1.0, 100.0), (0.0, 1.0)).expect("above zero");
        assert_eq!(scale.position(0.0), f64::NEG_INFINITY);
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
