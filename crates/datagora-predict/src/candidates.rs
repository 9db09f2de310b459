//! The models that the default considers for a series, and how far their forecasts may go.
use crate::{
    AutoCes, AutoEts, AutoTheta, Decomposed, DynamicTheta, Fit, FitError, Member, Naive, Part, Predict,
    SeasonalProfile, Series,
};

/// A fitted model of any kind.
pub(crate) type Model = Box<dyn Predict + Send + Sync>;

/// A forecast may leave the range of the past by so many times its width.
const REACH: f64 = 2.0;

/// A season of more places is learnt from so few cycles that models without it are worth asking too.
const LONG_SEASON: usize = 24;

/// A way to forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    DynamicTheta,
    AutoTheta,
    AutoEts,
    AutoCes,
    /// The same of the series without its season.
    PlainTheta,
    PlainEts,
    PlainCes,
    /// Of all seasons of a series that has several.
    SeasonalProfile,
    /// Of one long season, or of all of several.
    Decomposed,
}

impl Candidate {
    /// Those to be considered for a series, at every moment of it.
    pub(crate) fn of(series: &Series) -> Vec<Candidate> {
        if series.periods().len() > 1 {
            return vec![Candidate::SeasonalProfile, Candidate::Decomposed];
        }
        let mut candidates =
            vec![Candidate::DynamicTheta, Candidate::AutoTheta, Candidate::AutoEts, Candidate::AutoCes];
        if series.period() > LONG_SEASON {
            candidates.extend([
                Candidate::PlainTheta,
                Candidate::PlainEts,
                Candidate::PlainCes,
                Candidate::Decomposed,
            ]);
        }
        candidates
    }

    fn name(self) -> &'static str {
        match self {
            Candidate::DynamicTheta => "dynamic theta",
            Candidate::AutoTheta => "best of the theta family",
            Candidate::AutoEts => "ETS",
            Candidate::AutoCes => "CES",
            Candidate::PlainTheta => "dynamic theta without season",
            Candidate::PlainEts => "ETS without season",
            Candidate::PlainCes => "CES without season",
            Candidate::SeasonalProfile => "seasonal profiles",
            Candidate::Decomposed => "seasons (MSTL) and ETS",
        }
    }

    fn fit(self, series: &Series, plain: &Series) -> Result<Model, FitError> {
        fn boxed<M: Fit>(model: M, series: &Series) -> Result<Model, FitError>
        where
            M::Fitted: Send + Sync + 'static,
        {
            Ok(Box::new(model.fit(series)?))
        }
        match self {
            Candidate::DynamicTheta => boxed(DynamicTheta, series),
            Candidate::AutoTheta => boxed(AutoTheta, series),
            Candidate::AutoEts => boxed(AutoEts::default(), series),
            Candidate::AutoCes => boxed(AutoCes, series),
            Candidate::PlainTheta => boxed(DynamicTheta, plain),
            Candidate::PlainEts => boxed(AutoEts::default(), plain),
            Candidate::PlainCes => boxed(AutoCes, plain),
            Candidate::SeasonalProfile => boxed(SeasonalProfile, series),
            Candidate::Decomposed => boxed(Decomposed::default(), series),
        }
    }
}

/// The candidates fitted to what is known at a moment, in the order of [`Candidate::of`]; those that cannot take part
/// with the reason why. Where none can, the naive forecast takes their place, after them.
pub(crate) struct Field {
    pub(crate) models: Vec<Result<Model, Member>>,
    pub(crate) reach: Reach,
}

impl Field {
    /// Looks `ahead` steps for explosions.
    pub(crate) fn fit(candidates: &[Candidate], series: &Series, ahead: usize) -> Result<Self, FitError> {
        let reach = Reach::of(series);
        let plain = series.clone().seasonless();
        let out = |name: String, part: Part| Err(Member { name: name.into(), part });
        let mut models: Vec<Result<Model, Member>> = Vec::new();
        // A constant has nothing to estimate.
        if reach.low < reach.high {
            models.extend(candidates.iter().map(|candidate| match candidate.fit(series, &plain) {
                Err(error) => out(candidate.name().to_owned(), Part::Unfit(error.to_string())),
                Ok(model) if !reach.keeps(&model.predict(ahead)) => out(model.name(), Part::Explosive),
                Ok(model) => Ok(model),
            }));
        }
        if models.iter().all(Result::is_err) {
            models.push(Ok(Box::new(Naive.fit(series)?)));
        }
        Ok(Self { models, reach })
    }
}

/// How far forecasts may go.
#[derive(Clone, Copy)]
pub(crate) struct Reach {
    low: f64,
    high: f64,
    steps: usize,
}

impl Reach {
    pub(crate) fn of(series: &Series) -> Self {
        let seen = series.values().iter().filter(|y| !y.is_nan());
        let (low, high) = seen.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &y| (l.min(y), h.max(y)));
        Self { low, high, steps: series.observed() }
    }

    /// The furthest values at a step ahead, from 1.
    fn at(&self, ahead: usize) -> (f64, f64) {
        let way = REACH * (self.high - self.low) * (ahead as f64 / self.steps.max(1) as f64).max(1.0);
        (self.low - way, self.high + way)
    }

    pub(crate) fn keeps(&self, points: &[f64]) -> bool {
        points.iter().enumerate().all(|(h, p)| {
            let (low, high) = self.at(h + 1);
            (low..=high).contains(p)
        })
    }

    /// Brings points back within reach.
    pub(crate) fn keep(&self, points: &mut [f64]) {
        for (h, point) in points.iter_mut().enumerate() {
            let (low, high) = self.at(h + 1);
            *point = point.clamp(low, high);
        }
    }
}
