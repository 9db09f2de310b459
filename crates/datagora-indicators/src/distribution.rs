//! Exact confidence limits for counts and shares, and Student's quantile.
use datagora_core::Interval;

/// Logarithm of the gamma function, for positive arguments; relative error below 1e-13.
///
/// Lanczos's approximation with g = 7 and nine coefficients.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    // Coefficients of Godfrey (2001) for g = 7, n = 9.
    const LANCZOS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let shifted = x - 1.0;
    let mut sum = LANCZOS[0];
    for (i, coefficient) in LANCZOS.iter().enumerate().skip(1) {
        sum += coefficient / (shifted + i as f64);
    }
    let t = shifted + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (shifted + 0.5) * t.ln() - t + sum.ln()
}

/// Regularised incomplete beta function, by its continued fraction.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    // The fraction converges quickly on one side of the mean only: use the symmetry for the other.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - front * beta_fraction(1.0 - x, b, a) / b;
    }
    front * beta_fraction(x, a, b) / a
}

/// The continued fraction of the incomplete beta function, evaluated by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// Probability of at most `successes` among `trials` independent ones.
pub(crate) fn binomial_at_most(successes: u64, trials: u64, probability: f64) -> f64 {
    if successes >= trials {
        return 1.0;
    }
    incomplete_beta(1.0 - probability, (trials - successes) as f64, successes as f64 + 1.0)
}

/// Regularised lower incomplete gamma function: series below `a + 1`, continued fraction above.
fn incomplete_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut k) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-16 {
            k += 1.0;
            term *= x / k;
            sum += term;
        }
        return front * sum;
    }
    let mut b = x + 1.0 - a;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for step in 1..100_000 {
        let i = f64::from(step);
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    1.0 - front * fraction
}

