//! Regression on what is known of each step, with errors that depend on those before.
use crate::arima::Explaining;
use crate::stationarity::differenced;
use crate::{Arima, AutoArima, Covariates, Fit, FitError, FittedArima, Predict, Series};

/// A share of a column below this that the others do not explain is rounding.
const INDEPENDENT: f64 = 1e-9;
/// Weight of the ridge by default, in observations.
const RIDGE: f64 = 1e-3;

/// Linear regression on [`Covariates`] with ARIMA errors: `y = c + Σ βᵢxᵢ + n`, where `n` is an [`Arima`] process.
///
/// The model holds its covariates, past and future: row `t` of the covariates belongs to step `t` of any series it is
/// fitted to. So the same model can be fitted to the first part of the series, and
/// [`forecast_with`](crate::forecast_with) and [`backtest_with`](crate::backtest_with) work as for every other model.
///
/// Coefficients and process are estimated together by maximum likelihood. By default the process is chosen
/// automatically; its differences by the residuals of a plain regression. Where the errors are differenced, so are the
/// columns.
///
/// A small ridge keeps nearly collinear columns from exploding. A column that is constant, or that those before it
/// explain, gets no coefficient, and [`FittedRegression::dropped`] says why.
///
/// # Missing values
///
/// A step with a column that is not known counts as a gap of the series: it is passed over in the estimation. Where a
/// column is not known in the future, or the covariates end, the mean of its past stands in, and
/// [`FittedRegression::assumed`] tells how often.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Covariates, Fit, Predict, Regression, Series};
///
/// // Each millimetre of rain keeps 3 cyclists at home.
/// let rain: Vec<f64> = (0..70).map(|t| [0.0, 0.0, 4.0, 0.0, 9.0][t * 7 % 5]).collect();
/// let counts: Vec<f64> = (0..60).map(|t| 200.0 - 3.0 * rain[t] + (t * 37 % 11) as f64 / 5.0).collect();
/// let model = Regression::new(Covariates::new(70).with_column("rain", rain)?);
/// let fitted = model.fit(&Series::new(counts, Unit::of("{passage}"))?)?;
/// let effect = &fitted.coefficients()[0];
/// assert_eq!(effect.name, "rain");
/// assert!((effect.value + 3.0).abs() < 0.1);
/// assert_eq!(fitted.predict(10).len(), 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Hyndman, R. J. and Athanasopoulos, G. (2021). *Forecasting: Principles and Practice*, 3rd edition, chapter 10; Hoerl,
/// A. E. and Kennard, R. W. (1970). Ridge regression: biased estimation for nonorthogonal problems. Technometrics 12,
/// 55–67. doi:10.1080/00401706.1970.10488634
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    covariates: Covariates,
    process: Process,
    ridge: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Process {
    Fixed(Arima),
    Automatic(AutoArima),
}

impl Regression {
    /// On these covariates, which have a row for each step of the series and of its future.
    pub fn new(covariates: Covariates) -> Self {
        Self { covariates, process: Process::Automatic(AutoArima::default()), ridge: RIDGE }
    }

    /// With errors of this form: `Arima::new(1, 0, 0).with_constant(true)` for a level and autoregressive errors,
    /// `Arima::new(0, 0, 0).with_constant(true)` for ordinary least squares.
    pub fn with_errors(self, errors: Arima) -> Self {
        Self { process: Process::Fixed(errors), ..self }
    }

    /// With errors whose form is searched for. The default; without season
    /// (`AutoArima::default().with_season(false)`) it is much quicker where the columns explain the season.
    pub fn with_automatic_errors(self, search: AutoArima) -> Self {
        Self { process: Process::Automatic(search), ..self }
    }

    /// With a ridge as strong as `weight` observations, on columns scaled to a mean square of 1. Default: 0.001. A negative
    /// or undefined weight counts as 0.
    pub fn with_ridge(self, weight: f64) -> Self {
        Self { ridge: weight.max(0.0), ..self }
    }

    /// The covariates.
    pub fn covariates(&self) -> &Covariates {
        &self.covariates
    }
}

/// What a column does to the series.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Coefficient {
    /// Name of the column.
    pub name: String,
    /// Change of the series when the column is greater by 1.
    pub value: f64,
    /// Standard error of it, for a process taken as known.
    pub error: f64,
}

/// A column without coefficient.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Dropped {
    /// Name of the column.
    pub name: String,
    /// Why.
    pub reason: DropReason,
}

