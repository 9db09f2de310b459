//! A model of a panel that has learned, and what it says.
use super::GlobalError;
use super::calibration::Shift;
use super::feature::Feature;
use super::neighbours::Weighted;
use super::table::{Scale, Table};
use crate::Panel;
use crate::boosting::{Binned, Ensemble};

/// A model that has learned from a panel; see [`GlobalBoosting`](crate::GlobalBoosting).
#[derive(Clone, Debug)]
pub struct FittedGlobal {
    pub(super) names: Vec<String>,
    pub(super) features: Vec<Feature>,
    pub(super) scales: Vec<Scale>,
    pub(super) neighbours: Vec<Weighted>,
    pub(super) steps: Vec<Step>,
    pub(super) quantiles: Vec<f64>,
    pub(super) non_negative: bool,
}

/// The trees for one step ahead.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) ahead: usize,
    /// Where bins end.
    pub(super) bins: Binned,
    pub(super) point: Ensemble,
    /// Each with by how much it is moved; none where too few values came to tell.
    pub(super) quantiles: Vec<(Ensemble, Option<Shift>)>,
}

/// What is forecast for each series of a panel at one moment.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PanelForecast {
    known: usize,
    ahead: Vec<usize>,
    probabilities: Vec<f64>,
    /// By series, then step.
    points: Vec<Vec<f64>>,
    /// By probability, then series, then step.
    quantiles: Vec<Vec<Vec<f64>>>,
}

/// Why a forecast is what it is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Explanation {
    /// What would be forecast if nothing but the last value were known, in the unit of the series.
    pub start: f64,
    /// What each feature adds to it, in the same unit, the largest first. Together with the start they are the point
    /// forecast, before values below 0 are ruled out.
    pub contributions: Vec<(String, f64)>,
}

impl PanelForecast {
    /// Steps that were known.
    pub fn known(&self) -> usize {
        self.known
    }

    /// Steps ahead, as the model was asked for: the first known one is 1.
    pub fn ahead(&self) -> &[usize] {
        &self.ahead
    }

    /// Point forecasts of a series, one for each of the steps ahead, in its unit. None for a series that is not there.
    pub fn points(&self, series: usize) -> &[f64] {
        self.points.get(series).map_or(&[], Vec::as_slice)
    }

    /// Probabilities of the quantiles, rising.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// Quantiles of a series for one of the probabilities, one for each of the steps ahead. They never cross.
    pub fn quantiles(&self, series: usize, probability: f64) -> Option<&[f64]> {
        let place = self.probabilities.iter().position(|p| (p - probability).abs() < 1e-9)?;
        self.quantiles[place].get(series).map(Vec::as_slice)
    }
}

impl FittedGlobal {
    /// Forecasts each series from the end of a panel: the one learned from, or a later state of it.
    ///
    /// # Errors
    ///
    /// [`GlobalError::Series`] for another number of series, [`GlobalError::Moment`] for a panel without steps.
    pub fn predict(&self, panel: &Panel) -> Result<PanelForecast, GlobalError> {
        let mut all = self.predict_after(panel, &[panel.steps()])?;
        all.pop().ok_or(GlobalError::Moment { found: 0, most: panel.steps() })
    }

    /// Forecasts from several moments, each as it would have been after the first `known` steps of the panel.
    ///
    /// # Errors
    ///
    /// [`GlobalError::Series`] for another number of series, [`GlobalError::Moment`] outside of the panel.
    pub fn predict_after(&self, panel: &Panel, known: &[usize]) -> Result<Vec<PanelForecast>, GlobalError> {
        self.check(panel, known)?;
        let needed = self.scales.len();
        let table = Table::new(panel, &self.scales, &self.neighbours);
        let moments: Vec<usize> = known.iter().map(|known| known - 1).collect();
        let empty = |&known: &usize| PanelForecast {
            known,
            ahead: self.steps.iter().map(|step| step.ahead).collect(),
            probabilities: self.quantiles.clone(),
            points: vec![Vec::with_capacity(self.steps.len()); needed],
            quantiles: vec![vec![Vec::with_capacity(self.steps.len()); needed]; self.quantiles.len()],
        };
        let mut forecasts: Vec<PanelForecast> = known.iter().map(empty).collect();
        for step in &self.steps {
            let binned = step.bins.apply(needed * moments.len(), |feature, into| {
                table.write(&self.features[feature], &moments, step.ahead, into);
            });
            let points = step.point.predict_bins(&binned);
            let quantile = |(trees, shift): &(Ensemble, Option<Shift>)| -> Vec<f64> {
                let by = shift.map_or(0.0, |shift| shift.by);
                trees.predict_bins(&binned).into_iter().map(|left| left + by).collect()
            };
            let quantiles: Vec<Vec<f64>> = step.quantiles.iter().map(quantile).collect();
            for (series, scale) in self.scales.iter().enumerate() {
                for (number, now) in moments.iter().enumerate() {
                    let row = series * moments.len() + number;
                    let value = |left: f64| {
                        let value = table.base(series, *now) + left * scale.unit;
                        if self.non_negative { value.max(0.0) } else { value }
                    };
                    forecasts[number].points[series].push(value(points[row]));
                    let mut bounds: Vec<f64> =
                        quantiles.iter().map(|quantile| value(quantile[row])).collect();
                    bounds.sort_by(f64::total_cmp);
                    for (to, bound) in forecasts[number].quantiles.iter_mut().zip(bounds) {
                        to[series].push(bound);
                    }
                }
            }
        }
        Ok(forecasts)
    }

