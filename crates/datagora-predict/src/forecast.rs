//! The forecast: points, bounds, and what both rest on.
use std::sync::Arc;

use datagora_core::{Interval, Language, Measured, Month, Unit};

use crate::automatic::Member;
use crate::interval::{Basis, Margins};
use crate::names::Names;
use crate::paths::{Dependence, draw};
use crate::pool::Pool;
use crate::residuals::Residuals;
use crate::rolling::{Plan, Rolled, roll, rolled};
use crate::{BackTest, Combination, Fit, ForecastOptions, NoForecast, Part, Paths, Predict, Series};

/// Bounds of one probability, for each step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Band {
    /// Probability with which each interval is meant to cover.
    pub level: f64,
    /// Lower bounds.
    pub lower: Vec<f64>,
    /// Upper bounds.
    pub upper: Vec<f64>,
    /// What each width rests on.
    pub basis: Vec<Basis>,
}

/// Points and bounds for the steps after the end of a series. It cannot exist without bounds and without saying what
/// they rest on.
///
/// It shares the values of its series, and works out bounds from past errors when they are asked for: the forecasts of a
/// whole panel fit into memory together.
#[derive(Clone)]
pub struct Forecast {
    series: Series,
    model: Arc<str>,
    members: Box<[Member]>,
    points: Box<[f64]>,
    /// What the model said, where values below 0 have been set to 0 in the points.
    unbounded: Option<Box<[f64]>>,
    margins: Margins,
    backtest: Option<BackTest>,
    options: Arc<ForecastOptions>,
}

impl std::fmt::Debug for Forecast {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Forecast")
            .field("label", &self.label())
            .field("model", &self.model)
            .field("members", &self.members)
            .field("points", &self.points)
            .field("bands", &self.bands())
            .field("backtest", &self.backtest)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Forecast {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let total: Vec<(Interval, Basis)> =
            self.options.levels.iter().map(|level| self.total_bounds(*level)).collect();
        let mut fields = serializer.serialize_struct("Forecast", 14)?;
        fields.serialize_field("label", &self.label())?;
        fields.serialize_field("unit", self.unit())?;
        fields.serialize_field("origin", &self.origin())?;
        fields.serialize_field("start", &self.series.start())?;
        fields.serialize_field("backtest", &self.backtest)?;
        fields.serialize_field("model", self.model())?;
        fields.serialize_field("members", self.members())?;
        fields.serialize_field("points", self.points())?;
        fields.serialize_field("bands", &self.bands())?;
        fields.serialize_field("total", &total)?;
        fields.serialize_field("non_negative", &self.options.non_negative)?;
        fields.serialize_field("observed", &self.series.observed())?;
        fields.serialize_field("completeness", &self.completeness())?;
        fields.serialize_field("silence", &self.silence())?;
        fields.end()
    }
}

/// Forecasts a series by the default model ([`Automatic`](crate::Automatic)), with intervals as wide as its errors were when it forecast
/// the past of this same series.
///
/// The series is forecast again from up to 60 moments of its past, each time knowing only what was known then. Errors
/// are compared in units of the size to be expected at their origin (what the model believed, and how much the series
/// moved, over all and of late); their conformal quantile ([`conformal_half_width`](crate::conformal_half_width)) gives
/// the half-widths. Overlapping forecasts repeat each other's errors, so the widths are enlarged as Student's t
/// distribution asks for the number of errors that are as good as independent. Where a series is too short for that,
/// the intervals rest on something weaker, and [`Band::basis`] says on what.
///
/// # Missing values
///
/// Gaps stay gaps: models pass over them. Gaps at the end count as time since the last value, in forecasts and
/// calibration alike.
///
/// # Errors
///
/// [`NoForecast`] says what stands in the way: nothing to learn from, or a source that fell silent long ago.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{ForecastOptions, Series, forecast};
///
/// let shape = [80.0, 90.0, 120.0, 110.0];
/// let passages: Vec<f64> = (0..48).map(|t| shape[t % 4] * (1.0 + t as f64 / 100.0) + (t * 7 % 5) as f64).collect();
/// let series = Series::new(passages, Unit::of("{passage}"))?.with_period(4)?;
/// let next_year = forecast(&series, 4, &ForecastOptions::default().with_non_negative(true))?;
/// let interval = next_year.interval(3, 0.95).unwrap();
/// assert!(interval.lower < 165.0 && 165.0 < interval.upper);
/// assert!(next_year.is_calibrated());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Lei et al. (2018), see [`conformal_half_width`](crate::conformal_half_width); Hyndman and Athanasopoulos (2021),
/// section 5.10 (time series cross-validation).
pub fn forecast(series: &Series, horizon: usize, options: &ForecastOptions) -> Result<Forecast, NoForecast> {
    let plan = Plan::Alone { most: options.origins_of(1) };
    Ok(prepare(series, horizon, plan, options)?.finish(series, &Arc::new(options.clone()), None))
}