/// Why a column has no coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum DropReason {
    /// It is not known at any step that has a value.
    Unknown,
    /// It is the same at all steps that have a value.
    Constant,
    /// The columns before it say the same.
    Collinear,
    /// The errors are differenced, which leaves nothing of it or only what the columns before it say.
    Differenced,
}

/// A fitted [`Regression`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedRegression {
    process: FittedArima,
    coefficients: Vec<Coefficient>,
    dropped: Vec<Dropped>,
    hidden: usize,
    /// Of each column with a coefficient: its future, and the mean of its past.
    future: Vec<(Vec<f64>, f64)>,
}

impl Fit for Regression {
    type Fitted = FittedRegression;

    fn fit(&self, series: &Series) -> Result<FittedRegression, FitError> {
        let n = series.len();
        if self.covariates.len() < n {
            return Err(FitError::ShortCovariates { found: self.covariates.len(), needed: n });
        }
        let mut dropped = Vec::new();
        let names = self.covariates.names();
        let mut keep = |kept: Vec<usize>, reason: &dyn Fn(usize) -> Option<DropReason>| -> Vec<usize> {
            kept.into_iter()
                .filter(|&i| match reason(i) {
                    Some(reason) => {
                        dropped.push(Dropped { name: names[i].clone(), reason });
                        false
                    }
                    None => true,
                })
                .collect()
        };
        let past = |i: usize| &self.covariates.columns()[i][..n];
        let seen = |i: usize| {
            past(i).iter().zip(series.values()).filter(|(x, y)| !x.is_nan() && !y.is_nan()).map(|(x, _)| *x)
        };
        let known =
            keep((0..names.len()).collect(), &|i| seen(i).next().is_none().then_some(DropReason::Unknown));
        // A step that a column does not explain says nothing.
        let values: Vec<f64> = (0..n)
            .map(|t| if known.iter().any(|&i| past(i)[t].is_nan()) { f64::NAN } else { series.values()[t] })
            .collect();
        let hidden = series.observed() - values.iter().filter(|y| !y.is_nan()).count();
        let explained = series.with_values(values);
        let rows: Vec<usize> = (0..n).filter(|&t| !explained.values()[t].is_nan()).collect();

        let observed = |i: usize| -> Vec<f64> { rows.iter().map(|&t| past(i)[t]).collect() };
        let varied = keep(known, &|i| {
            let values = observed(i);
            crate::stationarity::constant(&values).then_some(DropReason::Constant)
        });
        let levels: Vec<Vec<f64>> = varied.iter().map(|&i| observed(i)).collect();
        let basis = Basis::of(&levels, true);
        let independent: Vec<usize> =
            varied.iter().zip(&basis.used).filter(|(_, u)| **u).map(|(i, _)| *i).collect();
        let varied = keep(varied, &|i| (!independent.contains(&i)).then_some(DropReason::Collinear));

        let period = series.period();
        let differences = match self.process {
            Process::Fixed(model) => (model.orders().1, model.seasonal_orders().1),
            Process::Automatic(search) => {
                let mut residuals = explained.values().to_vec();
                let observed: Vec<f64> = rows.iter().map(|&t| residuals[t]).collect();
                for (&t, residual) in rows.iter().zip(basis.residuals(&observed)) {
                    residuals[t] = residual;
                }
                search.differences(&residuals, period)
            }
        };
        let kept = if differences == (0, 0) {
            varied
        } else {
            let changes: Vec<Vec<f64>> = varied
                .iter()
                .map(|&i| {
                    let mut column = past(i).to_vec();
                    (0..differences.0).for_each(|_| column = differenced(&column, 1));
                    (0..differences.1).for_each(|_| column = differenced(&column, period));
                    // In units of the levels, so that what vanishes is seen to vanish.
                    let size =
                        past(i).iter().filter(|x| !x.is_nan()).fold(f64::MIN_POSITIVE, |m, x| m.max(x.abs()));
                    column.iter().map(|x| if x.is_nan() { 0.0 } else { x / size }).collect()
                })
                .collect();
            let left = Basis::of(&changes, differences.0 + differences.1 == 1);
            let independent: Vec<usize> =
                varied.iter().zip(&left.used).filter(|(_, used)| **used).map(|(i, _)| *i).collect();
            keep(varied, &|i| (!independent.contains(&i)).then_some(DropReason::Differenced))
        };

        let means: Vec<f64> = kept
            .iter()
            .map(|&i| {
                let (sum, n) = seen(i).fold((0.0, 0.0), |(sum, n), x| (sum + x, n + 1.0));
                sum / n
            })
            .collect();
        let known = Explaining {
            columns: kept
                .iter()
                .zip(&means)
                .map(|(&i, mean)| past(i).iter().map(|x| if x.is_nan() { *mean } else { *x }).collect())
                .collect(),
            ridge: self.ridge,
        };
        let process = match self.process {
            Process::Fixed(model) => model.fit_around(&explained, &known)?,
            Process::Automatic(search) => search.fit_around(&explained, differences, &known)?,
        };
        let (weights, errors) = process.weights();
        let coefficients = kept
            .iter()
            .zip(weights.iter().zip(errors))
            .map(|(&i, (&value, &error))| Coefficient { name: names[i].clone(), value, error })
            .collect();
        let future = kept
            .iter()
            .zip(means)
            .map(|(&i, mean)| (self.covariates.columns()[i][n..].to_vec(), mean))
            .collect();
        Ok(FittedRegression { process, coefficients, dropped, hidden, future })
    }
}

