//! Many series on the same steps, and what is known beside them.
use crate::{Series, TimeIndex};

/// Series that share their steps, such as all counters of a city, with what is known beside them.
///
/// # Example
///
/// ```
/// use datagora_core::{NaiveDate, Unit};
/// use datagora_predict::{Covariate, Panel, Series, TimeIndex};
///
/// let counter = |values: Vec<f64>| Series::new(values, Unit::of("{passage}"));
/// let rain = Covariate::common("rain", vec![0.0, 4.5, 1.0, 0.0]).known_ahead(); // tomorrow's forecast is there
/// let panel = Panel::new(vec![counter(vec![410.0, 220.0, f64::NAN])?, counter(vec![38.0, 21.0, 30.0])?])?
///     .with_index(TimeIndex::Days { start: NaiveDate::from_ymd_opt(2024, 5, 1).unwrap_or_default() })
///     .with_covariate(rain)?;
/// assert_eq!((panel.series().len(), panel.steps()), (2, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    series: Vec<Series>,
    index: Option<TimeIndex>,
    covariates: Vec<Covariate>,
}

/// Something known beside the series, at the same steps: weather, works, a school holiday.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    name: String,
    /// One row for all series, or one for each.
    values: Vec<Vec<f64>>,
    ahead: bool,
}

/// Why series, or something beside them, do not make a panel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PanelError {
    /// There is no series.
    #[error("a panel of no series; give one or more")]
    Empty,
    /// A series has another number of steps than the first.
    #[error(
        "series {series} has {found} steps, the first has {needed}; fill up with NaN where nothing was observed"
    )]
    Steps {
        /// Which series, from 0.
        series: usize,
        /// Its steps.
        found: usize,
        /// Steps of the first.
        needed: usize,
    },
    /// A series has another seasonal period than the first.
    #[error(
        "series {series} has a period of {found} steps, the first one of {needed}; a panel has one period"
    )]
    Period {
        /// Which series, from 0.
        series: usize,
        /// Its period.
        found: usize,
        /// Period of the first.
        needed: usize,
    },
    /// A covariate has neither one row for all nor one for each series.
    #[error("covariate {name:?} has {found} rows; give 1 for all series, or {needed}, one for each")]
    Rows {
        /// The covariate.
        name: String,
        /// Its rows.
        found: usize,
        /// Number of series.
        needed: usize,
    },
    /// A covariate has an infinite value.
    #[error("covariate {name:?} is infinite at step {step}; give NaN where it is not known")]
    Infinite {
        /// The covariate.
        name: String,
        /// Which step, from 0.
        step: usize,
    },
}

impl Panel {
    /// Series with the same number of steps and the same period; gaps are `NaN`.
    ///
    /// # Errors
    ///
    /// [`PanelError::Empty`], [`PanelError::Steps`], [`PanelError::Period`].
    pub fn new(series: impl Into<Vec<Series>>) -> Result<Self, PanelError> {
        let series = series.into();
        let first = series.first().ok_or(PanelError::Empty)?;
        for (number, other) in series.iter().enumerate() {
            if other.len() != first.len() {
                return Err(PanelError::Steps { series: number, found: other.len(), needed: first.len() });
            }
            if other.period() != first.period() {
                let (found, needed) = (other.period(), first.period());
                return Err(PanelError::Period { series: number, found, needed });
            }
        }
        Ok(Self { series, index: None, covariates: Vec::new() })
    }

    /// With the time of each step.
    pub fn with_index(self, index: TimeIndex) -> Self {
        Self { index: Some(index), ..self }
    }

    /// With something known beside the series.
    ///
    /// # Errors
    ///
    /// [`PanelError::Rows`], [`PanelError::Infinite`].
    pub fn with_covariate(mut self, covariate: Covariate) -> Result<Self, PanelError> {
        let (name, found, needed) = (covariate.name.clone(), covariate.values.len(), self.series.len());
        if found != 1 && found != needed {
            return Err(PanelError::Rows { name, found, needed });
        }
        let infinite = |row: &Vec<f64>| row.iter().position(|value| value.is_infinite());
        if let Some(step) = covariate.values.iter().find_map(infinite) {
            return Err(PanelError::Infinite { name, step });
        }
        self.covariates.push(covariate);
        Ok(self)
    }