/// Forecasts a series by the model given, with intervals from its own past errors, as [`forecast`] does.
///
/// # Errors
///
/// As [`forecast`], and [`NoForecast::Unfit`] when the model does not suit the series.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{ForecastOptions, SeasonalNaive, Series, forecast_with};
///
/// let values: Vec<f64> = (0..40).map(|t| [3.0, 5.0, 9.0, 4.0][t % 4] + (t * 3 % 7) as f64 / 10.0).collect();
/// let series = Series::new(values, Unit::ONE)?.with_period(4)?;
/// let next = forecast_with(&SeasonalNaive, &series, 4, &ForecastOptions::default())?;
/// assert_eq!(next.model(), "seasonal naive");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn forecast_with<M: Fit>(
    model: &M,
    series: &Series,
    horizon: usize,
    options: &ForecastOptions,
) -> Result<Forecast, NoForecast> {
    let plan = Plan::Alone { most: options.origins_of(1) };
    let (past, steps) = options.task(series, horizon)?;
    let fitted = model.fit(&past).map_err(NoForecast::Unfit)?;
    let prepared = Prepared {
        now: rolled(&past, &fitted, steps),
        past: roll(model, &past, steps, plan),
        model: fitted.name().into(),
        members: [Member { name: fitted.name().into(), part: Part::Weight(1.0) }].into(),
    };
    Ok(prepared.finish(series, &Arc::new(options.clone()), None))
}

/// Forecasts of now and of the past, before the intervals.
pub(crate) struct Prepared {
    pub(crate) now: Rolled,
    pub(crate) past: Vec<Rolled>,
    model: Arc<str>,
    members: Box<[Member]>,
}

/// By the default model.
pub(crate) fn prepare(
    series: &Series,
    horizon: usize,
    plan: Plan,
    options: &ForecastOptions,
) -> Result<Prepared, NoForecast> {
    let (known, steps) = options.task(series, horizon)?;
    let (combination, now, past) = Combination::roll(&known, steps, plan).map_err(NoForecast::Unfit)?;
    Ok(Prepared { now, past, model: combination.name().into(), members: combination.members().into() })
}

impl Prepared {
    /// Names its models as others of the panel do.
    pub(crate) fn share(&mut self, names: &Names) {
        names.share(&mut self.model);
        self.members.iter_mut().for_each(|member| names.share(&mut member.name));
    }

    /// Errors of the past that are known now.
    pub(crate) fn residuals(&self, series: &Series) -> Residuals {
        Residuals::of(series, &self.past, self.now.known, series.silence())
    }

    /// The forecast with its intervals.
    pub(crate) fn finish(
        self,
        series: &Series,
        options: &Arc<ForecastOptions>,
        pool: Option<&Arc<Pool>>,
    ) -> Forecast {
        let silence = series.silence();
        let margins = Margins::decided(&self.now, &self.residuals(series), silence, pool, options);
        let said = &self.now.points[silence..];
        let points = bounded(said, options.non_negative);
        Forecast {
            unbounded: (points != said).then(|| said.into()),
            points: points.into(),
            backtest: BackTest::of(series.head(self.now.known), self.past, options).ok(),
            series: series.clone(),
            model: self.model,
            members: self.members,
            margins,
            options: Arc::clone(options),
        }
    }
}

