//! Least squares, with standard errors that hold for series.
use crate::distribution::student_reach;

/// A fitted linear model with errors robust against heteroscedasticity and autocorrelation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Regression {
    pub(crate) coefficients: Vec<f64>,
    /// Newey–West standard errors.
    pub(crate) errors: Vec<f64>,
    pub(crate) residuals: Vec<f64>,
    pub(crate) r_squared: f64,
    /// Observations less coefficients.
    pub(crate) degrees: usize,
}

/// What stops a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// No more observations than coefficients.
    TooFew,
    /// This column is a combination of those before it.
    Collinear(usize),
}

impl Regression {
    /// Fits `y` on columns by Householder's QR decomposition.
    ///
    /// `at` is the increasing position in time of each observation: where some are missing between two, the products at a
    /// lag are those of observations truly that far apart (Parzen 1963, amplitude modulation). Bartlett weights
    /// `1 − l / (lag + 1)` up to `lag`, and the factor `n / (n − k)` for few observations.
    ///
    /// Newey, W. K. and West, K. D. (1987). Econometrica 55, 703–708. doi:10.2307/1913610
    pub(crate) fn fit(columns: &[Vec<f64>], y: &[f64], at: &[i64], lag: usize) -> Result<Self, Unfit> {
        let (n, k) = (y.len(), columns.len());
        if n <= k {
            return Err(Unfit::TooFew);
        }
        let (r, qty) = decompose(columns, y)?;
        let mut coefficients = vec![0.0; k];
        for i in (0..k).rev() {
            let known: f64 = (i + 1..k).map(|j| r[j][i] * coefficients[j]).sum();
            coefficients[i] = (qty[i] - known) / r[i][i];
        }
        let residuals: Vec<f64> = (0..n)
            .map(|t| y[t] - columns.iter().zip(&coefficients).map(|(column, b)| column[t] * b).sum::<f64>())
            .collect();
        let mean = y.iter().sum::<f64>() / n as f64;
        let total: f64 = y.iter().map(|value| (value - mean).powi(2)).sum();
        let left: f64 = residuals.iter().map(|residual| residual * residual).sum();
        let errors = newey_west(columns, &residuals, at, lag, &r);
        Ok(Self { coefficients, errors, residuals, r_squared: 1.0 - left / total, degrees: n - k })
    }

    /// Half the width of the interval of a coefficient: Student's quantile times its robust error.
    pub(crate) fn reach(&self, coefficient: usize, level: f64) -> f64 {
        student_reach(level, self.degrees as f64) * self.errors[coefficient]
    }
}