    /// The series.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// Number of steps, gaps included.
    pub fn steps(&self) -> usize {
        self.series[0].len()
    }

    /// Steps in a season; 1 without season.
    pub fn period(&self) -> usize {
        self.series[0].period()
    }

    /// When each step is, if it was said.
    pub fn index(&self) -> Option<&TimeIndex> {
        self.index.as_ref()
    }

    /// What is known beside the series.
    pub fn covariates(&self) -> &[Covariate] {
        &self.covariates
    }

    /// The panel as it was known after its first `known` steps; all of it if it has fewer. Covariates known ahead keep
    /// what was known of the steps to come.
    pub fn head(&self, known: usize) -> Panel {
        let head = |covariate: &Covariate| match covariate.ahead {
            true => covariate.clone(),
            false => Covariate {
                values: covariate.values.iter().map(|row| row[..known.min(row.len())].to_vec()).collect(),
                ..covariate.clone()
            },
        };
        Panel {
            series: self.series.iter().map(|series| series.head(known)).collect(),
            index: self.index,
            covariates: self.covariates.iter().map(head).collect(),
        }
    }
}

impl Covariate {
    /// The same for all series. One value for each step, `NaN` = gap; steps beyond the end are gaps.
    pub fn common(name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        Self { name: name.into(), values: vec![values.into()], ahead: false }
    }

    /// One row of values for each series, in their order.
    pub fn of_each(name: impl Into<String>, values: impl Into<Vec<Vec<f64>>>) -> Self {
        Self { name: name.into(), values: values.into(), ahead: false }
    }

    /// Known before its time, as a calendar is: forecasts may use its value at the step they are for. Its values go on
    /// after the end of the series.
    pub fn known_ahead(self) -> Self {
        Self { ahead: true, ..self }
    }

    /// Name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is known before its time.
    pub fn is_known_ahead(&self) -> bool {
        self.ahead
    }

    /// The value for a series at a step; `NaN` where it is not known.
    pub fn at(&self, series: usize, step: usize) -> f64 {
        let row = if self.values.len() == 1 { self.values.first() } else { self.values.get(series) };
        row.and_then(|row| row.get(step)).copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;

    fn series(values: &[f64]) -> Series {
        Series::new(values, Unit::ONE).unwrap()
    }

    #[test]
    fn what_is_no_panel_is_refused() {
        assert_eq!(Panel::new([]), Err(PanelError::Empty));
        let uneven = Panel::new([series(&[1.0]), series(&[1.0, 2.0])]);
        assert_eq!(uneven, Err(PanelError::Steps { series: 1, found: 2, needed: 1 }));
        let periods = Panel::new([series(&[1.0]), series(&[1.0]).with_period(7).unwrap()]);
        assert_eq!(periods, Err(PanelError::Period { series: 1, found: 7, needed: 1 }));
        let panel = Panel::new([series(&[1.0]), series(&[1.0]), series(&[1.0])]).unwrap();
        let two = Covariate::of_each("works", [vec![0.0], vec![1.0]]);
        let error = panel.clone().with_covariate(two).unwrap_err();
        assert_eq!(error, PanelError::Rows { name: "works".into(), found: 2, needed: 3 });
        let error = panel.with_covariate(Covariate::common("rain", [0.0, f64::INFINITY])).unwrap_err();
        assert_eq!(error, PanelError::Infinite { name: "rain".into(), step: 1 });
    }

    #[test]
    fn the_past_knows_what_was_known_ahead() {
        let panel = Panel::new([series(&[1.0, 2.0]), series(&[3.0, f64::NAN])])
            .and_then(|p| p.with_covariate(Covariate::common("rain", [5.0, 6.0, 7.0]).known_ahead()))
            .and_then(|p| {
                p.with_covariate(Covariate::of_each("count", [[1.0, 2.0].into(), [3.0, 4.0].into()]))
            })
            .unwrap();
        let past = panel.head(1);
        assert_eq!((past.steps(), past.covariates()[0].at(1, 2)), (1, 7.0));
        assert!(past.covariates()[1].at(1, 1).is_nan() && past.covariates()[1].at(1, 0) == 3.0);
    }
}
