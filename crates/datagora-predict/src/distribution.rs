//! Quantiles and probabilities of the distributions that intervals and tests need.

/// Quantile of the standard normal distribution, relative error below 1.2e-9.
///
/// Acklam, P. J. (2003). An algorithm for computing the inverse normal cumulative distribution function.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 6] = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 5] =
        [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0];
    let horner = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, c| sum * x + c);
    if p < 0.02425 {
        let q = (-2.0 * p.ln()).sqrt();
        horner(&C, q) / horner(&D, q)
    } else if p > 1.0 - 0.02425 {
        -normal_quantile(1.0 - p)
    } else {
        let q = p - 0.5;
        q * horner(&A, q * q) / horner(&B, q * q)
    }
}

/// Quantile of Student's t by its expansion about the normal one (Abramowitz and Stegun, 26.7.5, three terms).
pub(crate) fn student_quantile(p: f64, freedom: f64) -> f64 {
    let (z, v) = (normal_quantile(p), freedom);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * v)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * v * v * v)
}

/// Density of the standard normal distribution.
pub(crate) fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

/// Probability that a standard normal value is at most `z`.
pub(crate) fn normal_probability(z: f64) -> f64 {
    let tail = 0.5 * upper_gamma(0.5, 0.5 * z * z);
    if z < 0.0 { tail } else { 1.0 - tail }
}

/// Probability that a normal value is further from 0 than `z`, on either side.
pub(crate) fn normal_two_sided(z: f64) -> f64 {
    upper_gamma(0.5, 0.5 * z * z)
}

/// Probability that a chi-squared value of `freedom` degrees exceeds `x`.
pub(crate) fn chi_squared_tail(x: f64, freedom: f64) -> f64 {
    upper_gamma(0.5 * freedom, 0.5 * x)
}

/// Probability that Student's t of `freedom` degrees is further from 0 than `t`, on either side.
pub(crate) fn student_two_sided(t: f64, freedom: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t))
}

/// Probability of at least `heads` heads in `tosses` of a fair coin.
pub(crate) fn binomial_tail(heads: usize, tosses: usize) -> f64 {
    if heads == 0 { 1.0 } else { incomplete_beta(heads as f64, (tosses - heads) as f64 + 1.0, 0.5) }
}

/// ln Γ(x) for x > 0, relative error near 1e-15.
///
/// Lanczos, C. (1964). A precision approximation of the gamma function. SIAM J. Numer. Anal. B 1, 86–96; coefficients
/// for g = 7, n = 9 of Godfrey (2001).
fn ln_gamma(x: f64) -> f64 {
    const C: [f64; 9] = [
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
    if x < 0.5 {
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let base = x + 7.5;
    let sum = C.iter().enumerate().skip(1).fold(C[0], |sum, (i, c)| sum + c / (x + i as f64));
    0.5 * std::f64::consts::TAU.ln() + (x + 0.5) * base.ln() - base + sum.ln()
}

/// The regularised upper incomplete gamma function Q(a, x): its series below a + 1, its continued fraction (Lentz)
/// above (Abramowitz and Stegun, 6.5.29 and 6.5.31).
fn upper_gamma(a: f64, x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return if x.is_nan() { x } else { 1.0 };
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for k in 1..1_000 {
            term *= x / (a + f64::from(k));
            sum += term;
            if term < 1e-17 * sum {
                break;
            }
        }
        (1.0 - front * sum).max(0.0)
    } else {
        let mut b = x + 1.0 - a;
        let (mut c, mut d) = (1e300, 1.0 / b);
        let mut h = d;
        for k in 1..1_000 {
            let k = f64::from(k);
            let numerator = -k * (k - a);
            b += 2.0;
            d = 1.0 / (numerator * d + b);
            c = b + numerator / c;
            h *= c * d;
            if (c * d - 1.0).abs() < 1e-16 {
                break;
            }
        }
        front * h
    }
}

/// The regularised incomplete beta function by its continued fraction (Abramowitz and Stegun, 26.5.8; Lentz).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return if x.is_nan() { x } else { 0.0 };
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    let (mut c, mut d) = (1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..1_000 {
        let m = f64::from(m);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / (1.0 + numerator * d);
            c = 1.0 + numerator / c;
            h *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-8);
        assert!((normal_quantile(0.01) + 2.326347874040841).abs() < 1e-8);
        assert!((student_quantile(0.975, 10.0) - 2.228138852).abs() < 2e-3);
        assert!((student_quantile(0.9, 30.0) - 1.310415025).abs() < 1e-5);
    }

    /// Abramowitz and Stegun, tables 26.1, 26.8 and 26.10, and closed forms.
    #[test]
    fn probabilities_are_those_of_the_tables() {
        assert!((normal_probability(1.959963984540054) - 0.975).abs() < 1e-13);
        assert!((normal_probability(-3.0) - 0.001_349_898_031_630_095).abs() < 1e-15);
        assert!((normal_two_sided(1.0) - 0.317_310_507_862_914).abs() < 1e-13);
        assert!((student_two_sided(1.0, 1.0) - 0.5).abs() < 1e-13);
        assert!((student_two_sided(2.228138851964939, 10.0) - 0.05).abs() < 1e-11);
        assert!((chi_squared_tail(2.0, 2.0) - (-1.0f64).exp()).abs() < 1e-14);
        assert!((chi_squared_tail(3.841458820694124, 1.0) - 0.05).abs() < 1e-12);
        assert!((ln_gamma(10.0) - 362_880f64.ln()).abs() < 1e-12);
        for p in [0.001, 0.2, 0.5, 0.9, 0.999] {
            assert!((normal_probability(normal_quantile(p)) - p).abs() < 1e-9);
        }
    }
}
