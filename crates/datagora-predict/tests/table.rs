//! Data frames as series and forecasts as data frames, by role.
#![cfg(feature = "polars")]
#![allow(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]
mod common;

use datagora_core::polars::prelude::*;
use datagora_core::{
    Credit, Dataset, Event, Field, FieldType, Licence, Lineage, Metadata, Month, NaiveDate, ProblemKind,
    Role, Schema, Unit, UnitError, conform,
};
use datagora_predict::table::{
    AdapterError, PanelFrame, PanelOptions, Step, forecast_panel, forecast_with, panel,
};
use datagora_predict::{Fit, ForecastOptions, NoForecast, Predict, SeasonalNaive, TimeIndex};
use proptest::prelude::*;

const PASSAGES: Unit = Unit::of("{passage}");

fn counts(frame: DataFrame, time: FieldType) -> Dataset<DataFrame> {
    let schema = Schema::new(vec![
        Field::new("counter", FieldType::Text, Role::Dimension),
        Field::new("time", time, Role::Time),
        Field::new("passages", FieldType::Number, Role::Measure).with_unit(PASSAGES),
    ]);
    let metadata = Metadata::new("counts")
        .with_schema(schema)
        .with_credit(Credit::new("counts", "Métropole de Lyon", Licence::LicenceOuverte2))
        .with_lineage(Lineage::source("counts", "counts.csv", ""));
    Dataset::new(frame, metadata)
}

fn dates(days: &[&str]) -> Dataset<DataFrame> {
    let frame = df!("counter" => vec!["a"; days.len()], "time" => days, "passages" => vec![1.0; days.len()]);
    counts(frame.unwrap(), FieldType::Date)
}

fn taken(data: &Dataset<DataFrame>) -> Dataset<PanelFrame> {
    panel(data, &PanelOptions::default()).unwrap()
}