/// Probability that a standard normal number is at most `z`, to about 15 digits.
///
/// Hart, J. F. et al. (1968). *Computer Approximations*, algorithm 5666, in the form of West, G. (2005). Better
/// approximations to cumulative normal functions. Wilmott Magazine, May, 70–76.
pub(crate) fn normal_at_most(z: f64) -> f64 {
    const ABOVE: [f64; 7] = [
        3.526_249_659_989_11e-2,
        0.700_383_064_443_688,
        6.373_962_203_531_65,
        33.912_866_078_383,
        112.079_291_497_871,
        221.213_596_169_931,
        220.206_867_912_376,
    ];
    const BELOW: [f64; 8] = [
        8.838_834_764_831_84e-2,
        1.755_667_163_182_64,
        16.064_177_579_207,
        86.780_732_202_946_1,
        296.564_248_779_674,
        637.333_633_378_831,
        793.826_512_519_948,
        440.413_735_824_752,
    ];
    let reach = z.abs();
    let horner = |terms: &[f64]| terms.iter().fold(0.0, |sum, term| sum * reach + term);
    let tail = if reach > 37.0 {
        0.0
    } else if reach < 50.0_f64.sqrt() {
        (-0.5 * reach * reach).exp() * horner(&ABOVE) / horner(&BELOW)
    } else {
        let fraction = [4.0, 3.0, 2.0, 1.0].iter().fold(reach + 0.65, |sum, term| reach + term / sum);
        (-0.5 * reach * reach).exp() / (fraction * std::f64::consts::TAU.sqrt())
    };
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// Where an increasing function reaches `target` between two ends, by bisection down to the last bit.
fn inverse(mut low: f64, mut high: f64, target: f64, increasing: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if increasing(middle) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// How many standard errors an interval of this level reaches to either side of an estimate with so many degrees of
/// freedom: Student's quantile.
pub(crate) fn student_reach(level: f64, degrees: f64) -> f64 {
    student_quantile(0.5 + 0.5 * level, degrees)
}

/// How many standard errors an interval of this level reaches to either side of an estimate with a normal error.
pub(crate) fn normal_reach(level: f64) -> f64 {
    // Half the square of a standard normal variable is gamma distributed with shape 1/2; beyond 39 deviations nothing is left.
    (2.0 * inverse(0.0, 760.0, level, |x| incomplete_gamma(0.5, x))).sqrt()
}

/// Quantile of Student's distribution, for a probability of at least one half.
fn student_quantile(probability: f64, degrees: f64) -> f64 {
    let cdf = |t: f64| 1.0 - 0.5 * incomplete_beta(degrees / (degrees + t * t), degrees / 2.0, 0.5);
    let mut high = 2.0;
    while cdf(high) < probability && high < 1e12 {
        high *= 2.0;
    }
    inverse(0.0, high, probability, cdf)
}

/// Exact confidence interval of a share, from a number of successes among trials (Clopper and Pearson).
///
/// Guaranteed to cover with at least `level`; wider than needed for few trials, which is the honest side.
///
/// # Shapes and units
///
/// Two counts → bounds between 0 and 1. No trials → the interval from 0 to 1: nothing is known.
///
/// # Example
///
/// ```
/// let interval = datagora_indicators::binomial_interval(8, 20, 0.95);
/// assert!((interval.lower - 0.191_19).abs() < 1e-5 && (interval.upper - 0.639_46).abs() < 1e-5);
/// ```
///
/// # References
///
/// Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of
/// the binomial. Biometrika 26, 404–413. doi:10.1093/biomet/26.4.404
pub fn binomial_interval(successes: u64, trials: u64, level: f64) -> Interval {
    let (x, n) = (successes.min(trials) as f64, trials as f64);
    let tail = 0.5 * (1.0 - level);
    let lower = if x == 0.0 { 0.0 } else { inverse(0.0, 1.0, tail, |p| incomplete_beta(p, x, n - x + 1.0)) };
    let upper =
        if x == n { 1.0 } else { inverse(0.0, 1.0, 1.0 - tail, |p| incomplete_beta(p, x + 1.0, n - x)) };
    Interval { lower, upper, level: Some(level) }
}

/// Exact confidence interval of the mean of a Poisson count (Garwood).
///
/// For small counts of independent events: accidents, openings of establishments. A complete register such as a
/// tree inventory is not a sample, its count needs no such interval.
///
/// # Example
///
/// ```
/// let interval = datagora_indicators::poisson_interval(10, 0.95);
/// assert!((interval.lower - 4.795_4).abs() < 1e-4 && (interval.upper - 18.390_4).abs() < 1e-4);
/// ```
///
/// # References
///
/// Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437–442.
/// doi:10.1093/biomet/28.3-4.437
pub fn poisson_interval(count: u64, level: f64) -> Interval {
    let x = count as f64;
    let tail = 0.5 * (1.0 - level);
    let far = 10.0 * (x + 10.0) / (1.0 - level).max(1e-3);
    let lower = if x == 0.0 { 0.0 } else { inverse(0.0, far, tail, |mean| incomplete_gamma(x, mean)) };
    let upper = inverse(0.0, far, 1.0 - tail, |mean| incomplete_gamma(x + 1.0, mean));
    Interval { lower, upper, level: Some(level) }
}

/// Interval of a positive quantity of this mean and standard deviation, by the gamma distribution.
///
/// With a shape `k = (mean / deviation)²` above a thousand by Wilson and Hilferty's cube root, whose error is then below 1e-5
/// of the mean.
pub(crate) fn gamma_interval(mean: f64, deviation: f64, level: f64) -> Interval {
    let shape = (mean / deviation).powi(2);
    let at = |probability: f64| {
        if !(mean > 0.0 && deviation > 0.0) {
            return mean;
        }
        if shape > 1_000.0 {
            let normal = student_quantile(0.5 + (probability - 0.5).abs(), 1e9).copysign(probability - 0.5);
            return mean * (1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * shape.sqrt())).powi(3);
        }
        let far = shape + 20.0 * shape.sqrt() + 40.0 / (1.0 - level).max(1e-3);
        inverse(0.0, far, probability, |x| incomplete_gamma(shape, x)) * mean / shape
    };
    Interval { lower: at(0.5 - 0.5 * level), upper: at(0.5 + 0.5 * level), level: Some(level) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{found} is not {wanted}");
    }

    /// Abramowitz and Stegun (1964), table 26.5.
    #[test]
    fn normal_reaches_are_those_of_the_table() {
        for (level, reach) in
            [(0.5, 0.674_489_75), (0.9, 1.644_853_63), (0.95, 1.959_963_98), (0.99, 2.575_829_30)]
        {
            assert!((normal_reach(level) - reach).abs() < 1e-8, "{level}");
        }
    }

    #[test]
    fn student_quantiles_are_those_of_the_closed_forms() {
        // One degree of freedom is Cauchy's distribution, two have t = (2p − 1)·√(2 / (1 − (2p − 1)²)).
        close(student_quantile(0.975, 1.0), (std::f64::consts::PI * 0.475).tan());
        close(student_quantile(0.975, 2.0), 0.95 * (2.0_f64 / (1.0 - 0.95 * 0.95)).sqrt());
        // R 4.2.2: qt(0.975, 30), qt(0.95, 5); the normal limit qnorm(0.975) for many degrees.
        close(student_quantile(0.975, 30.0), 2.042_272_456_301_238);
        close(student_quantile(0.95, 5.0), 2.015_048_372_669_157);
        assert!((student_quantile(0.975, 1e7) - 1.959_964).abs() < 1e-5);
    }

    #[test]
    fn normal_probabilities_are_those_of_the_gamma_function() {
        for step in -800..=800 {
            let z = f64::from(step) * 0.01;
            // P(Z² < z²) is the incomplete gamma function of 1/2.
            let within = incomplete_gamma(0.5, 0.5 * z * z);
            let wanted = 0.5 + 0.5 * within.copysign(z);
            assert!((normal_at_most(z) - wanted).abs() < 2e-15, "{z}: {} {wanted}", normal_at_most(z));
        }
        assert_eq!((normal_at_most(0.0), normal_at_most(f64::INFINITY)), (0.5, 1.0));
        assert_eq!(normal_at_most(f64::NEG_INFINITY), 0.0);
        // scipy 1.17.1: norm.cdf(-10).
        assert!((normal_at_most(-10.0) / 7.619_853_024_160_525e-24 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn limits_at_the_ends_are_the_closed_forms() {
        // None of n: upper limit 1 − (α/2)^(1/n); no event: −ln(α/2).
        close(binomial_interval(0, 30, 0.95).upper, 1.0 - 0.025_f64.powf(1.0 / 30.0));
        close(binomial_interval(30, 30, 0.95).lower, 0.025_f64.powf(1.0 / 30.0));
        close(poisson_interval(0, 0.95).upper, -(0.025_f64.ln()));
        assert_eq!(binomial_interval(0, 0, 0.95), Interval { lower: 0.0, upper: 1.0, level: Some(0.95) });
    }

    #[test]
    fn binomial_probabilities_add_up() {
        // 10 trials at 0.3: 0.7^10, and with one success 10·0.3·0.7^9 more.
        close(binomial_at_most(0, 10, 0.3), 0.7_f64.powi(10));
        close(binomial_at_most(1, 10, 0.3), 0.7_f64.powi(10) + 3.0 * 0.7_f64.powi(9));
        assert_eq!((binomial_at_most(10, 10, 0.3), binomial_at_most(0, 0, 0.5)), (1.0, 1.0));
    }

    #[test]
    fn large_counts_keep_their_precision() {
        let interval = binomial_interval(400_000, 1_000_000, 0.95);
        // Normal approximation: 0.4 ± 1.96·√(0.24/10⁶).
        assert!((interval.lower - 0.399_04).abs() < 2e-6 && (interval.upper - 0.400_96).abs() < 2e-6);
        let interval = poisson_interval(1_000_000, 0.95);
        assert!((interval.lower - 998_041.0).abs() < 3.0 && (interval.upper - 1_001_961.9).abs() < 3.0);
    }

    #[test]
    fn gamma_intervals_are_those_of_the_exponential_and_the_normal() {
        // Of shape 1: −ln(1 − p).
        let found = gamma_interval(2.0, 2.0, 0.9);
        close(found.lower, -2.0 * 0.95_f64.ln());
        close(found.upper, -2.0 * 0.05_f64.ln());
        // Both sides of the change of method, and the limit of large shapes.
        let (below, above) = (
            gamma_interval(1.0, 999.9_f64.powf(-0.5), 0.95),
            gamma_interval(1.0, 1_000.1_f64.powf(-0.5), 0.95),
        );
        assert!((below.lower - above.lower).abs() < 1e-5 && (below.upper - above.upper).abs() < 1e-5);
        let wide = gamma_interval(1e6, 10.0, 0.95);
        assert!((wide.upper - 1e6 - 19.6).abs() < 0.01 && (1e6 - wide.lower - 19.6).abs() < 0.01);
        assert_eq!(gamma_interval(3.0, 0.0, 0.9), Interval { lower: 3.0, upper: 3.0, level: Some(0.9) });
        assert_eq!(gamma_interval(0.0, 0.0, 0.9).upper, 0.0);
    }

    #[test]
    fn gamma_of_whole_numbers_is_the_factorial() {
        close(ln_gamma(11.0), 3_628_800_f64.ln());
        close(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
    }
}
