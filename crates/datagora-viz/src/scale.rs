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
            exponents: LinearScale::new((libm::log10(domain.0), libm::log10(domain.1)), range),
        })
    }

    /// Where a value lies. Zero and below lie infinitely far, values that are NaN nowhere (NaN).
    pub fn position(&self, value: f64) -> f64 {
        self.exponents.position(libm::log10(value))
    }

    /// Lowest and highest value.
    pub fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// Round values within the domain, at most `count` of them where that leaves any: 1, 2 and 5 times powers of ten, else
    /// powers of ten, else every second, third, … power. A domain that holds fewer than two of them has the [`ticks`] of a linear
    /// scale.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        let (low, high) = (self.domain.0.min(self.domain.1), self.domain.0.max(self.domain.1));
        let powers = libm::log10(low).floor() as i32..=libm::log10(high).ceil() as i32;
        let at = |stride: i32, factors: &'static [f64]| -> Vec<f64> {
            let within = powers.clone().filter(|power| power.rem_euclid(stride) == 0);
            // Powers below one as divisions, so that 0.1 is the number nearest to it.
            let ten = |factor: f64, power: i32| {
                if power < 0 { factor / 10f64.powi(-power) } else { factor * 10f64.powi(power) }
            };
            let all = within.flat_map(|power| factors.iter().map(move |&factor| ten(factor, power)));
            all.filter(|tick| (low..=high).contains(tick)).collect()
        };
        let fine = at(1, &[1.0, 2.0, 5.0]);
        if fine.len() < 2 {
            return ticks(low, high, count.max(1));
        }
        if fine.len() <= count.max(1) {
            return fine;
        }
        let coarser = (1..=powers.clone().count() as i32).map(|stride| at(stride, &[1.0]));
        coarser
            .into_iter()
            .find(|ticks| ticks.len() <= count.max(1))
            .filter(|ticks| !ticks.is_empty())
            .unwrap_or(fine)
    }
}

/// Round values from `start` to `stop`, about `count` of them: multiples of 1, 2 or 5 times a power of ten.
///
/// None between ends so close, or so far apart, that their steps are no numbers.
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
    if start == stop && start.is_finite() && count > 0 {
        return vec![start];
    }
    let Some(step) = Step::between(start, stop, count) else { return Vec::new() };
    let (first, last) = step.within(start, stop);
    // Among one or two ticks asked for, a wide step may miss the domain.
    if last < first && count < 2 {
        return ticks(start, stop, 2 * count);
    }
    // Where numbers lie farther apart than steps, there is no tick to tell from another.
    if last - first > 10.0 * count as f64 + 10.0 {
        return Vec::new();
    }
    let mut found: Vec<f64> = (0..=(last - first) as i64).map(|k| step.times(first + k as f64)).collect();
    found.dedup();
    found
}

/// A round distance between ticks.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// One and more: ticks are multiples of it.
    Whole(f64),
    /// Below one, as its inverse: ticks are divisions by it, so that 0.3 is 3 ÷ 10 and not 3 × 0.1.
    Part(f64),
}

impl Step {
    /// The step that gives about `count` ticks; `None` for an empty or endless domain.
    fn between(start: f64, stop: f64, count: usize) -> Option<Self> {
        let rough = (stop - start) / count as f64;
        if !(rough.is_finite() && rough > 0.0) {
            return None;
        }
        let power = libm::log10(rough).floor();
        let factor = match rough / libm::pow(10.0, power) {
            e if e >= 50f64.sqrt() => 10.0,
            e if e >= 10f64.sqrt() => 5.0,
            e if e >= 2f64.sqrt() => 2.0,
            _ => 1.0,
        };
        let size =
            if power < 0.0 { libm::pow(10.0, -power) / factor } else { libm::pow(10.0, power) * factor };
        let step = if power < 0.0 { Step::Part(size) } else { Step::Whole(size) };
        (size.is_finite() && size > 0.0).then_some(step)
    }

    /// How many steps a value is from zero.
    fn count(self, value: f64) -> f64 {
        match self {
            Step::Whole(size) => value / size,
            Step::Part(inverse) => value * inverse,
        }
    }