fn values(data: &Dataset<PanelFrame>, series: usize) -> Vec<Option<f64>> {
    let values = data.payload().panel().series()[series].values();
    values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Three years of months of one counter, of which two are not there, and three months of another.
fn two_counters() -> Dataset<DataFrame> {
    let all = (0..36).filter(|t| ![4, 5].contains(t)).map(|t| ("a", t)).chain((20..23).map(|t| ("b", t)));
    let rows: Vec<(&str, i32)> = all.collect();
    let first = Month::new(2021, 1).unwrap();
    let frame = df!(
        "passages" => rows.iter().map(|(_, t)| 100 + 5 * (t % 12) + t * 7 % 5).collect::<Vec<i32>>(),
        "counter" => rows.iter().map(|(counter, _)| *counter).collect::<Vec<&str>>(),
        "time" => rows.iter().map(|(_, t)| first.plus(*t).first_day().to_string()).collect::<Vec<String>>(),
    );
    counts(frame.unwrap(), FieldType::Date)
}

#[test]
fn a_step_without_row_is_a_gap() {
    let data = taken(&two_counters());
    let frame = data.payload();
    let (panel, start) = (frame.panel(), Month::new(2021, 1).unwrap());
    assert_eq!((panel.series().len(), panel.steps(), panel.period()), (2, 36, 12));
    assert_eq!((frame.step(), panel.index()), (Step::Months(1), Some(&TimeIndex::Months { start })));
    assert_eq!(values(&data, 0)[3..7], [Some(116.0), None, None, Some(132.0)]);
    assert_eq!((panel.series()[1].observed(), panel.series()[1].silence()), (3, 13));
    let first = &panel.series()[0];
    assert_eq!((first.label(), first.unit(), first.start()), (Some("a"), &PASSAGES, Some(start)));
    assert_eq!(frame.identifiers().column("counter").unwrap().str().unwrap().get(1), Some("b"));
}

#[test]
fn forecasts_are_those_of_the_kernel_and_say_where_they_come_from() {
    let data = taken(&two_counters());
    let options = ForecastOptions::default().with_levels([0.8, 0.975]).with_non_negative(true);
    let made = forecast_panel(&data, 3, &options).unwrap();
    let (frame, metadata) = (made.payload(), made.metadata());
    let kernel = datagora_predict::forecast_panel(data.payload().panel().series(), 3, &options);
    let kernel = kernel[0].as_ref().unwrap();
    let number = |name: &str, row: usize| frame.column(name).unwrap().f64().unwrap().get(row);
    let text = |name: &str, row: usize| frame.column(name).unwrap().str().unwrap().get(row);
    assert_eq!(frame.height(), 6);
    for h in 0..3 {
        assert_eq!(number("passages", h), Some(kernel.points()[h]));
        let interval = kernel.interval(h, 0.975).unwrap();
        assert_eq!(
            (number("lower_97.5", h), number("upper_97.5", h)),
            (Some(interval.lower), Some(interval.upper))
        );
        assert_eq!((text("model", h), text("reason", h)), (Some(kernel.model()), None));
        assert!(["horizon", "panel", "neighbours", "model"].contains(&text("basis_80", h).unwrap()));
        // The second counter fell silent.
        assert_eq!(
            (text("counter", h + 3), number("passages", h + 3), number("upper_80", h + 3)),
            (Some("b"), None, None)
        );
        assert!(text("reason", h + 3).unwrap().starts_with("nothing was observed in the last 13 steps"));
    }
    let times = frame.column("time").unwrap();
    let told: Vec<String> = (0..6).map(|row| times.get(row).unwrap().to_string()).collect();
    assert_eq!(told[..4], ["2024-01-01", "2024-02-01", "2024-03-01", "2024-01-01"]);

    assert_eq!(metadata.credits, data.metadata().credits);
    let head = metadata.lineage.head().and_then(|id| metadata.lineage.event(id)).unwrap();
    let Event::Step { operation, parameters, .. } = head else { panic!("{head:?}") };
    assert_eq!(operation, "forecast panel");
    let expected = [
        ("horizon", "3"),
        ("levels", "[0.8,0.975]"),
        ("longest_silence", "null"),
        ("measure", "passages"),
        ("non_negative", "true"),
        ("origins", "null"),
        ("periods", "[12]"),
        ("step", "1 month"),
    ];
    assert!(
        parameters.iter().map(|(name, text)| (name.as_str(), text.as_str())).eq(expected),
        "{parameters:?}"
    );
    #[cfg(feature = "serde")]
    for (name, text) in datagora_core::parameters_of(&options).unwrap() {
        assert_eq!(parameters[&name], text, "{name}");
    }

    let schema = &metadata.schema;
    assert!(conform(frame, schema).unwrap().equals_missing(frame), "the schema is that of the frame");
    let bounds: Vec<&Field> = schema.with_role(Role::UpperBound).collect();
    assert_eq!((bounds.len(), bounds[1].name.as_str(), &bounds[1].unit), (2, "upper_97.5", &Some(PASSAGES)));
    // What comes out can go in again.
    assert_eq!(taken(&made).payload().panel().steps(), 3);
}

#[test]
fn all_rows_that_make_no_series_are_told() {
    let frame = df!(
        "counter" => [Some("a"), Some("a"), Some("a"), Some("a"), Some("b"), Some("b"), Some("b"), None, Some("b"), Some("a")],
        "time" => [
            Some("2024-01-01"), Some("2024-02-01"), Some("2024-02-01"), Some("2024-04-01"), Some("2024-02-01"),
            Some("2024-01-01"), None, Some("2024-03-01"), Some("2024-03-01"), Some("2024-03-01"),
        ],
        "passages" => [1.0, 2.0, 3.0, f64::INFINITY, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
    );
    let data = counts(frame.unwrap(), FieldType::Date);
    let Err(AdapterError::Rows(report)) = panel(&data, &PanelOptions::default()) else { panic!("taken") };
    let told: Vec<(ProblemKind, Option<u64>, Option<&str>)> =
        report.problems().map(|problem| (problem.kind, problem.row, problem.column.as_deref())).collect();
    assert_eq!(
        told,
        [
            (ProblemKind::MissingValue, Some(8), Some("counter")),
            (ProblemKind::MissingValue, Some(7), Some("time")),
            (ProblemKind::ImpossibleValue, Some(4), Some("passages")),
            (ProblemKind::DuplicateRow, Some(3), Some("time")),
            (ProblemKind::Unordered, Some(10), Some("time")),
            (ProblemKind::Unordered, Some(6), Some("time")),
        ]
    );
    let text = report.to_string();
    assert!(text.contains("found 2024-02 as in row 2, needed one row of a series at a time"), "{text}");
    assert!(text.contains("found 2024-01 after 2024-02"), "{text}");
}

#[test]
fn times_off_the_step_are_told() {
    let days = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-17", "2024-01-22"];
    let Err(AdapterError::Rows(report)) = panel(&dates(&days), &PanelOptions::default()) else {
        panic!("taken")
    };
    assert_eq!(
        report.to_string().lines().nth(1).unwrap().trim(),
        "row 4, column “time”: found 2024-01-17, needed a time of the steps of 7 days from 2024-01-01"
    );
    // Given the step, every day is a step.
    let data = panel(&dates(&days), &PanelOptions::default().with_step(Step::Days(1))).unwrap();
    assert_eq!((data.payload().panel().steps(), data.payload().panel().period()), (22, 7));
    let months = PanelOptions::default().with_step(Step::Months(1));
    let Err(AdapterError::Rows(report)) = panel(&dates(&days), &months) else { panic!("taken") };
    assert_eq!(report.count(), 4, "{report}");
    let far = Series::new("time".into(), [19_723, i32::MAX]).cast(&DataType::Date).unwrap();
    let far = df!("counter" => ["a"; 2], "time" => far, "passages" => [1.0; 2]).unwrap();
    let Err(AdapterError::Rows(report)) = panel(&counts(far, FieldType::Date), &months) else {
        panic!("taken")
    };
    assert!(
        report.to_string().contains("row 2, column “time”: found a time outside of the calendar"),
        "{report}"
    );
}

#[test]
fn the_step_has_its_seasons_and_goes_on() {
    let last = |data: &Dataset<DataFrame>| {
        let data = taken(data);
        let made = forecast_with(&SeasonalNaive, &data, 2, &ForecastOptions::default()).unwrap();
        let time = made.payload().column("time").unwrap().get(1).unwrap().to_string();
        (data.payload().step(), data.payload().panel().series()[0].periods().to_vec(), time.replace('"', ""))
    };
    let weeks = dates(&["2024-02-05", "2024-02-12", "2024-02-26"]);
    assert_eq!(last(&weeks), (Step::Days(7), vec![52], "2024-03-11".to_owned()));
    let leap = dates(&["2024-02-26", "2024-02-27", "2024-02-28"]);
    assert_eq!(last(&leap), (Step::Days(1), vec![7], "2024-03-01".to_owned()));
    let years = dates(&["2022-01-01", "2023-01-01", "2024-01-01"]);
    assert_eq!(last(&years), (Step::Months(12), vec![1], "2026-01-01".to_owned()));

    let frame = df!("counter" => ["a"; 4], "time" => ["2023-01", "2023-04", "2023-07", "2023-10"], "passages" => [1.0; 4]);
    let quarters = counts(frame.unwrap(), FieldType::Text);
    assert_eq!(last(&quarters), (Step::Months(3), vec![4], "2024-04".to_owned()));

    let texts =
        ["2024-03-31T00:00:00Z", "2024-03-31T01:00:00Z", "2024-03-31T03:00:00Z", "2024-03-31T04:00:00Z"];
    let frame = df!("counter" => ["a"; 4], "time" => texts, "passages" => [1.0; 4]);
    let hours = counts(frame.unwrap(), FieldType::Instant);
    let (step, periods, time) = last(&hours);
    assert_eq!((step, periods), (Step::Seconds(3_600), vec![24, 168]));
    assert!(time.starts_with("2024-03-31 06:00:00"), "{time}");
    assert_eq!(values(&taken(&hours), 0), [Some(1.0), Some(1.0), None, Some(1.0), Some(1.0)]);
    assert_eq!(taken(&hours).payload().panel().index().unwrap().second_of_day(1), Some(3 * 3_600));
}

#[test]
fn what_the_schema_does_not_say_is_asked_for() {
    let with = |fields: Vec<Field>| {
        let data = dates(&["2024-01-01", "2024-01-02"]).describe(|m| m.with_schema(Schema::new(fields)));
        panel(&data, &PanelOptions::default()).unwrap_err()
    };
    let time = || Field::new("time", FieldType::Date, Role::Time);
    let passages = || Field::new("passages", FieldType::Number, Role::Measure);
    let error = with(vec![passages().with_unit(PASSAGES)]);
    assert_eq!(error.to_string(), "“counts” has 0 columns with the role Time, []; exactly one is needed");
    assert!(
        matches!(with(vec![time(), passages()]), AdapterError::NoUnit { column } if column == "passages")
    );
    let error = with(vec![time(), passages().with_unit(Unit::of("passages/"))]);
    assert!(matches!(
        error,
        AdapterError::Unit { source: UnitError::Malformed { .. } | UnitError::Unknown { .. }, .. }
    ));
    let error = with(vec![time()]);
    assert!(error.to_string().contains("with_measure"), "{error}");
    let error = with(vec![time(), Field::new("passages", FieldType::Text, Role::Measure)]);
    assert!(matches!(error, AdapterError::Kind { found: FieldType::Text, .. }));
    let number = Field::new("passages", FieldType::Number, Role::Time);
    let error = with(vec![number, Field::new("time", FieldType::Number, Role::Measure).with_unit(PASSAGES)]);
    assert!(matches!(error, AdapterError::Frame(_)), "a date is no number: {error}");
}

#[test]
fn steps_that_cannot_be_are_refused() {
    let one = dates(&["2024-01-01"]);
    assert!(matches!(panel(&one, &PanelOptions::default()), Err(AdapterError::NoStep { .. })));
    for step in [Step::Seconds(60), Step::Days(0)] {
        let given = PanelOptions::default().with_step(step);
        assert!(matches!(panel(&one, &given), Err(AdapterError::Step { .. })));
    }
    let typo = dates(&["2024-01-01", "2024-01-02", "2024-01-03", "9024-01-04"]);
    let error = panel(&typo, &PanelOptions::default()).unwrap_err();
    assert!(matches!(error, AdapterError::Sparse { observed: 4, step: Step::Days(1), .. }), "{error}");
    assert!(matches!(panel(&dates(&[]), &PanelOptions::default()), Err(AdapterError::Panel(_))));
    let zero = PanelOptions::default().with_periods([0]);
    let two = dates(&["2024-01-01", "2024-01-02"]);
    assert!(matches!(panel(&two, &zero), Err(AdapterError::Series(_))));
    let error = forecast_panel(&taken(&two), 0, &ForecastOptions::default()).unwrap_err();
    assert!(matches!(error, AdapterError::NoForecast(NoForecast::NoHorizon)));
}

#[test]
fn names_of_the_result_are_not_given_twice() {
    let frame = df!("model" => ["x", "x"], "time" => ["2024-01-01", "2024-01-02"], "passages" => [1.0, 2.0]);
    let data = counts(frame.unwrap(), FieldType::Date).describe(|metadata| {
        let fields = metadata.schema.fields()[1..].to_vec();
        let named = Field::new("model", FieldType::Text, Role::Identifier);
        metadata.with_schema(Schema::new([vec![named], fields].concat()))
    });
    let error = forecast_panel(&taken(&data), 1, &ForecastOptions::default()).unwrap_err();
    assert!(matches!(error, AdapterError::NameTaken { name } if name == "model"));
}

#[test]
fn what_is_known_ahead_goes_on_after_the_last_value() {
    let frame = df!(
        "counter" => ["a"; 4],
        "time" => ["2024-07-12", "2024-07-13", "2024-07-14", "2024-07-15"],
        "passages" => [Some(3.0), Some(2.0), None, None],
        "holiday" => [false, false, true, false],
        "rain" => [Some(0), None, Some(4), Some(5)],
    );
    let data = counts(frame.unwrap(), FieldType::Date).describe(|metadata| {
        let beside = [
            Field::new("holiday", FieldType::Boolean, Role::Attribute),
            Field::new("rain", FieldType::Integer, Role::Measure),
        ];
        let fields = [metadata.schema.fields(), &beside].concat();
        metadata.with_schema(Schema::new(fields))
    });
    let options = PanelOptions::default()
        .with_measure("passages")
        .with_covariate_known_ahead("holiday")
        .with_covariate("rain");
    let data = panel(&data, &options).unwrap();
    let found = data.payload().panel();
    assert_eq!((found.steps(), found.index()), (2, Some(&TimeIndex::Days { start: day("2024-07-12") })));
    let [holiday, rain] = found.covariates() else { panic!("{found:?}") };
    assert_eq!((holiday.at(0, 1), holiday.at(0, 2), holiday.is_known_ahead()), (0.0, 1.0, true));
    assert!(
        rain.at(0, 0) == 0.0 && rain.at(0, 1).is_nan() && rain.at(0, 2).is_nan() && !rain.is_known_ahead()
    );
    let absent = PanelOptions::default().with_measure("trees");
    assert!(
        matches!(panel(&two_counters(), &absent), Err(AdapterError::NoColumn { name, .. }) if name == "trees")
    );
}

#[test]
fn the_counters_of_lyon_go_through() {
    let Some(text) = common::text("lyon_mobility/cyclopolis_monthly_counts.csv") else { return };
    let cells: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let column = |place: usize| cells.iter().map(|row| row[place]).collect::<Vec<&str>>();
    // Months of 0 are outages.
    let counted = |row: &Vec<&str>| row[3].parse::<f64>().ok().filter(|count| *count > 0.0);
    let frame = df!(
        "mode" => column(0), "counter" => column(1), "time" => cells.iter().map(|row| &row[2][..7]).collect::<Vec<&str>>(),
        "passages" => cells.iter().map(counted).collect::<Vec<Option<f64>>>(),
    );
    let data = counts(frame.unwrap(), FieldType::Text).describe(|metadata| {
        let mode = Field::new("mode", FieldType::Text, Role::Dimension);
        let fields = [&[mode], metadata.schema.fields()].concat();
        metadata.with_schema(Schema::new(fields))
    });
    let data = taken(&data);
    let kernel = common::counters(&text);
    let series = data.payload().panel().series();
    let valued: Vec<_> = series.iter().filter(|series| series.observed() > 0).collect();
    assert_eq!(
        (valued.len(), data.payload().step(), data.payload().panel().period()),
        (kernel.len(), Step::Months(1), 12)
    );
    for one in &kernel {
        let label = one.label().unwrap();
        let same =
            valued.iter().find(|series| series.label().unwrap().replacen(", ", " ", 1) == label).unwrap();
        let known = same.values().iter().position(|value| !value.is_nan()).unwrap();
        let inner = &same.values()[known..known + one.len()];
        assert!(inner.iter().zip(one.values()).all(|(a, b)| a == b || (a.is_nan() && b.is_nan())), "{label}");
    }
    let made = forecast_with(&SeasonalNaive, &data, 12, &ForecastOptions::default()).unwrap();
    assert_eq!(made.payload().height(), 12 * series.len());
    let points = made.payload().column("passages").unwrap().f64().unwrap();
    let reasons = made.payload().column("reason").unwrap();
    assert_eq!(points.null_count() + reasons.null_count(), points.len(), "a forecast or a reason");
    let going = series.iter().position(|series| series.silence() == 0 && series.observed() > 36).unwrap();
    let expected = SeasonalNaive.fit(&series[going]).unwrap().predict(12);
    let found: Vec<f64> = (0..12).filter_map(|h| points.get(12 * going + h)).collect();
    assert_eq!(found, expected);
}

proptest! {
    #[test]
    fn any_rows_are_series_or_told(
        rows in prop::collection::vec(
            (
                prop_oneof![Just(None), Just(Some("a")), Just(Some("b"))],
                prop_oneof![4 => (0i64..20).prop_map(Some), 1 => Just(None), 1 => any::<i64>().prop_map(Some)],
                prop_oneof![4 => (0.0..9.0).prop_map(Some), 1 => Just(None), 1 => Just(Some(f64::NAN)), 1 => Just(Some(f64::INFINITY))],
            ),
            0..12,
        ),
        instants in any::<bool>(),
        step in prop_oneof![
            3 => Just(None), 1 => Just(Some(Step::Days(3))), 1 => Just(Some(Step::Months(1))), 1 => Just(Some(Step::Seconds(u32::MAX)))
        ],
    ) {
        let (kind, engine) = match instants {
            true => (FieldType::Instant, DataType::Datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC))),
            false => (FieldType::Date, DataType::Date),
        };
        let times: Vec<Option<i64>> =
            rows.iter().map(|row| row.1.map(|time| if instants { time } else { i64::from(time as i32) })).collect();
        let times = Series::new("time".into(), times);
        let times = if instants { times.cast(&engine) } else { times.cast(&DataType::Int32).and_then(|days| days.cast(&engine)) };
        let frame = df!(
            "counter" => rows.iter().map(|row| row.0).collect::<Vec<Option<&str>>>(), "time" => times.unwrap(),
            "passages" => rows.iter().map(|row| row.2).collect::<Vec<Option<f64>>>(),
        );
        let options = step.map_or_else(PanelOptions::default, |step| PanelOptions::default().with_step(step));
        if let Ok(data) = panel(&counts(frame.unwrap(), kind), &options) {
            let found = data.payload().panel();
            let observed: usize = found.series().iter().map(datagora_predict::Series::observed).sum();
            prop_assert_eq!(observed, rows.iter().filter(|row| row.2.is_some_and(|value| !value.is_nan())).count());
            let made = forecast_with(&SeasonalNaive, &data, 2, &ForecastOptions::default()).unwrap();
            prop_assert_eq!(made.payload().height(), 2 * found.series().len());
        }
    }
}