/// Without what is below 0, where that is impossible.
pub(crate) fn bounded(values: &[f64], non_negative: bool) -> Vec<f64> {
    values.iter().map(|v| if non_negative { v.max(0.0) } else { *v }).collect()
}

/// Bounds of a step at each level, rising; a higher level is never narrower.
///
/// `points` are those of the model for the steps after `skip`.
fn bounds<'a>(
    (points, skip): (&'a [f64], usize),
    margins: &'a Margins,
    step: usize,
    options: &'a ForecastOptions,
) -> impl Iterator<Item = (f64, f64, Basis)> + 'a {
    let mut widest = (0.0f64, 0.0f64);
    options.levels.iter().map(move |&level| {
        let (below, above, basis) = margins.bounds(skip + step, level);
        widest = (widest.0.min(below), widest.1.max(above));
        let bound = |error: f64| {
            let bound = points[step] + error;
            if options.non_negative { bound.max(0.0) } else { bound }
        };
        (bound(widest.0), bound(widest.1), basis)
    })
}

/// Bands of all levels for the steps after `skip`, which `points` are for.
pub(crate) fn bands(points: &[f64], margins: &Margins, skip: usize, options: &ForecastOptions) -> Vec<Band> {
    let empty = |level: &f64| Band { level: *level, lower: Vec::new(), upper: Vec::new(), basis: Vec::new() };
    let mut bands: Vec<Band> = options.levels.iter().map(empty).collect();
    for step in 0..points.len() {
        for (band, (lower, upper, basis)) in
            bands.iter_mut().zip(bounds((points, skip), margins, step, options))
        {
            band.lower.push(lower);
            band.upper.push(upper);
            band.basis.push(basis);
        }
    }
    bands
}

impl Forecast {
    /// Name of what was forecast, as the series had it.
    pub fn label(&self) -> Option<&str> {
        self.series.label()
    }

    /// Unit of points and bounds.
    pub fn unit(&self) -> &Unit {
        self.series.unit()
    }

    /// Position of the first step in the series it continues: the length of that series.
    pub fn origin(&self) -> usize {
        self.series.len()
    }

    /// The month of each step, if the series said in which month it starts.
    pub fn months(&self) -> Option<Vec<Month>> {
        let first = self.series.start()?.plus(i32::try_from(self.origin()).ok()?);
        Some((0..self.horizon()).map_while(|h| Some(first.plus(i32::try_from(h).ok()?))).collect())
    }

    /// The forecasts of the past that the intervals were calibrated on, beside what came; `None` for a series too short
    /// to have any. Their horizon includes the gaps at the end of the series, if there are some.
    pub fn backtest(&self) -> Option<&BackTest> {
        self.backtest.as_ref()
    }

    /// Number of steps.
    pub fn horizon(&self) -> usize {
        self.points.len()
    }

    /// The model, in words of the field.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The models considered, the part each takes, and why some take none.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Point forecasts.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// Bounds, by rising level.
    pub fn bands(&self) -> Vec<Band> {
        bands(self.said(), &self.margins, self.silence(), &self.options)
    }

    /// The points as the model said them.
    fn said(&self) -> &[f64] {
        self.unbounded.as_deref().unwrap_or(&self.points)
    }

    /// Bounds of a level that was asked for.
    pub fn band(&self, level: f64) -> Option<Band> {
        let place = self.place(level)?;
        self.bands().into_iter().nth(place)
    }

    /// Place of a level among those asked for.
    fn place(&self, level: f64) -> Option<usize> {
        self.options.levels.iter().position(|asked| (asked - level).abs() < 1e-9)
    }

    /// Interval of a step (from 0) at a level that was asked for.
    pub fn interval(&self, step: usize, level: f64) -> Option<Interval> {
        let place = self.place(level)?;
        if step >= self.horizon() {
            return None;
        }
        let of = (self.said(), self.silence());
        let (lower, upper, _) = bounds(of, &self.margins, step, &self.options).nth(place)?;
        Some(Interval { lower, upper, level: Some(level) })
    }