    /// This many steps from zero.
    fn times(self, count: f64) -> f64 {
        match self {
            Step::Whole(size) => count * size,
            Step::Part(inverse) => count / inverse,
        }
    }

    /// The first and the last multiple within a domain; rounding to the nearest before looking beyond the ends keeps ends that
    /// are ticks themselves.
    fn within(self, start: f64, stop: f64) -> (f64, f64) {
        let (first, last) = (self.count(start).round(), self.count(stop).round());
        let first = if self.times(first) < start { first + 1.0 } else { first };
        let last = if self.times(last) > stop { last - 1.0 } else { last };
        (first, last)
    }
}

/// Decimals that tell neighbouring ticks apart, and write each within a hundredth of the smallest step.
///
/// ```
/// use datagora_viz::tick_decimals;
///
/// assert_eq!(tick_decimals(&[0.0, 0.2, 0.4]), 1);
/// assert_eq!(tick_decimals(&[0.0, 0.25, 0.5]), 2);
/// ```
pub fn tick_decimals(ticks: &[f64]) -> usize {
    /// A number has no more digits than these.
    const MOST: usize = 15;
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if !(step.is_finite() && step > 0.0) {
        return 0;
    }
    let fewest = (-(libm::log10(step) + 1e-9).floor()).clamp(0.0, MOST as f64) as usize;
    let written = |decimals: &usize| {
        let unit = 10f64.powi(*decimals as i32);
        ticks.iter().all(|tick| ((tick * unit).round() / unit - tick).abs() <= 0.01 * step)
    };
    (fewest..=MOST).find(written).unwrap_or(fewest)
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
        let Some(step) = Step::between(low, high, count) else { break };
        let (first, last) = (step.count(low), step.count(high));
        // An end that is a tick but for its last digits stays.
        let slack = |steps: f64| 1e-9 * steps.abs().max(1.0);
        let wider = (step.times((first + slack(first)).floor()), step.times((last - slack(last)).ceil()));
        if !(wider.0.is_finite() && wider.1.is_finite()) || wider == (low, high) {
            break;
        }
        (low, high) = wider;
    }
    (low, high)
}

/// The largest of 1, 2 and 5 times a power of ten that is not above an amount.
fn round_below(amount: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(amount).floor());
    let digit = [5.0, 2.0, 1.0].into_iter().find(|digit| digit * power <= amount * (1.0 + 1e-9));
    digit.unwrap_or(1.0) * power
}

/// Shares of the largest circle that show how surfaces grow.
pub(crate) const OF_SURFACE: [f64; 3] = [1.0, 0.25, 0.05];
/// Shares of the widest line that show how widths grow.
#[cfg(feature = "maps")]
pub(crate) const OF_WIDTH: [f64; 3] = [1.0, 0.5, 0.2];