/// An orthogonal basis of columns, and which of them it needed.
pub(crate) struct Basis {
    used: Vec<bool>,
    vectors: Vec<Vec<f64>>,
}

impl Basis {
    /// Takes the columns in order, after a constant if there is one.
    pub(crate) fn of(columns: &[Vec<f64>], constant: bool) -> Self {
        let n = columns.first().map_or(0, Vec::len);
        let mut basis = Self { used: Vec::new(), vectors: Vec::new() };
        if constant && n > 0 {
            basis.vectors.push(vec![1.0 / (n as f64).sqrt(); n]);
        }
        for column in columns {
            // Safe against overflow; a column of zeros stays one.
            let largest = column.iter().fold(f64::MIN_POSITIVE, |m, x| m.max(x.abs()));
            // Values that are differences of rounding errors of values up to 1.
            let vanished = largest < 1e-12;
            let scaled: Vec<f64> = column.iter().map(|x| x / largest).collect();
            let whole = dot(&scaled, &scaled);
            let mut left = basis.residuals(&scaled);
            let rest = dot(&left, &left);
            let used = !vanished && rest > INDEPENDENT * whole && basis.vectors.len() < n;
            if used {
                let norm = rest.sqrt();
                left.iter_mut().for_each(|x| *x /= norm);
                basis.vectors.push(left);
            }
            basis.used.push(used);
        }
        basis
    }

    /// Number of columns, the constant included.
    pub(crate) fn rank(&self) -> usize {
        self.vectors.len()
    }

    /// What the basis leaves of a column. Twice, against rounding.
    pub(crate) fn residuals(&self, column: &[f64]) -> Vec<f64> {
        let mut left = column.to_vec();
        for vector in self.vectors.iter().chain(&self.vectors) {
            let part = dot(&left, vector);
            left.iter_mut().zip(vector).for_each(|(x, v)| *x -= part * v);
        }
        left
    }
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

impl FittedRegression {
    /// What each column does, in the unit of the series.
    pub fn coefficients(&self) -> &[Coefficient] {
        &self.coefficients
    }

    /// Columns without coefficient, and why.
    pub fn dropped(&self) -> &[Dropped] {
        &self.dropped
    }

    /// Values of the series that were passed over because a column was not known there.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// How many values of the columns are not known in the next `horizon` steps, so that means of the past stand in.
    pub fn assumed(&self, horizon: usize) -> usize {
        let unknown =
            |column: &[f64]| (0..horizon).filter(|&h| column.get(h).is_none_or(|x| x.is_nan())).count();
        self.future.iter().map(|(column, _)| unknown(column)).sum()
    }

    /// The process of the errors.
    pub fn process(&self) -> &FittedArima {
        &self.process
    }
}

impl Predict for FittedRegression {
    fn name(&self) -> String {
        let columns = self.coefficients.len();
        let s = if columns == 1 { "" } else { "s" };
        format!("regression on {columns} column{s} with {} errors", self.process.name())
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut points = self.process.predict(horizon);
        for (h, point) in points.iter_mut().enumerate() {
            let value = |column: usize| {
                let (future, mean) = &self.future[column];
                future.get(h).copied().filter(|x| !x.is_nan()).unwrap_or(*mean)
            };
            *point = (*point + self.process.explained(value)).clamp(-f64::MAX, f64::MAX);
        }
        points
    }

    fn spread(&self, horizon: usize) -> Vec<f64> {
        self.process.spread(horizon)
    }

    fn fitted(&self) -> &[f64] {
        self.process.fitted()
    }
}