/// The rule of thumb for the lag: `⌊4 (n / 100)^(2/9)⌋`, Newey and West (1994), Rev. Econ. Stud. 61, 631–653.
pub(crate) fn rule_of_thumb_lag(observations: usize) -> usize {
    (4.0 * (observations as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize
}

/// Columns of the upper triangle `R`, and the first entries of `Qᵀ y`.
fn decompose(columns: &[Vec<f64>], y: &[f64]) -> Result<(Vec<Vec<f64>>, Vec<f64>), Unfit> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut work = columns.to_vec();
    let mut y = y.to_vec();
    for i in 0..work.len() {
        let size = dot(&columns[i], &columns[i]).sqrt();
        let norm = dot(&work[i][i..], &work[i][i..]).sqrt();
        // What is left of the column beside those before it is rounding.
        if norm.is_nan() || norm <= 1e-10 * size {
            return Err(Unfit::Collinear(i));
        }
        let diagonal = if work[i][i] > 0.0 { -norm } else { norm };
        let mut mirror = work[i][i..].to_vec();
        mirror[0] -= diagonal;
        let square = dot(&mirror, &mirror);
        let reflect = |column: &mut [f64]| {
            let scale = 2.0 * dot(&mirror, &column[i..]) / square;
            column[i..].iter_mut().zip(&mirror).for_each(|(value, m)| *value -= scale * m);
        };
        work[i..].iter_mut().for_each(|column| reflect(column));
        reflect(&mut y);
    }
    Ok((work, y))
}

/// Standard errors of the coefficients.
fn newey_west(columns: &[Vec<f64>], residuals: &[f64], at: &[i64], lag: usize, r: &[Vec<f64>]) -> Vec<f64> {
    let (n, k) = (residuals.len(), columns.len());
    let score = |t: usize, i: usize| columns[i][t] * residuals[t];
    let mut middle = vec![vec![0.0; k]; k];
    for distance in 0..=lag {
        let weight = 1.0 - distance as f64 / (lag as f64 + 1.0);
        let mut earlier = 0;
        for t in 0..n {
            while at[earlier] < at[t] - distance as i64 {
                earlier += 1;
            }
            if at[earlier] != at[t] - distance as i64 {
                continue;
            }
            for (i, row) in middle.iter_mut().enumerate() {
                for (j, sum) in row.iter_mut().enumerate() {
                    let product = score(t, i) * score(earlier, j);
                    let turned = if distance > 0 { score(earlier, i) * score(t, j) } else { 0.0 };
                    *sum += weight * (product + turned);
                }
            }
        }
    }
    // The i-th row of the inverse of XᵀX = RᵀR, by solving with both triangles.
    let inverse_row = |i: usize| {
        let mut row = vec![0.0; k];
        for a in 0..k {
            let known: f64 = (0..a).map(|b| r[a][b] * row[b]).sum();
            row[a] = (f64::from(u8::from(a == i)) - known) / r[a][a];
        }
        for a in (0..k).rev() {
            let known: f64 = (a + 1..k).map(|b| r[b][a] * row[b]).sum();
            row[a] = (row[a] - known) / r[a][a];
        }
        row
    };
    let correction = n as f64 / (n - k) as f64;
    (0..k)
        .map(|i| {
            let row = inverse_row(i);
            let sum = |a: usize| row.iter().zip(&middle[a]).map(|(x, m)| x * m).sum::<f64>();
            let variance: f64 = (0..k).map(|a| row[a] * sum(a)).sum();
            (correction * variance).max(0.0).sqrt()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // statsmodels 0.15.0: OLS(y, X).fit(cov_type="HAC", cov_kwds=dict(maxlags=lag, use_correction=True)) of `series`; with
    // gaps numpy 2.4.6, scores of missing observations as 0. Tolerance 1e-10.
    const WANTED: [f64; 3] = [7.473_176_780_973_241, 0.589_375_439_724_301_4, -0.324_644_884_593_175_4];
    const WANTED_R_SQUARED: f64 = 0.847_996_281_339_389_1;
    const WANTED_ERRORS: [(usize, [f64; 3]); 2] = [
        (0, [1.410_333_225_480_697, 0.042_983_849_487_365_37, 0.087_209_340_310_927_85]),
        (3, [2.216_857_271_206_184, 0.066_355_054_293_023_31, 0.113_956_802_882_403_8]),
    ];
    const WANTED_WITH_GAPS: [f64; 3] =
        [2.341_265_388_738_671_4, 0.070_650_308_022_117_28, 0.127_225_432_772_996_67];

    /// A trend with a disturbance that repeats itself, without random numbers.
    fn series() -> (Vec<Vec<f64>>, Vec<f64>) {
        let n = 40;
        let x: Vec<f64> = (0..n).map(f64::from).collect();
        let z: Vec<f64> = (0..n).map(|i| f64::from(i * i % 17)).collect();
        let y = (0..n)
            .map(|i| 3.0 + 0.5 * f64::from(i) + f64::from(i / 5 * 7 % 11) - 0.2 * f64::from(i * i % 17));
        (vec![vec![1.0; n as usize], x, z], y.collect())
    }

    #[test]
    fn coefficients_and_robust_errors_are_those_of_statsmodels() {
        let (columns, y) = series();
        let at: Vec<i64> = (0..40).collect();
        for (lag, errors) in WANTED_ERRORS {
            let found = Regression::fit(&columns, &y, &at, lag).expect("a regular fit");
            for (found, wanted) in found.coefficients.iter().zip(WANTED) {
                assert!((found - wanted).abs() < 1e-10, "{found} is not {wanted}");
            }
            for (found, wanted) in found.errors.iter().zip(errors) {
                assert!((found - wanted).abs() < 1e-10, "lag {lag}: {found} is not {wanted}");
            }
            assert!((found.r_squared - WANTED_R_SQUARED).abs() < 1e-12);
        }
    }

    #[test]
    fn gaps_are_as_observations_without_a_score() {
        let (columns, y) = series();
        let kept: Vec<usize> = (0..40).filter(|i| i % 7 != 3).collect();
        let pick = |values: &[f64]| kept.iter().map(|&i| values[i]).collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = columns.iter().map(|column| pick(column)).collect();
        let at: Vec<i64> = kept.iter().map(|&i| i as i64).collect();
        let found = Regression::fit(&columns, &pick(&y), &at, 3).expect("a regular fit");
        for (found, wanted) in found.errors.iter().zip(WANTED_WITH_GAPS) {
            assert!((found - wanted).abs() < 1e-10, "{found} is not {wanted}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_said() {
        let (mut columns, y) = series();
        let at: Vec<i64> = (0..40).collect();
        columns.push(columns[1].iter().map(|x| 2.0 * x + 1.0).collect());
        assert_eq!(Regression::fit(&columns, &y, &at, 2), Err(Unfit::Collinear(3)));
        columns[3] = vec![0.0; 40];
        assert_eq!(Regression::fit(&columns, &y, &at, 2), Err(Unfit::Collinear(3)));
        let few: Vec<Vec<f64>> = columns.iter().map(|column| column[..4].to_vec()).collect();
        assert_eq!(Regression::fit(&few, &y[..4], &at[..4], 2), Err(Unfit::TooFew));
        assert_eq!([rule_of_thumb_lag(100), rule_of_thumb_lag(365), rule_of_thumb_lag(50)], [4, 5, 3]);
    }
}
