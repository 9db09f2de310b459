//! What a global model knows of a series at a moment.
use super::GlobalBoosting;
use crate::{Panel, TimeIndex};

/// Nearest neighbours that are looked at one by one.
const SINGLE: usize = 8;
/// Steps for which the mean of the neighbours is looked at.
const NEIGHBOUR_LAGS: usize = 2;

/// One thing that is known, a column of the table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Feature {
    /// The last value against the mean of the series.
    Level,
    /// Steps since that value.
    Age,
    /// The value so many steps before the last one, against the last.
    Lag(usize),
    /// Mean of so many steps up to now, against the last value.
    Mean(usize),
    /// Standard deviation within so many steps up to now.
    Deviation(usize),
    /// Weighted mean of the neighbours so many steps before, against the last value.
    Neighbours(usize),
    /// The last value of a neighbour by rank, 0 for the nearest, against that of the series.
    Neighbour(usize),
    /// Mean of the series in its training, in its unit.
    SeriesMean,
    /// Standard deviation of the series in its training, in its unit.
    SeriesDeviation,
    /// Covariate, as of now.
    Covariate(usize),
    /// Value so many seasons before the step to come, against the last value.
    SeasonLag(usize),
    /// Mean of all seasons at the place of the step to come, against the last value.
    SeasonMean,
    /// By how much that mean differs from the one at the place of now.
    SeasonChange,
    /// Place in the season of the step to come.
    SeasonPlace,
    /// Clock of the step to come.
    TimeOfDay,
    /// Its day of the week.
    Weekday,
    /// Whether it lies in a public holiday.
    Holiday,
    /// Its month.
    Month,
    /// Its week of the year, where steps are weeks.
    Week,
    /// Covariate at the step to come.
    Ahead(usize),
}

impl Feature {
    /// Whether its value depends on how far ahead one looks.
    pub(super) fn looks_ahead(&self) -> bool {
        use Feature::*;
        matches!(
            self,
            SeasonLag(_)
                | SeasonMean
                | SeasonChange
                | SeasonPlace
                | TimeOfDay
                | Weekday
                | Holiday
                | Month
                | Week
                | Ahead(_)
        )
    }

    /// For people.
    pub(super) fn name(&self, panel: &Panel) -> String {
        let covariate = |number: usize| panel.covariates()[number].name();
        match *self {
            Feature::Level => "last value".into(),
            Feature::Age => "steps since the last value".into(),
            Feature::Lag(steps) => format!("value {steps} before"),
            Feature::Mean(window) => format!("mean of {window} steps"),
            Feature::Deviation(window) => format!("deviation within {window} steps"),
            Feature::Neighbours(lag) => format!("mean of the neighbours {lag} before"),
            Feature::Neighbour(rank) => format!("neighbour {}", rank + 1),
            Feature::SeriesMean => "mean of the series".into(),
            Feature::SeriesDeviation => "deviation of the series".into(),
            Feature::Covariate(number) => format!("{} now", covariate(number)),
            Feature::SeasonLag(seasons) => format!("value {seasons} seasons before"),
            Feature::SeasonMean => "mean of past seasons".into(),
            Feature::SeasonChange => "change in past seasons".into(),
            Feature::SeasonPlace => "place in the season".into(),
            Feature::TimeOfDay => "time of day".into(),
            Feature::Weekday => "day of the week".into(),
            Feature::Holiday => "public holiday".into(),
            Feature::Month => "month".into(),
            Feature::Week => "week of the year".into(),
            Feature::Ahead(number) => format!("{} then", covariate(number)),
        }
    }
}

/// The features of a model, those that do not look ahead first.
pub(super) fn features(model: &GlobalBoosting, panel: &Panel, neighbours: usize) -> Vec<Feature> {
    use Feature::*;
    let mut features = vec![Level, Age, SeriesMean, SeriesDeviation];
    features.extend((1..model.lags).map(Lag));
    features.extend(model.windows.iter().flat_map(|window| [Mean(*window), Deviation(*window)]));
    if neighbours > 0 {
        features.extend((0..NEIGHBOUR_LAGS).map(Neighbours));
        features.extend((0..neighbours.min(SINGLE)).map(Neighbour));
    }
    let (steps, period) = (panel.steps(), panel.period());
    features.extend((0..panel.covariates().len()).map(Covariate));
    if model.season_lags > 0 && period > 1 && steps >= 2 * period && weeks_are_known(panel) {
        features.extend((1..=model.season_lags.min(steps / period - 1)).map(SeasonLag));
        features.extend([SeasonMean, SeasonChange]);
    }
    // What returns can be learned once it has returned.
    match panel.index() {
        None if period > 1 && steps >= 2 * period => features.push(SeasonPlace),
        None => {}
        Some(index) => {
            let [day, week, year] = index.cycles();
            let seen = |cycle: f64, feature| (cycle >= 2.0 && steps as f64 >= 2.0 * cycle).then_some(feature);
            features.extend(seen(day, TimeOfDay));
            features.extend(seen(week, Weekday));
            features.extend(seen(week, Holiday));
            features.extend(seen(year, Month));
            let weekly = matches!(index, TimeIndex::Weeks { .. });
            features.extend(seen(year, Week).filter(|_| weekly));
        }
    }
    let ahead = panel.covariates().iter().enumerate().filter(|(_, covariate)| covariate.is_known_ahead());
    features.extend(ahead.map(|(number, _)| Ahead(number)));
    features
}