    fn check(&self, panel: &Panel, known: &[usize]) -> Result<(), GlobalError> {
        let (found, needed) = (panel.series().len(), self.scales.len());
        if found != needed {
            return Err(GlobalError::Series { found, needed });
        }
        match known.iter().find(|known| **known == 0 || **known > panel.steps()) {
            Some(&found) => Err(GlobalError::Moment { found, most: panel.steps() }),
            None => Ok(()),
        }
    }

    /// Number of trees of the points of a step ahead; 0 for one it was not fitted for.
    pub fn trees(&self, ahead: usize) -> usize {
        self.steps.iter().find(|step| step.ahead == ahead).map_or(0, |step| step.point.len())
    }

    /// Number of values that the quantile of a probability was calibrated on, for a step ahead; `None` where it is what
    /// the model believes: too little of the past could be held out.
    pub fn calibrated_on(&self, ahead: usize, probability: f64) -> Option<usize> {
        let place = self.quantiles.iter().position(|p| (p - probability).abs() < 1e-9)?;
        let step = self.steps.iter().find(|step| step.ahead == ahead)?;
        Some(step.quantiles[place].1?.values)
    }

    /// Why a series is forecast as it is from the end of a panel: what each feature adds, by name
    /// ([`BoostedTrees::contributions`](crate::BoostedTrees::contributions)). `None` for a series that is not there, or a
    /// step the model was not fitted for.
    ///
    /// # Errors
    ///
    /// As [`FittedGlobal::predict`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Unit;
    /// use datagora_predict::{Covariate, GlobalBoosting, Panel, Series};
    ///
    /// let rain: Vec<f64> = (0..601).map(|day| if day * 7 % 10 < 3 { 5.0 } else { 0.0 }).collect();
    /// let cyclists: Vec<f64> = rain[..600].iter().map(|rain| 100.0 - 10.0 * rain).collect();
    /// let rain = Covariate::common("rain", rain).known_ahead();
    /// let panel = Panel::new([Series::new(cyclists, Unit::of("{passage}"))?])?.with_covariate(rain)?;
    /// let model = GlobalBoosting::default().fit(&panel, &[1])?;
    /// let why = model.explain(&panel, 0, 1)?.ok_or("fitted")?;
    /// let sum: f64 = why.start + why.contributions.iter().map(|(_, added)| added).sum::<f64>();
    /// assert!((sum - model.predict(&panel)?.points(0)[0]).abs() < 1e-6);
    /// assert!(why.contributions.iter().take(3).any(|(what, _)| what == "rain then"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(
        &self,
        panel: &Panel,
        series: usize,
        ahead: usize,
    ) -> Result<Option<Explanation>, GlobalError> {
        self.check(panel, &[panel.steps()])?;
        let step = self.steps.iter().find(|step| step.ahead == ahead);
        let (Some(step), Some(scale)) = (step, self.scales.get(series)) else { return Ok(None) };
        let (table, now) = (Table::new(panel, &self.scales, &self.neighbours), panel.steps() - 1);
        let binned = step.bins.apply(self.scales.len(), |feature, into| {
            table.write(&self.features[feature], &[now], ahead, into);
        });
        let (mean, added) = step.point.contributions(&binned, series);
        let named = self.names.iter().cloned().zip(added.into_iter().map(|added| added * scale.unit));
        let mut contributions: Vec<(String, f64)> = named.collect();
        contributions.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        Ok(Some(Explanation { start: table.base(series, now) + mean * scale.unit, contributions }))
    }

    /// What the model looks at for a step ahead: each feature with its share in all that the splits gain, the largest
    /// first. Empty for a step it was not fitted for.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Unit;
    /// use datagora_predict::{GlobalBoosting, Panel, Series};
    ///
    /// // It goes on where it was going.
    /// let values: Vec<f64> = (0..900).map(|t| f64::from(t % 90 - (t % 90 - 45).max(0) * 2)).collect();
    /// let panel = Panel::new([Series::new(values, Unit::ONE)?])?;
    /// let model = GlobalBoosting::default().fit(&panel, &[1])?;
    /// let (what, share) = model.importance(1)[0];
    /// assert!(what.starts_with("value") || what.starts_with("mean"), "{what}");
    /// assert!(share > 0.2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn importance(&self, ahead: usize) -> Vec<(&str, f64)> {
        let Some(step) = self.steps.iter().find(|step| step.ahead == ahead) else { return Vec::new() };
        let shares = step.point.gain(self.features.len());
        let mut all: Vec<(&str, f64)> = self.names.iter().map(String::as_str).zip(shares).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all
    }
}