/// Round amounts near these shares of the largest.
pub(crate) fn round_amounts(largest: f64, shares: [f64; 3]) -> Vec<f64> {
    if !(largest.is_finite() && largest > 0.0) {
        return Vec::new();
    }
    let mut amounts = shares.map(|share| round_below(largest * share)).to_vec();
    amounts.dedup();
    amounts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Domain and count; ticks; round domain.
    type Reference = ((f64, f64, usize), &'static [f64], (f64, f64));

    /// d3-array 3.2.5, `ticks(start, stop, count)`; d3-scale 4.0.3, `scaleLinear().domain([start, stop]).nice(count).domain()`.
    const D3: [Reference; 30] = [
        ((0.0, 1.0, 5), &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0], (0.0, 1.0)),
        ((0.0, 1.1, 10), &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1], (0.0, 1.1)),
        ((0.0, 97.0, 5), &[0.0, 20.0, 40.0, 60.0, 80.0], (0.0, 100.0)),
        ((3.0, 97.0, 5), &[20.0, 40.0, 60.0, 80.0], (0.0, 100.0)),
        ((92.0, 131.0, 5), &[100.0, 110.0, 120.0, 130.0], (90.0, 140.0)),
        ((75.0, 210.0, 5), &[80.0, 100.0, 120.0, 140.0, 160.0, 180.0, 200.0], (50.0, 250.0)),
        ((-10.0, 10.0, 4), &[-10.0, -5.0, 0.0, 5.0, 10.0], (-10.0, 10.0)),
        ((-37.2, -4.1, 5), &[-35.0, -30.0, -25.0, -20.0, -15.0, -10.0, -5.0], (-40.0, 0.0)),
        ((-0.3, 0.3, 6), &[-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3], (-0.3, 0.3)),
        ((0.1, 0.7, 6), &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], (0.1, 0.7)),
        ((0.3, 0.9, 3), &[0.4, 0.6, 0.8], (0.2, 1.0)),
        ((-1e-09, 4e-09, 5), &[-1e-09, 0.0, 1e-09, 2e-09, 3e-09, 4e-09], (-1e-09, 4e-09)),
        ((0.0, 1e-12, 4), &[0.0, 2e-13, 4e-13, 6e-13, 8e-13, 1e-12], (0.0, 1e-12)),
        ((2.3e-20, 7.9e-20, 5), &[3e-20, 4e-20, 5e-20, 6e-20, 7e-20], (2e-20, 8e-20)),
        ((0.0, 94435.0, 5), &[0.0, 20000.0, 40000.0, 60000.0, 80000.0], (0.0, 100_000.0)),
        (
            (1_000_000.0, 3_000_000.0, 4),
            &[1_000_000.0, 1_500_000.0, 2_000_000.0, 2_500_000.0, 3_000_000.0],
            (1_000_000.0, 3_000_000.0),
        ),
        (
            (0.0, 7_300_000_000_000.0, 5),
            &[0.0, 2_000_000_000_000.0, 4_000_000_000_000.0, 6_000_000_000_000.0],
            (0.0, 8_000_000_000_000.0),
        ),
        (
            (-2_000_000_000_000_000.0, 6_100_000_000_000_000.0, 8),
            &[
                -2_000_000_000_000_000.0,
                -1_000_000_000_000_000.0,
                0.0,
                1_000_000_000_000_000.0,
                2_000_000_000_000_000.0,
                3_000_000_000_000_000.0,
                4_000_000_000_000_000.0,
                5_000_000_000_000_000.0,
                6_000_000_000_000_000.0,
            ],
            (-2_000_000_000_000_000.0, 7_000_000_000_000_000.0),
        ),
        ((1e+22, 9.3e+22, 5), &[2e+22, 4e+22, 6e+22, 8e+22], (0.0, 1e+23)),
        (
            (999_999.0, 1_000_001.0, 5),
            &[999_999.0, 999999.5, 1_000_000.0, 1000000.5, 1_000_001.0],
            (999_999.0, 1_000_001.0),
        ),
        (
            (100.001, 100.002, 4),
            &[100.001, 100.0012, 100.0014, 100.0016, 100.0018, 100.002],
            (100.001, 100.002),
        ),
        ((-0.000123, 0.000456, 6), &[-0.0001, 0.0, 0.0001, 0.0002, 0.0003, 0.0004], (-0.0002, 0.0005)),
        ((0.0, 0.99999, 5), &[0.0, 0.2, 0.4, 0.6, 0.8], (0.0, 1.0)),
        ((0.0, 1.0, 1), &[0.0, 1.0], (0.0, 1.0)),
        ((2.0, 3.0, 1), &[2.0, 3.0], (2.0, 3.0)),
        ((17.0, 19.0, 2), &[17.0, 18.0, 19.0], (17.0, 19.0)),
        ((1.5, 1.6, 1), &[1.5, 1.6], (1.5, 1.6)),
        ((0.0, 1e+300, 5), &[0.0, 2e+299, 4e+299, 6e+299, 8e+299, 1e+300], (0.0, 1e+300)),
        (
            (1234.5678, 1234.6, 5),
            &[1234.57, 1234.575, 1234.58, 1234.585, 1234.59, 1234.595, 1234.6],
            (1234.565, 1234.6),
        ),
        ((-5.0, 0.0, 3), &[-4.0, -2.0, 0.0], (-6.0, 0.0)),
    ];

    #[test]
    fn amounts_are_round_and_fall() {
        assert_eq!(round_amounts(4_287.0, OF_SURFACE), [2000.0, 1000.0, 200.0]);
        assert_eq!(round_amounts(0.7, OF_SURFACE), [0.5, 0.1, 0.02]);
        assert_eq!(round_amounts(63_755.0, [1.0, 0.5, 0.2]), [50_000.0, 20_000.0, 10_000.0]);
        assert!(round_amounts(0.0, OF_SURFACE).is_empty());
    }

    #[test]
    fn ticks_and_domains_are_those_of_d3() {
        // Divisions may differ in the last digit.
        let near = |a: f64, b: f64| (a - b).abs() <= 4.0 * f64::EPSILON * a.abs().max(b.abs());
        for ((start, stop, count), expected, nice) in D3 {
            let found = ticks(start, stop, count);
            let same = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| near(*a, *b));
            assert!(same, "{start} to {stop}, {count}: {found:?}, d3 has {expected:?}");
            let (low, high) = nice_domain([start, stop], false, count);
            assert!(
                near(low, nice.0) && near(high, nice.1),
                "{start} to {stop}: {low} to {high}, d3 has {nice:?}"
            );
        }
        assert_eq!(ticks(1.0, 1.0, 5), [1.0]);
        for (start, stop) in
            [(1.0, 0.0), (f64::NAN, 1.0), (f64::MIN, f64::MAX), (0.0, f64::INFINITY), (-8.1e-309, 0.0)]
        {
            assert!(ticks(start, stop, 5).is_empty(), "{start} to {stop}");
        }
    }

    #[test]
    fn ticks_of_a_logarithmic_scale() {
        let ticks =
            |low, high, count| LogScale::new((low, high), (0.0, 1.0)).expect("above zero").ticks(count);
        assert_eq!(ticks(0.1, 3.0, 6), [0.1, 0.2, 0.5, 1.0, 2.0]);
        assert_eq!(ticks(1.0, 1e6, 4), [1.0, 1e2, 1e4, 1e6]);
        assert_eq!(ticks(3.0, 4.0, 5), [3.0, 3.2, 3.4, 3.6, 3.8, 4.0]);
        assert_eq!(LogScale::new((f64::NAN, 1.0), (0.0, 1.0)), None);
        let scale = LogScale::new((1.0, 100.0), (0.0, 1.0)).expect("above zero");
        assert_eq!(scale.position(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn ticks_of_logarithmic_scales_are_among_those_of_d3() {
        // d3-scale 4.0.3, scaleLog().domain([low, high]).ticks(count): 1, 2, 3, … 9 times powers of ten, of which it names some.
        let d3: [(_, &[f64]); 7] = [
            ((0.1, 3.0, 6), &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 2.0, 3.0]),
            ((1.0, 1_000_000.0, 4), &[1.0, 100.0, 10000.0, 1_000_000.0]),
            ((3.0, 4.0, 5), &[3.0, 3.2, 3.4, 3.6, 3.8, 4.0]),
            ((2.0, 9.0, 10), &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]),
            ((1e-09, 0.001, 4), &[1e-08, 1e-06, 0.0001]),
            (
                (1.0, 1_000_000_000_000.0, 7),
                &[1.0, 100.0, 10000.0, 1_000_000.0, 100_000_000.0, 10_000_000_000.0, 1_000_000_000_000.0],
            ),
            ((0.5, 0.9, 4), &[0.5, 0.6, 0.7, 0.8, 0.9]),
        ];
        for ((low, high, count), expected) in d3 {
            let found = LogScale::new((low, high), (0.0, 1.0)).expect("above zero").ticks(count);
            let among = |tick: &f64| expected.iter().any(|other| (tick - other).abs() <= 1e-12 * tick);
            assert!(found.len() > 1 && found.iter().all(among), "{low} to {high}: {found:?}, {expected:?}");
        }
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
        assert_eq!(tick_decimals(&[0.0, 2e-13, 4e-13]), 13);
        assert_eq!(tick_decimals(&[0.0, 0.25, 1.0]), 2);
        assert_eq!(tick_decimals(&[100.5, 101.5]), 1);
        assert_eq!(tick_decimals(&[0.0, 0.2, 0.4]), 1);
        assert_eq!(tick_decimals(&[0.0, 20.0]), 0);
    }
}