/// Whether a season shorter than a week can be told from the weekday it falls on: yesterday is no guide to a Sunday.
fn weeks_are_known(panel: &Panel) -> bool {
    panel.index().is_none_or(|index| {
        let [_, week, _] = index.cycles();
        panel.period() as f64 >= week || panel.steps() as f64 >= 2.0 * week
    })
}

#[cfg(test)]
mod tests {
    use datagora_core::{Month, NaiveDate, Unit};

    use super::*;
    use crate::{Covariate, Series};

    fn names(panel: &Panel, model: &GlobalBoosting, neighbours: usize) -> Vec<String> {
        let features = features(model, panel, neighbours);
        assert!(features.is_sorted_by_key(Feature::looks_ahead));
        features.iter().map(|feature| feature.name(panel)).collect()
    }

    #[test]
    fn what_returns_is_known_once_it_has_returned() {
        let panel = |steps: usize, period: usize| {
            let series = Series::new(vec![1.0; steps], Unit::ONE).unwrap().with_period(period).unwrap();
            Panel::new([series]).unwrap()
        };
        let model = GlobalBoosting::default();
        let has = |panel: &Panel, name: &str| names(panel, &model, 0).iter().any(|found| found == name);
        assert!(!has(&panel(23, 12), "place in the season") && has(&panel(24, 12), "place in the season"));
        assert!(
            has(&panel(24, 12), "value 1 seasons before") && !has(&panel(24, 12), "value 2 seasons before")
        );
        let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let days = |steps| panel(steps, 7).with_index(TimeIndex::Days { start });
        assert!(!has(&days(13), "day of the week") && has(&days(14), "day of the week"));
        assert!(!has(&days(400), "month") && has(&days(731), "month") && !has(&days(731), "time of day"));
        let clock = |steps| {
            let start = start.and_hms_opt(0, 0, 0).unwrap().and_utc();
            let zone = datagora_core::Zone::PARIS;
            panel(steps, 24).with_index(TimeIndex::Clock { start, seconds: 3_600, zone })
        };
        assert!(has(&clock(300), "time of day") && !has(&clock(300), "mean of past seasons"));
        assert!(has(&clock(336), "mean of past seasons") && has(&clock(336), "public holiday"));
        let months = panel(24, 12).with_index(TimeIndex::Months { start: Month::new(2020, 1).unwrap() });
        assert!(
            has(&months, "month") && has(&months, "mean of past seasons") && !has(&months, "public holiday")
        );
        let weeks = |steps| panel(steps, 52).with_index(TimeIndex::Weeks { start });
        assert!(has(&weeks(105), "week of the year") && !has(&weeks(104), "week of the year"));
        assert!(!has(&weeks(105), "day of the week") && !has(&months, "week of the year"));
        let quarters = panel(8, 4).with_index(TimeIndex::Quarters { start: Month::new(2020, 1).unwrap() });
        assert!(has(&quarters, "month") && has(&quarters, "mean of past seasons"));
    }

    #[test]
    fn neighbours_and_covariates_are_looked_at() {
        let series = Series::new(vec![1.0; 9], Unit::ONE).unwrap();
        let panel = Panel::new([series])
            .and_then(|panel| panel.with_covariate(Covariate::common("rain", [1.0]).known_ahead()))
            .and_then(|panel| panel.with_covariate(Covariate::common("works", [1.0])))
            .unwrap();
        let found = names(&panel, &GlobalBoosting::default(), 3);
        for name in ["rain now", "rain then", "works now", "neighbour 3", "mean of the neighbours 1 before"] {
            assert!(found.iter().any(|found| found == name), "{name} in {found:?}");
        }
        assert!(!found.iter().any(|found| found == "works then" || found == "neighbour 4"));
    }
}
