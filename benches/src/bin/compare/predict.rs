//! The topic `predict`: forecasts of published series, beside statsforecast and LightGBM.
//!
//! Two programs that estimate by numerical search do not agree to the digit: what is compared is how well they forecast.
mod los_loop;
mod m4;
mod m4_panel;

use datagora_predict::{AutoArima, AutoEts, Automatic, DynamicTheta};

use crate::task::{Task, ours, python, two_threads};

/// The tasks, in the order in which they run.
pub(crate) fn tasks() -> Vec<Task> {
    let with = |answer| [ours(answer), python("m4.py", &["statsforecast"])].concat();
    vec![
        Task {
            name: "m4_theta",
            question: "dynamic optimised theta model of 38,664 series of M4: 23,000 yearly, 14,891 quarterly, 359 weekly, 414 hourly",
            prepare: |inputs| {
                let groups = ["yearly_full", "quarterly_le100", "weekly_full", "hourly_full"];
                m4::write(inputs, "m4_theta", &groups, usize::MAX)
            },
            engines: with(|inputs, repeat| m4::forecast(inputs, repeat, "m4_theta", &DynamicTheta)),
            tolerance: 0.01,
        },
        Task {
            name: "m4_ets_yearly",
            question: "automatic exponential smoothing of 1,000 yearly series of M4",
            prepare: |inputs| m4::write(inputs, "m4_ets_yearly", &["yearly_1000"], 1_000),
            engines: with(|inputs, repeat| {
                m4::forecast(inputs, repeat, "m4_ets_yearly", &AutoEts::default())
            }),
            tolerance: 0.05,
        },
        Task {
            name: "m4_ets_quarterly",
            question: "automatic exponential smoothing of 1,000 quarterly series of M4",
            prepare: |inputs| m4::write(inputs, "m4_ets_quarterly", &["quarterly_1000"], 1_000),
            engines: with(|inputs, repeat| {
                m4::forecast(inputs, repeat, "m4_ets_quarterly", &AutoEts::default())
            }),
            tolerance: 0.05,
        },
        Task {
            name: "m4_ets_monthly",
            question: "automatic exponential smoothing of 300 monthly series of M4, their last values held out",
            prepare: |inputs| m4::write(inputs, "m4_ets_monthly", &["monthly_1000"], 300),
            engines: with(|inputs, repeat| {
                m4::forecast(inputs, repeat, "m4_ets_monthly", &AutoEts::default())
            }),
            tolerance: 0.05,
        },
        Task {
            name: "m4_arima_yearly",
            question: "automatic ARIMA of 200 yearly series of M4",
            prepare: |inputs| m4::write(inputs, "m4_arima_yearly", &["yearly_1000"], 200),
            engines: with(|inputs, repeat| {
                m4::forecast(inputs, repeat, "m4_arima_yearly", &AutoArima::default())
            }),
            tolerance: 0.1,
        },
        Task {
            name: "m4_arima_quarterly",
            question: "automatic ARIMA of 200 quarterly series of M4",
            prepare: |inputs| m4::write(inputs, "m4_arima_quarterly", &["quarterly_1000"], 200),
            engines: with(|inputs, repeat| {
                m4::forecast(inputs, repeat, "m4_arima_quarterly", &AutoArima::default())
            }),
            tolerance: 0.1,
        },
        Task {
            name: "m4_default",
            question: "the default model of 23,000 yearly series of M4",
            prepare: |inputs| m4::write(inputs, "m4_default", &["yearly_full"], usize::MAX),
            engines: ours(|inputs, repeat| m4::forecast(inputs, repeat, "m4_default", &Automatic)),
            tolerance: 0.0,
        },
        Task {
            name: "m4_panel",
            question: "the default model of 100,000 series as those of M4, all forecasts kept, three intervals of each step read",
            prepare: m4_panel::prepare,
            engines: two_threads(m4_panel::forecasts),
            tolerance: 0.0,
        },
        Task {
            name: "los_loop",
            question: "speeds at 207 places 15, 30 and 60 minutes ahead, by boosted trees that learn from 80 % of a week",
            prepare: los_loop::prepare,
            engines: [ours(los_loop::by_trees), python("los_loop.py", &["lightgbm"])].concat(),
            tolerance: 0.03,
        },
    ]
}