    /// Whether past errors decided every width.
    pub fn is_calibrated(&self) -> bool {
        self.bases().all(|basis| basis.is_calibrated())
    }

    /// What the width of each step rests on, at each level.
    fn bases(&self) -> impl Iterator<Item = Basis> {
        self.options.levels.iter().flat_map(|level| {
            (0..self.horizon()).map(|step| self.margins.basis_of(self.silence() + step, *level))
        })
    }

    /// What the intervals rest on, in a sentence for citizens.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Language, Unit};
    /// use datagora_predict::{ForecastOptions, Series, forecast};
    ///
    /// let series = Series::new(vec![4.0, 5.0, 4.0, 6.0], Unit::ONE)?;
    /// let next = forecast(&series, 2, &ForecastOptions::default())?;
    /// assert!(next.explain(Language::English).starts_with("Too few past forecasts"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, language: Language) -> String {
        let origins = self.backtest.as_ref().map_or(0, |test| test.past().len());
        if !self.is_calibrated() {
            let few = language.pick(
                "Trop peu de prévisions passées pour vérifier ces intervalles\u{a0}: ils reposent sur le modèle seul et sont sans doute trop étroits.",
                "Too few past forecasts to check these intervals: they rest on the model alone and are probably too narrow.",
            );
            return few.to_owned();
        }
        if self.bases().any(|basis| matches!(basis, Basis::Panel { .. })) {
            let panel = language.pick(
                "La largeur des intervalles vient des erreurs passées de séries comparables, ramenées à ce que celle-ci laisse attendre.",
                "The width of the intervals comes from past errors of comparable series, brought to the size to be expected of this one.",
            );
            return panel.to_owned();
        }
        match language {
            Language::French => format!(
                "La largeur des intervalles vient des erreurs de {origins} prévisions refaites à partir du passé de cette série."
            ),
            Language::English => format!(
                "The width of the intervals comes from the errors of {origins} forecasts made again from the past of this series."
            ),
        }
    }

    /// Gaps between the last observed value and the first step.
    pub fn silence(&self) -> usize {
        self.series.silence()
    }

    /// Share of the steps of the series that had a value, 0 to 1.
    pub fn completeness(&self) -> f64 {
        self.series.completeness()
    }

    /// Sum over the horizon, such as a year's total, with its interval at a level that was asked for and what that
    /// rests on: past errors of such totals, else the sum of the half-widths of the steps.
    pub fn total(&self, level: f64) -> Option<(Measured, Basis)> {
        let (interval, basis) = self.total_bounds(self.options.levels[self.place(level)?]);
        Some((self.measured(self.points.iter().sum(), interval), basis))
    }

    fn total_bounds(&self, level: f64) -> (Interval, Basis) {
        let (below, above, basis) = self.margins.total_bounds(level);
        let sum: f64 = self.points.iter().sum();
        let lower = if self.options.non_negative { (sum + below).max(0.0) } else { sum + below };
        (Interval { lower, upper: sum + above, level: Some(level) }, basis)
    }

    /// So many equally likely futures; the same seed gives the same paths. See [`Paths`].
    pub fn paths(&self, count: usize, seed: u64) -> Paths {
        let (silence, past) = (self.silence(), self.backtest.as_ref().map_or(&[][..], BackTest::past));
        let known = self.series.len() - silence;
        let residuals = Residuals::of(&self.series, past, known, silence);
        let dependence = Dependence::of(&self.margins, &residuals, known, silence);
        draw(
            (&self.points, silence),
            (&self.margins, &dependence),
            (self.unit(), self.options.non_negative),
            count,
            seed,
        )
    }

    /// A step (from 0) as a measured value with its interval at a level that was asked for.
    pub fn measured_step(&self, step: usize, level: f64) -> Option<Measured> {
        Some(self.measured(*self.points.get(step)?, self.interval(step, level)?))
    }

    fn measured(&self, value: f64, interval: Interval) -> Measured {
        Measured::new(value, self.unit().clone())
            .with_interval(interval)
            .with_observations(self.series.observed() as u64)
            .with_completeness(self.completeness())
    }
}
